"""operators/blocks.py: operators made of others, against dense matrices."""

import re

import numpy as np
import pytest
import torch
from support.networks import close

from landtheory.deep.operators.blocks import (
    BlockDiagonalOperator,
    FactorOperator,
    MatrixFreeOperator,
)
from landtheory.errors import InputError


def factor(rows: int, p: int, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    generator = torch.Generator().manual_seed(p)
    return torch.randn(rows, p, generator=generator, dtype=dtype)


def test_a_factor_makes_its_square() -> None:
    F = factor(2, 5)
    operator = FactorOperator(F)
    assert operator.shape == (5, 5)
    assert close(operator @ torch.eye(5).double(), F.T @ F)
    assert (operator @ torch.ones(5)).dtype == torch.float32
    assert operator.products == 6


def test_blocks_stand_along_the_diagonal() -> None:
    F, G = factor(2, 3), factor(4, 2, torch.float32)
    operator = BlockDiagonalOperator({"a": FactorOperator(F), "b": FactorOperator(G)})
    assert operator.shape == (5, 5)
    assert operator.dtype == torch.float64
    dense = torch.block_diag(F.T @ F, (G.T @ G).double())
    V = factor(5, 4)
    assert close(operator @ V, dense @ V, 1e-6)
    assert close(operator @ V[:, 0], dense @ V[:, 0], 1e-6)
    assert [block.products for block in operator.blocks.values()] == [5, 5]


def test_scipy_gets_arrays_of_its_own() -> None:
    F = factor(2, 5)
    scipy = FactorOperator(F).to_scipy()
    v = np.ones(5)
    v.flags.writeable = False
    found = scipy @ v
    assert found.dtype == np.float64
    assert np.allclose(found, (F.T @ F).numpy() @ v, rtol=1e-14, atol=0)
    assert np.allclose(scipy.T @ np.eye(5), F.T @ F, rtol=1e-14, atol=1e-15)


def test_no_blocks_are_refused_and_a_bare_operator_has_no_product() -> None:
    with pytest.raises(
        InputError, match=re.escape("blocks is empty; expected at least")
    ):
        BlockDiagonalOperator({})
    bare = MatrixFreeOperator(2, dtype=torch.float64, device=torch.device("cpu"))
    with pytest.raises(NotImplementedError):
        bare @ torch.ones(2)
