"""How much of the Hessian is its Gauss-Newton part."""

from typing import Any

import torch

from ..estimators.traces import Estimate, estimate_frobenius_norm
from ..operators.operators import (
    CurvatureOperator,
    GaussNewtonOperator,
    ResidualOperator,
)

__all__ = ["curvature_ratio"]

PRODUCTS = 12
"""With each of the two parts."""


def curvature_ratio(
    op: CurvatureOperator, *, generator: torch.Generator
) -> dict[str, Any]:
    """‖F‖_F / ‖G‖_F for H = G + F: 0 where all residuals vanish.

    Parameters
    ----------
    op : CurvatureOperator
        For the loss of all data.
    generator : torch.Generator
        Of the probes.

    Returns
    -------
    dict
        The ratio, between the ends that both intervals allow at 95 % each, so that it
        holds at 90 % at least; `value` and the ends are None where G is 0.
    """
    parts: list[Estimate] = []
    for kind in (ResidualOperator, GaussNewtonOperator):
        part = kind.from_risk(op.risk, op.memory)
        products = min(PRODUCTS, max(5, op.shape[0]))
        parts.append(
            estimate_frobenius_norm(part, products=products, generator=generator)
        )
    F, G = parts
    ends = (
        (F.value, G.value),
        (F.interval.lower, G.interval.upper),
        (F.interval.upper, G.interval.lower),
    )
    value, lower, upper = (
        max(above, 0.0) / below if below > 0 else None for above, below in ends
    )
    return {"value": value, "lower": lower, "upper": upper, "level": 0.9}
