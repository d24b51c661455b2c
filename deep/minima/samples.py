"""Samples of several networks side by side, padded where one has fewer."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ...errors import InputError
from .attack import Pairs

__all__ = ["Samples"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Samples:
    """What each of E networks is trained on.

    Attributes
    ----------
    X, y : (E, N, …), (E, N, C) tensors
        Inputs and targets; behind those of a network with n < N stand zeros.
    weights : (E, N) tensor
        1/n for the samples of a network that has n, and 0 behind them.
    counts : tuple of int
        n of each network.
    """

    X: Tensor
    y: Tensor
    weights: Tensor
    counts: tuple[int, ...]

    @classmethod
    def of(
        cls,
        parts: Sequence[Pairs],
        *,
        dtype: torch.dtype = torch.float32,
        device: torch.device | None = None,
    ) -> "Samples":
        """Put the samples of each network side by side.

        Raises
        ------
        InputError
            If there are none.
        """
        counts = tuple(len(pairs.X) for pairs in parts)
        if not counts or min(counts) < 1:
            raise InputError(
                f"parts have {list(counts)} samples; expected at least one for each of "
                "at least one network"
            )
        most = max(counts)
        weights = torch.zeros(len(counts), most, dtype=dtype)
        for row, n in zip(weights, counts, strict=True):
            row[:n] = 1 / n
        X = torch.stack([_padded(pairs.X, most) for pairs in parts])
        y = torch.stack([_padded(pairs.y, most) for pairs in parts])
        return cls(
            X=X.to(device, dtype),
            y=y.to(device, dtype),
            weights=weights.to(device),
            counts=counts,
        )

    def kept(self, members: Tensor) -> "Samples":
        """Those of these networks alone; padding that nobody needs any more is cut."""
        counts = tuple(self.counts[i] for i in members.tolist())
        most = max(counts)
        return Samples(
            X=self.X[members, :most],
            y=self.y[members, :most],
            weights=self.weights[members, :most],
            counts=counts,
        )

    def to(self, dtype: torch.dtype) -> "Samples":
        """The same in another precision: each weight is 1/n anew."""
        n = torch.tensor(self.counts, dtype=dtype, device=self.X.device)
        weights = torch.where(self.weights > 0, 1 / n[:, None], 0)
        return Samples(
            X=self.X.to(dtype), y=self.y.to(dtype), weights=weights, counts=self.counts
        )

    def drawn(self, indices: Tensor) -> "Samples":
        """A mini-batch of each network: the samples at indices (E, b), in equal parts."""
        rows = torch.arange(len(indices), device=indices.device).unsqueeze(1)
        size = indices.shape[1]
        return Samples(
            X=self.X[rows, indices],
            y=self.y[rows, indices],
            weights=torch.full_like(self.weights[:, :1], 1 / size).repeat(1, size),
            counts=(size,) * len(indices),
        )


def _padded(part: Tensor, n: int) -> Tensor:
    rest = part.new_zeros(n - len(part), *part.shape[1:])
    return torch.cat([part, rest])
