"""When a Lanczos run may stop: on residual bounds, for the right eigenvalues."""

from dataclasses import dataclass

import torch

from .ends import outranks, wanted
from .krylov import Ritz
from .lanczos import Lanczos

__all__ = ["RELATIVE_TO", "Goal"]

RELATIVE_TO = ("eigenvalue", "norm")
"""What a tolerance may be a share of."""

ROUNDING = 16
"""Ulps of the largest value by which two copies of an eigenvalue may differ."""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """Which eigenvalues are wanted, and how well.

    Attributes
    ----------
    k : int
        How many.
    which : {"LA", "SA", "LM", "BE"}
        Which ones.
    tol : float
        Relative tolerance.
    relative_to : {"eigenvalue", "norm"}
        Of what.
    """

    k: int
    which: str
    tol: float
    relative_to: str = "eigenvalue"

    def chosen(self, values: torch.Tensor) -> torch.Tensor:
        """Indices of the wanted ones among descending values."""
        return wanted(values, self.k, self.which)

    def tolerances(
        self, values: torch.Tensor, chosen: torch.Tensor, epsilon: float
    ) -> torch.Tensor:
        """tol · max(|μ|, √ε max|μ|), or tol · max|μ|, for each wanted value.

        Below √ε ‖A‖ no product carries relative digits.

        Parameters
        ----------
        values, chosen : (j,) and (k,) float64
            All Ritz values, and the wanted ones.
        epsilon : float
            ε, the unit of rounding of the products.
        """
        share = 1.0 if self.relative_to == "norm" else epsilon**0.5
        floor = share * float(values.abs().max())
        return self.tol * chosen.abs().clamp(min=floor)

    def met(self, run: Lanczos) -> bool:
        """Whether the recurrence's own bounds meet the tolerance, for the right values.

        Every wanted Ritz value must have a residual within its tolerance; no other one,
        moved outwards by its residual, may reach into them; and after a breakdown what
        was found since must lie inside them.

        Parameters
        ----------
        run : Lanczos
            Not yet stopped.
        """
        if run.exhausted:
            return True
        if run.basis.shape[1] < self.k:
            return False
        ritz = run.ritz()
        places = self.chosen(ritz.values)
        values = ritz.values[places]
        allowed = self.tolerances(ritz.values, values, run.op.epsilon)
        if not bool((ritz.bounds[places] <= allowed).all()):
            return False
        slack = float(allowed.min())
        return self._apart(ritz, places, slack) and self._confirmed(run, values, slack)

    def _apart(self, ritz: Ritz, places: torch.Tensor, slack: float) -> bool:
        """Whether no other Ritz value can reach into the wanted ones."""
        others = torch.ones(len(ritz.values), dtype=torch.bool)
        others[places] = False
        reach = ritz.bounds[others] - slack
        values = ritz.values[places]
        return not bool(outranks(ritz.values[others], reach, values, self.which).any())

    def _confirmed(self, run: Lanczos, values: torch.Tensor, slack: float) -> bool:
        """Whether a fresh start beside an invariant space found nothing further out.

        The distinct eigenvalues of what is left after a segment are among the segment's:
        if those lie inside the wanted ones, so does everything that was not seen.
        """
        if run.breakdowns == 0:
            return True
        last = run.segment()
        ends = {"LA": [0], "SA": [-1]}.get(self.which, [0, -1])
        slack += ROUNDING * run.op.epsilon * run.scale
        # an end that still moves may yet move out
        if bool((last.bounds[ends] > slack).any()):
            return False
        inwards = torch.full_like(last.values, -slack)
        return not bool(outranks(last.values, inwards, values, self.which).any())
