"""commands/deep_spectrum.py, run as a user runs it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from support.shell import run

from landtheory.cli import app

TINY = (
    "deep-spectrum", "--model", "two-layer", "--data", "moons", "--samples", "40",
    "--k", "3", "--epochs", "2", "--no-progress",
)  # fmt: skip


def record_of(*options: str) -> dict[str, Any]:
    done = run(*TINY, *options, "--json", "-")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_the_table_the_intervals_and_the_picture_are_shown(tmp_path: Path) -> None:
    done = run(*TINY, "--layers", "--classes", "--volume", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    text = done.stdout
    for words in (
        "two-layer on moons: p = 162, n = 40 of 40, float32 on cpu, 2 epochs",
        "Hessian: eigenvalues of largest magnitude",
        "converged",
        "trace: ",
        "at 95 %",
        "Frobenius norm: ",
        "log-volume: ",
        "products: ",
        "verification",
        "█",
        "stationarity: ",
        "│ hidden ",
        "trace of G, cross classes",
        "3 of 3 eigenvalues converged",
    ):
        assert words in text
    assert "\x1b" not in text
    # nothing is written without --out
    assert list(tmp_path.iterdir()) == []


def test_json_is_pure_and_repeats() -> None:
    one, two, other = record_of(), record_of(), record_of("--seed", "1")
    assert set(one.pop("timing")) >= {"training", "eigenvalues", "trace", "density"}
    del two["timing"]
    assert one == two
    assert one["command"] == "deep-spectrum"
    assert other["seed"] == 1
    assert one["eigenvalues"] != other["eigenvalues"]
    assert {"version", "settings", "point", "products", "density"} <= set(one)
    assert "verdict" not in one


def test_a_folder_holds_the_run_and_resume_shows_it_again(tmp_path: Path) -> None:
    out = tmp_path / "run"
    first = run(*TINY, "--layers", "--out", str(out))
    assert first.returncode == 0, first.stderr
    files = sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file())
    assert files == [
        "arrays.npz",
        "figures/density.png",
        "figures/density.svg",
        "figures/layers.png",
        "figures/layers.svg",
        "manifest.json",
        "report.html",
        "result.json",
        "training.safetensors",
        "weights.safetensors",
    ]
    before = {name: (out / name).read_bytes() for name in files}
    again = run(*TINY, "--layers", "--out", str(out), "--resume")
    assert again.returncode == 0, again.stderr
    assert again.stdout == first.stdout
    assert before == {name: (out / name).read_bytes() for name in files}
    with np.load(out / "arrays.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "fb" for name in arrays.files)
        assert np.all(np.diff(np.abs(arrays["eigenvalues"])) <= 0)


def test_whose_folder_it_is(tmp_path: Path) -> None:
    out = str(tmp_path / "run")
    assert run(*TINY, "--out", out, "--resume").returncode == 0
    for options, words in (
        ((), "expected a folder without a run: pass --resume"),
        (("--resume", "--seed", "1"), "a run with seed 0; expected 1: resume with"),
    ):
        done = run(*TINY, "--out", out, *options)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr
    (tmp_path / "thesis.tex").write_text("mine")
    done = run(*TINY, "--out", str(tmp_path), "--resume")
    assert done.returncode == 2
    assert "expected one with a manifest.json of" in done.stderr


SLOW = (
    "deep-spectrum", "--model", "mlp", "--data", "moons", "--samples", "200",
    "--k", "4", "--epochs", "60", "--no-progress", "--tol", "1e-5",
)  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """arrays.npz of a run that nobody stops."""
    out = tmp_path_factory.mktemp("whole") / "run"
    done = run(*SLOW, "--out", str(out))
    assert done.returncode == 0, done.stderr
    return (out / "arrays.npz").read_bytes()


def stopped_at(out: Path, file: str, number: signal.Signals) -> int:
    """Start a run, send the signal once a file is there, and give the exit code."""
    process = subprocess.Popen(
        [sys.executable, "-m", "landtheory", *SLOW, "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ,
    )
    deadline = time.monotonic() + 120
    while not (out / file).exists() and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    process.send_signal(number)
    process.communicate(timeout=60)
    return process.returncode


@pytest.mark.parametrize(
    ("file", "number", "code"),
    [
        ("manifest.json", signal.SIGKILL, -9),
        ("training.safetensors", signal.SIGKILL, -9),
        ("products/000004.safetensors", signal.SIGKILL, -9),
        ("products/000030.safetensors", signal.SIGKILL, -9),
        ("products/000002.safetensors", signal.SIGINT, 130),
    ],
)
def test_a_run_that_was_stopped_resumes_to_the_same_bytes(
    tmp_path: Path, whole: bytes, file: str, number: signal.Signals, code: int
) -> None:
    out = tmp_path / "run"
    assert stopped_at(out, file, number) == code
    assert not (out / "result.json").exists()
    done = run(*SLOW, "--out", str(out), "--resume")
    assert done.returncode == 0, done.stderr
    assert (out / "arrays.npz").read_bytes() == whole


def test_own_weights_are_taken_without_training(tmp_path: Path) -> None:
    sizes = {
        "hidden.weight": (32, 2),
        "hidden.bias": (32,),
        "output.weight": (2, 32),
        "output.bias": (2,),
    }
    rng = torch.Generator().manual_seed(0)
    weights = {name: torch.randn(*s, generator=rng) for name, s in sizes.items()}
    path = tmp_path / "weights.safetensors"
    save_file(weights, path)
    command = [option for option in TINY if option not in ("--epochs", "2")]
    done = run(*command, "--weights", str(path), "--json", "-")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["training"] is None
    assert len(record["network"]["weights_sha256"]) == 64


def test_the_weights_of_a_run_give_the_same_spectrum_again(tmp_path: Path) -> None:
    trained, again = tmp_path / "trained", tmp_path / "again"
    assert app([*TINY, "--quiet", "--out", str(trained)], standalone_mode=False) == 0
    command = [option for option in TINY if option not in ("--epochs", "2")]
    weights = str(trained / "weights.safetensors")
    command += ["--weights", weights, "--quiet", "--out", str(again)]
    assert app(command, standalone_mode=False) == 0
    one, two = (path / "arrays.npz" for path in (trained, again))
    assert one.read_bytes() == two.read_bytes()
    # nothing was trained, so there is nothing to give back
    assert not (again / "weights.safetensors").exists()


def test_a_dry_run_shows_the_plan_alone(tmp_path: Path) -> None:
    out = tmp_path / "run"
    done = run(*TINY, "--dry-run", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "would run: train 2 epochs, 3 eigenvalues of largest magn" in done.stdout
    assert "p = 162, n = 40" in done.stdout
    assert not out.exists()
    record = record_of("--dry-run")
    assert record["plan"]["p"] == 162
    assert "eigenvalues" not in record


def test_quiet_is_one_line() -> None:
    done = run(*TINY, "--quiet")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1
    assert "eigenvalues converged" in done.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--model", "nope"), "model is 'nope'; expected one of mlp, two-layer"),
        (("--data", "nope"), "data is 'nope'; expected digits, moons, spirals"),
        (("--weights", "no.safetensors"), "weights is 'no.safetensors'; expected a"),
        (("--operator", "kfac"), "operator is 'kfac'; expected one of hessian, ggn"),
        (("--which", "XX"), "which is 'XX'; expected one of LA, SA, LM, BE"),
        (("--init", "odd"), "initialisation is 'odd'; expected one of default"),
        (("--k", "163"), "k is 163; expected at most p = 162"),
        (("--k", "0"), "k is 0; expected an integer >= 1"),
        (("--tol", "0"), "tol is 0.0; expected a number between 0 and 1"),
        (("--device", "tpu"), "device is 'tpu'; expected auto, cpu, cuda"),
        (("--dtype", "int8"), "dtype is 'int8'; expected one of float32"),
        (("--batch-size", "0"), "batch_size is 0; expected an integer >= 1"),
        (("--resume",), "resume is given without out; expected --out"),
        (("--out", "/dev/null/run"), "expected a folder that can be written, but"),
        (("--json", "/no/such/x.json"), "expected a file in an existing folder, or -"),
        (("--seed", "-1"), "invalid value for '--seed'"),
        (("--model", "raises.py:make"), "RuntimeError: no network today"),
        (("--data", "labels.npz"), "label"),
        (("--data", "nan.npz"), "finite"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    words: str,
) -> None:
    (tmp_path / "raises.py").write_text(
        "def make(shape, classes):\n    raise RuntimeError('no network today')\n"
    )
    X = np.zeros((6, 2))
    np.savez(tmp_path / "labels.npz", X=X, y=np.array([0, 1, -1, 0, 1, 0]))
    np.savez(tmp_path / "nan.npz", X=X * np.nan, y=np.array([0, 1, 1, 0, 1, 0]))
    files = sorted(tmp_path.iterdir())
    command = [option for option in TINY if option not in ("--samples", "40")]
    out = () if {"--out", "--resume"} & set(options) else ("--out", "run")
    monkeypatch.chdir(tmp_path)
    # in this process, which has torch loaded: nineteen others would take a minute
    with pytest.raises(SystemExit) as stop:
        app([*command, *out, *options])
    assert stop.value.code == 2
    stdout, stderr = capsys.readouterr()
    assert stdout == ""
    assert len(stderr.strip().splitlines()) == 1
    assert words in stderr
    assert [p for p in sorted(tmp_path.iterdir()) if p.name != "__pycache__"] == files


def test_a_loss_that_is_not_finite_is_said_and_exits_2(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(
        "import torch\n"
        "class Bad(torch.nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.layer = torch.nn.Linear(2, 2)\n"
        "    def forward(self, x):\n"
        "        return self.layer(x) * float('nan')\n"
        "def make():\n"
        "    return Bad()\n"
    )
    command = [option for option in TINY if option not in ("--epochs", "2")]
    for options in ((), ("--no-train",)):
        done = run(*command, *options, "--model", "bad.py:make", cwd=tmp_path)
        assert done.returncode == 2, done.stderr
        assert "nan" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
