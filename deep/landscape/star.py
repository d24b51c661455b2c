"""Sets seen along rays from a point: lengths, and what becomes of their p-th powers."""

import math
from itertools import pairwise

import torch
from torch import Tensor

from ...errors import InputError
from ..estimators.probes import check_count
from ..randomness import check_generator
from .metric import Metric
from .point import Point
from .rays import crossing

__all__ = [
    "FIRST",
    "Ray",
    "check_set",
    "effective_size",
    "laplace_log_volume",
    "log_ball",
    "log_mean",
    "unit_vectors",
]

BISECTIONS = 26
"""Of each radius: p 2⁻²⁶ nats in all, 3·10⁻⁵ for p = 2000."""

INSIDE = 8
"""Parts of a ray at whose ends the value is looked at again."""

BEYOND = (1.25, 1.5, 2.0)
"""Multiples of the radius at which the set should not begin again."""

FIRST = 1 / 8
"""Of the radius in a quadratic bowl: where a ray's search begins."""

ROUNDING = 1e-12
"""Share of level and loss by which a value may fall without being said to."""


class Ray:
    """L(θ + t v) + ½ λ t² ‖v‖² for t > 0, and where it passes L(θ) + ε."""

    def __init__(
        self, point: Point, v: Tensor, regulariser: float, height: float
    ) -> None:
        self._point, self._v = point, v
        self._bowl = 0.5 * regulariser * float(v @ v)
        self._level = point.loss + height
        self.radius = math.nan
        self.broken = self.left = self.again = False

    def value(self, t: float) -> float:
        """At a distance t."""
        return self._point.value(self._point.theta + t * self._v) + self._bowl * t**2

    def leaves(self, start: float) -> float:
        """The radius.

        Raises
        ------
        InputError
            If there is none.
        """
        radius = crossing(self.value, self._level, start=start, bisections=BISECTIONS)
        if not 0 < radius < math.inf:
            raise InputError(
                f"a ray leaves the sublevel set at {radius}; expected a positive, finite "
                "radius: raise the height or the regulariser"
            )
        return radius

    def follow(self, start: float) -> None:
        """Find the radius, and look whether the value grows up to it and not back."""
        self.radius = self.leaves(start)
        inside = [
            self._point.loss,
            *(self.value(i / INSIDE * self.radius) for i in range(1, INSIDE + 1)),
        ]
        slack = ROUNDING * (abs(self._point.loss) + abs(self._level))
        self.broken = any(not b >= a - slack for a, b in pairwise(inside))
        self.left = any(not value <= self._level + slack for value in inside)
        self.again = any(self.value(s * self.radius) <= self._level for s in BEYOND)


def laplace_log_volume(metric: Metric, regulariser: float, height: float) -> float:
    """log V_p + ½ p log 2ε - ½ log det(B + λI)."""
    p = len(metric.vectors)
    logs = 0.5 * p * math.log(2 * height) - 0.5 * metric.log_determinant(regulariser)
    return log_ball(p) + logs


def log_ball(p: int) -> float:
    """log V_p, of the unit ball."""
    return 0.5 * p * math.log(math.pi) - math.lgamma(0.5 * p + 1)


def log_mean(weights: Tensor) -> float:
    """log of the mean of exp(w)."""
    return float(weights.logsumexp(0)) - math.log(len(weights))


def effective_size(weights: Tensor) -> float:
    """(Σ w)² / Σ w² of w = exp(weights)."""
    return math.exp(2 * float(weights.logsumexp(0)) - float((2 * weights).logsumexp(0)))


def unit_vectors(point: Point, directions: int, generator: torch.Generator) -> Tensor:
    """Columns uniform on the unit sphere, the same on every device."""
    check_generator(generator)
    U = torch.randn(directions, point.p, generator=generator, dtype=torch.float64)
    return (U / U.norm(dim=1, keepdim=True)).T.to(point.theta)


def check_set(regulariser: float, height: float, directions: int) -> None:
    """Refuse numbers that make no bounded set, or too few rays.

    Raises
    ------
    InputError
        If λ or ε is not positive, or there are not two rays.
    """
    for name, number in (("regulariser", regulariser), ("height", height)):
        if not 0 < number < math.inf:
            raise InputError(f"{name} is {number!r}; expected a positive number")
    check_count("directions", directions, least=2)
