"""Ranks and inertia of a linear network's Hessian, in exact arithmetic.

The matrices are put together from the derivatives of f_c(x) = Σ_k A_ck Σ_j W_kj x_j,

    ∂f_c/∂W_kj = A_ck x_j,   ∂f_c/∂A_ck = Σ_j W_kj x_j,   ∂²f_c/∂W_kj ∂A_ck = x_j,

sample by sample, and from nothing that a theorem on their ranks says.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import numpy as np
from flint import fmpq, fmpq_mat

from .rationals import exact

__all__ = ["LinearCurvature"]

Rows = tuple[tuple[Fraction, ...], ...]

POINTS = 3
"""Other weights and targets at which a generic rank is sought."""

SPREAD = 2**20
"""They are integers up to this: a polynomial of degree 64 that is not zero vanishes at
three such points with a chance below 1e-13."""


class LinearCurvature:
    """Exact quantities of f(x) = A W x with squared loss.

    Parameters
    ----------
    x, W, A, y : n rows of d, m rows of d, C rows of m, n rows of C
        Data and weights.
    key : int
        Seed of the other weights and targets.
    """

    def __init__(self, *, x: Rows, W: Rows, A: Rows, y: Rows, key: int) -> None:
        self.x, self.W, self.A, self.y = (_matrix(rows) for rows in (x, W, A, y))
        self.n, self.d, self.m, self.C = len(x), len(x[0]), len(W), len(A)
        self._rows = x
        self._key = key

    # Ranks of the data and the weights

    @cached_property
    def r(self) -> int:
        """Rank of Σ = (1/n) Σ_i x_i x_iᵀ."""
        return int(self.x.rank())

    @cached_property
    def rank_A(self) -> int:
        """ρ_A."""
        return int(self.A.rank())

    @cached_property
    def rank_W(self) -> int:
        """Rank of W itself, which is ρ_W for Σ of full rank only."""
        return int(self.W.rank())

    @cached_property
    def rank_W_on_data(self) -> int:
        """ρ_W = rank(W Σ^½) = rank(W Xᵀ)."""
        return int((self.W * self.x.transpose()).rank())

    @cached_property
    def rank_Omega(self) -> int:
        """Rank of Ω = (1/n) Σ_i (f(x_i) - y_i) x_iᵀ."""
        return int((self._residual.transpose() * self.x).rank())

    # Ranks and inertia of the curvature

    @cached_property
    def rank_G(self) -> int:
        """Rank of the Gauss-Newton matrix (1/n) JᵀJ."""
        return int((self._jacobian.transpose() * self._jacobian).rank())

    @cached_property
    def rank_G_with_bias(self) -> int:
        """The same where the network also has an output bias."""
        ones = [
            [exact(Fraction(c == e)) for e in range(self.C)]
            for _ in range(self.n)
            for c in range(self.C)
        ]
        J = _beside(self._jacobian, fmpq_mat(ones))
        return int((J.transpose() * J).rank())

    @cached_property
    def rank_F(self) -> int:
        """Rank of F = H - G."""
        return int(self.F.rank())

    @cached_property
    def inertia_F(self) -> tuple[int, int]:
        """(n_+, n_-) of F, from the signs of its characteristic polynomial.

        All its roots are real, so Descartes' count of sign changes is exact.
        """
        coefficients = list(self.F.charpoly().coeffs())
        flipped = [c if place % 2 == 0 else -c for place, c in enumerate(coefficients)]
        return _sign_changes(coefficients), _sign_changes(flipped)

    @cached_property
    def rank_H(self) -> int:
        """Rank of the Hessian."""
        return int(self.H.rank())

    @cached_property
    def generic_rank_G(self) -> int:
        """The largest rank of G at these and at other weights, with the same inputs."""
        return max(self.rank_G, *(one.rank_G for one in self._others))

    @cached_property
    def generic_rank_H(self) -> int:
        """The largest rank of H at these and at other weights and targets."""
        return max(self.rank_H, *(one.rank_H for one in self._others))

    # The matrices

    @cached_property
    def _others(self) -> tuple["LinearCurvature", ...]:
        rng = np.random.default_rng(self._key)

        def table(rows: int, columns: int) -> Rows:
            entries = rng.integers(-SPREAD, SPREAD + 1, (rows, columns))
            return tuple(tuple(Fraction(int(e)) for e in row) for row in entries)

        return tuple(
            LinearCurvature(
                x=self._rows,
                W=table(self.m, self.d),
                A=table(self.C, self.m),
                y=table(self.n, self.C),
                key=0,
            )
            for _ in range(POINTS)
        )

    @cached_property
    def _residual(self) -> fmpq_mat:
        """(n, C): f(x_i) - y_i."""
        return self.x * self.W.transpose() * self.A.transpose() - self.y

    @cached_property
    def _jacobian(self) -> fmpq_mat:
        """(nC, p): W row by row, then A row by row."""
        hidden = self.x * self.W.transpose()
        return fmpq_mat(
            [
                [
                    *(self.A[c, k] * self.x[i, j] for k, j in self._places),
                    *(
                        hidden[i, k] if e == c else fmpq(0)
                        for e in range(self.C)
                        for k in range(self.m)
                    ),
                ]
                for i in range(self.n)
                for c in range(self.C)
            ]
        )

    @cached_property
    def _places(self) -> list[tuple[int, int]]:
        return [(k, j) for k in range(self.m) for j in range(self.d)]

    @cached_property
    def F(self) -> fmpq_mat:
        """(p, p), H - G: Σ_i r_ic x_ij / n where W_kj meets A_ck, W before A."""
        size = self.m * (self.d + self.C)
        F = fmpq_mat(size, size)
        for i in range(self.n):
            for c in range(self.C):
                for place, (k, j) in enumerate(self._places):
                    other = self.m * self.d + c * self.m + k
                    term = self._residual[i, c] * self.x[i, j] / self.n
                    F[place, other] += term
                    F[other, place] += term
        return F

    @cached_property
    def H(self) -> fmpq_mat:
        """(p, p), the Hessian: W row by row, then A row by row."""
        J = self._jacobian
        return J.transpose() * J / fmpq(self.n) + self.F


def _matrix(rows: Rows) -> fmpq_mat:
    return fmpq_mat([[exact(entry) for entry in row] for row in rows])


def _beside(left: fmpq_mat, right: fmpq_mat) -> fmpq_mat:
    pairs = zip(left.tolist(), right.tolist(), strict=True)
    return fmpq_mat([[*one, *other] for one, other in pairs])


def _sign_changes(coefficients: Iterable[fmpq]) -> int:
    signs = [c > 0 for c in _nonzero(coefficients)]
    return sum(one != other for one, other in pairwise(signs))


def _nonzero(coefficients: Iterable[fmpq]) -> Iterator[fmpq]:
    return (c for c in coefficients if c != 0)
