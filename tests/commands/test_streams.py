"""commands/streams.py: a process whose reader goes away, or whose disk is full."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from landtheory import __version__
from landtheory.theory import THEOREMS

COMMANDS = (
    ("theorems",),
    ("theorems", "T06", "--format", "json"),
    ("derive", "gradient", "--format", "latex"),
    ("--help",),
    ("--version",),
)


needs_full_disk = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="this system has no /dev/full"
)


def without_reader(*arguments: str, both: bool = False) -> tuple[int, bytes]:
    """Exit code and standard error of a command whose reader has already gone."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "landtheory", *arguments],
            stdout=writer,
            stderr=writer if both else subprocess.PIPE,
        )
    finally:
        os.close(writer)
    return done.returncode, done.stderr or b""


def into_full_disk(*arguments: str, stream: str) -> tuple[int, str]:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "landtheory", *arguments],
            stdout=full if stream == "stdout" else subprocess.PIPE,
            stderr=full if stream == "stderr" else subprocess.PIPE,
            text=True,
        )
    return done.returncode, done.stderr or ""


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_reader_that_went_away_changes_nothing(arguments: tuple[str, ...]) -> None:
    assert without_reader(*arguments) == (0, b"")


def test_a_verdict_outlives_its_reader() -> None:
    quick = ("verify", "two-layer", "--theorem", "T06", "--budget", "1s", "--json", "-")
    assert without_reader(*quick) == (0, b"")


@needs_full_disk
def test_bad_input_is_still_told_by_the_code() -> None:
    assert without_reader("theorems", "T99", both=True)[0] == 2
    assert into_full_disk("theorems", "T99", stream="stderr")[0] == 2


@needs_full_disk
def test_a_full_disk_is_a_failed_run_and_one_sentence() -> None:
    code, stderr = into_full_disk("theorems", stream="stdout")
    assert code == 4
    assert stderr == (
        "landtheory: standard output cannot be written: no space left on device\n"
    )


def test_a_closed_standard_output_is_as_good_as_the_null_device() -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", '"$0" -m landtheory theorems >&-', sys.executable],
        capture_output=True,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def in_ascii(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "landtheory", *arguments],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )


def test_what_the_encoding_lacks_ends_no_command() -> None:
    done = in_ascii("theorems", "T06")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"?" in done.stdout
    quick = ("verify", "two-layer", "--theorem", "T06", "--budget", "1s")
    done = in_ascii(*quick, "--activation", "tanh", "--json", "-")
    assert (done.returncode, done.stderr) == (0, b"")
    statements = [
        c["statement"] for c in json.loads(done.stdout)["theorems"][0]["claims"]
    ]
    assert statements == [claim.statement for claim in THEOREMS["T06"].claims]


def test_the_version_is_shown() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "landtheory", "--version"],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, f"{__version__}\n")
