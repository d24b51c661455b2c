"""Spectra and further arrays of a network that claims name, in balls."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from .arrays import BallArray, exactly, joined
from .network import Network
from .numbers import Numbers
from .order import between

__all__ = ["Spectra"]


class Spectra(Network):
    """What `numerics.matrices` offers beside the matrices themselves."""

    count = 1
    """Number of instances."""

    @cached_property
    def sigma(self) -> BallArray:
        """Singular values of J, descending."""
        return self.J.singular_values()

    @cached_property
    def cross_values(self) -> BallArray:
        """Singular values of every U_k, (m, min(d + 1, C))."""
        return self.neuron_crosses.singular_values()

    @cached_property
    def functional_eigenvalues(self) -> BallArray:
        """Eigenvalues of ∇²f_c(x_i), descending, (n, C, p)."""
        return self.functional_hessians.eigenvalues()

    @cached_property
    def functional_norms(self) -> BallArray:
        """‖∇²f_c(x_i)‖ (n, C)."""
        return self.functional_eigenvalues.abs().max(-1)

    @cached_property
    def mu(self) -> BallArray:
        """Eigenvalues μ_1 ≥ … ≥ μ_m of WWᵀ, (m,)."""
        gram = self.W @ self.W.T
        return BallArray(gram.items, min(self.m, self.d)).eigenvalues()

    @cached_property
    def _eigenvalues(self) -> dict[str, BallArray]:
        return {}

    def eigenvalues(self, matrix: str) -> BallArray:
        """Descending eigenvalues of a symmetric matrix, by name, each found once."""
        if matrix not in self._eigenvalues:
            self._eigenvalues[matrix] = getattr(self, matrix).eigenvalues()
        return self._eigenvalues[matrix]

    def block_eigenvalues(self, matrix: str, block: str) -> BallArray:
        """Descending eigenvalues of a diagonal block, by name, each found once."""
        key = f"{matrix}_{block}"
        if key not in self._eigenvalues:
            self._eigenvalues[key] = self.block(matrix, block).eigenvalues()
        return self._eigenvalues[key]

    @cached_property
    def inertia(self) -> BallArray:
        """Positive and negative eigenvalues of H and their sum, its rank: (3,)."""
        entries = self.eigenvalues("H").items[0]
        plus, minus = sum(e > 0 for e in entries), sum(e < 0 for e in entries)
        open_ = sum(not (e > 0 or e < 0 or e == 0) for e in entries)
        open_ = min(open_, self.hessian_rank - plus - minus)
        known = (plus, minus, plus + minus)
        return BallArray([[between(least, least + open_) for least in known]])

    @cached_property
    def omega(self) -> BallArray:
        """ω_i = Σ_k σ'(z_ik)² a_kᵀ S_i a_k, (n,)."""
        A = self.A[:, None]
        return (self.s1 * self.s1 * (A * (self.S @ A)).sum(-2)).sum(-1)

    @cached_property
    def distinct(self) -> BallArray:
        """How many of the x_i are different."""
        return exactly([len(self.equal_inputs)])

    @cached_property
    def KS(self) -> BallArray:
        """Mᵀ K M with S_i = M_i M_iᵀ, a loss of the catalogue: (nC, nC).

        Its eigenvalues other than 0 are those of S^½ K S^½, since both are of the form
        AᵀA with the same AAᵀ = Jᵀ S J.
        """
        if self.loss.targets == "real":
            return self.K
        size = self.n * self.C
        if self.loss.targets == "binary":
            roots = self.S[..., 0].sqrt()[..., None]
        else:
            # S = diag(p) - p pᵀ = (I - p 1ᵀ) diag(p) (I - 1 pᵀ), since Σ p = 1
            p = self.r + self.t
            unit = exactly(np.eye(self.C)[None])[:, None]
            roots = (unit - p[..., None]) * p.sqrt()[..., None, :]
        rows = roots.T @ self.sample_jacobians
        flat = rows.reshape(size, self.p)
        return BallArray((flat @ flat.T).items, self.curved_rank)

    @cached_property
    def fisher(self) -> BallArray:
        """(1/n) Σ_i E_y g gᵀ with g = J_iᵀ(p - e_y), y drawn from the model, (p, p)."""
        J = self.sample_jacobians
        if self.loss.targets == "real":
            return self._mean_of_squares([(J, None)])
        p = self.r + self.t
        if self.loss.targets == "binary":
            one, zero = (p - 1.0)[..., None] * J, p[..., None] * J
            return self._mean_of_squares([(one, p), (zero, 1.0 - p)])
        parts = []
        for c in range(self.C):
            unit = exactly(np.eye(self.C)[c])
            score = (p - unit)[..., None, :] @ J
            parts.append((score, p[..., c : c + 1]))
        return self._mean_of_squares(parts)

    def _mean_of_squares(
        self, parts: Sequence[tuple[BallArray, BallArray | None]]
    ) -> BallArray:
        """(1/n) Σ_i Σ weight g gᵀ, g the rows of each part."""
        left, right = [], []
        for rows, weight in parts:
            scaled = rows if weight is None else rows * weight[..., None]
            left.append(rows.reshape(rows.shape[1] * rows.shape[2], self.p).T)
            right.append(scaled.reshape(rows.shape[1] * rows.shape[2], self.p).T)
        return joined(left) @ joined(right).T / float(self.n)

    def pull_back(self, weights: BallArray) -> BallArray:
        """Jᵀ u for u (n, C)."""
        flat = weights.reshape(self.n * self.C, 1)
        return (self.J.T @ flat)[..., 0]

    # Derivatives along a direction v = (Ẇ, ḃ, Ȧ, ċ), by the chain rule along the way

    def _moved(self, v: Numbers) -> tuple[BallArray, BallArray, BallArray]:
        """ż (n, m), Ȧ (C, m) and ċ (C,)."""
        way = self.point.at(v)
        ways = BallArray(way.W[None]), BallArray(way.b[None])
        z = self.x @ ways[0].T + ways[1][:, None, :]
        return z, BallArray(way.A[None]), BallArray(way.c[None])

    def output_along(self, v: Numbers) -> BallArray:
        """(d/dt) f(X; θ + tv) at t = 0, (n, C)."""
        z, A, c = self._moved(exactly(v[0]).items)
        return (self.s1 * z) @ self.A.T + self.s0 @ A.T + c[:, None, :]

    def gradient_along(self, v: Numbers) -> BallArray:
        """(d/dt) ∇L(θ + tv) at t = 0, (p,)."""
        z, A, _ = self._moved(exactly(v[0]).items)
        residual = self.output_along(v)
        r = (self.S @ residual[..., None])[..., 0]
        slopes = (r @ self.A + self.r @ A) * self.s1 + (self.r @ self.A) * self.s2 * z
        weights = slopes.T @ self.xt
        columns = (self.s1 * z).T @ self.r + self.s0.T @ r
        parts = (
            weights[..., : self.d].reshape(self.m * self.d),
            weights[..., self.d],
            columns.reshape(self.m * self.C),
            r.sum(-2),
        )
        return joined(parts) / float(self.n)

    def functional_gradient_along(self, v: Numbers) -> BallArray:
        """(d/dt) ∇f_c(x_i; θ + tv) at t = 0, (n, C, p)."""
        z, A, _ = self._moved(exactly(v[0]).items)
        bend = A[:, None] * self.s1[:, :, None, :]
        bend = bend + self.A[:, None] * (self.s2 * z)[:, :, None, :]
        weights = bend[..., None] * self.xt[:, :, None, None, :]
        unit = exactly(np.eye(self.C)[None])
        columns = (self.s1 * z)[:, :, None, :, None] * unit[:, None, :, None, :]
        lead = (self.n, self.C)
        parts = (
            weights[..., : self.d].reshape(*lead, self.m * self.d),
            weights[..., self.d],
            columns.reshape(*lead, self.m * self.C),
            exactly(np.zeros((1, *lead, self.C))),
        )
        return joined(parts)
