"""A deeper network on a given first layer, f(x) = B σ(V σ(W x + b) + e), in balls.

Each derivative in the first layer is one directional derivative: with ż the velocity of
the pre-activations, ḟ = B (σ'(u) ∘ V (σ'(z) ∘ ż)), u = V σ(z) + e.
"""

from functools import cached_property

import numpy as np

from ..drawn import Layers
from .activations import activation_number
from .arrays import BallArray, exactly
from .losses import loss_numbers
from .numbers import Numbers
from .spectra import Spectra

__all__ = ["BallDeeper"]


class BallDeeper:
    """Derivatives of a deeper network in its first layer; see `numerics.deeper`.

    Parameters
    ----------
    q : Spectra
        The network whose first layer, data and loss it has.
    layers : Layers
        The layers above.
    """

    def __init__(self, q: Spectra, layers: Layers) -> None:
        self._q = q
        self._V, self._e = exactly(layers.V), exactly(layers.e)
        self._B = exactly(layers.B)

    def _above(self, order: int) -> BallArray:
        """σ⁽ᵒʳᵈᵉʳ⁾(u), (n, h)."""
        u = self._q.s0 @ self._V.T + self._e[:, None, :]
        return u.each(lambda one: activation_number(self._q.activation, one, order))

    @cached_property
    def _slopes(self) -> BallArray:
        return self._above(1)

    def _derivative(self, moved: BallArray) -> BallArray:
        """ḟ for ż = moved (n, m): (n, C)."""
        inner = (self._q.s1 * moved) @ self._V.T
        return (self._slopes * inner) @ self._B.T

    @cached_property
    def bias_jacobian(self) -> BallArray:
        """∇_b f_c(x_i), (n, C, m)."""
        m = self._q.m
        units = [exactly(np.tile(unit, (1, self._q.n, 1))) for unit in np.eye(m)]
        return _stacked([self._derivative(unit) for unit in units])

    @cached_property
    def input_jacobian(self) -> BallArray:
        """∇ₓ f_c(x_i), (n, C, d)."""
        q = self._q
        columns = [q.W[:, None, :, j] for j in range(q.d)]
        return _stacked([self._derivative(column) for column in columns])

    @cached_property
    def weight_jacobian(self) -> BallArray:
        """∂f_c(x_i)/∂W, (n, C, m, d)."""
        q = self._q
        entries = []
        for unit in np.eye(q.m):
            one = exactly(unit[None, None])
            entries += [self._derivative(one * q.x[..., j : j + 1]) for j in range(q.d)]
        return _stacked(entries).reshape(q.n, q.C, q.m, q.d)

    @cached_property
    def S(self) -> BallArray:
        """Output Hessians S_i at this network's outputs, (n, C, C)."""
        q = self._q
        if q.point.output_hessian is not None or q.loss.targets == "real":
            return q.S
        f = (self._above(0) @ self._B.T).items[0]
        t = q.t.items[0]
        rows = [loss_numbers(q.loss, f[i], t[i])[2] for i in range(q.n)]
        S: Numbers = np.array(rows, dtype=object)
        return BallArray(S[None])

    @cached_property
    def in_inputs(self) -> BallArray:
        """‖Jx_i‖_F², (n,)."""
        return (self.input_jacobian * self.input_jacobian).sum(-1, -2)

    @cached_property
    def in_biases(self) -> BallArray:
        """‖∂f(x_i)/∂b‖_F², (n,)."""
        return (self.bias_jacobian * self.bias_jacobian).sum(-1, -2)

    @cached_property
    def in_weights(self) -> BallArray:
        """‖∂f(x_i)/∂W‖_F², (n,)."""
        return (self.weight_jacobian * self.weight_jacobian).sum(-1, -2, -3)

    @cached_property
    def CxS(self) -> BallArray:
        """(1/n) Σ_i tr(Jx_iᵀ S_i Jx_i)."""
        Jx = self.input_jacobian
        return (Jx * (self.S @ Jx)).sum(-1, -2).mean(-1)

    @cached_property
    def omega(self) -> BallArray:
        """ω_i = Σ_ce S_ice ⟨∇_b f_c, ∇_b f_e⟩, (n,)."""
        slopes = self.bias_jacobian
        return (slopes * (self.S @ slopes)).sum(-1, -2)

    @cached_property
    def G_bb(self) -> BallArray:
        """The block of b in G, (m, m)."""
        return self._block(self.bias_jacobian)

    @cached_property
    def gamma(self) -> BallArray:
        """Eigenvalues γ_1 ≥ … ≥ γ_m of G_bb, (m,)."""
        return self.G_bb.eigenvalues()

    @cached_property
    def G_ww(self) -> BallArray:
        """The block of W in G, (md, md)."""
        q = self._q
        return self._block(self.weight_jacobian.reshape(q.n, q.C, q.m * q.d))

    def _block(self, J: BallArray) -> BallArray:
        """(1/n) Σ_i J_iᵀ S_i J_i."""
        n, C, size = J.shape[1:]
        weighted = (self.S @ J).reshape(n * C, size)
        return J.reshape(n * C, size).T @ weighted / float(n)


def _stacked(columns: list[BallArray]) -> BallArray:
    """Along a new last axis."""
    return BallArray(np.stack([column.items for column in columns], axis=-1))
