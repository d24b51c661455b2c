"""The Hessian as a SciPy LinearOperator."""

from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator

from .arrays import Vector, finite_array
from .products import CachedProducts

__all__ = ["HessianOperator"]


class HessianOperator(LinearOperator):
    """H as a linear operator (p, p) on float64 vectors, symmetric.

    Parameters
    ----------
    products : CachedProducts
        Holds the forward pass at θ.
    p : int
        Number of parameters.
    """

    def __init__(self, products: CachedProducts, p: int) -> None:
        super().__init__("float64", (p, p))  # type: ignore[call-arg]
        self.products = products

    def matvec(self, x: Any) -> Vector:  # type: ignore[override]
        """H x for x (p,) or (p, 1): SciPy's own checks cost as much as a small H x."""
        if np.ndim(x) != 1:
            return super().matvec(x)
        return self.products.hvp(finite_array(x, "x", (self.shape[0],)))

    def _matvec(self, x: Vector) -> Vector:
        return self.products.hvp(finite_array(x.ravel(), "x", (self.shape[0],)))

    def _adjoint(self) -> "HessianOperator":
        return self
