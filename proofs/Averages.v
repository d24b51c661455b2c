(** Uniform averages over finite sets of outcomes.

    [avg f] is the mean of f over a finite type. Independent draws are tuples; a batch is
    a set of B of the n indices, all equally likely, and the covariance of two means over
    a batch is κ = (n-B)/(B(n-1)) times that of a single draw. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect all_fingroup.
From LandTheory Require Import Sums.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Lemma INR_gt0 k : (0 < k)%N -> 0 < INR k.
Proof. by move=> h; apply/lt_0_INR/ltP. Qed.

Section Averages.
Variable T : finType.
Implicit Types f g : T -> R.

Definition avg f : R := / INR #|T| * \rsum_t f t.

Lemma inv_card_ge0 : 0 <= / INR #|T|.
Proof.
case: (posnP #|T|) => [->|h]; first by rewrite /= Rinv_0; apply: Rle_refl.
exact/Rlt_le/Rinv_0_lt_compat/INR_gt0.
Qed.

Lemma avg_eq f g : f =1 g -> avg f = avg g.
Proof. by move=> h; congr (_ * _); apply: rsum_eq. Qed.

Lemma avg_le f g : (forall t, f t <= g t) -> avg f <= avg g.
Proof. by move=> h; apply: Rmult_le_compat_l inv_card_ge0 _; apply: rsum_le. Qed.

Lemma avg_ge0 f : (forall t, 0 <= f t) -> 0 <= avg f.
Proof. by move=> h; apply: Rmult_le_pos inv_card_ge0 _; apply: rsum_ge0. Qed.

Lemma avg_plus f g : avg (fun t => f t + g t) = avg f + avg g.
Proof. by rewrite /avg rsum_plus Rmult_plus_distr_l. Qed.

Lemma avg_scal c f : avg (fun t => c * f t) = c * avg f.
Proof. by rewrite /avg -rsum_scal -!Rmult_assoc [c * _]Rmult_comm. Qed.

Lemma avg_scalr c f : avg (fun t => f t * c) = avg f * c.
Proof. by rewrite /avg -rsum_scalr Rmult_assoc. Qed.

Lemma avg_const c : (0 < #|T|)%N -> avg (fun=> c) = c.
Proof.
move=> h; rewrite /avg rsum_const -Rmult_assoc Rinv_l ?Rmult_1_l //.
exact/Rgt_not_eq/INR_gt0.
Qed.

Lemma avg_rsum (I : finType) (F : T -> I -> R) :
  avg (fun t => \rsum_i F t i) = \rsum_i avg (F^~ i).
Proof. by rewrite /avg rsum_exchange rsum_scal. Qed.

(** No value of f exceeds the sum. *)
Lemma avg_term_le f t : (forall s, 0 <= f s) -> / INR #|T| * f t <= avg f.
Proof. by move=> h; apply: Rmult_le_compat_l inv_card_ge0 _; apply: rsum_term_le. Qed.

(** (E f)² ≤ E f² *)
Lemma avg_sqr f : avg f ^ 2 <= avg (fun t => f t ^ 2).
Proof.
case: (posnP #|T|) => [h|h].
  by rewrite /avg h /= Rinv_0; lra.
have c0 := INR_gt0 h.
have := rcauchy_schwarz (fun=> 1) f.
under eq_bigr => t _ do rewrite Rmult_1_l.
rewrite pow1 rsum_const Rmult_1_r => cs.
rewrite /avg Rpow_mult_distr (_ : (/ INR #|T|) ^ 2 = / INR #|T| * / INR #|T|); last by ring.
rewrite Rmult_assoc; apply: Rmult_le_compat_l inv_card_ge0 _.
apply: (Rmult_le_reg_l (INR #|T|)) => //.
by rewrite -Rmult_assoc Rinv_r ?Rmult_1_l //; apply: Rgt_not_eq.
Qed.
End Averages.

Lemma avg_exchange (T U : finType) (F : T -> U -> R) :
  avg (fun t => avg (F t)) = avg (fun u => avg (F^~ u)).
Proof. by rewrite /avg -!rsum_scal rsum_exchange; ring. Qed.

Lemma avg_bij (T U : finType) (h : T -> U) (f : U -> R) :
  bijective h -> avg f = avg (fun t => f (h t)).
Proof. by move=> b; rewrite /avg (bij_eq_card b) (reindex h) //; apply: onW_bij. Qed.

(** ** Independent draws *)
Section Tuples.
Variable T : finType.

Lemma avg_tuple0 (f : 0.-tuple T -> R) : avg f = f [tuple].
Proof.
rewrite /avg card_tuple expn0 (rsum_delta (k := [tuple])) /=; first by field.
by move=> s; rewrite tuple0.
Qed.

Lemma avg_tupleS t (f : t.+1.-tuple T -> R) :
  avg f = avg (fun x => avg (fun s : t.-tuple T => f [tuple of x :: s])).
Proof.
have b : bijective (fun xs : T * t.-tuple T => [tuple of xs.1 :: xs.2]).
  exists (fun s : t.+1.-tuple T => (thead s, [tuple of behead s])) => [[x s]|s] /=.
    by rewrite theadE; congr pair; apply: val_inj.
  by rewrite [RHS]tuple_eta; apply: val_inj.
rewrite (avg_bij _ b) /avg card_prod mult_INR
  -(rsum_pair (fun x (s : t.-tuple T) => f [tuple of x :: s])).
by rewrite -rsum_scal -Rmult_assoc Rinv_mult.
Qed.
End Tuples.

(** ** Batches without replacement *)
Section Batches.
Variables n B : nat.
Implicit Types (y z : 'I_n -> R) (i j k : 'I_n).

Definition batch := {S : {set 'I_n} | #|S| == B}.

(** The mean of y over the batch *)
Definition bmean (S : batch) y : R := / INR B * \rsum_k dlt (k \in val S) (y k).

(** The indicator of i ∈ S *)
Definition batch_ind (S : batch) i : R := dlt (i \in val S) 1.

Lemma batch_dltE (S : batch) i r : dlt (i \in val S) r = r * batch_ind S i.
Proof. by rewrite /batch_ind; case: (_ \in _); rewrite /= ?Rmult_1_r ?Rmult_0_r. Qed.

Lemma batch_ind_sum S : \rsum_i batch_ind S i = INR B.
Proof.
rewrite -(eqP (valP S)) -sum1_card; symmetry.
rewrite (big_morph INR plus_INR (erefl : INR 0 = 0)) big_mkcond /=; apply: eq_bigr => i _.
by rewrite /batch_ind; case: (_ \in _).
Qed.

Lemma bmean_eq S y z : y =1 z -> bmean S y = bmean S z.
Proof. by move=> e; congr (_ * _); apply: rsum_eq => k; rewrite e. Qed.

Lemma bmean_plus S y z : bmean S (fun k => y k + z k) = bmean S y + bmean S z.
Proof.
rewrite /bmean -Rmult_plus_distr_l -rsum_plus; congr (_ * _); apply: rsum_eq => k.
by case: (_ \in _) => /=; ring.
Qed.

Lemma bmean_scal S c y : bmean S (fun k => c * y k) = c * bmean S y.
Proof.
rewrite /bmean -Rmult_assoc [c * _]Rmult_comm Rmult_assoc [c * _]rsum_scal.
by congr (_ * _); apply: rsum_eq => k; case: (_ \in _) => /=; ring.
Qed.

Lemma bmean_const S c : (0 < B)%N -> bmean S (fun=> c) = c.
Proof.
move=> B0; rewrite /bmean; under eq_bigr => k _ do rewrite batch_dltE.
by rewrite -rsum_scal batch_ind_sum; field; apply/Rgt_not_eq/INR_gt0.
Qed.

(** The batch s(S) of a permutation s: batches look alike to all indices. *)
Lemma batch_act_proof (s : {perm 'I_n}) (S : batch) : #|s @: val S| == B.
Proof. by rewrite card_imset ?(eqP (valP S)) //; apply: perm_inj. Qed.

Definition batch_act (s : {perm 'I_n}) (S : batch) : batch :=
  exist _ (s @: val S) (batch_act_proof s S).

Lemma batch_act_bij s : bijective (batch_act s).
Proof.
exists (batch_act s^-1) => S; apply: val_inj => /=; rewrite -imset_comp.
  by rewrite -[RHS]imset_id; apply: eq_imset => x /=; rewrite permK.
by rewrite -[RHS]imset_id; apply: eq_imset => x /=; rewrite permKV.
Qed.

Lemma batch_ind_act s S i : batch_ind (batch_act s S) (s i) = batch_ind S i.
Proof. by rewrite /batch_ind /= mem_imset //; apply: perm_inj. Qed.

(** P(i ∈ S) and P(i ∈ S, j ∈ S) *)
Definition incl1 i := avg (batch_ind^~ i).
Definition incl2 i j := avg (fun S => batch_ind S i * batch_ind S j).

Lemma incl2_perm (s : {perm 'I_n}) i j : incl2 (s i) (s j) = incl2 i j.
Proof.
by rewrite /incl2 (avg_bij _ (batch_act_bij s)); apply: avg_eq => S; rewrite !batch_ind_act.
Qed.

Lemma incl2_diag i : incl2 i i = incl1 i.
Proof. by apply: avg_eq => S; rewrite /batch_ind; case: (_ \in _) => /=; ring. Qed.

Hypothesis (B_gt0 : (0 < B)%N) (B_le : (B <= n)%N).

Lemma card_batch : #|{: batch}| = 'C(n, B).
Proof.
rewrite card_sig -[n in RHS]card_ord -(card_draws (ordinal_finType n) B).
by apply: eq_card => S; rewrite !inE.
Qed.

Lemma card_batch_gt0 : (0 < #|{: batch}|)%N.
Proof. by rewrite card_batch bin_gt0. Qed.

Lemma incl1_val i : incl1 i = INR B / INR n.
Proof.
have n0 := INR_gt0 (leq_trans B_gt0 B_le).
have c j : incl1 j = incl1 i by rewrite -!incl2_diag -(incl2_perm (tperm i j)) tpermR.
have : \rsum_j incl1 j = INR B.
  by rewrite -avg_rsum (avg_eq batch_ind_sum) avg_const // card_batch_gt0.
under eq_bigr => j _ do rewrite c.
rewrite rsum_const card_ord => <-; field; exact: Rgt_not_eq.
Qed.

Lemma incl2_val i j : i != j -> incl2 i j = INR B * (INR B - 1) / (INR n * (INR n - 1)).
Proof.
move=> ij; have n0 := INR_gt0 (leq_trans B_gt0 B_le).
have n1 : 0 < INR n - 1.
  suff h : (1 < n)%N by have := lt_INR _ _ (ltP h); rewrite /=; lra.
  have : (#|[set i; j]| <= #|'I_n|)%N by apply: max_card.
  by rewrite cards2 ij card_ord.
have c l : l != i -> incl2 i l = incl2 i j.
  by move=> li; rewrite -(incl2_perm (tperm l j)) tpermL tpermD // eq_sym.
have : \rsum_l incl2 i l = INR B * incl1 i.
  rewrite /incl2 -avg_rsum -avg_scal; apply: avg_eq => S.
  by rewrite -rsum_scal batch_ind_sum; ring.
rewrite (rsum_eq (G := fun l => dlt (l == i) (incl1 i - incl2 i j) + incl2 i j)); last first.
  by move=> l; case: eqP => [->|/eqP li] /=; rewrite ?incl2_diag ?c //; ring.
rewrite rsum_plus rsum_pickl rsum_const card_ord incl1_val => h.
have -> : incl2 i j = (INR B * (INR B / INR n) - INR B / INR n) / (INR n - 1).
  by rewrite -h; field; lra.
by field; lra.
Qed.

(** E_S bmean y = mean y *)
Lemma avg_bmean y : avg (fun S => bmean S y) = mean y.
Proof.
rewrite /bmean avg_scal.
under avg_eq => S do (under eq_bigr => k _ do rewrite batch_dltE).
rewrite avg_rsum; under eq_bigr => k _ do rewrite avg_scal -/(incl1 k) incl1_val.
rewrite -rsum_scalr /mean; field.
by split; apply/Rgt_not_eq/INR_gt0 => //; apply: leq_trans B_le.
Qed.

(** κ = (n-B)/(B(n-1)) *)
Definition kappa : R := (INR n - INR B) / (INR B * (INR n - 1)).

(** E_S bmean y · bmean z = mean y · mean z + κ (mean yz - mean y · mean z) *)
Lemma avg_bmean2 y z : (1 < n)%N ->
  avg (fun S => bmean S y * bmean S z) =
  mean y * mean z + kappa * (mean (fun k => y k * z k) - mean y * mean z).
Proof.
move=> n1; have B0 := INR_gt0 B_gt0.
have n1' : 1 < INR n by have := lt_INR _ _ (ltP n1).
set b := INR B * (INR B - 1) / (INR n * (INR n - 1)); set a := INR B / INR n.
transitivity (/ INR B * / INR B * \rsum_k \rsum_l
    (b * (y k * z l) + dlt (l == k) ((a - b) * (y k * z l)))).
  rewrite (avg_eq (g := fun S => / INR B * / INR B * \rsum_k \rsum_l
      (y k * z l) * (batch_ind S k * batch_ind S l))); last first.
    move=> S; rewrite /bmean -[LHS]/(_ * _ * (_ * _)).
    rewrite (_ : forall p q r : R, p * q * (p * r) = p * p * (q * r)); last by move=> *; ring.
    congr (_ * _); rewrite rsum_prod; apply: rsum_eq => k; apply: rsum_eq => l.
    by rewrite !batch_dltE; ring.
  rewrite avg_scal avg_rsum; congr (_ * _); apply: rsum_eq => k.
  rewrite avg_rsum; apply: rsum_eq => l; rewrite avg_scal -/(incl2 k l).
  case: (eqVneq l k) => [->|lk] /=; first by rewrite incl2_diag incl1_val -/a; ring.
  by rewrite incl2_val 1?eq_sym // -/b; ring.
under eq_bigr => k _ do rewrite rsum_plus rsum_pickl -rsum_scal.
rewrite rsum_plus -!rsum_scal -rsum_prod /mean /kappa /a /b; field; lra.
Qed.

Lemma kappa_ge0 : (1 < n)%N -> 0 <= kappa.
Proof.
move=> n1; have B0 := INR_gt0 B_gt0.
have n1' : 1 < INR n by have := lt_INR _ _ (ltP n1).
have Bn := le_INR _ _ (leP B_le).
by apply: Rmult_le_pos; [lra | apply/Rlt_le/Rinv_0_lt_compat/Rmult_lt_0_compat; lra].
Qed.
End Batches.

(** A larger batch has the smaller κ. *)
Lemma kappa_decr n B B' : (1 < n)%N -> (0 < B)%N -> (B <= B')%N -> kappa n B' <= kappa n B.
Proof.
move=> n1 B_gt0 BB'; have B0 := INR_gt0 B_gt0; have le := le_INR _ _ (leP BB').
have n1' : 1 < INR n by have := lt_INR _ _ (ltP n1).
have -> : kappa n B' = (INR n / INR B' - 1) / (INR n - 1) by rewrite /kappa; field; lra.
have -> : kappa n B = (INR n / INR B - 1) / (INR n - 1) by rewrite /kappa; field; lra.
apply: Rmult_le_compat_r; first by apply/Rlt_le/Rinv_0_lt_compat; lra.
suff : INR n / INR B' <= INR n / INR B by lra.
by apply: Rmult_le_compat_l; [lra | apply: Rinv_le_contravar].
Qed.
