(** Finite sums, means and inner products of reals.

    The sums are MathComp's big operators over the standard library's R. No choice
    structure is put on R, so nothing here needs an axiom beyond those of the reals. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Definition Rplus_assoc' : associative Rplus := fun x y z => esym (Rplus_assoc x y z).
Definition Rmult_assoc' : associative Rmult := fun x y z => esym (Rmult_assoc x y z).
Canonical Rplus_monoid := Monoid.Law Rplus_assoc' Rplus_0_l Rplus_0_r.
Canonical Rplus_comoid := Monoid.ComLaw Rplus_comm.
Canonical Rmult_monoid := Monoid.Law Rmult_assoc' Rmult_1_l Rmult_1_r.
Canonical Rmult_comoid := Monoid.ComLaw Rmult_comm.
Canonical Rmult_muloid := Monoid.MulLaw Rmult_0_l Rmult_0_r.
Canonical Rplus_addoid :=
  Monoid.AddLaw Rmult_plus_distr_r (fun x y z => Rmult_plus_distr_l x y z).

Notation "\rsum_ i F" := (\big[Rplus/R0]_i F%R)
  (at level 41, F at level 41, i at level 0, format "\rsum_ i  F") : R_scope.
Notation "\rsum_ ( i : T ) F" := (\big[Rplus/R0]_(i : T) F%R)
  (at level 41, F at level 41, i at level 50, format "\rsum_ ( i  :  T )  F") : R_scope.

(** The Kronecker delta, times [r]. *)
Definition dlt (b : bool) (r : R) : R := if b then r else 0.

Section Sums.
Variable I : finType.
Implicit Types (F G : I -> R) (c : R).

Lemma rsum_ge0 F : (forall i, 0 <= F i) -> 0 <= \rsum_i F i.
Proof. by move=> h; apply: (big_ind (Rle 0)) => // *; lra. Qed.

Lemma rsum_le F G : (forall i, F i <= G i) -> \rsum_i F i <= \rsum_i G i.
Proof.
move=> h; apply: (big_ind2 Rle) => //; first lra.
by move=> *; apply: Rplus_le_compat.
Qed.

Lemma rsum_eq F G : (forall i, F i = G i) -> \rsum_i F i = \rsum_i G i.
Proof. by move=> h; apply: eq_bigr => i _. Qed.

Lemma rsum_scal c F : c * (\rsum_i F i) = \rsum_i c * F i.
Proof. exact: big_distrr. Qed.

Lemma rsum_scalr c F : (\rsum_i F i) * c = \rsum_i F i * c.
Proof. exact: big_distrl. Qed.

Lemma rsum_plus F G : \rsum_i (F i + G i) = (\rsum_i F i) + (\rsum_i G i).
Proof. exact: big_split. Qed.

Lemma rsum_opp F : \rsum_i (- F i) = - (\rsum_i F i).
Proof.
rewrite -[RHS]Rmult_1_l -Ropp_mult_distr_r Ropp_mult_distr_l rsum_scal.
by apply: rsum_eq => i; ring.
Qed.

Lemma rsum_minus F G : \rsum_i (F i - G i) = (\rsum_i F i) - (\rsum_i G i).
Proof. by rewrite /Rminus rsum_plus rsum_opp. Qed.

Lemma rsum0 F : (forall i, F i = 0) -> \rsum_i F i = 0.
Proof. by move=> h; apply: big1 => i _. Qed.

Lemma rsum_const c : \rsum_(i : I) c = INR #|I| * c.
Proof.
rewrite big_const; elim: #|I| => [|k IH]; first by rewrite /= Rmult_0_l.
by rewrite iterS IH S_INR; ring.
Qed.

(** All terms but one vanish. *)
Lemma rsum_delta k F : (forall i, i != k -> F i = 0) -> \rsum_i F i = F k.
Proof.
by move=> h; rewrite (bigD1 k) //= big1 ?Rplus_0_r // => i; exact: h.
Qed.

Lemma rsum_pick F k : \rsum_i F i * dlt (i == k) 1 = F k.
Proof.
rewrite (rsum_delta (k := k)) ?eqxx /=; first by ring.
by move=> i /negbTE->; rewrite /=; ring.
Qed.

Lemma rsum_pickl F k : \rsum_i dlt (i == k) (F i) = F k.
Proof. by rewrite (rsum_delta (k := k)) ?eqxx // => i /negbTE->. Qed.

Lemma rsum_term_le F k : (forall i, 0 <= F i) -> F k <= \rsum_i F i.
Proof.
move=> h; rewrite (bigD1 k) //= -[X in X <= _]Rplus_0_r; apply: Rplus_le_compat_l.
by apply: (big_ind (Rle 0)) => // *; lra.
Qed.

Lemma rsum_eq0 F : (forall i, 0 <= F i) -> \rsum_i F i = 0 -> forall i, F i = 0.
Proof. by move=> h s i; apply: Rle_antisym => //; rewrite -s; apply: rsum_term_le. Qed.

Lemma rsum_abs F : Rabs (\rsum_i F i) <= \rsum_i Rabs (F i).
Proof.
apply: (big_ind2 (fun a b => Rabs a <= b)); first by rewrite Rabs_R0; lra.
  by move=> a b c d h1 h2; apply: Rle_trans (Rabs_triang _ _) _; lra.
by move=> i _; apply: Rle_refl.
Qed.

(** The sum of a derivative is the derivative of the sum. *)
Lemma is_derive_rsum (F : I -> R -> R) (dF : I -> R) (t : R) :
  (forall i, is_derive (F i) t (dF i)) ->
  is_derive (fun s => \rsum_i F i s) t (\rsum_i dF i).
Proof.
move=> h; elim: (index_enum I) => [|i r IH].
  rewrite big_nil; apply: (is_derive_ext (fun=> 0)) => [s|]; first by rewrite big_nil.
  exact: is_derive_const.
rewrite big_cons.
apply: (is_derive_ext (fun s => F i s + \big[Rplus/R0]_(i <- r) F i s)) => [s|].
  by rewrite big_cons.
exact: (is_derive_plus _ _ _ _ _ (h i) IH).
Qed.
End Sums.

Lemma rsum_prod (I J : finType) (F : I -> R) (G : J -> R) :
  (\rsum_i F i) * (\rsum_j G j) = \rsum_i \rsum_j F i * G j.
Proof. by rewrite rsum_scalr; apply: rsum_eq => i; rewrite rsum_scal. Qed.

Lemma rsum_exchange (I J : finType) (F : I -> J -> R) :
  \rsum_i \rsum_j F i j = \rsum_j \rsum_i F i j.
Proof. exact: exchange_big. Qed.

Lemma rsum_pair (I J : finType) (F : I -> J -> R) :
  \rsum_i \rsum_j F i j = \rsum_(ij : I * J) F ij.1 ij.2.
Proof. exact: pair_bigA. Qed.

Lemma rsum_sum (I J : finType) (F : I + J -> R) :
  \rsum_k F k = (\rsum_i F (inl i)) + (\rsum_j F (inr j)).
Proof. by rewrite big_sumType. Qed.

Lemma rsum_option (I : finType) (F : option I -> R) :
  \rsum_j F j = (\rsum_i F (Some i)) + F None.
Proof.
rewrite (bigD1 None) //= Rplus_comm; congr (_ + _).
rewrite (reindex_omap (Some : I -> _) id) //=; last by case.
by apply: eq_bigl => j; rewrite eqxx.
Qed.

(** Cauchy-Schwarz, by Lagrange's identity. *)
Lemma rcauchy_schwarz (I : finType) (a b : I -> R) :
  (\rsum_i a i * b i) ^ 2 <= (\rsum_i a i ^ 2) * (\rsum_i b i ^ 2).
Proof.
suff: 0 <= 2 * ((\rsum_i a i ^ 2) * (\rsum_i b i ^ 2) - (\rsum_i a i * b i) ^ 2) by lra.
have -> : 2 * ((\rsum_i a i ^ 2) * (\rsum_i b i ^ 2) - (\rsum_i a i * b i) ^ 2) =
    \rsum_i \rsum_j (a i * b j - a j * b i) ^ 2.
  symmetry; transitivity (\rsum_i \rsum_j
      (a i ^ 2 * b j ^ 2 + (b i ^ 2 * a j ^ 2 + (-2 * (a i * b i)) * (a j * b j)))).
    by do 2!apply: rsum_eq => ?; ring.
  under eq_bigr => i _ do rewrite !rsum_plus.
  by rewrite !rsum_plus -!rsum_prod -rsum_scal; ring.
by do 2!apply: rsum_ge0 => ?; apply: pow2_ge_0.
Qed.

(** ** Means over a sample: [mean g] is (1/n) Σ_i g i. *)
Section Mean.
Variable n : nat.
Implicit Types f g : 'I_n -> R.

Definition mean g : R := / INR n * \rsum_i g i.

Lemma inv_INR_ge0 : 0 <= / INR n.
Proof.
case: (posnP n) => [->|n0]; first by rewrite /= Rinv_0; apply: Rle_refl.
by apply/Rlt_le/Rinv_0_lt_compat/lt_0_INR/ltP.
Qed.

Lemma mean_eq f g : (forall i, f i = g i) -> mean f = mean g.
Proof. by move=> h; congr (_ * _); apply: rsum_eq. Qed.

Lemma mean_le f g : (forall i, f i <= g i) -> mean f <= mean g.
Proof. by move=> h; apply: Rmult_le_compat_l inv_INR_ge0 _; apply: rsum_le. Qed.

Lemma mean_ge0 g : (forall i, 0 <= g i) -> 0 <= mean g.
Proof. by move=> h; apply: Rmult_le_pos inv_INR_ge0 _; apply: rsum_ge0. Qed.

Lemma mean_plus f g : mean (fun i => f i + g i) = mean f + mean g.
Proof. by rewrite /mean rsum_plus Rmult_plus_distr_l. Qed.

Lemma mean_scal c g : mean (fun i => c * g i) = c * mean g.
Proof. by rewrite /mean -rsum_scal -!Rmult_assoc [c * _]Rmult_comm. Qed.

Lemma mean_scalr c g : mean (fun i => g i * c) = mean g * c.
Proof. by rewrite /mean -rsum_scalr Rmult_assoc. Qed.

Lemma mean_const c : (0 < n)%N -> mean (fun=> c) = c.
Proof.
move=> n0; rewrite /mean rsum_const card_ord -Rmult_assoc Rinv_l ?Rmult_1_l //.
by apply: Rgt_not_eq; apply/lt_0_INR/ltP.
Qed.

Lemma mean_rsum (I : finType) (F : 'I_n -> I -> R) :
  mean (fun i => \rsum_k F i k) = \rsum_k mean (F^~ k).
Proof. by rewrite /mean rsum_exchange rsum_scal. Qed.

Lemma mean_abs g : Rabs (mean g) <= mean (fun i => Rabs (g i)).
Proof.
rewrite /mean Rabs_mult (Rabs_pos_eq _ inv_INR_ge0).
by apply: Rmult_le_compat_l inv_INR_ge0 _; apply: rsum_abs.
Qed.

Lemma is_derive_mean (F : 'I_n -> R -> R) dF t :
  (forall i, is_derive (F i) t (dF i)) ->
  is_derive (fun s => mean (F^~ s)) t (mean dF).
Proof. by move=> h; apply: is_derive_scal; apply: is_derive_rsum. Qed.

(** Jensen for the square: (mean g)^2 <= mean g^2. *)
Lemma mean_sqr g : mean g ^ 2 <= mean (fun i => g i ^ 2).
Proof.
case: (posnP n) => [n0|n0].
  have e h : mean h = 0 by rewrite /mean (_ : INR n = 0) ?Rinv_0 ?Rmult_0_l // n0.
  by rewrite !e; apply: Req_le; ring.
have h : 0 < INR n by apply/lt_0_INR/ltP.
have := rcauchy_schwarz (fun=> 1) g.
under eq_bigr => i _ do rewrite Rmult_1_l.
rewrite pow1 rsum_const card_ord Rmult_1_r => cs.
rewrite /mean Rpow_mult_distr /= Rmult_1_r !Rmult_assoc.
apply: Rmult_le_compat_l inv_INR_ge0 _.
apply: (Rmult_le_reg_l (INR n)) => //.
rewrite -!Rmult_assoc Rinv_r ?Rmult_1_l; last exact: Rgt_not_eq.
by move: cs; rewrite /= !Rmult_1_r.
Qed.
End Mean.
