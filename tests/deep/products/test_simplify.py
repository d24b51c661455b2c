"""products/simplify.py: fewer calls, the same values, and memory that others still read."""

import operator
from collections.abc import Callable
from typing import Any

import pytest
import torch
from support.networks import close
from torch import Tensor

from landtheory.deep.products import simplify as module
from landtheory.deep.products.program import Program
from landtheory.deep.products.recorder import Recorder
from landtheory.deep.products.simplify import simplify

aten = torch.ops.aten
C = torch.linspace(1, 2, 6, dtype=torch.float64).reshape(2, 3)


def vector(seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(2, 3, generator=generator, dtype=torch.float64)


def before_and_after(
    function: Callable[[Tensor], Tensor],
) -> tuple[Tensor, Tensor, list[Any], list[Any]]:
    """Replays at another vector and the calls, before simplifying and after."""
    recorder = Recorder((v := vector(0),))
    with recorder:
        value = function(v)
    recorder.finish((value,))
    graph = recorder.graph
    found = []
    for rewrite in (lambda _: None, simplify):
        rewrite(graph)
        constants = [node.constant for node in graph.constants]
        (replayed,) = Program(graph)([vector(1), *constants])
        calls = [node.target for node in graph.calls]
        found.append((replayed.clone(), calls))
    (a, calls_a), (b, calls_b) = found
    return a, b, calls_a, calls_b


def zero(v: Tensor) -> Tensor:
    return torch.zeros_like(v) + v * C


def copies(v: Tensor) -> Tensor:
    return (v * C).expand(2, 3).view(2, 3).detach().sin()


def repeats(v: Tensor) -> Tensor:
    return (v * C).exp() - (v * C).cos()


def product_of_entries(v: Tensor) -> Tensor:
    return v.sin() + v.cos() * C


def product_of_matrices(v: Tensor) -> Tensor:
    return v @ C.T + v[:, :2] @ C[:, :2]


def product_read_twice(v: Tensor) -> Tensor:
    product = v.cos() * C
    return (v.sin() + product) / product


def viewed_later(v: Tensor) -> Tensor:
    x = v.sin()
    view = x.view(-1)
    y = x + v.cos()
    return y * view.view(2, 3)


def read_later(v: Tensor) -> Tensor:
    x = v.sin()
    y = x + v.cos()
    return y * x


def both_operands(v: Tensor) -> Tensor:
    x = v.sin()
    return x + x


def both_operands_a_product(v: Tensor) -> Tensor:
    x = v.cos() * C
    return x + x


def broadcast(v: Tensor) -> Tensor:
    return v.sum(0) + v.cos() * C


def transposed(v: Tensor) -> Tensor:
    return (v.sin() + (v.T.cos() * C.T).T).as_strided((6,), (1,), 0)


def argument_is_operand(v: Tensor) -> Tensor:
    return v + v.cos() * C


def written(v: Tensor) -> Tensor:
    x = v.sin()
    y = x + v.cos() * C
    x.mul_(2)
    return y + x * x


def read_before_and_after(v: Tensor) -> Tensor:
    x = v.sin()
    view = x.view(-1)
    first = view.exp()
    x.mul_(2)
    return (first + 3 * view.exp()).view(2, 3)


FUNCTIONS: dict[Callable[[Tensor], Tensor], list[Any]] = {
    zero: [aten.mul.Tensor],
    copies: [aten.mul.Tensor, aten.sin.default],
    repeats: [aten.mul.Tensor, aten.exp.default, aten.cos.default, aten.sub.Tensor],
    product_of_entries: [aten.sin.default, aten.cos.default, aten.addcmul_.default],
    product_of_matrices: [aten.mm.default, aten.slice.Tensor, aten.addmm_.default],
    product_read_twice: [],
    viewed_later: [],
    read_later: [],
    both_operands: [aten.sin.default, aten.add.Tensor],
    both_operands_a_product: [aten.cos.default, aten.mul_.Tensor, aten.add.Tensor],
    broadcast: [],
    transposed: [],
    argument_is_operand: [aten.cos.default, aten.addcmul.default],
    written: [],
    read_before_and_after: [],
}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.__name__)
def test_values_stay_and_calls_become_fewer(function: Any) -> None:
    before, after, calls, fewer = before_and_after(function)
    assert close(before, function(vector(1)))
    assert close(after, before)
    assert len(fewer) <= len(calls)
    if FUNCTIONS[function]:
        assert [call for call in fewer if call is not operator.getitem] == (
            FUNCTIONS[function]
        )


def test_reads_before_and_after_a_write_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, after, *_ = before_and_after(read_before_and_after)
    assert close(after, before)
    # the mutant: as if no memory were written
    monkeypatch.setattr(module, "_written_memory", lambda _: set())
    before, after, *_ = before_and_after(read_before_and_after)
    assert not close(after, before)


def test_memory_that_is_read_later_is_not_written_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    *_, calls = before_and_after(read_later)
    # over cos(v), which nobody reads later, not over sin(v), which comes first
    assert aten.add_.Tensor in calls
    # the mutant: each operand is read here for the last time
    monkeypatch.setattr(module, "_last_uses", lambda *_: EverHere())
    before, after, *_ = before_and_after(read_later)
    assert not close(after, before)


class EverHere(dict[int, Any]):
    """A last use that is equal to any position."""

    def __missing__(self, key: int) -> Any:
        class Equal:
            def __ne__(self, other: object) -> bool:
                return False

            def __eq__(self, other: object) -> bool:
                return True

            __hash__ = None  # type: ignore[assignment]

        return Equal()


def test_random_graphs_keep_their_values() -> None:
    """Chains of sums, products, views and reads of anything before, drawn at random."""
    for seed in range(40):
        before, after, *_ = before_and_after(random_function(seed))
        assert close(after, before, 1e-10), seed


STEPS: list[Callable[[Tensor, Tensor], Tensor]] = [
    lambda a, b: a + b,
    lambda a, b: a + (b * C).sin(),
    lambda a, b: a + b * C * 0.1,
    lambda a, b: a.view(-1).view(2, 3),
    lambda a, b: (a @ C.T) @ C * 0.05 + b,
    lambda a, b: a.cos().mul_(b),
    lambda a, b: torch.zeros_like(a) + a,
]


def random_function(seed: int) -> Callable[[Tensor], Tensor]:
    def function(v: Tensor) -> Tensor:
        generator = torch.Generator().manual_seed(seed)

        def draw(values: list[Any]) -> Any:
            return values[int(torch.randint(len(values), (), generator=generator))]

        values = [v, v * 0.5]
        for _ in range(14):
            values.append(draw(STEPS)(draw(values), draw(values)))
        return torch.stack(values).sum(0)

    return function
