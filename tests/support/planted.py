"""A table of measurements in which every claim of the paper is true, by construction."""

from collections.abc import Callable
from typing import Any

import numpy as np

from landtheory.deep.reproduce.measures import KS

Rows = list[dict[str, Any]]
Planted = dict[str, Rows]

LEVELS = {0.0: 0.95, 0.25: 0.75, 0.5: 0.65, 1.0: 0.55, 2.0: 0.4}
SEEDS = range(5)


def planted() -> Planted:
    """All stages, small."""
    rng = np.random.default_rng(0)
    minima = [
        minimum(seed, fraction, accuracy + 0.002 * seed, rng)
        for fraction, accuracy in LEVELS.items()
        for seed in SEEDS
    ]
    return {
        "minima": minima,
        "rescaling": rescaling(),
        "check": [{"seed": 0, "trace_error": 1e-15, "largest_error": 1e-3}],
        "within": [
            minimum(split, 0.0, 0.9 + 0.001 * start, rng) | {"start": start}
            for split in (0, 1)
            for start in range(12)
        ],
        "starts": [
            run(seed, 0.94 + 0.002 * seed, scheme=scheme, optimiser=name)
            for scheme in ("kaiming", "small")
            for name in ("gd", "momentum", "sgd", "adam", "lbfgs")
            for seed in range(3)
        ],
        "scales": [
            run(seed, 0.94, scale=scale) for scale in (1.0, 4.0) for seed in range(3)
        ],
        "near": [
            run(seed, 0.55, sigma=sigma, optimiser=name)
            for name in ("gd", "adam")
            for sigma in (0.05, 1.0)
            for seed in SEEDS
        ],
        "escape": [
            run(seed, accuracy, treatment=name, before=0.52, weight_norm=norm)
            for name, accuracy, norm in (
                ("none", 0.53, 13.0), ("small batches", 0.54, 13.0),
                ("weight decay 0.01", 0.9, 5.0),
            )
            for seed in SEEDS
        ],
        "lines": [
            {"seed": seed, "fraction": fraction, "shared": shared, "height": height,
             "good_width": 2.0, "bad_width": 1.0, "good_relative": 3.0,
             "bad_relative": 1.0}
            for seed in SEEDS
            for fraction in (0.5, 1.0, 2.0)
            for shared in (True, False)
            for height in (0.01, 0.1)
        ],
        "sizes": [
            minimum(seed, fraction, LEVELS[fraction] + 0.002 * seed + 0.02 * i, rng)
            | {"network": name}
            for i, name in enumerate(("relu:16", "relu:64"))
            for fraction in (0.0, 0.5, 1.0)
            for seed in SEEDS
        ],
        "entropy": [
            minimum(seed, fraction, LEVELS[fraction] + 0.002 * seed, rng)
            | {"protocol": protocol}
            for protocol in ("unmatched", "matched", "temperature", "trained on")
            for fraction in (0.0, 1.0)
            for seed in SEEDS
        ],
        "volumes": [
            {"seed": seed, "fraction": fraction, "damping": damping, "laplace": -fraction,
             "sampled": -100 * fraction, "effective_samples": 50.0, "directions": 64,
             "broken_rays": 0, "isotropic_gap": -3000.0,
             "isotropic_gap_of_quadratic": -3000.0}
            for damping in (0.1, 0.001)
            for fraction in (0.0, 1.0)
            for seed in range(2)
        ],
        "learning": [
            {"seed": seed, "fraction": fraction, "accuracy": LEVELS[fraction] + 0.002 * seed,
             "coefficient": 5 + fraction, "quadratic": 6 + fraction}
            for fraction in LEVELS
            for seed in range(2)
        ],
    }  # fmt: skip


def minimum(
    seed: int, fraction: float, accuracy: float, rng: np.random.Generator
) -> dict[str, Any]:
    """One network in which everything follows from the accuracy."""
    bad = 1 - accuracy
    return {
        "seed": seed,
        "fraction": fraction,
        "converged": True,
        "accuracy": accuracy,
        "clean_loss": 1e-3,
        "clean_accuracy": 1.0,
        "test_loss": bad,
        "weight_norm": 9 + bad + 0.1 * float(rng.normal()),
        "p": 2113,
        "trace": 1000 * bad,
        "balanced_trace": 1000 * bad,
        "lambda_max": 100 * bad,
        "frobenius": 120 * bad,
        "count": round(2000 * bad),
        "count_1": round(200 * bad),
        "regularised": -1000 * bad,
        "radius": 1 / bad,
        "path_norm": 10 * bad,
        "gradient_norm": 0.1 * bad,
        **{
            f"balanced_{name}": size * bad
            for name, size in (
                ("lambda_max", 90),
                ("frobenius", 110),
                ("count", 1800),
                ("log_volume_50", -90),
                ("regularised", -900),
            )
        },
        "share_near_zero": 0.92,
        "complexity": 20 * bad,
        "complexity_ratio": 0.3,
        "residual_share": 1e-3,
        **{f"log_volume_{k}": -100 * bad for k in KS},
    }


def run(seed: int, accuracy: float, **others: Any) -> dict[str, Any]:
    """Where one run ended."""
    return {
        "seed": seed,
        "fraction": 0.0,
        "converged": True,
        "accuracy": accuracy,
        "clean_loss": 1e-3,
        **others,
    }


def rescaling() -> Rows:
    """A world in which bad minima are sharper however good ones are written."""
    return [
        {"seed": seed, "fraction": fraction, "alpha": alpha, "trace": trace}
        for seed in SEEDS
        for fraction, alpha, trace in (
            (0.0, 1.0, 50.0),
            (0.0, 10.0, 90.0),
            (2.0, 1.0, 100.0),
        )
    ]


def changed(
    table: Planted,
    stage: str,
    change: Callable[[dict[str, Any]], dict[str, Any]],
    fits: Callable[[dict[str, Any]], bool] = lambda row: True,
) -> Planted:
    """The same table with some rows of a stage otherwise."""
    rows = [row | change(row) if fits(row) else row for row in table[stage]]
    return table | {stage: rows}
