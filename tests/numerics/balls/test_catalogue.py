"""numerics/balls/quantities.py: the catalogue is judged by the referee.

True claims never fail, and false ones do: mutants at instances that the floats found, and
what the catalogue itself says fails without a hypothesis.
"""

import zlib
from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from landtheory.numerics.balls import (
    Judgement,
    exact_instance,
    judge_claim_exactly,
    made_critical,
)
from landtheory.numerics.balls.calibration import within_bounds
from landtheory.numerics.balls.drawing import BallDrawn
from landtheory.numerics.balls.numbers import precision
from landtheory.numerics.balls.points import point_of
from landtheory.numerics.balls.quantities import BallQuantities
from landtheory.numerics.drawn import Drawn, draw
from landtheory.numerics.examples import drawn_of, instances_of
from landtheory.numerics.hunting import own_batches
from landtheory.numerics.instances import Instances
from landtheory.numerics.judge import judge
from landtheory.numerics.quantities import Quantities
from landtheory.numerics.sampling import Shape, sample
from landtheory.theory.activations import get_activation
from landtheory.theory.catalogue import REFUTATIONS, THEOREMS
from landtheory.theory.losses import get_loss
from landtheory.theory.theorems import Claim, Example, Law, Mutant, Theorem
from landtheory.theory.worlds import NETWORKS

ROUNDED = {("T11", "b.2")}
"""Equations at a rounded α, true only at (P/Q)^¼ itself: the referee abstains."""

LEFT_OUT = {
    "0.45 Λ‖v‖² in place of ½ Λ‖v‖²",
    "α⁻¹ in place of α⁻²",
    "1 in place of 2 in Flat",
    "Flat attained on every orbit",
}
"""Mutants that take longer to find than a test may, and those of `ROUNDED`."""

THEOREMS_OF_NETWORKS = [
    theorem for theorem in THEOREMS.values() if NETWORKS in theorem.worlds
]


def claims(theorem: Theorem) -> list[Claim]:
    return [claim for claim in theorem.claims if claim.world == NETWORKS]


def judged(claim: Claim, instances: Instances, drawn: Drawn, cap: int) -> Judgement:
    instance = exact_instance(instances)
    if "critical" in claim.assumes:
        instance = made_critical(instance) or instance
    return judge_claim_exactly(claim, instance, drawn, cap=cap)


@cache
def small(claim: Claim, seed: int) -> list[tuple[Instances, Drawn]]:
    """Two small instances that the claim speaks of, as the engine draws them."""
    rng = np.random.default_rng(seed)
    found = []
    for instances, drawn, _ in own_batches(
        claim, claim.activations, claim.losses, rng, batches=30, count=1
    ):
        found.append((instances, drawn))
        if len(found) == 2:
            break
    return found


@pytest.mark.parametrize("theorem", THEOREMS_OF_NETWORKS, ids=lambda t: t.id)
def test_no_claim_fails(theorem: Theorem) -> None:
    outcomes: Counter[str] = Counter()
    for number, claim in enumerate(claims(theorem)):
        for instances, drawn in small(claim, number):
            verdict = judged(claim, instances, drawn, 106)
            assert verdict.outcome != "fails", (claim.label, verdict)
            outcomes[verdict.outcome] += 1
    assert outcomes["holds"] + outcomes["equal"] > 0 or theorem.id == "T10"


def found_by_floats(mutant: Mutant) -> list[tuple[Instances, Drawn]]:
    claim = mutant.claim
    rng = np.random.default_rng(zlib.crc32(mutant.name.encode()))
    found = []
    for instances, drawn, q in own_batches(
        claim, claim.activations, claim.losses, rng, batches=120, count=16
    ):
        for row in np.flatnonzero(judge(claim, q, drawn).broken)[:4]:
            one = slice(int(row), int(row) + 1)
            found.append((instances.take(one), drawn.take(one)))
        if len(found) >= 4:
            break
    return found


@pytest.mark.parametrize("theorem", THEOREMS_OF_NETWORKS, ids=lambda t: t.id)
def test_mutants_fail_where_the_floats_say_so(theorem: Theorem) -> None:
    # every fourth: all of them are judged by the engine's own runs
    mutants = [m for m in theorem.mutants[::4] if m.claim.world == NETWORKS]
    for mutant in mutants:
        if mutant.name in LEFT_OUT:
            continue
        verdicts = [judged(mutant.claim, *one, 424) for one in found_by_floats(mutant)]
        assert any(verdict.outcome == "fails" for verdict in verdicts), mutant.name


def test_what_the_referee_abstains_from_is_listed() -> None:
    (name, label) = next(iter(ROUNDED))
    claim = THEOREMS[name].claim(label)
    rng = np.random.default_rng(0)
    instances = sample(
        get_activation("relu"), get_loss("squared"), Shape(n=3, d=2, m=2, C=1), "free", 4, rng
    )  # fmt: skip
    drawn = draw(instances, rng)
    outcomes = {
        judged(claim, instances.take(one), drawn.take(one), 424).reason
        for one in (slice(k, k + 1) for k in range(len(instances)))
    }
    assert "the sides of this equation are rounded" in outcomes


EXAMPLES = [
    (f"{theorem.id} {counter.dropped}", counter.claim, counter.example)
    for theorem in THEOREMS_OF_NETWORKS
    for counter in theorem.counterexamples
    if isinstance(counter.example, Example)
] + [
    (f"{refutation.id}.{number}", case.claim, case.example)
    for refutation in REFUTATIONS.values()
    for number, case in enumerate(refutation.cases)
    if isinstance(case.example, Example)
]


@pytest.mark.parametrize(
    ("claim", "example"), [e[1:] for e in EXAMPLES], ids=[e[0] for e in EXAMPLES]
)
def test_counterexamples_of_the_catalogue_are_certified(
    claim: Claim, example: Example
) -> None:
    instances = instances_of(example)
    verdict = judged(claim, instances, drawn_of(example, instances), 424)
    assert verdict.outcome == "fails", verdict


@pytest.mark.parametrize("theorem", THEOREMS_OF_NETWORKS, ids=lambda t: t.id)
def test_witnesses_attain_their_claims(theorem: Theorem) -> None:
    for witness in theorem.witnesses:
        if not isinstance(witness.example, Example):
            continue
        instances = instances_of(witness.example)
        drawn = drawn_of(witness.example, instances)
        for label in witness.labels:
            claim = theorem.claim(label)
            verdict = judged(claim, instances, drawn, 424)
            assert verdict.outcome in ("holds", "equal"), (label, verdict)
            if witness.ratio == 1:
                strict = replace(claim, law=replace(claim.law, relation="<"))
                verdict = judged(strict, instances, drawn, 424)
                assert verdict.outcome in ("fails", "equal"), (label, verdict)


LAW_CASES = [
    ("relu", "softmax", Shape(n=2, d=2, m=3, C=2)),
    ("tanh", "squared", Shape(n=3, d=2, m=1, C=2)),
    ("relu", "squared", Shape(n=4, d=1, m=2, C=1)),
    ("sigmoid", "logistic", Shape(n=2, d=3, m=2, C=1)),
]


def laws_of(activation: str, loss: str, shape: Shape) -> list[tuple[str, Law]]:
    """Those that speak of such networks and take no direction from their own floats."""
    return [
        (f"{theorem.id} {claim.label}", claim.law)
        for theorem in THEOREMS_OF_NETWORKS
        for claim in claims(theorem)
        if activation in claim.activations
        and loss in claim.losses
        and (claim.outputs == "any" or shape.C == 1)
        and isinstance(claim.law, Law)
        and theorem.id != "T26"
        and (theorem.id, claim.label) not in ROUNDED
    ]


@pytest.mark.parametrize(("activation", "loss", "shape"), LAW_CASES)
def test_the_bounds_of_the_floats_contain_both_sides_of_every_law(
    activation: str, loss: str, shape: Shape
) -> None:
    rng = np.random.default_rng(8)
    found = sample(
        get_activation(activation), get_loss(loss), shape, "free", 4, rng
    ).take(slice(0, 1))
    drawn, q = draw(found, rng), Quantities(found)
    laws = laws_of(activation, loss, shape)
    assert len(laws) >= 30
    with precision(160), np.errstate(all="ignore"):
        balls, exact = BallQuantities(point_of(exact_instance(found))), BallDrawn(drawn)
        for name, law in laws:
            pairs = zip(
                law.sides(q, drawn)[:2], law.sides(balls, exact)[:2], strict=True
            )
            assert all(within_bounds(*pair).all() for pair in pairs), name
