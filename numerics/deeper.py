"""A deeper network on a given first layer, differentiated by complex step.

    f(x) = B σ(V σ(W x + b) + e): the first layer is the instance's own.

No chain rule is used for the values, since a theorem about it is judged on them; their
error bounds come from the same product of absolute values that the chain rule has.
"""

import numpy as np

from .bounded import EPS, Bounded, gamma
from .directions import TINY_STEP, TRUNCATION
from .drawn import Layers
from .forward import Array
from .lowering import activation_values
from .quantities import Quantities

__all__ = ["Deeper"]


class Deeper:
    """First-layer derivatives of a deeper network at T instances.

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
        self._activation = q.activation
        self._layers = layers
        self._x, self._W, self._b = q.x.value, q.W.value, q.b.value
        with np.errstate(all="ignore"):
            self._spread = self._absolute(q)
            self.bias_jacobian = self._bias()
            self.input_jacobian = self._input()
            self.weight_jacobian = self._weight()

    def _above(self, z: Array) -> Array:
        s = activation_values(self._activation, z, order=0)[0]
        u = s @ self._layers.V.swapaxes(-1, -2) + self._layers.e[:, None, :]
        top = activation_values(self._activation, u, order=0)[0]
        return top @ self._layers.B.swapaxes(-1, -2)

    def _derivative(self, moved: Array) -> Array:
        """Imaginary part per step of f at pre-activations z + i h moved."""
        z = self._x @ self._W.swapaxes(-1, -2) + self._b[:, None, :]
        value: Array = self._above(z + 1j * TINY_STEP * moved).imag / TINY_STEP
        return value

    def _bias(self) -> Bounded:
        count, n, _ = self._x.shape
        m = self._b.shape[-1]
        columns = [
            self._derivative(np.broadcast_to(unit, (count, n, m))) for unit in np.eye(m)
        ]
        return Bounded(np.stack(columns, axis=-1), self._spread)

    def _input(self) -> Bounded:
        n = self._x.shape[1]
        columns = [
            self._derivative(np.repeat(self._W[:, None, :, j], n, axis=1))
            for j in range(self._x.shape[-1])
        ]
        wide = self._spread @ np.abs(self._W)[:, None]
        return Bounded(np.stack(columns, axis=-1), 2 * wide + TRUNCATION)

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
        return Bounded(stacked, 2 * wide + TRUNCATION)

    def _absolute(self, q: Quantities) -> Array:
        """How far rounding can move ∇_b f = B σ'(u) V σ'(z), entry by entry.

        The relative errors of both σ' are |σ''| times the errors of z and u.
        """
        V, B = np.abs(self._layers.V), np.abs(self._layers.B)
        z = q.fwd.z
        s0, s1, s2 = map(np.abs, activation_values(self._activation, z))
        signed = activation_values(self._activation, z, order=0)[0]
        u = signed @ self._layers.V.swapaxes(-1, -2) + self._layers.e[:, None, :]
        _, t1, t2 = map(np.abs, activation_values(self._activation, u))
        dz = q.z.radius + gamma(q.d + 2) * np.abs(z)
        ds = s1 * dz + 8 * EPS * (1 + s0)
        sums = s0 @ V.swapaxes(-1, -2) + np.abs(self._layers.e)[:, None, :]
        du = ds @ V.swapaxes(-1, -2) + gamma(q.m + 2) * sums
        first, second = s1 + _grown(s2, dz), t1 + _grown(t2, du)
        size = _product(B, t1, V, s1)
        step = _product(B, second, V, first) - size
        length = 4 * (q.m + q.d + V.shape[-2] + 16)
        spread = step + gamma(length) * _product(B, second, V, first)
        return 8 * spread + TRUNCATION


def _grown(second: Array, error: Array) -> Array:
    return 2 * second * error + 8 * EPS * (1 + second)


def _product(B: Array, outer: Array, V: Array, inner: Array) -> Array:
    """Σ_h B_ch outer_ih V_hk inner_ik, (T, n, C, m)."""
    left = B[:, None] * outer[..., None, :]
    return (left @ V[:, None]) * inner[..., None, :]
