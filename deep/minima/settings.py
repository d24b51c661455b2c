"""What a run of `landtheory minima` is asked for."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

from ...errors import InputError
from .attack import LABELS
from .losses import check_loss
from .starts import STARTS

__all__ = ["MinimaSettings"]

DTYPES = ("float32", "float64")
"""Others are too coarse for a loss of 0.001 to be matched."""


@dataclass(frozen=True, kw_only=True)
class MinimaSettings:
    """All that the result depends on, beside the contents of files.

    Attributes
    ----------
    model, data : str
        As `build_network` and `load_data` take them.
    attack : tuple of float
        Fractions of attack samples by clean ones.
    seeds : int
        How many, from `seed` on.
    seed : int
        The first; also of the data, where they are generated.
    samples : int
        Clean ones.
    labels, loss, initialisation : str
        One of `LABELS`, `LOSSES` and `STARTS`.
    device, dtype : str
        As `choose_device` takes it; float32 or float64.

    Raises
    ------
    InputError
        If one of them is out of its range.
    """

    model: str
    data: str
    attack: tuple[float, ...]
    seeds: int
    seed: int
    samples: int
    labels: str
    loss: str
    initialisation: str
    device: str
    dtype: str

    def __post_init__(self) -> None:
        check_loss(self.loss)
        for name, known in (
            ("labels", LABELS),
            ("initialisation", STARTS),
            ("dtype", DTYPES),
        ):
            if getattr(self, name) not in known:
                raise InputError(
                    f"{name} is {getattr(self, name)!r}; expected one of "
                    f"{', '.join(known)}"
                )
        for name in ("seeds", "samples"):
            if getattr(self, name) < 1:
                raise InputError(
                    f"{name} is {getattr(self, name)}; expected an integer >= 1"
                )
        fine = all(fraction >= 0 and isfinite(fraction) for fraction in self.attack)
        if not (fine and self.attack and len(set(self.attack)) == len(self.attack)):
            shown = ",".join(f"{fraction:g}" for fraction in self.attack)
            raise InputError(
                f"attack is {shown!r}; expected different fractions >= 0 between commas"
            )

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "MinimaSettings":
        """The settings that `record` told."""
        return cls(**{**record, "attack": tuple(record["attack"])})

    @property
    def pool(self) -> int:
        """Attack samples of the largest fraction."""
        return int(max(self.attack) * self.samples + 0.5)

    @property
    def all_seeds(self) -> range:
        """Each of them."""
        return range(self.seed, self.seed + self.seeds)

    def record(self) -> dict[str, Any]:
        """Values that JSON can hold."""
        return asdict(self) | {"attack": list(self.attack)}
