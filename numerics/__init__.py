"""Exact numbers in float64, and the engine that tries to break each theorem."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .._lazy import attach

if TYPE_CHECKING:
    from . import strategies as strategies
    from .instances import Instance
    from .refute import Settings
    from .run import Run, verify
    from .spectrum import Spectrum
    from .training import Trained, train
    from .two_layer import TwoLayerProblem

__all__ = [
    "Instance",
    "Run",
    "Settings",
    "Spectrum",
    "Trained",
    "TwoLayerProblem",
    "train",
    "verify",
]

if not TYPE_CHECKING:
    _load, __dir__ = attach(
        __name__,
        {
            "Instance": ".instances",
            "Run": ".run",
            "Settings": ".refute",
            "Spectrum": ".spectrum",
            "Trained": ".training",
            "TwoLayerProblem": ".two_layer",
            "train": ".training",
            "verify": ".run",
        },
    )

    def __getattr__(name: str) -> Any:
        """A public name, or the module of strategies, which loads Hypothesis."""
        if name == "strategies":
            return import_module(".strategies", __name__)
        return _load(name)
