"""A verification run as plain data, ready for JSON."""

import math
from typing import Any

from .conjectures.falsification import instance_record
from .conjectures.identity import claim_hash, code_hash, versions
from .rejudge import FAILED
from .results import ClaimResult, Ruling
from .run import Run, TheoremVerdict

__all__ = ["run_record", "theorem_record"]


def run_record(run: Run, *, version: str, settings: dict[str, Any]) -> dict[str, Any]:
    """The run as JSON: everything but `timing` repeats with the seed."""
    record = {
        "command": "verify two-layer",
        "version": version,
        "seed": run.seed,
        "settings": settings,
        "verdict": run.status.value,
        "cut": run.cut,
        "versions": versions(),
        "code_sha256": code_hash(),
        "theorems": [_theorem_record(verdict) for verdict in run.theorems],
        "not_covered": [
            {"id": theorem.id, "title": theorem.title} for theorem in run.uncovered
        ],
        "real": [
            {
                "network": real.label,
                "trained": real.untrained is None,
                "reason": real.untrained,
                "largest_residual": real.residual,
                "iterations": real.iterations,
                "skipped": list(real.skipped),
                "claims": [
                    {
                        "theorem": line.theorem,
                        "claim": line.label,
                        "relation": line.relation,
                        "held": not line.broken,
                        "judged": line.judged,
                        "ratio": line.ratio,
                        "left": line.left,
                        "right": line.right,
                        "bound": line.bound,
                    }
                    for line in real.lines
                ],
            }
            for real in run.real
        ],
        "refutations": [
            {
                "id": r.refutation.id,
                "statement": r.refutation.statement,
                "refuted": r.refuted,
                "confirmed": r.confirmed,
                "numbers": [
                    {"what": what, "value": value, "quoted": quoted}
                    for what, value, quoted in r.shown
                ],
            }
            for r in run.refutations
        ],
        "timing": run.timing,
    }
    return {name: _plain(value) for name, value in record.items()}


def theorem_record(verdict: TheoremVerdict) -> dict[str, Any]:
    """What became of one theorem, as JSON has it: null for NaN and infinities."""
    record: dict[str, Any] = _plain(_theorem_record(verdict))
    return record


def _theorem_record(verdict: TheoremVerdict) -> dict[str, Any]:
    result, replay = verdict.result, verdict.replay
    return {
        "id": result.theorem.id,
        "title": result.theorem.title,
        "verdict": verdict.status.value,
        "proved_by": None if verdict.proved_by is None else verdict.proved_by.value,
        "verified": verdict.verified,
        "steps": {
            "checked": 0 if replay is None else replay.checked,
            "of": 0 if replay is None else len(replay.results),
        },
        "derivation": [
            {
                "claim": done.step.claim,
                "statement": done.step.statement,
                "rule": done.step.rule,
                "lemma": None if done.step.lemma is None else done.step.lemma.name,
                "checked": done.checked,
            }
            for done in (() if replay is None else replay.results)
        ],
        "claims": [_claim_record(verdict, claim) for claim in result.claims],
        "mutants": [
            {
                "name": m.mutant.name,
                "refuted": m.refuted,
                "certified": m.certified,
                "referee": None if m.ruling is None else _ruling_record(m.ruling),
                "counterexample": (
                    None if m.counterexample is None else m.counterexample.record()
                ),
            }
            for m in result.mutants
        ],
        "witnesses": [
            {
                "claims": list(witness.labels),
                "note": witness.note,
                "ratio": ratio,
            }
            for witness, ratio in zip(
                result.theorem.witnesses, result.witness_ratios, strict=True
            )
        ],
        "counterexamples": [
            {
                "dropped": counter.dropped,
                "fails": sides is not None,
                "left": None if sides is None else sides[0],
                "right": None if sides is None else sides[1],
            }
            for counter, sides in zip(
                result.theorem.counterexamples, result.failures, strict=True
            )
        ],
        "counterexamples_lost": list(result.lost),
    }


def _claim_record(verdict: TheoremVerdict, result: ClaimResult) -> dict[str, Any]:
    claim = result.claim
    return {
        "label": claim.label,
        "statement": claim.statement,
        "world": claim.world,
        "covered": result.covered,
        "verdict": verdict.claim_status(result).value,
        "assumes": list(claim.assumes),
        "claim_sha256": claim_hash(
            f"{verdict.result.theorem.id}({claim.label}) {claim.statement}",
            claim.assumes,
        ),
        "instances": result.judged,
        "tried": dict(result.tried),
        "relation": claim.law.relation,
        "worst_ratio": result.ratio,
        "ratios": result.ratios.record(),
        "tightest": result.tightest or _tightest(result),
        "referee": [_ruling_record(ruling) for ruling in result.rulings],
        "counterexample": None if result.broken is None else result.broken.record(),
    }


def _tightest(result: ClaimResult) -> dict[str, Any] | None:
    """The instance nearest to breaking, with both sides as the referee found them."""
    first = result.rulings[0] if result.rulings else None
    if first is None or first.way == FAILED or not result.suspects:
        return None
    return {
        "found_by": first.way,
        "ratio": result.suspects[0].ratio,
        "left": first.judgement.left,
        "right": first.judgement.right,
        "world": result.claim.world,
        "instance": instance_record(first.instance),
    }


def _ruling_record(ruling: Ruling) -> dict[str, Any]:
    judgement = ruling.judgement
    return {
        "found_by": ruling.way,
        "outcome": judgement.outcome,
        "left": judgement.left,
        "right": judgement.right,
        "precision": judgement.precision,
        "reason": judgement.reason,
        "bounds_hold": ruling.calibrated,
        "instance": instance_record(ruling.instance),
    }


def _plain(value: Any) -> Any:
    """The same with null for NaN and infinities, which JSON does not have."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    if isinstance(value, dict):
        return {name: _plain(entry) for name, entry in value.items()}
    return value
