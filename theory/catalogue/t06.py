"""T06: the exact identity between complexity and the bias block."""

from dataclasses import replace
from typing import Any

from ..expressions import call, name
from ..theorems import Claim, Counterexample, Example, Mutant, Theorem, Witness
from .coverage import PIECEWISE_LINEAR
from .laws import law

__all__ = ["T06"]

C, Cx, CxS, W = name("C"), name("Cx"), name("CxS"), name("W")
G_bb, H_bb = name("G_bb"), name("H_bb")
GRAM = W @ W.T


def _residual_sides(q: Any, drawn: Any, *, keep: float = 1.0) -> tuple[Any, Any]:
    lengths = (q.W * q.W).sum(-1)[:, None, :]
    tail = (q.r * (q.A * q.s2 * lengths).sum(-1)[..., None]).mean(-1, -2)
    gram = q.W @ q.W.T
    return q.Cx, (gram * q.block("H", "bb")).sum(-1, -2) - tail * keep


def _softmax_input_sides(q: Any, drawn: Any, *, half: float = 0.5) -> tuple[Any, Any]:
    slope = q.S @ q.Jx
    return (
        (slope * slope).sum(-1, -2),
        (q.Jx * slope).sum(-1, -2) * half,
    )


def _logistic_input_sides(
    q: Any, drawn: Any, *, quarter: float = 0.25
) -> tuple[Any, Any]:
    return _softmax_input_sides(q, drawn, half=quarter)


_T06 = (
    Claim(
        label="a",
        statement=r"Cx_S = <WW^T, G_{bb}>",
        law=CxS.equals(call("inner", GRAM, G_bb)),
    ),
    Claim(
        label="b",
        statement=r"C = 1, squared loss: Cx = <WW^T, H_{bb}>"
        r" - \frac{1}{n}\sum_ir_i\sum_ka_k\|w_k\|^2\sigma''(z_{ik})",
        law=law(_residual_sides, "=="),
        losses=("squared",),
        outputs="one",
    ),
    Claim(
        label="c",
        statement=r"\sigma piecewise linear: Cx_S = <WW^T, H_{bb}> at every \theta",
        law=CxS.equals(call("inner", GRAM, H_bb)),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        label="d.1",
        statement=r"softmax: \|\partial p/\partial x\|_F^2 \le \frac{1}{2}tr(Jx^TSJx)",
        law=law(_softmax_input_sides, "<="),
        losses=("softmax",),
    ),
    Claim(
        label="d.2",
        statement=r"logistic: \|\nabla_xp\|^2 \le \frac{1}{4}p(1-p)\|\nabla_xf\|^2",
        law=law(_logistic_input_sides, "<="),
        losses=("logistic",),
    ),
)

T06 = Theorem(
    id="T06",
    title="The exact identity between complexity and the bias block",
    topic="complexity",
    statement=r"Cx_S = <WW^T, G_{bb}> for any \sigma, any number of outputs, any of the"
    r" losses, at every \theta; Cx_S = Cx for the squared loss.",
    hypotheses=(r"\sigma is differentiable at every pre-activation",),
    claims=_T06,
    mutants=(
        Mutant(
            name="Cx in place of Cx_S for cross-entropy",
            claim=replace(
                _T06[0],
                law=Cx.equals(call("inner", GRAM, G_bb)),
                losses=("logistic", "softmax"),
            ),
        ),
        Mutant(
            name="Cx_S = ‖W‖² tr G_bb",
            claim=replace(
                _T06[0], law=CxS.equals(call("op", W) ** 2 * call("tr", G_bb))
            ),
        ),
        Mutant(
            name="Cx = <WWᵀ, H_bb> for smooth σ off interpolation",
            claim=replace(_T06[1], law=law(_residual_sides, "==", keep=0.0)),
        ),
        Mutant(
            name="¼ in place of ½ for softmax",
            claim=replace(_T06[3], law=law(_softmax_input_sides, "<=", half=0.25)),
        ),
        Mutant(
            name="⅛ in place of ¼ for the logistic loss",
            claim=replace(_T06[4], law=law(_logistic_input_sides, "<=", quarter=0.125)),
        ),
    ),
    proof=r"The rows of D_i = A diag(\sigma'(z_i)) are \partial f_c/\partial b, and Jx_i ="
    r" D_iW. So tr(Jx_i^TS_iJx_i) = tr(WW^TD_i^TS_iD_i), and the mean of D_i^TS_iD_i is"
    r" G_{bb}. Further H_{bb} = G_{bb} + diag_k(\frac{1}{n}\sum_i(r_i\cdot a_k)"
    r"\sigma''(z_{ik})), which is (b), and (c) where \sigma'' = 0. (d) \partial p/\partial x"
    r" = SJx and \|SJx\|_F^2 = tr(Jx^TS^2Jx) \le \|S\| tr(Jx^TSJx), with \|S\| \le 1/2,"
    r" for one output 1/4 (T02e). \blacksquare",
    source="derived here",
    uses=("T02",),
    witnesses=(
        Witness(
            labels=("d.1",),
            note="two equal probabilities and opposite output weights",
            example=Example(
                activation="identity",
                loss="softmax",
                x=((0,),),
                W=((1,),),
                b=(0,),
                A=((1,), (-1,)),
                c=(0, 0),
                labels=(0,),
            ),
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="the residual term in (b): σ = z², w = a = x = 1, y = 3",
            claim=replace(_T06[1], law=law(_residual_sides, "==", keep=0.0)),
            example=Example(
                activation="quadratic",
                x=((1,),),
                W=((1,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=((-2,),),
            ),
        ),
    ),
)
