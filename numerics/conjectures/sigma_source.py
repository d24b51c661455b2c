"""σ and its derivatives as Python text: exact at rationals where they can be.

The text is made from the SymPy definition node by node; z is rational in it, so that
cases are decided exactly, and numbers are `Q` (fmpq) or balls (arb).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from sympy import (
    Abs,
    Add,
    Expr,
    Mul,
    Piecewise,
    Pow,
    Rational,
    Symbol,
    cos,
    erf,
    exp,
    log,
    pi,
    sin,
    tanh,
)
from sympy.codegen.cfunctions import log1p
from sympy.core.relational import Relational
from sympy.functions.elementary.hyperbolic import cosh, sinh

from ...errors import InputError

__all__ = ["sigma_source"]

_FUNCTIONS: Final[Mapping[Any, str]] = MappingProxyType(
    {
        exp: "exp",
        log: "log",
        log1p: "log1p",
        tanh: "tanh",
        erf: "erf",
        sin: "sin",
        cos: "cos",
        sinh: "sinh",
        cosh: "cosh",
    }
)


def sigma_source(expression: Expr) -> str:
    """The text of an expression in one symbol, which becomes z.

    Raises
    ------
    InputError
        If it holds anything that this has no word for.
    """
    if isinstance(expression, Rational):
        return _rational(expression)
    return _text(expression, _LOOSE)


_LOOSE, _SUM, _PRODUCT, _ATOM = range(4)
"""How tightly a text binds, or has to."""


def _text(expression: Expr, least: int) -> str:
    text, bound = _bound(expression)
    return f"({text})" if bound < least else text


def _bound(expression: Expr) -> tuple[str, int]:
    """The text, and how tightly it binds."""
    match expression:
        case Rational():
            whole = expression.q == 1
            text = str(expression.p) if whole else _rational(expression)
            return text, _PRODUCT if expression.p < 0 and whole else _ATOM
        case Symbol():
            return "z", _ATOM
        case Add():
            terms = (_text(term, _PRODUCT) for term in _ordered(expression))
            return " + ".join(terms).replace(" + -", " - "), _SUM
        case Mul():
            return _product(expression), _PRODUCT
        case Pow():
            return _power(expression)
        case Piecewise():
            return _cases(expression), _LOOSE
        case Abs():
            return f"abs({_text(expression.args[0], _LOOSE)})", _ATOM
        case _:
            return _called(expression), _ATOM


def _rational(value: Rational) -> str:
    below = "" if value.q == 1 else f", {value.q}"
    return f"Q({value.p}{below})"


def _ordered(expression: Expr) -> tuple[Expr, ...]:
    """Its terms or factors, numbers first."""
    parts = sorted(expression.args, key=lambda e: not isinstance(e, Rational))
    return tuple(parts)


def _product(expression: Mul) -> str:
    above: list[Expr] = []
    below: list[Expr] = []
    first, *others = _ordered(expression)
    sign = "-" if first == -1 else ""
    for factor in others if sign else (first, *others):
        inverse = isinstance(factor, Pow) and factor.exp == -1
        (below if inverse else above).append(factor.base if inverse else factor)
    text = " * ".join(_text(factor, _PRODUCT) for factor in above) or "1"
    return sign + text + "".join(f" / {_text(factor, _ATOM)}" for factor in below)


def _called(expression: Expr) -> str:
    if expression == pi:
        return "arb.pi()"
    method = _FUNCTIONS.get(expression.func)
    if method is None:
        raise InputError(
            f"activation holds {expression.func.__name__}; expected functions that a "
            f"test can be written with: {', '.join(sorted(_FUNCTIONS.values()))}"
        )
    return f"arb({_text(expression.args[0], _LOOSE)}).{method}()"


def _power(expression: Pow) -> tuple[str, int]:
    exponent = expression.exp
    if exponent == -1:
        return f"1 / {_text(expression.base, _ATOM)}", _PRODUCT
    whole = isinstance(exponent, Rational) and exponent.q == 1
    base = _text(expression.base, _ATOM if whole else _LOOSE)
    if not whole:
        return f"arb({base}) ** arb({sigma_source(exponent)})", _PRODUCT
    return f"{base}**{exponent.p}", _PRODUCT


def _cases(expression: Piecewise) -> str:
    """Cases in turn; the last one always applies."""
    *some, (last, _) = expression.args
    text = "".join(
        f"{_case(value)} if {_condition(condition)} else " for value, condition in some
    )
    return text + _case(last)


def _case(value: Expr) -> str:
    return _rational(value) if isinstance(value, Rational) else _text(value, _SUM)


def _condition(condition: Any) -> str:
    if not isinstance(condition, Relational):
        raise InputError(
            f"activation has the case {condition}; expected comparisons of z with numbers"
        )
    left, right = (_text(side, _SUM) for side in condition.args)
    return f"{left} {condition.rel_op} {right}"
