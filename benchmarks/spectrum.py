"""Eigenvalues, densities, traces and norms of deep Hessians, beside the peers.

    pip install '.[bench]'
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/spectrum.py

CPU time of one thread on one core; medians over seeds. Errors are relative to the same
network's Hessian in float64: dense for the small networks, and ARPACK's at a tolerance of
1e-10 for the residual one. Our `products` are those of the recurrence; those of the
verification are shown apart and are part of the time. Networks: see `networks.py`.
"""

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from networks import Network, network
from scipy.stats import wasserstein_distance
from spectrum_peers import DENSITIES, EIGENVALUES, LOSS, TRACES, arpack
from timing import machine, on_one_core

from landtheory.deep import (
    estimate_frobenius_norm,
    estimate_trace,
    spectral_density,
    split_products,
    top_eigenvalues,
)
from landtheory.deep.operators.operators import HessianOperator

SEEDS = range(5)
DENSITY_SEEDS = range(9)
PEER_SEEDS = range(3)
TRACE_SEEDS = range(24)
K = 10

LARGE = 10_000
"""Parameters from which a peer runs once only."""


def seeded(seed: int) -> torch.Generator:
    """A generator on the CPU."""
    return torch.Generator().manual_seed(seed)


def hessian(net: Network) -> HessianOperator:
    """Ours."""
    return HessianOperator(net.model, LOSS, net.data)


def dense(net: Network) -> torch.Tensor:
    """H in float64, column by column."""
    op = hessian(net.double())
    parts = torch.eye(net.p, dtype=torch.float64).split(64, dim=1)
    H = torch.cat([op @ part for part in parts], dim=1)
    return (H + H.T) / 2


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of this thread, and the result."""
    start = time.thread_time()
    result = action()
    return time.thread_time() - start, result


def outermost(values: np.ndarray) -> np.ndarray:
    """The K largest in magnitude, by value."""
    order = np.argsort(-np.abs(values))[:K]
    return np.sort(values[order])


def error(values: Any, exact: np.ndarray) -> float:
    """The largest relative error of the K outermost eigenvalues."""
    found = outermost(np.asarray(values, dtype=float))
    return float(np.max(np.abs(found - exact) / np.abs(exact)))


def show(name: str, runs: list[tuple[float, str, float]]) -> float:
    """One line: medians of seconds and error, with the counts of products."""
    seconds = statistics.median(run[0] for run in runs)
    wrong = max(run[2] for run in runs)
    counts = ", ".join(dict.fromkeys(run[1] for run in runs))
    print(f"  {name}: {seconds:.3f} s, products {counts}, error {wrong:.1e}")
    return seconds


def own_run(net: Network, tol: float, seed: int, relative_to: str) -> Any:
    """Ours from the model on: the operator is made anew."""
    return top_eigenvalues(
        hessian(net), K, tol=tol, relative_to=relative_to, generator=seeded(seed)
    )


def eigenvalues(net: Network, exact: np.ndarray) -> None:
    """The top 10 by magnitude: ours, then the peers, with the ratios of times."""
    print(f"top {K} by magnitude, {net.name}, p = {net.p}")
    print(f"  exact: {', '.join(f'{v:.4g}' for v in exact)}")
    base = own_eigenvalues(net, exact)

    def eigsh_on_ours(net: Network, k: int, tol: float, seed: int) -> Any:
        op = hessian(net)
        return arpack(
            lambda v: (op @ torch.from_numpy(v.copy())).numpy(),
            net.p,
            k=k,
            tol=tol,
            seed=seed,
        )

    seeds = PEER_SEEDS if net.p < LARGE else range(1)
    for name, peer in {"eigsh on our products": eigsh_on_ours, **EIGENVALUES}.items():
        runs = []
        for seed in seeds:
            seconds, found = timed(lambda: peer(net, K, 1e-3, seed))  # noqa: B023
            if found is not None:
                runs.append((seconds, str(found[1]), error(found[0], exact)))
        if not runs:
            print(f"  {name}: absent")
            continue
        seconds = show(f"{name}, 1e-3", runs)
        print(f"    {seconds / base:.1f} times ours")


def own_eigenvalues(net: Network, exact: np.ndarray) -> float:
    """Ours at four settings; seconds of the first."""
    single, double = net, net.double()
    seconds = []
    for label, which, tol, relative_to in (
        ("1e-3 of each", single, 1e-3, "eigenvalue"),
        ("1e-3 of the norm", single, 1e-3, "norm"),
        ("1e-6 of each", single, 1e-6, "eigenvalue"),
        ("1e-6 of each, float64", double, 1e-6, "eigenvalue"),
    ):
        runs = []
        for seed in SEEDS:
            spent, r = timed(lambda: own_run(which, tol, seed, relative_to))  # noqa: B023
            count = f"{r.products} + {r.verification_products}"
            count += (
                "" if bool(r.converged.all()) else f" ({int(r.converged.sum())}/{K})"
            )
            runs.append((spent, count, error(r.eigenvalues, exact)))
        seconds.append(show(f"landtheory, {label}", runs))
    return seconds[0]


def density(net: Network, H: torch.Tensor, spectrum: np.ndarray) -> None:
    """Wasserstein-1 distance to the exact spectrum, in units of the mean |λ|."""
    print(f"density, {net.name}, p = {net.p}: W1 / mean |λ|")
    unit = float(np.abs(spectrum).mean())
    exact = torch.from_numpy(spectrum)
    best = {}
    for budget in (100, 400):
        split = split_products(budget, net.p)
        distances = [
            spectral_density(
                H, generator=seeded(seed), **split._asdict()
            ).wasserstein_distance(exact)
            / unit
            for seed in DENSITY_SEEDS
        ]
        best[budget] = statistics.median(distances)
        print(f"  landtheory, {budget} products: {best[budget]:.3f} {tuple(split)}")
    for name, peer in DENSITIES.items():
        distances, count = [], 0
        for seed in PEER_SEEDS:
            found = peer(net, seed)
            if found is None:
                break
            x, weights, count = found
            distances.append(
                wasserstein_distance(x, spectrum, np.maximum(weights, 0)) / unit
            )
        if not distances:
            print(f"  {name}: absent")
            continue
        median = statistics.median(distances)
        ratio = median / best[100]
        print(f"  {name}, {count} products: {median:.2f}, {ratio:.0f} times ours")


def traces(net: Network, H: torch.Tensor) -> None:
    """Relative root mean square errors of the trace and the Frobenius norm."""
    print(f"trace, {net.name}: relative RMS error")
    exact, norm = float(H.trace()), float(H.norm())
    for budget in (30, 60, 150):
        found = [
            estimate_trace(H, products=budget, generator=seeded(seed))
            for seed in TRACE_SEEDS
        ]
        hits = sum(exact in f.interval for f in found)
        rms = _rms([f.value / exact - 1 for f in found])
        line = f"  {budget} products: landtheory {rms} ({hits}/{len(found)} covered)"
        for name, peer in TRACES.items():
            values = [peer(H, budget, seed) for seed in TRACE_SEEDS[:12]]
            if values[0] is not None:
                line += f", {name} {_rms([v / exact - 1 for v in values])}"
        print(line)
    after, used = [], []
    for seed in TRACE_SEEDS:
        top = top_eigenvalues(H, K, generator=seeded(seed))
        estimate = estimate_trace(
            H, products=20, generator=seeded(1000 + seed), basis=top.krylov
        )
        after.append(estimate.value / exact - 1)
        used.append(top.products)
    print(f"  20 more after a top-{K} run of {statistics.median(used)}: {_rms(after)}")
    for budget in (30, 60):
        found = [
            estimate_frobenius_norm(H, products=budget, generator=seeded(seed))
            for seed in TRACE_SEEDS
        ]
        hits = sum(norm in f.interval for f in found)
        rms = _rms([f.value / norm - 1 for f in found])
        print(f"  Frobenius norm, {budget}: {rms} ({hits}/{len(found)} covered)")


def _rms(errors: list[float]) -> str:
    return f"{100 * float(np.sqrt(np.mean(np.square(errors)))):.3f} %"


def main() -> None:
    """Everything, or what is named on the command line: mlp, resnet, density."""
    on_one_core()
    torch.set_num_threads(1)
    print(machine())
    wanted = set(sys.argv[1:]) or {"mlp", "resnet", "density"}
    if "mlp" in wanted:
        net = network("mlp")
        H = dense(net)
        eigenvalues(net, outermost(torch.linalg.eigvalsh(H).numpy()))
        traces(net, H)
    if "resnet" in wanted:
        net = network("resnet")
        op = hessian(net.double())
        exact, _ = arpack(
            lambda v: (op @ torch.from_numpy(v.copy())).numpy(),
            net.p,
            k=K,
            tol=1e-10,
            seed=0,
        )
        eigenvalues(net, outermost(exact))
    if "density" in wanted:
        for name, data, trained in (
            ("mlp", "digits", True),
            ("two-layer", "digits", True),
            ("mlp", "moons", True),
            ("mlp", "spirals", True),
            ("mlp", "digits", False),
        ):
            net = network(name, data, trained=trained)
            H = dense(net)
            density(net, H, torch.linalg.eigvalsh(H).numpy())


if __name__ == "__main__":
    main()
