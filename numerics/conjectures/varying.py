"""Instances near a given one, and residuals made to fit them."""

from dataclasses import replace
from typing import Any

import numpy as np

from ..forward import Array
from ..instances import Instances
from .assumptions import Assumptions
from .drawing import dyadic
from .exact_rows import exact_row
from .stationary import kernel_residuals

__all__ = ["make_critical", "vary"]

FINE = 12
"""Binary places of numbers that a local search moves."""

REST = 0.25
"""Share of critical points that may have no residual at all."""

Generator = np.random.Generator


def vary(
    at: Instances,
    assumptions: Assumptions,
    *,
    scale: float,
    count: int,
    rng: Generator,
) -> Instances:
    """Instances around one, the first of them itself.

    Parameters
    ----------
    at : Instances
        A batch of one.
    assumptions : Assumptions
        What is to stay true of inputs and residuals.
    scale : float
        Of the relative change.
    count : int
        How many.
    rng : numpy.random.Generator
        Where every choice comes from.
    """
    named = assumptions.named
    fixed: dict[str, Any] = {
        name: np.repeat(array, count, axis=0)
        for name in ("t", "residual")
        if (array := getattr(at, name)) is not None
    }
    residual = fixed.get("residual")
    if residual is not None and not {"interpolation", "critical"} & set(named):
        fixed["residual"] = _noisy(residual, scale, rng)
    x = np.repeat(at.x, count, axis=0)
    if "unit_inputs" not in named:
        x = _noisy(x, scale, rng)
    theta = _noisy(np.repeat(at.theta, count, axis=0), scale, rng)
    around = replace(at, x=x, theta=theta, **fixed)
    if "critical" in named:
        return make_critical(around, assumptions, rng)
    return around


def make_critical(
    instances: Instances, assumptions: Assumptions, rng: Generator
) -> Instances:
    """Each with a rational residual of ker Jᵀ; most of those that have none go."""
    rows, residuals = [], []
    for row in range(len(instances)):
        at = exact_row(instances, row, unit_inputs="unit_inputs" in assumptions.named)
        basis = np.array(
            [[[float(v) for v in line] for line in r] for r in kernel_residuals(at)]
        )
        if len(basis):
            weights = rng.integers(-2, 3, len(basis)).astype(np.float64)
            weights[rng.integers(len(basis))] = 1.0
            residuals.append((weights[:, None, None] * basis).sum(axis=0))
            rows.append(row)
        elif rng.random() < REST:
            residuals.append(np.zeros((at.n, at.C)))
            rows.append(row)
    shape = (len(rows), instances.x.shape[1], instances.outputs)
    return replace(
        instances.take(np.array(rows, dtype=np.int64)),
        residual=np.array(residuals, dtype=np.float64).reshape(shape),
    )


def _noisy(array: Array, scale: float, rng: Generator) -> Array:
    """Relative noise on every entry, absolute noise on some; none in the first row."""
    noise = scale * rng.standard_normal(array.shape)
    noise[0] = 0.0
    moved = array * (1 + noise) + noise * (rng.random(array.shape) < 0.2)
    moved[1:] = dyadic(moved[1:], FINE)
    return moved
