"""landscape/point.py, against the network itself and torch's own gradient."""

import re

import pytest
import torch
from support.landscape import free_point, half_square, relu_net, seeded
from torch import nn

from landtheory.deep.landscape import point as module
from landtheory.deep.landscape.point import Point
from landtheory.errors import InputError

X = torch.randn(7, 3, generator=seeded(1))
Y = torch.randn(7, 2, generator=seeded(2))


def test_loss_and_outputs_are_those_of_the_network_in_float64() -> None:
    model = relu_net(3, 5, 2).float()
    point = Point(model, half_square, (X, Y), "mean", batch_size=3)
    wide = relu_net(3, 5, 2)
    wide.load_state_dict(model.state_dict())
    f = wide(X.double()).detach()
    assert point.theta.dtype == torch.float64
    assert abs(point.loss - float(half_square(f, Y.double()))) < 1e-14
    with point.ready():
        assert torch.allclose(point.outputs(), f, rtol=0, atol=1e-13)
    assert (point.p, point.n) == (3 * 5 + 5 + 5 * 2 + 2, 7)


def test_value_and_gradient_elsewhere_are_torchs() -> None:
    point = Point(relu_net(3, 5, 2), half_square, (X, Y), "mean", batch_size=3)
    other = relu_net(3, 5, 2, seed=9)
    theta = torch.cat([w.detach().reshape(-1) for w in other.parameters()])
    loss = half_square(other(X.double()), Y.double())
    slopes = torch.autograd.grad(loss, list(other.parameters()))
    with point.ready():
        value, gradient = point.value_and_gradient(theta)
        assert abs(value - loss.item()) < 1e-13
        assert abs(point.value(theta) - loss.item()) < 1e-13
    expected = torch.cat([s.reshape(-1) for s in slopes])
    assert torch.allclose(gradient, expected, rtol=0, atol=1e-13)


def test_the_network_and_the_random_numbers_stay_as_they_were() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    model.train()
    before = {k: v.clone() for k, v in model.state_dict().items()}
    state = torch.get_rng_state()
    point = Point(model, half_square, (X, Y), "mean")
    with point.ready():
        point.value(point.theta + 1)
    assert all(torch.equal(v, before[k]) for k, v in model.state_dict().items())
    assert model.training
    assert torch.equal(state, torch.get_rng_state())
    with torch.no_grad():
        model[0].weight.add_(1.0)
    again = Point(model, half_square, (X, Y), "mean")
    assert again.loss != point.loss
    with point.ready():
        assert abs(point.value(point.theta) - point.loss) < 1e-14


def test_a_loss_that_is_not_finite_is_infinite() -> None:
    point = free_point(lambda t: torch.where(t[0] > 1, torch.nan, t[0] ** 2), [0.5])
    with point.ready():
        assert point.value(torch.tensor([2.0], dtype=torch.float64)) == float("inf")
        assert point.value(torch.tensor([0.5], dtype=torch.float64)) == 0.25


def test_what_is_no_module_is_refused() -> None:
    with pytest.raises(
        InputError,
        match=re.escape("model is a str; expected a torch.nn.Module"),
    ):
        Point("resnet", half_square, (X, Y), "mean")  # type: ignore[arg-type]


def test_several_processes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Two(module.Risk):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments)  # type: ignore[arg-type]
            self.processes = type("Several", (), {"size": 2})()  # type: ignore[assignment]

    monkeypatch.setattr(module, "Risk", Two)
    with pytest.raises(
        InputError,
        match=re.escape(
            "processes are 2; expected one: a landscape is measured by a process of its "
            "own"
        ),
    ):
        Point(relu_net(3, 5, 2), half_square, (X, Y), "mean")
