(** T27: under cross-entropy the curvature vanishes with the loss. With ‖J_i‖² <= K and
    |vᵀ∇²f_c(x_i)v| <= M‖v‖² for all i and c,

      λ_1(G) <= 2LK,   ‖F‖ <= 2LM,   ‖H‖ <= 2L(K + M)   (softmax; logistic with 1 for 2),
      tr G <= (1/n) Σ_i ℓ_i ‖J_i‖²                       (logistic). *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Activations Losses.
From LandTheory Require Import SquareMatrices.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Section Curvature.
Variables n m d C : nat.
Variables sigma s1 s2 : R -> R.
Variables (ell : 'I_n -> ('I_C -> R) -> R) (r : 'I_n -> ('I_C -> R) -> 'I_C -> R)
  (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Implicit Types (v : par m d C -> R) (i : 'I_n) (c e : 'I_C).

Local Notation L := (loss sigma ell X th).
Local Notation f := (output sigma X th).

(** (J_i v)_c *)
Definition jv v i c : R := \rsum_p jacobian sigma s1 X th i c p * v p.

(** vᵀGv = (1/n) Σ_i (J_i v)ᵀ S_i (J_i v) *)
Lemma quad_ggn v : quad (ggn sigma s1 S X th) v =
  mean (fun i => \rsum_c \rsum_e jv v i c * S i (f i) c e * jv v i e).
Proof.
transitivity (\rsum_p mean (fun i => \rsum_q \rsum_c \rsum_e
    S i (f i) c e * (jacobian sigma s1 X th i c p * v p)
    * (jacobian sigma s1 X th i e q * v q))).
  apply: rsum_eq => p; rewrite mean_rsum; apply: rsum_eq => q.
  rewrite /ggn -mean_scal -mean_scalr; apply: mean_eq => i.
  rewrite rsum_scal rsum_scalr; apply: rsum_eq => c.
  by rewrite rsum_scal rsum_scalr; apply: rsum_eq => e; rewrite /output_hessian; ring.
rewrite -mean_rsum; apply: mean_eq => i.
under eq_bigr => p _ do rewrite rsum_exchange.
rewrite rsum_exchange; apply: rsum_eq => c.
under eq_bigr => p _ do rewrite rsum_exchange.
rewrite rsum_exchange; apply: rsum_eq => e.
rewrite [_ * S i (f i) c e]Rmult_comm Rmult_assoc /jv rsum_prod rsum_scal.
by apply: rsum_eq => p; rewrite rsum_scal; apply: rsum_eq => q; ring.
Qed.

(** vᵀFv = (1/n) Σ_i Σ_c r_ic vᵀ∇²f_c(x_i)v *)
Lemma quad_residual v : quad (residual_hessian sigma s1 s2 r X th) v =
  mean (fun i => \rsum_c r i (f i) c * quad (hess s1 s2 th (X i) c) v).
Proof.
transitivity (\rsum_p mean (fun i => \rsum_q \rsum_c
    r i (f i) c * (v p * hess s1 s2 th (X i) c p q * v q))).
  apply: rsum_eq => p; rewrite mean_rsum; apply: rsum_eq => q.
  rewrite /residual_hessian -mean_scal -mean_scalr; apply: mean_eq => i.
  by rewrite rsum_scal rsum_scalr; apply: rsum_eq => c; rewrite /residual; ring.
rewrite -mean_rsum; apply: mean_eq => i.
under eq_bigr => p _ do rewrite rsum_exchange.
rewrite rsum_exchange; apply: rsum_eq => c; rewrite rsum_scal.
by apply: rsum_eq => p; rewrite rsum_scal.
Qed.

Variables (K : 'I_n -> R) (M : R).
Hypothesis jacobian_le : forall i v, \rsum_c jv v i c ^ 2 <= K i * norm2 v.
Hypothesis hess_le : forall i c v, Rabs (quad (hess s1 s2 th (X i) c) v) <= M * norm2 v.

Section Bounds.
Variable kappa : R.
Hypothesis kappa0 : 0 <= kappa.
Hypothesis S_psd : forall i, output_psd (S i (f i)).
Hypothesis S_le : forall i w,
  \rsum_c \rsum_e w c * S i (f i) c e * w e <= kappa * ell i (f i) * \rsum_c w c ^ 2.
Hypothesis r_le : forall i, \rsum_c Rabs (r i (f i) c) <= kappa * ell i (f i).
Hypothesis ell_ge0 : forall i, 0 <= ell i (f i).
Variable some_output : 'I_n -> 'I_C.

Lemma quad_ggn_le v : 0 <= quad (ggn sigma s1 S X th) v <=
  kappa * mean (fun i => ell i (f i) * K i) * norm2 v.
Proof.
rewrite quad_ggn; split; first by apply: mean_ge0 => i; apply: S_psd.
rewrite -mean_scal -mean_scalr; apply: mean_le => i.
apply: Rle_trans (S_le i (jv v i)) _.
have -> : kappa * (ell i (f i) * K i) * norm2 v = kappa * ell i (f i) * (K i * norm2 v).
  by ring.
by apply: Rmult_le_compat_l (jacobian_le i v); apply: Rmult_le_pos.
Qed.

Lemma quad_residual_le v :
  Rabs (quad (residual_hessian sigma s1 s2 r X th) v) <= kappa * L * M * norm2 v.
Proof.
rewrite quad_residual; apply: Rle_trans (mean_abs _) _.
have -> : kappa * L * M * norm2 v = mean (fun i => kappa * ell i (f i) * (M * norm2 v)).
  by rewrite mean_scalr mean_scal /loss; ring.
apply: mean_le => i; apply: Rle_trans (rsum_abs _) _.
apply: (Rle_trans _ ((\rsum_c Rabs (r i (f i) c)) * (M * norm2 v))).
  rewrite rsum_scalr; apply: rsum_le => c; rewrite Rabs_mult.
  by apply: Rmult_le_compat_l; [apply: Rabs_pos | apply: hess_le].
apply: Rmult_le_compat_r (r_le i).
by apply: Rle_trans (Rabs_pos _) (hess_le i (some_output i) v).
Qed.

End Bounds.

Lemma quad_hessian_le k l v :
  0 <= quad (ggn sigma s1 S X th) v <= k * norm2 v ->
  Rabs (quad (residual_hessian sigma s1 s2 r X th) v) <= l * norm2 v ->
  Rabs (quad (hessian sigma s1 s2 r S X th) v) <= (k + l) * norm2 v.
Proof.
move=> [g0 g1] h; have -> : quad (hessian sigma s1 s2 r S X th) v =
    quad (ggn sigma s1 S X th) v + quad (residual_hessian sigma s1 s2 r X th) v.
  exact: quad_addm.
by apply: Rle_trans (Rabs_triang _ _) _; rewrite (Rabs_pos_eq _ g0); lra.
Qed.
End Curvature.

(** Softmax cross-entropy with labels Y *)
Section Softmax.
Variables n m d C : nat.
Variables sigma s1 s2 : R -> R.
Variables (X : 'I_n -> 'I_d -> R) (Y : 'I_n -> 'I_C) (th : par m d C -> R) (K : 'I_n -> R) (M Kmax : R).
Let L := loss sigma (fun i => cross_entropy (Y i)) X th.
Let G := ggn sigma s1 (fun=> @softmax_S C) X th.
Let F := residual_hessian sigma s1 s2 (fun i => softmax_r (Y i)) X th.
Let H := hessian sigma s1 s2 (fun i => softmax_r (Y i)) (fun=> @softmax_S C) X th.
Hypothesis jacobian_le : forall i v, \rsum_c jv sigma s1 X th v i c ^ 2 <= K i * norm2 v.
Hypothesis hess_le :
  forall i c v, Rabs (quad (hess s1 s2 th (X i) c) v) <= M * norm2 v.

Lemma cross_entropy_ge0 (y : 'I_C) u : 0 <= cross_entropy y u.
Proof. by have := softmax_loss y u; have := softmax_le1 u y; lra. Qed.

Let S_le i (w : 'I_C -> R) : let u := output sigma X th i in
  \rsum_c \rsum_e w c * softmax_S u c e * w e
    <= 2 * cross_entropy (Y i) u * \rsum_c w c ^ 2.
Proof.
move=> u; apply: Rle_trans (softmax_label (Y i) u w) _.
apply: Rmult_le_compat_r; first by apply: rsum_ge0 => c; apply: pow2_ge_0.
by have := softmax_loss (Y i) u; lra.
Qed.

Let r_le i : let u := output sigma X th i in
  \rsum_c Rabs (softmax_r (Y i) u c) <= 2 * cross_entropy (Y i) u.
Proof. by move=> u; rewrite softmax_r_norm1; have := softmax_loss (Y i) u; lra. Qed.

Let two_ge0 : 0 <= 2. Proof. by lra. Qed.
Let psd_S i := @softmax_psd C (Y i) (output sigma X th i).
Let ell_ge0 i := cross_entropy_ge0 (Y i) (output sigma X th i).

(** λ_1(G) <= (2/n) Σ_i ℓ_i ‖J_i‖² *)
Theorem softmax_ggn_le v : 0 <= quad G v <=
  2 * mean (fun i => cross_entropy (Y i) (output sigma X th i) * K i) * norm2 v.
Proof.
exact: (quad_ggn_le (ell := fun i => cross_entropy (Y i))
  jacobian_le two_ge0 psd_S S_le ell_ge0).
Qed.

(** ‖F‖ <= 2LM *)
Theorem softmax_residual_le v : Rabs (quad F v) <= 2 * L * M * norm2 v.
Proof. exact: (quad_residual_le hess_le r_le Y). Qed.

(** tr G <= (2/n) Σ_i ℓ_i ‖J_i‖² *)
Let bound_ge0 i (c : 'I_C) : 0 <= K i.
Proof.
rewrite -[K i]Rmult_1_r -(norm2_unitv (off c : par m d C)).
apply: Rle_trans (jacobian_le i _).
by apply: rsum_ge0 => e; apply: pow2_ge_0.
Qed.

(** two rows of J differ by at most 2‖J‖² in squared length *)
Lemma row_difference i c e : let J := jacobian sigma s1 X th i in
  c != e -> \rsum_p (J c p - J e p) ^ 2 <= 2 * K i.
Proof.
move=> J ce; pose g p := J c p - J e p; rewrite -/(norm2 g).
have k0 := bound_ge0 i c; have g0 := norm2_ge0 g.
have gE : norm2 g = jv sigma s1 X th g i c - jv sigma s1 X th g i e.
  rewrite /jv -rsum_minus; apply: rsum_eq => p.
  by rewrite -/J -/(J c p) -/(J e p) /g; ring.
have two : jv sigma s1 X th g i c ^ 2 + jv sigma s1 X th g i e ^ 2 <= K i * norm2 g.
  apply: Rle_trans (jacobian_le i g); rewrite (bigD1 c) //=.
  apply: Rplus_le_compat_l; rewrite (bigD1 e) 1?eq_sym //=.
  rewrite -[X in X <= _]Rplus_0_r; apply: Rplus_le_compat_l.
  by apply: (big_ind (Rle 0)) => [|*|k _]; [lra | lra | apply: pow2_ge_0].
have : norm2 g * norm2 g <= 2 * K i * norm2 g.
  rewrite {1 2}gE; move: two; set a := jv _ _ _ _ _ _ _; set b := jv _ _ _ _ _ _ e.
  by have := pow2_ge_0 (a + b); nra.
by case: (Req_dec (norm2 g) 0) => [->|ne] h; [lra | apply: (Rmult_le_reg_r (norm2 g)); lra].
Qed.

Theorem softmax_trace_le : trace G <=
  2 * mean (fun i => cross_entropy (Y i) (output sigma X th i) * K i).
Proof.
rewrite /trace /G /ggn -mean_rsum -mean_scal; apply: mean_le => i.
set u := output sigma X th i; pose J := jacobian sigma s1 X th i.
have k0 := bound_ge0 i (Y i).
have -> : \rsum_p \rsum_c \rsum_e
    output_hessian sigma (fun=> @softmax_S C) X th i c e * J c p * J e p =
    / 2 * \rsum_c \rsum_e softmax u c * softmax u e * \rsum_p (J c p - J e p) ^ 2.
  transitivity (\rsum_p / 2 * \rsum_c \rsum_e
      softmax u c * softmax u e * (J c p - J e p) ^ 2).
    apply: rsum_eq => p; rewrite -(softmax_quad_pairs (Y i)).
    by apply: rsum_eq => c; apply: rsum_eq => e; rewrite [_ * J c p]Rmult_comm.
  rewrite -rsum_scal; congr (_ * _); rewrite rsum_exchange; apply: rsum_eq => c.
  by rewrite rsum_exchange; apply: rsum_eq => e; rewrite rsum_scal.
apply: (Rle_trans _ (K i * (\rsum_c softmax_S u c c))); last first.
  have tr := softmax_trace (Y i) u; have l := softmax_loss (Y i) u; nra.
have -> : K i * (\rsum_c softmax_S u c c) =
    / 2 * \rsum_c \rsum_e dlt (e != c) (softmax u c * softmax u e * (2 * K i)).
  rewrite !rsum_scal; apply: rsum_eq => c.
  transitivity (/ 2 * (2 * K i * (softmax u c * \rsum_e dlt (e != c) (softmax u e)))).
    have -> : (\rsum_e dlt (e != c) (softmax u e)) = 1 - softmax u c.
      rewrite -(softmax_sum u c) -[softmax u c](rsum_pickl (softmax u)) -rsum_minus.
      by apply: rsum_eq => e; case: (e == c) => /=; ring.
    by rewrite /softmax_S eqxx /=; field.
  congr (_ * _); rewrite !rsum_scal; apply: rsum_eq => e.
  by case: (e != c) => /=; ring.
apply: Rmult_le_compat_l; first lra.
apply: rsum_le => c; apply: rsum_le => e; case: (eqVneq e c) => [->|ec] /=.
  by rewrite rsum0 ?Rmult_0_r; [lra | move=> p; ring].
apply: Rmult_le_compat_l; last by apply: row_difference; rewrite eq_sym.
by apply: Rmult_le_pos; apply/Rlt_le/softmax_pos.
Qed.

(** λ_1(G) <= 2L max_i ‖J_i‖² *)
Hypothesis K_max : forall i, K i <= Kmax.

Theorem softmax_ggn_max v : 0 <= quad G v <= 2 * L * Kmax * norm2 v.
Proof.
have [g0 g1] := softmax_ggn_le v; split=> //; apply: Rle_trans g1 _.
apply: Rmult_le_compat_r; first exact: norm2_ge0.
rewrite Rmult_assoc; apply: Rmult_le_compat_l => //.
by rewrite /L /loss -mean_scalr; apply: mean_le => i; apply: Rmult_le_compat_l.
Qed.

(** ‖H‖ <= 2L(max_i ‖J_i‖² + M) *)
Theorem softmax_hessian_le v : Rabs (quad H v) <= 2 * L * (Kmax + M) * norm2 v.
Proof.
rewrite Rmult_plus_distr_l.
exact: quad_hessian_le (softmax_ggn_max v) (softmax_residual_le v).
Qed.
End Softmax.

(** Logistic loss with labels Y in {0, 1} *)
Section Logistic.
Variables n m d : nat.
Variables sigma s1 s2 : R -> R.
Variables (X : 'I_n -> 'I_d -> R) (Y : 'I_n -> R) (th : par m d 1 -> R) (K : 'I_n -> R) (M Kmax : R).
Let L := loss sigma (fun i => logistic_loss (Y i)) X th.
Let G := ggn sigma s1 (fun=> logistic_S) X th.
Let F := residual_hessian sigma s1 s2 (fun i => logistic_r (Y i)) X th.
Let H := hessian sigma s1 s2 (fun i => logistic_r (Y i)) (fun=> logistic_S) X th.
Hypothesis Y01 : forall i, Y i = 0 \/ Y i = 1.

(** tr G <= (1/n) Σ_i ℓ_i ‖J_i‖² *)
Theorem logistic_trace_le : trace G <= mean (fun i =>
  logistic_loss (Y i) (output sigma X th i)
    * \rsum_p jacobian sigma s1 X th i ord0 p ^ 2).
Proof.
rewrite /trace /G /ggn -mean_rsum; apply: mean_le => i.
rewrite rsum_scal; apply: rsum_le => p; rewrite !rsum1 /output_hessian Rmult_assoc.
have <- : forall t : R, t ^ 2 = t * t by move=> t; ring.
apply: Rmult_le_compat_r; first exact: pow2_ge_0.
exact: Rle_trans (logistic_S_r (Y01 i) _ _) (logistic_r_loss (Y01 i) _).
Qed.

Hypothesis jacobian_le : forall i v, \rsum_c jv sigma s1 X th v i c ^ 2 <= K i * norm2 v.
Hypothesis hess_le :
  forall i c v, Rabs (quad (hess s1 s2 th (X i) c) v) <= M * norm2 v.

Let ell_ge0 i : 0 <= logistic_loss (Y i) (output sigma X th i).
Proof. exact: Rle_trans (Rabs_pos _) (logistic_r_loss (Y01 i) _). Qed.

Let S_le i (w : 'I_1 -> R) : let u := output sigma X th i in
  \rsum_c \rsum_e w c * logistic_S u c e * w e
    <= 1 * logistic_loss (Y i) u * \rsum_c w c ^ 2.
Proof.
move=> u; rewrite !rsum1 Rmult_1_l.
have -> : w ord0 * logistic_S u ord0 ord0 * w ord0 = logistic_S u ord0 ord0 * w ord0 ^ 2.
  by ring.
apply: Rmult_le_compat_r; first exact: pow2_ge_0.
exact: Rle_trans (logistic_S_r (Y01 i) _ _) (logistic_r_loss (Y01 i) _).
Qed.

Let r_le i : let u := output sigma X th i in
  \rsum_c Rabs (logistic_r (Y i) u c) <= 1 * logistic_loss (Y i) u.
Proof. by move=> u; rewrite rsum1 Rmult_1_l; apply: logistic_r_loss. Qed.

Let one_ge0 : 0 <= 1. Proof. by lra. Qed.
Let psd_S i := logistic_psd (output sigma X th i).

Hypothesis K_max : forall i, K i <= Kmax.

(** λ_1(G) <= L max_i ‖J_i‖² *)
Theorem logistic_ggn_max v : 0 <= quad G v <= L * Kmax * norm2 v.
Proof.
have [g0 g1] := quad_ggn_le (ell := fun i => logistic_loss (Y i))
  (S := fun=> logistic_S) jacobian_le one_ge0 psd_S S_le ell_ge0 v.
split=> //; apply: Rle_trans g1 _; rewrite Rmult_1_l.
apply: Rmult_le_compat_r; first exact: norm2_ge0.
by rewrite /L /loss -mean_scalr; apply: mean_le => i; apply: Rmult_le_compat_l.
Qed.

(** ‖F‖ <= LM *)
Theorem logistic_residual_le v : Rabs (quad F v) <= L * M * norm2 v.
Proof. by rewrite -[L]Rmult_1_l; exact: (quad_residual_le hess_le r_le (fun=> ord0)). Qed.

(** ‖H‖ <= L(max_i ‖J_i‖² + M) *)
Theorem logistic_hessian_le v : Rabs (quad H v) <= L * (Kmax + M) * norm2 v.
Proof.
rewrite Rmult_plus_distr_l.
exact: quad_hessian_le (logistic_ggn_max v) (logistic_residual_le v).
Qed.
End Logistic.

(** The constant 1 instead of 2 in ‖S‖ <= 2(1 − p_y) is wrong: p = (0.9, 0.1). *)
Theorem softmax_label_constant_two : exists (u : 'I_2 -> R) (y : 'I_2) (v : 'I_2 -> R),
  ~ \rsum_c \rsum_e v c * softmax_S u c e * v e <= (1 - softmax u y) * \rsum_c v c ^ 2.
Proof.
pose u (c : 'I_2) := if c == ord0 then ln 9 else 0.
exists u, ord0, (fun c => if c == ord0 then 1 else -1).
have two (g : 'I_2 -> R) : \rsum_c g c = g ord0 + g ord_max.
  by rewrite big_ord_recr big_ord_recr big_ord0 /= Rplus_0_l; congr (g _ + g _); apply: val_inj.
have p0 : softmax u ord0 = 9 / 10.
  by rewrite /softmax two /u /= exp_ln ?exp_0; lra.
have p1 : softmax u ord_max = 1 / 10.
  by rewrite /softmax two /u /= exp_ln ?exp_0; lra.
by rewrite !two /softmax_S p0 p1 /=; lra.
Qed.
