(** The infimum of tr H on a rescaling orbit (T11). For piecewise linear σ, with

      P_k = (1/n) Σ_i σ'(z_ik)² ‖x̃_i‖² a_kᵀS_ia_k,   Q_k = (1/n) Σ_i σ(z_ik)² tr S_i,
      s = (1/n) Σ_i tr S_i,

    tr H(T_αθ) = Σ_k (α_k⁻²P_k + α_k²Q_k) + s, whose infimum over α > 0 is
    Flat(θ) = 2 Σ_k √(P_kQ_k) + s, attained if and only if P_k and Q_k are both positive or
    both 0, for every k. For the squared loss Flat - C lies between 2√C times two
    path norms. *)
From Coq Require Import Reals Lra Psatz FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Activations Losses.
From LandTheory Require Import SquareMatrices CrossEntropy Complexity ResidualPart.
From LandTheory Require Import PiecewiseLinear Rescaling.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ** α⁻²P + α²Q over α > 0 *)
Section Balance.
Variables P Q : R.
Hypotheses (P0 : 0 <= P) (Q0 : 0 <= Q).

(** α⁻²P + α²Q - 2√(PQ) = (√P/α - α√Q)² *)
Lemma balance_sqr a : 0 < a ->
  / a ^ 2 * P + a ^ 2 * Q = 2 * sqrt (P * Q) + (sqrt P / a - a * sqrt Q) ^ 2.
Proof.
move=> a0; rewrite sqrt_mult // -{1}(sqrt_sqrt P P0) -{1}(sqrt_sqrt Q Q0).
by field; lra.
Qed.

Lemma balance_ge a : 0 < a -> 2 * sqrt (P * Q) <= / a ^ 2 * P + a ^ 2 * Q.
Proof. by move=> a0; rewrite balance_sqr //; have := pow2_ge_0 (sqrt P / a - a * sqrt Q); lra. Qed.

(** the minimum is at α = (P/Q)^¼ *)
Lemma balance_attained : 0 < P -> 0 < Q ->
  exists a, 0 < a /\ / a ^ 2 * P + a ^ 2 * Q = 2 * sqrt (P * Q).
Proof.
move=> p q; have sp := sqrt_lt_R0 _ p; have sq := sqrt_lt_R0 _ q.
have r0 : 0 < sqrt P / sqrt Q by apply: Rdiv_lt_0_compat.
have a0 := sqrt_lt_R0 _ r0; exists (sqrt (sqrt P / sqrt Q)); split=> //.
rewrite balance_sqr // (_ : _ - _ = 0); first by ring.
have aa := sqrt_sqrt _ (Rlt_le _ _ r0); move: a0 aa; set a := sqrt (sqrt P / sqrt Q) => a0 aa.
have -> : sqrt P = a * a * sqrt Q by rewrite aa; field; lra.
by field; lra.
Qed.

(** within ε of 2√(PQ) for every ε > 0 *)
Lemma balance_near eps : 0 < eps ->
  exists a, 0 < a /\ / a ^ 2 * P + a ^ 2 * Q < 2 * sqrt (P * Q) + eps.
Proof.
move=> e0; case: (Req_dec P 0) => [p|p].
  pose D := Q + 1; have D0 : 0 < D by rewrite /D; lra.
  have a0 : 0 < sqrt (eps / (2 * D)).
    by apply: sqrt_lt_R0; apply: Rdiv_lt_0_compat; lra.
  exists (sqrt (eps / (2 * D))); split=> //.
  rewrite p Rmult_0_r Rmult_0_l sqrt_0 pow2_sqrt; last first.
    by apply/Rlt_le/Rdiv_lt_0_compat; lra.
  have : eps / (2 * D) * Q <= eps / 2.
    by apply: (Rmult_le_reg_r (2 * D)); [lra | field_simplify; [rewrite /D; nra | lra]].
  by lra.
case: (Req_dec Q 0) => [q|q]; last first.
  have [||a [a0 e]] := balance_attained; try lra.
  by exists a; split=> //; rewrite e; lra.
have a0 : 0 < sqrt (2 * P / eps) by apply: sqrt_lt_R0; apply: Rdiv_lt_0_compat; lra.
exists (sqrt (2 * P / eps)); split=> //.
rewrite q !Rmult_0_r sqrt_0 pow2_sqrt; last by apply/Rlt_le/Rdiv_lt_0_compat; lra.
by rewrite (_ : / (2 * P / eps) * P = eps / 2); [lra | field; lra].
Qed.

(** if attained, P and Q are both positive or both 0 *)
Lemma balance_only a : 0 < a -> / a ^ 2 * P + a ^ 2 * Q = 2 * sqrt (P * Q) -> P = 0 <-> Q = 0.
Proof.
move=> a0; rewrite balance_sqr // => e; have e0 : (sqrt P / a - a * sqrt Q) ^ 2 = 0 by lra.
have {e e0} h : sqrt P = a * a * sqrt Q.
  have z : sqrt P / a - a * sqrt Q = 0.
    by apply: Rsqr_0_uniq; rewrite Rsqr_pow2.
  by have <- : sqrt P / a * a = sqrt P by [field; lra]; nra.
split=> [p|q].
  move: h; rewrite p sqrt_0 => /esym/Rmult_integral[]; first nra.
  by move=> q; apply: sqrt_eq_0.
by move: h; rewrite q sqrt_0 Rmult_0_r => p; apply: sqrt_eq_0.
Qed.
End Balance.

Section Flatness.
Variables n m d C : nat.
Variables ap am : R.
Variables (r : 'I_n -> ('I_C -> R) -> 'I_C -> R) (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R).
Implicit Types (th : par m d C -> R) (k : 'I_m).

Local Notation sigma := (pl ap am).
Local Notation s1 := (pl1 ap am).
Local Notation G := (ggn sigma s1 S X).
Local Notation H := (hessian sigma s1 zero r S X).
Local Notation Sx := (output_hessian sigma S X).

(** P_k, Q_k, s and Flat *)
Definition hid_share th k : R := mean (fun i => s1 (pre th (X i) k) ^ 2
  * (1 + \rsum_j X i j ^ 2) * quad (Sx th i) (fun c => th (out k c))).
Definition out_share th k : R := mean (fun i => sigma (pre th (X i) k) ^ 2 * trace (Sx th i)).
Definition off_share th : R := mean (fun i => trace (Sx th i)).
Definition flatness th : R :=
  2 * (\rsum_(k : 'I_m) sqrt (hid_share th k * out_share th k)) + off_share th.

(** tr H = Σ_k (P_k + Q_k) + s *)
Lemma trace_shares th :
  trace (H th) = (\rsum_(k : 'I_m) (hid_share th k + out_share th k)) + off_share th.
Proof.
rewrite pl_hessian_trace /trace rsum_par rsum_plus; congr (_ + _ + _).
- apply: rsum_eq => k; rewrite /hid_share /ggn -mean_rsum; apply: mean_eq => i.
  transitivity (\rsum_(j : option 'I_d) ext (X i) j ^ 2 *
      (s1 (pre th (X i) k) ^ 2 * quad (Sx th i) (fun c => th (out k c)))).
    apply: rsum_eq => j; rewrite /quad /jacobian !rsum_scal; apply: rsum_eq => c.
    by rewrite !rsum_scal; apply: rsum_eq => e /=; ring.
  by rewrite -rsum_scalr ext_norm2 -Rmult_assoc; congr (_ * _); apply: Rmult_comm.
- apply: rsum_eq => k; rewrite /out_share /ggn -mean_rsum; apply: mean_eq => i.
  rewrite /trace rsum_scal; apply: rsum_eq => c.
  rewrite (rsum_delta (k := c)) => [|e]; last first.
    by rewrite /jacobian /= eq_sym => /negbTE->; apply: rsum0 => e'; rewrite /=; ring.
  rewrite (rsum_delta (k := c)) => [|e]; last first.
    by rewrite /jacobian /= [c == e]eq_sym => /negbTE->; rewrite /=; ring.
  by rewrite /jacobian /= eqxx /=; ring.
- rewrite /off_share /ggn -mean_rsum; apply: mean_eq => i; apply: rsum_eq => c.
  rewrite (rsum_delta (k := c)) => [|e]; last first.
    by rewrite /jacobian /= eq_sym => /negbTE->; apply: rsum0 => e'; rewrite /=; ring.
  rewrite (rsum_delta (k := c)) => [|e]; last first.
    by rewrite /jacobian /= [c == e]eq_sym => /negbTE->; rewrite /=; ring.
  by rewrite /jacobian /= eqxx /=; ring.
Qed.

Section Orbit.
Variable th : par m d C -> R.
Variable alpha : 'I_m -> R.
Hypothesis alpha_pos : forall k, 0 < alpha k.
Local Notation T := (rescale alpha).

Lemma Sx_rescale i : Sx (T th) i = Sx th i.
Proof.
by do 2!apply: functional_extensionality => ?; rewrite /output_hessian output_rescale.
Qed.

Lemma hid_share_rescale k : hid_share (T th) k = / alpha k ^ 2 * hid_share th k.
Proof.
have a0 := Rgt_not_eq _ _ (alpha_pos k).
rewrite /hid_share -mean_scal; apply: mean_eq => i; rewrite Sx_rescale pre_rescale pl1_homogeneous //.
rewrite (quad_eq _ (v := fun c => / alpha k * th (out k c))) // quad_scal.
by rewrite -pow_inv; ring.
Qed.

Lemma out_share_rescale k : out_share (T th) k = alpha k ^ 2 * out_share th k.
Proof.
rewrite /out_share -mean_scal; apply: mean_eq => i.
by rewrite Sx_rescale pre_rescale pl_homogeneous //; ring.
Qed.

Lemma off_share_rescale : off_share (T th) = off_share th.
Proof. by apply: mean_eq => i; rewrite Sx_rescale. Qed.

(** T11(a): tr H(T_αθ) = Σ_k (α_k⁻²P_k + α_k²Q_k) + s *)
Theorem trace_rescale : trace (H (T th)) =
  (\rsum_(k : 'I_m) (/ alpha k ^ 2 * hid_share th k + alpha k ^ 2 * out_share th k))
  + off_share th.
Proof.
rewrite trace_shares off_share_rescale; congr (_ + _); apply: rsum_eq => k.
by rewrite hid_share_rescale out_share_rescale.
Qed.

(** T11(b.3): Flat(T_αθ) = Flat(θ) *)
Theorem flatness_rescale : flatness (T th) = flatness th.
Proof.
rewrite /flatness off_share_rescale; congr (2 * _ + _); apply: rsum_eq => k.
rewrite hid_share_rescale out_share_rescale; congr sqrt.
by field; apply: Rgt_not_eq (alpha_pos k).
Qed.
End Orbit.

Variable th : par m d C -> R.
Hypothesis S_psd : forall i, psd (Sx th i).

Lemma hid_share_ge0 k : 0 <= hid_share th k.
Proof.
apply: mean_ge0 => i; apply: Rmult_le_pos; last exact: S_psd.
apply: Rmult_le_pos; first exact: pow2_ge_0.
by apply: Rplus_le_le_0_compat; [lra | apply: norm2_ge0].
Qed.

Lemma out_share_ge0 k : 0 <= out_share th k.
Proof. by apply: mean_ge0 => i; apply: Rmult_le_pos (pow2_ge_0 _) (trace_ge0 (S_psd i)). Qed.

Hint Resolve hid_share_ge0 out_share_ge0 : core.

(** T11(b.5): tr H(T_αθ) - Flat(θ) = Σ_k (√P_k/α_k - α_k√Q_k)² *)
Theorem trace_excess alpha : (forall k, 0 < alpha k) -> trace (H (rescale alpha th)) - flatness th =
  \rsum_(k : 'I_m) (sqrt (hid_share th k) / alpha k - alpha k * sqrt (out_share th k)) ^ 2.
Proof.
move=> a0; rewrite trace_rescale // /flatness.
have -> : \rsum_(k : 'I_m) (/ alpha k ^ 2 * hid_share th k + alpha k ^ 2 * out_share th k) =
    2 * (\rsum_(k : 'I_m) sqrt (hid_share th k * out_share th k)) + \rsum_(k : 'I_m)
      (sqrt (hid_share th k) / alpha k - alpha k * sqrt (out_share th k)) ^ 2.
  by rewrite rsum_scal -rsum_plus; apply: rsum_eq => k; apply: balance_sqr.
by ring.
Qed.

(** T11(b.1): Flat(θ) <= tr H(T_αθ) *)
Theorem flatness_le alpha : (forall k, 0 < alpha k) -> flatness th <= trace (H (rescale alpha th)).
Proof.
move=> a0; have := trace_excess a0; set q := \rsum_(k : 'I_m) _ => e.
have : 0 <= q by apply: rsum_ge0 => k; apply: pow2_ge_0.
by lra.
Qed.

(** ... and it is the infimum: ... *)
Theorem flatness_near eps : 0 < eps ->
  exists alpha, (forall k, 0 < alpha k) /\ trace (H (rescale alpha th)) < flatness th + eps.
Proof.
move=> e0; pose delta := eps / (INR m + 1); have m0 := pos_INR m.
have d0 : 0 < delta by apply: Rdiv_lt_0_compat; lra.
have near k : exists a, 0 < a /\ / a ^ 2 * hid_share th k + a ^ 2 * out_share th k
    < 2 * sqrt (hid_share th k * out_share th k) + delta by apply: balance_near.
have [alpha h] := fin_all_exists near; exists alpha; split=> [k|]; first by case: (h k).
rewrite trace_rescale; last by move=> k; case: (h k).
apply: (Rle_lt_trans _ (flatness th + INR m * delta)).
  have md : \rsum_(k : 'I_m) delta = INR m * delta by rewrite rsum_const card_ord.
  rewrite /flatness -md rsum_scal Rplus_assoc [off_share th + _]Rplus_comm -Rplus_assoc -rsum_plus.
  by apply: Rplus_le_compat_r; apply: rsum_le => k; case: (h k) => _ /Rlt_le.
apply: Rplus_lt_compat_l; rewrite /delta.
by apply: (Rmult_lt_reg_r (INR m + 1)); [lra | field_simplify; lra].
Qed.

(** ... attained if and only if P_k and Q_k are both positive or both 0, for every k *)
Theorem flatness_attained :
  (exists alpha, (forall k, 0 < alpha k) /\ trace (H (rescale alpha th)) = flatness th) <->
  (forall k, hid_share th k = 0 <-> out_share th k = 0).
Proof.
split=> [[alpha [a0 e]] k|h].
  have z : (sqrt (hid_share th k) / alpha k - alpha k * sqrt (out_share th k)) ^ 2 = 0.
    have := trace_excess a0; rewrite e Rminus_diag_eq // => /esym z.
    by apply: (rsum_eq0 _ z) => l; apply: pow2_ge_0.
  by apply: (balance_only _ _ (a0 k)) => //; rewrite balance_sqr // z Rplus_0_r.
have pick k : exists a, 0 < a /\ / a ^ 2 * hid_share th k + a ^ 2 * out_share th k
    = 2 * sqrt (hid_share th k * out_share th k).
  case: (Req_dec (hid_share th k) 0) => p.
    exists 1; split; first lra.
    by rewrite p (proj1 (h k) p) !Rmult_0_r sqrt_0; ring.
  have q : out_share th k <> 0 by move=> /(proj2 (h k)).
  apply: balance_attained => //.
    by have := hid_share_ge0 k; lra.
  by have := out_share_ge0 k; lra.
have [alpha a] := fin_all_exists pick; exists alpha.
have a0 k : 0 < alpha k by case: (a k).
split=> //; rewrite trace_rescale // /flatness rsum_scal; congr (_ + _).
by apply: rsum_eq => k; case: (a k).
Qed.
End Flatness.

(** ** Squared loss: Flat - C between path norms *)
Section PathNorm.
Variables n m d C : nat.
Variables ap am : R.
Variables (Y : 'I_n -> 'I_C -> R) (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Implicit Types k : 'I_m.

Local Notation sigma := (pl ap am).
Local Notation s1 := (pl1 ap am).
Let r i := squared_r (Y i).
Local Notation S := (fun=> @squared_S C).
Local Notation H := (hessian sigma s1 zero r S X).
Local Notation flat := (flatness ap am (S : 'I_n -> _) X th).

(** ‖w̃_k‖, ‖a_k‖, ‖w_k‖ *)
Definition in_norm k : R := sqrt (\rsum_(j : option 'I_d) th (hid k j) ^ 2).
Definition out_norm k : R := sqrt (\rsum_(c : 'I_C) th (out k c) ^ 2).
Definition weight_norm k : R := sqrt (\rsum_(j : 'I_d) th (hid k (Some j)) ^ 2).

(** ρ_k = (1/n) Σ_i σ(w̃_k·x̃_i/‖w̃_k‖)² and R_k² = (1/n) Σ_i σ'(z_ik)²‖x̃_i‖² *)
Definition activity k : R := mean (fun i => sigma (pre th (X i) k / in_norm k) ^ 2).
Definition radius2 k : R :=
  mean (fun i => s1 (pre th (X i) k) ^ 2 * (1 + \rsum_j X i j ^ 2)).

Lemma in_norm_ge0 k : 0 <= in_norm k. Proof. exact: sqrt_pos. Qed.
Lemma out_norm_ge0 k : 0 <= out_norm k. Proof. exact: sqrt_pos. Qed.

Lemma in_norm_sqr k : in_norm k ^ 2 = \rsum_(j : option 'I_d) th (hid k j) ^ 2.
Proof. by rewrite pow2_sqrt //; apply: norm2_ge0. Qed.

Lemma out_norm_sqr k : out_norm k ^ 2 = \rsum_(c : 'I_C) th (out k c) ^ 2.
Proof. by rewrite pow2_sqrt //; apply: norm2_ge0. Qed.

Lemma radius2_ge0 k : 0 <= radius2 k.
Proof.
apply: mean_ge0 => i; apply: Rmult_le_pos; first exact: pow2_ge_0.
by apply: Rplus_le_le_0_compat; [lra | apply: norm2_ge0].
Qed.

Lemma activity_ge0 k : 0 <= activity k.
Proof. by apply: mean_ge0 => i; apply: pow2_ge_0. Qed.

Lemma pre_sqr_le i k : pre th (X i) k ^ 2 <= in_norm k ^ 2 * (1 + \rsum_j X i j ^ 2).
Proof. by rewrite in_norm_sqr -ext_norm2; apply: rcauchy_schwarz. Qed.

(** (1/n) Σ_i σ(z_ik)² = ‖w̃_k‖²ρ_k *)
Lemma activity_scale k : mean (fun i => sigma (pre th (X i) k) ^ 2) = in_norm k ^ 2 * activity k.
Proof.
rewrite /activity -mean_scal; apply: mean_eq => i.
case: (Req_dec (in_norm k) 0) => [w0|w0].
  have z0 : pre th (X i) k = 0.
    have := pre_sqr_le i k; rewrite w0 => h; apply: Rsqr_0_uniq; rewrite Rsqr_pow2.
    by apply: Rle_antisym (pow2_ge_0 _); lra.
  by rewrite z0 w0 pl_pos; [ring | lra].
have w1 : 0 < / in_norm k by apply: Rinv_0_lt_compat; have := in_norm_ge0 k; lra.
rewrite (_ : pre th (X i) k / in_norm k = / in_norm k * pre th (X i) k); last exact: Rmult_comm.
by rewrite pl_homogeneous //; field.
Qed.

(** T11(c.3): ρ_k <= R_k² *)
Theorem activity_le k : activity k <= radius2 k.
Proof.
case: (Req_dec (in_norm k) 0) => [w0|w0].
  apply: Rle_trans (radius2_ge0 k); apply: Req_le; apply: mean_zero => i.
  by rewrite w0 /Rdiv Rinv_0 Rmult_0_r pl_pos; [ring | lra].
have w2 : 0 < in_norm k ^ 2 by apply: pow2_gt_0.
apply: (Rmult_le_reg_l (in_norm k ^ 2)) => //.
rewrite -activity_scale -mean_scal; apply: mean_le => i.
rewrite pl_slope Rpow_mult_distr; have := pre_sqr_le i k; have := pow2_ge_0 (s1 (pre th (X i) k)).
by move=> s0 h; have := Rmult_le_compat_l _ _ _ s0 h; lra.
Qed.

Lemma squared_hid_share k : hid_share ap am S X th k = out_norm k ^ 2 * radius2 k.
Proof.
rewrite /radius2 -mean_scal; apply: mean_eq => i; rewrite out_norm_sqr.
by rewrite [quad _ _](squared_quad (output sigma X th i)) Rmult_comm.
Qed.

Lemma squared_out_share k :
  out_share ap am S X th k = INR C * (in_norm k ^ 2 * activity k).
Proof.
rewrite -activity_scale -mean_scal; apply: mean_eq => i; rewrite Rmult_comm; congr (_ * _).
rewrite /trace (rsum_eq (G := fun=> 1)) => [|c]; first by rewrite rsum_const card_ord Rmult_1_r.
by rewrite /output_hessian /squared_S eqxx.
Qed.

Hypothesis n0 : (0 < n)%N.

Lemma squared_off_share : off_share ap am (S : 'I_n -> _) X th = INR C.
Proof.
rewrite -[RHS](mean_const (INR C) n0); apply: mean_eq => i.
rewrite /trace (rsum_eq (G := fun=> 1)) => [|c]; first by rewrite rsum_const card_ord Rmult_1_r.
by rewrite /output_hessian /squared_S eqxx.
Qed.

(** Flat - C = 2√C Σ_k ‖a_k‖‖w̃_k‖√(R_k²ρ_k) *)
Lemma flatness_path : flat - INR C =
  2 * sqrt (INR C) * \rsum_(k : 'I_m) out_norm k * in_norm k * sqrt (radius2 k * activity k).
Proof.
have C0 := pos_INR C.
rewrite /flatness squared_off_share.
rewrite (_ : forall x y, 2 * x + y - y = 2 * x); last by move=> *; ring.
rewrite [RHS]Rmult_assoc; congr (2 * _); rewrite rsum_scal; apply: rsum_eq => k; rewrite squared_hid_share squared_out_share.
have a0 := out_norm_ge0 k; have w0 := in_norm_ge0 k.
rewrite (_ : _ * _ = INR C * ((out_norm k * in_norm k) ^ 2 * (radius2 k * activity k))); last by ring.
have ra := Rmult_le_pos _ _ (radius2_ge0 k) (activity_ge0 k).
rewrite sqrt_mult //; last by apply: Rmult_le_pos => //; apply: pow2_ge_0.
rewrite sqrt_mult //; last exact: pow2_ge_0.
by rewrite sqrt_pow2 //; apply: Rmult_le_pos.
Qed.

(** T11(c.1): 2√C Σ_k ‖a_k‖‖w̃_k‖ρ_k <= Flat - C *)
Theorem path_lower : 2 * sqrt (INR C) * (\rsum_(k : 'I_m) out_norm k * in_norm k * activity k)
  <= flat - INR C.
Proof.
rewrite flatness_path; apply: Rmult_le_compat_l; first by have := sqrt_pos (INR C); lra.
apply: rsum_le => k; apply: Rmult_le_compat_l.
  exact: Rmult_le_pos (out_norm_ge0 k) (in_norm_ge0 k).
have h := activity_ge0 k; rewrite -{1}(sqrt_square _ h); apply: sqrt_le_1_alt.
exact: Rmult_le_compat_r h (activity_le k).
Qed.

(** T11(c.2): Flat - C <= 2√C Σ_k ‖a_k‖‖w̃_k‖R_k² *)
Theorem path_upper : flat - INR C <=
  2 * sqrt (INR C) * (\rsum_(k : 'I_m) out_norm k * in_norm k * radius2 k).
Proof.
rewrite flatness_path; apply: Rmult_le_compat_l; first by have := sqrt_pos (INR C); lra.
apply: rsum_le => k; apply: Rmult_le_compat_l.
  exact: Rmult_le_pos (out_norm_ge0 k) (in_norm_ge0 k).
have h := radius2_ge0 k; rewrite -{2}(sqrt_square _ h); apply: sqrt_le_1_alt.
exact: Rmult_le_compat_l h (activity_le k).
Qed.

(** T11(d.3): 2√C min_k ρ_k Σ_k ‖a_k‖‖w̃_k‖ <= Flat - C, the minimum over a_k, w̃_k <> 0 *)
Theorem path_min rho : (forall k, out_norm k <> 0 -> in_norm k <> 0 -> rho <= activity k) ->
  2 * sqrt (INR C) * rho * (\rsum_(k : 'I_m) out_norm k * in_norm k) <= flat - INR C.
Proof.
move=> h; apply: Rle_trans path_lower; rewrite Rmult_assoc; apply: Rmult_le_compat_l.
  by have := sqrt_pos (INR C); lra.
rewrite rsum_scal; apply: rsum_le => k; have a0 := out_norm_ge0 k; have w0 := in_norm_ge0 k.
case: (Req_dec (out_norm k) 0) => [->|a1]; first by apply: Req_le; ring.
case: (Req_dec (in_norm k) 0) => [->|w1]; first by apply: Req_le; ring.
by rewrite Rmult_comm; apply: Rmult_le_compat_l (h k a1 w1); apply: Rmult_le_pos.
Qed.

Lemma flatness_trace : flat <= trace (H th).
Proof.
have e : rescale (fun=> 1) th = th.
  apply: functional_extensionality => p; rewrite /rescale /symmetry /monomial.
  by case: p => [[[k j]|[k c]]|c] /=; field.
rewrite -[in X in _ <= X]e; apply: flatness_le => [i|k]; [exact: squared_psd | lra].
Qed.

(** T11(d.4): ... <= tr H - C *)
Theorem path_trace rho : (forall k, out_norm k <> 0 -> in_norm k <> 0 -> rho <= activity k) ->
  2 * sqrt (INR C) * rho * (\rsum_(k : 'I_m) out_norm k * in_norm k) <= trace (H th) - INR C.
Proof. by move=> h; have := path_min h; have := flatness_trace; lra. Qed.

(** T11(d.5): Σ_k ‖a_k‖‖w_k‖ <= Σ_k ‖a_k‖‖w̃_k‖ *)
Theorem path_bias : \rsum_(k : 'I_m) out_norm k * weight_norm k <=
  \rsum_(k : 'I_m) out_norm k * in_norm k.
Proof.
apply: rsum_le => k; apply: Rmult_le_compat_l (out_norm_ge0 k) _; apply: sqrt_le_1_alt.
by rewrite rsum_option; have := pow2_ge_0 (th (hid k None)); rewrite /=; lra.
Qed.

(** T11(d.1): |σ'| <= 1: ‖Jx‖_F <= Σ_k ‖a_k‖‖w_k‖ at every input x *)
Theorem jacobian_path x : Rabs ap <= 1 -> Rabs am <= 1 ->
  \rsum_(c : 'I_C) \rsum_(j : 'I_d) input_jac s1 th x c j ^ 2 <=
  (\rsum_(k : 'I_m) out_norm k * weight_norm k) ^ 2.
Proof.
move=> hp hm; pose s k := s1 (pre th x k); pose a k c := th (out k c).
pose w k (j : 'I_d) := th (hid k (Some j)).
have s_le k : Rabs (s k) <= 1 by rewrite /s /pl1; case: Rlt_dec.
have dot_abs (I : finType) (u v : I -> R) : Rabs (dot u v) <= sqrt (norm2 u) * sqrt (norm2 v).
  rewrite -sqrt_mult_alt; last exact: norm2_ge0.
  by rewrite -sqrt_Rsqr_abs Rsqr_pow2; apply: sqrt_le_1_alt; apply: dot_sqr_le.
rewrite (_ : _ ^ 2 = (\rsum_(k : 'I_m) out_norm k * weight_norm k)
  * \rsum_(k : 'I_m) out_norm k * weight_norm k); last by ring.
rewrite rsum_prod (_ : \rsum_(c : 'I_C) _ = \rsum_(k : 'I_m) \rsum_(l : 'I_m)
    (s k * s l) * (dot (a k) (a l) * dot (w k) (w l))).
  apply: rsum_le => k; apply: rsum_le => l; apply: Rle_trans (Rle_abs _) _.
  rewrite !Rabs_mult (_ : out_norm k * _ * _ = 1 * (out_norm k * out_norm l *
    (weight_norm k * weight_norm l))); last by ring.
  apply: Rmult_le_compat; [by apply: Rmult_le_pos; apply: Rabs_pos |
    by apply: Rmult_le_pos; apply: Rabs_pos | |].
    by have := s_le k; have := s_le l; have := Rabs_pos (s k); have := Rabs_pos (s l); nra.
  by apply: Rmult_le_compat; [apply: Rabs_pos | apply: Rabs_pos | apply: dot_abs | apply: dot_abs].
transitivity (\rsum_(c : 'I_C) \rsum_(j : 'I_d) \rsum_(k : 'I_m) \rsum_(l : 'I_m)
    (s k * s l) * (a k c * a l c * (w k j * w l j))).
  apply: rsum_eq => c; apply: rsum_eq => j; rewrite /input_jac.
  rewrite (_ : forall y, y ^ 2 = y * y); last by move=> y; ring.
  rewrite rsum_prod; apply: rsum_eq => k; apply: rsum_eq => l; rewrite /s /a /w /=; ring.
under eq_bigr => c _ do rewrite rsum_exchange.
rewrite rsum_exchange; apply: rsum_eq => k.
under eq_bigr => c _ do rewrite rsum_exchange.
rewrite rsum_exchange; apply: rsum_eq => l.
rewrite /dot rsum_prod rsum_scal; apply: rsum_eq => c; rewrite rsum_scal.
by apply: rsum_eq => j; ring.
Qed.

(** T11(d.2): √Cx <= Σ_k ‖a_k‖‖w_k‖ *)
Theorem complexity_path : Rabs ap <= 1 -> Rabs am <= 1 ->
  sqrt (mean (fun i => \rsum_(c : 'I_C) \rsum_(j : 'I_d) input_jac s1 th (X i) c j ^ 2)) <=
  \rsum_(k : 'I_m) out_norm k * weight_norm k.
Proof.
move=> hp hm; set p := \rsum_(k : 'I_m) _.
have p0 : 0 <= p.
  by apply: rsum_ge0 => k; apply: Rmult_le_pos (out_norm_ge0 k) _; apply: sqrt_pos.
rewrite -[X in _ <= X](sqrt_pow2 _ p0); apply: sqrt_le_1_alt.
rewrite -[X in _ <= X](mean_const _ n0); apply: mean_le => i; exact: jacobian_path.
Qed.

(** T11(d.6): 2√C min_k ρ_k √Cx <= tr H - C *)
Theorem complexity_flat rho : Rabs ap <= 1 -> Rabs am <= 1 -> 0 <= rho ->
  (forall k, out_norm k <> 0 -> in_norm k <> 0 -> rho <= activity k) ->
  2 * sqrt (INR C) * rho * sqrt (mean (fun i => \rsum_(c : 'I_C) \rsum_(j : 'I_d)
    input_jac s1 th (X i) c j ^ 2)) <= trace (H th) - INR C.
Proof.
move=> hp hm r0 h; apply: Rle_trans (path_trace h); apply: Rmult_le_compat_l.
  by have := sqrt_pos (INR C); nra.
exact: Rle_trans (complexity_path hp hm) path_bias.
Qed.
End PathNorm.
