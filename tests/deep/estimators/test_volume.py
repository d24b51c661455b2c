"""estimators/volume.py: against determinants, sampled ellipsoids, and counted coverage."""

import math
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import torch
from support.spectra import KINDS, matrix, seeded

from landtheory.deep.estimators.density import SpectralDensity
from landtheory.deep.estimators.intervals import Interval
from landtheory.deep.estimators.quadrature import spectral_density
from landtheory.deep.estimators.volume import (
    LogVolume,
    estimate_log_volume,
    log_volume_from,
)
from landtheory.deep.operators.linear import as_operator
from landtheory.errors import InputError

RUNS = 200
SEMIDEFINITE = ("deficient", "wide", "identity", "zero")
SPECTRA = {**KINDS, "raised": KINDS["flat"] + 1}


def log_determinant(eigenvalues: torch.Tensor, damping: float) -> float:
    """log det(I + H₊/δ)."""
    return float(torch.log1p(eigenvalues.clamp(min=0) / damping).sum())


def all_of(kind: str, *, damping: float = 0.5, height: float = 0.1) -> LogVolume:
    """From as many products as the matrix has rows."""
    p = len(KINDS[kind])
    return estimate_log_volume(
        matrix(KINDS[kind]),
        damping=damping,
        height=height,
        steps=1,
        probes=1,
        deflate=p,
        generator=seeded(0),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_all_products_give_the_exact_determinant(kind: str) -> None:
    found = all_of(kind)
    exact = log_determinant(KINDS[kind], 0.5)
    assert abs(found.log_determinant.value - exact) <= 1e-11 * max(exact, 1)
    assert found.log_determinant.level == 1.0
    assert found.standard_error == found.quadrature_error == found.coupling_error == 0
    assert found.size == found.products == len(KINDS[kind])


def agrees(volume: Callable[[LogVolume], float]) -> bool:
    """Compare with the shares of random points of a cube that an ellipsoid holds."""
    eigenvalues = torch.tensor([3.0, 0.5, -2.0], dtype=torch.float64)
    damping, height = 0.25, 0.7
    H = matrix(eigenvalues, seed=4)
    found = estimate_log_volume(
        H, damping=damping, height=height, steps=1, probes=1, deflate=3,
        generator=seeded(0),
    )  # fmt: skip
    values, U = torch.linalg.eigh(H)
    M = U @ torch.diag(values.clamp(min=0) + damping) @ U.T
    side = (2 * height / damping) ** 0.5
    points = torch.rand(400_000, 3, generator=seeded(1), dtype=torch.float64)
    points = side * (2 * points - 1)
    inside = (points * (points @ M)).sum(dim=1) / 2 <= height
    share = float(inside.double().mean())
    error = (share * (1 - share) / len(points)) ** 0.5
    ratio = math.exp(volume(found)) / (2 * side) ** 3
    return abs(ratio - share) < 5 * error


def test_the_volume_is_that_of_the_ellipsoid() -> None:
    assert agrees(lambda found: found.log_volume.value)


@pytest.mark.parametrize(
    "mutant",
    [
        pytest.param(
            lambda v: v.log_volume.value - 0.5 * v.log_determinant.value, id="no-half"
        ),
        pytest.param(
            lambda v: v.log_volume.value + v.log_determinant.value, id="wrong-sign"
        ),
        pytest.param(
            lambda v: v.log_volume.value - 1.5 * math.log(2),
            id="half-forgotten-in-height",
        ),
        pytest.param(
            lambda v: v.log_volume.value - math.log(4 * math.pi / 3), id="no-ball"
        ),
        pytest.param(
            lambda v: v.log_volume.value + 1.5 * math.log(v.damping), id="no-damping"
        ),
    ],
)
def test_the_comparison_rejects(mutant: Callable[[LogVolume], float]) -> None:
    assert not agrees(mutant)


def test_the_evidence_is_that_of_a_gaussian_prior() -> None:
    # E exp(-β ½ vᵀHv) = Π (1 + βτ²λ)^(-1/2) for v ~ N(0, τ² I), with βτ² = 1/δ
    eigenvalues = KINDS["deficient"]
    found = all_of("deficient", damping=0.2)
    exact = float(torch.prod((1 + eigenvalues / 0.2) ** -0.5).log())
    assert found.log_evidence.value == pytest.approx(exact, rel=1e-12)


@cache
def density(kind: str, seed: int, deflate: int = 0) -> SpectralDensity:
    """5 probes of 6 steps."""
    return spectral_density(
        torch.diag(SPECTRA[kind]), steps=6, probes=5, deflate=deflate, generator=seeded(seed)
    )  # fmt: skip


def coverage(
    kind: str,
    lower: float | None,
    *,
    deflate: int = 0,
    runs: int = RUNS,
    change: Callable[[Interval], Interval] = lambda interval: interval,
) -> float:
    """How often the interval of D holds the exact one, over 200 seeds."""
    exact = log_determinant(SPECTRA[kind], 0.5)
    hits = 0
    for seed in range(runs):
        found = log_volume_from(
            density(kind, seed, deflate), damping=0.5, height=1.0, lower=lower
        )
        hits += exact in change(found.log_determinant)
    return hits / runs


@pytest.mark.parametrize("kind", ["deficient", "raised"])
def test_intervals_cover_as_often_as_they_say(kind: str) -> None:
    assert 0.90 <= coverage(kind, 0.0) <= 0.99


@pytest.mark.parametrize("kind", ["flat", "outliers", "multiple", "clusters"])
def test_without_a_lower_bound_they_cover_at_least_as_often(kind: str) -> None:
    assert coverage(kind, None, runs=50) >= 0.90
    assert coverage(kind, None, deflate=5, runs=50) >= 0.90


def test_what_the_rules_leave_open_only_adds_to_the_coverage() -> None:
    assert coverage("wide", 0.0, runs=50) >= 0.90


def test_the_count_rejects_bias_and_errors_that_are_too_small() -> None:
    def shifted(i: Interval) -> Interval:
        by = 0.1 * i.value
        return Interval(
            value=i.value + by, lower=i.lower + by, upper=i.upper + by, level=i.level
        )

    def halved(i: Interval) -> Interval:
        half = (i.upper - i.lower) / 4
        return Interval(
            value=i.value, lower=i.value - half, upper=i.value + half, level=i.level
        )

    assert coverage("raised", 0.0, change=shifted) < 0.9
    assert coverage("raised", 0.0, change=halved) < 0.9


@pytest.mark.parametrize("kind", ["deficient", "wide", "flat", "outliers"])
def test_the_quadrature_is_enclosed(kind: str) -> None:
    # the exact integral over each probe's measure, from far more steps
    lower = 0.0 if kind in SEMIDEFINITE else None
    A = torch.diag(KINDS[kind])
    coarse, fine = (
        spectral_density(A, steps=steps, probes=1, generator=seeded(3))
        for steps in (6, 60)
    )
    ends = log_volume_from(coarse, damping=0.1, height=1.0, lower=lower)
    exact = log_volume_from(fine, damping=0.1, height=1.0, lower=lower)
    gap = abs(ends.log_determinant.value - exact.log_determinant.value)
    assert gap <= 2 * ends.quadrature_error + 1e-9
    assert exact.quadrature_error <= 0.05 * ends.quadrature_error


@pytest.mark.parametrize("kind", ["flat", "outliers", "wide"])
@pytest.mark.parametrize("damping", [1e-3, 1.0])
def test_the_coupling_changes_no_more_than_it_says(kind: str, damping: float) -> None:
    A = matrix(KINDS[kind])
    found = spectral_density(A, steps=99, probes=1, deflate=6, generator=seeded(0))
    Q = found.ritz_values
    krylov = torch.cat([Q, found.rules[0].nodes])
    if len(krylov) < len(A):
        krylov = torch.cat([krylov, torch.zeros(len(A) - len(krylov)).double()])
    exact = log_determinant(torch.linalg.eigvalsh(A), damping)
    apart = log_determinant(krylov, damping)
    value = log_volume_from(found, damping=damping, height=1.0)
    assert abs(exact - apart) <= value.coupling_error


def test_a_density_at_hand_costs_no_product() -> None:
    op = as_operator(matrix(KINDS["deficient"]))
    options: dict[str, Any] = {"steps": 6, "probes": 3, "deflate": 4}
    held = spectral_density(op, generator=seeded(2), **options)
    before = op.products
    one = log_volume_from(held, damping=0.3, height=0.2, lower=0.0)
    assert op.products == before
    two = estimate_log_volume(
        op, damping=0.3, height=0.2, lower=0.0, generator=seeded(2), **options
    )
    assert one == two
    assert one.damping == 0.3
    assert one.height == 0.2
    assert one.log_volume.lower < one.log_volume.value < one.log_volume.upper


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"damping": 0.0}, "damping is 0.0; expected a positive number"),
        ({"damping": math.inf}, "damping is inf; expected a positive number"),
        ({"height": -1.0}, "height is -1.0; expected a positive number"),
        ({"height": math.nan}, "height is nan; expected a positive number"),
        ({"lower": -0.5}, "lower is -0.5; expected None or a number >= 0"),
        (
            {"lower": 0.0},
            (
                "lower is 0.0; expected a bound below every eigenvalue, but a Ritz value is "
                "-5: leave it out"
            ),
        ),
    ],
)
def test_wrong_arguments_are_one_sentence(
    options: dict[str, Any], sentence: str
) -> None:
    arguments = {"damping": 1.0, "height": 1.0, "steps": 2, "probes": 2, **options}
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        estimate_log_volume(matrix(KINDS["two"]), generator=seeded(0), **arguments)
