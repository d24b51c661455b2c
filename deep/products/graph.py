"""The calls of a computation as a graph: quick to note, to rewrite and to read."""

from collections.abc import Callable, Iterator
from typing import Any

from torch import Tensor

from .location import Location

__all__ = ["Graph", "Node", "each", "nodes_in"]


class Node:
    """A tensor of a computation: an argument, a constant, or what a call gave.

    Parameters
    ----------
    op : {"argument", "constant", "call", "output"}
        Which; the output is no tensor, but reads those that are results.

    Attributes
    ----------
    target : callable or None
        What a call calls, with `args` and `kwargs`, which hold nodes for tensors.
    inputs : tuple of Node
        The nodes in them, each once.
    users : dict of Node to None
        Whose inputs it is among, in their order.
    value : Location or None
        Where its tensor lay.
    constant : Tensor or None
        The tensor of a constant.
    """

    __slots__ = (
        "args",
        "constant",
        "inputs",
        "kwargs",
        "op",
        "target",
        "users",
        "value",
    )

    def __init__(self, op: str) -> None:
        self.op = op
        self.target: Any = None
        self.args: tuple[Any, ...] = ()
        self.kwargs: dict[str, Any] = {}
        self.inputs: tuple[Node, ...] = ()
        self.users: dict[Node, None] = {}
        self.value: Location | None = None
        self.constant: Tensor | None = None

    def calls(
        self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any] | None = None
    ) -> None:
        """Make it a call, whatever it called before."""
        for node in self.inputs:
            del node.users[self]
        self.target, self.args, self.kwargs = target, args, kwargs or {}
        self.inputs = tuple(dict.fromkeys(nodes_in((self.args, self.kwargs))))
        for node in self.inputs:
            node.users[self] = None


class Graph:
    """Arguments, constants, calls in their order, and an output.

    Attributes
    ----------
    arguments, constants : list of Node
        What the calls may read from the beginning.
    result : Node
        Reads the results.
    """

    def __init__(self) -> None:
        self.arguments: list[Node] = []
        self.constants: list[Node] = []
        self.result = Node("output")
        self._calls: dict[Node, None] = {}

    @property
    def calls(self) -> list[Node]:
        """The calls, in order: a copy, so that they may be erased meanwhile."""
        return list(self._calls)

    def __iter__(self) -> Iterator[Node]:
        """All nodes, each after those that it reads."""
        yield from self.arguments
        yield from self.constants
        yield from self._calls
        yield self.result

    def argument(self) -> Node:
        """One more argument."""
        self.arguments.append(node := Node("argument"))
        return node

    def constant(self, tensor: Tensor) -> Node:
        """One more constant."""
        self.constants.append(node := Node("constant"))
        node.constant = tensor
        return node

    def call(
        self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any] | None = None
    ) -> Node:
        """One more call, after all others."""
        node = Node("call")
        node.calls(target, args, kwargs)
        self._calls[node] = None
        return node

    def take_constants(self) -> list[Tensor]:
        """The constants that are still read; the graph forgets the others, and all tensors.

        Its nodes refer to one another in circles, and would hold them for long.
        """
        taken = []
        for node in self.constants:
            if node.users and node.constant is not None:
                taken.append(node.constant)
            node.constant = None
        self.constants = [node for node in self.constants if node.users]
        return taken

    def erase(self, node: Node) -> None:
        """Take out a call that nobody reads."""
        node.calls(None, ())
        del self._calls[node]

    def replace(self, node: Node, other: Node) -> None:
        """Let everybody read another node in place of a call, and take that out."""

        def instead(value: Any) -> Any:
            return other if value is node else each(value, instead)

        for user in list(node.users):
            user.calls(user.target, instead(user.args), instead(user.kwargs))
        self.erase(node)


def each(value: Any, function: Callable[[Any], Any]) -> Any:
    """A tuple, list or dict with a function applied to its parts; else the value."""
    if isinstance(value, tuple):
        return tuple(map(function, value))
    if isinstance(value, list):
        return list(map(function, value))
    if isinstance(value, dict):
        return {key: function(part) for key, part in value.items()}
    return value


def nodes_in(value: Any) -> Iterator[Node]:
    """The nodes in nested tuples, lists and dicts."""
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from nodes_in(part)
    elif isinstance(value, dict):
        yield from nodes_in(tuple(value.values()))
