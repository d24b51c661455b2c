(** T17 at generic points, with q = min(r, m, C) and s = min(r, C):

      rank G = q(r + C - q)  at generic (A, W),
      rank H = 2ms + q|r - C|  at generic (A, W, Y).

    The ranks are never larger, and are attained where W = 0 (for C ≤ r) or A = 0. *)
From Coq Require Import Reals Lra Lia FunctionalExtensionality.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Rank BorderedRank GenericPoints.
From LandTheory Require Import OffDiagonal LinearNetworks.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ar + Cw - aw at a = min(m, C) and w = min(m, r) *)
Lemma generic_rank_eq m C r (q := minn r (minn m C)) (a := minn m C) (w := minn m r) :
  (a * r + C * w - a * w = q * (r + C - q))%N.
Proof.
rewrite /q /a /w /minn; case: (m < C)%N / ltP => mC; case: (m < r)%N / ltP => mr;
  case: (r < _)%N / ltP => rq; rewrite -!plusE -!multE -!minusE; nia.
Qed.

Section Generic.
Variables (n m d C : nat) (X : 'I_n -> 'I_d -> R).

Lemma polynomial_ggn p q :
  is_polynomial (fun th : lin_par m d C -> R => lin_ggn X th p q).
Proof.
have jac i c p' : is_polynomial (fun th : lin_par m d C -> R => lin_jac th (X i) c p').
  case: p' => [[k j]|[c' k]] /=.
    by apply: polynomial_mul; [apply: polynomial_coord | apply: polynomial_cst].
  have hid : is_polynomial (fun th : lin_par m d C -> R => hidden th (X i) k).
    apply: polynomial_sum => j; apply: polynomial_mul; last exact: polynomial_cst.
    exact: polynomial_coord.
  by case: (c' == c); [apply: hid | apply: polynomial_cst].
apply: polynomial_mul; first exact: polynomial_cst.
by apply: polynomial_sum => i; apply: polynomial_sum => c; apply: polynomial_mul.
Qed.

(** X Wᵀ of rank min(m, rank X): W = (1 0; 0 0) Mᵀ for X = U V with V M = 1 *)
Lemma full_rank_first_layer :
  exists W : 'I_m -> 'I_d -> R, rank (mmul X (mtr W)) = minn m (rank X).
Proof.
have [S [U [V [L [M [<- eX LU VM]]]]]] := rank_factor X.
exists (mmul (@mpad _ _) (mtr M)).
have -> : mmul X (mtr (mmul (@mpad [finType of 'I_m] S) (mtr M))) =
    mmul U (mtr (@mpad [finType of 'I_m] S)).
  by rewrite eX mtr_mul -mmulA (mmulA V) VM mone_mul.
by rewrite (rank_mul_left _ LU) rank_tr rank_mpad card_ord.
Qed.

(** rank G = q(r + C - q) at generic (A, W) *)
Theorem rank_ggn_generic (r := rank (Sigma X)) (q := minn r (minn m C)) :
  generic (fun th : lin_par m d C -> R => rank (lin_ggn X th) = (q * (r + C - q))%N).
Proof.
have [W0 rW] := full_rank_first_layer.
pose th0 (p : lin_par m d C) : R := match p with
  | inl (k, j) => W0 k j
  | inr (c, k) => @mpad [finType of 'I_C] [finType of 'I_m] c k
  end.
apply: (@generic_at_generic _ th0).
have [f [pf f0 hf]] : generic_at th0 (fun th => q * (r + C - q) <= rank (lin_ggn X th))%N.
  apply: generic_rank polynomial_ggn _.
  rewrite rank_ggn rank_WX [rank (mmul X _)](rW : _ = minn m (rank X)) -(rank_Sigma X) -/r.
  rewrite [rank (A_of th0)](rank_mpad [finType of 'I_C] [finType of 'I_m]) !card_ord.
  by rewrite [minn C m]minnC generic_rank_eq.
exists f; split=> // th /hf h; apply/eqP; rewrite eqn_leq h andbT.
exact: rank_ggn_le.
Qed.
End Generic.

(** ** T17(c): the rank of H where one layer vanishes *)
Section Hessian.
Variables (n m d C : nat) (X : 'I_n -> 'I_d -> R) (Y : 'I_n -> 'I_C -> R).
Variable th : lin_par m d C -> R.
Let A := A_of th.
Let W := W_of th.
Let Om := Omega X Y th.

(** F = (0 U; Uᵀ 0) *)
Let U (p : 'I_m * 'I_d) (q : 'I_C * 'I_m) : R := dlt (p.1 == q.2) (Om q.1 p.2).

Lemma hessian_blocks : lin_hessian X Y th = mblock (mkron (mmul (mtr A) A) (Sigma X))
  (madd (mkron (mtr A) (mmul (Sigma X) (mtr W))) U)
  (madd (mkron A (mmul W (Sigma X))) (mtr U))
  (mkron (@mone _) (mmul W (mmul (Sigma X) (mtr W)))).
Proof.
rewrite (_ : lin_hessian X Y th = madd (lin_ggn X th) (lin_residual_hessian X Y th)) //.
rewrite ggn_blocks residual_hessian_off.
by apply: mfunP => -[p|q] [p'|q'] //; rewrite /madd /moff /= /mzero Rplus_0_r.
Qed.

Lemma mtr0 I J : mtr (@mzero I J) = @mzero J I. Proof. by []. Qed.
Lemma mkron0r (I I' J J' : finType) (B : I -> J -> R) : mkron B (@mzero I' J') = @mzero _ _.
Proof. by apply: mfunP => p q; apply: Rmult_0_r. Qed.

Lemma mtrU : mtr U = mmul (@mswap _ _) (mkron (@mone _) Om).
Proof.
apply: mfunP => -[c l] [k j]; rewrite mswap_mul /U /mtr /mkron /mone /= eq_sym.
by case: (_ == _) => /=; ring.
Qed.

Lemma UE : U = mmul (@mswap _ _) (mkron (mtr Om) (@mone _)).
Proof.
apply: mfunP => -[k j] [c l]; rewrite mswap_mul /U /mtr /mkron /mone /=.
by case: (_ == _) => /=; ring.
Qed.

Lemma rank_U : rank U = (m * rank Om)%N.
Proof. exact: rank_residual_block. Qed.

Lemma rank_Sigma_sandwich (T : finType) (V : 'I_d -> T -> R) :
  rank (mmul (mtr V) (mmul (Sigma X) V)) = rank (mmul X V).
Proof.
rewrite -(@rank_mean_gram n _ _ (mmul X V)) => [|n0]; last by rewrite card_ord.
apply: eq_rank => s t; rewrite (mtr_mul X V) -(mmulA (mtr V)) /mmul rsum_scal.
apply: rsum_eq => j; rewrite -Rmult_assoc [_ * mtr V s j]Rmult_comm Rmult_assoc.
congr (_ * _); rewrite rsum_scal.
under eq_bigr => l _ do rewrite /Sigma /mean -/(mtr X j _) rsum_scal rsum_scalr.
rewrite rsum_exchange; apply: rsum_eq => i; rewrite rsum_scal rsum_scal.
by apply: rsum_eq => l; rewrite /mtr; ring.
Qed.

(** W = 0: rank H ≥ 2m rank Ω + ρ_A (r - rank Ω) *)
Lemma rank_hessian_W0 : W = @mzero _ _ ->
  (2 * (m * rank Om) + rank A * (rank (Sigma X) - rank Om) <= rank (lin_hessian X Y th))%N.
Proof.
move=> W0; have -> : lin_hessian X Y th =
    mblock (mkron (mmul (mtr A) A) (Sigma X)) (mtr (mtr U)) (mtr U) (@mzero _ _).
  by rewrite hessian_blocks W0 mtr0 !mmul0l !mmul0r !mkron0r !madd0l.
have [T [Uo [Vo [Lo [Mo [cT eO LUo VMo]]]]]] := rank_factor Om.
have [E [Ue [Le [VUe LMe LUe split1 cE]]]] := complement VMo.
pose Z := mkron (@mone [finType of 'I_m]) Ue.
have BZ : mmul (mtr U) Z = @mzero _ _.
  by rewrite mtrU -mmulA mkron_mul eO -(mmulA Uo) VUe mmul0r mkron0r mmul0r.
apply: leq_trans (rank_bordered _ BZ); rewrite (rank_tr U) rank_U leq_add2l.
have -> : mmul (mmul (mtr Z) (mkron (mmul (mtr A) A) (Sigma X))) Z =
    mkron (mmul (mtr A) A) (mmul (mtr Ue) (mmul (Sigma X) Ue)).
  have -> : mtr Z = mkron (@mone _) (mtr Ue).
    by apply: mfunP => p q; rewrite /mtr /Z /mkron mone_sym.
  by rewrite !mkron_mul mone_mul mmul1 mmulA.
rewrite rank_mkron rank_gram rank_Sigma_sandwich leq_mul2l; apply/orP; right.
rewrite leq_subLR rank_Sigma.
have split_X : X = madd (mmul (mmul X Mo) Vo) (mmul (mmul X Ue) Le).
  by rewrite -!mmulA -mmulDr split1 mmul1.
apply: (@leq_trans (rank (mmul (mmul X Mo) Vo) + rank (mmul (mmul X Ue) Le))).
  by rewrite {1}split_X rank_add.
apply: leq_add; last exact: rank_mul_le_l.
by rewrite -cT; apply: (rank_le_card (U := mmul X Mo) (V := Vo)).
Qed.

(** A = 0: rank H ≥ 2m rank Ω + (C - rank Ω) ρ_W *)
Lemma rank_hessian_A0 : A = @mzero _ _ ->
  (2 * (m * rank Om) + (C - rank Om) * rank (mmul W (Sigma X)) <= rank (lin_hessian X Y th))%N.
Proof.
move=> A0; pose E := mkron (@mone [finType of 'I_C]) (mmul W (mmul (Sigma X) (mtr W))).
have [T [Uo [Vo [Lo [Mo [cT eO LUo VMo]]]]]] := rank_factor (mtr Om).
have [S [Ue [Le [VUe LMe LUe split1 cS]]]] := complement VMo.
pose Z := mkron Ue (@mone [finType of 'I_m]).
have UZ : mmul U Z = @mzero _ _.
  by rewrite UE -mmulA mkron_mul eO -(mmulA Uo) VUe mmul0r mkron0l mmul0r.
have -> : rank (lin_hessian X Y th) = rank (mblock E (mtr U) U (@mzero _ _)).
  pose swap P Q (x : P + Q) : Q + P := match x with inl y => inr y | inr y => inl y end.
  have swap_bij (P Q : Type) : bijective (@swap P Q) by exists (@swap Q P) => -[].
  rewrite -(rank_reindex _ (swap_bij _ _) (swap_bij _ _)).
  apply: eq_rank => -[p|q] [p'|q'];
    by rewrite hessian_blocks A0 mtr0 !mmul0l !mkron0l !madd0l.
apply: leq_trans (rank_bordered _ UZ); rewrite rank_U leq_add2l.
have -> : mmul (mmul (mtr Z) E) Z =
    mkron (mmul (mtr Ue) Ue) (mmul W (mmul (Sigma X) (mtr W))).
  have -> : mtr Z = mkron (mtr Ue) (@mone _).
    by apply: mfunP => p q; rewrite /mtr /Z /mkron [mone q.2 _]mone_sym.
  by rewrite !mkron_mul mone_mul !mmul1.
rewrite rank_mkron rank_gram (rank_left_inv LUe) -[mmul W _]/(mmul (mtr (mtr W)) _).
rewrite rank_Sigma_sandwich rank_WX leq_mul2r; apply/orP; right.
by rewrite leq_subLR -[X in (X <= _)%N]card_ord -cS cT (rank_tr Om).
Qed.
End Hessian.

(** ** T17(c.1): rank H at generic (A, W, Y) *)
Section GenericHessian.
Variables (n m d C : nat) (X : 'I_n -> 'I_d -> R).

(** a point (A, W, Y) as one tuple of variables *)
Implicit Types u : lin_par m d C + 'I_n * 'I_C -> R.
Definition point_weights u (p : lin_par m d C) : R := u (inl p).
Definition point_targets u (i : 'I_n) (c : 'I_C) : R := u (inr (i, c)).

Let hess u := lin_hessian X (point_targets u) (point_weights u).

Lemma polynomial_hessian p q : is_polynomial (fun u => hess u p q).
Proof.
have cst := polynomial_cst.
have hid i k : is_polynomial (fun u => hidden (point_weights u) (X i) k).
  by apply: polynomial_sum => j; apply: polynomial_mul; [apply: polynomial_coord | apply: cst].
have net i c : is_polynomial (fun u => lin_net (point_weights u) (X i) c).
  by apply: polynomial_sum => k; apply: polynomial_mul; first exact: polynomial_coord.
have res i c : is_polynomial (fun u => lin_residual X (point_targets u) (point_weights u) i c).
  have -> : (fun u => lin_residual X (point_targets u) (point_weights u) i c) =
      (fun u => lin_net (point_weights u) (X i) c + -1 * point_targets u i c).
    by apply: functional_extensionality => u; rewrite /lin_residual; ring.
  apply: polynomial_add; first exact: net.
  by apply: polynomial_mul; [apply: cst | apply: polynomial_coord].
have jac i c p' : is_polynomial (fun u => lin_jac (point_weights u) (X i) c p').
  case: p' => [[k j]|[c' k]] /=.
    by apply: polynomial_mul; [apply: polynomial_coord | apply: cst].
  by case: (c' == c); [apply: hid | apply: cst].
apply: polynomial_add; apply: polynomial_mul; try exact: cst;
  apply: polynomial_sum => i; apply: polynomial_sum => c; apply: polynomial_mul => //.
Qed.

(** Y with (1/n) Σ_i -y_i x_iᵀ = (1 0; 0 0) of rank min(r, C), on the range of Σ *)
Lemma full_rank_targets : exists Y : 'I_n -> 'I_C -> R,
  rank (fun c j => mean (fun i => - Y i c * X i j)) = minn (rank X) C.
Proof.
have [S [U [V [L [M [cS eX LU VM]]]]]] := rank_factor X.
pose B := mmul (@mpad [finType of 'I_C] S) L.
exists (fun i c => - (INR n * B c i)).
transitivity (rank (mmul (@mpad [finType of 'I_C] S) V)); last first.
  by rewrite (rank_mul_right _ VM) rank_mpad card_ord cS minnC.
apply: eq_rank => c j.
have -> : mmul (@mpad [finType of 'I_C] S) V c j = mmul B X c j.
  by rewrite eX /B mmulA -(mmulA _ L) LU mmul1.
rewrite /mean /mmul rsum_scal; apply: rsum_eq => i.
have n0 : INR n <> 0 by apply: not_0_INR => n0; move: (ltn_ord i); rewrite {2}n0.
by field.
Qed.

(** rank H = 2ms + q|r - C| at generic (A, W, Y) *)
Theorem rank_hessian_generic (r := rank (Sigma X)) (s := minn r C)
    (q := minn r (minn m C)) :
  generic (fun u => rank (hess u) = (2 * m * s + q * (maxn r C - s))%N).
Proof.
have qE : q = minn s m by rewrite /q [minn m C]minnC minnA.
have [Y rY] := full_rank_targets.
have [W0 rW] := full_rank_first_layer m X.
pose u0 (p : lin_par m d C + 'I_n * 'I_C) : R := match p with
  | inl (inl (k, j)) => if (C <= r)%N then 0 else W0 k j
  | inl (inr (c, k)) =>
      if (C <= r)%N then @mpad [finType of 'I_C] [finType of 'I_m] c k else 0
  | inr (i, c) => Y i c
  end.
apply: (@generic_at_generic _ u0).
have [f [pf f0 hf]] : generic_at u0 (fun u =>
    2 * m * s + q * (maxn r C - s) <= rank (hess u))%N.
  apply: generic_rank polynomial_hessian _.
  have net0 x c : lin_net (point_weights u0) x c = 0.
    apply: rsum0 => k; rewrite /hidden /A_of /W_of /point_weights /u0.
    by case: (C <= r)%N; [rewrite rsum0 => [|j] |]; ring.
  have rO : rank (Omega X (point_targets u0) (point_weights u0)) = s.
    rewrite /s /r rank_Sigma -rY; apply: eq_rank => c j; apply: mean_eq => i.
    by rewrite /lin_residual net0 /point_targets /u0; ring.
  rewrite -mulnA; have [rC|rC] := leqP C r.
    have W00 : W_of (point_weights u0) = @mzero _ _.
      by apply: mfunP => k j; rewrite /W_of /point_weights /u0 rC.
    apply: leq_trans (@rank_hessian_W0 _ _ _ _ X (point_targets u0) _ W00); rewrite rO leq_add2l.
    have -> : A_of (point_weights u0) = @mpad [finType of 'I_C] [finType of 'I_m].
      by apply: mfunP => c k; rewrite /A_of /point_weights /u0 rC.
    have sC : s = C by apply/minn_idPr.
    by rewrite rank_mpad !card_ord qE sC -/r.
  have A00 : A_of (point_weights u0) = @mzero _ _.
    by apply: mfunP => c k; rewrite /A_of /point_weights /u0 leqNgt rC.
  apply: leq_trans (@rank_hessian_A0 _ _ _ _ X (point_targets u0) _ A00).
  rewrite rO leq_add2l rank_WX.
  have -> : W_of (point_weights u0) = W0.
    by apply: mfunP => k j; rewrite /W_of /point_weights /u0 leqNgt rC.
  have sr : s = r by apply/minn_idPl/ltnW.
  by rewrite rW -(rank_Sigma X) -/r qE sr mulnC minnC.
exists f; split=> // u /hf h; apply/eqP; rewrite eqn_leq h andbT.
exact: rank_hessian_generic_le.
Qed.
End GenericHessian.
