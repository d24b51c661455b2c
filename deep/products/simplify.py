"""Recorded calls made fewer: the same values, to rounding, with less traffic to memory.

Each rule reads where the tensor of a node lay when it was recorded, its `value`.
Nodes share memory exactly if their tensors did: the identity of memory is never used
twice in a recording. Memory that a recorded call writes into is left alone.
"""

from collections.abc import Iterator
from typing import Any

import torch

from .graph import Graph, Node, nodes_in
from .location import Location, written_arguments
from .program import hashable

__all__ = ["simplify"]

aten = torch.ops.aten

SAME_SHAPE = {
    aten.alias.default,
    aten.detach.default,
    aten.expand.default,
    aten.view.default,
    aten._unsafe_view.default,
    aten.as_strided.default,
    aten._to_copy.default,
    aten.clone.default,
}
"""Calls that do nothing where shape, strides and dtype stay the same."""

PRODUCTS: dict[Any, Any] = {
    aten.mul.Tensor: aten.addcmul.default,
    aten.mm.default: aten.addmm.default,
    aten.bmm.default: aten.baddbmm.default,
}
"""Products that a sum takes in."""

IN_PLACE: dict[Any, Any] = {
    aten.add.Tensor: aten.add_.Tensor,
    aten.mul.Tensor: aten.mul_.Tensor,
    aten.addcmul.default: aten.addcmul_.default,
    aten.addmm.default: aten.addmm_.default,
    aten.baddbmm.default: aten.baddbmm_.default,
}
"""The same with the first operand's memory for the result."""

COMMUTATIVE = {aten.add.Tensor, aten.mul.Tensor}


def simplify(graph: Graph) -> None:
    """Rewrite a recorded graph, in place.

    Drops what adds 0 or copies nothing, makes repeated calls once, takes products into
    the sums they are added to (addcmul, addmm), and writes results over operands that
    nobody reads any more.

    Parameters
    ----------
    graph : Graph
        Of a linear map; every node with its recorded `value`.

    Notes
    -----
    Measured on a CPU, a product costs 10 % less on a ResNet-8 and a transformer, 5 % on
    an MLP. Merging convolutions that share an operand was tried, and gained nothing.
    """
    written = _written_memory(graph)
    for rule in (_drop_zeros, _drop_copies, _merge_repeats, _fuse):
        rule(graph, written)
    _drop_unread(graph)
    _write_over(graph, written)


def _drop_zeros(graph: Graph, written: set[int]) -> None:
    """0 + x is x."""
    for node in _calls(graph, aten.add.Tensor):
        if node.kwargs or not _is_stable(node, written):
            continue
        for zero, other in (node.args, node.args[::-1]):
            if _is_zero(zero) and isinstance(other, Node) and _is_like(other, node):
                graph.replace(node, other)
                break


def _drop_copies(graph: Graph, written: set[int]) -> None:
    for node in _calls(graph, *SAME_SHAPE):
        source = node.args[0]
        if (
            isinstance(source, Node)
            and _is_like(source, node)
            and _is_stable(node, written)
        ):
            graph.replace(node, source)


def _merge_repeats(graph: Graph, written: set[int]) -> None:
    """The same call with the same operands is made once."""
    seen: dict[Any, Node] = {}
    for node in _calls(graph):
        if _has_effect(node) or not _is_stable(node, written):
            continue
        key = node.target, hashable((node.args, node.kwargs))
        first = seen.setdefault(key, node)
        if first is not node:
            graph.replace(node, first)


def _fuse(graph: Graph, written: set[int]) -> None:
    """x + a b in one call, where nobody else reads a b."""
    for node in _calls(graph, aten.add.Tensor):
        if node.kwargs or not _is_stable(node, written):
            continue
        for product, other in (node.args[::-1], node.args):
            if (
                isinstance(product, Node)
                and isinstance(other, Node)
                and _can_take_in(node, product, other)
            ):
                node.calls(PRODUCTS[product.target], (other, *product.args))
                graph.erase(product)
                break


def _drop_unread(graph: Graph) -> None:
    for node in reversed(graph.calls):
        if not node.users and not _has_effect(node):
            graph.erase(node)


def _can_take_in(node: Node, product: Node, other: Node) -> bool:
    if product.target not in PRODUCTS or list(product.users) != [node]:
        return False
    if product is other:
        return False
    if not (_is_like(other, node) and _is_like(product, node)):
        return False
    # the result must keep the strides that were recorded: later calls count on them
    value, operands = node.value, list(map(_value, product.args))
    if product.target != aten.mul.Tensor:
        return value is not None and value.is_row_major
    return value is not None and all(
        operand is not None
        and operand.dtype == value.dtype
        and operand.device == value.device
        and (operand.shape != value.shape or operand.stride == value.stride)
        for operand in operands
    )


def _write_over(graph: Graph, written: set[int]) -> None:
    """Let a result take the memory of an operand that is read here for the last time."""
    position = {node: index for index, node in enumerate(graph)}
    last = _last_uses(position)
    for node in _calls(graph, *IN_PLACE):
        first, *rest = node.args
        choices = [(first, rest)]
        if node.target in COMMUTATIVE:
            choices.append((rest[0], [first]))
        result = node.value
        for operand, others in choices:
            value = _value(operand)
            if (
                value is not None
                and result is not None
                and value.layout == result.layout
                and operand not in others
                and last[value.home] == position[node]
                and _is_stable(node, written)
            ):
                last[value.home] = last[result.home]
                node.calls(IN_PLACE[node.target], (operand, *others))
                node.value = value
                break


def _last_uses(position: dict[Node, int]) -> dict[int, int]:
    """Where each piece of memory is read for the last time, by whatever name."""
    last: dict[int, int] = {}
    for node, here in position.items():
        value = node.value
        if value is not None:
            uses = [here, *(position[user] for user in node.users)]
            if node.op != "call":
                # constants are read by the next replay too, and arguments are not ours
                uses.append(len(position))
            last[value.home] = max(last.get(value.home, 0), *uses)
    return last


def _calls(graph: Graph, *targets: Any) -> Iterator[Node]:
    for node in graph.calls:
        if not targets or node.target in targets:
            yield node


def _value(node: Any) -> Location | None:
    return node.value if isinstance(node, Node) else None


def _is_like(node: Any, other: Node) -> bool:
    """Whether two nodes have one shape, one layout, one dtype and one device."""
    a, b = _value(node), _value(other)
    return a is not None and b is not None and a.layout == b.layout


def _is_zero(node: Any) -> bool:
    constant = node.constant if isinstance(node, Node) else None
    if constant is None or constant.device.type == "meta":
        return False
    return not bool(constant.any())


def _is_stable(node: Node, written: set[int]) -> bool:
    """Whether no recorded call writes into the memory of a node or of its operands."""
    return not any(
        value.home in written
        for value in map(_value, (node, *node.inputs))
        if value is not None
    )


def _written_memory(graph: Graph) -> set[int]:
    return {
        each.value.home
        for node in graph.calls
        for index, name in written_arguments(node.target)
        for each in nodes_in(
            node.args[index] if index < len(node.args) else node.kwargs.get(name)
        )
        if each.value is not None
    }


def _has_effect(node: Node) -> bool:
    return bool(written_arguments(node.target))
