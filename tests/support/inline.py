"""Run the command line in this process, where a process of its own would show no more."""

import subprocess

import pytest

from landtheory.cli import app


def called(
    capsys: pytest.CaptureFixture[str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    """`landtheory` with the given arguments."""
    with pytest.raises(SystemExit) as stop:
        app(list(arguments))
    stdout, stderr = capsys.readouterr()
    return subprocess.CompletedProcess(
        arguments, int(stop.value.code or 0), stdout, stderr
    )
