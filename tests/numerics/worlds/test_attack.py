"""numerics/worlds/attack.py: what is false falls and is certified, what is true stands."""

import io
import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from landtheory.numerics.counterexample import replay
from landtheory.numerics.data import digits
from landtheory.numerics.judge import applicable
from landtheory.numerics.quantities import Quantities
from landtheory.numerics.refute import Settings, TheoremResult, attack
from landtheory.numerics.run import Run, verify
from landtheory.numerics.run_record import run_record
from landtheory.numerics.sampling import Shape, sample
from landtheory.numerics.worlds.attack import LEAST, PER_SECOND
from landtheory.numerics.worlds.counterexample import WorldCounterexample
from landtheory.records import to_json
from landtheory.report import show_run
from landtheory.theory import THEOREMS, get_activation, get_loss
from landtheory.theory.catalogue.laws import law_of
from landtheory.theory.theorems import Claim, Mutant, Theorem
from landtheory.verdict import Status

SEEDS = (1, 2)
WORLD = "quadratic-forms"
OURS = ("T15", "T16", "T17", "T29")


def nothing(budget: float = 1.0, seed: int = 0) -> Settings:
    return Settings(activations=(), losses=(), budget=budget, seed=seed)


def silent(stage: str, done: int, of: int) -> None:
    del stage, done, of


def attacked(theorem: Theorem, **settings: Any) -> TheoremResult:
    (result,), cut = attack((theorem,), nothing(**settings), silent)
    assert not cut
    return result


def made(sides: Any, relation: Any = "<=", mutants: tuple[Mutant, ...] = ()) -> Theorem:
    """T29 with one claim."""
    law = law_of(WORLD, sides, relation)
    claim = Claim(label="a", statement="", law=law)
    return replace(
        THEOREMS["T29"],
        claims=(claim,),
        mutants=mutants,
        witnesses=(),
        counterexamples=(),
    )


def verified(*theorems: Theorem, **changes: Any) -> Run:
    settings = Settings(
        activations=(get_activation("tanh"),),
        losses=(get_loss("squared"),),
        budget=0.2,
        seed=0,
    )
    arguments: dict[str, Any] = {"data": None, "folklore": False, **changes}
    return verify(theorems, settings, **arguments)


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("seed", SEEDS)
def test_mutants_fall_and_claims_stand_whatever_the_seed(name: str, seed: int) -> None:
    result = attacked(THEOREMS[name], seed=seed)
    assert result.sound, (result.surviving, result.lost, result.slack)
    for claim in result.claims:
        assert claim.covered
        assert claim.judged
        assert claim.status is Status.SUPPORTED
    for mutant in result.mutants:
        found = mutant.counterexample
        assert isinstance(found, WorldCounterexample)
        record = json.loads(to_json(found.record()))
        assert record["certified"]
        assert replay(mutant.mutant.claim, record)
        assert not replay(result.theorem.claim(mutant.mutant.claim.label), record)


def test_what_refutes_is_shrunk_to_the_simplest() -> None:
    """s^{p/2} for s^p differs at p = 1 and s = 2, and nowhere simpler."""
    result = attacked(THEOREMS["T16"])
    found = next(
        one.counterexample
        for one in result.mutants
        if one.mutant.name == "s^(p/2) in place of s^p"
    )
    assert isinstance(found, WorldCounterexample)
    assert found.thing.spectrum == (1,)
    assert found.thing.scale == 2
    ones = ("epsilon", "radius", "variance", "beta")
    assert all(getattr(found.thing, name) == 1 for name in ones)
    smallest = {
        len(one.counterexample.thing.spectrum)
        for one in result.mutants
        if isinstance(one.counterexample, WorldCounterexample)
    }
    assert max(smallest) <= 2


@pytest.mark.parametrize(
    ("sides", "relation"),
    [
        pytest.param(
            lambda q: (q.first.evidence, q.first.evidence * (1 - q.ball(2) ** -90)),
            "<=",
            id="by-2^-90",
        ),
        pytest.param(lambda q: (q.first.mass, q.steeper.mass), "<=", id="wrong-way"),
        pytest.param(lambda q: (q.first.k, q.p), "==", id="exact"),
        pytest.param(
            lambda q: (q.first.k, q.p, q.first.k != 3), "==", id="where-it-applies"
        ),
    ],
)
def test_a_false_claim_is_refuted(sides: Any, relation: Any) -> None:
    run = verified(made(sides, relation))
    assert run.status is Status.REFUTED
    found = run.theorems[0].result.claims[0].broken
    assert isinstance(found, WorldCounterexample)


def test_what_nothing_can_judge_is_undecided() -> None:
    for sides in (
        lambda q: (1, 0, False),
        lambda q: (q.ball(0).log(), q.ball(1)),
        lambda q: ((), ()),
    ):
        run = verified(made(sides))
        assert run.status is Status.UNDECIDED


def test_a_mutant_that_is_true_keeps_the_theorem_undecided() -> None:
    theorem = made(lambda q: (q.first.k, q.p))
    harmless = Mutant(name="the same", claim=theorem.claims[0])
    run = verified(replace(theorem, mutants=(harmless,)))
    assert run.theorems[0].result.surviving == [harmless]
    assert run.status is Status.UNDECIDED


def test_a_slack_witness_or_a_lost_counterexample_is_seen() -> None:
    theorem = replace(THEOREMS["T29"], mutants=())
    witness, counter = theorem.witnesses[1], theorem.counterexamples[0]
    loose = replace(witness, example=witness.example.but(epsilon=1))
    result = attacked(replace(theorem, witnesses=(loose,)))
    assert result.slack == [loose]
    harmless = replace(counter, example=counter.example.but(centre=(1,)))
    result = attacked(replace(theorem, counterexamples=(harmless,)))
    assert result.lost == [counter.dropped]
    # equalities are attained nowhere in particular
    equal = replace(THEOREMS["T15"].witnesses[0], labels=("a.1",))
    result = attacked(replace(THEOREMS["T15"], witnesses=(equal,), mutants=()))
    assert result.slack == [equal]


def test_a_claim_is_judged_on_the_same_instances_whatever_else_is_verified() -> None:
    def told(theorems: tuple[Theorem, ...]) -> Any:
        results, _ = attack(theorems, nothing(), silent)
        result = next(one for one in results if one.theorem.id == "T29")
        return [
            [(c.judged, c.ratio) for c in result.claims],
            [m.counterexample.record() for m in result.mutants],
        ]

    alone = told((THEOREMS["T29"],))
    assert told((THEOREMS["T17"], THEOREMS["T29"])) == alone
    assert told((THEOREMS["T29"],)) == alone


def test_the_budget_buys_instances() -> None:
    theorem = made(lambda q: (q.first.k, q.p))
    assert attacked(theorem, budget=1.0).claims[0].judged == LEAST
    many = attacked(theorem, budget=20.0).claims[0].judged
    assert many == 20 * PER_SECOND > LEAST


def test_networks_are_attacked_as_before_beside_other_worlds() -> None:
    def told(theorems: tuple[Theorem, ...]) -> Any:
        settings = replace(
            nothing(),
            activations=(get_activation("tanh"),),
            losses=(get_loss("squared"),),
        )
        results, _ = attack(theorems, settings, silent)
        result = next(one for one in results if one.theorem.id == "T08")
        return [
            [(c.judged, c.ratio) for c in result.claims],
            [m.counterexample.record() for m in result.mutants],
        ]

    assert told((THEOREMS["T08"],)) == told((THEOREMS["T29"], THEOREMS["T08"]))


def test_no_network_is_trained_for_other_worlds_and_all_are_covered() -> None:
    run = verified(THEOREMS["T17"], data=digits(samples=10, seed=0))
    assert run.real == ()
    assert run.uncovered == ()
    assert run.status is Status.SUPPORTED
    only_softmax = Settings(
        activations=(get_activation("relu"),),
        losses=(get_loss("softmax"),),
        budget=0.2,
        seed=0,
    )
    theorems = (THEOREMS["T17"], THEOREMS["T08"])
    run = verify(theorems, only_softmax, data=None, folklore=False)
    assert [one.result.theorem.id for one in run.theorems] == ["T17"]
    assert [one.id for one in run.uncovered] == ["T08"]


def shown(run: Run) -> str:
    out = io.StringIO()
    show_run(run, Console(file=out, width=200))
    return out.getvalue()


def test_a_refutation_is_shown_and_recorded_as_certified() -> None:
    run = verified(made(lambda q: (q.first.k + 1, q.p)))
    assert "T29(a) fails, which is certified: 2 against 1 at quadratic-forms with" in (
        shown(run).replace("\n", " ")
    )
    record = json.loads(to_json(run_record(run, version="0", settings={})))
    (claim,) = record["theorems"][0]["claims"]
    assert claim["world"] == WORLD
    assert claim["verdict"] == "refuted"
    found = claim["counterexample"]
    assert (found["world"], found["certified"], found["precision"]) == (
        WORLD,
        True,
        128,
    )
    assert found["instance"]["spectrum"] == ["1"]
    assert replay(run.theorems[0].result.claims[0].claim, found)


def test_no_network_is_judged_by_a_claim_of_another_world() -> None:
    activation, loss = get_activation("tanh"), get_loss("squared")
    shape = Shape(n=2, d=1, m=1, C=1)
    batch = sample(activation, loss, shape, "free", 3, np.random.default_rng(0))
    q = Quantities(batch)
    assert not any(applicable(claim, q) for claim in THEOREMS["T29"].claims)
    assert any(applicable(claim, q) for claim in THEOREMS["T08"].claims)


def test_records_of_fractions_replay() -> None:
    theorem = THEOREMS["T29"]
    example = theorem.witnesses[1].example
    record = {
        "world": WORLD,
        "instance": {"spectrum": ["1"], "scale": "1/2"},
    }
    assert example.values["epsilon"] == Fraction(1, 10**8)
    assert replay(theorem.counterexamples[1].claim, record)
    assert not replay(theorem.claim("c.3"), record)
