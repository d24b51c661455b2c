(** The spectrum of the ReLU teacher-student Hessian for two students (T19(b.3), (b.4)).

    On the first two columns the matrices s1ᵀ, 1sᵀ, s = (1,-1), and I ± J, J = 11ᵀ - I, are an
    orthogonal basis of eigenvectors. *)
From Coq Require Import Reals Lra.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Spectral TeacherStudent ReluSpectrum.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

Section TwoStudents.
Variable e : nat.
Local Notation columns := ('I_2 + 'I_e)%type.
Local Notation two_cases := ((bool + bool) + bool)%type.
Implicit Types (A : 'I_2 -> 'I_2 -> R) (T : 'I_2 -> columns -> R) (i l : 'I_2).

(** k = 2: the eigenvalues ¼ ± ϱ and ¾ ± ϱ, and d-2 times ¼ and ¾ *)
Definition relu_table2 : seq (R * R) :=
  [:: (/ 4 - rho, 1); (/ 4 + rho, 1); (3 / 4 - rho, 1); (3 / 4 + rho, 1);
      (/ 4, INR e); (3 / 4, INR e)].

Definition row_sign i : R := if i == ord0 then 1 else -1.

(** an orthogonal basis of the 2 x 2 matrices: s1ᵀ, 1sᵀ with s = (1,-1), and I ± J *)
Definition basis2 (x : bool + bool) i l : R :=
  match x with
  | inl s => row_sign (if s then i else l)
  | inr s => if i == l then 1 else pm s
  end.

Definition lam2 (x : two_cases) : R :=
  match x with
  | inl (inl s) => if s then / 4 - rho else 3 / 4 - rho
  | inl (inr s) => if s then 3 / 4 + rho else / 4 + rho
  | inr s => if s then / 4 else 3 / 4
  end.

Definition part2 (x : two_cases) T : 'I_2 -> columns -> R :=
  match x with
  | inl y => blk (fun i l => mdot (leftA T) (basis2 y) / 4 * basis2 y i l) (fun _ _ => 0)
  | inr s => blk (fun _ _ => 0)
      (if s then fun i c => rightB T i c - mean_col (rightB T) c
       else fun=> mean_col (rightB T))
  end.

Definition mult2 (x : two_cases) : R := if x is inr s then INR e else 1.

Lemma rsum_cases2 (F : two_cases -> R) :
  \rsum_x F x = F (inl (inl true)) + F (inl (inl false))
    + (F (inl (inr true)) + F (inl (inr false))) + (F (inr true) + F (inr false)).
Proof. by rewrite !rsum_sum !big_bool. Qed.

Lemma part2_sum T i a : T i a = \rsum_x part2 x T i a.
Proof.
rewrite rsum_cases2; case: a => [l|c] /=; last by rewrite /rightB; ring.
rewrite /mdot !rsum_ord2 /leftA.
by case: (ord2P i) => ->; case: (ord2P l) => ->; rewrite /= /row_sign /pm /=; field.
Qed.

Lemma hA_basis2 x i l : hA (basis2 x) i l = lam2 (inl x) * basis2 x i l.
Proof.
rewrite /hA !rsum_ord2.
by case: x => [[]|[]]; case: (ord2P i) => ->; case: (ord2P l) => ->;
  rewrite /= /row_sign /pm /=; field.
Qed.

Lemma part2_eigen x T : op_eigen (@relu_hessian 2 e) (lam2 x) (part2 x T).
Proof.
case: x => [x|[]]; apply: eigen_blk => i l; try exact: hA_zero; try exact: hB_null.
- by rewrite hA_scal hA_basis2; ring.
- by apply: hB_zero; rewrite rsum_minus rsum_const card_ord /mean_col /=; field.
- by rewrite hB_const /=; field.
Qed.

Lemma unit_mean2 c i : mean_col (rightB (munit i (inr c) : 'I_2 -> columns -> R)) c = / 2.
Proof. by rewrite unit_mean eqxx. Qed.

Lemma part2_trace x : \rsum_i \rsum_a part2 x (munit i a) i a = mult2 x.
Proof.
transitivity ((\rsum_i \rsum_l part2 x (munit i (inl l)) i (inl l))
  + \rsum_i \rsum_c part2 x (munit i (inr c)) i (inr c)).
  by rewrite -rsum_plus; apply: rsum_eq => i; rewrite rsum_sum.
have zero2 (I J : finType) : \rsum_(i : I) \rsum_(j : J) 0 = 0.
  by rewrite rsum0 // => ?; rewrite rsum0.
case: x => [x|[]]; rewrite /= zero2 ?Rplus_0_r ?Rplus_0_l.
- have coef i l : mdot (leftA (munit i (inl l) : 'I_2 -> columns -> R)) (basis2 x) = basis2 x i l.
    by rewrite mdotC; apply: (munit_pick (basis2 x) i l).
  rewrite !rsum_ord2 !coef.
  by case: x {coef} => [[]|[]]; rewrite /= /row_sign /pm /=; field.
- under eq_bigr => i _ do under eq_bigr => c _ do rewrite unit_ext unit_mean2.
  by rewrite !rsum_const !card_ord /=; field.
- under eq_bigr => i _ do under eq_bigr => c _ do rewrite unit_mean2.
  by rewrite !rsum_const !card_ord /=; field.
Qed.

Lemma table2_sum (F : R * R -> R) :
  \big[Rplus/R0]_(r <- relu_table2) F r = \rsum_x F (lam2 x, mult2 x).
Proof. by rewrite rsum_cases2 !big_cons big_nil /=; ring. Qed.

Theorem relu2_trace_powers (m : nat) :
  htrace (hpow (@relu_hessian 2 e) m) = \big[Rplus/R0]_(r <- relu_table2) (r.2 * r.1 ^ m).
Proof.
rewrite (resolution_trace part2_sum part2_eigen) table2_sum.
by apply: rsum_eq => x; rewrite part2_trace Rmult_comm.
Qed.

Theorem relu2_eigenvalues lam :
  op_eigenvalue (@relu_hessian 2 e) lam <-> exists m, List.In (lam, m) relu_table2 /\ m <> 0.
Proof.
have zero x T i a : mult2 x = 0 -> part2 x T i a = 0.
  case: x => [y /R1_neq_R0 //|s m0]; case: a => [l|c] //.
  have e0 : e = 0%N by apply: INR_eq.
  by have := ltn_ord c; rewrite [X in (_ < X)%N]e0.
rewrite (resolution_table part2_sum part2_eigen (@relu_hessian_sym 2 e) _ part2_trace zero).
split=> [[x [-> nz]]|[m [h nz]]].
  by exists (mult2 x); split=> //; case: x {nz} => [[[]|[]]|[]] /=; do ?[by left | right].
suff [x [-> mx]] : exists x, lam = lam2 x /\ m = mult2 x by exists x; rewrite -mx.
move: h; rewrite /relu_table2 /=; do ?case=> [[<- <-]|].
- by exists (inl (inl true)).
- by exists (inl (inr false)).
- by exists (inl (inl false)).
- by exists (inl (inr true)).
- by exists (inr true).
- by exists (inr false).
Qed.
End TwoStudents.
