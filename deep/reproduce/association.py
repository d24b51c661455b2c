"""How measures go together: rank correlations, their intervals, and counts."""

from collections.abc import Callable, Mapping, Sequence
from math import exp, isnan, nan, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import InputError
from ..estimators.intervals import Interval, check_level

__all__ = [
    "cluster_bootstrap",
    "cohens_d",
    "geometric_mean",
    "mean_within",
    "partial_spearman",
    "rate_bound",
    "sign_test",
    "spearman",
]

Vector = npt.NDArray[np.float64]
Statistic = Callable[[Mapping[str, Vector]], float]

FEWEST = 3
"""Of a rank correlation: two points are always in order."""


def spearman(x: Vector, y: Vector) -> float:
    """Spearman's ρ: the correlation of the ranks, ties at their mean rank.

    Parameters
    ----------
    x, y : (n,) float64
        Finite.

    Returns
    -------
    float
        In [-1, 1]; NaN for fewer than three points, or where one of them is constant.

    Raises
    ------
    InputError
        If a number is not finite, or the lengths differ.
    """
    from scipy.stats import rankdata

    _check(x, y)
    if len(x) < FEWEST:
        return nan
    a, b = (rankdata(part) - (len(x) + 1) / 2 for part in (x, y))
    spread = sqrt(float(a @ a) * float(b @ b))
    return float(a @ b) / spread if spread > 0 else nan


def partial_spearman(x: Vector, y: Vector, given: Vector) -> float:
    """Partial rank correlation of x and y given a covariate z.

        ρ_xy·z = (ρ_xy - ρ_xz ρ_yz) / √((1 - ρ_xz²)(1 - ρ_yz²))

    Parameters
    ----------
    x, y, given : (n,) float64
        Finite.

    Returns
    -------
    float
        NaN where the ranks of z are those of x or y, or one of them is constant.
    """
    xy, xz, yz = spearman(x, y), spearman(x, given), spearman(y, given)
    left = (1 - xz**2) * (1 - yz**2)
    # what rounding leaves of a perfect correlation is nothing to divide by
    if isnan(left) or left < 1e-12:
        return nan
    return (xy - xz * yz) / sqrt(left)


def mean_within(x: Vector, y: Vector, levels: Vector) -> float:
    """Mean of Spearman's ρ inside each level of a third quantity.

    Parameters
    ----------
    x, y, levels : (n,) float64
        Finite.

    Returns
    -------
    float
        Over the levels where there is a correlation; NaN where there is none.
    """
    _check(x, levels)
    found = [
        spearman(x[levels == level], y[levels == level]) for level in np.unique(levels)
    ]
    known = [rho for rho in found if not isnan(rho)]
    return sum(known) / len(known) if known else nan


def cluster_bootstrap(
    statistic: Statistic,
    columns: Mapping[str, Vector],
    clusters: Sequence[Any],
    *,
    rng: np.random.Generator,
    draws: int = 1000,
    level: float = 0.95,
) -> Interval:
    """Percentile interval of a statistic when whole clusters are drawn again.

    Rows that share data are no independent draws: a resample takes all rows of a cluster
    or none, so many clusters as there are, with replacement. With a handful of clusters
    there are few distinct resamples, and the interval is narrower than its level says.

    Parameters
    ----------
    statistic : callable
        Columns -> a number; NaN where a resample has none, which is left out.
    columns : mapping of str to (n,) float64
        The rows.
    clusters : sequence
        Which cluster each row belongs to.
    rng : numpy.random.Generator
        Of the resamples.
    draws : int
        How many.
    level : float
        Nominal probability.

    Returns
    -------
    Interval
        Around the statistic of all rows; NaN at both ends where fewer than half of the
        resamples have a value.

    Raises
    ------
    InputError
        If there are fewer than two clusters, or a column has another length.
    """
    check_level(level)
    names = list(dict.fromkeys(clusters))
    if len(names) < 2:
        raise InputError(
            f"clusters are {len(names)}; expected at least 2 to draw from: run with "
            "more seeds"
        )
    for column in columns.values():
        if len(column) != len(clusters):
            raise InputError(
                f"column has {len(column)} rows; expected {len(clusters)}, as the "
                "clusters have"
            )
    rows = [np.flatnonzero([c == name for c in clusters]) for name in names]
    found = []
    for _ in range(draws):
        chosen = rng.integers(len(names), size=len(names))
        index = np.concatenate([rows[i] for i in chosen])
        found.append(statistic({key: col[index] for key, col in columns.items()}))
    known = np.array([value for value in found if not isnan(value)])
    value = statistic(columns)
    if 2 * len(known) < draws:
        return Interval(value=value, lower=nan, upper=nan, level=level)
    lower, upper = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value=value, lower=float(lower), upper=float(upper), level=level)


def sign_test(wins: int, of: int) -> float:
    """P(at least so many wins) if each of them were a fair coin's, exact.

    Raises
    ------
    InputError
        If `wins` is not between 0 and `of`, or `of` is 0.
    """
    from scipy.stats import binomtest

    _check_count("wins", wins, of)
    return float(binomtest(wins, of, alternative="greater").pvalue)


def rate_bound(events: int, of: int, *, level: float = 0.95) -> float:
    """Upper confidence bound of a rate, exact: at k of n, q with P(Bin(n, q) <= k) = α.

    Parameters
    ----------
    events, of : int
        k and n.
    level : float
        1 - α; for k = 0 the bound is 1 - α^(1/n).

    Returns
    -------
    float
        1 where all are events.

    Raises
    ------
    InputError
        If k is not between 0 and n, or n is 0.

    References
    ----------
    Clopper and Pearson (1934), one-sided.
    """
    from scipy.stats import beta

    check_level(level)
    _check_count("events", events, of)
    return 1.0 if events == of else float(beta.ppf(level, events + 1, of - events))


def geometric_mean(ratios: Vector) -> float:
    """exp of the mean logarithm: a ratio and its inverse make 1.

    Raises
    ------
    InputError
        If there is none, or one is not positive and finite.
    """
    if not len(ratios) or not bool(np.all(np.isfinite(ratios) & (ratios > 0))):
        raise InputError(
            f"ratios are {ratios.tolist()}; expected positive numbers, at least one"
        )
    return exp(float(np.log(ratios).mean()))


def cohens_d(a: Vector, b: Vector) -> float:
    """(ā - b̄)/s with the pooled s² = (S_a + S_b)/(n_a + n_b - 2).

    Parameters
    ----------
    a, b : (n_a,), (n_b,) float64
        Two groups; S is the sum of squares about the mean.

    Returns
    -------
    float
        NaN where a group has fewer than two numbers, or neither spreads.
    """
    if min(len(a), len(b)) < 2:
        return nan
    squares = sum(float(((part - part.mean()) ** 2).sum()) for part in (a, b))
    spread = sqrt(squares / (len(a) + len(b) - 2))
    return float(a.mean() - b.mean()) / spread if spread > 0 else nan


def _check(x: Vector, y: Vector) -> None:
    if len(x) != len(y):
        raise InputError(
            f"x and y have {len(x)} and {len(y)} entries; expected as many"
        )
    if not bool(np.isfinite(x).all() and np.isfinite(y).all()):
        raise InputError(
            "x or y holds a number that is not finite; expected numbers alone: leave "
            "out networks that did not converge"
        )


def _check_count(name: str, events: int, of: int) -> None:
    if not (0 <= events <= of and of > 0):
        raise InputError(f"{name} are {events} of {of}; expected from 0 to all of some")
