"""The catalogue: every theorem and every refutation, by id."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ...errors import InputError
from ..theorems import Refutation, Theorem
from .refutations import REFUTATIONS as _REFUTATIONS
from .t01 import T01
from .t02 import T02
from .t03 import T03
from .t04 import T04
from .t05 import T05
from .t06 import T06
from .t07 import T07
from .t08 import T08
from .t09 import T09
from .t10 import T10
from .t11 import T11
from .t12 import T12
from .t26 import T26
from .t27 import T27
from .t28 import T28

__all__ = ["REFUTATIONS", "THEOREMS", "TOPICS", "get_theorem", "select"]

_WRITTEN = (
    *(T01, T02, T03, T04, T05, T06, T07, T08, T09, T10, T11, T12),
    *(T26, T27, T28),
)

THEOREMS: Final[Mapping[str, Theorem]] = MappingProxyType(
    {theorem.id: theorem for theorem in _WRITTEN}
)
"""Every theorem, by id."""

REFUTATIONS: Final[Mapping[str, Refutation]] = MappingProxyType(
    {refutation.id: refutation for refutation in _REFUTATIONS}
)
"""Every refutation of folklore, by id."""

TOPICS: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(theorem.topic for theorem in _WRITTEN)
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
