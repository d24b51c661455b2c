"""products/tape.py and products/recorder.py: replays against the computation itself.

The computations write in place, alias, and hide views: what would spoil a replay that
kept the wrong thing.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from support.networks import close
from torch import Tensor

from landtheory.deep.products.recorder import CannotRecordError
from landtheory.deep.products.tape import Tape, record

C = torch.linspace(1, 2, 6, dtype=torch.float64).reshape(2, 3)


def constants() -> Tensor:
    return C.clone()


def plain(v: Tensor) -> Tensor:
    return (v * constants()) @ constants().T


def written_into_zeros(v: Tensor) -> Tensor:
    room = torch.zeros(3, 3, dtype=torch.float64)
    room[:2] = v
    room[1:] += 2 * v
    return room


def accumulated(v: Tensor) -> Tensor:
    total = torch.zeros_like(v)
    for factor in range(3):
        total.add_(v, alpha=factor)
    return total


def constant_written_after_it_was_read(v: Tensor) -> Tensor:
    weight = constants()
    first = v * weight
    weight.mul_(10)
    return first + v * weight


def constant_view_written_after_it_was_read(v: Tensor) -> Tensor:
    weight = constants()
    first = v * weight[0]
    weight.view(-1)[0] = 100.0
    return first + v * weight[0]


def written_through_a_view(v: Tensor) -> Tensor:
    x = v * 2
    view = x.view(-1)
    view[2:4].mul_(3)
    return x + constants()[0] * x


def hidden_view(v: Tensor) -> Tensor:
    """A view that no call made: it is had from the storage."""
    x = v * 2
    hidden = torch.empty(0, dtype=x.dtype).set_(x.untyped_storage(), 1, (4,), (1,))
    return hidden * 2


def dependent_into_part_of_a_constant(v: Tensor) -> Tensor:
    weight = constants()
    weight[0] *= 0
    weight[0].copy_(v[1])
    return weight[0] * 3


def several_outputs(v: Tensor) -> Tensor:
    left, right = v.split([1, 2], dim=1)
    values, _ = torch.stack([v, v * 2]).unbind(0)
    return left * right + values[:, :1]


def foreach(v: Tensor) -> Tensor:
    a, b = torch._foreach_mul([v, v * 2], 3.0)
    torch._foreach_add_([a, b], [b, a])
    return a - 2 * b


def not_contiguous(v: Tensor) -> Tensor:
    return (v.T.contiguous() @ v.new_ones(2, 2)).T + v.T.reshape(2, 3)


def zeros_and_copies(v: Tensor) -> Tensor:
    x = torch.zeros_like(v) + v.expand(2, 3).clone() + v.view(2, 3)
    return x + 0 * constants() + x.clone().add_(constants() * x)


LINEAR = [
    plain,
    written_into_zeros,
    accumulated,
    constant_written_after_it_was_read,
    constant_view_written_after_it_was_read,
    written_through_a_view,
    hidden_view,
    dependent_into_part_of_a_constant,
    several_outputs,
    foreach,
    not_contiguous,
    zeros_and_copies,
]


def vector(seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(2, 3, generator=generator, dtype=torch.float64)


def taped(function: Callable[[Tensor], Tensor]) -> tuple[Tensor, Tape]:
    values, tape = record(lambda v: (function(v[0]),), (vector(0),), {})
    return values[0], tape


@pytest.mark.parametrize("function", LINEAR, ids=lambda each: each.__name__)
def test_a_replay_is_the_computation_at_another_vector(function: Any) -> None:
    value, tape = taped(function)
    assert close(value, function(vector(0)))
    for seed in (0, 1, 2, 1):
        v = vector(seed)
        (found,) = tape((v.clone(),))
        assert close(found, function(v))


@pytest.mark.parametrize("function", LINEAR, ids=lambda each: each.__name__)
def test_a_replay_writes_neither_into_its_argument_nor_into_constants(
    function: Any,
) -> None:
    _, tape = taped(function)
    kept = [constant.clone() for constant in tape._constants]
    v = vector(1)
    tape((v,))
    assert torch.equal(v, vector(1))
    assert all(map(torch.equal, tape._constants, kept))


def test_results_that_do_not_depend_on_the_argument_are_zero() -> None:
    values, tape = record(
        lambda v: (v[0] * 2, None, torch.zeros(3), v[1]), (vector(0), vector(1)), {}
    )
    assert values[1] is None
    found = tape((vector(2), vector(3)))
    assert found[1] is found[2] is None
    assert torch.equal(found[3], vector(3))


def drawing(v: Tensor) -> Tensor:
    return torch.bernoulli(v.abs().clamp(max=1))


def asking(v: Tensor) -> Tensor:
    return v * float(v.detach().sum())


def writing_into_the_argument(v: Tensor) -> Tensor:
    return v.mul_(2)


def out_of_nothing(v: Tensor) -> Tensor:
    return torch.from_numpy(v.numpy() * 2).clone()


def two_dtypes(v: Tensor) -> Tensor:
    return (v * 2).view(torch.int64).double()


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (drawing, "aten.bernoulli.default draws random numbers"),
        (asking, "aten._local_scalar_dense.default gives a float"),
        (writing_into_the_argument, "the argument itself is written into"),
        (out_of_nothing, "a result depends on nothing that was seen"),
    ],
)
def test_what_cannot_be_replayed_says_why(function: Any, reason: str) -> None:
    with pytest.raises(CannotRecordError, match=re.escape(reason)):
        taped(function)


def test_memory_without_storage_is_refused() -> None:
    with pytest.raises(CannotRecordError, match="tensor has no memory"):
        taped(lambda v: v.to_sparse())


def test_memory_is_that_of_distinct_storages_not_held_anyway() -> None:
    weight, other = constants(), constants()
    _, tape = record(
        lambda v: (v[0] * weight[0] + v[0] * weight[1] * other,), (vector(0),), {}
    )
    assert tape.nbytes() == 2 * 6 * 8
    assert tape.nbytes(beside=[other]) == 6 * 8


def test_what_is_compiled_is_recorded_as_it_was_written() -> None:
    compiled = []

    def backend(graph: Any, _: Any) -> Any:
        compiled.append(graph)
        return graph.forward

    function = torch.compile(plain, backend=backend)
    value, tape = taped(function)
    assert not compiled
    assert close(value, plain(vector(0)))
    assert close(tape((vector(1),))[0], plain(vector(1)))
    # and it is compiled where nothing is recorded
    assert close(function(vector(1)), plain(vector(1)))
    assert compiled


def test_the_same_calls_share_a_program() -> None:
    programs: dict[str, Any] = {}
    for _ in range(3):
        record(lambda v: (plain(v[0]),), (vector(0),), programs)
    assert len(programs) == 1
    record(lambda v: (accumulated(v[0]),), (vector(0),), programs)
    assert len(programs) == 2


def test_forward_modes_zeros_without_memory_are_filled_in() -> None:
    from torch.autograd import forward_ad
    from torch.nn.functional import mse_loss

    y = constants()

    def slope(v: Any) -> Any:
        with torch.enable_grad(), forward_ad.dual_level():
            f = forward_ad.make_dual(y.sin().requires_grad_(), v[0])
            loss = mse_loss(f, y, reduction="sum")
            return (forward_ad.unpack_dual(loss).tangent,)

    value, tape = record(slope, (vector(0),), {})
    assert close(value[0], (2 * (y.sin() - y) * vector(0)).sum())
    assert close(tape((vector(1),))[0], (2 * (y.sin() - y) * vector(1)).sum())


def test_the_comparison_rejects_what_was_frozen() -> None:
    """The mutant: a part of the result is kept from the recording."""
    frozen = plain(vector(0))
    for seed in (1, 2):
        assert not close(frozen, plain(vector(seed)))
