"""What a budget buys: a fixed list of batches, from a table of nominal costs.

The clock plays no part in it, so the same seed and budget always do the same work.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..theory.activations import Activation
from ..theory.losses import Loss
from ..theory.theorems import Claim, Theorem
from .sampling import Regime, Shape

__all__ = ["BATCH", "Cell", "Plan", "plan"]

BATCH = 1024
"""Instances that a batch draws for a theorem about networks of every kind."""

_MICROSECONDS = {
    "T01": (37, 90),
    "T02": (46, 2),
    "T03": (14, 2),
    "T04": (38, 8),
    "T05": (14, 0),
    "T06": (17, 0),
    "T07": (35, 17),
    "T08": (9, 0),
    "T09": (34, 0),
    "T10": (45, 19),
    "T11": (24, 0),
    "T12": (32, 69),
    "T13": (25, 9),
    "T14": (9, 0),
    "T23": (5, 0),
    "T26": (30, 0),
    "T27": (37, 0),
    "T28": (12, 0),
}
"""Nominal cost of judging the claims of a theorem at one instance, on one core.

First all that are not dear, then all that are; `benchmarks/costs.py` measures them. To
that come `_BASE` for drawing the instance, and `_FIXED` for a theorem and batch.
"""

_USUAL = (40, 60)
_BASE = 30
_FIXED = 500
_MOST = 4
_PART, _DEAR_PART = 128, 32

_WHOLE = frozenset(("T03", "T05", "T06", "T07", "T08", "T09", "T28"))
"""Cheap theorems, judged on whole batches: each meets 10⁵ instances by default.

The claims of the others are judged on a part of each batch, or all would take too long.
"""

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


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The batches of a run, every kind of network at least once.

    Attributes
    ----------
    cells : tuple of Cell
        In order.
    shares : mapping
        (theorem id, whether dear) → of how many of a batch's instances its claims are
        judged: the fewer kinds of networks its widest claim covers, the more of each.
    """

    cells: tuple[Cell, ...]
    shares: Mapping[tuple[str, bool], int]


@dataclass(frozen=True, kw_only=True)
class _Kind:
    activation: Activation
    loss: Loss
    outputs: int
    regime: Regime

    def met_by(self, claim: Claim) -> bool:
        """Whether the claim speaks of such networks."""
        return (
            self.activation.name in claim.activations and self.loss.name in claim.losses
        )

    def covered_by(self, theorem: Theorem) -> bool:
        """Whether some claim does."""
        return any(map(self.met_by, theorem.claims))


def plan(
    theorems: tuple[Theorem, ...],
    activations: tuple[Activation, ...],
    losses: tuple[Loss, ...],
    *,
    budget: float,
    rng: np.random.Generator,
) -> Plan:
    """The batches of a run.

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
    shares = {
        (theorem.id, dear): _share(theorem, kinds, dear=dear)
        for theorem in theorems
        for dear in (False, True)
    }
    if not kinds:
        return Plan(cells=(), shares=shares)
    cost = sum(_kind_cost(kind, theorems, shares) for kind in kinds) / len(kinds)
    batches = max(1, round(budget * 1e6 / cost))
    part = min(1.0, batches / len(kinds))
    cells = []
    for _ in range(-(-batches // len(kinds))):
        for place in rng.permutation(len(kinds)):
            kind = kinds[place]
            n, d, m = _SHAPES[rng.choice(len(_SHAPES), p=_CHANCES / _CHANCES.sum())]
            count = _count(kind, theorems, shares)
            cells.append(
                Cell(
                    activation=kind.activation,
                    loss=kind.loss,
                    shape=Shape(n=n, d=d, m=m, C=kind.outputs),
                    regime=kind.regime,
                    count=max(8, int(count * part)),
                )
            )
    return Plan(cells=tuple(cells[: max(batches, len(kinds))]), shares=shares)


def _share(theorem: Theorem, kinds: list[_Kind], *, dear: bool) -> int:
    if dear:
        return _DEAR_PART
    covered = max(sum(kind.met_by(claim) for kind in kinds) for claim in theorem.claims)
    factor = min(_MOST, -(-len(kinds) // max(1, covered)))
    return factor * (BATCH if theorem.id in _WHOLE else _PART)


def _count(
    kind: _Kind, theorems: tuple[Theorem, ...], shares: Mapping[tuple[str, bool], int]
) -> int:
    """How many instances of a kind the theorems that cover it ask for."""
    return max(shares[t.id, False] for t in theorems if kind.covered_by(t))


def _kind_cost(
    kind: _Kind, theorems: tuple[Theorem, ...], shares: Mapping[tuple[str, bool], int]
) -> float:
    """Nominal microseconds of a full batch."""
    return _BASE * _count(kind, theorems, shares) + sum(
        shares[theorem.id, dear] * _cost(theorem)[dear] + _FIXED
        for theorem in theorems
        if kind.covered_by(theorem)
        for dear in (False, True)
    )


def _cost(theorem: Theorem) -> tuple[int, int]:
    return _MICROSECONDS.get(theorem.id, _USUAL)


def _kinds(
    theorems: tuple[Theorem, ...],
    activations: tuple[Activation, ...],
    losses: tuple[Loss, ...],
) -> list[_Kind]:
    assumed = {
        name
        for theorem in theorems
        for claim in theorem.claims
        for name in claim.assumes
    }
    outputs = {"squared": (1, 2), "logistic": (1,), "softmax": (3, 2)}
    kinds = []
    for activation in activations:
        for loss in losses:
            regimes: list[Regime] = ["free"]
            if loss.name == "squared" and "interpolation" in assumed:
                regimes.append("interpolation")
            if loss.name == "squared" and "critical" in assumed:
                regimes += ["critical"] * activation.homogeneous
            kinds += [
                _Kind(activation=activation, loss=loss, outputs=C, regime=regime)
                for C in outputs[loss.name]
                for regime in regimes
            ]
    return [kind for kind in kinds if any(map(kind.covered_by, theorems))]
