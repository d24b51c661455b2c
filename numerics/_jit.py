"""The one door to Numba: each kernel is compiled when it is first called."""

from collections.abc import Callable
from functools import cache
from typing import Any

__all__ = ["jitted"]


@cache
def jitted(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a plain function, once a process.

    No fastmath: sums keep their order. No cache on the disk: Numba unpickles its index.
    """
    from numba import njit

    compiled: Callable[..., Any] = njit(kernel, nogil=True, error_model="numpy")
    return compiled
