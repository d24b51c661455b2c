"""What a budget buys: a fixed list of batches. The clock plays no part in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

import numpy as np

from ..sampling import Shape
from .conjecture import Conjecture
from .kinds import Kind
from .tried_shapes import shapes_for

__all__ = ["Attack", "Item", "agenda"]

Attack = Literal["sweep", "extremes", "local search"]

ATTACKS: Final[tuple[Attack, ...]] = ("sweep", "extremes", "sweep", "local search")
"""In turn, for each kind of network."""

BATCH = 256
CRITICAL_BATCH = 40
"""Residuals of critical points are eliminated one by one."""

_PER_SECOND: Final[Mapping[bool, float]] = MappingProxyType({False: 48.0, True: 16.0})
"""Batches for a nominal second: of free residuals, and of critical points."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One batch to be drawn and judged."""

    kind: Kind
    shape: Shape
    attack: Attack
    count: int


def agenda(
    conjecture: Conjecture, *, budget: float, rng: np.random.Generator
) -> tuple[Item, ...]:
    """The batches of a search, every kind of network at least once; none without sizes.

    Parameters
    ----------
    conjecture : Conjecture
        What is searched for.
    budget : float
        Nominal seconds.
    rng : numpy.random.Generator
        Chooses order and sizes.
    """
    allowed = conjecture.assumptions.allow
    shapes = {C: shapes_for(C, allowed) for C in conjecture.outputs}
    kinds = [kind for kind in conjecture.kinds if shapes[kind.outputs]]
    batches = max(len(kinds), round(budget * _PER_SECOND[conjecture.critical]))
    count = CRITICAL_BATCH if conjecture.critical else BATCH
    items: list[Item] = []
    turn = 0
    while kinds and len(items) < batches:
        attack = ATTACKS[turn % len(ATTACKS)]
        for place in rng.permutation(len(kinds)):
            kind = kinds[place]
            known = shapes[kind.outputs]
            shape = known[_place(len(known), rng)]
            items.append(Item(kind=kind, shape=shape, attack=attack, count=count))
        turn += 1
    return tuple(items[:batches])


def _place(count: int, rng: np.random.Generator) -> int:
    """Any shape, the small ones more often."""
    return int(count * rng.random() ** 1.5)
