"""Settings of a deep-spectrum run that takes a moment."""

from typing import Any

from landtheory.deep.runs.settings import SpectrumSettings

__all__ = ["settings"]

TINY: dict[str, Any] = {
    "model": "two-layer",
    "data": "moons",
    "weights": None,
    "train": True,
    "epochs": 2,
    "initialisation": "default",
    "operator": "hessian",
    "k": 3,
    "which": "LM",
    "tol": 1e-3,
    "density": True,
    "trace": True,
    "volume": False,
    "layers": False,
    "classes": False,
    "probes": None,
    "steps": None,
    "damping": 1e-3,
    "height": 0.1,
    "device": "cpu",
    "dtype": "float64",
    "batch_size": None,
    "samples": 40,
    "seed": 0,
}


def settings(**changed: Any) -> SpectrumSettings:
    """The tiny run, with something changed."""
    return SpectrumSettings(**TINY | changed)
