"""What every command shares: options, errors as exit codes, progress."""

import contextlib
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from ..errors import InputError, LandtheoryError
from ..records import to_json, write_text

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "Budget",
    "Debug",
    "ExitCodes",
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

# Typer carries its own copy of click in some versions, and click itself in others
_USAGE_ERROR: Any = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)

INTERRUPTED = 130

_STOP: list[int] = []
"""The signals to stop that have come."""

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


class ExitCodes(TyperGroup):
    """Turns what a command raises into a sentence and an exit code.

    2 for bad input, 4 for a run that failed, 130 and 143 where it was interrupted; 1 is
    kept for verdicts.
    """

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command."""
        standalone = kwargs.pop("standalone_mode", True)
        _STOP.clear()
        signal.signal(signal.SIGTERM, _stopped)
        signal.signal(signal.SIGINT, _stopped)
        kwargs["standalone_mode"] = False
        code = _quietly(lambda: super(ExitCodes, self).main(*args, **kwargs))
        if not standalone:
            return code
        return sys.exit(code)


def _quietly(run: Callable[[], Any]) -> int:
    """Leave without a word where the reader of a pipe went away."""
    try:
        return _guarded(run)
    except BrokenPipeError:
        # keeps Python from complaining about the same pipe at exit
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _guarded(run: Callable[[], Any]) -> int:
    try:
        result = run()
        sys.stdout.flush()
    except typer.Exit as stop:
        return int(stop.exit_code)
    except _USAGE_ERROR as error:
        return _usage(error)
    except (KeyboardInterrupt, typer.Abort):
        return _say("interrupted", INTERRUPTED)
    except SystemExit as stop:
        return _finished(stop.code)
    except InputError as error:
        return _say(str(error), 2)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - 1 belongs to verdicts: nothing may escape
        return _failed(error)
    return _finished(result)


def _finished(result: Any) -> int:
    if result == INTERRUPTED:
        # Typer itself turns Ctrl-C into this, without a word
        return _say("interrupted", INTERRUPTED)
    return result if isinstance(result, int) else 0


def _usage(error: Any) -> int:
    message = error.format_message().rstrip(".")
    return _say(message[:1].lower() + message[1:] + ": see --help", 2)


def _failed(error: Exception) -> int:
    if "--debug" in sys.argv:
        import traceback

        traceback.print_exception(error)
    text = (
        str(error)
        if isinstance(error, LandtheoryError)
        else (
            f"{type(error).__name__}: {error}: this is a defect of landtheory, "
            "run again with --debug to see where"
        )
    )
    return _say(text, 4)


def _say(text: str, code: int) -> int:
    sys.stderr.write(f"landtheory: {' '.join(text.split())}\n")
    return code


def _stopped(number: int, frame: object) -> None:
    """Remember the signal too: a library may swallow the exception that it raises."""
    del frame
    _STOP.append(number)
    _stop()


def _stop() -> None:
    if signal.SIGTERM in _STOP:
        sys.stderr.write("landtheory: terminated\n")
        raise SystemExit(143)
    if _STOP:
        raise KeyboardInterrupt


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
        self._shown = shown and sys.stderr.isatty()
        self._last = ""

    def __call__(self, stage: str, done: int, of: int) -> None:
        """Say it; and stop here if a signal to stop was lost on its way."""
        _stop()
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
        sys.stdout.write(text)
        return True
    write_text(Path(target), text)
    return False
