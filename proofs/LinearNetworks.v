(** Linear networks of two layers, f(x) = A W x, with the squared loss (T17): the ranks of
    G and F at every point, and bounds on the rank of H = G + F, which is the matrix of
    second partial derivatives of the loss. With Σ = (1/n) Σ_i x_i x_iᵀ,
    Ω = (1/n) Σ_i (f(x_i) - y_i) x_iᵀ, r = rank Σ, ρ_A = rank A, ρ_W = rank(WΣ^½),
    s = min(r, C) and q = min(r, m, C),

      rank G = ρ_A r + C ρ_W - ρ_A ρ_W ≤ q(r + C - q),
      rank F = 2 m rank Ω,   n_+(F) = n_-(F) = m rank Ω,
      rank H ≤ 2ms + q|r - C|,   rank H ≤ min(m(r + C), rank G + rank F). *)
From Coq Require Import Reals Lra Lia FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives SquareMatrices Rank BorderedRank.
From LandTheory Require Import Inertia OffDiagonal.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** The parameters: W_kj is [inl (k, j)] and A_ck is [inr (c, k)]. *)
Definition lin_par (m d C : nat) := ('I_m * 'I_d + 'I_C * 'I_m)%type.

(** ar + Cw - aw = Cr - (C - a)(r - w) grows with a ≤ min(m, C) and with w ≤ min(m, r). *)
Lemma generic_rank_le m C r a w (q := minn r (minn m C)) :
  (a <= m)%N -> (a <= C)%N -> (w <= m)%N -> (w <= r)%N ->
  (a * r + C * w - a * w <= q * (r + C - q))%N.
Proof.
have qr : (q <= r)%N by apply: geq_minl.
have qm : (q <= m)%N by apply: leq_trans (geq_minr _ _) (geq_minl _ _).
have qC : (q <= C)%N by apply: leq_trans (geq_minr _ _) (geq_minr _ _).
have : q = r \/ q = m \/ q = C by rewrite /q /minn; do 2!case: ifP; auto.
move: q qr qm qC => q /leP qr /leP qm /leP qC e /leP am /leP aC /leP wm /leP wr; apply/leP.
rewrite -!plusE -!multE -!minusE.
by case: e => [e|[e|e]]; nia.
Qed.

(** ax + (m - a)y = my + a(x - y) *)
Lemma interpolate a m x y : (a <= m)%N -> (y <= x)%N ->
  (a * x + (m - a) * y = m * y + a * (x - y))%N.
Proof. by move=> am yx; rewrite -{2}(subnKC am) mulnDl addnAC -mulnDr subnKC. Qed.

(** m(r + C) - (m - a)(r - o) and m(r + C) - (m - w)(C - o) at their largest *)
Lemma hessian_rank_arith m C r a w o hW hA (s := minn r C) (q := minn s m) :
  (hW <= a * r + (m - a) * o)%N -> (hA <= o * m + (C - o) * w)%N -> (hA <= m * C)%N ->
  (a <= C)%N -> (a <= m)%N -> (w <= m)%N -> (w <= r)%N -> (o <= r)%N -> (o <= C)%N ->
  (hW + hA <= 2 * m * s + q * (maxn r C - s))%N.
Proof.
rewrite /q /s -mulnA mul2n -addnn => le_W le_A le_mC aC am wm wr or oC.
case: (leqP r C) => rC; rewrite -addnA.
  apply: leq_add.
    apply: leq_trans le_W _; rewrite interpolate // -[X in (_ <= m * X)%N](subnKC or) mulnDr.
    by rewrite leq_add2l leq_mul2r am orbT.
  apply: leq_trans le_A _; rewrite interpolate //.
  apply: (@leq_trans (C * w + r * (m - w))); first by rewrite leq_add2l leq_mul2r or orbT.
  rewrite -interpolate // mulnC leq_add2l mulnC.
  by rewrite leq_mul2r leq_min wr wm orbT.
rewrite [X in (X <= _)%N]addnC; apply: leq_add => //.
apply: leq_trans le_W _.
apply: (@leq_trans (a * r + (m - a) * C)); first by rewrite leq_add2l leq_mul2l oC orbT.
rewrite interpolate //; last exact: ltnW.
by rewrite leq_add2l leq_mul2r leq_min aC am orbT.
Qed.

Section Network.
Variables m d C : nat.
Implicit Types (th : lin_par m d C -> R) (x : 'I_d -> R) (p q : lin_par m d C) (c : 'I_C).

Definition W_of th (k : 'I_m) (j : 'I_d) : R := th (inl (k, j)).
Definition A_of th (c : 'I_C) (k : 'I_m) : R := th (inr (c, k)).

(** hidden layer (Wx)_k, and output f_c(x) = (AWx)_c *)
Definition hidden th x k : R := \rsum_j W_of th k j * x j.
Definition lin_net th x c : R := \rsum_k A_of th c k * hidden th x k.

(** ∂f_c/∂W_kj = A_ck x_j and ∂f_c/∂A_c'k = δ_cc' (Wx)_k *)
Definition lin_jac th x c p : R :=
  match p with
  | inl (k, j) => A_of th c k * x j
  | inr (c', k) => dlt (c' == c) (hidden th x k)
  end.

(** ∂²f_c/∂W_kj∂A_c'l = δ_cc' δ_kl x_j; the others are 0 *)
Definition lin_hess x c p q : R :=
  match p, q with
  | inl (k, j), inr (c', l) => dlt ((k == l) && (c' == c)) (x j)
  | inr (c', l), inl (k, j) => dlt ((k == l) && (c' == c)) (x j)
  | _, _ => 0
  end.

Lemma hidden_gradient th x k :
  has_gradient (fun u => hidden u x k) th
    (fun p => if p is inl (l, j) then dlt (l == k) (x j) else 0).
Proof.
apply: has_gradient_eq.
  apply: has_gradient_rsum => j; apply: has_gradient_mul; last exact: has_gradient_cst.
  exact: has_gradient_coord.
case=> [[l j]|[c l]] /=; last by apply: rsum0 => j; ring.
rewrite (rsum_delta (k := j)) => [|i].
  by rewrite eqE /= eqE /= eqxx andbT; case: (l == k) => /=; ring.
by rewrite eq_sym => /negbTE ij; rewrite eqE /= eqE /= ij andbF /=; ring.
Qed.
Arguments hidden_gradient : clear implicits.

Theorem lin_net_gradient th x c :
  has_gradient (fun u => lin_net u x c) th (lin_jac th x c).
Proof.
apply: has_gradient_eq.
  apply: has_gradient_rsum => k; apply: has_gradient_mul; last exact: hidden_gradient.
  exact: has_gradient_coord.
case=> [[l j]|[c' l]] /=; rewrite (rsum_delta (k := l)).
- by rewrite eqxx /=; ring.
- by move=> k; rewrite eq_sym => /negbTE->; rewrite /=; ring.
- by rewrite eqE /= eqE /= eqxx andbT; case: (c' == c) => /=; ring.
- by move=> k; rewrite eq_sym => /negbTE lk; rewrite eqE /= eqE /= lk andbF /=; ring.
Qed.
Arguments lin_net_gradient : clear implicits.

Theorem lin_jac_gradient th x c p :
  has_gradient (fun u => lin_jac u x c p) th (lin_hess x c p).
Proof.
case: p => [[k j]|[c' l]] /=; apply: has_gradient_eq.
- by apply: has_gradient_mul; [apply: has_gradient_coord | apply: has_gradient_cst].
- case=> [[l r]|[c' l]] /=; first by ring.
  by rewrite eqE /= eqE /= andbC (eq_sym l); case: (_ && _) => /=; ring.
- exact: has_gradient_dlt (hidden_gradient th x l).
- case=> [[k r]|[e k]] /=; last by case: (c' == c).
  by rewrite andbC; case: (c' == c).
Qed.
Arguments lin_jac_gradient : clear implicits.

(** ∂f_c/∂θ_p *)
Theorem lin_net_partial th x c p : is_partial (fun u => lin_net u x c) th p (lin_jac th x c p).
Proof. exact/gradient_partial/lin_net_gradient. Qed.

(** ∂²f_c/∂θ_q∂θ_p *)
Theorem lin_net_partial2 th x c p q :
  is_partial2 (fun u => lin_net u x c) th p q (lin_hess x c p q).
Proof.
apply: (gradient_partial2 (g := fun u => lin_jac u x c) _ (lin_jac_gradient th x c p)).
by apply: filter_forall => s; apply: lin_net_gradient.
Qed.

(** ** The squared loss *)
Section Loss.
Variables (n : nat) (X : 'I_n -> 'I_d -> R) (Y : 'I_n -> 'I_C -> R).

(** L(θ) = (1/n) Σ_i ½ ‖f(x_i) - y_i‖² *)
Definition lin_loss th : R :=
  mean (fun i => / 2 * \rsum_c (lin_net th (X i) c - Y i c) ^ 2).
Definition lin_residual th i c : R := lin_net th (X i) c - Y i c.
Definition lin_grad th p : R :=
  mean (fun i => \rsum_c lin_residual th i c * lin_jac th (X i) c p).

(** G = (1/n) Σ_i J_iᵀ J_i and F = (1/n) Σ_i Σ_c r_ic ∇²f_c(x_i) *)
Definition lin_ggn th p q : R :=
  mean (fun i => \rsum_c lin_jac th (X i) c p * lin_jac th (X i) c q).
Definition lin_residual_hessian th p q : R :=
  mean (fun i => \rsum_c lin_residual th i c * lin_hess (X i) c p q).
Definition lin_hessian th p q : R := lin_ggn th p q + lin_residual_hessian th p q.

Lemma lin_residual_gradient th i c :
  has_gradient (fun u => lin_residual u i c) th (lin_jac th (X i) c).
Proof.
apply: has_gradient_eq.
  apply: (has_gradient_add (lin_net_gradient th (X i) c)).
  exact: (has_gradient_cst (- Y i c)).
by move=> p /=; ring.
Qed.
Arguments lin_residual_gradient : clear implicits.

Lemma lin_loss_gradient th : has_gradient lin_loss th (lin_grad th).
Proof.
apply: has_gradient_eq.
  apply: has_gradient_mean => i; apply: has_gradient_cmul; apply: has_gradient_rsum => c.
  apply: (has_gradient_chain1 (phi := fun t => t ^ 2)); last exact: lin_residual_gradient.
  by auto_derive; [|reflexivity].
move=> p; apply: mean_eq => i; rewrite rsum_scal; apply: rsum_eq => c.
by rewrite -/(lin_residual th i c); field.
Qed.
Arguments lin_loss_gradient : clear implicits.

Lemma lin_grad_gradient th p :
  has_gradient (fun u => lin_grad u p) th (lin_hessian th p).
Proof.
apply: has_gradient_eq.
  apply: has_gradient_mean => i; apply: has_gradient_rsum => c; apply: has_gradient_mul.
    exact: lin_residual_gradient.
  exact: lin_jac_gradient.
move=> q; rewrite /lin_hessian -mean_plus; apply: mean_eq => i.
by rewrite -rsum_plus; apply: rsum_eq => c; ring.
Qed.
Arguments lin_grad_gradient : clear implicits.

(** ∂²L/∂θ_q∂θ_p = G_pq + F_pq *)
Theorem lin_loss_partial2 th p q :
  is_partial2 lin_loss th p q (lin_ggn th p q + lin_residual_hessian th p q).
Proof.
apply: (gradient_partial2 (g := lin_grad) _ (lin_grad_gradient th p)).
by apply: filter_forall => s; apply: lin_loss_gradient.
Qed.

(** ** T17(b): the rank and the inertia of F *)
(** Ω = (1/n) Σ_i (f(x_i) - y_i) x_iᵀ *)
Definition Omega th c j : R := mean (fun i => lin_residual th i c * X i j).

(** F = (0 Ωᵀ ⊗ I; Ω ⊗ I 0) *)
Lemma residual_hessian_off th : lin_residual_hessian th =
  moff (fun (p : 'I_m * 'I_d) (q : 'I_C * 'I_m) => dlt (p.1 == q.2) (Omega th q.1 p.2)).
Proof.
have block k j c l : mean (fun i => \rsum_c'
    lin_residual th i c' * dlt ((k == l) && (c == c')) (X i j)) = dlt (k == l) (Omega th c j).
  rewrite /Omega; case: (k == l) => /=; last first.
    by rewrite /mean rsum0 ?Rmult_0_r // => i; apply: rsum0 => c'; ring.
  apply: mean_eq => i; rewrite (rsum_delta (k := c)) ?eqxx // => c'.
  by rewrite eq_sym => /negbTE->; rewrite /=; ring.
have zero : mean (fun i => \rsum_c lin_residual th i c * 0) = 0.
  by rewrite /mean rsum0 ?Rmult_0_r // => i; apply: rsum0 => c; ring.
by apply: mfunP => -[[k j]|[c l]] [[k' j']|[c' l']];
  rewrite /lin_residual_hessian /= ?zero ?block.
Qed.

Lemma rank_residual_block th :
  rank (fun (p : 'I_m * 'I_d) (q : 'I_C * 'I_m) => dlt (p.1 == q.2) (Omega th q.1 p.2)) =
  (m * rank (Omega th))%N.
Proof.
rewrite -[m in RHS]card_ord -(rank_tr (Omega th)) -rank_kron_l.
have swap_bij : bijective (fun q : 'I_C * 'I_m => (q.2, q.1)).
  by exists (fun t => (t.2, t.1)) => -[].
have id_bij : bijective (id : 'I_m * 'I_d -> _) by exists id.
by rewrite -(rank_reindex _ id_bij swap_bij).
Qed.

(** rank F = 2 m rank Ω *)
Theorem rank_residual_hessian th :
  rank (lin_residual_hessian th) = (2 * m * rank (Omega th))%N.
Proof. by rewrite residual_hessian_off rank_moff rank_residual_block mulnA. Qed.

(** n_+(F) = n_-(F) = m rank Ω *)
Theorem inertia_residual_hessian th r :
  (pos_ge (lin_residual_hessian th) r <-> (r <= m * rank (Omega th))%N) /\
  (neg_ge (lin_residual_hessian th) r <-> (r <= m * rank (Omega th))%N).
Proof.
rewrite residual_hessian_off -rank_residual_block.
by split; [apply: pos_moff | apply: neg_moff].
Qed.

(** ** T17(a): the rank of G *)
(** Σ = (1/n) Σ_i x_i x_iᵀ *)
Definition Sigma (j l : 'I_d) : R := mean (fun i => X i j * X i l).

(** the Jacobian, with rows (c, i): (A ⊗ X | I ⊗ XWᵀ) *)
Definition lin_jacobian th (ci : 'I_C * 'I_n) p : R := lin_jac th (X ci.2) ci.1 p.

Lemma lin_jacobianE th : lin_jacobian th =
  mrow (mkron (A_of th) X) (mkron (@mone _) (mmul X (mtr (W_of th)))).
Proof.
apply: mfunP => -[c i] [[k j]|[c' k]] //=; rewrite /lin_jacobian /mkron /mone /= eq_sym.
have -> : hidden th (X i) k = mmul X (mtr (W_of th)) i k.
  by apply: rsum_eq => j; apply: Rmult_comm.
by case: (c == c') => /=; ring.
Qed.

Lemma rank_ggn_jacobian th : rank (lin_ggn th) = rank (lin_jacobian th).
Proof.
rewrite -(@rank_mean_gram n _ _ (lin_jacobian th)) => [|n0]; last first.
  by rewrite card_prod !card_ord n0 muln0.
apply: eq_rank => p q; rewrite /lin_ggn /mean; congr (_ * _).
by rewrite rsum_exchange rsum_pair.
Qed.

Lemma rank_Sigma : rank Sigma = rank X.
Proof. by rewrite -(@rank_mean_gram n _ _ X) => [|n0]; rewrite ?card_ord. Qed.

(** WΣWᵀ = (1/n) (XWᵀ)ᵀ(XWᵀ) *)
Lemma W_Sigma_Wt th : mmul (mmul (W_of th) Sigma) (mtr (W_of th)) =
  fun k l => / INR n * mmul (mtr (mmul X (mtr (W_of th)))) (mmul X (mtr (W_of th))) k l.
Proof.
have -> : mmul (mtr (mmul X (mtr (W_of th)))) (mmul X (mtr (W_of th))) =
    mmul (mmul (W_of th) (mmul (mtr X) X)) (mtr (W_of th)) by rewrite mtr_mul !mmulA.
apply: mfunP => k l; rewrite {1 3}/mmul rsum_scal; apply: rsum_eq => j.
rewrite -Rmult_assoc; congr (_ * _); rewrite /mmul rsum_scal; apply: rsum_eq => i.
by rewrite -Rmult_assoc [_ * W_of th k i]Rmult_comm Rmult_assoc.
Qed.

Lemma rank_WX th : rank (mmul (W_of th) Sigma) = rank (mmul X (mtr (W_of th))).
Proof.
apply/eqP; rewrite eqn_leq; apply/andP; split.
  have -> : mmul (W_of th) Sigma =
      mmul (mtr (mmul X (mtr (W_of th)))) (fun i j => / INR n * X i j).
    rewrite mtr_mul -mmulA; congr (mmul _ _); apply: mfunP => j l.
    by rewrite /Sigma /mean rsum_scal; apply: rsum_eq => i; rewrite /mtr; ring.
  by apply: leq_trans (rank_mul_le_l _ _) _; rewrite rank_tr.
rewrite -(@rank_mean_gram n _ _ (mmul X _)) => [|n0]; last by rewrite card_ord.
by rewrite -W_Sigma_Wt rank_mul_le_l.
Qed.

(** ρ_W = rank(WΣ^½) is rank(WΣ), whatever the root S of Σ = S Sᵀ *)
Theorem rank_W_root (T : finType) (S : 'I_d -> T -> R) th :
  (forall j l, \rsum_t S j t * S l t = Sigma j l) ->
  rank (mmul (W_of th) S) = rank (mmul (W_of th) Sigma).
Proof.
move=> /mfunP root; have {}root : mmul S (mtr S) = Sigma by [].
apply/eqP; rewrite eqn_leq; apply/andP; split.
  by rewrite -(rank_gram_tr (mmul _ S)) mtr_mul mmulA -(mmulA (W_of th)) root rank_mul_le_l.
by rewrite -root mmulA rank_mul_le_l.
Qed.

(** rank G = ρ_A r + C ρ_W - ρ_A ρ_W, with ρ_W = rank(WΣ) *)
Theorem rank_ggn th (rA := rank (A_of th)) (rW := rank (mmul (W_of th) Sigma)) :
  rank (lin_ggn th) = (rA * rank Sigma + C * rW - rA * rW)%N.
Proof.
rewrite rank_ggn_jacobian lin_jacobianE rank_kron_row card_ord rank_Sigma /rW rank_WX.
rewrite mulnBl addnBA // leq_mul2r orbC.
by rewrite -[X in (_ <= X)%N]card_ord rank_le_rows.
Qed.

(** rank G = ρ_A r + C ρ_W - ρ_A ρ_W, with ρ_W = rank(WΣ^½) *)
Corollary rank_ggn_root th (T : finType) (S : 'I_d -> T -> R) :
  (forall j l, \rsum_t S j t * S l t = Sigma j l) ->
  rank (lin_ggn th) = (rank (A_of th) * rank Sigma + C * rank (mmul (W_of th) S)
    - rank (A_of th) * rank (mmul (W_of th) S))%N.
Proof. by move=> root; rewrite rank_ggn (rank_W_root th root). Qed.

(** rank G ≤ q(r + C - q), with q = min(r, m, C) *)
Theorem rank_ggn_le th (r := rank Sigma) (q := minn r (minn m C)) :
  (rank (lin_ggn th) <= q * (r + C - q))%N.
Proof.
have := rank_le_cols (A_of th); have := rank_le_rows (A_of th); rewrite !card_ord => aC am.
have := rank_le_rows (mmul (W_of th) Sigma); rewrite card_ord => wm.
rewrite rank_ggn; apply: generic_rank_le => //; exact: rank_mul_le_r.
Qed.

(** ** T17(c): upper bounds on the rank of H *)
(** X/n, so that Σ = Xᵀ(X/n) *)
Let Xn (i : 'I_n) (j : 'I_d) : R := / INR n * X i j.

Lemma SigmaE : Sigma = mmul (mtr X) Xn.
Proof.
apply: mfunP => j l; rewrite /Sigma /mean /mmul rsum_scal.
by apply: rsum_eq => i; rewrite /mtr /Xn; ring.
Qed.

(** G = (AᵀA ⊗ Σ  Aᵀ ⊗ ΣWᵀ; A ⊗ WΣ  I ⊗ WΣWᵀ) *)
Lemma ggn_blocks th (A := A_of th) (W := W_of th) : lin_ggn th =
  mblock (mkron (mmul (mtr A) A) Sigma) (mkron (mtr A) (mmul Sigma (mtr W)))
    (mkron A (mmul W Sigma)) (mkron (@mone _) (mmul W (mmul Sigma (mtr W)))).
Proof.
transitivity (mmul (mtr (lin_jacobian th))
    (mrow (mkron A Xn) (mkron (@mone _) (mmul Xn (mtr W))))).
  have -> : mrow (mkron A Xn) (mkron (@mone _) (mmul Xn (mtr W))) =
      (fun ci p => / INR n * lin_jacobian th ci p).
    have XnW i k : mmul Xn (mtr W) i k = / INR n * mmul X (mtr W) i k.
      by rewrite /mmul rsum_scal; apply: rsum_eq => j; rewrite /Xn; ring.
    rewrite lin_jacobianE; apply: mfunP => ci [p|q].
      by rewrite /mrow /mkron /Xn /A; ring.
    by rewrite /mrow /mkron XnW /W; ring.
  apply: mfunP => p q; rewrite /lin_ggn /mean rsum_exchange rsum_pair /mmul rsum_scal.
  by apply: rsum_eq => -[c i]; rewrite /mtr /lin_jacobian /=; ring.
have -> : mtr (lin_jacobian th) =
    mcol (mkron (mtr A) (mtr X)) (mkron (@mone _) (mmul W (mtr X))).
  rewrite lin_jacobianE; apply: mfunP => -[p|q] ci //.
  by rewrite /mtr /= /mkron mone_sym -[mmul X _ _ _]/(mtr (mmul X (mtr W)) _ _) mtr_mul.
by rewrite SigmaE mcol_mrow !mkron_mul !mone_mul !mmul1 !mmulA.
Qed.

(** Ωᵀ = XᵀB with B_ic = (1/n)(f_c(x_i) - y_ic) *)
Lemma Omega_range th :
  mtr (Omega th) = mmul (mtr X) (fun i c => / INR n * lin_residual th i c).
Proof.
apply: mfunP => j c; rewrite /mtr /Omega /mean /mmul rsum_scal.
by apply: rsum_eq => i; ring.
Qed.

Lemma rank_Omega_le th : (rank (Omega th) <= rank Sigma)%N.
Proof.
rewrite -(rank_tr (Omega th)) Omega_range rank_Sigma -(rank_tr X).
exact: rank_mul_le_l.
Qed.

(** the rows of H at W and at A *)
Definition hessian_W th (p : 'I_m * 'I_d) := lin_hessian th (inl p).
Definition hessian_A th (q : 'I_C * 'I_m) := lin_hessian th (inr q).

Lemma rank_hessian_le_rows th :
  (rank (lin_hessian th) <= rank (hessian_W th) + rank (hessian_A th))%N.
Proof.
have -> : lin_hessian th = mcol (hessian_W th) (hessian_A th) by apply: mfunP => -[p|q].
exact: rank_mcol_le.
Qed.

(** The rows at W span U_Aᵀ ⊗ U_Σ + Rᵐ ⊗ U_Ωᵀ. *)
Lemma rank_hessian_W th (rO := rank (Omega th)) : (rank (hessian_W th) <=
  rank (A_of th) * rank Sigma + (m - rank (A_of th)) * rO)%N.
Proof.
pose A := A_of th; pose W := W_of th.
have -> : hessian_W th = mmul
    (mrow (mkron (mtr A) (mtr X)) (mkron (@mone _) (mtr (Omega th))))
    (mblock (mkron A Xn) (mkron (@mone _) (mmul Xn (mtr W))) (@mzero _ _) (@mswap _ _)).
  rewrite mrow_mblock !mkron_mul mmul0r madd0r mmul1 mmulA -SigmaE.
  rewrite /hessian_W (_ : lin_hessian th = madd (lin_ggn th) (lin_residual_hessian th)) //.
  rewrite ggn_blocks residual_hessian_off; apply: mfunP => p [q|[c l]].
    by rewrite /madd /moff /= /mzero Rplus_0_r.
  by rewrite /madd /= mmul_swap /mkron /mone /mtr /A /W /=; case: (_ == _) => /=; ring.
apply: leq_trans (rank_mul_le_l _ _) _.
by rewrite Omega_range rank_kron_row card_ord -Omega_range rank_Sigma !(rank_tr (A_of th))
  (rank_tr X) (rank_tr (Omega th)).
Qed.

(** The rows at A span U_Ω ⊗ Rᵐ + Rᶜ ⊗ U_WΣ. *)
Lemma rank_hessian_A th (rO := rank (Omega th)) : (rank (hessian_A th) <=
  rO * m + (C - rO) * rank (mmul (W_of th) Sigma))%N.
Proof.
pose A := A_of th; pose W := W_of th.
have -> : hessian_A th = mmul
    (mrow (mkron (Omega th) (@mone _)) (mkron (@mone _) (mmul (@mone _) (mmul W (mtr X)))))
    (mblock (@mswap _ _) (@mzero _ _) (mkron A Xn) (mkron (@mone _) (mmul Xn (mtr W)))).
  rewrite mrow_mblock !mkron_mul mmul0r madd0l !mone_mul -!mmulA (mmulA (mtr X)) -SigmaE.
  rewrite /hessian_A (_ : lin_hessian th = madd (lin_ggn th) (lin_residual_hessian th)) //.
  rewrite ggn_blocks residual_hessian_off; apply: mfunP => p [[k j]|q].
    by rewrite /madd /= mmul_swap /mkron /mone /mtr /A /W /= eq_sym; case: (_ == _) => /=; ring.
  by rewrite /madd /moff /= /mzero Rplus_0_r.
apply: leq_trans (rank_mul_le_l _ _) _.
rewrite rank_kron_row rank_one !card_ord mone_mul rank_WX -(rank_tr (mmul X _)).
by rewrite (mtr_mul X).
Qed.

(** rank H ≤ 2ms + q|r - C|, with s = min(r, C) and q = min(r, m, C) *)
Theorem rank_hessian_generic_le th (r := rank Sigma) (s := minn r C) (q := minn r (minn m C)) :
  (rank (lin_hessian th) <= 2 * m * s + q * (maxn r C - s))%N.
Proof.
have -> : q = minn s m by rewrite /q [minn m C]minnC minnA.
have hW := rank_hessian_W th; have hA := rank_hessian_A th.
have sA : (rank (hessian_A th) <= m * C)%N.
  by have := rank_le_rows (hessian_A th); rewrite card_prod !card_ord mulnC.
have aC := rank_le_rows (A_of th); have am := rank_le_cols (A_of th).
have wm := rank_le_rows (mmul (W_of th) Sigma).
have wr := rank_mul_le_r (W_of th) Sigma.
have or := rank_Omega_le th; have oC := rank_le_rows (Omega th).
rewrite !card_ord in aC am wm oC.
apply: leq_trans (rank_hessian_le_rows th) _.
by apply: hessian_rank_arith hW hA sA aC am wm wr or oC.
Qed.

(** rank H ≤ m(r + C) *)
Theorem rank_hessian_le_size th : (rank (lin_hessian th) <= m * (rank Sigma + C))%N.
Proof.
have sA : (rank (hessian_A th) <= m * C)%N.
  by have := rank_le_rows (hessian_A th); rewrite card_prod !card_ord mulnC.
apply: leq_trans (rank_hessian_le_rows th) _; rewrite mulnDr leq_add //.
apply: leq_trans (rank_hessian_W th) _.
have am : (rank (A_of th) <= m)%N by have := rank_le_cols (A_of th); rewrite card_ord.
by rewrite -[X in (_ <= X * _)%N](subnKC am) mulnDl leq_add2l leq_mul2l rank_Omega_le orbT.
Qed.

(** rank H ≤ rank G + rank F *)
Theorem rank_hessian_le_sum th :
  (rank (lin_hessian th) <= rank (lin_ggn th) + rank (lin_residual_hessian th))%N.
Proof. exact: (rank_add (lin_ggn th) (lin_residual_hessian th)). Qed.

(** rank H ≤ min(m(r + C), rank G + rank F) *)
Corollary rank_hessian_le th : (rank (lin_hessian th) <=
  minn (m * (rank Sigma + C)) (rank (lin_ggn th) + rank (lin_residual_hessian th)))%N.
Proof. by rewrite leq_min rank_hessian_le_size rank_hessian_le_sum. Qed.
End Loss.
End Network.
