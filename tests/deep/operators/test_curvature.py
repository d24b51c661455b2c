"""operators/curvature.py: what all curvature matrices share, on one known by hand."""

import re
from typing import Any

import pytest
import torch
from support.networks import NETWORKS, Case, close, dense_gradient, output
from torch import Tensor, nn
from torch.utils.data import DataLoader, Subset, TensorDataset

from landtheory.deep.objective.objective import Objective
from landtheory.deep.operators import curvature
from landtheory.deep.operators.curvature import CurvatureOperator
from landtheory.deep.products.products import Curvature
from landtheory.errors import InputError


class Numbered(CurvatureOperator):
    """A_k v = (k + 1) D v for micro-batch k, with D = diag of where an entry stands."""

    def _curvature(self, objective: Objective) -> Curvature:
        def product(index: int, batch: Any, v: Any) -> Any:
            del batch
            place = 0
            parts = []
            for part in v:
                d = torch.arange(place, place + part.numel()).reshape(part.shape)
                parts.append((index + 1) * d.to(part) * part)
                place += part.numel()
            return tuple(parts)

        return Curvature("numbered matrix", product, product, is_square=False)


class Refusing(Numbered):
    def _check(self, objective: Objective) -> None:
        raise InputError("not defined here")


def made(kind: type[Any] = Numbered, case: Case | None = None, **options: Any) -> Any:
    case = NETWORKS["tanh"]() if case is None else case
    return kind(case.model, case.loss, (case.inputs, case.targets), **options)


D = torch.arange(64, dtype=torch.float64)
V = torch.linspace(-1, 1, 128, dtype=torch.float64).reshape(64, 2)


def test_micro_batches_are_averaged_by_their_weights() -> None:
    """Of 3, 3 and 1 samples: (3 · 1 + 3 · 2 + 1 · 3) / 7; a mean of three would be 2."""
    op = made(batch_size=3)
    assert close(op @ V, 12 / 7 * D[:, None] * V)
    assert not close(op @ V, 2 * D[:, None] * V)
    assert op.weight == 7
    assert op.products == 4


def test_micro_batches_of_a_sum_are_added() -> None:
    op = made(case=NETWORKS["summed"](), batch_size=3)
    assert close(op @ V, 6 * D[:, None] * V)


def test_loss_and_gradient_are_those_of_the_model() -> None:
    case = NETWORKS["tanh"]()
    op = made(batch_size=3)
    expected = float(case.loss(output(case), case.targets).detach())
    assert op.loss() == pytest.approx(expected, rel=1e-13)
    with torch.inference_mode():
        gradient = op.gradient()
    assert close(gradient, dense_gradient(case))
    assert not gradient.is_inference()


def test_samples_that_a_loader_leaves_out_are_counted() -> None:
    case = NETWORKS["tanh"]()
    every = TensorDataset(case.inputs, case.targets)
    loader = DataLoader(every, batch_size=2, drop_last=True)
    op = Numbered(case.model, case.loss, loader)
    assert (op.n_used, op.n_total) == (6, 7)
    few = DataLoader(Subset(every, [0, 1]), batch_size=2)
    op = Numbered(case.model, case.loss, few)
    assert (op.n_used, op.n_total) == (2, 2)


def test_training_on_does_not_change_an_operator() -> None:
    case = NETWORKS["tanh"]()
    op = made(case=case)
    loss, gradient = op.loss(), op.gradient()
    with torch.no_grad():
        for parameter in case.model.parameters():
            parameter.add_(1)
    assert op.loss() == loss
    assert torch.equal(op.gradient(), gradient)


def test_a_block_is_the_matrix_of_one_layer() -> None:
    op = made(batch_size=3)
    assert list(op.parameters.layers) == ["0", "2", "4"]
    block = op.block("2")
    assert block.shape == (24, 24)
    # its own parameters come first there, and so are numbered from 0
    assert close(block @ V[:24], 12 / 7 * D[:24, None] * V[:24])
    assert (block.n_used, block.loss()) == (7, op.loss())
    assert close(block.gradient(), op.gradient()[25:49])
    assert (op.products, block.products) == (0, 2)
    with pytest.raises(InputError, match="layer is '1'; expected one of 0, 2, 4"):
        op.block("1")


def test_between_blocks_there_is_nothing() -> None:
    op = made(batch_size=3)
    parts = [
        12 / 7 * D[: place.stop - place.start, None] * V[place]
        for place in op.parameters.layers.values()
    ]
    assert close(op.block_diagonal() @ V, torch.cat(parts))


def test_a_loss_that_was_run_already_is_not_run_again() -> None:
    op = made(batch_size=3)
    other = Numbered.from_risk(op.risk, 5)
    assert other.risk is op.risk
    assert other.memory == other.plan.bytes_allowed == 5
    assert close(other @ V, op @ V)


def test_half_of_the_free_memory_is_taken_unless_it_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(curvature, "spare_bytes", lambda device: 10_000_000)
    assert made().memory == 5_000_000
    op = made(memory=900)
    assert op.memory == op.plan.bytes_allowed == 900
    assert op.block("0").memory == 900
    blocks = op.block_diagonal().blocks.values()
    assert [block.memory for block in blocks] == [300, 300, 300]


def test_what_a_matrix_is_not_defined_for_is_refused_before_the_data_is_run() -> None:
    class Unrun(nn.Linear):
        def forward(self, x: Tensor) -> Tensor:
            raise AssertionError

    case = NETWORKS["tanh"]()._replace(model=Unrun(4, 3))
    with pytest.raises(InputError, match=f"^{re.escape('not defined here')}$"):
        made(Refusing, case)


def test_a_curvature_has_to_be_given() -> None:
    with pytest.raises(NotImplementedError):
        made(CurvatureOperator)
