(** T27(e): with margin γ on the sample, multiplying A and c by s >= 1 leaves the decisions
    alone and makes the curvature of cross-entropy vanish,

      ‖H(sθ)‖ <= κ e^{−sγ}(s² max_i ‖J_i‖² + s max ‖∇²f_c(x_i)‖),

    κ = 2(C − 1) for softmax and 1 for the logistic loss; J and ∇²f before the scaling. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Activations Losses.
From LandTheory Require Import SquareMatrices CrossEntropy.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Section Scaling.
Variables n m d C : nat.
Variables sigma s1 s2 : R -> R.
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) (s : R).
Implicit Types (v : par m d C -> R) (i : 'I_n) (c : 'I_C).
Hypothesis s_ge1 : 1 <= s.

(** A and c times s *)
Definition scale_outputs (p : par m d C) : R :=
  match p with
  | hid _ _ => th p
  | _ => s * th p
  end.

Lemma scale_pre x k : pre scale_outputs x k = pre th x k.
Proof. by []. Qed.

Lemma scale_net x c : net sigma scale_outputs x c = s * net sigma th x c.
Proof.
rewrite /net Rmult_plus_distr_l rsum_scal; congr (_ + _).
by apply: rsum_eq => k; rewrite scale_pre /=; ring.
Qed.

(** a vector whose hidden part is multiplied by a, and the rest by b *)
Definition stretch (a b : R) v (p : par m d C) : R :=
  match p with
  | hid _ _ => a * v p
  | _ => b * v p
  end.

Lemma norm2_stretch a b v t : a ^ 2 <= t -> b ^ 2 <= t ->
  norm2 (stretch a b v) <= t * norm2 v.
Proof.
move=> ha hb; rewrite /norm2 rsum_scal; apply: rsum_le => p.
have p0 := pow2_ge_0 (v p).
by case: p p0 => [[[k j]|[k c]]|c] p0; rewrite /= !Rmult_1_r;
  move: ha hb p0; rewrite /= !Rmult_1_r; nra.
Qed.

(** J(sθ)v = J(θ)v' with the hidden part of v multiplied by s *)
Lemma scale_jv v i c : jv sigma s1 X scale_outputs v i c =
  jv sigma s1 X th (stretch s 1 v) i c.
Proof.
by apply: rsum_eq => -[[[k j]|[k e]]|e]; rewrite /jacobian /= ?scale_pre; ring.
Qed.

(** vᵀ∇²f(sθ)v = v'ᵀ∇²f(θ)v' with the hidden part multiplied by √s, the rest divided *)
Lemma scale_quad v i c : quad (hess s1 s2 scale_outputs (X i) c) v =
  quad (hess s1 s2 th (X i) c) (stretch (sqrt s) (/ sqrt s) v).
Proof.
have q0 : 0 < sqrt s by apply: sqrt_lt_R0; lra.
have q2 : sqrt s * sqrt s = s by apply: sqrt_sqrt; lra.
apply: rsum_eq => -[[[k j]|[k c1]]|c1]; apply: rsum_eq => -[[[l e]|[l c2]]|c2] /=;
  rewrite ?scale_pre; try by ring.
- by case: (k == l) => /=; last ring; move: (sqrt s) q2 => q <-; ring.
- by case: (c2 == c); case: (k == l) => /=; field; lra.
- by case: (c1 == c); case: (l == k) => /=; field; lra.
Qed.

Variables (K M : R).
Hypothesis jacobian_le : forall i v, \rsum_c jv sigma s1 X th v i c ^ 2 <= K * norm2 v.
Hypothesis hess_le :
  forall i c v, Rabs (quad (hess s1 s2 th (X i) c) v) <= M * norm2 v.
Hypotheses (K_ge0 : 0 <= K) (M_ge0 : 0 <= M).

Lemma scale_jacobian_le i v :
  \rsum_c jv sigma s1 X scale_outputs v i c ^ 2 <= s ^ 2 * K * norm2 v.
Proof.
rewrite (rsum_eq (fun c => f_equal (pow^~ 2%N) (scale_jv v i c))).
apply: Rle_trans (jacobian_le i _) _.
rewrite [s ^ 2 * K]Rmult_comm Rmult_assoc; apply: Rmult_le_compat_l => //.
by apply: norm2_stretch; nra.
Qed.

Lemma scale_hess_le i c v :
  Rabs (quad (hess s1 s2 scale_outputs (X i) c) v) <= s * M * norm2 v.
Proof.
rewrite scale_quad; apply: Rle_trans (hess_le i c _) _.
rewrite [s * M]Rmult_comm Rmult_assoc; apply: Rmult_le_compat_l => //.
have q0 : 0 < sqrt s by apply: sqrt_lt_R0; lra.
have q2 : sqrt s * sqrt s = s by apply: sqrt_sqrt; lra.
apply: norm2_stretch; first by rewrite /= Rmult_1_r; lra.
apply: (Rmult_le_reg_r (s * s)); first nra.
have -> : (/ sqrt s) ^ 2 * (s * s) = s.
  by move: (sqrt s) q0 q2 => q q0 <-; field; lra.
nra.
Qed.
End Scaling.

(** ** The loss decays with the margin *)
Lemma ln_1p_le t : 0 <= t -> ln (1 + t) <= t.
Proof. by move=> t0; have := @ln_le_sub1 (1 + t) ltac:(lra); lra. Qed.

Lemma exp_le a b : a <= b -> exp a <= exp b.
Proof. by case=> [/exp_increasing/Rlt_le | ->]; [|lra]. Qed.

(** ℓ <= (C − 1)e^{−t} where every other output is at least t below the label's *)
Lemma cross_entropy_margin C (y : 'I_C) u t : (forall c, c != y -> t <= u y - u c) ->
  cross_entropy y u <= (INR C - 1) * exp (- t).
Proof.
move=> h; have p0 := softmax_pos u y; have e0 := exp_pos (u y).
rewrite /cross_entropy -ln_Rinv //.
apply: Rle_trans (ln_le_sub1 (Rinv_0_lt_compat _ p0)) _.
have -> : / softmax u y = \rsum_c exp (u c - u y).
  have z0 := softmax_sum_pos u y.
  have -> : / softmax u y = / exp (u y) * (\rsum_c exp (u c)).
    by rewrite /softmax; field; split; apply: Rgt_not_eq.
  by rewrite rsum_scal; apply: rsum_eq => c; rewrite -exp_Ropp -exp_plus; congr exp; ring.
have -> : (INR C - 1) * exp (- t) = (\rsum_(c : 'I_C) (exp (- t) - dlt (c == y) (exp (- t)))).
  by rewrite rsum_minus rsum_const (rsum_pickl (fun=> _)) card_ord; ring.
have -> : (\rsum_c exp (u c - u y)) - 1 =
    \rsum_c (exp (u c - u y) - dlt (c == y) 1).
  by rewrite rsum_minus (rsum_pickl (fun=> _)).
apply: rsum_le => c; case: eqP => [->|/eqP cy] /=.
  by rewrite Rminus_eq_0 exp_0; lra.
by have := @exp_le (u c - u y) (- t) ltac:(have := h c cy; lra); lra.
Qed.

Lemma logistic_margin y (u : 'I_1 -> R) t : y = 0 \/ y = 1 ->
  t <= (2 * y - 1) * u ord0 -> logistic_loss y u <= exp (- t).
Proof.
move=> y01 h; rewrite /logistic_loss; set f := u ord0 in h *.
have ef := exp_pos f; have eg := exp_pos (- f).
case: y01 h => -> h.
  apply: Rle_trans (_ : exp f <= _); last by apply: exp_le; lra.
  by have := ln_1p_le (Rlt_le _ _ ef); lra.
apply: Rle_trans (_ : exp (- f) <= _); last by apply: exp_le; lra.
have -> : ln (1 + exp f) - 1 * f = ln (1 + exp (- f)).
  rewrite -{2}(ln_exp f) Rmult_1_l -ln_div; [|lra|lra].
  by congr ln; rewrite exp_Ropp; field; lra.
exact: ln_1p_le (Rlt_le _ _ eg).
Qed.

Lemma mean_le_const n (g : 'I_n -> R) t : 0 <= t -> (forall i, g i <= t) -> mean g <= t.
Proof.
move=> t0 h; case: (posnP n) => [n0|n0].
  by rewrite /mean (_ : INR n = 0) ?Rinv_0 ?Rmult_0_l // n0.
by rewrite -[t](mean_const t n0); apply: mean_le.
Qed.

(** ** Softmax *)
Section Softmax.
Variables n m d C : nat.
Variables sigma s1 s2 : R -> R.
Variables (X : 'I_n -> 'I_d -> R) (Y : 'I_n -> 'I_C) (th : par m d C -> R).
Variables (K M s gamma : R).
Hypothesis s_ge1 : 1 <= s.
Hypothesis jacobian_le : forall i v, \rsum_c jv sigma s1 X th v i c ^ 2 <= K * norm2 v.
Hypothesis hess_le :
  forall i c v, Rabs (quad (hess s1 s2 th (X i) c) v) <= M * norm2 v.
Hypothesis margin : forall i c, c != Y i ->
  gamma <= net sigma th (X i) (Y i) - net sigma th (X i) c.

Theorem softmax_margin v : (0 < C)%N -> (0 < n)%N ->
  Rabs (quad (hessian sigma s1 s2 (fun i => softmax_r (Y i)) (fun=> @softmax_S C) X
      (scale_outputs th s)) v) <=
    2 * (INR C - 1) * exp (- (s * gamma)) * (s ^ 2 * K + s * M) * norm2 v.
Proof.
move=> C0 n0; have v0 := norm2_ge0 v.
pose c0 := Ordinal C0; pose i0 := Ordinal n0.
have one : norm2 (unitv (off c0 : par m d C)) = 1 := norm2_unitv _.
have K0 : 0 <= K.
  rewrite -[K]Rmult_1_r -one; apply: Rle_trans (jacobian_le i0 _).
  by apply: rsum_ge0 => c; apply: pow2_ge_0.
have M0 : 0 <= M.
  by rewrite -[M]Rmult_1_r -one; apply: Rle_trans (Rabs_pos _) (hess_le i0 c0 _).
have C1 : 1 <= INR C by apply: (le_INR 1); apply/leP.
apply: Rle_trans (softmax_hessian_le Y (K := fun=> s ^ 2 * K) (Kmax := s ^ 2 * K)
  (scale_jacobian_le s_ge1 jacobian_le K0) (scale_hess_le s_ge1 hess_le M0) _ v) _.
  by move=> i; apply: Rle_refl.
apply: Rmult_le_compat_r => //; apply: Rmult_le_compat_r; first by nra.
rewrite [2 * (INR C - 1) * _]Rmult_assoc; apply: Rmult_le_compat_l; first lra.
apply: mean_le_const; first by have := exp_pos (- (s * gamma)); nra.
move=> i; apply: cross_entropy_margin => c cy; rewrite /output !scale_net.
by have := margin cy; nra.
Qed.
End Softmax.

(** ** Logistic loss *)
Section Logistic.
Variables n m d : nat.
Variables sigma s1 s2 : R -> R.
Variables (X : 'I_n -> 'I_d -> R) (Y : 'I_n -> R) (th : par m d 1 -> R).
Variables (K M s gamma : R).
Hypothesis s_ge1 : 1 <= s.
Hypothesis Y01 : forall i, Y i = 0 \/ Y i = 1.
Hypothesis jacobian_le : forall i v, \rsum_c jv sigma s1 X th v i c ^ 2 <= K * norm2 v.
Hypothesis hess_le :
  forall i c v, Rabs (quad (hess s1 s2 th (X i) c) v) <= M * norm2 v.
Hypothesis margin : forall i, gamma <= (2 * Y i - 1) * net sigma th (X i) ord0.

Theorem logistic_margin_hessian v : (0 < n)%N ->
  Rabs (quad (hessian sigma s1 s2 (fun i => logistic_r (Y i)) (fun=> logistic_S) X
      (scale_outputs th s)) v) <=
    exp (- (s * gamma)) * (s ^ 2 * K + s * M) * norm2 v.
Proof.
move=> n0; have v0 := norm2_ge0 v; pose i0 := Ordinal n0.
have one : norm2 (unitv (off ord0 : par m d 1)) = 1 := norm2_unitv _.
have K0 : 0 <= K.
  rewrite -[K]Rmult_1_r -one; apply: Rle_trans (jacobian_le i0 _).
  by apply: rsum_ge0 => c; apply: pow2_ge_0.
have M0 : 0 <= M.
  by rewrite -[M]Rmult_1_r -one; apply: Rle_trans (Rabs_pos _) (hess_le i0 ord0 _).
apply: Rle_trans (logistic_hessian_le Y01 (K := fun=> s ^ 2 * K) (Kmax := s ^ 2 * K)
  (scale_jacobian_le s_ge1 jacobian_le K0) (scale_hess_le s_ge1 hess_le M0) _ v) _.
  by move=> i; apply: Rle_refl.
apply: Rmult_le_compat_r => //; apply: Rmult_le_compat_r; first by nra.
apply: mean_le_const; first exact/Rlt_le/exp_pos.
move=> i; apply: logistic_margin => //; rewrite /output scale_net.
by have := margin i; nra.
Qed.
End Logistic.
