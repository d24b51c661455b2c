"""Networks with data: one as strategies draw it, and many as claims are judged on."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..theory.activations import Activation
from ..theory.losses import Loss

__all__ = ["Instance", "Instances"]

Floats = npt.NDArray[np.float64]


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


@dataclass(frozen=True, kw_only=True, eq=False)
class Instances:
    """T networks of one shape with their data, all arrays stacked.

    Attributes
    ----------
    activation, loss : Activation, Loss
        The same for all.
    x, theta : (T, n, d), (T, p) float64
        Inputs and parameters.
    width, outputs : int
        m and C.
    t : (T, n, C) float64 or None
        Targets.
    target_error : (T, n, C) float64 or None
        Bound on the error of real targets.
    residual : (T, n, C) float64 or None
        r, where Y is defined as f(X) - r; one of `t` and `residual` is given.
    residual_error : (T, n, C) float64 or None
        Bound on the error of a given residual.
    output_hessian : (T, n, C, C) float64 or None
        S, where the loss is none of the catalogue's.
    theta_error : float
        Relative error of the entries of θ.
    """

    activation: Activation
    loss: Loss
    x: Floats
    theta: Floats
    width: int
    outputs: int
    t: Floats | None = None
    target_error: Floats | None = None
    residual: Floats | None = None
    residual_error: Floats | None = None
    output_hessian: Floats | None = None
    theta_error: float = 0.0

    def __len__(self) -> int:
        return len(self.theta)

    def take(self, index: Any) -> "Instances":
        """Some of the instances."""
        arrays: dict[str, Any] = {
            name: None if (a := getattr(self, name)) is None else a[index]
            for name in (
                "x",
                "theta",
                "t",
                "target_error",
                "residual",
                "residual_error",
                "output_hessian",
            )
        }
        return replace(self, **arrays)
