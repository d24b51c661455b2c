"""The generalised Gauss-Newton matrix (GGN), and the two Fishers."""

from collections.abc import Callable

import numpy as np

from ..theory.losses import Loss
from .forward import Array, Forward, parameter_count
from .jacobian import jacobian

__all__ = ["empirical_fisher", "fisher", "gauss_newton"]

SCRATCH = 2**18
"""Numbers of the Jacobian (2 MiB) that are held at a time, if p² / 4 are fewer."""


@np.errstate(all="ignore")
def gauss_newton(fwd: Forward) -> Array:
    """Generalised Gauss-Newton matrix.

        G = (1/n) Σ_i J_iᵀ S_i J_i,   S_i = ∂²ℓ/∂f² at sample i.

    Returns
    -------
    (..., p, p)
        Symmetric, positive semi-definite where every S_i is; unit:
        loss / θ².

    References
    ----------
    Schraudolph (2002); theorem T02 of the catalogue.
    """

    def part(some: Forward) -> Array:
        J = _jacobians(some)
        return _outer(J, some.S @ J)

    return _mean(fwd, part)


@np.errstate(all="ignore")
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

    def part(some: Forward) -> Array:
        J = _jacobians(some)
        if loss.targets == "real":
            return _outer(J, J)
        weights, residuals = _labels(some, loss)
        g = residuals @ J
        return _outer(weights[..., None] * g, g)

    return _mean(fwd, part)


@np.errstate(all="ignore")
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

    def part(some: Forward) -> Array:
        g = some.r[..., None, :] @ _jacobians(some)
        return _outer(g, g)

    return _mean(fwd, part)


def _labels(fwd: Forward, loss: Loss) -> tuple[Array, Array]:
    """Probabilities (..., n, K) of all K labels, and the residuals (..., n, K, C) of each."""
    mean = fwd.r + fwd.t
    if loss.targets == "binary":
        probabilities = np.concatenate([1 - mean, mean], axis=-1)
        return probabilities, mean[..., None, :] - np.array([[0.0], [1.0]])
    return mean, mean[..., None, :] - np.eye(mean.shape[-1])


def _jacobians(fwd: Forward) -> Array:
    """J_i for each sample, (..., n, C, p)."""
    J = jacobian(fwd)
    n, C = fwd.f.shape[-2:]
    return J.reshape(*J.shape[:-2], n, C, J.shape[-1])


def _outer(left: Array, right: Array) -> Array:
    """Σ_i L_iᵀ R_i of (..., n, C, p) arrays."""
    *lead, n, C, p = left.shape
    rows = left.reshape(*lead, n * C, p)
    return rows.swapaxes(-1, -2) @ right.reshape(*lead, n * C, p)


def _mean(fwd: Forward, part: Callable[[Forward], Array]) -> Array:
    """The mean over all samples of what `part` sums over some; exactly symmetric."""
    n, C = fwd.f.shape[-2:]
    m, d = fwd.W.shape[-2:]
    p = parameter_count(inputs=d, width=m, outputs=C)
    size = max(1, max(p * p // 4, SCRATCH) // (C * p))
    total = np.zeros((*fwd.s1.shape[:-2], p, p), dtype=fwd.s1.dtype)
    for start in range(0, n, size):
        total += part(fwd.samples(slice(start, start + size)))
    return (total + total.swapaxes(-1, -2)) / (2 * n)
