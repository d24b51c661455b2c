"""Critical points that are exactly so: rational residuals r with Jᵀ r = 0.

The gradient is (1/n) Jᵀ r, and linear in r. Where σ maps rationals to rationals, J is
formed and eliminated exactly. For any other σ its values at distinct rationals are taken
as independent unknowns, odd σ giving σ(-v) = -σ(v): r is orthogonal to J if, for every
unit k, value v and output c,

    Σ_{i: z_ik = v} r_ic = 0   and   Σ_{i: z_ik = v} (r_i · a_k) x̃_i = 0,   Σ_i r_i = 0,

which repeated inputs, opposite ones and units without weights make possible. That is
sufficient, so what `certainly_critical` says holds for every σ.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from math import lcm
from typing import Literal

from sympy import Add, Expr, Mul, Piecewise, Pow, Rational, Symbol

from ...theory.activations import ACTIVATIONS, Activation
from ..exact_instances import ExactInstance, Row, Rows

__all__ = ["certainly_critical", "kernel_residuals", "known_to_be"]

LARGEST = 2**40
"""Largest whole number in a residual: floats hold what is made of it nearly enough."""


def kernel_residuals(at: ExactInstance) -> list[Rows]:
    """A basis of the residuals (n, C) for which θ is critical, in whole numbers.

    Vectors with an entry of `LARGEST` or more are left out.
    """
    from flint import fmpq, fmpq_mat

    size = at.n * at.C
    rows = [[fmpq(v.numerator, v.denominator) for v in row] for row in _conditions(at)]
    reduced, rank = fmpq_mat(rows).rref()
    pivots = [next(c for c in range(size) if reduced[r, c] != 0) for r in range(rank)]
    found = []
    for free in (c for c in range(size) if c not in pivots):
        vector = [Fraction(0)] * size
        vector[free] = Fraction(1)
        for r, pivot in enumerate(pivots):
            entry = reduced[r, free]
            vector[pivot] = -Fraction(int(entry.p), int(entry.q))
        scale = lcm(*(v.denominator for v in vector))
        whole = [v * scale for v in vector]
        if max(map(abs, whole)) < LARGEST:
            found.append(_as_rows(whole, at.C))
    return found


def certainly_critical(at: ExactInstance) -> bool:
    """Whether Jᵀ r = 0 follows from exact arithmetic; False where that is open."""
    if at.residual is None:
        return False
    flat = [v for row in at.residual for v in row]
    return not any(flat) or all(
        sum(a * r for a, r in zip(row, flat, strict=True)) == 0
        for row in _conditions(at)
    )


def known_to_be(what: Literal["odd", "polynomial"], activation: Activation) -> bool:
    """Whether σ is; of an activation that is not the catalogue's nothing is believed."""
    ours = ACTIVATIONS.get(activation.name) is activation
    return ours and bool(getattr(activation, what))


def _as_rows(flat: list[Fraction], outputs: int) -> Rows:
    return tuple(
        tuple(flat[start : start + outputs]) for start in range(0, len(flat), outputs)
    )


def _conditions(at: ExactInstance) -> Iterator[Row]:
    """Linear conditions on r, flat with entry (i, c) at i C + c."""
    for c in range(at.C):
        yield _spread(at, {i: Fraction(1) for i in range(at.n)}, c)
    value, slope = _functions(at.activation)
    for k in range(at.m):
        z = [_inner(at.W[k], x) + at.b[k] for x in at.x]
        a = tuple(at.A[c][k] for c in range(at.C))
        for weights in _groups(z, value):
            for c in range(at.C):
                yield _spread(at, weights, c)
        if any(a):
            for weights in _groups(z, slope):
                yield from _inputs_conditions(at, weights, a)


def _inputs_conditions(
    at: ExactInstance, weights: dict[int, Fraction], a: Row
) -> Iterator[Row]:
    """Σ_i weight_i (r_i · a) x̃_i = 0, one condition for each entry of x̃."""
    for j in range(at.d + 1):
        row = [Fraction(0)] * (at.n * at.C)
        for i, weight in weights.items():
            coordinate = at.x[i][j] if j < at.d else Fraction(1)
            for c in range(at.C):
                row[i * at.C + c] = weight * coordinate * a[c]
        yield tuple(row)


def _spread(at: ExactInstance, weights: dict[int, Fraction], c: int) -> Row:
    row = [Fraction(0)] * (at.n * at.C)
    for i, weight in weights.items():
        row[i * at.C + c] = weight
    return tuple(row)


def _inner(left: Row, right: Row) -> Fraction:
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


Function = Callable[[Fraction], tuple[object, Fraction]]
"""z → (which unknown number, how often): σ(z) is their product."""


def _groups(z: list[Fraction], function: Function) -> Iterator[dict[int, Fraction]]:
    """The weight of each sample on each of the unknown numbers."""
    groups: dict[object, dict[int, Fraction]] = {}
    for i, at in enumerate(z):
        unknown, factor = function(at)
        if factor:
            groups.setdefault(unknown, {})[i] = factor
    yield from groups.values()


def _functions(activation: Activation) -> tuple[Function, Function]:
    """σ and σ' as multiples of unknown numbers; of 1, where they are rational."""
    if known_to_be("polynomial", activation):
        return (
            lambda z: (1, rational_value(activation.value, z)),
            lambda z: (1, rational_value(activation.first, z)),
        )
    if known_to_be("odd", activation):
        return (
            lambda z: (abs(z), Fraction((z > 0) - (z < 0))),
            lambda z: (abs(z), Fraction(1)),
        )
    return lambda z: (z, Fraction(1)), lambda z: (z, Fraction(1))


@cache
def rational_value(expression: Expr, z: Fraction) -> Fraction:
    """A polynomial in one symbol with rational coefficients, or one by cases, at z.

    Raises
    ------
    TypeError
        If it is anything else.
    """
    match expression:
        case Rational():
            return Fraction(int(expression.p), int(expression.q))
        case Symbol():
            return z
        case Add():
            return sum((rational_value(e, z) for e in expression.args), Fraction(0))
        case Mul():
            product = Fraction(1)
            for factor in expression.args:
                product *= rational_value(factor, z)
            return product
        case Pow() if expression.exp.is_Integer:
            return rational_value(expression.base, z) ** int(expression.exp)
        case Piecewise():
            return _by_cases(expression, z)
        case _:
            raise TypeError(type(expression).__name__)


def _by_cases(expression: Piecewise, z: Fraction) -> Fraction:
    for value, condition in expression.args:
        if condition == True or _holds(condition, z):  # noqa: E712 - SymPy's own True
            return rational_value(value, z)
    raise TypeError("no case applies")


def _holds(condition: object, z: Fraction) -> bool:
    sides = getattr(condition, "args", ())
    if len(sides) != 2:
        raise TypeError(type(condition).__name__)
    left, right = (rational_value(side, z) for side in sides)
    relation = getattr(condition, "rel_op", "")
    known = {">": left > right, ">=": left >= right, "<": left < right}
    known["<="] = left <= right
    return known[relation]
