"""numerics/training.py: the residual it reports, recomputed by torch."""

import numpy as np
import pytest
import torch
from support.references import torch_output

from landtheory.errors import ConvergenceError
from landtheory.numerics import train, training
from landtheory.numerics.data import digits
from landtheory.numerics.training import steps_within
from landtheory.theory import get_activation


@pytest.mark.parametrize("name", ["tanh", "relu"])
def test_digits_are_interpolated(name: str) -> None:
    X, y = digits(samples=200, seed=0)
    trained = train(get_activation(name), X, y, width=32, seed=0)
    output = torch_output(name, X, 32, 1)(torch.tensor(trained.theta)).numpy()
    assert np.abs(output - y).max() <= 2e-10
    assert trained.residual <= 1e-10


def test_training_repeats_and_depends_on_its_seed() -> None:
    X, y = digits(samples=20, seed=0)
    tanh = get_activation("tanh")
    thetas = [train(tanh, X, y, width=4, seed=seed).theta for seed in (1, 1, 2)]
    assert np.array_equal(thetas[0], thetas[1])
    assert not np.array_equal(thetas[0], thetas[2])


def test_several_outputs_are_trained() -> None:
    X, _ = digits(samples=15, seed=0)
    y = np.eye(3)[np.arange(15) % 3]
    trained = train(get_activation("tanh"), X, y, width=8, seed=0)
    assert trained.residual <= 1e-10


@pytest.mark.parametrize("name", ["tanh", "relu"])
@pytest.mark.parametrize(("of_x", "of_y"), [(1.0, 1e6), (1e20, 1.0), (300.0, 1e-9)])
def test_data_of_any_scale_are_interpolated(
    name: str, of_x: float, of_y: float
) -> None:
    X, y = digits(samples=30, seed=0)
    X, y = of_x * X, of_y * y
    trained = train(get_activation(name), X, y, width=16, seed=0)
    output = torch_output(name, X, 16, 1)(torch.tensor(trained.theta)).numpy()
    assert trained.residual <= 1e-10 * max(1, of_y)
    assert np.abs(output - y).max() <= 2e-10 * max(1, of_y)


def test_what_cannot_be_interpolated_raises() -> None:
    X = np.zeros((2, 1))
    y = np.array([[0.0], [1.0]])
    with pytest.raises(
        ConvergenceError, match=r"expected at most 1e-10: use fewer sam"
    ):
        train(get_activation("tanh"), X, y, width=2, seed=0, max_iterations=30)


def test_numbers_that_overflow_are_an_end_of_training(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training, "_initial", lambda *sizes: np.full(13, 1e200))
    with pytest.raises(ConvergenceError, match="Gram matrix of training is inf or nan"):
        train(get_activation("identity"), np.eye(2), np.eye(2)[:, :1], width=3, seed=0)


def test_seconds_buy_fewer_steps_of_more_samples() -> None:
    bought = [steps_within(30.0, samples) for samples in (10, 1000, 4000, 10**5)]
    assert bought[0] == bought[1] == 400
    assert bought[2] < 20
    assert bought[3] == 10
