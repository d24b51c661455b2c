"""T02: H = G + F, the curvature of the losses, and how near H is to G."""

from dataclasses import replace
from math import tanh

from ..expressions import Constant, call, name
from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from . import t02_sides as sides
from .laws import changed, law

__all__ = ["T02"]

_CLAIMS = (
    Claim(
        label="a.1",
        statement=r"$H = G + F$: $\frac{d}{dt}\nabla L(\theta + tv) = Gv + Fv$ at"
        r" $t = 0$, for every $v$",
        law=law(sides.split_sides, "==", "directions"),
    ),
    Claim(
        label="a.2",
        statement=r"$G$ is positive semi-definite if $\ell$ is convex in $f$",
        law=Constant(0) <= call("lmin", name("G")),
    ),
    Claim(
        label="a.3",
        statement=r"every $S_i$ is positive semi-definite for the squared, the logistic"
        r" and the softmax loss",
        law=law(sides.output_sides, "<="),
    ),
    Claim(
        label="b",
        statement=r"$v^TFv = \sum_k \dot w_k^TM_k\dot w_k + 2\,\dot w_k^TU_k\dot a_k$ for"
        r" every $v = (\dot w, \dot a, \dot c)$",
        law=law(sides.block_sides, "==", "directions"),
    ),
    Claim(
        label="c.1",
        statement=r"$|\lambda_j(H) - \lambda_j(G)| \le \|F\|$ for every $j$",
        law=law(sides.weyl_sides, "<="),
    ),
    Claim(
        label="c.2",
        statement=r"$\|F\| = \max_k \|F_k\|$",
        law=law(sides.neuron_norm_sides, "=="),
    ),
    Claim(
        label="d",
        statement=r"squared loss: $\|F\| \le \sqrt{2L}\,(\frac{1}{n}\sum_i\sum_c"
        r"\|\nabla^2f_c(x_i)\|^2)^{1/2}$, with the norms of T01(iv)",
        law=law(sides.schwarz_sides, "<="),
        losses=("squared",),
    ),
    Claim(
        label="e.1",
        statement=r"logistic: $S_i \le |r_i|$",
        law=law(sides.logistic_curvature_sides, "<="),
        losses=("logistic",),
    ),
    Claim(
        label="e.2",
        statement=r"logistic: $|r_i| \le \ell_i$",
        law=law(sides.logistic_loss_sides, "<="),
        losses=("logistic",),
    ),
    Claim(
        label="e.3",
        statement=r"logistic: $S_i \le \frac{1}{4}$",
        law=law(sides.logistic_quarter_sides, "<="),
        losses=("logistic",),
    ),
    Claim(
        label="e.4",
        statement=r"softmax: $\operatorname{tr} S_i \le 2(1 - p_y)$",
        law=law(sides.softmax_trace_sides, "<="),
        losses=("softmax",),
    ),
    Claim(
        label="e.5",
        statement=r"softmax: $\|S_i\| \le 2(1 - p_y)$",
        law=law(sides.softmax_norm_sides, "<="),
        losses=("softmax",),
    ),
    Claim(
        label="e.6",
        statement=r"softmax: $\|S_i\| \le \frac{1}{2}$",
        law=law(sides.softmax_half_sides, "<="),
        losses=("softmax",),
    ),
    Claim(
        label="e.7",
        statement=r"softmax: $1 - p_y \le \ell_i$",
        law=law(sides.softmax_loss_sides, "<="),
        losses=("softmax",),
    ),
    Claim(
        label="e.8",
        statement=r"softmax: $\|r_i\|_1 = 2(1 - p_y)$",
        law=law(sides.softmax_residual_sides, "=="),
        losses=("softmax",),
    ),
)
_BY = {claim.label: claim for claim in _CLAIMS}

_PLAIN = Example(
    activation="tanh", x=((1,),), W=((0,),), b=(0,), A=((0,),), c=(0,), residual=((1,),)
)
"""σ'(z) = 1 and σ(z) = σ''(z) = 0; f = c whatever the loss."""

_LOGISTIC = _PLAIN.but(loss="logistic", residual=None, labels=(1,))
_SOFTMAX = _PLAIN.but(
    loss="softmax", A=((0,), (0,)), c=(0, 0), residual=None, labels=(0,)
)

_t = tanh(1.0)
_SLOPE, _BENT = 1 - _t * _t, -2 * _t * (1 - _t * _t)
"""(tanh)' and (tanh)'' at 1."""

T02 = Theorem(
    id="T02",
    title="H = G + F, curvature of the losses, and how near H is to G",
    topic="derivatives",
    statement=r"$H = G + F$ with $G = \frac{1}{n}\sum_i J_i^TS_iJ_i$ and $F ="
    r" \frac{1}{n}\sum_i\sum_c r_{ic}\nabla^2f_c(x_i)$. Where $\ell$ is convex in $f$, $G$"
    r" is positive semi-definite. $F$ is block diagonal in neuron order and zero on the"
    r" output biases; block $k$ is $F_k = [[M_k, U_k], [U_k^T, 0]]$ with $M_k ="
    r" \frac{1}{n}\sum_i (r_i\cdot a_k)\sigma''(z_{ik})\tilde x_i\tilde x_i^T$ and $U_k ="
    r" \frac{1}{n}\sum_i\sigma'(z_{ik})\tilde x_ir_i^T$. No eigenvalue of $H$ is farther"
    r" than $\|F\|$ from that of $G$, and $\|F\|$, $S_i$ and $r_i$ are bounded by the"
    r" loss.",
    hypotheses=(
        r"$\sigma$ is twice differentiable at every $z_{ik}$",
        r"$\ell$ is twice differentiable in $f$",
        r"(a.2) $\ell$ is convex in $f$",
        r"(d) the squared loss",
        r"(e.1-3) the logistic loss, $C = 1$; (e.4-8) softmax, $y$ the label of $x_i$",
    ),
    claims=_CLAIMS,
    mutants=(
        Mutant(
            name="H = G", claim=changed(_BY["a.1"], sides.split_sides, residual=0.0)
        ),
        Mutant(
            name="H = G - F",
            claim=changed(_BY["a.1"], sides.split_sides, residual=-1.0),
        ),
        Mutant(
            name="H is positive semi-definite too",
            claim=replace(_BY["a.2"], law=Constant(0) <= call("lmin", name("H"))),
        ),
        Mutant(
            name="U_k counted once",
            claim=changed(_BY["b"], sides.block_sides, cross=1.0),
        ),
        Mutant(
            name="λ_1(F) in place of ‖F‖",
            claim=changed(_BY["c.1"], sides.positive_part_sides),
        ),
        Mutant(
            name="9/10 of ‖F‖", claim=changed(_BY["c.1"], sides.weyl_sides, share=0.9)
        ),
        Mutant(
            name="max(‖M_k‖, ‖U_k‖) in place of ‖F_k‖",
            claim=changed(_BY["c.2"], sides.block_norm_sides),
        ),
        Mutant(
            name="√L instead of √(2L)",
            claim=changed(_BY["d"], sides.schwarz_sides, two=1.0),
        ),
        Mutant(
            name="logistic S ≤ 9/10 |r|",
            claim=changed(_BY["e.1"], sides.logistic_curvature_sides, share=0.9),
        ),
        Mutant(
            name="logistic |r| ≤ 9/10 ℓ",
            claim=changed(_BY["e.2"], sides.logistic_loss_sides, share=0.9),
        ),
        Mutant(
            name="logistic S ≤ 1/5",
            claim=changed(_BY["e.3"], sides.logistic_quarter_sides, bound=0.2),
        ),
        Mutant(
            name="softmax tr S ≤ 1 - p_y",
            claim=changed(_BY["e.4"], sides.softmax_trace_sides, two=1.0),
        ),
        Mutant(
            name="softmax ‖S‖ ≤ 1 - p_y",
            claim=changed(_BY["e.5"], sides.softmax_norm_sides, two=1.0),
        ),
        Mutant(
            name="softmax ‖S‖ ≤ 2/5",
            claim=changed(_BY["e.6"], sides.softmax_half_sides, bound=0.4),
        ),
        Mutant(
            name="softmax 1 - p_y ≤ 9/10 ℓ",
            claim=changed(_BY["e.7"], sides.softmax_loss_sides, share=0.9),
        ),
        Mutant(
            name="softmax ‖r‖_1 = 1 - p_y",
            claim=changed(_BY["e.8"], sides.softmax_residual_sides, two=1.0),
        ),
    ),
    proof=r"(a) The chain rule gives $\nabla_\theta\ell(f(x_i), y_i) = J_i^Tr_i$, and once"
    r" more $J_i^TS_iJ_i + \sum_c r_{ic}\nabla^2f_c(x_i)$; average over $i$. Where $\ell$"
    r" is convex, $S_i$ is positive semi-definite, so $v^TGv = \frac{1}{n}\sum_i"
    r" (J_iv)^TS_i(J_iv) \ge 0$. For the squared loss $S_i$ is the identity, for the"
    r" logistic loss $S_i = p(1-p) \ge 0$, and for softmax $S_i ="
    r" \operatorname{diag}(p) - pp^T$, so $u^TS_iu = \sum_c p_cu_c^2 - (\sum_c p_cu_c)^2 ="
    r" \sum_c p_c(u_c - \bar u)^2 \ge 0$ with $\bar u = \sum_c p_cu_c$, as $\sum_c p_c ="
    r" 1$."
    r" (b) By T01(b), $v^T\nabla^2f_c(x_i)v = \sum_k"
    r" A_{ck}\sigma''(z_{ik})(\dot w_k\cdot\tilde x_i)^2 + 2\sigma'(z_{ik})"
    r"(\dot w_k\cdot\tilde x_i)\dot a_{ck}$. Times $r_{ic}$, summed over $c$ and averaged"
    r" over $i$, the first part is $\dot w_k^TM_k\dot w_k$ and the second"
    r" $2\,\dot w_k^TU_k\dot a_k$; a quadratic form determines its symmetric matrix, so"
    r" these are the blocks of $F$ and the rest is $0$."
    r" (c) $-\|F\|\,\|v\|^2 \le v^THv - v^TGv \le \|F\|\,\|v\|^2$ for every $v$, and by"
    r" Courant and Fischer $\lambda_j$ is a maximum over subspaces of minima of such"
    r" forms over unit vectors, so it changes by at most $\|F\|$ (Weyl). The spectrum of"
    r" $F$ is the union of those of its blocks, and $0$ on the output biases; the norm of"
    r" a symmetric matrix is its largest $|\lambda|$."
    r" (d) By the triangle inequality $\|F\| \le"
    r" \frac{1}{n}\sum_i\sum_c|r_{ic}|\,\|\nabla^2f_c(x_i)\|$. By Cauchy and Schwarz this"
    r" is at most $(\frac{1}{n}\sum_i\|r_i\|^2)^{1/2}(\frac{1}{n}\sum_i\sum_c"
    r"\|\nabla^2f_c(x_i)\|^2)^{1/2}$, and $\frac{1}{n}\sum_i\|r_i\|^2 = 2L$ for the squared"
    r" loss."
    r" (e) Let $q$ be the probability of the label. Then $\ell_i = -\ln q \ge 1 - q$, as"
    r" $\ln q \le q - 1$. Logistic: $q$ is $p$ for $y = 1$ and $1 - p$ for $y = 0$, so"
    r" $|r_i| = |p - y| = 1 - q$ and $S_i = p(1-p) = q(1-q)$; this is at most $1 - q$, and"
    r" $\frac{1}{4} - q(1-q) = (\frac{1}{2} - q)^2 \ge 0$. Softmax: $r_i = p - e_y$ has the"
    r" entry $-(1-q)$ at $y$, and the others, $p_c \ge 0$, sum to $1 - q$; so $\|r_i\|_1 ="
    r" 2(1-q)$. $\operatorname{tr} S_i = 1 - \sum_c p_c^2 \le 1 - q^2 = (1+q)(1-q) \le"
    r" 2(1-q)$. The entries of row $c$ of $S_i$ off the diagonal have magnitudes $p_cp_e$"
    r" that sum to $p_c(1-p_c)$, which is also the entry on the diagonal; so by Gershgorin"
    r" $\|S_i\| \le \max_c 2p_c(1-p_c)$. This is at most $\frac{1}{2}$, as $\frac{1}{4} -"
    r" p_c(1-p_c) = (\frac{1}{2} - p_c)^2 \ge 0$, and at most $2(1-q)$: for $c = y$"
    r" because $p_y = q \le 1$, for $c \ne y$ because $p_c \le 1 - q$.",
    source="Schraudolph (2002), Sagun et al. (2017); the bounds are derived here",
    uses=("T01",),
    witnesses=(
        Witness(
            labels=("c.1", "d"),
            note="tanh, x = 1, W = b = A = c = 0, r = 1: G = diag(0, 0, 0, 1), F is -√2 on"
            " a vector of ker G, and ‖F‖ = ‖∇²f‖ = √2 with 2L = 1",
            example=_PLAIN,
        ),
        Witness(
            labels=("e.3",),
            note="logistic with f = 0: S = 1/4",
            example=_LOGISTIC,
        ),
        Witness(
            labels=("e.1", "e.2"),
            note="logistic with f = 12, y = 1: S/|r| and |r|/ℓ tend to 1 as p_y does",
            example=_LOGISTIC.but(c=(12,)),
            ratio=0.99999,
        ),
        Witness(
            labels=("e.6",),
            note="softmax with two equal probabilities: ‖S‖ = 1/2",
            example=_SOFTMAX,
        ),
        Witness(
            labels=("e.4", "e.5", "e.7"),
            note="softmax with f = (12, 0) and the first label: tr S = ‖S‖ = 2p_y(1 - p_y), so that"
            " ‖S‖/(1 - p_y) tends to 2 and (1 - p_y)/ℓ to 1 as p_y tends to 1",
            example=_SOFTMAX.but(c=(12, 0)),
            ratio=0.99999,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="ℓ convex in f: ℓ = ½(tanh f - y)² with f = 1, y = -5 has r = 2.4197"
            " and S = -3.5093",
            claim=_BY["a.2"],
            example=Example(
                activation="identity",
                x=((1,),),
                W=((1,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=(((_t + 5) * _SLOPE,),),
                output_hessian=(((_SLOPE**2 + (_t + 5) * _BENT,),),),
            ),
        ),
    ),
)
