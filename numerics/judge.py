"""Whether a claim holds at instances, rounding allowed for.

A claim left <= right is broken where left - ρ > right + ρ', never where the bounds leave
it open; a NaN breaks nothing and supports nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from ..theory.expressions import Comparison, Relation
from ..theory.theorems import Claim
from ..theory.worlds import NETWORKS
from .bounded import Bounded
from .drawn import Drawn
from .evaluate import evaluate
from .quantities import Quantities

__all__ = ["Outcome", "applicable", "judge", "sides"]

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """What became of one claim at T instances.

    Attributes
    ----------
    judged : (T,) bool
        Where its assumptions hold and both sides are enclosed.
    broken : (T,) bool
        Where it fails beyond all rounding.
    ratio : (T,) float64
        For <=, the largest (left - ρ) / (right + ρ'), or 0 if that is negative: 1 is
        equality, beyond 1 the claim is broken; nan where right is not positive. For ==, the
        largest |left - right| as a share of its error bound.
    left, right, bound : (T,) float64
        Both sides and the error bound at the entry that is nearest to breaking.
    """

    judged: Flags
    broken: Flags
    ratio: npt.NDArray[np.float64]
    left: npt.NDArray[np.float64]
    right: npt.NDArray[np.float64]
    bound: npt.NDArray[np.float64]


_TURNED: Final[Mapping[str, Relation]] = MappingProxyType({">=": "<=", ">": "<"})


def applicable(claim: Claim, q: Quantities) -> bool:
    """Whether the claim speaks of networks like these at all."""
    return (
        claim.world == NETWORKS
        and q.activation.name in claim.activations
        and q.loss.name in claim.losses
        and (claim.outputs == "any" or q.C == 1)
    )


def judge(claim: Claim, q: Quantities, drawn: Drawn) -> Outcome:
    """Judge a claim at T instances.

    Parameters
    ----------
    claim : Claim
        True or, for a mutant, false.
    q : Quantities
        Of the T instances.
    drawn : Drawn
        Their extra data.
    """
    with np.errstate(all="ignore"):
        left, right, where = sides(claim, q, drawn)
        applies = np.ones(q.count, dtype=bool) if where is None else where
        relation = claim.law.relation
        if relation in (">=", ">"):
            left, right, relation = right, left, _TURNED[relation]
        for name in claim.assumes:
            applies = applies & _ASSUMPTIONS[name](q)
        return _outcome(left, right, relation, applies)


def sides(
    claim: Claim, q: Quantities, drawn: Drawn
) -> tuple[Bounded, Bounded, Flags | None]:
    """Left and right as the claim writes them, and where it applies (None: everywhere).

    Parameters
    ----------
    claim, q, drawn
        As in `judge`.
    """
    law = claim.law
    if isinstance(law, Comparison):
        return evaluate(law.left, q), evaluate(law.right, q), None
    left, right, *applies = law.sides(q, drawn)
    return left, right, applies[0] if applies else None


def _outcome(left: Bounded, right: Bounded, relation: str, applies: Flags) -> Outcome:
    difference = left - right
    count = len(difference.value)
    if right.value.ndim < difference.value.ndim:
        shape = (count, *([1] * (difference.value.ndim - 1)))
        right = Bounded(right.value.reshape(shape), right.radius.reshape(shape))
    if not difference.value.size:
        nothing = np.full(count, np.nan)
        never = np.zeros(count, dtype=bool)
        return Outcome(
            judged=never,
            broken=never,
            ratio=nothing,
            left=nothing,
            right=nothing,
            bound=nothing,
        )
    gap = difference.value.reshape(count, -1)
    bound = difference.radius.reshape(count, -1)
    lefts = np.broadcast_to(left.value, difference.shape).reshape(count, -1)
    rights = np.broadcast_to(right.value, difference.shape).reshape(count, -1)
    if relation == "==":
        gap = np.abs(gap)
        ratios = np.where(gap == 0, 0.0, gap / bound)
    else:
        low = np.broadcast_to(left.lower, difference.shape).reshape(count, -1)
        high = np.broadcast_to(right.upper, difference.shape).reshape(count, -1)
        ratios = np.where(high > 0, np.maximum(low, 0.0) / high, np.nan)
    known = np.isfinite(bound) & np.isfinite(gap)
    beyond = gap >= bound if relation == "<" else gap > bound
    broken = (known & beyond).any(axis=1) & applies
    excess = np.where(known, gap - bound, -np.inf)
    worst = excess.argmax(axis=1)
    rows = np.arange(count)
    usable = np.where(known & np.isfinite(ratios), ratios, -np.inf)
    ratio = usable.max(axis=1)
    return Outcome(
        judged=applies & known.all(axis=1),
        broken=broken,
        ratio=np.where(np.isfinite(ratio), ratio, np.nan),
        left=lefts[rows, worst],
        right=rights[rows, worst],
        bound=bound[rows, worst],
    )


def _interpolation(q: Quantities) -> Flags:
    flags: Flags = (q.fwd.r == 0).all(axis=(-1, -2)) & (
        q.instances.residual is not None
    )
    return flags


def _critical(q: Quantities) -> Flags:
    flags: Flags = np.asarray((np.abs(q.grad.value) <= q.grad.radius).all(axis=-1))
    return flags & (q.instances.residual is not None)


def _active(q: Quantities) -> Flags:
    return (q.A * q.A).sum(-2).certainly_positive()


def _full_rank_jacobian(q: Quantities) -> Flags:
    if q.n * q.C > q.p:
        return np.zeros(q.count, dtype=bool)
    return q.J.singular_values().certainly_positive()


def _full_rank_first_layer(q: Quantities) -> Flags:
    return (q.W @ q.W.T).eigenvalues().certainly_positive()


def _nonzero_inputs(q: Quantities) -> Flags:
    return q.norms_x.certainly_positive()


def _distinct_inputs(q: Quantities) -> Flags:
    flags: Flags = q.distinct.value == q.n
    return flags


def _unit_inputs(q: Quantities) -> Flags:
    """In exact arithmetic, for the few that floats leave open."""
    squares = (q.x * q.x).sum(-1)
    near = np.asarray((np.abs(squares.value - 1) <= squares.radius).all(axis=-1))
    for t in np.flatnonzero(near):
        rows = q.x.value[t].tolist()
        near[t] = all(sum(Fraction(v) ** 2 for v in row) == 1 for row in rows)
    return near


def _no_dead_neurons(q: Quantities) -> Flags:
    alive = (q.s1.abs().lower > 0).any(axis=-2)
    flags: Flags = np.asarray(alive.all(axis=-1))
    return flags


def _off_kinks(q: Quantities) -> Flags:
    # whoever draws instances keeps them off the kinks
    return np.ones(q.count, dtype=bool)


_ASSUMPTIONS: Final[Mapping[str, Callable[[Quantities], Flags]]] = MappingProxyType(
    {
        "interpolation": _interpolation,
        "critical": _critical,
        "active": _active,
        "full_rank_jacobian": _full_rank_jacobian,
        "full_rank_first_layer": _full_rank_first_layer,
        "nonzero_inputs": _nonzero_inputs,
        "distinct_inputs": _distinct_inputs,
        "unit_inputs": _unit_inputs,
        "no_dead_neurons": _no_dead_neurons,
        "off_kinks": _off_kinks,
    }
)
