(** Symmetries of L and the covariance of its derivatives (T10).

    If L(Mθ) = L(θ) for a map (Mθ)_p = t_p θ_π(p), with π a bijection, then the derivatives
    at Mθ are ∂_pL = ∂_π(p)L/t_p and ∂_p∂_qL = ∂_π(p)∂_π(q)L/(t_p t_q). The network has three
    such symmetries: rescaling by α > 0 if σ is piecewise linear, permutations of the units
    for every σ, and sign flips if σ is odd. Rescaling gives the null vectors v_k = E_kθ of
    J and G, and Hv_k = -E_k∇L. *)
From Coq Require Import Reals Lra Psatz FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Activations Losses.
From LandTheory Require Import SquareMatrices Rank Eigensystems Inertia CrossEntropy.
From LandTheory Require Import Complexity ResidualPart PiecewiseLinear.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ** Functions invariant under (Mθ)_p = t_p θ_π(p) *)
Section Invariance.
Variables (P : finType) (pi pi' : P -> P) (t : P -> R).
Hypotheses (piK : cancel pi pi') (pi'K : cancel pi' pi).
Hypothesis t0 : forall p, t p <> 0.
Implicit Types (th u : P -> R) (p q : P).

Definition monomial th p : R := t p * th (pi p).
Definition monomial_inv u q : R := u (pi' q) / t (pi' q).

Lemma monomialK th : monomial_inv (monomial th) = th.
Proof.
apply: functional_extensionality => q; rewrite /monomial_inv /monomial pi'K.
by field; apply: t0.
Qed.

Lemma monomial_invK u : monomial (monomial_inv u) = u.
Proof.
apply: functional_extensionality => p; rewrite /monomial_inv /monomial piK.
by field; apply: t0.
Qed.

(** ∇(Φ∘M⁻¹)(Mθ) = M⁻ᵀ∇Φ(θ) *)
Lemma gradient_monomial Phi th g : has_gradient Phi th g ->
  has_gradient (fun u => Phi (monomial_inv u)) (monomial th) (fun p => g (pi p) / t p).
Proof.
move=> h path dpath s0 e0 hp.
apply: is_derive_eq (h (fun s => monomial_inv (path s)) (fun q => dpath (pi' q) / t (pi' q)) s0 _ _) _.
- by rewrite e0 monomialK.
- by move=> q; apply: is_derive_mulc; apply: hp.
rewrite (reindex pi) /=; last by exists pi' => ? _.
by apply: rsum_eq => p; rewrite piK /Rdiv; ring.
Qed.

Variable F : (P -> R) -> R.
Hypothesis invariant : forall th, F (monomial th) = F th.

Lemma invariant_inv : (fun u => F (monomial_inv u)) = F.
Proof. by apply: functional_extensionality => u; rewrite -[in RHS](monomial_invK u) invariant. Qed.

Theorem invariant_gradient th g : has_gradient F th g ->
  has_gradient F (monomial th) (fun p => g (pi p) / t p).
Proof. by move/gradient_monomial; rewrite invariant_inv. Qed.

Lemma upd_monomial th q s : upd (monomial th) q s = monomial (upd th (pi q) (s / t q)).
Proof.
apply: functional_extensionality => p; rewrite /upd /monomial (can_eq piK).
by case: eqP => [->|//]; field; apply: t0.
Qed.

Theorem invariant_partial2 th (g : (P -> R) -> P -> R) (H : P -> P -> R) p q :
  locally (th (pi q)) (fun s => has_gradient F (upd th (pi q) s) (g (upd th (pi q) s))) ->
  has_gradient (fun u => g u (pi p)) th (H (pi p)) ->
  is_partial2 F (monomial th) p q (H (pi p) (pi q) / (t p * t q)).
Proof.
move=> near hg; have := @gradient_partial2 _ F
  (fun u p => g (monomial_inv u) (pi p) / t p) (monomial th)
  (fun q => H (pi p) (pi q) / t q / t p) p q.
have -> : H (pi p) (pi q) / t q / t p = H (pi p) (pi q) / (t p * t q).
  by field; split; apply: t0.
apply.
  have scale : is_derive (fun s => s / t q) (monomial th q) (/ t q).
    by apply: is_derive_eq (is_derive_mulc _ (is_derive_id _)) _; rewrite Rmult_1_l.
  have e : monomial th q / t q = th (pi q) by rewrite /monomial; field; apply: t0.
  apply: filter_imp (locally_path scale _); last by rewrite e; exact: near.
  move=> s hs; rewrite upd_monomial monomialK; exact: invariant_gradient hs.
apply: has_gradient_eq.
  apply: (has_gradient_mul (F := fun u => g (monomial_inv u) (pi p)) (G := fun=> / t p)).
    exact: (gradient_monomial hg).
  exact: has_gradient_cst.
by move=> q' /=; rewrite /Rdiv; ring.
Qed.
End Invariance.

(** ** The symmetries of the network *)
Section Symmetries.
Variables m d C : nat.
Variables (alpha : 'I_m -> R) (s s' : 'I_m -> 'I_m).
Hypotheses (sK : cancel s s') (s'K : cancel s' s).
Hypothesis alpha0 : forall k, alpha k <> 0.
Implicit Types (th : par m d C -> R) (p : par m d C) (x : 'I_d -> R).

(** unit k of the new network is unit s(k) of the old one, (w̃, a) ↦ (α_k w̃, a/α_k) *)
Definition moved (s : 'I_m -> 'I_m) p : par m d C :=
  match p with hid k j => hid (s k) j | out k c => out (s k) c | off c => off c end.
Definition scale p : R := match p with hid k _ => alpha k | out k _ => / alpha k | off _ => 1 end.
Definition symmetry th : par m d C -> R := monomial (moved s) scale th.

Lemma movedK (a b : 'I_m -> 'I_m) : cancel a b -> cancel (moved a) (moved b).
Proof. by move=> h [[[k j]|[k c]]|c] //=; rewrite h. Qed.

Lemma scale_neq0 p : scale p <> 0.
Proof.
case: p => [[[k j]|[k c]]|c] /=; [exact: alpha0 | exact/Rinv_neq_0_compat/alpha0 | lra].
Qed.

Lemma pre_symmetry th x k : pre (symmetry th) x k = alpha k * pre th x (s k).
Proof. by rewrite /pre rsum_scal; apply: rsum_eq => j /=; rewrite /symmetry /monomial /=; ring. Qed.

Variable sigma : R -> R.
Hypothesis homogeneous : forall k z, sigma (alpha k * z) = alpha k * sigma z.

(** f(x; Mθ) = f(x; θ) *)
Theorem net_symmetry th : net sigma (symmetry th) = net sigma th.
Proof.
do 2!apply: functional_extensionality => ?; rewrite /net; congr (_ + _); last first.
  by rewrite /symmetry /monomial /=; ring.
rewrite [RHS](reindex s) /=; last by exists s' => ? _.
apply: rsum_eq => k; rewrite pre_symmetry homogeneous /symmetry /monomial /=.
by field; apply: alpha0.
Qed.

Section Loss.
Variables (n : nat) (s1 s2 : R -> R).
Variables (ell : 'I_n -> ('I_C -> R) -> R) (r : 'I_n -> ('I_C -> R) -> 'I_C -> R)
  (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R) (X : 'I_n -> 'I_d -> R).

Lemma output_symmetry th i : output sigma X (symmetry th) i = output sigma X th i.
Proof. by rewrite /output net_symmetry. Qed.

(** L(Mθ) = L(θ) *)
Theorem loss_symmetry th : loss sigma ell X (symmetry th) = loss sigma ell X th.
Proof. by apply: mean_eq => i; rewrite output_symmetry. Qed.

Hypothesis ell_smooth : forall i, twice_differentiable (ell i) (r i) (S i).

(** ∇L(Mθ) and ∇²L(Mθ), as true derivatives *)
Theorem gradient_symmetry th p : smooth_on sigma s1 s2 X th ->
  is_partial (loss sigma ell X) (symmetry th) p
    (loss_grad sigma s1 r X th (moved s p) / scale p).
Proof.
move=> h; have d1 i k := smooth_derive (h i k).
apply: (gradient_partial p (g := fun p => loss_grad sigma s1 r X th (moved s p) / scale p)).
apply: (invariant_gradient (movedK sK) (movedK s'K) scale_neq0 loss_symmetry).
by apply: (loss_gradient ell_smooth).
Qed.

Theorem hessian_symmetry th p q : smooth_on sigma s1 s2 X th ->
  is_partial2 (loss sigma ell X) (symmetry th) p q
    (hessian sigma s1 s2 r S X th (moved s p) (moved s q) / (scale p * scale q)).
Proof.
move=> h; apply: (invariant_partial2 (movedK sK) (movedK s'K) scale_neq0 loss_symmetry
  (g := loss_grad sigma s1 r X) (H := hessian sigma s1 s2 r S X th)).
  exact: near_loss_gradient ell_smooth _ _ h.
exact: loss_grad_gradient ell_smooth _ _ h.
Qed.
End Loss.
End Symmetries.

(** ** Rescaling: T_α maps (w̃_k, a_k) to (α_k w̃_k, a_k/α_k) *)
Section Rescaling.
Variables n m d C : nat.
Variables ap am : R.
Variables (ell : 'I_n -> ('I_C -> R) -> R) (r : 'I_n -> ('I_C -> R) -> 'I_C -> R)
  (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Implicit Types (p q : par m d C) (k l : 'I_m) (v : par m d C -> R).

Local Notation sigma := (pl ap am).
Local Notation s1 := (pl1 ap am).
Local Notation J := (jacobian sigma s1 X).
Local Notation G := (ggn sigma s1 S X).
Local Notation F := (residual_hessian sigma s1 zero r X).
Local Notation H := (hessian sigma s1 zero r S X).
Local Notation grad := (loss_grad sigma s1 r X).
Local Notation U := (residual_cross sigma s1 r X th).

Section Orbit.
Variable alpha : 'I_m -> R.
Hypothesis alpha_pos : forall k, 0 < alpha k.

Definition rescale (th : par m d C -> R) : par m d C -> R := symmetry alpha id th.
Local Notation T := rescale.
Local Notation t p := (scale (d := d) (C := C) alpha p).

Let alpha0 k : alpha k <> 0. Proof. exact: Rgt_not_eq (alpha_pos k). Qed.
Let homogeneous k z : sigma (alpha k * z) = alpha k * sigma z.
Proof. exact: pl_homogeneous. Qed.
Let idK : cancel id (@id 'I_m). Proof. by []. Qed.

Lemma rescaleE p : T th p = t p * th p.
Proof. by case: p => [[[k j]|[k c]]|c]. Qed.

Lemma pre_rescale x k : pre (T th) x k = alpha k * pre th x k.
Proof. exact: pre_symmetry. Qed.

(** T10(a.1): f(x; T_αθ) = f(x; θ) *)
Theorem net_rescale : net sigma (T th) = net sigma th.
Proof. exact: (net_symmetry idK idK alpha0 homogeneous). Qed.

(** T10(a.3): L(T_αθ) = L(θ) *)
Theorem loss_rescale : loss sigma ell X (T th) = loss sigma ell X th.
Proof. exact: (loss_symmetry idK idK alpha0 homogeneous). Qed.

Lemma output_rescale i : output sigma X (T th) i = output sigma X th i.
Proof. by rewrite /output net_rescale. Qed.

(** T10(a.2,4): Cx and Cx_S are invariant, as the function is *)
Theorem input_jac_rescale x c j : input_jac s1 (T th) x c j = input_jac s1 th x c j.
Proof.
apply: rsum_eq => k; rewrite pre_rescale pl1_homogeneous // /rescale /symmetry /monomial /=.
by field; apply: alpha0.
Qed.

(** T_αθ is off the kinks where θ is. *)
Lemma off_kinks_rescale : off_kinks ap am X th -> off_kinks ap am X (T th).
Proof.
move=> h i k; case: (h i k) => [z|]; [left | by right].
by rewrite pre_rescale => /Rmult_integral[|]; [apply: alpha0 | apply: z].
Qed.

(** J(T_αθ) = J(θ)T_α⁻¹ *)
Theorem jacobian_rescale i c p : J (T th) i c p = J th i c p / t p.
Proof.
rewrite /jacobian; case: p => [[[k j]|[k e]]|e] /=; last by field.
  rewrite pre_rescale pl1_homogeneous // /rescale /symmetry /monomial /=.
  by rewrite /Rdiv; ring.
rewrite pre_rescale homogeneous; case: (e == c) => /=; last by rewrite /Rdiv; ring.
by field; apply: alpha0.
Qed.

Lemma hess_rescale x c p q : hess s1 zero (T th) x c p q = hess s1 zero th x c p q / (t p * t q).
Proof.
have a0 := alpha0.
case: p q => [[[k j]|[k e]]|e] [[[l j']|[l e']]|e'] /=; try (by rewrite /Rdiv; ring).
- by rewrite /zero; case: (k == l) => /=; rewrite /Rdiv; ring.
- rewrite pre_rescale pl1_homogeneous //; case: (e' == c); last by rewrite /= /Rdiv; ring.
  by case: eqP => [->|_] /=; [field | rewrite /Rdiv; ring].
- rewrite pre_rescale pl1_homogeneous //; case: (e == c); last by rewrite /= /Rdiv; ring.
  by case: eqP => [->|_] /=; [field | rewrite /Rdiv; ring].
Qed.

(** T10(b.3): G(T_αθ) = T_α⁻¹ G(θ) T_α⁻¹ *)
Theorem ggn_rescale p q : G (T th) p q = G th p q / (t p * t q).
Proof.
rewrite /ggn /Rdiv -mean_scalr; apply: mean_eq => i; rewrite rsum_scalr; apply: rsum_eq => c.
rewrite rsum_scalr; apply: rsum_eq => e; rewrite !jacobian_rescale /output_hessian output_rescale.
by field; split; apply: scale_neq0.
Qed.

(** T10(b.4): F(T_αθ) = T_α⁻¹ F(θ) T_α⁻¹ *)
Theorem residual_rescale p q : F (T th) p q = F th p q / (t p * t q).
Proof.
rewrite /residual_hessian /Rdiv -mean_scalr; apply: mean_eq => i; rewrite rsum_scalr.
apply: rsum_eq => c; rewrite hess_rescale /residual output_rescale.
by field; split; apply: scale_neq0.
Qed.

(** T10(b.2): H(T_αθ) = T_α⁻¹ H(θ) T_α⁻¹ *)
Theorem hessian_rescale p q : H (T th) p q = H th p q / (t p * t q).
Proof. by rewrite /hessian ggn_rescale residual_rescale /Rdiv; ring. Qed.

(** ... as true second derivatives of L at T_αθ *)
Theorem partial2_rescale : (forall i, twice_differentiable (ell i) (r i) (S i)) ->
  off_kinks ap am X th ->
  forall p q, is_partial2 (loss sigma ell X) (T th) p q (H th p q / (t p * t q)).
Proof.
move=> hl /off_kinks_rescale/off_kinks_smooth sm p q; rewrite -hessian_rescale.
exact: (loss_partial2 hl p q sm).
Qed.

(** T10(b.1): ∇L(T_αθ) = T_α⁻¹∇L(θ) *)
Theorem grad_rescale p : grad (T th) p = grad th p / t p.
Proof.
rewrite /loss_grad /Rdiv -mean_scalr; apply: mean_eq => i; rewrite rsum_scalr.
apply: rsum_eq => c; rewrite jacobian_rescale /residual output_rescale; rewrite /Rdiv; ring.
Qed.

(** T10(c.4): the rank of H is invariant, *)
Theorem rank_rescale : rank (H (T th)) = rank (H th).
Proof.
rewrite -(@rank_diag _ _ (fun p => / t p) (fun q => / t q) (H th)); first 1 last.
- by move=> p; apply/Rinv_neq_0_compat/scale_neq0.
- by move=> p; apply/Rinv_neq_0_compat/scale_neq0.
by apply: eq_rank => p q; rewrite hessian_rescale; field; split; apply: scale_neq0.
Qed.

Lemma quad_rescale v : quad (H (T th)) (fun p => t p * v p) = quad (H th) v.
Proof.
do 2!apply: rsum_eq => ?; rewrite hessian_rescale.
by field; split; apply: scale_neq0.
Qed.

Lemma comb_scale (L : finType) (e : L -> par m d C -> R) a p :
  comb (fun y p => t p * e y p) a p = t p * comb e a p.
Proof. by rewrite /comb rsum_scal; apply: rsum_eq => l; ring. Qed.

(** T10(c.1,3): ... and the numbers of its positive and negative eigenvalues *)
Theorem neg_rescale j : neg_ge (H (T th)) j <-> neg_ge (H th) j.
Proof.
split=> -[e h].
  exists (fun y p => e y p / t p) => a a0; rewrite -quad_rescale.
  rewrite (quad_eq _ (v := comb e a)); first exact: h.
  by move=> p; rewrite -comb_scale; apply: rsum_eq => y; field; apply: scale_neq0.
exists (fun y p => t p * e y p) => a a0.
by rewrite (quad_eq _ (comb_scale e a)) quad_rescale; apply: h.
Qed.

Theorem pos_rescale j : pos_ge (H (T th)) j <-> pos_ge (H th) j.
Proof.
split=> -[e h].
  exists (fun y p => e y p / t p) => a a0; rewrite -quad_rescale.
  rewrite (quad_eq _ (v := comb e a)); first exact: h.
  by move=> p; rewrite -comb_scale; apply: rsum_eq => y; field; apply: scale_neq0.
exists (fun y p => t p * e y p) => a a0.
by rewrite (quad_eq _ (comb_scale e a)) quad_rescale; apply: h.
Qed.
End Orbit.

(** ** Infinitesimally: v_k = E_kθ *)

(** E_k: +1 on w̃_k, -1 on a_k, 0 elsewhere *)
Definition orbit_sign k p : R :=
  match p with hid l _ => dlt (l == k) 1 | out l _ => dlt (l == k) (-1) | off _ => 0 end.
Definition orbit_vector k p : R := orbit_sign k p * th p.

(** T10(d.4): J v_k = 0 *)
Theorem jacobian_orbit k i c : \rsum_p J th i c p * orbit_vector k p = 0.
Proof.
rewrite rsum_par [X in _ + X]rsum0 => [|e]; last by rewrite /orbit_vector /=; ring.
rewrite (rsum_delta (k := k)) => [|l /negbTE lk]; last first.
  by apply: rsum0 => j; rewrite /orbit_vector /= lk /=; ring.
rewrite [X in _ + X + _](rsum_delta (k := k)) => [|l /negbTE lk]; last first.
  by apply: rsum0 => e; rewrite /orbit_vector /= lk /=; ring.
rewrite [X in _ + X + _](rsum_delta (k := c)) => [|e /negbTE ec]; last first.
  by rewrite /jacobian /= ec /=; ring.
rewrite /jacobian /orbit_vector /= !eqxx /= pl_slope.
rewrite (_ : \rsum_j _ = th (out k c) * s1 (pre th (X i) k) * pre th (X i) k); first by ring.
move: (s1 _) => z; rewrite /pre rsum_scal; apply: rsum_eq => j /=; ring.
Qed.

(** T10(d.5): G v_k = 0 *)
Theorem ggn_orbit k p : mulv (G th) (orbit_vector k) p = 0.
Proof.
rewrite /mulv /ggn; under eq_bigr => q _ do rewrite -mean_scalr.
rewrite -mean_rsum; apply: mean_zero => i.
under eq_bigr => q _ do (rewrite rsum_scalr; under eq_bigr => c _ do rewrite rsum_scalr).
rewrite rsum_exchange; apply: rsum0 => c; rewrite rsum_exchange; apply: rsum0 => e.
have z := jacobian_orbit k i e.
transitivity (output_hessian sigma S X th i c e * J th i c p
  * \rsum_q J th i e q * orbit_vector k q); last by rewrite z; ring.
by rewrite rsum_scal; apply: rsum_eq => q; ring.
Qed.

(** T10(d.1): w̃_k·∇_w̃_k L = a_k·∇_a_k L *)
Theorem grad_balance k : \rsum_(j : option 'I_d) th (hid k j) * grad th (hid k j) =
  \rsum_(c : 'I_C) th (out k c) * grad th (out k c).
Proof.
under eq_bigr => j _ do rewrite pl_grad_hid rsum_scal.
under [RHS]eq_bigr => c _ do rewrite pl_grad_out rsum_scal.
by rewrite rsum_exchange; apply: rsum_eq => c; apply: rsum_eq => j; ring.
Qed.

(** T10(d.2): H v_k = -E_k∇L *)
Theorem hessian_orbit k p : mulv (H th) (orbit_vector k) p = - (orbit_sign k p * grad th p).
Proof.
have -> : mulv (H th) (orbit_vector k) p
    = mulv (G th) (orbit_vector k) p + mulv (F th) (orbit_vector k) p.
  by rewrite /mulv -rsum_plus; apply: rsum_eq => q; rewrite /hessian; ring.
rewrite ggn_orbit Rplus_0_l pl_mulv_residual /orbit_vector.
case: p => [[[l j]|[l c]]|c] /=; last by ring.
  case: eqP => [->|_] /=; last by rewrite rsum0 => [|c]; ring.
  by rewrite pl_grad_hid rsum_scal -rsum_opp; apply: rsum_eq => c; ring.
case: eqP => [->|_] /=; last by rewrite rsum0 => [|j]; ring.
by rewrite pl_grad_out rsum_scal -rsum_opp; apply: rsum_eq => j; ring.
Qed.

(** T10(d.3): v_kᵀHv_k = -2 a_k·∇_a_k L *)
Theorem hessian_orbit_quad k : quad (H th) (orbit_vector k) =
  - 2 * \rsum_(c : 'I_C) th (out k c) * grad th (out k c).
Proof.
rewrite quad_dot (dot_eq (frefl _) (hessian_orbit k)) /dot rsum_par.
rewrite [X in _ + X]rsum0 => [|c]; last by rewrite /orbit_vector /=; ring.
rewrite (rsum_delta (k := k)) => [|l /negbTE lk]; last first.
  by apply: rsum0 => j; rewrite /orbit_vector /= lk /=; ring.
rewrite [X in _ + X + _](rsum_delta (k := k)) => [|l /negbTE lk]; last first.
  by apply: rsum0 => e; rewrite /orbit_vector /= lk /=; ring.
rewrite /orbit_vector /= eqxx /=.
transitivity (- (\rsum_(j : option 'I_d) th (hid k j) * grad th (hid k j))
  - \rsum_(c : 'I_C) th (out k c) * grad th (out k c)).
  by rewrite /Rminus Rplus_0_r -!rsum_opp; congr (_ + _); apply: rsum_eq => i; ring.
by rewrite grad_balance /=; ring.
Qed.

(** (w̃_k, a_k) <> 0 *)
Definition alive : pred 'I_m := fun k =>
  [exists j, ~~ Req_EM_T (th (hid k j)) 0] || [exists c, ~~ Req_EM_T (th (out k c)) 0].

Lemma alive_norm2 k : alive k -> 0 < norm2 (orbit_vector k).
Proof.
have pos p : orbit_vector k p <> 0 -> 0 < norm2 (orbit_vector k).
  move=> h; apply: Rlt_le_trans (rsum_term_le p (fun p => pow2_ge_0 (orbit_vector k p))).
  exact: pow2_gt_0.
case/orP=> /existsP[i]; case: Req_EM_T => // h _.
  by apply: (pos (hid k i)); rewrite /orbit_vector /= eqxx => /Rmult_integral[|//]; rewrite /=; lra.
by apply: (pos (out k i)); rewrite /orbit_vector /= eqxx => /Rmult_integral[|//]; rewrite /=; lra.
Qed.

Lemma orbit_kernel_rank (K : finType) (A : K -> par m d C -> R) :
  (forall k i, \rsum_p A i p * orbit_vector k p = 0) ->
  (rank A + #|alive| <= #|[finType of par m d C]|)%N.
Proof.
move=> h; pose L := [finType of {k | alive k}].
pose root (k : L) := sqrt (norm2 (orbit_vector (val k))).
pose e (k : L) p := / root k * orbit_vector (val k) p.
have pos (k : L) : 0 < norm2 (orbit_vector (val k)) by apply: alive_norm2; case: k.
have -> : #|alive| = #|L| by rewrite card_sig; apply: eq_card.
apply: (rank_kernel (e := e)) => [k l|k i]; last first.
  rewrite -(Rmult_0_r (/ root k)) -(h (val k) i) rsum_scal.
  by apply: rsum_eq => p; rewrite /e; ring.
have q : 0 < root k := sqrt_lt_R0 _ (pos k).
have qq : root k * root k = norm2 (orbit_vector (val k)) := sqrt_sqrt _ (Rlt_le _ _ (pos k)).
case: eqP => [<-|ne].
  transitivity ((/ root k) ^ 2 * norm2 (orbit_vector (val k))); last by rewrite -qq /=; field; lra.
  by rewrite /norm2 rsum_scal; apply: rsum_eq => p; rewrite /e; ring.
apply: rsum0 => p; rewrite /e /orbit_vector.
suff : orbit_sign (val k) p * orbit_sign (val l) p = 0.
  by case/Rmult_integral => ->; ring.
have off_k a : a = val k -> a = val l -> False by move=> ak al; apply/ne/val_inj; rewrite -ak.
case: p => [[[a j]|[a c]]|c] /=; last by ring.
  by case: eqP => [ak|_]; case: eqP => [al|_]; [case: (off_k a ak al) | | | ]; rewrite /=; ring.
by case: eqP => [ak|_]; case: eqP => [al|_]; [case: (off_k a ak al) | | | ]; rewrite /=; ring.
Qed.

(** T10(e): at a critical point, rank H <= p - #{k : (w̃_k, a_k) <> 0} *)
Theorem critical_rank : (forall p, grad th p = 0) ->
  (rank (H th) + #|alive| <= #|[finType of par m d C]|)%N.
Proof.
move=> crit; apply: orbit_kernel_rank => k p.
by rewrite -/(mulv (H th) (orbit_vector k) p) hessian_orbit crit; ring.
Qed.

(** T04(c.5): rank J <= p - #{k : (w̃_k, a_k) <> 0} *)
Theorem jacobian_rank :
  (rank (fun (x : 'I_n * 'I_C) p => J th x.1 x.2 p) + #|alive| <= #|[finType of par m d C]|)%N.
Proof. by apply: orbit_kernel_rank => k [i c]; apply: jacobian_orbit. Qed.
End Rescaling.

(** ** Permutations of the units, for every σ, and sign flips, for odd σ *)
Section PermutationsAndFlips.
Variables n m d C : nat.
Variables sigma s1 s2 : R -> R.
Variables (ell : 'I_n -> ('I_C -> R) -> R) (r : 'I_n -> ('I_C -> R) -> 'I_C -> R)
  (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Hypothesis ell_smooth : forall i, twice_differentiable (ell i) (r i) (S i).

(** Pθ has unit s(k) of θ in place k. *)
Definition permute (s : 'I_m -> 'I_m) (th : par m d C -> R) p : R := th (moved s p).

Lemma permute_symmetry s : permute s th = symmetry (fun=> 1) s th.
Proof.
apply: functional_extensionality => p; rewrite /symmetry /monomial /permute.
by case: p => [[[k j]|[k c]]|c] /=; field.
Qed.

Lemma scale1 (p : par m d C) : scale (fun=> 1) p = 1.
Proof. by case: p => [[[k j]|[k c]]|c] //=; rewrite Rinv_1. Qed.

Let one0 (k : 'I_m) : (fun=> 1) k <> 0. Proof. exact: R1_neq_R0. Qed.
Let one_hom (k : 'I_m) z : sigma ((fun=> 1) k * z) = (fun=> 1) k * sigma z.
Proof. by rewrite !Rmult_1_l. Qed.

(** T10(f.1): f(x; Pθ) = f(x; θ) *)
Theorem net_permute s s' : cancel s s' -> cancel s' s -> net sigma (permute s th) = net sigma th.
Proof. by move=> h h'; rewrite permute_symmetry; apply: (net_symmetry h h'). Qed.

(** T10(f.2): H(Pθ) = PH(θ)Pᵀ *)
Theorem hessian_permute s s' p q : cancel s s' -> cancel s' s -> smooth_on sigma s1 s2 X th ->
  is_partial2 (loss sigma ell X) (permute s th) p q
    (hessian sigma s1 s2 r S X th (moved s p) (moved s q)).
Proof.
move=> h h' sm; rewrite permute_symmetry.
have := hessian_symmetry h h' one0 one_hom ell_smooth p q sm.
by rewrite !scale1 (_ : hessian _ _ _ _ _ _ _ _ _ / _ = hessian sigma s1 s2 r S X th (moved s p) (moved s q)); last by field.
Qed.

(** D multiplies w̃_k and a_k by ε_k = ± 1. *)
Definition unit_sign (eps : 'I_m -> bool) (p : par m d C) : R :=
  match p with hid k _ | out k _ => if eps k then 1 else -1 | off _ => 1 end.
Definition flip_units eps (th : par m d C -> R) p : R := unit_sign eps p * th p.

Hypothesis odd : forall z, sigma (- z) = - sigma z.
Let alpha (eps : 'I_m -> bool) k : R := if eps k then 1 else -1.

Lemma flip_symmetry eps : flip_units eps th = symmetry (alpha eps) id th.
Proof.
apply: functional_extensionality => p; rewrite /symmetry /monomial /flip_units.
by case: p => [[[k j]|[k c]]|c] //=; rewrite /alpha; case: (eps k); field.
Qed.

Let alpha_neq0 eps k : alpha eps k <> 0. Proof. by rewrite /alpha; case: (eps k); lra. Qed.
Let alpha_hom eps k z : sigma (alpha eps k * z) = alpha eps k * sigma z.
Proof.
rewrite /alpha; case: (eps k); first by rewrite !Rmult_1_l.
by rewrite (_ : -1 * z = - z) ?odd; ring.
Qed.
Let idK : cancel id (@id 'I_m). Proof. by []. Qed.

(** T10(g.1): f(x; Dθ) = f(x; θ) *)
Theorem net_flip eps : net sigma (flip_units eps th) = net sigma th.
Proof. by rewrite flip_symmetry; apply: (net_symmetry idK idK). Qed.

(** T10(g.2): H(Dθ) = DH(θ)D *)
Theorem hessian_flip eps p q : smooth_on sigma s1 s2 X th ->
  is_partial2 (loss sigma ell X) (flip_units eps th) p q
    (unit_sign eps p * hessian sigma s1 s2 r S X th p q * unit_sign eps q).
Proof.
move=> sm; rewrite flip_symmetry.
have := hessian_symmetry idK idK (@alpha_neq0 eps) (@alpha_hom eps) ell_smooth p q sm.
have mv x : moved (@id 'I_m) x = x :> par m d C by case: x => [[[k j]|[k c]]|c].
have inv x : / scale (alpha eps) x = unit_sign eps x.
  by case: x => [[[k j]|[k c]]|c] /=; rewrite /alpha; try case: (eps k); field.
by rewrite !mv /Rdiv Rinv_mult !inv (_ : _ * (_ * _) = unit_sign eps p * hessian sigma s1 s2 r S X th p q * unit_sign eps q); last by ring.
Qed.
End PermutationsAndFlips.
