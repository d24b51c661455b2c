"""Targets as the losses take them: reals, zeros and ones, or indicators of labels."""

import operator
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..theory.losses import Loss
from ..theory.symbols import positive_integer
from .arrays import Matrix, finite_array
from .memory import refuse_if_too_large

__all__ = ["refuse_mask", "targets"]

LARGEST_LABEL = 2**32
"""More outputs fit in no memory; floats hold every whole number up to far beyond."""


def targets(y: npt.ArrayLike, *, loss: Loss, n: int, outputs: int | None) -> Matrix:
    """t (n, C) from the Y that users give.

    Parameters
    ----------
    y : (n,) or (n, C) float (squared); (n,) of 0 and 1 (logistic); (n,) int (softmax)
        Targets.
    loss : Loss
        Which decides what they mean.
    n : int
        Number of samples.
    outputs : int or None
        C; by default 1, the second size of y, or the largest label + 1.

    Returns
    -------
    (n, C) float64
        y itself, or the indicators [c = y_i].

    Raises
    ------
    InputError
        If y does not fit the loss, n or C, or there are more outputs than memory for
        their second derivatives.
    """
    if outputs is not None:
        if not positive_integer(outputs):
            raise InputError(f"outputs is {outputs!r}; expected an integer C >= 1")
        outputs = operator.index(outputs)
    refuse_mask(y, "Y")
    match loss.targets:
        case "real":
            return _reals(y, n, outputs)
        case "binary":
            return _binary(y, n, outputs)
        case "label":
            return _indicators(y, n, outputs)


def refuse_mask(value: object, name: str) -> None:
    """Refuse a masked array: its mask would be lost."""
    if isinstance(value, np.ma.MaskedArray):
        raise InputError(
            f"{name} is a masked array; expected a plain array: drop the masked samples"
        )


def _reals(y: npt.ArrayLike, n: int, outputs: int | None) -> Matrix:
    plain = _plain(y)
    if outputs in (None, 1) and getattr(plain, "ndim", 0) == 1:
        reals = finite_array(plain, "Y", (n,))[:, None]
    else:
        reals = finite_array(plain, "Y", (n, "C" if outputs is None else outputs))
    _refuse_many_outputs(n, reals.shape[1])
    return reals


def _binary(y: npt.ArrayLike, n: int, outputs: int | None) -> Matrix:
    if outputs not in (None, 1):
        raise InputError(
            f"outputs is {outputs}; expected 1 for the logistic loss: "
            "use softmax for more classes"
        )
    array = finite_array(_plain(y), "Y", (n,))
    wrong = array[(array != 0) & (array != 1)]
    if len(wrong):
        raise InputError(f"Y holds {wrong[0]:g}; expected 0 or 1 for the logistic loss")
    return array[:, None]


def _indicators(y: npt.ArrayLike, n: int, outputs: int | None) -> Matrix:
    array = finite_array(_plain(y), "Y", (n,))
    if (array != np.floor(array)).any() or (array < 0).any():
        wrong = array[(array != np.floor(array)) | (array < 0)][0]
        raise InputError(
            f"Y holds {wrong:g}; expected integer labels from 0 up for the softmax loss"
        )
    largest = int(array.max())
    count = largest + 1 if outputs is None else outputs
    if largest >= count:
        raise InputError(
            f"Y holds the label {array.max():.17g}; expected labels below outputs = {count}"
        )
    if largest >= LARGEST_LABEL:
        raise InputError(
            f"Y holds the label {array.max():g}; expected labels below 2³²: number the "
            "classes 0, 1, 2 and so on"
        )
    _refuse_many_outputs(n, count)
    indicators = np.zeros((n, count))
    indicators[np.arange(n), array.astype(np.int64)] = 1.0
    return indicators


def _refuse_many_outputs(n: int, C: int) -> None:
    """Every forward pass holds S (n, C, C) beside the targets."""
    refuse_if_too_large(
        "output_hessian", (n, C, C), "use fewer outputs, with labels from 0 up"
    )


def _plain(y: Any) -> Any:
    """Booleans as 0 and 1, as in files."""
    try:
        array = np.asarray(y)
    except ValueError:
        # ragged, which `finite_array` says in its own words
        return y
    return array.astype(np.int64) if array.dtype == np.bool_ else array
