"""Numbers that are certain: exact rationals, and balls where a number is irrational.

A number is an `fmpq`, which is exact, or an `arb`, a ball that contains the number that is
meant. Operations keep rationals rational as long as they can, so that what is rational is
decided exactly, and give a ball of the working precision where they cannot. What is not
defined, or not known, is a ball of NaN: every comparison with it is False.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from flint import arb, ctx, fmpq

__all__ = [
    "ONE",
    "UNKNOWN",
    "ZERO",
    "Number",
    "Numbers",
    "ball",
    "bounds",
    "decimals",
    "divide",
    "fraction",
    "hull",
    "is_known",
    "power",
    "precision",
    "rational",
    "sign",
    "special",
    "sqrt",
    "surely_zero",
]

Number: TypeAlias = fmpq | arb
Numbers: TypeAlias = npt.NDArray[Any]

ZERO: Final = fmpq(0)
ONE: Final = fmpq(1)
UNKNOWN: Final = arb("nan")


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Work with mid-points of so many bits inside the block."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def rational(value: Any) -> fmpq:
    """The exact value of a whole number, a float or a fraction, Python's or NumPy's."""
    if isinstance(value, fmpq):
        return value
    plain = value.item() if isinstance(value, np.generic) else value
    numerator, denominator = plain.as_integer_ratio()
    return fmpq(int(numerator), int(denominator))


def fraction(value: fmpq) -> Fraction:
    """The same as a `Fraction`."""
    return Fraction(int(value.p), int(value.q))


def ball(value: Number) -> arb:
    """A ball of the working precision around it."""
    return value if isinstance(value, arb) else arb(value)


def is_known(value: Number) -> bool:
    """Whether anything is known: a rational, or a ball of finite radius."""
    return not isinstance(value, arb) or bool(value.is_finite())


def sign(value: Number) -> int | None:
    """-1, 0 or 1 where that is certain, else None."""
    if value > 0:
        return 1
    if value < 0:
        return -1
    return 0 if value == 0 else None


def surely_zero(value: Number) -> bool:
    """Whether it is 0 for sure; `value != 0` is whether it is not 0 for sure."""
    return bool(value == 0)


def divide(a: Number, b: Number) -> Number:
    """a / b; nothing is known where b may be 0."""
    if isinstance(a, fmpq) and isinstance(b, fmpq):
        return a / b if b != 0 else UNKNOWN
    return ball(a) / b


def power(base: Number, exponent: int) -> Number:
    """The base to a whole power, also a negative one."""
    if exponent < 0:
        return divide(ONE, power(base, -exponent))
    return base**exponent if exponent else ONE


def sqrt(value: Number) -> Number:
    """√a; of a ball that reaches below 0 only the rest is taken, as a >= 0 there.

    Rational for squares of rationals; unknown where a is certainly negative.
    """
    if isinstance(value, fmpq):
        root = _rational_root(value)
        return ball(value).sqrt() if root is None else root
    if value < 0 or not is_known(value):
        return UNKNOWN
    if value >= 0:
        return value.sqrt()
    return hull(arb(0), value.upper().sqrt())


def _rational_root(value: fmpq) -> fmpq | None:
    """The rational square root, if there is one."""
    if value < 0 or not value.p.is_square() or not value.q.is_square():
        return None
    return fmpq(value.p.isqrt(), value.q.isqrt())


def special(
    function: Callable[[arb], arb], at: int, value: int
) -> Callable[[Number], Number]:
    """A function of balls that is rational at one rational point."""

    def extended(a: Number) -> Number:
        if isinstance(a, fmpq) and a == at:
            return fmpq(value)
        return function(ball(a))

    return extended


def hull(low: arb, high: arb) -> arb:
    """A ball that contains both, and all that is between."""
    return low.union(high)


def bounds(value: Number) -> tuple[float, float]:
    """Floats at or below the least, and at or above the greatest, that it may be."""
    if not is_known(value):
        return float("nan"), float("nan")
    wide = ball(value)
    low, high = wide.lower(), wide.upper()
    return _outward(low, down=True), _outward(high, down=False)


def _outward(end: arb, *, down: bool) -> float:
    """A float on the outer side of an end; `end` is itself rounded outward."""
    near = float(end)
    if np.isfinite(near) and arb(near) == end:
        return near
    return float(np.nextafter(near, -np.inf if down else np.inf))


def decimals(value: Number, digits: int) -> str:
    """As text: a fraction, or a decimal with the radius of its ball."""
    return str(value) if isinstance(value, fmpq) else str(value.str(digits))


def numbers(values: Any) -> Numbers:
    """Nested sequences, or an array, of numbers as an array of objects."""
    array: Numbers = np.asarray(values, dtype=object)
    return array
