"""models/external.py: stand-ins for three packages, and factories of all kinds."""

import re
import sys
import types
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from landtheory.deep.models import build_model
from landtheory.deep.models.external import check_outputs
from landtheory.errors import InputError

FACTORIES = """
import torch
from torch import nn

def fits(shape, classes):
    return nn.Sequential(nn.Flatten(), nn.Dropout(), nn.Linear(64, classes)).double()
def wider(): return nn.Sequential(nn.Flatten(), nn.Linear(64, 1000))
def narrower(): return nn.Sequential(nn.Flatten(), nn.Linear(64, 9))
def wrong_size(): return nn.Sequential(nn.Flatten(), nn.Linear(63, 10))
def unflattened(): return nn.Linear(8, 10)
def a_class(): return nn.Linear
def lazy(): return nn.LazyLinear(10)
def without_parameters(): return nn.Flatten()
class Pair(nn.Module):
    def forward(self, x): return x, x
def pair(): return Pair()
"""


@pytest.fixture
def factories(tmp_path: Path) -> str:
    path = tmp_path / "net.py"
    path.write_text(FACTORIES)
    return str(path)


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def build(name: str, shape: tuple[int, ...] = (1, 8, 8)) -> nn.Module:
    return build_model(name, shape=shape, classes=10, generator=seeded())


def refused(sentence: str) -> "pytest.RaisesExc[InputError]":
    return pytest.raises(InputError, match=f"^{re.escape(sentence)}$")


def test_a_factorys_model_is_taken_as_it_is(factories: str) -> None:
    outside = torch.get_rng_state()
    model = build(f"{factories}:fits")
    assert {p.dtype for p in model.parameters()} == {torch.float64}
    assert all(module.training for module in model.modules())
    assert all(p.grad is None for p in model.parameters())
    again = build(f"{factories}:fits")
    assert all(map(torch.equal, model.parameters(), again.parameters()))
    assert torch.equal(torch.get_rng_state(), outside)
    assert build(f"{factories}:wider")[1].out_features == 1000
    # 64 outputs without any parameter
    assert isinstance(build(f"{factories}:without_parameters"), nn.Flatten)


WANTED = "outputs (n, 10) for inputs (n, 1, 8, 8)"


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        (
            "a_class",
            (
                "expected a factory that returns a torch.nn.Module, but it returned an "
                "object of type type"
            ),
        ),
        (
            "lazy",
            (
                "expected parameters with shapes: call its lazy layers on an input "
                "before returning it"
            ),
        ),
        (
            "narrower",
            f"expected {WANTED}, but for n = 2 it returned a tensor of shape (2, 9)",
        ),
        (
            "unflattened",
            (
                f"expected {WANTED}, but for n = 2 it returned a tensor of shape (2, 1, "
                "8, 10)"
            ),
        ),
        (
            "pair",
            f"expected {WANTED}, but for n = 2 it returned an object of type tuple",
        ),
        (
            "wrong_size",
            (
                f"expected {WANTED}, but it raised RuntimeError: mat1 and mat2 shapes "
                "cannot be multiplied (2x64 and 63x10)"
            ),
        ),
    ],
)
def test_a_model_that_does_not_fit_is_refused(
    factories: str, name: str, fault: str
) -> None:
    with refused(f"model is '{factories}:{name}'; {fault}"):
        build(f"{factories}:{name}")


def test_the_check_leaves_the_model_alone() -> None:
    model = nn.Sequential(
        nn.Flatten(), nn.BatchNorm1d(64), nn.Dropout(), nn.Linear(64, 10)
    )
    model[2].eval()
    before = {name: t.clone() for name, t in model.state_dict().items()}
    modes = [module.training for module in model.modules()]
    outside = torch.get_rng_state()
    check_outputs(model, "x", shape=(1, 8, 8), classes=10)
    assert all(torch.equal(t, before[name]) for name, t in model.state_dict().items())
    assert [module.training for module in model.modules()] == modes
    assert torch.equal(torch.get_rng_state(), outside)


class Asked(nn.Module):
    """A network that remembers what a package was asked for."""

    def __init__(self, classes: int, **asked: Any) -> None:
        super().__init__()
        self.asked = asked
        self.fc = nn.Linear(asked.get("inputs", 64), classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x.flatten(1))


@pytest.fixture
def torchvision(monkeypatch: pytest.MonkeyPatch) -> None:
    models = types.ModuleType("torchvision.models")

    def list_models(*, module: types.ModuleType) -> list[str]:
        assert module is models
        return ["resnet18"]

    def get_model(name: str, *, weights: None, num_classes: int) -> nn.Module:
        return Asked(num_classes, name=name, weights=weights)

    models.list_models, models.get_model = list_models, get_model
    monkeypatch.setitem(sys.modules, "torchvision", types.ModuleType("torchvision"))
    monkeypatch.setitem(sys.modules, "torchvision.models", models)


@pytest.mark.usefixtures("torchvision")
def test_torchvision_is_asked_without_weights() -> None:
    model = build("tv:resnet18")
    assert model.asked == {"name": "resnet18", "weights": None}
    again = build("tv:resnet18")
    assert torch.equal(model.fc.weight, again.fc.weight)


@pytest.mark.usefixtures("torchvision")
def test_other_networks_of_torchvision_are_refused() -> None:
    with refused(
        "model is 'tv:fasterrcnn_resnet50_fpn'; expected a classification network of "
        "torchvision, as torchvision.models.list_models(module=torchvision.models) names "
        "them"
    ):
        build("tv:fasterrcnn_resnet50_fpn")


@pytest.fixture
def timm(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = types.ModuleType("timm")

    def create_model(
        name: str, *, pretrained: bool, num_classes: int, in_chans: int
    ) -> nn.Module:
        if name == "unknown":
            raise RuntimeError("Unknown model (unknown)\nTry another.")
        return Asked(num_classes, pretrained=pretrained, channels=in_chans)

    stand_in.create_model = create_model
    monkeypatch.setitem(sys.modules, "timm", stand_in)


@pytest.mark.usefixtures("timm")
def test_timm_is_asked_without_weights() -> None:
    assert build("timm:vit_tiny.in1k").asked == {"pretrained": False, "channels": 1}
    with refused(
        "model is 'timm:unknown'; expected a network that timm can make, but it raised "
        "RuntimeError: Unknown model (unknown)"
    ):
        build("timm:unknown")


@pytest.fixture
def transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = types.ModuleType("transformers")

    class Wrapped(Asked):
        def forward(self, *, pixel_values: Tensor) -> Any:
            logits = super().forward(pixel_values)
            return types.SimpleNamespace(logits=logits, hidden_states=None)

    class AutoConfig:
        @staticmethod
        def for_model(name: str, **options: Any) -> dict[str, Any]:
            if name == "unknown":
                raise ValueError("Unrecognized model identifier: unknown.")
            return options

    class AutoModelForImageClassification:
        @staticmethod
        def from_config(config: dict[str, Any]) -> nn.Module:
            return Wrapped(config.pop("num_labels"), **config)

    stand_in.AutoConfig = AutoConfig
    stand_in.AutoModelForImageClassification = AutoModelForImageClassification
    monkeypatch.setitem(sys.modules, "transformers", stand_in)


@pytest.mark.usefixtures("transformers")
def test_transformers_is_given_the_image_and_only_its_logits_come_out() -> None:
    model = build("hf:vit")
    assert model.model.asked == {"num_channels": 1, "image_size": 8}
    assert model(torch.randn(3, 1, 8, 8)).shape == (3, 10)
    oblong = build_model("hf:vit", shape=(1, 4, 16), classes=10, generator=seeded())
    assert oblong.model.asked["image_size"] == (4, 16)
    with refused(
        "model is 'hf:unknown'; expected a network that transformers can make, but it "
        "raised ValueError: Unrecognized model identifier: unknown"
    ):
        build("hf:unknown")


@pytest.mark.parametrize(
    "name", ["timm:hf-hub:a/b", "hf:google/vit", "tv:../x", "hf:https://x", "timm:"]
)
def test_names_that_lead_to_the_network_are_refused(name: str) -> None:
    prefix = name.partition(":")[0]
    with refused(
        f"model is {name!r}; expected a plain name after {prefix}: no weights are "
        "downloaded"
    ):
        build(name)


@pytest.mark.parametrize(
    ("prefix", "package"),
    [("tv", "torchvision"), ("timm", "timm"), ("hf", "transformers")],
)
def test_an_absent_package_comes_with_a_hint(
    monkeypatch: pytest.MonkeyPatch, prefix: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, f"{package}.models", raising=False)
    with refused(
        f"model is '{prefix}:x'; expected the package {package}, which is not installed: "
        f"pip install {package}"
    ):
        build(f"{prefix}:x")
