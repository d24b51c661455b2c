(** Every hypothesis of every statement can be met: each theorem, applied to an example. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect all_algebra.
From LandTheory Require Import Sums Derivatives Network Activations SquareMatrices
  Eigensystems Rank PsdFactor Inertia Arrowhead Loss Losses FirstLayerBlocks
  Complexity ComplexityBounds ResidualBound BoundVariants CrossEntropy Determinants
  Spectral TeacherStudent ReluSpectrum TeacherStudentErf ErfLoss FirstLayer Fisher
  ResidualPart PiecewiseLinear Rescaling Flatness GenericPoints GramMatrix
  StabilityBound KinkBound OffDiagonal LinearNetworks LinearNetworksGeneric
  LinearNetworksVariants Margin Refutations ReluTwoStudents TeacherStudentSmooth
  VonNeumann Statements.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ** The network, its losses and its curvature *)

(** ‖Jv‖² <= ‖J‖_F²‖v‖², so every network satisfies the hypotheses of T27. *)
Lemma frobenius_bound n m d C sigma s1 (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) i v :
  \rsum_c jv sigma s1 X th v i c ^ 2 <=
  (\rsum_c \rsum_p jacobian sigma s1 X th i c p ^ 2) * norm2 v.
Proof. by rewrite rsum_scalr; apply: rsum_le => c; apply: rcauchy_schwarz. Qed.

Lemma quad_frobenius (I : finType) (A : I -> I -> R) v :
  Rabs (quad A v) <= sqrt (frob2 A) * norm2 v.
Proof.
have n0 := norm2_ge0 v; have f0 : 0 <= frob2 A.
  by apply: rsum_ge0 => i; apply: rsum_ge0 => j; apply: pow2_ge_0.
rewrite -[norm2 v](sqrt_pow2 _ n0) -sqrt_mult //; last exact: pow2_ge_0.
rewrite -sqrt_Rsqr_abs; apply: sqrt_le_1; first exact: Rle_0_sqr.
  by apply: Rmult_le_pos => //; apply: pow2_ge_0.
rewrite quad_dot /Rsqr -/(pow _ 2).
apply: Rle_trans (_ : norm2 v * norm2 (mulv A v) <= _).
  by have := dot_sqr_le v (mulv A v); rewrite /=; lra.
by have := norm2_mulv_frob A v; nra.
Qed.

Definition sup_hess n m d C s1 s2 (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) : R :=
  \rsum_i \rsum_c sqrt (frob2 (hess s1 s2 th (X i) c)).

Lemma hess_bound n m d C s1 s2 (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) i c v :
  Rabs (quad (hess s1 s2 th (X i) c) v) <= sup_hess s1 s2 X th * norm2 v.
Proof.
apply: Rle_trans (quad_frobenius _ v) _; apply: Rmult_le_compat_r; first exact: norm2_ge0.
apply: (Rle_trans _ (\rsum_e sqrt (frob2 (hess s1 s2 th (X i) e)))).
  by apply: (rsum_term_le (F := fun e => sqrt (frob2 (hess s1 s2 th (X i) e)))) => e;
    apply: sqrt_pos.
apply: (rsum_term_le (F := fun i => \rsum_e sqrt (frob2 (hess s1 s2 th (X i) e)))) => k.
by apply: rsum_ge0 => e; apply: sqrt_pos.
Qed.

Section CoreExamples.
(** three samples, two inputs, three hidden units, two outputs, every entry 1 *)
Let X (i : 'I_3) (j : 'I_2) : R := 1.
Let th (p : par 3 2 2) : R := 1.
Let th1 (p : par 3 2 1) : R := 1.
Let tanh_on : smooth_on tanh tanh1 tanh2 X th := fun i k => tanh_smooth _.

Definition E_T01_gradient := @T01_gradient 3 2 2 tanh tanh1 tanh2 th (fun=> 1)
  (fun k => tanh_smooth _).
Definition E_T01_functional_hessian :=
  @T01_functional_hessian 3 2 2 tanh tanh1 tanh2 th (fun=> 1) (fun k => tanh_smooth _).
Definition E_T01_input_jacobian :=
  @T01_input_jacobian 3 2 2 tanh tanh1 tanh2 th (fun=> 1) (fun k => tanh_smooth _).
Definition E_T01_piecewise_linear := @T01_piecewise_linear 1 0 1 R1_neq_R0.
Definition E_T02_gradient := @T02_gradient 3 3 2 2 tanh tanh1 tanh2 _ _ _ X th
  (fun i => softmax_differentiable ord0) tanh_on.
Definition E_T02a_hessian := @T02a_hessian 3 3 2 2 tanh tanh1 tanh2 _ _ _ X th
  (fun i => softmax_differentiable ord0) tanh_on.
Definition E_T02e_logistic_S := @T02e_logistic_S 1 (or_intror erefl).
Definition E_T02e_logistic_r := @T02e_logistic_r 1 (or_intror erefl).
Definition E_T05_score := @T05_score 3 3 2 2 tanh tanh1 tanh2 X th _ _ _ ord0 (off ord0)
  (softmax_differentiable ord0) (fun k => tanh_smooth _).

Let coin (g : ('I_1 -> R) -> R) : R := (g (fun=> 1) + g (fun=> -1)) / 2.
Lemma coin_add g h : coin (fun v => g v + h v) = coin g + coin h.
Proof. by rewrite /coin; field. Qed.
Lemma coin_scal a g : coin (fun v => a * g v) = a * coin g.
Proof. by rewrite /coin; field. Qed.
Lemma coin_cov c e : coin (fun v => v c * v e) = dlt (e == c) 1.
Proof. by rewrite /coin !ord1 eqxx /=; field. Qed.
Definition E_T05_squared := @T05_squared 3 3 2 1 tanh tanh1 X th1 coin (off ord0) (off ord0)
  coin_add coin_scal coin_cov.

(** a network that interpolates: no residual is left *)
Lemma no_residual (i : 'I_3) c :
  squared_r (fun=> net tanh th1 (fun=> 1) ord0) (output tanh X th1 i) c = 0.
Proof. by rewrite ord1; apply: Rminus_diag_eq. Qed.
Definition E_T05b_interpolation := @T05b_interpolation 3 3 2 1 tanh tanh1 X th1
  (fun=> squared_r (fun=> net tanh th1 (fun=> 1) ord0)) (off ord0) (off ord0) no_residual.
Definition E_T05b_trace := @T05b_trace 3 3 2 2 tanh tanh1 X erefl.

Let K i := \rsum_c \rsum_p jacobian tanh tanh1 X th i c p ^ 2.
Let K1 i := \rsum_c \rsum_p jacobian tanh tanh1 X th1 i c p ^ 2.
Let Kmax : R := \rsum_i K i.
Let K1max : R := \rsum_i K1 i.
Lemma K_max i : K i <= Kmax.
Proof.
apply: (rsum_term_le (F := K)) => k.
by apply: rsum_ge0 => c; apply: rsum_ge0 => p; apply: pow2_ge_0.
Qed.
Lemma K1_max i : K1 i <= K1max.
Proof.
apply: (rsum_term_le (F := K1)) => k.
by apply: rsum_ge0 => c; apply: rsum_ge0 => p; apply: pow2_ge_0.
Qed.
Let J_le := frobenius_bound tanh tanh1 X th.
Let J1_le := frobenius_bound tanh tanh1 X th1.
Let H_le := hess_bound tanh1 tanh2 X th.
Let H1_le := hess_bound tanh1 tanh2 X th1.
Let Y : 'I_3 -> 'I_2 := fun=> ord0.
Let Y1 : 'I_3 -> R := fun=> 1.
Let Y01 (i : 'I_3) : Y1 i = 0 \/ Y1 i = 1 := or_intror erefl.

Definition E_T27_softmax_trace := @T27_softmax_trace _ _ _ _ _ _ X Y th K J_le.
Definition E_T27_softmax_ggn := @T27_softmax_ggn _ _ _ _ _ _ X Y th K J_le.
Definition E_T27_softmax_ggn_max :=
  @T27_softmax_ggn_max _ _ _ _ _ _ X Y th K Kmax J_le K_max.
Definition E_T27_softmax_residual :=
  @T27_softmax_residual _ _ _ _ tanh tanh1 tanh2 X Y th _ H_le.
Definition E_T27_softmax_hessian :=
  @T27_softmax_hessian _ _ _ _ tanh tanh1 tanh2 X Y th K _ Kmax J_le H_le K_max.
Definition E_T27_logistic_trace := @T27_logistic_trace _ _ _ tanh tanh1 X Y1 th1 Y01.
Definition E_T27_logistic_ggn :=
  @T27_logistic_ggn _ _ _ _ _ X Y1 th1 K1 K1max Y01 J1_le K1_max.
Definition E_T27_logistic_residual :=
  @T27_logistic_residual _ _ _ tanh tanh1 tanh2 X Y1 th1 _ Y01 H1_le.
Definition E_T27_logistic_hessian :=
  @T27_logistic_hessian _ _ _ tanh tanh1 tanh2 X Y1 th1 K1 _ K1max Y01 J1_le H1_le K1_max.

(** margins 1 and more: the biases of the outputs are 1 and 0 *)
Let thm (p : par 3 2 2) : R := if p == off ord_max then 0 else 1.
Let zm (p : par 3 2 1) : R := if p is off _ then 1 else 0.
Lemma thm_margin (i : 'I_3) c : c != Y i ->
  1 <= net tanh thm (X i) (Y i) - net tanh thm (X i) c.
Proof.
move=> cy; have -> : c = ord_max.
  by apply: val_inj; case: c cy => -[|[|]].
rewrite /net (_ : thm (off ord0) = 1) // (_ : thm (off ord_max) = 0); last first.
  by rewrite /thm eqxx.
by apply: Req_le; rewrite Rplus_0_r /Rminus Rplus_assoc [X in _ + X]Rplus_comm -Rplus_assoc
  Rplus_opp_r Rplus_0_l.
Qed.
Lemma zm_margin (i : 'I_3) : 1 <= (2 * Y1 i - 1) * net tanh zm (X i) ord0.
Proof. by rewrite /net /Y1 rsum0 => [|k] /=; lra. Qed.

Lemma uniform_bound k (F : 'I_k -> R) i w : (forall j, 0 <= F j) -> 0 <= w ->
  F i * w <= (\rsum_j F j) * w.
Proof. by move=> h w0; apply: Rmult_le_compat_r => //; apply: rsum_term_le. Qed.
Lemma energy_ge0 C (t : par 3 2 C -> R) i :
  0 <= \rsum_c \rsum_p jacobian tanh tanh1 X t i c p ^ 2.
Proof. by apply: rsum_ge0 => c; apply: rsum_ge0 => p; apply: pow2_ge_0. Qed.
Lemma uniform_jacobian C (t : par 3 2 C -> R) i v :
  \rsum_c jv tanh tanh1 X t v i c ^ 2 <=
  (\rsum_i \rsum_c \rsum_p jacobian tanh tanh1 X t i c p ^ 2) * norm2 v.
Proof.
apply: Rle_trans (frobenius_bound tanh tanh1 X t i v) _.
exact: (uniform_bound i (energy_ge0 t) (norm2_ge0 v)).
Qed.
Lemma one_le_two : 1 <= 2. Proof. by lra. Qed.

Definition E_T27_softmax_margin := @T27_softmax_margin 3 3 2 2 tanh tanh1 tanh2 X Y thm _ _
  2 1 one_le_two (@uniform_jacobian 2 thm) (hess_bound tanh1 tanh2 X thm) thm_margin
  (fun=> 1) erefl erefl.
Definition E_T27_logistic_margin := @T27_logistic_margin 3 3 2 tanh tanh1 tanh2 X Y1 zm _ _
  2 1 one_le_two Y01 (@uniform_jacobian 1 zm) (hess_bound tanh1 tanh2 X zm) zm_margin
  (fun=> 1) erefl.
End CoreExamples.

(** ** Eigensystems: the identity of order 2 *)
Lemma unitv_orthonormal (P : finType) : orthonormal (@unitv P).
Proof. by move=> k l; rewrite dot_unitvl /unitv; case: eqP. Qed.

Lemma identity_eigensystem : eigensystem (@idm [finType of 'I_2]) (fun=> 1) (@unitv _).
Proof.
split=> [|l p|v h p]; first exact: unitv_orthonormal.
  by rewrite mulv_idm Rmult_1_l.
by rewrite mulv_idm -(h p) dot_unitvl.
Qed.
Definition E_D_inertia := @D_inertia _ _ _ _ _ 1%N identity_eigensystem.
Definition E_D_eigen_opnorm := @D_eigen_opnorm _ _ _ _ _ 1 identity_eigensystem Rle_0_1.

(** ** T01: one ReLU unit with all weights 1 at x = 1, where z = 2 *)
Section ArrowheadExamples.
Let th (p : par 1 1 1) : R := 1.
Let x (j : 'I_1) : R := 1.

Lemma example_pre (k : 'I_1) : pre th x k = 2.
Proof. by rewrite preE big_ord_recl big_ord0 /th /x /=; ring. Qed.

Lemma example_slope k : relu1 (pre th x k) = 1.
Proof. by rewrite example_pre /relu1 pl1_pos //; apply: Rlt_0_2. Qed.

Lemma example_N : 1 + \rsum_j x j ^ 2 = 2.
Proof. by rewrite big_ord_recl big_ord0 /x; ring. Qed.

Let lam := arrow_eigenvalue (1 + \rsum_j x j ^ 2) (th (out ord0 ord0) * zero (pre th x ord0))
  (relu1 (pre th x ord0)) true.
Let e (q : par 1 1 1) : R := match q with
  | hid l j => dlt (l == ord0) (lam * ext x j)
  | out l c => dlt (c == ord0) (dlt (l == ord0) (relu1 (pre th x ord0) * (1 + \rsum_j x j ^ 2)))
  | off _ => 0
  end.

Lemma example_eigenvector p : mulv (hess relu1 zero th x ord0) e p = lam * e p.
Proof. exact: (hess_eigenvector relu1 zero th x ord0 ord0 true). Qed.

Lemma example_nonzero : exists p, e p <> 0.
Proof.
exists (out ord0 ord0); rewrite /e /= example_slope example_N Rmult_1_l.
exact: Rgt_not_eq Rlt_0_2.
Qed.

Lemma example_lam : lam <> 0.
Proof.
apply: Rgt_not_eq; rewrite -[lam]Rmult_1_l; apply: (eigenvalue_pos _ _ true).
  by rewrite example_N; apply: Rlt_0_2.
by rewrite example_slope; apply: R1_neq_R0.
Qed.

Lemma example_gap (k : 'I_1) : 1 <= sqrt (1 + \rsum_j x j ^ 2) * relu1 (pre th x k) ^ 2 /
  (sqrt (1 + \rsum_j x j ^ 2) * Rabs (th (out k ord0) * zero (pre th x k))
    + Rabs (relu1 (pre th x k))).
Proof.
rewrite example_slope example_N /zero !Rmult_0_r Rabs_R0 Rabs_R1 Rmult_0_r Rplus_0_l pow1.
rewrite Rmult_1_r /Rdiv Rinv_1 Rmult_1_r -{1}sqrt_1.
by apply: sqrt_le_1_alt; apply/Rlt_le; apply: Rlt_plus_1.
Qed.

Lemma example_not_flat (k : 'I_1) : relu1 (pre th x k) = 0 ->
  th (out k ord0) * zero (pre th x k) <> 0 ->
  1 <= (1 + \rsum_j x j ^ 2) * Rabs (th (out k ord0) * zero (pre th x k)).
Proof. by rewrite example_slope => /R1_neq_R0. Qed.

Definition E_T01d_unbiased := @T01d_unbiased 1 1 1 relu1 zero th x ord0
  (ex_intro _ ord0 R1_neq_R0).
Definition E_T01d_unbiased_zero := @T01d_unbiased_zero 1 1 1 relu1 zero th (fun=> 0) ord0
  (fun j => erefl).
Definition E_T01iv_norm := @T01iv_norm 1 1 1 tanh1 tanh2 th x ord0 1 Rle_0_1.
Definition E_T01iv_relu := @T01iv_relu 1 1 1 th x ord0 1 Rle_0_1.
Definition E_T01v_gap := @T01v_gap 1 1 1 relu1 zero th x ord0 lam e 1
  example_eigenvector example_nonzero example_lam (fun k _ => example_gap k) example_not_flat.
End ArrowheadExamples.

(** ** T02: tanh, three samples, two inputs, two units, two outputs, every entry 1, y = 0 *)
Lemma opnorm_frobenius (P : finType) (A : P -> P -> R) : opnorm_le A (sqrt (frob2 A)).
Proof.
split=> [|v]; first exact: sqrt_pos.
rewrite pow2_sqrt; first exact: norm2_mulv_frob.
by apply: rsum_ge0 => p; apply: norm2_ge0.
Qed.

Section ResidualPartExamples.
Let X (i : 'I_3) (j : 'I_2) : R := 1.
Let Y (i : 'I_3) (c : 'I_2) : R := 0.
Let th (p : par 2 2 2) : R := 1.
Let r i := squared_r (Y i).
Let S := fun _ : 'I_3 => @squared_S 2.
Let F := residual_hessian tanh tanh1 tanh2 r X th.

Definition E_T02a_ggn_psd := @T02a_ggn_psd 3 2 2 2 tanh tanh1 S X th
  (fun i => squared_psd (output tanh X th i)).
Definition E_T02c_weyl := @T02c_weyl 3 2 2 2 tanh tanh1 tanh2 r S X th _ 1%N 1
  (opnorm_frobenius F).
Definition E_T02c_form := @T02c_form 3 2 2 2 tanh tanh1 tanh2 r S X th _ (fun=> 1)
  (opnorm_frobenius F).
Definition E_T02c_norm := @T02c_norm 3 2 2 2 tanh tanh1 tanh2 r X th 1 Rle_0_1.
Definition E_T02d_norm := @T02d_norm 3 2 2 2 tanh tanh1 tanh2 X Y th _
  (fun i c => opnorm_frobenius (hess tanh1 tanh2 th (X i) c)).
End ResidualPartExamples.

(** ** T03: one ReLU unit at x = 1, 2, -1; and two samples at a critical point *)
Section PiecewiseLinearExamples.
Let X := three_inputs.
Let th := one_unit (fun _ : 'I_1 => 0).
Let r i := squared_r (targets_a0 i).
Let S := fun _ : 'I_3 => @squared_S 1.
Let smooth_r i : twice_differentiable (squared (targets_a0 i)) (r i) (S i)
  := squared_differentiable (targets_a0 i).
Let reg : off_kinks 1 0 X th := one_off_kinks _.

Definition E_T03_smooth := @T03_smooth 3 1 1 1 1 0 X th reg.
Definition E_T03a_hid_partial2 := @T03a_hid_partial2 3 1 1 1 1 0 _ r S X th
  ord0 None ord0 None smooth_r reg.
Definition E_T03a_out_partial2 := @T03a_out_partial2 3 1 1 1 1 0 _ r S X th
  ord0 ord0 ord0 ord0 smooth_r reg.

(** U = (0, 1/3)ᵀ *)
Lemma example_cross k j c : residual_cross (pl 1 0) (pl1 1 0) r X th k j c =
  if j is None then / 3 else 0.
Proof.
have res i e : residual (pl 1 0) r X th i e = - targets_a0 i e.
  by rewrite /residual /r /squared_r one_output; ring.
rewrite [k]ord1 one_cross mean3 !res /X /three_inputs /targets_a0 /= !relu_values.
by case: j => [j|] /=; field.
Qed.

Let u (_ : 'I_1) (_ : 'I_1) : option 'I_1 -> R := unitv None.
Let v (_ : 'I_1) (_ : 'I_1) (_ : 'I_1) : R := 1.
Lemma example_u k : orthonormal (u k).
Proof. by move=> l l'; rewrite dot_unitvl /unitv !ord1. Qed.
Lemma example_v k : orthonormal (v k).
Proof. by move=> l l'; rewrite /dot rsum1 /v !ord1 Rmult_1_r. Qed.
Lemma example_svd k j c : residual_cross (pl 1 0) (pl1 1 0) r X th k j c =
  \rsum_(t : 'I_1) / 3 * u k t j * v k t c.
Proof. by rewrite example_cross rsum1 /u /v /unitv; case: j => [j|] /=; ring. Qed.
Definition E_T03a_spectrum := @T03a_spectrum 3 1 1 1 1 0 r X th [finType of 'I_1]
  (fun _ _ => / 3) u v example_u example_v example_svd.

(** H has one negative eigenvalue, which T03(b) allows. *)
Lemma example_negative : neg_ge (hessian (pl 1 0) (pl1 1 0) zero r S X th) 1.
Proof.
have [_ _ [w neg]] := zero_weight_counterexample; exists (fun _ => w) => a [l a0].
have cE : comb (fun _ : 'I_1 => w) a =1 (fun p => a l * w p).
  by move=> p; rewrite /comb rsum1 [l]ord1.
rewrite (quad_eq _ cE) quad_scal.
have a2 : 0 < a l ^ 2 by apply: pow2_gt_0.
by have := Rmult_lt_compat_l _ _ _ a2 neg; rewrite Rmult_0_r.
Qed.
Let psd1 i : psd (output_hessian (pl 1 0) S X th i) := squared_psd _.
Definition E_T03b_negative := @T03b_negative 3 1 1 1 1 0 r S X th psd1 1%N example_negative.
Definition E_T03b_negative_size :=
  @T03b_negative_size 3 1 1 1 1 0 r S X th psd1 1%N example_negative.

(** x = 1 twice, all weights 1, f = 3, y = 4 and 2: critical with residuals -1 and 1 *)
Let X2 (i : 'I_2) (j : 'I_1) : R := 1.
Let Y2 (i : 'I_2) (c : 'I_1) : R := if i == ord0 then 4 else 2.
Let th2 (p : par 1 1 1) : R := 1.
Let th3 (p : par 1 1 1) : R := 2.
Let r2 i := squared_r (Y2 i).
Let S2 := fun _ : 'I_2 => @squared_S 1.

Lemma critical_pre i (k : 'I_1) : pre th2 (X2 i) k = 2.
Proof. by rewrite preE rsum1 /th2 /X2; ring. Qed.

Lemma cell_pre i (k : 'I_1) : pre th3 (X2 i) k = 4.
Proof. by rewrite preE rsum1 /th3 /X2; ring. Qed.

Lemma critical_point p : loss_grad (pl 1 0) (pl1 1 0) r2 X2 th2 p = 0.
Proof.
have mean2 (g : 'I_2 -> R) : mean g = / 2 * (g ord0 + g (lift ord0 ord0)).
  by rewrite /mean !big_ord_recl big_ord0 /= Rplus_0_r.
rewrite /loss_grad mean2 !rsum1.
have f i : output (pl 1 0) X2 th2 i ord0 = 3.
  by rewrite /output /net rsum1 critical_pre pl_pos /th2; [ring | exact: Rlt_le Rlt_0_2].
rewrite /residual /r2 /squared_r !f /Y2 /=.
have -> : jacobian (pl 1 0) (pl1 1 0) X2 th2 (lift ord0 ord0) ord0 p
  = jacobian (pl 1 0) (pl1 1 0) X2 th2 ord0 ord0 p by [].
by ring.
Qed.

Lemma critical_regular : off_kinks 1 0 X2 th2.
Proof. by move=> i k; left; rewrite critical_pre; apply: Rgt_not_eq Rlt_0_2. Qed.

Lemma critical_cell : in_cell 1 0 X2 th2 th3.
Proof.
move=> i k; left; rewrite critical_pre cell_pre; split; first exact: Rgt_not_eq Rlt_0_2.
by apply: Rmult_le_pos; apply: Rlt_le; [exact: Rlt_0_2 | apply: Rmult_lt_0_compat Rlt_0_2 Rlt_0_2].
Qed.

Lemma squared_tangent i f g :
  squared (Y2 i) f + \rsum_c r2 i f c * (g c - f c) <= squared (Y2 i) g.
Proof. exact: psd_convex (squared_differentiable (Y2 i)) (@squared_psd 1). Qed.

Let a_neq0 (k : 'I_1) : th2 (out k ord0) <> 0 := R1_neq_R0.
Let psd2 i : psd (output_hessian (pl 1 0) S2 X2 th2 i) := squared_psd _.
Definition E_T03c_residual := @T03c_residual 2 1 1 1 0 r2 S2 X2 th2 critical_point a_neq0.
Definition E_T03c_psd := @T03c_psd 2 1 1 1 0 r2 S2 X2 th2 critical_point a_neq0 psd2.
Definition E_T03d_first_order := @T03d_first_order 2 1 1 1 0 r2 X2 th2 critical_point a_neq0
  th3 critical_regular critical_cell.
Definition E_T03d_minimum := @T03d_minimum 2 1 1 1 0 (fun i => squared (Y2 i)) r2 X2 th2
  critical_point a_neq0 th3 squared_tangent critical_regular critical_cell.
Definition E_T03d_convex := @T03d_convex 1 _ _ _ (fun=> 1) (fun=> 2)
  (squared_differentiable (fun=> 0)) (@squared_psd 1).
End PiecewiseLinearExamples.

(** ** T04: three samples, two inputs, two units, two outputs, every entry 1 *)
Section GramMatrixExamples.
Let X (i : 'I_3) (j : 'I_2) : R := 1.
Let th (p : par 2 2 2) : R := 1.
Let S := fun _ : 'I_3 => @squared_S 2.
Let Y := output tanh X th.
Let fits i c : output tanh X th i c = Y i c := erefl.

Definition E_T04a_residual := @T04a_residual 3 2 2 2 tanh tanh1 tanh2 X th Y fits.
Definition E_T04a_hessian := @T04a_hessian 3 2 2 2 tanh tanh1 tanh2 X th Y fits.
Definition E_T04a_psd := @T04a_psd 3 2 2 2 tanh tanh1 tanh2 X th Y fits.

(** the squared loss has S_i = QᵀQ with Q = I *)
Let Q (i : 'I_3) (l c : 'I_2) : R := dlt (c == l) 1.
Lemma identity_factor (sigma : R -> R) i c e : output_hessian sigma S X th i c e
  = \rsum_l Q i l c * Q i l e.
Proof.
rewrite /output_hessian /S /squared_S /Q -(rsum_pick (fun l => dlt (e == l) 1) c).
by apply: rsum_eq => l; rewrite Rmult_comm eq_sym.
Qed.
Let sym1 (sigma : R -> R) i : sym (output_hessian sigma S X th i).
Proof. by move=> c e; rewrite /output_hessian /S /squared_S eq_sym. Qed.
Let psd1 (sigma : R -> R) i : psd (output_hessian sigma S X th i) := squared_psd _.

Definition E_T04b_trace := @T04b_trace 3 2 2 2 2 tanh tanh1 S X th Q (identity_factor tanh).
Definition E_T04b_frobenius :=
  @T04b_frobenius 3 2 2 2 2 tanh tanh1 S X th Q (identity_factor tanh).
Definition E_T04b_norm :=
  @T04b_norm 3 2 2 2 2 tanh tanh1 S X th Q (identity_factor tanh) isT 1.
Definition E_T04b_rank := @T04b_rank 3 2 2 2 2 tanh tanh1 S X th Q (identity_factor tanh) isT.

(** σ = 0: only the output biases move f, and G has the eigenvalue 1 there *)
Lemma bias_eigenvector p : mulv (ggn zero zero S X th) (unitv (off ord0)) p
  = 1 * unitv (off ord0 : par 2 2 2) p.
Proof.
rewrite /mulv rsum_pick /ggn /mean !big_ord_recl !big_ord0.
rewrite /output_hessian /S /squared_S /jacobian /zero /unitv.
case: p => [[[k j]|[k c]]|c] /=.
- by field.
- by case: (c == ord0); case: (c == lift ord0 ord0) => /=; field.
- by case: c => -[|[|]] //= ?; field.
Qed.
Definition E_T04b_eigenvector := @T04b_eigenvector 3 2 2 2 2 zero zero S X th Q
  (identity_factor zero) isT 1 _ bias_eigenvector.

Lemma bias_top : eig_ge (ggn zero zero S X th) 1 1.
Proof.
exists (fun _ => unitv (off ord0)); split=> [l l'|a].
  by rewrite dot_unitvl /unitv !ord1.
have cE : comb (fun _ : 'I_1 => unitv (off ord0 : par 2 2 2)) a =1
    (fun p => a ord0 * unitv (off ord0) p) by move=> p; rewrite /comb big_ord_recl big_ord0 Rplus_0_r.
rewrite (norm2_eq cE) (quad_eq _ cE) quad_scal norm2_scal norm2_unitv quad_dot.
rewrite (dot_eq (frefl _) bias_eigenvector) dot_unitvl /unitv eqxx /=.
by apply: Req_le; ring.
Qed.
Definition E_T04c_rank := @T04c_rank 3 2 2 2 tanh tanh1 S X th isT (sym1 tanh) (psd1 tanh).
Definition E_T04c_softmax := @T04c_softmax 3 2 2 2 tanh tanh1 X th isT.
Definition E_T04d_trace := @T04d_trace 3 2 2 2 tanh tanh1 X th isT.
Definition E_T04e_eigenvalue := @T04e_eigenvalue 3 2 2 2 zero zero S X th (sym1 zero) (psd1 zero)
  1%N 1 bias_top.
Definition E_T04f_top := @T04f_top 3 2 2 2 tanh tanh1 X th isT isT.
End GramMatrixExamples.

(** ** Complexity, its bounds, and the sharpness of bends *)

Lemma lmax_le_frob (I : finType) (A : I -> I -> R) : lmax_le A (sqrt (frob2 A)).
Proof.
move=> v; have := inner_le_frob A (fun i j => v i * v j).
have -> : inner A (fun i j => v i * v j) = quad A v by do 2!apply: rsum_eq => ?; ring.
have -> : frob2 (fun i j => v i * v j) = norm2 v ^ 2.
  rewrite (_ : norm2 v ^ 2 = norm2 v * norm2 v); last by ring.
  by rewrite /norm2 rsum_prod; do 2!apply: rsum_eq => ?; ring.
by rewrite sqrt_pow2 //; apply: norm2_ge0.
Qed.

Lemma lmax_ge_diag (I : finType) (A : I -> I -> R) k : lmax_ge A (A k k).
Proof.
by exists (unitv k); rewrite norm2_unitv quad_unitv; split; [lra | apply: Req_le; ring].
Qed.

(** the samples (1, 0), (1, 1), (1, 2); two hidden units, W = I, b = (½, ½), every a_k = 1 *)
Definition ex_X (i : 'I_3) (j : 'I_2) : R := if j == ord0 then 1 else INR i.
Definition ex_net (C : nat) (p : par 2 2 C) : R := match p with
  | hid k (Some j) => dlt (j == k) 1 | hid _ None => / 2 | out _ _ => 1 | off _ => 0 end.
Definition ex_layer (p : layer 2 2) : R := match p with
  | (k, Some j) => dlt (j == k) 1 | (_, None) => / 2 end.

Lemma ex_norm i : norm2 (ex_X i) = 1 + INR i ^ 2.
Proof. by rewrite /norm2 rsum2 /ex_X /=; ring. Qed.

Lemma ex_sample (i : 'I_3) : 0 <= INR i <= 2.
Proof.
split; first exact: pos_INR.
by rewrite (_ : 2 = INR 2) //; apply/le_INR/leP; rewrite -ltnS ltn_ord.
Qed.

Lemma ex_min i : 1 <= norm2 (ex_X i).
Proof. by rewrite ex_norm; have := pow2_ge_0 (INR i); lra. Qed.
Lemma ex_max i : norm2 (ex_X i) <= 5.
Proof. by rewrite ex_norm; have := ex_sample i; nra. Qed.
Lemma ex_min1 i : 2 <= 1 + norm2 (ex_X i).
Proof. by have := ex_min i; lra. Qed.
Lemma ex_max1 i : 1 + norm2 (ex_X i) <= 6.
Proof. by have := ex_max i; lra. Qed.

Lemma ex_mulT C v : norm2 (mulTv (weights (@ex_net C)) v) = norm2 v.
Proof.
apply: norm2_eq => j; rewrite /mulTv (rsum_delta (k := j)) /weights /= => [|k].
  by rewrite eqxx /=; ring.
by rewrite eq_sym => /negbTE->; rewrite /=; ring.
Qed.
Lemma ex_upper C v : norm2 (mulTv (weights (@ex_net C)) v) <= 1 * norm2 v.
Proof. by rewrite ex_mulT; lra. Qed.
Lemma ex_lower C v : 1 * norm2 v <= norm2 (mulTv (weights (@ex_net C)) v).
Proof. by rewrite ex_mulT; lra. Qed.
Lemma ex_layer_upper v : norm2 (mulTv (layer_weights ex_layer) v) <= 1 * norm2 v.
Proof. exact: (@ex_upper 0). Qed.
Lemma ex_layer_lower v : 1 * norm2 v <= norm2 (mulTv (layer_weights ex_layer) v).
Proof. exact: (@ex_lower 0). Qed.

Lemma ex_pre C i k : 0 < pre (@ex_net C) (ex_X i) k.
Proof.
rewrite preE; apply: Rplus_le_lt_0_compat; last by rewrite /=; lra.
apply: rsum_ge0 => j; apply: Rmult_le_pos; first by rewrite /=; case: (j == k) => /=; lra.
by rewrite /ex_X; case: (j == ord0); [lra | apply: pos_INR].
Qed.
Lemma ex_off C : off_kinks 1 0 ex_X (@ex_net C).
Proof. by move=> i k; left; have := @ex_pre C i k; lra. Qed.

Lemma ex_tanh2 t : Rabs (tanh2 t) <= 4 / (3 * sqrt 3).
Proof. exact: tanh2_sup. Qed.

Section ComplexityExamples.
Let th := @ex_net 2.
Let d1 i k := tanh_derive (pre th (ex_X i) k).
Let smooth : smooth_on tanh tanh1 tanh2 ex_X th := fun i k => tanh_smooth _.
Let ce := fun _ : 'I_3 => @softmax_S 2.
Let ce_r := fun _ : 'I_3 => softmax_r (@ord0 1).
Let S_psd : forall i, psd (output_hessian tanh ce ex_X th i) := fun i => softmax_S_psd _.
Let S_sym : forall i, sym (output_hessian tanh ce ex_X th i) := fun i => softmax_sym _.
Let R_psd : forall i, psd (output_hessian (pl 1 0) ce ex_X th i) := fun i => softmax_S_psd _.
Let R_sym : forall i, sym (output_hessian (pl 1 0) ce ex_X th i) := fun i => softmax_sym _.
Let off2 := @ex_off 2.
Let up := @ex_upper 2.
Let lo := @ex_lower 2.
Let Y i c := net tanh th (ex_X i) c.
Let fit : forall i c, net tanh th (ex_X i) c = Y i c := fun _ _ => erefl.
Let Y3 (i : 'I_3) (c : 'I_2) : R := 3.

Definition E_T06_identity := @T06_identity 3 2 2 2 tanh tanh1 ce ex_X th d1.
Definition E_T06_squared := @T06_squared 3 2 2 2 tanh tanh1 ex_X th d1.
Definition E_T06_sample := @T06_sample 3 2 2 2 tanh tanh1 ex_X th ord0 (fun _ _ => 1) (d1 ord0).
Definition E_T06b_hessian := @T06b_hessian 3 2 2 2 tanh tanh1 tanh2 ce_r ce ex_X th smooth.
Definition E_T06c_piecewise_linear := @T06c_piecewise_linear 3 2 2 2 1 0 ce_r ce ex_X th off2.
Definition E_T06d_softmax := @T06d_softmax 2 2 2 tanh tanh1 th (ex_X ord0) (d1 ord0).
Definition E_T06d_logistic := @T06d_logistic 2 2 tanh tanh1 (@ex_net 1) (ex_X ord0) (fun k => tanh_derive _).
Definition E_T06e_softmax := @T06e_softmax 3 2 2 2 tanh tanh1 ex_X th d1.
Definition E_T06e_logistic := @T06e_logistic 3 2 2 tanh tanh1 ex_X (@ex_net 1) (fun i k => tanh_derive _).
Definition E_T07b_upper := T07b_upper d1 S_psd up.
Definition E_T07b_lower := T07b_lower d1 S_psd lo.
Definition E_T07b_frobenius_norm := @T07b_frobenius_norm 3 2 2 2 tanh tanh1 ce ex_X th d1 _ (@lmax_le_frob _ _).
Definition E_T07b_frobenius := @T07b_frobenius 3 2 2 2 tanh tanh1 ce ex_X th d1.
Definition E_T07c_weights_upper := T07c_weights_upper d1 S_psd up ex_min.
Definition E_T07c_weights_lower := T07c_weights_lower d1 S_psd lo ex_max.
Definition E_T07c_layer_upper := T07c_layer_upper d1 S_psd up ex_min1.
Definition E_T07c_layer_lower := T07c_layer_lower d1 S_psd lo ex_max1.
Definition E_T07d_upper := T07d_upper d1 S_psd S_sym up ex_min.
Definition E_T07d_lower := T07d_lower d1 S_psd S_sym lo ex_max.
Definition E_T07d_rank := T07d_rank tanh1 S_psd S_sym.
Definition E_T07d_operator := T07d_operator d1 S_psd S_sym lo ex_max.
Definition E_T07d_softmax := @T07d_softmax 3 2 2 2 tanh tanh1 ex_X th 1 1 d1 up ex_min.
Definition E_T07d_whole := @T07d_whole 3 2 2 2 tanh tanh1 ex_X th 1 6 erefl d1 lo ex_max1.
Definition E_T07e_whole := @T07e_whole 3 2 2 2 tanh tanh1 ex_X th 1 2 erefl d1 up ex_min1.
Definition E_T07f_bias_upper := T07f_bias_upper ce_r off2 R_psd up.
Definition E_T07f_bias_lower := T07f_bias_lower ce_r off2 R_psd lo.
Definition E_T07f_frobenius_norm := @T07f_frobenius_norm 3 2 2 2 1 0 ce_r ce ex_X th off2 _ (@lmax_le_frob _ _).
Definition E_T07f_frobenius := T07f_frobenius ce_r ce off2.
Definition E_T07f_weights_upper := T07f_weights_upper ce_r off2 R_psd up ex_min.
Definition E_T07f_weights_lower := T07f_weights_lower ce_r off2 R_psd lo ex_max.
Definition E_T07f_layer_upper := T07f_layer_upper ce_r off2 R_psd up ex_min1.
Definition E_T07f_layer_lower := T07f_layer_lower ce_r off2 R_psd lo ex_max1.
Definition E_T07f_upper := T07f_upper ce_r off2 R_psd R_sym up ex_min.
Definition E_T07f_lower := T07f_lower ce_r off2 R_psd R_sym lo ex_max.
Definition E_T07f_whole_lower := T07f_whole_lower Y3 erefl off2 lo ex_max1.
Definition E_T07f_whole_upper := T07f_whole_upper Y3 erefl off2 up ex_min1.
Definition E_T07g_bias_upper := T07g_bias_upper smooth fit up.
Definition E_T07g_bias_lower := T07g_bias_lower smooth fit lo.
Definition E_T07g_frobenius_norm := T07g_frobenius_norm smooth fit (@lmax_le_frob _ _).
Definition E_T07g_frobenius := T07g_frobenius smooth fit.
Definition E_T07g_weights_upper := T07g_weights_upper smooth fit up ex_min.
Definition E_T07g_weights_lower := T07g_weights_lower smooth fit lo ex_max.
Definition E_T07g_layer_upper := T07g_layer_upper smooth fit up ex_min1.
Definition E_T07g_layer_lower := T07g_layer_lower smooth fit lo ex_max1.
Definition E_T07g_upper := T07g_upper smooth fit up ex_min.
Definition E_T07g_lower := T07g_lower smooth fit lo ex_max.
Definition E_T07g_whole_lower := T07g_whole_lower smooth fit erefl lo ex_max1.
Definition E_T07g_whole_upper := T07g_whole_upper smooth fit erefl up ex_min1.
Definition E_T07g_frobenius_whole := T07g_frobenius_whole smooth fit erefl Rle_0_1 lo ex_max1.
Definition E_T07g_sharpness := T07g_sharpness smooth fit erefl Rle_0_1 lo ex_max1 (lmax_ge_diag _ (off ord0)).
Definition E_T08a_bound := T08a_bound Y3 (fun i k => ex_tanh2 _) smooth.
Definition E_T08b_bound := T08b_bound Y3 (fun i k => ex_tanh2 _) smooth.
Definition E_T08c_error := T08c_error Y3 (fun i k => ex_tanh2 _) smooth.
Definition E_T08c_lower := T08c_lower Y3 (fun i k => ex_tanh2 _) smooth Rle_0_1 lo.
End ComplexityExamples.

(** a network of three layers, seen from its first *)
Section FirstLayerExamples.
Let g := net tanh (@ex_net 2).
Let grad z c := input_jac tanh1 (@ex_net 2) z c.
Let hg z c : has_gradient (g^~ c) z (grad z c) :=
  @net_input_gradient _ _ _ _ _ (@ex_net 2) z c (fun k => tanh_derive _).
Let z i := layer_pre ex_layer (ex_X i).
Let hz i c : has_gradient (g^~ c) (z i) (grad (z i) c) := @hg (z i) c.
Let ce i := softmax_S (deep g ex_layer (ex_X i)).
Let S_psd : forall i, psd (ce i) := fun i => softmax_S_psd _.
Let S_sym : forall i, sym (ce i) := fun i => softmax_sym _.

Definition E_T09_input := @T09_input 2 2 2 g ex_layer (ex_X ord0) (grad (z ord0)) (@hz ord0).
Definition E_T09_weights := @T09_weights 2 2 2 g ex_layer (ex_X ord0) (grad (z ord0)) (@hz ord0).
Definition E_T09b_weights_upper := @T09b_weights_upper 2 2 2 g ex_layer (ex_X ord0) (grad (z ord0)) 1 (@hz ord0) ex_layer_upper.
Definition E_T09b_layer_upper := @T09b_layer_upper 2 2 2 g ex_layer (ex_X ord0) (grad (z ord0)) 1 (@hz ord0) ex_layer_upper.
Definition E_T09b_weights_lower := @T09b_weights_lower 2 2 2 g ex_layer (ex_X ord0) (grad (z ord0)) 1 (@hz ord0) ex_layer_lower.
Definition E_T09c_identity := @T09c_identity 3 2 2 2 g ce ex_X ex_layer (fun i => grad (z i)) hz.
Definition E_T09e_upper := @T09e_upper 3 2 2 2 g ce ex_X ex_layer (fun i => grad (z i)) 1 hz S_psd ex_layer_upper.
Definition E_T09e_lower := @T09e_lower 3 2 2 2 g ce ex_X ex_layer (fun i => grad (z i)) 1 hz S_psd ex_layer_lower.
Definition E_T09e_frobenius_norm := @T09e_frobenius_norm 3 2 2 2 g ce ex_X ex_layer (fun i => grad (z i)) hz _ (@lmax_le_frob _ _).
Definition E_T09e_frobenius := @T09e_frobenius 3 2 2 2 g ce ex_X ex_layer (fun i => grad (z i)) hz.
Definition E_T09f_weights_upper := @T09f_weights_upper 3 2 2 2 g ce ex_X ex_layer (fun i => grad (z i)) 1 1 hz S_psd ex_layer_upper ex_min.
Definition E_T09f_weights_lower := @T09f_weights_lower 3 2 2 2 g ce ex_X ex_layer (fun i => grad (z i)) 1 5 hz S_psd ex_layer_lower ex_max.
Definition E_T09f_layer_upper := @T09f_layer_upper 3 2 2 2 g ce ex_X ex_layer (fun i => grad (z i)) 1 2 hz S_psd ex_layer_upper ex_min1.
Definition E_T09f_layer_lower := @T09f_layer_lower 3 2 2 2 g ce ex_X ex_layer (fun i => grad (z i)) 1 6 hz S_psd ex_layer_lower ex_max1.
Definition E_T09f_trace := @T09f_trace 3 2 2 2 g ce ex_X ex_layer (fun i => grad (z i)) hz.
Definition E_T09g_upper := @T09g_upper 3 2 2 2 g ce ex_X ex_layer (fun i => grad (z i)) 1 1 hz S_psd S_sym ex_layer_upper ex_min.
Definition E_T09g_lower := @T09g_lower 3 2 2 2 g ce ex_X ex_layer (fun i => grad (z i)) 1 5 hz S_psd S_sym ex_layer_lower ex_max.
Definition E_T09g_softmax := @T09g_softmax 3 2 2 2 g ex_X ex_layer (fun i => grad (z i)) 1 1 hz ex_layer_upper ex_min.
End FirstLayerExamples.

Section BendExamples.
Let th := @ex_net 1.
Let off1 := @ex_off 1.
Let Y i c := net (pl 1 0) th (ex_X i) c.
Let Y3 (i : 'I_3) (c : 'I_1) : R := 3.

Lemma ex_critical p :
  loss_grad (pl 1 0) (pl1 1 0) (fun i => squared_r (Y i)) ex_X th p = 0.
Proof.
rewrite /loss_grad /mean rsum0 ?Rmult_0_r // => i; apply: rsum0 => c.
by rewrite /residual /squared_r /output /Y Rminus_eq_0 Rmult_0_l.
Qed.

Definition E_T13a_row := @T13a_row 3 2 2 1 0 ex_X th erefl off1.
Definition E_T13a_bend := @T13a_bend 3 2 2 1 0 ex_X th erefl off1.
Definition E_T13a_orbit := @T13a_orbit 3 2 2 1 0 ex_X th (fun=> 2) erefl (fun k => Rlt_0_2) off1.
Definition E_T13a_outputs := @T13a_outputs 3 2 2 2 1 0 ex_X (@ex_net 2) erefl (@ex_off 2) _ (lmax_ge_diag _ ord0).
Definition E_T13c_hessian := @T13c_hessian 3 2 2 1 0 ex_X th Y3 erefl off1.
Definition E_T13c_critical := @T13c_critical 3 2 2 1 0 ex_X th Y erefl off1 ex_critical.
End BendExamples.

(** inputs 0, 1, 2, two units with w = 1 and b = -½ *)
Section KinkExamples.
Let X (i : 'I_3) (_ : 'I_1) : R := INR i.
Let th (p : par 2 1 1) : R := match p with
  | hid _ (Some _) => 1 | hid _ None => - / 2 | out _ _ => 1 | off _ => 0 end.
Let Y i c := net (pl 1 0) th (X i) c.

Lemma ex_kink_off : off_kinks 1 0 X th.
Proof.
move=> i k; left; rewrite preE rsum1 /= /X => h.
have {h} : INR i = / 2 by lra.
case: (val i) => [|[|l]]; rewrite ?S_INR /=; try lra.
by have := pos_INR l; lra.
Qed.
Let w0 k : input_weight th k <> 0 := R1_neq_R0.

Lemma ex_kink_critical p :
  loss_grad (pl 1 0) (pl1 1 0) (fun i => squared_r (Y i)) X th p = 0.
Proof.
rewrite /loss_grad /mean rsum0 ?Rmult_0_r // => i; apply: rsum0 => c.
by rewrite /residual /squared_r /output /Y Rminus_eq_0 Rmult_0_l.
Qed.

Let H := hessian (pl 1 0) (pl1 1 0) zero (fun i => squared_r (Y i)) (fun=> @squared_S 1) X th.
Let eta := 2 / (1 + sqrt (frob2 H)).
Lemma ex_eta : 0 < eta.
Proof. by apply: Rdiv_lt_0_compat; [lra | have := sqrt_pos (frob2 H); lra]. Qed.
Lemma ex_eta_stable : lmax_le H (2 / eta).
Proof.
have s0 := sqrt_pos (frob2 H); rewrite (_ : 2 / eta = 1 + sqrt (frob2 H)); last first.
  by rewrite /eta; field; lra.
move=> v; apply: Rle_trans (lmax_le_frob H v) _.
by apply: Rmult_le_compat_r; [apply: norm2_ge0 | lra].
Qed.

Definition E_T13b_neuron := @T13b_neuron 3 2 X th erefl ex_kink_off w0.
Definition E_T13b_kinks := @T13b_kinks 3 2 X th erefl ex_kink_off w0.
Definition E_T13b_integral := @T13b_integral 3 2 X th erefl ex_kink_off w0.
Definition E_T13d_critical := @T13d_critical 3 2 X th Y erefl ex_kink_off w0 ex_kink_critical.
Definition E_T13d_stable :=
  @T13d_stable 3 2 X th Y eta erefl ex_kink_off w0 ex_kink_critical ex_eta ex_eta_stable.
End KinkExamples.

(** WWᵀ = G_bb = diag(4, 1), where the upper bounds of T07(a) and T09(d) are attained *)
Lemma diag_eigensystem m (lam : 'I_m -> R) (A : 'I_m -> 'I_m -> R) :
  (forall k l, A k l = dlt (k == l) (lam l)) -> eigensystem A lam (@unitv _).
Proof.
move=> AE; have AvE v p : mulv A v p = lam p * v p.
  rewrite /mulv (rsum_delta (k := p)) => [|l]; first by rewrite AE eqxx.
  by rewrite AE eq_sym => /negbTE->; rewrite /=; ring.
split=> [l l'|l p|v h p]; last by rewrite AvE -(dot_unitvl p v) h; ring.
  by rewrite dot_unitvl.
by rewrite AvE /unitv; case: eqP => [->|_] /=; ring.
Qed.

Section DiagonalExamples.
Let e (k : 'I_2) : R := if k == ord0 then 2 else 1.
Let lam (k : 'I_2) : R := e k ^ 2.
Let X (_ : 'I_1) (_ : 'I_2) : R := 1.
Let th (p : par 2 2 2) : R := match p with
  | hid k (Some j) => dlt (j == k) (e k) | hid _ None => 0 | out k c => dlt (c == k) (e k)
  | off _ => 0 end.
Let S (_ : 'I_1) := @squared_S 2.

Lemma ex_decreasing : decreasing lam.
Proof.
move=> j k jk; rewrite /lam /e; case: eqP => [k0|_]; last by case: eqP => _; lra.
by rewrite (_ : j = ord0) ?eqxx; [lra | apply/val_inj/eqP; move: jk; rewrite k0 leqn0].
Qed.
Lemma ex_wwt k l : (\rsum_j dlt (j == k) (e k) * dlt (j == l) (e l)) = dlt (k == l) (lam l).
Proof.
rewrite (rsum_delta (k := k)) => [|j /negbTE->]; last by rewrite /=; ring.
by rewrite eqxx /lam; case: eqP => [->|_] /=; ring.
Qed.
Let W_eigen : eigensystem (wwt (weights th)) lam (@unitv _) :=
  diag_eigensystem ex_wwt.
Lemma ex_bias k l : bias_block (ggn id (fun=> 1) S X th) k l = dlt (k == l) (lam l).
Proof.
rewrite /bias_block /ggn mean1 -ex_wwt; apply: rsum_eq => c.
rewrite (rsum_delta (k := c)) => [|c' /negbTE ne]; rewrite /output_hessian /S /squared_S.
  by rewrite eqxx /jacobian /= !Rmult_1_r Rmult_1_l.
by rewrite ne /= !Rmult_0_l.
Qed.
Let G_eigen : eigensystem (bias_block (ggn id (fun=> 1) S X th)) lam (@unitv _) :=
  diag_eigensystem ex_bias.
Let d1 i k : is_derive id (pre th (X i) k) 1 := is_derive_id _.

Definition E_T07a_upper := @T07a_upper 1 2 2 2 id (fun=> 1) S X th d1 lam lam _ _
  W_eigen G_eigen ex_decreasing ex_decreasing.
Definition E_T07a_lower := @T07a_lower 1 2 2 2 id (fun=> 1) S X th d1 lam lam _ _
  W_eigen G_eigen ex_decreasing ex_decreasing.

Let L (p : layer 2 2) : R := match p with (k, Some j) => dlt (j == k) (e k) | (_, None) => 0 end.
Let g (z : 'I_2 -> R) (c : 'I_2) : R := e c * z c.
Let grad (i : 'I_1) (c k : 'I_2) : R := dlt (k == c) (e c).
Let T (_ : 'I_1) (c c' : 'I_2) : R := dlt (c' == c) 1.
Lemma ex_g_gradient i c : has_gradient (g^~ c) (layer_pre L (X i)) (grad i c).
Proof.
apply: has_gradient_eq.
  exact: (@has_gradient_cmul _ (e c) (fun z => z c) _ _ (@has_gradient_coord _ c _)).
by move=> k; rewrite /grad; case: (k == c) => /=; ring.
Qed.
Let LW_eigen : eigensystem (wwt (layer_weights L)) lam (@unitv _) := diag_eigensystem ex_wwt.
Lemma ex_deep_bias k l : deep_bias g T X L k l = dlt (k == l) (lam l).
Proof.
rewrite (deep_bias_gram T ex_g_gradient) /bias_gram mean1 -ex_wwt; apply: rsum_eq => c.
rewrite (rsum_delta (k := c)) => [|c' /negbTE ne]; rewrite /T ?eqxx ?ne /grad /=; last by ring.
by rewrite [k == c]eq_sym [l == c]eq_sym; case: eqP => [->|_]; case: eqP => [->|_] /=; ring.
Qed.
Let LG_eigen : eigensystem (deep_bias g T X L) lam (@unitv _) := diag_eigensystem ex_deep_bias.

Definition E_T09d_upper := @T09d_upper 1 2 2 2 g T X L grad ex_g_gradient lam lam _ _
  LW_eigen LG_eigen ex_decreasing ex_decreasing.
Definition E_T09d_lower := @T09d_lower 1 2 2 2 g T X L grad ex_g_gradient lam lam _ _
  LW_eigen LG_eigen ex_decreasing ex_decreasing.
End DiagonalExamples.

Definition E_R01_test_loss := @R01_test_loss 1 Rle_0_1.

(** ** T10: three samples, two inputs, two units, two outputs, every entry 1; α = 2 *)
Section RescalingExamples.
Let X (i : 'I_3) (j : 'I_2) : R := 1.
Let th (p : par 2 2 2) : R := 1.
Let alpha (k : 'I_2) : R := 2.
Let alpha_pos k : 0 < alpha k := Rlt_0_2.
Let S := fun _ : 'I_3 => @squared_S 2.
Let Y (i : 'I_3) (c : 'I_2) : R := 0.
Let r i := squared_r (Y i).
Let smooth_r i : twice_differentiable (squared (Y i)) (r i) (S i) := squared_differentiable (Y i).

Lemma example_pre3 i (k : 'I_2) : pre th (X i) k = 3.
Proof. by rewrite preE !big_ord_recl big_ord0 /th /X; ring. Qed.
Lemma example_regular : off_kinks 1 0 X th.
Proof.
move=> i k; left; rewrite example_pre3; apply: Rgt_not_eq.
by apply: Rplus_lt_0_compat; [exact: Rlt_0_1 | exact: Rlt_0_2].
Qed.

Definition E_T10a_network := @T10a_network 2 2 2 1 0 th alpha alpha_pos.
Definition E_T10a_input_jacobian := @T10a_input_jacobian 2 2 2 1 0 th alpha alpha_pos.
Definition E_T10a_loss := @T10a_loss 3 2 2 2 1 0 (fun i => squared (Y i)) X th alpha alpha_pos.
Definition E_T10_off_kinks := @T10_off_kinks 3 2 2 2 1 0 X th alpha alpha_pos example_regular.
Definition E_T10b_gradient := @T10b_gradient 3 2 2 2 1 0 r X th alpha alpha_pos.
Definition E_T10b_hessian := @T10b_hessian 3 2 2 2 1 0 r S X th alpha alpha_pos.
Definition E_T10b_partial2 := @T10b_partial2 3 2 2 2 1 0 _ r S X th alpha alpha_pos
  smooth_r example_regular.
Definition E_T10b_ggn := @T10b_ggn 3 2 2 2 1 0 S X th alpha alpha_pos.
Definition E_T10b_residual := @T10b_residual 3 2 2 2 1 0 r X th alpha alpha_pos.
Definition E_T10c_negative := @T10c_negative 3 2 2 2 1 0 r S X th alpha alpha_pos 1%N.
Definition E_T10c_positive := @T10c_positive 3 2 2 2 1 0 r S X th alpha alpha_pos 1%N.
Definition E_T10c_rank := @T10c_rank 3 2 2 2 1 0 r S X th alpha alpha_pos.

(** y = f: a critical point *)
Let Yf := output (pl 1 0) X th.
Lemma fitted_critical p :
  loss_grad (pl 1 0) (pl1 1 0) (fun i => squared_r (Yf i)) X th p = 0.
Proof.
apply: mean_zero => i; apply: rsum0 => c.
by rewrite /residual /squared_r /Yf; ring.
Qed.
Definition E_T10e_nullity := @T10e_nullity 3 2 2 2 1 0 _ S X th fitted_critical.

Let s := @rev_ord 2.
Let tanh_on : smooth_on tanh tanh1 tanh2 X th := fun i k => tanh_smooth _.
Let sin_on : smooth_on sin cos (fun t => - sin t) X th := fun i k => sin_smooth _.
Definition E_T10f_network := @T10f_network 2 2 2 tanh th s s (@rev_ordK 2) (@rev_ordK 2).
Definition E_T10f_hessian := @T10f_hessian 3 2 2 2 tanh tanh1 tanh2 _ r S X th smooth_r
  s s (hid ord0 None) (out ord0 ord0) (@rev_ordK 2) (@rev_ordK 2) tanh_on.
Definition E_T10g_network := @T10g_network 2 2 2 sin th sin_neg (fun k => k == ord0).
Definition E_T10g_hessian := @T10g_hessian 3 2 2 2 sin cos (fun t => - sin t) _ r S X th
  smooth_r sin_neg (fun k => k == ord0) (hid ord0 None) (out ord0 ord0) sin_on.
End RescalingExamples.

(** ** T11: ReLU, three samples, two inputs, one unit, two outputs, every entry 1, y = 0 *)
Section FlatnessExamples.
Let X (i : 'I_3) (j : 'I_2) : R := 1.
Let th (p : par 1 2 2) : R := 1.
Let alpha (k : 'I_1) : R := 2.
Let alpha_pos k : 0 < alpha k := Rlt_0_2.
Let S := fun _ : 'I_3 => @squared_S 2.
Let Y (i : 'I_3) (c : 'I_2) : R := 0.
Let r i := squared_r (Y i).
Let convex1 i : psd (output_hessian (pl 1 0) S X th i) := squared_psd _.
Let rho := activity 1 0 X th ord0.
Let slope1 : Rabs 1 <= 1 := Req_le _ _ Rabs_R1.
Lemma slope0 : Rabs 0 <= 1.
Proof. by rewrite Rabs_R0; apply: Rle_0_1. Qed.
Lemma least_activity k : out_norm th k <> 0 -> in_norm th k <> 0 -> rho <= activity 1 0 X th k.
Proof. by rewrite [k]ord1 => _ _; apply: Rle_refl. Qed.

Definition E_T11a_trace := @T11a_trace 3 1 2 2 1 0 r S X th alpha alpha_pos.
Definition E_T11b_lower := @T11b_lower 3 1 2 2 1 0 r S X th convex1 alpha alpha_pos.
Definition E_T11b_infimum := @T11b_infimum 3 1 2 2 1 0 r S X th convex1 1 Rlt_0_1.
Definition E_T11b_attained := @T11b_attained 3 1 2 2 1 0 r S X th convex1.
Definition E_T11b_invariant := @T11b_invariant 3 1 2 2 1 0 S X th alpha alpha_pos.
Definition E_T11b_excess := @T11b_excess 3 1 2 2 1 0 r S X th convex1 alpha alpha_pos.
Definition E_T11c_lower := @T11c_lower 3 1 2 2 1 0 X th isT.
Definition E_T11c_upper := @T11c_upper 3 1 2 2 1 0 X th isT.
Definition E_T11d_jacobian := @T11d_jacobian 1 2 2 1 0 th (fun=> 1) slope1 slope0.
Definition E_T11d_complexity := @T11d_complexity 3 1 2 2 1 0 X th isT slope1 slope0.
Definition E_T11d_flat := @T11d_flat 3 1 2 2 1 0 X th isT rho least_activity.
Definition E_T11d_trace := @T11d_trace 3 1 2 2 1 0 Y X th isT rho least_activity.
Definition E_T11d_scale_free := @T11d_scale_free 3 1 2 2 1 0 Y X th isT rho slope1 slope0
  (activity_ge0 1 0 X th ord0) least_activity.
End FlatnessExamples.

(** ** T15: the matrix (2 1; 1 2), over the rationals *)
Section DeterminantExamples.
Let H : 'M[rat]_2 := (\matrix_(i, j) (if i == j then 2%:R else 1))%R.

Lemma posdef_two : posdef H.
Proof.
split=> [|u u0]; first by apply/matrixP=> i j; rewrite !mxE eq_sym.
set a := (u ord0 ord0)%R; set b := (u ord0 (lift ord0 ord0))%R.
have -> : (quad_row H u = a ^+ 2 + b ^+ 2 + (a + b) ^+ 2)%R.
  rewrite quad_row_sum !big_ord_recl !big_ord0 !mxE /= !GRing.addr0 -/a -/b.
  rewrite !GRing.mulr1 GRing.sqrrD !GRing.expr2 !GRing.mulr_natr !GRing.mulr2n !GRing.mulrDl.
  rewrite [(b * a)%R]GRing.mulrC -!GRing.addrA; congr (_ + _)%R.
  by rewrite [RHS]GRing.addrCA; congr (_ + _)%R; rewrite [RHS]GRing.addrCA; congr (_ + _)%R;
    rewrite [RHS]GRing.addrCA; congr (_ + _)%R; rewrite GRing.addrC.
rewrite Num.Theory.ltr_paddr ?Num.Theory.sqr_ge0 //.
rewrite Order.POrderTheory.lt_neqAle Num.Theory.addr_ge0 ?Num.Theory.sqr_ge0 // andbT eq_sym.
apply: contraNneq u0 => /eqP.
rewrite Num.Theory.paddr_eq0 ?Num.Theory.sqr_ge0 // !GRing.Theory.sqrf_eq0 => /andP[/eqP a0 /eqP b0].
apply/eqP/rowP=> j; rewrite !mxE; case: (unliftP ord0 j) => [k ->|->] //.
by rewrite (ord1 k).
Qed.

Definition E_T15_hadamard := T15_hadamard posdef_two.
Definition E_T15_trace := T15_trace posdef_two.
End DeterminantExamples.

(** ** T17, and the rank *)
Section RankExamples.
(** the identity of size 2 *)
Lemma rank_le_one2 : rank_le (@mone [finType of 'I_2]) 2.
Proof. by apply/rank_leP; rewrite rank_one card_ord. Qed.

Lemma one2_least s : rank_le (@mone [finType of 'I_2]) s -> (2 <= s)%N.
Proof. by move/rank_leP; rewrite rank_one card_ord. Qed.

Definition E_D_rank := @D_rank _ _ _ 2 rank_le_one2 one2_least.

(** four samples (1, i), two hidden units, two outputs, every weight 1; S = ½Xᵀ *)
Let X (i : 'I_4) (j : 'I_2) : R := if j == ord0 then 1 else INR i.
Let th (p : lin_par 2 2 2) : R := 1.

Lemma root_of_data j l : \rsum_t (/ 2 * X t j) * (/ 2 * X t l) = Sigma X j l.
Proof.
rewrite /Sigma /mean rsum_scal; apply: rsum_eq => i.
by rewrite (_ : INR 4 = 4) /=; [field | ring].
Qed.

Definition E_T17a_rank_ggn := @T17a_rank_ggn 4 2 2 2 X th _ (fun j t => / 2 * X t j) root_of_data.
End RankExamples.

(** ** Teacher and student: k = 4 students in dimension d = 6 *)
Section TeacherStudentExamples.
(** S_ij = i - j, u = (-3/2, -1/2, 1/2, 3/2), and Z with 1 at {0,1}, {2,3} and -1 at {0,2}, {1,3} *)
Let S (i j : 'I_4) : R := INR i - INR j.
Let u (i : 'I_4) : R := INR i - 3 / 2.
Let Z (i j : 'I_4) : R :=
  if i == j then 0 else match (i + j)%N with 1 | 5 => 1 | 2 | 4 => -1 | _ => 0 end.
Let B (i : 'I_4) (c : 'I_2) : R := u i * (INR c + 1).

Lemma ts_S_antisym i j : S i j = - S j i.
Proof. by rewrite /S Ropp_minus_distr. Qed.

Lemma ts_u_sum : \rsum_i u i = 0.
Proof. by rewrite /u !big_ord_recl big_ord0 /= /bump /=; lra. Qed.

Lemma ts_B_sum c : \rsum_i B i c = 0.
Proof. by rewrite /B -rsum_scalr ts_u_sum; ring. Qed.

Lemma ts_Z_hollow :
  [/\ forall i j, Z i j = Z j i, forall i, Z i i = 0 & forall i, \rsum_j Z i j = 0].
Proof.
split=> [i j|i|i]; first by rewrite /Z eq_sym addnC.
  by rewrite /Z eqxx.
by case: i => [[|[|[|[|]]]] // hi]; rewrite /Z !big_ord_recl big_ord0 /=; lra.
Qed.

Lemma ts_Z_sym i j : Z i j = Z j i.
Proof. by case: ts_Z_hollow. Qed.

Lemma ts_Z_trace : \rsum_i Z i i = 0.
Proof. by apply: rsum0 => i; rewrite /Z eqxx. Qed.

Definition E_T19_antisymmetric := @T19_antisymmetric 4 2 S ts_S_antisym.
Definition E_T19_symmetric := @T19_symmetric 4 2 Z ts_Z_hollow.
Definition E_T19_standard := fun s => @T19_standard 4 2 isT s u ts_u_sum.
Definition E_T19_standard_block := fun g m v i l => @T19_standard_block 4 2 g m v u i l ts_u_sum.
Definition E_T19_standard_roots := @T19_standard_roots 4 isT.
Definition E_T19_trivial := @T19_trivial 4 2 isT.
Definition E_T19_trivial_roots := @T19_trivial_roots 4 isT.
Definition E_T19_extra_sum_zero := @T19_extra_sum_zero 4 2 B ts_B_sum.
Definition E_T19_complete := @T19_complete 4 2 isT.
Definition E_T19b_eigenvalues := @T19b_eigenvalues 4 2 isT.
Definition E_T19b_multiplicities := @T19b_multiplicities 4 2 isT.
Definition E_T19c_lower_attained := @T19c_lower_attained 4 2 isT.
Definition E_T19c_upper_bound := @T19c_upper_bound 4 2 isT.
Definition E_T19d_lower := @T19d_lower 4 isT.
Definition E_T19d_upper := @T19d_upper 4 isT.
Definition E_T19d_count := @T19d_count 4 2 isT.

Definition E_T20a_roots := @T20a_roots 4 isT.
Definition E_T20a_eigenvalues := @T20a_eigenvalues 4 2 isT.
Definition E_T20a_multiplicities := @T20a_multiplicities 4 2 isT.
Definition E_T20a_lower_bound := @T20a_lower_bound 4 2 isT.
Definition E_T20a_upper_bound := fun T => @T20a_upper_bound 4 0 isT T erefl.
Definition E_T20a_product := @T20a_product 4 isT.
Definition E_T20a_product_positive := @T20a_product_positive 4 isT.
Definition E_T20a_uniform := @T20a_uniform 4 2 isT.

Definition E_T20b_antisymmetric := @T20b_antisymmetric 4 2 S ts_S_antisym.
Definition E_T20b_symmetric := @T20b_symmetric 4 2 Z ts_Z_sym ts_Z_trace.
Definition E_T20b_complete := @T20b_complete 4 isT.
Definition E_T20b_eigenvalues := @T20b_eigenvalues 4 2 isT.
Definition E_T20b_multiplicities := @T20b_multiplicities 4 2 isT.
Definition E_T20b_rank := @T20b_rank 4 2 isT.
End TeacherStudentExamples.
