(** The right-hand side of a statement at a network of numbers, as a number.

    Sums over finite types are locked, so that [cbv] alone stops at them. The lemmas below give
    the members of 'I_1, 'I_2 and of what is built from them as lists; rewritten with them, a
    closed sum reduces to a sum of numbers. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect.
From Interval Require Import Tactic.
From LandTheory Require Import SquareMatrices.
Local Open Scope R_scope.

Lemma members (T : finType) : index_enum T = Finite.enum T.
Proof. by rewrite /index_enum unlock. Qed.

Lemma members_one : Finite.enum (ordinal_finType 1) = [:: Ordinal (isT : 0 < 1)%N].
Proof. by apply: (inj_map val_inj); rewrite -enumT val_enum_ord. Qed.

Lemma members_two :
  Finite.enum (ordinal_finType 2) = [:: Ordinal (isT : 0 < 2)%N; Ordinal (isT : 1 < 2)%N].
Proof. by apply: (inj_map val_inj); rewrite -enumT val_enum_ord. Qed.

Lemma members_option (T : finType) :
  Finite.enum (option_finType T) = None :: [seq Some i | i <- Finite.enum T].
Proof. by rewrite {1}Finite.EnumDef.enumDef. Qed.

Lemma members_pair (S T : finType) : Finite.enum (prod_finType S T) =
  flatten [seq [seq (i, j) | j <- Finite.enum T] | i <- Finite.enum S].
Proof. by rewrite {1}Finite.EnumDef.enumDef /= /prod_enum !enumT. Qed.

Lemma members_sum (S T : finType) : Finite.enum (sum_finType S T) =
  [seq inl i | i <- Finite.enum S] ++ [seq inr j | j <- Finite.enum T].
Proof. by rewrite {1}Finite.EnumDef.enumDef. Qed.

(** Open every definition and every sum: what is left are numbers and operations of R. *)
Ltac spread :=
  cbv -[bigop index_enum ordinal_finType option_finType prod_finType sum_finType
    Rplus Rmult Ropp Rinv IZR INR Rabs sqrt Rle Rlt_dec];
  rewrite ?members ?members_sum ?members_pair ?members_option ?members_one ?members_two
    ?BigOp.bigopE;
  cbv -[Rplus Rmult Ropp Rinv IZR INR Rabs sqrt Rle Rlt_dec];
  rewrite ?(INR_IZR_INZ 1) ?(INR_IZR_INZ 2) /=.

(** On which side of its kink a piecewise linear unit is. *)
Ltac sides := repeat match goal with
  | |- context [Rlt_dec 0 ?z] => destruct (Rlt_dec 0 z); try (exfalso; lra)
  end.

Ltac conclusion T k := lazymatch T with _ -> ?B => conclusion B k | _ => k T end.

(** The right-hand side of what [t] states is handed to [k]: premises and lets are passed over. *)
Ltac right_side t k :=
  let T := type of t in let T := eval cbv zeta in T in
  conclusion T ltac:(fun c => lazymatch c with
    | _ = ?r => k r
    | _ <= ?r => k r
    | lmax_ge _ ?r => k r
    end).

(** The right-hand side is [q]. *)
Ltac equals t q := right_side t ltac:(fun r => assert (r = q) by (spread; sides; lra)).

(** It is within 1e-9 of [q]; there may be roots in it. *)
Ltac close t q := right_side t ltac:(fun r =>
  assert (Rabs (r - q) <= 1 / 1000000000) by (spread; sides; change R0 with (IZR 0); interval)).
