"""One verification run: everything that `landtheory verify two-layer` does."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Thread

from ..errors import InputError
from ..theory.catalogue import REFUTATIONS
from ..theory.derivation import Replay, replay
from ..theory.derivations import DERIVATIONS
from ..theory.theorems import Theorem
from ..verdict import ProofKind, Status, weakest
from .arrays import Matrix
from .property_search import search
from .real import RealResult, real_instances
from .refute import (
    ClaimResult,
    RefutationResult,
    Settings,
    TheoremResult,
    attack,
    check_refutation,
)

__all__ = ["Run", "TheoremVerdict", "verify"]

EXAMPLES_PER_SECOND = 4.0
"""Hypothesis examples that a nominal second of the budget buys."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class TheoremVerdict:
    """What is said of one theorem.

    Attributes
    ----------
    result : TheoremResult
        The attack on it.
    replay : Replay or None
        Its derivation, replayed; None where it has none.
    """

    result: TheoremResult
    replay: Replay | None = None

    @property
    def proved_by(self) -> ProofKind | None:
        """What the proof was checked by, where there is one."""
        return ProofKind.SYMBOLIC if self.status is Status.PROVED else None

    def claim_status(self, claim: ClaimResult) -> Status:
        """What is said of one claim: proved only if nothing was found against it."""
        proved = frozenset() if self.replay is None else self.replay.proved
        if claim.status is Status.SUPPORTED and claim.claim.label in proved:
            return Status.PROVED
        return claim.status

    @property
    def status(self) -> Status:
        """Weakest status of the covered claims.

        Undecided where a check on the check failed: a mutant survived, or a witness or
        a counterexample was not confirmed.
        """
        status = weakest(map(self.claim_status, self.result.covered))
        if status is not Status.REFUTED and not self.result.sound:
            return Status.UNDECIDED
        return status

    @property
    def verified(self) -> bool:
        """Proved, certified or supported, every mutant refuted, every witness reached."""
        return self.status.strength >= Status.SUPPORTED.strength


@dataclass(frozen=True, kw_only=True)
class Run:
    """A whole run.

    Attributes
    ----------
    theorems : tuple of TheoremVerdict
        One each.
    real : tuple of RealResult
        The trained networks.
    refutations : tuple of RefutationResult
        The folklore.
    seed : int
        Where every random choice came from.
    cut : bool
        Whether the clock cut the sweeps.
    timing : dict
        Seconds of each part; the only thing that does not repeat with the seed.
    """

    theorems: tuple[TheoremVerdict, ...]
    real: tuple[RealResult, ...]
    refutations: tuple[RefutationResult, ...]
    seed: int
    cut: bool
    timing: dict[str, float] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        """Weakest of the theorems; refuted too where a trained network breaks a claim.

        Folklore that is not refuted as planned leaves the run undecided.
        """
        if any(line.broken for real in self.real for line in real.lines):
            return Status.REFUTED
        status = weakest(verdict.status for verdict in self.theorems)
        if status is not Status.REFUTED and not all(
            r.confirmed for r in self.refutations
        ):
            return Status.UNDECIDED
        return status


def verify(
    theorems: tuple[Theorem, ...],
    settings: Settings,
    *,
    data: tuple[Matrix, Matrix] | None,
    folklore: bool = True,
    progress: Progress | None = None,
) -> Run:
    """Verify theorems on generated networks and on networks trained on data.

    Parameters
    ----------
    theorems : tuple of Theorem
        What to verify.
    settings : Settings
        Networks, budget and seed.
    data : (X, y) or None
        Real data, judged with the first of the losses; None for no trained networks.
    folklore : bool
        Whether the refutations are re-checked.
    progress : callable, optional
        Told (stage, done, of).

    Returns
    -------
    Run
        Verdicts and everything they rest on.

    Raises
    ------
    InputError
        If no theorem says anything about such networks.
    ConvergenceError
        If a network cannot be trained on the data.
    """
    from threadpoolctl import threadpool_limits

    # thousands of small products: threads inside BLAS only wait for one another, and
    # one thread gives the same last bits on every machine size
    with threadpool_limits(limits=1, user_api="blas"):
        return _verified(
            theorems,
            settings,
            data=data,
            folklore=folklore,
            told=progress if progress is not None else _silent,
        )


def _verified(
    theorems: tuple[Theorem, ...],
    settings: Settings,
    *,
    data: tuple[Matrix, Matrix] | None,
    folklore: bool,
    told: Progress,
) -> Run:
    clock = time.monotonic
    started = clock()
    background = None if data is None else _Background(theorems, settings, data)
    results, cut = attack(theorems, settings, told)
    covered = [result for result in results if result.covered]
    if not covered:
        names = ", ".join(a.name for a in settings.activations)
        raise InputError(
            f"activation is {names!r}; expected one that the chosen theorems speak of: "
            "see `landtheory theorems`"
        )
    swept = clock()
    _property_search(covered, settings, told)
    searched = clock()
    real = [] if background is None else background.result()
    trained = clock()
    verdicts = tuple(_verdict(result) for result in covered)
    refuted = tuple(map(check_refutation, REFUTATIONS.values())) if folklore else ()
    return Run(
        theorems=verdicts,
        real=tuple(real),
        refutations=refuted,
        seed=settings.seed,
        cut=cut,
        timing={
            "sweeps": swept - started,
            "hypothesis": searched - swept,
            "waiting_for_trained_networks": trained - searched,
            "rest": clock() - trained,
        },
    )


class _Background:
    """The trained networks, judged on a thread of their own beside the sweeps.

    Their work is in large matrices, which NumPy does without holding the interpreter;
    the thread ends with the process, so that an interruption need not wait for it.
    """

    def __init__(
        self,
        theorems: tuple[Theorem, ...],
        settings: Settings,
        data: tuple[Matrix, Matrix],
    ) -> None:
        self._arguments = (theorems, settings, data)
        self._results: list[RealResult] = []
        self._error: BaseException | None = None
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        theorems, settings, data = self._arguments
        try:
            self._results = real_instances(
                theorems,
                *data,
                loss=settings.losses[0],
                activations=_trainable(settings),
                seed=settings.seed,
                progress=_silent,
            )
        except BaseException as error:  # noqa: BLE001 - raised again by `result`
            self._error = error

    def result(self) -> list[RealResult]:
        """What came of it, once it is done; raises what it raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._results


def _silent(stage: str, done: int, of: int) -> None:
    del stage, done, of


def _trainable(settings: Settings) -> tuple[str, ...]:
    """tanh and relu, or the first activation where neither was asked for."""
    names = tuple(activation.name for activation in settings.activations)
    return tuple(n for n in ("tanh", "relu") if n in names) or names[:1]


def _property_search(
    results: list[TheoremResult], settings: Settings, told: Progress
) -> None:
    entries = [
        claim for result in results for claim in result.covered if not claim.claim.dear
    ]
    told("hypothesis", 0, 1)
    with tempfile.TemporaryDirectory() as directory:
        judged, claim, found = search(
            [entry.claim for entry in entries],
            activations=tuple(a.name for a in settings.activations),
            losses=tuple(loss.name for loss in settings.losses),
            examples=max(10, round(EXAMPLES_PER_SECOND * settings.budget)),
            seed=settings.seed,
            directory=directory,
        )
    for entry, count in zip(entries, judged, strict=True):
        entry.judged += count
        if entry.claim is claim:
            entry.broken = found


def _verdict(result: TheoremResult) -> TheoremVerdict:
    derivation = DERIVATIONS.get(result.theorem.id)
    replayed = None if derivation is None else replay(derivation)
    return TheoremVerdict(result=result, replay=replayed)
