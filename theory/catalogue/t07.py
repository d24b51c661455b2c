"""T07: two-sided bounds between complexity and the Gauss-Newton matrix, or the Hessian."""

from dataclasses import replace
from typing import Any

from ..expressions import Comparison, Constant, call, name
from ..theorems import Claim, Counterexample, Example, Law, Mutant, Theorem, Witness
from .coverage import SMOOTH
from .laws import law
from .t07_claims import (
    CLAIMS,
    GRAM,
    SHARP,
    bias_sides,
    first_layer,
    fro,
    layer_sides,
    max_x,
    max_xt,
    min_x,
    min_xt,
    mu_1,
    mu_m,
    neumann_sides,
    operator_sides,
    rank_sides,
    root_of_rank,
    tr,
    weight_sides,
)

__all__ = ["ORTHONORMAL", "T07"]

C, hidden = name("C"), name("hidden")
Cx, CxS, W, G, H = name("Cx"), name("CxS"), name("W"), name("G"), name("H")
G_bb, G_tt, G_ww = name("G_bb"), name("G_tt"), name("G_ww")
_CLAIM = {claim.label: claim for claim in CLAIMS}


def _smallest_nonzero_sides(q: Any, drawn: Any) -> tuple[Any, Any, Any]:
    """(b.2) with the last of the min(m, d) singular values of W, where it is not 0."""
    sigma = q.W.singular_values()[..., -1]
    trace = q.block("G", "bb").trace()
    return sigma * sigma * trace, q.CxS, sigma.certainly_positive()


def _without(label: str, **hypotheses: Any) -> Claim:
    """The claim with other hypotheses."""
    return replace(_CLAIM[label], **hypotheses)


def _mutant(
    label: str, wrong: str, false: Comparison | Law, *, losses: tuple[str, ...] = ()
) -> Mutant:
    claim = replace(_CLAIM[label], law=false)
    if losses:
        claim = replace(claim, losses=losses)
    return Mutant(name=f"({label}) {wrong}", claim=claim)


_MUTANTS = (
    _mutant(
        "a.1",
        "γ in the reverse order",
        law(neumann_sides, "<=", upper=True, swapped=True),
    ),
    _mutant(
        "a.2",
        "γ in the same order",
        law(neumann_sides, "<=", upper=False, swapped=True),
    ),
    _mutant("b.1", "‖W‖ for ‖W‖²", CxS <= call("op", W) * tr(G_bb)),
    _mutant(
        "b.2", "the least non-zero σ_j(W)² for μ_m", law(_smallest_nonzero_sides, "<=")
    ),
    _mutant("b.3", "‖W‖² for ‖W‖_F²", CxS <= mu_1 * call("lmax", G_bb)),
    _mutant("b.4", "‖WWᵀ‖ for ‖WWᵀ‖_F", CxS <= call("op", GRAM) * fro(G_bb)),
    _mutant("c.1", "max‖x‖ for min‖x‖", max_x * CxS <= mu_1 * tr(G_ww)),
    _mutant("c.2", "min‖x‖ for max‖x‖", mu_m * tr(G_ww) <= min_x * CxS),
    _mutant("c.3", "max‖x̃‖ for min‖x̃‖", max_xt * CxS <= mu_1 * tr(G_tt)),
    _mutant("c.4", "‖x‖ for ‖x̃‖", mu_m * tr(G_tt) <= max_x * CxS),
    _mutant("c.5", "the product of the means", law(weight_sides, "==", apart=True)),
    _mutant("c.6", "‖x‖² for 1 + ‖x‖²", law(layer_sides, "==", bias=False)),
    _mutant("c.7", "‖a_k‖² for a_kᵀS_ia_k", law(bias_sides, "==", weighted=False)),
    _mutant("d.1", "without √min(nC, md)", min_x * CxS <= mu_1 * fro(G_ww)),
    _mutant(
        "d.2", "with √min(nC, md)", mu_m * root_of_rank(C) * fro(G_ww) <= max_x * CxS
    ),
    _mutant("d.3", "‖x‖ for ‖x̃‖", mu_m * first_layer(tr(G)) <= max_x * Cx),
    _mutant("d.3", "without - C", mu_m * (tr(G) - C * hidden) <= max_xt * Cx),
    _mutant("d.4", "C - 1 for the squared loss as well", SHARP, losses=("squared",)),
    _mutant("d.5", "C - 1 for C", law(rank_sides, "<=", fewer=1), losses=("squared",)),
    _mutant("d.6", "C - 2 for C - 1", law(rank_sides, "<=", fewer=2)),
    _mutant("d.7", "min‖x‖ for max‖x‖", law(operator_sides, "<=", least=True)),
    _mutant("e", "max‖x̃‖ for min‖x̃‖", max_xt * Cx <= mu_1 * first_layer(tr(G))),
    Mutant(
        name="(f.1) Cx_S ≤ ‖W‖² tr H_bb for smooth σ",
        claim=_without("f.1", activations=SMOOTH),
    ),
    Mutant(
        name="(f.11) the bound on tr H for smooth σ",
        claim=_without("f.11", activations=SMOOTH),
    ),
    Mutant(
        name="(f.12) the bound by tr H for smooth σ",
        claim=_without("f.12", activations=SMOOTH),
    ),
    _mutant(
        "g.13",
        "one output's share of the second layer for C",
        mu_m * (fro(H) - hidden - 1) <= max_xt * Cx,
    ),
    _mutant("g.13", "min‖x̃‖ for max‖x̃‖", mu_m * first_layer(fro(H)) <= min_xt * Cx),
    _mutant(
        "g.14",
        "without - C",
        mu_m * (call("lmax", H) - C * hidden) <= max_xt * Cx,
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
"""WWᵀ = I and ‖x_i‖ = 1, one output."""

_ONE_SAMPLE = ORTHONORMAL.but(x=((1, 0, 0),), residual=((0,),))
_PLAIN = Example(
    activation="identity",
    x=((1, 0),),
    W=((1, 0), (0, 1)),
    b=(0, 0),
    A=((1, 0), (0, 1)),
    c=(0, 0),
    residual=((0, 0),),
)
"""f(x) = x on one sample of the plane: WWᵀ = G_bb = I."""

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

_WITNESSES = (
    Witness(
        labels=("a.1", "a.2", "b.1", "b.2", "c.1", "c.2", "c.3", "c.4", "d.3", "e"),
        note="WWᵀ = I and ‖x_i‖ = 1: both ends of (a), of b.1 and b.2, of (c), and of"
        " d.3 and (e)",
        example=ORTHONORMAL,
    ),
    Witness(
        labels=("a.1",),
        note="WWᵀ = diag(4, 1) and G_bb = diag(4, 1)",
        example=_PLAIN.but(W=((2, 0), (0, 1)), A=((2, 0), (0, 1))),
    ),
    Witness(
        labels=("a.2",),
        note="WWᵀ = diag(4, 1) and G_bb = diag(1, 4)",
        example=_PLAIN.but(W=((2, 0), (0, 1)), A=((1, 0), (0, 2))),
    ),
    Witness(
        labels=("b.3", "b.4", "d.1", "d.5"),
        note="f(x) = x on one sample: WWᵀ = G_bb = I, and the two eigenvalues of G_ww"
        " other than 0 are equal",
        example=_PLAIN,
    ),
    Witness(
        labels=("d.1", "d.2", "d.5", "d.7", "g.9", "g.10", "g.13", "g.14"),
        note="WWᵀ = I, one interpolated sample with ‖x‖ = 1 and one output: G_ww and H"
        " have rank 1",
        example=_ONE_SAMPLE,
    ),
    Witness(
        labels=("d.4", "d.6"),
        note="softmax on one sample of two classes, WWᵀ = I: G_ww has rank 1",
        example=_PLAIN.but(loss="softmax", residual=None, labels=(0,)),
    ),
    Witness(
        labels=("f.1", "f.2", "f.5", "f.6", "f.7", "f.8", "f.11", "f.12"),
        note="WWᵀ = I, ‖x_i‖ = 1 and linear σ: what is tight for G is tight for H",
        example=ORTHONORMAL.but(activation="identity"),
    ),
    Witness(
        labels=("f.9", "f.10"),
        note="WWᵀ = I, one sample with ‖x‖ = 1, one output and linear σ: H_ww has"
        " rank 1",
        example=_ONE_SAMPLE.but(activation="identity"),
    ),
    Witness(
        labels=("g.1", "g.2", "g.5", "g.6", "g.7", "g.8", "g.11", "g.12"),
        note="WWᵀ = I, ‖x_i‖ = 1 and r = 0: what is tight for G is tight for H",
        example=ORTHONORMAL.but(residual=((0,), (0,))),
    ),
    Witness(
        labels=("f.3", "f.4", "f.9", "g.3", "g.4", "g.9"),
        note="f(x) = x on one interpolated sample: the same for H",
        example=_PLAIN,
    ),
)

_COUNTEREXAMPLES = (
    Counterexample(
        dropped="rank W = m in b.2: with the least non-zero σ_j(W)² for μ_m,"
        " W = (1, 1)ᵀ and a = (1, -1) has Cx = 0 but tr G_bb = 2",
        claim=replace(_CLAIM["b.2"], law=law(_smallest_nonzero_sides, "<=")),
        example=_LINE.but(W=((1,), (1,)), b=(0, 0), A=((1, -1),)),
    ),
    Counterexample(
        dropped="rank W = m in g.14: low complexity alone bounds no eigenvalue,"
        " f = M relu(x) - M relu(x) = 0 with M = 1000 has Cx = 0, λ_1(H) > 10⁶",
        claim=replace(
            _CLAIM["g.14"], law=call("lmax", H) <= Constant(10**6) * (1 + Cx)
        ),
        example=_LINE.but(
            activation="relu",
            x=((1,), (2,)),
            W=((1,), (1,)),
            b=(0, 0),
            A=((1000, -1000),),
            residual=((0,), (0,)),
        ),
    ),
    Counterexample(
        dropped="min‖x_i‖ in c.1: with max‖x_i‖, f = x on {1, 10} has Cx = 1 but"
        " tr G_ww = 50.5",
        claim=replace(_CLAIM["c.1"], law=max_x * CxS <= mu_1 * tr(G_ww)),
        example=_LINE.but(x=((1,), (10,)), residual=((0,), (0,))),
    ),
    Counterexample(
        dropped="the square of ‖W‖ in b.1: w = 2 and a = 1 has Cx = 4 but tr G_bb = 1",
        claim=replace(_CLAIM["b.1"], law=CxS <= call("op", W) * tr(G_bb)),
        example=_LINE.but(W=((2,),)),
    ),
    Counterexample(
        dropped="the root of the rank in d.1: f = x in the plane has Cx = 2 but"
        " ‖G_ww‖_F = √2",
        claim=replace(_CLAIM["d.1"], law=min_x * CxS <= mu_1 * fro(G_ww)),
        example=_PLAIN,
    ),
    Counterexample(
        dropped="softmax in d.4: the same, where G_ww has rank nC = 2",
        claim=_without("d.4", losses=("squared",)),
        example=_PLAIN,
    ),
    Counterexample(
        dropped="the squared loss in (e): logistic, f = x - 1 at x = 1 has Cx = 1 but"
        " tr G = 3/4",
        claim=_without("e", losses=("logistic",)),
        example=_LINE.but(loss="logistic", b=(-1,), residual=None, labels=(0,)),
    ),
    Counterexample(
        dropped="piecewise linear σ in f.1: σ = z², w = a = x = 1, y = 3 has Cx = 4 but"
        " H_bb = 0",
        claim=_without("f.1", activations=SMOOTH),
        example=_PARABOLA,
    ),
    Counterexample(
        dropped="interpolation in g.1: the same",
        claim=_without("g.1", assumes=()),
        example=_PARABOLA,
    ),
    Counterexample(
        dropped="interpolation in g.11: σ = z², w = a = x = 1, y = -1 has Cx = 4 but"
        " tr H = 18",
        claim=_without("g.11", assumes=()),
        example=_PARABOLA.but(residual=((2,),)),
    ),
    Counterexample(
        dropped="interpolation in g.12: σ = z², w = a = x = 1, y = 3 has Cx = 4 but"
        " tr H = 2",
        claim=_without("g.12", assumes=()),
        example=_PARABOLA,
    ),
)

T07 = Theorem(
    id="T07",
    title="Two-sided bounds between complexity and the Gauss-Newton matrix",
    topic="complexity",
    statement=r"Let $\mu_1 \ge \dots \ge \mu_m$ be the eigenvalues of $WW^T$, so that"
    r" $\mu_1 = \|W\|^2$, $\gamma_1 \ge \dots \ge \gamma_m$ those of $G_{bb}$, and"
    r" $\omega_i = \sum_k\sigma'(z_{ik})^2a_k^TS_ia_k$. Then"
    r" $\sum_j\mu_j\gamma_{m+1-j} \le \mathrm{Cx}_S \le \sum_j\mu_j\gamma_j$, hence"
    r" $\mu_m\operatorname{tr} G_{bb} \le \mathrm{Cx}_S \le \|W\|^2\operatorname{tr}"
    r" G_{bb}$; the traces and norms of $G_{ww}$ and, for the squared loss, the trace"
    r" of the whole of $G$ are bounded by $\mathrm{Cx}_S$ and bound it, with the lengths"
    r" of the inputs as factors. All this holds for any $\sigma$, $C$ and $\theta$. For"
    r" piecewise linear $\sigma$ it holds with $H$ in place of $G$ at every $\theta$;"
    r" at interpolation it holds with $H$ for any $\sigma$, and bounds $\|H\|_F$ and"
    r" $\lambda_1(H)$ as well. Low complexity therefore forces a small Hessian in the"
    r" first layer where $\mu_m > 0$, that is $m \le d$ and $\operatorname{rank} W = m$;"
    r" without that it does not.",
    hypotheses=(
        r"(a) to (e): $\sigma$ is differentiable at every pre-activation",
        r"bounds with $\mu_m$ say something only for $\mu_m > 0$: $m \le d$, full rank",
        r"(d.3), (e), (f.11), (f.12): squared loss",
        r"(d.4), (d.6): softmax cross-entropy",
        r"(f): $\sigma$ is piecewise linear, and no pre-activation lies on a kink",
        r"(g): squared loss and $f(x_i) = y_i$ for every $i$",
        r"(g): $\sigma$ is twice differentiable at every pre-activation",
    ),
    claims=CLAIMS,
    mutants=_MUTANTS,
    proof=r"By T06 $\mathrm{Cx}_S = \langle WW^T, G_{bb}\rangle$, the inner product of"
    r" two positive semi-definite matrices."
    r" (a) Let $P_j$ project on the span of the first $j$ eigenvectors of $WW^T$, and put"
    r" $\mu_{m+1} = 0$: then $WW^T = \sum_j(\mu_j-\mu_{j+1})P_j$ with non-negative"
    r" coefficients. If $v_k$ are orthonormal eigenvectors of $G_{bb}$, then"
    r" $\operatorname{tr}(P_jG_{bb}) = \sum_k\|P_jv_k\|^2\gamma_k$, with weights in"
    r" $[0, 1]$ that add up to $\operatorname{tr} P_j = j$; so it lies between the sum of"
    r" the $j$ smallest and that of the $j$ largest $\gamma_k$. Multiplied by"
    r" $\mu_j-\mu_{j+1}$ and added up, the largest give $\sum_k\mu_k\gamma_k$ and the"
    r" smallest $\sum_k\mu_k\gamma_{m+1-k}$."
    r" (b) With orthonormal eigenvectors $u_j$ of $WW^T$, $\mathrm{Cx}_S ="
    r" \sum_j\mu_ju_j^TG_{bb}u_j$, where $u_j^TG_{bb}u_j \ge 0$ add up to"
    r" $\operatorname{tr} G_{bb}$ and $\mu_m \le \mu_j \le \mu_1$: (b.1) and (b.2)."
    r" Each $u_j^TG_{bb}u_j \le \|G_{bb}\|$, and $\sum_j\mu_j = \|W\|_F^2$: (b.3). (b.4)"
    r" is the Cauchy-Schwarz inequality."
    r" (c) With $\delta_i^c = \nabla_bf_c(x_i)$ the chain rule gives $\partial"
    r" f_c/\partial W = \delta_i^cx_i^T$. Since $\langle\delta x^T, \delta'x^T\rangle ="
    r" \|x\|^2\langle\delta, \delta'\rangle$, $\operatorname{tr} G_{ww} ="
    r" \frac{1}{n}\sum_i\|x_i\|^2\sum_{c,e}(S_i)_{ce}\langle\delta_i^c,"
    r" \delta_i^e\rangle$, and the inner sum is $\omega_i$ because the $k$-th entry of"
    r" $\delta_i^c$ is $A_{ck}\sigma'(z_{ik})$: (c.5). Without the factor $\|x_i\|^2$"
    r" this is $\operatorname{tr} G_{bb}$: (c.7). The diagonal of $G_{\tilde w\tilde w}$"
    r" consists of those of $G_{ww}$ and $G_{bb}$: (c.6). As $\omega_i \ge 0$,"
    r" $\min_i\|x_i\|^2\operatorname{tr} G_{bb} \le \operatorname{tr} G_{ww} \le"
    r" \max_i\|x_i\|^2\operatorname{tr} G_{bb}$, and with (b.1) and (b.2) this is (c.1)"
    r" and (c.2); (c.3) and (c.4) follow with $\|\tilde x_i\|^2 = 1 + \|x_i\|^2$ in the"
    r" place of $\|x_i\|^2$."
    r" (d) $G_{ww} = \frac{1}{n}\sum_iB_i^TS_iB_i$, where $B_i$ has the $C$ rows"
    r" $\partial f_c(x_i)/\partial W$. So its rank is at most $\sum_i\operatorname{rank}"
    r" S_i \le nC$, and at most its size $md$: (d.5). For softmax $S_i1 = p -"
    r" p\sum_cp_c = 0$, so $\operatorname{rank} S_i \le C-1$: (d.6). The trace of a"
    r" positive semi-definite matrix of rank at most $\rho$ is the sum of at most $\rho$"
    r" eigenvalues other than 0, so it is at most $\sqrt{\rho}$ times its Frobenius norm"
    r" by Cauchy-Schwarz: (c.1) gives (d.1) and (d.4). Its eigenvalues are non-negative,"
    r" so $\|\cdot\| \le \|\cdot\|_F \le \operatorname{tr}$: (c.2) gives (d.2) and"
    r" (d.7). For the squared loss $S_i = I$; as $\partial f_c/\partial a_k ="
    r" \sigma(z_{ik})e_c$ and $\partial f_c/\partial c = e_c$, the blocks of $A$ and"
    r" $c$ in $G$ have the traces $C\,\frac{1}{n}\sum_i\|\sigma(z_i)\|^2$ and $C$. What"
    r" is left of $\operatorname{tr} G$ is $\operatorname{tr} G_{\tilde w\tilde w}$, and"
    r" $\mathrm{Cx} = \mathrm{Cx}_S$: (c.4) gives (d.3) and (c.3) gives (e)."
    r" (f) $H = G + F$ with $F = \frac{1}{n}\sum_i\sum_cr_{ic}\nabla^2f_c(x_i)$. In"
    r" $f_c = \sum_kA_{ck}\sigma(\tilde w_k\cdot\tilde x) + c_c$ the second derivatives"
    r" in $\tilde w$ are $A_{ck}\sigma''(z_k)\tilde x\tilde x^T = 0$, and $f_c$ is affine"
    r" in $A$ and $c$: the blocks of $F$ on the diagonal are 0, so $H_{bb} = G_{bb}$,"
    r" $H_{ww} = G_{ww}$, $H_{\tilde w\tilde w} = G_{\tilde w\tilde w}$ and"
    r" $\operatorname{tr} H = \operatorname{tr} G$; (f.1) to (f.12) are (b.1) to (b.4),"
    r" (c.1) to (c.4), (d.1) to (d.3) and (e)."
    r" (g) Here $r = 0$, so $F = 0$ and $H = G$: (g.1) to (g.12) are the same bounds"
    r" again. $H$ is positive semi-definite, so $\lambda_1(H) \le \|H\|_F \le"
    r" \operatorname{tr} H$, and (d.3) gives (g.13) and (g.14).",
    source="derived here; compare Ma and Ying (2021)",
    uses=("T02", "T04", "T06"),
    witnesses=_WITNESSES,
    counterexamples=_COUNTEREXAMPLES,
)
