"""Which expressions are at least 0 by form, whatever the numbers are.

So sqrt is defined for them, though an error bound may reach below 0.
"""

from fractions import Fraction
from typing import Final

from .expressions import Binary, Call, Constant, Expression, Name, exact_value

__all__ = ["is_nonnegative"]

_SIZES: Final = ("n", "d", "m", "C", "p")
_LENGTHS: Final = ("path", "min_x", "max_x", "min_xt", "max_xt")
_NAMES: Final = frozenset((*_SIZES, *_LENGTHS, "L", "Cx", "CxS", "Flat", "hidden"))
_NORMS: Final = ("op", "fro", "nuc", "smax", "smin", "norm", "norm1")
_FUNCTIONS: Final = frozenset((*_NORMS, "rank", "nullity", "exp", "sqrt"))
_SEMIDEFINITE: Final = frozenset(
    ("G", "EF", "K", "G_ww", "G_bb", "G_tt", "G_aa", "G_cc")
)


def is_nonnegative(expression: Expression) -> bool:
    """Whether a number is at least 0 wherever it is defined, S_i being semidefinite."""
    match expression:
        case Constant():
            return True
        case Name(text):
            return text in _NAMES
        case Call(function, arguments):
            return _called(function, arguments)
        case Binary("+" | "*" | "/", left, right):
            return is_nonnegative(left) and is_nonnegative(right)
        case Binary("**", left, right):
            return _even(exact_value(right)) or is_nonnegative(left)
        case _:
            return False


def _called(function: str, arguments: tuple[Expression, ...]) -> bool:
    match function, arguments:
        case "tr" | "lmin" | "lmax", (Name(text),):
            return text in _SEMIDEFINITE
        case "abs", (_,):
            return True
        case "max", (left, right):
            return is_nonnegative(left) or is_nonnegative(right)
        case "min", (left, right):
            return is_nonnegative(left) and is_nonnegative(right)
        case _:
            return function in _FUNCTIONS


def _even(exponent: Fraction | None) -> bool:
    return exponent is not None and exponent.denominator == 1 and exponent % 2 == 0
