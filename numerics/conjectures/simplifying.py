"""Instances one step simpler than a given one, exactly."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import log2
from typing import Any

from ..exact_instances import ExactInstance, Row, Rows
from .assumptions import Assumptions
from .stationary import certainly_critical, kernel_residuals

__all__ = ["cost", "fewer", "merged", "simpler"]

VECTORS = 3
"""Residuals of a basis of ker Jᵀ that are tried for a changed instance."""

FACTORS = (1, -1, 4, -4)
"""By which each of them is multiplied: what breaks may need a sign, or more of it."""

Cost = tuple[int, int, float]
Path = tuple[str, int, int]


@dataclass(frozen=True)
class _Change:
    """One entry, by name, row and column, and what it becomes."""

    where: Path
    value: Fraction


def cost(at: ExactInstance) -> Cost:
    """How large and how complicated: sizes first, then parameters, then numbers."""
    entries = [v for _, v in _entries(at)]
    labels = sum(at.labels or ()) / 16
    return at.n + at.d + at.m + at.C, at.p, sum(map(_complexity, entries)) + labels


def fewer(
    at: ExactInstance, assumptions: Assumptions, outputs: tuple[int, ...]
) -> Iterator[ExactInstance]:
    """Without one of the samples, units, inputs or outputs.

    Parameters
    ----------
    at : ExactInstance
        What to cut.
    assumptions : Assumptions
        Sizes and residuals are to go with them.
    outputs : tuple of int
        The numbers of outputs that are allowed.
    """
    cuts: list[ExactInstance] = []
    if at.n > 1:
        cuts += [_without_sample(at, i) for i in range(at.n)]
    if at.m > 1:
        cuts += [_without_unit(at, k) for k in range(at.m)]
    if at.d > 1:
        cuts += [_without_input(at, j) for j in range(at.d)]
    if at.C - 1 in outputs:
        cuts += [cut for e in range(at.C) if (cut := _without_output(at, e))]
    for cut in cuts:
        sizes = {"n": cut.n, "d": cut.d, "m": cut.m, "C": cut.C, "p": cut.p}
        if assumptions.allow(sizes):
            yield from _refitted(cut, assumptions)


def simpler(at: ExactInstance, assumptions: Assumptions) -> list[ExactInstance]:
    """All that differ in one entry, or one input, and cost less; the cheapest first."""
    found: list[ExactInstance] = []
    for where, value in _entries(at):
        if where[0] == "x" and "unit_inputs" in assumptions.named:
            continue
        if where[0] == "residual" and _residual_is_made(assumptions):
            continue
        for candidate in _simple_values(value):
            found += _refitted(_changed(at, [_Change(where, candidate)]), assumptions)
    if "unit_inputs" in assumptions.named:
        for x in _on_axes(at):
            found += _refitted(at.but(x=x), assumptions)
    found += _simpler_labels(at)
    found += _refitted(at, assumptions) if "critical" in assumptions.named else []
    here = cost(at)
    known = {id(one): cost(one) for one in found}
    return sorted(
        (one for one in found if known[id(one)] < here), key=lambda one: known[id(one)]
    )


def merged(
    at: ExactInstance, several: list[ExactInstance], assumptions: Assumptions
) -> Iterator[ExactInstance]:
    """Several of `simpler` at once: the changes of the first 2, 4, 8, … of them."""
    changes: dict[Path, Fraction] = {}
    old = dict(_entries(at))
    for count, one in enumerate(several, start=1):
        for where, value in _entries(one):
            if where in old and old[where] != value:
                changes.setdefault(where, value)
        if count > 1 and (count & (count - 1) == 0 or count == len(several)):
            made = [_Change(where, value) for where, value in changes.items()]
            yield from _refitted(_changed(at, made), assumptions)


def _residual_is_made(assumptions: Assumptions) -> bool:
    return bool({"interpolation", "critical"} & set(assumptions.named))


def _refitted(at: ExactInstance, assumptions: Assumptions) -> list[ExactInstance]:
    """The same where it is still critical, or with other residuals, as is assumed."""
    if "critical" not in assumptions.named:
        return [at]
    kept = [at] if certainly_critical(at) else []
    return kept + [
        at.but(residual=tuple(tuple(factor * v for v in row) for row in r))
        for r in kernel_residuals(at)[:VECTORS]
        for factor in FACTORS
    ]


def _entries(at: ExactInstance) -> Iterator[tuple[Path, Fraction]]:
    for name in ("x", "W", "A", "residual"):
        for i, line in enumerate(getattr(at, name) or ()):
            for j, value in enumerate(line):
                yield (name, i, j), value
    for name in ("b", "c"):
        for i, value in enumerate(getattr(at, name)):
            yield (name, i, 0), value


def _changed(at: ExactInstance, changes: list[_Change]) -> ExactInstance:
    parts: dict[str, Any] = {}
    for change in changes:
        name, i, j = change.where
        part = parts.get(name, getattr(at, name))
        line = change.value if name in ("b", "c") else _put(part[i], j, change.value)
        parts[name] = _put(part, i, line)
    return at.but(**parts)


def _put(row: tuple[Any, ...], place: int, value: Any) -> tuple[Any, ...]:
    return (*row[:place], value, *row[place + 1 :])


def _complexity(value: Fraction) -> float:
    """0 for 0, 1 for 1; more for larger numbers, fractions and signs."""
    if value == 0:
        return 0.0
    above, below = abs(value.numerator), value.denominator
    return log2(1 + above) + 3.0 * log2(below) + 0.1 * (value < 0)


def _simple_values(value: Fraction) -> Iterator[Fraction]:
    """Simpler numbers near it or not."""
    rounds = [Fraction(round(value)), Fraction(round(2 * value), 2)]
    rounds += [Fraction(int(value)), Fraction(round(8 * value), 8)]
    if value:
        power = Fraction(2) ** (abs(value.numerator).bit_length() - 1)
        power /= 2 ** (value.denominator.bit_length() - 1)
        rounds += [power, -power, value / 2, -value]
    wanted = (Fraction(0), Fraction(1), Fraction(-1), *rounds)
    for candidate in dict.fromkeys(wanted):
        if _complexity(candidate) < _complexity(value):
            yield candidate


def _on_axes(at: ExactInstance) -> Iterator[Rows]:
    """One of the inputs moved to an axis."""
    for i in range(at.n):
        for j in range(at.d):
            for sign in (1, -1):
                axis = tuple(Fraction(sign * (e == j)) for e in range(at.d))
                yield _put(at.x, i, axis)


def _simpler_labels(at: ExactInstance) -> list[ExactInstance]:
    labels = at.labels or ()
    return [
        at.but(labels=_put(labels, i, lower))
        for i, label in enumerate(labels)
        for lower in range(label)
    ]


def _without(row: tuple[Any, ...], place: int) -> tuple[Any, ...]:
    return row[:place] + row[place + 1 :]


def _without_sample(at: ExactInstance, i: int) -> ExactInstance:
    def cut(rows: Any) -> Any:
        return None if rows is None else _without(rows, i)

    return at.but(
        x=_without(at.x, i),
        residual=cut(at.residual),
        targets=cut(at.targets),
        labels=cut(at.labels),
    )


def _without_unit(at: ExactInstance, k: int) -> ExactInstance:
    return at.but(
        W=_without(at.W, k),
        b=_without(at.b, k),
        A=tuple(_without(row, k) for row in at.A),
    )


def _without_input(at: ExactInstance, j: int) -> ExactInstance:
    return at.but(
        x=tuple(_without(row, j) for row in at.x),
        W=tuple(_without(row, j) for row in at.W),
    )


def _without_output(at: ExactInstance, e: int) -> ExactInstance | None:
    """Without one output; a label of it moves to the one before."""

    def cut(rows: Rows | None) -> Rows | None:
        return None if rows is None else tuple(_without(row, e) for row in rows)

    labels = at.labels
    if labels is not None:
        if at.C <= 2:
            return None
        labels = tuple(max(0, label - (label >= e)) for label in labels)
    c: Row = _without(at.c, e)
    return at.but(
        A=_without(at.A, e),
        c=c,
        residual=cut(at.residual),
        targets=cut(at.targets),
        labels=labels,
    )
