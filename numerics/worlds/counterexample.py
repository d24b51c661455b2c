"""A certified counterexample: an exact instance, with both sides enclosed."""

from dataclasses import dataclass
from typing import Any

from ...theory.theorems import Claim
from . import get_world
from .judge import Subject

__all__ = [
    "WorldCounterexample",
    "broken_at",
    "world_counterexample",
    "world_replay",
]


@dataclass(frozen=True, kw_only=True)
class WorldCounterexample:
    """One instance at which a claim certainly fails.

    Attributes
    ----------
    world : str
        Which world the instance is of.
    thing : instance
        Exact, of rational numbers.
    left, right : str
        Both sides at the entry that breaks: exact, or balls that are apart.
    precision : int
        Bits with which they were enclosed.
    """

    world: str
    thing: Any
    left: str
    right: str
    precision: int

    def record(self) -> dict[str, Any]:
        """The same as plain numbers and texts."""
        return {
            "world": self.world,
            "instance": get_world(self.world).record(self.thing),
            "left": self.left,
            "right": self.right,
            "precision": self.precision,
            "certified": True,
        }


def world_counterexample(claim: Claim, thing: Any) -> WorldCounterexample | None:
    """Make a counterexample of an instance where the claim is broken there."""
    return broken_at(claim, Subject(get_world(claim.world), thing))


def broken_at(claim: Claim, subject: Subject) -> WorldCounterexample | None:
    """The same, where the instance's quantities are at hand."""
    judgement = subject.judge(claim)
    if not judgement.broken:
        return None
    return WorldCounterexample(
        world=subject.world.name,
        thing=subject.thing,
        left=judgement.left,
        right=judgement.right,
        precision=judgement.precision,
    )


def world_replay(claim: Claim, record: dict[str, Any]) -> bool:
    """Whether a recorded counterexample still breaks the claim.

    Parameters
    ----------
    claim : Claim
        The claim that it is said to break.
    record : dict
        From `WorldCounterexample.record`.
    """
    world = get_world(record["world"])
    thing = world.from_example(record["instance"])
    return world_counterexample(claim, thing) is not None
