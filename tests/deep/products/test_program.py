"""products/program.py: runs against the same calls by hand, and what runs leave behind."""

import operator
import weakref
from typing import Any

import torch
from torch import Tensor

from landtheory.deep.products.graph import Graph
from landtheory.deep.products.program import Program, hashable

aten = torch.ops.aten


def example() -> Graph:
    """[v; v c] without its first row, and -v; the second part of a split is not read."""
    graph = Graph()
    v, c = graph.argument(), graph.constant(torch.ones(()))
    product = graph.call(aten.mul.Tensor, (v, c))
    both = graph.call(aten.cat.default, ([v, product],), {"dim": 0})
    parts = graph.call(aten.split_with_sizes.default, (both, [1, 3]))
    last = graph.call(operator.getitem, (parts, 1))
    negative = graph.call(aten.neg.default, (v,))
    graph.result.calls(None, ((last, negative),))
    return graph


def test_a_run_is_the_calls_by_hand() -> None:
    program = Program(example())
    for c in (2.0, 3.0):
        v = torch.arange(4.0).reshape(2, 2)
        last, negative = program([v, torch.tensor(c)])
        assert torch.equal(last, torch.cat([v, v * c])[1:])
        assert torch.equal(negative, -v)


def test_literals_keep_their_places_behind_many_calls() -> None:
    graph = Graph()
    node = graph.argument()
    for power in range(20):
        node = graph.call(aten.add.Scalar, (node, 2**power))
        node = graph.call(aten.as_strided.default, (node, (2,), (1,), 0))
    graph.result.calls(None, ((node,),))
    (found,) = Program(graph)([torch.zeros(2)])
    assert found.tolist() == [2**20 - 1] * 2


def test_a_result_is_let_go_after_its_last_reader() -> None:
    alive: list[Any] = []
    seen: list[int] = []

    def noted(x: Tensor) -> Tensor:
        alive.append(weakref.ref(y := x + 1))
        seen.append(sum(reference() is not None for reference in alive))
        return y

    graph = Graph()
    node = graph.argument()
    for _ in range(5):
        node = graph.call(noted, (node,))
    graph.call(noted, (node,))  # nobody reads it
    graph.result.calls(None, ((node,),))
    (found,) = Program(graph)([torch.zeros(3)])
    # each sees its operand and itself; the last one reads a result, which stays
    assert seen == [1, 2, 2, 2, 2, 2]
    assert found.tolist() == [5, 5, 5]
    assert sum(reference() is not None for reference in alive) == 1


def test_programs_of_the_same_calls_have_the_same_key() -> None:
    assert Program(example()).key == Program(example()).key
    for change in (
        lambda calls: calls[1].calls(aten.cat.default, calls[1].args, {"dim": -2}),
        lambda calls: calls[2].calls(calls[2].target, (calls[1], [1, 3.0])),
        lambda calls: calls[4].calls(aten.abs.default, calls[4].args),
        lambda calls: calls[4].calls(calls[4].target, (calls[0],)),
    ):
        graph = example()
        change(graph.calls)
        assert Program(graph).key != Program(example()).key
    graph = example()
    graph.result.calls(None, (graph.result.args[0][::-1],))
    assert Program(graph).key != Program(example()).key


def test_arguments_that_python_holds_for_equal_are_told_apart() -> None:
    values = [1, 1.0, True, [1], (1,), {"x": 1}, [1.0], None]
    assert len(set(map(hashable, values))) == len(values)
    assert hashable([1, (2, {"x": 3})]) == hashable([1, (2, {"x": 3})])
