"""Closed forms of T18: kernels and their derivatives in given directions.

u and v are neurons; t is a direction of the one that is differentiated, or s one of u and
t one of v. Keywords hold the constants that mutants change.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeAlias

__all__ = [
    "FIRST",
    "MIXED",
    "SECOND",
    "VALUE",
    "Form",
    "Pair",
    "angle_of",
    "dot",
    "erf_first",
    "erf_mixed",
    "erf_second",
    "erf_value",
    "quadratic_first",
    "quadratic_mixed",
    "quadratic_second",
    "quadratic_value",
    "relu_first",
    "relu_mixed",
    "relu_second",
    "relu_value",
]


Form: TypeAlias = Callable[..., Any]
"""q, u, v and directions → a number."""


def dot(u: Any, v: Any) -> Any:
    """u·v."""
    return sum(a * b for a, b in zip(u, v, strict=True))


# ReLU


@dataclass(frozen=True, kw_only=True)
class Pair:
    """‖u‖, ‖v‖, u·v, and the angle θ between them with its cosine and sine."""

    a: Any
    b: Any
    r: Any
    cos: Any
    sin: Any
    angle: Any
    aligned: bool


def angle_of(q: Any, u: Any, v: Any) -> Pair:
    """The angle between u and v, with norms and all."""
    r, area = dot(u, v), dot(u, u) * dot(v, v) - dot(u, v) ** 2
    a, b, root = q.root(dot(u, u)), q.root(dot(v, v)), q.root(area)
    return Pair(
        a=a,
        b=b,
        r=r,
        cos=r / (a * b),
        sin=root / (a * b),
        angle=q.turn(root, r),
        aligned=bool(area == 0),
    )


def relu_value(q: Any, u: Any, v: Any, *, share: int = 2) -> Any:
    """(1/2π) ‖u‖ ‖v‖ (sin θ + (π - θ) cos θ)."""
    at = angle_of(q, u, v)
    return at.a * at.b * (at.sin + (q.pi - at.angle) * at.cos) / (share * q.pi)


def relu_first(
    q: Any, u: Any, v: Any, t: Any, *, turned: bool = True, unit: bool = True
) -> Any:
    """(1/2π) (‖v‖ sin θ û + (π - θ) v)·t."""
    at = angle_of(q, u, v)
    along = at.b * at.sin * dot(u, t) / (at.a if unit else 1)
    turn = q.pi - at.angle if turned else at.angle
    return (along + turn * dot(v, t)) / (2 * q.pi)


def relu_second(
    q: Any, u: Any, v: Any, s: Any, t: Any, *, scaled: bool = True, normal: int = 1
) -> Any:
    """sᵀ h1 t, h1 = (sin θ ‖v‖/(2π‖u‖)) (I - û ûᵀ + n nᵀ); 0, its limit, at 0 and π."""
    at = angle_of(q, u, v)
    if at.aligned:
        return q.root(0)
    scale = at.sin * (at.b / at.a if scaled else 1) / (2 * q.pi)
    across = dot(s, t) - dot(u, s) * dot(u, t) / dot(u, u)
    return scale * (across + normal * _along(at, u, v, s) * _along(at, u, v, t))


def relu_mixed(
    q: Any, u: Any, v: Any, s: Any, t: Any, *, half: int = 2, crossed: bool = False
) -> Any:
    """sᵀ h2 t, h2 = (1/2π) ((π - θ) I + û nᵀ + v̂ n'ᵀ); ½I at 0 and 0 at π."""
    at = angle_of(q, u, v)
    turn = (q.pi - at.angle) * dot(s, t)
    if at.aligned:
        return turn / (half * q.pi)
    n, other = _along(at, u, v, t), _along(angle_of(q, v, u), v, u, t)
    if crossed:
        n, other = other, n
    inner = turn + dot(u, s) / at.a * n + dot(v, s) / at.b * other
    return inner / (half * q.pi)


def _along(at: Pair, u: Any, v: Any, t: Any) -> Any:
    """n·t with n = (v̂ - cos θ û)/sin θ."""
    return (dot(v, t) / at.b - at.cos * dot(u, t) / at.a) / at.sin


# erf(z/√2): a = 1 + ‖u‖², b = 1 + ‖v‖², r = u·v, D = ab - r², p = v - (r/a) u


def erf_value(q: Any, u: Any, v: Any, *, one: int = 1) -> Any:
    """(2/π) asin(r/√(ab))."""
    a, b = one + dot(u, u), one + dot(v, v)
    return 2 / q.pi * q.asin(dot(u, v) / q.root(a * b))


def erf_first(q: Any, u: Any, v: Any, t: Any, *, corrected: bool = True) -> Any:
    """(2/π) p·t/√D."""
    _, _, D, p = _erf_parts(u, v)
    return 2 / q.pi * dot(p if corrected else v, t) / q.root(D)


def erf_second(
    q: Any, u: Any, v: Any, s: Any, t: Any, *, twice: int = 2, last: int = 1
) -> Any:
    """sᵀ (2/π) (2r u uᵀ/a² - (u vᵀ + rI)/a - p (bu - rv)ᵀ/D) t/√D."""
    a, b, D, p = _erf_parts(u, v)
    r = dot(u, v)
    us, ut = dot(u, s), dot(u, t)
    inner = (
        twice * r * us * ut / a**2
        - (us * dot(v, t) + r * dot(s, t)) / a
        - last * dot(p, s) * (b * ut - r * dot(v, t)) / D
    )
    return 2 / q.pi * inner / q.root(D)


def erf_mixed(
    q: Any, u: Any, v: Any, s: Any, t: Any, *, own: int = 1, scaled: bool = True
) -> Any:
    """sᵀ (2/π) (I - u uᵀ/a - (a/D) p pᵀ) t/√D."""
    a, _, D, p = _erf_parts(u, v)
    inner = (
        dot(s, t)
        - own * dot(u, s) * dot(u, t) / a
        - (a if scaled else 1) * dot(p, s) * dot(p, t) / D
    )
    return 2 / q.pi * inner / q.root(D)


def _erf_parts(u: Any, v: Any) -> tuple[Any, Any, Any, Any]:
    a, b, r = 1 + dot(u, u), 1 + dot(v, v), dot(u, v)
    p = [y - r / a * x for x, y in zip(u, v, strict=True)]
    return a, b, a * b - r * r, p


# z²


def quadratic_value(q: Any, u: Any, v: Any, *, twice: int = 2) -> Any:
    """‖u‖²‖v‖² + 2(u·v)²."""
    return dot(u, u) * dot(v, v) + twice * dot(u, v) ** 2


def quadratic_first(q: Any, u: Any, v: Any, t: Any, *, four: int = 4) -> Any:
    """(2‖v‖²u + 4(u·v)v)·t."""
    return 2 * dot(v, v) * dot(u, t) + four * dot(u, v) * dot(v, t)


def quadratic_second(q: Any, u: Any, v: Any, s: Any, t: Any, *, of: str = "v") -> Any:
    """sᵀ (2‖v‖²I + 4v vᵀ) t."""
    w = {"u": u, "v": v}[of]
    return 2 * dot(v, v) * dot(s, t) + 4 * dot(w, s) * dot(w, t)


def quadratic_mixed(q: Any, u: Any, v: Any, s: Any, t: Any, *, turned: int = 1) -> Any:
    """sᵀ 4(u vᵀ + v uᵀ + (u·v)I) t."""
    outer = dot(u, s) * dot(v, t) + turned * dot(v, s) * dot(u, t)
    return 4 * (outer + dot(u, v) * dot(s, t))


VALUE: Final[Mapping[str, Form]] = MappingProxyType(
    {"relu": relu_value, "erf": erf_value, "quadratic": quadratic_value}
)
"""κ for each activation."""

FIRST: Final[Mapping[str, Form]] = MappingProxyType(
    {"relu": relu_first, "erf": erf_first, "quadratic": quadratic_first}
)
"""∂κ/∂u."""

SECOND: Final[Mapping[str, Form]] = MappingProxyType(
    {"relu": relu_second, "erf": erf_second, "quadratic": quadratic_second}
)
"""∂²κ/∂u∂uᵀ."""

MIXED: Final[Mapping[str, Form]] = MappingProxyType(
    {"relu": relu_mixed, "erf": erf_mixed, "quadratic": quadratic_mixed}
)
"""∂²κ/∂u∂vᵀ."""
