"""What landtheory says of a claim: one ladder of statuses, everywhere.

    proved > certified > supported > undecided > refuted

`proved` carries by what; sampling alone never yields it. A verdict on several claims
is the weakest of theirs.
"""

from collections.abc import Iterable
from enum import Enum
from typing import assert_never

__all__ = ["ProofKind", "Status", "exit_code", "weakest"]


class Status(Enum):
    """How much was learnt."""

    PROVED = "proved"  # every step of a derivation was checked
    CERTIFIED = "certified"  # ball arithmetic enclosed it, on the instances listed
    SUPPORTED = "supported"  # nobody broke it yet: never a proof
    UNDECIDED = "undecided"  # not enough was learnt: never the same as false
    REFUTED = "refuted"  # a counterexample is attached, and replays

    @property
    def strength(self) -> int:
        """Place on the ladder, from 0 (refuted) to 4 (proved)."""
        return len(Status) - 1 - list(Status).index(self)


class ProofKind(Enum):
    """What a proof was checked by."""

    SYMBOLIC = "symbolic"
    FORMAL = "formal"
    BOTH = "both"


def weakest(statuses: Iterable[Status]) -> Status:
    """Return the weakest status of several.

    Raises
    ------
    ValueError
        If there is none.
    """
    return min(statuses, key=lambda status: status.strength)


def exit_code(status: Status) -> int:
    """Exit code of a command that ends in this verdict: 0 held, 1 refuted, 3 open."""
    match status:
        case Status.PROVED | Status.CERTIFIED | Status.SUPPORTED:
            return 0
        case Status.REFUTED:
            return 1
        case Status.UNDECIDED:
            return 3
        case _:
            assert_never(status)
