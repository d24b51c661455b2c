"""Where a function along a ray first passes a level."""

import math
from collections.abc import Callable

__all__ = ["FARTHEST", "crossing", "first_crossing"]

FARTHEST = 1e12
"""Distance, in units of the first step, at which a ray counts as unbounded."""

BISECTIONS = 48
"""A relative error of 2⁻⁴⁸: far below that of any loss."""


def crossing(
    value: Callable[[float], float],
    level: float,
    *,
    start: float,
    low: float = 0.0,
    bisections: int = BISECTIONS,
) -> float:
    """r with value <= level at r and above it just beyond, by doubling and bisection.

    For a function that increases along the ray this is its one crossing; otherwise it is
    one of them, not always the first.

    Parameters
    ----------
    value : callable
        Of the distance; infinite or NaN counts as above the level.
    level : float
        Where `low` is at most.
    start : float
        First distance tried; positive.
    low : float
        A distance at which the value is at most the level.
    bisections : int
        b: the error is at most 2⁻ᵇ times the last bracket, which is no longer than r.

    Returns
    -------
    float
        r >= low; infinity if nothing above the level was met up to `FARTHEST` starts.
    """
    high = low + start
    step = start
    while value(high) <= level:
        low = high
        step *= 2
        high += step
        if step > FARTHEST * start:
            return math.inf
    # NaN is not above the level and not below it: it is outside
    for _ in range(bisections):
        middle = (low + high) / 2
        if value(middle) <= level:
            low = middle
        else:
            high = middle
    return low


def first_crossing(
    value: Callable[[float], float], level: float, *, step: float, upto: float
) -> float:
    """The first r at which the value passes a level, seen in steps; infinity if none.

    What happens between two neighbouring steps that both lie below the level is not
    seen.

    Parameters
    ----------
    value : callable
        Of the distance; infinite or NaN counts as above the level.
    level : float
        At least the value at 0.
    step : float
        Between two places looked at; positive.
    upto : float
        Where the search ends.
    """
    count = math.ceil(upto / step)
    for i in range(1, count + 1):
        if not value(min(i * step, upto)) <= level:
            return crossing(
                value,
                level,
                start=min(i * step, upto) - (i - 1) * step,
                low=(i - 1) * step,
            )
    return math.inf
