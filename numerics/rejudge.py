"""The referee's part of a run: what floats found is judged again in ball arithmetic.

A claim is refuted only where the referee says that it fails; where floats alone say so,
it is undecided. What the referee judges are the rationals that the floats of an instance
are; where the claim assumes a critical point, the residual is first made exactly so. On
the way the floats are examined too: their error bounds must contain what the balls say.
"""

from collections.abc import Callable, Iterable

import numpy as np

from ..theory.theorems import Claim
from ..theory.worlds import NETWORKS
from .balls.calibration import within_bounds
from .balls.critical import made_critical
from .balls.points import exact_instance
from .balls.referee import exact_sides, judge_claim_exactly
from .balls.verdicts import without_verdict
from .counterexample import Counterexample
from .drawn import Drawn
from .exact_instances import ExactInstance
from .instances import Instances
from .judge import sides
from .quantities import Quantities
from .results import ClaimResult, MutantResult, Ruling, TheoremResult

__all__ = ["FAILED", "LARGEST", "rejudge", "rule"]

LARGEST = 64
"""Parameters beyond which ball arithmetic would take too long."""

FAILED = "failed in floats"
"""How an instance was found that the referee is to confirm."""

Progress = Callable[[str, int, int], None]


def rejudge(results: Iterable[TheoremResult], progress: Progress) -> None:
    """Judge again what is suspicious and what failed; fills the results.

    What was judged again before is left alone.

    Parameters
    ----------
    results : iterable of TheoremResult
        Of an attack.
    progress : callable
        Told (stage, done, of) as it goes.
    """
    results = list(results)
    claims = [
        one for result in results for one in result.covered if _is_here(one.claim)
    ]
    mutants = [
        one
        for result in results
        for one in result.mutants
        if _is_here(one.mutant.claim) and one.ruling is None
    ]
    of = len(claims) + len(mutants)
    for done, claim in enumerate(claims):
        progress("referee", done, of)
        _claim(claim)
    for done, mutant in enumerate(mutants, start=len(claims)):
        progress("referee", done, of)
        _mutant(mutant)


def rule(claim: Claim, instances: Instances, drawn: Drawn, *, way: str) -> Ruling:
    """The referee's word on a claim at a batch of one.

    Parameters
    ----------
    claim : Claim
        Of the world of two-layer networks.
    instances, drawn : Instances, Drawn
        A batch of one.
    way : str
        How it was found.
    """
    given = instance = exact_instance(instances)
    if instance.p > LARGEST:
        judgement = without_verdict(
            f"{instance.p} parameters are more than the {LARGEST} that it judges", 53
        )
        return Ruling(way=way, instance=instance, judgement=judgement)
    if "critical" in claim.assumes:
        instance = made_critical(instance) or instance
    return Ruling(
        way=way,
        instance=instance,
        judgement=judge_claim_exactly(claim, instance, drawn),
        calibrated=_calibrated(claim, given, instances, drawn),
    )


def _calibrated(
    claim: Claim, instance: ExactInstance, instances: Instances, drawn: Drawn
) -> bool | None:
    """Whether the floats' bounds contain both sides; None where they are not the same."""
    errors = (instances.target_error, instances.residual_error)
    if instances.theta_error or any(error is not None for error in errors):
        return None  # the floats stand for more than this one instance
    exact = exact_sides(claim, instance, drawn)
    if exact is None:
        return None
    with np.errstate(all="ignore"):
        floats = sides(claim, Quantities(instances), drawn)[:2]
    return all(
        bool(within_bounds(side, ball).all())
        for side, ball in zip(floats, exact, strict=True)
    )


def _is_here(claim: Claim) -> bool:
    return claim.world == NETWORKS


def _claim(result: ClaimResult) -> None:
    found = result.broken
    if isinstance(found, Counterexample):
        if not any(ruling.way == FAILED for ruling in result.rulings):
            result.rulings.append(
                rule(result.claim, found.instances, found.drawn, way=FAILED)
            )
    elif not result.rulings:
        for suspect in result.suspects:
            ruling = rule(
                result.claim, suspect.instances, suspect.drawn, way=suspect.way
            )
            result.rulings.append(ruling)
            if ruling.judgement.outcome == "fails" and result.broken is None:
                result.broken = Counterexample(
                    instances=suspect.instances,
                    drawn=suspect.drawn,
                    left=ruling.judgement.left_value,
                    right=ruling.judgement.right_value,
                    bound=ruling.judgement.left_radius + ruling.judgement.right_radius,
                )


def _mutant(result: MutantResult) -> None:
    found = result.counterexample
    if isinstance(found, Counterexample):
        result.ruling = rule(
            result.mutant.claim, found.instances, found.drawn, way=FAILED
        )
