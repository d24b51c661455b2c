"""From what a search has found to what is said of it."""

from typing import Any

import numpy as np

from ...verdict import Status
from ..balls.verdicts import EQUAL_DIGITS
from .assumptions import Assumptions
from .conjecture import Conjecture
from .exact_rows import exact_row
from .falsification import CounterexampleFound, instance_record
from .ruling import Ruling
from .search import Findings

__all__ = ["attacks_of", "certified", "nearest_of", "verdict_of"]


def verdict_of(
    assumptions: Assumptions, findings: Findings, found: CounterexampleFound | None
) -> tuple[Status, str]:
    """Status and reason of a search, with its smallest counterexample."""
    if found is not None and found.certified:
        return Status.REFUTED, found.reason
    if found is not None:
        return Status.UNDECIDED, "floats break it at an instance, balls cannot judge it"
    if not findings.tried and not findings.cut:
        texts = ", ".join(map(str, assumptions.sizes)) or ", ".join(assumptions.named)
        return Status.UNDECIDED, f"no network of the sizes tried meets {texts}"
    if not sum(findings.met.values()):
        texts = ", ".join(assumptions.texts) or "off_kinks"
        return Status.UNDECIDED, f"no instance met what is assumed: {texts}"
    if findings.doubtful:
        doubts = len(findings.doubtful)
        return Status.UNDECIDED, f"floats break it at {doubts} instances, balls do not"
    judged = sum(findings.judged.values())
    if not judged and not findings.rulings["holds"] + findings.rulings["equal"]:
        return Status.UNDECIDED, "the two sides could never be enclosed"
    reason = f"none of {judged:,} instances breaks it"
    if findings.equal:
        equal = len(findings.equal)
        reason += f"; its sides are equal to {EQUAL_DIGITS} digits at {equal} of them"
    return Status.SUPPORTED, reason


def certified(ruling: Ruling | None) -> CounterexampleFound | None:
    """A counterexample that the referee confirmed."""
    if ruling is None:
        return None
    judgement = ruling.judgement
    return CounterexampleFound(
        instance=ruling.instance,
        left=judgement.left,
        right=judgement.right,
        certified=True,
        precision=judgement.precision,
        reason=judgement.reason,
    )


def attacks_of(findings: Findings) -> tuple[dict[str, Any], ...]:
    """Instances of each attack on each kind of network."""
    return tuple(
        {
            "attack": attack,
            "kind": kind,
            "tried": tried,
            "met": findings.met[attack, kind],
            "judged": findings.judged[attack, kind],
        }
        for (attack, kind), tried in sorted(findings.tried.items())
    )


def nearest_of(conjecture: Conjecture, findings: Findings) -> dict[str, Any] | None:
    """The instance nearest to breaking, and what the referee says there."""
    if findings.nearest is None:
        return None
    ratio, batch = findings.nearest
    at = exact_row(batch, 0, unit_inputs=conjecture.unit_inputs)
    known = bool(np.isfinite(ratio))
    record: dict[str, Any] = {"ratio": ratio if known else None}
    if findings.last is not None:
        judgement = findings.last.judgement
        record["referee"] = judgement.outcome
        record["left"], record["right"] = judgement.left, judgement.right
    return {**record, "instance": instance_record(at)}
