"""What every command shares: options, progress, and where results go."""

import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError
from ..records import to_json, write_text
from .exit_codes import stop_if_told

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "Budget",
    "Debug",
    "Json",
    "NoProgress",
    "Quiet",
    "Seed",
    "console",
    "deliver",
    "parse_budget",
    "progress",
    "values",
]

Seed = Annotated[int, typer.Option(help="Where every random choice comes from.", min=0)]
Json = Annotated[
    str | None,
    typer.Option(
        "--json", help="Write the result as JSON to a file, or to - (stdout)."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Show the summary line alone.")]
NoProgress = Annotated[bool, typer.Option("--no-progress", help="Show no progress.")]
Debug = Annotated[
    bool, typer.Option("--debug", help="Show the traceback when a run fails.")
]
Budget = Annotated[str, typer.Option(help="Work to do, as nominal seconds: 30s or 2m.")]

_DURATION = re.compile(r"(?P<number>\d+(\.\d+)?)(?P<unit>s|m|h)?")
_SECONDS = {None: 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}


def values(given: list[str] | None) -> tuple[str, ...]:
    """Values of an option that may be repeated and takes comma lists, in order.

    Raises
    ------
    InputError
        If one of them is empty.
    """
    parts = [part.strip() for text in given or [] for part in text.split(",")]
    if "" in parts:
        raise InputError(
            f"option value is {','.join(given or [])!r}; expected names between commas"
        )
    return tuple(dict.fromkeys(parts))


def parse_budget(text: str) -> float:
    """Nominal seconds of '30s', '2m', '1.5h' or '30'.

    Raises
    ------
    InputError
        If it is none of these, or 0.
    """
    match = _DURATION.fullmatch(text.strip())
    seconds = float(match["number"]) * _SECONDS[match["unit"]] if match else 0.0
    if not 0 < seconds <= 1e6:
        raise InputError(f"budget is {text!r}; expected a duration such as 30s or 2m")
    return seconds


def console() -> "Console":
    """Standard output; colours only where it is a terminal and NO_COLOR is not set."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else 100
    return Console(width=width, highlight=False)


class progress:  # noqa: N801 - used as a function
    """One line on stderr that says what is being done; nothing where it would not fit.

    Parameters
    ----------
    shown : bool
        Whether it may speak; it still keeps silent unless stderr is a terminal.
    """

    def __init__(self, *, shown: bool) -> None:
        # a dumb terminal cannot wipe a line: it would show the codes for that
        able = os.environ.get("TERM", "dumb") != "dumb"
        self._shown = shown and able and sys.stderr.isatty()
        self._last = ""

    def __call__(self, stage: str, done: int, of: int) -> None:
        """Say it; and stop here if a signal to stop was lost on its way."""
        stop_if_told()
        if not self._shown:
            return
        text = f"{stage}: {done}/{of}"
        if text != self._last:
            sys.stderr.write(f"\r\x1b[2K{text}")
            sys.stderr.flush()
            self._last = text

    def close(self) -> None:
        """Wipe the line."""
        if self._shown and self._last:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()


def deliver(record: dict[str, Any], target: str | None) -> bool:
    """Write a record where --json says; True if that was standard output."""
    if target is None:
        return False
    text = to_json(record)
    if target == "-":
        sys.stdout.write(text if _encodable(text) else _escaped(text))
        return True
    write_text(Path(target), text)
    return False


def _encodable(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _escaped(text: str) -> str:
    """The same JSON in ASCII, for a standard output that cannot say more."""
    return json.dumps(json.loads(text), indent=2) + "\n"
