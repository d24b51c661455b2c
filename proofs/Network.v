(** The two-layer network f(x; θ) = A σ(Wx + b) + c with C outputs, as a real function
    of its parameters and of its input, and its true derivatives (T01):

      ∂f_c/∂w̃_k = A_ck σ'(z_k) x̃,   ∂f_c/∂a_k = σ(z_k) e_c,   ∂f_c/∂c = e_c,

    and every second partial derivative. σ needs its derivatives only near the
    pre-activations z_k(x), so piecewise linear σ is covered off its kinks. *)
From Coq Require Import Reals Lra FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Derivatives.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** σ has derivative s1 near z, and s1 has derivative s2 at z. *)
Definition smooth_at (sigma s1 s2 : R -> R) (z : R) :=
  locally z (fun y => is_derive sigma y (s1 y)) /\ is_derive s1 z (s2 z).

(** The parameters: w̃_kj is [hid k j], where [j = Some j'] is the weight W_kj' and
    [j = None] the bias b_k; A_ck is [out k c]; the output bias c_c is [off c]. *)
Definition par (m d C : nat) := ('I_m * option 'I_d + 'I_m * 'I_C + 'I_C)%type.
Notation hid k j := (inl (inl (k, j))) (only parsing).
Notation out k c := (inl (inr (k, c))) (only parsing).
Notation off c := (inr c) (only parsing).

Lemma hid_eq m d C k j l r : (hid k j == hid l r :> par m d C) = (k == l) && (j == r).
Proof. by []. Qed.
Lemma out_eq m d C k c l e : (out k c == out l e :> par m d C) = (k == l) && (c == e).
Proof. by []. Qed.
Lemma off_eq m d C c e : (off c == off e :> par m d C) = (c == e).
Proof. by []. Qed.

Lemma rsum_par m d C (F : par m d C -> R) :
  \rsum_p F p = (\rsum_k \rsum_j F (hid k j)) + (\rsum_k \rsum_c F (out k c))
    + \rsum_c F (off c).
Proof.
rewrite !rsum_sum; congr (_ + _ + _); rewrite rsum_pair;
  by apply: rsum_eq => -[].
Qed.

Section Net.
Variables m d C : nat.
Variables sigma s1 s2 : R -> R.
Implicit Types (th : par m d C -> R) (x : 'I_d -> R) (p q : par m d C) (c : 'I_C).

(** x̃ = (x, 1) *)
Definition ext x (j : option 'I_d) : R := if j is Some i then x i else 1.

(** pre-activation z_k = w_k·x + b_k *)
Definition pre th x (k : 'I_m) : R := \rsum_j th (hid k j) * ext x j.

(** output f_c(x; θ) *)
Definition net th x c : R := (\rsum_k th (out k c) * sigma (pre th x k)) + th (off c).

(** Jacobian entry ∂f_c/∂θ_p *)
Definition jac th x c p : R :=
  match p with
  | hid k j => th (out k c) * s1 (pre th x k) * ext x j
  | out k c' => dlt (c' == c) (sigma (pre th x k))
  | off c' => dlt (c' == c) 1
  end.

(** functional Hessian entry ∂²f_c/∂θ_p∂θ_q *)
Definition hess th x c p q : R :=
  match p, q with
  | hid k j, hid l r => dlt (k == l) (th (out k c) * s2 (pre th x k) * ext x j * ext x r)
  | hid k j, out l c' => dlt (c' == c) (dlt (k == l) (s1 (pre th x k) * ext x j))
  | out l c', hid k j => dlt (c' == c) (dlt (k == l) (s1 (pre th x k) * ext x j))
  | _, _ => 0
  end.

(** *** anchors: the unfolded formulas *)
Lemma preE th x k : pre th x k = (\rsum_j th (hid k (Some j)) * x j) + th (hid k None).
Proof. by rewrite /pre rsum_option /= Rmult_1_r. Qed.

Lemma netE th x c : net th x c =
  (\rsum_k th (out k c) * sigma ((\rsum_j th (hid k (Some j)) * x j) + th (hid k None)))
  + th (off c).
Proof. by congr (_ + _); apply: rsum_eq => k; rewrite -preE. Qed.

Lemma ext_norm2 x : \rsum_j ext x j ^ 2 = 1 + \rsum_j x j ^ 2.
Proof. by rewrite rsum_option /= Rplus_comm; congr (_ + _); ring. Qed.

Lemma hess_sym th x c p q : hess th x c p q = hess th x c q p.
Proof.
case: p q => [[[k j]|[k c1]]|c1] [[[l r]|[l c2]]|c2] //=.
by rewrite [l == k]eq_sym; case: eqP => //= ->; ring.
Qed.

(** *** first derivatives *)
Lemma pre_gradient th x k :
  has_gradient (fun u => pre u x k) th
    (fun p => if p is hid l j then dlt (l == k) (ext x j) else 0).
Proof.
apply: has_gradient_eq.
  apply: has_gradient_rsum => j; apply: has_gradient_mul.
    exact: has_gradient_coord.
  exact: has_gradient_cst.
case=> [[[l r]|[l c]]|c] /=; try by rewrite rsum0 // => j; ring.
rewrite (rsum_delta (k := r)) => [|j jr]; rewrite hid_eq.
  by rewrite eqxx andbT; case: (l == k) => /=; ring.
by rewrite [r == j]eq_sym (negbTE jr) andbF /=; ring.
Qed.
Arguments pre_gradient : clear implicits.

Lemma act_gradient (phi dphi : R -> R) th x k :
  is_derive phi (pre th x k) (dphi (pre th x k)) ->
  has_gradient (fun u => phi (pre u x k)) th
    (fun p => if p is hid l j then dlt (l == k) (dphi (pre th x k) * ext x j) else 0).
Proof.
move=> h; apply: has_gradient_eq.
  exact: has_gradient_chain1 h (pre_gradient th x k).
case=> [[[l r]|[l c]]|c] /=; try by ring.
by case: (l == k) => /=; ring.
Qed.

(** f_c has gradient J_c where σ has its derivative at every z_k. *)
Theorem net_gradient th x c :
  (forall k, is_derive sigma (pre th x k) (s1 (pre th x k))) ->
  has_gradient (fun u => net u x c) th (jac th x c).
Proof.
move=> h; apply: has_gradient_eq.
  apply: has_gradient_add; last exact: has_gradient_coord.
  apply: has_gradient_rsum => k; apply: has_gradient_mul; first exact: has_gradient_coord.
  exact: act_gradient (h k).
case=> [[[l r]|[l c']]|c'] /=.
- rewrite (rsum_delta (k := l)) ?eqxx /=; first by ring.
  by move=> k; rewrite eq_sym => /negbTE->; rewrite /=; ring.
- rewrite (rsum_delta (k := l)) => [|k]; rewrite out_eq.
    by rewrite eqxx /=; case: (c' == c) => /=; ring.
  by rewrite eq_sym => /negbTE->; rewrite /=; ring.
- by rewrite off_eq rsum0 => [|k]; rewrite /=; ring.
Qed.

(** J_cp has gradient (∇²f_c)_p. *)
Theorem jac_gradient th x c p :
  (forall k, is_derive sigma (pre th x k) (s1 (pre th x k))) ->
  (forall k, is_derive s1 (pre th x k) (s2 (pre th x k))) ->
  has_gradient (fun u => jac u x c p) th (hess th x c p).
Proof.
move=> h1 h2; case: p => [[[k j]|[k c']]|c'] /=; last exact: has_gradient_cst.
- apply: has_gradient_eq.
    apply: has_gradient_mul; last exact: has_gradient_cst.
    apply: has_gradient_mul; first exact: has_gradient_coord.
    exact: act_gradient (h2 k).
  case=> [[[l r]|[l e]]|e] /=.
  + by rewrite [k == l]eq_sym; case: eqP => /= _; ring.
  + rewrite out_eq [k == l]eq_sym; case: (l == k); case: (e == c) => /=; ring.
  + by ring.
- apply: has_gradient_eq.
    exact: has_gradient_dlt (act_gradient (h1 k)).
  case=> [[[l r]|[l e]]|e] /=; try by case: (c' == c).
  by case: (c' == c) => //=; case: eqP => // ->.
Qed.

(** *** where σ is smooth near every pre-activation *)
Lemma smooth_derive z : smooth_at sigma s1 s2 z -> is_derive sigma z (s1 z).
Proof. by case=> /locally_singleton. Qed.

Lemma near_net_gradient th x c q :
  (forall k, smooth_at sigma s1 s2 (pre th x k)) ->
  locally (th q) (fun s =>
    has_gradient (fun u => net u x c) (upd th q s) (jac (upd th q s) x c)).
Proof.
move=> h; have near : locally (th q) (fun s => forall k,
    let z := pre (upd th q s) x k in is_derive sigma z (s1 z)).
  apply: locally_forall => k.
  exact: (locally_gradient q (pre_gradient th x k) (proj1 (h k))).
by apply: filter_imp near => s hs; apply: (@net_gradient (upd th q s) x c hs).
Qed.

(** T01: ∂f_c/∂θ_p, for every p *)
Theorem net_partial th x c p :
  (forall k, smooth_at sigma s1 s2 (pre th x k)) ->
  is_partial (fun u => net u x c) th p (jac th x c p).
Proof.
by move=> h; apply: (gradient_partial p (@net_gradient th x c (fun k => smooth_derive (h k)))).
Qed.

(** T01: ∂²f_c/∂θ_q∂θ_p, for every p and q *)
Theorem net_partial2 th x c p q :
  (forall k, smooth_at sigma s1 s2 (pre th x k)) ->
  is_partial2 (fun u => net u x c) th p q (hess th x c p q).
Proof.
move=> h; apply: (gradient_partial2 (g := fun u => jac u x c)).
  exact: near_net_gradient.
by apply: (@jac_gradient th x c p) => k; [apply: smooth_derive | case: (h k)].
Qed.

(** *** the derivative in the input: Jx = A diag(σ'(z)) W *)
Definition input_jac th x c (j : 'I_d) : R :=
  \rsum_k th (out k c) * s1 (pre th x k) * th (hid k (Some j)).

Lemma ext_gradient x (j : option 'I_d) :
  has_gradient (fun u => ext u j) x (fun i => if j is Some i' then dlt (i == i') 1 else 0).
Proof. by case: j => [j|]; [apply: has_gradient_coord | apply: has_gradient_cst]. Qed.
Arguments ext_gradient : clear implicits.

Lemma pre_input_gradient th x k :
  has_gradient (fun u => pre th u k) x (fun j => th (hid k (Some j))).
Proof.
apply: has_gradient_eq.
  apply: has_gradient_rsum => j; apply: has_gradient_cmul; exact: ext_gradient.
move=> j /=; rewrite rsum_option /= Rmult_0_r Rplus_0_r.
rewrite (rsum_delta (k := j)) => [|i]; first by rewrite eqxx /=; ring.
by rewrite [j == i]eq_sym => /negbTE->; rewrite /=; ring.
Qed.
Arguments pre_input_gradient : clear implicits.

Theorem net_input_gradient th x c :
  (forall k, is_derive sigma (pre th x k) (s1 (pre th x k))) ->
  has_gradient (fun u => net th u c) x (input_jac th x c).
Proof.
move=> h; apply: has_gradient_eq.
  apply: has_gradient_add; last exact: has_gradient_cst.
  apply: has_gradient_rsum => k; apply: has_gradient_cmul.
  exact: has_gradient_chain1 (h k) (pre_input_gradient th x k).
by move=> j /=; rewrite Rplus_0_r; apply: rsum_eq => k; rewrite -Rmult_assoc.
Qed.

(** ∂f_c/∂x_j *)
Theorem net_input_partial th x c j :
  (forall k, smooth_at sigma s1 s2 (pre th x k)) ->
  is_partial (fun u => net th u c) x j (input_jac th x c j).
Proof.
move=> h.
by apply: (gradient_partial j (@net_input_gradient th x c (fun k => smooth_derive (h k)))).
Qed.
End Net.
Arguments pre_gradient {m d C} th x k.
Arguments pre_input_gradient {m d C} th x k.
