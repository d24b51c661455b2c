"""commands/interpolate.py, run as a user runs it, against losses by torch alone."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from support.landscape import half_square
from support.shell import run

from landtheory.commands.interpolate import interpolate
from landtheory.commands.minima import minima
from landtheory.deep.minima.architectures import perceptron
from landtheory.deep.minima.attack import parity_data
from landtheory.errors import InputError

CHOICE: dict[str, Any] = {"model": "relu:3", "labels": "parity", "samples": 20}
OPTIONS = (
    "--model",
    "relu:3",
    "--labels",
    "parity",
    "--samples",
    "20",
    "--no-progress",
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder, found = tmp_path_factory.mktemp("weights"), []
    for name in "abc":
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(ord(name))
            model = perceptron((1, 8, 8), 1, widths=(3,)).double()
        path = folder / f"{name}.safetensors"
        save_file({k: v.contiguous() for k, v in model.state_dict().items()}, path)
        found.append(str(path))
    return found


def loss_between(one: str, other: str, t: float) -> float:
    model = perceptron((1, 8, 8), 1, widths=(3,)).double()
    u, v = load_file(one), load_file(other)
    model.load_state_dict({k: (1 - t) * u[k] + t * v[k] for k in u})
    data = parity_data(0, samples=20, pool=0, dtype=torch.float64)
    return half_square(model(data.clean.X), data.clean.y).item()


def record_of(folder: Path, a: str, b: str, **options: Any) -> dict[str, Any]:
    """What `--json FILE` holds."""
    file = folder / "record.json"
    asked = {"json": str(file), "quiet": True, "no_progress": True, **CHOICE, **options}
    assert interpolate(a, b, **asked) == 0
    return json.loads(file.read_text(encoding="utf-8"))


def test_the_losses_of_the_line_are_those_of_the_networks_on_it(
    files: list[str], tmp_path: Path
) -> None:
    a, b, _ = files
    record = record_of(tmp_path, a, b, places=9, height=0.05)
    line = record["line"]
    assert line["places"][0] == -0.5
    assert line["places"][-1] == 1.5
    for t, loss in zip(line["places"], line["losses"], strict=True):
        assert loss == pytest.approx(loss_between(a, b, t), rel=1e-10)
    width = line["widths"][0]["inward"]
    if width is not None:
        t = width / line["distance"]
        assert loss_between(a, b, t) == pytest.approx(line["ends"][0] + 0.05, rel=1e-6)
    assert "plane" not in record
    assert record == record_of(tmp_path, a, b, places=9, height=0.05)


def test_the_plane_passes_through_all_three(files: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"
    a, b, c = files
    done = run(
        "interpolate", a, b, "--plane", c, *OPTIONS, "--size", "5", "--no-normalise",
        "--out", str(out),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    for words in (
        "inward",
        "outward",
        "barrier: ",
        "plane: 5 x 5 places",
        "distance: ",
    ):
        assert words in done.stdout
    found = sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file())
    assert found == [
        "figures/line.png",
        "figures/line.svg",
        "figures/plane.png",
        "figures/plane.svg",
        "line.csv",
        "plane.csv",
        "result.json",
    ]
    record = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert record["networks"] == {"A": a, "B": b, "C": c}
    for file, loss in zip(files, record["plane"]["corner_losses"], strict=True):
        assert loss == pytest.approx(loss_between(file, file, 0.0), rel=1e-10)
    with (out / "plane.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 25
    # row by row of the table: x runs first
    second = rows[1]
    assert float(second["x"]) == record["plane"]["x"][1]
    assert float(second["y"]) == record["plane"]["y"][0]
    assert float(second["loss"]) == record["plane"]["losses"][0][1]


def test_quiet_is_one_line(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    interpolate(*files[:2], quiet=True, **CHOICE)
    shown = capsys.readouterr().out
    assert shown.startswith("inward widths ")
    assert shown.count("\n") == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"height": 0.0}, "height is 0.0; expected a positive number"),
        ({"places": 2}, "places is 2; expected an integer >= 5"),
        ({"labels": "odd"}, "labels is 'odd'; expected one of parity, classes"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    files: list[str], change: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        interpolate(*files[:2], **{**CHOICE, **change})


def test_a_network_and_itself_have_no_line(files: list[str]) -> None:
    with pytest.raises(InputError, match="a and b have the same weights"):
        interpolate(files[0], files[0], **CHOICE)


@pytest.fixture(scope="module")
def minima_run(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = str(tmp_path_factory.mktemp("run") / "minima")
    minima(
        model="relu:8", samples=30, attack="0,.5", seeds=2, seed=3, out=folder,
        quiet=True, no_progress=True,
    )  # fmt: skip
    return folder


def test_networks_of_a_run_bring_their_model_and_clean_samples(
    tmp_path: Path, minima_run: str
) -> None:
    names = [f"{minima_run}/attack-{f}-seed-4" for f in ("0", "0.5")]
    record = record_of(tmp_path, *names)
    assert record["settings"]["model"] == "relu:8"
    assert record["settings"]["seed"] == 4
    assert record["networks"] == dict(zip("AB", names, strict=True))
    files = [
        f"{minima_run}/minima/attack-{f}-seed-4.safetensors" for f in ("0.0", "0.5")
    ]
    same = record_of(tmp_path, *files, model="relu:8", samples=30, seed=4)
    assert record["line"]["ends"] == pytest.approx([1e-3, 1e-3], rel=0.01)
    # the run's samples were kept in single precision
    assert record["line"]["losses"] == pytest.approx(same["line"]["losses"], rel=1e-4)
    assert record["line"]["distance"] == pytest.approx(same["line"]["distance"])


@pytest.mark.parametrize(
    ("one", "other", "sentence"),
    [
        ("attack-0-seed-3", "attack-0-seed-4", ("of several seeds; expected one seed: "
         "another has other clean samples, and so another loss")),
        ("attack-0-seed-3", "minima/attack-0.0-seed-4.safetensors", ("expected all from "
         "a run of minima, or all as files of weights")),
        ("attack-0-seed-3", "attack-9-seed-3", ("expected one that the run found: its "
         "converged minima are listed by landtheory volume with the folder")),
    ],
)  # fmt: skip
def test_networks_of_a_run_that_do_not_fit_are_refused(
    minima_run: str, one: str, other: str, sentence: str
) -> None:
    with pytest.raises(InputError, match=f"{re.escape(sentence)}$"):
        interpolate(f"{minima_run}/{one}", f"{minima_run}/{other}", quiet=True)
