"""Names for array types, and the checks at the door of every public function."""

import math

import numpy as np
import numpy.typing as npt
from scipy.linalg.blas import ddot

from ..errors import InputError

__all__ = ["Batch", "Labels", "Matrix", "Vector", "all_finite", "finite_array"]

Vector = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float64]
Batch = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]


MANY = 2**31
"""Numbers from which BLAS cannot count them."""


def finite_array(
    value: npt.ArrayLike, name: str, shape: tuple[int | str, ...]
) -> npt.NDArray[np.float64]:
    """`value` as a float64 array of the given shape, every entry finite.

    Parameters
    ----------
    value : array-like
        Integers or floats; float32 is promoted.
    name : str
        What the caller calls it, for the message.
    shape : tuple of int or str
        One entry an axis: its size, or a letter where any size from 1 up will do.

    Returns
    -------
    `shape` float64
        A C-contiguous array; `value` itself where it already is one.

    Raises
    ------
    InputError
        If it is no array of real numbers, has another shape or an entry that is
        not finite.
    """
    if (
        type(value) is np.ndarray
        and value.dtype == np.float64
        and value.shape == shape
        and value.flags.c_contiguous
        and all_finite(value)
    ):
        # nothing to convert or to complain of, as between products with one operator
        return value
    array = _real_array(value, name)
    fits = array.ndim == len(shape) and all(
        (size >= 1 if isinstance(want, str) else size == want)
        for size, want in zip(array.shape, shape, strict=True)
    )
    if not fits:
        expected = f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
        raise InputError(
            f"{name} has shape {array.shape}; expected {expected} with no empty axis"
        )
    floats = np.ascontiguousarray(array, dtype=np.float64)
    if not all_finite(floats):
        bad = np.argwhere(~np.isfinite(floats))[0]
        place = ", ".join(map(str, bad))
        raise InputError(
            f"{name}[{place}] is {floats[tuple(bad)]}; expected finite numbers"
        )
    return floats


def all_finite(array: npt.NDArray[np.float64]) -> bool:
    """Whether every entry is finite: the sum of squares says so, unless it overflows."""
    flat = array.reshape(-1)
    if 0 < flat.size < MANY:
        # from BLAS itself: NumPy would warn where the sum overflows
        return math.isfinite(ddot(flat, flat)) or bool(np.isfinite(array).all())
    return bool(np.isfinite(array).all())


def _real_array(value: npt.ArrayLike, name: str) -> npt.NDArray[np.generic]:
    try:
        array = np.asarray(value)
    except ValueError:
        raise InputError(
            f"{name} is ragged; expected an array with rows of equal length"
        ) from None
    if array.dtype.kind not in "iuf":
        raise InputError(f"{name} has dtype {array.dtype}; expected integers or floats")
    return array
