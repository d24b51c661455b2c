"""The two sides of the claims of T21 and T22, on certificates of spurious minima."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

from .t19_sides import largest

__all__ = [
    "SPURIOUS",
    "TABLE",
    "accepted_sides",
    "criticality_sides",
    "definite_sides",
    "flatter_sides",
    "global_largest",
    "global_least",
    "least_above_sides",
    "least_below_sides",
    "loss_above_sides",
    "loss_below_sides",
    "loss_floor_sides",
    "sharper_sides",
    "sharpest_sides",
    "table_sides",
]

SPURIOUS: Final = "spurious-minima"

TABLE: Final[Mapping[int, tuple[str, str, str]]] = MappingProxyType(
    {
        6: ("0.025081", "0.004700", "2.023734"),
        7: ("0.023203", "0.014059", "2.295490"),
        8: ("0.021508", "0.021347", "2.564594"),
        9: ("0.020014", "0.027182", "2.831434"),
        10: ("0.018702", "0.031964", "3.096356"),
        11: ("0.017547", "0.035958", "3.359656"),
        12: ("0.016524", "0.039347", "3.621578"),
    }
)
"""L, λ_min and λ_max of each k, rounded to six decimals."""

HALF_DIGIT: Final = Fraction(1, 2 * 10**6)


def global_largest(q: Any) -> Any:
    """λ_max(∇²L(I_k)) of T19."""
    return largest(q, q.k)


def global_least(q: Any) -> Any:
    """λ_min(∇²L(I_k)) = ¼ - 1/2π."""
    return q.ball(Fraction(1, 4)) - 1 / (2 * q.pi)


# T21


def accepted_sides(q: Any, **changes: Any) -> tuple[int, int]:
    """Whether the checker accepts the certificate, 1 for yes, and 1."""
    return int(q.accepted(**changes)), 1


def criticality_sides(q: Any, *, digits: int | None = None) -> tuple[Any, Any]:
    """|⟨∇L(W), T⟩| and 10^{-30} ‖T‖_F."""
    slope = q.taylor(digits=digits)[1] if digits else q.here[1]
    return abs(slope), q.root(q.norm_squared) / 10**30


def loss_above_sides(q: Any, *, raised: Fraction = Fraction(0)) -> tuple[Any, Any]:
    """L_- and L(W)."""
    return q.loss_bounds[0] + q.ball(raised), q.here[0]


def loss_below_sides(q: Any, *, lowered: Fraction = Fraction(0)) -> tuple[Any, Any]:
    """L(W) and L_+."""
    return q.here[0], q.loss_bounds[1] - q.ball(lowered)


def loss_floor_sides(q: Any, *, floor: int = 64) -> tuple[Any, Any]:
    """1/64 and L_-."""
    return Fraction(1, floor), q.loss_bounds[0]


def definite_sides(q: Any, *, hundredths: int = 100) -> tuple[Any, Any]:
    """λ_- ‖T‖_F² and D²L(W)[T, T]."""
    share = q.ball(Fraction(hundredths, 100))
    return share * q.least_bounds[0] * q.norm_squared, 2 * q.here[2]


def least_above_sides(q: Any, *, floor: int = 250) -> tuple[Any, Any]:
    """1/250 and λ_-."""
    return Fraction(1, floor), q.least_bounds[0]


# T22


def sharpest_sides(q: Any, *, hundredths: int = 100) -> tuple[Any, Any]:
    """D²L(W)[T, T] and λ_+ ‖T‖_F²."""
    share = q.ball(Fraction(hundredths, 100))
    return 2 * q.here[2], share * q.largest_bounds[1] * q.norm_squared


def flatter_sides(q: Any, *, gap: int = 40) -> tuple[Any, Any]:
    """λ_+ + 1/40 and λ_max(∇²L(I_k))."""
    return q.largest_bounds[1] + q.ball(Fraction(1, gap)), global_largest(q)


def sharper_sides(q: Any) -> tuple[Any, Any]:
    """λ_max(∇²L(I_k)) and λ_+."""
    return global_largest(q), q.ball(0) + q.largest_bounds[1]


def least_below_sides(q: Any, *, gap: int = 20) -> tuple[Any, Any]:
    """The upper bound of λ_min + 1/20, and ¼ - 1/2π."""
    return q.least_bounds[1] + q.ball(Fraction(1, gap)), global_least(q)


def table_sides(
    q: Any, *, column: int, other: int | None = None
) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """The entry less and plus half a digit, against the upper and the lower bound."""
    bounds = (q.loss_bounds, q.least_bounds, q.largest_bounds)[column]
    row = TABLE[q.k if other is None else min(q.k + other, max(TABLE))]
    entry = Fraction(row[column])
    low, high = q.ball(entry - HALF_DIGIT), q.ball(entry + HALF_DIGIT)
    return (low, bounds[1]), (bounds[0], high)
