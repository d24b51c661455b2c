"""objective/risk.py and objective/evaluation.py: the loss of all data, or one sentence."""

import re
from typing import Any

import pytest
import torch
from support.networks import NETWORKS, close, dense_gradient, output
from torch import Tensor, nn
from torch.nn import functional

from landtheory.deep.objective.objective import Objective
from landtheory.deep.objective.risk import Risk
from landtheory.errors import InputError


def risk(name: str, batch_size: int | None = None, **options: Any) -> Risk:
    case = NETWORKS[name]()
    objective = Objective(case.model, case.loss, **options)
    return Risk(objective, (case.inputs, case.targets), batch_size)


@pytest.mark.parametrize("name", ["tanh", "squared", "summed", "conv", "partial"])
@pytest.mark.parametrize("size", [None, 3])
def test_loss_and_gradient_are_those_of_all_data(name: str, size: int | None) -> None:
    case, found = NETWORKS[name](), risk(name, size)
    expected = case.loss(output(case), case.targets).detach()
    assert found.loss == pytest.approx(float(expected), rel=1e-13)
    assert close(found.gradient(), dense_gradient(case))
    assert found.gradient() is not found.gradient()


def test_coefficients_are_shares_of_a_mean_and_ones_of_a_sum() -> None:
    assert risk("tanh", 3).coefficients == pytest.approx((3 / 7, 3 / 7, 1 / 7))
    assert risk("tanh", 3).weight == 7
    assert risk("squared", 3).weight == 21
    assert risk("summed", 3).coefficients == (1.0, 1.0, 1.0)


def test_a_part_of_the_parameters_has_a_part_of_the_gradient() -> None:
    found = risk("tanh", 3)
    whole = found.gradient()
    part = found.restricted(["2.weight"])
    assert close(part.gradient(), whole[25:45])
    assert (part.loss, part.coefficients) == (found.loss, found.coefficients)


class Dropping(nn.Linear):
    def forward(self, x: Tensor) -> Tensor:
        return functional.dropout(super().forward(x), training=True)


class Tight(nn.Linear):
    """Takes five inputs at least."""

    def forward(self, x: Tensor) -> Tensor:
        if len(x) < 5:
            raise ValueError("too few")
        return super().forward(x)


X, Y = torch.ones(3, 2), torch.zeros(3).long()
NAN = torch.full((3, 2), torch.nan)


def broken_weights() -> nn.Module:
    model = nn.Linear(2, 4)
    with torch.no_grad():
        model.bias.fill_(torch.inf)
    return model


@pytest.mark.parametrize(
    ("model", "loss", "data", "sentence"),
    [
        (
            nn.Linear(3, 4),
            nn.CrossEntropyLoss(),
            (X, Y),
            (
                "model raised RuntimeError: mat1 and mat2 shapes cannot be multiplied (3x2 "
                "and 3x4) on batch 0 with inputs of shape (3, 2); expected a model that "
                "takes them"
            ),
        ),
        (
            Tight(2, 4),
            nn.CrossEntropyLoss(),
            ({"x": X}, Y),
            "model raised ValueError: too few on batch 0 with inputs of shape x (3, 2);",
        ),
        (
            nn.Linear(2, 4),
            nn.CrossEntropyLoss(weight=torch.ones(3)),
            (X, Y),
            "loss raised RuntimeError: weight tensor should be defined either for all 4",
        ),
        (
            Dropping(2, 4),
            nn.CrossEntropyLoss(),
            (X, Y),
            (
                "model draws random numbers by aten.bernoulli_.float on batch 0, in "
                "evaluation mode; expected a loss that is a function of θ: take the layer"
            ),
        ),
        (
            nn.Linear(2, 4),
            nn.CrossEntropyLoss(),
            (NAN, Y),
            (
                "loss is nan at batch 0; expected a finite number: the inputs have entries "
                "that are not finite"
            ),
        ),
        (
            nn.Linear(2, 2),
            nn.MSELoss(),
            (X, NAN),
            "loss is nan at batch 0; expected a finite number: the targets have entries",
        ),
        (
            broken_weights(),
            nn.CrossEntropyLoss(),
            (X, Y),
            "loss is nan at batch 0; expected a finite number: the parameter 'bias' have",
        ),
        (
            nn.Sequential(nn.Linear(2, 4), nn.LogSoftmax(1), nn.Linear(4, 4)),
            lambda f, y: f.square().sum() * torch.inf,
            (X, Y),
            "loss is inf at batch 0; expected a finite number: the outputs are finite, so",
        ),
        (
            nn.Linear(2, 4),
            lambda f, y: f,
            (X, Y),
            "loss gives a result of shape (3, 4) for batch 0; expected a scalar tensor: ",
        ),
        (
            nn.Linear(2, 4),
            lambda f, y: 3.0,
            (X, Y),
            "loss gives a result of float for batch 0; expected a scalar tensor: reduce ",
        ),
        (
            nn.Linear(2, 4),
            nn.CrossEntropyLoss(),
            (X, Y + 9),
            "targets of batch 0 hold the label 9; expected labels from 0 to 3, since the",
        ),
        (
            nn.Linear(2, 4),
            nn.CrossEntropyLoss(),
            (X, Y - 100),
            "targets of every batch are ignored; expected at least one label that is not",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    model: nn.Module, loss: Any, data: Any, sentence: str
) -> None:
    if isinstance(data[0], dict):
        model.forward = lambda x: Tight.forward(model, x)  # type: ignore[method-assign]
    reduction = None if isinstance(loss, nn.Module) else "mean"
    objective = Objective(model, loss, reduction=reduction)
    with pytest.raises(InputError, match=re.escape(sentence)):
        Risk(objective, data)


def test_a_gradient_that_is_not_finite_is_named() -> None:
    class Root(nn.Linear):
        def forward(self, x: Tensor) -> Tensor:
            return (super().forward(x) * 0).sqrt()

    found = Risk(Objective(Root(2, 2), nn.MSELoss()), (X, X))
    with pytest.raises(InputError, match="the gradient of the loss is not finite; exp"):
        found.gradient()


def test_micro_batches_are_small_where_memory_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from landtheory.deep.objective import risk as module

    assert risk("conv").batches.batch_size == 7
    monkeypatch.setattr(module, "spare_bytes", lambda _: 300_000)
    small = risk("conv")
    assert 1 <= small.batches.batch_size < 7
    assert close(small.gradient(), dense_gradient(NETWORKS["conv"]()))
    # what is asked for is done
    assert risk("conv", 5).batches.batch_size == 5
    assert risk("conv", batch_norm="train").batches.batch_size == 7


def test_a_model_may_be_in_training_and_stays_so() -> None:
    case = NETWORKS["encoder"]()
    case.model.train()
    Risk(Objective(case.model, case.loss), (case.inputs, case.targets)).gradient()
    assert all(module.training for module in case.model.modules())
