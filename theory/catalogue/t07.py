"""T07: two-sided bounds between complexity and the Gauss-Newton matrix."""

from dataclasses import replace
from typing import Any

from ..expressions import call, name
from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from .laws import law

__all__ = ["ORTHONORMAL", "T07"]

C, Cx, CxS, W = name("C"), name("Cx"), name("CxS"), name("W")
G, G_bb, G_tt, G_ww = name("G"), name("G_bb"), name("G_tt"), name("G_ww")
hidden = name("hidden")
GRAM = W @ W.T


def _neumann_sides(
    q: Any, drawn: Any, *, upper: bool, swapped: bool = False
) -> tuple[Any, Any]:
    mu = (q.W @ q.W.T).eigenvalues()
    gamma = q.block("G", "bb").eigenvalues()
    same = (mu * gamma).sum(-1)
    opposite = (mu * gamma[..., ::-1]).sum(-1)
    if upper:
        return q.CxS, opposite if swapped else same
    return same if swapped else opposite, q.CxS


def _smallest_nonzero_sides(q: Any, drawn: Any) -> tuple[Any, Any, Any]:
    sigma = q.W.singular_values()[..., -1]
    return (
        sigma * sigma * q.block("G", "bb").trace(),
        q.CxS,
        sigma.certainly_positive(),
    )


mu_m = call("lmin", GRAM)

_T07 = (
    Claim(
        label="a.1",
        statement=r"Cx_S \le \sum_j\mu_j\gamma_j",
        law=law(_neumann_sides, "<=", upper=True),
    ),
    Claim(
        label="a.2",
        statement=r"\sum_j\mu_j\gamma_{m+1-j} \le Cx_S",
        law=law(_neumann_sides, "<=", upper=False),
    ),
    Claim(
        label="b.1",
        statement=r"Cx_S \le \|W\|^2 tr G_{bb}",
        law=CxS <= call("op", W) ** 2 * call("tr", G_bb),
    ),
    Claim(
        label="b.2",
        statement=r"\mu_m tr G_{bb} \le Cx_S",
        law=mu_m * call("tr", G_bb) <= CxS,
    ),
    Claim(
        label="b.3",
        statement=r"Cx_S \le \|W\|_F^2\|G_{bb}\|",
        law=CxS <= call("fro", W) ** 2 * call("lmax", G_bb),
    ),
    Claim(
        label="b.4",
        statement=r"Cx_S \le \|WW^T\|_F\|G_{bb}\|_F",
        law=CxS <= call("fro", GRAM) * call("fro", G_bb),
    ),
    Claim(
        label="c.1",
        statement=r"\min\|x_i\|^2 Cx_S \le \|W\|^2 tr G_{ww}",
        law=name("min_x") ** 2 * CxS <= call("op", W) ** 2 * call("tr", G_ww),
    ),
    Claim(
        label="c.2",
        statement=r"\mu_m tr G_{ww} \le \max\|x_i\|^2 Cx_S",
        law=mu_m * call("tr", G_ww) <= name("max_x") ** 2 * CxS,
    ),
    Claim(
        label="c.3",
        statement=r"\min\|\tilde x_i\|^2 Cx_S \le \|W\|^2 tr G_{\tilde w\tilde w}",
        law=name("min_xt") ** 2 * CxS <= call("op", W) ** 2 * call("tr", G_tt),
    ),
    Claim(
        label="c.4",
        statement=r"\mu_m tr G_{\tilde w\tilde w} \le \max\|\tilde x_i\|^2 Cx_S",
        law=mu_m * call("tr", G_tt) <= name("max_xt") ** 2 * CxS,
    ),
    Claim(
        label="d.1",
        statement=r"\min\|x_i\|^2 Cx_S \le \|W\|^2\sqrt{\min(nC, md)}\,\|G_{ww}\|_F",
        law=name("min_x") ** 2 * CxS
        <= call("op", W) ** 2
        * call(
            "sqrt",
            call("min", name("n") * C, name("m") * name("d")),
        )
        * call("fro", G_ww),
    ),
    Claim(
        label="d.2",
        statement=r"\mu_m\|G_{ww}\|_F \le \max\|x_i\|^2 Cx_S",
        law=mu_m * call("fro", G_ww) <= name("max_x") ** 2 * CxS,
    ),
    Claim(
        label="d.3",
        statement=r"\mu_m(tr G - C\,\frac{1}{n}\sum\|\sigma(z_i)\|^2 - C)"
        r" \le \max\|\tilde x_i\|^2 Cx",
        law=mu_m * (call("tr", G) - C * hidden - C) <= name("max_xt") ** 2 * Cx,
        losses=("squared",),
    ),
    Claim(
        label="e",
        statement=r"\min\|\tilde x_i\|^2 Cx"
        r" \le \|W\|^2(tr G - C\,\frac{1}{n}\sum\|\sigma(z_i)\|^2 - C)",
        law=name("min_xt") ** 2 * Cx
        <= call("op", W) ** 2 * (call("tr", G) - C * hidden - C),
        losses=("squared",),
    ),
)

ORTHONORMAL = Example(
    activation="tanh",
    x=((1, 0, 0), (0, 1, 0)),
    W=((1, 0, 0), (0, 1, 0)),
    b=(0, 1),
    A=((1, 2),),
    c=(0,),
    residual=((1,), (2,)),
)

T07 = Theorem(
    id="T07",
    title="Two-sided bounds between complexity and the Gauss-Newton matrix",
    topic="complexity",
    statement=r"With \mu_1 \ge \dots \ge \mu_m the eigenvalues of WW^T and \gamma_j those of"
    r" G_{bb}: \sum_j\mu_j\gamma_{m+1-j} \le Cx_S \le \sum_j\mu_j\gamma_j, hence \mu_m"
    r" tr G_{bb} \le Cx_S \le \|W\|^2 tr G_{bb}, and the same with G_{ww} and the norms of"
    r" the inputs. Small complexity forces a small Hessian only where \mu_m > 0, that is"
    r" m \le d and rank W = m.",
    hypotheses=(
        r"\sigma is differentiable at every pre-activation",
        r"the lower bounds say something only for rank W = m (so m \le d)",
    ),
    claims=_T07,
    mutants=(
        Mutant(
            name="‖W‖ in place of ‖W‖²",
            claim=replace(_T07[2], law=CxS <= call("op", W) * call("tr", G_bb)),
        ),
        Mutant(
            name="smallest non-zero singular value in place of μ_m",
            claim=replace(_T07[3], law=law(_smallest_nonzero_sides, "<=")),
        ),
        Mutant(
            name="von Neumann's pairing reversed, above",
            claim=replace(
                _T07[0], law=law(_neumann_sides, "<=", upper=True, swapped=True)
            ),
        ),
        Mutant(
            name="von Neumann's pairing reversed, below",
            claim=replace(
                _T07[1], law=law(_neumann_sides, "<=", upper=False, swapped=True)
            ),
        ),
        Mutant(
            name="max‖x‖ in place of min‖x‖",
            claim=replace(
                _T07[6],
                law=name("max_x") ** 2 * CxS <= call("op", W) ** 2 * call("tr", G_ww),
            ),
        ),
        Mutant(
            name="‖G_ww‖_F without √rank",
            claim=replace(
                _T07[10],
                law=name("min_x") ** 2 * CxS <= call("op", W) ** 2 * call("fro", G_ww),
            ),
        ),
        Mutant(
            name="‖x‖ in place of ‖x̃‖ in (e)",
            claim=replace(
                _T07[12],
                law=mu_m * (call("tr", G) - C * hidden - C) <= name("max_x") ** 2 * Cx,
            ),
        ),
    ),
    proof=r"(a) is von Neumann's trace inequality for Cx_S = <WW^T, G_{bb}> (T06). (b) The"
    r" Rayleigh quotient and Cauchy-Schwarz for the same inner product of positive"
    r" semi-definite matrices. (c) G_{ww} is the mean of S-weighted products"
    r" \delta\delta^T \otimes xx^T, so tr G_{ww} = \frac{1}{n}\sum\|x_i\|^2\omega_i with"
    r" tr G_{bb} = \frac{1}{n}\sum\omega_i. (d) tr \le \sqrt{rank}\,\|\cdot\|_F, and"
    r" \|\cdot\|_F \le tr for positive semi-definite matrices; the remaining diagonal"
    r" blocks of G are those of T04(d). (e) likewise. \blacksquare",
    source="derived here; compare Ma and Ying (2021)",
    uses=("T04", "T06"),
    witnesses=(
        Witness(
            labels=("a.1", "a.2", "b.1", "b.2", "c.1", "c.2", "c.3", "c.4", "d.3", "e"),
            note="WWᵀ = I: both ends of (b) are attained",
            example=ORTHONORMAL,
            ratio=1.0,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="rank W = m: the smallest non-zero singular value instead",
            claim=replace(_T07[3], law=law(_smallest_nonzero_sides, "<=")),
            example=Example(
                activation="identity",
                x=((1,),),
                W=((1,), (1,)),
                b=(0, 0),
                A=((1, -1),),
                c=(0,),
                residual=((0,),),
            ),
        ),
    ),
)
