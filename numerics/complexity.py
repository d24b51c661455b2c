"""The input Jacobian, and the complexity of the network on its data."""

import numpy as np

from .forward import Array, Forward

__all__ = ["complexity", "input_jacobian", "weighted_complexity"]


@np.errstate(all="ignore")
def input_jacobian(fwd: Forward) -> Array:
    """∇ₓf at every sample: Jx_i = A diag(σ'(z_i)) W.

    Returns
    -------
    (..., n, C, d)
        Row c is ∇ₓ f_c(x_i).

    References
    ----------
    Conventions of the catalogue.
    """
    delta = fwd.A[..., None, :, :] * fwd.s1[..., :, None, :]
    return delta @ fwd.W[..., None, :, :]


@np.errstate(all="ignore")
def complexity(fwd: Forward) -> Array:
    """Cx = (1/n) Σ_i ‖Jx_i‖_F².

    Returns
    -------
    (...)
        Not negative.
    """
    return (input_jacobian(fwd) ** 2).sum(axis=(-1, -2)).mean(axis=-1)


@np.errstate(all="ignore")
def weighted_complexity(fwd: Forward) -> Array:
    """Cx_S = (1/n) Σ_i tr(Jx_iᵀ S_i Jx_i).

    Returns
    -------
    (...)
        Equal to Cx for the squared loss.
    """
    Jx = input_jacobian(fwd)
    return (Jx * (fwd.S @ Jx)).sum(axis=(-1, -2)).mean(axis=-1)
