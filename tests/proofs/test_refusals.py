"""proofs/refusals.py, axioms.py and kernel.py: what is allowed, without Coq."""

import pytest

from landtheory.proofs.audit import Facts
from landtheory.proofs.axioms import Assumptions, assumptions, parse_assumptions
from landtheory.proofs.claims import Coverage
from landtheory.proofs.kernel import complaints
from landtheory.proofs.refusals import (
    REALS,
    Subject,
    anchors_refused,
    axioms_refused,
    examples_refused,
    kind_of_axioms,
    notations_refused,
    statements_refused,
)
from landtheory.proofs.statements import Example, Fault, Statement

FLOAT = "PrimInt63.int"
CHOICE = "ClassicalEpsilon.constructive_indefinite_description"


def statement(name: str, coverage: Coverage | None = None) -> Statement:
    return Statement(
        name=name, text="", context=(), lemma="lemma", start=0, end=1, body=0, line=7,
        end_line=8, coverage=coverage or Coverage(ids=("T06",)),
    )  # fmt: skip


def facts(**given: tuple[str, ...] | str) -> Facts:
    empty = {
        "closed": "", "premises": (), "binders": (), "heads": (), "constants": (),
        "applied": "",
    }  # fmt: skip
    return Facts(**{**empty, **given})


def told(axiom: str, *, about_reals: bool = True, interval: bool = False) -> list[str]:
    one = Subject("Statements.T06_a", "T06_a", "T06", about_reals, interval, 3)
    return [r.sentence for r in axioms_refused(one, Assumptions((axiom,)))]


def test_the_axioms_of_the_reals_are_for_statements_about_them() -> None:
    for axiom in REALS:
        assert told(axiom) == []
        assert told(axiom, about_reals=False) == [
            f"T06_a speaks of no reals, and rests on their axiom {axiom}"
        ]


def test_floats_are_for_statements_that_say_so() -> None:
    assert told(FLOAT, interval=True) == []
    (sentence,) = told(FLOAT)
    assert sentence == (
        "T06_a rests on PrimInt63.int, an axiom of floats, and its comment does not say "
        "(interval)"
    )
    assert kind_of_axioms(()) == "none"
    assert kind_of_axioms(REALS) == "reals"
    assert kind_of_axioms({*REALS, FLOAT}) == "reals+float"
    assert kind_of_axioms({*REALS, CHOICE}) == "others"


@pytest.mark.parametrize("axiom", [CHOICE, "Means.magic", "Epsilon.epsilon", "classic"])
def test_nothing_allows_another_axiom(axiom: str) -> None:
    assert told(axiom, interval=True) == [
        f"T06_a rests on {axiom}, which is no allowed axiom"
    ]


def test_what_print_assumptions_says() -> None:
    assert parse_assumptions("Closed under the global context\n") == Assumptions()
    text = """Axioms:
a.b : forall x : R, x = x
c.d_e'
  : forall x,
    x = x
f is assumed to be guarded.
g is assumed to be positive.
Type hierarchy is collapsed (logic is inconsistent)
"""
    assert parse_assumptions(text) == Assumptions(
        ("a.b", "c.d_e'"),
        (
            "f is assumed to be guarded.",
            "g is assumed to be positive.",
            "Type hierarchy is collapsed (logic is inconsistent)",
        ),
    )


def test_a_group_with_something_doubtful_is_asked_about_one_by_one(
    tmp_path: object,
) -> None:
    answers = {
        "axioms": ["Axioms:\nx.y : a", "Axioms:\nx.z : b", "Axioms:\nx.w : c"],
        "axioms_singly": ["Closed under the global context", "Axioms:\nx.z : b"],
    }
    asked = []

    def ask(name: str, text: str, /) -> object:
        asked.append(text.count("Print Assumptions"))
        for place, one in enumerate(answers[name]):
            (tmp_path / f"{name}-{place}.out").write_text(one, encoding="utf-8")
        return tmp_path

    groups = [["S.a", "S.b"], ["S.c", "S.d"], ["S.e"]]
    found = assumptions(groups, {"x.y"}, ["S"], ask)
    assert {name: one.axioms for name, one in found.items()} == {
        "S.a": ("x.y",), "S.b": ("x.y",), "S.c": (), "S.d": ("x.z",), "S.e": ("x.w",),
    }  # fmt: skip
    assert asked == [3, 2]


def examples(*, found: Facts, of: str = "T06_a") -> list[str]:
    one = Example(f"E_{of}", 4, 4, "", interval=False)
    known = {"T06_a": facts(premises=("h",)), one.name: found}
    return [r.sentence for r in examples_refused([statement("T06_a")], [one], known)]


def test_an_example_applies_its_statement_and_leaves_no_hypothesis() -> None:
    right = "LandTheory.Statements.T06_a"
    assert examples(found=facts(applied=right)) == []
    assert examples(found=facts(applied=f"{right}b")) == [
        "E_T06_a is no application of T06_a: it applies Statements.T06_ab"
    ]
    assert examples(found=facts()) == [
        "E_T06_a is no application of T06_a: it applies nothing"
    ]
    for left in (
        facts(applied=right, premises=("g",)),
        facts(applied=right, binders=("Coq.Init.Specif.sig",)),
        facts(applied=right, heads=("Coq.Reals.RIneq.posreal",)),
        facts(applied=right, heads=("LandTheory.Means.record",)),
    ):
        assert examples(found=left)[0].startswith("E_T06_a still has a hypothesis: ")


def test_definitions_of_definitions_want_anchors_too() -> None:
    ours = "LandTheory.Means"
    rows = [statement("D_a", Coverage(kind="anchor")), statement("T06_a")]
    known = {
        "D_a": facts(
            anchors=(f"{ours}.a",), formula=(f"{ours}.b",), constants=(f"{ours}.b",)
        ),
        "T06_a": facts(constants=(f"{ours}.a", "Coq.Init.Logic.eq")),
    }
    sentences = [r.sentence for r in anchors_refused(rows, known)]
    assert sentences == ["D_a speaks of Means.b, and Statements.v has no anchor D_b"]
    known["D_a"] = facts(anchors=(f"{ours}.a",), formula=())
    assert list(anchors_refused(rows, known)) == []


def test_one_good_anchor_is_enough() -> None:
    name = "LandTheory.Means.a"
    rows = [statement("D_a"), statement("D_a_next"), statement("T06_a")]
    known = {
        "D_a": facts(anchors=(name,), formula=()),
        "D_a_next": facts(anchors=(name,), formula=(name,)),
        "T06_a": facts(constants=(name,)),
    }
    assert list(anchors_refused(rows, known)) == []
    known["D_a"] = facts(anchors=("LandTheory.Means.b",))
    (sentence,) = [r.sentence for r in anchors_refused(rows, known)]
    assert sentence.endswith("and every anchor D_a explains it by itself")


def test_notations_and_faults_take_the_library_or_one_statement() -> None:
    marks = [("A", 1, "x <= y"), ("A", 2, "new"), ("B", 3, "new"), ("B", 4, "lemma")]
    refused = list(notations_refused(marks, marks[:1], ["lemma"]))
    assert [(r.line, r.scope) for r in refused] == [
        (1, "library"), (3, "library"), (4, "library"),
    ]  # fmt: skip
    faults = [Fault("Statements.v", 3, "a"), Fault("T06_a", 4, "b")]
    refused = list(statements_refused([], faults, {}))
    assert [(r.sentence, r.scope) for r in refused] == [
        ("Statements.v, line 3: a", "file"), ("T06_a b", "statement"),
    ]  # fmt: skip


SUMMARY = """
CONTEXT SUMMARY
===============

* Theory: Set is predicative

* Axioms:
    Coq.Logic.Classical_Prop.classic

* Constants/Inductives relying on type-in-type: <none>
"""


def test_what_coqchk_says() -> None:
    assert list(complaints(SUMMARY)) == []
    more = SUMMARY.replace("classic\n", "classic\n    LandTheory.Means.magic\n")
    assert list(complaints(more)) == [
        "coqchk lists LandTheory.Means.magic under 'Axioms'"
    ]
    assert list(complaints(SUMMARY.replace("predicative", "impredicative"))) == [
        "coqchk says that Set is impredicative"
    ]
    assert list(complaints("")) == ["coqchk gives no summary"]
