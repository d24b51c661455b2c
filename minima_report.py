"""A run of `landtheory minima` on the terminal: a table, what was missed, one line."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["level_rows", "minima_head", "minima_summary", "show_minima"]

COLUMNS = (
    "attack", "converged", "clean", "test", "sd", "before polish", "clean loss", "‖θ‖",
)  # fmt: skip


def show_minima(record: Mapping[str, Any], console: "Console") -> None:
    """Show a run, from its record: one that was just made, or a stored one.

    Parameters
    ----------
    record : mapping
        As `--json` gives it.
    console : rich.console.Console
        Where.
    """
    from rich.table import Table
    from rich.text import Text

    for text in minima_head(record):
        console.print(text, markup=False, soft_wrap=True)
    table = Table(expand=False)
    for column in COLUMNS:
        table.add_column(column, overflow="fold")
    for row in level_rows(record):
        table.add_row(*map(Text, row))
    console.print(table)
    for text in (*record["notices"], minima_summary(record)):
        console.print(text, markup=False, soft_wrap=True)


def minima_head(record: Mapping[str, Any]) -> list[str]:
    """What was trained on what, and what the table holds."""
    net, settings = record["network"], record["settings"]
    outputs = "1 output" if net["outputs"] == 1 else f"{net['outputs']} outputs"
    parts = (
        f"{net['model']} on {net['data']}, {settings['labels']}: p = {net['p']:,}",
        outputs,
        f"n = {net['n']:,} clean and {net['n_test']:,} for the test",
        f"{settings['loss']} loss",
        f"{settings['dtype']} on {net['device']}",
    )
    return [
        ", ".join(parts),
        "accuracy on clean samples (the least) and for the test (means over seeds)",
    ]


def level_rows(record: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Fraction, counts, accuracies, losses and norm, of the converged minima."""
    return [
        (
            f"{level['fraction']:g} ({level['attacked']})",
            f"{level['converged']} of {level['seeds']}",
            _number(level["clean_accuracy"], ".3f"),
            _number(level["test_accuracy"], ".3f"),
            _number(level["test_accuracy_deviation"], ".3f"),
            _number(level["test_accuracy_before_polish"], ".3f"),
            _range(level["least_clean_loss"], level["largest_clean_loss"]),
            _number(level["weight_norm"], ".2f"),
        )
        for level in record["levels"]
    ]


def minima_summary(record: Mapping[str, Any]) -> str:
    """The run in one line."""
    levels = record["levels"]
    converged = sum(level["converged"] for level in levels)
    seeds = sum(level["seeds"] for level in levels)
    known = [level for level in levels if level["converged"]]
    text = f"{converged} of {seeds} minima converged"
    if not known:
        return text
    accuracies = ", ".join(
        f"{level['test_accuracy']:.3f} at {level['fraction']:g}" for level in known
    )
    return f"{text}; mean test accuracy by attack: {accuracies}"


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else f"{value:{form}}"


def _range(least: float | None, largest: float | None) -> str:
    if least is None or largest is None:
        return "-"
    low, high = f"{least:.3g}", f"{largest:.3g}"
    return low if low == high else f"{low} to {high}"
