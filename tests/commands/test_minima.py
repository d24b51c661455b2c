"""commands/minima.py, run as a user runs it."""

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
from support.inline import called

from landtheory import __version__
from landtheory.deep.minima.folder import read_minima
from landtheory.deep.minima.run import prepare_minima
from landtheory.deep.minima.search import Case
from landtheory.deep.minima.settings import MinimaSettings

TINY = (
    "minima", "--model", "relu:24", "--samples", "30", "--attack", "0,.5",
    "--seeds", "2", "--device", "cpu", "--no-progress",
)  # fmt: skip

Capture = pytest.CaptureFixture[str]


def record_of(capsys: Capture, *options: str) -> dict[str, Any]:
    done = called(capsys, *TINY, *options, "--json", "-")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_the_table_is_shown_and_nothing_is_written(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = called(capsys, *TINY)
    assert (done.returncode, done.stderr) == (0, "")
    for words in (
        "relu:24 on digits, parity: p = 1,585, 1 output, n = 30 clean and 1,752 for the",
        "│ 0 (0)    │ 2 of 2    │ 1.000 │ 0.",
        "│ 0.5 (15) │ 2 of 2    │ 1.000 │ 0.",
        "│ 0.001      │",
        "4 of 4 minima converged; mean test accuracy by attack: 0.",
    ):
        assert words in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_json_is_pure_and_repeats(capsys: Capture) -> None:
    one, two = record_of(capsys), record_of(capsys)
    other = record_of(capsys, "--seed", "5")
    assert set(one.pop("timing")) == {"search"}
    del two["timing"]
    assert one == two
    assert (one["command"], one["version"], one["seed"]) == ("minima", __version__, 0)
    assert [(m["fraction"], m["seed"]) for m in other["minima"]] == [
        (0.0, 5), (0.0, 6), (0.5, 5), (0.5, 6),
    ]  # fmt: skip
    assert one["minima"] != other["minima"]


def test_a_folder_holds_the_run_and_resume_shows_it_again(
    capsys: Capture, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    first = called(capsys, *TINY, "--out", str(out))
    assert first.returncode == 0, first.stderr
    files = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert len(files) == 10
    again = called(capsys, *TINY, "--out", str(out), "--resume")
    assert again.stdout == first.stdout
    assert files == {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    for options, words in (
        ((), "expected a folder without a run: pass --resume"),
        (("--resume", "--seed", "1"), "a run with seed 0; expected 1: resume with"),
        (("--resume", "--attack", "0,1"),
         "a run with attack [0.0, 0.5]; expected [0.0, 1.0]: resume with"),
    ):  # fmt: skip
        done = called(capsys, *TINY, "--out", str(out), *options)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr


def test_what_is_kept_is_what_is_told(capsys: Capture, tmp_path: Path) -> None:
    out = tmp_path / "run"
    told = record_of(capsys, "--out", str(out))
    record, minima = read_minima(out)
    assert record == told
    settings = MinimaSettings.of(record["settings"])
    prepared = prepare_minima(settings)
    for minimum, row in zip(minima, record["minima"], strict=True):
        assert minimum.record() == row
        data = prepared.data[minimum.seed]
        model = minimum.into(prepared.search.build(Case(minimum.seed, 0.0)))
        with torch.no_grad():
            right = (model(data.test.X.double()) > 0) == (data.test.y > 0)
        assert float(right.double().mean()) == pytest.approx(row["test_accuracy"])


def test_the_cross_entropy_and_all_classes(capsys: Capture) -> None:
    found = record_of(
        capsys, "--loss", "cross-entropy", "--labels", "classes", "--seeds", "1"
    )
    assert found["network"]["outputs"] == 10
    assert [m["converged"] for m in found["minima"]] == [True, True]
    assert all(m["temperature"] > 1 for m in found["minima"])


def test_own_data_and_own_network(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    X = rng.standard_normal((200, 12))
    np.savez("mine.npz", X=X, y=(X[:, 0] > 0).astype(np.int64))
    (tmp_path / "net.py").write_text(
        "from torch import nn\n"
        "class Net(nn.Module):\n"
        "    def __init__(self, d, classes):\n"
        "        super().__init__()\n"
        "        self.a, self.b = nn.Linear(d, 40), nn.Linear(40, classes)\n"
        "    def forward(self, x):\n"
        "        return self.b(self.a(x).tanh())\n"
        "def make(shape, classes):\n"
        "    return Net(shape[0], classes)\n"
    )
    found = record_of(
        capsys, "--data", "mine.npz", "--model", "net.py:make", "--seeds", "1"
    )
    assert found["network"]["n_test"] == 200 - 45
    assert [m["converged"] for m in found["minima"]] == [True, True]


def test_quiet_is_one_line(capsys: Capture) -> None:
    done = called(capsys, *TINY, "--quiet")
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--attack", "0,x"),
         "attack is '0,x'; expected different fractions >= 0 between commas"),
        (("--attack", "-1"),
         "attack is '-1'; expected different fractions >= 0 between commas"),
        (("--attack", "0,0.0"),
         "attack is '0,0'; expected different fractions >= 0 between commas"),
        (("--attack", "0,,1"),
         "attack is '0,,1'; expected different fractions >= 0 between commas"),
        (("--attack", "60"),
         "samples + pool is 1830; expected fewer than the 1797 samples of digits"),
        (("--seeds", "0"), "seeds is 0; expected an integer >= 1"),
        (("--samples", "0"), "samples is 0; expected an integer >= 1"),
        (("--labels", "odd"), "labels is 'odd'; expected one of parity, classes"),
        (("--loss", "hinge"), "loss is 'hinge'; expected one of squared, cross-ent"),
        (("--init", "odd"), "initialisation is 'odd'; expected one of default"),
        (("--dtype", "bfloat16"), "dtype is 'bfloat16'; expected one of float32"),
        (("--device", "tpu"), "device is 'tpu'; expected auto, cpu, cuda"),
        (("--model", "nope"), "model is 'nope'; expected one of mlp, two-layer"),
        (("--model", "relu:x"), "model is 'relu:x'; expected widths between commas"),
        (("--data", "nope"), "data is 'nope'; expected digits, moons, spirals"),
        (("--labels", "classes", "--samples", "62"),
         "p is 1810; expected at least 2 C (n + n_attack) = 1860 parameters under"),
        (("--samples", "600"),
         "p is 1585; expected at least 2 C (n + n_attack) = 1800 parameters under"),
        (("--resume",), "resume is given without out; expected --out"),
        (("--out", "/dev/null/run"), "expected a folder that can be written, but"),
        (("--json", "/no/such/x.json"), "expected a file in an existing folder, or -"),
        (("--seed", "-1"), "invalid value for '--seed'"),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence_and_exit_code_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    options: tuple[str, ...],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    out = () if {"--out", "--resume"} & set(options) else ("--out", "run")
    done = called(capsys, *TINY, *out, *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1
    assert sentence in done.stderr
    assert list(tmp_path.iterdir()) == []


SLOW = (
    "minima", "--model", "relu:32,32", "--attack", "0,1", "--seeds", "3",
    "--device", "cpu", "--no-progress",
)  # fmt: skip


def test_a_run_that_was_killed_resumes_to_the_same_bytes(
    capsys: Capture, tmp_path: Path
) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    _killed(killed, "minima/attack-0.0-seed-1.json")
    contents = []
    for out, options in ((whole, ()), (killed, ("--resume",))):
        done = called(capsys, *SLOW, "--out", str(out), *options)
        assert done.returncode == 0, done.stderr
        contents.append(
            {
                str(p.relative_to(out)): p.read_bytes()
                for p in out.rglob("*")
                if p.is_file() and p.name != "result.json"
            }
        )
    assert contents[0] == contents[1]
    assert len(contents[0]) == 13


def _killed(out: Path, file: str) -> None:
    """Start a run, kill it once a file is there, and see that it had not ended."""
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
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert not (out / "result.json").exists()
