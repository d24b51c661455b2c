"""One verification run: everything that `landtheory verify two-layer` does."""

import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Thread
from typing import TypeVar

from ..errors import InputError
from ..theory.catalogue import REFUTATIONS
from ..theory.derivation import Replay, replay
from ..theory.derivations import DERIVATIONS
from ..theory.theorems import Theorem
from ..theory.worlds import NETWORKS
from ..verdict import ProofKind, Status, weakest
from .arrays import Matrix
from .property_search import search
from .real import RealLine, RealResult, real_instances, refuse_large_data
from .refute import (
    ClaimResult,
    RefutationResult,
    Settings,
    TheoremResult,
    attack,
    check_refutation,
)
from .rejudge import rejudge

__all__ = ["Run", "TheoremVerdict", "verify"]

EXAMPLES_PER_SECOND = 4.0
"""Hypothesis examples that a nominal second of the budget buys."""

POLL = 0.2
"""Seconds between two looks at the thread that trains."""

Progress = Callable[[str, int, int], None]

_Item = TypeVar("_Item")


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
    uncovered : tuple of Theorem
        Those asked for that say nothing about the run's networks.
    timing : dict
        Seconds of each part; the only thing that does not repeat with the seed.
    """

    theorems: tuple[TheoremVerdict, ...]
    real: tuple[RealResult, ...]
    refutations: tuple[RefutationResult, ...]
    seed: int
    cut: bool
    uncovered: tuple[Theorem, ...] = ()
    timing: dict[str, float] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        """Weakest of the theorems, whose claims a trained network may break too.

        Folklore that is not refuted as planned leaves the run undecided.
        """
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
        If no theorem says anything about such networks, or the data are so large that
        networks on them do not fit in memory.
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
    chosen = tuple(theorem for theorem in theorems if _speaks(theorem, settings))
    if not chosen:
        raise _nothing_said(theorems, settings)
    if not any(NETWORKS in theorem.worlds for theorem in chosen):
        data = None  # nothing that is said could be judged at a trained network
    if data is not None:
        refuse_large_data(*data, loss=settings.losses[0])
    background = None if data is None else _Background(chosen, settings, data)
    covered, cut = attack(chosen, settings, told)
    swept = clock()
    _property_search(covered, settings, told)
    searched = clock()
    real = [] if background is None else background.result(told)
    _take_over(covered, real)
    # what failed since the attack
    rejudge(covered, told)
    trained = clock()
    verdicts = tuple(map(_verdict, _each(covered, "derivations", told)))
    folk = tuple(REFUTATIONS.values()) if folklore else ()
    refuted = tuple(map(check_refutation, _each(folk, "folklore", told)))
    return Run(
        theorems=verdicts,
        real=tuple(real),
        refutations=refuted,
        seed=settings.seed,
        cut=cut,
        uncovered=tuple(t for t in theorems if not _speaks(t, settings)),
        timing={
            "sweeps": swept - started,
            "hypothesis": searched - swept,
            "waiting_for_trained_networks": trained - searched,
            "rest": clock() - trained,
        },
    )


def _speaks(theorem: Theorem, settings: Settings) -> bool:
    """Whether some claim speaks of some of the networks, or of no such network at all."""
    names = {activation.name for activation in settings.activations}
    losses = {loss.name for loss in settings.losses}
    return any(
        claim.world != NETWORKS
        or (names & set(claim.activations) and losses & set(claim.losses))
        for claim in theorem.claims
    )


def _nothing_said(theorems: tuple[Theorem, ...], settings: Settings) -> InputError:
    """The activations are named as what is wrong, or the losses where those would do."""
    claims = [claim for theorem in theorems for claim in theorem.claims]
    given = tuple(activation.name for activation in settings.activations)
    what, known = "activation", [claim.activations for claim in claims]
    if any(set(given) & set(names) for names in known):
        near = [claim for claim in claims if set(given) & set(claim.activations)]
        given = tuple(loss.name for loss in settings.losses)
        what, known = "loss", [claim.losses for claim in near]
    names = dict.fromkeys(name for names in known for name in names)
    return InputError(
        f"{what} is {', '.join(given)!r}; expected one that the chosen theorems speak "
        f"of: choose among {', '.join(names)}"
    )


def _take_over(results: list[TheoremResult], real: list[RealResult]) -> None:
    """What was judged at trained networks, and where a claim fails there."""
    lines: dict[tuple[str, str], list[RealLine]] = defaultdict(list)
    for one in real:
        for line in one.lines:
            lines[line.theorem, line.label].append(line)
    for result in results:
        for claim in result.claims:
            for line in lines[result.theorem.id, claim.claim.label]:
                claim.tried["trained networks"] += line.judged
                if line.broken and claim.broken is None:
                    claim.broken = line.found


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
        self._latest = ("training", 0, 1)
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
                budget=settings.budget,
                seed=settings.seed,
                progress=self._note,
            )
        except BaseException as error:  # noqa: BLE001 - raised again by `result`
            self._error = error

    def _note(self, stage: str, done: int, of: int) -> None:
        self._latest = (stage, done, of)

    def result(self, told: Progress) -> list[RealResult]:
        """What came of it, once it is done; raises what it raised.

        While it waits it passes on how far the thread is: only the caller's own thread
        may speak, and learns that it is to stop.
        """
        while self._thread.is_alive():
            told(*self._latest)
            self._thread.join(POLL)
        if self._error is not None:
            raise self._error
        return self._results


def _silent(stage: str, done: int, of: int) -> None:
    del stage, done, of


def _each(items: Sequence[_Item], stage: str, told: Progress) -> Iterator[_Item]:
    """The items, each told before it is given out."""
    for done, item in enumerate(items):
        told(stage, done, len(items))
        yield item
    told(stage, len(items), len(items))


def _trainable(settings: Settings) -> tuple[str, ...]:
    """tanh and relu, or the first activation where neither was asked for."""
    names = tuple(activation.name for activation in settings.activations)
    return tuple(n for n in ("tanh", "relu") if n in names) or names[:1]


def _property_search(
    results: list[TheoremResult], settings: Settings, told: Progress
) -> None:
    entries = [
        claim
        for result in results
        for claim in result.covered
        if claim.claim.world == NETWORKS and not claim.claim.dear
    ]
    if not entries:
        return
    examples = max(10, round(EXAMPLES_PER_SECOND * settings.budget))
    with tempfile.TemporaryDirectory() as directory:
        judged, claim, found = search(
            [entry.claim for entry in entries],
            activations=tuple(a.name for a in settings.activations),
            losses=tuple(loss.name for loss in settings.losses),
            examples=examples,
            seed=settings.seed,
            directory=directory,
            # shrinking draws more than were asked for
            progress=lambda done: told("hypothesis", min(done, examples), examples),
        )
    told("hypothesis", examples, examples)
    for entry, count in zip(entries, judged, strict=True):
        entry.tried["hypothesis"] += count
        if entry.claim is claim:
            entry.broken = found


def _verdict(result: TheoremResult) -> TheoremVerdict:
    derivation = DERIVATIONS.get(result.theorem.id)
    replayed = None if derivation is None else replay(derivation)
    return TheoremVerdict(result=result, replay=replayed)
