"""The log-volume of a basin: of the ellipsoid below a height, with its errors."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from ...errors import InputError
from ..progress import Progress
from .density import SpectralDensity
from .gauss import GaussRule
from .intervals import Interval, normal_quantile
from .krylov import Krylov
from .quadrature import spectral_density

__all__ = ["LogVolume", "estimate_log_volume", "log_volume_from"]

BESIDE = 1e-12
"""Share of the largest node that keeps Radau's node off the others."""

SLACK = 1e-6
"""Share of the largest node by which rounding may put one below the proven bound."""


@dataclass(frozen=True, kw_only=True)
class LogVolume:
    """The logarithm of the volume of {v : ½ vᵀ(H₊ + δI) v <= ε}.

    With λ₊ = max(λ, 0), H₊ the positive part of H, and V_p the volume of the unit ball,

        D(δ) = log det(I + H₊/δ) = Σ_i log(1 + λ_i₊/δ),
        log Vol = log V_p + (p/2) log(2ε/δ) - ½ D(δ).

    The damping δ > 0 gives flat and negative directions the radius √(2ε/δ): without it
    the volume is infinite as soon as H is singular. Numbers for different δ do not
    compare, and none is invariant under a rescaling of the parameters.

    Attributes
    ----------
    log_volume, log_determinant : Interval
        log Vol and D, each between its ends at the stated level: sampling, quadrature
        and coupling errors added up.
    standard_error : float
        Of D, over the probes.
    quadrature_error : float
        Half the width of what the rules leave open of D, and no chance in it.
    coupling_error : float
        Σ_i log(1 + σ_i/δ), σ the singular values of the coupling that was left out.
    damping, height : float
        δ and ε.
    size, products : int
        p, and vectors multiplied.
    """

    log_volume: Interval
    log_determinant: Interval
    standard_error: float
    quadrature_error: float
    coupling_error: float
    damping: float
    height: float
    size: int
    products: int

    @property
    def log_evidence(self) -> Interval:
        """log E exp(-½ vᵀH₊ v / (δτ²)) for v ~ N(0, τ²I): -½ D, any rank (T15 c)."""
        return _affine(self.log_determinant, 0.0, -0.5)


def estimate_log_volume(
    op: Any,
    *,
    damping: float,
    height: float,
    steps: int,
    probes: int,
    deflate: int | Krylov = 0,
    generator: torch.Generator,
    lower: float | None = None,
    level: float = 0.95,
    progress: Progress | None = None,
) -> LogVolume:
    """log Vol{½ vᵀ(H₊ + δI)v <= ε} by deflated stochastic Lanczos quadrature.

    Parameters
    ----------
    op : operator
        H, symmetric; what `as_operator` takes.
    damping, height : float
        δ and ε, both positive.
    steps, probes, deflate : int, int, int or Krylov
        As for `spectral_density`.
    generator : torch.Generator
        Draws the start vector, then the probes.
    lower : float, optional
        A proven lower bound of all eigenvalues, 0 for a Gauss-Newton matrix: with it the
        quadrature is enclosed by Gauss's and Gauss-Radau's rules, tightly.
    level : float
        Of the intervals.
    progress : callable, optional
        Called with the products made and to be made.

    Returns
    -------
    LogVolume
        With its three errors.

    Raises
    ------
    InputError
        If an argument is out of range, `lower` is contradicted by a Ritz value, a product
        is not finite, or the operator is not symmetric.
    """
    _check_positive("damping", damping)
    _check_positive("height", height)
    density = spectral_density(
        op,
        steps=steps,
        probes=probes,
        deflate=deflate,
        generator=generator,
        level=level,
        progress=progress,
    )
    return log_volume_from(density, damping=damping, height=height, lower=lower)


def log_volume_from(
    density: SpectralDensity,
    *,
    damping: float,
    height: float,
    lower: float | None = None,
) -> LogVolume:
    """The same, from a density that is at hand: no product is made.

    The quadrature error of f(x) = log(1 + x₊/δ) is enclosed rule by rule.

    With `lower` >= 0 proven, f is smooth on the support and its derivatives alternate in
    sign: Gauss's rule is an upper bound, Gauss-Radau's with a node at `lower` a lower
    bound. Without, f is monotone only, and the bounds are Σ ω_k f(μ_{k±1}), which follow
    from the brackets of `GaussRule.bracket`; the support is taken to end at the largest
    node plus its residual.

    Leaving out the coupling changes D by at most Σ_i log(1 + σ_i/δ): the spectral shift
    of a perturbation with eigenvalues ±σ is at most 1 in modulus, and its positive and
    negative parts integrate to σ at most, while f' <= 1/(δ + x) for x > 0.

    Parameters
    ----------
    density : SpectralDensity
        Of H.
    damping, height : float
        δ and ε, both positive.
    lower : float, optional
        A proven lower bound of all eigenvalues.

    Returns
    -------
    LogVolume
        At the density's level.

    Raises
    ------
    InputError
        If an argument is out of range, or `lower` is contradicted by a node.

    References
    ----------
    Golub and Meurant (2010), chapter 6, for Gauss and Radau bounds; Krein's spectral
    shift function for the coupling.
    """
    _check_positive("damping", damping)
    _check_positive("height", height)
    _check_lower(density, lower)

    def f(x: torch.Tensor) -> torch.Tensor:
        return torch.log1p(x.clamp(min=0.0) / damping)

    known = float(f(density.ritz_values).sum())
    ends = [_enclosure(rule, f, lower) for rule in density.rules] or [(0.0, 0.0)]
    low, high = (density.left * sum(end) / len(ends) for end in zip(*ends, strict=True))
    gauss, error = density.sampled(f)
    middle = known + (gauss if lower is None else (low + high) / 2)
    coupling = float(torch.log1p(density.couplings / damping).sum())
    half = normal_quantile(density.level) * error + coupling
    determinant = Interval(
        value=middle,
        lower=max(known + low - half, 0.0),
        upper=known + high + half,
        level=density.level if density.rules else 1.0,
    )
    p = density.size
    ball = p / 2 * math.log(math.pi) - math.lgamma(p / 2 + 1)
    return LogVolume(
        log_volume=_affine(
            determinant, ball + p / 2 * math.log(2 * height / damping), -0.5
        ),
        log_determinant=determinant,
        standard_error=error,
        quadrature_error=(high - low) / 2,
        coupling_error=coupling,
        damping=damping,
        height=height,
        size=p,
        products=density.products,
    )


def _enclosure(
    rule: GaussRule, f: Callable[[torch.Tensor], torch.Tensor], lower: float | None
) -> tuple[float, float]:
    """Bounds on the integral of log(1 + x₊/δ) over a probe's measure."""
    value = float(rule.weights @ f(rule.nodes))
    if rule.exact:
        return value, value
    if lower is not None:
        # rounding may put a node a little below: then the support begins before it
        least, largest = float(rule.nodes[0]), float(rule.nodes.abs().max())
        fixed = rule.radau(min(lower, least - BESIDE * largest))
        return min(float(fixed.weights @ f(fixed.nodes)), value), value
    values = f(rule.nodes)
    top = f(rule.nodes[-1:] + rule.bounds[-1:])
    below = torch.cat([torch.zeros(1, dtype=torch.float64), values[:-1]])
    above = torch.cat([values[1:], top])
    return float(rule.weights @ below), float(rule.weights @ above)


def _affine(interval: Interval, shift: float, factor: float) -> Interval:
    """shift + factor × interval, for a negative factor: the ends change places."""
    return Interval(
        value=shift + factor * interval.value,
        lower=shift + factor * interval.upper,
        upper=shift + factor * interval.lower,
        level=interval.level,
    )


def _check_positive(name: str, value: float) -> None:
    if not 0 < value < math.inf:
        raise InputError(f"{name} is {value!r}; expected a positive number")


def _check_lower(density: SpectralDensity, lower: float | None) -> None:
    if lower is None:
        return
    if not 0 <= lower < math.inf:
        raise InputError(f"lower is {lower!r}; expected None or a number >= 0")
    least, largest = float(density.nodes.min()), float(density.nodes.abs().max())
    if least < lower - SLACK * largest:
        raise InputError(
            f"lower is {lower!r}; expected a bound below every eigenvalue, but a Ritz "
            f"value is {least:.3g}: leave it out"
        )
