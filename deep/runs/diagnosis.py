"""What may spoil a spectrum, measured beforehand: determinism, rounding, stationarity."""

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ..estimators.probes import draw
from ..operators.linear import as_operator
from ..operators.operators import HessianOperator
from .gauss_residual import curvature_ratio
from .prepared import Prepared
from .streams import generator_for

__all__ = ["Diagnosis", "diagnose"]

SUBSAMPLE = 64
"""Samples of which the product is repeated in float64."""

Modules = tuple[type[nn.Module], ...]
NORMS: Modules = (nn.modules.batchnorm._BatchNorm,)
DROPOUTS: Modules = (nn.modules.dropout._DropoutNd,)


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What was measured.

    Attributes
    ----------
    record : dict
        Values that JSON can hold; repeats with the seed.
    timing : dict of str to float
        Seconds of a gradient and of a product, which do not repeat.
    """

    record: dict[str, Any]
    timing: dict[str, float]


def diagnose(
    prepared: Prepared,
    *,
    seed: int,
    batch_size: int | None,
    progress: Callable[[str, int, int], None],
) -> Diagnosis:
    """Measure what the products of the Hessian are worth, in about 35 of them.

    Parameters
    ----------
    prepared : Prepared
        Its model is not changed.
    seed : int
        Of the vectors and of the subsample.
    batch_size : int or None
        Of a micro-batch.
    progress : callable
        Told how far it is.

    Returns
    -------
    Diagnosis
        Of the Hessian at the weights as they are.

    Raises
    ------
    InputError
        If the loss or a product is not finite.
    """
    stages = ("loss", "determinism", "rounding", "stationarity", "Gauss-Newton matrix")

    def at(stage: int) -> None:
        progress(stages[stage], stage + 1, len(stages))

    at(0)
    data = (prepared.data.X, prepared.data.y)
    op = HessianOperator(
        prepared.model, nn.CrossEntropyLoss(), data, batch_size=batch_size
    )
    gradient, gradient_seconds = _timed(op.gradient)
    at(1)
    V = draw(as_operator(op), 2, generator_for(seed, "vectors"))
    _ = op @ V
    product, seconds = _timed(lambda: op @ V)
    gap = float((op @ V - product).norm() / product.norm().clamp(min=1e-300))
    calls = op.nondeterministic_calls()
    at(2)
    rounding = _rounding(V, product) | _in_float64(prepared, V, seed)
    at(3)
    stationarity = _along_the_gradient(op, gradient)
    at(4)
    ratio = curvature_ratio(op, generator=generator_for(seed, "ratio"))
    plan = op.plan
    record = {
        "determinism": {"repeated_gap": gap, "nondeterministic_calls": list(calls)},
        "modules": _modules(prepared.model),
        "parameters": _parameters(prepared.model, prepared.p),
        "rounding": rounding,
        "stationarity": stationarity,
        "residual_to_gauss_newton": ratio,
        "memory": {
            "micro_batches": plan.micro_batches,
            "recorded": plan.kept,
            "bytes_recorded": plan.bytes_kept,
            "method": plan.method,
        },
    }
    timing = {"gradient": gradient_seconds, "product": seconds / V.shape[1]}
    return Diagnosis(record=record, timing=timing)


def _timed(function: Callable[[], Tensor]) -> tuple[Tensor, float]:
    start = time.perf_counter()
    value = function()
    # the number waits for an accelerator
    float(value.sum())
    return value, time.perf_counter() - start


def _rounding(V: Tensor, product: Tensor) -> dict[str, float]:
    """|uᵀHv - vᵀHu| over ‖u‖ ‖Hv‖: 0 for exact products."""
    u, v = V.unbind(1)
    Hu, Hv = product.unbind(1)
    scale = max(float(u.norm() * Hv.norm()), float(v.norm() * Hu.norm()), 1e-300)
    return {"asymmetry": abs(float(u @ Hv - v @ Hu)) / scale}


def _in_float64(prepared: Prepared, V: Tensor, seed: int) -> dict[str, Any]:
    """How far a product is from the one in float64, on some of the samples."""
    if prepared.device.type == "mps":
        return {"samples": 0, "float64_gap": None}
    n = prepared.data.n
    order = torch.randperm(n, generator=generator_for(seed, "subsample"))
    rows = order[: min(SUBSAMPLE, n)]
    X, y = prepared.data.X[rows], prepared.data.y[rows]
    v = V[:, :1]
    loss = nn.CrossEntropyLoss()
    wide = copy.deepcopy(prepared.model).double()
    exact = HessianOperator(wide, loss, (X.double(), y)) @ v
    found = HessianOperator(prepared.model, loss, (X, y)) @ v
    gap = float((found - exact).norm() / exact.norm().clamp(min=1e-300))
    return {"samples": len(rows), "float64_gap": gap}


def _along_the_gradient(op: HessianOperator, g: Tensor) -> dict[str, Any]:
    """The parabola along -∇L: its curvature gᵀHg/‖g‖², and how far down it goes.

    L(θ - t g) = L - t ‖g‖² + ½ t² gᵀHg to second order, least by ‖g‖⁴/(2 gᵀHg) below L
    where gᵀHg > 0.
    """
    norm = float(g.norm())
    found: dict[str, Any] = {
        "loss": op.loss(),
        "gradient_norm": norm,
        "curvature": None,
        "gain": None,
    }
    if norm > 0:
        unit = g / norm
        curvature = float(unit @ (op @ unit))
        gain = norm**2 / (2 * curvature) if curvature > 0 else None
        found |= {"curvature": curvature, "gain": gain}
    return found


def _modules(model: nn.Module) -> dict[str, int]:
    """What evaluation mode changes; the model's own mode is put back after each pass."""
    modules = list(model.modules())
    return {
        "batch_norms": sum(isinstance(m, NORMS) for m in modules),
        "dropouts": sum(isinstance(m, DROPOUTS) for m in modules),
        "in_training_mode": sum(m.training for m in modules),
    }


def _parameters(model: nn.Module, p: int) -> dict[str, Any]:
    names: dict[int, list[str]] = {}
    for name, tensor in model.named_parameters(remove_duplicate=False):
        names.setdefault(id(tensor), []).append(name)
    frozen = [name for name, t in model.named_parameters() if not t.requires_grad]
    return {
        "p": p,
        "tied": [group for group in names.values() if len(group) > 1],
        "frozen": frozen,
    }
