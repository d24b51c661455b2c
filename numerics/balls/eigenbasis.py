"""Nearly orthonormal eigenvectors of a symmetric matrix, to any precision, uncertified.

LAPACK's vectors in float64 are refined in steps, after Ogita and Aishima (2018): V is made
orthonormal, and with S = VᵀAV replaced by V(I + E),

    E_ij = S_ij / (S_jj - S_ii),

which squares what is left of S off the diagonal. Vectors whose S_ii are too near each
other for that are turned, together, by a float eigendecomposition of their own small block
of S. Nothing here is certain: what is concluded from the vectors is, whatever they are.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from flint import arb, arb_mat

from .numbers import precision

__all__ = ["eigenbasis"]

Floats = npt.NDArray[np.float64]

FLOAT_BITS = 53
MOST_STEPS = 24
GUARD = 24
"""Bits by which more is worked than is asked for."""

SEPARATED = 8.0
"""Eigenvalues nearer than this multiple of the error are taken together."""


def eigenbasis(matrix: arb_mat, bits: int) -> arb_mat:
    """V, nearly orthogonal, with VᵀAV nearly diagonal.

    Parameters
    ----------
    matrix : arb_mat
        A, symmetric and finite; its mid-points are taken.
    bits : int
        How good V is to be; more than 53 take the refinement.

    Returns
    -------
    arb_mat
        Exact entries.
    """
    A = matrix.mid()
    A = (A + A.transpose()) * arb(0.5)
    A = (A * _scale(A)).mid()
    V = arb_mat(np.linalg.eigh(_floats(A))[1].tolist())
    reached = FLOAT_BITS
    while reached < bits:
        # a step doubles the digits that are right: so does what they are held in
        reached = min(2 * reached, bits)
        with precision(reached + GUARD):
            V = _refined(A, V, matrix.nrows() * 2.0 ** -min(reached, 1000))
    return V


def _refined(A: arb_mat, V: arb_mat, target: float) -> arb_mat:
    """V after as many steps as bring the error to the target."""
    for _ in range(MOST_STEPS):
        V = _orthonormal(V, target)
        better = _improved(A, V, target)
        if better is None:
            break
        V = better
    return V


def _scale(A: arb_mat) -> arb:
    """A power of two that brings the largest entry near 1."""
    largest = max((abs(entry).upper() for entry in A.entries()), default=arb(0))
    if largest == 0:
        return arb(1)
    mantissa, exponent = largest.man_exp()
    return arb(2) ** -(int(exponent) + int(mantissa).bit_length())


def _floats(A: arb_mat) -> Floats:
    return np.array([[float(entry) for entry in row] for row in A.tolist()])


def _orthonormal(V: arb_mat, target: float) -> arb_mat:
    """V(I + R/2), R = I - VᵀV, again and again, which squares R (Newton and Schulz)."""
    size = V.nrows()
    for _ in range(MOST_STEPS):
        R = (arb_mat(size, size, 1) - V.transpose() * V).mid()
        if max(abs(float(entry)) for entry in R.entries()) <= target:
            break
        V = (V + V * R * arb(0.5)).mid()
    return V


def _improved(A: arb_mat, V: arb_mat, target: float) -> arb_mat | None:
    """V after one step; None if VᵀAV is diagonal already: noise must not be divided."""
    size = A.nrows()
    S = (V.transpose() * A * V).mid()
    rows = S.tolist()
    off = max(
        (abs(float(rows[i][j])) for i in range(size) for j in range(size) if i != j),
        default=0.0,
    )
    if off <= target:
        return None
    lam = [rows[i][i] for i in range(size)]
    near = SEPARATED * size * off
    E = [
        [_entry(rows[i][j], lam[j] - lam[i], near) for j in range(size)]
        for i in range(size)
    ]
    return _separated(A, (V + V * arb_mat(E)).mid(), lam, near, target)


def _entry(s: arb, gap: arb, near: float) -> arb:
    return (s / gap).mid() if abs(gap) > near else arb(0)


def _separated(
    A: arb_mat, V: arb_mat, lam: list[arb], near: float, target: float
) -> arb_mat:
    """V with the vectors of every cluster turned so that their block is diagonal."""
    clusters = [c for c in _clusters(lam, near) if len(c) > 1]
    if not clusters:
        return V
    columns = V.transpose().tolist()
    for cluster in clusters:
        own = arb_mat([columns[j] for j in cluster])
        block = (own * A * own.transpose()).mid()
        centre = block[0, 0]
        for i in range(len(cluster)):
            block[i, i] -= centre
        floats = _floats(block.mid() * _scale(block.mid()))
        turn = np.linalg.eigh((floats + floats.T) / 2)[1]
        turned = _orthonormal(arb_mat(turn.T.tolist()), target) * own
        for j, column in zip(cluster, turned.mid().tolist(), strict=True):
            columns[j] = column
    return arb_mat(columns).transpose()


def _clusters(lam: list[arb], near: float) -> list[list[int]]:
    order = sorted(range(len(lam)), key=lambda j: float(lam[j]))
    clusters = [[order[0]]]
    for before, after in pairwise(order):
        if abs(lam[after] - lam[before]) > near:
            clusters.append([])
        clusters[-1].append(after)
    return clusters
