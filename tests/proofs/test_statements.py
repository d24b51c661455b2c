"""proofs/statements.py: what is claimed, pinned to which lemma; and what is none."""

import pytest
from support.coq import small

from landtheory.proofs.statements import read_examples, read_statements

TEXT = """(** T06(a.1): it. *)
Definition T06_le : forall x, {a : x <= y} := @Means.mean_le c h.
"""


def test_the_small_library() -> None:
    read = read_statements(small().texts["Statements"])
    assert read.faults == ()
    names = [one.name for one in read.statements]
    assert names[:4] == ["D_mean", "D_mean_notation", "D_spread", "D_twice"]
    (gt0,) = [one for one in read.statements if one.name == "T07b_gt0"]
    assert gt0.text == "forall x, 0 <= x -> 0 < mean x c"
    assert gt0.context == ("Variable c : R.", "Hypothesis c0 : 0 < c.")
    assert gt0.lemma == "mean_gt0"
    assert small().texts["Statements"][gt0.body :].startswith("mean_gt0 c c0.")
    assert small().texts["Statements"][gt0.start : gt0.end].endswith("c c0.")
    assert gt0.coverage.claims == (("T07", "b.1"),)
    assert (gt0.is_theorem, read.statements[0].is_theorem) == (True, False)
    last = read.statements[-1]
    assert (last.context, last.line, last.end_line) == ((), 31, 31)
    examples = read_examples(small().texts["NonVacuity"])
    assert [one.of for one in examples] == ["T06_le", "T07b_gt0"]


def test_the_lemma_may_stand_under_variables() -> None:
    for body, lemma in (
        ("mean_le", "mean_le"),
        ("fun _ (x : R) => mean_le x", "mean_le"),
        ("mean_le (c := c') h", "mean_le"),
        ("conj (a b) (conj c d)", "conj"),
        ("@Means.mean_le c (h 1) _", "Means.mean_le"),
    ):
        text = TEXT.replace("@Means.mean_le c h", body)
        (one,) = read_statements(text).statements
        assert one.lemma == lemma
        assert text[one.body :].startswith(lemma)
        assert one.text == "forall x, {a : x <= y}"


FAULTS = {
    TEXT.replace(":= @Means.mean_le c h", ""): "is pinned by a tactic proof; expected",
    TEXT.replace("@Means.mean_le c h", "ltac:(lra)"): "is pinned by a term; expected",
    TEXT.replace("@Means.mean_le c h", "fun x => ltac:(lra)"): "is pinned by a term",
    TEXT.replace("@Means.mean_le c h", "let y := 1 in f y"): "is pinned by a term",
    TEXT.replace("@Means.mean_le c h", "match a with end"): "is pinned by a term",
    TEXT.replace("@Means.mean_le c h", "f (c := fun x => y)"): "is pinned by a term",
    TEXT.replace("@Means.mean_le c h", "ltac a"): "is pinned by a term; expected",
    TEXT.replace(": forall x, {a : x <= y} ", ""): "does not say what it states",
    TEXT.replace("(** T06(a.1): it. *)", ""): "has no comment (** T07(b.1): … *)",
    TEXT.replace("(**", "(*"): "has no comment (** T07(b.1): … *) directly above",
    TEXT.replace("*)\n", "*)\nImport M.\n"): "has no comment (** T07(b.1): … *)",
    TEXT.replace("T06(a.1)", "what"): "its comment names 'what', which is no claim",
    TEXT.replace("T06(a.1)", "T07(a.1)"): "has a comment that names T07, which is not",
    TEXT.replace("T06(a.1)", "anchor"): "is an anchor in its name or comment, but not",
    TEXT.replace("T06_le", "D_le"): "is an anchor in its name or comment, but not",
    TEXT.replace("T06_le", "helper"): "has a comment that names T06, which is not its",
    'Notation "x <= y" := (y <= x).': "declares a notation (Notation",
    'Local Notation "x <= y" := (y <= x).': "declares a notation (Notation",
    'Infix "<=" := Rge.': "declares a notation (Infix",
    "Coercion f : a >-> b.": "declares a notation (Coercion",
    "Lemma a : P. Proof. by []. Qed.": "proves by tactics; expected the name of a lemma",
    "Inductive a := b.": "is no statement, and no section, variable or import",
    "Set Universe Polymorphism.": "is no statement, and no section, variable or import",
    "Arguments f x : clear implicits.": "is no statement, and no section, variable or",
    "Canonical a := b.": "is no statement, and no section, variable or import",
}


@pytest.mark.parametrize("text", FAULTS)
def test_what_is_no_statement(text: str) -> None:
    faults = read_statements(text).faults
    assert FAULTS[text] in faults[0].sentence
    assert read_statements(text).statements == ()
