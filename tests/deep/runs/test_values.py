"""runs/values.py: numbers as JSON values, each where it belongs."""

import json
from typing import Any

import torch
from support.spectrum import settings

from landtheory.deep.estimators.eigenvalues import TopEigenvalues, top_eigenvalues
from landtheory.deep.estimators.intervals import Interval
from landtheory.deep.estimators.traces import Estimate
from landtheory.deep.operators.blocks import FactorOperator
from landtheory.deep.runs.streams import generator_for
from landtheory.deep.runs.values import (
    Wanted,
    eigenvalue_arrays,
    eigenvalues,
    estimate_values,
    exact_values,
    interval_values,
)

ROOTS = torch.arange(1, 41, dtype=torch.float64)
INTERVAL = Interval(value=2.0, lower=1.5, upper=3.0, level=0.9)


def found(**options: Any) -> TopEigenvalues:
    """Of diag(1, 4, 9, …, 1600)."""
    op = FactorOperator(torch.diag(ROOTS))
    return top_eigenvalues(op, 3, generator=generator_for(0, "start"), **options)


def test_rows_are_eigenvalues_with_all_that_is_said_of_each() -> None:
    top = found(tol=1e-9)
    values = eigenvalues(top)
    assert json.loads(json.dumps(values)) == values
    assert values["converged"] is True
    for row, exact in zip(values["eigenvalues"], (1600, 1521, 1444), strict=True):
        assert abs(row["value"] - exact) <= row["bound"]
        assert row["bound"] == row["residual"] + row["noise"]
        assert row["bound"] <= row["tolerance"]
        assert row["converged"] is True
    names = ("value", "bound", "residual", "noise", "tolerance", "converged")
    columns = (
        top.eigenvalues, top.bounds, top.residuals, top.noise, top.tolerances,
        top.converged,
    )  # fmt: skip
    for name, column in zip(names, columns, strict=True):
        assert [row[name] for row in values["eigenvalues"]] == column.tolist()


def test_one_that_is_not_converged_makes_all_not() -> None:
    values = eigenvalues(found(tol=1e-9, max_products=12))
    flags = [row["converged"] for row in values["eigenvalues"]]
    assert False in flags
    assert values["converged"] is False


def test_arrays_hold_the_same_at_full_length() -> None:
    top = found(tol=1e-6)
    arrays = eigenvalue_arrays(top)
    rows = eigenvalues(top)["eigenvalues"]
    assert arrays.keys() == {"eigenvalues", "bounds", "converged"}
    for name, key in (("eigenvalues", "value"), ("bounds", "bound")):
        assert arrays[name].dtype == "float64"
        assert arrays[name].tolist() == [row[key] for row in rows]
    assert arrays["converged"].tolist() == [row["converged"] for row in rows]


def test_an_estimate_has_its_interval_and_what_it_rests_on() -> None:
    estimate = Estimate(
        value=7.0, standard_error=0.25, interval=INTERVAL, known=1.25, probes=5,
        products=9,
    )  # fmt: skip
    assert estimate_values(estimate) == {
        "value": 2.0,
        "lower": 1.5,
        "upper": 3.0,
        "level": 0.9,
        "standard_error": 0.25,
        "known": 1.25,
        "probes": 5,
    }
    assert interval_values(INTERVAL) == {
        "value": 2.0,
        "lower": 1.5,
        "upper": 3.0,
        "level": 0.9,
    }


def test_what_is_exact_has_an_interval_of_no_width() -> None:
    assert exact_values(3.0) == {
        "value": 3.0,
        "lower": 3.0,
        "upper": 3.0,
        "level": 1.0,
    }


def test_purposes_draw_from_streams_of_the_seed() -> None:
    nothing: Any = None
    drawn = {}
    for seed in (0, 1):
        wanted = Wanted(settings(seed=seed), *[nothing] * 5)
        for purpose in ("trace", "density"):
            one, two = wanted.generator(purpose), generator_for(seed, purpose)
            assert one.initial_seed() == two.initial_seed()
            drawn[seed, purpose] = one.initial_seed()
    assert len(set(drawn.values())) == 4
