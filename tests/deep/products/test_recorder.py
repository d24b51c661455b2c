"""products/recorder.py: what is noted of a computation, and what is kept; replays: test_tape."""

from typing import Any

import torch
from torch import Tensor

from landtheory.deep.products.graph import Node
from landtheory.deep.products.location import Location
from landtheory.deep.products.recorder import Recorder

aten = torch.ops.aten
C = torch.linspace(1, 2, 6).reshape(2, 3)


def noted(function: Any, *arguments: Tensor) -> tuple[Recorder, list[Node]]:
    recorder = Recorder(arguments)
    with recorder:
        recorder.value = function(*arguments)
    return recorder, recorder.graph.calls


def constants(recorder: Recorder) -> list[Tensor]:
    return [node.constant for node in recorder.graph.constants]


def test_only_calls_that_depend_on_the_argument_are_noted() -> None:
    recorder, calls = noted(lambda v: v * C.exp() + C.sin().cos(), torch.ones(2, 3))
    assert [call.target for call in calls] == [aten.mul.Tensor, aten.add.Tensor]
    kept = constants(recorder)
    assert torch.equal(kept[0], C.exp())
    assert torch.equal(kept[1], C.sin().cos())


def test_a_constant_is_kept_once_however_often_it_is_read() -> None:
    recorder, _ = noted(lambda v: (v * C + C) * C.T.T, torch.ones(2, 3))
    assert len(constants(recorder)) == 1


def test_shapes_are_not_entries() -> None:
    _, calls = noted(lambda v: torch.zeros_like(v) + torch.ones(()), torch.ones(2))
    assert calls == []


def test_views_that_no_call_made_are_found_by_their_memory() -> None:
    def hidden(v: Tensor) -> Tensor:
        x = v * 2
        behind = torch.empty(0).set_(x.untyped_storage(), 1, (2, 2), (2, 1))
        return behind.sin()

    _, calls = noted(hidden, torch.ones(6))
    assert [call.target for call in calls] == [
        aten.mul.Tensor, aten.as_strided.default, aten.sin.default
    ]  # fmt: skip
    assert calls[1].args[1:] == ((2, 2), (2, 1), 1)


def test_nodes_know_where_their_tensors_lay() -> None:
    recorder, calls = noted(lambda v: (v * C).T.sin(), torch.ones(2, 3))
    product, transposed, sine = (call.value for call in calls)
    assert product.home == transposed.home != sine.home
    assert transposed.stride == (1, 3)
    assert sine.layout == Location.of(recorder.value).layout


def test_a_constant_that_is_written_later_is_kept_as_it_was_read() -> None:
    def late(v: Tensor) -> Tensor:
        weight = C.clone()
        first = v * weight
        weight.add_(1)
        return first + weight * v

    recorder, _ = noted(late, torch.ones(2, 3))
    kept = constants(recorder)
    assert torch.equal(kept[0], C)
    assert torch.equal(kept[1], C + 1)


def test_kept_tensors_have_no_graph_behind_them() -> None:
    weight = C.clone().requires_grad_()
    recorder, _ = noted(lambda v: v * (weight * 2), torch.ones(2, 3))
    (kept,) = constants(recorder)
    assert kept.grad_fn is None
    assert not kept.requires_grad


def test_intermediate_tensors_are_given_up() -> None:
    """The memory of a recording is that of the computation, and the constants."""
    import weakref

    dead = []

    def chain(v: Tensor) -> Tensor:
        for _ in range(4):
            v = v.sin()
            dead.append(weakref.ref(v))
        return v

    recorder, _ = noted(chain, torch.ones(3))
    assert [reference() is None for reference in dead] == [True] * 3 + [False]
    assert recorder.value is dead[-1]()
