"""What rays with uniform directions make of a volume: a warning, and no volume."""

from dataclasses import dataclass

import torch

from .metric import Metric
from .point import Point
from .star import (
    FIRST,
    Ray,
    check_set,
    effective_size,
    laplace_log_volume,
    log_ball,
    log_mean,
    unit_vectors,
)

__all__ = ["IsotropicWarning", "isotropic_warning"]


@dataclass(frozen=True, kw_only=True)
class IsotropicWarning:
    """What rays with uniform directions would call the log-volume: no volume.

    Attributes
    ----------
    log_volume : float
        The number; short of the volume by as much as thousands of nats.
    bias : float
        Its difference to Laplace's value.
    quadratic_bias : float
        The same of the same rays in the exact quadratic bowl, whose volume is known:
        what is wrong is the estimator, not the network.
    effective_sample_size : float
        Of the rays: near 1, for the longest one makes the sum.
    """

    log_volume: float
    bias: float
    quadratic_bias: float
    effective_sample_size: float


def isotropic_warning(
    point: Point,
    metric: Metric,
    *,
    regulariser: float,
    height: float,
    directions: int = 128,
    generator: torch.Generator,
) -> IsotropicWarning:
    """What becomes of the volume without the metric: M = I.

    Parameters
    ----------
    point, metric, regulariser, height, directions, generator
        As `sublevel_log_volume` takes them; the metric is what Laplace's value and the
        exact quadratic bowl are made of.

    Returns
    -------
    IsotropicWarning
        To be shown as a failure.

    Raises
    ------
    InputError
        As `sublevel_log_volume` does.
    """
    check_set(regulariser, height, directions)
    U = unit_vectors(point, directions, generator)
    bowl = (2 * height / (metric.quadratic(U) + regulariser)).sqrt()
    radii = []
    with point.ready():
        for u, length in zip(U.T, bowl.tolist(), strict=True):
            ray = Ray(point, u, regulariser, height)
            radii.append(ray.leaves(FIRST * length))
    p, ball = point.p, log_ball(point.p)
    weights = p * torch.tensor(radii, dtype=torch.float64).log()
    laplace = laplace_log_volume(metric, regulariser, height)
    found = ball + log_mean(weights)
    return IsotropicWarning(
        log_volume=found,
        bias=found - laplace,
        quadratic_bias=ball + log_mean(p * bowl.log()) - laplace,
        effective_sample_size=effective_size(weights),
    )
