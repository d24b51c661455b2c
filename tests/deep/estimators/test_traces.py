"""estimators/traces.py: against exact traces; intervals are counted over 200 seeds."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from support.spectra import KINDS, matrix, seeded

from landtheory.deep.estimators.complement import grow, sample_complement
from landtheory.deep.estimators.eigenvalues import top_eigenvalues
from landtheory.deep.estimators.intervals import Interval
from landtheory.deep.estimators.traces import (
    Estimate,
    estimate_frobenius_norm,
    estimate_trace,
    frobenius_norm_from,
    trace_from,
)
from landtheory.deep.operators.linear import as_operator
from landtheory.errors import InputError

SAMPLED = ("flat", "outliers", "clusters", "multiple", "deficient", "wide")
RUNS = 200
Estimator = Callable[..., Estimate]


def exact(estimator: Estimator, eigenvalues: torch.Tensor) -> float:
    """What it estimates."""
    if estimator is estimate_trace:
        return float(eigenvalues.sum())
    return float(eigenvalues.square().sum().sqrt())


def coverage(
    estimator: Estimator,
    kind: str,
    change: Callable[[Estimate], Estimate] = lambda estimate: estimate,
) -> float:
    """How often the interval contains the exact value, over 200 seeds."""
    # a diagonal matrix: the probes' law does not know the eigenvectors
    op = as_operator(torch.diag(KINDS[kind]))
    truth = exact(estimator, KINDS[kind])
    hits = sum(
        truth in change(estimator(op, products=20, generator=seeded(seed))).interval
        for seed in range(RUNS)
    )
    return hits / RUNS


ESTIMATORS = (estimate_trace, estimate_frobenius_norm)


@pytest.mark.parametrize("kind", SAMPLED)
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_intervals_cover_as_often_as_they_say(estimator: Estimator, kind: str) -> None:
    assert 0.90 <= coverage(estimator, kind) <= 0.99


def shifted(estimate: Estimate) -> Estimate:
    """10 % too much of what was sampled and known."""
    i = estimate.interval
    by = 0.1 * estimate.value
    moved = Interval(
        value=i.value + by, lower=i.lower + by, upper=i.upper + by, level=i.level
    )
    return replace(estimate, interval=moved)


def halved(estimate: Estimate) -> Estimate:
    """An interval of half the width."""
    i = estimate.interval
    half = (i.upper - i.lower) / 4
    narrow = Interval(
        value=i.value, lower=i.value - half, upper=i.value + half, level=i.level
    )
    return replace(estimate, interval=narrow)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_the_count_rejects_bias_and_errors_that_are_too_small(
    estimator: Estimator,
) -> None:
    assert coverage(estimator, "outliers", shifted) < 0.9
    assert coverage(estimator, "outliers", halved) < 0.9


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_budget_of_p_products_is_exact(estimator: Estimator, kind: str) -> None:
    eigenvalues = KINDS[kind]
    op = as_operator(matrix(eigenvalues))
    p = len(eigenvalues)
    for products in {max(p, 5), p + 7}:
        before = op.products
        found = estimator(op, products=products, generator=seeded(0))
        truth = exact(estimator, eigenvalues)
        assert abs(found.value - truth) <= 1e-13 * max(float(eigenvalues.norm()), 1.0)
        assert (found.standard_error, found.probes) == (0.0, 0)
        assert found.interval.level == 1.0
        width = found.interval.upper - found.interval.lower
        assert width <= 1e-14 * p * max(float(eigenvalues.abs().max()), 1e-300)
        assert op.products - before == found.products == p


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_the_mean_over_seeds_is_the_exact_value(estimator: Estimator) -> None:
    op = as_operator(torch.diag(KINDS["outliers"]))
    found = [estimator(op, products=16, generator=seeded(s)) for s in range(RUNS)]
    power = 1 if estimator is estimate_trace else 2
    values = torch.tensor([f.value**power for f in found], dtype=torch.float64)
    gap = float(values.mean()) - exact(estimator, KINDS["outliers"]) ** power
    assert abs(gap) < 5 * float(values.std()) / RUNS**0.5
    # and the standard errors that are told are those that are seen
    told = torch.tensor([f.standard_error for f in found]).double().square().mean()
    roots = torch.tensor([f.value for f in found], dtype=torch.float64)
    assert 0.7 < float(told.sqrt() / roots.std()) < 1.4


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_basis_at_hand_is_used(estimator: Estimator) -> None:
    op = as_operator(matrix(KINDS["outliers"]))
    top = top_eigenvalues(op, 4, generator=seeded(1))
    before = op.products
    found = estimator(op, products=10, generator=seeded(2), basis=top.krylov)
    assert op.products - before == found.products == found.probes == 10
    truth = exact(estimator, KINDS["outliers"])
    alone = estimator(op, products=10, generator=seeded(2))
    if estimator is estimate_trace:
        assert found.standard_error < alone.standard_error
    assert truth in found.interval
    left = len(KINDS["outliers"]) - top.krylov.dimension
    whole = estimator(op, products=left, generator=seeded(2), basis=top.krylov)
    assert abs(whole.value - truth) < 1e-12 * abs(truth)


def test_one_sample_serves_both() -> None:
    op = as_operator(matrix(KINDS["outliers"]))
    krylov = grow(op, 10, seeded(1))
    sample = sample_complement(op, probes=10, generator=seeded(2), krylov=krylov)
    same = estimate_trace(op, products=10, generator=seeded(2), basis=krylov)
    assert trace_from(sample).value == same.value
    norm = frobenius_norm_from(sample, level=0.9)
    assert norm.interval.level == 0.9
    assert norm.known <= norm.interval.lower <= norm.value <= norm.interval.upper


def agrees(norm: Callable[[Any], float]) -> bool:
    """Compare the known part of the square with the dense blocks of A."""
    A = matrix(KINDS["outliers"])
    krylov = grow(as_operator(A), 6, seeded(1))
    Q = krylov.basis
    P = torch.eye(len(A), dtype=torch.float64) - Q @ Q.T
    rest = float((P @ A @ P).square().sum())
    total = float(A.square().sum())
    return abs(norm(krylov) + rest - total) < 1e-12 * total


def test_the_blocks_add_up_and_lost_ones_are_seen() -> None:
    def right(k: Any) -> float:
        return float(k.projection.square().sum() + 2 * k.coupling.square().sum())

    assert agrees(right)
    assert not agrees(lambda k: float(k.projection.square().sum()))
    assert not agrees(lambda k: right(k) - float(k.coupling.square().sum()))


def test_progress_counts_over_both_parts() -> None:
    told: list[tuple[int, int]] = []
    estimate_trace(
        matrix(KINDS["outliers"]),
        products=20,
        generator=seeded(0),
        progress=lambda done, of: told.append((done, of)),
    )
    assert told == [*((done, 20) for done in range(1, 11)), (18, 20), (20, 20)]


def test_a_generator_seeded_twice_is_noticed() -> None:
    op = as_operator(matrix(KINDS["outliers"]))
    top = top_eigenvalues(op, 2, generator=seeded(7))
    with pytest.raises(InputError, match=r"^generator gave a probe that lies in the "):
        estimate_trace(op, products=8, generator=seeded(7), basis=top.krylov)


@pytest.mark.parametrize("estimator", ESTIMATORS)
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"products": 3}, "products is 3; expected an integer >= 5"),
        ({"products": 8, "level": 1.5}, "level is 1.5; expected a number between 0 and 1"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_one_sentence(
    estimator: Estimator, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        estimator(matrix(KINDS["outliers"]), generator=seeded(0), **options)
    krylov = grow(as_operator(matrix(KINDS["outliers"])), 3, seeded(0))
    with pytest.raises(InputError, match=r"^products is 1; expected an integer >= 5$"):
        estimator(
            matrix(KINDS["outliers"]), products=1, generator=seeded(1), basis=krylov
        )


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_a_gpu_gives_what_the_processor_gives(estimator: Estimator) -> None:
    A = matrix(KINDS["outliers"])
    here = estimator(A, products=20, generator=seeded(1))
    there = estimator(A.cuda(), products=20, generator=seeded(1))
    assert abs(here.value - there.value) < 1e-11 * abs(here.value)
    assert abs(here.standard_error - there.standard_error) < 1e-9 * abs(here.value)
