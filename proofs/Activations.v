(** Activations σ with their derivatives σ' and σ'' (catalogue, section 0): piecewise
    linear ones off their kink, and smooth ones everywhere, with the suprema of |σ''|. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ** Piecewise linear: σ(z) = α₊ max(z, 0) + α₋ min(z, 0) *)
Section PiecewiseLinear.
Variables ap am : R.

Definition pl (z : R) : R := ap * Rmax z 0 + am * Rmin z 0.
Definition pl1 (z : R) : R := if Rlt_dec 0 z then ap else am.
Definition zero (_ : R) : R := 0.

Lemma pl_pos z : 0 <= z -> pl z = ap * z.
Proof. by move=> h; rewrite /pl Rmax_left ?Rmin_right //; ring. Qed.

Lemma pl_neg z : z <= 0 -> pl z = am * z.
Proof. by move=> h; rewrite /pl Rmax_right ?Rmin_left //; ring. Qed.

Lemma pl1_pos z : 0 < z -> pl1 z = ap.
Proof. by rewrite /pl1; case: Rlt_dec. Qed.

Lemma pl1_neg z : z < 0 -> pl1 z = am.
Proof. by rewrite /pl1; case: Rlt_dec => //= h1 h2; exfalso; lra. Qed.

(** σ(z) = σ'(z) z *)
Lemma pl_pl1 z : z <> 0 -> pl z = pl1 z * z.
Proof.
move=> h; case: (Rlt_dec 0 z) => z0.
  by rewrite pl_pos ?pl1_pos //; lra.
by rewrite pl_neg ?pl1_neg //; lra.
Qed.

(** σ(cz) = cσ(z) and σ'(cz) = σ'(z) for c > 0 *)
Lemma pl_homogeneous c z : 0 < c -> pl (c * z) = c * pl z.
Proof.
move=> c0; case: (Rle_dec 0 z) => z0.
  by rewrite !pl_pos; [ring | | apply: Rmult_le_pos]; lra.
by rewrite !pl_neg; [ring | | ]; nra.
Qed.

Lemma pl1_homogeneous c z : 0 < c -> pl1 (c * z) = pl1 z.
Proof.
move=> c0; rewrite /pl1.
by case: Rlt_dec => /= h1; case: Rlt_dec => //= h2; exfalso; nra.
Qed.

Lemma near_sign z (P : R -> Prop) :
  (0 < z -> forall y, 0 < y -> P y) -> (z < 0 -> forall y, y < 0 -> P y) ->
  z <> 0 -> locally z P.
Proof.
move=> hp hn z0; case: (Rlt_dec 0 z) => h.
  by apply: filter_imp (open_gt 0 z h) => y; apply: hp.
have {}h : z < 0 by lra.
by apply: filter_imp (open_lt 0 z h) => y; apply: hn.
Qed.

Lemma pl_derive z : z <> 0 -> is_derive pl z (pl1 z).
Proof.
move=> z0; case: (Rlt_dec 0 z) => h.
  apply: (is_derive_ext_loc (fun y => ap * y)).
    by apply: filter_imp (open_gt 0 z h) => y y0; rewrite pl_pos //; lra.
  by rewrite pl1_pos //; auto_derive => //; ring.
have {}h : z < 0 by lra.
apply: (is_derive_ext_loc (fun y => am * y)).
  by apply: filter_imp (open_lt 0 z h) => y y0; rewrite pl_neg //; lra.
by rewrite pl1_neg //; auto_derive => //; ring.
Qed.

(** Off its kink σ is smooth, with σ'' = 0. *)
Theorem pl_smooth z : z <> 0 -> smooth_at pl pl1 zero z.
Proof.
move=> z0; split.
  by apply: near_sign z0 => _ y h; apply: pl_derive; lra.
apply: (is_derive_ext_loc (fun=> pl1 z)); last exact: is_derive_cst.
by apply: near_sign z0 => h y y0; [rewrite !pl1_pos | rewrite !pl1_neg].
Qed.
End PiecewiseLinear.

Definition relu : R -> R := pl 1 0.
Definition relu1 : R -> R := pl1 1 0.

Lemma reluE z : relu z = Rmax z 0.
Proof. by rewrite /relu /pl; ring. Qed.

(** The identity has no kink. *)
Lemma identityE t : pl 1 1 t = t.
Proof. by rewrite /pl /Rmax /Rmin; case: Rle_dec => /= _; ring. Qed.

Lemma identity_smooth z : smooth_at (pl 1 1) (fun=> 1) zero z.
Proof.
split; last exact: is_derive_cst.
apply: filter_forall => y; apply: (is_derive_ext id); last exact: is_derive_id.
by move=> t; rewrite identityE.
Qed.

(** ** Smooth ones *)
Lemma everywhere_smooth sigma s1 s2 z :
  (forall y, is_derive sigma y (s1 y)) -> (forall y, is_derive s1 y (s2 y)) ->
  smooth_at sigma s1 s2 z.
Proof. by move=> h1 h2; split => //; apply: filter_forall. Qed.

(** logistic sigmoid: σ' = σ(1-σ), σ'' = σ(1-σ)(1-2σ) *)
Definition logistic t := / (1 + exp (- t)).
Definition logistic1 t := logistic t * (1 - logistic t).
Definition logistic2 t := logistic t * (1 - logistic t) * (1 - 2 * logistic t).

Lemma expn_pos t : 0 < 1 + exp (- t).
Proof. by have := exp_pos (- t); lra. Qed.

Lemma logistic_derive t : is_derive logistic t (logistic1 t).
Proof.
have h := Rgt_not_eq _ _ (expn_pos t); rewrite /logistic /logistic1 /logistic.
by auto_derive => //; field.
Qed.

Lemma logistic1_derive t : is_derive logistic1 t (logistic2 t).
Proof.
have dl := logistic_derive t; apply: is_derive_eq.
  exact: is_derive_mul dl (is_derive_sub (is_derive_cst 1 t) dl).
by rewrite /logistic1 /logistic2; ring.
Qed.

Lemma logistic_range t : 0 < logistic t < 1.
Proof.
have e := exp_pos (- t); rewrite /logistic; split.
  by apply: Rinv_0_lt_compat; lra.
by rewrite -[X in _ < X]Rinv_1; apply: Rinv_lt_contravar; lra.
Qed.

Theorem logistic_smooth z : smooth_at logistic logistic1 logistic2 z.
Proof. by apply: everywhere_smooth; [apply: logistic_derive | apply: logistic1_derive]. Qed.

(** softplus: σ(z) = ln(1 + e^z), σ' = logistic *)
Definition softplus t := ln (1 + exp t).

Lemma softplus_derive t : is_derive softplus t (logistic t).
Proof.
have e := exp_pos t; rewrite /softplus /logistic; auto_derive; first by lra.
by rewrite exp_Ropp; field; lra.
Qed.

Theorem softplus_smooth z : smooth_at softplus logistic logistic1 z.
Proof. by apply: everywhere_smooth; [apply: softplus_derive | apply: logistic_derive]. Qed.

(** tanh: σ' = 1 - σ², σ'' = -2σ(1-σ²) *)
Definition tanh1 t := 1 - tanh t ^ 2.
Definition tanh2 t := - 2 * tanh t * (1 - tanh t ^ 2).

Lemma tanh_derive t : is_derive tanh t (tanh1 t).
Proof.
have c0 : cosh t <> 0.
  by rewrite /cosh; have := exp_pos t; have := exp_pos (- t); lra.
rewrite /tanh1 /tanh; apply: is_derive_eq.
  apply: is_derive_mul; first exact/is_derive_Reals/derivable_pt_lim_sinh.
  apply: is_derive_chain; last exact/is_derive_Reals/derivable_pt_lim_cosh.
  exact: (is_derive_inv id _ 1 (is_derive_id _)).
by rewrite /=; field.
Qed.

Lemma tanh1_derive t : is_derive tanh1 t (tanh2 t).
Proof.
have dt := tanh_derive t; apply: is_derive_eq.
  apply: is_derive_sub; first exact: is_derive_cst.
  exact: is_derive_mul dt (is_derive_mul dt (is_derive_cst 1 t)).
by rewrite /tanh1 /tanh2; ring.
Qed.

Theorem tanh_smooth z : smooth_at tanh tanh1 tanh2 z.
Proof. by apply: everywhere_smooth; [apply: tanh_derive | apply: tanh1_derive]. Qed.

(** sine, and the square *)
Theorem sin_smooth z : smooth_at sin cos (fun t => - sin t) z.
Proof.
by apply: everywhere_smooth => y; [apply: is_derive_sin | apply: is_derive_cos].
Qed.

Theorem square_smooth z : smooth_at (fun t => t ^ 2) (fun t => 2 * t) (fun=> 2) z.
Proof. by apply: everywhere_smooth => y; auto_derive => //; ring. Qed.

(** ** Suprema of |σ''| *)

(** |y(1 − y²)| <= 2/(3√3) on [−1, 1], since 4/27 − s(1 − s)² = (s − 1/3)²(4/3 − s) *)
Lemma cubic_sup y : -1 <= y <= 1 -> Rabs (y * (1 - y ^ 2)) <= 2 / (3 * sqrt 3).
Proof.
move=> y1; have q3 := sqrt_lt_R0 3 ltac:(lra).
have s3 : sqrt 3 * sqrt 3 = 3 by apply: sqrt_sqrt; lra.
have b0 : 0 <= 2 / (3 * sqrt 3) by apply: Rlt_le; apply: Rdiv_lt_0_compat; lra.
rewrite -[X in _ <= X](Rabs_pos_eq _ b0); apply: Rsqr_le_abs_0.
have -> : Rsqr (2 / (3 * sqrt 3)) = 4 / 27.
  rewrite /Rsqr (_ : _ * _ = 4 / (9 * (sqrt 3 * sqrt 3))); first by rewrite s3; field.
  by field; lra.
have h : 0 <= (y ^ 2 - / 3) ^ 2 * (4 / 3 - y ^ 2).
  by apply: Rmult_le_pos; [apply: pow2_ge_0 | nra].
by rewrite /Rsqr; lra.
Qed.

(** tanh: |σ''| <= 4/(3√3) *)
Theorem tanh2_sup t : Rabs (tanh2 t) <= 4 / (3 * sqrt 3).
Proof.
have q3 := sqrt_lt_R0 3 ltac:(lra).
have -> : tanh2 t = - 2 * (tanh t * (1 - tanh t ^ 2)) by rewrite /tanh2; ring.
rewrite Rabs_mult Rabs_left; last lra.
have -> : 4 / (3 * sqrt 3) = - -2 * (2 / (3 * sqrt 3)) by field; lra.
apply: Rmult_le_compat_l; first lra.
apply: cubic_sup; rewrite /tanh /sinh /cosh.
have e := exp_pos t; have e' := exp_pos (- t).
have c0 : 0 < (exp t + exp (- t)) / 2 by lra.
split; [apply: (Rmult_le_reg_r _ _ _ c0) | apply: (Rmult_le_reg_r _ _ _ c0)];
  rewrite /Rdiv Rmult_assoc Rinv_l; lra.
Qed.

(** logistic: |σ''| <= 1/(6√3) *)
Theorem logistic2_sup t : Rabs (logistic2 t) <= / (6 * sqrt 3).
Proof.
have q3 := sqrt_lt_R0 3 ltac:(lra); have [p0 p1] := logistic_range t.
have -> : logistic2 t = / 4 * ((1 - 2 * logistic t) * (1 - (1 - 2 * logistic t) ^ 2)).
  by rewrite /logistic2; field.
rewrite Rabs_mult Rabs_pos_eq; last lra.
have -> : / (6 * sqrt 3) = / 4 * (2 / (3 * sqrt 3)) by field; lra.
by apply: Rmult_le_compat_l; [lra | apply: cubic_sup; lra].
Qed.

(** softplus: |σ''| <= 1/4 *)
Theorem softplus2_sup t : Rabs (logistic1 t) <= / 4.
Proof.
have [p0 p1] := logistic_range t; rewrite /logistic1 Rabs_pos_eq; last nra.
by have := pow2_ge_0 (logistic t - / 2); nra.
Qed.
