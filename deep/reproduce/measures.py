"""One network as a row of numbers: its training, its curvature, and its complexity."""

from math import exp, isfinite
from typing import Any

import torch
from torch import Tensor, nn

from ...errors import InputError
from ..estimators.intervals import Interval
from ..landscape.complexity import complexity
from ..landscape.curvature import Curvature, curvature
from ..landscape.gram import GaussNewton, gauss_newton
from ..landscape.point import Point
from ..landscape.radius import random_radius
from ..landscape.rescaling import balanced
from ..landscape.residual import residual
from ..landscape.volumes import regularised_log_volume, top_log_volume
from ..minima.attack import AttackData, Pairs
from ..minima.losses import mean_loss, sample_losses
from ..minima.minimum import Minimum

__all__ = [
    "KS",
    "LARGE",
    "complete",
    "complexity_bound",
    "curvature_row",
    "finite",
    "full_row",
    "point_of",
    "residual_share",
    "spectrum",
    "training_row",
]

KS = (1, 2, 5, 10, 20, 50, 100, 150, 200, 400)
"""k of the log-volumes; n C = 200 is the rank of the Gauss-Newton matrix."""

LARGE = 1e-2
"""Eigenvalue above which one is counted."""

LARGER = (0.1, 1.0, 10.0)
"""Other thresholds of counts."""

RADIUS_HEIGHT, DIRECTIONS = 0.05, 32
"""ε of the radius in random directions, and how many of them are drawn."""


def training_row(one: Minimum) -> dict[str, Any]:
    """Where a search ended."""
    return {
        "seed": one.seed,
        "fraction": one.fraction,
        "converged": one.converged,
        "reason": one.reason,
        "accuracy": one.test_accuracy,
        "accuracy_before_polish": one.first.test_accuracy,
        "clean_accuracy": one.clean_accuracy,
        "clean_loss": finite(one.clean_loss),
        "test_loss": finite(one.test_loss),
        "steps": one.first.steps + (0 if one.polish is None else one.polish.steps),
        "weight_norm": finite(one.weight_norm),
    }


def curvature_row(
    model: nn.Module,
    data: AttackData,
    *,
    loss: str = "squared",
    temperature: float = 1.0,
) -> dict[str, Any]:
    """Spectrum of the Gauss-Newton matrix, log-volumes, and complexity.

    Parameters
    ----------
    model : torch.nn.Module
        In float64.
    data : AttackData
        Its clean samples are what is measured on.
    loss : str
        One of `LOSSES`.
    temperature : float
        T of the loss ℓ(f/T, y).
    """
    point = point_of(model, data.clean, loss=loss, temperature=temperature)
    return spectrum(gauss_newton(point), point) | {
        "p": point.p,
        "gradient_norm": float(point.risk.gradient().norm()),
        "complexity": complexity(point).mean_square_slope,
    }


def full_row(
    model: nn.Module, data: AttackData, *, generator: torch.Generator
) -> dict[str, Any]:
    """The same for a fully connected network, with H - G, bounds and the balanced net.

    Parameters
    ----------
    model, data
        As `curvature_row` takes them.
    generator : torch.Generator
        Of the probes for H - G, and of random directions.

    Raises
    ------
    InputError
        If the network has no Gram spectrum.
    """
    point = point_of(model, data.clean)
    found = curvature(point, method="gram", generator=generator)
    G, apart = found.gauss_newton, found.residual
    if G is None or apart is None:
        raise InputError("method is gram; expected its factor and its distance to H")
    about = complexity(point)
    there = point_of(balanced(model).model, data.clean)
    even = spectrum(gauss_newton(there), there)
    return (
        spectrum(G, point)
        | {
            "p": point.p,
            "gradient_norm": float(point.risk.gradient().norm()),
            "complexity": about.mean_square_slope,
            "complexity_ratio": about.mean_square_slope / complexity_bound(point, G),
            "path_norm": about.path_norm,
            "eigenvalues": G.eigenvalues.tolist(),
            "residual_share": apart.frobenius_share,
        }
        | {f"balanced_{name}": even[name] for name in BALANCED}
        | _radius(point, generator)
    )


def _radius(point: Point, generator: torch.Generator) -> dict[str, Any]:
    """Geometric mean of the radii in random directions, by filters."""
    found = random_radius(
        point, height=RADIUS_HEIGHT, directions=DIRECTIONS, generator=generator
    )
    return {"radius": exp(found.mean_log), "radius_unbounded": found.unbounded}


def residual_share(
    model: nn.Module, data: AttackData, *, generator: torch.Generator
) -> float:
    """‖H - G‖_F / ‖G‖_F on the clean samples: how far G is from the Hessian.

    Parameters
    ----------
    model, data
        As `curvature_row` takes them.
    generator : torch.Generator
        Of the probes.
    """
    point = point_of(model, data.clean)
    return residual(point, gauss_newton(point), generator=generator).frobenius_share


def point_of(
    model: nn.Module,
    pairs: Pairs,
    *,
    loss: str = "squared",
    temperature: float = 1.0,
) -> Point:
    """A network's place in the landscape of some samples, in float64."""
    double = torch.float64
    if temperature == 1.0:
        value = mean_loss(loss)
    else:

        def value(f: Tensor, y: Tensor) -> Tensor:
            return sample_losses(loss, f / temperature, y).mean()

    return Point(model, value, [(pairs.X.to(double), pairs.y.to(double))], "mean")


def complexity_bound(point: Point, G: GaussNewton) -> float:
    """‖WWᵀ‖_F ‖G_bb‖_F of the first layer, which bounds E‖∇ₓf‖² of a ReLU network.

    Parameters
    ----------
    point : Point
        Of a network whose first parameters are W (m, d) and b (m,).
    G : GaussNewton
        There, for the squared loss: G_bb is made of the rows of its factor.

    References
    ----------
    T06 and T09: E‖∇ₓf‖² = ⟨WWᵀ, G_bb⟩, then the Cauchy-Schwarz inequality.
    """
    W, b = point.parameters.split(point.theta)[:2]
    B = G.factor[:, W.numel() : W.numel() + b.numel()]
    return float((W @ W.T).norm() * (B.T @ B).norm())


def spectrum(G: GaussNewton, point: Point) -> dict[str, Any]:
    """Largest eigenvalue, trace, norm, counts and log-volumes of a spectrum.

    Parameters
    ----------
    G : GaussNewton
        A Gauss-Newton matrix.
    point : Point
        Whose; its number of samples is β of the regularised log-volume, with τ² = 1.
    """
    values, p = G.eigenvalues, point.p
    whole = complete(G, p)
    volumes = {k: top_log_volume(whole, min(k, p)) for k in KS}
    large = int((values > LARGE).sum())
    return {
        "lambda_max": float(values[0]),
        "trace": G.trace,
        "frobenius": G.frobenius_norm,
        "count": large,
        **{f"count_{size:g}": int((values > size).sum()) for size in LARGER},
        "share_near_zero": 1 - large / p,
        **{f"log_volume_{k}": one.value for k, one in volumes.items()},
        "left_out_50": volumes[50].rest,
        "regularised": regularised_log_volume(whole, beta=float(point.n)).volume.value,
        "floored": volumes[KS[-1]].floored,
    }


BALANCED = (
    "trace",
    "lambda_max",
    "frobenius",
    "count",
    "log_volume_50",
    "regularised",
)
"""What is measured of the balanced network too."""


def complete(G: GaussNewton, p: int) -> Curvature:
    """The spectrum of G as that of a curvature matrix, its distance to H unmeasured."""
    values = G.eigenvalues
    return Curvature(
        method="gram",
        eigenvalues=values,
        errors=torch.full_like(values, G.error),
        trace=_exactly(G.trace, G.error),
        frobenius_norm=_exactly(G.frobenius_norm, G.error),
        p=p,
        residual=None,
        gauss_newton=G,
    )


def _exactly(value: float, error: float) -> Interval:
    return Interval(value=value, lower=value - error, upper=value + error, level=1.0)


def finite(value: float) -> float | None:
    """The number, or None where it is infinite or NaN: JSON has neither."""
    return value if isfinite(value) else None
