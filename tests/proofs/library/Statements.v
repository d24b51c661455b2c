(** What is claimed. *)
From Coq Require Import Reals.
From LandTheory Require Import Counts Means.
Local Open Scope R_scope.

(** anchor: the mean of two *)
Definition D_mean : forall x y, mean x y = (x + y) / 2 := fun _ _ => eq_refl.
(** anchor: the mean, as a notation *)
Definition D_mean_notation : forall x y, \mean (x, y) = (x + y) / 2 := fun _ _ => eq_refl.
(** anchor: how far two are apart *)
Definition D_spread : forall x y, spread x y = (x - y) ^ 2 / 4 := spreadE.
(** anchor: twice *)
Definition D_twice : forall n, twice n = (n + n)%nat := twiceE.

(** T06(a.1): the mean is at most the larger. *)
Definition T06_le : forall x y, x <= y -> \mean (x, y) <= y := mean_le.
(** T06(b), part of T07(b.1): the spread is not negative. *)
Definition T06b_ge0 : forall x y, 0 <= spread x y := spread_ge0.

Section Positive.
Variable c : R.
Hypothesis c0 : 0 < c.
(** T07(b.1): the mean with something positive is positive. *)
Definition T07b_gt0 : forall x, 0 <= x -> 0 < mean x c := @mean_gt0 c c0.
End Positive.

(** T06(b), mutant: no constant bounds the spread. *)
Definition T06b_small_false : ~ (forall x y, spread x y <= 1) := spread_small_false.

(** R03: twice a number is even. *)
Definition R03_even : forall n, exists k, twice n = (2 * k)%nat := twice_even.
