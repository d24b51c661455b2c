"""runs/diagnosis.py: what is planted in a network is found, and is not elsewhere."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from support.spectrum import settings
from torch import nn

from landtheory.deep.runs.diagnosis import diagnose
from landtheory.deep.runs.prepared import Prepared, prepare
from landtheory.deep.runs.streams import generator_for
from landtheory.deep.training.training import train


def diagnosed(prepared: Prepared) -> dict[str, Any]:
    found = diagnose(
        prepared, seed=0, batch_size=None, progress=lambda stage, done, of: None
    )
    assert set(found.timing) == {"gradient", "product"}
    return found.record


def test_a_good_network_in_float64() -> None:
    found = diagnosed(prepare(settings()))
    assert found["determinism"] == {"repeated_gap": 0.0, "nondeterministic_calls": []}
    assert found["rounding"]["asymmetry"] < 1e-14
    assert found["rounding"]["float64_gap"] == 0.0
    assert found["rounding"]["samples"] == 40
    assert found["parameters"] == {"p": 162, "tied": [], "frozen": []}
    assert found["memory"]["micro_batches"] == 1


def test_rounding_shows_in_float32() -> None:
    found = diagnosed(prepare(settings(dtype="float32")))["rounding"]
    assert 1e-9 < found["float64_gap"] < 1e-5
    assert 0 < found["asymmetry"] < 1e-5


def test_it_repeats_with_the_seed() -> None:
    assert diagnosed(prepare(settings())) == diagnosed(prepare(settings()))


class Odd(nn.Module):
    """Two tied layers, a frozen one, dropout and batch normalisation."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(2, 2), nn.Linear(2, 2)
        self.two.weight = self.one.weight
        self.two.bias.requires_grad_(False)
        self.norm, self.drop = nn.BatchNorm1d(2), nn.Dropout()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.two(self.drop(self.norm(self.one(x).tanh())))


def test_ties_frozen_parameters_and_modes_are_named() -> None:
    model = Odd().double()
    known = {name: t.clone() for name, t in model.state_dict().items()}
    found = diagnosed(replace(prepare(settings()), model=model, p=12))
    assert found["parameters"]["tied"] == [["one.weight", "two.weight"]]
    assert found["parameters"]["frozen"] == ["two.bias"]
    assert found["modules"] == {"batch_norms": 1, "dropouts": 1, "in_training_mode": 5}
    # the model is as it was
    assert all(torch.equal(known[name], t) for name, t in model.state_dict().items())
    assert model.training


def test_the_parabola_along_the_gradient_is_that_of_the_loss() -> None:
    prepared = prepare(settings())
    found = diagnosed(prepared)["stationarity"]
    X, y = prepared.data.X, prepared.data.y
    parameters = list(prepared.model.parameters())
    loss = nn.functional.cross_entropy(prepared.model(X), y)
    slopes = torch.autograd.grad(loss, parameters)
    norm = float(torch.cat([s.reshape(-1) for s in slopes]).norm())
    assert found["gradient_norm"] == pytest.approx(norm, rel=1e-12)
    values = []
    for t in (-1e-4, 0.0, 1e-4):
        moved = prepare(settings()).model
        with torch.no_grad():
            for p, s in zip(moved.parameters(), slopes, strict=True):
                p.sub_(s, alpha=t / norm)
            values.append(float(nn.functional.cross_entropy(moved(X), y)))
    curvature = (values[0] - 2 * values[1] + values[2]) / 1e-8
    assert found["curvature"] == pytest.approx(curvature, rel=1e-4)
    assert found["gain"] == pytest.approx(norm**2 / (2 * curvature), rel=1e-4)


def test_training_brings_it_nearer_to_a_critical_point() -> None:
    prepared = prepare(settings(epochs=40))
    before = diagnosed(prepared)["stationarity"]
    assert prepared.recipe is not None
    train(
        prepared.model,
        prepared.data,
        recipe=prepared.recipe,
        generator=generator_for(0, "training"),
    )
    after = diagnosed(prepared)["stationarity"]
    assert after["gradient_norm"] < before["gradient_norm"]
