"""A deeper network on a given first layer, differentiated by complex step.

    f(x) = B σ(V σ(W x + b) + e): the first layer is the instance's own, and so is the
    loss.

No chain rule is used for the derivatives, since theorems about it are judged on them;
their error bounds come from the same product of absolute values that the chain rule has.
"""

from functools import cached_property

import numpy as np

from .bounded import EPS, Bounded, exact, gamma
from .directions import TINY_STEP, TRUNCATION
from .drawn import Layers
from .forward import Array
from .lowering import activation_values, loss_values
from .quantities import Quantities

__all__ = ["Deeper"]

UNDERFLOW = 2.0**-1074 / TINY_STEP
"""What a product in the imaginary part may lose, after division by the step."""


class Deeper:
    """Derivatives of a deeper network in its first layer, at T instances.

    Nothing is known at a sample where a pre-activation may lie on a kink of σ.

    Attributes
    ----------
    input_jacobian : Bounded (T, n, C, d)
        ∇ₓ f_c(x_i).
    bias_jacobian : Bounded (T, n, C, m)
        ∇_b f_c(x_i).
    weight_jacobian : Bounded (T, n, C, m, d)
        ∂f_c(x_i)/∂W.
    """

    def __init__(self, q: Quantities, layers: Layers) -> None:
        self._q, self._layers = q, layers
        self._x, self._W, self._b = q.x.value, q.W.value, q.b.value
        with np.errstate(all="ignore"):
            self._spread, self._lost, self._output_error = self._errors()
            self.bias_jacobian = self._bias()
            self.input_jacobian = self._input()
            self.weight_jacobian = self._weight()

    # What claims name

    @cached_property
    def S(self) -> Bounded:
        """Output Hessians S_i at this network's outputs, (n, C, C).

        No entry moves by more than ½ max_g |df_g|: for a softmax p, Σ_g |∂p_c/∂f_g| =
        2p_c(1 - p_c) <= ½, S_cc = p_c(1 - p_c) and S_ce = -p_c p_e; the logistic p(1 - p)
        moves by half as much.
        """
        q = self._q
        if q.instances.output_hessian is not None:
            return q.S
        C = q.C
        if q.loss.targets == "real":
            return exact(np.broadcast_to(np.eye(C), (q.count, q.n, C, C)))
        with np.errstate(all="ignore"):
            value = loss_values(q.loss, self._output, q.fwd.t).output_hessian
            moved = self._output_error.max(axis=-1)[..., None, None] / 2
        return Bounded(value, moved + 16 * (C + 4) * EPS)

    @cached_property
    def in_inputs(self) -> Bounded:
        """‖Jx_i‖_F², (n,)."""
        return (self.input_jacobian * self.input_jacobian).sum(-1, -2)

    @cached_property
    def in_biases(self) -> Bounded:
        """‖∂f(x_i)/∂b‖_F², (n,)."""
        return (self.bias_jacobian * self.bias_jacobian).sum(-1, -2)

    @cached_property
    def in_weights(self) -> Bounded:
        """‖∂f(x_i)/∂W‖_F², (n,)."""
        return (self.weight_jacobian * self.weight_jacobian).sum(-1, -2, -3)

    @cached_property
    def CxS(self) -> Bounded:
        """(1/n) Σ_i tr(Jx_iᵀ S_i Jx_i)."""
        Jx = self.input_jacobian
        return (Jx * (self.S @ Jx)).sum(-1, -2).mean(-1)

    @cached_property
    def omega(self) -> Bounded:
        """ω_i = Σ_ce S_ice ⟨∇_b f_c, ∇_b f_e⟩, (n,)."""
        slopes = self.bias_jacobian
        return (slopes * (self.S @ slopes)).sum(-1, -2)

    @cached_property
    def G_bb(self) -> Bounded:
        """The block of b in G, (m, m)."""
        return self._block(self.bias_jacobian)

    @cached_property
    def gamma(self) -> Bounded:
        """Eigenvalues γ_1 ≥ … ≥ γ_m of G_bb, (m,)."""
        return self.G_bb.eigenvalues()

    @cached_property
    def G_ww(self) -> Bounded:
        """The block of W in G, (md, md)."""
        q = self._q
        return self._block(self.weight_jacobian.reshape(q.n, q.C, q.m * q.d))

    def _block(self, J: Bounded) -> Bounded:
        """(1/n) Σ_i J_iᵀ S_i J_i, exactly symmetric."""
        n, C, size = J.shape[1:]
        left, right = J.reshape(n * C, size), (self.S @ J).reshape(n * C, size)
        block = left.T @ right / float(n)
        return (block + block.T) * 0.5

    # Complex steps

    def _above(self, z: Array) -> Array:
        s = activation_values(self._q.activation, z, order=0)[0]
        u = s @ self._layers.V.swapaxes(-1, -2) + self._layers.e[:, None, :]
        top = activation_values(self._q.activation, u, order=0)[0]
        return top @ self._layers.B.swapaxes(-1, -2)

    @property
    def _preactivations(self) -> Array:
        return self._x @ self._W.swapaxes(-1, -2) + self._b[:, None, :]

    @property
    def _output(self) -> Array:
        return self._above(self._preactivations)

    def _derivative(self, moved: Array) -> Array:
        """Imaginary part per step of f at pre-activations z + i h moved."""
        z = self._preactivations + 1j * TINY_STEP * moved
        value: Array = self._above(z).imag / TINY_STEP
        return value

    def _bias(self) -> Bounded:
        count, n, _ = self._x.shape
        m = self._b.shape[-1]
        columns = [
            self._derivative(np.broadcast_to(unit, (count, n, m))) for unit in np.eye(m)
        ]
        wide = self._spread + self._lost[..., None]
        return Bounded(np.stack(columns, axis=-1), wide)

    def _input(self) -> Bounded:
        n = self._x.shape[1]
        columns = [
            self._derivative(np.repeat(self._W[:, None, :, j], n, axis=1))
            for j in range(self._x.shape[-1])
        ]
        wide = self._spread @ np.abs(self._W)[:, None]
        wide = 2 * wide + self._lost[..., None] + TRUNCATION
        return Bounded(np.stack(columns, axis=-1), wide)

    def _weight(self) -> Bounded:
        m, d = self._W.shape[-2:]
        entries = []
        for k in range(m):
            for j in range(d):
                moved = np.zeros((*self._x.shape[:2], m))
                moved[..., k] = self._x[..., j]
                entries.append(self._derivative(moved))
        stacked = np.stack(entries, axis=-1)
        stacked = stacked.reshape(*stacked.shape[:-1], m, d)
        wide = self._spread[..., None] * np.abs(self._x)[:, :, None, None, :]
        return Bounded(stacked, 2 * wide + self._lost[..., None, None] + TRUNCATION)

    # Error bounds

    def _errors(self) -> tuple[Array, Array, Array]:
        """How far rounding can move ∇_b f = B σ'(u) V σ'(z), a complex step, and f.

        The relative errors of both σ' are |σ''| times the errors of z and u.
        """
        q, e = self._q, self._layers.e[:, None, :]
        V, B = np.abs(self._layers.V), np.abs(self._layers.B)
        z = q.fwd.z
        signed = activation_values(q.activation, z, order=0)[0]
        s0, s1, s2 = map(np.abs, activation_values(q.activation, z))
        u = signed @ self._layers.V.swapaxes(-1, -2) + e
        t0, t1, t2 = map(np.abs, activation_values(q.activation, u))
        dz = q.z.radius + gamma(q.d + 2) * np.abs(z)
        ds = s1 * dz + 8 * EPS * (1 + s0)
        sums = s0 @ V.swapaxes(-1, -2) + np.abs(e)
        du = ds @ V.swapaxes(-1, -2) + gamma(q.m + 2) * sums
        first, second = s1 + _grown(s2, dz), t1 + _grown(t2, du)
        size = _product(B, t1, V, s1)
        step = _product(B, second, V, first) - size
        length = 4 * (q.m + q.d + V.shape[-2] + 16)
        spread = step + gamma(length) * _product(B, second, V, first)
        dt = 2 * t1 * du + 8 * EPS * (1 + t0)
        df = dt @ B.swapaxes(-1, -2) + gamma(length) * (t0 @ B.swapaxes(-1, -2))
        torn = self._torn(z, q.z.radius) | self._torn(u, du)
        spread = np.where(torn[..., None, None], np.inf, 8 * spread + TRUNCATION)
        # a product lost before σ'(z), before V, before σ'(u), before B
        width = V.shape[-1] + V.shape[-2] + 2
        inner = (1 + first) @ V.swapaxes(-1, -2)
        lost = (1 + second * (1 + inner)) @ B.swapaxes(-1, -2)
        lost = UNDERFLOW * width * (1 + lost)
        return spread, lost, np.where(torn[..., None], np.inf, 4 * df)

    def _torn(self, z: Array, error: Array) -> Array:
        """Samples with a pre-activation that may lie on a kink, (T, n)."""
        torn = np.zeros(z.shape[:2], dtype=bool)
        for kink in self._q.activation.kinks:
            torn |= (np.abs(z - float(kink)) <= error).any(axis=-1)
        return torn


def _grown(second: Array, error: Array) -> Array:
    return 2 * second * error + 8 * EPS * (1 + second)


def _product(B: Array, outer: Array, V: Array, inner: Array) -> Array:
    """Σ_h B_ch outer_ih V_hk inner_ik, (T, n, C, m)."""
    left = B[:, None] * outer[..., None, :]
    return (left @ V[:, None]) * inner[..., None, :]
