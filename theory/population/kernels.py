"""Kernels E σ(u·x)σ(v·x) over x ~ N(0, I), with their derivatives, in coordinates.

For ReLU, for erf(z/√2) and for z²; u and v are columns of any one length. Each closed
form of a derivative is checked in `derivation` against SymPy's own derivative of κ.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from sympy import Expr, Rational, acos, asin, eye, pi, sqrt

__all__ = ["ERF", "KERNELS", "QUADRATIC", "RELU", "Column", "Kernel"]

Column: TypeAlias = Any
"""A SymPy matrix of one column."""

Of: TypeAlias = Callable[[Column, Column], Any]


@dataclass(frozen=True, kw_only=True)
class Kernel:
    """A kernel and its derivatives, as functions of the columns u and v.

    Attributes
    ----------
    activation : str
        relu, erf or quadratic.
    value : callable
        κ(u, v) = E σ(u·x)σ(v·x), symmetric in u and v.
    first : callable
        ∂κ/∂u, a column.
    second : callable
        ∂²κ/∂u∂uᵀ.
    mixed : callable
        ∂²κ/∂u∂vᵀ.
    """

    activation: str
    value: Of
    first: Of
    second: Of
    mixed: Of


def _relu(u: Column, v: Column) -> Expr:
    """κ = (1/2π) ‖u‖ ‖v‖ (sin θ + (π - θ) cos θ), θ the angle between u and v."""
    cos, sin, angle = _angle(u, v)
    return _norm(u) * _norm(v) * (sin + (pi - angle) * cos) / (2 * pi)


def _relu_first(u: Column, v: Column) -> Column:
    """∂κ/∂u = (1/2π) (‖v‖ sin θ û + (π - θ) v)."""
    _, sin, angle = _angle(u, v)
    return (_norm(v) * sin * _unit(u) + (pi - angle) * v) / (2 * pi)


def _relu_second(u: Column, v: Column) -> Any:
    """∂²κ/∂u∂uᵀ = (sin θ ‖v‖ / (2π ‖u‖)) (I - û ûᵀ + n nᵀ), n = unit(v̂ - cos θ û)."""
    cos, sin, _ = _angle(u, v)
    n = (_unit(v) - cos * _unit(u)) / sin
    scale = sin * _norm(v) / (2 * pi * _norm(u))
    return scale * (eye(len(u)) - _unit(u) * _unit(u).T + n * n.T)


def _relu_mixed(u: Column, v: Column) -> Any:
    """∂²κ/∂u∂vᵀ = (1/2π) ((π - θ) I + û nᵀ + v̂ n'ᵀ), n' = unit(û - cos θ v̂)."""
    cos, sin, angle = _angle(u, v)
    n = (_unit(v) - cos * _unit(u)) / sin
    turned = (_unit(u) - cos * _unit(v)) / sin
    inner = (pi - angle) * eye(len(u)) + _unit(u) * n.T + _unit(v) * turned.T
    return inner / (2 * pi)


def _erf(u: Column, v: Column) -> Expr:
    """κ = (2/π) asin(q / √(ab)), a = 1 + ‖u‖², b = 1 + ‖v‖², q = u·v."""
    a, b, q = _augmented(u, v)
    return 2 / pi * asin(q / sqrt(a * b))


def _erf_first(u: Column, v: Column) -> Column:
    """∂κ/∂u = (2/π) t / √(ab - q²), t = v - (q/a) u."""
    a, b, q = _augmented(u, v)
    return 2 / pi * (v - q / a * u) / sqrt(a * b - q**2)


def _erf_second(u: Column, v: Column) -> Any:
    """∂²κ/∂u∂uᵀ = (2/π) (2q u uᵀ/a² - (u vᵀ + q I)/a - t (bu - qv)ᵀ/D) / √D."""
    a, b, q = _augmented(u, v)
    D, t = a * b - q**2, v - q / a * u
    inner = (
        2 * q / a**2 * u * u.T
        - (u * v.T + q * eye(len(u))) / a
        - t * (b * u - q * v).T / D
    )
    return 2 / pi * inner / sqrt(D)


def _erf_mixed(u: Column, v: Column) -> Any:
    """∂²κ/∂u∂vᵀ = (2/π) (I - u uᵀ/a - (a/D) t tᵀ) / √D."""
    a, b, q = _augmented(u, v)
    D, t = a * b - q**2, v - q / a * u
    return 2 / pi * (eye(len(u)) - u * u.T / a - a / D * t * t.T) / sqrt(D)


def _quadratic(u: Column, v: Column) -> Expr:
    """κ = ‖u‖² ‖v‖² + 2 (u·v)²."""
    return u.dot(u) * v.dot(v) + 2 * u.dot(v) ** 2


def _quadratic_first(u: Column, v: Column) -> Column:
    """∂κ/∂u = 2 ‖v‖² u + 4 (u·v) v."""
    return 2 * v.dot(v) * u + 4 * u.dot(v) * v


def _quadratic_second(u: Column, v: Column) -> Any:
    """∂²κ/∂u∂uᵀ = 2 ‖v‖² I + 4 v vᵀ."""
    return 2 * v.dot(v) * eye(len(u)) + 4 * v * v.T


def _quadratic_mixed(u: Column, v: Column) -> Any:
    """∂²κ/∂u∂vᵀ = 4 (u vᵀ + v uᵀ + (u·v) I)."""
    return 4 * (u * v.T + v * u.T + u.dot(v) * eye(len(u)))


RELU: Final = Kernel(
    activation="relu",
    value=_relu,
    first=_relu_first,
    second=_relu_second,
    mixed=_relu_mixed,
)
ERF: Final = Kernel(
    activation="erf",
    value=_erf,
    first=_erf_first,
    second=_erf_second,
    mixed=_erf_mixed,
)
QUADRATIC: Final = Kernel(
    activation="quadratic",
    value=_quadratic,
    first=_quadratic_first,
    second=_quadratic_second,
    mixed=_quadratic_mixed,
)

KERNELS: Final[Mapping[str, Kernel]] = MappingProxyType(
    {kernel.activation: kernel for kernel in (RELU, ERF, QUADRATIC)}
)
"""By the activation's name; erf is that of z/√2 here."""


def _norm(u: Column) -> Expr:
    return u.dot(u) ** Rational(1, 2)


def _unit(u: Column) -> Column:
    return u / _norm(u)


def _angle(u: Column, v: Column) -> tuple[Expr, Expr, Expr]:
    """Its cosine, its sine and itself; in (0, π)."""
    cos = u.dot(v) / (_norm(u) * _norm(v))
    return cos, sqrt(1 - cos**2), acos(cos)


def _augmented(u: Column, v: Column) -> tuple[Expr, Expr, Expr]:
    return 1 + u.dot(u), 1 + v.dot(v), u.dot(v)
