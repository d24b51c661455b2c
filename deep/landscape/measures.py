"""All that is measured at one network, as values that JSON can hold."""

from collections.abc import Callable
from dataclasses import asdict
from math import isfinite
from typing import Any

import torch

from ..estimators.intervals import Interval
from .asked import Asked
from .chains import relu_chain
from .complexity import complexity
from .curvature import Curvature, curvature
from .isotropic import isotropic_warning
from .learning import learning_coefficient
from .metric import Metric, metric_at
from .point import Point
from .radius import random_radius
from .rescaling import balanced, outputs_apart
from .sublevel import sublevel_log_volume
from .volumes import estimated_log_volume, regularised_log_volume, top_log_volume

__all__ = ["THRESHOLDS", "measured", "plain"]

THRESHOLDS = (1e-2, 1e-1, 1.0, 10.0)
"""Above which eigenvalues are counted."""

KS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)

Draws = Callable[[str], torch.Generator]
Told = Callable[[str, int, int], None]


def measured(
    point: Point, asked: Asked, *, draws: Draws, progress: Told
) -> tuple[dict[str, Any], torch.Tensor]:
    """Everything that is asked, raw, and the curvature of the balanced network.

    Parameters
    ----------
    point : Point
        Where.
    asked : Asked
        What.
    draws : callable
        The generator of a purpose, such as "rays".
    progress : callable
        Told (what, done, of).

    Returns
    -------
    (dict, (k,) float64 tensor)
        Values that JSON can hold, and the eigenvalues.

    Raises
    ------
    InputError
        If one of them cannot be had.
    """
    progress("curvature", 0, 1)
    found = curvature(point, method=asked.method, k=asked.k, generator=draws("probes"))
    record: dict[str, Any] = {
        "p": point.p,
        "n": point.n,
        "loss": point.loss,
        "gradient_norm": float(point.risk.gradient().norm()),
        "curvature": spectral_record(found, asked, n=point.n),
        "balanced": _balanced_record(point, asked, draws),
    }
    if not found.is_complete:
        progress("random products", 0, 1)
        soft = estimated_log_volume(
            point,
            beta=float(point.n) if asked.beta is None else asked.beta,
            variance=asked.variance,
            generator=draws("quadrature"),
        )
        record["regularised_estimate"] = asdict(soft)
    if _has_slopes(point):
        record["complexity"] = asdict(complexity(point))
    if asked.regulariser is not None:
        metric = metric_at(point, found)
        record["sublevel"] = _sublevel_record(point, metric, asked, draws, progress)
    if asked.radius:
        progress("radius", 0, 1)
        radius = random_radius(
            point,
            height=asked.height,
            directions=asked.directions,
            generator=draws("radius"),
        )
        record["radius"] = {
            name: plain(value)
            for name, value in vars(radius).items()
            if name != "radii"
        }
    if asked.learning:
        record["learning_coefficient"] = asdict(
            learning_coefficient(
                point,
                found,
                generator=draws("walk"),
                progress=lambda done, of: progress("walk", done, of),
            )
        )
    return record, found.eigenvalues


def spectral_record(found: Curvature, asked: Asked, *, n: int) -> dict[str, Any]:
    """A spectrum and its two log-volumes."""
    most = found.p if found.is_complete else len(found.eigenvalues)
    last = len(found.eigenvalues)
    ks = sorted({k for k in (*KS, last) if k <= min(most, last)})
    soft = regularised_log_volume(
        found,
        beta=float(n) if asked.beta is None else asked.beta,
        variance=asked.variance,
    )
    away = found.residual
    return {
        "method": found.method,
        "matrix": found.matrix,
        "eigenvalues_known": last,
        "resolved": found.resolved,
        "largest": found.largest,
        "largest_error": float(found.errors[0]),
        "trace": asdict(found.trace),
        "frobenius_norm": asdict(found.frobenius_norm),
        "counts": [asdict(found.count(t)) for t in THRESHOLDS],
        "share_near_zero": asdict(found.share_near_zero(THRESHOLDS[0])),
        "residual": None
        if away is None
        else {name: plain(value) for name, value in asdict(away).items()},
        "top": [asdict(top_log_volume(found, k)) for k in ks],
        "regularised": asdict(soft),
    }


def plain(value: Any) -> Any:
    """The same where JSON can hold it; None for what is infinite."""
    if isinstance(value, Interval):
        return asdict(value)
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value


def _balanced_record(point: Point, asked: Asked, draws: Draws) -> dict[str, Any] | None:
    """The same spectrum for the representative whose neurons are balanced."""
    if relu_chain(point.model) is None:
        return None
    other = balanced(point.model)
    there = point.moved(other.model)
    found = curvature(
        there, method=asked.method, k=asked.k, generator=draws("balanced probes")
    )
    return {
        "dead": other.dead,
        "imbalance": other.imbalance,
        "output_change": plain(outputs_apart(point, there)),
        "curvature": spectral_record(found, asked, n=point.n),
    }


def _sublevel_record(
    point: Point, metric: Metric, asked: Asked, draws: Draws, progress: Told
) -> dict[str, Any]:
    if asked.regulariser is None:
        return {}
    found = sublevel_log_volume(
        point,
        metric,
        regulariser=asked.regulariser,
        height=asked.height,
        directions=asked.directions,
        generator=draws("rays"),
        progress=lambda done, of: progress("rays", done, of),
    )
    progress("isotropic rays", 0, 1)
    warning = isotropic_warning(
        point,
        metric,
        regulariser=asked.regulariser,
        height=asked.height,
        directions=asked.directions,
        generator=draws("isotropic rays"),
    )
    known = {
        name: plain(value) for name, value in vars(found).items() if name != "radii"
    }
    return known | {
        "directions": asked.directions,
        "is_measured": found.is_measured,
        "is_monotone": found.is_monotone,
        "isotropic_warning": asdict(warning),
    }


def _has_slopes(point: Point) -> bool:
    for _, batch in point.weighted_batches():
        return (
            isinstance(batch.inputs, torch.Tensor) and batch.inputs.is_floating_point()
        )
    return False
