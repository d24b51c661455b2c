"""Batches drawn for one claim alone: for mutants that survive, and claims never met."""

from collections.abc import Iterator, Sequence

import numpy as np

from ..theory.activations import get_activation
from ..theory.losses import get_loss
from ..theory.theorems import Claim
from .drawn import Drawn, draw
from .instances import Instances
from .judge import applicable
from .quantities import Quantities
from .sampling import Regime, Shape, sample

__all__ = ["own_batches"]


def own_batches(
    claim: Claim,
    names: Sequence[str],
    losses: Sequence[str],
    rng: np.random.Generator,
    *,
    batches: int,
    count: int,
) -> Iterator[tuple[Instances, Drawn, Quantities]]:
    """Batches that a claim speaks of, in the regime that it assumes.

    Parameters
    ----------
    claim : Claim
        Whose.
    names, losses : sequences of str
        The activations and losses to choose from.
    rng : numpy.random.Generator
        Where every choice comes from.
    batches, count : int
        How many batches, and how many instances in each.

    Yields
    ------
    instances, drawn, q
        A batch, its extra data, and its quantities.
    """
    regime: Regime = "free"
    if "critical" in claim.assumes:
        regime = "critical"
    elif "interpolation" in claim.assumes:
        regime = "interpolation"
    for _ in range(batches):
        name = names[int(rng.integers(len(names)))]
        loss = get_loss(losses[int(rng.integers(len(losses)))])
        if loss.name != "squared" and regime != "free":
            continue
        C = {
            "squared": 1 + int(claim.outputs == "any" and rng.integers(2)),
            "logistic": 1,
        }.get(loss.name, int(rng.integers(2, 4)))
        n, d, m = (int(size) for size in rng.integers(1, 5, 3))
        instances = sample(
            get_activation(name), loss, Shape(n=n, d=d, m=m, C=C), regime, count, rng
        )
        if not len(instances):
            continue
        drawn, q = draw(instances, rng), Quantities(instances)
        if applicable(claim, q):
            yield instances, drawn, q
