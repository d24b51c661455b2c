"""The forward pass: everything that the derivatives of a two-layer network need.

    z = W x + b,   f = A σ(z) + c,   r = ∂ℓ/∂f,   S = ∂²ℓ/∂f².

The functions that take a `Forward` are polynomial in the arrays it holds, and accept
any leading axes in front of the shapes named here: T networks at once, say.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..theory.activations import Activation
from ..theory.losses import Loss
from .lowering import activation_values, loss_values

__all__ = ["Forward", "forward", "parameter_count", "parameter_slices", "split"]

Array = npt.NDArray[Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Forward:
    """The arrays of one forward pass.

    Attributes
    ----------
    x : (..., n, d)
        Inputs.
    W, b, A, c : (..., m, d), (..., m), (..., C, m), (..., C)
        Parameters.
    z, s0, s1, s2 : (..., n, m)
        Pre-activations, and σ, σ', σ'' there.
    f, r : (..., n, C)
        Outputs and residuals r = ∂ℓ/∂f.
    S : (..., n, C, C)
        Output Hessians ∂²ℓ/∂f².
    t : (..., n, C)
        Targets as the loss takes them (labels as indicators).
    ell : (..., n)
        Loss of each sample.
    """

    x: Array
    W: Array
    b: Array
    A: Array
    c: Array
    z: Array
    s0: Array
    s1: Array
    s2: Array
    f: Array
    r: Array
    S: Array
    t: Array
    ell: Array

    def take(self, index: Any) -> "Forward":
        """The same, with every array indexed along its leading axes."""
        return Forward(**{f.name: getattr(self, f.name)[index] for f in fields(self)})

    def samples(self, part: slice) -> "Forward":
        """The same of some samples only."""
        rows = ("x", "z", "s0", "s1", "s2", "f", "r", "t")
        return replace(
            self,
            **{name: getattr(self, name)[..., part, :] for name in rows},
            S=self.S[..., part, :, :],
            ell=self.ell[..., part],
        )


def parameter_count(*, inputs: int, width: int, outputs: int) -> int:
    """p = md + m + mC + C."""
    return width * inputs + width + width * outputs + outputs


def parameter_slices(*, inputs: int, width: int, outputs: int) -> dict[str, slice]:
    """Where W (row-major), b, A (column by column) and c stand in θ."""
    W = width * inputs
    b = W + width
    A = b + width * outputs
    return {
        "W": slice(0, W),
        "b": slice(W, b),
        "A": slice(b, A),
        "c": slice(A, A + outputs),
    }


def split(
    theta: Array, *, inputs: int, width: int, outputs: int
) -> tuple[Array, Array, Array, Array]:
    """θ (..., p) as W (..., m, d), b (..., m), A (..., C, m), c (..., C)."""
    place = parameter_slices(inputs=inputs, width=width, outputs=outputs)
    lead = theta.shape[:-1]
    columns = theta[..., place["A"]].reshape(*lead, width, outputs)
    return (
        theta[..., place["W"]].reshape(*lead, width, inputs),
        theta[..., place["b"]],
        columns.swapaxes(-1, -2),
        theta[..., place["c"]],
    )


def forward(
    activation: Activation,
    loss: Loss,
    x: Array,
    theta: Array,
    t: Array | None,
    *,
    width: int,
    outputs: int,
    residual: Array | None = None,
) -> Forward:
    """Forward pass at θ.

    Parameters
    ----------
    activation, loss : Activation, Loss
        The definitions.
    x : (..., n, d) float64
        Inputs.
    theta : (..., p) float64 or complex128
        Parameters.
    t : (..., n, C) float64 or None
        Targets; None only with `residual`.
    width, outputs : int
        m and C.
    residual : (..., n, C) float64, optional
        r, where Y is defined as f(X) - r (squared loss): exact, though f is rounded.

    Returns
    -------
    Forward
        Not finite where σ or the loss overflows.

    Raises
    ------
    InputError
        If neither targets nor a residual are given.
    """
    inputs = x.shape[-1]
    W, b, A, c = split(theta, inputs=inputs, width=width, outputs=outputs)
    with np.errstate(all="ignore"):
        z = x @ W.swapaxes(-1, -2) + b[..., None, :]
        s0, s1, s2 = activation_values(activation, z)
        f = s0 @ A.swapaxes(-1, -2) + c[..., None, :]
        if residual is not None:
            # ℓ(f, f - r) = ℓ(r, 0) for the squared loss: f would only add rounding
            values = loss_values(loss, np.broadcast_to(residual, f.shape), 0.0 * f)
            t = f - residual
        elif t is not None:
            values = loss_values(loss, f, t)
        else:
            raise InputError("t is None; expected targets, or a residual instead")
    return Forward(
        x=x,
        W=W,
        b=b,
        A=A,
        c=c,
        z=z,
        s0=s0,
        s1=s1,
        s2=s2,
        f=f,
        r=values.residual,
        S=values.output_hessian,
        t=t if t.shape == f.shape else np.broadcast_to(t, f.shape),
        ell=values.ell,
    )
