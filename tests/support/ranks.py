"""A process of several, without the others: what they would tell it is given."""

from typing import Any

from torch import Tensor

from landtheory.deep.processes import Processes


class Rank(Processes):
    """One of `size`; what the first tells comes from `hears`, and `says` is kept."""

    def __init__(self, rank: int, size: int, *hears: Any) -> None:
        self.rank, self.size = rank, size
        self.hears, self.says = list(hears), list[Any]()

    def told(self, value: Any) -> Any:
        self.says.append(value)
        return value if self.is_first else self.hears.pop(0)

    def copied(self, tensor: Tensor) -> None:
        self.says.append(tensor.clone())
        if not self.is_first:
            tensor.copy_(self.hears.pop(0))
