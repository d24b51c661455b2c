"""T04: the spectrum of G through the NTK Gram matrix."""

from dataclasses import replace
from typing import Final

from ..expressions import Constant, call, name
from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from .coverage import PIECEWISE_LINEAR
from .laws import law
from .t04_sides import (
    closed_trace_sides,
    count_sides,
    decay_sides,
    distinct_sides,
    frobenius_sides,
    gram_sides,
    kernel_sides,
    norm_sides,
    rank_sides,
    softmax_rank_sides,
    spectrum_sides,
    tail_sides,
    tensor_sides,
    trace_sides,
)

__all__ = ["T04"]

C, F, G, H = name("C"), name("F"), name("G"), name("H")
J, n = name("J"), name("n")

_T04 = (
    Claim(
        label="a.1",
        statement=r"$f(X) = Y \Rightarrow F = 0$",
        law=call("fro", F).equals(0),
        assumes=("interpolation",),
        losses=("squared",),
    ),
    Claim(
        label="a.2",
        statement=r"$f(X) = Y \Rightarrow nH = J^TJ$",
        law=(n * H).equals(J.T @ J),
        assumes=("interpolation",),
        losses=("squared",),
    ),
    Claim(
        label="a.3",
        statement=r"$f(X) = Y \Rightarrow H$ is positive semi-definite",
        law=Constant(0) <= call("lmin", H),
        assumes=("interpolation",),
        losses=("squared",),
    ),
    Claim(
        label="b.1",
        statement=r"the eigenvalues of $G$ other than 0 are those of"
        r" $\frac{1}{n}K_S = \frac{1}{n}S^{1/2}JJ^TS^{1/2}$, with multiplicity",
        law=law(spectrum_sides, "=="),
    ),
    Claim(
        label="b.2",
        statement=r"$\operatorname{tr} G = \frac{1}{n}\operatorname{tr} K_S$",
        law=law(trace_sides, "=="),
    ),
    Claim(
        label="b.3",
        statement=r"$\|G\|_F = \frac{1}{n}\|K_S\|_F$",
        law=law(frobenius_sides, "=="),
    ),
    Claim(
        label="b.4",
        statement=r"$\|G\| = \frac{1}{n}\|K_S\|$",
        law=law(norm_sides, "=="),
    ),
    Claim(
        label="c.1",
        statement=r"squared and logistic loss: $\operatorname{rank} G \le \min(p, nC)$",
        law=law(rank_sides, "<="),
        losses=("squared", "logistic"),
    ),
    Claim(
        label="c.2",
        statement=r"softmax: $\operatorname{rank} G \le \min(p, n(C-1))$",
        law=law(rank_sides, "<="),
        losses=("softmax",),
    ),
    Claim(
        label="c.3",
        statement=r"$\lambda_j(G) = 0$ for $j > nC$, for softmax for $j > n(C-1)$:"
        r" $\operatorname{nullity} G \ge p - nC$ and $p - n(C-1)$",
        law=law(tail_sides, "=="),
    ),
    Claim(
        label="c.4",
        statement=r"with $N$ different inputs among the $x_i$:"
        r" $\operatorname{rank} G \le NC$, for softmax $N(C-1)$",
        law=law(distinct_sides, "<="),
    ),
    Claim(
        label="c.5",
        statement=r"piecewise-linear $\sigma$: $\operatorname{rank} J \le"
        r" p - \#\{k: (\tilde w_k, a_k) \ne 0\}$",
        law=law(kernel_sides, "<="),
        activations=PIECEWISE_LINEAR,
        dear=True,
    ),
    Claim(
        label="c.6",
        statement=r"$n > m + 1 \Rightarrow \operatorname{rank} J \le"
        r" C(m+1) + \min(m, C)(n - m - 1)$",
        law=law(tensor_sides, "<="),
        dear=True,
    ),
    Claim(
        label="d.1",
        statement=r"$K_{(i,c),(j,e)} = (\tilde x_i\cdot\tilde x_j)\sum_kA_{ck}A_{ek}"
        r"\sigma'(z_{ik})\sigma'(z_{jk}) + \delta_{ce}(\sum_k\sigma(z_{ik})\sigma(z_{jk})"
        r" + 1)$",
        law=law(gram_sides, "=="),
    ),
    Claim(
        label="d.2",
        statement=r"$\operatorname{tr} G = \frac{1}{n}\sum_i(1+\|x_i\|^2)"
        r"\sum_k\|a_k\|^2\sigma'(z_{ik})^2 + C\,\frac{1}{n}\sum_i\|\sigma(z_i)\|^2 + C$",
        law=law(closed_trace_sides, "=="),
        losses=("squared",),
    ),
    Claim(
        label="e.1",
        statement=r"$\lambda_j(G) \le \frac{1}{j}\operatorname{tr} G$ for every $j$",
        law=law(decay_sides, "<="),
    ),
    Claim(
        label="e.2",
        statement=r"$\#\{j: \lambda_j(G) \ge t\} \le \frac{1}{t}\operatorname{tr} G$"
        r" for every $t > 0$",
        law=law(count_sides, "<="),
    ),
    Claim(
        label="f",
        statement=r"$\lambda_1(G) \ge 1$",
        law=Constant(1) <= call("lmax", G),
        losses=("squared",),
    ),
)

_CLAIM: Final = {claim.label: claim for claim in _T04}

_ONLY_OUTPUT_BIASES = Example(
    activation="relu",
    x=((1,),),
    W=((-1,),),
    b=(0,),
    A=((0,), (0,)),
    c=(0, 0),
    residual=((0, 0),),
)
"""A = 0 and σ(z) = 0: J_i = (0, I), and G = S on the output biases."""

_ONE_SQUARE = Example(
    activation="quadratic",
    x=((1,),),
    W=((0,),),
    b=(0,),
    A=((1,),),
    c=(0,),
    residual=((1,),),
)
"""f = w² at w = 0 with r = 1: G_ww = 0 and H_ww = 2; H_aw = 0."""

T04 = Theorem(
    id="T04",
    title="Spectrum, rank, trace and Frobenius norm through the Gram matrix",
    topic="interpolation",
    statement=r"At every $\theta$ the eigenvalues of $G$ other than 0 are those of"
    r" $\frac{1}{n}K_S$, where $K_S = S^{1/2}JJ^TS^{1/2}$ with"
    r" $S = \operatorname{blkdiag}(S_1, \dots, S_n)$ is the weighted NTK Gram matrix. So"
    r" $G$ has its trace and its norms, its rank is at most $nC$ (softmax: $n(C-1)$), and"
    r" at most $\frac{1}{t}\operatorname{tr} G$ eigenvalues of $G$ reach $t > 0$. For the"
    r" squared loss at interpolation $F = 0$ and $H = G = \frac{1}{n}J^TJ$.",
    hypotheses=(
        r"$\sigma$ is differentiable at every pre-activation, twice in (a)",
        r"(a) squared loss, $f(x_i) = y_i$ for every $i$",
        (
            r"(b), (c), (e) every $S_i$ is positive semi-definite and depends on"
            r" $f(x_i)$ alone, as for the squared, logistic and softmax losses"
        ),
        (
            r"(c.5) $\sigma$ is piecewise linear and positively homogeneous, no"
            r" pre-activation is on a kink"
        ),
        r"(c.6) $n > m + 1$",
        r"(d.2), (f) squared loss, and the output bias $c$ is a parameter",
    ),
    claims=_T04,
    mutants=(
        Mutant(name="F = 0 anywhere", claim=replace(_CLAIM["a.1"], assumes=())),
        Mutant(
            name="H = JᵀJ",
            claim=replace(_CLAIM["a.2"], law=H.equals(J.T @ J)),
        ),
        Mutant(
            name="H positive semi-definite anywhere",
            claim=replace(_CLAIM["a.3"], assumes=()),
        ),
        Mutant(
            name="spectrum of K, without S",
            claim=replace(
                _CLAIM["b.1"],
                law=law(spectrum_sides, "==", weighted=False),
                losses=("logistic", "softmax"),
            ),
        ),
        Mutant(
            name="spectrum of K_S without 1/n",
            claim=replace(_CLAIM["b.1"], law=law(spectrum_sides, "==", mean=False)),
        ),
        Mutant(
            name="tr G = tr K_S",
            claim=replace(_CLAIM["b.2"], law=law(trace_sides, "==", mean=False)),
        ),
        Mutant(
            name="‖G‖_F = ‖K_S‖_F",
            claim=replace(_CLAIM["b.3"], law=law(frobenius_sides, "==", mean=False)),
        ),
        Mutant(
            name="‖G‖ = ‖K‖/n, without S",
            claim=replace(
                _CLAIM["b.4"],
                law=law(norm_sides, "==", weighted=False),
                losses=("logistic", "softmax"),
            ),
        ),
        Mutant(
            name="rank G ≤ min(p, nC) - 1",
            claim=replace(_CLAIM["c.1"], law=law(rank_sides, "<=", less=1)),
        ),
        Mutant(
            name="rank G ≤ n(C - 1) for the squared loss",
            claim=replace(
                _CLAIM["c.1"],
                law=law(softmax_rank_sides, "<="),
                losses=("squared",),
            ),
        ),
        Mutant(
            name="softmax: rank G ≤ min(p, n(C - 1)) - 1",
            claim=replace(_CLAIM["c.2"], law=law(rank_sides, "<=", less=1)),
        ),
        Mutant(
            name="λ_j = 0 from j = min(p, nC), or min(p, n(C - 1)), on",
            claim=replace(_CLAIM["c.3"], law=law(tail_sides, "==", less=1)),
        ),
        Mutant(
            name="rank G ≤ (N - 1)C, or (N - 1)(C - 1)",
            claim=replace(_CLAIM["c.4"], law=law(distinct_sides, "<=", less=1)),
        ),
        Mutant(
            name="rank J ≤ p - (d + 1) #{k: (w̃_k, a_k) ≠ 0}",
            claim=replace(_CLAIM["c.5"], law=law(kernel_sides, "<=", inner=True)),
        ),
        Mutant(
            name="rank J ≤ C(m + 1) + min(m, C)(n - m - 1) - 1",
            claim=replace(_CLAIM["c.6"], law=law(tensor_sides, "<=", less=1)),
        ),
        Mutant(
            name="K without the output biases' 1",
            claim=replace(_CLAIM["d.1"], law=law(gram_sides, "==", biases=False)),
        ),
        Mutant(
            name="tr G without the output biases' C",
            claim=replace(
                _CLAIM["d.2"], law=law(closed_trace_sides, "==", outputs=0.0)
            ),
        ),
        Mutant(
            name="tr G with ‖x‖² for 1 + ‖x‖²",
            claim=replace(
                _CLAIM["d.2"], law=law(closed_trace_sides, "==", first_biases=False)
            ),
        ),
        Mutant(
            name="λ_j ≤ tr G / (j + 1)",
            claim=replace(_CLAIM["e.1"], law=law(decay_sides, "<=", shift=1)),
        ),
        Mutant(
            name="at most tr G / (2t) eigenvalues reach t",
            claim=replace(_CLAIM["e.2"], law=law(count_sides, "<=", share=0.5)),
        ),
        Mutant(
            name="λ_1(G) ≥ 1.01",
            claim=replace(
                _CLAIM["f"], law=Constant(101) <= Constant(100) * call("lmax", G)
            ),
        ),
        Mutant(
            name="λ_1(G) ≥ 1 for the logistic loss",
            claim=replace(_CLAIM["f"], losses=("logistic",)),
        ),
    ),
    proof=r"(a) $F = \frac{1}{n}\sum_i\sum_cr_{ic}\nabla^2f_c(x_i)$ (T02) vanishes with"
    r" $r$, and $S_i = I$ makes $nG = \sum_iJ_i^TJ_i = J^TJ$; so $H = G$, and"
    r" $nv^THv = \|Jv\|^2 \ge 0$."
    r" (b) Let $S_i = R_iR_i^T$, $R = \operatorname{blkdiag}(R_1, \dots, R_n)$ and"
    r" $B = \frac{1}{\sqrt{n}}R^TJ$. Then $G = B^TB$, and $BB^T = \frac{1}{n}R^TJJ^TR$,"
    r" which is $\frac{1}{n}K_S$ for $R = S^{1/2}$. Let $B^TBv = \lambda v$ with $v \ne 0$"
    r" and $\lambda \ne 0$: then $BB^T(Bv) = \lambda Bv$ and $\|Bv\|^2 ="
    r" \lambda\|v\|^2 \ne 0$, so $B$ maps this eigenspace injectively into that of $BB^T$;"
    r" $B^T$ maps it back injectively for the same reason, and the multiplicities agree."
    r" The trace is the sum of the eigenvalues, $\|\cdot\|_F^2$ of a symmetric matrix the"
    r" sum of their squares, $\|\cdot\|$ the largest of their magnitudes: zeros change"
    r" none of them."
    r" (c) $\operatorname{rank} G = \operatorname{rank} B$ is at most the number of rows"
    r" of $B$, and of its columns, $p$. There are $nC$ rows; for softmax $S_i1 = p_i -"
    r" p_i\sum_cp_{ic} = 0$, so $R_i$ can be chosen with $C - 1$ columns, which leaves"
    r" $n(C-1)$ rows. A symmetric matrix has as many eigenvalues other than 0 as its rank,"
    r" and none of $G$ is negative: the others come last. Equal inputs have equal $J_i$ and"
    r" $S_i$, so $G = \sum_g\frac{n_g}{n}J_g^TS_gJ_g$ over the $N$ different ones, with"
    r" multiplicities $n_g$: now $B$ can be built of $N$ blocks of rows"
    r" $\sqrt{n_g/n}\,R_g^TJ_g$. For piecewise-linear $\sigma$ let $v_k$ be $\tilde w_k$"
    r" on the weights of unit $k$ into it, $-a_k$ on those out of it, 0 elsewhere. Then"
    r" $(Jv_k)_{ic} = A_{ck}\sigma'(z_{ik})\,\tilde w_k\cdot\tilde x_i -"
    r" A_{ck}\sigma(z_{ik}) = 0$, because $\sigma(z) = \sigma'(z)z$; those $v_k$ that are"
    r" not 0 have disjoint supports, so they are independent in $\ker J$. For (c.6) regard"
    r" a column of $J$ as an element of $\mathbb{R}^C\otimes\mathbb{R}^n$. Those of $A$ and"
    r" $c$ are $e_c\otimes u$ with $u$ among the $m + 1$ vectors $(\sigma(z_{ik}))_i$ and"
    r" $(1, \dots, 1)$; those of $\tilde w_k$ are $a_k\otimes g$. Choose subspaces $U$ of"
    r" $\mathbb{R}^n$ of dimension $m + 1 \le n$ that holds those $u$, and $V$ of"
    r" $\mathbb{R}^C$ of dimension $r = \min(m, C)$ that holds every $a_k$. All columns lie"
    r" in $\mathbb{R}^C\otimes U + V\otimes\mathbb{R}^n$; the two spaces share $V\otimes"
    r" U$, so their sum has dimension at most $C(m+1) + rn - r(m+1)$."
    r" (d) By T01 row $(i,c)$ of $J$ is $A_{ck}\sigma'(z_{ik})\tilde x_i$ on $\tilde w_k$,"
    r" $\sigma(z_{ik})e_c$ on $a_k$ and $e_c$ on the output biases. The product of two"
    r" rows is the sum over these: $(\tilde x_i\cdot\tilde x_j)A_{ck}A_{ek}"
    r"\sigma'(z_{ik})\sigma'(z_{jk})$ and $\delta_{ce}\sigma(z_{ik})\sigma(z_{jk})$ for"
    r" each $k$, and $\delta_{ce}$. For the squared loss $\operatorname{tr} G ="
    r" \frac{1}{n}\sum_{i,c}K_{(i,c),(i,c)}$ by (b), where $\sum_cA_{ck}^2 = \|a_k\|^2$,"
    r" $\|\tilde x_i\|^2 = 1 + \|x_i\|^2$ and $\sum_c\delta_{cc} = C$."
    r" (e) No eigenvalue is negative, so $j\lambda_j \le \lambda_1 + \dots + \lambda_j \le"
    r" \operatorname{tr} G$. If $j \ge 1$ eigenvalues reach $t > 0$, then $\lambda_j \ge t$"
    r" and $jt \le j\lambda_j \le \operatorname{tr} G$."
    r" (f) The unit vector $v = (0, \dots, 0, 1_C/\sqrt{C})$ on the output biases has"
    r" $J_iv = 1_C/\sqrt{C}$, so $v^TGv = \frac{1}{n}\sum_i\|J_iv\|^2 = 1 \le"
    r" \lambda_1(G)$.",
    source="folklore: Sagun et al. (2017), Jacot et al. (2018), Karakida et al. (2019);"
    " (c.6) is derived here",
    uses=("T01", "T02"),
    witnesses=(
        Witness(
            labels=("e.1", "f"),
            note="A = 0 and σ(z) = 0: only the output bias moves f, and λ_1(G) = 1",
            example=_ONLY_OUTPUT_BIASES.but(A=((0,),), c=(0,), residual=((0,),)),
        ),
        Witness(
            labels=("c.1", "c.4", "e.1", "f"),
            note="the same with C = 2: rank G = 2 = nC, and λ_2(G) = tr G / 2",
            example=_ONLY_OUTPUT_BIASES,
        ),
        Witness(
            labels=("e.2",),
            note="the same at t = 1 / (1 + 2⁻²⁰), just below λ_1 = λ_2 = 1: two reach t",
            example=_ONLY_OUTPUT_BIASES,
            ratio=1 - 2.0**-20,
        ),
        Witness(
            labels=("c.2", "c.4"),
            note="softmax with n = 1, C = 2: rank G = 1 = n(C - 1)",
            example=_ONLY_OUTPUT_BIASES.but(loss="softmax", residual=None, labels=(0,)),
        ),
        Witness(
            labels=("c.5",),
            note="relu, two samples active and one not: rank J = 3 = p - 1",
            example=Example(
                activation="relu",
                x=((1,), (2,), (-1,)),
                W=((1,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=((0,), (0,), (0,)),
            ),
        ),
        Witness(
            labels=("c.6",),
            note="tanh, m = 1, C = 2, n = 3: rank J = 5 < 6 = nC = p",
            example=Example(
                activation="tanh",
                x=((0,), (1,), (2,)),
                W=((1,),),
                b=(0,),
                A=((1,), (1,)),
                c=(0, 0),
                residual=((0, 0), (0, 0), (0, 0)),
            ),
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="f(X) = Y in (a): σ = z², w = b = c = 0, a = x = 1, y = -1 has"
            " G_ww = 0, H_ww = 2",
            claim=replace(_CLAIM["a.1"], assumes=()),
            example=_ONE_SQUARE,
        ),
        Counterexample(
            dropped="f(X) = Y in (a), for H ⪰ 0: the same with y = 1 has H_ww = -2",
            claim=replace(_CLAIM["a.3"], assumes=()),
            example=_ONE_SQUARE.but(residual=((-1,),)),
        ),
        Counterexample(
            dropped="softmax in rank G ≤ n(C - 1): the squared loss with n = 1, C = 2"
            " has rank G = 2",
            claim=replace(
                _CLAIM["c.1"], law=law(softmax_rank_sides, "<="), losses=("squared",)
            ),
            example=_ONLY_OUTPUT_BIASES,
        ),
        Counterexample(
            dropped="homogeneity in (c.5): tanh with four samples has rank J = 4 = p",
            claim=replace(_CLAIM["c.5"], activations=("tanh",)),
            example=Example(
                activation="tanh",
                x=((-1,), (0,), (1,), (2,)),
                W=((1,),),
                b=(1,),
                A=((1,),),
                c=(0,),
                residual=((0,), (0,), (0,), (0,)),
            ),
        ),
        Counterexample(
            dropped="squared loss in (f): the logistic loss with f = 0 has λ_1(G) = ¼",
            claim=replace(_CLAIM["f"], losses=("logistic",)),
            example=_ONLY_OUTPUT_BIASES.but(
                loss="logistic", A=((0,),), c=(0,), residual=None, labels=(1,)
            ),
        ),
    ),
)
