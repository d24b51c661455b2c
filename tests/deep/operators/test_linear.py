"""operators/linear.py: operators of four makers against the matrix they stand for."""

import re
from typing import Any

import numpy as np
import pytest
import torch
from scipy.sparse.linalg import LinearOperator, aslinearoperator
from support.spectra import KINDS, matrix

from landtheory.deep.operators.linear import Operator, as_operator
from landtheory.errors import InputError

A = matrix(KINDS["outliers"])
P = len(A)
V = torch.randn(P, 3, generator=torch.Generator().manual_seed(5), dtype=torch.float64)


class Own:
    """As landtheory's operators are: any dtype in, the same one out."""

    shape, dtype, device = (P, P), torch.float32, torch.device("cpu")

    def __matmul__(self, vectors: torch.Tensor) -> torch.Tensor:
        return (A @ vectors.double()).to(vectors.dtype)


class Strict(Own):
    """As curvlinops's operators are: their own dtype only."""

    __module__ = "curvlinops.stand_in"

    def __matmul__(self, vectors: torch.Tensor) -> torch.Tensor:
        assert vectors.dtype == self.dtype
        return A.float() @ vectors


def returning(value: Any) -> Own:
    """An operator whose products are all `value`."""

    class Fixed(Own):
        def __matmul__(self, vectors: torch.Tensor) -> torch.Tensor:
            return value

    return Fixed()


MAKERS = {
    "tensor": (A, 1e-15),
    "float32 tensor": (A.float(), 1e-6),
    "own": (Own(), 1e-15),
    "strict": (Strict(), 1e-6),
    "array": (A.numpy(), 1e-15),
    "scipy": (aslinearoperator(A.numpy()), 1e-15),
    "float32 scipy": (aslinearoperator(A.float().numpy()), 1e-6),
}


@pytest.mark.parametrize("maker", MAKERS)
def test_every_operator_multiplies_and_counts_alike(maker: str) -> None:
    given, tolerance = MAKERS[maker]
    op = as_operator(given)
    assert (op.shape, op.dtype, op.products) == ((P, P), torch.float64, 0)
    product = op @ V
    assert product.dtype == torch.float64
    assert float((product - A @ V).norm()) <= tolerance * float(A.norm() * V.norm())
    assert (op @ V[:, 0]).shape == (P,)
    assert op.products == 4


def test_an_operator_that_counts_already_goes_on_counting() -> None:
    op = as_operator(A)
    assert as_operator(op) is op
    assert as_operator(op, dtype=torch.float32) is not op


def test_vectors_may_be_kept_in_float32() -> None:
    op = as_operator(A, dtype=torch.float32, device=torch.device("cpu"))
    assert (op @ V.float()).dtype == torch.float32
    assert op.epsilon == torch.finfo(torch.float32).eps
    assert as_operator(Own()).epsilon == torch.finfo(torch.float32).eps
    assert as_operator(A).epsilon == torch.finfo(torch.float64).eps


def test_an_operator_of_scipy_without_a_dtype_is_one_in_float64() -> None:
    op = LinearOperator((P, P), matvec=lambda v: A.numpy() @ v)
    op.dtype = None
    assert as_operator(op).precision == torch.float64


def test_a_curvlinops_operator_is_taken_as_it_is() -> None:
    curvlinops = pytest.importorskip("curvlinops", reason="curvlinops is not installed")
    model = torch.nn.Linear(3, 2)
    data = [(torch.ones(4, 3), torch.tensor([0, 1, 1, 0]))]
    loss = torch.nn.CrossEntropyLoss()
    given = curvlinops.GGNLinearOperator(model, loss, list(model.parameters()), data)
    op = as_operator(given)
    v = torch.ones(8, dtype=torch.float64)
    assert torch.equal(op @ v, (given @ v.float()).double())


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            7,
            (
                "op is of type int; expected a symmetric operator: pass one of landtheory "
                "or curvlinops, a SciPy LinearOperator or a square tensor"
            ),
        ),
        (np.eye(2, dtype=int), "op has dtype int64; expected a real floating dtype"),
        (torch.ones(2, 3), "op has shape (2, 3); expected (p, p) with p >= 1"),
        (torch.ones(0, 0), "op has shape (0, 0); expected (p, p) with p >= 1"),
        (torch.ones(4), "op has shape (4,); expected (p, p) with p >= 1"),
        (
            torch.ones(2, 2, dtype=torch.int64),
            "op has dtype torch.int64; expected a real floating dtype",
        ),
        (
            aslinearoperator(np.eye(2, dtype=complex)),
            "op has dtype complex128; expected a real floating dtype",
        ),
        (
            torch.tensor([[1.0, torch.nan], [torch.nan, 1.0]]),
            "op has entries that are not finite; expected finite numbers",
        ),
        (
            torch.tensor([[1.0, 2.0], [0.0, 1.0]]),
            (
                "op differs from its transpose by 2; expected a symmetric matrix: pass "
                "(op + op.T) / 2"
            ),
        ),
    ],
)
def test_what_is_no_symmetric_operator_is_refused(given: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        as_operator(given)


def test_a_dense_matrix_symmetric_to_rounding_is_accepted() -> None:
    skewed = A.clone()
    skewed[0, 1] *= 1 + 1e-15
    assert as_operator(skewed).shape == (P, P)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: as_operator(A) @ V[:5], f"V has shape (5, 3); expected ({P},) or ({P}, k)"),
        (
            lambda: as_operator(A) @ V[:, :, None],
            f"V has shape ({P}, 3, 1); expected ({P},) or ({P}, k)",
        ),
        (
            lambda: as_operator(returning(V[:, :2])) @ V,
            f"op @ V has shape ({P}, 2); expected V's, ({P}, 3)",
        ),
        (
            lambda: as_operator(returning(V.clone().fill_(torch.inf))) @ V,
            (f"op @ V has {3 * P} of {3 * P} entries that are not finite; expected "
            "finite numbers: check the model's weights and its data"),
        ),
    ],
)  # fmt: skip
def test_a_wrong_product_is_one_sentence(call: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        call()


def test_large_finite_products_are_not_taken_for_infinite_ones() -> None:
    huge = torch.full((P, 3), 1e308, dtype=torch.float64)
    assert torch.equal(as_operator(returning(huge)) @ V, huge)


def test_the_protocol_sees_what_is_missing() -> None:
    assert isinstance(Own(), Operator)
    assert not isinstance("A", Operator)
