"""minima/architectures.py, held against counts of parameters and the models' own nets."""

import re

import pytest
import torch
from support.minima import seeded
from torch import nn

from landtheory.deep.minima.architectures import (
    build_network,
    perceptron,
    small_resnet,
)
from landtheory.deep.minima.starts import start
from landtheory.deep.models import build_model
from landtheory.deep.models.residual import ResNet
from landtheory.errors import InputError

DIGIT = (1, 8, 8)


def built(name: str, outputs: int = 1, shape: tuple[int, ...] = DIGIT) -> nn.Module:
    return build_network(
        name, shape=shape, outputs=outputs, initialisation="kaiming", generator=seeded()
    )


def count(model: nn.Module) -> int:
    return sum(part.numel() for part in model.parameters())


@pytest.mark.parametrize(
    ("name", "outputs", "p"),
    [
        ("relu:32", 1, 2113),
        ("relu:16,16", 1, 1329),
        ("tanh:128,128", 1, 24961),
        ("relu:32", 10, 64 * 32 + 32 + 320 + 10),
        ("resnet8:none", 1, 19345),
        ("resnet8:batch", 1, 19513),
        ("resnet8:group", 1, 19513),
        ("mlp", 1, 3169),
        ("lenet", 1, 19085),
    ],
)
def test_names_lead_to_networks(name: str, outputs: int, p: int) -> None:
    model = built(name, outputs)
    assert count(model) == p
    assert model(torch.zeros(3, *DIGIT)).shape == (3, outputs)


def test_activations_are_those_asked_for() -> None:
    for name, kind in (("relu:3,3", nn.ReLU), ("tanh:3,3", nn.Tanh)):
        found = [type(part) for part in built(name) if not isinstance(part, nn.Linear)]
        assert found == [nn.Flatten, kind, kind]


def test_our_other_networks_are_those_of_the_models() -> None:
    generator = seeded()
    wanted = build_model("mlp", shape=DIGIT, classes=1, generator=generator)
    start(wanted, "kaiming", generator=generator)
    for mine, theirs in zip(
        built("mlp").parameters(), wanted.parameters(), strict=True
    ):
        assert torch.equal(mine, theirs)


def norms(model: nn.Module) -> list[type]:
    kinds = (nn.BatchNorm2d, nn.GroupNorm)
    return [type(part) for part in model.modules() if isinstance(part, kinds)]


def test_normalisations_are_exchanged_everywhere() -> None:
    assert norms(small_resnet(DIGIT, 1, norm="batch")) == [nn.BatchNorm2d] * 9
    assert norms(small_resnet(DIGIT, 1, norm="group")) == [nn.GroupNorm] * 9
    assert norms(small_resnet(DIGIT, 1, norm="none")) == []


def test_biases_stand_where_normalisation_stood() -> None:
    plain, normed = (small_resnet(DIGIT, 1, norm=norm) for norm in ("none", "batch"))
    assert isinstance(normed, ResNet)
    # normalisation that changes nothing but adds its bias
    state = normed.eval().state_dict()
    for name, part in plain.named_parameters():
        with torch.no_grad():
            if ".bias" in name and part.ndim == 3:
                part.normal_(generator=seeded())
                state[name] = part.flatten()
            else:
                part.copy_(state[name])
    for module in normed.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eps = 0.0
    normed.load_state_dict(state)
    x = torch.randn(4, *DIGIT, generator=seeded())
    assert torch.allclose(plain(x), normed(x), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("text", ["", "0", "32,", "a", "-3", "1.5", "9" * 6])
def test_widths_are_numbers_between_commas(text: str) -> None:
    sentence = (
        f"model is 'relu:{text}'; expected widths between commas, as in relu:32 or "
        "tanh:64,64"
    )
    with pytest.raises(InputError, match=re.escape(sentence)):
        built(f"relu:{text}")


def test_what_cannot_be_built_is_refused() -> None:
    with pytest.raises(
        InputError, match="norm is 'layer'; expected one of none, batch,"
    ):
        built("resnet8:layer")
    with pytest.raises(
        InputError, match=re.escape("shape is (6,); expected images (ch")
    ):
        built("resnet8:none", shape=(6,))
    with pytest.raises(InputError, match="activation is 'gelu'; expected relu or tanh"):
        perceptron((2,), 1, activation="gelu")
    with pytest.raises(InputError, match="model is 'nope'; expected one of mlp"):
        built("nope")
