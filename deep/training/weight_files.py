"""Files of weights: safetensors, and .pt read without running anything in it."""

import io
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load as load_safetensors
from safetensors.torch import save as save_safetensors
from torch import Tensor, nn

from ...errors import InputError
from ...numerics.memory import available_bytes
from .resumption import stored_tensors

__all__ = ["read_weights", "weights_content"]

MAX_BYTES = 2**33
COPIES = 4
"""Peak memory of reading weights, as a multiple of the file: bytes, tensors, model."""

MAX_PICKLE = 2**26
MAX_MEMBERS = 2**16
SAFE_TORCH = "2.10"
"""Before it, weights_only could be led to corrupt memory (CVE-2026-24747)."""

WRAPPERS = ("state_dict", "model_state_dict", "model")


def read_weights(path: Path) -> dict[str, Tensor]:
    """The tensors of a file, by name.

    Parameters
    ----------
    path : pathlib.Path
        FILE.safetensors; or FILE.pt or FILE.pth as torch.save writes a state_dict, also
        one under the key state_dict, model_state_dict or model.

    Returns
    -------
    dict of str to tensor
        On the CPU, in the order of the file.

    Raises
    ------
    InputError
        If the file cannot be read, is too large for the memory, damaged, or holds
        anything but plain tensors. Nothing in it is run.
    """
    if path.suffix == ".safetensors":
        return _from_safetensors(_content(path), path)
    if path.suffix in (".pt", ".pth"):
        return _from_torch(_content(path), path)
    raise InputError(
        f"weights is {str(path)!r}; expected FILE.safetensors, FILE.pt or FILE.pth"
    )


def weights_content(model: nn.Module) -> bytes:
    """The weights of a model as a file of safetensors, for `load_weights`.

    Parameters
    ----------
    model : torch.nn.Module
        Its parameters and persistent buffers are taken, by name, in their dtypes; tied
        ones once for each name.

    Returns
    -------
    bytes
        The same for the same weights.
    """
    return save_safetensors(
        {
            name: tensor.detach().to("cpu", copy=True).contiguous()
            for name, tensor in stored_tensors(model).items()
        }
    )


def _content(path: Path) -> bytes:
    limit = min(MAX_BYTES, available_bytes() // COPIES)
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise InputError(f"weights is {str(path)!r}; expected a plain file")
        if size > limit:
            raise InputError(
                f"weights is {str(path)!r} of {size / 2**30:.2g} GiB; expected at most "
                f"{limit / 2**30:.2g} GiB"
            )
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(
            f"weights is {str(path)!r}; expected a readable file: {reason}"
        ) from None


def _from_safetensors(content: bytes, path: Path) -> dict[str, Tensor]:
    try:
        return load_safetensors(content)
    except Exception as error:
        raise InputError(
            f"weights is {str(path)!r}; expected a whole file of safetensors: it is "
            "damaged, or of another format"
        ) from error


def _from_torch(content: bytes, path: Path) -> dict[str, Tensor]:
    if not _is_safe(torch.__version__):
        raise InputError(
            f"weights is {str(path)!r} for torch {torch.__version__}; expected at least "
            f"{SAFE_TORCH} to read it safely: upgrade torch, or "
            "write the weights with safetensors"
        )
    refused = InputError(
        f"weights is {str(path)!r}; expected plain tensors by name, as torch.save writes "
        "a state_dict: objects and damaged files are refused, and nothing in them is run"
    )
    if not _is_modest_archive(content):
        raise refused
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = torch.load(
                io.BytesIO(content), map_location="cpu", weights_only=True
            )
    except Exception as error:
        raise refused from error
    named = _state_dict(found)
    tensors = {name: tensor for name, tensor in named.items() if _is_plain(tensor)}
    strings = all(isinstance(name, str) for name in named)
    # views may share one storage: a small file can claim any number of entries
    claimed = sum(tensor.nbytes for tensor in tensors.values())
    if not tensors or len(tensors) < len(named) or not strings or claimed > MAX_BYTES:
        raise refused
    return tensors


def _is_safe(version: str) -> bool:
    """Compare (major, minor); torch's own comparison wants the same text form."""
    return tuple(map(int, version.split(".")[:2])) >= tuple(
        map(int, SAFE_TORCH.split("."))
    )


def _is_modest_archive(content: bytes) -> bool:
    """Whether it is a zip as torch.save writes it: stored, not compressed.

    Nothing then grows when it is unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    return (
        len(members) <= MAX_MEMBERS
        and all(member.compress_type == zipfile.ZIP_STORED for member in members)
        and sum(member.file_size for member in members) <= len(content)
        and all(
            member.file_size <= MAX_PICKLE
            for member in members
            if member.filename.endswith(".pkl")
        )
    )


def _state_dict(found: object) -> Mapping[str, Any]:
    """The innermost mapping, if it is wrapped under a customary key."""
    if not isinstance(found, Mapping):
        return {}
    for key in WRAPPERS:
        if isinstance(found.get(key), Mapping):
            return found[key]
    return found


def _is_plain(tensor: Any) -> bool:
    return (
        type(tensor) in (Tensor, nn.Parameter)
        and tensor.layout == torch.strided
        and tensor.device.type == "cpu"
    )
