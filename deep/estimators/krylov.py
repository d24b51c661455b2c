"""What a Lanczos run knows of an operator: a basis, and A projected on it."""

from dataclasses import dataclass

import torch

__all__ = ["Krylov", "Ritz", "ritz_pairs"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Ritz:
    """Ritz values of A on span Q, with how far each may be from an eigenvalue.

    With T s = μ s and y = Q s, the residual A y - μ y is W B s, so that an eigenvalue of
    A lies within ‖B s‖ of μ: the recurrence's own bound, which costs no product.

    Attributes
    ----------
    values : (j,) float64
        μ_1 >= μ_2 >= ….
    vectors : (j, j) float64
        Column i is s of μ_i; the Ritz vectors are Q times these.
    bounds : (j,) float64
        ‖B s_i‖, and what a breakdown left out.
    """

    values: torch.Tensor
    vectors: torch.Tensor
    bounds: torch.Tensor


@dataclass(frozen=True, kw_only=True, eq=False)
class Krylov:
    """A Q = Q T + W B, with orthonormal columns in (Q, W).

    In the basis (Q, its complement) A is [[T, C], [Cᵀ, P A P]] with P = I - QQᵀ and
    C = Bᵀ Wᵀ, so that tr A, ‖A‖_F and the spectrum are known but for P A P.

    Attributes
    ----------
    basis : (p, j) tensor
        Q, on the operator's device.
    residual : (p, b) tensor
        W: orthonormal, orthogonal to Q; b = 0 if Q spans an invariant space.
    projection : (j, j) float64
        T = QᵀAQ, symmetric, on the CPU.
    coupling : (b, j) float64
        B = WᵀAQ, on the CPU.
    dropped : float
        Norm of what breakdowns left out of the identity: rounding of the products.
    asymmetry : float
        max |q_iᵀA q_j - q_jᵀA q_i| seen: what the products lack of symmetry, 0 but for
        rounding if A is symmetric.
    products : int
        Vectors multiplied to make it.
    """

    basis: torch.Tensor
    residual: torch.Tensor
    projection: torch.Tensor
    coupling: torch.Tensor
    dropped: float
    asymmetry: float
    products: int

    @property
    def dimension(self) -> int:
        """The number of columns of Q."""
        return self.basis.shape[1]

    def ritz(self) -> Ritz:
        """Ritz values in descending order, with vectors and bounds."""
        return ritz_pairs(self.projection, self.coupling, self.dropped)


def ritz_pairs(
    projection: torch.Tensor, coupling: torch.Tensor, dropped: float
) -> Ritz:
    """Eigenpairs of T in descending order, with ‖B s‖.

    Parameters
    ----------
    projection, coupling : (j, j) and (b, j) float64
        T and B.
    dropped : float
        Added to every bound.
    """
    values, vectors = torch.linalg.eigh(projection)
    values, vectors = values.flip(0), vectors.flip(1)
    bounds = (coupling @ vectors).norm(dim=0) + dropped
    return Ritz(values=values, vectors=vectors, bounds=bounds)
