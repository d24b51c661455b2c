"""The world of teachers and students under Gaussian inputs: drawn, read, simplified."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from .population_quantities import Population, PopulationQuantities, Rows
from .rationals import plainer, read, written
from .reading import refuse_other_names, refuse_unless
from .world import World

__all__ = ["POPULATIONS"]

ACTIVATIONS = ("relu", "erf", "quadratic")
FIELDS = ("W", "V", "S", "T")


def _draw(rng: np.random.Generator) -> Population:
    """Small rationals; rows of W and V are parallel or opposite on purpose at times."""
    activation = str(rng.choice(ACTIVATIONS))
    d = int(rng.choice([1, 2, 2, 3]))
    k, m = int(rng.integers(1, 4)), int(rng.integers(1, 3))
    V = _numbers((m, d), rng)
    W = _numbers((k, d), rng)
    kind = rng.integers(6)
    if kind == 0:
        # one student is a multiple of a teacher, in its direction or against it
        factor = Fraction(int(rng.choice([-2, -1, 1, 1, 3])), int(rng.integers(1, 3)))
        W = (tuple(factor * x for x in V[0]), *W[1:])
    elif kind == 1:
        # nearly parallel
        W = (tuple(16 * x + int(i == 0) for i, x in enumerate(V[0])), *W[1:])
    if activation == "relu":
        W, V = _without_zeros(W), _without_zeros(V)
    S, T = _numbers((k, d), rng), _numbers((k, d), rng)
    return Population(activation=activation, W=W, V=V, S=S, T=T)


def _numbers(shape: tuple[int, int], rng: np.random.Generator) -> Rows:
    below = int(rng.choice([1, 1, 2, 3]))
    whole = rng.integers(-3, 4, shape)
    return tuple(tuple(Fraction(int(x), below) for x in row) for row in whole)


def _without_zeros(rows: Rows) -> Rows:
    unit = (Fraction(1), *[Fraction(0)] * (len(rows[0]) - 1))
    return tuple(row if any(row) else unit for row in rows)


def _from_example(values: Mapping[str, Any]) -> Population:
    refuse_other_names("population", values, ("activation", "W", "V"), ("S", "T"))
    tables = {name: read(name, values[name]) for name in FIELDS if name in values}
    thing = Population(
        activation=str(values["activation"]),
        W=tables["W"],
        V=tables["V"],
        S=tables.get("S", tables["W"]),
        T=tables.get("T", tables["W"]),
    )
    refuse_unless(
        _fits(thing),
        "population",
        _record(thing),
        f"an activation among {', '.join(ACTIVATIONS)}, W, S, T (k, d) and V (m, d), and"
        " for relu no row of zeros in W or V, where L is not twice differentiable",
    )
    return thing


def _fits(thing: Population) -> bool:
    tables: list[Rows] = [getattr(thing, name) for name in FIELDS]
    if thing.activation not in ACTIVATIONS or not all(tables):
        return False
    d, k = len(thing.W[0]), len(thing.W)
    shaped = d > 0 and all(len(row) == d for table in tables for row in table)
    paired = len(thing.S) == len(thing.T) == k
    kinked = thing.activation == "relu"
    return shaped and paired and not (kinked and _has_zero_row(thing.W + thing.V))


def _has_zero_row(rows: Rows) -> bool:
    return not all(any(row) for row in rows)


def _simpler(thing: Population) -> Iterator[Population]:
    """Without a student, a teacher or an input; then plainer entries."""
    for candidate in _candidates(thing):
        if _fits(candidate):
            yield candidate


def _candidates(at: Population) -> Iterator[Population]:
    for i in range(len(at.W) if len(at.W) > 1 else 0):
        yield replace(at, W=_without(at.W, i), S=_without(at.S, i), T=_without(at.T, i))
    for j in range(len(at.V) if len(at.V) > 1 else 0):
        yield replace(at, V=_without(at.V, j))
    for a in range(len(at.W[0]) if len(at.W[0]) > 1 else 0):
        narrow: dict[str, Any] = {n: _narrower(getattr(at, n), a) for n in FIELDS}
        yield replace(at, **narrow)
    for name in FIELDS:
        table: Rows = getattr(at, name)
        for i, row in enumerate(table):
            for a, entry in enumerate(row):
                for plain in plainer(entry):
                    changed = (*row[:a], plain, *row[a + 1 :])
                    other: Any = {name: (*table[:i], changed, *table[i + 1 :])}
                    yield replace(at, **other)


def _without(table: Rows, place: int) -> Rows:
    return (*table[:place], *table[place + 1 :])


def _narrower(table: Rows, place: int) -> Rows:
    return tuple((*row[:place], *row[place + 1 :]) for row in table)


def _record(thing: Population) -> dict[str, Any]:
    tables = {name: written(getattr(thing, name)) for name in FIELDS}
    return {"activation": thing.activation, **tables}


POPULATIONS: World[Population] = World(
    name="populations",
    draw=_draw,
    from_example=_from_example,
    quantities=PopulationQuantities,
    simpler=_simpler,
    record=_record,
)
