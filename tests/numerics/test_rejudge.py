"""numerics/rejudge.py: floats accuse, and only ball arithmetic convicts."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from landtheory.numerics.drawn import draw
from landtheory.numerics.quantities import Quantities
from landtheory.numerics.refute import Settings, TheoremResult, attack
from landtheory.numerics.rejudge import FAILED, LARGEST, rule
from landtheory.numerics.results import SUSPECTS
from landtheory.numerics.run import TheoremVerdict, verify
from landtheory.numerics.sampling import Shape, sample
from landtheory.theory import THEOREMS, get_activation, get_loss
from landtheory.theory.theorems import Claim, Law, Mutant, Theorem
from landtheory.verdict import Status

QUICK = Settings(
    activations=(get_activation("relu"), get_activation("tanh")),
    losses=(get_loss("squared"),),
    budget=0.2,
    seed=0,
)


def silent(stage: str, done: int, of: int) -> None:
    del stage, done, of


def theorem_of(claim: Claim) -> Theorem:
    """T06 with this claim, and as its mutant, in place of all others."""
    mutant = Mutant(name="the same", claim=claim)
    return replace(
        THEOREMS["T06"],
        claims=(claim,),
        mutants=(mutant,),
        witnesses=(),
        counterexamples=(),
    )


def attacked(claim: Claim) -> TheoremResult:
    (result,), _ = attack((theorem_of(claim),), QUICK, silent)
    return result


def claim(sides: Callable[[Any, Any], tuple[Any, ...]]) -> Claim:
    return replace(THEOREMS["T06"].claims[0], law=Law(sides=sides, relation="<="))


def wrong_in_floats(q: Any, drawn: Any) -> tuple[Any, Any]:
    """Cx <= Cx, but for a kernel with a defect."""
    return (q.Cx + 1.0 if isinstance(q, Quantities) else q.Cx), q.Cx


def wrong_in_truth(q: Any, drawn: Any) -> tuple[Any, Any]:
    """Cx + 1 <= Cx, which a defect hides from the floats."""
    return (q.Cx if isinstance(q, Quantities) else q.Cx + 1.0), q.Cx


def false(q: Any, drawn: Any) -> tuple[Any, Any]:
    return q.Cx + 1.0, q.Cx


def test_what_floats_alone_say_is_undecided() -> None:
    result = attacked(claim(wrong_in_floats))
    (found,) = result.claims
    assert found.broken is not None
    assert [ruling.way for ruling in found.rulings] == [FAILED]
    assert found.rulings[0].judgement.outcome in ("holds", "equal")
    assert found.status is Status.UNDECIDED
    assert TheoremVerdict(result=result).status is Status.UNDECIDED


def test_a_mutant_that_floats_alone_refute_survives() -> None:
    result = attacked(claim(wrong_in_floats))
    (mutant,) = result.mutants
    assert mutant.counterexample is not None
    assert not mutant.refuted
    assert not mutant.certified
    assert result.surviving == [mutant.mutant]


def test_what_floats_miss_is_refuted_where_it_is_suspicious() -> None:
    (found,) = attacked(claim(wrong_in_truth)).claims
    assert found.broken is not None
    assert found.certified
    assert found.status is Status.REFUTED
    assert found.broken.left > found.broken.right


def test_what_is_false_is_refuted_with_certainty() -> None:
    run = verify((theorem_of(claim(false)),), QUICK, data=None, folklore=False)
    (verdict,) = run.theorems
    (found,), (mutant,) = verdict.result.claims, verdict.result.mutants
    assert run.status is Status.REFUTED
    assert found.certified
    assert mutant.certified
    assert mutant.refuted


def test_the_nearest_calls_are_judged_again() -> None:
    (result,), _ = attack((THEOREMS["T07"],), QUICK, silent)
    for found in result.covered:
        if found.judged:
            assert 1 <= len(found.rulings) <= SUSPECTS
            ratios = [suspect.ratio for suspect in found.suspects]
            assert ratios == sorted(ratios, reverse=True)
    assert all(
        ruling.judgement.outcome in ("holds", "equal")
        for found in result.covered
        for ruling in found.rulings
    )


@pytest.mark.parametrize("activation", ["leaky_relu", "relu"])
def test_a_critical_point_is_made_one_exactly(activation: str) -> None:
    rng = np.random.default_rng(0)
    shape = Shape(n=6, d=1, m=1, C=1)
    loss = get_loss("squared")
    batch = sample(get_activation(activation), loss, shape, "critical", 4, rng)
    assumed = replace(claim(false), assumes=("critical",))
    assert len(batch)
    one = batch.take(slice(0, 1))
    ruling = rule(assumed, one, draw(one, rng), way="here")
    assert ruling.judgement.outcome == "fails"
    assert ruling.way == "here"


def test_a_network_that_is_too_large_is_left_undecided() -> None:
    rng = np.random.default_rng(0)
    shape = Shape(n=2, d=9, m=6, C=2)
    batch = sample(get_activation("relu"), get_loss("squared"), shape, "free", 1, rng)
    ruling = rule(claim(false), batch, draw(batch, rng), way=FAILED)
    assert ruling.instance.p > LARGEST
    assert ruling.judgement.outcome == "unknown"
    assert ruling.judgement.reason == (
        f"{ruling.instance.p} parameters are more than the {LARGEST} that it judges"
    )


def too_sure(q: Any, drawn: Any) -> tuple[Any, Any]:
    """Cx <= Cx + 1, from floats whose error bound leaves an error out."""
    left = q.Cx * (1.0 + 1e-9) if isinstance(q, Quantities) else q.Cx
    return left, q.Cx + 1.0


def test_an_error_bound_that_is_too_small_leaves_a_claim_undecided() -> None:
    result = attacked(claim(too_sure))
    (found,) = result.claims
    assert found.broken is None
    assert any(ruling.calibrated is False for ruling in found.rulings)
    assert found.status is Status.UNDECIDED


def test_the_floats_are_examined_wherever_they_are_judged_again() -> None:
    (result,), _ = attack((THEOREMS["T06"],), QUICK, silent)
    assert all(
        ruling.calibrated for found in result.covered for ruling in found.rulings
    )
