"""Findings, thresholds and settings: every word has its cause, and none is made up."""

import itertools
import re

import pytest

from landtheory.deep.estimators.intervals import Interval
from landtheory.deep.reproduce.findings import (
    WORDS,
    Statistic,
    decide,
    not_run,
    statistic,
)
from landtheory.deep.reproduce.settings import (
    ORDER,
    PRESETS,
    ReproduceSettings,
    stages_of,
)
from landtheory.deep.reproduce.statements import STATEMENTS, finding
from landtheory.deep.reproduce.thresholds import THRESHOLDS, Threshold
from landtheory.errors import InputError

NAN = float("nan")
VALUES = {"met": 0.9, "missed": 0.1, "unknown": NAN}


def a_test(state: str, *, core: bool) -> Statistic:
    """A test of ρ >= 0.7."""
    return statistic(
        "volume and accuracy", VALUES[state], core=core, otherwise="only so"
    )


def test_a_threshold_is_met_on_its_own_side_and_never_without_a_number() -> None:
    least, most = Threshold(">=", 0.5, ""), Threshold("<=", 0.5, "")
    assert [least.met(x) for x in (0.4, 0.5, 0.6, NAN)] == [False, True, True, False]
    assert [most.met(x) for x in (0.4, 0.5, 0.6, NAN)] == [True, True, False, False]
    assert (least.words, most.words) == ("≥ 0.5", "≤ 0.5")


def test_every_threshold_says_why_it_is_this_one() -> None:
    for one in THRESHOLDS.values():
        assert one.relation in (">=", "<=")
        assert len(one.reason) > 10


@pytest.mark.parametrize(("core", "condition"), [*itertools.product(VALUES, VALUES)])
def test_the_word_follows_from_core_and_condition(core: str, condition: str) -> None:
    wanted = {
        "unknown": "not measurable here",
        "missed": "not found",
        "met": "held" if condition == "met" else "held with conditions",
    }[core]
    tests = [a_test(core, core=True), a_test(condition, core=False)]
    assert decide(tests) == decide(tests[::-1]) == wanted


def test_one_core_test_that_is_missed_or_unknown_is_enough() -> None:
    met, missed, unknown = (a_test(state, core=True) for state in VALUES)
    assert decide([met, missed]) == "not found"
    assert decide([met, missed, unknown]) == "not measurable here"
    assert decide([]) == "not measurable here"
    assert decide([a_test("met", core=False)]) == "not measurable here"


def test_the_point_estimate_decides_and_not_the_interval() -> None:
    wide = Interval(value=0.8, lower=-0.5, upper=1.0, level=0.95)
    test = statistic("volume and accuracy", wide)
    assert test.met
    assert test.record()["interval"] == [-0.5, 1.0]
    assert statistic("volume and accuracy", NAN).record()["value"] is None


def test_the_conditions_are_those_that_are_not_met() -> None:
    tests = [a_test("met", core=True), a_test("missed", core=False)]
    found = finding("C3", [*tests, a_test("missed", core=False)], "so", [], [])
    assert found.conditions == ("only so",)
    assert found.record()["conditions"] == ["only so"]
    # what is not found has no conditions under which it held
    missed = finding("C3", [a_test("missed", core=True), tests[1]], "so", [], [])
    assert missed.conditions == ()


def test_what_was_not_run_says_so() -> None:
    found = not_run("C6", "title", "statement", "why")
    assert found.word == WORDS[-1] == "not run in this preset"
    assert found.record()["tests"] == []


def test_the_full_preset_leaves_nothing_out_and_quick_the_residual_networks() -> None:
    every = tuple(STATEMENTS)
    assert stages_of(every, PRESETS["full"]) == ORDER
    assert set(ORDER) - set(stages_of(every, PRESETS["quick"])) == {"closer"}
    assert PRESETS["quick"].convolutional == ("lenet",)
    named = {stage for about in STATEMENTS.values() for stage in about.stages}
    assert named == set(ORDER)


def test_a_claim_runs_what_it_needs_and_what_that_rests_on() -> None:
    quick = PRESETS["quick"]
    assert stages_of(["C4"], quick) == ("starts", "scales")
    assert stages_of(["C5"], quick) == ("minima", "lines")
    assert stages_of(["C8"], quick) == ("minima", "volumes")
    assert stages_of(["C6"], quick) == ("sizes", "convolutional")
    assert stages_of(["C4b"], quick) == ("minima", "near", "escape")


def test_data_seeds_of_different_seeds_do_not_meet() -> None:
    firsts = [
        ReproduceSettings(claims=("C1",), preset="full", seed=seed).first_seed
        for seed in (0, 1, 2)
    ]
    most = max(preset.seeds for preset in PRESETS.values())
    assert min(b - a for a, b in itertools.pairwise(firsts)) > most


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: statistic("made up", 1.0),
            "threshold is 'made up'; expected one of those written down before the run",
        ),
        (
            lambda: statistic("trace ratio", 1.0, core=False),
            "condition 'trace ratio' says nothing; expected what it means not to meet it",
        ),
        (
            lambda: ReproduceSettings(claims=("C1",), preset="slow", seed=0),
            "preset is 'slow'; expected one of quick, full",
        ),
        (
            lambda: ReproduceSettings(claims=("C1", "C9"), preset="full", seed=0),
            "claim is 'C9'; expected some of C1, C2, C3, C4, C4b, C5, C6, C7, C8",
        ),
    ],
)
def test_what_cannot_be_is_refused(call: object, sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        call()  # type: ignore[operator]
