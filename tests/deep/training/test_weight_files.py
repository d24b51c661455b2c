"""training/weight_files.py: honest files bit for bit, hostile ones refused and never run."""

import json
import os
import random
import re
import struct
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from landtheory.deep.training import weight_files
from landtheory.deep.training.weight_files import read_weights
from landtheory.errors import InputError

TENSORS = {"a.weight": torch.randn(3, 4), "a.count": torch.arange(3)}


def refused(sentence: str) -> "pytest.RaisesExc[InputError]":
    return pytest.raises(InputError, match=f"^{re.escape(sentence)}$")


def objects_refused(path: Path) -> "pytest.RaisesExc[InputError]":
    return refused(
        f"weights is {str(path)!r}; expected plain tensors by name, as torch.save writes "
        "a state_dict: objects and damaged files are refused, and nothing in them is run"
    )


def damage_refused(path: Path) -> "pytest.RaisesExc[InputError]":
    return refused(
        f"weights is {str(path)!r}; expected a whole file of safetensors: it is damaged, "
        "or of another format"
    )


def same(found: dict[str, torch.Tensor]) -> bool:
    return found.keys() == TENSORS.keys() and all(
        torch.equal(found[name], TENSORS[name]) for name in TENSORS
    )


def test_safetensors_are_read(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    save_file(TENSORS, path)
    assert same(read_weights(path))


@pytest.mark.parametrize("suffix", [".pt", ".pth"])
@pytest.mark.parametrize(
    "wrap",
    [
        dict,
        OrderedDict,
        lambda t: {"state_dict": t, "epoch": 3},
        lambda t: {"model_state_dict": t, "optimizer": {"lr": 0.1}},
        lambda t: {"model": OrderedDict(t)},
        lambda t: {
            name: nn.Parameter(x, x.is_floating_point()) for name, x in t.items()
        },
    ],
)
def test_state_dicts_of_torch_are_read(tmp_path: Path, suffix: str, wrap: Any) -> None:
    path = tmp_path / f"w{suffix}"
    torch.save(wrap(TENSORS), path)
    assert same(read_weights(path))


class Payload:
    """What torch.save turns into a call, to be made by whoever unpickles it."""

    def __init__(self, canary: Path) -> None:
        self.canary = canary

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, (str(self.canary),))


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("place", ["value", "beside", "name", "whole"])
def test_a_payload_is_not_run(tmp_path: Path, place: str, *, zipped: bool) -> None:
    path, canary = tmp_path / "w.pt", tmp_path / "canary"
    payload = Payload(canary)
    hostile = {
        "value": TENSORS | {"x": payload},
        "beside": {"state_dict": TENSORS, "config": payload},
        "name": TENSORS | {payload: torch.ones(1)},
        "whole": payload,
    }[place]
    torch.save(hostile, path, _use_new_zipfile_serialization=zipped)
    with objects_refused(path):
        read_weights(path)
    assert not canary.exists()
    # the payload is a live one
    torch.load(path, weights_only=False)
    assert canary.exists()


@pytest.mark.parametrize(
    "content",
    [
        [torch.ones(2)],
        torch.ones(2),
        {},
        {"state_dict": {}},
        {0: torch.ones(2)},
        TENSORS | {"epoch": 3},
        TENSORS | {"nested": TENSORS},
        {"w": torch.eye(3).to_sparse()},
        {"w": torch.ones(3, device="meta")},
        # four bytes that claim 4 TiB
        {"w": torch.zeros(1).expand(2**20, 2**20)},
    ],
    ids=range(10),
)
def test_what_is_no_state_dict_of_plain_tensors_is_refused(
    tmp_path: Path, content: Any
) -> None:
    path = tmp_path / "w.pt"
    torch.save(content, path)
    with objects_refused(path):
        read_weights(path)


def test_the_format_before_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.pt"
    torch.save(TENSORS, path, _use_new_zipfile_serialization=False)
    with objects_refused(path):
        read_weights(path)


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("fault", ["compressed", "many", "long pickle", "overlapping"])
def test_an_archive_that_grows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    path = tmp_path / "w.pt"
    torch.save(TENSORS, path)
    if fault == "compressed":
        stored = members(path)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in stored.items():
                archive.writestr(name, content)
    elif fault == "many":
        monkeypatch.setattr(weight_files, "MAX_MEMBERS", 3)
    elif fault == "long pickle":
        monkeypatch.setattr(weight_files, "MAX_PICKLE", 10)
    else:
        content = bytearray(path.read_bytes())
        size = content.index(b"PK\x01\x02") + 24
        content[size : size + 4] = (2**30).to_bytes(4, "little")
        path.write_bytes(content)
    with objects_refused(path):
        read_weights(path)


def test_an_older_torch_does_not_read_pickles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.pt"
    torch.save(TENSORS, path)
    monkeypatch.setattr(torch, "__version__", "2.9.1+cu128")
    with refused(
        f"weights is {str(path)!r} for torch 2.9.1+cu128; expected at least 2.10 to read "
        "it safely: upgrade torch, or write the weights with safetensors"
    ):
        read_weights(path)
    monkeypatch.setattr(torch, "__version__", "3.0.0")
    assert same(read_weights(path))


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_no_truncation_is_read_and_no_damage_crashes(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"w{suffix}"
    if suffix == ".pt":
        torch.save(TENSORS, path)
    else:
        save_file(TENSORS, path)
    whole, rng = path.read_bytes(), random.Random(0)
    refusal = objects_refused if suffix == ".pt" else damage_refused
    for length in (0, 1, 8, *(rng.randrange(len(whole)) for _ in range(60))):
        path.write_bytes(whole[:length])
        with refusal(path):
            read_weights(path)
    read = 0
    for _ in range(300):
        damaged = bytearray(whole)
        damaged[rng.randrange(len(whole))] = rng.randrange(256)
        path.write_bytes(damaged)
        try:
            read_weights(path)
        except InputError:
            continue
        read += 1
    # what is read has another number in a tensor, or a byte that nobody looks at
    assert read < 300


def crafted(header: Any, body: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def entry(dtype: str, shape: list[int], *offsets: int) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": list(offsets)}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        struct.pack("<Q", 2**63) + b"{}",
        crafted(b"[" * 10000),
        crafted({"a": entry("F32", [2**62, 4], 0, 0)}),
        crafted({"a": entry("F32", [1], 0, 4), "b": entry("F32", [1], 0, 4)}, bytes(4)),
        crafted({"a": entry("F32", [2], 0, 4)}, bytes(4)),
        crafted({"a": entry("F32", [1], 4, 0)}, bytes(4)),
        crafted({"a": entry("F32", [1], 0, 4)}, bytes(9)),
        crafted({"a": entry("F4", [2], 0, 1)}, bytes(1)),
        crafted({"a": entry("OBJECT", [1], 0, 4)}, bytes(4)),
        b"PK\x03\x04 not of this format",
    ],
    ids=range(11),
)
def test_hostile_safetensors_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "w.safetensors"
    path.write_bytes(content)
    with damage_refused(path):
        read_weights(path)


def test_a_file_too_large_for_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.safetensors"
    with path.open("wb") as stream:
        stream.truncate(2**34)
    monkeypatch.setattr(weight_files, "available_bytes", lambda: 2**40)
    with refused(f"weights is {str(path)!r} of 16 GiB; expected at most 8 GiB"):
        read_weights(path)
    monkeypatch.setattr(weight_files, "available_bytes", lambda: 2**31)
    with refused(f"weights is {str(path)!r} of 16 GiB; expected at most 0.5 GiB"):
        read_weights(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    absent, folder, pipe = (tmp_path / f"{name}.pt" for name in ("a", "b", "c"))
    folder.mkdir()
    os.mkfifo(pipe)
    with refused(
        f"weights is {str(absent)!r}; expected a readable file: no such file or directory"
    ):
        read_weights(absent)
    for path in (folder, pipe):
        with refused(f"weights is {str(path)!r}; expected a plain file"):
            read_weights(path)


@pytest.mark.parametrize("name", ["w.bin", "w.pkl", "w", "w.npz", "w.pt.gz"])
def test_other_formats_are_refused(name: str) -> None:
    with refused(
        f"weights is {name!r}; expected FILE.safetensors, FILE.pt or FILE.pth"
    ):
        read_weights(Path(name))


def test_the_buffer_of_a_tensor_is_its_own(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    save_file(TENSORS, path)
    first, second = read_weights(path), read_weights(path)
    first["a.weight"].zero_()
    assert same(second)
