"""Kernels E σ(u·x)σ(v·x) over x ~ N(0, I), with their derivatives, for pairs of rows.

A kernel κ(u, v) is symmetric. For all u among the rows of U (m, d) and v among those of
V (k, d) it gives

    κ(u, v),   ∂κ/∂u,   ∂²κ/∂u∂uᵀ,   ∂²κ/∂u∂vᵀ,

with shapes (m, k), (m, k, d), (m, k, d, d) and (m, k, d, d). The formulas are those of
theorem T18; `theory.population.kernels` holds their derivation.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

__all__ = ["KERNELS", "Array", "Erf", "Kernel", "Quadratic", "Relu"]

Array = npt.NDArray[np.float64]


class Kernel(Protocol):
    """What a loss needs to know of an activation."""

    @property
    def smooth_at_zero(self) -> bool:
        """Whether the kernel is twice differentiable at u = 0."""

    def value(self, U: Array, V: Array) -> Array:
        """κ(u, v), (m, k)."""

    def first(self, U: Array, V: Array) -> Array:
        """∂κ/∂u, (m, k, d)."""

    def second(self, U: Array, V: Array) -> Array:
        """∂²κ/∂u∂uᵀ, (m, k, d, d)."""

    def mixed(self, U: Array, V: Array) -> Array:
        """∂²κ/∂u∂vᵀ, (m, k, d, d)."""


class Relu:
    """κ = (1/2π) ‖u‖ ‖v‖ (sin θ + (π - θ) cos θ), θ the angle between u and v.

    With û = u/‖u‖, e = v̂ - cos θ û and q = e eᵀ / sin θ,

        ∂κ/∂u = (1/2π) (‖v‖ sin θ û + (π - θ) v),
        ∂²κ/∂u∂uᵀ = (‖v‖ / (2π ‖u‖)) (sin θ (I - û ûᵀ) + q),
        ∂²κ/∂u∂vᵀ = (1/2π) ((π - θ) I + sin θ (û eᵀ + e ûᵀ)
                             + cos θ (sin θ û ûᵀ - q)).

    The last is h2 of T18 with the unit vector of v in terms of û and e, which leaves no
    0/0: at θ = 0 and θ = π, where sin θ = 0, q is its limit 0.
    """

    smooth_at_zero = False

    def value(self, U: Array, V: Array) -> Array:
        """κ(u, v), (m, k)."""
        _, _, e = _directions(U, V)
        cos, sin, angle = _angles(U, V, e)
        norms = _norms(U)[:, None] * _norms(V)[None, :]
        return norms * (sin + (np.pi - angle) * cos) / (2 * np.pi)

    def first(self, U: Array, V: Array) -> Array:
        """∂κ/∂u, (m, k, d)."""
        u, _, e = _directions(U, V)
        _, sin, angle = _angles(U, V, e)
        along = (_norms(V) * sin)[:, :, None] * u[:, None, :]
        return (along + (np.pi - angle)[:, :, None] * V[None, :, :]) / (2 * np.pi)

    def second(self, U: Array, V: Array) -> Array:
        """∂²κ/∂u∂uᵀ, (m, k, d, d)."""
        u, _, e = _directions(U, V)
        _, sin, _ = _angles(U, V, e)
        across = np.eye(U.shape[1]) - _outer(u, u)[:, None]
        scale = _norms(V)[None, :] / (2 * np.pi * _norms(U)[:, None])
        return _times(scale, _times(sin, across) + _quotient(e, sin))

    def mixed(self, U: Array, V: Array) -> Array:
        """∂²κ/∂u∂vᵀ, (m, k, d, d)."""
        u, _, e = _directions(U, V)
        cos, sin, angle = _angles(U, V, e)
        u = np.broadcast_to(u[:, None, :], e.shape)
        turned = _times(sin, _outer(u, e) + _outer(e, u))
        kept = _times(cos, _times(sin, _outer(u, u)) - _quotient(e, sin))
        identity = _times(np.pi - angle, np.eye(U.shape[1]))
        return (identity + turned + kept) / (2 * np.pi)


class Erf:
    """κ = (2/π) asin(q / √(ab)) for σ(z) = erf(z/√2); a = 1 + ‖u‖², b = 1 + ‖v‖², q = u·v.

    With D = ab - q² and t = v - (q/a) u,

        ∂κ/∂u = (2/π) t / √D,
        ∂²κ/∂u∂uᵀ = (2/π) (2 (q/a) u uᵀ/a - (u vᵀ + q I)/a - t (bu - qv)ᵀ/D) / √D,
        ∂²κ/∂u∂vᵀ = (2/π) (I - u uᵀ/a - (a/D) t tᵀ) / √D.
    """

    smooth_at_zero = True

    def value(self, U: Array, V: Array) -> Array:
        """κ(u, v), (m, k)."""
        a, b, q, _ = self._parts(U, V)
        return 2 / np.pi * np.arcsin(q / np.sqrt(a * b))

    def first(self, U: Array, V: Array) -> Array:
        """∂κ/∂u, (m, k, d)."""
        a, b, q, t = self._parts(U, V)
        root = np.sqrt(a * b - q**2)
        return 2 / np.pi * t / root[:, :, None]

    def second(self, U: Array, V: Array) -> Array:
        """∂²κ/∂u∂uᵀ, (m, k, d, d)."""
        a, b, q, t = self._parts(U, V)
        D = a * b - q**2
        u = np.broadcast_to(U[:, None, :], t.shape)
        v = np.broadcast_to(V[None, :, :], t.shape)
        turned = b[:, :, None] * u - q[:, :, None] * v
        inner = (
            _times(2 * q / a**2, _outer(u, u))
            - _times(1 / a, _outer(u, v))
            - _times(q / a, np.eye(U.shape[1]))
            - _times(1 / D, _outer(t, turned))
        )
        return _times(2 / np.pi / np.sqrt(D), inner)

    def mixed(self, U: Array, V: Array) -> Array:
        """∂²κ/∂u∂vᵀ, (m, k, d, d)."""
        a, b, q, t = self._parts(U, V)
        D = a * b - q**2
        u = np.broadcast_to(U[:, None, :], t.shape)
        inner = (
            np.eye(U.shape[1])
            - _times(1 / a, _outer(u, u))
            - _times(a / D, _outer(t, t))
        )
        return _times(2 / np.pi / np.sqrt(D), inner)

    def _parts(self, U: Array, V: Array) -> tuple[Array, Array, Array, Array]:
        q = U @ V.T
        a = np.broadcast_to(1 + np.sum(U**2, axis=1)[:, None], q.shape)
        b = np.broadcast_to(1 + np.sum(V**2, axis=1)[None, :], q.shape)
        t = V[None, :, :] - (q / a)[:, :, None] * U[:, None, :]
        return a, b, q, t


class Quadratic:
    """κ = ‖u‖² ‖v‖² + 2 q² for σ(z) = z², q = u·v.

    ∂κ/∂u = 2 ‖v‖² u + 4 q v,
    ∂²κ/∂u∂uᵀ = 2 ‖v‖² I + 4 v vᵀ,
    ∂²κ/∂u∂vᵀ = 4 (u vᵀ + v uᵀ + q I).
    """

    smooth_at_zero = True

    def value(self, U: Array, V: Array) -> Array:
        """κ(u, v), (m, k)."""
        squares = np.sum(U**2, axis=1)[:, None] * np.sum(V**2, axis=1)[None, :]
        return squares + 2 * (U @ V.T) ** 2

    def first(self, U: Array, V: Array) -> Array:
        """∂κ/∂u, (m, k, d)."""
        along = np.sum(V**2, axis=1)[None, :, None] * U[:, None, :]
        return 2 * along + 4 * (U @ V.T)[:, :, None] * V[None, :, :]

    def second(self, U: Array, V: Array) -> Array:
        """∂²κ/∂u∂uᵀ, (m, k, d, d)."""
        one = np.sum(V**2, axis=1)[:, None, None] * np.eye(U.shape[1])
        each = 2 * one + 4 * _outer(V, V)
        return np.broadcast_to(each, (len(U), *each.shape)).copy()

    def mixed(self, U: Array, V: Array) -> Array:
        """∂²κ/∂u∂vᵀ, (m, k, d, d)."""
        crossed = U[:, None, :, None] * V[None, :, None, :]
        identity = _times(U @ V.T, np.eye(U.shape[1]))
        return 4 * (crossed + np.swapaxes(crossed, 2, 3) + identity)


KERNELS: Final[Mapping[str, Kernel]] = MappingProxyType(
    {"relu": Relu(), "erf": Erf(), "quadratic": Quadratic()}
)
"""By name; erf is that of z/√2 here, as in T18."""


def _directions(U: Array, V: Array) -> tuple[Array, Array, Array]:
    """û (m, d), v̂ (k, d), and e = v̂ - cos θ û (m, k, d)."""
    u, v = U / _norms(U)[:, None], V / _norms(V)[:, None]
    return u, v, v[None, :, :] - (u @ v.T)[:, :, None] * u[:, None, :]


def _angles(U: Array, V: Array, e: Array) -> tuple[Array, Array, Array]:
    """Cosine, sine and angle; the sine from e, which is accurate at 0 and at π too."""
    cos = (U / _norms(U)[:, None]) @ (V / _norms(V)[:, None]).T
    sin = np.sqrt(np.sum(e**2, axis=2))
    return cos, sin, np.arctan2(sin, cos)


def _quotient(e: Array, sin: Array) -> Array:
    """Matrix e eᵀ / sin θ; 0, its limit, where sin θ = 0."""
    safe = np.where(sin > 0, sin, 1.0)
    return _outer(e / safe[:, :, None], e)


def _norms(U: Array) -> Array:
    return np.sqrt(np.sum(U**2, axis=1))


def _outer(x: Array, y: Array) -> Array:
    return x[..., :, None] * y[..., None, :]


def _times(scale: Array, matrices: Array) -> Array:
    return scale[:, :, None, None] * matrices
