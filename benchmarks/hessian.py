"""Hessians and products against BLAS, torch, JAX and curvlinops, in one process.

    pip install '.[bench]'
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/hessian.py

CPU time of one thread on one core, interleaved, medians; every ratio is against a peer in
the same run. Peak memory is that of a process of its own for each method, beyond what it
took before: see `memory.py`.
"""

from collections.abc import Callable

import numpy as np
import torch
from memory import peak_megabytes
from peers import HESSIANS, PRODUCTS, Maker
from scipy.linalg.blas import dgemm, dsyrk
from timing import machine, medians, on_one_core

from landtheory.numerics import TwoLayerProblem

SIZES = ((1000, 32, 64), (200, 10, 16))
"""(n, d, m): p is about 2200 and 200."""

LARGE = 1000
"""Parameters from which a Hessian by a peer takes seconds."""


def problem(n: int, d: int, m: int) -> tuple[TwoLayerProblem, np.ndarray]:
    """tanh, squared loss, one output."""
    rng = np.random.default_rng(0)
    made = TwoLayerProblem(
        rng.standard_normal((n, d)), rng.standard_normal(n), activation="tanh", width=m
    )
    return made, rng.standard_normal(made.p)


def half_product(made: TwoLayerProblem) -> Callable[[], object]:
    """One matrix product of the distinct rows: half the multiply-adds of dsyrk."""
    D, m = made.d + 1, made.m
    rng = np.random.default_rng(0)
    left = rng.random((m * (m + 1) // 2, made.n))
    right = rng.random((D * (D + 1) // 2, made.n))
    return lambda: dgemm(1.0, right.T, left.T, trans_a=True)


def against(
    name: str,
    own: Callable[[], object],
    maker: Maker,
    given: tuple[TwoLayerProblem, np.ndarray, np.ndarray],
    repeat: int,
) -> str:
    """One line: how many times as long the peer takes."""
    peer = maker(*given)
    if isinstance(peer, str):
        return f"    {name}: {peer}"
    rounds = 3 if given[0].p > LARGE and maker in HESSIANS.values() else 15
    found = medians({"own": own, "peer": peer}, rounds=rounds, repeat=repeat)
    return f"    {name}: {found['peer'] / found['own']:.1f} times"


def report(n: int, d: int, m: int) -> None:
    """Print the ratios of one size."""
    made, theta = problem(n, d, m)
    J, v = made.jacobian(theta), np.random.default_rng(1).standard_normal(made.p)
    given = made, theta, v
    large = made.p > LARGE
    print(f"n = {n}, d = {d}, m = {m}, p = {made.p}")
    found = medians(
        {
            "hessian": lambda: made.hessian(theta),
            "dsyrk": lambda: dsyrk(1.0, J.T),
            "half": half_product(made),
        },
        rounds=7 if large else 60,
    )
    print(f"  Hessian / dsyrk of J: {found['hessian'] / found['dsyrk']:.2f}")
    print(f"  Hessian / one product of rows: {found['hessian'] / found['half']:.2f}")
    print("  peer / Hessian")
    for name, maker in HESSIANS.items():
        print(against(name, lambda: made.hessian(theta), maker, given, 1))
    operator = made.hessian_operator(theta)
    V, Z = v[: m * d].reshape(m, d), np.random.default_rng(2).random((n, m))
    times = medians(
        {
            "hvp": lambda: operator.matvec(v),
            "products": lambda: (made.X @ V.T, Z.T @ made.X),
        },
        rounds=30,
        repeat=20,
    )
    print(
        f"  product / its two matrix products: {times['hvp'] / times['products']:.2f}"
    )
    print("  peer / product")
    for name, maker in PRODUCTS.items():
        print(against(name, lambda: operator.matvec(v), maker, given, 20))


def report_memory(n: int, d: int, m: int) -> None:
    """Print the peak memory of each method."""
    made, _ = problem(n, d, m)
    print(f"peak memory at p = {made.p}, of which H is {8e-6 * made.p**2:.0f} MB")
    for name in ("landtheory", *HESSIANS):
        print(f"    {name}: {peak_megabytes(name, (n, d, m))}")


def main() -> None:
    """Print every ratio."""
    on_one_core()
    torch.set_num_threads(1)
    print(machine())
    for size in SIZES:
        report(*size)
    made, _ = problem(8, 3, 5)
    thetas = np.random.default_rng(0).standard_normal((2000, made.p))
    many = medians({"many": lambda: made.hessians(thetas)}, rounds=5)["many"]
    print(f"n = 8, p = {made.p}: {2000 / many:,.0f} Hessians a second")
    report_memory(*SIZES[0])


if __name__ == "__main__":
    main()
