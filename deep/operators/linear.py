"""Symmetric linear operators, whoever made them, as one thing that counts products."""

import math
import sys
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
import torch

from ...errors import InputError
from ..devices import widest_dtype

__all__ = ["CountedOperator", "Operator", "as_operator"]

SYMMETRY = 64
"""Ulps of its largest entry by which a dense matrix may differ from its transpose."""


@runtime_checkable
class Operator(Protocol):
    """A symmetric matrix A (p, p) that is known by its products.

    `A @ V` takes V of shape (p,) or (p, k) on `device`, in any real floating dtype,
    and gives A V in the same shape and dtype; `dtype` says in which precision the
    product is made.
    """

    @property
    def shape(self) -> tuple[int, int]:
        """(p, p)."""

    @property
    def dtype(self) -> torch.dtype:
        """Precision of the products."""

    @property
    def device(self) -> torch.device:
        """Where the products are made."""

    def __matmul__(self, V: torch.Tensor, /) -> torch.Tensor:
        """A V."""


class CountedOperator:
    """A with vectors in one dtype on one device, and a count of them.

    Parameters
    ----------
    product : callable
        V (p, k) → A V (p, k), in `dtype` on `device`.
    p : int
        Number of rows.
    precision : torch.dtype
        In which the product is made: rounding is judged by it.
    dtype, device : torch.dtype, torch.device
        Of the vectors.

    Attributes
    ----------
    products : int
        Vectors multiplied so far; a product with (p, k) counts k.
    """

    def __init__(
        self,
        product: Callable[[torch.Tensor], torch.Tensor],
        p: int,
        *,
        precision: torch.dtype,
        dtype: torch.dtype,
        device: torch.device,
    ) -> None:
        self._product = product
        self.shape = (p, p)
        self.dtype, self.device = dtype, device
        self.precision = precision
        self.products = 0

    @property
    def epsilon(self) -> float:
        """Unit of rounding of the product, or of the vectors if theirs is larger."""
        return max(torch.finfo(self.precision).eps, torch.finfo(self.dtype).eps)

    def __matmul__(self, V: torch.Tensor) -> torch.Tensor:
        """A V for V (p,) or (p, k), in V's dtype on V's device.

        Raises
        ------
        InputError
            If V has another shape, or A V an entry that is not finite.
        """
        p = self.shape[0]
        if V.shape[:1] != (p,) or V.ndim > 2:
            raise InputError(
                f"V has shape {tuple(V.shape)}; expected ({p},) or ({p}, k)"
            )
        columns = V.reshape(p, -1).to(self.device, self.dtype)
        value = self._product(columns)
        self.products += columns.shape[1]
        # one sum sees every NaN and infinity, unless it overflows by itself
        if not math.isfinite(float(value.sum())):
            _refuse_non_finite(value)
        return value.reshape(V.shape).to(V.device, V.dtype)


def as_operator(
    op: Any, *, device: torch.device | None = None, dtype: torch.dtype | None = None
) -> CountedOperator:
    """Any symmetric operator as one that takes and counts float64 vectors.

    Parameters
    ----------
    op : Operator, curvlinops operator, SciPy LinearOperator, (p, p) tensor or array
        Symmetric. A curvlinops operator is given vectors in its own dtype, since it
        takes no other.
    device : torch.device, optional
        Where the vectors live; by default the operator's own, or the CPU where that
        has no float64.
    dtype : torch.dtype, optional
        Of the vectors; float64 by default, whatever the operator's.

    Returns
    -------
    CountedOperator
        `op` itself if it is one already and nothing else is asked for: its count goes on.

    Raises
    ------
    InputError
        If it is none of these, not square, empty, complex, or a tensor that is not
        symmetric or not finite.
    """
    if isinstance(op, CountedOperator) and device is None and dtype is None:
        return op
    if isinstance(op, np.ndarray):
        op = _from_numpy(op)
    if isinstance(op, torch.Tensor):
        _check_dense(op)
    elif not (_is_scipy(op) or isinstance(op, Operator)):
        raise InputError(
            f"op is of type {type(op).__name__}; expected a symmetric operator: pass one "
            "of landtheory or curvlinops, a SciPy LinearOperator or a square tensor"
        )
    p = _size(tuple(op.shape))
    precision = _precision(op)
    own = torch.device("cpu") if _is_scipy(op) else op.device
    if device is None:
        device = own if widest_dtype(own) == torch.float64 else torch.device("cpu")
    dtype = dtype or torch.float64
    if isinstance(op, torch.Tensor):
        # in the vectors' dtype, so that the product of the given entries is exact in it
        dense = op.to(device, dtype)
        return CountedOperator(
            dense.__matmul__, p, precision=dtype, dtype=dtype, device=device
        )
    return CountedOperator(
        _product(op, own, precision, dtype),
        p,
        precision=precision,
        dtype=dtype,
        device=device,
    )


def _product(
    op: Any, own: torch.device, precision: torch.dtype, dtype: torch.dtype
) -> Callable[[torch.Tensor], torch.Tensor]:
    """V → A V, on whatever device and in whatever dtype `op` wants V."""
    if _is_scipy(op):
        return lambda V: _scipy_product(op, V)
    # curvlinops refuses vectors of another dtype, and some devices have no float64
    strict = _is_from("curvlinops", op) or widest_dtype(own) != torch.float64
    given = precision if strict else dtype

    def product(V: torch.Tensor) -> torch.Tensor:
        value = op @ V.to(own, given)
        return _same_shape(value, V).to(V.device, V.dtype)

    return product


def _scipy_product(op: Any, V: torch.Tensor) -> torch.Tensor:
    """A V through NumPy."""
    value = torch.from_numpy(op.matmat(V.cpu().numpy().astype(op.dtype, copy=False)))
    return _same_shape(value, V).to(V.device, V.dtype)


def _same_shape(value: torch.Tensor, V: torch.Tensor) -> torch.Tensor:
    if value.shape != V.shape:
        raise InputError(
            f"op @ V has shape {tuple(value.shape)}; expected V's, {tuple(V.shape)}"
        )
    return value


def _refuse_non_finite(value: torch.Tensor) -> None:
    bad = int((~torch.isfinite(value)).sum())
    if bad:
        raise InputError(
            f"op @ V has {bad} of {value.numel()} entries that are not finite; expected "
            "finite numbers: check the model's weights and its data"
        )


def _from_numpy(matrix: npt.NDArray[Any]) -> torch.Tensor:
    if matrix.dtype.kind != "f":
        raise InputError(f"op has dtype {matrix.dtype}; expected a real floating dtype")
    return torch.from_numpy(matrix)


def _check_dense(matrix: torch.Tensor) -> None:
    if not matrix.is_floating_point():
        raise InputError(f"op has dtype {matrix.dtype}; expected a real floating dtype")
    _size(tuple(matrix.shape))
    if not bool(torch.isfinite(matrix).all()):
        raise InputError("op has entries that are not finite; expected finite numbers")
    gap = float((matrix - matrix.T).abs().max())
    largest = float(matrix.abs().max())
    if not gap <= SYMMETRY * torch.finfo(matrix.dtype).eps * largest:
        raise InputError(
            f"op differs from its transpose by {gap:.3g}; expected a symmetric matrix: "
            "pass (op + op.T) / 2"
        )


def _size(shape: tuple[int, ...]) -> int:
    if len(shape) != 2 or shape[0] != shape[1] or shape[0] < 1:
        raise InputError(f"op has shape {shape}; expected (p, p) with p >= 1")
    return shape[0]


def _precision(op: Any) -> torch.dtype:
    dtype = op.dtype
    if _is_scipy(op):
        # SciPy leaves the dtype open where it was given none
        name = "float64" if dtype is None else str(dtype)
        dtype = getattr(torch, name, None)
    if not isinstance(dtype, torch.dtype) or not dtype.is_floating_point:
        raise InputError(f"op has dtype {op.dtype}; expected a real floating dtype")
    return dtype


def _is_scipy(op: Any) -> bool:
    """Whether `op` is a SciPy LinearOperator; SciPy is not loaded to find out."""
    module = sys.modules.get("scipy.sparse.linalg")
    return module is not None and isinstance(op, module.LinearOperator)


def _is_from(package: str, op: Any) -> bool:
    return any(base.__module__.split(".")[0] == package for base in type(op).__mro__)
