"""Small problems with pairwise different sizes, for every activation and loss."""

from typing import Any

import numpy as np

from landtheory.numerics import TwoLayerProblem
from landtheory.theory import ACTIVATIONS

LOSSES = (("squared", 1), ("squared", 2), ("logistic", 1), ("softmax", 3))
CASES = [(activation, loss, C) for activation in ACTIVATIONS for loss, C in LOSSES]


def make(
    activation: Any,
    loss: str,
    C: int,
    *,
    n: int = 7,
    d: int = 3,
    m: int = 4,
    seed: int = 0,
) -> tuple[TwoLayerProblem, np.ndarray, np.ndarray, np.ndarray]:
    """A problem, θ, and its X and Y."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, d))
    if loss == "squared":
        Y = rng.standard_normal((n, C))
    else:
        Y = rng.integers(0, 2 if loss == "logistic" else C, n)
    problem = TwoLayerProblem(
        X, Y, activation=activation, loss=loss, width=m, outputs=C
    )
    return problem, 0.7 * rng.standard_normal(problem.p), X, Y
