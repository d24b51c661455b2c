"""products/trust.py: each check is seen to accept and to refuse."""

import re
from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from landtheory.deep.objective.batches import Batch
from landtheory.deep.products.recorder import CannotRecordError
from landtheory.deep.products.tape import Tape
from landtheory.deep.products.trust import (
    FEW,
    agree_on_few,
    are_near,
    inner,
    refuse_asymmetric,
    refuse_untrue,
)
from landtheory.errors import InputError

A = torch.tensor([[2.0, 1.0], [1.0, -3.0]], dtype=torch.float64)
V = torch.tensor([1.0, 0.5], dtype=torch.float64)
U = torch.tensor([-0.3, 1.0], dtype=torch.float64)


@pytest.mark.parametrize(
    ("dtype", "noise", "near"),
    [
        (torch.float64, 1e-9, True),
        (torch.float64, 1e-7, False),
        (torch.float32, 1e-4, True),
        (torch.float32, 1e-3, False),
    ],
)
def test_half_of_the_digits_must_agree(
    dtype: torch.dtype, noise: float, *, near: bool
) -> None:
    x = torch.ones(3, dtype=dtype)
    assert are_near((x * (1 + noise), None), (x, None)) == near
    assert are_near((x, x * 0), (x, None))
    assert not are_near((x, x), (x, None))
    assert not are_near((x, None), (x, x))


def test_nothing_is_near_to_nothing_and_nan_to_nothing_at_all() -> None:
    nan = torch.full((2,), torch.nan)
    assert are_near((None,), (None,))
    assert are_near((torch.zeros(2),), (torch.zeros(2),))
    assert not are_near((nan,), (torch.ones(2),))
    assert not are_near((torch.ones(2),), (nan,))


def test_inner_products_are_in_float64() -> None:
    large = torch.tensor([2.0**24, 1.0])
    assert inner((large, None), (torch.ones(2), torch.ones(2))) == 2**24 + 1


def linear(tensors: Sequence[Tensor]) -> tuple[Tensor]:
    (v,) = tensors
    return (A @ v,)


def frozen(tensors: Sequence[Tensor]) -> tuple[Tensor]:
    """One entry is that of the recording."""
    (v,) = tensors
    return (torch.stack([(A @ V)[0], (A @ v)[1]]),)


def test_a_replay_that_is_not_linear_is_refused() -> None:
    refuse_untrue(Tape(linear, (), [True]), (V,), (A @ V,))
    with pytest.raises(CannotRecordError, match="its replay differs from it"):
        refuse_untrue(Tape(frozen, (), [True]), (V,), (A @ V,))


def test_a_matrix_that_is_not_symmetric_is_refused() -> None:
    refuse_asymmetric("Hessian", (V,), (A @ V,), (U,), (A @ U,))
    B = A + torch.tensor([[0.0, 1e-3], [0.0, 0.0]])
    sentence = (
        "the Hessian is not symmetric, as uᵀAv and vᵀAu differ by 0.0005 of |Av|; "
        "expected a model whose operations torch can differentiate twice: try float64, "
        "and without weight_norm"
    )
    with pytest.raises(InputError, match=re.escape(sentence)):
        refuse_asymmetric("Hessian", (V,), (B @ V,), (U,), (B @ U,))
    # in float32 that could be rounding
    refuse_asymmetric(
        "Hessian",
        (V.float(),),
        ((B @ V).float(),),
        (U.float(),),
        ((B @ U).float(),),
    )
    refuse_asymmetric("Hessian", (V,), (None,), (U,), (None,))


def samples(n: int) -> Batch:
    return Batch(torch.arange(1.0, n + 1), torch.arange(n))


def total(batch: Batch) -> tuple[Tensor]:
    return (batch.inputs,)


def test_few_samples_tell_two_ways_apart() -> None:
    batch = samples(100)
    seen: list[Batch] = []

    def noted(few: Batch) -> tuple[Tensor]:
        seen.append(few)
        return total(few)

    assert agree_on_few(noted, total, batch)
    assert not agree_on_few(lambda few: (few.inputs * 1.001,), total, batch)
    # from all over the batch, with their own targets
    (few,) = seen
    assert few.size == FEW
    assert few.targets.tolist() == list(range(0, 96, 12))
    assert torch.equal(few.inputs, few.targets + 1)


def test_few_samples_that_tell_nothing_do_not_agree() -> None:
    batch = samples(100)

    def fixed(few: Batch) -> tuple[Tensor]:
        return (few.inputs.reshape(100),)

    def zero(few: Batch) -> tuple[Tensor]:
        return (few.inputs * 0,)

    def nan(few: Batch) -> tuple[Tensor]:
        return (few.inputs * torch.nan,)

    assert not agree_on_few(zero, zero, batch)
    assert not agree_on_few(lambda few: (None,), lambda few: (None,), batch)
    assert not agree_on_few(fixed, fixed, batch)
    assert not agree_on_few(nan, nan, batch)
    assert not agree_on_few(total, total, samples(FEW))
    assert agree_on_few(total, total, samples(FEW + 1))
