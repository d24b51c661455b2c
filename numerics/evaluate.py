"""The value of an expression tree at instances, with its error bound."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from ..theory.expressions import (
    Binary,
    Call,
    Constant,
    Expression,
    Name,
    Negative,
    Number,
    Transpose,
    exact_value,
)
from ..theory.signs import is_nonnegative
from ..theory.vocabulary import QUANTITIES
from .bounded import EPS, TINY, Bounded, exact
from .flatness import flatness, path_norm
from .quantities import Quantities

__all__ = ["evaluate"]

_SIZES = frozenset("ndmCp")
_WITH_SPECTRUM = frozenset(("H", "G", "F", "EF"))
_EIGENVALUES = frozenset(("lmax", "lmin", "op", "smax", "logdet"))


def evaluate(expression: Expression, q: Quantities) -> Bounded:
    """Value of a tree at every instance, (T, ...); each subtree is computed once.

    Nothing is known, the radius is inf, where a value may not be defined: a quotient by
    what may be 0, log and other than whole powers of what may be 0 or less, logdet of
    what may not be positive definite, sqrt of what may be negative. x**0 is 1.

    Raises
    ------
    TypeError
        If the tree holds a node of no known kind.
    InputError
        If it names Flat and σ is not piecewise linear.
    """
    known = q.memo.get(expression)
    if known is None:
        known = _value(expression, q)
        q.memo[expression] = known
    return known


def _value(expression: Expression, q: Quantities) -> Bounded:
    match expression:
        case Constant(value):
            return _constant(value, q.count)
        case Name(text):
            return _named(text, q)
        case Negative(of):
            return -evaluate(of, q)
        case Transpose(of):
            return evaluate(of, q).T
        case Call(function, arguments):
            return _called(function, arguments, q)
        case Binary(operator, left, right):
            return _combined(operator, left, right, q)
        case _:
            raise TypeError(type(expression).__name__)


def _constant(value: Number, count: int) -> Bounded:
    rounded = float(value)
    wide = 0.0 if rounded == value else EPS * abs(rounded) + TINY
    return Bounded(np.full(count, rounded), wide)


def _combined(
    operator: str, left: Expression, right: Expression, q: Quantities
) -> Bounded:
    a = evaluate(left, q)
    if operator == "**":
        exponent = exact_value(right)
        if exponent is None:
            raise TypeError(str(right))
        return a**exponent
    b = evaluate(right, q)
    if operator == "@":
        return _product(a, b)
    return _OPERATORS[operator](*_aligned(a, b))


def _named(text: str, q: Quantities) -> Bounded:
    if text in _SIZES:
        return exact(np.full(q.count, float(getattr(q, text))))
    if text in _NAMED:
        return _NAMED[text](q)
    matrix, _, block = text.partition("_")
    if block:
        return q.block(matrix, block)
    value: Bounded = getattr(q, text)
    return value


def _aligned(a: Bounded, b: Bounded) -> tuple[Bounded, Bounded]:
    """A number beside a matrix multiplies every entry."""
    if len(a.shape) == 1 < len(b.shape):
        return a.reshape(*([1] * (len(b.shape) - 1))), b
    if len(b.shape) == 1 < len(a.shape):
        return a, b.reshape(*([1] * (len(a.shape) - 1)))
    return a, b


def _product(a: Bounded, b: Bounded) -> Bounded:
    """a @ b, where a vector is a row on the left and a column on the right."""
    row, column = len(a.shape) == 2, len(b.shape) == 2
    left = a[..., None, :] if row else a
    right = b[..., :, None] if column else b
    whole = left @ right
    if column:
        whole = whole[..., 0]
    if row:
        whole = whole[..., 0] if column else whole[..., 0, :]
    return whole


def _called(function: str, arguments: tuple[Expression, ...], q: Quantities) -> Bounded:
    if isinstance(arguments[0], Name):
        known = _known(function, arguments[0].text, q)
        if known is not None:
            return known
    values = [evaluate(argument, q) for argument in arguments]
    if function == "sqrt":
        usual = q.instances.output_hessian is None
        sure = usual and is_nonnegative(arguments[0])
        return _square_root(values[0], sure=sure)
    if len(values) == 2 and function in _OF_TWO:
        return _OF_TWO[function](*values)
    return _FUNCTIONS[function](values[0])


def _known(function: str, text: str, q: Quantities) -> Bounded | None:
    """A function of a named matrix, from its spectrum or from what its rank can be."""
    matrix, _, block = text.partition("_")
    if function in _EIGENVALUES and QUANTITIES[text].symmetric:
        if block:
            return _FROM_EIGENVALUES[function](q.block_eigenvalues(matrix, block))
        if text in _WITH_SPECTRUM:
            return _FROM_EIGENVALUES[function](q.eigenvalues(text))
    if function == "rank":
        return _rank(text, q)
    if function == "nullity":
        return _rest(evaluate(Name(text), q), _rank(text, q))
    return None


def _rank(text: str, q: Quantities) -> Bounded:
    """Rank of a named matrix, at most what the sum that defines it can have."""
    if text == "H":
        return q.inertia[..., 2]
    softmax = q.loss.targets == "label" and q.instances.output_hessian is None
    caps: dict[str, int] = {"K": q.p, "EF": q.n, "G": q.n * (q.C - softmax)}
    most = caps.get(text.split("_")[0], int(q.p))
    found = evaluate(Name(text), q).rank()
    low, high = found.lower, np.minimum(found.upper, float(most))
    return Bounded((low + high) / 2, (high - low) / 2)


def _rest(matrix: Bounded, rank: Bounded) -> Bounded:
    """Columns less rank: whole numbers, or halves, so that nothing is rounded."""
    return Bounded(matrix.shape[-1] - rank.value, rank.radius)


def _square_root(value: Bounded, *, sure: bool) -> Bounded:
    """√a; nothing is known where a may be negative, unless it cannot be by its form."""
    root = value.sqrt()
    open_ = False if sure else np.asarray(value.lower < 0)
    return Bounded(root.value, np.where(open_, np.inf, root.radius))


def _flat(value: Bounded) -> Bounded:
    return value.reshape(-1)


_NAMED: Final[Mapping[str, Callable[[Quantities], Bounded]]] = MappingProxyType(
    {
        "X": lambda q: q.x,
        "R": lambda q: q.r,
        "min_x": lambda q: q.norms_x.min(-1),
        "max_x": lambda q: q.norms_x.max(-1),
        "min_xt": lambda q: q.norms_xt.min(-1),
        "max_xt": lambda q: q.norms_xt.max(-1),
        "c": lambda q: q.theta[:, q.place["c"]],
        "path": path_norm,
        "Flat": flatness,
    }
)

_OPERATORS: Final[Mapping[str, Callable[[Bounded, Bounded], Bounded]]] = (
    MappingProxyType(
        {
            "+": Bounded.__add__,
            "-": Bounded.__sub__,
            "*": Bounded.__mul__,
            "/": Bounded.__truediv__,
        }
    )
)

_FROM_EIGENVALUES: Final[Mapping[str, Callable[[Bounded], Bounded]]] = MappingProxyType(
    {
        "lmax": lambda values: values[..., 0],
        "lmin": lambda values: values[..., -1],
        "op": lambda values: values.abs().max(-1),
        "smax": lambda values: values.abs().max(-1),
        "logdet": lambda values: values.log().sum(-1),
    }
)

_OF_TWO: Final[Mapping[str, Callable[[Bounded, Bounded], Bounded]]] = MappingProxyType(
    {
        "inner": lambda a, b: _flat(a * b).sum(-1),
        "min": Bounded.at_most,
        "max": lambda a, b: -((-a).at_most(-b)),
    }
)

_FUNCTIONS: Final[Mapping[str, Callable[[Bounded], Bounded]]] = MappingProxyType(
    {
        "tr": Bounded.trace,
        "op": Bounded.operator,
        "smax": Bounded.operator,
        "fro": Bounded.frobenius,
        "nuc": Bounded.nuclear,
        "lmax": lambda a: a.eigenvalues()[..., 0],
        "lmin": lambda a: a.eigenvalues()[..., -1],
        "smin": lambda a: a.singular_values()[..., -1],
        "logdet": lambda a: a.eigenvalues().log().sum(-1),
        "rank": Bounded.rank,
        "nullity": lambda a: _rest(a, a.rank()),
        "norm": lambda a: (a * a).sum(-1).sqrt(),
        "norm1": lambda a: a.abs().sum(-1),
        "log": Bounded.log,
        "exp": Bounded.exp,
        "abs": Bounded.abs,
        "max": lambda a: _flat(a).max(-1),
        "min": lambda a: _flat(a).min(-1),
        "mean": lambda a: _flat(a).mean(-1),
    }
)
