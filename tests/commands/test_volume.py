"""commands/volume.py, run as a user runs it, against spectra by torch.func."""

import csv
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from support.landscape import dense_gauss_newton, dense_hessian, half_square
from support.shell import run

from landtheory.commands.deep_spectrum import deep_spectrum
from landtheory.commands.minima import minima
from landtheory.commands.volume import volume
from landtheory.deep.minima.architectures import perceptron
from landtheory.deep.minima.attack import parity_data
from landtheory.errors import InputError

CHOICE: dict[str, Any] = {"model": "relu:3", "labels": "parity", "samples": 20}


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        model = perceptron((1, 8, 8), 1, widths=(3,)).double()
    path = tmp_path_factory.mktemp("weights") / "a.safetensors"
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, path)
    return path


def network(path: Path) -> torch.nn.Module:
    from safetensors.torch import load_file

    model = perceptron((1, 8, 8), 1, widths=(3,)).double()
    model.load_state_dict(load_file(path))
    return model


def record_of(folder: Path, **options: Any) -> dict[str, Any]:
    """What `--json FILE` holds."""
    file = folder / "record.json"
    assert volume(json=str(file), quiet=True, no_progress=True, **options) == 0
    return json.loads(file.read_text(encoding="utf-8"))


def test_the_record_holds_the_spectrum_of_this_network_and_this_loss(
    weights: Path, tmp_path: Path
) -> None:
    asked = {
        "weights": str(weights), "method": "gram", "regulariser": 0.1, "directions": 8,
        "beta": 2.0, "variance": 3.0, **CHOICE,
    }  # fmt: skip
    record = record_of(tmp_path, **asked)
    assert record["command"] == "volume"
    assert record["settings"]["loss"] == "squared"
    (row,) = record["networks"]
    data = parity_data(0, samples=20, pool=0, dtype=torch.float64)
    model = network(weights)
    G = dense_gauss_newton(model, half_square, data.clean.X, data.clean.y)
    values = torch.linalg.eigvalsh(G).flip(0)
    found = row["curvature"]
    assert found["method"] == "gram"
    assert found["largest"] == pytest.approx(float(values[0]), rel=1e-10)
    assert found["trace"]["value"] == pytest.approx(float(G.trace()), rel=1e-10)
    ten = next(top for top in found["top"] if top["k"] == 10)
    assert ten["value"] == pytest.approx(
        -0.5 * float(values[:10].log().sum()), rel=1e-9
    )
    soft = found["regularised"]["volume"]["value"]
    assert soft == pytest.approx(
        -0.5 * float(torch.log1p(6 * values.clamp(min=0)).sum()), rel=1e-9
    )
    assert row["sublevel"]["directions"] == 8
    assert "isotropic_warning" in row["sublevel"]
    assert row["balanced"]["output_change"] < 1e-12
    f = model(data.clean.X)
    assert row["loss"] == pytest.approx(half_square(f, data.clean.y).item(), rel=1e-12)
    assert record_of(tmp_path, **asked) == record


def test_all_data_with_cross_entropy_are_the_default(tmp_path: Path) -> None:
    from landtheory.deep.data.sets import load_data

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(4)
        model = perceptron((2,), 2, widths=(4,)).double()
    path = tmp_path / "m.safetensors"
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, path)
    record = record_of(
        tmp_path, weights=str(path), model="relu:4", data="moons", samples=30,
        method="hessian",
    )  # fmt: skip
    data = load_data("moons", seed=0, samples=30, dtype=torch.float64)
    H = dense_hessian(model, torch.nn.functional.cross_entropy, data.X, data.y)
    row = record["networks"][0]["curvature"]
    assert record["settings"]["loss"] == "cross-entropy"
    assert row["largest"] == pytest.approx(
        float(torch.linalg.eigvalsh(H)[-1]), rel=1e-9
    )
    assert row["trace"]["value"] == pytest.approx(float(H.trace()), rel=1e-9)


def test_sentences_tables_and_files(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    volume(
        weights=str(weights), regulariser=0.1, directions=8, radius=True, learning=True,
        out=str(out), no_progress=True, **CHOICE,
    )  # fmt: skip
    shown = capsys.readouterr().out
    for words in (
        "p = 199, n = 20",
        "stationarity: ",
        "eigenvalues above 0.01: ",
        "V_k = -½ Σ log λ_i, k = 10: ",
        "regularised: -½ Σ log(1 + βτ²λ) = ",
        "sublevel set: log-volume ",
        "effective sample size ",
        "warning: rays with uniform directions would say ",
        "that number is no volume",
        "complexity: E‖∇ₓf‖² = ",
        "path norm ",
        "radius in random directions by filters: ",
        "local learning coefficient: ",
        "with balanced neurons: ",
    ):
        assert words in shown
    files = sorted(str(p.relative_to(out)) for p in out.rglob("*") if p.is_file())
    assert files == [
        "eigenvalues.csv",
        "figures/spectrum.png",
        "figures/spectrum.svg",
        "figures/volumes.png",
        "figures/volumes.svg",
        "result.json",
    ]
    record = json.loads((out / "result.json").read_text(encoding="utf-8"))
    with (out / "eigenvalues.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    largest = record["networks"][0]["curvature"]["largest"]
    assert float(rows[0]["eigenvalue"]) == largest
    assert all(math.isfinite(float(row["eigenvalue"])) for row in rows)
    # what is there is not written over
    with pytest.raises(
        InputError, match="expected a folder that is empty or not there"
    ):
        volume(weights=str(weights), out=str(out), **CHOICE)


def test_a_minima_run_is_measured_network_by_network(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "minima")
    minima(
        model="relu:8", samples=30, attack="0,1", seeds=2, out=folder, quiet=True,
        no_progress=True,
    )  # fmt: skip
    capsys.readouterr()
    record = record_of(tmp_path, run=folder)
    names = [row["name"] for row in record["networks"]]
    assert names == [
        f"attack {fraction}, seed {seed}" for fraction in (0, 1) for seed in (0, 1)
    ]
    for row in record["networks"]:
        # every network beside the samples it was polished on
        assert row["loss"] == pytest.approx(1e-3, rel=0.1)
        assert row["curvature"]["method"] == "gram"
    quiet = capsys.readouterr().out
    assert quiet.startswith("-½ Σ log(1 + βτ²λ) of 4 networks from ")
    assert quiet.count("\n") == 1
    volume(run=folder, no_progress=True)
    shown = capsys.readouterr().out
    for words in (
        "attack 1, seed 1",
        "balanced",
        "V_k with k = 30",
        "H - G is at most",
    ):
        assert words in shown


def test_a_deep_spectrum_run_is_measured_where_it_ended(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    deep_spectrum(
        model="two-layer", data="moons", samples=40, k=1, which="LA", epochs=2,
        density=False, trace=False, tol=1e-6, dtype="float64", out=str(folder),
        no_progress=True, quiet=True,
    )  # fmt: skip
    spectrum = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    (row,) = record_of(tmp_path, run=str(folder), method="hessian")["networks"]
    assert row["curvature"]["largest"] == pytest.approx(
        spectrum["eigenvalues"][0]["value"], rel=1e-6
    )
    assert row["loss"] == pytest.approx(spectrum["point"]["loss"], rel=1e-12)


BOTH = "expected one of them: the folder of a run, or --weights with --model and --data"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, f"run is None and weights is None; {BOTH}"),
        ({"run": "x", "weights": "y.pt"}, f"run is 'x' and weights is 'y.pt'; {BOTH}"),
        (
            {"run": "nowhere"},
            "run is 'nowhere'; expected the folder of a run of deep-spectrum or minima",
        ),
        (
            {"weights": "y.pt", "loss": "hinge"},
            "loss is 'hinge'; expected one of cross-entropy, squared",
        ),
        (
            {"weights": "y.pt", "regulariser": 0.0},
            "regulariser is 0.0; expected a positive number",
        ),
    ],
)
def test_what_cannot_be_measured_is_refused(
    options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        volume(**options)


def test_networks_that_missed_a_target_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "minima"
    minima(
        model="relu:8", samples=30, attack="0", seeds=2, out=str(folder), quiet=True,
        no_progress=True,
    )  # fmt: skip
    (one,) = (folder / "minima").glob("*seed-1.json")
    record = json.loads(one.read_text(encoding="utf-8"))
    one.write_text(json.dumps(record | {"converged": False, "reason": "it is late"}))
    capsys.readouterr()
    found = record_of(tmp_path, run=str(folder))
    assert [row["name"] for row in found["networks"]] == ["attack 0, seed 0"]
    assert found["missed"] == [{"name": "attack 0, seed 1", "reason": "it is late"}]
    assert "; 1 that missed a target left out, seed 0" in capsys.readouterr().out
    volume(run=str(folder), no_progress=True)
    shown = capsys.readouterr().out
    assert "1 of 2 networks missed a target and are not measured:" in shown
    assert "  attack 0, seed 1: it is late" in shown


def test_a_run_in_which_nothing_converged_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "minima"
    minima(
        model="relu:8", samples=30, attack="0", seeds=1, out=str(folder), quiet=True,
        no_progress=True,
    )  # fmt: skip
    (one,) = (folder / "minima").glob("*.json")
    record = json.loads(one.read_text(encoding="utf-8"))
    one.write_text(json.dumps(record | {"converged": False, "reason": "x"}))
    sentence = (
        "run holds no network; expected one that converged: run minima again with more "
        "samples or a larger model"
    )
    with pytest.raises(InputError, match=re.escape(sentence)):
        volume(run=str(folder), quiet=True)


def test_a_refusal_on_the_command_line_is_one_sentence(tmp_path: Path) -> None:
    done = run("volume", "--weights", "y.pt", "--height", "-1", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "landtheory: height is -1.0; expected a positive number\n"
