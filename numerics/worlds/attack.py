"""The attack on claims about other worlds than the two-layer networks.

Every claim of a world is judged on the same exact instances, drawn from a stream that
the seed and the world's name alone decide; mutants that survive these are hunted with
streams of their own, and what refutes them is shrunk.
"""

import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ...theory.theorems import Claim
from ...theory.worlds import NETWORKS
from . import get_world
from .counterexample import WorldCounterexample, broken_at
from .judge import Judgement, Subject
from .world import World

if TYPE_CHECKING:
    from ..results import ClaimResult, MutantResult, Settings, TheoremResult

__all__ = ["attack_worlds", "shrunk"]

LEAST = 48
"""Instances that are drawn whatever the budget."""

PER_SECOND = 8
"""Instances that a nominal second of the budget buys for each world."""

HUNT = 2000
"""Instances of its own that a surviving mutant is hunted with."""

TRIALS = 600
"""Simpler instances that shrinking judges."""

Progress = Callable[[str, int, int], None]


def attack_worlds(
    results: list["TheoremResult"], settings: "Settings", progress: Progress
) -> None:
    """Try to break every claim of the theorems on other worlds; refute every mutant.

    Parameters
    ----------
    results : list of TheoremResult
        Filled in place; claims about two-layer networks are left alone.
    settings : Settings
        The budget and the seed: activations and losses mean nothing here.
    progress : callable
        Told (stage, done, of) as it goes.
    """
    claims = [c for result in results for c in result.claims if _elsewhere(c.claim)]
    mutants = [
        m for result in results for m in result.mutants if _elsewhere(m.mutant.claim)
    ]
    named = [c.claim.world for c in claims] + [m.mutant.claim.world for m in mutants]
    for name in dict.fromkeys(named):
        _sweep(
            get_world(name),
            [c for c in claims if c.claim.world == name],
            [m for m in mutants if m.mutant.claim.world == name],
            settings,
            progress,
        )
    for done, mutant in enumerate(mutants):
        progress("mutants", done, len(mutants))
        _fell(mutant, settings.seed)
    for claim in claims:
        if isinstance(claim.broken, WorldCounterexample):
            claim.broken = shrunk(claim.claim, claim.broken)


def shrunk(claim: Claim, found: WorldCounterexample) -> WorldCounterexample:
    """Simplest counterexample that greedy steps from `found` reach.

    Parameters
    ----------
    claim : Claim
        Broken at `found`.
    found : WorldCounterexample
        Where to start.
    """
    world = get_world(claim.world)
    trials, again = 0, True
    while again:
        again = False
        for thing in world.simpler(found.thing):
            trials += 1
            if trials > TRIALS:
                return found
            simpler = broken_at(claim, Subject(world, thing))
            if simpler is not None:
                found, again = simpler, True
                break
    return found


def _elsewhere(claim: Claim) -> bool:
    return claim.world != NETWORKS


def _sweep(
    world: World[Any],
    claims: list["ClaimResult"],
    mutants: list["MutantResult"],
    settings: "Settings",
    progress: Progress,
) -> None:
    rng = _stream(settings.seed, world.name)
    count = max(LEAST, round(PER_SECOND * settings.budget))
    for done in range(count):
        progress(world.name, done, count)
        subject = Subject(world, world.draw(rng))
        for claim in claims:
            if claim.broken is None:
                _tally(claim, subject)
        for mutant in mutants:
            if mutant.counterexample is None:
                _try(mutant, subject)


def _tally(result: "ClaimResult", subject: Subject) -> None:
    judgement: Judgement = subject.judge(result.claim)
    result.tried["balls"] += judgement.judged
    if judgement.broken:
        result.broken = broken_at(result.claim, subject)
    elif judgement.judged:
        result.ratios.add(np.array([judgement.ratio]))
        # any ratio replaces nan, and nan replaces nothing
        if judgement.ratio > result.ratio or result.ratio != result.ratio:
            result.ratio = judgement.ratio
            result.tightest = _record(judgement, subject)


def _record(judgement: Judgement, subject: Subject) -> dict[str, Any]:
    return {
        "found_by": "balls",
        "ratio": judgement.ratio,
        "left": judgement.left,
        "right": judgement.right,
        "world": subject.world.name,
        "instance": subject.world.record(subject.thing),
    }


def _try(result: "MutantResult", subject: Subject) -> None:
    result.judged += 1
    result.counterexample = broken_at(result.mutant.claim, subject)


def _fell(result: "MutantResult", seed: int) -> None:
    """Hunt a mutant that survived the sweep, and shrink what refutes it."""
    claim = result.mutant.claim
    world = get_world(claim.world)
    rng = _stream(seed, result.mutant.name)
    for _ in range(HUNT):
        if result.counterexample is not None:
            break
        _try(result, Subject(world, world.draw(rng)))
    found = result.counterexample
    if isinstance(found, WorldCounterexample):
        result.counterexample = shrunk(claim, found)


def _stream(seed: int, name: str) -> np.random.Generator:
    """The same whatever else the run verifies."""
    return np.random.default_rng((seed, zlib.crc32(name.encode())))
