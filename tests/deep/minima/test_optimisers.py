"""minima/optimisers.py, held against torch.optim, step by step."""

import re
from collections.abc import Callable
from math import cos, pi
from typing import Any

import pytest
import torch
from support.minima import seeded
from torch import Tensor

from landtheory.deep.minima.optimisers import METHODS, Method, Stepper
from landtheory.errors import InputError

STEPS = 25
NOISE = "expected a finite number >= 0, and 0 without mini-batches"
BATCHES = "expected an integer >= 1 for sgd, and none for the others"


def curvature(E: int = 3, p: int = 4) -> Tensor:
    return torch.rand(E, p, generator=seeded(1), dtype=torch.float64) + 0.1


def start(E: int = 3, p: int = 4) -> Tensor:
    return torch.randn(E, p, generator=seeded(), dtype=torch.float64)


def path(method: Method) -> Tensor:
    """θ after each step on ½ Σ h θ², by ours."""
    theta, h = start(), curvature()
    stepper, seen = Stepper(method, theta), []
    for _ in range(STEPS):
        stepper.step(theta, h * theta)
        seen.append(theta.clone())
    return torch.stack(seen)


def reference(method: Method) -> Tensor:
    """The same by torch, one network after another."""
    rows = []
    for row, h in zip(start(), curvature(), strict=True):
        theta = row.clone().requires_grad_()
        decay = method.weight_decay
        optimiser: torch.optim.Optimizer
        if method.name == "adam":
            optimiser = torch.optim.Adam([theta], lr=1.0, weight_decay=decay)
        else:
            optimiser = torch.optim.SGD(
                [theta], lr=1.0, momentum=method.momentum, weight_decay=decay
            )
        seen = []
        for step in range(STEPS):
            eta = method.learning_rate
            if method.schedule == "cosine":
                eta *= (1 + cos(pi * step / method.steps)) / 2
            optimiser.param_groups[0]["lr"] = eta
            optimiser.zero_grad()
            (0.5 * h * theta.square()).sum().backward()
            optimiser.step()
            seen.append(theta.detach().clone())
        rows.append(torch.stack(seen))
    return torch.stack(rows, dim=1)


def agrees(candidate: Callable[[Method], Tensor], method: Method) -> bool:
    return torch.allclose(candidate(method), reference(method), rtol=1e-12, atol=1e-13)


def made(name: str, **settings: Any) -> Method:
    batch = {"batch_size": 2} if name == "sgd" else {}
    momentum = {"momentum": 0.9} if name == "momentum" else {}
    common = {"learning_rate": 0.05, "steps": 40}
    return Method(name=name, **common | batch | momentum | settings)


@pytest.mark.parametrize("schedule", ["constant", "cosine"])
@pytest.mark.parametrize("decay", [0.0, 0.3])
@pytest.mark.parametrize("name", ["gd", "momentum", "sgd", "adam"])
def test_steps_are_those_of_torch(name: str, decay: float, schedule: str) -> None:
    assert agrees(path, made(name, weight_decay=decay, schedule=schedule))


def biased_adam(method: Method) -> Tensor:
    theta, h = start(), curvature()
    m, s = torch.zeros_like(theta), torch.zeros_like(theta)
    seen = []
    for _ in range(STEPS):
        g = h * theta
        m, s = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g * g
        theta = theta - method.learning_rate * m / (s.sqrt() + 1e-8)
        seen.append(theta)
    return torch.stack(seen)


def test_wrong_steps_are_seen() -> None:
    assert not agrees(biased_adam, made("adam"))
    assert not agrees(path_of_gd, made("momentum"))
    assert not agrees(lambda method: path(method).roll(1, 0), made("gd"))
    # a member that is moved by its neighbour's gradient
    assert not agrees(lambda method: path(method).roll(1, 1), made("adam"))


def path_of_gd(method: Method) -> Tensor:
    del method
    return path(made("gd"))


def test_those_that_are_kept_keep_their_moments() -> None:
    for name in ("adam", "momentum", "gd"):
        method = made(name)
        theta, h = start(), curvature()
        stepper, rows = Stepper(method, theta), torch.tensor([2, 0])
        for step in range(STEPS):
            if step == 10:
                theta, h, stepper = theta[rows], h[rows], stepper.kept(rows)
            stepper.step(theta, h * theta)
        assert torch.equal(theta, path(method)[-1][rows])


def test_rates_follow_the_schedule() -> None:
    method = made("gd", schedule="cosine")
    assert [method.rate(step) for step in (0, 20, 40)] == pytest.approx(
        [0.05, 0.025, 0.0], abs=1e-17
    )
    assert made("gd").rate(39) == 0.05


def test_the_standard_methods_are_whole() -> None:
    assert {method.name for method in METHODS.values()} == set(METHODS)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"name": "rprop"},
         "name is 'rprop'; expected one of gd, momentum, sgd, adam, lbfgs"),
        ({"schedule": "step"}, "schedule is 'step'; expected one of constant, cosine"),
        ({"steps": 0}, "steps is 0; expected an integer >= 1"),
        ({"memory": 2.5}, "memory is 2.5; expected an integer >= 1"),
        ({"check_every": -1}, "check_every is -1; expected an integer >= 1"),
        ({"learning_rate": 0.0}, "learning_rate is 0.0; expected a finite number > 0"),
        ({"learning_rate": float("inf")},
         "learning_rate is inf; expected a finite number > 0"),
        ({"momentum": 1.0}, "momentum is 1.0; expected a number from 0 to below 1"),
        ({"weight_decay": -0.1},
         "weight_decay is -0.1; expected a finite number >= 0"),
        ({"name": "lbfgs", "learning_rate": 0.0, "weight_decay": 0.1},
         "weight_decay is 0.1; expected a finite number >= 0"),
        ({"label_noise": 0.1}, f"label_noise is 0.1; {NOISE}"),
        ({"name": "sgd", "batch_size": 4, "label_noise": -0.1},
         f"label_noise is -0.1; {NOISE}"),
        ({"batch_size": 4}, f"batch_size is 4 for gd; {BATCHES}"),
        ({"name": "sgd"}, f"batch_size is None for sgd; {BATCHES}"),
        ({"name": "sgd", "batch_size": 0}, f"batch_size is 0 for sgd; {BATCHES}"),
    ],
)  # fmt: skip
def test_bad_settings_are_refused(settings: dict[str, Any], sentence: str) -> None:
    good = {"name": "gd", "learning_rate": 0.1, "steps": 10}
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        Method(**good | settings)


def test_lbfgs_takes_no_single_steps() -> None:
    with pytest.raises(
        InputError, match="method is lbfgs; expected one that takes single steps"
    ):
        Stepper(METHODS["lbfgs"], start())
