"""estimators/quadrature.py: the budget's rule, determinism, and how near densities come."""

import re
from typing import Any

import pytest
import torch
from support.spectra import KINDS, matrix, seeded

from landtheory.deep.estimators.complement import grow
from landtheory.deep.estimators.eigenvalues import top_eigenvalues
from landtheory.deep.estimators.quadrature import (
    Split,
    spectral_density,
    split_products,
)
from landtheory.deep.operators.linear import as_operator
from landtheory.errors import InputError


@pytest.mark.parametrize(
    ("products", "p", "split"),
    [
        (100, 3466, Split(25, 1, 75)),
        (400, 3466, Split(100, 3, 100)),
        (100, 78042, Split(25, 1, 75)),
        (100, 400, Split(26, 2, 37)),
        (400, 401, Split(100, 6, 50)),
        (400, 400, Split(400, 1, 1)),
        (4, 99, Split(1, 1, 3)),
    ],
)
def test_the_rule_depends_on_p_and_the_budget_alone(
    products: int, p: int, split: Split
) -> None:
    assert split_products(products, p) == split
    if products < p:
        assert split.deflate + split.probes * split.steps == products


def test_with_a_basis_at_hand_everything_goes_to_the_probes() -> None:
    assert split_products(100, 3466, share=0) == Split(0, 1, 100)
    assert split_products(4, 4, share=0).deflate == 4


def test_a_budget_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match=r"^products is 3; expected an integer >= 4$"):
        split_products(3, 99)


def test_the_products_are_counted_and_told() -> None:
    op = as_operator(matrix(KINDS["outliers"]))
    told: list[tuple[int, int]] = []
    found = spectral_density(
        op,
        steps=6,
        probes=10,
        deflate=7,
        generator=seeded(0),
        progress=lambda done, of: told.append((done, of)),
    )
    assert op.products == found.products == 67
    assert told[0] == (1, 67)
    assert told[-1] == (67, 67)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(found.rules) == 10
    assert found.left == 63


def test_batches_change_nothing_but_rounding() -> None:
    A = matrix(KINDS["outliers"])
    many = spectral_density(A, steps=5, probes=3, generator=seeded(0))
    generator = seeded(0)
    for rule in many.rules:
        one = spectral_density(A, steps=5, probes=1, generator=generator)
        assert float((one.rules[0].nodes - rule.nodes).abs().max()) < 1e-12


def test_the_same_seed_gives_the_same_bits() -> None:
    A = matrix(KINDS["outliers"])
    one, two = (
        spectral_density(A, steps=5, probes=3, deflate=4, generator=seeded(5))
        for _ in range(2)
    )
    assert torch.equal(one.nodes, two.nodes)
    assert torch.equal(one.weights, two.weights)


def test_a_basis_from_a_run_is_deflated_without_more_products() -> None:
    op = as_operator(matrix(KINDS["outliers"]))
    top = top_eigenvalues(op, 4, generator=seeded(1))
    before = op.products
    found = spectral_density(
        op, steps=6, probes=2, deflate=top.krylov, generator=seeded(2)
    )
    assert op.products - before == found.products == 12
    assert len(found.ritz_values) == top.krylov.dimension
    plain = spectral_density(op, steps=6, probes=2, generator=seeded(2))
    exact = KINDS["outliers"]
    near = found.wasserstein_distance(exact)
    assert near < 0.5 * plain.wasserstein_distance(exact)


def test_an_exhausted_probe_stops_early() -> None:
    op = as_operator(matrix(KINDS["multiple"]))
    found = spectral_density(op, steps=30, probes=2, generator=seeded(0))
    assert found.products < 20
    assert all(rule.exact for rule in found.rules)
    assert len(found.rules) == 2


@pytest.mark.parametrize("kind", ["one", "two", "zero", "identity"])
def test_the_smallest_matrices_have_densities(kind: str) -> None:
    eigenvalues = KINDS[kind]
    split = split_products(max(len(eigenvalues), 4), len(eigenvalues))
    found = spectral_density(
        matrix(eigenvalues), generator=seeded(0), **split._asdict()
    )
    assert found.wasserstein_distance(eigenvalues) < 1e-13
    drawn = spectral_density(
        matrix(eigenvalues), steps=4, probes=2, generator=seeded(0)
    )
    assert abs(float(drawn.weights.sum()) - 1) < 1e-14


def test_deflation_pays_where_there_are_outliers_and_costs_little_elsewhere() -> None:
    p = 600
    bulk = torch.linspace(-1, 1, p, dtype=torch.float64)
    spiked = torch.cat([bulk[:-10], torch.logspace(0.5, 2, 10, dtype=torch.float64)])
    distances: dict[str, list[float]] = {}
    for name, eigenvalues in (("bulk", bulk), ("spiked", spiked)):
        split = split_products(60, p)
        for seed in range(5):
            for label, plan in (
                ("deflated", split),
                ("plain", split_products(60, p, share=0)),
            ):
                found = spectral_density(
                    torch.diag(eigenvalues), generator=seeded(seed), **plan._asdict()
                )
                key = f"{name} {label}"
                distances.setdefault(key, []).append(
                    found.wasserstein_distance(eigenvalues)
                )
    median = {name: sorted(values)[2] for name, values in distances.items()}
    assert median["spiked deflated"] < 0.5 * median["spiked plain"]
    assert median["bulk deflated"] < 2 * median["bulk plain"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"steps": 0}, "steps is 0; expected an integer >= 1"),
        ({"probes": 0}, "probes is 0; expected an integer >= 1"),
        ({"deflate": -1}, "deflate is -1; expected an integer >= 0"),
        ({"level": 1.0}, "level is 1.0; expected a number between 0 and 1"),
    ],
)
def test_wrong_arguments_are_one_sentence(
    options: dict[str, Any], sentence: str
) -> None:
    arguments = {"steps": 3, "probes": 2, "generator": seeded(0), **options}
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        spectral_density(matrix(KINDS["identity"]), **arguments)


def test_a_generator_seeded_twice_is_noticed() -> None:
    op = as_operator(matrix(KINDS["outliers"]))
    krylov = grow(op, 6, seeded(3))
    with pytest.raises(InputError, match=r"^generator gave a probe that lies in the "):
        spectral_density(op, steps=3, probes=1, deflate=krylov, generator=seeded(3))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_a_gpu_gives_what_the_processor_gives() -> None:
    A = matrix(KINDS["outliers"])
    here, there = (
        spectral_density(M, steps=6, probes=3, deflate=5, generator=seeded(1))
        for M in (A, A.cuda())
    )
    assert float((here.nodes - there.nodes).abs().max()) < 1e-11
    assert float((here.weights - there.weights).abs().max()) < 1e-11
