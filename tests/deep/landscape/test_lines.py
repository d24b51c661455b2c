"""landscape/lines.py, against losses whose widths and barriers have closed forms."""

import math
from dataclasses import replace

import pytest
import torch
from support.landscape import Free, free_point, half_square, relu_net, seeded
from torch import Tensor, nn

from landtheory.deep.landscape.lines import Line, Width, line_between
from landtheory.deep.landscape.point import Point
from landtheory.errors import InputError


def wells(t: Tensor) -> Tensor:
    """(u² - 1)² along u = (t₁ + t₂)/√2, and 3 v² across."""
    u, v = (t[0] + t[1]) / 2**0.5, (t[0] - t[1]) / 2**0.5
    return (u**2 - 1) ** 2 + 3 * v**2 + 0.2 * (u + 1) / 2


def ends(height: float = 0.04, **options: int) -> Line:
    half = 2**-0.5
    left = free_point(wells, [-half, -half])
    right = free_point(wells, [half, half])
    return line_between(left, right, height=height, **options)


def root(low: float, high: float, level: float) -> float:
    """Where (u² - 1)² + 0.1 (u + 1) passes a level, by bisection of its own."""

    def f(u: float) -> float:
        return (u**2 - 1) ** 2 + 0.1 * (u + 1) - level

    sign = f(low) > 0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if (f(middle) > 0) == sign else (low, middle)
    return low


def test_widths_are_the_roots_on_both_sides_above_each_minimum() -> None:
    found = ends()
    assert found.distance == pytest.approx(2)
    assert found.ends == pytest.approx((0.0, 0.2), abs=1e-14)
    a, b = found.widths
    assert a.inward == pytest.approx(root(-1, 0, 0.04) + 1, abs=1e-9)
    assert a.outward == pytest.approx(-1 - root(-2, -1, 0.04), abs=1e-9)
    # of B the level is 0.2 + 0.04: an absolute level would be another place
    assert b.inward == pytest.approx(1 - root(0.5, 1, 0.24), abs=1e-9)
    assert b.outward == pytest.approx(root(1, 2, 0.24) - 1, abs=1e-9)
    assert a.whole == pytest.approx(a.inward + a.outward)
    assert a.relative == pytest.approx(a.inward)
    assert a.inward != pytest.approx(a.outward, abs=1e-3)


def test_the_barrier_is_the_rise_above_the_chord() -> None:
    found = ends(places=8)
    # (u² - 1)² is 1 at u = 0, where the chord's 0.1 (u + 1) is all that is added
    assert found.barrier == pytest.approx(1, abs=1e-6)
    assert found.barrier_place == pytest.approx(0.5, abs=1e-3)


def test_without_a_barrier_it_is_zero() -> None:
    a = free_point(lambda t: (t**2).sum(), [1.0, 0.0])
    b = free_point(lambda t: (t**2).sum(), [-1.0, 0.5])
    assert line_between(a, b, height=0.1).barrier == 0.0


def test_losses_are_those_of_the_networks_on_the_line() -> None:
    X = torch.randn(9, 3, generator=seeded(1)).double()
    Y = torch.randn(9, 1, generator=seeded(2)).double()
    nets = [relu_net(3, 4, 1, seed=seed) for seed in (0, 1)]
    a, b = (Point(net, half_square, (X, Y), "mean") for net in nets)
    found = line_between(a, b, height=0.5, places=5)
    assert found.places.tolist() == [-0.5, 0.0, 0.5, 1.0, 1.5]
    for t, loss in zip(found.places.tolist(), found.losses.tolist(), strict=True):
        mixed = relu_net(3, 4, 1)
        with torch.no_grad():
            for w, u, v in zip(
                mixed.parameters(),
                nets[0].parameters(),
                nets[1].parameters(),
                strict=True,
            ):
                w.copy_((1 - t) * u + t * v)
        assert loss == pytest.approx(half_square(mixed(X), Y).item(), rel=1e-12)


def test_a_side_without_end_is_infinite() -> None:
    a = free_point(lambda t: torch.relu(t[0]), [0.0])
    b = free_point(lambda t: torch.relu(t[0]), [1.0])
    found = line_between(a, b, height=0.5)
    assert found.widths[0].outward == math.inf
    assert found.widths[0].inward == pytest.approx(0.5)
    assert found.widths[1].inward == math.inf
    assert Width(inward=1.0, outward=1.0, norm=0.0).relative == math.inf
    assert Width(inward=2.0, outward=1.0, norm=4.0).relative == 0.5


def refusal(a: Point, b: Point, **options: float) -> str:
    with pytest.raises(InputError) as caught:
        line_between(a, b, **{"height": 0.1, **options})  # type: ignore[arg-type]
    return str(caught.value)


def test_refusals() -> None:
    a, b = free_point(wells, [0.0, 1.0]), free_point(wells, [1.0, 0.0])
    three = free_point(lambda t: (t**2).sum(), [1.0, 0.0, 0.0])
    other = free_point(lambda t: 2 * (t**2).sum(), [1.0, 0.0])
    assert refusal(a, b, height=0.0) == "height is 0.0; expected a positive number"
    assert refusal(a, b, places=4) == "places is 4; expected an integer >= 5"
    assert refusal(a, a) == (
        "a and b have the same weights; expected two networks with a line between them"
    )
    assert refusal(a, three) == (
        "a and b have other parameters; expected the same names and shapes: take two "
        "networks of one architecture"
    )
    assert refusal(a, other) == (
        "a and b have other losses of the same weights; expected the same data and loss "
        "in both"
    )


def test_other_statistics_of_batch_normalisation_are_refused() -> None:
    X = torch.randn(9, 3, generator=seeded(1)).double()

    def normed(mean: float) -> Point:
        net = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
        net[1].running_mean.fill_(mean)
        return Point(net, half_square, (X, X[:, :2]), "mean")

    assert refusal(normed(0.0), normed(1.0)) == (
        "a and b differ in '1.running_mean', which is no trainable parameter; expected "
        "the same in both: the line leaves it as it is in a"
    )


def test_a_line_is_frozen_and_progress_counts_its_places() -> None:
    seen: list[tuple[int, int]] = []
    half = 2**-0.5
    found = line_between(
        free_point(wells, [-half, -half]), free_point(wells, [half, half]),
        height=0.04, places=6, progress=lambda done, of: seen.append((done, of)),
    )  # fmt: skip
    assert seen == [(i, 6) for i in range(1, 7)]
    assert replace(found, barrier=2.0).barrier == 2.0
    assert isinstance(Free([0.0]), nn.Module)
