"""The engine: it tries to break every claim, and must break every mutant.

Claims are attacked in bulk (random sweeps through the compiled path), by a local search
that maximises the ratio of the two sides, and by Hypothesis. Mutants go through the same
sweeps; what survives them is hunted with instances of its own, and what falls is shrunk.
"""

import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from ..theory.activations import Activation
from ..theory.losses import Loss
from ..theory.theorems import Claim, Mutant, Refutation, Theorem, Witness
from ..verdict import Status
from .climb import climb
from .counterexample import Counterexample, counterexample
from .drawn import Drawn, draw
from .examples import drawn_of, instances_of
from .hunting import own_batches
from .instances import Instances
from .judge import Outcome, applicable, judge
from .plan import BATCH, Plan, plan
from .quantities import Quantities
from .sampling import sample
from .shrink import shrink

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

TIGHT = 1e-9
THREE_DIGITS = 5e-3

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a run is to do.

    Attributes
    ----------
    activations, losses : tuples
        Which networks.
    budget : float
        Nominal seconds of sweeps.
    seed : int
        Where every random choice comes from.
    """

    activations: tuple[Activation, ...]
    losses: tuple[Loss, ...]
    budget: float
    seed: int


@dataclass(kw_only=True)
class ClaimResult:
    """What became of one claim; filled while the engine runs.

    Attributes
    ----------
    claim : Claim
        The claim.
    covered : bool
        Whether the run's networks are any that it speaks of.
    judged : int
        Instances at which it was judged.
    ratio : float
        Largest left / right seen (for ==, share of the error bound); nan if none.
    broken : Counterexample or None
        Where it failed.
    """

    claim: Claim
    covered: bool
    judged: int = 0
    ratio: float = float("nan")
    broken: Counterexample | None = None
    nearest: tuple[Instances, Drawn] | None = field(default=None, repr=False)

    @property
    def status(self) -> Status:
        """refuted, supported, or undecided where nothing could be judged."""
        if self.broken is not None:
            return Status.REFUTED
        return Status.SUPPORTED if self.judged else Status.UNDECIDED


@dataclass(kw_only=True)
class MutantResult:
    """What became of one mutant."""

    mutant: Mutant
    judged: int = 0
    counterexample: Counterexample | None = None


@dataclass(kw_only=True)
class TheoremResult:
    """What became of one theorem.

    Attributes
    ----------
    theorem : Theorem
        The theorem.
    claims, mutants : lists
        One result each.
    witness_ratios : list of float
        How tight the claims of each witness are there, the least of them.
    lost : list of str
        Hypotheses whose counterexample did not fail as it should.
    """

    theorem: Theorem
    claims: list[ClaimResult]
    mutants: list[MutantResult]
    witness_ratios: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def covered(self) -> list[ClaimResult]:
        """The claims that speak of the run's networks."""
        return [result for result in self.claims if result.covered]

    @property
    def slack(self) -> list[Witness]:
        """Witnesses at which the claim is not as tight as the catalogue says."""
        return [
            witness
            for witness, ratio in zip(
                self.theorem.witnesses, self.witness_ratios, strict=True
            )
            if not ratio >= witness.ratio - TIGHT
        ]

    @property
    def surviving(self) -> list[Mutant]:
        """Mutants that nothing refuted."""
        return [r.mutant for r in self.mutants if r.counterexample is None]

    @property
    def sound(self) -> bool:
        """Every mutant refuted, witness reached and counterexample confirmed."""
        return not self.surviving and not self.lost and not self.slack


@dataclass(frozen=True, kw_only=True)
class RefutationResult:
    """Whether a piece of folklore was refuted, with the numbers it quotes."""

    refutation: Refutation
    refuted: bool
    shown: tuple[tuple[str, float, float], ...]

    @property
    def confirmed(self) -> bool:
        """Refuted, and every quoted number agrees to three digits."""
        return self.refuted and all(
            abs(value - quoted) <= THREE_DIGITS * abs(quoted) + 1e-300
            for _, value, quoted in self.shown
        )


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
    rng = np.random.default_rng(settings.seed)
    results = [_fresh(theorem, settings) for theorem in theorems]
    planned = plan(
        theorems, settings.activations, settings.losses, budget=settings.budget, rng=rng
    )
    cut = _sweep(results, planned, settings.budget, rng, progress)
    covered = [claim for result in results for claim in result.covered]
    for claim in covered:
        if not claim.judged:
            _seek(claim, settings, rng)
    inequalities = [
        claim for claim in covered if claim.nearest is not None and claim.broken is None
    ]
    for done, claim in enumerate(inequalities):
        progress("local search", done, len(inequalities))
        _climb(claim, rng)
    _examples(results)
    mutants = [mutant for result in results for mutant in result.mutants]
    for done, mutant in enumerate(mutants):
        progress("mutants", done, len(mutants))
        _fell(mutant, settings.seed)
    for claim in covered:
        if claim.broken is not None:
            claim.broken = shrink(claim.claim, claim.broken)
    return results, cut


def _fell(result: MutantResult, seed: int) -> None:
    """Hunt a mutant that survived the sweeps, and shrink what refutes it."""
    if result.counterexample is None:
        _hunt(result, _own_stream(seed, result.mutant))
    if result.counterexample is not None:
        result.counterexample = shrink(result.mutant.claim, result.counterexample)


def check_refutation(refutation: Refutation) -> RefutationResult:
    """Re-check a piece of folklore at its counterexamples, each of which must do."""
    refuted, shown = True, []
    for case in refutation.cases:
        instances = instances_of(case.example)
        drawn = drawn_of(case.example, instances)
        q = Quantities(instances)
        refuted &= bool(judge(case.claim, q, drawn).broken[0])
        shown += [
            (label, float(quantity(q, drawn).value[0]), quoted)
            for label, quantity, quoted in case.shown
        ]
    return RefutationResult(refutation=refutation, refuted=refuted, shown=tuple(shown))


def _fresh(theorem: Theorem, settings: Settings) -> TheoremResult:
    names = {activation.name for activation in settings.activations}
    losses = {loss.name for loss in settings.losses}
    return TheoremResult(
        theorem=theorem,
        claims=[
            ClaimResult(
                claim=claim,
                covered=bool(
                    names & set(claim.activations) and losses & set(claim.losses)
                ),
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
    result.judged += int(outcome.judged.sum())
    if outcome.broken.any():
        result.broken = _single(result.claim, outcome, instances, drawn)
        return
    ratios = np.where(outcome.judged, outcome.ratio, np.nan)
    if np.isnan(ratios).all():
        return
    row = int(np.nanargmax(ratios))
    if not ratios[row] <= result.ratio:
        result.ratio = float(ratios[row])
        if result.claim.law.relation != "==":
            one = slice(row, row + 1)
            result.nearest = (instances.take(one), drawn.take(one))


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
    if result.nearest is None:
        return
    instances, drawn = result.nearest
    ratio, judged, broken = climb(result.claim, instances, drawn, rng)
    result.judged += judged
    if ratio > result.ratio:
        result.ratio = ratio
    result.broken = broken


def _examples(results: Iterable[TheoremResult]) -> None:
    """Witnesses and the counterexamples of dropped hypotheses."""
    for result in results:
        for witness in result.theorem.witnesses:
            instances = instances_of(witness.example)
            drawn = drawn_of(witness.example, instances)
            q = Quantities(instances)
            claims = map(result.theorem.claim, witness.labels)
            result.witness_ratios.append(
                min(_tightness(claim, q, drawn) for claim in claims)
            )
        for counter in result.theorem.counterexamples:
            instances = instances_of(counter.example)
            drawn = drawn_of(counter.example, instances)
            if counterexample(counter.claim, instances, drawn) is None:
                result.lost.append(counter.dropped)


def _tightness(claim: Claim, q: Quantities, drawn: Drawn) -> float:
    """left / right at the witness of an inequality; 0 for anything else."""
    if claim.law.relation == "==" or not applicable(claim, q):
        return 0.0
    outcome = judge(claim, q, drawn)
    ratio = float(outcome.ratio[0])
    return ratio if outcome.judged[0] and not np.isnan(ratio) else 0.0


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
