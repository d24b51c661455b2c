(** The spectrum of the ReLU teacher-student Hessian for k ≥ 3 students (T19).

    Every T = [A, B] is a sum of members of the families of eigenvectors, and the traces of
    the parts are the multiplicities of the catalogue's table; so H has these eigenvalues and
    no others, tr H^m = Σ_λ m_λ λ^m for every m, and λ_max is the larger root of λ² - tλ + D. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Spectral TeacherStudent.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Section Spectrum.
Variables k e : nat.
Local Notation columns := ('I_k + 'I_e)%type.
Local Notation kR := (INR k).
Local Notation relu_hessian := (@relu_hessian k e).
Local Notation std_poly := (std_poly k).
Local Notation triv_t := (triv_t k).
Local Notation triv_D := (triv_D k).
Local Notation trivA := (@trivA k).
Implicit Types (A S Z : 'I_k -> 'I_k -> R) (B : 'I_k -> 'I_e -> R) (T : 'I_k -> columns -> R).
Implicit Types (i j l : 'I_k) (u v : 'I_k -> R) (a b : columns) (c : 'I_e) (lam : R).

(** ** The eigenvalues *)

(** the sign ± *)
Definition pm (s : bool) : R := if s then 1 else -1.

(** (k+2 ± √(k²-16/π+16/π²))/8 *)
Definition std_eig s : R := (kR + 2 + pm s * sqrt (kR ^ 2 - 16 / PI + 16 / PI ^ 2)) / 8.

(** ½(t ± √(t²-4D)) *)
Definition triv_eig s : R := / 2 * (triv_t + pm s * sqrt (triv_t ^ 2 - 4 * triv_D)).

(** 1/8 ≤ ϱ < 1/6, since 3 < π ≤ 4 *)
Lemma rho_bounds : / 8 <= rho < / 6.
Proof.
have p3 : 3 < PI by have := PI2_3_2; rewrite /PI2; lra.
have p4 := PI_4; rewrite /rho; split; first by apply: Rinv_le_contravar; lra.
by apply: Rinv_lt_contravar; lra.
Qed.

Lemma std_discriminant : kR ^ 2 - 16 / PI + 16 / PI ^ 2 = kR ^ 2 - 32 * rho + 64 * rho ^ 2.
Proof. by rewrite /rho; field; apply: PI_neq0. Qed.

(** t² - 4D = (k/4 - (k-2)ϱ)² + (k-2)ϱ *)
Lemma triv_discriminant :
  triv_t ^ 2 - 4 * triv_D = (kR / 4 - (kR - 2) * rho) ^ 2 + (kR - 2) * rho.
Proof. by rewrite /triv_t /triv_D; field. Qed.

Section AtLeastThree.
Hypothesis k3 : (3 <= k)%N.

Lemma n_ge3 : 3 <= kR.
Proof. by rewrite (_ : 3 = INR 3); [apply/le_INR/leP | rewrite /=; ring]. Qed.

Lemma std_disc_gt0 : 0 < kR ^ 2 - 16 / PI + 16 / PI ^ 2.
Proof. by rewrite std_discriminant; have := n_ge3; have := rho_bounds; nra. Qed.

Lemma triv_disc_gt0 : 0 < triv_t ^ 2 - 4 * triv_D.
Proof.
rewrite triv_discriminant; have h := n_ge3; have r := rho_bounds.
by apply: Rplus_le_lt_0_compat; [apply: pow2_ge_0 | apply: Rmult_lt_0_compat; lra].
Qed.

Lemma std_root s : std_poly (std_eig s) = 0.
Proof.
have d := sqrt_sqrt _ (Rlt_le _ _ std_disc_gt0).
rewrite /std_poly /std_eig; move: d; set q := sqrt _; rewrite std_discriminant => d.
transitivity ((q * q - (kR ^ 2 - 32 * rho + 64 * rho ^ 2)) / 64); last by rewrite d; field.
by case: s; rewrite /pm; field.
Qed.

Lemma triv_root s : triv_eig s ^ 2 - triv_t * triv_eig s + triv_D = 0.
Proof.
have d := sqrt_sqrt _ (Rlt_le _ _ triv_disc_gt0).
rewrite /triv_eig; move: d; set q := sqrt _ => d.
transitivity ((q * q - (triv_t ^ 2 - 4 * triv_D)) / 4); last by rewrite d; field.
by case: s; rewrite /pm; field.
Qed.

Lemma std_gap s : std_eig s - std_eig (~~ s) <> 0.
Proof.
by have := sqrt_lt_R0 _ std_disc_gt0; rewrite /std_eig /pm; case: s => /=; lra.
Qed.

Lemma triv_gap s : triv_eig s - triv_eig (~~ s) <> 0.
Proof.
by have := sqrt_lt_R0 _ triv_disc_gt0; rewrite /triv_eig /pm; case: s => /=; lra.
Qed.

(** H = (k+2 ± √(k²-16/π+16/π²))/8 on ϱ(u1ᵀ - 2 diag(u)) + (λ-¼)1uᵀ, Σu = 0 *)
Theorem relu_standard s u : \rsum_j u j = 0 ->
  op_eigen relu_hessian (std_eig s) (blk (stdA (std_eig s) u) (fun _ _ => 0)).
Proof. by move=> h; apply: eigen_blk => i l; [apply/hA_std/h/std_root | apply: hB_null]. Qed.

(** H = ½(t ± √(t²-4D)) on (λ - (k+1)/4 - ϱ)I + ¼11ᵀ *)
Theorem relu_trivial s :
  op_eigen relu_hessian (triv_eig s) (blk (trivA (triv_eig s)) (fun _ _ => 0)).
Proof. by apply: eigen_blk => i l; [apply/hA_triv/triv_root | apply: hB_null]. Qed.

(** (λ - λ_+)(λ - λ_-) = λ² - (k+2)λ/4 + (k+1+8ϱ-16ϱ²)/16 *)
Lemma std_factor lam : (lam - std_eig true) * (lam - std_eig false) = std_poly lam.
Proof.
have d := sqrt_sqrt _ (Rlt_le _ _ std_disc_gt0).
rewrite /std_poly /std_eig /pm; move: d; set q := sqrt _; rewrite std_discriminant => d.
transitivity ((lam - (kR + 2) / 8) ^ 2 - q * q / 64); first by field.
by rewrite d; field.
Qed.

(** ** Every T is a sum of members of the families *)
Definition trA A : R := \rsum_i A i i.
Definition rowA A i : R := \rsum_l A i l.
Definition colA A l : R := \rsum_i A i l.
Definition totA A : R := \rsum_i \rsum_l A i l.

(** A = (S + diag(S1)) + Z + (u1ᵀ - 2 diag(u) + 1vᵀ) + αI + β11ᵀ, Σu = Σv = 0 *)
Definition dec_beta A : R := (totA A - trA A) / (kR * (kR - 1)).
Definition dec_alpha A : R := trA A / kR - dec_beta A.
Definition dec_u A i : R :=
  (kR * rowA A i + 2 * colA A i - 2 * kR * A i i - (kR + 2) * totA A / kR + 2 * trA A)
  / (kR ^ 2 - 4).
Definition dec_v A i : R := (colA A i - totA A / kR + 2 * dec_u A i) / kR.
Definition dec_S A i l : R :=
  (A i l - A l i - dec_u A i + dec_u A l - dec_v A l + dec_v A i) / 2.
Definition dec_Z A i l : R :=
  A i l - asym (dec_S A) i l - (dec_u A i - dlt (i == l) (2 * dec_u A i)) - dec_v A l
  - dlt (i == l) (dec_alpha A) - dec_beta A.

(** its last terms, split over the two roots λ_±: Σ_± (ϱ(x_±1ᵀ - 2 diag(x_±)) + (λ_±-¼)1x_±ᵀ)
    and Σ_± y_±((λ_± - (k+1)/4 - ϱ)I + ¼11ᵀ) *)
Definition dec_x s A i : R :=
  (dec_v A i - (std_eig (~~ s) - / 4) * dec_u A i / rho) / (std_eig s - std_eig (~~ s)).
Definition dec_y s A : R :=
  (dec_alpha A - 4 * dec_beta A * (triv_eig (~~ s) - (kR + 1) / 4 - rho))
  / (triv_eig s - triv_eig (~~ s)).

Lemma n_neqs : [/\ kR <> 0, kR - 1 <> 0 & kR ^ 2 - 4 <> 0].
Proof. by have := n_ge3; split; nra. Qed.

Lemma sum_colA A : \rsum_i colA A i = totA A.
Proof. exact: rsum_exchange. Qed.

Lemma dec_u_sum A : \rsum_i dec_u A i = 0.
Proof.
have [n0 n1 n2] := n_neqs; rewrite /dec_u /Rdiv -rsum_scalr /Rminus.
rewrite !rsum_plus !rsum_opp -!rsum_scal !rsum_const !card_ord sum_colA.
by rewrite -/(totA A) -/(trA A); field.
Qed.

Lemma dec_v_sum A : \rsum_i dec_v A i = 0.
Proof.
have [n0 _ _] := n_neqs; rewrite /dec_v /Rdiv -rsum_scalr rsum_plus rsum_minus -(rsum_scal 2) dec_u_sum
  .
by rewrite rsum_const card_ord sum_colA; field.
Qed.

Lemma dec_S_antisym A : antisymmetric (dec_S A).
Proof. by move=> i l; rewrite /dec_S; field. Qed.

Lemma dec_S_row A i :
  \rsum_j dec_S A i j = (rowA A i - colA A i - kR * dec_u A i + kR * dec_v A i) / 2.
Proof.
rewrite /dec_S /Rdiv -rsum_scalr /Rminus !rsum_plus !rsum_opp !rsum_const !card_ord.
rewrite dec_u_sum dec_v_sum.
by rewrite -/(rowA A i) -/(colA A i); field.
Qed.

Lemma dec_Z_hollow A : hollow (dec_Z A).
Proof.
have [n0 n1 n2] := n_neqs.
have sym i j : dec_Z A i j = dec_Z A j i.
  rewrite /dec_Z /asym [j == i]eq_sym; case: eqP => [->//|_] /=.
  by rewrite /dec_S; field.
split=> // [i|i].
  rewrite /dec_Z /asym (antisym_diag i (@dec_S_antisym A)) !eqxx dec_S_row /= /dec_v.
  by rewrite /dec_alpha /dec_u; field.
rewrite (rsum_eq (sym i)) /dec_Z /Rminus !rsum_plus !rsum_opp asym_col; last exact: dec_S_antisym.
rewrite rsum_plus rsum_opp dec_u_sum !rsum_pickl !rsum_const !card_ord -/(colA A i).
by rewrite /dec_v /dec_alpha /dec_beta; field.
Qed.

Lemma dec_x_sum s A : \rsum_i dec_x s A i = 0.
Proof.
rewrite /dec_x /Rdiv -rsum_scalr rsum_minus dec_v_sum -rsum_scalr -rsum_scal dec_u_sum.
by rewrite /Rdiv; ring.
Qed.

Lemma rho_neq0 : rho <> 0.
Proof. by have := rho_gt0; lra. Qed.

Lemma dec_x_split A i l :
  stdA (std_eig true) (dec_x true A) i l + stdA (std_eig false) (dec_x false A) i l
  = dec_u A i - dlt (i == l) (2 * dec_u A i) + dec_v A l.
Proof.
have g := @std_gap true; have r := rho_neq0; move: g; rewrite /stdA /dec_x /= => g.
by case: eqP => [->|_] /=; field; split=> //; lra.
Qed.

Lemma dec_y_split A i l :
  dec_y true A * trivA (triv_eig true) i l + dec_y false A * trivA (triv_eig false) i l
  = dlt (i == l) (dec_alpha A) + dec_beta A.
Proof.
have g := @triv_gap true; move: g; rewrite /trivA /dec_y /= => g.
by case: eqP => _ /=; field; lra.
Qed.

(** ** The resolution of the identity *)
Local Notation relu_cases := (((bool + bool) + bool) + bool)%type.

Definition relu_lam (x : relu_cases) : R :=
  match x with
  | inl (inl (inl s)) => if s then / 4 - rho else / 4 + rho
  | inl (inl (inr s)) => std_eig s
  | inl (inr s) => triv_eig s
  | inr s => if s then / 4 else (kR + 1) / 4
  end.

Definition leftA T : 'I_k -> 'I_k -> R := fun i l => T i (inl l).
Definition rightB T : 'I_k -> 'I_e -> R := fun i c => T i (inr c).
Definition mean_col B c : R := (\rsum_j B j c) / kR.

Definition relu_part (x : relu_cases) T : 'I_k -> columns -> R :=
  match x with
  | inl (inl (inl s)) =>
      blk (if s then asym (dec_S (leftA T)) else dec_Z (leftA T)) (fun _ _ => 0)
  | inl (inl (inr s)) => blk (stdA (std_eig s) (dec_x s (leftA T))) (fun _ _ => 0)
  | inl (inr s) => blk (fun i l => dec_y s (leftA T) * trivA (triv_eig s) i l) (fun _ _ => 0)
  | inr s => blk (fun _ _ => 0)
      (if s then fun i c => rightB T i c - mean_col (rightB T) c
       else fun=> mean_col (rightB T))
  end.

Lemma rsum_cases (F : relu_cases -> R) :
  \rsum_x F x = F (inl (inl (inl true))) + F (inl (inl (inl false)))
    + (F (inl (inl (inr true))) + F (inl (inl (inr false))))
    + (F (inl (inr true)) + F (inl (inr false))) + (F (inr true) + F (inr false)).
Proof. by rewrite !rsum_sum !big_bool. Qed.

Lemma relu_part_sum T i a : T i a = \rsum_x relu_part x T i a.
Proof.
rewrite rsum_cases; case: a => [l|c] /=; last by rewrite /rightB; ring.
have hx := dec_x_split (leftA T) i l; have hy := dec_y_split (leftA T) i l.
rewrite hx hy /dec_Z; set u := dec_u _ _; set d := dlt (i == l) (2 * u).
by rewrite /leftA; ring.
Qed.

Lemma relu_part_eigen x T : op_eigen relu_hessian (relu_lam x) (relu_part x T).
Proof.
have [n0 _ _] := n_neqs.
case: x => [[[s|s]|s]|s]; apply: eigen_blk => i l; try exact: hA_zero; try exact: hB_null.
- by case: s; [apply/hA_asym/dec_S_antisym | apply/hA_hollow/dec_Z_hollow].
- by apply: hA_std; [apply: std_root | apply: dec_x_sum].
- by rewrite hA_scal hA_triv ?triv_root //=; ring.
- case: s; last exact: hB_const.
  apply: hB_zero; rewrite rsum_minus rsum_const card_ord /mean_col.
  by field.
Qed.

(** ** Multiplicities *)
Definition relu_mult (x : relu_cases) : R :=
  match x with
  | inl (inl (inl s)) => if s then kR * (kR - 1) / 2 else kR * (kR - 3) / 2
  | inl (inl (inr s)) => kR - 1
  | inl (inr s) => 1
  | inr s => if s then (kR - 1) * INR e else INR e
  end.

Lemma rsum_diag_off (f : bool -> R) :
  \rsum_(i : 'I_k) \rsum_(l : 'I_k) f (i == l) = kR * f true + kR * (kR - 1) * f false.
Proof.
transitivity (\rsum_(i : 'I_k) \rsum_(l : 'I_k) (f false + dlt (i == l) (f true - f false))).
  by do 2!apply: rsum_eq => ?; case: eqP => _ /=; ring.
by rewrite rsum2_plus rsum_diag !rsum_const card_ord; ring.
Qed.

Section Unit.
Variables i l : 'I_k.
Let E := leftA (munit i (inl l)).
Let d := dlt (i == l) 1.

Lemma unitE j m : E j m = dlt (j == i) 1 * dlt (m == l) 1.
Proof.
have -> : E j m = dlt ((j == i) && (m == l)) 1 by [].
by case: (j == i); case: (m == l) => /=; ring.
Qed.

Lemma unit_row j : rowA E j = dlt (j == i) 1.
Proof. by rewrite /rowA (rsum_eq (unitE j)) -rsum_scal (rsum_pickl (fun=> 1)); ring. Qed.

Lemma unit_col m : colA E m = dlt (m == l) 1.
Proof. by rewrite /colA (rsum_eq (unitE^~ m)) -rsum_scalr (rsum_pickl (fun=> 1)); ring. Qed.

Lemma unit_tot : totA E = 1.
Proof. by rewrite /totA (rsum_eq unit_row) (rsum_pickl (fun=> 1)). Qed.

Lemma unit_tr : trA E = d.
Proof.
by rewrite /trA (rsum_eq (fun j => unitE j j)) (rsum_pick (fun j => dlt (j == i) 1)) eq_sym.
Qed.

(** the parts of a matrix unit on and off the diagonal *)
Let c1 := (kR - 1) / (kR * (kR + 2)).
Let c2 := (kR + 1) / (kR * (kR + 2)).
Let c3 := / (kR * (kR + 2)).

Lemma n_plus2 : kR + 2 <> 0 /\ kR * kR - 4 <> 0.
Proof. by have := n_ge3; split; nra. Qed.

Lemma unit_uv : [/\ dec_u E i = (if i == l then - c1 else c2),
  dec_u E l = (if i == l then - c1 else c3), dec_v E i = (if i == l then c1 else c3)
  & dec_v E l = (if i == l then c1 else c2)].
Proof.
have [n0 _ n2] := n_neqs; have [n2' n2''] := n_plus2; rewrite /dec_v /dec_u.
rewrite !unit_row !unit_col !unit_tot !unit_tr !unitE !eqxx [l == i]eq_sym /d /c1 /c2 /c3.
by case: eqP => _ /=; split; field.
Qed.

Lemma unit_S : dec_S E i l = (if i == l then 0 else kR / (2 * (kR + 2))).
Proof.
have [n0 _ n2] := n_neqs; have [n2' n2''] := n_plus2; have [ui ul vi vl] := unit_uv.
rewrite /dec_S ui ul vi vl !unitE !eqxx [l == i]eq_sym /c1 /c2 /c3.
by case: eqP => _ /=; field.
Qed.

Lemma unit_asym : asym (dec_S E) i l = (if i == l then (kR - 1) / (kR + 2) else kR / (2 *
  (kR + 2))).
Proof.
have [n0 _ n2] := n_neqs; have [n2' n2''] := n_plus2; have [ui ul vi vl] := unit_uv.
rewrite /asym unit_S dec_S_row ui vi unit_row unit_col eqxx /c1 /c2 /c3.
by case: eqP => _ /=; field.
Qed.

Lemma unit_ab : dec_beta E = (if i == l then 0 else / (kR * (kR - 1)))
  /\ dec_alpha E = (if i == l then / kR else - / (kR * (kR - 1))).
Proof.
have [n0 n1 _] := n_neqs; rewrite /dec_alpha /dec_beta unit_tot unit_tr /d.
by case: eqP => _ /=; split; field.
Qed.

Lemma unit_Z : dec_Z E i l = (if i == l then 0 else (kR - 3) / (2 * (kR - 1))).
Proof.
have [n0 n1 n2] := n_neqs; have [n2' n2''] := n_plus2; have [ui ul vi vl] := unit_uv.
have [b a] := unit_ab; rewrite /dec_Z unit_asym ui vl a b unitE !eqxx /c1 /c2.
by case: eqP => _ /=; field.
Qed.

Lemma unit_std s (p := std_eig s - / 4) (q := std_eig (~~ s) - / 4) :
  stdA (std_eig s) (dec_x s E) i l
  = (if i == l then c1 * (p - rho) * (1 + q / rho)
     else rho * (c3 - q * c2 / rho) + p * (c2 - q * c3 / rho)) / (p - q).
Proof.
have [n0 _ _] := n_neqs; have [n2' n2''] := n_plus2; have [ui ul vi vl] := unit_uv.
have g := @std_gap s; have g' : p - q <> 0 by rewrite /p /q; lra.
have r := rho_neq0; rewrite /stdA /dec_x ui ul vi vl.
have -> : std_eig s - std_eig (~~ s) = p - q by rewrite /p /q; ring.
by rewrite -/p -/q; case: eqP => _ /=; field.
Qed.

Lemma unit_triv s (p := triv_eig s - (kR + 1) / 4 - rho)
    (q := triv_eig (~~ s) - (kR + 1) / 4 - rho) :
  dec_y s E * trivA (triv_eig s) i l
  = (if i == l then (p + / 4) / kR else - (1 + 4 * q) / (4 * kR * (kR - 1))) / (p - q).
Proof.
have [n0 n1 _] := n_neqs; have [b a] := unit_ab.
have g := @triv_gap s; have g' : p - q <> 0 by rewrite /p /q; lra.
rewrite /dec_y /trivA a b -/p -/q.
have -> : triv_eig s - triv_eig (~~ s) = p - q by rewrite /p /q; ring.
by case: eqP => _ /=; field.
Qed.
End Unit.

Lemma diag_off_sum (F : 'I_k -> 'I_k -> R) x y z :
  (forall i l, F i l = (if i == l then x else y) / z) ->
  \rsum_i \rsum_l F i l = (kR * x + kR * (kR - 1) * y) / z.
Proof.
move=> h; transitivity (\rsum_(i : 'I_k) \rsum_(l : 'I_k)
    (fun t : bool => (if t then x else y) / z) (i == l)).
  by do 2!apply: rsum_eq => ?; apply: h.
by rewrite (rsum_diag_off (fun t => (if t then x else y) / z)) /Rdiv; ring.
Qed.

Lemma unit_mean c c' i : mean_col (rightB (munit i (inr c))) c' = dlt (c' == c) (/ kR).
Proof.
rewrite /mean_col /Rdiv rsum_scalr.
have -> : \rsum_j rightB (munit i (inr c)) j c' * / kR
    = \rsum_j dlt (j == i) (dlt (c' == c) (/ kR)).
  apply: rsum_eq => j; have -> : rightB (munit i (inr c)) j c'
      = dlt ((j == i) && (c' == c)) 1 by [].
  by case: (j == i); case: (c' == c) => /=; ring.
by rewrite (rsum_pickl (fun=> dlt (c' == c) (/ kR))).
Qed.

Lemma unit_ext c i : rightB (munit i (inr c)) i c = 1.
Proof.
by have -> : rightB (munit i (inr c)) i c = dlt ((i == i) && (c == c)) 1 by []; rewrite !eqxx.
Qed.

Lemma relu_part_trace x :
  \rsum_i \rsum_a relu_part x (munit i a) i a = relu_mult x.
Proof.
have [n0 n1 n2] := n_neqs; have [n2' n2''] := n_plus2; have r := rho_neq0.
transitivity ((\rsum_i \rsum_l relu_part x (munit i (inl l)) i (inl l))
  + \rsum_i \rsum_c relu_part x (munit i (inr c)) i (inr c)).
  by rewrite -rsum_plus; apply: rsum_eq => i; rewrite rsum_sum.
have zero2 (I J : finType) : \rsum_(i : I) \rsum_(j : J) 0 = 0 by rewrite !rsum0 // => ?;
  rewrite rsum0.
case: x => [[[[]|s]|s]|[]]; rewrite /= zero2 ?Rplus_0_r ?Rplus_0_l.
- rewrite (@diag_off_sum _ ((kR - 1) / (kR + 2)) (kR / (2 * (kR + 2))) 1) => [|i l]; first by field.
  by rewrite unit_asym; case: eqP => _; field.
- rewrite (@diag_off_sum _ 0 ((kR - 3) / (2 * (kR - 1))) 1) => [|i l]; first by field.
  by rewrite unit_Z; case: eqP => _; field.
- rewrite (diag_off_sum (fun i l => unit_std i l s)); have g := @std_gap s.
  by field; do ?split=> //; lra.
- rewrite (diag_off_sum (fun i l => unit_triv i l s)); have g := @triv_gap s.
  by field; do ?split=> //; lra.
- under eq_bigr => i _ do under eq_bigr => c _ do rewrite unit_ext unit_mean eqxx.
  by rewrite /= !rsum_const !card_ord; field.
- under eq_bigr => i _ do under eq_bigr => c _ do rewrite unit_mean eqxx.
  by rewrite /= !rsum_const !card_ord; field.
Qed.

(** Every T = [A, B] is a sum of members of the families. *)
Theorem relu_complete A B :
  exists S Z (x : bool -> 'I_k -> R) (y : bool -> R) (X : 'I_k -> 'I_e -> R) (w : 'I_e -> R),
  [/\ antisymmetric S, hollow Z, forall s, \rsum_i x s i = 0 & forall c, \rsum_i X i c = 0]
  /\ (forall i l, A i l = asym S i l + Z i l
        + (stdA (std_eig true) (x true) i l + stdA (std_eig false) (x false) i l)
        + (y true * trivA (triv_eig true) i l + y false * trivA (triv_eig false) i l))
  /\ (forall i c, B i c = X i c + w c).
Proof.
have [n0 _ _] := n_neqs.
exists (dec_S A), (dec_Z A), (dec_x^~ A), (dec_y^~ A), (fun i c => B i c - mean_col B c),
  (mean_col B).
split; last split.
- split; [exact: dec_S_antisym | exact: dec_Z_hollow | move=> s; exact: dec_x_sum | move=> c].
  by rewrite rsum_minus rsum_const card_ord /mean_col; field.
- by move=> i l; rewrite dec_x_split dec_y_split /dec_Z; ring.
- by move=> i c; ring.
Qed.

(** ** The spectrum *)

(** the eigenvalues of the catalogue's table, each with its multiplicity *)
Definition relu_table : seq (R * R) :=
  [:: (/ 4 - rho, kR * (kR - 1) / 2);
      (/ 4 + rho, kR * (kR - 3) / 2);
      (std_eig true, kR - 1); (std_eig false, kR - 1);
      (triv_eig true, 1); (triv_eig false, 1);
      (/ 4, (kR - 1) * INR e);
      ((kR + 1) / 4, INR e)].

Lemma table_sum (F : R * R -> R) :
  \big[Rplus/R0]_(r <- relu_table) F r = \rsum_x F (relu_lam x, relu_mult x).
Proof. by rewrite rsum_cases !big_cons big_nil /= Rplus_0_r !Rplus_assoc. Qed.

Lemma table_in x : List.In (relu_lam x, relu_mult x) relu_table.
Proof. by case: x => [[[[]|[]]|[]]|[]] /=; do ?[by left | right]. Qed.

(** tr H^j = Σ_λ m_λ λ^j for every j *)
Theorem relu_trace_powers (m : nat) :
  htrace (hpow relu_hessian m) = \big[Rplus/R0]_(r <- relu_table) (r.2 * r.1 ^ m).
Proof.
rewrite (resolution_trace relu_part_sum relu_part_eigen) table_sum.
by apply: rsum_eq => x; rewrite relu_part_trace Rmult_comm.
Qed.

Lemma relu_mult_eq0 x T i a : relu_mult x = 0 -> relu_part x T i a = 0.
Proof.
have h := n_ge3; case: x => [[[[]|s]|s]|[]] /= m0; try nra.
- have k_3 : k = 3%N by apply: INR_eq; rewrite (_ : INR 3 = 3); [nra | rewrite /=; ring].
  have [sym d r] := dec_Z_hollow (leftA T).
  by case: a => [l|c] //; apply: three_hollow.
- case: a => [//|c] /=; have e0 : e = 0%N by apply: INR_eq; rewrite /=; nra.
  by have := ltn_ord c; rewrite [X in (_ < X)%N]e0.
- case: a => [//|c] /=; have e0 : e = 0%N by apply: INR_eq.
  by have := ltn_ord c; rewrite [X in (_ < X)%N]e0.
Qed.

(** The eigenvalues of H are those of the table. *)
Theorem relu_eigenvalues lam :
  op_eigenvalue relu_hessian lam <-> exists m, List.In (lam, m) relu_table /\ m <> 0.
Proof.
rewrite (resolution_table relu_part_sum relu_part_eigen
  (@relu_hessian_sym k e) _ relu_part_trace relu_mult_eq0).
split=> [[x [-> nz]]|[m [h nz]]]; first by exists (relu_mult x); split; first exact: table_in.
suff [x [-> mx]] : exists x, lam = relu_lam x /\ m = relu_mult x by exists x; rewrite -mx.
move: h; rewrite /relu_table /=; do ?case=> [[<- <-]|].
- by exists (inl (inl (inl true))).
- by exists (inl (inl (inl false))).
- by exists (inl (inl (inr true))).
- by exists (inl (inl (inr false))).
- by exists (inl (inr true)).
- by exists (inl (inr false)).
- by exists (inr true).
- by exists (inr false).
Qed.

(** (x - λ_+)(x - λ_-) = x² - tx + D *)
Lemma triv_factor x :
  (x - triv_eig true) * (x - triv_eig false) = x ^ 2 - triv_t * x + triv_D.
Proof.
have d := sqrt_sqrt _ (Rlt_le _ _ triv_disc_gt0).
rewrite /triv_eig /pm; move: d; set q := sqrt _ => d.
transitivity (x ^ 2 - triv_t * x + (triv_t ^ 2 - q * q) / 4); first by field.
by rewrite d; field.
Qed.

Lemma triv_order : triv_eig false < triv_eig true.
Proof. by have := sqrt_lt_R0 _ triv_disc_gt0; rewrite /triv_eig /pm; lra. Qed.

(** x² - tx + D < 0 between the roots only *)
Lemma triv_between x : x ^ 2 - triv_t * x + triv_D < 0 -> triv_eig false < x < triv_eig true.
Proof. by rewrite -triv_factor; have := triv_order; split; nra. Qed.

Lemma triv_mean : triv_eig true + triv_eig false = triv_t.
Proof. by rewrite /triv_eig /pm; field. Qed.

(** λ_max ≥ (k+1)/4 + 2ϱ(1-1/k) *)
Theorem relu_max_lower : (kR + 1) / 4 + 2 * rho * (1 - / kR) <= triv_eig true.
Proof.
have h := n_ge3; have [r r'] := rho_bounds; have n0 : kR <> 0 by lra.
apply: Rlt_le; apply: (proj2 (triv_between _)).
have -> : ((kR + 1) / 4 + 2 * rho * (1 - / kR)) ^ 2
    - triv_t * ((kR + 1) / 4 + 2 * rho * (1 - / kR)) + triv_D
    = - ((kR - 1) * (rho * (kR - 2) / kR) ^ 2).
  by rewrite /triv_t /triv_D; field.
rewrite -Ropp_0; apply: Ropp_lt_contravar; apply: Rmult_lt_0_compat; first lra.
by apply: pow_lt; apply: Rdiv_lt_0_compat; [apply: Rmult_lt_0_compat; lra | lra].
Qed.

(** λ_max ≤ k/4 + ϱ + (k-1)/(16(k-2)(¼-ϱ)) *)
Theorem relu_max_upper :
  triv_eig true <= kR / 4 + rho + (kR - 1) / (16 * (kR - 2) * (/ 4 - rho)).
Proof.
have h := n_ge3; have [r r'] := rho_bounds.
have b := relu_max_lower; set y := (kR - 1) / _.
have nn : / kR <= / 3 by apply: Rinv_le_contravar; lra.
have lb : kR / 4 + rho < triv_eig true by have : rho * / kR <= rho * / 3; nra.
have root := @triv_root true.
have prod : (triv_eig true - (/ 2 + (kR - 1) * rho)) * (triv_eig true - (kR / 4 + rho)) =
  (kR - 1) / 16.
  rewrite -[RHS]Rplus_0_r -root /triv_t /triv_D; field.
have gap : 0 < (kR - 2) * (/ 4 - rho) by apply: Rmult_lt_0_compat; lra.
suff : triv_eig true - (kR / 4 + rho) <= y by lra.
apply: (Rmult_le_reg_l ((kR - 2) * (/ 4 - rho))) => //.
have -> : (kR - 2) * (/ 4 - rho) * y = (kR - 1) / 16 by rewrite /y; field; lra.
by rewrite -prod; apply: Rmult_le_compat_r; lra.
Qed.

Lemma std_upper s : std_eig s < (kR + 1) / 4.
Proof.
have h := n_ge3; have [r r'] := rho_bounds.
have q : sqrt (kR ^ 2 - 16 / PI + 16 / PI ^ 2) < kR.
  rewrite -{2}(sqrt_pow2 kR); last lra.
  by apply: sqrt_lt_1_alt; rewrite std_discriminant; split; nra.
by have q0 := sqrt_pos (kR ^ 2 - 16 / PI + 16 / PI ^ 2); rewrite /std_eig /pm; case: s; lra.
Qed.

Lemma relu_lam_max x : relu_lam x <= triv_eig true.
Proof.
have h := n_ge3; have [r r'] := rho_bounds; have o := triv_order; have b := relu_max_lower.
have g : (kR + 1) / 4 < triv_eig true.
  have : 0 < 2 * rho * (1 - / kR); last lra.
  have : / kR <= / 3 by apply: Rinv_le_contravar; lra.
  by move=> nn; apply: Rmult_lt_0_compat; lra.
case: x => [[[[]|[]]|[]]|[]] /=; try lra; apply: Rlt_le.
- by apply: Rlt_trans (std_upper true) g.
- by apply: Rlt_trans (std_upper false) g.
Qed.

(** ⟨T,HT⟩ ≤ λ_max ‖T‖² *)
Theorem relu_upper_bound T : mdot T (happ relu_hessian T) <= triv_eig true * fnorm2 T.
Proof.
by apply: (resolution_le relu_part_sum relu_part_eigen (@relu_hessian_sym k e));
  apply: relu_lam_max.
Qed.

(** The eigenvalues above 9/20 number d + 1. *)
Theorem relu_above : \big[Rplus/R0]_(r <- relu_table) (if Rlt_dec (9 / 20) r.1 then r.2 else 0)
  = INR (k + e) + 1.
Proof.
have h := n_ge3; have [r r'] := rho_bounds.
have q0 := sqrt_pos (kR ^ 2 - 16 / PI + 16 / PI ^ 2).
have sp : 9 / 20 < std_eig true by rewrite /std_eig /pm; lra.
have sm : std_eig false <= 9 / 20.
  have : kR - 8 / 5 <= sqrt (kR ^ 2 - 16 / PI + 16 / PI ^ 2); last by rewrite /std_eig /pm; lra.
  rewrite -(sqrt_pow2 (kR - 8 / 5)); last lra.
  by apply: sqrt_le_1_alt; rewrite std_discriminant; nra.
have p : 0 < (9 / 20 - triv_eig true) * (9 / 20 - triv_eig false).
  rewrite triv_factor.
  have -> : (9 / 20) ^ 2 - triv_t * (9 / 20) + triv_D
      = (/ 20 + (kR - 1) * rho) * (kR / 4 + rho - 9 / 20) - (kR - 1) / 16.
    by rewrite /triv_t /triv_D; field.
  have : (/ 20 + (kR - 1) / 8) * (kR / 4 + / 8 - 9 / 20)
      <= (/ 20 + (kR - 1) * rho) * (kR / 4 + rho - 9 / 20).
    by apply: Rmult_le_compat; nra.
  by nra.
have t0 : 9 / 10 < triv_t by rewrite /triv_t; nra.
have m := triv_mean; have o := triv_order.
have tm : 9 / 20 < triv_eig false by nra.
have tp : 9 / 20 < triv_eig true by lra.
have yes x y : 9 / 20 < x -> (if Rlt_dec (9 / 20) x then y else 0) = y.
  by case: Rlt_dec.
have no x y : x <= 9 / 20 -> (if Rlt_dec (9 / 20) x then y else 0) = 0.
  by case: Rlt_dec => // *; lra.
rewrite !big_cons big_nil /=.
rewrite (no (/ 4 - rho)) ?(no (/ 4 + rho)) ?(no (/ 4)) ?(no (std_eig false)) ?plus_INR; try lra.
by rewrite !yes; lra.
Qed.

End AtLeastThree.
End Spectrum.
