"""Gaussian masses: of ellipsoids, and of a quadratic weight, enclosed.

The mass of an ellipsoid, wherever it is centred, is a mixture of χ² masses with
non-negative weights (Ruben 1962): what the first N terms leave out is enclosed, not
estimated. The mass of a weight is a product of one-dimensional quadratures.
"""

from collections.abc import Sequence
from fractions import Fraction

from flint import acb, arb, ctx, fmpq

from .rationals import ball, exact

__all__ = ["ellipsoid_mass", "half_line_mass", "weight_mass"]

TERMS = 240
"""Of the mixture; beyond, the enclosure stays wide."""

GUARD = 96
"""Bits beyond those asked for."""

WIDTHS = 20
"""Standard deviations on each side that a quadrature covers: all but e^{-200}."""


def ellipsoid_mass(
    eigenvalues: Sequence[Fraction],
    epsilon: Fraction,
    variance: Fraction,
    centre: Sequence[Fraction] | None = None,
) -> arb:
    """P(½ Σ_i λ_i (θ_i - c_i)² <= ε) for θ ~ N(0, τ² I), λ >= 0 of any rank.

    With a_i = λ_i τ² > 0, b_i = c_i/τ and β = min a_i it is

        Σ_r w_r P(χ²_{k+2r} <= 2ε/β),   Σ_r w_r z^r = w_0 Π_i (1 - γ_i z)^{-1/2}
                                          exp(½ Σ_i b_i² (β/a_i) z / (1 - γ_i z)),

    γ_i = 1 - β/a_i, with w_r >= 0 that add up to 1.
    """
    shifts = centre if centre is not None else [Fraction(0)] * len(eigenvalues)
    active = [
        (value * variance, shift**2 / variance)
        for value, shift in zip(eigenvalues, shifts, strict=True)
        if value > 0
    ]
    if not active:
        return arb(1)
    # the masses P(χ²) come from one another by differences, which cost bits
    with ctx.workprec(ctx.prec + GUARD):
        mass = _mixture(active, epsilon)
    return +mass


def _mixture(active: Sequence[tuple[Fraction, Fraction]], epsilon: Fraction) -> arb:
    """The mixture for pairs (a_i, b_i²), a_i > 0."""
    beta = min(a for a, _ in active)
    ratios = [exact(beta / a) for a, _ in active]
    squares = [exact(b) for _, b in active]
    order, reach = arb(fmpq(len(active), 2)), ball(epsilon / beta)
    portion = reach.gamma_lower(order, regularized=1)
    step = reach**order * (-reach).exp() / (order + 1).gamma()
    first = arb(1)
    for ratio, square in zip(ratios, squares, strict=True):
        first *= arb(ratio).sqrt() * (-arb(square) / 2).exp()
    weights, growth = [first], list[arb]()
    total, left = first * portion, 1 - first
    # P(χ²_{k+2r} <= 2y) decreases in r, so one such mass bounds all that are left
    while not _small(left, portion, total) and len(weights) < TERMS:
        r = len(weights)
        portion, step = portion - step, step * reach / (order + r)
        growth.append(_growth(r, ratios, squares))
        weights.append(_next_weight(weights, growth))
        total += weights[r] * portion
        left -= weights[r]
    return total + (left * portion).nonnegative_part().union(arb(0))


def _small(left: arb, portion: arb, total: arb) -> bool:
    """Whether what is left is below all digits of the total."""
    return bool(
        (left * portion).abs_upper() <= total.lower() * arb(2) ** (20 - ctx.prec)
    )


def _growth(r: int, ratios: Sequence[fmpq], squares: Sequence[fmpq]) -> arb:
    """r times the coefficient of z^r in 2 log of the mixture's generating function."""
    total = arb(0)
    for ratio, square in zip(ratios, squares, strict=True):
        gamma = arb(1 - ratio)
        total += gamma**r + r * square * ratio * gamma ** (r - 1)
    return total


def _next_weight(weights: Sequence[arb], growth: Sequence[arb]) -> arb:
    pairs = zip(reversed(growth), weights, strict=True)
    total = arb(0)
    for factor, weight in pairs:
        total += factor * weight
    return total / (2 * len(weights))


def weight_mass(
    eigenvalues: Sequence[Fraction], beta: Fraction, variance: Fraction
) -> arb:
    """E exp(-½ β Σ_i λ_i δ_i²) for δ ~ N(0, τ² I), by quadrature in each coordinate."""
    mass = arb(1)
    for value in eigenvalues:
        mass *= _weight(exact(beta * variance * value))
    return mass


def _weight(strength: fmpq) -> arb:
    """∫ exp(-½ a z²) φ(z) dz, whose tails are at most e^{-T²/2} in all."""
    rate = -(1 + strength) / 2
    inside = acb.integral(lambda z, _: (rate * z * z).exp(), -WIDTHS, WIDTHS).real
    tail = (-(arb(WIDTHS) ** 2) / 2).exp()
    return inside / (2 * arb.pi()).sqrt() + arb(0).union(tail)


def half_line_mass(start: Fraction, variance: Fraction) -> arb:
    """P(θ >= start) for θ ~ N(0, τ²) on a line."""
    return (ball(start) / (2 * ball(variance)).sqrt()).erfc() / 2
