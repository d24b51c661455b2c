"""Exact numbers in float64, and the engine that tries to break each theorem."""

from typing import TYPE_CHECKING

from .._lazy import attach

if TYPE_CHECKING:
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
    __getattr__, __dir__ = attach(
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
