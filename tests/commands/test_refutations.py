"""landtheory refutations: certified counterexamples, with what is learnt from each."""

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from support.shell import run

from landtheory.numerics.folklore import exact_example, refute_folklore
from landtheory.theory.catalogue import REFUTATIONS
from landtheory.theory.theorems import Example
from landtheory.verdict import Status


def test_all_of_it_is_refuted_with_certainty() -> None:
    done = run("refutations", "--json", "-")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert [one["id"] for one in record["refutations"]] == list(REFUTATIONS)
    for one in record["refutations"]:
        assert one["status"] == "refuted"
        assert one["learnt"]
        assert all(case["certified"] for case in one["cases"])


def test_one_is_shown_with_its_sides_and_its_lesson() -> None:
    done = run("refutations", "R02b")
    assert done.returncode == 0, done.stderr
    one = REFUTATIONS["R02b"]
    assert one.statement in done.stdout
    assert f"Learnt: {one.learnt}" in done.stdout
    assert "left   2500000" in done.stdout
    assert done.stdout.splitlines()[-1] == (
        "1 of 1 pieces of folklore refuted, by 2 certified counterexamples"
    )
    quiet = run("refutations", "R02b", "--quiet")
    assert quiet.stdout.splitlines() == done.stdout.splitlines()[-1:]


def test_an_unknown_id_is_refused() -> None:
    done = run("refutations", "R99")
    assert (done.returncode, done.stdout) == (2, "")
    sentence = "landtheory: refutation is 'R99'; expected one of R01, R02a, R02b,"
    assert done.stderr.startswith(sentence)


@pytest.mark.parametrize("id", list(REFUTATIONS))
def test_a_true_statement_in_its_place_is_not_refuted(id: str) -> None:  # noqa: A002
    one = REFUTATIONS[id]
    case = one.cases[0]
    law = case.claim.law
    if hasattr(law, "sides"):
        sides = law.sides
        # left <= left, or left == left
        law = replace(law, sides=lambda q, drawn: (sides(q, drawn)[0],) * 2)
    else:
        law = replace(law, right=law.left)
    true = replace(case, claim=replace(case.claim, law=law), shown=())
    (found,) = refute_folklore([replace(one, cases=(true,))])
    assert not found.cases[0].fails
    assert found.status is Status.UNDECIDED


def test_a_number_that_is_not_as_quoted_leaves_it_undecided() -> None:
    one = REFUTATIONS["R02a"]
    case = one.cases[0]
    (label, quantity, value), *others = case.shown
    wrong = replace(case, shown=((label, quantity, 1.01 * value), *others))
    (found,) = refute_folklore([replace(one, cases=(wrong,))])
    assert found.cases[0].fails
    assert found.status is Status.UNDECIDED


def test_examples_keep_the_numbers_that_are_typed_out() -> None:
    example = Example(
        activation="relu",
        x=((Fraction(1, 3),),),
        W=((2,),),
        b=(0,),
        A=((0.1,),),
        c=(0,),
        residual=((0,),),
    )
    exact = exact_example(example)
    assert exact.x == ((Fraction(1, 3),),)
    assert exact.A[0][0] == Fraction(0.1)
    assert np.float64(exact.A[0][0]) == 0.1
