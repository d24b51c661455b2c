"""objective/parameters.py: names, order and places of θ, against torch's own flattening."""

import re
import warnings
from typing import Any

import pytest
import torch
from support.networks import NETWORKS
from torch import nn

from landtheory.deep.objective.parameters import ROOT, Parameters
from landtheory.errors import InputError


class Nested(nn.Module):
    """Parameters of its own, before those of its modules."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
        self.scale = nn.Parameter(torch.ones(2, 2))


def test_theta_is_all_parameters_in_their_order() -> None:
    found = Parameters.select(NETWORKS["conv"]().model)
    model = NETWORKS["conv"]().model
    assert found.names == tuple(name for name, _ in model.named_parameters())
    flat = nn.utils.parameters_to_vector(model.parameters())
    assert found.p == len(flat)
    for name, part in zip(found.names, found.split(flat), strict=True):
        assert torch.equal(part, model.get_parameter(name))
        assert torch.equal(part.reshape(-1), flat[found.slices[name]])


def test_layers_are_neighbours_and_cover_theta() -> None:
    found = Parameters.select(Nested())
    assert found.names[0] == "scale"
    assert dict(found.layers) == {
        ROOT: slice(0, 4), "inner.0": slice(4, 13), "inner.2": slice(13, 17)
    }  # fmt: skip
    assert found.of_layer("inner.2") == ("inner.2.weight", "inner.2.bias")
    assert found.of_layer(ROOT) == ("scale",)
    with pytest.raises(
        InputError, match=re.escape("layer is 'inner'; expected one of")
    ):
        found.of_layer("inner")


@pytest.mark.parametrize(
    ("params", "names"),
    [
        (None, ["scale", "inner.0.weight", "inner.0.bias", "inner.2.weight", "inner.2.bias"]),
        ("inner.0.*", ["inner.0.weight", "inner.0.bias"]),
        ("*weight", ["inner.0.weight", "inner.2.weight"]),
        (["inner.2.bias", "scale"], ["scale", "inner.2.bias"]),
        (["*.bias", "inner.2.*"], ["inner.0.bias", "inner.2.weight", "inner.2.bias"]),
    ],
)  # fmt: skip
def test_globs_select_in_the_order_of_the_model(params: Any, names: list[str]) -> None:
    assert list(Parameters.select(Nested(), params).names) == names


def test_parameters_of_the_model_select_themselves() -> None:
    model = Nested()
    chosen = [model.inner[2].bias, model.scale]
    assert Parameters.select(model, chosen).names == ("scale", "inner.2.bias")


def test_a_tied_parameter_counts_once_and_answers_to_each_name() -> None:
    model = NETWORKS["tied"]().model
    assert Parameters.select(model).names == (
        "first.weight", "first.bias", "second.bias"
    )  # fmt: skip
    assert Parameters.select(model, "second.*").names == ("first.weight", "second.bias")


def test_frozen_parameters_are_left_out() -> None:
    model = Nested()
    model.scale.requires_grad_(False)
    assert Parameters.select(model).p == 13
    with pytest.raises(InputError, match="params holds 'scale', which is no trainable"):
        Parameters.select(model, "scale")


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ("outer.*", "params holds 'outer.*', which is no trainable parameter of the"),
        (
            [],
            "params is empty; expected a name, a glob or a parameter: leave it out to",
        ),
        ([3], "params holds 3; expected names, globs or parameters of the model"),
        (
            [nn.Parameter(torch.ones(2))],
            "params holds a tensor of shape (2,), which is",
        ),
    ],
)
def test_what_selects_nothing_is_refused(params: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        Parameters.select(Nested(), params)


def test_models_without_usable_parameters_are_refused() -> None:
    sentence = (
        "model is a ReLU without trainable parameters; expected at least one with"
    )
    with pytest.raises(InputError, match=sentence):
        Parameters.select(nn.ReLU())
    with warnings.catch_warnings():
        # some versions of torch call lazy modules experimental
        warnings.simplefilter("ignore")
        lazy = nn.LazyLinear(3)
    sentence = "parameter 'weight' is uninitialized; expected one with a shape: run the"
    with pytest.raises(InputError, match=sentence):
        Parameters.select(lazy)
    model = nn.Module()
    model.z = nn.Parameter(torch.ones(2, dtype=torch.complex64))
    sentence = "parameter 'z' has dtype torch.complex64; expected a real floating one"
    with pytest.raises(InputError, match=sentence):
        Parameters.select(model)


def test_vectors_of_another_length_are_refused() -> None:
    found = Parameters.select(Nested())
    with pytest.raises(
        InputError, match=re.escape("v has shape (16,); expected (17,)")
    ):
        found.split(torch.ones(16))
