"""commands/exit_codes.py: what is raised, and the exit code that it becomes."""

from collections.abc import Callable

import pytest
import typer
from support.shell import run

from landtheory.commands.exit_codes import ExitCodes
from landtheory.errors import ConvergenceError, InputError, RecordError, TextError

NAME = ("python", "-m", "landtheory")


def outcome(
    action: Callable[[], object], capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    app = typer.Typer(cls=ExitCodes, pretty_exceptions_enable=False)
    app.callback()(lambda: None)

    @app.command()
    def act() -> object:
        return action()

    with pytest.raises(SystemExit) as stop:
        app(["act"])
    return stop.value.code, capsys.readouterr().err


def raising(error: BaseException) -> Callable[[], object]:
    def action() -> object:
        raise error

    return action


@pytest.mark.parametrize(
    ("action", "code", "words"),
    [
        (lambda: 0, 0, ""),
        (lambda: 1, 1, ""),
        (lambda: 3, 3, ""),
        (lambda: None, 0, ""),
        (
            raising(InputError("x is 1; expected 2")),
            2,
            "landtheory: x is 1; expected 2",
        ),
        (raising(ConvergenceError("too slow")), 4, "landtheory: too slow"),
        (raising(RecordError("disk full")), 4, "landtheory: disk full"),
        (raising(ZeroDivisionError("oops")), 4, "this is a defect of landtheory"),
        (raising(KeyboardInterrupt()), 130, "interrupted"),
        (raising(BrokenPipeError()), 4, "this is a defect of landtheory"),
    ],
)
def test_exit_codes(
    action: Callable[[], object],
    code: int,
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found, stderr = outcome(action, capsys)
    assert found == code
    assert words in stderr
    assert "Traceback" not in stderr
    assert len(stderr.strip().splitlines()) == bool(words)


def test_the_place_in_a_text_is_shown_below_the_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = "    Cx  <= [\n           ^"
    wrong = TextError("claim has '['; expected  none", place)
    code, stderr = outcome(raising(wrong), capsys)
    assert code == 2
    assert stderr == f"landtheory: claim has '['; expected none\n{place}\n"
    assert str(wrong) == f"claim has '['; expected  none\n{place}"


def test_a_traceback_is_shown_for_debugging(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["landtheory", "--debug"])
    code, stderr = outcome(raising(ZeroDivisionError("oops")), capsys)
    assert code == 4
    assert "Traceback" in stderr


def test_help_is_shown_as_it_is_where_a_command_is_missing() -> None:
    for arguments in ((), ("verify",)):
        done = run(*arguments)
        assert done.returncode == 2
        assert done.stdout == ""
        # run as a module, it is called as it was run
        assert done.stderr.startswith(f"Usage: {' '.join(NAME + arguments)} [OPTIONS]")
        assert len(done.stderr.splitlines()) > 5
