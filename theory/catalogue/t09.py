"""T09: any depth: the first layer ties inputs to weights."""

from dataclasses import replace
from typing import Any

from ..expressions import Constant, Relation, call, name
from ..theorems import Counterexample, Example, Mutant, Theorem, Witness
from .t07 import ORTHONORMAL
from .t09_claims import (
    CLAIMS,
    Deep,
    deep,
    gram,
    lengths,
    mu_1,
    mu_m,
    outer,
    paired,
    root,
)

__all__ = ["T09"]

Cx, H = name("Cx"), name("H")
_CLAIM = {claim.label: claim for claim in CLAIMS}


def _least_nonzero(q: Any) -> Any:
    """The square of the last of the min(m, d) singular values of W."""
    return q.W.singular_values()[..., -1] ** 2


def _transposed(q: Any, g: Any) -> tuple[Any, Any]:
    """∇ₓf and W ∇_b f, where W is square."""
    if q.m != q.d:
        return g.input_jacobian, g.input_jacobian
    return g.input_jacobian, g.bias_jacobian @ q.W.T[:, None]


def _unweighted_block(g: Any) -> Any:
    """(1/n) Σ_i Σ_c δ_i^c (δ_i^c)ᵀ."""
    return (g.bias_jacobian.T @ g.bias_jacobian).mean(-3)


def _mutant(label: str, wrong: str, sides: Deep, **coverage: Any) -> Mutant:
    claim = _CLAIM[label]
    relation: Relation = "==" if claim.law.relation == "==" else "<="
    false = replace(claim, law=deep(sides, relation), **coverage)
    return Mutant(name=f"({label}) {wrong}", claim=false)


_LEAST_NONZERO = _mutant(
    "b.3",
    "the least non-zero singular value for σ_min(Wᵀ)",
    lambda q, g: (
        _least_nonzero(q)[:, None] * g.in_weights,
        g.in_inputs * lengths(q.x),
    ),
)

_UNWEIGHTED = _mutant(
    "c",
    "I for S_i in G_bb, cross-entropies",
    lambda q, g: (g.CxS, (gram(q) * _unweighted_block(g)).sum(-1, -2)),
    losses=("logistic", "softmax"),
)

_MUTANTS = (
    _mutant("a.1", "W for Wᵀ", _transposed),
    _mutant(
        "a.2",
        "the first input for every x_i",
        lambda q, g: (g.weight_jacobian, outer(g, q.x[:, :1])),
    ),
    _mutant(
        "b.1",
        "‖W‖ for ‖W‖²",
        lambda q, g: (
            g.in_inputs * lengths(q.x),
            q.W.operator()[:, None] * g.in_weights,
        ),
    ),
    _mutant(
        "b.2",
        "∂f/∂W for ∂f/∂(W, b)",
        lambda q, g: (
            g.in_inputs * lengths(q.xt),
            mu_1(q)[:, None] * g.in_weights,
        ),
    ),
    _LEAST_NONZERO,
    _mutant("c", "tr G_bb", lambda q, g: (g.CxS, g.G_bb.trace())),
    _UNWEIGHTED,
    _mutant(
        "d.1",
        "γ in the reverse order",
        lambda q, g: (g.CxS, paired(q, g, swapped=True)),
    ),
    _mutant("d.2", "γ in the same order", lambda q, g: (paired(q, g), g.CxS)),
    _mutant(
        "e.1",
        "‖W‖ for ‖W‖²",
        lambda q, g: (g.CxS, q.W.operator() * g.G_bb.trace()),
    ),
    _mutant(
        "e.2",
        "the least non-zero σ_j(W)² for μ_m",
        lambda q, g: (_least_nonzero(q) * g.G_bb.trace(), g.CxS),
    ),
    _mutant(
        "e.3",
        "‖W‖² for ‖W‖_F²",
        lambda q, g: (g.CxS, mu_1(q) * g.gamma[..., 0]),
    ),
    _mutant(
        "e.4",
        "‖WWᵀ‖ for ‖WWᵀ‖_F",
        lambda q, g: (g.CxS, mu_1(q) * g.G_bb.frobenius()),
    ),
    _mutant(
        "f.1",
        "max‖x‖ for min‖x‖",
        lambda q, g: (lengths(q.x).max(-1) * g.CxS, mu_1(q) * g.G_ww.trace()),
    ),
    _mutant(
        "f.2",
        "min‖x‖ for max‖x‖",
        lambda q, g: (mu_m(q) * g.G_ww.trace(), lengths(q.x).min(-1) * g.CxS),
    ),
    _mutant(
        "f.3",
        "tr G_ww alone",
        lambda q, g: (lengths(q.xt).min(-1) * g.CxS, mu_1(q) * g.G_ww.trace()),
    ),
    _mutant(
        "f.4",
        "‖x‖ for ‖x̃‖",
        lambda q, g: (
            mu_m(q) * (g.G_ww.trace() + g.G_bb.trace()),
            lengths(q.x).max(-1) * g.CxS,
        ),
    ),
    _mutant(
        "f.5",
        "the product of the means",
        lambda q, g: (g.G_ww.trace(), lengths(q.x).mean(-1) * g.omega.mean(-1)),
    ),
    _mutant(
        "g.1",
        "without √min(nC, md)",
        lambda q, g: (
            lengths(q.x).min(-1) * g.CxS,
            mu_1(q) * g.G_ww.frobenius(),
        ),
    ),
    _mutant(
        "g.2",
        "with √min(nC, md)",
        lambda q, g: (
            mu_m(q) * root(q, g, q.C) * g.G_ww.frobenius(),
            lengths(q.x).max(-1) * g.CxS,
        ),
    ),
    Mutant(
        name="(g.3) C - 1 for the squared loss as well",
        claim=replace(_CLAIM["g.3"], losses=("squared",)),
    ),
)

_ONE_UNIT_ABOVE = {"layers": {"V": ((1, 2),), "e": (0,), "B": ((1,),)}}
_PLAIN_ABOVE = {"layers": {"V": ((1, 0), (0, 1)), "e": (0, 0), "B": ((1, 0), (0, 1))}}

_PLAIN = Example(
    activation="identity",
    x=((1, 0),),
    W=((1, 0), (0, 1)),
    b=(0, 0),
    A=((1, 0), (0, 1)),
    c=(0, 0),
    residual=((0, 0),),
    drawn=_PLAIN_ABOVE,
)
"""f(x) = x on one sample of the plane, through three layers."""

_CANCELLING = Example(
    activation="relu",
    x=((1,), (2,)),
    W=((1,), (1,)),
    b=(0, 0),
    A=((1000, -1000),),
    c=(0,),
    residual=((0,), (0,)),
)
"""f = M relu(x) - M relu(x) = 0 with M = 1000."""

T09 = Theorem(
    id="T09",
    title="Any depth: the first layer ties inputs to weights",
    topic="complexity",
    statement=r"Let $f(x) = g(Wx+b)$ with any differentiable $g$: any depth, any widths,"
    r" any activations above the first layer. Then $\nabla_xf_c = W^T\nabla_bf_c$ and"
    r" $\partial f_c/\partial W = (\nabla_bf_c)x^T$. So with $G_{bb}$ and $G_{ww}$ the"
    r" blocks of the first layer in $G = \frac{1}{n}\sum_iJ_i^TS_iJ_i$, the identity"
    r" $\mathrm{Cx}_S = \langle WW^T, G_{bb}\rangle$ of T06 holds, and so do the bounds"
    r" of T07 that speak of the first layer alone, for the output Hessians $S_i$ of any"
    r" of the losses at the outputs of $f$, or any other positive semi-definite $S_i$."
    r" Here $\mu_1 \ge \dots \ge \mu_m$ are the eigenvalues of $WW^T$, so that $\mu_m ="
    r" \sigma_{\min}(W^T)^2$ and $\mu_1 = \|W\|^2$, $\gamma_j$ those of $G_{bb}$, and"
    r" $\omega_i = \sum_{c,e}(S_i)_{ce}\langle\nabla_bf_c(x_i), \nabla_bf_e(x_i)\rangle$."
    r" The converse needs $W^T$ injective: without it, low complexity bounds no"
    r" Hessian. What T06 and T07 say of $H$ and of the whole trace of $G$ is for two"
    r" layers only.",
    hypotheses=(
        r"$g$ is differentiable at the pre-activations of the first layer",
        r"(d) to (g): every $S_i$ is symmetric and positive semi-definite",
        r"(g.3): softmax cross-entropy",
        r"(b.3) and bounds with $\mu_m$ say something only for $W^T$ injective",
    ),
    claims=CLAIMS,
    mutants=_MUTANTS,
    proof=r"(a) $f_c$ depends on $x$, $W$ and $b$ through $u = Wx+b$ alone, and $\partial"
    r" u_k/\partial x_j = W_{kj}$, $\partial u_k/\partial b_l = [k=l]$, $\partial"
    r" u_k/\partial W_{lj} = [k=l]\,x_j$. By the chain rule $\nabla_bf_c = \nabla_ug_c$,"
    r" $\nabla_xf_c = W^T\nabla_ug_c$ and $\partial f_c/\partial W_{kj} = (\partial"
    r" g_c/\partial u_k)x_j$. (b) Let $D$ have the rows $\nabla_bf_c$. Then $\mathrm{Jx}"
    r" = DW$, and as $\sigma_{\min}(W^T)\|v\| \le \|W^Tv\| \le \|W\|\,\|v\|$ for each of"
    r" the rows $v$, $\sigma_{\min}(W^T)^2\|D\|_F^2 \le \|\mathrm{Jx}\|_F^2 \le"
    r" \|W\|^2\|D\|_F^2$. By (a) $\|\partial f/\partial W\|_F^2 = \|D\|_F^2\|x\|^2$,"
    r" because $\|vx^T\|_F = \|v\|\,\|x\|$; multiplying by $\|x\|^2$ gives (b.1) and"
    r" (b.3). Further $\|\partial f/\partial(W,b)\|_F^2 = \|\partial f/\partial W\|_F^2 +"
    r" \|D\|_F^2 = (1+\|x\|^2)\|D\|_F^2$, and multiplying by $1+\|x\|^2$ gives (b.2)."
    r" (c) $\operatorname{tr}(\mathrm{Jx}_i^TS_i\mathrm{Jx}_i) ="
    r" \operatorname{tr}(W^TD_i^TS_iD_iW) = \langle WW^T, D_i^TS_iD_i\rangle$; the mean"
    r" over $i$ of $D_i^TS_iD_i$ is $G_{bb}$. (d) and (e) follow from (c) alone, for any"
    r" positive semi-definite $G_{bb}$. Write $WW^T = \sum_j(\mu_j-\mu_{j+1})P_j$, with"
    r" $P_j$ the projection on the first $j$ eigenvectors and $\mu_{m+1} = 0$; for"
    r" orthonormal eigenvectors $v_k$ of $G_{bb}$, $\operatorname{tr}(P_jG_{bb}) ="
    r" \sum_k\|P_jv_k\|^2\gamma_k$ with weights in $[0,1]$ that add up to $j$ lies"
    r" between the sums of the $j$ smallest and the $j$ largest $\gamma_k$, and summing"
    r" over $j$ gives (d). With orthonormal eigenvectors $u_j$ of $WW^T$,"
    r" $\mathrm{Cx}_S = \sum_j\mu_ju_j^TG_{bb}u_j$, where $0 \le u_j^TG_{bb}u_j \le"
    r" \|G_{bb}\|$ add up to $\operatorname{tr} G_{bb}$: from $\mu_m \le \mu_j \le \mu_1$"
    r" come (e.1) and (e.2), from $\sum_j\mu_j = \|W\|_F^2$ comes (e.3), and (e.4) is the"
    r" Cauchy-Schwarz inequality. (f) By (a) $\langle\partial f_c/\partial W, \partial"
    r" f_e/\partial W\rangle = \|x_i\|^2\langle\nabla_bf_c, \nabla_bf_e\rangle$ at $x_i$;"
    r" with the weights $(S_i)_{ce}$ and the mean over $i$ this is (f.5), and without the"
    r" factor $\|x_i\|^2$ it is $\operatorname{tr} G_{bb} = \frac{1}{n}\sum_i\omega_i$."
    r" As $\omega_i = \operatorname{tr}(D_i^TS_iD_i) \ge 0$, $\operatorname{tr} G_{ww}$"
    r" lies between $\min_i\|x_i\|^2\operatorname{tr} G_{bb}$ and"
    r" $\max_i\|x_i\|^2\operatorname{tr} G_{bb}$, and $\operatorname{tr} G_{ww} +"
    r" \operatorname{tr} G_{bb} = \frac{1}{n}\sum_i\|\tilde x_i\|^2\omega_i$ between"
    r" $\min_i\|\tilde x_i\|^2\operatorname{tr} G_{bb}$ and $\max_i\|\tilde"
    r" x_i\|^2\operatorname{tr} G_{bb}$; with (e.1) and (e.2) these are (f.1) to (f.4)."
    r" (g) $G_{ww}$ is a mean of $n$ matrices $B_i^TS_iB_i$, where $B_i$ has $C$ rows:"
    r" it is positive semi-definite, of rank at most $nC$, and at most its size $md$;"
    r" for softmax $S_i1 = p - p\sum_cp_c = 0$, so the rank is at most $n(C-1)$. Of a"
    r" positive semi-definite matrix of rank at most $\rho$ the trace is at most"
    r" $\sqrt{\rho}$ times the Frobenius norm, by Cauchy-Schwarz over its eigenvalues"
    r" other than 0, and at least the Frobenius norm: (f.1) gives (g.1) and (g.3), and"
    r" (f.2) gives (g.2).",
    source="Ma and Ying (2021), their multiplicative structure; assembled here",
    uses=("T06", "T07"),
    witnesses=(
        Witness(
            labels=(
                *("b.1", "b.2", "b.3", "d.1", "d.2", "e.1", "e.2"),
                *("f.1", "f.2", "f.3", "f.4"),
            ),
            note="WWᵀ = I and ‖x_i‖ = 1: both ends of (b) and (d), of e.1 and e.2, and"
            " of (f)",
            example=ORTHONORMAL.but(drawn=_ONE_UNIT_ABOVE),
        ),
        Witness(
            labels=("e.3", "e.4", "g.1"),
            note="f(x) = x on one sample, through three layers: WWᵀ = G_bb = I",
            example=_PLAIN,
        ),
        Witness(
            labels=("d.1",),
            note="WWᵀ = diag(4, 1) and G_bb = diag(4, 1)",
            example=_PLAIN.but(
                W=((2, 0), (0, 1)),
                drawn={"layers": {**_PLAIN_ABOVE["layers"], "B": ((2, 0), (0, 1))}},
            ),
        ),
        Witness(
            labels=("d.2",),
            note="WWᵀ = diag(4, 1) and G_bb = diag(1, 4)",
            example=_PLAIN.but(
                W=((2, 0), (0, 1)),
                drawn={"layers": {**_PLAIN_ABOVE["layers"], "B": ((1, 0), (0, 2))}},
            ),
        ),
        Witness(
            labels=("g.1", "g.2"),
            note="WWᵀ = I, one sample with ‖x‖ = 1 and one output: G_ww has rank 1",
            example=ORTHONORMAL.but(
                x=((1, 0, 0),), residual=((0,),), drawn=_ONE_UNIT_ABOVE
            ),
        ),
        Witness(
            labels=("g.3",),
            note="softmax on one sample of two classes, WWᵀ = I: G_ww has rank 1",
            example=_PLAIN.but(loss="softmax", residual=None, labels=(0,)),
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="Wᵀ injective in b.3: with the least non-zero singular value,"
            " W = (1, 1)ᵀ and f = u_1 - u_2 has Jx = 0 but ∂f/∂W = (1, -1)ᵀ",
            claim=_LEAST_NONZERO.claim,
            example=Example(
                activation="identity",
                x=((1,),),
                W=((1,), (1,)),
                b=(0, 0),
                A=((1, -1),),
                c=(0,),
                residual=((0,),),
                drawn={"layers": {"V": ((1, -1),), "e": (0,), "B": ((1,),)}},
            ),
        ),
        Counterexample(
            dropped="Wᵀ injective in the converse: low complexity alone bounds no"
            " Hessian, f = M relu(x) - M relu(x) = 0 with M = 1000 has Cx = 0,"
            " λ_1(H) > 10⁶",
            claim=replace(
                _CLAIM["f.2"], law=call("lmax", H) <= Constant(10**6) * (1 + Cx)
            ),
            example=_CANCELLING,
        ),
        Counterexample(
            dropped="S_i in G_bb in (c): logistic, f = x - 1 at x = 1 has Cx_S = ¼,"
            " but 1 with I for S_i",
            claim=_UNWEIGHTED.claim,
            example=ORTHONORMAL.but(
                activation="identity",
                loss="logistic",
                x=((1,),),
                W=((1,),),
                b=(-1,),
                A=((1,),),
                residual=None,
                labels=(0,),
                drawn={"layers": {"V": ((1,),), "e": (0,), "B": ((1,),)}},
            ),
        ),
        Counterexample(
            dropped="softmax in g.3: f = x in the plane has Cx = 2 but ‖G_ww‖_F = √2",
            claim=replace(_CLAIM["g.3"], losses=("squared",)),
            example=_PLAIN,
        ),
    ),
)
