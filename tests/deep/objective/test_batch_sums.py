"""objective/batch_sums.py: what is another batch, and what is the same in another order."""

import json

import pytest
import torch

from landtheory.deep.objective.batch_sums import BatchSums
from landtheory.deep.objective.batches import Batch

X = torch.arange(12.0).reshape(4, 3)
Y = torch.tensor([0, 1, 2, 1])


def of(inputs: torch.Tensor, targets: torch.Tensor) -> BatchSums:
    return BatchSums.of(Batch(inputs, targets))


def test_the_same_samples_in_another_order_are_the_same_batch() -> None:
    order = torch.tensor([2, 0, 3, 1])
    assert of(X, Y).near(of(X[order], Y[order]))
    assert BatchSums.of(Batch({"a": X}, Y)).near(of(X, Y))


@pytest.mark.parametrize(
    "other",
    [
        of(X[:3], Y[:3]),
        of(X + 1e-6, Y),
        of(X, Y.flip(0)),
        of(X.flip(0), Y),
        BatchSums.of(Batch({"a": X, "b": X}, Y)),
    ],
)
def test_another_batch_is_seen(other: BatchSums) -> None:
    assert not of(X, Y).near(other)
    assert not other.near(of(X, Y))


def test_what_is_told_is_read_back_exactly() -> None:
    sums = of(X / 3, Y)
    assert BatchSums.read(json.loads(json.dumps(sums.told()))) == sums
    # NaN is refused elsewhere, with a better sentence
    assert of(X * torch.nan, Y).near(of(X * torch.nan, Y))
