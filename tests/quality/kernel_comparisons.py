"""Everything that the kernels compute, and what torch says it is."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import torch
from support.problems import make
from support.references import (
    SIGMA,
    torch_gradient,
    torch_hessian,
    torch_loss,
    torch_output,
)

from landtheory.numerics import (
    TwoLayerProblem,
    complexity,
    forward,
    gauss_newton,
    hessian,
    jacobian,
    lowering,
    products,
    residual,
)

CASES = (
    ("tanh", "softmax", 3, 5, 2, 4),
    ("tanh", "squared", 2, 3, 4, 2),
    ("silu", "logistic", 1, 4, 1, 3),
    ("tanh", "squared", 1, 2, 3, 1),
    ("softplus", "softmax", 2, 2, 1, 5),
)
"""Activation, loss, C, n, d, m: sizes that no two indices share."""

Comparison = tuple[Callable[[], Any], Any]


@cache
def comparisons() -> tuple[Comparison, ...]:
    """What is computed, each beside what it should be."""
    found: list[Comparison] = []
    for activation, loss, C, n, d, m in CASES:
        problem, theta, X, Y = make(activation, loss, C, n=n, d=d, m=m)
        found += _of_case(problem, theta, (activation, loss, X, Y, m, C))
        found += _of_many(problem, theta, (activation, loss, X, Y, m, C))
    found += _of_pieces()
    return tuple(found)


def _of_many(
    problem: TwoLayerProblem, theta: Any, case: tuple[Any, ...]
) -> Iterator[Comparison]:
    """Two networks at once, as the engine takes them."""
    both = np.stack([theta, theta[::-1] / 2])
    expected = [
        np.stack([one, other])
        for (_, one), (_, other) in zip(
            *(_of_case(problem, at, case) for at in both), strict=True
        )
    ]
    fwd = problem._pass(both)
    computed: tuple[Callable[[], Any], ...] = (
        lambda: problem.hessians(both),
        lambda: jacobian.gradient(fwd),
        lambda: jacobian.jacobian(fwd),
        lambda: jacobian.ntk_gram(fwd),
        lambda: residual.residual_hessian(fwd),
        lambda: gauss_newton.gauss_newton(fwd),
        lambda: gauss_newton.fisher(fwd, problem.loss_function),
        lambda: gauss_newton.empirical_fisher(fwd),
        lambda: complexity.complexity(fwd),
        lambda: complexity.weighted_complexity(fwd),
        lambda: complexity.input_jacobian(fwd),
    )
    # the comparisons of one network begin with these, in this order
    yield from zip(computed, expected, strict=False)
    yield lambda: hessian.hessian_parts(fwd)[0], expected[5]
    yield lambda: hessian.hessian_parts(fwd)[1], expected[4]


def _of_pieces() -> Iterator[Comparison]:
    """What no problem reaches: given residuals, other losses, sums that are added to."""
    problem, theta, X, _ = make("tanh", "squared", 2, n=3, d=4, m=5)
    r = np.random.default_rng(2).standard_normal((3, 2))

    def given(at: Any) -> Any:
        fwd = forward.forward(
            problem.activation,
            problem.loss_function,
            X,
            at,
            None,
            width=5,
            outputs=2,
            residual=r,
        )
        return np.concatenate([fwd.r, fwd.t + r, fwd.ell[:, None]], axis=1)

    ell = (r**2).sum(1)[:, None] / 2
    f = torch_output("tanh", X, 5, 2)(torch.tensor(theta)).numpy()
    yield lambda: given(theta), np.concatenate([r, f, ell], axis=1)
    yield lambda: given(0 * theta), np.concatenate([r, 0 * f, ell], axis=1)

    fwd = problem._pass(theta)
    F = problem.residual_hessian(theta)

    def added() -> Any:
        target = np.ones((problem.p, problem.p))
        residual.add_residual_hessian(target, fwd)
        return target

    yield added, 1 + F
    rng = np.random.default_rng(3)
    bend, (slope, own) = rng.random((4, 1)), rng.random((2, 4, 3))
    S = bend[..., None] * slope[:, :, None] * slope[:, None] + own[..., None] * np.eye(
        3
    )
    yield lambda: lowering._output_hessian(bend, slope, own), S
    one = (own[:, :1] + bend * slope[:, :1] ** 2)[..., None]
    yield lambda: lowering._output_hessian(bend, slope[:, :1], own[:, :1]), one
    yield lambda: lowering._output_hessian(0, slope, own), own[..., None] * np.eye(3)


def _of_case(
    problem: TwoLayerProblem, theta: Any, case: tuple[Any, ...]
) -> Iterator[Comparison]:
    activation, loss, X, Y, m, C = case
    at = torch.tensor(theta)
    H = torch_hessian(*case)(theta)
    output = torch_output(activation, X, m, C)
    f = output(at).numpy()
    J = torch.func.jacrev(output)(at).numpy().reshape(len(X) * C, -1)
    S, r = _output_curvature(loss, f, Y)
    rows = J.reshape(len(X), C, -1)
    G = np.einsum("icp,ice,ieq->pq", rows, S, rows) / len(X)
    g = np.einsum("ic,icp->ip", r, rows)
    slopes = _input_slopes(activation, X, theta, m, C)
    yield lambda: problem.hessian(theta), H
    yield lambda: problem.gradient(theta), torch_gradient(*case)(theta)
    yield lambda: problem.jacobian(theta), J
    yield lambda: problem.ntk_gram(theta), J @ J.T
    yield lambda: problem.residual_hessian(theta), H - G
    yield lambda: gauss_newton.gauss_newton(problem._forward(theta)), G
    yield lambda: problem.fisher(theta), G
    yield lambda: problem.empirical_fisher(theta), g.T @ g / len(X)
    yield lambda: problem.complexity(theta), (slopes**2).sum((1, 2)).mean()
    weighted = (slopes * (S @ slopes)).sum((1, 2)).mean()
    yield lambda: complexity.weighted_complexity(problem._forward(theta)), weighted
    yield lambda: problem.input_jacobian(theta), slopes
    yield lambda: problem.output(theta), f
    yield lambda: problem.loss(theta), torch_loss(*case)(at).numpy()
    yield from _otherwise(problem, theta, H, G)


def _otherwise(
    problem: TwoLayerProblem, theta: Any, H: Any, G: Any
) -> Iterator[Comparison]:
    """The same matrices by other ways, and their products."""
    v = np.random.default_rng(1).standard_normal(problem.p)
    yield lambda: problem.gauss_newton(theta), G
    yield lambda: _in_some_samples(problem, theta), G
    yield lambda: _in_chunks(problem, theta), H
    yield lambda: problem.hvp(theta, v), H @ v
    yield lambda: _in_parts(problem, theta, v), H @ v
    yield lambda: problem.gnvp(theta, v), G @ v


def _output_curvature(loss: str, f: Any, Y: Any) -> tuple[Any, Any]:
    """S and r from their definitions."""
    n, C = f.shape
    if loss == "squared":
        return np.tile(np.eye(C), (n, 1, 1)), f - Y.reshape(n, C)
    if loss == "logistic":
        p = 1 / (1 + np.exp(-f))
        return (p * (1 - p))[:, :, None], p - Y[:, None]
    p = np.exp(f) / np.exp(f).sum(1, keepdims=True)
    S = np.stack([np.diag(row) - np.outer(row, row) for row in p])
    return S, p - np.eye(C)[Y]


def _input_slopes(activation: str, X: Any, theta: Any, m: int, C: int) -> Any:
    """∇ₓf, one sample at a time."""
    d = X.shape[1]
    W = torch.tensor(theta[: m * d].reshape(m, d))
    b = torch.tensor(theta[m * d : m * d + m])
    A = torch.tensor(theta[m * d + m : m * d + m + m * C].reshape(m, C)).T

    def one(x: Any) -> Any:
        return A @ SIGMA[activation](W @ x + b)

    return torch.stack([torch.func.jacrev(one)(x) for x in torch.tensor(X)]).numpy()


def _in_some_samples(problem: TwoLayerProblem, theta: Any) -> Any:
    """G with room for the Jacobians of p / 4C samples only."""
    kept, gauss_newton.SCRATCH = gauss_newton.SCRATCH, 0
    try:
        return gauss_newton.gauss_newton(problem._forward(theta))
    finally:
        gauss_newton.SCRATCH = kept


def _in_parts(problem: TwoLayerProblem, theta: Any, v: Any) -> Any:
    """H v with the samples cut into several parts."""
    kept, products.PART = products.PART, 4
    try:
        return problem.hvp(theta, v)
    finally:
        products.PART = kept


def _in_chunks(problem: TwoLayerProblem, theta: Any) -> Any:
    """H one sample at a time, by the other of the two ways to the block of (W, b)."""
    kept = hessian.SCRATCH, hessian.SAMPLES, hessian.FORMING
    hessian.SCRATCH, hessian.SAMPLES, hessian.FORMING = 0, 1, 0
    try:
        return problem.hessian(theta)
    finally:
        hessian.SCRATCH, hessian.SAMPLES, hessian.FORMING = kept
