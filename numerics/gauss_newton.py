"""The generalised Gauss-Newton matrix (GGN), and the two Fishers."""

import numpy as np

from ..theory.losses import Loss
from .forward import Array, Forward
from .jacobian import jacobian

__all__ = ["empirical_fisher", "fisher", "gauss_newton"]


def gauss_newton(fwd: Forward) -> Array:
    """Generalised Gauss-Newton matrix.

        G = (1/n) Σ_i J_iᵀ S_i J_i,   S_i = ∂²ℓ/∂f² at sample i.

    Returns
    -------
    (..., p, p)
        Symmetric to rounding, positive semi-definite where every S_i is; unit:
        loss / θ².

    References
    ----------
    Schraudolph (2002); theorem T02 of the catalogue.
    """
    n, C = fwd.f.shape[-2:]
    J = jacobian(fwd)
    *lead, rows, p = J.shape
    SJ = (fwd.S @ J.reshape(*lead, n, C, p)).reshape(*lead, rows, p)
    return J.swapaxes(-1, -2) @ SJ / n


def fisher(fwd: Forward, loss: Loss) -> Array:
    """Fisher information of the model whose negative log-likelihood the loss is.

        (1/n) Σ_i E_{y ~ p_θ(·|x_i)} [g gᵀ],   g = ∇_θ ℓ(f(x_i), y).

    Squared loss: y is Gaussian with unit covariance. Logistic and softmax: the
    expectation is summed over all labels.

    Returns
    -------
    (..., p, p)
        Symmetric, positive semi-definite; equal to G (theorem T05).

    References
    ----------
    Martens (2014).
    """
    n, C = fwd.f.shape[-2:]
    J = jacobian(fwd)
    *lead, _, p = J.shape
    J = J.reshape(*lead, n, C, p)
    if loss.targets == "real":
        flat = J.reshape(*lead, n * C, p)
        return flat.swapaxes(-1, -2) @ flat / n
    mean = fwd.r + fwd.t
    total = np.zeros((*lead, J.shape[-1], J.shape[-1]), dtype=J.dtype)
    labels = range(C) if loss.targets == "label" else (0, 1)
    for label in labels:
        if loss.targets == "label":
            weight = mean[..., label]
            residual = mean.copy()
            residual[..., label] -= 1
        else:
            weight = mean[..., 0] if label else 1 - mean[..., 0]
            residual = mean - label
        g = (residual[..., None, :] @ J)[..., 0, :]
        total = total + (weight[..., None] * g).swapaxes(-1, -2) @ g / n
    return total


def empirical_fisher(fwd: Forward) -> Array:
    """Empirical Fisher: the labels' gradients instead of the model's.

        (1/n) Σ_i g_i g_iᵀ,   g_i = J_iᵀ r_i.

    Returns
    -------
    (..., p, p)
        Symmetric, positive semi-definite; 0 wherever every residual is 0.

    References
    ----------
    Kunstner, Hennig and Balles (2019).
    """
    n, C = fwd.f.shape[-2:]
    J = jacobian(fwd)
    *lead, _, p = J.shape
    g = (fwd.r[..., None, :] @ J.reshape(*lead, n, C, p))[..., 0, :]
    return g.swapaxes(-1, -2) @ g / n
