"""Which instances of a batch the referee hears."""

import numpy as np

from ..forward import Array
from .scoring import Scores

__all__ = ["nominate"]

SURE = 3
"""Instances at which floats are sure of a failure."""

WIDE = 2
"""Instances whose error bounds are wide, as those of ranks are."""

TIGHT = 1
"""Instances whose sides agree within rounding: equality is what theorems attain."""

NARROW = 1e-6
ENOUGH = 2
"""Instances of one kind of network after which tight ones are no longer heard."""

NONE_LEFT = 10**9
"""Heard so often that only those at which floats are sure are heard still."""


def nominate(scores: Scores, *, heard: int, simple: Array | None = None) -> list[int]:
    """Rows for the referee, the most suspicious first.

    Parameters
    ----------
    scores : Scores
        Of the batch.
    heard : int
        How many of this kind of network it has heard before.
    simple : (T,) float64, optional
        How simple instances are: of those whose sides agree, the simplest come first,
        since exact arithmetic may then decide.
    """
    sure = np.flatnonzero(scores.met & (scores.sure > 0))
    rows = _first(sure, scores.sure, SURE)
    if rows or heard >= NONE_LEFT:
        return rows
    opened = scores.met & (scores.open >= 0)
    wide = opened & ~(scores.open - scores.sure < NARROW)
    rows = _first(np.flatnonzero(wide), scores.open, WIDE)
    if heard < ENOUGH:
        rows += _first(
            np.flatnonzero(opened & ~wide),
            scores.open if simple is None else simple,
            TIGHT,
        )
    return rows


def _first(
    rows: np.ndarray[tuple[int], np.dtype[np.int64]],
    by: np.ndarray[tuple[int], np.dtype[np.float64]],
    count: int,
) -> list[int]:
    """The `count` rows with the largest finite values, then the others."""
    value = np.where(np.isfinite(by[rows]), by[rows], -1.0)
    order = np.argsort(-value, kind="stable")
    return [int(row) for row in rows[order[:count]]]
