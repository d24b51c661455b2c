(** What is claimed, and nothing else: the file that a reviewer reads.

    Each definition states one claim in full, and is pinned to its proof by type alone: if
    the statement or a word in it drifts, this file stops compiling. The words are the
    catalogue's: n samples x_i, d inputs, m hidden units, C outputs, θ = (W, b, A, c),
    f(x) = Aσ(Wx + b) + c, means over the sample are (1/n) Σ_i, and the squared loss has its
    ½. Every definition of the library that occurs in a statement is unfolded by an anchor,
    [D_...]; every statement with hypotheses is applied to an example in NonVacuity.v, so
    that none holds for want of instances. The comment above a statement names the claims of
    the catalogue that it covers, or covers in part. *)
From Coq Require Import Reals.
From Coquelicot Require Import Coquelicot.
From mathcomp Require Import all_ssreflect all_algebra.
From LandTheory Require Import Sums Derivatives Network Activations SquareMatrices
  Eigensystems Rank PsdFactor Inertia Arrowhead Loss Losses FirstLayerBlocks
  Complexity ComplexityBounds ResidualBound BoundVariants CrossEntropy Determinants
  Spectral TeacherStudent ReluSpectrum TeacherStudentErf ErfLoss FirstLayer Fisher
  ResidualPart PiecewiseLinear Rescaling Flatness GenericPoints GramMatrix
  StabilityBound KinkBound OffDiagonal LinearNetworks LinearNetworksGeneric
  LinearNetworksVariants Margin Refutations ReluTwoStudents TeacherStudentSmooth
  VonNeumann.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Local Open Scope R_scope.

(** * Vocabulary: what the words of the statements below mean *)
Section Vocabulary.
Variables (P : finType) (F : (P -> R) -> R) (u : P -> R) (p q : P) (t l : R).

(** anchor: the sum over a finite type *)
Definition D_rsum : forall (I : finType) (g : I -> R),
  (\rsum_i g i) = \big[Rplus/R0]_(i : I) g i := fun _ _ => erefl.
(** anchor: the same, with the type named *)
Definition D_rsum_over : forall (I : finType) (g : I -> R),
  (\rsum_(i : I) g i) = \big[Rplus/R0]_(i : I) g i := fun _ _ => erefl.
(** anchor: the mean over a sample *)
Definition D_mean : forall n (g : 'I_n -> R), mean g = / INR n * \rsum_i g i
  := fun _ _ => erefl.
(** anchor: Kronecker's delta *)
Definition D_dlt : forall (b : bool) (r : R), dlt b r = if b then r else 0
  := fun _ _ => erefl.
(** anchor: a point with coordinate p set to t *)
Definition D_upd : forall i, upd u p t i = if i == p then t else u i
  := fun _ => erefl.
(** anchor: a first partial derivative, as a true derivative *)
Definition D_is_partial : is_partial F u p l = is_derive (fun s => F (upd u p s)) (u p) l
  := erefl.
(** anchor: a second partial derivative, as a true derivative *)
Definition D_is_partial2 : is_partial2 F u p q l =
  is_derive (fun s => Derive (fun r => F (upd (upd u q s) p r)) (upd u q s p)) (u q) l
  := erefl.
(** anchor: differentiable along every differentiable path, with gradient g *)
Definition D_has_gradient : forall g, has_gradient F u g =
  (forall (path : R -> P -> R) (dpath : P -> R) (s : R),
     path s = u -> (forall i, is_derive (path^~ i) s (dpath i)) ->
     is_derive (fun r => F (path r)) s (\rsum_i g i * dpath i))
  := fun _ => erefl.
(** anchor: σ is differentiable near z, and its derivative at z *)
Definition D_smooth_at : forall (sigma s1 s2 : R -> R) (z : R),
  smooth_at sigma s1 s2 z =
  (locally z (fun y => is_derive sigma y (s1 y)) /\ is_derive s1 z (s2 z))
  := fun _ _ _ _ => erefl.
End Vocabulary.

(** * Vectors and square matrices, as functions on a finite type *)
Section Matrices.
Variables (I : finType) (A B : I -> I -> R) (u v : I -> R).
(** anchor: u·v *)
Definition D_dot : dot u v = \rsum_i u i * v i := erefl.
(** anchor: ‖v‖² *)
Definition D_norm2 : norm2 v = \rsum_i v i ^ 2 := erefl.
(** anchor: Av *)
Definition D_mulv : forall i, mulv A v i = \rsum_j A i j * v j := fun _ => erefl.
(** anchor: vᵀAv *)
Definition D_quad : quad A v = \rsum_i \rsum_j v i * A i j * v j := erefl.
(** anchor: tr A *)
Definition D_trace : trace A = \rsum_i A i i := erefl.
(** anchor: <A, B> = tr(AᵀB) *)
Definition D_inner : inner A B = \rsum_i \rsum_j A i j * B i j := erefl.
(** anchor: ‖A‖_F² *)
Definition D_frob2 : frob2 A = \rsum_i \rsum_j A i j ^ 2 := erefl.
(** anchor: A is symmetric *)
Definition D_sym : sym A = (forall i j, A i j = A j i) := erefl.
(** anchor: A is positive semi-definite *)
Definition D_psd : psd A = (forall w, 0 <= quad A w) := erefl.
(** anchor: λ_1(A) <= a *)
Definition D_lmax_le : forall a, lmax_le A a = (forall w, quad A w <= a * norm2 w)
  := fun _ => erefl.
(** anchor: λ_1(A) >= a *)
Definition D_lmax_ge : forall a,
  lmax_ge A a = (exists w, 0 < norm2 w /\ a * norm2 w <= quad A w) := fun _ => erefl.
End Matrices.

Section Network.
Variables (n m d C : nat) (sigma s1 s2 : R -> R).
Variables (ell : 'I_n -> ('I_C -> R) -> R) (r : 'I_n -> ('I_C -> R) -> 'I_C -> R)
  (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) (x : 'I_d -> R).

(** anchor: the parameters, W and b as [hid], A as [out], c as [off] *)
Definition D_par : par m d C = ('I_m * option 'I_d + 'I_m * 'I_C + 'I_C)%type := erefl.
(** anchor: w̃_kj *)
Definition D_hid : forall k j, (hid k j : par m d C) = inl (inl (k, j)) := fun _ _ => erefl.
(** anchor: A_ck *)
Definition D_out : forall k c, (out k c : par m d C) = inl (inr (k, c)) := fun _ _ => erefl.
(** anchor: c_c *)
Definition D_off : forall c, (off c : par m d C) = inr c := fun _ => erefl.
(** anchor: x̃ = (x, 1) *)
Definition D_ext : forall j, ext x j = if j is Some i then x i else 1 := fun _ => erefl.
(** anchor: z_k = w_k·x + b_k *)
Definition D_pre : forall k,
  pre th x k = (\rsum_j th (hid k (Some j)) * x j) + th (hid k None)
  := preE th x.
(** anchor: f_c(x; θ) = Σ_k A_ck σ(w_k·x + b_k) + c_c *)
Definition D_net : forall c, net sigma th x c =
  (\rsum_k th (out k c) * sigma ((\rsum_j th (hid k (Some j)) * x j) + th (hid k None)))
  + th (off c)
  := netE sigma th x.
(** anchor: the Jacobian *)
Definition D_jac : forall c p, jac sigma s1 th x c p = match p with
  | hid k j => th (out k c) * s1 (pre th x k) * ext x j
  | out k c' => dlt (c' == c) (sigma (pre th x k))
  | off c' => dlt (c' == c) 1
  end := fun _ _ => erefl.
(** anchor: the functional Hessian *)
Definition D_hess : forall c p q, hess s1 s2 th x c p q = match p, q with
  | hid k j, hid l e => dlt (k == l) (th (out k c) * s2 (pre th x k) * ext x j * ext x e)
  | hid k j, out l c' => dlt (c' == c) (dlt (k == l) (s1 (pre th x k) * ext x j))
  | out l c', hid k j => dlt (c' == c) (dlt (k == l) (s1 (pre th x k) * ext x j))
  | _, _ => 0
  end := fun _ _ _ => erefl.
(** anchor: Jx = A diag(σ'(z)) W *)
Definition D_input_jac : forall c j, input_jac s1 th x c j =
  \rsum_k th (out k c) * s1 (pre th x k) * th (hid k (Some j)) := fun _ _ => erefl.
(** anchor: the outputs on the sample *)
Definition D_output : forall i, output sigma X th i = net sigma th (X i) := fun _ => erefl.
(** anchor: L(θ) = (1/n) Σ_i ℓ_i(f(x_i; θ)) *)
Definition D_loss : loss sigma ell X th =
  / INR n * \rsum_i ell i (fun c => net sigma th (X i) c) := lossE sigma ell X th.
(** anchor: r_i *)
Definition D_residual : forall i c,
  residual sigma r X th i c = r i (output sigma X th i) c := fun _ _ => erefl.
(** anchor: S_i *)
Definition D_output_hessian : forall i c e,
  output_hessian sigma S X th i c e = S i (output sigma X th i) c e := fun _ _ _ => erefl.
(** anchor: J *)
Definition D_jacobian : forall i c p,
  jacobian sigma s1 X th i c p = jac sigma s1 th (X i) c p := fun _ _ _ => erefl.
(** anchor: ∇L = (1/n) Σ_i J_iᵀr_i *)
Definition D_loss_grad : forall p, loss_grad sigma s1 r X th p =
  mean (fun i => \rsum_c residual sigma r X th i c * jacobian sigma s1 X th i c p)
  := fun _ => erefl.
(** anchor: G = (1/n) Σ_i J_iᵀS_iJ_i *)
Definition D_ggn : forall p q, ggn sigma s1 S X th p q =
  / INR n * \rsum_i \rsum_c \rsum_e S i (fun c => net sigma th (X i) c) c e
    * jac sigma s1 th (X i) c p * jac sigma s1 th (X i) e q
  := ggnE sigma s1 S X th.
(** anchor: F = (1/n) Σ_i Σ_c r_ic ∇²f_c(x_i) *)
Definition D_residual_hessian : forall p q, residual_hessian sigma s1 s2 r X th p q =
  / INR n * \rsum_i \rsum_c
    r i (fun c => net sigma th (X i) c) c * hess s1 s2 th (X i) c p q
  := residual_hessianE sigma s1 s2 r X th.
(** anchor: H = G + F *)
Definition D_hessian : forall p q, hessian sigma s1 s2 r S X th p q =
  ggn sigma s1 S X th p q + residual_hessian sigma s1 s2 r X th p q := fun _ _ => erefl.
(** anchor: σ is smooth near every pre-activation of the sample *)
Definition D_smooth_on : smooth_on sigma s1 s2 X th =
  (forall i k, smooth_at sigma s1 s2 (pre th (X i) k)) := erefl.
(** anchor: ℓ has gradient r, and r the gradients S *)
Definition D_twice_differentiable :
  forall (l : ('I_C -> R) -> R) (g : ('I_C -> R) -> 'I_C -> R)
    (h : ('I_C -> R) -> 'I_C -> 'I_C -> R), twice_differentiable l g h =
  (forall u, has_gradient l u (g u) /\ (forall c, has_gradient (fun v => g v c) u (h u c)))
  := fun _ _ _ => erefl.

(** * T01: derivatives of the network *)

(** T01(a): ∂f_c/∂w̃_k = A_ckσ'(z_k)x̃, ∂f_c/∂a_k = σ(z_k)e_c, ∂f_c/∂c = e_c. *)
Definition T01_gradient : (forall k, smooth_at sigma s1 s2 (pre th x k)) ->
  forall c p, is_partial (fun u => net sigma u x c) th p (jac sigma s1 th x c p)
  := fun h c p => net_partial c p h.
(** T01(b): the arrowhead functional Hessian, entry by entry as second partial derivatives. *)
Definition T01_functional_hessian : (forall k, smooth_at sigma s1 s2 (pre th x k)) ->
  forall c p q, is_partial2 (fun u => net sigma u x c) th p q (hess s1 s2 th x c p q)
  := fun h c p q => net_partial2 c p q h.
(** T01: the input Jacobian, as true derivatives in x. *)
Definition T01_input_jacobian : (forall k, smooth_at sigma s1 s2 (pre th x k)) ->
  forall c j, is_partial (fun u => net sigma th u c) x j (input_jac s1 th x c j)
  := fun h c j => net_input_partial c j h.

(** * T02: H = G + F *)

(** T02: the gradient of the loss, ∇L = (1/n) Σ_i J_iᵀr_i. *)
Definition T02_gradient : (forall i, twice_differentiable (ell i) (r i) (S i)) ->
  smooth_on sigma s1 s2 X th ->
  forall p, is_partial (loss sigma ell X) th p (loss_grad sigma s1 r X th p)
  := fun hl h p => loss_partial hl p h.
(** T02(a.1): ∂²L/∂θ_q∂θ_p = G_pq + F_pq for any twice differentiable ℓ. *)
Definition T02a_hessian : (forall i, twice_differentiable (ell i) (r i) (S i)) ->
  smooth_on sigma s1 s2 X th ->
  forall p q, is_partial2 (loss sigma ell X) th p q
    (ggn sigma s1 S X th p q + residual_hessian sigma s1 s2 r X th p q)
  := fun hl h p q => loss_partial2 hl p q h.
End Network.

(** * The three losses *)
Section Losses.
Variables (C : nat) (u : 'I_C -> R) (y : 'I_C) (t : 'I_C -> R).
(** anchor: ℓ = ½‖f − y‖² *)
Definition D_squared : squared t u = / 2 * \rsum_c (u c - t c) ^ 2 := erefl.
(** anchor: r = f − y *)
Definition D_squared_r : forall c, squared_r t u c = u c - t c := fun _ => erefl.
(** anchor: S = I *)
Definition D_squared_S : forall c e, squared_S u c e = dlt (e == c) 1 := fun _ _ => erefl.
(** anchor: p = 1/(1 + e^{−f}) *)
Definition D_logistic : forall f, logistic f = / (1 + exp (- f)) := fun _ => erefl.
(** anchor: ℓ = log(1 + e^f) − yf *)
Definition D_logistic_loss : forall (b : R) (f : 'I_1 -> R),
  logistic_loss b f = ln (1 + exp (f ord0)) - b * f ord0 := fun _ _ => erefl.
(** anchor: r = p − y *)
Definition D_logistic_r : forall (b : R) (f : 'I_1 -> R) c,
  logistic_r b f c = logistic (f c) - b := fun _ _ _ => erefl.
(** anchor: S = p(1 − p) *)
Definition D_logistic_S : forall (f : 'I_1 -> R) c e,
  logistic_S f c e = logistic (f c) * (1 - logistic (f c)) := fun _ _ _ => erefl.
(** anchor: p_c = e^{f_c} / Σ_e e^{f_e} *)
Definition D_softmax : forall c, softmax u c = exp (u c) / \rsum_e exp (u e)
  := fun _ => erefl.
(** anchor: ℓ = −log p_y *)
Definition D_cross_entropy : cross_entropy y u = - ln (softmax u y) := erefl.
(** anchor: r = p − e_y *)
Definition D_softmax_r : forall c, softmax_r y u c = softmax u c - dlt (c == y) 1
  := fun _ => erefl.
(** anchor: S = diag(p) − ppᵀ *)
Definition D_softmax_S : forall c e,
  softmax_S u c e = softmax u c * (dlt (e == c) 1 - softmax u e) := fun _ _ => erefl.
(** anchor: vᵀSv >= 0 for every v *)
Definition D_output_psd : forall S : 'I_C -> 'I_C -> R, output_psd S =
  (forall v : 'I_C -> R, 0 <= \rsum_c \rsum_e v c * S c e * v e) := fun _ => erefl.

(** T02: the squared loss has r = f − y and S = I. *)
Definition T02_squared : twice_differentiable (squared t) (squared_r t) (@squared_S C)
  := squared_differentiable t.
(** T02: the logistic loss has r = p − y and S = p(1 − p). *)
Definition T02_logistic : forall b,
  twice_differentiable (logistic_loss b) (logistic_r b) logistic_S
  := logistic_differentiable.
(** T02: softmax cross-entropy has r = p − e_y and S = diag(p) − ppᵀ. *)
Definition T02_softmax : twice_differentiable (cross_entropy y) (softmax_r y) (@softmax_S C)
  := softmax_differentiable y.
(** T02(a.3): every S is positive semi-definite. *)
Definition T02a_psd : output_psd (squared_S u) /\ (forall f, output_psd (logistic_S f))
    /\ output_psd (softmax_S u)
  := conj (squared_psd u) (conj logistic_psd (softmax_psd y u)).
(** T02(e.1): logistic, S <= |r|. *)
Definition T02e_logistic_S : forall b, b = 0 \/ b = 1 ->
  forall f c, logistic_S f c c <= Rabs (logistic_r b f c) := logistic_S_r.
(** T02(e.2): logistic, |r| <= ℓ. *)
Definition T02e_logistic_r : forall b, b = 0 \/ b = 1 ->
  forall f, Rabs (logistic_r b f ord0) <= logistic_loss b f := logistic_r_loss.
(** T02(e.3): logistic, S <= 1/4. *)
Definition T02e_logistic_quarter : forall f c, logistic_S f c c <= / 4 := logistic_S_quarter.
(** T02(e.4): softmax, tr S <= 2(1 − p_y). *)
Definition T02e_softmax_trace :
  \rsum_c softmax_S u c c <= 2 * (1 - softmax u y) := softmax_trace y u.
(** T02(e.5): softmax, vᵀSv <= 2(1 − p_y)‖v‖². *)
Definition T02e_softmax_norm : forall v, \rsum_c \rsum_e v c * softmax_S u c e * v e <=
  2 * (1 - softmax u y) * \rsum_c v c ^ 2 := softmax_label y u.
(** T02(e.5), mutant: with 1 for 2 it is false. *)
Definition T02e_softmax_norm_two :
  exists (f : 'I_2 -> R) (l : 'I_2) (v : 'I_2 -> R),
  ~ \rsum_c \rsum_e v c * softmax_S f c e * v e <= (1 - softmax f l) * \rsum_c v c ^ 2
  := softmax_label_constant_two.
(** T02(e.6): softmax, vᵀSv <= ½‖v‖². *)
Definition T02e_softmax_half : forall v, \rsum_c \rsum_e v c * softmax_S u c e * v e <=
  / 2 * \rsum_c v c ^ 2 := softmax_half y u.
(** T02(e.7): softmax, 1 − p_y <= ℓ. *)
Definition T02e_softmax_loss : 1 - softmax u y <= cross_entropy y u := softmax_loss y u.
(** T02(e.8): softmax, ‖r‖₁ = 2(1 − p_y). *)
Definition T02e_softmax_r :
  \rsum_c Rabs (softmax_r y u c) = 2 * (1 - softmax u y) := softmax_r_norm1 y u.
End Losses.

(** * Activations: the constants of the catalogue *)
Section Activations.
Variables (ap am z t : R).
(** anchor: σ(z) = α₊ max(z, 0) + α₋ min(z, 0) *)
Definition D_pl : pl ap am z = ap * Rmax z 0 + am * Rmin z 0 := erefl.
(** anchor: its slope *)
Definition D_pl1 : pl1 ap am z = if Rlt_dec 0 z then ap else am := erefl.
(** anchor: ReLU *)
Definition D_relu : relu z = Rmax z 0 := reluE z.
(** anchor: its slope *)
Definition D_relu1 : relu1 z = pl1 1 0 z := erefl.
(** anchor: σ'' = 0 *)
Definition D_zero : zero z = 0 := erefl.
(** anchor: tanh' *)
Definition D_tanh1 : tanh1 t = 1 - tanh t ^ 2 := erefl.
(** anchor: softplus *)
Definition D_softplus : softplus t = ln (1 + exp t) := erefl.
(** anchor: tanh'' *)
Definition D_tanh2 : tanh2 t = - 2 * tanh t * (1 - tanh t ^ 2) := erefl.
(** anchor: logistic'' *)
Definition D_logistic2 :
  logistic2 t = logistic t * (1 - logistic t) * (1 - 2 * logistic t) := erefl.
(** anchor: logistic', which is softplus'' *)
Definition D_logistic1 : logistic1 t = logistic t * (1 - logistic t) := erefl.

(** T01: piecewise linear σ is smooth off its kink, with σ'' = 0. *)
Definition T01_piecewise_linear : z <> 0 -> smooth_at (pl ap am) (pl1 ap am) zero z
  := @pl_smooth ap am z.
(** T08: the supremum of |tanh''|. *)
Definition T08_tanh : smooth_at tanh tanh1 tanh2 t /\ Rabs (tanh2 t) <= 4 / (3 * sqrt 3)
  := conj (tanh_smooth t) (tanh2_sup t).
(** T08: the supremum of |logistic''|. *)
Definition T08_logistic :
  smooth_at logistic logistic1 logistic2 t /\ Rabs (logistic2 t) <= / (6 * sqrt 3)
  := conj (logistic_smooth t) (logistic2_sup t).
(** T08: the supremum of |softplus''|. *)
Definition T08_softplus :
  smooth_at softplus logistic logistic1 t /\ Rabs (logistic1 t) <= / 4
  := conj (softplus_smooth t) (softplus2_sup t).
End Activations.

(** * T05: the generalised Gauss-Newton matrix is the Fisher information *)
Section Fisher.
Variables (n m d C : nat) (sigma s1 s2 : R -> R) (X : 'I_n -> 'I_d -> R).

(** anchor: ∇_θ ℓ(f(x_i; θ)) = J_iᵀr *)
Definition D_score : forall (th : par m d C -> R) (r : 'I_C -> R) i p,
  score sigma s1 X th r i p = \rsum_c r c * jacobian sigma s1 X th i c p
  := fun _ _ _ _ => erefl.
(** T05: J_iᵀr is the true gradient of ℓ(f(x_i; θ)). *)
Definition T05_score : forall (th : par m d C -> R) ell r S i p,
  twice_differentiable ell r S -> (forall k, smooth_at sigma s1 s2 (pre th (X i) k)) ->
  is_partial (fun u => ell (output sigma X u i)) th p
    (score sigma s1 X th (r (output sigma X th i)) i p)
  := @score_partial n m d C sigma s1 s2 X.
(** part of T05(a.1): softmax, y = e with probability softmax(f)_e. *)
Definition T05_softmax : forall (th : par m d C -> R) p q,
  let f := output sigma X th in let g y i := score sigma s1 X th (softmax_r y (f i)) i in
  ggn sigma s1 (fun=> @softmax_S C) X th p q =
  mean (fun i => \rsum_y softmax (f i) y * (g y i p * g y i q))
  := @fisher_softmax n m d C sigma s1 X.
(** part of T05(a.1): logistic, y = 1 with probability 1/(1 + e^{−f}), else 0. *)
Definition T05_logistic : forall (th : par m d 1 -> R) p q,
  let f := output sigma X th in let g y i := score sigma s1 X th (logistic_r y (f i)) i in
  ggn sigma s1 (fun=> logistic_S) X th p q =
  mean (fun i => logistic (f i ord0) * (g 1 i p * g 1 i q)
    + (1 - logistic (f i ord0)) * (g 0 i p * g 0 i q))
  := @fisher_logistic n m d sigma s1 X.
(** T05(a.2): squared loss, y = f + ε for any expectation with E εεᵀ = I. *)
Definition T05_squared : forall (th : par m d C -> R) (E : (('I_C -> R) -> R) -> R) p q,
  (forall g h, E (fun v => g v + h v) = E g + E h) ->
  (forall a g, E (fun v => a * g v) = a * E g) ->
  (forall c e, E (fun v => v c * v e) = dlt (e == c) 1) ->
  let f := output sigma X th in
  let g v i := score sigma s1 X th (squared_r (fun c => f i c + v c) (f i)) i in
  ggn sigma s1 (fun=> @squared_S C) X th p q = mean (fun i => E (fun v => g v i p * g v i q))
  := @fisher_squared n m d C sigma s1 X.
(** anchor: the empirical Fisher *)
Definition D_empirical_fisher : forall (th : par m d C -> R) r p q,
  empirical_fisher sigma s1 r X th p q =
  mean (fun i => score sigma s1 X th (r i (output sigma X th i)) i p
    * score sigma s1 X th (r i (output sigma X th i)) i q) := fun _ _ _ _ => erefl.
(** T05(b.1): it is 0 where every residual is. *)
Definition T05b_interpolation : forall (th : par m d C -> R) r p q,
  (forall i c, r i (output sigma X th i) c = 0) -> empirical_fisher sigma s1 r X th p q = 0
  := fun th r p q => @empirical_fisher_interpolation n m d C sigma s1 r X th p q.
(** T05(b.2): squared loss, tr G >= C. *)
Definition T05b_trace : (0 < n)%N -> forall th : par m d C -> R,
  INR C <= \rsum_p ggn sigma s1 (fun=> @squared_S C) X th p p
  := fun n0 th => squared_trace_ge sigma s1 X th n0.
End Fisher.

(** * T27: under cross-entropy the curvature vanishes with the loss *)
Section CrossEntropy.
Variables (n m d C : nat) (sigma s1 s2 : R -> R) (X : 'I_n -> 'I_d -> R).
(** anchor: (Jv)_ic *)
Definition D_jv : forall (th : par m d C -> R) v i c,
  jv sigma s1 X th v i c = \rsum_p jacobian sigma s1 X th i c p * v p
  := fun _ _ _ _ => erefl.

Section Softmax.
Variables (Y : 'I_n -> 'I_C) (th : par m d C -> R) (K : 'I_n -> R) (M Kmax : R).
Let ell i := cross_entropy (Y i).
Let r i := softmax_r (Y i).
Let S (i : 'I_n) := @softmax_S C.
Let f := output sigma X th.
Let jacobian_le := forall i v, \rsum_c jv sigma s1 X th v i c ^ 2 <= K i * norm2 v.
Let hess_le := forall i c v, Rabs (quad (hess s1 s2 th (X i) c) v) <= M * norm2 v.

(** T27(a.2): tr G <= (2/n) Σ_i ℓ_i‖J_i‖². *)
Definition T27_softmax_trace : jacobian_le ->
  trace (ggn sigma s1 S X th) <= 2 * mean (fun i => ell i (f i) * K i)
  := @softmax_trace_le n m d C sigma s1 X Y th K.
(** T27(b.1): λ_1(G) <= (2/n) Σ_i ℓ_i‖J_i‖². *)
Definition T27_softmax_ggn : jacobian_le -> forall v,
  0 <= quad (ggn sigma s1 S X th) v <= 2 * mean (fun i => ell i (f i) * K i) * norm2 v
  := @softmax_ggn_le n m d C sigma s1 X Y th K.
(** T27(b.2): λ_1(G) <= 2L max_i ‖J_i‖². *)
Definition T27_softmax_ggn_max : jacobian_le -> (forall i, K i <= Kmax) -> forall v,
  0 <= quad (ggn sigma s1 S X th) v <= 2 * loss sigma ell X th * Kmax * norm2 v
  := @softmax_ggn_max n m d C sigma s1 X Y th K Kmax.
(** T27(c.1): ‖F‖ <= 2L max ‖∇²f_c(x_i)‖. *)
Definition T27_softmax_residual : hess_le -> forall v,
  Rabs (quad (residual_hessian sigma s1 s2 r X th) v) <=
    2 * loss sigma ell X th * M * norm2 v
  := @softmax_residual_le n m d C sigma s1 s2 X Y th M.
(** T27(d.1): ‖H‖ <= 2L(max_i ‖J_i‖² + max ‖∇²f_c(x_i)‖). *)
Definition T27_softmax_hessian : jacobian_le -> hess_le -> (forall i, K i <= Kmax) ->
  forall v, Rabs (quad (hessian sigma s1 s2 r S X th) v) <=
    2 * loss sigma ell X th * (Kmax + M) * norm2 v
  := @softmax_hessian_le n m d C sigma s1 s2 X Y th K M Kmax.
End Softmax.

Section Logistic.
Variables (Y : 'I_n -> R) (th : par m d 1 -> R) (K : 'I_n -> R) (M Kmax : R).
Let ell i := logistic_loss (Y i).
Let r i := logistic_r (Y i).
Let S (i : 'I_n) := logistic_S.
Let f := output sigma X th.
Let labels := forall i, Y i = 0 \/ Y i = 1.
Let jacobian_le := forall i v, \rsum_c jv sigma s1 X th v i c ^ 2 <= K i * norm2 v.
Let hess_le := forall i c v, Rabs (quad (hess s1 s2 th (X i) c) v) <= M * norm2 v.

(** T27(a.1): tr G <= (1/n) Σ_i ℓ_i‖J_i‖². *)
Definition T27_logistic_trace : labels ->
  trace (ggn sigma s1 S X th) <=
    mean (fun i => ell i (f i) * \rsum_p jacobian sigma s1 X th i ord0 p ^ 2)
  := @logistic_trace_le n m d sigma s1 X Y th.
(** T27(b.3): λ_1(G) <= L max_i ‖J_i‖². *)
Definition T27_logistic_ggn : labels -> jacobian_le -> (forall i, K i <= Kmax) ->
  forall v, 0 <= quad (ggn sigma s1 S X th) v <= loss sigma ell X th * Kmax * norm2 v
  := @logistic_ggn_max n m d sigma s1 X Y th K Kmax.
(** T27(c.2): ‖F‖ <= L max_i ‖∇²f(x_i)‖. *)
Definition T27_logistic_residual : labels -> hess_le -> forall v,
  Rabs (quad (residual_hessian sigma s1 s2 r X th) v) <= loss sigma ell X th * M * norm2 v
  := @logistic_residual_le n m d sigma s1 s2 X Y th M.
(** T27(d.2): ‖H‖ <= L(max_i ‖J_i‖² + max_i ‖∇²f(x_i)‖). *)
Definition T27_logistic_hessian : labels -> jacobian_le -> hess_le ->
  (forall i, K i <= Kmax) -> forall v,
  Rabs (quad (hessian sigma s1 s2 r S X th) v) <= loss sigma ell X th * (Kmax + M) * norm2 v
  := @logistic_hessian_le n m d sigma s1 s2 X Y th K M Kmax.
End Logistic.

(** anchor: A and c times s *)
Definition D_scale_outputs : forall (th : par m d C -> R) (s : R) p,
  scale_outputs th s p = match p with hid _ _ => th p | _ => s * th p end
  := fun _ _ _ => erefl.
(** part of T27(e): softmax, margin γ, A and c times s >= 1:
    ‖H‖ <= 2(C − 1)e^{−sγ}(s² max_i ‖J_i‖² + s max ‖∇²f_c(x_i)‖). *)
Definition T27_softmax_margin : forall (Y : 'I_n -> 'I_C) (th : par m d C -> R)
    (K M s gamma : R),
  1 <= s ->
  (forall i v, \rsum_c jv sigma s1 X th v i c ^ 2 <= K * norm2 v) ->
  (forall i c v, Rabs (quad (hess s1 s2 th (X i) c) v) <= M * norm2 v) ->
  (forall i c, c != Y i -> gamma <= net sigma th (X i) (Y i) - net sigma th (X i) c) ->
  forall v, (0 < C)%N -> (0 < n)%N ->
  Rabs (quad (hessian sigma s1 s2 (fun i => softmax_r (Y i)) (fun=> @softmax_S C) X
      (scale_outputs th s)) v) <=
    2 * (INR C - 1) * exp (- (s * gamma)) * (s ^ 2 * K + s * M) * norm2 v
  := @softmax_margin n m d C sigma s1 s2 X.
(** part of T27(e): the logistic loss, ‖H‖ <= e^{−sγ}(s² max_i ‖J_i‖² + s max ‖∇²f(x_i)‖). *)
Definition T27_logistic_margin : forall (Y : 'I_n -> R) (th : par m d 1 -> R)
    (K M s gamma : R),
  1 <= s -> (forall i, Y i = 0 \/ Y i = 1) ->
  (forall i v, \rsum_c jv sigma s1 X th v i c ^ 2 <= K * norm2 v) ->
  (forall i c v, Rabs (quad (hess s1 s2 th (X i) c) v) <= M * norm2 v) ->
  (forall i, gamma <= (2 * Y i - 1) * net sigma th (X i) ord0) ->
  forall v, (0 < n)%N ->
  Rabs (quad (hessian sigma s1 s2 (fun i => logistic_r (Y i)) (fun=> logistic_S) X
      (scale_outputs th s)) v) <=
    exp (- (s * gamma)) * (s ^ 2 * K + s * M) * norm2 v
  := @logistic_margin_hessian n m d sigma s1 s2 X.
End CrossEntropy.

(** * Vocabulary: norms, eigenvalues, inertia and rank of real matrices *)
Section EigenVocabulary.
Variables (P L : finType) (A : P -> P -> R) (v : P -> R).

(** anchor: an orthonormal family *)
Definition D_orthonormal : forall e : L -> P -> R,
  orthonormal e = (forall l l', \rsum_p e l p * e l' p = dlt (l == l') 1) := fun _ => erefl.
(** anchor: A e_l = λ_l e_l with e_l orthonormal, and A v = 0 if v is orthogonal to every e_l:
    the spectrum of A is the λ_l with multiplicity, and zeros *)
Definition D_eigensystem : forall (lam : L -> R) (e : L -> P -> R), eigensystem A lam e =
  [/\ orthonormal e,
      forall l p, \rsum_q A p q * e l q = lam l * e l p
    & forall w, (forall l, \rsum_p e l p * w p = 0) -> forall p, \rsum_q A p q * w q = 0]
  := fun _ _ => erefl.
(** anchor: ‖A‖ <= t, the operator norm *)
Definition D_opnorm_le : forall t, opnorm_le A t =
  (0 <= t /\ forall w, \rsum_p (\rsum_q A p q * w q) ^ 2 <= t ^ 2 * \rsum_p w p ^ 2)
  := fun _ => erefl.
(** anchor: Σ_l a_l e_l *)
Definition D_comb : forall (e : L -> P -> R) a p, comb e a p = \rsum_l a l * e l p
  := fun _ _ _ => erefl.
(** anchor: vᵀAv > 0 on a subspace of dimension r without 0: n_+(A) >= r *)
Definition D_pos_ge : forall r, pos_ge A r = (exists e : 'I_r -> P -> R,
  forall a : 'I_r -> R, (exists l, a l <> 0) -> 0 < quad A (comb e a)) := fun _ => erefl.
(** anchor: vᵀAv < 0 on a subspace of dimension r without 0: n_-(A) >= r *)
Definition D_neg_ge : forall r, neg_ge A r = (exists e : 'I_r -> P -> R,
  forall a : 'I_r -> R, (exists l, a l <> 0) -> quad A (comb e a) < 0) := fun _ => erefl.
(** anchor: vᵀAv >= t‖v‖² on a subspace of dimension j: λ_j(A) >= t (Courant and Fischer) *)
Definition D_eig_ge : forall j t, eig_ge A j t = (exists e : 'I_j -> P -> R, orthonormal e /\
  forall a : 'I_j -> R, t * norm2 (comb e a) <= quad A (comb e a)) := fun _ _ => erefl.
(** anchor: n_-(A) and n_+(A) are the numbers of negative and positive eigenvalues *)
Definition D_inertia : forall (lam : L -> R) (e : L -> P -> R) r, eigensystem A lam e ->
  (neg_ge A r <-> (r <= #|[pred l | Rlt_dec (lam l) 0]|)%N) /\
  (pos_ge A r <-> (r <= #|[pred l | Rlt_dec 0 (lam l)]|)%N)
  := fun lam e r sys => conj (eigen_neg sys r) (eigen_pos r sys).
(** anchor: ‖A‖ is the largest |λ_l| *)
Definition D_eigen_opnorm : forall (lam : L -> R) (e : L -> P -> R) t, eigensystem A lam e ->
  0 <= t -> (opnorm_le A t <-> forall l, Rabs (lam l) <= t)
  := fun lam e t sys t0 => eigen_opnorm sys t0.
End EigenVocabulary.

(** * T01: the spectrum of the functional Hessian *)
Section Arrowhead.
Variables (m d C : nat) (s1 s2 : R -> R) (th : par m d C -> R) (x : 'I_d -> R) (c : 'I_C).
Let H := hess s1 s2 th x c.
Let N := 1 + \rsum_j x j ^ 2.
Let a k := th (out k c) * s2 (pre th x k).
Let s k := s1 (pre th x k).

(** anchor: λ_± = ½(aσ''N ± √N √(a²σ''²N + 4σ'²)) with u = aσ'', s = σ' *)
Definition D_arrow_eigenvalue : forall N u s b, arrow_eigenvalue N u s b =
  / 2 * (u * N + (if b then 1 else -1) * (sqrt N * sqrt (u ^ 2 * N + 4 * s ^ 2)))
  := fun _ _ _ _ => erefl.
(** anchor: the rows and columns that are kept *)
Definition D_submatrix : forall (P Q : Type) (f : Q -> P) (A : P -> P -> R) p q,
  submatrix f A p q = A (f p) (f q) := fun _ _ _ _ _ _ => erefl.
(** anchor: all parameters but the first-layer biases *)
Definition D_unbiased : forall p : 'I_m * 'I_d + 'I_m * 'I_C + 'I_C,
  unbiased p = match p with
    | inl (inl (k, j)) => hid k (Some j) | inl (inr (k, e)) => out k e | inr e => off e
    end := fun _ => erefl.
(** anchor: the parameters of the first layer *)
Definition D_first_layer : forall p : 'I_m * option 'I_d,
  first_layer C p = inl (inl p) := fun _ => erefl.

(** T01(b): vᵀ∇²f_c v = Σ_k A_ckσ''(z_k)p_k² + 2σ'(z_k)p_kȧ_ck with p_k = ẇ_k·x̃. *)
Definition T01b_form : forall v : par m d C -> R, quad (hess s1 s2 th x c) v =
  \rsum_(k : 'I_m) (th (out k c) * s2 (pre th x k) * pre v x k ^ 2
    + 2 * s1 (pre th x k) * pre v x k * v (out k c))
  := @hess_quad m d C s1 s2 th x c.
(** T01(c): λ_± for every k, and zeros, with orthonormal eigenvectors (αx̃, β) on (w̃_k, A_ck). *)
Definition T01c_spectrum : exists (al be : 'I_m * bool -> R) (e : 'I_m * bool -> par m d C -> R),
  eigensystem H (fun kb => arrow_eigenvalue N (a kb.1) (s kb.1) kb.2) e /\
  forall kb p, e kb p = match p with
    | hid l j => dlt (l == kb.1) (al kb) * ext x j
    | out l c' => dlt (c' == c) (dlt (l == kb.1) (be kb))
    | off _ => 0
    end
  := @hess_eigensystem m d C s1 s2 th x c.
(** part of T01(c): ∇²f_c maps (λ_±x̃, σ'N) on (w̃_k, A_ck) to its λ_±-fold. *)
Definition T01c_eigenvector : forall k b p, let lam := arrow_eigenvalue N (a k) (s k) b in
  let e q := match q with
    | hid l j => dlt (l == k) (lam * ext x j)
    | out l c' => dlt (c' == c) (dlt (l == k) (s k * N))
    | off _ => 0
    end in
  mulv H e p = lam * e p
  := @hess_eigenvector m d C s1 s2 th x c.
(** T01(d.1): without first-layer biases the same λ_± with N = ‖x‖², for x <> 0, and zeros. *)
Definition T01d_unbiased : (exists j, x j <> 0) ->
  exists e, eigensystem (submatrix (@unbiased m d C) H)
    (fun kb : 'I_m * bool => arrow_eigenvalue (norm2 x) (a kb.1) (s kb.1) kb.2) e
  := @unbiased_eigensystem m d C s1 s2 th x c.
(** part of T01(d.1): and 0 for x = 0. *)
Definition T01d_unbiased_zero : (forall j, x j = 0) ->
  forall p q, submatrix (@unbiased m d C) H p q = 0
  := @unbiased_zero m d C s1 s2 th x c.
(** T01(d.2): with the second layer frozen A_ckσ''(z_k)N for every k, and zeros. *)
Definition T01d_frozen : exists e, eigensystem (submatrix (@first_layer m d C) H)
    (fun k => th (out k c) * s2 (pre th x k) * N) e
  := @frozen_eigensystem m d C s1 s2 th x c.
(** T01(i): n_+ = #{σ' <> 0} + #{σ' = 0, A_ckσ'' > 0}, and n_- with < for >. *)
Definition T01i_inertia : forall r,
  (pos_ge H r <-> (r <= #|[pred k | ~~ Req_EM_T (s k) 0]|
    + #|[pred k | Req_EM_T (s k) 0 && Rlt_dec 0 (a k)]|)%N) /\
  (neg_ge H r <-> (r <= #|[pred k | ~~ Req_EM_T (s k) 0]|
    + #|[pred k | Req_EM_T (s k) 0 && Rlt_dec (a k) 0]|)%N)
  := fun r => conj (hess_pos s1 s2 th x c r) (hess_neg s1 s2 th x c r).
(** T01(ii): rank ∇²f_c = 2 #{σ' <> 0} + #{σ' = 0, A_ckσ'' <> 0}. *)
Definition T01ii_rank : rank H = (2 * #|[pred k | ~~ Req_EM_T (s k) 0]|
    + #|[pred k | Req_EM_T (s k) 0 && ~~ Req_EM_T (a k) 0]|)%N
  := hess_rank s1 s2 th x c.
(** T01(iii): ‖∇²f_c‖_F² = Σ_k A_ck²σ''(z_k)²N² + 2σ'(z_k)²N. *)
Definition T01iii_frobenius : frob2 H =
  \rsum_(k : 'I_m) (th (out k c) ^ 2 * s2 (pre th x k) ^ 2 * N ^ 2
    + 2 * s1 (pre th x k) ^ 2 * N)
  := hess_frobenius s1 s2 th x c.
(** T01(iv.1): ‖∇²f_c‖ = max_k ½(|A_ckσ''|N + √N √(A_ck²σ''²N + 4σ'²)). *)
Definition T01iv_norm : forall r, 0 <= r -> opnorm_le H r <->
  forall k, / 2 * (Rabs (th (out k c) * s2 (pre th x k)) * N + sqrt N *
    sqrt ((th (out k c) * s2 (pre th x k)) ^ 2 * N + 4 * s1 (pre th x k) ^ 2)) <= r
  := @hess_norm m d C s1 s2 th x c.
(** T01(iv.2): ReLU, ‖∇²f_c‖ = √N if some z_k > 0, and 0 if none is. *)
Definition T01iv_relu : forall r, 0 <= r -> opnorm_le (hess relu1 zero th x c) r <->
  forall k : 'I_m, 0 < pre th x k -> sqrt (1 + \rsum_j x j ^ 2) <= r
  := @relu_hess_norm m d C th x c.
(** T01(v): no eigenvalue other than 0 has |λ| < β, the least over k of
    √Nσ'²/(√N|A_ckσ''| + |σ'|) where σ' <> 0, and of N|A_ckσ''| where σ' = 0 <> A_ckσ''. *)
Definition T01v_gap : forall mu v beta,
  (forall p, mulv H v p = mu * v p) -> (exists p, v p <> 0) -> mu <> 0 ->
  (forall k, s1 (pre th x k) <> 0 -> beta <= sqrt N * s1 (pre th x k) ^ 2 /
    (sqrt N * Rabs (th (out k c) * s2 (pre th x k)) + Rabs (s1 (pre th x k)))) ->
  (forall k, s1 (pre th x k) = 0 -> th (out k c) * s2 (pre th x k) <> 0 ->
    beta <= N * Rabs (th (out k c) * s2 (pre th x k))) ->
  beta <= Rabs mu
  := @hess_gap m d C s1 s2 th x c.
End Arrowhead.

(** * T02: the residual part F *)
Section ResidualPart.
Variables (n m d C : nat) (sigma s1 s2 : R -> R).
Variables (ell : 'I_n -> ('I_C -> R) -> R) (r : 'I_n -> ('I_C -> R) -> 'I_C -> R)
  (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Let F := residual_hessian sigma s1 s2 r X th.
Let G := ggn sigma s1 S X th.
Let H := hessian sigma s1 s2 r S X th.
Let M := residual_hid sigma s2 r X th.
Let U := residual_cross sigma s1 r X th.

(** anchor: M_k = (1/n) Σ_i (r_i·a_k)σ''(z_ik)x̃_ix̃_iᵀ *)
Definition D_residual_hid : forall k j j', residual_hid sigma s2 r X th k j j' = mean (fun i =>
  (\rsum_(c : 'I_C) residual sigma r X th i c * th (out k c))
    * s2 (pre th (X i) k) * ext (X i) j * ext (X i) j') := fun _ _ _ => erefl.
(** anchor: U_k = (1/n) Σ_i σ'(z_ik)x̃_ir_iᵀ *)
Definition D_residual_cross : forall k j c, residual_cross sigma s1 r X th k j c =
  mean (fun i => s1 (pre th (X i) k) * ext (X i) j * residual sigma r X th i c)
  := fun _ _ _ => erefl.
(** anchor: F_k = [[M_k, U_k], [U_kᵀ, 0]] *)
Definition D_residual_block : forall k p q, residual_block sigma s1 s2 r X th k p q =
  match p, q with
  | inl j, inl j' => residual_hid sigma s2 r X th k j j'
  | inl j, inr c => residual_cross sigma s1 r X th k j c
  | inr c, inl j => residual_cross sigma s1 r X th k j c
  | inr _, inr _ => 0
  end := fun _ _ _ => erefl.

(** T02(b): vᵀFv = Σ_k ẇ_kᵀM_kẇ_k + 2ẇ_kᵀU_kȧ_k for every v = (ẇ, ȧ, ċ). *)
Definition T02b_form : forall v : par m d C -> R, quad F v = \rsum_(k : 'I_m)
  (quad (M k) (fun j => v (hid k j))
   + 2 * \rsum_(j : option 'I_d) \rsum_(c : 'I_C) v (hid k j) * U k j c * v (out k c))
  := residual_quad sigma s1 s2 r X th.
(** T02(b): F is block diagonal in neuron order with blocks F_k, and 0 on the output biases. *)
Definition T02b_entries : forall p q, F p q =
  match p, q with
  | hid k j, hid l j' => dlt (k == l) (M k j j')
  | hid k j, out l c => dlt (k == l) (U k j c)
  | out l c, hid k j => dlt (k == l) (U k j c)
  | _, _ => 0
  end
  := residual_entry sigma s1 s2 r X th.
(** T02(a.2): G is positive semi-definite if every S_i is. *)
Definition T02a_ggn_psd : (forall i, psd (output_hessian sigma S X th i)) -> psd G
  := @ggn_psd n m d C sigma s1 S X th.
(** T02(c.1): |λ_j(H) − λ_j(G)| <= ‖F‖. *)
Definition T02c_weyl : forall t j s, opnorm_le F t ->
  (eig_ge G j s -> eig_ge H j (s - t)) /\ (eig_ge H j s -> eig_ge G j (s - t))
  := @hessian_weyl n m d C sigma s1 s2 r S X th.
(** part of T02(c.1): |vᵀHv − vᵀGv| <= ‖F‖‖v‖². *)
Definition T02c_form : forall t v, opnorm_le F t -> Rabs (quad H v - quad G v) <= t * norm2 v
  := @hessian_quad_near n m d C sigma s1 s2 r S X th.
(** T02(c.2): ‖F‖ = max_k ‖F_k‖. *)
Definition T02c_norm : forall t, 0 <= t ->
  opnorm_le F t <-> forall k, opnorm_le (residual_block sigma s1 s2 r X th k) t
  := @residual_norm n m d C sigma s1 s2 r X th.
End ResidualPart.

(** T02(d): squared loss, ‖F‖ <= √(2L) ((1/n) Σ_i Σ_c ‖∇²f_c(x_i)‖²)^½. *)
Definition T02d_norm : forall n m d C sigma s1 s2 (X : 'I_n -> 'I_d -> R)
    (y : 'I_n -> 'I_C -> R) (th : par m d C -> R) (b : 'I_n -> 'I_C -> R),
  (forall i c, opnorm_le (hess s1 s2 th (X i) c) (b i c)) ->
  opnorm_le (residual_hessian sigma s1 s2 (fun i => squared_r (y i)) X th)
    (sqrt (2 * loss sigma (fun i => squared (y i)) X th)
     * sqrt (mean (fun i => \rsum_c b i c ^ 2)))
  := squared_residual_norm.

(** * T03: piecewise linear networks *)
Section PiecewiseLinear.
Variables (n m d C : nat) (ap am : R).
Variables (ell : 'I_n -> ('I_C -> R) -> R) (r : 'I_n -> ('I_C -> R) -> 'I_C -> R)
  (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Let sigma := pl ap am.
Let s1 := pl1 ap am.
Let F := residual_hessian sigma s1 zero r X th.
Let G := ggn sigma s1 S X th.
Let H := hessian sigma s1 zero r S X th.
Let U := residual_cross sigma s1 r X th.

(** T03: off the kinks (the identity, α₊ = α₋, has none) σ is smooth at every z_ik with
    σ'' = 0, so that T02(a) applies. *)
Definition T03_smooth : (forall i k, pre th (X i) k <> 0 \/ ap = am) -> smooth_on sigma s1 zero X th
  := @off_kinks_smooth n m d C ap am X th.
(** T03(a.1): tr H = tr G. *)
Definition T03a_trace : trace H = trace G := pl_hessian_trace ap am r S X th.
(** T03(a.2): M_k = 0, so H_w̃w̃ = G_w̃w̃, and H_bb = G_bb. *)
Definition T03a_hid : forall k j l j', H (hid k j) (hid l j') = G (hid k j) (hid l j')
  := pl_hessian_hid ap am r S X th.
(** T03(a.2): the same for the true second derivatives of L, off the kinks. *)
Definition T03a_hid_partial2 : forall k j l j',
  (forall i, twice_differentiable (ell i) (r i) (S i)) -> off_kinks ap am X th ->
  is_partial2 (loss sigma ell X) th (hid k j) (hid l j') (G (hid k j) (hid l j'))
  := @pl_partial2_hid n m d C ap am ell r S X th.
(** T03(a.3): H_aa = G_aa. *)
Definition T03a_out : forall k c l c', H (out k c) (out l c') = G (out k c) (out l c')
  := pl_hessian_out ap am r S X th.
(** T03(a.3): the same for the true second derivatives of L, off the kinks. *)
Definition T03a_out_partial2 : forall k c l c',
  (forall i, twice_differentiable (ell i) (r i) (S i)) -> off_kinks ap am X th ->
  is_partial2 (loss sigma ell X) th (out k c) (out l c') (G (out k c) (out l c'))
  := @pl_partial2_out n m d C ap am ell r S X th.
(** T03(a.4): with U_k = Σ_t s_kt u_kt v_ktᵀ (singular value decompositions) the eigenvalues
    of F are ± s_kt, and zeros. *)
Definition T03a_spectrum : forall (T : finType) (s : 'I_m -> T -> R)
    (u : 'I_m -> T -> option 'I_d -> R) (v : 'I_m -> T -> 'I_C -> R),
  (forall k, orthonormal (u k)) -> (forall k, orthonormal (v k)) ->
  (forall k j c, U k j c = \rsum_t s k t * u k t j * v k t c) ->
  exists e, eigensystem F (fun ktb : 'I_m * T * bool =>
    (if ktb.2 then 1 else -1) * s ktb.1.1 ktb.1.2) e
  := @pl_spectrum n m d C ap am r X th.
(** T03(a.5): rank F = 2 Σ_k rank U_k. *)
Definition T03a_rank : rank F = (2 * \sum_k rank (U k))%N := pl_rank ap am r X th.
(** T03(b.1): H has at most Σ_k rank U_k negative eigenvalues, if every S_i ⪰ 0. *)
Definition T03b_negative : (forall i, psd (output_hessian sigma S X th i)) ->
  forall t, neg_ge H t -> (t <= \sum_k rank (U k))%N
  := @pl_negative n m d C ap am r S X th.
(** T03(b.2): H has at most m min(C, d+1) negative eigenvalues. *)
Definition T03b_negative_size : (forall i, psd (output_hessian sigma S X th i)) ->
  forall t, neg_ge H t -> (t <= m * minn C d.+1)%N
  := @pl_negative_size n m d C ap am r S X th.
(** T03(c.1): ∇_w̃_k L = U_k a_k. *)
Definition T03c_grad_hid : forall k j, loss_grad sigma s1 r X th (hid k j) =
  \rsum_(c : 'I_C) U k j c * th (out k c) := pl_grad_hid ap am r X th.
(** T03(c.2): ∇_a_k L = U_kᵀw̃_k. *)
Definition T03c_grad_out : forall k c, loss_grad sigma s1 r X th (out k c) =
  \rsum_(j : option 'I_d) U k j c * th (hid k j) := pl_grad_out ap am r X th.
End PiecewiseLinear.

Section OneOutput.
Variables (n m d : nat) (ap am : R).
Variables (ell : 'I_n -> ('I_1 -> R) -> R) (r : 'I_n -> ('I_1 -> R) -> 'I_1 -> R)
  (S : 'I_n -> ('I_1 -> R) -> 'I_1 -> 'I_1 -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d 1 -> R).
Let sigma := pl ap am.
Let s1 := pl1 ap am.
Let critical := forall p, loss_grad sigma s1 r X th p = 0.
Let output_weights := forall k : 'I_m, th (out k ord0) <> 0.

(** T03(c.3): C = 1, every a_k <> 0, ∇L = 0: F = 0, that is H = G, whatever the residuals. *)
Definition T03c_residual : critical -> output_weights -> forall p q,
  residual_hessian sigma s1 zero r X th p q = 0 /\
  hessian sigma s1 zero r S X th p q = ggn sigma s1 S X th p q
  := fun h a p q => conj (critical_residual h a p q) (critical_hessian S h a p q).
(** T03(c.4): C = 1, every a_k <> 0, ∇L = 0: H is positive semi-definite. *)
Definition T03c_psd : critical -> output_weights ->
  (forall i, psd (output_hessian sigma S X th i)) -> psd (hessian sigma s1 zero r S X th)
  := @critical_psd n m d ap am r S X th.
(** anchor: θ' is in the closure of the activation cell of θ *)
Definition D_in_cell : forall th' : par m d 1 -> R, in_cell ap am X th th' =
  (forall i k, pre th (X i) k <> 0 /\ 0 <= pre th (X i) k * pre th' (X i) k \/ ap = am)
  := fun _ => erefl.
(** T03(d.2): (1/n) Σ_i r_i(f(x_i; θ') − f(x_i; θ)) = 0 for θ' in the closed cell of θ. *)
Definition T03d_first_order : critical -> output_weights -> forall th' : par m d 1 -> R,
  off_kinks ap am X th -> in_cell ap am X th th' ->
  mean (fun i => residual sigma r X th i ord0
    * (net sigma th' (X i) ord0 - net sigma th (X i) ord0)) = 0
  := @cell_first_order n m d ap am r X th.
(** T03(d.1), T03(d.2): L(θ) <= L(θ') there, for every ℓ above its tangents. *)
Definition T03d_minimum : critical -> output_weights -> forall th' : par m d 1 -> R,
  (forall i u v, ell i u + \rsum_c r i u c * (v c - u c) <= ell i v) ->
  off_kinks ap am X th -> in_cell ap am X th th' ->
  loss sigma ell X th <= loss sigma ell X th'
  := @cell_minimum n m d ap am ell r X th.
End OneOutput.

(** T03: ℓ with ∇²ℓ ⪰ 0 everywhere, so every convex ℓ, is above its tangents. *)
Definition T03d_convex : forall C (ell : ('I_C -> R) -> R) r S (u v : 'I_C -> R),
  twice_differentiable ell r S -> (forall w, output_psd (S w)) ->
  ell u + \rsum_c r u c * (v c - u c) <= ell v
  := psd_convex.

(** anchor: x = 1, 2, -1 *)
Definition D_three_inputs : forall i j, three_inputs i j =
  match val i with 0%N => 1 | 1%N => 2 | _ => -1 end := fun _ _ => erefl.
(** anchor: one unit with w = 1, b = 0, c = 0 *)
Definition D_one_unit : forall C (a : 'I_C -> R) p, one_unit a p = match p with
  | hid _ (Some _) => 1 | hid _ None => 0 | out _ c => a c | off _ => 0 end
  := fun _ _ _ => erefl.
(** anchor: y = (-2, 1, 1) *)
Definition D_targets_a0 : forall i c, targets_a0 i c =
  match val i with 0%N => -2 | _ => 1 end := fun _ _ => erefl.
(** anchor: y_i = (relu(x_i), -ρ_i) with ρ = (2, -1, -1) *)
Definition D_targets_two : forall i c, targets_two i c =
  if c == ord0 then relu (three_inputs i ord0)
  else match val i with 0%N => -2 | _ => 1 end := fun _ _ => erefl.
(** T03(c.4), mutant: without a_k <> 0 it is false (ReLU, squared loss, a = 0). *)
Definition T03c_zero_weight_false :
  let th := one_unit (fun _ : 'I_1 => 0) in let r i := squared_r (targets_a0 i) in
  [/\ off_kinks 1 0 three_inputs th,
      forall p, loss_grad relu relu1 r three_inputs th p = 0
    & exists v, quad (hessian relu relu1 zero r (fun=> @squared_S 1) three_inputs th) v < 0]
  := zero_weight_counterexample.
(** T03(c.4), mutant: with two outputs it is false (ReLU, squared loss, a = (1, 0)). *)
Definition T03c_two_outputs_false :
  let th := one_unit (fun c : 'I_2 => if c == ord0 then 1 else 0) in
  let r i := squared_r (targets_two i) in
  [/\ off_kinks 1 0 three_inputs th,
      forall p, loss_grad relu relu1 r three_inputs th p = 0
    & exists v, quad (hessian relu relu1 zero r (fun=> @squared_S 2) three_inputs th) v < 0]
  := two_outputs_counterexample.

(** * T04: G through the Gram matrix of the Jacobian *)
Section GramMatrix.
Variables (n m d C rho : nat) (sigma s1 s2 : R -> R).
Variables (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Let J := jacobian sigma s1 X th.
Let G := ggn sigma s1 S X th.
Let K := ntk sigma s1 X th.

(** anchor: K = JJᵀ *)
Definition D_ntk : forall x y : 'I_n * 'I_C, ntk sigma s1 X th x y =
  \rsum_p jacobian sigma s1 X th x.1 x.2 p * jacobian sigma s1 X th y.1 y.2 p
  := fun _ _ => erefl.

Section Interpolation.
Variable Y : 'I_n -> 'I_C -> R.
Let r i := squared_r (Y i).
Let interpolation := forall i c, output sigma X th i c = Y i c.
(** T04(a.1): f(X) = Y gives F = 0. *)
Definition T04a_residual : interpolation ->
  forall p q, residual_hessian sigma s1 s2 r X th p q = 0
  := @interpolation_residual n m d C sigma s1 s2 X Y th.
(** T04(a.2): f(X) = Y gives H = (1/n) JᵀJ. *)
Definition T04a_hessian : interpolation -> forall p q,
  hessian sigma s1 s2 r (fun=> @squared_S C) X th p q = mean (fun i => \rsum_c J i c p * J i c q)
  := @interpolation_gram n m d C sigma s1 s2 X Y th.
(** T04(a.3): f(X) = Y makes H positive semi-definite. *)
Definition T04a_psd : interpolation -> psd (hessian sigma s1 s2 r (fun=> @squared_S C) X th)
  := @interpolation_psd n m d C sigma s1 s2 X Y th.
End Interpolation.

Section Factor.
(** S_i = Q_iᵀQ_i, and K_S = QKQᵀ (with Q = S^(1/2) among others) *)
Variable Q : 'I_n -> 'I_rho -> 'I_C -> R.
Let factor := forall i c e, output_hessian sigma S X th i c e = \rsum_l Q i l c * Q i l e.
Let KS := weighted_ntk sigma s1 X th Q.

(** anchor: K_S *)
Definition D_weighted_ntk : forall x y : 'I_n * 'I_rho, weighted_ntk sigma s1 X th Q x y =
  \rsum_c \rsum_e Q x.1 x.2 c * ntk sigma s1 X th (x.1, c) (y.1, e) * Q y.1 y.2 e
  := fun _ _ => erefl.
(** anchor: the rows of QJ *)
Definition D_rows : forall x p, rows sigma s1 X th Q x p =
  \rsum_c Q x.1 x.2 c * jacobian sigma s1 X th x.1 c p := fun _ _ => erefl.
(** anchor: Bv *)
Definition D_app : forall (A P : finType) (B : A -> P -> R) v k, app B v k = \rsum_p B k p * v p
  := fun _ _ _ _ _ => erefl.
(** part of T04(b.1): QJ maps eigenvectors of G to λ to those of K_S/n, and keeps
    orthogonality, so that multiplicities agree for λ <> 0. *)
Definition T04b_eigenvector : factor -> (0 < n)%N -> forall lam v,
  (forall p, mulv G v p = lam * v p) ->
  (forall x, mulv KS (app (rows sigma s1 X th Q) v) x
    = INR n * lam * app (rows sigma s1 X th Q) v x) /\
  forall u, dot (app (rows sigma s1 X th Q) u) (app (rows sigma s1 X th Q) v)
    = INR n * lam * dot u v
  := @ggn_eigenvector n m d C sigma s1 S X th rho Q.
(** T04(b.2): tr G = (1/n) tr K_S. *)
Definition T04b_trace : factor -> trace G = / INR n * trace KS
  := @ggn_trace_ntk n m d C sigma s1 S X th rho Q.
(** T04(b.3): ‖G‖_F² = (1/n²) ‖K_S‖_F². *)
Definition T04b_frobenius : factor -> frob2 G = (/ INR n) ^ 2 * frob2 KS
  := @ggn_frobenius_ntk n m d C sigma s1 S X th rho Q.
(** T04(b.4): ‖G‖ = (1/n) ‖K_S‖. *)
Definition T04b_norm : factor -> (0 < n)%N -> forall t,
  opnorm_le G (/ INR n * t) <-> opnorm_le KS t
  := @ggn_norm_ntk n m d C sigma s1 S X th rho Q.
(** part of T04(b.1): rank G = rank K_S. *)
Definition T04b_rank : factor -> (0 < n)%N -> rank G = rank KS
  := @ggn_rank_ntk n m d C sigma s1 S X th rho Q.
End Factor.

(** part of T04(b.2): without a factor, tr G = (1/n) Σ_i Σ_cc' (S_i)_cc' K_(i,c),(i,c'). *)
Definition T04b_trace_direct : trace G = mean (fun i => \rsum_c \rsum_e
  output_hessian sigma S X th i c e * K (i, c) (i, e))
  := ggn_trace_gram sigma s1 S X th.
(** T04(c.1): rank G <= min(p, nC), for every convex loss. *)
Definition T04c_rank : (0 < n)%N -> (forall i, sym (output_hessian sigma S X th i)) ->
  (forall i, psd (output_hessian sigma S X th i)) ->
  (rank G <= minn #|[finType of par m d C]| (n * C))%N
  := @ggn_rank_outputs n m d C sigma s1 S X th.
(** T04(c.2): softmax, rank G <= min(p, n(C-1)). *)
Definition T04c_softmax : (0 < n)%N -> (rank (ggn sigma s1 (fun=> @softmax_S C) X th) <=
  minn #|[finType of par m d C]| (n * C.-1))%N
  := @softmax_ggn_rank n m d C sigma s1 X th.
(** T04(d.1): K_((i,c),(j,e)) = (x̃_i·x̃_j)Σ_kA_ckA_ekσ'(z_ik)σ'(z_jk) + δ_ce(Σ_kσ(z_ik)σ(z_jk) + 1). *)
Definition T04d_kernel : forall (i j : 'I_n) (c e : 'I_C), ntk sigma s1 X th (i, c) (j, e) =
  (\rsum_(a : option 'I_d) ext (X i) a * ext (X j) a)
    * (\rsum_(k : 'I_m) th (out k c) * th (out k e) * s1 (pre th (X i) k) * s1 (pre th (X j) k))
  + dlt (c == e) ((\rsum_(k : 'I_m) sigma (pre th (X i) k) * sigma (pre th (X j) k)) + 1)
  := ntk_entry sigma s1 X th.
(** T04(d.2): squared loss,
    tr G = (1/n)Σ_i(1+‖x_i‖²)Σ_k‖a_k‖²σ'(z_ik)² + C (1/n)Σ_i‖σ(z_i)‖² + C. *)
Definition T04d_trace : (0 < n)%N -> trace (ggn sigma s1 (fun=> @squared_S C) X th) =
  mean (fun i => (1 + \rsum_j X i j ^ 2) *
    \rsum_(k : 'I_m) (\rsum_(c : 'I_C) th (out k c) ^ 2) * s1 (pre th (X i) k) ^ 2)
  + INR C * mean (fun i => \rsum_(k : 'I_m) sigma (pre th (X i) k) ^ 2) + INR C
  := @squared_ggn_trace n m d C sigma s1 X th.
(** T04(e.1), T04(e.2): λ_j(G) >= t gives j t <= tr G. *)
Definition T04e_eigenvalue : (forall i, sym (output_hessian sigma S X th i)) ->
  (forall i, psd (output_hessian sigma S X th i)) ->
  forall j t, eig_ge G j t -> INR j * t <= trace G
  := @ggn_eigenvalue_le n m d C sigma s1 S X th.
(** T04(f): squared loss, λ_1(G) >= 1. *)
Definition T04f_top : (0 < n)%N -> (0 < C)%N ->
  lmax_ge (ggn sigma s1 (fun=> @squared_S C) X th) 1
  := @squared_ggn_top n m d C sigma s1 X th.
End GramMatrix.

(** * T06: complexity is an inner product with the bias block of G *)
Section ComplexityWords.
Variables (n m d C : nat) (sigma s1 s2 : R -> R).
Variables (f : ('I_d -> R) -> 'I_C -> R) (T : 'I_n -> 'I_C -> 'I_C -> R) (X : 'I_n -> 'I_d -> R).
Variables (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R) (th : par m d C -> R).
Variables (M : par m d C -> par m d C -> R) (W : 'I_m -> 'I_d -> R) (v : 'I_m -> R).
Variables (ap am : R) (x : 'I_d -> R).

(** anchor: ∂F/∂x_j, as the derivative that it is *)
Definition D_slope : forall (P : finType) (F : (P -> R) -> R) (u : P -> R) j,
  slope F u j = Derive (fun s => F (upd u j s)) (u j) := fun _ _ _ _ => erefl.
(** anchor: tr(Jxᵀ S Jx) at x *)
Definition D_slope_energy : forall S : 'I_C -> 'I_C -> R, slope_energy f S x =
  \rsum_c \rsum_e S c e * \rsum_j slope (f^~ c) x j * slope (f^~ e) x j := fun _ => erefl.
(** anchor: Cx_S = (1/n) Σ_i tr(Jx_iᵀ S_i Jx_i) *)
Definition D_weighted_complexity : weighted_complexity f T X = mean (fun i =>
  \rsum_c \rsum_e T i c e * \rsum_j slope (f^~ c) (X i) j * slope (f^~ e) (X i) j) := erefl.
(** anchor: Cx = (1/n) Σ_i ‖Jx_i‖_F² *)
Definition D_complexity : complexity f X =
  mean (fun i => \rsum_c \rsum_j slope (f^~ c) (X i) j ^ 2) := erefl.
(** anchor: the block of the biases b *)
Definition D_bias_block : forall k l, bias_block M k l = M (hid k None) (hid l None)
  := fun _ _ => erefl.
(** anchor: the block of the weights W *)
Definition D_weight_block : forall k j l r,
  weight_block M (k, j) (l, r) = M (hid k (Some j)) (hid l (Some r)) := fun _ _ _ _ => erefl.
(** anchor: the block of W and b together *)
Definition D_layer_block : forall k j l r,
  layer_block M (k, j) (l, r) = M (hid k j) (hid l r) := fun _ _ _ _ => erefl.
(** anchor: W *)
Definition D_weights : forall k j, weights th k j = th (hid k (Some j)) := fun _ _ => erefl.
(** anchor: WWᵀ *)
Definition D_wwt : forall k l, wwt W k l = \rsum_j W k j * W l j := fun _ _ => erefl.
(** anchor: Wᵀv *)
Definition D_mulTv : forall j, mulTv W v j = \rsum_k W k j * v k := fun _ => erefl.
(** anchor: ‖W‖_F² *)
Definition D_frobW2 : frobW2 W = \rsum_k \rsum_j W k j ^ 2 := erefl.
(** anchor: δ_ik^c = A_ck σ'(z_ik) *)
Definition D_delta : forall i c k,
  delta s1 X th i c k = th (out k c) * s1 (pre th (X i) k) := fun _ _ _ => erefl.
(** anchor: no pre-activation on a kink; α₊ = α₋ has none *)
Definition D_off_kinks : off_kinks ap am X th =
  (forall i k, pre th (X i) k <> 0 \/ ap = am) := erefl.
(** anchor: ω_i = Σ_k σ'(z_ik)² a_kᵀS_ia_k *)
Definition D_neuron_weight : forall i, neuron_weight sigma s1 S X th i =
  \rsum_k s1 (pre th (X i) k) ^ 2 * \rsum_c \rsum_e
    output_hessian sigma S X th i c e * th (out k c) * th (out k e) := fun _ => erefl.
(** anchor: (1/n) Σ_i ‖σ(z_i)‖² *)
Definition D_hidden_norm2 : hidden_norm2 sigma X th =
  mean (fun i => \rsum_k sigma (pre th (X i) k) ^ 2) := erefl.
(** anchor: f decreases, as eigenvalues in order do *)
Definition D_decreasing : forall h : 'I_m -> R,
  decreasing h = (forall j k : 'I_m, (j <= k)%N -> h k <= h j) := fun _ => erefl.
(** anchor: D_w = Σ_k ‖a_k‖ ‖w_k‖² *)
Definition D_path_weight : path_weight th =
  \rsum_k sqrt (\rsum_c th (out k c) ^ 2) * \rsum_j th (hid k (Some j)) ^ 2 := erefl.
End ComplexityWords.

Section Identity.
Variables (n m d C : nat) (sigma s1 s2 : R -> R) (ap am : R).
Variables (r : 'I_n -> ('I_C -> R) -> 'I_C -> R) (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) (th1 : par m d 1 -> R) (x : 'I_d -> R).
Let f := net sigma th.
Let W := weights th.
Let S_ := output_hessian sigma S X th.
Let r_ := residual sigma r X th.
Let derivable := forall i k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k)).

(** T06(a.1): Cx_S = ⟨WWᵀ, G_bb⟩, for any σ, C, θ and S_i. *)
Definition T06_identity : derivable ->
  weighted_complexity f S_ X = inner (wwt W) (bias_block (ggn sigma s1 S X th))
  := @complexity_identity n m d C sigma s1 S X th.
(** T06(a.2): squared loss, Cx = ⟨WWᵀ, G_bb⟩. *)
Definition T06_squared : derivable ->
  complexity f X = inner (wwt W) (bias_block (ggn sigma s1 (fun=> @squared_S C) X th))
  := @squared_identity n m d C sigma s1 X th.
(** T06(a.2), mutant: for the logistic loss it is false. *)
Definition T06_logistic_false : ~ (forall (X : 'I_1 -> 'I_1 -> R) (th : par 1 1 1 -> R),
  complexity (net id th) X = inner (wwt (weights th))
    (bias_block (ggn id (fun=> 1) (fun=> logistic_S) X th)))
  := identity_logistic_false.
(** T06(a.3): for every sample and every T, tr(Jx_iᵀ T Jx_i) = ⟨WWᵀ, D_iᵀ T D_i⟩. *)
Definition T06_sample : forall i (T : 'I_C -> 'I_C -> R),
  (forall k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k))) ->
  \rsum_c \rsum_e T c e * (\rsum_j slope (f^~ c) (X i) j * slope (f^~ e) (X i) j) =
  \rsum_k \rsum_l (\rsum_j W k j * W l j) *
    \rsum_c \rsum_e T c e * delta s1 X th i c k * delta s1 X th i e l
  := @sample_identity n m d C sigma s1 X th.
(** T06(b): Cx_S = ⟨WWᵀ, H_bb⟩ - (1/n) Σ_i Σ_k (r_i·a_k) σ''(z_ik) ‖w_k‖². *)
Definition T06b_hessian : smooth_on sigma s1 s2 X th ->
  weighted_complexity f S_ X =
    inner (wwt W) (bias_block (hessian sigma s1 s2 r S X th))
    - mean (fun i => \rsum_k (\rsum_c r_ i c * th (out k c)) * s2 (pre th (X i) k)
        * \rsum_j W k j ^ 2)
  := @complexity_hessian n m d C sigma s1 s2 r S X th.
(** T06(c): σ piecewise linear, Cx_S = ⟨WWᵀ, H_bb⟩ at every θ off the kinks. *)
Definition T06c_piecewise_linear : off_kinks ap am X th ->
  weighted_complexity (net (pl ap am) th) (output_hessian (pl ap am) S X th) X =
    inner (wwt W) (bias_block (hessian (pl ap am) (pl1 ap am) zero r S X th))
  := @complexity_pl n m d C ap am r S X th.
(** T06(c), mutant: for σ = z² it is false. *)
Definition T06c_smooth_false :
  ~ (forall (Y X : 'I_1 -> 'I_1 -> R) (th : par 1 1 1 -> R),
      complexity (net (fun t => t ^ 2) th) X = inner (wwt (weights th)) (bias_block
        (hessian (fun t => t ^ 2) (fun t => 2 * t) (fun=> 2) (fun i => squared_r (Y i))
          (fun=> @squared_S 1) X th)))
  := identity_without_residual_false.
(** T06(d.1): softmax, ‖∂p/∂x‖_F² <= ½ tr(Jxᵀ S Jx). *)
Definition T06d_softmax : (forall k, is_derive sigma (pre th x k) (s1 (pre th x k))) ->
  \rsum_c \rsum_j slope (fun x' => softmax (f x') c) x j ^ 2 <=
    / 2 * \rsum_c \rsum_e softmax_S (f x) c e *
      \rsum_j slope (f^~ c) x j * slope (f^~ e) x j
  := @net_softmax_slopes m d C sigma s1 th x.
(** T06(d.2): logistic, ‖∇_x p‖² <= ¼ p(1-p) ‖∇_x f‖². *)
Definition T06d_logistic : (forall k, is_derive sigma (pre th1 x k) (s1 (pre th1 x k))) ->
  \rsum_j slope (fun x' => logistic (net sigma th1 x' ord0)) x j ^ 2 <=
    / 4 * (logistic (net sigma th1 x ord0) * (1 - logistic (net sigma th1 x ord0)))
      * \rsum_j slope ((net sigma th1)^~ ord0) x j ^ 2
  := @net_logistic_slopes m d sigma s1 th1 x.
(** T06(e.1): softmax, Cx_S = (1/n) Σ_i Σ_y p_y ‖∇_x log p_y‖². *)
Definition T06e_softmax : derivable ->
  weighted_complexity f (output_hessian sigma (fun=> @softmax_S C) X th) X =
    mean (fun i => \rsum_y softmax (f (X i)) y *
      \rsum_j slope (fun x' => ln (softmax (f x') y)) (X i) j ^ 2)
  := @net_softmax_fisher n m d C sigma s1 X th.
(** T06(e.2): logistic, Cx_S = (1/n) Σ_i (p ‖∇_x log p‖² + (1-p) ‖∇_x log(1-p)‖²). *)
Definition T06e_logistic :
  (forall i k, is_derive sigma (pre th1 (X i) k) (s1 (pre th1 (X i) k))) ->
  let p x' := logistic (net sigma th1 x' ord0) in
  weighted_complexity (net sigma th1) (output_hessian sigma (fun=> logistic_S) X th1) X =
    mean (fun i => p (X i) * (\rsum_j slope (fun x' => ln (p x')) (X i) j ^ 2)
      + (1 - p (X i)) * (\rsum_j slope (fun x' => ln (1 - p x')) (X i) j ^ 2))
  := @net_logistic_fisher n m d sigma s1 X th1.
End Identity.

(** * T07: two-sided bounds

    The hypotheses μ_m‖v‖² <= ‖Wᵀv‖² <= μ_1‖v‖² for all v hold with the least and the largest
    eigenvalue of WWᵀ, μ_m = σ_min(Wᵀ)² and μ_1 = ‖W‖², which are the best such constants;
    likewise c with the least or the largest ‖x_i‖² or ‖x̃_i‖² = 1 + ‖x_i‖². *)
Section Bounds.
Variables (n m d C : nat) (sigma s1 : R -> R).
Variable S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R.
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) (mu mu1 c : R).
Let f := net sigma th.
Let W := weights th.
Let G := ggn sigma s1 S X th.
Let Cx := weighted_complexity f (output_hessian sigma S X th) X.
Let derivable := forall i k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k)).
Let S_psd := forall i, psd (output_hessian sigma S X th i).
Let S_sym := forall i, sym (output_hessian sigma S X th i).
Let upper := forall v, norm2 (mulTv W v) <= mu1 * norm2 v.
Let lower := forall v, mu * norm2 v <= norm2 (mulTv W v).

(** T07(a.1): Cx_S <= Σ_j μ_jγ_j, with the eigenvalues of WWᵀ and of G_bb in decreasing order. *)
Definition T07a_upper : derivable -> forall (ev gam : 'I_m -> R) (u v : 'I_m -> 'I_m -> R),
  eigensystem (wwt W) ev u -> eigensystem (bias_block G) gam v ->
  decreasing ev -> decreasing gam -> Cx <= \rsum_j ev j * gam j
  := fun h ev gam u v => @complexity_spectral_upper n m d C sigma s1 S X th ev gam u v h.
(** T07(a.2): Σ_j μ_jγ_(m+1-j) <= Cx_S. *)
Definition T07a_lower : derivable -> forall (ev gam : 'I_m -> R) (u v : 'I_m -> 'I_m -> R),
  eigensystem (wwt W) ev u -> eigensystem (bias_block G) gam v ->
  decreasing ev -> decreasing gam -> \rsum_j ev j * gam (rev_ord j) <= Cx
  := fun h ev gam u v => @complexity_spectral_lower n m d C sigma s1 S X th ev gam u v h.
(** T07(b.1): Cx_S <= ‖W‖² tr G_bb. *)
Definition T07b_upper : derivable -> S_psd -> upper ->
  Cx <= mu1 * trace (bias_block G)
  := fun h p u => complexity_upper h p u.
(** T07(b.2): μ_m tr G_bb <= Cx_S. *)
Definition T07b_lower : derivable -> S_psd -> lower ->
  mu * trace (bias_block G) <= Cx
  := fun h p u => complexity_lower h p u.
(** T07(b.3): Cx_S <= ‖W‖_F² ‖G_bb‖, for any bound lam of λ_1(G_bb). *)
Definition T07b_frobenius_norm : derivable -> forall lam, lmax_le (bias_block G) lam ->
  Cx <= frobW2 W * lam
  := fun h lam l => complexity_le_frob_lmax h l.
(** T07(b.4): Cx_S <= ‖WWᵀ‖_F ‖G_bb‖_F. *)
Definition T07b_frobenius : derivable ->
  Cx <= sqrt (frob2 (wwt W)) * sqrt (frob2 (bias_block G))
  := @complexity_le_frob n m d C sigma s1 S X th.
(** T07(c.1): min‖x_i‖² Cx_S <= ‖W‖² tr G_ww. *)
Definition T07c_weights_upper : derivable -> S_psd -> upper -> (forall i, c <= norm2 (X i)) ->
  c * Cx <= mu1 * trace (weight_block G)
  := fun h p u => weight_upper h p u.
(** T07(c.2): μ_m tr G_ww <= max‖x_i‖² Cx_S. *)
Definition T07c_weights_lower : derivable -> S_psd -> lower -> (forall i, norm2 (X i) <= c) ->
  mu * trace (weight_block G) <= c * Cx
  := fun h p u => weight_lower h p u.
(** T07(c.3): min‖x̃_i‖² Cx_S <= ‖W‖² tr G_(w̃w̃). *)
Definition T07c_layer_upper : derivable -> S_psd -> upper -> (forall i, c <= 1 + norm2 (X i)) ->
  c * Cx <= mu1 * trace (layer_block G)
  := fun h p u => layer_upper h p u.
(** T07(c.4): μ_m tr G_(w̃w̃) <= max‖x̃_i‖² Cx_S. *)
Definition T07c_layer_lower : derivable -> S_psd -> lower -> (forall i, 1 + norm2 (X i) <= c) ->
  mu * trace (layer_block G) <= c * Cx
  := fun h p u => layer_lower h p u.
(** T07(c.5): tr G_ww = (1/n) Σ_i ‖x_i‖² ω_i. *)
Definition T07c_trace_weights : trace (weight_block G) =
  mean (fun i => norm2 (X i) * neuron_weight sigma s1 S X th i)
  := weight_trace sigma s1 S X th.
(** T07(c.6): tr G_(w̃w̃) = (1/n) Σ_i (1 + ‖x_i‖²) ω_i. *)
Definition T07c_trace_layer : trace (layer_block G) =
  mean (fun i => (1 + norm2 (X i)) * neuron_weight sigma s1 S X th i)
  := layer_trace sigma s1 S X th.
(** T07(c.7): tr G_bb = (1/n) Σ_i ω_i. *)
Definition T07c_trace_bias : trace (bias_block G) = mean (neuron_weight sigma s1 S X th)
  := bias_trace sigma s1 S X th.
(** T07(d.1): min‖x_i‖² Cx_S <= ‖W‖² √min(nC, md) ‖G_ww‖_F. *)
Definition T07d_upper : derivable -> S_psd -> S_sym -> upper -> (forall i, c <= norm2 (X i)) ->
  c * Cx <= mu1 * (sqrt (INR (minn (n * C) (m * d))) * sqrt (frob2 (weight_block G)))
  := fun h p s u => weight_upper_frob h p u s.
(** T07(d.2): μ_m ‖G_ww‖_F <= max‖x_i‖² Cx_S, the repaired converse. *)
Definition T07d_lower : derivable -> S_psd -> S_sym -> lower -> (forall i, norm2 (X i) <= c) ->
  mu * sqrt (frob2 (weight_block G)) <= c * Cx
  := fun h p s u => weight_lower_frob h p u s.
(** T07(d.5): rank G_ww <= min(nC, md). *)
Definition T07d_rank : S_psd -> S_sym -> (rank (weight_block G) <= minn (n * C) (m * d))%N
  := fun p s => weight_rank s1 p s.
(** T07(d.7): μ_m ‖G_ww‖ <= max‖x_i‖² Cx_S, as a bound of the form vᵀG_wwv. *)
Definition T07d_operator : derivable -> S_psd -> S_sym -> lower -> (forall i, norm2 (X i) <= c) ->
  forall v, mu * quad (weight_block G) v <= c * Cx * norm2 v
  := fun h p s u => weight_lower_quad h p u s.
End Bounds.

Section SoftmaxBounds.
Variables (n m d C : nat) (sigma s1 : R -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) (mu1 c : R).
Let G := ggn sigma s1 (fun=> @softmax_S C) X th.
Let Cx := weighted_complexity (net sigma th) (output_hessian sigma (fun=> @softmax_S C) X th) X.

(** T07(d.4): softmax, min‖x_i‖² Cx_S <= ‖W‖² √min(n(C-1), md) ‖G_ww‖_F. *)
Definition T07d_softmax : (forall i k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k))) ->
  (forall v, norm2 (mulTv (weights th) v) <= mu1 * norm2 v) -> (forall i, c <= norm2 (X i)) ->
  c * Cx <= mu1 * (sqrt (INR (minn (n * C.-1) (m * d))) * sqrt (frob2 (weight_block G)))
  := @softmax_weight_upper_frob n m d C sigma s1 X th mu1 c.
(** T07(d.6): softmax, rank G_ww <= min(n(C-1), md). *)
Definition T07d_softmax_rank : (rank (weight_block G) <= minn (n * C.-1) (m * d))%N
  := softmax_weight_rank sigma s1 X th.
End SoftmaxBounds.

Section WholeBounds.
Variables (n m d C : nat) (sigma s1 : R -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) (mu mu1 c : R).
Let W := weights th.
Let G := ggn sigma s1 (fun=> @squared_S C) X th.
Let Cx := complexity (net sigma th) X.
Let derivable := forall i k, is_derive sigma (pre th (X i) k) (s1 (pre th (X i) k)).

(** T07(d.3): squared loss, μ_m (tr G - C (1/n) Σ_i ‖σ(z_i)‖² - C) <= max‖x̃_i‖² Cx. *)
Definition T07d_whole : (0 < n)%N -> derivable ->
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) -> (forall i, 1 + norm2 (X i) <= c) ->
  mu * (trace G - INR C * hidden_norm2 sigma X th - INR C) <= c * Cx
  := fun n0 h u => whole_lower n0 h u.
(** T07(e): squared loss, min‖x̃_i‖² Cx <= ‖W‖² (tr G - C (1/n) Σ_i ‖σ(z_i)‖² - C). *)
Definition T07e_whole : (0 < n)%N -> derivable ->
  (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) -> (forall i, c <= 1 + norm2 (X i)) ->
  c * Cx <= mu1 * (trace G - INR C * hidden_norm2 sigma X th - INR C)
  := fun n0 h u => whole_upper n0 h u.
End WholeBounds.

(** ** piecewise linear σ: with H, at every θ off the kinks *)
Section PiecewiseLinearBounds.
Variables (n m d C : nat) (ap am : R).
Variables (r : 'I_n -> ('I_C -> R) -> 'I_C -> R) (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) (mu mu1 c : R).
Let W := weights th.
Let H := hessian (pl ap am) (pl1 ap am) zero r S X th.
Let Cx := weighted_complexity (net (pl ap am) th) (output_hessian (pl ap am) S X th) X.
Let S_psd := forall i, psd (output_hessian (pl ap am) S X th i).
Let S_sym := forall i, sym (output_hessian (pl ap am) S X th i).
Let upper := forall v, norm2 (mulTv W v) <= mu1 * norm2 v.
Let lower := forall v, mu * norm2 v <= norm2 (mulTv W v).

(** T07(f.1): σ piecewise linear, Cx_S <= ‖W‖² tr H_bb. *)
Definition T07f_bias_upper : off_kinks ap am X th -> S_psd -> upper ->
  Cx <= mu1 * trace (bias_block H)
  := fun k p u => pl_complexity_upper r k p u.
(** T07(f.2): σ piecewise linear, μ_m tr H_bb <= Cx_S. *)
Definition T07f_bias_lower : off_kinks ap am X th -> S_psd -> lower ->
  mu * trace (bias_block H) <= Cx
  := fun k p u => pl_complexity_lower r k p u.
(** T07(f.3): σ piecewise linear, Cx_S <= ‖W‖_F² ‖H_bb‖, for any bound lam of λ_1(H_bb). *)
Definition T07f_frobenius_norm : off_kinks ap am X th -> forall lam, lmax_le (bias_block H) lam ->
  Cx <= frobW2 W * lam
  := fun k lam l => pl_complexity_le_frob_lmax k l.
(** T07(f.4): σ piecewise linear, Cx_S <= ‖WWᵀ‖_F ‖H_bb‖_F. *)
Definition T07f_frobenius : off_kinks ap am X th -> 
  Cx <= sqrt (frob2 (wwt W)) * sqrt (frob2 (bias_block H))
  := @pl_complexity_le_frob n m d C ap am r S X th.
(** T07(f.5): σ piecewise linear, min‖x_i‖² Cx_S <= ‖W‖² tr H_ww. *)
Definition T07f_weights_upper : off_kinks ap am X th -> S_psd -> upper -> (forall i, c <= norm2 (X i)) ->
  c * Cx <= mu1 * trace (weight_block H)
  := fun k p u => pl_weight_upper r k p u.
(** T07(f.6): σ piecewise linear, μ_m tr H_ww <= max‖x_i‖² Cx_S. *)
Definition T07f_weights_lower : off_kinks ap am X th -> S_psd -> lower -> (forall i, norm2 (X i) <= c) ->
  mu * trace (weight_block H) <= c * Cx
  := fun k p u => pl_weight_lower r k p u.
(** T07(f.7): σ piecewise linear, min‖x̃_i‖² Cx_S <= ‖W‖² tr H_(w̃w̃). *)
Definition T07f_layer_upper : off_kinks ap am X th -> S_psd -> upper -> (forall i, c <= 1 + norm2 (X i)) ->
  c * Cx <= mu1 * trace (layer_block H)
  := fun k p u => pl_layer_upper r k p u.
(** T07(f.8): σ piecewise linear, μ_m tr H_(w̃w̃) <= max‖x̃_i‖² Cx_S. *)
Definition T07f_layer_lower : off_kinks ap am X th -> S_psd -> lower -> (forall i, 1 + norm2 (X i) <= c) ->
  mu * trace (layer_block H) <= c * Cx
  := fun k p u => pl_layer_lower r k p u.
(** T07(f.9): σ piecewise linear, min‖x_i‖² Cx_S <= ‖W‖² √min(nC, md) ‖H_ww‖_F. *)
Definition T07f_upper : off_kinks ap am X th -> S_psd -> S_sym -> upper -> (forall i, c <= norm2 (X i)) ->
  c * Cx <= mu1 * (sqrt (INR (minn (n * C) (m * d))) * sqrt (frob2 (weight_block H)))
  := fun k p s u => pl_weight_upper_frob r k p s u.
(** T07(f.10): σ piecewise linear, μ_m ‖H_ww‖_F <= max‖x_i‖² Cx_S. *)
Definition T07f_lower : off_kinks ap am X th -> S_psd -> S_sym -> lower -> (forall i, norm2 (X i) <= c) ->
  mu * sqrt (frob2 (weight_block H)) <= c * Cx
  := fun k p s u => pl_weight_lower_frob r k p s u.
End PiecewiseLinearBounds.

Section PiecewiseLinearWhole.
Variables (n m d C : nat) (ap am : R) (Y : 'I_n -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) (mu mu1 c : R).
Let W := weights th.
Let H := hessian (pl ap am) (pl1 ap am) zero (fun i => squared_r (Y i)) (fun=> @squared_S C) X th.
Let Cx := complexity (net (pl ap am) th) X.
Let upper := forall v, norm2 (mulTv W v) <= mu1 * norm2 v.
Let lower := forall v, mu * norm2 v <= norm2 (mulTv W v).

(** T07(f.11): σ piecewise linear, squared loss, μ_m (tr H - C (1/n) Σ_i ‖σ(z_i)‖² - C) <= max‖x̃_i‖² Cx. *)
Definition T07f_whole_lower : (0 < n)%N -> off_kinks ap am X th -> lower -> (forall i, 1 + norm2 (X i) <= c) ->
  mu * (trace H - INR C * hidden_norm2 (pl ap am) X th - INR C) <= c * Cx
  := fun n0 k u => pl_whole_lower Y n0 k u.
(** T07(f.12): σ piecewise linear, squared loss, min‖x̃_i‖² Cx <= ‖W‖² (tr H - C (1/n) Σ_i ‖σ(z_i)‖² - C). *)
Definition T07f_whole_upper : (0 < n)%N -> off_kinks ap am X th -> upper -> (forall i, c <= 1 + norm2 (X i)) ->
  c * Cx <= mu1 * (trace H - INR C * hidden_norm2 (pl ap am) X th - INR C)
  := fun n0 k u => pl_whole_upper Y n0 k u.
End PiecewiseLinearWhole.

(** ** squared loss where the network interpolates: with H, for any σ *)
Section InterpolationBounds.
Variables (n m d C : nat) (sigma s1 s2 : R -> R) (Y : 'I_n -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) (mu mu1 c : R).
Let W := weights th.
Let H := hessian sigma s1 s2 (fun i => squared_r (Y i)) (fun=> @squared_S C) X th.
Let Cx := complexity (net sigma th) X.
Let smooth := smooth_on sigma s1 s2 X th.
Let fit := forall i e, net sigma th (X i) e = Y i e.
Let upper := forall v, norm2 (mulTv W v) <= mu1 * norm2 v.
Let lower := forall v, mu * norm2 v <= norm2 (mulTv W v).

(** T07(g.1): interpolation, Cx <= ‖W‖² tr H_bb. *)
Definition T07g_bias_upper : smooth -> fit -> upper ->
  Cx <= mu1 * trace (bias_block H)
  := fun k e u => interpolation_complexity_upper k e u.
(** T07(g.2): interpolation, μ_m tr H_bb <= Cx. *)
Definition T07g_bias_lower : smooth -> fit -> lower ->
  mu * trace (bias_block H) <= Cx
  := fun k e u => interpolation_complexity_lower k e u.
(** T07(g.3): interpolation, Cx <= ‖W‖_F² ‖H_bb‖, for any bound lam of λ_1(H_bb). *)
Definition T07g_frobenius_norm : smooth -> fit -> forall lam, lmax_le (bias_block H) lam ->
  Cx <= frobW2 W * lam
  := fun k e lam l => interpolation_complexity_le_frob_lmax k e l.
(** T07(g.4): interpolation, Cx <= ‖WWᵀ‖_F ‖H_bb‖_F. *)
Definition T07g_frobenius : smooth -> fit -> 
  Cx <= sqrt (frob2 (wwt W)) * sqrt (frob2 (bias_block H))
  := @interpolation_complexity_le_frob n m d C sigma s1 s2 Y X th.
(** T07(g.5): interpolation, min‖x_i‖² Cx <= ‖W‖² tr H_ww. *)
Definition T07g_weights_upper : smooth -> fit -> upper -> (forall i, c <= norm2 (X i)) ->
  c * Cx <= mu1 * trace (weight_block H)
  := fun k e u => interpolation_weight_upper k e u.
(** T07(g.6): interpolation, μ_m tr H_ww <= max‖x_i‖² Cx. *)
Definition T07g_weights_lower : smooth -> fit -> lower -> (forall i, norm2 (X i) <= c) ->
  mu * trace (weight_block H) <= c * Cx
  := fun k e u => interpolation_weight_lower k e u.
(** T07(g.7): interpolation, min‖x̃_i‖² Cx <= ‖W‖² tr H_(w̃w̃). *)
Definition T07g_layer_upper : smooth -> fit -> upper -> (forall i, c <= 1 + norm2 (X i)) ->
  c * Cx <= mu1 * trace (layer_block H)
  := fun k e u => interpolation_layer_upper k e u.
(** T07(g.8): interpolation, μ_m tr H_(w̃w̃) <= max‖x̃_i‖² Cx. *)
Definition T07g_layer_lower : smooth -> fit -> lower -> (forall i, 1 + norm2 (X i) <= c) ->
  mu * trace (layer_block H) <= c * Cx
  := fun k e u => interpolation_layer_lower k e u.
(** T07(g.9): interpolation, min‖x_i‖² Cx <= ‖W‖² √min(nC, md) ‖H_ww‖_F. *)
Definition T07g_upper : smooth -> fit -> upper -> (forall i, c <= norm2 (X i)) ->
  c * Cx <= mu1 * (sqrt (INR (minn (n * C) (m * d))) * sqrt (frob2 (weight_block H)))
  := fun k e u => interpolation_weight_upper_frob k e u.
(** T07(g.10): interpolation, μ_m ‖H_ww‖_F <= max‖x_i‖² Cx. *)
Definition T07g_lower : smooth -> fit -> lower -> (forall i, norm2 (X i) <= c) ->
  mu * sqrt (frob2 (weight_block H)) <= c * Cx
  := fun k e u => interpolation_weight_lower_frob k e u.
(** T07(g.11): interpolation, μ_m (tr H - C (1/n) Σ_i ‖σ(z_i)‖² - C) <= max‖x̃_i‖² Cx. *)
Definition T07g_whole_lower : smooth -> fit -> (0 < n)%N -> lower -> (forall i, 1 + norm2 (X i) <= c) ->
  mu * (trace H - INR C * hidden_norm2 sigma X th - INR C) <= c * Cx
  := fun k e n0 u => interpolation_whole_lower k e n0 u.
(** T07(g.12): interpolation, min‖x̃_i‖² Cx <= ‖W‖² (tr H - C (1/n) Σ_i ‖σ(z_i)‖² - C). *)
Definition T07g_whole_upper : smooth -> fit -> (0 < n)%N -> upper -> (forall i, c <= 1 + norm2 (X i)) ->
  c * Cx <= mu1 * (trace H - INR C * hidden_norm2 sigma X th - INR C)
  := fun k e n0 u => interpolation_whole_upper k e n0 u.
(** T07(g.13): interpolation, μ_m (‖H‖_F - C (1/n) Σ_i ‖σ(z_i)‖² - C) <= max‖x̃_i‖² Cx, for μ_m >= 0. *)
Definition T07g_frobenius_whole : smooth -> fit -> (0 < n)%N -> 0 <= mu -> lower ->
  (forall i, 1 + norm2 (X i) <= c) ->
  mu * (sqrt (frob2 H) - INR C * hidden_norm2 sigma X th - INR C) <= c * Cx
  := fun k e n0 m0 u => interpolation_frob k e n0 m0 u.
(** T07(g.14): interpolation, μ_m (λ_1(H) - C (1/n) Σ_i ‖σ(z_i)‖² - C) <= max‖x̃_i‖² Cx, for μ_m >= 0. *)
Definition T07g_sharpness : smooth -> fit -> (0 < n)%N -> 0 <= mu -> lower ->
  (forall i, 1 + norm2 (X i) <= c) -> forall lam, lmax_ge H lam ->
  mu * (lam - INR C * hidden_norm2 sigma X th - INR C) <= c * Cx
  := fun k e n0 m0 u hc lam l => interpolation_lmax k e n0 m0 u hc l.
End InterpolationBounds.

(** T07(b.1), mutant: with ‖W‖ for ‖W‖² it is false. *)
Definition T07b_power_false :
  ~ (forall (X : 'I_1 -> 'I_1 -> R) (th : par 1 1 1 -> R) w, 0 <= w ->
      (forall v, norm2 (mulTv (weights th) v) <= w ^ 2 * norm2 v) ->
      complexity (net id th) X
        <= w * trace (bias_block (ggn id (fun=> 1) (fun=> @squared_S 1) X th)))
  := upper_without_square_false.
(** T07(b.2), mutant: with the least non-zero σ_j(W)² for μ_m it is false. *)
Definition T07b_nonzero_false :
  ~ (forall (X : 'I_1 -> 'I_1 -> R) (th : par 2 1 1 -> R) mu,
      (forall u : 'I_1 -> R, let v k := \rsum_j weights th k j * u j in
        mu * norm2 v <= norm2 (mulTv (weights th) v)) ->
      mu * trace (bias_block (ggn id (fun=> 1) (fun=> @squared_S 1) X th))
        <= complexity (net id th) X)
  := lower_nonzero_singular_false.
(** T07(c.1), mutant: with max‖x_i‖ for min‖x_i‖ it is false. *)
Definition T07c_upper_swap_false :
  ~ (forall (X : 'I_2 -> 'I_1 -> R) (th : par 1 1 1 -> R) mu1 c,
      (forall v, norm2 (mulTv (weights th) v) <= mu1 * norm2 v) ->
      (forall i, norm2 (X i) <= c) -> (exists i, norm2 (X i) = c) ->
      c * complexity (net id th) X
        <= mu1 * trace (weight_block (ggn id (fun=> 1) (fun=> @squared_S 1) X th)))
  := upper_with_max_false.
(** T07(c.2), mutant: with min‖x_i‖ for max‖x_i‖ it is false. *)
Definition T07c_lower_swap_false :
  ~ (forall (X : 'I_2 -> 'I_1 -> R) (th : par 1 1 1 -> R) mu c,
      (forall v, mu * norm2 v <= norm2 (mulTv (weights th) v)) ->
      (forall i, c <= norm2 (X i)) -> (exists i, norm2 (X i) = c) ->
      mu * trace (weight_block (ggn id (fun=> 1) (fun=> @squared_S 1) X th))
        <= c * complexity (net id th) X)
  := lower_with_min_false.

(** * T08: the bound with a residual *)
Section ResidualBounds.
Variables (n m d C : nat) (sigma s1 s2 : R -> R) (Y : 'I_n -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R) (Csigma mu : R).
Let W := weights th.
Let H := hessian sigma s1 s2 (fun i => squared_r (Y i)) (fun=> @squared_S C) X th.
Let L := loss sigma (fun i => squared (Y i)) X th.
Let Cx := complexity (net sigma th) X.
Let s2_le := forall i k, Rabs (s2 (pre th (X i) k)) <= Csigma.
Let smooth := smooth_on sigma s1 s2 X th.

(** T08(a): Cx <= ‖WWᵀ‖_F ‖H_bb‖_F + C_σ √(2L) D_w. *)
Definition T08a_bound : s2_le -> smooth ->
  Cx <= sqrt (frob2 (wwt W)) * sqrt (frob2 (bias_block H))
    + Csigma * sqrt (2 * L) * path_weight th
  := fun b h => complexity_le_hessian Y b h.
(** T08(a), mutant: without the term in √L it is false. *)
Definition T08a_tail_false :
  ~ (forall (Y X : 'I_1 -> 'I_1 -> R) (th : par 1 1 1 -> R),
      complexity (net (fun t => t ^ 2) th) X <=
        sqrt (frob2 (wwt (weights th))) * sqrt (frob2 (bias_block
          (hessian (fun t => t ^ 2) (fun t => 2 * t) (fun=> 2) (fun i => squared_r (Y i))
            (fun=> @squared_S 1) X th))))
  := residual_bound_without_tail_false.
(** T08(b): Cx <= ½(‖W‖_F⁴ + ‖H_bb‖_F²) + C_σ √(2L) D_w. *)
Definition T08b_bound : s2_le -> smooth ->
  Cx <= / 2 * (frobW2 W ^ 2 + frob2 (bias_block H)) + Csigma * sqrt (2 * L) * path_weight th
  := fun b h => complexity_le_squares Y b h.
(** T08(c.1): |Cx - ⟨WWᵀ, H_bb⟩| <= C_σ √(2L) D_w. *)
Definition T08c_error : s2_le -> smooth ->
  Rabs (Cx - inner (wwt W) (bias_block H)) <= Csigma * sqrt (2 * L) * path_weight th
  := fun b h => complexity_hessian_error Y b h.
(** T08(c.2): μ_m tr H_bb - C_σ √(2L) D_w <= Cx, for μ_m >= 0. *)
Definition T08c_lower : s2_le -> smooth -> 0 <= mu ->
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) ->
  mu * trace (bias_block H) - Csigma * sqrt (2 * L) * path_weight th <= Cx
  := fun b h m0 u => complexity_ge_hessian Y b h m0 u.
End ResidualBounds.

(** * T09: any depth *)
Section FirstLayerWords.
Variables (n m d C : nat) (g : ('I_m -> R) -> 'I_C -> R) (S : 'I_n -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : layer m d -> R) (x : 'I_d -> R).
(** anchor: the parameters of the first layer, W_kj as (k, Some j) and b_k as (k, None) *)
Definition D_layer : layer m d = ('I_m * option 'I_d)%type := erefl.
(** anchor: z = Wx + b *)
Definition D_layer_pre : forall k,
  layer_pre th x k = (\rsum_j th (k, Some j) * x j) + th (k, None) := fun _ => erefl.
(** anchor: f(x) = g(Wx + b) *)
Definition D_deep : forall c, deep g th x c = g (layer_pre th x) c := fun _ => erefl.
(** anchor: W *)
Definition D_layer_weights : forall k j, layer_weights th k j = th (k, Some j)
  := fun _ _ => erefl.
(** anchor: the first layer's block of G = (1/n) Σ_i J_iᵀS_iJ_i *)
Definition D_deep_ggn : forall p q, deep_ggn g S X th p q = mean (fun i => \rsum_c \rsum_e
  S i c e * slope (fun u => deep g u (X i) c) th p * slope (fun u => deep g u (X i) e) th q)
  := fun _ _ => erefl.
(** anchor: G_bb *)
Definition D_deep_bias : forall k l,
  deep_bias g S X th k l = deep_ggn g S X th (k, None) (l, None) := fun _ _ => erefl.
(** anchor: G_ww *)
Definition D_deep_weight : forall k j l r, deep_weight g S X th (k, j) (l, r) =
  deep_ggn g S X th (k, Some j) (l, Some r) := fun _ _ _ _ => erefl.
(** anchor: ω_i = Σ_(c,e) (S_i)_ce ⟨∇_b f_c, ∇_b f_e⟩ *)
Definition D_deep_omega : forall i, deep_omega g S X th i = \rsum_c \rsum_e S i c e *
  \rsum_k slope (fun u => deep g u (X i) c) th (k, None)
    * slope (fun u => deep g u (X i) e) th (k, None) := fun _ => erefl.
End FirstLayerWords.

Section FirstLayerPoint.
Variables (m d C : nat) (g : ('I_m -> R) -> 'I_C -> R) (th : layer m d -> R) (x : 'I_d -> R).
Variables (grad : 'I_C -> 'I_m -> R) (mu mu1 : R).
Let W := layer_weights th.
Let differentiable := forall c, has_gradient (g^~ c) (layer_pre th x) (grad c).
Let Jx2 := \rsum_c \rsum_j slope (fun u => deep g th u c) x j ^ 2.
Let dW2 := \rsum_c \rsum_k \rsum_j slope (fun u => deep g u x c) th (k, Some j) ^ 2.
Let dWb2 := \rsum_c \rsum_p slope (fun u => deep g u x c) th p ^ 2.

(** T09(a.1): ∇_b f_c is the gradient of g_c at z, and ∇_x f_c = Wᵀ∇_b f_c. *)
Definition T09_input : differentiable -> forall c,
  (forall k, is_partial (fun u => deep g u x c) th (k, None) (grad c k)) /\
  (forall j, is_partial (fun u => deep g th u c) x j (\rsum_k th (k, Some j) * grad c k))
  := fun h c => conj (deep_bias_partial h c) (deep_input_partial h c).
(** T09(a.2): ∂f_c/∂W = (∇_b f_c)xᵀ. *)
Definition T09_weights : differentiable -> forall c k j,
  is_partial (fun u => deep g u x c) th (k, Some j) (grad c k * x j)
  := fun h => deep_weight_partial h.
(** T09(b.1): ‖Jx‖_F² ‖x‖² <= ‖W‖² ‖∂f/∂W‖_F². *)
Definition T09b_weights_upper : differentiable ->
  (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) -> Jx2 * norm2 x <= mu1 * dW2
  := fun h u => deep_weight_upper h u.
(** T09(b.2): ‖Jx‖_F² (1 + ‖x‖²) <= ‖W‖² ‖∂f/∂(W,b)‖_F². *)
Definition T09b_layer_upper : differentiable ->
  (forall v, norm2 (mulTv W v) <= mu1 * norm2 v) -> Jx2 * (1 + norm2 x) <= mu1 * dWb2
  := fun h u => deep_layer_upper h u.
(** T09(b.3): σ_min(Wᵀ)² ‖∂f/∂W‖_F² <= ‖Jx‖_F² ‖x‖². *)
Definition T09b_weights_lower : differentiable ->
  (forall v, mu * norm2 v <= norm2 (mulTv W v)) -> mu * dW2 <= Jx2 * norm2 x
  := fun h u => deep_weight_lower h u.
End FirstLayerPoint.

Section FirstLayerBounds.
Variables (n m d C : nat) (g : ('I_m -> R) -> 'I_C -> R) (S : 'I_n -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : layer m d -> R) (grad : 'I_n -> 'I_C -> 'I_m -> R).
Variables mu mu1 c : R.
Let W := layer_weights th.
Let Cx := weighted_complexity (deep g th) S X.
Let G_bb := deep_bias g S X th.
Let G_ww := deep_weight g S X th.
Let differentiable := forall i c, has_gradient (g^~ c) (layer_pre th (X i)) (grad i c).
Let S_psd := forall i, psd (S i).
Let S_sym := forall i, sym (S i).
Let upper := forall v, norm2 (mulTv W v) <= mu1 * norm2 v.
Let lower := forall v, mu * norm2 v <= norm2 (mulTv W v).

(** T09(c): Cx_S = ⟨WWᵀ, G_bb⟩. *)
Definition T09c_identity : differentiable -> Cx = inner (wwt W) G_bb
  := @deep_identity n m d C g S X th grad.
(** T09(d.1): Cx_S <= Σ_j μ_jγ_j, with the eigenvalues of WWᵀ and of G_bb in decreasing order. *)
Definition T09d_upper : differentiable -> forall (ev gam : 'I_m -> R) (u v : 'I_m -> 'I_m -> R),
  eigensystem (wwt W) ev u -> eigensystem G_bb gam v ->
  decreasing ev -> decreasing gam -> Cx <= \rsum_j ev j * gam j
  := fun h ev gam u v => @deep_spectral_upper n m d C g S X th grad ev gam u v h.
(** T09(d.2): Σ_j μ_jγ_(m+1-j) <= Cx_S. *)
Definition T09d_lower : differentiable -> forall (ev gam : 'I_m -> R) (u v : 'I_m -> 'I_m -> R),
  eigensystem (wwt W) ev u -> eigensystem G_bb gam v ->
  decreasing ev -> decreasing gam -> \rsum_j ev j * gam (rev_ord j) <= Cx
  := fun h ev gam u v => @deep_spectral_lower n m d C g S X th grad ev gam u v h.
(** T09(e.1): Cx_S <= ‖W‖² tr G_bb. *)
Definition T09e_upper : differentiable -> S_psd -> upper -> Cx <= mu1 * trace G_bb
  := fun h p u => deep_upper h p u.
(** T09(e.2): μ_m tr G_bb <= Cx_S. *)
Definition T09e_lower : differentiable -> S_psd -> lower -> mu * trace G_bb <= Cx
  := fun h p u => deep_lower h p u.
(** T09(e.3): Cx_S <= ‖W‖_F² ‖G_bb‖, for any bound lam of λ_1(G_bb). *)
Definition T09e_frobenius_norm : differentiable -> forall lam, lmax_le G_bb lam ->
  Cx <= frobW2 W * lam
  := fun h lam l => deep_le_frob_lmax h l.
(** T09(e.4): Cx_S <= ‖WWᵀ‖_F ‖G_bb‖_F. *)
Definition T09e_frobenius : differentiable -> Cx <= sqrt (frob2 (wwt W)) * sqrt (frob2 G_bb)
  := @deep_le_frob n m d C g S X th grad.
(** T09(f.1): min‖x_i‖² Cx_S <= ‖W‖² tr G_ww. *)
Definition T09f_weights_upper : differentiable -> S_psd -> upper -> (forall i, c <= norm2 (X i)) ->
  c * Cx <= mu1 * trace G_ww
  := fun h p u => deep_weights_upper h p u.
(** T09(f.2): μ_m tr G_ww <= max‖x_i‖² Cx_S. *)
Definition T09f_weights_lower : differentiable -> S_psd -> lower -> (forall i, norm2 (X i) <= c) ->
  mu * trace G_ww <= c * Cx
  := fun h p u => deep_weights_lower h p u.
(** T09(f.3): min‖x̃_i‖² Cx_S <= ‖W‖² (tr G_ww + tr G_bb). *)
Definition T09f_layer_upper : differentiable -> S_psd -> upper -> (forall i, c <= 1 + norm2 (X i)) ->
  c * Cx <= mu1 * (trace G_ww + trace G_bb)
  := fun h p u => deep_first_upper h p u.
(** T09(f.4): μ_m (tr G_ww + tr G_bb) <= max‖x̃_i‖² Cx_S. *)
Definition T09f_layer_lower : differentiable -> S_psd -> lower -> (forall i, 1 + norm2 (X i) <= c) ->
  mu * (trace G_ww + trace G_bb) <= c * Cx
  := fun h p u => deep_first_lower h p u.
(** T09(f.5): tr G_ww = (1/n) Σ_i ‖x_i‖² ω_i. *)
Definition T09f_trace : differentiable ->
  trace G_ww = mean (fun i => norm2 (X i) * deep_omega g S X th i)
  := @deep_weight_trace n m d C g S X th grad.
(** T09(g.1): min‖x_i‖² Cx_S <= ‖W‖² √min(nC, md) ‖G_ww‖_F. *)
Definition T09g_upper : differentiable -> S_psd -> S_sym -> upper -> (forall i, c <= norm2 (X i)) ->
  c * Cx <= mu1 * (sqrt (INR (minn (n * C) (m * d))) * sqrt (frob2 G_ww))
  := fun h p s u => deep_upper_frob h p u s.
(** T09(g.2): μ_m ‖G_ww‖_F <= max‖x_i‖² Cx_S. *)
Definition T09g_lower : differentiable -> S_psd -> S_sym -> lower -> (forall i, norm2 (X i) <= c) ->
  mu * sqrt (frob2 G_ww) <= c * Cx
  := fun h p s u => deep_lower_frob h p u s.
End FirstLayerBounds.

Section FirstLayerSoftmax.
Variables (n m d C : nat) (g : ('I_m -> R) -> 'I_C -> R) (X : 'I_n -> 'I_d -> R).
Variables (th : layer m d -> R) (grad : 'I_n -> 'I_C -> 'I_m -> R) (mu1 c : R).
Let S i := softmax_S (deep g th (X i)).

(** T09(g.3): softmax, min‖x_i‖² Cx_S <= ‖W‖² √min(n(C-1), md) ‖G_ww‖_F. *)
Definition T09g_softmax : (forall i e, has_gradient (g^~ e) (layer_pre th (X i)) (grad i e)) ->
  (forall v, norm2 (mulTv (layer_weights th) v) <= mu1 * norm2 v) ->
  (forall i, c <= norm2 (X i)) ->
  c * weighted_complexity (deep g th) S X <=
    mu1 * (sqrt (INR (minn (n * C.-1) (m * d))) * sqrt (frob2 (deep_weight g S X th)))
  := @softmax_deep_upper_frob n m d C g X th grad mu1 c.
End FirstLayerSoftmax.

(** * T13: the sharpness bounds the bends of the function *)
Section Bends.
Variables (n m d C : nat) (ap am : R) (X : 'I_n -> 'I_d -> R).
Variables (th : par m d 1 -> R) (thC : par m d C -> R) (Y : 'I_n -> 'I_1 -> R) (al : 'I_m -> R).
Let G (u : par m d 1 -> R) := ggn (pl ap am) (pl1 ap am) (fun=> @squared_S 1) X u.
Let H := hessian (pl ap am) (pl1 ap am) zero (fun i => squared_r (Y i)) (fun=> @squared_S 1) X th.
Let gradL := loss_grad (pl ap am) (pl1 ap am) (fun i => squared_r (Y i)) X th.

(** anchor: w̃_k *)
Definition D_neuron : forall k j, neuron thC k j = thC (hid k j) := fun _ _ => erefl.
(** anchor: u_k = (1/n) Σ_i σ'(z_ik) x̃_i *)
Definition D_mean_input : forall k j, mean_input ap am X thC k j =
  mean (fun i => pl1 ap am (pre thC (X i) k) * ext (X i) j) := fun _ _ => erefl.
(** anchor: w̃_k·u_k *)
Definition D_mean_activation : forall k, mean_activation ap am X thC k =
  \rsum_j thC (hid k j) * mean_input ap am X thC k j := fun _ => erefl.
(** anchor: Σ_k ‖u_k‖² a_k a_kᵀ *)
Definition D_output_gram : forall c e, output_gram ap am X thC c e =
  \rsum_k norm2 (mean_input ap am X thC k) * thC (out k c) * thC (out k e) := fun _ _ => erefl.
(** anchor: 1 + Σ_k (a_k² ‖u_k‖² + (w̃_k·u_k)²) *)
Definition D_row_norm2 : row_norm2 ap am X th =
  1 + \rsum_k (th (out k ord0) ^ 2 * norm2 (mean_input ap am X th k)
    + mean_activation ap am X th k ^ 2) := erefl.
(** anchor: 1 + 2 Σ_k |a_k| ‖u_k‖ |w̃_k·u_k| *)
Definition D_bend : bend ap am X th =
  1 + 2 * \rsum_k Rabs (th (out k ord0)) * sqrt (norm2 (mean_input ap am X th k))
    * Rabs (mean_activation ap am X th k) := erefl.
(** anchor: T_αθ *)
Definition D_orbit_point : forall p, orbit_point al th p = match p with
  | hid k j => al k * th (hid k j)
  | out k c => / al k * th (out k c)
  | off c => th (off c)
  end := fun _ => erefl.

(** T13(a.1): λ_1(G) >= 1 + Σ_k (a_k² ‖u_k‖² + (w̃_k·u_k)²). *)
Definition T13a_row : (0 < n)%N -> off_kinks ap am X th ->
  lmax_ge (G th) (row_norm2 ap am X th)
  := fun n0 h => sharpness_row n0 h.
(** T13(a.2): λ_1(G) >= 1 + 2 Σ_k |a_k| ‖u_k‖ |w̃_k·u_k|. *)
Definition T13a_bend : (0 < n)%N -> off_kinks ap am X th ->
  lmax_ge (G th) (bend ap am X th)
  := fun n0 h => sharpness_bend n0 h.
(** T13(a.3): the same number bounds λ_1(G) on the whole orbit. *)
Definition T13a_orbit : (0 < n)%N -> (forall k, 0 < al k) -> off_kinks ap am X th ->
  lmax_ge (G (orbit_point al th)) (bend ap am X th)
  := fun n0 a h => sharpness_orbit n0 a h.
(** T13(a.4): λ_1(G) >= 1 + λ_1(Σ_k ‖u_k‖² a_k a_kᵀ) + Σ_k (w̃_k·u_k)², any number of outputs. *)
Definition T13a_outputs : (0 < n)%N -> off_kinks ap am X thC ->
  forall lam, lmax_ge (output_gram ap am X thC) lam ->
  lmax_ge (ggn (pl ap am) (pl1 ap am) (fun=> @squared_S C) X thC)
    (1 + lam + \rsum_k mean_activation ap am X thC k ^ 2)
  := fun n0 h lam l => sharpness_outputs n0 h l.
(** T13(c.1): λ_1(H) >= ‖v‖² + (2/‖v‖²) Σ_k (w̃_k·u_k) (u_k·∇_(w̃_k)L) at every θ. *)
Definition T13c_hessian : (0 < n)%N -> off_kinks ap am X th ->
  lmax_ge H (row_norm2 ap am X th + 2 / row_norm2 ap am X th *
    \rsum_k mean_activation ap am X th k *
      \rsum_j mean_input ap am X th k j * gradL (hid k j))
  := fun n0 h => sharpness_hessian Y n0 h.
(** T13(c.2): where ∇L = 0, λ_1(H) >= 1 + 2 Σ_k |a_k| ‖u_k‖ |w̃_k·u_k|. *)
Definition T13c_critical : (0 < n)%N -> off_kinks ap am X th -> (forall p, gradL p = 0) ->
  lmax_ge H (bend ap am X th)
  := fun n0 h g => sharpness_critical n0 h g.
End Bends.

(** ** T13 for one input: the kinks of the function *)
Section Kinks.
Variables (n m : nat) (X : 'I_n -> 'I_1 -> R) (th : par m 1 1 -> R) (Y : 'I_n -> 'I_1 -> R).
Variables (om h : 'I_n -> R) (t eta : R).
Let G := ggn (pl 1 0) (pl1 1 0) (fun=> @squared_S 1) X th.
Let H := hessian (pl 1 0) (pl1 1 0) zero (fun i => squared_r (Y i)) (fun=> @squared_S 1) X th.
Let off_kinks := off_kinks 1 0 X th.
Let bending := forall k, input_weight th k <> 0.
Let critical :=
  forall p, loss_grad (pl 1 0) (pl1 1 0) (fun i => squared_r (Y i)) X th p = 0.

(** anchor: the mean of h where the indicator ω is 1, and 0 if it is nowhere *)
Definition D_conditional : conditional om h = mean (fun i => om i * h i) / mean om := erefl.
(** anchor: the inputs beyond t *)
Definition D_above : forall i, above X t i = if Rlt_dec t (X i ord0) then 1 else 0
  := fun _ => erefl.
(** anchor: the inputs below t *)
Definition D_below : forall i, below X t i = if Rlt_dec (X i ord0) t then 1 else 0
  := fun _ => erefl.
(** anchor: P(ω)² E(|x - t| | ω) √(1 + E(x | ω)²) *)
Definition D_side_gain : side_gain X om t = mean om ^ 2
  * conditional om (fun i => Rabs (X i ord0 - t))
  * sqrt (1 + conditional om (fun i => X i ord0) ^ 2) := erefl.
(** anchor: g⁺ *)
Definition D_gain_above : gain_above X t = side_gain X (above X t) t := erefl.
(** anchor: g⁻ *)
Definition D_gain_below : gain_below X t = side_gain X (below X t) t := erefl.
(** anchor: g = min(g⁻, g⁺) *)
Definition D_gain : gain X t = Rmin (gain_below X t) (gain_above X t) := erefl.
(** anchor: w_k *)
Definition D_input_weight : forall k, input_weight th k = th (hid k (Some ord0))
  := fun _ => erefl.
(** anchor: a_k *)
Definition D_output_weight : forall k, output_weight th k = th (out k ord0) := fun _ => erefl.
(** anchor: τ_k = -b_k/w_k *)
Definition D_kink : forall k, kink th k = - th (hid k None) / input_weight th k
  := fun _ => erefl.
(** anchor: g^(±)(τ_k), with the sign of w_k *)
Definition D_kink_gain : forall k, kink_gain X th k =
  if Rlt_dec 0 (input_weight th k) then gain_above X (kink th k) else gain_below X (kink th k)
  := fun _ => erefl.
(** anchor: equality of reals, as a truth value *)
Definition D_same : forall u s, same u s = if Req_EM_T u s then true else false
  := fun _ _ => erefl.
(** anchor: the mass of |f''| at t, where equal kinks are merged *)
Definition D_bend_mass : bend_mass th t =
  Rabs (\rsum_k dlt (same (kink th k) t) (output_weight th k * Rabs (input_weight th k)))
  := erefl.
(** anchor: no neuron before k has its kink *)
Definition D_first_kink : forall k, first_kink th k =
  [forall l : 'I_m, (l < k)%N ==> ~~ same (kink th l) (kink th k)] := fun _ => erefl.
(** anchor: ∫ |f''| g, each kink counted once *)
Definition D_bend_integral : bend_integral X th =
  \rsum_k dlt (first_kink th k) (bend_mass th (kink th k) * gain X (kink th k)) := erefl.

(** T13(b.1): |a_k| ‖u_k‖ (w̃_k·u_k) = |a_kw_k| g^(±)(τ_k). *)
Definition T13b_neuron : (0 < n)%N -> off_kinks -> bending -> forall k,
  Rabs (output_weight th k) * sqrt (norm2 (mean_input 1 0 X th k))
    * mean_activation 1 0 X th k
  = Rabs (output_weight th k * input_weight th k) * kink_gain X th k
  := fun n0 o w => neuron_kink n0 o w.
(** T13(b.2): λ_1(G) >= 1 + 2 Σ_k |a_kw_k| g^(±)(τ_k). *)
Definition T13b_kinks : (0 < n)%N -> off_kinks -> bending ->
  lmax_ge G (1 + 2 * \rsum_k Rabs (output_weight th k * input_weight th k) * kink_gain X th k)
  := fun n0 o w => sharpness_kinks n0 o w.
(** T13(b.3): λ_1(G) >= 1 + 2 ∫ |f''| g. *)
Definition T13b_integral : (0 < n)%N -> off_kinks -> bending ->
  lmax_ge G (1 + 2 * bend_integral X th)
  := fun n0 o w => sharpness_integral n0 o w.
(** T13(d.1): where ∇L = 0, λ_1(H) >= 1 + 2 ∫ |f''| g. *)
Definition T13d_critical : (0 < n)%N -> off_kinks -> bending -> critical ->
  lmax_ge H (1 + 2 * bend_integral X th)
  := fun n0 o w g => critical_integral n0 o w g.
(** T13(d.2): where ∇L = 0 and λ_1(H) <= 2/η, ∫ |f''| g <= 1/η - ½. *)
Definition T13d_stable : (0 < n)%N -> off_kinks -> bending -> critical ->
  0 < eta -> lmax_le H (2 / eta) -> bend_integral X th <= 1 / eta - / 2
  := fun n0 o w g e l => stable_integral n0 o w g e l.
End Kinks.

(** * R01, R02b, R03: folklore refuted *)
Section Refuted.
Variables (n d m : nat) (X : 'I_n -> 'I_d -> R) (y : 'I_n -> R) (t v : R).
Let train := regression_loss train_input (fun=> 1).
Let test := regression_loss test_input (fun=> 1).

(** anchor: (1/n) Σ_i ½(θ·x_i - y_i)² *)
Definition D_regression_loss : forall th, regression_loss X y th =
  mean (fun i => / 2 * ((\rsum_j th j * X i j) - y i) ^ 2) := fun _ => erefl.
(** anchor: the sample, x = (1, 0) *)
Definition D_train_input : forall i j, train_input i j = if j == ord0 then 1 else 0
  := fun _ _ => erefl.
(** anchor: the test inputs (1, 1) and (1, -1) *)
Definition D_test_input : forall i j,
  test_input i j = if j == ord0 then 1 else if i == ord0 then 1 else -1 := fun _ _ => erefl.
(** anchor: θ = (1, t) *)
Definition D_line_point : forall j, line_point t j = if j == ord0 then 1 else t
  := fun _ => erefl.
(** anchor: w = 1, b = c = 0, a = (M, -M) *)
Definition D_cancelling : forall M p, cancelling M p = match p with
  | hid _ (Some _) => 1 | out k _ => if k == ord0 then M else - M | _ => 0 end
  := fun _ _ => erefl.
(** anchor: X = {1, 2} *)
Definition D_two_inputs : forall i j, two_inputs i j = if i == ord0 then 1 else 2
  := fun _ _ => erefl.
(** anchor: targets 0 *)
Definition D_zero_targets : forall i c, zero_targets i c = 0 := fun _ _ => erefl.
(** anchor: weights w, a = 1 and b = c = 0 *)
Definition D_frozen : forall (w : 'I_m -> R) p, frozen w p = match p with
  | hid k (Some _) => w k | hid _ None => 0 | out _ _ => 1 | off _ => 0 end := fun _ _ => erefl.
(** anchor: x = 1 *)
Definition D_one_input : forall i j, one_input i j = 1 := fun _ _ => erefl.
(** anchor: y = -1 *)
Definition D_minus_one : forall i c, minus_one i c = -1 := fun _ _ => erefl.

(** R01: every (1, t) is a global minimum with Hessian diag(1, 0), and has test loss t²/2. *)
Definition R01_minima :
  (forall th, train (line_point t) <= train th)
  /\ (forall j, is_partial train (line_point t) j 0)
  /\ (forall j k, is_partial2 train (line_point t) j k (dlt ((j == ord0) && (k == ord0)) 1))
  /\ test (line_point t) = t ^ 2 / 2
  := regression_minima t.
(** R01: the test loss of a minimum is arbitrary. *)
Definition R01_test_loss : 0 <= v -> exists s, test (line_point s) = v
  := @regression_any_test_loss v.
(** R01: complexity does separate the minima, Cx = 1 + t². *)
Definition R01_complexity :
  complexity (fun x (_ : 'I_1) => \rsum_j line_point t j * x j) train_input = 1 + t ^ 2
  := regression_complexity t.
(** R02b: M relu(x) - M relu(x), M = 1000: a global minimum, Cx = 0, λ_1(H) >= 6.85·10⁶. *)
Definition R02b_low_complexity :
  let th := cancelling 1000 in
  let L u := loss relu (fun i => squared (zero_targets i)) two_inputs (u : par 2 1 1 -> R) in
  (forall u, L th <= L u) /\ L th = 0 /\ complexity (net relu th) two_inputs = 0
  /\ smooth_on relu relu1 zero two_inputs th
  /\ lmax_ge (hessian relu relu1 zero (fun i => squared_r (zero_targets i))
      (fun=> @squared_S 1) two_inputs th) (685 * 10 ^ 4)
  := low_complexity_sharp.
(** R03: f = Σ_k w_k² x² at x = 1, y = -1: w = 0 is a global minimum of L over w, with G = 0,
    H = 2I, and rank H = m for one sample. *)
Definition R03_residual :
  let sq s := s ^ 2 in let sq1 s := 2 * s in
  let L u := loss sq (fun i => squared (minus_one i)) one_input (u : par m 1 1 -> R) in
  let th0 := frozen (fun _ : 'I_m => 0) in
  (forall w : 'I_m -> R, L th0 <= L (frozen w))
  /\ (forall k l, ggn sq sq1 (fun=> @squared_S 1) one_input th0
        (hid k (Some ord0)) (hid l (Some ord0)) = 0)
  /\ (forall k l, is_partial2 L th0 (hid k (Some ord0)) (hid l (Some ord0)) (dlt (k == l) 2))
  /\ rank (weight_block (hessian sq sq1 (fun=> 2) (fun i => squared_r (minus_one i))
        (fun=> @squared_S 1) one_input th0)) = m
  := hessian_not_ggn m.
End Refuted.

(** * T10: symmetries *)
Section Rescaling.
Variables (n m d C : nat) (ap am : R).
Variables (ell : 'I_n -> ('I_C -> R) -> R) (r : 'I_n -> ('I_C -> R) -> 'I_C -> R)
  (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Variable alpha : 'I_m -> R.
Let positive := forall k, 0 < alpha k.
Let sigma := pl ap am.
Let s1 := pl1 ap am.
Let J := @jacobian n m d C sigma s1 X.
Let G := @ggn n m d C sigma s1 S X.
Let F := @residual_hessian n m d C sigma s1 zero r X.
Let H := @hessian n m d C sigma s1 zero r S X.
Let grad := @loss_grad n m d C sigma s1 r X.
Let T := @rescale m d C alpha.
Let t := @scale m d C alpha.

(** anchor: T_α = diag(α_k on w̃_k, 1/α_k on a_k, 1 on c) *)
Definition D_rescale : forall p : par m d C, rescale alpha th p = scale alpha p * th p
  := @rescaleE m d C th alpha.
(** anchor: the diagonal of T_α *)
Definition D_scale : forall p : par m d C, scale alpha p =
  match p with hid k _ => alpha k | out k _ => / alpha k | off _ => 1 end := fun _ => erefl.

(** T10(a.1), T10(a.2), T10(a.4): f(x; T_αθ) = f(x; θ) for every x, so Cx and Cx_S agree. *)
Definition T10a_network : positive -> net sigma (T th) = net sigma th
  := @net_rescale m d C ap am th alpha.
(** T10(a.2), T10(a.4): Jx, and with it Cx and Cx_S, is invariant. *)
Definition T10a_input_jacobian : positive ->
  forall x c j, input_jac s1 (T th) x c j = input_jac s1 th x c j
  := @input_jac_rescale m d C ap am th alpha.
(** T10(a.3): L(T_αθ) = L(θ). *)
Definition T10a_loss : positive -> loss sigma ell X (T th) = loss sigma ell X th
  := @loss_rescale n m d C ap am ell X th alpha.
(** T10: T_αθ is off the kinks where θ is. *)
Definition T10_off_kinks : positive -> off_kinks ap am X th -> off_kinks ap am X (T th)
  := @off_kinks_rescale n m d C ap am X th alpha.
(** T10(b.1): ∇L(T_αθ) = T_α⁻¹∇L(θ). *)
Definition T10b_gradient : positive -> forall p, grad (T th) p = grad th p / t p
  := @grad_rescale n m d C ap am r X th alpha.
(** T10(b.2): H(T_αθ) = T_α⁻¹H(θ)T_α⁻¹. *)
Definition T10b_hessian : positive -> forall p q, H (T th) p q = H th p q / (t p * t q)
  := @hessian_rescale n m d C ap am r S X th alpha.
(** T10(b.2): the same for the true second derivatives of L at T_αθ. *)
Definition T10b_partial2 : positive -> (forall i, twice_differentiable (ell i) (r i) (S i)) ->
  off_kinks ap am X th ->
  forall p q, is_partial2 (loss sigma ell X) (T th) p q (H th p q / (t p * t q))
  := @partial2_rescale n m d C ap am ell r S X th alpha.
(** T10(b.3): G(T_αθ) = T_α⁻¹G(θ)T_α⁻¹. *)
Definition T10b_ggn : positive -> forall p q, G (T th) p q = G th p q / (t p * t q)
  := @ggn_rescale n m d C ap am S X th alpha.
(** T10(b.4): F(T_αθ) = T_α⁻¹F(θ)T_α⁻¹. *)
Definition T10b_residual : positive -> forall p q, F (T th) p q = F th p q / (t p * t q)
  := @residual_rescale n m d C ap am r X th alpha.
(** T10(c.1): equally many negative eigenvalues. *)
Definition T10c_negative : positive -> forall j, neg_ge (H (T th)) j <-> neg_ge (H th) j
  := @neg_rescale n m d C ap am r S X th alpha.
(** T10(c.3): equally many positive eigenvalues. *)
Definition T10c_positive : positive -> forall j, pos_ge (H (T th)) j <-> pos_ge (H th) j
  := @pos_rescale n m d C ap am r S X th alpha.
(** T10(c.4): rank H(T_αθ) = rank H(θ). *)
Definition T10c_rank : positive -> rank (H (T th)) = rank (H th)
  := @rank_rescale n m d C ap am r S X th alpha.

(** anchor: E_k = +1 on w̃_k, -1 on a_k, 0 elsewhere *)
Definition D_orbit_sign : forall k (p : par m d C), orbit_sign k p = match p with
  | hid l _ => dlt (l == k) 1 | out l _ => dlt (l == k) (-1) | off _ => 0 end
  := fun _ _ => erefl.
(** anchor: v_k = E_kθ *)
Definition D_orbit_vector : forall k p, orbit_vector th k p = orbit_sign k p * th p
  := fun _ _ => erefl.
(** anchor: (w̃_k, a_k) <> 0 *)
Definition D_alive : forall k, alive th k =
  [exists j, ~~ Req_EM_T (th (hid k j)) 0] || [exists c, ~~ Req_EM_T (th (out k c)) 0]
  := fun _ => erefl.
(** T10(d.1): w̃_k·∇_w̃_k L = a_k·∇_a_k L. *)
Definition T10d_balance : forall k, \rsum_(j : option 'I_d) th (hid k j) * grad th (hid k j) =
  \rsum_(c : 'I_C) th (out k c) * grad th (out k c)
  := grad_balance ap am r X th.
(** T10(d.2): Hv_k = -E_k∇L. *)
Definition T10d_hessian : forall k p,
  mulv (H th) (orbit_vector th k) p = - (orbit_sign k p * grad th p)
  := hessian_orbit ap am r S X th.
(** T10(d.3): v_kᵀHv_k = -2 a_k·∇_a_k L. *)
Definition T10d_form : forall k, quad (H th) (orbit_vector th k) =
  - 2 * \rsum_(c : 'I_C) th (out k c) * grad th (out k c)
  := hessian_orbit_quad ap am r S X th.
(** T10(d.4): Jv_k = 0. *)
Definition T10d_jacobian : forall k i c, \rsum_p J th i c p * orbit_vector th k p = 0
  := jacobian_orbit ap am X th.
(** T10(d.5): Gv_k = 0. *)
Definition T10d_ggn : forall k p, mulv (G th) (orbit_vector th k) p = 0
  := ggn_orbit ap am S X th.
(** T10(e): ∇L = 0 gives rank H <= p − #{k: (w̃_k, a_k) <> 0}. *)
Definition T10e_nullity : (forall p, grad th p = 0) ->
  (rank (H th) + #|alive th| <= #|[finType of par m d C]|)%N
  := @critical_rank n m d C ap am r S X th.
(** T04(c.5): rank J <= p − #{k: (w̃_k, a_k) <> 0}. *)
Definition T04c_jacobian_rank : (rank (fun (x : 'I_n * 'I_C) p => J th x.1 x.2 p)
    + #|alive th| <= #|[finType of par m d C]|)%N
  := jacobian_rank ap am X th.
End Rescaling.

Section PermutationsAndFlips.
Variables (n m d C : nat) (sigma s1 s2 : R -> R).
Variables (ell : 'I_n -> ('I_C -> R) -> R) (r : 'I_n -> ('I_C -> R) -> 'I_C -> R)
  (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
(** anchor: unit k becomes unit s(k) *)
Definition D_moved : forall s (p : par m d C), moved s p = match p with
  | hid k j => hid (s k) j | out k c => out (s k) c | off c => off c end := fun _ _ => erefl.
(** anchor: Pθ *)
Definition D_permute : forall s p, permute s th p = th (moved s p) := fun _ _ => erefl.
(** anchor: D = ε_k on (w̃_k, a_k) *)
Definition D_unit_sign : forall eps (p : par m d C), unit_sign eps p = match p with
  | hid k _ | out k _ => if eps k then 1 else -1 | off _ => 1 end := fun _ _ => erefl.
(** anchor: Dθ *)
Definition D_flip_units : forall eps p, flip_units eps th p = unit_sign eps p * th p
  := fun _ _ => erefl.
(** T10(f.1): any σ, f(x; Pθ) = f(x; θ). *)
Definition T10f_network : forall s s', cancel s s' -> cancel s' s ->
  net sigma (permute s th) = net sigma th
  := @net_permute m d C sigma th.
(** T10(f.2): any σ, H(Pθ) = PH(θ)Pᵀ, as true second derivatives of L. *)
Definition T10f_hessian : (forall i, twice_differentiable (ell i) (r i) (S i)) ->
  forall s s' p q, cancel s s' -> cancel s' s -> smooth_on sigma s1 s2 X th ->
  is_partial2 (loss sigma ell X) (permute s th) p q
    (hessian sigma s1 s2 r S X th (moved s p) (moved s q))
  := @hessian_permute n m d C sigma s1 s2 ell r S X th.
(** T10(g.1): odd σ, f(x; Dθ) = f(x; θ). *)
Definition T10g_network : (forall z, sigma (- z) = - sigma z) ->
  forall eps, net sigma (flip_units eps th) = net sigma th
  := @net_flip m d C sigma th.
(** T10(g.2): odd σ, H(Dθ) = DH(θ)D, as true second derivatives of L. *)
Definition T10g_hessian : (forall i, twice_differentiable (ell i) (r i) (S i)) ->
  (forall z, sigma (- z) = - sigma z) ->
  forall eps p q, smooth_on sigma s1 s2 X th ->
  is_partial2 (loss sigma ell X) (flip_units eps th) p q
    (unit_sign eps p * hessian sigma s1 s2 r S X th p q * unit_sign eps q)
  := @hessian_flip n m d C sigma s1 s2 ell r S X th.
End PermutationsAndFlips.

(** * T11: the flattest point of a rescaling orbit *)
Section Flatness.
Variables (n m d C : nat) (ap am : R).
Variables (r : 'I_n -> ('I_C -> R) -> 'I_C -> R) (S : 'I_n -> ('I_C -> R) -> 'I_C -> 'I_C -> R).
Variables (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Let sigma := pl ap am.
Let s1 := pl1 ap am.
Let H := @hessian n m d C sigma s1 zero r S X.
Let P := hid_share ap am S X th.
Let Q := out_share ap am S X th.
Let convex := forall i, psd (output_hessian sigma S X th i).

(** anchor: P_k = (1/n) Σ_i σ'(z_ik)²‖x̃_i‖² a_kᵀS_ia_k *)
Definition D_hid_share : forall k, hid_share ap am S X th k =
  mean (fun i => pl1 ap am (pre th (X i) k) ^ 2 * (1 + \rsum_j X i j ^ 2)
    * quad (output_hessian (pl ap am) S X th i) (fun c => th (out k c))) := fun _ => erefl.
(** anchor: Q_k = (1/n) Σ_i σ(z_ik)² tr S_i *)
Definition D_out_share : forall k, out_share ap am S X th k =
  mean (fun i => pl ap am (pre th (X i) k) ^ 2 * trace (output_hessian (pl ap am) S X th i))
  := fun _ => erefl.
(** anchor: s = (1/n) Σ_i tr S_i *)
Definition D_off_share : off_share ap am S X th =
  mean (fun i => trace (output_hessian (pl ap am) S X th i)) := erefl.
(** anchor: Flat(θ) = 2Σ_k √(P_kQ_k) + s *)
Definition D_flatness : flatness ap am S X th =
  2 * (\rsum_(k : 'I_m) sqrt (hid_share ap am S X th k * out_share ap am S X th k))
  + off_share ap am S X th := erefl.

(** T11(a): tr H(T_αθ) = Σ_k (α_k⁻²P_k + α_k²Q_k) + s. *)
Definition T11a_trace : forall alpha, (forall k, 0 < alpha k) -> trace (H (rescale alpha th)) =
  (\rsum_(k : 'I_m) (/ alpha k ^ 2 * P k + alpha k ^ 2 * Q k)) + off_share ap am S X th
  := @trace_rescale n m d C ap am r S X th.
(** T11(b.1): Flat(θ) <= tr H(T_αθ). *)
Definition T11b_lower : convex -> forall alpha, (forall k, 0 < alpha k) ->
  flatness ap am S X th <= trace (H (rescale alpha th))
  := @flatness_le n m d C ap am r S X th.
(** T11(b.2): Flat(θ) is the infimum over α. *)
Definition T11b_infimum : convex -> forall eps, 0 < eps ->
  exists alpha, (forall k, 0 < alpha k) /\
    trace (H (rescale alpha th)) < flatness ap am S X th + eps
  := @flatness_near n m d C ap am r S X th.
(** T11: it is attained iff, for each k, P_k and Q_k are both positive or both 0. *)
Definition T11b_attained : convex ->
  (exists alpha, (forall k, 0 < alpha k) /\
    trace (H (rescale alpha th)) = flatness ap am S X th) <->
  (forall k, P k = 0 <-> Q k = 0)
  := @flatness_attained n m d C ap am r S X th.
(** T11(b.3): Flat(T_αθ) = Flat(θ). *)
Definition T11b_invariant : forall alpha, (forall k, 0 < alpha k) ->
  flatness ap am S X (rescale alpha th) = flatness ap am S X th
  := @flatness_rescale n m d C ap am S X th.
(** T11(b.5): tr H(T_αθ) − Flat(θ) = Σ_k (√P_k/α_k − α_k√Q_k)². *)
Definition T11b_excess : convex -> forall alpha, (forall k, 0 < alpha k) ->
  trace (H (rescale alpha th)) - flatness ap am S X th =
  \rsum_(k : 'I_m) (sqrt (P k) / alpha k - alpha k * sqrt (Q k)) ^ 2
  := @trace_excess n m d C ap am r S X th.
End Flatness.

Section PathNorm.
Variables (n m d C : nat) (ap am : R).
Variables (Y : 'I_n -> 'I_C -> R) (X : 'I_n -> 'I_d -> R) (th : par m d C -> R).
Let s1 := pl1 ap am.
Let flat := flatness ap am (fun _ : 'I_n => @squared_S C) X th.
Let trH := trace (hessian (pl ap am) s1 zero (fun i => squared_r (Y i))
  (fun=> @squared_S C) X th).
Let wt := in_norm th.
Let a := out_norm th.
Let w := weight_norm th.
Let rho := activity ap am X th.
Let Cx := mean (fun i => \rsum_(c : 'I_C) \rsum_(j : 'I_d) input_jac s1 th (X i) c j ^ 2).

(** anchor: ‖w̃_k‖ *)
Definition D_in_norm : forall k, in_norm th k = sqrt (\rsum_(j : option 'I_d) th (hid k j) ^ 2)
  := fun _ => erefl.
(** anchor: ‖a_k‖ *)
Definition D_out_norm : forall k, out_norm th k = sqrt (\rsum_(c : 'I_C) th (out k c) ^ 2)
  := fun _ => erefl.
(** anchor: ‖w_k‖ *)
Definition D_weight_norm : forall k,
  weight_norm th k = sqrt (\rsum_(j : 'I_d) th (hid k (Some j)) ^ 2) := fun _ => erefl.
(** anchor: ρ_k = (1/n) Σ_i σ(w̃_k·x̃_i/‖w̃_k‖)² *)
Definition D_activity : forall k, activity ap am X th k =
  mean (fun i => pl ap am (pre th (X i) k / in_norm th k) ^ 2) := fun _ => erefl.
(** anchor: R_k² = (1/n) Σ_i σ'(z_ik)²‖x̃_i‖² *)
Definition D_radius2 : forall k, radius2 ap am X th k =
  mean (fun i => pl1 ap am (pre th (X i) k) ^ 2 * (1 + \rsum_j X i j ^ 2)) := fun _ => erefl.

(** T11(c.1): 2√C Σ_k ‖a_k‖‖w̃_k‖ρ_k <= Flat − C (for every w̃_k, 0 or not). *)
Definition T11c_lower : (0 < n)%N ->
  2 * sqrt (INR C) * (\rsum_(k : 'I_m) a k * wt k * rho k) <= flat - INR C
  := @path_lower n m d C ap am X th.
(** T11(c.2): Flat − C <= 2√C Σ_k ‖a_k‖‖w̃_k‖R_k². *)
Definition T11c_upper : (0 < n)%N ->
  flat - INR C <= 2 * sqrt (INR C) * (\rsum_(k : 'I_m) a k * wt k * radius2 ap am X th k)
  := @path_upper n m d C ap am X th.
(** T11(c.3): ρ_k <= R_k². *)
Definition T11c_activity : forall k, rho k <= radius2 ap am X th k
  := @activity_le n m d C ap am X th.
(** T11(d.1): ‖Jx‖_F <= Σ_k ‖a_k‖‖w_k‖ at every input x. *)
Definition T11d_jacobian : forall x, Rabs ap <= 1 -> Rabs am <= 1 ->
  \rsum_(c : 'I_C) \rsum_(j : 'I_d) input_jac s1 th x c j ^ 2 <=
  (\rsum_(k : 'I_m) a k * w k) ^ 2
  := @jacobian_path m d C ap am th.
(** T11(d.2): √Cx <= Σ_k ‖a_k‖‖w_k‖. *)
Definition T11d_complexity : (0 < n)%N -> Rabs ap <= 1 -> Rabs am <= 1 ->
  sqrt Cx <= \rsum_(k : 'I_m) a k * w k
  := @complexity_path n m d C ap am X th.
(** T11(d.3): 2√C min_k ρ_k Σ_k ‖a_k‖‖w̃_k‖ <= Flat − C. *)
Definition T11d_flat : (0 < n)%N -> forall rho_min,
  (forall k, a k <> 0 -> wt k <> 0 -> rho_min <= rho k) ->
  2 * sqrt (INR C) * rho_min * (\rsum_(k : 'I_m) a k * wt k) <= flat - INR C
  := @path_min n m d C ap am X th.
(** T11(d.4): 2√C min_k ρ_k Σ_k ‖a_k‖‖w̃_k‖ <= tr H − C. *)
Definition T11d_trace : (0 < n)%N -> forall rho_min,
  (forall k, a k <> 0 -> wt k <> 0 -> rho_min <= rho k) ->
  2 * sqrt (INR C) * rho_min * (\rsum_(k : 'I_m) a k * wt k) <= trH - INR C
  := @path_trace n m d C ap am Y X th.
(** T11(d.5): Σ_k ‖a_k‖‖w_k‖ <= Σ_k ‖a_k‖‖w̃_k‖. *)
Definition T11d_bias : \rsum_(k : 'I_m) a k * w k <= \rsum_(k : 'I_m) a k * wt k
  := @path_bias m d C th.
(** T11(d.6): 2√C min_k ρ_k √Cx <= tr H − C. *)
Definition T11d_scale_free : (0 < n)%N -> forall rho_min, Rabs ap <= 1 -> Rabs am <= 1 ->
  0 <= rho_min -> (forall k, a k <> 0 -> wt k <> 0 -> rho_min <= rho k) ->
  2 * sqrt (INR C) * rho_min * sqrt Cx <= trH - INR C
  := @complexity_flat n m d C ap am Y X th.
End PathNorm.

(** * T15: determinants of positive definite matrices, for the volume of ellipsoids *)
Section Determinants.
Variables (F : realFieldType) (p : nat) (H : 'M[F]_p).

(** anchor: uHuᵀ *)
Definition D_quad_row : forall u : 'rV[F]_p,
  (quad_row H u = \sum_i \sum_j u 0 i * H i j * u 0 j)%R := quad_row_sum H.
(** anchor: symmetric and positive definite *)
Definition D_posdef : posdef H <-> (H^T = H /\ forall u, u != 0 -> 0 < quad_row H u)%R
  := posdef_iff H.

(** T15: det(DHDᵀ) = det(D)² det H, the change of variables behind (a.1). *)
Definition T15_congruence : forall D : 'M[F]_p,
  (\det (D *m H *m D^T) = \det D ^+ 2 * \det H)%R := fun D => det_congruence D H.
(** T15: Hadamard's inequality, 0 < det H <= Π_i H_ii. *)
Definition T15_hadamard : posdef H -> (0 < \det H <= \prod_i H i i)%R := @hadamard F p H.
(** T15: det H <= (tr H / p)^p. *)
Definition T15_trace : posdef H -> (\det H <= (\tr H / p%:R) ^+ p)%R := @det_le_trace F p H.
End Determinants.

(** * Real matrices on finite index types, and their rank *)
Section Matrices.
Variables I I' J J' K : finType.

(** anchor: the product AB *)
Definition D_mmul : forall (A : I -> J -> R) (B : J -> K -> R) i k,
  mmul A B i k = \rsum_j A i j * B j k := fun _ _ _ _ => erefl.
(** anchor: the transpose Aᵀ *)
Definition D_mtr : forall (A : I -> J -> R) i j, mtr A j i = A i j := fun _ _ _ => erefl.
(** anchor: the identity matrix *)
Definition D_mone : forall i j : I, mone i j = if i == j then 1 else 0 := fun _ _ => erefl.
(** anchor: the zero matrix *)
Definition D_mzero : forall (i : I) (j : J), mzero i j = 0 := fun _ _ => erefl.
(** anchor: A + B *)
Definition D_madd : forall (A B : I -> J -> R) i j, madd A B i j = A i j + B i j
  := fun _ _ _ _ => erefl.
(** anchor: -A *)
Definition D_mopp : forall (A : I -> J -> R) i j, mopp A i j = - A i j := fun _ _ _ => erefl.
(** anchor: (A B; C D) *)
Definition D_mblock : forall (A : I -> J -> R) (B : I -> J' -> R) (C : I' -> J -> R)
    (D : I' -> J' -> R) p q, mblock A B C D p q = match p, q with
  | inl i, inl j => A i j | inl i, inr j => B i j
  | inr i, inl j => C i j | inr i, inr j => D i j
  end := fun _ _ _ _ _ _ => erefl.
(** anchor: block diagonal, with the blocks A_k *)
Definition D_mdiag : forall (A : K -> I -> J -> R) p q,
  mdiag A p q = if p.1 == q.1 then A p.1 p.2 q.2 else 0 := fun _ _ _ => erefl.
(** anchor: (0 U; Uᵀ 0) *)
Definition D_moff : forall (U : I -> J -> R) p q, moff U p q = match p, q with
  | inl i, inr j => U i j | inr j, inl i => U i j | _, _ => 0 end := @moffE I J.
(** anchor: A = UV with r inner indices *)
Definition D_rank_le : forall (A : I -> J -> R) r, rank_le A r =
  (exists (U : I -> 'I_r -> R) (V : 'I_r -> J -> R), forall i j, A i j = \rsum_l U i l * V l j)
  := fun _ _ => erefl.
(** anchor: the rank of A is the least r with A = UV and r inner indices *)
Definition D_rank : forall (A : I -> J -> R) r,
  rank_le A r -> (forall s, rank_le A s -> (r <= s)%N) -> rank A = r
  := @rank_least I J.
(** T17: rank A <= r says that A = UV with r inner indices. *)
Definition T17_rank_le : forall (A : I -> J -> R) r, rank_le A r <-> (rank A <= r)%N
  := @rank_leP I J.
End Matrices.

(** * Generic points *)
Section Generic.
Variable P : finType.

(** anchor: the polynomial Σ_l c_l Π_p u_p^(e_lp) *)
Definition D_polynomial : forall (L : finType) (c : L -> R) (e : L -> P -> nat) u,
  polynomial c e u = \rsum_l c l * \big[Rmult/1]_p u p ^ e l p := fun _ _ _ _ => erefl.
(** anchor: everywhere but on the zeros of a polynomial that is not 0 *)
Definition D_generic : forall Q : (P -> R) -> Prop, generic Q =
  (exists (L : finType) (c : L -> R) (e : L -> P -> nat),
    (exists u, polynomial c e u <> 0) /\ forall u, polynomial c e u <> 0 -> Q u)
  := fun _ => erefl.
End Generic.

(** * T17: linear networks f(x) = AWx of two layers, squared loss *)
Section LinearNetworks.
Variables (n m d C : nat) (X : 'I_n -> 'I_d -> R) (Y : 'I_n -> 'I_C -> R).
Variable th : lin_par m d C -> R.

(** anchor: the parameters, W_kj as [inl (k, j)] and A_ck as [inr (c, k)] *)
Definition D_lin_par : lin_par m d C = ('I_m * 'I_d + 'I_C * 'I_m)%type := erefl.
(** anchor: the first layer *)
Definition D_W_of : forall k j, W_of th k j = th (inl (k, j)) := fun _ _ => erefl.
(** anchor: the second layer *)
Definition D_A_of : forall c k, A_of th c k = th (inr (c, k)) := fun _ _ => erefl.
(** anchor: f(x) = AWx *)
Definition D_lin_net : forall x c,
  lin_net th x c = \rsum_k th (inr (c, k)) * \rsum_j th (inl (k, j)) * x j
  := fun _ _ => erefl.
(** anchor: ∂f_c/∂W_kj = A_ck x_j and ∂f_c/∂A_ck = (Wx)_k *)
Definition D_lin_jac : forall x c p, lin_jac th x c p = match p with
  | inl (k, j) => th (inr (c, k)) * x j
  | inr (c', k) => dlt (c' == c) (\rsum_j th (inl (k, j)) * x j)
  end := fun _ _ _ => erefl.
(** anchor: ∂²f_c/∂W_kj∂A_ck = x_j, the others are 0 *)
Definition D_lin_hess : forall (x : 'I_d -> R) (c : 'I_C) (p q : lin_par m d C),
  lin_hess x c p q = match p, q with
  | inl (k, j), inr (c', l) => dlt ((k == l) && (c' == c)) (x j)
  | inr (c', l), inl (k, j) => dlt ((k == l) && (c' == c)) (x j)
  | _, _ => 0
  end := fun _ _ _ _ => erefl.
(** anchor: L(θ) = (1/n) Σ_i ½‖f(x_i) - y_i‖² *)
Definition D_lin_loss : lin_loss X Y th =
  / INR n * \rsum_i / 2 * \rsum_c (lin_net th (X i) c - Y i c) ^ 2 := erefl.
(** anchor: G = (1/n) Σ_i J_iᵀJ_i *)
Definition D_lin_ggn : forall p q, lin_ggn X th p q =
  / INR n * \rsum_i \rsum_c lin_jac th (X i) c p * lin_jac th (X i) c q := fun _ _ => erefl.
(** anchor: F = (1/n) Σ_i Σ_c (f_c(x_i) - y_ic) ∇²f_c(x_i) *)
Definition D_lin_residual_hessian : forall p q, lin_residual_hessian X Y th p q =
  / INR n * \rsum_i \rsum_c (lin_net th (X i) c - Y i c) * lin_hess (X i) c p q
  := fun _ _ => erefl.
(** anchor: H = G + F *)
Definition D_lin_hessian : forall p q,
  lin_hessian X Y th p q = lin_ggn X th p q + lin_residual_hessian X Y th p q
  := fun _ _ => erefl.
(** anchor: Σ = (1/n) Σ_i x_i x_iᵀ *)
Definition D_Sigma : forall j l, Sigma X j l = / INR n * \rsum_i X i j * X i l
  := fun _ _ => erefl.
(** anchor: Ω = (1/n) Σ_i (f(x_i) - y_i) x_iᵀ *)
Definition D_Omega : forall c j, Omega X Y th c j =
  / INR n * \rsum_i (lin_net th (X i) c - Y i c) * X i j := fun _ _ => erefl.

Let A := A_of th.
Let W := W_of th.
Let G := lin_ggn X th.
Let F := lin_residual_hessian X Y th.
Let H := lin_hessian X Y th.
Let r := rank (Sigma X).

(** T17: the Jacobian, as true derivatives of f. *)
Definition T17_net_partial : forall x c p,
  is_partial (fun u => lin_net u x c) th p (lin_jac th x c p)
  := @lin_net_partial m d C th.
(** T17: ∇²f, as true derivatives of f. *)
Definition T17_net_partial2 : forall x c p q,
  is_partial2 (fun u => lin_net u x c) th p q (lin_hess x c p q)
  := @lin_net_partial2 m d C th.
(** T17: H = G + F is the matrix of true second derivatives of the loss. *)
Definition T17_loss_partial2 : forall p q, is_partial2 (lin_loss X Y) th p q (G p q + F p q)
  := @lin_loss_partial2 m d C n X Y th.

(** T17(a.1): rank G = ρ_A r + C ρ_W - ρ_A ρ_W at every (A, W), with ρ_W = rank(WS) for any
    root S of Σ = SSᵀ, such as Σ^½. *)
Definition T17a_rank_ggn : forall (T : finType) (S : 'I_d -> T -> R),
  (forall j l, \rsum_t S j t * S l t = Sigma X j l) ->
  rank G = (rank A * r + C * rank (mmul W S) - rank A * rank (mmul W S))%N
  := @rank_ggn_root m d C n X th.
(** T17(a.1): the same with rank(WΣ), which is rank(WΣ^½). *)
Definition T17a_rank_ggn_Sigma :
  rank G = (rank A * r + C * rank (mmul W (Sigma X)) - rank A * rank (mmul W (Sigma X)))%N
  := @rank_ggn m d C n X th.
(** T17(a.2): rank G <= q(r + C - q) with q = min(r, m, C). *)
Definition T17a_bound : let q := minn r (minn m C) in (rank G <= q * (r + C - q))%N
  := @rank_ggn_le m d C n X th.

(** T17(a.3): rank G = q(r + C - q) at generic (A, W), for every X. *)
Definition T17a_generic : let q := minn r (minn m C) in
  generic (fun u : lin_par m d C -> R => rank (lin_ggn X u) = (q * (r + C - q))%N)
  := @rank_ggn_generic n m d C X.

(** T17(b.1): rank F = 2m rank Ω. *)
Definition T17b_rank_residual : rank F = (2 * m * rank (Omega X Y th))%N
  := @rank_residual_hessian m d C n X Y th.
(** T17(b.2): n_+(F) = n_-(F) = m rank Ω. *)
Definition T17b_inertia : forall k,
  (pos_ge F k <-> (k <= m * rank (Omega X Y th))%N) /\
  (neg_ge F k <-> (k <= m * rank (Omega X Y th))%N)
  := @inertia_residual_hessian m d C n X Y th.

(** T17(c.2): rank H <= 2ms + q|r - C| at every (A, W, Y), with s = min(r, C). *)
Definition T17c_largest : let q := minn r (minn m C) in let s := minn r C in
  (rank H <= 2 * m * s + q * (maxn r C - s))%N
  := @rank_hessian_generic_le m d C n X Y th.
(** T17(c.3): rank H <= min(m(r + C), rank G + rank F). *)
Definition T17c_bound : (rank H <= minn (m * (r + C)) (rank G + rank F))%N
  := @rank_hessian_le m d C n X Y th.
End LinearNetworks.

(** anchor: the weights of a point (A, W, Y) *)
Definition D_point_weights : forall n m d C (u : lin_par m d C + 'I_n * 'I_C -> R) p,
  point_weights u p = u (inl p) := fun _ _ _ _ _ _ => erefl.
(** anchor: the targets of a point (A, W, Y) *)
Definition D_point_targets : forall n m d C (u : lin_par m d C + 'I_n * 'I_C -> R) i c,
  point_targets u i c = u (inr (i, c)) := fun _ _ _ _ _ _ _ => erefl.
(** T17(c.1): rank H = 2ms + q|r - C| at generic (A, W, Y), for every X, with s = min(r, C). *)
Definition T17c_generic : forall n m d C (X : 'I_n -> 'I_d -> R),
  let r := rank (Sigma X) in let s := minn r C in let q := minn r (minn m C) in
  generic (fun u : lin_par m d C + 'I_n * 'I_C -> R =>
    rank (lin_hessian X (point_targets u) (point_weights u))
      = (2 * m * s + q * (maxn r C - s))%N)
  := @rank_hessian_generic.

(** * T17: false variants *)
(** T17(a.1), mutant: with the number d of inputs in place of r it is false. *)
Definition T17a_inputs_false :
  ~ (forall n m d C (X : 'I_n -> 'I_d -> R) (th : lin_par m d C -> R),
  let rW := rank (mmul (W_of th) (Sigma X)) in
  rank (lin_ggn X th) = (rank (A_of th) * d + C * rW - rank (A_of th) * rW)%N)
  := rank_ggn_inputs_false.
(** T17(a.1), mutant: with rank W in place of rank(WΣ^½) it is false. *)
Definition T17a_weights_false :
  ~ (forall n m d C (X : 'I_n -> 'I_d -> R) (th : lin_par m d C -> R),
  let rW := rank (W_of th) in
  rank (lin_ggn X th) = (rank (A_of th) * rank (Sigma X) + C * rW - rank (A_of th) * rW)%N)
  := rank_ggn_weights_false.
(** T17(a.1), mutant: without the overlap ρ_A ρ_W it is false. *)
Definition T17a_overlap_false :
  ~ (forall n m d C (X : 'I_n -> 'I_d -> R) (th : lin_par m d C -> R),
  rank (lin_ggn X th) =
  (rank (A_of th) * rank (Sigma X) + C * rank (mmul (W_of th) (Sigma X)))%N)
  := rank_ggn_overlap_false.
(** T17(a.1), mutant: with C and r exchanged it is false. *)
Definition T17a_exchanged_false :
  ~ (forall n m d C (X : 'I_n -> 'I_d -> R) (th : lin_par m d C -> R),
  let rW := rank (mmul (W_of th) (Sigma X)) in
  rank (lin_ggn X th) = (rank (A_of th) * C + rank (Sigma X) * rW - rank (A_of th) * rW)%N)
  := rank_ggn_exchanged_false.
(** T17(a.2), mutant: with one less it is false. *)
Definition T17a_smaller_false :
  ~ (forall n m d C (X : 'I_n -> 'I_d -> R) (th : lin_par m d C -> R),
  let q := minn (rank (Sigma X)) (minn m C) in
  (rank (lin_ggn X th) <= q * (rank (Sigma X) + C - q) - 1)%N)
  := rank_ggn_smaller_false.
(** T17(b.1), mutant: without the 2 it is false. *)
Definition T17b_half_false :
  ~ (forall n m d C (X : 'I_n -> 'I_d -> R) Y (th : lin_par m d C -> R),
  rank (lin_residual_hessian X Y th) = (m * rank (Omega X Y th))%N)
  := rank_residual_half_false.
(** T17(b.1), mutant: with min(r, C) in place of rank Ω it is false. *)
Definition T17b_data_false :
  ~ (forall n m d C (X : 'I_n -> 'I_d -> R) Y (th : lin_par m d C -> R),
  rank (lin_residual_hessian X Y th) = (2 * m * minn (rank (Sigma X)) C)%N)
  := rank_residual_data_false.
(** T17(b.2), mutant: n_-(F) = 0 is false. *)
Definition T17b_psd_false :
  ~ (forall n m d C (X : 'I_n -> 'I_d -> R) Y (th : lin_par m d C -> R) k,
  neg_ge (lin_residual_hessian X Y th) k -> k = 0%N)
  := residual_psd_false.

(** * Teacher and student under Gaussian inputs *)

(** ** Vocabulary: operators on matrices, given by their entries *)
Section OperatorVocabulary.
Variables (I J : finType) (T U : I -> J -> R) (H : I -> J -> I -> J -> R).

(** anchor: ⟨T,U⟩ *)
Definition D_mdot : mdot T U = \rsum_i \rsum_a T i a * U i a := erefl.
(** anchor: ‖T‖_F² *)
Definition D_fnorm2 : fnorm2 T = \rsum_i \rsum_a T i a ^ 2 := erefl.
(** anchor: HT *)
Definition D_happ : forall i a, happ H T i a = \rsum_j \rsum_b H i a j b * T j b := fun _ _ => erefl.
(** anchor: tr H *)
Definition D_htrace : htrace H = \rsum_i \rsum_a H i a i a := erefl.
(** anchor: a matrix unit *)
Definition D_munit : forall (i j : I) (a b : J), munit i a j b = dlt ((j == i) && (b == a)) 1 := fun _ _ _ _ => erefl.
(** anchor: H^m, columnwise *)
Definition D_hpow : forall m i a j b, hpow H m i a j b = iter m (happ H) (munit j b) i a
  := fun _ _ _ _ _ => erefl.
(** anchor: HT = λT *)
Definition D_op_eigen : forall lam, op_eigen H lam T = (forall i a, happ H T i a = lam * T i a)
  := fun _ => erefl.
(** anchor: T ≠ 0 *)
Definition D_nonzero_matrix : nonzero_matrix T = (exists i a, T i a <> 0) := erefl.
(** anchor: λ is an eigenvalue of H *)
Definition D_op_eigenvalue : forall lam,
  op_eigenvalue H lam = (exists T, op_eigen H lam T /\ nonzero_matrix T) := fun _ => erefl.
(** anchor: H is symmetric *)
Definition D_symmetric_op : symmetric_op H = (forall i a j b, H i a j b = H j b i a) := erefl.
End OperatorVocabulary.

(** ** Vocabulary: ReLU *)
Section ReluVocabulary.
Variables (D : finType) (u v : D -> R) (k m e : nat).

(** anchor: u·v *)
Definition D_vdot : vdot u v = \rsum_a u a * v a := erefl.
(** anchor: ‖u‖ *)
Definition D_vnorm : vnorm u = sqrt (\rsum_a u a ^ 2) := erefl.
(** anchor: û *)
Definition D_vunit : forall a, vunit u a = u a / vnorm u := fun _ => erefl.
(** anchor: the angle θ of u and v *)
Definition D_vangle : vangle u v = acos (vdot u v / (vnorm u * vnorm v)) := erefl.
(** anchor: n, the unit vector of v̂ - cosθ û *)
Definition D_vnormal : forall a,
  vnormal u v a = vunit (fun b => vunit v b - cos (vangle u v) * vunit u b) a := fun _ => erefl.
(** anchor: h_1(u,v) = (1/2π) sinθ (‖v‖/‖u‖)(I - ûûᵀ + nnᵀ), T18(b.2) *)
Definition D_relu_h1 : forall a b, relu_h1 u v a b =
  / (2 * PI) * sin (vangle u v) * (vnorm v / vnorm u)
  * (dlt (a == b) 1 - vunit u a * vunit u b + vnormal u v a * vnormal u v b) := fun _ _ => erefl.
(** anchor: h_2(u,v) = (1/2π)((π-θ)I + ûnᵀ + v̂n'ᵀ), T18(b.3) *)
Definition D_relu_h2 : forall a b, relu_h2 u v a b =
  / (2 * PI) * ((PI - vangle u v) * dlt (a == b) 1
                + vunit u a * vnormal u v b + vunit v a * vnormal v u b) := fun _ _ => erefl.
(** anchor: the Hessian of T18(c.4): H_ii = ½I + Σ_{j≠i} h_1(w_i,w_j) - Σ_j h_1(w_i,v_j), H_ij = h_2(w_i,w_j) *)
Definition D_population_hessian : forall (W : 'I_k -> D -> R) (V : 'I_m -> D -> R) i a j b,
  population_hessian W V i a j b =
  if i == j then
    / 2 * dlt (a == b) 1 + (\rsum_l dlt (l != i) (relu_h1 (W i) (W l) a b))
    - \rsum_l relu_h1 (W i) (V l) a b
  else relu_h2 (W i) (W j) a b := fun _ _ _ _ _ _ => erefl.
(** anchor: the columns of W are indexed by 'I_k + 'I_e, d = k + e, and row i of [I_k, 0] is e_i *)
Definition D_identity_rows : forall (i : 'I_k) (a : 'I_k + 'I_e),
  identity_rows i a = dlt (a == inl i) 1 := fun _ _ => erefl.
(** anchor: [A, B] *)
Definition D_blk : forall (A : 'I_k -> 'I_k -> R) (B : 'I_k -> 'I_e -> R) i a,
  blk A B i a = match a with inl j => A i j | inr c => B i c end := fun _ _ _ _ => erefl.
(** anchor: ϱ *)
Definition D_rho : rho = / (2 * PI) := erefl.
(** anchor: H_ii = ½I, H_ij = ¼I + ϱ(e_ie_jᵀ + e_je_iᵀ) *)
Definition D_relu_hessian : forall (i : 'I_k) (a : 'I_k + 'I_e) (j : 'I_k) (b : 'I_k + 'I_e),
  relu_hessian i a j b =
  if i == j then / 2 * dlt (a == b) 1
  else / 4 * dlt (a == b) 1
       + rho * (identity_rows i a * identity_rows j b + identity_rows j a * identity_rows i b)
  := fun _ _ _ _ => erefl.
(** anchor: the sign ± *)
Definition D_pm : forall s, pm s = if s then 1 else -1 := fun _ => erefl.
(** anchor: (k+2 ± √(k²-16/π+16/π²))/8 *)
Definition D_std_eig : forall s,
  std_eig k s = (INR k + 2 + pm s * sqrt (INR k ^ 2 - 16 / PI + 16 / PI ^ 2)) / 8 := fun _ => erefl.
(** anchor: t *)
Definition D_triv_t : triv_t k = / 2 + INR k / 4 + INR k * rho := erefl.
(** anchor: D *)
Definition D_triv_D : triv_D k =
  (4 * INR k ^ 2 * rho + 16 * INR k * rho ^ 2 - 4 * INR k * rho + INR k - 16 * rho ^ 2 + 8 * rho + 1) / 16
  := erefl.
(** anchor: ½(t ± √(t²-4D)) *)
Definition D_triv_eig : forall s,
  triv_eig k s = / 2 * (triv_t k + pm s * sqrt (triv_t k ^ 2 - 4 * triv_D k)) := fun _ => erefl.
(** anchor: the table of T19, eigenvalues with multiplicities, k ≥ 3 *)
Definition D_relu_table : relu_table k e =
  [:: (/ 4 - rho, INR k * (INR k - 1) / 2);
      (/ 4 + rho, INR k * (INR k - 3) / 2);
      (std_eig k true, INR k - 1); (std_eig k false, INR k - 1);
      (triv_eig k true, 1); (triv_eig k false, 1);
      (/ 4, (INR k - 1) * INR e);
      ((INR k + 1) / 4, INR e)] := erefl.
(** anchor: that of k = 2, with e = d - 2 *)
Definition D_relu_table2 : relu_table2 e =
  [:: (/ 4 - rho, 1); (/ 4 + rho, 1); (3 / 4 - rho, 1); (3 / 4 + rho, 1);
      (/ 4, INR e); (3 / 4, INR e)] := erefl.
End ReluVocabulary.

(** ** T19: ReLU at W = V = [I_k, 0] *)
Section Relu.
Variables k e : nat.
Let H := @relu_hessian k e.

(** part of T19(a.2): the formulas T18(c.4) at W = V = [I_k, 0] give H_ii = ½I and
    H_ij = ¼I + ϱ(e_ie_jᵀ + e_je_iᵀ); T18 itself, a Gaussian integral, is not formalised. *)
Definition T19a_blocks : forall i a j b,
  population_hessian (@identity_rows k e) (@identity_rows k e) i a j b = H i a j b
  := @population_hessian_at_minimum k e.
(** T19: H is symmetric *)
Definition T19_self_adjoint : symmetric_op H := @relu_hessian_sym k e.
(** T19(a.1): HT = ¼T + ¼11ᵀT + ϱ[tr(A)I - 2 diag(A) + Aᵀ, 0] for T = [A, B] *)
Definition T19a_operator : forall A B i a, happ H (blk A B) i a =
  blk (fun i l => / 4 * A i l + / 4 * (\rsum_j A j l)
                  + rho * (dlt (i == l) ((\rsum_j A j j) - 2 * A i i) + A l i))
      (fun i c => / 4 * B i c + / 4 * \rsum_j B j c) i a
  := @relu_happ k e.
(** T19: ⟨T,HT⟩ = (¼-ϱ)‖T‖² + ¼‖1ᵀT‖² + ϱ(tr A)² + ½ϱΣ_{i≠j}(A_ij+A_ji)² + ϱ‖B‖² *)
Definition T19_sum_of_squares : forall A B,
  mdot (blk A B) (happ H (blk A B))
  = (/ 4 - rho) * fnorm2 (blk A B) + / 4 * (\rsum_a (\rsum_j blk A B j a) ^ 2)
    + rho * (\rsum_i A i i) ^ 2
    + rho / 2 * (\rsum_i \rsum_j dlt (i != j) ((A i j + A j i) ^ 2)) + rho * fnorm2 B
  := @relu_sum_of_squares k e.

(** T19: ¼-ϱ on S + diag(S1), S antisymmetric; it is S where the row sums are 0 *)
Definition T19_antisymmetric : forall S : 'I_k -> 'I_k -> R, (forall i j, S i j = - S j i) ->
  op_eigen H (/ 4 - rho) (blk (fun i l => S i l + dlt (i == l) (\rsum_j S i j)) (fun _ _ => 0))
  := @relu_antisymmetric k e.
(** T19: the eigenvectors to ¼-ϱ are exactly those *)
Definition T19_antisymmetric_only : forall A B,
  op_eigen H (/ 4 - rho) (blk A B) <->
  (exists S : 'I_k -> 'I_k -> R, (forall i j, S i j = - S j i) /\
     forall i l, A i l = S i l + dlt (i == l) (\rsum_j S i j)) /\ forall i c, B i c = 0
  := @relu_least_eigenspace k e.
(** T19: ¼+ϱ on symmetric Z with zero diagonal and row sums *)
Definition T19_symmetric : forall Z : 'I_k -> 'I_k -> R,
  [/\ forall i j, Z i j = Z j i, forall i, Z i i = 0 & forall i, \rsum_j Z i j = 0] ->
  op_eigen H (/ 4 + rho) (blk Z (fun _ _ => 0))
  := @relu_symmetric k e.
(** T19: (k+2 ± √(k²-16/π+16/π²))/8 on ϱ(u1ᵀ - 2 diag(u)) + (λ-¼)1uᵀ, Σu = 0 *)
Definition T19_standard : (3 <= k)%N -> forall s (u : 'I_k -> R), \rsum_j u j = 0 ->
  op_eigen H (std_eig k s) (blk (fun i l =>
    rho * (u i - dlt (i == l) (2 * u i)) + (std_eig k s - / 4) * u l) (fun _ _ => 0))
  := @relu_standard k e.
(** T19: the block of diag(s), s1ᵀ, 1sᵀ, Σs = 0: ((¼-ϱ, -2ϱ, -2ϱ), (0, ¼, ϱ), (¼, ϱ, (k+1)/4)) *)
Definition T19_standard_block : forall g m v (s : 'I_k -> R) i l, \rsum_j s j = 0 ->
  happ H (blk (fun i l => dlt (i == l) (g * s i) + m * s i + v * s l) (fun _ _ => 0)) i (inl l)
  = dlt (i == l) (((/ 4 - rho) * g - 2 * rho * m - 2 * rho * v) * s i)
    + (/ 4 * m + rho * v) * s i + (/ 4 * g + rho * m + (INR k + 1) / 4 * v) * s l
  := @relu_standard_block k e.
(** T19: its characteristic polynomial, (λ-¼+ϱ)(λ²-(k+2)λ/4+(k+1+8ϱ-16ϱ²)/16) *)
Definition T19_standard_characteristic : forall lam : R,
  (lam - (/ 4 - rho)) * ((lam - / 4) * (lam - (INR k + 1) / 4) - rho * rho)
  + 2 * rho * (0 * (lam - (INR k + 1) / 4) + rho * / 4)
  + 2 * rho * (0 * rho + (lam - / 4) * / 4)
  = (lam - / 4 + rho)
    * (lam ^ 2 - (INR k + 2) * lam / 4 + (INR k + 1 + 8 * rho - 16 * rho ^ 2) / 16)
  := @standard_characteristic k.
(** T19: the roots of its quadratic factor *)
Definition T19_standard_roots : (3 <= k)%N -> forall lam,
  (lam - std_eig k true) * (lam - std_eig k false)
  = lam ^ 2 - (INR k + 2) * lam / 4 + (INR k + 1 + 8 * rho - 16 * rho ^ 2) / 16
  := @std_factor k.
(** T19: ½(t ± √(t²-4D)) on (λ-(k+1)/4-ϱ)I + ¼11ᵀ *)
Definition T19_trivial : (3 <= k)%N -> forall s,
  op_eigen H (triv_eig k s) (blk (fun i l =>
    dlt (i == l) (triv_eig k s - (INR k + 1) / 4 - rho) + / 4) (fun _ _ => 0))
  := @relu_trivial k e.
(** T19: the block of I and 11ᵀ: ((¼+(k-1)ϱ, (k-2)ϱ), (¼, ¼+k/4+ϱ)) *)
Definition T19_trivial_block : forall x y i l,
  happ H (blk (fun i l => dlt (i == l) x + y) (fun _ _ => 0)) i (inl l)
  = dlt (i == l) ((/ 4 + (INR k - 1) * rho) * x + (INR k - 2) * rho * y)
    + (/ 4 * x + (/ 4 + INR k / 4 + rho) * y)
  := @relu_trivial_block k e.
(** T19: the roots of λ² - tλ + D *)
Definition T19_trivial_roots : (3 <= k)%N -> forall lam,
  (lam - triv_eig k true) * (lam - triv_eig k false) = lam ^ 2 - triv_t k * lam + triv_D k
  := @triv_factor k.
(** T19: t and D are the trace and the determinant of the block of I and 11ᵀ *)
Definition T19_trivial_invariants :
  triv_t k = (/ 4 + (INR k - 1) * rho) + (/ 4 + INR k / 4 + rho) /\
  triv_D k = (/ 4 + (INR k - 1) * rho) * (/ 4 + INR k / 4 + rho) - (INR k - 2) * rho * / 4
  := triv_invariants k.
(** T19: ¼ on the columns beyond k with sum 0 *)
Definition T19_extra_sum_zero : forall B : 'I_k -> 'I_e -> R, (forall c, \rsum_j B j c = 0) ->
  op_eigen H (/ 4) (blk (fun _ _ => 0) B)
  := @relu_extra_sum_zero k e.
(** T19: (k+1)/4 on constant columns beyond k *)
Definition T19_extra_constant : forall y : 'I_e -> R,
  op_eigen H ((INR k + 1) / 4) (blk (fun _ _ => 0) (fun=> y))
  := @relu_extra_constant k e.
(** T19: every T = [A, B] is a sum of members of the families above *)
Definition T19_complete : (3 <= k)%N -> forall A B,
  exists S Z (x : bool -> 'I_k -> R) (y : bool -> R) (X : 'I_k -> 'I_e -> R) (w : 'I_e -> R),
  [/\ forall i j, S i j = - S j i,
      [/\ forall i j, Z i j = Z j i, forall i, Z i i = 0 & forall i, \rsum_j Z i j = 0],
      forall s, \rsum_i x s i = 0 & forall c, \rsum_i X i c = 0]
  /\ (forall i l, A i l = (S i l + dlt (i == l) (\rsum_j S i j)) + Z i l
        + ((rho * (x true i - dlt (i == l) (2 * x true i)) + (std_eig k true - / 4) * x true l)
           + (rho * (x false i - dlt (i == l) (2 * x false i)) + (std_eig k false - / 4) * x false l))
        + (y true * (dlt (i == l) (triv_eig k true - (INR k + 1) / 4 - rho) + / 4)
           + y false * (dlt (i == l) (triv_eig k false - (INR k + 1) / 4 - rho) + / 4)))
  /\ (forall i c, B i c = X i c + w c)
  := @relu_complete k e.
(** T19(b.1): for k ≥ 3 the eigenvalues of H are exactly those of the table whose multiplicity is not 0 *)
Definition T19b_eigenvalues : (3 <= k)%N -> forall lam,
  op_eigenvalue H lam <-> exists m, List.In (lam, m) (relu_table k e) /\ m <> 0
  := @relu_eigenvalues k e.
(** T19(b.2): tr H^m = Σ_λ m_λ λ^m, for every m *)
Definition T19b_multiplicities : (3 <= k)%N -> forall m,
  htrace (hpow H m) = \big[Rplus/R0]_(r <- relu_table k e) (r.2 * r.1 ^ m)
  := @relu_trace_powers k e.
(** T19(c.1): λ_min(H) = ¼-ϱ for every k ≥ 2 *)
Definition T19c_lower_bound : forall T, (/ 4 - rho) * fnorm2 T <= mdot T (happ H T)
  := @relu_lower_bound k e.
(** part of T19(c.1): and it is an eigenvalue *)
Definition T19c_lower_attained : (2 <= k)%N -> op_eigenvalue H (/ 4 - rho)
  := @relu_min_eigenvalue k e.
(** T19(c.2): λ_max(H) = ½(t+√(t²-4D)), an eigenvalue by T19_trivial *)
Definition T19c_upper_bound : (3 <= k)%N -> forall T,
  mdot T (happ H T) <= triv_eig k true * fnorm2 T
  := @relu_upper_bound k e.
(** T19(c.3): tr H = kd/2 *)
Definition T19c_trace : htrace H = INR k * INR (k + e) / 2 := @relu_trace k e.
(** T19(d.1): λ_max ≥ (k+1)/4 + 2ϱ(1-1/k) *)
Definition T19d_lower : (3 <= k)%N ->
  (INR k + 1) / 4 + 2 * rho * (1 - / INR k) <= triv_eig k true
  := @relu_max_lower k.
(** T19(d.2): λ_max ≤ k/4 + ϱ + (k-1)/(16(k-2)(¼-ϱ)) *)
Definition T19d_upper : (3 <= k)%N ->
  triv_eig k true <= INR k / 4 + rho + (INR k - 1) / (16 * (INR k - 2) * (/ 4 - rho))
  := @relu_max_upper k.
(** T19(d.3): the multiplicities of the eigenvalues above 9/20 add up to d + 1 *)
Definition T19d_count : (3 <= k)%N ->
  \big[Rplus/R0]_(r <- relu_table k e) (if Rlt_dec (9 / 20) r.1 then r.2 else 0) = INR (k + e) + 1
  := @relu_above k e.
(** T19(b.3): k = 2: the eigenvalues of H are exactly ¼±ϱ, ¾±ϱ and, for d > 2, ¼ and ¾ *)
Definition T19b_two_eigenvalues : forall lam, op_eigenvalue (@relu_hessian 2 e) lam <->
  exists m, List.In (lam, m) (relu_table2 e) /\ m <> 0
  := @relu2_eigenvalues e.
(** T19(b.4): k = 2: tr H^m = Σ_λ m_λ λ^m, for every m *)
Definition T19b_two_multiplicities : forall m,
  htrace (hpow (@relu_hessian 2 e) m) = \big[Rplus/R0]_(r <- relu_table2 e) (r.2 * r.1 ^ m)
  := @relu2_trace_powers e.
End Relu.

(** ** Vocabulary: z² and erf *)
Section SmoothVocabulary.
Variables (D : finType) (k m e : nat).

(** anchor: Δ = WᵀW - VᵀV *)
Definition D_gram_gap : forall (V W : 'I_k -> D -> R) a b,
  gram_gap V W a b = (\rsum_i W i a * W i b) - \rsum_i V i a * V i b := fun _ _ _ _ => erefl.
(** anchor: the loss of z², T18(c.6): ½(2‖Δ‖_F² + (tr Δ)²) *)
Definition D_quad_loss : forall V W : 'I_k -> D -> R,
  quad_loss V W = / 2 * (2 * fnorm2 (gram_gap V W) + (\rsum_a gram_gap V W a a) ^ 2)
  := fun _ _ => erefl.
(** anchor: VᵀT + TᵀV *)
Definition D_gram_slope : forall (V T : 'I_k -> D -> R) a b,
  gram_slope V T a b = \rsum_i (V i a * T i b + T i a * V i b) := fun _ _ _ _ => erefl.
(** anchor: H_ij = 4(e_ie_jᵀ + e_je_iᵀ + δ_ijI) *)
Definition D_quad_hessian : forall (i : 'I_k) (a : 'I_k + 'I_e) (j : 'I_k) (b : 'I_k + 'I_e),
  quad_hessian i a j b =
  4 * (identity_rows i a * identity_rows j b + identity_rows j a * identity_rows i b
       + dlt (i == j) (dlt (a == b) 1)) := fun _ _ _ _ => erefl.
(** anchor: the table of T20(b) *)
Definition D_quad_table : quad_table k e =
  [:: (0, INR k * (INR k - 1) / 2); (8, INR k * (INR k + 1) / 2 - 1);
      (8 + 4 * INR k, 1); (4, INR k * INR e)] := erefl.
(** anchor: 3^(-1/2) *)
Definition D_root3 : root3 = / sqrt 3 := erefl.
(** anchor: κ(u,v) of erf(z/√2), T18(a.2) *)
Definition D_erf_kernel : forall u v : D -> R, erf_kernel u v =
  2 / PI * asin (vdot u v / sqrt ((1 + vdot u u) * (1 + vdot v v))) := fun _ _ => erefl.
(** anchor: the loss of erf(z/√2), T18(c.1) *)
Definition D_erf_loss : forall (V : 'I_m -> D -> R) (W : 'I_k -> D -> R), erf_loss V W =
  / 2 * (\rsum_i \rsum_j erf_kernel (W i) (W j)) - (\rsum_i \rsum_j erf_kernel (W i) (V j))
  + / 2 * \rsum_i \rsum_j erf_kernel (V i) (V j) := fun _ _ => erefl.
(** anchor: H_ii = 3^(-1/2)c(I - ⅔e_ie_iᵀ), H_ij = ½c(I - ½e_ie_iᵀ - ½e_je_jᵀ), c = 2/π *)
Definition D_erf_hessian : forall (i : 'I_k) (a : 'I_k + 'I_e) (j : 'I_k) (b : 'I_k + 'I_e),
  erf_hessian i a j b =
  2 / PI * (if i == j then root3 * (dlt (a == b) 1 - 2 / 3 * (identity_rows i a * identity_rows i b))
            else / 2 * (dlt (a == b) 1 - / 2 * (identity_rows i a * identity_rows i b)
                        - / 2 * (identity_rows j a * identity_rows j b))) := fun _ _ _ _ => erefl.
(** anchor: M_l *)
Definition D_erf_block : forall l i j : 'I_k, erf_block l i j =
  if i == j then (if i == l then root3 / 3 else root3)
  else if (i == l) || (j == l) then / 4 else / 2 := fun _ _ _ => erefl.
(** anchor: 3^(-3/2) *)
Definition D_erf_alpha : erf_alpha = root3 / 3 := erefl.
(** anchor: 3^(-1/2) + (k-2)/2 *)
Definition D_erf_beta : erf_beta k = root3 + (INR k - 2) / 2 := erefl.
(** anchor: the roots of ((α, √(k-1)/4), (√(k-1)/4, β)) *)
Definition D_erf_root : forall s, erf_root k s =
  (erf_alpha + erf_beta k + pm s * sqrt ((erf_alpha - erf_beta k) ^ 2 + (INR k - 1) / 4)) / 2
  := fun _ => erefl.
(** anchor: λ_± *)
Definition D_erf_eig : forall s, erf_eig k s = 2 / PI * erf_root k s := fun _ => erefl.
(** anchor: the table of T20(a) *)
Definition D_erf_table : erf_table k e =
  [:: (erf_eig k true, INR k); (erf_eig k false, INR k);
      (2 / PI * (root3 - / 2), INR k * (INR k - 2) + (INR k - 1) * INR e);
      (2 / PI * (root3 + (INR k - 1) / 2), INR e)] := erefl.
End SmoothVocabulary.

(** ** T20(a): erf at W = V = [I_k, 0] *)
Section Erf.
Variables k e : nat.
Let H := @erf_hessian k e.

(** T20: H is symmetric *)
Definition T20a_self_adjoint : symmetric_op H := @erf_hessian_sym k e.
(** T20(a.1): column l ≤ k of HT is cM_l times that of T, c = 2/π, and
    c((3^(-1/2)-½)I + ½11ᵀ) times it for l > k *)
Definition T20a_columns : forall T i a, happ H T i a =
  2 / PI * match a with
           | inl l => \rsum_j erf_block l i j * T j a
           | inr _ => \rsum_j (dlt (i == j) (root3 - / 2) + / 2) * T j a
           end
  := @erf_happ k e.
(** T20: DL(V)[T] = 0 *)
Definition T20a_gradient : forall T : 'I_k -> 'I_k + 'I_e -> R,
  is_derive (fun s => erf_loss (@identity_rows k e) (fun i a => identity_rows i a + s * T i a)) 0 0
  := @erf_loss_gradient k e.
(** T20(a.2): ⟨T,HT⟩ = D²L(V)[T,T], a true second derivative of L *)
Definition T20a_second_derivative : forall T,
  is_derive_n (fun s => erf_loss (@identity_rows k e) (fun i a => identity_rows i a + s * T i a)) 2 0
    (mdot T (happ H T))
  := @erf_loss_hessian k e.
(** T20: λ_± = cy with (y-α)(y-β) = (k-1)/16, the characteristic equation of ((α, √(k-1)/4), (√(k-1)/4, β)) *)
Definition T20a_roots : (2 <= k)%N -> forall y,
  (y - erf_root k true) * (y - erf_root k false)
  = (y - erf_alpha) * (y - erf_beta k) - (INR k - 1) / 16
  := @erf_factor k.
(** T20(a.3): the eigenvalues of H are exactly those of the table whose multiplicity is not 0 *)
Definition T20a_eigenvalues : (2 <= k)%N -> forall lam, op_eigenvalue H lam <->
  exists m, List.In (lam, m) (erf_table k e) /\ m <> 0
  := @erf_eigenvalues k e.
(** T20(a.4): tr H^m = Σ_λ m_λ λ^m, for every m *)
Definition T20a_multiplicities : (2 <= k)%N -> forall m,
  htrace (hpow H m) = \big[Rplus/R0]_(r <- erf_table k e) (r.2 * r.1 ^ m)
  := @erf_trace_powers k e.
(** T20(a.5): λ_min(H) = λ_- *)
Definition T20a_lower_bound : (2 <= k)%N -> forall T,
  erf_eig k false * fnorm2 T <= mdot T (happ H T)
  := @erf_lower_bound k e.
(** T20(a.6): d = k: λ_max(H) = λ_+ *)
Definition T20a_upper_bound : (2 <= k)%N -> forall T, e = 0%N ->
  mdot T (happ H T) <= erf_eig k true * fnorm2 T
  := @erf_upper_bound k e.
(** T20(a.7): λ_-λ_+ = c²(1/9 - 1/16 + (k-2)(1/(6√3) - 1/16)) *)
Definition T20a_product : (2 <= k)%N -> erf_eig k false * erf_eig k true
  = (2 / PI) ^ 2 * (/ 9 - / 16 + (INR k - 2) * (/ (6 * sqrt 3) - / 16))
  := @erf_product k.
(** part of T20(a.7): which is positive *)
Definition T20a_product_positive : (2 <= k)%N -> 0 < erf_eig k false * erf_eig k true
  := @erf_product_gt0 k.
(** T20(a.8): λ_min(H) ≥ c(3^(-3/2) - 1/8) for every k and d *)
Definition T20a_uniform : (2 <= k)%N -> forall T,
  2 / PI * (root3 / 3 - / 8) * fnorm2 T <= mdot T (happ H T)
  := @erf_uniform_bound k e.
(** T20: and c(3^(-3/2) - 1/8) is positive *)
Definition T20a_uniform_positive : 0 < 2 / PI * (root3 / 3 - / 8) := erf_uniform_gt0.
End Erf.

(** ** T20(b): z² at W = V *)
Section Quadratic.
Variables (D : finType) (k e : nat).
Let H := @quad_hessian k e.

(** T20: DL(V)[T] = 0, for every V *)
Definition T20b_gradient : forall V T : 'I_k -> D -> R,
  is_derive (fun s => quad_loss V (fun i a => V i a + s * T i a)) 0 0
  := @quad_loss_gradient k D.
(** T20: D²L(V)[T,T] = 2‖VᵀT+TᵀV‖_F² + (tr(VᵀT+TᵀV))², for every V *)
Definition T20b_second_derivative : forall V T : 'I_k -> D -> R,
  is_derive_n (fun s => quad_loss V (fun i a => V i a + s * T i a)) 2 0
    (2 * fnorm2 (gram_slope V T) + (\rsum_a gram_slope V T a a) ^ 2)
  := @quad_loss_second k D.
(** T20(b.2): ⟨T,HT⟩ = D²L(V)[T,T] at V = [I_k, 0], a true second derivative of L *)
Definition T20b_hessian : forall A B,
  is_derive_n (fun s => quad_loss (@identity_rows k e)
                          (fun i a => identity_rows i a + s * blk A B i a)) 2 0
    (mdot (blk A B) (happ H (blk A B)))
  := @quad_hessian_second k e.
(** T20: H is symmetric *)
Definition T20b_self_adjoint : symmetric_op H := @quad_hessian_sym k e.
(** T20: HT = 4[tr(A)I + Aᵀ + A, B] *)
Definition T20b_operator : forall A B i a, happ H (blk A B) i a =
  blk (fun i l => 4 * (dlt (i == l) (\rsum_j A j j) + A l i + A i l)) (fun i c => 4 * B i c) i a
  := @quad_happ k e.
(** T20(b.1): ⟨T,HT⟩ = 2‖A+Aᵀ‖_F² + 4(tr A)² + 4‖B‖_F² for T = [A, B] *)
Definition T20b_form : forall A B, mdot (blk A B) (happ H (blk A B))
  = 2 * fnorm2 (fun i l => A i l + A l i) + 4 * (\rsum_i A i i) ^ 2 + 4 * fnorm2 B
  := @quad_form k e.
(** T20: 0 on antisymmetric A *)
Definition T20b_antisymmetric : forall A : 'I_k -> 'I_k -> R, (forall i j, A i j = - A j i) ->
  op_eigen H 0 (blk A (fun _ _ => 0))
  := @quad_antisymmetric k e.
(** T20: the kernel of H is that of the antisymmetric A, the directions of the orbit of O(k) *)
Definition T20b_kernel : forall A B, op_eigen H 0 (blk A B) <->
  (forall i j, A i j = - A j i) /\ forall i c, B i c = 0
  := @quad_kernel k e.
(** T20: 8 on symmetric A of trace 0 *)
Definition T20b_symmetric : forall A : 'I_k -> 'I_k -> R,
  (forall i j, A i j = A j i) -> \rsum_i A i i = 0 -> op_eigen H 8 (blk A (fun _ _ => 0))
  := @quad_symmetric k e.
(** T20: 8 + 4k on I *)
Definition T20b_identity :
  op_eigen H (8 + 4 * INR k) (blk (fun i l => dlt (i == l) 1) (fun _ _ => 0))
  := @quad_identity k e.
(** T20: 4 beyond the first k columns *)
Definition T20b_extra : forall B, op_eigen H 4 (blk (fun _ _ => 0) B)
  := @quad_extra k e.
(** T20: every A is a sum of members of the three families *)
Definition T20b_complete : (2 <= k)%N -> forall A : 'I_k -> 'I_k -> R, exists S Z r,
  [/\ forall i j, S i j = - S j i, forall i l, Z i l = Z l i, \rsum_i Z i i = 0
    & forall i l, A i l = S i l + Z i l + dlt (i == l) r]
  := @quad_complete k.
(** T20(b.3): the eigenvalues of H are exactly 0, 8, 8+4k and, for d > k, 4 *)
Definition T20b_eigenvalues : (2 <= k)%N -> forall lam, op_eigenvalue H lam <->
  exists m, List.In (lam, m) (quad_table k e) /\ m <> 0
  := @quad_eigenvalues k e.
(** T20(b.4): tr H^m = Σ_λ m_λ λ^m, for every m *)
Definition T20b_multiplicities : (2 <= k)%N -> forall m,
  htrace (hpow H m) = \big[Rplus/R0]_(r <- quad_table k e) (r.2 * r.1 ^ m)
  := @quad_trace_powers k e.
(** part of T20(b.5): the multiplicities of the eigenvalues other than 0 add up to kd - k(k-1)/2 *)
Definition T20b_rank : (2 <= k)%N ->
  \big[Rplus/R0]_(r <- quad_table k e) (if Req_EM_T r.1 0 then 0 else r.2)
  = INR k * INR (k + e) - INR k * (INR k - 1) / 2
  := @quad_rank k e.
End Quadratic.
