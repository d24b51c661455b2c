"""What a command raises, or a signal tells it, as a sentence and an exit code."""

import contextlib
import signal
import sys
from collections.abc import Callable
from typing import Any

import typer
from typer.core import TyperGroup

from ..errors import InputError, LandtheoryError, RecordError
from .streams import guarded_streams

__all__ = ["ExitCodes", "stop_if_told"]

# Typer carries its own copy of click in some versions, and click itself in others
_USAGE_ERROR: Any = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)

INTERRUPTED = 130

_STOP: list[int] = []
"""The signals to stop that have come."""


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
        with guarded_streams():
            code = _guarded(lambda: super(ExitCodes, self).main(*args, **kwargs))
        if not standalone:
            return code
        return sys.exit(code)


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
    except Exception as error:  # noqa: BLE001 - 1 belongs to verdicts: nothing may escape
        return _failed(error)
    return _finished(result)


def _finished(result: Any) -> int:
    if result == INTERRUPTED:
        # Typer itself turns Ctrl-C into this, without a word
        return _say("interrupted", INTERRUPTED)
    return result if isinstance(result, int) else 0


def _usage(error: Any) -> int:
    if type(error).__name__ == "NoArgsIsHelpError":
        # its message is the whole help, which is no sentence
        with contextlib.suppress(RecordError):
            sys.stderr.write(f"{error.format_message()}\n")
        return 2
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
    # the code is still told where standard error is full
    with contextlib.suppress(RecordError):
        sys.stderr.write(f"landtheory: {' '.join(text.split())}\n")
        sys.stderr.flush()
    return code


def _stopped(number: int, frame: object) -> None:
    """Remember the signal too: a library may swallow the exception that it raises."""
    del frame
    _STOP.append(number)
    stop_if_told()


def stop_if_told() -> None:
    """Stop here if a signal to stop has come, though its exception was lost."""
    if signal.SIGTERM in _STOP:
        sys.stderr.write("landtheory: terminated\n")
        raise SystemExit(143)
    if _STOP:
        raise KeyboardInterrupt
