"""σ, σ', σ'' as certain numbers, by walking the SymPy definitions of `theory`.

Only nodes of known classes are met; each is one function of rationals and balls. A case
of a Piecewise is chosen only where its condition certainly holds, or certainly does not.
"""

from collections.abc import Callable, Mapping
from functools import cache
from math import prod
from types import MappingProxyType
from typing import Any, Final

from flint import arb, fmpq
from sympy import (
    Add,
    And,
    Expr,
    Float,
    Integer,
    Mul,
    Not,
    Or,
    Piecewise,
    Pow,
    Rational,
    Symbol,
    asinh,
    atan,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    log,
    sin,
    sinh,
    tan,
    tanh,
)
from sympy.codegen.cfunctions import expm1, log1p
from sympy.core.numbers import Exp1, Half, NegativeOne, One, Pi, Zero
from sympy.core.relational import (
    GreaterThan,
    LessThan,
    StrictGreaterThan,
    StrictLessThan,
)
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from ...errors import InputError
from ...theory.activations import Activation
from ...theory.symbols import PREACTIVATION
from .numbers import (
    ONE,
    UNKNOWN,
    ZERO,
    Number,
    ball,
    power,
    special,
    sqrt,
)

__all__ = ["FUNCTIONS", "activation_number", "second_bound", "value_of"]

Values = Mapping[Symbol, Number]

FUNCTIONS: Final[Mapping[str, Callable[[Number], Number]]] = MappingProxyType(
    {
        "exp": special(arb.exp, 0, 1),
        "log": special(arb.log, 1, 0),
        "expm1": special(arb.expm1, 0, 0),
        "log1p": special(arb.log1p, 0, 0),
        "sin": special(arb.sin, 0, 0),
        "cos": special(arb.cos, 0, 1),
        "tan": special(arb.tan, 0, 0),
        "sinh": special(arb.sinh, 0, 0),
        "cosh": special(arb.cosh, 0, 1),
        "tanh": special(arb.tanh, 0, 0),
        "asinh": special(arb.asinh, 0, 0),
        "atan": special(arb.atan, 0, 0),
        "erf": special(arb.erf, 0, 0),
        "erfc": special(arb.erfc, 0, 1),
    }
)
"""Functions of one number: a rational at the one rational point where it has to be."""


def activation_number(activation: Activation, z: Number, order: int) -> Number:
    """σ⁽ᵒʳᵈᵉʳ⁾(z), of the textbook form where it has no kinks.

    Parameters
    ----------
    activation : Activation
        Whose expression is walked; derivatives are SymPy's.
    z : Number
        Where.
    order : int
        0, 1 or 2.

    Returns
    -------
    Number
        Unknown, for order >= 1, where z may be a kink.
    """
    if order and any(_may_be(z, kink) for kink in activation.kinks):
        return UNKNOWN
    return value_of(_expression(activation, order), {PREACTIVATION: z})


def second_bound(activation: Activation) -> Number:
    """C_σ = sup |σ''|; unknown where there is no finite one."""
    bound = activation.second_bound
    return UNKNOWN if bound is None else value_of(bound, {})


@cache
def _expression(activation: Activation, order: int) -> Expr:
    return activation.shown_derivative(order)


def _may_be(z: Number, kink: Expr) -> bool:
    apart = z != value_of(kink, {})
    return not apart


def value_of(expression: Expr, values: Values) -> Number:
    """The value of an expression at certain numbers.

    Parameters
    ----------
    expression : sympy.Expr
        Sums, products, powers, cases and the functions of `FUNCTIONS`.
    values : mapping of Symbol to Number
        For every symbol in it.

    Returns
    -------
    Number
        Unknown where a case is open.

    Raises
    ------
    InputError
        If it holds a node of another class.
    """
    known: dict[Expr, Number] = {}

    def visit(node: Expr) -> Number:
        if node not in known:
            known[node] = _node_value(node, values, visit)
        return known[node]

    return visit(expression)


def _node_value(node: Any, values: Values, visit: Callable[[Any], Number]) -> Number:
    kind = type(node)
    if kind in _NUMBERS:
        return fmpq(int(node.p), int(node.q))
    if kind in _CONSTANTS:
        return _CONSTANTS[kind](node)
    if isinstance(node, Symbol) and node in values:
        return values[node]
    if kind in _COMPOUND:
        return _COMPOUND[kind](node, visit)
    name = _CLASSES.get(kind)
    if name is None:
        raise InputError(
            f"expression holds {kind.__name__!r}; expected sums, products, powers, "
            "cases and known functions: write it in these"
        )
    return FUNCTIONS[name](visit(node.args[0]))


def _float(node: Any) -> fmpq:
    """The exact value of a SymPy float, (-1)^s m 2^e."""
    negative, mantissa, exponent, _ = node._mpf_
    value = fmpq(int(mantissa)) * fmpq(2) ** int(exponent)
    return -value if negative else value


def _sum(node: Any, visit: Callable[[Any], Number]) -> Number:
    return sum((visit(part) for part in node.args), ZERO)


def _product(node: Any, visit: Callable[[Any], Number]) -> Number:
    return prod((visit(part) for part in node.args), start=ONE)


def _power(node: Any, visit: Callable[[Any], Number]) -> Number:
    base, exponent = visit(node.args[0]), visit(node.args[1])
    if isinstance(exponent, fmpq):
        if exponent.q == 1:
            return power(base, int(exponent.p))
        if exponent.q == 2 and (base >= 0) is True:
            return power(sqrt(base), int(exponent.p))
    return (ball(base).log() * exponent).exp() if base > 0 else UNKNOWN


def _cases(node: Any, visit: Callable[[Any], Number]) -> Number:
    for value, condition in node.args:
        holds = _holds(condition, visit)
        if holds is None:
            return UNKNOWN
        if holds:
            return visit(value)
    return UNKNOWN


def _holds(condition: Any, visit: Callable[[Any], Number]) -> bool | None:
    """True, False, or None where that is open."""
    kind = type(condition)
    if kind in (BooleanTrue, BooleanFalse):
        return kind is BooleanTrue
    if kind in _RELATIONS:
        return _compared(kind, visit(condition.args[0]), visit(condition.args[1]))
    if kind not in (And, Or, Not):
        raise InputError(
            f"expression holds {kind.__name__!r}; expected comparisons of numbers in "
            "its cases: write them with <, <=, > and >="
        )
    parts = [_holds(part, visit) for part in condition.args]
    if kind is Not:
        return None if parts[0] is None else not parts[0]
    decisive = kind is Or
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def _compared(kind: Any, left: Number, right: Number) -> bool | None:
    holds, fails = _RELATIONS[kind](left, right)
    return True if holds else (False if fails else None)


_RELATIONS: Final[Mapping[Any, Callable[[Any, Any], tuple[bool, bool]]]] = (
    MappingProxyType(
        {
            StrictGreaterThan: lambda a, b: (a > b, a <= b),
            GreaterThan: lambda a, b: (a >= b, a < b),
            StrictLessThan: lambda a, b: (a < b, a >= b),
            LessThan: lambda a, b: (a <= b, a > b),
        }
    )
)
_NUMBERS: Final = frozenset({Integer, Rational, Zero, One, NegativeOne, Half})
_CONSTANTS: Final[Mapping[Any, Callable[[Any], Number]]] = MappingProxyType(
    {Float: _float, Pi: lambda _: arb.pi(), Exp1: lambda _: arb(1).exp()}
)
_COMPOUND: Final[Mapping[Any, Callable[[Any, Any], Number]]] = MappingProxyType(
    {Add: _sum, Mul: _product, Pow: _power, Piecewise: _cases}
)
_CLASSES: Final[Mapping[Any, str]] = MappingProxyType(
    {
        kind: kind.__name__
        for kind in (
            *(exp, log, expm1, log1p, sin, cos, tan, sinh, cosh, tanh),
            *(asinh, atan, erf, erfc),
        )
    }
)
