"""What a budget buys: a fixed list of batches, from a table of nominal costs.

The clock plays no part in it, so the same seed and budget always do the same work.
"""

from dataclasses import dataclass

import numpy as np

from ..theory.activations import Activation
from ..theory.losses import Loss
from ..theory.theorems import Theorem
from .sampling import Regime, Shape

__all__ = ["BATCH", "Cell", "plan", "share"]

BATCH = 1024
"""Instances that a batch draws."""

_MICROSECONDS = {
    "T01": 420,
    "T02": 150,
    "T03": 60,
    "T04": 75,
    "T05": 25,
    "T06": 25,
    "T07": 50,
    "T08": 30,
    "T09": 60,
    "T10": 290,
    "T11": 180,
    "T12": 400,
    "T26": 55,
    "T27": 60,
    "T28": 40,
}
"""Nominal cost of judging all claims of a theorem at one instance, on one core.

To that come `_BASE` for drawing the instance, and `_FIXED` for a theorem and batch.
"""

_USUAL = 200
_BASE = 30
_FIXED = 4000
_CHEAP, _MIDDLE = 50, 200
_SHARES = {"cheap": BATCH, "middle": 32, "dear": 8}

_SHAPES = (
    (1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2), (2, 1, 3), (3, 2, 1), (2, 3, 1),
    (3, 1, 2), (5, 2, 2), (4, 3, 2), (2, 3, 4), (3, 4, 2), (6, 1, 2), (1, 4, 3),
)  # fmt: skip
"""(n, d, m), pairwise different where they can be."""

_CHANCES = np.array([3, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1], dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One batch: what to draw, and how many."""

    activation: Activation
    loss: Loss
    shape: Shape
    regime: Regime
    count: int


def share(theorem: Theorem) -> int:
    """How many of a batch's instances a theorem is judged on, by its nominal cost."""
    cost = _MICROSECONDS.get(theorem.id, _USUAL)
    if cost <= _CHEAP:
        return _SHARES["cheap"]
    return _SHARES["middle" if cost <= _MIDDLE else "dear"]


def plan(
    theorems: tuple[Theorem, ...],
    activations: tuple[Activation, ...],
    losses: tuple[Loss, ...],
    *,
    budget: float,
    rng: np.random.Generator,
) -> tuple[Cell, ...]:
    """The batches of a run, every kind of network at least once.

    Parameters
    ----------
    theorems : tuple of Theorem
        What will be judged.
    activations, losses : tuples
        Which networks.
    budget : float
        Nominal seconds.
    rng : numpy.random.Generator
        Chooses the sizes and the order.
    """
    kinds = _kinds(theorems, activations, losses)
    if not kinds:
        return ()
    cost = BATCH * _BASE + sum(
        share(theorem) * _MICROSECONDS.get(theorem.id, _USUAL) + _FIXED
        for theorem in theorems
    )
    batches = max(1, round(budget * 1e6 / cost))
    count = BATCH if batches >= len(kinds) else max(8, BATCH * batches // len(kinds))
    cells = []
    for _ in range(-(-batches // len(kinds))):
        for place in rng.permutation(len(kinds)):
            activation, loss, outputs, regime = kinds[place]
            chosen = rng.choice(len(_SHAPES), p=_CHANCES / _CHANCES.sum())
            n, d, m = _SHAPES[chosen]
            cells.append(
                Cell(
                    activation=activation,
                    loss=loss,
                    shape=Shape(n=n, d=d, m=m, C=outputs),
                    regime=regime,
                    count=count,
                )
            )
    return tuple(cells[: max(batches, len(kinds))])


def _kinds(
    theorems: tuple[Theorem, ...],
    activations: tuple[Activation, ...],
    losses: tuple[Loss, ...],
) -> list[tuple[Activation, Loss, int, Regime]]:
    assumed = {
        name
        for theorem in theorems
        for claim in theorem.claims
        for name in claim.assumes
    }
    outputs = {"squared": (1, 2), "logistic": (1,), "softmax": (3, 2)}
    kinds: list[tuple[Activation, Loss, int, Regime]] = []
    for activation in activations:
        for loss in losses:
            for C in outputs[loss.name]:
                kinds.append((activation, loss, C, "free"))
                if loss.name == "squared" and "interpolation" in assumed:
                    kinds.append((activation, loss, C, "interpolation"))
                if (
                    loss.name == "squared"
                    and "critical" in assumed
                    and activation.homogeneous
                ):
                    kinds.append((activation, loss, C, "critical"))
    return kinds
