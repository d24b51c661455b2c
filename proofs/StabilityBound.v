(** T13: the sharpness bounds the bends of the function. Squared loss, piecewise linear σ off
    its kinks, u_k = (1/n) Σ_i σ'(z_ik) x̃_i: the Rayleigh quotient of G at the mean of the
    rows of J gives, for one output,

      λ_1(G) ≥ 1 + Σ_k (a_k² ‖u_k‖² + (w̃_k·u_k)²) ≥ 1 + 2 Σ_k |a_k| ‖u_k‖ |w̃_k·u_k|,

    whose right side is the same on the whole orbit of rescalings; where ∇L = 0 the same
    holds for λ_1(H). *)
From Coq Require Import Reals Lra Psatz FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Activations Losses.
From LandTheory Require Import SquareMatrices FirstLayerBlocks Complexity ComplexityBounds.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Lemma lmax_ge_le (I : finType) (A : I -> I -> R) c c' : c' <= c -> lmax_ge A c -> lmax_ge A c'.
Proof.
move=> cc [v [v0 h]]; exists v; split => //; apply: Rle_trans h.
by apply: Rmult_le_compat_r cc; lra.
Qed.

(** σ(z) = σ'(z) z, at a kink too where there is none *)
Lemma pl_pl1_off ap am z : z <> 0 \/ ap = am -> pl ap am z = pl1 ap am z * z.
Proof.
case: (Req_EM_T z 0) => [->|z0 _]; last exact: pl_pl1.
by move=> _; rewrite pl_pos; [ring | apply: Rle_refl].
Qed.

(** (e·a)² N = eᵀ(N a aᵀ)e *)
Lemma weighted_square (I : finType) (e a : I -> R) N :
  (\rsum_c e c * a c) ^ 2 * N = \rsum_c \rsum_c' e c * (N * a c * a c') * e c'.
Proof.
rewrite (_ : _ ^ 2 = (\rsum_c e c * a c) * (\rsum_c e c * a c)); last by ring.
rewrite rsum_prod rsum_scalr; apply: rsum_eq => c.
by rewrite rsum_scalr; apply: rsum_eq => c'; ring.
Qed.

Section MeanRow.
Variables n m d C : nat.
Variables ap am : R.
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Local Notation G := (ggn (pl ap am) (pl1 ap am) (fun=> @squared_S C) X th).
Local Notation J := (jacobian (pl ap am) (pl1 ap am) X th).

(** w̃_k, u_k = (1/n) Σ_i σ'(z_ik) x̃_i, and w̃_k·u_k *)
Definition neuron (k : 'I_m) (j : option 'I_d) : R := th (hid k j).
Definition mean_input (k : 'I_m) (j : option 'I_d) : R :=
  mean (fun i => pl1 ap am (pre th (X i) k) * ext (X i) j).
Definition mean_activation (k : 'I_m) : R := dot (neuron k) (mean_input k).

(** ‖u_k‖² summed against a_k a_kᵀ *)
Definition output_gram (c e : 'I_C) : R :=
  \rsum_k norm2 (mean_input k) * th (out k c) * th (out k e).

Hypothesis n0 : (0 < n)%N.
Hypothesis smooth : off_kinks ap am X th.

(** w̃_k·u_k = (1/n) Σ_i σ(z_ik) *)
Lemma mean_activationE k : mean_activation k = mean (fun i => pl ap am (pre th (X i) k)).
Proof.
rewrite /mean_activation /dot /mean_input /neuron.
under eq_bigr => j _ do rewrite -mean_scal.
rewrite -mean_rsum; apply: mean_eq => i; rewrite pl_pl1_off // {3}/pre rsum_scal.
by apply: rsum_eq => j; rewrite -!Rmult_assoc [pl1 _ _ _ * _]Rmult_comm.
Qed.

Variable e : 'I_C -> R.

(** v = (1/n) Σ_i J_iᵀe *)
Definition mean_row (p : par m d C) : R := mean (fun i => \rsum_c e c * J i c p).

Lemma mean_row_hid k j : mean_row (hid k j) = (\rsum_c e c * th (out k c)) * mean_input k j.
Proof.
rewrite /mean_row /mean_input -mean_scal; apply: mean_eq => i.
by rewrite rsum_scalr; apply: rsum_eq => c; rewrite /jacobian /=; ring.
Qed.

Lemma mean_row_out k c : mean_row (out k c) = mean_activation k * e c.
Proof.
rewrite mean_activationE -mean_scalr; apply: mean_eq => i.
rewrite (rsum_delta (k := c)) => [|c']; rewrite /jacobian /=; first by rewrite eqxx /=; ring.
by rewrite eq_sym => /negbTE->; rewrite /=; ring.
Qed.

Lemma mean_row_off c : mean_row (off c) = e c.
Proof.
rewrite -[RHS](mean_const (e c) n0); apply: mean_eq => i.
rewrite (rsum_delta (k := c)) => [|c']; rewrite /jacobian /=; first by rewrite eqxx /=; ring.
by rewrite eq_sym => /negbTE->; rewrite /=; ring.
Qed.

(** ‖v‖² = eᵀ(Σ_k ‖u_k‖² a_k a_kᵀ)e + (1 + Σ_k (w̃_k·u_k)²) ‖e‖² *)
Lemma mean_row_norm2 :
  norm2 mean_row = quad output_gram e + (1 + \rsum_k mean_activation k ^ 2) * norm2 e.
Proof.
rewrite /norm2 rsum_par Rmult_plus_distr_r Rmult_1_l -Rplus_assoc [_ + norm2 e]Rplus_comm.
rewrite [X in _ = norm2 e + _ + X](_ : _ =
  \rsum_k \rsum_c mean_row (out k c) ^ 2); last first.
  rewrite rsum_scalr; apply: rsum_eq => k; rewrite rsum_scal.
  by apply: rsum_eq => c; rewrite mean_row_out // Rpow_mult_distr.
rewrite (_ : \rsum_k \rsum_j mean_row (hid k j) ^ 2 = quad output_gram e); last first.
  transitivity (\rsum_k (\rsum_c e c * th (out k c)) ^ 2 * norm2 (mean_input k)).
    apply: rsum_eq => k; rewrite /norm2 rsum_scal.
    by apply: rsum_eq => j; rewrite mean_row_hid Rpow_mult_distr.
  rewrite /quad /output_gram.
  under [RHS]eq_bigr => c _ do (under eq_bigr => c' _ do rewrite rsum_scal rsum_scalr;
    rewrite rsum_exchange).
  by rewrite [RHS]rsum_exchange; apply: rsum_eq => k; apply: weighted_square.
rewrite (_ : \rsum_c mean_row (off c) ^ 2 = norm2 e); first by ring.
by apply: rsum_eq => c; rewrite mean_row_off.
Qed.

(** ‖v‖⁴ ≤ ‖e‖² vᵀGv *)
Lemma mean_row_quad : norm2 mean_row ^ 2 <= norm2 e * quad G mean_row.
Proof.
have -> : norm2 mean_row = mean (fun i => \rsum_c e c * dot (J i c) mean_row).
  rewrite -dotvv {1}/mean_row /dot.
  under eq_bigr => p _ do rewrite -mean_scalr.
  rewrite -mean_rsum; apply: mean_eq => i.
  under eq_bigr => p _ do rewrite rsum_scalr.
  rewrite rsum_exchange; apply: rsum_eq => c.
  by rewrite rsum_scal; apply: rsum_eq => p; ring.
apply: Rle_trans (mean_sqr _) _; rewrite squared_ggn_quad -mean_scal; apply: mean_le => i.
exact: rcauchy_schwarz.
Qed.
End MeanRow.

(** ** any number of outputs *)
Section Outputs.
Variables n m d C : nat.
Variables ap am : R.
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Hypothesis n0 : (0 < n)%N.
Hypothesis smooth : off_kinks ap am X th.

(** λ_1(G) ≥ 1 + λ_1(Σ_k ‖u_k‖² a_k a_kᵀ) + Σ_k (w̃_k·u_k)² *)
Theorem sharpness_outputs lam : lmax_ge (output_gram ap am X th) lam ->
  lmax_ge (ggn (pl ap am) (pl1 ap am) (fun=> @squared_S C) X th)
    (1 + lam + \rsum_k mean_activation ap am X th k ^ 2).
Proof.
case=> e [e0 he]; pose v := mean_row ap am X th e.
have nE := mean_row_norm2 n0 smooth e; have q := mean_row_quad ap am X th e.
set s := \rsum_k _ in nE *; set G := ggn _ _ _ _ _ in q *.
rewrite -/v in nE q.
have s0 : 0 <= s by apply: rsum_ge0 => k; apply: pow2_ge_0.
have M0 : 0 <= quad (output_gram ap am X th) e.
  rewrite /quad; under eq_bigr => c _ do (under eq_bigr => c' _ do
    rewrite rsum_scal rsum_scalr; rewrite rsum_exchange).
  rewrite rsum_exchange; apply: rsum_ge0 => k.
  rewrite -(weighted_square _ (fun c => th (out k c))).
  by apply: Rmult_le_pos (pow2_ge_0 _) (norm2_ge0 _).
have v0 : 0 < norm2 v by rewrite nE; nra.
exists v; split => //; apply: (Rmult_le_reg_l (norm2 e)) => //; apply: Rle_trans q.
suff h : (1 + lam + s) * norm2 e <= norm2 v by nra.
by rewrite nE; nra.
Qed.
End Outputs.

(** ** one output *)
Section OneOutput.
Variables n m d : nat.
Variables ap am : R.
Variables (X : 'I_n -> 'I_d -> R) (Y : 'I_n -> 'I_1 -> R).
Implicit Type th : par m d 1 -> R.
Local Notation G th := (ggn (pl ap am) (pl1 ap am) (fun=> @squared_S 1) X th).
Local Notation H th := (hessian (pl ap am) (pl1 ap am) zero
  (fun i => squared_r (Y i)) (fun=> @squared_S 1) X th).
Local Notation grad th := (loss_grad (pl ap am) (pl1 ap am) (fun i => squared_r (Y i)) X th).
Local Notation u := (mean_input ap am X).
Local Notation s := (mean_activation ap am X).
Local Notation a th k := (th (out k ord0)).

(** 1 + Σ_k (a_k² ‖u_k‖² + (w̃_k·u_k)²), the ‖v‖² of the proof *)
Definition row_norm2 th : R := 1 + \rsum_k (a th k ^ 2 * norm2 (u th k) + s th k ^ 2).

(** 1 + 2 Σ_k |a_k| ‖u_k‖ |w̃_k·u_k| *)
Definition bend th : R :=
  1 + 2 * \rsum_k Rabs (a th k) * sqrt (norm2 (u th k)) * Rabs (s th k).

Lemma bend_le th : bend th <= row_norm2 th.
Proof.
rewrite /bend /row_norm2 rsum_scal; apply/Rplus_le_compat_l/rsum_le => k.
rewrite -(pow2_abs (a th k)) -(pow2_abs (s th k)) -{2}(pow2_sqrt _ (norm2_ge0 (u th k))).
have am_gm p q : 2 * (p * q) <= p ^ 2 + q ^ 2 by have := pow2_ge_0 (p - q); lra.
by rewrite -Rpow_mult_distr; apply: am_gm.
Qed.

Hypothesis n0 : (0 < n)%N.

Lemma one_output_gram th : output_gram ap am X th ord0 ord0
  = \rsum_k a th k ^ 2 * norm2 (u th k).
Proof. by apply: rsum_eq => k; ring. Qed.

(** λ_1(G) ≥ 1 + Σ_k (a_k² ‖u_k‖² + (w̃_k·u_k)²) *)
Theorem sharpness_row th : off_kinks ap am X th -> lmax_ge (G th) (row_norm2 th).
Proof.
move=> smooth; have h : lmax_ge (output_gram ap am X th) (output_gram ap am X th ord0 ord0).
  exists (fun=> 1); rewrite /norm2 /quad !rsum1; split; first by lra.
  by apply: Req_le; ring.
apply: lmax_ge_le (sharpness_outputs n0 smooth h).
by rewrite one_output_gram /row_norm2 rsum_plus; apply: Req_le; ring.
Qed.

(** λ_1(G) ≥ 1 + 2 Σ_k |a_k| ‖u_k‖ |w̃_k·u_k| *)
Theorem sharpness_bend th : off_kinks ap am X th -> lmax_ge (G th) (bend th).
Proof. by move=> smooth; apply: lmax_ge_le (bend_le th) (sharpness_row smooth). Qed.

(** ** the orbit of rescalings T_α: w̃_k becomes α_k w̃_k and a_k becomes a_k/α_k *)
Section Orbit.
Variables (al : 'I_m -> R) (th : par m d 1 -> R).
Hypothesis al_pos : forall k, 0 < al k.

Definition orbit_point (p : par m d 1) : R := match p with
  | hid k j => al k * th (hid k j)
  | out k c => / al k * th (out k c)
  | off c => th (off c)
  end.

Lemma orbit_pre x k : pre orbit_point x k = al k * pre th x k.
Proof. by rewrite /pre rsum_scal; apply: rsum_eq => j; rewrite /= Rmult_assoc. Qed.

Lemma orbit_off_kinks : off_kinks ap am X th -> off_kinks ap am X orbit_point.
Proof.
move=> h i k; rewrite orbit_pre; case: (h i k) => [z0|]; [left | by right].
by apply: Rmult_integral_contrapositive_currified => //; have := al_pos k; lra.
Qed.

Lemma orbit_input k : u orbit_point k =1 u th k.
Proof. by move=> j; apply: mean_eq => i; rewrite orbit_pre pl1_homogeneous. Qed.

Lemma orbit_activation k : s orbit_point k = al k * s th k.
Proof.
rewrite /mean_activation (dot_eq (v' := u th k) (fun j => erefl) (orbit_input k)).
exact: dot_scall.
Qed.

Lemma orbit_bend : bend orbit_point = bend th.
Proof.
rewrite /bend; congr (_ + _ * _); apply: rsum_eq => k; have ak := al_pos k.
rewrite orbit_activation (norm2_eq (orbit_input k)) /= !Rabs_mult (Rabs_pos_eq (al k)); last lra.
rewrite Rabs_pos_eq; last by apply/Rlt_le/Rinv_0_lt_compat.
rewrite [/ al k * _]Rmult_comm !Rmult_assoc; congr (_ * _); rewrite -!Rmult_assoc.
by rewrite [/ al k * _]Rmult_comm; field; lra.
Qed.

(** λ_1(G(T_αθ)) ≥ 1 + 2 Σ_k |a_k| ‖u_k‖ |w̃_k·u_k|, the same number on the whole orbit *)
Theorem sharpness_orbit : off_kinks ap am X th -> lmax_ge (G orbit_point) (bend th).
Proof. by move=> /orbit_off_kinks/sharpness_bend; rewrite orbit_bend. Qed.
End Orbit.

(** ** where the gradient vanishes *)
Section Gradient.
Variable th : par m d 1 -> R.
Hypothesis smooth : off_kinks ap am X th.
Let v := mean_row ap am X th (fun=> 1).

Lemma row_norm2E : norm2 v = row_norm2 th.
Proof.
rewrite /v (mean_row_norm2 n0 smooth) /quad /norm2 !rsum1 one_output_gram.
by rewrite /row_norm2 rsum_plus; ring.
Qed.

(** vᵀFv = 2 Σ_k (w̃_k·u_k) (u_k·∇_(w̃_k)L) *)
Lemma mean_row_residual :
  quad (residual_hessian (pl ap am) (pl1 ap am) zero (fun i => squared_r (Y i)) X th) v
    = 2 * \rsum_k s th k * \rsum_j u th k j * grad th (hid k j).
Proof.
pose res i := residual (pl ap am) (fun i => squared_r (Y i)) X th i ord0.
pose U k j := mean (fun i => res i * (pl1 ap am (pre th (X i) k) * ext (X i) j)).
set F := residual_hessian _ _ _ _ _ _.
have Fho k j l : F (hid k j) (out l ord0) = dlt (k == l) (U k j).
  rewrite /F /residual_hessian /=; case: (k == l) => /=.
    by apply: mean_eq => i; rewrite rsum1.
  by rewrite /mean rsum0 => [|i]; [ring | rewrite rsum1 eqxx /=; ring].
have Foh k j l : F (out l ord0) (hid k j) = dlt (k == l) (U k j).
  rewrite -Fho; apply: mean_eq => i; apply: rsum_eq => c.
  by congr (_ * _); apply: hess_sym.
have F0 p q : (forall i, hess (pl1 ap am) zero th (X i) ord0 p q = 0) -> F p q = 0.
  by move=> h; rewrite /F /residual_hessian /mean rsum0 ?Rmult_0_r // => i; rewrite rsum1 h; ring.
have Fhh k j l r : F (hid k j) (hid l r) = 0.
  by apply: F0 => i; rewrite /= /zero; case: (k == l) => /=; ring.
have vh k j : v (hid k j) = a th k * u th k j by rewrite /v mean_row_hid rsum1 Rmult_1_l.
have vo k : v (out k ord0) = s th k by rewrite /v (mean_row_out smooth) Rmult_1_r.
have gE k j : grad th (hid k j) = a th k * U k j.
  have shuffle (t b y z : R) : t * (b * y * z) = b * (t * (y * z)) by ring.
  by rewrite /loss_grad -mean_scal; apply: mean_eq => i; rewrite rsum1; apply: shuffle.
have half k j : \rsum_p v (hid k j) * F (hid k j) p * v p = v (hid k j) * U k j * s th k.
  rewrite rsum_par rsum1 (F0 _ (off ord0)) // [X in X + _ + _]rsum0 => [|l].
    rewrite (rsum_delta (k := k)) => [|l]; rewrite rsum1 Fho.
      by rewrite eqxx vo /=; ring.
    by rewrite eq_sym => /negbTE->; rewrite /=; ring.
  by apply: rsum0 => r; rewrite Fhh; ring.
have half' k : \rsum_p v (out k ord0) * F (out k ord0) p * v p
    = \rsum_j s th k * U k j * v (hid k j).
  rewrite rsum_par rsum1 (F0 _ (off ord0)) // [X in _ + X + _]rsum0 => [|l].
    rewrite (rsum_delta (k := k)) => [|l]; last first.
      by move=> lk; apply: rsum0 => j; rewrite Foh (negbTE lk) /=; ring.
    rewrite Rmult_0_r Rmult_0_l !Rplus_0_r; apply: rsum_eq => j.
    by rewrite Foh eqxx vo.
  by rewrite rsum1 F0 //; ring.
have half'' : \rsum_p v (off ord0) * F (off ord0) p * v p = 0.
  by apply: rsum0 => p; rewrite F0 //; ring.
rewrite /quad rsum_par rsum1 half'' Rplus_0_r.
under eq_bigr => k _ do under eq_bigr => j _ do rewrite (half k j).
under [X in _ + X]eq_bigr => k _ do rewrite rsum1 half'.
rewrite -rsum_plus rsum_scal; apply: rsum_eq => k.
rewrite -rsum_plus -Rmult_assoc rsum_scal; apply: rsum_eq => j.
by rewrite vh gE; ring.
Qed.

(** λ_1(H) ≥ ‖v‖² + (2/‖v‖²) Σ_k (w̃_k·u_k) (u_k·∇_(w̃_k)L) *)
Theorem sharpness_hessian : lmax_ge (H th) (row_norm2 th + 2 / row_norm2 th *
  \rsum_k s th k * \rsum_j u th k j * grad th (hid k j)).
Proof.
have r0 : 0 < row_norm2 th.
  rewrite /row_norm2; suff : 0 <= \rsum_k (a th k ^ 2 * norm2 (u th k) + s th k ^ 2) by lra.
  apply: rsum_ge0 => k; have := Rmult_le_pos _ _ (pow2_ge_0 (a th k)) (norm2_ge0 (u th k)).
  by have := pow2_ge_0 (s th k); lra.
exists v; rewrite row_norm2E; split => //.
rewrite [quad _ _](quad_addm _ _ v) mean_row_residual.
set t := \rsum_k _; rewrite (_ : _ * _ = row_norm2 th ^ 2 + 2 * t); last by field; lra.
apply: Rplus_le_compat_r.
by have := mean_row_quad ap am X th (fun=> 1); rewrite -/v row_norm2E /norm2 rsum1; lra.
Qed.

(** ∇L = 0: λ_1(H) ≥ 1 + 2 Σ_k |a_k| ‖u_k‖ |w̃_k·u_k| *)
Theorem sharpness_critical : (forall p, grad th p = 0) -> lmax_ge (H th) (bend th).
Proof.
move=> g0; apply: lmax_ge_le sharpness_hessian; rewrite (rsum0 (F := fun k => _ * _)).
  by rewrite Rmult_0_r Rplus_0_r; apply: bend_le.
by move=> k; rewrite (rsum0 (F := fun j => _ * _)) => [|j]; [ring | rewrite g0; ring].
Qed.
End Gradient.
End OneOutput.
