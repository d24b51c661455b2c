"""interpolation_report.py, on records that are made here: what is said of each number."""

import io
from typing import Any

import pytest
from rich.console import Console

from landtheory.interpolation_report import interpolation_summary, show_interpolation


@pytest.mark.parametrize(
    ("inward", "words"),
    [
        ((2.0, 1.0), "2 and 1 at loss + 0.1, ratio 2,"),
        ((None, 1.0), "without end and 1"),
    ],
)
def test_a_line_without_end_has_no_ratio(
    inward: tuple[float | None, float], words: str
) -> None:
    record = {
        "seed": 0,
        "line": {
            "widths": [{"inward": side} for side in inward], "height": 0.1, "barrier": 0.5,
        },
    }  # fmt: skip
    shown = interpolation_summary(record)
    assert words in shown
    assert ("ratio" in shown) == (inward[0] is not None)


def test_both_sides_and_the_plane_are_told() -> None:
    width: dict[str, Any] = {
        "inward": 0.5, "outward": None, "relative": 0.25, "norm": 2.0,
    }  # fmt: skip
    record = {
        "seed": 0,
        "networks": {"A": "a.pt", "B": "[b].pt", "C": "c.pt"},
        "line": {
            "widths": [width, width], "ends": [0.1, 0.2], "height": 0.01, "distance": 3.0,
            "barrier": 0.7, "barrier_place": 0.4,
        },
        "plane": {
            "x": [0.0, 1.0], "normalised": True,
            "corners": [[0.0, 0.0], [1.0, 0.0], [0.5, 2.0]],
        },
    }  # fmt: skip
    stream = io.StringIO()
    show_interpolation(record, Console(file=stream, width=100))
    for words in (
        "A: a.pt, loss 0.1, ‖θ‖ 2",
        "B: [b].pt, loss 0.2",
        "width at loss + 0.01: 0.5 inward, without end outward; inward by ‖θ‖ 0.25",
        "barrier: 0.7 above the chord, at t = 0.400",
        "2 x 2 places, lengths relative to the filters",
        "C (0.5, 2)",
    ):
        assert words in stream.getvalue()
