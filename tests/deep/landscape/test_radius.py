"""landscape/radius.py, against bowls in which every radius is known."""

import math
import re

import pytest
import torch
from support.landscape import bowl, free_point, half_square, relu_net, seeded
from torch import nn

from landtheory.deep.landscape.point import Point
from landtheory.deep.landscape.radius import filter_norms, random_radius
from landtheory.deep.landscape.rescaling import rescaled
from landtheory.errors import InputError

X = torch.randn(9, 3, generator=seeded(1)).double()
Y = torch.randn(9, 1, generator=seeded(2)).double()


def test_in_a_round_bowl_every_radius_is_one() -> None:
    found = random_radius(
        bowl([4.0] * 5), height=0.5, normalised=False, generator=seeded(0)
    )
    assert float((found.radii - 0.5).abs().max()) < 1e-10
    assert found.mean_log == pytest.approx(math.log(0.5), abs=1e-10)
    assert found.standard_error < 1e-10
    assert found.quartiles == pytest.approx((0.5, 0.5, 0.5), abs=1e-10)
    assert found.unbounded == 0


def test_in_any_bowl_it_is_the_root_of_the_quadratic_form() -> None:
    point = bowl([9.0, 1.0, 0.1])
    found = random_radius(point, height=0.5, normalised=False, generator=seeded(0))
    X = point.risk.batches.first(99).inputs  # type: ignore[union-attr]
    H = X.T @ X / len(X)  # type: ignore[union-attr]
    rng = seeded(0)
    expected = []
    for _ in range(64):
        v = torch.randn(3, generator=rng, dtype=torch.float64)
        v = v / v.norm()
        expected.append(float((2 * 0.5 / (v @ H @ v)).sqrt()))
    exact = torch.tensor(expected, dtype=torch.float64)
    assert float((found.radii / exact - 1).abs().max()) < 1e-9
    assert found.mean_log == pytest.approx(float(exact.log().mean()), abs=1e-9)
    assert found.quartiles[1] == pytest.approx(float(exact.median()), rel=0.1)
    error = float(exact.log().std()) / 8
    assert found.standard_error == pytest.approx(error, rel=1e-6)


def test_filters_are_rows_and_vectors_have_none() -> None:
    point = Point(relu_net(3, 2, 1), half_square, (X, Y), "mean")
    norms = filter_norms(point.parameters, point.theta)
    W, b, A, _ = (part.detach() for part in point.model.parameters())
    expected = torch.cat(
        [
            W.norm(dim=1)[:, None].expand(2, 3).reshape(-1),
            torch.zeros(2).double(),
            A.norm().expand(2),
            torch.zeros(1).double(),
        ]
    )
    assert len(b) == 2
    assert float((norms - expected).abs().max()) < 1e-14


def test_each_row_of_a_direction_has_the_norm_of_the_weights_row() -> None:
    """With outputs W x the loss at W + r V is r² times ½ (1/n) Σ ‖V x_i‖²."""
    model = nn.Linear(3, 2, bias=False).double()
    W = model.weight.detach()
    point = Point(model, half_square, (X, X @ W.T), "mean")
    found = random_radius(point, height=0.5, directions=4, generator=seeded(0))
    rng = seeded(0)
    for r in found.radii.tolist():
        V = torch.randn(6, generator=rng, dtype=torch.float64).view(2, 3)
        V = V * (W.norm(dim=1) / V.norm(dim=1))[:, None]
        quadratic = float((X @ V.T).square().sum(1).mean())
        assert r == pytest.approx((2 * 0.5 / quadratic) ** 0.5, rel=1e-9)


def test_rescaling_a_layer_leaves_the_normalised_radius_alone() -> None:
    model = relu_net(3, 6, 1)

    def mean(scale: float, *, normalised: bool) -> float:
        point = Point(rescaled(model, [scale]), half_square, (X, Y), "mean")
        return random_radius(
            point,
            height=0.5,
            directions=12,
            normalised=normalised,
            generator=seeded(0),
        ).mean_log

    assert mean(10.0, normalised=True) == pytest.approx(
        mean(1.0, normalised=True), abs=1e-8
    )
    # without it the same network looks narrower by orders of magnitude
    assert mean(10.0, normalised=False) < mean(1.0, normalised=False) - 1


def test_directions_without_end_are_counted() -> None:
    point = free_point(lambda t: torch.relu(t[0]) ** 2, [0.0, 0.0])
    found = random_radius(point, height=1.0, normalised=False, generator=seeded(0))
    assert 20 < found.unbounded < 44
    assert found.quartiles[2] == math.inf
    assert math.isfinite(found.mean_log)


def test_refusals() -> None:
    point = bowl([1.0, 2.0])
    flat = free_point(lambda t: 0 * t[0], [1.0])
    zero = free_point(lambda t: t[0] ** 2, [0.0])
    rng = seeded(0)
    with pytest.raises(
        InputError, match=re.escape("height is 0.0; expected a positive number")
    ):
        random_radius(point, height=0.0, generator=rng)
    with pytest.raises(
        InputError, match=re.escape("directions is 1; expected an integer >= 2")
    ):
        random_radius(point, height=1.0, directions=1, generator=rng)
    with pytest.raises(
        InputError,
        match=re.escape(
            "height is 1.0; expected one that the loss reaches along some of 64 "
            "directions: lower it"
        ),
    ):
        random_radius(flat, height=1.0, normalised=False, generator=rng)
    with pytest.raises(
        InputError,
        match=re.escape(
            "theta has no filter other than 0; expected a weight of two axes or more: "
            "pass normalised=False"
        ),
    ):
        random_radius(zero, height=1.0, generator=rng)
