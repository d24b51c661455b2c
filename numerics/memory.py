"""Whether a dense array fits in memory, asked before anything is allocated."""

import resource
from math import prod
from pathlib import Path

from ..errors import InputError

__all__ = ["available_bytes", "refuse_if_too_large"]

COPIES = 3.0
"""Peak memory of making a dense matrix, as a multiple of its own size."""

NEGLIGIBLE = 2**22
"""Bytes for which nobody asks: reading /proc would take longer than such a matrix."""


def refuse_if_too_large(name: str, shape: tuple[int, ...], advice: str) -> None:
    """Refuse an array that would not fit.

    Parameters
    ----------
    name, advice : str
        What it is called, and what to do instead, for the message.
    shape : tuple of int
        Its shape; float64.

    Raises
    ------
    InputError
        If 3 times its size is more than what is available.
    """
    needed = COPIES * 8 * prod(shape)
    if needed < NEGLIGIBLE:
        return
    available = available_bytes()
    if needed > available:
        raise InputError(
            f"{name} has shape {shape}; expected an array that fits in memory, but it "
            f"takes {needed / 2**30:.1f} GiB and {available / 2**30:.1f} GiB are "
            f"available: {advice}"
        )


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
