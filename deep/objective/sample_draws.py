"""Random numbers of samples, which depend on the number of the sample alone."""

from collections.abc import Callable

import torch
from torch import Tensor

__all__ = ["SampleDraws"]

BLOCK = 64
"""Samples whose numbers come from one generator: seeding one takes as long as drawing
some hundreds, and what is drawn beside a micro-batch is thrown away."""

Fill = Callable[[tuple[int, ...], torch.Generator], Tensor]


class SampleDraws:
    """Rows of an endless random table, for samples numbered from `first`.

    However the data is cut into micro-batches, and whoever computes them, a sample has
    the same numbers.

    Parameters
    ----------
    seed : int
        Of the table.
    first : int
        Number of the first sample.
    """

    def __init__(self, seed: int, first: int) -> None:
        self._seed, self._first = seed, first

    def uniform(self, draws: int, shape: tuple[int, ...]) -> Tensor:
        """Independent and uniform on [0, 1).

        Parameters
        ----------
        draws : int
            How often; more of them begin with the same ones.
        shape : (n, …) tuple
            Of one draw for n samples.

        Returns
        -------
        (draws, n, …) float64
            On the CPU.
        """
        return self._rows(_uniform, draws, shape)

    def normal(self, draws: int, shape: tuple[int, ...]) -> Tensor:
        """The same, standard normal."""
        return self._rows(_normal, draws, shape)

    def _rows(self, fill: Fill, draws: int, shape: tuple[int, ...]) -> Tensor:
        n, *rest = shape
        low, high = self._first // BLOCK, -(-(self._first + n) // BLOCK)
        blocks = []
        for block in range(low, high):
            generator = torch.Generator().manual_seed(self._seed + block)
            size = (BLOCK, *rest)
            blocks.append(torch.stack([fill(size, generator) for _ in range(draws)]))
        start = self._first - low * BLOCK
        return torch.cat(blocks, 1)[:, start : start + n]


def _uniform(size: tuple[int, ...], generator: torch.Generator) -> Tensor:
    return torch.rand(size, generator=generator, dtype=torch.float64)


def _normal(size: tuple[int, ...], generator: torch.Generator) -> Tensor:
    return torch.randn(size, generator=generator, dtype=torch.float64)
