"""Worlds: the kinds of things that claims speak of, and explicit instances of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

__all__ = ["NETWORKS", "WORLDS", "WorldExample"]

NETWORKS: Final = "two-layer"

WORLDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        NETWORKS: "two-layer networks with their data, at θ off the kinks, in floating"
        " point with error bounds",
        "quadratic-forms": "two positive semi-definite quadratic forms with rational"
        " eigenvalues, a height, a ball, a Gaussian and two centres, in ball arithmetic",
        "linear-networks": "linear networks x ↦ AWx with rational weights and data, in"
        " exact arithmetic",
        "gaussian-networks": "two-layer networks with rational weights on Gaussian"
        " inputs, averages in closed form, in ball arithmetic",
        "global-minima": "student and teacher alike on Gaussian inputs, orthonormal, with"
        " a direction; the Hessian from moments, in ball arithmetic",
        "populations": "students and teachers with rational weights on Gaussian inputs,"
        " population losses by quadrature, exact moments and series, in ball arithmetic",
        "spurious-minima": "certificates of spurious minima for k neurons, with a point"
        " of the box and a direction; series of the loss in ball arithmetic",
        "posteriors": "Gaussian posteriors on quadratics, and finite learning tasks with"
        " every sample enumerated, in ball arithmetic",
        "path-norm-classes": "path-norm balls on a few inputs, and finite learning"
        " tasks: all signs and samples enumerated, in exact and ball arithmetic",
        "linear-dynamics": "gradient descent on n quadratics with rational Hessians, a"
        " batch size, a step and a start: batches enumerated, eigenvalues in ball"
        " arithmetic",
    }
)
"""What a claim may speak of, with what is drawn there and how it is judged."""


@dataclass(frozen=True, kw_only=True)
class WorldExample:
    """An explicit instance of a world other than the two-layer networks.

    Attributes
    ----------
    world : str
        A name from `WORLDS`.
    values : mapping
        Its numbers by name: integers, Fractions, and nested tuples of them.
    """

    world: str
    values: Mapping[str, Any]

    def but(self, **changes: Any) -> "WorldExample":
        """The same with some values replaced."""
        return replace(self, values={**self.values, **changes})
