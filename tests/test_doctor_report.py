"""doctor_report.py: ok or look, each for its reason."""

from typing import Any

import pytest

from landtheory.doctor_report import findings

GOOD: dict[str, dict[str, Any]] = {
    "determinism": {"repeated_gap": 0.0, "nondeterministic_calls": []},
    "modules": {"batch_norms": 9, "dropouts": 1, "in_training_mode": 0},
    "parameters": {"p": 1234, "tied": [["a", "b"]], "frozen": []},
    "rounding": {"asymmetry": 1e-9, "float64_gap": 1e-7, "samples": 64},
    "stationarity": {
        "loss": 0.5, "gradient_norm": 0.01, "curvature": 1.0, "gain": 0.001,
    },
    "residual_to_gauss_newton": {
        "value": 0.2, "lower": 0.1, "upper": 0.3, "level": 0.9,
    },
    "memory": {
        "micro_batches": 2, "recorded": 1, "bytes_recorded": 2**30, "method": "forward",
    },
    "plan": {
        "bytes_needed": 2**30, "bytes_available": 2**31, "verification_products": 10,
        "trace_products": 20, "density_products": 80, "most_products": 1000,
    },
    "timing": {"product": 0.5, "gradient": 0.6},
}  # fmt: skip


def found(**changed: dict[str, Any]) -> dict[str, tuple[str, str]]:
    record = {name: part | changed.get(name, {}) for name, part in GOOD.items()}
    return {name: (status, text) for name, status, text in findings(record)}


def test_a_good_network_is_ok_throughout() -> None:
    lines = found()
    assert {status for status, _ in lines.values()} == {"ok"}
    assert "tied: a = b" in lines["parameters"][1]
    assert "near a critical point" in lines["stationarity"][1]
    assert "1 of 2 micro-batches recorded (1.00 GiB)" in lines["memory"][1]
    assert "55 s for 110 products" in lines["time"][1]


@pytest.mark.parametrize(
    ("check", "part", "changed", "words"),
    [
        ("determinism", "determinism", {"repeated_gap": 1e-6}, "differs by 1.0e-06"),
        (
            "determinism",
            "determinism",
            {"nondeterministic_calls": ["index_add"]},
            "by index_add",
        ),
        ("parameters", "parameters", {"frozen": ["c"]}, "frozen: 1"),
        ("symmetry", "rounding", {"asymmetry": 1e-3}, "1.0e-03"),
        ("precision", "rounding", {"float64_gap": 1e-3}, "by 1.0e-03"),
        ("precision", "rounding", {"float64_gap": None}, "has no float64"),
        ("stationarity", "stationarity", {"gain": 0.1}, "not near a critical point"),
        ("stationarity", "stationarity", {"gain": None}, "curves downwards"),
        ("H = G + F", "residual_to_gauss_newton", {"value": 3.0}, "F outweighs G"),
        ("H = G + F", "residual_to_gauss_newton", {"upper": None}, "at least 0.1"),
        ("H = G + F", "residual_to_gauss_newton", {"value": None}, "G is 0"),
    ],
)
def test_each_trouble_is_said(
    check: str, part: str, changed: dict[str, Any], words: str
) -> None:
    lines = found(**{part: changed})
    status, text = lines.pop(check)
    assert words in text
    if "at least" not in words:
        assert status == "look"
    assert {status for status, _ in lines.values()} == {"ok"}


def test_a_point_without_gradient_is_critical() -> None:
    status, text = found(stationarity={"gradient_norm": 0.0, "curvature": None})[
        "stationarity"
    ]
    assert status == "ok"
    assert text.endswith("a critical point")
