(** False variants of T17, each refuted at a small network. *)
From Coq Require Import Reals Lra FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Rank Inertia LinearNetworks.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** One row that is not zero has rank 1. *)
Lemma rank_row (J : finType) (A : 'I_1 -> J -> R) i j : A i j <> 0 -> rank A = 1%N.
Proof.
move=> a0; apply/eqP; rewrite eqn_leq; apply/andP; split.
  by have := rank_le_rows A; rewrite card_ord.
by rewrite lt0n; apply/eqP=> /rank_eq0/(_ i j).
Qed.

Lemma rsum_ord1 (F : 'I_1 -> R) : \rsum_i F i = F ord0.
Proof. by rewrite big_ord_recl big_ord0 Rplus_0_r. Qed.

Section Variants.
(** The network f(x) = a(w·x) of one hidden unit and two inputs, at the samples x_i *)
Definition slim (a w0 w1 : R) (p : lin_par 1 2 1) : R :=
  match p with inl (_, j) => if j == 0%N :> nat then w0 else w1 | inr _ => a end.
(** one sample e_1 *)
Definition e1 (i : 'I_1) (j : 'I_2) : R := if j == 0%N :> nat then 1 else 0.
Definition target (y : R) (i c : 'I_1) : R := y.

Lemma Sigma_e1 j l : Sigma e1 j l = e1 ord0 j * e1 ord0 l.
Proof. by rewrite /Sigma /mean rsum_ord1 /= Rinv_1 Rmult_1_l. Qed.

Lemma rank_Sigma_e1 : rank (Sigma e1) = 1%N.
Proof. by rewrite rank_Sigma; apply: (@rank_row _ _ ord0 ord0); rewrite /e1 /=; lra. Qed.

Lemma W_Sigma_e1 a w0 w1 k j :
  mmul (W_of (slim a w0 w1)) (Sigma e1) k j = w0 * e1 ord0 j.
Proof. by rewrite /mmul !big_ord_recl big_ord0 !Sigma_e1 /W_of /slim /e1 /=; ring. Qed.

Lemma rank_W_Sigma_e1 a w0 w1 : w0 <> 0 ->
  rank (mmul (W_of (slim a w0 w1)) (Sigma e1)) = 1%N.
Proof.
by move=> h; apply: (@rank_row _ _ ord0 ord0); rewrite W_Sigma_e1 /e1 /= Rmult_1_r.
Qed.

Lemma rank_A_slim a w0 w1 : a <> 0 -> rank (A_of (slim a w0 w1)) = 1%N.
Proof. by move=> h; apply: (@rank_row _ _ ord0 ord0). Qed.

Lemma rank_ggn_slim a w0 w1 : a <> 0 -> w0 <> 0 -> rank (lin_ggn e1 (slim a w0 w1)) = 1%N.
Proof. by move=> ha hw; rewrite rank_ggn rank_A_slim // rank_W_Sigma_e1 // rank_Sigma_e1. Qed.

Lemma Omega_slim y c j : Omega e1 (target y) (slim 1 1 0) c j = (1 - y) * e1 ord0 j.
Proof.
rewrite /Omega /mean rsum_ord1 /lin_residual /lin_net rsum_ord1 /hidden.
rewrite !big_ord_recl big_ord0 /A_of /W_of /slim /e1 /target /=.
by case: (_ == _); field.
Qed.

Lemma rank_Omega_slim : rank (Omega e1 (target 0) (slim 1 1 0)) = 1%N.
Proof. by apply: (@rank_row _ _ ord0 ord0); rewrite Omega_slim /e1 /=; lra. Qed.

Lemma rank_Omega_fit : rank (Omega e1 (target 1) (slim 1 1 0)) = 0%N.
Proof. by apply/rank_eq0 => c j; rewrite Omega_slim; ring. Qed.

(** d in place of r *)
Lemma rank_ggn_inputs_false :
  ~ (forall n m d C (X : 'I_n -> 'I_d -> R) (th : lin_par m d C -> R),
  let rW := rank (mmul (W_of th) (Sigma X)) in
  rank (lin_ggn X th) = (rank (A_of th) * d + C * rW - rank (A_of th) * rW)%N).
Proof.
move/(_ _ _ _ _ e1 (slim 1 1 0)) => /=.
by rewrite (rank_ggn_slim _ R1_neq_R0 R1_neq_R0) (rank_A_slim _ _ R1_neq_R0)
  (rank_W_Sigma_e1 _ _ R1_neq_R0).
Qed.

(** rank W in place of rank(WΣ^½) *)
Lemma rank_ggn_weights_false :
  ~ (forall n m d C (X : 'I_n -> 'I_d -> R) (th : lin_par m d C -> R),
  let rW := rank (W_of th) in
  rank (lin_ggn X th) = (rank (A_of th) * rank (Sigma X) + C * rW - rank (A_of th) * rW)%N).
Proof.
move/(_ _ _ _ _ e1 (slim 0 0 1)) => /=; rewrite rank_ggn.
have -> : rank (A_of (slim 0 0 1)) = 0%N by apply/rank_eq0.
have -> : rank (W_of (slim 0 0 1)) = 1%N.
  by apply: (@rank_row _ _ ord0 (lift ord0 ord0)); rewrite /W_of /slim /=; lra.
have -> : rank (mmul (W_of (slim 0 0 1)) (Sigma e1)) = 0%N.
  by apply/rank_eq0 => k j; rewrite W_Sigma_e1 Rmult_0_l.
by [].
Qed.

(** without the overlap ρ_A ρ_W *)
Lemma rank_ggn_overlap_false :
  ~ (forall n m d C (X : 'I_n -> 'I_d -> R) (th : lin_par m d C -> R),
  rank (lin_ggn X th) =
  (rank (A_of th) * rank (Sigma X) + C * rank (mmul (W_of th) (Sigma X)))%N).
Proof.
move/(_ _ _ _ _ e1 (slim 1 1 0)).
by rewrite (rank_ggn_slim _ R1_neq_R0 R1_neq_R0) (rank_A_slim _ _ R1_neq_R0)
  (rank_W_Sigma_e1 _ _ R1_neq_R0) rank_Sigma_e1.
Qed.

(** C and r exchanged: with the sample x = 0 rank G = 0, not ρ_A C *)
Lemma rank_ggn_exchanged_false :
  ~ (forall n m d C (X : 'I_n -> 'I_d -> R) (th : lin_par m d C -> R),
  let rW := rank (mmul (W_of th) (Sigma X)) in
  rank (lin_ggn X th) = (rank (A_of th) * C + rank (Sigma X) * rW - rank (A_of th) * rW)%N).
Proof.
move/(_ _ _ _ _ (fun (i : 'I_1) (j : 'I_2) => 0) (slim 1 1 0)) => /=.
rewrite rank_ggn (rank_A_slim _ _ R1_neq_R0).
have r0 : rank (Sigma (fun (i : 'I_1) (j : 'I_2) => 0)) = 0%N.
  by rewrite rank_Sigma; apply/rank_eq0.
have W0 : rank (mmul (W_of (slim 1 1 0)) (Sigma (fun (i : 'I_1) (j : 'I_2) => 0))) = 0%N.
  by apply/eqP; rewrite -leqn0; apply: leq_trans (rank_mul_le_r _ _) _; rewrite r0.
by rewrite r0 W0.
Qed.

(** one less in the generic bound *)
Lemma rank_ggn_smaller_false :
  ~ (forall n m d C (X : 'I_n -> 'I_d -> R) (th : lin_par m d C -> R),
  let q := minn (rank (Sigma X)) (minn m C) in
  (rank (lin_ggn X th) <= q * (rank (Sigma X) + C - q) - 1)%N).
Proof.
move/(_ _ _ _ _ e1 (slim 1 1 0)) => /=.
by rewrite (rank_ggn_slim _ R1_neq_R0 R1_neq_R0) rank_Sigma_e1.
Qed.

(** rank F = m rank Ω, without the 2 *)
Lemma rank_residual_half_false :
  ~ (forall n m d C (X : 'I_n -> 'I_d -> R) Y (th : lin_par m d C -> R),
  rank (lin_residual_hessian X Y th) = (m * rank (Omega X Y th))%N).
Proof.
move/(_ _ _ _ _ e1 (target 0) (slim 1 1 0)).
by rewrite rank_residual_hessian rank_Omega_slim.
Qed.

(** rank F = 2m min(r, C), whatever the residuals *)
Lemma rank_residual_data_false :
  ~ (forall n m d C (X : 'I_n -> 'I_d -> R) Y (th : lin_par m d C -> R),
  rank (lin_residual_hessian X Y th) = (2 * m * minn (rank (Sigma X)) C)%N).
Proof.
move/(_ _ _ _ _ e1 (target 1) (slim 1 1 0)).
by rewrite rank_residual_hessian rank_Omega_fit rank_Sigma_e1.
Qed.

(** F ⪰ 0, that is n_-(F) = 0 *)
Lemma residual_psd_false :
  ~ (forall n m d C (X : 'I_n -> 'I_d -> R) Y (th : lin_par m d C -> R) k,
  neg_ge (lin_residual_hessian X Y th) k -> k = 0%N).
Proof.
move/(_ _ _ _ _ e1 (target 0) (slim 1 1 0) 1%N) => h.
suff /h : neg_ge (lin_residual_hessian e1 (target 0) (slim 1 1 0)) 1 by [].
by apply/(proj2 (inertia_residual_hessian _ _ _ _)); rewrite rank_Omega_slim.
Qed.
End Variants.
