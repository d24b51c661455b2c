(** T14: linear stability of gradient descent and of its stochastic form.

    On a quadratic with Hessian H gradient descent is θ_(t+1) = (I-ηH)θ_t; with batches it
    is θ_(t+1) = (I-ηH_S)θ_t, H_S the mean of H_i over a batch S of B distinct indices,
    drawn afresh at every step. E is the average over all sequences of t batches.

    The exact criterion rests on the operator M = E (I-ηH_S)⊗(I-ηH_S), which is symmetric
    on matrices; in place of the theorem of Perron-Frobenius type for the cone of positive
    semi-definite matrices stands the inequality λ^(2t) + λ^(2t+1) ≤ 2 for λ ≤ 1. *)
From Coq Require Import Reals Lra FunctionalExtensionality.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums SquareMatrices Averages.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** A bound for every k is a bound for all k at once. *)
Lemma uniform_bound (K : finType) (P : K -> R -> Prop) :
  (forall k a b, P k a -> a <= b -> P k b) ->
  (forall k, exists a, P k a) -> exists a, forall k, P k a.
Proof.
move=> mono h; suff [a ha] : exists a, forall k, k \in enum K -> P k a.
  by exists a => k; apply: ha; rewrite mem_enum.
elim: (enum K) => [|k r [a ha]]; first by exists 0.
have [b hb] := h k; exists (Rmax a b) => l.
rewrite in_cons => /orP[/eqP->|/ha hl].
  exact: mono hb (Rmax_r _ _).
exact: mono hl (Rmax_l _ _).
Qed.

Lemma rsum_on_pairs (I J : finType) (F : I * J -> R) :
  \rsum_p F p = \rsum_i \rsum_j F (i, j).
Proof. by rewrite rsum_pair; apply: rsum_eq => -[]. Qed.

(** ** Powers of a symmetric matrix *)
Section Powers.
Variables (J : finType) (M : J -> J -> R).
Hypothesis symM : sym M.
Implicit Types x y : J -> R.

Let pw t x : J -> R := iter t (mulv M) x.

Lemma iter_mulv_eq t x y : x =1 y -> iter t (mulv M) x =1 iter t (mulv M) y.
Proof. by move=> e; elim: t => //= t IH; apply: mulv_eq. Qed.

Lemma iter_mulv_rsum (K : finType) t (c : K -> R) (x : K -> J -> R) :
  iter t (mulv M) (fun j => \rsum_k c k * x k j) =1
  (fun j => \rsum_k c k * iter t (mulv M) (x k) j).
Proof.
elim: t => //= t IH j; rewrite (mulv_eq _ IH) /mulv.
under eq_bigr => i _ do rewrite rsum_scal.
rewrite rsum_exchange; apply: rsum_eq => k.
by rewrite rsum_scal; apply: rsum_eq => i; ring.
Qed.

Lemma dot_iter s t x : dot (pw s x) (pw t x) = dot x (pw (s + t) x).
Proof.
elim: s t => [|s IH] t //=; rewrite dot_mulv //.
by rewrite (IH t.+1) addnS.
Qed.

(** ‖M^(t+1)x‖⁴ ≤ ‖M^t x‖² ‖M^(t+2)x‖² *)
Lemma norm2_iter_log_convex t x :
  norm2 (pw t.+1 x) ^ 2 <= norm2 (pw t x) * norm2 (pw t.+2 x).
Proof.
have -> : norm2 (pw t.+1 x) = dot (pw t x) (pw t.+2 x).
  by rewrite -dotvv !dot_iter addSnnS.
exact: dot_sqr_le.
Qed.

(** ‖Mx‖² ≥ q‖x‖² forces ‖M^t x‖² ≥ q^t ‖x‖². *)
Lemma norm2_iter_ge q t x :
  0 <= q -> q * norm2 x <= norm2 (mulv M x) -> q ^ t * norm2 x <= norm2 (pw t x).
Proof.
move=> q0 h.
have step s : q * norm2 (pw s x) <= norm2 (pw s.+1 x).
  elim: s => // s IH; have := norm2_iter_log_convex s x.
  have := norm2_ge0 (pw s x); have := norm2_ge0 (pw s.+1 x); have := norm2_ge0 (pw s.+2 x).
  case: (Req_dec (norm2 (pw s x)) 0) => [e|].
    rewrite (_ : norm2 (pw s.+1 x) = 0) => *; first by lra.
    apply: rsum0 => i; rewrite (_ : pw s.+1 x i = 0) /= ?Rmult_0_l //.
    by apply: rsum0 => j; rewrite (norm2_eq0 e); ring.
  move: (norm2 (pw s x)) (norm2 (pw s.+1 x)) (norm2 (pw s.+2 x)) IH => a b c IH a1 c0 b0 a0 cs.
  by apply: (Rmult_le_reg_l a); [lra | nra].
elim: t => [|t IH]; first by rewrite /=; lra.
apply: Rle_trans (step t); rewrite /= Rmult_assoc; exact: Rmult_le_compat_l.
Qed.

(** |xᵀMx| ≥ r‖x‖² forces ‖M^t x‖² ≥ r^(2t)‖x‖². *)
Lemma norm2_iter_ge_quad r t x :
  0 <= r -> r * norm2 x <= Rabs (quad M x) -> r ^ (2 * t) * norm2 x <= norm2 (pw t x).
Proof.
move=> r0 h; rewrite pow_mult; apply: norm2_iter_ge; first exact: pow2_ge_0.
have := dot_sqr_le x (mulv M x); rewrite -quad_dot -pow2_abs.
have := norm2_ge0 x; have := norm2_ge0 (mulv M x); move: h.
move: (norm2 x) (norm2 (mulv M x)) (Rabs (quad M x)) => a b c h b0 a0 cs.
case: (Req_dec a 0) => [->|a1]; first by lra.
apply: (Rmult_le_reg_l a); first lra.
apply: Rle_trans cs; rewrite (_ : a * _ = (r * a) ^ 2); last by ring.
by apply: pow_incr; split=> //; apply: Rmult_le_pos.
Qed.

(** λ_1(M) ≤ c and xᵀM^(2t+1)x ≥ 0 for all t: ‖M^t x‖² ≤ 2c^(2t)‖x‖².
    The quantity c‖M^t x‖² + xᵀM^(2t+1)x falls at least by the factor c² at every step, as
    c²(c+λ) - λ²(c+λ) = (c-λ)(c+λ)². *)
Lemma norm2_iter_le c t x :
  0 < c -> lmax_le M c -> (forall s, 0 <= dot x (pw (2 * s).+1 x)) ->
  norm2 (pw t x) <= 2 * c ^ (2 * t) * norm2 x.
Proof.
move=> c0 l pos.
pose b s := c * norm2 (pw s x) + dot x (pw (2 * s).+1 x).
have oddE s : dot x (pw (2 * s).+1 x) = quad M (pw s x).
  by rewrite quad_dot (dot_iter s s.+1) addnS addnn mul2n.
have step s : b s.+1 <= c ^ 2 * b s.
  rewrite /b !oddE; set y := pw s x; rewrite -[pw s.+1 x]/(mulv M y).
  have := l (fun j => c * y j + mulv M y j).
  rewrite quad_add // norm2_add quad_scal norm2_scal dot_scall.
  rewrite -quad_dot bilin_dot dot_scall -dot_mulv // dotvv.
  move: (quad M y) (norm2 y) (norm2 _) (quad M _) => *; nra.
have bt : b t <= c ^ (2 * t) * b 0%N.
  elim: t => [|t IH]; first by rewrite /=; lra.
  apply: Rle_trans (step t) _; rewrite mulnS pow_add Rmult_assoc.
  by apply: Rmult_le_compat_l => //; apply: pow2_ge_0.
have b0 : b 0%N <= 2 * c * norm2 x.
  by rewrite /b oddE /=; have := l x; lra.
have p := pow_lt c (2 * t) c0.
have := Rmult_le_compat_l _ _ _ (Rlt_le _ _ p) b0; have := pos t; move: bt; rewrite /b.
by move=> *; apply: (Rmult_le_reg_l c) => //; lra.
Qed.
End Powers.

(** r > c leaves no room under a multiple of c^(2t). *)
Lemma geometric_gap r c n K :
  0 <= c -> c < r -> 0 < n -> (forall t, r ^ (2 * t) * n <= K * c ^ (2 * t)) -> False.
Proof.
move=> c0 cr n0 h; case: (Req_dec c 0) => [e|c1].
  have := h 1%N; rewrite e /= !Rmult_0_l Rmult_0_r Rmult_1_r.
  by have := Rmult_lt_0_compat _ _ (Rmult_lt_0_compat _ _ _ _) n0 => /(_ r r); lra.
have q1 : 1 < r / c by apply: (Rmult_lt_reg_r c); [lra | field_simplify; lra].
have q2 : 1 < Rabs ((r / c) ^ 2) by rewrite Rabs_pos_eq; [nra | apply: pow2_ge_0].
have [N /(_ N (le_n N))] := Pow_x_infinity _ q2 (K / n + 1).
rewrite -pow_mult Rabs_pos_eq => [/Rge_le|]; last by apply: pow_le; lra.
have := h N; have : 0 < c ^ (2 * N) by apply: pow_lt; lra.
have -> : r ^ (2 * N) = (r / c) ^ (2 * N) * c ^ (2 * N).
  by rewrite -Rpow_mult_distr; congr (_ ^ _); field.
move: (_ ^ _) (c ^ _) => q d d0 hd hq.
have {}hd : q * n <= K by apply: (Rmult_le_reg_r d) => //; lra.
have : K / n * n = K by field; lra.
by nra.
Qed.

(** ** Gradient descent *)
Section GradientDescent.
Variable I : finType.
Implicit Types (H : I -> I -> R) (v th : I -> R) (eta lam : R).

(** I - ηH *)
Definition stepm eta H : I -> I -> R := fun i j => idm i j - eta * H i j.

(** θ_t = (I-ηH)^t θ_0 *)
Definition gd eta H (t : nat) th : I -> R := iter t (mulv (stepm eta H)) th.

Lemma mulv_stepm eta H th : mulv (stepm eta H) th =1 (fun i => th i - eta * mulv H th i).
Proof.
move=> i; rewrite -[th i](mulv_idm th) /mulv rsum_scal -rsum_minus.
by apply: rsum_eq => j; rewrite /stepm; ring.
Qed.

Lemma gd_S eta H t th :
  gd eta H t.+1 th =1 (fun i => gd eta H t th i - eta * mulv H (gd eta H t th) i).
Proof. exact: mulv_stepm. Qed.

Lemma stepm_sym eta H : sym H -> sym (stepm eta H).
Proof. by move=> s i j; rewrite /stepm /idm s eq_sym. Qed.

Lemma quad_stepm eta H v : quad (stepm eta H) v = norm2 v - eta * quad H v.
Proof.
rewrite quad_dot (dot_eq (fun=> erefl) (mulv_stepm eta H v)) quad_dot -dotvv /dot.
by rewrite rsum_scal -rsum_minus; apply: rsum_eq => i; ring.
Qed.

Lemma norm2_stepm eta H v :
  norm2 (mulv (stepm eta H) v) = norm2 v - 2 * eta * quad H v + eta ^ 2 * norm2 (mulv H v).
Proof.
rewrite (norm2_eq (mulv_stepm eta H v)) quad_dot /norm2 /dot !rsum_scal.
by rewrite -rsum_minus -rsum_plus; apply: rsum_eq => i; ring.
Qed.

(** λ_1(H) ≤ 2/η: ‖θ_t‖ ≤ ‖θ_0‖ *)
Lemma gd_contracts eta H :
  0 < eta -> sym H -> psd H -> lmax_le H (2 / eta) ->
  forall t th, norm2 (gd eta H t th) <= norm2 th.
Proof.
move=> e0 s p l; elim=> [|t IH] th; first exact: Rle_refl.
apply: Rle_trans (IH th); rewrite [gd _ _ _ _]/(mulv _ (gd eta H t th)) norm2_stepm.
have := norm2_mulv_le (gd eta H t th) s p l; move: (quad _ _) (norm2 (mulv _ _)) => q a h.
suff : eta ^ 2 * a <= 2 * eta * q by lra.
rewrite (_ : 2 * eta * q = eta ^ 2 * (2 / eta * q)); last by field; lra.
by apply: Rmult_le_compat_l => //; apply: pow2_ge_0.
Qed.

(** vᵀHv ≥ λ‖v‖² and ηλ ≥ 1: ‖(I-ηH)^t v‖² ≥ (ηλ-1)^(2t) ‖v‖² *)
Lemma gd_grows eta H lam v t :
  0 < eta -> sym H -> 1 <= eta * lam -> lam * norm2 v <= quad H v ->
  (eta * lam - 1) ^ (2 * t) * norm2 v <= norm2 (gd eta H t v).
Proof.
move=> e0 s l1 hv; apply: norm2_iter_ge_quad; first exact: stepm_sym.
  by lra.
rewrite quad_stepm -Rabs_Ropp; apply: Rle_trans (Rle_abs _).
by have := Rmult_le_compat_l _ _ _ (Rlt_le _ _ e0) hv; lra.
Qed.

(** θ_t stays bounded from every θ_0 ⟺ λ_1(H) ≤ 2/η *)
Theorem gd_bounded_iff eta H :
  0 < eta -> sym H -> psd H ->
  (forall th, exists K, forall t, norm2 (gd eta H t th) <= K) <-> lmax_le H (2 / eta).
Proof.
move=> e0 s p; split=> [h v|l th]; last by exists (norm2 th) => t; apply: gd_contracts.
case: (Rle_lt_dec (quad H v) (2 / eta * norm2 v)) => // hv; exfalso.
have v0 : 0 < norm2 v.
  case: (Rle_lt_or_eq_dec _ _ (norm2_ge0 v)) => // e.
  have z : quad H v = 0.
    rewrite quad_dot; apply: rsum0 => i.
    by rewrite (norm2_eq0 (esym e)); ring.
  by move: hv; rewrite z -e; lra.
have [K hK] := h v; set lam := quad H v / norm2 v.
have lE : lam * norm2 v = quad H v by rewrite /lam; field; lra.
have l2 : 2 < eta * lam.
  apply: (Rmult_lt_reg_r (norm2 v)) => //; rewrite Rmult_assoc lE.
  have := Rmult_lt_compat_l _ _ _ e0 hv; rewrite -Rmult_assoc.
  by rewrite (_ : eta * (2 / eta) = 2) //; field; lra.
apply: (@geometric_gap (eta * lam - 1) 1 (norm2 v) K) => //; try lra.
move=> t; rewrite pow1 Rmult_1_r; apply: Rle_trans (hK t).
by apply: gd_grows => //; lra.
Qed.

Lemma mulv_unitv (A : I -> I -> R) j i : mulv A (unitv j) i = A i j.
Proof. exact: rsum_pick. Qed.

Lemma mpow_unitv (A : I -> I -> R) t i j : mpow A t i j = iter t (mulv A) (unitv j) i.
Proof.
elim: t i => [|t IH] i //; rewrite /mpow /= -/(mpow A t) /mulm.
by apply: rsum_eq => k; rewrite IH.
Qed.

(** tr M^(2t) = Σ_p ‖M^t e_p‖² *)
Lemma trace_mpow (A : I -> I -> R) t :
  sym A -> trace (mpow A (2 * t)) = \rsum_p norm2 (iter t (mulv A) (unitv p)).
Proof.
move=> s; apply: rsum_eq => p.
by rewrite mpow_unitv -dot_unitvl -dotvv dot_iter // addnn mul2n.
Qed.

(** λ_1(H) ≥ λ and ηλ ≥ 1: tr (I-ηH)^(2t) ≥ (ηλ-1)^(2t) *)
Theorem gd_trace_grows eta H lam t :
  0 < eta -> sym H -> 1 <= eta * lam -> lmax_ge H lam ->
  (eta * lam - 1) ^ (2 * t) <= trace (mpow (stepm eta H) (2 * t)).
Proof.
move=> e0 s l1 [v [v0 hv]]; rewrite trace_mpow; last exact: stepm_sym.
apply: (Rmult_le_reg_r (norm2 v)) => //.
apply: Rle_trans (gd_grows t e0 s l1 hv) _.
rewrite /gd -(norm2_eq (iter_mulv_eq _ _ (x := fun i => \rsum_k v k * unitv k i) _)); last first.
  by move=> i; rewrite -[RHS](rsum_pick v i); apply: rsum_eq => k; rewrite /unitv eq_sym.
rewrite (norm2_eq (iter_mulv_rsum _ _ _ _)) [X in _ <= X]Rmult_comm.
rewrite /norm2 rsum_exchange rsum_scal; apply: rsum_le => i.
exact: rcauchy_schwarz.
Qed.
End GradientDescent.

(** ** Products of random symmetric matrices *)
Section RandomProducts.
Variables (I T : finType) (A : T -> I -> I -> R).
Hypothesis symA : forall S, sym (A S).
Implicit Types (u v th ph : I -> R) (X Q : I * I -> R) (s : seq T).

(** A_S_t ⋯ A_S_1 θ *)
Definition walk s th : I -> R := foldl (fun x S => mulv (A S) x) th s.

(** E‖A_S_t ⋯ A_S_1 θ‖² *)
Definition second_moment (t : nat) th : R := avg (fun s : t.-tuple T => norm2 (walk s th)).

(** N⊗P and uvᵀ, on pairs of indices *)
Definition kron (N P : I -> I -> R) : I * I -> I * I -> R :=
  fun p q => N p.1 q.1 * P p.2 q.2.
Definition outer u v : I * I -> R := fun p => u p.1 * v p.2.

(** M = E A_S⊗A_S *)
Definition moment_op : I * I -> I * I -> R := fun p q => avg (fun S => kron (A S) (A S) p q).

Lemma kron_outer N P u v : mulv (kron N P) (outer u v) =1 outer (mulv N u) (mulv P v).
Proof.
move=> p; rewrite /outer /mulv rsum_prod rsum_pair.
by apply: rsum_eq => q; rewrite /kron; ring.
Qed.

Lemma kron_sym N P : sym N -> sym P -> sym (kron N P).
Proof. by move=> s r p q; rewrite /kron s [P _ _]r. Qed.

Lemma moment_op_sym : sym moment_op.
Proof. by move=> p q; apply: avg_eq => S; apply: kron_sym. Qed.

Lemma mulv_moment_op X p : mulv moment_op X p = avg (fun S => mulv (kron (A S) (A S)) X p).
Proof. by rewrite /mulv avg_rsum; apply: rsum_eq => q; rewrite avg_scalr. Qed.

(** E (A_S_t ⋯ A_S_1 θ)(A_S_t ⋯ A_S_1 φ)ᵀ = M^t(θφᵀ) *)
Lemma walk_moment t th ph p :
  avg (fun s : t.-tuple T => outer (walk s th) (walk s ph) p) =
  iter t (mulv moment_op) (outer th ph) p.
Proof.
elim: t th ph => [|t IH] th ph; first by rewrite avg_tuple0.
rewrite avg_tupleS (avg_eq (g := fun S => iter t (mulv moment_op)
    (outer (mulv (A S) th) (mulv (A S) ph)) p)); last by move=> S; rewrite -IH.
rewrite /avg rsum_scal -iter_mulv_rsum iterSr; apply: iter_mulv_eq => q.
rewrite mulv_moment_op /avg rsum_scal; apply: rsum_eq => S.
by rewrite kron_outer.
Qed.

(** E‖θ_t‖² = tr M^t(θθᵀ) *)
Lemma second_moment_trace t th :
  second_moment t th = \rsum_i iter t (mulv moment_op) (outer th th) (i, i).
Proof.
rewrite /second_moment /norm2 avg_rsum; apply: rsum_eq => i.
by rewrite -walk_moment; apply: avg_eq => s; rewrite /outer /=; ring.
Qed.

Lemma second_moment_ge0 t th : 0 <= second_moment t th.
Proof. by apply: avg_ge0 => s; apply: norm2_ge0. Qed.

Lemma dot_outer u v w x : dot (outer u v) (outer w x) = dot u w * dot v x.
Proof. by rewrite /dot rsum_prod rsum_pair; apply: rsum_eq => p; rewrite /outer; ring. Qed.

Lemma quad_moment_outer u : quad moment_op (outer u u) = avg (fun S => quad (A S) u ^ 2).
Proof.
rewrite quad_dot /dot; under eq_bigr => p _ do rewrite mulv_moment_op -avg_scal.
rewrite -avg_rsum; apply: avg_eq => S.
have e := dot_eq (fun=> erefl) (kron_outer (A S) (A S) u u).
by rewrite -[LHS]/(dot _ _) e dot_outer quad_dot; ring.
Qed.

(** λ_1(M) ≤ c: E‖θ_t‖² ≤ K c^t *)
Lemma second_moment_le c th :
  0 < c -> lmax_le moment_op c ->
  exists K, forall t, second_moment t th <= K * c ^ t.
Proof.
move=> c0 l; set x := outer th th; set L := INR #|I| * (2 * norm2 x).
have L0 : 0 <= L.
  by apply: Rmult_le_pos; [apply: pos_INR | have := norm2_ge0 x; lra].
exists (1 + L) => t; set y := iter t (mulv moment_op) x.
have hy : norm2 y <= 2 * c ^ (2 * t) * norm2 x.
  apply: (norm2_iter_le moment_op_sym t c0 l) => s.
  rewrite (_ : dot _ _ = avg (fun r : (2 * s).+1.-tuple T => dot th (walk r th) ^ 2)).
    by apply: avg_ge0 => r; apply: pow2_ge_0.
  rewrite {1}/dot; under eq_bigr => p _ do rewrite -walk_moment -avg_scal.
  rewrite -avg_rsum; apply: avg_eq => r.
  by rewrite -[LHS]/(dot _ _) dot_outer; ring.
have cs := rcauchy_schwarz (fun=> 1) (fun i => y (i, i)).
have e : \rsum_i 1 * y (i, i) = second_moment t th.
  by rewrite second_moment_trace; apply: rsum_eq => i; rewrite Rmult_1_l.
have d : \rsum_i y (i, i) ^ 2 <= norm2 y.
  rewrite /norm2 rsum_on_pairs; apply: rsum_le => i.
  by apply: (rsum_term_le (F := fun j => y (i, j) ^ 2)) => j; apply: pow2_ge_0.
have {cs} : second_moment t th ^ 2 <= L * (c ^ t) ^ 2.
  rewrite -e; apply: Rle_trans cs _; rewrite pow1 rsum_const Rmult_1_r /L Rmult_assoc.
  apply: Rmult_le_compat_l; first exact: pos_INR.
  by apply: Rle_trans d _; apply: Rle_trans hy _; rewrite mulnC pow_mult; lra.
have := pow_lt c t c0; have := second_moment_ge0 t th.
move: (second_moment _ _) (c ^ t) => z w z0 w0 h.
case: (Rle_lt_dec z ((1 + L) * w)) => // lt.
have : ((1 + L) * w) ^ 2 < z ^ 2.
  by rewrite /= !Rmult_1_r; apply: Rmult_le_0_lt_compat => //; apply: Rmult_le_pos; lra.
have : 0 < w ^ 2 by apply: pow_lt.
by rewrite Rpow_mult_distr; nra.
Qed.

(** E‖θ_t‖² ≤ K c^t from every θ_0: |<Q, MQ>| ≤ c‖Q‖² for every Q *)
Lemma moment_op_le c :
  0 <= c -> (forall th, exists K, forall t, second_moment t th <= K * c ^ t) ->
  forall Q, Rabs (quad moment_op Q) <= c * norm2 Q.
Proof.
move=> c0 h Q.
have [K hK] : exists K, forall k t, second_moment t (unitv k) <= K * c ^ t.
  apply: uniform_bound => [k a b ha ab t|k]; last exact: h.
  by apply: Rle_trans (ha t) _; apply: Rmult_le_compat_r => //; apply: pow_le.
have entry t q p : Rabs (iter t (mulv moment_op) (outer (unitv q.1) (unitv q.2)) p) <= K * c ^ t.
  rewrite -walk_moment.
  apply: Rle_trans (_ : / 2 * (second_moment t (unitv q.1) + second_moment t (unitv q.2)) <= _).
    rewrite /second_moment -avg_plus -avg_scal /avg Rabs_mult (Rabs_pos_eq _ (inv_card_ge0 _)).
    apply: Rmult_le_compat_l; first exact: inv_card_ge0.
    apply: Rle_trans (rsum_abs _) _; apply: rsum_le => s.
    set y := walk s _; set z := walk s _.
    have := rsum_term_le p.1 (fun i => pow2_ge_0 (y i)).
    have := rsum_term_le p.2 (fun i => pow2_ge_0 (z i)).
    rewrite -/(norm2 y) -/(norm2 z) /outer Rabs_mult -(pow2_abs (y _)) -(pow2_abs (z _)).
    have := pow2_ge_0 (Rabs (y p.1) - Rabs (z p.2)).
    by move: (Rabs _) (Rabs _) (norm2 _) (norm2 _) => *; nra.
  by have := hK q.1 t; have := hK q.2 t; lra.
pose L := (\rsum_q Rabs (Q q)) * K.
have bound t : norm2 (iter t (mulv moment_op) Q) <= INR #|{: I * I}| * L ^ 2 * c ^ (2 * t).
  rewrite mulnC pow_mult Rmult_assoc -Rpow_mult_distr -rsum_const; apply: rsum_le => p.
  rewrite -(pow2_abs (iter _ _ _ _)); apply: pow_incr; split; first exact: Rabs_pos.
  rewrite -(iter_mulv_eq _ _
    (x := fun p => \rsum_q Q q * outer (unitv q.1) (unitv q.2) p)); last first.
    move=> r; rewrite -[RHS](rsum_pick Q r); apply: rsum_eq => q; congr (_ * _).
    rewrite /outer /unitv; case: q r => [i j] [k m] /=.
    rewrite xpair_eqE ![_ == k]eq_sym ![_ == m]eq_sym.
    by case: eqP => _; case: eqP => _ /=; ring.
  rewrite iter_mulv_rsum; apply: Rle_trans (rsum_abs _) _.
  rewrite /L Rmult_assoc rsum_scalr; apply: rsum_le => q; rewrite Rabs_mult.
  by apply: Rmult_le_compat_l; [apply: Rabs_pos | apply: entry].
case: (Rle_lt_dec (Rabs (quad moment_op Q)) (c * norm2 Q)) => // lt; exfalso.
have n0 : 0 < norm2 Q.
  case: (Rle_lt_or_eq_dec _ _ (norm2_ge0 Q)) => // e.
  have z : quad moment_op Q = 0.
    by rewrite quad_dot; apply: rsum0 => q; rewrite (norm2_eq0 (esym e)); ring.
  by move: lt; rewrite z -e Rabs_R0; lra.
set r := Rabs (quad moment_op Q) / norm2 Q.
have rE : r * norm2 Q = Rabs (quad moment_op Q) by rewrite /r; field; lra.
have cr : c < r by apply: (Rmult_lt_reg_r (norm2 Q)) => //; rewrite rE.
apply: (geometric_gap c0 cr n0) => t; apply: Rle_trans (bound t).
by apply: (norm2_iter_ge_quad moment_op_sym); [lra | rewrite rE; apply: Rle_refl].
Qed.

(** λ_1(M) ≤ c: the spectral radius of M is at most c, λ_1(M) is the largest in size. *)
Lemma moment_op_radius c :
  lmax_le moment_op c -> forall Q, Rabs (quad moment_op Q) <= c * norm2 Q.
Proof.
move=> l Q; case: (Rle_lt_dec 0 c) => [c0|c0]; last first.
  have noI (k : I) : False.
    have := l (outer (unitv k) (unitv k)); rewrite quad_moment_outer -dotvv dot_outer dotvv.
    rewrite norm2_unitv => h.
    have : 0 <= avg (fun S => quad (A S) (unitv k) ^ 2) by apply: avg_ge0 => S; apply: pow2_ge_0.
    by lra.
  have z (F : I * I -> R) : \rsum_p F p = 0 by apply: rsum0 => p; case: (noI p.1).
  by rewrite quad_dot /dot /norm2 !z Rabs_R0; lra.
apply: le_epsilon => e e0.
have n1 : 0 < norm2 Q + 1 by have := norm2_ge0 Q; lra.
have d0 : 0 < e / (norm2 Q + 1) by apply: Rdiv_lt_0_compat.
have := moment_op_le (c := c + e / (norm2 Q + 1)) _ _ Q.
have E : e / (norm2 Q + 1) * (norm2 Q + 1) = e by field; lra.
move=> /(_ _ _)/Rle_trans; apply; [lra | | nra].
move=> th; apply: second_moment_le; first by lra.
by move=> X; have := l X; have := norm2_ge0 X; nra.
Qed.

Lemma second_momentS t th :
  second_moment t.+1 th = avg (fun S => second_moment t (mulv (A S) th)).
Proof. by rewrite /second_moment avg_tupleS. Qed.

Lemma dot_kron N v X :
  sym N -> dot (outer v v) (mulv (kron N N) X) = dot (outer (mulv N v) (mulv N v)) X.
Proof.
by move=> s; rewrite -dot_mulv; [apply: dot_eq => //; apply: kron_outer | apply: kron_sym].
Qed.

(** M maps positive semi-definite matrices to such. *)
Lemma moment_op_pos X :
  (forall v, 0 <= dot (outer v v) X) ->
  forall v, 0 <= dot (outer v v) (mulv moment_op X).
Proof.
move=> h v; rewrite (_ : dot _ _ = avg (fun S => dot (outer v v) (mulv (kron (A S) (A S)) X))).
  by apply: avg_ge0 => S; rewrite dot_kron.
rewrite {1}/dot; under eq_bigr => p _ do rewrite mulv_moment_op -avg_scal.
by rewrite -avg_rsum.
Qed.

Lemma iter_moment_pos t th v :
  0 <= dot (outer v v) (iter t (mulv moment_op) (outer th th)).
Proof.
elim: t v => [|t IH] v; last exact: moment_op_pos.
by rewrite /= dot_outer; apply: Rle_0_sqr.
Qed.
End RandomProducts.

(** M = M' + Σ_k c_k N_k⊗N_k with c_k ≥ 0: the second moments of M dominate those of M'. *)
Lemma second_moment_mono (I T T' K : finType) (A : T -> I -> I -> R) (A' : T' -> I -> I -> R)
    (c : K -> R) (N : K -> I -> I -> R) :
  (forall S, sym (A S)) -> (forall S, sym (A' S)) -> (forall k, sym (N k)) ->
  (forall k, 0 <= c k) ->
  (forall p q, moment_op A p q = moment_op A' p q + \rsum_k c k * kron (N k) (N k) p q) ->
  forall t th, second_moment A' t th <= second_moment A t th.
Proof.
move=> sA sA' sN c0 e t th; rewrite !second_moment_trace; set x := outer th th.
have step X p : mulv (moment_op A) X p =
    mulv (moment_op A') X p + \rsum_k c k * mulv (kron (N k) (N k)) X p.
  rewrite /mulv; under eq_bigr => q _ do rewrite e Rmult_plus_distr_r rsum_scalr.
  rewrite rsum_plus rsum_exchange; congr (_ + _); apply: rsum_eq => k.
  by rewrite rsum_scal; apply: rsum_eq => q; ring.
have main s v : 0 <= dot (outer v v) (fun p =>
    iter s (mulv (moment_op A)) x p + -1 * iter s (mulv (moment_op A')) x p).
  elim: s v => [|s IH] v; first by apply: Req_le; rewrite /dot rsum0 // => p /=; ring.
  set X := iter s (mulv (moment_op A)) x in IH *.
  set Y := iter s (mulv (moment_op A')) x in IH *.
  rewrite (dot_eq (v' := fun p => mulv (moment_op A') (fun q => X q + -1 * Y q) p +
      \rsum_k c k * mulv (kron (N k) (N k)) X p) (fun=> erefl)); last first.
    by move=> p /=; rewrite -/X -/Y step mulv_add mulv_scal; ring.
  rewrite dotC dot_addl ![dot _ (outer v v)]dotC; apply: Rplus_le_le_0_compat.
    exact: (moment_op_pos sA' IH).
  rewrite /dot; under eq_bigr => p _ do rewrite rsum_scal.
  rewrite rsum_exchange; apply: rsum_ge0 => k.
  rewrite (_ : \rsum_p _ = c k * dot (outer v v) (mulv (kron (N k) (N k)) X)); last first.
    by rewrite /dot rsum_scal; apply: rsum_eq => p; ring.
  by apply: Rmult_le_pos => //; rewrite dot_kron //; apply: iter_moment_pos.
apply: rsum_le => i; have := main t (unitv i).
have d (X : I * I -> R) : dot (outer (unitv i) (unitv i)) X = X (i, i).
  rewrite -[X in dot X _](_ : unitv (i, i) = _) ?dot_unitvl //.
  by apply: functional_extensionality => -[a b]; rewrite /outer /unitv xpair_eqE;
    case: (a == i); case: (b == i); rewrite /=; ring.
by rewrite d; lra.
Qed.

(** ** Stochastic gradient descent *)
Section Batches.
Variables (I : finType) (n B : nat) (Hs : 'I_n -> I -> I -> R) (eta : R).
Implicit Types (th v : I -> R) (Q : I * I -> R).

(** H = (1/n)Σ_i H_i and H_S = (1/B)Σ_(i∈S) H_i *)
Definition mean_hess : I -> I -> R := fun i j => mean (fun k => Hs k i j).
Definition batch_hess (S : batch n B) : I -> I -> R := fun i j => bmean S (fun k => Hs k i j).

(** I - ηH_S *)
Definition sgd_op (S : batch n B) : I -> I -> R := stepm eta (batch_hess S).

(** E‖θ_t‖², over all sequences of t batches *)
Definition sgd_moment (t : nat) th : R := second_moment sgd_op t th.

(** C = ½(H⊗I + I⊗H) and D = (1-κ)H⊗H + κ(1/n)Σ_i H_i⊗H_i *)
Definition lyap_op : I * I -> I * I -> R := fun p q =>
  / 2 * (kron mean_hess (@idm I) p q + kron (@idm I) mean_hess p q).
Definition noise_op : I * I -> I * I -> R := fun p q =>
  (1 - kappa n B) * kron mean_hess mean_hess p q + kappa n B * mean (fun k => kron (Hs k) (Hs k) p q).

(** (I-ηH)² + η²κΣ with Σ = (1/n)Σ_i H_i² - H² *)
Definition wu_op : I -> I -> R := fun i j =>
  mulm (stepm eta mean_hess) (stepm eta mean_hess) i j +
  eta ^ 2 * kappa n B *
    (mean (fun k => mulm (Hs k) (Hs k) i j) - mulm mean_hess mean_hess i j).

Hypothesis symH : forall k, sym (Hs k).
Hypotheses (n_gt1 : (1 < n)%N) (B_gt0 : (0 < B)%N) (B_le : (B <= n)%N).

Lemma mean_hess_sym : sym mean_hess.
Proof. by move=> i j; apply: mean_eq => k; rewrite symH. Qed.

Lemma sgd_op_sym S : sym (sgd_op S).
Proof. by apply: stepm_sym => i j; apply: bmean_eq => k; rewrite symH. Qed.

Lemma sgd_opE S i j : sgd_op S i j = bmean S (fun k => stepm eta (Hs k) i j).
Proof.
symmetry; rewrite (bmean_eq _ (z := fun k => idm i j + - eta * Hs k i j)); last first.
  by move=> k; rewrite /stepm; ring.
by rewrite bmean_plus bmean_const // bmean_scal /sgd_op /stepm /batch_hess; ring.
Qed.

(** The mean of (I-ηH_S)⊗(I-ηH_S) over the batches *)
Lemma sgd_moment_op p q :
  moment_op sgd_op p q = kron (stepm eta mean_hess) (stepm eta mean_hess) p q +
    eta ^ 2 * kappa n B * (mean (fun k => kron (Hs k) (Hs k) p q) - kron mean_hess mean_hess p q).
Proof.
rewrite /moment_op /kron.
under avg_eq => S do rewrite !sgd_opE.
rewrite avg_bmean2 // /stepm.
have n0 := ltnW n_gt1.
have m1 a b : mean (fun k => idm a b - eta * Hs k a b) = idm a b - eta * mean_hess a b.
  rewrite (mean_eq (g := fun k => idm a b + - eta * Hs k a b)); last by move=> k; ring.
  by rewrite mean_plus mean_const // mean_scal /mean_hess; ring.
rewrite !m1 (mean_eq (g := fun k => idm p.1 q.1 * idm p.2 q.2 +
    (- (eta * idm p.1 q.1) * Hs k p.2 q.2 + (- (eta * idm p.2 q.2) * Hs k p.1 q.1 +
     eta ^ 2 * (Hs k p.1 q.1 * Hs k p.2 q.2))))); last by move=> k; ring.
rewrite !mean_plus mean_const // !mean_scal -!/(mean_hess _ _); ring.
Qed.

Lemma idm_pair (p q : I * I) : idm p q = idm p.1 q.1 * idm p.2 q.2.
Proof.
case: p q => [i j] [k l]; rewrite /idm xpair_eqE /=.
by case: (i == k); case: (j == l); rewrite /=; ring.
Qed.

(** M = I - 2ηC + η²D *)
Theorem sgd_moment_opE p q :
  moment_op sgd_op p q = idm p q - 2 * eta * lyap_op p q + eta ^ 2 * noise_op p q.
Proof. rewrite sgd_moment_op idm_pair /lyap_op /noise_op /kron /stepm; field. Qed.

Lemma quad_moment_op Q :
  quad (moment_op sgd_op) Q =
  norm2 Q - 2 * eta * quad lyap_op Q + eta ^ 2 * quad noise_op Q.
Proof.
rewrite -quad_idm [LHS](quad_eqm _ (B := fun p q =>
    idm p q + (- (2 * eta) * lyap_op p q + eta ^ 2 * noise_op p q))).
  rewrite (quad_addm (@idm _)) (quad_addm (fun p q => - (2 * eta) * lyap_op p q)).
  by rewrite (quad_scalm lyap_op) (quad_scalm noise_op); ring.
by move=> p q; rewrite sgd_moment_opE; ring.
Qed.

(** (AQA)_ij for symmetric A *)
Lemma mulm_sandwich (A Q : I -> I -> R) p :
  sym A -> mulm A (mulm Q A) p.1 p.2 = mulv (kron A A) (fun q => Q q.1 q.2) p.
Proof.
move=> s; rewrite /mulm /mulv -(rsum_pair (fun k l => A p.1 k * A p.2 l * Q k l)).
apply: rsum_eq => k; rewrite rsum_scal; apply: rsum_eq => l.
by rewrite [A l _]s; ring.
Qed.

(** E (I-ηH_S)Q(I-ηH_S) = (I-ηH)Q(I-ηH) + η²κ((1/n)Σ_i H_iQH_i - HQH) *)
Theorem sgd_second_moment_map (Q : I -> I -> R) i j :
  avg (fun S => mulm (sgd_op S) (mulm Q (sgd_op S)) i j) =
  mulm (stepm eta mean_hess) (mulm Q (stepm eta mean_hess)) i j +
  eta ^ 2 * kappa n B *
    (mean (fun k => mulm (Hs k) (mulm Q (Hs k)) i j) - mulm mean_hess (mulm Q mean_hess) i j).
Proof.
have sM := mean_hess_sym; set p := (i, j); set X := fun q : I * I => Q q.1 q.2.
rewrite (avg_eq (g := fun S => mulv (kron (sgd_op S) (sgd_op S)) X p)); last first.
  by move=> S; rewrite (mulm_sandwich Q p (sgd_op_sym S)).
rewrite (mulm_sandwich Q p (stepm_sym eta sM)) (mulm_sandwich Q p sM).
rewrite (mean_eq (g := fun k => mulv (kron (Hs k) (Hs k)) X p)); last first.
  by move=> k; rewrite (mulm_sandwich Q p (symH k)).
rewrite -mulv_moment_op /mulv mean_rsum -rsum_minus rsum_scal -rsum_plus.
apply: rsum_eq => q; rewrite sgd_moment_op mean_scalr -/(X q); ring.
Qed.

(** E‖(I-ηH_S)θ‖² = θᵀ((I-ηH)² + η²κΣ)θ *)
Theorem sgd_mean_square th :
  avg (fun S => norm2 (mulv (sgd_op S) th)) = quad wu_op th.
Proof.
have sq (A : I -> I -> R) : sym A -> quad (mulm A A) th = norm2 (mulv A th).
  by move=> s; rewrite quad_dot (dot_eq (fun=> erefl) (mulv_mulm A A th)) -dot_mulv // dotvv.
have qm (F : 'I_n -> I -> I -> R) : quad (fun i j => mean (fun k => F k i j)) th =
    mean (fun k => quad (F k) th).
  rewrite /quad mean_rsum; apply: rsum_eq => i; rewrite mean_rsum; apply: rsum_eq => j.
  by rewrite mean_scalr mean_scal.
have sM := mean_hess_sym.
rewrite /wu_op (quad_addm (mulm (stepm eta mean_hess) (stepm eta mean_hess))).
rewrite (quad_scalm (fun i j => mean (fun k => mulm (Hs k) (Hs k) i j) -
  mulm mean_hess mean_hess i j)) quad_subm.
rewrite qm (mean_eq (fun k => sq _ (symH k))) (sq _ sM) (sq _ (stepm_sym eta sM)).
rewrite /norm2 avg_rsum mean_rsum -rsum_minus rsum_scal -rsum_plus; apply: rsum_eq => i.
set x := outer th th; set p := (i, i).
have e (A : I -> I -> R) : mulv A th i ^ 2 = mulv (kron A A) x p.
  by rewrite kron_outer /outer /=; ring.
rewrite (avg_eq (fun S => e (sgd_op S))) (mean_eq (fun k => e (Hs k))) !e.
rewrite -mulv_moment_op /mulv mean_rsum -rsum_minus rsum_scal -rsum_plus.
apply: rsum_eq => q; rewrite sgd_moment_op mean_scalr; ring.
Qed.

Lemma wu_op_pos th : 0 <= quad wu_op th.
Proof. by rewrite -sgd_mean_square; apply: avg_ge0 => S; apply: norm2_ge0. Qed.

(** λ_1((I-ηH)² + η²κΣ) ≤ c: E‖θ_t‖² ≤ c^t ‖θ_0‖² *)
Lemma sgd_moment_wu c t th :
  0 <= c -> lmax_le wu_op c -> sgd_moment t th <= c ^ t * norm2 th.
Proof.
move=> c0 l; elim: t th => [|t IH] th.
  by rewrite /sgd_moment /second_moment avg_tuple0 /=; lra.
rewrite /sgd_moment second_momentS.
apply: Rle_trans (_ : avg (fun S => c ^ t * norm2 (mulv (sgd_op S) th)) <= _).
  by apply: avg_le => S; apply: IH.
rewrite avg_scal sgd_mean_square -tech_pow_Rmult [c * _]Rmult_comm Rmult_assoc.
by apply: Rmult_le_compat_l => //; apply: pow_le.
Qed.

(** λ_1((I-ηH)² + η²κΣ) ≤ 1: E‖θ_t‖² ≤ ‖θ_0‖² *)
Theorem sgd_sufficient t th : lmax_le wu_op 1 -> sgd_moment t th <= norm2 th.
Proof. by move=> l; have := sgd_moment_wu t th Rle_0_1 l; rewrite pow1 Rmult_1_l. Qed.

(** λ_1(M) ≤ λ_1((I-ηH)² + η²κΣ) *)
Theorem sgd_wu_dominates c : lmax_le wu_op c -> lmax_le (moment_op sgd_op) c.
Proof.
move=> l Q; case: (Rle_lt_dec 0 c) => [c0|c0].
  apply: Rle_trans (Rle_abs _) _; apply: moment_op_le => //; first exact: sgd_op_sym.
  by move=> th; exists (norm2 th) => t; rewrite Rmult_comm; apply: sgd_moment_wu.
have noI (k : I) : False.
  by have := l (unitv k); have := wu_op_pos (unitv k); rewrite norm2_unitv; lra.
have z (F : I * I -> R) : \rsum_p F p = 0 by apply: rsum0 => p; case: (noI p.1).
by rewrite quad_dot /dot /norm2 !z; lra.
Qed.

(** λ_1(M) ≤ c: |<Q, MQ>| ≤ c‖Q‖² *)
Theorem sgd_radius c :
  lmax_le (moment_op sgd_op) c -> forall Q, Rabs (quad (moment_op sgd_op) Q) <= c * norm2 Q.
Proof. exact: (moment_op_radius sgd_op_sym). Qed.

(** E‖θ_t‖² stays bounded from every θ_0 ⟺ η<Q, DQ> ≤ 2<Q, CQ> for every Q *)
Theorem sgd_bounded_iff :
  0 < eta ->
  (forall th, exists K, forall t, sgd_moment t th <= K) <->
  (forall Q, eta * quad noise_op Q <= 2 * quad lyap_op Q).
Proof.
move=> e0; split=> [h Q|h th].
  have := moment_op_le sgd_op_sym Rle_0_1 _ Q => /(_ _)/(Rle_trans _ _ _ (Rle_abs _)).
  rewrite quad_moment_op => hQ; apply: (Rmult_le_reg_l eta) => //.
  suff : norm2 Q - 2 * eta * quad lyap_op Q + eta ^ 2 * quad noise_op Q <= 1 * norm2 Q by lra.
  apply: hQ => th; have [K hK] := h th; exists K => t.
  by rewrite pow1 Rmult_1_r; apply: hK.
have [|K hK] := second_moment_le sgd_op_sym th Rlt_0_1.
  move=> Q; rewrite quad_moment_op.
  by have := Rmult_le_compat_l _ _ _ (Rlt_le _ _ e0) (h Q); lra.
by exists K => t; have := hK t; rewrite pow1 Rmult_1_r.
Qed.
End Batches.

(** ** The threshold as a function of the batch size *)
Section Threshold.
Variables (I : finType) (n : nat) (Hs : 'I_n -> I -> I -> R).
Hypotheses (symH : forall k, sym (Hs k)) (psdH : forall k, psd (Hs k)) (n_gt1 : (1 < n)%N).
Implicit Types (u v : I -> R) (Q X : I * I -> R) (c lam mu eta : R) (B : nat).

Let symM : sym (mean_hess Hs). Proof. exact: mean_hess_sym. Qed.

Lemma mean_hess_quad v : quad (mean_hess Hs) v = mean (fun k => quad (Hs k) v).
Proof.
rewrite /quad mean_rsum; apply: rsum_eq => i; rewrite mean_rsum; apply: rsum_eq => j.
by rewrite mean_scalr mean_scal.
Qed.

Lemma mean_hess_psd : psd (mean_hess Hs).
Proof. by move=> v; rewrite mean_hess_quad; apply: mean_ge0 => k; apply: psdH. Qed.

(** A larger batch: no larger second moment, at any time from any start *)
Theorem sgd_moment_decr eta B B' t th :
  (0 < B)%N -> (B <= B')%N -> (B' <= n)%N ->
  sgd_moment B' Hs eta t th <= sgd_moment B Hs eta t th.
Proof.
move=> B0 BB' B'n; have Bn := leq_trans BB' B'n; have B'0 := leq_trans B0 BB'.
apply: (second_moment_mono (c := fun=> eta ^ 2 * (kappa n B - kappa n B') * / INR n)
  (N := fun k i j => Hs k i j - (mean_hess Hs) i j)).
- by move=> S; apply: sgd_op_sym.
- by move=> S; apply: sgd_op_sym.
- by move=> k i j; rewrite symH symM.
- move=> k; apply: Rmult_le_pos; last exact: inv_INR_ge0.
  by apply: Rmult_le_pos; [apply: pow2_ge_0 | have := kappa_decr n_gt1 B0 BB'; lra].
move=> p q; rewrite !sgd_moment_op // -rsum_scal [X in _ = _ + X]Rmult_assoc -/(mean _).
have -> : mean (fun k => kron (fun i j => Hs k i j - (mean_hess Hs) i j) (fun i j => Hs k i j - (mean_hess Hs) i j) p q) =
    mean (fun k => kron (Hs k) (Hs k) p q) - kron (mean_hess Hs) (mean_hess Hs) p q; last by ring.
rewrite (mean_eq (g := fun k => kron (Hs k) (Hs k) p q + (- (mean_hess Hs) p.2 q.2 * Hs k p.1 q.1 +
    (- (mean_hess Hs) p.1 q.1 * Hs k p.2 q.2 + (mean_hess Hs) p.1 q.1 * (mean_hess Hs) p.2 q.2)))); last first.
  by move=> k; rewrite /kron; ring.
by rewrite 3!mean_plus mean_const ?(ltnW n_gt1) // !mean_scal -!/(mean_hess Hs _ _) /kron; ring.
Qed.

(** λ_1(C⁺D) does not grow with the batch: η*(B) ≤ η*(B') *)
Theorem threshold_incr B B' c :
  (0 < B)%N -> (B <= B')%N -> (B' <= n)%N -> 0 < c ->
  (forall Q, quad (noise_op B Hs) Q <= c * quad (lyap_op Hs) Q) -> forall Q, quad (noise_op B' Hs) Q <= c * quad (lyap_op Hs) Q.
Proof.
move=> B0 BB' B'n c0 h; have Bn := leq_trans BB' B'n; have B'0 := leq_trans B0 BB'.
have e0 : 0 < 2 / c by apply: Rdiv_lt_0_compat; lra.
have E q d : 2 / c * d <= 2 * q <-> d <= c * q.
  have -> : 2 * q = 2 / c * (c * q) by field; lra.
  by split=> [/Rmult_le_reg_l|] h'; [apply: h' | apply: Rmult_le_compat_l; lra].
have [_ bounded] := sgd_bounded_iff symH n_gt1 B0 Bn e0.
have [crit _] := sgd_bounded_iff symH n_gt1 B'0 B'n e0.
move=> Q; apply/E/crit => th.
have [|K hK] := bounded _ th; first by move=> X; apply/E.
by exists K => t; apply: Rle_trans (hK t); apply: sgd_moment_decr.
Qed.

Lemma quad_kron_outer N u : quad (kron N N) (outer u u) = quad N u ^ 2.
Proof.
by rewrite quad_dot (dot_eq (fun=> erefl) (kron_outer N N u u)) dot_outer -quad_dot; ring.
Qed.

Lemma quad_lyap_outer u : quad (lyap_op Hs) (outer u u) = norm2 u * quad (mean_hess Hs) u.
Proof.
rewrite /lyap_op (quad_scalm (fun p q => kron (mean_hess Hs) (@idm I) p q + kron (@idm I) (mean_hess Hs) p q)).
rewrite (quad_addm (kron (mean_hess Hs) (@idm I))) !quad_dot.
rewrite !(dot_eq (fun=> erefl) (kron_outer _ _ u u)) !dot_outer.
by rewrite (dot_eq (fun=> erefl) (mulv_idm u)) dotvv; field.
Qed.

Lemma quad_noise B Q :
  quad (noise_op B Hs) Q = (1 - kappa n B) * quad (kron (mean_hess Hs) (mean_hess Hs)) Q +
    kappa n B * mean (fun k => quad (kron (Hs k) (Hs k)) Q).
Proof.
rewrite /noise_op (quad_addm (fun p q => (1 - kappa n B) * kron (mean_hess Hs) (mean_hess Hs) p q)).
rewrite (quad_scalm (kron (mean_hess Hs) (mean_hess Hs))) (quad_scalm (fun p q => mean (fun k => kron (Hs k) (Hs k) p q))).
congr (_ + _ * _); rewrite /quad mean_rsum; apply: rsum_eq => p.
by rewrite mean_rsum; apply: rsum_eq => q; rewrite mean_scalr mean_scal.
Qed.

(** λ_1(H) ≤ λ_1(C⁺D) for every batch size *)
Theorem threshold_ge_gd B c :
  (0 < B)%N -> (B <= n)%N -> 0 <= c ->
  (forall Q, quad (noise_op B Hs) Q <= c * quad (lyap_op Hs) Q) -> lmax_le (mean_hess Hs) c.
Proof.
move=> B0 Bn c0 h v; have := h (outer v v).
rewrite quad_noise quad_lyap_outer quad_kron_outer.
rewrite (mean_eq (fun k => quad_kron_outer (Hs k) v)).
have := mean_sqr (fun k => quad (Hs k) v); rewrite -mean_hess_quad.
have := kappa_ge0 B0 Bn n_gt1; have := mean_hess_psd v; have := norm2_ge0 v.
move: (kappa n B) (mean _) (quad (mean_hess Hs) v) (norm2 v) => k m x r r0 x0 k0 mx hx.
have {mx} hx2 : x ^ 2 <= c * (r * x) by nra.
case: (Req_dec x 0) => [->|x1]; first exact: Rmult_le_pos.
by apply: (Rmult_le_reg_l x); [lra | nra].
Qed.

(** N⊗I and I⊗N act on the columns and on the rows of Q. *)
Lemma mulv_kronl N Q p : mulv (kron N (@idm I)) Q p = mulv N (fun i => Q (i, p.2)) p.1.
Proof.
rewrite /mulv rsum_on_pairs; apply: rsum_eq => i; rewrite (rsum_delta (k := p.2)).
  by rewrite /kron /idm eqxx /=; ring.
by move=> j /negbTE ne; rewrite /kron /idm eq_sym ne /=; ring.
Qed.

Lemma mulv_kronr N Q p : mulv (kron (@idm I) N) Q p = mulv N (fun j => Q (p.1, j)) p.2.
Proof.
rewrite /mulv rsum_on_pairs rsum_exchange; apply: rsum_eq => j.
rewrite (rsum_delta (k := p.1)); first by rewrite /kron /idm eqxx /=; ring.
by move=> i /negbTE ne; rewrite /kron /idm eq_sym ne /=; ring.
Qed.

Lemma mulv_kron N P Q :
  mulv (kron N P) Q =1 mulv (kron N (@idm I)) (mulv (kron (@idm I) P) Q).
Proof.
move=> p; rewrite mulv_kronl {2}/mulv; under eq_bigr => i _ do rewrite mulv_kronr.
rewrite /mulv rsum_on_pairs; apply: rsum_eq => i; rewrite rsum_scal.
by apply: rsum_eq => j; rewrite /kron /=; ring.
Qed.

Lemma quad_kronl N Q : quad (kron N (@idm I)) Q = \rsum_j quad N (fun i => Q (i, j)).
Proof.
rewrite quad_dot /dot rsum_on_pairs rsum_exchange; apply: rsum_eq => j.
by rewrite quad_dot; apply: rsum_eq => i; rewrite mulv_kronl.
Qed.

Lemma quad_kronr N Q : quad (kron (@idm I) N) Q = \rsum_i quad N (fun j => Q (i, j)).
Proof.
rewrite quad_dot /dot rsum_on_pairs; apply: rsum_eq => i.
by rewrite quad_dot; apply: rsum_eq => j; rewrite mulv_kronr.
Qed.

Lemma quad_lyap Q :
  quad (lyap_op Hs) Q = / 2 * ((\rsum_j quad (mean_hess Hs) (fun i => Q (i, j))) + \rsum_i quad (mean_hess Hs) (fun j => Q (i, j))).
Proof.
rewrite /lyap_op (quad_scalm (fun p q => kron (mean_hess Hs) (@idm I) p q + kron (@idm I) (mean_hess Hs) p q)).
by rewrite (quad_addm (kron (mean_hess Hs) (@idm I))) quad_kronl quad_kronr.
Qed.

Lemma norm2_cols Q : norm2 Q = \rsum_j norm2 (fun i => Q (i, j)).
Proof. by rewrite /norm2 rsum_on_pairs rsum_exchange. Qed.

Lemma norm2_rows Q : norm2 Q = \rsum_i norm2 (fun j => Q (i, j)).
Proof. by rewrite /norm2 rsum_on_pairs. Qed.

(** The whole sample as batch: λ_1(C⁺D) = λ_1(H) *)
Theorem threshold_full c :
  0 <= c -> (forall Q, quad (noise_op n Hs) Q <= c * quad (lyap_op Hs) Q) <-> lmax_le (mean_hess Hs) c.
Proof.
have n0 := ltnW n_gt1; move=> c0; split; first exact: threshold_ge_gd.
move=> l Q; rewrite quad_noise (_ : kappa n n = 0); last by rewrite /kappa /Rdiv; ring.
set L := kron (mean_hess Hs) (@idm I); set Rr := kron (@idm I) (mean_hess Hs).
have sI : sym (@idm I) by move=> i j; rewrite /idm eq_sym.
have sL : sym L by apply: kron_sym.
have sR : sym Rr by apply: kron_sym.
have pL : psd L by move=> X; rewrite quad_kronl; apply: rsum_ge0 => j; apply: mean_hess_psd.
have pR : psd Rr by move=> X; rewrite quad_kronr; apply: rsum_ge0 => j; apply: mean_hess_psd.
have lL : lmax_le L c.
  by move=> X; rewrite quad_kronl norm2_cols rsum_scal; apply: rsum_le => j; apply: l.
have lR : lmax_le Rr c.
  by move=> X; rewrite quad_kronr norm2_rows rsum_scal; apply: rsum_le => j; apply: l.
have -> : quad (kron (mean_hess Hs) (mean_hess Hs)) Q = dot (mulv L Q) (mulv Rr Q).
  by rewrite quad_dot (dot_eq (fun=> erefl) (mulv_kron (mean_hess Hs) (mean_hess Hs) Q)) dot_mulv.
have -> : quad (lyap_op Hs) Q = / 2 * (quad L Q + quad Rr Q).
  by rewrite quad_lyap quad_kronl quad_kronr.
have := norm2_mulv_le Q sL pL lL; have := norm2_mulv_le Q sR pR lR.
have := norm2_ge0 (fun p => mulv L Q p + -1 * mulv Rr Q p).
rewrite norm2_add norm2_scal (dotC (mulv L Q)) dot_scall (dotC (mulv Rr Q)).
by move: (dot _ _) (norm2 _) (norm2 _) => *; lra.
Qed.

(** On matrices HXH over range H, where vᵀHv ≥ λ‖v‖²: <Q, CQ> ≥ λ‖Q‖² *)
Lemma quad_lyap_range lam X :
  (forall w, lam * norm2 (mulv (mean_hess Hs) w) <= quad (mean_hess Hs) (mulv (mean_hess Hs) w)) ->
  lam * norm2 (mulv (kron (mean_hess Hs) (mean_hess Hs)) X) <= quad (lyap_op Hs) (mulv (kron (mean_hess Hs) (mean_hess Hs)) X).
Proof.
move=> l; set Q := mulv _ X.
have col j : lam * norm2 (fun i => Q (i, j)) <= quad (mean_hess Hs) (fun i => Q (i, j)).
  have e : (fun i => Q (i, j)) =1 mulv (mean_hess Hs) (fun i => mulv (kron (@idm I) (mean_hess Hs)) X (i, j)).
    by move=> i; rewrite /Q mulv_kron mulv_kronl.
  by rewrite (norm2_eq e) (quad_eq _ e); apply: l.
have row i : lam * norm2 (fun j => Q (i, j)) <= quad (mean_hess Hs) (fun j => Q (i, j)).
  have e : (fun j => Q (i, j)) =1 mulv (mean_hess Hs) (fun l => \rsum_k (mean_hess Hs) i k * X (k, l)).
    move=> j; rewrite /Q /mulv rsum_on_pairs rsum_exchange; apply: rsum_eq => k.
    by rewrite rsum_scal; apply: rsum_eq => m; rewrite /kron /=; ring.
  by rewrite (norm2_eq e) (quad_eq _ e); apply: l.
have := rsum_le col; have := rsum_le row; rewrite -!rsum_scal -norm2_cols -norm2_rows quad_lyap.
by move=> *; lra.
Qed.

(** ημ ≤ 2, μ ≥ λ_1(C⁺D): λ_1(M) ≤ 1 - η(2-ημ)λ_r(H) on matrices over range H *)
Theorem moment_op_le_rate eta B mu lam X :
  (0 < B)%N -> (B <= n)%N -> 0 < eta -> eta * mu <= 2 ->
  (forall w, lam * norm2 (mulv (mean_hess Hs) w) <= quad (mean_hess Hs) (mulv (mean_hess Hs) w)) ->
  (forall Q, quad (noise_op B Hs) Q <= mu * quad (lyap_op Hs) Q) ->
  let Q := mulv (kron (mean_hess Hs) (mean_hess Hs)) X in
  quad (moment_op (sgd_op (B := B) Hs eta)) Q <= (1 - eta * (2 - eta * mu) * lam) * norm2 Q.
Proof.
move=> B0 Bn e0 em l h Q; rewrite quad_moment_op //.
have := h Q; have := quad_lyap_range X l; rewrite -/Q.
move: (quad (noise_op B Hs) Q) (quad (lyap_op Hs) Q) (norm2 Q) => d q r hq hd.
have := Rmult_le_compat_l (eta * (2 - eta * mu)) _ _ _ hq.
have := Rmult_le_compat_l (eta ^ 2) _ _ _ hd.
by move=> /(_ (pow2_ge_0 _)) h1 /(_ (Rmult_le_pos _ _ _ _)) h2; have := h2; lra.
Qed.

(** ημ ≥ 2, μ = λ_1(C⁺D) attained at Q over range H: <Q, MQ> ≥ (1 + η(ημ-2)λ_r(H))‖Q‖² *)
Theorem moment_op_ge_rate eta B mu lam X :
  (0 < B)%N -> (B <= n)%N -> 0 < eta -> 2 <= eta * mu ->
  (forall w, lam * norm2 (mulv (mean_hess Hs) w) <= quad (mean_hess Hs) (mulv (mean_hess Hs) w)) ->
  let Q := mulv (kron (mean_hess Hs) (mean_hess Hs)) X in
  mu * quad (lyap_op Hs) Q <= quad (noise_op B Hs) Q ->
  (1 + eta * (eta * mu - 2) * lam) * norm2 Q <= quad (moment_op (sgd_op (B := B) Hs eta)) Q.
Proof.
move=> B0 Bn e0 em l Q h; rewrite quad_moment_op //.
have := h; have := quad_lyap_range X l; rewrite -/Q.
move: (quad (noise_op B Hs) Q) (quad (lyap_op Hs) Q) (norm2 Q) => d q r hq hd.
have := Rmult_le_compat_l (eta * (eta * mu - 2)) _ _ _ hq.
have := Rmult_le_compat_l (eta ^ 2) _ _ _ hd.
by move=> /(_ (pow2_ge_0 _)) h1 h2; have := h2 (Rmult_le_pos _ _ _ _); lra.
Qed.
End Threshold.

(** ** One parameter *)
Section OneParameter.
Variables (n B : nat) (Hs : 'I_n -> 'I_1 -> 'I_1 -> R) (eta : R).
Hypotheses (n_gt1 : (1 < n)%N) (B_gt0 : (0 < B)%N) (B_le : (B <= n)%N).

Let symH k : sym (Hs k). Proof. by move=> i j; rewrite !ord1. Qed.

(** p = 1: λ_1(M) = λ_1((I-ηH)² + η²κΣ) *)
Theorem wu_exact_one c :
  lmax_le (moment_op (sgd_op (B := B) Hs eta)) c <-> lmax_le (wu_op B Hs eta) c.
Proof.
split=> [l v|]; last exact: sgd_wu_dominates.
case: (Rle_lt_or_eq_dec _ _ (norm2_ge0 v)) => [r0|e]; last first.
  by rewrite quad_dot /dot rsum0 -?e ?Rmult_0_r; [lra | move=> i; rewrite (norm2_eq0 (esym e)); ring].
apply: (Rmult_le_reg_l (norm2 v)) => //.
have := l (outer v v); rewrite quad_moment_outer.
rewrite -dotvv dot_outer dotvv -sgd_mean_square // -avg_scal.
rewrite (avg_eq (g := fun S => norm2 v * norm2 (mulv (sgd_op Hs eta S) v))); first lra.
by move=> S; rewrite quad_dot /dot /norm2 !big_ord_recl !big_ord0; ring.
Qed.
End OneParameter.

(** Mean-square stability for any batch size: λ_1(H) ≤ 2/η *)
Theorem sgd_bounded_gd (I : finType) n B (Hs : 'I_n -> I -> I -> R) eta :
  (forall k, sym (Hs k)) -> (forall k, psd (Hs k)) ->
  (1 < n)%N -> (0 < B)%N -> (B <= n)%N -> 0 < eta ->
  (forall th, exists K, forall t, sgd_moment B Hs eta t th <= K) ->
  lmax_le (mean_hess Hs) (2 / eta).
Proof.
move=> sH pH n1 B0 Bn e0 /(sgd_bounded_iff sH n1 B0 Bn e0) h.
apply: (threshold_ge_gd pH n1 B0 Bn) => [|Q].
  by apply/Rlt_le/Rdiv_lt_0_compat; lra.
apply: (Rmult_le_reg_l eta) => //; apply: Rle_trans (h Q) _.
by apply: Req_le; field; lra.
Qed.

(** ** Higher moments, one index at a time *)

(** |x|^k for real k > 0 *)
Definition abspow (x k : R) : R := if Req_EM_T x 0 then 0 else Rpower (Rabs x) k.

Lemma abspow0 k : abspow 0 k = 0.
Proof. by rewrite /abspow; case: (Req_EM_T _ 0). Qed.

Lemma abspow_neq0 x k : x <> 0 -> abspow x k = Rpower (Rabs x) k.
Proof. by rewrite /abspow; case: (Req_EM_T _ 0). Qed.

Lemma abspow_ge0 x k : 0 <= abspow x k.
Proof.
by rewrite /abspow; case: (Req_EM_T x 0) => ?; [apply: Rle_refl | apply/Rlt_le/exp_pos].
Qed.

Lemma abspow_gt0 x k : x <> 0 -> 0 < abspow x k.
Proof. by move=> x0; rewrite abspow_neq0 //; apply: exp_pos. Qed.

Lemma abspow_nat x (k : nat) : (0 < k)%N -> abspow x (INR k) = Rabs x ^ k.
Proof.
move=> k0; case: (Req_dec x 0) => [->|x0]; last first.
  by rewrite abspow_neq0 // Rpower_pow //; apply: Rabs_pos_lt.
by rewrite abspow0 Rabs_R0 pow_i //; apply/ltP.
Qed.

Lemma abspowM x y k : abspow (x * y) k = abspow x k * abspow y k.
Proof.
case: (Req_dec x 0) => [->|x0]; first by rewrite Rmult_0_l abspow0 Rmult_0_l.
case: (Req_dec y 0) => [->|y0]; first by rewrite Rmult_0_r abspow0 Rmult_0_r.
rewrite !abspow_neq0 //; last by apply: Rmult_integral_contrapositive.
by rewrite Rabs_mult Rpower_mult_distr //; apply: Rabs_pos_lt.
Qed.

Lemma abspow_le x y k : 0 < k -> Rabs x <= Rabs y -> abspow x k <= abspow y k.
Proof.
move=> k0 xy; case: (Req_dec x 0) => [->|x0]; first by rewrite abspow0; apply: abspow_ge0.
have px := Rabs_pos_lt _ x0; have y0 : y <> 0.
  by move=> y0; move: xy px; rewrite y0 Rabs_R0; lra.
by rewrite !abspow_neq0 //; apply: Rle_Rpower_l; lra.
Qed.

Section Moments.
Variables (I : finType) (n : nat) (g : 'I_n -> I -> R) (eta : R).
Implicit Types (th v : I -> R) (i : 'I_n).

(** H_i = g_i g_iᵀ *)
Definition rank1 : 'I_n -> I -> I -> R := fun k a b => g k a * g k b.

Let one : batch n 1 -> I -> I -> R := sgd_op rank1 eta.

Definition single i : batch n 1 := exist _ [set i] (introT eqP (cards1 i)).

Lemma rank1_sym k : sym (rank1 k).
Proof. by move=> a b; rewrite /rank1; ring. Qed.

Lemma mulv_rank1 i v j : mulv (rank1 i) v j = dot (g i) v * g i j.
Proof. by rewrite /mulv /dot rsum_scalr; apply: rsum_eq => k; rewrite /rank1; ring. Qed.

Lemma quad_rank1 i v : quad (rank1 i) v = dot (g i) v ^ 2.
Proof.
rewrite quad_dot (dot_eq (fun=> erefl) (mulv_rank1 i v)) dotC dot_scall; ring.
Qed.

Lemma rank1_psd i : psd (rank1 i).
Proof. by move=> v; rewrite quad_rank1; apply: pow2_ge_0. Qed.

Lemma single_op i : one (single i) =2 stepm eta (rank1 i).
Proof.
move=> a b; rewrite /one /sgd_op /stepm /batch_hess /bmean /= (rsum_delta (k := i)).
  by rewrite inE eqxx /= Rinv_1; ring.
by move=> k /negbTE ne; rewrite inE ne.
Qed.

(** g_i·(I-ηg_ig_iᵀ)θ = (1-η‖g_i‖²) g_i·θ *)
Lemma dot_single i th :
  dot (g i) (mulv (one (single i)) th) = (1 - eta * norm2 (g i)) * dot (g i) th.
Proof.
rewrite (dot_eq (v' := fun j => th j + - eta * (dot (g i) th * g i j)) (fun=> erefl)).
  rewrite dotC dot_addl (dot_scall (- eta)) dot_scall dotvv (dotC th); ring.
move=> j; rewrite -[RHS]/(th j + - eta * (dot (g i) th * g i j)) -mulv_rank1.
rewrite (_ : mulv _ th j = mulv (stepm eta (rank1 i)) th j); first by rewrite mulv_stepm; ring.
by apply: rsum_eq => k; rewrite single_op.
Qed.

Lemma card_single : INR #|{: batch n 1}| = INR n.
Proof. by rewrite card_batch bin1. Qed.

Lemma avg_single (F : batch n 1 -> R) i : (forall S, 0 <= F S) -> / INR n * F (single i) <= avg F.
Proof. by move=> F0; rewrite -card_single; apply: avg_term_le. Qed.

(** E|g_i·θ_t|^k ≥ ((1/n)|1-η‖g_i‖²|^k)^t |g_i·θ_0|^k *)
Theorem sgd_kth_moment k i t th :
  (/ INR n * abspow (1 - eta * norm2 (g i)) k) ^ t * abspow (dot (g i) th) k <=
  avg (fun s : t.-tuple (batch n 1) => abspow (dot (g i) (walk (sgd_op rank1 eta) s th)) k).
Proof.
elim: t th => [|t IH] th; first by rewrite avg_tuple0 /=; lra.
rewrite avg_tupleS.
apply: Rle_trans (avg_single i _); last first.
  by move=> S; apply: avg_ge0 => s; apply: abspow_ge0.
have := IH (mulv (one (single i)) th); rewrite dot_single abspowM => h.
rewrite -tech_pow_Rmult; set q := abspow (1 - _) k in h *.
apply: Rle_trans (Rmult_le_compat_l _ _ _ (inv_INR_ge0 n) h); apply: Req_le; ring.
Qed.

(** A bounded k-th moment: ‖g_i‖² ≤ (1 + n^(1/k))/η *)
Theorem sgd_kth_necessary k :
  0 < k -> 0 < eta ->
  (forall th, exists K, forall t,
     avg (fun s : t.-tuple (batch n 1) =>
       abspow (sqrt (norm2 (walk (sgd_op rank1 eta) s th))) k) <= K) ->
  forall i, norm2 (g i) <= (1 + Rpower (INR n) (/ k)) / eta.
Proof.
move=> k0 e0 h i; set r := norm2 (g i).
have n0 : 0 < INR n by apply/INR_gt0/(leq_ltn_trans (leq0n i))/ltn_ord.
suff : eta * r <= 1 + Rpower (INR n) (/ k).
  move=> hr; apply: (Rmult_le_reg_l eta) => //.
  by rewrite (_ : eta * (_ / eta) = 1 + Rpower (INR n) (/ k)) //; field; lra.
case: (Rle_lt_dec (eta * r) (1 + Rpower (INR n) (/ k))) => // lt; exfalso.
have p0 : 0 < Rpower (INR n) (/ k) by apply: exp_pos.
have r0 : 0 < r.
  by apply: (Rmult_lt_reg_l eta) => //; lra.
set q := / INR n * abspow (1 - eta * r) k.
have q1 : 1 < q.
  have big : INR n < abspow (1 - eta * r) k.
    rewrite abspow_neq0; last by lra.
    have {1}<- : Rpower (Rpower (INR n) (/ k)) k = INR n.
      by rewrite Rpower_mult Rinv_l ?Rpower_1 //; lra.
    by apply: Rlt_Rpower_l => //; split=> //; rewrite Rabs_left; lra.
  by apply: (Rmult_lt_reg_l (INR n)) => //; rewrite /q -Rmult_assoc Rinv_r; lra.
have [K hK] := h (g i).
have s0 : sqrt r <> 0 by have := sqrt_lt_R0 _ r0; lra.
apply: (@geometric_gap q 1 (abspow r k) (abspow (sqrt r) k * K)) => //; [lra | |].
  by apply: abspow_gt0; lra.
move=> t; rewrite pow1 Rmult_1_r.
have := sgd_kth_moment k i (2 * t) (g i); rewrite dotvv => /Rle_trans; apply.
apply: Rle_trans (Rmult_le_compat_l _ _ _ (abspow_ge0 _ _) (hK (2 * t)%N)).
rewrite -avg_scal; apply: avg_le => s; rewrite -abspowM; apply: abspow_le => //.
set x := walk _ _ _; rewrite -sqrt_mult; [|exact: norm2_ge0..].
rewrite [X in _ <= X]Rabs_pos_eq; last exact: sqrt_pos.
rewrite -sqrt_Rsqr_abs; apply: sqrt_le_1_alt; rewrite Rsqr_pow2; exact: dot_sqr_le.
Qed.

Hypothesis n_gt1 : (1 < n)%N.

(** λ_1(M) ≥ (1/n)(1-η‖g_i‖²)² *)
Theorem sgd_rank1_ge i :
  0 < norm2 (g i) ->
  lmax_ge (moment_op (sgd_op (B := 1) rank1 eta)) (/ INR n * (1 - eta * norm2 (g i)) ^ 2).
Proof.
move=> r0; exists (outer (g i) (g i)); rewrite -dotvv dot_outer dotvv; split.
  exact: Rmult_lt_0_compat.
rewrite quad_moment_outer; apply: Rle_trans (avg_single i _); last by move=> S; apply: pow2_ge_0.
by rewrite quad_dot dot_single dotvv; apply: Req_le; ring.
Qed.

(** η ≤ η*: η‖g_i‖² ≤ 1 + √n *)
Theorem sgd_rank1_threshold i :
  0 < eta -> (forall Q, eta * quad (noise_op 1 rank1) Q <= 2 * quad (lyap_op rank1) Q) ->
  eta * norm2 (g i) <= 1 + sqrt (INR n).
Proof.
move=> e0 h; have n0 := ltnW n_gt1; have n0' := INR_gt0 n0.
case: (Rle_lt_or_eq_dec _ _ (norm2_ge0 (g i))) => [r0|<-]; last first.
  by rewrite Rmult_0_r; have := sqrt_pos (INR n); lra.
have [Q [Q0]] := sgd_rank1_ge r0; rewrite quad_moment_op //.
have := Rmult_le_compat_l _ _ _ (Rlt_le _ _ e0) (h Q).
set x := 1 - eta * norm2 (g i) => h1 h2.
have {h1 h2} : / INR n * x ^ 2 <= 1 by apply: (Rmult_le_reg_r (norm2 Q)) => //; lra.
move=> /(Rmult_le_compat_l _ _ _ (Rlt_le _ _ n0')).
rewrite -Rmult_assoc Rinv_r ?Rmult_1_l ?Rmult_1_r; last by lra.
rewrite -Rsqr_pow2 => /sqrt_le_1_alt; rewrite sqrt_Rsqr_abs => hx.
by have := Rle_abs (- x); rewrite Rabs_Ropp /x in hx *; lra.
Qed.
End Moments.

(** ** H_1 = 2, H_2 = 0, η = 3/2, B = 1: λ_1(H) ≤ 2/η, and Eθ² grows by 5/2. *)
Section Counterexample.
Definition two_zero : 'I_2 -> 'I_1 -> 'I_1 -> R := fun k _ _ => if k == ord0 then 2 else 0.

Lemma two_zero_mean i j : mean_hess two_zero i j = 1.
Proof. by rewrite /mean_hess /mean !big_ord_recl big_ord0 /two_zero /=; field. Qed.

Lemma two_zero_sym k : sym (two_zero k).
Proof. by []. Qed.

Lemma two_zero_lmax : lmax_le (mean_hess two_zero) (2 / (3 / 2)).
Proof.
move=> v; rewrite /quad /norm2 !big_ord_recl !big_ord0 two_zero_mean.
by have := pow2_ge_0 (v ord0); lra.
Qed.

Lemma two_zero_moment t th :
  sgd_moment 1 two_zero (3 / 2) t th = (5 / 2) ^ t * norm2 th.
Proof.
elim: t th => [|t IH] th; first by rewrite /sgd_moment /second_moment avg_tuple0 /=; ring.
rewrite /sgd_moment second_momentS (avg_eq (fun S => IH _)) avg_scal sgd_mean_square //.
rewrite -tech_pow_Rmult; set d := (5 / 2) ^ t.
suff -> : quad (wu_op 1 two_zero (3 / 2)) th = 5 / 2 * norm2 th by ring.
rewrite /quad /norm2 !big_ord_recl !big_ord0 /wu_op /mulm !big_ord_recl !big_ord0.
rewrite two_zero_mean /stepm two_zero_mean /idm /kappa /mean !big_ord_recl !big_ord0 /two_zero /=.
by field.
Qed.

Lemma two_zero_psd k : psd (two_zero k).
Proof.
move=> v; rewrite /quad !big_ord_recl !big_ord0 /two_zero; have := pow2_ge_0 (v ord0).
by case: ifP => _; lra.
Qed.

(** λ_1(H) ≤ 2/η does not bound the second moment. *)
Theorem gd_criterion_insufficient :
  ~ (forall (n B : nat) (Hs : 'I_n -> 'I_1 -> 'I_1 -> R) eta,
  (1 < n)%N -> (0 < B)%N -> (B <= n)%N -> 0 < eta -> (forall k, psd (Hs k)) ->
  lmax_le (mean_hess Hs) (2 / eta) ->
  forall th, exists K, forall t, sgd_moment B Hs eta t th <= K).
Proof.
move=> h; have e0 : 0 < 3 / 2 by lra.
have [K hK] := h 2%N 1%N two_zero _ isT isT isT e0 two_zero_psd two_zero_lmax (fun=> 1).
apply: (@geometric_gap (5 / 2) 1 1 K) => [||| t]; [lra | lra | lra |].
rewrite pow1 !Rmult_1_r; apply: Rle_trans (hK (2 * t)%N); rewrite two_zero_moment.
by rewrite /norm2 big_ord_recl big_ord0; apply: Req_le; ring.
Qed.

(** H = 2, η = 3/2: λ_1(H) ≤ 3/η, and θ_1 = -2θ_0. *)
Theorem gd_three_false :
  ~ (forall (H : 'I_1 -> 'I_1 -> R) eta,
  0 < eta -> sym H -> psd H -> lmax_le H (3 / eta) ->
  forall t th, norm2 (gd eta H t th) <= norm2 th).
Proof.
move=> h; have := h (fun _ _ => 2) (3 / 2) _ _ _ _ 1%N (fun=> 1).
rewrite /gd /= (norm2_eq (mulv_stepm _ _ _)) /mulv /norm2 !big_ord_recl !big_ord0 => {}h.
suff : 4 <= 1 by lra.
move: h; rewrite (_ : (1 - _) ^ 2 + 0 = 4); last by field.
rewrite (_ : 1 ^ 2 + 0 = 1); last by ring.
apply=> // [|v|v]; first lra.
  by rewrite /quad !big_ord_recl !big_ord0; have := pow2_ge_0 (v ord0); lra.
have -> : 3 / (3 / 2) = 2 by field.
by rewrite /quad /norm2 !big_ord_recl !big_ord0; have := pow2_ge_0 (v ord0); lra.
Qed.
End Counterexample.
