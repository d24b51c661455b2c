"""The stages that look closer at the main minima: rescaling, volumes, other losses."""

from typing import Any

import torch
from torch import nn

from ..landscape.curvature import curvature
from ..landscape.gram import gauss_newton
from ..landscape.isotropic import isotropic_warning
from ..landscape.learning import learning_coefficient
from ..landscape.metric import Metric
from ..landscape.rescaling import output_change, rescaled
from ..landscape.sublevel import sublevel_log_volume
from ..minima.minimum import Minimum
from ..minima.optimisers import Method
from ..minima.search import PROTOCOLS, Case, Protocol
from ..runs.streams import generator_for
from .bench import FEW, NETWORK, Bench
from .evidence import Row
from .measures import (
    complete,
    curvature_row,
    finite,
    point_of,
    spectrum,
    training_row,
)
from .stages_training import bad_level, main_minima

__all__ = [
    "check_rows",
    "entropy_rows",
    "learning_rows",
    "rescaling_rows",
    "volume_rows",
]

ALPHAS = (0.1, 0.3, 1.0, 3.0, 10.0)
"""Factors of all weights and biases of the hidden layer."""

ONWARD = 1e-5
"""Clean cross-entropy to which matched minima are trained on."""

HEIGHT = 0.1
"""ε of the sampled volumes: loss above the minimum."""

LOCALISATION = 100.0
"""γ of the Langevin walk: with less it does not settle in so many steps."""


def rescaling_rows(bench: Bench) -> list[Row]:
    """Good and bad minima written with other scales of their hidden layer."""
    rows: list[Row] = []
    levels = (0.0, max(bench.preset.fractions))
    for (seed, fraction), one in main_minima(bench).items():
        if fraction not in levels or not one.converged:
            continue
        bench.progress(
            "rescaling", seed - bench.settings.first_seed, bench.preset.seeds
        )
        rows.extend(
            bench.row(
                "rescaling",
                f"{seed}-{fraction:g}-alpha-{alpha:g}",
                {},
                lambda one=one, alpha=alpha: _written(bench, one, alpha),  # type: ignore[misc]
            )
            for alpha in ALPHAS
        )
    return rows


def check_rows(bench: Bench) -> list[Row]:
    """One whole Hessian beside the Gauss-Newton matrix that stands for it."""
    one = next(iter(main_minima(bench).values()))
    bench.progress("check: one whole Hessian", 0, 1)

    def both() -> dict[str, Any]:
        point = point_of(_model(bench, one), bench.data(one.seed).clean)
        H = curvature(point, method="hessian", generator=generator_for(0, "unused"))
        G = gauss_newton(point)
        top = H.eigenvalues[:100]
        return {
            "seed": one.seed,
            "trace_error": abs(H.trace.value - G.trace) / H.trace.value,
            "largest_error": float(((top - G.eigenvalues[:100]) / top).abs().max()),
            "negative": float(H.eigenvalues[-1]),
        }

    return [bench.row("check", "hessian", {}, both)]


def entropy_rows(bench: Bench) -> list[Row]:
    """Minima of the cross-entropy: at unequal, equal, matched and lower clean losses."""
    rows: list[Row] = []
    loss, seeds = "cross-entropy", bench.seeds(min(FEW, bench.preset.seeds))
    matched = PROTOCOLS[loss]
    fractions = tuple(f for f in bench.preset.fractions if f <= 2)

    def build(case: Case) -> nn.Module:
        return bench.network(NETWORK, case.seed)

    found = {
        word: bench.minima(
            "entropy", word, build=build, seeds=seeds, fractions=fractions, protocol=how
        )
        for word, how in (
            ("unmatched", Protocol(loss=loss, polish=None)),
            ("matched", matched),
        )
    }
    for word, minima in found.items():
        rows.extend(_entropy(bench, word, one, 1.0) for one in minima)
    rows += [
        _entropy(bench, "temperature", one, one.temperature)
        for one in found["matched"]
        if one.temperature is not None
    ]
    for fraction in (0.0, bad_level(bench)):
        ready = {
            one.seed: one
            for one in found["matched"]
            if one.fraction == fraction and one.converged
        }
        for one in _trained_on(bench, ready, fraction):
            rows.append(_entropy(bench, "trained on", one, 1.0, fraction))
    return rows


def volume_rows(bench: Bench) -> list[Row]:
    """Sampled volumes of good and bad basins beside Laplace's value."""
    levels = (0.0, bad_level(bench), max(bench.preset.fractions))
    chosen = [
        one
        for (seed, fraction), one in main_minima(bench).items()
        if fraction in levels
        and one.converged
        and seed in bench.seeds(bench.preset.volume_seeds)
    ]
    rows: list[Row] = []
    for i, one in enumerate(chosen):
        for damping in bench.preset.dampings:
            bench.progress("volumes", i, len(chosen))
            rows.append(
                bench.row(
                    "volumes",
                    f"{one.seed}-{one.fraction:g}-damping-{damping:g}",
                    {"directions": bench.preset.directions},
                    lambda one=one, damping=damping: _volume(bench, one, damping),  # type: ignore[misc]
                )
            )
    return rows


def learning_rows(bench: Bench) -> list[Row]:
    """The local learning coefficient beside its value in a quadratic bowl."""
    chosen = [
        one
        for (seed, _), one in main_minima(bench).items()
        if seed in bench.seeds(bench.preset.learning_seeds) and one.converged
    ]
    rows: list[Row] = []
    for i, one in enumerate(chosen):
        bench.progress("learning coefficient", i, len(chosen))
        rows.append(
            bench.row(
                "learning",
                f"{one.seed}-{one.fraction:g}",
                {},
                lambda one=one: _learning(bench, one),  # type: ignore[misc]
            )
        )
    return rows


def _written(bench: Bench, one: Minimum, alpha: float) -> dict[str, Any]:
    model, clean = _model(bench, one), bench.data(one.seed).clean
    other = rescaled(model, [alpha])
    point = point_of(other, clean)
    found = spectrum(gauss_newton(point), point)
    return {
        "seed": one.seed,
        "fraction": one.fraction,
        "alpha": alpha,
        "accuracy": one.test_accuracy,
        "change": output_change(model, other, clean.X.to(torch.float64)),
        "trace": found["trace"],
        "lambda_max": found["lambda_max"],
        "log_volume_50": found["log_volume_50"],
    }


def _trained_on(
    bench: Bench, ready: dict[int, Minimum], fraction: float
) -> list[Minimum]:
    if not ready:
        return []
    onward = Method(name="adam", learning_rate=1e-3, steps=8000)
    return bench.minima(
        "entropy",
        f"trained-on-from-{fraction:g}",
        build=lambda case: _model(bench, ready[case.seed]).float(),
        seeds=list(ready),
        protocol=Protocol(
            loss="cross-entropy", first=onward, target=ONWARD, polish=None
        ),
        about={"from": fraction},
    )


def _entropy(
    bench: Bench,
    word: str,
    one: Minimum,
    temperature: float,
    fraction: float | None = None,
) -> Row:
    level = one.fraction if fraction is None else fraction
    bench.progress(f"entropy: measures, {word}", 0, 1)

    def make() -> dict[str, Any]:
        if finite(one.clean_loss) is None:
            return training_row(one) | {"fraction": level, "protocol": word}
        model = _model(bench, one)
        found = curvature_row(
            model, bench.data(one.seed), loss="cross-entropy", temperature=temperature
        )
        return training_row(one) | found | {"fraction": level, "protocol": word}

    return bench.row("entropy", f"measures-{word}-{one.seed}-{level:g}", {}, make)


def _volume(bench: Bench, one: Minimum, damping: float) -> dict[str, Any]:
    point = point_of(_model(bench, one), bench.data(one.seed).clean)
    metric = Metric.of_gauss_newton(gauss_newton(point))
    count = bench.preset.directions
    draws = {
        name: generator_for(one.seed, f"{name} {one.fraction!r} {damping!r}")
        for name in ("rays", "isotropic rays")
    }
    found = sublevel_log_volume(
        point,
        metric,
        regulariser=damping,
        height=HEIGHT,
        directions=count,
        generator=draws["rays"],
    )
    warning = isotropic_warning(
        point,
        metric,
        regulariser=damping,
        height=HEIGHT,
        directions=count,
        generator=draws["isotropic rays"],
    )
    ends = found.interval
    return {
        "seed": one.seed,
        "fraction": one.fraction,
        "accuracy": one.test_accuracy,
        "damping": damping,
        "height": HEIGHT,
        "directions": count,
        "sampled": found.log_volume,
        "lower": None if ends is None else ends.lower,
        "upper": None if ends is None else ends.upper,
        "laplace": found.laplace,
        "effective_samples": found.effective_sample_size,
        "half_difference": found.half_difference,
        "broken_rays": found.broken + found.left + found.again,
        "isotropic_gap": warning.bias,
        "isotropic_gap_of_quadratic": warning.quadratic_bias,
    }


def _learning(bench: Bench, one: Minimum) -> dict[str, Any]:
    point = point_of(_model(bench, one), bench.data(one.seed).clean)
    found = learning_coefficient(
        point,
        complete(gauss_newton(point), point.p),
        localisation=LOCALISATION,
        generator=generator_for(one.seed, f"Langevin noise {one.fraction!r}"),
    )
    return {
        "seed": one.seed,
        "fraction": one.fraction,
        "accuracy": one.test_accuracy,
        "coefficient": found.value,
        "standard_error": found.standard_error,
        "quadratic": found.quadratic,
        "drift": found.drift,
    }


def _model(bench: Bench, one: Minimum) -> nn.Module:
    return one.into(bench.network(NETWORK, one.seed))
