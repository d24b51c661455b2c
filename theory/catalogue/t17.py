"""T17: exact Hessian ranks of linear networks with two layers."""

from typing import Any

from ..theorems import Claim, Counterexample, Mutant, Theorem, Witness
from ..worlds import WorldExample
from .laws import changed, law_of

__all__ = ["T17"]

LINEAR = "linear-networks"


def _rank_G_sides(
    q: Any, *, inputs: str = "r", first: str = "rank_W_on_data", overlap: int = 1
) -> tuple[int, int]:
    """rank G and ρ_A r + C ρ_W - ρ_A ρ_W."""
    r, rank_W = getattr(q, inputs), getattr(q, first)
    return q.rank_G, q.rank_A * r + q.C * rank_W - overlap * q.rank_A * rank_W


def _swapped_rank_G_sides(q: Any) -> tuple[int, int]:
    """rank G and C ρ_A + r ρ_W - ρ_A ρ_W."""
    rank_W = q.rank_W_on_data
    return q.rank_G, q.C * q.rank_A + q.r * rank_W - q.rank_A * rank_W


def _biased_rank_G_sides(q: Any) -> tuple[int, int]:
    """The same where G has an output bias too."""
    return q.rank_G_with_bias, _rank_G_sides(q)[1]


def _generic_G(q: Any, inputs: int) -> int:
    least = min(inputs, q.m, q.C)
    return least * (inputs + q.C - least)


def _most_G_sides(q: Any, *, less: int = 0) -> tuple[int, int]:
    """rank G and q(r + C - q)."""
    return q.rank_G, _generic_G(q, q.r) - less


def _generic_G_sides(q: Any, *, inputs: str = "r") -> tuple[int, int]:
    return q.generic_rank_G, _generic_G(q, getattr(q, inputs))


def _here_G_sides(q: Any) -> tuple[int, int]:
    return q.rank_G, _generic_G(q, q.r)


def _rank_F_sides(q: Any, *, factor: int = 2, full: bool = False) -> tuple[int, int]:
    """rank F and 2m rank Ω."""
    return q.rank_F, factor * q.m * (min(q.r, q.C) if full else q.rank_Omega)


def _inertia_sides(
    q: Any, *, positive: int = 1, negative: int = 1
) -> tuple[tuple[int, int], tuple[int, int]]:
    """(n_+, n_-) of F and (m rank Ω, m rank Ω)."""
    size = q.m * q.rank_Omega
    return q.inertia_F, (positive * size, negative * size)


def _generic_H(q: Any, *, modulus: bool = True, inputs: str = "r") -> int:
    r = getattr(q, inputs)
    least, gap = min(r, q.m, q.C), r - q.C
    return 2 * q.m * min(r, q.C) + least * (abs(gap) if modulus else gap)


def _most_H_sides(q: Any, **keywords: Any) -> tuple[int, int]:
    """rank H and 2ms + q|r - C|."""
    return q.rank_H, _generic_H(q, **keywords)


def _generic_H_sides(q: Any, **keywords: Any) -> tuple[int, int]:
    return q.generic_rank_H, _generic_H(q, **keywords)


def _here_H_sides(q: Any) -> tuple[int, int]:
    return q.rank_H, _generic_H(q)


def _sum_sides(q: Any) -> tuple[int, int]:
    """rank H and min(m(r + C), rank G + rank F)."""
    return q.rank_H, min(q.m * (q.r + q.C), q.rank_G + q.rank_F)


def _sum_of_generic_sides(q: Any) -> tuple[int, int]:
    """The generic ranks, with equality."""
    generic_F = 2 * q.m * min(q.r, q.C)
    return q.generic_rank_H, min(q.m * (q.r + q.C), q.generic_rank_G + generic_F)


def _larger_of_sides(q: Any) -> tuple[int, int]:
    return q.rank_H, max(q.rank_G, q.rank_F)


_CLAIMS = (
    Claim(
        label="a.1",
        statement=r"$\operatorname{rank} G = \rho_Ar + C\rho_W - \rho_A\rho_W$ at every"
        r" $(A, W)$",
        law=law_of(LINEAR, _rank_G_sides, "=="),
    ),
    Claim(
        label="a.2",
        statement=r"$\operatorname{rank} G \le q(r + C - q)$ at every $(A, W)$",
        law=law_of(LINEAR, _most_G_sides, "<="),
    ),
    Claim(
        label="a.3",
        statement=r"$\operatorname{rank} G = q(r + C - q)$ at generic $(A, W)$",
        law=law_of(LINEAR, _generic_G_sides, "=="),
    ),
    Claim(
        label="b.1",
        statement=r"$\operatorname{rank} F = 2m\operatorname{rank}\Omega$",
        law=law_of(LINEAR, _rank_F_sides, "=="),
    ),
    Claim(
        label="b.2",
        statement=r"$n_+(F) = n_-(F) = m\operatorname{rank}\Omega$",
        law=law_of(LINEAR, _inertia_sides, "=="),
    ),
    Claim(
        label="c.1",
        statement=r"$\operatorname{rank} H = 2ms + q|r - C|$ at generic $(A, W, Y)$",
        law=law_of(LINEAR, _generic_H_sides, "=="),
    ),
    Claim(
        label="c.2",
        statement=r"$\operatorname{rank} H \le 2ms + q|r - C|$ at every $(A, W, Y)$",
        law=law_of(LINEAR, _most_H_sides, "<="),
    ),
    Claim(
        label="c.3",
        statement=r"$\operatorname{rank} H \le \min(m(r + C),"
        r" \operatorname{rank} G + \operatorname{rank} F)$ at every $(A, W, Y)$",
        law=law_of(LINEAR, _sum_sides, "<="),
    ),
)
_CLAIM = {claim.label: claim for claim in _CLAIMS}

_MUTANTS = (
    Mutant(
        name="the number of inputs d in place of r in (a.1)",
        claim=changed(_CLAIM["a.1"], _rank_G_sides, inputs="d"),
    ),
    Mutant(
        name="rank W in place of rank(WΣ^½) in (a.1)",
        claim=changed(_CLAIM["a.1"], _rank_G_sides, first="rank_W"),
    ),
    Mutant(
        name="(a.1) without the overlap ρ_Aρ_W",
        claim=changed(_CLAIM["a.1"], _rank_G_sides, overlap=0),
    ),
    Mutant(
        name="C and r exchanged in (a.1)",
        claim=changed(_CLAIM["a.1"], _swapped_rank_G_sides),
    ),
    Mutant(
        name="one less in (a.2)",
        claim=changed(_CLAIM["a.2"], _most_G_sides, less=1),
    ),
    Mutant(
        name="d in place of r in (a.3)",
        claim=changed(_CLAIM["a.3"], _generic_G_sides, inputs="d"),
    ),
    Mutant(
        name="rank F = m rank Ω, without the 2",
        claim=changed(_CLAIM["b.1"], _rank_F_sides, factor=1),
    ),
    Mutant(
        name="rank F = 2m min(r, C), whatever the residuals",
        claim=changed(_CLAIM["b.1"], _rank_F_sides, full=True),
    ),
    Mutant(
        name="F positive semi-definite: n_- = 0",
        claim=changed(_CLAIM["b.2"], _inertia_sides, positive=2, negative=0),
    ),
    Mutant(
        name="r - C in place of |r - C| in (c.1)",
        claim=changed(_CLAIM["c.1"], _generic_H_sides, modulus=False),
    ),
    Mutant(
        name="the sum of the generic ranks of G and F, at most m(r + C), in (c.1)",
        claim=changed(_CLAIM["c.1"], _sum_of_generic_sides),
    ),
    Mutant(
        name="r - C in place of |r - C| in (c.2)",
        claim=changed(_CLAIM["c.2"], _most_H_sides, modulus=False),
    ),
    Mutant(
        name="the larger of the two ranks in place of their sum in (c.3)",
        claim=changed(_CLAIM["c.3"], _larger_of_sides),
    ),
)

_SCALAR = WorldExample(
    world=LINEAR,
    values={"x": ((1,),), "W": ((1,),), "A": ((1,),), "y": ((0,),)},
)
"""f(x) = A W x at A = W = x = 1 and y = 0."""

_DEAD = _SCALAR.but(A=((0,),), y=((1,),))
"""A = 0: the first layer does not move the output."""

T17 = Theorem(
    id="T17",
    title="Exact Hessian ranks of linear networks with two layers",
    topic="linear-networks",
    statement=r"Let $f(x) = AWx$ with $W \in \mathbb{R}^{m\times d}$,"
    r" $A \in \mathbb{R}^{C\times m}$ and the squared loss. Put"
    r" $\Sigma = \frac{1}{n}\sum_ix_ix_i^T$, $r = \operatorname{rank}\Sigma$,"
    r" $\Omega = \frac{1}{n}\sum_i(f(x_i)-y_i)x_i^T$,"
    r" $\rho_A = \operatorname{rank} A$, $\rho_W = \operatorname{rank}(W\Sigma^{1/2})$,"
    r" $q = \min(r, m, C)$ and $s = \min(r, C)$. The ranks of $G$ and $F$ follow from"
    r" these numbers at every point, and $F$ has as many positive as negative"
    r" eigenvalues. With $X$ fixed, the rank of $H$ takes its largest value"
    r" $2ms + q|r-C|$ at all $(A, W, Y)$ but the zeros of a polynomial that is not 0,"
    r" which is what generic means here; $m(r+C)$ bounds it from above, and so do the"
    r" ranks of $G$ and $F$ together, which is not sharp.",
    hypotheses=(
        r"two linear layers without biases, squared loss",
        r"a first-layer bias is covered by $(x, 1)$ in place of $x$; an output bias not",
        r"(a.3), (c.1): $(A, W)$, and in (c.1) $Y$ too, are generic for the given $X$",
    ),
    claims=_CLAIMS,
    mutants=_MUTANTS,
    proof=r"The loss is a function of $\Sigma$ and of moments with $Y$: with $J_i$ the"
    r" Jacobian at $x_i$, a direction $(dW, dA)$ changes the output there by"
    r" $(A\,dW + dA\,W)x_i$, so $(dW,dA)^TG(dW,dA) ="
    r" \|(A\,dW + dA\,W)\Sigma^{1/2}\|_F^2$. (a.1) The rank of $G$ is thus the dimension"
    r" of the image of $(dW, dA) \mapsto A\,dW\,\Sigma^{1/2} + dA\,W\Sigma^{1/2}$. With"
    r" $V$ the range of $\Sigma^{1/2}$, of dimension $r$, and $V_W \subseteq V$ the row"
    r" space of $W\Sigma^{1/2}$, the first term covers all matrices with columns in the"
    r" range $U_A$ of $A$ and rows in $V$, the second all with rows in $V_W$: the image"
    r" is $U_A\otimes V + \mathbb{R}^C\otimes V_W$, and these two subspaces meet in"
    r" $U_A\otimes V_W$. Their dimensions give $\rho_Ar + C\rho_W - \rho_A\rho_W$."
    r" (a.2), (a.3) That number is $Cr - (C-\rho_A)(r-\rho_W)$, which grows with"
    r" $\rho_A \le \min(m, C)$ and with $\rho_W \le \min(m, r)$. If $m \ge s$ one of"
    r" the brackets vanishes at these largest values, $q = s$ and"
    r" $q(r+C-q) = Cr$; if $m < s$ both ranks are $m = q$, and $Cr - (C-q)(r-q) ="
    r" q(r+C-q)$. Generic matrices have the largest ranks. (b) The mixed term of"
    r" $f$ is $dA\,dW\,x_i$, so the quadratic form of $F$ is"
    r" $2\operatorname{tr}(\Omega^TdA\,dW)$: $F$ is zero but for the block between $dW$"
    r" and $dA$, which is $\Omega\otimes I_m$ up to the order of the entries, of rank"
    r" $m\operatorname{rank}\Omega$. The eigenvalues of such a matrix are plus and minus"
    r" the singular values of its block, and zeros. (c.3) The rank of a sum is at most"
    r" the sum of the ranks. A $dW$ whose rows are orthogonal to $V$ changes no output"
    r" and meets $\Omega$, whose rows lie in $V$, in nothing: it lies in the kernel of"
    r" $G$ and of $F$. So $m(d-r)$ dimensions are lost, and"
    r" $\operatorname{rank} H \le m(r+C)$. (c.1) Restrict to rows in $V$ and take there"
    r" $W\Sigma^{1/2}$ and $\Omega\Sigma^{-1/2}$ as new $W$ and $\Omega$: this is the"
    r" case $\Sigma = I$ with $r$ inputs. As $Y$ varies, $\Omega$ takes every value,"
    r" whatever $A$ and $W$ are. The entries of $H$ are polynomials in $(A, W, \Omega)$,"
    r" so the set where the rank is below its maximum is cut out by the vanishing of"
    r" minors, not all identically zero, and it remains to find that maximum."
    r" Transposing $(A, W, \Omega) \mapsto (W^T, A^T, \Omega^T)$ exchanges $r$ and $C$,"
    r" so let $C \le r$. By rotations of inputs and outputs, which carry generic points"
    r" to generic points, $\Omega = [D, 0]$ with an invertible diagonal $D$ of size $C$;"
    r" write $W = [W_1, W_2]$ and $P = A\,dW + dA\,W = [P_1, P_2]$ accordingly."
    r" $H(dW, dA) = 0$ says $A^TP + dA^T\Omega = 0$ and $PW^T + \Omega\,dW^T = 0$, that"
    r" is $A^TP_2 = 0$, $dA^T = -A^TP_1D^{-1}$ and $dW_1^T ="
    r" -D^{-1}(P_1W_1^T + P_2W_2^T)$. Case $m \ge C$: for generic $A$ the matrix $A^T$"
    r" is injective, so $P_2 = 0$, and then $dA = -D^{-1}P_1^TA$,"
    r" $dW_1 = -W_1P_1^TD^{-1}$, so that $P_1 = A\,dW_1 + dA\,W_1 ="
    r" -AW_1P_1^TD^{-1} - D^{-1}P_1^TAW_1$. This linear system for $P_1$ is the identity"
    r" where $AW_1 = 0$, so its determinant is not the zero polynomial and"
    r" generically $P_1 = 0$, hence $dA = 0$, $dW_1 = 0$ and $A\,dW_2 = P_2 = 0$. The"
    r" kernel has the dimension $(m-C)(r-C)$ of the $dW_2$ with $A\,dW_2 = 0$, and the"
    r" rank is $m(r+C) - (m-C)(r-C) = 2mC + C(r-C) = 2ms + q|r-C|$. Case $m < C$:"
    r" take $W = 0$ and an injective $A$. Then $P = A\,dW$, the second equation is"
    r" $\Omega\,dW^T = 0$, so $dW_1 = 0$; then $A^TP_2 = A^TA\,dW_2 = 0$ gives"
    r" $dW_2 = 0$, and $dA = 0$ follows. So $H$ is invertible there, hence generically,"
    r" with the rank $m(r+C) = 2mC + m(r-C) = 2ms + q|r-C|$. (c.2) The generic rank is"
    r" the largest one.",
    source="Singh, Bachmann and Hofmann (2021), for the Hessian of linear networks; the"
    " rank of G at every point and the generic rank of H derived here",
    uses=("T02",),
    witnesses=(
        Witness(
            labels=("a.2", "c.2", "c.3"),
            note="the scalar network f(x) = AWx at A = W = x = 1, y = 0: rank G = 1 and"
            " rank H = rank F = 2",
            example=_SCALAR,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="generic weights in (a.3): A = 0 leaves rank G = C ρ_W, here at"
            " W = 0 too",
            claim=changed(_CLAIM["a.3"], _here_G_sides),
            example=_SCALAR.but(A=((0,),), W=((0,),)),
        ),
        Counterexample(
            dropped="generic targets in (c.1): at A = W = 0 and y = 0 the Hessian is 0",
            claim=changed(_CLAIM["c.1"], _here_H_sides),
            example=_SCALAR.but(A=((0,),), W=((0,),)),
        ),
        Counterexample(
            dropped="no output bias in (a.1): with A = 0 and W = 1 the bias adds"
            " a direction",
            claim=changed(_CLAIM["a.1"], _biased_rank_G_sides),
            example=_DEAD.but(x=((1,), (2,)), y=((0,), (0,))),
        ),
    ),
)
