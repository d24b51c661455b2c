"""Which of some certain numbers is the lesser, and how they come in order."""

from collections.abc import Iterable, Sequence
from functools import cmp_to_key

from flint import arb

from .numbers import UNKNOWN, Number, ball, hull, is_known, rational

__all__ = [
    "POSITION",
    "between",
    "descending",
    "greater",
    "greatest",
    "least",
    "lesser",
]


def lesser(a: Number, b: Number) -> Number:
    """The lesser of two numbers."""
    if a <= b or not is_known(a):
        return a
    if b <= a or not is_known(b):
        return b
    return ball(a).min(ball(b))


def greater(a: Number, b: Number) -> Number:
    """The greater of two numbers."""
    return -lesser(-a, -b)


def least(entries: Iterable[Number]) -> Number:
    """The least of some numbers."""
    first, *rest = entries
    for other in rest:
        first = lesser(first, other)
    return first


def greatest(entries: Iterable[Number]) -> Number:
    """The greatest of some numbers."""
    return -least([-entry for entry in entries])


def between(low: int, high: int) -> Number:
    """A whole number that is known to lie between two."""
    return rational(low) if low == high else hull(arb(low), arb(high))


def descending(values: Sequence[Number]) -> list[Number]:
    """Order statistics: the j-th ball contains the j-th greatest of the numbers."""
    if not all(is_known(value) for value in values):
        return [UNKNOWN] * len(values)
    order = sorted(values, key=lambda value: float(ball(value).mid()), reverse=True)
    ordered: list[Number] = []
    while order:
        group = [order.pop(0)]
        # as long as some later number may exceed one of the group, they belong together
        while any(not (late <= least) for late in order for least in group):
            group.append(order.pop(0))
        ordered += group if len(group) == 1 else _merged(group)
    return ordered


def _merged(group: list[Number]) -> list[Number]:
    """Both ends of the balls in descending order."""
    lows = [ball(value).lower() for value in group]
    highs = [ball(value).upper() for value in group]
    lows.sort(key=POSITION, reverse=True)
    highs.sort(key=POSITION, reverse=True)
    return [hull(low, high) for low, high in zip(lows, highs, strict=True)]


def _compared(a: arb, b: arb) -> int:
    return int(a > b) - int(a < b)


POSITION = cmp_to_key(_compared)
"""The place of an exact ball, for sorting: its exponent may be too large for a fraction."""
