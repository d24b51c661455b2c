"""Certificates of spurious minima, on the terminal: checks, bounds, and one line."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["certificate_summary", "show_certificate"]

_NAMES = {"loss": "loss", "lambda_min": "λ_min", "lambda_max": "λ_max"}


def show_certificate(record: Mapping[str, Any], console: "Console") -> None:
    """Show the checks, the bounds where they hold, and the summary.

    Parameters
    ----------
    record : mapping
        As `--json` gives it.
    """
    from rich.text import Text

    if record["checks"]:
        table = _table("check", "", "finding")
        for check in record["checks"]:
            passed = "ok" if check["passed"] else "FAILED"
            table.add_row(*map(Text, (check["name"], passed, check["detail"])))
        console.print(table)
    if record["status"] == "certified":
        table = _table("quantity", "at least", "at most")
        for name, (low, high) in _bounds(record).items():
            table.add_row(*map(Text, (name, low, high)))
        console.print(table)
    console.print(certificate_summary(record), markup=False, soft_wrap=True)


def certificate_summary(record: Mapping[str, Any]) -> str:
    """What is established, or the first thing that is not, in one line."""
    certificate = record["certificate"]
    if record["status"] == "certified":
        return (
            f"certified, k = {certificate['k']}: exactly one critical point has every "
            f"entry within {certificate['radius']} of the centre's, and it is a strict "
            "local minimum that is not global"
        )
    if certificate is None:
        return (
            f"undecided, k = {record['settings']['k']}: {record['settings']['starts']} "
            "starts led to no spurious minimum, which does not prove that there is none"
        )
    failed = record["checks"][-1]
    return f"not valid, {failed['name']}: {failed['detail']}"


def _bounds(record: Mapping[str, Any]) -> dict[str, list[str]]:
    certificate = record["certificate"]
    found = {shown: certificate[name] for name, shown in _NAMES.items()}
    return found | {"λ_max, global minimum": record["global_lambda_max"]}


def _table(*columns: str) -> Any:
    from rich.table import Table

    table = Table(expand=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
