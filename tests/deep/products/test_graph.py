"""products/graph.py: who reads whom, by hand, however the graph is rewritten."""

import gc
import weakref

import torch

from landtheory.deep.products.graph import Graph, Node, each, nodes_in


def chain() -> tuple[Graph, Node, list[Node]]:
    """v, a = sin(v), b = cos(a), c = a + [b, {"x": a}]."""
    graph = Graph()
    v = graph.argument()
    a = graph.call("sin", (v,))
    b = graph.call("cos", (a,))
    c = graph.call("add", (a, [b]), {"x": (a,)})
    graph.result.calls(None, ((c,),))
    return graph, v, [a, b, c]


def test_nodes_know_whom_they_read_and_who_reads_them() -> None:
    graph, v, (a, b, c) = chain()
    assert list(graph) == [v, a, b, c, graph.result]
    assert c.inputs == (a, b)
    assert list(a.users) == [b, c]
    assert list(c.users) == [graph.result]


def test_a_call_that_is_replaced_is_read_by_nobody_and_gone() -> None:
    graph, v, (a, b, c) = chain()
    graph.replace(a, v)
    assert graph.calls == [b, c]
    assert (b.args, c.args, c.kwargs) == ((v,), (v, [b]), {"x": (v,)})
    assert list(v.users) == [b, c]
    graph.replace(c, b)
    assert graph.result.args == ((b,),)
    assert list(b.users) == [graph.result]


def test_a_call_that_calls_something_else_reads_something_else() -> None:
    _, v, (a, b, c) = chain()
    c.calls("neg", (v,))
    assert list(a.users) == [b]
    assert list(v.users) == [a, c]
    assert (b.users, c.kwargs) == ({}, {})


def test_constants_are_given_away_those_nobody_reads_let_go() -> None:
    graph = Graph()
    read, unread = graph.constant(torch.ones(2)), graph.constant(torch.zeros(2))
    gone = weakref.ref(unread.constant)
    graph.call("neg", (read,))
    taken = graph.take_constants()
    gc.disable()
    try:
        assert gone() is None
    finally:
        gc.enable()
    assert [tensor.tolist() for tensor in taken] == [[1, 1]]
    assert graph.constants == [read]
    assert read.constant is None


def test_nested_arguments_are_gone_through() -> None:
    node = Node("argument")
    assert list(nodes_in((1, [node, {"x": node}], "y"))) == [node, node]
    assert each(torch.Size((2, 3)), str) == ("2", "3")
    assert each([1, 2], str) == ["1", "2"]
    assert each({"a": 1}, str) == {"a": "1"}
    assert each(4, str) == 4
