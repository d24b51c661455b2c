"""Exact numbers in float64, and the engine that tries to break each theorem."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .._lazy import attach

if TYPE_CHECKING:
    from . import strategies as strategies
    from .conjectures.falsification import Falsification
    from .conjectures.falsifier import falsify
    from .instances import Instance
    from .refute import Settings
    from .run import Run, verify
    from .spectrum import Spectrum
    from .training import Trained, train
    from .two_layer import TwoLayerProblem
    from .volume import LogVolume, ellipsoid_log_volume, log_volume

__all__ = [
    "Falsification",
    "Instance",
    "LogVolume",
    "Run",
    "Settings",
    "Spectrum",
    "Trained",
    "TwoLayerProblem",
    "ellipsoid_log_volume",
    "falsify",
    "log_volume",
    "train",
    "verify",
]

if not TYPE_CHECKING:
    _load, __dir__ = attach(
        __name__,
        {
            "Falsification": ".conjectures.falsification",
            "Instance": ".instances",
            "LogVolume": ".volume",
            "Run": ".run",
            "Settings": ".refute",
            "Spectrum": ".spectrum",
            "Trained": ".training",
            "TwoLayerProblem": ".two_layer",
            "ellipsoid_log_volume": ".volume",
            "falsify": ".conjectures.falsifier",
            "log_volume": ".volume",
            "train": ".training",
            "verify": ".run",
        },
    )

    def __getattr__(name: str) -> Any:
        """A public name, or the module of strategies, which loads Hypothesis."""
        if name == "strategies":
            return import_module(".strategies", __name__)
        return _load(name)
