(** Square matrices of reals as functions on a finite index type I.

    Quadratic forms vᵀAv, positive semi-definite matrices and their Cauchy-Schwarz
    inequality, and bounds that speak of the top eigenvalue of a symmetric matrix through
    Rayleigh quotients: [lmax_le A c] is λ_1(A) ≤ c and [lmax_ge A c] is λ_1(A) ≥ c. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Section Vectors.
Variable I : finType.
Implicit Types (u v w : I -> R) (c : R).

(** u·v and ‖v‖² *)
Definition dot u v : R := \rsum_i u i * v i.
Definition norm2 v : R := \rsum_i v i ^ 2.

(** e_k *)
Definition unitv (k : I) : I -> R := fun i => dlt (i == k) 1.

Lemma dotC u v : dot u v = dot v u.
Proof. by apply: rsum_eq => i; ring. Qed.

Lemma dotvv v : dot v v = norm2 v.
Proof. by apply: rsum_eq => i; ring. Qed.

Lemma dot_addl u v w : dot (fun i => u i + v i) w = dot u w + dot v w.
Proof. by rewrite /dot -rsum_plus; apply: rsum_eq => i; ring. Qed.

Lemma dot_scall c u v : dot (fun i => c * u i) v = c * dot u v.
Proof. by rewrite /dot rsum_scal; apply: rsum_eq => i; ring. Qed.

Lemma dot_eq u u' v v' : u =1 u' -> v =1 v' -> dot u v = dot u' v'.
Proof. by move=> eu ev; apply: rsum_eq => i; rewrite eu ev. Qed.

Lemma norm2_eq u v : u =1 v -> norm2 u = norm2 v.
Proof. by move=> e; apply: rsum_eq => i; rewrite e. Qed.

Lemma norm2_ge0 v : 0 <= norm2 v.
Proof. by apply: rsum_ge0 => i; apply: pow2_ge_0. Qed.

Lemma norm2_scal c v : norm2 (fun i => c * v i) = c ^ 2 * norm2 v.
Proof. by rewrite /norm2 rsum_scal; apply: rsum_eq => i; ring. Qed.

Lemma norm2_add u v : norm2 (fun i => u i + v i) = norm2 u + 2 * dot u v + norm2 v.
Proof. by rewrite /norm2 /dot rsum_scal -!rsum_plus; apply: rsum_eq => i; ring. Qed.

Lemma norm2_eq0 v : norm2 v = 0 -> forall i, v i = 0.
Proof.
move=> h i; have := rsum_eq0 (fun i => pow2_ge_0 (v i)) h i.
by rewrite /= Rmult_1_r => /Rmult_integral[].
Qed.

Lemma norm2_unitv k : norm2 (unitv k) = 1.
Proof.
rewrite /norm2 /unitv (rsum_delta (k := k)) ?eqxx /=; first by ring.
by move=> i /negbTE->; rewrite /=; ring.
Qed.

Lemma dot_unitvl k v : dot (unitv k) v = v k.
Proof. by rewrite dotC; apply: rsum_pick. Qed.

(** (u·v)² ≤ ‖u‖²‖v‖² *)
Lemma dot_sqr_le u v : dot u v ^ 2 <= norm2 u * norm2 v.
Proof. exact: rcauchy_schwarz. Qed.
End Vectors.

Section Matrices.
Variable I : finType.
Implicit Types (u v w : I -> R) (A B : I -> I -> R) (c : R).

Definition mulv A v : I -> R := fun i => \rsum_j A i j * v j.
Definition mulm A B : I -> I -> R := fun i j => \rsum_k A i k * B k j.
Definition idm : I -> I -> R := fun i j => dlt (i == j) 1.
Definition mpow A (t : nat) : I -> I -> R := iter t (mulm A) idm.
Definition trace A : R := \rsum_i A i i.

(** <A, B> = tr(AᵀB) and ‖A‖_F² *)
Definition inner A B : R := \rsum_i \rsum_j A i j * B i j.
Definition frob2 A : R := \rsum_i \rsum_j A i j ^ 2.

(** uᵀAv and vᵀAv *)
Definition bilin A u v : R := \rsum_i \rsum_j u i * A i j * v j.
Definition quad A v : R := \rsum_i \rsum_j v i * A i j * v j.

Definition sym A : Prop := forall i j, A i j = A j i.
Definition psd A : Prop := forall v, 0 <= quad A v.

(** λ_1(A) ≤ c and λ_1(A) ≥ c, for symmetric A *)
Definition lmax_le A c : Prop := forall v, quad A v <= c * norm2 v.
Definition lmax_ge A c : Prop := exists v, 0 < norm2 v /\ c * norm2 v <= quad A v.

Lemma bilin_dot A u v : bilin A u v = dot u (mulv A v).
Proof.
by apply: rsum_eq => i; rewrite /mulv rsum_scal; apply: rsum_eq => j; ring.
Qed.

Lemma quad_dot A v : quad A v = dot v (mulv A v).
Proof. exact: bilin_dot. Qed.

Lemma mulv_eq A u v : u =1 v -> mulv A u =1 mulv A v.
Proof. by move=> e i; apply: rsum_eq => j; rewrite e. Qed.

Lemma mulv_add A u v : mulv A (fun i => u i + v i) =1 (fun i => mulv A u i + mulv A v i).
Proof. by move=> i; rewrite /mulv -rsum_plus; apply: rsum_eq => j; ring. Qed.

Lemma mulv_scal A c v : mulv A (fun i => c * v i) =1 (fun i => c * mulv A v i).
Proof. by move=> i; rewrite /mulv rsum_scal; apply: rsum_eq => j; ring. Qed.

Lemma mulv_idm v : mulv idm v =1 v.
Proof.
move=> i; rewrite -[RHS](rsum_pick v i); apply: rsum_eq => j.
by rewrite /idm eq_sym; ring.
Qed.

Lemma mulv_mulm A B v : mulv (mulm A B) v =1 mulv A (mulv B v).
Proof.
move=> i; rewrite /mulv /mulm.
under eq_bigr => j _ do rewrite rsum_scalr.
rewrite rsum_exchange; apply: rsum_eq => k; rewrite rsum_scal.
by apply: rsum_eq => j; ring.
Qed.

Lemma dot_mulv A u v : sym A -> dot (mulv A u) v = dot u (mulv A v).
Proof.
move=> s; rewrite -bilin_dot /bilin rsum_exchange; apply: rsum_eq => i.
by rewrite /mulv rsum_scalr; apply: rsum_eq => j; rewrite s; ring.
Qed.

Lemma quad_eq A u v : u =1 v -> quad A u = quad A v.
Proof. by move=> e; rewrite !quad_dot; apply: dot_eq => //; apply: mulv_eq. Qed.

Lemma quad_eqm A B v : (forall i j, A i j = B i j) -> quad A v = quad B v.
Proof. by move=> e; do 2!apply: rsum_eq => ?; rewrite e. Qed.

Lemma quad_add A u v :
  sym A -> quad A (fun i => u i + v i) = quad A u + 2 * bilin A u v + quad A v.
Proof.
move=> s; have bC : bilin A v u = bilin A u v by rewrite !bilin_dot -dot_mulv // dotC.
rewrite (_ : 2 * _ = bilin A u v + bilin A v u); last by rewrite bC; ring.
rewrite /quad /bilin -!rsum_plus; apply: rsum_eq => i.
by rewrite -!rsum_plus; apply: rsum_eq => j; ring.
Qed.

Lemma quad_scal A c v : quad A (fun i => c * v i) = c ^ 2 * quad A v.
Proof.
by rewrite /quad rsum_scal; apply: rsum_eq => i; rewrite rsum_scal; apply: rsum_eq => j; ring.
Qed.

Lemma quad_addm A B v : quad (fun i j => A i j + B i j) v = quad A v + quad B v.
Proof.
rewrite /quad -rsum_plus; apply: rsum_eq => i.
by rewrite -rsum_plus; apply: rsum_eq => j; ring.
Qed.

Lemma quad_subm A B v : quad (fun i j => A i j - B i j) v = quad A v - quad B v.
Proof.
rewrite /quad -rsum_minus; apply: rsum_eq => i.
by rewrite -rsum_minus; apply: rsum_eq => j; ring.
Qed.

Lemma quad_scalm A c v : quad (fun i j => c * A i j) v = c * quad A v.
Proof.
by rewrite /quad rsum_scal; apply: rsum_eq => i; rewrite rsum_scal; apply: rsum_eq => j; ring.
Qed.

Lemma quad_idm v : quad idm v = norm2 v.
Proof. by rewrite quad_dot -dotvv; apply: dot_eq => //; apply: mulv_idm. Qed.

Lemma bilin_unitv A i j : bilin A (unitv i) (unitv j) = A i j.
Proof. by rewrite bilin_dot dot_unitvl; apply: rsum_pick. Qed.

Lemma quad_unitv A i : quad A (unitv i) = A i i.
Proof. exact: bilin_unitv. Qed.

Lemma frob2_inner A : frob2 A = inner A A.
Proof. by do 2!apply: rsum_eq => ?; ring. Qed.

Lemma inner_trace A B : inner A B = trace (mulm (fun i j => A j i) B).
Proof. exact: rsum_exchange. Qed.

Lemma trace_mulm_sym A B : sym A -> trace (mulm A B) = inner A B.
Proof.
by move=> s; rewrite inner_trace; do 2!apply: rsum_eq => ?; rewrite s.
Qed.

(** <A, B>² ≤ ‖A‖_F² ‖B‖_F² *)
Lemma inner_sqr_le A B : inner A B ^ 2 <= frob2 A * frob2 B.
Proof. by rewrite /inner /frob2 !rsum_pair; apply: rcauchy_schwarz. Qed.

(** ‖Av‖² ≤ ‖A‖_F² ‖v‖² *)
Lemma norm2_mulv_frob A v : norm2 (mulv A v) <= frob2 A * norm2 v.
Proof.
rewrite /norm2 /frob2 rsum_scalr; apply: rsum_le => i; exact: rcauchy_schwarz.
Qed.

(** ** Positive semi-definite matrices *)

(** A parabola that is never negative has no positive discriminant. *)
Lemma discriminant_le0 a b c :
  0 <= c -> (forall t, 0 <= a + 2 * t * b + t ^ 2 * c) -> b ^ 2 <= a * c.
Proof.
move=> c0 h; case: (Req_dec c 0) => [e|c1].
  suff -> : b = 0 by rewrite e; lra.
  case: (Req_dec b 0) => // b0; have := h (- (a + 1) / (2 * b)); rewrite e.
  suff -> : a + 2 * (- (a + 1) / (2 * b)) * b + (- (a + 1) / (2 * b)) ^ 2 * 0 = -1 by lra.
  by field.
have := Rmult_le_pos _ _ c0 (h (- b / c)).
suff -> : c * (a + 2 * (- b / c) * b + (- b / c) ^ 2 * c) = a * c - b ^ 2 by lra.
by field.
Qed.

(** (uᵀAv)² ≤ uᵀAu · vᵀAv *)
Lemma psd_cauchy_schwarz A u v : sym A -> psd A -> bilin A u v ^ 2 <= quad A u * quad A v.
Proof.
move=> s p; apply: discriminant_le0 => // t.
have := p (fun i => u i + t * v i); rewrite quad_add // quad_scal.
suff -> : bilin A u (fun i => t * v i) = t * bilin A u v by lra.
rewrite /bilin rsum_scal; apply: rsum_eq => i.
by rewrite rsum_scal; apply: rsum_eq => j; ring.
Qed.

(** λ_1(A) ≤ c and A ⪰ 0: ‖Av‖² ≤ c vᵀAv *)
Lemma norm2_mulv_le A c v : sym A -> psd A -> lmax_le A c -> norm2 (mulv A v) <= c * quad A v.
Proof.
move=> s p l; set w := mulv A v.
have wE : bilin A w v = norm2 w by rewrite bilin_dot -/w dotvv.
have := psd_cauchy_schwarz w v s p; rewrite wE => cs.
have := l w; have := l v; have := p v; have := norm2_ge0 v; have := norm2_ge0 w.
move: (norm2 w) (norm2 v) (quad A v) (quad A w) cs => x y q r cs x0 y0 q0 qc rc.
case: (Rle_lt_dec 0 c) => c0; last first.
  have q1 : q = 0 by nra.
  suff : x = 0 by rewrite q1; lra.
  by move: cs; rewrite q1; nra.
have h : x * x <= x * (c * q) by nra.
case: (Req_dec x 0) => [->|x1]; first by nra.
by apply: (Rmult_le_reg_l x) => //; lra.
Qed.

Lemma psd_diag_ge0 A i : psd A -> 0 <= A i i.
Proof. by move=> p; rewrite -(quad_unitv A i). Qed.

Lemma psd_entry_le A i j : sym A -> psd A -> A i j ^ 2 <= A i i * A j j.
Proof.
move=> s p; have := psd_cauchy_schwarz (unitv i) (unitv j) s p.
by rewrite bilin_unitv !quad_unitv.
Qed.

Lemma trace_ge0 A : psd A -> 0 <= trace A.
Proof. by move=> p; apply: rsum_ge0 => i; apply: psd_diag_ge0. Qed.

(** A ⪰ 0: λ_1(A) ≤ tr A *)
Lemma lmax_le_trace A : sym A -> psd A -> lmax_le A (trace A).
Proof.
move=> s p v.
have d i := psd_diag_ge0 i p.
apply: Rle_trans (_ : (\rsum_i sqrt (A i i) * Rabs (v i)) ^ 2 <= _).
  rewrite (_ : _ ^ 2 = \rsum_i \rsum_j
      (sqrt (A i i) * Rabs (v i)) * (sqrt (A j j) * Rabs (v j))); last first.
    by rewrite -rsum_prod; ring.
  apply: rsum_le => i; apply: rsum_le => j.
  apply: Rle_trans (Rle_abs _) _; rewrite !Rabs_mult.
  rewrite (_ : _ * (sqrt (A j j) * _) =
      Rabs (v i) * sqrt (A i i * A j j) * Rabs (v j)); last by rewrite sqrt_mult //; ring.
  apply: Rmult_le_compat_r (Rabs_pos _) _; apply: Rmult_le_compat_l (Rabs_pos _) _.
  by rewrite -sqrt_Rsqr_abs; apply: sqrt_le_1_alt; rewrite Rsqr_pow2; apply: psd_entry_le.
apply: Rle_trans (rcauchy_schwarz _ _) _.
rewrite (_ : \rsum_i sqrt (A i i) ^ 2 = trace A); last first.
  by apply: rsum_eq => i; rewrite pow2_sqrt.
rewrite (_ : \rsum_i Rabs (v i) ^ 2 = norm2 v); first exact: Rle_refl.
by apply: rsum_eq => i; rewrite pow2_abs.
Qed.

(** A ⪰ 0: ‖A‖_F² ≤ (tr A)² *)
Lemma frob2_le_trace A : sym A -> psd A -> frob2 A <= trace A ^ 2.
Proof.
move=> s p; rewrite (_ : trace A ^ 2 = trace A * trace A); last by ring.
by rewrite /trace rsum_prod; do 2!apply: rsum_le => ?; apply: psd_entry_le.
Qed.
End Matrices.

(** ** Gram matrices Σ_k c_k u_k u_kᵀ *)
Section Gram.
Variables I K : finType.
Implicit Types (A : I -> I -> R) (c : K -> R) (u : K -> I -> R).

Definition gram c u : I -> I -> R := fun i j => \rsum_k c k * u k i * u k j.

Lemma gram_sym c u : sym (gram c u).
Proof. by move=> i j; apply: rsum_eq => k; ring. Qed.

Lemma inner_gram A c u : inner A (gram c u) = \rsum_k c k * quad A (u k).
Proof.
rewrite /inner /gram.
under eq_bigr => i _ do (under eq_bigr => j _ do rewrite rsum_scal; rewrite rsum_exchange).
rewrite rsum_exchange; apply: rsum_eq => k; rewrite /quad rsum_scal; apply: rsum_eq => i.
by rewrite rsum_scal; apply: rsum_eq => j; ring.
Qed.

Lemma trace_gram c u : trace (gram c u) = \rsum_k c k * norm2 (u k).
Proof.
rewrite /trace rsum_exchange; apply: rsum_eq => k; rewrite rsum_scal.
by apply: rsum_eq => i; ring.
Qed.

Lemma mulv_gram c u v i : mulv (gram c u) v i = \rsum_k c k * dot (u k) v * u k i.
Proof.
rewrite /mulv /gram.
under [LHS]eq_bigr => j _ do rewrite rsum_scalr.
rewrite rsum_exchange; apply: rsum_eq => k.
by rewrite /dot rsum_scal rsum_scalr; apply: rsum_eq => j; ring.
Qed.

Lemma quad_gram c u v : quad (gram c u) v = \rsum_k c k * dot (u k) v ^ 2.
Proof.
rewrite quad_dot; under [LHS]eq_bigr => i _ do rewrite mulv_gram rsum_scal.
rewrite rsum_exchange; apply: rsum_eq => k.
set d := dot (u k) v; rewrite (_ : c k * d ^ 2 = (c k * d) * d); last by ring.
rewrite [in X in _ = _ * X]/d /dot [RHS]rsum_scal.
by apply: rsum_eq => i; ring.
Qed.

Lemma gram_psd c u : (forall k, 0 <= c k) -> psd (gram c u).
Proof.
move=> h v; rewrite quad_gram; apply: rsum_ge0 => k.
by apply: Rmult_le_pos (h k) _; apply: pow2_ge_0.
Qed.

(** A ⪰ 0: <A, G> ≥ 0 *)
Lemma inner_gram_ge0 A c u : psd A -> (forall k, 0 <= c k) -> 0 <= inner A (gram c u).
Proof.
by move=> p h; rewrite inner_gram; apply: rsum_ge0 => k; apply: Rmult_le_pos.
Qed.

(** λ_1(A) ≤ a: <A, G> ≤ a tr G *)
Lemma inner_gram_le A a c u :
  lmax_le A a -> (forall k, 0 <= c k) -> inner A (gram c u) <= a * trace (gram c u).
Proof.
move=> l h; rewrite inner_gram trace_gram rsum_scal; apply: rsum_le => k.
rewrite -Rmult_assoc [a * _]Rmult_comm Rmult_assoc; exact: Rmult_le_compat_l.
Qed.

(** A ⪰ a I: a tr G ≤ <A, G> *)
Lemma inner_gram_ge A a c u :
  (forall v, a * norm2 v <= quad A v) -> (forall k, 0 <= c k) ->
  a * trace (gram c u) <= inner A (gram c u).
Proof.
move=> l h; rewrite inner_gram trace_gram rsum_scal; apply: rsum_le => k.
rewrite -Rmult_assoc [a * _]Rmult_comm Rmult_assoc; exact: Rmult_le_compat_l.
Qed.
End Gram.
