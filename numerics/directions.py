"""Directional derivatives by complex step: Im g(θ + ihv) / h has no cancellation.

They are what the closed forms are held against.
"""

from dataclasses import replace
from functools import cached_property

import numpy as np

from .bounded import Bounded, gamma
from .forward import Array, forward
from .gauss_newton import gauss_newton
from .jacobian import gradient, jacobian
from .matrices import Matrices, functional_hessians_of
from .residual import residual_hessian

__all__ = ["TINY_STEP", "TRUNCATION", "Directions"]

TINY_STEP = 1e-100
TRUNCATION = 1e-110
"""Im g(θ + ihv)/h is off by h²/6 times a third derivative: far less than this."""


class Directions(Matrices):
    """And derivatives along a direction, without the closed forms."""

    def output_along(self, v: Array) -> Bounded:
        """(d/dt) f(X; θ + tv) at t = 0, (n, C), without any derivative of σ."""
        fwd = self._forward(self.instances.theta + 1j * TINY_STEP * v)
        bound = self.model.around(
            np.zeros_like(self.fwd.f),
            lambda at: _apply(jacobian(at), np.abs(v)).reshape(self.fwd.f.shape),
        )
        return Bounded(fwd.f.imag / TINY_STEP, self._doubled(bound))

    def gradient_along(self, v: Array) -> Bounded:
        """(d/dt) ∇L(θ + tv) at t = 0, (p,), without any second derivative of σ."""
        at = replace(self.instances, t=self.fwd.t, residual=None)
        fwd = forward(
            at.activation,
            at.loss,
            at.x,
            at.theta + 1j * TINY_STEP * v,
            at.t,
            width=at.width,
            outputs=at.outputs,
        )
        free = self._model(self.fwd, None)
        bound = free.around(
            np.zeros_like(self.fwd.W[..., 0, 0])[:, None] + 0 * np.abs(v),
            lambda size: _apply(gauss_newton(size) + residual_hessian(size), np.abs(v)),
        )
        return Bounded(gradient(fwd).imag / TINY_STEP, self._doubled(bound))

    def functional_gradient_along(self, v: Array) -> Bounded:
        """(d/dt) ∇f_c(x_i; θ + tv) at t = 0, (n, C, p)."""
        fwd = self._forward(self.instances.theta + 1j * TINY_STEP * v)
        value = jacobian(fwd).imag / TINY_STEP
        shape = (self.count, self.n, self.C, self.p)
        bound = self.model.around(
            np.zeros(shape),
            lambda at: _apply(functional_hessians_of(at), np.abs(v)[:, None, None, :]),
        )
        return Bounded(value.reshape(shape), self._doubled(bound))

    def tangent(self, v: Array) -> Array:
        """v less its part in the row space of J, in floats: nearly a vector of ker J.

        A power of two shortens it to at most 1/8.
        """
        moved = _apply(self.J.value, v)
        along = v - _apply(self._pseudo_inverse, moved)
        length = np.sqrt((along**2).sum(axis=-1, keepdims=True))
        exponent = np.floor(-np.log2(np.where(length > 0, 8 * length, 8)))
        return along * 2.0**exponent

    def newton_step(self, residual: Array) -> Array:
        """-J⁺ r for r (n, C), in floats: the least step that takes f + r back to f."""
        rows = residual.reshape(self.count, -1)
        return -_apply(self._pseudo_inverse, rows)

    @cached_property
    def _pseudo_inverse(self) -> Array:
        return np.linalg.pinv(np.nan_to_num(self.J.value, posinf=0.0, neginf=0.0))

    def _doubled(self, bound: Bounded) -> Array:
        """Both parts of a complex product are rounded, along chains twice as long."""
        return 8 * bound.radius + gamma(8) * np.abs(bound.value) + TRUNCATION


def _apply(matrix: Array, vector: Array) -> Array:
    return (matrix @ vector[..., None])[..., 0]
