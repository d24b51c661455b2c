"""certificate_report.py: checks, bounds and the summary of each outcome."""

import io
from typing import Any

from rich.console import Console

from landtheory.certificate_report import certificate_summary, show_certificate

CERTIFICATE: dict[str, Any] = {
    "k": 6,
    "radius": "1e-40",
    "loss": ["0.025", "0.026"],
    "lambda_min": ["0.004", "0.005"],
    "lambda_max": ["2.0", "2.1"],
}
RECORD: dict[str, Any] = {
    "settings": {"k": 6, "starts": 40},
    "status": "certified",
    "checks": [{"name": "[red]one", "passed": True, "detail": "all 36 pivots"}],
    "certificate": CERTIFICATE,
    "global_lambda_max": ["2.06", "2.07"],
}
REFUSED = RECORD | {
    "status": "not valid",
    "checks": [
        *RECORD["checks"],
        {"name": "loss, and positive", "passed": False, "detail": "L is 0"},
    ],
    "global_lambda_max": None,
}
NONE = RECORD | {"status": "undecided", "checks": [], "certificate": None}


def shown(record: dict[str, Any]) -> str:
    stream = io.StringIO()
    show_certificate(record, Console(file=stream, width=100))
    return stream.getvalue()


def test_a_certificate_is_shown_with_its_bounds() -> None:
    text = shown(RECORD)
    assert "│ [red]one │ ok │ all 36 pivots │" in text
    assert "│ λ_min                 │ 0.004    │ 0.005   │" in text
    assert "│ λ_max, global minimum │ 2.06     │ 2.07    │" in text
    assert text.splitlines()[-1] == certificate_summary(RECORD)


def test_a_failure_is_shown_with_its_reason_and_no_bounds() -> None:
    text = shown(REFUSED)
    assert "FAILED" in text
    assert "λ_min" not in text
    assert text.splitlines()[-1] == "not valid, loss, and positive: L is 0"


def test_no_minimum_is_one_line() -> None:
    assert shown(NONE) == (
        "undecided, k = 6: 40 starts led to no spurious minimum, which does not prove "
        "that there is none\n"
    )


def test_the_summary_says_what_is_established() -> None:
    assert certificate_summary(RECORD) == (
        "certified, k = 6: exactly one critical point has every entry within 1e-40 of "
        "the centre's, and it is a strict local minimum that is not global"
    )
