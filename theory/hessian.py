"""The Hessian's blocks, by differentiating the gradient once more."""

from .gradient import chain_rule, column, gradient
from .indexed import Term, derivative
from .losses import Loss

__all__ = ["hessian", "residual_hessian"]


def hessian(loss: Loss, rows: str, columns: str) -> list[Term]:
    """H = ∇²L: one entry of the block (rows, columns)."""
    return derivative(gradient(loss, rows), column(columns), chain_rule(loss))


def residual_hessian(loss: Loss, rows: str, columns: str) -> list[Term]:
    """F = (1/n) Σ_i Σ_c r_ic ∇²f_ic: ∇L differentiated with r held fixed."""
    rule = chain_rule(loss, residual_fixed=True)
    return derivative(gradient(loss, rows), column(columns), rule)
