"""Derivation of the kernels' closed forms (theorem T18).

A kernel depends on ‖u‖², ‖v‖² and u·v alone, so that an orthogonal Q gives
κ(Qu, Qv) = κ(u, v), and the derivatives turn with Q. It is therefore enough to compare
SymPy's derivatives of κ with the closed forms in one frame,

    u = (r, 0, 0),   v = (ρ cos θ, ρ sin θ, 0),   0 < θ < π,

in d = 2 and in d = 3, whose third axis stands for every direction across u and v. With
cos θ = (1 - τ²)/(1 + τ²) and sin θ = 2τ/(1 + τ²), τ > 0, and θ a letter of its own
wherever it stands alone, all of ReLU's is rational in r, ρ, τ, θ and π. For erf the root
of D = ab - q² is a letter too, and its square is put back in the end.
"""

from typing import Any, Final

from sympy import (
    Expr,
    Integer,
    Matrix,
    Symbol,
    acos,
    cos,
    diff,
    exp,
    expand,
    expand_trig,
    factor,
    fraction,
    integrate,
    oo,
    pi,
    rem,
    simplify,
    sin,
    sqrt,
    together,
)
from sympy import symbols as letters

from ..derivation import Step
from ..rules import polynomial
from .kernels import KERNELS, Kernel

__all__ = ["PARTS", "derivative_differences", "steps", "value_differences"]

PARTS: Final = ("first", "second", "mixed")
"""Derivatives of a kernel, as its attributes name them."""

_R, _RHO, _TAU, _ANGLE, _ROOT = letters("r rho tau theta S", positive=True)
_COS, _SIN = (1 - _TAU**2) / (1 + _TAU**2), 2 * _TAU / (1 + _TAU**2)


def steps() -> tuple[Step, ...]:
    """The steps of T18: values from their integrals, derivatives from the values."""
    values = [
        polynomial(
            "a",
            f"κ of {name} is its Gaussian integral",
            *value_differences(kernel),
        )
        for name, kernel in KERNELS.items()
    ]
    derivatives = [
        polynomial(
            "b",
            f"the {part} derivative of κ of {name} is its closed form, d = {d}",
            *derivative_differences(kernel, d, part),
        )
        for name, kernel in KERNELS.items()
        for d in (2, 3)
        for part in PARTS
    ]
    return (*values, *derivatives)


def value_differences(kernel: Kernel) -> tuple[Expr, ...]:
    """What must vanish for κ to be E σ(u·x)σ(v·x).

    Parameters
    ----------
    kernel : Kernel
        relu: the integral in polar coordinates of the plane of u and v. erf: κ = 0 at
        q = u·v = 0, and ∂κ/∂q = E σ'(u·x)σ'(v·x) (Price 1958), a Gaussian integral.
        quadratic: the moments of two correlated variables, one by one.
    """
    of = {"relu": _relu_value, "erf": _erf_value, "quadratic": _quadratic_value}
    return of[kernel.activation](kernel)


def derivative_differences(kernel: Kernel, d: int, part: str) -> tuple[Expr, ...]:
    """A closed derivative less SymPy's, entry by entry, in the frame of this module.

    Parameters
    ----------
    kernel : Kernel
        Closed forms.
    d : int
        2 or more.
    part : {"first", "second", "mixed"}
        Which one: ∂κ/∂u, ∂²κ/∂u∂uᵀ or ∂²κ/∂u∂vᵀ.
    """
    u, v = Matrix(letters(f"u1:{d + 1}")), Matrix(letters(f"v1:{d + 1}"))
    chained = kernel.activation == "erf"
    derived = dict(
        zip(PARTS, (_chained if chained else _plain)(kernel, u, v), strict=True)
    )
    closed = getattr(kernel, part)(u, v)
    placed = _erf_placed if chained else _placed
    return tuple(placed(entry, u, v) for entry in closed - derived[part])


def _plain(kernel: Kernel, u: Any, v: Any) -> tuple[Any, Any, Any]:
    """The derivatives of κ, by SymPy."""
    value = kernel.value(u, v)
    gradient = Matrix([diff(value, letter) for letter in u])
    return gradient, gradient.jacobian(u), gradient.jacobian(v)


def _placed(expression: Expr, u: Any, v: Any) -> Expr:
    """In the frame, with roots of squares drawn and the angle by its letter."""
    first = [_R, *[Integer(0)] * (len(u) - 1)]
    second = [_RHO * _COS, _RHO * _SIN, *[Integer(0)] * (len(v) - 2)]
    frame = dict(zip([*u, *v], first + second, strict=True))
    angle = acos(u.dot(v) / (sqrt(u.dot(u)) * sqrt(v.dot(v))))
    named = expression.xreplace({angle: _ANGLE}).xreplace(frame)
    return named.replace(
        lambda part: part.is_Pow and not part.exp.is_integer,
        lambda part: factor(part.base) ** part.exp,
    )


def _chained(kernel: Kernel, u: Any, v: Any) -> tuple[Any, Any, Any]:
    """The derivatives of κ = F(a, b, q) by the chain rule, with the letter for √D."""
    a, b, q = letters("a b q", positive=True)
    parts = {a: 1 + u.dot(u), b: 1 + v.dot(v), q: u.dot(v)}
    F = _in_invariants(kernel, a, b, q)

    def partial(*order: Symbol) -> Expr:
        found = diff(F, *order).subs(a, (_ROOT**2 + q**2) / b)
        return simplify(found).subs({b: parts[b], q: parts[q]})

    unit = Matrix.eye(len(u))
    outer = {"uu": u * u.T, "uv": u * v.T, "vu": v * u.T, "vv": v * v.T}
    gradient = partial(q) * v + 2 * partial(a) * u
    second = (
        partial(q, q) * outer["vv"]
        + 2 * partial(q, a) * (outer["uv"] + outer["vu"])
        + 4 * partial(a, a) * outer["uu"]
        + 2 * partial(a) * unit
    )
    mixed = (
        partial(q, q) * outer["vu"]
        + 2 * partial(q, b) * outer["vv"]
        + 2 * partial(q, a) * outer["uu"]
        + 4 * partial(a, b) * outer["uv"]
        + partial(q) * unit
    )
    return gradient, second, mixed


def _in_invariants(kernel: Kernel, a: Symbol, b: Symbol, q: Symbol) -> Expr:
    """κ at columns with 1 + ‖u‖² = a, 1 + ‖v‖² = b and u·v = q, which is F(a, b, q)."""
    r = sqrt(a - 1)
    u, v = Matrix([r, 0]), Matrix([q / r, sqrt(b - 1 - q**2 / r**2)])
    return simplify(kernel.value(u, v))


def _erf_placed(expression: Expr, u: Any, v: Any) -> Expr:
    """In the frame (r, 0, 0), (x, y, 0): the numerator, with √D squared away."""
    x, y = letters("x y", real=True)
    first = [_R, *[Integer(0)] * (len(u) - 1)]
    second = [x, y, *[Integer(0)] * (len(v) - 2)]
    frame = dict(zip([*u, *v], first + second, strict=True))
    D = expand((1 + _R**2) * (1 + x**2 + y**2) - _R**2 * x**2)
    there = expression.subs(frame, simultaneous=True).replace(
        lambda part: part.is_Pow and not part.exp.is_integer,
        lambda part: _ROOT ** (2 * part.exp) if expand(part.base - D) == 0 else part,
    )
    numerator, _ = fraction(together(there))
    return rem(expand(numerator), _ROOT**2 - D, _ROOT)


def _relu_value(kernel: Kernel) -> tuple[Expr, ...]:
    """∫ r³ exp(-r²/2) dr = 2, times the integral over the angles where both are >= 0."""
    radius, phi = Symbol("s", positive=True), Symbol("phi", real=True)
    radial = integrate(radius**3 * exp(-(radius**2) / 2), (radius, 0, oo))
    primitive = phi * cos(_ANGLE) / 2 + sin(2 * phi - _ANGLE) / 4
    integrand = cos(phi) * cos(phi - _ANGLE)
    ends = primitive.subs(phi, pi / 2) - primitive.subs(phi, _ANGLE - pi / 2)
    found = _R * _RHO * radial * ends / (2 * pi)
    in_tau = {cos(_ANGLE): _COS, sin(_ANGLE): _SIN}
    u, v = Matrix(letters("u1:3")), Matrix(letters("v1:3"))
    return (
        simplify(diff(primitive, phi) - integrand),
        expand_trig(found).subs(in_tau) - _placed(kernel.value(u, v), u, v),
    )


def _erf_value(kernel: Kernel) -> tuple[Expr, ...]:
    """κ at q = 0, and its slope in q less (2/π) det(I + Σ)^{-1/2}."""
    a, b, q = letters("a b q", positive=True)
    value = _in_invariants(kernel, a, b, q)
    root = {a: (_ROOT**2 + q**2) / b}
    determinant = Matrix([[a, q], [q, b]]).det().subs(root)
    slope = simplify(diff(value, q).subs(root))
    return value.subs(q, 0), slope - 2 / pi / sqrt(simplify(determinant))


def _quadratic_value(kernel: Kernel) -> tuple[Expr, ...]:
    """E (r X)² (ρ (cos θ X + sin θ Y))² from E X⁴ = 3, E X²Y² = 1 and E X³Y = 0."""
    found = _R**2 * _RHO**2 * (3 * _COS**2 + _SIN**2)
    u, v = Matrix(letters("u1:3")), Matrix(letters("v1:3"))
    return (found - _placed(kernel.value(u, v), u, v),)
