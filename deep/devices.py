"""Where a network runs, and in which precision."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from ..errors import InputError

__all__ = [
    "DTYPES",
    "Precision",
    "choose_device",
    "choose_dtype",
    "communication_backends",
    "deterministic",
    "one_thread",
    "widest_dtype",
]

DTYPES = {
    "float32": torch.float32,
    "float64": torch.float64,
    "bfloat16": torch.bfloat16,
}
"""Precisions of a model, by the names that users give."""


@dataclass(frozen=True, kw_only=True)
class Precision:
    """A precision that the device has.

    Attributes
    ----------
    dtype : torch.dtype
        Of the model's parameters and inputs.
    notice : str or None
        What was asked for instead, where the device does not have it.
    """

    dtype: torch.dtype
    notice: str | None = None


def choose_device(name: str, *, local: int = 0, here: int = 1) -> torch.device:
    """The device of that name, once it is known to be there.

    Parameters
    ----------
    name : str
        cpu, cuda, cuda:1, mps, …; or auto: the first of cuda, mps and cpu that this
        machine has.
    local, here : int
        Number of this process among those on this machine, and how many there are: each
        has an accelerator of its own.

    Returns
    -------
    torch.device
        With its index, where devices of its type have one, so that it equals the
        device of tensors made on it.

    Raises
    ------
    InputError
        If the name is none of these, this machine has no such device, or it has fewer
        than processes.
    """
    present = _present()
    if name == "auto":
        name = present[0].partition(":")[0]
    if not re.fullmatch(r"(cpu|mps|cuda(:\d{1,4})?)", name):
        raise InputError(
            f"device is {name!r}; expected auto, cpu, cuda, cuda:INDEX or mps"
        )
    wanted = f"cuda:{local}" if name == "cuda" else name
    if here > 1 and name not in ("cpu", "cuda"):
        raise InputError(
            f"device is {name!r} for {here} processes; expected cpu or cuda, where each "
            "has a device of its own"
        )
    if wanted not in present:
        raise InputError(
            f"device is {name!r}; expected one that this machine has: "
            f"{', '.join(present)}"
        )
    return torch.device(wanted)


def choose_dtype(name: str, *, device: torch.device) -> Precision:
    """The precision of that name, or the nearest one that the device has.

    Parameters
    ----------
    name : str
        float32, float64 or bfloat16.
    device : torch.device
        MPS has no float64: float32 is taken there, and said.

    Returns
    -------
    Precision
        The dtype, with a notice if it is not the one asked for.

    Raises
    ------
    InputError
        If the name is none of these.
    """
    if name not in DTYPES:
        raise InputError(f"dtype is {name!r}; expected one of {', '.join(DTYPES)}")
    if device.type == "mps" and name == "float64":
        return Precision(
            dtype=torch.float32,
            notice="mps has no float64: the model runs in float32",
        )
    return Precision(dtype=DTYPES[name])


def widest_dtype(device: torch.device) -> torch.dtype:
    """The precision for sums of many terms: float64 wherever the device has it."""
    return torch.float32 if device.type == "mps" else torch.float64


def communication_backends() -> str:
    """By what torch.distributed moves tensors between processes on this machine."""
    return "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "cpu:gloo"


@contextmanager
def deterministic(device: torch.device) -> Iterator[None]:
    """Let convolutions add in a fixed order for a while, also where that is slower.

    On a CPU they always do. What else is not deterministic on an accelerator stays so.

    Parameters
    ----------
    device : torch.device
        Where they run.

    Yields
    ------
    None
        Nothing: the block runs meanwhile.
    """
    if device.type != "cuda":
        yield
        return
    cudnn = torch.backends.cudnn
    with cudnn.flags(
        enabled=cudnn.enabled,
        benchmark=False,
        deterministic=True,
        allow_tf32=cudnn.allow_tf32,
    ):
        yield


@contextmanager
def one_thread() -> Iterator[None]:
    """Let one thread of the CPU add for a while: more of them round otherwise.

    Yields
    ------
    None
        Nothing: the block runs meanwhile.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _present() -> list[str]:
    """Devices of this machine, the fastest first."""
    cuda = range(torch.cuda.device_count() if torch.cuda.is_available() else 0)
    mps = ["mps"] if torch.backends.mps.is_available() else []
    return [*(f"cuda:{index}" for index in cuda), *mps, "cpu"]
