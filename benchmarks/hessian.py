"""Hessians and products against BLAS and torch, in one process on one thread.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/hessian.py

CPU time, interleaved medians; every ratio is against a peer in the same run. Memory is
not measured here.
"""

import numpy as np
import torch
from scipy.linalg.blas import dsyrk
from timing import machine, medians

from landtheory.numerics import TwoLayerProblem

SIZES = ((1000, 32, 64, 5), (200, 10, 16, 60))
"""(n, d, m, rounds): p is about 2200 and 200."""


def problem(n: int, d: int, m: int) -> tuple[TwoLayerProblem, np.ndarray]:
    """tanh, squared loss, one output."""
    rng = np.random.default_rng(0)
    made = TwoLayerProblem(
        rng.standard_normal((n, d)), rng.standard_normal(n), activation="tanh", width=m
    )
    return made, rng.standard_normal(made.p)


def torch_hessian(made: TwoLayerProblem, theta: np.ndarray) -> object:
    """torch.func.hessian of the same loss."""
    d, m = made.d, made.m
    X, Y = torch.tensor(made.X), torch.tensor(made.targets[:, 0])

    def loss(t: torch.Tensor) -> torch.Tensor:
        W, b = t[: m * d].reshape(m, d), t[m * d : m * d + m]
        f = torch.tanh(X @ W.T + b) @ t[m * d + m : -1] + t[-1]
        return 0.5 * ((f - Y) ** 2).mean()

    at = torch.tensor(theta)
    return lambda: torch.func.hessian(loss)(at)


def report(n: int, d: int, m: int, rounds: int) -> None:
    """Print the ratios of one size."""
    made, theta = problem(n, d, m)
    J = made.jacobian(theta)
    found = medians(
        {
            "hessian": lambda: made.hessian(theta),
            "dsyrk": lambda: dsyrk(1.0, J.T),
        },
        rounds=rounds,
    )
    reverse = torch_hessian(made, theta)
    peer = medians({"hessian": lambda: made.hessian(theta), "torch": reverse}, rounds=2)
    products = made._products(theta)
    v = np.random.default_rng(1).standard_normal(made.p)
    V, Z = v[: m * d].reshape(m, d), np.random.default_rng(2).random((n, m))
    times = medians(
        {
            "hvp": lambda: products.hvp(v),
            "products": lambda: (made.X @ V.T, Z.T @ made.X),
        },
        rounds=rounds,
        repeat=20,
    )
    print(f"n = {n}, d = {d}, m = {m}, p = {made.p}")
    print(f"  Hessian / dsyrk of J: {found['hessian'] / found['dsyrk']:.2f}")
    print(f"  torch.func.hessian / Hessian: {peer['torch'] / peer['hessian']:.0f}")
    print(f"  HVP / its two products: {times['hvp'] / times['products']:.2f}")


def main() -> None:
    """Print every ratio."""
    torch.set_num_threads(1)
    print(machine())
    for n, d, m, rounds in SIZES:
        report(n, d, m, rounds)
    made, _ = problem(8, 3, 5)
    thetas = np.random.default_rng(0).standard_normal((2000, made.p))
    many = medians({"many": lambda: made.hessians(thetas)}, rounds=5)["many"]
    print(f"n = 8, p = {made.p}: {2000 / many:,.0f} Hessians a second")


if __name__ == "__main__":
    main()
