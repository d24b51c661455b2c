"""T08: the paper's bound, with a residual."""

from dataclasses import replace
from typing import Any

from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from .coverage import BOUNDED
from .laws import changed, law

__all__ = ["T08"]

SQUARED = ("squared",)


def _bend(q: Any) -> Any:
    """C_σ = max_ik |σ''(z_ik)|."""
    return q.s2.abs().max(-1).max(-1)


def _tail(q: Any, *, power: int = 2) -> Any:
    """C_σ √(2L) D_w with D_w = Σ_k ‖a_k‖ ‖w_k‖²."""
    first, second = (q.W * q.W).sum(-1), (q.A * q.A).sum(-2).sqrt()
    weights = (second * (first if power == 2 else first.sqrt())).sum(-1)
    return _bend(q) * (q.L * 2.0).sqrt() * weights


def _paper_sides(
    q: Any, drawn: Any, *, tail: float = 1.0, power: int = 2
) -> tuple[Any, Any]:
    """Cx and ‖WWᵀ‖_F ‖H_bb‖_F + C_σ √(2L) D_w."""
    gram, block = q.W @ q.W.T, q.block("H", "bb")
    return q.Cx, gram.frobenius() * block.frobenius() + _tail(q, power=power) * tail


def _young_sides(q: Any, drawn: Any, *, half: float = 0.5) -> tuple[Any, Any]:
    """Cx and ½(‖W‖_F⁴ + ‖H_bb‖_F²) + C_σ √(2L) D_w."""
    weights, block = q.W.frobenius(), q.block("H", "bb").frobenius()
    return q.Cx, (weights**4 + block * block) * half + _tail(q)


def _distance_sides(q: Any, drawn: Any, *, tail: float = 1.0) -> tuple[Any, Any]:
    """|Cx - ⟨WWᵀ, H_bb⟩| and C_σ √(2L) D_w."""
    inner = ((q.W @ q.W.T) * q.block("H", "bb")).sum(-1, -2)
    return (q.Cx - inner).abs(), _tail(q) * tail


def _below_sides(q: Any, drawn: Any, *, tail: float = 1.0) -> tuple[Any, Any]:
    """μ_m tr H_bb - C_σ √(2L) D_w and Cx."""
    return q.mu[..., -1] * q.block("H", "bb").trace() - _tail(q) * tail, q.Cx


def _bend_sides(q: Any, drawn: Any, *, share: float = 1.0) -> tuple[Any, Any]:
    """C_σ and sup|σ''|."""
    bend = _bend(q)
    return bend, bend * 0.0 + q.second_bound * share


_CLAIMS = (
    Claim(
        label="a",
        statement=r"$\mathrm{Cx} \le \|WW^T\|_F\|H_{bb}\|_F + C_\sigma\sqrt{2L}\,D_w$",
        law=law(_paper_sides, "<="),
        losses=SQUARED,
    ),
    Claim(
        label="b",
        statement=r"$\mathrm{Cx} \le \frac{1}{2}(\|W\|_F^4 + \|H_{bb}\|_F^2)"
        r" + C_\sigma\sqrt{2L}\,D_w$",
        law=law(_young_sides, "<="),
        losses=SQUARED,
    ),
    Claim(
        label="c.1",
        statement=r"$|\mathrm{Cx} - \langle WW^T, H_{bb}\rangle|"
        r" \le C_\sigma\sqrt{2L}\,D_w$",
        law=law(_distance_sides, "<="),
        losses=SQUARED,
    ),
    Claim(
        label="c.2",
        statement=r"$\mu_m\operatorname{tr} H_{bb} - C_\sigma\sqrt{2L}\,D_w"
        r" \le \mathrm{Cx}$",
        law=law(_below_sides, "<="),
        losses=SQUARED,
    ),
    Claim(
        label="d",
        statement=r"$C_\sigma \le \sup|\sigma''|$ for every $\sigma$ of which the"
        r" catalogue knows the right side",
        law=law(_bend_sides, "<="),
        activations=BOUNDED,
        losses=SQUARED,
    ),
)
_CLAIM = {claim.label: claim for claim in _CLAIMS}

_LINE = Example(
    activation="identity",
    x=((1,),),
    W=((1,),),
    b=(0,),
    A=((1,),),
    c=(0,),
    residual=((0,),),
)
"""f(x) = x at x = 1."""

_PARABOLA = _LINE.but(activation="quadratic", residual=((-2,),))
"""f(x) = x² at x = 1 with y = 3: Cx = 4, H_bb = 0 and √(2L) = C_σ = 2."""

_ABOVE = _PARABOLA.but(residual=((2,),))
"""The same with y = -1: Cx = 4 and H_bb = 8."""

T08 = Theorem(
    id="T08",
    title="The paper's bound, with a residual",
    topic="complexity",
    statement=r"For the squared loss let $C_\sigma = \max_{i,k}|\sigma''(z_{ik})|$ and"
    r" $D_w = \sum_k\|a_k\|\,\|w_k\|^2$, which for one output is"
    r" $\sum_k|a_k|\,\|w_k\|^2$. Then $\mathrm{Cx} \le \|WW^T\|_F\|H_{bb}\|_F +"
    r" C_\sigma\sqrt{2L}\,D_w \le \frac{1}{2}(\|W\|_F^4 + \|H_{bb}\|_F^2) +"
    r" C_\sigma\sqrt{2L}\,D_w$: low curvature in the biases forces low complexity,"
    r" weighted with the size of $W$. In the other direction $\mathrm{Cx} \ge"
    r" \mu_m\operatorname{tr} H_{bb} - C_\sigma\sqrt{2L}\,D_w$ with the least eigenvalue"
    r" $\mu_m$ of $WW^T$. Where $|\sigma''|$ is bounded, its supremum may stand for"
    r" $C_\sigma$.",
    hypotheses=(
        r"squared loss",
        r"$\sigma$ is twice differentiable at every pre-activation",
        r"(c.2) says something only for $\mu_m > 0$: $m \le d$ and full rank of $W$",
        r"(d): $\sup|\sigma''|$ is finite",
    ),
    claims=_CLAIMS,
    mutants=(
        Mutant(
            name="(a) half the term in √L",
            claim=changed(_CLAIM["a"], _paper_sides, tail=0.5),
        ),
        Mutant(
            name="(a) ‖w_k‖ for ‖w_k‖²",
            claim=changed(_CLAIM["a"], _paper_sides, power=1),
        ),
        Mutant(
            name="(b) ¼ for ½",
            claim=changed(_CLAIM["b"], _young_sides, half=0.25),
        ),
        Mutant(
            name="(c.1) half the term in √L",
            claim=changed(_CLAIM["c.1"], _distance_sides, tail=0.5),
        ),
        Mutant(
            name="(c.2) half the term in √L",
            claim=changed(_CLAIM["c.2"], _below_sides, tail=0.5),
        ),
        Mutant(
            name="(d) 0.99 of sup|σ''|",
            claim=changed(_CLAIM["d"], _bend_sides, share=0.99),
        ),
    ),
    proof=r"By T06(b), where $\mathrm{Cx}_S = \mathrm{Cx}$ for the squared loss,"
    r" $\mathrm{Cx} - \langle WW^T, H_{bb}\rangle = -\frac{1}{n}\sum_i\sum_k(r_i\cdot"
    r" a_k)\,\sigma''(z_{ik})\,\|w_k\|^2$. As $|r_i\cdot a_k| \le \|r_i\|\,\|a_k\|$, the"
    r" right side is at most $C_\sigma D_w\frac{1}{n}\sum_i\|r_i\|$ in absolute value,"
    r" and by Cauchy-Schwarz $\frac{1}{n}\sum_i\|r_i\| \le"
    r" (\frac{1}{n}\sum_i\|r_i\|^2)^{1/2} = \sqrt{2L}$: this is (c.1). (a) By"
    r" Cauchy-Schwarz $\langle WW^T, H_{bb}\rangle \le \|WW^T\|_F\|H_{bb}\|_F$; add"
    r" (c.1). (b) $uv \le \frac{1}{2}(u^2+v^2)$ with $u = \|WW^T\|_F$ and $v ="
    r" \|H_{bb}\|_F$; and $u \le \|W\|_F^2$, because the eigenvalues $\mu_j$ of $WW^T$"
    r" are non-negative, so that $\sum_j\mu_j^2 \le (\sum_j\mu_j)^2$. (c.2)"
    r" $\mu_m\operatorname{tr} G_{bb} \le \mathrm{Cx}$ by T07(b.2). As $G_{bb} = H_{bb} -"
    r" \operatorname{diag}_k(\frac{1}{n}\sum_i(r_i\cdot a_k)\sigma''(z_{ik}))$,"
    r" $\operatorname{tr} G_{bb} \ge \operatorname{tr} H_{bb} -"
    r" C_\sigma\sqrt{2L}\sum_k\|a_k\|$, and $\mu_m \le e_k^TWW^Te_k = \|w_k\|^2$ for"
    r" every $k$, so $\mu_m\sum_k\|a_k\| \le D_w$. (d) holds by the definition of the"
    r" supremum, and the term in $\sqrt{L}$ grows with $C_\sigma$; so (a) to (c) hold"
    r" with the supremum as well.",
    source="derived here; of the shape of bound (11) of Wu, Zhu and E (2017)",
    uses=("T06", "T07"),
    witnesses=(
        Witness(
            labels=("a", "b", "c.2"),
            note="one neuron, L = 0 and (a σ')² = w²",
            example=_LINE,
        ),
        Witness(
            labels=("a", "c.1", "d"),
            note="σ = z², w = a = x = 1, y = 3: H_bb = 0 and the term in √L is Cx",
            example=_PARABOLA,
        ),
        Witness(
            labels=("c.1", "c.2", "d"),
            note="σ = z², w = a = x = 1, y = -1: H_bb = 8 and the term in √L is 4 = Cx",
            example=_ABOVE,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="the term in √L in (a): σ = z², w = a = x = 1, y = 3 has Cx = 4,"
            " H_bb = 0",
            claim=changed(_CLAIM["a"], _paper_sides, tail=0.0),
            example=_PARABOLA,
        ),
        Counterexample(
            dropped="the term in √L in (c.2): σ = z², w = a = x = 1, y = -1 has Cx = 4,"
            " H_bb = 8",
            claim=changed(_CLAIM["c.2"], _below_sides, tail=0.0),
            example=_ABOVE,
        ),
        Counterexample(
            dropped="the squared loss in (a): logistic, f = x - 1 at x = 1 has Cx = 1,"
            " H_bb = ¼",
            claim=replace(_CLAIM["a"], losses=("logistic",)),
            example=_LINE.but(loss="logistic", b=(-1,), residual=None, labels=(0,)),
        ),
    ),
)
