"""numerics/population/balls.py: enclosures against float64, and against points inside."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from flint import arb, arb_mat, ctx

from landtheory.numerics.population import balls
from landtheory.numerics.population.landscape import Landscape


@pytest.fixture(autouse=True)
def precision() -> Any:
    with ctx.workprec(128):
        yield


def box(W: Any, radius: float) -> list[list[arb]]:
    return [[arb(float(x), radius) for x in row] for row in W]


def entries(result: Any) -> list[arb]:
    if isinstance(result, arb):
        return [result]
    return result.entries() if isinstance(result, arb_mat) else list(result)


PAIRS: list[tuple[Callable[[Any], Any], str]] = [
    (balls.ball_loss, "loss"),
    (balls.ball_gradient, "gradient"),
    (balls.ball_hessian, "hessian"),
]


@pytest.mark.parametrize(("enclosed", "name"), PAIRS)
@pytest.mark.parametrize("k", [2, 3, 5])
def test_a_point_is_that_of_float64(enclosed: Any, name: str, k: int) -> None:
    W = np.random.default_rng(k).standard_normal((k, k))
    landscape = Landscape(activation="relu", teacher=np.eye(k))
    reference = np.ravel(getattr(landscape, name)(W))
    found = entries(enclosed(box(W, 0.0)))
    assert len(found) == len(reference)
    for ball, number in zip(found, reference, strict=True):
        assert float(ball.rad()) < 1e-30
        assert abs(float(ball) - number) < 1e-13


@pytest.mark.parametrize(("enclosed", "name"), PAIRS)
@pytest.mark.parametrize("radius", [1e-3, 1e-8])
def test_a_box_holds_the_values_of_its_points(
    enclosed: Any, name: str, radius: float
) -> None:
    del name
    rng = np.random.default_rng(5)
    W = rng.standard_normal((3, 3))
    wide = entries(enclosed(box(W, radius)))
    for _ in range(10):
        inside = W + radius * rng.choice([-1, 1, 0.3], size=W.shape)
        for ball, point in zip(wide, entries(enclosed(box(inside, 0.0))), strict=True):
            assert ball.contains(point)
    # the boxes are not so wide as to say nothing
    assert max(float(ball.rad()) for ball in wide) < 1e4 * radius


@pytest.mark.parametrize(("enclosed", "name"), PAIRS[1:])
@pytest.mark.parametrize(
    "W",
    [
        np.eye(3),
        np.diag([1.0, 1.0, 0.0]) + 1e-3,
        np.array([[1.0, 2, 3], [2, 4, 6], [1, 1, 2]]),
        np.array([[1.0, 2, 3], [-1, -2, -3], [1, 1, 2]]),
    ],
    ids=["teacher", "zero", "equal", "opposite"],
)
def test_no_enclosure_is_finite_where_the_closed_forms_end(
    enclosed: Any, name: str, W: Any
) -> None:
    del name
    found = entries(enclosed(box(W, 0.01)))
    assert not all(ball.is_finite() for ball in found)
    # beside these places it is
    rng = np.random.default_rng(0)
    apart = entries(enclosed(box(rng.standard_normal((3, 3)), 1e-4)))
    assert all(ball.is_finite() for ball in apart)


def test_the_identity() -> None:
    assert balls.identity(2).tolist() == [[1, 0], [0, 1]]
