(** T08: the complexity bound with a residual, of the shape of the paper's bound (11).
    Squared loss, |σ''| ≤ C_σ at the pre-activations, D_w = Σ_k ‖a_k‖ ‖w_k‖²:

      |Cx - ⟨WWᵀ, H_bb⟩| ≤ C_σ √(2L) D_w,

    hence Cx ≤ ‖WWᵀ‖_F ‖H_bb‖_F + C_σ √(2L) D_w ≤ ½(‖W‖_F⁴ + ‖H_bb‖_F²) + C_σ √(2L) D_w,
    and μ_m tr H_bb - C_σ √(2L) D_w ≤ Cx. *)
From Coq Require Import Reals Lra Psatz FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Activations Losses.
From LandTheory Require Import SquareMatrices PsdFactor FirstLayerBlocks.
From LandTheory Require Import Complexity ComplexityBounds.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Lemma Rabs_dot_le (I : finType) (u v : I -> R) :
  Rabs (\rsum_i u i * v i) <= sqrt (norm2 u) * sqrt (norm2 v).
Proof.
rewrite -sqrt_mult_alt; last exact: norm2_ge0.
by rewrite -sqrt_Rsqr_abs Rsqr_pow2; apply: sqrt_le_1_alt; apply: rcauchy_schwarz.
Qed.

Section Residual.
Variables n m d C : nat.
Variables sigma s1 s2 : R -> R.
Variables (Y : 'I_n -> 'I_C -> R) (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Local Notation W := (weights th).
Local Notation H := (hessian sigma s1 s2
  (fun i => squared_r (Y i)) (fun=> @squared_S C) X th).
Local Notation L := (loss sigma (fun i => squared (Y i)) X th).
Local Notation Cx := (complexity (net sigma th) X).
Local Notation a k := (fun c => th (out k c)).
Local Notation res i := (residual sigma (fun i => squared_r (Y i)) X th i).

(** D_w = Σ_k ‖a_k‖ ‖w_k‖² *)
Definition path_weight : R := \rsum_k sqrt (norm2 (a k)) * norm2 (W k).

Variable Csigma : R.
Hypothesis s2_le : forall i k, Rabs (s2 (pre th (X i) k)) <= Csigma.

(** (1/n) Σ_i ‖r_i‖ ≤ √(2L) *)
Lemma mean_residual : mean (fun i => sqrt (norm2 (res i))) <= sqrt (2 * L).
Proof.
apply: Rle_trans (Rle_abs _) _; rewrite -sqrt_Rsqr_abs Rsqr_pow2; apply: sqrt_le_1_alt.
apply: Rle_trans (mean_sqr _) _; rewrite /loss -mean_scal; apply: mean_le => i.
rewrite pow2_sqrt; last exact: norm2_ge0.
by apply: Req_le; rewrite /squared -Rmult_assoc Rinv_r ?Rmult_1_l //; lra.
Qed.

(** Σ_k (1/n) Σ_i |(r_i·a_k) σ''(z_ik)| u_k ≤ C_σ √(2L) Σ_k ‖a_k‖ u_k, for u ≥ 0 *)
Lemma residual_term (u : 'I_m -> R) : (forall k, 0 <= u k) ->
  \rsum_k Rabs (mean (fun i => (\rsum_c res i c * th (out k c)) * s2 (pre th (X i) k))) * u k
    <= Csigma * sqrt (2 * L) * \rsum_k sqrt (norm2 (a k)) * u k.
Proof.
move=> u0; rewrite rsum_scal; apply: rsum_le => k; rewrite -Rmult_assoc.
apply: Rmult_le_compat_r; first exact: u0.
case: (posnP n) => [n0|n0].
  have z g : @mean n g = 0 by rewrite /mean (_ : INR n = 0) ?Rinv_0 ?Rmult_0_l // n0.
  by rewrite /loss !z Rmult_0_r sqrt_0 Rabs_R0; lra.
have c0 : 0 <= Csigma by apply: Rle_trans (s2_le (Ordinal n0) k); apply: Rabs_pos.
apply: Rle_trans (mean_abs _) _.
apply: Rle_trans (_ : Csigma * sqrt (norm2 (a k)) * mean (fun i => sqrt (norm2 (res i))) <= _).
  rewrite -mean_scal; apply: mean_le => i; rewrite Rabs_mult.
  apply: Rle_trans (Rmult_le_compat _ _ _ _ (Rabs_pos _) (Rabs_pos _)
    (Rabs_dot_le _ _) (s2_le i k)) _.
  by apply: Req_le; ring.
rewrite [Csigma * sqrt (2 * L) * _]Rmult_assoc [sqrt (2 * L) * _]Rmult_comm -Rmult_assoc.
apply: Rmult_le_compat_l; last exact: mean_residual.
by apply: Rmult_le_pos c0 (sqrt_pos _).
Qed.

Hypothesis smooth : smooth_on sigma s1 s2 X th.

(** |Cx - ⟨WWᵀ, H_bb⟩| ≤ C_σ √(2L) D_w *)
Theorem complexity_hessian_error :
  Rabs (Cx - inner (wwt W) (bias_block H)) <= Csigma * sqrt (2 * L) * path_weight.
Proof.
have := complexity_hessian (fun i => squared_r (Y i)) (fun=> @squared_S C) smooth.
rewrite squared_complexity => ->; rewrite /Rminus Rplus_assoc [_ + - inner _ _]Rplus_comm.
rewrite -Rplus_assoc Rplus_opp_r Rplus_0_l Rabs_Ropp mean_rsum.
apply: Rle_trans (rsum_abs _) _; apply: Rle_trans (residual_term (fun k => norm2_ge0 (W k))).
apply: rsum_le => k; rewrite mean_scalr Rabs_mult (Rabs_pos_eq (norm2 _)); first exact: Rle_refl.
exact: norm2_ge0.
Qed.

(** Cx ≤ ‖WWᵀ‖_F ‖H_bb‖_F + C_σ √(2L) D_w *)
Theorem complexity_le_hessian : Cx <=
  sqrt (frob2 (wwt W)) * sqrt (frob2 (bias_block H)) + Csigma * sqrt (2 * L) * path_weight.
Proof.
have := inner_le_frob (wwt W) (bias_block H).
by have := Rle_trans _ _ _ (Rle_abs _) complexity_hessian_error; lra.
Qed.

(** Cx ≤ ½(‖W‖_F⁴ + ‖H_bb‖_F²) + C_σ √(2L) D_w *)
Theorem complexity_le_squares : Cx <=
  / 2 * (frobW2 W ^ 2 + frob2 (bias_block H)) + Csigma * sqrt (2 * L) * path_weight.
Proof.
apply: Rle_trans complexity_le_hessian _; apply: Rplus_le_compat_r.
have p : psd (wwt W) by move=> v; rewrite wwt_quad; apply: norm2_ge0.
have := frob2_le_trace (wwt_sym W) p; rewrite frobW2_trace.
have f0 (A : 'I_m -> 'I_m -> R) : 0 <= frob2 A.
  by do 2!apply: rsum_ge0 => ?; apply: pow2_ge_0.
have := pow2_sqrt _ (f0 (wwt W)); have := pow2_sqrt _ (f0 (bias_block H)).
set u := sqrt _; set v := sqrt _ => uE vE w.
by have := pow2_ge_0 (u - v); nra.
Qed.

(** μ_m tr H_bb - C_σ √(2L) D_w ≤ Cx *)
Theorem complexity_ge_hessian mu : 0 <= mu ->
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) ->
  mu * trace (bias_block H) - Csigma * sqrt (2 * L) * path_weight <= Cx.
Proof.
move=> mu0 hW.
have d1 i k := smooth_derive (smooth i k).
have := complexity_lower d1 (squared_output_psd sigma X th) hW; rewrite squared_complexity.
set G := ggn _ _ _ _ _ => low.
set t := fun k => mean (fun i =>
  (\rsum_c res i c * th (out k c)) * s2 (pre th (X i) k)).
have tr : trace (bias_block H) = trace (bias_block G) + \rsum_k t k.
  rewrite /trace -rsum_plus; apply: rsum_eq => k; congr (_ + _).
  by have := residual_bias_block sigma s1 s2 (fun i => squared_r (Y i)) X th k k; rewrite eqxx.
have w k : mu <= norm2 (W k).
  have := hW (unitv k); rewrite norm2_unitv Rmult_1_r (norm2_eq (v := W k)) // => j.
  exact: rsum_pick (fun l => W l j) k.
suff : mu * (\rsum_k t k) <= Csigma * sqrt (2 * L) * path_weight by rewrite tr; lra.
apply: Rle_trans (residual_term (fun k => norm2_ge0 (W k))).
rewrite rsum_scal; apply: rsum_le => k; rewrite Rmult_comm.
apply: Rle_trans (_ : Rabs (t k) * mu <= _).
  by apply: Rmult_le_compat_r mu0 (Rle_abs _).
by apply: Rmult_le_compat_l (Rabs_pos _) (w k).
Qed.
End Residual.
