"""The activations σ: one SymPy expression each, and the facts that claims may use.

Every number computed with an activation is compiled from the expression here, and
every derivative is SymPy's. The expressions are therefore written so that their
derivatives, up to the third, stay finite in float64 at any finite argument unless they
overflow themselves: sigmoid through tanh, softplus by the sign of its argument, kinked
functions as Piecewise. Where the textbook form differs, it is kept beside the
definition, and tests prove them equal. What is small is accurate to a few ulps of 1,
not of itself: 1 - tanh² is 0 from |z| = 20 on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from sympy import (
    Expr,
    Float,
    Integer,
    Piecewise,
    Rational,
    diff,
    erf,
    exp,
    log,
    pi,
    sin,
    sqrt,
    tanh,
)
from sympy.codegen.cfunctions import log1p

from ..errors import InputError
from .admission import admit, shortened
from .cases import split_cases
from .sigma import sigma
from .symbols import PREACTIVATION

__all__ = [
    "ACTIVATIONS",
    "SOFTPLUS",
    "UNDEFINED",
    "Activation",
    "activation_from_expression",
    "get_activation",
]

z = PREACTIVATION

HIGHEST: Final = 3
"""The highest derivative that is used: error bounds take one more than Hessians."""


@dataclass(frozen=True, kw_only=True)
class Activation:
    """An activation σ with its derivatives and the facts that claims may use.

    Attributes
    ----------
    name : str
        What users call it.
    value : sympy.Expr
        σ(z), in the symbol `PREACTIVATION`, in the form that code is generated from.
    textbook : sympy.Expr or None
        The usual form, where `value` is written otherwise for the sake of float64.
    kinks : tuple of sympy.Expr
        The arguments at which σ is not twice differentiable.
    homogeneous : bool
        Whether σ is piecewise linear and positively homogeneous: σ'' = 0 off the
        kinks and σ(z) = σ'(z) z.
    odd : bool
        Whether σ(-z) = -σ(z).
    second_bound : sympy.Expr or None
        sup |σ''| (off the kinks), where known and finite.
    polynomial : bool
        Whether σ maps rationals to rationals: polynomial, or piecewise so.
    settles : bool
        Whether, for |z| >= 1000, σ' differs from its limits, and higher derivatives from
        0, by less than float64 can hold. Products such as z² exp(-z²/2) in them are
        NaN where z² overflows, so they are evaluated no farther out than needed.
    """

    name: str
    value: Expr
    textbook: Expr | None = None
    kinks: tuple[Expr, ...] = ()
    homogeneous: bool = False
    odd: bool = False
    second_bound: Expr | None = None
    polynomial: bool = False
    settles: bool = False

    def derivative(self, order: int) -> Expr:
        """σ⁽ᵒʳᵈᵉʳ⁾(z) in the symbol `PREACTIVATION`, by SymPy."""
        return _derivative(self.value, order)

    def shown_derivative(self, order: int) -> Expr:
        """σ⁽ᵒʳᵈᵉʳ⁾(z) of the textbook form."""
        return _derivative(self.shown, order)

    @property
    def first(self) -> Expr:
        """σ'(z)."""
        return self.derivative(1)

    @property
    def second(self) -> Expr:
        """σ''(z)."""
        return self.derivative(2)

    @property
    def shown(self) -> Expr:
        """σ(z) as a textbook writes it."""
        return self.value if self.textbook is None else self.textbook


@cache
def _derivative(value: Expr, order: int) -> Expr:
    return diff(value, z, order) if order else value


def _kinked(left: Expr, right: Expr) -> Expr:
    return Piecewise((right, z > 0), (left, True))


SOFTPLUS: Final = Piecewise((log1p(exp(z)), z <= 0), (z + log1p(exp(-z)), True))
"""log(1 + eᶻ) without overflow, in the symbol `PREACTIVATION`."""

_HALF = Rational(1, 2)
_SIGMOID = (1 + tanh(z / 2)) / 2

_DEFINED = (
    Activation(
        name="identity",
        value=z,
        homogeneous=True,
        odd=True,
        second_bound=Rational(0),
        polynomial=True,
    ),
    Activation(
        name="relu",
        value=_kinked(Rational(0), z),
        kinks=(Rational(0),),
        homogeneous=True,
        second_bound=Rational(0),
        polynomial=True,
    ),
    Activation(
        name="leaky_relu",
        value=_kinked(z / 100, z),
        kinks=(Rational(0),),
        homogeneous=True,
        second_bound=Rational(0),
        polynomial=True,
    ),
    Activation(
        name="abs",
        value=_kinked(-z, z),
        kinks=(Rational(0),),
        homogeneous=True,
        second_bound=Rational(0),
        polynomial=True,
    ),
    Activation(name="quadratic", value=z**2, second_bound=Rational(2), polynomial=True),
    Activation(name="cubic", value=z**3, odd=True, polynomial=True),
    Activation(name="tanh", value=tanh(z), odd=True, second_bound=4 / (3 * sqrt(3))),
    Activation(
        name="sigmoid",
        value=_SIGMOID,
        textbook=1 / (1 + exp(-z)),
        second_bound=1 / (6 * sqrt(3)),
    ),
    Activation(
        name="softplus",
        value=SOFTPLUS,
        textbook=log(1 + exp(z)),
        second_bound=Rational(1, 4),
    ),
    Activation(
        name="erf",
        value=erf(z),
        odd=True,
        second_bound=2 * sqrt(2 / pi) * exp(-_HALF),
        settles=True,
    ),
    Activation(
        name="gelu",
        value=z * (1 + erf(z / sqrt(2))) / 2,
        second_bound=sqrt(2 / pi),
        settles=True,
    ),
    Activation(
        name="silu",
        value=z * _SIGMOID,
        textbook=z / (1 + exp(-z)),
        second_bound=_HALF,
        settles=True,
    ),
    Activation(name="sin", value=sin(z), odd=True, second_bound=Rational(1)),
    Activation(name="exp", value=exp(z)),
)

ACTIVATIONS: Final[Mapping[str, Activation]] = MappingProxyType(
    {activation.name: activation for activation in _DEFINED}
)
"""Every activation that has a name, by name."""

UNDEFINED: Final = Activation(name="undefined", value=sigma()(z))
"""σ itself, undefined: closed forms hold for every twice differentiable σ."""


def get_activation(name: str) -> Activation:
    """Return the activation called `name`.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if name not in ACTIVATIONS:
        known = ", ".join(ACTIVATIONS)
        raise InputError(f"activation is {name!r}; expected one of {known}")
    return ACTIVATIONS[name]


def activation_from_expression(
    expression: Expr, *, name: str = "custom", kinks: Sequence[Expr | float] = ()
) -> Activation:
    """Activation given by a SymPy expression in one symbol.

    The symbol is replaced by `PREACTIVATION`, so that its name never reaches
    generated code.

    Parameters
    ----------
    expression : sympy.Expr
        σ, in one free symbol, real and continuous: sums, products, powers, cases that
        polynomials in z decide, and the functions that code can be made of.
    name : str
        What to call it in messages and records.
    kinks : sequence of sympy.Expr or float
        Where σ is not twice differentiable, beside the points at which its own cases
        (Piecewise, Abs, Max, Min, sign) meet without being so; there, derivatives are
        refused.

    Raises
    ------
    InputError
        If `expression` is not a SymPy expression in exactly one symbol, holds anything
        but the above, is not real, or jumps.
    """
    if not isinstance(expression, Expr):
        raise InputError(
            f"activation is {expression!r}; expected a SymPy expression: "
            "build it from sympy.Symbol"
        )
    symbols = admit(expression, "activation", by_cases=True)
    if len(symbols) != 1:
        raise InputError(
            f"activation is {shortened(expression)}; expected exactly one symbol"
        )
    (symbol,) = symbols
    renamed = expression.xreplace({symbol: z})
    # with a real symbol SymPy may have written it otherwise: sqrt(z**2) is now Abs(z)
    if not admit(renamed, "activation", symbols=(z,), by_cases=True):
        raise InputError(
            f"activation is {shortened(expression)}, which is constant; expected a "
            "function of its symbol: name one, as in 'tanh'"
        )
    value, met = split_cases(renamed)
    given = [_kink(kink) for kink in kinks]
    activation = Activation(
        name=name,
        value=value,
        kinks=(*met, *(kink for kink in given if kink not in met)),
    )
    for order in range(HIGHEST + 1):
        admit(activation.derivative(order), "activation", symbols=(z,))
    return activation


def _kink(kink: object) -> Expr:
    """A point as SymPy has it; text is not read, since reading runs it."""
    number = kink
    if isinstance(kink, int | float):
        number = Integer(kink) if isinstance(kink, int) else Float(kink)
    if isinstance(number, Expr):
        admit(number, "kinks", symbols=())
        if number.is_real:
            return number
    raise InputError(f"kinks holds {kink!r}; expected real numbers")
