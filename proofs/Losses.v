(** The three losses of the catalogue, with their true derivatives:

      squared    ℓ = ½‖f − y‖²,             r = f − y,      S = I;
      logistic   ℓ = log(1 + e^f) − yf,     r = p − y,      S = p(1 − p),  p = 1/(1 + e^{−f});
      softmax    ℓ = −log p_y,              r = p − e_y,    S = diag(p) − ppᵀ,  p = softmax(f),

    that each S ⪰ 0, and the bounds of S and r by ℓ (T02(e)). *)
From Coq Require Import Reals Lra Psatz FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Activations.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Lemma has_gradient_ext (P : finType) (F G : (P -> R) -> R) th g :
  F =1 G -> has_gradient F th g -> has_gradient G th g.
Proof. by move=> /functional_extensionality->. Qed.

Lemma has_gradient_sub (P : finType) (F G : (P -> R) -> R) th f g :
  has_gradient F th f -> has_gradient G th g ->
  has_gradient (fun u => F u - G u) th (fun p => f p - g p).
Proof.
move=> hF hG path dpath t e hp.
apply: is_derive_eq (is_derive_sub (hF _ _ _ e hp) (hG _ _ _ e hp)) _.
by rewrite -rsum_minus; apply: rsum_eq => p; ring.
Qed.

Lemma rsum1 (F : 'I_1 -> R) : \rsum_i F i = F ord0.
Proof. by rewrite big_ord_recl big_ord0 Rplus_0_r. Qed.

Lemma is_derive_sqr (t : R) : is_derive (fun s => s ^ 2) t (2 * t).
Proof. by auto_derive => //; ring. Qed.

(** vᵀSv ≥ 0 *)
Definition output_psd C (S : 'I_C -> 'I_C -> R) :=
  forall v : 'I_C -> R, 0 <= \rsum_c \rsum_e v c * S c e * v e.

(** ** Squared *)
Section Squared.
Variables (C : nat) (y : 'I_C -> R).

Definition squared (u : 'I_C -> R) : R := / 2 * \rsum_c (u c - y c) ^ 2.
Definition squared_r (u : 'I_C -> R) (c : 'I_C) : R := u c - y c.
Definition squared_S (u : 'I_C -> R) (c e : 'I_C) : R := dlt (e == c) 1.

Lemma squared_r_gradient u c :
  has_gradient (fun v => squared_r v c) u (squared_S u c).
Proof.
apply: has_gradient_eq.
  apply: has_gradient_sub; [exact: has_gradient_coord | exact: has_gradient_cst].
by move=> e; rewrite Rminus_0_r.
Qed.

Theorem squared_differentiable : twice_differentiable squared squared_r squared_S.
Proof.
move=> u; split; last exact: squared_r_gradient.
apply: has_gradient_eq.
  apply: has_gradient_cmul; apply: has_gradient_rsum => c.
  exact: has_gradient_chain1 (is_derive_sqr _) (@squared_r_gradient u c).
move=> e /=; rewrite (rsum_delta (k := e)) => [|c].
  by rewrite /squared_S eqxx /squared_r /=; field.
by rewrite /squared_S eq_sym => /negbTE->; rewrite /=; ring.
Qed.

Lemma squared_quad u (v : 'I_C -> R) :
  \rsum_c \rsum_e v c * squared_S u c e * v e = \rsum_c v c ^ 2.
Proof.
apply: rsum_eq => c; rewrite (rsum_delta (k := c)) => [|e].
  by rewrite /squared_S eqxx /=; ring.
by rewrite /squared_S => /negbTE->; rewrite /=; ring.
Qed.

Theorem squared_psd u : output_psd (squared_S u).
Proof. by move=> v; rewrite squared_quad; apply: rsum_ge0 => c; apply: pow2_ge_0. Qed.
End Squared.

(** ** Logistic (C = 1, y in {0, 1}) *)
Section Logistic.
Variable y : R.
Implicit Types u : 'I_1 -> R.

Definition logistic_loss u : R := ln (1 + exp (u ord0)) - y * u ord0.
Definition logistic_r u (c : 'I_1) : R := logistic (u c) - y.
Definition logistic_S u (c e : 'I_1) : R := logistic (u c) * (1 - logistic (u c)).

Theorem logistic_differentiable :
  twice_differentiable logistic_loss logistic_r logistic_S.
Proof.
move=> u; split=> [|c].
  apply: has_gradient_eq.
    apply: has_gradient_sub; last exact/has_gradient_cmul/has_gradient_coord.
    apply: (has_gradient_chain1 (phi := softplus) (F := fun v => v ord0)).
      exact: softplus_derive.
    exact: has_gradient_coord.
  by move=> e; rewrite /logistic_r !ord1 eqxx /=; ring.
apply: has_gradient_eq.
  apply: has_gradient_sub; last exact: has_gradient_cst.
  apply: (has_gradient_chain1 (phi := logistic) (F := fun v => v c)).
    exact: logistic_derive.
  exact: has_gradient_coord.
by move=> e; rewrite /logistic_S /logistic1 !ord1 eqxx /=; ring.
Qed.

Theorem logistic_psd u : output_psd (logistic_S u).
Proof.
move=> v; rewrite !rsum1 /logistic_S.
have := logistic_range (u ord0); set p := logistic _ => -[p0 p1].
by rewrite Rmult_comm -Rmult_assoc -/(Rsqr (v ord0)); apply: Rmult_le_pos;
  [apply: Rle_0_sqr | nra].
Qed.

(** T02(e): S <= |r| <= ℓ and S <= 1/4 for y in {0, 1} *)
Hypothesis y01 : y = 0 \/ y = 1.

Lemma ln_le_sub1 t : 0 < t -> ln t <= t - 1.
Proof.
move=> t0; have := exp_ineq1_le (ln t); rewrite exp_ln //; lra.
Qed.

Theorem logistic_S_r u c : logistic_S u c c <= Rabs (logistic_r u c).
Proof.
rewrite /logistic_S /logistic_r; have := logistic_range (u c).
set p := logistic _ => -[p0 p1]; case: y01 => ->.
  by rewrite Rabs_pos_eq; nra.
by rewrite Rabs_left1; nra.
Qed.

Theorem logistic_r_loss u : Rabs (logistic_r u ord0) <= logistic_loss u.
Proof.
rewrite /logistic_r /logistic_loss; set f := u ord0; set p := logistic f.
have [p0 p1] : 0 < p < 1 := logistic_range f.
have ef := exp_pos f.
case: y01 => ->.
  rewrite Rabs_pos_eq; last lra.
  have -> : ln (1 + exp f) = - ln (1 - p).
    rewrite -ln_Rinv; last lra.
    congr ln; rewrite /p /logistic exp_Ropp; field; split; lra.
  have := @ln_le_sub1 (1 - p); lra.
rewrite Rabs_left1; last lra.
have -> : ln (1 + exp f) - 1 * f = - ln p.
  rewrite -ln_Rinv // -{2}(ln_exp f) Rmult_1_l -ln_div; [|lra|lra].
  by congr ln; rewrite /p /logistic exp_Ropp; field; split; lra.
by have := @ln_le_sub1 p; lra.
Qed.

Theorem logistic_S_quarter u c : logistic_S u c c <= / 4.
Proof.
rewrite /logistic_S; set p := logistic _.
by have := pow2_ge_0 (p - / 2); nra.
Qed.
End Logistic.

(** ** Softmax cross-entropy, label y *)
Section Softmax.
Variable C : nat.
Implicit Types (u v : 'I_C -> R) (c e : 'I_C).

Definition softmax u c : R := exp (u c) / \rsum_e exp (u e).

Lemma softmax_sum_pos u c : 0 < \rsum_e exp (u e).
Proof.
apply: (Rlt_le_trans _ (exp (u c))); first exact: exp_pos.
by apply: (rsum_term_le (F := fun e => exp (u e))) => e; apply/Rlt_le/exp_pos.
Qed.

Lemma softmax_pos u c : 0 < softmax u c.
Proof. exact: Rdiv_lt_0_compat (exp_pos _) (softmax_sum_pos u c). Qed.

Lemma softmax_sum u c : \rsum_e softmax u e = 1.
Proof.
rewrite /softmax /Rdiv -rsum_scalr Rinv_r //.
exact: Rgt_not_eq (softmax_sum_pos u c).
Qed.

Lemma softmax_le1 u c : softmax u c <= 1.
Proof.
rewrite -(softmax_sum u c).
by apply: (rsum_term_le (F := softmax u)) => e; apply/Rlt_le/softmax_pos.
Qed.

Variable y : 'I_C.
Definition cross_entropy u : R := - ln (softmax u y).
Definition softmax_r u c : R := softmax u c - dlt (c == y) 1.
Definition softmax_S u c e : R := softmax u c * (dlt (e == c) 1 - softmax u e).

Lemma exp_gradient u c :
  has_gradient (fun v => exp (v c)) u (fun e => dlt (e == c) (exp (u c))).
Proof.
apply: has_gradient_eq.
  apply: (has_gradient_chain1 (phi := exp) (F := fun v => v c)).
    exact: is_derive_exp.
  exact: has_gradient_coord.
by move=> e /=; case: (e == c) => /=; ring.
Qed.

Lemma sum_gradient u :
  has_gradient (fun v => \rsum_e exp (v e)) u (fun e => exp (u e)).
Proof.
apply: has_gradient_eq; first by apply: has_gradient_rsum => e; apply: exp_gradient.
move=> e /=; rewrite (rsum_delta (k := e)) ?eqxx //.
by move=> c; rewrite eq_sym => /negbTE->.
Qed.

Lemma softmax_gradient u c :
  has_gradient (fun v => softmax v c) u (softmax_S u c).
Proof.
have s0 := softmax_sum_pos u c; set s := \rsum_e exp (u e) in s0.
apply: has_gradient_eq.
  apply: has_gradient_mul; first exact: exp_gradient.
  apply: (has_gradient_chain1 (phi := Rinv)); last exact: sum_gradient.
  by apply: (is_derive_inv id _ 1 (is_derive_id _)); apply: Rgt_not_eq.
by move=> e /=; rewrite /softmax_S /softmax /= -/s; case: (e == c) => /=; field; lra.
Qed.

Lemma cross_entropyE u : cross_entropy u = ln (\rsum_e exp (u e)) - u y.
Proof.
rewrite /cross_entropy /softmax ln_div ?ln_exp; first by ring.
  exact: exp_pos.
exact: softmax_sum_pos.
Qed.

Theorem softmax_differentiable :
  twice_differentiable cross_entropy softmax_r softmax_S.
Proof.
move=> u; split=> [|c].
  apply: (has_gradient_ext (fun v => esym (cross_entropyE v))).
  apply: has_gradient_eq.
    apply: has_gradient_sub; last exact: has_gradient_coord.
    have s0 := softmax_sum_pos u y.
    apply: (has_gradient_chain1 (phi := ln) (F := fun v => \rsum_e exp (v e))).
      exact: is_derive_ln s0.
    exact: sum_gradient.
  by move=> c; rewrite /softmax_r /softmax /Rdiv [/ _ * _]Rmult_comm.
apply: has_gradient_eq.
  apply: has_gradient_sub; [exact: softmax_gradient | exact: has_gradient_cst].
by move=> e; rewrite Rminus_0_r.
Qed.

(** vᵀSv = Σ_c p_c v_c² − (Σ_c p_c v_c)² = ½ Σ_c Σ_e p_c p_e (v_c − v_e)² *)
Lemma softmax_quad u v : \rsum_c \rsum_e v c * softmax_S u c e * v e =
  (\rsum_c softmax u c * v c ^ 2) - (\rsum_c softmax u c * v c) ^ 2.
Proof.
rewrite /= Rmult_1_r rsum_prod -rsum_minus; apply: rsum_eq => c.
transitivity (\rsum_e (dlt (e == c) (v c * softmax u c * v e)
    - softmax u c * v c * (softmax u e * v e))).
  by apply: rsum_eq => e; rewrite /softmax_S; case: (e == c) => /=; ring.
by rewrite rsum_minus rsum_pickl; congr (_ - _); ring.
Qed.

Lemma softmax_quad_pairs u v : \rsum_c \rsum_e v c * softmax_S u c e * v e =
  / 2 * \rsum_c \rsum_e softmax u c * softmax u e * (v c - v e) ^ 2.
Proof.
rewrite softmax_quad.
have -> : \rsum_c \rsum_e softmax u c * softmax u e * (v c - v e) ^ 2 =
    \rsum_c \rsum_e (softmax u c * v c ^ 2 * softmax u e + (softmax u c *
      (softmax u e * v e ^ 2) + (-2 * (softmax u c * v c)) * (softmax u e * v e))).
  by do 2!apply: rsum_eq => ?; ring.
under [X in _ = _ * X]eq_bigr => c _ do rewrite !rsum_plus.
rewrite !rsum_plus -!rsum_prod -rsum_scal.
by rewrite (softmax_sum u y); field.
Qed.

Theorem softmax_psd u : output_psd (softmax_S u).
Proof.
move=> v; rewrite softmax_quad_pairs; apply: Rmult_le_pos; first lra.
apply: rsum_ge0 => c; apply: rsum_ge0 => e; apply: Rmult_le_pos; last exact: pow2_ge_0.
by apply: Rmult_le_pos; apply/Rlt_le/softmax_pos.
Qed.

(** S1 = 0: the reason for C − 1 in rank bounds *)
Lemma softmax_S_sum u c : \rsum_e softmax_S u c e = 0.
Proof. by rewrite /softmax_S -rsum_scal rsum_minus rsum_pickl (softmax_sum u y); ring. Qed.

(** T02(e): vᵀSv <= Σ_c 2 p_c (1 − p_c) v_c², with each weight <= ½ and <= 2(1 − p_y) *)
Lemma softmax_quad_diag u v : \rsum_c \rsum_e v c * softmax_S u c e * v e <=
  \rsum_c 2 * softmax u c * (1 - softmax u c) * v c ^ 2.
Proof.
rewrite softmax_quad_pairs.
apply: (Rle_trans _ (/ 2 * \rsum_c \rsum_e dlt (e != c)
    (softmax u c * softmax u e * (2 * v c ^ 2 + 2 * v e ^ 2)))).
  apply: Rmult_le_compat_l; first lra.
  apply: rsum_le => c; apply: rsum_le => e; case: eqP => [->|_] /=.
    by apply: Req_le; ring.
  apply: Rmult_le_compat_l; last by have := pow2_ge_0 (v c + v e); lra.
  by apply: Rmult_le_pos; apply/Rlt_le/softmax_pos.
apply: Req_le.
have off c k : k * (softmax u c * (1 - softmax u c)) =
    \rsum_e dlt (e != c) (k * (softmax u c * softmax u e)).
  rewrite -(softmax_sum u c) Rmult_minus_distr_l rsum_scal.
  rewrite -[softmax u c * softmax u c](rsum_pickl (fun e => softmax u c * softmax u e)).
  rewrite -rsum_minus rsum_scal.
  by apply: rsum_eq => e; case: (e == c) => /=; ring.
pose D := \rsum_c 2 * v c ^ 2 * (softmax u c * (1 - softmax u c)).
transitivity (/ 2 * (D + D)); last first.
  by rewrite /D -rsum_plus rsum_scal; apply: rsum_eq => c; field.
congr (_ * _); rewrite /D (rsum_eq (fun c => off c _)) [X in _ = _ + X]rsum_exchange.
rewrite -rsum_plus; apply: rsum_eq => c; rewrite -rsum_plus; apply: rsum_eq => e.
by rewrite [c == e]eq_sym; case: (e == c) => /=; ring.
Qed.

Theorem softmax_half u v : \rsum_c \rsum_e v c * softmax_S u c e * v e <=
  / 2 * \rsum_c v c ^ 2.
Proof.
apply: Rle_trans (softmax_quad_diag u v) _; rewrite rsum_scal; apply: rsum_le => c.
apply: Rmult_le_compat_r; first exact: pow2_ge_0.
by have := pow2_ge_0 (softmax u c - / 2); nra.
Qed.

(** p_c <= 1 − p_y for c ≠ y *)
Lemma softmax_other u c : c != y -> softmax u c <= 1 - softmax u y.
Proof.
move=> cy; rewrite -(softmax_sum u y) (bigD1 y) //= (bigD1 c) //=.
set rest := \big[_/_]_(i | _) _; suff : 0 <= rest by lra.
have h e : 0 <= softmax u e by apply/Rlt_le/softmax_pos.
by apply: (big_ind (Rle 0)) => // *; lra.
Qed.

Theorem softmax_label u v : \rsum_c \rsum_e v c * softmax_S u c e * v e <=
  2 * (1 - softmax u y) * \rsum_c v c ^ 2.
Proof.
apply: Rle_trans (softmax_quad_diag u v) _; rewrite rsum_scal; apply: rsum_le => c.
apply: Rmult_le_compat_r; first exact: pow2_ge_0.
have p0 := softmax_pos u c; have p1 := softmax_le1 u c; have q1 := softmax_le1 u y.
case: (eqVneq c y) => [->|cy]; first by have := softmax_pos u y; nra.
by have := softmax_other u cy; nra.
Qed.

(** tr S <= 2(1 − p_y) *)
Theorem softmax_trace u : \rsum_c softmax_S u c c <= 2 * (1 - softmax u y).
Proof.
have -> : \rsum_c softmax_S u c c = 1 - \rsum_c softmax u c ^ 2.
  rewrite -(softmax_sum u y) -rsum_minus; apply: rsum_eq => c.
  by rewrite /softmax_S eqxx /=; ring.
have h : softmax u y ^ 2 <= \rsum_c softmax u c ^ 2.
  by apply: (rsum_term_le (F := fun c => softmax u c ^ 2)) => c; apply: pow2_ge_0.
by have := pow2_ge_0 (1 - softmax u y); nra.
Qed.

(** 1 − p_y <= ℓ *)
Theorem softmax_loss u : 1 - softmax u y <= cross_entropy u.
Proof.
by have := ln_le_sub1 (softmax_pos u y); rewrite /cross_entropy; lra.
Qed.

(** ‖r‖₁ = 2(1 − p_y) *)
Theorem softmax_r_norm1 u : \rsum_c Rabs (softmax_r u c) = 2 * (1 - softmax u y).
Proof.
have p1 := softmax_le1 u y.
have e c : Rabs (softmax_r u c) = softmax u c + dlt (c == y) (1 - 2 * softmax u y).
  rewrite /softmax_r; case: eqP => [->|_] /=; last first.
    by rewrite Rminus_0_r Rabs_pos_eq ?Rplus_0_r //; apply/Rlt_le/softmax_pos.
  by rewrite Rabs_left1; [ring | lra].
rewrite (rsum_eq e) rsum_plus (softmax_sum u y) (rsum_pickl (fun=> _)); ring.
Qed.
End Softmax.
