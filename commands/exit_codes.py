"""What a command raises, or a signal tells it, as a sentence and an exit code."""

import atexit
import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

import typer
from typer.core import TyperGroup

from ..errors import InputError, LandtheoryError, RecordError, TextError
from .launch import is_first, leave_if_launched
from .streams import guarded_streams

__all__ = ["ExitCodes", "stop_if_told"]

# Typer carries its own copy of click in some versions, and click itself in others
_USAGE_ERROR: Any = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)

INTERRUPTED = 130

_STOP: list[int] = []
"""The signals to stop that have come; the first of them decides the exit code."""

_STOPPED = {
    signal.SIGINT: ("interrupted", INTERRUPTED),
    signal.SIGTERM: ("terminated", 143),
}


class ExitCodes(TyperGroup):
    """Turns what a command raises into a sentence and an exit code.

    2 for bad input, 4 for a run that failed, 130 and 143 where it was interrupted; 1 is
    kept for verdicts.
    """

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command."""
        standalone = kwargs.pop("standalone_mode", True)
        kwargs["standalone_mode"] = False
        with guarded_streams(), _listening():
            code = _guarded(lambda: super(ExitCodes, self).main(*args, **kwargs))
        if not standalone:
            return code
        leave_if_launched(code)
        # nothing is left to stop: a signal while Python winds up would only show a
        # traceback
        atexit.register(_listen, _remembered)
        return sys.exit(code)


@contextlib.contextmanager
def _listening() -> Iterator[None]:
    """Have signals to stop raise KeyboardInterrupt here, and leave things as they were."""
    _STOP.clear()
    known = {number: signal.getsignal(number) for number in _STOPPED}
    hook = sys.unraisablehook
    sys.unraisablehook = _unraisable(hook)
    _listen(_stopped)
    try:
        yield
    finally:
        for number, handler in known.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        sys.unraisablehook = hook


def _listen(handler: Callable[[int, object], None]) -> None:
    for number in _STOPPED:
        signal.signal(number, handler)


def _unraisable(hook: Callable[[Any], object]) -> Callable[[Any], None]:
    """A hook that keeps silent of interruptions, which `_STOP` remembers anyhow."""

    def told(lost: Any) -> None:
        if not (_STOP and issubclass(lost.exc_type, KeyboardInterrupt)):
            hook(lost)

    return told


def _guarded(run: Callable[[], Any]) -> int:
    result: Any = None
    raised: BaseException | None = None
    try:
        try:
            result = run()
            sys.stdout.flush()
        finally:
            _listen(_remembered)
    except BaseException as error:  # noqa: BLE001 - 1 belongs to verdicts: nothing may escape
        raised = error
    if _STOP:
        # whatever came up: a library may have made something else of the interruption
        return _say(*_STOPPED[signal.Signals(_STOP[0])])
    return _finished(result) if raised is None else _told(raised)


def _told(raised: BaseException) -> int:
    match raised:
        case typer.Exit():
            return int(raised.exit_code)
        case _ if isinstance(raised, _USAGE_ERROR):
            return _usage(raised)
        case KeyboardInterrupt() | typer.Abort():
            return _say("interrupted", INTERRUPTED)
        case SystemExit():
            return _finished(raised.code)
        case TextError():
            return _say(raised.sentence, 2, below=raised.place)
        case InputError():
            return _say(str(raised), 2)
        case _:
            return _failed(raised)


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


def _failed(error: BaseException) -> int:
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


def _say(text: str, code: int, *, below: str = "") -> int:
    if not is_first():
        # the first process says it for all
        return code
    lines = [f"landtheory: {' '.join(text.split())}", *below.splitlines(), ""]
    # the code is still told where standard error is full
    with contextlib.suppress(RecordError):
        sys.stderr.write("\n".join(lines))
        sys.stderr.flush()
    return code


def _stopped(number: int, frame: object) -> None:
    """Remember the signal too: a library may swallow the exception that it raises."""
    _remembered(number, frame)
    stop_if_told()


def _remembered(number: int, frame: object) -> None:
    del frame
    _STOP.append(number)


def stop_if_told() -> None:
    """Stop here if a signal to stop has come, though its exception was lost.

    Both signals raise what Ctrl-C raises: other exceptions of this kind, SystemExit say,
    are a result like any other to the libraries that run our functions.

    Raises
    ------
    KeyboardInterrupt
        If one has.
    """
    if _STOP:
        raise KeyboardInterrupt
