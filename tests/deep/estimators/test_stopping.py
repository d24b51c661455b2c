"""estimators/stopping.py: the rule, case by case, on Ritz values that are written down."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from landtheory.deep.estimators.krylov import Ritz
from landtheory.deep.estimators.stopping import Goal

EPS = torch.finfo(torch.float64).eps


def ritz(values: list[float], bounds: list[float]) -> Ritz:
    """Ritz values in descending order, with bounds."""
    none = torch.zeros(0)
    return Ritz(
        values=torch.tensor(values).double(),
        vectors=none,
        bounds=torch.tensor(bounds).double(),
    )


def run(
    values: list[float],
    bounds: list[float],
    *,
    segment: Ritz | None = None,
    exhausted: bool = False,
) -> Any:
    """What the rule looks at."""
    return SimpleNamespace(
        exhausted=exhausted,
        basis=torch.zeros(99, len(values)),
        ritz=lambda: ritz(values, bounds),
        segment=lambda: segment,
        breakdowns=0 if segment is None else 1,
        scale=abs(values[0]),
        op=SimpleNamespace(epsilon=EPS),
    )


LA = Goal(k=2, which="LA", tol=1e-2)
LM = Goal(k=2, which="LM", tol=1e-2)


@pytest.mark.parametrize(
    ("goal", "values", "bounds", "met"),
    [
        pytest.param(LA, [9, 5, 1], [1e-3, 1e-3, 1.0], True, id="all-well"),
        pytest.param(LA, [9, 5, 1], [0.2, 1e-3, 1.0], False, id="first-too-rough"),
        pytest.param(LA, [9, 5, 1], [1e-3, 0.06, 1.0], False, id="last-too-rough"),
        pytest.param(
            LA, [9, 5, 1], [1e-3, 1e-3, 4.5], False, id="another-may-reach-in"
        ),
        pytest.param(LA, [9, 5, -8], [1e-3, 1e-3, 1.0], True, id="lower-end-is-free"),
        pytest.param(LM, [9, 5, -8], [1e-3, 1e-3, 1.0], False, id="magnitude-counts"),
        pytest.param(LM, [9, 5, -8], [1e-3, 1.0, 1e-3], True, id="magnitude-chosen"),
        pytest.param(LA, [9], [0.0], False, id="too-few"),
        pytest.param(LA, [9, 0, -1], [1e-3, 1e-3, 0.1], False, id="zero-is-not-rough"),
        pytest.param(LA, [9, 0, -1], [1e-3, 1e-11, 0.1], True, id="zero-to-rounding"),
    ],
)
def test_the_rule_case_by_case(
    goal: Goal, values: list[float], bounds: list[float], met: bool
) -> None:
    assert goal.met(run(values, bounds)) is met


@pytest.mark.parametrize(
    ("segment", "met"),
    [
        pytest.param(ritz([4.0, 1.0], [0.0, 0.0]), True, id="inside"),
        pytest.param(ritz([5.0, 1.0], [0.0, 0.0]), True, id="a-copy-of-the-innermost"),
        pytest.param(ritz([9.0, 1.0], [0.0, 0.0]), False, id="a-copy-further-out"),
        pytest.param(ritz([4.0, 1.0], [0.3, 0.0]), False, id="still-moving"),
        pytest.param(ritz([4.0, 1.0], [0.0, 0.3]), True, id="the-other-end-moves"),
    ],
)
def test_after_a_breakdown_what_comes_next_must_lie_inside(
    segment: Ritz, met: bool
) -> None:
    assert LA.met(run([9, 5, 1], [0, 0, 0], segment=segment)) is met


def test_nothing_is_left_to_do_when_the_run_is_exhausted() -> None:
    assert LA.met(run([9], [0.0], exhausted=True))


def test_tolerances_are_relative_down_to_the_digits_of_the_products() -> None:
    values = torch.tensor([100.0, 1.0, 0.0, -1e-9], dtype=torch.float64)
    floor = 1e-2 * EPS**0.5 * 100
    expected = torch.tensor([1.0, 1e-2, floor, floor], dtype=torch.float64)
    allowed = LA.tolerances(values, values, EPS)
    assert torch.allclose(allowed, expected, rtol=1e-12, atol=0)


def test_tolerances_may_be_a_share_of_the_norm() -> None:
    values = torch.tensor([100.0, 1.0, -50.0], dtype=torch.float64)
    goal = Goal(k=2, which="LM", tol=1e-2, relative_to="norm")
    assert goal.tolerances(values, values[:2], EPS).tolist() == [1.0, 1.0]
    assert goal.met(run([100, 50, 1], [0.5, 0.9, 10]))
    assert not LM.met(run([100, 50, 1], [0.5, 0.9, 10]))
    assert not goal.met(run([100, 50, 1], [0.5, 1.1, 10]))
