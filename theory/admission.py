"""Which expressions may be differentiated, and turned into code that is then run.

SymPy writes names into the code that it generates: those of symbols, bound ones
included, and those of functions, which users can define. So nothing is compiled before
every node of it is known to be of a class listed here: of that very class, since a
subclass can bring a name, or code, of its own.
"""

from collections.abc import Collection
from math import isfinite
from typing import Any, Final

from sympy import (
    Abs,
    Add,
    And,
    Dummy,
    Expr,
    Float,
    Heaviside,
    Integer,
    Max,
    Min,
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
    sign,
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
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanFalse, BooleanTrue

from ..errors import InputError

__all__ = ["BY_CASES", "admit", "shortened"]

_FUNCTIONS: Final = (
    exp, log, expm1, log1p, sin, cos, tan, sinh, cosh, tanh, asinh, atan, erf, erfc,
)  # fmt: skip
# SymPy's classes of 0, 1, -1 and ½ are their own
_NUMBERS: Final = frozenset({Integer, Rational, Float, Zero, One, NegativeOne, Half})
_ADMITTED: Final[frozenset[Any]] = frozenset(
    {Add, Mul, Pow, Symbol, Piecewise, ExprCondPair, And, Or, Not}
    | {StrictLessThan, LessThan, StrictGreaterThan, GreaterThan}
    | {Pi, Exp1, BooleanTrue, BooleanFalse}
    | _NUMBERS
    | set(_FUNCTIONS)
)
BY_CASES: Final[frozenset[Any]] = frozenset({Abs, sign, Max, Min, Heaviside})
"""Functions that are cases in disguise: their derivatives hold DiracDelta."""

_LONGEST: Final = 60


def admit(
    expression: Any,
    name: str,
    *,
    symbols: Collection[Symbol] | None = None,
    by_cases: bool = False,
) -> frozenset[Symbol]:
    """Refuse an expression that holds anything but what is known to be harmless.

    No method of a node is called before its class is found to be known.

    Parameters
    ----------
    expression : sympy.Expr
        What is to be differentiated or compiled.
    name : str
        What the caller calls it, for the message.
    symbols : collection of sympy.Symbol, optional
        The symbols it may hold; by default any, which must not reach generated code.
    by_cases : bool
        Whether Abs, sign, Max, Min and Heaviside are let in as well.

    Returns
    -------
    frozenset of sympy.Symbol
        The symbols in it.

    Raises
    ------
    InputError
        If it holds anything else, or a number beyond those of float64.
    """
    known = _ADMITTED | BY_CASES if by_cases else _ADMITTED
    met: set[Any] = set()
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        kind = type(node)
        if kind in _NUMBERS:
            _refuse_huge(node, name)
        elif kind in (Symbol, Dummy) and (symbols is None or node in symbols):
            met.add(node)
        elif kind is Symbol or kind not in known:
            _refuse(node, name)
        elif node not in met:
            met.add(node)
            waiting.extend(node.args)
    return frozenset(node for node in met if isinstance(node, Symbol))


def shortened(expression: Expr) -> str:
    """The expression as text that fits into a sentence, quoted."""
    text = str(expression)
    return repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def _refuse(node: Any, name: str) -> None:
    if type(node) in (Symbol, Dummy):
        raise InputError(
            f"{name} holds the symbol {node.name!r}; expected one variable: "
            "make it with activation_from_expression"
        )
    functions = ", ".join(function.__name__ for function in _FUNCTIONS)
    raise InputError(
        f"{name} holds {type(node).__name__!r}; expected sums, products, powers, cases "
        f"and the functions {functions}, Abs, sign, Max, Min: write it in these with "
        "activation_from_expression, or use UNDEFINED for an undefined σ"
    )


def _refuse_huge(number: Any, name: str) -> None:
    """Numerator and denominator stand in the code apart."""
    parts = (number,) if type(number) is Float else (number.p, number.q)
    for part in parts:
        try:
            held = isfinite(float(part))
        except OverflowError:
            held = False
        if not held:
            raise InputError(
                f"{name} holds a number beyond 1.8e308; expected numbers that float64 "
                "holds: scale z instead"
            )
