"""How near each of many instances is to breaking a conjecture, in floats.

This nominates instances for the referee, and is never a verdict.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from ...theory.expressions import Comparison, Relation
from ..bounded import Bounded
from ..evaluate import evaluate
from ..forward import Array
from ..instances import Instances
from ..quantities import Quantities
from .assumptions import Assumptions

__all__ = ["Scores", "meets", "score", "usable"]

RANK_TOLERANCE = 1e-9
UNIT = 1e-12

NOTHING = 1e-3
"""Sides smaller than this are near 0: shares of them say nothing."""
CLOSE = 1e-6
"""Share of both sides up to which an error bound still says something of equality."""

LARGEST = 1e8
"""Instances with larger activations or outputs are left out: their bounds say nothing."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Scores:
    """Of T instances.

    Attributes
    ----------
    met : (T,) bool
        Where the assumptions hold, as far as floats tell.
    known : (T,) bool
        Where both sides have finite values and bounds.
    excess : (T,) float64
        By how much the worst entry breaks the conjecture, as a share of both sides: in
        [-1, 1], positive where it seems broken; -inf where there is no value.
    sure : (T,) float64
        The same less the error bound: positive where floats are sure.
    open : (T,) float64
        The same plus the error bound: negative where floats are sure that it holds.
    ratio : (T,) float64
        left / right, turned so that 1 is equality and more is broken; for == the
        difference as a share of both sides; nan where the right side is not positive.
    """

    met: Flags
    known: Flags
    excess: Array
    sure: Array
    open: Array
    ratio: Array

    @property
    def judged(self) -> Flags:
        """(T,): where the assumptions hold, and both sides are enclosed closely."""
        close = (self.open <= 0) | (self.open - self.sure < CLOSE)
        flags: Flags = self.met & self.known & close
        return flags


def score(claim: Comparison, assumptions: Assumptions, instances: Instances) -> Scores:
    """Judge a batch in floats.

    Parameters
    ----------
    claim : Comparison
        The conjecture.
    assumptions : Assumptions
        Its hypotheses; those of residuals are met by construction.
    instances : Instances
        Off the kinks.
    """
    with np.errstate(all="ignore"):
        return _scores(claim, Quantities(instances), meets(assumptions, instances))


def meets(assumptions: Assumptions, instances: Instances) -> Flags:
    """(T,): where the assumptions hold, as far as floats tell."""
    with np.errstate(all="ignore"):
        q = Quantities(instances)
        met = _met(assumptions, q)
        for comparison in assumptions.comparisons:
            met &= _seems_to_hold(comparison, q)
        return met


def usable(instances: Instances) -> Flags:
    """(T,): off every kink, and nothing overflows."""
    with np.errstate(all="ignore"):
        fwd = Quantities(instances).fwd
        good = np.ones(len(instances), dtype=bool)
        for array in (fwd.s0, fwd.s1, fwd.s2, fwd.f, fwd.S):
            axes = tuple(range(1, array.ndim))
            good &= (np.abs(array) < LARGEST).all(axis=axes)
        for kink in instances.activation.kinks:
            good &= (fwd.z != float(kink)).all(axis=(-1, -2))
    return good


def _scores(claim: Comparison, q: Quantities, met: Flags) -> Scores:
    left, right = evaluate(claim.left, q), evaluate(claim.right, q)
    if claim.relation in (">=", ">"):
        left, right = right, left
    difference = left - right
    count = q.count
    gap = difference.value.reshape(count, -1)
    bound = difference.radius.reshape(count, -1)
    size = _flat(left, difference) + _flat(right, difference)
    if claim.relation == "==":
        gap = np.abs(gap)
    share = 1.0 / np.maximum(size, NOTHING)
    known = np.isfinite(gap) & np.isfinite(bound)
    excess = np.where(np.isfinite(gap), gap * share, -np.inf)
    sure = np.where(known, (gap - bound) * share, -np.inf)
    opened = np.where(known, (gap + bound) * share, np.inf)
    return Scores(
        met=met,
        known=np.asarray(known.all(axis=1)),
        excess=excess.max(axis=1),
        sure=sure.max(axis=1),
        open=opened.max(axis=1),
        ratio=_ratio(claim.relation, left, right, excess.max(axis=1)),
    )


def _flat(side: Bounded, difference: Bounded) -> Array:
    whole = np.broadcast_to(_aligned(np.abs(side.value), difference), difference.shape)
    return whole.reshape(len(whole), -1)


def _aligned(value: Array, difference: Bounded) -> Array:
    missing = difference.value.ndim - value.ndim
    return value.reshape(len(value), *([1] * missing), *value.shape[1:])


def _ratio(relation: Relation, left: Bounded, right: Bounded, excess: Array) -> Array:
    if relation == "==":
        return np.where(np.isfinite(excess), excess, np.nan)
    if left.value.ndim != 1 or right.value.ndim != 1:
        return np.full(len(excess), np.nan)
    fine = (right.value > 0) & np.isfinite(left.value)
    return np.where(fine, left.value / np.where(fine, right.value, 1.0), np.nan)


def _seems_to_hold(comparison: Comparison, q: Quantities) -> Flags:
    scores = _scores(comparison, q, np.ones(q.count, dtype=bool))
    if comparison.relation == "==":
        return scores.sure <= 0
    strict = comparison.relation in ("<", ">")
    return scores.open < 0 if strict else scores.open <= 0


def _met(assumptions: Assumptions, q: Quantities) -> Flags:
    met = np.ones(q.count, dtype=bool)
    for name in assumptions.named:
        if name in _SEEMS:
            met &= _SEEMS[name](q)
    return met


def _active(q: Quantities) -> Flags:
    return np.asarray((q.fwd.A != 0).any(axis=-2).all(axis=-1))


def _nonzero_inputs(q: Quantities) -> Flags:
    return np.asarray((q.fwd.x != 0).any(axis=-1).all(axis=-1))


def _unit_inputs(q: Quantities) -> Flags:
    off = np.abs((q.fwd.x**2).sum(axis=-1) - 1)
    return np.asarray((off < UNIT).all(axis=-1))


def _distinct_inputs(q: Quantities) -> Flags:
    x = q.fwd.x
    same = (x[:, :, None] == x[:, None]).all(axis=-1)
    return np.asarray(same.sum(axis=(-1, -2)) == x.shape[1])


def _no_dead_neurons(q: Quantities) -> Flags:
    return np.asarray((q.fwd.s1 != 0).any(axis=-2).all(axis=-1))


def _full_rank(matrix: Array) -> Flags:
    if matrix.shape[-2] > matrix.shape[-1]:
        return np.zeros(len(matrix), dtype=bool)
    finite = np.asarray(np.isfinite(matrix).all(axis=(-1, -2)))
    safe = np.where(finite[:, None, None], matrix, 0.0)
    sigma = np.linalg.svd(safe, compute_uv=False)
    return np.asarray((sigma[:, -1] > RANK_TOLERANCE * sigma[:, 0]) & finite)


_SEEMS: Final[Mapping[str, Callable[[Quantities], Flags]]] = MappingProxyType(
    {
        "active": _active,
        "full_rank_jacobian": lambda q: _full_rank(q.J.value),
        "full_rank_first_layer": lambda q: _full_rank(q.fwd.W),
        "nonzero_inputs": _nonzero_inputs,
        "unit_inputs": _unit_inputs,
        "distinct_inputs": _distinct_inputs,
        "no_dead_neurons": _no_dead_neurons,
    }
)
"""Where floats say that an assumption holds; those of residuals hold by construction."""
