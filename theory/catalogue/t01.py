"""T01: the gradient, and the functional Hessian with its exact spectrum."""

from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from . import t01_sides as sides
from .laws import changed, law

__all__ = ["T01"]

_CLAIMS = (
    Claim(
        label="a",
        statement=r"$\partial f_c/\partial\tilde w_k = A_{ck}\sigma'(z_k)\tilde x$,"
        r" $\partial f_c/\partial a_k = \sigma(z_k)e_c$ and"
        r" $\partial f_c/\partial c = e_c$",
        law=law(sides.gradient_sides, "==", "directions"),
    ),
    Claim(
        label="b",
        statement=r"$v^T\nabla^2f_c\,v = \sum_k A_{ck}\sigma''(z_k)p_k^2"
        r" + 2\sigma'(z_k)p_k\dot a_{ck}$ with $p_k = \dot w_k\cdot\tilde x$, for every"
        r" $v = (\dot w, \dot a, \dot c)$",
        law=law(sides.arrowhead_sides, "==", "directions"),
    ),
    Claim(
        label="c",
        statement=r"the eigenvalues of $\nabla^2f_c$ are, for every $k$ with $a = A_{ck}$"
        r" and $\sigma', \sigma''$ at $z_k$, $\lambda_\pm = \frac{1}{2}(a\sigma''N \pm"
        r" \sqrt{N}\sqrt{a^2\sigma''^2N + 4\sigma'^2})$ with $N = 1 + \|x\|^2$, and"
        r" $p - 2m$ zeros",
        law=law(sides.eigenvalue_sides, "=="),
        dear=True,
    ),
    Claim(
        label="d.1",
        statement=r"without first-layer biases the eigenvalues are the same $\lambda_\pm$"
        r" with $N = \|x\|^2$, and zeros",
        law=law(sides.without_bias_sides, "=="),
        dear=True,
    ),
    Claim(
        label="d.2",
        statement=r"with the second layer frozen they are $A_{ck}\sigma''(z_k)N$ for"
        r" every $k$, and zeros",
        law=law(sides.frozen_sides, "=="),
        dear=True,
    ),
    Claim(
        label="i",
        statement=r"$\nabla^2f_c$ has $\#\{k: \sigma'(z_k) \ne 0\} + \#\{k: \sigma'(z_k) ="
        r" 0,\ A_{ck}\sigma''(z_k) > 0\}$ positive eigenvalues, and as many negative ones"
        r" with $<$ for $>$: a neuron with $\sigma'(z_k) \ne 0$ adds exactly one of each",
        law=law(sides.sign_sides, "=="),
        dear=True,
    ),
    Claim(
        label="ii",
        statement=r"$\operatorname{rank} \nabla^2f_c = 2\,\#\{k: \sigma'(z_k) \ne 0\}"
        r" + \#\{k: \sigma'(z_k) = 0,\ A_{ck}\sigma''(z_k) \ne 0\}$",
        law=law(sides.rank_sides, "=="),
        dear=True,
    ),
    Claim(
        label="iii",
        statement=r"$\|\nabla^2f_c\|_F^2 = \sum_k A_{ck}^2\sigma''(z_k)^2N^2"
        r" + 2\sigma'(z_k)^2N$",
        law=law(sides.frobenius_sides, "=="),
    ),
    Claim(
        label="iv.1",
        statement=r"$\|\nabla^2f_c\| = \max_k \frac{1}{2}(|A_{ck}\sigma''(z_k)|N"
        r" + \sqrt{N}\sqrt{A_{ck}^2\sigma''(z_k)^2N + 4\sigma'(z_k)^2})$",
        law=law(sides.norm_sides, "=="),
        dear=True,
    ),
    Claim(
        label="iv.2",
        statement=r"ReLU: $\|\nabla^2f_c\| = \sqrt{N}$ if some $z_k > 0$, and $0$ if none"
        r" is",
        law=law(sides.relu_norm_sides, "=="),
        activations=("relu",),
        dear=True,
    ),
    Claim(
        label="v",
        statement=r"every eigenvalue $\lambda \ne 0$ of $\nabla^2f_c$ has"
        r" $|\lambda| \ge \beta$, the least over $k$ of"
        r" $\sqrt{N}\sigma'(z_k)^2/(\sqrt{N}|A_{ck}\sigma''(z_k)| + |\sigma'(z_k)|)$"
        r" where $\sigma'(z_k) \ne 0$, and of $N|A_{ck}\sigma''(z_k)|$ where"
        r" $\sigma'(z_k) = 0 \ne A_{ck}\sigma''(z_k)$",
        law=law(sides.gap_sides, "<="),
        dear=True,
    ),
)
_BY = {claim.label: claim for claim in _CLAIMS}

_TWO_UNITS = Example(
    activation="relu",
    x=((1,),),
    W=((1,), (-1,)),
    b=(0, 0),
    A=((1, 1),),
    c=(0,),
    residual=((0,),),
)

T01 = Theorem(
    id="T01",
    title="Gradient, arrowhead functional Hessian, and its exact spectrum",
    topic="derivatives",
    statement=r"Let $x$ be an input, $\tilde x = (x, 1)$ and $z_k = \tilde"
    r" w_k\cdot\tilde x$. For every output $c$, the Hessian $\nabla^2f_c(x)$ in the"
    r" parameters is block diagonal in neuron order and zero on the output biases. Block"
    r" $k$ is the arrowhead $[[A_{ck}\sigma''(z_k)\tilde x\tilde x^T, \sigma'(z_k)\tilde"
    r" x], [\sigma'(z_k)\tilde x^T, 0]]$ on $(\tilde w_k, A_{ck})$ and zero on the other"
    r" entries of $a_k$; its spectrum is explicit, with or without biases.",
    hypotheses=(
        r"$\sigma$ is twice differentiable at every $z_k$",
        r"(iv.2) $\sigma$ is the ReLU",
    ),
    claims=_CLAIMS,
    mutants=(
        Mutant(
            name="∂f_c/∂c = 0",
            claim=changed(_BY["a"], sides.gradient_sides, output_bias=0.0),
        ),
        Mutant(
            name="∂f_c/∂a_k = σ'(z_k) e_c",
            claim=changed(_BY["a"], sides.gradient_sides, own="s1"),
        ),
        Mutant(
            name="cross term counted once",
            claim=changed(_BY["b"], sides.arrowhead_sides, cross=1.0),
        ),
        Mutant(
            name="σ' for σ'' in the corner",
            claim=changed(_BY["b"], sides.arrowhead_sides, bend="s1"),
        ),
        Mutant(
            name="N = ‖x‖² in spite of the bias",
            claim=changed(_BY["c"], sides.eigenvalue_sides, bias=False),
        ),
        Mutant(
            name="2σ'² instead of 4σ'² under the root",
            claim=changed(_BY["c"], sides.eigenvalue_sides, four=2.0),
        ),
        Mutant(
            name="2σ'² instead of 4σ'² under the root, without biases",
            claim=changed(_BY["d.1"], sides.without_bias_sides, four=2.0),
        ),
        Mutant(
            name="frozen second layer: N = ‖x‖² in spite of the bias",
            claim=changed(_BY["d.2"], sides.frozen_sides, bias=False),
        ),
        Mutant(
            name="one eigenvalue of each sign fewer",
            claim=changed(_BY["i"], sides.sign_sides, extra=-1.0),
        ),
        Mutant(
            name="one eigenvalue of each sign more",
            claim=changed(_BY["i"], sides.sign_sides, extra=1.0),
        ),
        Mutant(
            name="flat neurons (σ' = 0) add no rank",
            claim=changed(_BY["ii"], sides.rank_sides, bent=0.0),
        ),
        Mutant(name="rank + 1", claim=changed(_BY["ii"], sides.rank_sides, extra=1.0)),
        Mutant(
            name="σ'²N counted once",
            claim=changed(_BY["iii"], sides.frobenius_sides, two=1.0),
        ),
        Mutant(
            name="N instead of √N before the root",
            claim=changed(_BY["iv.1"], sides.norm_sides, root=False),
        ),
        Mutant(
            name="ReLU: every z_k > 0 instead of some",
            claim=changed(_BY["iv.2"], sides.relu_norm_sides, every=True),
        ),
        Mutant(
            name="½|σ'| instead of |σ'| in the denominator of β",
            claim=changed(_BY["v"], sides.gap_sides, slopes=0.5),
        ),
    ),
    proof=r"$f_c = \sum_k A_{ck}\sigma(z_k) + c_c$ with $z_k = \tilde w_k\cdot\tilde x$,"
    r" a sum of functions of the disjoint groups $(\tilde w_k, A_{ck})$ and of $c_c$."
    r" (a) The chain rule, with $\partial z_k/\partial\tilde w_k = \tilde x$. (b) Once"
    r" more: $\partial^2f_c/\partial\tilde w_k\partial\tilde w_k^T = A_{ck}\sigma''"
    r"\tilde x\tilde x^T$, $\partial^2f_c/\partial\tilde w_k\partial A_{ck} ="
    r" \sigma'\tilde x$, and every other second derivative is $0$; this is the arrowhead,"
    r" and $v^T\nabla^2f_cv$ sums $\dot w_k^T(A_{ck}\sigma''\tilde x\tilde x^T)\dot w_k"
    r" + 2\dot w_k^T(\sigma'\tilde x)\dot a_{ck}$."
    r" (c) The spectrum of a block-diagonal matrix is the union of its blocks' spectra."
    r" With $a = A_{ck}$, block $k$ maps $(\beta\tilde x, \gamma)$ to"
    r" $((a\sigma''N\beta + \sigma'\gamma)\tilde x, \sigma'N\beta)$ and everything"
    r" orthogonal to $(\tilde x, 0)$ and $(0, 1)$ to $0$. In the orthonormal basis"
    r" $(\tilde x/\sqrt{N}, 0)$, $(0, 1)$ it is $[[a\sigma''N, \sigma'\sqrt{N}],"
    r" [\sigma'\sqrt{N}, 0]]$, of trace $a\sigma''N$ and determinant $-\sigma'^2N$, so"
    r" $\lambda_\pm$ solve $\lambda^2 - a\sigma''N\lambda - \sigma'^2N = 0$. All other"
    r" eigenvalues, $p - 2m$ in number, are $0$."
    r" (d) Striking out the rows and columns of $b$ leaves the same blocks with $x$ for"
    r" $\tilde x$, so for $x \ne 0$ the computation of (c) holds with $N = \|x\|^2$; for"
    r" $x = 0$ the blocks vanish, and so do $\lambda_\pm$ with $N = 0$. Striking out those"
    r" of $A$ leaves the blocks $a\sigma''\tilde x\tilde x^T$, with the eigenvalue"
    r" $a\sigma''N$ on $\tilde x$ and $0$ on its complement."
    r" (i) If $\sigma' \ne 0$, then $\lambda_+\lambda_- = -\sigma'^2N < 0$, as $N \ge 1$:"
    r" one is positive, one negative. If $\sigma' = 0$, they are $a\sigma''N$ and $0$."
    r" Sum over $k$. (ii) The rank of a symmetric matrix is the number of its eigenvalues"
    r" other than $0$, counted in (i)."
    r" (iii) The entries of block $k$ have the squares $a^2\sigma''^2\tilde x_j^2"
    r"\tilde x_l^2$ and, twice, $\sigma'^2\tilde x_j^2$; they sum to $a^2\sigma''^2N^2 +"
    r" 2\sigma'^2N$."
    r" (iv) The norm of a symmetric matrix is the largest $|\lambda|$. With"
    r" $u = a\sigma''N$ and $R = \sqrt{N}\sqrt{a^2\sigma''^2N + 4\sigma'^2}$ that of block"
    r" $k$ is $\max \frac{1}{2}|u \pm R| = \frac{1}{2}(|u| + R)$. For the ReLU"
    r" $\sigma'' = 0$ and $\sigma'$ is $1$ for $z_k > 0$ and $0$ for $z_k < 0$, so it is"
    r" $\sqrt{N}$ or $0$."
    r" (v) Let $\sigma' \ne 0$ and $w = \sqrt{N}|\sigma'|$. Then $R^2 = u^2 + 4w^2 \le"
    r" (|u| + 2w)^2$, so the larger of $|\lambda_\pm|$ is at most $|u| + w$, and the"
    r" smaller, as $|\lambda_+\lambda_-| = w^2$, at least $w^2/(|u| + w) ="
    r" \sqrt{N}\sigma'^2/(\sqrt{N}|a\sigma''| + |\sigma'|)$. If $\sigma' = 0$, the only"
    r" eigenvalue that may differ from $0$ is $a\sigma''N$.",
    source="folklore; the spectrum is derived here",
    witnesses=(
        Witness(
            labels=("v",),
            note="ReLU: σ'' = 0, and the eigenvalues other than 0 are ±√N = ±β",
            example=_TWO_UNITS,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="σ'(z_k) ≠ 0 for one eigenvalue of each sign: a ReLU unit with z_k < 0"
            " adds none",
            claim=changed(_BY["i"], sides.sign_sides, all_steep=True),
            example=_TWO_UNITS,
        ),
    ),
)
