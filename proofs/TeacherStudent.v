(** The ReLU teacher-student Hessian at the global minimum, for Gaussian inputs (T19).

    k students and k teachers with the weights W = V = [I_k, 0] in R^(k x d), d = k + e: the
    columns are indexed by 'I_k + 'I_e, and T = [A, B] is [blk A B]. With ϱ = 1/2π the
    Hessian, as the closed forms of T18 give it there, has the blocks H_ii = ½I and
    H_ij = ¼I + ϱ(e_ie_jᵀ + e_je_iᵀ). Here are its action on T, its least eigenvalue by a sum
    of squares, and families of eigenvectors, for all k and e. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Spectral.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ** The Hessian of T18 *)
Section ClosedForm.
Variable D : finType.
Implicit Types u v : D -> R.

Definition vdot u v : R := \rsum_a u a * v a.
Definition vnorm u : R := sqrt (\rsum_a u a ^ 2).
Definition vunit u a : R := u a / vnorm u.

(** the angle θ between u and v *)
Definition vangle u v : R := acos (vdot u v / (vnorm u * vnorm v)).

(** the unit vector n of v̂ - cosθ û *)
Definition vnormal u v : D -> R :=
  vunit (fun a => vunit v a - cos (vangle u v) * vunit u a).

(** h_1(u,v) = (1/2π) sinθ (‖v‖/‖u‖)(I - ûûᵀ + nnᵀ); it is 0 where sinθ is *)
Definition relu_h1 u v (a b : D) : R :=
  / (2 * PI) * sin (vangle u v) * (vnorm v / vnorm u)
  * (dlt (a == b) 1 - vunit u a * vunit u b + vnormal u v a * vnormal u v b).

(** h_2(u,v) = (1/2π)((π-θ)I + ûnᵀ + v̂n'ᵀ), n' the unit vector of û - cosθ v̂ *)
Definition relu_h2 u v (a b : D) : R :=
  / (2 * PI) * ((PI - vangle u v) * dlt (a == b) 1
                + vunit u a * vnormal u v b + vunit v a * vnormal v u b).

(** T18(c.4): H_ii = ½I + Σ_{j≠i} h_1(w_i,w_j) - Σ_j h_1(w_i,v_j), H_ij = h_2(w_i,w_j) *)
Definition population_hessian k m (W : 'I_k -> D -> R) (V : 'I_m -> D -> R)
    (i : 'I_k) (a : D) (j : 'I_k) (b : D) : R :=
  if i == j then
    / 2 * dlt (a == b) 1 + (\rsum_l dlt (l != i) (relu_h1 (W i) (W l) a b))
    - \rsum_l relu_h1 (W i) (V l) a b
  else relu_h2 (W i) (W j) a b.

(** the unit vector e_p *)
Definition axis p : D -> R := fun a => dlt (a == p) 1.

Lemma axis_norm p : vnorm (axis p) = 1.
Proof.
rewrite /vnorm (rsum_delta (k := p)) /axis ?eqxx => [|a /negbTE->]; last by rewrite /=; ring.
by rewrite /= !Rmult_1_r sqrt_1.
Qed.

Lemma axis_unit p a : vunit (axis p) a = axis p a.
Proof. by rewrite /vunit axis_norm /Rdiv Rinv_1 Rmult_1_r. Qed.

Lemma vunit_eq u v a : u =1 v -> vunit u a = vunit v a.
Proof.
by move=> h; rewrite /vunit /vnorm h; congr (_ / sqrt _); apply: rsum_eq => b; rewrite h.
Qed.

Lemma axis_dot p q : vdot (axis p) (axis q) = dlt (p == q) 1.
Proof. by rewrite /vdot (rsum_pick (axis p) q) /axis eq_sym. Qed.

Lemma axis_angle p q : vangle (axis p) (axis q) = dlt (p != q) (PI / 2).
Proof.
rewrite /vangle !axis_norm axis_dot Rmult_1_r /Rdiv Rinv_1 Rmult_1_r.
by case: eqP => _; [apply: acos_1 | rewrite acos_0 /=; lra].
Qed.

Lemma axis_normal p q a : p != q -> vnormal (axis p) (axis q) a = axis q a.
Proof.
move=> ne; rewrite -[RHS]axis_unit; apply: vunit_eq => b.
by rewrite axis_angle ne /= cos_PI2 axis_unit; ring.
Qed.

Lemma relu_h1_same p a b : relu_h1 (axis p) (axis p) a b = 0.
Proof. by rewrite /relu_h1 axis_angle eqxx /= sin_0; ring. Qed.

(** h_2(e_p,e_q) = ¼I + ϱ(e_pe_qᵀ + e_qe_pᵀ) for p ≠ q *)
Lemma relu_h2_axis p q a b : p != q ->
  relu_h2 (axis p) (axis q) a b
  = / 4 * dlt (a == b) 1 + / (2 * PI) * (axis p a * axis q b + axis q a * axis p b).
Proof.
move=> ne; have ne' : q != p by rewrite eq_sym.
rewrite /relu_h2 axis_angle ne !axis_unit !axis_normal //=.
by field; apply: PI_neq0.
Qed.
End ClosedForm.

(** A symmetric 3 x 3 matrix with zero diagonal and row sums is 0. *)
Lemma three_hollow k (Z : 'I_k -> 'I_k -> R) i l :
  k = 3%N -> (forall i j, Z i j = Z j i) -> (forall i, Z i i = 0) ->
  (forall i, \rsum_j Z i j = 0) -> Z i l = 0.
Proof.
move=> k_3; move: Z i l; rewrite k_3 => Z i l sym d r.
pose o1 : 'I_3 := lift ord0 ord0; pose o2 : 'I_3 := lift ord0 (lift ord0 ord0).
have row j : Z j ord0 + (Z j o1 + Z j o2) = 0.
  by rewrite -[RHS](r j) !big_ord_recl big_ord0 Rplus_0_r.
have := row ord0; have := row o1; have := row o2.
rewrite !d (sym o1) (sym o2 ord0) (sym o2 o1) => h2 h1 h0.
have ord3 (j : 'I_3) : [\/ j = ord0, j = o1 | j = o2].
  by case: j => [[|[|[|]]] // hj]; [constructor 1 | constructor 2 | constructor 3]; apply: val_inj.
case: (ord3 i) => ->; case: (ord3 l) => ->;
  rewrite ?d // ?(sym o1 ord0) ?(sym o2 ord0) ?(sym o2 o1); lra.
Qed.

(** ** The Hessian at W = V = [I_k, 0] *)
Section Relu.
Variables k e : nat.
Local Notation columns := ('I_k + 'I_e)%type.
Local Notation kR := (INR k).
Implicit Types (A S Z : 'I_k -> 'I_k -> R) (B : 'I_k -> 'I_e -> R) (T : 'I_k -> columns -> R).
Implicit Types (i j l : 'I_k) (u v : 'I_k -> R) (a b : columns) (c : 'I_e).

(** ϱ = 1/2π *)
Definition rho : R := / (2 * PI).

(** [A, B] *)
Definition blk A B : 'I_k -> columns -> R :=
  fun i a => match a with inl j => A i j | inr b => B i b end.

(** row i of [I_k, 0] *)
Definition identity_rows : 'I_k -> columns -> R := fun i => axis (inl i).

(** H_ii = ½I, H_ij = ¼I + ϱ(e_ie_jᵀ + e_je_iᵀ) *)
Definition relu_hessian i a j b : R :=
  if i == j then / 2 * dlt (a == b) 1
  else / 4 * dlt (a == b) 1
       + rho * (identity_rows i a * identity_rows j b + identity_rows j a * identity_rows i b).

(** The h_1 of students and teachers cancel, for j ≠ i; h_1(e_i,e_i) = 0. *)
Lemma population_hessian_at_minimum i a j b :
  population_hessian identity_rows identity_rows i a j b = relu_hessian i a j b.
Proof.
rewrite /population_hessian /relu_hessian; case: eqP => [_|/eqP ne]; last exact: relu_h2_axis.
rewrite /Rminus Rplus_assoc -rsum_opp -rsum_plus rsum0 => [|l]; first exact: Rplus_0_r.
by case: eqP => [->|_]; rewrite /identity_rows ?relu_h1_same /=; ring.
Qed.

(** The entries of H without cases. *)
Lemma relu_hessianE i a j b :
  relu_hessian i a j b
  = (/ 4 * dlt (a == b) 1 + / 4 * dlt (i == j) (dlt (a == b) 1))
    + rho * (identity_rows i a * identity_rows j b + identity_rows j a * identity_rows i b
             - 2 * dlt (i == j) (identity_rows i a * identity_rows i b)).
Proof. by rewrite /relu_hessian; case: eqP => [->|_] /=; [field | ring]. Qed.

Lemma relu_hessian_sym : symmetric_op relu_hessian.
Proof.
move=> i a j b; rewrite /relu_hessian [j == i]eq_sym [b == a]eq_sym.
by case: ifP => // _; congr (_ + rho * _); ring.
Qed.

(** HT on the first k columns: ¼A + ¼11ᵀA + ϱ(tr(A)I - 2 diag(A) + Aᵀ) *)
Definition hA A i l : R :=
  / 4 * A i l + / 4 * (\rsum_j A j l)
  + rho * (dlt (i == l) ((\rsum_j A j j) - 2 * A i i) + A l i).

(** HT on the others: ¼B + ¼11ᵀB *)
Definition hB B i c : R := / 4 * B i c + / 4 * \rsum_j B j c.

(** HT = ¼T + ¼11ᵀT + ϱ[tr(A)I - 2 diag(A) + Aᵀ, 0] *)
Lemma relu_happ A B i a : happ relu_hessian (blk A B) i a = blk (hA A) (hB B) i a.
Proof.
set T := blk A B.
have row j : \rsum_b relu_hessian i a j b * T j b
    = (/ 4 * T j a + / 4 * dlt (i == j) (T j a))
      + rho * (identity_rows i a * T j (inl j) + identity_rows j a * T j (inl i)
               - 2 * dlt (i == j) (identity_rows i a * T j (inl i))).
  transitivity (\rsum_b ((/ 4 + / 4 * dlt (i == j) 1) * dlt (a == b) (T j b)
      + (rho * identity_rows i a) * (axis (inl j) b * T j b)
      + (rho * (identity_rows j a - 2 * dlt (i == j) (identity_rows i a)))
        * (axis (inl i) b * T j b))).
    apply: rsum_eq => b; rewrite relu_hessianE /identity_rows.
    by case: (i == j); case: (a == b) => /=; ring.
  rewrite !rsum_plus -!rsum_scal rsum_pickr !rsum_pick1.
  by case: (i == j) => /=; ring.
rewrite /happ (rsum_eq row) !rsum_plus -!rsum_scal rsum_minus rsum_plus -!rsum_scal !rsum_pickr.
case: a {row} => [l|b]; rewrite /T /identity_rows /hA /hB /=.
  have -> : axis (inl i : columns) (inl l) = dlt (i == l) 1 by rewrite /axis eq_sym.
  have -> : \rsum_j axis (inl j : columns) (inl l) * A j i = A l i.
    by rewrite -[RHS](rsum_pick1 (A^~ i)); apply: rsum_eq => j; rewrite /axis eq_sym.
  by case: eqP => [->|_] /=; ring.
by rewrite /axis /= -rsum_scal; ring.
Qed.

(** ** A sum of squares, and the least eigenvalue *)
Lemma mdot_blk A B A' B' : mdot (blk A B) (blk A' B') = mdot A A' + mdot B B'.
Proof. by rewrite /mdot -rsum_plus; apply: rsum_eq => i; rewrite rsum_sum. Qed.

Lemma fnorm2_blk A B : fnorm2 (blk A B) = fnorm2 A + fnorm2 B.
Proof. by rewrite -!mdotTT mdot_blk. Qed.

Lemma rsum_diag (F : 'I_k -> 'I_k -> R) : \rsum_i \rsum_l dlt (i == l) (F i l) = \rsum_i F i i.
Proof. by apply: rsum_eq => i; rewrite (rsum_pickr (F i)). Qed.

Lemma mdot_hA A :
  mdot A (hA A) = / 4 * fnorm2 A + / 4 * (\rsum_l (\rsum_j A j l) ^ 2)
    + rho * ((\rsum_i A i i) ^ 2 + (- 2 * (\rsum_i A i i ^ 2) + \rsum_i \rsum_l A i l * A l i)).
Proof.
have cols : \rsum_i \rsum_l A i l * (\rsum_j A j l) = \rsum_l (\rsum_j A j l) ^ 2.
  by rewrite rsum_exchange; apply: rsum_eq => l; rewrite -rsum_scalr; ring.
set t := \rsum_i A i i; transitivity (\rsum_i \rsum_l (/ 4 * A i l ^ 2
  + (/ 4 * (A i l * \rsum_j A j l) + (dlt (i == l) (rho * (t * A i i + - 2 * A i i ^ 2))
      + rho * (A i l * A l i))))).
  by do 2!apply: rsum_eq => ?; rewrite /hA /dlt; case: eqP => [->|_]; rewrite /t; ring.
rewrite !rsum2_plus !rsum2_scal cols rsum_diag -rsum_scal rsum_plus -!rsum_scal -/t.
by rewrite /fnorm2; ring.
Qed.

Lemma mdot_hB B : mdot B (hB B) = / 4 * fnorm2 B + / 4 * \rsum_b (\rsum_j B j b) ^ 2.
Proof.
rewrite /mdot rsum_exchange /fnorm2 [X in / 4 * X + _]rsum_exchange !rsum_scal -rsum_plus.
apply: rsum_eq => b; rewrite -[_ ^ 2]/(_ * (_ * 1)) Rmult_1_r.
by rewrite [X in _ + / 4 * X]rsum_scalr !rsum_scal -rsum_plus; apply: rsum_eq => i;
  rewrite /hB; ring.
Qed.

(** ⟨T,HT⟩ = (¼-ϱ)‖T‖² + ¼‖1ᵀT‖² + ϱ(tr A)² + ½ϱ Σ_{i≠j}(A_ij+A_ji)² + ϱ‖B‖² *)
Theorem relu_sum_of_squares A B :
  mdot (blk A B) (happ relu_hessian (blk A B))
  = (/ 4 - rho) * fnorm2 (blk A B) + / 4 * (\rsum_a (\rsum_j blk A B j a) ^ 2)
    + rho * (\rsum_i A i i) ^ 2
    + rho / 2 * (\rsum_i \rsum_j dlt (i != j) ((A i j + A j i) ^ 2)) + rho * fnorm2 B.
Proof.
rewrite (mdot_eq (fun i a => erefl) (relu_happ A B)) mdot_blk mdot_hA mdot_hB fnorm2_blk.
rewrite (rsum_sum (fun a => (\rsum_j blk A B j a) ^ 2)).
have -> : \rsum_i \rsum_j dlt (i != j) ((A i j + A j i) ^ 2)
    = fnorm2 A + (2 * (\rsum_i \rsum_j A i j * A j i) + (fnorm2 A + - 4 * \rsum_i A i i ^ 2)).
  rewrite [in (fnorm2 A + - 4 * _)]/fnorm2 [X in (X + - 4 * _)]rsum_exchange.
  rewrite -rsum2_scal rsum_scal -(rsum_diag (fun i l => - 4 * A i i ^ 2)) -!rsum2_plus.
  by do 2!apply: rsum_eq => ?; case: eqP => [->|_] /=; ring.
by rewrite /blk; field.
Qed.

Lemma rho_gt0 : 0 < rho.
Proof. by apply: Rinv_0_lt_compat; have := PI_RGT_0; lra. Qed.

(** Every T is [A, B]. *)
Lemma blkE T i a : T i a = blk (fun j l => T j (inl l)) (fun j c => T j (inr c)) i a.
Proof. by case: a. Qed.

(** λ_min(H) ≥ ¼ - ϱ *)
Theorem relu_lower_bound T :
  (/ 4 - rho) * fnorm2 T <= mdot T (happ relu_hessian T).
Proof.
rewrite (fnorm2_eq (blkE T)) (mdot_eq (blkE T) (fun i a => happ_eq _ _ _ (blkE T))).
rewrite relu_sum_of_squares !Rplus_assoc -[X in X <= _]Rplus_0_r.
apply: Rplus_le_compat_l; have r0 := rho_gt0.
repeat apply: Rplus_le_le_0_compat; apply: Rmult_le_pos; try lra; last exact: fnorm2_ge0.
- by apply: rsum_ge0 => a; apply: pow2_ge_0.
- exact: pow2_ge_0.
- do 2!apply: rsum_ge0 => ?; rewrite /dlt.
  by case: ifP => _; [apply: pow2_ge_0 | apply: Rle_refl].
Qed.

(** tr H = kd/2 *)
Theorem relu_trace : htrace relu_hessian = kR * INR (k + e) / 2.
Proof.
rewrite /htrace (rsum_eq (G := fun=> INR (k + e) * / 2)) => [|i].
  by rewrite rsum_const card_ord /Rdiv; ring.
rewrite (rsum_eq (G := fun=> / 2)) => [|a]; last by rewrite /relu_hessian !eqxx /=; ring.
by rewrite rsum_const card_sum !card_ord.
Qed.

(** ** The families of eigenvectors *)
Implicit Types lam : R.

Definition antisymmetric S := forall i j, S i j = - S j i.

(** S + diag(S1) *)
Definition asym S i l : R := S i l + dlt (i == l) (\rsum_j S i j).

Lemma antisym_diag S i : antisymmetric S -> S i i = 0.
Proof. by move=> h; have := h i i; lra. Qed.

Lemma antisym_sum S : antisymmetric S -> \rsum_i \rsum_j S i j = 0.
Proof.
move=> h; have : \rsum_i \rsum_j S i j = - \rsum_i \rsum_j S i j; last lra.
rewrite [LHS]rsum_exchange -rsum_opp; apply: rsum_eq => i.
by rewrite -rsum_opp; apply: rsum_eq => j.
Qed.

Lemma asym_col S l : antisymmetric S -> \rsum_j asym S j l = 0.
Proof.
move=> h; rewrite rsum_plus rsum_pickl -rsum_plus.
by apply: rsum0 => j; rewrite (h l j); ring.
Qed.

Lemma asym_trace S : antisymmetric S -> \rsum_j asym S j j = 0.
Proof.
move=> h; rewrite -(antisym_sum h); apply: rsum_eq => j.
by rewrite /asym antisym_diag // eqxx Rplus_0_l.
Qed.

(** H = ¼ - ϱ on S + diag(S1), S antisymmetric. *)
Lemma hA_asym S i l : antisymmetric S -> hA (asym S) i l = (/ 4 - rho) * asym S i l.
Proof.
move=> h; rewrite /hA asym_col // asym_trace // /asym eqxx antisym_diag // (h l i) [l == i]eq_sym.
by case: eqP => [->|_] /=; ring.
Qed.

(** The eigenvectors to ¼ - ϱ are exactly [S + diag(S1), 0], S antisymmetric: their
    dimension is k(k-1)/2. *)
Theorem relu_least_eigenspace A B :
  op_eigen relu_hessian (/ 4 - rho) (blk A B)
  <-> (exists S, antisymmetric S /\ forall i l, A i l = asym S i l) /\ forall i c, B i c = 0.
Proof.
split=> [eig|[[S [antis AS]] B0] i a]; last first.
  rewrite relu_happ; case: a => [l|c] /=; last by rewrite /hB !rsum0 ?B0 //; ring.
  rewrite -[RHS]/(_ * A i l) AS -(hA_asym i l antis) /hA (rsum_eq (AS^~ l)).
  by rewrite (rsum_eq (fun j => AS j j)) !AS.
have r0 := rho_gt0; have := relu_sum_of_squares A B.
rewrite (mdot_eq (fun i a => erefl) eig) mdot_scalr mdotTT !Rplus_assoc => sos.
have c0 : 0 <= \rsum_a (\rsum_j blk A B j a) ^ 2 by apply: rsum_ge0 => a; apply: pow2_ge_0.
have row i : 0 <= \rsum_j dlt (i != j) ((A i j + A j i) ^ 2).
  by apply: rsum_ge0 => j; case: (i != j) => /=; [apply: pow2_ge_0 | apply: Rle_refl].
have s0 := rsum_ge0 row; have t0 := pow2_ge_0 (\rsum_i A i i); have b0 := fnorm2_ge0 B.
have zero (c t s b : R) : 0 <= c -> 0 <= t -> 0 <= s -> 0 <= b ->
    / 4 * c + (rho * t + (rho / 2 * s + rho * b)) = 0 -> [/\ c = 0, s = 0 & b = 0].
  move=> hc ht hs hb; have := Rmult_le_pos _ _ (Rlt_le _ _ r0) ht.
  have := Rmult_le_pos _ _ (Rlt_le _ _ r0) hs; have := Rmult_le_pos _ _ (Rlt_le _ _ r0) hb.
  by split; nra.
have [] := zero _ _ _ _ c0 t0 s0 b0.
  by apply: (Rplus_eq_reg_l ((/ 4 - rho) * fnorm2 (blk A B))); rewrite -sos Rplus_0_r.
move=> c1 s1 /fnorm2_eq0 B0; split=> //.
have col l : \rsum_j A j l = 0.
  have := rsum_eq0 (fun a => pow2_ge_0 (\rsum_j blk A B j a)) c1 (inl l).
  by rewrite -Rsqr_pow2 => /Rsqr_0_uniq.
pose S i l := dlt (i != l) (A i l).
have anti : antisymmetric S.
  move=> i l; rewrite /S [l == i]eq_sym.
  have ge j : 0 <= dlt (i != j) ((A i j + A j i) ^ 2).
    by case: (i != j) => /=; [apply: pow2_ge_0 | apply: Rle_refl].
  have := rsum_eq0 ge (rsum_eq0 row s1 i) l; case: eqP => _ /=; first by move=> _; lra.
  by rewrite -[X in X = 0]/((A i l + A l i) ^ 2) -Rsqr_pow2 => /Rsqr_0_uniq; lra.
have diag l : \rsum_j S l j = A l l.
  rewrite -[LHS]Rplus_0_r -(col l) -rsum_plus -(rsum_pickl (A^~ l) l).
  by apply: rsum_eq => j; rewrite (anti l j) /S; case: eqP => _ /=; ring.
exists S; split=> // i l; rewrite /asym diag /S.
by case: eqP => [->|_] /=; ring.
Qed.

(** λ_min(H) = ¼ - ϱ for every k ≥ 2 *)
Theorem relu_min_eigenvalue : (2 <= k)%N -> op_eigenvalue relu_hessian (/ 4 - rho).
Proof.
move=> k2; pose i0 := Ordinal (ltnW k2); pose i1 := Ordinal k2.
pose S i l := dlt (i == i0) (dlt (l == i1) 1) - dlt (l == i0) (dlt (i == i1) 1).
have anti : antisymmetric S by move=> i l; rewrite /S; ring.
exists (blk (asym S) (fun _ _ => 0)); split.
  by apply/relu_least_eigenspace; split=> //; exists S.
by exists i0, (inl i1); rewrite /= /asym /S /=; lra.
Qed.

(** symmetric, with zero diagonal and zero sums of rows (and columns) *)
Definition hollow Z :=
  [/\ forall i j, Z i j = Z j i, forall i, Z i i = 0 & forall i, \rsum_j Z i j = 0].

(** H = ¼ + ϱ on symmetric T with zero diagonal and row sums. *)
Lemma hA_hollow Z i l : hollow Z -> hA Z i l = (/ 4 + rho) * Z i l.
Proof.
case=> sym d r; rewrite /hA (rsum_eq (fun j => sym j l)) r (rsum0 d) d (sym l i).
by case: eqP => [->|_] /=; rewrite ?d; ring.
Qed.

(** ϱ(u1ᵀ - 2 diag(u)) + (λ-¼)1uᵀ *)
Definition stdA lam u i l : R := rho * (u i - dlt (i == l) (2 * u i)) + (lam - / 4) * u l.

(** λ² - (k+2)λ/4 + (k+1+8ϱ-16ϱ²)/16 *)
Definition std_poly lam : R :=
  lam ^ 2 - (kR + 2) * lam / 4 + (kR + 1 + 8 * rho - 16 * rho ^ 2) / 16.

Lemma hA_std lam u i l : std_poly lam = 0 -> \rsum_j u j = 0 ->
  hA (stdA lam u) i l = lam * stdA lam u i l.
Proof.
move=> root s; rewrite /hA /stdA !rsum_plus -!rsum_scal rsum_minus rsum_pickl.
rewrite rsum_const card_ord s.
under eq_bigr => j _ do rewrite eqxx.
rewrite rsum_minus -rsum_scal s eqxx [l == i]eq_sym.
apply: Rminus_diag_uniq; transitivity (- std_poly lam * u l); last by rewrite root; ring.
by rewrite /std_poly; case: eqP => [->|_] /=; field.
Qed.

(** (λ - (k+1)/4 - ϱ)I + ¼11ᵀ *)
Definition trivA lam i l : R := dlt (i == l) (lam - (kR + 1) / 4 - rho) + / 4.

(** t and D, the trace and the determinant of ((¼+(k-1)ϱ, (k-2)ϱ), (¼, ¼+k/4+ϱ)) *)
Definition triv_t : R := / 2 + kR / 4 + kR * rho.
Definition triv_D : R :=
  (4 * kR ^ 2 * rho + 16 * kR * rho ^ 2 - 4 * kR * rho + kR - 16 * rho ^ 2 + 8 * rho + 1) / 16.

Lemma hA_triv lam i l : lam ^ 2 - triv_t * lam + triv_D = 0 ->
  hA (trivA lam) i l = lam * trivA lam i l.
Proof.
move=> root; rewrite /hA /trivA rsum_plus rsum_pickl rsum_const card_ord.
under eq_bigr => j _ do rewrite eqxx.
rewrite /= rsum_const card_ord eqxx [l == i]eq_sym.
apply: Rminus_diag_uniq.
transitivity (- dlt (i == l) (lam ^ 2 - triv_t * lam + triv_D)).
  by rewrite /triv_t /triv_D; case: eqP => _ /=; field.
by rewrite root; case: eqP => _ /=; ring.
Qed.

Lemma hB_zero B i c : \rsum_j B j c = 0 -> hB B i c = / 4 * B i c.
Proof. by move=> h; rewrite /hB h; ring. Qed.

Lemma hB_const (y : 'I_e -> R) i c : hB (fun=> y) i c = (kR + 1) / 4 * y c.
Proof. by rewrite /hB rsum_const card_ord; field. Qed.

Lemma hA_scal y A i l : hA (fun i l => y * A i l) i l = y * hA A i l.
Proof. by rewrite /hA -!rsum_scal; case: eqP => _ /=; ring. Qed.

Lemma eigen_blk lam A B :
  (forall i l, hA A i l = lam * A i l) -> (forall i c, hB B i c = lam * B i c) ->
  op_eigen relu_hessian lam (blk A B).
Proof. by move=> eA eB i a; rewrite relu_happ; case: a => [l|c]; [apply: eA | apply: eB]. Qed.

Lemma hA_zero lam i l : hA (fun _ _ => 0) i l = lam * 0.
Proof. by rewrite /hA !rsum0 //; case: eqP => _ /=; ring. Qed.

Lemma hB_null lam i c : hB (fun _ _ => 0) i c = lam * 0.
Proof. by rewrite /hB rsum0 //; ring. Qed.

(** H = ¼ - ϱ on [S + diag(S1), 0] *)
Theorem relu_antisymmetric S : antisymmetric S ->
  op_eigen relu_hessian (/ 4 - rho) (blk (asym S) (fun _ _ => 0)).
Proof. by move=> h; apply: eigen_blk => i l; [apply: hA_asym | apply: hB_null]. Qed.

(** H = ¼ + ϱ on [Z, 0] *)
Theorem relu_symmetric Z : hollow Z ->
  op_eigen relu_hessian (/ 4 + rho) (blk Z (fun _ _ => 0)).
Proof. by move=> h; apply: eigen_blk => i l; [apply: hA_hollow | apply: hB_null]. Qed.

(** H = ¼ on [0, B] with column sums 0 *)
Theorem relu_extra_sum_zero B : (forall c, \rsum_j B j c = 0) ->
  op_eigen relu_hessian (/ 4) (blk (fun _ _ => 0) B).
Proof. by move=> h; apply: eigen_blk => i l; [apply: hA_zero | apply: hB_zero]. Qed.

(** H = (k+1)/4 on [0, 1yᵀ] *)
Theorem relu_extra_constant (y : 'I_e -> R) :
  op_eigen relu_hessian ((kR + 1) / 4) (blk (fun _ _ => 0) (fun=> y)).
Proof. by apply: eigen_blk => i l; [apply: hA_zero | apply: hB_const]. Qed.

(** H acts on αI + β11ᵀ by ((¼+(k-1)ϱ, (k-2)ϱ), (¼, ¼+k/4+ϱ)). *)
Theorem relu_trivial_block (x y : R) i l :
  happ relu_hessian (blk (fun i l => dlt (i == l) x + y) (fun _ _ => 0)) i (inl l)
  = dlt (i == l) ((/ 4 + (kR - 1) * rho) * x + (kR - 2) * rho * y)
    + (/ 4 * x + (/ 4 + kR / 4 + rho) * y).
Proof.
rewrite relu_happ /blk /hA rsum_plus rsum_pickl rsum_const card_ord.
under eq_bigr => j _ do rewrite eqxx.
by rewrite /= rsum_const card_ord eqxx [l == i]eq_sym; case: eqP => _ /=; field.
Qed.

(** t and D are its trace and its determinant. *)
Lemma triv_invariants :
  triv_t = (/ 4 + (kR - 1) * rho) + (/ 4 + kR / 4 + rho) /\
  triv_D = (/ 4 + (kR - 1) * rho) * (/ 4 + kR / 4 + rho) - (kR - 2) * rho * / 4.
Proof. by rewrite /triv_t /triv_D; split; field. Qed.

(** H acts on γ diag(s) + μs1ᵀ + ν1sᵀ, Σs = 0, by
    ((¼-ϱ, -2ϱ, -2ϱ), (0, ¼, ϱ), (¼, ϱ, (k+1)/4)). *)
Theorem relu_standard_block (g m v : R) (s : 'I_k -> R) i l : \rsum_j s j = 0 ->
  happ relu_hessian
    (blk (fun i l => dlt (i == l) (g * s i) + m * s i + v * s l) (fun _ _ => 0)) i (inl l)
  = dlt (i == l) (((/ 4 - rho) * g - 2 * rho * m - 2 * rho * v) * s i)
    + (/ 4 * m + rho * v) * s i + (/ 4 * g + rho * m + (kR + 1) / 4 * v) * s l.
Proof.
move=> s0; rewrite relu_happ /blk /hA !rsum_plus -rsum_scal rsum_pickl rsum_const card_ord s0.
under eq_bigr => j _ do rewrite eqxx.
rewrite /= -!rsum_scal s0 eqxx [l == i]eq_sym.
by case: eqP => [->|_] /=; field.
Qed.

(** its characteristic polynomial *)
Lemma standard_characteristic lam :
  (lam - (/ 4 - rho)) * ((lam - / 4) * (lam - (kR + 1) / 4) - rho * rho)
  + 2 * rho * (0 * (lam - (kR + 1) / 4) + rho * / 4)
  + 2 * rho * (0 * rho + (lam - / 4) * / 4)
  = (lam - / 4 + rho) * std_poly lam.
Proof. by rewrite /std_poly; field. Qed.
End Relu.
