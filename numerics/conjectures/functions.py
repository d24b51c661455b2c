"""Conjectures given as functions of a problem: floats can break them, nothing more.

The search is the same as for claims in the language. No ball can be put around a Python
function, so what breaks is shown as found, and the verdict stays undecided.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ..exact_instances import ExactInstance
from ..instances import Instances
from ..two_layer import TwoLayerProblem
from .agenda import Item
from .conjecture import Conjecture
from .exact_rows import exact_row, float_rows
from .ruling import certainly_met
from .scoring import meets, usable
from .search import Findings, Progress, draw_usable
from .simplifying import fewer, simpler

__all__ = ["Function", "breaks", "search_function", "shrink_function", "sides_of"]

Function: TypeAlias = Callable[[TwoLayerProblem, npt.NDArray[np.float64]], Any]
"""(problem, θ) → whether the claim holds there, or (left, right) with left <= right."""

ROWS = 16
"""Instances of each batch: a function is called on one after the other."""

SLACK = 1e-9
"""Share of both sides by which left has to exceed right: far more than rounding."""

CALLS = 4000
"""Of the function, for one shrinking."""


def search_function(
    function: Function,
    conjecture: Conjecture,
    items: tuple[Item, ...],
    *,
    seed: int,
    progress: Progress,
) -> tuple[Findings, ExactInstance | None]:
    """Look for an instance at which a function says no.

    Parameters
    ----------
    function : callable
        The conjecture.
    conjecture : Conjecture
        Its hypotheses and kinds of networks.
    items : tuple of Item
        The batches; a part of each is drawn.
    seed : int
        Where every random choice comes from.
    progress : callable
        Told (stage, done, of).
    """
    findings = Findings(allowance=0)
    for place, item in enumerate(items):
        progress("search", place, len(items))
        way = "sweep" if item.attack == "local search" else item.attack
        rng = np.random.default_rng((seed, place))
        batch = draw_usable(conjecture, item.kind, item.shape, way, ROWS, rng)
        key = (way, item.kind.label)
        findings.tried[key] += len(batch)
        for at in _meeting(conjecture, batch):
            findings.met[key] += 1
            findings.judged[key] += 1
            if breaks(function, at) and certainly_met(conjecture.assumptions, at):
                return findings, at
    return findings, None


def shrink_function(
    function: Function, conjecture: Conjecture, found: ExactInstance
) -> ExactInstance:
    """Smaller and simpler, as long as the function says no."""
    calls = 0
    best: ExactInstance | None = found
    while best is not None and calls < CALLS:
        found, best = best, None
        for at in _smaller(conjecture, found):
            calls += 1
            if (
                usable(float_rows([at]))[0]
                and breaks(function, at)
                and certainly_met(conjecture.assumptions, at)
            ):
                best = at
                break
    return found


def breaks(function: Function, at: ExactInstance) -> bool:
    """Whether the function says no at an instance, rounded to floats."""
    answer = sides_of(function, at)
    if isinstance(answer, bool):
        return not answer
    left, right = answer
    return bool(left - right > SLACK * (abs(left) + abs(right)))


def sides_of(function: Function, at: ExactInstance) -> bool | tuple[float, float]:
    """What the function says at an instance.

    Raises
    ------
    InputError
        If that is neither a truth value nor two numbers.
    """
    problem, theta = _problem(at)
    answer = function(problem, theta)
    if isinstance(answer, bool | np.bool_):
        return bool(answer)
    if isinstance(answer, tuple) and len(answer) == 2:
        left, right = (np.asarray(side, dtype=np.float64) for side in answer)
        if left.shape == right.shape == ():
            return float(left), float(right)
    raise InputError(
        f"claim returned {answer!r}; expected True, False, or (left, right): two numbers"
    )


def _smaller(conjecture: Conjecture, at: ExactInstance) -> Iterator[ExactInstance]:
    yield from fewer(at, conjecture.assumptions, conjecture.outputs)
    yield from simpler(at, conjecture.assumptions)


def _meeting(conjecture: Conjecture, batch: Instances) -> Iterator[ExactInstance]:
    if not len(batch):
        return
    for row in np.flatnonzero(meets(conjecture.assumptions, batch)):
        yield exact_row(batch, int(row), unit_inputs=conjecture.unit_inputs)


def _problem(at: ExactInstance) -> tuple[TwoLayerProblem, npt.NDArray[np.float64]]:
    batch = float_rows([at])
    theta = batch.theta[0]
    y: Any = at.labels
    if at.residual is not None:
        zero = np.zeros((at.n, at.C))
        bare = _network(at, batch.x[0], zero)
        y = bare.output(theta) - np.array(batch.residual)[0]
    elif at.targets is not None:
        y = np.array(batch.t)[0]
    return _network(at, batch.x[0], y), theta


def _network(at: ExactInstance, x: Any, y: Any) -> TwoLayerProblem:
    return TwoLayerProblem(
        x, y, activation=at.activation, loss=at.loss, width=at.m, outputs=at.C
    )
