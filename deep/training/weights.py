"""Weights into a model: by name and shape, all of them or none."""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from ...errors import InputError
from .resumption import stored_tensors
from .weight_files import read_weights

__all__ = ["load_weights"]

FLOATS = {torch.float16, torch.bfloat16, torch.float32, torch.float64}
PREFIXES = ("module.", "_orig_mod.")


def load_weights(model: nn.Module, path: Path) -> None:
    """Give a model the weights of a file, all of them or none.

    Parameters
    ----------
    model : torch.nn.Module
        Its parameters and persistent buffers are overwritten, in its own dtype and on
        its own device; tied weights may be stored once or several times.
    path : pathlib.Path
        As in `read_weights`. Names may start with the `module.` or `_orig_mod.` of a
        wrapped model.

    Raises
    ------
    InputError
        If the file cannot be read, its names or shapes are not the model's, or a weight
        is not finite; the model is as it was then.
    """
    target = stored_tensors(model)
    found = _unwrapped(read_weights(path), target)
    _check_match(found, target, path)
    ready = {
        name: _converted(found[name], tensor, name, path)
        for name, tensor in target.items()
        if name in found
    }
    _check_ties(ready, target, path)
    with torch.no_grad():
        for name, tensor in ready.items():
            target[name].copy_(tensor)


def _unwrapped(
    found: Mapping[str, Tensor], target: Mapping[str, Tensor]
) -> Mapping[str, Tensor]:
    """Names without the prefix of a wrapper, if all have it and the model has not."""
    for prefix in PREFIXES:
        theirs = all(name.startswith(prefix) for name in found)
        if theirs and not any(name.startswith(prefix) for name in target):
            found = {name.removeprefix(prefix): found[name] for name in found}
    return found


def _check_match(
    found: Mapping[str, Tensor], target: Mapping[str, Tensor], path: Path
) -> None:
    stored = {_place(target[name]) for name in found if name in target}
    lacking = [
        name
        for name, tensor in target.items()
        if name not in found
        and _place(tensor) not in stored
        # a count that only training mode reads, and old files do not have
        and not name.endswith("num_batches_tracked")
    ]
    unknown = [name for name in found if name not in target]
    shapes = [
        f"{name} {tuple(found[name].shape)} instead of {tuple(tensor.shape)}"
        for name, tensor in target.items()
        if name in found and found[name].shape != tensor.shape
    ]
    faults = [
        f"{verb} {_first(names)}"
        for verb, names in (
            ("lacks", lacking),
            ("has the unknown", unknown),
            ("has", shapes),
        )
        if names
    ]
    if faults:
        raise InputError(
            f"weights is {str(path)!r}; expected the model's names and shapes, but the "
            f"file {', '.join(faults)}"
        )


def _first(names: list[str]) -> str:
    shown = " and ".join(names[:2])
    return shown if len(names) <= 2 else f"{shown} and {len(names) - 2} more"


def _place(tensor: Tensor) -> tuple[object, ...]:
    """The same for two tensors only if they are the same entries in memory."""
    if tensor.numel() == 0:
        return (id(tensor),)
    return (tensor.data_ptr(), tuple(tensor.shape), tensor.stride(), tensor.device)


def _converted(tensor: Tensor, like: Tensor, name: str, path: Path) -> Tensor:
    floats = tensor.dtype in FLOATS and like.is_floating_point()
    if not floats and tensor.dtype != like.dtype:
        raise InputError(
            f"weight {name} in {path} has dtype {tensor.dtype}; expected {like.dtype}"
        )
    there = tensor.to(like.dtype)
    if floats and not bool(there.isfinite().all()):
        raise InputError(
            f"weight {name} in {path} holds nan or infinity in {like.dtype}; expected "
            "finite numbers"
        )
    return there


def _check_ties(
    ready: Mapping[str, Tensor], target: Mapping[str, Tensor], path: Path
) -> None:
    first: dict[tuple[object, ...], str] = {}
    for name, tensor in ready.items():
        twin = first.setdefault(_place(target[name]), name)
        if not torch.equal(tensor, ready[twin]):
            raise InputError(
                f"weights {twin} and {name} in {path} differ; expected the same numbers: "
                "the model ties them"
            )
