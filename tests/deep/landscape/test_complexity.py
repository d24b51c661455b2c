"""landscape/complexity.py, against torch.func's Jacobians and sums over all paths."""

import itertools
import re
from collections.abc import Callable

import pytest
import torch
from support.landscape import half_square, relu_net, seeded
from torch import Tensor, nn
from torch.func import jacrev, vmap

from landtheory.deep.landscape.complexity import complexity, path_norm
from landtheory.deep.landscape.point import Point
from landtheory.deep.landscape.rescaling import rescaled
from landtheory.errors import InputError

X = torch.randn(7, 3, generator=seeded(1)).double()


def slopes(model: nn.Module) -> Tensor:
    """‖∇ₓf(x_i)‖_F² (n,)."""
    J = vmap(jacrev(lambda x: model(x[None])[0]))(X).detach()
    return J.square().sum((1, 2))


@pytest.mark.parametrize("outputs", [1, 2])
def test_slopes_are_the_norms_of_the_jacobians(outputs: int) -> None:
    model = relu_net(3, 5, 4, outputs)
    y = torch.zeros(7, outputs).double()
    squares = slopes(model)

    def agrees(value: float) -> bool:
        return abs(value - float(squares.mean())) < 1e-12 * float(squares.mean())

    for size in (None, 3):
        found = complexity(Point(model, half_square, (X, y), "mean", batch_size=size))
        assert agrees(found.mean_square_slope)
        assert found.largest_slope == pytest.approx(float(squares.max()) ** 0.5)
        theta = torch.cat([w.detach().reshape(-1) for w in model.parameters()])
        assert found.weight_norm == pytest.approx(float(theta.norm()), rel=1e-14)
        # a mean of norms, and a norm of the mean slope, are other numbers
        assert not agrees(float(squares.sqrt().mean()) ** 2)
        assert not agrees(found.mean_square_slope / 7)


def brute_path_norm(model: nn.Sequential) -> float:
    """Σ over every path, hidden biases as paths of their own."""
    layers = [part for part in model if isinstance(part, nn.Linear)]
    total = 0.0
    sizes = [layer.out_features for layer in layers]
    first = torch.cat([layers[0].weight, layers[0].bias[:, None]], dim=1).norm(dim=1)
    for start, layer in enumerate(layers[:-1]):
        entries = first if start == 0 else layer.bias.abs()
        for path in itertools.product(*(range(size) for size in sizes[start:])):
            weight = entries[path[0]].item()
            for i, (a, b) in enumerate(itertools.pairwise(path), start + 1):
                weight *= abs(layers[i].weight[b, a].item())
            total += weight
    return total


@pytest.mark.parametrize("sizes", [(3, 5, 1), (2, 4, 3, 2), (2, 3, 2, 4, 1)])
def test_the_path_norm_is_the_sum_over_paths(sizes: tuple[int, ...]) -> None:
    model = relu_net(*sizes)
    exact = brute_path_norm(model)

    def agrees(candidate: Callable[[nn.Module], float]) -> bool:
        return abs(candidate(model) - exact) < 1e-12 * exact

    assert agrees(path_norm)
    assert not agrees(lambda m: path_norm(m) + m[-1].bias.abs().sum().item())  # type: ignore[index]


def test_rescaling_neurons_leaves_the_path_norm() -> None:
    model = relu_net(2, 4, 3, 2)
    factors = [torch.tensor([0.1, 3.0, 7.0, 1.0]), torch.tensor([2.0, 0.5, 9.0])]
    assert path_norm(rescaled(model, factors)) == pytest.approx(
        path_norm(model), rel=1e-12
    )


def test_layers_without_biases_have_one_too() -> None:
    model = nn.Sequential(
        nn.Linear(2, 3, bias=False), nn.ReLU(), nn.Linear(3, 1, bias=False)
    ).double()
    a, w = model[2].weight[0].detach(), model[0].weight.detach()
    exact = float((a.abs() * w.norm(dim=1)).sum())
    assert path_norm(model) == pytest.approx(exact, rel=1e-14)


def test_other_networks_have_no_path_norm() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    found = complexity(Point(model, half_square, (X, X[:, :1]), "mean"))
    assert found.path_norm is None
    with pytest.raises(
        InputError,
        match=re.escape(
            "model is a Sequential; expected a fully connected network with ReLU between "
            "its linear layers: others have no rescaling of single neurons"
        ),
    ):
        path_norm(model)


def test_tokens_have_no_slope() -> None:
    model = nn.Sequential(nn.Embedding(5, 3), nn.Flatten(), nn.Linear(6, 1))
    tokens = torch.randint(5, (7, 2), generator=seeded(3))
    point = Point(model, half_square, (tokens, torch.zeros(7, 1)), "mean")
    with pytest.raises(
        InputError,
        match=re.escape(
            "inputs are no tensor of floats; expected one, in which the slope is taken"
        ),
    ):
        complexity(point)


def test_a_slope_that_is_not_finite_is_refused() -> None:
    class Rooted(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = nn.Parameter(torch.ones(1, dtype=torch.float64))

        def forward(self, x: Tensor) -> Tensor:
            return self.w * x.abs().sqrt()

    x = torch.zeros(2, 1).double()
    with pytest.raises(
        InputError,
        match=re.escape(
            "a slope in the inputs is not finite; expected a network that is "
            "differentiable at the samples"
        ),
    ):
        complexity(Point(Rooted(), half_square, (x, x), "mean"))
