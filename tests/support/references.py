"""Independent references: the loss in torch, differentiated by torch.func."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

SIGMA: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "relu": torch.relu,
    "leaky_relu": lambda z: torch.nn.functional.leaky_relu(z, 0.01),
    "abs": torch.abs,
    "quadratic": lambda z: z**2,
    "cubic": lambda z: z**3,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": torch.nn.functional.softplus,
    "erf": torch.erf,
    "gelu": torch.nn.functional.gelu,
    "silu": torch.nn.functional.silu,
    "sin": torch.sin,
    "exp": torch.exp,
}


def torch_output(
    activation: str, x: np.ndarray, m: int, C: int
) -> Callable[[Any], Any]:
    """f(X) (n, C) as a function of θ."""
    X = torch.tensor(x)
    d = X.shape[1]

    def output(theta: Any) -> Any:
        W = theta[: m * d].reshape(m, d)
        b = theta[m * d : m * d + m]
        A = theta[m * d + m : m * d + m + m * C].reshape(m, C).T
        c = theta[m * d + m + m * C :]
        return SIGMA[activation](X @ W.T + b) @ A.T + c

    return output


def torch_loss(
    activation: str, loss: str, x: np.ndarray, y: np.ndarray, m: int, C: int
) -> Callable[[Any], Any]:
    """L(θ) by torch's own losses."""
    output = torch_output(activation, x, m, C)
    Y = torch.tensor(y)

    def value(theta: Any) -> Any:
        f = output(theta)
        if loss == "squared":
            return 0.5 * ((f - Y.reshape(f.shape)) ** 2).sum(1).mean()
        if loss == "logistic":
            bce = torch.nn.functional.binary_cross_entropy_with_logits
            return bce(f[:, 0], Y.to(torch.float64))
        return torch.nn.functional.cross_entropy(f, Y.long())

    return value


def torch_hessian(*args: Any) -> Callable[[np.ndarray], np.ndarray]:
    """θ → ∇²L(θ) by torch.func."""
    value = torch_loss(*args)
    return lambda theta: torch.func.hessian(value)(torch.tensor(theta)).numpy()


def torch_gradient(*args: Any) -> Callable[[np.ndarray], np.ndarray]:
    """θ → ∇L(θ) by torch.func."""
    value = torch_loss(*args)
    return lambda theta: torch.func.grad(value)(torch.tensor(theta)).numpy()
