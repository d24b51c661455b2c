"""Products, spectra, ranks and determinants of matrices of certain numbers.

Eigenvalues of a symmetric A are enclosed by a congruence. For any V with
‖VᵀV - I‖ <= ε < 1, let S = VᵀAV, enclosed, s its diagonal's mid-points in descending order
and e >= ‖S - diag(s)‖. Then, for every j,

    λ_j(A) θ_j = λ_j(S),  1 - ε <= θ_j <= 1 + ε    (Ostrowski 1959; Horn and Johnson,
                                                    Matrix Analysis, Theorem 4.5.9),
    |λ_j(S) - s_j| <= e                            (Weyl 1912).

V comes from floats and need not be good: a bad one gives wide balls, never wrong ones.
Multiplicities do no harm, since order alone says which eigenvalue a ball is for.
"""

import numpy as np
from flint import arb, arb_mat, ctx, fmpq_mat

from .eigenbasis import eigenbasis
from .numbers import (
    ONE,
    UNKNOWN,
    ZERO,
    Number,
    Numbers,
    ball,
    hull,
    is_known,
    precision,
    sqrt,
    surely_zero,
)
from .order import POSITION, descending

__all__ = [
    "determinant",
    "eigenvalues",
    "is_exact",
    "log_determinant",
    "matrix_product",
    "rank_bounds",
    "singular_values",
]

GUARD = 20
"""Bits by which products are worked out beyond the precision asked for."""


def is_exact(array: Numbers) -> bool:
    """Whether every entry is rational."""
    return not any(isinstance(entry, arb) for entry in array.flat)


def matrix_product(a: Numbers, b: Numbers) -> Numbers:
    """A B; exact where both are."""
    shape = (a.shape[0], b.shape[1])
    product: Numbers = np.full(shape, ZERO, dtype=object)
    if not (product.size and a.shape[1]):
        return product
    exact = is_exact(a) and is_exact(b)
    whole = (
        fmpq_mat(a.tolist()) * fmpq_mat(b.tolist())
        if exact
        else arb_mat(a.tolist()) * arb_mat(b.tolist())
    )
    product[...] = whole.tolist()
    return product


def eigenvalues(matrix: Numbers, *, most: int | None = None) -> list[Number]:
    """Eigenvalues of a symmetric matrix in descending order.

    Parameters
    ----------
    matrix : (k, k) numbers
        Entries that mirror each other are meant to be the same number.
    most : int, optional
        A bound on its rank that is known otherwise.

    Returns
    -------
    list of Number
        Those that are surely 0, since the rank admits no more others, are exactly 0;
        all are unknown where two mirrored entries certainly differ.
    """
    count = len(matrix)
    if not _symmetric(matrix):
        return [UNKNOWN] * count
    values: list[Number] = []
    for part in _components(matrix):
        values += _of_component(matrix[np.ix_(part, part)])
    values = descending(values)
    return values if most is None else _with_zeros(values, most)


def _symmetric(matrix: Numbers) -> bool:
    """Whether no two mirrored entries certainly differ."""
    rows, columns = np.tril_indices(len(matrix), -1)
    pairs = zip(matrix[rows, columns], matrix[columns, rows], strict=True)
    return not any(a is not b and a != b for a, b in pairs)


def _components(matrix: Numbers) -> list[list[int]]:
    """Indices in groups that no entry other than 0 joins."""
    joined = np.array([[not surely_zero(entry) for entry in row] for row in matrix])
    waiting = set(range(len(matrix)))
    groups = []
    while waiting:
        group, front = [], [waiting.pop()]
        while front:
            index = front.pop()
            group.append(index)
            near = {j for j in waiting if joined[index, j] and joined[j, index]}
            waiting -= near
            front += near
        groups.append(sorted(group))
    return groups


def _of_component(matrix: Numbers) -> list[Number]:
    if len(matrix) == 1:
        return [matrix[0, 0]]
    exact = is_exact(matrix)
    rank = fmpq_mat(matrix.tolist()).rank() if exact else len(matrix)
    if exact and rank == 1:
        # the one eigenvalue that is not 0 is the trace
        return descending([sum(np.diagonal(matrix), ZERO), *[ZERO] * (len(matrix) - 1)])
    if len(matrix) == 2:
        return _of_two(matrix)
    return _with_zeros(_enclosed(matrix), rank)


def _of_two(matrix: Numbers) -> list[Number]:
    """½(a + d) ± √(¼(a - d)² + b²)."""
    (a, b), (_, d) = matrix
    centre, half = (a + d) / 2, (a - d) / 2
    root = sqrt(half * half + b * b)
    return [centre + root, centre - root]


def _enclosed(matrix: Numbers) -> list[Number]:
    """The congruence above."""
    unknown: list[Number] = [UNKNOWN] * len(matrix)
    if not all(is_known(entry) for entry in matrix.flat):
        return unknown
    bits = ctx.prec
    with precision(bits + GUARD + 2 * len(matrix).bit_length()):
        A = arb_mat(matrix.tolist())
        V = eigenbasis(A, bits)
        skew = _norm(V.transpose() * V - arb_mat(len(matrix), len(matrix), 1))
        if not skew < 0.5:
            return unknown
        S = V.transpose() * A * V
        s = [S[j, j].mid() for j in range(len(matrix))]
        for j, centre in enumerate(s):
            S[j, j] -= centre
        error = _norm(S)
        s.sort(key=POSITION, reverse=True)
        return [_stretched(centre, error, skew) for centre in s]


def _stretched(centre: arb, error: arb, skew: arb) -> arb:
    """All λ with λ θ within `error` of the centre, θ within `skew` of 1."""
    low, high = (centre - error).lower(), (centre + error).upper()
    low = low / (1 + skew if low >= 0 else 1 - skew)
    high = high / (1 - skew if high >= 0 else 1 + skew)
    return hull(low, high)


def _norm(matrix: arb_mat) -> arb:
    """An upper bound on the operator norm of a symmetric matrix, an exact ball.

    The lesser of the Frobenius norm and the largest absolute row sum.
    """
    rows = [[abs(entry).upper() for entry in row] for row in matrix.tolist()]
    squares = sum((entry * entry for row in rows for entry in row), arb(0))
    length = squares.sqrt().upper()
    sums = [sum(row, arb(0)).upper() for row in rows]
    widest = max(sums, default=arb(0))
    return min(length, widest)


def _with_zeros(values: list[Number], rank: int) -> list[Number]:
    """With exact zeros for those without a sure sign, if the rank leaves none to them."""
    sure = [value > 0 or value < 0 for value in values]
    if rank >= len(values) or sum(sure) < rank:
        return values
    return [value if known else ZERO for value, known in zip(values, sure, strict=True)]


def singular_values(matrix: Numbers, *, most: int | None = None) -> list[Number]:
    """The min(k, l) singular values of a (k, l) matrix in descending order.

    They are the greatest eigenvalues of [[0, A], [Aᵀ, 0]]: those of AᵀA would be known to
    the square root of the precision only. A rational matrix is of its exact rank.
    """
    rows, columns = matrix.shape
    count = min(rows, columns)
    if is_exact(matrix) and count:
        rank = int(fmpq_mat(matrix.tolist()).rank())
        most = rank if most is None else min(most, rank)
        if rank == 1:
            squares = sum((entry * entry for entry in matrix.flat), ZERO)
            return [sqrt(squares), *[ZERO] * (count - 1)]
    if count == 1:
        return [sqrt(sum((entry * entry for entry in matrix.flat), ZERO))]
    whole: Numbers = np.full((rows + columns,) * 2, ZERO, dtype=object)
    whole[:rows, rows:] = matrix
    whole[rows:, :rows] = matrix.T
    values = eigenvalues(whole, most=None if most is None else 2 * most)
    return [_not_negative(value) for value in values[:count]]


def _not_negative(value: Number) -> Number:
    """A number that is known to be at least 0."""
    if isinstance(value, arb) and value.is_finite() and not value >= 0:
        return hull(arb(0), value.upper())
    return value


def rank_bounds(matrix: Numbers, *, most: int | None = None) -> tuple[int, int]:
    """The least and the greatest that the rank may be.

    Exact for a rational matrix. Otherwise at least as many as there are singular values
    that are surely positive, and at most the number of rows, or columns, that are not
    exactly 0, or what is known otherwise.
    """
    if not matrix.size:
        return 0, 0
    if is_exact(matrix):
        rank = int(fmpq_mat(matrix.tolist()).rank())
        return rank, rank
    filled = np.array([[not surely_zero(entry) for entry in row] for row in matrix])
    high = int(min(filled.any(axis=0).sum(), filled.any(axis=1).sum()))
    if most is not None:
        high = min(high, most)
    low = sum(1 for value in singular_values(matrix) if value > 0)
    return low, max(low, high)


def determinant(matrix: Numbers) -> Number:
    """Of a square matrix; exact for a rational one."""
    if not len(matrix):
        return ONE
    rows = matrix.tolist()
    return fmpq_mat(rows).det() if is_exact(matrix) else arb_mat(rows).det()


def log_determinant(matrix: Numbers) -> Number:
    """log det of a symmetric matrix that is certainly positive definite, else unknown."""
    values = eigenvalues(matrix)
    if not all(value > 0 for value in values):
        return UNKNOWN
    det = determinant(matrix)
    if det == 1:
        return ZERO
    return ball(det).log() if det > 0 else sum((ball(v).log() for v in values), ZERO)
