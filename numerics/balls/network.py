"""What a two-layer network is at a point: each quantity written from its definition.

    J_i = ∂f(x_i)/∂θ,  G = (1/n) Σ_i J_iᵀ S_i J_i,  F = (1/n) Σ_i Σ_c r_ic ∇²f_c(x_i),
    H = G + F,  K = J Jᵀ,  Cx = (1/n) Σ_i ‖A diag(σ'(z_i)) W‖_F².

Attributes are `BallArray`s with one leading axis, for one instance. A network belongs to
the precision at which its quantities are first asked for.
"""

from functools import cached_property
from typing import Final

import numpy as np

from .arrays import BallArray, joined
from .forward import ForwardPass
from .numbers import ZERO, Numbers
from .points import identity

__all__ = ["GROUPS", "Network"]

GROUPS: Final = {"w": "W", "b": "b", "t": "Wt", "a": "A", "c": "c"}
"""Names of the groups of parameters in those of blocks: H_wa has rows of W, columns of A."""


class Network(ForwardPass):
    """A network with its data at a point; derivatives are unknown on the kinks of σ."""

    @cached_property
    def J(self) -> BallArray:
        """Jacobian (nC, p): ∂f_c/∂w̃_k = A_ck σ' x̃, ∂f_c/∂a_k = σ e_c, ∂f_c/∂c = e_c."""
        unit = BallArray(identity(self.C))
        slopes = self.D[..., :, None] * self.xt[:, :, None, None, :]
        weights, biases = slopes[..., : self.d], slopes[..., self.d]
        columns = self.s0[:, :, None, :, None] * unit[:, None, :]
        constants = np.broadcast_to(unit.items, (1, self.n, self.C, self.C))
        parts = (
            weights.items.reshape(1, self.n, self.C, self.m * self.d),
            biases.items,
            columns.items.reshape(1, self.n, self.C, self.m * self.C),
            constants,
        )
        rows = np.concatenate(parts, axis=-1)
        return BallArray(rows.reshape(1, self.n * self.C, self.p), self.row_rank)

    @cached_property
    def sample_jacobians(self) -> BallArray:
        """J_i (n, C, p)."""
        return self.J.reshape(self.n, self.C, self.p)

    @cached_property
    def K(self) -> BallArray:
        """NTK Gram matrix J Jᵀ (nC, nC)."""
        return BallArray((self.J @ self.J.T).items, self.row_rank)

    @cached_property
    def grad(self) -> BallArray:
        """Gradient (1/n) Σ_i J_iᵀ r_i (p,), equal inputs taken together.

        Their J_i are the same, so what is left of their r_i is exact where r is.
        """
        pulled = BallArray(np.full((1, self.p, 1), ZERO, dtype=object))
        for rows in self.equal_inputs:
            total = self.r[:, rows].sum(-2)[..., None]
            pulled = pulled + self.sample_jacobians[:, rows[0]].T @ total
        return pulled[..., 0] / float(self.n)

    @cached_property
    def G(self) -> BallArray:
        """Generalised Gauss-Newton matrix (p, p)."""
        weighted = (self.S @ self.sample_jacobians).reshape(self.n * self.C, self.p)
        return BallArray((self.J.T @ weighted / float(self.n)).items, self.curved_rank)

    @cached_property
    def F(self) -> BallArray:
        """Residual part of the Hessian (p, p)."""
        whole: Numbers = np.full((self.p, self.p), ZERO, dtype=object)
        M, U = self._bent.items[0], self.neuron_crosses.items[0]
        for k, rows in enumerate(self._neuron_rows):
            first, second = rows[: self.d + 1], rows[self.d + 1 :]
            whole[np.ix_(first, first)] = M[k]
            whole[np.ix_(first, second)] = U[k]
            whole[np.ix_(second, first)] = U[k].T
        return BallArray(whole[None], self.residual_rank)

    @cached_property
    def _bent(self) -> BallArray:
        """(1/n) Σ_i Σ_c r_ic A_ck σ''(z_ik) x̃_i x̃_iᵀ, (m, d + 1, d + 1)."""
        weights = (self.r @ self.A) * self.s2
        scaled = weights.T[..., None] * self.xt[:, None]
        return scaled.T @ self.xt[:, None] / float(self.n)

    @cached_property
    def neuron_crosses(self) -> BallArray:
        """U_k = (1/n) Σ_i σ'(z_ik) x̃_i r_iᵀ, (m, d + 1, C)."""
        scaled = self.s1.T[..., None] * self.xt[:, None]
        whole = scaled.T @ self.r[:, None] / float(self.n)
        return BallArray(whole.items, self.cross_rank)

    @property
    def _neuron_rows(self) -> list[list[int]]:
        """Where (w̃_k, a_k) stand in θ."""
        b, A = self.place["b"].start, self.place["A"].start
        return [
            [
                *range(k * self.d, (k + 1) * self.d),
                b + k,
                *range(A + k * self.C, A + (k + 1) * self.C),
            ]
            for k in range(self.m)
        ]

    @cached_property
    def neuron_blocks(self) -> BallArray:
        """F_k on (w̃_k, a_k), (m, d + 1 + C, d + 1 + C)."""
        rows = np.array(self._neuron_rows)
        return self.F[:, rows[:, :, None], rows[:, None, :]]

    @cached_property
    def functional_hessians(self) -> BallArray:
        """∇²f_c(x_i), (n, C, p, p), by its second partial derivatives.

        ∂²f_c/∂w̃_k² = A_ck σ'' x̃ x̃ᵀ, ∂²f_c/∂w̃_k∂A_ck = σ' x̃, and no others.
        """
        shape = (self.n, self.C, self.p, self.p)
        whole: Numbers = np.full(shape, ZERO, dtype=object)
        bend = (self.A[:, None] * self.s2[:, :, None, :]).items[0]
        slope, xt = self.s1.items[0], self.xt.items[0]
        for k, rows in enumerate(self._neuron_rows):
            first = rows[: self.d + 1]
            for i, c in np.ndindex(self.n, self.C):
                entry, second = whole[i, c], rows[self.d + 1 + c]
                entry[np.ix_(first, first)] = bend[i, c, k] * np.outer(xt[i], xt[i])
                entry[first, second] = entry[second, first] = slope[i, k] * xt[i]
        return BallArray(whole[None])

    @cached_property
    def H(self) -> BallArray:
        """Hessian (p, p)."""
        return BallArray((self.G + self.F).items, self.hessian_rank)

    @cached_property
    def EF(self) -> BallArray:
        """Empirical Fisher (1/n) Σ_i J_iᵀ r_i r_iᵀ J_i (p, p)."""
        scores = (self.r[:, :, None, :] @ self.sample_jacobians)[..., 0, :]
        return scores.T @ scores / float(self.n)

    def block(self, matrix: str, block: str) -> BallArray:
        """One block of H, G or F: rows and columns of w, b, t = (w, b), a or c."""
        rows, columns = (self.place[GROUPS[letter]] for letter in block)
        whole: BallArray = getattr(self, matrix)
        return BallArray(whole.items[..., rows, columns], whole.most)

    # Complexity, and what comes from inputs and weights

    @cached_property
    def D(self) -> BallArray:
        """A diag(σ'(z_i)), whose rows are ∇_b f_c(x_i), (n, C, m)."""
        return self.A[:, None] * self.s1[:, :, None, :]

    @cached_property
    def Jx(self) -> BallArray:
        """Input Jacobian (n, C, d)."""
        return self.D @ self.W[:, None]

    @cached_property
    def Cx(self) -> BallArray:
        """Complexity."""
        return (self.Jx * self.Jx).sum(-1, -2).mean(-1)

    @cached_property
    def CxS(self) -> BallArray:
        """Curvature-weighted complexity (1/n) Σ_i tr(Jx_iᵀ S_i Jx_i)."""
        return (self.Jx * (self.S @ self.Jx)).sum(-1, -2).mean(-1)

    @cached_property
    def path(self) -> BallArray:
        """Path norm Σ_k ‖a_k‖ ‖w̃_k‖."""
        lengths = (self.A * self.A).sum(-2) * (self.Wt * self.Wt).sum(-1)
        return lengths.sqrt().sum(-1)

    @cached_property
    def Flat(self) -> BallArray:
        """2 Σ_k √(P_k Q_k) + (1/n) Σ_i tr S_i, the least tr H of the orbit.

        P_k = (1/n) Σ_i σ'(z_ik)² ‖x̃_i‖² a_kᵀ S_i a_k and Q_k = (1/n) Σ_i σ(z_ik)² tr S_i;
        piecewise-linear σ, off the kinks.
        """
        A, traces = self.A[:, None], self.S.trace()
        curvatures = (A * (self.S @ A)).sum(-2)
        squares = (self.xt * self.xt).sum(-1)[..., None]
        P = (curvatures * self.s1 * self.s1 * squares).mean(-2)
        Q = (self.s0 * self.s0 * traces[..., None]).mean(-2)
        return (P * Q).sqrt().sum(-1) * 2.0 + traces.mean(-1)

    # What the ranks are at most, whatever the numbers are

    @cached_property
    def row_rank(self) -> int:
        """Of J, by T04(c): equal inputs have equal rows; units other than 0 a kernel."""
        n, m, C = len(self.equal_inputs), self.m, self.C
        most = min(self.p, n * C)
        if n > m + 1:
            most = min(most, C * (m + 1) + min(m, C) * (n - m - 1))
        if self.activation.homogeneous:
            units = joined((self.Wt, self.A.T)).items[0]
            most = min(most, self.p - sum(any(e != 0 for e in row) for row in units))
        return most

    @cached_property
    def curved_rank(self) -> int:
        """Of G: at most that of J; S_i 1 = 0 for softmax."""
        return min(self.row_rank, len(self.equal_inputs) * (self.C - self._invariant))

    @property
    def _invariant(self) -> int:
        """1 where adding one number to all outputs does not change the loss."""
        softmax = self.loss.targets == "label" and self.point.output_hessian is None
        return int(softmax)

    @cached_property
    def residual_rank(self) -> int:
        """Of F: that of every F_k is at most 2 rank U_k + rank M_k; 0 where r = 0."""
        if all(entry == 0 for entry in self.r.items.flat):
            return 0
        bent = 0
        if not self.activation.homogeneous:
            bent = min(self.d + 1, len(self.equal_inputs))
        return min(self.p, self.m * (2 * self.cross_rank + bent))

    @property
    def cross_rank(self) -> int:
        """Of U_k, a sum over inputs that differ; U_k 1 = 0 for softmax, as r_i·1 = 0."""
        side = min(self.d + 1, len(self.equal_inputs))
        return min(self.C - self._invariant, side)

    @cached_property
    def hessian_rank(self) -> int:
        """Of H: softmax has m + 1 directions that add one number to all outputs."""
        room = self.p - (self.m + 1) * self._invariant
        return min(room, self.curved_rank + self.residual_rank)
