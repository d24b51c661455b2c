"""Hypothesis against the catalogue: draw, judge every claim that applies, shrink."""

from collections.abc import Callable
from itertools import count
from random import Random

import numpy as np
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy, one_of

from ..theory.activations import get_activation
from ..theory.theorems import Claim
from .counterexample import Counterexample, counterexample
from .drawn import draw
from .instances import Instance, Instances
from .judge import applicable, judge
from .quantities import Quantities
from .strategies import (
    critical_instances,
    instances,
    interpolating_instances,
)
from .targets import targets

__all__ = ["as_batch", "search"]


def as_batch(instance: Instance) -> Instances:
    """One instance as a batch of one."""
    t = None
    if instance.residual is None:
        t = targets(
            instance.y, loss=instance.loss, n=len(instance.x), outputs=instance.outputs
        )[None]
    residual = instance.residual
    return Instances(
        activation=instance.activation,
        loss=instance.loss,
        x=instance.x[None],
        theta=instance.theta[None],
        width=instance.width,
        outputs=instance.outputs,
        t=t,
        residual=None if residual is None else residual[None],
    )


def search(
    claims: list[Claim],
    *,
    activations: tuple[str, ...],
    losses: tuple[str, ...],
    examples: int,
    seed: int,
    directory: str,
    progress: Callable[[int], None],
) -> tuple[list[int], Claim | None, Counterexample | None]:
    """Look for an instance that breaks any of the claims, and shrink it.

    Parameters
    ----------
    claims : list of Claim
        Judged together on every instance drawn.
    activations, losses : tuples of str
        Networks to draw.
    examples : int
        How many instances.
    seed : int
        Of the draws.
    directory : str
        Where Hypothesis may leave its files.
    progress : callable
        Told how many instances were drawn, before each; what it raises ends the search,
        if Hypothesis lets it pass: KeyboardInterrupt does.

    Returns
    -------
    judged : list of int
        At how many instances each claim was judged.
    claim, counterexample : or None, None
        The first claim that broke, and the shrunk instance.
    """
    set_hypothesis_home_dir(directory)
    judged = [0] * len(claims)
    broken: list[Claim] = []
    drawn_so_far = count()

    def breaks(instance: Instance) -> bool:
        progress(next(drawn_so_far))
        batch = as_batch(instance)
        q = Quantities(batch)
        drawn = draw(batch, np.random.default_rng(seed))
        for place, claim in enumerate(claims):
            if (broken and claim is not broken[0]) or not applicable(claim, q):
                continue
            outcome = judge(claim, q, drawn)
            judged[place] += int(outcome.judged[0])
            if outcome.broken[0]:
                broken[:] = [claim]
                return True
        return False

    try:
        found = find(
            _candidates(claims, activations, losses),
            breaks,
            settings=settings(
                max_examples=examples,
                database=None,
                deadline=None,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
            ),
            random=Random(seed),  # noqa: S311 - Hypothesis asks for this generator
        )
    except NoSuchExample:
        return judged, None, None
    batch = as_batch(found)
    drawn = draw(batch, np.random.default_rng(seed))
    return judged, broken[0], counterexample(broken[0], batch, drawn)


def _candidates(
    claims: list[Claim], activations: tuple[str, ...], losses: tuple[str, ...]
) -> SearchStrategy[Instance]:
    """Free instances, and those that the claims assume something of."""
    assumed = {name for claim in claims for name in claim.assumes}
    kinds = [instances(activations=activations, losses=losses)]
    if "squared" in losses:
        if "interpolation" in assumed:
            kinds.append(interpolating_instances(activations=activations))
        bent = tuple(a for a in activations if get_activation(a).homogeneous)
        if "critical" in assumed and bent:
            kinds.append(critical_instances(activations=bent))
    return one_of(kinds)
