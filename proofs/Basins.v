(** T16: volumes of two quadratic basins, and what a truncated spectrum leaves out.

    The ellipsoid {δ : ½δᵀHδ ≤ ε} enters through the formula for its volume (T15),
    V_p (2ε)^(p/2) det(H)^(-1/2) with V_p > 0 the volume of the unit ball; that the formula
    is the Lebesgue measure is not proved here, and no value of V_p is used. Likewise the
    Gaussian evidence E exp(-β½δᵀHδ), δ ~ N(0, τ²I), enters as Π_i (1+βτ²λ_i)^(-1/2). *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect all_fingroup.
From LandTheory Require Import Sums.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Notation "\rprod_ i F" := (\big[Rmult/1]_i F%R)
  (at level 36, F at level 36, i at level 0, format "\rprod_ i  F") : R_scope.
Notation "\rprod_ ( i : T ) F" := (\big[Rmult/1]_(i : T) F%R)
  (at level 36, F at level 36, i at level 50, format "\rprod_ ( i  :  T )  F") : R_scope.

Section Products.
Variable I : finType.
Implicit Types F G : I -> R.

Lemma rprod_gt0 F : (forall i, 0 < F i) -> 0 < \rprod_i F i.
Proof.
by move=> h; apply: (big_ind (Rlt 0)) => // [|x y x0 y0]; [lra | apply: Rmult_lt_0_compat].
Qed.

Lemma rprod_scal c F : \rprod_i (c * F i) = c ^ #|I| * \rprod_i F i.
Proof.
rewrite big_split /= big_const; congr (_ * _).
by elim: #|I| => //= k ->.
Qed.

Lemma ln_rprod F : (forall i, 0 < F i) -> ln (\rprod_i F i) = \rsum_i ln (F i).
Proof.
move=> h; suff [] : 0 < \rprod_i F i /\ ln (\rprod_i F i) = \rsum_i ln (F i) by [].
apply: (big_ind2 (fun a b => 0 < a /\ ln a = b)) => [|a b c d [a0 <-] [c0 <-]|i _].
- by split; [lra | apply: ln_1].
- by split; [apply: Rmult_lt_0_compat | apply: ln_mult].
by [].
Qed.
End Products.

(** ** Volumes *)

(** det A, by Leibniz' formula *)
Definition det p (A : 'I_p -> 'I_p -> R) : R :=
  \rsum_(s : {perm 'I_p}) (-1) ^ (odd_perm s) * \rprod_i A i (s i).

(** V (2ε)^(p/2) d^(-1/2), where d is the determinant *)
Definition ellipsoid_volume (V : R) (p : nat) (eps d : R) : R :=
  V * Rpower (2 * eps) (INR p / 2) * Rpower d (- / 2).

(** The volume of a first set among two disjoint ones: its probability, given that a
    uniform point lies in either *)
Definition share (v1 v2 : R) : R := v1 / (v1 + v2).

Lemma det_scal p c (A : 'I_p -> 'I_p -> R) : det (fun i j => c * A i j) = c ^ p * det A.
Proof.
rewrite /det rsum_scal; apply: rsum_eq => s.
by rewrite rprod_scal card_ord; ring.
Qed.

Lemma ellipsoid_volume_gt0 V p eps d : 0 < V -> 0 < ellipsoid_volume V p eps d.
Proof.
by move=> V0; apply: Rmult_lt_0_compat (exp_pos _); apply: Rmult_lt_0_compat (exp_pos _).
Qed.

(** Vol_1/Vol_2 = √(det H_2/det H_1) *)
Theorem volume_ratio V p eps d1 d2 :
  0 < V -> 0 < d1 -> 0 < d2 ->
  ellipsoid_volume V p eps d1 / ellipsoid_volume V p eps d2 = sqrt (d2 / d1).
Proof.
move=> V0 d10 d20; rewrite sqrt_div_alt // -!Rpower_sqrt // /ellipsoid_volume !Rpower_Ropp.
have := exp_pos (INR p / 2 * ln (2 * eps)); have := exp_pos (/ 2 * ln d1).
have := exp_pos (/ 2 * ln d2); rewrite -!/(Rpower _ _) => *; field; lra.
Qed.

(** H_2 = s²H_1: Vol_1/Vol_2 = s^p *)
Theorem volume_ratio_scaled V p eps s (H : 'I_p -> 'I_p -> R) :
  0 < V -> 0 < s -> 0 < det H ->
  ellipsoid_volume V p eps (det H) /
    ellipsoid_volume V p eps (det (fun i j => s ^ 2 * H i j)) = s ^ p.
Proof.
move=> V0 s0 d0; have sp : 0 < s ^ p by apply: pow_lt.
rewrite det_scal -pow_mult Nat.mul_comm pow_mult volume_ratio //; last first.
  by apply: Rmult_lt_0_compat => //; apply: pow_lt.
rewrite (_ : _ / det H = (s ^ p) ^ 2); last by field; lra.
by rewrite sqrt_pow2 //; lra.
Qed.

(** then the first basin has the share 1/(1 + s^(-p)) *)
Theorem basin_share V p eps s (H : 'I_p -> 'I_p -> R) :
  0 < V -> 0 < s -> 0 < det H ->
  share (ellipsoid_volume V p eps (det H))
    (ellipsoid_volume V p eps (det (fun i j => s ^ 2 * H i j))) = 1 / (1 + / s ^ p).
Proof.
move=> V0 s0 d0; have sp : 0 < s ^ p by apply: pow_lt.
have := volume_ratio_scaled eps V0 s0 d0; rewrite /share.
have := ellipsoid_volume_gt0 p eps (det (fun i j => s ^ 2 * H i j)) V0.
move: (ellipsoid_volume _ _ _ _) (ellipsoid_volume _ _ _ _) => v1 v2 v20 e.
have -> : v1 = s ^ p * v2 by rewrite -e; field; lra.
by field; split; [lra | split; nra].
Qed.

(** 1/(1 + s^(-p)) ≥ 1 - s^(-p) *)
Theorem share_ge s p : 0 < s -> 1 - / s ^ p <= 1 / (1 + / s ^ p).
Proof.
move=> s0; have : 0 < / s ^ p by apply/Rinv_0_lt_compat/pow_lt.
move: (/ _) => x x0; apply: (Rmult_le_reg_r (1 + x)); first lra.
rewrite (_ : 1 / (1 + x) * (1 + x) = 1); last by field; lra.
by nra.
Qed.

(** ** Truncated spectra *)
Section Truncation.
Variables (p : nat) (lam : 'I_p -> R).
Implicit Types (j : nat) (V eps bt : R).

(** log V_p + (p/2) log(2ε) - ½Σ_(i≤j) log λ_i: the first j eigenvalues only *)
Definition truncated_log_volume V eps j : R :=
  ln V + INR p / 2 * ln (2 * eps) - / 2 * \rsum_(i : 'I_p) dlt (i < j)%N (ln (lam i)).

(** -½Σ_(i≤j) log(1+βτ²λ_i) with bt = βτ² *)
Definition truncated_log_evidence bt j : R :=
  - / 2 * \rsum_(i : 'I_p) dlt (i < j)%N (ln (1 + bt * lam i)).

(** Π_i (1+βτ²λ_i)^(-1/2) *)
Definition evidence bt : R := \rprod_i Rpower (1 + bt * lam i) (- / 2).

Lemma rsum_split j (F : 'I_p -> R) :
  \rsum_i F i = (\rsum_(i : 'I_p) dlt (i < j)%N (F i)) + \rsum_(i : 'I_p) dlt (j <= i)%N (F i).
Proof.
by rewrite -rsum_plus; apply: rsum_eq => i; rewrite [(j <= i)%N]leqNgt; case: (i < j)%N => /=; ring.
Qed.

(** The error of the truncated log-volume is -½Σ_(i>j) log λ_i. *)
Theorem truncation_error V eps j :
  0 < V -> 0 < eps -> (forall i, 0 < lam i) ->
  ln (ellipsoid_volume V p eps (\rprod_i lam i)) - truncated_log_volume V eps j =
  - / 2 * \rsum_(i : 'I_p) dlt (j <= i)%N (ln (lam i)).
Proof.
move=> V0 e0 l0; have pos x y : 0 < Rpower x y by apply: exp_pos.
rewrite /ellipsoid_volume !ln_mult //; last exact: Rmult_lt_0_compat.
rewrite /Rpower !ln_exp ln_rprod //.
by rewrite (rsum_split j) /truncated_log_volume; ring.
Qed.

Lemma ln_evidence bt :
  ln (evidence bt) = - / 2 * \rsum_i ln (1 + bt * lam i).
Proof.
rewrite /evidence ln_rprod => [|i]; last exact: exp_pos.
by rewrite rsum_scal; apply: rsum_eq => i; rewrite /Rpower ln_exp.
Qed.

Lemma ln1p_bounds x : 0 <= x -> 0 <= ln (1 + x) <= x.
Proof.
move=> x0; split; first by rewrite -ln_1; apply: ln_le; lra.
rewrite -[X in _ <= X]ln_exp; apply: ln_le; first lra.
exact: exp_ineq1_le.
Qed.

(** 0 ≤ truncated log-evidence - log-evidence ≤ ½βτ²Σ_(i>j) λ_i *)
Theorem evidence_truncation bt j :
  0 <= bt -> (forall i, 0 <= lam i) ->
  0 <= truncated_log_evidence bt j - ln (evidence bt) <=
  / 2 * bt * \rsum_(i : 'I_p) dlt (j <= i)%N (lam i).
Proof.
move=> b0 l0; rewrite ln_evidence (rsum_split j) /truncated_log_evidence.
set a := \rsum_i _; set t := \rsum_i _.
have -> : - / 2 * a - - / 2 * (a + t) = / 2 * t by ring.
have h i := ln1p_bounds (Rmult_le_pos _ _ b0 (l0 i)).
split.
  apply: Rmult_le_pos; first lra.
  apply: rsum_ge0 => i; case: (_ <= _)%N => /=; [exact: (proj1 (h i)) | exact: Rle_refl].
rewrite Rmult_assoc; apply: Rmult_le_compat_l; first lra.
rewrite rsum_scal; apply: rsum_le => i; case: (_ <= _)%N => /=; [exact: (proj2 (h i)) | lra].
Qed.

(** evidence ≤ Π_(i≤j) (1+βτ²λ_i)^(-1/2) *)
Theorem evidence_le bt j :
  0 <= bt -> (forall i, 0 <= lam i) ->
  evidence bt <= \rprod_(i : 'I_p) (if (i < j)%N then Rpower (1 + bt * lam i) (- / 2) else 1).
Proof.
move=> b0 l0.
suff [] : 0 < evidence bt /\
    evidence bt <= \rprod_(i : 'I_p) (if (i < j)%N then Rpower (1 + bt * lam i) (- / 2) else 1) by [].
apply: (big_ind2 (fun a b => 0 < a /\ a <= b)) => [|a b c d [a0 ab] [c0 cd]|i _].
- by split; lra.
- by split; [apply: Rmult_lt_0_compat | apply: Rmult_le_compat; lra].
split; first exact: exp_pos.
case: ifP => _; first exact: Rle_refl.
have := ln1p_bounds (Rmult_le_pos _ _ b0 (l0 i)); rewrite /Rpower -exp_0 => -[+ _].
by case=> [h|<-]; [apply/Rlt_le/exp_increasing; lra | rewrite Rmult_0_r; apply: Rle_refl].
Qed.
End Truncation.

(** ** Truncation can reverse an order *)

(** ln x ≥ 2(x-1)/(x+1) for x ≥ 1 *)
Lemma ln_ge x : 1 <= x -> 2 * (x - 1) / (x + 1) <= ln x.
Proof.
move=> x1; pose f t := ln t - 2 * (t - 1) / (t + 1).
pose df t := (t - 1) ^ 2 / (t * (t + 1) ^ 2).
have d t : 1 <= t -> is_derive f t (df t).
  move=> t1; rewrite /f /df; auto_derive; first by split; lra.
  by field; lra.
have [||c [hc e]] := MVT_gen f 1 x df.
- by move=> t; rewrite Rmin_left // => -[h _]; apply: d; lra.
- move=> t; rewrite Rmin_left // => -[h _]; apply/continuity_pt_filterlim.
  by apply: (ex_derive_continuous f); exists (df t); apply: d; lra.
move: e; rewrite /f ln_1 (_ : 0 - 2 * (1 - 1) / (1 + 1) = 0); last by field.
suff : 0 <= df c * (x - 1) by lra.
apply: Rmult_le_pos; last lra.
move: hc; rewrite Rmin_left // => -[c1 _].
by apply: Rmult_le_pos; [apply: pow2_ge_0 | apply/Rlt_le/Rinv_0_lt_compat; nra].
Qed.

(** spectra (10, 10⁻⁶) and (9, 1) *)
Definition spectrum1 (i : 'I_2) : R := if i == ord0 then 10 else / 10 ^ 6.
Definition spectrum2 (i : 'I_2) : R := if i == ord0 then 9 else 1.

(** The top eigenvalue alone ranks the second basin first; the first is e^6.8 times larger. *)
Theorem truncation_flips V eps :
  0 < V -> 0 < eps ->
  truncated_log_volume spectrum1 V eps 1 - truncated_log_volume spectrum2 V eps 1 < 0 /\
  68 / 10 < ln (ellipsoid_volume V 2 eps (\rprod_i spectrum1 i)) -
    ln (ellipsoid_volume V 2 eps (\rprod_i spectrum2 i)).
Proof.
move=> V0 e0.
have s1 i : 0 < spectrum1 i.
  by rewrite /spectrum1; case: ifP => _; [lra | apply/Rinv_0_lt_compat/pow_lt; lra].
have s2 i : 0 < spectrum2 i by rewrite /spectrum2; case: ifP => _; lra.
have l109 : ln 9 < ln 10 by apply: ln_increasing; lra.
have := truncation_error 2 V0 e0 s1; have := truncation_error 2 V0 e0 s2.
move: (ln (ellipsoid_volume _ _ _ _)) (ln (ellipsoid_volume _ _ _ _)) => v1 v2.
rewrite /truncated_log_volume !big_ord_recl !big_ord0 /spectrum1 /spectrum2 /= ln_1 => e2 e1.
split; first lra.
have h2 : ln 2 = ln (5/4) + ln (6/5) + ln (4/3) by rewrite -!ln_mult; [congr ln; field | lra..].
have h3 : ln (3/2) = ln (5/4) + ln (6/5) by rewrite -!ln_mult; [congr ln; field | lra..].
have h9 : ln 9 = 2 * ln 2 + 2 * ln (3/2).
  by rewrite (_ : 9 = 2 * 2 * (3/2) * (3/2)) ?ln_mult; [ring | lra..].
have h10 : ln 10 = 3 * ln 2 + ln (5/4).
  by rewrite (_ : 10 = 2 * 2 * 2 * (5/4)) ?ln_mult; [ring | lra..].
have h6 : ln (/ 10 ^ 6) = - (6 * ln 10).
  by rewrite ln_Rinv ?ln_pow /=; [ring | lra..].
have := @ln_ge (5/4); have := @ln_ge (6/5); have := @ln_ge (4/3).
by move: e1 e2; rewrite h6 /=; lra.
Qed.
