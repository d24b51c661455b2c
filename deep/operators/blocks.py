"""Operators by their products, and such that are made of others."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor

from ...errors import InputError

if TYPE_CHECKING:
    from scipy.sparse.linalg import LinearOperator

__all__ = ["BlockDiagonalOperator", "FactorOperator", "MatrixFreeOperator"]


class MatrixFreeOperator:
    """A symmetric matrix A (p, p) that is known by its products.

    Parameters
    ----------
    p : int
        Number of rows.
    dtype : torch.dtype
        Precision in which products are made.
    device : torch.device
        Where they are made.

    Attributes
    ----------
    shape : (int, int)
        (p, p).
    products : int
        Vectors multiplied so far; a product with (p, k) counts k.
    """

    def __init__(self, p: int, *, dtype: torch.dtype, device: torch.device) -> None:
        self.shape = (p, p)
        self.dtype, self.device = dtype, device
        self.products = 0

    def __matmul__(self, V: Tensor) -> Tensor:
        """A V.

        Parameters
        ----------
        V : (p,) or (p, k) tensor
            Real floats, on any device.

        Returns
        -------
        tensor
            Of V's shape and dtype, on its device.

        Raises
        ------
        InputError
            If V has another shape or dtype, or the product is not finite.
        """
        p = self.shape[0]
        _refuse_other_than_tensors(V)
        if V.shape[:1] != (p,) or V.ndim > 2:
            raise InputError(
                f"V has shape {tuple(V.shape)}; expected ({p},) or ({p}, k)"
            )
        if not V.is_floating_point():
            raise InputError(f"V has dtype {V.dtype}; expected real floats")
        columns = V.detach().reshape(p, -1)
        # nothing here is for the caller's autograd, nor may its inference mode spoil it
        with torch.inference_mode(mode=False), torch.no_grad():
            value = self._multiply(columns) if columns.numel() else columns
        self.products += columns.shape[1]
        return value.reshape(V.shape).to(V.device, V.dtype)

    def to_scipy(self) -> "LinearOperator":
        """The same for NumPy vectors: a SciPy LinearOperator of dtype float64.

        Returns
        -------
        scipy.sparse.linalg.LinearOperator
            Of shape (p, p); `matvec` is A v, and so is `rmatvec`.
        """
        from scipy.sparse.linalg import LinearOperator

        def product(V: Any) -> Any:
            # copied, since SciPy hands out arrays that must not be shared or written
            tensor = torch.from_numpy(np.array(V, dtype=np.float64))
            return (self @ tensor).numpy()

        return LinearOperator(
            shape=self.shape,
            matvec=product,
            rmatvec=product,
            matmat=product,
            rmatmat=product,
            dtype=np.float64,
        )

    def _multiply(self, V: Tensor) -> Tensor:
        """A V for V (p, k)."""
        raise NotImplementedError


class BlockDiagonalOperator(MatrixFreeOperator):
    """Operators along the diagonal, 0 elsewhere.

    Parameters
    ----------
    blocks : mapping of str to operators
        In order; on one device.

    Attributes
    ----------
    blocks : mapping
        As given.
    """

    def __init__(self, blocks: Mapping[str, MatrixFreeOperator]) -> None:
        if not blocks:
            raise InputError("blocks is empty; expected at least one operator")
        self.blocks = MappingProxyType(dict(blocks))
        first, *rest = self.blocks.values()
        dtype = first.dtype
        for block in rest:
            dtype = torch.promote_types(dtype, block.dtype)
        super().__init__(
            sum(block.shape[0] for block in self.blocks.values()),
            dtype=dtype,
            device=first.device,
        )

    def _multiply(self, V: Tensor) -> Tensor:
        parts = torch.split(V, [block.shape[0] for block in self.blocks.values()])
        return torch.cat(
            [
                block @ part
                for block, part in zip(self.blocks.values(), parts, strict=True)
            ]
        )


class FactorOperator(MatrixFreeOperator):
    """A = Fᵀ F for a factor F (r, p): symmetric, positive semi-definite, rank <= r.

    Parameters
    ----------
    factor : (r, p) tensor
        Rows whose squares are summed.

    Attributes
    ----------
    factor : (r, p) tensor
        As given.
    """

    def __init__(self, factor: Tensor) -> None:
        self.factor = factor
        super().__init__(factor.shape[1], dtype=factor.dtype, device=factor.device)

    def _multiply(self, V: Tensor) -> Tensor:
        columns = V.to(self.device, self.dtype)
        return self.factor.T @ (self.factor @ columns)


def _refuse_other_than_tensors(V: Any) -> None:
    if not isinstance(V, Tensor):
        raise InputError(
            f"V is a {type(V).__name__}; expected a tensor: use to_scipy() for arrays"
        )
