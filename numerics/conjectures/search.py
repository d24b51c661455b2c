"""The search: batches in floats, their suspects before the referee.

Each batch has a random stream of its own, so what is found does not depend on what the
clock allowed before it.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..exact_instances import ExactInstance
from ..instances import Instances
from ..sampling import Shape
from .agenda import Item
from .conjecture import Conjecture
from .drawing import Way, draw
from .exact_rows import exact_row
from .kinds import Kind
from .nominating import NONE_LEFT, nominate
from .ruling import Ruling, rule
from .scoring import Scores, score, usable
from .varying import make_critical, vary

__all__ = ["Findings", "draw_usable", "search"]

OVERSHOOT = 4.0
LEAST = 20.0
"""A search is cut at `OVERSHOOT` times its budget, or at so many seconds at least."""

LEAST_HEARD = 12
HEARD_PER_SECOND = 3.0
"""Instances for a nominal second that the referee hears though floats leave them open."""

STRICT = 4
"""How much longer instances with equal sides are heard where equality would refute."""

SMALL = 14
"""Parameters up to which it hears them: the time that spectra take grows fast."""

STEPS = 5
POPULATION = 32
"""Of a local search: rounds, and instances in each."""

CRITICAL_POPULATION = 8

Progress = Callable[[str, int, int], None]


@dataclass(kw_only=True)
class Findings:
    """What a search has found; filled while it runs.

    Attributes
    ----------
    allowance : int
        Instances that the referee hears though floats leave them open; those at which
        floats are sure of a failure are always heard.
    refuted : Ruling or None
        The first counterexample that the referee confirmed.
    tried, met, judged : Counter
        Instances for each (attack, kind): drawn, meeting the assumptions as far as
        floats tell, and with both sides enclosed there.
    heard : Counter
        Instances of each kind that the referee heard.
    rulings : Counter
        How often it gave each outcome, where the assumptions were met.
    equal : list of Ruling
        Where the two sides agree to as many digits as it can tell.
    doubtful : list of Ruling
        Where floats are sure of a failure and the referee could not confirm it.
    best : dict
        For each kind, the nearest to breaking: excess, ratio, and a batch of one.
    last : Ruling or None
        On the nearest of all, once the search is done.
    cut : bool
        Whether the clock ended it.
    """

    allowance: int
    refuted: Ruling | None = None
    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    met: Counter[tuple[str, str]] = field(default_factory=Counter)
    judged: Counter[tuple[str, str]] = field(default_factory=Counter)
    heard: Counter[str] = field(default_factory=Counter)
    rulings: Counter[str] = field(default_factory=Counter)
    equal: list[Ruling] = field(default_factory=list)
    doubtful: list[Ruling] = field(default_factory=list)
    best: dict[Kind, tuple[float, float, Instances]] = field(default_factory=dict)
    last: Ruling | None = None
    cut: bool = False

    @property
    def nearest(self) -> tuple[float, Instances] | None:
        """Ratio and instance nearest to breaking, of all kinds."""
        if not self.best:
            return None
        _, ratio, at = max(self.best.values(), key=lambda entry: entry[0])
        return ratio, at


def search(
    conjecture: Conjecture,
    items: tuple[Item, ...],
    *,
    budget: float,
    seed: int,
    progress: Progress,
) -> Findings:
    """Look for a counterexample until there is one or the batches are done.

    Parameters
    ----------
    conjecture : Conjecture
        What to break.
    items : tuple of Item
        The batches.
    budget : float
        Nominal seconds, for the clock that cuts what runs away.
    seed : int
        Where every random choice comes from.
    progress : callable
        Told (stage, done, of).
    """
    findings = Findings(allowance=max(LEAST_HEARD, round(HEARD_PER_SECOND * budget)))
    limit = max(LEAST, OVERSHOOT * budget)
    started: float | None = None
    for place, item in enumerate(items):
        progress("search", place, len(items))
        if place == 1:
            # the first batch compiles what all of them use
            started = time.monotonic()
        if started and time.monotonic() - started > limit:
            findings.cut = True
            break
        _attack(conjecture, item, findings, np.random.default_rng((seed, place)))
        if findings.refuted is not None:
            break
    return findings


def draw_usable(
    conjecture: Conjecture,
    kind: Kind,
    shape: Shape,
    way: Way,
    count: int,
    rng: np.random.Generator,
) -> Instances:
    """Instances off the kinks that nothing overflows at, critical where asked for."""
    drawn = draw(kind, shape, conjecture.assumptions, way, count, rng)
    drawn = drawn.take(usable(drawn))
    if conjecture.critical and len(drawn):
        drawn = make_critical(drawn, conjecture.assumptions, rng)
    return drawn


def _attack(
    conjecture: Conjecture, item: Item, findings: Findings, rng: np.random.Generator
) -> None:
    if item.attack != "local search":
        drawn = draw_usable(
            conjecture, item.kind, item.shape, item.attack, item.count, rng
        )
        _judge(conjecture, item.kind, item.attack, drawn, findings)
    elif item.kind in findings.best:
        _climb(conjecture, item.kind, findings, rng)


def _climb(
    conjecture: Conjecture, kind: Kind, findings: Findings, rng: np.random.Generator
) -> None:
    """Towards breaking, from the nearest instance of a kind."""
    count = CRITICAL_POPULATION if conjecture.critical else POPULATION
    for step in range(STEPS):
        around = vary(
            findings.best[kind][2],
            conjecture.assumptions,
            scale=0.4 * 3.0**-step,
            count=count,
            rng=rng,
        )
        _judge(conjecture, kind, "local search", around.take(usable(around)), findings)
        if findings.refuted is not None:
            return


def _judge(
    conjecture: Conjecture,
    kind: Kind,
    attack: str,
    batch: Instances,
    findings: Findings,
) -> None:
    """Score a batch, keep the nearest instance, and hear the referee on suspects."""
    key = (attack, kind.label)
    findings.tried[key] += len(batch)
    if not len(batch):
        return
    scores = score(conjecture.claim, conjecture.assumptions, batch)
    findings.met[key] += int(scores.met.sum())
    findings.judged[key] += int(scores.judged.sum())
    _keep_nearest(kind, batch, scores, findings)
    zeros = (batch.theta == 0).mean(axis=1) if conjecture.strict else None
    heard = _heard(conjecture, kind, batch, findings)
    for row in nominate(scores, heard=heard, simple=zeros):
        at = exact_row(batch, row, unit_inputs=conjecture.unit_inputs)
        _hear(conjecture, kind, at, findings, sure=bool(scores.sure[row] > 0))
        if findings.refuted is not None:
            return


def _heard(
    conjecture: Conjecture, kind: Kind, batch: Instances, findings: Findings
) -> int:
    """How often the referee is taken to have heard networks of this kind."""
    spent = sum(findings.heard.values()) >= findings.allowance
    if spent or batch.theta.shape[1] > SMALL:
        return NONE_LEFT
    known = findings.heard[kind.label]
    return known // STRICT if conjecture.strict else known


def _keep_nearest(
    kind: Kind, batch: Instances, scores: Scores, findings: Findings
) -> None:
    excess = np.where(scores.met & scores.known, scores.excess, -np.inf)
    row = int(excess.argmax())
    known = findings.best.get(kind)
    if np.isfinite(excess[row]) and (known is None or excess[row] > known[0]):
        one = batch.take(slice(row, row + 1))
        findings.best[kind] = (float(excess[row]), float(scores.ratio[row]), one)


def _hear(
    conjecture: Conjecture,
    kind: Kind,
    at: ExactInstance,
    findings: Findings,
    *,
    sure: bool,
) -> None:
    ruling = rule(conjecture.claim, conjecture.assumptions, at)
    findings.heard[kind.label] += 1
    if not ruling.met:
        return
    outcome = ruling.judgement.outcome
    findings.rulings[outcome] += 1
    if ruling.refutes:
        findings.refuted = ruling
    elif outcome == "equal":
        findings.equal.append(ruling)
    elif sure:
        findings.doubtful.append(ruling)
