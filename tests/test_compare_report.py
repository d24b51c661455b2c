"""compare_report.py: both values, their order, and the conclusion."""

import io
from typing import Any

from rich.console import Console

from landtheory.compare_report import comparison_rows, conclusion, show_comparison


def ends(value: float, error: float = 0.0) -> dict[str, float]:
    return {"value": value, "lower": value - error, "upper": value + error}


RECORD: dict[str, Any] = {
    "runs": ["[red]one", "two"],
    "differences": {"seed": [0, 1]},
    "rows": [
        {
            "quantity": "loss",
            "a": ends(1),
            "b": ends(2),
            "order": "<",
            "invariant": True,
        },
        {
            "quantity": "trace",
            "a": ends(5, 0.5),
            "b": ends(3, 0.25),
            "order": ">",
            "invariant": False,
        },
        {
            "quantity": "norm",
            "a": ends(5, 0.5),
            "b": ends(5, 0.5),
            "order": "=",
            "invariant": False,
        },
    ],
    "warnings": ["be careful"],
}


def test_rows_say_what_is_certain() -> None:
    assert comparison_rows(RECORD) == [
        ("loss", "1", "<", "2", "invariant"),
        ("trace", "5 ± 5.0e-01", ">", "3 ± 2.5e-01", "not invariant"),
        ("norm", "5 ± 5.0e-01", "?", "5 ± 5.0e-01", "not invariant"),
    ]


def test_the_conclusion_counts() -> None:
    assert conclusion(RECORD) == (
        "2 of 3 quantities differ by more than their errors, 1 of these in a way that "
        "rescaling cannot turn round"
    )


def test_everything_is_shown_and_names_are_no_markup() -> None:
    stream = io.StringIO()
    show_comparison(RECORD, Console(file=stream, width=100))
    text = stream.getvalue()
    for words in (
        "A: [red]one",
        "seed: 0 in A, 1 in B",
        "not invariant",
        "warning: be careful",
        "2 of 3 quantities",
    ):
        assert words in text
