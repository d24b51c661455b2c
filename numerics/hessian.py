"""The exact Hessian H = ∇²L, dense, for one network or for many small ones."""

import numpy as np

from ._jit import jitted
from ._kernels import dense_hessian, small_hessians
from .forward import Array, Forward

__all__ = ["hessian", "hessian_parts", "hessians"]

SCRATCH = 1.5
"""Scratch that one Hessian may use, as a multiple of its own size."""


def hessian(fwd: Forward) -> Array:
    """Hessian of the loss at one θ.

        H = G + F = (1/n) Σ_i J_iᵀ S_i J_i + (1/n) Σ_i Σ_c r_ic ∇²f_c(x_i).

    Parameters
    ----------
    fwd : Forward
        The forward pass of one network, without leading axes.

    Returns
    -------
    (p, p) float64
        Exactly symmetric; unit: loss / θ².

    Notes
    -----
    About n p² / 2 multiply-adds, half of those of JᵀJ by a symmetric rank-n update: the
    block of (W, b) is unchanged by two swaps (see the kernel). Scratch is bounded by
    1.5 times the Hessian's own size, or by one sample's.

    References
    ----------
    Theorems T01 and T02 of the catalogue; the double symmetry is derived here.
    """
    n, d = fwd.x.shape
    C, m = fwd.A.shape
    p = m * d + m + m * C + C
    xt = np.concatenate([fwd.x, np.ones((n, 1))], axis=1)
    U = fwd.A[:, None, :] * fwd.s1
    S = np.ascontiguousarray(fwd.S.transpose(1, 2, 0)) / n
    V = S[0].reshape(1, n, 1) * U if C == 1 else np.einsum("cei,eik->cik", S, U)
    curvature = (fwd.r @ fwd.A) * fwd.s2 / n
    r = np.ascontiguousarray(fwd.r.T)
    H = np.zeros((p, p))
    columns = (d + 1) * (d + 2) // 2 + m * (m + 1) // 2
    chunk = max(1, min(n, int(SCRATCH * p * p / columns)))
    jitted(dense_hessian)(xt, U, V, curvature, fwd.s0, fwd.s1 / n, r, S, chunk, H)
    return H


def hessians(fwd: Forward) -> Array:
    """Hessians of T small networks in one compiled loop.

    Parameters
    ----------
    fwd : Forward
        T forward passes, stacked along the first axis.

    Returns
    -------
    (T, p, p) float64
        Exactly symmetric.
    """
    H, _ = _loop(fwd, together=True)
    return H


def hessian_parts(fwd: Forward) -> tuple[Array, Array]:
    """G and F of T small networks, both (T, p, p), in one compiled loop."""
    return _loop(fwd, together=False)


def _loop(fwd: Forward, *, together: bool) -> tuple[Array, Array]:
    count, n, m = fwd.s1.shape
    C, d = fwd.A.shape[-2], fwd.x.shape[-1]
    p = m * d + m + m * C + C
    G = np.zeros((count, p, p))
    F = G if together else np.zeros((count, p, p))
    arrays = (
        np.broadcast_to(fwd.x, (count, n, d)),
        fwd.A,
        fwd.s0,
        fwd.s1,
        fwd.s2,
        fwd.r,
        fwd.S,
    )
    jitted(small_hessians)(*map(np.ascontiguousarray, arrays), G, F)
    return G, F
