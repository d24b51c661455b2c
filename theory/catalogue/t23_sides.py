"""Both sides of T23's claims, and of their false variants."""

from typing import Any

from .t11_sides import scale_free_sides

__all__ = [
    "class_sides",
    "contraction_sides",
    "doubling_sides",
    "flatness_sides",
    "jensen_sides",
    "member_sides",
    "offset_sides",
    "one_sided_sides",
    "split_sides",
    "square_sides",
    "symmetrisation_sides",
    "weights_sides",
    "wide_sides",
]

LEVELS = range(1, 11)


def _size(q: Any, *, least: bool = False, fast: bool = False) -> Any:
    """((1/n) Σ ‖x̃_i‖²)^½/√n; mutants have the least ‖x̃_i‖, or n for √n."""
    square = min(q.squares) if least else q.mean_square
    return q.root(square) / (q.n if fast else q.root(q.n))


def class_sides(
    q: Any,
    *,
    quarters: int = 8,
    least: bool = False,
    fast: bool = False,
    relu: bool = False,
) -> tuple[Any, Any, bool]:
    """R̂_n(F_B) and 2B((1/n) Σ ‖x̃_i‖²)^½/√n; mutants have 1 or ¾ for 2."""
    bound = _size(q, least=least, fast=fast) * q.B * quarters / 4
    applies = q.lipschitz and (q.minus == 0 or not relu)
    return q.complexity * q.B, bound, applies


def split_sides(q: Any, *, two: int = 2) -> tuple[Any, Any]:
    """R̂_n(F_B) and B(½|α₊ + α₋| + |α₊ - α₋|)s/√n; a mutant has ½ before both.

    σ(z) = ½(α₊ + α₋)z + ½(α₊ - α₋)|z|: only the modulus needs the factor 2.
    """
    factor = (abs(q.plus + q.minus) + two * abs(q.plus - q.minus)) / 2
    return q.complexity * q.B, _size(q) * q.B * factor


def wide_sides(q: Any, *, quarters: int = 8) -> tuple[Any, Any, bool]:
    """What chosen units reach of R̂_n(F_1) in three or four dimensions, and the bound.

    A mutant has ¾ for 2.
    """
    if not q.thing.wide:
        return 0, 0, False
    return q.wide_complexity, q.wide_size * quarters / 4, q.lipschitz


def offset_sides(q: Any, *, kept: bool = True) -> tuple[Any, Any, bool]:
    """R̂_n(F_B) + c_0E|(1/n) Σ ε_i| and the bound with c_0/√n; a mutant lacks that."""
    bound = _size(q) * q.B * 2
    if kept:
        bound = bound + q.c0 / q.root(q.n)
    return q.complexity * q.B + q.constants * q.c0, bound, q.lipschitz


def member_sides(q: Any, *, largest: bool = False) -> tuple[Any, Any]:
    """|(1/n) Σ ε_i f(x_i)| and path times the supremum; a mutant has max_k for Σ_k."""
    size = q.longest if largest else q.path
    return tuple(q.correlations), tuple(size * top for top in q.suprema)


def one_sided_sides(q: Any, *, halves: int = 2) -> tuple[Any, Any, bool]:
    """E sup (1/n) Σ ε_iσ(u·x̃_i) and ((1/n) Σ ‖x̃_i‖²)^½/√n, or half of it."""
    return q.one_sided, _size(q) * halves / 2, q.lipschitz


def square_sides(q: Any, *, two: int = 2) -> tuple[Any, Any]:
    """R̂_n(F_1) and twice the supremum without the modulus, or once."""
    return q.complexity, q.one_sided * two


def contraction_sides(
    q: Any, *, halves: int = 2, every: bool = False
) -> tuple[Any, Any, bool]:
    """The supremum for σ and that for the identity, E ‖(1/n) Σ ε_i x̃_i‖."""
    return q.one_sided, q.linear * halves / 2, every or q.lipschitz


def jensen_sides(q: Any, *, power: int = 1) -> tuple[Any, Any]:
    """E ‖(1/n) Σ ε_i x̃_i‖² and (1/n²) Σ ‖x̃_i‖²; a mutant has another power of n."""
    return q.linear_square, q.mean_square / q.n**power


def weights_sides(q: Any, *, squares: bool = False) -> tuple[Any, Any]:
    """Σ_{j<J} 1/((j + 1)(j + 2)) and 1 - 1/(J + 1); a mutant has 1/(j + 1)²."""
    total, sums = q.ratio(0, 1), []
    for j in range(max(LEVELS)):
        total = total + q.ratio(1, (j + 1) * (j + (1 if squares else 2)))
        sums.append(total)
    return tuple(sums), tuple(1 - q.ratio(1, J + 1) for J in LEVELS)


def doubling_sides(q: Any, *, two: int = 2) -> tuple[Any, Any, bool]:
    """path and 2^jB_0, then 2^jB_0 and max(B_0, 2 path); a mutant has 1 for 2."""
    j = q.doublings
    if j < 0:
        return 0, 0, False
    level = q.ball(q.base) * 2**j
    most = q.maximum(q.ball(q.base), q.path * two)
    return (q.path, level), (level, most), True


def symmetrisation_sides(q: Any, *, two: int = 2) -> tuple[Any, Any]:
    """E max_h (L(h) - L̂(h)) and 2E R̂ of the losses, by enumeration; or once."""
    gap, average = q.task
    return gap, average * two


def flatness_sides(
    q: Any,
    drawn: Any,
    *,
    trace: bool,
    two: float = 2.0,
    less: float = 0.0,
    alive: bool = False,
) -> tuple[Any, Any]:
    """2 min_k ρ_k path and tr H - 1 or Flat - 1; mutants have - 2, or min ρ_k > 0."""
    left, right = scale_free_sides(
        q, drawn, size="path", two=two, trace=trace, positive=alive
    )
    return left, right - less
