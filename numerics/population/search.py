"""The search for spurious minima, in float64, from random starts."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from .kernels import Array
from .landscape import Landscape
from .symmetric import basis, student

__all__ = ["STARTS", "Candidate", "find_spurious_minimum"]

STARTS = 40
"""Random starts, unless more are asked for."""

POSITIVE = 1e-6
"""Losses and eigenvalues below it are taken for 0: float64 leaves errors near 1e-15."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What a search found: the five numbers of `symmetric`, and float64 figures."""

    z: Array
    loss: float
    lambda_min: float
    lambda_max: float


def find_spurious_minimum(
    k: int, rng: np.random.Generator, *, starts: int = STARTS
) -> Candidate | None:
    """A local minimum with positive loss of k ReLU neurons with teacher I_k.

    Quasi-Newton descent within the family of `symmetric`, then Newton's steps; kept if
    the whole Hessian, in all k² directions, is positive definite. Nothing is certified.

    Parameters
    ----------
    k : int
        Neurons, 3 or more.
    rng : numpy.random.Generator
        Where the starts come from.
    starts : int
        How many are tried.

    Returns
    -------
    Candidate or None
        None if no start led to one, which proves nothing.
    """
    landscape, P = Landscape(activation="relu", teacher=np.eye(k)), basis(k)
    spread = np.array([1, k**-0.5, 1, k**-0.5, 1])
    for _ in range(starts):
        z = _descended(landscape, P, k, rng.standard_normal(5) * spread)
        found = None if z is None else _measured(landscape, k, z)
        if found is not None:
            return found
    return None


def _descended(landscape: Landscape, P: Array, k: int, start: Array) -> Array | None:
    def objective(z: Array) -> tuple[float, Array]:
        W = np.array(student(z, k))
        return landscape.loss(W), P.T @ landscape.gradient(W).ravel()

    z: Array = minimize(objective, start, jac=True, method="BFGS").x
    for _ in range(10):
        W = np.array(student(z, k))
        slope, curvature = P.T @ landscape.gradient(W).ravel(), landscape.hessian(W)
        try:
            z = z - np.linalg.solve(P.T @ curvature @ P, slope)
        except np.linalg.LinAlgError:
            return None
    return z if np.all(np.isfinite(z)) else None


def _measured(landscape: Landscape, k: int, z: Array) -> Candidate | None:
    W = np.array(student(z, k))
    loss = landscape.loss(W)
    eigenvalues = np.linalg.eigvalsh(landscape.hessian(W))
    if not (loss > POSITIVE and eigenvalues[0] > POSITIVE):
        return None
    return Candidate(
        z=z,
        loss=loss,
        lambda_min=float(eigenvalues[0]),
        lambda_max=float(eigenvalues[-1]),
    )
