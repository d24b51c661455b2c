"""All figures of a reproduction, each as PNG and SVG with its data as CSV and JSON."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

from .deep.reproduce.evidence import Row, Table
from .pictures import figure_files
from .reproduce_drawing import Drawing
from .reproduce_minima import DRAWINGS as OF_MINIMA
from .reproduce_runs import DRAWINGS as OF_RUNS

__all__ = ["Picture", "draw_figures", "rows_as_csv", "rows_as_json"]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A figure that was drawn.

    Attributes
    ----------
    name, claim, caption : str
        As the drawing has them.
    files : dict of str to bytes
        png, svg, csv and json.
    """

    name: str
    claim: str
    caption: str
    files: dict[str, bytes]


def draw_figures(table: Table, claims: Sequence[str]) -> tuple[Picture, ...]:
    """The figures of some claims, as far as their stages were run.

    Parameters
    ----------
    table : mapping of str to rows
        What was measured.
    claims : sequence of str
        Whose figures.

    Returns
    -------
    tuple of Picture
        The same bytes for the same table.
    """
    return tuple(
        _drawn(drawing, table)
        for drawing in (*OF_MINIMA, *OF_RUNS)
        if drawing.claim in claims and _has_some(table, drawing.stage)
    )


def rows_as_csv(rows: Sequence[Row]) -> bytes:
    """Rows under a head; lists of numbers are left to the JSON."""
    names = [
        name
        for name in dict.fromkeys(key for row in rows for key in row)
        if not any(isinstance(row.get(name), list) for row in rows)
    ]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8")


def rows_as_json(rows: Sequence[Row]) -> bytes:
    """Rows as a list of objects; no NaN, since JSON has none."""
    text = json.dumps([dict(row) for row in rows], ensure_ascii=False, allow_nan=False)
    return (text + "\n").encode("utf-8")


def _has_some(table: Table, stage: str) -> bool:
    """Whether there is a network to be drawn."""
    return any(row.get("converged", True) for row in table.get(stage, ()))


def _drawn(drawing: Drawing, table: Table) -> Picture:
    figure, rows = drawing.draw(table)
    data = {"csv": rows_as_csv(rows), "json": rows_as_json(rows)}
    return Picture(
        name=drawing.name,
        claim=drawing.claim,
        caption=drawing.caption,
        files=figure_files(figure) | data,
    )
