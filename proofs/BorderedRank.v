(** Ranks of matrices in blocks: one above the other, and bordered.

    rank(A; B) ≤ rank A + rank B, and 2 rank B + rank(ZᵀEZ) ≤ rank(E Bᵀ; B 0) for any Z
    with BZ = 0. *)
From Coq Require Import Reals Lra FunctionalExtensionality.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Rank.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.
Section Bordered.
Implicit Types I J K S T : finType.

(** The permutation (i, j) ↦ (j, i) *)
Definition mswap I J (p : I * J) (q : J * I) : R := dlt ((p.1 == q.2) && (p.2 == q.1)) 1.

Lemma mmul_swap I J K (A : K -> I * J -> R) k i j : mmul A (@mswap _ _) k (j, i) = A k (i, j).
Proof.
rewrite /mmul (rsum_delta (k := (i, j))) => [|[i' j']]; rewrite /mswap /=.
  by rewrite !eqxx /=; ring.
by rewrite xpair_eqE => /negbTE->; rewrite /=; ring.
Qed.

(** rank(A; B) ≤ rank A + rank B *)
Lemma rank_mcol_le I I' J (A : I -> J -> R) (B : I' -> J -> R) :
  (rank (mcol A B) <= rank A + rank B)%N.
Proof.
have -> : mcol A B = madd (mmul (mcol (@mone I) (@mzero _ _)) A)
    (mmul (mcol (@mzero _ _) (@mone I')) B).
  by rewrite !mcol_mul !mone_mul !mmul0l; apply: mfunP => -[i|i] j; rewrite /madd /mzero /=; ring.
by apply: leq_trans (rank_add _ _) _; apply: leq_add; apply: rank_mul_le_r.
Qed.

Lemma mswap_mul I J K (A : I * J -> K -> R) i j k : mmul (@mswap _ _) A (j, i) k = A (i, j) k.
Proof.
rewrite /mmul (rsum_delta (k := (i, j))) => [|[i' j']]; rewrite /mswap /=.
  by rewrite !eqxx /=; ring.
by rewrite xpair_eqE andbC [j == j']eq_sym [i == i']eq_sym => /negbTE->; rewrite /=; ring.
Qed.

Lemma rank_mul_right I J K (A : I -> J -> R) (B : J -> K -> R) (B' : K -> J -> R) :
  mmul B B' = @mone J -> rank (mmul A B) = rank A.
Proof. by move=> h; rewrite -[RHS](rank_mul_inv A (mmul1 (@mone I)) h) mone_mul. Qed.

(** The identity on the first min(|S|, |T|) indices *)
Definition mpad S T (s : S) (t : T) : R := dlt (enum_rank s == enum_rank t :> nat) 1.

Lemma rank_mpad S T : rank (@mpad S T) = minn #|S| #|T|.
Proof.
apply/eqP; rewrite eqn_leq leq_min rank_le_rows rank_le_cols /=.
pose f := widen_ord (geq_minl #|S| #|T|); pose g := widen_ord (geq_minr #|S| #|T|).
rewrite -[X in (X <= _)%N]card_ord -(rank_one [finType of 'I_(minn #|S| #|T|)]).
rewrite (_ : @mone _ = fun i j => @mpad S T (enum_val (f i)) (enum_val (g j))).
  exact: (rank_pick (@mpad S T) (fun i => enum_val (f i)) (fun j => enum_val (g j))).
by apply: mfunP => i j; rewrite /mpad !enum_valK.
Qed.

(** (1 D; 0 B) has the right inverse (1 -DB'; 0 B') *)
Lemma unitriangular_inv S T (D : S -> T -> R) (B B' : T -> T -> R) : mmul B B' = @mone T ->
  mmul (mblock (@mone S) D (@mzero _ _) B) (mblock (@mone S) (mopp (mmul D B')) (@mzero _ _) B')
  = @mone _.
Proof.
move=> BB'; rewrite mblock_mul !mmul0l !mmul0r !mmul1 !mone_mul BB' !madd0r madd0l -mone_block.
by congr mblock; apply: mfunP => s t; rewrite /madd /mopp /mzero; ring.
Qed.

(** 2 rank B + rank(ZᵀEZ) ≤ rank(E Bᵀ; B 0) when BZ = 0: on the dual bases of B and of
    ZᵀEZ the matrix is (1 * *; 0 1 *; 0 0 1), up to the order of the columns. *)
Theorem rank_bordered I J S (E : I -> I -> R) (B : J -> I -> R) (Z : I -> S -> R) :
  mmul B Z = @mzero _ _ ->
  (2 * rank B + rank (mmul (mmul (mtr Z) E) Z) <= rank (mblock E (mtr B) B (@mzero J J)))%N.
Proof.
move=> BZ.
have [T [U [V [L [M [<- eB LU VM]]]]]] := rank_factor B.
have [Q [U' [V' [L' [M' [<- eK LU' VM']]]]]] := rank_factor (mmul (mmul (mtr Z) E) Z).
have LBM : mmul (mmul L B) M = @mone _ by rewrite eB mmulA LU mone_mul.
have LKM : mmul (mmul L' (mmul (mmul (mtr Z) E) Z)) M' = @mone _.
  by rewrite eK mmulA LU' mone_mul.
pose H := mblock E (mtr B) B (@mzero J J).
pose row1 := mrow (mtr M) (@mzero T J); pose row2 := mrow (mmul L' (mtr Z)) (@mzero Q J).
pose row3 := mrow (@mzero T I) L.
pose col1 := mcol (@mzero I T) (mtr L); pose col2 := mcol (mmul Z M') (@mzero J Q).
pose col3 := mcol M (@mzero J T).
have r1 : mmul row1 H = mrow (mmul (mtr M) E) (mmul (mtr M) (mtr B)).
  by rewrite mrow_mblock !mmul0l !madd0r.
have ZB : mmul (mtr Z) (mtr B) = @mzero _ _ by rewrite -(mtr_mul B Z) BZ.
have r2 : mmul row2 H = mrow (mmul (mmul L' (mtr Z)) E) (@mzero _ _).
  by rewrite mrow_mblock !mmul0l !madd0r -(mmulA L' (mtr Z) (mtr B)) ZB mmul0r.
have r3 : mmul row3 H = mrow (mmul L B) (@mzero _ _).
  by rewrite mrow_mblock !mmul0l !mmul0r !madd0l.
have MBL : mmul (mmul (mtr M) (mtr B)) (mtr L) = @mone _.
  by rewrite -(mtr_mul B M) -(mtr_mul L) mmulA LBM mtr_mone.
pose P := mcol row1 (mcol row2 row3); pose C := mrow col1 (mrow col2 col3).
pose a := mmul (mmul (mtr M) E) (mmul Z M'); pose b := mmul (mmul (mtr M) E) M.
pose c := mmul (mmul (mmul L' (mtr Z)) E) M.
pose lower := mblock (@mone Q) c (@mzero _ _) (@mone T).
have PHC : mmul (mmul P H) C = mblock (@mone T) (mrow a b) (@mzero _ _) lower.
  have e11 : mmul (mmul row1 H) col1 = @mone _ by rewrite r1 mrow_mcol mmul0r madd0l.
  have e12 : mmul (mmul row1 H) col2 = a by rewrite r1 mrow_mcol mmul0r madd0r.
  have e13 : mmul (mmul row1 H) col3 = b by rewrite r1 mrow_mcol mmul0r madd0r.
  have e21 : mmul (mmul row2 H) col1 = @mzero _ _.
    by rewrite r2 mrow_mcol mmul0r mmul0l madd0l.
  have e22 : mmul (mmul row2 H) col2 = @mone _.
    by rewrite r2 mrow_mcol mmul0l madd0r -LKM !mmulA.
  have e23 : mmul (mmul row2 H) col3 = c by rewrite r2 mrow_mcol mmul0l madd0r.
  have e31 : mmul (mmul row3 H) col1 = @mzero _ _.
    by rewrite r3 mrow_mcol mmul0r mmul0l madd0l.
  have e32 : mmul (mmul row3 H) col2 = @mzero _ _.
    by rewrite r3 mrow_mcol mmul0l madd0r -mmulA (mmulA B) BZ mmul0l mmul0r.
  have e33 : mmul (mmul row3 H) col3 = @mone _ by rewrite r3 mrow_mcol mmul0l madd0r.
  rewrite /P /C !mcol_mul !mrow_mul e11 e12 e13 e21 e22 e23 e31 e32 e33.
  by apply: mfunP => -[t|[q|t]] [t'|[q'|t']].
have := unitriangular_inv c (mmul1 (@mone T)).
rewrite -/lower => /(unitriangular_inv (mrow a b)).
rewrite -PHC -!mmulA => inv.
rewrite mul2n -addnn -addnA [(#|T| + #|Q|)%N]addnC -!card_sum.
by apply: (rank_ge_card (L := P)); rewrite -mmulA; exact: inv.
Qed.
End Bordered.
