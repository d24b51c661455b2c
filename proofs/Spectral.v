(** Symmetric operators on matrices, and what a resolution of the identity into
    eigenvectors says about them.

    A matrix T is a function I -> J -> R; an operator H is given by its entries
    H i a j b, row (i,a) and column (j,b). If every T is a sum of eigenvectors T_c,
    H T_c = λ_c T_c, then H has no other eigenvalue, ⟨T,HT⟩ lies between the least and
    the largest λ_c times ‖T‖_F², and tr H^n = Σ_c m_c λ_c^n, where m_c is the trace of
    T ↦ T_c. Neither the orthogonality nor the linearity of T ↦ T_c is assumed. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Lemma rsum_pickr (I : finType) (F : I -> R) (l : I) : \rsum_i dlt (l == i) (F i) = F l.
Proof. by under eq_bigr => i _ do rewrite eq_sym; apply: rsum_pickl. Qed.

Lemma rsum_pick1 (I : finType) (F : I -> R) (l : I) : \rsum_i dlt (i == l) 1 * F i = F l.
Proof. by under eq_bigr => i _ do rewrite Rmult_comm; apply: rsum_pick. Qed.

Lemma rsum2_plus (I J : finType) (F G : I -> J -> R) :
  \rsum_i \rsum_j (F i j + G i j) = (\rsum_i \rsum_j F i j) + \rsum_i \rsum_j G i j.
Proof. by rewrite -rsum_plus; apply: rsum_eq => i; rewrite rsum_plus. Qed.

Lemma rsum2_scal (I J : finType) r (F : I -> J -> R) :
  \rsum_i \rsum_j r * F i j = r * \rsum_i \rsum_j F i j.
Proof. by rewrite rsum_scal; apply: rsum_eq => i; rewrite rsum_scal. Qed.

Lemma rsum_ord2 (F : 'I_2 -> R) : \rsum_i F i = F ord0 + F (lift ord0 ord0).
Proof. by rewrite !big_ord_recl big_ord0 Rplus_0_r. Qed.

Lemma ord2P (i : 'I_2) : i = ord0 \/ i = lift ord0 ord0.
Proof. by case: i => [[|[|]] // hi]; [left | right]; apply: val_inj. Qed.

Lemma rsum_neq0 (I : finType) (F : I -> R) : \rsum_i F i <> 0 -> exists i, F i <> 0.
Proof.
move=> h; case: (boolP [exists i, ~~ Req_EM_T (F i) 0]) => [/existsP[i]|/existsPn no].
  by case: Req_EM_T => // ne _; exists i.
by case: h; apply: rsum0 => i; move: (no i); case: Req_EM_T.
Qed.

Section Operators.
Variables I J : finType.
Implicit Types (T U : I -> J -> R) (H : I -> J -> I -> J -> R).

(** ⟨T,U⟩ = tr TᵀU *)
Definition mdot T U : R := \rsum_i \rsum_a T i a * U i a.

(** ‖T‖_F² *)
Definition fnorm2 T : R := \rsum_i \rsum_a T i a ^ 2.

(** HT *)
Definition happ H T : I -> J -> R := fun i a => \rsum_j \rsum_b H i a j b * T j b.

(** tr H *)
Definition htrace H : R := \rsum_i \rsum_a H i a i a.

(** the matrix unit with its 1 at (i,a) *)
Definition munit i a : I -> J -> R := fun j b => dlt ((j == i) && (b == a)) 1.

(** H^n: its column (j,b) is H^n applied to a matrix unit *)
Definition hpow H n i a j b : R := iter n (happ H) (munit j b) i a.

Definition symmetric_op H := forall i a j b, H i a j b = H j b i a.

Lemma happ_eq H T U i a : (forall j b, T j b = U j b) -> happ H T i a = happ H U i a.
Proof. by move=> h; do 2!apply: rsum_eq => ?; rewrite h. Qed.

Lemma mdot_eq T T' U U' : (forall i a, T i a = T' i a) -> (forall i a, U i a = U' i a) ->
  mdot T U = mdot T' U'.
Proof. by move=> h h'; do 2!apply: rsum_eq => ?; rewrite h h'. Qed.

Lemma mdotC T U : mdot T U = mdot U T.
Proof. by do 2!apply: rsum_eq => ?; ring. Qed.

Lemma mdotTT T : mdot T T = fnorm2 T.
Proof. by do 2!apply: rsum_eq => ?; ring. Qed.

Lemma mdot_scalr r T U : mdot T (fun i a => r * U i a) = r * mdot T U.
Proof.
rewrite /mdot rsum_scal; apply: rsum_eq => i; rewrite rsum_scal.
by apply: rsum_eq => a; ring.
Qed.

Lemma mdot_sumr (C : finType) T (U : C -> I -> J -> R) :
  mdot T (fun i a => \rsum_c U c i a) = \rsum_c mdot T (U c).
Proof.
rewrite /mdot [RHS]rsum_exchange; apply: rsum_eq => i.
by rewrite [RHS]rsum_exchange; apply: rsum_eq => a; rewrite rsum_scal.
Qed.

Lemma fnorm2_eq T U : (forall i a, T i a = U i a) -> fnorm2 T = fnorm2 U.
Proof. by move=> h; do 2!apply: rsum_eq => ?; rewrite h. Qed.

Lemma fnorm2_ge0 T : 0 <= fnorm2 T.
Proof. by do 2!apply: rsum_ge0 => ?; apply: pow2_ge_0. Qed.

Lemma fnorm2_eq0 T : fnorm2 T = 0 -> forall i a, T i a = 0.
Proof.
move=> h i a; have g j : 0 <= \rsum_b T j b ^ 2 by apply: rsum_ge0 => b; apply: pow2_ge_0.
apply: Rsqr_0_uniq; rewrite Rsqr_pow2.
exact: (rsum_eq0 (fun b => pow2_ge_0 (T i b)) (rsum_eq0 g h i)).
Qed.

Lemma happ_sum (C : finType) H (U : C -> I -> J -> R) i a :
  happ H (fun j b => \rsum_c U c j b) i a = \rsum_c happ H (U c) i a.
Proof. by rewrite -[LHS]/(mdot (H i a) _) mdot_sumr. Qed.

Lemma happ_scal H r U i a : happ H (fun j b => r * U j b) i a = r * happ H U i a.
Proof. by rewrite -[LHS]/(mdot (H i a) _) mdot_scalr. Qed.

Lemma munit_pick T i a : mdot T (munit i a) = T i a.
Proof.
rewrite /mdot (rsum_delta (k := i)) => [|j ne].
  rewrite (rsum_delta (k := a)) /munit ?eqxx /= => [|b /negbTE->]; first by ring.
  by rewrite /=; ring.
by apply: rsum0 => b; rewrite /munit (negbTE ne) /=; ring.
Qed.

(** H applied to the matrix units gives its columns. *)
Lemma happ_unit H i a j b : happ H (munit i a) j b = H j b i a.
Proof. exact: munit_pick. Qed.

Lemma happ_adjoint H T U : symmetric_op H -> mdot T (happ H U) = mdot (happ H T) U.
Proof.
move=> sym; rewrite mdotC [RHS]mdotC /mdot !rsum_pair.
under eq_bigr => p _ do rewrite /happ rsum_pair rsum_scalr.
under [RHS]eq_bigr => p _ do rewrite /happ rsum_pair rsum_scal.
rewrite rsum_exchange; do 2!apply: rsum_eq => ?; rewrite sym; ring.
Qed.

(** λ is an eigenvalue of H with eigenvector T (which may be 0). *)
Definition op_eigen H (lam : R) T := forall i a, happ H T i a = lam * T i a.

Definition nonzero_matrix T := exists i a, T i a <> 0.

(** λ is an eigenvalue of H *)
Definition op_eigenvalue H (lam : R) := exists T, op_eigen H lam T /\ nonzero_matrix T.

Lemma eigen_orth H lam mu T U :
  symmetric_op H -> op_eigen H lam T -> op_eigen H mu U -> (lam - mu) * mdot T U = 0.
Proof.
move=> sym hT hU; have := happ_adjoint T U sym.
rewrite (mdot_eq (fun i a => erefl) hU) mdot_scalr mdotC.
by rewrite mdotC [RHS]mdotC (mdot_eq (fun i a => erefl) hT) mdot_scalr [mdot U T]mdotC; lra.
Qed.

Section Resolution.
Variables (C : finType) (H : I -> J -> I -> J -> R) (lam : C -> R).
Variable Q : C -> (I -> J -> R) -> I -> J -> R.
Hypothesis Qsum : forall T i a, T i a = \rsum_c Q c T i a.
Hypothesis Qeigen : forall c T, op_eigen H (lam c) (Q c T).

(** tr H^n = Σ_c λ_c^n tr(T ↦ T_c) *)
Lemma resolution_trace n :
  htrace (hpow H n) = \rsum_c lam c ^ n * \rsum_i \rsum_a Q c (munit i a) i a.
Proof.
have e m i a j b : hpow H m j b i a = \rsum_c lam c ^ m * Q c (munit i a) j b.
  elim: m j b => [|m IH] j b.
    by rewrite [LHS](Qsum (munit i a)); apply: rsum_eq => c; rewrite /=; ring.
  rewrite /= (happ_eq _ _ _ IH) happ_sum; apply: rsum_eq => c.
  by rewrite happ_scal Qeigen; ring.
rewrite /htrace; under eq_bigr => i _.
  under eq_bigr => a _ do rewrite e.
  rewrite rsum_exchange; under eq_bigr => c _ do rewrite -rsum_scal; over.
by rewrite rsum_exchange; apply: rsum_eq => c; rewrite rsum_scal.
Qed.

(** If T ↦ T_c has a trace other than 0, then some T_c is not 0. *)
Lemma resolution_nonzero c :
  \rsum_i \rsum_a Q c (munit i a) i a <> 0 -> exists T, nonzero_matrix (Q c T).
Proof. by case/rsum_neq0 => i /rsum_neq0[a] h; exists (munit i a), i, a. Qed.

Hypothesis sym : symmetric_op H.

(** The eigenvalues of H are the λ_c with T_c ≠ 0 for some T. *)
Lemma resolution_eigenvalue mu :
  op_eigenvalue H mu <-> exists c, mu = lam c /\ exists T, nonzero_matrix (Q c T).
Proof.
split=> [[T [hT nz]]|[c [-> [T nz]]]]; last by exists (Q c T); split.
have: fnorm2 T <> 0 by move=> h; case: nz => i [a]; apply; apply: fnorm2_eq0.
rewrite -mdotTT (mdot_eq (fun j b => erefl) (Qsum T)) mdot_sumr.
case/rsum_neq0 => c h; exists c; split.
  by case/Rmult_integral: (eigen_orth sym hT (Qeigen c T)) => [e|/h]; first lra.
exists T; case/rsum_neq0: h => i /rsum_neq0[a] h; exists i, a => e.
by apply: h; rewrite e; ring.
Qed.

(** With m_c the trace of T ↦ T_c, and T_c = 0 where m_c = 0: the eigenvalues of H are the
    λ_c with m_c ≠ 0. *)
Lemma resolution_table (m : C -> R) mu :
  (forall c, \rsum_i \rsum_a Q c (munit i a) i a = m c) ->
  (forall c T i a, m c = 0 -> Q c T i a = 0) ->
  op_eigenvalue H mu <-> exists c, mu = lam c /\ m c <> 0.
Proof.
move=> tr zero; rewrite resolution_eigenvalue.
split=> [[c [-> [T [i [a nz]]]]]|[c [-> nz]]]; exists c; split=> //.
  by move=> m0; apply: nz; apply: zero.
by apply: resolution_nonzero; rewrite tr.
Qed.

(** Parts with different λ_c are orthogonal, so a sum of weights f_c' ⟨T_c,T_c'⟩ is the
    square of Σ_c √f_c T_c when f depends on λ alone. *)
Lemma resolution_form (g : R -> R) T : (forall c, 0 <= g (lam c)) ->
  0 <= mdot T (fun i a => \rsum_c g (lam c) * Q c T i a).
Proof.
move=> g0; pose V i a := \rsum_c sqrt (g (lam c)) * Q c T i a.
suff -> : mdot T (fun i a => \rsum_c g (lam c) * Q c T i a) = fnorm2 V by apply: fnorm2_ge0.
rewrite -mdotTT /V !mdot_sumr; apply: rsum_eq => c; rewrite !mdot_scalr.
rewrite ![mdot _ (Q c T)]mdotC mdot_sumr (mdot_eq (fun j b => erefl) (Qsum T)) mdot_sumr.
rewrite !rsum_scal; apply: rsum_eq => c'; rewrite mdot_scalr.
case/Rmult_integral: (eigen_orth sym (Qeigen c T) (Qeigen c' T)) => [h|->]; last by ring.
have -> : lam c' = lam c by lra.
by rewrite -Rmult_assoc sqrt_sqrt.
Qed.

Lemma resolution_happ T i a : happ H T i a = \rsum_c lam c * Q c T i a.
Proof. by rewrite (happ_eq _ _ _ (Qsum T)) happ_sum; apply: rsum_eq => c; apply: Qeigen. Qed.

Lemma resolution_affine r s T :
  mdot T (fun i a => \rsum_c (r + s * lam c) * Q c T i a)
  = r * fnorm2 T + s * mdot T (happ H T).
Proof.
rewrite -mdotTT -!mdot_scalr /mdot -rsum_plus; apply: rsum_eq => i.
rewrite -rsum_plus; apply: rsum_eq => a.
rewrite resolution_happ [in r * _]Qsum -!Rmult_plus_distr_l !rsum_scal -rsum_plus rsum_scal.
by apply: rsum_eq => c; ring.
Qed.

(** ⟨T,HT⟩ ≤ M ‖T‖_F² if all λ_c ≤ M *)
Lemma resolution_le M T : (forall c, lam c <= M) -> mdot T (happ H T) <= M * fnorm2 T.
Proof.
move=> h; have g c : 0 <= M + -1 * lam c by have := h c; lra.
by have := resolution_form (g := fun x => M + -1 * x) T g; rewrite resolution_affine; lra.
Qed.

(** ⟨T,HT⟩ ≥ M ‖T‖_F² if all λ_c ≥ M *)
Lemma resolution_ge M T : (forall c, M <= lam c) -> M * fnorm2 T <= mdot T (happ H T).
Proof.
move=> h; have g c : 0 <= - M + 1 * lam c by have := h c; lra.
by have := resolution_form (g := fun x => - M + 1 * x) T g; rewrite resolution_affine; lra.
Qed.
End Resolution.
End Operators.
