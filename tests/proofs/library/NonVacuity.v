(** Where the hypotheses hold. *)
From Coq Require Import Reals Lra.
From LandTheory Require Import Counts Means Statements.
Local Open Scope R_scope.

Lemma le01 : 0 <= 1.
Proof. lra. Qed.

Lemma lt01 : 0 < 1.
Proof. lra. Qed.

Definition E_T06_le := @T06_le 0 1 le01.
Definition E_T07b_gt0 := @T07b_gt0 1 lt01 1 le01.
