"""training/checkpoints.py: bit for bit or not at all, whatever happens to the file."""

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load, save

from landtheory.deep.training.checkpoints import read_checkpoint, write_checkpoint
from landtheory.errors import RecordError

TENSORS = {
    "a": torch.tensor([1.5, -0.0, float("nan"), float("inf")]),
    "b": torch.arange(6).reshape(2, 3).T,
    "c.half": torch.ones(2, dtype=torch.bfloat16),
    "empty": torch.zeros(0, 3),
    "scalar": torch.tensor(0.1, dtype=torch.float64),
    "state": torch.Generator().manual_seed(1).get_state(),
}
VALUES = {"epoch": 3, "rate": 0.1, "name": "≤ é", "history": [1e-300, 2.0]}


def written(folder: Path) -> Path:
    path = folder / "state.safetensors"
    write_checkpoint(path, TENSORS, VALUES)
    return path


def refused(path: Path) -> "pytest.RaisesExc[RecordError]":
    sentence = (
        f"file {str(path)!r} is no whole checkpoint; expected the bytes that were "
        "written: delete it to start afresh"
    )
    return pytest.raises(RecordError, match=f"^{re.escape(sentence)}$")


def same_bits(one: torch.Tensor, two: torch.Tensor) -> bool:
    return (
        one.dtype == two.dtype
        and one.shape == two.shape
        and one.contiguous().numpy(force=True).tobytes()
        == two.contiguous().numpy(force=True).tobytes()
        if one.dtype != torch.bfloat16
        else torch.equal(one, two)
    )


def test_tensors_and_values_come_back_bit_for_bit(tmp_path: Path) -> None:
    tensors, values = read_checkpoint(written(tmp_path))
    assert values == VALUES
    assert tensors.keys() == TENSORS.keys()
    assert all(same_bits(tensors[name], TENSORS[name]) for name in TENSORS)
    assert [entry.name for entry in tmp_path.iterdir()] == ["state.safetensors"]


def test_the_same_state_is_the_same_file(tmp_path: Path) -> None:
    first = written(tmp_path).read_bytes()
    assert written(tmp_path).read_bytes() == first


def test_every_truncation_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    whole = path.read_bytes()
    lengths = random.Random(0).sample(range(len(whole)), 150)
    for length in (0, 1, 7, 8, *lengths):
        path.write_bytes(whole[:length])
        with refused(path):
            read_checkpoint(path)


def test_every_flipped_bit_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    whole = path.read_bytes()
    rng = random.Random(1)
    for _ in range(400):
        damaged = bytearray(whole)
        damaged[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        with refused(path):
            read_checkpoint(path)


@pytest.mark.parametrize("change", ["values", "name", "dtype", "shape", "no digest"])
def test_a_well_formed_file_of_other_content_is_refused(
    tmp_path: Path, change: str
) -> None:
    path = written(tmp_path)
    content = path.read_bytes()
    tensors: dict[str, Any] = load(content)
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])["__metadata__"]
    if change == "values":
        header["landtheory"] = header["landtheory"].replace("3", "4")
    elif change == "name":
        tensors["A"] = tensors.pop("a")
    elif change == "dtype":
        tensors["a"] = tensors["a"].view(torch.int32)
    elif change == "shape":
        tensors["b"] = tensors["b"].reshape(6, 1)
    else:
        header = {}
    path.write_bytes(save(tensors, metadata=header))
    with refused(path):
        read_checkpoint(path)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none"
    sentence = f"file {str(path)!r} cannot be read: no such file or directory"
    with pytest.raises(RecordError, match=f"^{re.escape(sentence)}$"):
        read_checkpoint(path)


def test_nan_is_no_value(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_checkpoint(tmp_path / "x", {}, {"loss": float("nan")})
    assert not list(tmp_path.iterdir())
