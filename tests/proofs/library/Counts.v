(** Counts: what needs no reals, and no axiom. *)
From Coq Require Import Arith.

Definition twice (n : nat) : nat := n + n.

Lemma twiceE n : twice n = n + n.
Proof. reflexivity. Qed.

Lemma twice_even n : exists k, twice n = 2 * k.
Proof. exists n. unfold twice. simpl. rewrite Nat.add_0_r. reflexivity. Qed.
