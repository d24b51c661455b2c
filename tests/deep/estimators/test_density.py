"""estimators/density.py: the measure against exact spectra; errors are counted over seeds."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch
from scipy.stats import wasserstein_distance
from support.spectra import KINDS, matrix, seeded

from landtheory.deep.estimators.density import Moment, SpectralDensity
from landtheory.deep.estimators.quadrature import spectral_density
from landtheory.errors import InputError

SAMPLED = ("flat", "outliers", "clusters", "multiple", "deficient", "wide")
RUNS = 200


@cache
def density(kind: str, seed: int = 0, *, dense: bool = False) -> SpectralDensity:
    """4 products of deflation, 8 probes of 5 steps."""
    A = matrix(KINDS[kind]) if dense else torch.diag(KINDS[kind])
    return spectral_density(A, steps=5, probes=8, deflate=4, generator=seeded(seed))


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_measure_of_mass_one(kind: str) -> None:
    found = density(kind, dense=True)
    assert len(found.nodes) == len(found.weights)
    assert bool((found.nodes.diff() <= 0).all())
    assert bool((found.weights >= 0).all())
    assert abs(float(found.weights.sum()) - 1) < 1e-14
    assert found.moment(0).value == pytest.approx(1, rel=1e-14)
    assert found.moment(0).standard_error == pytest.approx(0, abs=1e-9)


def unbiased(kind: str, order: int, shift: float = 1.0, lost: float = 0.0) -> bool:
    """Whether the mean of a moment over 200 seeds is the exact one, to 5 sigma."""
    eigenvalues = KINDS[kind]
    exact = float((eigenvalues**order).mean())
    found = [density(kind, seed) for seed in range(RUNS)]
    values = torch.tensor(
        [
            shift * f.moment(order).value
            - lost * 2 * float(f.couplings.square().sum()) / f.size
            for f in found
        ],
        dtype=torch.float64,
    )
    return abs(float(values.mean()) - exact) < 5 * float(values.std()) / RUNS**0.5


@pytest.mark.parametrize("kind", SAMPLED)
@pytest.mark.parametrize("order", [1, 2])
def test_moments_are_unbiased(kind: str, order: int) -> None:
    assert unbiased(kind, order)


def test_bias_is_seen() -> None:
    assert not unbiased("outliers", 2, shift=1.1)
    assert not unbiased("outliers", 1, shift=1.1)
    # without the coupling's part of tr A²
    assert not unbiased("outliers", 2, lost=1.0)


def coverage(kind: str, order: int, share: float = 1.0) -> float:
    """How often 1.96 standard errors reach the exact moment."""
    exact = float((KINDS[kind] ** order).mean())
    hits = 0
    for seed in range(RUNS):
        moment = density(kind, seed).moment(order)
        hits += abs(moment.value - exact) <= 1.96 * share * moment.standard_error
    return hits / RUNS


@pytest.mark.parametrize("kind", SAMPLED)
@pytest.mark.parametrize("order", [1, 2])
def test_standard_errors_cover_as_often_as_they_say(kind: str, order: int) -> None:
    assert 0.90 <= coverage(kind, order) <= 0.99


def test_a_standard_error_that_is_too_small_is_seen() -> None:
    assert coverage("outliers", 1, share=0.5) < 0.9


@pytest.mark.parametrize("kind", SAMPLED)
def test_the_distribution_lies_in_its_interval(kind: str) -> None:
    eigenvalues = KINDS[kind]
    places = torch.quantile(eigenvalues, torch.tensor([0.1, 0.5, 0.9]).double())
    for x in (places + 1e-6).tolist():
        exact = float((eigenvalues <= x).double().mean())
        hits = sum(exact in density(kind, s).cumulative(x) for s in range(RUNS))
        assert hits / RUNS >= 0.9


def test_the_interval_of_the_distribution_is_of_use() -> None:
    found = spectral_density(
        torch.diag(torch.linspace(-1, 1, 800).double()),
        steps=40,
        probes=4,
        generator=seeded(0),
    )
    at = found.cumulative(0.3)
    assert at.lower < at.value < at.upper
    assert at.upper - at.lower < 0.15
    assert found.cumulative(-2.0).value == 0
    assert found.cumulative(2.0).value == pytest.approx(1, rel=1e-14)
    assert 0 <= found.cumulative(-2.0).lower <= found.cumulative(-2.0).upper <= 1


def test_the_distance_is_that_of_scipy() -> None:
    found = density("outliers")
    theirs = wasserstein_distance(
        found.nodes.numpy(), KINDS["outliers"].numpy(), u_weights=found.weights.numpy()
    )
    ours = found.wasserstein_distance(KINDS["outliers"])
    assert np.isclose(ours, theirs, rtol=1e-12, atol=0)


@pytest.mark.parametrize("kind", ["flat", "outliers"])
def test_the_coupling_moves_the_spectrum_no_further_than_it_says(kind: str) -> None:
    A = matrix(KINDS[kind])
    found = spectral_density(A, steps=99, probes=1, deflate=6, generator=seeded(0))
    # the exact spectrum of T ⊕ PAP: the probe's run is exhausted, its nodes exact
    nodes = torch.cat([found.ritz_values, found.rules[0].nodes]).sort().values
    exact = torch.linalg.eigvalsh(A)
    assert len(nodes) == len(exact)
    assert float((nodes - exact).abs().mean()) <= found.truncation
    assert found.truncation > 0
    cubes = float((nodes**3).mean() - (exact**3).mean())
    assert abs(cubes) <= found.moment(3).truncation
    assert found.moment(2).truncation == 0


def test_without_probes_everything_is_exact() -> None:
    A = matrix(KINDS["outliers"])
    found = spectral_density(A, steps=1, probes=1, deflate=70, generator=seeded(0))
    assert found.rules == ()
    assert found.products == 70
    exact = KINDS["outliers"]
    assert found.wasserstein_distance(exact) < 1e-13
    assert found.moment(7).standard_error == 0
    at = found.cumulative(1.0)
    assert (at.lower, at.upper, at.level) == (at.value, at.value, 1.0)
    assert at.value == pytest.approx(float((exact <= 1).double().mean()))


def test_bumps_are_for_pictures_and_have_mass_one() -> None:
    found = density("flat")
    x = torch.linspace(-3, 3, 2001, dtype=torch.float64)
    curve = found.smoothed(x, width=0.1)
    assert float(torch.trapezoid(curve, x)) == pytest.approx(1, abs=1e-6)


def test_a_power_beyond_the_rules_is_refused() -> None:
    sentence = "order is 10; expected at most 2 m - 1 = 9 for m = 5 steps"
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        density("flat").moment(10)
    assert isinstance(density("flat").moment(9), Moment)
    with pytest.raises(InputError, match=r"^order is -1; expected an integer >= 0$"):
        density("flat").moment(-1)


def test_a_density_is_a_value() -> None:
    found = density("flat")
    with pytest.raises(AttributeError):
        found.size = 3  # type: ignore[misc]
    assert replace(found, level=0.5).cumulative(0.0).level == 0.5
