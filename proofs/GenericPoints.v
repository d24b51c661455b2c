(** What holds at generic points: everywhere but on the zeros of a polynomial that is not 0.

    A minor of a matrix with polynomial entries is a polynomial, so that the rank at one
    point is a lower bound at generic points. *)
From Coq Require Import Reals Lra FunctionalExtensionality.
From mathcomp Require Import all_ssreflect all_fingroup all_algebra.
From LandTheory Require Import Sums Subfield Rank.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ** Polynomials in finitely many variables *)
Section Polynomials.
Variable P : finType.
Implicit Types (f g : (P -> R) -> R) (u : P -> R) (Q : (P -> R) -> Prop).

(** Σ_l c_l Π_p u_p^(e_lp) *)
Definition polynomial (L : finType) (c : L -> R) (e : L -> P -> nat) u : R :=
  \rsum_l c l * \big[Rmult/1]_p u p ^ e l p.

(** Q holds where a polynomial that is not 0 does not vanish. *)
Definition generic Q := exists (L : finType) (c : L -> R) (e : L -> P -> nat),
  (exists u, polynomial c e u <> 0) /\ forall u, polynomial c e u <> 0 -> Q u.

Definition is_polynomial f := exists (L : finType) (c : L -> R) (e : L -> P -> nat),
  forall u, f u = polynomial c e u.

Lemma polynomial_cst a : is_polynomial (fun=> a).
Proof.
exists [finType of unit], (fun=> a), (fun _ _ => 0%N) => u.
rewrite /polynomial (rsum_delta (k := tt)) => [|[]] //.
by rewrite big1 => [|p _]; rewrite ?Rmult_1_r.
Qed.

Lemma polynomial_coord p : is_polynomial (fun u => u p).
Proof.
exists [finType of unit], (fun=> 1), (fun _ q => (q == p) : nat) => u.
rewrite /polynomial (rsum_delta (k := tt)) => [|[]] //.
by rewrite (bigD1 p) //= big1 => [|q /negbTE->]; rewrite ?eqxx //=; ring.
Qed.

Lemma polynomial_add f g :
  is_polynomial f -> is_polynomial g -> is_polynomial (fun u => f u + g u).
Proof.
move=> [L [c [e hf]]] [L' [c' [e' hg]]].
exists [finType of L + L'], (fun l => match l with inl l => c l | inr l => c' l end).
exists (fun l => match l with inl l => e l | inr l => e' l end) => u.
by rewrite hf hg /polynomial rsum_sum.
Qed.

Lemma polynomial_mul f g :
  is_polynomial f -> is_polynomial g -> is_polynomial (fun u => f u * g u).
Proof.
move=> [L [c [e hf]]] [L' [c' [e' hg]]].
exists [finType of L * L'], (fun l => c l.1 * c' l.2), (fun l p => (e l.1 p + e' l.2 p)%N) => u.
rewrite hf hg /polynomial rsum_prod rsum_pair; apply: rsum_eq => -[l l'] /=.
under [X in _ = _ * X]eq_bigr => p _ do rewrite -plusE pow_add.
by rewrite big_split /=; ring.
Qed.

Lemma polynomial_sum (I : finType) (F : I -> (P -> R) -> R) :
  (forall i, is_polynomial (F i)) -> is_polynomial (fun u => \rsum_i F i u).
Proof.
move=> h; elim: (index_enum I) => [|i r IH].
  suff -> : (fun u => \big[Rplus/R0]_(i <- [::]) F i u) = (fun=> 0) by apply: polynomial_cst.
  by apply: functional_extensionality => u; rewrite big_nil.
suff -> : (fun u => \big[Rplus/R0]_(i <- i :: r) F i u) =
    (fun u => F i u + \big[Rplus/R0]_(i <- r) F i u) by apply: polynomial_add.
by apply: functional_extensionality => u; rewrite big_cons.
Qed.

Lemma polynomial_prod (I : finType) (F : I -> (P -> R) -> R) :
  (forall i, is_polynomial (F i)) -> is_polynomial (fun u => \big[Rmult/1]_i F i u).
Proof.
move=> h; elim: (index_enum I) => [|i r IH].
  suff -> : (fun u => \big[Rmult/1]_(i <- [::]) F i u) = (fun=> 1) by apply: polynomial_cst.
  by apply: functional_extensionality => u; rewrite big_nil.
suff -> : (fun u => \big[Rmult/1]_(i <- i :: r) F i u) =
    (fun u => F i u * \big[Rmult/1]_(i <- r) F i u) by apply: polynomial_mul.
by apply: functional_extensionality => u; rewrite big_cons.
Qed.

(** Polynomials that do not vanish at one common point *)
Definition generic_at u0 Q := exists f,
  [/\ is_polynomial f, f u0 <> 0 & forall u, f u <> 0 -> Q u].

Lemma generic_at_generic u0 Q : generic_at u0 Q -> generic Q.
Proof.
case=> f [[L [c [e hf]]] f0 fQ]; exists L, c, e; split=> [|u].
  by exists u0; rewrite -hf.
by rewrite -hf; apply: fQ.
Qed.

Lemma generic_at_and u0 (Q1 Q2 Q : (P -> R) -> Prop) :
  (forall u, Q1 u -> Q2 u -> Q u) ->
  generic_at u0 Q1 -> generic_at u0 Q2 -> generic_at u0 Q.
Proof.
move=> h [f [pf f0 fQ]] [g [pg g0 gQ]]; exists (fun u => f u * g u); split.
- exact: polynomial_mul.
- exact: Rmult_integral_contrapositive_currified.
- by move=> u fg; apply: h; [apply: fQ | apply: gQ] => z; apply: fg; rewrite z; ring.
Qed.
End Polynomials.

(** ** Minors *)
(** Leibniz' formula *)
Definition rdet k (B : 'I_k -> 'I_k -> R) : R :=
  \rsum_(s : 'S_k) (if odd_perm s then -1 else 1) * \big[Rmult/1]_i B i (s i).

Lemma rdet_embed (F : fieldType) (v : F -> R) k (M : 'M[F]_k) :
  embedding v -> v (\det M)%R = rdet (realmx v M).
Proof.
move=> emb; have [v1 vD vM] := emb; rewrite (emb_sum emb); apply: rsum_eq => s.
rewrite vM; congr (_ * _); last by rewrite (big_morph v vM v1).
have vN : v (-1)%R = -1.
  by have := vD (-1)%R 1%R; have := emb_delta emb false; rewrite GRing.addNr v1 /= => ->; lra.
by case: (odd_perm s); rewrite ?GRing.expr1 ?GRing.expr0.
Qed.

Lemma rank_rdet k (B : 'I_k -> 'I_k -> R) : rdet B <> 0 -> (k <= rank B)%N.
Proof.
pose M := (\matrix_(i, j) lift_mx B i j)%R; pose v := @rval (family_gen (fun ij => B ij.1 ij.2)).
have emb : embedding v by apply: rval_embedding.
have BM : B = realmx v M by apply: mfunP => i j; rewrite /realmx mxE; rewrite [RHS]rval_lift_mx.
rewrite {1}BM -(rdet_embed M emb) => d0.
have Mu : (M \in unitmx)%R.
  rewrite unitmxE GRing.unitfE; apply: contra_notN d0 => /eqP->.
  exact: (emb_delta emb false).
rewrite -[X in (X <= _)%N]card_ord.
apply: (rank_ge_card (L := @mone _) (M := realmx v (invmx M)%R)).
by rewrite mone_mul {1}BM -(realmx_mul emb) mulmxV // (realmx1 emb).
Qed.

Lemma rdet1 k : rdet (@mone [finType of 'I_k]) = 1.
Proof.
have emb := rval_embedding (fun=> 0).
by rewrite -(realmx1 emb) -(rdet_embed _ emb) det1 (emb_delta emb true).
Qed.

(** A rank of at least k at one point is at least k at generic points. *)
Theorem generic_rank (P I J : finType) (A : (P -> R) -> I -> J -> R) u0 k :
  (forall i j, is_polynomial (fun u => A u i j)) -> (k <= rank (A u0))%N ->
  generic_at u0 (fun u => (k <= rank (A u))%N).
Proof.
have [[[[U V] L] M] [eA LU VM]] := rank_factor_ord (A u0).
have LAM : mmul (mmul L (A u0)) M = @mone _.
  transitivity (mmul (mmul L (mmul U V)) M); first by congr (mmul (mmul L _) M).
  by rewrite mmulA LU mone_mul.
move=> pA k_le; exists (fun u => rdet (mmul (mmul L (A u)) M)); split.
- apply: polynomial_sum => s; apply: polynomial_mul; first exact: polynomial_cst.
  apply: polynomial_prod => i; apply: polynomial_sum => j; apply: polynomial_mul.
    apply: polynomial_sum => i'; apply: polynomial_mul; first exact: polynomial_cst.
    exact: pA.
  exact: polynomial_cst.
- by rewrite LAM rdet1; apply: R1_neq_R0.
- move=> u /rank_rdet h; apply: leq_trans k_le (leq_trans h _).
  exact: leq_trans (rank_mul_le_l _ _) (rank_mul_le_r _ _).
Qed.
