"""The falsifier's own examination, on conjectures whose truth is known."""

from typing import Any

import pytest
from support.conjectures import FALSE, TRUE, Known, catalogue

from landtheory.numerics import falsify
from landtheory.verdict import Status

MUTANTS = {name: known for name, known, true in catalogue() if not true}
SEEDS = 20
NO_LUCK = (1,)


def named(known: Known) -> str:
    return " | ".join((known.claim, *known.assume, known.activations[0]))


def turn(known: Known, seed: int) -> dict[str, Any]:
    """One kind of network for each seed, all of them in turn."""
    kinds = [
        (activation, loss, C)
        for activation in known.activations
        for loss in known.losses
        for C in known.outputs
        if not (loss == "logistic" and C > 1) and not (loss == "softmax" and C < 2)
    ]
    activation, loss, C = kinds[seed * 7 % len(kinds)]
    return {
        "assume": known.assume,
        "activations": (activation,),
        "losses": (loss,),
        "outputs": (C,),
    }


@pytest.mark.parametrize("known", TRUE, ids=named)
def test_true_conjectures_are_never_refuted(known: Known) -> None:
    statuses = [
        falsify(known.claim, budget=0.05, seed=seed, **turn(known, seed)).status
        for seed in range(SEEDS)
    ]
    assert Status.REFUTED not in statuses
    assert statuses.count(Status.SUPPORTED) >= SEEDS // 2


@pytest.mark.parametrize("known", FALSE, ids=named)
def test_false_conjectures_fall_and_shrink_to_their_smallest_sizes(
    known: Known,
) -> None:
    sizes = []
    for seed in NO_LUCK:
        found = falsify(known.claim, budget=2.0, seed=seed, **known.options)
        if found.status is Status.REFUTED:
            at = found.counterexample.instance
            sizes.append((at.n, at.d, at.m, at.C))
    assert sizes == [known.sizes] * len(NO_LUCK)


@pytest.mark.parametrize("name", MUTANTS)
def test_mutants_of_the_catalogue_fall(name: str) -> None:
    known = MUTANTS[name]
    found = falsify(known.claim, budget=2.0, seed=0, **known.options)
    assert found.status is Status.REFUTED


def test_the_catalogue_has_enough_of_them() -> None:
    assert len(MUTANTS) >= 35
    assert len(TRUE) >= 15
    assert len(FALSE) >= 20
