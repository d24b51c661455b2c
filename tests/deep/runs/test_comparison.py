"""runs/comparison.py: orders only where intervals are apart, and warnings for them."""

import copy
from typing import Any

import pytest
from support.records import spectrum_record

from landtheory.deep.runs.comparison import compare_runs


def order(a: dict[str, Any], b: dict[str, Any]) -> dict[str, str]:
    return {row["quantity"]: row["order"] for row in compare_runs(a, b)["rows"]}


def moved(**trace: float) -> dict[str, Any]:
    record = copy.deepcopy(spectrum_record())
    record["trace"] |= trace
    return record


def test_a_run_is_like_itself() -> None:
    record = spectrum_record()
    found = compare_runs(record, record)
    assert found["differences"] == {}
    assert {row["order"] for row in found["rows"]} == {"="}
    # one of its two eigenvalues is not converged
    assert [w.partition(" ")[0] for w in found["warnings"]] == ["1", "1"]


@pytest.mark.parametrize(
    ("trace", "expected"),
    [
        ({"value": 6.0, "lower": 5.6, "upper": 6.4}, "<"),
        ({"value": 6.0, "lower": 5.5, "upper": 6.4}, "="),
        ({"value": 4.0, "lower": 3.9, "upper": 4.4}, ">"),
        ({"value": 4.0, "lower": 3.9, "upper": 4.6}, "="),
    ],
)
def test_an_order_needs_intervals_that_are_apart(
    trace: dict[str, float], expected: str
) -> None:
    found = compare_runs(spectrum_record(), moved(**trace))
    assert {r["quantity"]: r["order"] for r in found["rows"]}["trace"] == expected
    warned = any("the order of trace is not invariant" in w for w in found["warnings"])
    assert warned == (expected != "=")


def test_an_invariant_order_needs_no_warning() -> None:
    other = copy.deepcopy(spectrum_record())
    other["point"]["loss"] = 0.6
    found = compare_runs(spectrum_record(), other)
    assert order(spectrum_record(), other)["loss"] == "<"
    assert not any("rescaling" in warning for warning in found["warnings"])


def test_eigenvalues_are_counted_together() -> None:
    other = copy.deepcopy(spectrum_record())
    for row in other["eigenvalues"]:
        row["value"] *= 3
    other["point"]["gradient_norm"] = 1.0
    warnings = compare_runs(spectrum_record(), other)["warnings"]
    assert any("the order of 2 eigenvalues, gradient norm is" in w for w in warnings)


def test_other_matrices_and_sizes_are_warned_of() -> None:
    other = copy.deepcopy(spectrum_record())
    other["settings"]["operator"] = "ggn"
    other["network"]["p"] = 99
    found = compare_runs(spectrum_record(), other)
    assert found["differences"] == {"operator": ["hessian", "ggn"], "p": [1234, 99]}
    assert any("the runs differ in operator: " in w for w in found["warnings"])
    assert any("the runs differ in p: " in w for w in found["warnings"])


def test_volumes_of_other_damping_do_not_compare() -> None:
    volume = {"value": -5.0, "lower": -6.0, "upper": -4.0}
    a, b = (copy.deepcopy(spectrum_record(log_volume=volume)) for _ in range(2))
    a["settings"]["damping"], b["settings"]["damping"] = 0.1, 0.2
    assert order(a, b)["log-volume"] == "="
    assert any("damping" in warning for warning in compare_runs(a, b)["warnings"])
