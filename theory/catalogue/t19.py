"""T19: the spectrum of ReLU's population Hessian at the global minimum."""

from fractions import Fraction
from typing import Any

from ..theorems import Claim, Counterexample, Mutant, Theorem, Witness
from ..worlds import WorldExample
from . import t19_sides as sides
from .laws import changed, law_of

__all__ = ["T19"]


def _claim(
    label: str, statement: str, form: Any, relation: Any = "==", **keywords: Any
) -> Claim:
    law = law_of(sides.GLOBAL, form, relation, **keywords)
    return Claim(label=label, statement=statement, law=law)


_CLAIMS = (
    _claim(
        "a.1",
        r"$HT = \frac{1}{4}T+\frac{1}{4}11^TT+\varrho\,[\operatorname{tr}(A)I"
        r"-2\operatorname{diag}(A)+A^T, 0]$ for $T = [A, B]$, $k \ge 2$",
        sides.operator_sides,
    ),
    _claim(
        "a.2",
        r"$H_{ii} = \frac{1}{2}I$ and"
        r" $H_{ij} = \frac{1}{4}I+\varrho(e_ie_j^T+e_je_i^T)$ for $i \ne j$, $k \ge 2$",
        sides.block_sides,
    ),
    _claim(
        "b.1",
        r"$H$ has no eigenvalue but those of the table",
        sides.annihilation_sides,
    ),
    _claim(
        "b.2",
        r"$\operatorname{tr} H^j = \sum_\lambda m_\lambda\lambda^j$ for"
        r" $j = 0, \dots, 8$: their multiplicities $m_\lambda$",
        sides.trace_powers_sides,
    ),
    _claim(
        "b.3",
        r"$k = 2$: $H$ has no eigenvalue but $\frac{1}{4}\pm\varrho$,"
        r" $\frac{3}{4}\pm\varrho$, $\frac{1}{4}$, $\frac{3}{4}$",
        sides.annihilation_sides,
        pair=True,
    ),
    _claim(
        "b.4",
        r"$k = 2$: the first four are simple, $\frac{1}{4}$ and $\frac{3}{4}$ have"
        r" multiplicity $d-2$: $\operatorname{tr} H^j$ for $j = 0, \dots, 6$",
        sides.trace_powers_sides,
        pair=True,
    ),
    _claim(
        "c.1",
        r"$\lambda_{\min}(H) = \frac{1}{4}-\varrho$ for every $k \ge 2$:"
        r" $\langle T, HT\rangle \ge (\frac{1}{4}-\varrho)\|T\|_F^2$",
        sides.least_sides,
        "<=",
    ),
    _claim(
        "c.2",
        r"$\lambda_{\max}(H) = \frac{1}{2}(t+\sqrt{t^2-4D})$:"
        r" $\langle T, HT\rangle \le \lambda_{\max}\|T\|_F^2$",
        sides.largest_sides,
        "<=",
    ),
    _claim(
        "c.3",
        r"$\operatorname{tr} H = kd/2$, $k \ge 2$",
        sides.trace_sides,
    ),
    _claim(
        "d.1",
        r"$\lambda_{\max}(H) \ge (k+1)/4+2\varrho(1-1/k)$",
        sides.growth_below_sides,
        "<=",
    ),
    _claim(
        "d.2",
        r"$\lambda_{\max}(H) \le k/4+\varrho+"
        r"(k-1)/(16(k-2)(\frac{1}{4}-\varrho))$",
        sides.growth_above_sides,
        "<=",
    ),
    _claim(
        "d.3",
        r"exactly $d+1$ eigenvalues exceed $9/20$",
        sides.above_sides,
    ),
)
_CLAIM = {claim.label: claim for claim in _CLAIMS}


def _mutant(name: str, label: str, form: Any, **keywords: Any) -> Mutant:
    return Mutant(name=name, claim=changed(_CLAIM[label], form, **keywords))


_MUTANTS = (
    _mutant("ϱ = 1/π in (a.1)", "a.1", sides.operator_sides, share=1),
    _mutant("diag(A) once in (a.1)", "a.1", sides.operator_sides, diagonal=1),
    _mutant("(a.1) without tr(A)I", "a.1", sides.operator_sides, traced=0),
    _mutant("H_ii = I in (a.2)", "a.2", sides.block_sides, own=1),
    _mutant("ϱ = 1/π in (a.2)", "a.2", sides.block_sides, share=1),
    _mutant("ϱ = 1/π in (b.1)", "b.1", sides.annihilation_sides, share=1),
    _mutant(
        "8/π in place of 16/π under the root, in (b.1)",
        "b.1",
        sides.annihilation_sides,
        sixteen=8,
    ),
    _mutant(
        "multiplicity (k - 1)(k - 2)/2 of ¼ - ϱ",
        "b.2",
        sides.trace_powers_sides,
        merged=0,
    ),
    _mutant(
        "multiplicity k(k - 1)/2 of ¼ + ϱ",
        "b.2",
        sides.trace_powers_sides,
        symmetric=1,
    ),
    _mutant(
        "multiplicity k of the pair of roots",
        "b.2",
        sides.trace_powers_sides,
        standard=0,
    ),
    _mutant(
        "8/π in place of 16/π under the root, in (b.2)",
        "b.2",
        sides.trace_powers_sides,
        sixteen=8,
    ),
    _mutant("ϱ = 1/π in (b.3)", "b.3", sides.annihilation_sides, pair=True, share=1),
    _mutant(
        "½ in place of ¾ in (b.4)",
        "b.4",
        sides.trace_powers_sides,
        pair=True,
        top=2,
    ),
    _mutant("λ_min = ¼ - 1/(3π)", "c.1", sides.least_sides, share=3),
    _mutant("λ_min = ¼ + ϱ", "c.1", sides.least_sides, sign=1),
    _mutant(
        "the larger of the pair of roots in place of λ_max",
        "c.2",
        sides.largest_sides,
        standard=True,
    ),
    _mutant("tr H = kd", "c.3", sides.trace_sides, half=1),
    _mutant("4ϱ in place of 2ϱ in (d.1)", "d.1", sides.growth_below_sides, rhos=4),
    _mutant("20 in place of 16 in (d.2)", "d.2", sides.growth_above_sides, sixteen=20),
    _mutant("k + 1 in place of d + 1 in (d.3)", "d.3", sides.above_sides, inputs=False),
)

_TURN = WorldExample(
    world=sides.GLOBAL,
    values={"activation": "relu", "k": 3, "T": ((0, 1, -1), (-1, 0, 1), (1, -1, 0))},
)
"""k = d = 3 and an antisymmetric T whose rows add up to 0."""

T19 = Theorem(
    id="T19",
    title="ReLU spectrum at the global minimum under Gaussian inputs",
    topic="population",
    statement=r"Let $H$ be the Hessian of the population loss of T18 for ReLU at the"
    r" global minimum $W = V = [I_k, 0] \in \mathbb{R}^{k\times d}$, and"
    r" $\varrho = 1/2\pi$. For $k \ge 3$ its eigenvalues are, with multiplicities:"
    r" $\frac{1}{4}-\varrho$, $k(k-1)/2$; $\frac{1}{4}+\varrho$, $k(k-3)/2$;"
    r" $(k+2\pm\sqrt{k^2-16/\pi+16/\pi^2})/8$, $k-1$ each;"
    r" $\frac{1}{2}(t\pm\sqrt{t^2-4D})$, 1 each, with"
    r" $t = \frac{1}{2}+k/4+k\varrho$ and"
    r" $D = (4k^2\varrho+16k\varrho^2-4k\varrho+k-16\varrho^2+8\varrho+1)/16$;"
    r" $\frac{1}{4}$, $(k-1)(d-k)$; $(k+1)/4$, $d-k$. For $d = k$, $k^2-2k$ of them are the"
    r" constants $\frac{1}{4}\pm\varrho$, $k-1$ are $\frac{1}{4}+O(1/k)$, and $k+1$ grow"
    r" linearly in $k$. The least is $\frac{1}{4}-\varrho$, about 0.0908, whatever $k$"
    r" and $d$ are: none is close to 0 but relative to the largest. Judged are: $HT$ for"
    r" drawn $T$ from moments of $\sigma'$, $\prod_\lambda(H-\lambda I)T = 0$, and traces"
    r" of powers, which determine the multiplicities of distinct numbers.",
    hypotheses=(
        r"$x \sim N(0, I_d)$, ReLU, second layers of ones, no biases",
        r"$W = V = [I_k, 0]$ with $d \ge k$",
        r"$k \ge 3$, but for (a), (b.3), (b.4), (c.1) and (c.3)",
    ),
    claims=_CLAIMS,
    mutants=_MUTANTS,
    proof=r"(a) By T18(c.4), $H_{ij} = h_2(e_i,e_j)$ with $\theta = \pi/2$,"
    r" $n = e_j$, $n' = e_i$; in $H_{ii}$ the $h_1(e_i,e_j)$, $j \ne i$, of students and"
    r" teachers cancel, and $h_1(e_i,e_i) = 0$. So row $i$ of $HT$ is, with $t_j$ the rows"
    r" of $T$, $\frac{1}{2}t_i+\sum_{j\ne i}(\frac{1}{4}t_j+\varrho(T_{jj}e_i+T_{ji}e_j))"
    r" = \frac{1}{4}t_i+\frac{1}{4}\sum_jt_j+\varrho((\operatorname{tr} A-2T_{ii})e_i"
    r"+\sum_jT_{ji}e_j)$. (b) $H$ maps the columns beyond $k$ by"
    r" $\frac{1}{4}I+\frac{1}{4}11^T$, which is $\frac{1}{4}$ on the $k-1$ dimensions with sum"
    r" 0 and $(k+1)/4$ on $1$, in each of $d-k$ columns. Now let $T = A$ be square. The"
    r" span $U$ of $I$, $11^T$ and all $\operatorname{diag}(s)$, $s1^T$, $1s^T$ with"
    r" $\sum_is_i = 0$ is invariant. For $k \ge 3$ its dimension is $2+3(k-1)$: if"
    r" $\alpha I+\beta11^T+\operatorname{diag}(g)+m1^T+1v^T = 0$, with the entries of"
    r" $g$, $m$, $v$ adding up to 0, then $m_i+v_j+\beta = 0$ for all $i \ne j$; for two rows"
    r" $i$, $i'$ there is a third index $j$, so $m_i = m_{i'}$ and $m = 0$; for two"
    r" columns a third row gives $v = 0$, and then $\beta = 0$, $g = 0$, $\alpha = 0$. The orthogonal"
    r" complement of $U$"
    r" consists of the matrices with zero diagonal and zero sums of rows and columns; it is"
    r" the sum of its antisymmetric matrices, of dimension $(k-1)(k-2)/2$, on which"
    r" $H = \frac{1}{4}-\varrho$, and its symmetric ones, of dimension $k(k-3)/2$, on which"
    r" $H = \frac{1}{4}+\varrho$. On $\alpha I+\beta11^T$, $H$ is the matrix"
    r" $((\frac{1}{4}+(k-1)\varrho, (k-2)\varrho), (\frac{1}{4}, \frac{1}{4}+k/4+\varrho))$"
    r" for $(\alpha,\beta)$, with trace $t$ and determinant $D$. On"
    r" $\gamma\operatorname{diag}(s)+\mu s1^T+\nu1s^T$ it is"
    r" $((\frac{1}{4}-\varrho, -2\varrho, -2\varrho), (0, \frac{1}{4}, \varrho),"
    r" (\frac{1}{4}, \varrho, (k+1)/4))$ for $(\gamma,\mu,\nu)$, whose characteristic"
    r" polynomial is $(\lambda-\frac{1}{4}+\varrho)"
    r"(\lambda^2-(k+2)\lambda/4+(k+1+8\varrho-16\varrho^2)/16)$; each root counts for the"
    r" $k-1$ dimensions of $s$, and $(k-1)(k-2)/2+(k-1) = k(k-1)/2$. Multiplicities are"
    r" also determined by $\operatorname{tr} H^j$, a Vandermonde system. For $k = 2$ put"
    r" $J = 11^T-I$, $Z = \operatorname{diag}(1,-1)$ and $K = ((0,-1),(1,0))$: $11^TZ ="
    r" 11^TK = Z+K$, so $H$ has on $Z, K$ the diagonal $\frac{1}{2}-\varrho$ and on $I, J$"
    r" the diagonal $\frac{1}{2}+\varrho$, beside it $\frac{1}{4}$ in both. (c.3) The"
    r" diagonal entries of $H$ are $\frac{1}{2}$. (c.1), (c.2), (d.3) Let $k \ge 3$ and"
    r" $q = 16/\pi-16/\pi^2 < 3.5$. The pair of roots is"
    r" $\frac{1}{4}+q/(8(k+\sqrt{k^2-q}))$, which is above $\frac{1}{4}$ and at most 0.34, and"
    r" $(k+2+\sqrt{k^2-q})/8$, which is above 0.9 and below $(k+1)/4$. The block of"
    r" $I$, $11^T$ is similar to $((\frac{1}{2}+(k-1)\varrho, (k-1)/4), (\frac{1}{4},"
    r" k/4+\varrho))$, in the basis $I$, $J$: less $\frac{9}{20}I$ its diagonal is positive,"
    r" and its determinant, 0.04 at $k = 3$, grows with $k$, so both roots exceed"
    r" $9/20$; $\frac{1}{4}+\varrho < 0.41$ does not. That makes $(k-1)+2+(d-k)$. By (d.1)"
    r" $\lambda_{\max}$ is the larger of these two roots, and $\frac{1}{4}-\varrho$ is below"
    r" all else; for $k = 2$ it is by (b.3). (d.1) is the quotient of $T = 11^T$:"
    r" $\langle T,HT\rangle = k^2(\frac{1}{4}+k/4+2\varrho-2\varrho/k)$. (d.2) Let $a$, $b$ be"
    r" the diagonal of the last block. $\lambda = \lambda_{\max}$ satisfies"
    r" $(\lambda-a)(\lambda-b) = (k-1)/16$ and $\lambda > b$, so"
    r" $\lambda-a > b-a = (k-2)(\frac{1}{4}-\varrho)$; divide.",
    source="setting of Arjevani and Field (2020); closed forms derived here",
    uses=("T18",),
    witnesses=(
        Witness(
            labels=("c.1",),
            note="k = 3 and T antisymmetric with zero row sums",
            example=_TURN,
        ),
        Witness(
            labels=("c.2",),
            note="k = 3 and T close to the eigenvector in the span of I and 11ᵀ",
            example=_TURN.but(
                T=tuple(
                    tuple(Fraction(1000 + 244 * (i == j)) for j in range(3))
                    for i in range(3)
                )
            ),
            ratio=0.99999,
        ),
        Witness(
            labels=("d.1", "d.2"),
            note="k = 3000: all sides are k/4 but for a constant",
            example=_TURN,
            ratio=0.999,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="k ≥ 3 in (d.3): for k = 2 two eigenvalues exceed 9/20, not three",
            claim=changed(_CLAIM["d.3"], sides.above_sides, always=True),
            example=_TURN.but(k=2, T=((0, 1), (-1, 0))),
        ),
        Counterexample(
            dropped="the columns beyond k: for k = 3 and d = 4 the first six families are"
            " 9 eigenvalues of 12",
            claim=changed(_CLAIM["b.2"], sides.trace_powers_sides, beyond=False),
            example=_TURN.but(d=4, T=((0, 1, -1, 0), (-1, 0, 1, 0), (1, -1, 0, 0))),
        ),
    ),
)
