"""One network with one data set: what strategies draw, and what claims are judged on."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..theory.activations import Activation
from ..theory.losses import Loss

__all__ = ["Instance"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Instance:
    """A two-layer network at θ, with its data.

    Attributes
    ----------
    activation, loss : Activation, Loss
        The definitions, from `theory`.
    x : (n, d) float64
        Inputs.
    theta : (p,) float64
        Parameters in the catalogue's order: W row-major, b, the columns of A, c.
    y : (n, C) float64 (squared) or (n,) int64 (logistic, softmax)
        Targets.
    width, outputs : int
        m and C.
    residual : (n, C) float64 or None
        Where Y was defined as f(X) - r, that r: exact, though f(X) is rounded.
    """

    activation: Activation
    loss: Loss
    x: npt.NDArray[np.float64]
    theta: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64] | npt.NDArray[np.int64]
    width: int
    outputs: int
    residual: npt.NDArray[np.float64] | None = None
