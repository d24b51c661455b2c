"""A reproduction on the terminal, and the pieces of text that its page shares."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "MEASURE_COLUMNS",
    "TEST_COLUMNS",
    "claim_rows",
    "conditions",
    "head",
    "measure_rows",
    "show_reproduction",
    "statistic_rows",
    "summary",
]

COLOURS = {
    "held": "bold green",
    "held with conditions": "green",
    "not found": "bold red",
    "not measurable here": "yellow",
    "not run in this preset": "dim",
}

TEST_COLUMNS = ("test", "value", "95 % interval", "demanded", "met")

MEASURE_COLUMNS = (
    "measure", "ρ", "95 % interval", "given ‖θ‖", "inside a level", "clean starts",
)  # fmt: skip


def show_reproduction(record: Mapping[str, Any], console: "Console") -> None:
    """Show a run, from its record: one that was just made, or a stored one.

    Parameters
    ----------
    record : mapping
        As result.json holds it.
    console : rich.console.Console
        Where.
    """
    from rich.table import Table
    from rich.text import Text

    _line(console, head(record))
    table = Table(expand=False)
    for column in ("claim", "", "finding"):
        table.add_column(column)
    for claim, title, word in claim_rows(record):
        table.add_row(claim, Text(title), Text(word, style=COLOURS[word]))
    console.print(table)
    for one in record["findings"]:
        console.print()
        _line(console, f"{one['claim']} {one['title']}: {one['finding']}")
        for text in (*conditions(one), one["sentence"], *one["breaks"]):
            _line(console, f"  {text}")
    console.print()
    _line(console, summary(record))


def head(record: Mapping[str, Any]) -> str:
    """What was run on what."""
    methods, settings = record["methods"], record["settings"]
    seeds = methods["data_seeds"]
    return (
        f"Data: {methods['data']}; {methods['clean_samples']} clean samples, "
        f"{methods['test_samples']} for the test, {len(seeds)} data seeds from "
        f"{seeds[0]} on; preset {settings['preset']}, on {methods['device']}"
    )


def claim_rows(record: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Claim, title and finding."""
    return [(one["claim"], one["title"], one["finding"]) for one in record["findings"]]


def conditions(finding: Mapping[str, Any]) -> list[str]:
    """The conditions under which a claim held, as one sentence, or none."""
    limits = finding["conditions"]
    return [f"Conditions: {'; '.join(limits)}."] if limits else []


def statistic_rows(finding: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Of each test of a claim: name, value, interval, threshold, whether it is met."""
    rows: list[tuple[str, ...]] = []
    for test in finding["tests"]:
        kind = "" if test["role"] == "core" else " (condition)"
        name = test["name"] + kind
        if test["note"]:
            name += f": {test['note']}"
        rows.append((name, _number(test["value"]), _ends(test["interval"]),
                     test["threshold"], _met(test["met"])))  # fmt: skip
    return rows


def measure_rows(finding: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Of each measure: its words and its correlations with test accuracy."""
    return [
        (one["words"], _rho(one["rho"]), _ends(one["interval"]), _rho(one["partial"]),
         _rho(one["within_level"]), _rho(one["within_good"]))
        for one in finding["measures"]
    ]  # fmt: skip


def summary(record: Mapping[str, Any]) -> str:
    """The run in one line."""
    words = [one["finding"] for one in record["findings"]]
    noun = "claim" if len(words) == 1 else "claims"
    counted = ", ".join(
        f"{words.count(word)} {word}" for word in COLOURS if word in words
    )
    where = f"; see {record['report']}" if record.get("report") else ""
    return f"{len(words)} {noun}: {counted}; seed {record['seed']}{where}"


def _rho(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2e}" if 0 < abs(value) < 1e-3 else f"{value:.3g}"


def _ends(interval: Sequence[float] | None) -> str:
    return "" if interval is None else f"[{interval[0]:.2f}, {interval[1]:.2f}]"


def _met(met: bool | None) -> str:  # noqa: FBT001 - a value of three kinds, as stored
    return {True: "yes", False: "no", None: "not measured"}[met]


def _line(console: "Console", text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
