"""Averages over Gaussian inputs from σ itself: what closed forms are held against.

σ is relu, erf(z/√2) or z². Nothing in here knows a kernel, an angle between weights or
an arc sine:

    E σ(u·x)σ(v·x)      u·x = p g with g ~ N(0, 1) and p = ‖u‖; given g, v·x is normal
                        with mean (u·v/p) g and variance ‖v‖² - (u·v)²/p², over which σ
                        has an elementary average: one rigorous quadrature over g is left
    E f(x)²             relu in the plane: arc by arc, on which f is linear; erf on the
                        line: quadrature; z²: the moments of x, one by one, exactly
"""

from collections.abc import Callable, Sequence
from itertools import pairwise, product
from math import atan2, gcd, prod
from typing import Final, TypeAlias

from flint import acb, arb, fmpq

__all__ = ["half_square_mean", "mean_of_product", "normal_moment"]

Vector: TypeAlias = list[fmpq]

FAR: Final = 16
"""Quadratures over g end here: beyond it the normal density is below 1e-56."""

SHARP: Final = 2.0**-90
"""Relative width at which a quadrature stops."""


def mean_of_product(activation: str, u: Vector, v: Vector) -> arb | fmpq:
    """E σ(u·x)σ(v·x) over x ~ N(0, I).

    Parameters
    ----------
    activation : str
        relu, erf (of z/√2) or quadratic.
    u, v : d rationals each
        For relu neither is 0.
    """
    return _MEANS[activation](u, v)


def half_square_mean(
    activation: str, plus: list[Vector], minus: list[Vector]
) -> arb | fmpq | None:
    """½ E (Σ_i σ(w_i·x) - Σ_j σ(v_j·x))², or None where it has no way of its own.

    Parameters
    ----------
    activation : str
        relu with at most two inputs, erf with one, quadratic with any.
    plus, minus : rows of d rationals
        w_i and v_j.
    """
    d = len(plus[0])
    if activation == "quadratic":
        return _quartic(plus, minus)
    if activation == "relu" and d <= 2:
        return _by_arcs(plus, minus)
    if activation == "erf" and d == 1:
        return _on_the_line(plus, minus)
    return None


def normal_moment(power: int) -> int:
    """E z^power for z ~ N(0, 1): 0 for odd powers, 1·3·5···(power - 1) for even ones."""
    return 0 if power % 2 else prod(range(1, power, 2))


# E σ(u·x)σ(v·x)


def _relu_mean(u: Vector, v: Vector) -> arb:
    """∫_0^∞ p g E σ(c g + s h) φ(g) dg over h ~ N(0, 1) too.

    The inner average is c g Φ(c g/s) + s φ(c g/s).
    """
    square, cross = _dot(u, u), _dot(u, v)
    rest = _dot(v, v) - cross * cross / square
    if rest == 0:
        # v = ± a multiple of u: E σ(pg)σ(cg) = ½ p c, or 0
        return arb(max(cross, fmpq(0)) / 2)
    p, s = arb(square).sqrt(), arb(rest).sqrt()
    c = arb(cross) / p

    def integrand(g: acb, _: bool) -> acb:  # noqa: FBT001 - Arb's own order
        z = g * (c / s)
        inner = (z / arb(2).sqrt()).erf() + 1
        return g * (g * c * inner / 2 + _density(z) * s) * _density(g)

    body = acb.integral(integrand, 0, FAR, rel_tol=SHARP).real
    # beyond FAR the integrand is at most (|c| + s) g² φ(g)
    far = (abs(c) + s) * (FAR + arb(1) / FAR) * _density(acb(FAR)).real
    return p * (body + arb(0).union(far))


def _erf_mean(u: Vector, v: Vector) -> arb:
    """2∫_0^∞ erf(p g/√2) E erf((c g + s h)/√2) φ(g) dg.

    The inner average is erf(c g/√(2 + 2s²)).
    """
    square, cross = _dot(u, u), _dot(u, v)
    if square == 0 or cross == 0:
        # erf is odd, and the two are independent
        return arb(0)
    p = arb(square).sqrt()
    rest = _dot(v, v) - cross * cross / square
    left, right = p / arb(2).sqrt(), arb(cross) / p / arb(2 + 2 * rest).sqrt()

    def integrand(g: acb, _: bool) -> acb:  # noqa: FBT001 - Arb's own order
        return (g * left).erf() * (g * right).erf() * _density(g)

    return _doubled(integrand, arb(1))


def _quadratic_mean(u: Vector, v: Vector) -> fmpq:
    return _moments(_outer(u, u), _outer(v, v))


_MEANS: Final[dict[str, Callable[[Vector, Vector], arb | fmpq]]] = {
    "relu": _relu_mean,
    "erf": _erf_mean,
    "quadratic": _quadratic_mean,
}


# ½ E f²


def _on_the_line(plus: list[Vector], minus: list[Vector]) -> arb:
    """∫_0^∞ f(g)² φ(g) dg, f being odd."""
    slopes = [(arb(row[0]), 1) for row in plus] + [(arb(row[0]), -1) for row in minus]

    def integrand(g: acb, _: bool) -> acb:  # noqa: FBT001 - Arb's own order
        scaled = g / arb(2).sqrt()
        total = sum(((scaled * slope).erf() * sign for slope, sign in slopes), acb(0))
        return total * total * _density(g)

    return _doubled(integrand, arb(len(slopes) ** 2)) / 2


def _by_arcs(plus: list[Vector], minus: list[Vector]) -> arb:
    """(1/2π) ∫ f(cos φ, sin φ)² dφ: f(rx) = r f(x) for r >= 0, and E r² = 2."""
    signed = [(*_planar(row), 1) for row in plus] + [
        (*_planar(row), -1) for row in minus
    ]
    turns = _breakpoints(signed)
    total = arb(0)
    for low, high in pairwise([*turns, turns[0]]):
        total += _arc(signed, low, high, wraps=low == turns[-1])
    return total / (2 * arb.pi())


Turn: TypeAlias = tuple[int, int]
"""A direction of the plane, in integers without a common factor."""


def _breakpoints(signed: Sequence[tuple[fmpq, fmpq, int]]) -> list[Turn]:
    """Directions across some row, each once, in the order of their angles."""
    turns: set[Turn] = set()
    for x, y, _ in signed:
        scale = x.q * y.q
        a, b = int(x * scale), int(y * scale)
        a, b = a // gcd(a, b), b // gcd(a, b)
        turns |= {(-b, a), (b, -a)}
    return sorted(turns, key=lambda turn: atan2(turn[1], turn[0]))


def _arc(
    signed: Sequence[tuple[fmpq, fmpq, int]], low: Turn, high: Turn, *, wraps: bool
) -> arb:
    """∫ (g_1 cos φ + g_2 sin φ)² dφ from one breakpoint to the next."""
    start, end = (arb.atan2(arb(turn[1]), arb(turn[0])) for turn in (low, high))
    if wraps:
        end = end + 2 * arb.pi()
    if not start < end:
        return arb.nan()
    middle = (start + end) / 2
    first = second = fmpq(0)
    for x, y, sign in signed:
        value = middle.cos() * x + middle.sin() * y
        if not (value > 0 or value < 0):
            return arb.nan()
        if value > 0:
            first, second = first + sign * x, second + sign * y
    cosines = _double(high)[0] - _double(low)[0]
    sines = _double(high)[1] - _double(low)[1]
    return (
        (end - start) * ((first * first + second * second) / 2)
        + (first * first - second * second) / 4 * sines
        - first * second / 2 * cosines
    )


def _double(turn: Turn) -> tuple[fmpq, fmpq]:
    """cos 2φ and sin 2φ, which are rational."""
    x, y = turn
    square = x * x + y * y
    return fmpq(x * x - y * y, square), fmpq(2 * x * y, square)


def _planar(row: Vector) -> tuple[fmpq, fmpq]:
    return row[0], row[1] if len(row) == 2 else fmpq(0)


def _quartic(plus: list[Vector], minus: list[Vector]) -> fmpq:
    """½ E (xᵀMx)² with M = Σ w_i w_iᵀ - Σ v_j v_jᵀ."""
    axes = range(len(plus[0]))
    M = [[fmpq(0) for _ in axes] for _ in axes]
    for rows, sign in ((plus, 1), (minus, -1)):
        for row in rows:
            for a, b in product(axes, axes):
                M[a][b] += sign * row[a] * row[b]
    return _moments(M, M) / 2


# What they share


def _moments(M: list[Vector], N: list[Vector]) -> fmpq:
    """E (xᵀMx)(xᵀNx) = Σ M_ab N_cd E x_a x_b x_c x_d."""
    axes = range(len(M))
    total = fmpq(0)
    for places in product(axes, repeat=4):
        a, b, c, d = places
        moment = prod(normal_moment(places.count(axis)) for axis in set(places))
        total += M[a][b] * N[c][d] * moment
    return total


def _doubled(integrand: Callable[[acb, bool], acb], most: arb) -> arb:
    """Twice the integral over (0, ∞) of a function of size at most `most` times φ."""
    body = acb.integral(integrand, 0, FAR, rel_tol=SHARP, abs_tol=SHARP).real
    far = most * _density(acb(FAR)).real / FAR
    return 2 * (body + (-far).union(far))


def _density(z: acb) -> acb:
    """φ(z), the standard normal density."""
    return (-z * z / 2).exp() / (2 * arb.pi()).sqrt()


def _dot(u: Vector, v: Vector) -> fmpq:
    return sum((a * b for a, b in zip(u, v, strict=True)), fmpq(0))


def _outer(u: Vector, v: Vector) -> list[Vector]:
    return [[a * b for b in v] for a in u]
