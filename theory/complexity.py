"""The complexity Cx = mean_i ‖∇ₓf(x_i)‖²_F."""

from . import symbols
from .gradient import input_jacobian
from .indexed import Term, product, summed
from .losses import Loss

__all__ = ["complexity"]


def complexity(loss: Loss) -> list[Term]:
    """(1/n) Σ_i Σ_c Σ_j (∂f_ic/∂x_ij)²."""
    slopes = input_jacobian(loss)
    mean = [Term(1 / symbols.n, ())]
    return summed(product(mean, product(slopes, slopes)), "i", "c", "j")
