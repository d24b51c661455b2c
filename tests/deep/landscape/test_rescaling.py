"""landscape/rescaling.py, against T10: the same function, and H in other coordinates."""

import copy
import re
from itertools import pairwise

import pytest
import torch
from support.landscape import dense_hessian, half_square, relu_net, seeded
from torch import Tensor, nn

from landtheory.deep.landscape import rescaling as module
from landtheory.deep.landscape.rescaling import balanced, output_change, rescaled
from landtheory.errors import ConvergenceError, InputError

X = torch.randn(9, 3, generator=seeded(1)).double()
Y = torch.randn(9, 2, generator=seeded(2)).double()
FACTORS = [torch.tensor([0.1, 1.0, 3.0, 10.0, 0.5]), 4.0]


def flat(model: nn.Module) -> Tensor:
    return torch.cat([w.detach().reshape(-1) for w in model.parameters()])


def same_function(candidate: nn.Module, model: nn.Module) -> bool:
    return output_change(model, candidate, X) < 1e-13


def test_the_function_stays_and_the_weights_do_not() -> None:
    model = relu_net(3, 5, 4, 2)
    before = flat(model)
    other = rescaled(model, FACTORS)
    assert same_function(other, model)
    assert float((flat(other) - before).abs().max()) > 1
    assert torch.equal(flat(model), before)


def test_the_hessian_is_that_of_other_coordinates() -> None:
    """H(Tθ) = T⁻¹ H(θ) T⁻¹: trace and λ_max change by orders of magnitude."""
    model = relu_net(3, 5, 1)
    y = Y[:, :1]
    other = rescaled(model, [10.0])
    T = flat(other) / flat(model)
    H = dense_hessian(model, half_square, X, y)
    found = dense_hessian(other, half_square, X, y)
    expected = H / T[:, None] / T[None, :]
    assert float((found - expected).abs().max()) < 1e-12 * float(expected.abs().max())
    assert float(found.trace()) > 10 * float(H.trace())


def mutant(model: nn.Sequential, *, bias: bool, out: float) -> nn.Module:
    other = copy.deepcopy(model)
    with torch.no_grad():
        other[0].weight.mul_(10)
        if bias:
            other[0].bias.mul_(10)
        other[2].weight.mul_(out)
    return other


def test_a_forgotten_bias_or_outgoing_weight_changes_the_function() -> None:
    model = relu_net(3, 5, 2)
    assert same_function(mutant(model, bias=True, out=0.1), model)
    assert not same_function(mutant(model, bias=False, out=0.1), model)
    assert not same_function(mutant(model, bias=True, out=1.0), model)
    tanh = nn.Sequential(model[0], nn.Tanh(), model[2])
    assert not same_function(mutant(tanh, bias=True, out=0.1), tanh)


@pytest.mark.parametrize("sizes", [(3, 5, 2), (3, 5, 4, 2), (3, 6, 5, 4, 2)])
def test_every_neuron_is_balanced(sizes: tuple[int, ...]) -> None:
    model = relu_net(*sizes)
    wild = rescaled(
        model,
        [10 ** (3 * torch.randn(m, generator=seeded(3)).double()) for m in sizes[1:-1]],
    )
    one, two = balanced(model), balanced(wild)
    assert same_function(one.model, model)
    assert one.imbalance < 1e-10
    assert one.dead == 0
    layers = [part for part in one.model if isinstance(part, nn.Linear)]  # type: ignore[attr-defined]
    for a, b in pairwise(layers):
        into = torch.cat([a.weight, a.bias[:, None]], dim=1).norm(dim=1)
        out = b.weight.norm(dim=0)
        assert (into / out - 1).abs().max().item() < 1e-9
    # one representative of the orbit, wherever one starts
    assert float((flat(one.model) - flat(two.model)).abs().max()) < 1e-8


def test_no_other_scale_has_smaller_weights() -> None:
    model = balanced(relu_net(3, 5, 4, 2)).model
    least = float(flat(model).norm())
    for seed in range(20):
        factors = [
            torch.exp(0.3 * torch.randn(m, generator=seeded(seed + m)).double())
            for m in (5, 4)
        ]
        assert float(flat(rescaled(model, factors)).norm()) > least


def test_dead_neurons_are_counted_and_left() -> None:
    model = relu_net(3, 5, 2)
    with torch.no_grad():
        model[0].weight[1] = 0
        model[0].bias[1] = 0
        model[2].weight[:, 3] = 0
    found = balanced(model)
    assert found.dead == 2
    assert same_function(found.model, model)
    assert torch.equal(found.model[0].weight[3], model[0].weight[3])  # type: ignore[index]
    assert torch.equal(found.model[2].weight[:, 1], model[2].weight[:, 1])  # type: ignore[index]


def test_a_change_is_relative_to_the_outputs() -> None:
    model = nn.Linear(3, 1, bias=False)
    other = copy.deepcopy(model)
    with torch.no_grad():
        other.weight.mul_(1.5)
    assert output_change(model, other, X) == pytest.approx(0.5)
    zero = copy.deepcopy(model)
    with torch.no_grad():
        zero.weight.zero_()
    assert output_change(zero, model, X) == float("inf")
    assert output_change(zero, zero, X) == 0


@pytest.mark.parametrize(
    ("factors", "sentence"),
    [
        ([1.0], "factors are 1; expected 2, one for each hidden layer"),
        (
            [0.0, 1.0],
            "factors hold 0.0 for layer 0; expected a positive number, or 5 of them",
        ),
        (
            [1.0, float("nan")],
            "factors hold nan for layer 1; expected a positive number, or 4 of them",
        ),
        (
            [torch.ones(4), 1.0],
            (
                "factors hold tensor([1., 1., 1., 1.]) for layer 0; expected a positive "
                "number, or 5 of them"
            ),
        ),
    ],
)
def test_factors_that_are_not_positive_numbers_are_refused(
    factors: list[float], sentence: str
) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        rescaled(relu_net(3, 5, 4, 2), factors)


def test_other_networks_are_refused() -> None:
    model = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))
    for change in (lambda m: rescaled(m, [2.0]), balanced):
        with pytest.raises(InputError, match="expected a fully connected network"):
            change(model)


def test_weights_that_are_not_finite_are_refused() -> None:
    model = relu_net(3, 5, 2)
    with torch.no_grad():
        model[0].weight[0, 0] = float("nan")
    with pytest.raises(
        InputError,
        match=re.escape("model holds nan or infinity; expected finite weights"),
    ):
        balanced(model)


def test_a_balance_that_is_not_reached_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SWEEPS", 1)
    with pytest.raises(
        ConvergenceError,
        match=r"balance reached \S+ after 1 sweeps; expected at most 1e-10: the weights "
        "differ by too many orders of magnitude",
    ):
        balanced(relu_net(3, 6, 5, 4, 2))
