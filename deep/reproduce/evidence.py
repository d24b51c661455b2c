"""Measured rows, and the statistics that claims take of them."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
import numpy.typing as npt

from ..estimators.intervals import Interval
from .association import cluster_bootstrap, spearman

__all__ = ["Evidence", "Row", "Rows", "Table", "beside", "missing", "shown"]

Vector = npt.NDArray[np.float64]
Row = Mapping[str, Any]
Table = Mapping[str, Sequence[Row]]
"""Rows of each stage, in the order in which they were measured."""


@dataclass(frozen=True)
class Rows:
    """Some rows of a stage.

    Attributes
    ----------
    rows : tuple of mappings
        Each has the same names; a number that was not measured is None.
    """

    rows: tuple[Row, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return bool(self.rows)

    def where(self, **wanted: Any) -> "Rows":
        """Those with these values."""
        return self.those(lambda row: all(row[k] == v for k, v in wanted.items()))

    def those(self, fits: Callable[[Row], bool]) -> "Rows":
        """Those that fit."""
        return Rows(tuple(row for row in self.rows if fits(row)))

    @property
    def converged(self) -> "Rows":
        """Those that reached their targets: no others are compared."""
        return self.where(converged=True)

    @property
    def good(self) -> "Rows":
        """Those that converged without attack samples."""
        return self.converged.where(fraction=0.0)

    @property
    def converged_share(self) -> float:
        """Of all; NaN of none."""
        return len(self.converged) / len(self) if self else np.nan

    def column(self, name: str) -> Vector:
        """The numbers of a column, as (n,) float64; NaN for None."""
        return np.array(
            [np.nan if row[name] is None else row[name] for row in self.rows],
            dtype=np.float64,
        )

    def values(self, name: str) -> list[Any]:
        """Different values of a column, in the order in which they come."""
        return list(dict.fromkeys(row[name] for row in self.rows))

    def mean(self, name: str) -> float:
        """Mean of a column; NaN of none."""
        return float(self.column(name).mean()) if self.rows else np.nan

    def largest(self, name: str) -> float:
        """Largest of a column; NaN of none."""
        return float(self.column(name).max()) if self.rows else np.nan

    def least(self, name: str) -> float:
        """Least of a column; NaN of none."""
        return float(self.column(name).min()) if self.rows else np.nan


class Evidence:
    """All that was measured, with a random stream for each bootstrap.

    Parameters
    ----------
    table : mapping of str to rows
        By stage; a stage that was not run is not there.
    seed : int
        Of the resamples.
    draws : int
        How many resamples for each interval.
    """

    def __init__(self, table: Table, *, seed: int, draws: int = 1000) -> None:
        self._table, self._seed, self._draws = table, seed, draws

    def has(self, stage: str) -> bool:
        """Whether a stage was run."""
        return stage in self._table

    def rows(self, stage: str) -> Rows:
        """Rows of a stage; none where it was not run."""
        return Rows(tuple(self._table.get(stage, ())))

    def rho(self, rows: Rows, x: str, y: str) -> Interval:
        """Spearman's ρ of two columns, with its interval over data seeds."""
        return self.interval(rows, (x, y), lambda c: spearman(c[x], c[y]), f"{x}/{y}")

    def interval(
        self,
        rows: Rows,
        names: Iterable[str],
        statistic: Callable[[Mapping[str, Vector]], float],
        purpose: str,
    ) -> Interval:
        """Any statistic of some columns, with its interval over data seeds.

        Parameters
        ----------
        rows : Rows
            Of at least two seeds for an interval; NaN stands at its ends otherwise.
        names : iterable of str
            The columns.
        statistic : callable
            Columns -> a number.
        purpose : str
            Of the random stream.
        """
        columns = {name: rows.column(name) for name in names}
        clusters = [row["seed"] for row in rows.rows]
        if len(set(clusters)) < 2:
            value = statistic(columns) if rows else np.nan
            return Interval(value=value, lower=np.nan, upper=np.nan, level=0.95)
        return cluster_bootstrap(
            statistic, columns, clusters, rng=self.stream(purpose), draws=self._draws
        )

    def stream(self, purpose: str) -> np.random.Generator:
        """The resamples of one statistic: no other statistic moves them."""
        digest = hashlib.sha256(f"{self._seed}/{purpose}".encode()).digest()
        return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def shown(found: Interval | float) -> str:
    """A number, with its interval if it has one."""
    if not isinstance(found, Interval):
        return "–" if isnan(found) else f"{found:.3g}"
    ends = "" if isnan(found.lower) else f" [{found.lower:.2f}, {found.upper:.2f}]"
    return "–" if isnan(found.value) else f"{found.value:.2f}{ends}"


def beside(evidence: Evidence, fit: Rows) -> str:
    """What the attack fraction alone would do, to be said with every correlation."""
    rho = evidence.rho(fit, "fraction", "accuracy")
    other = spearman(fit.column("fraction"), fit.column("trace")) if fit else np.nan
    return (
        f"The attack fraction itself has ρ = {shown(rho)} with test accuracy and "
        f"{other:.2f} with the trace: any quantity that is monotone in it looks good "
        "here."
    )


def missing(rows: Rows) -> str:
    """How many networks are left out, and how that is treated."""
    missed = len(rows) - len(rows.converged)
    if not missed:
        return f"All {len(rows)} networks reached their targets."
    return (
        f"{missed} of {len(rows)} networks missed a target; they are counted, listed in "
        "the data and left out of every correlation."
    )
