"""Claims as expression trees: comparisons of named quantities.

    Cx <= op(W)**2 * tr(G_bb).

Trees are built in Python from the names here, with + - * / ** @ and .T; `str` gives them
back as text. They hold no numbers of their own but constants: `numerics` evaluates them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

__all__ = [
    "FUNCTIONS",
    "QUANTITIES",
    "Binary",
    "Call",
    "Comparison",
    "Constant",
    "Expression",
    "Name",
    "Relation",
    "Transpose",
    "call",
    "name",
]

Relation = Literal["<=", ">=", "<", ">", "=="]

QUANTITIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "n": "number of samples",
        "d": "number of inputs",
        "m": "number of hidden units",
        "C": "number of outputs",
        "p": "number of parameters",
        "L": "loss",
        "Cx": "complexity (1/n) Σ ‖∇ₓf‖_F²",
        "CxS": "curvature-weighted complexity (1/n) Σ tr(Jxᵀ S Jx)",
        "min_x": "least ‖x_i‖",
        "max_x": "greatest ‖x_i‖",
        "min_xt": "least ‖x̃_i‖, x̃ = (x, 1)",
        "max_xt": "greatest ‖x̃_i‖",
        "hidden": "(1/n) Σ_i ‖σ(z_i)‖²",
        "W": "first-layer weights (m, d)",
        "A": "second-layer weights (C, m)",
        "J": "Jacobian of the outputs (nC, p)",
        "K": "NTK Gram matrix J Jᵀ",
        "H": "Hessian",
        "G": "generalised Gauss-Newton matrix",
        "F": "residual part H - G",
        "EF": "empirical Fisher",
        "grad": "gradient of the loss",
        **{
            f"{matrix}_{block}": f"block of {matrix}: {meaning}"
            for matrix in "HGF"
            for block, meaning in (
                ("ww", "first-layer weights"),
                ("bb", "first-layer biases"),
                ("tt", "first-layer weights and biases"),
                ("aa", "second-layer weights"),
                ("cc", "output biases"),
            )
        },
    }
)
"""Every name a tree may hold, with its meaning."""

FUNCTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tr": "trace",
        "op": "largest singular value",
        "fro": "Frobenius norm",
        "nuc": "sum of the singular values",
        "lmax": "largest eigenvalue",
        "lmin": "smallest eigenvalue",
        "smin": "smallest of the min(rows, columns) singular values",
        "rank": "rank",
        "nullity": "columns less rank",
        "inner": "tr(Aᵀ B)",
        "norm": "Euclidean norm of a vector",
        "sqrt": "square root",
        "min": "least of its arguments",
        "max": "greatest of its arguments",
    }
)
"""Every function a tree may call, with its meaning."""

_PRECEDENCE: Final[Mapping[str, int]] = MappingProxyType(
    {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "**": 3}
)


class Expression:
    """A quantity, or something computed from quantities."""

    def __add__(self, other: "Expression | int") -> "Expression":
        return Binary("+", self, _lift(other))

    def __radd__(self, other: int) -> "Expression":
        return Binary("+", _lift(other), self)

    def __sub__(self, other: "Expression | int") -> "Expression":
        return Binary("-", self, _lift(other))

    def __rsub__(self, other: int) -> "Expression":
        return Binary("-", _lift(other), self)

    def __mul__(self, other: "Expression | int") -> "Expression":
        return Binary("*", self, _lift(other))

    def __rmul__(self, other: int) -> "Expression":
        return Binary("*", _lift(other), self)

    def __truediv__(self, other: "Expression | int") -> "Expression":
        return Binary("/", self, _lift(other))

    def __pow__(self, exponent: int) -> "Expression":
        return Binary("**", self, Constant(exponent))

    def __matmul__(self, other: "Expression") -> "Expression":
        return Binary("@", self, other)

    @property
    def T(self) -> "Expression":
        """Transpose."""
        return Transpose(self)

    def __le__(self, other: "Expression | int") -> "Comparison":
        return Comparison(self, "<=", _lift(other))

    def __ge__(self, other: "Expression | int") -> "Comparison":
        return Comparison(self, ">=", _lift(other))

    def equals(self, other: "Expression | int") -> "Comparison":
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
    """A whole number."""

    value: int

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True)
class Binary(Expression):
    """Two expressions and the operator between them."""

    operator: str
    left: Expression
    right: Expression

    def __str__(self) -> str:
        rank = _PRECEDENCE[self.operator]
        left = _wrapped(self.left, rank)
        right = _wrapped(self.right, rank + (self.operator != "**"))
        gap = "" if self.operator == "**" else " "
        return f"{left}{gap}{self.operator}{gap}{right}"


@dataclass(frozen=True)
class Transpose(Expression):
    """The transpose of a matrix."""

    of: Expression

    def __str__(self) -> str:
        return f"{_wrapped(self.of, 4)}.T"


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


def call(function: str, *arguments: Expression | int) -> Call:
    """Return the function of that name, applied.

    Raises
    ------
    KeyError
        If there is none.
    """
    if function not in FUNCTIONS:
        raise KeyError(function)
    return Call(function, tuple(_lift(argument) for argument in arguments))


def _lift(value: "Expression | int") -> Expression:
    return value if isinstance(value, Expression) else Constant(value)


def _wrapped(expression: Expression, rank: int) -> str:
    text = str(expression)
    loose = isinstance(expression, Binary) and _PRECEDENCE[expression.operator] < rank
    return f"({text})" if loose else text
