(** The Hessian ∇²f_c(x) of one output in the parameters, and its exact spectrum (T01).

    In neuron order it is block diagonal and zero on the output biases; block k is the
    arrowhead [[u ξξᵀ, s ξ], [s ξᵀ, 0]] on (w̃_k, A_ck) with u = A_ck σ''(z_k),
    s = σ'(z_k) and ξ = x̃. With N = ‖ξ‖² its eigenvalues are

      λ_± = ½(uN ± √N √(u²N + 4s²))

    and zeros. The matrix is treated for any feature vector ξ, so that ξ = x gives the
    network without first-layer biases. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Activations.
From LandTheory Require Import SquareMatrices Eigensystems Rank Inertia.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ** One block: (αξ, β) ↦ ((uNα + sβ)ξ, sNα) *)
Section Block.
Variables N u s : R.
Hypothesis N0 : 0 < N.

Definition sign_of (b : bool) : R := if b then 1 else -1.

(** λ_+ for b = true and λ_- for b = false *)
Definition arrow_eigenvalue (b : bool) : R :=
  / 2 * (u * N + sign_of b * (sqrt N * sqrt (u ^ 2 * N + 4 * s ^ 2))).

Local Notation lam := arrow_eigenvalue.

Lemma radicand_ge0 : 0 <= u ^ 2 * N + 4 * s ^ 2.
Proof. by have := pow2_ge_0 u; have := pow2_ge_0 s; nra. Qed.

Lemma root_sqr : (sqrt N * sqrt (u ^ 2 * N + 4 * s ^ 2)) ^ 2 = u ^ 2 * N ^ 2 + 4 * (s ^ 2 * N).
Proof.
rewrite Rpow_mult_distr !pow2_sqrt; [by ring | exact: radicand_ge0 | lra].
Qed.

(** λ² = uNλ + s²N *)
Lemma eigenvalue_root b : lam b ^ 2 = u * N * lam b + s ^ 2 * N.
Proof.
have := root_sqr; rewrite /lam; set r := sqrt N * _ => h.
by case: b; rewrite /sign_of; field_simplify; rewrite h; field.
Qed.

Lemma eigenvalue_sum : lam true + lam false = u * N.
Proof. by rewrite /lam /sign_of; field. Qed.

Lemma eigenvalue_prod : lam true * lam false = - (s ^ 2 * N).
Proof.
have -> : lam false = u * N - lam true by have := eigenvalue_sum; lra.
by have := eigenvalue_root true; lra.
Qed.

Lemma eigenvalue_order : lam false <= lam true.
Proof.
rewrite /lam /sign_of; have := Rmult_le_pos _ _ (sqrt_pos N) (sqrt_pos (u ^ 2 * N + 4 * s ^ 2)).
lra.
Qed.

Lemma eigenvalue_sign : lam false <= 0 <= lam true.
Proof.
have p := eigenvalue_prod; have o := eigenvalue_order.
have sq : 0 <= s ^ 2 * N by have := pow2_ge_0 s; nra.
by split; apply: Rnot_lt_le => h; nra.
Qed.

Lemma eigenvalue_sqr_sum : lam true ^ 2 + lam false ^ 2 = u ^ 2 * N ^ 2 + 2 * (s ^ 2 * N).
Proof.
have := eigenvalue_sum; have := eigenvalue_prod => p q.
have -> : lam true ^ 2 + lam false ^ 2 = (lam true + lam false) ^ 2 - 2 * (lam true * lam false).
  by ring.
by rewrite p q; ring.
Qed.

(** s <> 0: one eigenvalue of each sign *)
Lemma eigenvalue_pos b : s <> 0 -> 0 < sign_of b * lam b.
Proof.
move=> s0; have p := eigenvalue_prod; have [l1 l2] := eigenvalue_sign.
have : 0 < s ^ 2 * N by apply: Rmult_lt_0_compat N0; apply: pow2_gt_0.
by case: b; rewrite /sign_of => h; nra.
Qed.

Lemma eigenvalue_flat b : s = 0 -> lam b = if b then Rmax (u * N) 0 else Rmin (u * N) 0.
Proof.
move=> s0; have p := eigenvalue_prod; have q := eigenvalue_sum.
have [l1 l2] := eigenvalue_sign; rewrite s0 in p.
have {}p : lam true * lam false = 0 by rewrite p; ring.
case: b; rewrite /Rmax /Rmin; case: Rle_dec => /= h;
  case/Rmult_integral: p => p; lra.
Qed.

(** max |λ_±| = ½(|u|N + √N √(u²N + 4s²)) *)
Lemma eigenvalue_abs_le c :
  (forall b, Rabs (lam b) <= c) <->
  / 2 * (Rabs u * N + sqrt N * sqrt (u ^ 2 * N + 4 * s ^ 2)) <= c.
Proof.
have r0 := Rmult_le_pos _ _ (sqrt_pos N) (sqrt_pos (u ^ 2 * N + 4 * s ^ 2)).
move: r0; rewrite /lam /sign_of; set r := sqrt N * _ => r0.
have un : Rabs (u * N) = Rabs u * N by rewrite Rabs_mult (Rabs_pos_eq N) //; lra.
rewrite -un; move: (u * N) => w; split=> [h|h b].
  have /Rabs_le_between := h true; have /Rabs_le_between := h false.
  by case: (Rle_lt_dec 0 w) => w0; [rewrite Rabs_pos_eq | rewrite Rabs_left]; lra.
apply/Rabs_le_between; move: h (Rabs_maj2 w) (Rle_abs w); case: b; lra.
Qed.

(** signs: s <> 0 gives one of each, s = 0 that of u *)
Lemma count_pos : (Rlt_dec 0 (lam true) + Rlt_dec 0 (lam false) =
  (~~ Req_EM_T s 0 + (Req_EM_T s 0 && Rlt_dec 0 u)%B)%N)%N.
Proof.
case: Req_EM_T => /= s0.
  rewrite !(eigenvalue_flat _ s0); case: (Rlt_dec 0 u) => /= u0.
    rewrite Rmax_left ?Rmin_right; try nra.
    by do 2!case: Rlt_dec => //= ?; exfalso; nra.
  rewrite Rmax_right ?Rmin_left; try nra.
  by do 2!case: Rlt_dec => //= ?; exfalso; nra.
have := eigenvalue_pos true s0; have := eigenvalue_pos false s0; rewrite /sign_of => h1 h2.
by do 2!case: Rlt_dec => //= ?; exfalso; lra.
Qed.

Lemma count_neg : (Rlt_dec (lam true) 0 + Rlt_dec (lam false) 0 =
  (~~ Req_EM_T s 0 + (Req_EM_T s 0 && Rlt_dec u 0)%B)%N)%N.
Proof.
case: Req_EM_T => /= s0.
  rewrite !(eigenvalue_flat _ s0); case: (Rlt_dec u 0) => /= u0.
    rewrite Rmax_right ?Rmin_left; try nra.
    by do 2!case: Rlt_dec => //= ?; exfalso; nra.
  rewrite Rmax_left ?Rmin_right; try nra.
  by do 2!case: Rlt_dec => //= ?; exfalso; nra.
have := eigenvalue_pos true s0; have := eigenvalue_pos false s0; rewrite /sign_of => h1 h2.
by do 2!case: Rlt_dec => //= ?; exfalso; lra.
Qed.

Lemma count_nonzero : (~~ Req_EM_T (lam true) 0 + ~~ Req_EM_T (lam false) 0 =
  (2 * ~~ Req_EM_T s 0 + (Req_EM_T s 0 && ~~ Req_EM_T u 0)%B)%N)%N.
Proof.
have split t : (~~ Req_EM_T t 0 : nat) = (Rlt_dec 0 t + Rlt_dec t 0)%N.
  by case: Req_EM_T => /= h; do 2!case: Rlt_dec => //= ?; exfalso; lra.
rewrite (split (lam true)) (split (lam false)) addnACA count_pos count_neg.
by case: Req_EM_T => //= _; rewrite split.
Qed.

(** |λ_±| >= √N s²/(√N|u| + |s|) if s <> 0, and an eigenvalue other than 0 is uN if s = 0. *)
Lemma eigenvalue_gap b r :
  lam b <> 0 -> (s <> 0 -> r <= sqrt N * s ^ 2 / (sqrt N * Rabs u + Rabs s)) ->
  (s = 0 -> u <> 0 -> r <= N * Rabs u) -> r <= Rabs (lam b).
Proof.
move=> l0 h1 h2; have sN := sqrt_lt_R0 _ N0; have sN2 := sqrt_sqrt N (Rlt_le _ _ N0).
case: (Req_dec s 0) => s0.
  have l2 : lam b = u * N.
    have := eigenvalue_root b; rewrite s0 => r0.
    have : lam b * (lam b - u * N) = 0 by lra.
    by case/Rmult_integral => // ?; lra.
  rewrite l2 Rabs_mult (Rabs_pos_eq N); last lra.
  rewrite Rmult_comm; apply: h2 => // u0; apply: l0; rewrite l2 u0; ring.
apply: Rle_trans (h1 s0) _.
have a0 := Rabs_pos u; have t0 := Rabs_pos_lt _ s0; set t := Rabs s in t0 *.
have st : s ^ 2 = t ^ 2 by rewrite pow2_abs.
have den : 0 < sqrt N * Rabs u + t by have := Rmult_le_pos _ _ (Rlt_le _ _ sN) a0; lra.
apply/Rle_div_l => //.
have := eigenvalue_prod; have [l1 l2] := eigenvalue_sign.
have big : forall b', Rabs (lam b') <= sqrt N * (sqrt N * Rabs u + t).
  apply/eigenvalue_abs_le; rewrite -[X in Rabs u * X]sN2.
  suff : sqrt (u ^ 2 * N + 4 * s ^ 2) <= sqrt N * Rabs u + 2 * t by nra.
  have qa := Rmult_le_pos _ _ (Rlt_le _ _ sN) a0.
  rewrite -[X in _ <= X]sqrt_Rsqr; last lra.
  apply: sqrt_le_1_alt; rewrite st -(pow2_abs u) /Rsqr.
  rewrite (_ : _ + _ = (sqrt N * Rabs u) ^ 2 + 4 * t ^ 2); last first.
    by rewrite Rpow_mult_distr pow2_sqrt; [ring | lra].
  by have := Rmult_le_pos _ _ qa (Rlt_le _ _ t0); nra.
move=> prod; have := big (~~ b).
have e : Rabs (lam b) * Rabs (lam (~~ b)) = t ^ 2 * N.
  rewrite -Rabs_mult; have -> : lam b * lam (~~ b) = - (s ^ 2 * N) by case: b {l0}; rewrite -prod /=; ring.
  by rewrite Rabs_Ropp st Rabs_pos_eq //; nra.
have := Rabs_pos (lam b); move: (Rabs (lam b)) (Rabs (lam (~~ b))) e => y z e y0 zb.
suff : sqrt N * (sqrt N * t ^ 2) <= sqrt N * (y * (sqrt N * Rabs u + t)).
  by move=> q; apply: (Rmult_le_reg_l (sqrt N)) => //; rewrite st.
rewrite -Rmult_assoc sN2 Rmult_comm -e; nra.
Qed.

(** The eigenvector (α ξ, β) of λ_b, of norm 1: along (λ_b ξ, sN) if that is not 0. *)
Definition arrow_vector (b : bool) : R * R :=
  if Req_EM_T s 0 then
    if b == Rle_dec 0 u then (/ sqrt N, 0) else (0, 1)
  else let D := sqrt (lam b ^ 2 * N + s ^ 2 * N ^ 2) in (lam b / D, s * N / D).

Local Notation al b := (arrow_vector b).1.
Local Notation be b := (arrow_vector b).2.

Lemma arrow_norm_pos b : s <> 0 -> 0 < lam b ^ 2 * N + s ^ 2 * N ^ 2.
Proof.
move=> s0; have h1 : 0 < s ^ 2 * N ^ 2 by apply: Rmult_lt_0_compat; apply: pow2_gt_0; lra.
by have := pow2_ge_0 (lam b); nra.
Qed.

Lemma arrow_vector_spec b :
  [/\ u * N * al b + s * be b = lam b * al b, s * N * al b = lam b * be b
    & N * al b ^ 2 + be b ^ 2 = 1].
Proof.
rewrite /arrow_vector; case: Req_EM_T => /= [s0|s0].
  have sN := sqrt_lt_R0 _ N0; have sN2 := sqrt_sqrt N (Rlt_le _ _ N0).
  have nrm : N * (/ sqrt N) ^ 2 + 0 ^ 2 = 1 by rewrite -{1}sN2; field; lra.
  rewrite (eigenvalue_flat b s0) s0; case: (Rle_dec 0 u) => /= u0; case: b => /=.
  - by rewrite Rmax_left; [split=> //; ring | nra].
  - by rewrite Rmin_right; [split; ring | nra].
  - by rewrite Rmax_right; [split; ring | nra].
  - by rewrite Rmin_left; [split=> //; ring | nra].
have D0 := arrow_norm_pos b s0; have r := eigenvalue_root b.
have D1 := sqrt_lt_R0 _ D0; have D2 := sqrt_sqrt _ (Rlt_le _ _ D0).
move: D1 D2; set D := sqrt _ => D1 D2; split; last 1 first.
- transitivity ((lam b ^ 2 * N + s ^ 2 * N ^ 2) / (D * D)); first by field; lra.
  by rewrite D2; field; lra.
- transitivity ((u * N * lam b + s ^ 2 * N) / D); first by field; lra.
  by rewrite -r; field; lra.
- by field; lra.
Qed.

Lemma arrow_vector_orth : N * (al true * al false) + be true * be false = 0.
Proof.
rewrite /arrow_vector; case: Req_EM_T => /= s0.
  by case: (Rle_dec 0 u) => /= _; ring.
have D1 := sqrt_lt_R0 _ (arrow_norm_pos true s0).
have D2 := sqrt_lt_R0 _ (arrow_norm_pos false s0).
move: D1 D2; set D := sqrt _; set D' := sqrt _ => D1 D2.
transitivity ((N * (lam true * lam false) + s ^ 2 * N ^ 2) / (D * D')); first by field; lra.
by rewrite eigenvalue_prod; field; lra.
Qed.

(** The two eigenvectors span the block. *)
Lemma arrow_vector_complete p q :
  (forall b, al b * p + be b * q = 0) -> p = 0 /\ q = 0.
Proof.
move=> h; have [_ _ n1] := arrow_vector_spec true; have [_ _ n2] := arrow_vector_spec false.
have o := arrow_vector_orth; have h1 := h true; have h2 := h false.
move: h1 h2 o n1 n2; set a := al true; set b := be true; set a' := al false; set b' := be false.
move=> h1 h2 o n1 n2; have det : N * (a * b' - a' * b) ^ 2 = 1.
  have -> : N * (a * b' - a' * b) ^ 2 =
      (N * a ^ 2 + b ^ 2) * (N * a' ^ 2 + b' ^ 2) - (N * (a * a') + b * b') ^ 2 - 
      N ^ 2 * a ^ 2 * a' ^ 2 - b ^ 2 * b' ^ 2 + (N * (a * a')) ^ 2 + (b * b') ^ 2 by ring.
  by rewrite o n1 n2; ring.
have D0 : a * b' - a' * b <> 0 by move=> e; move: det; rewrite e; lra.
split; apply: (Rmult_eq_reg_l (a * b' - a' * b)) => //; rewrite Rmult_0_r.
  by transitivity (b' * (a * p + b * q) - b * (a' * p + b' * q)); [ring | rewrite h1 h2; ring].
by transitivity (a * (a' * p + b' * q) - a' * (a * p + b * q)); [ring | rewrite h1 h2; ring].
Qed.
End Block.

Lemma card_pred (I : finType) (Q : pred I) : #|Q| = (\sum_k Q k)%N.
Proof.
rewrite -sum1_card big_mkcond; apply: eq_bigr => k _.
by rewrite unfold_in; case: (Q k).
Qed.

Lemma card_signs (I : finType) (Q : pred (I * bool)) :
  #|Q| = (\sum_k (Q (k, true) + Q (k, false)))%N.
Proof.
rewrite card_pred; transitivity (\sum_k \sum_b Q (k, b))%N.
  by rewrite pair_bigA; apply: eq_bigr => -[].
by apply: eq_bigr => k _; rewrite big_bool.
Qed.

(** ** The whole matrix *)
Section Arrowhead.
Variables (m C : nat) (J : finType) (xi : J -> R) (u s : 'I_m -> R) (c : 'I_C).
Local Notation index := ('I_m * J + 'I_m * 'I_C + 'I_C)%type.
Local Notation N := (norm2 xi).
Implicit Types (v : index -> R) (p q : index) (kb : 'I_m * bool).

Definition arrowhead p q : R :=
  match p, q with
  | hid k j, hid l r => dlt (k == l) (u k * xi j * xi r)
  | hid k j, out l c' => dlt (c' == c) (dlt (k == l) (s k * xi j))
  | out l c', hid k j => dlt (c' == c) (dlt (k == l) (s k * xi j))
  | _, _ => 0
  end.

(** v_k·ξ, the change of z_k along v *)
Definition feature v k : R := \rsum_j v (hid k j) * xi j.

Lemma rsum_index (F : index -> R) : \rsum_p F p =
  (\rsum_(k : 'I_m) \rsum_(j : J) F (hid k j))
  + (\rsum_(k : 'I_m) \rsum_(c' : 'I_C) F (out k c')) + \rsum_(c' : 'I_C) F (off c').
Proof.
by rewrite !rsum_sum; congr (_ + _ + _); rewrite rsum_pair; apply: rsum_eq => -[].
Qed.

(** (α_k, β_k) ↦ ((u_k α_k + s_k β_k) ξ, s_k α_k) in every neuron *)
Lemma mulv_arrowhead v p : mulv arrowhead v p =
  match p with
  | hid k j => (u k * feature v k + s k * v (out k c)) * xi j
  | out k c' => dlt (c' == c) (s k * feature v k)
  | off _ => 0
  end.
Proof.
rewrite /mulv rsum_index; case: p => [[[k j]|[k c']]|c'] /=.
- rewrite [X in _ + X]rsum0 ?Rplus_0_r => [|e]; last by ring.
  rewrite (rsum_delta (k := k)) => [|l /negbTE lk]; last first.
    by apply: rsum0 => r; rewrite [k == l]eq_sym lk /=; ring.
  rewrite (rsum_delta (k := k)) => [|l /negbTE lk]; last first.
    by apply: rsum0 => e; rewrite [k == l]eq_sym lk; case: (e == c) => /=; ring.
  rewrite (rsum_delta (k := c)) => [|e /negbTE->]; last by rewrite /=; ring.
  rewrite !eqxx /= /feature Rmult_plus_distr_r rsum_scal rsum_scalr; congr (_ + _).
    by apply: rsum_eq => r; ring.
  by ring.
- rewrite (rsum_delta (k := k)) => [|l /negbTE lk]; last first.
    by apply: rsum0 => r; rewrite lk; case: (c' == c) => /=; ring.
  rewrite [X in _ + X + _]rsum0 => [|l]; last by apply: rsum0 => e; ring.
  rewrite [X in _ + X]rsum0 => [|e]; last by ring.
  rewrite eqxx; case: (c' == c) => /=; last by rewrite rsum0 => [|r]; ring.
  by rewrite /feature rsum_scal !Rplus_0_r; apply: rsum_eq => r; ring.
- by rewrite !rsum0 ?Rplus_0_r // => *; rewrite ?rsum0 // => *; ring.
Qed.

Lemma dot_index v (f g : 'I_m -> R) (w : index -> R) :
  (forall k j, w (hid k j) = f k * xi j) ->
  (forall k c', w (out k c') = dlt (c' == c) (g k)) -> (forall c', w (off c') = 0) ->
  dot w v = \rsum_(k : 'I_m) (f k * feature v k + g k * v (out k c)).
Proof.
move=> h1 h2 h3; rewrite /dot rsum_index rsum_plus [X in _ + X]rsum0 => [|c']; last first.
  by rewrite h3; ring.
rewrite Rplus_0_r; congr (_ + _); apply: rsum_eq => k.
  by rewrite /feature rsum_scal; apply: rsum_eq => j; rewrite h1; ring.
rewrite (rsum_delta (k := c)) => [|e /negbTE ec]; rewrite h2 ?ec ?eqxx //=; ring.
Qed.

(** vᵀ A v = Σ_k u_k (v_k·ξ)² + 2 s_k (v_k·ξ) v_{A,k} *)
Lemma quad_arrowhead v : quad arrowhead v =
  \rsum_(k : 'I_m) (u k * feature v k ^ 2 + 2 * s k * feature v k * v (out k c)).
Proof.
rewrite quad_dot dotC (dot_index v (f := fun k => u k * feature v k + s k * v (out k c))
  (g := fun k => s k * feature v k)); try by move=> *; rewrite mulv_arrowhead.
by apply: rsum_eq => k; ring.
Qed.

(** (iii) ‖A‖_F² = Σ_k u_k²N² + 2 s_k²N *)
Lemma frob2_arrowhead : frob2 arrowhead = \rsum_(k : 'I_m) (u k ^ 2 * N ^ 2 + 2 * s k ^ 2 * N).
Proof.
have row_hid k j : \rsum_q arrowhead (hid k j) q ^ 2 =
    (u k ^ 2 * N + s k ^ 2) * xi j ^ 2.
  rewrite rsum_index (rsum_delta (k := k)) => [|l /negbTE lk]; last first.
    by apply: rsum0 => r; rewrite /= [k == l]eq_sym lk /=; ring.
  rewrite (rsum_delta (k := k)) => [|l /negbTE lk]; last first.
    by apply: rsum0 => e; rewrite /= [k == l]eq_sym lk; case: (e == c) => /=; ring.
  rewrite [X in _ + X]rsum0 => [|e]; last by rewrite /=; ring.
  rewrite (rsum_delta (k := c)) => [|e /negbTE ec]; last by rewrite /= ec /=; ring.
  rewrite /arrowhead !eqxx /dlt (_ : \rsum_j0 _ = u k ^ 2 * xi j ^ 2 * N); first by ring.
  by rewrite /norm2 rsum_scal; apply: rsum_eq => r; ring.
have row_out k e : \rsum_q arrowhead (out k e) q ^ 2 = dlt (e == c) (s k ^ 2 * N).
  rewrite rsum_index (rsum_delta (k := k)) => [|l /negbTE lk]; last first.
    by apply: rsum0 => r; rewrite /= lk; case: (e == c) => /=; ring.
  rewrite [X in _ + X + _]rsum0 => [|l]; last by apply: rsum0 => r; rewrite /=; ring.
  rewrite [X in _ + X]rsum0 => [|r]; last by rewrite /=; ring.
  rewrite /arrowhead eqxx; case: (e == c); rewrite /dlt; last by rewrite rsum0 => [|r]; ring.
  by rewrite /norm2 rsum_scal !Rplus_0_r; apply: rsum_eq => r; ring.
rewrite /frob2 rsum_index [X in _ + X]rsum0 => [|e]; last first.
  by apply: rsum0 => -[[]|] [] *; rewrite /=; ring.
rewrite Rplus_0_r -rsum_plus; apply: rsum_eq => k.
rewrite (rsum_delta (k := c)) => [|e /negbTE ec]; last by rewrite row_out ec.
rewrite row_out eqxx /=; under eq_bigr => j _ do rewrite row_hid.
by rewrite -rsum_scal -/(norm2 xi); ring.
Qed.

(** (λ_± ξ, s_k N) is mapped to its λ_±-fold. *)
Definition arrow_eigenvector k b p : R :=
  match p with
  | hid l j => dlt (l == k) (arrow_eigenvalue N (u k) (s k) b * xi j)
  | out l c' => dlt (c' == c) (dlt (l == k) (s k * N))
  | off _ => 0
  end.

Hypothesis N0 : 0 < N.

(** the eigenvector (α ξ, β) of norm 1 in block k *)
Definition unit_eigenvector kb p : R :=
  let ab := arrow_vector N (u kb.1) (s kb.1) kb.2 in
  match p with
  | hid l j => dlt (l == kb.1) ab.1 * xi j
  | out l c' => dlt (c' == c) (dlt (l == kb.1) ab.2)
  | off _ => 0
  end.

Lemma dot_eigenvector kb v :
  let ab := arrow_vector N (u kb.1) (s kb.1) kb.2 in
  dot (unit_eigenvector kb) v = ab.1 * feature v kb.1 + ab.2 * v (out kb.1 c).
Proof.
move=> ab; rewrite (dot_index v (f := fun l => dlt (l == kb.1) ab.1)
  (g := fun l => dlt (l == kb.1) ab.2)) //.
by rewrite (rsum_delta (k := kb.1)) ?eqxx // => l /negbTE->; rewrite /=; ring.
Qed.

Lemma feature_eigenvector kb k :
  feature (unit_eigenvector kb) k
  = dlt (k == kb.1) ((arrow_vector N (u kb.1) (s kb.1) kb.2).1 * N).
Proof.
rewrite /feature /=; case: (k == kb.1) => /=; last by rewrite rsum0 // => j; ring.
by rewrite /norm2 rsum_scal; apply: rsum_eq => j; ring.
Qed.

Lemma feature_arrow_eigenvector k b l :
  feature (arrow_eigenvector k b) l = dlt (l == k) (arrow_eigenvalue N (u k) (s k) b * N).
Proof.
rewrite /feature /=; case: (l == k) => /=; last by rewrite rsum0 // => j; ring.
by rewrite /norm2 rsum_scal; apply: rsum_eq => j; ring.
Qed.

Lemma arrow_eigenvectorP k b p :
  mulv arrowhead (arrow_eigenvector k b) p
  = arrow_eigenvalue N (u k) (s k) b * arrow_eigenvector k b p.
Proof.
have r := eigenvalue_root (u k) (s k) N0 b.
rewrite mulv_arrowhead; case: p => [[[l j]|[l c']]|c'] /=; last by ring.
  rewrite feature_arrow_eigenvector eqxx; case: eqP => [->|_] /=; last by ring.
  by transitivity (arrow_eigenvalue N (u k) (s k) b ^ 2 * xi j); [rewrite r | ]; ring.
case: (c' == c) => /=; last by ring.
by rewrite feature_arrow_eigenvector; case: eqP => [->|_] /=; ring.
Qed.

(** (c) the spectrum of A is λ_± for every k, and zeros *)
Theorem arrowhead_eigensystem :
  eigensystem arrowhead (fun kb => arrow_eigenvalue N (u kb.1) (s kb.1) kb.2)
    unit_eigenvector.
Proof.
split.
- case=> k b [k' b']; rewrite dot_eigenvector feature_eigenvector /= eqxx xpair_eqE.
  case: eqP => [<-|_] /=; last by ring.
  have [_ _ n1] := arrow_vector_spec (u k) (s k) N0 true.
  have [_ _ n2] := arrow_vector_spec (u k) (s k) N0 false.
  have o := arrow_vector_orth (u k) (s k) N0; move: n1 n2 o.
  by case: b; case: b' => /=; lra.
- case=> k b p; have [e1 e2 _] := arrow_vector_spec (u k) (s k) N0 b.
  rewrite mulv_arrowhead; case: p => [[[l j]|[l c']]|c'] /=; last by ring.
    rewrite feature_eigenvector /= eqxx; case: eqP => [->|_] /=; last by ring.
    by rewrite -[RHS]Rmult_assoc -e1; ring.
  case: (c' == c) => /=; last by ring.
  by rewrite feature_eigenvector /=; case: eqP => [->|_] /=; [rewrite -e2 | ]; ring.
- move=> v h p; have z k : feature v k = 0 /\ v (out k c) = 0.
    apply: (arrow_vector_complete (u := u k) (s := s k) N0) => b.
    by have := h (k, b); rewrite dot_eigenvector.
  rewrite mulv_arrowhead; case: p => [[[k j]|[k c']]|c'] //.
    by case: (z k) => -> ->; ring.
  by case: (z k) => -> _; case: (c' == c) => /=; ring.
Qed.

End Arrowhead.

(** A with the rows and columns f q only *)
Definition submatrix (P Q : Type) (f : Q -> P) (A : P -> P -> R) (p q : Q) : R := A (f p) (f q).

(** ** ∇²f_c(x) *)
Section Hessian.
Variables (m d C : nat) (s1 s2 : R -> R) (th : par m d C -> R) (x : 'I_d -> R) (c : 'I_C).
Implicit Types (v : par m d C -> R) (p q : par m d C) (k : 'I_m) (b : bool).

(** u_k = A_ck σ''(z_k), s_k = σ'(z_k), N = ‖x̃‖² *)
Definition corner k : R := th (out k c) * s2 (pre th x k).
Definition first_slope k : R := s1 (pre th x k).
Local Notation N := (1 + \rsum_j x j ^ 2).
Local Notation H := (hess s1 s2 th x c).

Lemma ext_pos : 0 < N.
Proof. by apply: Rplus_lt_le_0_compat; [lra | apply: norm2_ge0]. Qed.

Lemma hess_arrowhead p q : H p q = arrowhead (ext x) corner first_slope c p q.
Proof. by case: p q => [[[k j]|[k e]]|e] [[[l r]|[l e']]|e']. Qed.

Lemma mulv_hess v p : mulv H v p = mulv (arrowhead (ext x) corner first_slope c) v p.
Proof. by apply: rsum_eq => q; rewrite hess_arrowhead. Qed.

Lemma eigensystem_hess (L : finType) lam (e : L -> par m d C -> R) :
  eigensystem (arrowhead (ext x) corner first_slope c) lam e -> eigensystem H lam e.
Proof.
by case=> o a k; split=> [//|l p|v h p]; rewrite mulv_hess; [apply: a | apply: k].
Qed.

(** T01(b): vᵀ ∇²f_c v = Σ_k A_ck σ''(z_k) p_k² + 2 σ'(z_k) p_k v_{A,ck}, p_k = v_k·x̃ *)
Theorem hess_quad v : quad H v =
  \rsum_(k : 'I_m) (th (out k c) * s2 (pre th x k) * pre v x k ^ 2
    + 2 * s1 (pre th x k) * pre v x k * v (out k c)).
Proof. by rewrite (quad_eqm v hess_arrowhead) quad_arrowhead. Qed.

(** T01(c): ∇²f_c maps (λ_± x̃, σ'(z_k)N) on (w̃_k, A_ck) to its λ_±-fold ... *)
Theorem hess_eigenvector k b p :
  let lam := arrow_eigenvalue N (corner k) (first_slope k) b in
  let e q := match q with
    | hid l j => dlt (l == k) (lam * ext x j)
    | out l c' => dlt (c' == c) (dlt (l == k) (first_slope k * N))
    | off _ => 0
    end in
  mulv H e p = lam * e p.
Proof.
move=> lam e; rewrite mulv_hess; rewrite /e /lam -ext_norm2.
by apply: (arrow_eigenvectorP (xi := ext x)); rewrite /norm2 ext_norm2; apply: ext_pos.
Qed.

(** ... and these are all the eigenvalues but zeros: an orthonormal system of eigenvectors
    (α x̃, β) on (w̃_k, A_ck), one for each of λ_±, spans the complement of a kernel. *)
Theorem hess_eigensystem :
  exists (al be : 'I_m * bool -> R) (e : 'I_m * bool -> par m d C -> R),
    eigensystem H (fun kb => arrow_eigenvalue N (corner kb.1) (first_slope kb.1) kb.2) e /\
    forall kb p, e kb p = match p with
      | hid l j => dlt (l == kb.1) (al kb) * ext x j
      | out l c' => dlt (c' == c) (dlt (l == kb.1) (be kb))
      | off _ => 0
      end.
Proof.
pose ab (kb : 'I_m * bool) := arrow_vector (norm2 (ext x)) (corner kb.1) (first_slope kb.1) kb.2.
exists (fun kb => (ab kb).1), (fun kb => (ab kb).2).
exists (unit_eigenvector (ext x) corner first_slope c); split=> //.
rewrite -ext_norm2; apply: eigensystem_hess; apply: arrowhead_eigensystem.
by rewrite /norm2 ext_norm2; apply: ext_pos.
Qed.

Local Notation flat k := (Req_EM_T (s1 (pre th x k)) 0).
Local Notation corner_at k := (th (out k c) * s2 (pre th x k)).

(** T01(i): n_+(∇²f_c) = #{σ' <> 0} + #{σ' = 0, A_ck σ'' > 0}, and n_- with < for > *)
Theorem hess_pos r : pos_ge H r <->
  (r <= #|[pred k | ~~ flat k]| + #|[pred k | flat k && Rlt_dec 0 (corner_at k)]|)%N.
Proof.
have [al [be [e [sys _]]]] := hess_eigensystem; rewrite (eigen_pos _ sys).
suff -> : #|[pred kb | Rlt_dec 0 (arrow_eigenvalue N (corner kb.1) (first_slope kb.1) kb.2)]|
    = (#|[pred k | ~~ flat k]| + #|[pred k | flat k && Rlt_dec 0 (corner_at k)]|)%N by [].
rewrite card_signs !card_pred -big_split; apply: eq_bigr => k _ /=.
exact: (count_pos (corner k) (first_slope k) ext_pos).
Qed.

Theorem hess_neg r : neg_ge H r <->
  (r <= #|[pred k | ~~ flat k]| + #|[pred k | flat k && Rlt_dec (corner_at k) 0]|)%N.
Proof.
have [al [be [e [sys _]]]] := hess_eigensystem; rewrite (eigen_neg sys).
suff -> : #|[pred kb | Rlt_dec (arrow_eigenvalue N (corner kb.1) (first_slope kb.1) kb.2) 0]|
    = (#|[pred k | ~~ flat k]| + #|[pred k | flat k && Rlt_dec (corner_at k) 0]|)%N by [].
rewrite card_signs !card_pred -big_split; apply: eq_bigr => k _ /=.
exact: (count_neg (corner k) (first_slope k) ext_pos).
Qed.

(** T01(ii): rank ∇²f_c = 2 #{σ' <> 0} + #{σ' = 0, A_ck σ'' <> 0} *)
Theorem hess_rank : rank H =
  (2 * #|[pred k | ~~ flat k]| + #|[pred k | flat k && ~~ Req_EM_T (corner_at k) 0]|)%N.
Proof.
have [al [be [e [sys _]]]] := hess_eigensystem; rewrite (eigen_rank sys).
rewrite card_signs !card_pred big_distrr -big_split; apply: eq_bigr => k _ /=.
exact: (count_nonzero (corner k) (first_slope k) ext_pos).
Qed.

(** T01(iii): ‖∇²f_c‖_F² = Σ_k A_ck² σ''² N² + 2 σ'² N *)
Theorem hess_frobenius : frob2 H =
  \rsum_(k : 'I_m) (th (out k c) ^ 2 * s2 (pre th x k) ^ 2 * N ^ 2
    + 2 * s1 (pre th x k) ^ 2 * N).
Proof.
transitivity (frob2 (arrowhead (ext x) corner first_slope c)).
  by do 2!apply: rsum_eq => ?; rewrite hess_arrowhead.
rewrite frob2_arrowhead /norm2 ext_norm2; apply: rsum_eq => k.
by rewrite /corner Rpow_mult_distr.
Qed.

(** T01(iv.1): ‖∇²f_c‖ = max_k ½(|A_ck σ''|N + √N √(A_ck² σ''² N + 4σ'²)) *)
Theorem hess_norm r : 0 <= r ->
  opnorm_le H r <->
  forall k, / 2 * (Rabs (th (out k c) * s2 (pre th x k)) * N + sqrt N *
    sqrt ((th (out k c) * s2 (pre th x k)) ^ 2 * N + 4 * s1 (pre th x k) ^ 2)) <= r.
Proof.
move=> r0; have [al [be [e [sys _]]]] := hess_eigensystem.
rewrite (eigen_opnorm sys r0); split=> h.
  by move=> k; apply/(eigenvalue_abs_le _ _ ext_pos) => b; apply: (h (k, b)).
by case=> k b; apply: (proj2 (eigenvalue_abs_le (corner k) (first_slope k) ext_pos r)); apply: h.
Qed.

(** T01(v): no eigenvalue other than 0 is smaller than
    √N σ'²/(√N |A_ck σ''| + |σ'|) where σ' <> 0, and N |A_ck σ''| where σ' = 0. *)
Theorem hess_gap mu v r :
  (forall p, mulv H v p = mu * v p) -> (exists p, v p <> 0) -> mu <> 0 ->
  (forall k, s1 (pre th x k) <> 0 ->
    r <= sqrt N * s1 (pre th x k) ^ 2 /
      (sqrt N * Rabs (th (out k c) * s2 (pre th x k)) + Rabs (s1 (pre th x k)))) ->
  (forall k, s1 (pre th x k) = 0 -> th (out k c) * s2 (pre th x k) <> 0 ->
    r <= N * Rabs (th (out k c) * s2 (pre th x k))) ->
  r <= Rabs mu.
Proof.
move=> hv v0 mu0 h1 h2; have [al [be [e [sys _]]]] := hess_eigensystem.
have [[k b] /= muE] := eigen_only sys hv v0 mu0.
rewrite muE; apply: (eigenvalue_gap ext_pos); rewrite -?muE //; [exact: h1 | exact: h2].
Qed.

(** T01(d.1): without first-layer biases N = ‖x‖², if x <> 0; ... *)
Definition unbiased (p : 'I_m * 'I_d + 'I_m * 'I_C + 'I_C) : par m d C :=
  match p with
  | inl (inl (k, j)) => hid k (Some j)
  | inl (inr (k, c')) => out k c'
  | inr c' => off c'
  end.

Theorem unbiased_eigensystem : (exists j, x j <> 0) ->
  exists e, eigensystem (submatrix unbiased H)
    (fun kb : 'I_m * bool => arrow_eigenvalue (norm2 x) (corner kb.1) (first_slope kb.1) kb.2) e.
Proof.
move=> [j xj]; exists (unit_eigenvector x corner first_slope c).
have x0 : 0 < norm2 x.
  apply: Rlt_le_trans (rsum_term_le j (fun j => pow2_ge_0 (x j))).
  exact: pow2_gt_0.
have [o ae ker] := arrowhead_eigensystem corner first_slope c x0.
have eH y z : submatrix unbiased H y z = arrowhead x corner first_slope c y z.
  by case: y z => [[[k i]|[k e]]|e] [[[l r]|[l e']]|e'].
have mH w y : mulv (submatrix unbiased H) w y
    = mulv (arrowhead x corner first_slope c) w y.
  by apply: rsum_eq => z; rewrite eH.
by split=> [//|l y|w h y]; rewrite mH; [apply: ae | apply: ker].
Qed.

(** ... and it is 0 if x = 0 *)
Theorem unbiased_zero : (forall j, x j = 0) -> forall y z, submatrix unbiased H y z = 0.
Proof.
move=> x0 [[[k j]|[k e]]|e] [[[l r]|[l e']]|e'] //; rewrite /submatrix /= ?x0.
- by case: (k == l) => /=; ring.
- by case: (e' == c); case: (k == l) => /=; ring.
- by case: (e == c); case: (l == k) => /=; ring.
Qed.

(** T01(d.2): with the second layer frozen the eigenvalues are A_ck σ''(z_k) N, and zeros. *)
Definition first_layer (y : 'I_m * option 'I_d) : par m d C := inl (inl y).

Theorem frozen_eigensystem :
  exists e, eigensystem (submatrix first_layer H)
    (fun k => th (out k c) * s2 (pre th x k) * N) e.
Proof.
have sN := sqrt_lt_R0 _ ext_pos; have sN2 := sqrt_sqrt _ (Rlt_le _ _ ext_pos).
move: sN sN2; set nu := sqrt N => sN sN2.
pose e (k : 'I_m) (y : 'I_m * option 'I_d) := dlt (y.1 == k) (ext x y.2 / nu).
have dot_e k w : dot (e k) w = / nu * \rsum_(j : option 'I_d) w (k, j) * ext x j.
  rewrite /dot (_ : \rsum_p _ = \rsum_(l : 'I_m) \rsum_(j : option 'I_d) e k (l, j) * w (l, j)); last first.
    by rewrite rsum_pair; apply: rsum_eq => -[].
  rewrite (rsum_delta (k := k)) /e /= ?eqxx => [|l /negbTE->]; last first.
    by apply: rsum0 => j; rewrite /=; ring.
  by rewrite rsum_scal; apply: rsum_eq => j; rewrite /= /Rdiv; ring.
have mH w k j : mulv (submatrix first_layer H) w (k, j)
    = corner k * ext x j * \rsum_(r : option 'I_d) w (k, r) * ext x r.
  rewrite /mulv (_ : \rsum_p _ = 
    \rsum_(l : 'I_m) \rsum_(r : option 'I_d) H (hid k j) (hid l r) * w (l, r)); last first.
    by rewrite rsum_pair; apply: rsum_eq => -[].
  rewrite (rsum_delta (k := k)) /= ?eqxx => [|l /negbTE lk]; last first.
    by apply: rsum0 => r; rewrite [k == l]eq_sym lk /=; ring.
  by rewrite rsum_scal; apply: rsum_eq => r; rewrite /= /corner; ring.
have ee k l : \rsum_(r : option 'I_d) e l (k, r) * ext x r = dlt (k == l) (nu).
  rewrite /e /=; case: (k == l) => /=; last by rewrite rsum0 // => r; ring.
  transitivity (/ nu * \rsum_r ext x r ^ 2).
    by rewrite rsum_scal; apply: rsum_eq => r; rewrite /Rdiv; ring.
  by rewrite ext_norm2 -[X in _ * X]sN2; field; lra.
exists e; split=> [k l|l [k j]|w h [k j]].
- by rewrite dot_e ee; case: (k == l) => /=; [field; lra | ring].
- rewrite mH ee /e /=; case: eqP => [->|_] /=; last by ring.
  by rewrite -[X in _ = _ * X * _]sN2 /corner; field; lra.
- rewrite mH; have := h k; rewrite dot_e => /Rmult_integral[z0|->]; last by ring.
  by have := Rinv_neq_0_compat (nu); lra.
Qed.
End Hessian.

(** T01(iv.2): for the ReLU, ‖∇²f_c‖ is √N if some z_k > 0, and 0 if none is. *)
Theorem relu_hess_norm (m d C : nat) (th : par m d C -> R) (x : 'I_d -> R) (c : 'I_C) r :
  0 <= r -> opnorm_le (hess relu1 zero th x c) r <->
  forall k : 'I_m, 0 < pre th x k -> sqrt (1 + \rsum_j x j ^ 2) <= r.
Proof.
move=> r0; rewrite hess_norm //; have N0 := ext_pos x.
have val s : / 2 * (Rabs (s * 0) * (1 + \rsum_j x j ^ 2) + sqrt (1 + \rsum_j x j ^ 2) *
    sqrt ((s * 0) ^ 2 * (1 + \rsum_j x j ^ 2) + 4 * 1 ^ 2)) = sqrt (1 + \rsum_j x j ^ 2).
  rewrite Rmult_0_r Rabs_R0 (_ : 0 ^ 2 * _ + 4 * 1 ^ 2 = 2 * 2); last by ring.
  by rewrite sqrt_square; [field | lra].
split=> h k; have := h k; rewrite /relu1 /pl1 /zero; case: Rlt_dec => //= z.
- by rewrite val.
- by move=> /(_ z) hr; rewrite val.
- move=> _; rewrite Rmult_0_r Rabs_R0 (_ : 0 ^ 2 * _ + 4 * 0 ^ 2 = 0); last by ring.
  by rewrite sqrt_0; lra.
Qed.
