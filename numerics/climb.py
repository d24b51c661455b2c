"""Local search: from the instance nearest to breaking a claim, uphill in the ratio."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..theory.theorems import Claim
from .counterexample import Counterexample, counterexample
from .drawn import Drawn
from .instances import Instances
from .judge import judge
from .quantities import Quantities
from .shrink import off_kinks, repeated

__all__ = ["Climbed", "climb"]

POPULATION = 24
STEPS = 5


@dataclass(frozen=True, kw_only=True, eq=False)
class Climbed:
    """How far the search came.

    Attributes
    ----------
    ratio : float
        The largest left / right met; nan if none.
    judged : int
        Instances judged on the way.
    nearest : Instances
        A batch of one: where the ratio was largest.
    broken : Counterexample or None
        Where the claim failed, if it did.
    """

    ratio: float
    judged: int
    nearest: Instances
    broken: Counterexample | None = None


def climb(
    claim: Claim, instances: Instances, drawn: Drawn, rng: np.random.Generator
) -> Climbed:
    """Maximise left / right from one instance.

    Parameters
    ----------
    claim : Claim
        An inequality.
    instances, drawn : Instances, Drawn
        A batch of one, where the ratio was largest.
    rng : numpy.random.Generator
        Where every step comes from.
    """
    if instances.residual_error is not None:
        return Climbed(ratio=float("nan"), judged=0, nearest=instances)
    best, seen = float("nan"), 0
    for step in range(STEPS):
        around = _perturbed(instances, 0.3 * 4.0**-step, rng)
        around = around.take(off_kinks(around))
        if not len(around):
            continue
        extra = repeated(drawn, len(around))
        outcome = judge(claim, Quantities(around), extra)
        seen += int(outcome.judged.sum())
        if outcome.broken.any():
            row = int(outcome.broken.argmax())
            one = slice(row, row + 1)
            found = counterexample(claim, around.take(one), extra.take(one))
            return Climbed(ratio=best, judged=seen, nearest=instances, broken=found)
        ratios = np.where(outcome.judged, outcome.ratio, -np.inf)
        ratios = np.where(np.isnan(ratios), -np.inf, ratios)
        row = int(ratios.argmax())
        if not ratios[row] <= best and np.isfinite(ratios[row]):
            best = float(ratios[row])
            instances = around.take(slice(row, row + 1))
    return Climbed(ratio=best, judged=seen, nearest=instances)


def _perturbed(at: Instances, scale: float, rng: np.random.Generator) -> Instances:
    """Relative and absolute noise on θ and X (and r, unless it is 0)."""

    def noisy(array: np.ndarray) -> np.ndarray:
        rows = np.repeat(array, POPULATION, axis=0)
        noise = scale * rng.standard_normal(rows.shape)
        noise[0] = 0.0
        return rows * (1 + noise) + noise * (rng.random(rows.shape) < 0.2)

    fixed: dict[str, Any] = {
        name: np.repeat(array, POPULATION, axis=0)
        for name in ("t", "output_hessian", "residual")
        if (array := getattr(at, name)) is not None
    }
    if at.residual is not None and at.residual.any():
        fixed["residual"] = noisy(at.residual)
    return replace(at, x=noisy(at.x), theta=noisy(at.theta), **fixed)
