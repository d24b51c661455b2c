"""Claims as expression trees: comparisons of named quantities.

    Cx <= op(W)**2 * tr(G_bb).

Trees are built here from Python, with + - * / ** @ and .T, or from text by `language`;
`str` gives the text back, and the same text gives the same tree. They hold no numbers of
their own but constants: `numerics` evaluates them, `shapes` says which make sense.

A number times a matrix multiplies every entry; a vector is a column after @ and a row
before it, so that `theta @ H @ theta` is a number. Comparisons are between numbers; ==
also between arrays of one shape, and then holds for every entry.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from ..errors import InputError
from .vocabulary import FUNCTIONS, QUANTITIES

__all__ = [
    "FUNCTIONS",
    "QUANTITIES",
    "Binary",
    "Call",
    "Comparison",
    "Constant",
    "Expression",
    "Name",
    "Negative",
    "Number",
    "Relation",
    "Transpose",
    "call",
    "exact_value",
    "name",
    "subtrees",
]

Relation = Literal["<=", ">=", "<", ">", "=="]
Number: TypeAlias = int | Fraction

_NEGATIVE, _ATOM = 3, 5
_PRECEDENCE: Final[Mapping[str, int]] = MappingProxyType(
    {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "**": 4}
)
_PLAIN_DIGITS = 20


class Expression:
    """A quantity, or something computed from quantities."""

    def __add__(self, other: "Expression | Number") -> "Expression":
        return Binary("+", self, _lift(other))

    def __radd__(self, other: Number) -> "Expression":
        return Binary("+", _lift(other), self)

    def __sub__(self, other: "Expression | Number") -> "Expression":
        return Binary("-", self, _lift(other))

    def __rsub__(self, other: Number) -> "Expression":
        return Binary("-", _lift(other), self)

    def __mul__(self, other: "Expression | Number") -> "Expression":
        return Binary("*", self, _lift(other))

    def __rmul__(self, other: Number) -> "Expression":
        return Binary("*", _lift(other), self)

    def __truediv__(self, other: "Expression | Number") -> "Expression":
        return Binary("/", self, _lift(other))

    def __rtruediv__(self, other: Number) -> "Expression":
        return Binary("/", _lift(other), self)

    def __pow__(self, exponent: Number) -> "Expression":
        return Binary("**", self, _lift(exponent))

    def __matmul__(self, other: "Expression") -> "Expression":
        return Binary("@", self, other)

    def __neg__(self) -> "Expression":
        return Negative(self)

    @property
    def T(self) -> "Expression":
        """Transpose."""
        return Transpose(self)

    def __le__(self, other: "Expression | Number") -> "Comparison":
        return Comparison(self, "<=", _lift(other))

    def __ge__(self, other: "Expression | Number") -> "Comparison":
        return Comparison(self, ">=", _lift(other))

    def __lt__(self, other: "Expression | Number") -> "Comparison":
        return Comparison(self, "<", _lift(other))

    def __gt__(self, other: "Expression | Number") -> "Comparison":
        return Comparison(self, ">", _lift(other))

    def equals(self, other: "Expression | Number") -> "Comparison":
        """Return the comparison `self == other`."""
        return Comparison(self, "==", _lift(other))


@dataclass(frozen=True)
class Name(Expression):
    """A quantity of the instance."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Constant(Expression):
    """A number that is at least 0 and has finitely many decimals, exactly.

    Others are composed, as in text: -2 is `Negative(Constant(2))`, 1/3 a `Binary`.

    Raises
    ------
    InputError
        If the value is negative, or not such a number.
    """

    value: Number

    def __post_init__(self) -> None:
        if self.value < 0 or _decimals(self.value) is None:
            raise InputError(
                f"constant is {self.value}; expected a finite decimal, at least 0: "
                "write signs and fractions as operators"
            )

    def __str__(self) -> str:
        return _plain(self.value)


@dataclass(frozen=True)
class Negative(Expression):
    """An expression with its sign changed."""

    of: Expression

    def __str__(self) -> str:
        return f"-{_wrapped(self.of, _NEGATIVE)}"


@dataclass(frozen=True)
class Binary(Expression):
    """Two expressions and the operator between them.

    The exponent of ** is a number written out, see `exact_value`.
    """

    operator: str
    left: Expression
    right: Expression

    def __str__(self) -> str:
        if self.operator == "**":
            return f"{_wrapped(self.left, _ATOM)}**{_wrapped(self.right, _NEGATIVE)}"
        rank = _PRECEDENCE[self.operator]
        left, right = _wrapped(self.left, rank), _wrapped(self.right, rank + 1)
        return f"{left} {self.operator} {right}"


@dataclass(frozen=True)
class Transpose(Expression):
    """The transpose of a matrix."""

    of: Expression

    def __str__(self) -> str:
        # 2.T is no Python
        loose = isinstance(self.of, Constant)
        return f"({self.of}).T" if loose else f"{_wrapped(self.of, _ATOM)}.T"


@dataclass(frozen=True)
class Call(Expression):
    """A function of expressions."""

    function: str
    arguments: tuple[Expression, ...]

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.arguments))})"


@dataclass(frozen=True)
class Comparison:
    """A claim about one instance: left relation right, for every entry."""

    left: Expression
    relation: Relation
    right: Expression

    def __str__(self) -> str:
        return f"{self.left} {self.relation} {self.right}"


def name(text: str) -> Name:
    """Return the quantity of that name.

    Raises
    ------
    KeyError
        If there is none.
    """
    if text not in QUANTITIES:
        raise KeyError(text)
    return Name(text)


def call(function: str, *arguments: Expression | Number) -> Call:
    """Return the function of that name, applied.

    Raises
    ------
    KeyError
        If there is none.
    """
    if function not in FUNCTIONS:
        raise KeyError(function)
    return Call(function, tuple(_lift(argument) for argument in arguments))


def subtrees(tree: Expression | Comparison) -> Iterator[Expression]:
    """Every expression in a tree, itself included, from the left."""
    match tree:
        case Comparison(left, _, right):
            parts: tuple[Expression, ...] = (left, right)
        case Binary(_, left, right):
            parts = (left, right)
        case Negative(of) | Transpose(of):
            parts = (of,)
        case Call(_, arguments):
            parts = arguments
        case _:
            parts = ()
    if isinstance(tree, Expression):
        yield tree
    for part in parts:
        yield from subtrees(part)


def exact_value(expression: Expression) -> Fraction | None:
    """The number that is written out as 2, 0.5, -2, 1/3 or -1/3; None for others."""
    match expression:
        case Constant(value):
            return Fraction(value)
        case Negative(of):
            inner = exact_value(of)
            return None if inner is None else -inner
        case Binary("/", left, right):
            above, below = exact_value(left), exact_value(right)
            return above / below if above is not None and below else None
        case _:
            return None


def _lift(value: "Expression | Number") -> Expression:
    if isinstance(value, Expression):
        return value
    if value < 0:
        return Negative(_lift(-value))
    if _decimals(value) is None:
        return Binary("/", Constant(value.numerator), Constant(value.denominator))
    return Constant(value)


def _decimals(value: Number) -> int | None:
    """How many decimals a number has; None where they never end."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def _plain(value: Number) -> str:
    places = _decimals(value) or 0
    digits = str(int(value * 10**places))
    if places > _PLAIN_DIGITS:
        return f"{digits}e-{places}"
    if places:
        digits = digits.rjust(places + 1, "0")
        return f"{digits[:-places]}.{digits[-places:]}"
    zeros = len(digits) - len(digits.rstrip("0"))
    if zeros > _PLAIN_DIGITS:
        return f"{digits[:-zeros]}e{zeros}"
    return digits


def _wrapped(expression: Expression, rank: int) -> str:
    """Its text, in parentheses where it binds more loosely than `rank`."""
    own = _ATOM
    if isinstance(expression, Binary):
        own = _PRECEDENCE[expression.operator]
    elif isinstance(expression, Negative):
        own = _NEGATIVE
    return f"({expression})" if own < rank else str(expression)
