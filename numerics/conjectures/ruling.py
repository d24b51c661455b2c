"""The referee's word on a conjecture and everything that it assumes, at one instance."""

from dataclasses import dataclass

from ...theory.expressions import Comparison, Constant
from ..balls.referee import CAP, judge_exactly
from ..balls.verdicts import Judgement
from ..exact_instances import ExactInstance
from .assumptions import Assumptions
from .sizes import calls_in
from .stationary import certainly_critical

__all__ = ["Ruling", "certainly_met", "rule"]

ANYTHING = Constant(0) <= Constant(0)
"""What holds at every instance that meets the assumptions."""

RANK_CAP = 106
"""Bits at which the referee stops where a rank is asked for."""


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What the referee says.

    Attributes
    ----------
    instance : ExactInstance
        Where.
    judgement : Judgement
        On the conjecture.
    met : bool
        False where the conjecture fails but some assumption is not certainly met.
    """

    instance: ExactInstance
    judgement: Judgement
    met: bool

    @property
    def refutes(self) -> bool:
        """Whether the conjecture certainly fails where all that it assumes holds."""
        return self.met and self.judgement.outcome == "fails"


def rule(
    claim: Comparison, assumptions: Assumptions, instance: ExactInstance
) -> Ruling:
    """Judge exactly; assumptions are looked at only where the conjecture fails.

    Parameters
    ----------
    claim : Comparison
        The conjecture.
    assumptions : Assumptions
        Its hypotheses.
    instance : ExactInstance
        Where.
    """
    # more bits do not raise a rank's lower bound, and cost much
    cap = RANK_CAP if {"rank", "nullity"} & calls_in(claim) else CAP
    judgement = judge_exactly(claim, instance, cap=cap)
    if judgement.outcome != "fails":
        return Ruling(instance=instance, judgement=judgement, met=True)
    assumes = _assumed(assumptions, instance)
    judgement = judge_exactly(claim, instance, assumes=assumes, cap=cap)
    met = judgement.outcome == "fails"
    return Ruling(instance=instance, judgement=judgement, met=met)


def certainly_met(assumptions: Assumptions, instance: ExactInstance) -> bool:
    """Whether an instance certainly meets every assumption, and is off the kinks."""
    assumes = _assumed(assumptions, instance)
    return judge_exactly(ANYTHING, instance, assumes=assumes).outcome == "holds"


def _assumed(
    assumptions: Assumptions, instance: ExactInstance
) -> list[str | Comparison]:
    """What is left to be looked at: a critical point may be one by exact arithmetic."""
    named = list(assumptions.named)
    if "critical" in named and certainly_critical(instance):
        named.remove("critical")
    return [*named, *assumptions.sizes, *assumptions.comparisons]
