"""Explicit instances of other worlds: witnesses, counterexamples, and folklore."""

from ...theory.theorems import Case, Claim
from ...theory.worlds import WorldExample
from . import get_world
from .judge import Subject

__all__ = ["confirmed", "quoted", "subject_of", "tightness"]


def subject_of(example: WorldExample) -> Subject:
    """The example, ready to be judged."""
    world = get_world(example.world)
    return Subject(world, world.from_example(example.values))


def confirmed(claim: Claim, example: WorldExample) -> bool:
    """Whether the claim certainly fails at the example."""
    return subject_of(example).judge(claim).broken


def tightness(claim: Claim, example: WorldExample) -> float:
    """left / right at the witness of an inequality; 0 for anything else."""
    if claim.law.relation == "==":
        return 0.0
    judgement = subject_of(example).judge(claim)
    known = judgement.judged and judgement.ratio == judgement.ratio
    return judgement.ratio if known else 0.0


def quoted(case: Case, example: WorldExample) -> list[tuple[str, float, float]]:
    """The numbers that a case shows: what, the value, and what it is held against."""
    subject = subject_of(example)
    return [
        (label, subject.value(quantity), number)
        for label, quantity, number in case.shown
    ]
