(** Rank, inertia and eigenvalues in order, over R, without a spectral theorem.

    n_±(A) is the largest dimension of a subspace on which vᵀAv is positive (negative),
    and λ_j(A) >= t says that vᵀAv >= t‖v‖² on some subspace of dimension j
    (Courant-Fischer). For a matrix with an eigensystem these are the numbers of its
    eigenvalues; H = G + F gives |λ_j(H) - λ_j(G)| <= ‖F‖ (Weyl) for any matrices. *)
From Coq Require Import Reals Lra FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums SquareMatrices Eigensystems PsdFactor Rank.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** Σ_l a_l e_l *)
Definition comb (P L : finType) (e : L -> P -> R) (a : L -> R) : P -> R :=
  fun p => \rsum_l a l * e l p.

Section Kernels.
Implicit Types I J K : finType.

(** More columns than the rank: some v <> 0 has A v = 0. *)
Lemma kernel_vector I J (A : I -> J -> R) : (rank A < #|J|)%N ->
  exists v, (exists j, v j <> 0) /\ forall i, \rsum_j A i j * v j = 0.
Proof.
have [S [U [V [L [M [<- -> _ VM]]]]]] := rank_factor A => lt.
pose W j j' := mone j j' - mmul M V j j'.
case: (boolP [forall j, [forall j', Req_EM_T (W j j') 0]]) => [/forallP h|].
  have MV : mmul M V = @mone J.
    apply: mfunP => j j'; have /forallP/(_ j') := h j.
    by case: Req_EM_T => // e _; move: e; rewrite /W; lra.
  by have := rank_le_one MV; rewrite leqNgt lt.
case/forallPn=> j /forallPn[j']; case: Req_EM_T => // w0 _.
exists (W^~ j'); split=> [|i]; first by exists j.
suff h s : \rsum_j0 V s j0 * W j0 j' = 0.
  under eq_bigr => k _ do rewrite /mmul rsum_scalr.
  rewrite rsum_exchange; apply: rsum0 => s.
  under eq_bigr => k _ do rewrite Rmult_assoc.
  by rewrite -rsum_scal h Rmult_0_r.
rewrite /W; under eq_bigr => k _ do rewrite Rmult_minus_distr_l.
rewrite rsum_minus.
have -> : \rsum_k V s k * mone k j' = V s j' by apply: rsum_pick.
have -> : \rsum_k V s k * mmul M V k j' = mmul V (mmul M V) s j' by [].
by rewrite mmulA VM mone_mul; ring.
Qed.

(** As many independent conditions as rows: #|I| < #|J| leaves a solution v <> 0. *)
Lemma underdetermined I J (A : I -> J -> R) : (#|I| < #|J|)%N ->
  exists v, (exists j, v j <> 0) /\ forall i, \rsum_j A i j * v j = 0.
Proof. by move=> h; apply: kernel_vector; apply: leq_ltn_trans (rank_le_rows A) h. Qed.

(** A e_t = 0 for an orthonormal family: rank A + |T| <= |J|. *)
Theorem rank_kernel I J (T : finType) (A : I -> J -> R) (e : T -> J -> R) :
  orthonormal e -> (forall t i, \rsum_j A i j * e t j = 0) -> (rank A + #|T| <= #|J|)%N.
Proof.
have [S [U [V [L [M [<- eA LU VM]]]]]] := rank_factor A => o ker.
have Ve s t : \rsum_j V s j * e t j = 0.
  have -> : V = mmul L A by rewrite eA mmulA LU mone_mul.
  under eq_bigr => j _ do rewrite /mmul rsum_scalr.
  rewrite rsum_exchange; apply: rsum0 => i.
  under eq_bigr => j _ do rewrite Rmult_assoc.
  by rewrite -rsum_scal ker Rmult_0_r.
pose W (k : S + T) j := match k with inl s => V s j | inr t => e t j end.
pose M' j (k : S + T) := match k with
  | inl s => M j s - project e (M^~ s) j
  | inr t => e t j end.
rewrite -card_sum; apply: (@rank_le_one _ _ W M'); apply: mfunP.
have VM' s s' : \rsum_j V s j * M j s' = mone s s' by rewrite -VM.
move=> [s|t] [s'|t'] /=.
- rewrite /mmul /=; under eq_bigr => j _ do rewrite Rmult_minus_distr_l.
  rewrite rsum_minus VM' -[RHS]Rminus_0_r; congr (_ - _).
  rewrite -/(dot (V s) _) dot_sumr; apply: rsum0 => t.
  by rewrite -[dot (V s) _]/(\rsum_j _) Ve; ring.
- exact: Ve.
- exact: (dot_residue (M^~ s') t o).
- by rewrite -[LHS]/(dot (e t) (e t')) o.
Qed.
End Kernels.

Section Inertia.
Variable P : finType.
Implicit Types (A B G H F : P -> P -> R) (v : P -> R).

(** n_+(A) >= r and n_-(A) >= r *)
Definition pos_ge A (r : nat) : Prop := exists e : 'I_r -> P -> R,
  forall a : 'I_r -> R, (exists l, a l <> 0) -> 0 < quad A (comb e a).
Definition neg_ge A (r : nat) : Prop := exists e : 'I_r -> P -> R,
  forall a : 'I_r -> R, (exists l, a l <> 0) -> quad A (comb e a) < 0.

(** λ_j(A) >= t *)
Definition eig_ge A (j : nat) (t : R) : Prop := exists e : 'I_j -> P -> R,
  orthonormal e /\ forall a : 'I_j -> R, t * norm2 (comb e a) <= quad A (comb e a).

Lemma pos_neg A r : pos_ge A r <-> neg_ge (fun p q => - A p q) r.
Proof.
have e v : quad (fun p q => - A p q) v = - quad A v.
  by rewrite -[RHS]Rmult_1_l -Ropp_mult_distr_r Ropp_mult_distr_l -quad_scalm;
    apply: quad_eqm => p q; ring.
by split=> -[f h]; exists f => a a0; have := h a a0; rewrite e; lra.
Qed.

(** A form that is not negative where K linear conditions hold: n_-(A) <= |K|. *)
Lemma neg_le_conditions A (K : finType) (cond : K -> P -> R) r :
  (forall v, (forall k, dot (cond k) v = 0) -> 0 <= quad A v) ->
  neg_ge A r -> (r <= #|K|)%N.
Proof.
move=> h [e neg]; rewrite leqNgt; apply/negP => lt.
have [|a [a0 z]] := @underdetermined _ [finType of 'I_r] (fun k l => dot (cond k) (e l)).
  by rewrite card_ord.
have := neg a a0; have [|] := Rle_lt_dec 0 (quad A (comb e a)); first lra.
suff : 0 <= quad A (comb e a) by lra.
apply: h => k; rewrite /comb dot_sumr -[RHS](z k); apply: rsum_eq => l; ring.
Qed.

Lemma neg_ge_mono A B r :
  (forall v, quad B v <= quad A v) -> neg_ge A r -> neg_ge B r.
Proof.
by move=> h [e n]; exists e => a a0; apply: Rle_lt_trans (h _) (n a a0).
Qed.

Lemma neg_ge_le A r s : (r <= s)%N -> neg_ge A s -> neg_ge A r.
Proof.
move=> le [e h]; exists (fun l => e (widen_ord le l)) => a [l0 a0].
have widen_inj : injective (widen_ord le) by move=> i j /(congr1 val) /= /ord_inj.
pose b (l : 'I_s) := \rsum_k dlt (widen_ord le k == l) (a k).
have bE k : b (widen_ord le k) = a k.
  rewrite /b (rsum_delta (k := k)) ?eqxx // => k' ne.
  by rewrite (inj_eq widen_inj) (negbTE ne).
rewrite -(@quad_eq _ A (comb e b)); first by apply: h; exists (widen_ord le l0); rewrite bE.
move=> p; rewrite /comb /b; under eq_bigr => l _ do rewrite rsum_scalr.
rewrite rsum_exchange; apply: rsum_eq => k.
by rewrite (rsum_delta (k := widen_ord le k)) ?eqxx // => l; rewrite eq_sym => /negbTE->; rewrite /=; ring.
Qed.

(** λ_j(A + F) >= λ_j(A) - ‖F‖ *)
Theorem weyl_lower A F c j t :
  opnorm_le F c -> eig_ge A j t -> eig_ge (fun p q => A p q + F p q) j (t - c).
Proof.
move=> f [e [o h]]; exists e; split=> // a; rewrite quad_addm.
have := opnorm_quad (comb e a) f; have := h a; move: (quad F _) => x y.
by have := Rle_abs (- x); rewrite Rabs_Ropp; lra.
Qed.

(** A ⪰ 0: Σ_l e_lᵀAe_l <= tr A for an orthonormal family *)
Lemma trace_ge_sum (L : finType) A (e : L -> P -> R) :
  sym A -> psd A -> orthonormal e -> \rsum_l quad A (e l) <= trace A.
Proof.
move=> s p o; have [u uE] := psd_factor s p.
have g i j : A i j = gram (fun=> 1) u i j by rewrite uE; apply: rsum_eq => k; ring.
have -> : trace A = trace (gram (fun=> 1) u) by apply: rsum_eq => i; apply: g.
rewrite trace_gram; under eq_bigr => l _ do rewrite (quad_eqm _ g) quad_gram.
rewrite rsum_exchange; apply: rsum_le => k; rewrite -rsum_scal; apply: Rmult_le_compat_l.
  lra.
by under eq_bigr => l _ do rewrite dotC; apply: bessel.
Qed.

Lemma comb_delta (L : finType) (e : L -> P -> R) l : comb e (unitv l) =1 e l.
Proof.
move=> p; rewrite -[RHS](rsum_pick (e^~ p) l).
by apply: rsum_eq => k; rewrite /unitv; ring.
Qed.

(** A ⪰ 0 and λ_j(A) >= t: j t <= tr A *)
Theorem trace_ge_eig A j t : sym A -> psd A -> eig_ge A j t -> INR j * t <= trace A.
Proof.
move=> s p [e [o h]]; apply: Rle_trans (trace_ge_sum s p o).
rewrite -{1}(card_ord j) -rsum_const; apply: rsum_le => l.
have := h (unitv l); rewrite (norm2_eq (comb_delta e l)) (quad_eq A (comb_delta e l)).
by rewrite -dotvv o eqxx /=; lra.
Qed.

(** vᵀAv = Σ_l λ_l a_l² at v = Σ_l a_l e_l, for orthonormal eigenvectors *)
Lemma quad_comb (L : finType) A (e : L -> P -> R) (lam a : L -> R) :
  orthonormal e -> (forall l p, mulv A (e l) p = lam l * e l p) ->
  quad A (comb e a) = \rsum_l lam l * a l ^ 2.
Proof.
move=> o h; rewrite quad_dot.
have av p : mulv A (comb e a) p = comb e (fun l => lam l * a l) p.
  rewrite /mulv /comb; under eq_bigr => q _ do rewrite rsum_scal.
  rewrite rsum_exchange; apply: rsum_eq => l.
  rewrite (_ : lam l * a l * _ = a l * mulv A (e l) p); last by rewrite h; ring.
  by rewrite /mulv rsum_scal; apply: rsum_eq => q; ring.
rewrite (dot_eq (frefl _) av) /comb dot_sumr; apply: rsum_eq => l.
by rewrite dotC orthonormal_coef //; ring.
Qed.

Section Eigen.
Variables (L : finType) (A : P -> P -> R) (lam : L -> R) (e : L -> P -> R).
Hypothesis sys : eigensystem A lam e.

(** rank A = #{l : λ_l <> 0} *)
Theorem eigen_rank : rank A = #|[pred l | ~~ Req_EM_T (lam l) 0]|.
Proof.
pose T := [finType of {l | ~~ Req_EM_T (lam l) 0}].
have l0 (l : T) : lam (val l) <> 0 by case: l => l /=; case: Req_EM_T.
have o : orthonormal e by case: sys.
have oT : mmul (fun (l : T) p => e (val l) p) (fun p (l : T) => e (val l) p) = @mone T.
  by apply: mfunP => l l'; rewrite -[LHS]/(dot _ _) o.
rewrite (rank_eq_card (U := fun p (l : T) => lam (val l) * e (val l) p)
  (V := fun (l : T) p => e (val l) p) (L := fun (l : T) p => / lam (val l) * e (val l) p)
  (M := fun p (l : T) => e (val l) p)) //; first by rewrite card_sig.
- apply: mfunP => p q; rewrite (eigen_entry sys) /gram /mmul.
  rewrite (bigID (fun l => ~~ Req_EM_T (lam l) 0)) /= [X in _ + X]big1 => [|l]; last first.
    by rewrite negbK; case: Req_EM_T => //= z _; rewrite z; ring.
  rewrite Rplus_0_r (reindex_omap (val : T -> L) insub) /=; last first.
    by move=> l hl; rewrite insubT.
  apply: eq_big => [l|l _]; last by [].
  by rewrite valK eqxx andbT (valP l).
- apply: mfunP => l l'; transitivity (/ lam (val l) * lam (val l') * mone l l').
    by rewrite -oT /mmul rsum_scal; apply: rsum_eq => p; ring.
  by rewrite /mone; case: eqP => [<-|_] /=; [field; apply: l0 | ring].
Qed.

(** n_-(A) <= #{l : λ_l < 0} *)
Lemma eigen_neg_le r : neg_ge A r -> (r <= #|[pred l | Rlt_dec (lam l) 0]|)%N.
Proof.
rewrite -card_sig; apply: (neg_le_conditions (cond := fun l p => e (val l) p)) => v h.
rewrite (eigen_quad sys); apply: rsum_ge0 => l; case: (Rlt_dec (lam l) 0) => l0.
  have lT : l \in [pred l | Rlt_dec (lam l) 0] by rewrite inE; case: Rlt_dec.
  by rewrite (h (exist _ l lT)); apply: Req_le; ring.
by apply: Rmult_le_pos (pow2_ge_0 _); lra.
Qed.

(** n_-(A) >= #{l : λ_l < 0} *)
Lemma eigen_neg_ge : neg_ge A #|[pred l | Rlt_dec (lam l) 0]|.
Proof.
case: (sys) => o ae _; exists (fun k => e (enum_val k)) => a [k0 a0].
rewrite (quad_comb (lam := fun k => lam (enum_val k))) => [|k k'|k p]; last first.
- exact: ae.
- by rewrite o (inj_eq enum_val_inj).
have neg (k : 'I_#|[pred l | Rlt_dec (lam l) 0]|) : lam (enum_val k) < 0.
  have : enum_val k \in [pred l | Rlt_dec (lam l) 0] := enum_valP k.
  by rewrite inE; case: Rlt_dec.
have le k : 0 <= - (lam (enum_val k) * a k ^ 2) by have := neg k; have := pow2_ge_0 (a k); nra.
suff : 0 < \rsum_k - (lam (enum_val k) * a k ^ 2) by rewrite rsum_opp; lra.
apply: Rlt_le_trans (rsum_term_le k0 le).
by have := neg k0; have := pow2_gt_0 _ a0; nra.
Qed.

(** n_-(A) = #{l : λ_l < 0} *)
Theorem eigen_neg r : neg_ge A r <-> (r <= #|[pred l | Rlt_dec (lam l) 0]|)%N.
Proof.
split=> [|le]; first exact: eigen_neg_le.
exact: neg_ge_le le eigen_neg_ge.
Qed.
End Eigen.

(** n_+(A) = #{l : λ_l > 0} *)
Theorem eigen_pos (L : finType) A (lam : L -> R) (e : L -> P -> R) r :
  eigensystem A lam e -> (pos_ge A r <-> (r <= #|[pred l | Rlt_dec 0 (lam l)]|)%N).
Proof.
case=> o ae k.
have sys : eigensystem (fun p q => - A p q) (fun l => - lam l) e.
  have opp v p : mulv (fun p q => - A p q) v p = - mulv A v p.
    by rewrite /mulv -rsum_opp; apply: rsum_eq => q; ring.
  split=> [//|l p|v h p]; rewrite opp; first by rewrite ae; ring.
  by rewrite k //; ring.
rewrite pos_neg (eigen_neg sys); suff -> : #|[pred l | Rlt_dec (- lam l) 0]|
    = #|[pred l | Rlt_dec 0 (lam l)]| by [].
by apply: eq_card => l; rewrite !inE; do 2!case: Rlt_dec => //= ?; exfalso; lra.
Qed.
End Inertia.
