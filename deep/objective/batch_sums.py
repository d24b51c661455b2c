"""What is remembered of a batch, so that another one in its place is noticed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    from .batches import Batch

__all__ = ["BatchSums"]

REPEATED = 1e-9
"""Relative difference that reordering within a batch makes in a float64 sum, at most."""


@dataclass(frozen=True)
class BatchSums:
    """What is remembered of a batch: no order within it, since none matters.

    Attributes
    ----------
    size : int
        Number of samples.
    sums, magnitudes : tuple of float
        Σ of the entries of each of its tensors, of the targets weighed by the inputs, and
        the same of their moduli.
    """

    size: int
    sums: tuple[float, ...]
    magnitudes: tuple[float, ...]

    @classmethod
    def of(cls, batch: "Batch") -> "BatchSums":
        """Those of a batch."""
        inputs = batch.inputs
        parts = [inputs] if isinstance(inputs, Tensor) else list(inputs.values())
        wide = [part.detach().to("cpu", torch.float64) for part in parts]
        # a permutation of the labels changes no sum of theirs: weigh them by the inputs
        rows = wide[0].reshape(batch.size, -1).sum(1)
        labels = batch.targets.detach().to("cpu", torch.float64)
        wide.append(labels.reshape(batch.size, -1) * rows[:, None])
        return cls(
            size=batch.size,
            sums=tuple(float(part.sum()) for part in wide),
            magnitudes=tuple(float(part.abs().sum()) for part in wide),
        )

    @classmethod
    def read(cls, told: list[Any]) -> "BatchSums":
        """From what JSON can hold."""
        return cls(told[0], tuple(told[1]), tuple(told[2]))

    def told(self) -> list[Any]:
        """As what JSON can hold."""
        return [self.size, self.sums, self.magnitudes]

    def near(self, other: "BatchSums") -> bool:
        """Whether both are of one batch, in whatever order it was summed."""
        if self.size != other.size or len(self.sums) != len(other.sums):
            return False
        # NaN is not equal to itself, and is not what is asked here
        return all(
            not abs(a - b) > REPEATED * (c + d)
            for a, b, c, d in zip(
                self.sums, other.sums, self.magnitudes, other.magnitudes, strict=True
            )
        )
