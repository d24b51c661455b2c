"""What a run is to do, and what became of claims, mutants, theorems and folklore."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..theory.activations import Activation
from ..theory.losses import Loss
from ..theory.theorems import Claim, Mutant, Refutation, Theorem, Witness
from ..verdict import Status
from .balls.verdicts import Judgement
from .counterexample import Counterexample
from .drawn import Drawn
from .exact_instances import ExactInstance
from .histogram import RatioHistogram
from .instances import Instances
from .worlds.counterexample import WorldCounterexample

__all__ = [
    "ClaimResult",
    "Found",
    "MutantResult",
    "RefutationResult",
    "Ruling",
    "Settings",
    "Suspect",
    "TheoremResult",
]

SUSPECTS = 3
"""Instances of each claim that the referee judges again."""

TIGHT = 1e-9
THREE_DIGITS = 5e-3

Found: TypeAlias = Counterexample | WorldCounterexample
"""Where a claim fails: at networks in floating point, elsewhere certified."""


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


@dataclass(frozen=True, kw_only=True, eq=False)
class Suspect:
    """An instance at which a claim is nearest to breaking, in floats.

    Attributes
    ----------
    ratio : float
        As in `judge.Outcome`.
    instances, drawn : Instances, Drawn
        A batch of one.
    way : str
        How it was found.
    """

    ratio: float
    instances: Instances
    drawn: Drawn
    way: str


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """The referee's word on one claim at one instance.

    Attributes
    ----------
    way : str
        How the instance was found.
    instance : ExactInstance
        Where: the rationals that its floats are.
    judgement : Judgement
        In ball arithmetic, or exactly.
    calibrated : bool or None
        Whether the error bounds of the floats contain what the balls say of both sides;
        None where the floats compute something else.
    """

    way: str
    instance: ExactInstance
    judgement: Judgement
    calibrated: bool | None = None


@dataclass(kw_only=True)
class ClaimResult:
    """What became of one claim; filled while the engine runs.

    Attributes
    ----------
    claim : Claim
        The claim.
    covered : bool
        Whether the run's networks are any that it speaks of.
    tried : Counter
        Instances at which it was judged, by way of attack.
    ratio : float
        Largest left / right seen (for ==, share of the error bound); nan if none.
    broken : Counterexample, WorldCounterexample or None
        Where it failed.
    suspects : list of Suspect
        Where it is nearest to breaking, the nearest first.
    rulings : list of Ruling
        What the referee says of these, and of where it failed.
    ratios : RatioHistogram
        Of the instances that were drawn at random: those of the local search and of
        Hypothesis seek large ratios, and would tilt it.
    tightest : dict or None
        In other worlds than the two-layer networks: the record of the instance at
        which `ratio` was seen.
    """

    claim: Claim
    covered: bool
    tried: Counter[str] = field(default_factory=Counter)
    ratio: float = float("nan")
    broken: Found | None = None
    ratios: RatioHistogram = field(default_factory=RatioHistogram, repr=False)
    tightest: dict[str, Any] | None = field(default=None, repr=False)
    suspects: list[Suspect] = field(default_factory=list, repr=False)
    rulings: list[Ruling] = field(default_factory=list, repr=False)

    @property
    def judged(self) -> int:
        """Instances at which it was judged, in all."""
        return self.tried.total()

    def suspect(self, suspect: Suspect) -> None:
        """Keep an instance, if it is among the nearest to breaking."""
        self.suspects.append(suspect)
        self.suspects.sort(key=lambda one: -one.ratio)
        del self.suspects[SUSPECTS:]

    @property
    def certified(self) -> bool:
        """Whether it certainly fails somewhere."""
        return isinstance(self.broken, WorldCounterexample) or any(
            ruling.judgement.outcome == "fails" for ruling in self.rulings
        )

    @property
    def status(self) -> Status:
        """Refuted only with certainty; undecided where nothing could be judged.

        Undecided too where floats say that it fails and the referee does not, and where
        an error bound of the floats was found too small.
        """
        if self.broken is not None:
            return Status.REFUTED if self.certified else Status.UNDECIDED
        if any(ruling.calibrated is False for ruling in self.rulings):
            return Status.UNDECIDED
        return Status.SUPPORTED if self.judged else Status.UNDECIDED


@dataclass(kw_only=True)
class MutantResult:
    """What became of one mutant.

    Attributes
    ----------
    mutant : Mutant
        The false claim.
    judged : int
        Instances at which it was judged.
    counterexample : Counterexample, WorldCounterexample or None
        Where it fails.
    ruling : Ruling or None
        What the referee says of that.
    """

    mutant: Mutant
    judged: int = 0
    counterexample: Found | None = None
    ruling: Ruling | None = field(default=None, repr=False)

    @property
    def certified(self) -> bool:
        """Whether it certainly fails there."""
        if self.ruling is None:
            return isinstance(self.counterexample, WorldCounterexample)
        return self.ruling.judgement.outcome == "fails"

    @property
    def refuted(self) -> bool:
        """Whether it fails somewhere, and the referee does not say otherwise."""
        contradicted = self.ruling is not None and self.ruling.judgement.outcome in (
            "holds",
            "equal",
        )
        return self.counterexample is not None and not contradicted


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
    failures : list
        For each counterexample the two sides there, as text; None where it is lost.
    """

    theorem: Theorem
    claims: list[ClaimResult]
    mutants: list[MutantResult]
    witness_ratios: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    failures: list[tuple[str, str] | None] = field(default_factory=list)

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
        return [r.mutant for r in self.mutants if not r.refuted]

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
