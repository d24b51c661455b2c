"""The exact Hessian H = ∇²L, dense, for one network or for many small ones."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from scipy.linalg.blas import dgemm

from ._jit import jitted
from ._kernels import fill_hessian, sample_rows, small_hessians
from .forward import Array, Forward

__all__ = ["hessian", "hessian_parts", "hessians"]

SAMPLES = 256
"""How many samples are taken at a time: as many as BLAS takes, so none is lost."""

SCRATCH = 2**17
"""Numbers of scratch (1 MiB) that any Hessian may use, if p² are fewer."""

FORMING = 16
"""Multiply-adds of a matrix product in the time of forming and storing one number."""


@np.errstate(all="ignore")
def hessian(fwd: Forward) -> Array:
    """Hessian of the loss at one θ.

        H = G + F = (1/n) Σ_i J_iᵀ S_i J_i + (1/n) Σ_i Σ_c r_ic ∇²f_c(x_i).

    With x̃ = (x, 1), the entry of ((k, j), (l, q)) in the block of (W, b) is

        Σ_i g_ikl x̃_ij x̃_iq,
        g_ikl = (1/n) (Σ_ce S_ice A_ck A_el σ'(z_ik) σ'(z_il) + δ_kl (r_i·a_k) σ''(z_ik)),

    unchanged when j and q are swapped, and when k and l are. So one matrix product, of
    the m (m + 1) / 2 rows g_kl with the (d + 1) (d + 2) / 2 rows x̃_j x̃_q, gives it all.

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
    About n p² / 4 multiply-adds, half of those of a symmetric rank-n update by J, unless
    m or d is so small that forming the rows would take longer. Beside H, less than twice
    its memory is in use, in most shapes less than half.

    References
    ----------
    Theorems T01 and T02 of the catalogue; the double symmetry is derived here.
    """
    sums = _sums(fwd)
    C, m, D = sums.slopes.shape
    H = np.empty((m * D + C * (m + 1),) * 2)
    jitted(fill_hessian)(*sums, H)
    return H


class _Sums(NamedTuple):
    """The distinct entries of H, as `fill_hessian` takes them."""

    moments: Array
    mixed: Array
    slopes: Array
    outputs: Array


class _Rows(NamedTuple):
    """Rows over some samples, as `sample_rows` makes them."""

    delta: Array
    weighted: Array
    inputs: Array
    hidden: Array
    pairs: Array
    weights: Array
    mixed: Array
    slopes: Array
    outputs: Array


def _sums(fwd: Forward) -> _Sums:
    n, d = fwd.x.shape
    C, m = fwd.A.shape
    D = d + 1
    weights, pairs = m * (m + 1) // 2, D * (D + 1) // 2
    twice = weights * pairs + FORMING * (weights + pairs) < (m * D) ** 2
    block = np.zeros((weights, pairs) if twice else (m * D, m * D))
    mixed, slopes = np.zeros((m + 1, C * m * D)), np.zeros((C * m, D))
    outputs = np.zeros((C * (C + 1) // 2 * (m + 1), m + 1))
    # in the order of _Rows
    counts = (
        *(C * m, C * m, D, m + 1),
        *((pairs, weights) if twice else (0, m)),
        *(C * m * D, C * m, len(outputs)),
    )
    room = max((m * D + C * m) ** 2 // 2, SCRATCH)
    size = max(1, min(n, SAMPLES, room // sum(counts)))
    scratch = np.empty(sum(counts) * size)
    for start in range(0, n, size):
        rows = _rows(fwd, slice(start, start + size), counts, scratch)
        if twice:
            _add_product(block, rows.weights, rows.pairs)
        else:
            _add_square(block, rows)
        # σ(z) stands sample by sample already, as BLAS likes it best; the row of c is all 1
        part = np.ascontiguousarray(fwd.s0[start : start + size])
        _add_product(mixed[:m], part, rows.mixed, by_sample=True)
        _add_product(mixed[m].reshape(C * m, D), rows.weighted, rows.inputs)
        _add_product(slopes, rows.slopes, rows.inputs)
        _add_product(outputs, rows.outputs, rows.hidden)
    return _Sums(
        moments=block if twice else _moments(block, m),
        mixed=mixed.reshape(m + 1, C, m, D),
        slopes=slopes.reshape(C, m, D),
        outputs=outputs.reshape(-1, m + 1, m + 1),
    )


def _rows(fwd: Forward, part: slice, counts: Sequence[int], scratch: Array) -> _Rows:
    x, s0, s1, s2, r, S = (
        np.ascontiguousarray(array[part])
        for array in (fwd.x, fwd.s0, fwd.s1, fwd.s2, fwd.r, fwd.S)
    )
    A = np.ascontiguousarray(fwd.A)
    starts = accumulate(counts, initial=0)
    rows = _Rows(
        *(
            scratch[start * len(x) : (start + count) * len(x)].reshape(count, len(x))
            for start, count in zip(starts, counts, strict=False)
        )
    )
    jitted(sample_rows)(x, A, s0, s1, s2, r, S, 1 / len(fwd.x), *rows)
    return rows


def _add_square(square: Array, rows: _Rows) -> None:
    """Add to the block of (W, b), its rows and columns in the order (k, j)."""
    m, D = len(rows.weights), len(rows.inputs)
    C = len(rows.delta) // m
    other = (rows.delta[:, None] * rows.inputs).reshape(rows.mixed.shape)
    for left, right in zip(np.split(rows.mixed, C), np.split(other, C), strict=True):
        _add_product(square, left, right)
    for k in range(m):
        own = slice(k * D, (k + 1) * D)
        square[own, own] += (rows.weights[k] * rows.inputs) @ rows.inputs.T


def _moments(square: Array, m: int) -> Array:
    """The distinct entries of the block of (W, b), as `fill_hessian` takes them."""
    D = len(square) // m
    k, other = np.triu_indices(m)
    j, q = np.triu_indices(D)
    return np.ascontiguousarray(square.reshape(m, D, m, D)[k, :, other][:, j, q])


def _add_product(
    total: Array, left: Array, right: Array, *, by_sample: bool = False
) -> None:
    """Add left rightᵀ, or leftᵀ rightᵀ, to `total`, in place."""
    dgemm(
        1.0,
        right.T,
        left.T,
        beta=1.0,
        c=total.T,
        trans_a=True,
        trans_b=by_sample,
        overwrite_c=True,
    )


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
