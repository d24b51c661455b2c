(** Folklore refuted by finite examples, about true losses and true derivatives.

    R01: all minima of a linear regression have one Hessian, and any test loss.
    R02b: low complexity, even 0 at a global minimum, does not make the Hessian small.
    R03: at a global minimum with a residual, H = F ≠ G = 0, and rank H can exceed n. *)
From Coq Require Import Reals Lra Psatz FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Activations Losses.
From LandTheory Require Import SquareMatrices Rank FirstLayerBlocks Complexity ComplexityBounds
  BoundVariants.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ** R01 *)
Section Regression.
Variables n d : nat.
Variables (X : 'I_n -> 'I_d -> R) (y : 'I_n -> R).

(** (1/n) Σ_i ½(θ·x_i - y_i)² *)
Definition regression_loss (th : 'I_d -> R) : R :=
  mean (fun i => / 2 * ((\rsum_j th j * X i j) - y i) ^ 2).

Lemma dot_gradient (x th : 'I_d -> R) : has_gradient (fun u => dot u x) th x.
Proof.
apply: has_gradient_eq.
  apply: has_gradient_rsum => j; apply: has_gradient_mul.
    exact: has_gradient_coord.
  exact: has_gradient_cst.
move=> j /=; rewrite -[RHS](rsum_pick x j); apply: rsum_eq => k.
by rewrite eq_sym; ring.
Qed.

Definition regression_grad th j : R := mean (fun i => ((\rsum_k th k * X i k) - y i) * X i j).
Definition regression_hessian (j k : 'I_d) : R := mean (fun i => X i k * X i j).

Lemma error_gradient th i : has_gradient (fun u => (\rsum_j u j * X i j) - y i) th (X i).
Proof.
apply: has_gradient_eq.
  apply: has_gradient_sub; [exact: dot_gradient | exact: has_gradient_cst].
by move=> j; rewrite Rminus_0_r.
Qed.

Lemma regression_gradient th : has_gradient regression_loss th (regression_grad th).
Proof.
apply: has_gradient_eq.
  apply: has_gradient_mean => i; apply: has_gradient_cmul.
  exact: (has_gradient_chain1 (is_derive_sqr _) (@error_gradient th i)).
by move=> j; apply: mean_eq => i; field.
Qed.

Lemma regression_grad_gradient th j :
  has_gradient (fun u => regression_grad u j) th (regression_hessian j).
Proof.
apply: has_gradient_eq.
  apply: has_gradient_mean => i; apply: has_gradient_mul.
    exact: error_gradient.
  exact: has_gradient_cst.
by move=> k; apply: mean_eq => i /=; ring.
Qed.

Lemma regression_partial th j : is_partial regression_loss th j (regression_grad th j).
Proof. exact: gradient_partial j (@regression_gradient th). Qed.

Lemma regression_partial2 th j k :
  is_partial2 regression_loss th j k (regression_hessian j k).
Proof.
apply: (gradient_partial2 (g := regression_grad)); last exact: regression_grad_gradient.
by apply: filter_forall => s; apply: regression_gradient.
Qed.

Lemma regression_loss_ge0 th : 0 <= regression_loss th.
Proof. by apply: mean_ge0 => i; have := pow2_ge_0 ((\rsum_j th j * X i j) - y i); lra. Qed.
End Regression.

(** one sample x = (1, 0), y = 1; tests (1, 1) and (1, -1) with target x_1 *)
Definition train_input (i : 'I_1) (j : 'I_2) : R := if j == ord0 then 1 else 0.
Definition test_input (i j : 'I_2) : R :=
  if j == ord0 then 1 else if i == ord0 then 1 else -1.
Definition line_point (t : R) (j : 'I_2) : R := if j == ord0 then 1 else t.

(** Every (1, t) is a global minimum with gradient 0 and Hessian diag(1, 0), and its test loss
    is t²/2. *)
Theorem regression_minima t :
  (forall th, regression_loss train_input (fun=> 1) (line_point t)
     <= regression_loss train_input (fun=> 1) th)
  /\ (forall j, is_partial (regression_loss train_input (fun=> 1)) (line_point t) j 0)
  /\ (forall j k, is_partial2 (regression_loss train_input (fun=> 1)) (line_point t) j k
       (dlt ((j == ord0) && (k == ord0)) 1))
  /\ regression_loss test_input (fun=> 1) (line_point t) = t ^ 2 / 2.
Proof.
have fit : \rsum_j line_point t j * train_input ord0 j = 1.
  by rewrite rsum2 /line_point /train_input /=; ring.
split; last split; last split.
- move=> th; rewrite {1}/regression_loss mean1 fit (_ : / 2 * _ = 0); last by ring.
  exact: regression_loss_ge0.
- move=> j; have := regression_partial train_input (fun=> 1) (line_point t) j.
  by rewrite /regression_grad mean1 fit Rminus_eq_0 Rmult_0_l.
- move=> j k; have := regression_partial2 train_input (fun=> 1) (line_point t) j k.
  congr is_partial2; rewrite /regression_hessian mean1 /train_input.
  by case: (j == ord0); case: (k == ord0) => /=; ring.
- by rewrite /regression_loss mean2 !rsum2 /line_point /test_input /=; field.
Qed.

(** The test loss of a minimum is arbitrary. *)
Theorem regression_any_test_loss v : 0 <= v ->
  exists t, regression_loss test_input (fun=> 1) (line_point t) = v.
Proof.
move=> v0; exists (sqrt (2 * v)); have [_ [_ [_ ->]]] := regression_minima (sqrt (2 * v)).
by rewrite pow2_sqrt; [field | lra].
Qed.

(** Complexity does separate the minima: ‖∇_x f‖² = 1 + t². *)
Theorem regression_complexity t :
  complexity (fun x (_ : 'I_1) => dot (line_point t) x) train_input = 1 + t ^ 2.
Proof.
have s j x : slope (fun x' => dot (line_point t) x') x j = line_point t j.
  apply: gradient_slope; apply: (has_gradient_ext (F := fun x' => dot x' (line_point t))).
    by move=> x'; rewrite dotC.
  exact: dot_gradient.
by rewrite /complexity mean1 rsum1 rsum2 !s /line_point /=; ring.
Qed.

(** ** R02b *)
Section Cancelling.
Variable M : R.

(** f(x) = M relu(x) - M relu(x) on {1, 2} with targets 0 *)
Definition cancelling (p : par 2 1 1) : R := match p with
  | hid _ (Some _) => 1 | out k _ => if k == ord0 then M else - M | _ => 0 end.
Definition two_inputs (i : 'I_2) (j : 'I_1) : R := if i == ord0 then 1 else 2.
Definition zero_targets (i : 'I_2) (c : 'I_1) : R := 0.
Local Notation L := (loss relu (fun i => squared (zero_targets i)) two_inputs).
Local Notation H := (hessian relu relu1 zero (fun i => squared_r (zero_targets i))
  (fun=> @squared_S 1) two_inputs cancelling).

Lemma cancelling_pre i k : pre cancelling (two_inputs i) k = two_inputs i ord0.
Proof. by rewrite preE rsum1 /=; ring. Qed.

Lemma two_inputs_pos i : 0 < two_inputs i ord0.
Proof. by rewrite /two_inputs; case: (i == ord0); lra. Qed.

Lemma cancelling_off_kinks : off_kinks 1 0 two_inputs cancelling.
Proof. by move=> i k; left; rewrite cancelling_pre; have := two_inputs_pos i; lra. Qed.

Lemma cancelling_out x c : net relu cancelling x c = 0.
Proof. by rewrite /net rsum2 /pre /cancelling /=; ring. Qed.

Lemma cancelling_loss : L cancelling = 0.
Proof.
by rewrite /loss mean2 /output /squared !rsum1 !cancelling_out /zero_targets; field.
Qed.

Lemma cancelling_minimum (th : par 2 1 1 -> R) : L cancelling <= L th.
Proof.
rewrite cancelling_loss; apply: mean_ge0 => i; rewrite /squared rsum1.
by have := pow2_ge_0 (output relu two_inputs th i ord0 - zero_targets i ord0); lra.
Qed.

Lemma cancelling_complexity : complexity (net relu cancelling) two_inputs = 0.
Proof.
rewrite /complexity (_ : net relu cancelling = fun _ _ => 0); last first.
  by do 2!apply: functional_extensionality => ?; apply: cancelling_out.
rewrite mean2 !rsum1 /slope !Derive_const; field.
Qed.

(** the direction (8, -8) in w and (5, -5) in b *)
Definition sharp_direction (p : par 2 1 1) : R := match p with
  | hid k (Some _) => if k == ord0 then 8 else -8
  | hid k None => if k == ord0 then 5 else -5
  | _ => 0 end.

(** λ_1(H) ≥ (610/89) M² *)
Lemma cancelling_sharp : lmax_ge H (610 / 89 * M ^ 2).
Proof.
exists sharp_direction.
have nE : norm2 sharp_direction = 178.
  by rewrite /norm2 rsum_par !rsum2 !rsum1 !rsum_option !rsum1 /=; ring.
split; first by rewrite nE; lra.
suff -> : quad H sharp_direction = 1220 * M ^ 2 by rewrite nE; apply: Req_le; field.
have fit i c : net relu cancelling (two_inputs i) c = zero_targets i c by apply: cancelling_out.
have row i : \rsum_p jacobian relu relu1 two_inputs cancelling i ord0 p * sharp_direction p
    = 2 * M * (8 * two_inputs i ord0 + 5).
  rewrite rsum_par !rsum2 !rsum1 !rsum_option !rsum1 /jacobian /= !cancelling_pre.
  by rewrite /relu1 pl1_pos ?eqxx /=; [ring | apply: two_inputs_pos].
rewrite (interpolation_hessian relu1 zero fit) squared_ggn_quad.
rewrite (mean_eq (g := fun i => (2 * M * (8 * two_inputs i ord0 + 5)) ^ 2)) => [|i].
  by rewrite mean2 /two_inputs /=; field.
by rewrite rsum1 -row.
Qed.
End Cancelling.

(** M = 1000: a global minimum with Cx = 0 and λ_1(H) ≥ 6.85·10⁶ *)
Theorem low_complexity_sharp (th := cancelling 1000)
    (L := fun u : par 2 1 1 -> R => loss relu (fun i => squared (zero_targets i)) two_inputs u) :
  (forall u, L th <= L u) /\ L th = 0 /\ complexity (net relu th) two_inputs = 0
  /\ smooth_on relu relu1 zero two_inputs th
  /\ lmax_ge (hessian relu relu1 zero (fun i => squared_r (zero_targets i))
      (fun=> @squared_S 1) two_inputs th) (685 * 10 ^ 4).
Proof.
split; first exact: cancelling_minimum.
split; first exact: cancelling_loss.
split; first exact: cancelling_complexity.
split; first exact/off_kinks_smooth/cancelling_off_kinks.
have [v [v0 h]] := cancelling_sharp 1000; exists v; split => //; apply: Rle_trans h.
by apply: Rmult_le_compat_r; lra.
Qed.

(** ** R03 *)
Section Frozen.
Variable m : nat.
Let sq (t : R) := t ^ 2.
Let sq1 (t : R) := 2 * t.
Let sq2 (t : R) := 2.

(** a = 1, b = c = 0 and weights w: f(x) = Σ_k w_k² x² for σ = z² *)
Definition frozen (w : 'I_m -> R) (p : par m 1 1) : R := match p with
  | hid k (Some _) => w k | hid _ None => 0 | out _ _ => 1 | off _ => 0 end.
Definition one_input (i j : 'I_1) : R := 1.
Definition minus_one (i c : 'I_1) : R := -1.
Local Notation L := (loss sq (fun i => squared (minus_one i)) one_input).
Local Notation G := (ggn sq sq1 (fun=> @squared_S 1) one_input).
Local Notation th0 := (frozen (fun=> 0)).

Lemma frozen_pre w k : pre (frozen w) (one_input ord0) k = w k.
Proof. by rewrite preE rsum1 /one_input /=; ring. Qed.

Lemma frozen_out w c : net sq (frozen w) (one_input ord0) c = norm2 w.
Proof.
rewrite /net /= Rplus_0_r; apply: rsum_eq => k.
by rewrite frozen_pre /sq /=; ring.
Qed.

Lemma frozen_loss w : L (frozen w) = / 2 * (norm2 w + 1) ^ 2.
Proof. by rewrite /loss mean1 /squared rsum1 /output frozen_out /minus_one; congr (_ * _); ring. Qed.

(** w = 0 is a global minimum of L over w, with loss ½: the residual is 1. *)
Lemma frozen_minimum w : L th0 <= L (frozen w).
Proof.
rewrite !frozen_loss (_ : norm2 (fun=> 0) = 0).
  by have := norm2_ge0 w; nra.
by apply: rsum0 => k; ring.
Qed.

Lemma frozen_smooth : smooth_on sq sq1 sq2 one_input th0.
Proof. by move=> i k; apply: square_smooth. Qed.

(** G_ww = 0 *)
Lemma frozen_ggn p q : weight_block (G th0) p q = 0.
Proof.
rewrite /weight_block /ggn mean1 !rsum1 /jacobian /= frozen_pre /sq1; ring.
Qed.

Lemma frozen_residual p q : weight_block (residual_hessian sq sq1 sq2
  (fun i => squared_r (minus_one i)) one_input th0) p q = dlt (p.1 == q.1) 2.
Proof.
rewrite /weight_block /residual_hessian mean1 rsum1 /residual /squared_r /output frozen_out.
rewrite (_ : norm2 (fun=> 0) = 0); last by apply: rsum0 => k; ring.
by rewrite /hess /minus_one /sq2 /one_input /=; case: (p.1 == q.1) => /=; ring.
Qed.

(** ∂²L/∂w_l∂w_k = 2 δ_kl *)
Lemma frozen_partial2 k l : is_partial2 L th0 (hid k (Some ord0)) (hid l (Some ord0))
  (dlt (k == l) 2).
Proof.
have := loss_partial2 (fun i => squared_differentiable (minus_one i)) (hid k (Some ord0))
  (hid l (Some ord0)) frozen_smooth.
congr is_partial2.
have := frozen_ggn (k, ord0) (l, ord0); rewrite /weight_block /= => ->.
by have := frozen_residual (k, ord0) (l, ord0); rewrite /weight_block /= => ->; rewrite Rplus_0_l.
Qed.

(** rank H_ww = m, with one sample *)
Lemma frozen_rank : rank (weight_block (hessian sq sq1 sq2
  (fun i => squared_r (minus_one i)) (fun=> @squared_S 1) one_input th0)) = m.
Proof.
rewrite -[RHS]card_ord -[RHS]muln1 -[X in (_ * X)%N](card_ord 1) -card_prod.
rewrite -(rank_one [finType of 'I_m * 'I_1]) -[RHS](rank_scale (c := 2)); last by lra.
apply: eq_rank => p q; rewrite [LHS](_ : _ = weight_block (G th0) p q
  + weight_block (residual_hessian sq sq1 sq2 (fun i => squared_r (minus_one i))
      one_input th0) p q) //.
rewrite frozen_ggn frozen_residual /mone Rplus_0_l; case: p q => k j [l r].
by rewrite xpair_eqE !ord1 eqxx andbT /=; case: (k == l) => /=; ring.
Qed.
End Frozen.

(** At the global minimum w = 0 of L over w: G_ww = 0, H_ww = 2I, rank H_ww = m > n = 1. *)
Theorem hessian_not_ggn m (sq := fun t : R => t ^ 2) (sq1 := fun t : R => 2 * t)
    
    (L := fun u : par m 1 1 -> R => loss sq (fun i => squared (minus_one i)) one_input u) (th0 := frozen (fun _ : 'I_m => 0)) :
  (forall w : 'I_m -> R, L th0 <= L (frozen w))
  /\ (forall k l, ggn sq sq1 (fun=> @squared_S 1) one_input th0
        (hid k (Some ord0)) (hid l (Some ord0)) = 0)
  /\ (forall k l, is_partial2 L th0 (hid k (Some ord0)) (hid l (Some ord0)) (dlt (k == l) 2))
  /\ rank (weight_block (hessian sq sq1 (fun=> 2) (fun i => squared_r (minus_one i))
        (fun=> @squared_S 1) one_input th0)) = m.
Proof.
split; first exact: frozen_minimum.
split; first by move=> k l; apply: (frozen_ggn (k, ord0) (l, ord0)).
by split; [apply: frozen_partial2 | apply: frozen_rank].
Qed.
