"""The claims on networks trained on real data."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..errors import ConvergenceError
from ..theory.activations import get_activation
from ..theory.losses import Loss
from ..theory.theorems import Claim, Theorem
from .arrays import Matrix
from .counterexample import Counterexample
from .drawn import Drawn, draw
from .forward import parameter_count
from .instances import Instances
from .judge import applicable, judge
from .memory import refuse_if_too_large
from .quantities import Quantities
from .targets import targets
from .training import steps_within, train

__all__ = ["RealLine", "RealResult", "real_instances", "refuse_large_data"]

WIDTH = 32
FEW = 2
LARGE = 600
"""Beyond this p, a claim that needs a spectrum of its own is left out."""

MATRICES = 4
"""Matrices of all parameters or all samples that are held at once."""

_ALL_SAMPLES_TOO_MANY = frozenset(("T01", "T27"))


@dataclass(frozen=True, kw_only=True)
class RealLine:
    """One claim at one trained network.

    Attributes
    ----------
    theorem, label, relation : str
        Which claim.
    judged, broken : bool
        Whether both sides are enclosed, and whether it fails beyond all rounding.
    ratio, left, right, bound : float
        As in `Outcome`.
    found : Counterexample or None
        The network with its data, where the claim is broken.
    """

    theorem: str
    label: str
    relation: str
    judged: bool
    broken: bool
    ratio: float
    left: float
    right: float
    bound: float
    found: Counterexample | None = None


@dataclass(frozen=True, kw_only=True)
class RealResult:
    """The claims at one trained network.

    Attributes
    ----------
    label : str
        Which network.
    residual : float
        max |r| after training; it widens every error bound; nan if there is no network.
    iterations : int
        Gauss-Newton steps.
    lines : tuple of RealLine
        One for each claim that applies.
    skipped : tuple of str
        Claims left out for the size of the network.
    untrained : str or None
        Why there is no such network, where training did not interpolate the data: its
        claims are then judged nowhere, and nothing is said of them.
    """

    label: str
    residual: float
    iterations: int
    lines: tuple[RealLine, ...]
    skipped: tuple[str, ...]
    untrained: str | None = None


def refuse_large_data(X: Matrix, y: Matrix, *, loss: Loss) -> None:
    """Refuse data that the networks cannot be trained and judged on in memory.

    Parameters
    ----------
    X, y : arrays
        Data, as `TwoLayerProblem` takes it.
    loss : Loss
        Which decides what y means.

    Raises
    ------
    InputError
        If they are so large.
    """
    C = targets(y, loss=loss, n=len(X), outputs=None).shape[1]
    gram = len(X) * C
    refuse_if_too_large(
        "NTK Gram matrix of the data", (MATRICES, gram, gram), "use fewer samples"
    )
    p = parameter_count(inputs=X.shape[1], width=WIDTH, outputs=C)
    refuse_if_too_large(
        "Hessian on the data", (MATRICES, p, p), "use fewer inputs or outputs"
    )


def real_instances(
    theorems: tuple[Theorem, ...],
    X: Matrix,
    y: Matrix,
    *,
    loss: Loss,
    activations: tuple[str, ...],
    budget: float,
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
    budget : float
        Nominal seconds of training, for all networks together.
    seed : int
        Of the initial θ and of the extra data.
    progress : callable
        Told (stage, done, of).

    Returns
    -------
    list of RealResult
        One for each activation; a network that does not interpolate says why.
    """
    t = targets(y, loss=loss, n=len(X), outputs=None)
    results = []
    steps = steps_within(budget / len(activations), t.size)
    for name in activations:
        label = f"{name} ({WIDTH} units)"
        try:
            trained = train(
                get_activation(name),
                X,
                t,
                width=WIDTH,
                seed=seed,
                max_iterations=steps,
                progress=lambda done, of: progress("training", done, of),
            )
        except ConvergenceError as error:
            missing = RealResult(
                label=label,
                residual=float("nan"),
                iterations=0,
                lines=(),
                skipped=(),
                untrained=str(error),
            )
            results.append(missing)
            continue
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
                label=label,
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
    broken = bool(outcome.broken[0])
    sides = {
        name: float(getattr(outcome, name)[0]) for name in ("left", "right", "bound")
    }
    return RealLine(
        theorem=theorem,
        label=claim.label,
        relation=claim.law.relation,
        judged=bool(outcome.judged[0]),
        broken=broken,
        ratio=float(outcome.ratio[0]),
        found=(
            Counterexample(instances=q.instances, drawn=drawn, **sides)
            if broken
            else None
        ),
        **sides,
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
