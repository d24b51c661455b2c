"""What a world is: instances, and how they are drawn, enclosed and simplified."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

__all__ = ["World"]

Thing = TypeVar("Thing")
"""The type of a world's instances: frozen, and made of rational numbers."""


@dataclass(frozen=True, kw_only=True)
class World(Generic[Thing]):
    """A kind of thing that claims speak of.

    Attributes
    ----------
    name : str
        As in `theory.worlds.WORLDS`.
    draw : callable
        rng → an instance: sizes vary, and degenerate ones come on purpose.
    from_example : callable
        A mapping of names to integers, Fractions, texts such as "3/4" and nested tuples
        or lists of them → the instance; refuses what is none of the world.
    quantities : callable
        Instance → an object whose attributes and methods are balls, exact rationals
        (fmpq) or integers. It is called, and used, at the precision to be used: nothing
        is computed before.
    simpler : callable
        Instance → simpler ones, simplest first, all of the world. Every chain of them
        ends.
    record : callable
        Instance → the same as plain numbers and texts, which `from_example` reads back.
    """

    name: str
    draw: Callable[[np.random.Generator], Thing]
    from_example: Callable[[Mapping[str, Any]], Thing]
    quantities: Callable[[Thing], Any]
    simpler: Callable[[Thing], Iterator[Thing]]
    record: Callable[[Thing], dict[str, Any]]
