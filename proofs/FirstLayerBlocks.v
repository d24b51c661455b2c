(** What the chain rule through a first layer z = Wx + b gives, as algebra on a sample.

    With D_i the C × m matrix of the rows δ_i^c = ∇_b f_c(x_i), and S_i any C × C matrices,

      Jx_i = D_i W,   tr(Jx_iᵀ S_i Jx_i) = ⟨WWᵀ, D_iᵀ S_i D_i⟩,   G_bb = (1/n) Σ_i D_iᵀ S_i D_i,

    and the block of G on the weights of the layer has the entries of
    (1/n) Σ_i D_iᵀ S_i D_i ⊗ y_i y_iᵀ, with y_i = x_i (W alone) or x̃_i (W and b).
    Every bound of T07 and T09 follows from these, sample by sample. *)
From Coq Require Import Reals Lra Psatz FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums SquareMatrices PsdFactor.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Lemma rsum_curry (I J : finType) (F : I * J -> R) : \rsum_p F p = \rsum_i \rsum_j F (i, j).
Proof. by rewrite rsum_pair; apply: rsum_eq => -[]. Qed.

Section Weights.
Variables m d : nat.
Variable W : 'I_m -> 'I_d -> R.

(** Wᵀv and WWᵀ *)
Definition mulTv (v : 'I_m -> R) : 'I_d -> R := fun j => \rsum_k W k j * v k.
Definition wwt (k l : 'I_m) : R := \rsum_j W k j * W l j.

(** ‖W‖_F² *)
Definition frobW2 : R := \rsum_k \rsum_j W k j ^ 2.

Lemma wwt_sym : sym wwt.
Proof. by move=> k l; apply: rsum_eq => j; ring. Qed.

Lemma wwt_gram : wwt = gram (fun=> 1) (fun j k => W k j).
Proof. by do 2!apply: functional_extensionality => ?; apply: rsum_eq => j; ring. Qed.

Lemma wwt_quad v : quad wwt v = norm2 (mulTv v).
Proof. by rewrite wwt_gram quad_gram; apply: rsum_eq => j; rewrite Rmult_1_l. Qed.

Lemma frobW2_trace : trace wwt = frobW2.
Proof. by do 2!apply: rsum_eq => ?; ring. Qed.

Lemma frobW2_ge0 : 0 <= frobW2.
Proof. by do 2!apply: rsum_ge0 => ?; apply: pow2_ge_0. Qed.
End Weights.

Lemma innerC (I : finType) (A B : I -> I -> R) : inner A B = inner B A.
Proof. by do 2!apply: rsum_eq => ?; ring. Qed.

Lemma inner_mean (I : finType) n (A : I -> I -> R) (B : 'I_n -> I -> I -> R) :
  inner A (fun k l => mean (fun i => B i k l)) = mean (fun i => inner A (B i)).
Proof.
rewrite /inner mean_rsum; apply: rsum_eq => k; rewrite mean_rsum; apply: rsum_eq => l.
by rewrite mean_scal.
Qed.

Lemma trace_mean (I : finType) n (B : 'I_n -> I -> I -> R) :
  trace (fun k l => mean (fun i => B i k l)) = mean (fun i => trace (B i)).
Proof. by rewrite /trace mean_rsum. Qed.

Section Blocks.
Variables n m d C : nat.
Variable W : 'I_m -> 'I_d -> R.
Variable D : 'I_n -> 'I_C -> 'I_m -> R.
Variable S : 'I_n -> 'I_C -> 'I_C -> R.

(** Jx_i = D_i W *)
Definition layer_slope i c (j : 'I_d) : R := \rsum_k D i c k * W k j.

(** tr(Jx_iᵀ S_i Jx_i) *)
Definition energy i : R :=
  \rsum_c \rsum_e S i c e * \rsum_j layer_slope i c j * layer_slope i e j.

(** D_iᵀ S_i D_i *)
Definition sandwich i (k l : 'I_m) : R := \rsum_c \rsum_e S i c e * D i c k * D i e l.

Lemma energy_inner i : energy i = inner (wwt W) (sandwich i).
Proof.
rewrite /energy /inner /sandwich.
have e c e' : S i c e' * (\rsum_j layer_slope i c j * layer_slope i e' j)
    = \rsum_k \rsum_l wwt W k l * (S i c e' * D i c k * D i e' l).
  rewrite /layer_slope.
  under eq_bigr => j _ do rewrite rsum_prod.
  rewrite rsum_exchange rsum_scal; apply: rsum_eq => k.
  rewrite rsum_exchange rsum_scal; apply: rsum_eq => l.
  by rewrite /wwt rsum_scal rsum_scalr; apply: rsum_eq => j; ring.
under eq_bigr => c _ do (under eq_bigr => c' _ do rewrite e).
under [RHS]eq_bigr => k _ do (under eq_bigr => l _ do
  (rewrite rsum_scal; under eq_bigr => c _ do rewrite rsum_scal)).
under eq_bigr => c _ do rewrite rsum_exchange.
rewrite rsum_exchange; apply: rsum_eq => k.
under eq_bigr => c _ do rewrite rsum_exchange.
by rewrite rsum_exchange.
Qed.

(** ω_i = tr(D_iᵀ S_i D_i) *)
Definition omega i : R := trace (sandwich i).

Lemma omegaE i : omega i = \rsum_c \rsum_e S i c e * dot (D i c) (D i e).
Proof.
rewrite /omega /trace /sandwich rsum_exchange; apply: rsum_eq => c.
rewrite rsum_exchange; apply: rsum_eq => e.
by rewrite /dot rsum_scal; apply: rsum_eq => k; ring.
Qed.

Lemma sandwich_quad i v : quad (sandwich i) v = quad (S i) (fun c => dot (D i c) v).
Proof.
rewrite /quad /sandwich.
under eq_bigr => k _ do (under eq_bigr => l _ do
  (rewrite rsum_scal rsum_scalr; under eq_bigr => c _ do rewrite rsum_scal rsum_scalr);
  rewrite rsum_exchange; under eq_bigr => c _ do rewrite rsum_exchange).
rewrite rsum_exchange; apply: rsum_eq => c; rewrite rsum_exchange; apply: rsum_eq => e.
rewrite (_ : _ * S i c e * _ = S i c e * (dot (D i c) v * dot (D i e) v)); last by ring.
rewrite /dot rsum_prod rsum_scal; apply: rsum_eq => k.
by rewrite rsum_scal; apply: rsum_eq => l; ring.
Qed.

Lemma sandwich_psd i : psd (S i) -> psd (sandwich i).
Proof. by move=> p v; rewrite sandwich_quad. Qed.

(** ** the blocks of G *)
Definition bias_gram (k l : 'I_m) : R := mean (fun i => sandwich i k l).

Section Inputs.
Variable J : finType.
Variable y : 'I_n -> J -> R.

Definition input_gram (p q : 'I_m * J) : R := mean (fun i =>
  \rsum_c \rsum_e S i c e * (D i c p.1 * y i p.2) * (D i e q.1 * y i q.2)).

Lemma input_gram_trace : trace input_gram = mean (fun i => norm2 (y i) * omega i).
Proof.
rewrite /input_gram (trace_mean (fun i (p q : 'I_m * J) => \rsum_c \rsum_e
  S i c e * (D i c p.1 * y i p.2) * (D i e q.1 * y i q.2))).
apply: mean_eq => i; rewrite /trace rsum_curry /omega /trace rsum_scal.
apply: rsum_eq => k; rewrite /norm2 rsum_scalr; apply: rsum_eq => j.
rewrite /sandwich rsum_scal; apply: rsum_eq => c; rewrite rsum_scal.
by apply: rsum_eq => e; rewrite /=; ring.
Qed.

(** a sum of nρ matrices v vᵀ, if every S_i is one of ρ matrices s sᵀ *)
Lemma input_gram_factor (rho : nat) (s : 'I_n -> 'I_rho -> 'I_C -> R) :
  (forall i c e, S i c e = \rsum_l s i l c * s i l e) ->
  exists v : 'I_n * 'I_rho -> 'I_m * J -> R,
    forall p q, input_gram p q = \rsum_t v t p * v t q.
Proof.
move=> SE; pose v (t : 'I_n * 'I_rho) (p : 'I_m * J) :=
  sqrt (/ INR n) * \rsum_c s t.1 t.2 c * (D t.1 c p.1 * y t.1 p.2).
exists v => p q; rewrite rsum_curry /input_gram /mean.
rewrite rsum_scal; apply: rsum_eq => i; rewrite /v /=.
have rr := sqrt_sqrt _ (inv_INR_ge0 n).
transitivity (/ INR n * \rsum_l (\rsum_c s i l c * (D i c p.1 * y i p.2))
    * (\rsum_e s i l e * (D i e q.1 * y i q.2))); last first.
  rewrite rsum_scal; apply: rsum_eq => l; rewrite -[X in X * _ = _]rr.
  have e a b : sqrt (/ INR n) * sqrt (/ INR n) * (a * b)
    = sqrt (/ INR n) * a * (sqrt (/ INR n) * b) by ring.
  exact: e.
congr (_ * _); under [RHS]eq_bigr => l _ do rewrite rsum_prod.
rewrite rsum_exchange; apply: rsum_eq => c; rewrite rsum_exchange; apply: rsum_eq => e.
by rewrite SE !rsum_scalr; apply: rsum_eq => l; ring.
Qed.
End Inputs.

(** ** bounds *)
Definition complexity_of : R := mean energy.

Lemma complexity_inner : complexity_of = inner (wwt W) bias_gram.
Proof. by rewrite /bias_gram inner_mean; apply: mean_eq => i; apply: energy_inner. Qed.

(** Cx_S ≤ ‖W‖_F² λ_1(G_bb) *)
Lemma complexity_frob_lmax lam : lmax_le bias_gram lam -> complexity_of <= frobW2 W * lam.
Proof.
move=> l; rewrite complexity_inner innerC wwt_gram inner_gram.
rewrite /frobW2 rsum_exchange rsum_scalr; apply: rsum_le => j.
by rewrite Rmult_1_l Rmult_comm; apply: l.
Qed.

(** Cx_S ≤ ‖WWᵀ‖_F ‖G_bb‖_F *)
Lemma inner_le_frob (I : finType) (A B : I -> I -> R) :
  inner A B <= sqrt (frob2 A) * sqrt (frob2 B).
Proof.
rewrite -sqrt_mult_alt; last by rewrite /frob2; do 2!apply: rsum_ge0 => ?; apply: pow2_ge_0.
apply: Rle_trans (Rle_abs _) _; rewrite -sqrt_Rsqr_abs Rsqr_pow2.
by apply: sqrt_le_1_alt; apply: inner_sqr_le.
Qed.

Lemma bias_gram_trace : trace bias_gram = mean omega.
Proof. exact: trace_mean. Qed.

Hypothesis S_psd : forall i, psd (S i).

Lemma omega_ge0 i : 0 <= omega i.
Proof. by apply/trace_ge0/sandwich_psd. Qed.

Lemma energy_ge0 i : 0 <= energy i.
Proof.
rewrite energy_inner innerC wwt_gram inner_gram; apply: rsum_ge0 => j.
by rewrite Rmult_1_l; apply: sandwich_psd.
Qed.

Lemma energy_le mu1 i :
  (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) -> energy i <= mu1 * omega i.
Proof.
move=> h; rewrite energy_inner; apply: inner_psd_le; [exact: wwt_sym | | exact: sandwich_psd].
by move=> v; rewrite wwt_quad.
Qed.

Lemma energy_ge mu i :
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) -> mu * omega i <= energy i.
Proof.
move=> h; rewrite energy_inner; apply: inner_psd_ge; [exact: wwt_sym | | exact: sandwich_psd].
by move=> v; rewrite wwt_quad.
Qed.

Lemma bias_upper mu1 :
  (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) -> complexity_of <= mu1 * trace bias_gram.
Proof.
by move=> h; rewrite bias_gram_trace -mean_scal; apply: mean_le => i; apply: energy_le.
Qed.

Lemma bias_lower mu :
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) -> mu * trace bias_gram <= complexity_of.
Proof.
by move=> h; rewrite bias_gram_trace -mean_scal; apply: mean_le => i; apply: energy_ge.
Qed.

Lemma bias_gram_psd : psd bias_gram.
Proof.
move=> v; rewrite (_ : quad _ v = mean (fun i => quad (sandwich i) v)).
  by apply: mean_ge0 => i; apply: sandwich_psd.
rewrite /quad mean_rsum; apply: rsum_eq => k; rewrite mean_rsum; apply: rsum_eq => l.
by rewrite mean_scalr mean_scal.
Qed.

Section InputBounds.
Variables (J : finType) (y : 'I_n -> J -> R) (c : R).

(** min‖y_i‖² Cx_S ≤ ‖W‖² tr G_yy *)
Lemma input_upper mu1 : (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) ->
  (forall i, c <= norm2 (y i)) -> c * complexity_of <= mu1 * trace (input_gram y).
Proof.
move=> h hc; rewrite input_gram_trace -!mean_scal; apply: mean_le => i.
apply: Rle_trans (_ : norm2 (y i) * energy i <= _).
  by apply: Rmult_le_compat_r (energy_ge0 i) (hc i).
rewrite -Rmult_assoc [mu1 * _]Rmult_comm Rmult_assoc.
by apply: Rmult_le_compat_l (norm2_ge0 _) (energy_le i h).
Qed.

(** μ_m tr G_yy ≤ max‖y_i‖² Cx_S *)
Lemma input_lower mu : (forall v, mu * norm2 v <= norm2 (mulTv W v)) ->
  (forall i, norm2 (y i) <= c) -> mu * trace (input_gram y) <= c * complexity_of.
Proof.
move=> h hc; rewrite input_gram_trace -!mean_scal; apply: mean_le => i.
apply: Rle_trans (_ : norm2 (y i) * energy i <= _).
  rewrite -Rmult_assoc [mu * _]Rmult_comm Rmult_assoc.
  by apply: Rmult_le_compat_l (norm2_ge0 _) (energy_ge i h).
by apply: Rmult_le_compat_r (energy_ge0 i) (hc i).
Qed.

(** min‖y_i‖² Cx_S ≤ ‖W‖² √min(nρ, m|y|) ‖G_yy‖_F *)
Lemma input_upper_frob mu1 rho (s : 'I_n -> 'I_rho -> 'I_C -> R) :
  (forall i c e, S i c e = \rsum_l s i l c * s i l e) ->
  (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) -> (forall i, c <= norm2 (y i)) ->
  c * complexity_of <=
    mu1 * (sqrt (INR (minn (n * rho) (m * #|J|))) * sqrt (frob2 (input_gram y))).
Proof.
move=> SE h hc; apply: Rle_trans (input_upper h hc) _.
have [v vE] := input_gram_factor y SE.
have := trace_le_gram vE; rewrite !card_prod !card_ord => tr.
case: (posnP m) => m0; last first.
  apply: Rmult_le_compat_l tr; have := h (unitv (Ordinal m0)).
  by rewrite norm2_unitv Rmult_1_r; apply: Rle_trans (norm2_ge0 _).
have none (F : 'I_m * J -> R) : \rsum_p F p = 0.
  by apply: big1 => -[k j] _; have : (k < 0)%N by rewrite -m0 ltn_ord.
rewrite /trace /frob2 !none sqrt_0; lra.
Qed.

Hypothesis S_sym : forall i, sym (S i).

Lemma input_gram_sym : sym (input_gram y).
Proof.
move=> p q; apply: mean_eq => i; rewrite rsum_exchange.
by apply: rsum_eq => e; apply: rsum_eq => e'; rewrite S_sym; ring.
Qed.

Lemma psd_output_factor :
  exists s : 'I_n -> 'I_C -> 'I_C -> R, forall i c e, S i c e = \rsum_l s i l c * s i l e.
Proof. exact: (fin_all_exists (fun i => psd_factor (S_sym i) (S_psd i))). Qed.

Lemma input_gram_psd : psd (input_gram y).
Proof.
have [s SE] := psd_output_factor; have [v vE] := input_gram_factor y SE.
rewrite (_ : input_gram y = gram (fun=> 1) v); first by apply: gram_psd => t; lra.
do 2!apply: functional_extensionality => ?; rewrite vE.
by apply: rsum_eq => t; ring.
Qed.

Lemma input_lower_ge0 : (forall i, norm2 (y i) <= c) -> 0 <= c * complexity_of.
Proof.
move=> hc; rewrite -mean_scal; apply: mean_ge0 => i.
by apply: Rmult_le_pos (energy_ge0 i); apply: Rle_trans (hc i); apply: norm2_ge0.
Qed.

(** μ_m ‖G_yy‖_F ≤ max‖y_i‖² Cx_S *)
Lemma input_lower_frob mu : (forall v, mu * norm2 v <= norm2 (mulTv W v)) ->
  (forall i, norm2 (y i) <= c) -> mu * sqrt (frob2 (input_gram y)) <= c * complexity_of.
Proof.
move=> h hc; case: (Rle_dec 0 mu) => mu0; last first.
  apply: Rle_trans (input_lower_ge0 hc); have := sqrt_pos (frob2 (input_gram y)); nra.
apply: Rle_trans (input_lower h hc); apply: Rmult_le_compat_l => //.
rewrite -(sqrt_pow2 (trace _)); last exact: trace_ge0 input_gram_psd.
by apply/sqrt_le_1_alt/frob2_le_trace; [apply: input_gram_sym | apply: input_gram_psd].
Qed.

(** μ_m λ_1(G_yy) ≤ max‖y_i‖² Cx_S *)
Lemma input_lower_quad mu : (forall v, mu * norm2 v <= norm2 (mulTv W v)) ->
  (forall i, norm2 (y i) <= c) ->
  forall v, mu * quad (input_gram y) v <= c * complexity_of * norm2 v.
Proof.
move=> h hc v; have v0 := norm2_ge0 v; case: (Rle_dec 0 mu) => mu0; last first.
  have := Rmult_le_pos _ _ (input_lower_ge0 hc) v0; have := input_gram_psd v; nra.
apply: Rle_trans (_ : mu * (trace (input_gram y) * norm2 v) <= _).
  apply: Rmult_le_compat_l => //; apply: lmax_le_trace; first exact: input_gram_sym.
  exact: input_gram_psd.
by rewrite -Rmult_assoc; apply: Rmult_le_compat_r v0 (input_lower h hc).
Qed.
End InputBounds.
End Blocks.
