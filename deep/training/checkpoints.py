"""States of unfinished work: tensors and JSON values in one file, whole or refused.

A checkpoint is a safetensors file. Its header carries the values, and a SHA-256 of
everything, so that a file with a wrong bit is refused and never resumed from.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load, save
from torch import Tensor

from ...errors import RecordError
from ...records import write_bytes

__all__ = ["read_checkpoint", "write_checkpoint"]

HEADER = "landtheory"


def write_checkpoint(
    path: Path, tensors: Mapping[str, Tensor], values: Mapping[str, Any]
) -> None:
    """Write a state atomically: a reader sees the previous one or all of this one.

    Parameters
    ----------
    path : pathlib.Path
        Where; an existing file is replaced.
    tensors : mapping of str to tensor
        Of any dtype and device.
    values : mapping of str
        What JSON can hold; floats come back exactly.

    Raises
    ------
    RecordError
        If the file cannot be written.
    """
    plain = {
        name: tensor.detach().to("cpu", copy=True).contiguous()
        for name, tensor in tensors.items()
    }
    # one entry of the header: safetensors orders several at random
    text = json.dumps(values, allow_nan=False, sort_keys=True)
    header = json.dumps({"sha256": _digest(plain, text), "values": text})
    write_bytes(path, save(plain, metadata={HEADER: header}))


def read_checkpoint(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The state that `write_checkpoint` wrote.

    Parameters
    ----------
    path : pathlib.Path
        Where.

    Returns
    -------
    tensors : dict of str to tensor
        On the CPU, bit for bit.
    values : dict of str
        As they were, tuples as lists.

    Raises
    ------
    RecordError
        If the file cannot be read, or is not exactly what was written.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise RecordError(f"file {str(path)!r} cannot be read: {reason}") from error
    try:
        return _parsed(content)
    except Exception as error:
        raise RecordError(
            f"file {str(path)!r} is no whole checkpoint; expected the bytes that were "
            "written: delete it to start afresh"
        ) from error


def _parsed(content: bytes) -> tuple[dict[str, Tensor], dict[str, Any]]:
    tensors = load(content)
    size = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + size])["__metadata__"][HEADER]
    record = json.loads(header)
    if record["sha256"] != _digest(tensors, record["values"]):
        raise ValueError("the digest differs")
    return tensors, json.loads(record["values"])


def _digest(tensors: Mapping[str, Tensor], text: str) -> str:
    digest = hashlib.sha256(text.encode())
    for name, tensor in sorted(tensors.items()):
        about = json.dumps([name, str(tensor.dtype), list(tensor.shape)])
        digest.update(about.encode())
        flat = tensor.contiguous().reshape(-1)
        digest.update(flat.view(torch.uint8).numpy().data)
    return digest.hexdigest()
