"""training/weights.py: all weights or none, and what does not match in one sentence."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from landtheory.deep.training.weight_files import weights_content
from landtheory.deep.training.weights import load_weights
from landtheory.errors import InputError


class Tied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Linear(3, 4, bias=False)
        self.head = nn.Linear(3, 4, bias=False)
        self.head.weight = self.embed.weight


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 2))


def state(model: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def same(model: nn.Module, tensors: Mapping[str, Tensor]) -> bool:
    return all(torch.equal(t, tensors[name]) for name, t in model.state_dict().items())


def refused(sentence: str) -> "pytest.RaisesExc[InputError]":
    return pytest.raises(InputError, match=f"^{re.escape(sentence)}$")


def saved(folder: Path, tensors: Mapping[str, Tensor], suffix: str = ".pt") -> Path:
    path = folder / f"w{suffix}"
    if suffix == ".pt":
        torch.save(dict(tensors), path)
    else:
        save_file(dict(tensors), path)
    return path


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_parameters_and_buffers_are_loaded(tmp_path: Path, suffix: str) -> None:
    source, model = network(), network()
    source(torch.randn(5, 2))
    identities = [id(p) for p in model.parameters()]
    load_weights(model, saved(tmp_path, state(source), suffix))
    assert same(model, state(source))
    assert int(model[1].num_batches_tracked) == 1
    assert [id(p) for p in model.parameters()] == identities
    assert all(p.requires_grad and p.grad is None for p in model.parameters())


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "module._orig_mod."])
def test_the_prefix_of_a_wrapped_model_is_dropped(tmp_path: Path, prefix: str) -> None:
    source, model = state(network()), network()
    path = saved(tmp_path, {prefix + name: t for name, t in source.items()})
    load_weights(model, path)
    assert same(model, source)


def test_a_prefix_that_the_model_has_too_stays(tmp_path: Path) -> None:
    model = nn.ModuleDict({"module": nn.Linear(2, 2)})
    source = {name: t + 1 for name, t in state(model).items()}
    load_weights(model, saved(tmp_path, source))
    assert same(model, source)


def test_the_models_dtype_stays(tmp_path: Path) -> None:
    source = state(network().double())
    for dtype in (torch.float32, torch.bfloat16, torch.float64):
        model = network().to(dtype)
        load_weights(model, saved(tmp_path, source))
        assert torch.equal(model[0].weight, source["0.weight"].to(dtype))


def test_the_count_of_batches_may_be_absent(tmp_path: Path) -> None:
    source = state(network())
    del source["1.num_batches_tracked"]
    model = network()
    load_weights(model, saved(tmp_path, source))
    assert torch.equal(model[0].weight, source["0.weight"])


def test_tied_weights_may_be_stored_once_or_twice(tmp_path: Path) -> None:
    one, two = torch.randn(4, 3), torch.randn(4, 3)
    for tensors in (
        {"embed.weight": one},
        {"head.weight": one},
        {"embed.weight": one, "head.weight": one.clone()},
    ):
        model = Tied()
        load_weights(model, saved(tmp_path, tensors))
        assert torch.equal(model.head.weight, one)
    path = saved(tmp_path, {"embed.weight": one, "head.weight": two})
    with refused(
        f"weights embed.weight and head.weight in {path} differ; expected the same "
        "numbers: the model ties them"
    ):
        load_weights(model, path)
    assert torch.equal(model.head.weight, one)


def changed(**changes: Tensor | None) -> dict[str, Tensor]:
    tensors = state(network())
    for key, value in changes.items():
        name = key.replace("__", ".")
        if value is None:
            del tensors[name]
        else:
            tensors[name] = value
    return tensors


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"2__bias": None}, "lacks 2.bias"),
        ({"2__bias": None, "0__bias": None}, "lacks 0.bias and 2.bias"),
        (
            dict.fromkeys(("0__bias", "1__bias", "2__bias", "0__weight")),
            "lacks 0.weight and 0.bias and 2 more",
        ),
        ({"extra": torch.ones(1)}, "has the unknown extra"),
        (
            {"0__weight": torch.ones(3, 5)},
            "has 0.weight (3, 5) instead of (3, 2)",
        ),
        (
            {"2__bias": None, "2__b": torch.ones(2), "0__bias": torch.ones(3, 1)},
            ("lacks 2.bias, has the unknown 2.b, has 0.bias (3, 1) instead of (3,)"),
        ),
    ],
)
def test_what_does_not_match_is_named(
    tmp_path: Path, changes: dict[str, Tensor | None], faults: str
) -> None:
    path = saved(tmp_path, changed(**changes))
    model = network()
    before = state(model)
    with refused(
        f"weights is {str(path)!r}; expected the model's names and shapes, but the file "
        f"{faults}"
    ):
        load_weights(model, path)
    assert same(model, before)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 1e300])
def test_a_weight_that_is_not_finite_is_refused_and_the_model_stays(
    tmp_path: Path, bad: float
) -> None:
    weight = torch.ones(2, 3, dtype=torch.float64)
    weight[1, 1] = bad
    path = saved(tmp_path, changed(**{"2__weight": weight}))
    model = network()
    before = state(model)
    with refused(
        f"weight 2.weight in {path} holds nan or infinity in torch.float32; expected "
        "finite numbers"
    ):
        load_weights(model, path)
    assert same(model, before)


@pytest.mark.parametrize(
    ("name", "tensor", "wanted"),
    [
        ("0.bias", torch.ones(3, dtype=torch.int64), torch.float32),
        ("0.bias", torch.ones(3, dtype=torch.complex64), torch.float32),
        ("0.bias", torch.ones(3, dtype=torch.float8_e4m3fn), torch.float32),
        ("1.num_batches_tracked", torch.tensor(1.0), torch.int64),
        ("1.num_batches_tracked", torch.tensor(1, dtype=torch.int32), torch.int64),
    ],
)
def test_a_wrong_dtype_is_refused(
    tmp_path: Path, name: str, tensor: Tensor, wanted: torch.dtype
) -> None:
    path = saved(tmp_path, state(network()) | {name: tensor})
    with refused(
        f"weight {name} in {path} has dtype {tensor.dtype}; expected {wanted}"
    ):
        load_weights(network(), path)


class Normed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(3, 3), nn.Linear(3, 3)
        self.second.weight = self.first.weight
        self.norm = nn.BatchNorm1d(3)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_weights_that_were_written_are_read_bit_for_bit(
    tmp_path: Path, dtype: torch.dtype
) -> None:
    model, other = Normed().to(dtype), Normed().to(dtype)
    with torch.no_grad():
        for tensor in model.state_dict().values():
            tensor.copy_(torch.rand(tensor.shape) * 9)
    path = tmp_path / "weights.safetensors"
    path.write_bytes(weights_content(model))
    assert path.read_bytes() == weights_content(model)
    assert not same(other, state(model))
    load_weights(other, path)
    assert same(other, state(model))
    assert other.second.weight is other.first.weight
