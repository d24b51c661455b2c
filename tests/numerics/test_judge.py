"""numerics/judge.py: strict relations, and each assumption at instances made for it."""

from typing import Any

import numpy as np
import pytest

from landtheory.numerics import judge as module
from landtheory.numerics.drawn import draw
from landtheory.numerics.instances import Instances
from landtheory.numerics.judge import judge
from landtheory.numerics.quantities import Quantities
from landtheory.theory import Claim, get_activation, get_loss
from landtheory.theory.language import parse_claim
from landtheory.theory.theorems import ASSUMPTIONS


def at(
    x: Any,
    *,
    W: Any = ((1.0, 0.5), (-1.0, 2.0)),
    b: Any = (0.25, 0.5),
    activation: str = "relu",
) -> Quantities:
    rows, first = np.array(x, dtype=float), np.array(W, dtype=float)
    m, d = first.shape
    theta = np.concatenate([first.ravel(), b, np.ones(m), [0.5]])
    assert rows.shape[1] == d
    instances = Instances(
        activation=get_activation(activation),
        loss=get_loss("squared"),
        x=rows[None],
        theta=theta[None],
        width=m,
        outputs=1,
        t=np.ones((1, len(rows), 1)),
    )
    return Quantities(instances)


PLANE = ((1.0, 2.0), (3.0, -1.0), (0.5, 0.25))


def outcome(text: str, q: Quantities, *assumes: str) -> tuple[bool, bool]:
    """Whether a claim was judged, and whether it was broken."""
    claim = Claim(label="", statement="", law=parse_claim(text), assumes=assumes)
    found = judge(claim, q, draw(q.instances, np.random.default_rng(0)))
    return bool(found.judged[0]), bool(found.broken[0])


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("n <= n", False),
        ("n >= n", False),
        ("n == n", False),
        ("n < n", True),
        ("n > n", True),
        ("n < m", True),
        ("m > n", True),
        ("m < n", False),
        ("n > m", False),
        # the two sides are equal, but floats cannot tell
        ("tr(H) < tr(G)", False),
        ("tr(H) > tr(G)", False),
        ("tr(H) > tr(G) + 1e-6", True),
        ("tr(H) < tr(G) - 1e-6", True),
        ("tr(H) < tr(G) + 1e-6", False),
        ("tr(H) >= tr(G) + 1e-6", True),
    ],
)
def test_strict_relations_break_at_equality_that_is_sure(
    text: str, broken: bool
) -> None:
    assert outcome(text, at(PLANE)) == (True, broken)


WIDE = ((1.0, 0.5, 1.0, 2.0), (-1.0, 2.0, 0.5, 0.25))


@pytest.mark.parametrize(
    ("assumption", "met", "broken"),
    [
        ("distinct_inputs", PLANE, ((1.0, 2.0), (3.0, -1.0), (1.0, 2.0))),
        ("distinct_inputs", PLANE[:1], ((0.0, 1.0), (-0.0, 1.0))),
        ("unit_inputs", ((1.0, 0.0), (0.0, -1.0)), ((1.0, 0.0), (0.0, -2.0))),
        # 0.6 and 0.8 are no floats: their squares do not sum to 1
        ("unit_inputs", ((-1.0, 0.0),), ((0.6, 0.8),)),
        ("unit_inputs", ((1.0, 0.0),), ((1.0, 2.0**-30),)),
        ("nonzero_inputs", PLANE, ((1.0, 2.0), (0.0, 0.0))),
        # the first unit is on at one of them, at none
        ("no_dead_neurons", ((1.0, 2.0), (-3.0, 1.0)), ((-3.0, 1.0), (-4.0, 1.0))),
        ("off_kinks", PLANE, None),
    ],
)
def test_assumptions_of_the_inputs(
    assumption: str, met: Any, broken: Any | None
) -> None:
    assert outcome("n < n", at(met), assumption) == (True, True)
    if broken is not None:
        assert outcome("n < n", at(broken), assumption) == (False, False)


def test_half_vectors_of_four_are_units_exactly() -> None:
    half = ((0.5, -0.5, 0.5, 0.5), (0.0, 0.0, 1.0, 0.0))
    q = at(half, W=WIDE)
    assert outcome("n < n", q, "unit_inputs") == (True, True)
    near = ((0.5, -0.5, 0.5, 0.5 + 2.0**-53),)
    assert outcome("n < n", at(near, W=WIDE), "unit_inputs") == (False, False)


def test_smooth_units_are_dead_only_where_their_slope_is_0() -> None:
    x = ((-3.0, 1.0), (-4.0, 1.0))
    q = at(x, activation="tanh")
    assert outcome("n < n", q, "no_dead_neurons") == (True, True)
    flat = at(x, W=((0.0, 0.0), (1.0, 1.0)), b=(0.0, 1.0), activation="quadratic")
    assert outcome("n < n", flat, "no_dead_neurons") == (False, False)


def test_every_assumption_has_a_meaning_and_a_check() -> None:
    assert set(ASSUMPTIONS) == set(module._ASSUMPTIONS)
    wanted = {"interpolation", "critical", "active", "full_rank_jacobian"}
    wanted |= {"distinct_inputs", "unit_inputs", "no_dead_neurons", "off_kinks"}
    assert wanted <= set(ASSUMPTIONS)


def test_a_check_in_floats_alone_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def near(q: Quantities) -> Any:
        return (np.abs(q.norms_x.value - 1) < 1e-9).all(axis=-1)

    checks = {**module._ASSUMPTIONS, "unit_inputs": near}
    monkeypatch.setattr(module, "_ASSUMPTIONS", checks)
    assert outcome("n < n", at(((0.6, 0.8),)), "unit_inputs") == (True, True)
