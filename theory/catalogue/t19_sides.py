"""The two sides of T19's claims: moments of σ' against closed forms of the spectrum."""

from fractions import Fraction
from typing import Any, Final

__all__ = [
    "GLOBAL",
    "above_sides",
    "annihilation_sides",
    "block_sides",
    "families",
    "growth_above_sides",
    "growth_below_sides",
    "largest",
    "largest_sides",
    "least_sides",
    "operator_sides",
    "pair_families",
    "trace_powers_sides",
    "trace_sides",
]

GLOBAL: Final = "global-minima"

QUARTER: Final = Fraction(1, 4)

Family = tuple[Any, int]
"""λ and its multiplicity."""


def _rho(q: Any, share: int = 2) -> Any:
    """ϱ = 1/2π."""
    return 1 / (share * q.pi)


def _is_relu(q: Any, least: int = 3) -> bool:
    return bool(q.activation == "relu" and q.k >= least)


# The spectrum


def _pair_of_roots(q: Any, k: int, *, sixteen: int = 16) -> tuple[Any, Any]:
    """(k + 2 ± √(k² - 16/π + 16/π²))/8, the smaller first."""
    inner = q.root(k**2 - sixteen / q.pi + 16 / q.pi**2)
    return (k + 2 - inner) / 8, (k + 2 + inner) / 8


def _trivial_roots(q: Any, k: int) -> tuple[Any, Any]:
    """½(t ± √(t² - 4D)), the smaller first."""
    rho = _rho(q)
    t = q.ball(Fraction(1, 2) + k * QUARTER) + k * rho
    D = (
        4 * k**2 * rho + 16 * k * rho**2 - 4 * k * rho + k - 16 * rho**2 + 8 * rho + 1
    ) / 16
    root = q.root(t**2 - 4 * D)
    return (t - root) / 2, (t + root) / 2


def largest(q: Any, k: int) -> Any:
    """λ_max for d = k >= 3."""
    return _trivial_roots(q, k)[1]


def families(
    q: Any,
    *,
    share: int = 2,
    sixteen: int = 16,
    merged: int = 1,
    symmetric: int = 3,
    standard: int = 1,
    beyond: bool = True,
) -> list[Family]:
    """Every eigenvalue with its multiplicity, for k >= 3."""
    k, d = q.k, q.d
    quarter, rho = q.ball(QUARTER), _rho(q, share)
    low, high = _pair_of_roots(q, k, sixteen=sixteen)
    lower, upper = _trivial_roots(q, k)
    own = [
        (quarter - rho, (k - 1) * (k - 2) // 2 + merged * (k - 1)),
        (quarter + rho, k * (k - symmetric) // 2),
        (low, k - standard),
        (high, k - standard),
        (lower, 1),
        (upper, 1),
    ]
    rest = [
        (quarter, (k - 1) * (d - k)),
        (q.ball(Fraction(k + 1, 4)), d - k),
    ]
    return own + rest if beyond else own


def pair_families(q: Any, *, share: int = 2, top: int = 3) -> list[Family]:
    """The same for k = 2."""
    d, rho = q.d, _rho(q, share)
    quarter, three = q.ball(QUARTER), q.ball(top * QUARTER)
    return [
        (quarter - rho, 1),
        (quarter + rho, 1),
        (three - rho, 1),
        (three + rho, 1),
        (quarter, d - 2),
        (three, d - 2),
    ]


# Sides


def operator_sides(
    q: Any, *, share: int = 2, diagonal: int = 2, traced: int = 1
) -> tuple[Any, Any, bool]:
    """HT from moments, and ¼T + ¼11ᵀT + ϱ [tr(A)I - 2 diag(A) + Aᵀ, 0] for T = [A B]."""
    if not _is_relu(q, 2):
        return (), (), False
    rho, rows = _rho(q, share), range(q.k)
    trace = sum(q.T[i][i] for i in rows)
    sums = [sum(q.T[i][a] for i in rows) for a in range(q.d)]
    right = []
    for i in rows:
        for a in range(q.d):
            turned = q.T[a][i] if a < q.k else 0
            own = traced * trace - diagonal * q.T[i][i] if a == i else 0
            right.append((q.T[i][a] + sums[a]) / 4 + rho * (own + turned))
    return tuple(x for row in q.image for x in row), tuple(right), True


def block_sides(q: Any, *, own: int = 2, share: int = 2) -> tuple[Any, Any, bool]:
    """D²L[T, T] by series, and the blocks ½I and ¼I + ϱ(e_i e_jᵀ + e_j e_iᵀ)."""
    if not _is_relu(q, 2):
        return 0, 0, False
    T, rho = q.T, _rho(q, share)
    total = q.ball(0)
    for i in range(q.k):
        for j in range(q.k):
            inner = sum(x * y for x, y in zip(T[i], T[j], strict=True))
            if i == j:
                total += inner / own
            else:
                total += inner / 4 + rho * (T[i][i] * T[j][j] + T[i][j] * T[j][i])
    return q.series_curvature, total, True


def annihilation_sides(
    q: Any, *, pair: bool = False, **constants: Any
) -> tuple[Any, Any, bool]:
    """Π (H - λ) T over the claimed eigenvalues, and 0."""
    if not _is_relu(q, 2) or pair is (q.k > 2):
        return (), 0, False
    claimed = (pair_families if pair else families)(q, **constants)
    return q.annihilated([value for value, times in claimed if times]), 0, True


def trace_powers_sides(
    q: Any, *, pair: bool = False, **constants: Any
) -> tuple[Any, Any, bool]:
    """tr H^j and Σ multiplicity × λ^j, for one j more than there are families."""
    if not _is_relu(q, 2) or pair is (q.k > 2):
        return (), (), False
    claimed = (pair_families if pair else families)(q, **constants)
    powers = range(len(claimed) + 1)
    right = tuple(sum(m * value**j for value, m in claimed) for j in powers)
    return q.power_sums(len(claimed) + 1), right, True


def trace_sides(q: Any, *, half: int = 2) -> tuple[Any, Any, bool]:
    """tr H and kd/2."""
    return q.power_sums(2)[1], Fraction(q.k * q.d, half), _is_relu(q, 2)


def least_sides(q: Any, *, share: int = 2, sign: int = -1) -> tuple[Any, Any, bool]:
    """(¼ - ϱ)‖T‖_F² and ⟨T, HT⟩."""
    bound = (q.ball(QUARTER) + sign * _rho(q, share)) * q.norm_squared
    return bound, q.curvature, _is_relu(q, 2)


def largest_sides(q: Any, *, standard: bool = False) -> tuple[Any, Any, bool]:
    """⟨T, HT⟩ and λ_max ‖T‖_F²."""
    if not _is_relu(q):
        return 0, 0, False
    top = _pair_of_roots(q, q.k)[1] if standard else largest(q, q.k)
    return q.curvature, top * q.norm_squared, True


def above_sides(
    q: Any, *, inputs: bool = True, always: bool = False
) -> tuple[Any, Any, bool]:
    """How many eigenvalues exceed 9/20, and d + 1."""
    if not _is_relu(q, 2 if always else 3) or q.eigenvalues_above is None:
        return 0, 0, False
    return q.eigenvalues_above, (q.d if inputs else q.k) + 1, True


def _sizes(q: Any) -> tuple[int, ...]:
    """k and larger ones."""
    return q.k, 5 * q.k, 1000 * q.k


def growth_below_sides(q: Any, *, rhos: int = 2) -> tuple[Any, Any, bool]:
    """(k + 1)/4 + 2ϱ(1 - 1/k) and λ_max."""
    if not _is_relu(q):
        return (), (), False
    sizes = _sizes(q)
    left = tuple(
        q.ball(Fraction(k + 1, 4)) + rhos * _rho(q) * (k - 1) / k for k in sizes
    )
    return left, tuple(largest(q, k) for k in sizes), True


def growth_above_sides(q: Any, *, sixteen: int = 16) -> tuple[Any, Any, bool]:
    """λ_max and k/4 + ϱ + (k - 1)/(16(k - 2)(¼ - ϱ))."""
    if not _is_relu(q):
        return (), (), False
    sizes, rho = _sizes(q), _rho(q)
    right = tuple(
        k * q.ball(QUARTER)
        + rho
        + (k - 1) / (sixteen * (k - 2) * (q.ball(QUARTER) - rho))
        for k in sizes
    )
    return tuple(largest(q, k) for k in sizes), right, True
