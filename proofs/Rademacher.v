(** T23: Rademacher averages of path-norm balls.

    E is the mean over all sign vectors ε ∈ {-1, 1}^n. A supremum [sup f] is over all of an
    arbitrary nonempty type U, in particular over the unit ball or over all networks of any
    width with path norm at most B; it is the least upper bound of a bounded f. The
    contraction replaces the 1-Lipschitz φ_i by the identity one index after another. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums SquareMatrices Averages.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ** Suprema *)
Section Suprema.
Variable U : Type.
Implicit Types (f g : U -> R) (u : U).

Definition bounded_fun f : Prop := exists K, forall u, Rabs (f u) <= K.

Definition sup f : R := real (Lub_Rbar (fun r => exists u, r = f u)).

Variable u0 : U.

Lemma sup_lub f : bounded_fun f -> is_lub_Rbar (fun r => exists u, r = f u) (sup f).
Proof.
case=> K hK; have := Lub_Rbar_correct (fun r => exists u, r = f u); rewrite /sup.
case: (Lub_Rbar _) => [r|[_ /(_ (Finite K)) lub]|[/(_ (f u0)) ub _]] //.
  by case: lub => _ [u ->]; apply: Rle_trans (Rle_abs _) (hK u).
by case: ub; exists u0.
Qed.

Lemma sup_ub f u : bounded_fun f -> f u <= sup f.
Proof. by move=> /sup_lub[h _]; apply: (h (f u)); exists u. Qed.

Lemma sup_le f c : (forall u, f u <= c) -> sup f <= c.
Proof.
move=> h; have := Lub_Rbar_correct (fun r => exists u, r = f u); rewrite /sup.
case: (Lub_Rbar _) => [r|[_ /(_ (Finite c)) lub]|[/(_ (f u0)) ub _]] /=.
- by case=> _ /(_ (Finite c)); apply=> _ [u ->]; apply: h.
- by case: lub => _ [u ->]; apply: h.
by case: ub; exists u0.
Qed.

Lemma sup_eq f g : (forall u, f u = g u) -> sup f = sup g.
Proof.
move=> e; rewrite /sup; congr real; apply: Lub_Rbar_eqset => r.
by split=> -[u ->]; exists u.
Qed.

Lemma sup_mono f g : bounded_fun g -> (forall u, f u <= g u) -> sup f <= sup g.
Proof. by move=> b h; apply: sup_le => u; apply: Rle_trans (h u) (sup_ub u b). Qed.

(** φ 1-Lipschitz: sup (a + φ(z)) + sup (a - φ(z)) ≤ sup (a + z) + sup (a - z) *)
Lemma sup_contract phi (a z : U -> R) :
  (forall x y, Rabs (phi x - phi y) <= Rabs (x - y)) ->
  bounded_fun (fun u => a u + z u) -> bounded_fun (fun u => a u - z u) ->
  sup (fun u => a u + phi (z u)) + sup (fun u => a u - phi (z u)) <=
  sup (fun u => a u + z u) + sup (fun u => a u - z u).
Proof.
move=> lip bp bm; set s := _ + sup (fun u => a u - z u).
suff pair u v : a u + phi (z u) + (a v - phi (z v)) <= s.
  suff h v : sup (fun u => a u + phi (z u)) <= s - (a v - phi (z v)).
    suff : sup (fun u => a u - phi (z u)) <= s - sup (fun u => a u + phi (z u)) by lra.
    by apply: sup_le => v; have := h v; lra.
  by apply: sup_le => u; have := pair u v; lra.
have := Rle_trans _ _ _ (Rle_abs _) (lip (z u) (z v)).
have := sup_ub u bp; have := sup_ub v bp; have := sup_ub u bm; have := sup_ub v bm.
rewrite /s; case: (Rle_lt_dec 0 (z u - z v)) => d.
  by rewrite Rabs_pos_eq //; lra.
by rewrite Rabs_left //; lra.
Qed.
End Suprema.

(** ** Signs *)
Section Signs.
Variable n : nat.
Implicit Types (eps : {ffun 'I_n -> bool}) (i k : 'I_n).

(** ε_i = ±1 *)
Definition sgn (b : bool) : R := if b then 1 else -1.

(** E over the 2^n sign vectors *)
Definition esign (f : {ffun 'I_n -> bool} -> R) : R := avg f.

Lemma sgn_sqr b : sgn b ^ 2 = 1.
Proof. by case: b => /=; ring. Qed.

Lemma sgn_abs b : Rabs (sgn b) = 1.
Proof. by case: b; rewrite /sgn ?Rabs_Ropp Rabs_R1. Qed.

Lemma card_signs_gt0 : (0 < #|{ffun 'I_n -> bool}|)%N.
Proof. by apply/card_gt0P; exists [ffun=> true]. Qed.

(** ε with its k-th sign changed *)
Definition flip k eps : {ffun 'I_n -> bool} := [ffun i => eps i (+) (i == k)].

Lemma flip_bij k : bijective (flip k).
Proof. by exists (flip k) => eps; apply/ffunP => i; rewrite !ffunE addbK. Qed.

Lemma sgn_flip k eps : sgn (flip k eps k) = - sgn (eps k).
Proof. by rewrite ffunE eqxx; case: (eps k); rewrite /sgn /=; ring. Qed.

Lemma flip_neq k eps i : i != k -> flip k eps i = eps i.
Proof. by move=> /negbTE ne; rewrite ffunE ne addbF. Qed.

Lemma esign_flip k (f : {ffun 'I_n -> bool} -> R) :
  esign f = / 2 * esign (fun eps => f eps + f (flip k eps)).
Proof.
rewrite /esign avg_plus -(avg_bij f (flip_bij k)); field.
Qed.

(** E ε_iε_j = 0 for i ≠ j *)
Lemma esign_orthogonal i j :
  esign (fun eps => sgn (eps i) * sgn (eps j)) = dlt (i == j) 1.
Proof.
case: eqP => [->|/eqP ij] /=.
  rewrite /esign (avg_eq (g := fun=> 1)); last by move=> eps; case: (eps j); rewrite /sgn; ring.
  exact/avg_const/card_signs_gt0.
rewrite (esign_flip i) /esign (avg_eq (g := fun=> 0)).
  by rewrite avg_const ?Rmult_0_r //; apply: card_signs_gt0.
by move=> eps; rewrite sgn_flip flip_neq 1?eq_sym //; ring.
Qed.

(** E(Σ_i ε_i y_i)² = Σ_i y_i² *)
Lemma esign_sqr (y : 'I_n -> R) :
  esign (fun eps => (\rsum_i sgn (eps i) * y i) ^ 2) = \rsum_i y i ^ 2.
Proof.
rewrite /esign (avg_eq (g := fun eps => \rsum_i \rsum_j (y i * y j) * (sgn (eps i) * sgn (eps j)))).
  rewrite avg_rsum; apply: rsum_eq => i; rewrite avg_rsum.
  under eq_bigr => j _ do rewrite avg_scal -/(esign _) esign_orthogonal eq_sym.
  by rewrite rsum_pick; ring.
move=> eps; rewrite [_ ^ 2]/= Rmult_1_r rsum_prod.
by do 2!apply: rsum_eq => ?; ring.
Qed.
End Signs.

(** ** Contraction *)
Section Contraction.
Variables (U : Type) (u0 : U) (n : nat) (z : U -> 'I_n -> R) (phi : 'I_n -> R -> R).
Hypothesis lip : forall i x y, Rabs (phi i x - phi i y) <= Rabs (x - y).
Hypothesis bz : forall i, bounded_fun (z^~ i).

(** The first k indices keep z, the others φ(z). *)
Let mix (k : nat) (u : U) (i : 'I_n) : R := if (i < k)%N then z u i else phi i (z u i).
Let process (y : U -> 'I_n -> R) (eps : {ffun 'I_n -> bool}) (u : U) : R :=
  mean (fun i => sgn (eps i) * y u i).

Lemma bounded_mean (y : U -> 'I_n -> R) (eps : {ffun 'I_n -> bool}) :
  (forall i, bounded_fun (y^~ i)) -> bounded_fun (fun u => mean (fun i => sgn (eps i) * y u i)).
Proof.
move=> h; have [K hK] : exists K, forall i u, Rabs (y u i) <= K.
  suff [K hK] : exists K, forall i, i \in enum 'I_n -> forall u, Rabs (y u i) <= K.
    by exists K => i; apply: hK; rewrite mem_enum.
  elim: (enum 'I_n) => [|i r [K hK]]; first by exists 0.
  have [L hL] := h i; exists (Rmax K L) => j; rewrite in_cons => /orP[/eqP->|/hK hj] u.
    exact: Rle_trans (hL u) (Rmax_r _ _).
  exact: Rle_trans (hj u) (Rmax_l _ _).
exists (mean (fun i : 'I_n => K)) => u; apply: Rle_trans (mean_abs _) _; apply: mean_le => i.
by rewrite Rabs_mult sgn_abs Rmult_1_l.
Qed.

Let bounded_mix k i : bounded_fun ((mix k)^~ i).
Proof.
have [K hK] := bz i; exists (K + Rabs (phi i 0)) => u; rewrite /mix.
have := hK u; have := Rabs_pos (phi i 0); case: ifP => _; first by lra.
have := lip i (z u i) 0; rewrite Rminus_0_r.
have := Rabs_triang (phi i (z u i) - phi i 0) (phi i 0).
by rewrite (_ : _ - _ + _ = phi i (z u i)); [lra | ring].
Qed.

Let contract_step (k : 'I_n) :
  esign (fun eps => sup (process (mix k) eps)) <= esign (fun eps => sup (process (mix k.+1) eps)).
Proof.
rewrite [X in X <= _](esign_flip k) [X in _ <= X](esign_flip k).
apply: Rmult_le_compat_l; first lra.
apply: avg_le => eps.
pose w u := / INR n * z u k.
pose psi x := / INR n * phi k (INR n * x).
have n0 : 0 < INR n by apply/INR_gt0/(leq_ltn_trans (leq0n k))/ltn_ord.
have lip_psi x y : Rabs (psi x - psi y) <= Rabs (x - y).
  rewrite /psi -Rmult_minus_distr_l Rabs_mult Rabs_pos_eq; last exact: inv_INR_ge0.
  apply: (Rmult_le_reg_l (INR n)) => //; rewrite -Rmult_assoc Rinv_r ?Rmult_1_l; last lra.
  apply: Rle_trans (lip k _ _) _; rewrite -Rmult_minus_distr_l Rabs_mult.
  by rewrite (Rabs_pos_eq (INR n)); lra.
pose a u := / INR n * \rsum_i dlt (i != k) (sgn (eps i) * mix k u i).
have split y u (eps' : {ffun 'I_n -> bool}) :
    (forall i, i != k -> eps' i = eps i) -> (forall i, i != k -> y u i = mix k u i) ->
    process y eps' u = a u + sgn (eps' k) * (/ INR n * y u k).
  move=> he hy; rewrite /process /mean /a -[X in _ = _ + X]Rmult_assoc [sgn _ * _]Rmult_comm.
  rewrite Rmult_assoc -Rmult_plus_distr_l; congr (_ * _).
  rewrite (bigD1 k) //= Rplus_comm; congr (_ + _); rewrite big_mkcond; apply: eq_bigr => i _.
  by case: (boolP (i != k)) => //= ik; rewrite he // hy.
have mk u : mix k u k = phi k (z u k) by rewrite /mix ltnn.
have mk1 u : mix k.+1 u k = z u k by rewrite /mix ltnSn.
have mne u i : i != k -> mix k.+1 u i = mix k u i.
  by move=> ik; rewrite /mix ltnS leq_eqVlt (_ : (val i == val k) = false) //; apply/negbTE.
have psiE u : psi (w u) = / INR n * phi k (z u k).
  by rewrite /psi /w -Rmult_assoc Rinv_r ?Rmult_1_l //; lra.
have fn i (ik : i != k) : flip k eps i = eps i by apply: flip_neq.
have e1 u : process (mix k) eps u = a u + sgn (eps k) * psi (w u).
  by rewrite split // mk psiE.
have e2 u : process (mix k) (flip k eps) u = a u + - sgn (eps k) * psi (w u).
  by rewrite split // sgn_flip mk psiE.
have e3 u : process (mix k.+1) eps u = a u + sgn (eps k) * w u.
  by rewrite split // => [|i]; [rewrite mk1 | apply: mne].
have e4 u : process (mix k.+1) (flip k eps) u = a u + - sgn (eps k) * w u.
  by rewrite split // => [|i]; [rewrite sgn_flip mk1 | apply: mne].
have b3 := bounded_mean eps (bounded_mix k.+1); have b4 := bounded_mean (flip k eps) (bounded_mix k.+1).
have bdd (f g : U -> R) : (forall u, f u = g u) -> bounded_fun f -> bounded_fun g.
  by move=> e [K hK]; exists K => u; rewrite -e.
rewrite (sup_eq e1) (sup_eq e2) (sup_eq e3) (sup_eq e4).
have {}b3 := bdd _ _ e3 b3; have {}b4 := bdd _ _ e4 b4; move: b3 b4.
have pE (c x : R) : c + 1 * x = c + x by ring.
have mE (c x : R) : c + -1 * x = c - x by ring.
have oE (c x : R) : c + - -1 * x = c + x by ring.
case: (eps k); rewrite /sgn => b3 b4.
  rewrite !(sup_eq (fun u => pE _ _)) !(sup_eq (fun u => mE _ _)).
  by apply: sup_contract => //; [apply: bdd b3 | apply: bdd b4] => u.
rewrite !(sup_eq (fun u => oE _ _)) !(sup_eq (fun u => mE _ _)).
rewrite Rplus_comm [X in _ <= X]Rplus_comm.
by apply: sup_contract => //; [apply: bdd b4 | apply: bdd b3] => u.
Qed.

(** E sup_u (1/n)Σ_i ε_iφ_i(z_ui) ≤ E sup_u (1/n)Σ_i ε_iz_ui for 1-Lipschitz φ_i *)
Theorem contraction :
  esign (fun eps => sup (fun u => mean (fun i => sgn (eps i) * phi i (z u i)))) <=
  esign (fun eps => sup (fun u => mean (fun i => sgn (eps i) * z u i))).
Proof.
have main k : (k <= n)%N ->
    esign (fun eps => sup (process (mix 0) eps)) <= esign (fun eps => sup (process (mix k) eps)).
  elim: k => [|k IH] kn; first exact: Rle_refl.
  by apply: Rle_trans (IH (ltnW kn)) _; apply: (contract_step (Ordinal kn)).
apply: Rle_trans (_ : esign (fun eps => sup (process (mix n) eps)) <= _).
  exact: main.
apply: Req_le; apply: avg_eq => eps; apply: sup_eq => u; apply: mean_eq => i.
by rewrite /mix ltn_ord.
Qed.
End Contraction.

(** ** Path-norm balls *)
Section PathNorm.
Variables (n : nat) (J : finType) (x : 'I_n -> J -> R).
Implicit Types (u v w : J -> R) (eps : {ffun 'I_n -> bool}) (sigma : R -> R).

Definition lipschitz1 sigma : Prop := forall a b, Rabs (sigma a - sigma b) <= Rabs (a - b).
Definition pos_homogeneous sigma : Prop := forall c z, 0 <= c -> sigma (c * z) = c * sigma z.

(** {u : ‖u‖ ≤ 1} *)
Definition unit_ball := {u : J -> R | norm2 u <= 1}.

(** (1/n)Σ_i ε_ix_i *)
Definition signed_mean eps : J -> R := fun j => mean (fun i => sgn (eps i) * x i j).

(** S_u = (1/n)Σ_i ε_iσ(u·x_i) *)
Definition unit_process sigma eps u : R := mean (fun i => sgn (eps i) * sigma (dot u (x i))).

Lemma ball0_proof : norm2 (fun _ : J => 0) <= 1.
Proof. by rewrite /norm2 rsum0 => [|j]; [lra | ring]. Qed.
Definition ball0 : unit_ball := exist (fun u => norm2 u <= 1) _ ball0_proof.

Lemma dot_le u v : Rabs (dot u v) <= sqrt (norm2 u) * sqrt (norm2 v).
Proof.
rewrite -sqrt_mult; [|exact: norm2_ge0..].
by rewrite -sqrt_Rsqr_abs; apply: sqrt_le_1_alt; rewrite Rsqr_pow2; apply: dot_sqr_le.
Qed.

Lemma ball_dot_le (u : unit_ball) v : Rabs (dot (sval u) v) <= sqrt (norm2 v).
Proof.
apply: Rle_trans (dot_le _ _) _; have := sqrt_le_1_alt _ _ (svalP u); rewrite sqrt_1 => u1.
by rewrite -[X in _ <= X]Rmult_1_l; apply: Rmult_le_compat_r u1; apply: sqrt_pos.
Qed.

Lemma ball_dot_bounded i : bounded_fun (fun u : unit_ball => dot (sval u) (x i)).
Proof. by exists (sqrt (norm2 (x i))) => u; apply: ball_dot_le. Qed.

Lemma mean_dot eps u :
  mean (fun i => sgn (eps i) * dot u (x i)) = dot u (signed_mean eps).
Proof.
rewrite (mean_eq (g := fun i => \rsum_j u j * (sgn (eps i) * x i j))).
  by rewrite mean_rsum; apply: rsum_eq => j; rewrite mean_scal.
by move=> i; rewrite rsum_scal; apply: rsum_eq => j; ring.
Qed.

(** E f ≤ (E f²)^½ *)
Lemma esign_le_sqrt (f : {ffun 'I_n -> bool} -> R) c :
  esign (fun eps => f eps ^ 2) <= c -> esign f <= sqrt c.
Proof.
move=> h; apply: Rle_trans (Rle_abs _) _; rewrite -sqrt_Rsqr_abs; apply: sqrt_le_1_alt.
by rewrite Rsqr_pow2; apply: Rle_trans h; apply: avg_sqr.
Qed.

(** E‖(1/n)Σ_i ε_ix_i‖² = (1/n²)Σ_i ‖x_i‖² *)
Theorem signed_mean_square :
  esign (fun eps => norm2 (signed_mean eps)) = / INR n ^ 2 * \rsum_i norm2 (x i).
Proof.
rewrite /esign /norm2 avg_rsum rsum_exchange rsum_scal; apply: rsum_eq => j.
rewrite -(esign_sqr (fun i => x i j)) /esign -avg_scal; apply: avg_eq => eps.
by rewrite /signed_mean /mean Rpow_mult_distr pow_inv.
Qed.

(** E‖(1/n)Σ_i ε_ix_i‖ ≤ ((1/n)Σ_i ‖x_i‖²)^½/√n *)
Lemma signed_mean_le :
  (0 < n)%N ->
  esign (fun eps => sqrt (norm2 (signed_mean eps))) <=
  sqrt (mean (fun i => norm2 (x i))) / sqrt (INR n).
Proof.
move=> /INR_gt0 n0; rewrite -sqrt_div_alt //; apply: esign_le_sqrt.
rewrite /esign (avg_eq (g := fun eps => norm2 (signed_mean eps))); last first.
  by move=> eps; rewrite pow2_sqrt //; apply: norm2_ge0.
rewrite -/(esign _) signed_mean_square /mean; apply: Req_le; field; lra.
Qed.

Section Unit.
Variable sigma : R -> R.
Hypothesis lip : lipschitz1 sigma.

(** E sup_(‖u‖≤1) (1/n)Σ_i ε_iσ(u·x_i) ≤ E‖(1/n)Σ_i ε_ix_i‖ *)
Theorem ball_contraction :
  esign (fun eps => sup (fun u : unit_ball => unit_process sigma eps (sval u))) <=
  esign (fun eps => sqrt (norm2 (signed_mean eps))).
Proof.
apply: Rle_trans (contraction (phi := fun=> sigma) ball0 (fun=> lip) ball_dot_bounded) _.
apply: avg_le => eps; apply: (sup_le ball0) => u.
by rewrite mean_dot; apply: Rle_trans (Rle_abs _) (ball_dot_le _ _).
Qed.

(** E sup_(‖u‖≤1) (1/n)Σ_i ε_iσ(u·x_i) ≤ ((1/n)Σ_i ‖x_i‖²)^½/√n *)
Theorem ball_rademacher :
  (0 < n)%N ->
  esign (fun eps => sup (fun u : unit_ball => unit_process sigma eps (sval u))) <=
  sqrt (mean (fun i => norm2 (x i))) / sqrt (INR n).
Proof. by move=> n0; apply: Rle_trans ball_contraction (signed_mean_le n0). Qed.

Hypothesis hom : pos_homogeneous sigma.

Lemma sigma0 : sigma 0 = 0.
Proof. by have := hom 0 (Rle_refl 0); rewrite !Rmult_0_l. Qed.

Lemma unit_process_bounded eps : bounded_fun (fun u : unit_ball => unit_process sigma eps (sval u)).
Proof.
apply: bounded_mean => i; exists (sqrt (norm2 (x i))) => u.
have := lip (dot (sval u) (x i)) 0; rewrite sigma0 !Rminus_0_r => h.
exact: Rle_trans h (ball_dot_le _ _).
Qed.

(** S_(cu) = c S_u for c ≥ 0 *)
Lemma unit_process_scal eps c u :
  0 <= c -> unit_process sigma eps (fun j => c * u j) = c * unit_process sigma eps u.
Proof.
move=> c0; rewrite /unit_process -mean_scal; apply: mean_eq => i.
by rewrite dot_scall hom //; ring.
Qed.

Lemma unit_process0 eps : unit_process sigma eps (fun=> 0) = 0.
Proof.
rewrite -[RHS](Rmult_0_l (unit_process sigma eps (fun=> 0))) -unit_process_scal; last lra.
by congr unit_process; apply: FunctionalExtensionality.functional_extensionality => j; ring.
Qed.

(** |S_u| ≤ ‖u‖ sup_(‖v‖≤1)|S_v| *)
Lemma unit_process_le eps u :
  Rabs (unit_process sigma eps u) <=
  sqrt (norm2 u) * sup (fun v : unit_ball => Rabs (unit_process sigma eps (sval v))).
Proof.
have bdd : bounded_fun (fun v : unit_ball => Rabs (unit_process sigma eps (sval v))).
  by have [K hK] := unit_process_bounded eps; exists K => v; rewrite Rabs_Rabsolu.
set r := sqrt (norm2 u); have r2 : r ^ 2 = norm2 u by apply: pow2_sqrt; apply: norm2_ge0.
have : 0 <= r by apply: sqrt_pos.
case=> [r0|r0]; last first.
  have u0 : u = fun=> 0.
    apply: FunctionalExtensionality.functional_extensionality; apply: norm2_eq0.
    by rewrite -r2 -r0; ring.
  by rewrite u0 unit_process0 Rabs_R0 -r0 Rmult_0_l; apply: Rle_refl.
have vP : norm2 (fun j => / r * u j) <= 1.
  by rewrite norm2_scal -r2; apply: Req_le; field; lra.
have -> : unit_process sigma eps u = r * unit_process sigma eps (fun j => / r * u j).
  rewrite -unit_process_scal; last lra.
  congr unit_process; apply: FunctionalExtensionality.functional_extensionality => j.
  by field; lra.
rewrite Rabs_mult Rabs_pos_eq; last lra.
apply: Rmult_le_compat_l; first lra.
exact: (sup_ub ball0 (exist (fun v => norm2 v <= 1) _ vP) bdd).
Qed.

(** E sup_(‖u‖≤1)|S_u| ≤ 2 E sup_(‖u‖≤1) S_u *)
Lemma abs_process_le :
  esign (fun eps => sup (fun u : unit_ball => Rabs (unit_process sigma eps (sval u)))) <=
  2 * esign (fun eps => sup (fun u : unit_ball => unit_process sigma eps (sval u))).
Proof.
pose neg eps : {ffun 'I_n -> bool} := [ffun i => ~~ eps i].
have neg_bij : bijective neg by exists neg => eps; apply/ffunP => i; rewrite !ffunE negbK.
have negE eps u : unit_process sigma (neg eps) u = - unit_process sigma eps u.
  rewrite /unit_process -[RHS]Rmult_1_l -Ropp_mult_distr_r Ropp_mult_distr_l -mean_scal.
  by apply: mean_eq => i; rewrite ffunE; case: (eps i); rewrite /sgn /=; ring.
set S := fun eps => sup (fun u : unit_ball => unit_process sigma eps (sval u)).
rewrite (_ : 2 * esign S = esign (fun eps => S eps + S (neg eps))); last first.
  by rewrite /esign avg_plus -(avg_bij S neg_bij); ring.
apply: avg_le => eps; apply: (sup_le ball0) => u.
have ub e (v : unit_ball) : unit_process sigma e (sval v) <= S e.
  exact: (sup_ub ball0 v (unit_process_bounded e)).
have := ub eps u; have := ub (neg eps) u.
have := ub eps ball0; have := ub (neg eps) ball0; rewrite !negE !unit_process0.
by move=> *; apply: Rabs_le; lra.
Qed.
End Unit.

(** ** Networks of any width *)
Record network := Network {
  width : nat;
  outer_weight : 'I_width -> R;
  inner_weight : 'I_width -> J -> R }.
Arguments outer_weight : clear implicits.
Arguments inner_weight : clear implicits.

(** f(x) = Σ_k a_kσ(w̃_k·x̃) *)
Definition network_eval sigma (f : network) (v : J -> R) : R :=
  \rsum_k outer_weight f k * sigma (dot (inner_weight f k) v).

(** path(f) = Σ_k |a_k|‖w̃_k‖ *)
Definition path_norm (f : network) : R :=
  \rsum_k Rabs (outer_weight f k) * sqrt (norm2 (inner_weight f k)).

(** F_B *)
Definition path_ball (B : R) := {f : network | path_norm f <= B}.

(** R̂_n(F_B) = E sup_(f∈F_B) |(1/n)Σ_i ε_if(x_i)| *)
Definition rademacher sigma (B : R) : R :=
  esign (fun eps => sup (fun f : path_ball B =>
    Rabs (mean (fun i => sgn (eps i) * network_eval sigma (sval f) (x i))))).

Section Bound.
Variables (sigma : R -> R) (B : R).
Hypotheses (lip : lipschitz1 sigma) (hom : pos_homogeneous sigma).

Let sup_abs eps := sup (fun u : unit_ball => Rabs (unit_process sigma eps (sval u))).

Lemma sup_abs_ge0 eps : 0 <= sup_abs eps.
Proof.
have := unit_process_le lip hom eps (sval ball0); rewrite unit_process0 // Rabs_R0.
have bdd : bounded_fun (fun v : unit_ball => Rabs (unit_process sigma eps (sval v))).
  by have [K hK] := unit_process_bounded lip hom eps; exists K => v; rewrite Rabs_Rabsolu.
by have := sup_ub ball0 ball0 bdd; rewrite unit_process0 // Rabs_R0.
Qed.

(** |(1/n)Σ_i ε_if(x_i)| ≤ path(f) sup_(‖u‖≤1)|(1/n)Σ_i ε_iσ(u·x_i)| *)
Theorem network_process_le eps (f : network) :
  Rabs (mean (fun i => sgn (eps i) * network_eval sigma f (x i))) <=
  path_norm f * sup (fun u : unit_ball => Rabs (unit_process sigma eps (sval u))).
Proof.
rewrite (mean_eq (g := fun i => \rsum_k outer_weight f k *
    (sgn (eps i) * sigma (dot (inner_weight f k) (x i))))); last first.
  by move=> i; rewrite /network_eval rsum_scal; apply: rsum_eq => k; ring.
rewrite mean_rsum; apply: Rle_trans (rsum_abs _) _; rewrite rsum_scalr; apply: rsum_le => k.
rewrite mean_scal Rabs_mult Rmult_assoc; apply: Rmult_le_compat_l; first exact: Rabs_pos.
exact: unit_process_le.
Qed.

Hypotheses (B_ge0 : 0 <= B) (n_gt0 : (0 < n)%N).

Lemma network0_proof : path_norm (@Network 0 (fun=> 0) (fun _ _ => 0)) <= B.
Proof. by rewrite /path_norm big_ord0. Qed.
Let network0 : path_ball B := exist (fun f => path_norm f <= B) _ network0_proof.

(** R̂_n(F_B) ≤ B E sup_(‖u‖≤1)|S_u| *)
Lemma rademacher_unit : rademacher sigma B <= B * esign sup_abs.
Proof.
rewrite /esign -avg_scal; apply: avg_le => eps; apply: (sup_le network0) => f.
apply: Rle_trans (network_process_le _ _) _.
by apply: Rmult_le_compat_r; [apply: sup_abs_ge0 | apply: (svalP f)].
Qed.

(** R̂_n(F_B) ≤ 2B E sup_(‖u‖≤1) (1/n)Σ_i ε_iσ(u·x_i) *)
Theorem rademacher_one_sided :
  rademacher sigma B <=
  2 * B * esign (fun eps => sup (fun u : unit_ball => unit_process sigma eps (sval u))).
Proof.
apply: Rle_trans rademacher_unit _; rewrite [2 * B]Rmult_comm Rmult_assoc.
by apply: Rmult_le_compat_l => //; apply: abs_process_le.
Qed.

(** R̂_n(F_B) ≤ 2B((1/n)Σ_i ‖x_i‖²)^½/√n *)
Theorem rademacher_le :
  rademacher sigma B <= 2 * B * sqrt (mean (fun i => norm2 (x i))) / sqrt (INR n).
Proof.
apply: Rle_trans rademacher_one_sided _; rewrite [X in _ <= X]Rmult_assoc.
by apply: Rmult_le_compat_l; [lra | apply: ball_rademacher].
Qed.

(** with an offset |c| ≤ c_0 *)
Theorem rademacher_offset c0 :
  0 <= c0 ->
  esign (fun eps => sup (fun fc : path_ball B * {c : R | Rabs c <= c0} =>
    Rabs (mean (fun i => sgn (eps i) *
      (network_eval sigma (sval fc.1) (x i) + sval fc.2))))) <=
  2 * B * sqrt (mean (fun i => norm2 (x i))) / sqrt (INR n) + c0 / sqrt (INR n).
Proof.
move=> c00; have c0P : Rabs 0 <= c0 by rewrite Rabs_R0.
have n0 := INR_gt0 n_gt0.
pose one eps := mean (fun i => sgn (eps i)).
have hone : esign (fun eps : {ffun 'I_n -> bool} => Rabs (one eps)) <= / sqrt (INR n).
  rewrite inv_sqrt //; apply: esign_le_sqrt.
  rewrite /esign (avg_eq (g := fun eps => / INR n ^ 2 * (\rsum_i sgn (eps i) * 1) ^ 2)); last first.
    move=> eps; rewrite pow2_abs /one /mean Rpow_mult_distr pow_inv; congr (_ * _ ^ _).
    by apply: rsum_eq => i; rewrite Rmult_1_r.
  rewrite avg_scal -/(esign _) esign_sqr; under eq_bigr => i _ do rewrite pow1.
  by rewrite rsum_const card_ord; apply: Req_le; field; lra.
have := Rmult_le_compat_l _ _ _ c00 hone; rewrite -/(c0 / _) => hc.
apply: Rle_trans (Rplus_le_compat _ _ _ _ rademacher_le hc).
rewrite /rademacher /esign -avg_scal -avg_plus; apply: avg_le => eps.
apply: (sup_le (network0, exist (fun c => Rabs c <= c0) 0 c0P)) => -[f c] /=.
have bdd : bounded_fun (fun f : path_ball B =>
    Rabs (mean (fun i => sgn (eps i) * network_eval sigma (sval f) (x i)))).
  exists (B * sup_abs eps) => g; rewrite Rabs_Rabsolu.
  apply: Rle_trans (network_process_le _ _) _.
  by apply: Rmult_le_compat_r; [apply: sup_abs_ge0 | apply: (svalP g)].
have -> : mean (fun i => sgn (eps i) * (network_eval sigma (sval f) (x i) + sval c)) =
    mean (fun i => sgn (eps i) * network_eval sigma (sval f) (x i)) + sval c * one eps.
  rewrite /one -mean_scal -mean_plus; apply: mean_eq => i; rewrite Rmult_plus_distr_l.
  by congr (_ + _); apply: Rmult_comm.
apply: Rle_trans (Rabs_triang _ _) _.
apply: Rplus_le_compat; first exact: (sup_ub network0 f bdd).
by rewrite Rabs_mult; apply: Rmult_le_compat_r; [apply: Rabs_pos | apply: (svalP c)].
Qed.

(** any choice of u_ε ≠ 0: E|(1/n)Σ_i ε_iσ(u_ε·x_i)|/‖u_ε‖ ≤ 2((1/n)Σ_i ‖x_i‖²)^½/√n *)
Theorem unit_choice_le (u : {ffun 'I_n -> bool} -> J -> R) :
  (forall eps, 0 < norm2 (u eps)) ->
  esign (fun eps => Rabs (unit_process sigma eps (u eps)) / sqrt (norm2 (u eps))) <=
  2 * sqrt (mean (fun i => norm2 (x i))) / sqrt (INR n).
Proof.
move=> u0; apply: Rle_trans (_ : esign sup_abs <= _).
  apply: avg_le => eps; have s0 := sqrt_lt_R0 _ (u0 eps).
  apply: (Rmult_le_reg_r (sqrt (norm2 (u eps)))) => //.
  rewrite /Rdiv Rmult_assoc Rinv_l ?Rmult_1_r; last lra.
  by rewrite Rmult_comm; apply: unit_process_le.
apply: Rle_trans (abs_process_le lip hom) _; rewrite [X in _ <= X]Rmult_assoc.
by apply: Rmult_le_compat_l; [lra | apply: ball_rademacher].
Qed.
End Bound.
End PathNorm.
