"""Whether a dense array fits in memory, asked before anything is allocated."""

import resource
from math import prod
from pathlib import Path

from ..errors import InputError

__all__ = ["SPECTRUM_COPIES", "available_bytes", "fits", "refuse_if_too_large"]

COPIES = 3.0
"""Peak memory of making a dense array, as a multiple of its own size; measured: 2.1."""

SPECTRUM_COPIES = 7.0
"""The same where its eigenvalues and their error bound are wanted; measured: 6.4."""

NEGLIGIBLE = 2**22
"""Bytes for which nobody asks: reading /proc would take longer than such a matrix."""


def refuse_if_too_large(
    name: str, shape: tuple[int, ...], advice: str, *, copies: float = COPIES
) -> None:
    """Refuse an array that would not fit.

    Parameters
    ----------
    name, advice : str
        What it is called, and what to do instead, for the message.
    shape : tuple of int
        Its shape; float64.
    copies : float
        Peak memory of what is done with it, as a multiple of its own size.

    Raises
    ------
    InputError
        If that is more than what is available.
    """
    size = 8 * prod(shape)
    if fits(shape, copies=copies):
        return
    raise InputError(
        f"{name} has shape {shape}; expected an array that fits in memory, but making "
        f"its {_gib(size)} takes {copies:g} times its size, {_gib(copies * size)}, and "
        f"{_gib(available_bytes())} are available: {advice}"
    )


def fits(shape: tuple[int, ...], *, copies: float = COPIES) -> bool:
    """Whether an array of float64 may be made, with so many times its memory in use."""
    needed = copies * 8 * prod(shape)
    return needed < NEGLIGIBLE or needed <= available_bytes()


def _gib(size: float) -> str:
    return f"{size / 2**30:.3g} GiB"


def available_bytes() -> int:
    """Least of the memory available, the limit of the address space and the cgroup's.

    On systems without /proc only the address space limit is known.
    """
    limits = [_memory_available(), _address_space_left(), _cgroup_left()]
    return min((limit for limit in limits if limit is not None), default=2**62)


def _memory_available() -> int | None:
    for line in _read("/proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _address_space_left() -> int | None:
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY:
        return None
    used = _read("/proc/self/statm").split()
    return max(0, soft - (int(used[0]) * resource.getpagesize() if used else 0))


def _cgroup_left() -> int | None:
    limit = _read("/sys/fs/cgroup/memory.max").strip()
    used = _read("/sys/fs/cgroup/memory.current").strip()
    if not (limit.isdigit() and used.isdigit()):
        return None
    return max(0, int(limit) - int(used))


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except OSError:
        return ""
