"""Certified spurious minima of ReLU, from scratch (theorems T21 and T22)."""

from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import Final

import numpy as np
from flint import arb, ctx, fmpq

from ..._version import __version__
from ...errors import ConvergenceError, InputError
from ...theory.symbols import positive_integer
from .balls import ball_hessian, ball_loss
from .certificates import LARGEST_K, LARGEST_SEED, Bounds, Certificate
from .checker import Check, Progress, box_around, middle_of, rayleigh, verify
from .decimals import bounds_of
from .polish import polished
from .search import STARTS, Candidate, find_spurious_minimum
from .sharpness import DIGITS, Sharpness, global_sharpness
from .symmetric import SMALLEST_K

__all__ = [
    "Certified",
    "certify_spurious_minimum",
    "compare_sharpness",
]

RUNGS: Final = ((256, 40), (384, 60), (512, 90), (768, 150))
"""Bits, and the radius as a power of 1/10: tried in turn until the checks succeed.

Elimination in balls widens them exponentially in k², which a smaller box outweighs.
"""

MARGIN: Final = fmpq(1, 10**22)
"""Between an eigenvalue and its bounds, so that the last pivots are not 0."""


@dataclass(frozen=True, kw_only=True)
class Certified:
    """A certificate with the checks that it passed, and the candidate it came from."""

    certificate: Certificate
    checks: tuple[Check, ...]
    candidate: Candidate


def certify_spurious_minimum(
    k: int,
    *,
    seed: int,
    starts: int = STARTS,
    progress: Progress = lambda *_: None,
) -> Certified | None:
    """Find a spurious minimum of k ReLU neurons with teacher I_k, and prove it.

    Parameters
    ----------
    k : int
        Neurons and inputs, 3 to 24.
    seed : int
        Of the search.
    starts : int
        Random starts of the search.
    progress : callable
        Told stage, done, of.

    Returns
    -------
    Certified or None
        None if the search found none, which proves nothing; so it is for k <= 5.

    Raises
    ------
    InputError
        If k or the seed is no such integer.
    ConvergenceError
        If what was found could not be proved at any precision tried.
    """
    if not positive_integer(k) or not SMALLEST_K <= k <= LARGEST_K:
        raise InputError(
            f"k is {k!r}; expected an integer from {SMALLEST_K} to {LARGEST_K}"
        )
    if not 0 <= seed <= LARGEST_SEED:
        raise InputError(f"seed is {seed!r}; expected an integer from 0 to 2**64")
    progress("searching", 0, 1)
    found = find_spurious_minimum(k, np.random.default_rng(seed), starts=starts)
    if found is None:
        return None
    checks: tuple[Check, ...] = ()
    for precision, exponent in RUNGS:
        certificate = _written(found, k, seed, precision, exponent)
        checks = verify(certificate, progress=progress)
        if all(check.passed for check in checks):
            return Certified(certificate=certificate, checks=checks, candidate=found)
    raise ConvergenceError(
        f"{checks[-1].name} failed at {RUNGS[-1][0]} bits for k = {k}; expected a proof "
        "at some precision"
    )


def _written(
    found: Candidate, k: int, seed: int, precision: int, exponent: int
) -> Certificate:
    """A certificate whose bounds are what the box yields, rounded outwards."""
    blank = ("0.0", "0.0")
    certificate = Certificate(
        k=k,
        centre=polished(found.z, k, exponent + 5),
        radius=f"1e-{exponent}",
        precision=precision,
        loss=blank,
        lambda_min=blank,
        lambda_max=blank,
        seed=seed,
        versions={
            "landtheory": __version__,
            "numpy": np.__version__,
            "python-flint": version("python-flint"),
            "scipy": version("scipy"),
        },
    )
    with ctx.workprec(precision):
        W = box_around(certificate)
        H = ball_hessian(W)
        low, high = rayleigh(H, middle_of(H))
        return replace(
            certificate,
            loss=_bounds(ball_loss(W)),
            lambda_min=_bounds(low),
            lambda_max=_bounds(high),
        )


def _bounds(ball: arb) -> Bounds:
    return bounds_of(ball, arb(MARGIN), DIGITS)


def compare_sharpness(k: int, *, seed: int) -> Sharpness | None:
    """The figures that refute 'spurious minima are sharper than global ones' (R13).

    Parameters
    ----------
    k, seed : int
        As for `certify_spurious_minimum`, whose None and errors are passed on.
    """
    found = certify_spurious_minimum(k, seed=seed)
    if found is None:
        return None
    return Sharpness(
        k=k,
        loss=found.certificate.loss,
        spurious_lambda_max=found.certificate.lambda_max,
        global_lambda_max=global_sharpness(k),
    )
