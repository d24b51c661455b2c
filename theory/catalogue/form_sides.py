"""Closed forms that several theorems on quadratic forms state."""

from typing import Any

__all__ = ["FORMS", "cylinder", "determinant_root", "ellipsoid", "top_evidence"]

FORMS = "quadratic-forms"


def determinant_root(q: Any, values: Any) -> Any:
    """√(Π_i λ_i)."""
    product = q.ball(1)
    for value in values:
        product *= value
    return product.sqrt()


def ellipsoid(q: Any, form: Any, *, height: int = 2) -> Any:
    """V_p (height·ε)^{p/2} / √(Π λ_i) over the positive λ_i."""
    power = (q.ball(height * q.epsilon) ** form.p).sqrt()
    return q.unit_ball(form.p) * power / determinant_root(q, form.positive)


def cylinder(q: Any, form: Any, j: int, square: Any, *, height: int = 2) -> Any:
    """V_j V_{p-j} (height·ε)^{j/2} square^{(p-j)/2} / √(λ_1 ⋯ λ_j)."""
    rest = form.p - j
    powers = (q.ball(height * q.epsilon) ** j * q.ball(square) ** rest).sqrt()
    balls = q.unit_ball(j) * q.unit_ball(rest)
    return balls * powers / determinant_root(q, form.positive[:j])


def top_evidence(q: Any, form: Any, j: int) -> Any:
    """Π_{i <= j} (1 + βτ²λ_i)^{-1/2}."""
    return 1 / determinant_root(q, [1 + value for value in form.strengths[:j]])
