"""What a run of `landtheory reproduce` is asked for, and what its preset makes of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ...errors import InputError
from .statements import STATEMENTS

__all__ = ["ORDER", "PRESETS", "Preset", "ReproduceSettings", "stages_of"]

APART = 1000
"""Data seeds of two neighbouring user seeds lie so far apart: no run shares a split with
another."""


@dataclass(frozen=True, kw_only=True)
class Preset:
    """How much of everything is run.

    Attributes
    ----------
    seeds : int
        Data splits of the main minima.
    fractions : tuple of float
        Attack samples by clean ones.
    splits, starts : int
        Data splits and random starts of each, on clean data alone.
    schemes : tuple of str
        Initialisations, each with every optimiser.
    optimiser_seeds : int
        Data splits for these.
    scales : tuple of float
        Of He's initialisation.
    sigmas : tuple of float
        Moves away from a bad minimum, in units of ‖θ‖.
    near_optimisers : tuple of str
        From there.
    treatments : tuple of str
        How training goes on from bad minima.
    networks : tuple of str
        Other sizes.
    volume_seeds : int
        Splits for which volumes are sampled.
    dampings : tuple of float
        δ of the sampled volumes.
    directions : int
        Rays of each.
    learning_seeds : int
        Splits for the learning coefficient.
    convolutional : tuple of str
        Convolutional networks.
    close : tuple of str
        Those of them of which a few are looked at more closely.
    """

    seeds: int
    fractions: tuple[float, ...]
    splits: int
    starts: int
    schemes: tuple[str, ...]
    optimiser_seeds: int
    scales: tuple[float, ...]
    sigmas: tuple[float, ...]
    near_optimisers: tuple[str, ...]
    treatments: tuple[str, ...]
    networks: tuple[str, ...]
    volume_seeds: int
    dampings: tuple[float, ...]
    directions: int
    learning_seeds: int
    convolutional: tuple[str, ...]
    close: tuple[str, ...]

    def without(self, stage: str) -> bool:
        """Whether this preset leaves a stage out."""
        wanted = {
            "convolutional": self.convolutional,
            "closer": self.close,
            "escape": self.treatments,
        }
        return not wanted.get(stage, True)


PRESETS = {
    "quick": Preset(
        seeds=5,
        fractions=(0.0, 0.25, 0.5, 1.0, 2.0),
        splits=3,
        starts=60,
        schemes=("kaiming", "small"),
        optimiser_seeds=3,
        scales=(1.0, 4.0),
        sigmas=(0.05, 0.25, 1.0),
        near_optimisers=("gd", "adam"),
        treatments=("none", "weight decay 0.01"),
        networks=("relu:16", "relu:64", "relu:32,32"),
        volume_seeds=2,
        dampings=(0.1, 0.001),
        directions=64,
        learning_seeds=1,
        convolutional=("lenet",),
        close=(),
    ),
    "full": Preset(
        seeds=15,
        fractions=(0.0, 0.25, 0.5, 1.0, 2.0, 3.0),
        splits=12,
        starts=60,
        schemes=("kaiming", "xavier", "lecun", "orthogonal", "small"),
        optimiser_seeds=5,
        scales=(0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0),
        sigmas=(0.0, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0),
        near_optimisers=("gd", "sgd", "adam"),
        treatments=(
            "none",
            "small batches",
            "label noise 0.5",
            "weight decay 0.001",
            "weight decay 0.01",
        ),
        networks=(
            "relu:16",
            "relu:32",
            "relu:64",
            "relu:128",
            "relu:256",
            "relu:16,16",
            "relu:32,32",
            "relu:64,64",
            "relu:128,128",
        ),
        volume_seeds=4,
        dampings=(0.1, 0.01, 0.001),
        directions=128,
        learning_seeds=5,
        convolutional=("lenet", "resnet8:none", "resnet8:batch", "resnet8:group"),
        close=("lenet", "resnet8:group"),
    ),
}
"""By the name that users give."""


@dataclass(frozen=True, kw_only=True)
class ReproduceSettings:
    """All that the result depends on, beside machine and version.

    Attributes
    ----------
    claims : tuple of str
        Names of claims, in the order of the report.
    preset : str
        One of `PRESETS`.
    seed : int
        Of every random choice.

    Raises
    ------
    InputError
        If there is no such claim or preset.
    """

    claims: tuple[str, ...]
    preset: str
    seed: int

    def __post_init__(self) -> None:
        if self.preset not in PRESETS:
            raise InputError(
                f"preset is {self.preset!r}; expected one of {', '.join(PRESETS)}"
            )
        unknown = [claim for claim in self.claims if claim not in STATEMENTS]
        if unknown or not self.claims:
            shown = ",".join(unknown)
            raise InputError(
                f"claim is {shown!r}; expected some of {', '.join(STATEMENTS)}"
            )

    @property
    def first_seed(self) -> int:
        """The first data seed."""
        return APART * self.seed

    def record(self) -> dict[str, Any]:
        """Values that JSON can hold."""
        return asdict(self) | {"claims": list(self.claims)}


def stages_of(claims: Sequence[str], preset: Preset) -> tuple[str, ...]:
    """The stages that some claims need, in the order in which they are run.

    Parameters
    ----------
    claims : sequence of str
        Keys of `STATEMENTS`.
    preset : Preset
        Which may leave a stage out.
    """
    wanted = {stage for claim in claims for stage in STATEMENTS[claim].stages}
    return tuple(
        stage
        for stage in ORDER
        if (stage in wanted or (stage == "minima" and RESTING & wanted))
        and not preset.without(stage)
    )


RESTING = {"rescaling", "near", "escape", "lines", "volumes", "learning", "check"}
"""Stages that look at the minima of another one."""

ORDER = (
    "minima",
    "rescaling",
    "check",
    "within",
    "starts",
    "scales",
    "near",
    "escape",
    "lines",
    "sizes",
    "entropy",
    "volumes",
    "learning",
    "convolutional",
    "closer",
)
"""Of the stages; those that rest on the minima come after them."""
