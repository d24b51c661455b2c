"""commands/options.py: what the values of options mean."""

import io
import json
import sys

import pytest

from landtheory.commands.options import deliver, parse_budget, progress, values
from landtheory.errors import InputError


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30.0), ("2m", 120.0), ("1.5h", 5400.0), ("7", 7.0)]
)
def test_budgets(text: str, seconds: float) -> None:
    assert parse_budget(text) == seconds


def test_values_may_be_repeated_and_listed() -> None:
    assert values(["a,b", "c", "a"]) == ("a", "b", "c")
    assert values(None) == ()
    with pytest.raises(InputError, match="option value is 'a,'; expected names"):
        values(["a,"])


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("kind", "speaks"), [("xterm", True), ("dumb", False)])
def test_a_terminal_that_cannot_wipe_a_line_shows_no_progress(
    kind: str, *, speaks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", kind)
    monkeypatch.setattr(sys, "stderr", Terminal())
    line = progress(shown=True)
    line("sweeps", 1, 2)
    line.close()
    assert ("sweeps: 1/2" in sys.stderr.getvalue()) == speaks
    assert ("\x1b" in sys.stderr.getvalue()) == speaks


def test_json_survives_an_output_that_speaks_ascii(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, "ascii", "replace"))
    record = {"θ": ["σ", 0.1, "𝔼"]}
    assert deliver(record, "-")
    sys.stdout.flush()
    assert json.loads(raw.getvalue()) == record
