(** The teacher-student Hessians of z² and erf at the global minimum, for Gaussian inputs
    (T20).

    For z² the population loss is L(W) = ½(2‖Δ‖_F² + (tr Δ)²) with Δ = WᵀW - VᵀV
    (T18(c.6)); its derivatives along W = V + sT are true derivatives here. For erf(z/√2)
    the loss is the sum of the kernels (2/π) arcsin(u·v/√((1+‖u‖²)(1+‖v‖²))) (T18(a.2),
    (c.1)). Conventions as in TeacherStudent: V = [I_k, 0], T = [A, B], d = k + e. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Spectral TeacherStudent ReluSpectrum.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ** The loss of z² *)
Section QuadraticLoss.
Variables (k : nat) (D : finType).
Implicit Types V T W : 'I_k -> D -> R.

(** Δ = WᵀW - VᵀV *)
Definition gram_gap V W (a b : D) : R := (\rsum_i W i a * W i b) - \rsum_i V i a * V i b.

(** L(W) = ½(2‖Δ‖_F² + (tr Δ)²) *)
Definition quad_loss V W : R :=
  / 2 * (2 * fnorm2 (gram_gap V W) + (\rsum_a gram_gap V W a a) ^ 2).

(** W + sT *)
Definition along W T (s : R) : 'I_k -> D -> R := fun i a => W i a + s * T i a.

(** P = VᵀT + TᵀV, the derivative of Δ *)
Definition gram_slope V T (a b : D) : R := \rsum_i (V i a * T i b + T i a * V i b).

(** Δ = sP + s²TᵀT at W = V + sT *)
Lemma gram_gap_along V T s a b :
  gram_gap V (along V T s) a b = s * gram_slope V T a b + s ^ 2 * \rsum_i T i a * T i b.
Proof.
by rewrite /gram_gap -rsum_minus !rsum_scal -rsum_plus; apply: rsum_eq => i; rewrite /along; ring.
Qed.

Lemma quad_loss_along V T : exists c d, forall s,
  quad_loss V (along V T s)
  = (fnorm2 (gram_slope V T) + / 2 *
    (\rsum_a gram_slope V T a a) ^ 2) * s ^ 2 + c * s ^ 3 + d * s ^ 4.
Proof.
pose P := gram_slope V T; pose Q a b := \rsum_i T i a * T i b.
exists (2 * mdot P Q + (\rsum_a P a a) * \rsum_a Q a a), (fnorm2 Q + / 2 *
  (\rsum_a Q a a) ^ 2) => s.
rewrite /quad_loss; have -> : fnorm2 (gram_gap V (along V T s))
    = s ^ 2 * fnorm2 P + (2 * s ^ 3 * mdot P Q + s ^ 4 * fnorm2 Q).
  rewrite -!rsum2_scal -!rsum2_plus; do 2!apply: rsum_eq => ?.
  by rewrite gram_gap_along -/P -/(Q _ _); ring.
have -> : \rsum_a gram_gap V (along V T s) a a = s * (\rsum_a P a a) + s ^ 2 * \rsum_a Q a a.
  by rewrite !rsum_scal -rsum_plus; apply: rsum_eq => a; rewrite gram_gap_along.
by rewrite -/P; field.
Qed.

Lemma is_derive_quartic (a c d s : R) :
  is_derive (fun s => a * s ^ 2 + c * s ^ 3 + d * s ^ 4) s
    (2 * a * s + 3 * c * s ^ 2 + 4 * d * s ^ 3).
Proof. by auto_derive => //; ring. Qed.

(** DL(V)[T] = 0 *)
Theorem quad_loss_gradient V T : is_derive (fun s => quad_loss V (along V T s)) 0 0.
Proof.
have [c [d h]] := quad_loss_along V T.
apply: (is_derive_ext _ _ _ _ (fun s => esym (h s))).
by apply: is_derive_eq (is_derive_quartic _ _ _ _) _; ring.
Qed.

(** D²L(V)[T,T] = 2‖VᵀT+TᵀV‖_F² + (tr(VᵀT+TᵀV))² *)
Theorem quad_loss_second V T :
  is_derive_n (fun s => quad_loss V (along V T s)) 2 0
    (2 * fnorm2 (gram_slope V T) + (\rsum_a gram_slope V T a a) ^ 2).
Proof.
have [c [d h]] := quad_loss_along V T; set q := _ + / 2 * _ in h.
apply: (is_derive_ext (fun s => 2 * q * s + 3 * c * s ^ 2 + 4 * d * s ^ 3)) => [s|].
  apply/esym/is_derive_unique; apply: (is_derive_ext _ _ _ _ (fun s => esym (h s))).
  exact: is_derive_quartic.
auto_derive => //; rewrite /q; ring_simplify; field.
Qed.
End QuadraticLoss.

(** ** Its Hessian at W = V = [I_k, 0] *)
Section Quadratic.
Variables k e : nat.
Local Notation columns := ('I_k + 'I_e)%type.
Local Notation kR := (INR k).
Local Notation quad_cases := (bool + bool)%type.
Implicit Types (A : 'I_k -> 'I_k -> R) (B : 'I_k -> 'I_e -> R) (T : 'I_k -> columns -> R).
Implicit Types (i j l : 'I_k) (a b : columns) (c : 'I_e).

(** H_ij = 4(e_ie_jᵀ + e_je_iᵀ + δ_ijI) *)
Definition quad_hessian i a j b : R :=
  4 * (identity_rows i a * identity_rows j b + identity_rows j a * identity_rows i b
       + dlt (i == j) (dlt (a == b) 1)).

Lemma quad_hessian_sym : symmetric_op quad_hessian.
Proof.
move=> i a j b; rewrite /quad_hessian [j == i]eq_sym [b == a]eq_sym.
by congr (4 * (_ + _)); ring.
Qed.

Definition qA A i l : R := 4 * (dlt (i == l) (\rsum_j A j j) + A l i + A i l).

(** HT = 4[tr(A)I + Aᵀ + A, B] *)
Theorem quad_happ A B i a :
  happ quad_hessian (blk A B) i a = blk (qA A) (fun i c => 4 * B i c) i a.
Proof.
set T := blk A B.
have row j : \rsum_b quad_hessian i a j b * T j b
    = 4 * (identity_rows i a * T j (inl j)) + 4 * (identity_rows j a * T j (inl i))
      + 4 * dlt (i == j) (T j a).
  transitivity (\rsum_b (4 * identity_rows i a * (axis (inl j) b * T j b)
      + 4 * identity_rows j a * (axis (inl i) b * T j b)
      + 4 * dlt (i == j) 1 * dlt (a == b) (T j b))).
    apply: rsum_eq => b; rewrite /quad_hessian /identity_rows.
    by case: (i == j); case: (a == b) => /=; ring.
  rewrite !rsum_plus -!rsum_scal rsum_pickr !rsum_pick1.
  by case: (i == j) => /=; ring.
rewrite /happ (rsum_eq row) !rsum_plus -!rsum_scal !rsum_pickr.
case: a {row} => [l|c]; rewrite /T /identity_rows /qA /=.
  have -> : axis (inl i : columns) (inl l) = dlt (i == l) 1 by rewrite /axis eq_sym.
  have -> : \rsum_j axis (inl j : columns) (inl l) * A j i = A l i.
    by rewrite -[RHS](rsum_pick1 (A^~ i)); apply: rsum_eq => j; rewrite /axis eq_sym.
  by case: eqP => _ /=; ring.
by rewrite /axis /= -rsum_scal; ring.
Qed.

(** ⟨T,HT⟩ = 2‖A+Aᵀ‖_F² + 4(tr A)² + 4‖B‖_F² *)
Theorem quad_form A B :
  mdot (blk A B) (happ quad_hessian (blk A B))
  = 2 * fnorm2 (fun i l => A i l + A l i) + 4 * (\rsum_i A i i) ^ 2 + 4 * fnorm2 B.
Proof.
rewrite (mdot_eq (fun i a => erefl) (quad_happ A B)) mdot_blk (mdot_scalr 4 B B) mdotTT.
congr (_ + _); set t := \rsum_i A i i.
have -> : mdot A (qA A) = 4 * (\rsum_i \rsum_l dlt (i == l) (t * A i i))
    + 4 * (fnorm2 A + \rsum_i \rsum_l A i l * A l i).
  rewrite -!rsum2_scal -rsum2_plus -rsum2_scal -rsum2_plus; do 2!apply: rsum_eq => ?.
  by rewrite /qA -/t; case: eqP => [->|_] /=; ring.
have -> : fnorm2 (fun i l => A i l + A l i)
    = fnorm2 A + (fnorm2 A + 2 * \rsum_i \rsum_l A i l * A l i).
  rewrite [X in _ + (X + _)]/fnorm2 [X in _ + (X + _)]rsum_exchange -rsum2_scal -!rsum2_plus.
  by do 2!apply: rsum_eq => ?; ring.
by rewrite rsum_diag -rsum_scal -/t; ring.
Qed.

(** H is the second derivative of L at V = [I_k, 0]. *)
Theorem quad_hessian_second A B :
  is_derive_n (fun s => quad_loss (@identity_rows k e) (along (@identity_rows k e) (blk A B) s)) 2 0
    (mdot (blk A B) (happ quad_hessian (blk A B))).
Proof.
set T := blk A B; rewrite /T quad_form -/T.
apply: is_derive_eq (quad_loss_second _ _) _.
have slope a b : gram_slope (@identity_rows k e) T a b =
    match a, b with
    | inl l, inl m => A l m + A m l
    | inl l, inr c => B l c
    | inr c, inl l => B l c
    | inr _, inr _ => 0
    end.
  have pick (F : 'I_k -> R) l : \rsum_i axis (inl i : columns) (inl l) * F i = F l.
    by rewrite -[RHS](rsum_pick1 F); apply: rsum_eq => i; rewrite /axis eq_sym.
  have none (F : 'I_k -> R) c : \rsum_i axis (inl i : columns) (inr c) * F i = 0.
    by apply: rsum0 => i; rewrite /axis /=; ring.
  rewrite /gram_slope rsum_plus; under [X in _ + X]eq_bigr => i _ do rewrite Rmult_comm.
  by case: a => [l|c]; case: b => [m|c']; rewrite /identity_rows ?pick ?none /T /=; ring.
have -> : \rsum_a gram_slope (@identity_rows k e) T a a = 2 * \rsum_i A i i.
  rewrite rsum_sum (rsum_eq (G := fun i => 2 * A i i)) => [|i]; last by rewrite slope; ring.
  by rewrite -rsum_scal [X in _ + X]rsum0 => [|c]; [apply: Rplus_0_r | rewrite slope].
have -> : fnorm2 (gram_slope (@identity_rows k e) T)
    = fnorm2 (fun i l => A i l + A l i) + fnorm2 B + fnorm2 B.
  rewrite [X in _ + X]/fnorm2 [X in _ + X]rsum_exchange /fnorm2 -rsum_plus rsum_sum.
  congr (_ + _); apply: rsum_eq => a; rewrite rsum_sum.
    by congr (_ + _); apply: rsum_eq => b; rewrite slope.
  rewrite [X in _ + X]rsum0 => [|c]; last by rewrite slope /=; ring.
  by rewrite Rplus_0_r; apply: rsum_eq => l; rewrite slope.
by ring.
Qed.

(** A is the sum of an antisymmetric matrix, of a symmetric one with trace 0, and of a
    multiple of I; H is 0, 8 and 8 + 4k on them, and 4 on B. *)
Lemma quad_eigen lam A B :
  (forall i l, qA A i l = lam * A i l) -> (forall i c, 4 * B i c = lam * B i c) ->
  op_eigen quad_hessian lam (blk A B).
Proof. by move=> eA eB i a; rewrite quad_happ; case: a => [l|c]; [apply: eA | apply: eB]. Qed.

Lemma qA_antisym A i l : antisymmetric A -> qA A i l = 0 * A i l.
Proof.
move=> h; rewrite /qA rsum0 => [|j]; last exact: antisym_diag.
by rewrite (h l i); case: eqP => _ /=; ring.
Qed.

Lemma qA_symmetric A i l : (forall i l, A i l = A l i) -> \rsum_j A j j = 0 ->
  qA A i l = 8 * A i l.
Proof. by move=> h t; rewrite /qA t (h l i); case: eqP => _ /=; ring. Qed.

Lemma qA_identity r i l : qA (fun i l => dlt (i == l) r) i l = (8 + 4 * kR) * dlt (i == l) r.
Proof.
rewrite /qA (rsum_eq (G := fun=> r)) => [|j]; last by rewrite eqxx.
by rewrite rsum_const card_ord [l == i]eq_sym; case: eqP => _ /=; ring.
Qed.

Lemma qA_zero lam i l : qA (fun _ _ => 0) i l = lam * 0.
Proof. by rewrite /qA rsum0 //; case: eqP => _ /=; ring. Qed.

Theorem quad_antisymmetric A : antisymmetric A ->
  op_eigen quad_hessian 0 (blk A (fun _ _ => 0)).
Proof. by move=> h; apply: quad_eigen => *; [apply: qA_antisym | ring]. Qed.

Theorem quad_symmetric A : (forall i l, A i l = A l i) -> \rsum_i A i i = 0 ->
  op_eigen quad_hessian 8 (blk A (fun _ _ => 0)).
Proof. by move=> h t; apply: quad_eigen => *; [apply: qA_symmetric | ring]. Qed.

Theorem quad_identity :
  op_eigen quad_hessian (8 + 4 * kR) (blk (fun i l => dlt (i == l) 1) (fun _ _ => 0)).
Proof. by apply: quad_eigen => *; [apply: qA_identity | ring]. Qed.

Theorem quad_extra B : op_eigen quad_hessian 4 (blk (fun _ _ => 0) B).
Proof. by apply: quad_eigen => // *; apply: qA_zero. Qed.

(** H[A, B] = 0 if and only if A is antisymmetric and B = 0. *)
Theorem quad_kernel A B :
  op_eigen quad_hessian 0 (blk A B) <-> antisymmetric A /\ forall i c, B i c = 0.
Proof.
split=> [h|[h B0]]; last by apply: quad_eigen => *; rewrite ?qA_antisym ?B0 //; ring.
have := quad_form A B; rewrite (mdot_eq (fun i a => erefl) h) mdot_scalr Rmult_0_l.
have f0 := fnorm2_ge0 (fun i l => A i l + A l i); have t0 := pow2_ge_0 (\rsum_i A i i).
have b0 := fnorm2_ge0 B => z.
have zero (x y w : R) : 0 <= x -> 0 <= y -> 0 <= w -> 0 = 2 * x + 4 * y + 4 * w -> x = 0 /\ w = 0.
  by move=> *; split; lra.
have [/fnorm2_eq0 sym /fnorm2_eq0 zB] := zero _ _ _ f0 t0 b0 z.
by split=> // i l; have := sym i l; lra.
Qed.

Hypothesis k2 : (2 <= k)%N.

Lemma n_ge2 : 2 <= kR.
Proof. by apply: (le_INR 2); apply/leP. Qed.

Lemma n_gt0 : 0 < kR.
Proof. by have := n_ge2; lra. Qed.

Definition quad_anti A i l : R := (A i l - A l i) / 2.
Definition quad_mean A : R := (\rsum_j A j j) / kR.
Definition quad_sym A i l : R := (A i l + A l i) / 2 - dlt (i == l) (quad_mean A).

Lemma quad_anti_antisym A : antisymmetric (quad_anti A).
Proof. by move=> i l; rewrite /quad_anti; field. Qed.

Lemma quad_sym_sym A i l : quad_sym A i l = quad_sym A l i.
Proof. by rewrite /quad_sym [l == i]eq_sym; case: eqP => [->|_] /=; field. Qed.

Lemma quad_sym_trace A : \rsum_j quad_sym A j j = 0.
Proof.
have n0 := n_gt0; rewrite (rsum_eq (G := fun j => A j j - quad_mean A)) => [|j].
  by rewrite rsum_minus rsum_const card_ord /quad_mean; field; lra.
by rewrite /quad_sym eqxx /=; field.
Qed.

(** Every T is the sum of members of these families. *)
Theorem quad_complete A : exists S Z r, [/\ antisymmetric S,
    forall i l, Z i l = Z l i, \rsum_i Z i i = 0
    & forall i l, A i l = S i l + Z i l + dlt (i == l) r].
Proof.
exists (quad_anti A), (quad_sym A), (quad_mean A); split.
- exact: quad_anti_antisym.
- exact: quad_sym_sym.
- exact: quad_sym_trace.
- by move=> i l; rewrite /quad_anti /quad_sym; field.
Qed.

Definition quad_lam (x : quad_cases) : R :=
  match x with
  | inl s => if s then 0 else 8
  | inr s => if s then 8 + 4 * kR else 4
  end.

Definition quad_part (x : quad_cases) T : 'I_k -> columns -> R :=
  match x with
  | inl s => blk (if s then quad_anti (leftA T) else quad_sym (leftA T)) (fun _ _ => 0)
  | inr true => blk (fun i l => dlt (i == l) (quad_mean (leftA T))) (fun _ _ => 0)
  | inr false => blk (fun _ _ => 0) (rightB T)
  end.

Definition quad_mult (x : quad_cases) : R :=
  match x with
  | inl s => if s then kR * (kR - 1) / 2 else kR * (kR + 1) / 2 - 1
  | inr s => if s then 1 else kR * INR e
  end.

Lemma rsum_quad (F : quad_cases -> R) :
  \rsum_x F x = F (inl true) + F (inl false) + (F (inr true) + F (inr false)).
Proof. by rewrite rsum_sum !big_bool. Qed.

Lemma quad_part_sum T i a : T i a = \rsum_x quad_part x T i a.
Proof.
rewrite rsum_quad; case: a => [l|c] /=; last by rewrite /rightB; ring.
by rewrite /quad_anti /quad_sym /leftA; field.
Qed.

Lemma quad_part_eigen x T : op_eigen quad_hessian (quad_lam x) (quad_part x T).
Proof.
case: x => [[]|[]]; apply: quad_eigen => // i l; try exact: qA_zero; try by rewrite /=; ring.
- by apply/qA_antisym/quad_anti_antisym.
- by apply: qA_symmetric; [apply: quad_sym_sym | apply: quad_sym_trace].
- exact: qA_identity.
Qed.

Lemma quad_part_trace x : \rsum_i \rsum_a quad_part x (munit i a) i a = quad_mult x.
Proof.
have n0 := n_gt0.
transitivity ((\rsum_i \rsum_l quad_part x (munit i (inl l)) i (inl l))
  + \rsum_i \rsum_c quad_part x (munit i (inr c)) i (inr c)).
  by rewrite -rsum_plus; apply: rsum_eq => i; rewrite rsum_sum.
have zero2 (I J : finType) : \rsum_(i : I) \rsum_(j : J) 0 = 0.
  by rewrite rsum0 // => ?; rewrite rsum0.
have mean i l : quad_mean (leftA (munit i (inl l) : 'I_k -> columns -> R)) = dlt (i == l) (/ kR).
  by rewrite /quad_mean [\rsum_j _]unit_tr; case: eqP => _ /=; rewrite /Rdiv; ring.
case: x => [[]|[]]; rewrite /= zero2 ?Rplus_0_r ?Rplus_0_l.
- rewrite (@diag_off_sum k _ 0 (/ 2) 1) => [|i l]; first by field.
  by rewrite /quad_anti !unitE !eqxx [l == i]eq_sym; case: eqP => _ /=; field.
- rewrite (@diag_off_sum k _ (1 - / kR) (/ 2) 1) => [|i l]; first by field; lra.
  rewrite /quad_sym mean !unitE !eqxx [l == i]eq_sym.
  by case: eqP => _ /=; field; lra.
- rewrite (@diag_off_sum k _ (/ kR) 0 1) => [|i l]; first by field; lra.
  by rewrite mean; case: eqP => _ /=; field; lra.
- under eq_bigr => i _ do under eq_bigr => c _ do rewrite unit_ext.
  by rewrite !rsum_const !card_ord; ring.
Qed.

(** the eigenvalues with their multiplicities *)
Definition quad_table : seq (R * R) :=
  [:: (0, kR * (kR - 1) / 2); (8, kR * (kR + 1) / 2 - 1); (8 + 4 * kR, 1); (4, kR * INR e)].

Lemma quad_table_sum (F : R * R -> R) :
  \big[Rplus/R0]_(r <- quad_table) F r = \rsum_x F (quad_lam x, quad_mult x).
Proof. by rewrite rsum_quad !big_cons big_nil /=; ring. Qed.

(** tr H^j = Σ_λ m_λ λ^j *)
Theorem quad_trace_powers (m : nat) :
  htrace (hpow quad_hessian m) = \big[Rplus/R0]_(r <- quad_table) (r.2 * r.1 ^ m).
Proof.
rewrite (resolution_trace quad_part_sum quad_part_eigen) quad_table_sum.
by apply: rsum_eq => x; rewrite quad_part_trace Rmult_comm.
Qed.

(** The eigenvalues of H are those of the table. *)
Theorem quad_eigenvalues lam :
  op_eigenvalue quad_hessian lam <-> exists m, List.In (lam, m) quad_table /\ m <> 0.
Proof.
have n0 := n_ge2.
have zero x T i a : quad_mult x = 0 -> quad_part x T i a = 0.
  case: x => [[]|[]] /= m0; try nra.
  case: a => [l|c] //; have e0 : e = 0%N by apply: INR_eq; rewrite /=; nra.
  by have := ltn_ord c; rewrite [X in (_ < X)%N]e0.
rewrite (resolution_table quad_part_sum quad_part_eigen quad_hessian_sym _ quad_part_trace zero).
split=> [[x [-> nz]]|[m [h nz]]].
  by exists (quad_mult x); split=> //; case: x {nz} => [[]|[]] /=; do ?[by left | right].
suff [x [-> mx]] : exists x, lam = quad_lam x /\ m = quad_mult x by exists x; rewrite -mx.
move: h; rewrite /quad_table /=; do ?case=> [[<- <-]|].
- by exists (inl true).
- by exists (inl false).
- by exists (inr true).
- by exists (inr false).
Qed.

(** The multiplicities of the eigenvalues other than 0 add up to kd - k(k-1)/2. *)
Theorem quad_rank :
  \big[Rplus/R0]_(r <- quad_table) (if Req_EM_T r.1 0 then 0 else r.2)
  = kR * INR (k + e) - kR * (kR - 1) / 2.
Proof.
have n0 := n_ge2; rewrite !big_cons big_nil /= plus_INR.
by do !case: Req_EM_T => [|] * /=; lra.
Qed.
End Quadratic.
