(** T13 for one input: ReLU, d = 1, C = 1, squared loss. With the kinks τ_k = -b_k/w_k and the
    empirical law P of the inputs let

      g⁺(τ) = P(x > τ)² E(x - τ | x > τ) √(1 + E(x | x > τ)²),   g⁻ on the other side,

    and g = min(g⁻, g⁺). As f'' = Σ_k a_k|w_k| δ_(τ_k), with equal kinks merged,

      λ_1(G) ≥ 1 + 2 Σ_k |a_kw_k| g^(±)(τ_k) ≥ 1 + 2 ∫ |f''| g,

    and where ∇L = 0 a step η with λ_1(H) ≤ 2/η has ∫ |f''| g ≤ 1/η - ½. *)
From Coq Require Import Reals Lra Psatz FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Activations Losses.
From LandTheory Require Import SquareMatrices Complexity StabilityBound.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ** conditional means *)
Section Conditional.
Variables (n : nat) (om : 'I_n -> R).

(** E(h | ω) = mean(ω h)/mean ω for an indicator ω; 0 if ω = 0 *)
Definition conditional (h : 'I_n -> R) : R := mean (fun i => om i * h i) / mean om.

Hypothesis n0 : (0 < n)%N.
Hypothesis om_ge0 : forall i, 0 <= om i.

Lemma conditionalE h : mean (fun i => om i * h i) = mean om * conditional h.
Proof.
case: (Req_EM_T (mean om) 0) => [z|z]; last by rewrite /conditional; field.
have s0 : \rsum_i om i = 0.
  have : 0 < / INR n by apply/Rinv_0_lt_compat/lt_0_INR/ltP.
  by move: z; rewrite /mean => /Rmult_integral[]; lra.
rewrite z Rmult_0_l /mean rsum0 ?Rmult_0_r // => i.
by rewrite (rsum_eq0 om_ge0 s0 i) Rmult_0_l.
Qed.
End Conditional.

Section Kinks.
Variables n m : nat.
Variable X : 'I_n -> 'I_1 -> R.
Implicit Types (th : par m 1 1 -> R) (t : R).
Local Notation x i := (X i ord0).

(** the inputs on either side of t *)
Definition above t (i : 'I_n) : R := if Rlt_dec t (x i) then 1 else 0.
Definition below t (i : 'I_n) : R := if Rlt_dec (x i) t then 1 else 0.

(** P² E|x - t| √(1 + (Ex)²), with the probability of a side and the means on it *)
Definition side_gain (om : 'I_n -> R) t : R := mean om ^ 2
  * conditional om (fun i => Rabs (x i - t)) * sqrt (1 + conditional om (fun i => x i) ^ 2).
Definition gain_above t : R := side_gain (above t) t.
Definition gain_below t : R := side_gain (below t) t.
Definition gain t : R := Rmin (gain_below t) (gain_above t).

(** w_k, a_k, τ_k and g^(±)(τ_k) *)
Definition input_weight th k : R := th (hid k (Some ord0)).
Definition output_weight th k : R := th (out k ord0).
Definition kink th k : R := - th (hid k None) / input_weight th k.
Definition kink_gain th k : R :=
  if Rlt_dec 0 (input_weight th k) then gain_above (kink th k) else gain_below (kink th k).
Local Notation w := input_weight.
Local Notation a := output_weight.

(** |a mass of f'' at t|: f'' = Σ_k a_k|w_k| δ_(τ_k) *)
Definition same (t s : R) : bool := if Req_EM_T t s then true else false.
Definition bend_mass th t : R := Rabs (\rsum_k dlt (same (kink th k) t) (a th k * Rabs (w th k))).

(** ∫ |f''| g: the sum over the different kinks, each by its first neuron *)
Definition first_kink th (k : 'I_m) : bool :=
  [forall l : 'I_m, (l < k)%N ==> ~~ same (kink th l) (kink th k)].
Definition bend_integral th : R :=
  \rsum_k dlt (first_kink th k) (bend_mass th (kink th k) * gain (kink th k)).

Lemma sameP t s : reflect (t = s) (same t s).
Proof. by rewrite /same; case: Req_EM_T => h; constructor. Qed.

Hypothesis n0 : (0 < n)%N.

Lemma above_ge0 t i : 0 <= above t i.
Proof. by rewrite /above; case: Rlt_dec => /= _; lra. Qed.
Lemma below_ge0 t i : 0 <= below t i.
Proof. by rewrite /below; case: Rlt_dec => /= _; lra. Qed.

Lemma side_gain_ge0 om t : (forall i, 0 <= om i) -> 0 <= side_gain om t.
Proof.
move=> om0; apply: Rmult_le_pos (sqrt_pos _); apply: Rmult_le_pos; first exact: pow2_ge_0.
have m0 : 0 <= mean om by apply: mean_ge0.
have v0 : 0 <= / mean om.
  by case: (Req_dec (mean om) 0) => [->|ne]; [rewrite Rinv_0; lra |
    apply/Rlt_le/Rinv_0_lt_compat; lra].
apply: Rmult_le_pos v0; apply: mean_ge0 => i.
by apply: Rmult_le_pos (om0 i) (Rabs_pos _).
Qed.

Lemma gain_ge0 t : 0 <= gain t.
Proof. by apply: Rmin_glb; apply: side_gain_ge0; [apply: below_ge0 | apply: above_ge0]. Qed.

Lemma gain_le th k : gain (kink th k) <= kink_gain th k.
Proof. by rewrite /kink_gain; case: Rlt_dec => /= _; [apply: Rmin_r | apply: Rmin_l]. Qed.

Section Neuron.
Variables (th : par m 1 1 -> R) (k : 'I_m) (om : 'I_n -> R).
Hypothesis om_ge0 : forall i, 0 <= om i.
Hypothesis slope_om : forall i, pl1 1 0 (pre th (X i) k) = om i.
Hypothesis act_om : forall i, pl 1 0 (pre th (X i) k)
  = Rabs (w th k) * (om i * Rabs (x i - kink th k)).
Hypothesis off : off_kinks 1 0 X th.

Lemma neuron_gain : sqrt (norm2 (mean_input 1 0 X th k)) * mean_activation 1 0 X th k
  = Rabs (w th k) * side_gain om (kink th k).
Proof.
have m0 : 0 <= mean om by apply: mean_ge0.
rewrite mean_activationE // (mean_eq act_om) mean_scal conditionalE //.
have -> : norm2 (mean_input 1 0 X th k)
    = mean om ^ 2 * (1 + conditional om (fun i => x i) ^ 2).
  rewrite /norm2 rsum_option rsum1 /mean_input /=.
  rewrite (mean_eq (g := fun i => om i * x i)) => [|i]; last by rewrite slope_om.
  rewrite (mean_eq (f := fun i => _ * 1) (g := om)) => [|i]; last by rewrite slope_om Rmult_1_r.
  by rewrite conditionalE //; ring.
rewrite sqrt_mult_alt; last exact: pow2_ge_0.
by rewrite sqrt_pow2 // /side_gain; ring.
Qed.
End Neuron.

Section Sharpness.
Variable th : par m 1 1 -> R.
Hypothesis off : off_kinks 1 0 X th.
Hypothesis w0 : forall k, w th k <> 0.
Local Notation G := (ggn (pl 1 0) (pl1 1 0) (fun=> @squared_S 1) X th).

Lemma kink_pre i k : pre th (X i) k = w th k * (x i - kink th k).
Proof.
have split (p b y : R) : p <> 0 -> p * y + b = p * (y - - b / p) by move=> ?; field.
rewrite preE rsum1; exact: (split (w th k) (th (hid k None)) (x i) (@w0 k)).
Qed.

Lemma kink_off i k : pre th (X i) k <> 0.
Proof. by case: (off i k) => // h; lra. Qed.

(** |a_k| ‖u_k‖ (w̃_k·u_k) = |a_kw_k| g^(±)(τ_k) *)
Theorem neuron_kink k :
  Rabs (a th k) * sqrt (norm2 (mean_input 1 0 X th k)) * mean_activation 1 0 X th k
    = Rabs (a th k * w th k) * kink_gain th k.
Proof.
rewrite Rabs_mult !Rmult_assoc; congr (_ * _); rewrite /kink_gain; have wk := @w0 k.
case: Rlt_dec => h; apply: neuron_gain => // i; rewrite ?kink_pre.
- exact: above_ge0.
- rewrite /above; case: Rlt_dec => h'; first by rewrite pl1_pos //; nra.
  by rewrite pl1_neg //; have := @kink_off i k; rewrite kink_pre => ne; nra.
- rewrite /above (Rabs_pos_eq (w th k)); last lra.
  case: Rlt_dec => h' /=; last by rewrite pl_neg; [ring | nra].
  by rewrite pl_pos ?(Rabs_pos_eq (x i - _)); [ring | lra | nra].
- exact: below_ge0.
- rewrite /below; case: Rlt_dec => h'; first by rewrite pl1_pos //; nra.
  by rewrite pl1_neg //; have := @kink_off i k; rewrite kink_pre => ne; nra.
- rewrite /below (Rabs_left1 (w th k)); last lra.
  case: Rlt_dec => h' /=; last by rewrite pl_neg; [ring | nra].
  by rewrite pl_pos ?(Rabs_left1 (x i - _)); [ring | lra | nra].
Qed.

Lemma mean_activation_ge0 k : 0 <= mean_activation 1 0 X th k.
Proof.
rewrite mean_activationE //; apply: mean_ge0 => i; rewrite /pl.
by have := Rmax_r (pre th (X i) k) 0; lra.
Qed.

Lemma bend_kinks : bend 1 0 X th = 1 + 2 * \rsum_k Rabs (a th k * w th k) * kink_gain th k.
Proof.
rewrite /bend; congr (_ + _ * _); apply: rsum_eq => k; rewrite -neuron_kink.
by congr (_ * _); apply: Rabs_pos_eq; apply: mean_activation_ge0.
Qed.

(** λ_1(G) ≥ 1 + 2 Σ_k |a_kw_k| g^(±)(τ_k) *)
Theorem sharpness_kinks :
  lmax_ge G (1 + 2 * \rsum_k Rabs (a th k * w th k) * kink_gain th k).
Proof. by rewrite -bend_kinks; apply: sharpness_bend. Qed.

(** at most one term *)
Lemma rsum_dlt_unique (I : finType) (Q : I -> bool) t : 0 <= t ->
  (forall k l, Q k -> Q l -> k = l) -> \rsum_k dlt (Q k) t <= t.
Proof.
move=> t0 u; case: (pickP Q) => [k qk|none]; last first.
  by rewrite rsum0 // => k; rewrite none.
rewrite (rsum_delta (k := k)) => [|l lk]; first by rewrite qk; apply: Rle_refl.
by case q: (Q l) => //; case/eqP: lk; apply: u.
Qed.

(** ∫ |f''| g ≤ Σ_k |a_kw_k| g^(±)(τ_k) *)
Lemma bend_integral_le :
  bend_integral th <= \rsum_k Rabs (a th k * w th k) * kink_gain th k.
Proof.
pose c l := Rabs (a th l * w th l) * gain (kink th l).
have c0 l : 0 <= c l by apply: Rmult_le_pos (Rabs_pos _) (gain_ge0 _).
pose meets k l := first_kink th k && same (kink th l) (kink th k).
apply: Rle_trans (_ : \rsum_k \rsum_l dlt (meets k l) (c l) <= _).
  apply: rsum_le => k; rewrite /meets; case: (first_kink th k) => /=; last first.
    by rewrite rsum0 //; apply: Rle_refl.
  rewrite /bend_mass; apply: Rle_trans (Rmult_le_compat_r _ _ _ (gain_ge0 _) (rsum_abs _)) _.
  rewrite rsum_scalr; apply: rsum_le => l; rewrite /c; case: sameP => [->|_] /=.
    by rewrite !Rabs_mult Rabs_Rabsolu; apply: Rle_refl.
  by rewrite Rabs_R0 Rmult_0_l; apply: Rle_refl.
rewrite rsum_exchange; apply: rsum_le => l.
apply: Rle_trans (rsum_dlt_unique (Q := meets^~ l) (c0 l) _) _; last first.
  by apply: Rmult_le_compat_l (Rabs_pos _) (gain_le th l).
have le k k' : meets k l -> meets k' l -> ~~ (k < k')%N.
  move=> /andP[_ /sameP e] /andP[/forallP/(_ k) f /sameP e']; apply/negP => lt.
  by move: f; rewrite lt /= => /negP; apply; apply/sameP; rewrite -e.
move=> k k' mk mk'; apply/val_inj/eqP.
by rewrite eqn_leq leqNgt (le _ _ mk' mk) leqNgt (le _ _ mk mk').
Qed.

(** λ_1(G) ≥ 1 + 2 ∫ |f''| g *)
Theorem sharpness_integral : lmax_ge G (1 + 2 * bend_integral th).
Proof. by apply: lmax_ge_le sharpness_kinks; have := bend_integral_le; lra. Qed.

(** ** where ∇L = 0 *)
Variable Y : 'I_n -> 'I_1 -> R.
Local Notation H := (hessian (pl 1 0) (pl1 1 0) zero
  (fun i => squared_r (Y i)) (fun=> @squared_S 1) X th).
Hypothesis critical :
  forall p, loss_grad (pl 1 0) (pl1 1 0) (fun i => squared_r (Y i)) X th p = 0.

(** λ_1(H) ≥ 1 + 2 ∫ |f''| g *)
Theorem critical_integral : lmax_ge H (1 + 2 * bend_integral th).
Proof.
apply: lmax_ge_le (sharpness_critical n0 off critical); rewrite bend_kinks.
by have := bend_integral_le; lra.
Qed.

(** λ_1(H) ≤ 2/η: ∫ |f''| g ≤ 1/η - ½ *)
Theorem stable_integral eta : 0 < eta -> lmax_le H (2 / eta) ->
  bend_integral th <= 1 / eta - / 2.
Proof.
move=> eta0 l; have [v [v0 h]] := critical_integral.
have : 1 + 2 * bend_integral th <= 2 / eta.
  by apply: (Rmult_le_reg_r (norm2 v)) => //; apply: Rle_trans h (l v).
by rewrite /Rdiv; lra.
Qed.
End Sharpness.
End Kinks.
