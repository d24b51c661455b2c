"""landscape/chains.py, on networks that are such chains and on some that only look so."""

import pytest
import torch
from torch import nn

from landtheory.deep.landscape.chains import bias_of, in_squares, relu_chain


def test_the_linear_layers_of_a_chain_are_found_in_order() -> None:
    model = nn.Sequential(
        nn.Flatten(), nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2), nn.ReLU(),
        nn.Linear(2, 1),
    )  # fmt: skip
    assert relu_chain(model) == (model[1], model[3], model[5])


def shared() -> nn.Module:
    layer = nn.Linear(3, 3)
    return nn.Sequential(layer, nn.ReLU(), layer)


def tied() -> nn.Module:
    a, b = nn.Linear(3, 3), nn.Linear(3, 3)
    b.weight = a.weight
    return nn.Sequential(a, nn.ReLU(), b)


def normed() -> nn.Module:
    layer = nn.utils.parametrizations.weight_norm(nn.Linear(3, 3))
    return nn.Sequential(layer, nn.ReLU(), nn.Linear(3, 1))


class Skipping(nn.Sequential):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + super().forward(x)


@pytest.mark.parametrize(
    "model",
    [
        nn.Linear(3, 1),
        nn.Sequential(nn.Linear(3, 1)),
        nn.Sequential(nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 1)),
        nn.Sequential(nn.Linear(3, 2), nn.ReLU()),
        nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Linear(2, 1), nn.ReLU()),
        nn.Sequential(nn.Linear(3, 2), nn.GELU(), nn.Linear(2, 1)),
        nn.Sequential(nn.Linear(3, 2), nn.LayerNorm(2), nn.Linear(2, 1)),
        nn.Sequential(nn.Conv1d(3, 2, 1), nn.ReLU(), nn.Linear(2, 1)),
        Skipping(nn.Linear(3, 3), nn.ReLU(), nn.Linear(3, 3)),
        shared(),
        tied(),
        normed(),
        nn.Sequential(),
    ],
)
def test_other_networks_are_none(model: nn.Module) -> None:
    assert relu_chain(model) is None


def test_what_goes_into_a_neuron_is_its_weights_and_its_bias() -> None:
    layer = nn.Linear(2, 1)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[3.0, 4.0]]))
        layer.bias.fill_(12.0)
    assert in_squares(layer).tolist() == [169.0]
    bare = nn.Linear(2, 1, bias=False)
    assert bias_of(bare) is None
    assert in_squares(bare).item() == pytest.approx(bare.weight.square().sum().item())
