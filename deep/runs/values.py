"""What the parts of a deep-spectrum run take and give, and numbers as JSON values."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import torch

from ..estimators.eigenvalues import TopEigenvalues
from ..estimators.intervals import Interval
from ..estimators.traces import Estimate
from ..operators.operators import CurvatureOperator
from .folder import Arrays
from .journal import JournaledOperator, SharedJournal
from .plan import SpectrumPlan
from .settings import SpectrumSettings
from .streams import generator_for

__all__ = [
    "Part",
    "Wanted",
    "eigenvalue_arrays",
    "eigenvalues",
    "estimate_values",
    "exact_values",
    "interval_values",
]


@dataclass(frozen=True, eq=False)
class Wanted:
    """What every part may need.

    Attributes
    ----------
    settings, plan
        What is wanted, and how many products.
    op, seen : operators
        The operator, and the same with its products in the journal.
    journal : SharedJournal or None
        For operators of their own.
    found : TopEigenvalues
        Whose basis the others go on from.
    """

    settings: SpectrumSettings
    plan: SpectrumPlan
    op: CurvatureOperator
    seen: JournaledOperator
    journal: SharedJournal | None
    found: TopEigenvalues

    def generator(self, purpose: str) -> torch.Generator:
        """Of draws for one purpose."""
        return generator_for(self.settings.seed, purpose)


class Part(NamedTuple):
    """What a part adds to the record, to the arrays, and to the count of products."""

    entries: dict[str, Any]
    arrays: Arrays
    products: int


def eigenvalues(found: TopEigenvalues) -> dict[str, Any]:
    """The table of eigenvalues, as JSON values."""
    rows = zip(
        found.eigenvalues.tolist(),
        found.bounds.tolist(),
        found.residuals.tolist(),
        found.noise.tolist(),
        found.tolerances.tolist(),
        found.converged.tolist(),
        strict=True,
    )
    names = ("value", "bound", "residual", "noise", "tolerance", "converged")
    return {
        "eigenvalues": [dict(zip(names, row, strict=True)) for row in rows],
        "converged": bool(found.converged.all()),
    }


def eigenvalue_arrays(found: TopEigenvalues) -> Arrays:
    """The same as arrays (k,)."""
    return {
        "eigenvalues": found.eigenvalues.numpy(),
        "bounds": found.bounds.numpy(),
        "converged": found.converged.numpy(),
    }


def estimate_values(found: Estimate) -> dict[str, Any]:
    """An estimate with its interval, as JSON values."""
    return interval_values(found.interval) | {
        "standard_error": found.standard_error,
        "known": found.known,
        "probes": found.probes,
    }


def interval_values(found: Interval) -> dict[str, Any]:
    """An interval with its level, as JSON values."""
    return {
        "value": found.value,
        "lower": found.lower,
        "upper": found.upper,
        "level": found.level,
    }


def exact_values(value: float) -> dict[str, Any]:
    """A number that nothing was left to chance of, in the same form."""
    return {"value": value, "lower": value, "upper": value, "level": 1.0}
