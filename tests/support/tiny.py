"""A preset of a few networks, so that a whole reproduction takes seconds."""

from collections.abc import Iterator
from contextlib import contextmanager

from landtheory.deep.reproduce.settings import PRESETS, Preset

TINY = Preset(
    seeds=2,
    fractions=(0.0, 2.0),
    splits=1,
    starts=4,
    schemes=("small",),
    optimiser_seeds=1,
    scales=(1.0, 4.0),
    sigmas=(0.05, 1.0),
    near_optimisers=("adam",),
    treatments=(),
    networks=("relu:16",),
    volume_seeds=1,
    dampings=(0.1,),
    directions=4,
    learning_seeds=0,
    convolutional=(),
    close=(),
)


@contextmanager
def tiny_preset() -> Iterator[None]:
    """Known as tiny for a while."""
    PRESETS["tiny"] = TINY
    try:
        yield
    finally:
        del PRESETS["tiny"]
