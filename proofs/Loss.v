(** The mean loss L(θ) = (1/n) Σ_i ℓ_i(f(x_i; θ)) of the two-layer network, for any twice
    differentiable ℓ_i: its gradient, and its Hessian H = G + F (T02), where

      G = (1/n) Σ_i J_iᵀ S_i J_i,   F = (1/n) Σ_i Σ_c r_ic ∇²f_c(x_i),

    r_i = ∇ℓ_i and S_i = ∇²ℓ_i at the outputs f(x_i; θ). *)
From Coq Require Import Reals Lra FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ℓ has gradient r and Hessian S, everywhere. *)
Definition twice_differentiable C (ell : ('I_C -> R) -> R)
    (r : ('I_C -> R) -> 'I_C -> R) (S : ('I_C -> R) -> 'I_C -> 'I_C -> R) :=
  forall u, has_gradient ell u (r u) /\ (forall c, has_gradient (fun v => r v c) u (S u c)).

Section Loss.
Variables n m d C : nat.
Variables sigma s1 s2 : R -> R.
Variables (ell : 'I_n -> ('I_C -> R) -> R) (r : 'I_n -> ('I_C -> R) -> 'I_C -> R)
  (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variable X : 'I_n -> 'I_d -> R.
Implicit Types (th : par m d C -> R) (p q : par m d C).

(** outputs f(x_i; θ) on the sample *)
Definition output th i : 'I_C -> R := net sigma th (X i).

(** L(θ) *)
Definition loss th : R := mean (fun i => ell i (output th i)).

(** residual r_i = ∂ℓ_i/∂f, and S_i = ∂²ℓ_i/∂f² *)
Definition residual th i c : R := r i (output th i) c.
Definition output_hessian th i c c' : R := S i (output th i) c c'.

(** row (i, c) of the Jacobian J *)
Definition jacobian th i c p : R := jac sigma s1 th (X i) c p.

(** (∇L)_p *)
Definition loss_grad th p : R :=
  mean (fun i => \rsum_c residual th i c * jacobian th i c p).

(** generalised Gauss-Newton matrix G *)
Definition ggn th p q : R := mean (fun i => \rsum_c \rsum_c'
  output_hessian th i c c' * jacobian th i c p * jacobian th i c' q).

(** residual part F *)
Definition residual_hessian th p q : R :=
  mean (fun i => \rsum_c residual th i c * hess s1 s2 th (X i) c p q).

(** H = G + F; that it is the matrix of second derivatives is [loss_partial2]. *)
Definition hessian th p q : R := ggn th p q + residual_hessian th p q.

(** σ has its derivatives near every pre-activation of the sample. *)
Definition smooth_on th := forall i k, smooth_at sigma s1 s2 (pre th (X i) k).

(** *** anchors *)
Lemma lossE th : loss th = / INR n * \rsum_i ell i (fun c => net sigma th (X i) c).
Proof. by []. Qed.

Lemma ggnE th p q : ggn th p q = / INR n * \rsum_i \rsum_c \rsum_c'
  S i (fun e => net sigma th (X i) e) c c'
    * jac sigma s1 th (X i) c p * jac sigma s1 th (X i) c' q.
Proof. by []. Qed.

Lemma residual_hessianE th p q : residual_hessian th p q = / INR n * \rsum_i \rsum_c
  r i (fun e => net sigma th (X i) e) c * hess s1 s2 th (X i) c p q.
Proof. by []. Qed.

Hypothesis ell_smooth : forall i, twice_differentiable (ell i) (r i) (S i).

Lemma loss_gradient th :
  (forall i k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k))) ->
  has_gradient loss th (loss_grad th).
Proof.
move=> h; apply: has_gradient_mean => i.
apply: (has_gradient_chain (F := fun c u => net sigma u (X i) c)).
  exact: (proj1 (ell_smooth i _)).
by move=> c; apply: (@net_gradient _ _ _ _ _ th (X i) c (h i)).
Qed.

Lemma near_loss_gradient th q :
  smooth_on th ->
  locally (th q) (fun s => has_gradient loss (upd th q s) (loss_grad (upd th q s))).
Proof.
move=> h; have near : locally (th q) (fun s => forall ik : 'I_n * 'I_m,
    let z := pre (upd th q s) (X ik.1) ik.2 in is_derive sigma z (s1 z)).
  apply: locally_forall => ik.
  have [near _] := h ik.1 ik.2.
  exact: (locally_gradient q (pre_gradient th _ _) near).
apply: filter_imp near => s hs.
by apply: (@loss_gradient (upd th q s)) => i k; apply: (hs (i, k)).
Qed.

Lemma loss_grad_gradient th p :
  smooth_on th -> has_gradient (fun u => loss_grad u p) th (hessian th p).
Proof.
move=> h.
have d1 i k : is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k)).
  exact: smooth_derive (h i k).
apply: has_gradient_eq.
  apply: has_gradient_mean => i; apply: has_gradient_rsum => c; apply: has_gradient_mul.
    apply: (has_gradient_chain (ell := fun v => r i v c)
        (F := fun c u => net sigma u (X i) c)).
      exact: (proj2 (ell_smooth i _) c).
    by move=> c'; apply: (@net_gradient _ _ _ _ _ th (X i) c' (d1 i)).
  apply: (@jac_gradient _ _ _ _ _ s2 th (X i) c p) => [|k]; first exact: d1.
  by case: (h i k).
move=> q; rewrite /hessian /ggn /residual_hessian -mean_plus; apply: mean_eq => i.
rewrite -rsum_plus; apply: rsum_eq => c; congr (_ + _).
rewrite rsum_scalr; apply: rsum_eq => c'.
by rewrite Rmult_assoc [X in _ * X]Rmult_comm -Rmult_assoc.
Qed.

(** (∇L)_p = (1/n) Σ_i Σ_c r_ic J_icp *)
Theorem loss_partial th p : smooth_on th -> is_partial loss th p (loss_grad th p).
Proof.
move=> h; have d1 i k := smooth_derive (h i k).
exact: (gradient_partial p (@loss_gradient th d1)).
Qed.

(** T02(a): ∂²L/∂θ_q∂θ_p = G_pq + F_pq *)
Theorem loss_partial2 th p q :
  smooth_on th -> is_partial2 loss th p q (ggn th p q + residual_hessian th p q).
Proof.
move=> h; exact: (gradient_partial2 (near_loss_gradient q h) (loss_grad_gradient p h)).
Qed.

End Loss.
