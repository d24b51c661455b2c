(** Means of two reals, μ: a small library that the checker's tests examine. *)
From Coq Require Import Reals Lra.
Local Open Scope R_scope.

(** [mean x y] is (x + y)/2. *)
Definition mean (x y : R) : R := (x + y) / 2.

(** [spread x y] is the mean square of what is off the mean. *)
Definition spread (x y : R) : R := mean ((x - mean x y) ^ 2) ((y - mean x y) ^ 2).

Notation "\mean ( x , y )" := (mean x y) (at level 0) : R_scope.

Lemma meanE x y : mean x y = (x + y) / 2.
Proof. reflexivity. Qed.

Lemma spreadE x y : spread x y = (x - y) ^ 2 / 4.
Proof. unfold spread, mean. field. Qed.

(** A string with "(*" inside, and a comment with a string: "*)" Admitted. *)
Lemma mean_le x y : x <= y -> mean x y <= y.
Proof. unfold mean. lra. Qed.

Lemma spread_ge0 x y : 0 <= spread x y.
Proof. rewrite spreadE. pose proof (pow2_ge_0 (x - y)). lra. Qed.

Section Positive.
Variable c : R.
Hypothesis c0 : 0 < c.

Lemma mean_gt0 x : 0 <= x -> 0 < mean x c.
Proof. intros h. unfold mean. lra. Qed.
End Positive.

Lemma spread_small_false : ~ (forall x y, spread x y <= 1).
Proof. intros h. pose proof (h 0 4) as H. rewrite spreadE in H. lra. Qed.
