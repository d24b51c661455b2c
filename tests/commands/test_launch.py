"""commands/launch.py: one command in two processes against the same in one."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from support.launch import PATIENCE, Ended, ended, started
from support.shell import run

from landtheory.cli import app
from landtheory.commands import exit_codes, launch

TINY = (
    "deep-spectrum", "--model", "two-layer", "--data", "moons", "--samples", "41",
    "--k", "3", "--epochs", "2", "--no-progress", "--dtype", "float64", "--layers",
    "--classes",
)  # fmt: skip

FILES = [
    "arrays.npz", "figures/density.png", "figures/density.svg", "figures/layers.png",
    "figures/layers.svg", "manifest.json", "report.html", "result.json",
    "training.safetensors", "weights.safetensors",
]  # fmt: skip


def torchrun(*arguments: str) -> Ended:
    """The command as users start it, by torch's own launcher."""
    done = subprocess.run(
        [
            sys.executable, "-m", "torch.distributed.run", "--standalone",
            "--nproc-per-node", "2", "-m", "landtheory", *arguments,
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder of two processes, and what they wrote to standard output."""
    out = tmp_path_factory.mktemp("two") / "run"
    done = torchrun(*TINY, "--out", str(out), "--json", "-")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return out, json.loads(done.stdout)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this process."""
    out = tmp_path_factory.mktemp("one") / "run"
    assert app([*TINY, "--out", str(out), "--quiet"], standalone_mode=False) == 0
    return out


def arrays_of(out: Path) -> dict[str, npt.NDArray[Any]]:
    with np.load(out / "arrays.npz", allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Numbers and words of a record, with where they stand."""
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in pairs:
            yield from leaves(part, f"{path}/{key}")
    else:
        yield path, value


ROUNDING = ("noise", "residual", "bound")
"""Sizes of errors, which are themselves rounding."""


def test_two_processes_find_what_one_finds(
    two: tuple[Path, dict[str, Any]], one: Path
) -> None:
    expected, found = arrays_of(one), arrays_of(two[0])
    assert expected.keys() == found.keys()
    for name in expected.keys() - {"bounds"}:
        scale = float(np.abs(expected[name]).max())
        assert np.allclose(found[name], expected[name], rtol=0, atol=1e-9 * scale), name
    records = [json.loads((out / "result.json").read_text()) for out in (one, two[0])]
    for record in records:
        del record["timing"]
    assert [record["network"].pop("processes") for record in records] == [1, 2]
    pairs = zip(leaves(records[0]), leaves(records[1]), strict=True)
    for (path, value), (other, got) in pairs:
        assert path == other
        if isinstance(value, float) and not path.endswith(ROUNDING):
            assert got == pytest.approx(value, rel=1e-6, abs=1e-9), path
        elif not isinstance(value, float):
            assert got == value, path


def test_the_first_process_alone_speaks_and_writes(
    two: tuple[Path, dict[str, Any]],
) -> None:
    out, record = two
    files = sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file())
    assert files == FILES
    assert record == json.loads((out / "result.json").read_text())
    assert (
        json.loads((out / "manifest.json").read_text())["choices"]["batch_size"] == 21
    )


def test_processes_that_are_stopped_leave_a_run_that_they_resume(
    two: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    out = tmp_path / "run"
    command = ("-m", "landtheory", *TINY, "--out", str(out), "--quiet")
    processes = started(2, *command)
    deadline = time.monotonic() + PATIENCE
    while not (out / "products" / "000004.safetensors").exists():
        assert time.monotonic() < deadline
        assert processes[0].poll() is None
        time.sleep(0.001)
    for each in processes:
        each.send_signal(signal.SIGTERM)
    first, second = ended(processes)
    assert (first.returncode, second.returncode) == (143, 143)
    assert first.stderr == "landtheory: terminated\n"
    assert first.stdout == second.stdout == second.stderr == ""
    assert not (out / "result.json").exists()
    first, second = ended(started(2, *command, "--resume"))
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert len(first.stdout.splitlines()) == 1
    assert first.stderr == second.stdout == second.stderr == ""
    assert (out / "arrays.npz").read_bytes() == (two[0] / "arrays.npz").read_bytes()


def test_the_doctor_examines_a_network_that_is_shared_out() -> None:
    command = ("doctor", "--model", "two-layer", "--data", "moons", "--samples", "41")
    command = (*command, "--epochs", "1", "--dtype", "float64", "--json", "-")
    alone = run(*command)
    first, second = ended(started(2, "-m", "landtheory", *command))
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert first.stderr == second.stderr == second.stdout == ""
    one, two = json.loads(alone.stdout), json.loads(first.stdout)
    assert one.keys() == two.keys()
    for name in ("stationarity", "residual_to_gauss_newton"):
        assert two[name] == pytest.approx(one[name], rel=1e-9)


FACTORY = """
import os
from torch import nn

def factory():
    if os.environ["RANK"] == "1":
        raise ValueError("no such thing here")
    return nn.Linear(2, 2)
"""


def test_bad_input_of_one_process_is_one_sentence_of_all(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    path.write_text(FACTORY)
    done = torchrun(*TINY, "--model", f"{path}:factory")
    assert done.stdout == ""
    # torchrun tells the codes of its processes, and itself exits with 1
    assert done.returncode == 1
    assert done.stderr.count("(exitcode: 2)") == 1
    said = [line for line in done.stderr.splitlines() if "landtheory: " in line]
    assert len(said) == 1
    assert said[0].startswith("landtheory: ")
    assert "no such thing here" in said[0]


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in launch.LAUNCHED:
        monkeypatch.setenv(name, "2")
    return monkeypatch


@pytest.mark.parametrize(
    ("rank", "size", "speaks"), [("0", "2", True), ("1", "2", False), ("0", "1", True)]
)
def test_who_speaks(
    launched: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    rank: str,
    size: str,
    speaks: bool,
) -> None:
    launched.setenv("RANK", rank)
    launched.setenv("WORLD_SIZE", size)
    assert launch.is_first() == speaks
    assert exit_codes._say("sentence", 2) == 2
    assert capsys.readouterr().err == ("landtheory: sentence\n" if speaks else "")


@pytest.mark.parametrize("missing", launch.LAUNCHED)
def test_some_variables_alone_are_not_torchrun(
    launched: pytest.MonkeyPatch, missing: str
) -> None:
    assert not launch.is_first()
    launched.delenv(missing)
    assert launch.is_first()
    launch.leave_if_launched(3)
    with launch.processes() as alone:
        assert alone.size == 1
