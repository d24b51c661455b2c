"""The property-based test of every theorem: Hypothesis instances, judged with bounds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landtheory.numerics import strategies
from landtheory.numerics.confirm import breaks, tightness
from landtheory.numerics.drawn import draw
from landtheory.numerics.instances import Instance
from landtheory.numerics.judge import applicable, judge
from landtheory.numerics.property_search import as_batch
from landtheory.numerics.quantities import Quantities
from landtheory.numerics.refute import check_refutation
from landtheory.numerics.sampling import Shape, sample
from landtheory.theory import REFUTATIONS, THEOREMS, get_activation, get_loss
from landtheory.theory.theorems import Theorem
from landtheory.theory.worlds import NETWORKS

EVERY = list(THEOREMS.values())
ON_NETWORKS = [theorem for theorem in EVERY if NETWORKS in theorem.worlds]


def broken_claims(theorem: Theorem, instance: Instance, seed: int) -> list[str]:
    batch = as_batch(instance)
    q = Quantities(batch)
    drawn = draw(batch, np.random.default_rng(seed))
    return [
        f"({claim.label}) {claim.statement}"
        for claim in theorem.claims
        if applicable(claim, q) and judge(claim, q, drawn).broken[0]
    ]


def drawn_instances(theorem: Theorem) -> st.SearchStrategy[Instance]:
    kinds = [
        strategies.instances(activations=theorem.activations, losses=theorem.losses)
    ]
    if "squared" in theorem.losses:
        kinds.append(
            strategies.interpolating_instances(activations=theorem.activations)
        )
    return st.one_of(kinds)


@pytest.mark.parametrize("theorem", ON_NETWORKS, ids=lambda theorem: theorem.id)
def test_no_instance_breaks_the_theorem(theorem: Theorem) -> None:
    @settings(max_examples=25)
    @given(drawn_instances(theorem), st.integers(0, 99))
    def holds(instance: Instance, seed: int) -> None:
        assert broken_claims(theorem, instance, seed) == []

    holds()


@pytest.mark.parametrize("theorem", ON_NETWORKS, ids=lambda theorem: theorem.id)
def test_no_extreme_scale_breaks_the_theorem(theorem: Theorem) -> None:
    """Products that underflow, large slopes behind them, and rows that are nearly 0."""
    rng = np.random.default_rng(1)
    for name in theorem.activations:
        for kind in theorem.losses:
            loss = get_loss(kind)
            shape = Shape(n=2, d=3, m=2, C=1 if loss.targets == "binary" else 2)
            plain = sample(get_activation(name), loss, shape, "free", 48, rng)
            x = plain.x * 10.0 ** (-330 * rng.random(plain.x.shape) ** 3)
            theta = plain.theta * 10.0 ** (-330 * rng.random(plain.theta.shape) ** 4)
            batch = replace(plain, x=x, theta=theta)
            q, drawn = Quantities(batch), draw(batch, rng)
            for claim in theorem.claims:
                if applicable(claim, q):
                    assert not judge(claim, q, drawn).broken.any(), (claim.label, name)


@pytest.mark.parametrize("theorem", EVERY, ids=lambda theorem: theorem.id)
def test_the_theorem_is_complete(theorem: Theorem) -> None:
    assert len(theorem.mutants) >= 2
    assert theorem.claims
    for text in (theorem.statement, theorem.proof, theorem.source, theorem.title):
        assert text.strip()
    assert set(theorem.uses) <= set(THEOREMS)
    labels = {claim.label for claim in theorem.claims}
    assert len(labels) == len(theorem.claims)
    assert {mutant.claim.label for mutant in theorem.mutants} <= labels
    if any(claim.law.relation != "==" for claim in theorem.claims):
        assert theorem.witnesses


@pytest.mark.parametrize("theorem", EVERY, ids=lambda theorem: theorem.id)
def test_every_counterexample_breaks_and_every_witness_is_tight(
    theorem: Theorem,
) -> None:
    for counter in theorem.counterexamples:
        assert breaks(counter.claim, counter.example)
    for witness in theorem.witnesses:
        for claim in map(theorem.claim, witness.labels):
            assert claim.law.relation != "=="
            found = tightness(claim, witness.example)
            assert witness.ratio - 1e-9 <= found <= 1


@pytest.mark.parametrize("name", list(REFUTATIONS))
def test_folklore_is_refuted_with_its_numbers(name: str) -> None:
    result = check_refutation(REFUTATIONS[name])
    assert result.refuted
    assert result.confirmed
