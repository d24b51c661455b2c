"""models/dense.py: against the exact two-layer network of numerics."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from landtheory.deep.models.dense import mlp, two_layer
from landtheory.numerics import TwoLayerProblem

D, M, C, N = 3, 5, 2, 7


def theta_of(model: nn.Module) -> np.ndarray:
    """The catalogue's θ: W by rows, b, A by columns, c."""
    W, b, A, c = (p.detach().double().numpy() for p in model.parameters())
    return np.concatenate([W.ravel(), b, A.T.ravel(), c])


def agrees(output: Callable[[nn.Module, Tensor], Tensor]) -> bool:
    """Compare with numerics' output in float64, to rounding."""
    model = two_layer((D,), C, width=M).double()
    X = np.random.default_rng(0).standard_normal((N, D))
    problem = TwoLayerProblem(
        X, np.zeros((N, C)), activation="tanh", width=M, outputs=C
    )
    found = output(model, torch.from_numpy(X)).detach().numpy()
    # each output sums m products of numbers below 1
    return bool(
        np.allclose(found, problem.output(theta_of(model)), rtol=0, atol=M * 2e-15)
    )


def test_two_layer_is_the_network_of_numerics() -> None:
    assert agrees(lambda model, X: model(X))


@pytest.mark.parametrize(
    "mutant",
    [
        lambda model, X: model.output(model.hidden(X).relu()),
        lambda model, X: model.output(model.hidden(X)).tanh(),
        lambda model, X: model(X) - model.output.bias,
    ],
)
def test_the_comparison_rejects(mutant: Callable[[nn.Module, Tensor], Tensor]) -> None:
    assert not agrees(mutant)


def test_mlp_is_tanh_layers_one_after_the_other() -> None:
    model = mlp((1, 8, 8), 10).double()
    x = torch.randn(4, 1, 8, 8, dtype=torch.float64)
    W1, b1, W2, b2, A, c = model.parameters()
    hidden = ((x.flatten(1) @ W1.T + b1).tanh() @ W2.T + b2).tanh()
    torch.testing.assert_close(model(x), hidden @ A.T + c, rtol=1e-13, atol=1e-14)
    assert sum(p.numel() for p in model.parameters()) == 3466


def test_depth_and_widths_are_free() -> None:
    model = mlp((6,), 2, widths=(5, 4, 3))
    assert [tuple(p.shape) for p in model.parameters() if p.ndim == 2] == [
        (5, 6),
        (4, 5),
        (3, 4),
        (2, 3),
    ]
