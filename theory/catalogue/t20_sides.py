"""The two sides of T20's claims, for erf(z/√2) and for z²."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

__all__ = [
    "GLOBAL",
    "annihilation_sides",
    "erf_families",
    "erf_operator_sides",
    "form_sides",
    "largest_sides",
    "least_sides",
    "limit_sides",
    "product_sides",
    "quadratic_families",
    "rank_sides",
    "series_sides",
    "trace_powers_sides",
]

GLOBAL: Final = "global-minima"

Family = tuple[Any, int]
"""λ and its multiplicity."""


def _c(q: Any) -> Any:
    """c = 2/π."""
    return 2 / q.pi


def _block_roots(q: Any, *, sixteen: int = 16) -> tuple[Any, Any]:
    """Eigenvalues of c [[3^{-3/2}, √(k-1)/4], [√(k-1)/4, 3^{-1/2} + (k-2)/2]]."""
    corner = 1 / (3 * q.root(3))
    rest = 1 / q.root(3) + q.ball(Fraction(q.k - 2, 2))
    gap = q.root((rest - corner) ** 2 / 4 + q.ball(Fraction(q.k - 1, sixteen)))
    middle = (corner + rest) / 2
    return _c(q) * (middle - gap), _c(q) * (middle + gap)


def erf_families(
    q: Any, *, rest: int = 2, half: int = 2, sixteen: int = 16, beyond: bool = True
) -> list[Family]:
    """Every eigenvalue for erf(z/√2) with its multiplicity."""
    k, d = q.k, q.d
    flat = _c(q) * (1 / q.root(3) - q.ball(Fraction(1, half)))
    low, high = _block_roots(q, sixteen=sixteen)
    own = [(flat, k * (k - rest)), (low, k), (high, k)]
    equal = _c(q) * (1 / q.root(3) + q.ball(Fraction(k - 1, 2)))
    more = [(flat, (k - 1) * (d - k)), (equal, d - k)]
    return own + more if beyond else own


def quadratic_families(
    q: Any, *, orbit: int = -1, top: int = 4, beyond: int = 4
) -> list[Family]:
    """Every eigenvalue for z² with its multiplicity."""
    k, d = q.k, q.d
    return [
        (q.ball(0), k * (k + orbit) // 2),
        (q.ball(8), k * (k - orbit) // 2 - 1),
        (q.ball(8 + top * k), 1),
        (q.ball(beyond), k * (d - k)),
    ]


_FAMILIES: Final[Mapping[str, Callable[..., list[Family]]]] = MappingProxyType(
    {"erf": erf_families, "quadratic": quadratic_families}
)


def annihilation_sides(
    q: Any, *, activation: str, **constants: Any
) -> tuple[Any, Any, bool]:
    """Π (H - λ) T over the claimed eigenvalues, and 0."""
    if q.activation != activation:
        return (), 0, False
    claimed = _FAMILIES[activation](q, **constants)
    return q.annihilated([value for value, times in claimed if times]), 0, True


def trace_powers_sides(
    q: Any, *, activation: str, **constants: Any
) -> tuple[Any, Any, bool]:
    """tr H^j and Σ multiplicity × λ^j, for one j more than there are families."""
    if q.activation != activation:
        return (), (), False
    claimed = _FAMILIES[activation](q, **constants)
    powers = range(len(claimed) + 1)
    right = tuple(sum(m * value**j for value, m in claimed) for j in powers)
    return q.power_sums(len(claimed) + 1), right, True


def series_sides(q: Any, *, activation: str) -> tuple[Any, Any, bool]:
    """D²L[T, T] by series of L, and by moments of σ'."""
    if q.activation != activation:
        return 0, 0, False
    return q.series_curvature, q.curvature, True


# erf(z/√2)


def erf_operator_sides(
    q: Any, *, quarter: int = 4, cubed: int = 3
) -> tuple[Any, Any, bool]:
    """HT by moments and, column l by column l, c times the k × k block."""
    if q.activation != "erf":
        return (), (), False
    root, right = q.root(3), []
    for i in range(q.k):
        for a in range(q.d):
            entry = q.T[i][a] / (cubed * root if i == a else root)
            for j in range(q.k):
                if j != i:
                    entry += q.T[j][a] / (quarter if a in {i, j} else 2)
            right.append(_c(q) * entry)
    return tuple(x for row in q.image for x in row), tuple(right), True


def least_sides(
    q: Any, *, flat: bool = False, sixteen: int = 16
) -> tuple[Any, Any, bool]:
    """λ_- ‖T‖_F² and ⟨T, HT⟩."""
    if q.activation != "erf":
        return 0, 0, False
    low = erf_families(q)[0][0] if flat else _block_roots(q, sixteen=sixteen)[0]
    return low * q.norm_squared, q.curvature, True


def largest_sides(q: Any, *, square: bool = True) -> tuple[Any, Any, bool]:
    """⟨T, HT⟩ and λ_+ ‖T‖_F², for d = k."""
    if q.activation != "erf" or (square and q.d > q.k):
        return 0, 0, False
    return q.curvature, _block_roots(q)[1] * q.norm_squared, True


def product_sides(q: Any, *, ninth: int = 9) -> tuple[Any, Any, bool]:
    """λ_-λ_+ and c²(1/9 - 1/16 + (k - 2)(1/(6√3) - 1/16))."""
    if q.activation != "erf":
        return 0, 0, False
    low, high = _block_roots(q)
    step = 1 / (6 * q.root(3)) - q.ball(Fraction(1, 16))
    right = q.ball(Fraction(1, ninth) - Fraction(1, 16)) + (q.k - 2) * step
    return low * high, _c(q) ** 2 * right, True


def limit_sides(q: Any, *, eighth: int = 8) -> tuple[Any, Any, bool]:
    """c(3^{-3/2} - 1/8)‖T‖_F² and ⟨T, HT⟩."""
    if q.activation != "erf":
        return 0, 0, False
    low = 1 / (3 * q.root(3)) - q.ball(Fraction(1, eighth))
    return _c(q) * low * q.norm_squared, q.curvature, True


# z²


def form_sides(
    q: Any, *, twice: int = 2, traced: int = 4, beyond: int = 4
) -> tuple[Any, Any, bool]:
    """⟨T, HT⟩ and 2‖A + Aᵀ‖_F² + 4(tr A)² + 4‖B‖_F² for T = [A B]."""
    if q.activation != "quadratic":
        return 0, 0, False
    rows = range(q.k)
    both = sum((q.T[i][j] + q.T[j][i]) ** 2 for i in rows for j in rows)
    trace = sum(q.T[i][i] for i in rows)
    rest = sum(x * x for row in q.T for x in row[q.k :])
    return q.curvature, twice * both + traced * trace**2 + beyond * rest, True


def rank_sides(q: Any, *, orbit: int = -1) -> tuple[Any, Any, bool]:
    """rank H and kd - k(k - 1)/2."""
    if q.activation != "quadratic":
        return 0, 0, False
    return q.rank, q.k * q.d - q.k * (q.k + orbit) // 2, True
