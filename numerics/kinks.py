"""Where the units of a network with one input bend, and the data on either side."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from .bounded import Bounded, exact
from .forward import Array

__all__ = ["Kinks", "Side"]

SPLITTER = 2.0**27 + 1.0
LARGE, SMALL = 2.0**400, 2.0**-400
"""Between these, products of two floats and their errors are floats."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """The data on one side of every kink: each attribute (T, m).

    Attributes
    ----------
    probability : Bounded
        The share of the data there.
    mean : Bounded
        Their mean; 0 where there are none.
    distance : Bounded
        Their mean distance from the kink; 0 where there are none.
    """

    probability: Bounded
    mean: Bounded
    distance: Bounded


class Kinks:
    """τ_k = -b_k/w_k for T networks; what is said is true where `known`.

    Parameters
    ----------
    q : Quantities
        Of the networks; those with another d than 1 are not `known`.

    Attributes
    ----------
    places : Bounded (T, m)
        τ_k.
    slopes : Bounded (T, m)
        w_k.
    rising : (T, m) bool
        Whether w_k > 0.
    below, above : Side
        The data with x < τ_k, and with x > τ_k.
    known : (T,) bool
        Whether d = 1, every w_k ≠ 0, no x_i may be τ_k, and it is decided which kinks
        are the same.
    """

    def __init__(self, q: Any) -> None:
        self.slopes: Bounded = q.W[..., 0]
        # a unit that is flat has no kink: its place is not known, and need not be finite
        flat = self.slopes.value == 0
        self.places = -q.b / Bounded(
            np.where(flat, 1.0, self.slopes.value), self.slopes.radius
        )
        self.rising = self.slopes.value > 0
        apart = q.x[..., 0][:, :, None] - self.places[:, None, :]
        sure = (np.abs(apart.value) > apart.radius).all(axis=(-1, -2))
        bent = (np.abs(self.slopes.value) > self.slopes.radius).all(axis=-1)
        self._same, decided = _equal_ratios(q.b, self.slopes)
        self.known = sure & bent & decided & (q.d == 1)
        self.below = _side(q, apart, -1.0)
        self.above = _side(q, apart, 1.0)

    def merged(self, masses: Bounded) -> Bounded:
        """|Σ masses| over the units with the same kink, shared out among them, (m,)."""
        sums = (exact(self._same) * masses[:, None, :]).sum(-1).abs()
        return sums / exact(self._same.sum(axis=-1))


def _side(q: Any, apart: Bounded, sign: float) -> Side:
    there = (sign * apart.value > 0).astype(np.float64)
    count = there.sum(axis=-2)
    some = exact(np.maximum(count, 1.0))
    x = q.x[..., 0][:, :, None]
    return Side(
        probability=exact(count) / float(q.n),
        mean=(x * exact(there)).sum(-2) / some,
        distance=(apart.abs() * exact(there)).sum(-2) / some,
    )


def _equal_ratios(top: Bounded, bottom: Bounded) -> tuple[Array, Array]:
    """Which t_k/s_k are the same, (T, m, m) of 0 and 1, and where that is decided (T,).

    t_k s_l = t_l s_k is decided by products without error: p and its rounding error.
    """
    t, s = top.value[:, :, None], bottom.value[:, None, :]
    p, error = _product(t, s)
    same = (p == p.swapaxes(-1, -2)) & (error == error.swapaxes(-1, -2))
    sizes = np.abs(np.concatenate([top.value, bottom.value], axis=-1))
    decided = ((sizes == 0) | ((sizes > SMALL) & (sizes < LARGE))).all(axis=-1)
    exactly = (top.radius == 0).all(axis=-1) & (bottom.radius == 0).all(axis=-1)
    return same.astype(np.float64), decided & exactly


def _product(a: Array, b: Array) -> tuple[Array, Array]:
    """a b as an unevaluated sum of two floats (Dekker 1971)."""
    p = a * b
    high_a, low_a = _halves(a)
    high_b, low_b = _halves(b)
    error = ((high_a * high_b - p) + high_a * low_b + low_a * high_b) + low_a * low_b
    return p, error


def _halves(a: Array) -> tuple[Array, Array]:
    c = SPLITTER * a
    high = c - (c - a)
    return high, a - high
