"""The Hessian as a SciPy LinearOperator."""

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

    def _matvec(self, v: Vector) -> Vector:
        return self.products.hvp(finite_array(v.ravel(), "v", (self.shape[0],)))

    def _adjoint(self) -> "HessianOperator":
        return self
