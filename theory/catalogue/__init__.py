"""The catalogue: every theorem and every refutation, by id."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ...errors import InputError
from ..theorems import Refutation, Theorem
from . import complexity, cross_entropy, derivatives, interpolation, symmetry
from .refutations import REFUTATIONS as _REFUTATIONS

__all__ = ["REFUTATIONS", "THEOREMS", "TOPICS", "get_theorem", "select"]

_FAMILIES = (derivatives, interpolation, complexity, symmetry, cross_entropy)

THEOREMS: Final[Mapping[str, Theorem]] = MappingProxyType(
    {
        theorem.id: theorem
        for theorem in sorted(
            (theorem for family in _FAMILIES for theorem in family.THEOREMS),
            key=lambda theorem: theorem.id,
        )
    }
)
"""Every theorem, by id."""

REFUTATIONS: Final[Mapping[str, Refutation]] = MappingProxyType(
    {refutation.id: refutation for refutation in _REFUTATIONS}
)
"""Every refutation of folklore, by id."""

TOPICS: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(family.THEOREMS[0].topic for family in _FAMILIES)
)
"""The families of theorems."""


def get_theorem(theorem_id: str) -> Theorem:
    """Return the theorem with that id.

    Raises
    ------
    InputError
        If there is none.
    """
    if theorem_id not in THEOREMS:
        raise InputError(
            f"theorem is {theorem_id!r}; expected one of {', '.join(THEOREMS)}: "
            "see `landtheory theorems`"
        )
    return THEOREMS[theorem_id]


def select(
    ids: tuple[str, ...] = (), topics: tuple[str, ...] = ()
) -> tuple[Theorem, ...]:
    """Theorems by ids and topics; all of them where neither is given.

    Raises
    ------
    InputError
        If an id or a topic is unknown, or nothing is in both.
    """
    for topic in topics:
        if topic not in TOPICS:
            raise InputError(f"topic is {topic!r}; expected one of {', '.join(TOPICS)}")
    chosen = [get_theorem(one) for one in ids] if ids else list(THEOREMS.values())
    kept = tuple(t for t in chosen if not topics or t.topic in topics)
    if not kept:
        raise InputError(
            f"theorem is {', '.join(ids)!r}; expected one of the topic "
            f"{', '.join(topics)}: drop --topic"
        )
    return kept
