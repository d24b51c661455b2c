"""What a deep-spectrum run is asked for."""

from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any

from ...errors import InputError
from ..devices import DTYPES
from ..estimators.ends import check_which
from ..models.initialisation import INITIALISATIONS

__all__ = ["OPERATORS", "SpectrumSettings"]

OPERATORS = ("hessian", "ggn", "fisher")
"""Hessian, Gauss-Newton matrix, exact Fisher matrix."""


@dataclass(frozen=True, kw_only=True)
class SpectrumSettings:
    """All that the result of a run depends on, beside the contents of files.

    Attributes
    ----------
    model, data : str
        As `build_model` and `load_data` take them.
    weights : str or None
        A file, as `load_weights` takes it.
    train : bool
        Whether to train first, by `recipe_for` the model.
    epochs : int or None
        Other than the recipe's.
    initialisation : str
        One of `INITIALISATIONS`.
    operator : str
        One of `OPERATORS`.
    k, which, tol : int, str, float
        As `top_eigenvalues` takes them.
    density, trace, volume, layers, classes : bool
        What else is wanted.
    probes, steps : int or None
        Of the density; by the rule of `split_products` where None.
    damping, height : float
        δ and ε of the log-volume.
    device, dtype : str
        As `choose_device` and `choose_dtype` take them.
    batch_size, samples : int or None
        Of a micro-batch, and of the data; as many as fit, and all.
    seed : int
        Where every random choice comes from.

    Raises
    ------
    InputError
        If one of them is out of its range.
    """

    model: str
    data: str
    weights: str | None
    train: bool
    epochs: int | None
    initialisation: str
    operator: str
    k: int
    which: str
    tol: float
    density: bool
    trace: bool
    volume: bool
    layers: bool
    classes: bool
    probes: int | None
    steps: int | None
    damping: float
    height: float
    device: str
    dtype: str
    batch_size: int | None
    samples: int | None
    seed: int

    def __post_init__(self) -> None:
        for name, known in (
            ("operator", OPERATORS),
            ("dtype", tuple(DTYPES)),
            ("initialisation", INITIALISATIONS),
        ):
            if getattr(self, name) not in known:
                raise InputError(
                    f"{name} is {getattr(self, name)!r}; expected one of "
                    f"{', '.join(known)}"
                )
        check_which(self.which)
        self._check_numbers()
        if self.epochs is not None and not self.train:
            raise InputError(
                f"epochs is {self.epochs} without training; expected --train with it, "
                "or no --epochs"
            )

    def record(self) -> dict[str, Any]:
        """Values that JSON can hold."""
        return asdict(self)

    def _check_numbers(self) -> None:
        for name in ("k", "epochs", "probes", "steps", "batch_size", "samples"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise InputError(f"{name} is {value}; expected an integer >= 1")
        if not 0 < self.tol < 1:
            raise InputError(f"tol is {self.tol!r}; expected a number between 0 and 1")
        for name in ("damping", "height"):
            value = getattr(self, name)
            if not (value > 0 and isfinite(value)):
                raise InputError(f"{name} is {value!r}; expected a positive number")
