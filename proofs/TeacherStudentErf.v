(** The teacher-student Hessian of erf(z/√2) at the global minimum, for Gaussian inputs (T20).

    At W = V = [I_k, 0] every block is diagonal, so H acts on each column of T = [A, B] alone;
    with c = 2/π: H_ii = 3^(-1/2)c(I - ⅔e_ie_iᵀ), H_ij = ½c(I - ½e_ie_iᵀ - ½e_je_jᵀ). *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Spectral TeacherStudent ReluSpectrum.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** 3^(-1/2) *)
Definition root3 : R := / sqrt 3.

Lemma root3_sqr : root3 * root3 = / 3.
Proof.
have h : 0 < sqrt 3 by apply: sqrt_lt_R0; lra.
by rewrite /root3 -Rinv_mult sqrt_sqrt; lra.
Qed.

Lemma root3_bounds : 57 / 100 < root3 < 58 / 100.
Proof.
have h : 0 < root3 by apply: Rinv_0_lt_compat; apply: sqrt_lt_R0; lra.
by have := root3_sqr; split; nra.
Qed.

(** A sum over two indices. *)
Lemma rsum_two k (F : 'I_k -> R) i l : k = 2%N -> i != l -> \rsum_j F j = F i + F l.
Proof.
move=> k_2; move: F i l; rewrite k_2 => F i l; rewrite rsum_ord2.
by case: (ord2P i) => ->; case: (ord2P l) => -> // _; ring.
Qed.

Lemma two_over_pi : 0 < 2 / PI.
Proof. by apply: Rdiv_lt_0_compat; [lra | apply: PI_RGT_0]. Qed.

Section Erf.
Variables k e : nat.
Local Notation columns := ('I_k + 'I_e)%type.
Local Notation kR := (INR k).
Local Notation erf_cases := (bool + bool)%type.
Implicit Types (A : 'I_k -> 'I_k -> R) (B : 'I_k -> 'I_e -> R) (T : 'I_k -> columns -> R).
Implicit Types (i j l : 'I_k) (a b : columns) (c : 'I_e) (s : bool).

(** the blocks H_ii and H_ij *)
Definition erf_hessian i a j b : R :=
  2 / PI * (if i == j then root3 * (dlt (a == b) 1 - 2 / 3 *
    (identity_rows i a * identity_rows i b))
            else / 2 * (dlt (a == b) 1 - / 2 * (identity_rows i a * identity_rows i b)
                        - / 2 * (identity_rows j a * identity_rows j b))).

Lemma erf_hessian_sym : symmetric_op erf_hessian.
Proof.
move=> i a j b; rewrite /erf_hessian [j == i]eq_sym [b == a]eq_sym.
congr (_ * _); case: eqP => [->|_]; first by congr (_ * (_ - _ * _)); ring.
by rewrite /Rminus !Rplus_assoc; congr (_ * (_ + _)); ring.
Qed.

(** M_l on the columns l ≤ k: 3^(-3/2) at (l,l), else 3^(-1/2) on the diagonal, ¼ beside it in
    row and column l, ½ elsewhere *)
Definition erf_block l i j : R :=
  if i == j then (if i == l then root3 / 3 else root3)
  else if (i == l) || (j == l) then / 4 else / 2.

(** (3^(-1/2)-½)I + ½11ᵀ on the others *)
Definition erf_tail i j : R := dlt (i == j) (root3 - / 2) + / 2.

(** column l of T is mapped by (2/π)M_l, and the columns beyond k by (2/π)((3^(-1/2)-½)I + ½11ᵀ) *)
Definition erf_column T i a : R :=
  2 / PI * match a with
           | inl l => \rsum_j erf_block l i j * T j a
           | inr _ => \rsum_j erf_tail i j * T j a
           end.

Theorem erf_happ T i a : happ erf_hessian T i a = erf_column T i a.
Proof.
have row j : \rsum_b erf_hessian i a j b * T j b
    = 2 / PI * (match a with inl l => erf_block l i j | inr _ => erf_tail i j end * T j a).
  rewrite (rsum_delta (k := a)) => [|b /negbTE ne].
    rewrite /erf_hessian /identity_rows eqxx /=; case: a => [l|c]; last first.
      by rewrite /axis /erf_tail /=; case: eqP => _ /=; field; apply: PI_neq0.
    have ax m : axis (inl m : columns) (inl l) = dlt (m == l) 1 by rewrite /axis eq_sym.
    rewrite !ax /erf_block; case: (altP (i =P j)) => [<-|ne].
      by case: eqP => _ /=; field; apply: PI_neq0.
    case: (altP (i =P l)) => [il|_]; case: (altP (j =P l)) => [jl|_] /=;
      try (field; exact: PI_neq0).
    by case/eqP: ne; rewrite il jl.
  have off m : axis (inl m : columns) a * axis (inl m) b = 0.
    rewrite /axis; case: (altP (a =P inl m)) => [am|_] /=; last by ring.
    by move: ne; rewrite am => -> /=; ring.
  by rewrite /erf_hessian /identity_rows !off [a == b]eq_sym ne /=; case: ifP => _; ring.
rewrite /happ (rsum_eq row) -rsum_scal /erf_column.
by case: a {row}.
Qed.

(** ** The eigenvalues *)
Definition erf_alpha : R := root3 / 3.
Definition erf_beta : R := root3 + (kR - 2) / 2.

(** λ_± are the eigenvalues of (2/π)((3^(-3/2), √(k-1)/4), (√(k-1)/4, 3^(-1/2)+(k-2)/2)). *)
Definition erf_root s : R :=
  (erf_alpha + erf_beta + pm s * sqrt ((erf_alpha - erf_beta) ^ 2 + (kR - 1) / 4)) / 2.
Definition erf_eig s : R := 2 / PI * erf_root s.

Hypothesis k2 : (2 <= k)%N.

Lemma erf_n : 2 <= kR.
Proof. by apply: (le_INR 2); apply/leP. Qed.

Lemma erf_disc_gt0 : 0 < (erf_alpha - erf_beta) ^ 2 + (kR - 1) / 4.
Proof. by have := erf_n; have := pow2_ge_0 (erf_alpha - erf_beta); lra. Qed.

(** (y - λ_+)(y - λ_-) = (y - α)(y - β) - (k-1)/16 *)
Lemma erf_factor y :
  (y - erf_root true) * (y - erf_root false) = (y - erf_alpha) * (y - erf_beta) - (kR - 1) / 16.
Proof.
have d := sqrt_sqrt _ (Rlt_le _ _ erf_disc_gt0).
rewrite /erf_root /pm; move: d; set q := sqrt _ => d.
transitivity ((y - (erf_alpha + erf_beta) / 2) ^ 2 - q * q / 4); first by field.
by rewrite d; field.
Qed.

Lemma erf_root_eq s : (erf_root s - erf_alpha) * (erf_root s - erf_beta) = (kR - 1) / 16.
Proof. by apply: Rminus_diag_uniq; rewrite -erf_factor; case: s; ring. Qed.

Lemma erf_order : erf_root false < erf_root true.
Proof. by have := sqrt_lt_R0 _ erf_disc_gt0; rewrite /erf_root /pm; lra. Qed.

Lemma erf_gap s : erf_root s - erf_root (~~ s) <> 0.
Proof. by have := erf_order; case: s => /=; lra. Qed.

Lemma erf_between y : (y - erf_alpha) * (y - erf_beta) < (kR - 1) / 16 ->
  erf_root false < y < erf_root true.
Proof. by move=> h; have := erf_factor y; have := erf_order; split; nra. Qed.

(** ** The families: x(z-β)e_l + ¼x(1-e_l) in column l, 0 at l with sum 0 in column l, and
    constant columns beyond k *)
Definition col_sum A l : R := \rsum_j A j l.
Definition off_mean A l : R := (col_sum A l - A l l) / (kR - 1).
Definition plane_coef s A l : R :=
  (A l l - 4 * off_mean A l * (erf_root (~~ s) - erf_beta)) / (erf_root s - erf_root (~~ s)).
Definition plane s (x : 'I_k -> R) i l : R :=
  x l * if i == l then erf_root s - erf_beta else / 4.
Definition rest A i l : R := if i == l then 0 else A i l - off_mean A l.

(** M_l t = (3^(-1/2)-½)t + ½(1ᵀt)1 but for what row and column l lack *)
Lemma erf_block_sum l i A : \rsum_j erf_block l i j * A j l
  = if i == l then root3 / 3 * A l l + / 4 * (col_sum A l - A l l)
    else (root3 - / 2) * A i l + / 2 * col_sum A l - / 4 * A l l.
Proof.
case: (altP (i =P l)) => [->|ne].
  transitivity (\rsum_j (/ 4 * A j l + dlt (j == l) ((root3 / 3 - / 4) * A j l))).
    by apply: rsum_eq => j; rewrite /erf_block eqxx [l == j]eq_sym; case: eqP => [->|_] /=; field.
  by rewrite rsum_plus -rsum_scal rsum_pickl -/(col_sum A l); field.
transitivity (\rsum_j (/ 2 * A j l + (dlt (i == j) ((root3 - / 2) * A j l)
    + dlt (j == l) (- / 4 * A j l)))).
  apply: rsum_eq => j; rewrite /erf_block (negbTE ne); case: (altP (i =P j)) => [<-|_].
    by rewrite (negbTE ne) /=; field.
  by case: eqP => _ /=; field.
by rewrite !rsum_plus -rsum_scal rsum_pickr rsum_pickl -/(col_sum A l); field.
Qed.

Lemma erf_tail_sum i c B : \rsum_j erf_tail i j * B j c
  = (root3 - / 2) * B i c + / 2 * \rsum_j B j c.
Proof.
rewrite rsum_scal -(rsum_pickr (fun j => (root3 - / 2) * B j c)) -rsum_plus.
by apply: rsum_eq => j; rewrite /erf_tail; case: eqP => _ /=; ring.
Qed.

Lemma erf_eigen_blk lam A B :
  (forall i l, 2 / PI * (\rsum_j erf_block l i j * A j l) = lam * A i l) ->
  (forall i c, 2 / PI * (\rsum_j erf_tail i j * B j c) = lam * B i c) ->
  op_eigen erf_hessian lam (blk A B).
Proof. by move=> eA eB i a; rewrite erf_happ; case: a => [l|c]; [apply: eA | apply: eB]. Qed.

Lemma plane_sum s (x : 'I_k -> R) l :
  col_sum (plane s x) l = x l * (erf_root s - erf_beta + (kR - 1) / 4).
Proof.
transitivity (\rsum_j (/ 4 * x l + dlt (j == l) (x l * (erf_root s - erf_beta - / 4)))).
  by apply: rsum_eq => j; rewrite /plane; case: eqP => _ /=; ring.
by rewrite rsum_plus rsum_pickl rsum_const card_ord; field.
Qed.

Lemma plane_eigen s x i l :
  2 / PI * (\rsum_j erf_block l i j * plane s x j l) = erf_eig s * plane s x i l.
Proof.
rewrite erf_block_sum plane_sum /plane eqxx /erf_eig [RHS]Rmult_assoc; congr (2 / PI * _).
case: eqP => _; last by rewrite /erf_beta; field.
apply: Rminus_diag_uniq; transitivity
  (x l * ((kR - 1) / 16 - (erf_root s - erf_alpha) * (erf_root s - erf_beta))).
  by rewrite /erf_alpha; field.
by rewrite erf_root_eq; ring.
Qed.

Lemma rest_sum A l : col_sum (rest A) l = 0.
Proof.
have h := erf_n.
transitivity (\rsum_j (A j l - off_mean A l - dlt (j == l) (A j l - off_mean A l))).
  by apply: rsum_eq => j; rewrite /rest; case: eqP => _ /=; ring.
rewrite !rsum_minus rsum_pickl rsum_const card_ord -/(col_sum A l) /off_mean.
by field; lra.
Qed.

Lemma rest_eigen A i l :
  2 / PI * (\rsum_j erf_block l i j * rest A j l) = 2 / PI * (root3 - / 2) * rest A i l.
Proof. by rewrite erf_block_sum rest_sum /rest eqxx; case: eqP => _; ring. Qed.

Lemma plane_split A i l :
  plane true (plane_coef true A) i l + plane false (plane_coef false A) i l
  = if i == l then A l l else off_mean A l.
Proof.
have := @erf_gap true; rewrite /plane /plane_coef /= => g.
by case: eqP => _; field; lra.
Qed.

Definition erf_lam (x : erf_cases) : R :=
  match x with
  | inl s => erf_eig s
  | inr s => 2 / PI * (if s then root3 - / 2 else root3 + (kR - 1) / 2)
  end.

Definition erf_part (x : erf_cases) T : 'I_k -> columns -> R :=
  match x with
  | inl s => blk (plane s (plane_coef s (leftA T))) (fun _ _ => 0)
  | inr true => blk (rest (leftA T)) (fun i c => rightB T i c - mean_col (rightB T) c)
  | inr false => blk (fun _ _ => 0) (fun=> mean_col (rightB T))
  end.

Definition erf_mult (x : erf_cases) : R :=
  match x with
  | inl _ => kR
  | inr s => if s then kR * (kR - 2) + (kR - 1) * INR e else INR e
  end.

Lemma rsum_erf (F : erf_cases -> R) :
  \rsum_x F x = F (inl true) + F (inl false) + (F (inr true) + F (inr false)).
Proof. by rewrite rsum_sum !big_bool. Qed.

Lemma erf_part_sum T i a : T i a = \rsum_x erf_part x T i a.
Proof.
rewrite rsum_erf; case: a => [l|c] /=; last by rewrite /rightB; ring.
have -> := plane_split (leftA T) i l; rewrite /rest /leftA.
by case: eqP => [->|_]; ring.
Qed.

Lemma erf_part_eigen x T : op_eigen erf_hessian (erf_lam x) (erf_part x T).
Proof.
have h := erf_n.
have zeroA lam i l : 2 / PI * (\rsum_j erf_block l i j * 0) = lam * 0.
  by rewrite rsum0 => [|j]; ring.
have zeroB lam (i : 'I_k) : 2 / PI * (\rsum_j erf_tail i j * 0) = lam * 0.
  by rewrite rsum0 => [|j]; ring.
case: x => [s|[]]; apply: erf_eigen_blk => i l; try exact: zeroA; try exact: zeroB.
- exact: plane_eigen.
- exact: rest_eigen.
- rewrite (erf_tail_sum i l (fun i c => rightB T i c - mean_col (rightB T) c)).
  have -> : \rsum_j (rightB T j l - mean_col (rightB T) l) = 0.
    by rewrite rsum_minus rsum_const card_ord /mean_col; field; lra.
  by rewrite /=; ring.
- rewrite (erf_tail_sum i l (fun=> mean_col (rightB T))) rsum_const card_ord /=.
  by field; apply: PI_neq0.
Qed.

Lemma erf_part_trace x : \rsum_i \rsum_a erf_part x (munit i a) i a = erf_mult x.
Proof.
have h := erf_n.
transitivity ((\rsum_i \rsum_l erf_part x (munit i (inl l)) i (inl l))
  + \rsum_i \rsum_c erf_part x (munit i (inr c)) i (inr c)).
  by rewrite -rsum_plus; apply: rsum_eq => i; rewrite rsum_sum.
have zero2 (I J : finType) : \rsum_(i : I) \rsum_(j : J) 0 = 0.
  by rewrite rsum0 // => ?; rewrite rsum0.
have mean i l : off_mean (leftA (munit i (inl l) : 'I_k -> columns -> R)) l
    = if i == l then 0 else / (kR - 1).
  rewrite /off_mean [col_sum _ _]unit_col unitE !eqxx [l == i]eq_sym.
  by case: eqP => _ /=; field; lra.
case: x => [s|[]]; rewrite /= ?zero2 ?Rplus_0_r ?Rplus_0_l.
- have g := @erf_gap s; pose z := erf_root s; pose z' := erf_root (~~ s).
  rewrite (@diag_off_sum k _ (z - erf_beta) (- (z' - erf_beta) / (kR - 1)) (z - z')) => [|i l].
    by rewrite /z /z'; field; do ?split; lra.
  rewrite /plane /plane_coef mean unitE eqxx [l == i]eq_sym -/z -/z'.
  by case: eqP => _ /=; field; do ?split; rewrite /z /z'; lra.
- rewrite (@diag_off_sum k _ 0 (1 - / (kR - 1)) 1) => [|i l].
    under [X in _ + X]eq_bigr => i _ do under eq_bigr => c _ do rewrite unit_ext unit_mean eqxx.
    by rewrite /= !rsum_const !card_ord; field; do ?split; lra.
  by rewrite /rest mean unitE !eqxx; case: eqP => _ /=; field; lra.
- under eq_bigr => i _ do under eq_bigr => c _ do rewrite unit_mean eqxx.
  by rewrite /= !rsum_const !card_ord; field; lra.
Qed.

(** ** The spectrum *)

(** the eigenvalues with their multiplicities *)
Definition erf_table : seq (R * R) :=
  [:: (erf_eig true, kR); (erf_eig false, kR);
      (2 / PI * (root3 - / 2), kR * (kR - 2) + (kR - 1) * INR e);
      (2 / PI * (root3 + (kR - 1) / 2), INR e)].

Lemma erf_table_sum (F : R * R -> R) :
  \big[Rplus/R0]_(r <- erf_table) F r = \rsum_x F (erf_lam x, erf_mult x).
Proof. by rewrite rsum_erf !big_cons big_nil /=; ring. Qed.

(** tr H^j = Σ_λ m_λ λ^j *)
Theorem erf_trace_powers (m : nat) :
  htrace (hpow erf_hessian m) = \big[Rplus/R0]_(r <- erf_table) (r.2 * r.1 ^ m).
Proof.
rewrite (resolution_trace erf_part_sum erf_part_eigen) erf_table_sum.
by apply: rsum_eq => x; rewrite erf_part_trace Rmult_comm.
Qed.

Lemma erf_mult_eq0 x T i a : erf_mult x = 0 -> erf_part x T i a = 0.
Proof.
have h := erf_n; case: x => [s|s]; first by rewrite /=; lra.
have e_0 : INR e = 0 -> forall c : 'I_e, False.
  by move=> /(INR_eq e 0) e0 c; have := ltn_ord c; rewrite [X in (_ < X)%N]e0.
have e1 := pos_INR e.
case: s => /= m0; case: a => [l|c] //=; try by case: (e_0 _ c); nra.
have n_2 : kR = 2 by nra.
have k_2 : k = 2%N by apply: (INR_eq k 2).
rewrite /rest /off_mean /col_sum n_2; case: (altP (i =P l)) => // ne.
by rewrite (rsum_two _ k_2 ne); field.
Qed.

(** The eigenvalues of H are those of the table. *)
Theorem erf_eigenvalues lam :
  op_eigenvalue erf_hessian lam <-> exists m, List.In (lam, m) erf_table /\ m <> 0.
Proof.
rewrite
  (resolution_table erf_part_sum erf_part_eigen erf_hessian_sym _ erf_part_trace erf_mult_eq0).
split=> [[x [-> nz]]|[m [h nz]]].
  by exists (erf_mult x); split=> //; case: x {nz} => [[]|[]] /=; do ?[by left | right].
suff [x [-> mx]] : exists x, lam = erf_lam x /\ m = erf_mult x by exists x; rewrite -mx.
move: h; rewrite /erf_table /=; do ?case=> [[<- <-]|].
- by exists (inl true).
- by exists (inl false).
- by exists (inr true).
- by exists (inr false).
Qed.

Lemma erf_low_between : erf_root false < root3 - / 2 < erf_root true.
Proof.
apply: erf_between; rewrite /erf_alpha /erf_beta.
by have := erf_n; have := root3_bounds; nra.
Qed.

Lemma erf_beta_between : erf_root false < erf_beta < erf_root true.
Proof. by apply: erf_between; have := erf_n; lra. Qed.

Lemma erf_alpha_between : erf_root false < erf_alpha < erf_root true.
Proof. by apply: erf_between; have := erf_n; lra. Qed.

(** ⟨T,HT⟩ ≥ λ_-‖T‖² *)
Theorem erf_lower_bound T : erf_eig false * fnorm2 T <= mdot T (happ erf_hessian T).
Proof.
apply: (resolution_ge erf_part_sum erf_part_eigen erf_hessian_sym) => x.
have := two_over_pi => /Rlt_le c0; have := erf_order; have := erf_low_between.
have := erf_beta_between; have : erf_beta = root3 + (kR - 2) / 2 by [].
move=> eb b l o.
by case: x => [[]|[]] /=; rewrite /erf_eig; apply: Rmult_le_compat_l; lra.
Qed.

(** d = k: ⟨T,HT⟩ ≤ λ_+‖T‖² *)
Theorem erf_upper_bound T : e = 0%N -> mdot T (happ erf_hessian T) <= erf_eig true * fnorm2 T.
Proof.
move=> e0; pose lam x := if x is inr false then erf_eig true else erf_lam x.
have noB (c : 'I_e) : False by have := ltn_ord c; rewrite [X in (_ < X)%N]e0.
have eig x U : op_eigen erf_hessian (lam x) (erf_part x U).
  case: x => [s|[]]; try exact: erf_part_eigen.
  move=> i a; rewrite (erf_part_eigen (inr false)).
  by case: a => [l|c]; [rewrite /= !Rmult_0_r | case: (noB c)].
apply: (resolution_le erf_part_sum eig erf_hessian_sym) => x.
have := two_over_pi => /Rlt_le c0; have := erf_order; have := erf_low_between => l o.
by case: x => [[]|[]]; rewrite /lam /= ?/erf_eig; apply: Rmult_le_compat_l; lra.
Qed.

(** λ_-λ_+ = c²(1/9 - 1/16 + (k-2)(1/(6√3) - 1/16)) > 0 *)
Theorem erf_product : erf_eig false * erf_eig true
  = (2 / PI) ^ 2 * (/ 9 - / 16 + (kR - 2) * (/ (6 * sqrt 3) - / 16)).
Proof.
have q := erf_factor 0; have r := root3_sqr.
have -> : erf_eig false * erf_eig true
    = (2 / PI) ^ 2 * ((0 - erf_root true) * (0 - erf_root false)) by rewrite /erf_eig; ring.
rewrite q; congr (_ * _); rewrite Rinv_mult -/root3 /erf_alpha /erf_beta.
by transitivity (root3 * root3 / 3 + root3 * (kR - 2) / 6 - (kR - 1) / 16);
  [field | rewrite r; field].
Qed.

Theorem erf_product_gt0 : 0 < erf_eig false * erf_eig true.
Proof.
rewrite erf_product Rinv_mult -/root3; apply: Rmult_lt_0_compat.
  by apply/pow_lt/two_over_pi.
by have := erf_n; have := root3_bounds; nra.
Qed.

(** λ_- ≥ c(3^(-3/2) - 1/8) > 0 *)
Theorem erf_min_lower : 2 / PI * (root3 / 3 - / 8) <= erf_eig false.
Proof.
apply: Rmult_le_compat_l; first by apply/Rlt_le/two_over_pi.
have := erf_factor (erf_alpha - / 8); have := erf_alpha_between.
rewrite -/erf_alpha => a p; apply: Rnot_lt_le => lt.
have : 0 < (erf_alpha - / 8 - erf_root true) * (erf_alpha - / 8 - erf_root false); last by nra.
by rewrite p /erf_alpha /erf_beta; have := erf_n; have := root3_bounds; nra.
Qed.

(** ⟨T,HT⟩ ≥ c(3^(-3/2) - 1/8)‖T‖² for every k and d *)
Theorem erf_uniform_bound T : 2 / PI * (root3 / 3 - / 8) * fnorm2 T <= mdot T (happ erf_hessian T).
Proof.
apply: Rle_trans (erf_lower_bound T).
by apply: Rmult_le_compat_r erf_min_lower; apply: fnorm2_ge0.
Qed.
End Erf.

Lemma erf_uniform_gt0 : 0 < 2 / PI * (root3 / 3 - / 8).
Proof. by apply: Rmult_lt_0_compat two_over_pi _; have := root3_bounds; lra. Qed.
