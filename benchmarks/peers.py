"""The same Hessian and the same products by torch, JAX and curvlinops.

Each maker gives a function of no arguments, ready to be timed and called once already, or
a sentence that says why the peer is absent.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from landtheory.numerics import TwoLayerProblem

__all__ = ["ABSENT", "HESSIANS", "PRODUCTS", "Maker"]

ABSENT = "absent: pip install 'landtheory[bench]'"
CHUNK = 64
"""Columns of the identity that a matrix-free peer is given at a time."""

Maker = Callable[[TwoLayerProblem, np.ndarray, np.ndarray], Callable[[], Any] | str]


def _torch_loss(made: TwoLayerProblem) -> Callable[[torch.Tensor], torch.Tensor]:
    d, m = made.d, made.m
    X, Y = torch.tensor(made.X), torch.tensor(made.targets[:, 0])

    def loss(t: torch.Tensor) -> torch.Tensor:
        W, b = t[: m * d].reshape(m, d), t[m * d : m * d + m]
        f = torch.tanh(X @ W.T + b) @ t[m * d + m : -1] + t[-1]
        return 0.5 * ((f - Y) ** 2).mean()

    return loss


def torch_func(made: TwoLayerProblem, theta: np.ndarray, v: np.ndarray) -> Any:
    """torch.func.hessian."""
    del v
    loss, at = _torch_loss(made), torch.tensor(theta)
    return lambda: torch.func.hessian(loss)(at)


def torch_rows(made: TwoLayerProblem, theta: np.ndarray, v: np.ndarray) -> Any:
    """torch.autograd.functional.hessian, row by row."""
    del v
    loss, at = _torch_loss(made), torch.tensor(theta)
    return lambda: torch.autograd.functional.hessian(loss, at)


def _jax_loss(jnp: Any, made: TwoLayerProblem) -> Any:
    d, m = made.d, made.m
    X, Y = jnp.asarray(made.X), jnp.asarray(made.targets[:, 0])

    def loss(t: Any) -> Any:
        W, b = t[: m * d].reshape(m, d), t[m * d : m * d + m]
        f = jnp.tanh(X @ W.T + b) @ t[m * d + m : -1] + t[-1]
        return 0.5 * ((f - Y) ** 2).mean()

    return loss


def _jax() -> Any:
    """jax in float64, or None where it is not installed."""
    try:
        import jax
    except ImportError:
        return None
    # the second: in the calling thread, whose time is taken
    options = {"jax_enable_x64": True, "jax_cpu_enable_async_dispatch": False}
    for option, value in options.items():
        jax.config.update(option, value)
    return jax


def jax_hessian(made: TwoLayerProblem, theta: np.ndarray, v: np.ndarray) -> Any:
    """jax.jit(jax.hessian), compiled beforehand."""
    del v
    jax = _jax()
    if jax is None:
        return ABSENT
    compiled = jax.jit(jax.hessian(_jax_loss(jax.numpy, made)))
    at = jax.numpy.asarray(theta)
    return lambda: compiled(at).block_until_ready()


def _curvlinops(made: TwoLayerProblem, theta: np.ndarray) -> Any:
    """HessianLinearOperator, or None where curvlinops is not installed."""
    try:
        from curvlinops import HessianLinearOperator
    except ImportError:
        return None
    d, m = made.d, made.m
    model = torch.nn.Sequential(
        torch.nn.Linear(d, m), torch.nn.Tanh(), torch.nn.Linear(m, 1)
    ).double()
    torch.nn.utils.vector_to_parameters(torch.tensor(theta), model.parameters())
    data = [(torch.tensor(made.X), torch.tensor(made.targets))]
    parameters = dict(model.named_parameters())
    try:
        return HessianLinearOperator(model, torch.nn.MSELoss(), parameters, data)
    except (TypeError, ValueError, AttributeError):
        listed = list(parameters.values())
        return HessianLinearOperator(model, torch.nn.MSELoss(), listed, data)


def curvlinops_hessian(made: TwoLayerProblem, theta: np.ndarray, v: np.ndarray) -> Any:
    """The operator applied to the identity, 64 columns at a time."""
    del v
    operator = _curvlinops(made, theta)
    if operator is None:
        return ABSENT
    identity = torch.eye(made.p, dtype=torch.float64)
    return lambda: torch.cat([operator @ part.T for part in identity.split(CHUNK)], 1)


def torch_retained(made: TwoLayerProblem, theta: np.ndarray, v: np.ndarray) -> Any:
    """Double backward with the gradient's graph retained."""
    at = torch.tensor(theta, requires_grad=True)
    (gradient,) = torch.autograd.grad(_torch_loss(made)(at), at, create_graph=True)
    along = torch.tensor(v)
    return lambda: torch.autograd.grad(gradient, at, along, retain_graph=True)[0]


def jax_product(made: TwoLayerProblem, theta: np.ndarray, v: np.ndarray) -> Any:
    """jax.jit of jvp of grad, compiled beforehand."""
    jax = _jax()
    if jax is None:
        return ABSENT
    gradient = jax.grad(_jax_loss(jax.numpy, made))
    compiled = jax.jit(lambda t, u: jax.jvp(gradient, (t,), (u,))[1])
    at, along = jax.numpy.asarray(theta), jax.numpy.asarray(v)
    return lambda: compiled(at, along).block_until_ready()


def curvlinops_product(made: TwoLayerProblem, theta: np.ndarray, v: np.ndarray) -> Any:
    """The operator applied to one vector."""
    operator = _curvlinops(made, theta)
    if operator is None:
        return ABSENT
    along = torch.tensor(v)
    return lambda: operator @ along


HESSIANS: dict[str, Maker] = {
    "torch.func.hessian": torch_func,
    "torch, row by row": torch_rows,
    "jitted jax.hessian": jax_hessian,
    "curvlinops": curvlinops_hessian,
}
PRODUCTS: dict[str, Maker] = {
    "torch, graph retained": torch_retained,
    "jitted jvp of jax.grad": jax_product,
    "curvlinops": curvlinops_product,
}
