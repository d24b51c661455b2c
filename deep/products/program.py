"""A graph of calls as steps on numbered places, which hold no tensors between runs."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from torch import Tensor

from .graph import Graph, Node, each

__all__ = ["Program"]

Reader = Callable[[list[Any]], tuple[Any, ...]]


class _Place(NamedTuple):
    """Where a tensor is found."""

    number: int


class _Step(NamedTuple):
    """A call: what is called, where its arguments are, where the result goes.

    `spent` are the places that nobody reads any more.
    """

    target: Any
    read: Reader
    kwargs: Any
    place: int
    spent: tuple[int, ...]


class Program:
    """The calls of a graph, to be made again with other tensors.

    Parameters
    ----------
    graph : Graph
        It may be changed afterwards, and its tensors are not held.

    Attributes
    ----------
    key : hashable
        Equal for two programs that make the same calls.
    """

    def __init__(self, graph: Graph) -> None:
        first = [*graph.arguments, *graph.constants]
        self._places = {node: _Place(number) for number, node in enumerate(first)}
        self._literals: list[Any] = []
        self._start = len(first)
        calls = graph.calls
        for number, node in enumerate(calls, start=self._start):
            self._places[node] = _Place(number)
        last = _last_uses(graph, calls)
        self._steps = [self._step(node, last[node]) for node in calls]
        (results,) = graph.result.args
        self._results = tuple(self._places[node].number for node in results)
        self.key = (
            len(graph.arguments),
            self._start,
            tuple(
                (node.target, hashable(self._placed((node.args, node.kwargs))))
                for node in calls
            ),
            self._results,
        )
        # literals stand behind the calls' results
        self._blank = [None] * len(calls) + self._literals
        del self._places

    def __call__(self, tensors: Sequence[Tensor]) -> list[Tensor]:
        """The results for other arguments and constants, in this order."""
        held: list[Any] = [*tensors, *self._blank]
        for target, read, kwargs, place, spent in self._steps:
            if kwargs:
                held[place] = target(*read(held), **_filled(kwargs, held))
            else:
                held[place] = target(*read(held))
            for number in spent:
                held[number] = None
        return [held[number] for number in self._results]

    def _step(self, node: Node, spent: list[Node]) -> _Step:
        return _Step(
            node.target,
            self._reader(node.args),
            self._placed(node.kwargs),
            self._places[node].number,
            tuple(self._places[each].number for each in spent),
        )

    def _placed(self, value: Any) -> Any:
        """Arguments with places instead of nodes."""
        if isinstance(value, Node):
            return self._places[value]
        return each(value, self._placed)

    def _reader(self, args: tuple[Any, ...]) -> Reader:
        """From all that is held to a call's arguments, the quickest way."""
        placed = self._placed(args)
        if any(not isinstance(part, _Place) and _has_place(part) for part in placed):
            return lambda held: _filled(placed, held)
        numbers = [self._number(part) for part in placed]
        if len(numbers) == 1:
            (only,) = numbers
            return lambda held: (held[only],)
        return itemgetter(*numbers) if numbers else lambda _: ()

    def _number(self, part: Any) -> int:
        """The place of a tensor, or of a literal, which gets one of its own."""
        if isinstance(part, _Place):
            return part.number
        self._literals.append(part)
        # every call has a place, and so has every node
        return len(self._places) + len(self._literals) - 1


def hashable(value: Any) -> Any:
    """Nested arguments as what can be compared: 1, 1.0 and True mean different calls."""
    if isinstance(value, tuple | list):
        return type(value), tuple(map(hashable, value))
    if isinstance(value, dict):
        return tuple((key, hashable(part)) for key, part in value.items())
    return type(value), value


def _has_place(value: Any) -> bool:
    if isinstance(value, _Place):
        return True
    if isinstance(value, dict):
        value = tuple(value.values())
    return isinstance(value, tuple | list) and any(map(_has_place, value))


def _filled(value: Any, held: list[Any]) -> Any:
    """Arguments with what is held instead of places."""
    if isinstance(value, _Place):
        return held[value.number]
    return each(value, lambda part: _filled(part, held))


def _last_uses(graph: Graph, calls: list[Node]) -> dict[Node, list[Node]]:
    """Which results each call is the last to read; its own, if nobody does."""
    seen = set(graph.result.inputs)
    last: dict[Node, list[Node]] = {}
    for node in reversed(calls):
        fresh = [
            each
            for each in (node, *node.inputs)
            if each.op == "call" and each not in seen
        ]
        seen.update(fresh)
        last[node] = fresh
    return last
