"""The world of global minima W = V = [I_k 0] under Gaussian inputs, with a direction of W."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from .global_curvature import MOMENTS, GlobalCurvature, Rows
from .rationals import plainer, rational, read, written
from .reading import refuse_other_names, refuse_unless
from .world import World

__all__ = ["GLOBAL_MINIMA", "GlobalMinimum"]

LARGEST = 12
"""For k and d."""


@dataclass(frozen=True, kw_only=True)
class GlobalMinimum:
    """The student equals its teacher of k orthonormal neurons in d inputs.

    Attributes
    ----------
    activation : str
        relu, erf (of z/√2) or quadratic.
    k, d : int
        Neurons and inputs, 2 <= k <= d.
    T : k rows of d
        A direction of W.
    """

    activation: str
    k: int
    d: int
    T: Rows


def _draw(rng: np.random.Generator) -> GlobalMinimum:
    """T of every kind: antisymmetric, symmetric, multiples of I and 11ᵀ, any."""
    activation = str(rng.choice(["relu", "relu", "erf", "quadratic"]))
    k = int(rng.choice([2, 3, 3, 4, 4, 5, 6]))
    d = k + int(rng.choice([0, 0, 1, 2]))
    return GlobalMinimum(
        activation=activation,
        k=k,
        d=d,
        T=_rows(_direction(k, d, rng)),
    )


def _direction(k: int, d: int, rng: np.random.Generator) -> Any:
    T = rng.integers(-3, 4, (k, d))
    square, kind = T[:, :k], int(rng.integers(6))
    if kind == 0:
        T[:, :k] = square - square.T
    elif kind == 1:
        T[:, :k] = square + square.T
    elif kind == 2:
        T[:, :k] = np.eye(k, dtype=int) * rng.integers(-3, 4) + rng.integers(1, 4)
    elif kind == 3:
        # one column, in which one entry outweighs the others together
        a = int(rng.integers(k))
        T[:] = 0
        T[:, a] = 1
        T[a, a] = -2 * (k - 1)
    if kind < 3:
        T[:, k:] = 0
    return T


def _rows(array: Any) -> Rows:
    return tuple(tuple(Fraction(int(entry)) for entry in row) for row in array)


def _from_example(values: Mapping[str, Any]) -> GlobalMinimum:
    refuse_other_names("global minimum", values, ("activation", "k"), ("d", "T"))
    k, d = (rational(n, values.get(n, values["k"])) for n in ("k", "d"))
    plain = _rows(np.ones((int(k), int(d)), dtype=int))
    thing = GlobalMinimum(
        activation=str(values["activation"]),
        k=int(k),
        d=int(d),
        T=read("T", values["T"]) if "T" in values else plain,
    )
    refuse_unless(
        k.denominator == d.denominator == 1 and _fits(thing),
        "global minimum",
        _record(thing),
        f"an activation among {', '.join(MOMENTS)}, 2 <= k <= d <= {LARGEST}, and T of"
        " k rows of d",
    )
    return thing


def _fits(thing: GlobalMinimum) -> bool:
    shaped = len(thing.T) == thing.k and all(len(row) == thing.d for row in thing.T)
    return thing.activation in MOMENTS and 2 <= thing.k <= thing.d <= LARGEST and shaped


def _simpler(at: GlobalMinimum) -> Iterator[GlobalMinimum]:
    """Without an input beyond k or a neuron with its input; then plainer entries of T."""
    if at.d > at.k:
        yield replace(at, d=at.d - 1, T=tuple(row[:-1] for row in at.T))
    for place in range(at.k if at.k > 2 else 0):
        yield replace(at, k=at.k - 1, d=at.d - 1, T=_without(at.T, place))
    for i, row in enumerate(at.T):
        for a, entry in enumerate(row):
            for plain in plainer(entry):
                changed = (*row[:a], plain, *row[a + 1 :])
                yield replace(at, T=(*at.T[:i], changed, *at.T[i + 1 :]))


def _without(table: Rows, place: int) -> Rows:
    """Without a row and the column of the same place."""
    rows = (*table[:place], *table[place + 1 :])
    return tuple((*row[:place], *row[place + 1 :]) for row in rows)


def _record(thing: GlobalMinimum) -> dict[str, Any]:
    return {
        "activation": thing.activation,
        "k": thing.k,
        "d": thing.d,
        "T": written(thing.T),
    }


def _quantities(thing: GlobalMinimum) -> GlobalCurvature:
    return GlobalCurvature(activation=thing.activation, k=thing.k, d=thing.d, T=thing.T)


GLOBAL_MINIMA: World[GlobalMinimum] = World(
    name="global-minima",
    draw=_draw,
    from_example=_from_example,
    quantities=_quantities,
    simpler=_simpler,
    record=_record,
)
