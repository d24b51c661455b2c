"""Which networks exist: held against the catalogue's definitions of the losses."""

import re

import numpy as np
import pytest

from landtheory.errors import InputError
from landtheory.numerics.conjectures.agenda import ATTACKS, agenda
from landtheory.numerics.conjectures.assumptions import Assumptions, parse_assumptions
from landtheory.numerics.conjectures.conjecture import Conjecture
from landtheory.numerics.conjectures.kinds import Kind, existing_kinds
from landtheory.numerics.conjectures.tried_shapes import (
    shapes_for,
    sizes_of,
    smaller_shapes,
    weight,
)
from landtheory.numerics.sampling import Shape
from landtheory.theory.activations import ACTIVATIONS
from landtheory.theory.language import parse_claim
from landtheory.theory.losses import LOSSES

RELU, TANH = ACTIVATIONS["relu"], ACTIVATIONS["tanh"]


def test_combinations_that_do_not_exist_are_skipped_and_named() -> None:
    kinds, skipped = existing_kinds(
        (RELU,), tuple(LOSSES.values()), (1, 2), frozenset()
    )
    assert [kind.label for kind in kinds] == [
        "relu, squared, C = 1",
        "relu, squared, C = 2",
        "relu, logistic, C = 1",
        "relu, softmax, C = 2",
    ]
    assert skipped == (
        "logistic with C = 2: the logistic loss has one output",
        "softmax with C = 1: the softmax loss has at least two outputs",
    )


def test_flat_is_for_piecewise_linear_units() -> None:
    losses = (LOSSES["squared"],)
    kinds, skipped = existing_kinds((RELU, TANH), losses, (1,), frozenset({"Flat"}))
    assert [kind.activation.name for kind in kinds] == ["relu"]
    assert skipped == ("tanh: Flat is defined for piecewise-linear σ only",)
    both, nothing = existing_kinds((RELU, TANH), losses, (1,), frozenset({"H"}))
    assert len(both) == 2
    assert not nothing


def test_no_network_at_all_is_an_error() -> None:
    sentence = (
        "outputs is '1' with activation 'tanh' and loss 'softmax'; expected a network "
        "that exists: softmax with C = 1: the softmax loss has at least two outputs"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        existing_kinds((TANH,), (LOSSES["softmax"],), (1,), frozenset())
    sentence = (
        "outputs is '1' with activation 'tanh' and loss 'squared'; expected a network "
        "that exists: tanh: Flat is defined for piecewise-linear σ only"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        existing_kinds((TANH,), (LOSSES["squared"],), (1,), frozenset({"Flat"}))


def conjecture(*assume: str, outputs: tuple[int, ...] = (1, 2)) -> Conjecture:
    losses = (LOSSES["squared"],)
    return Conjecture(
        claim=parse_claim("L >= 0"),
        assumptions=parse_assumptions(assume, losses),
        kinds=existing_kinds((RELU, TANH), losses, outputs, frozenset())[0],
    )


def test_every_kind_and_every_attack_is_in_the_agenda() -> None:
    rng = np.random.default_rng(0)
    items = agenda(conjecture(), budget=1.0, rng=rng)
    assert {item.kind for item in items} == set(conjecture().kinds)
    assert {item.attack for item in items} == set(ATTACKS)
    again = agenda(conjecture(), budget=1.0, rng=np.random.default_rng(0))
    assert again == items
    tiny = agenda(conjecture(), budget=1e-3, rng=rng)
    assert len(tiny) == len(conjecture().kinds)


def test_twice_the_budget_is_twice_the_work() -> None:
    one = agenda(conjecture(), budget=2.0, rng=np.random.default_rng(0))
    two = agenda(conjecture(), budget=4.0, rng=np.random.default_rng(0))
    assert len(two) == 2 * len(one)


def test_sizes_that_are_assumed_are_the_only_ones() -> None:
    items = agenda(
        conjecture("m <= d", "n > m"), budget=2.0, rng=np.random.default_rng(0)
    )
    shapes = {item.shape for item in items}
    assert len(shapes) > 3
    assert all(shape.m <= shape.d and shape.n > shape.m for shape in shapes)


def test_large_sizes_are_found_where_small_ones_are_not_allowed() -> None:
    found = shapes_for(1, lambda sizes: sizes["m"] >= 20 and sizes["n"] >= 9)
    assert found[0] == Shape(n=10, d=1, m=24, C=1)
    assert shapes_for(1, lambda sizes: sizes["m"] > 100) == ()
    # spectra of so many parameters would take minutes
    assert shapes_for(1, lambda sizes: sizes["m"] >= 16 and sizes["d"] >= 10) == ()


def test_impossible_sizes_leave_an_empty_agenda() -> None:
    items = agenda(conjecture("m > 100"), budget=1.0, rng=np.random.default_rng(0))
    assert items == ()


def test_smaller_shapes_are_smaller_and_sorted_and_complete() -> None:
    below = Shape(n=2, d=3, m=2, C=2)
    found = smaller_shapes(below, (1, 2), lambda sizes: sizes["m"] <= sizes["d"])
    assert found[0] == Shape(n=1, d=1, m=1, C=1)
    weights = list(map(weight, found))
    assert weights == sorted(weights)
    assert all(w < weight(below) for w in weights)
    assert all(shape.m <= shape.d and shape.C in (1, 2) for shape in found)
    # also where one size is larger, as long as the others make up for it
    assert Shape(n=6, d=1, m=1, C=1) not in found
    assert Shape(n=5, d=1, m=1, C=1) in found
    assert below not in found


def test_sizes_have_the_parameters_of_the_catalogue() -> None:
    assert sizes_of(Shape(n=7, d=2, m=3, C=2)) == {
        "n": 7, "d": 2, "m": 3, "C": 2, "p": 3 * 2 + 3 + 3 * 2 + 2,
    }  # fmt: skip


def test_nothing_assumed_allows_everything() -> None:
    assert Assumptions().allow({"n": 1, "d": 1, "m": 9, "C": 1, "p": 28})
    kind = Kind(activation=RELU, loss=LOSSES["squared"], outputs=3)
    assert kind.label == "relu, squared, C = 3"
