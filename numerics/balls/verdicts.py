"""Two sides that are known to lie in balls, and what a relation between them is worth."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from flint import arb, fmpq

from ...theory.expressions import Relation
from .arrays import BallArray
from .numbers import Number, Numbers, ball, bounds, decimals, is_known

__all__ = ["EQUAL_DIGITS", "Judgement", "OutcomeName", "compared", "without_verdict"]

OutcomeName: TypeAlias = Literal["holds", "fails", "equal", "unknown"]

EQUAL_DIGITS = 100
"""Sides are equal to so many digits: |left - right| <= 10⁻¹⁰⁰ max(1, |left|, |right|)."""

_SHOWN_DIGITS = 30
_RANK: dict[OutcomeName, int] = {"holds": 0, "equal": 1, "unknown": 2, "fails": 3}


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the referee says about one comparison at one instance.

    Attributes
    ----------
    outcome : {"holds", "fails", "equal", "unknown"}
        "holds" and "fails" are certain: balls apart, or exact numbers. "equal": the balls
        overlap at the greatest precision, and the sides agree to `EQUAL_DIGITS` digits:
        neither a refutation nor, for < and >, a confirmation. "unknown": anything else.
    left, right : str
        Both sides at the entry that decided: fractions, or decimals with radii.
    left_value, left_radius, right_value, right_radius : float
        The same as floats, each ball enclosed.
    precision : int
        Bits at which it was decided.
    reason : str
        In words.
    """

    outcome: OutcomeName
    left: str
    right: str
    left_value: float
    left_radius: float
    right_value: float
    right_radius: float
    precision: int
    reason: str

    @property
    def decided(self) -> bool:
        """Whether more precision could not change it."""
        return self.outcome in ("holds", "fails")


def compared(
    left: BallArray, right: BallArray, relation: Relation, bits: int
) -> Judgement:
    """The least favourable judgement over all entries.

    Parameters
    ----------
    left, right : BallArray
        Both sides; one number is compared with every entry of an array.
    relation : {"<=", ">=", "<", ">", "=="}
        Between them.
    bits : int
        The precision they were computed at.
    """
    if not (left.items.size and right.items.size):
        return without_verdict("there is no entry to compare", bits)
    lefts, rights = np.broadcast_arrays(*_levelled(left.items, right.items))
    entries = [
        (_entry(a, b, relation), a, b)
        for a, b in zip(lefts.flat, rights.flat, strict=True)
    ]
    return _judged(*max(entries, key=lambda entry: _RANK[entry[0]]), relation, bits)


def without_verdict(reason: str, bits: int) -> Judgement:
    """Unknown, and no sides to show."""
    nan = float("nan")
    return Judgement(
        outcome="unknown",
        left="",
        right="",
        left_value=nan,
        left_radius=float("inf"),
        right_value=nan,
        right_radius=float("inf"),
        precision=bits,
        reason=reason,
    )


def _levelled(a: Numbers, b: Numbers) -> tuple[Numbers, Numbers]:
    """A number per instance beside an array per instance: axes count from the end."""
    if a.ndim < b.ndim:
        return a.reshape(*a.shape, *[1] * (b.ndim - a.ndim)), b
    return a, b.reshape(*b.shape, *[1] * (a.ndim - b.ndim))


def _entry(a: Number, b: Number, relation: Relation) -> OutcomeName:
    if not (is_known(a) and is_known(b)):
        return "unknown"
    holds, fails = _certain(a, b, relation)
    if holds or fails:
        return "holds" if holds else "fails"
    return "equal" if _agree(a, b) else "unknown"


def _certain(a: Number, b: Number, relation: Relation) -> tuple[bool, bool]:
    """Whether it certainly holds, and whether it certainly fails."""
    match relation:
        case "<=":
            return a <= b, a > b
        case ">=":
            return a >= b, a < b
        case "<":
            return a < b, a >= b
        case ">":
            return a > b, a <= b
        case "==":
            return a == b, a != b


def _agree(a: Number, b: Number) -> bool:
    wide = [arb(1), ball(a).abs_upper(), ball(b).abs_upper()]
    scale = wide[0].max(wide[1]).max(wide[2])
    return bool(abs(ball(a) - ball(b)) <= scale * arb(10) ** -EQUAL_DIGITS)


def _judged(
    outcome: OutcomeName, a: Number, b: Number, relation: Relation, bits: int
) -> Judgement:
    exact = isinstance(a, fmpq) and isinstance(b, fmpq)
    how = "exact numbers decide" if exact else "the balls are apart"
    reasons = {
        "holds": how,
        "fails": how,
        "equal": f"left and right agree to {EQUAL_DIGITS} digits",
        "unknown": (
            "left and right overlap"
            if is_known(a) and is_known(b)
            else "a side could not be enclosed"
        ),
    }
    (left, left_radius), (right, right_radius) = _as_floats(a), _as_floats(b)
    return Judgement(
        outcome=outcome,
        left=decimals(a, _SHOWN_DIGITS),
        right=decimals(b, _SHOWN_DIGITS),
        left_value=left,
        left_radius=left_radius,
        right_value=right,
        right_radius=right_radius,
        precision=bits,
        reason=f"{reasons[outcome]} ({relation}, {bits} bits)",
    )


def _as_floats(value: Number) -> tuple[float, float]:
    array = BallArray([value])
    low, high = bounds(value)
    if low == high:
        return low, 0.0
    return float(array.value[0]), float(array.radius[0])
