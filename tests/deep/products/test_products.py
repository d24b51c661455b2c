"""products/products.py: what is kept, which mode is used, and what makes it fall back."""

import re
from typing import Any

import pytest
import torch
from support.networks import (
    NETWORKS,
    Case,
    close,
    dense_hessian,
    dense_jacobian,
    output_hessian,
)
from torch import Tensor, nn

from landtheory.deep.operators.operators import GaussNewtonOperator, HessianOperator
from landtheory.deep.products import products as module
from landtheory.deep.products.recorder import CannotRecordError
from landtheory.errors import InputError


def operator(case: Case, **options: Any) -> HessianOperator:
    return HessianOperator(
        case.model, case.loss, (case.inputs, case.targets), **options
    )


def vectors(p: int, k: int = 2) -> Tensor:
    generator = torch.Generator().manual_seed(4)
    return torch.randn(p, k, generator=generator, dtype=torch.float64)


def test_the_plan_keeps_what_fits() -> None:
    case = NETWORKS["tanh"]()
    one = operator(case, batch_size=2).plan
    assert (one.micro_batches, one.kept) == (4, 1)
    size = one.bytes_kept
    assert size > 0
    H, V = dense_hessian(case), vectors(64)
    for room, kept in ((0, 0), (size - 1, 0), (size, 1), (2 * size, 2), (9 * size, 4)):
        found = operator(case, batch_size=2, memory=room)
        assert close(found @ V, H @ V)
        assert close(found @ V, H @ V)
        plan = found.plan
        assert plan.kept == kept
        assert plan.bytes_kept <= plan.bytes_allowed == room
        assert plan.method == "forward over reverse mode"


@pytest.mark.parametrize("memory", [None, 0])
def test_a_product_has_the_same_bits_ever_after(memory: int | None) -> None:
    case, V = NETWORKS["conv"](), vectors(187, 1)
    found = operator(case, batch_size=3, memory=memory)
    first = found @ V
    found @ torch.ones(187, 5)
    assert torch.equal(found @ V, first)
    again = operator(case, batch_size=3, memory=memory)
    again @ torch.ones(187)
    assert torch.equal(again @ V, first)


def test_a_plan_can_be_asked_for_before_any_product() -> None:
    found = operator(NETWORKS["tanh"](), batch_size=2)
    assert found.plan.kept == 1
    assert found.products == 0


def test_nothing_of_the_model_runs_once_everything_is_kept() -> None:
    case = NETWORKS["tanh"]()
    found = operator(case, batch_size=3)
    H, V = dense_hessian(case), vectors(64)
    found @ V
    calls = []
    handle = case.model.register_forward_hook(lambda *_: calls.append(1))
    assert close(found @ V, H @ V)
    assert not calls
    handle.remove()


def test_operations_without_forward_mode_are_done_in_reverse() -> None:
    case = NETWORKS["silu"]()
    found = operator(case, batch_size=3)
    H, V = dense_hessian(case), vectors(64)
    assert close(found @ V, H @ V)
    assert found.plan.kept == 3
    assert found.plan.method.startswith(
        "reverse over reverse mode, since torch raised NotImplementedError: Trying to "
        "use forward AD with aten::silu_backward"
    )


class Wrong(torch.autograd.Function):
    """sin, whose derivative in forward mode is that of -sin."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        ctx.save_for_forward(x)
        return x.sin()

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return slope * x.cos()

    @staticmethod
    def jvp(ctx: Any, tangent: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return -tangent * x.cos()


class Custom(nn.Module):
    def __init__(self, function: Any) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 3).double()
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(self.layer(x))


def custom(function: Any) -> Case:
    return NETWORKS["tanh"]()._replace(model=Custom(function))


def test_a_wrong_rule_of_forward_mode_is_noticed() -> None:
    case = custom(Wrong.apply)
    found = operator(case)
    assert close(found @ vectors(15), dense_hessian(case) @ vectors(15))
    assert found.plan.method == (
        "reverse over reverse mode, since forward mode differs from it"
    )


def many(model: nn.Module, n: int = 40) -> Case:
    """More samples than forward mode is compared on."""
    generator = torch.Generator().manual_seed(6)
    X = torch.randn(n, 4, generator=generator, dtype=torch.float64)
    y = torch.randint(3, (n,), generator=generator)
    return Case(model, nn.CrossEntropyLoss(), X, y)


def test_a_wrong_rule_is_noticed_on_few_samples_of_many() -> None:
    case = many(Custom(Wrong.apply))
    found = operator(case)
    assert close(found @ vectors(15), dense_hessian(case) @ vectors(15))
    assert found.plan.method == (
        "reverse over reverse mode, since forward mode differs from it"
    )


def test_forward_mode_is_compared_on_few_samples_where_they_can_be_had(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes: list[int] = []

    def compared(case: Case, **options: Any) -> list[int]:
        found = operator(case, **options)
        reverse = found._engine._curvature.reverse

        def noted(index: int, batch: Any, v: Any) -> Any:
            sizes.append(batch.size)
            return reverse(index, batch, v)

        curvature = found._engine._curvature._replace(reverse=noted)
        monkeypatch.setattr(found._engine, "_curvature", curvature)
        sizes.clear()
        p = found.shape[0]
        assert close(found @ vectors(p), dense_hessian(case) @ vectors(p))
        assert found.plan.method == "forward over reverse mode"
        return sizes.copy()

    assert compared(many(Custom(torch.tanh))) == [8]
    # a model that takes no fewer than all
    fixed = many(Custom(lambda z: z.view(40, 3).tanh()))
    assert compared(fixed, batch_size=40) == [40]
    # samples without labels tell nothing
    case = many(Custom(torch.tanh))
    case.targets[::5] = -100
    assert compared(case) == [8, 40]


def test_memory_that_runs_out_in_forward_mode_is_left_to_reverse_mode(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = many(Custom(torch.tanh))
    found = operator(case)
    both = found._engine._curvature

    def full(index: int, batch: Any, v: Any) -> Any:
        if batch.size == 40:
            raise torch.OutOfMemoryError
        return both.forward(index, batch, v)

    monkeypatch.setattr(found._engine, "_curvature", both._replace(forward=full))
    assert close(found @ vectors(15), dense_hessian(case) @ vectors(15))
    assert found.plan.method.startswith("reverse over reverse mode, since torch raised")

    def fuller(index: int, batch: Any, v: Any) -> Any:
        if batch.size == 40:
            raise torch.OutOfMemoryError
        return both.reverse(index, batch, v)

    found = operator(case)
    monkeypatch.setattr(
        found._engine, "_curvature", both._replace(forward=full, reverse=fuller)
    )
    sentence = (
        "a product with a micro-batch of 40 samples does not fit in memory; expected "
        "smaller ones: pass batch_size"
    )
    with pytest.raises(InputError, match=re.escape(sentence)):
        found @ vectors(15)


class Half(torch.autograd.Function):
    """x y, whose first slope forgets that it depends on y."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, y: Tensor) -> Tensor:
        ctx.save_for_backward(x, y)
        return x * y

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, Tensor]:
        x, y = ctx.saved_tensors
        return slope * y.detach(), slope * x


def test_second_derivatives_that_are_not_symmetric_are_refused() -> None:
    case = custom(lambda z: Half.apply(z, z.roll(1, 1)))
    sentence = "the Hessian is not symmetric, as uᵀAv and vᵀAu differ by "
    with pytest.raises(InputError, match=re.escape(sentence)):
        operator(case) @ vectors(15)
    # and it stays refused
    with pytest.raises(InputError, match=re.escape(sentence)):
        _ = operator(case).plan


def test_weight_norm_is_refused_or_right() -> None:
    """Its second derivatives are wrong in torch 2.13."""
    layer = nn.utils.parametrizations.weight_norm(nn.Linear(4, 3).double())
    case = NETWORKS["tanh"]()._replace(model=nn.Sequential(layer, nn.Tanh()))
    try:
        H = operator(case) @ torch.eye(18).double()
    except InputError as error:
        assert "not symmetric" in str(error)  # noqa: PT017
    else:
        assert close(H, H.T)


class Once(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x.sin()

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, slope: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return slope * x.cos()


def test_what_cannot_be_differentiated_twice_is_refused() -> None:
    sentence = "model cannot be differentiated twice: torch raised RuntimeError: a func"
    with pytest.raises(InputError, match=re.escape(sentence)):
        operator(custom(Once.apply)) @ vectors(15)


def squared(case: Case) -> GaussNewtonOperator:
    return GaussNewtonOperator(case.model, case.loss, (case.inputs, case.targets))


def test_a_square_needs_no_second_derivatives() -> None:
    case = custom(nn.functional.hardsigmoid)
    with pytest.raises(InputError, match="hardsigmoid_backward is not implemented"):
        operator(case) @ vectors(15)
    G = dense_jacobian(case).T @ output_hessian(case) @ dense_jacobian(case)
    assert close(squared(case) @ vectors(15), G @ vectors(15))


class WrongOnce(Wrong):
    """As wrong, and without a second derivative to compare with."""

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, slope: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        return slope * x.cos() * x


def test_a_square_whose_sides_do_not_match_is_refused() -> None:
    with pytest.raises(
        InputError, match="the Gauss-Newton matrix is not symmetric, as"
    ):
        squared(custom(WrongOnce.apply)) @ vectors(15)


def test_a_recording_that_is_not_true_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    true = module.record

    class Frozen:
        """A tape that returns what was recorded."""

        def __init__(self, value: Any) -> None:
            self.value = value

        def __call__(self, tangents: Any) -> Any:
            return self.value

    def frozen(product: Any, tangents: Any, programs: Any) -> Any:
        value, _ = true(product, tangents, programs)
        return value, Frozen(value)

    monkeypatch.setattr(module, "record", frozen)
    case = NETWORKS["tanh"]()
    found = operator(case)
    assert close(found @ vectors(64), dense_hessian(case) @ vectors(64))
    assert found.plan.kept == 0
    assert found.plan.method == (
        "forward over reverse mode, not recorded: its replay differs from it"
    )


def test_what_cannot_be_recorded_is_computed_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: Any) -> Any:
        raise CannotRecordError("a call draws")

    monkeypatch.setattr(module, "record", refuse)
    case = NETWORKS["tanh"]()
    found = operator(case, batch_size=3)
    for _ in range(2):
        assert close(found @ vectors(64), dense_hessian(case) @ vectors(64))
    assert found.plan.method == "forward over reverse mode, not recorded: a call draws"


def test_several_vectors_share_a_recording_that_is_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = NETWORKS["tanh"]()
    found = operator(case, batch_size=3, memory=0)
    found @ vectors(64)
    runs = []
    handle = case.model.register_forward_hook(lambda *_: runs.append(1))
    H = dense_hessian(case)
    runs.clear()
    assert close(found @ vectors(64, 5), H @ vectors(64, 5))
    handle.remove()
    assert len(runs) == 3


def test_memory_that_runs_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    case = NETWORKS["tanh"]()
    found = operator(case, batch_size=3)

    def full(*_: Any) -> Any:
        raise torch.OutOfMemoryError

    curvature = found._engine._curvature._replace(reverse=full)
    monkeypatch.setattr(found._engine, "_curvature", curvature)
    sentence = (
        "a product with a micro-batch of 3 samples does not fit in memory; expected "
        "smaller ones: pass batch_size"
    )
    with pytest.raises(InputError, match=re.escape(sentence)):
        found @ vectors(64)


def test_a_first_vector_of_zeros_hides_nothing() -> None:
    case = custom(Wrong.apply)
    found = operator(case)
    assert not (found @ torch.zeros(15)).any()
    assert close(found @ vectors(15), dense_hessian(case) @ vectors(15))


def test_micro_batches_without_labels_are_skipped() -> None:
    case = NETWORKS["tanh"]()
    y = case.targets.clone()
    y[2:5] = -100
    kept = [0, 1, 5, 6]
    part = case._replace(inputs=case.inputs[kept], targets=y[kept])
    found = operator(case._replace(targets=y), batch_size=2)
    assert close(found @ vectors(64), dense_hessian(part) @ vectors(64))
    assert found.plan.kept == 3
    assert (found.weight, found.n_used) == (4, 7)
