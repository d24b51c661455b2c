"""objective/objective.py: outputs at any θ, in the precision and layout of its own copy."""

import re
from typing import Any

import pytest
import torch
from support.networks import NETWORKS, Case, close, output
from torch import Tensor, nn

from landtheory.deep.objective.batches import Batch
from landtheory.deep.objective.objective import Objective
from landtheory.errors import InputError


def made(case: Case, **options: Any) -> Objective:
    return Objective(case.model, case.loss, **options)


def batch(case: Case, objective: Objective) -> Batch:
    return objective.prepared(Batch(case.inputs, case.targets))


@pytest.mark.parametrize("name", NETWORKS)
def test_outputs_are_the_models_own(name: str) -> None:
    case = NETWORKS[name]()
    objective = made(case)
    found = objective.output(objective.theta, batch(case, objective))
    assert close(found, output(case))
    value = objective.value(objective.theta, batch(case, objective))
    assert close(value, case.loss(output(case), case.targets))


def test_theta_can_be_another() -> None:
    case = NETWORKS["tied"]()
    objective = made(case)
    moved = tuple(2 * tensor for tensor in objective.theta)
    found = objective.output(moved, batch(case, objective))
    with torch.no_grad():
        for parameter in case.model.parameters():
            parameter.mul_(2)
    assert close(found, output(case))
    # and the model's θ of then is kept
    assert close(2 * objective.theta[0], case.model.first.weight.detach())


@pytest.mark.parametrize("name", ["conv", "tanh"])
def test_tangents_are_laid_out_like_theta_in_memory_of_their_own(name: str) -> None:
    objective = made(NETWORKS[name]())
    v = torch.randn(objective.parameters.p, 2)[:, 1]
    tangents = objective.tangents(v)
    for theta, tangent in zip(objective.theta, tangents, strict=True):
        assert theta.stride() == tangent.stride()
        assert theta.storage_offset() == tangent.storage_offset()
        assert theta.untyped_storage().nbytes() == tangent.untyped_storage().nbytes()
        assert tangent.dtype == torch.float64
    assert torch.equal(torch.cat([t.reshape(-1) for t in tangents]), v.double())
    assert not any(t.data_ptr() == v.data_ptr() for t in tangents)


def test_images_of_convolutions_have_their_channels_last() -> None:
    case = NETWORKS["conv"]()
    objective = made(case)
    laid_out = batch(case, objective).inputs
    assert laid_out.is_contiguous(memory_format=torch.channels_last)
    assert objective.theta[0].is_contiguous(memory_format=torch.channels_last)
    assert case.model[0].weight.is_contiguous()


def test_halves_are_computed_in_float32_and_labels_are_int64() -> None:
    model = nn.Linear(2, 3).bfloat16()
    objective = Objective(model, nn.CrossEntropyLoss())
    assert objective.dtype == torch.float32
    prepared = objective.prepared(
        Batch(torch.ones(4, 2, dtype=torch.bfloat16), torch.zeros(4, dtype=torch.int32))
    )
    assert prepared.inputs.dtype == torch.float32
    assert prepared.targets.dtype == torch.int64
    assert objective.output(objective.theta, prepared).dtype == torch.float32


def test_some_parameters_can_be_taken_out_at_the_same_theta() -> None:
    case = NETWORKS["conv"]()
    objective = made(case)
    part = objective.restricted(["0.weight", "8.bias"])
    assert part.parameters.p == 57
    assert [tuple(t.shape) for t in part.theta] == [(3, 2, 3, 3), (3,)]
    found = part.output(part.theta, batch(case, part))
    assert close(found, output(case))
    assert objective.parameters.p == 187


def test_buffers_are_copies_at_each_call() -> None:
    case = NETWORKS["noted"]()
    objective = made(case)
    for _ in range(2):
        objective.output(objective.theta, batch(case, objective))
    assert float(case.model.calls) == 0


def test_models_that_return_logits_are_understood() -> None:
    class Answer:
        def __init__(self, logits: Tensor) -> None:
            self.logits = logits

    class Wrapped(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(2, 3)

        def forward(self, x: Tensor) -> Answer:
            return Answer(self.layer(x))

    objective = Objective(Wrapped(), nn.CrossEntropyLoss())
    found = objective.output(objective.theta, Batch(torch.ones(4, 2), torch.zeros(4)))
    assert found.shape == (4, 3)


def test_samples_are_coupled_by_batch_norm_in_training_only() -> None:
    case = NETWORKS["conv"]()
    assert made(case, batch_norm="train").couples_samples
    assert not made(case).couples_samples
    assert not made(NETWORKS["tanh"](), batch_norm="train").couples_samples


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(InputError, match="model is a builtin_function_or_method; exp"):
        Objective(torch.relu_, nn.MSELoss())  # type: ignore[arg-type]

    class Pair(nn.Linear):
        def forward(self, x: Tensor) -> Any:
            return x, super().forward(x)

    objective = Objective(Pair(2, 2), nn.MSELoss())
    sentence = "model returns a tuple; expected a tensor, or an object with a tensor"
    with pytest.raises(InputError, match=re.escape(sentence)):
        objective.output(objective.theta, Batch(torch.ones(1, 2), torch.ones(1, 2)))


def test_a_model_on_two_devices_is_refused() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2, device="meta"))
    with pytest.raises(
        InputError, match="model lies on cpu, meta; expected one device"
    ):
        Objective(model, nn.MSELoss())
