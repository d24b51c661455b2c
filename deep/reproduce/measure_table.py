"""Every measure of the minima beside the others: how it goes with test accuracy."""

from dataclasses import dataclass
from math import isfinite, nan
from typing import Any

import numpy as np

from ..estimators.intervals import Interval
from .association import mean_within, partial_spearman, spearman
from .evidence import Evidence, Rows

__all__ = ["MEASURES", "Association", "associations", "by_split"]

MEASURES = {
    "log_volume_10": "log-volume, k = 10",
    "log_volume_50": "log-volume, k = 50",
    "log_volume_100": "log-volume, k = 100",
    "log_volume_200": "log-volume, k = 200 = n C",
    "regularised": "regularised log-volume, β = n, τ² = 1",
    "lambda_max": "largest eigenvalue",
    "trace": "trace",
    "frobenius": "Frobenius norm",
    "count": "eigenvalues above 0.01",
    "count_1": "eigenvalues above 1",
    "balanced_log_volume_50": "balanced: log-volume, k = 50",
    "balanced_regularised": "balanced: regularised log-volume",
    "balanced_lambda_max": "balanced: largest eigenvalue",
    "balanced_trace": "balanced: trace",
    "balanced_frobenius": "balanced: Frobenius norm",
    "balanced_count": "balanced: eigenvalues above 0.01",
    "radius": "radius in random directions, by filters",
    "complexity": "E‖∇ₓf‖²",
    "weight_norm": "weight norm ‖θ‖",
    "path_norm": "path norm",
    "gradient_norm": "gradient norm",
    "fraction": "the attack fraction itself",
}
"""Columns of the minima, in words."""


@dataclass(frozen=True, kw_only=True)
class Association:
    """How one measure goes with test accuracy.

    Attributes
    ----------
    measure, words : str
        A column of the minima, and what it is.
    rho : Interval
        Spearman's ρ over all converged minima.
    partial : float
        The same given the weight norm.
    within_level : float
        Mean of ρ inside each attack fraction, over different data splits.
    within_good : float
        Mean of ρ among random starts on clean data, inside each split; NaN where the
        measure was not taken there.
    """

    measure: str
    words: str
    rho: Interval
    partial: float
    within_level: float
    within_good: float

    def record(self) -> dict[str, Any]:
        """As JSON values."""
        ends = (self.rho.lower, self.rho.upper)
        return {
            "measure": self.measure,
            "words": self.words,
            "rho": _known(self.rho.value),
            "interval": list(ends) if all(map(isfinite, ends)) else None,
            "partial": _known(self.partial),
            "within_level": _known(self.within_level),
            "within_good": _known(self.within_good),
        }


def associations(evidence: Evidence) -> tuple[Association, ...]:
    """Every measure with test accuracy, none of them a test.

    Parameters
    ----------
    evidence : Evidence
        With the main minima, and random starts on clean data if they were run.
    """
    fit = evidence.rows("minima").converged
    starts = evidence.rows("within").converged
    return tuple(
        _association(evidence, fit, starts, measure, words)
        for measure, words in MEASURES.items()
    )


def by_split(rows: Rows, x: str, y: str) -> dict[Any, float]:
    """Spearman's ρ of two columns inside each data split that has one.

    Parameters
    ----------
    rows : Rows
        Of random starts; their seed is the split.
    x, y : str
        The columns.
    """
    found = {}
    for split in rows.values("seed"):
        own = rows.where(seed=split)
        found[split] = spearman(own.column(x), own.column(y))
    return {split: rho for split, rho in found.items() if isfinite(rho)}


def _association(
    evidence: Evidence, fit: Rows, starts: Rows, measure: str, words: str
) -> Association:
    columns = [fit.column(n) for n in (measure, "accuracy", "weight_norm", "fraction")]
    x, y, norm, levels = columns
    taken = all(measure in row for row in starts.rows)
    inside = list(by_split(starts, measure, "accuracy").values()) if taken else []
    itself = measure == "weight_norm"
    return Association(
        measure=measure,
        words=words,
        rho=evidence.rho(fit, measure, "accuracy"),
        partial=nan if itself else partial_spearman(x, y, norm),
        within_level=mean_within(x, y, levels),
        within_good=float(np.mean(inside)) if inside else nan,
    )


def _known(value: float) -> float | None:
    return value if isfinite(value) else None
