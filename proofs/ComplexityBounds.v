(** T07: two-sided bounds between the complexity of the function and the Gauss-Newton
    matrix. With bounds μ_m‖v‖² ≤ ‖Wᵀv‖² ≤ μ_1‖v‖² for all v (the best constants are the
    extreme eigenvalues σ_min(Wᵀ)² and ‖W‖² of WWᵀ),

      μ_m tr G_bb ≤ Cx_S ≤ μ_1 tr G_bb,

    and with the lengths of the inputs as factors the same for tr G_ww, ‖G_ww‖_F and, for
    the squared loss, the whole tr G. They hold with H in place of G for piecewise linear σ
    at every θ off the kinks, and for any σ where the network interpolates. *)
From Coq Require Import Reals Lra Psatz FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Activations Losses.
From LandTheory Require Import SquareMatrices PsdFactor Rank FirstLayerBlocks Complexity.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Lemma squared_S_sym C (u : 'I_C -> R) : sym (squared_S u).
Proof. by move=> c e; rewrite /squared_S eq_sym. Qed.

(** ** the Gauss-Newton matrix *)
Section Bounds.
Variables n m d C : nat.
Variables sigma s1 : R -> R.
Variable S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R.
Variable X : 'I_n -> 'I_d -> R.
Variable th : par m d C -> R.
Local Notation W := (weights th).
Local Notation G := (ggn sigma s1 S X th).
Local Notation Cx := (weighted_complexity (net sigma th) (output_hessian sigma S X th) X).

Hypothesis d1 : forall i k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k)).

(** Cx_S ≤ ‖W‖_F² λ_1(G_bb) *)
Theorem complexity_le_frob_lmax lam :
  lmax_le (bias_block G) lam -> Cx <= frobW2 W * lam.
Proof.
rewrite (net_complexity S d1) ggn_bias_block; exact: complexity_frob_lmax.
Qed.

(** Cx_S ≤ ‖WWᵀ‖_F ‖G_bb‖_F *)
Theorem complexity_le_frob : Cx <= sqrt (frob2 (wwt W)) * sqrt (frob2 (bias_block G)).
Proof. rewrite (complexity_identity S d1); exact: inner_le_frob. Qed.

(** ω_i = Σ_k σ'(z_ik)² a_kᵀS_ia_k *)
Definition neuron_weight i : R := \rsum_k s1 (pre th (X i) k) ^ 2 *
  \rsum_c \rsum_e output_hessian sigma S X th i c e * th (out k c) * th (out k e).

Lemma omega_neuron i :
  omega (delta s1 X th) (output_hessian sigma S X th) i = neuron_weight i.
Proof.
apply: rsum_eq => k; rewrite /sandwich rsum_scal; apply: rsum_eq => c; rewrite rsum_scal.
have shuffle (o a b t : R) : o * (a * t) * (b * t) = t ^ 2 * (o * a * b) by ring.
by apply: rsum_eq => e; apply: shuffle.
Qed.

(** tr G_bb = (1/n) Σ_i ω_i *)
Theorem bias_trace : trace (bias_block G) = mean neuron_weight.
Proof.
by rewrite ggn_bias_block bias_gram_trace; apply: mean_eq => i; apply: omega_neuron.
Qed.

(** tr G_ww = (1/n) Σ_i ‖x_i‖² ω_i *)
Theorem weight_trace : trace (weight_block G) = mean (fun i => norm2 (X i) * neuron_weight i).
Proof.
by rewrite ggn_weight_block input_gram_trace; apply: mean_eq => i; rewrite omega_neuron.
Qed.

(** tr G_(w̃w̃) = (1/n) Σ_i (1 + ‖x_i‖²) ω_i *)
Theorem layer_trace :
  trace (layer_block G) = mean (fun i => (1 + norm2 (X i)) * neuron_weight i).
Proof.
rewrite ggn_layer_block input_gram_trace; apply: mean_eq => i.
by rewrite omega_neuron [norm2 _]ext_norm2.
Qed.

Hypothesis S_psd : forall i, psd (output_hessian sigma S X th i).

Section Upper.
Variables mu1 c : R.
Hypothesis W_upper : forall v, norm2 (mulTv W v) <= mu1 * norm2 v.

(** Cx_S ≤ ‖W‖² tr G_bb *)
Theorem complexity_upper : Cx <= mu1 * trace (bias_block G).
Proof. rewrite (net_complexity S d1) ggn_bias_block; exact: bias_upper. Qed.

(** min‖x_i‖² Cx_S ≤ ‖W‖² tr G_ww *)
Theorem weight_upper :
  (forall i, c <= norm2 (X i)) -> c * Cx <= mu1 * trace (weight_block G).
Proof. rewrite (net_complexity S d1) ggn_weight_block; exact: input_upper. Qed.

(** min‖x̃_i‖² Cx_S ≤ ‖W‖² tr G_(w̃w̃) *)
Theorem layer_upper :
  (forall i, c <= 1 + norm2 (X i)) -> c * Cx <= mu1 * trace (layer_block G).
Proof.
rewrite (net_complexity S d1) ggn_layer_block => h; apply: input_upper => // i.
by rewrite [norm2 _]ext_norm2; apply: h.
Qed.

(** min‖x_i‖² Cx_S ≤ ‖W‖² √min(nρ, md) ‖G_ww‖_F if every S_i is a sum of ρ matrices ssᵀ *)
Lemma weight_upper_frob_factor rho (s : 'I_n -> 'I_rho -> 'I_C -> R) :
  (forall i e e', output_hessian sigma S X th i e e' = \rsum_l s i l e * s i l e') ->
  (forall i, c <= norm2 (X i)) ->
  c * Cx <= mu1 * (sqrt (INR (minn (n * rho) (m * d))) * sqrt (frob2 (weight_block G))).
Proof.
move=> SE hc; have := input_upper_frob (delta s1 X th) S_psd SE W_upper hc.
by rewrite (net_complexity S d1) card_ord.
Qed.

Hypothesis S_sym : forall i, sym (output_hessian sigma S X th i).

(** min‖x_i‖² Cx_S ≤ ‖W‖² √min(nC, md) ‖G_ww‖_F *)
Theorem weight_upper_frob : (forall i, c <= norm2 (X i)) ->
  c * Cx <= mu1 * (sqrt (INR (minn (n * C) (m * d))) * sqrt (frob2 (weight_block G))).
Proof. by have [s SE] := psd_output_factor S_psd S_sym; apply: weight_upper_frob_factor SE. Qed.

(** S_i 1 = 0: min‖x_i‖² Cx_S ≤ ‖W‖² √min(n(C-1), md) ‖G_ww‖_F *)
Lemma weight_upper_frob_sum0 :
  (forall i e, \rsum_e' output_hessian sigma S X th i e e' = 0) ->
  (forall i, c <= norm2 (X i)) ->
  c * Cx <= mu1 * (sqrt (INR (minn (n * C.-1) (m * d))) * sqrt (frob2 (weight_block G))).
Proof.
move=> S1; have [s SE] := fin_all_exists (fun i => psd_factor_sum0 (S_sym i) (S_psd i) (S1 i)).
exact: weight_upper_frob_factor SE.
Qed.
End Upper.

Lemma weight_rank_factor rho (s : 'I_n -> 'I_rho -> 'I_C -> R) :
  (forall i e e', output_hessian sigma S X th i e e' = \rsum_l s i l e * s i l e') ->
  (rank (weight_block G) <= minn (n * rho) (m * d))%N.
Proof.
move=> SE; have [v vE] := input_gram_factor (delta s1 X th) X SE.
have := @rank_le_card _ _ _ (weight_block G) (fun p t => v t p) v.
rewrite card_prod !card_ord => rk; rewrite leq_min rk.
  by have := rank_le_rows (weight_block G); rewrite card_prod !card_ord.
by do 2!apply: functional_extensionality => ?; rewrite ggn_weight_block vE.
Qed.

Section Ranks.
Hypothesis S_sym : forall i, sym (output_hessian sigma S X th i).

(** rank G_ww ≤ min(nC, md) *)
Theorem weight_rank : (rank (weight_block G) <= minn (n * C) (m * d))%N.
Proof. by have [s SE] := psd_output_factor S_psd S_sym; apply: weight_rank_factor SE. Qed.

(** S_i 1 = 0: rank G_ww ≤ min(n(C-1), md) *)
Lemma weight_rank_sum0 : (forall i e, \rsum_e' output_hessian sigma S X th i e e' = 0) ->
  (rank (weight_block G) <= minn (n * C.-1) (m * d))%N.
Proof.
move=> S1; have [s SE] := fin_all_exists (fun i => psd_factor_sum0 (S_sym i) (S_psd i) (S1 i)).
exact: weight_rank_factor SE.
Qed.
End Ranks.

Section Lower.
Variables mu c : R.
Hypothesis W_lower : forall v, mu * norm2 v <= norm2 (mulTv W v).

(** μ_m tr G_bb ≤ Cx_S *)
Theorem complexity_lower : mu * trace (bias_block G) <= Cx.
Proof. rewrite (net_complexity S d1) ggn_bias_block; exact: bias_lower. Qed.

(** μ_m tr G_ww ≤ max‖x_i‖² Cx_S *)
Theorem weight_lower :
  (forall i, norm2 (X i) <= c) -> mu * trace (weight_block G) <= c * Cx.
Proof. rewrite (net_complexity S d1) ggn_weight_block; exact: input_lower. Qed.

(** μ_m tr G_(w̃w̃) ≤ max‖x̃_i‖² Cx_S *)
Theorem layer_lower :
  (forall i, 1 + norm2 (X i) <= c) -> mu * trace (layer_block G) <= c * Cx.
Proof.
rewrite (net_complexity S d1) ggn_layer_block => h; apply: input_lower => // i.
by rewrite [norm2 _]ext_norm2; apply: h.
Qed.

Hypothesis S_sym : forall i, sym (output_hessian sigma S X th i).

(** μ_m ‖G_ww‖_F ≤ max‖x_i‖² Cx_S *)
Theorem weight_lower_frob :
  (forall i, norm2 (X i) <= c) -> mu * sqrt (frob2 (weight_block G)) <= c * Cx.
Proof. rewrite (net_complexity S d1) ggn_weight_block; exact: input_lower_frob. Qed.

(** μ_m ‖G_ww‖ ≤ max‖x_i‖² Cx_S, as a bound of the quadratic form *)
Theorem weight_lower_quad : (forall i, norm2 (X i) <= c) ->
  forall v, mu * quad (weight_block G) v <= c * Cx * norm2 v.
Proof. rewrite (net_complexity S d1) ggn_weight_block; exact: input_lower_quad. Qed.
End Lower.
End Bounds.

(** ** softmax *)
Section SoftmaxRank.
Variables n m d C : nat.
Variables sigma s1 : R -> R.
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Local Notation G := (ggn sigma s1 (fun=> @softmax_S C) X th).

Let S_psd i : psd (output_hessian sigma (fun=> @softmax_S C) X th i) :=
  softmax_S_psd (output sigma X th i).
Let S_sym i : sym (output_hessian sigma (fun=> @softmax_S C) X th i) :=
  softmax_sym (output sigma X th i).
Let S_sum0 i e : \rsum_e' output_hessian sigma (fun=> @softmax_S C) X th i e e' = 0 :=
  softmax_S_sum e (output sigma X th i) e.

(** softmax: rank G_ww ≤ min(n(C-1), md) *)
Theorem softmax_weight_rank : (rank (weight_block G) <= minn (n * C.-1) (m * d))%N.
Proof. exact: weight_rank_sum0 S_psd S_sym S_sum0. Qed.

(** softmax: min‖x_i‖² Cx_S ≤ ‖W‖² √min(n(C-1), md) ‖G_ww‖_F *)
Theorem softmax_weight_upper_frob mu1 c :
  (forall i k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k))) ->
  (forall v, norm2 (mulTv (weights th) v) <= mu1 * norm2 v) -> (forall i, c <= norm2 (X i)) ->
  c * weighted_complexity (net sigma th) (output_hessian sigma (fun=> @softmax_S C) X th) X <=
    mu1 * (sqrt (INR (minn (n * C.-1) (m * d))) * sqrt (frob2 (weight_block G))).
Proof. by move=> d1 hW hc; apply: (weight_upper_frob_sum0 d1 S_psd hW S_sym S_sum0 hc). Qed.
End SoftmaxRank.

(** ** the whole matrix, squared loss *)
Section Whole.
Variables n m d C : nat.
Variables sigma s1 : R -> R.
Variable X : 'I_n -> 'I_d -> R.
Variable th : par m d C -> R.
Local Notation W := (weights th).
Local Notation G := (ggn sigma s1 (fun=> @squared_S C) X th).
Local Notation Cx := (complexity (net sigma th) X).

(** (1/n) Σ_i ‖σ(z_i)‖² *)
Definition hidden_norm2 : R := mean (fun i => \rsum_k sigma (pre th (X i) k) ^ 2).

Lemma squared_pick (a : 'I_C -> 'I_C -> R) u :
  \rsum_c \rsum_e squared_S u c e * a c e = \rsum_c a c c.
Proof.
apply: rsum_eq => c; rewrite (rsum_delta (k := c)) => [|e] /=; rewrite /squared_S.
  by rewrite eqxx /=; ring.
by move/negbTE->; rewrite /=; ring.
Qed.

(** tr G = tr G_(w̃w̃) + C (1/n) Σ_i ‖σ(z_i)‖² + C *)
Lemma ggn_trace : (0 < n)%N -> trace G = trace (layer_block G) + INR C * hidden_norm2 + INR C.
Proof.
move=> n0; rewrite {1}/trace rsum_par; congr (_ + _ + _).
- by rewrite /trace rsum_curry.
- rewrite /hidden_norm2 mean_rsum rsum_scal; apply: rsum_eq => k.
  rewrite -[in INR C](card_ord C) -(rsum_const [finType of 'I_C]).
  apply: rsum_eq => c; apply: mean_eq => i; rewrite /output_hessian /jacobian /=.
  under eq_bigr => e _ do under eq_bigr => e' _ do rewrite Rmult_assoc.
  rewrite squared_pick (rsum_delta (k := c)) => [|e]; first by rewrite eqxx /=; ring.
  by rewrite eq_sym => /negbTE->; rewrite /=; ring.
- rewrite -[RHS]Rmult_1_r -[in INR C](card_ord C) -(rsum_const [finType of 'I_C]).
  apply: rsum_eq => c; rewrite -[RHS](mean_const 1 n0); apply: mean_eq => i.
  rewrite /output_hessian /jacobian /=.
  under eq_bigr => e _ do under eq_bigr => e' _ do rewrite Rmult_assoc.
  rewrite squared_pick (rsum_delta (k := c)) => [|e]; first by rewrite eqxx /=; ring.
  by rewrite eq_sym => /negbTE->; rewrite /=; ring.
Qed.

(** vᵀGv = (1/n) Σ_i ‖J_iv‖² *)
Lemma squared_ggn_quad v :
  quad G v = mean (fun i => \rsum_c dot (jacobian sigma s1 X th i c) v ^ 2).
Proof.
rewrite /quad /ggn.
under eq_bigr => p _ do
  (under eq_bigr => q _ do rewrite -mean_scal -mean_scalr; rewrite -mean_rsum).
rewrite -mean_rsum; apply: mean_eq => i.
under eq_bigr => p _ do (under eq_bigr => q _ do
  (under eq_bigr => c _ do under eq_bigr => e _ do rewrite Rmult_assoc;
   rewrite squared_pick rsum_scal rsum_scalr); rewrite rsum_exchange).
rewrite rsum_exchange; apply: rsum_eq => c.
have square t : t ^ 2 = t * t by ring.
by rewrite square /dot rsum_prod; do 2!apply: rsum_eq => ?; ring.
Qed.

Hypothesis n0 : (0 < n)%N.
Hypothesis d1 : forall i k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k)).

Lemma squared_output_psd i : psd (output_hessian sigma (fun=> @squared_S C) X th i).
Proof. exact: squared_psd. Qed.

(** min‖x̃_i‖² Cx ≤ ‖W‖² (tr G - C (1/n) Σ_i ‖σ(z_i)‖² - C) *)
Theorem whole_upper mu1 c : (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) ->
  (forall i, c <= 1 + norm2 (X i)) ->
  c * Cx <= mu1 * (trace G - INR C * hidden_norm2 - INR C).
Proof.
move=> hW hc; have := layer_upper d1 squared_output_psd hW hc.
rewrite squared_complexity ggn_trace // => h; apply: Rle_trans h _.
by apply/Req_le; congr (_ * _); ring.
Qed.

(** μ_m (tr G - C (1/n) Σ_i ‖σ(z_i)‖² - C) ≤ max‖x̃_i‖² Cx *)
Theorem whole_lower mu c : (forall v, mu * norm2 v <= norm2 (mulTv W v)) ->
  (forall i, 1 + norm2 (X i) <= c) ->
  mu * (trace G - INR C * hidden_norm2 - INR C) <= c * Cx.
Proof.
move=> hW hc; have := layer_lower d1 squared_output_psd hW hc.
rewrite squared_complexity ggn_trace //; apply: Rle_trans.
by apply/Req_le; congr (_ * _); ring.
Qed.
End Whole.

(** ** the Hessian of a piecewise linear network *)
Section PiecewiseLinear.
Variables n m d C : nat.
Variables ap am : R.
Variables (r : 'I_n -> ('I_C -> R) -> 'I_C -> R) (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variable X : 'I_n -> 'I_d -> R.
Variable th : par m d C -> R.
Local Notation W := (weights th).
Local Notation H := (hessian (pl ap am) (pl1 ap am) zero r S X th).
Local Notation Cx :=
  (weighted_complexity (net (pl ap am) th) (output_hessian (pl ap am) S X th) X).

Hypothesis off : off_kinks ap am X th.
Let d1 := off_kinks_derive off.

(** Cx_S ≤ ‖W‖_F² λ_1(H_bb) *)
Theorem pl_complexity_le_frob_lmax lam :
  lmax_le (bias_block H) lam ->
  Cx <= frobW2 W * lam.
Proof. rewrite pl_bias_block; exact: complexity_le_frob_lmax. Qed.

(** Cx_S ≤ ‖WWᵀ‖_F ‖H_bb‖_F *)
Theorem pl_complexity_le_frob :
  Cx <= sqrt (frob2 (wwt W)) * sqrt (frob2 (bias_block H)).
Proof. rewrite pl_bias_block; exact: complexity_le_frob. Qed.

Hypothesis S_psd : forall i, psd (output_hessian (pl ap am) S X th i).

(** Cx_S ≤ ‖W‖² tr H_bb *)
Theorem pl_complexity_upper mu1 :
  (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) ->
  Cx <= mu1 * trace (bias_block H).
Proof. rewrite pl_bias_block; exact: complexity_upper. Qed.

(** μ_m tr H_bb ≤ Cx_S *)
Theorem pl_complexity_lower mu :
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) ->
  mu * trace (bias_block H) <= Cx.
Proof. rewrite pl_bias_block; exact: complexity_lower. Qed.

(** min‖x_i‖² Cx_S ≤ ‖W‖² tr H_ww *)
Theorem pl_weight_upper mu1 c :
  (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) ->
  (forall i, c <= norm2 (X i)) ->
  c * Cx <= mu1 * trace (weight_block H).
Proof. rewrite pl_weight_block; exact: weight_upper. Qed.

(** μ_m tr H_ww ≤ max‖x_i‖² Cx_S *)
Theorem pl_weight_lower mu c :
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) ->
  (forall i, norm2 (X i) <= c) ->
  mu * trace (weight_block H) <= c * Cx.
Proof. rewrite pl_weight_block; exact: weight_lower. Qed.

(** min‖x̃_i‖² Cx_S ≤ ‖W‖² tr H_(w̃w̃) *)
Theorem pl_layer_upper mu1 c :
  (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) ->
  (forall i, c <= 1 + norm2 (X i)) ->
  c * Cx <= mu1 * trace (layer_block H).
Proof. rewrite pl_layer_block; exact: layer_upper. Qed.

(** μ_m tr H_(w̃w̃) ≤ max‖x̃_i‖² Cx_S *)
Theorem pl_layer_lower mu c :
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) ->
  (forall i, 1 + norm2 (X i) <= c) ->
  mu * trace (layer_block H) <= c * Cx.
Proof. rewrite pl_layer_block; exact: layer_lower. Qed.

Hypothesis S_sym : forall i, sym (output_hessian (pl ap am) S X th i).

(** min‖x_i‖² Cx_S ≤ ‖W‖² √min(nC, md) ‖H_ww‖_F *)
Theorem pl_weight_upper_frob mu1 c :
  (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) ->
  (forall i, c <= norm2 (X i)) ->
  c * Cx <=
    mu1 * (sqrt (INR (minn (n * C) (m * d))) * sqrt (frob2 (weight_block H))).
Proof. by rewrite pl_weight_block => h hc; apply: (weight_upper_frob d1 S_psd h S_sym hc). Qed.

(** μ_m ‖H_ww‖_F ≤ max‖x_i‖² Cx_S *)
Theorem pl_weight_lower_frob mu c :
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) ->
  (forall i, norm2 (X i) <= c) ->
  mu * sqrt (frob2 (weight_block H)) <= c * Cx.
Proof. by rewrite pl_weight_block => h hc; apply: (weight_lower_frob d1 S_psd h S_sym hc). Qed.

End PiecewiseLinear.

Section PiecewiseLinearWhole.
Variables n m d C : nat.
Variables ap am : R.
Variables (Y : 'I_n -> 'I_C -> R) (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Local Notation W := (weights th).
Local Notation H := (hessian (pl ap am) (pl1 ap am) zero
  (fun i => squared_r (Y i)) (fun=> @squared_S C) X th).
Local Notation Cx := (complexity (net (pl ap am) th) X).

Hypothesis n0 : (0 < n)%N.
Hypothesis off : off_kinks ap am X th.

(** min‖x̃_i‖² Cx ≤ ‖W‖² (tr H - C (1/n) Σ_i ‖σ(z_i)‖² - C) *)
Theorem pl_whole_upper mu1 c :
  (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) ->
  (forall i, c <= 1 + norm2 (X i)) ->
  c * Cx <= mu1 * (trace H - INR C * hidden_norm2 (pl ap am) X th - INR C).
Proof. by rewrite pl_trace; apply: whole_upper => //; apply: off_kinks_derive. Qed.

(** μ_m (tr H - C (1/n) Σ_i ‖σ(z_i)‖² - C) ≤ max‖x̃_i‖² Cx *)
Theorem pl_whole_lower mu c :
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) ->
  (forall i, 1 + norm2 (X i) <= c) ->
  mu * (trace H - INR C * hidden_norm2 (pl ap am) X th - INR C) <= c * Cx.
Proof. by rewrite pl_trace; apply: whole_lower => //; apply: off_kinks_derive. Qed.

End PiecewiseLinearWhole.

(** ** the Hessian where the network interpolates, squared loss *)
Section Interpolation.
Variables n m d C : nat.
Variables sigma s1 s2 : R -> R.
Variables (Y : 'I_n -> 'I_C -> R) (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Local Notation W := (weights th).
Local Notation H := (hessian sigma s1 s2
  (fun i => squared_r (Y i)) (fun=> @squared_S C) X th).
Local Notation G := (ggn sigma s1 (fun=> @squared_S C) X th).
Local Notation Cx := (complexity (net sigma th) X).

Hypothesis smooth : smooth_on sigma s1 s2 X th.
Hypothesis fit : forall i c, net sigma th (X i) c = Y i c.
Let d1 i k := smooth_derive (smooth i k).
Let S_psd := squared_output_psd sigma X th.
Let S_sym i : sym (output_hessian sigma (fun=> @squared_S C) X th i) :=
  @squared_S_sym C (output sigma X th i).

(** r = 0, so F = 0 and H = G *)
Lemma interpolation_hessian : H = G.
Proof.
apply: functional_extensionality => p; apply: functional_extensionality => q.
rewrite /hessian /residual_hessian /mean (rsum0 (F := fun i => \rsum_c _)); first by ring.
move=> i; apply: rsum0 => c; rewrite /residual /squared_r /output fit; ring.
Qed.

Lemma interpolation_complexity :
  weighted_complexity (net sigma th) (output_hessian sigma (fun=> @squared_S C) X th) X = Cx.
Proof. exact: squared_complexity. Qed.

(** Cx ≤ ‖W‖² tr H_bb *)
Theorem interpolation_complexity_upper mu1 :
  (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) ->
  Cx <= mu1 * trace (bias_block H).
Proof. rewrite interpolation_hessian -interpolation_complexity; exact: (complexity_upper d1 S_psd). Qed.

(** μ_m tr H_bb ≤ Cx *)
Theorem interpolation_complexity_lower mu :
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) ->
  mu * trace (bias_block H) <= Cx.
Proof. rewrite interpolation_hessian -interpolation_complexity; exact: (complexity_lower d1 S_psd). Qed.

(** Cx ≤ ‖W‖_F² λ_1(H_bb) *)
Theorem interpolation_complexity_le_frob_lmax lam :
  lmax_le (bias_block H) lam ->
  Cx <= frobW2 W * lam.
Proof. rewrite interpolation_hessian -interpolation_complexity; exact: (complexity_le_frob_lmax (S := fun=> @squared_S C) d1). Qed.

(** Cx ≤ ‖WWᵀ‖_F ‖H_bb‖_F *)
Theorem interpolation_complexity_le_frob :
  Cx <= sqrt (frob2 (wwt W)) * sqrt (frob2 (bias_block H)).
Proof. rewrite interpolation_hessian -interpolation_complexity; exact: (complexity_le_frob (fun=> @squared_S C) d1). Qed.

(** min‖x_i‖² Cx ≤ ‖W‖² tr H_ww *)
Theorem interpolation_weight_upper mu1 c :
  (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) ->
  (forall i, c <= norm2 (X i)) ->
  c * Cx <= mu1 * trace (weight_block H).
Proof. rewrite interpolation_hessian -interpolation_complexity; exact: (weight_upper d1 S_psd). Qed.

(** μ_m tr H_ww ≤ max‖x_i‖² Cx *)
Theorem interpolation_weight_lower mu c :
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) ->
  (forall i, norm2 (X i) <= c) ->
  mu * trace (weight_block H) <= c * Cx.
Proof. rewrite interpolation_hessian -interpolation_complexity; exact: (weight_lower d1 S_psd). Qed.

(** min‖x̃_i‖² Cx ≤ ‖W‖² tr H_(w̃w̃) *)
Theorem interpolation_layer_upper mu1 c :
  (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) ->
  (forall i, c <= 1 + norm2 (X i)) ->
  c * Cx <= mu1 * trace (layer_block H).
Proof. rewrite interpolation_hessian -interpolation_complexity; exact: (layer_upper d1 S_psd). Qed.

(** μ_m tr H_(w̃w̃) ≤ max‖x̃_i‖² Cx *)
Theorem interpolation_layer_lower mu c :
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) ->
  (forall i, 1 + norm2 (X i) <= c) ->
  mu * trace (layer_block H) <= c * Cx.
Proof. rewrite interpolation_hessian -interpolation_complexity; exact: (layer_lower d1 S_psd). Qed.

(** min‖x_i‖² Cx ≤ ‖W‖² √min(nC, md) ‖H_ww‖_F *)
Theorem interpolation_weight_upper_frob mu1 c :
  (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) ->
  (forall i, c <= norm2 (X i)) ->
  c * Cx <=
    mu1 * (sqrt (INR (minn (n * C) (m * d))) * sqrt (frob2 (weight_block H))).
Proof. rewrite interpolation_hessian -interpolation_complexity; by move=> h hc; apply: (weight_upper_frob d1 S_psd h S_sym hc). Qed.

(** μ_m ‖H_ww‖_F ≤ max‖x_i‖² Cx *)
Theorem interpolation_weight_lower_frob mu c :
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) ->
  (forall i, norm2 (X i) <= c) ->
  mu * sqrt (frob2 (weight_block H)) <= c * Cx.
Proof. rewrite interpolation_hessian -interpolation_complexity; by move=> h hc; apply: (weight_lower_frob d1 S_psd h S_sym hc). Qed.

Hypothesis n0 : (0 < n)%N.

(** min‖x̃_i‖² Cx ≤ ‖W‖² (tr H - C (1/n) Σ_i ‖σ(z_i)‖² - C) *)
Theorem interpolation_whole_upper mu1 c :
  (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) ->
  (forall i, c <= 1 + norm2 (X i)) ->
  c * Cx <= mu1 * (trace H - INR C * hidden_norm2 sigma X th - INR C).
Proof. by rewrite interpolation_hessian; apply: whole_upper. Qed.

(** μ_m (tr H - C (1/n) Σ_i ‖σ(z_i)‖² - C) ≤ max‖x̃_i‖² Cx *)
Theorem interpolation_whole_lower mu c :
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) ->
  (forall i, 1 + norm2 (X i) <= c) ->
  mu * (trace H - INR C * hidden_norm2 sigma X th - INR C) <= c * Cx.
Proof. by rewrite interpolation_hessian; apply: whole_lower. Qed.

Lemma squared_ggn_psd : psd G.
Proof.
move=> v; rewrite squared_ggn_quad; apply: mean_ge0 => i.
by apply: rsum_ge0 => c; apply: pow2_ge_0.
Qed.

Lemma squared_ggn_sym : sym G.
Proof.
move=> p q; apply: mean_eq => i.
under eq_bigr => c _ do under eq_bigr => e _ do rewrite Rmult_assoc.
under [RHS]eq_bigr => c _ do under eq_bigr => e _ do rewrite Rmult_assoc.
by rewrite !squared_pick; apply: rsum_eq => c; ring.
Qed.

(** μ_m (‖H‖_F - C (1/n) Σ_i ‖σ(z_i)‖² - C) ≤ max‖x̃_i‖² Cx *)
Theorem interpolation_frob mu c : 0 <= mu ->
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) -> (forall i, 1 + norm2 (X i) <= c) ->
  mu * (sqrt (frob2 H) - INR C * hidden_norm2 sigma X th - INR C) <= c * Cx.
Proof.
move=> mu0 hW hc; apply: Rle_trans (interpolation_whole_lower hW hc).
apply: Rmult_le_compat_l => //; rewrite interpolation_hessian.
suff : sqrt (frob2 G) <= trace G by lra.
rewrite -(sqrt_pow2 (trace G)); last exact: trace_ge0 squared_ggn_psd.
exact/sqrt_le_1_alt/frob2_le_trace/squared_ggn_psd/squared_ggn_sym.
Qed.

(** μ_m (λ_1(H) - C (1/n) Σ_i ‖σ(z_i)‖² - C) ≤ max‖x̃_i‖² Cx *)
Theorem interpolation_lmax mu c lam : 0 <= mu ->
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) -> (forall i, 1 + norm2 (X i) <= c) ->
  lmax_ge H lam -> mu * (lam - INR C * hidden_norm2 sigma X th - INR C) <= c * Cx.
Proof.
move=> mu0 hW hc [v [v0 hv]]; apply: Rle_trans (interpolation_whole_lower hW hc).
apply: Rmult_le_compat_l => //.
suff : lam <= trace H by lra.
apply: (Rmult_le_reg_r (norm2 v)) => //; apply: Rle_trans hv _.
by rewrite interpolation_hessian; apply: lmax_le_trace squared_ggn_sym squared_ggn_psd v.
Qed.
End Interpolation.
