"""Expressions with cases: where they change, and whether that leaves a kink or a jump.

Abs, Max, Min, sign, Heaviside and nested Piecewise become one Piecewise whose branches
meet at known points, since SymPy's derivatives of the others hold DiracDelta. On each
interval between two points every case is decided, by evaluating it inside.
"""

from collections.abc import Iterable
from itertools import combinations, pairwise
from typing import Any, Final

from sympy import (
    Abs,
    And,
    ComplexRootOf,
    Expr,
    Float,
    Heaviside,
    Max,
    Min,
    Not,
    Or,
    Piecewise,
    Poly,
    PolynomialError,
    Rational,
    diff,
    floor,
    real_roots,
    sign,
)
from sympy.core.relational import (
    GreaterThan,
    LessThan,
    Relational,
    StrictGreaterThan,
    StrictLessThan,
)

from ..errors import InputError
from .admission import BY_CASES, shortened
from .symbols import PREACTIVATION

__all__ = ["split_cases"]

z = PREACTIVATION

DIGITS: Final = 50
CLOSE: Final = Float("1e-30", DIGITS)
"""Values that differ by less are equal: exact ones differ by 0, or by far more."""

CLOSE_FLOATS: Final = Float("1e-12", DIGITS)
"""The same where the expression holds floats, which are rounded themselves."""

TRIED: Final = tuple(Rational(k, 6) for k in (-42, -9, -2, 2, 9, 42))
"""Where an expression is looked at that SymPy does not know to be real."""


def split_cases(value: Expr) -> tuple[Expr, tuple[Expr, ...]]:
    """An admitted expression in z as one Piecewise, or none, and its kinks.

    Parameters
    ----------
    value : sympy.Expr
        σ(z), of the classes that `admission` lets in.

    Returns
    -------
    (sympy.Expr, tuple of sympy.Expr)
        σ(z) without Abs, Max, Min, sign and Heaviside, and the points, in ascending
        order, at which its first or second derivative does not exist.

    Raises
    ------
    InputError
        If σ is not real, jumps, is undefined somewhere, or has cases that are decided
        by anything but polynomials in z with roots in closed form.
    """
    points = _ordered(_breaks(value, value))
    inside = _inside(points)
    _refuse_unreal(value, inside)
    branches = [_resolved(value, point, value) for point in inside]
    kinks = []
    cases = [(branches[0], points[0])] if points else []
    for place, point in enumerate(points):
        left, right = branches[place], branches[place + 1]
        _refuse_jump(value, left, right, point)
        if not _smooth(left, right, point):
            kinks.append(point)
        if left == right:
            cases.pop()
        if place + 1 < len(points):
            cases.append((right, points[place + 1]))
    if not cases:
        return branches[-1], tuple(kinks)
    pairs = [(branch, z < end) for branch, end in cases]
    return Piecewise(*pairs, (branches[-1], True)), tuple(kinks)


def _breaks(node: Any, whole: Expr) -> list[Expr]:
    """Every point at which a case in `node` may be decided otherwise."""
    found = [point for arg in node.args for point in _breaks(arg, whole)]
    for difference in _compared(node):
        for inner in _inside(_ordered(found)):
            found = found + _roots(_resolved(difference, inner, whole), whole)
    return found


def _compared(node: Any) -> list[Expr]:
    """What decides this node by its sign."""
    if isinstance(node, Relational):
        return [node.lhs - node.rhs]
    if isinstance(node, Max | Min):
        return [left - right for left, right in combinations(node.args, 2)]
    return [node.args[0]] if type(node) in BY_CASES else []


def _roots(difference: Expr, whole: Expr) -> list[Expr]:
    if not difference.has(z):
        return []
    roots: list[Expr] = []
    try:
        poly = Poly(difference, z)
        if poly.degree() == 1:
            slope, constant = poly.all_coeffs()
            return [-constant / slope]
        exact = {number: Rational(number) for number in difference.atoms(Float)}
        roots = real_roots(Poly(difference.xreplace(exact), z))
        explicit = not any(root.atoms(ComplexRootOf) for root in roots)
    except (PolynomialError, NotImplementedError, ValueError):
        explicit = False
    if not explicit:
        raise InputError(
            f"activation is {shortened(whole)}; expected cases that polynomials in z "
            f"with roots in closed form decide, but {shortened(difference)} decides "
            "one: write it without"
        )
    return roots


def _ordered(points: Iterable[Expr]) -> list[Expr]:
    """Ascending, each once."""
    kept: list[Expr] = []
    for point in sorted(points, key=lambda point: point.evalf(DIGITS)):
        if not kept or abs((point - kept[-1]).evalf(DIGITS)) > CLOSE:
            kept.append(point)
    return kept


def _inside(points: list[Expr]) -> list[Expr]:
    """One rational point in each interval that the points leave."""
    if not points:
        return [Rational(1, 3)]
    middles = [
        Rational(((left + right) / 2).evalf(DIGITS)) for left, right in pairwise(points)
    ]
    return [floor(points[0]) - 1, *middles, floor(points[-1]) + 2]


def _resolved(node: Any, point: Expr, whole: Expr) -> Any:
    """The expression that `node` is around a point at which no case changes."""
    if not node.args:
        return node
    if isinstance(node, Piecewise):
        return _resolved(_branch(node, point, whole), point, whole)
    args = [_resolved(arg, point, whole) for arg in node.args]
    if type(node) not in BY_CASES:
        return node.func(*args)
    if isinstance(node, Max | Min):
        best = max if isinstance(node, Max) else min
        return best(args, key=lambda arg: _real(arg, point, whole))
    sense = sign(_real(args[0], point, whole))
    if isinstance(node, Abs):
        return -args[0] if sense < 0 else args[0]
    # at the step itself: 0 for sign, and what its second argument says for Heaviside
    if isinstance(node, Heaviside):
        return (sense + 1) / 2 if sense else args[1]
    return sense


def _branch(cases: Piecewise, point: Expr, whole: Expr) -> Expr:
    for branch, condition in cases.args:
        if _holds(condition, point, whole):
            return branch
    raise InputError(
        f"activation is {shortened(whole)}; expected a value for every z, but it has "
        f"none at z = {point}: add a case with the condition True"
    )


def _holds(condition: Any, point: Expr, whole: Expr) -> bool:
    if isinstance(condition, And):
        return all(_holds(arg, point, whole) for arg in condition.args)
    if isinstance(condition, Or):
        return any(_holds(arg, point, whole) for arg in condition.args)
    if isinstance(condition, Not):
        return not _holds(condition.args[0], point, whole)
    if not isinstance(condition, Relational):
        return bool(condition)
    difference = _resolved(condition.lhs - condition.rhs, point, whole)
    size = _real(difference, point, whole)
    return bool(
        (isinstance(condition, StrictLessThan) and size < 0)
        or (isinstance(condition, LessThan) and size <= 0)
        or (isinstance(condition, StrictGreaterThan) and size > 0)
        or (isinstance(condition, GreaterThan) and size >= 0)
    )


def _at(value: Expr, point: Expr) -> Expr | None:
    """A real number, or None where it is not real or not finite."""
    number = value.xreplace({z: point}).evalf(DIGITS)
    return number if number.is_number and number.is_real else None


def _real(value: Expr, point: Expr, whole: Expr) -> Expr:
    number = _at(value, point)
    if number is None:
        raise InputError(
            f"activation is {shortened(whole)}, which is not real at z = {point}; "
            "expected real values at every real z: write it for these"
        )
    return number


def _refuse_unreal(value: Expr, inside: list[Expr]) -> None:
    tried = () if value.is_real else TRIED
    for point in (*inside, *tried):
        _real(_resolved(value, point, value), point, value)


def _refuse_jump(value: Expr, left: Expr, right: Expr, point: Expr) -> None:
    sides = [_at(side, point) for side in (left, right)]
    own = _resolved(value, point, value)
    here = _real(own, point, value)
    close = (CLOSE_FLOATS if value.has(Float) else CLOSE) * (1 + abs(here))
    if any(side is None or abs(side - here) > close for side in sides):
        raise InputError(
            f"activation is {shortened(value)}; expected a continuous function, but it "
            f"jumps at z = {point}: let its cases meet there"
        )


def _smooth(left: Expr, right: Expr, point: Expr) -> bool:
    """Whether the first two derivatives exist where two cases meet."""
    for order in (1, 2):
        below, above = (_at(diff(side, z, order), point) for side in (left, right))
        if below is None or above is None or abs(below - above) > CLOSE:
            return False
    return True
