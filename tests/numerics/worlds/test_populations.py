"""numerics/worlds/population*.py: what is drawn and refused; against float formulas."""

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from landtheory.errors import InputError
from landtheory.numerics.population.landscape import Landscape
from landtheory.numerics.worlds.populations import POPULATIONS
from landtheory.theory import THEOREMS

WAVE = {
    "activation": "relu",
    "W": ((1, 2), (3, -1)),
    "V": ((1, 0),),
    "S": ((1, 0), (2, 1)),
    "T": ((0, 1), (-1, 1)),
}


def made(**changes: Any) -> Any:
    return POPULATIONS.from_example({**WAVE, **changes})


@pytest.mark.parametrize("name", ["relu", "erf", "quadratic"])
def test_derivatives_between_two_directions(name: str) -> None:
    q = POPULATIONS.quantities(made(activation=name))
    W, V, S, T = (np.array(WAVE[field], float) for field in ("W", "V", "S", "T"))
    landscape = Landscape(activation=name, teacher=V)
    between = S.ravel() @ landscape.hessian(W) @ T.ravel()
    assert float(q.curvature.mid()) == pytest.approx(between, rel=1e-12)
    along = landscape.gradient(W).ravel() @ T.ravel()
    assert float(q.slope.mid()) == pytest.approx(along, rel=1e-12)
    kernel, u, v = landscape.kernel, W[:1], V[:1]
    s, t = S[0], T[0]
    assert float(q.kappa_slope.mid()) == pytest.approx(
        kernel.first(u, v)[0, 0] @ t, rel=1e-12, abs=1e-12
    )
    assert float(q.kappa_curvature.mid()) == pytest.approx(
        s @ kernel.second(u, v)[0, 0] @ t, rel=1e-12, abs=1e-12
    )
    assert float(q.kappa_mixed.mid()) == pytest.approx(
        s @ kernel.mixed(u, v)[0, 0] @ t, rel=1e-12, abs=1e-12
    )


def test_directions_are_the_student_unless_given() -> None:
    thing = POPULATIONS.from_example({n: WAVE[n] for n in ("activation", "W", "V")})
    assert thing.S == thing.T == thing.W


@pytest.mark.parametrize(
    "changes",
    [
        {"activation": "tanh"},
        {"W": ((0, 0), (1, 1))},
        {"V": ((0, 0),)},
        {"V": ((1, 0, 0),)},
        {"T": ((0, 1),)},
        {"W": ()},
    ],
)
def test_what_is_no_population_is_refused(changes: dict[str, Any]) -> None:
    made()
    with pytest.raises(
        InputError,
        match=r"^population has activation .*; expected an activation among relu, erf,"
        r" quadratic, W, S, T \(k, d\) and V \(m, d\), and for relu no row of zeros in W"
        r" or V, where L is not twice differentiable$",
    ):
        made(**changes)
    sentence = "population is given by activation, W; expected activation, W, V, and any of S, T"
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        POPULATIONS.from_example({n: WAVE[n] for n in ("activation", "W")})


def test_a_neuron_of_zeros_is_no_trouble_for_smooth_activations() -> None:
    assert made(activation="erf", W=((0, 0), (1, 1))).W[0] == (Fraction(0),) * 2


def test_every_kind_of_pair_is_drawn() -> None:
    rng = np.random.default_rng(3)
    things = [POPULATIONS.draw(rng) for _ in range(400)]
    assert {thing.activation for thing in things} == {"relu", "erf", "quadratic"}
    assert {len(thing.W[0]) for thing in things} == {1, 2, 3}

    def cross(thing: Any) -> tuple[Fraction, Fraction]:
        u, v = thing.W[0], thing.V[0]
        r = sum(a * b for a, b in zip(u, v, strict=True))
        return r, sum(a * a for a in u) * sum(b * b for b in v) - r * r

    plane = [cross(t) for t in things if t.activation == "relu" and len(t.W[0]) > 1]
    parallel = [r for r, area in plane if area == 0]
    assert sum(r > 0 for r in parallel) >= 5
    assert sum(r < 0 for r in parallel) >= 2
    assert sum(area > 0 for _, area in plane) >= 30


def test_a_simpler_student_keeps_its_own_directions() -> None:
    first = next(iter(POPULATIONS.simpler(made())))
    assert first.W == ((3, -1),)
    assert first.S == ((2, 1),)
    assert first.T == ((-1, 1),)


def test_every_claim_is_judged_on_a_good_share() -> None:
    from landtheory.numerics.worlds.judge import Subject

    rng = np.random.default_rng(8)
    subjects = [Subject(POPULATIONS, POPULATIONS.draw(rng)) for _ in range(60)]
    for claim in THEOREMS["T18"].claims:
        judged = sum(subject.judge(claim).judged for subject in subjects)
        assert judged >= (3 if claim.label == "d.3" else 8), claim.label
