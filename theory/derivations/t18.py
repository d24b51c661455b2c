"""T18: kernels from their integrals, and derivatives from the kernels, by SymPy.

The expressions are those of `theory.population.derivation`: differences between SymPy's
derivatives and the closed forms in the frame u = (r, 0, 0), v = (ρ cos θ, ρ sin θ, 0) of
three dimensions, 0 < θ < π. What is not derived are the sums over neurons in (c), and
that L is twice differentiable where two neurons are parallel.
"""

from functools import partial

from sympy import Expr, Matrix, Symbol, cos, diff, pi, sin, symbols

from ..derivation import Derivation, Step
from ..lemmas import (
    DERIVATIVE_BOUNDS,
    ISOTROPY,
    NORMAL_MOMENTS,
    POLAR,
    PRICE,
    Lemma,
)
from ..population.derivation import (
    PARTS,
    derivative_differences,
    value_differences,
)
from ..population.kernels import KERNELS, Kernel
from ..rules import lemma
from .lazily import polynomial_later

__all__ = ["DERIVATION", "steps"]

_TAU, _ANGLE = symbols("tau theta", positive=True)

_VALUES: dict[str, tuple[Lemma, tuple[str, ...]]] = {
    "relu": (
        POLAR,
        (
            "½φ cos θ + ¼ sin(2φ - θ) is a primitive of cos φ cos(φ - θ)",
            "∫ s³ exp(-s²/2) ds = 2, times its ends, over 2π, is κ",
        ),
    ),
    "erf": (
        PRICE,
        (
            "κ = 0 where u·v = 0",
            "∂κ/∂(u·v) = (2/π) det(I + Σ)^(-½), Σ the covariance of u·x and v·x",
        ),
    ),
    "quadratic": (NORMAL_MOMENTS, ("κ = r²ρ² (3 cos² θ + sin² θ)",)),
}
"""For each kernel: what its integral rests on, and what is checked."""


def _value(kernel: Kernel) -> Step:
    rests, said = _VALUES[kernel.activation]

    def one_of(place: int) -> tuple[Expr, ...]:
        return (value_differences(kernel)[place],)

    return lemma(
        "a",
        f"κ of {kernel.activation} is E σ(u·x)σ(v·x)",
        rests,
        *(
            polynomial_later("a", text, partial(one_of, place))
            for place, text in enumerate(said)
        ),
    )


def _turned_products() -> tuple[Expr, ...]:
    """u·u, u·v and v·v less the same after a rotation of each pair of axes."""
    u, v = Matrix(symbols("u1:4")), Matrix(symbols("v1:4"))
    c, s = (1 - _TAU**2) / (1 + _TAU**2), 2 * _TAU / (1 + _TAU**2)
    differences = []
    for i, j in ((0, 1), (0, 2), (1, 2)):
        Q = Matrix.eye(3)
        Q[i, i], Q[i, j], Q[j, i], Q[j, j] = c, -s, s, c
        for left, right in ((u, u), (u, v), (v, v)):
            differences.append(left.dot(right) - (Q * left).dot(Q * right))
    return tuple(differences)


_NAMED = {"first": "∂κ/∂u", "second": "∂²κ/∂u∂uᵀ", "mixed": "∂²κ/∂u∂vᵀ"}


def _derivative(kernel: Kernel, part: str) -> Step:
    name = f"{_NAMED[part]} of {kernel.activation}"
    return lemma(
        "b",
        f"{name} is its closed form",
        ISOTROPY,
        polynomial_later(
            "b", "a rotation changes neither u·u nor u·v nor v·v", _turned_products
        ),
        polynomial_later(
            "b",
            f"{name} is its closed form in one frame of three dimensions",
            partial(derivative_differences, kernel, 3, part),
        ),
    )


def _excess(side: int) -> tuple[Expr, ...]:
    """(κ - ½u·v or κ) less (1/2π)‖u‖‖v‖(sin t - t cos t) with t = θ or π - θ.

    In units of ‖u‖‖v‖/2π: κ is sin θ + (π - θ) cos θ there.
    """
    kappa = sin(_ANGLE) + (pi - _ANGLE) * cos(_ANGLE)
    if side == 0:
        return (kappa - pi * cos(_ANGLE) - (sin(_ANGLE) - _ANGLE * cos(_ANGLE)),)
    t = Symbol("t", positive=True)
    opposite = (sin(t) - t * cos(t)).subs(t, pi - _ANGLE)
    return (kappa - opposite,)


def steps() -> tuple[Step, ...]:
    """The steps."""
    t = Symbol("t", positive=True)
    rate = partial(tuple, (diff(sin(t) - t * cos(t), t) - t * sin(t),))
    bounds = [
        lemma(
            "d",
            statement,
            DERIVATIVE_BOUNDS,
            polynomial_later("d", written, partial(_excess, side)),
            polynomial_later("d", "sin t - t cos t has the derivative t sin t", rate),
        )
        for side, (statement, written) in enumerate(
            (
                (
                    "0 <= κ - ½u·v <= (1/6π)‖u‖‖v‖θ³",
                    "κ - ½u·v = (1/2π)‖u‖‖v‖(sin t - t cos t) with t = θ",
                ),
                (
                    "0 <= κ <= (1/6π)‖u‖‖v‖(π - θ)³",
                    "κ = (1/2π)‖u‖‖v‖(sin t - t cos t) with t = π - θ",
                ),
            )
        )
    ]
    derivatives = [_derivative(k, part) for k in KERNELS.values() for part in PARTS]
    return (*map(_value, KERNELS.values()), *derivatives, *bounds)


DERIVATION = Derivation(
    theorem="T18",
    proves=(
        *("a.1", "a.2", "a.3"),
        *("b.1", "b.2", "b.3", "b.4", "b.5", "b.6", "b.7", "b.8", "b.9"),
        *("d.1", "d.2"),
    ),
    steps=steps(),
)
