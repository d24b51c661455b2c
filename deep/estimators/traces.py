"""The trace and the Frobenius norm: exact on a Krylov space, sampled on the rest."""

from dataclasses import dataclass, field, replace
from typing import Any

import torch

from ..operators.linear import as_operator
from ..progress import Progress, part
from .complement import ComplementSample, grow, sample_complement
from .intervals import Interval, check_level, gamma_interval, normal_interval
from .krylov import Krylov
from .probes import check_count

__all__ = [
    "Estimate",
    "estimate_frobenius_norm",
    "estimate_trace",
    "frobenius_norm_from",
    "trace_from",
]

TRACE_SHARE = 1 / 2
"""Of the products, for the Krylov space: best for λ_i = 1/i.

After j of N products the variance is that of N - j probes on the eigenvalues behind about
the first j, whose squares sum to 1/j: least 1/j(N - j) at j = N/2. On a flat spectrum the
Krylov space gains nothing, and the error is √2 times the least one, whatever N.
"""

FROBENIUS_SHARE = 2 / 3
"""The same for fourth powers, 1/j³(N - j): 3/4 is best, 2/3 within 4 % of it.

On a flat spectrum 2/3 costs a factor √3, where 3/4 would cost 2.
"""

PROBES = 5
"""Fewest probes from which an error is told."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """An estimate with its standard error and a confidence interval.

    Attributes
    ----------
    value : float
        The estimate.
    standard_error : float
        Of `value`, over the probes; 0 if nothing was left to chance.
    interval : Interval
        At its level, and wider by the rounding of the products.
    known : float
        The part that rests on the Krylov space alone, without chance.
    probes : int
        Random vectors.
    products : int
        Vectors multiplied, those of a Krylov space that was given left out.
    """

    value: float
    standard_error: float
    interval: Interval = field(repr=False)
    known: float
    probes: int
    products: int


def estimate_trace(
    op: Any,
    *,
    products: int,
    generator: torch.Generator,
    basis: Krylov | None = None,
    level: float = 0.95,
    progress: Progress | None = None,
) -> Estimate:
    """tr A = tr T + tr PAP: the first exact, the second by random vectors.

    Half of the products make the Krylov space of a random vector, and the others
    multiply probes orthogonal to it; with a basis given, all multiply probes. Unbiased,
    since the probes are drawn apart from the basis.

    Parameters
    ----------
    op : operator
        Symmetric; what `as_operator` takes.
    products : int
        Vectors to multiply, at least 5; as many as are left give the exact trace.
    generator : torch.Generator
        Draws the start vector, then the probes.
    basis : Krylov, optional
        `TopEigenvalues.krylov`, or that of another run.
    level : float
        Of the confidence interval.
    progress : callable, optional
        Called with the products made and to be made.

    Returns
    -------
    Estimate
        In the units of A.

    Raises
    ------
    InputError
        If an argument is out of range, a product is not finite, or A is not symmetric.

    References
    ----------
    Deflation: Hutch++ of Meyer, Musco, Musco and Woodruff (2021). A Krylov space in place
    of their sketch, so that no product is spent on QᵀAQ: derived here.
    """
    sample = _sample(op, products, TRACE_SHARE, generator, basis, level, progress)
    return trace_from(sample, level=level)


def estimate_frobenius_norm(
    op: Any,
    *,
    products: int,
    generator: torch.Generator,
    basis: Krylov | None = None,
    level: float = 0.95,
    progress: Progress | None = None,
) -> Estimate:
    """‖A‖_F² = ‖T‖_F² + 2 ‖B‖_F² + ‖PAP‖_F²: only the last is sampled.

    Two thirds of the products make the Krylov space of a random vector, and the others
    multiply probes orthogonal to it; with a basis given, all multiply probes.

    Parameters
    ----------
    op : operator
        Symmetric; what `as_operator` takes.
    products : int
        Vectors to multiply, at least 5; as many as are left give the exact norm.
    generator : torch.Generator
        Draws the start vector, then the probes.
    basis : Krylov, optional
        `TopEigenvalues.krylov`, or that of another run.
    level : float
        Of the confidence interval.
    progress : callable, optional
        Called with the products made and to be made.

    Returns
    -------
    Estimate
        In the units of A; its square is unbiased.

    Raises
    ------
    InputError
        If an argument is out of range, a product is not finite, or A is not symmetric.

    References
    ----------
    Derived here: A in the basis (Q, its complement) has the blocks T, B and PAP, and
    E ‖PAv‖² = ‖PAP‖_F² / d for v uniform on the complement's sphere.
    """
    sample = _sample(op, products, FROBENIUS_SHARE, generator, basis, level, progress)
    return frobenius_norm_from(sample, level=level)


def trace_from(sample: ComplementSample, *, level: float = 0.95) -> Estimate:
    """tr T + x̄, x̄ the mean of x = d vᵀAv over n probes.

    For v uniform on the sphere Var x = (2d/(d + 2)) (‖PAP‖_F² - (tr PAP)²/d), with
    ‖PAP‖_F² from the mean of d ‖PAv‖²: known far better than from the scatter of the x,
    so that the interval is a normal one however few they are.

    Parameters
    ----------
    sample : ComplementSample
        Of no probe, or of several.
    level : float
        Of the confidence interval.
    """
    known = float(sample.krylov.projection.trace())
    rounding = sample.epsilon * float(sample.krylov.ritz().values.abs().sum())
    n, d = len(sample.traces), sample.left
    mean, error = 0.0, 0.0
    if n:
        mean = float(sample.traces.mean())
        variance = 2 * d / (d + 2) * (float(sample.squares.mean()) - mean**2 / d)
        error = (max(variance, 0.0) / n) ** 0.5
    around = normal_interval(known + mean, error, level=level)
    return _estimate(sample, around, rounding, error, known)


def frobenius_norm_from(sample: ComplementSample, *, level: float = 0.95) -> Estimate:
    """√(‖T‖_F² + 2 ‖B‖_F² + x̄), x̄ the mean of x = d ‖PAv‖² over n probes.

    With M = (PAP)² and v uniform on the sphere, x = d vᵀMv has the variance
    (2d/(d + 2)) (tr M² - (tr M)²/d), and tr M² / (tr M)² is known from pairs of probes. The
    larger of it and of the scatter of the x makes a gamma interval of the square, of which
    the roots are taken; the standard error of the norm is the square's over 2 ‖A‖_F.

    Parameters
    ----------
    sample : ComplementSample
        Of no probe, or of several.
    level : float
        Of the confidence interval.
    """
    krylov = sample.krylov
    known = float(krylov.projection.square().sum() + 2 * krylov.coupling.square().sum())
    n, d = len(sample.squares), sample.left
    mean, error = 0.0, 0.0
    if n:
        mean = float(sample.squares.mean())
        variance = 2 * d / (d + 2) * (sample.concentration - 1 / d) * mean**2
        error = (max(variance, float(sample.squares.var())) / n) ** 0.5
    square = gamma_interval(mean, error, level=level)
    value = (known + mean) ** 0.5
    around = Interval(
        value=value,
        lower=(known + square.lower) ** 0.5,
        upper=(known + square.upper) ** 0.5,
        level=level,
    )
    error = error / (2 * value) if error else 0.0
    return _estimate(sample, around, sample.epsilon * value, error, known**0.5)


def _estimate(
    sample: ComplementSample,
    around: Interval,
    rounding: float,
    error: float,
    known: float,
) -> Estimate:
    """The same interval with room for rounding, certain where nothing was sampled."""
    n = len(sample.traces)
    return Estimate(
        value=around.value,
        standard_error=error,
        interval=Interval(
            value=around.value,
            lower=around.lower - rounding,
            upper=around.upper + rounding,
            level=around.level if n else 1.0,
        ),
        known=known,
        probes=n,
        products=sample.products,
    )


def _sample(
    op: Any,
    products: int,
    share: float,
    generator: torch.Generator,
    basis: Krylov | None,
    level: float,
    progress: Progress | None,
) -> ComplementSample:
    """A Krylov space from a share of the products, and probes beside it."""
    op = as_operator(op)
    check_level(level)
    check_count("products", products, least=PROBES)
    own = 0
    # a budget that reaches all of A leaves nothing to sample
    if basis is None and products < op.shape[0]:
        own = min(int(share * products), products - PROBES)
        basis = grow(op, own, generator, part(progress, done=0, of=products))
    sample = sample_complement(
        op,
        probes=products - own,
        generator=generator,
        krylov=basis,
        progress=part(progress, done=own, of=products),
    )
    return replace(sample, products=sample.products + own)
