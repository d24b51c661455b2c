(** Partial derivatives of functions of finitely many reals.

    A point is a function θ : P -> R on a finite index type P. [has_gradient F th g] says
    that F is differentiable at θ along every differentiable path, with gradient g; it
    gives the partial derivatives, and composes. Second partial derivatives ask for the
    first ones near θ only, so functions with kinks are covered off their kinks. *)
From Coq Require Import Reals Lra FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** ** Rules for one variable, in the shape in which they are used *)
Lemma is_derive_eq (f : R -> R) (t d1 d2 : R) : is_derive f t d1 -> d1 = d2 -> is_derive f t d2.
Proof. by move=> h <-. Qed.

Lemma is_derive_mul (f g : R -> R) (t df dg : R) :
  is_derive f t df -> is_derive g t dg ->
  is_derive (fun s => f s * g s) t (df * g t + f t * dg).
Proof. by move=> hf hg; apply: (is_derive_mult f g) => //; apply: Rmult_comm. Qed.

Lemma is_derive_add (f g : R -> R) (t df dg : R) :
  is_derive f t df -> is_derive g t dg -> is_derive (fun s => f s + g s) t (df + dg).
Proof. exact: is_derive_plus. Qed.

Lemma is_derive_sub (f g : R -> R) (t df dg : R) :
  is_derive f t df -> is_derive g t dg -> is_derive (fun s => f s - g s) t (df - dg).
Proof. exact: is_derive_minus. Qed.

Lemma is_derive_chain (f g : R -> R) (t df dg : R) :
  is_derive f (g t) df -> is_derive g t dg -> is_derive (fun s => f (g s)) t (df * dg).
Proof. by move=> hf hg; rewrite Rmult_comm; apply: (is_derive_comp f g). Qed.

Lemma is_derive_cmul (f : R -> R) (c t df : R) :
  is_derive f t df -> is_derive (fun s => c * f s) t (c * df).
Proof. exact: is_derive_scal. Qed.

Lemma is_derive_mulc (f : R -> R) (c t df : R) :
  is_derive f t df -> is_derive (fun s => f s * c) t (df * c).
Proof. exact: is_derive_scal_l. Qed.

Lemma is_derive_cst (c t : R) : is_derive (fun=> c) t 0.
Proof. exact: is_derive_const. Qed.

Lemma is_derive_dlt (b : bool) (f : R -> R) (t df : R) :
  is_derive f t df -> is_derive (fun s => dlt b (f s)) t (dlt b df).
Proof. by case: b => // _; apply: is_derive_cst. Qed.

(** What holds near g t holds at g s for every s near t. *)
Lemma locally_path (g : R -> R) t dg (P : R -> Prop) :
  is_derive g t dg -> locally (g t) P -> locally t (fun s => P (g s)).
Proof.
move=> hg hP; apply: (ex_derive_continuous g t _ P hP).
by exists dg.
Qed.

Lemma locally_forall (I : finType) t (P : I -> R -> Prop) :
  (forall i, locally t (P i)) -> locally t (fun s => forall i, P i s).
Proof.
move=> h; suff: locally t (fun s => forall i, i \in enum I -> P i s).
  by apply: filter_imp => s hs i; apply: hs; rewrite mem_enum.
elim: (enum I) => [|i r IH]; first by apply: filter_forall.
apply: filter_imp (filter_and _ _ (h i) IH) => s [hi hr] j.
by rewrite in_cons => /orP[/eqP->|/hr].
Qed.

(** ** Points and paths *)
Section Partial.
Variable P : finType.
Implicit Types (th : P -> R) (F : (P -> R) -> R) (p q : P).

(** θ with coordinate p set to t *)
Definition upd th p (t : R) : P -> R := fun i => if i == p then t else th i.

(** ∂F/∂θ_p = l at θ *)
Definition is_partial F th p l := is_derive (fun s => F (upd th p s)) (th p) l.

(** ∂²F/∂θ_q∂θ_p = l at θ: the derivative along q of the partial derivative along p *)
Definition is_partial2 F th p q l :=
  is_derive (fun s => Derive (fun r => F (upd (upd th q s) p r)) (upd th q s p)) (th q) l.

(** F is differentiable at θ along every differentiable path, with gradient g *)
Definition has_gradient F th (g : P -> R) :=
  forall (path : R -> P -> R) (dpath : P -> R) (t : R),
    path t = th -> (forall p, is_derive (path^~ p) t (dpath p)) ->
    is_derive (fun s => F (path s)) t (\rsum_p g p * dpath p).

Lemma upd_same th p t : upd th p t p = t.
Proof. by rewrite /upd eqxx. Qed.

Lemma updK th p : upd th p (th p) = th.
Proof. by apply: functional_extensionality => i; rewrite /upd; case: eqP => // ->. Qed.

Lemma is_derive_upd th p i t : is_derive (fun s => upd th p s i) t (dlt (i == p) 1).
Proof. by rewrite /upd /dlt; case: eqP => _; auto_derive. Qed.

Lemma has_gradient_eq F th g g' : has_gradient F th g -> g =1 g' -> has_gradient F th g'.
Proof.
move=> h e path dpath t e0 hp; apply: is_derive_eq (h _ _ _ e0 hp) _.
by apply: rsum_eq => p; rewrite e.
Qed.

Lemma gradient_partial F th g p : has_gradient F th g -> is_partial F th p (g p).
Proof.
move=> h; rewrite /is_partial -(rsum_pick g p).
by apply: (h (upd th p)) => [|i]; [apply: updK | apply: is_derive_upd].
Qed.

(** F has gradient g near θ and g_p has gradient h at θ: then ∂²F/∂θ_q∂θ_p = h_q. *)
Lemma gradient_partial2 F (g : (P -> R) -> P -> R) th h p q :
  locally (th q) (fun s => has_gradient F (upd th q s) (g (upd th q s))) ->
  has_gradient (fun u => g u p) th h -> is_partial2 F th p q (h q).
Proof.
move=> near hg; apply: (@is_derive_ext_loc _ _ (fun s => g (upd th q s) p)).
  apply: filter_imp near => s hs; by apply/esym/is_derive_unique/(gradient_partial p hs).
exact: (gradient_partial q hg).
Qed.

Lemma has_gradient_coord p th : has_gradient (fun u => u p) th (fun q => dlt (q == p) 1).
Proof.
move=> path dpath t _ hp; apply: is_derive_eq (hp p) _.
rewrite (rsum_delta (k := p)) ?eqxx /=; first by ring.
by move=> q /negbTE->; rewrite /=; ring.
Qed.

Lemma has_gradient_cst c th : has_gradient (fun=> c) th (fun=> 0).
Proof.
move=> path dpath t _ hp; apply: is_derive_eq; first exact: is_derive_cst.
by rewrite rsum0 // => p; ring.
Qed.

Lemma has_gradient_add F G th f g :
  has_gradient F th f -> has_gradient G th g ->
  has_gradient (fun u => F u + G u) th (fun p => f p + g p).
Proof.
move=> hF hG path dpath t e hp.
apply: is_derive_eq (is_derive_add (hF _ _ _ e hp) (hG _ _ _ e hp)) _.
by rewrite -rsum_plus; apply: rsum_eq => p; ring.
Qed.

Lemma has_gradient_cmul c F th f :
  has_gradient F th f -> has_gradient (fun u => c * F u) th (fun p => c * f p).
Proof.
move=> hF path dpath t e hp; apply: is_derive_eq (is_derive_cmul c (hF _ _ _ e hp)) _.
by rewrite rsum_scal; apply: rsum_eq => p; ring.
Qed.

Lemma has_gradient_dlt (b : bool) F th f :
  has_gradient F th f -> has_gradient (fun u => dlt b (F u)) th (fun p => dlt b (f p)).
Proof. by case: b => // _; apply: has_gradient_cst. Qed.

Lemma has_gradient_mul F G th f g :
  has_gradient F th f -> has_gradient G th g ->
  has_gradient (fun u => F u * G u) th (fun p => f p * G th + F th * g p).
Proof.
move=> hF hG path dpath t e hp.
apply: is_derive_eq (is_derive_mul (hF _ _ _ e hp) (hG _ _ _ e hp)) _.
by rewrite /= e rsum_scalr rsum_scal -rsum_plus; apply: rsum_eq => p; ring.
Qed.

Lemma has_gradient_chain1 (phi : R -> R) F th dphi f :
  is_derive phi (F th) dphi -> has_gradient F th f ->
  has_gradient (fun u => phi (F u)) th (fun p => dphi * f p).
Proof.
move=> hphi hF path dpath t e hp.
apply: is_derive_eq (is_derive_chain (g := fun s => F (path s)) _ (hF _ _ _ e hp)) _.
  by rewrite e; exact: hphi.
by rewrite rsum_scal; apply: rsum_eq => p; ring.
Qed.

Lemma has_gradient_rsum (I : finType) (F : I -> (P -> R) -> R) th (f : I -> P -> R) :
  (forall i, has_gradient (F i) th (f i)) ->
  has_gradient (fun u => \rsum_i F i u) th (fun p => \rsum_i f i p).
Proof.
move=> h path dpath t e hp.
apply: is_derive_eq (is_derive_rsum (F := fun i s => F i (path s)) _) _.
  by move=> i; apply: (h i _ _ _ e hp).
by rewrite rsum_exchange; apply: rsum_eq => p; rewrite rsum_scalr.
Qed.

Lemma has_gradient_mean n (F : 'I_n -> (P -> R) -> R) th (f : 'I_n -> P -> R) :
  (forall i, has_gradient (F i) th (f i)) ->
  has_gradient (fun u => mean (fun i => F i u)) th (fun p => mean (f^~ p)).
Proof. by move=> h; apply/has_gradient_cmul/has_gradient_rsum. Qed.

(** what holds near F θ holds along every coordinate near θ *)
Lemma locally_gradient F th f q (Q : R -> Prop) :
  has_gradient F th f -> locally (F th) Q ->
  locally (th q) (fun s => Q (F (upd th q s))).
Proof.
move=> hF hQ; apply: (locally_path (gradient_partial q hF)).
by rewrite updK.
Qed.
End Partial.

(** Chain rule for an outer function of several variables. *)
Lemma has_gradient_chain (P Q : finType) (ell : (Q -> R) -> R) (F : Q -> (P -> R) -> R)
    th (r : Q -> R) (f : Q -> P -> R) :
  has_gradient ell (fun c => F c th) r -> (forall c, has_gradient (F c) th (f c)) ->
  has_gradient (fun u => ell (fun c => F c u)) th (fun p => \rsum_c r c * f c p).
Proof.
move=> hl hF path dpath t e hp.
apply: is_derive_eq (hl (fun s c => F c (path s)) _ t _ _) _.
- by apply: functional_extensionality => c; rewrite e.
- by move=> c; apply: (hF c _ _ _ e hp).
under eq_bigr => c _ do rewrite rsum_scal.
rewrite rsum_exchange; apply: rsum_eq => p; rewrite rsum_scalr.
by apply: rsum_eq => c; ring.
Qed.
