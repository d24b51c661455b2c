"""The volume of a sublevel set by random rays, and how far they can be trusted."""

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ..estimators.intervals import Interval, normal_interval
from ..progress import Progress
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

__all__ = ["SublevelVolume", "sublevel_log_volume"]

ENOUGH = 10.0
"""Effective sample size below which no interval is told."""

LEVEL = 0.95


@dataclass(frozen=True, kw_only=True, eq=False)
class SublevelVolume:
    """log Vol of B = {δ: L(θ + δ) + ½ λ ‖δ‖² <= L(θ) + ε}, by K rays.

    Attributes
    ----------
    log_volume : float
        The estimate.
    interval : Interval or None
        At 95 % by the delta method; None where the effective sample size is below 10 or
        a ray shows that the set is no star, since nothing is known of the error then.
    laplace : float
        log V_p + ½ p log 2ε - ½ log det(B + λI), what a quadratic bowl of this metric
        has.
    effective_sample_size : float
        (Σ w)² / Σ w² of the weights w = ρ^p: 1 where one ray makes the sum, K where all
        have one length.
    half_difference : float
        Between the estimates of the first and the second half of the rays.
    broken : int
        Rays along which the value falls somewhere before it leaves the set.
    left : int
        Rays that leave the set before their radius: B is no star there.
    again : int
        Rays that are in the set once more beyond it.
    regulariser, height : float
        λ and ε.
    radii : (K,) float64
        ρ, in the metric.
    """

    log_volume: float
    interval: Interval | None
    laplace: float
    effective_sample_size: float
    half_difference: float
    broken: int
    left: int
    again: int
    regulariser: float
    height: float
    radii: Tensor = field(repr=False)

    @property
    def is_measured(self) -> bool:
        """Whether enough rays count for the number to be called a volume."""
        return self.interval is not None

    @property
    def is_monotone(self) -> bool:
        """Whether every ray looked at crossed the level once and never turned back."""
        return self.broken == self.left == self.again == 0


def sublevel_log_volume(
    point: Point,
    metric: Metric,
    *,
    regulariser: float,
    height: float,
    directions: int = 128,
    generator: torch.Generator,
    progress: Progress | None = None,
) -> SublevelVolume:
    """log Vol{δ: L(θ + δ) + ½ λ ‖δ‖² <= L(θ) + ε} by preconditioned rays.

    With M = (B + λI)^(-1/2), u uniform on the unit sphere and ρ(u) the length at which
    the ray t M u leaves the set,

        Vol = det M · V_p · E ρ(u)^p,

    for any invertible M where the set is a star around θ. For L = L(θ) + ½ δᵀB δ every
    ρ is √(2ε), and nothing is left to chance. The mean is one of p-th powers: where the
    lengths differ by more than 1/p of themselves, the longest alone counts, which the
    effective sample size shows.

    Parameters
    ----------
    point : Point
        θ and L.
    metric : Metric
        B; of the Gauss-Newton matrix or the Hessian there.
    regulariser, height : float
        λ and ε, both positive. λ makes the volume finite; numbers for different λ do
        not compare.
    directions : int
        K, at least 2.
    generator : torch.Generator
        Of the directions; on the CPU.
    progress : callable, optional
        Called with the rays done and K.

    Returns
    -------
    SublevelVolume
        Unit: the log of θ^p.

    Raises
    ------
    InputError
        If a number is out of range, or a ray never leaves the set, as for a loss that
        has no lower bound.

    References
    ----------
    The radial formula is classical; the preconditioning is derived here.
    """
    check_set(regulariser, height, directions)
    U = unit_vectors(point, directions, generator)
    V = metric.stretched(U, regulariser)
    start = FIRST * math.sqrt(2 * height)
    rays = [Ray(point, v, regulariser, height) for v in V.T]
    with point.ready():
        for i, ray in enumerate(rays):
            ray.follow(start)
            if progress is not None:
                progress(i + 1, directions)
    radii = torch.tensor([ray.radius for ray in rays], dtype=torch.float64)
    return _volume(rays, radii, metric, regulariser, height)


def _volume(
    rays: list[Ray], radii: Tensor, metric: Metric, regulariser: float, height: float
) -> SublevelVolume:
    p, half = len(metric.vectors), len(radii) // 2
    weights = p * radii.log()
    effective = effective_size(weights)
    shift = log_ball(p) - 0.5 * metric.log_determinant(regulariser)
    value = shift + log_mean(weights)
    error = math.sqrt(max(1 / effective - 1 / len(radii), 0.0))
    left, again = sum(ray.left for ray in rays), sum(ray.again for ray in rays)
    known = effective >= ENOUGH and not left and not again
    return SublevelVolume(
        log_volume=value,
        interval=normal_interval(value, error, level=LEVEL) if known else None,
        laplace=laplace_log_volume(metric, regulariser, height),
        effective_sample_size=effective,
        half_difference=abs(log_mean(weights[:half]) - log_mean(weights[half:])),
        broken=sum(ray.broken for ray in rays),
        left=left,
        again=again,
        regulariser=regulariser,
        height=height,
        radii=radii,
    )
