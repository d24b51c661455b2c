"""Log-volumes of basins from eigenvalues, with bounds on what is rounded and left out."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from .arrays import Vector, finite_array

__all__ = ["LogVolume", "ellipsoid_log_volume", "log_volume"]

EPSILON = float(np.finfo(np.float64).eps)

LOG_GAMMA_ULPS = 16.0
"""Error of `math.lgamma` at half-integers from 1, in units of ε max(1, |log Γ|)."""


@dataclass(frozen=True, kw_only=True)
class LogVolume:
    """A log-volume, between two bounds.

    Attributes
    ----------
    value : float
        From the eigenvalues that were given.
    lower, upper : float
        The exact log-volume of every spectrum that they stand for lies between these.
    truncation : float
        How much of `value - lower` comes from eigenvalues that were left out.
    """

    value: float
    lower: float
    upper: float
    truncation: float


def log_volume(
    eigenvalues: npt.ArrayLike,
    *,
    beta: float = 1.0,
    variance: float = 1.0,
    error: float = 0.0,
    left_out: float = 0.0,
) -> LogVolume:
    """Log of the Gaussian volume of a basin, finite for every rank.

        log E exp(-½ β δᵀHδ) = -½ Σ_i log(1 + βτ²λ_i),   δ ~ N(0, τ² I),

    for H ⪰ 0 with the eigenvalues λ_i. Of a spectrum whose top is given alone, the rest
    lowers it by at most ½ βτ² times the trace that was left out: a number from top
    eigenvalues is worth something only where that is small.

    Parameters
    ----------
    eigenvalues : (k,) float64
        All of them, or the largest; zeros may be left out.
    beta, variance : float
        β and τ², both positive.
    error : float
        Bound on the error of each eigenvalue, as `Spectrum.error`.
    left_out : float
        Bound on the sum of the eigenvalues that are not given: tr H less their sum.

    Returns
    -------
    LogVolume
        At most 0; unit: none.

    Raises
    ------
    InputError
        If a number is out of range, or an eigenvalue is below 0 by more than `error`.

    References
    ----------
    Derived here (T15(c), T16(b)); the evidence of MacKay (1992) with its prior kept.
    """
    values = _checked(eigenvalues, error)
    for name, number in (("beta", beta), ("variance", variance)):
        _check_positive(name, number)
    if not (math.isfinite(left_out) and left_out >= 0):
        raise InputError(
            f"left_out is {left_out!r}; expected a finite bound on a trace, >= 0"
        )
    with np.errstate(over="ignore"):
        strength = beta * variance
        sides = [
            np.log1p(strength * np.maximum(values + shift, 0.0))
            for shift in (0.0, error, -error)
        ]
        truncation = 0.5 * strength * left_out * (1 + 4 * EPSILON)
    if not (np.isfinite(sides[1]).all() and math.isfinite(truncation)):
        raise InputError(
            f"beta is {beta!r} with variance {variance!r}; expected products with the "
            "eigenvalues that do not overflow: rescale them"
        )
    middle, least, most = (-0.5 * math.fsum(side) for side in sides)
    # log1p of a product with two roundings: 3ε absolute at most, and 3ε relative
    rounding = 4 * EPSILON * (len(values) + abs(least))
    return LogVolume(
        value=middle,
        lower=least - rounding - truncation,
        upper=min(most + rounding, 0.0),
        truncation=truncation,
    )


def ellipsoid_log_volume(
    eigenvalues: npt.ArrayLike, *, height: float, error: float = 0.0
) -> LogVolume:
    """Log of the Lebesgue volume of a basin, infinite unless H has full rank.

        log Vol {½ δᵀHδ <= ε} = log V_p + (p/2) log(2ε) - ½ Σ_i log λ_i,

    V_p = π^{p/2}/Γ(p/2 + 1). No part of it may be left out: any of the λ_i may change it
    without bound, up or down.

    Parameters
    ----------
    eigenvalues : (p,) float64
        All of them, positive.
    height : float
        ε.
    error : float
        Bound on the error of each eigenvalue.

    Returns
    -------
    LogVolume
        Unit: the log of θ^p.

    Raises
    ------
    InputError
        If a number is out of range, or an eigenvalue is not above `error`.

    References
    ----------
    Classical (T15(a)).
    """
    values = _checked(eigenvalues, error)
    _check_positive("height", height)
    p = len(values)
    if values.min() <= error:
        raise InputError(
            f"eigenvalues have the minimum {float(values.min())!r}; expected more than "
            f"their error {error!r}, or the volume is infinite: use log_volume"
        )
    start = [
        0.5 * p * math.log(math.pi),
        -math.lgamma(0.5 * p + 1),
        0.5 * p * (math.log(2.0) + math.log(height)),
    ]
    middle, least, most = (
        math.fsum([*start, *(-0.5 * np.log(values + shift))])
        for shift in (0.0, error, -error)
    )
    size = abs(math.log(2.0)) + abs(math.log(height))
    terms = float(np.abs(np.log(values - error)).sum()) + float(
        np.abs(np.log(values + error)).sum()
    )
    rounding = 4 * EPSILON * (p * (2.0 + size) + terms)
    rounding += LOG_GAMMA_ULPS * EPSILON * max(1.0, abs(start[1]))
    return LogVolume(
        value=middle, lower=least - rounding, upper=most + rounding, truncation=0.0
    )


def _checked(eigenvalues: npt.ArrayLike, error: float) -> Vector:
    values = finite_array(eigenvalues, "eigenvalues", ("p",))
    if not (math.isfinite(error) and error >= 0):
        raise InputError(f"error is {error!r}; expected a finite bound, >= 0")
    if values.min() < -error:
        raise InputError(
            f"eigenvalues have the minimum {float(values.min())!r}; expected H ⪰ 0 up "
            f"to the error {error!r}: pass those of a Gauss-Newton matrix"
        )
    return values


def _check_positive(name: str, number: float) -> None:
    if not (math.isfinite(number) and number > 0):
        raise InputError(f"{name} is {number!r}; expected a finite number > 0")
