"""Volumes of ellipsoids and of what a ball leaves of them, enclosed.

Each comes from slices or from a radial integral, and none from the formulas that a
theorem states: these are what the theorem's right-hand sides are held against.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from typing import TypeAlias

from flint import acb, arb, ctx, fmpq

from .rationals import ball, exact

__all__ = [
    "ball_of",
    "bent_volume",
    "round_volume",
    "slab_in_ball",
    "volume_by_slices",
    "volume_in_ball",
]

Integrand: TypeAlias = Callable[[acb, bool], acb]

BISECTIONS = 160
"""Halvings of an interval around a root: below the precision of every enclosure."""

SHARP = 2.0**-80
"""Relative width at which a quadrature stops."""

TINY = 2.0**-1000
"""Absolute width at which it stops too: none of the volumes is nearly so small."""


def ball_of(p: int, radius: arb | int = 1) -> arb:
    """Volume of the p-dimensional ball, π^{p/2} / Γ(p/2 + 1) · radius^p."""
    half = arb(fmpq(p, 2))
    return arb.pi() ** half / (half + 1).gamma() * arb(radius) ** p


def volume_by_slices(eigenvalues: Sequence[Fraction], epsilon: Fraction) -> arb:
    """Volume of {½ Σ_i λ_i δ_i² <= ε}, every λ_i positive.

    The slice at δ_1 = u is the same body in one dimension less at height ε - ½ λ_1 u²;
    with u = √(2ε/λ_1) sin φ each slicing contributes

        √(2ε/λ) ∫ cos^{j+1} φ dφ over (-π/2, π/2),   j = 0, …, p - 1.
    """
    volume = arb(1)
    for j, eigenvalue in enumerate(eigenvalues):
        volume *= (2 * ball(epsilon) / ball(eigenvalue)).sqrt() * _slicing(j, ctx.prec)
    return volume


@cache
def _slicing(j: int, precision: int) -> arb:
    """∫ cos^{j+1} φ dφ over (-π/2, π/2), enclosed with so many bits."""
    with ctx.workprec(precision):
        half = arb.pi() / 2
        return acb.integral(lambda phi, _: phi.cos() ** (j + 1), -half, half).real


def volume_in_ball(
    eigenvalues: Sequence[Fraction], epsilon: Fraction, radius: Fraction
) -> arb | None:
    """Volume of {½ Σ_i λ_i δ_i² <= ε, ‖δ‖ <= R}, where it can be enclosed.

    That is where all positive λ_i are equal, where there are only two, or where the
    ellipsoid lies in the ball; None elsewhere.
    """
    p = len(eigenvalues)
    positive = [value for value in eigenvalues if value > 0]
    k = len(positive)
    if k == p and 2 * epsilon <= min(positive) * radius**2:
        return volume_by_slices(positive, epsilon)
    if len(set(positive)) <= 1:
        share = 2 * epsilon / (positive[0] * radius**2) if positive else Fraction(1)
        if k == 0 or share >= 1:
            return ball_of(p, ball(radius))
        # the share of the ball: |u|²/R² of its k coordinates has a beta law
        portion = ball(share).beta_lower(
            fmpq(k, 2), fmpq(p - k, 2) + 1, regularized=True
        )
        return ball_of(p, ball(radius)) * portion
    if k == 2:
        return _two_axes(positive, epsilon, radius, p)
    return None


def _two_axes(
    positive: Sequence[Fraction], epsilon: Fraction, radius: Fraction, p: int
) -> arb:
    """∫ over the plane of the two axes, in polar coordinates.

    At the angle φ it ends at ρ² = min(R², 2ε / (λ_1 cos² φ + λ_2 sin² φ)), and the ball
    has V_{p-2} (R² - r²)^{(p-2)/2} beyond every point of it: together
    V_{p-2} (R^p - (R² - ρ²)^{p/2}) / p.
    """
    first, second = sorted(positive)
    two, square = 2 * epsilon, radius**2
    quarter = arb.pi() / 2
    # first cos² φ + second sin² φ reaches 2ε/R² at the angle where the ball takes over
    turn = (two / square - first) / (second - first)
    angle = ball(min(max(turn, Fraction(0)), Fraction(1))).sqrt().asin()
    low, gap = exact(first), exact(second - first)
    height, squared = exact(two), exact(square)

    def beyond(phi: acb, analytic: bool) -> acb:  # noqa: FBT001 - Arb's own order
        rest = squared - height / (low + gap * phi.sin() ** 2)
        return rest ** (p // 2) if p % 2 == 0 else _half_power(rest, p, analytic)

    lost = _integral(beyond, angle, quarter)
    total = quarter * ball(radius) ** p - lost
    return ball_of(p - 2) * 4 * total / p


def _half_power(base: acb, p: int, analytic: bool) -> acb:  # noqa: FBT001 - Arb's own order
    """base^{p/2}; the real part of a real base is never below 0, but for rounding."""
    return base.real_sqrt(analytic) ** p


def _integral(function: Integrand, low: arb, high: arb) -> arb:
    return acb.integral(function, low, high, rel_tol=SHARP, abs_tol=TINY).real


def slab_in_ball(
    eigenvalue: Fraction, epsilon: Fraction, radius: Fraction, p: int, *, twice: int
) -> arb:
    """V_{p-1} ∫ (R² - u²)^{twice/2} du over |u| <= min(√(2ε/λ), R), by quadrature.

    With u = R sin φ the integrand is R^{twice+1} cos^{twice+1} φ.
    """
    share = min(2 * epsilon / (eigenvalue * radius**2), Fraction(1))
    reach = ball(share).sqrt().asin()
    inside = _integral(lambda phi, _: phi.cos() ** (twice + 1), -reach, reach)
    return ball_of(p - 1) * ball(radius) ** (twice + 1) * inside


def bent_volume(
    eigenvalues: Sequence[Fraction], epsilon: Fraction, bend: Fraction, radius: Fraction
) -> arb | None:
    """Volume of {½ Σ_i λ_i δ_i² + (c/6)|δ_p|³ <= ε, ‖δ‖ <= R}, λ_p the least.

    Enclosed where κ = |c|R/(3λ_p) < 1 and 2ε <= (1 - κ)λ_p R², None elsewhere: no slice
    at δ_p = u is then cut by the ball, and ½ λ_p u² + (c/6) u³ <= ε for u up to its first
    root alone (and perhaps at R).
    """
    if bend == 0:
        return volume_in_ball(eigenvalues, epsilon, radius)
    least = min(eigenvalues)
    if not _kept_inside(least, epsilon, bend, radius):
        return None
    others = sorted(eigenvalues)[1:]
    root = _first_root(least, epsilon, bend, radius)
    inner = arb(1)
    for value in others:
        inner /= ball(value).sqrt()
    return 2 * ball_of(len(others)) * inner * _sliced(epsilon, bend, root, others)


def round_volume(
    eigenvalues: Sequence[Fraction], epsilon: Fraction, bend: Fraction, radius: Fraction
) -> arb | None:
    """Volume of {½ λ‖δ‖² + (c/6)‖δ‖³ <= ε, ‖δ‖ <= R}, all eigenvalues being λ.

    A ball up to the first root; None where that is not known, or they are not equal.
    """
    least = min(eigenvalues)
    if len(set(eigenvalues)) > 1 or not _kept_inside(least, epsilon, bend, radius):
        return None
    root = _first_root(least, epsilon, bend, radius)
    return ball_of(len(eigenvalues), root)


def _kept_inside(
    least: Fraction, epsilon: Fraction, bend: Fraction, radius: Fraction
) -> bool:
    """Whether 2ε <= (1 - κ)λR² with κ = |c|R/(3λ), which is then below 1."""
    if least <= 0:
        return False
    kappa = abs(bend) * radius / (3 * least)
    return 2 * epsilon <= (1 - kappa) * least * radius**2


def _first_root(
    least: Fraction, epsilon: Fraction, bend: Fraction, radius: Fraction
) -> arb:
    """Of ½ λ u² + (c/6) u³ = ε, on the part of (0, R) where the left side rises."""
    high = radius if bend >= 0 else min(radius, -2 * least / bend)
    low = Fraction(0)
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if least * middle**2 / 2 + bend * middle**3 / 6 <= epsilon:
            low = middle
        else:
            high = middle
    return ball(low).union(ball(high))


def _sliced(
    epsilon: Fraction,
    bend: Fraction,
    root: arb,
    others: Sequence[Fraction],
) -> arb:
    """∫ (2ε - λu² - (c/3)u³)^{(p-1)/2} du over (0, root).

    The cubic is (root - u) Q(u) with a quadratic Q > 0, and root - u = 2 root sin²(ψ)
    for u = root cos(2ψ), which leaves nothing that is not smooth.
    """
    power = len(others)
    constant = 2 * ball(epsilon) / root
    slope, square = constant / root, exact(bend / 3)

    def integrand(psi: acb, analytic: bool) -> acb:  # noqa: FBT001 - Arb's own order
        u = root * (2 * psi).cos()
        rest = (square * u + slope) * u + constant
        speed = 2 * root * (2 * psi).sin()
        if power % 2 == 0:
            return (2 * root * psi.sin() ** 2 * rest) ** (power // 2) * speed
        half = (2 * root).sqrt() * psi.sin() * rest.sqrt(analytic)
        return half**power * speed

    return _integral(integrand, arb(0), arb.pi() / 4)
