"""landscape/measures.py, against the measures themselves and against JSON."""

import json
import math
from typing import Any

import pytest
import torch
from support.landscape import bowl, half_square, relu_net, seeded
from torch import nn

from landtheory.deep.estimators.intervals import Interval
from landtheory.deep.landscape.asked import Asked
from landtheory.deep.landscape.curvature import curvature
from landtheory.deep.landscape.measures import measured, plain
from landtheory.deep.landscape.point import Point
from landtheory.deep.landscape.rescaling import balanced

X = torch.randn(9, 3, generator=seeded(1)).double()
Y = torch.randn(9, 1, generator=seeded(2)).double()


def record_of(point: Point, **asked: Any) -> tuple[dict[str, Any], torch.Tensor]:
    told: list[str] = []
    record, values = measured(
        point,
        Asked(**asked),
        draws=lambda purpose: seeded(len(purpose)),
        progress=lambda what, done, of: told.append(what),
    )
    assert "curvature" in told
    # nothing that JSON lacks
    assert json.loads(json.dumps(record, allow_nan=False)) == json.loads(
        json.dumps(record)
    )
    return record, values


def test_the_balanced_network_is_measured_beside_the_given_one() -> None:
    model = relu_net(3, 5, 1)
    point = Point(model, half_square, (X, Y), "mean")
    record, values = record_of(point, method="hessian")
    other = balanced(model).model
    there = curvature(
        Point(other, half_square, (X, Y), "mean"), method="hessian", generator=seeded(0)
    )
    assert record["balanced"]["curvature"]["largest"] == pytest.approx(there.largest)
    assert record["curvature"]["largest"] == float(values[0])
    assert record["curvature"]["largest"] != pytest.approx(there.largest)
    assert record["balanced"]["output_change"] < 1e-13
    assert record["complexity"]["path_norm"] > 0
    assert "sublevel" not in record
    assert "radius" not in record
    assert "learning_coefficient" not in record


def test_everything_asked_is_there() -> None:
    record, _ = record_of(
        bowl([4.0, 1.0, 0.2]), regulariser=0.1, directions=8, radius=True, learning=True
    )
    assert record["balanced"] is None
    rays = record["sublevel"]
    assert rays["log_volume"] == pytest.approx(rays["laplace"], abs=1e-6)
    assert rays["is_measured"] is False or rays["effective_sample_size"] > 7.9
    assert rays["isotropic_warning"]["bias"] == pytest.approx(
        rays["isotropic_warning"]["quadratic_bias"], abs=1e-5
    )
    assert record["radius"]["unbounded"] == 0
    assert record["learning_coefficient"]["quadratic"] > 0
    assert record["curvature"]["regularised"]["beta"] == record["n"] == 6


def test_thresholds_count_and_tops_end_with_all() -> None:
    record, _ = record_of(bowl([40.0, 4.0, 0.2, 0.002]))
    counts = [one["least"] for one in record["curvature"]["counts"]]
    assert counts == [3, 3, 2, 1]
    tops = [one["k"] for one in record["curvature"]["top"]]
    assert tops == [1, 2, 4]


def test_what_lanczos_leaves_out_is_estimated() -> None:
    point = Point(relu_net(3, 5, 1), half_square, (X, Y), "mean")
    record, _ = record_of(point, method="lanczos", k=3)
    found = record["regularised_estimate"]
    whole, _ = record_of(point, method="hessian")
    assert "regularised_estimate" not in whole
    exact = whole["curvature"]["regularised"]["volume"]["value"]
    slack = 1e-12 * abs(exact)
    assert found["lower"] - slack <= exact <= found["upper"] + slack


def test_tokens_have_no_complexity() -> None:
    model = nn.Sequential(nn.Embedding(5, 3), nn.Flatten(), nn.Linear(6, 1))
    tokens = torch.randint(5, (7, 2), generator=seeded(3))
    point = Point(model, half_square, (tokens, torch.zeros(7, 1)), "mean")
    record, _ = record_of(point)
    assert "complexity" not in record


def test_what_is_infinite_becomes_none() -> None:
    assert plain(math.inf) is None
    assert plain(math.nan) is None
    assert plain((1.0, math.inf)) == [1.0, None]
    interval = Interval(value=1.0, lower=0.0, upper=2.0, level=0.95)
    assert plain(interval)["upper"] == 2.0
    assert plain("x") == "x"
