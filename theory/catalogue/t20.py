"""T20: population spectra of erf and z² at the global minimum."""

from fractions import Fraction
from typing import Any

from ..theorems import Claim, Counterexample, Mutant, Theorem, Witness
from ..worlds import WorldExample
from . import t20_sides as sides
from .laws import changed, law_of

__all__ = ["T20"]


def _claim(
    label: str, statement: str, form: Any, relation: Any = "==", **keywords: Any
) -> Claim:
    law = law_of(sides.GLOBAL, form, relation, **keywords)
    return Claim(label=label, statement=statement, law=law)


_CLAIMS = (
    _claim(
        "a.1",
        r"erf: $H$ maps column $l$ of $T$ by $cM_l$",
        sides.erf_operator_sides,
    ),
    _claim(
        "a.2",
        r"erf: $\langle T, HT\rangle = D^2L(V)[T,T]$ by the series of $L$",
        sides.series_sides,
        activation="erf",
    ),
    _claim(
        "a.3",
        r"erf: $H$ has no eigenvalue but those of the table",
        sides.annihilation_sides,
        activation="erf",
    ),
    _claim(
        "a.4",
        r"erf: $\operatorname{tr} H^j = \sum_\lambda m_\lambda\lambda^j$ for"
        r" $j = 0, \dots, 5$: their multiplicities $m_\lambda$",
        sides.trace_powers_sides,
        activation="erf",
    ),
    _claim(
        "a.5",
        r"erf: $\lambda_{\min}(H) = \lambda_-$: $\langle T, HT\rangle \ge"
        r" \lambda_-\|T\|_F^2$",
        sides.least_sides,
        "<=",
    ),
    _claim(
        "a.6",
        r"erf, $d = k$: $\lambda_{\max}(H) = \lambda_+$: $\langle T, HT\rangle \le"
        r" \lambda_+\|T\|_F^2$",
        sides.largest_sides,
        "<=",
    ),
    _claim(
        "a.7",
        r"erf: $\lambda_-\lambda_+ = c^2(\frac{1}{9}-\frac{1}{16}"
        r"+(k-2)(1/(6\sqrt{3})-\frac{1}{16}))$, which is positive",
        sides.product_sides,
    ),
    _claim(
        "a.8",
        r"erf: $\lambda_{\min}(H) \ge c(3^{-3/2}-\frac{1}{8})$ for every $k$ and $d$:"
        r" $\langle T, HT\rangle \ge c(3^{-3/2}-\frac{1}{8})\|T\|_F^2$",
        sides.limit_sides,
        "<=",
    ),
    _claim(
        "b.1",
        r"$z^2$: $\langle T, HT\rangle ="
        r" 2\|A+A^T\|_F^2+4(\operatorname{tr} A)^2+4\|B\|_F^2$ for $T = [A, B]$",
        sides.form_sides,
    ),
    _claim(
        "b.2",
        r"$z^2$: $\langle T, HT\rangle = D^2L(V)[T,T]$ by the series of $L$",
        sides.series_sides,
        activation="quadratic",
    ),
    _claim(
        "b.3",
        r"$z^2$: $H$ has no eigenvalue but 0, 8, $8+4k$ and 4",
        sides.annihilation_sides,
        activation="quadratic",
    ),
    _claim(
        "b.4",
        r"$z^2$: $\operatorname{tr} H^j = \sum_\lambda m_\lambda\lambda^j$ for"
        r" $j = 0, \dots, 4$: their multiplicities $m_\lambda$",
        sides.trace_powers_sides,
        activation="quadratic",
    ),
    _claim(
        "b.5",
        r"$z^2$: $\operatorname{rank} H = kd-k(k-1)/2$",
        sides.rank_sides,
    ),
)
_CLAIM = {claim.label: claim for claim in _CLAIMS}


def _mutant(name: str, label: str, form: Any, **keywords: Any) -> Mutant:
    return Mutant(name=name, claim=changed(_CLAIM[label], form, **keywords))


_MUTANTS = (
    _mutant(
        "½ in place of ¼ beside the diagonal in (a.1)",
        "a.1",
        sides.erf_operator_sides,
        quarter=2,
    ),
    _mutant(
        "1/(2√3) in place of 3^(-3/2) in (a.1)",
        "a.1",
        sides.erf_operator_sides,
        cubed=2,
    ),
    _mutant(
        "3^(-½) - ⅓ in place of 3^(-½) - ½ in (a.3)",
        "a.3",
        sides.annihilation_sides,
        activation="erf",
        half=3,
    ),
    _mutant(
        "√(k-1)/3 in place of √(k-1)/4 beside the diagonal, in (a.3)",
        "a.3",
        sides.annihilation_sides,
        activation="erf",
        sixteen=9,
    ),
    _mutant(
        "multiplicity k(k - 1) in place of k(k - 2) in (a.4)",
        "a.4",
        sides.trace_powers_sides,
        activation="erf",
        rest=1,
    ),
    _mutant("c(3^(-½) - ½) in place of λ_-", "a.5", sides.least_sides, flat=True),
    _mutant(
        "λ_- with √(k-1)/5 in place of √(k-1)/4",
        "a.5",
        sides.least_sides,
        sixteen=25,
    ),
    _mutant("1/8 in place of 1/9 in (a.7)", "a.7", sides.product_sides, ninth=8),
    _mutant("1/9 in place of 1/8 in (a.8)", "a.8", sides.limit_sides, eighth=9),
    _mutant("‖A + Aᵀ‖² once in (b.1)", "b.1", sides.form_sides, twice=1),
    _mutant("2(tr A)² in (b.1)", "b.1", sides.form_sides, traced=2),
    _mutant("8‖B‖² in (b.1)", "b.1", sides.form_sides, beyond=8),
    _mutant(
        "8 + 2k in place of 8 + 4k in (b.3)",
        "b.3",
        sides.annihilation_sides,
        activation="quadratic",
        top=2,
    ),
    _mutant(
        "8 in place of 4 beyond k in (b.4)",
        "b.4",
        sides.trace_powers_sides,
        activation="quadratic",
        beyond=8,
    ),
    _mutant(
        "multiplicity k(k + 1)/2 of 0 in (b.4)",
        "b.4",
        sides.trace_powers_sides,
        activation="quadratic",
        orbit=1,
    ),
    _mutant("rank H = kd - k(k + 1)/2", "b.5", sides.rank_sides, orbit=1),
)

_PAIR = WorldExample(
    world=sides.GLOBAL,
    values={"activation": "erf", "k": 2, "T": ((-1000, 0), (492, 0))},
)
"""k = d = 2, and in the first column nearly an eigenvector for λ_-."""

T20 = Theorem(
    id="T20",
    title="Spectra of erf and z² at the global minimum under Gaussian inputs",
    topic="population",
    statement=r"Let $H$ be the Hessian of the population loss of T18 at"
    r" $W = V = [I_k, 0] \in \mathbb{R}^{k\times d}$, $k \ge 2$. (a) For"
    r" $\operatorname{erf}(z/\sqrt{2})$ put $c = 2/\pi$ and let $\lambda_\pm$ be the"
    r" eigenvalues of $c((3^{-3/2}, \sqrt{k-1}/4), (\sqrt{k-1}/4, 3^{-1/2}+(k-2)/2))$."
    r" $H$ acts on each column of $T$ alone: on column $l \le k$ by $cM_l$ with"
    r" $(M_l)_{ll} = 3^{-3/2}$, else $3^{-1/2}$ on the diagonal, $\frac{1}{4}$ beside it in"
    r" row and column $l$ and $\frac{1}{2}$ elsewhere; on column $l > k$ by"
    r" $c((3^{-1/2}-\frac{1}{2})I+\frac{1}{2}11^T)$. Its eigenvalues are"
    r" $c(3^{-1/2}-\frac{1}{2})$, with multiplicity $k(k-2)+(k-1)(d-k)$; $\lambda_\pm$,"
    r" $k$ each; $c(3^{-1/2}+(k-1)/2)$, $d-k$. It is positive definite, with"
    r" $\lambda_{\min} = \lambda_-$ bounded away from 0 for all $k$ and $d$. (b) For $z^2$"
    r" they are 0, with multiplicity $k(k-1)/2$, the dimension of the orbit of $O(k)$; 8,"
    r" $k(k+1)/2-1$; $8+4k$, 1; 4, $k(d-k)$. Judged are: $HT$ for drawn $T$ from moments"
    r" of $\sigma'$, $\prod_\lambda(H-\lambda I)T = 0$, and traces of powers, which"
    r" determine the multiplicities of distinct numbers.",
    hypotheses=(
        r"$x \sim N(0, I_d)$, second layers of ones, no biases",
        r"$W = V = [I_k, 0]$ with $d \ge k \ge 2$",
        r"(a.6): $d = k$",
    ),
    claims=_CLAIMS,
    mutants=_MUTANTS,
    proof=r"At $W = V$ the second derivatives in one argument cancel in T18(c.5), so"
    r" $H_{ij} = \partial_u\partial_v\kappa(e_i,e_j)$. (a.1), (a.2) By T18(b.6): for"
    r" $i \ne j$, $a = b = 2$, $r = 0$, $D = 4$ and $p = e_j$, so $H_{ij} ="
    r" \frac{1}{2}c(I-\frac{1}{2}e_ie_i^T-\frac{1}{2}e_je_j^T)$; for $i = j$, $r = 1$,"
    r" $D = 3$ and $p = \frac{1}{2}e_i$, so $H_{ii} = 3^{-1/2}c(I-\frac{2}{3}e_ie_i^T)$."
    r" All blocks are diagonal, hence the columns of $T$ do not mix; their entries are"
    r" those of $M_l$. (a.3), (a.4) In column $l \le k$, vectors that are 0 at $l$ and have"
    r" sum 0 form $k-2$ dimensions with the eigenvalue $c(3^{-1/2}-\frac{1}{2})$. The rest"
    r" is spanned by $e_l$ and $(1-e_l)/\sqrt{k-1}$, where $cM_l$ is the matrix of"
    r" $\lambda_\pm$. In column $l > k$ there are $k-1$ dimensions with sum 0, and $1$."
    r" Together that is $k(k-2)+2k+(k-1)(d-k)+(d-k) = kd$. (a.7) is the determinant:"
    r" $3^{-3/2}3^{-1/2} = \frac{1}{9}$, and $3^{-3/2}/2 = 1/(6\sqrt{3})$, which exceeds"
    r" $\frac{1}{16}$. (a.5), (a.6) With $\alpha = 3^{-3/2}$, $\beta = 3^{-1/2}+(k-2)/2$ and"
    r" $P(y) = (y-\alpha)(y-\beta)-(k-1)/16$, $\lambda_\pm = cy$ at the zeros of $P$. At"
    r" $y = 3^{-1/2}-\frac{1}{2}$, $y-\beta = -(k-1)/2$ and"
    r" $y-\alpha = 2\cdot3^{-3/2}-\frac{1}{2} > -\frac{1}{8}$, so $P(y) < 0$ and"
    r" $\lambda_- < cy < \lambda_+$; and $c(3^{-1/2}+(k-1)/2) > c\beta > \lambda_-$. (a.8) At"
    r" $y = \alpha-\frac{1}{8}$, $P(y) = \frac{1}{8}(\beta-y-(k-1)/2) ="
    r" \frac{1}{8}(2\cdot3^{-3/2}-\frac{3}{8}) > 0$ with $y < \alpha$, so"
    r" $cy < \lambda_-$. (b.1), (b.2) By T18(b.9), $H_{ij} ="
    r" 4(e_ie_j^T+e_je_i^T+\delta_{ij}I)$, and $\langle T, HT\rangle ="
    r" 4\sum_{ij}(T_{ii}T_{jj}+T_{ij}T_{ji})+4\|T\|_F^2 = 4(\operatorname{tr} A)^2"
    r"+4\operatorname{tr}(A^2)+4\|A\|_F^2+4\|B\|_F^2$, where"
    r" $\|A+A^T\|_F^2 = 2\|A\|_F^2+2\operatorname{tr}(A^2)$. (b.3), (b.4) $A$"
    r" antisymmetric, $A$ symmetric with trace 0, multiples of $I$ and $B$ are orthogonal"
    r" and invariant, with dimensions $k(k-1)/2$, $k(k+1)/2-1$, 1 and $k(d-k)$; the form"
    r" is there 0, $8\|A\|_F^2$, $8k+4k^2$ at $A = I$, whose square is $k$, and"
    r" $4\|B\|_F^2$. Traces of powers determine multiplicities, a Vandermonde system. (b.5)"
    r" counts the others.",
    source="derived here, from the kernels of Saad and Solla (1995)",
    uses=("T18",),
    witnesses=(
        Witness(
            labels=("a.5",),
            note="k = 2 and T close to an eigenvector for λ_-",
            example=_PAIR,
            ratio=0.9999,
        ),
        Witness(
            labels=("a.6",),
            note="k = 2 and T close to an eigenvector for λ_+",
            example=_PAIR.but(T=((492, 0), (1000, 0))),
            ratio=0.9999,
        ),
        Witness(
            labels=("a.8",),
            note="k = 12 and T close to an eigenvector for λ_-",
            example=_PAIR.but(
                k=12,
                T=tuple(
                    tuple(
                        Fraction((1000 if i == 0 else -45) * (a == 0))
                        for a in range(12)
                    )
                    for i in range(12)
                ),
            ),
            ratio=0.99,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="d = k in (a.6): for d = 3 and k = 2, equal rows in the third column"
            " have a larger eigenvalue",
            claim=changed(_CLAIM["a.6"], sides.largest_sides, square=False),
            example=_PAIR.but(d=3, T=((0, 0, 1), (0, 0, 1))),
        ),
        Counterexample(
            dropped="the columns beyond k: for k = 2 and d = 3 the families of column"
            " l ≤ k are 4 eigenvalues of 6",
            claim=changed(
                _CLAIM["a.4"],
                sides.trace_powers_sides,
                activation="erf",
                beyond=False,
            ),
            example=_PAIR.but(d=3, T=((0, 0, 1), (0, 0, 1))),
        ),
    ),
)
