"""T06: the exact identity between complexity and the bias block."""

from dataclasses import replace
from typing import Any

from ..expressions import call, name
from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from .coverage import PIECEWISE_LINEAR, SMOOTH
from .laws import changed, law

__all__ = ["T06"]

Cx, CxS, W = name("Cx"), name("CxS"), name("W")
G_bb, H_bb = name("G_bb"), name("H_bb")
GRAM = W @ W.T
CROSS_ENTROPIES = ("logistic", "softmax")


def _sample_sides(q: Any, drawn: Any, *, weighted: bool = True) -> tuple[Any, Any]:
    """tr(Jx_iᵀ S_i Jx_i) and ⟨WWᵀ, D_iᵀ S_i D_i⟩ with D_i = A diag(σ'(z_i))."""
    inner = q.D.T @ (q.S @ q.D if weighted else q.D)
    gram = q.W @ q.W.T
    return (q.Jx * (q.S @ q.Jx)).sum(-1, -2), (gram[:, None] * inner).sum(-1, -2)


def _residual_sides(q: Any, drawn: Any, *, keep: float = 1.0) -> tuple[Any, Any]:
    """Cx_S and ⟨WWᵀ, H_bb⟩ less `keep` times the residual term."""
    lengths = (q.W * q.W).sum(-1)[:, None, :]
    tail = ((q.r @ q.A) * q.s2 * lengths).sum(-1).mean(-1)
    gram = q.W @ q.W.T
    return q.CxS, (gram * q.block("H", "bb")).sum(-1, -2) - tail * keep


def _probability_sides(q: Any, drawn: Any, *, share: float) -> tuple[Any, Any]:
    """‖∂p/∂x‖_F² = ‖S Jx‖_F² and a share of tr(Jxᵀ S Jx), sample by sample."""
    slope = q.S @ q.Jx
    return (slope * slope).sum(-1, -2), (q.Jx * slope).sum(-1, -2) * share


def _softmax_fisher_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """Cx_S and (1/n) Σ_i Σ_y p_y ‖∇ₓf_y - Σ_c p_c ∇ₓf_c‖²."""
    p = q.r + q.t
    scores = q.Jx - (p[..., None] * q.Jx).sum(-2)[:, :, None, :]
    return q.CxS, (p * (scores * scores).sum(-1)).sum(-1).mean(-1)


def _logistic_fisher_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """Cx_S and (1/n) Σ_i (p ‖(1 - p) ∇ₓf‖² + (1 - p) ‖p ∇ₓf‖²)."""
    p = (q.r + q.t)[..., 0]
    size = (q.Jx * q.Jx).sum(-1, -2)
    return q.CxS, ((p * (1.0 - p) ** 2 + (1.0 - p) * p**2) * size).mean(-1)


def _drawn_label_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """Cx_S and (1/n) Σ_i ‖Jx_iᵀ r_i‖², the scores of the labels in the data."""
    scores = (q.r[..., None] * q.Jx).sum(-2)
    return q.CxS, (scores * scores).sum(-1).mean(-1)


_CLAIMS = (
    Claim(
        label="a.1",
        statement=r"$\mathrm{Cx}_S = \langle WW^T, G_{bb}\rangle$",
        law=CxS.equals(call("inner", GRAM, G_bb)),
    ),
    Claim(
        label="a.2",
        statement=r"squared loss: $\mathrm{Cx} = \langle WW^T, G_{bb}\rangle$",
        law=Cx.equals(call("inner", GRAM, G_bb)),
        losses=("squared",),
    ),
    Claim(
        label="a.3",
        statement=r"for every sample, $\operatorname{tr}(\mathrm{Jx}_i^TS_i\mathrm{Jx}_i)"
        r" = \langle WW^T, D_i^TS_iD_i\rangle$ with"
        r" $D_i = A\,\operatorname{diag}(\sigma'(z_i))$",
        law=law(_sample_sides, "=="),
    ),
    Claim(
        label="b",
        statement=r"$\mathrm{Cx}_S = \langle WW^T, H_{bb}\rangle - \frac{1}{n}\sum_i"
        r"\sum_k(r_i\cdot a_k)\,\sigma''(z_{ik})\,\|w_k\|^2$",
        law=law(_residual_sides, "=="),
    ),
    Claim(
        label="c",
        statement=r"$\sigma$ piecewise linear:"
        r" $\mathrm{Cx}_S = \langle WW^T, H_{bb}\rangle$",
        law=CxS.equals(call("inner", GRAM, H_bb)),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        label="d.1",
        statement=r"softmax, every sample: $\|\partial p/\partial x\|_F^2"
        r" \le \frac{1}{2}\operatorname{tr}(\mathrm{Jx}_i^TS_i\mathrm{Jx}_i)$",
        law=law(_probability_sides, "<=", share=0.5),
        losses=("softmax",),
    ),
    Claim(
        label="d.2",
        statement=r"logistic, every sample: $\|\nabla_xp\|^2"
        r" \le \frac{1}{4}p(1-p)\|\nabla_xf\|^2$",
        law=law(_probability_sides, "<=", share=0.25),
        losses=("logistic",),
    ),
    Claim(
        label="e.1",
        statement=r"softmax: $\mathrm{Cx}_S = \frac{1}{n}\sum_i\sum_yp_y"
        r"\,\|\nabla_x\log p_y\|^2$ with"
        r" $\nabla_x\log p_y = \nabla_xf_y - \sum_cp_c\nabla_xf_c$ at $x_i$",
        law=law(_softmax_fisher_sides, "=="),
        losses=("softmax",),
    ),
    Claim(
        label="e.2",
        statement=r"logistic: $\mathrm{Cx}_S = \frac{1}{n}\sum_i(p\,\|\nabla_x\log p\|^2"
        r" + (1-p)\,\|\nabla_x\log(1-p)\|^2)$ with $\nabla_x\log p = (1-p)\nabla_xf$"
        r" and $\nabla_x\log(1-p) = -p\,\nabla_xf$ at $x_i$",
        law=law(_logistic_fisher_sides, "=="),
        losses=("logistic",),
    ),
)
_CLAIM = {claim.label: claim for claim in _CLAIMS}

_MUTANTS = (
    Mutant(
        name="Cx in place of Cx_S for the cross-entropies",
        claim=replace(_CLAIM["a.2"], losses=CROSS_ENTROPIES),
    ),
    Mutant(
        name="Cx_S = ‖W‖² tr G_bb",
        claim=replace(
            _CLAIM["a.1"], law=CxS.equals(call("op", W) ** 2 * call("tr", G_bb))
        ),
    ),
    Mutant(
        name="D_iᵀD_i in place of D_iᵀS_iD_i",
        claim=changed(_CLAIM["a.3"], _sample_sides, weighted=False),
    ),
    Mutant(
        name="the residual term of (b) with the other sign",
        claim=changed(_CLAIM["b"], _residual_sides, keep=-1.0),
    ),
    Mutant(
        name="half the residual term of (b)",
        claim=changed(_CLAIM["b"], _residual_sides, keep=0.5),
    ),
    Mutant(
        name="(c) for smooth σ",
        claim=replace(_CLAIM["c"], activations=SMOOTH),
    ),
    Mutant(
        name="¼ in place of ½ for softmax",
        claim=changed(_CLAIM["d.1"], _probability_sides, share=0.25),
    ),
    Mutant(
        name="⅛ in place of ¼ for the logistic loss",
        claim=changed(_CLAIM["d.2"], _probability_sides, share=0.125),
    ),
    Mutant(
        name="the labels of the data in place of drawn ones, softmax",
        claim=changed(_CLAIM["e.1"], _drawn_label_sides),
    ),
    Mutant(
        name="the labels of the data in place of drawn ones, logistic",
        claim=changed(_CLAIM["e.2"], _drawn_label_sides),
    ),
)

_ONE_UNIT = Example(
    activation="identity",
    loss="logistic",
    x=((0,),),
    W=((1,),),
    b=(0,),
    A=((1,),),
    c=(0,),
    labels=(0,),
)
"""f(x) = x at x = 0, so that p = ½."""

_PARABOLA = _ONE_UNIT.but(
    activation="quadratic", loss="squared", x=((1,),), labels=None, residual=((-2,),)
)
"""σ = z², w = a = x = 1 and r = -2: Cx = 4 and H_bb = 0."""

T06 = Theorem(
    id="T06",
    title="The exact identity between complexity and the bias block",
    topic="complexity",
    statement=r"Let $\delta_i^c = \nabla_bf_c(x_i)$, so that"
    r" $G_{bb} = \frac{1}{n}\sum_i\sum_{c,e}(S_i)_{ce}\,\delta_i^c(\delta_i^e)^T$. Then"
    r" $\mathrm{Cx}_S = \langle WW^T, G_{bb}\rangle$ at every $\theta$, for any"
    r" $\sigma$, any number of outputs and any of the losses. The two sides agree sample"
    r" by sample, so the mean over the data may be replaced by the expectation over any"
    r" distribution of inputs. With $H_{bb}$ in place of $G_{bb}$ the identity holds up"
    r" to the residual term of (b), which is 0 for piecewise linear $\sigma$. For the"
    r" squared loss $\mathrm{Cx}_S = \mathrm{Cx}$; for the cross-entropies"
    r" $\mathrm{Cx}_S$ is the mean trace of the Fisher information of $p(y|x)$ about the"
    r" input, and bounds the slopes of the probabilities.",
    hypotheses=(
        r"(a), (d), (e): $\sigma$ is differentiable at every pre-activation",
        r"(b): $\sigma$ is twice differentiable at every pre-activation",
        r"(c): $\sigma$ is piecewise linear, and no pre-activation lies on a kink",
        r"(a.2): squared loss",
        r"(d.1), (e.1): softmax cross-entropy, with $p$ the vector of probabilities",
        r"(d.2), (e.2): logistic loss, with $p = 1/(1+e^{-f})$ that of label 1",
    ),
    claims=_CLAIMS,
    mutants=_MUTANTS,
    proof=r"(a) By the chain rule $\partial f_c/\partial b_k = A_{ck}\sigma'(z_{ik})$ and"
    r" $\partial f_c/\partial x_j = \sum_kA_{ck}\sigma'(z_{ik})W_{kj}$: the rows of"
    r" $D_i = A\,\operatorname{diag}(\sigma'(z_i))$ are the $\delta_i^c$, and"
    r" $\mathrm{Jx}_i = D_iW$. The trace is invariant under cyclic shifts, so"
    r" $\operatorname{tr}(\mathrm{Jx}_i^TS_i\mathrm{Jx}_i) ="
    r" \operatorname{tr}(W^TD_i^TS_iD_iW) = \langle WW^T, D_i^TS_iD_i\rangle$. The mean"
    r" over $i$ of the left side is $\mathrm{Cx}_S$, and that of $D_i^TS_iD_i$ is"
    r" $G_{bb}$. For the squared loss $S_i = I$, so $\mathrm{Cx}_S = \mathrm{Cx}$."
    r" (b) $b_k$ enters $f_c$ through $A_{ck}\sigma(z_{ik})$ alone, so"
    r" $\nabla_b^2f_c = \operatorname{diag}_k(A_{ck}\sigma''(z_{ik}))$ and $H_{bb} ="
    r" G_{bb} + \operatorname{diag}_k(\frac{1}{n}\sum_i(r_i\cdot a_k)\sigma''(z_{ik}))$."
    r" The $k$-th diagonal entry of $WW^T$ is $\|w_k\|^2$, so the inner product of"
    r" $WW^T$ with the second matrix is the residual term. (c) That term is 0 where"
    r" $\sigma'' = 0$. (d) For both cross-entropies $r = p - t$ with a target $t$ that"
    r" does not depend on $x$, so $\partial p/\partial x = (\partial r/\partial"
    r" f)\,\mathrm{Jx} = S\,\mathrm{Jx}$. Softmax: $S = \operatorname{diag}(p) - pp^T$,"
    r" $v^TSv = \frac{1}{2}\sum_{c,e}p_cp_e(v_c-v_e)^2 \ge 0$ and, since $\sum_cp_c ="
    r" 1$, $\frac{1}{2}\|v\|^2 - v^TSv = \frac{1}{2}\sum_c(1-2p_c)^2v_c^2 +"
    r" \frac{1}{2}\sum_{c\ne e}p_cp_e(v_c+v_e)^2 \ge 0$. With $u = Sv$, then,"
    r" $\frac{1}{2}v^TSv - \|Sv\|^2 = \frac{1}{2}(v-2u)^TS(v-2u) +"
    r" 2(\frac{1}{2}\|u\|^2 - u^TSu) \ge 0$; adding this up over the columns $v$ of"
    r" $\mathrm{Jx}$ gives $\|S\,\mathrm{Jx}\|_F^2 \le"
    r" \frac{1}{2}\operatorname{tr}(\mathrm{Jx}^TS\,\mathrm{Jx})$. Logistic:"
    r" $S = p(1-p)$, $\|\nabla_xp\|^2 = S^2\|\nabla_xf\|^2$, and $\frac{1}{4} - p(1-p) ="
    r" (\frac{1}{2}-p)^2 \ge 0$. (e) $-\log p_y$ is the loss at the label $y$, so"
    r" $\nabla_x\log p_y = -\mathrm{Jx}^Tr = \mathrm{Jx}^T(e_y - p)$ for softmax. The"
    r" mean of $(e_y-p)(e_y-p)^T$ over $y$ drawn from $p$ is $\operatorname{diag}(p) -"
    r" pp^T = S$, so that of $\|\mathrm{Jx}^T(e_y-p)\|^2$ is"
    r" $\operatorname{tr}(\mathrm{Jx}^TS\,\mathrm{Jx})$. For the logistic loss the two"
    r" labels have scores $(1-p)\nabla_xf$ and $-p\,\nabla_xf$, and $p(1-p)^2 +"
    r" (1-p)p^2 = p(1-p) = S$.",
    source="derived here",
    uses=("T02",),
    witnesses=(
        Witness(
            labels=("d.1",),
            note="softmax with two equal probabilities and opposite output weights",
            example=_ONE_UNIT.but(loss="softmax", A=((1,), (-1,)), c=(0, 0)),
        ),
        Witness(
            labels=("d.2",),
            note="logistic loss with p = ½",
            example=_ONE_UNIT,
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="the squared loss in (a.2): logistic, f = x at x = 0 has Cx = 1,"
            " G_bb = ¼",
            claim=replace(_CLAIM["a.2"], losses=CROSS_ENTROPIES),
            example=_ONE_UNIT,
        ),
        Counterexample(
            dropped="the residual term in (b): σ = z², w = a = x = 1, y = 3 has Cx = 4,"
            " H_bb = 0",
            claim=changed(_CLAIM["b"], _residual_sides, keep=0.0),
            example=_PARABOLA,
        ),
        Counterexample(
            dropped="σ piecewise linear in (c): the same",
            claim=replace(_CLAIM["c"], activations=SMOOTH),
            example=_PARABOLA,
        ),
    ),
)
