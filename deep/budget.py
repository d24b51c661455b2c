"""How much memory there is, how much a sample takes, and so how many go together."""

from collections.abc import Callable

import torch
from torch import Tensor

from ..numerics.memory import available_bytes

__all__ = ["fitting_batch_size", "saved_bytes", "spare_bytes"]

SHARE = 0.5
"""Part of the spare memory that recordings may hold; the rest is to work in."""

WORKING_SET = 20
"""Memory in use while a product is recorded, in units of what the gradient saves: 6 to 18
were measured, on an MLP, convolutional networks and a transformer."""

PROBE = 4
"""Samples from which the memory of one is estimated."""


def spare_bytes(device: torch.device) -> int:
    """Memory that is free on a device."""
    if device.type == "cpu":
        return available_bytes()
    ask = getattr(torch.get_device_module(device), "mem_get_info", None)
    # where a device does not tell, assume little: then micro-batches are small
    return 2**31 if ask is None else int(ask(device)[0])


def saved_bytes(function: Callable[[], Tensor]) -> int:
    """Memory that autograd keeps for the backward pass of a function.

    Parameters
    ----------
    function : callable
        Of no arguments; its graph is dropped.

    Returns
    -------
    int
        Bytes of all distinct storages that were saved.
    """
    storages: dict[int, tuple[int, Tensor]] = {}

    def pack(tensor: Tensor) -> Tensor:
        home = tensor.untyped_storage()
        # the tensor is held, so that its storage's identity is not used again
        storages[home._cdata] = home.nbytes(), tensor.detach()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        value = function()
    total = sum(size for size, _ in storages.values())
    del value
    return total


def fitting_batch_size(bytes_per_sample: float, n: int, spare: int) -> int:
    """Samples whose product can be recorded in half of the spare memory.

    Parameters
    ----------
    bytes_per_sample : float
        What autograd saves for one.
    n : int
        Number of samples.
    spare : int
        Memory that is free.
    """
    room = (1 - SHARE) * spare / max(1.0, WORKING_SET * bytes_per_sample)
    return max(1, min(n, int(room)))
