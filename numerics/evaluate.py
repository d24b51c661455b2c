"""The value of an expression tree at instances, with its error bound."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from ..theory.expressions import Binary, Call, Constant, Expression, Name, Transpose
from .bounded import Bounded, exact
from .quantities import Quantities

__all__ = ["evaluate"]

_SIZES = frozenset("ndmCp")
_SYMMETRIC = frozenset(("H", "G", "F", "EF"))


def evaluate(expression: Expression, q: Quantities) -> Bounded:
    """Value of a tree at every instance, (T, ...); each subtree is computed once.

    Raises
    ------
    TypeError
        If the tree holds a node of no known kind.
    """
    known = q.memo.get(expression)
    if known is None:
        known = _value(expression, q)
        q.memo[expression] = known
    return known


def _value(expression: Expression, q: Quantities) -> Bounded:
    match expression:
        case Constant(value):
            return exact(np.full(q.count, float(value)))
        case Name(text):
            return _named(text, q)
        case Transpose(of):
            return evaluate(of, q).T
        case Call(function, arguments):
            return _called(function, arguments, q)
        case Binary("**", left, Constant(exponent)):
            return evaluate(left, q) ** exponent
        case Binary(operator, left, right):
            return _OPERATORS[operator](
                *_aligned(evaluate(left, q), evaluate(right, q))
            )
        case _:
            raise TypeError(type(expression).__name__)


def _named(text: str, q: Quantities) -> Bounded:
    if text in _SIZES:
        return exact(np.full(q.count, float(getattr(q, text))))
    matrix, _, block = text.partition("_")
    if block in ("ww", "bb", "tt", "aa", "cc"):
        return q.block(matrix, block)
    if matrix in ("min", "max"):
        norms = q.norms_x if block == "x" else q.norms_xt
        return norms.min(-1) if matrix == "min" else norms.max(-1)
    value: Bounded = getattr(q, text)
    return value


def _aligned(a: Bounded, b: Bounded) -> tuple[Bounded, Bounded]:
    """A number beside a matrix multiplies every entry."""
    if len(a.shape) == 1 < len(b.shape):
        return a.reshape(*([1] * (len(b.shape) - 1))), b
    if len(b.shape) == 1 < len(a.shape):
        return a, b.reshape(*([1] * (len(a.shape) - 1)))
    return a, b


def _called(function: str, arguments: tuple[Expression, ...], q: Quantities) -> Bounded:
    if function in ("lmax", "lmin", "op") and isinstance(arguments[0], Name):
        text = arguments[0].text
        if text in _SYMMETRIC:
            values = q.eigenvalues(text)
            if function == "op":
                return values.abs().max(-1)
            return values[..., 0 if function == "lmax" else -1]
    return _FUNCTIONS[function](*(evaluate(argument, q) for argument in arguments))


_OPERATORS: Final[Mapping[str, Callable[[Bounded, Bounded], Bounded]]] = (
    MappingProxyType(
        {
            "+": Bounded.__add__,
            "-": Bounded.__sub__,
            "*": Bounded.__mul__,
            "/": Bounded.__truediv__,
            "@": Bounded.__matmul__,
        }
    )
)

_FUNCTIONS: Final[Mapping[str, Callable[..., Bounded]]] = MappingProxyType(
    {
        "tr": Bounded.trace,
        "op": Bounded.operator,
        "fro": Bounded.frobenius,
        "nuc": Bounded.nuclear,
        "lmax": lambda a: a.eigenvalues()[..., 0],
        "lmin": lambda a: a.eigenvalues()[..., -1],
        "smin": lambda a: a.singular_values()[..., -1],
        "rank": Bounded.rank,
        "nullity": lambda a: float(a.shape[-1]) - a.rank(),
        "inner": lambda a, b: (a * b).sum(-1, -2),
        "norm": lambda a: (a * a).sum(-1).sqrt(),
        "sqrt": Bounded.sqrt,
        "min": lambda a, b: a.at_most(b),
        "max": lambda a, b: -((-a).at_most(-b)),
    }
)
