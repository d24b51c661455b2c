"""minima_report.py, held against the record that it shows."""

from io import StringIO
from typing import Any

from rich.console import Console

from landtheory.minima_report import (
    level_rows,
    minima_head,
    minima_summary,
    show_minima,
)

FIRST: dict[str, Any] = {
    "fraction": 0.0, "attacked": 0, "seeds": 5, "converged": 5, "clean_accuracy": 1.0,
    "test_accuracy": 0.9487, "test_accuracy_deviation": 0.0123,
    "test_accuracy_before_polish": 0.9514, "least_clean_loss": 0.000981,
    "largest_clean_loss": 0.001, "weight_norm": 9.1234,
}  # fmt: skip
NONE: dict[str, Any] = dict.fromkeys(FIRST) | {
    "fraction": 0.25, "attacked": 50, "seeds": 5, "converged": 0,
}  # fmt: skip
ONE = FIRST | {
    "fraction": 3.0, "attacked": 600, "converged": 1, "test_accuracy": 0.35,
    "test_accuracy_deviation": None, "least_clean_loss": 0.00099999,
}  # fmt: skip
RECORD: dict[str, Any] = {
    "settings": {"labels": "parity", "loss": "squared", "dtype": "float32"},
    "network": {
        "model": "relu:32", "data": "[b]digits", "p": 2113, "outputs": 1, "n": 200,
        "n_test": 1397, "device": "cpu",
    },
    "levels": [FIRST, NONE, ONE],
    "notices": ["attack 3, seed 1: the clean loss is 0.1"],
}  # fmt: skip


def test_rows_hold_the_numbers() -> None:
    assert level_rows(RECORD) == [
        ("0 (0)", "5 of 5", "1.000", "0.949", "0.012", "0.951", "0.000981 to 0.001",
         "9.12"),
        ("0.25 (50)", "0 of 5", "-", "-", "-", "-", "-", "-"),
        ("3 (600)", "1 of 5", "1.000", "0.350", "-", "0.951", "0.001", "9.12"),
    ]  # fmt: skip


def test_the_summary_is_one_line() -> None:
    assert minima_summary(RECORD) == (
        "6 of 15 minima converged; mean test accuracy by attack: 0.949 at 0, 0.350 at 3"
    )
    assert minima_summary(RECORD | {"levels": [NONE]}) == "0 of 5 minima converged"


def test_the_head_says_what_was_trained() -> None:
    assert minima_head(RECORD)[0] == (
        "relu:32 on [b]digits, parity: p = 2,113, 1 output, n = 200 clean and 1,397 for "
        "the test, squared loss, float32 on cpu"
    )
    many = RECORD | {"network": RECORD["network"] | {"outputs": 10}}
    assert ", 10 outputs, " in minima_head(many)[0]


def test_all_of_it_is_shown_and_nothing_is_taken_for_markup() -> None:
    console = Console(width=100, record=True, file=StringIO())
    show_minima(RECORD, console)
    text = console.export_text()
    for words in ("[b]digits", "0.25 (50)", "seed 1: the clean loss is 0.1", "6 of 15"):
        assert words in text
