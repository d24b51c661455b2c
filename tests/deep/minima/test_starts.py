"""minima/starts.py, held against the moments and the distance that are promised."""

import re

import pytest
import torch
from support.minima import seeded
from torch import Tensor, nn

from landtheory.deep.minima.architectures import perceptron, small_resnet
from landtheory.deep.minima.starts import STARTS, start, start_near
from landtheory.deep.models.initialisation import INITIALISATIONS, initialise
from landtheory.errors import InputError


def theta_of(model: nn.Module) -> Tensor:
    return torch.cat([part.detach().reshape(-1) for part in model.parameters()])


def started(scheme: str, scale: float = 1.0, seed: int = 0) -> nn.Module:
    torch.manual_seed(5)
    model = perceptron((100,), 50, widths=(200,))
    start(model, scheme, scale=scale, generator=seeded(seed))
    return model


@pytest.mark.parametrize("scheme", INITIALISATIONS)
def test_published_schemes_are_those_of_the_models(scheme: str) -> None:
    torch.manual_seed(5)
    model = perceptron((100,), 50, widths=(200,))
    initialise(model, scheme, generator=seeded())
    assert torch.equal(theta_of(started(scheme)), theta_of(model))


def test_small_weights_have_their_deviation() -> None:
    model = started("small")
    for layer in (model.hidden1, model.output):
        n = layer.weight.numel()
        z = (layer.weight.detach().square().sum() / 0.05**2 - n) / (2 * n) ** 0.5
        assert abs(float(z)) < 5
        # a deviation 10 % off would be seen
        assert 0.1 * 2 * n / (2 * n) ** 0.5 > 10
        assert not layer.bias.any()


@pytest.mark.parametrize("scheme", STARTS)
def test_a_scale_multiplies_every_weight(scheme: str) -> None:
    assert torch.equal(theta_of(started(scheme, 4.0)), 4 * theta_of(started(scheme)))


def test_a_scale_leaves_normalisations_alone() -> None:
    model = small_resnet((1, 8, 8), 1, norm="group")
    start(model, "kaiming", scale=3.0, generator=seeded())
    assert torch.equal(model.bn1.weight, torch.ones(8))


def test_a_seed_is_a_start() -> None:
    for scheme in ("kaiming", "small", "orthogonal"):
        assert torch.equal(theta_of(started(scheme)), theta_of(started(scheme)))
        assert not torch.equal(
            theta_of(started(scheme)), theta_of(started(scheme, seed=1))
        )


@pytest.mark.parametrize("sigma", [0.0, 0.05, 2.0])
def test_near_is_as_far_as_it_says(sigma: float) -> None:
    model = perceptron((6,), 1).double()
    before = theta_of(model)
    start_near(model, sigma=sigma, generator=seeded())
    move = theta_of(model) - before
    assert float(move.norm()) == pytest.approx(sigma * float(before.norm()), rel=1e-12)


def test_near_is_in_a_direction_without_preference() -> None:
    moves = []
    for seed in range(400):
        model = perceptron((2,), 1, widths=(1,)).double()
        before = theta_of(model)
        start_near(model, sigma=1.0, generator=seeded(seed))
        moves.append((theta_of(model) - before) / before.norm())
    u = torch.stack(moves)
    p = u.shape[1]
    # E u = 0 and E u uᵀ = I/p, each entry within five of its standard errors
    assert float(u.mean(0).abs().max()) < 5 / (400 * p) ** 0.5
    second = u.T @ u / 400 - torch.eye(p, dtype=torch.float64) / p
    assert float(second.abs().max()) < 5 * (3 / (p * (p + 2)) / 400) ** 0.5


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan"), float("inf")])
def test_a_scale_is_positive(scale: float) -> None:
    sentence = f"scale is {scale!r}; expected a finite number > 0"
    with pytest.raises(InputError, match=re.escape(sentence)):
        start(perceptron((2,), 1), "small", scale=scale, generator=seeded())


@pytest.mark.parametrize("sigma", [-0.1, float("nan"), float("inf")])
def test_sigma_is_not_negative(sigma: float) -> None:
    sentence = f"sigma is {sigma!r}; expected a finite number >= 0"
    with pytest.raises(InputError, match=re.escape(sentence)):
        start_near(perceptron((2,), 1), sigma=sigma, generator=seeded())


def test_an_unknown_scheme_is_refused() -> None:
    sentence = f"initialisation is 'odd'; expected one of {', '.join(STARTS)}"
    with pytest.raises(InputError, match=re.escape(sentence)):
        start(perceptron((2,), 1), "odd", generator=seeded())


def test_a_generator_is_on_the_cpu() -> None:
    with pytest.raises(InputError, match=r"expected a torch\.Generator"):
        start_near(perceptron((2,), 1), sigma=1.0, generator=None)  # type: ignore[arg-type]
