"""Gauss and Gauss-Radau rules of a probe's spectral measure, from its Lanczos run."""

from dataclasses import dataclass

import torch

from .lanczos import Lanczos

__all__ = ["GaussRule", "gauss_rule"]


@dataclass(frozen=True, kw_only=True, eq=False)
class GaussRule:
    """The m-point Gauss rule of a measure whose Jacobi matrix is T.

    For a unit vector v and A = Σ λ_i u_i u_iᵀ the measure Σ_i (u_iᵀv)² δ(λ_i) has the
    integral vᵀ f(A) v of f. The Lanczos run from v gives T, with T s_k = μ_k s_k, and

        ω_k = (first component of s_k)²,     Σ_k ω_k f(μ_k) = vᵀ f(A) v

    for every polynomial f of degree at most 2m - 1.

    Attributes
    ----------
    nodes, weights : (m,) float64
        μ ascending, and ω, which sum to 1.
    projection : (m, m) float64
        T, tridiagonal.
    bounds : (m,) float64
        |β_m × last component of s_k|: an eigenvalue of A lies within it of μ_k.
    coupling : float
        β_m; 0 if the rule is exact for every f.

    References
    ----------
    Golub and Meurant (2010), Matrices, Moments and Quadrature, chapters 3 and 6.
    """

    nodes: torch.Tensor
    weights: torch.Tensor
    projection: torch.Tensor
    bounds: torch.Tensor
    coupling: float

    @property
    def exact(self) -> bool:
        """Whether the measure has no more than m points."""
        return self.coupling == 0

    def bracket(self, x: float) -> tuple[float, float]:
        """Bounds on the measure of (-∞, x], by Chebyshev, Markov and Stieltjes.

        At a node the measure's distribution F lies between the sums of the weights
        without and with that node; F being monotone, between two nodes it lies between
        the sum before the left one and that up to the right one.

        Parameters
        ----------
        x : float
            Anywhere.
        """
        below = int(torch.searchsorted(self.nodes, x, right=True))
        sums = [0.0, *self.weights.cumsum(0).tolist()]
        if self.exact:
            return sums[below], sums[below]
        m = len(self.nodes)
        upper = 1.0 if below == m else sums[below + 1]
        return sums[max(below - 1, 0)], min(upper, 1.0)

    def radau(self, node: float) -> "GaussRule":
        """The (m + 1)-point rule with one node given, exact up to degree 2m.

        Parameters
        ----------
        node : float
            Outside of the measure's support, or at its end.
        """
        if self.exact:
            return self
        m = len(self.nodes)
        last = torch.zeros(m, dtype=torch.float64)
        last[-1] = self.coupling**2
        shifted = self.projection - node * torch.eye(m, dtype=torch.float64)
        T = torch.zeros(m + 1, m + 1, dtype=torch.float64)
        T[:m, :m] = self.projection
        T[m, m - 1] = T[m - 1, m] = self.coupling
        T[m, m] = node + torch.linalg.solve(shifted, last)[-1]
        return _rule(T, self.coupling)


def gauss_rule(run: Lanczos) -> GaussRule:
    """The rule of a run from one vector, neither restarted nor continued at random.

    Parameters
    ----------
    run : Lanczos
        At least one step old.
    """
    coupling = float(run.residual.norm()) if not run.exhausted else 0.0
    return _rule(run.projection, coupling)


def _rule(T: torch.Tensor, coupling: float) -> GaussRule:
    nodes, vectors = torch.linalg.eigh(T)
    weights = vectors[0].square()
    return GaussRule(
        nodes=nodes,
        weights=weights / weights.sum(),
        projection=T,
        bounds=coupling * vectors[-1].abs(),
        coupling=coupling,
    )
