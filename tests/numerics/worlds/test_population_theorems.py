"""T18 to T22 and R13: what is false falls and what is true stands, whatever the seed."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flint import arb

from landtheory.numerics.folklore import refute_folklore
from landtheory.numerics.population import balls
from landtheory.numerics.refute import Settings, attack
from landtheory.numerics.worlds import (
    global_curvature,
    population_taylor,
    spurious_minima,
    spurious_quantities,
)
from landtheory.numerics.worlds.counterexample import WorldCounterexample
from landtheory.theory import REFUTATIONS, THEOREMS
from landtheory.verdict import Status

SEEDS = (1, 2)


def silent(stage: str, done: int, of: int) -> None:
    del stage, done, of


@pytest.mark.parametrize("name", ["T18", "T19", "T20", "T22"])
@pytest.mark.parametrize("seed", SEEDS)
def test_mutants_fall_and_claims_stand(name: str, seed: int) -> None:
    settings = Settings(activations=(), losses=(), budget=1.0, seed=seed)
    (result,), _ = attack((THEOREMS[name],), settings, silent)
    assert result.sound, (result.surviving, result.lost, result.slack)
    assert [c.claim.label for c in result.claims if not c.judged] == []
    assert {claim.status for claim in result.claims} == {Status.SUPPORTED}
    for mutant in result.mutants:
        assert isinstance(mutant.counterexample, WorldCounterexample)


def broken(name: str) -> set[str]:
    """Labels of the claims that an attack breaks, mutants aside."""
    theorem = replace(THEOREMS[name], mutants=(), witnesses=(), counterexamples=())
    settings = Settings(activations=(), losses=(), budget=1.0, seed=0)
    (result,), _ = attack((theorem,), settings, silent)
    return {c.claim.label for c in result.claims if c.broken is not None}


@pytest.fixture
def forgotten() -> Iterator[None]:
    """Nothing that was computed with or without an error is kept."""
    caches = (
        spurious_quantities._certified,
        spurious_quantities._accepted,
        spurious_quantities._outermost,
        global_curvature._hessian,
        global_curvature._power_sums,
        global_curvature._inertia,
    )
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.usefixtures("forgotten")
def test_an_error_in_the_certified_hessian_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = balls._mixed
    monkeypatch.setattr(balls, "_mixed", lambda u, v: right(u, v) * (1 - arb(2) ** -10))
    monkeypatch.setattr(spurious_minima, "LARGEST", 6)
    # bounds that are too narrow: by the series, and by the table
    assert broken("T22") >= {"a.1", "b.2", "b.3"}
    assert broken("T21") >= {"c.1"}


@pytest.mark.usefixtures("forgotten")
def test_an_error_in_the_moments_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = global_curvature.MOMENTS

    def wrong(slopes: int, power: int) -> arb:
        found = right["relu"](slopes, power)
        return found * 2 if (slopes, power) == (1, 1) else found

    monkeypatch.setattr(global_curvature, "MOMENTS", {**right, "relu": wrong})
    assert broken("T19") >= {"a.1", "b.1", "b.2", "b.3", "b.4"}


@pytest.mark.usefixtures("forgotten")
def test_an_error_in_the_series_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = population_taylor._KAPPA["erf"]
    monkeypatch.setitem(
        population_taylor._KAPPA, "erf", lambda a, b, r: right(a + 1, b, r)
    )
    assert broken("T18") >= {"b.4", "b.5", "b.6", "c.3", "c.5"}


def test_a_spurious_minimum_is_flatter_than_the_global_one() -> None:
    (found,) = refute_folklore([REFUTATIONS["R13"]])
    assert found.status is Status.REFUTED
    shown = {label: value for label, value, _ in found.shown}
    assert shown["L at the spurious minimum, k = 6"] > 0.025
    assert len(found.cases) == 2
    for case in found.cases:
        # λ_max at the global minimum, and the larger bound at the spurious one
        left, right = (
            side.strip("[]").split(" ")[0] for side in (case.left, case.right)
        )
        assert float(left) > float(right) + 1 / 40
