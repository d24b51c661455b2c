"""Where a tensor lies in memory, so that calls can be told what they read and write."""

from functools import lru_cache
from typing import Any, NamedTuple

import torch
from torch import Tensor

__all__ = ["Location", "written_arguments"]


class Location(NamedTuple):
    """A piece of memory, read as a tensor.

    Attributes
    ----------
    home : int
        Identity of the memory, while it is not given up.
    offset, shape, stride
        Which of its entries, in which order.
    dtype, device : torch.dtype, torch.device
        What they are.
    """

    home: int
    offset: int
    shape: torch.Size
    stride: tuple[int, ...]
    dtype: torch.dtype
    device: torch.device

    @classmethod
    def of(cls, tensor: Tensor) -> "Location":
        """Of a tensor with memory of its own: dense, real or not."""
        return cls(
            home=tensor.untyped_storage()._cdata,
            offset=int(tensor.storage_offset()),
            shape=tensor.shape,
            stride=tensor.stride(),
            dtype=tensor.dtype,
            device=tensor.device,
        )

    @property
    def layout(self) -> tuple[Any, ...]:
        """All but which memory it is."""
        return self.shape, self.stride, self.dtype, self.device

    @property
    def is_row_major(self) -> bool:
        """Whether the entries stand in order, without gaps."""
        expected = 1
        for size, step in zip(reversed(self.shape), reversed(self.stride), strict=True):
            if size != 1 and step != expected:
                return False
            expected *= size
        return True


@lru_cache(maxsize=4096)
def written_arguments(target: Any) -> tuple[tuple[int, str], ...]:
    """Position and name of each argument that a call of torch writes into."""
    schema = getattr(target, "_schema", None)
    if schema is None:
        return ()
    return tuple(
        (index, argument.name)
        for index, argument in enumerate(schema.arguments)
        if argument.alias_info is not None and argument.alias_info.is_write
    )
