"""How often the two sides of a claim stand in which ratio: a few fixed bins."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["BINS", "RatioHistogram"]

BINS = 20
"""Bins of equal width over [0, 1]; 1 itself is in the last one."""


@dataclass(kw_only=True)
class RatioHistogram:
    """Counts of ratios, left / right for <= and shares of the error bound for ==.

    Attributes
    ----------
    counts : list of int
        Ratios in [k/BINS, (k+1)/BINS), by k.
    without : int
        Instances without a ratio: the right side is not positive there.
    """

    counts: list[int] = field(default_factory=lambda: [0] * BINS)
    without: int = 0

    def add(self, ratios: npt.NDArray[np.float64]) -> None:
        """Count the ratios of judged instances; nan is none, and 1 the most."""
        known = ratios[np.isfinite(ratios)]
        # a ratio is beyond 1 by rounding alone: where it is by more, the claim is broken
        places = np.clip(known * BINS, 0, BINS - 1).astype(np.intp)
        for place, count in enumerate(np.bincount(places, minlength=BINS)):
            self.counts[place] += int(count)
        self.without += len(ratios) - len(known)

    def record(self) -> dict[str, Any]:
        """The same as plain numbers."""
        return {"counts": list(self.counts), "without_ratio": self.without}
