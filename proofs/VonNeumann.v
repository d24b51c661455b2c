(** T07(a): von Neumann's trace inequality. If A = Σ_j μ_j u_j u_jᵀ and B = Σ_l γ_l v_l v_lᵀ with
    orthonormal bases u and v of R^m and decreasing μ and γ, then

      Σ_j μ_j γ_(m+1-j) ≤ ⟨A, B⟩ ≤ Σ_j μ_j γ_j.

    Indeed ⟨A, B⟩ = Σ_jl μ_j γ_l P_jl with P_jl = (u_j·v_l)², whose rows and columns have the
    sum 1; and there are α_j, β_l with μ_j γ_l ≤ α_j + β_l and equality for j = l. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Losses SquareMatrices Eigensystems.
From LandTheory Require Import PsdFactor FirstLayerBlocks Complexity FirstLayer.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ** potentials of a product of decreasing sequences *)
Section Potential.
Variables mu gam : nat -> R.
Hypothesis mu_step : forall s, mu s.+1 <= mu s.
Hypothesis gam_step : forall s, gam s.+1 <= gam s.

(** α_j, with α_j - α_(j+1) = γ_j (μ_j - μ_(j+1)) *)
Fixpoint potential (j : nat) : R :=
  if j is s.+1 then potential s + gam s * (mu s.+1 - mu s) else 0.

Lemma mu_decreasing j k : mu (j + k)%N <= mu j.
Proof.
elim: k => [|k IH]; first by rewrite addn0; apply: Rle_refl.
by rewrite addnS; have := mu_step (j + k); lra.
Qed.

Lemma gam_decreasing j k : gam (j + k)%N <= gam j.
Proof.
elim: k => [|k IH]; first by rewrite addn0; apply: Rle_refl.
by rewrite addnS; have := gam_step (j + k); lra.
Qed.

Lemma potential_up l k : (mu (l + k)%N - mu l) * gam l <= potential (l + k) - potential l.
Proof.
elim: k => [|k IH]; first by rewrite addn0; apply: Req_le; ring.
rewrite addnS /=; have h1 := mu_step (l + k); have h2 := gam_decreasing l k.
have h3 : 0 <= (mu (l + k)%N - mu (l + k).+1) * (gam l - gam (l + k)%N).
  by apply: Rmult_le_pos; lra.
by lra.
Qed.

Lemma potential_down j k : (mu j - mu (j + k)%N) * gam (j + k)%N <= potential j - potential (j + k).
Proof.
elim: k => [|k IH]; first by rewrite addn0; apply: Req_le; ring.
rewrite addnS /=; have h1 := mu_step (j + k); have h2 := gam_step (j + k).
have h3 := mu_decreasing j k.
have h4 : 0 <= (mu j - mu (j + k).+1) * (gam (j + k)%N - gam (j + k).+1).
  by apply: Rmult_le_pos; lra.
by lra.
Qed.

(** (μ_j - μ_l) γ_l ≤ α_j - α_l *)
Lemma potential_le j l : (mu j - mu l) * gam l <= potential j - potential l.
Proof.
case: (leqP l j) => h; first by rewrite -(subnKC h); apply: potential_up.
by rewrite -(subnKC (ltnW h)); apply: potential_down.
Qed.
End Potential.

(** ** a doubly stochastic matrix against the diagonal *)
Section DoublyStochastic.
Variables (m : nat) (P : 'I_m -> 'I_m -> R).
Hypothesis P_ge0 : forall j l, 0 <= P j l.
Hypothesis P_row : forall j, \rsum_l P j l = 1.
Hypothesis P_col : forall l, \rsum_j P j l = 1.

Definition decreasing (f : 'I_m -> R) : Prop := forall j k : 'I_m, (j <= k)%N -> f k <= f j.

Lemma coupling_potential (mu gam al : 'I_m -> R) :
  (forall j l, (mu j - mu l) * gam l <= al j - al l) ->
  \rsum_j \rsum_l mu j * gam l * P j l <= \rsum_j mu j * gam j.
Proof.
move=> h; apply: Rle_trans (_ : \rsum_j \rsum_l (al j + (mu l * gam l - al l)) * P j l <= _).
  apply: rsum_le => j; apply: rsum_le => l; apply: Rmult_le_compat_r => //.
  by have := h j l; lra.
apply: Req_le.
transitivity ((\rsum_j al j) + ((\rsum_l mu l * gam l) - \rsum_l al l)); last by ring.
rewrite -rsum_minus; under eq_bigr => j _ do
  (under eq_bigr => l _ do rewrite Rmult_plus_distr_r; rewrite rsum_plus -rsum_scal P_row Rmult_1_r).
rewrite rsum_plus; congr (_ + _); rewrite rsum_exchange; apply: rsum_eq => l.
by rewrite -rsum_scal P_col Rmult_1_r.
Qed.

Lemma decreasing_potential mu gam : decreasing mu -> decreasing gam ->
  exists al : 'I_m -> R, forall j l, (mu j - mu l) * gam l <= al j - al l.
Proof.
move: mu gam P P_ge0 P_row P_col; rewrite /decreasing.
case: m => [|k] mu gam _ _ _ _ hm hg; first by exists mu => -[].
pose at_ (f : 'I_k.+1 -> R) s := f (inord (minn s k)).
have step f : (forall j l : 'I_k.+1, (j <= l)%N -> f l <= f j) -> forall s, at_ f s.+1 <= at_ f s.
  move=> hf s; apply: hf; rewrite !inordK ?ltnS ?geq_minr //.
  by rewrite leq_min geq_minr andbT (leq_trans (geq_minl _ _)).
have atE f (j : 'I_k.+1) : at_ f j = f j.
  by rewrite /at_ (minn_idPl _) ?inord_val // -ltnS ltn_ord.
exists (fun j => potential (at_ mu) (at_ gam) j) => j l.
by have := potential_le (step _ hm) (step _ hg) j l; rewrite !atE.
Qed.

(** Σ_jl μ_j γ_l P_jl ≤ Σ_j μ_j γ_j *)
Lemma coupling_le mu gam : decreasing mu -> decreasing gam ->
  \rsum_j \rsum_l mu j * gam l * P j l <= \rsum_j mu j * gam j.
Proof. by move=> hm hg; have [al h] := decreasing_potential hm hg; apply: coupling_potential h. Qed.
End DoublyStochastic.

(** Σ_j μ_j γ_(m+1-j) ≤ Σ_jl μ_j γ_l P_jl *)
Lemma coupling_ge m (P : 'I_m -> 'I_m -> R) mu gam :
  (forall j l, 0 <= P j l) -> (forall j, \rsum_l P j l = 1) -> (forall l, \rsum_j P j l = 1) ->
  decreasing mu -> decreasing gam ->
  \rsum_j mu j * gam (rev_ord j) <= \rsum_j \rsum_l mu j * gam l * P j l.
Proof.
move=> P0 Pr Pc hm hg.
have flip (F : 'I_m -> R) : \rsum_l F (rev_ord l) = \rsum_l F l.
  by rewrite [RHS](reindex_inj rev_ord_inj).
have := @coupling_le m (fun j l => P j (rev_ord l)) (fun j l => P0 _ _) _ _ mu
  (fun l => - gam (rev_ord l)) hm.
have d : decreasing (fun l => - gam (rev_ord l)).
  by move=> j k jk; apply: Ropp_le_contravar; apply: hg; rewrite /= leq_sub2l.
have r j : \rsum_l P j (rev_ord l) = 1 by rewrite flip.
move=> /(_ r (fun l => Pc _) d).
have -> : \rsum_j mu j * - gam (rev_ord j) = - \rsum_j mu j * gam (rev_ord j).
  by rewrite -rsum_opp; apply: rsum_eq => j; ring.
have -> : \rsum_j \rsum_l mu j * - gam (rev_ord l) * P j (rev_ord l)
    = - \rsum_j \rsum_l mu j * gam l * P j l; last by lra.
rewrite -rsum_opp; apply: rsum_eq => j; rewrite -rsum_opp -(flip (fun l => - _)).
by apply: rsum_eq => l; ring.
Qed.

(** ** m orthonormal vectors of R^m are a basis *)
Section Basis.
Variables (m : nat) (e : 'I_m -> 'I_m -> R).
Hypothesis o : orthonormal e.

Lemma basis_unit p : \rsum_l e l p ^ 2 = 1.
Proof.
have le q : \rsum_l e l q ^ 2 <= 1.
  rewrite -(norm2_unitv q); apply: Rle_trans (bessel _ o); apply: Req_le.
  by apply: rsum_eq => l; rewrite dotC dot_unitvl.
have gap0 : \rsum_q (1 - \rsum_l e l q ^ 2) = 0.
  rewrite rsum_minus rsum_const card_ord Rmult_1_r rsum_exchange.
  rewrite (rsum_eq (G := fun=> 1)) ?rsum_const ?card_ord; first by ring.
  by move=> l; rewrite -[LHS]/(norm2 (e l)) -dotvv o eqxx.
have pos q : 0 <= 1 - \rsum_l e l q ^ 2 by have := le q; lra.
by have := rsum_eq0 pos gap0 p; lra.
Qed.

Lemma basis_residue p : (fun q => unitv p q - project e (unitv p) q) =1 (fun=> 0).
Proof.
apply: norm2_eq0; set r := fun q => _.
have dr l : dot (e l) r = 0 by apply: dot_residue.
have : norm2 (unitv p) = norm2 r + norm2 (project e (unitv p)).
  rewrite (norm2_eq (v := fun q => r q + project e (unitv p) q)) => [|q]; last by rewrite /r; ring.
  rewrite norm2_add /project dot_sumr (rsum0 (F := fun l => _ * dot r _)) => [|l]; first by ring.
  by rewrite [dot r _]dotC dr; ring.
rewrite norm2_unitv orthonormal_norm2 // (rsum_eq (G := fun l => e l p ^ 2)) => [|l].
  by rewrite basis_unit; lra.
by rewrite dotC dot_unitvl.
Qed.

(** Parseval: Σ_l (e_l·v)² = ‖v‖² *)
Lemma parseval v : \rsum_l dot (e l) v ^ 2 = norm2 v.
Proof.
have gramE p q : \rsum_l e l p * e l q = unitv p q.
  have := basis_residue p q; rewrite /project => h.
  rewrite (_ : unitv p q = \rsum_l dot (e l) (unitv p) * e l q); last by lra.
  by apply: rsum_eq => l; rewrite [dot _ (unitv p)]dotC dot_unitvl.
rewrite -(quad_idm v) -[LHS](rsum_eq (fun l => Rmult_1_l _)) -quad_gram.
apply: quad_eqm => p q; rewrite (_ : idm p q = unitv p q); last by rewrite /idm /unitv eq_sym.
by rewrite -gramE; apply: rsum_eq => l; ring.
Qed.
End Basis.

(** ** the inequality *)
Section VonNeumann.
Variables (m : nat) (A B : 'I_m -> 'I_m -> R) (mu gam : 'I_m -> R) (u v : 'I_m -> 'I_m -> R).
Hypothesis A_eigen : eigensystem A mu u.
Hypothesis B_eigen : eigensystem B gam v.
Hypothesis mu_sorted : decreasing mu.
Hypothesis gam_sorted : decreasing gam.

Lemma inner_eigen : inner A B = \rsum_j \rsum_l mu j * gam l * dot (u j) (v l) ^ 2.
Proof.
have -> : inner A B = inner (gram gam v) (gram mu u).
  by rewrite innerC; do 2!apply: rsum_eq => ?; rewrite (eigen_entry A_eigen) (eigen_entry B_eigen).
rewrite inner_gram; apply: rsum_eq => j; rewrite quad_gram rsum_scal; apply: rsum_eq => l.
by rewrite dotC; ring.
Qed.

Let ou : orthonormal u. Proof. by case: A_eigen. Qed.
Let ov : orthonormal v. Proof. by case: B_eigen. Qed.

Let row j : \rsum_l dot (u j) (v l) ^ 2 = 1.
Proof.
rewrite (rsum_eq (G := fun l => dot (v l) (u j) ^ 2)) => [|l]; last by rewrite dotC.
by rewrite (parseval ov) -dotvv ou eqxx.
Qed.

Let col l : \rsum_j dot (u j) (v l) ^ 2 = 1.
Proof. by rewrite (parseval ou) -dotvv ov eqxx. Qed.

(** ⟨A, B⟩ ≤ Σ_j μ_j γ_j *)
Theorem von_neumann_upper : inner A B <= \rsum_j mu j * gam j.
Proof. by rewrite inner_eigen; apply: coupling_le => // j l; apply: pow2_ge_0. Qed.

(** Σ_j μ_j γ_(m+1-j) ≤ ⟨A, B⟩ *)
Theorem von_neumann_lower : \rsum_j mu j * gam (rev_ord j) <= inner A B.
Proof. by rewrite inner_eigen; apply: coupling_ge => // j l; apply: pow2_ge_0. Qed.
End VonNeumann.

(** ** complexity *)
Section TwoLayers.
Variables n m d C : nat.
Variables sigma s1 : R -> R.
Variable S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R.
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Variables (mu gam : 'I_m -> R) (u v : 'I_m -> 'I_m -> R).
Hypothesis d1 : forall i k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k)).
Hypothesis W_eigen : eigensystem (wwt (weights th)) mu u.
Hypothesis G_eigen : eigensystem (bias_block (ggn sigma s1 S X th)) gam v.
Hypothesis mu_sorted : decreasing mu.
Hypothesis gam_sorted : decreasing gam.
Local Notation Cx := (weighted_complexity (net sigma th) (output_hessian sigma S X th) X).

(** Cx_S ≤ Σ_j μ_j γ_j *)
Theorem complexity_spectral_upper : Cx <= \rsum_j mu j * gam j.
Proof. by rewrite (complexity_identity S d1); apply: von_neumann_upper W_eigen G_eigen _ _. Qed.

(** Σ_j μ_j γ_(m+1-j) ≤ Cx_S *)
Theorem complexity_spectral_lower : \rsum_j mu j * gam (rev_ord j) <= Cx.
Proof. by rewrite (complexity_identity S d1); apply: von_neumann_lower W_eigen G_eigen _ _. Qed.
End TwoLayers.

Section AnyDepth.
Variables n m d C : nat.
Variables (g : ('I_m -> R) -> 'I_C -> R) (S : 'I_n -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : layer m d -> R) (delta : 'I_n -> 'I_C -> 'I_m -> R).
Variables (mu gam : 'I_m -> R) (u v : 'I_m -> 'I_m -> R).
Hypothesis g_gradient : forall i c, has_gradient (g^~ c) (layer_pre th (X i)) (delta i c).
Hypothesis W_eigen : eigensystem (wwt (layer_weights th)) mu u.
Hypothesis G_eigen : eigensystem (deep_bias g S X th) gam v.
Hypothesis mu_sorted : decreasing mu.
Hypothesis gam_sorted : decreasing gam.

(** Cx_S ≤ Σ_j μ_j γ_j *)
Theorem deep_spectral_upper : weighted_complexity (deep g th) S X <= \rsum_j mu j * gam j.
Proof. by rewrite (deep_identity S g_gradient); apply: von_neumann_upper W_eigen G_eigen _ _. Qed.

(** Σ_j μ_j γ_(m+1-j) ≤ Cx_S *)
Theorem deep_spectral_lower :
  \rsum_j mu j * gam (rev_ord j) <= weighted_complexity (deep g th) S X.
Proof. by rewrite (deep_identity S g_gradient); apply: von_neumann_lower W_eigen G_eigen _ _. Qed.
End AnyDepth.
