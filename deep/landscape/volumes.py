"""Log-volumes from a spectrum, each with what it leaves out."""

from dataclasses import dataclass
from math import inf, sqrt

import torch
from torch import Tensor

from ...errors import InputError
from ...numerics.volume import LogVolume, log_volume
from ..estimators.intervals import Interval
from ..estimators.volume import estimate_log_volume
from .curvature import Curvature
from .point import Point

__all__ = [
    "FLOOR",
    "RegularisedVolume",
    "TopVolume",
    "estimated_log_volume",
    "regularised_log_volume",
    "top_log_volume",
]

DEFLATED, STEPS, PROBES = 20, 40, 8
"""Of the quadrature."""

FLOOR = 1e-12
"""Eigenvalue in whose place a smaller one is taken: rounding makes those."""


@dataclass(frozen=True, kw_only=True)
class TopVolume:
    """V_k = -½ Σ_{i<=k} log max(λ_i, φ), a proxy of the log-volume of a basin.

    It is no volume: what it leaves out, -½ Σ_{i>k} log λ_i, has no bound, and may turn
    round the order of two basins, as (10, 10⁻⁶) and (9, 1) show with k = 1 (T16 b).

    Attributes
    ----------
    value : float
        V_k.
    lower, upper : float
        Of it, with each eigenvalue within its error.
    k : int
        Eigenvalues taken.
    floor : float
        φ.
    floored : int
        Of the k, those below φ.
    rest : float or None
        The truncation error over the eigenvalues behind them that are above φ; None
        where they are unknown.
    rest_count : int or None
        How many these are.
    flat : int or None
        How many more are at most φ: with one of them the sum over all is infinite.
    """

    value: float
    lower: float
    upper: float
    k: int
    floor: float
    floored: int
    rest: float | None
    rest_count: int | None
    flat: int | None


@dataclass(frozen=True, kw_only=True)
class RegularisedVolume:
    """log E exp(-½ β δᵀH₊δ) = -½ Σ log(1 + βτ²λ_i), δ ~ N(0, τ²I), H₊ the positive part.

    Attributes
    ----------
    volume : LogVolume
        Between bounds, with the truncation among them.
    beta, variance : float
        β and τ².
    negative : int
        Eigenvalues below 0 by more than their errors, which count as 0.
    least : float
        The smallest eigenvalue that is known.
    """

    volume: LogVolume
    beta: float
    variance: float
    negative: int
    least: float


def top_log_volume(found: Curvature, k: int, *, floor: float = FLOOR) -> TopVolume:
    """V_k = -½ Σ_{i<=k} log max(λ_i, φ), with what it leaves out.

    Parameters
    ----------
    found : Curvature
        Whose spectrum.
    k : int
        At most p; at most as many as Lanczos found.
    floor : float
        φ, positive.

    Returns
    -------
    TopVolume
        Unit: the log of θ^k / loss^{k/2}.

    Raises
    ------
    InputError
        If a number is out of range.

    References
    ----------
    Wu, Zhu and E (2017), arXiv 1706.10239, section 4; T16(b) for the truncation.
    """
    if not 0 < floor < inf:
        raise InputError(f"floor is {floor!r}; expected a positive number")
    most = found.p if found.is_complete else len(found.eigenvalues)
    if type(k) is not int or not 1 <= k <= most:
        raise InputError(
            f"k is {k!r}; expected an integer from 1 to {most}, the eigenvalues known"
        )
    values, errors = _padded(found.eigenvalues, k), _padded(found.errors, k)
    behind = found.eigenvalues[k:]
    above = behind[behind > floor]
    return TopVolume(
        value=_half_logs(values[:k], floor),
        lower=_half_logs(values[:k] + errors[:k], floor),
        upper=_half_logs(values[:k] - errors[:k], floor),
        k=k,
        floor=floor,
        floored=int((values[:k] < floor).sum()),
        rest=_half_logs(above, floor) if found.is_complete else None,
        rest_count=len(above) if found.is_complete else None,
        flat=found.p - k - len(above) if found.is_complete else None,
    )


def regularised_log_volume(
    found: Curvature, *, beta: float, variance: float = 1.0
) -> RegularisedVolume:
    """-½ Σ log(1 + βτ²λ_i) over all p eigenvalues, finite for every rank.

    Where Lanczos left eigenvalues out, those of them above 0 sum to at most
    √(p - k) (‖H‖_F² - Σ λ_i²)^{1/2} by the Cauchy-Schwarz inequality, which bounds the
    truncation whatever their signs are.

    Parameters
    ----------
    found : Curvature
        Whose spectrum.
    beta, variance : float
        β and τ², both positive.

    Returns
    -------
    RegularisedVolume
        At most 0; unit: none.

    Raises
    ------
    InputError
        If a number is out of range.

    References
    ----------
    T15(c) and T16(b), as `numerics.volume.log_volume`.
    """
    values, errors = found.eigenvalues, found.errors
    return RegularisedVolume(
        volume=log_volume(
            values.clamp(min=0.0).numpy(),
            beta=beta,
            variance=variance,
            error=float(errors.max()),
            left_out=_left_out(found),
        ),
        beta=beta,
        variance=variance,
        negative=int((values + errors < 0).sum()),
        least=float(values.min()),
    )


def estimated_log_volume(
    point: Point, *, beta: float, variance: float = 1.0, generator: torch.Generator
) -> Interval:
    """-½ Σ log(1 + βτ²λ_i) over all p eigenvalues of H, by random products.

    For networks whose spectrum is known at its top alone: what `regularised_log_volume`
    leaves out there is estimated here, by stochastic Lanczos quadrature.

    Parameters
    ----------
    point : Point
        Where.
    beta, variance : float
        β and τ², both positive.
    generator : torch.Generator
        Of the probes; on the CPU.

    Returns
    -------
    Interval
        At 95 %, errors of sampling and quadrature added up.

    Raises
    ------
    InputError
        If a number is out of range, or a product is not finite.
    """
    for name, number in (("beta", beta), ("variance", variance)):
        if not 0 < number < inf:
            raise InputError(f"{name} is {number!r}; expected a positive number")
    return estimate_log_volume(
        point.hessian(),
        damping=1 / (beta * variance),
        height=1.0,
        steps=min(STEPS, point.p),
        probes=PROBES,
        deflate=min(DEFLATED, point.p),
        generator=generator,
    ).log_evidence


def _left_out(found: Curvature) -> float:
    """Bound on the sum of the positive eigenvalues that are not listed."""
    if found.is_complete:
        return 0.0
    left = found.p - len(found.eigenvalues)
    known = float((found.eigenvalues.abs() - found.errors).clamp(min=0).square().sum())
    square = max(found.frobenius_norm.upper**2 - known, 0.0)
    return sqrt(left * square)


def _half_logs(values: Tensor, floor: float) -> float:
    """-½ Σ log max(λ_i, φ)."""
    return float(-0.5 * values.clamp(min=floor).log().sum())


def _padded(values: Tensor, k: int) -> Tensor:
    """With the zeros that are not listed, up to the k-th."""
    return torch.cat([values, values.new_zeros(max(0, k - len(values)))])
