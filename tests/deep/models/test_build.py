"""models/build.py: every network on every shape, from one generator alone."""

import re
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from landtheory.deep.models import MODELS, build_model
from landtheory.deep.models.initialisation import INITIALISATIONS
from landtheory.errors import InputError

SHAPES = [(1, 8, 8), (3, 32, 32), (2, 5, 7)]
QUICK = [name for name in MODELS if name not in ("resnet56", "resnet18")]


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def build(name: str, shape: tuple[int, ...] = (1, 8, 8), **options: Any) -> nn.Module:
    options = {"classes": 10, "generator": seeded()} | options
    return build_model(name, shape=shape, **options)


def refused(sentence: str) -> "pytest.RaisesExc[InputError]":
    return pytest.raises(InputError, match=f"^{re.escape(sentence)}$")


def test_the_names_of_the_issue() -> None:
    assert MODELS == (
        "mlp",
        "two-layer",
        "lenet",
        "vgg",
        "resnet",
        "resnet8",
        "resnet14",
        "resnet20",
        "resnet32",
        "resnet56",
        "resnet18",
        "vit",
    )


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_network_takes_every_image(name: str, shape: tuple[int, ...]) -> None:
    model = build(name, shape, classes=3)
    assert model(torch.randn(2, *shape)).shape == (2, 3)
    assert {p.dtype for p in model.parameters()} == {torch.float32}
    assert all(p.requires_grad and bool(p.isfinite().all()) for p in model.parameters())


@pytest.mark.parametrize("name", ["mlp", "two-layer"])
def test_dense_networks_take_vectors(name: str) -> None:
    assert build(name, (5,), classes=2)(torch.randn(4, 5)).shape == (4, 2)


def idle_weights(model: nn.Module, shape: tuple[int, ...]) -> list[str]:
    """Weights that have no gradient on any of 64 inputs: they only meet padding.

    A ReLU may be off on all inputs, and then whole rows are still; a place in a kernel
    is idle only if it is so in every row.
    """
    draw = seeded(1)
    X = torch.randn(64, *shape, generator=draw)
    y = torch.randint(3, (64,), generator=draw)
    parameters = list(model.parameters())
    moved = [torch.zeros_like(p, dtype=torch.bool) for p in parameters]
    for i in range(0, 64, 16):
        loss = cross_entropy(model(X[i : i + 16]), y[i : i + 16])
        grads = torch.autograd.grad(loss, parameters)
        moved = [m | (g != 0) for m, g in zip(moved, grads, strict=True)]
    return [
        name
        for (name, _), m in zip(model.named_parameters(), moved, strict=True)
        if not (m.flatten(0, 1).any(0) if m.ndim == 4 else m.any()).all()
    ]


@pytest.mark.parametrize("shape", [(1, 8, 8), (1, 4, 4), (2, 5, 7)])
@pytest.mark.parametrize("name", QUICK)
def test_no_weight_is_idle(name: str, shape: tuple[int, ...]) -> None:
    assert idle_weights(build(name, shape, classes=3), shape) == []


def test_idle_weights_are_found() -> None:
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3, stride=4, padding=1),
        nn.Conv2d(2, 3, 3, padding=1),
        nn.Flatten(),
    )
    assert idle_weights(model, (1, 4, 4)) == ["0.weight", "1.weight"]


@pytest.mark.parametrize("initialisation", INITIALISATIONS)
@pytest.mark.parametrize("name", QUICK)
def test_the_generator_alone_decides(name: str, initialisation: str) -> None:
    outside = torch.get_rng_state()
    one = build(name, initialisation=initialisation)
    torch.rand(5)
    two = build(name, initialisation=initialisation)
    other = build(name, initialisation=initialisation, generator=seeded(1))
    assert all(map(torch.equal, one.parameters(), two.parameters()))
    assert not all(map(torch.equal, one.parameters(), other.parameters()))
    torch.set_rng_state(outside)


def test_the_global_state_stays() -> None:
    outside = torch.get_rng_state()
    generator = seeded()
    build("resnet", generator=generator)
    assert torch.equal(torch.get_rng_state(), outside)
    # and the generator goes on: the next network is another one
    assert not torch.equal(generator.get_state(), seeded().get_state())


@pytest.mark.parametrize("name", ["vgg", "resnet"])
def test_vgg_and_resnets_start_as_kaiming(name: str) -> None:
    scaled = [
        p.detach().flatten() * (p[0].numel() / 2) ** 0.5
        for p in build(name).parameters()
        if p.ndim == 4
    ]
    entries = torch.cat(scaled)
    # N(0, 1): the mean square deviates by the square root of 2 / p
    z = float(entries.square().mean() - 1) / (2 / entries.numel()) ** 0.5
    assert abs(z) < 5


@pytest.mark.parametrize("name", ["vgg", "resnet", "mlp"])
def test_zero_last_changes_the_last_layer_only(name: str) -> None:
    plain = list(build(name).parameters())
    zero_last = list(build(name, initialisation="zero-last").parameters())
    assert all(map(torch.equal, plain[:-2], zero_last[:-2]))
    assert not any(p.any() for p in zero_last[-2:])


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"name": "alexnet"},
            (
                "model is 'alexnet'; expected one of mlp, two-layer, lenet, vgg, resnet, "
                "resnet8, resnet14, resnet20, resnet32, resnet56, resnet18, vit, or "
                "FILE.py:FACTORY, tv:NAME, timm:NAME or hf:NAME"
            ),
        ),
        *(
            (
                {"name": "resnet", "shape": shape},
                (
                    f"model is 'resnet' for inputs of shape {shape}; expected images "
                    "(channels, height, width) of at least 2 x 2 pixels: use mlp or "
                    "two-layer"
                ),
            )
            for shape in ((2,), (1, 1, 5), (3, 2, 1))
        ),
        (
            {"name": "lenet", "shape": (1, 3, 9)},
            (
                "model is 'lenet' for inputs of shape (1, 3, 9); expected images "
                "(channels, height, width) of at least 4 x 4 pixels: use mlp or two-layer"
            ),
        ),
        *(
            (
                {"shape": shape},
                (
                    f"shape is {shape!r}; expected (d,) or (channels, height, width) of "
                    "one input"
                ),
            )
            for shape in ((), (2, 2), (1, 8, 0), (-1,), (2.0,), (True,))
        ),
        ({"classes": 0}, "classes is 0; expected an integer C >= 1"),
        ({"classes": 2.0}, "classes is 2.0; expected an integer C >= 1"),
        (
            {"generator": None},
            (
                "generator is None; expected a torch.Generator: make one by "
                "torch.Generator().manual_seed(seed)"
            ),
        ),
        (
            {"initialisation": "he"},
            (
                "initialisation is 'he'; expected one of default, xavier, kaiming, "
                "lecun, orthogonal, zero-last"
            ),
        ),
    ],
)
def test_a_wrong_request_is_refused(options: dict[str, Any], sentence: str) -> None:
    with refused(sentence):
        build(**({"name": "mlp"} | options))


def test_initialisation_applies_to_a_factory_too(tmp_path: Path) -> None:
    path = tmp_path / "net.py"
    path.write_text(
        "from torch import nn\n"
        "def make(shape, classes):\n"
        "    return nn.Sequential(nn.Flatten(), nn.Linear(64, classes))\n"
    )
    assert build(f"{path}:make")[1].weight.any()
    assert not build(f"{path}:make", initialisation="zero-last")[1].weight.any()
