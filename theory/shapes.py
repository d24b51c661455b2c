"""Shapes of expression trees, in symbolic sizes: which claims make sense at all.

    W @ W.T  (m, m)        W @ W  refused        tr(H) * W  (m, d)        J @ grad  (n*C)

Sizes are the names of `vocabulary`, never numbers: a claim whose shapes agree only where
m = d is refused. What each operation takes:

    + -   two numbers, or two arrays of one shape
    *     numbers, or a number and an array
    /     by a number
    @     matrices and vectors with equal inner sizes; two vectors give a number
    **    a number, to a power that is written out
    .T    a matrix
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ..errors import InputError
from .expressions import (
    Binary,
    Call,
    Comparison,
    Constant,
    Expression,
    Name,
    Negative,
    Transpose,
    exact_value,
)
from .symmetry import Shape, is_symmetric
from .vocabulary import QUANTITIES

__all__ = ["ShapeError", "check_shapes", "shape_of"]

_QUOTED = 40


class ShapeError(InputError):
    """Shapes in a claim do not agree.

    Parameters
    ----------
    sentence : str
        How.
    node : Expression or Comparison
        Where.
    """

    def __init__(self, sentence: str, node: Expression | Comparison) -> None:
        super().__init__(sentence)
        self.node = node


def check_shapes(comparison: Comparison) -> None:
    """Look whether the shapes of a claim agree.

    Numbers are compared with numbers; == also holds between arrays of one shape, entry
    by entry.

    Raises
    ------
    ShapeError
        Where they do not.
    """
    shapes = _Shapes()
    left, right = shapes.of(comparison.left), shapes.of(comparison.right)
    if left == right and (not left or comparison.relation == "=="):
        return
    hint = (
        "expected two numbers, or two of one shape with =="
        if left != right
        else "expected two numbers: order by lmin, lmax, max, norm or the like"
    )
    raise ShapeError(
        f"{_quoted(comparison)} has sides of shapes {_plain(left)} and {_plain(right)}; "
        f"{hint}",
        comparison,
    )


def shape_of(expression: Expression) -> Shape:
    """Sizes of the axes of an expression: () for a number, ("m", "d") for W.

    Raises
    ------
    ShapeError
        If shapes in it do not agree.
    """
    return _Shapes().of(expression)


class _Shapes:
    """Shapes of the parts of one tree, each found once."""

    def __init__(self) -> None:
        self.known: dict[Expression, Shape] = {}

    def of(self, expression: Expression) -> Shape:
        if expression not in self.known:
            self.known[expression] = self._found(expression)
        return self.known[expression]

    def _found(self, expression: Expression) -> Shape:
        match expression:
            case Constant():
                return ()
            case Name(text):
                return QUANTITIES[text].shape
            case Negative(of):
                return self.of(of)
            case Transpose(of):
                return self._transposed(expression, self.of(of))
            case Call(function, arguments):
                return self._called(expression, function, arguments)
            case Binary(operator, left, right):
                combine = _OPERATORS[operator]
                return combine(expression, self.of(left), self.of(right))
            case _:
                raise TypeError(type(expression).__name__)

    @staticmethod
    def _transposed(node: Transpose, shape: Shape) -> Shape:
        if len(shape) != 2:
            raise ShapeError(
                f"{_quoted(node.of)} has shape {_plain(shape)}; expected a matrix before "
                ".T: leave it out",
                node,
            )
        return shape[::-1]

    def _called(
        self, node: Call, function: str, arguments: tuple[Expression, ...]
    ) -> Shape:
        shapes = tuple(map(self.of, arguments))
        if function == "inner" or (function in ("max", "min") and len(shapes) == 2):
            return _paired(node, function, shapes)
        if len(shapes) != 1:
            takes = "1 or 2" if function in ("max", "min") else "1"
            raise ShapeError(
                f"{function} has {len(shapes)} arguments; expected {takes}", node
            )
        kind = _TAKES[function]
        if not self._is(kind, arguments[0]):
            raise ShapeError(
                f"argument {_quoted(arguments[0])} of {function} has shape "
                f"{_plain(shapes[0])}; expected {_KINDS[kind]}",
                node,
            )
        return shapes[0] if function == "abs" else ()

    def _is(self, kind: str, argument: Expression) -> bool:
        shape = self.of(argument)
        if kind == "any":
            return True
        if kind == "symmetric":
            return _AXES["square"](shape) and is_symmetric(argument, self.of)
        return _AXES[kind](shape)


def _paired(node: Call, function: str, shapes: tuple[Shape, ...]) -> Shape:
    """inner(u, v) of one shape, and max(a, b) of numbers."""
    if function == "inner":
        fits = len(shapes) == 2 and shapes[0] == shapes[1] != ()
        expected = "two arrays of one shape"
    else:
        fits = shapes == ((), ())
        expected = "two numbers, or one vector or matrix"
    if not fits:
        given = " and ".join(map(_plain, shapes)) or "none"
        raise ShapeError(
            f"{function} has arguments of shapes {given}; expected {expected}", node
        )
    return ()


def _sum(node: Binary, left: Shape, right: Shape) -> Shape:
    if left != right:
        raise _mismatch(node, left, right, "two numbers, or two arrays of one shape")
    return left


def _scaled(node: Binary, left: Shape, right: Shape) -> Shape:
    if left and right:
        raise _mismatch(
            node,
            left,
            right,
            "a number on one side: use @ or inner for products of arrays",
        )
    return left or right


def _divided(node: Binary, left: Shape, right: Shape) -> Shape:
    if right:
        raise _mismatch(node, left, right, "a number below: divide by norm, op or tr")
    return left


def _product(node: Binary, left: Shape, right: Shape) -> Shape:
    if not left or not right:
        raise _mismatch(
            node, left, right, "matrices or vectors: use * for products with numbers"
        )
    if left[-1] != right[0]:
        raise _mismatch(
            node,
            left,
            right,
            "as many columns on the left as rows on the right: transpose one with .T",
        )
    return left[:-1] + right[1:]


def _power(node: Binary, left: Shape, right: Shape) -> Shape:
    if left:
        raise _mismatch(
            node, left, right, "a number to be raised: use @ for products of matrices"
        )
    if exact_value(node.right) is None:
        raise ShapeError(
            f"exponent is {_quoted(node.right)}; expected a number written out: "
            "for others use exp and log",
            node,
        )
    return ()


_OPERATORS: Final[Mapping[str, Callable[[Binary, Shape, Shape], Shape]]] = (
    MappingProxyType(
        {
            "+": _sum,
            "-": _sum,
            "*": _scaled,
            "/": _divided,
            "@": _product,
            "**": _power,
        }
    )
)

_AXES: Final[Mapping[str, Callable[[Shape], bool]]] = MappingProxyType(
    {
        "number": lambda shape: not shape,
        "vector": lambda shape: len(shape) == 1,
        "matrix": lambda shape: len(shape) == 2,
        "array": lambda shape: len(shape) > 0,
        "square": lambda shape: len(shape) == 2 and shape[0] == shape[1],
    }
)

_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "number": "a number",
        "vector": "a vector: use op, fro or nuc for matrices",
        "matrix": "a matrix: use norm for vectors",
        "array": "a vector or a matrix, or two numbers for max and min",
        "square": "a square matrix",
        "symmetric": "a matrix that is symmetric by form: use smax, smin or op, or "
        "(M + M.T) / 2",
    }
)

_TAKES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tr": "square",
        **dict.fromkeys(
            ("op", "fro", "nuc", "smax", "smin", "rank", "nullity"), "matrix"
        ),
        **dict.fromkeys(("lmax", "lmin", "logdet"), "symmetric"),
        **dict.fromkeys(("norm", "norm1"), "vector"),
        **dict.fromkeys(("log", "exp", "sqrt"), "number"),
        **dict.fromkeys(("max", "min", "mean"), "array"),
        "abs": "any",
    }
)


def _mismatch(node: Binary, left: Shape, right: Shape, expected: str) -> ShapeError:
    return ShapeError(
        f"{_quoted(node)} has shapes {_plain(left)} and {_plain(right)}; "
        f"expected {expected}",
        node,
    )


def _plain(shape: Shape) -> str:
    """(m, d) for matrices, (p,) for vectors, as Python writes tuples."""
    inner = ", ".join(shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


def _quoted(tree: Expression | Comparison) -> str:
    text = str(tree)
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
