"""Linear networks f(x) = A W x with squared loss, at rational weights and data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from ...errors import InputError
from .linear_curvature import LinearCurvature
from .rationals import plainer, read, written
from .world import World

__all__ = ["LINEAR_NETWORKS", "LinearNetwork"]

Row = tuple[Fraction, ...]
Rows = tuple[Row, ...]

LARGEST = 4
"""Sizes are drawn up to this."""

FIELDS = ("x", "W", "A", "y")


@dataclass(frozen=True, kw_only=True)
class LinearNetwork:
    """f(x) = A W x with its data; no biases.

    Attributes
    ----------
    x, y : n rows of d, n rows of C
        Inputs and targets.
    W, A : m rows of d, C rows of m
        Weights.
    key : int
        Seed of the other weights and targets, for what holds at generic ones only.
    """

    x: Rows
    W: Rows
    A: Rows
    y: Rows
    key: int = 0

    def but(self, **changes: Any) -> "LinearNetwork":
        """The same with some fields replaced."""
        return replace(self, **changes)


def draw(rng: np.random.Generator) -> LinearNetwork:
    """Small integers; ranks are lowered on purpose in every way that they can be."""
    n, d, m, C = (int(size) for size in rng.integers(1, LARGEST + 1, 4))
    W, A = _low_rank(rng, m, d), _low_rank(rng, C, m)
    x = _low_rank(rng, n, d)
    fitted = x @ W.T @ A.T
    y = fitted + _low_rank(rng, n, C) * int(rng.integers(4) > 0)
    key = int(rng.integers(2**32))
    return LinearNetwork(x=_rows(x), W=_rows(W), A=_rows(A), y=_rows(y), key=key)


def _low_rank(rng: np.random.Generator, rows: int, columns: int) -> Any:
    """Integers of a rank that is often not full, and sometimes 0."""
    if rng.integers(2):
        return rng.integers(-3, 4, (rows, columns))
    rank = int(rng.integers(0, min(rows, columns) + 1))
    left = rng.integers(-2, 3, (rows, rank))
    return left @ rng.integers(-2, 3, (rank, columns))


def _rows(array: Any) -> Rows:
    return tuple(tuple(Fraction(int(entry)) for entry in row) for row in array)


def from_example(values: Mapping[str, Any]) -> LinearNetwork:
    """The network with those values of x, W, A and y, and key, if that is given.

    Raises
    ------
    InputError
        If a value is missing or unknown, is no table of rationals, or the shapes do not
        fit together.
    """
    named = {name: values[name] for name in FIELDS if name in values}
    if len(named) < len(FIELDS) or set(values) - {*FIELDS, "key"}:
        raise InputError(
            f"linear network is given by {', '.join(values)}; expected x, W, A, y, and "
            "key where generic weights matter"
        )
    tables = {name: read(name, table) for name, table in named.items()}
    n, d, m, C = (
        len(tables["x"]),
        len(tables["x"][0]),
        len(tables["W"]),
        len(tables["A"]),
    )
    for name, shape in {"x": (n, d), "W": (m, d), "A": (C, m), "y": (n, C)}.items():
        if len(tables[name]) != shape[0] or {len(r) for r in tables[name]} != {
            shape[1]
        }:
            raise InputError(
                f"{name} has rows of {sorted({len(r) for r in tables[name]})} numbers, "
                f"{len(tables[name])} of them; expected {shape[0]} rows of {shape[1]}"
            )
    return LinearNetwork(**tables, key=int(values.get("key", 0)))


def simpler(network: LinearNetwork) -> Iterator[LinearNetwork]:
    """Without a sample, a hidden unit, an input or an output; then plainer entries."""
    yield from _smaller(network)
    for name in FIELDS:
        table: Rows = getattr(network, name)
        for i, row in enumerate(table):
            for j, entry in enumerate(row):
                for plain in plainer(entry):
                    changed = (*row[:j], plain, *row[j + 1 :])
                    rows = (*table[:i], changed, *table[i + 1 :])
                    yield network.but(**{name: rows})


def _smaller(at: LinearNetwork) -> Iterator[LinearNetwork]:
    n, d, m, C = len(at.x), len(at.x[0]), len(at.W), len(at.A)
    for i in range(n if n > 1 else 0):
        yield replace(at, x=_without(at.x, i), y=_without(at.y, i))
    for k in range(m if m > 1 else 0):
        yield replace(at, W=_without(at.W, k), A=_narrower(at.A, k))
    for j in range(d if d > 1 else 0):
        yield replace(at, x=_narrower(at.x, j), W=_narrower(at.W, j))
    for c in range(C if C > 1 else 0):
        yield replace(at, A=_without(at.A, c), y=_narrower(at.y, c))


def _without(table: Rows, place: int) -> Rows:
    return (*table[:place], *table[place + 1 :])


def _narrower(table: Rows, place: int) -> Rows:
    return tuple((*row[:place], *row[place + 1 :]) for row in table)


def record(network: LinearNetwork) -> dict[str, Any]:
    """The same as texts."""
    tables = {name: written(getattr(network, name)) for name in FIELDS}
    return {**tables, "key": network.key}


def quantities(network: LinearNetwork) -> LinearCurvature:
    """Its matrices, ranks and inertia, exact."""
    return LinearCurvature(
        x=network.x, W=network.W, A=network.A, y=network.y, key=network.key
    )


LINEAR_NETWORKS: World[LinearNetwork] = World(
    name="linear-networks",
    draw=draw,
    from_example=from_example,
    quantities=quantities,
    simpler=simpler,
    record=record,
)
