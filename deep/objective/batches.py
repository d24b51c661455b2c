"""Data as micro-batches that come again, the same at every pass."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ...errors import InputError
from ..processes import Processes
from .batch_sums import BatchSums
from .preserve import RandomState

__all__ = ["Batch", "Batches"]

Inputs = Tensor | dict[str, Tensor]


class Batch(NamedTuple):
    """Some samples.

    Attributes
    ----------
    inputs : (n, …) tensor, or dict of such
        For the model; a dict goes to its keyword arguments.
    targets : (n, …) tensor
        For the loss.
    """

    inputs: Inputs
    targets: Tensor

    @property
    def size(self) -> int:
        """Number of samples, n."""
        return len(self.targets)

    def each(self, function: Callable[[Tensor], Tensor]) -> "Batch":
        """The batch with a function applied to inputs and targets."""
        inputs: Inputs
        if isinstance(self.inputs, Tensor):
            inputs = function(self.inputs)
        else:
            inputs = {name: function(part) for name, part in self.inputs.items()}
        return Batch(inputs, function(self.targets))

    def rows(self, chosen: Tensor | slice) -> "Batch":
        """Some of the samples."""
        return self.each(lambda part: part[chosen])

    def to(self, device: torch.device) -> "Batch":
        """The same on another device."""
        return self.each(lambda part: part.to(device))


class Batches:
    """A data set in micro-batches, or a loader's batches; iterate as often as you like.

    Parameters
    ----------
    data : (inputs, targets), or re-iterable of batches
        A tuple of two is one data set: a tensor, or a dict of tensors, and the targets.
        Anything else is iterated at every pass: a DataLoader, a list. Its batches are
        such tuples, or dicts whose entry "labels" holds the targets.
    batch_size : int, optional
        Samples in a micro-batch of a tuple; all by default.
    device : torch.device
        Where batches are moved to.

    Raises
    ------
    InputError
        If `data` is none of these, a one-shot iterator, or empty.

    Notes
    -----
    A loader that shuffles by torch's, NumPy's or Python's global random numbers is in
    the same order at every pass, since every pass starts from the same state. One that
    gives other batches all the same, so that no operator would be defined, is noticed
    by the sums of its batches and refused.
    """

    def __init__(
        self, data: Any, *, batch_size: int | None = None, device: torch.device
    ) -> None:
        self._whole = _data_set(data)
        self._data = data
        self._device = device
        self._random = RandomState.capture(device)
        self._seen: list[BatchSums] = []
        self._complete = False
        if self._whole is None:
            _refuse_unless_iterable(data, batch_size)
        self.batch_size = _checked_size(batch_size, self._whole)

    def first(self, size: int) -> Batch | None:
        """Some samples, where data is one tuple and so can be cut as one likes."""
        if self._whole is None:
            return None
        return self._whole.rows(slice(0, size)).to(self._device)

    @property
    def n_used(self) -> int:
        """Number of samples that the passes go through."""
        if self._whole is not None:
            return self._whole.size
        return sum(sums.size for sums in self._all_seen())

    @property
    def n_total(self) -> int:
        """Number of samples of the data set behind a loader, or `n_used`."""
        behind = getattr(self._data, "dataset", None)
        return len(behind) if isinstance(behind, Sized) else self.n_used

    @property
    def count(self) -> int:
        """Number of micro-batches."""
        if self._whole is not None:
            return len(range(0, self._whole.size, self.batch_size))
        return len(self._all_seen())

    def __iter__(self) -> Iterator[Batch]:
        """One pass.

        Yields
        ------
        Batch
            On the device.

        Raises
        ------
        InputError
            If there is no batch, one has another form, is empty, or is not the one that
            the first pass gave.
        """
        for batch in self._pass():
            yield batch.to(self._device)

    def owned(self, processes: Processes) -> Iterator[tuple[int, Batch]]:
        """One pass over the micro-batches that are this process's.

        A loader is gone through as a whole in every process, so that all see that they
        have the same one.

        Parameters
        ----------
        processes : Processes
            Who owns which.

        Yields
        ------
        (int, Batch)
            Its number among all of them, and the batch on the device.

        Raises
        ------
        InputError
            As iteration does.
        """
        for index, batch in enumerate(self._pass()):
            if processes.owns(index):
                yield index, batch.to(self._device)

    def refuse_differences(self, processes: Processes) -> None:
        """Refuse batches that are others, or in another order, in another process.

        Raises
        ------
        InputError
            In all of them.
        """
        if processes.size == 1:
            return
        own = self._all_sums()
        first = [
            BatchSums.read(each) for each in processes.told([s.told() for s in own])
        ]
        with processes.together("number of batches", [str(len(own))]):
            pass
        with processes.together():
            for index, (here, there) in enumerate(zip(own, first, strict=True)):
                if not here.near(there):
                    raise InputError(
                        f"data differs between the processes at batch {index}; expected "
                        "all of it in each, in the same order: pass it without a "
                        "DistributedSampler, and shuffle=False"
                    )

    def _pass(self) -> Iterator[Batch]:
        """The batches where they are."""
        if self._whole is not None:
            for start in range(0, self._whole.size, self.batch_size):
                yield self._whole.rows(slice(start, start + self.batch_size))
            return
        self._random.restore()
        index = -1
        for index, raw in enumerate(self._data):
            batch = _batch(raw, f"batch {index}")
            self._compare(index, BatchSums.of(batch))
            yield batch
        if index < 0:
            raise InputError(
                "data gives no batches; expected at least one: check the data set and "
                "drop_last"
            )
        if index + 1 < len(self._seen):
            raise InputError(
                f"data gave {len(self._seen)} batches and then {index + 1}; expected as "
                "many at every pass: pass a list or a DataLoader"
            )
        self._complete = True

    def _compare(self, index: int, sums: BatchSums) -> None:
        if not self._complete and index == len(self._seen):
            self._seen.append(sums)
        elif index >= len(self._seen) or not sums.near(self._seen[index]):
            raise InputError(
                f"data gives another batch {index} at each pass; expected the same: "
                "turn random augmentation off, and shuffle=False"
            )

    def _all_seen(self) -> list[BatchSums]:
        if not self._complete:
            for _ in self._pass():
                pass
        return self._seen

    def _all_sums(self) -> list[BatchSums]:
        if self._whole is None:
            return self._all_seen()
        return [BatchSums.of(batch) for batch in self._pass()]


def _data_set(data: Any) -> Batch | None:
    """The data set, where `data` is a tuple of inputs and targets."""
    if not isinstance(data, tuple) or len(data) != 2:
        return None
    return _batch(data, "data") if isinstance(data[1], Tensor) else None


def _refuse_unless_iterable(data: Any, batch_size: int | None) -> None:
    shown = type(data).__name__
    if not isinstance(data, Iterable) or isinstance(data, Tensor | Mapping | str):
        raise InputError(
            f"data is a {shown}; expected a tuple (inputs, targets) or a re-iterable of "
            "batches: wrap a Dataset in a DataLoader"
        )
    if iter(data) is data:
        raise InputError(
            f"data is a {shown}, which can be iterated only once; expected a "
            "re-iterable, such as a list or a DataLoader: every product is a pass"
        )
    if batch_size is not None:
        raise InputError(
            f"batch_size is {batch_size!r}; expected None, since the batches of data "
            "have their sizes already: set it in the loader"
        )


def _checked_size(batch_size: int | None, whole: Batch | None) -> int:
    if batch_size is None:
        return 0 if whole is None else whole.size
    if isinstance(batch_size, bool) or not isinstance(batch_size, int):
        raise InputError(f"batch_size is {batch_size!r}; expected an integer >= 1")
    if batch_size < 1:
        raise InputError(f"batch_size is {batch_size}; expected an integer >= 1")
    return batch_size


def _batch(raw: Any, name: str) -> Batch:
    inputs, targets = _inputs_and_targets(raw, name)
    parts = [inputs] if isinstance(inputs, Tensor) else list(inputs.values())
    sizes = {part.shape[0] if part.ndim else 0 for part in (*parts, targets)}
    if len(sizes) != 1:
        shapes = ", ".join(str(tuple(part.shape)) for part in parts)
        raise InputError(
            f"{name} has inputs of shape {shapes} and targets of shape "
            f"{tuple(targets.shape)}; expected as many of each along the first axis"
        )
    if sizes == {0}:
        raise InputError(f"{name} is empty; expected at least one sample")
    return Batch(inputs, targets)


def _inputs_and_targets(raw: Any, name: str) -> tuple[Inputs, Tensor]:
    found: Any = None
    if isinstance(raw, Mapping) and isinstance(raw.get("labels"), Tensor):
        rest = {key: part for key, part in raw.items() if key != "labels"}
        found = rest, raw["labels"]
    elif isinstance(raw, tuple | list) and len(raw) == 2:
        found = raw
    if found is not None:
        inputs, targets = found
        if isinstance(targets, Tensor) and isinstance(inputs, Tensor):
            return inputs, targets
        if isinstance(targets, Tensor) and _is_dict_of_tensors(inputs):
            return dict(inputs), targets
    raise InputError(
        f"{name} is a {type(raw).__name__}; expected a tuple (inputs, targets) of a "
        'tensor, or a dict of tensors, and a tensor; or a dict with "labels"'
    )


def _is_dict_of_tensors(inputs: Any) -> bool:
    return (
        isinstance(inputs, Mapping)
        and bool(inputs)
        and all(isinstance(part, Tensor) for part in inputs.values())
    )
