"""The world of certified spurious minima: boxes with a point and a direction in each."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

import numpy as np

from .rationals import plainer, rational, read, written
from .reading import refuse_other_names, refuse_unless
from .spurious_quantities import Row, SpuriousMinimum, SpuriousQuantities
from .world import World

__all__ = ["SPURIOUS_MINIMA"]

SMALLEST: Final = 6
LARGEST: Final = 12
"""Of k: fewer neurons have no such minimum, more cost seconds each."""

ALONG: Final = ("drawn", "lowest", "highest")
FIELDS: Final = ("left", "right", "place")


def _draw(rng: np.random.Generator) -> SpuriousMinimum:
    """Few neurons more often than many."""
    k = SMALLEST + int((LARGEST - SMALLEST + 1) * rng.random() ** 4)
    left, right = (_row(rng.integers(-3, 4, k)) for _ in range(2))
    place = tuple(Fraction(int(x), 4) for x in rng.integers(-4, 5, k))
    along = str(rng.choice(["drawn", "drawn", "lowest", "highest"]))
    return SpuriousMinimum(k=k, along=along, left=left, right=right, place=place)


def _row(array: Any) -> Row:
    return tuple(Fraction(int(entry)) for entry in array)


def _from_example(values: Mapping[str, Any]) -> SpuriousMinimum:
    refuse_other_names("spurious minimum", values, ("k",), ("along", *FIELDS))
    k = rational("k", values["k"])
    ones, zeros = (Fraction(1),) * int(k), (Fraction(0),) * int(k)
    rows = {name: read(name, values[name]) for name in FIELDS if name in values}
    thing = SpuriousMinimum(
        k=int(k),
        along=str(values.get("along", "drawn")),
        left=rows.get("left", ones),
        right=rows.get("right", ones),
        place=rows.get("place", zeros),
    )
    refuse_unless(
        k.denominator == 1 and _fits(thing),
        "spurious minimum",
        _record(thing),
        f"k from {SMALLEST} to {LARGEST}, along among {', '.join(ALONG)}, and k numbers"
        " each of left, right and place, those of place from -1 to 1",
    )
    return thing


def _fits(thing: SpuriousMinimum) -> bool:
    sized = all(len(getattr(thing, name)) == thing.k for name in FIELDS)
    inside = all(abs(entry) <= 1 for entry in thing.place)
    known = thing.along in ALONG and SMALLEST <= thing.k <= LARGEST
    return known and sized and inside


def _simpler(at: SpuriousMinimum) -> Iterator[SpuriousMinimum]:
    """With fewer neurons; then at the centre; then along a plainer T."""
    for k in range(SMALLEST, at.k):
        rows: dict[str, Any] = {name: getattr(at, name)[:k] for name in FIELDS}
        yield replace(at, k=k, **rows)
    zeros = (Fraction(0),) * at.k
    if at.place != zeros:
        yield replace(at, place=zeros)
    for name in ("left", "right"):
        row: Row = getattr(at, name)
        for i, entry in enumerate(row):
            for plain in plainer(entry):
                other: Any = {name: (*row[:i], plain, *row[i + 1 :])}
                yield replace(at, **other)


def _record(thing: SpuriousMinimum) -> dict[str, Any]:
    rows = {name: written(getattr(thing, name)) for name in FIELDS}
    return {"k": thing.k, "along": thing.along, **rows}


SPURIOUS_MINIMA: World[SpuriousMinimum] = World(
    name="spurious-minima",
    draw=_draw,
    from_example=_from_example,
    quantities=SpuriousQuantities,
    simpler=_simpler,
    record=_record,
)
