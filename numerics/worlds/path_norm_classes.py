"""The world of path-norm classes: how they are drawn, read and simplified."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

import numpy as np

from .path_norm_quantities import PathNormClass, PathNormQuantities, Vector
from .rationals import plainer, rational, read, written
from .reading import refuse_other_names, refuse_unless
from .world import World

__all__ = ["PATH_NORM_CLASSES"]

LARGEST = 8
"""Most inputs: 2⁸ sign vectors."""


def _draw(rng: np.random.Generator) -> PathNormClass:
    n = int(rng.choice([1, 2, 2, 3, 3, 4, 5, 6, LARGEST]))
    points, hypotheses = int(rng.integers(2, 4)), int(rng.integers(1, 4))
    inputs = tuple(
        (Fraction(int(a), 2), Fraction(int(b), 2))
        for a, b in rng.integers(-4, 5, (n, 2))
    )
    style = rng.integers(0, 4)
    if style == 0:
        inputs = inputs[:1] * n
    elif style == 1:
        inputs = tuple((one, Fraction(1)) for one, _ in inputs)
    hundredths = [(100, 0), (100, 0), (100, 100), (100, -100), (1, 100), (200, 0)]
    plus, minus = hundredths[int(rng.integers(len(hundredths)))]
    counts = rng.integers(1, 9, points)
    return PathNormClass(
        slopes=(Fraction(plus, 100), Fraction(minus, 100)),
        inputs=inputs,
        bound=Fraction(int(rng.integers(1, 9)), int(rng.integers(1, 4))),
        offset=Fraction(int(rng.integers(0, 4)), 2),
        weights=tuple(_draw_unit(rng) for _ in range(int(rng.integers(1, 4)))),
        base=Fraction(int(rng.integers(1, 9)), int(rng.integers(1, 9))),
        chances=tuple(Fraction(int(one), int(counts.sum())) for one in counts),
        losses=tuple(
            tuple(Fraction(int(one), 4) for one in row)
            for row in rng.choice([0, 0, 1, 2, 4], (hypotheses, points))
        ),
        size=int(rng.integers(1, 4)),
        wide=_draw_wide(rng),
    )


def _draw_wide(rng: np.random.Generator) -> tuple[tuple[Fraction, ...], ...]:
    count, length = int(rng.choice([1, 2, 2, 3, 3, 4])), int(rng.integers(3, 5))
    rows = rng.integers(-3, 4, (count, length))
    return tuple(tuple(Fraction(int(one)) for one in row) for row in rows)


def _draw_unit(rng: np.random.Generator) -> tuple[Fraction, Vector]:
    a, one, other = (Fraction(int(entry), 2) for entry in rng.integers(-6, 7, 3))
    return a, (one, other)


_OTHERS: Final = (
    *("slopes", "bound", "offset", "weights", "base", "chances", "losses"),
    *("size", "wide"),
)


def _from_example(values: Mapping[str, Any]) -> PathNormClass:
    refuse_other_names("path-norm class", values, ("inputs",), _OTHERS)
    weights = values.get("weights", ((1, (1, 0)),))
    thing = PathNormClass(
        slopes=read("slopes", values.get("slopes", (1, 0))),
        inputs=read("inputs", values["inputs"]),
        bound=rational("bound", values.get("bound", 1)),
        offset=rational("offset", values.get("offset", 0)),
        weights=tuple((rational("weights", a), read("weights", w)) for a, w in weights),
        base=rational("base", values.get("base", 1)),
        chances=read("chances", values.get("chances", (1,))),
        losses=read("losses", values.get("losses", ((0,),))),
        size=int(rational("size", values.get("size", 1))),
        wide=read("wide", values.get("wide", ())),
    )
    refuse_unless(
        _class_fits(thing) and _task_fits(thing),
        "path-norm class",
        _record(thing),
        f"two slopes, 1 to {LARGEST} inputs and at least one unit of the plane,"
        " bound > 0, base > 0, offset >= 0, chances above 0 with the sum 1, losses from"
        " 0 to 1 in rows as long as chances, size 1 to 4, and wide rows of one length",
    )
    return thing


def _class_fits(thing: PathNormClass) -> bool:
    vectors = (thing.slopes, *thing.inputs, *(w for _, w in thing.weights))
    return (
        1 <= len(thing.inputs) <= LARGEST
        and len(thing.weights) > 0
        and all(len(one) == 2 for one in vectors)
        and min(thing.bound, thing.base) > 0
        and thing.offset >= 0
        and len({len(row) for row in thing.wide}) <= 1
        and len(thing.wide) <= LARGEST
    )


def _task_fits(thing: PathNormClass) -> bool:
    sizes = all(len(row) == len(thing.chances) for row in thing.losses)
    return (
        len(thing.losses) > 0
        and sizes
        and sum(thing.chances) == 1
        and min(thing.chances) > 0
        and all(0 <= one <= 1 for row in thing.losses for one in row)
        and 1 <= thing.size <= 4
    )


def _simpler(thing: PathNormClass) -> Iterator[PathNormClass]:
    for candidate in _candidates(thing):
        if _class_fits(candidate) and _task_fits(candidate):
            yield candidate


def _candidates(thing: PathNormClass) -> Iterator[PathNormClass]:
    yield from _fewer(thing)
    if thing.size > 1:
        yield replace(thing, size=thing.size - 1)
    yield from (replace(thing, bound=other) for other in plainer(thing.bound))
    yield from (replace(thing, offset=other) for other in plainer(thing.offset))
    yield from (replace(thing, base=other) for other in plainer(thing.base))
    yield from (replace(thing, slopes=row) for row in _plainer_row(thing.slopes))
    yield from (replace(thing, inputs=rows) for rows in _plainer_rows(thing.inputs))
    yield from (replace(thing, losses=rows) for rows in _plainer_rows(thing.losses))
    yield from (replace(thing, wide=rows) for rows in _plainer_rows(thing.wide))
    yield from _plainer_units(thing)


def _plainer_units(thing: PathNormClass) -> Iterator[PathNormClass]:
    for k, (a, w) in enumerate(thing.weights):
        before, after = thing.weights[:k], thing.weights[k + 1 :]
        for one in plainer(a):
            yield replace(thing, weights=(*before, (one, w), *after))
        for row in _plainer_row(w):
            yield replace(thing, weights=(*before, (a, row), *after))


def _fewer(thing: PathNormClass) -> Iterator[PathNormClass]:
    """Without one of the inputs, units, hypotheses or points."""
    for name in ("inputs", "weights", "losses", "wide"):
        rows = getattr(thing, name)
        for i in range(len(rows) if len(rows) > 1 else 0):
            yield replace(thing, **{name: rows[:i] + rows[i + 1 :]})
    for s in range(len(thing.chances) if len(thing.chances) > 1 else 0):
        rest = 1 - thing.chances[s]
        kept = thing.chances[:s] + thing.chances[s + 1 :]
        yield replace(
            thing,
            chances=tuple(one / rest for one in kept),
            losses=tuple(row[:s] + row[s + 1 :] for row in thing.losses),
        )


def _plainer_rows(rows: Any) -> Iterator[Any]:
    for place, row in enumerate(rows):
        for other in _plainer_row(row):
            yield (*rows[:place], other, *rows[place + 1 :])


def _plainer_row(row: Any) -> Iterator[Any]:
    for place, entry in enumerate(row):
        for other in plainer(entry):
            yield (*row[:place], other, *row[place + 1 :])


def _record(thing: PathNormClass) -> dict[str, Any]:
    return {
        "slopes": written(thing.slopes),
        "inputs": written(thing.inputs),
        "bound": str(thing.bound),
        "offset": str(thing.offset),
        "weights": [[str(a), written(w)] for a, w in thing.weights],
        "base": str(thing.base),
        "chances": written(thing.chances),
        "losses": written(thing.losses),
        "size": str(thing.size),
        "wide": written(thing.wide),
    }


PATH_NORM_CLASSES = World(
    name="path-norm-classes",
    draw=_draw,
    from_example=_from_example,
    quantities=PathNormQuantities,
    simpler=_simpler,
    record=_record,
)
