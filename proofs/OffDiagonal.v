(** The form F = (0 U; Uᵀ 0): n_+(F) = n_-(F) = rank U, and rank F = 2 rank U. *)
From Coq Require Import Reals Lra FunctionalExtensionality.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums SquareMatrices Rank Inertia.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Section OffDiagonal.
Variables I J : finType.
Implicit Types (U : I -> J -> R) (w : I + J -> R).

(** (0 U; Uᵀ 0) *)
Definition moff U : I + J -> I + J -> R := mblock (@mzero _ _) U (mtr U) (@mzero _ _).

Lemma moffE U p q : moff U p q = match p, q with
  | inl i, inr j => U i j | inr j, inl i => U i j | _, _ => 0 end.
Proof. by case: p q => [i|i] [j|j]. Qed.

Lemma rank_moff U : rank (moff U) = (2 * rank U)%N.
Proof. exact: rank_off_sym. Qed.

(** F(u, v) = 2 Σ_ij u_i U_ij v_j *)
Lemma quad_moff U w :
  quad (moff U) w = 2 * \rsum_i \rsum_j w (inl i) * U i j * w (inr j).
Proof.
rewrite /quad rsum_sum.
have -> : \rsum_i \rsum_q w (inl i) * moff U (inl i) q * w q =
    \rsum_i \rsum_j w (inl i) * U i j * w (inr j).
  apply: rsum_eq => i; rewrite rsum_sum [X in X + _]rsum0 ?Rplus_0_l // => k.
  by rewrite /= /mzero; ring.
have -> : \rsum_j \rsum_q w (inr j) * moff U (inr j) q * w q =
    \rsum_i \rsum_j w (inl i) * U i j * w (inr j).
  rewrite [RHS]rsum_exchange; apply: rsum_eq => j.
  rewrite rsum_sum [X in _ + X]rsum0 ?Rplus_0_r => [|k]; last by rewrite /= /mzero; ring.
  by apply: rsum_eq => i; rewrite /= /mtr; ring.
by ring.
Qed.

(** F vanishes where rank U linear conditions hold. *)
Lemma neg_moff_le U r : neg_ge (moff U) r -> (r <= rank U)%N.
Proof.
have [S [A [V [_ [_ [<- eU _ _]]]]]] := rank_factor U.
pose cond s (p : I + J) := match p with inl _ => 0 | inr j => V s j end.
apply: (neg_le_conditions (cond := cond)) => w h; apply: Req_le; symmetry.
rewrite quad_moff rsum0 ?Rmult_0_r // => i.
have Vw s : \rsum_j V s j * w (inr j) = 0.
  by rewrite -(h s) /dot rsum_sum [X in _ = X + _]rsum0 ?Rplus_0_l // => k /=; ring.
transitivity (\rsum_s w (inl i) * A i s * \rsum_j V s j * w (inr j)); last first.
  by apply: rsum0 => s; rewrite Vw Rmult_0_r.
under [RHS]eq_bigr => s _ do rewrite rsum_scal.
rewrite rsum_exchange; apply: rsum_eq => j.
by rewrite {1}eU /mmul rsum_scal rsum_scalr; apply: rsum_eq => s; ring.
Qed.

(** F = diag(1, -1) on the vectors (L_k, ∓ M_k), when L U M = 1. *)
Lemma neg_moff_ge U : neg_ge (moff U) (rank U).
Proof.
have [[[[A V] L] M] [eU LA VM]] := rank_factor_ord U.
have LUM : mmul (mmul L U) M = @mone _.
  transitivity (mmul (mmul L (mmul A V)) M); first by congr (mmul (mmul L _) M).
  by rewrite mmulA LA mone_mul.
exists (fun k p => match p with inl i => L k i | inr j => - M j k end) => a [k ak].
set w := comb _ a; pose u (_ : unit) := a.
suff e : \rsum_i \rsum_j w (inl i) * U i j * w (inr j) = - \rsum_k a k ^ 2.
  have sq k' : 0 <= a k' ^ 2 by apply: pow2_ge_0.
  have := rsum_term_le k sq; have := sq k; have := pow_nonzero _ 2 ak.
  by rewrite quad_moff e; lra.
transitivity (- mmul (mmul (mmul u L) U) (mmul M (mtr u)) tt tt).
  rewrite rsum_exchange {1}/mmul -rsum_opp; apply: rsum_eq => j.
  have -> : w (inr j) = - mmul M (mtr u) j tt.
    by rewrite /w /comb /mmul -rsum_opp; apply: rsum_eq => l; rewrite /mtr /u; ring.
  by rewrite -rsum_scalr -[X in X * _ = _]/(mmul (mmul u L) U tt j); ring.
have -> : mmul (mmul (mmul u L) U) (mmul M (mtr u)) = mmul u (mtr u).
  by rewrite !mmulA -(mmulA u) -(mmulA u) LUM mmul1.
by congr (- _); apply: rsum_eq => l; rewrite /mtr /u; ring.
Qed.

(** n_-(F) = rank U *)
Theorem neg_moff U r : neg_ge (moff U) r <-> (r <= rank U)%N.
Proof. by split=> [|le]; [apply: neg_moff_le | apply: neg_ge_le le (neg_moff_ge U)]. Qed.

(** n_+(F) = rank U *)
Theorem pos_moff U r : pos_ge (moff U) r <-> (r <= rank U)%N.
Proof.
rewrite pos_neg -(rank_opp U) -neg_moff.
suff -> : (fun p q => - moff U p q) = moff (mopp U) by [].
by apply: mfunP => -[i|j] [i'|j'] //=; rewrite /mzero Ropp_0.
Qed.
End OffDiagonal.
