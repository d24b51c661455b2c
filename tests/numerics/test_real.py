"""numerics/real.py: claims at trained networks, and networks that are not trained."""

import json
from dataclasses import replace

import numpy as np
import pytest

from landtheory.errors import InputError
from landtheory.numerics import memory
from landtheory.numerics.arrays import Matrix
from landtheory.numerics.bounded import Bounded, exact
from landtheory.numerics.counterexample import replay
from landtheory.numerics.data import digits
from landtheory.numerics.quantities import Quantities
from landtheory.numerics.real import real_instances, refuse_large_data
from landtheory.numerics.refute import Settings
from landtheory.numerics.rejudge import FAILED
from landtheory.numerics.run import Run, verify
from landtheory.theory import THEOREMS, get_activation, get_loss
from landtheory.theory.theorems import Law, Theorem
from landtheory.verdict import Status

SQUARED = get_loss("squared")


def run(
    theorems: tuple[Theorem, ...],
    data: tuple[Matrix, Matrix] | None,
    activation: str = "tanh",
    loss: str = "squared",
) -> Run:
    settings = Settings(
        activations=(get_activation(activation),),
        losses=(get_loss(loss),),
        budget=0.2,
        seed=0,
    )
    return verify(theorems, settings, data=data, folklore=False)


def false_at_width_32(q: Quantities, drawn: object) -> tuple[Bounded, Bounded]:
    del drawn
    return exact(np.full(q.count, float(q.m == 32))), exact(np.zeros(q.count))


def test_a_claim_that_floats_break_at_a_trained_network_is_undecided() -> None:
    # a network so large is beyond the referee, and floats alone refute nothing
    theorem = THEOREMS["T08"]
    law = Law(sides=false_at_width_32, relation="<=")
    wrong = replace(theorem.claims[0], law=law)
    lie = replace(theorem, claims=(wrong, *theorem.claims[1:]))
    found = run((lie,), digits(samples=10, seed=0))
    assert found.status is Status.UNDECIDED
    (verdict,) = found.theorems
    assert verdict.status is Status.UNDECIDED
    (ruling,) = verdict.result.claims[0].rulings
    assert ruling.way == FAILED
    assert "parameters are more than" in ruling.judgement.reason
    assert [c.broken is not None for c in verdict.result.claims].count(True) == 1
    broken = verdict.result.claims[0].broken
    assert broken is not None
    assert replay(wrong, json.loads(json.dumps(broken.record())))


@pytest.mark.parametrize(
    ("X", "y", "activation"),
    [
        (np.ones((3, 2)), np.arange(3.0)[:, None], "tanh"),
        (*digits(samples=100, seed=0), "identity"),
    ],
    ids=["one input, three targets", "linear"],
)
def test_data_that_are_not_interpolated_cost_the_network_alone(
    X: Matrix, y: Matrix, activation: str
) -> None:
    found = run((THEOREMS["T08"],), (X, y), activation)
    (real,) = found.real
    assert real.lines == ()
    assert real.untrained is not None
    assert "expected at most" in real.untrained
    assert found.status is Status.SUPPORTED


def test_claims_that_are_too_dear_are_named() -> None:
    (real,) = real_instances(
        (THEOREMS["T12"],),
        *digits(samples=5, seed=0),
        loss=SQUARED,
        activations=("relu",),
        budget=1.0,
        seed=0,
        progress=lambda stage, done, of: None,
    )
    assert real.skipped == tuple(
        f"T12({claim.label})"
        for claim in THEOREMS["T12"].claims
        if claim.dear and claim.outputs == "any" and "relu" in claim.activations
    )
    assert real.skipped


@pytest.mark.parametrize(
    ("n", "d", "name"), [(1500, 3, "NTK Gram matrix"), (2, 60, "Hessian")]
)
def test_data_that_do_not_fit_in_memory_are_refused_before_anything(
    n: int, d: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 2 * 10**7)
    with pytest.raises(InputError, match=rf"{name}.* expected an array that fits in"):
        refuse_large_data(np.zeros((n, d)), np.zeros((n, 1)), loss=SQUARED)


def test_theorems_that_say_nothing_are_listed() -> None:
    found = run((THEOREMS["T03"], THEOREMS["T08"]), None)
    assert [verdict.result.theorem.id for verdict in found.theorems] == ["T08"]
    assert [theorem.id for theorem in found.uncovered] == ["T03"]


def test_what_is_wrong_is_named_where_nothing_is_said() -> None:
    with pytest.raises(InputError, match=r"loss is 'squared'; .* choose among .*soft"):
        run((THEOREMS["T27"],), None)
    with pytest.raises(
        InputError, match=r"activation is 'tanh'; .* among identity, re"
    ):
        run((THEOREMS["T03"],), None)
