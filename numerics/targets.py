"""Targets as the losses take them: reals, zeros and ones, or indicators of labels."""

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..theory.losses import Loss
from ..theory.symbols import positive_integer
from .arrays import Matrix, finite_array

__all__ = ["targets"]


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
        If y does not fit the loss, n or C.
    """
    if outputs is not None and not positive_integer(outputs):
        raise InputError(f"outputs is {outputs!r}; expected an integer C >= 1")
    match loss.targets:
        case "real":
            return _reals(y, n, outputs)
        case "binary":
            return _binary(y, n, outputs)
        case "label":
            return _indicators(y, n, outputs)


def _reals(y: npt.ArrayLike, n: int, outputs: int | None) -> Matrix:
    array = np.asarray(y)
    if array.ndim == 1:
        array = array[:, None]
    return finite_array(array, "Y", (n, "C" if outputs is None else outputs))


def _binary(y: npt.ArrayLike, n: int, outputs: int | None) -> Matrix:
    if outputs not in (None, 1):
        raise InputError(
            f"outputs is {outputs}; expected 1 for the logistic loss: "
            "use softmax for more classes"
        )
    array = finite_array(y, "Y", (n,))
    wrong = array[(array != 0) & (array != 1)]
    if len(wrong):
        raise InputError(f"Y holds {wrong[0]:g}; expected 0 or 1 for the logistic loss")
    return array[:, None]


def _indicators(y: npt.ArrayLike, n: int, outputs: int | None) -> Matrix:
    array = finite_array(y, "Y", (n,))
    if (array != np.floor(array)).any() or (array < 0).any():
        wrong = array[(array != np.floor(array)) | (array < 0)][0]
        raise InputError(
            f"Y holds {wrong:g}; expected integer labels from 0 up for the softmax loss"
        )
    labels = array.astype(np.int64)
    count = int(labels.max()) + 1 if outputs is None else outputs
    if labels.max() >= count:
        raise InputError(
            f"Y holds the label {labels.max()}; expected labels below outputs = {count}"
        )
    return np.eye(count)[labels]
