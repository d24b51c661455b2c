"""The calls of a computation that depend on its argument, noted while it is made."""

import operator
from typing import Any

import torch
from torch import Tensor
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode

from ..objective.derivatives import Maybe
from ..objective.parameters import Tensors
from .graph import Graph, Node, each
from .location import Location, written_arguments

__all__ = ["CannotRecordError", "Recorder"]

aten = torch.ops.aten

SHAPE_ONLY = {
    aten.zeros_like.default,
    aten.ones_like.default,
    aten.full_like.default,
    aten.empty_like.default,
    aten.new_zeros.default,
    aten.new_ones.default,
    aten.new_full.default,
    aten.new_empty.default,
    aten.new_empty_strided.default,
    aten._new_zeros_with_same_feature_meta.default,
    aten.is_same_size.default,
    aten._has_same_storage_numel.default,
}
"""What looks at the shape of its argument and not at its entries."""


class CannotRecordError(Exception):
    """The computation cannot be replayed; the message says why."""


class Recorder(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Sees every call that torch makes below differentiation, and notes the dependent.

    A tensor depends on the argument if it lies in memory that a noted call has given or
    written. So views that autograd makes behind our back are found too.

    Parameters
    ----------
    tangents : tuple of tensors
        The argument.

    Attributes
    ----------
    graph : Graph
        The noted calls, and the constants that they read.
    """

    def __init__(self, tangents: Tensors) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.graph = Graph()
        self._nodes: dict[Location, Node] = {}
        self._homes: dict[int, Node] = {}
        self._constants: dict[int, dict[Location, Node]] = {}
        # as long as these are held, no other memory has the identity of dependent one
        self._identities: list[StorageWeakRef] = []
        for tangent in tangents:
            self._bind(self.graph.argument(), tangent)
        self._arguments = set(self._homes)

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # else torch keeps its compiler away at every call: `record` does it once for all
        return False

    def __torch_dispatch__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Run the call, and note it if it depends on the argument."""
        kwargs = kwargs or {}
        tensors = _tensors(args)
        if kwargs:
            tensors += _tensors(kwargs)
        if any(tensor._is_zerotensor() for tensor in tensors):
            args, kwargs = _real(args), _real(kwargs)
        written = _written(func, args, kwargs)
        if func in SHAPE_ONLY or not any(map(self._depends, tensors)):
            for tensor in written:
                self._protect(tensor)
            return func(*args, **kwargs)
        if torch.Tag.nondeterministic_seeded in func.tags:
            raise CannotRecordError(f"{func} draws random numbers")
        for tensor in written:
            self._make_dependent(tensor)
        noted = tuple(map(self._noted, args)), each(kwargs, self._noted)
        node = self.graph.call(func, *noted)
        result = func(*args, **kwargs)
        self._bind_result(node, result)
        return result

    def finish(self, values: Maybe) -> list[bool]:
        """Make the values the graph's output; say which of them there are."""
        outputs, live = [], []
        for value in values:
            depends = value is not None and self._depends(value)
            live.append(depends)
            if depends:
                outputs.append(self._noted(value))
            elif value is not None and bool(value.any()):
                # a linear map's constant value is 0; if not, we lost track of it
                raise CannotRecordError("a result depends on nothing that was seen")
        self.graph.result.calls(None, (tuple(outputs),))
        return live

    def _depends(self, tensor: Tensor) -> bool:
        return _home(tensor) in self._homes

    def _noted(self, value: Any) -> Any:
        """An argument of a call, with nodes in place of tensors."""
        if isinstance(value, Tensor):
            return self._node(value) if self._depends(value) else self._constant(value)
        return each(value, self._noted)

    def _node(self, tensor: Tensor) -> Node:
        location = Location.of(tensor)
        if location not in self._nodes:
            home = self._homes[location.home]
            if home.value is None or home.value.dtype != location.dtype:
                raise CannotRecordError("memory is read in two dtypes")
            self._bind(self._view(home, location), tensor)
        return self._nodes[location]

    def _view(self, home: Node, location: Location) -> Node:
        place = location.shape, location.stride, location.offset
        return self.graph.call(aten.as_strided.default, (home, *map(_plain, place)))

    def _constant(self, tensor: Tensor) -> Node:
        location = Location.of(tensor)
        here = self._constants.setdefault(location.home, {})
        if location not in here:
            # detached, or it would keep the whole graph of autograd behind it
            node = self.graph.constant(tensor.detach())
            node.value = location
            here[location] = node
        return here[location]

    def _protect(self, tensor: Tensor) -> None:
        """Keep what noted calls have read of a constant that is about to be written."""
        # calls to come read what is written: other constants
        for node in self._constants.pop(_home(tensor), {}).values():
            if node.constant is not None:
                node.constant = node.constant.clone()
                node.value = Location.of(node.constant)

    def _make_dependent(self, tensor: Tensor) -> None:
        """Let replays write into a copy of a constant's memory, made each time."""
        home = _home(tensor)
        if home in self._arguments:
            raise CannotRecordError("the argument itself is written into")
        if home in self._homes:
            return
        self._protect(tensor)
        whole = torch.empty(0, dtype=tensor.dtype, device=tensor.device)
        whole.set_(tensor.untyped_storage())
        memory = self._constant(whole.clone())
        copied = self.graph.call(aten.clone.default, (memory,))
        self._bind(copied, whole)
        self._bind(self._view(copied, Location.of(tensor)), tensor)

    def _bind_result(self, node: Node, result: Any) -> None:
        if isinstance(result, Tensor):
            self._bind(node, result)
        elif isinstance(result, tuple | list):
            for index, part in enumerate(result):
                if isinstance(part, Tensor):
                    item = self.graph.call(operator.getitem, (node, index))
                    self._bind(item, part)
        elif result is not None:
            raise CannotRecordError(f"{node.target} gives a {type(result).__name__}")

    def _bind(self, node: Node, tensor: Tensor) -> None:
        _home(tensor)
        location = Location.of(tensor)
        node.value = location
        self._nodes[location] = node
        if location.home not in self._homes:
            self._homes[location.home] = node
            weak = StorageWeakRef(tensor.untyped_storage())  # type: ignore[no-untyped-call]
            self._identities.append(weak)


def _home(tensor: Tensor) -> int:
    """Identity of a tensor's memory, the `home` of its location."""
    try:
        return tensor.untyped_storage()._cdata
    except (NotImplementedError, RuntimeError):
        raise CannotRecordError(f"a {tensor.layout} tensor has no memory") from None


def _real(value: Any) -> Any:
    """Forward mode's zeros without memory, which crash calls under a mode, filled in."""
    if isinstance(value, Tensor):
        return torch.zeros_like(value) if value._is_zerotensor() else value
    return each(value, _real)


def _written(func: Any, args: Any, kwargs: dict[str, Any]) -> list[Tensor]:
    return [
        tensor
        for index, name in written_arguments(func)
        for tensor in _tensors(args[index] if index < len(args) else kwargs.get(name))
    ]


def _tensors(value: Any) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, tuple | list):
        return []
    found: list[Tensor] = []
    for part in value:
        if isinstance(part, Tensor):
            found.append(part)
        elif isinstance(part, tuple | list | dict):
            found += _tensors(part)
    return found


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, tuple) else value
