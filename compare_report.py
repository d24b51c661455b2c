"""Two runs side by side, on the terminal."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["comparison_rows", "conclusion", "show_comparison"]


def show_comparison(record: Mapping[str, Any], console: "Console") -> None:
    """Show what differs, the table, and what to be careful about."""
    from rich.table import Table
    from rich.text import Text

    for name, run in zip("AB", record["runs"], strict=True):
        _line(console, f"{name}: {run}")
    for name, (a, b) in record["differences"].items():
        _line(console, f"{name}: {a!r} in A, {b!r} in B")
    table = Table(expand=False)
    for column in ("quantity", "A", "", "B", "under rescaling"):
        table.add_column(column, no_wrap=True)
    for row in comparison_rows(record):
        table.add_row(*map(Text, row))
    console.print(table)
    for warning in record["warnings"]:
        _line(console, f"warning: {warning}")
    _line(console, conclusion(record))


def comparison_rows(record: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Quantity, both values, the order where it is certain, and what rescaling does."""
    return [
        (
            row["quantity"],
            _value(row["a"]),
            row["order"] if row["order"] != "=" else "?",
            _value(row["b"]),
            "invariant" if row["invariant"] else "not invariant",
        )
        for row in record["rows"]
    ]


def conclusion(record: Mapping[str, Any]) -> str:
    """The comparison in one line."""
    rows = record["rows"]
    apart = [row for row in rows if row["order"] != "="]
    kept = sum(row["invariant"] for row in apart)
    return (
        f"{len(apart)} of {len(rows)} quantities differ by more than their errors, "
        f"{kept} of these in a way that rescaling cannot turn round"
    )


def _value(ends: Mapping[str, float]) -> str:
    half = max(ends["upper"] - ends["value"], ends["value"] - ends["lower"])
    return f"{ends['value']:.6g} ± {half:.1e}" if half else f"{ends['value']:.6g}"


def _line(console: "Console", text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
