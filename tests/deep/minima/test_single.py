"""minima/single.py, held against torch's own modes, statistics and derivatives."""

import copy

import pytest
import torch
from support.minima import few_digits, network
from torch import Tensor, nn

from landtheory.deep.minima.attack import Pairs
from landtheory.deep.minima.descent import descend
from landtheory.deep.minima.ensemble import Ensemble
from landtheory.deep.minima.losses import LOSSES, mean_loss
from landtheory.deep.minima.optimisers import Method
from landtheory.deep.minima.samples import Samples
from landtheory.deep.minima.search import Case
from landtheory.deep.minima.single import Single

METHOD = Method(name="adam", learning_rate=1e-2, steps=80)


def normed() -> nn.Module:
    torch.manual_seed(3)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.Dropout(0.5),
        nn.Conv2d(4, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(),
        nn.Linear(144, 1),
    )  # fmt: skip


def clean() -> Pairs:
    (data,) = few_digits(0).values()
    return data.clean


def samples(dtype: torch.dtype = torch.float64) -> Samples:
    return Samples.of([clean()], dtype=dtype)


def reference(model: nn.Module, loss: str, *, training: bool) -> tuple[Tensor, Tensor]:
    """By the model itself, with the modes that torch gives its modules."""
    model = copy.deepcopy(model).double().eval()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.train(training)
    value = mean_loss(loss)(model(clean().X.double()), clean().y.double())
    parts = torch.autograd.grad(value, list(model.parameters()))
    return value.detach(), torch.cat([part.reshape(-1) for part in parts])


@pytest.mark.parametrize("loss", LOSSES)
def test_losses_and_gradients_are_those_of_training(loss: str) -> None:
    single = Single(normed(), dtype=torch.float64)
    value, _ = reference(normed(), loss, training=False)
    assert torch.allclose(single.losses(samples(), loss)[0], value, rtol=1e-12)
    losses, gradient = single.losses_and_gradient(samples(), loss)
    value, wanted = reference(normed(), loss, training=True)
    assert torch.allclose(losses[0], value, rtol=1e-12)
    assert torch.allclose(gradient[0], wanted, rtol=1e-9, atol=1e-12)
    # statistics of the whole batch matter, and dropout would
    _, other = reference(normed(), loss, training=False)
    assert not torch.allclose(gradient[0], other, rtol=1e-2)


def statistics(model: nn.Module) -> list[Tensor]:
    return [b for name, b in model.named_buffers() if "running" in name]


def exact_statistics(model: nn.Module, X: Tensor) -> list[Tensor]:
    """Mean and unbiased variance of what each normalisation is given in training."""
    found: list[Tensor] = []

    def look(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        channels = inputs[0].transpose(0, 1).flatten(1)
        found.extend((channels.mean(1), channels.var(1)))

    model = copy.deepcopy(model).double().eval()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.train()
            module.register_forward_pre_hook(look)
    model(X.double())
    return found


def same(found: list[Tensor], wanted: list[Tensor]) -> bool:
    return all(
        torch.allclose(a, b, rtol=1e-9, atol=1e-12)
        for a, b in zip(found, wanted, strict=True)
    )


def test_confirming_puts_the_exact_statistics_in_place() -> None:
    single = Single(normed(), dtype=torch.float64)
    # others were there, of another batch
    single.losses_and_gradient(samples(), "squared")
    losses = single.confirmed(samples(), "squared", torch.zeros(1))
    wanted = exact_statistics(normed(), clean().X)
    assert same(statistics(single.member(0)), wanted)
    assert not same(statistics(normed().double()), wanted)
    model = single.member(0)
    value = mean_loss("squared")(model(clean().X.double()), clean().y.double())
    assert float(losses[0]) == pytest.approx(float(value.detach()), rel=1e-12)


def test_frozen_statistics_stay() -> None:
    single = Single(normed(), dtype=torch.float64)
    assert not single.frozen
    single.confirmed(samples(), "squared", torch.zeros(1))
    single.freeze()
    before = [b.clone() for b in statistics(single.member(0))]
    other = Samples.of(
        [Pairs(clean().X[:9] * 3 + 1, clean().y[:9])], dtype=torch.float64
    )
    again = single.kept(torch.tensor([0]))
    for networks in (single, again):
        assert networks.frozen
        losses, _ = networks.losses_and_gradient(other, "squared")
        # training and evaluation are the same by now
        assert torch.equal(losses, networks.losses(other, "squared"))
        assert torch.equal(networks.confirmed(other, "squared", losses), losses)
        assert same(statistics(networks.member(0)), before)


def test_a_descent_ends_at_the_loss_of_evaluation() -> None:
    single = Single(normed(), dtype=torch.float64)
    (found,) = descend(single, samples(), loss="squared", method=METHOD, target=0.02)
    assert found.reached
    assert single.frozen
    model = single.member(0)
    value = mean_loss("squared")(model(clean().X.double()), clean().y.double())
    assert found.loss == pytest.approx(float(value.detach()), rel=1e-9)
    assert found.loss <= 0.02
    assert same(statistics(model), exact_statistics(model, clean().X))


def test_one_that_misses_has_its_statistics_too() -> None:
    single = Single(normed(), dtype=torch.float64)
    method = Method(name="adam", learning_rate=1e-2, steps=3)
    (found,) = descend(single, samples(), loss="squared", method=method, target=1e-6)
    assert not found.reached
    assert single.frozen
    assert same(
        statistics(single.member(0)), exact_statistics(single.member(0), clean().X)
    )


def test_a_network_alone_is_an_ensemble_of_one() -> None:
    model = network(Case(0, 0.0))
    ends = []
    for networks in (
        Single(model, dtype=torch.float64),
        Ensemble.of([model], dtype=torch.float64),
    ):
        (found,) = descend(
            networks, samples(), loss="squared", method=METHOD, target=0.05
        )
        ends.append((found, networks.theta))
    assert ends[0][0].steps == ends[1][0].steps
    assert torch.allclose(ends[0][1], ends[1][1], rtol=1e-7, atol=1e-9)


def test_the_model_is_the_users_still() -> None:
    model = normed()
    before = {name: part.clone() for name, part in model.state_dict().items()}
    single = Single(model)
    descend(single, samples(torch.float32), loss="squared", method=METHOD, target=0.05)
    assert model.training
    assert all(torch.equal(before[n], part) for n, part in model.state_dict().items())
    assert all(part.grad is None for part in model.parameters())


def test_parameters_that_are_frozen_or_unused_stay() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 1))
    model.register_parameter("unused", nn.Parameter(torch.ones(2)))
    model[1].bias.requires_grad_(False)
    single = Single(model, dtype=torch.float64)
    assert single.p == 66
    _, gradient = single.losses_and_gradient(samples(), "squared")
    assert not gradient[0, :2].any()
    assert bool(gradient[0, 2:].any())


def test_a_member_is_a_copy() -> None:
    single = Single(normed())
    member = single.member(0)
    with torch.no_grad():
        member[0].weight.zero_()
    assert bool(single.member(0)[0].weight.any())
    assert not member.training
