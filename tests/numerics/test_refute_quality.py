"""The engine itself: it must refute every mutant, shrink, replay, and repeat."""

import json
from dataclasses import replace

import numpy as np
import pytest

from landtheory.numerics.counterexample import Counterexample, replay
from landtheory.numerics.data import digits
from landtheory.numerics.refute import Settings, attack
from landtheory.numerics.run import TheoremVerdict, verify
from landtheory.theory import ACTIVATIONS, LOSSES, THEOREMS
from landtheory.theory.derivation import Derivation, Replay, StepResult
from landtheory.theory.derivations import DERIVATIONS
from landtheory.theory.expressions import call, name
from landtheory.theory.rules import identity
from landtheory.theory.theorems import Claim, Law, Theorem
from landtheory.verdict import Status


def everything(budget: float = 1.0, seed: int = 0) -> Settings:
    return Settings(
        activations=tuple(ACTIVATIONS.values()),
        losses=tuple(LOSSES.values()),
        budget=budget,
        seed=seed,
    )


def silent(stage: str, done: int, of: int) -> None:
    del stage, done, of


@pytest.mark.parametrize("theorem_id", list(THEOREMS))
def test_every_mutant_falls_is_small_and_replays(theorem_id: str) -> None:
    (result,), _ = attack((THEOREMS[theorem_id],), everything(), silent)
    assert result.surviving == []
    assert result.lost == []
    assert result.slack == []
    assert all(claim.status is not Status.REFUTED for claim in result.claims)
    for mutant in result.mutants:
        found = mutant.counterexample
        assert found is not None
        if isinstance(found, Counterexample):
            n, d = found.instances.x.shape[1:]
            assert n * d * found.instances.width <= 12
        record = json.loads(json.dumps(found.record()))
        assert replay(mutant.mutant.claim, record)


def false_theorem(**changes: object) -> Theorem:
    """T06 with its first claim replaced."""
    theorem = THEOREMS["T06"]
    claim = replace(theorem.claims[0], **changes)
    return replace(theorem, claims=(claim, *theorem.claims[1:]))


CxS, W, G_bb = name("CxS"), name("W"), name("G_bb")


@pytest.mark.parametrize(
    "law",
    [
        pytest.param(CxS.equals(2 * call("inner", W @ W.T, G_bb)), id="factor-2"),
        pytest.param(
            CxS.equals(call("inner", W @ W.T, name("H_bb"))), id="H-instead-of-G"
        ),
        pytest.param(CxS <= call("op", W) * call("tr", G_bb), id="wrong-power"),
        pytest.param(
            CxS * 1000000 <= call("inner", W @ W.T, G_bb) * 999999, id="by-1e-6"
        ),
    ],
)
def test_a_false_theorem_is_refuted(law: object) -> None:
    run = verify((false_theorem(law=law),), everything(), data=None, folklore=False)
    assert run.status is Status.REFUTED
    found = run.theorems[0].result.claims[0].broken
    assert found is not None
    assert abs(found.left - found.right) > found.bound


def test_a_claim_that_nothing_can_judge_is_undecided() -> None:
    def nothing(q: object, drawn: object) -> tuple[object, object, object]:
        del drawn
        return q.Cx, q.Cx, np.zeros(q.count, dtype=bool)

    law = Law(sides=nothing, relation="<=")
    run = verify((false_theorem(law=law),), everything(), data=None, folklore=False)
    assert run.status is Status.UNDECIDED


def test_a_mutant_that_is_true_keeps_the_theorem_undecided() -> None:
    theorem = THEOREMS["T06"]
    harmless = replace(theorem.mutants[0], claim=theorem.claims[0])
    changed = replace(theorem, mutants=(harmless, *theorem.mutants[1:]))
    run = verify((changed,), everything(), data=None, folklore=False)
    assert run.status is Status.UNDECIDED
    assert not run.theorems[0].verified


def test_a_witness_that_is_not_tight_keeps_the_theorem_undecided() -> None:
    theorem = THEOREMS["T07"]
    first, *others = theorem.witnesses
    loose = replace(first, example=first.example.but(A=((0, 0),)))
    changed = replace(theorem, witnesses=(loose, *others))
    run = verify((changed,), everything(), data=None, folklore=False)
    assert run.theorems[0].status is Status.UNDECIDED


def test_sampling_alone_never_proves() -> None:
    (result,), _ = attack((THEOREMS["T07"],), everything(), silent)
    assert TheoremVerdict(result=result).status is Status.SUPPORTED
    labels = tuple(claim.label for claim in result.theorem.claims)

    def status(proves: tuple[str, ...], letters: str, *, checked: bool) -> Status:
        steps = tuple(identity(letter, "", list) for letter in letters)
        replayed = Replay(
            derivation=Derivation(theorem="T07", proves=proves, steps=steps),
            results=tuple(
                StepResult(step=step, checked=checked or step is not steps[-1])
                for step in steps
            ),
        )
        return TheoremVerdict(result=result, replay=replayed).status

    every = "".join(sorted({label[0] for label in labels}))
    assert status(labels, every, checked=False) is Status.SUPPORTED
    assert status(labels[1:], every, checked=True) is Status.SUPPORTED
    assert status(labels, every[1:], checked=True) is Status.SUPPORTED
    assert status((), "", checked=True) is Status.SUPPORTED
    assert status(labels, every, checked=True) is Status.PROVED


def test_a_checked_derivation_proves_and_a_refutation_still_wins() -> None:
    theorems = tuple(THEOREMS[name] for name in DERIVATIONS)
    run = verify(theorems, everything(), data=None, folklore=False)
    for verdict in run.theorems:
        assert verdict.replay is not None
        claims = verdict.result.claims
        partial = len(verdict.replay.proved) < len(claims)
        expected = Status.SUPPORTED if partial else Status.PROVED
        assert verdict.status is expected
        proved = [c for c in claims if c.claim.label in verdict.replay.proved]
        assert {verdict.claim_status(claim) for claim in proved} == {Status.PROVED}
        assert len(verdict.replay.results) == verdict.replay.checked > 0
    wrong = false_theorem(law=CxS.equals(2 * call("inner", W @ W.T, G_bb)))
    run = verify((wrong,), everything(), data=None, folklore=False)
    assert run.theorems[0].status is Status.REFUTED


def test_the_same_seed_does_the_same() -> None:
    records = []
    for _ in range(2):
        (result,), _ = attack((THEOREMS["T08"],), everything(seed=7), silent)
        records.append(
            [
                [(c.judged, c.ratio) for c in result.claims],
                [m.counterexample.record() for m in result.mutants],
            ]
        )
    assert json.dumps(records[0]) == json.dumps(records[1])


def test_the_budget_buys_work_not_time() -> None:
    counts = []
    for budget in (0.5, 3.0):
        (result,), _ = attack((THEOREMS["T06"],), everything(budget=budget), silent)
        counts.append(result.claims[0].judged)
    assert counts[1] > 2 * counts[0]


def test_a_trained_network_is_judged_and_a_false_claim_breaks_there() -> None:
    data = digits(samples=30, seed=0)
    settings = replace(everything(), activations=(ACTIVATIONS["tanh"],))
    run = verify((THEOREMS["T07"],), settings, data=data, folklore=False)
    (real,) = run.real
    assert real.residual <= 1e-10
    assert all(line.judged and not line.broken for line in real.lines)
    wrong: Claim = replace(
        THEOREMS["T07"].claims[2], law=call("op", W) ** 2 * call("tr", G_bb) <= CxS
    )
    changed = replace(THEOREMS["T07"], claims=(wrong,), witnesses=())
    run = verify((changed,), settings, data=data, folklore=False)
    assert run.real[0].lines[0].broken
