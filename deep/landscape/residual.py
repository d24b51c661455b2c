"""How far the Gauss-Newton matrix is from the Hessian."""

from dataclasses import dataclass
from math import inf

import torch

from ..estimators.complement import sample_complement
from ..estimators.intervals import Interval
from ..estimators.traces import frobenius_norm_from, trace_from
from .gram import GaussNewton
from .point import Point

__all__ = ["JUSTIFIED", "Residual", "residual"]

JUSTIFIED = 0.1
"""Share of G that H - G may be where the spectrum of G is shown as that of H."""

PROBES = 16
"""Products with random vectors."""


@dataclass(frozen=True, kw_only=True)
class Residual:
    """How far G is from the Hessian: F = H - G, from its products with random vectors.

    By Weyl's inequality the i-th eigenvalues of H and G differ by at most ‖F‖ <= ‖F‖_F.

    Attributes
    ----------
    trace, frobenius_norm : Interval
        tr F and ‖F‖_F, at 95 %.
    trace_share, frobenius_share : float
        |tr F| / tr G and ‖F‖_F / ‖G‖_F, infinite where G is 0 and F is not.
    worst_share : float
        The second with the upper end of its interval.
    """

    trace: Interval
    frobenius_norm: Interval
    trace_share: float
    frobenius_share: float
    worst_share: float

    @property
    def is_small(self) -> bool:
        """Whether the spectrum of G may stand for that of H."""
        return self.worst_share <= JUSTIFIED


def residual(point: Point, G: GaussNewton, *, generator: torch.Generator) -> Residual:
    """tr F and ‖F‖_F of F = H - G, by products: nothing cancels.

    Parameters
    ----------
    point : Point
        Where.
    G : GaussNewton
        There.
    generator : torch.Generator
        Of the probes; on the CPU.
    """
    sample = sample_complement(point.residual(), probes=PROBES, generator=generator)
    trace, norm = trace_from(sample), frobenius_norm_from(sample)
    return Residual(
        trace=trace.interval,
        frobenius_norm=norm.interval,
        trace_share=_share(abs(trace.value), G.trace),
        frobenius_share=_share(norm.value, G.frobenius_norm),
        worst_share=_share(norm.interval.upper, G.frobenius_norm),
    )


def _share(part: float, whole: float) -> float:
    if whole > 0:
        return part / whole
    return inf if part > 0 else 0.0
