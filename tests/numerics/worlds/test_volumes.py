"""numerics/worlds/volumes.py, held against SciPy's quadrature and counted points."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from scipy.integrate import quad
from scipy.special import gamma

from landtheory.numerics.worlds.volumes import (
    ball_of,
    bent_volume,
    round_volume,
    slab_in_ball,
    volume_by_slices,
    volume_in_ball,
)

POINTS = 400_000


@pytest.fixture(autouse=True)
def precise() -> Any:
    with ctx.workprec(128):
        yield


def rationals(values: Any) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, values))


def unit_ball(p: int) -> float:
    return math.pi ** (p / 2) / float(gamma(p / 2 + 1))


def agrees(found: arb | None, expected: float) -> bool:
    return (
        found is not None
        and found.rel_accuracy_bits() > 60
        and abs(float(found.mid()) - expected) <= 1e-9 * expected
    )


def score(found: arb | None, share: float, whole: float) -> float:
    """Standard deviations between a volume and a counted share of a larger one."""
    assert found is not None
    chance = float(found.mid()) / whole
    return (share - chance) / math.sqrt(chance * (1 - chance) / POINTS)


def in_ball(p: int, radius: float, seed: int) -> Any:
    """Points uniform in the ball."""
    rng = np.random.default_rng(seed)
    points = rng.standard_normal((POINTS, p))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points * radius * rng.random((POINTS, 1)) ** (1 / p)


@pytest.mark.parametrize("p", range(6))
def test_the_unit_balls(p: int) -> None:
    assert agrees(ball_of(p), unit_ball(p))
    assert agrees(ball_of(p, arb(3)), unit_ball(p) * 3.0**p)


@pytest.mark.parametrize("eigenvalues", [(1,), (3, 1), (5, 2, 2), (4, 3, 2, 1)])
def test_slices_give_the_volume_of_an_ellipsoid(eigenvalues: Any) -> None:
    p, epsilon = len(eigenvalues), Fraction(2, 3)
    found = volume_by_slices(rationals(eigenvalues), epsilon)

    def formula(height: float) -> float:
        return unit_ball(p) * height ** (p / 2) / math.sqrt(math.prod(eigenvalues))

    assert agrees(found, formula(4 / 3))
    assert not agrees(found, formula(2 / 3))


def two_axes(low: float, high: float, epsilon: float, radius: float, p: int) -> float:
    """The volume of a form with two positive eigenvalues, by nested quadrature."""

    def rest(u: float, v: float) -> float:
        return unit_ball(p - 2) * max(radius**2 - u * u - v * v, 0.0) ** (p / 2 - 1)

    def line(u: float) -> float:
        end = min(
            math.sqrt(max(2 * epsilon - high * u * u, 0.0) / low),
            math.sqrt(max(radius**2 - u * u, 0.0)),
        )
        return quad(lambda v: rest(u, v), 0, end, epsabs=1e-12, epsrel=1e-11)[0]

    reach = min(math.sqrt(2 * epsilon / high), radius)
    # the two ends of the slices meet where the ellipse crosses the circle
    square = (2 * epsilon - low * radius**2) / (high - low)
    kink = min(math.sqrt(max(square, 0.0)), reach)
    parts = [(0.0, kink), (kink, reach)]
    return 4 * sum(quad(line, a, b, epsabs=1e-12, epsrel=1e-11)[0] for a, b in parts)


@pytest.mark.parametrize("p", [2, 3, 4])
@pytest.mark.parametrize("epsilon", ["1/8", "1/2", "1", "4"])
def test_two_axes_in_a_ball(p: int, epsilon: str) -> None:
    spectrum = rationals((4, 1, *[0] * (p - 2)))
    found = volume_in_ball(spectrum, Fraction(epsilon), Fraction(1))
    expected = two_axes(1.0, 4.0, float(Fraction(epsilon)), 1.0, p)
    assert found is not None
    assert abs(float(found.mid()) / expected - 1) < 1e-7


@pytest.mark.parametrize(
    "spectrum", [(2, 0), (3, 3, 0), (1, 1, 1), (2, 0, 0, 0), (5, 1, 0), (0, 0)]
)
@pytest.mark.parametrize("epsilon", ["1/5", "2"])
def test_volumes_in_a_ball_are_the_shares_of_its_points(
    spectrum: Any, epsilon: str
) -> None:
    p, radius = len(spectrum), Fraction(3, 2)
    points = in_ball(p, float(radius), 3)
    height = float(Fraction(epsilon))
    inside = (points**2 @ np.array(spectrum, dtype=float) <= 2 * height).mean()
    found = volume_in_ball(rationals(spectrum), Fraction(epsilon), radius)
    whole = unit_ball(p) * 1.5**p
    if inside == 1:
        assert agrees(found, whole)
    else:
        assert abs(score(found, inside, whole)) < 5


def test_three_unequal_axes_that_the_ball_cuts_are_not_enclosed() -> None:
    assert volume_in_ball(rationals((3, 2, 1)), Fraction(1), Fraction(1)) is None
    assert volume_in_ball(rationals((3, 2, 1)), Fraction(1, 2), Fraction(1)) is not None


@pytest.mark.parametrize("p", [1, 2, 3, 4])
def test_the_slab_is_the_integral_that_it_says(p: int) -> None:
    found = slab_in_ball(Fraction(2), Fraction(1, 4), Fraction(1), p, twice=p - 1)
    expected = quad(lambda u: (1 - u * u) ** ((p - 1) / 2), -0.5, 0.5, epsrel=1e-12)[0]
    assert agrees(found, unit_ball(p - 1) * expected)


@pytest.mark.parametrize("p", [1, 2, 3, 4])
@pytest.mark.parametrize("bend", [Fraction(1), Fraction(-1), Fraction(-12, 5)])
def test_the_bent_basin_is_the_share_of_points_below_the_height(
    p: int, bend: Fraction
) -> None:
    spectrum = rationals(sorted(range(1, p + 1), reverse=True))
    epsilon = Fraction(1, 10)
    points = in_ball(p, 1.0, 4)
    quadratic = points**2 @ np.array([float(v) for v in spectrum]) / 2
    below = quadratic + float(bend) * np.abs(points[:, -1]) ** 3 / 6 <= 0.1
    found = bent_volume(spectrum, epsilon, bend, Fraction(1))
    assert abs(score(found, below.mean(), unit_ball(p))) < 5


@pytest.mark.parametrize("p", [1, 2, 3, 4])
@pytest.mark.parametrize("bend", [Fraction(1), Fraction(-1), Fraction(-12, 5)])
def test_the_round_basin_is_the_share_of_points_below_the_height(
    p: int, bend: Fraction
) -> None:
    distance = np.linalg.norm(in_ball(p, 1.0, 6), axis=1)
    below = distance**2 / 2 + float(bend) * distance**3 / 6 <= 0.1
    spectrum = rationals([1] * p)
    found = round_volume(spectrum, Fraction(1, 10), bend, Fraction(1))
    assert abs(score(found, below.mean(), unit_ball(p))) < 5
    assert (p == 1) == agrees(
        bent_volume(spectrum, Fraction(1, 10), bend, Fraction(1)),
        float(found.mid()) if found is not None else 0.0,
    )
    assert round_volume(rationals((2, 1)), Fraction(1, 10), bend, Fraction(1)) is None


def test_a_basin_that_is_bent_too_much_is_not_enclosed() -> None:
    def bent(epsilon: str, bend: int, spectrum: Any = (1,)) -> Callable[[], Any] | None:
        return bent_volume(
            rationals(spectrum), Fraction(epsilon), Fraction(bend), Fraction(1)
        )

    assert bent("1/100", 2) is not None
    assert bent("1/100", 3) is None
    assert bent("1/100", -3) is None
    assert bent("1/5", 2) is None
    assert bent("1/100", 1, (1, 0)) is None
    assert bent("5", 0) is not None


def test_the_enclosures_follow_the_precision() -> None:
    for bits in (64, 300):
        with ctx.workprec(bits):
            found = volume_by_slices(rationals((2, 1)), Fraction(1))
            assert bits - 20 <= found.rel_accuracy_bits() <= bits
