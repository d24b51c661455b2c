"""The parts of a deep-spectrum run, in the order in which they are made."""

from collections.abc import Callable
from typing import Any

import torch

from ..estimators.complement import sample_complement
from ..estimators.density import SpectralDensity
from ..estimators.eigenvalues import TopEigenvalues
from ..estimators.quadrature import spectral_density
from ..estimators.traces import frobenius_norm_from, trace_from
from ..estimators.volume import LogVolume, log_volume_from
from ..operators.operators import CurvatureOperator
from ..progress import Progress
from .folder import Arrays
from .settings import SpectrumSettings
from .structure import class_structure, layers
from .values import Part, Wanted, estimate_values, interval_values

__all__ = ["PARTS", "point"]

SLACK = 1e-6
"""Share of the largest node by which rounding may put one below 0; as in `volume`."""


def point(op: CurvatureOperator, found: TopEigenvalues) -> dict[str, Any]:
    """Loss, accuracy and gradient at θ, and what a gradient step would gain.

    To second order, and with λ the operator norm of H, a step of -∇L/λ lowers L by at
    least ‖∇L‖²/2λ: near a critical point that is a small part of L. The largest modulus
    of a Ritz value stands for λ; it is never above it, so that the gain said is at least
    the one meant, and a point is not called near too easily.

    Parameters
    ----------
    op : CurvatureOperator
        For the loss and its data.
    found : TopEigenvalues
        For λ.
    """
    norm = float(op.gradient().norm())
    largest = float(found.krylov.ritz().values.abs().max())
    return {
        "loss": op.loss(),
        "accuracy": _accuracy(op),
        "gradient_norm": norm,
        "largest_eigenvalue": largest,
        "gain": norm**2 / (2 * largest) if largest > 0 else None,
    }


def _accuracy(op: CurvatureOperator) -> float:
    right, objective = 0, op.risk.objective
    with torch.no_grad():
        for _, batch in op.risk.passes():
            output = objective.output(objective.theta, batch)
            right += int((output.argmax(1) == batch.targets).sum())
    return sum(op.risk.processes.gathered(right)) / op.n_used


def _traces(wanted: Wanted, progress: Progress) -> Part | None:
    """tr A and ‖A‖_F from the same probes, beside the eigenvalues' basis."""
    if not wanted.settings.trace:
        return None
    sample = sample_complement(
        wanted.seen,
        probes=wanted.plan.trace_products,
        generator=wanted.generator("trace"),
        krylov=wanted.found.krylov,
        progress=progress,
    )
    entries = {
        "trace": estimate_values(trace_from(sample)),
        "frobenius_norm": estimate_values(frobenius_norm_from(sample)),
    }
    return Part(entries, {}, sample.products)


def _density(wanted: Wanted, progress: Progress) -> Part | None:
    """The spectral measure, and the log-volume that it gives without more products."""
    split = wanted.plan.density
    if split is None:
        return None
    density = spectral_density(
        wanted.seen,
        steps=split.steps,
        probes=split.probes,
        deflate=split.deflate or wanted.found.krylov,
        generator=wanted.generator("density"),
        progress=progress,
    )
    entries: dict[str, Any] = {}
    arrays: Arrays = {}
    if wanted.settings.density:
        entries["density"] = {
            "nodes": len(density.nodes),
            "probes": len(density.rules),
            "steps": split.steps,
            "deflated": len(density.ritz_values),
            "truncation": density.truncation,
            "level": density.level,
        }
        arrays = {
            "density_nodes": density.nodes.numpy(),
            "density_weights": density.weights.numpy(),
        }
    if wanted.settings.volume:
        entries["log_volume"] = _volume(wanted.settings, density)
    return Part(entries, arrays, density.products)


def _volume(settings: SpectrumSettings, density: SpectralDensity) -> dict[str, Any]:
    least, largest = float(density.nodes.min()), float(density.nodes.abs().max())
    # G and the Fisher matrix have no negative eigenvalue, which makes the bounds tight
    semidefinite = settings.operator != "hessian" and least >= -SLACK * largest
    found: LogVolume = log_volume_from(
        density,
        damping=settings.damping,
        height=settings.height,
        lower=0.0 if semidefinite else None,
    )
    return {
        **interval_values(found.log_volume),
        "log_determinant": interval_values(found.log_determinant),
        "standard_error": found.standard_error,
        "quadrature_error": found.quadrature_error,
        "coupling_error": found.coupling_error,
        "damping": found.damping,
        "height": found.height,
    }


PARTS: dict[str, Callable[[Wanted, Progress], Part | None]] = {
    "trace": _traces,
    "density": _density,
    "layers": layers,
    "classes": class_structure,
}
