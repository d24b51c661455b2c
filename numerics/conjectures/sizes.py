"""Comparisons that speak of sizes alone, decided exactly before anything is drawn."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from ...theory.expressions import (
    Binary,
    Call,
    Comparison,
    Constant,
    Expression,
    Name,
    Negative,
    Transpose,
    exact_value,
    subtrees,
)

__all__ = ["calls_in", "holds_for_sizes", "names_in", "only_sizes"]

SIZES = frozenset(("n", "d", "m", "C", "p"))

_RELATIONS: Final[Mapping[str, Callable[[Fraction, Fraction], bool]]] = (
    MappingProxyType(
        {
            "<=": lambda left, right: left <= right,
            ">=": lambda left, right: left >= right,
            "<": lambda left, right: left < right,
            ">": lambda left, right: left > right,
            "==": lambda left, right: left == right,
        }
    )
)

_OPERATORS: Final[Mapping[str, Callable[[Fraction, Fraction], Fraction]]] = (
    MappingProxyType(
        {
            "+": lambda left, right: left + right,
            "-": lambda left, right: left - right,
            "*": lambda left, right: left * right,
            "/": lambda left, right: left / right,
        }
    )
)

_FUNCTIONS: Final[Mapping[str, Callable[..., Fraction]]] = MappingProxyType(
    {"min": min, "max": max, "abs": abs}
)


def names_in(comparison: Comparison) -> frozenset[str]:
    """Every quantity that it names."""
    return frozenset(n.text for n in subtrees(comparison) if isinstance(n, Name))


def calls_in(comparison: Comparison) -> frozenset[str]:
    """Every function that it calls."""
    return frozenset(n.function for n in subtrees(comparison) if isinstance(n, Call))


def only_sizes(comparison: Comparison) -> bool:
    """Whether it names sizes alone, and `holds_for_sizes` can decide it."""
    return names_in(comparison) <= SIZES and all(map(_rational, subtrees(comparison)))


def holds_for_sizes(comparison: Comparison, sizes: Mapping[str, Fraction]) -> bool:
    """Whether it holds there; a division by 0 makes it false.

    Parameters
    ----------
    comparison : Comparison
        One for which `only_sizes` is true.
    sizes : mapping
        n, d, m, C and p.
    """
    try:
        left = _value(comparison.left, sizes)
        right = _value(comparison.right, sizes)
    except ZeroDivisionError:
        return False
    return _RELATIONS[comparison.relation](left, right)


def _rational(node: Expression) -> bool:
    match node:
        case Binary("**", _, exponent):
            power = exact_value(exponent)
            return power is not None and power.denominator == 1
        case Call(function, arguments):
            return function in _FUNCTIONS and (
                len(arguments) == 1 if function == "abs" else len(arguments) > 1
            )
        case Binary(operator, _, _):
            return operator in _OPERATORS
        case _:
            return not isinstance(node, Transpose)


def _value(node: Expression, sizes: Mapping[str, Fraction]) -> Fraction:
    match node:
        case Constant(value):
            return Fraction(value)
        case Name(text):
            return sizes[text]
        case Negative(of):
            return -_value(of, sizes)
        case Call(function, arguments):
            return _FUNCTIONS[function](*(_value(one, sizes) for one in arguments))
        case Binary("**", left, exponent):
            return _value(left, sizes) ** int(exact_value(exponent) or 0)
        case Binary(operator, left, right):
            return _OPERATORS[operator](_value(left, sizes), _value(right, sizes))
        case _:
            raise TypeError(type(node).__name__)
