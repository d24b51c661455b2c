"""The certain value of an expression tree at a network."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from ...errors import InputError
from ...theory.expressions import (
    Binary,
    Call,
    Constant,
    Expression,
    Name,
    Negative,
    Transpose,
    exact_value,
)
from ...theory.signs import is_nonnegative
from .arrays import BallArray, exactly
from .network import Network
from .numbers import ONE, UNKNOWN, Number, ball, power, rational, sqrt
from .order import greater, lesser

__all__ = ["Evaluator"]

_SIZES = frozenset("ndmCp")


class Evaluator:
    """Values of expression trees at one network, each subtree once.

    Parameters
    ----------
    network : Network
        Where; at the precision of the moment.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self._known: dict[Expression, BallArray] = {}

    def value(self, expression: Expression) -> BallArray:
        """The value, (1, ...).

        Unknown where it may not be defined: a quotient by what may be 0, log and other
        than whole powers of what may be 0 or less, logdet of what may not be positive
        definite, sqrt of what may be negative (unless it cannot be by its form), and any
        derivative on a kink.

        Raises
        ------
        TypeError
            If the tree holds a node of no known kind.
        InputError
            If it names Flat and σ is not piecewise linear.
        """
        if expression not in self._known:
            self._known[expression] = self._found(expression)
        return self._known[expression]

    def _found(self, expression: Expression) -> BallArray:
        match expression:
            case Constant(number):
                return exactly([Fraction(number)])
            case Name(text):
                return self._named(text)
            case Negative(of):
                return -self.value(of)
            case Transpose(of):
                return self.value(of).T
            case Call(function, arguments):
                return self._called(function, arguments)
            case Binary(operator, left, right):
                return self._combined(operator, left, right)
            case _:
                raise TypeError(type(expression).__name__)

    def _named(self, text: str) -> BallArray:
        network = self.network
        if text in _SIZES:
            return exactly([getattr(network, text)])
        if text in _EXTREMES:
            norms, extreme = _EXTREMES[text]
            values: BallArray = getattr(network, norms)
            return values.min(-1) if extreme == "min" else values.max(-1)
        if text == "Flat" and not network.activation.homogeneous:
            raise InputError(
                f"activation is {network.activation.name!r}; expected a piecewise-linear "
                "one for Flat: use tr(H)"
            )
        matrix, _, block = text.partition("_")
        if block:
            return network.block(matrix, block)
        value: BallArray = getattr(network, _OTHERWISE.get(text, text))
        return value

    def _combined(
        self, operator: str, left: Expression, right: Expression
    ) -> BallArray:
        a = self.value(left)
        if operator == "**":
            exponent = exact_value(right)
            if exponent is None:
                raise TypeError(str(right))
            return a.each(lambda base: _raised(base, exponent))
        b = self.value(right)
        if operator == "@":
            return _product(a, b)
        return _OPERATORS[operator](*_aligned(a, b))

    def _called(self, function: str, arguments: tuple[Expression, ...]) -> BallArray:
        values = [self.value(argument) for argument in arguments]
        if function == "sqrt" and not is_nonnegative(arguments[0]):
            return values[0].each(_root)
        if len(values) == 2:
            return _OF_TWO[function](*values)
        return _FUNCTIONS[function](values[0])


def _raised(base: Number, exponent: Fraction) -> Number:
    """base**exponent: 1 for the exponent 0; of a positive base for other than whole ones."""
    if exponent.denominator == 1:
        return power(base, int(exponent))
    if not base > 0:
        return UNKNOWN
    if base == 1:
        return ONE
    half = Fraction(1, 2)
    if (exponent / half).denominator == 1:
        return power(_root(base), int(exponent / half))
    return (ball(base).log() * rational(exponent)).exp()


def _root(value: Number) -> Number:
    """√a where a is certainly not negative."""
    if not value >= 0:
        return UNKNOWN
    return sqrt(value)


def _aligned(a: BallArray, b: BallArray) -> tuple[BallArray, BallArray]:
    """A number beside a matrix multiplies every entry."""
    if len(a.shape) == 1 < len(b.shape):
        return a.reshape(*([1] * (len(b.shape) - 1))), b
    if len(b.shape) == 1 < len(a.shape):
        return a, b.reshape(*([1] * (len(a.shape) - 1)))
    return a, b


def _product(a: BallArray, b: BallArray) -> BallArray:
    """a @ b, where a vector is a row on the left and a column on the right."""
    row, column = len(a.shape) == 2, len(b.shape) == 2
    left = a[..., None, :] if row else a
    whole = left @ (b[..., :, None] if column else b)
    if column:
        whole = whole[..., 0]
    return whole[..., 0] if row and column else whole[..., 0, :] if row else whole


def _flat(value: BallArray) -> BallArray:
    return value.reshape(int(np.prod(value.shape[1:], dtype=int)))


def _inner(a: BallArray, b: BallArray) -> BallArray:
    return _flat(a * b).sum(-1)


def _pairs(function: Callable[[Number, Number], Number]) -> Any:
    def of_two(a: BallArray, b: BallArray) -> BallArray:
        return BallArray([function(a.items[0], b.items[0])])

    return of_two


_EXTREMES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "min_x": ("norms_x", "min"),
        "max_x": ("norms_x", "max"),
        "min_xt": ("norms_xt", "min"),
        "max_xt": ("norms_xt", "max"),
    }
)

_OTHERWISE: Final[Mapping[str, str]] = MappingProxyType({"X": "x", "R": "r"})

_OPERATORS: Final[Mapping[str, Callable[[BallArray, BallArray], BallArray]]] = (
    MappingProxyType(
        {
            "+": BallArray.__add__,
            "-": BallArray.__sub__,
            "*": BallArray.__mul__,
            "/": BallArray.__truediv__,
        }
    )
)

_OF_TWO: Final[Mapping[str, Callable[[BallArray, BallArray], BallArray]]] = (
    MappingProxyType({"inner": _inner, "max": _pairs(greater), "min": _pairs(lesser)})
)

_FUNCTIONS: Final[Mapping[str, Callable[[BallArray], BallArray]]] = MappingProxyType(
    {
        "tr": BallArray.trace,
        "op": BallArray.operator,
        "smax": BallArray.operator,
        "fro": BallArray.frobenius,
        "nuc": BallArray.nuclear,
        "lmax": lambda a: a.eigenvalues()[..., 0],
        "lmin": lambda a: a.eigenvalues()[..., -1],
        "smin": lambda a: a.singular_values()[..., -1],
        "rank": BallArray.rank,
        "nullity": lambda a: float(a.shape[-1]) - a.rank(),
        "norm": lambda a: (a * a).sum(-1).sqrt(),
        "norm1": lambda a: a.abs().sum(-1),
        "logdet": BallArray.logdet,
        "log": BallArray.log,
        "exp": BallArray.exp,
        "sqrt": BallArray.sqrt,
        "abs": BallArray.abs,
        "max": lambda a: _flat(a).max(-1),
        "min": lambda a: _flat(a).min(-1),
        "mean": lambda a: _flat(a).mean(-1),
    }
)
