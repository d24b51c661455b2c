"""From a counterexample to the smallest sizes and the simplest rationals found.

First, smaller networks are searched directly, the smallest first; then samples, units,
inputs and outputs are dropped, and entries become 0, ±1, small whole numbers, halves.
Floats choose among the candidates, and the referee confirms each step.
"""

from collections.abc import Callable, Iterable

import numpy as np

from ..exact_instances import ExactInstance
from ..sampling import Shape
from .conjecture import Conjecture
from .exact_rows import exact_row, float_rows
from .kinds import Kind
from .nominating import ENOUGH, nominate
from .ruling import Ruling, rule
from .scoring import score, usable
from .search import draw_usable
from .simplifying import cost, fewer, merged, simpler
from .tried_shapes import smaller_shapes

__all__ = ["shrink"]

ROUNDS = 60
"""Rounds of simplifying numbers."""

HEARINGS = 6
"""Candidates of one round that the referee hears before the round is given up."""

COUNT = 192
CRITICAL_COUNT = 144
"""Instances drawn at each smaller size, in each of two ways."""

NONE_YET = 0
"""Heard before: where floats leave a failure open, as equality for <, others too."""

Progress = Callable[[str, int, int], None]


def shrink(
    conjecture: Conjecture,
    found: Ruling,
    *,
    seed: int,
    progress: Progress,
) -> Ruling:
    """The smallest counterexample that can be reached from one.

    Parameters
    ----------
    conjecture : Conjecture
        What is refuted.
    found : Ruling
        Where.
    seed : int
        Where random choices come from.
    progress : callable
        Told (stage, done, of).
    """
    best = _redrawn(conjecture, found, seed, progress)
    for done in range(ROUNDS):
        progress("shrinking", done, ROUNDS)
        at = best.instance
        parts = fewer(at, conjecture.assumptions, conjecture.outputs)
        smaller = _confirmed(conjecture, parts)
        if smaller is None:
            smaller = _simplified(conjecture, best)
        if smaller is None:
            break
        best = smaller
    return best


def _redrawn(
    conjecture: Conjecture, found: Ruling, seed: int, progress: Progress
) -> Ruling:
    """The first counterexample of a smaller size, or the one there was."""
    at = found.instance
    largest = Shape(n=at.n, d=at.d, m=at.m, C=at.C)
    strict = (
        not score(conjecture.claim, conjecture.assumptions, float_rows([at])).sure[0]
        > 0
    )
    allowed = conjecture.assumptions.allow
    shapes = smaller_shapes(largest, conjecture.outputs, allowed)
    for place, shape in enumerate(shapes):
        progress("smaller networks", place, len(shapes))
        for kind in conjecture.kinds:
            if kind.activation is not at.activation or kind.outputs != shape.C:
                continue
            smaller = _at_shape(conjecture, kind, shape, (seed, place), strict=strict)
            if smaller is not None:
                return smaller
    return found


def _at_shape(
    conjecture: Conjecture,
    kind: Kind,
    shape: Shape,
    seed: tuple[int, int],
    *,
    strict: bool,
) -> Ruling | None:
    rng = np.random.default_rng(seed)
    count = CRITICAL_COUNT if conjecture.critical else COUNT
    heard = NONE_YET if strict else ENOUGH
    for way in ("sweep", "extremes"):
        batch = draw_usable(conjecture, kind, shape, way, count, rng)
        if not len(batch):
            continue
        scores = score(conjecture.claim, conjecture.assumptions, batch)
        for row in nominate(scores, heard=heard):
            at = exact_row(batch, row, unit_inputs=conjecture.unit_inputs)
            ruling = rule(conjecture.claim, conjecture.assumptions, at)
            if ruling.refutes:
                return ruling
    return None


def _simplified(conjecture: Conjecture, best: Ruling) -> Ruling | None:
    at = best.instance
    candidates = simpler(at, conjecture.assumptions)
    broken = _suspects(conjecture, candidates)
    together = list(merged(at, broken, conjecture.assumptions))
    here = cost(at)
    together = [one for one in together if cost(one) < here]
    both = sorted([*together, *broken], key=cost)
    return _confirmed(conjecture, both)


def _confirmed(
    conjecture: Conjecture, candidates: Iterable[ExactInstance]
) -> Ruling | None:
    """The first candidate that the referee confirms, of the most suspicious few."""
    suspects = _suspects(conjecture, list(candidates))
    for at in suspects[:HEARINGS]:
        ruling = rule(conjecture.claim, conjecture.assumptions, at)
        if ruling.refutes:
            return ruling
    return None


def _suspects(
    conjecture: Conjecture, candidates: list[ExactInstance]
) -> list[ExactInstance]:
    """In their order, those at which floats are sure; then those they leave open."""
    sure: list[ExactInstance] = []
    opened: list[ExactInstance] = []
    for several in _by_shape(candidates):
        batch = float_rows(several)
        fine = usable(batch)
        scores = score(conjecture.claim, conjecture.assumptions, batch)
        for row, at in enumerate(several):
            if fine[row] and scores.met[row] and scores.sure[row] > 0:
                sure.append(at)
            elif fine[row] and scores.met[row] and scores.open[row] >= 0:
                opened.append(at)
    order = {id(at): place for place, at in enumerate(candidates)}
    sure.sort(key=lambda at: order[id(at)])
    opened.sort(key=lambda at: order[id(at)])
    return sure + opened


def _by_shape(candidates: list[ExactInstance]) -> list[list[ExactInstance]]:
    groups: dict[tuple[int, int, int, int], list[ExactInstance]] = {}
    for at in candidates:
        groups.setdefault((at.n, at.d, at.m, at.C), []).append(at)
    return list(groups.values())
