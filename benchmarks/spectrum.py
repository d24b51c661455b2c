"""Eigenvalues, densities, traces and norms of deep Hessians, beside the peers.

    pip install '.[bench]'
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python benchmarks/spectrum.py

CPU time of one thread on one core; medians over seeds. Errors are relative to the same
network's Hessian in float64: dense for the small networks, and ARPACK's at a tolerance of
1e-10 for the residual one. Our `products` are those of the recurrence; those of the
verification are shown apart and are part of the time, and so is the gradient where the
recurrence starts from it. Networks: see `networks.py`.

The root mean square of few errors is known badly, within 14 % for 24 of them. Our traces
and norms are therefore those of the diagonal matrix of H's eigenvalues, over 200 seeds: our
vectors are Gaussian, so that their distribution is the same in H's eigenbasis, and the
diagonal matrix costs next to nothing. The peers' signs are not Gaussian: theirs are of H.
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
from landtheory.deep.operators.linear import CountedOperator
from landtheory.deep.operators.operators import HessianOperator

SEEDS = range(5)
DENSITY_SEEDS = range(9)
PEER_SEEDS = range(3)
TRACE_SEEDS = range(200)
TRACE_PEER_SEEDS = range(12)
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


def own_run(
    net: Network, tol: float, seed: int, relative_to: str, *, near: bool
) -> Any:
    """Ours from the model on: the operator is made anew, and the gradient if it starts."""
    op = hessian(net)
    return top_eigenvalues(
        op,
        K,
        tol=tol,
        relative_to=relative_to,
        generator=seeded(seed),
        start=op.gradient() if near else None,
    )


def eigenvalues(net: Network, exact: np.ndarray) -> None:
    """The top 10 by magnitude: ours, then the peers, with the ratios of times."""
    print(f"top {K} by magnitude, {net.name}, p = {net.p}")
    print(f"  exact: {', '.join(f'{v:.4g}' for v in exact)}")
    base, near = own_eigenvalues(net, exact)

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
        print(
            f"    {seconds / base:.1f} times ours, {seconds / near:.1f} times ours from "
            "the gradient"
        )


def own_eigenvalues(net: Network, exact: np.ndarray) -> tuple[float, float]:
    """Ours at five settings; seconds of the first two."""
    single, double = net, net.double()
    seconds = []
    for label, which, tol, relative_to, near in (
        ("1e-3 of each", single, 1e-3, "eigenvalue", False),
        ("1e-3 of each, from the gradient", single, 1e-3, "eigenvalue", True),
        ("1e-3 of the norm", single, 1e-3, "norm", False),
        ("1e-6 of each", single, 1e-6, "eigenvalue", False),
        ("1e-6 of each, float64", double, 1e-6, "eigenvalue", False),
    ):
        runs = []
        for seed in SEEDS:
            spent, r = timed(lambda: own_run(which, tol, seed, relative_to, near=near))  # noqa: B023
            count = f"{r.products} + {r.verification_products}"
            count += (
                "" if bool(r.converged.all()) else f" ({int(r.converged.sum())}/{K})"
            )
            runs.append((spent, count, error(r.eigenvalues, exact)))
        seconds.append(show(f"landtheory, {label}", runs))
    return seconds[0], seconds[1]


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


def diagonal(values: torch.Tensor) -> CountedOperator:
    """The diagonal matrix of a spectrum."""
    return CountedOperator(
        lambda V: values[:, None] * V,
        len(values),
        precision=values.dtype,
        dtype=values.dtype,
        device=values.device,
    )


def traces(net: Network, H: torch.Tensor) -> None:
    """Relative root mean square errors of the trace and the Frobenius norm."""
    print(f"trace, {net.name}: relative RMS error")
    D = diagonal(torch.linalg.eigvalsh(H))
    exact, norm = float(H.trace()), float(H.norm())
    for budget in (30, 60, 150):
        found = [
            estimate_trace(D, products=budget, generator=seeded(seed))
            for seed in TRACE_SEEDS
        ]
        line = f"  {budget} products: landtheory {_errors(found, exact)}"
        for name, peer in TRACES.items():
            values = [peer(H, budget, seed) for seed in TRACE_PEER_SEEDS]
            if values[0] is not None:
                line += f", {name} {_rms([v / exact - 1 for v in values])}"
        print(line)
    after, used = [], []
    for seed in TRACE_SEEDS:
        top = top_eigenvalues(D, K, generator=seeded(seed))
        after.append(
            estimate_trace(
                D, products=20, generator=seeded(1000 + seed), basis=top.krylov
            )
        )
        used.append(top.products)
    number = statistics.median(used)
    print(f"  20 more after a top-{K} run of {number}: {_errors(after, exact)}")
    for budget in (30, 60):
        found = [
            estimate_frobenius_norm(D, products=budget, generator=seeded(seed))
            for seed in TRACE_SEEDS
        ]
        print(f"  Frobenius norm, {budget}: {_errors(found, norm)}")


def _errors(found: list[Any], exact: float) -> str:
    hits = sum(exact in estimate.interval for estimate in found)
    rms = _rms([estimate.value / exact - 1 for estimate in found])
    return f"{rms} ({hits}/{len(found)} covered)"


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
