"""The catalogue: every theorem and every refutation, by id."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ...errors import InputError
from ..theorems import Refutation, Theorem
from .learning_folklore import LEARNING_FOLKLORE
from .refutations import REFUTATIONS as _REFUTATIONS
from .sharpness_folklore import SHARPNESS_FOLKLORE
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
from .t13 import T13
from .t14 import T14
from .t15 import T15
from .t16 import T16
from .t17 import T17
from .t18 import T18
from .t19 import T19
from .t20 import T20
from .t21 import T21
from .t22 import T22
from .t23 import T23
from .t24 import T24
from .t25 import T25
from .t26 import T26
from .t27 import T27
from .t28 import T28
from .t29 import T29
from .volume_folklore import VOLUME_FOLKLORE

__all__ = ["REFUTATIONS", "THEOREMS", "TOPICS", "get_theorem", "select"]

_WRITTEN = (
    *(T01, T02, T03, T04, T05, T06, T07, T08, T09, T10, T11, T12),
    *(T13, T14),
    *(T15, T16, T17),
    *(T18, T19, T20, T21, T22),
    *(T23, T24, T25),
    *(T26, T27, T28, T29),
)

THEOREMS: Final[Mapping[str, Theorem]] = MappingProxyType(
    {theorem.id: theorem for theorem in _WRITTEN}
)
"""Every theorem, by id."""

REFUTATIONS: Final[Mapping[str, Refutation]] = MappingProxyType(
    {
        refutation.id: refutation
        for refutation in sorted(
            (*_REFUTATIONS, *VOLUME_FOLKLORE, *LEARNING_FOLKLORE, *SHARPNESS_FOLKLORE),
            key=lambda one: one.id,
        )
    }
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
