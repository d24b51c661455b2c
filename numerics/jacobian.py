"""The Jacobian J of the outputs, the NTK Gram matrix, and the gradient of the loss."""

import numpy as np

from .forward import Array, Forward

__all__ = ["functional_gradient", "gradient", "jacobian", "ntk_gram"]


@np.errstate(all="ignore")
def jacobian(fwd: Forward) -> Array:
    """Jacobian of all outputs with respect to θ.

        J[(i, c), :] = ∇_θ f_c(x_i):
        ∂f_c/∂W_kj = A_ck σ'(z_ik) x_ij,   ∂f_c/∂b_k = A_ck σ'(z_ik),
        ∂f_c/∂A_ek = δ_ce σ(z_ik),         ∂f_c/∂c_e = δ_ce.

    Parameters
    ----------
    fwd : Forward
        The forward pass.

    Returns
    -------
    (..., n C, p)
        Row i C + c belongs to sample i and output c.

    References
    ----------
    Theorem T01 of the catalogue.
    """
    *lead, n, m = fwd.s0.shape
    C, d = fwd.A.shape[-2], fwd.x.shape[-1]
    delta = fwd.A[..., None, :, :] * fwd.s1[..., :, None, :]
    rows = np.zeros((*lead, n, C, m * d + m + m * C + C), dtype=delta.dtype)
    first = delta[..., :, None] * fwd.x[..., :, None, None, :]
    rows[..., : m * d] = first.reshape(*lead, n, C, m * d)
    rows[..., m * d : m * d + m] = delta
    start = m * d + m
    for c in range(C):
        rows[..., c, start + c : start + m * C : C] = fwd.s0
        rows[..., c, start + m * C + c] = 1
    return rows.reshape(*lead, n * C, rows.shape[-1])


@np.errstate(all="ignore")
def ntk_gram(fwd: Forward) -> Array:
    """NTK Gram matrix K = J Jᵀ, without forming J.

        K[(i, c), (j, e)] = (x_i·x_j + 1) Σ_k A_ck A_ek σ'(z_ik) σ'(z_jk)
                            + δ_ce (Σ_k σ(z_ik) σ(z_jk) + 1)

    Returns
    -------
    (..., n C, n C)
        Symmetric, positive semi-definite.

    References
    ----------
    Theorem T04(d) of the catalogue.
    """
    *lead, n, _ = fwd.s0.shape
    C = fwd.A.shape[-2]
    delta = (fwd.A[..., None, :, :] * fwd.s1[..., :, None, :]).reshape(
        *lead, n * C, fwd.s1.shape[-1]
    )
    inputs = fwd.x @ fwd.x.swapaxes(-1, -2) + 1
    gram = delta @ delta.swapaxes(-1, -2)
    gram = gram.reshape(*lead, n, C, n, C) * inputs[..., :, None, :, None]
    hidden = fwd.s0 @ fwd.s0.swapaxes(-1, -2) + 1
    for c in range(C):
        gram[..., :, c, :, c] += hidden
    return gram.reshape(*lead, n * C, n * C)


def gradient(fwd: Forward) -> Array:
    """∇L = (1/n) Σ_i J_iᵀ r_i, without forming J.

    Returns
    -------
    (..., p)
        In the order of θ; unit: loss / θ.

    References
    ----------
    Theorem T01(a) of the catalogue and the chain rule.
    """
    return functional_gradient(fwd, fwd.r / fwd.x.shape[-2])


@np.errstate(all="ignore")
def functional_gradient(fwd: Forward, weights: Array) -> Array:
    """Jᵀ u: the gradient of Σ_ic u_ic f_c(x_i), without forming J.

    Parameters
    ----------
    fwd : Forward
        The forward pass.
    weights : (..., n, C)
        u.

    Returns
    -------
    (..., p)
        In the order of θ.
    """
    lead = fwd.s0.shape[:-2]
    back = (weights @ fwd.A) * fwd.s1
    parts = (
        (back.swapaxes(-1, -2) @ fwd.x).reshape(*lead, -1),
        back.sum(axis=-2),
        (fwd.s0.swapaxes(-1, -2) @ weights).reshape(*lead, -1),
        weights.sum(axis=-2),
    )
    return np.concatenate(parts, axis=-1)
