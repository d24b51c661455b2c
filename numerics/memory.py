"""Whether a dense matrix fits in memory, asked before anything is allocated."""

import resource
from pathlib import Path

from ..errors import InputError

__all__ = ["available_bytes", "refuse_if_too_large"]

COPIES = 2.5
"""Peak memory of a dense Hessian, as a multiple of its own size."""


NEGLIGIBLE = 2**22
"""Bytes for which nobody asks: reading /proc would take longer than such a Hessian."""


def refuse_if_too_large(p: int) -> None:
    """Refuse a dense (p, p) matrix that would not fit.

    Raises
    ------
    InputError
        If 2.5 times 8 p² bytes are more than what is available.
    """
    needed = COPIES * 8 * p * p
    if needed < NEGLIGIBLE:
        return
    available = available_bytes()
    if needed > available:
        raise InputError(
            f"p is {p}; expected a dense Hessian that fits in memory: it takes "
            f"{needed / 2**30:.1f} GiB and {available / 2**30:.1f} GiB are available, "
            "use hessian_operator instead"
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
