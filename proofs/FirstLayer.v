(** T09: any function f(x) = g(Wx + b), with g differentiable at the pre-activations z_i of
    the first layer: any depth, any widths, any activations above it. As true derivatives

      ∇_x f_c = Wᵀ ∇_b f_c,   ∂f_c/∂W = (∇_b f_c) xᵀ,

    so the identity of T06 and the bounds of T07 hold with the blocks of the first layer in
    G = (1/n) Σ_i J_iᵀ S_i J_i. *)
From Coq Require Import Reals Lra Psatz FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Losses.
From LandTheory Require Import SquareMatrices PsdFactor FirstLayerBlocks Complexity.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** parameters of the first layer: W_kj' is (k, Some j'), b_k is (k, None) *)
Definition layer (m d : nat) := ('I_m * option 'I_d)%type.

Section FirstLayer.
Variables m d C : nat.
Variable g : ('I_m -> R) -> 'I_C -> R.
Implicit Types (th : layer m d -> R) (x : 'I_d -> R).

(** z = Wx + b and f(x) = g(z) *)
Definition layer_pre th x (k : 'I_m) : R := (\rsum_j th (k, Some j) * x j) + th (k, None).
Definition deep th x : 'I_C -> R := g (layer_pre th x).

(** W *)
Definition layer_weights th (k : 'I_m) (j : 'I_d) : R := th (k, Some j).

Lemma layer_preE th x k : layer_pre th x k = \rsum_j th (k, j) * ext x j.
Proof. by rewrite rsum_option /= Rmult_1_r. Qed.

Lemma layer_pre_gradient th x k : has_gradient (fun u => layer_pre u x k) th
  (fun p => dlt (p.1 == k) (ext x p.2)).
Proof.
apply: (has_gradient_ext (F := fun u => \rsum_j u (k, j) * ext x j)).
  by move=> u; rewrite layer_preE.
apply: has_gradient_eq.
  apply: has_gradient_rsum => j; apply: has_gradient_mul.
    exact: has_gradient_coord.
  exact: has_gradient_cst.
case=> l r /=; rewrite (rsum_delta (k := r)) => [|j jr]; rewrite xpair_eqE.
  by rewrite eqxx andbT; case: (l == k) => /=; ring.
by rewrite [r == j]eq_sym (negbTE jr) andbF /=; ring.
Qed.

Lemma layer_pre_input_gradient th x k :
  has_gradient (fun u => layer_pre th u k) x (layer_weights th k).
Proof.
apply: has_gradient_eq.
  apply: has_gradient_add; last exact: has_gradient_cst.
  by apply: has_gradient_rsum => j; apply/has_gradient_cmul/has_gradient_coord.
move=> j /=; rewrite Rplus_0_r -[RHS](rsum_pick (layer_weights th k) j).
by apply: rsum_eq => i; rewrite eq_sym.
Qed.

Section Point.
Variables (th : layer m d -> R) (x : 'I_d -> R) (delta : 'I_C -> 'I_m -> R).
Hypothesis g_gradient : forall c, has_gradient (g^~ c) (layer_pre th x) (delta c).

Lemma deep_gradient c :
  has_gradient (fun u => deep u x c) th (fun p => delta c p.1 * ext x p.2).
Proof.
apply: has_gradient_eq.
  apply: (has_gradient_chain (F := fun k u => layer_pre u x k) (g_gradient c)) => k.
  exact: layer_pre_gradient.
move=> p /=; rewrite (rsum_delta (k := p.1)) ?eqxx // => k.
by rewrite eq_sym => /negbTE->; rewrite /=; ring.
Qed.

Lemma deep_input_gradient c : has_gradient (fun u => deep th u c) x
  (fun j => \rsum_k delta c k * layer_weights th k j).
Proof.
apply: (has_gradient_chain (F := fun k u => layer_pre th u k) (g_gradient c)) => k.
exact: layer_pre_input_gradient.
Qed.

(** ∇_b f_c = ∇g_c *)
Theorem deep_bias_partial c k : is_partial (fun u => deep u x c) th (k, None) (delta c k).
Proof.
by have := gradient_partial (k, None) (deep_gradient c); rewrite /= Rmult_1_r.
Qed.

(** ∂f_c/∂W = (∇_b f_c) xᵀ *)
Theorem deep_weight_partial c k j :
  is_partial (fun u => deep u x c) th (k, Some j) (delta c k * x j).
Proof. exact: (gradient_partial (k, Some j) (deep_gradient c)). Qed.

(** ∇_x f_c = Wᵀ ∇_b f_c *)
Theorem deep_input_partial c j :
  is_partial (fun u => deep th u c) x j (\rsum_k th (k, Some j) * delta c k).
Proof.
rewrite (rsum_eq (fun k => Rmult_comm (th (k, Some j)) (delta c k))).
exact: (gradient_partial j (deep_input_gradient c)).
Qed.

Let dW := \rsum_c \rsum_k \rsum_j slope (fun u => deep u x c) th (k, Some j) ^ 2.
Let dWb := \rsum_c \rsum_p slope (fun u => deep u x c) th p ^ 2.
Let Jx2 := \rsum_c \rsum_j slope (fun u => deep th u c) x j ^ 2.

Lemma deep_slope c p : slope (fun u => deep u x c) th p = delta c p.1 * ext x p.2.
Proof. exact: gradient_slope (deep_gradient c). Qed.

Lemma weight_norm2 : dW = norm2 x * \rsum_c norm2 (delta c).
Proof.
rewrite rsum_scal; apply: rsum_eq => c; rewrite /norm2 rsum_scal; apply: rsum_eq => k.
by rewrite rsum_scalr; apply: rsum_eq => j; rewrite deep_slope /=; ring.
Qed.

Lemma layer_norm2 : dWb = (1 + norm2 x) * \rsum_c norm2 (delta c).
Proof.
rewrite -[1 + _](ext_norm2 x) rsum_scal; apply: rsum_eq => c.
rewrite rsum_curry /norm2 rsum_scal; apply: rsum_eq => k.
by rewrite rsum_scalr; apply: rsum_eq => j; rewrite deep_slope /=; ring.
Qed.

Lemma input_norm2 : Jx2 = \rsum_c norm2 (mulTv (layer_weights th) (delta c)).
Proof.
do 2!apply: rsum_eq => ?; rewrite (gradient_slope _ (deep_input_gradient _)).
by congr (_ ^ 2); apply: rsum_eq => k; ring.
Qed.

(** ‖Jx‖_F² ‖x‖² ≤ ‖W‖² ‖∂f/∂W‖_F² *)
Theorem deep_weight_upper mu1 :
  (forall v, norm2 (mulTv (layer_weights th) v) <= mu1 * norm2 v) ->
  Jx2 * norm2 x <= mu1 * dW.
Proof.
move=> h; rewrite weight_norm2 -Rmult_assoc [mu1 * _]Rmult_comm Rmult_assoc Rmult_comm.
apply: Rmult_le_compat_l; first exact: norm2_ge0.
by rewrite input_norm2 rsum_scal; apply: rsum_le => c; apply: h.
Qed.

(** ‖Jx‖_F² (1 + ‖x‖²) ≤ ‖W‖² ‖∂f/∂(W,b)‖_F² *)
Theorem deep_layer_upper mu1 :
  (forall v, norm2 (mulTv (layer_weights th) v) <= mu1 * norm2 v) ->
  Jx2 * (1 + norm2 x) <= mu1 * dWb.
Proof.
move=> h; rewrite layer_norm2 -Rmult_assoc [mu1 * _]Rmult_comm Rmult_assoc Rmult_comm.
apply: Rmult_le_compat_l; first by have := norm2_ge0 x; lra.
by rewrite input_norm2 rsum_scal; apply: rsum_le => c; apply: h.
Qed.

(** σ_min(Wᵀ)² ‖∂f/∂W‖_F² ≤ ‖Jx‖_F² ‖x‖² *)
Theorem deep_weight_lower mu :
  (forall v, mu * norm2 v <= norm2 (mulTv (layer_weights th) v)) ->
  mu * dW <= Jx2 * norm2 x.
Proof.
move=> h; rewrite weight_norm2 -Rmult_assoc [mu * _]Rmult_comm Rmult_assoc [Jx2 * _]Rmult_comm.
apply: Rmult_le_compat_l; first exact: norm2_ge0.
by rewrite input_norm2 rsum_scal; apply: rsum_le => c; apply: h.
Qed.
End Point.
End FirstLayer.

(** ** T06 and T07 for the first layer *)
Section Sample.
Variables n m d C : nat.
Variable g : ('I_m -> R) -> 'I_C -> R.
Variable S : 'I_n -> 'I_C -> 'I_C -> R.
Variable X : 'I_n -> 'I_d -> R.
Variable th : layer m d -> R.
Local Notation W := (layer_weights th).
Local Notation f := (deep g th).

(** the first layer's block of G = (1/n) Σ_i J_iᵀ S_i J_i *)
Definition deep_ggn (p q : layer m d) : R := mean (fun i => \rsum_c \rsum_e
  S i c e * slope (fun u => deep g u (X i) c) th p * slope (fun u => deep g u (X i) e) th q).

(** G_bb and G_ww *)
Definition deep_bias (k l : 'I_m) : R := deep_ggn (k, None) (l, None).
Definition deep_weight (p q : 'I_m * 'I_d) : R := deep_ggn (p.1, Some p.2) (q.1, Some q.2).

Variable delta : 'I_n -> 'I_C -> 'I_m -> R.
Hypothesis g_gradient : forall i c, has_gradient (g^~ c) (layer_pre th (X i)) (delta i c).

Lemma deep_complexity : weighted_complexity f S X = complexity_of W delta S.
Proof.
apply: mean_eq => i; do 2!apply: rsum_eq => ?; congr (_ * _); apply: rsum_eq => j.
by rewrite !(gradient_slope j (deep_input_gradient (@g_gradient i) _)).
Qed.

Lemma deep_ggn_gram : deep_ggn = input_gram delta S (fun i => ext (X i)).
Proof.
do 2!apply: functional_extensionality => ?; apply: mean_eq => i; do 2!apply: rsum_eq => ?.
by rewrite !(deep_slope (@g_gradient i)).
Qed.

Lemma deep_bias_gram : deep_bias = bias_gram delta S.
Proof.
do 2!apply: functional_extensionality => ?; rewrite /deep_bias deep_ggn_gram.
by apply: mean_eq => i; do 2!apply: rsum_eq => ?; rewrite /=; ring.
Qed.

Lemma deep_weight_gram : deep_weight = input_gram delta S X.
Proof. by rewrite /deep_weight deep_ggn_gram. Qed.

(** ω_i = Σ_(c,e) (S_i)_ce ⟨∇_b f_c, ∇_b f_e⟩ at x_i *)
Definition deep_omega i : R := \rsum_c \rsum_e S i c e *
  \rsum_k slope (fun u => deep g u (X i) c) th (k, None)
    * slope (fun u => deep g u (X i) e) th (k, None).

Lemma deep_omegaE i : deep_omega i = omega delta S i.
Proof.
rewrite omegaE; do 2!apply: rsum_eq => ?; congr (_ * _); apply: rsum_eq => k.
by rewrite !(deep_slope (@g_gradient i)) /= !Rmult_1_r.
Qed.

(** Cx_S = ⟨WWᵀ, G_bb⟩ *)
Theorem deep_identity : weighted_complexity f S X = inner (wwt W) deep_bias.
Proof. by rewrite deep_complexity deep_bias_gram complexity_inner. Qed.

(** Cx_S ≤ ‖W‖_F² ‖G_bb‖ *)
Theorem deep_le_frob_lmax lam :
  lmax_le deep_bias lam -> weighted_complexity f S X <= frobW2 W * lam.
Proof. rewrite deep_complexity deep_bias_gram; exact: complexity_frob_lmax. Qed.

(** Cx_S ≤ ‖WWᵀ‖_F ‖G_bb‖_F *)
Theorem deep_le_frob :
  weighted_complexity f S X <= sqrt (frob2 (wwt W)) * sqrt (frob2 deep_bias).
Proof. rewrite deep_identity; exact: inner_le_frob. Qed.

(** tr G_ww = (1/n) Σ_i ‖x_i‖² ω_i *)
Theorem deep_weight_trace : trace deep_weight = mean (fun i => norm2 (X i) * deep_omega i).
Proof.
by rewrite deep_weight_gram input_gram_trace; apply: mean_eq => i; rewrite deep_omegaE.
Qed.

Lemma deep_trace : trace deep_weight + trace deep_bias = trace deep_ggn.
Proof.
rewrite /trace [RHS]rsum_curry rsum_curry -rsum_plus; apply: rsum_eq => k.
by rewrite rsum_option.
Qed.

Hypothesis S_psd : forall i, psd (S i).

Section Upper.
Variables mu1 c : R.
Hypothesis W_upper : forall v, norm2 (mulTv W v) <= mu1 * norm2 v.

(** Cx_S ≤ ‖W‖² tr G_bb *)
Theorem deep_upper : weighted_complexity f S X <= mu1 * trace deep_bias.
Proof. rewrite deep_complexity deep_bias_gram; exact: bias_upper. Qed.

(** min‖x_i‖² Cx_S ≤ ‖W‖² tr G_ww *)
Theorem deep_weights_upper :
  (forall i, c <= norm2 (X i)) -> c * weighted_complexity f S X <= mu1 * trace deep_weight.
Proof. rewrite deep_complexity deep_weight_gram; exact: input_upper. Qed.

(** min‖x̃_i‖² Cx_S ≤ ‖W‖² (tr G_ww + tr G_bb) *)
Theorem deep_first_upper : (forall i, c <= 1 + norm2 (X i)) ->
  c * weighted_complexity f S X <= mu1 * (trace deep_weight + trace deep_bias).
Proof.
rewrite deep_trace deep_complexity deep_ggn_gram => h; apply: input_upper => // i.
by rewrite [norm2 _]ext_norm2; apply: h.
Qed.

Hypothesis S_sym : forall i, sym (S i).

(** min‖x_i‖² Cx_S ≤ ‖W‖² √min(nC, md) ‖G_ww‖_F *)
Theorem deep_upper_frob : (forall i, c <= norm2 (X i)) -> c * weighted_complexity f S X
  <= mu1 * (sqrt (INR (minn (n * C) (m * d))) * sqrt (frob2 deep_weight)).
Proof.
move=> hc; have [s SE] := psd_output_factor S_psd S_sym.
have := input_upper_frob delta S_psd SE W_upper hc.
by rewrite deep_complexity deep_weight_gram card_ord.
Qed.

(** S_i 1 = 0: the same with n(C-1) *)
Theorem deep_upper_frob_sum0 :
  (forall i e, \rsum_e' S i e e' = 0) -> (forall i, c <= norm2 (X i)) ->
  c * weighted_complexity f S X
  <= mu1 * (sqrt (INR (minn (n * C.-1) (m * d))) * sqrt (frob2 deep_weight)).
Proof.
move=> S1 hc.
have [s SE] := fin_all_exists (fun i => psd_factor_sum0 (S_sym i) (S_psd i) (S1 i)).
have := input_upper_frob delta S_psd SE W_upper hc.
by rewrite deep_complexity deep_weight_gram card_ord.
Qed.
End Upper.

Section Lower.
Variables mu c : R.
Hypothesis W_lower : forall v, mu * norm2 v <= norm2 (mulTv W v).

(** μ_m tr G_bb ≤ Cx_S *)
Theorem deep_lower : mu * trace deep_bias <= weighted_complexity f S X.
Proof. rewrite deep_complexity deep_bias_gram; exact: bias_lower. Qed.

(** μ_m tr G_ww ≤ max‖x_i‖² Cx_S *)
Theorem deep_weights_lower :
  (forall i, norm2 (X i) <= c) -> mu * trace deep_weight <= c * weighted_complexity f S X.
Proof. rewrite deep_complexity deep_weight_gram; exact: input_lower. Qed.

(** μ_m (tr G_ww + tr G_bb) ≤ max‖x̃_i‖² Cx_S *)
Theorem deep_first_lower : (forall i, 1 + norm2 (X i) <= c) ->
  mu * (trace deep_weight + trace deep_bias) <= c * weighted_complexity f S X.
Proof.
rewrite deep_trace deep_complexity deep_ggn_gram => h; apply: input_lower => // i.
by rewrite [norm2 _]ext_norm2; apply: h.
Qed.

Hypothesis S_sym : forall i, sym (S i).

(** μ_m ‖G_ww‖_F ≤ max‖x_i‖² Cx_S *)
Theorem deep_lower_frob : (forall i, norm2 (X i) <= c) ->
  mu * sqrt (frob2 deep_weight) <= c * weighted_complexity f S X.
Proof. rewrite deep_complexity deep_weight_gram; exact: input_lower_frob. Qed.
End Lower.
End Sample.

(** softmax: min‖x_i‖² Cx_S ≤ ‖W‖² √min(n(C-1), md) ‖G_ww‖_F *)
Theorem softmax_deep_upper_frob n m d C (g : ('I_m -> R) -> 'I_C -> R) (X : 'I_n -> 'I_d -> R)
    (th : layer m d -> R) (delta : 'I_n -> 'I_C -> 'I_m -> R) mu1 c
    (S := fun i => softmax_S (deep g th (X i))) :
  (forall i e, has_gradient (g^~ e) (layer_pre th (X i)) (delta i e)) ->
  (forall v, norm2 (mulTv (layer_weights th) v) <= mu1 * norm2 v) ->
  (forall i, c <= norm2 (X i)) ->
  c * weighted_complexity (deep g th) S X
    <= mu1 * (sqrt (INR (minn (n * C.-1) (m * d))) * sqrt (frob2 (deep_weight g S X th))).
Proof.
move=> hg hW hc.
have S_sum0 i e : \rsum_e' S i e e' = 0 := softmax_S_sum e (deep g th (X i)) e.
by apply: (deep_upper_frob_sum0 hg _ hW _ S_sum0 hc) => i; [apply: softmax_S_psd | apply: softmax_sym].
Qed.
