"""A counterexample as a value: it can be written down, read back and replayed."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..theory.activations import get_activation
from ..theory.losses import get_loss
from ..theory.theorems import Claim
from .bounded import exact
from .drawn import Drawn, Layers
from .forward import Array
from .instances import Instances
from .judge import judge
from .quantities import Quantities
from .worlds.counterexample import world_replay

__all__ = ["Counterexample", "counterexample", "replay"]

_ARRAYS = (
    *("x", "theta", "t", "target_error", "residual", "residual_error"),
    "output_hessian",
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Counterexample:
    """One instance at which a claim fails, with both sides.

    Attributes
    ----------
    instances : Instances
        A batch of one.
    drawn : Drawn
        Its extra data.
    left, right, bound : float
        Both sides at the worst entry, and the error bound on their difference.
    """

    instances: Instances
    drawn: Drawn
    left: float
    right: float
    bound: float

    def record(self) -> dict[str, Any]:
        """The same as plain numbers and names; floats survive JSON unchanged."""
        at = self.instances
        arrays = {
            name: array[0].tolist()
            for name in _ARRAYS
            if (array := getattr(at, name)) is not None
        }
        drawn = {
            name: getattr(self.drawn, name)[0].tolist()
            for name in (
                "alpha",
                "beta",
                "permutation",
                "flips",
                "neighbour",
                "first",
                "second",
                "middle",
            )
        }
        drawn["v"] = self.drawn.v.value[0].tolist()
        layers = self.drawn.layers
        drawn["layers"] = {
            name: getattr(layers, name)[0].tolist() for name in ("V", "e", "B")
        }
        return {
            "activation": at.activation.name,
            "loss": at.loss.name,
            "width": at.width,
            "outputs": at.outputs,
            **arrays,
            "drawn": drawn,
            "left": self.left,
            "right": self.right,
            "bound": self.bound,
        }


def counterexample(
    claim: Claim, instances: Instances, drawn: Drawn
) -> Counterexample | None:
    """Make a counterexample of a batch of one where the claim is broken there."""
    outcome = judge(claim, Quantities(instances), drawn)
    if not outcome.broken[0]:
        return None
    return Counterexample(
        instances=instances,
        drawn=drawn,
        left=float(outcome.left[0]),
        right=float(outcome.right[0]),
        bound=float(outcome.bound[0]),
    )


def replay(claim: Claim, record: dict[str, Any]) -> bool:
    """Whether a recorded counterexample still breaks the claim.

    Parameters
    ----------
    claim : Claim
        The claim that it is said to break.
    record : dict
        From `Counterexample.record`, or from a `WorldCounterexample`'s.
    """
    if "world" in record:
        return world_replay(claim, record)
    arrays: dict[str, Any] = {
        name: np.array(record[name], dtype=np.float64)[None]
        for name in _ARRAYS
        if name in record
    }
    instances = Instances(
        activation=get_activation(record["activation"]),
        loss=get_loss(record["loss"]),
        width=record["width"],
        outputs=record["outputs"],
        **arrays,
    )
    return counterexample(claim, instances, _drawn(record["drawn"])) is not None


def _drawn(record: dict[str, Any]) -> Drawn:
    plain: dict[str, Array] = {
        name: np.array(value)[None]
        for name, value in record.items()
        if name not in ("v", "layers")
    }
    layers = {
        name: np.array(value, dtype=np.float64)[None]
        for name, value in record["layers"].items()
    }
    return Drawn(v=exact(np.array([record["v"]])), layers=Layers(**layers), **plain)
