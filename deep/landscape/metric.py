"""Directions stretched by (G + λI)^(-1/2), so that a quadratic bowl becomes a ball."""

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor

from .curvature import Curvature, dense_hessian
from .gram import GaussNewton
from .point import Point

__all__ = ["Metric", "metric_at"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Metric:
    """B = Σ_i λ_i v_i v_iᵀ (p, p), by its eigenpairs above 0.

    Attributes
    ----------
    eigenvalues : (r,) tensor
        λ_i > 0, descending.
    vectors : (p, r) tensor
        v_i, orthonormal.
    """

    eigenvalues: Tensor
    vectors: Tensor = field(repr=False)

    @classmethod
    def of_gauss_newton(cls, G: GaussNewton) -> "Metric":
        """B = G, from the singular vectors of its factor."""
        _, sizes, rows = torch.linalg.svd(G.factor, full_matrices=False)
        kept = sizes.square() > G.error
        return cls(eigenvalues=sizes[kept].square(), vectors=rows[kept].T.contiguous())

    @classmethod
    def of_matrix(cls, matrix: Tensor) -> "Metric":
        """B, the positive part of a symmetric matrix."""
        values, vectors = torch.linalg.eigh(matrix)
        return cls.of_pairs(values.flip(0), vectors.flip(1))

    @classmethod
    def of_pairs(cls, values: Tensor, vectors: Tensor) -> "Metric":
        """B, the positive part of Σ_i λ_i v_i v_iᵀ for orthonormal v_i, the columns."""
        kept = values > 0
        return cls(eigenvalues=values[kept], vectors=vectors[:, kept].contiguous())

    def stretched(self, U: Tensor, regulariser: float) -> Tensor:
        """(B + λI)^(-1/2) U, for U (p, k)."""
        scale = (self.eigenvalues + regulariser).rsqrt() - regulariser**-0.5
        along = self.vectors.T @ U
        return regulariser**-0.5 * U + self.vectors @ (scale[:, None] * along)

    def quadratic(self, U: Tensor) -> Tensor:
        """uᵀB u of each column u of U (p, k)."""
        return ((self.vectors.T @ U).square() * self.eigenvalues[:, None]).sum(0)

    def log_determinant(self, regulariser: float) -> float:
        """log det(B + λI)."""
        p, r = self.vectors.shape
        known = float((self.eigenvalues + regulariser).log().sum())
        return known + (p - r) * math.log(regulariser)


def metric_at(point: Point, found: Curvature) -> Metric:
    """The metric of a spectrum that is at hand.

    G where its Gram matrix was made; the positive part of what Lanczos found of the
    Hessian; otherwise that of the whole Hessian.

    Parameters
    ----------
    point : Point
        Where.
    found : Curvature
        There.
    """
    if found.gauss_newton is not None:
        return Metric.of_gauss_newton(found.gauss_newton)
    if found.eigenvectors is not None:
        values = found.eigenvalues.to(found.eigenvectors)
        return Metric.of_pairs(values, found.eigenvectors)
    return Metric.of_matrix(dense_hessian(point)[0])
