"""products/failures.py: what torch raises, and the sentence that users read."""

import pytest
import torch

from landtheory.deep.objective.batches import Batch
from landtheory.deep.products.failures import explained, is_short_of_memory

BATCH = Batch(torch.zeros(5, 2), torch.zeros(5))


@pytest.mark.parametrize(
    ("error", "short"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), True),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), True),
        (RuntimeError("derivative for aten::x is not implemented"), False),
    ],
)
def test_memory_that_is_short_is_told_from_other_failures(
    error: RuntimeError, *, short: bool
) -> None:
    assert is_short_of_memory(error) == short
    sentence = str(explained(error, BATCH))
    if short:
        assert sentence == (
            "a product with a micro-batch of 5 samples does not fit in memory; expected "
            "smaller ones: pass batch_size"
        )
    else:
        assert sentence == (
            "model cannot be differentiated twice: torch raised RuntimeError: derivative "
            "for aten::x is not implemented; expected operations with second derivatives"
        )
