"""A line and a plane between networks, on the terminal."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["interpolation_summary", "show_interpolation"]


def show_interpolation(record: Mapping[str, Any], console: "Console") -> None:
    """Show a line, and what a plane holds."""
    line = record["line"]
    for name, width, end in zip("AB", line["widths"], line["ends"], strict=True):
        _lines(
            console,
            [
                (
                    f"{name}: {record['networks'][name]}, loss {end:.6g}, ‖θ‖ "
                    f"{width['norm']:.4g}"
                ),
                (
                    f"   width at loss + {line['height']:g}: {_side(width['inward'])} inward, "
                    f"{_side(width['outward'])} outward; inward by ‖θ‖ "
                    f"{_side(width['relative'])}"
                ),
            ],
        )
    _lines(
        console,
        [
            f"distance: {line['distance']:.5g}",
            (
                f"barrier: {line['barrier']:.5g} above the chord, at t = "
                f"{line['barrier_place']:.3f} (the highest place looked at)"
            ),
        ],
    )
    if "plane" in record:
        plane = record["plane"]
        unit = "relative to the filters" if plane["normalised"] else "of the weights"
        places = ", ".join(
            f"{name} ({x:.3g}, {y:.3g})"
            for name, (x, y) in zip("ABC", plane["corners"], strict=True)
        )
        size = len(plane["x"])
        _lines(console, [f"plane: {size} x {size} places, lengths {unit}: {places}"])
    _lines(console, [interpolation_summary(record)])


def interpolation_summary(record: Mapping[str, Any]) -> str:
    """The line in one line."""
    line = record["line"]
    a, b = (width["inward"] for width in line["widths"])
    ratio = "" if a is None or b is None or b == 0 else f", ratio {a / b:.4g}"
    return (
        f"inward widths {_side(a)} and {_side(b)} at loss + {line['height']:g}{ratio}, "
        f"barrier {line['barrier']:.4g}, seed {record['seed']}"
    )


def _side(value: float | None) -> str:
    return "without end" if value is None else f"{value:.4g}"


def _lines(console: "Console", lines: Sequence[str]) -> None:
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
