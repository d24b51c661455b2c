"""Explicit instances of other worlds: witnesses, counterexamples, and folklore."""

from ...theory.theorems import Case, Claim
from ...theory.worlds import WorldExample
from . import get_world
from .judge import Subject

__all__ = ["failing_sides", "quoted", "subject_of", "tightness"]


def subject_of(example: WorldExample) -> Subject:
    """The example, ready to be judged."""
    world = get_world(example.world)
    return Subject(world, world.from_example(example.values))


def failing_sides(claim: Claim, example: WorldExample) -> tuple[str, str] | None:
    """Left and right at the example, as text, where the claim certainly fails there."""
    found = subject_of(example).judge(claim)
    return (found.left, found.right) if found.broken else None


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
