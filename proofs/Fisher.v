(** T05: the generalised Gauss-Newton matrix is the Fisher information at every θ,

      G = (1/n) Σ_i E_{y ~ p_θ(·|x_i)} [g gᵀ],   g = ∇_θ(−log p_θ(y | x_i)),

    for the softmax, the logistic and (with y = f + ε, E εεᵀ = I) the squared loss. The
    empirical Fisher, with the labels of the sample for y, is another matrix: it is 0 at
    interpolation, where tr G >= C. *)
From Coq Require Import Reals Lra Psatz FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Activations Losses.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Section Fisher.
Variables n m d C : nat.
Variables sigma s1 s2 : R -> R.
Variable X : 'I_n -> 'I_d -> R.
Variable th : par m d C -> R.
Implicit Types (i : 'I_n) (c e y : 'I_C) (p q : par m d C).

Local Notation f := (output sigma X th).
Local Notation J := (jacobian sigma s1 X th).

(** gradient of the log-loss of one sample, r = ∂ℓ/∂f at its output *)
Definition score (r : 'I_C -> R) i p : R := \rsum_c r c * J i c p.

(** it is the true gradient of ℓ(f(x_i; θ)) *)
Theorem score_partial ell r S i p :
  twice_differentiable ell r S -> (forall k, smooth_at sigma s1 s2 (pre th (X i) k)) ->
  is_partial (fun u => ell (output sigma X u i)) th p (score (r (f i)) i p).
Proof.
move=> hl hs; apply: (gradient_partial p (g := score (r (f i)) i)).
apply: (has_gradient_chain (F := fun c u => net sigma u (X i) c)).
  exact: (proj1 (hl _)).
by move=> c; apply: (@net_gradient _ _ _ _ _ th (X i) c) => k; apply: smooth_derive (hs k).
Qed.

Lemma scoreE (r : 'I_C -> R) i p q : score r i p * score r i q =
  \rsum_c \rsum_e r c * r e * (J i c p * J i e q).
Proof.
by rewrite /score rsum_prod; apply: rsum_eq => c; apply: rsum_eq => e; ring.
Qed.

(** Softmax: y is e with probability softmax(f)_e. *)
Theorem fisher_softmax p q :
  ggn sigma s1 (fun=> @softmax_S C) X th p q =
  mean (fun i => \rsum_y softmax (f i) y
    * (score (softmax_r y (f i)) i p * score (softmax_r y (f i)) i q)).
Proof.
apply: mean_eq => i; under [RHS]eq_bigr => y _ do rewrite scoreE rsum_scal.
rewrite [RHS]rsum_exchange; apply: rsum_eq => c.
under [RHS]eq_bigr => y _ do rewrite rsum_scal.
rewrite [RHS]rsum_exchange; apply: rsum_eq => e; rewrite /output_hessian.
pose P := softmax (f i).
transitivity (\rsum_y (P c * P e * (J i c p * J i e q) * P y
   - dlt (y == e) (P y * P c * (J i c p * J i e q))
   - dlt (y == c) (P y * P e * (J i c p * J i e q))
   + dlt (y == c) (dlt (y == e) (P y * (J i c p * J i e q))))).
  rewrite rsum_plus !rsum_minus -rsum_scal (softmax_sum _ c) !rsum_pickl.
  by rewrite /softmax_S -/P [e == c]eq_sym; case: eqP => [->|_] /=; ring.
apply: rsum_eq => y; rewrite /softmax_r -/P [c == y]eq_sym [e == y]eq_sym.
by case: (y == c); case: (y == e) => /=; ring.
Qed.
End Fisher.

(** Logistic: y is 1 with probability p = 1/(1 + e^{−f}), else 0. *)
Theorem fisher_logistic n m d (sigma s1 : R -> R) (X : 'I_n -> 'I_d -> R)
    (th : par m d 1 -> R) p q :
  let f i := output sigma X th i in
  let g y i := score sigma s1 X th (logistic_r y (f i)) i in
  ggn sigma s1 (fun=> logistic_S) X th p q =
  mean (fun i => logistic (f i ord0) * (g 1 i p * g 1 i q)
    + (1 - logistic (f i ord0)) * (g 0 i p * g 0 i q)).
Proof.
move=> f g; apply: mean_eq => i.
by rewrite /g /score !rsum1 /output_hessian /logistic_S /logistic_r -/(f i); ring.
Qed.

(** Squared: y = f + ε with any linear expectation E for which E ε_c ε_e = δ_ce, such as
    that of a standard normal ε. *)
Theorem fisher_squared n m d C (sigma s1 : R -> R) (X : 'I_n -> 'I_d -> R)
    (th : par m d C -> R) (E : (('I_C -> R) -> R) -> R) p q :
  (forall g h, E (fun v => g v + h v) = E g + E h) ->
  (forall a g, E (fun v => a * g v) = a * E g) ->
  (forall c e, E (fun v => v c * v e) = dlt (e == c) 1) ->
  let f i := output sigma X th i in
  let g v i := score sigma s1 X th (squared_r (fun c => f i c + v c) (f i)) i in
  ggn sigma s1 (fun=> @squared_S C) X th p q = mean (fun i => E (fun v => g v i p * g v i q)).
Proof.
move=> Eadd Escal Ecov f g; apply: mean_eq => i.
have E0 : E (fun=> 0) = 0.
  rewrite -[RHS](Rmult_0_l (E (fun=> 0))) -Escal.
  by congr E; apply: functional_extensionality => v; ring.
have Esum (I : finType) (F : I -> ('I_C -> R) -> R) :
    E (fun v => \rsum_k F k v) = \rsum_k E (F k).
  elim: (index_enum I) => [|k s IH].
    rewrite big_nil -[RHS]E0; congr E; apply: functional_extensionality => v.
    by rewrite big_nil.
  rewrite big_cons -IH -Eadd; congr E; apply: functional_extensionality => v.
  by rewrite big_cons.
have -> : (fun v => g v i p * g v i q) = (fun v => \rsum_c \rsum_e
    jacobian sigma s1 X th i c p * jacobian sigma s1 X th i e q * (v c * v e)).
  apply: functional_extensionality => v; rewrite /g scoreE.
  by apply: rsum_eq => c; apply: rsum_eq => e; rewrite /squared_r; ring.
rewrite Esum; apply: rsum_eq => c; rewrite Esum; apply: rsum_eq => e.
by rewrite Escal Ecov /output_hessian /squared_S; ring.
Qed.

(** The empirical Fisher (1/n) Σ_i g_i g_iᵀ, with the labels of the sample *)
Definition empirical_fisher n m d C (sigma s1 : R -> R)
    (r : 'I_n -> ('I_C -> R) -> 'I_C -> R) (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) p q :=
  mean (fun i => score sigma s1 X th (r i (output sigma X th i)) i p
    * score sigma s1 X th (r i (output sigma X th i)) i q).

(** is 0 where every residual is, *)
Theorem empirical_fisher_interpolation n m d C sigma s1 r X (th : par m d C -> R) p q :
  (forall (i : 'I_n) c, r i (output sigma X th i) c = 0) ->
  empirical_fisher sigma s1 r X th p q = 0.
Proof.
move=> h; rewrite /empirical_fisher /mean rsum0 ?Rmult_0_r // => i.
have -> : score sigma s1 X th (r i (output sigma X th i)) i p = 0; last by ring.
by rewrite /score rsum0 // => c; rewrite h; ring.
Qed.

(** while tr G >= C for the squared loss. *)
Theorem squared_trace_ge n m d C sigma s1 (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) :
  (0 < n)%N -> INR C <= \rsum_p ggn sigma s1 (fun=> @squared_S C) X th p p.
Proof.
move=> n0; rewrite /ggn -mean_rsum -[X in X <= _](mean_const (INR C) n0).
apply: mean_le => i.
have dg p : \rsum_c \rsum_e output_hessian sigma (fun=> @squared_S C) X th i c e
    * jacobian sigma s1 X th i c p * jacobian sigma s1 X th i e p =
    \rsum_c jacobian sigma s1 X th i c p ^ 2.
  apply: rsum_eq => c; rewrite (rsum_delta (k := c)) => [|e].
    by rewrite /output_hessian /squared_S eqxx /=; ring.
  by rewrite /output_hessian /squared_S => /negbTE->; rewrite /=; ring.
have ge0 p : 0 <= \rsum_c jacobian sigma s1 X th i c p ^ 2.
  by apply: rsum_ge0 => c; apply: pow2_ge_0.
rewrite (rsum_eq dg) rsum_par -[X in X <= _]Rplus_0_l; apply: Rplus_le_compat.
  by rewrite -[X in X <= _]Rplus_0_l; apply: Rplus_le_compat;
    do 2!(apply: rsum_ge0 => ?); apply: ge0.
rewrite -[INR C]Rmult_1_r -{1}[C]card_ord -rsum_const; apply: rsum_le => c.
rewrite /= (rsum_delta (k := c)) => [|e]; rewrite /jacobian /=.
  by rewrite eqxx /=; lra.
by rewrite eq_sym => /negbTE->; rewrite /=; ring.
Qed.
