"""Worlds: what claims about other things than two-layer networks are judged on.

One file a world: what an instance is, how it is drawn, enclosed, simplified and written
down. Nothing in them is rounded without a bound, so that whatever they refute is
certified.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from .gaussian_networks import GAUSSIAN_NETWORKS
from .global_minima import GLOBAL_MINIMA
from .linear_dynamics import LINEAR_DYNAMICS
from .linear_networks import LINEAR_NETWORKS
from .path_norm_classes import PATH_NORM_CLASSES
from .populations import POPULATIONS
from .posteriors import POSTERIORS
from .quadratic_forms import QUADRATIC_FORMS
from .spurious_minima import SPURIOUS_MINIMA
from .world import World

__all__ = ["WORLDS", "World", "get_world"]

WORLDS: Final[Mapping[str, World[Any]]] = MappingProxyType(
    {
        world.name: world
        for world in (
            QUADRATIC_FORMS,
            LINEAR_NETWORKS,
            LINEAR_DYNAMICS,
            GAUSSIAN_NETWORKS,
            PATH_NORM_CLASSES,
            POSTERIORS,
            POPULATIONS,
            GLOBAL_MINIMA,
            SPURIOUS_MINIMA,
        )
    }
)
"""Every world but the two-layer networks, by name."""


def get_world(name: str) -> World[Any]:
    """Return the world with that name.

    Raises
    ------
    KeyError
        If there is none.
    """
    return WORLDS[name]
