"""Whether a claim holds at an instance, in ball arithmetic or exactly.

left <= right is broken only where the balls are apart on the wrong side, left == right
only where they are disjoint; exact numbers are compared exactly. Balls that overlap are
narrowed by more precision; where they stay wide, the instance supports nothing.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from flint import arb, ctx, fmpq

from ...theory.theorems import Claim, Law
from .rationals import exact
from .world import World

__all__ = ["Judgement", "Subject"]

PRECISIONS = (128, 256, 512)
"""Bits, in the order in which they are tried."""

NARROW = 2.0**-64
"""Share of the sides below which the radius of overlapping balls says: equal."""

NOTHING = 1e-24
"""Radius below which balls around 0 are said to be equal."""

Number: TypeAlias = arb | fmpq


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What became of one claim at one instance.

    Attributes
    ----------
    judged : bool
        Whether the claim applies, and both sides are enclosed narrowly enough to tell.
    broken : bool
        Whether it certainly fails.
    ratio : float
        As in `numerics.judge.Outcome`: for <=, left / right at its largest, 1 where it
        is attained, nan where right is not positive; for ==, the distance of the balls'
        centres as a share of their radii, 0 for exact numbers that are equal.
    left, right : str
        Both sides at the entry that decides, or is nearest to breaking: rationals, or
        balls as [centre +/- radius].
    precision : int
        Bits with which they were enclosed.
    """

    judged: bool
    broken: bool
    ratio: float
    left: str
    right: str
    precision: int


class Subject:
    """An instance of a world, with what was computed of it at each precision.

    Parameters
    ----------
    world : World
        Which.
    thing : instance
        Of that world.
    """

    def __init__(self, world: World[Any], thing: Any) -> None:
        self.world = world
        self.thing = thing
        self._known: dict[int, Any] = {}

    def quantities(self, precision: int) -> Any:
        """Its quantities, made anew for each precision."""
        if precision not in self._known:
            self._known[precision] = self.world.quantities(self.thing)
        return self._known[precision]

    def judge(self, claim: Claim) -> Judgement:
        """Judge a claim that speaks of this world."""
        judgement = self._judged(claim, PRECISIONS[0])
        for precision in PRECISIONS[1:]:
            if judgement.judged or judgement.left == "":
                break
            judgement = self._judged(claim, precision)
        return judgement

    def value(self, quantity: Any) -> float:
        """A quantity (q, None) → number, as the nearest float."""
        with ctx.workprec(PRECISIONS[-1]):
            found = _number(quantity(self.quantities(PRECISIONS[-1]), None))
            return float(found.mid() if isinstance(found, arb) else found)

    def _judged(self, claim: Claim, precision: int) -> Judgement:
        with ctx.workprec(precision):
            law: Any = claim.law
            sides = law.sides(self.quantities(precision), None)
            left, right = sides[:2]
            if len(sides) == 3 and not sides[2]:
                return _open(precision)
            return _of_entries(_pairs(left, right), law, precision)


def _open(precision: int) -> Judgement:
    return Judgement(
        judged=False,
        broken=False,
        ratio=float("nan"),
        left="",
        right="",
        precision=precision,
    )


def _pairs(left: Any, right: Any) -> list[tuple[Number, Number]]:
    """Entries of both sides; a single number stands against every entry."""
    lefts = left if isinstance(left, tuple | list) else None
    rights = right if isinstance(right, tuple | list) else None
    size = len(lefts if lefts is not None else rights or ()) or 1
    if lefts is not None and rights is not None and len(lefts) != len(rights):
        raise ValueError(f"{len(lefts)} entries against {len(rights)}")
    if lefts is None and rights is None:
        size = 1
    elif not (lefts or rights):
        return []
    return [
        (_number(one), _number(other))
        for one, other in zip(
            [left] * size if lefts is None else lefts,
            [right] * size if rights is None else rights,
            strict=True,
        )
    ]


def _number(value: Any) -> Number:
    if isinstance(value, arb | fmpq):
        return value
    if isinstance(value, int | Fraction):
        return exact(Fraction(value))
    raise TypeError(f"{type(value).__name__} is neither a ball nor a rational")


def _of_entries(
    pairs: list[tuple[Number, Number]], law: Law, precision: int
) -> Judgement:
    if not pairs:
        return _open(precision)
    equal = law.relation == "=="
    judge_one = _equal if equal else _at_most
    found = [(*judge_one(left, right), left, right) for left, right in pairs]
    broken = [entry for entry in found if entry[1]]
    ratios = [entry[2] for entry in found if entry[2] == entry[2]]
    _, _, _, left, right = broken[0] if broken else max(found, key=_nearness)
    return Judgement(
        judged=all(entry[0] for entry in found),
        broken=bool(broken),
        ratio=max(ratios, default=float("nan")),
        left=_text(left),
        right=_text(right),
        precision=precision,
    )


def _nearness(entry: tuple[bool, bool, float, Number, Number]) -> float:
    return entry[2] if entry[2] == entry[2] else -1.0


def _at_most(left: Number, right: Number) -> tuple[bool, bool, float]:
    """(whether it can be told, whether it certainly fails, left / right)."""
    if isinstance(left, fmpq) and isinstance(right, fmpq):
        ratio = float(max(left, fmpq(0)) / right) if right > 0 else float("nan")
        return True, left > right, ratio
    left, right = arb(left), arb(right)
    if not (left.is_finite() and right.is_finite()):
        return False, False, float("nan")
    high, low = right.upper(), left.lower()
    ratio = float("nan")
    if high > 0:
        ratio = float((low / high).mid()) if low > 0 else 0.0
    broken = bool(left > right)
    return broken or bool(left <= right) or _narrow(left, right), broken, ratio


def _equal(left: Number, right: Number) -> tuple[bool, bool, float]:
    if isinstance(left, fmpq) and isinstance(right, fmpq):
        return True, left != right, 0.0 if left == right else float("inf")
    left, right = arb(left), arb(right)
    if not (left.is_finite() and right.is_finite()):
        return False, False, float("nan")
    apart = not left.overlaps(right)
    gap, radius = abs(left.mid() - right.mid()), left.rad() + right.rad()
    ratio = float((gap / radius).mid()) if radius > 0 else 0.0
    return apart or _narrow(left, right), apart, ratio


def _narrow(left: arb, right: arb) -> bool:
    """Whether overlapping balls are so small that the sides agree to many digits."""
    radius = (left.rad() + right.rad()).upper()
    size = left.abs_upper().max(right.abs_upper())
    return bool(radius <= size * NARROW) or bool(radius <= NOTHING)


def _text(number: Number) -> str:
    return number.str(25) if isinstance(number, arb) else str(number)
