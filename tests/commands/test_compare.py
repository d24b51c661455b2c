"""commands/compare.py, on runs that deep-spectrum made."""

import json
from pathlib import Path

import pytest
from support.shell import run

from landtheory.cli import app

TINY = (
    "deep-spectrum", "--model", "two-layer", "--data", "moons", "--samples", "40",
    "--k", "3", "--epochs", "2", "--no-progress", "--no-density", "--quiet",
)  # fmt: skip


def told(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        app(list(options))
    return stop.value.code, *capsys.readouterr()


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("runs")
    for seed in ("0", "1"):
        done = run(*TINY, "--seed", seed, "--out", str(folder / seed))
        assert done.returncode == 0, done.stderr
    return str(folder / "0"), str(folder / "1")


def test_two_runs_side_by_side(
    runs: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, stdout, stderr = told(capsys, "compare", *runs)
    assert (code, stderr) == (0, "")
    assert "seed: 0 in A, 1 in B" in stdout
    assert "the runs differ in data_sha256" in stdout
    assert "is not invariant under rescaling" in stdout
    assert "│ eigenvalue 3 " in stdout
    code, stdout, _ = told(capsys, "compare", *runs, "--quiet")
    assert len(stdout.splitlines()) == 1


def test_json_is_pure(
    runs: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, stdout, _ = told(capsys, "compare", *runs, "--json", "-")
    assert code == 0
    record = json.loads(stdout)
    assert record["command"] == "compare"
    assert record["runs"] == list(runs)
    assert {row["quantity"] for row in record["rows"]} >= {"loss", "trace"}


def test_what_is_no_run_is_refused(
    runs: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for other in (tmp_path, tmp_path / "nothing"):
        code, stdout, stderr = told(capsys, "compare", runs[0], str(other))
        assert (code, stdout) == (2, "")
        assert "expected one with a manifest.json of" in stderr
        assert len(stderr.strip().splitlines()) == 1
