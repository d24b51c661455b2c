"""proofs/forbidden.py: each way to assume what is to be proved is refused in a source."""

import pytest
from support.coq import extended, small

from landtheory.proofs.forbidden import modules, offences, project_offences
from landtheory.proofs.refusals import sources_refused

PLANTS = {
    "Lemma a : False. Proof. Admitted.": "leaves a goal unproved",
    "Lemma a : False. Proof. admit. Qed.": "leaves a goal unproved",
    "Lemma a : False. Proof. give_up. Qed.": "leaves a goal unproved",
    "Admit Obligations.": "leaves a goal unproved",
    "(* (* *) *) Lemma a : False. Admitted.": "leaves a goal unproved",
    '(* "*)" *) Lemma a : False. Admitted. (* "(*" *)': "leaves a goal unproved",
    'Definition s := "(*". Axiom a : False. (* "*)" *)': "assumes without proof",
    "Axiom a : False.": "assumes without proof",
    "#[local] Axioms a b : False.": "assumes without proof",
    "Parameter a : False.": "assumes without proof",
    "Conjecture a : False.": "assumes without proof",
    "Primitive a := #int63_add.": "assumes without proof",
    "Declare Instance a : False.": "assumes without proof",
    "Variable a : False.": "outside a section is an axiom",
    "Section S. End S. Variables a b : False.": "outside a section is an axiom",
    "Hypothesis a : False.": "outside a section is an axiom",
    "Module M. Hypotheses a : False. End M.": "outside a section is an axiom",
    "Context (a : False).": "outside a section is an axiom",
    "Unset Guard Checking.": "turns a check of the kernel off",
    "Unset  Positivity\nChecking.": "turns a check of the kernel off",
    "Unset Universe Checking.": "turns a check of the kernel off",
    "#[bypass_check(guard)] Fixpoint f (n : nat) := f n.": (
        "turns a check of the kernel off"
    ),
    "Set Definitional UIP.": "makes the logic another one",
    "Lemma a : P. Proof. change_no_check Q. Qed.": "the tactic did not check",
    "Lemma a : P. Proof. vm_cast_no_check h. Qed.": "the tactic did not check",
    "Lemma a : P. Proof. native_cast_no_check h. Qed.": "the tactic did not check",
    "Lemma a : P. Proof. exact_no_check h. Qed.": "the tactic did not check",
    'Declare ML Module "a".': "loads code into Coq",
    "Module Type M. End M.": "hides assumptions from Print Assumptions",
    "Declare Module M : N.": "hides assumptions from Print Assumptions",
    "Include M.": "hides assumptions from Print Assumptions",
    "Module F (X : T). End F.": "is a functor or a module with a type",
    "Module M := F X.": "is a functor or a module with a type",
    "Module M <: T. End M.": "is a functor or a module with a type",
    "Load other.": "reads or writes other files",
    'Redirect "a" Print a.': "reads or writes other files",
    'Add LoadPath "a".': "reads or writes other files",
    'Extract Constant a => "b".': "writes programs, which proves nothing",
    "Extraction a.": "writes programs, which proves nothing",
    "Number Notation R f g : R_scope.": "gives numerals another meaning",
    "From Coq Require Import ClassicalEpsilon.": "is not one of the reals'",
    "Require Import Coq.Logic.IndefiniteDescription.": "is not one of the reals'",
}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_plant_is_refused_with_its_line_and_reason(plant: str) -> None:
    assert list(sources_refused(small())) == []
    found = list(sources_refused(extended({"Means": f"\n\n{plant}\n"})))
    last = small().texts["Means"].count("\n") + 3
    assert found
    assert all(one.line is not None and one.line >= last for one in found)
    assert any(PLANTS[plant] in one.sentence for one in found), found
    assert {one.file for one in found} == {"Means.v"}


@pytest.mark.parametrize(
    "harmless",
    [
        "(* Admitted. Axiom a : False. *)",
        '(* "*)" Admitted. *)',
        'Definition s := "Admitted. Axiom"%string.',
        "Section S. Variable a : nat. Hypothesis h : P a. Context (b : nat). End S.",
        "Section S. Section T. End T. Variable a : nat. End S.",
        "Definition admit' := 1. Lemma no_admit : P. Proof. exact: admit'. Qed.",
        "Set Primitive Projections.",
        "Module M. Definition a := 1. End M. Module Import N. End N.",
        "Fail Check nothing.",
        "From Coq Require Import Eqdep_dec.",
        "Definition Epsilon := 1. Definition Load' := 2.",
    ],
)
def test_what_only_looks_like_one_is_not(harmless: str) -> None:
    assert offences(harmless) == []


def test_options_of_the_project_are_few() -> None:
    assert project_offences(small().project) == []
    for line in (
        "-arg -type-in-type",
        "-Q ../other Other",
        "-R . LandTheory",
        "-arg -w -arg none -arg -type-in-type",
        "-arg -impredicative-set",
        "-I plugins",
    ):
        found = list(
            sources_refused(extended({}, project=f"{small().project}{line}\n"))
        )
        assert len(found) == 1, line
        assert "is no -Q . LandTheory and no choice of warnings" in found[0].sentence
        assert (found[0].line, found[0].scope) == (3, "library")


def test_no_module_may_have_the_name_of_a_file_with_axioms() -> None:
    assert modules("Module A. End A. Module Import B. End B.") == ["A", "B"]
    for plant in ({"Classical_Prop": ""}, {"Means": "Module Classical_Prop. End X."}):
        sentences = [one.sentence for one in sources_refused(extended(plant))]
        assert any("the name of a file with axioms" in one for one in sentences)


def test_the_two_files_that_say_what_is_claimed_are_needed() -> None:
    texts = {n: t for n, t in small().texts.items() if n != "NonVacuity"}
    sources = type(small())(small().folder, texts, small().project)
    assert [one.sentence for one in sources_refused(sources)] == [
        "NonVacuity.v is missing"
    ]
