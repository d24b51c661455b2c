"""The claims on networks trained on real data."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..theory.activations import get_activation
from ..theory.losses import Loss
from ..theory.theorems import Claim, Theorem
from .arrays import Matrix
from .drawn import Drawn, draw
from .instances import Instances
from .judge import applicable, judge
from .quantities import Quantities
from .targets import targets
from .training import train

__all__ = ["RealLine", "RealResult", "real_instances"]

WIDTH = 32
FEW = 2
LARGE = 600
"""Beyond this p, a claim that needs a spectrum of its own is left out."""

_ALL_SAMPLES_TOO_MANY = frozenset(("T01", "T27"))


@dataclass(frozen=True, kw_only=True)
class RealLine:
    """One claim at one trained network."""

    theorem: str
    label: str
    relation: str
    judged: bool
    broken: bool
    ratio: float
    left: float
    right: float
    bound: float


@dataclass(frozen=True, kw_only=True)
class RealResult:
    """The claims at one trained network.

    Attributes
    ----------
    label : str
        Which network.
    residual : float
        max |r| after training; it widens every error bound.
    iterations : int
        Gauss-Newton steps.
    lines : tuple of RealLine
        One for each claim that applies.
    skipped : tuple of str
        Claims left out for the size of the network.
    """

    label: str
    residual: float
    iterations: int
    lines: tuple[RealLine, ...]
    skipped: tuple[str, ...]


def real_instances(
    theorems: tuple[Theorem, ...],
    X: Matrix,
    y: Matrix,
    *,
    loss: Loss,
    activations: tuple[str, ...],
    seed: int,
    progress: Callable[[str, int, int], None],
) -> list[RealResult]:
    """Train a network for each activation, and judge every claim there.

    Parameters
    ----------
    theorems : tuple of Theorem
        Whose claims.
    X, y : arrays
        Data, as `TwoLayerProblem` takes it.
    loss : Loss
        The loss of the claims; training is by squared loss, on indicators for the
        others.
    activations : tuple of str
        Networks to train, 32 hidden units each.
    seed : int
        Of the initial θ and of the extra data.
    progress : callable
        Told (stage, done, of).

    Raises
    ------
    ConvergenceError
        If a network does not interpolate.
    """
    t = targets(y, loss=loss, n=len(X), outputs=None)
    results = []
    for name in activations:
        trained = train(
            get_activation(name),
            X,
            t,
            width=WIDTH,
            seed=seed,
            progress=lambda done, of: progress("training", done, of),
        )
        squared = loss.targets == "real"
        spread = np.full((1, *t.shape), trained.residual)
        at = Instances(
            activation=get_activation(name),
            loss=loss,
            x=X[None],
            theta=trained.theta[None],
            width=WIDTH,
            outputs=t.shape[1],
            t=None if squared else t[None],
            residual=0 * spread if squared else None,
            residual_error=spread if squared else None,
        )
        lines, skipped = _judged(theorems, at, seed, progress)
        results.append(
            RealResult(
                label=f"{name} ({WIDTH} units)",
                residual=trained.residual,
                iterations=trained.iterations,
                lines=lines,
                skipped=skipped,
            )
        )
    return results


def _judged(
    theorems: tuple[Theorem, ...],
    at: Instances,
    seed: int,
    progress: Callable[[str, int, int], None],
) -> tuple[tuple[RealLine, ...], tuple[str, ...]]:
    drawn = draw(at, np.random.default_rng(seed))
    whole = Quantities(at)
    few = Quantities(_first_samples(at))
    lines, skipped = [], []
    for done, theorem in enumerate(theorems):
        progress("trained networks", done, len(theorems))
        q = few if theorem.id in _ALL_SAMPLES_TOO_MANY else whole
        for claim in theorem.claims:
            if not applicable(claim, q) or "critical" in claim.assumes:
                continue
            if claim.dear and q.p > LARGE:
                skipped.append(f"{theorem.id}({claim.label})")
                continue
            lines.append(_line(theorem.id, claim, q, drawn))
    return tuple(lines), tuple(dict.fromkeys(skipped))


def _line(theorem: str, claim: Claim, q: Quantities, drawn: Drawn) -> RealLine:
    outcome = judge(claim, q, drawn)
    return RealLine(
        theorem=theorem,
        label=claim.label,
        relation=claim.law.relation,
        judged=bool(outcome.judged[0]),
        broken=bool(outcome.broken[0]),
        ratio=float(outcome.ratio[0]),
        left=float(outcome.left[0]),
        right=float(outcome.right[0]),
        bound=float(outcome.bound[0]),
    )


def _first_samples(at: Instances) -> Instances:
    def cut(array: Matrix | None) -> Matrix | None:
        return None if array is None else array[:, :FEW]

    return replace(
        at,
        x=at.x[:, :FEW],
        t=cut(at.t),
        residual=cut(at.residual),
        residual_error=cut(at.residual_error),
    )
