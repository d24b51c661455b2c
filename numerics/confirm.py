"""What the catalogue types out: witnesses, counterexamples and folklore, re-checked."""

from collections.abc import Iterable

import numpy as np

from ..theory.theorems import Case, Claim, Example, Refutation
from ..theory.worlds import WorldExample
from .counterexample import counterexample
from .examples import drawn_of, instances_of
from .judge import applicable, judge
from .quantities import Quantities
from .results import RefutationResult, TheoremResult
from .worlds import examples as elsewhere

__all__ = [
    "breaks",
    "check_refutation",
    "confirm_examples",
    "failing_sides",
    "tightness",
]


def confirm_examples(results: Iterable[TheoremResult]) -> None:
    """Witnesses, and the counterexamples of dropped hypotheses; fills the results."""
    for result in results:
        for witness in result.theorem.witnesses:
            claims = map(result.theorem.claim, witness.labels)
            result.witness_ratios.append(
                min(tightness(claim, witness.example) for claim in claims)
            )
        for counter in result.theorem.counterexamples:
            sides = failing_sides(counter.claim, counter.example)
            result.failures.append(sides)
            if sides is None:
                result.lost.append(counter.dropped)


def check_refutation(refutation: Refutation) -> RefutationResult:
    """Re-check a piece of folklore at its counterexamples, each of which must do."""
    refuted, shown = True, []
    for case in refutation.cases:
        refuted &= breaks(case.claim, case.example)
        shown += _quoted(case)
    return RefutationResult(refutation=refutation, refuted=refuted, shown=tuple(shown))


def breaks(claim: Claim, example: Example | WorldExample) -> bool:
    """Whether the claim fails at the example beyond all rounding."""
    return failing_sides(claim, example) is not None


def failing_sides(
    claim: Claim, example: Example | WorldExample
) -> tuple[str, str] | None:
    """Left and right at the example, as text, where the claim fails there."""
    if isinstance(example, WorldExample):
        return elsewhere.failing_sides(claim, example)
    instances = instances_of(example)
    found = counterexample(claim, instances, drawn_of(example, instances))
    return None if found is None else (f"{found.left:.10g}", f"{found.right:.10g}")


def tightness(claim: Claim, example: Example | WorldExample) -> float:
    """left / right at the witness of an inequality; 0 for anything else."""
    if isinstance(example, WorldExample):
        return elsewhere.tightness(claim, example)
    instances = instances_of(example)
    q, drawn = Quantities(instances), drawn_of(example, instances)
    if claim.law.relation == "==" or not applicable(claim, q):
        return 0.0
    outcome = judge(claim, q, drawn)
    ratio = float(outcome.ratio[0])
    return ratio if outcome.judged[0] and not np.isnan(ratio) else 0.0


def _quoted(case: Case) -> list[tuple[str, float, float]]:
    """The numbers that a case shows: what, the value, and what it is held against."""
    example = case.example
    if isinstance(example, WorldExample):
        return elsewhere.quoted(case, example)
    instances = instances_of(example)
    q, drawn = Quantities(instances), drawn_of(example, instances)
    return [
        (label, float(quantity(q, drawn).value[0]), quoted)
        for label, quantity, quoted in case.shown
    ]
