(** Determinants of positive definite matrices, over any ordered field (T15).

    The ellipsoid {δ : ½ δHδᵀ ≤ ε} has a volume proportional to det(H)^(-1/2). For
    positive definite H of size p:

      det(D H Dᵀ) = det(D)² det H,   0 < det H ≤ Π_i H_ii,   det H ≤ (tr H / p)^p,

    so a bound on the trace of the Hessian bounds the volume from below. Hadamard's
    inequality goes by induction over the Schur complement of H_00. *)
From mathcomp Require Import all_ssreflect all_algebra.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Import Order.TTheory GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Section Determinants.
Variable F : realFieldType.

(** u H uᵀ *)
Definition quad_row p (H : 'M[F]_p) (u : 'rV[F]_p) : F := (u *m H *m u^T) 0 0.

(** H is symmetric and positive definite. *)
Definition posdef p (H : 'M[F]_p) := H^T = H /\ forall u, u != 0 -> 0 < quad_row H u.

Lemma posdef_iff p (H : 'M[F]_p) :
  posdef H <-> H^T = H /\ forall u, u != 0 -> 0 < quad_row H u.
Proof. by []. Qed.

(** det(D H Dᵀ) = det(D)² det H *)
Theorem det_congruence p (D H : 'M[F]_p) : \det (D *m H *m D^T) = \det D ^+ 2 * \det H.
Proof. by rewrite !det_mulmx det_tr expr2 mulrAC. Qed.

Lemma quad_row_sum p (H : 'M[F]_p) u :
  quad_row H u = \sum_i \sum_j u 0 i * H i j * u 0 j.
Proof.
rewrite exchange_big /quad_row !mxE /=; apply: eq_bigr => j _.
by rewrite !mxE mulr_suml.
Qed.

Lemma posdef_diag p (H : 'M[F]_p) i : posdef H -> 0 < H i i.
Proof.
case=> _ /(_ (delta_mx 0 i)); rewrite /quad_row -rowE trmx_delta -colE !mxE; apply.
by apply/eqP => /matrixP/(_ 0 i)/eqP; rewrite !mxE !eqxx oner_eq0.
Qed.

Lemma quad_congruence p (L H : 'M[F]_p) u : quad_row (L *m H *m L^T) u = quad_row H (u *m L).
Proof. by rewrite /quad_row trmx_mul !mulmxA. Qed.

Lemma posdef_congruence p (L H : 'M[F]_p) : L \in unitmx -> posdef H -> posdef (L *m H *m L^T).
Proof.
move=> Lu [sH pH]; split; first by rewrite !trmx_mul trmxK sH mulmxA.
move=> u u0; rewrite quad_congruence pH //; apply: contraNneq u0 => e.
by rewrite -(mulmxK Lu u) e mul0mx.
Qed.

Section Schur.
Variables (p : nat) (H : 'M[F]_(1 + p)).
Hypothesis H_posdef : posdef H.
Let a := H 0 0.
Let c := dlsubmx H.

(** The Schur complement of a = H_00, and the elimination matrix (1 0; -c/a 1) *)
Definition schur := drsubmx H - a^-1 *: (c *m c^T).
Definition elim : 'M[F]_(1 + p) := block_mx 1%:M 0 (- (a^-1 *: c)) 1%:M.

Let a_gt0 : 0 < a. Proof. exact: posdef_diag. Qed.
Let elim_det : \det elim = 1. Proof. by rewrite det_lblock !det1 mulr1. Qed.
Let HE : H = block_mx a%:M c^T c (drsubmx H).
Proof.
rewrite -{1}[H]submxK; congr block_mx.
  by rewrite [ulsubmx H]mx11_scalar !mxE; congr ((H _ _)%:M); apply: val_inj.
by rewrite /c trmx_dlsub (proj1 H_posdef).
Qed.

Lemma schurE : elim *m H *m elim^T = block_mx a%:M 0 0 schur.
Proof.
have an0 := lt0r_neq0 a_gt0.
rewrite {1}HE /elim tr_block_mx !mulmx_block !trmx1 !trmx0 !mul1mx !mul0mx !mulmx1 !mulmx0.
rewrite !addr0 ?add0r !mulNmx -!scalemxAl mul_mx_scalar scalerA mulVf // scale1r.
rewrite linearN /= linearZ /= mulmxN -scalemxAr mul_scalar_mx scalerA mulVf // scale1r.
by rewrite !addNr mul0mx add0r addrC.
Qed.

Lemma schur_posdef : posdef schur.
Proof.
have : posdef (elim *m H *m elim^T).
  by apply: posdef_congruence => //; rewrite unitmxE elim_det unitr1.
rewrite schurE => -[]; rewrite tr_block_mx => /eq_block_mx[_ _ _ s] q; split=> // u u0.
have := q (row_mx 0 u); rewrite /quad_row mul_row_block tr_row_mx mul_row_col.
rewrite !mul0mx !mulmx0 !add0r trmx0 mulmx0 add0r; apply.
by apply: contraNneq u0 => /eqP; rewrite row_mx_eq0 => /andP[].
Qed.

Lemma det_schur : \det H = a * \det schur.
Proof.
have <- : \det (elim *m H *m elim^T) = \det H.
  by rewrite det_congruence elim_det expr1n mul1r.
by rewrite schurE det_ublock det_scalar1.
Qed.

Lemma schur_diag_le i : schur i i <= H (rshift 1 i) (rshift 1 i).
Proof.
rewrite !mxE ger_addl oppr_le0 mulr_ge0 ?invr_ge0 ?(ltW a_gt0) //.
by apply: sumr_ge0 => j _; rewrite [c^T j i]mxE -expr2 sqr_ge0.
Qed.
End Schur.

(** Hadamard: 0 < det H ≤ Π_i H_ii *)
Theorem hadamard p (H : 'M[F]_p) : posdef H -> 0 < \det H <= \prod_i H i i.
Proof.
elim: p H => [|p IH] H pH; first by rewrite det_mx00 big_ord0 ltr01 lexx.
have /andP[d0 dle] := IH _ (schur_posdef pH).
rewrite (det_schur pH) mulr_gt0 ?(posdef_diag _ pH) //=.
rewrite big_ord_recl ler_pmul2l ?(posdef_diag _ pH) //.
apply: le_trans dle _; apply: ler_prod => i _.
rewrite ltW ?(posdef_diag _ (schur_posdef pH)) //=.
by apply: le_trans (schur_diag_le pH i) _; rewrite -rshift1.
Qed.

(** det H ≤ (tr H / p)^p *)
Theorem det_le_trace p (H : 'M[F]_p) : posdef H -> \det H <= (\tr H / p%:R) ^+ p.
Proof.
move=> pH; have /andP[_ h] := hadamard pH; apply: le_trans h _.
have := leif_AGM (A := [pred i : 'I_p | true]) (E := fun i => H i i).
rewrite card_ord => agm.
by apply: (leif_le (agm _)) => i _; apply/ltW/posdef_diag.
Qed.
End Determinants.
