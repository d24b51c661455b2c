"""The residual part F = H - G of the Hessian."""

import numpy as np

from .forward import Array, Forward

__all__ = ["add_residual_hessian", "residual_hessian"]


@np.errstate(all="ignore")
def residual_hessian(fwd: Forward) -> Array:
    """Residual part of the Hessian.

        F = (1/n) Σ_i Σ_c r_ic ∇²f_c(x_i).

    In neuron order F is block diagonal; the block of neuron k on (w̃_k, a_k) is
    [[M_k, U_k], [U_kᵀ, 0]] with

        M_k = (1/n) Σ_i (r_i·a_k) σ''(z_ik) x̃_i x̃_iᵀ,
        U_k = (1/n) Σ_i σ'(z_ik) x̃_i r_iᵀ.

    Returns
    -------
    (..., p, p)
        Exactly symmetric; unit: loss / θ².

    References
    ----------
    Theorem T02(b) of the catalogue.
    """
    m, d = fwd.W.shape[-2:]
    C = fwd.A.shape[-2]
    p = m * d + m + m * C + C
    F = np.zeros((*fwd.s1.shape[:-2], p, p), dtype=fwd.s1.dtype)
    add_residual_hessian(F, fwd)
    return F


def add_residual_hessian(target: Array, fwd: Forward) -> None:
    """Add F to a (..., p, p) array in place: only its md² + O(mdC) entries are touched."""
    *lead, n, m = fwd.s1.shape
    C, d = fwd.A.shape[-2], fwd.x.shape[-1]
    curvature = (fwd.r @ fwd.A) * fwd.s2 / n
    slope = fwd.s1 / n
    xt = fwd.x.swapaxes(-1, -2)
    mixed = (fwd.r.swapaxes(-1, -2)[..., :, None, :] * xt[..., None, :, :]).reshape(
        *lead, C * d, n
    ) @ slope
    mixed = mixed.reshape(*lead, C, d, m)
    plain = fwd.r.swapaxes(-1, -2) @ slope
    linear = xt @ curvature
    constant = curvature.sum(axis=-2)
    bias, output = m * d, m * d + m
    for k in range(m):
        w = slice(k * d, (k + 1) * d)
        a = slice(output + k * C, output + (k + 1) * C)
        square = (xt * curvature[..., None, :, k]) @ fwd.x
        target[..., w, w] += (square + square.swapaxes(-1, -2)) / 2
        target[..., w, bias + k] += linear[..., k]
        target[..., bias + k, w] += linear[..., k]
        target[..., bias + k, bias + k] += constant[..., k]
        cross = mixed[..., k].swapaxes(-1, -2)
        target[..., w, a] += cross
        target[..., a, w] += cross.swapaxes(-1, -2)
        target[..., bias + k, a] += plain[..., k]
        target[..., a, bias + k] += plain[..., k]
