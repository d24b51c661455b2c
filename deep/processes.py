"""Several processes with one data set between them, as all else sees them.

Each process has all of the data and of the weights, and computes its own micro-batches.
Whenever results are brought together the processes first tell each other whether all is
well and whether they mean the same: so an error in one is an error in all of them, and
no process waits for another that has given up.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

__all__ = ["Processes"]


class Processes:
    """Those that share the data set: here one, which has all of it.

    Attributes
    ----------
    rank, size : int
        Number of this process, from 0, and how many there are.
    local, here : int
        The same among those of this machine.
    """

    rank, size, local, here = 0, 1, 0, 1

    @property
    def is_first(self) -> bool:
        """Whether this is the process that reads, writes and speaks for all."""
        return self.rank == 0

    def owns(self, index: int) -> bool:
        """Whether the micro-batch of that number is this process's to compute."""
        return index % self.size == self.rank

    def sharing(self, device: torch.device) -> int:
        """How many of them live in the memory of a device: an accelerator is its own."""
        return self.here if device.type == "cpu" else 1

    @contextmanager
    def together(
        self, name: str = "", of: Sequence[Tensor | str] = ()
    ) -> Iterator[None]:
        """Run a block in all processes: what one raises, all raise.

        Parameters
        ----------
        name : str
            What must be the same in all of them, for the message.
        of : sequence of tensors and texts
            Its parts, compared bit by bit.

        Yields
        ------
        None
            Nothing: the block runs meanwhile.

        Raises
        ------
        InputError
            If another process raised it, or the parts differ.
        LandtheoryError
            If another process failed, or is gone.
        """
        del name, of
        yield

    def summed(
        self,
        part: Callable[[], Tensor],
        name: str = "",
        of: Sequence[Tensor | str] = (),
    ) -> Tensor:
        """Σ over processes of a tensor, the same bits in each of them.

        Parameters
        ----------
        part : callable
            This process's share, of one shape and dtype in all.
        name, of
            As in `together`, which it runs in.
        """
        with self.together(name, of):
            value = part()
        return self._added(value)

    def gathered(self, value: Any) -> list[Any]:
        """A value of each process, in the order of their numbers; what JSON can hold."""
        return [value]

    def told(self, value: Any) -> Any:
        """The value of the first process; what JSON can hold."""
        return value

    def copied(self, tensor: Tensor) -> None:
        """Overwrite a tensor by that of the first process."""

    def _added(self, value: Tensor) -> Tensor:
        return value
