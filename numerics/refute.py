"""The engine: it tries to break every claim, and must break every mutant.

Claims are attacked in bulk (random sweeps through the compiled path), by a local search
that maximises the ratio of the two sides, and by Hypothesis. Mutants go through the same
sweeps; what survives them is hunted with instances of its own, and what falls is shrunk.
In the end the referee judges again, in ball arithmetic, where claims are nearest to
breaking and where anything fails.
"""

import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from ..theory.theorems import Claim, Mutant, Theorem
from ..theory.worlds import NETWORKS
from .climb import climb
from .confirm import check_refutation, confirm_examples
from .counterexample import Counterexample, counterexample
from .drawn import Drawn, draw
from .hunting import own_batches
from .instances import Instances
from .judge import Outcome, applicable, judge
from .plan import BATCH, Plan, plan
from .quantities import Quantities
from .rejudge import rejudge
from .results import (
    ClaimResult,
    MutantResult,
    RefutationResult,
    Settings,
    Suspect,
    TheoremResult,
)
from .sampling import sample
from .shrink import shrink
from .worlds.attack import attack_worlds

__all__ = [
    "ClaimResult",
    "MutantResult",
    "RefutationResult",
    "Settings",
    "TheoremResult",
    "attack",
    "check_refutation",
]

MUTANT_SHARE = 32
OVERSHOOT = 3.0
LEAST = 10.0
"""Seconds below which no run is measured: every kind of network is drawn once anyhow."""

HUNT = 120
"""Batches of its own that a surviving mutant is hunted with."""

SEEK = 60
"""Small batches of its own for a claim that the sweeps never met."""

Progress = Callable[[str, int, int], None]


def attack(
    theorems: tuple[Theorem, ...], settings: Settings, progress: Progress
) -> tuple[list[TheoremResult], bool]:
    """Try to break every claim of the theorems; refute every mutant.

    Parameters
    ----------
    theorems : tuple of Theorem
        What to attack.
    settings : Settings
        With what.
    progress : callable
        Told (stage, done, of) as it goes.

    Returns
    -------
    results : list of TheoremResult
        One each.
    cut : bool
        Whether the clock cut the sweeps, at three times the budget.
    """
    results = [_fresh(theorem, settings) for theorem in theorems]
    parts = [part for part in map(_on_networks, results) if part.theorem.claims]
    cut = _attack_networks(parts, settings, progress)
    attack_worlds(results, settings, progress)
    confirm_examples(results)
    rejudge(results, progress)
    return results, cut


def _on_networks(result: TheoremResult) -> TheoremResult:
    """The part that speaks of two-layer networks; its results are the same objects."""
    claims = [one for one in result.claims if one.claim.world == NETWORKS]
    mutants = [one for one in result.mutants if one.mutant.claim.world == NETWORKS]
    theorem = replace(
        result.theorem,
        claims=tuple(one.claim for one in claims),
        mutants=tuple(one.mutant for one in mutants),
    )
    return TheoremResult(theorem=theorem, claims=claims, mutants=mutants)


def _attack_networks(
    results: list[TheoremResult], settings: Settings, progress: Progress
) -> bool:
    """Attack what speaks of networks; whether the clock cut the sweeps."""
    rng = np.random.default_rng(settings.seed)
    planned = plan(
        tuple(result.theorem for result in results),
        settings.activations,
        settings.losses,
        budget=settings.budget,
        rng=rng,
    )
    cut = _sweep(results, planned, settings.budget, rng, progress)
    covered = [claim for result in results for claim in result.covered]
    for claim in covered:
        if not claim.judged:
            _seek(claim, settings, rng)
    inequalities = [
        claim
        for claim in covered
        if claim.suspects and claim.broken is None and claim.claim.law.relation != "=="
    ]
    for done, claim in enumerate(inequalities):
        progress("local search", done, len(inequalities))
        _climb(claim, rng)
    mutants = [mutant for result in results for mutant in result.mutants]
    for done, mutant in enumerate(mutants):
        progress("mutants", done, len(mutants))
        _fell(mutant, settings.seed)
    for claim in covered:
        if isinstance(claim.broken, Counterexample):
            claim.broken = shrink(claim.claim, claim.broken)
    return cut


def _fell(result: MutantResult, seed: int) -> None:
    """Hunt a mutant that survived the sweeps, and shrink what refutes it."""
    if result.counterexample is None:
        _hunt(result, _own_stream(seed, result.mutant))
    found = result.counterexample
    if isinstance(found, Counterexample):
        result.counterexample = shrink(result.mutant.claim, found)


def _fresh(theorem: Theorem, settings: Settings) -> TheoremResult:
    names = {activation.name for activation in settings.activations}
    losses = {loss.name for loss in settings.losses}
    return TheoremResult(
        theorem=theorem,
        claims=[
            ClaimResult(
                claim=claim,
                covered=claim.world != NETWORKS
                or bool(names & set(claim.activations) and losses & set(claim.losses)),
            )
            for claim in theorem.claims
        ],
        mutants=[MutantResult(mutant=mutant) for mutant in theorem.mutants],
    )


def _sweep(
    results: list[TheoremResult],
    planned: Plan,
    budget: float,
    rng: np.random.Generator,
    progress: Progress,
) -> bool:
    # the first batch compiles what all of them use: the clock starts after it
    started: float | None = None
    for done, cell in enumerate(planned.cells):
        progress("sweeps", done, len(planned.cells))
        if done == 1:
            started = time.monotonic()
        if started and time.monotonic() - started > OVERSHOOT * max(budget, LEAST):
            return True
        instances = sample(
            cell.activation, cell.loss, cell.shape, cell.regime, cell.count, rng
        )
        if len(instances):
            _batch(results, planned.shares, instances, draw(instances, rng))
    return False


def _batch(
    results: list[TheoremResult],
    shares: Mapping[tuple[str, bool], int],
    instances: Instances,
    drawn: Drawn,
) -> None:
    parts: dict[int, tuple[Instances, Drawn, Quantities]] = {}

    def part(size: int) -> tuple[Instances, Drawn, Quantities]:
        size = min(size, len(instances))
        if size not in parts:
            some = instances.take(slice(0, size))
            parts[size] = (some, drawn.take(slice(0, size)), Quantities(some))
        return parts[size]

    for result in results:
        for claim in result.covered:
            some, extra, q = part(shares[result.theorem.id, claim.claim.dear])
            if claim.broken is None and applicable(claim.claim, q):
                _tally(claim, judge(claim.claim, q, extra), some, extra)
        for mutant in result.mutants:
            own = shares[result.theorem.id, mutant.mutant.claim.dear]
            some, extra, q = part(max(MUTANT_SHARE, own))
            if mutant.counterexample is None and applicable(mutant.mutant.claim, q):
                _tally_mutant(mutant, judge(mutant.mutant.claim, q, extra), some, extra)


def _tally(
    result: ClaimResult, outcome: Outcome, instances: Instances, drawn: Drawn
) -> None:
    result.tried["sweeps"] += int(outcome.judged.sum())
    if outcome.broken.any():
        result.broken = _single(result.claim, outcome, instances, drawn)
        return
    result.ratios.add(outcome.ratio[outcome.judged])
    ratios = np.where(outcome.judged, outcome.ratio, np.nan)
    if np.isnan(ratios).all():
        return
    row = int(np.nanargmax(ratios))
    result.ratio = float(np.fmax(result.ratio, ratios[row]))
    one = slice(row, row + 1)
    result.suspect(
        Suspect(
            ratio=float(ratios[row]),
            instances=instances.take(one),
            drawn=drawn.take(one),
            way="sweeps",
        )
    )


def _tally_mutant(
    result: MutantResult, outcome: Outcome, instances: Instances, drawn: Drawn
) -> None:
    result.judged += int(outcome.judged.sum())
    if outcome.broken.any():
        result.counterexample = _single(result.mutant.claim, outcome, instances, drawn)


def _single(
    claim: Claim, outcome: Outcome, instances: Instances, drawn: Drawn
) -> Counterexample | None:
    """The first broken instance, judged again alone."""
    for row in np.flatnonzero(outcome.broken):
        one = slice(int(row), int(row) + 1)
        found = counterexample(claim, instances.take(one), drawn.take(one))
        if found is not None:
            return found
    return None


def _climb(result: ClaimResult, rng: np.random.Generator) -> None:
    start = result.suspects[0]
    found = climb(result.claim, start.instances, start.drawn, rng)
    result.tried["local search"] += found.judged
    result.broken = found.broken
    if found.ratio > result.ratio:
        result.ratio = found.ratio
        result.suspect(
            Suspect(
                ratio=found.ratio,
                instances=found.nearest,
                drawn=start.drawn,
                way="local search",
            )
        )


def _own_stream(seed: int, mutant: Mutant) -> np.random.Generator:
    """The same for a mutant whatever else the run verifies."""
    return np.random.default_rng((seed, zlib.crc32(mutant.name.encode())))


def _hunt(result: MutantResult, rng: np.random.Generator) -> None:
    """Batches drawn for one mutant alone, whatever networks the run was asked for."""
    claim = result.mutant.claim
    for instances, drawn, q in own_batches(
        claim, claim.activations, claim.losses, rng, batches=HUNT, count=BATCH
    ):
        _tally_mutant(result, judge(claim, q, drawn), instances, drawn)
        if result.counterexample is not None:
            return


def _seek(result: ClaimResult, settings: Settings, rng: np.random.Generator) -> None:
    """Batches for a claim whose conditions no network of the sweeps met."""
    claim = result.claim
    names = [a.name for a in settings.activations if a.name in claim.activations]
    losses = [one.name for one in settings.losses if one.name in claim.losses]
    for instances, drawn, q in own_batches(
        claim, names, losses, rng, batches=SEEK, count=MUTANT_SHARE
    ):
        _tally(result, judge(claim, q, drawn), instances, drawn)
        if result.judged or result.broken is not None:
            return
