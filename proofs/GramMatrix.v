(** The spectrum of G through the weighted Gram matrix of the Jacobian (T04). With
    S_i = Σ_l R_il R_ilᵀ and K_S the matrix of the inner products of the rows R_ilᵀJ_i,

      λ_j(G) = λ_j(K_S)/n where positive,  tr G = tr K_S/n,  ‖G‖_F = ‖K_S‖_F/n,
      ‖G‖ = ‖K_S‖/n,  rank G = rank K_S,

    so that rank G is at most nC, for softmax n(C - 1), and at most tr G/t eigenvalues
    reach t > 0. *)
From Coq Require Import Reals Lra FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Activations Losses.
From LandTheory Require Import SquareMatrices PsdFactor Rank Eigensystems Inertia.
From LandTheory Require Import CrossEntropy ResidualPart.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ** BᵀB and BBᵀ *)
Section Gram.
Variables K P : finType.
Variable B : K -> P -> R.
Implicit Types (v : P -> R) (w : K -> R).

Definition gram_in (p q : P) : R := \rsum_k B k p * B k q.
Definition gram_out (k l : K) : R := \rsum_p B k p * B l p.

(** Bv and Bᵀw *)
Definition app v k : R := \rsum_p B k p * v p.
Definition tapp w p : R := \rsum_k B k p * w k.

Lemma gram_inE p q : gram_in p q = gram (fun=> 1) B p q.
Proof. by apply: rsum_eq => k; ring. Qed.

Lemma mulv_gram_in v p : mulv gram_in v p = tapp (app v) p.
Proof.
rewrite /mulv /gram_in; under eq_bigr => q _ do rewrite rsum_scalr.
rewrite rsum_exchange; apply: rsum_eq => k; rewrite /app rsum_scal.
by apply: rsum_eq => q; ring.
Qed.

Lemma mulv_gram_out w k : mulv gram_out w k = app (tapp w) k.
Proof.
rewrite /mulv /gram_out; under eq_bigr => l _ do rewrite rsum_scalr.
rewrite rsum_exchange; apply: rsum_eq => p; rewrite /tapp rsum_scal.
by apply: rsum_eq => l; ring.
Qed.

Lemma app_tapp v w : dot w (app v) = dot (tapp w) v.
Proof.
rewrite /dot /app /tapp; under eq_bigr => k _ do rewrite rsum_scal.
rewrite rsum_exchange; apply: rsum_eq => p; rewrite rsum_scalr.
by apply: rsum_eq => k; ring.
Qed.

Lemma quad_gram_in v : quad gram_in v = norm2 (app v).
Proof. by rewrite quad_dot (dot_eq (frefl _) (mulv_gram_in v)) dotC -app_tapp dotvv. Qed.

Lemma quad_gram_out w : quad gram_out w = norm2 (tapp w).
Proof. by rewrite quad_dot (dot_eq (frefl _) (mulv_gram_out w)) app_tapp dotvv. Qed.

(** ‖Bv‖⁴ <= ‖v‖² ‖BᵀBv‖² *)
Lemma app_cauchy_schwarz v : norm2 (app v) ^ 2 <= norm2 v * norm2 (tapp (app v)).
Proof. by rewrite -{1}dotvv app_tapp Rmult_comm; apply: dot_sqr_le. Qed.

Lemma tapp_cauchy_schwarz w : norm2 (tapp w) ^ 2 <= norm2 w * norm2 (app (tapp w)).
Proof. by rewrite -{1}dotvv -app_tapp; apply: dot_sqr_le. Qed.

Lemma trace_gram_in : trace gram_in = trace gram_out.
Proof. by rewrite /trace /gram_in /gram_out rsum_exchange. Qed.

Lemma frob2_gram_in : frob2 gram_in = frob2 gram_out.
Proof.
transitivity (frob2 (gram (fun=> 1) B)).
  by do 2!apply: rsum_eq => ?; rewrite gram_inE.
exact: frob2_gram.
Qed.

Lemma rank_gram_in : rank gram_in = rank gram_out.
Proof. by rewrite (rank_gram B) -(rank_gram_tr B). Qed.
End Gram.

(** ‖BᵀB‖ = ‖BBᵀ‖ *)
Lemma opnorm_gram_le (K P : finType) (B : K -> P -> R) c :
  opnorm_le (gram_in B) c <-> 0 <= c /\ forall v, norm2 (app B v) <= c * norm2 v.
Proof.
split=> [h|[c0 h]].
  split=> [|v]; first by case: h.
  have := opnorm_quad v h; rewrite quad_gram_in Rabs_pos_eq //; exact: norm2_ge0.
have ht w : norm2 (tapp B w) <= c * norm2 w.
  have cs := tapp_cauchy_schwarz B w; have hw := h (tapp B w).
  have := norm2_ge0 w; have := norm2_ge0 (tapp B w); move: cs hw.
  move: (norm2 (tapp B w)) (norm2 w) (norm2 (app B _)) => t u a cs hw t0 u0.
  case: (Req_dec t 0) => [->|t1]; first by apply: Rmult_le_pos.
  by apply: (Rmult_le_reg_l t); nra.
split=> // v; rewrite (norm2_eq (mulv_gram_in B v)); apply: Rle_trans (ht _) _.
by have := Rmult_le_compat_l _ _ _ c0 (h v); rewrite /=; lra.
Qed.

Lemma opnorm_gram_tapp (K P : finType) (B : K -> P -> R) c :
  opnorm_le (gram_out B) c <-> 0 <= c /\ forall w, norm2 (tapp B w) <= c * norm2 w.
Proof. exact: (opnorm_gram_le (fun p k => B k p)). Qed.

Theorem opnorm_gram (K P : finType) (B : K -> P -> R) c :
  opnorm_le (gram_in B) c <-> opnorm_le (gram_out B) c.
Proof.
suff half (I J : finType) (A : I -> J -> R) : opnorm_le (gram_in A) c -> opnorm_le (gram_out A) c.
  by split; [apply: half | apply: (half _ _ (fun p k => B k p))].
move=> /opnorm_gram_le[c0 h]; apply/opnorm_gram_tapp; split=> // w.
have cs := tapp_cauchy_schwarz A w; have hw := h (tapp A w).
have := norm2_ge0 w; have := norm2_ge0 (tapp A w); move: cs hw.
move: (norm2 (tapp A w)) (norm2 w) (norm2 (app A _)) => t u a cs hw t0 u0.
case: (Req_dec t 0) => [->|t1]; first by apply: Rmult_le_pos.
by apply: (Rmult_le_reg_l t); nra.
Qed.

(** Eigenvectors of BᵀB to λ <> 0 are mapped to those of BBᵀ, orthogonally. *)
Theorem gram_eigenvector (K P : finType) (B : K -> P -> R) lam v :
  (forall p, mulv (gram_in B) v p = lam * v p) ->
  (forall k, mulv (gram_out B) (app B v) k = lam * app B v k) /\
  forall u, dot (app B u) (app B v) = lam * dot u v.
Proof.
move=> h; have h' : tapp B (app B v) =1 (fun p => lam * v p) by move=> p; rewrite -h mulv_gram_in.
split=> [k|u].
  rewrite mulv_gram_out /app rsum_scal; apply: rsum_eq => p; rewrite -/(app B v) h'; ring.
by rewrite dotC app_tapp (dot_eq h' (frefl u)) dot_scall dotC.
Qed.

(** ** G *)
Section Network.
Variables n m d C : nat.
Variables sigma s1 s2 : R -> R.
Variables (r : 'I_n -> ('I_C -> R) -> 'I_C -> R) (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Local Notation J := (jacobian sigma s1 X th).
Local Notation G := (ggn sigma s1 S X th).

(** K = JJᵀ *)
Definition ntk (x y : 'I_n * 'I_C) : R := \rsum_p J x.1 x.2 p * J y.1 y.2 p.

(** tr G = (1/n) Σ_i Σ_cc' (S_i)_cc' K_(i,c),(i,c') *)
Theorem ggn_trace_gram : trace G = mean (fun i => \rsum_c \rsum_e
  output_hessian sigma S X th i c e * ntk (i, c) (i, e)).
Proof.
rewrite /trace /ggn -mean_rsum; apply: mean_eq => i; rewrite rsum_exchange.
apply: rsum_eq => c; rewrite rsum_exchange; apply: rsum_eq => e.
by rewrite /ntk rsum_scal; apply: rsum_eq => p /=; ring.
Qed.

Section Factor.
Variables (rho : nat) (Q : 'I_n -> 'I_rho -> 'I_C -> R).
Hypothesis SQ : forall i c e, output_hessian sigma S X th i c e = \rsum_l Q i l c * Q i l e.

(** K_S = QᵀKQ with S_i = Σ_l Q_il Q_ilᵀ *)
Definition weighted_ntk (x y : 'I_n * 'I_rho) : R :=
  \rsum_c \rsum_e Q x.1 x.2 c * ntk (x.1, c) (y.1, e) * Q y.1 y.2 e.

(** the rows QᵀJ *)
Definition rows (x : 'I_n * 'I_rho) (p : par m d C) : R := \rsum_c Q x.1 x.2 c * J x.1 c p.

Lemma gram_out_rows x y : gram_out rows x y = weighted_ntk x y.
Proof.
rewrite /gram_out /rows /weighted_ntk; under eq_bigr => p _ do rewrite rsum_prod.
rewrite rsum_exchange; apply: rsum_eq => c; rewrite rsum_exchange; apply: rsum_eq => e.
by rewrite /ntk rsum_scal rsum_scalr; apply: rsum_eq => p /=; ring.
Qed.

Lemma ggn_rows p q : G p q = / INR n * gram_in rows p q.
Proof.
rewrite /ggn /mean /gram_in; congr (_ * _).
transitivity (\rsum_i \rsum_l rows (i, l) p * rows (i, l) q); last first.
  by rewrite rsum_pair; apply: rsum_eq => -[].
apply: rsum_eq => i; rewrite /rows; under [RHS]eq_bigr => l _ do rewrite rsum_prod.
rewrite [RHS]rsum_exchange; apply: rsum_eq => c; rewrite [RHS]rsum_exchange.
apply: rsum_eq => e; rewrite SQ !rsum_scalr; apply: rsum_eq => l /=; ring.
Qed.

Lemma ggn_quad_rows v : quad G v = / INR n * norm2 (app rows v).
Proof. by rewrite (quad_eqm v ggn_rows) quad_scalm quad_gram_in. Qed.

Lemma weighted_quad w : quad weighted_ntk w = norm2 (tapp rows w).
Proof. by rewrite -quad_gram_out; apply: quad_eqm => x y; rewrite gram_out_rows. Qed.

(** T04(b.2): tr G = tr K_S / n *)
Theorem ggn_trace_ntk : trace G = / INR n * trace weighted_ntk.
Proof.
transitivity (/ INR n * trace (gram_in rows)).
  by rewrite /trace rsum_scal; apply: rsum_eq => p; rewrite ggn_rows.
by rewrite trace_gram_in; congr (_ * _); apply: rsum_eq => x; rewrite gram_out_rows.
Qed.

(** T04(b.3): ‖G‖_F² = ‖K_S‖_F² / n² *)
Theorem ggn_frobenius_ntk : frob2 G = (/ INR n) ^ 2 * frob2 weighted_ntk.
Proof.
transitivity ((/ INR n) ^ 2 * frob2 (gram_in rows)).
  rewrite /frob2 rsum_scal; apply: rsum_eq => p; rewrite rsum_scal.
  by apply: rsum_eq => q; rewrite ggn_rows; ring.
rewrite frob2_gram_in; congr (_ * _).
by do 2!apply: rsum_eq => ?; rewrite gram_out_rows.
Qed.

Hypothesis n0 : (0 < n)%N.

Lemma INR_n_pos : 0 < INR n.
Proof. by apply/lt_0_INR/ltP. Qed.

(** rank G = rank K_S *)
Theorem ggn_rank_ntk : rank G = rank weighted_ntk.
Proof.
rewrite (eq_rank ggn_rows) rank_scale; last first.
  by apply: Rgt_not_eq; apply: Rinv_0_lt_compat INR_n_pos.
by rewrite rank_gram_in; apply: eq_rank => x y; apply: gram_out_rows.
Qed.

(** T04(b.4): ‖G‖ = ‖K_S‖ / n *)
Theorem ggn_norm_ntk t : opnorm_le G (/ INR n * t) <-> opnorm_le weighted_ntk t.
Proof.
have nn := INR_n_pos; have i0 : 0 < / INR n by apply: Rinv_0_lt_compat.
have GG v : norm2 (mulv G v) = (/ INR n) ^ 2 * norm2 (mulv (gram_in rows) v).
  rewrite -norm2_scal; apply: norm2_eq => p; rewrite /mulv rsum_scal.
  by apply: rsum_eq => q; rewrite ggn_rows; ring.
have i2 : 0 < (/ INR n) ^ 2 by apply: pow2_gt_0; lra.
transitivity (opnorm_le (gram_in rows) t).
  split=> -[t0 h]; (split; last move=> v).
  - by apply: (Rmult_le_reg_l (/ INR n)); lra.
  - apply: (Rmult_le_reg_l ((/ INR n) ^ 2)) => //; rewrite -GG.
    by apply: Rle_trans (h v) _; apply: Req_le; ring.
  - by apply: Rmult_le_pos => //; lra.
  - rewrite GG; apply: Rle_trans (Rmult_le_compat_l _ _ _ (Rlt_le _ _ i2) (h v)) _.
    by apply: Req_le; ring.
rewrite opnorm_gram; split; apply: opnorm_eqm => x y; by rewrite gram_out_rows.
Qed.

(** T04(b.1): v with Gv = λv, λ <> 0, is mapped by QᵀJ to K_S w = nλ w, orthogonally. *)
Theorem ggn_eigenvector lam v : (forall p, mulv G v p = lam * v p) ->
  (forall x, mulv weighted_ntk (app rows v) x = INR n * lam * app rows v x) /\
  forall u, dot (app rows u) (app rows v) = INR n * lam * dot u v.
Proof.
move=> h; have {}h p : mulv (gram_in rows) v p = INR n * lam * v p.
  rewrite Rmult_assoc -h /mulv rsum_scal; apply: rsum_eq => q.
  by rewrite ggn_rows; field; apply/Rgt_not_eq/INR_n_pos.
have [h1 h2] := gram_eigenvector h.
by split=> // x; rewrite -h1; apply: rsum_eq => y; rewrite gram_out_rows.
Qed.

(** T04(c): rank G <= min(p, nρ) *)
Theorem ggn_rank_le : (rank G <= minn #|[finType of par m d C]| (n * rho))%N.
Proof.
rewrite leq_min rank_le_rows /= ggn_rank_ntk.
by have := rank_le_rows weighted_ntk; rewrite card_prod !card_ord.
Qed.
End Factor.

Hypothesis S_sym : forall i, sym (output_hessian sigma S X th i).
Hypothesis S_psd : forall i, psd (output_hessian sigma S X th i).

(** T04(e.1): λ_j(G) >= t gives j t <= tr G *)
Theorem ggn_eigenvalue_le j t : eig_ge G j t -> INR j * t <= trace G.
Proof. by apply: trace_ge_eig; [apply: ggn_sym | apply: ggn_psd]. Qed.
End Network.

(** ** The closed forms *)
Section Closed.
Variables n m d C : nat.
Variables sigma s1 : R -> R.
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Local Notation K := (ntk sigma s1 X th).
Local Notation z i k := (pre th (X i) k).

(** T04(d.1): the entries of K = JJᵀ *)
Theorem ntk_entry (i j : 'I_n) (c e : 'I_C) : K (i, c) (j, e) =
  (\rsum_(a : option 'I_d) ext (X i) a * ext (X j) a)
    * (\rsum_(k : 'I_m) th (out k c) * th (out k e) * s1 (z i k) * s1 (z j k))
  + dlt (c == e) ((\rsum_(k : 'I_m) sigma (z i k) * sigma (z j k)) + 1).
Proof.
rewrite /ntk rsum_par /jacobian /= Rplus_assoc; congr (_ + _).
  rewrite Rmult_comm rsum_scalr; apply: rsum_eq => k.
  by rewrite rsum_scal; apply: rsum_eq => a; ring.
rewrite (rsum_delta (k := c)) => [|c' /negbTE->]; last by rewrite /=; ring.
rewrite eqxx Rplus_comm; have swap : c == e = (c == e) by [].
transitivity (dlt (c == e) 1 + \rsum_(k : 'I_m) dlt (c == e) (sigma (z i k) * sigma (z j k))).
  congr (_ + _); first by case: (c == e) => /=; ring.
  apply: rsum_eq => k; rewrite (rsum_delta (k := c)) => [|c' /negbTE->]; last by rewrite /=; ring.
  by rewrite eqxx; case: (c == e) => /=; ring.
by case: (c == e) => /=; [ring | rewrite rsum0 //; ring].
Qed.

(** T04(d.2): squared loss,
    tr G = (1/n) Σ_i (1 + ‖x_i‖²) Σ_k ‖a_k‖² σ'(z_ik)² + C (1/n) Σ_i Σ_k σ(z_ik)² + C *)
Theorem squared_ggn_trace : (0 < n)%N -> trace (ggn sigma s1 (fun=> @squared_S C) X th) =
  mean (fun i => (1 + \rsum_j X i j ^ 2) *
    \rsum_(k : 'I_m) (\rsum_(c : 'I_C) th (out k c) ^ 2) * s1 (z i k) ^ 2)
  + INR C * mean (fun i => \rsum_(k : 'I_m) sigma (z i k) ^ 2) + INR C.
Proof.
move=> n0; rewrite ggn_trace_gram -[X in _ + X](mean_const (INR C) n0) -mean_scal -!mean_plus.
apply: mean_eq => i.
transitivity (\rsum_(c : 'I_C) K (i, c) (i, c)).
  apply: rsum_eq => c; rewrite (rsum_delta (k := c)) => [|e].
    by rewrite /output_hessian /squared_S eqxx /=; ring.
  by rewrite /output_hessian /squared_S => /negbTE->; rewrite /=; ring.
transitivity (\rsum_(c : 'I_C) ((\rsum_(a : option 'I_d) ext (X i) a * ext (X i) a)
    * (\rsum_(k : 'I_m) th (out k c) * th (out k c) * s1 (z i k) * s1 (z i k))
  + ((\rsum_(k : 'I_m) sigma (z i k) * sigma (z i k)) + 1))).
  by apply: rsum_eq => c; rewrite ntk_entry eqxx.
rewrite rsum_plus rsum_const card_ord Rmult_plus_distr_l Rmult_1_r -Rplus_assoc.
congr (_ + _ + _).
  rewrite -ext_norm2 -rsum_scal; congr (_ * _); first by apply: rsum_eq => a; ring.
  rewrite rsum_exchange; apply: rsum_eq => k; rewrite rsum_scalr.
  by apply: rsum_eq => c; ring.
by congr (_ * _); apply: rsum_eq => k; ring.
Qed.

(** T04(f): squared loss, λ_1(G) >= 1 *)
Theorem squared_ggn_top : (0 < n)%N -> (0 < C)%N ->
  lmax_ge (ggn sigma s1 (fun=> @squared_S C) X th) 1.
Proof.
move=> n0 C0; pose c := Ordinal C0; exists (unitv (off c)).
rewrite norm2_unitv quad_unitv; split; first lra.
rewrite Rmult_1_r -(mean_const 1 n0); apply: mean_le => i.
rewrite (rsum_delta (k := c)) => [|e]; last first.
  by rewrite /jacobian /= eq_sym => /negbTE->; apply: rsum0 => e'; rewrite /=; ring.
rewrite (rsum_delta (k := c)) => [|e]; last first.
  by rewrite /jacobian /= [c == e]eq_sym => /negbTE->; rewrite /=; ring.
by rewrite /output_hessian /squared_S /jacobian /= ?eqxx /=; lra.
Qed.
End Closed.

(** T04(a): squared loss at interpolation, F = 0, H = (1/n) JᵀJ and H ⪰ 0 *)
Section Interpolation.
Variables n m d C : nat.
Variables sigma s1 s2 : R -> R.
Variables (X : 'I_n -> 'I_d -> R) (Y : 'I_n -> 'I_C -> R) (th : par m d C -> R).
Let r i := squared_r (Y i).
Hypothesis interpolation : forall i c, output sigma X th i c = Y i c.

Theorem interpolation_residual p q : residual_hessian sigma s1 s2 r X th p q = 0.
Proof.
apply: mean_zero => i; apply: rsum0 => c.
by rewrite /residual /r /squared_r interpolation; ring.
Qed.

Theorem interpolation_gram p q :
  hessian sigma s1 s2 r (fun=> @squared_S C) X th p q =
  mean (fun i => \rsum_c jacobian sigma s1 X th i c p * jacobian sigma s1 X th i c q).
Proof.
rewrite /hessian interpolation_residual Rplus_0_r; apply: mean_eq => i; apply: rsum_eq => c.
rewrite (rsum_delta (k := c)) => [|e]; rewrite /output_hessian /squared_S.
  by rewrite eqxx /=; ring.
by move=> /negbTE->; rewrite /=; ring.
Qed.

Theorem interpolation_psd : psd (hessian sigma s1 s2 r (fun=> @squared_S C) X th).
Proof.
move=> v; rewrite (quad_eqm v (B := ggn sigma s1 (fun=> @squared_S C) X th)).
  have g : psd (ggn sigma s1 (fun=> @squared_S C) X th) by apply: ggn_psd => i; apply: squared_psd.
  exact: g.
by move=> p q; rewrite /hessian interpolation_residual Rplus_0_r.
Qed.
End Interpolation.

(** ** Rank bounds: squared and logistic loss nC, softmax n(C - 1) *)
Section RankBounds.
Variables n m d C : nat.
Variables sigma s1 : R -> R.
Variables (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Local Notation G := (ggn sigma s1 S X th).
Hypothesis n0 : (0 < n)%N.
Hypothesis S_sym : forall i, sym (output_hessian sigma S X th i).
Hypothesis S_psd : forall i, psd (output_hessian sigma S X th i).

Lemma choose_factor rho :
  (forall i, exists u : 'I_rho -> 'I_C -> R,
    forall c e, output_hessian sigma S X th i c e = \rsum_l u l c * u l e) ->
  exists Q : 'I_n -> 'I_rho -> 'I_C -> R,
    forall i c e, output_hessian sigma S X th i c e = \rsum_l Q i l c * Q i l e.
Proof.
move=> h; exact: (@fin_all_exists _ (fun=> 'I_rho -> 'I_C -> R) (fun i u =>
  forall c e, output_hessian sigma S X th i c e = \rsum_l u l c * u l e) h).
Qed.

(** T04(c.1): rank G <= min(p, nC) *)
Theorem ggn_rank_outputs : (rank G <= minn #|[finType of par m d C]| (n * C))%N.
Proof.
have [i|Q SQ] := @choose_factor C; first exact: psd_factor (S_sym i) (S_psd i).
exact: ggn_rank_le SQ n0.
Qed.

(** T04(c.2): S_i 1 = 0, as for softmax: rank G <= min(p, n(C - 1)) *)
Theorem ggn_rank_sum0 : (forall i c, \rsum_e output_hessian sigma S X th i c e = 0) ->
  (rank G <= minn #|[finType of par m d C]| (n * C.-1))%N.
Proof.
move=> h; have [i|Q SQ] := @choose_factor C.-1.
  exact: psd_factor_sum0 (S_sym i) (S_psd i) (h i).
exact: ggn_rank_le SQ n0.
Qed.
End RankBounds.

Lemma softmax_S_sum0 C (u : 'I_C -> R) c : \rsum_e softmax_S u c e = 0.
Proof.
rewrite /softmax_S -rsum_scal rsum_minus softmax_sum //.
rewrite (rsum_delta (k := c)) ?eqxx /=; first ring.
by move=> e /negbTE->.
Qed.

Theorem softmax_ggn_rank n m d C sigma s1 (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) :
  (0 < n)%N -> (rank (ggn sigma s1 (fun=> @softmax_S C) X th) <=
    minn #|[finType of par m d C]| (n * C.-1))%N.
Proof.
move=> n0; apply: ggn_rank_sum0 => [//|i c e|i v|i c].
- by rewrite /output_hessian /softmax_S [c == e]eq_sym; case: eqP => [->|_] /=; ring.
- case: C th v => [|C'] th' v; first by rewrite /quad big_ord0; lra.
  exact: (softmax_psd ord0).
- exact: softmax_S_sum0.
Qed.
