(** Positive semi-definite matrices of reals are Gram matrices: A = Σ_k u_k u_kᵀ, by
    elimination (no spectral theorem). Hence ⟨A, B⟩ lies between the extreme Rayleigh
    quotients of A times tr B for B ⪰ 0, and, when G is a sum of r matrices u uᵀ,

      (tr G)² ≤ r ‖G‖_F²,

    the trace-Frobenius inequality for matrices of rank at most r. *)
From Coq Require Import Reals Lra FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums SquareMatrices.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ** A = Σ_k u_k u_kᵀ *)
Section Factor.
Variable I : finType.
Implicit Types (A B : I -> I -> R) (u : I -> I -> R).

Definition nonzero (t : R) : bool := if Req_EM_T t 0 then false else true.

Lemma nonzeroP t : reflect (t <> 0) (nonzero t).
Proof. by rewrite /nonzero; case: Req_EM_T => h; constructor. Qed.

(** the Schur complement A - A e_k e_kᵀ A / A_kk *)
Definition eliminate A k : I -> I -> R := fun i j => A i j - A i k * A k j / A k k.

Lemma eliminate_sym A k : sym A -> sym (eliminate A k).
Proof. by move=> s i j; rewrite /eliminate (s i j) (s i k) (s k j) [A k i * _]Rmult_comm. Qed.

Lemma eliminate_quad A k v : sym A -> A k k <> 0 ->
  quad (eliminate A k) v = quad A v - bilin A (unitv k) v ^ 2 / A k k.
Proof.
move=> s k0; have -> : bilin A (unitv k) v = \rsum_j A k j * v j by rewrite bilin_dot dot_unitvl.
have -> : (\rsum_j A k j * v j) ^ 2 / A k k
    = \rsum_i \rsum_j v i * (A i k * A k j / A k k) * v j.
  rewrite /Rdiv (_ : _ ^ 2 = (\rsum_j A k j * v j) * (\rsum_j A k j * v j)); last by ring.
  rewrite rsum_prod rsum_scalr; apply: rsum_eq => i; rewrite rsum_scalr.
  by apply: rsum_eq => j; rewrite (s k i); ring.
rewrite /quad /eliminate -rsum_minus; apply: rsum_eq => i.
by rewrite -rsum_minus; apply: rsum_eq => j; ring.
Qed.

Lemma eliminate_psd A k : sym A -> psd A -> 0 < A k k -> psd (eliminate A k).
Proof.
move=> s p k0 v; rewrite eliminate_quad //; last by lra.
have := psd_cauchy_schwarz (unitv k) v s p; rewrite quad_unitv => h.
suff : bilin A (unitv k) v ^ 2 / A k k <= quad A v by lra.
by apply/Rle_div_l => //; rewrite Rmult_comm.
Qed.

(** a psd matrix with A_kk = 0 has no entries in row k *)
Lemma psd_row0 A k j : sym A -> psd A -> A k k = 0 -> A k j = 0.
Proof.
move=> s p k0; have := psd_entry_le k j s p; rewrite k0 Rmult_0_l => h.
by apply: Rsqr_0_uniq; rewrite Rsqr_pow2; apply: Rle_antisym h (pow2_ge_0 _).
Qed.

Lemma psd_factor_size c A : (#|[pred k | nonzero (A k k)]| <= c)%N -> sym A -> psd A ->
  exists u : I -> I -> R, (forall k, A k k = 0 -> forall i, u k i = 0) /\
    forall i j, A i j = \rsum_k u k i * u k j.
Proof.
elim: c A => [|c IH] A hc s p.
  have z k : A k k = 0.
    move: hc; rewrite leqn0 => /eqP/card0_eq/(_ k).
    by rewrite inE /nonzero; case: Req_EM_T.
  exists (fun _ _ => 0); split=> // i j.
  by rewrite psd_row0 // rsum0 // => k; ring.
case: (pickP [pred k | nonzero (A k k)]) => [k /nonzeroP k0|none]; last first.
  by apply: IH => //; rewrite eq_card0.
have kp : 0 < A k k by have := psd_diag_ge0 k p; lra.
have ekk : eliminate A k k k = 0 by rewrite /eliminate; field.
have keep l : A l l = 0 -> eliminate A k l l = 0.
  by move=> l0; rewrite /eliminate l0 (psd_row0 _ s p l0); field.
have [|u [u0 uE]] := IH (eliminate A k) _ (eliminate_sym k s) (eliminate_psd s p kp).
  rewrite -ltnS; apply: leq_trans hc; apply: proper_card; apply/properP; split.
    apply/subsetP => l; rewrite !inE => /nonzeroP h; apply/nonzeroP => l0.
    by apply: h; apply: keep.
  exists k; rewrite !inE; first exact/nonzeroP.
  by apply/nonzeroP.
exists (fun l i => u l i + dlt (l == k) (A i k / sqrt (A k k))); split.
  move=> l l0 i; rewrite (u0 l (keep l l0)).
  by case: eqP => [e|_] /=; [case: k0; rewrite -e | ring].
have sk : sqrt (A k k) * sqrt (A k k) = A k k by apply: sqrt_sqrt; lra.
have sk0 : sqrt (A k k) <> 0 by move=> h; rewrite h in sk; lra.
move=> i j; have -> : A i j = eliminate A k i j + (A i k / sqrt (A k k)) * (A j k / sqrt (A k k)).
  by rewrite /eliminate (s k j) -[in A i k * A j k / A k k]sk; field.
rewrite uE -(rsum_pickl (fun l => (A i k / sqrt (A k k)) * (A j k / sqrt (A k k))) k).
rewrite -rsum_plus; apply: rsum_eq => l.
by case: eqP => [->|_] /=; [rewrite !(u0 k ekk) | ]; ring.
Qed.

(** A ⪰ 0 symmetric: A = Σ_k u_k u_kᵀ *)
Theorem psd_factor A : sym A -> psd A ->
  exists u : I -> I -> R, forall i j, A i j = \rsum_k u k i * u k j.
Proof. by move=> s p; have [u [_ uE]] := psd_factor_size (leqnn _) s p; exists u. Qed.

End Factor.

(** ** one term fewer if the rows of A add up to 0 (the output Hessian of softmax) *)
Theorem psd_factor_sum0 C (A : 'I_C -> 'I_C -> R) :
  sym A -> psd A -> (forall i, \rsum_j A i j = 0) ->
  exists u : 'I_C.-1 -> 'I_C -> R, forall i j, A i j = \rsum_k u k i * u k j.
Proof.
case: C A => [|C] A s p A1; first by exists (fun _ _ => 0) => -[].
pose B (i j : 'I_C) := A (lift ord_max i) (lift ord_max j).
pose up (v : 'I_C -> R) (i : 'I_C.+1) := if unlift ord_max i is Some i' then v i' else 0.
have sB : sym B by move=> i j; apply: s.
have split (F : 'I_C.+1 -> R) : \rsum_i F i = F ord_max + \rsum_i F (lift ord_max i).
  rewrite big_ord_recr /= Rplus_comm; congr (_ + _); apply: rsum_eq => i.
  by congr F; apply: val_inj; rewrite [RHS]lift_max.
have pB : psd B.
  move=> v; have := p (up v); rewrite /quad /up split unlift_none.
  rewrite rsum0 ?Rplus_0_l => [h|j]; last by ring.
  apply: Rle_trans h _; apply/Req_le/rsum_eq => i.
  by rewrite split unlift_none liftK Rmult_0_r Rplus_0_l; apply: rsum_eq => j; rewrite liftK.
have [u uE] := psd_factor sB pB.
pose ext k (i : 'I_C.+1) := if unlift ord_max i is Some i' then u k i' else - \rsum_j u k j.
exists ext => i j; rewrite /ext.
have row i' : A i' ord_max = - \rsum_j A i' (lift ord_max j) by have := A1 i'; rewrite split; lra.
have side i' : A (lift ord_max i') ord_max = \rsum_k u k i' * - \rsum_j u k j.
  rewrite row (rsum_eq (fun j => uE i' j : A _ _ = _)) rsum_exchange -rsum_opp.
  by apply: rsum_eq => k; rewrite -rsum_scal; ring.
case: (unliftP ord_max i) => [i' ->|->]; case: (unliftP ord_max j) => [j' ->|->].
- exact: uE.
- exact: side.
- by rewrite s side; apply: rsum_eq => k; ring.
- rewrite row (rsum_eq (fun j' => etrans (s _ _) (side j'))) rsum_exchange -rsum_opp.
  by apply: rsum_eq => k; rewrite -rsum_scalr /=; ring.
Qed.

(** ** ⟨A, B⟩ for B ⪰ 0, not necessarily symmetric *)
Section Inner.
Variable I : finType.
Implicit Types A B : I -> I -> R.

Definition sym_part A : I -> I -> R := fun i j => / 2 * (A i j + A j i).

Lemma sym_part_sym A : sym (sym_part A).
Proof. by move=> i j; rewrite /sym_part Rplus_comm. Qed.

Lemma sym_part_quad A v : quad (sym_part A) v = quad A v.
Proof.
have t : quad (fun i j => A j i) v = quad A v.
  by rewrite /quad rsum_exchange; do 2!apply: rsum_eq => ?; ring.
by rewrite /sym_part quad_scalm quad_addm t; field.
Qed.

Lemma sym_part_trace A : trace (sym_part A) = trace A.
Proof. by apply: rsum_eq => i; rewrite /sym_part; field. Qed.

Lemma sym_part_inner A B : sym A -> inner A (sym_part B) = inner A B.
Proof.
move=> s; have t : inner A (fun i j => B j i) = inner A B.
  by rewrite /inner rsum_exchange; do 2!apply: rsum_eq => ?; rewrite s.
transitivity (/ 2 * (inner A B + inner A (fun i j => B j i))); last by rewrite t; field.
rewrite /inner -rsum_plus rsum_scal; apply: rsum_eq => i.
by rewrite -rsum_plus rsum_scal; apply: rsum_eq => j; rewrite /sym_part; ring.
Qed.

Lemma psd_sym_part_gram B : psd B ->
  exists u : I -> I -> R, sym_part B = gram (fun=> 1) u.
Proof.
move=> p; have p' : psd (sym_part B) by move=> v; rewrite sym_part_quad.
have [u uE] := psd_factor (sym_part_sym B) p'; exists u.
apply: functional_extensionality => i; apply: functional_extensionality => j.
by rewrite uE; apply: rsum_eq => k; ring.
Qed.

(** λ_1(A) ≤ a, B ⪰ 0: ⟨A, B⟩ ≤ a tr B *)
Lemma inner_psd_le A B a : sym A -> lmax_le A a -> psd B -> inner A B <= a * trace B.
Proof.
move=> s l p; have [u uE] := psd_sym_part_gram p.
rewrite -(sym_part_inner B s) -(sym_part_trace B) uE.
by apply: inner_gram_le => // k; lra.
Qed.

(** A ⪰ a I, B ⪰ 0: a tr B ≤ ⟨A, B⟩ *)
Lemma inner_psd_ge A B a :
  sym A -> (forall v, a * norm2 v <= quad A v) -> psd B -> a * trace B <= inner A B.
Proof.
move=> s l p; have [u uE] := psd_sym_part_gram p.
rewrite -(sym_part_inner B s) -(sym_part_trace B) uE.
by apply: inner_gram_ge => // k; lra.
Qed.
End Inner.

(** ** tr and ‖·‖_F *)

(** (tr A)² ≤ |I| ‖A‖_F², for every matrix *)
Lemma trace_sqr_le_size (I : finType) (A : I -> I -> R) : trace A ^ 2 <= INR #|I| * frob2 A.
Proof.
have := rcauchy_schwarz (fun=> 1) (fun i => A i i).
under eq_bigr => i _ do rewrite Rmult_1_l.
rewrite pow1 rsum_const Rmult_1_r -/(trace A) => h; apply: Rle_trans h _.
apply: Rmult_le_compat_l; first exact: pos_INR.
apply: rsum_le => i; apply: (rsum_term_le (F := fun j => A i j ^ 2)) => j.
exact: pow2_ge_0.
Qed.

Section TraceFrobenius.
Variables I K : finType.

(** ‖UUᵀ‖_F = ‖UᵀU‖_F *)
Lemma frob2_gram (u : K -> I -> R) :
  frob2 (gram (fun=> 1) u) = \rsum_k \rsum_l dot (u k) (u l) ^ 2.
Proof.
rewrite frob2_inner inner_gram; apply: rsum_eq => k.
by rewrite quad_gram Rmult_1_l; apply: rsum_eq => l; rewrite dotC; ring.
Qed.

(** G = Σ_{k in K} u_k u_kᵀ: (tr G)² ≤ |K| ‖G‖_F² *)
Theorem trace_sqr_le_gram (u : K -> I -> R) :
  trace (gram (fun=> 1) u) ^ 2 <= INR #|K| * frob2 (gram (fun=> 1) u).
Proof.
have -> : trace (gram (fun=> 1) u) = trace (fun k l => dot (u k) (u l)).
  by rewrite trace_gram; apply: rsum_eq => k; rewrite dotvv; ring.
by rewrite frob2_gram; apply: trace_sqr_le_size.
Qed.

(** both together: tr G ≤ √min(|K|, |I|) ‖G‖_F *)
Theorem trace_le_gram (u : K -> I -> R) (G : I -> I -> R) :
  (forall i j, G i j = \rsum_k u k i * u k j) ->
  trace G <= sqrt (INR (minn #|K| #|I|)) * sqrt (frob2 G).
Proof.
move=> GE; have -> : G = gram (fun=> 1) u.
  do 2!apply: functional_extensionality => ?; rewrite GE.
  by apply: rsum_eq => k; ring.
have h : trace (gram (fun=> 1) u) ^ 2 <= INR (minn #|K| #|I|) * frob2 (gram (fun=> 1) u).
  by rewrite /minn; case: ifP => _; [apply: trace_sqr_le_gram | apply: trace_sqr_le_size].
rewrite -sqrt_mult_alt; last exact: pos_INR.
apply: Rle_trans (Rle_abs _) _; rewrite -sqrt_Rsqr_abs Rsqr_pow2.
exact: sqrt_le_1_alt.
Qed.
End TraceFrobenius.
