"""How every figure of a reproduction is drawn: colours, marks, and axes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from .deep.reproduce.evidence import Row, Rows, Table

__all__ = [
    "BAD",
    "COLOURS",
    "GOOD",
    "GREY",
    "MARKS",
    "Drawing",
    "dots_by",
    "new_figure",
    "number",
    "plain",
    "rows_of",
]

GOOD, BAD, GREY = "#1f5a9e", "#b2182b", "#6b7585"
COLOURS = ("#1f5a9e", "#4b9cc9", "#d9a43a", "#d4652a", "#b2182b", "#5c0a1b", "#555555",
           "#3b8a5a", "#8a5aa8")  # fmt: skip
MARKS = "osD^vPX<>"
"""A mark for each colour: a figure can be read in grey too."""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A figure to be drawn from what was measured.

    Attributes
    ----------
    name, claim : str
        Of its files, and the claim it stands beside.
    stage : str
        Without which it is not drawn.
    caption : str
        What is seen, and what each mark is.
    draw : callable
        Table -> (figure, its data as rows).
    """

    name: str
    claim: str
    stage: str
    caption: str
    draw: Callable[[Table], tuple[Any, Sequence[Row]]]


def rows_of(table: Table, stage: str) -> Rows:
    """Rows of a stage; none where it was not run."""
    return Rows(tuple(table.get(stage, ())))


def new_figure(panels: int = 1, *, width: float = 7.2, height: float = 3.6) -> Any:
    """A figure and its panels side by side, without frames."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=150, layout="constrained")
    axes = figure.subplots(1, panels, squeeze=False)[0]
    for panel in axes:
        panel.spines[["top", "right"]].set_visible(False)
        panel.grid(color="#e3e7ee", lw=0.7)
        panel.set_axisbelow(True)
        panel.title.set_fontsize(10)
    return figure, axes


def dots_by(
    axes: Any, rows: Rows, key: str, x: str, y: str, form: str = "{:g}"
) -> None:
    """A scatter in which each value of a column has a colour and a mark."""
    for i, value in enumerate(rows.values(key)):
        own = rows.where(**{key: value})
        axes.plot(
            own.column(x),
            own.column(y),
            MARKS[i % len(MARKS)],
            color=COLOURS[i % len(COLOURS)],
            ms=5.5,
            mec="white",
            mew=0.4,
            label=form.format(value),
        )


def number(value: float) -> float | None:
    """The number, or None where it is NaN: JSON has no such."""
    return value if isfinite(value) else None


def plain(rows: Rows, *names: str) -> list[Row]:
    """Some columns of some rows: the data of a figure."""
    return [{name: row[name] for name in names} for row in rows.rows]
