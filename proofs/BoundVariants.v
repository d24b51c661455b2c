(** Variants of T06, T07 and T08 that are false, each by one small network: the residual term
    dropped, the least non-zero singular value for σ_min(Wᵀ), the lengths of the inputs
    swapped, ‖W‖ for ‖W‖², Cx for Cx_S. *)
From Coq Require Import Reals Lra Psatz FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Activations Losses.
From LandTheory Require Import SquareMatrices FirstLayerBlocks Complexity ComplexityBounds.
From LandTheory Require Import ResidualBound.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Lemma rsum2 (F : 'I_2 -> R) : \rsum_i F i = F ord0 + F (lift ord0 ord0).
Proof. by rewrite big_ord_recl rsum1. Qed.

Lemma mean1 (g : 'I_1 -> R) : mean g = g ord0.
Proof. by rewrite /mean rsum1 /=; field. Qed.

Lemma mean2 (g : 'I_2 -> R) : mean g = (g ord0 + g (lift ord0 ord0)) / 2.
Proof. by rewrite /mean rsum2 /=; field. Qed.

(** the network x ↦ a σ(wx + b) + c *)
Definition unit_net (w b a c : R) (p : par 1 1 1) : R :=
  match p with hid _ (Some _) => w | hid _ None => b | out _ _ => a | off _ => c end.

Section Unit.
Variables n : nat.
Variables sigma s1 s2 : R -> R.
Variables (w b a c : R) (x : 'I_n -> R).
Local Notation th := (unit_net w b a c).
Local Notation X := (fun i (_ : 'I_1) => x i).
Local Notation z i := (w * x i + b).

Lemma unit_pre y k : pre th (fun=> y) k = w * y + b.
Proof. by rewrite preE rsum1. Qed.

Lemma unit_out y e : net sigma th (fun=> y) e = a * sigma (w * y + b) + c.
Proof. by rewrite /net rsum1 unit_pre. Qed.

Lemma unit_energy (y t : R) : is_derive sigma (w * y + b) (s1 (w * y + b)) ->
  slope_energy (net sigma th) (fun _ _ => t) (fun=> y) = t * (a * s1 (w * y + b) * w) ^ 2.
Proof.
move=> d1; rewrite /slope_energy !rsum1 (net_slope (s1 := s1)) => [|k]; last by rewrite unit_pre.
by rewrite /input_jac rsum1 unit_pre /=; ring.
Qed.

(** Cx = (1/n) Σ_i (a σ'(z_i) w)² *)
Lemma unit_complexity : (forall i, is_derive sigma (z i) (s1 (z i))) ->
  complexity (net sigma th) X = mean (fun i => (a * s1 (z i) * w) ^ 2).
Proof.
move=> d1; rewrite -squared_complexity; apply: mean_eq => i.
rewrite -(Rmult_1_l (_ ^ 2)) -unit_energy //; do 2!apply: rsum_eq => ?.
by rewrite !ord1.
Qed.

(** G_bb = (1/n) Σ_i S_i (a σ'(z_i))² *)
Lemma unit_bias (S : 'I_n -> ('I_1 -> R) -> 'I_1 -> 'I_1 -> R) k l :
  bias_block (ggn sigma s1 S X th) k l
    = mean (fun i => S i (fun=> a * sigma (z i) + c) ord0 ord0 * (a * s1 (z i)) ^ 2).
Proof.
apply: mean_eq => i; rewrite !rsum1 /jacobian /= !unit_pre /output_hessian.
rewrite (_ : output sigma X th i = (fun=> a * sigma (z i) + c)); first by ring.
by apply: functional_extensionality => e; apply: unit_out.
Qed.

(** F_bb = (1/n) Σ_i r_i a σ''(z_i) *)
Lemma unit_residual (r : 'I_n -> ('I_1 -> R) -> 'I_1 -> R) k l :
  bias_block (residual_hessian sigma s1 s2 r X th) k l
    = mean (fun i => r i (fun=> a * sigma (z i) + c) ord0 * a * s2 (z i)).
Proof.
rewrite residual_bias_block !ord1 /=; apply: mean_eq => i; rewrite rsum1 unit_pre /residual.
rewrite (_ : output sigma X th i = (fun=> a * sigma (z i) + c)) //.
by apply: functional_extensionality => e; apply: unit_out.
Qed.

(** tr G_ww = (1/n) Σ_i S_i (a σ'(z_i) x_i)² *)
Lemma unit_weight p q : weight_block (ggn sigma s1 (fun=> @squared_S 1) X th) p q
    = mean (fun i => (a * s1 (z i) * x i) ^ 2).
Proof.
apply: mean_eq => i; rewrite !rsum1 /jacobian /= !unit_pre /output_hessian.
by rewrite /squared_S eqxx /=; ring.
Qed.
End Unit.

(** σ = z², w = a = x = 1, y = 3: the residual is -2, Cx = 4 and H_bb = 0. *)
Section Parabola.
Let sq (t : R) := t ^ 2.
Let sq1 (t : R) := 2 * t.
Let sq2 (t : R) := 2.
Let th := unit_net 1 0 1 0.
Let X (i j : 'I_1) : R := 1.
Let Y (i c : 'I_1) : R := 3.

Lemma parabola_complexity : complexity (net sq th) X = 4.
Proof.
rewrite (unit_complexity (s1 := sq1)) => [|i]; first by rewrite mean1 /sq1; ring.
by case: (square_smooth (1 * 1 + 0)) => /locally_singleton.
Qed.

Lemma parabola_hessian k l : bias_block
  (hessian sq sq1 sq2 (fun i => squared_r (Y i)) (fun=> @squared_S 1) X th) k l = 0.
Proof.
rewrite [LHS](_ : _ = bias_block (ggn sq sq1 (fun=> @squared_S 1) X th) k l
  + bias_block (residual_hessian sq sq1 sq2 (fun i => squared_r (Y i)) X th) k l) //.
rewrite unit_bias unit_residual !mean1 /squared_S /squared_r /sq /sq1 /sq2 /Y eqxx /=; ring.
Qed.

(** T06(c) fails for smooth σ. *)
Theorem identity_without_residual_false :
  ~ (forall (Y X : 'I_1 -> 'I_1 -> R) (th : par 1 1 1 -> R),
      complexity (net sq th) X = inner (wwt (weights th)) (bias_block
        (hessian sq sq1 sq2 (fun i => squared_r (Y i)) (fun=> @squared_S 1) X th))).
Proof.
move=> /(_ Y X th); rewrite parabola_complexity /inner !rsum1.
by rewrite parabola_hessian; lra.
Qed.

(** T08(a) fails without the term in √L. *)
Theorem residual_bound_without_tail_false :
  ~ (forall (Y X : 'I_1 -> 'I_1 -> R) (th : par 1 1 1 -> R),
      complexity (net sq th) X <= sqrt (frob2 (wwt (weights th))) * sqrt (frob2 (bias_block
        (hessian sq sq1 sq2 (fun i => squared_r (Y i)) (fun=> @squared_S 1) X th)))).
Proof.
move=> /(_ Y X th); rewrite parabola_complexity /frob2 !rsum1.
by rewrite parabola_hessian pow_ne_zero // sqrt_0; lra.
Qed.
End Parabola.

(** T06(a.2) fails for the logistic loss: f = x at x = 0 has Cx = 1 and G_bb = ¼. *)
Theorem identity_logistic_false :
  ~ (forall (X : 'I_1 -> 'I_1 -> R) (th : par 1 1 1 -> R),
      complexity (net id th) X = inner (wwt (weights th))
        (bias_block (ggn id (fun=> 1) (fun=> logistic_S) X th))).
Proof.
move=> /(_ (fun _ _ => 0) (unit_net 1 0 1 0)).
rewrite (unit_complexity (s1 := fun=> 1)) => [|i]; last exact: is_derive_id.
rewrite /inner !rsum1 unit_bias !mean1 /wwt rsum1 /logistic_S /logistic /weights /=.
rewrite (_ : - (1 * (1 * 0 + 0) + 0) = 0) ?exp_0; last by ring.
by lra.
Qed.

(** T07(b.1) fails with ‖W‖ for ‖W‖²: w = 2 and a = 1 have Cx = 4 and tr G_bb = 1. *)
Theorem upper_without_square_false :
  ~ (forall (X : 'I_1 -> 'I_1 -> R) (th : par 1 1 1 -> R) w, 0 <= w ->
      (forall v, norm2 (mulTv (weights th) v) <= w ^ 2 * norm2 v) ->
      complexity (net id th) X
        <= w * trace (bias_block (ggn id (fun=> 1) (fun=> @squared_S 1) X th))).
Proof.
move=> /(_ (fun _ _ => 1) (unit_net 2 0 1 0) 2).
rewrite (unit_complexity (s1 := fun=> 1)) => [|i]; last exact: is_derive_id.
rewrite /trace rsum1 unit_bias !mean1 /squared_S eqxx /= => h.
have {h} := h ltac:(lra); case.
  by move=> v; rewrite /norm2 /mulTv !rsum1 /weights /=; lra.
all: lra.
Qed.

(** T07(c.1) fails with max‖x_i‖ for min‖x_i‖: f = x on {1, 10} has Cx = 1, tr G_ww = 50.5. *)
Theorem upper_with_max_false :
  ~ (forall (X : 'I_2 -> 'I_1 -> R) (th : par 1 1 1 -> R) mu1 c,
      (forall v, norm2 (mulTv (weights th) v) <= mu1 * norm2 v) ->
      (forall i, norm2 (X i) <= c) -> (exists i, norm2 (X i) = c) ->
      c * complexity (net id th) X
        <= mu1 * trace (weight_block (ggn id (fun=> 1) (fun=> @squared_S 1) X th))).
Proof.
pose x (i : 'I_2) : R := if i == ord0 then 1 else 10.
move=> /(_ (fun i _ => x i) (unit_net 1 0 1 0) 1 100).
rewrite (unit_complexity (s1 := fun=> 1)) => [|i]; last exact: is_derive_id.
have tr : trace (weight_block (ggn id (fun=> 1) (fun=> @squared_S 1) (fun i (_ : 'I_1) => x i)
    (unit_net 1 0 1 0))) = 101 / 2.
  by rewrite /trace rsum_curry !rsum1 unit_weight mean2 /x /=; field.
rewrite tr mean2 => h; have {h} : 100 * (((1 * 1 * 1) ^ 2 + (1 * 1 * 1) ^ 2) / 2) <= 1 * (101 / 2).
  apply: h => [v|i|].
  - by rewrite /norm2 /mulTv !rsum1 /weights /=; lra.
  - by rewrite /norm2 rsum1 /x; case: (i == ord0) => /=; lra.
  - by exists (lift ord0 ord0); rewrite /norm2 rsum1 /x /=; ring.
by lra.
Qed.

(** T07(c.2) fails with min‖x_i‖ for max‖x_i‖: the same network. *)
Theorem lower_with_min_false :
  ~ (forall (X : 'I_2 -> 'I_1 -> R) (th : par 1 1 1 -> R) mu c,
      (forall v, mu * norm2 v <= norm2 (mulTv (weights th) v)) ->
      (forall i, c <= norm2 (X i)) -> (exists i, norm2 (X i) = c) ->
      mu * trace (weight_block (ggn id (fun=> 1) (fun=> @squared_S 1) X th))
        <= c * complexity (net id th) X).
Proof.
pose x (i : 'I_2) : R := if i == ord0 then 1 else 10.
move=> /(_ (fun i _ => x i) (unit_net 1 0 1 0) 1 1).
rewrite (unit_complexity (s1 := fun=> 1)) => [|i]; last exact: is_derive_id.
have tr : trace (weight_block (ggn id (fun=> 1) (fun=> @squared_S 1) (fun i (_ : 'I_1) => x i)
    (unit_net 1 0 1 0))) = 101 / 2.
  by rewrite /trace rsum_curry !rsum1 unit_weight mean2 /x /=; field.
rewrite tr mean2 => h; have {h} : 1 * (101 / 2) <= 1 * (((1 * 1 * 1) ^ 2 + (1 * 1 * 1) ^ 2) / 2).
  apply: h => [v|i|].
  - by rewrite /norm2 /mulTv !rsum1 /weights /=; lra.
  - by rewrite /norm2 rsum1 /x; case: (i == ord0) => /=; lra.
  - by exists ord0; rewrite /norm2 rsum1 /x /=; ring.
by lra.
Qed.

(** T07(b.2) fails with the least non-zero σ_j(W)² for μ_m: W = (1, 1)ᵀ and a = (1, -1) have
    Cx = 0 and tr G_bb = 2, and ‖Wᵀ(Wu)‖² = 2‖Wu‖². *)
Theorem lower_nonzero_singular_false :
  ~ (forall (X : 'I_1 -> 'I_1 -> R) (th : par 2 1 1 -> R) mu,
      (forall u : 'I_1 -> R, let v k := \rsum_j weights th k j * u j in
        mu * norm2 v <= norm2 (mulTv (weights th) v)) ->
      mu * trace (bias_block (ggn id (fun=> 1) (fun=> @squared_S 1) X th))
        <= complexity (net id th) X).
Proof.
pose th (p : par 2 1 1) : R := match p with
  | hid _ (Some _) => 1 | out k _ => if k == ord0 then 1 else -1 | _ => 0 end.
move=> /(_ (fun _ _ => 1) th 2) h.
have : 2 * 2 <= 0; last by lra.
have cx : complexity (net id th) (fun _ _ : 'I_1 => 1) = 0.
  rewrite /complexity mean1 !rsum1 (net_slope (s1 := fun=> 1)) => [|k]; last exact: is_derive_id.
  by rewrite /input_jac rsum2 /=; ring.
have tr : trace (bias_block (ggn id (fun=> 1) (fun=> @squared_S 1) (fun _ _ : 'I_1 => 1) th)) = 2.
  by rewrite /trace rsum2 /bias_block /ggn !mean1 !rsum1 /output_hessian /squared_S eqxx /=; ring.
rewrite -{2}tr -cx; apply: h => u /=.
rewrite /norm2 rsum2 /mulTv !rsum1 rsum2 /weights /=; nra.
Qed.
