"""What Coq says of statements: a library full of plants, each refused by its own sentence."""

from pathlib import Path
from typing import Any

import pytest
from support.coq import checked, extended, needs_coq, small

pytestmark = needs_coq

MEANS = r"""
Axiom magic : forall x y : R, x <= y.
Lemma mean_magic x y : mean x y <= x.
Proof. apply magic. Qed.

From Coq Require Import IndefiniteDescription.
Lemma chosen (P : nat -> Prop) : (exists n, P n) -> { n | P n }.
Proof. apply constructive_indefinite_description. Qed.

Definition thrice (x : R) : R := 3 * x.
Notation "\thrice x" := (thrice x) (at level 40) : R_scope.
Lemma thriceE x : thrice x = 3 * x.
Proof. reflexivity. Qed.

Definition loop (x : R) : R := x.
Lemma loopE x : loop x = 2 * loop x - loop x.
Proof. ring. Qed.

Notation succ_of x := (x + 1) (only parsing).
Lemma succ_gt x : x < succ_of x.
Proof. lra. Qed.

Lemma empty_sig (x : { x : R | x < x }) : 0 = 1.
Proof. destruct x as [x h]. lra. Qed.
"""

COUNTS = r"""
Require Import Coq.Logic.Classical_Prop.
Lemma twice_classic n : twice n = n + n.
Proof. destruct (classic True); reflexivity. Qed.

Unset Guard Checking.
Fixpoint anything (n : nat) : 0 = 1 := anything n.
Set Guard Checking.
"""

STATEMENTS = r"""
(** T06(a.1): rests on an axiom. *)
Definition T06_magic : forall x y, \mean (x, y) <= x := mean_magic.
(** T06(a.1): rests on choice. *)
Definition T06_choice : forall P : nat -> Prop, (exists n, P n) -> { n | P n } := chosen.
(** T06(a.1): a definition without an anchor, behind a notation. *)
Definition T06_thrice : forall x, \thrice x = 3 * x := thriceE.
(** anchor: a definition that is explained by itself *)
Definition D_loop : forall x, loop x = 2 * loop x - loop x := loopE.
(** anchor: no equation *)
Definition D_spread_ge0 : forall x y, 0 <= spread x y := spread_ge0.
(** T06(a.1): a notation that no anchor explains. *)
Definition T06_succ : forall x, x < succ_of x := succ_gt.
(** T06(a.1): a variable whose type is empty. *)
Definition T06_empty : forall x : { x : R | x < x }, 0 = 1 := empty_sig.
(** T06(a.1): a premise, and no example. *)
Definition T06_alone : forall x y, x <= y -> mean x y <= y := mean_le.
(** T06(a.1): a premise, and an example of another statement. *)
Definition T06_other : forall x y, x <= y -> mean x y <= y := mean_le.
(** T06(a.1): a premise, and an example that leaves it. *)
Definition T06_left : forall x y, x <= y -> mean x y <= y := mean_le.
(** T06(z.9): an unknown claim. *)
Definition T06_unknown : forall x y, x <= y -> mean x y <= y := mean_le.
(** T06(a.1): pinned by tactics. *)
Definition T06_tactic : forall x y, x <= y -> mean x y <= y := ltac:(exact mean_le).
(** R03: an axiom of the reals, where there are none. *)
Definition R03_classic : forall n, twice n = (n + n)%nat := twice_classic.
(** R03: a check that was turned off. *)
Definition R03_guard : nat -> 0%nat = 1%nat := anything.
"""

EXAMPLES = r"""
Definition E_T06_other := @T06_le 0 1 le01.
Definition E_T06_left := @T06_left 0 1.
Definition E_T06_nothing := @T06_le 0 1 le01.
Definition E_T06_choice := @T06_choice (fun n => n = 0%nat) (ex_intro _ 0%nat eq_refl).
"""

SHADOW = r"""
(** Notations that have a meaning already, or two. *)
From Coq Require Import Reals.
From LandTheory Require Import Means.
Notation "x <= y" := (Rge x y) : R_scope.
Notation Rmin x := (Rplus x x).
Notation "\thrice x" := (mean x x) (at level 40) : R_scope.
Notation spread x := (mean x x).
Local Notation "x >= y" := (Rle x y) : R_scope.
Section S.
Notation Rmax x := (Rplus x x).
End S.
"""

REFUSED = (
    "Means.v, line 37: 'Axiom' assumes without proof",
    "T06_magic rests on Means.magic, which is no allowed axiom",
    "T06_choice rests on IndefiniteDescription.constructive_indefinite_description, which",
    "T06_thrice speaks of Means.thrice, and Statements.v has no anchor D_thrice",
    "D_loop speaks of Means.loop, and every anchor D_loop explains it by itself",
    "D_spread_ge0 is an anchor, and neither an equation nor an equivalence",
    "T06_succ uses a notation that no anchor explains: Means.v, line 54: Notation succ_of",
    "T06_empty has hypotheses, and NonVacuity.v has no E_T06_empty",
    "T06_alone has hypotheses, and NonVacuity.v has no E_T06_alone",
    "E_T06_other is no application of T06_other: it applies Statements.T06_le",
    "E_T06_left still has a hypothesis: (0 <= 1)",
    "E_T06_nothing is an example of T06_nothing, which is no statement",
    "T06_unknown: its comment names T06(z.9), which is no claim: T06 has (",
    "T06_tactic is pinned by a term; expected the name of a lemma after :=",
    "R03_classic speaks of no reals, and rests on their axiom Classical_Prop.classic",
    "R03_guard rests on a check that is turned off: ",
    "Counts.v, line 16: 'Unset Guard Checking' turns a check of the kernel off",
    "Shadow.v, line 5: the notation 'x <= y' has a meaning already",
    "Shadow.v, line 6: the notation 'Rmin' has a meaning already",
    "Shadow.v, line 7: the notation '\\\\thrice x' is declared twice",
    "Shadow.v, line 8: the notation 'spread' is declared twice",
    "coqchk lists LandTheory.Means.magic under 'Axioms'",
    "coqchk lists LandTheory.Counts.anything under 'Constants/Inductives relying on uns",
)


@pytest.fixture(scope="module")
def planted(cache: Path) -> dict[str, Any]:
    pieces = {
        "Means": MEANS, "Counts": COUNTS, "Statements": STATEMENTS,
        "NonVacuity": EXAMPLES, "Shadow": SHADOW,
    }  # fmt: skip
    return checked(extended(pieces), cache, thorough=True)


def sentences(record: dict[str, Any]) -> list[str]:
    kept = [*record["refusals"], *record["coqchk"]["refusals"]]
    return [one["sentence"] for one in kept]


@pytest.mark.parametrize("sentence", REFUSED)
def test_a_plant_is_refused(planted: dict[str, Any], sentence: str) -> None:
    found = [one for one in sentences(planted) if one.startswith(sentence)]
    assert found, "\n".join(sentences(planted))


def test_nothing_else_is_refused(planted: dict[str, Any]) -> None:
    expected = (
        *REFUSED,
        "Means.v, line 41: 'IndefiniteDescription' brings in an axiom",
        "Counts.v, line 18: 'Set Guard Checking' turns a check",
        "T06_thrice uses a notation that no anchor explains: Means.v",
        "T06_unknown has hypotheses",
        "E_T06_choice rests on IndefiniteDescription",
        "Shadow.v, line 7: the notation",
    )
    strange = [one for one in sentences(planted) if not one.startswith(expected)]
    assert strange == []


def test_nothing_of_a_library_that_coqchk_refuses_is_checked(
    planted: dict[str, Any],
) -> None:
    rows = planted["statements"].values()
    assert len(rows) == 22
    assert not any(row["checked"] for row in rows)
    assert all(any("coqchk" in one for one in row["refused"]) for row in rows)


def test_an_honest_library_is_checked(honest: dict[str, Any]) -> None:
    assert sentences(honest) == []
    assert honest["mutants"]["refusals"] == []
    assert all(row["checked"] for row in honest["statements"].values())


def test_what_is_said_of_a_statement(honest: dict[str, Any]) -> None:
    row = honest["statements"]["T07b_gt0"]
    assert (
        row["closed"]
        == "forall c : R, 0 < c -> forall x : R, 0 <= x -> 0 < \\mean (x, c)"
    )
    assert row["premises"] == ["(0 < c)", "(0 <= x)"]
    assert (row["lemma_id"], row["lemma_file"]) == ("Means.mean_gt0", "Means.v")
    assert row["example"]["name"] == "E_T07b_gt0"
    assert row["covers"] == [["T07", "b.1"]]
    assert row["uses"] == ["Means.mean", "Means.mean_gt0"]
    assert row["axiom_kind"] == "reals"
    assert set(row["axioms"]) <= {
        "ClassicalDedekindReals.sig_forall_dec",
        "ClassicalDedekindReals.sig_not_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
    }
    even = honest["statements"]["R03_even"]
    assert (even["axioms"], even["axiom_kind"], even["premises"]) == ([], "none", [])
    part = honest["statements"]["T06b_ge0"]
    assert part["covers_in_part"] == [["T07", "b.1"]]
    assert honest["statements"]["T06b_small_false"]["kind"] == "mutant"
    assert (honest["statements"]["T06_le"]["mutants"], part["mutants"]) == (2, 0)


def test_a_library_that_has_to_prove_something_has_mutants(cache: Path) -> None:
    record = checked(extended({}, mutants="[]"), cache, required=("T06",))
    told = [one["sentence"] for one in record["refusals"]]
    assert told == ["mutants.json has no mutants"]


def test_a_required_theorem_without_a_statement(cache: Path) -> None:
    record = checked(small(), cache, required=("T06", "T07", "T01", "R03"))
    assert sentences({**record, "coqchk": {"refusals": []}}) == [
        "T01 is required, and Statements.v has no statement of it"
    ]
    assert all(row["checked"] for row in record["statements"].values())


def test_a_mutants_refutation_proves_no_theorem(cache: Path) -> None:
    texts = small().texts
    start = texts["Statements"].index("(** T06(a.1)")
    head = texts["Statements"][:start]
    tail = texts["Statements"][texts["Statements"].index("(** T06(b), mutant") :]
    sources = small().with_text("Statements", head + tail)
    sources = sources.with_text("NonVacuity", "(** Nothing. *)\n")
    record = checked(sources, cache, required=("T06", "R03"))
    assert [one["about"] for one in record["refusals"]] == ["T06"]
