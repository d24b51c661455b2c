"""The one door to Numba: each kernel is compiled when it is first called."""

from collections.abc import Callable
from functools import cache
from typing import Any

__all__ = ["jitted"]


@cache
def jitted(
    kernel: Callable[..., Any], *, reassociated: bool = False
) -> Callable[..., Any]:
    """Compile a plain function, once a process.

    No cache on the disk: Numba unpickles its index.

    Parameters
    ----------
    kernel : callable
        Plain Python over arrays.
    reassociated : bool
        Let sums be taken in any order, so that they use the vector units; every bound
        here holds for any order. NaN and infinities are kept.
    """
    from numba import njit

    flags: Any = {"reassoc"} if reassociated else False
    compiled: Callable[..., Any] = njit(
        kernel, nogil=True, error_model="numpy", fastmath=flags
    )
    return compiled
