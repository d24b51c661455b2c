"""commands/doctor.py, run as a user runs it."""

import json

import pytest
from support.shell import run

from landtheory.cli import app

TINY = (
    "doctor", "--model", "two-layer", "--data", "moons", "--samples", "40",
    "--no-progress",
)  # fmt: skip


def test_every_check_is_shown() -> None:
    done = run(*TINY)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for check in (
        "determinism", "mode", "parameters", "symmetry", "precision", "stationarity",
        "H = G + F", "memory", "time",
    ):  # fmt: skip
        assert f"│ {check} " in done.stdout
    assert "checks ok" in done.stdout.splitlines()[-1]


def test_json_is_pure_and_repeats(capsys: pytest.CaptureFixture[str]) -> None:
    records = []
    for _ in range(2):
        with pytest.raises(SystemExit) as stop:
            app([*TINY, "--epochs", "2", "--json", "-"])
        assert stop.value.code == 0
        record = json.loads(capsys.readouterr().out)
        # what is free differs from run to run
        assert record.pop("plan")["p"] == 162
        assert set(record.pop("timing")) == {"gradient", "product"}
        records.append(record)
    assert records[0] == records[1]
    assert records[0]["command"] == "doctor"
    assert records[0]["settings"]["train"] is True


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--model", "nope"), "model is 'nope'; expected one of mlp"),
        (("--data", "nope"), "data is 'nope'; expected digits"),
        (("--dtype", "int8"), "dtype is 'int8'; expected one of"),
        (("--json", "/no/such/x.json"), "expected a file in an existing folder, or -"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...], words: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        app([*TINY, *options])
    assert stop.value.code == 2
    stdout, stderr = capsys.readouterr()
    assert stdout == ""
    assert words in stderr
    assert len(stderr.strip().splitlines()) == 1
