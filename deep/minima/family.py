"""What is trained side by side, and what became of each."""

from dataclasses import dataclass
from typing import Protocol, Self

import torch
from torch import Tensor, nn

from .samples import Samples

__all__ = ["Descent", "Networks"]


class Networks(Protocol):
    """E networks with their parameters: an `Ensemble`, or a `Single` one."""

    theta: Tensor

    @property
    def size(self) -> int:
        """E."""

    @property
    def p(self) -> int:
        """Parameters of each."""

    def member(self, i: int, *, dtype: torch.dtype = torch.float64) -> nn.Module:
        """One of them as an ordinary network, on the CPU, in evaluation mode."""

    def kept(self, members: Tensor, *, dtype: torch.dtype | None = None) -> Self:
        """A copy with some of them alone."""

    def losses(self, samples: Samples, loss: str) -> Tensor:
        """(E,): the mean of ℓ of each over its samples, in evaluation mode."""

    def losses_and_gradient(self, samples: Samples, loss: str) -> tuple[Tensor, Tensor]:
        """(E,) and (E, p): the same as it is trained, with its gradient."""

    def confirmed(self, samples: Samples, loss: str, losses: Tensor) -> Tensor:
        """(E,): the losses of training as evaluation on all samples would have them."""

    def freeze(self) -> None:
        """Keep what `confirmed` put in place."""


@dataclass(frozen=True, kw_only=True)
class Descent:
    """How far one network came.

    Attributes
    ----------
    loss : float
        Where it stopped.
    steps : int
        Taken until then.
    reached : bool
        Whether the loss is at most the target.
    """

    loss: float
    steps: int
    reached: bool
