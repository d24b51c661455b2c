"""landscape/learning.py, against the stationary law of the walk in an exact bowl."""

import math
import re

import pytest
import torch
from support.landscape import bowl, free_point, half_square, known, relu_net, seeded
from torch import nn

from landtheory.deep.landscape.curvature import curvature
from landtheory.deep.landscape.learning import (
    LearningCoefficient,
    learning_coefficient,
    quadratic_coefficient,
)
from landtheory.deep.landscape.point import Point
from landtheory.errors import InputError

SPECTRUM = [40.0, 20.0, 5.0, 1.0, 0.0]
n = 2 * len(SPECTRUM)


def walked(**options: float) -> LearningCoefficient:
    point = bowl(SPECTRUM, offset=0.4)
    found = curvature(point, generator=seeded(0))
    asked = {"step": 2e-3, "steps": 5000, "warmup": 500, **options}
    return learning_coefficient(point, found, generator=seeded(1), **asked)  # type: ignore[arg-type]


def test_in_a_bowl_the_walk_has_the_value_of_its_law() -> None:
    found = walked()
    beta = 1 / math.log(n)
    pulls = [n * beta * v for v in SPECTRUM]
    exact = sum(0.5 * q / ((q + 100) * (1 - 2e-3 * (q + 100) / 4)) for q in pulls)
    assert found.discretised == pytest.approx(exact, rel=1e-9)
    assert found.quadratic == pytest.approx(
        sum(0.5 * q / (q + 100) for q in pulls), rel=1e-9
    )
    assert found.inverse_temperature == pytest.approx(beta)

    def agrees(value: float) -> bool:
        return abs(value - exact) < 5 * found.standard_error

    assert found.standard_error < 0.05 * exact
    assert agrees(found.value)
    assert abs(found.drift) < 10 * found.standard_error
    # without the ½ of the squared length, with β = 1, and without the walk's own step
    assert not agrees(2 * found.value)
    assert not agrees(found.value / beta)
    assert not agrees(found.value + 0.4 * n * beta)


def test_a_walk_that_has_not_settled_drifts() -> None:
    slow = walked(step=1e-6, steps=400, warmup=0, localisation=1.0)
    assert slow.drift > 0.5 * slow.value
    assert slow.value < 0.5 * slow.quadratic


def test_a_step_that_is_too_long_is_infinite_in_a_bowl_and_refused_on_the_way() -> None:
    with pytest.raises(
        InputError,
        match=r"step is 1.0; expected one with which the walk stays finite, but the loss "
        r"is \S+ after \d+ steps: lower it",
    ):
        walked(step=1.0)


def test_negative_eigenvalues_count_as_zero() -> None:
    found = known(torch.tensor([2.0, -5.0]).double(), torch.zeros(2).double())
    pull = 2 * 50 / math.log(50)
    assert quadratic_coefficient(found, n=50, localisation=3.0) == pytest.approx(
        0.5 * pull / (pull + 3)
    )


def test_refusals() -> None:
    values = torch.tensor([2.0, 1.0]).double()
    part = known(values, 0 * values, method="lanczos", p=9)
    whole = known(values, 0 * values)
    for arguments, sentence in (
        (
            (part, 50, 1.0),
            (
                "found has 2 eigenvalues of 9; expected all of them: use method gram or "
                "hessian"
            ),
        ),
        ((whole, 2, 1.0), "n is 2; expected at least 3 samples, since β = 1/log n"),
        ((whole, 50, 0.0), "localisation is 0.0; expected a positive number"),
    ):
        found, count, localisation = arguments
        with pytest.raises(InputError, match=re.escape(sentence)):
            quadratic_coefficient(found, n=count, localisation=localisation)
    for options, sentence in (
        ({"step": 0.0}, "step is 0.0; expected a positive number"),
        ({"localisation": -1.0}, "localisation is -1.0; expected a positive number"),
        ({"steps": 19}, "steps is 19; expected an integer >= 20"),
        ({"warmup": -1}, "warmup is -1; expected an integer >= 0"),
    ):
        with pytest.raises(InputError, match=re.escape(sentence)):
            walked(**options)


def test_a_summed_loss_is_refused() -> None:
    X = torch.randn(9, 3, generator=seeded(1)).double()
    point = Point(relu_net(3, 4, 1), nn.MSELoss(reduction="sum"), (X, X[:, :1]))
    values = torch.ones(2).double()
    with pytest.raises(
        InputError,
        match=re.escape(
            "the loss is a sum over samples; expected a mean, which n multiplies"
        ),
    ):
        learning_coefficient(point, known(values, 0 * values), generator=seeded(0))


def test_one_sample_is_refused() -> None:
    point = free_point(lambda t: t[0] ** 2, [0.0])
    values = torch.ones(1).double()
    with pytest.raises(InputError, match="n is 1; expected at least 3 samples"):
        learning_coefficient(point, known(values, 0 * values), generator=seeded(0))
    assert half_square(values[None], values[None]) == 0
