"""commands/points.py, against the samples and weights that it should choose."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch.nn import functional

from landtheory.commands.points import Chosen, points_of_run
from landtheory.deep.data.sets import load_data
from landtheory.deep.minima.architectures import perceptron
from landtheory.deep.minima.attack import attack_data
from landtheory.errors import InputError

CHOSEN = Chosen(
    model="relu:4",
    data="moons",
    samples=30,
    labels=None,
    loss=None,
    device="cpu",
    batch_size=None,
    seed=2,
)


def weights(folder: Path, outputs: int) -> tuple[str, torch.nn.Module]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        model = perceptron((2,), outputs, widths=(4,)).double()
    path = folder / "w.safetensors"
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, path)
    return str(path), model


def test_all_data_have_cross_entropy_or_one_hot_targets(tmp_path: Path) -> None:
    path, model = weights(tmp_path, 2)
    data = load_data("moons", seed=2, samples=30, dtype=torch.float64)
    f = model(data.X)
    hot = functional.one_hot(data.y, 2).double()
    expected = {
        None: functional.cross_entropy(f, data.y).item(),
        "cross-entropy": functional.cross_entropy(f, data.y).item(),
        "squared": 0.5 * (f - hot).square().sum(1).mean().item(),
    }
    for loss, value in expected.items():
        (point,) = replace(CHOSEN, loss=loss).points([path])
        assert point.loss == pytest.approx(value, rel=1e-13)
        assert point.n == 30


def test_a_split_is_the_one_of_the_seed_as_minima_makes_it(tmp_path: Path) -> None:
    path, model = weights(tmp_path, 1)
    whole = load_data("moons", seed=2, dtype=torch.float64)
    split = attack_data(
        whole, seed=2, samples=30, pool=60, labels="parity", dtype=torch.float64
    )
    f, y = model(split.clean.X), split.clean.y
    for loss, value in (
        (None, 0.5 * (f - y).square().mean().item()),
        ("cross-entropy", functional.softplus(-y * f).mean().item()),
    ):
        (point,) = replace(CHOSEN, labels="parity", loss=loss).points([path])
        assert point.loss == pytest.approx(value, rel=1e-13)
    (other,) = replace(CHOSEN, labels="parity", seed=3).points([path])
    assert other.loss != point.loss


def test_weights_keep_all_their_digits(tmp_path: Path) -> None:
    path, model = weights(tmp_path, 2)
    (point,) = CHOSEN.points([path])
    theta = torch.cat([w.detach().reshape(-1) for w in model.parameters()])
    assert torch.equal(point.theta, theta)


def test_the_record_says_which_loss_it_was() -> None:
    assert CHOSEN.record()["loss"] == "cross-entropy"
    assert replace(CHOSEN, labels="parity").record()["loss"] == "squared"
    assert Chosen(**CHOSEN.record()).ell == CHOSEN.ell


def test_an_unknown_loss_is_refused() -> None:
    with pytest.raises(
        InputError,
        match=re.escape("loss is 'hinge'; expected one of cross-entropy, squared"),
    ):
        replace(CHOSEN, loss="hinge")


@pytest.mark.parametrize("content", ["", "[]", "{}", "not json"])
def test_folders_of_something_else_are_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(content)
    sentence = (
        f"run is {str(tmp_path)!r}; expected the folder of a run of deep-spectrum or "
        "minima"
    )
    with pytest.raises(InputError, match=re.escape(sentence)):
        next(points_of_run(str(tmp_path), device="cpu"))
