"""Rational numbers: read, written, drawn, simplified, and as balls."""

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, fmpq

from ...errors import InputError

__all__ = [
    "ball",
    "draw_positive",
    "exact",
    "plainer",
    "rational",
    "read",
    "written",
]


def exact(value: Fraction) -> fmpq:
    """The same for python-flint, whose powers by a Fraction would go through floats."""
    return fmpq(value.numerator, value.denominator)


def ball(value: Fraction) -> arb:
    """The number enclosed at the precision in force."""
    return arb(exact(value))


def rational(name: str, value: Any) -> Fraction:
    """One number, from an integer, a Fraction, or a text such as "3/4".

    Parameters
    ----------
    name : str
        What it is, for the message.
    value : int, Fraction or str
        The number; no float, which is seldom the number that was meant.

    Raises
    ------
    InputError
        If it is none of these.
    """
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, str):
        with suppress(ValueError, ZeroDivisionError):
            return Fraction(value)
    raise InputError(
        f"{name} is {value!r}; expected an integer, a Fraction or a text such as '3/4'"
    )


def read(name: str, value: Any) -> Any:
    """Numbers, or nested tuples of them, from the same or nested lists."""
    if isinstance(value, tuple | list):
        return tuple(read(name, entry) for entry in value)
    return rational(name, value)


def written(value: Any) -> Any:
    """The same as texts and nested lists: what `read` reads back."""
    if isinstance(value, tuple):
        return [written(entry) for entry in value]
    return str(value)


def plainer(value: Fraction) -> Iterator[Fraction]:
    """Simpler numbers near it or small, simplest first; every chain of them ends."""
    whole = Fraction(round(value))
    near = {whole, Fraction(round(2 * value), 2), value.limit_denominator(9)}
    half = value.denominator // 2
    rough = {Fraction(1, half)} if half else set()
    if value > 0:
        rough.add(Fraction(1, max(1, round(1 / value))))
    few = {Fraction(0), Fraction(1), Fraction(-1), Fraction(2)}
    candidates = few | near | rough | {value / 2, value * 2}
    own = _complexity(value)
    better = [one for one in candidates if _complexity(one) < own]
    yield from sorted(better, key=_complexity)


def _complexity(value: Fraction) -> tuple[int, int]:
    """A well-founded order of simplicity: denominator and numerator, then the sign."""
    size = abs(value.numerator) + 2 * (value.denominator - 1)
    return size, int(value < 0)


def draw_positive(rng: np.random.Generator) -> Fraction:
    """A positive rational: mostly of order 1, sometimes 1 itself, large or tiny."""
    kind = rng.integers(6)
    if kind == 0:
        return Fraction(1)
    number = Fraction(int(rng.integers(1, 13)), int(rng.integers(1, 13)))
    if kind < 4:
        return number
    return number * Fraction(10) ** int(rng.integers(-6, 7))
