"""Certificates of spurious minima, made once, and ways to spoil them."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from landtheory.numerics.population.certificates import Certificate
from landtheory.numerics.population.landscape import Landscape
from landtheory.numerics.population.spurious import certify_spurious_minimum


@cache
def certified(k: int = 6) -> Any:
    """What certifies a spurious minimum of k neurons."""
    found = certify_spurious_minimum(k, seed=0)
    assert found is not None
    return found


def at(W: Any, **changes: Any) -> Certificate:
    """The certificate of 6 neurons, moved to another centre."""
    rows = tuple(tuple(f"{x:.20f}" for x in row) for row in W)
    return replace(certified().certificate, k=len(W), centre=rows, **changes)


def claims_at(W: Any, width: float) -> dict[str, tuple[str, str]]:
    """Bounds of the given width around float64 figures at a point, to be claimed."""
    landscape = Landscape(activation="relu", teacher=np.eye(len(W)))
    eigenvalues = np.linalg.eigvalsh(landscape.hessian(W))
    return {
        name: (f"{x - width:.20f}", f"{x + width:.20f}")
        for name, x in (
            ("loss", landscape.loss(W)),
            ("lambda_min", eigenvalues[0]),
            ("lambda_max", eigenvalues[-1]),
        )
    }
