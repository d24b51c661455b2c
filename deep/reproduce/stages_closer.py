"""The stage that looks at a few convolutional minima by the Hessian, not by G alone."""

from typing import Any

import torch
from torch import nn

from ..landscape.curvature import Curvature, curvature
from ..landscape.gram import gauss_newton
from ..landscape.learning import learning_coefficient
from ..landscape.point import Point
from ..landscape.volumes import estimated_log_volume, top_log_volume
from ..runs.streams import generator_for
from .bench import Bench
from .evidence import Row
from .measures import complete, finite, point_of
from .stages_measuring import LOCALISATION
from .stages_training import convolutional_minima

__all__ = ["TOP", "closer_rows"]

TOP = 20
"""Eigenvalues of the Hessian that Lanczos finds."""

WARMUP, STEPS = 300, 500
"""Of the Langevin walk: with γ = 100 and step 1e-4 it settles in about 200."""


def closer_rows(bench: Bench) -> list[Row]:
    """A good and a bad minimum of each network, of the first data seed."""
    rows: list[Row] = []
    for name in bench.preset.close:
        found = [
            one
            for one in convolutional_minima(bench, name)
            if one.converged and one.seed == bench.settings.first_seed
        ]
        worst = max((one.fraction for one in found), default=0.0)
        for one in found:
            if one.fraction not in (0.0, worst):
                continue
            bench.progress(
                f"closer: Hessian of {name}", len(rows), 2 * len(bench.preset.close)
            )
            model = one.into(bench.network(name, one.seed))
            about = {"network": name, "seed": one.seed, "fraction": one.fraction,
                     "accuracy": one.test_accuracy}  # fmt: skip
            rows.append(
                bench.row(
                    "closer",
                    f"{name}-{one.seed}-{one.fraction:g}",
                    {},
                    lambda model=model, about=about: _closer(bench, model, about),  # type: ignore[misc]
                )
            )
    return rows


def _closer(bench: Bench, model: nn.Module, about: dict[str, Any]) -> dict[str, Any]:
    """Lanczos, quadrature, and a Langevin walk, each beside its value by G."""
    point = point_of(model, bench.data(about["seed"]).clean)
    whole = complete(gauss_newton(point), point.p)

    def draws(purpose: str) -> torch.Generator:
        return generator_for(about["seed"], f"{purpose} {about['fraction']!r}")

    H = curvature(point, method="lanczos", k=TOP, generator=draws("Lanczos"))
    soft = estimated_log_volume(
        point, beta=float(point.n), generator=draws("quadrature")
    )
    return about | {
        "p": point.p,
        "lambda_max": H.largest,
        "lambda_max_gauss_newton": whole.largest,
        "log_volume_20": top_log_volume(H, TOP).value,
        "log_volume_20_gauss_newton": top_log_volume(whole, TOP).value,
        "regularised": finite(soft.value),
        "regularised_lower": finite(soft.lower),
        "regularised_upper": finite(soft.upper),
    } | _walk(point, whole, draws("Langevin noise"))  # fmt: skip


def _walk(point: Point, whole: Curvature, generator: torch.Generator) -> dict[str, Any]:
    found = learning_coefficient(
        point,
        whole,
        localisation=LOCALISATION,
        warmup=WARMUP,
        steps=STEPS,
        generator=generator,
    )
    return {
        "coefficient": found.value,
        "standard_error": found.standard_error,
        "quadratic": found.quadratic,
        "drift": found.drift,
    }
