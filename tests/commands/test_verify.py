"""commands/verify.py, run as a user runs it."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support.shell import run

QUICK = ("--budget", "1s", "--no-progress")


def test_one_theorem_is_verified_and_shown() -> None:
    done = run("verify", "two-layer", "--theorem", "T06,T08", *QUICK)
    assert done.returncode == 0, done.stderr
    assert re.search(r"T06 .* (\d+)/\1 .* (supported|proved)", done.stdout)
    assert "2 of 2 theorems verified" in done.stdout.replace("\n", " ")
    assert done.stderr == ""


def test_json_on_stdout_is_pure_and_repeats() -> None:
    options = ("verify", "two-layer", "--theorem", "T07", "--json", "-", "--seed", "5")
    records = []
    for _ in range(2):
        done = run(*options, *QUICK)
        assert done.returncode == 0, done.stderr
        record = json.loads(done.stdout)
        assert set(record["timing"]) >= {"sweeps", "hypothesis"}
        del record["timing"]
        records.append(record)
    assert records[0] == records[1]
    assert records[0]["command"] == "verify two-layer"
    assert records[0]["seed"] == 5
    (theorem,) = records[0]["theorems"]
    assert theorem["id"] == "T07"
    assert all(mutant["refuted"] for mutant in theorem["mutants"])
    assert {"version", "settings", "verdict", "refutations"} <= set(records[0])


def test_quiet_is_one_line_and_json_goes_to_a_file(tmp_path: Path) -> None:
    target = tmp_path / "run.json"
    done = run(
        "verify", "two-layer", "--topic", "cross-entropy", "--loss", "softmax",
        "--activation", "tanh", "--activation", "relu", "--quiet",
        "--json", str(target), *QUICK,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.strip().splitlines()) == 1
    record = json.loads(target.read_text())
    assert record["settings"]["activations"] == ["tanh", "relu"]
    assert [t["id"] for t in record["theorems"]] == ["T27"]


def test_own_data_are_used(tmp_path: Path) -> None:
    path = tmp_path / "own.npz"
    rng = np.random.default_rng(0)
    np.savez(path, X=rng.standard_normal((12, 2, 2)), y=rng.standard_normal(12))
    done = run(
        "verify", "two-layer", "--theorem", "T04", "--data", str(path),
        "--json", "-", *QUICK,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    networks = json.loads(done.stdout)["real"]
    assert [one["network"] for one in networks] == [
        "tanh (32 units)",
        "relu (32 units)",
    ]
    assert all(line["held"] for one in networks for line in one["claims"])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--theorem", "T99"), "theorem is 'T99'; expected one of T01, T02"),
        (("--topic", "sharpness"), "topic is 'sharpness'; expected one of derivatives"),
        (("--theorem", "T06", "--topic", "symmetry"), "expected one of the topic symm"),
        (("--activation", "swish"), "activation is 'swish'; expected one of identity"),
        (("--loss", "hinge"), "loss is 'hinge'; expected one of squared"),
        (("--budget", "soon"), "budget is 'soon'; expected a duration such as 30s or"),
        (("--budget", "0s"), "budget is '0s'; expected a duration"),
        (("--theorem", "T06,,T07"), "option value is 'T06,,T07'; expected names"),
        (("--data", "nowhere.npz"), "data is 'nowhere.npz'; expected a readable .npz"),
        (("--json", "/no/such/folder/x.json"), "expected a file in an existing folder"),
        (
            ("--theorem", "T03", "--activation", "tanh"),
            "activation is 'tanh'; expected",
        ),
        (("--theorem", "T27", "--loss", "squared"), "loss is 'squared'; expected one"),
        (("--seed", "-1"), "invalid value for '--seed'"),
        (("--sed", "1"), "no such option: --sed"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    options: tuple[str, ...], sentence: str
) -> None:
    done = run("verify", "two-layer", *options)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_no_colour_where_there_is_no_terminal() -> None:
    done = run("verify", "two-layer", "--theorem", "T08", *QUICK, NO_COLOR="1")
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("number", "code", "sentence"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")],
)
def test_interruption_has_its_exit_code(
    number: signal.Signals, code: int, sentence: str, tmp_path: Path
) -> None:
    """At two places in the search by Hypothesis, which swallows some exceptions."""
    path = tmp_path / "own.npz"
    np.savez(path, X=np.eye(2), y=np.ones(2))
    runs = [Interrupted(path) for _ in range(2)]
    for count, one in enumerate(runs):
        one.stop(number, after=2 * count)
    for one in runs:
        found, shown = one.end()
        assert found == code
        assert shown.count("Traceback") == 0
        assert shown.strip().endswith(f"landtheory: {sentence}")


LONG = """
import sys
from landtheory.numerics import run
run.EXAMPLES_PER_SECOND = 1e5
from landtheory.cli import app
app(sys.argv[1:])
"""


class Interrupted:
    """A command, stopped when its progress, read from a terminal, is in that search."""

    def __init__(self, data: Path) -> None:
        self.terminal, theirs = os.openpty()
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-c", LONG, "verify", "two-layer"),
                *("--theorem", "T08", "--activation", "relu", "--data", str(data)),
                *("--budget", "1s"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=theirs,
            env=os.environ | {"TERM": "xterm"},
        )
        os.close(theirs)
        self.seen = b""

    def read(self) -> bool:
        """Some more of what it writes; False at the end."""
        try:
            more = os.read(self.terminal, 4096)
        except OSError:  # Linux says so where other systems return nothing
            more = b""
        self.seen += more
        return bool(more)

    def stop(self, number: signal.Signals, *, after: int) -> None:
        """Send a signal once the search has told so many steps."""
        while self.seen.count(b"hypothesis: ") <= after and self.read():
            pass
        self.process.send_signal(number)

    def end(self) -> tuple[int, str]:
        while self.read():
            pass
        os.close(self.terminal)
        return self.process.wait(timeout=60), self.seen.decode().replace("\r", "\n")
