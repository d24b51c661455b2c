"""T02: H = G + F, the curvature of the losses, and how near H is to G."""

from fractions import Fraction
from typing import Any

from ..expressions import Constant, call, name
from ..theorems import Claim, Counterexample, Example, Law, Mutant, Theorem, Witness
from .laws import changed
from .t01 import first_layer

__all__ = ["T02"]

F, G, H = name("F"), name("G"), name("H")


def _split_sides(q: Any, drawn: Any, *, residual: float = 1.0) -> tuple[Any, Any]:
    v = drawn.v
    sum_of_parts = ((q.G + q.F * residual) @ v[..., None])[..., 0]
    return q.gradient_along(v.value), sum_of_parts


def _block_sides(q: Any, drawn: Any, *, cross: float = 2.0) -> tuple[Any, Any]:
    moved, columns, _ = first_layer(q, drawn.v)
    weights = q.r @ q.A
    curved = (weights * q.s2 * moved * moved).sum(-1).mean(-1)
    mixed = ((q.s1 * moved) @ columns.T * q.r).sum(-1).mean(-1)
    v = drawn.v[..., None]
    return (v.T @ q.F @ v)[..., 0, 0], curved + mixed * cross


def _weyl_sides(q: Any, drawn: Any, *, share: float = 1.0) -> tuple[Any, Any]:
    gap = (q.eigenvalues("H") - q.eigenvalues("G")).abs().max(-1)
    return gap, q.eigenvalues("F").abs().max(-1) * share


def _neuron_norm_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return q.eigenvalues("F").abs().max(-1), q.neuron_blocks.operator().max(-1)


def _schwarz_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    norms = q.functional_norms[..., 0]
    bound = (q.L * two).sqrt() * (norms * norms).mean(-1).sqrt()
    return q.eigenvalues("F").abs().max(-1), bound


def _probability(q: Any) -> Any:
    """1 - p_y, (n,): half of ‖r‖_1 for softmax, |r| for the logistic loss."""
    return q.r.abs().sum(-1) * (0.5 if q.C > 1 else 1.0)


def _wrong(q: Any) -> Any:
    """1 - p_y for softmax from p = r + t, without ‖r‖_1."""
    return (1.0 - (q.r + q.t) * q.t - (1.0 - q.t)).sum(-1)


def _logistic_slope_sides(q: Any, drawn: Any, *, share: float = 1.0) -> tuple[Any, Any]:
    return q.S[..., 0, 0], q.r[..., 0].abs() * share


def _logistic_loss_sides(q: Any, drawn: Any, *, share: float = 1.0) -> tuple[Any, Any]:
    return q.r[..., 0].abs(), q.ell * share


def _logistic_quarter_sides(
    q: Any, drawn: Any, *, bound: float = 0.25
) -> tuple[Any, Any]:
    slope = q.S[..., 0, 0]
    return slope, slope * 0.0 + bound


def _softmax_trace_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    return q.S.trace(), _wrong(q) * two


def _softmax_norm_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    return q.S.operator(), _wrong(q) * two


def _softmax_half_sides(q: Any, drawn: Any, *, bound: float = 0.5) -> tuple[Any, Any]:
    norms = q.S.operator()
    return norms, norms * 0.0 + bound


def _softmax_loss_sides(q: Any, drawn: Any, *, share: float = 1.0) -> tuple[Any, Any]:
    return _wrong(q), q.ell * share


def _softmax_residual_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    return q.r.abs().sum(-1), _wrong(q) * two


_T02 = (
    Claim(
        label="a.1",
        statement=r"H v = G v + F v, H v by differentiating \nabla L along v",
        law=Law(sides=_split_sides, relation="==", draws=("directions",)),
    ),
    Claim(
        label="a.2",
        statement=r"G is positive semi-definite where \ell is convex in f",
        law=Constant(0) <= call("lmin", G),
    ),
    Claim(
        label="b",
        statement=r"v^TFv = \sum_k \dot w_k^TM_k\dot w_k + 2\,\dot w_k^TU_k\dot a_k",
        law=Law(sides=_block_sides, relation="==", draws=("directions",)),
    ),
    Claim(
        label="c.1",
        statement=r"|\lambda_j(H) - \lambda_j(G)| \le \|F\| for every j",
        law=Law(sides=_weyl_sides, relation="<="),
    ),
    Claim(
        label="c.2",
        statement=r"\|F\| = \max_k \|F_k\|",
        law=Law(sides=_neuron_norm_sides, relation="=="),
    ),
    Claim(
        label="d",
        statement=r"\|F\| \le \sqrt{2L}\,(\frac{1}{n}\sum_i\|\nabla^2f(x_i)\|^2)^{1/2}",
        law=Law(sides=_schwarz_sides, relation="<="),
        dear=True,
        losses=("squared",),
        outputs="one",
    ),
    Claim(
        label="e.1",
        statement=r"logistic: S \le |r|",
        law=Law(sides=_logistic_slope_sides, relation="<="),
        losses=("logistic",),
    ),
    Claim(
        label="e.2",
        statement=r"logistic: |r| \le \ell",
        law=Law(sides=_logistic_loss_sides, relation="<="),
        losses=("logistic",),
    ),
    Claim(
        label="e.3",
        statement=r"logistic: S \le 1/4",
        law=Law(sides=_logistic_quarter_sides, relation="<="),
        losses=("logistic",),
    ),
    Claim(
        label="e.4",
        statement=r"softmax: tr S \le 2(1 - p_y)",
        law=Law(sides=_softmax_trace_sides, relation="<="),
        losses=("softmax",),
    ),
    Claim(
        label="e.5",
        statement=r"softmax: \|S\| \le 2(1 - p_y)",
        law=Law(sides=_softmax_norm_sides, relation="<="),
        losses=("softmax",),
    ),
    Claim(
        label="e.6",
        statement=r"softmax: \|S\| \le 1/2",
        law=Law(sides=_softmax_half_sides, relation="<="),
        losses=("softmax",),
    ),
    Claim(
        label="e.7",
        statement=r"softmax: 1 - p_y \le \ell",
        law=Law(sides=_softmax_loss_sides, relation="<="),
        losses=("softmax",),
    ),
    Claim(
        label="e.8",
        statement=r"softmax: \|r\|_1 = 2(1 - p_y)",
        law=Law(sides=_softmax_residual_sides, relation="=="),
        losses=("softmax",),
    ),
)

T02 = Theorem(
    id="T02",
    title="H = G + F, curvature of the losses, and how near H is to G",
    topic="derivatives",
    statement=r"H = G + F with G positive semi-definite and F block diagonal in neuron"
    r" order, F_k = [[M_k, U_k], [U_k^T, 0]], M_k = \frac{1}{n}\sum_i (r_i\cdot a_k)"
    r"\sigma''(z_{ik})\tilde x_i\tilde x_i^T, U_k = \frac{1}{n}\sum_i\sigma'(z_{ik})"
    r"\tilde x_ir_i^T; no eigenvalue of H is farther than \|F\| from that of G.",
    hypotheses=(
        r"\ell is twice differentiable in f",
        r"(a, second half) \ell is convex in f",
    ),
    claims=_T02,
    mutants=(
        Mutant(name="H = G", claim=changed(_T02[0], _split_sides, residual=0.0)),
        Mutant(name="H = G - F", claim=changed(_T02[0], _split_sides, residual=-1.0)),
        Mutant(
            name="U_k counted once", claim=changed(_T02[2], _block_sides, cross=1.0)
        ),
        Mutant(name="½‖F‖", claim=changed(_T02[3], _weyl_sides, share=0.5)),
        Mutant(
            name="√(L/2) instead of √(2L)",
            claim=changed(_T02[5], _schwarz_sides, two=0.5),
        ),
        Mutant(
            name="logistic S ≤ |r|/2",
            claim=changed(_T02[6], _logistic_slope_sides, share=0.5),
        ),
        Mutant(
            name="logistic S ≤ 1/8",
            claim=changed(_T02[8], _logistic_quarter_sides, bound=0.125),
        ),
        Mutant(
            name="softmax tr S ≤ 1 - p_y",
            claim=changed(_T02[9], _softmax_trace_sides, two=1.0),
        ),
        Mutant(
            name="softmax ‖S‖ ≤ 1 - p_y",
            claim=changed(_T02[10], _softmax_norm_sides, two=1.0),
        ),
        Mutant(
            name="softmax ‖S‖ ≤ 1/4",
            claim=changed(_T02[11], _softmax_half_sides, bound=0.25),
        ),
        Mutant(
            name="softmax ‖r‖_1 = 1 - p_y",
            claim=changed(_T02[13], _softmax_residual_sides, two=1.0),
        ),
    ),
    proof=r"The chain rule gives \nabla^2\ell(f(\theta)) = J^TSJ + \sum_c r_c\nabla^2f_c;"
    r" average over samples, and J^TSJ is positive semi-definite with S. (b) is T01 summed"
    r" with weights r_{ic}. (c) is Weyl's inequality, and the norm of a block diagonal"
    r" matrix is the largest of its blocks'. (d) \|F\| \le \frac{1}{n}\sum|r_i|"
    r"\|\nabla^2f(x_i)\| by Cauchy-Schwarz, with \frac{1}{n}\sum r_i^2 = 2L. (e) For the"
    r" logistic loss S = p(1-p) is at most the smaller of p and 1-p, so at most |r|, and"
    r" -\ln q \ge 1-q. For softmax tr S = 1-\sum p_c^2 \le 1-p_y^2 \le 2(1-p_y);"
    r" Gershgorin's disc of row c reaches to 2p_c(1-p_c), which is at most 1/2 and at most"
    r" 2(1-p_y), since p_c \le 1-p_y for c \ne y. \blacksquare",
    source="Schraudolph (2002), Sagun et al. (2017); the bounds are derived here",
    uses=("T01",),
    witnesses=(
        Witness(
            labels=("e.6",),
            note="softmax with two equal probabilities: ‖S‖ = 1/2",
            example=Example(
                activation="tanh",
                loss="softmax",
                x=((1,),),
                W=((0,),),
                b=(0,),
                A=((0,), (0,)),
                c=(0, 0),
                labels=(0,),
            ),
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="ℓ convex in f: ℓ = ½(tanh f - y)² with f = 1, y = -5 has S < 0",
            claim=_T02[1],
            example=Example(
                activation="identity",
                x=((1,),),
                W=((1,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=((0,),),
                output_hessian=(((Fraction(-7, 2),),),),
            ),
        ),
    ),
)
