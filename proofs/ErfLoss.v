(** The population loss of erf(z/√2) under Gaussian inputs, and its second derivative at the
    global minimum (T20(a.2)).

    L(W) = ½Σκ(w_i,w_j) - Σκ(w_i,v_j) + ½Σκ(v_i,v_j) with T18(a.2)'s kernel κ; along
    W = V + sT with V = [I_k, 0], L' = 0 and L'' = ⟨T,HT⟩ at s = 0, as true derivatives. *)
From Coq Require Import Reals Lra FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Spectral TeacherStudent TeacherStudentErf.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** d/ds arcsin(r/√(ab)) = (r' - ½r(a'/a + b'/b))/√(ab - r²) *)
Lemma is_derive_asin_quotient (r a b : R -> R) s dr da db :
  is_derive r s dr -> is_derive a s da -> is_derive b s db ->
  0 < a s -> 0 < b s -> r s ^ 2 < a s * b s ->
  is_derive (fun s => asin (r s / sqrt (a s * b s))) s
    ((dr - r s / 2 * (da / a s + db / b s)) / sqrt (a s * b s - r s ^ 2)).
Proof.
move=> hr ha hb a0 b0 lt; have ab : 0 < a s * b s by apply: Rmult_lt_0_compat.
have y0 := sqrt_lt_R0 _ ab; have yy := sqrt_sqrt _ (Rlt_le _ _ ab).
have w0 : 0 < sqrt (a s * b s - r s ^ 2) by apply: sqrt_lt_R0; lra.
have ww : sqrt (a s * b s - r s ^ 2) * sqrt (a s * b s - r s ^ 2) = a s * b s - r s ^ 2.
  by apply: sqrt_sqrt; lra.
set y := sqrt (a s * b s) in y0 yy *; set w := sqrt (_ - _) in w0 ww *.
have hy : is_derive (fun s => sqrt (a s * b s)) s ((da * b s + a s * db) / (2 * y)).
  by apply: is_derive_sqrt ab; apply: is_derive_mul.
have hq : is_derive (fun s => r s / sqrt (a s * b s)) s
    ((dr * y - r s * ((da * b s + a s * db) / (2 * y))) / y ^ 2).
  by apply: is_derive_div => //; rewrite -/y; lra.
have q : 1 - (r s / y) ^ 2 = (w / y) ^ 2.
  transitivity ((y * y - r s ^ 2) / (y * y)); first by field; lra.
  by rewrite {1}yy -ww; field; lra.
have wy : 0 < w / y by apply: Rdiv_lt_0_compat.
have x1 : -1 < r s / y < 1 by have := pow_lt _ 2 wy; split; nra.
have hasin : is_derive asin (r s / y) (/ (w / y)).
  apply: is_derive_eq (_ : is_derive asin (r s / y) (derive_pt asin _ (derivable_pt_asin _ x1))) _.
    by apply/is_derive_Reals/(derive_pt_eq_1 _ _ _ (derivable_pt_asin _ x1)).
  by rewrite derive_pt_asin Rsqr_pow2 q sqrt_pow2; [rewrite /Rdiv Rmult_1_l | lra].
apply: is_derive_eq (is_derive_chain (g := fun s => r s / sqrt (a s * b s)) hasin hq) _.
have -> : (dr * y - r s * ((da * b s + a s * db) / (2 * y))) / y ^ 2
    = (dr - r s / 2 * (da / a s + db / b s)) / y.
  transitivity ((dr - r s / 2 * ((da * b s + a s * db) / (y * y))) / y); first by field; lra.
  by rewrite yy; field; do ?split; lra.
by field; lra.
Qed.

(** ** The kernel along lines *)
Section Kernel.
Variable D : finType.
Implicit Types u v t : D -> R.

(** κ(u,v) = (2/π) arcsin(u·v/√((1+‖u‖²)(1+‖v‖²))) *)
Definition erf_kernel u v : R :=
  2 / PI * asin (vdot u v / sqrt ((1 + vdot u u) * (1 + vdot v v))).

(** u + st *)
Definition line u t (s : R) : D -> R := fun a => u a + s * t a.

(** p + qs + ws² *)
Definition quadratic (p q w s : R) : R := p + q * s + w * s ^ 2.

Lemma is_derive_quadratic p q w s : is_derive (quadratic p q w) s (q + 2 * w * s).
Proof. by rewrite /quadratic; auto_derive => //; ring. Qed.

Lemma vdot_line u v t t' s : vdot (line u t s) (line v t' s)
  = quadratic (vdot u v) (vdot u t' + vdot t v) (vdot t t') s.
Proof.
rewrite /quadratic /vdot -rsum_plus !rsum_scalr -!rsum_plus.
by apply: rsum_eq => a; rewrite /line; ring.
Qed.

Lemma vdot_ge0 u : 0 <= vdot u u.
Proof. by apply: rsum_ge0 => a; apply: Rle_0_sqr. Qed.

(** (u·v)² < (1+‖u‖²)(1+‖v‖²), by Cauchy and Schwarz *)
Lemma vdot_lt u v : vdot u v ^ 2 < (1 + vdot u u) * (1 + vdot v v).
Proof.
have sq w : \rsum_a w a ^ 2 = vdot w w by apply: rsum_eq => a; ring.
have := rcauchy_schwarz u v; rewrite !sq -/(vdot u v).
by have := vdot_ge0 u; have := vdot_ge0 v; nra.
Qed.

Section Line.
Variables (r0 r1 r2 a0 a1 a2 b0 b1 b2 : R).
Let r := quadratic r0 r1 r2.
Let a := quadratic a0 a1 a2.
Let b := quadratic b0 b1 b2.

(** the derivative of arcsin(r/√(ab)) for quadratic r, a, b *)
Definition asin_slope s : R :=
  (r1 + 2 * r2 * s - r s / 2 * ((a1 + 2 * a2 * s) / a s + (b1 + 2 * b2 * s) / b s))
  / sqrt (a s * b s - r s ^ 2).

Lemma asin_slope0 : asin_slope 0 = (r1 - r0 / 2 * (a1 / a0 + b1 / b0)) / sqrt (a0 * b0 - r0 ^ 2).
Proof.
rewrite /asin_slope /r /a /b /quadratic !(Rmult_0_r, Rplus_0_r) /=.
by rewrite !(Rmult_0_l, Rmult_0_r, Rplus_0_r).
Qed.

(** its derivative at 0 *)
Definition asin_curvature : R :=
  (2 * r2 - r1 / 2 * (a1 / a0 + b1 / b0)
   - r0 / 2 * (2 * a2 / a0 - (a1 / a0) ^ 2 + 2 * b2 / b0 - (b1 / b0) ^ 2))
  / sqrt (a0 * b0 - r0 ^ 2)
  - (r1 - r0 / 2 * (a1 / a0 + b1 / b0)) * (a1 * b0 + a0 * b1 - 2 * r0 * r1)
    / (2 * (a0 * b0 - r0 ^ 2) * sqrt (a0 * b0 - r0 ^ 2)).

Lemma is_derive_asin_slope : 0 < a0 -> 0 < b0 -> r0 ^ 2 < a0 * b0 ->
  is_derive asin_slope 0 asin_curvature.
Proof.
move=> a_gt0 b_gt0 lt; have d0 : 0 < a0 * b0 - r0 ^ 2 by lra.
have y0 := sqrt_lt_R0 _ d0; have yy := sqrt_sqrt _ (Rlt_le _ _ d0).
have z p q w : p + q * 0 + w * (0 * (0 * 1)) = p by ring.
have d : a0 * b0 + - (r0 * (r0 * 1)) = a0 * b0 - r0 ^ 2 by [].
rewrite /asin_slope /r /a /b /quadratic; auto_derive; rewrite !z d; first by do ?split; lra.
rewrite /asin_curvature; move: y0 yy; set y := sqrt _ => y0 yy; rewrite -yy.
by field; do ?split; lra.
Qed.
End Line.

Variables u v t t' : D -> R.

(** d/ds κ(u+st, v+st') *)
Definition kernel_slope s : R :=
  2 / PI * asin_slope (vdot u v) (vdot u t' + vdot t v) (vdot t t')
    (1 + vdot u u) (vdot u t + vdot t u) (vdot t t)
    (1 + vdot v v) (vdot v t' + vdot t' v) (vdot t' t') s.

(** d²/ds² κ(u+st, v+st') at s = 0 *)
Definition kernel_curvature : R :=
  2 / PI * asin_curvature (vdot u v) (vdot u t' + vdot t v) (vdot t t')
    (1 + vdot u u) (vdot u t + vdot t u) (vdot t t)
    (1 + vdot v v) (vdot v t' + vdot t' v) (vdot t' t').

Lemma one_vdot_line w y s : 1 + vdot (line w y s) (line w y s)
  = quadratic (1 + vdot w w) (vdot w y + vdot y w) (vdot y y) s.
Proof. by rewrite vdot_line /quadratic; ring. Qed.

Lemma is_derive_kernel s :
  is_derive (fun s => erf_kernel (line u t s) (line v t' s)) s (kernel_slope s).
Proof.
apply: is_derive_cmul.
apply: (is_derive_ext _ _ _ _ (fun s => esym _)) => [s'|].
  by rewrite vdot_line !one_vdot_line.
apply: is_derive_asin_quotient; try exact: is_derive_quadratic.
- by rewrite -one_vdot_line; have := vdot_ge0 (line u t s); lra.
- by rewrite -one_vdot_line; have := vdot_ge0 (line v t' s); lra.
- by rewrite -!one_vdot_line -vdot_line; apply: vdot_lt.
Qed.

Lemma is_derive_kernel_slope : is_derive kernel_slope 0 kernel_curvature.
Proof.
apply: is_derive_cmul; apply: is_derive_asin_slope; last exact: vdot_lt.
- by have := vdot_ge0 u; lra.
- by have := vdot_ge0 v; lra.
Qed.
End Kernel.

(** ** The loss *)
Section Loss.
Variables (D : finType) (k m : nat).

(** L(W) = ½Σκ(w_i,w_j) - Σκ(w_i,v_j) + ½Σκ(v_i,v_j) *)
Definition erf_loss (V : 'I_m -> D -> R) (W : 'I_k -> D -> R) : R :=
  / 2 * (\rsum_i \rsum_j erf_kernel (W i) (W j)) - (\rsum_i \rsum_j erf_kernel (W i) (V j))
  + / 2 * \rsum_i \rsum_j erf_kernel (V i) (V j).

Lemma is_derive_rsum2 (I J : finType) (F : I -> J -> R -> R) (dF : I -> J -> R) s :
  (forall i j, is_derive (F i j) s (dF i j)) ->
  is_derive (fun s => \rsum_i \rsum_j F i j s) s (\rsum_i \rsum_j dF i j).
Proof. by move=> h; do 2!apply: is_derive_rsum => ?; apply: h. Qed.

Variables (V : 'I_m -> D -> R) (W T : 'I_k -> D -> R).

(** L' and L'' along W + sT *)
Definition erf_loss_slope s : R :=
  / 2 * (\rsum_i \rsum_j kernel_slope (W i) (W j) (T i) (T j) s)
  - \rsum_i \rsum_j kernel_slope (W i) (V j) (T i) (fun=> 0) s.
Definition erf_loss_curvature : R :=
  / 2 * (\rsum_i \rsum_j kernel_curvature (W i) (W j) (T i) (T j))
  - \rsum_i \rsum_j kernel_curvature (W i) (V j) (T i) (fun=> 0).

Lemma is_derive_erf_loss s :
  is_derive (fun s => erf_loss V (fun i => line (W i) (T i) s)) s (erf_loss_slope s).
Proof.
rewrite -[erf_loss_slope s]Rplus_0_r; apply: is_derive_add; last exact: is_derive_cst.
apply: is_derive_sub; first by apply/is_derive_cmul/is_derive_rsum2 => i j; apply: is_derive_kernel.
apply: is_derive_rsum2 => i j.
apply: is_derive_ext (is_derive_kernel (W i) (V j) (T i) (fun=> 0) s) => s'.
congr erf_kernel; apply: functional_extensionality => a.
by rewrite /line; ring.
Qed.

Lemma is_derive_erf_loss_slope : is_derive erf_loss_slope 0 erf_loss_curvature.
Proof.
apply: is_derive_sub; last by apply: is_derive_rsum2 => i j; apply: is_derive_kernel_slope.
by apply/is_derive_cmul/is_derive_rsum2 => i j; apply: is_derive_kernel_slope.
Qed.

Lemma erf_loss_second :
  is_derive_n (fun s => erf_loss V (fun i => line (W i) (T i) s)) 2 0 erf_loss_curvature.
Proof.
apply: is_derive_ext is_derive_erf_loss_slope => s.
by apply/esym/is_derive_unique/is_derive_erf_loss.
Qed.
End Loss.

(** ** At the global minimum *)
Section Minimum.
Variables k e : nat.
Local Notation columns := ('I_k + 'I_e)%type.
Implicit Types (T : 'I_k -> columns -> R) (i j : 'I_k).
Let V : 'I_k -> columns -> R := @identity_rows k e.

Lemma vdot_axisl (E : finType) (p : E) t : vdot (axis p) t = t p.
Proof. exact: rsum_pick1. Qed.

Lemma vdot_axisr (E : finType) (p : E) t : vdot t (axis p) = t p.
Proof. exact: rsum_pick. Qed.

Lemma rows_dot i j : vdot (V i) (V j) = dlt (i == j) 1.
Proof. exact: axis_dot. Qed.

Lemma sqrt3_gt0 : 0 < sqrt 3.
Proof. by apply: sqrt_lt_R0; lra. Qed.

Lemma sqrt_4 : sqrt 4 = 2.
Proof. by rewrite (_ : 4 = 2 ^ 2); [rewrite sqrt_pow2; lra | ring]. Qed.

(** √(ab - r²) at the minimum *)
Lemma sqrt_gap (t : bool) :
  sqrt ((1 + dlt true 1) * (1 + dlt true 1) - dlt t 1 ^ 2) = if t then sqrt 3 else 2.
Proof.
by case: t; rewrite /=; [congr sqrt; ring | rewrite -[RHS]sqrt_4; congr sqrt; ring].
Qed.

(** L'(0) = 0 *)
Theorem erf_loss_gradient T :
  is_derive (fun s => erf_loss V (fun i => line (V i) (T i) s)) 0 0.
Proof.
apply: is_derive_eq (is_derive_erf_loss V V T 0) _.
rewrite /erf_loss_slope -rsum2_scal -[RHS](antisym_sum (k := k)
  (S := fun i j => / (2 * PI) * (T j (inl i) - T i (inl j)))) => [|i j]; last by ring.
apply: Rminus_diag_uniq; rewrite -!rsum_minus; apply: rsum0 => i.
rewrite -!rsum_minus; apply: rsum0 => j.
rewrite /kernel_slope !asin_slope0 !rows_dot !eqxx /V /identity_rows !vdot_axisl !vdot_axisr.
have s3 := sqrt3_gt0; have p0 := PI_neq0.
by rewrite !sqrt_gap; case: eqP => [->|_] /=; field; do ?split=> //; lra.
Qed.

(** ⟨t_i, H_ijt_j⟩ *)
Lemma erf_form T : mdot T (happ (@erf_hessian k e) T)
  = \rsum_i \rsum_j 2 / PI *
      if i == j then root3 * (vdot (T i) (T i) - 2 / 3 * T i (inl i) ^ 2)
      else / 2 * (vdot (T i) (T j) - / 2 * (T i (inl i) * T j (inl i))
                  - / 2 * (T i (inl j) * T j (inl j))).
Proof.
apply: rsum_eq => i; rewrite /happ; under eq_bigr => a _ do rewrite rsum_scal.
rewrite rsum_exchange; apply: rsum_eq => j.
have d0 : \rsum_a \rsum_b dlt (a == b) (T i a * T j b) = vdot (T i) (T j).
  by apply: rsum_eq => a; rewrite (rsum_pickr (fun b => T i a * T j b)).
have d1 l : \rsum_a \rsum_b (axis (inl l : columns) a * T i a) * (axis (inl l : columns) b * T j b)
    = T i (inl l) * T j (inl l).
  by rewrite -rsum_prod !rsum_pick1.
under eq_bigr => a _ do rewrite rsum_scal.
case: (altP (i =P j)) => [ij|ne].
  transitivity (\rsum_a \rsum_b (2 / PI * root3 * dlt (a == b) (T i a * T j b)
    + - (2 / PI * root3 * (2 / 3)) * ((axis (inl i) a * T i a) * (axis (inl i) b * T j b)))).
    do 2!apply: rsum_eq => ?; rewrite /erf_hessian ij eqxx /identity_rows.
    by case: (_ == _) => /=; ring.
  by rewrite rsum2_plus !rsum2_scal d0 d1 -ij; set x := vdot _ _; set y := T i _; ring.
transitivity (\rsum_a \rsum_b (2 / PI * / 2 * dlt (a == b) (T i a * T j b)
  + (- (2 / PI * / 2 * / 2) * ((axis (inl i) a * T i a) * (axis (inl i) b * T j b))
  + - (2 / PI * / 2 * / 2) * ((axis (inl j) a * T i a) * (axis (inl j) b * T j b))))).
  do 2!apply: rsum_eq => ?; rewrite /erf_hessian (negbTE ne) /identity_rows.
  by case: (_ == _) => /=; ring.
rewrite !rsum2_plus !rsum2_scal d0 !d1; set x := vdot _ _.
by set ii := T i (inl i); set ij := T i (inl j); set ji := T j (inl i); set jj := T j (inl j); ring.
Qed.

(** L''(0) = ⟨T,HT⟩: what the terms lack is antisymmetric in i and j. *)
Theorem erf_loss_hessian T :
  is_derive_n (fun s => erf_loss V (fun i => line (V i) (T i) s)) 2 0
    (mdot T (happ (@erf_hessian k e) T)).
Proof.
apply: is_derive_eq (erf_loss_second V V T) _.
rewrite erf_form /erf_loss_curvature -rsum2_scal; apply: Rminus_diag_uniq.
rewrite -[RHS](antisym_sum (k := k) (S := fun i j =>
  / (2 * PI) * (T i (inl j) * T i (inl i) - T j (inl i) * T j (inl j)))) => [|i j]; last by ring.
apply: Rminus_diag_uniq; rewrite -!rsum_minus; apply: rsum0 => i.
rewrite -!rsum_minus; apply: rsum0 => j.
rewrite /kernel_curvature /asin_curvature !rows_dot !eqxx !sqrt_gap /V /identity_rows.
rewrite !vdot_axisl !vdot_axisr.
have s0 := sqrt3_gt0; have p0 := PI_neq0.
have z t : vdot t (fun=> 0 : R) = 0 by apply: rsum0 => a; ring.
rewrite !z /root3; set tt := vdot (T i) (T i); set tj := vdot (T i) (T j).
set jj := vdot (T j) (T j); set xij := T i (inl j); set xji := T j (inl i).
case: (altP (i =P j)) => [ij|_] /=.
  by rewrite /xij /xji /tj /jj -ij -/tt; set x := T i (inl i); field; split=> //; lra.
by set xii := T i (inl i); set xjj := T j (inl j); field.
Qed.
End Minimum.
