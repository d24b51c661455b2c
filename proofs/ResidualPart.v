(** The residual part F of H = G + F (T02): in neuron order it is block diagonal and zero
    on the output biases, with the blocks F_k = [[M_k, U_k], [U_kᵀ, 0]] on (w̃_k, a_k),

      M_k = (1/n) Σ_i (r_i·a_k) σ''(z_ik) x̃_i x̃_iᵀ,   U_k = (1/n) Σ_i σ'(z_ik) x̃_i r_iᵀ;

    ‖F‖ = max_k ‖F_k‖, and no eigenvalue of H is farther than ‖F‖ from that of G. For the
    squared loss ‖F‖ <= √(2L) ((1/n) Σ_i Σ_c ‖∇²f_c(x_i)‖²)^½. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives Network Loss Losses SquareMatrices.
From LandTheory Require Import Eigensystems PsdFactor Inertia CrossEntropy.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ** Norms of sums *)
Section Triangle.
Variable P : finType.
Implicit Types (A B : P -> P -> R) (u v : P -> R).

(** ‖A‖ <= c iff |uᵀAv| <= c ‖u‖ ‖v‖ for all u, v *)
Lemma opnorm_bilin A c : opnorm_le A c <->
  0 <= c /\ forall u v, Rabs (bilin A u v) <= c * (sqrt (norm2 u) * sqrt (norm2 v)).
Proof.
split=> -[c0 h]; split=> //.
  move=> u v; rewrite bilin_dot; apply: Rsqr_incr_0; last first.
  - by apply: Rmult_le_pos c0 _; apply: Rmult_le_pos; apply: sqrt_pos.
  - exact: Rabs_pos.
  rewrite -Rsqr_abs !Rsqr_pow2 !Rpow_mult_distr !pow2_sqrt; try exact: norm2_ge0.
  apply: Rle_trans (dot_sqr_le _ _) _.
  have := Rmult_le_compat_l _ _ _ (norm2_ge0 u) (h v); lra.
move=> v; have n0 := norm2_ge0 (mulv A v); have := h (mulv A v) v.
rewrite bilin_dot dotvv Rabs_pos_eq // => {}h.
case: (Req_dec (norm2 (mulv A v)) 0) => [->|ne].
  by apply: Rmult_le_pos (norm2_ge0 v); apply: pow2_ge_0.
have q0 : 0 < sqrt (norm2 (mulv A v)) by apply: sqrt_lt_R0; lra.
have qq := sqrt_sqrt _ n0; have vv := sqrt_sqrt _ (norm2_ge0 v); have v0 := sqrt_pos (norm2 v).
move: q0 qq vv v0 h; set q := sqrt _; set t := sqrt (norm2 v) => q0 <- <- t0 h.
have : q <= c * t by apply: (Rmult_le_reg_l q) => //; lra.
have := Rmult_le_pos _ _ c0 t0; nra.
Qed.

(** the mean over the sample of Σ_c w_ic A_ic *)
Lemma opnorm_mean n (C : finType) (w b : 'I_n -> C -> R) (A : 'I_n -> C -> P -> P -> R) :
  (forall i c, opnorm_le (A i c) (b i c)) ->
  opnorm_le (fun p q => mean (fun i => \rsum_c w i c * A i c p q))
    (mean (fun i => \rsum_c Rabs (w i c) * b i c)).
Proof.
move=> h; apply/opnorm_bilin; split.
  by apply: mean_ge0 => i; apply: rsum_ge0 => c; apply: Rmult_le_pos (Rabs_pos _) (proj1 (h i c)).
move=> u v; set t := sqrt _ * _.
have -> : bilin (fun p q => mean (fun i => \rsum_c w i c * A i c p q)) u v
    = mean (fun i => \rsum_c w i c * bilin (A i c) u v).
  rewrite /bilin; under eq_bigr => p _ do
    (under eq_bigr => q _ do rewrite -mean_scal -mean_scalr; rewrite -mean_rsum).
  rewrite -mean_rsum; apply: mean_eq => i.
  under [RHS]eq_bigr => c _ do rewrite rsum_scal.
  rewrite [RHS]rsum_exchange; apply: rsum_eq => p.
  under [RHS]eq_bigr => c _ do rewrite rsum_scal.
  rewrite [RHS]rsum_exchange; apply: rsum_eq => q.
  by rewrite rsum_scal rsum_scalr; apply: rsum_eq => c; ring.
apply: Rle_trans (mean_abs _) _; rewrite -mean_scalr; apply: mean_le => i.
apply: Rle_trans (rsum_abs _) _; rewrite rsum_scalr; apply: rsum_le => c.
rewrite Rabs_mult Rmult_assoc; apply: Rmult_le_compat_l; first exact: Rabs_pos.
by have /opnorm_bilin[_] := h i c; apply.
Qed.

Lemma opnorm_mono A c c' : c <= c' -> opnorm_le A c -> opnorm_le A c'.
Proof.
move=> le [c0 h]; split=> [|v]; first by lra.
apply: Rle_trans (h v) _; apply: Rmult_le_compat_r (norm2_ge0 v) _.
by apply: pow_incr; lra.
Qed.
End Triangle.

(** (1/n) Σ_i Σ_c |w_ic| b_ic <= ((1/n) Σ w²)^½ ((1/n) Σ b²)^½ *)
Lemma mean_cauchy_schwarz n (C : finType) (w b : 'I_n -> C -> R) :
  mean (fun i => \rsum_c Rabs (w i c) * b i c) <=
  sqrt (mean (fun i => \rsum_c w i c ^ 2)) * sqrt (mean (fun i => \rsum_c b i c ^ 2)).
Proof.
have sq0 (f : 'I_n -> C -> R) : 0 <= \rsum_i \rsum_c f i c ^ 2.
  by apply: rsum_ge0 => i; apply: rsum_ge0 => c; apply: pow2_ge_0.
rewrite -sqrt_mult_alt; last by apply: Rmult_le_pos; [apply: inv_INR_ge0 | apply: sq0].
apply: Rle_trans (Rle_abs _) _; rewrite -sqrt_Rsqr_abs; apply: sqrt_le_1_alt.
rewrite Rsqr_pow2 /mean Rpow_mult_distr.
rewrite (_ : _ * _ * (_ * _) = (/ INR n) ^ 2 *
  ((\rsum_i \rsum_c w i c ^ 2) * \rsum_i \rsum_c b i c ^ 2)); last by ring.
apply: Rmult_le_compat_l; first exact: pow2_ge_0.
rewrite !rsum_pair; apply: Rle_trans (rcauchy_schwarz _ _) _.
by apply: Req_le; congr (_ * _); apply: rsum_eq => ic; rewrite ?pow2_abs.
Qed.

Section Residual.
Variables n m d C : nat.
Variables sigma s1 s2 : R -> R.
Variables (ell : 'I_n -> ('I_C -> R) -> R) (r : 'I_n -> ('I_C -> R) -> 'I_C -> R)
  (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Implicit Types (v : par m d C -> R) (p q : par m d C) (k l : 'I_m) (c : 'I_C).

Local Notation res := (residual sigma r X th).
Local Notation F := (residual_hessian sigma s1 s2 r X th).
Local Notation G := (ggn sigma s1 S X th).
Local Notation H := (hessian sigma s1 s2 r S X th).

(** M_k and U_k *)
Definition residual_hid k (j j' : option 'I_d) : R := mean (fun i =>
  (\rsum_(c : 'I_C) res i c * th (out k c)) * s2 (pre th (X i) k) * ext (X i) j * ext (X i) j').
Definition residual_cross k (j : option 'I_d) c : R :=
  mean (fun i => s1 (pre th (X i) k) * ext (X i) j * res i c).

(** F_k *)
Definition residual_block k (p q : option 'I_d + 'I_C) : R :=
  match p, q with
  | inl j, inl j' => residual_hid k j j'
  | inl j, inr c => residual_cross k j c
  | inr c, inl j => residual_cross k j c
  | inr _, inr _ => 0
  end.

Lemma mean_zero (g : 'I_n -> R) : (forall i, g i = 0) -> mean g = 0.
Proof. by move=> h; rewrite /mean rsum0 //; ring. Qed.

(** T02(b): the entries of F *)
Theorem residual_entry p q : F p q =
  match p, q with
  | hid k j, hid l j' => dlt (k == l) (residual_hid k j j')
  | hid k j, out l c => dlt (k == l) (residual_cross k j c)
  | out l c, hid k j => dlt (k == l) (residual_cross k j c)
  | _, _ => 0
  end.
Proof.
have cross k l c j : mean (fun i => \rsum_c'
    res i c' * dlt (c == c') (dlt (k == l) (s1 (pre th (X i) k) * ext (X i) j)))
    = dlt (k == l) (residual_cross k j c).
  case: (k == l) => /=; last first.
    by apply: mean_zero => i; apply: rsum0 => c'; case: (c == c') => /=; ring.
  apply: mean_eq => i; rewrite (rsum_delta (k := c)) => [|c']; first by rewrite eqxx /=; ring.
  by rewrite eq_sym => /negbTE->; rewrite /=; ring.
rewrite /residual_hessian; case: p q => [[[k j]|[k c]]|c] [[[l j']|[l c']]|c'] //=;
  try exact: cross; try by apply: mean_zero => i; apply: rsum0 => e; ring.
case: (k == l) => /=; last by apply: mean_zero => i; apply: rsum0 => e; ring.
by apply: mean_eq => i; rewrite !rsum_scalr; apply: rsum_eq => c; ring.
Qed.

(** the part of v on neuron k *)
Definition unit_part v k (p : option 'I_d + 'I_C) : R :=
  match p with inl j => v (hid k j) | inr c => v (out k c) end.

Lemma mulv_residual v p : mulv F v p =
  match p with
  | hid k j => mulv (residual_block k) (unit_part v k) (inl j)
  | out k c => mulv (residual_block k) (unit_part v k) (inr c)
  | off _ => 0
  end.
Proof.
rewrite /mulv rsum_par; under eq_bigr => k _ do
  under eq_bigr => j _ do rewrite residual_entry.
under [X in _ + X + _]eq_bigr => k _ do under eq_bigr => c _ do rewrite residual_entry.
under [X in _ + _ + X]eq_bigr => c _ do rewrite residual_entry.
case: p => [[[k j]|[k c]]|c] /=.
- rewrite [X in _ + _ + X]rsum0 => [|c]; last by ring.
  rewrite Rplus_0_r [X in _ = X]rsum_sum; congr (_ + _).
    rewrite (rsum_delta (k := k)) ?eqxx // => l; rewrite eq_sym => /negbTE->.
    by apply: rsum0 => j'; rewrite /=; ring.
  rewrite (rsum_delta (k := k)) ?eqxx // => l; rewrite eq_sym => /negbTE->.
  by apply: rsum0 => c; rewrite /=; ring.
- rewrite [X in _ + _ + X]rsum0 => [|e]; last by ring.
  rewrite [X in _ + X + _]rsum0 => [|l]; last by apply: rsum0 => e; ring.
  rewrite !Rplus_0_r [X in _ = X]rsum_sum /= [X in _ = _ + X]rsum0 => [|e]; last by ring.
  rewrite Rplus_0_r (rsum_delta (k := k)) ?eqxx // => l /negbTE->.
  by apply: rsum0 => j; rewrite /=; ring.
- by rewrite !rsum0 ?Rplus_0_r // => *; rewrite ?rsum0 // => *; ring.
Qed.

(** v_kᵀF_kv_k = ẇ_kᵀM_kẇ_k + 2ẇ_kᵀU_kȧ_k *)
Lemma quad_block k (v : option 'I_d + 'I_C -> R) : quad (residual_block k) v =
  quad (residual_hid k) (fun j => v (inl j))
  + 2 * \rsum_(j : option 'I_d) \rsum_(c : 'I_C) v (inl j) * residual_cross k j c * v (inr c).
Proof.
rewrite /quad rsum_sum; under eq_bigr => j _ do rewrite rsum_sum.
rewrite rsum_plus /= Rplus_assoc; congr (_ + _).
rewrite RIneq.double; congr (_ + _); rewrite [RHS]rsum_exchange; apply: rsum_eq => c.
rewrite rsum_sum [X in _ + X]rsum0 => [|e]; last by rewrite /=; ring.
by rewrite Rplus_0_r; apply: rsum_eq => j; rewrite /=; ring.
Qed.

(** vᵀFv = Σ_k v_kᵀF_kv_k *)
Lemma quad_neuron v : quad F v = \rsum_(k : 'I_m) quad (residual_block k) (unit_part v k).
Proof.
rewrite quad_dot /dot rsum_par [X in _ + X]rsum0 => [|c]; last by rewrite mulv_residual; ring.
rewrite Rplus_0_r -rsum_plus; apply: rsum_eq => k; rewrite quad_dot /dot rsum_sum.
by congr (_ + _); apply: rsum_eq => i; rewrite mulv_residual.
Qed.

(** T02(b): vᵀFv = Σ_k ẇ_kᵀM_kẇ_k + 2ẇ_kᵀU_kȧ_k *)
Theorem residual_quad v : quad F v = \rsum_(k : 'I_m)
  (quad (residual_hid k) (fun j => v (hid k j))
   + 2 * \rsum_(j : option 'I_d) \rsum_(c : 'I_C)
       v (hid k j) * residual_cross k j c * v (out k c)).
Proof. by rewrite quad_neuron; apply: rsum_eq => k; rewrite quad_block. Qed.

Lemma norm2_neuron v :
  norm2 v = (\rsum_(k : 'I_m) norm2 (unit_part v k)) + \rsum_(c : 'I_C) v (off c) ^ 2.
Proof.
rewrite /norm2 rsum_par -rsum_plus; congr (_ + _).
by apply: rsum_eq => k; rewrite rsum_sum.
Qed.

Lemma norm2_residual v :
  norm2 (mulv F v) = \rsum_(k : 'I_m) norm2 (mulv (residual_block k) (unit_part v k)).
Proof.
rewrite norm2_neuron [X in _ + X]rsum0 => [|c]; last by rewrite mulv_residual; ring.
rewrite Rplus_0_r; apply: rsum_eq => k; apply: norm2_eq => -[j|c];
  by rewrite /unit_part mulv_residual.
Qed.

(** T02(c.2): ‖F‖ = max_k ‖F_k‖ *)
Theorem residual_norm t : 0 <= t ->
  opnorm_le F t <-> forall k, opnorm_le (residual_block k) t.
Proof.
move=> t0; split=> [[_ h] k|h]; split=> // v.
  pose w (p : par m d C) := match p with
    | hid l j => dlt (l == k) (v (inl j)) | out l c => dlt (l == k) (v (inr c)) | off _ => 0 end.
  have wk : unit_part w k =1 v by case=> [j|c]; rewrite /unit_part /= eqxx.
  have wN : norm2 w = norm2 v.
    rewrite norm2_neuron [X in _ + X]rsum0 => [|c]; last by rewrite /=; ring.
    rewrite Rplus_0_r (rsum_delta (k := k)) => [|l /negbTE lk]; first exact: norm2_eq.
    by apply: rsum0 => -[j|c]; rewrite /unit_part /= lk /=; ring.
  have := h w; rewrite wN norm2_residual -(norm2_eq (mulv_eq _ wk)); apply: Rle_trans.
  apply: (rsum_term_le (F := fun l => norm2 (mulv (residual_block l) (unit_part w l)))) => l.
  exact: norm2_ge0.
rewrite norm2_residual; apply: (Rle_trans _ (t ^ 2 * \rsum_(k : 'I_m) norm2 (unit_part v k))).
  by rewrite rsum_scal; apply: rsum_le => k; case: (h k).
apply: Rmult_le_compat_l; first exact: pow2_ge_0.
rewrite norm2_neuron -[X in X <= _]Rplus_0_r; apply: Rplus_le_compat_l.
by apply: rsum_ge0 => c; apply: pow2_ge_0.
Qed.

(** ... so |vᵀHv - vᵀGv| <= ‖F‖ ‖v‖² ... *)
Theorem hessian_quad_near t v : opnorm_le F t -> Rabs (quad H v - quad G v) <= t * norm2 v.
Proof.
move=> f; rewrite (_ : quad H v = quad G v + quad F v); last exact: quad_addm.
rewrite (_ : quad G v + quad F v - quad G v = quad F v); last by ring.
exact: opnorm_quad.
Qed.

(** T02(c.1): |λ_j(H) - λ_j(G)| <= ‖F‖: λ_j(G) >= s gives λ_j(H) >= s - ‖F‖, and back. *)
Theorem hessian_weyl t j s : opnorm_le F t ->
  (eig_ge G j s -> eig_ge H j (s - t)) /\ (eig_ge H j s -> eig_ge G j (s - t)).
Proof.
move=> f; split=> [|[e [o h]]]; first exact: weyl_lower.
exists e; split=> // a; have := h a; have := hessian_quad_near (comb e a) f.
by move=> /Rabs_le_between; lra.
Qed.

(** T02(a.2): G ⪰ 0 if every S_i ⪰ 0 *)
Theorem ggn_psd : (forall i, psd (output_hessian sigma S X th i)) -> psd G.
Proof. by move=> h v; rewrite quad_ggn; apply: mean_ge0 => i; apply: h. Qed.

Lemma ggn_sym : (forall i, sym (output_hessian sigma S X th i)) -> sym G.
Proof.
move=> h p q; apply: mean_eq => i; rewrite [RHS]rsum_exchange; apply: rsum_eq => c.
by apply: rsum_eq => e; rewrite h; ring.
Qed.

Lemma residual_sym : sym F.
Proof. by move=> p q; apply: mean_eq => i; apply: rsum_eq => c; rewrite hess_sym. Qed.

Lemma hessian_sym : (forall i, sym (output_hessian sigma S X th i)) -> sym H.
Proof. by move=> h p q; rewrite /hessian (ggn_sym h) residual_sym. Qed.
End Residual.

(** T02(d): squared loss, ‖F‖ <= √(2L) ((1/n) Σ_i Σ_c ‖∇²f_c(x_i)‖²)^½ *)
Theorem squared_residual_norm n m d C sigma s1 s2 (X : 'I_n -> 'I_d -> R) (y : 'I_n -> 'I_C -> R)
    (th : par m d C -> R) (b : 'I_n -> 'I_C -> R) :
  (forall i c, opnorm_le (hess s1 s2 th (X i) c) (b i c)) ->
  opnorm_le (residual_hessian sigma s1 s2 (fun i => squared_r (y i)) X th)
    (sqrt (2 * loss sigma (fun i => squared (y i)) X th)
     * sqrt (mean (fun i => \rsum_c b i c ^ 2))).
Proof.
move=> h; pose w i c := squared_r (y i) (output sigma X th i) c.
apply: (opnorm_mono (c := mean (fun i => \rsum_c Rabs (w i c) * b i c))); last exact: opnorm_mean.
apply: Rle_trans (mean_cauchy_schwarz w b) _; apply: Req_le; congr (sqrt _ * _).
by rewrite /loss -mean_scal; apply: mean_eq => i; rewrite /squared -Rmult_assoc Rinv_r ?Rmult_1_l; [|lra].
Qed.
