(** Matrices with a known orthonormal system of eigenvectors, and eigenvalues by their
    minimax characterisation, over R.

    [eigensystem A lam e]: the e_l are orthonormal, A e_l = λ_l e_l, and A v = 0 for every
    v orthogonal to all e_l. So the spectrum of A is the λ_l, with multiplicity, and zeros;
    A = Σ_l λ_l e_l e_lᵀ, tr A = Σ_l λ_l, ‖A‖_F² = Σ_l λ_l², and ‖A‖ = max_l |λ_l|. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums SquareMatrices.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Section OperatorNorm.
Variable P : finType.
Implicit Types (A B : P -> P -> R) (v : P -> R) (c : R).

(** ‖A‖ <= c *)
Definition opnorm_le A c : Prop := 0 <= c /\ forall v, norm2 (mulv A v) <= c ^ 2 * norm2 v.

(** |vᵀAv| <= ‖A‖ ‖v‖² *)
Lemma opnorm_quad A c v : opnorm_le A c -> Rabs (quad A v) <= c * norm2 v.
Proof.
case=> c0 h; apply: Rsqr_incr_0; last first.
- exact: Rmult_le_pos c0 (norm2_ge0 v).
- exact: Rabs_pos.
rewrite -Rsqr_abs !Rsqr_pow2 quad_dot; apply: Rle_trans (dot_sqr_le _ _) _.
apply: Rle_trans (Rmult_le_compat_l _ _ _ (norm2_ge0 v) (h v)) _.
by apply: Req_le; ring.
Qed.

Lemma opnorm_eqm A B c : (forall p q, A p q = B p q) -> opnorm_le A c -> opnorm_le B c.
Proof.
move=> e [c0 h]; split=> // v; rewrite -(norm2_eq (u := mulv A v)) //.
by move=> p; apply: rsum_eq => q; rewrite e.
Qed.
End OperatorNorm.

Section Eigensystem.
Variables P L : finType.
Implicit Types (A : P -> P -> R) (lam : L -> R) (e : L -> P -> R) (v : P -> R).

Definition orthonormal e : Prop := forall l l', dot (e l) (e l') = dlt (l == l') 1.

Definition eigensystem A lam e : Prop :=
  [/\ orthonormal e,
      forall l p, mulv A (e l) p = lam l * e l p
    & forall v, (forall l, dot (e l) v = 0) -> forall p, mulv A v p = 0].

(** the orthogonal projection of v on the span of the e_l *)
Definition project e v : P -> R := fun p => \rsum_l dot (e l) v * e l p.

Lemma dot_sumr (a : L -> R) e v : dot v (fun p => \rsum_l a l * e l p) = \rsum_l a l * dot v (e l).
Proof.
rewrite /dot; under eq_bigr => p _ do rewrite rsum_scal.
rewrite rsum_exchange; apply: rsum_eq => l; rewrite rsum_scal.
by apply: rsum_eq => p; ring.
Qed.

Lemma orthonormal_coef e (a : L -> R) l :
  orthonormal e -> dot (e l) (fun p => \rsum_l' a l' * e l' p) = a l.
Proof.
move=> o; rewrite dot_sumr -[RHS](rsum_pick a l); apply: rsum_eq => l'.
by rewrite o eq_sym.
Qed.

Lemma orthonormal_norm2 e (a : L -> R) :
  orthonormal e -> norm2 (fun p => \rsum_l a l * e l p) = \rsum_l a l ^ 2.
Proof.
move=> o; rewrite -dotvv dot_sumr; apply: rsum_eq => l.
by rewrite dotC orthonormal_coef //; ring.
Qed.

Lemma dot_residue e v l : orthonormal e -> dot (e l) (fun p => v p - project e v p) = 0.
Proof.
move=> o; rewrite /dot; under eq_bigr => p _ do rewrite Rmult_minus_distr_l.
by rewrite rsum_minus -!/(dot _ _) orthonormal_coef //; ring.
Qed.

(** Bessel: Σ_l (e_l·v)² <= ‖v‖² *)
Lemma bessel e v : orthonormal e -> \rsum_l dot (e l) v ^ 2 <= norm2 v.
Proof.
move=> o; have := norm2_ge0 (fun p => v p - project e v p).
have -> : norm2 (fun p => v p - project e v p)
    = norm2 v - 2 * dot v (project e v) + norm2 (project e v).
  rewrite /norm2 /dot rsum_scal -rsum_minus -rsum_plus.
  by apply: rsum_eq => p; ring.
rewrite orthonormal_norm2 // dot_sumr; under eq_bigr => l _ do rewrite [dot v _]dotC.
by rewrite (_ : \rsum_l _ = \rsum_l dot (e l) v ^ 2); [lra | apply: rsum_eq => l; ring].
Qed.

Section Consequences.
Variables (A : P -> P -> R) (lam : L -> R) (e : L -> P -> R).
Hypothesis sys : eigensystem A lam e.

(** A v = Σ_l λ_l (e_l·v) e_l *)
Lemma eigen_mulv v p : mulv A v p = \rsum_l lam l * dot (e l) v * e l p.
Proof.
case: sys => o ae kill.
have := kill (fun p => v p - project e v p) (fun l => dot_residue v l o) p.
rewrite /mulv; under eq_bigr => q _ do rewrite Rmult_minus_distr_l.
rewrite rsum_minus => /Rminus_diag_uniq->.
rewrite /project; under eq_bigr => q _ do rewrite rsum_scal.
rewrite rsum_exchange; apply: rsum_eq => l.
rewrite (_ : lam l * _ * _ = dot (e l) v * (lam l * e l p)); last by ring.
by rewrite -ae /mulv rsum_scal; apply: rsum_eq => q; ring.
Qed.

(** A = Σ_l λ_l e_l e_lᵀ *)
Lemma eigen_entry p q : A p q = gram lam e p q.
Proof.
transitivity (mulv A (unitv q) p); first by rewrite /mulv rsum_pick.
by rewrite eigen_mulv; apply: rsum_eq => l; rewrite dotC dot_unitvl; ring.
Qed.

Lemma eigen_quad v : quad A v = \rsum_l lam l * dot (e l) v ^ 2.
Proof. by rewrite (quad_eqm v eigen_entry) quad_gram. Qed.

Lemma eigen_norm2_mulv v : norm2 (mulv A v) = \rsum_l lam l ^ 2 * dot (e l) v ^ 2.
Proof.
case: (sys) => o _ _; rewrite (norm2_eq (eigen_mulv v)) orthonormal_norm2 //.
by apply: rsum_eq => l; ring.
Qed.

Lemma eigen_norm2 l : norm2 (e l) = 1.
Proof. by case: sys => o _ _; rewrite -dotvv o eqxx. Qed.

(** tr A = Σ_l λ_l *)
Lemma eigen_trace : trace A = \rsum_l lam l.
Proof.
transitivity (trace (gram lam e)); first by apply: rsum_eq => p; apply: eigen_entry.
by rewrite trace_gram; apply: rsum_eq => l; rewrite eigen_norm2; ring.
Qed.

(** ‖A‖_F² = Σ_l λ_l² *)
Lemma eigen_frob2 : frob2 A = \rsum_l lam l ^ 2.
Proof.
case: (sys) => o ae _; rewrite frob2_inner.
transitivity (inner A (gram lam e)).
  by do 2!apply: rsum_eq => ?; rewrite -eigen_entry.
rewrite inner_gram; apply: rsum_eq => l; rewrite quad_dot.
rewrite (dot_eq (u' := e l) (v' := fun p => lam l * e l p)) //.
by rewrite dotC dot_scall dotvv eigen_norm2; ring.
Qed.

(** ‖A‖ <= c iff every |λ_l| <= c *)
Lemma eigen_opnorm c : 0 <= c -> (opnorm_le A c <-> forall l, Rabs (lam l) <= c).
Proof.
case: (sys) => o ae _ c0; split=> [[_ h] l|h].
  apply: Rsqr_incr_0 => //; last exact: Rabs_pos.
  rewrite -Rsqr_abs !Rsqr_pow2; have := h (e l).
  by rewrite (norm2_eq (ae l)) norm2_scal eigen_norm2; lra.
split=> // v; rewrite eigen_norm2_mulv.
apply: Rle_trans (Rmult_le_compat_l _ _ _ (pow2_ge_0 c) (bessel v o)).
rewrite rsum_scal; apply: rsum_le => l; apply: Rmult_le_compat_r; first exact: pow2_ge_0.
by apply: pow_maj_Rabs; apply: h.
Qed.

(** A has no eigenvalue but the λ_l and 0. *)
Lemma eigen_only mu v :
  (forall p, mulv A v p = mu * v p) -> (exists p, v p <> 0) -> mu <> 0 ->
  exists l, mu = lam l.
Proof.
move=> av [p vp] mu0; case: (boolP [exists l, Req_EM_T mu (lam l)]) => [/existsP[l]|no].
  by case: Req_EM_T => // h _; exists l.
case: vp; apply: (Rmult_eq_reg_l mu) => //; rewrite -av Rmult_0_r eigen_mulv.
apply: rsum0 => l; suff -> : dot (e l) v = 0 by ring.
case: (sys) => o _ _; have h : mu * dot (e l) v = lam l * dot (e l) v.
  rewrite [dot _ v]dotC -dot_scall -(dot_eq (u := mulv A v) (v := e l)) //.
  rewrite (dot_eq (eigen_mulv v) (frefl _)) dotC.
  by rewrite (orthonormal_coef (fun l => lam l * dot (e l) v)) // [dot v _]dotC.
move/existsPn/(_ l): no; case: Req_EM_T => // ne _.
have : (mu - lam l) * dot (e l) v = 0 by lra.
by case/Rmult_integral => // h0; case: ne; lra.
Qed.
End Consequences.
End Eigensystem.
