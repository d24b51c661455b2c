"""Where the units of a network with one input bend, exactly; see `numerics.kinks`."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .arrays import BallArray, exactly
from .numbers import sign

__all__ = ["BallKinks", "BallSide"]

Signs = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class BallSide:
    """The data on one side of every kink: share, mean, mean distance from it, (m,)."""

    probability: BallArray
    mean: BallArray
    distance: BallArray


class BallKinks:
    """τ_k = -b_k/w_k; what is said is true where `known`.

    Parameters
    ----------
    q : Any
        A network, of which x, W and b are rational where `known`.
    """

    def __init__(self, q: Any) -> None:
        self.slopes: BallArray = q.W[..., 0]
        self.places: BallArray = -q.b / self.slopes
        apart = q.x[..., 0][:, :, None] - self.places[:, None, :]
        sides = _signs(apart)
        slopes, equal = _signs(self.slopes), self._equal()
        self.rising = slopes > 0
        sure = bool((np.abs(sides) == 1).all() and (np.abs(slopes) == 1).all())
        self.known = np.array([sure and q.d == 1 and equal is not None])
        self._same = np.zeros(1) if equal is None else equal
        self.below = _side(q, apart, sides < 0)
        self.above = _side(q, apart, sides > 0)

    def _equal(self) -> npt.NDArray[np.float64] | None:
        """Which kinks are the same, (1, m, m) of 0 and 1; None where that is open."""
        pairs = self.places[:, :, None] - self.places[:, None, :]
        signs = _signs(pairs)
        return None if (signs == OPEN).any() else (signs == 0).astype(np.float64)

    def merged(self, masses: BallArray) -> BallArray:
        """|Σ masses| over the units with the same kink, shared out among them, (m,)."""
        sums = (exactly(self._same) * masses[:, None, :]).sum(-1).abs()
        return sums / exactly(self._same.sum(axis=-1))


OPEN = 2
"""In place of a sign that is not certain."""


def _signs(array: BallArray) -> Signs:
    signs = [sign(entry) for entry in array.items.flat]
    filled = [OPEN if own is None else own for own in signs]
    return np.array(filled, dtype=np.int64).reshape(array.shape)


def _side(q: Any, apart: BallArray, there: npt.NDArray[np.bool_]) -> BallSide:
    count = there.sum(axis=-2)
    some, flags = exactly(np.maximum(count, 1)), exactly(there)
    return BallSide(
        probability=exactly(count) / float(q.n),
        mean=(q.x[..., 0][:, :, None] * flags).sum(-2) / some,
        distance=(apart.abs() * flags).sum(-2) / some,
    )
