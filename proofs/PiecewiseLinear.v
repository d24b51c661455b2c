(** Piecewise linear σ(z) = α₊ max(z, 0) + α₋ min(z, 0), off its kinks (T03): F only couples
    w̃_k to a_k, through U_k = (1/n) Σ_i σ'(z_ik) x̃_i r_iᵀ. So H and G share their diagonal
    blocks and their trace, rank F = 2 Σ_k rank U_k, and H has at most Σ_k rank U_k negative
    eigenvalues. With one output, at a critical point with every a_k <> 0, F = 0 and θ
    minimises L over the closure of its activation cell. *)
From Coq Require Import Reals Lra Psatz FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Activations Losses.
From LandTheory Require Import SquareMatrices Rank Eigensystems Inertia CrossEntropy.
From LandTheory Require Import Complexity ResidualPart.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** σ(z) = σ'(z) z also at 0. *)
Lemma pl_slope ap am z : pl ap am z = pl1 ap am z * z.
Proof.
case: (Req_dec z 0) => [->|]; last exact: pl_pl1.
by rewrite pl_pos ?Rmult_0_r //; apply: Rle_refl.
Qed.

Section PiecewiseLinear.
Variables n m d C : nat.
Variables ap am : R.
Variables (ell : 'I_n -> ('I_C -> R) -> R) (r : 'I_n -> ('I_C -> R) -> 'I_C -> R)
  (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Implicit Types (v : par m d C -> R) (p q : par m d C) (k l : 'I_m) (c : 'I_C)
  (j : option 'I_d).

Local Notation sigma := (pl ap am).
Local Notation s1 := (pl1 ap am).
Local Notation L := (loss sigma ell X).
Local Notation F := (residual_hessian sigma s1 zero r X th).
Local Notation G := (ggn sigma s1 S X th).
Local Notation H := (hessian sigma s1 zero r S X th).
Local Notation U := (residual_cross sigma s1 r X th).

(** F in the order (w̃, a, c): all but w̃_k a_k is 0 *)
Lemma pl_residual p q : F p q =
  match p, q with
  | hid k j, out l c => dlt (k == l) (U k j c)
  | out l c, hid k j => dlt (k == l) (U k j c)
  | _, _ => 0
  end.
Proof.
rewrite residual_entry; case: p q => [[[k j]|[k c]]|c] [[[l j']|[l c']]|c'] //.
suff -> : residual_hid sigma zero r X th k j j' = 0 by case: (k == l).
by apply: mean_zero => i; rewrite /zero; ring.
Qed.

(** T03(a.2): M_k = 0, so H_w̃w̃ = G_w̃w̃, and H_bb = G_bb in particular *)
Theorem pl_hessian_hid k j l j' : H (hid k j) (hid l j') = G (hid k j) (hid l j').
Proof. by rewrite /hessian pl_residual Rplus_0_r. Qed.

(** T03(a.3): H_aa = G_aa *)
Theorem pl_hessian_out k c l c' : H (out k c) (out l c') = G (out k c) (out l c').
Proof. by rewrite /hessian pl_residual Rplus_0_r. Qed.

(** T03(a.1): tr H = tr G *)
Theorem pl_hessian_trace : trace H = trace G.
Proof.
apply: rsum_eq => p; rewrite /hessian pl_residual.
by case: p => [[[k j]|[k c]]|c]; rewrite Rplus_0_r.
Qed.

(** ... the same for the true second derivatives of L, off the kinks *)
Theorem pl_partial2_hid k j l j' : (forall i, twice_differentiable (ell i) (r i) (S i)) ->
  off_kinks ap am X th -> is_partial2 L th (hid k j) (hid l j') (G (hid k j) (hid l j')).
Proof.
move=> hl /off_kinks_smooth h; rewrite -pl_hessian_hid.
exact: (loss_partial2 hl (hid k j) (hid l j') h).
Qed.

Theorem pl_partial2_out k c l c' : (forall i, twice_differentiable (ell i) (r i) (S i)) ->
  off_kinks ap am X th -> is_partial2 L th (out k c) (out l c') (G (out k c) (out l c')).
Proof.
move=> hl /off_kinks_smooth h; rewrite -pl_hessian_out.
exact: (loss_partial2 hl (out k c) (out l c') h).
Qed.

Lemma pl_residual_quad v : quad F v =
  2 * \rsum_(k : 'I_m) \rsum_(j : option 'I_d) \rsum_(c : 'I_C)
    v (hid k j) * U k j c * v (out k c).
Proof.
rewrite residual_quad rsum_scal; apply: rsum_eq => k.
rewrite (_ : quad _ _ = 0) ?Rplus_0_l //.
apply: rsum0 => j; apply: rsum0 => j'; rewrite [residual_hid _ _ _ _ _ _ _ _]mean_zero => [|i].
  by ring.
by rewrite /zero; ring.
Qed.

Lemma pl_mulv_residual v p : mulv F v p =
  match p with
  | hid k j => \rsum_(c : 'I_C) U k j c * v (out k c)
  | out k c => \rsum_(j : option 'I_d) U k j c * v (hid k j)
  | off _ => 0
  end.
Proof.
rewrite mulv_residual; case: p => [[[k j]|[k c]]|c] //; rewrite /mulv rsum_sum /=.
  rewrite [X in X + _]rsum0 ?Rplus_0_l // => j'; rewrite [residual_hid _ _ _ _ _ _ _ _]mean_zero => [|i].
    by ring.
  by rewrite /zero; ring.
by rewrite [X in _ + X]rsum0 ?Rplus_0_r // => e; ring.
Qed.

(** T03(a.4): with U_k = Σ_t s_kt u_kt v_ktᵀ, singular value decompositions, F has the
    eigenvalues ± s_kt, and zeros *)
Theorem pl_spectrum (T : finType) (s : 'I_m -> T -> R) (u : 'I_m -> T -> option 'I_d -> R)
    (w : 'I_m -> T -> 'I_C -> R) :
  (forall k, orthonormal (u k)) -> (forall k, orthonormal (w k)) ->
  (forall k j c, U k j c = \rsum_t s k t * u k t j * w k t c) ->
  exists e, eigensystem F (fun ktb : 'I_m * T * bool =>
    (if ktb.2 then 1 else -1) * s ktb.1.1 ktb.1.2) e.
Proof.
move=> ou ow UE; have q0 : 0 < sqrt 2 by apply: sqrt_lt_R0; lra.
have q2 : sqrt 2 * sqrt 2 = 2 by apply: sqrt_sqrt; lra.
pose sg (b : bool) : R := if b then 1 else -1.
have sg2 b : sg b * sg b = 1 by case: b; rewrite /sg; ring.
pose e (x : 'I_m * T * bool) p := match p with
  | hid l j => dlt (l == x.1.1) (u x.1.1 x.1.2 j / sqrt 2)
  | out l c => dlt (l == x.1.1) (sg x.2 * w x.1.1 x.1.2 c / sqrt 2)
  | off _ => 0 end.
have dot_e x v : dot (e x) v = / sqrt 2 *
    (dot (u x.1.1 x.1.2) (fun j : option 'I_d => v (hid x.1.1 j))
     + sg x.2 * dot (w x.1.1 x.1.2) (fun c : 'I_C => v (out x.1.1 c))).
  rewrite /dot rsum_par [X in _ + X]rsum0 => [|c]; last by rewrite /=; ring.
  rewrite Rplus_0_r Rmult_plus_distr_l !rsum_scal.
  congr (_ + _); rewrite (rsum_delta (k := x.1.1)) => [|l /negbTE lx];
    try by apply: rsum0 => i; rewrite /e lx /=; ring.
    by apply: rsum_eq => i; rewrite /e eqxx /=; field; lra.
  by apply: rsum_eq => i; rewrite /e eqxx /=; field; lra.
have U_u k t c : \rsum_(j : option 'I_d) U k j c * u k t j = s k t * w k t c.
  under eq_bigr => j _ do rewrite UE rsum_scalr.
  rewrite rsum_exchange -(rsum_pick (fun t => s k t * w k t c) t); apply: rsum_eq => t'.
  by rewrite -(ou k) /dot rsum_scal; apply: rsum_eq => j; ring.
have U_w k t j : \rsum_(c : 'I_C) U k j c * w k t c = s k t * u k t j.
  under eq_bigr => c _ do rewrite UE rsum_scalr.
  rewrite rsum_exchange -(rsum_pick (fun t => s k t * u k t j) t); apply: rsum_eq => t'.
  by rewrite -(ow k) /dot rsum_scal; apply: rsum_eq => c; ring.
exists e; split=> [[[k t] b] [[l t'] b']|[[k t] b] p|v h p].
- rewrite dot_e /= !xpair_eqE; case: eqP => [<-|_] /=; last first.
    by rewrite /dot !rsum0 => [|i|i]; rewrite /=; ring.
  have -> : dot (u k t) (fun j => u k t' j / sqrt 2) = / sqrt 2 * dlt (t == t') 1.
    by rewrite -(ou k) /dot rsum_scal; apply: rsum_eq => j; rewrite /Rdiv; ring.
  have -> : dot (w k t) (fun c => sg b' * w k t' c / sqrt 2) = sg b' / sqrt 2 * dlt (t == t') 1.
    by rewrite -(ow k) /dot rsum_scal; apply: rsum_eq => j; rewrite /Rdiv; ring.
  have half : / sqrt 2 * / sqrt 2 = / 2 by rewrite -Rinv_mult q2.
  case: (t == t') => /=; last by ring.
  rewrite /Rdiv (_ : _ * (_ + _) = / sqrt 2 * / sqrt 2 * (1 + sg b * sg b')); last by ring.
  by rewrite half; case: b; case: b'; rewrite /sg /=; field.
- rewrite pl_mulv_residual; case: p => [[[l j]|[l c]]|c] /=; last by ring.
    case: eqP => [->|_] /=; last by rewrite rsum0 => [|c]; ring.
    transitivity (sg b / sqrt 2 * \rsum_(c : 'I_C) U k j c * w k t c).
      by rewrite rsum_scal; apply: rsum_eq => c; rewrite /Rdiv; ring.
    by rewrite U_w /sg /Rdiv; ring.
  case: eqP => [->|_] /=; last by rewrite rsum0 => [|j]; ring.
  transitivity (/ sqrt 2 * \rsum_(j : option 'I_d) U k j c * u k t j).
    by rewrite rsum_scal; apply: rsum_eq => j; rewrite /Rdiv; ring.
  rewrite U_u; transitivity (/ sqrt 2 * (s k t * w k t c) * (sg b * sg b)).
    by rewrite sg2; ring.
  by rewrite /sg /Rdiv; ring.
- have z k t : dot (u k t) (fun j : option 'I_d => v (hid k j)) = 0 /\ dot (w k t) (fun c : 'I_C => v (out k c)) = 0.
    set a := dot _ _; set a' := dot _ _.
    have h1 : / sqrt 2 * (a + 1 * a') = 0 by rewrite -(h (k, t, true)) dot_e.
    have h2 : / sqrt 2 * (a + -1 * a') = 0 by rewrite -(h (k, t, false)) dot_e.
    have i0 : / sqrt 2 <> 0 by apply: Rinv_neq_0_compat; lra.
    case/Rmult_integral: h1 => // h1; case/Rmult_integral: h2 => // h2; split; lra.
  rewrite pl_mulv_residual; case: p => [[[k j]|[k c]]|c] //.
    under eq_bigr => c _ do rewrite UE rsum_scalr.
    rewrite rsum_exchange; apply: rsum0 => t; have [_ zw] := z k t.
    transitivity (s k t * u k t j * dot (w k t) (fun c : 'I_C => v (out k c))).
      by rewrite /dot rsum_scal; apply: rsum_eq => c /=; ring.
    by rewrite zw; ring.
  under eq_bigr => j _ do rewrite UE rsum_scalr.
  rewrite rsum_exchange; apply: rsum0 => t; have [zu _] := z k t.
  transitivity (s k t * w k t c * dot (u k t) (fun j : option 'I_d => v (hid k j))).
    by rewrite /dot rsum_scal; apply: rsum_eq => j /=; ring.
  by rewrite zu; ring.
Qed.

(** T03(a.5): rank F = 2 Σ_k rank U_k *)
Theorem pl_rank : rank F = (2 * \sum_k rank (U k))%N.
Proof.
pose f (x : 'I_m * option 'I_d + 'I_m * 'I_C) : par m d C := inl x.
have zero_off p : p \notin codom f -> exists c, p = off c.
  by case: p => [x|c]; [move=> /codomP[] | exists c]; first exists x.
rewrite (rank_support (f := f) (g := f)) => [|p q /zero_off[c ->]|p q /zero_off[c ->]]; last first.
- by rewrite pl_residual; case: p => [[[]|[]]|].
- by rewrite pl_residual.
rewrite -rank_mdiag -rank_off_sym; apply: eq_rank => x y; rewrite pl_residual.
by case: x y => [[k j]|[k c]] [[l j']|[l c']] //=; rewrite /mtr /mdiag /= eq_sym; case: eqP => // ->.
Qed.

Hypothesis S_psd : forall i, psd (output_hessian sigma S X th i).

Lemma pl_hessian_ge v : quad F v <= quad H v.
Proof.
rewrite (_ : quad H v = quad G v + quad F v); last exact: quad_addm.
have g : psd G by apply: ggn_psd.
by have := g v; lra.
Qed.

(** T03(b.1): H has at most Σ_k rank U_k negative eigenvalues *)
Theorem pl_negative t : neg_ge H t -> (t <= \sum_k rank (U k))%N.
Proof.
move/(neg_ge_mono pl_hessian_ge); rewrite -rank_mdiag.
have [K [A [B [_ [_ [<- e _ _]]]]]] := rank_factor (mdiag U).
apply: (neg_le_conditions (cond := fun x p =>
  if p is out k c then B x (k, c) else 0)) => v h.
have {}h x : \rsum_(k : 'I_m) \rsum_(c : 'I_C) B x (k, c) * v (out k c) = 0.
  rewrite -[RHS](h x) /dot rsum_par [X in _ = _ + X]rsum0 => [|c]; last by ring.
  rewrite Rplus_0_r [X in _ = X + _]rsum0 ?Rplus_0_l // => k.
  by apply: rsum0 => j; ring.
rewrite pl_residual_quad; apply: Req_le; rewrite rsum0 ?Rmult_0_r // => k.
apply: rsum0 => j; under eq_bigr => c _ do rewrite Rmult_assoc.
rewrite -rsum_scal (_ : \rsum_(c : 'I_C) _ = 0) ?Rmult_0_r //.
transitivity (\rsum_(l : 'I_m) \rsum_(c : 'I_C) mdiag U (k, j) (l, c) * v (out l c)).
  rewrite (rsum_delta (k := k)) => [|l lk]; first by rewrite /mdiag /= eqxx.
  by apply: rsum0 => c; rewrite /mdiag /= eq_sym (negbTE lk) /=; ring.
rewrite e /mmul; under eq_bigr => l _ do (under eq_bigr => c _ do rewrite rsum_scalr;
  rewrite rsum_exchange).
rewrite rsum_exchange; apply: rsum0 => x; rewrite -[RHS](Rmult_0_r (A (k, j) x)) -(h x).
rewrite rsum_scal; apply: rsum_eq => l; rewrite rsum_scal; apply: rsum_eq => c; ring.
Qed.

(** T03(b.2): ... at most m min(C, d + 1) *)
Theorem pl_negative_size t : neg_ge H t -> (t <= m * minn C d.+1)%N.
Proof.
move/pl_negative => le; apply: leq_trans le _.
have -> : (m * minn C d.+1 = \sum_(k < m) minn C d.+1)%N by rewrite sum_nat_const card_ord.
apply: leq_sum => k _; rewrite leq_min; apply/andP; split.
  by have := rank_le_cols (U k); rewrite card_ord.
by have := rank_le_rows (U k); rewrite card_option card_ord.
Qed.
End PiecewiseLinear.

(** ** The gradient, and critical points of networks with one output *)
Section Gradient.
Variables n m d C : nat.
Variables ap am : R.
Variables (r : 'I_n -> ('I_C -> R) -> 'I_C -> R) (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Local Notation sigma := (pl ap am).
Local Notation s1 := (pl1 ap am).
Local Notation U := (residual_cross sigma s1 r X th).

(** T03(c.1): ∇_w̃_k L = U_k a_k *)
Theorem pl_grad_hid (k : 'I_m) (j : option 'I_d) : loss_grad sigma s1 r X th (hid k j) =
  \rsum_(c : 'I_C) U k j c * th (out k c).
Proof.
rewrite /residual_cross; under [RHS]eq_bigr => c _ do rewrite -mean_scalr.
rewrite -mean_rsum; apply: mean_eq => i; apply: rsum_eq => c.
by rewrite /jacobian /=; ring.
Qed.

(** T03(c.2): ∇_a_k L = U_kᵀ w̃_k *)
Theorem pl_grad_out (k : 'I_m) (c : 'I_C) : loss_grad sigma s1 r X th (out k c) =
  \rsum_(j : option 'I_d) U k j c * th (hid k j).
Proof.
rewrite /residual_cross; under [RHS]eq_bigr => j _ do rewrite -mean_scalr.
rewrite -mean_rsum; apply: mean_eq => i.
rewrite (rsum_delta (k := c)) => [|e]; last first.
  by rewrite /jacobian /= eq_sym => /negbTE->; rewrite /=; ring.
rewrite /jacobian /= eqxx /= pl_slope; move: (s1 _) (residual _ _ _ _ _ _) => s res.
rewrite -Rmult_assoc /pre rsum_scal; apply: rsum_eq => j /=; ring.
Qed.
End Gradient.

Section OneOutput.
Variables n m d : nat.
Variables ap am : R.
Variables (ell : 'I_n -> ('I_1 -> R) -> R) (r : 'I_n -> ('I_1 -> R) -> 'I_1 -> R)
  (S : 'I_n -> ('I_1 -> R) -> 'I_1 -> 'I_1 -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d 1 -> R).
Local Notation sigma := (pl ap am).
Local Notation s1 := (pl1 ap am).
Local Notation U := (residual_cross sigma s1 r X th).
Local Notation H := (hessian sigma s1 zero r S X th).
Local Notation G := (ggn sigma s1 S X th).

Hypothesis critical : forall p, loss_grad sigma s1 r X th p = 0.
Hypothesis a_neq0 : forall k : 'I_m, th (out k ord0) <> 0.

Lemma critical_cross k j c : U k j c = 0.
Proof.
have := critical (hid k j); rewrite pl_grad_hid rsum1 ord1.
by case/Rmult_integral => // /a_neq0.
Qed.

(** T03(c.3): F = 0, that is H = G, whatever the residuals *)
Theorem critical_residual p q : residual_hessian sigma s1 zero r X th p q = 0.
Proof.
rewrite pl_residual; case: p q => [[[k j]|[k c]]|c] [[[l j']|[l c']]|c'] //;
  by rewrite critical_cross; case: eqP.
Qed.

Theorem critical_hessian p q : H p q = G p q.
Proof. by rewrite /hessian critical_residual Rplus_0_r. Qed.

(** T03(c.4): H ⪰ 0 *)
Theorem critical_psd : (forall i, psd (output_hessian sigma S X th i)) -> psd H.
Proof.
move=> h v; rewrite (quad_eqm v critical_hessian).
have g : psd G by apply: ggn_psd.
exact: g.
Qed.

(** z_ik of θ' has the sign of that of θ, or is 0: θ' is in the closure of the cell of θ *)
Definition in_cell (th' : par m d 1 -> R) : Prop :=
  forall i k, pre th (X i) k <> 0 /\ 0 <= pre th (X i) k * pre th' (X i) k \/ ap = am.

Lemma cell_slope th' i k : in_cell th' ->
  sigma (pre th' (X i) k) = s1 (pre th (X i) k) * pre th' (X i) k.
Proof.
move=> h; case: (h i k) => [[]|->]; last by rewrite pl_slope /pl1; do 2!case: Rlt_dec.
move: (pre th _ _) (pre th' _ _) => z z' z0 zz.
case: (Rlt_dec 0 z) => zs; first by rewrite pl_pos ?pl1_pos //; nra.
by rewrite pl_neg ?pl1_neg; nra.
Qed.

Lemma cell_pairing th' : in_cell th' ->
  mean (fun i => residual sigma r X th i ord0 * net sigma th' (X i) ord0) = 0.
Proof.
move=> cell; set res := fun i => residual sigma r X th i ord0.
have res0 : mean res = 0.
  rewrite -(critical (off ord0)); apply: mean_eq => i.
  by rewrite rsum1 /jacobian /= /res; ring.
transitivity (mean (fun i => (\rsum_(k : 'I_m) \rsum_(j : option 'I_d)
    th' (out k ord0) * th' (hid k j) * (s1 (pre th (X i) k) * ext (X i) j * res i))
    + th' (off ord0) * res i)).
  apply: mean_eq => i; rewrite /net Rmult_plus_distr_l; congr (_ + _); last by rewrite /res; ring.
  rewrite rsum_scal; apply: rsum_eq => k; rewrite (cell_slope i k cell).
  move: (s1 _) => s; rewrite /pre.
  by rewrite !rsum_scal; apply: rsum_eq => j /=; rewrite /res; ring.
rewrite mean_plus mean_scal res0 Rmult_0_r Rplus_0_r mean_rsum; apply: rsum0 => k.
rewrite mean_rsum; apply: rsum0 => j; rewrite mean_scal.
by rewrite [mean _](critical_cross k j ord0); ring.
Qed.

(** T03(d.2): (1/n) Σ_i r_i (f(x_i; θ') - f(x_i; θ)) = 0 in the cell *)
Theorem cell_first_order th' : off_kinks ap am X th -> in_cell th' ->
  mean (fun i => residual sigma r X th i ord0
    * (net sigma th' (X i) ord0 - net sigma th (X i) ord0)) = 0.
Proof.
move=> reg cell; have self : in_cell th by move=> i k; case: (reg i k) => h;
  [left; split; [| apply: Rle_0_sqr] | right].
transitivity (mean (fun i => residual sigma r X th i ord0 * net sigma th' (X i) ord0 +
    -1 * (residual sigma r X th i ord0 * net sigma th (X i) ord0))).
  by apply: mean_eq => i; ring.
by rewrite mean_plus mean_scal !cell_pairing //; ring.
Qed.

(** T03(d): L(θ) <= L(θ') for every θ' in the closure of the cell and every convex ℓ *)
Theorem cell_minimum th' :
  (forall i u v, ell i u + \rsum_c r i u c * (v c - u c) <= ell i v) ->
  off_kinks ap am X th -> in_cell th' -> loss sigma ell X th <= loss sigma ell X th'.
Proof.
move=> conv reg cell; rewrite -[X in X <= _]Rplus_0_r -(cell_first_order reg cell) -mean_plus.
apply: mean_le => i; apply: Rle_trans (conv i (output sigma X th i) _).
by rewrite rsum1; apply: Rle_refl.
Qed.
End OneOutput.

(** A twice differentiable ℓ with ∇²ℓ ⪰ 0 lies above its tangents. *)
Theorem psd_convex C (ell : ('I_C -> R) -> R) r S u v :
  twice_differentiable ell r S -> (forall w, output_psd (S w)) ->
  ell u + \rsum_c r u c * (v c - u c) <= ell v.
Proof.
move=> h p; pose g t c := u c + t * (v c - u c).
have dg t c : is_derive (g^~ c) t (v c - u c) by rewrite /g; auto_derive => //; ring.
pose phi t := ell (g t); pose phi1 t := \rsum_c r (g t) c * (v c - u c).
pose phi2 t := \rsum_c \rsum_e (v c - u c) * S (g t) c e * (v e - u e).
have d1 t : is_derive phi t (phi1 t) by apply: (proj1 (h _)).
have d2 t : is_derive phi1 t (phi2 t).
  apply: is_derive_eq.
    apply: is_derive_rsum => c; apply: is_derive_mulc.
    exact: (proj2 (h (g t)) c g _ t erefl (dg t)).
  apply: rsum_eq => c; rewrite rsum_scalr; apply: rsum_eq => e; ring.
have mvt (f df : R -> R) (t : R) : (forall s, is_derive f s (df s)) -> 0 <= t ->
    exists xi, 0 <= xi /\ f t - f 0 = df xi * t.
  move=> hf t0; have [||xi [hx e]] := MVT_gen f 0 t df.
  - by move=> s _; apply: hf.
  - by move=> s _; apply: derivable_continuous_pt; exists (df s); apply/is_derive_Reals.
  by exists xi; move: hx; rewrite Rmin_left // e; split; [lra | ring].
have [xi [xi0 e1]] := mvt _ _ 1 d1 Rle_0_1.
have [eta [eta0 e2]] := mvt _ _ _ d2 xi0.
have e0 : phi 0 = ell u by congr ell; apply: functional_extensionality => c; rewrite /g; ring.
have e4 : phi 1 = ell v by congr ell; apply: functional_extensionality => c; rewrite /g; ring.
have e3 : phi1 0 = \rsum_c r u c * (v c - u c).
  by rewrite /phi1 (_ : g 0 = u) //; apply: functional_extensionality => c; rewrite /g; ring.
have := p (g eta) (fun c => v c - u c); rewrite -/(phi2 eta) => p2.
by move: e1 e2; rewrite e0 e4 e3; nra.
Qed.

(** ** What fails without a_k <> 0, and with C = 2 *)
Lemma mean3 (g : 'I_3 -> R) :
  mean g = / 3 * (g ord0 + g (lift ord0 ord0) + g (lift ord0 (lift ord0 ord0))).
Proof. by rewrite /mean !big_ord_recl big_ord0 /= Rplus_0_r Rplus_assoc; congr (/ _ * _); ring. Qed.

Section CounterExamples.

(** inputs 1, 2, -1 *)
Definition three_inputs (i : 'I_3) (j : 'I_1) : R :=
  match val i with 0%N => 1 | 1%N => 2 | _ => -1 end.

(** one ReLU unit: w = 1, b = 0, the output weights a, and c = 0 *)
Definition one_unit C (a : 'I_C -> R) (p : par 1 1 C) : R :=
  match p with hid _ (Some _) => 1 | hid _ None => 0 | out _ c => a c | off _ => 0 end.

Local Notation X := three_inputs.
Local Notation sigma := (pl 1 0).
Local Notation s1 := (pl1 1 0).

Section OneUnit.
Variables (C : nat) (a : 'I_C -> R) (r : 'I_3 -> ('I_C -> R) -> 'I_C -> R).
Local Notation th := (one_unit a).

Lemma one_pre i (k : 'I_1) : pre th (X i) k = X i ord0.
Proof. by rewrite preE rsum1 /=; ring. Qed.

Lemma one_off_kinks : off_kinks 1 0 X th.
Proof. by move=> i k; left; rewrite one_pre /X; case: i => -[|[|[|]]] //= _; lra. Qed.

Lemma one_output i c : output sigma X th i c = a c * sigma (X i ord0).
Proof. by rewrite /output /net rsum1 /= one_pre; ring. Qed.

Lemma one_jv v i c : jv sigma s1 X th v i c =
  a c * s1 (X i ord0) * (X i ord0 * v (hid ord0 (Some ord0)) + v (hid ord0 None))
  + sigma (X i ord0) * v (out ord0 c) + v (off c).
Proof.
rewrite /jv rsum_par !rsum1 rsum_option rsum1 /jacobian /= !one_pre.
rewrite !(rsum_delta (k := c)) => [|e /negbTE->|e /negbTE->]; rewrite /= ?eqxx /=; ring.
Qed.

Lemma one_cross j c : residual_cross sigma s1 r X th ord0 j c =
  mean (fun i => s1 (X i ord0) * ext (X i) j * residual sigma r X th i c).
Proof. by apply: mean_eq => i; rewrite one_pre. Qed.
End OneUnit.

Lemma relu_1 : sigma 1 = 1. Proof. by rewrite pl_pos; lra. Qed.
Lemma relu_2 : sigma 2 = 2. Proof. by rewrite pl_pos; lra. Qed.
Lemma relu_m1 : sigma (-1) = 0. Proof. by rewrite pl_neg; lra. Qed.
Lemma relu1_1 : s1 1 = 1. Proof. by rewrite pl1_pos; lra. Qed.
Lemma relu1_2 : s1 2 = 1. Proof. by rewrite pl1_pos; lra. Qed.
Lemma relu1_m1 : s1 (-1) = 0. Proof. by rewrite pl1_neg; lra. Qed.
Definition relu_values := (relu_1, relu_2, relu_m1, relu1_1, relu1_2, relu1_m1).

(** a = 0 and y = (-2, 1, 1), so that r = (2, -1, -1) *)
Definition targets_a0 (i : 'I_3) (c : 'I_1) : R := match val i with 0%N => -2 | _ => 1 end.

Theorem zero_weight_counterexample :
  let th := one_unit (fun _ : 'I_1 => 0) in let r i := squared_r (targets_a0 i) in
  [/\ off_kinks 1 0 X th, forall p, loss_grad relu relu1 r X th p = 0
    & exists v, quad (hessian relu relu1 zero r (fun=> @squared_S 1) X th) v < 0].
Proof.
move=> th r; rewrite /relu /relu1.
have res i c : residual sigma r X th i c = - targets_a0 i c.
  by rewrite /residual /r /squared_r one_output; ring.
split; first exact: one_off_kinks.
  case=> [[[k j]|[k c]]|c].
  - by rewrite pl_grad_hid rsum1 /=; ring.
  - rewrite /loss_grad mean3 !rsum1 !res /jacobian /= !ord1 /= !one_pre /X /=.
    by rewrite !relu_values /targets_a0 /=; lra.
  - by rewrite /loss_grad mean3 !rsum1 !res /jacobian /= !ord1 /= /targets_a0 /=; lra.
exists (fun p => match p with hid _ (Some _) => 0 | hid _ None => -5
  | out _ _ => 1 | off _ => 0 end).
rewrite quad_addm pl_residual_quad quad_ggn.
under [X in X + _]mean_eq => i do rewrite squared_quad rsum1 one_jv.
rewrite !rsum1 rsum_option !rsum1 !one_cross !mean3 !res /X /targets_a0 /= !relu_values.
lra.
Qed.

(** a = (1, 0) and r_i = (0, ρ_i), ρ = (2, -1, -1) *)
Definition targets_two (i : 'I_3) (c : 'I_2) : R :=
  if c == ord0 then relu (X i ord0) else match val i with 0%N => -2 | _ => 1 end.

Theorem two_outputs_counterexample :
  let th := one_unit (fun c : 'I_2 => if c == ord0 then 1 else 0) in
  let r i := squared_r (targets_two i) in
  [/\ off_kinks 1 0 X th, forall p, loss_grad relu relu1 r X th p = 0
    & exists v, quad (hessian relu relu1 zero r (fun=> @squared_S 2) X th) v < 0].
Proof.
move=> th r; rewrite /relu /relu1.
have sum2 (f : 'I_2 -> R) : \rsum_c f c = f ord0 + f (lift ord0 ord0).
  by rewrite !big_ord_recl big_ord0 Rplus_0_r.
have res i c : residual sigma r X th i c =
    if c == ord0 then 0 else match val i with 0%N => 2 | _ => -1 end.
  rewrite /residual /r /squared_r one_output /targets_two /relu; case: (c == ord0); first ring.
  by case: (val i) => [|?]; ring.
split; first exact: one_off_kinks.
  case=> [[[k j]|[k c]]|c].
  - by rewrite pl_grad_hid sum2 /= [k]ord1 !one_cross !mean3 !res /=; lra.
  - rewrite /loss_grad mean3 !sum2 !res /jacobian /= !ord1 /= !one_pre /X /= !relu_values.
    by case: c => -[|[|]] //= ?; lra.
  - by rewrite /loss_grad mean3 !sum2 !res /jacobian /=; case: c => -[|[|]] //= ?; lra.
exists (fun p => match p with hid _ (Some _) => -15 | hid _ None => 30
  | out _ c => if c == ord0 then 0 else -15 | off c => if c == ord0 then -5 else 15 end).
rewrite quad_addm pl_residual_quad quad_ggn.
under [X in X + _]mean_eq => i do rewrite squared_quad sum2 !one_jv.
rewrite !rsum1 rsum_option !rsum1 !sum2 !one_cross !mean3 !res /X /= !relu_values.
lra.
Qed.
End CounterExamples.
