"""objective/preserve.py: whatever happens inside, everything is as before at the end."""

import random

import numpy as np
import pytest
import torch
from support.networks import NETWORKS
from torch import nn
from torch.nn import functional

from landtheory.deep.objective.preserve import (
    RandomState,
    nondeterministic_calls,
    preserved,
)

CPU = torch.device("cpu")


GLOBAL = np.random.mtrand._rand
"""NumPy's global random numbers, by a name that is not deprecated."""


def model() -> nn.Module:
    return nn.Sequential(
        nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 2)
    )


def test_inside_every_module_evaluates() -> None:
    network = model().train()
    with preserved(network, device=CPU):
        assert not any(module.training for module in network.modules())
        x = torch.randn(5, 3)
        assert torch.equal(network(x), network(x))


def test_batch_norm_alone_can_train() -> None:
    network = model().eval()
    with preserved(network, device=CPU, batch_norm="train"):
        assert [module.training for module in network] == [False, True, False, False]
    assert not any(module.training for module in network.modules())


def test_modes_buffers_gradients_and_random_numbers_come_back() -> None:
    network = model().train()
    network[2].eval()
    modes = [module.training for module in network.modules()]
    mean = network[1].running_mean
    kept, version = mean.clone(), mean._version
    network[0].weight.grad = grad = torch.ones(4, 3)
    state = torch.get_rng_state(), GLOBAL.get_state()[1].copy(), random.getstate()

    def meddle() -> None:
        with preserved(network, device=CPU, batch_norm="train"):
            network(torch.randn(5, 3)).sum().backward()
            network[1].running_mean = torch.zeros(4)
            network[0].weight.grad = None
            network.cached = torch.rand(2)
            GLOBAL.rand(3), random.random()
            raise KeyError

    with pytest.raises(KeyError):
        meddle()
    assert [module.training for module in network.modules()] == modes
    assert network[1].running_mean is mean
    assert torch.equal(mean, kept)
    assert mean._version > version
    assert network[0].weight.grad is grad
    assert not hasattr(network, "cached")
    assert torch.equal(torch.get_rng_state(), state[0])
    assert np.array_equal(GLOBAL.get_state()[1], state[1])
    assert random.getstate() == state[2]


def test_buffers_that_nobody_wrote_are_not_touched() -> None:
    network = model()
    network[1].running_var.fill_(torch.nan)
    version = network[1].running_var._version
    with preserved(network, device=CPU):
        pass
    assert network[1].running_var._version == version


def test_what_the_user_switched_on_is_off_inside_and_on_again_after() -> None:
    network = model()
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        with preserved(network, device=CPU):
            assert torch.is_grad_enabled()
            assert not torch.is_inference_mode_enabled()
            assert not torch.is_autocast_enabled("cpu")
            assert not torch.backends.mha.get_fastpath_enabled()
        assert torch.is_inference_mode_enabled()
        assert torch.is_autocast_enabled("cpu")
        assert torch.backends.mha.get_fastpath_enabled()


def test_attention_can_be_differentiated_twice_inside() -> None:
    q = torch.randn(1, 1, 3, 2, requires_grad=True)

    def twice() -> torch.Tensor:
        value = functional.scaled_dot_product_attention(q, q, q).square().sum()
        (slope,) = torch.autograd.grad(value, q, create_graph=True)
        return torch.autograd.grad(slope.sum(), q)[0]

    with preserved(model(), device=CPU):
        assert torch.isfinite(twice()).all()
    with pytest.raises(RuntimeError, match="not implemented"):
        twice()


def test_a_state_of_random_numbers_can_be_entered_again() -> None:
    state = RandomState.capture(CPU)
    drawn = torch.rand(3), GLOBAL.rand(), random.random()
    state.restore()
    assert torch.equal(torch.rand(3), drawn[0])
    assert (GLOBAL.rand(), random.random()) == drawn[1:]


def test_calls_without_a_fixed_order_are_named_and_settings_kept() -> None:
    def put() -> None:
        torch.zeros(3).put_(torch.tensor([0]), torch.ones(1), accumulate=False)

    assert nondeterministic_calls(put) == ("put_",)
    assert nondeterministic_calls(lambda: torch.ones(2).sum()) == ()
    with pytest.raises(KeyError):
        nondeterministic_calls(lambda: {}["nothing"])
    assert not torch.are_deterministic_algorithms_enabled()


def test_train_and_eval_of_the_model_are_not_called() -> None:
    class Merging(nn.Linear):
        def train(self, mode: bool = True) -> nn.Module:
            raise AssertionError(mode)

    network = Merging(2, 2)
    with preserved(network, device=CPU):
        assert not network.training
    assert network.training


def test_networks_of_the_zoo_are_unchanged() -> None:
    for make in NETWORKS.values():
        network = make().model
        before = [dict(vars(module)) for module in network.modules()]
        with preserved(network, device=CPU):
            pass
        assert [vars(module) for module in network.modules()] == before
