"""landscape/sublevel.py, against exact ellipsoids, balls and areas."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
import torch
from support.landscape import bowl, free_point, seeded

from landtheory.deep.landscape import sublevel as module
from landtheory.deep.landscape.curvature import curvature
from landtheory.deep.landscape.metric import Metric, metric_at
from landtheory.deep.landscape.point import Point
from landtheory.deep.landscape.sublevel import SublevelVolume, sublevel_log_volume
from landtheory.errors import InputError
from landtheory.numerics.volume import ellipsoid_log_volume

RAYS = 400
SPECTRUM = [40.0, 6.0, 1.0, 0.02, 0.0, 0.0]


def metric_of(point: Point) -> Metric:
    return metric_at(point, curvature(point, generator=seeded(0)))


def flat(p: int) -> Metric:
    """B = 0: uniform directions."""
    none = torch.zeros(p, 0, dtype=torch.float64)
    return Metric(eigenvalues=none[0], vectors=none)


def measured(point: Point, metric: Metric, **options: float) -> SublevelVolume:
    asked = {"regulariser": 0.1, "height": 0.05, "directions": 64, **options}
    return sublevel_log_volume(point, metric, generator=seeded(7), **asked)  # type: ignore[arg-type]


def test_a_bowl_leaves_nothing_to_chance() -> None:
    point = bowl(SPECTRUM, offset=0.3)
    found = measured(point, metric_of(point))
    # T15(a) with λ added to every eigenvalue, in the code of another room
    exact = ellipsoid_log_volume([v + 0.1 for v in SPECTRUM], height=0.05).value
    assert found.log_volume == pytest.approx(exact, abs=1e-6)
    assert found.laplace == pytest.approx(exact, abs=1e-9)
    assert found.effective_sample_size == pytest.approx(64, rel=1e-9)
    assert found.half_difference < 1e-6
    assert float(found.radii.std()) < 1e-7
    assert found.is_monotone
    assert found.is_measured
    assert found.interval is not None
    assert found.interval.upper - found.interval.lower < 1e-6


QUARTIC = free_point(lambda t: (t**4).sum() + 2 * t[0] ** 2, [0.0, 0.0])


def area(regulariser: float, height: float) -> float:
    """Of {x⁴ + y⁴ + 2x² + ½ λ (x² + y²) <= ε} by a fine sum."""
    side = height**0.25
    x = torch.linspace(-side, side, 200_001, dtype=torch.float64)
    left = height - x**4 - 2 * x**2 - 0.5 * regulariser * x**2
    half = 0.25 * regulariser
    # y² is the root of y⁴ + ½ λ y² = left
    y = ((half**2 + left.clamp(min=0)).sqrt() - half).clamp(min=0).sqrt()
    return float(2 * y.sum() * (x[1] - x[0]))


@cache
def quartic(metric: Metric) -> SublevelVolume:
    return measured(QUARTIC, metric, regulariser=0.2, height=0.3, directions=RAYS)


def agrees(volume: Callable[[SublevelVolume], float], metric: Metric) -> bool:
    """Within five standard errors of the area, for a metric that does not fit."""
    found = quartic(metric)
    error = (1 / found.effective_sample_size - 1 / RAYS) ** 0.5
    return abs(volume(found) - math.log(area(0.2, 0.3))) < 5 * error + 1e-6


SKEW = Metric(
    eigenvalues=torch.tensor([0.3]).double(),
    vectors=torch.tensor([[0.8], [0.6]]).double(),
)


FLAT = flat(2)


@pytest.mark.parametrize("metric", [FLAT, SKEW], ids=["flat", "skew"])
def test_any_metric_gives_the_volume_of_a_star(metric: Metric) -> None:
    assert agrees(lambda found: found.log_volume, metric)


def test_a_forgotten_determinant_and_a_mean_of_logarithms_are_rejected() -> None:
    half = 0.5 * SKEW.log_determinant(0.2)
    ball = math.log(math.pi)
    assert not agrees(lambda found: found.log_volume + half, SKEW)
    assert not agrees(lambda found: found.log_volume + 2 * half, SKEW)
    assert not agrees(
        lambda found: ball - half + float((2 * found.radii.log()).mean()), SKEW
    )
    assert not agrees(lambda found: found.log_volume - ball, SKEW)
    assert not agrees(lambda found: found.laplace, SKEW)


def test_errors_follow_from_the_radii() -> None:
    """By plain sums of w = ρ², which do not overflow in two dimensions."""
    found = quartic(SKEW)
    w = found.radii**2
    effective = float(w.sum() ** 2 / (w**2).sum())
    assert found.effective_sample_size == pytest.approx(effective, rel=1e-10)
    halves = [float(part.mean().log()) for part in w.chunk(2)]
    assert found.half_difference == pytest.approx(abs(halves[0] - halves[1]), abs=1e-10)
    # the standard error of a mean, by the mean
    error = float(w.std(correction=0) / RAYS**0.5 / w.mean())
    assert found.interval is not None
    assert found.interval.upper - found.log_volume == pytest.approx(
        1.96 * error, rel=1e-3
    )


def test_few_rays_that_count_make_no_interval() -> None:
    """A sphere in 40 dimensions seen by a metric that does not fit."""
    weights = torch.logspace(-3, 2, 40, dtype=torch.float64)
    point = bowl(weights.tolist())
    found = measured(point, flat(40))
    assert found.effective_sample_size < module.ENOUGH
    assert found.interval is None
    assert not found.is_measured
    exact = ellipsoid_log_volume((weights + 0.1).numpy(), height=0.05).value
    # and it is far from the volume, always below for want of the longest rays
    assert found.log_volume < exact - 3
    assert measured(point, metric_of(point)).is_measured


def test_a_ray_that_turns_back_is_said_to() -> None:
    # falls from 0.5 on, without leaving the set: from 0 to 1 it is a bowl with a dent
    dented = free_point(lambda t: t[0] ** 2 - 1.2 * t[0].abs() ** 3 + t[0] ** 4, [0.0])
    assert measured(dented, flat(1), regulariser=1e-3, height=0.5).is_monotone
    falling = free_point(
        lambda t: 0.2 * torch.sin(4 * t[0]) ** 2 + 0.1 * t[0] ** 2, [0.0]
    )
    found = measured(falling, flat(1), regulariser=1e-3, height=0.5)
    assert found.broken == 64
    assert (found.left, found.again) == (0, 0)
    assert not found.is_monotone
    assert found.is_measured


def gap(t: torch.Tensor) -> torch.Tensor:
    """High where 1.06 < |θ| < 2, low from there to 2.2, and then a wall."""
    high = (t[0].abs() - 1.53).abs() < 0.47
    return torch.where(high, 9.0, 0.0 * t[0]) + 10 * torch.relu(t[0].abs() - 2.2)


def test_a_set_that_is_no_star_has_no_interval() -> None:
    point = free_point(gap, [0.0])
    inner = measured(point, flat(1), regulariser=0.02, height=0.05)
    assert float(inner.radii.max()) < 1.06 * 0.02**0.5 + 1e-6
    assert (inner.left, inner.again) == (0, 64)
    assert inner.interval is None
    assert inner.effective_sample_size > 10
    # with this one the first step of a ray is 2.1, over the gap
    leapt = measured(point, flat(1), regulariser=3.543e-4, height=0.05)
    assert leapt.left == 64
    assert leapt.interval is None


def test_rays_follow_from_the_generator_alone() -> None:
    one, two = measured(QUARTIC, SKEW), measured(QUARTIC, SKEW)
    assert torch.equal(one.radii, two.radii)
    other = sublevel_log_volume(
        QUARTIC, SKEW, regulariser=0.1, height=0.05, directions=64, generator=seeded(8)
    )
    assert not torch.equal(one.radii, other.radii)


def test_progress_counts_the_rays() -> None:
    seen: list[tuple[int, int]] = []
    sublevel_log_volume(
        QUARTIC, SKEW, regulariser=0.1, height=0.05, directions=3, generator=seeded(0),
        progress=lambda done, of: seen.append((done, of)),
    )  # fmt: skip
    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("name", ["regulariser", "height"])
@pytest.mark.parametrize("number", [0.0, -1.0, math.nan, math.inf])
def test_numbers_that_are_not_positive_are_refused(name: str, number: float) -> None:
    with pytest.raises(
        InputError, match=re.escape(f"{name} is {number!r}; expected a positive number")
    ):
        measured(QUARTIC, SKEW, **{name: number})


def test_one_ray_is_refused() -> None:
    with pytest.raises(
        InputError, match=re.escape("directions is 1; expected an integer >= 2")
    ):
        measured(QUARTIC, SKEW, directions=1)


def test_a_set_without_end_is_refused() -> None:
    falling = free_point(lambda t: -(t[0] ** 4), [0.0])
    with pytest.raises(
        InputError,
        match=re.escape(
            "a ray leaves the sublevel set at inf; expected a positive, finite radius: "
            "raise the height or the regulariser"
        ),
    ):
        measured(falling, flat(1))


def test_a_measurement_is_frozen() -> None:
    found = measured(QUARTIC, SKEW, directions=2)
    assert replace(found, height=1.0).height == 1.0
    with pytest.raises(AttributeError):
        found.height = 2.0  # type: ignore[misc]
