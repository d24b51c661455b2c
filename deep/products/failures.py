"""Why a product cannot be had, in one sentence."""

import torch

from ...errors import InputError
from ..factories import first_line
from ..objective.batches import Batch

__all__ = ["explained", "is_short_of_memory"]


def explained(error: RuntimeError, batch: Batch) -> InputError:
    """Why even reverse mode fails: there is no memory, or no second derivative."""
    if is_short_of_memory(error):
        return InputError(
            f"a product with a micro-batch of {batch.size} samples does not fit in "
            "memory; expected smaller ones: pass batch_size"
        )
    return InputError(
        f"model cannot be differentiated twice: torch raised {first_line(error)}; "
        "expected operations with second derivatives"
    )


def is_short_of_memory(error: RuntimeError) -> bool:
    """Whether torch asked for more memory than there is."""
    return isinstance(error, torch.OutOfMemoryError) or "allocate memory" in str(error)
