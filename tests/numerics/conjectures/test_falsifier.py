"""`falsify` from end to end, with engines that lie planted in it."""

import hashlib
import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import landtheory
from landtheory.errors import InputError
from landtheory.numerics import Falsification, falsify
from landtheory.numerics.balls.referee import judge_exactly
from landtheory.numerics.conjectures import search as searching
from landtheory.numerics.conjectures import shrinking
from landtheory.numerics.conjectures.assumptions import Assumptions
from landtheory.numerics.conjectures.falsifier import OUTPUTS
from landtheory.numerics.conjectures.identity import claim_hash, code_hash
from landtheory.numerics.conjectures.ruling import certainly_met
from landtheory.numerics.conjectures.scoring import Scores
from landtheory.theory.activations import activation_from_expression
from landtheory.theory.language import parse_claim
from landtheory.theory.symbols import PREACTIVATION
from landtheory.verdict import Status

QUICK: dict[str, Any] = {"budget": 0.3, "seed": 0}


def confirmed(found: Falsification) -> bool:
    """Whether the referee, asked anew, says that it fails where all is assumed."""
    counterexample = found.counterexample
    if counterexample is None:
        return False
    judgement = judge_exactly(
        parse_claim(found.claim),
        counterexample.instance,
        assumes=found.hypotheses,  # names only, here
    )
    return judgement.outcome == "fails" and counterexample.certified


def test_a_false_claim_is_refuted_at_the_smallest_network() -> None:
    found = falsify("Cx <= op(W) * tr(G_bb)", activations=("relu",), **QUICK)
    assert found.status is Status.REFUTED
    assert confirmed(found)
    at = found.counterexample.instance
    assert (at.n, at.d, at.m, at.C) == (1, 1, 1, 1)
    # a² s1² w² against |w| a² s1²: w = 2, and whatever keeps the unit on
    assert abs(at.W[0][0]) == 2
    assert at.b[0] + at.W[0][0] * at.x[0][0] > 0
    assert found.counterexample.left == "4"
    assert found.counterexample.right == "2"


def test_a_true_claim_is_supported_with_what_was_tried() -> None:
    found = falsify("Cx <= op(W)**2 * tr(G_bb)", activations=("tanh",), **QUICK)
    assert found.status is Status.SUPPORTED
    assert found.counterexample is None
    assert sum(found.judged.values()) > 1000
    assert re.match(r"none of [\d,]+ instances breaks it; its sides are equal to 100 ",
                    found.reason)  # fmt: skip
    assert found.nearest["ratio"] == pytest.approx(1.0, abs=1e-9)
    assert found.nearest["instance"]["activation"] == "tanh"
    assert set(found.heard) <= {"holds", "equal"}


def test_both_sides_must_once_be_enclosed() -> None:
    found = falsify("log(-L - 1) <= 0", activations=("tanh",), outputs=(1,), **QUICK)
    assert found.status is Status.UNDECIDED
    assert found.reason == "the two sides could never be enclosed"


def test_assumptions_that_are_never_met_leave_it_undecided() -> None:
    found = falsify("L < 0", assume=("L < 0",), activations=("tanh",), **QUICK)
    assert found.status is Status.UNDECIDED
    assert found.reason == "no instance met what is assumed: L < 0"
    sizes = falsify("L < 0", assume=("m > 100",), activations=("tanh",), **QUICK)
    assert sizes.status is Status.UNDECIDED
    assert sizes.reason == "no network of the sizes tried meets m > 100"


def test_the_same_seed_gives_the_same_record() -> None:
    options = {"activations": ("relu", "tanh"), "budget": 0.3}
    for claim in ("lmin(H) >= 0", "tr(H) == tr(G)", "tr(G) >= C"):
        records = [falsify(claim, seed=3, **options).record() for _ in range(2)]
        for record in records:
            record.pop("timing")
        assert records[0] == records[1]
        json.dumps(records[0], allow_nan=False)


def test_another_seed_draws_other_instances() -> None:
    options = {"activations": ("tanh",), "budget": 0.3}
    first, second = (falsify("tr(G) >= C", seed=s, **options) for s in (0, 1))
    assert first.nearest["instance"] != second.nearest["instance"]


def test_the_record_can_be_replayed_from_its_fractions() -> None:
    record = falsify("tr(H) <= 2 * L", activations=("tanh",), **QUICK).record()
    assert record["verdict"] == "refuted"
    shown = record["counterexample"]
    for name in ("X", "W", "A", "r"):
        assert all(Fraction(v) == Fraction(str(Fraction(v)))
                   for row in shown[name] for v in row)  # fmt: skip
    assert {"landtheory", "python", "numpy", "python-flint", "sympy"} <= set(
        record["versions"]
    )
    assert record["seed"] == 0
    assert record["budget"] == 0.3
    assert [line["attack"] for line in record["attacks"]]
    assert record["claim_sha256"] == claim_hash("tr(H) <= 2 * L", ())


def test_claims_and_hypotheses_have_their_hashes() -> None:
    one = claim_hash("L >= 0", ("active", "m <= d"))
    assert one == claim_hash("L >= 0", ("m <= d", "active"))
    assert one != claim_hash("L >= 0", ("active",))
    assert one != claim_hash("L > 0", ("active", "m <= d"))


def test_the_code_that_judges_is_hashed_whole() -> None:
    root = Path(landtheory.__file__).parent
    total = hashlib.sha256()
    sources = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for package in ("numerics", "theory")
        for path in (root / package).rglob("*.py")
    }
    assert "numerics/balls/referee.py" in sources
    assert "theory/losses.py" in sources
    for name in sorted(sources, key=Path):
        total.update(f"{name}\0{len(sources[name])}\0".encode() + sources[name])
    # kept for the life of a process, which may have begun before an edit
    code_hash.cache_clear()
    assert code_hash() == total.hexdigest()


def lying(scores: Scores) -> Scores:
    """Floats that are sure of a failure everywhere."""
    everywhere = np.full(len(scores.sure), 0.5)
    return replace(scores, sure=everywhere, excess=everywhere, open=everywhere)


def test_floats_that_lie_refute_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = searching.score
    monkeypatch.setattr(searching, "score", lambda *given: lying(honest(*given)))
    found = falsify("Cx <= op(W)**2 * tr(G_bb)", activations=("tanh",), **QUICK)
    assert found.status is Status.UNDECIDED
    assert found.counterexample is None
    assert re.fullmatch(r"floats break it at \d+ instances, balls do not", found.reason)


def test_residuals_that_are_not_critical_refute_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A sampler that forgets to make its points critical: `lmin(H)` is negative there."""

    def careless(instances: Any, assumptions: Any, rng: Any) -> Any:
        del assumptions
        shape = instances.residual.shape
        return replace(instances, residual=np.round(rng.standard_normal(shape)) + 5.0)

    monkeypatch.setattr(searching, "make_critical", careless)
    options: dict[str, Any] = {
        "activations": ("relu",), "outputs": (1,), "budget": 1.0, "seed": 0,
    }  # fmt: skip
    found = falsify("lmin(H) >= 0", assume=("critical", "active"), **options)
    assert found.status is not Status.REFUTED
    monkeypatch.undo()
    control = falsify("lmin(H) >= 0", assume=("critical",), **options)
    assert control.status is Status.REFUTED
    assert confirmed(control)


def test_a_shrinker_that_forgets_the_assumptions_is_held_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    honest = shrinking.fewer
    forgetful = Assumptions()
    monkeypatch.setattr(
        shrinking, "fewer", lambda at, _, outputs: honest(at, forgetful, outputs)
    )
    assume = ("critical", "active")
    found = falsify(
        "lmin(H) >= 0", assume=assume, activations=("relu",), budget=1.0, seed=0
    )
    assert found.status is Status.REFUTED
    assert confirmed(found)


def test_unit_inputs_are_exact_in_counterexamples() -> None:
    found = falsify(
        "Cx <= op(W)**2 * op(G_ww)",
        assume=("unit_inputs",),
        activations=("tanh",),
        **QUICK,
    )
    assert found.status is Status.REFUTED
    assert all(sum(v * v for v in x) == 1 for x in found.counterexample.instance.x)
    assert confirmed(found)


def test_comparisons_are_assumed_exactly() -> None:
    assume = ("norm(b) == 0", "op(W) <= 1", "m >= 2")
    found = falsify(
        "Cx <= tr(A @ A.T) / 2", assume=assume, activations=("identity",), **QUICK
    )
    assert found.status is Status.REFUTED
    at = found.counterexample.instance
    assert at.b == (0,) * at.m
    assert at.m == 2
    assert all(
        judge_exactly(parse_claim(text), at).outcome == "holds" for text in assume
    )
    assert certainly_met(Assumptions(comparisons=(parse_claim("op(W) <= 1"),)), at)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"budget": 0.0},
            "budget is 0.0; expected seconds, more than 0 and at most 1e+06",
        ),
        ({"seed": -1}, "seed is -1; expected an integer, at least 0"),
        ({"seed": True}, "seed is True; expected an integer, at least 0"),
        ({"outputs": (0,)}, "outputs is (0,); expected integers C >= 1"),
        ({"outputs": ()}, "outputs is (); expected integers C >= 1"),
        ({"losses": ("hinge",)}, "loss is 'hinge'; expected one of squared, logistic"),
        (
            {"activations": ("swish",)},
            "activation is 'swish'; expected one of identity",
        ),
        ({"assume": ("critical",), "losses": ("softmax",)}, "assume is 'critical' and"),
    ],
)
def test_bad_settings_are_refused(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}"):
        falsify("L >= 0", **{**QUICK, **options})


def test_one_name_may_stand_alone() -> None:
    one = falsify("lmin(H) >= 0", assume="interpolation", activations="relu",
                  losses="squared", outputs=(1,), **QUICK)  # fmt: skip
    several = falsify("lmin(H) >= 0", assume=("interpolation",), activations=("relu",),
                      losses=("squared",), outputs=(1,), **QUICK)  # fmt: skip
    assert one.kinds == several.kinds == ("relu, squared, C = 1",)
    assert one.nearest == several.nearest
    assert one.hypotheses == ("interpolation",)


def test_own_activations_are_searched() -> None:
    own = activation_from_expression(PREACTIVATION**2 / 2, name="half")
    found = falsify("lmin(H) >= 0", activations=own, outputs=(1,), **QUICK)
    assert found.status is Status.REFUTED
    assert found.counterexample.instance.activation is own


def test_the_nearest_instance_is_heard_last() -> None:
    found = falsify("tr(G) >= C", activations=("relu",), **QUICK)
    assert found.nearest["referee"] == "holds"
    assert found.nearest["left"]


def test_progress_is_told() -> None:
    told: list[tuple[str, int, int]] = []
    falsify(
        "tr(H) == tr(G)",
        activations=("tanh",),
        progress=lambda *given: told.append(given),
        **QUICK,
    )
    assert {stage for stage, _, _ in told} >= {"search", "shrinking"}
    assert all(0 <= done <= of for _, done, of in told)
    assert OUTPUTS == (1, 2, 3)


def test_only_certified_counterexamples_have_a_test() -> None:
    found = falsify("L >= 0", activations=("relu",), **QUICK)
    sentence = (
        "verdict is 'supported'; expected a certified counterexample: a test replays "
        "nothing else"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        found.test_source()
