(** T06: the complexity of the function is an inner product of its first weights with a
    block of its Gauss-Newton matrix,

      Cx_S = (1/n) Σ_i tr(Jx_iᵀ S_i Jx_i) = ⟨WWᵀ, G_bb⟩,

    with Jx_i the derivative of x ↦ f(x; θ) at x_i and G_bb the block of G on the biases b:
    at every θ, for any σ differentiable at the pre-activations, any C and any S_i. With
    H_bb instead there is a residual term, which is 0 for piecewise linear σ. For the
    cross-entropies Cx_S is Fisher information about the input. *)
From Coq Require Import Reals Lra Psatz FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Activations Losses.
From LandTheory Require Import SquareMatrices PsdFactor FirstLayerBlocks.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ∂F/∂x_j at x *)
Definition slope (P : finType) (F : (P -> R) -> R) (x : P -> R) (j : P) : R :=
  Derive (fun s => F (upd x j s)) (x j).

Lemma gradient_slope (P : finType) (F : (P -> R) -> R) x g j :
  has_gradient F x g -> slope F x j = g j.
Proof. by move=> h; apply: is_derive_unique; apply: gradient_partial. Qed.

(** ** the complexity of any function on a sample *)
Section Complexity.
Variables n d C : nat.
Implicit Types (f : ('I_d -> R) -> 'I_C -> R) (x : 'I_d -> R).

(** tr(Jxᵀ S Jx) at x *)
Definition slope_energy f (S : 'I_C -> 'I_C -> R) x : R :=
  \rsum_c \rsum_e S c e * \rsum_j slope (f^~ c) x j * slope (f^~ e) x j.

(** Cx_S = (1/n) Σ_i tr(Jx_iᵀ S_i Jx_i), and Cx = (1/n) Σ_i ‖Jx_i‖_F² *)
Definition weighted_complexity f (S : 'I_n -> 'I_C -> 'I_C -> R) (X : 'I_n -> 'I_d -> R) : R :=
  mean (fun i => slope_energy f (S i) (X i)).
Definition complexity f (X : 'I_n -> 'I_d -> R) : R :=
  mean (fun i => \rsum_c \rsum_j slope (f^~ c) (X i) j ^ 2).

Lemma slope_energy_identity f x :
  slope_energy f (fun c e => dlt (e == c) 1) x = \rsum_c \rsum_j slope (f^~ c) x j ^ 2.
Proof.
apply: rsum_eq => c; rewrite (rsum_delta (k := c)) => [|e /negbTE->]; last by rewrite /=; ring.
by rewrite eqxx Rmult_1_l; apply: rsum_eq => j; ring.
Qed.

(** squared loss: Cx_S = Cx *)
Lemma squared_complexity f X :
  weighted_complexity f (fun i c e => dlt (e == c) 1) X = complexity f X.
Proof. by apply: mean_eq => i; apply: slope_energy_identity. Qed.
End Complexity.

(** ** blocks of a matrix on the parameters *)
Section ParameterBlocks.
Variables m d C : nat.
Variable M : par m d C -> par m d C -> R.

Definition bias_block (k l : 'I_m) : R := M (hid k None) (hid l None).
Definition weight_block (p q : 'I_m * 'I_d) : R := M (hid p.1 (Some p.2)) (hid q.1 (Some q.2)).
Definition layer_block (p q : 'I_m * option 'I_d) : R := M (hid p.1 p.2) (hid q.1 q.2).
End ParameterBlocks.

(** W, as a matrix *)
Definition weights m d C (th : par m d C -> R) (k : 'I_m) (j : 'I_d) : R := th (hid k (Some j)).

(** ** the network *)
Section Network.
Variables n m d C : nat.
Variables sigma s1 : R -> R.
Variable S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R.
Variable X : 'I_n -> 'I_d -> R.
Implicit Types (th : par m d C -> R) (x : 'I_d -> R).

(** δ_ik^c = A_ck σ'(z_ik) *)
Definition delta th i (c : 'I_C) (k : 'I_m) : R := th (out k c) * s1 (pre th (X i) k).

Lemma net_slope th x c j :
  (forall k, is_derive sigma (pre th x k) (s1 (pre th x k))) ->
  slope ((net sigma th)^~ c) x j = input_jac s1 th x c j.
Proof. by move=> h; apply/gradient_slope/net_input_gradient. Qed.

Lemma net_energy th i (T : 'I_C -> 'I_C -> R) :
  (forall k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k))) ->
  slope_energy (net sigma th) T (X i)
    = energy (weights th) (delta th) (fun=> T) i.
Proof.
move=> h; do 2!apply: rsum_eq => ?; congr (_ * _); apply: rsum_eq => j.
by rewrite !net_slope.
Qed.

Lemma net_complexity th : (forall i k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k))) ->
  weighted_complexity (net sigma th) (output_hessian sigma S X th) X
    = complexity_of (weights th) (delta th) (output_hessian sigma S X th).
Proof. by move=> h; apply: mean_eq => i; apply: net_energy. Qed.

Lemma ggn_bias_block th : bias_block (ggn sigma s1 S X th)
  = bias_gram (delta th) (output_hessian sigma S X th).
Proof.
do 2!apply: functional_extensionality => ?; apply: mean_eq => i.
by do 2!apply: rsum_eq => ?; rewrite /delta /jacobian /=; ring.
Qed.

Lemma ggn_weight_block th : weight_block (ggn sigma s1 S X th)
  = input_gram (delta th) (output_hessian sigma S X th) X.
Proof. by []. Qed.

Lemma ggn_layer_block th : layer_block (ggn sigma s1 S X th)
  = input_gram (delta th) (output_hessian sigma S X th) (fun i => ext (X i)).
Proof. by []. Qed.

(** tr(Jx_iᵀ T Jx_i) = ⟨WWᵀ, D_iᵀ T D_i⟩ for every sample and every T *)
Theorem sample_identity th i (T : 'I_C -> 'I_C -> R) :
  (forall k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k))) ->
  slope_energy (net sigma th) T (X i)
    = \rsum_k \rsum_l (\rsum_j weights th k j * weights th l j) *
        (\rsum_c \rsum_e T c e * delta th i c k * delta th i e l).
Proof. by move=> h; rewrite net_energy // energy_inner. Qed.

(** Cx_S = ⟨WWᵀ, G_bb⟩ *)
Theorem complexity_identity th :
  (forall i k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k))) ->
  weighted_complexity (net sigma th) (output_hessian sigma S X th) X
    = inner (wwt (weights th)) (bias_block (ggn sigma s1 S X th)).
Proof. by move=> h; rewrite net_complexity // ggn_bias_block complexity_inner. Qed.
End Network.

(** squared loss: Cx = ⟨WWᵀ, G_bb⟩ *)
Theorem squared_identity n m d C sigma s1 (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) :
  (forall i k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k))) ->
  complexity (net sigma th) X
    = inner (wwt (weights th)) (bias_block (ggn sigma s1 (fun=> @squared_S C) X th)).
Proof.
by move=> h; rewrite -squared_complexity; apply: (complexity_identity (fun=> @squared_S C) h).
Qed.

Section Residual.
Variables n m d C : nat.
Variables sigma s1 s2 : R -> R.
Variables (r : 'I_n -> ('I_C -> R) -> 'I_C -> R) (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variable X : 'I_n -> 'I_d -> R.
Implicit Type th : par m d C -> R.

(** the bias block of F is diagonal: F_bb = diag_k (1/n) Σ_i (r_i·a_k) σ''(z_ik) *)
Lemma residual_bias_block th k l : bias_block (residual_hessian sigma s1 s2 r X th) k l
  = dlt (k == l) (mean (fun i =>
      (\rsum_c residual sigma r X th i c * th (out k c)) * s2 (pre th (X i) k))).
Proof.
rewrite /bias_block /residual_hessian /=; case: (k == l) => /=; last first.
  by rewrite /mean rsum0 => [|i]; [ring | rewrite rsum0 // => c; ring].
by apply: mean_eq => i; rewrite rsum_scalr; apply: rsum_eq => c; ring.
Qed.

(** Cx_S = ⟨WWᵀ, H_bb⟩ - (1/n) Σ_i Σ_k (r_i·a_k) σ''(z_ik) ‖w_k‖² *)
Theorem complexity_hessian th : smooth_on sigma s1 s2 X th ->
  weighted_complexity (net sigma th) (output_hessian sigma S X th) X
    = inner (wwt (weights th)) (bias_block (hessian sigma s1 s2 r S X th))
      - mean (fun i => \rsum_k (\rsum_c residual sigma r X th i c * th (out k c))
          * s2 (pre th (X i) k) * norm2 (weights th k)).
Proof.
move=> h; rewrite (complexity_identity S (fun i k => smooth_derive (h i k))).
have -> : mean (fun i => \rsum_k (\rsum_c residual sigma r X th i c * th (out k c))
      * s2 (pre th (X i) k) * norm2 (weights th k))
    = inner (wwt (weights th)) (bias_block (residual_hessian sigma s1 s2 r X th)).
  rewrite mean_rsum /inner; apply: rsum_eq => k; rewrite (rsum_delta (k := k)) => [|l].
    rewrite residual_bias_block eqxx mean_scalr Rmult_comm; congr (_ * _).
    by apply: rsum_eq => j; ring.
  by rewrite residual_bias_block eq_sym => /negbTE->; rewrite Rmult_0_r.
rewrite /inner -rsum_minus; apply: rsum_eq => k; rewrite -rsum_minus; apply: rsum_eq => l.
by rewrite /bias_block /hessian; ring.
Qed.
End Residual.

(** ** piecewise linear σ *)
Section PiecewiseLinear.
Variables n m d C : nat.
Variables ap am : R.
Variables (r : 'I_n -> ('I_C -> R) -> 'I_C -> R) (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variable X : 'I_n -> 'I_d -> R.
Variable th : par m d C -> R.

(** no pre-activation lies on a kink; α₊ = α₋ (the identity) has none *)
Definition off_kinks : Prop := forall i k, pre th (X i) k <> 0 \/ ap = am.

Lemma pl_smooth_off z : z <> 0 \/ ap = am -> smooth_at (pl ap am) (pl1 ap am) zero z.
Proof.
case=> [|->]; first exact: pl_smooth.
apply: everywhere_smooth => y.
  rewrite /pl1 (_ : (if _ then am else am) = am); last by case: Rlt_dec.
  apply: (is_derive_ext (fun t => am * t)).
    by move=> t; rewrite /pl /Rmax /Rmin; case: Rle_dec => /= _; ring.
  by auto_derive => //; ring.
apply: (is_derive_ext (fun=> am)); last exact: is_derive_cst.
by move=> t; rewrite /pl1; case: Rlt_dec.
Qed.

Lemma off_kinks_smooth : off_kinks -> smooth_on (pl ap am) (pl1 ap am) zero X th.
Proof. by move=> h i k; apply: pl_smooth_off. Qed.

Lemma off_kinks_derive :
  off_kinks -> forall i k, is_derive (pl ap am) (pre th (X i) k) (pl1 ap am (pre th (X i) k)).
Proof. by move=> h i k; apply/smooth_derive/pl_smooth_off. Qed.

Let G := ggn (pl ap am) (pl1 ap am) S X th.
Let H := hessian (pl ap am) (pl1 ap am) zero r S X th.

Lemma pl_layer_entry k l j j' : H (hid k j) (hid l j') = G (hid k j) (hid l j').
Proof.
rewrite /H /hessian (_ : residual_hessian _ _ _ _ _ _ _ _ = 0) ?Rplus_0_r //.
rewrite /residual_hessian /mean rsum0 => [|i]; first by ring.
by apply: rsum0 => c; rewrite /= /zero; case: (k == l) => /=; ring.
Qed.

Lemma pl_layer_block : layer_block H = layer_block G.
Proof. by do 2!apply: functional_extensionality => ?; apply: pl_layer_entry. Qed.

Lemma pl_weight_block : weight_block H = weight_block G.
Proof. by do 2!apply: functional_extensionality => ?; apply: pl_layer_entry. Qed.

Lemma pl_bias_block : bias_block H = bias_block G.
Proof. by do 2!apply: functional_extensionality => ?; apply: pl_layer_entry. Qed.

Lemma pl_trace : trace H = trace G.
Proof.
rewrite /trace !rsum_par; congr (_ + _ + _).
- by do 2!apply: rsum_eq => ?; apply: pl_layer_entry.
- do 2!apply: rsum_eq => ?; rewrite /H /hessian /residual_hessian /mean rsum0 /= => [|i].
    by rewrite Rmult_0_r Rplus_0_r.
  by apply: rsum0 => c; ring.
- apply: rsum_eq => ?; rewrite /H /hessian /residual_hessian /mean rsum0 /= => [|i].
    by rewrite Rmult_0_r Rplus_0_r.
  by apply: rsum0 => c; ring.
Qed.

(** σ piecewise linear: Cx_S = ⟨WWᵀ, H_bb⟩ at every θ off the kinks *)
Theorem complexity_pl : off_kinks ->
  weighted_complexity (net (pl ap am) th) (output_hessian (pl ap am) S X th) X
    = inner (wwt (weights th)) (bias_block H).
Proof.
by move=> h; rewrite pl_bias_block; apply/complexity_identity/off_kinks_derive.
Qed.
End PiecewiseLinear.

(** ** what Cx_S means for the cross-entropies *)
Lemma softmax_sym C (u : 'I_C -> R) : sym (softmax_S u).
Proof. by move=> c e; rewrite /softmax_S eq_sym; case: eqP => [->|_] /=; ring. Qed.

Lemma softmax_S_psd C (u : 'I_C -> R) : psd (softmax_S u).
Proof.
case: C u => [|C] u v; last exact: (softmax_psd ord0 u v).
by rewrite /quad big_ord0; apply: Rle_refl.
Qed.

Lemma softmax_S_half C (u : 'I_C -> R) : lmax_le (softmax_S u) (/ 2).
Proof.
case: C u => [|C] u v; last exact: (softmax_half ord0 u v).
by rewrite /quad /norm2 !big_ord0; lra.
Qed.

Section Softmax.
Variables d C : nat.
Variables (f : ('I_d -> R) -> 'I_C -> R) (x : 'I_d -> R) (g : 'I_C -> 'I_d -> R).
Hypothesis f_gradient : forall c, has_gradient (f^~ c) x (g c).

Lemma slope_energy_quad (T : 'I_C -> 'I_C -> R) :
  slope_energy f T x = \rsum_j quad T (fun c => slope (f^~ c) x j).
Proof.
rewrite /slope_energy [RHS]rsum_exchange; apply: rsum_eq => c.
rewrite [RHS]rsum_exchange; apply: rsum_eq => e.
by rewrite rsum_scal; apply: rsum_eq => j; ring.
Qed.

Lemma compose_slope (F : ('I_C -> R) -> R) h j : has_gradient F (f x) h ->
  slope (fun x' => F (f x')) x j = \rsum_c h c * slope (f^~ c) x j.
Proof.
move=> hF; rewrite (gradient_slope j (has_gradient_chain (F := fun c x' => f x' c) hF f_gradient)).
by apply: rsum_eq => c; rewrite (gradient_slope j (f_gradient c)).
Qed.

Let p c x' := softmax (f x') c.

(** ‖∂p/∂x‖_F² ≤ ½ tr(Jxᵀ S Jx) *)
Theorem softmax_slopes : \rsum_c \rsum_j slope (p c) x j ^ 2
  <= / 2 * slope_energy f (softmax_S (f x)) x.
Proof.
rewrite slope_energy_quad rsum_exchange rsum_scal; apply: rsum_le => j.
set v := fun c => slope (f^~ c) x j.
rewrite (_ : \rsum_c _ = norm2 (mulv (softmax_S (f x)) v)); last first.
  apply: rsum_eq => c; congr (_ ^ 2).
  by apply: (compose_slope (F := fun u => softmax u c)); apply: softmax_gradient.
apply: norm2_mulv_le; [exact: softmax_sym|exact: softmax_S_psd|exact: softmax_S_half].
Qed.

(** tr(Jxᵀ S Jx) = Σ_y p_y ‖∇_x log p_y‖²: the Fisher information about x *)
Theorem softmax_fisher : slope_energy f (softmax_S (f x)) x
  = \rsum_y p y x * \rsum_j slope (fun x' => ln (p y x')) x j ^ 2.
Proof.
rewrite slope_energy_quad.
under [RHS]eq_bigr => y _ do rewrite rsum_scal.
rewrite [RHS]rsum_exchange; apply: rsum_eq => j.
pose v c := slope (f^~ c) x j; pose mu := \rsum_c softmax (f x) c * v c.
have score y : slope (fun x' => ln (p y x')) x j = v y - mu.
  rewrite (_ : v y - mu = \rsum_c (-1 * softmax_r y (f x) c) * v c).
    apply: (compose_slope (F := fun u => ln (softmax u y))).
    apply: (has_gradient_ext (F := fun u => -1 * cross_entropy y u)).
      by move=> u; rewrite /cross_entropy; ring.
    by apply: has_gradient_cmul; case: (softmax_differentiable y (f x)).
  rewrite /mu -(rsum_pickl v y) -rsum_minus; apply: rsum_eq => c.
  by rewrite /softmax_r; case: (c == y) => /=; ring.
under eq_bigr => y _ do rewrite score.
have -> : quad (softmax_S (f x)) v = (\rsum_c softmax (f x) c * v c ^ 2) - mu ^ 2.
  rewrite (_ : mu ^ 2 = mu * mu); last by ring.
  rewrite /mu rsum_prod -rsum_minus; apply: rsum_eq => c.
  rewrite -(rsum_pickl (fun e => softmax (f x) e * v e ^ 2) c) -rsum_minus.
  apply: rsum_eq => e; rewrite /softmax_S.
  by case: eqP => [->|_] /=; ring.
case: (pickP 'I_C) => [y _|none]; last first.
  have z F : \rsum_(c : 'I_C) F c = 0 by apply: big1 => c _; have := none c.
  by rewrite /mu !z; ring.
transitivity (\rsum_c (softmax (f x) c * v c ^ 2 - 2 * mu * (softmax (f x) c * v c)
    + mu ^ 2 * softmax (f x) c)); last by apply: rsum_eq => c; rewrite /p; ring.
by rewrite rsum_plus rsum_minus -!rsum_scal (softmax_sum _ y) -/mu; ring.
Qed.
End Softmax.

Section Logistic.
Variables d : nat.
Variables (f : ('I_d -> R) -> 'I_1 -> R) (x : 'I_d -> R) (g : 'I_1 -> 'I_d -> R).
Hypothesis f_gradient : forall c, has_gradient (f^~ c) x (g c).

Let p x' := logistic (f x' ord0).

Lemma logistic_compose_slope (phi : R -> R) dphi j : is_derive phi (f x ord0) dphi ->
  slope (fun x' => phi (f x' ord0)) x j = dphi * slope (f^~ ord0) x j.
Proof.
move=> h; rewrite (gradient_slope j (f_gradient ord0)).
exact: (gradient_slope j (has_gradient_chain1 h (f_gradient ord0))).
Qed.

(** ‖∇_x p‖² ≤ ¼ p(1-p) ‖∇_x f‖² *)
Theorem logistic_slopes : \rsum_j slope p x j ^ 2
  <= / 4 * (p x * (1 - p x)) * \rsum_j slope (f^~ ord0) x j ^ 2.
Proof.
rewrite rsum_scal; apply: rsum_le => j.
rewrite (logistic_compose_slope j (logistic_derive _)) /logistic1 -/(p x).
have := logistic_S_quarter (fun=> f x ord0) ord0; rewrite /logistic_S -/(p x).
have := logistic_range (f x ord0); rewrite -/(p x); set q := p x; set s := slope _ _ _.
move=> q01 q4; rewrite Rpow_mult_distr; apply: Rmult_le_compat_r (pow2_ge_0 s) _.
have h : 0 <= q * (1 - q) by nra.
by nra.
Qed.

(** tr(Jxᵀ S Jx) = p ‖∇_x log p‖² + (1-p) ‖∇_x log(1-p)‖² *)
Theorem logistic_fisher : slope_energy f (logistic_S (f x)) x
  = p x * (\rsum_j slope (fun x' => ln (p x')) x j ^ 2)
    + (1 - p x) * (\rsum_j slope (fun x' => ln (1 - p x')) x j ^ 2).
Proof.
have pr := logistic_range (f x ord0); rewrite -/(p x) in pr.
rewrite /slope_energy !rsum1 /logistic_S -/(p x) !rsum_scal -rsum_plus; apply: rsum_eq => j.
have e1 : slope (fun x' => ln (p x')) x j = (1 - p x) * slope (f^~ ord0) x j.
  apply: (logistic_compose_slope (phi := fun u => ln (logistic u))).
  apply: is_derive_eq.
    apply: is_derive_chain; last exact: logistic_derive.
    by apply: is_derive_ln; case: pr.
  by rewrite /logistic1 -/(p x); field; lra.
have e2 : slope (fun x' => ln (1 - p x')) x j = - p x * slope (f^~ ord0) x j.
  apply: (logistic_compose_slope (phi := fun u => ln (1 - logistic u))).
  apply: is_derive_eq.
    apply: (is_derive_chain (g := fun u => 1 - logistic u)); last first.
      exact: is_derive_sub (is_derive_cst 1 _) (logistic_derive _).
    by apply: is_derive_ln; rewrite -/(p x); lra.
  by rewrite /logistic1 -/(p x); field; lra.
by rewrite e1 e2; ring.
Qed.
End Logistic.

(** ** the same for the network *)
Section NetworkEntropy.
Variables n m d C : nat.
Variables sigma s1 : R -> R.
Variable X : 'I_n -> 'I_d -> R.
Implicit Types x : 'I_d -> R.

Section Sample.
Variables (th : par m d C -> R) (x : 'I_d -> R).
Hypothesis h : forall k, is_derive sigma (pre th x k) (s1 (pre th x k)).

(** ‖∂p/∂x‖_F² ≤ ½ tr(Jxᵀ S Jx) *)
Theorem net_softmax_slopes :
  \rsum_c \rsum_j slope (fun x' => softmax (net sigma th x') c) x j ^ 2
    <= / 2 * slope_energy (net sigma th) (softmax_S (net sigma th x)) x.
Proof. exact: softmax_slopes (fun c => @net_input_gradient _ _ _ _ _ th x c h). Qed.
End Sample.

(** Cx_S = (1/n) Σ_i Σ_y p_y ‖∇_x log p_y‖² *)
Theorem net_softmax_fisher (th : par m d C -> R) :
  (forall i k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k))) ->
  weighted_complexity (net sigma th)
      (output_hessian sigma (fun=> @softmax_S C) X th) X
    = mean (fun i => \rsum_y softmax (net sigma th (X i)) y *
        \rsum_j slope (fun x => ln (softmax (net sigma th x) y)) (X i) j ^ 2).
Proof.
move=> h; apply: mean_eq => i.
exact: softmax_fisher (fun c => @net_input_gradient _ _ _ _ _ th (X i) c (h i)).
Qed.

(** ‖∇_x p‖² ≤ ¼ p(1-p) ‖∇_x f‖² *)
Theorem net_logistic_slopes (th : par m d 1 -> R) x (p := logistic (net sigma th x ord0)) :
  (forall k, is_derive sigma (pre th x k) (s1 (pre th x k))) ->
  \rsum_j slope (fun x' => logistic (net sigma th x' ord0)) x j ^ 2
    <= / 4 * (p * (1 - p)) * \rsum_j slope ((net sigma th)^~ ord0) x j ^ 2.
Proof. by move=> h; apply: logistic_slopes (fun c => @net_input_gradient _ _ _ _ _ th x c h). Qed.

(** Cx_S = (1/n) Σ_i (p ‖∇_x log p‖² + (1-p) ‖∇_x log(1-p)‖²) *)
Theorem net_logistic_fisher (th : par m d 1 -> R)
    (p := fun x => logistic (net sigma th x ord0)) :
  (forall i k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k))) ->
  weighted_complexity (net sigma th) (output_hessian sigma (fun=> logistic_S) X th) X
    = mean (fun i => p (X i) * (\rsum_j slope (fun x => ln (p x)) (X i) j ^ 2)
        + (1 - p (X i)) * (\rsum_j slope (fun x => ln (1 - p x)) (X i) j ^ 2)).
Proof.
move=> h; apply: mean_eq => i.
exact: logistic_fisher (fun c => @net_input_gradient _ _ _ _ _ th (X i) c (h i)).
Qed.
End NetworkEntropy.
