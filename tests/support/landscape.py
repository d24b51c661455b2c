"""Losses with a known landscape, and matrices of networks by torch.func alone."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, hessian, jacrev

from landtheory.deep.estimators.intervals import Interval
from landtheory.deep.landscape.curvature import Curvature
from landtheory.deep.landscape.point import Point

__all__ = [
    "Free",
    "bowl",
    "dense_gauss_newton",
    "dense_hessian",
    "free_point",
    "half_square",
    "known",
    "relu_net",
    "seeded",
]


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def half_square(f: Tensor, y: Tensor) -> Tensor:
    """½ (1/n) Σ_i ‖f_i - y_i‖²."""
    return 0.5 * (f - y).square().sum(1).mean()


class Free(nn.Module):
    """f(x; θ) = θ for every x: then the loss is any function of θ."""

    def __init__(self, theta: Sequence[float]) -> None:
        super().__init__()
        self.theta = nn.Parameter(torch.tensor(theta, dtype=torch.float64))

    def forward(self, x: Tensor) -> Tensor:
        return self.theta.expand(len(x), -1)


def free_point(function: Callable[[Tensor], Tensor], theta: Sequence[float]) -> Point:
    """The point θ in the landscape of a function of θ (p,)."""
    one = torch.zeros(1, 1, dtype=torch.float64)
    return Point(Free(theta), lambda f, _: function(f[0]), (one, one), "mean")


def bowl(eigenvalues: Sequence[float], *, seed: int = 0, offset: float = 0.0) -> Point:
    """½ (w - w*)ᵀ H (w - w*) with these eigenvalues, as linear regression, at w = w*.

    Twice as many samples as weights, so that n and p differ; `offset` is added to L.
    """
    values = torch.tensor(eigenvalues, dtype=torch.float64)
    p = len(values)
    n = 2 * p
    Q, _ = torch.linalg.qr(torch.randn(p, p, generator=seeded(seed)).double())
    Z, _ = torch.linalg.qr(torch.randn(n, p, generator=seeded(seed + 1)).double())
    X = n**0.5 * Z @ torch.diag(values.sqrt()) @ Q.T
    model = nn.Linear(p, 1, bias=False).double()
    with torch.no_grad():
        model.weight.copy_(torch.randn(1, p, generator=seeded(seed + 2)))
        y = model(X)
    return Point(model, lambda f, t: half_square(f, t) + offset, (X, y), "mean")


def relu_net(*sizes: int, seed: int = 0, scale: float = 1.0) -> nn.Sequential:
    """Linear layers of these sizes with ReLU between, float64."""
    layers: list[nn.Module] = []
    for i, (a, b) in enumerate(pairwise(sizes)):
        layers += [nn.Linear(a, b)] + ([nn.ReLU()] if i < len(sizes) - 2 else [])
    model = nn.Sequential(*layers).double()
    with torch.no_grad():
        generator = seeded(seed)
        for parameter in model.parameters():
            drawn = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(scale * drawn)
    return model


def dense_hessian(model: nn.Module, loss: Any, X: Tensor, y: Tensor) -> Tensor:
    """∇²L, in the order of `named_parameters`."""
    flat, place = _flat(model)
    return hessian(lambda v: loss(functional_call(model, place(v), (X,)), y))(flat)


def dense_gauss_newton(model: nn.Module, loss: Any, X: Tensor, y: Tensor) -> Tensor:
    """Jᵀ S J with S = ∂²L/∂f² over all outputs of all samples, no block assumed."""
    flat, place = _flat(model)

    def f(v: Tensor) -> Tensor:
        return functional_call(model, place(v), (X,))

    out = f(flat).detach()
    J = jacrev(f)(flat).reshape(out.numel(), -1)
    S = hessian(lambda u: loss(u.view_as(out), y))(out.reshape(-1))
    return J.T @ S @ J


def known(eigenvalues: Tensor, errors: Tensor, **other: object) -> Curvature:
    """A spectrum that was given."""
    size = float(eigenvalues.norm())
    made = Curvature(
        method="hessian",
        eigenvalues=eigenvalues,
        errors=errors,
        trace=Interval(value=0.0, lower=0.0, upper=0.0, level=1.0),
        frobenius_norm=Interval(value=size, lower=size, upper=size, level=1.0),
        p=len(eigenvalues),
        residual=None,
        gauss_newton=None,
    )
    return replace(made, **other)  # type: ignore[arg-type]


def _flat(model: nn.Module) -> tuple[Tensor, Callable[[Tensor], dict[str, Tensor]]]:
    named = {k: v.detach() for k, v in model.named_parameters()}
    flat = torch.cat([v.reshape(-1) for v in named.values()])

    def place(v: Tensor) -> dict[str, Tensor]:
        parts = torch.split(v, [w.numel() for w in named.values()])
        return {k: a.view_as(w) for (k, w), a in zip(named.items(), parts, strict=True)}

    return flat, place
