"""Spectra in a test that `replay` writes: enclosures that rest on two theorems."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .replay_blocks import Block, block

__all__ = ["SPECTRA"]

SPECTRA: Final[Mapping[str, Block]] = MappingProxyType(
    {
        "eigenvalues": block(
            '''
def eigenvalues(M):
    """Enclosures in descending order, by Jacobi rotations.

    For any invertible V, the k-th eigenvalues of VᵀMV and M have a quotient between the
    extreme eigenvalues of VᵀV (Ostrowski); off-diagonal entries move those of VᵀMV by
    their Frobenius norm at most (Weyl). Both are enclosed, so V need not be orthogonal.
    """
    p, given = len(M), M
    M = [[arb(a) for a in row] for row in M]
    V = [[arb(i == j) for j in range(p)] for i in range(p)]
    work = [[a.mid() for a in row] for row in M]
    for _ in range(SWEEPS):
        for i in range(p):
            for j in range(i + 1, p):
                rotate(work, V, i, j)
    U = transposed(V)
    D, N = matmul(matmul(U, M), V), matmul(U, V)
    apart = [D[i][j] for i in range(p) for j in range(p) if i != j]
    off = root(dot(apart, apart))
    skew = sum(
        (abs(N[i][j] - (i == j)) for i in range(p) for j in range(p)), arb(0)
    ).upper()
    spread = arb(0, off.upper())
    stretch = 1 + arb(0, skew)
    diagonal = descending([D[i][i] + spread for i in range(p)])
    return with_zeros([a / stretch for a in diagonal], given)
''',
            "rotate",
            "dot",
            "matmul",
            "transposed",
            "root",
            "descending",
            "with_zeros",
        ),
        "with_zeros": block(
            '''
def with_zeros(values, M):
    """Exact zeros, where the rank of a rational matrix says which eigenvalues are 0."""
    if not all(isinstance(a, Q) for row in M for a in row):
        return values
    zeros = len(M) - fmpq_mat(M).rank()
    open_ = [value.contains(0) for value in values]
    if sum(open_) != zeros:
        return values
    return [arb(0) if zero else a for zero, a in zip(open_, values, strict=True)]
'''
        ),
        "rotate": block('''
def rotate(M, V, i, j):
    """One Jacobi rotation, on mid-points: what it loses is enclosed afterwards."""
    if M[i][j] == 0 or abs(M[i][j]) < TINY * (abs(M[i][i]) + abs(M[j][j])):
        return
    slope = (M[j][j] - M[i][i]) / (2 * M[i][j])
    t = 1 / (abs(slope) + (slope * slope + 1).sqrt())
    t = (-t if slope < 0 else t).mid()
    cosine = (1 / (t * t + 1).sqrt()).mid()
    sine = (t * cosine).mid()
    for row in (*M, *V):
        a, b = row[i], row[j]
        row[i], row[j] = (cosine * a - sine * b).mid(), (sine * a + cosine * b).mid()
    for k in range(len(M)):
        a, b = M[i][k], M[j][k]
        M[i][k] = (cosine * a - sine * b).mid()
        M[j][k] = (sine * a + cosine * b).mid()
'''),
        "descending": block('''
def descending(balls):
    """The k-th largest of numbers in the balls lies in the k-th ball returned."""
    highs = sorted((a.upper() for a in balls), key=Ordered, reverse=True)
    lows = sorted((a.lower() for a in balls), key=Ordered, reverse=True)
    return [low.union(high) for low, high in zip(lows, highs, strict=True)]


class Ordered:
    """Exact balls, in their order."""

    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        return self.value < other.value
'''),
        "singular_values": block(
            """
def singular_values(M):
    wide = len(M) <= len(M[0])
    gram = matmul(M, transposed(M)) if wide else matmul(transposed(M), M)
    return [root(a) for a in eigenvalues(gram)]
""",
            "eigenvalues",
            "matmul",
            "transposed",
            "root",
        ),
        "lmax": block(
            """
def lmax(M):
    return eigenvalues(M)[0]
""",
            "eigenvalues",
        ),
        "lmin": block(
            """
def lmin(M):
    return eigenvalues(M)[-1]
""",
            "eigenvalues",
        ),
        "op": block(
            """
def op(M):
    return singular_values(M)[0]
""",
            "singular_values",
        ),
        "smin": block(
            """
def smin(M):
    return singular_values(M)[-1]
""",
            "singular_values",
        ),
        "nuc": block(
            """
def nuc(M):
    return sum(singular_values(M), arb(0))
""",
            "singular_values",
        ),
        "logdet": block(
            """
def logdet(M):
    return sum((log(a) for a in eigenvalues(M)), arb(0))
""",
            "eigenvalues",
            "log",
        ),
        "rank": block(
            '''
def rank(M, at_most=None):
    """Exact for rational matrices; else from certain singular values up to `at_most`."""
    if all(isinstance(a, Q) for a in flat(M)):
        return Q(fmpq_mat(M).rank())
    low = sum(bool(a > 0) for a in singular_values(M))
    high = min(len(M), len(M[0]), len(M) if at_most is None else at_most)
    return arb(low).union(arb(high))
''',
            "flat",
            "singular_values",
        ),
    }
)
"""Eigenvalues, singular values, ranks, and what is made of them."""
