"""T01 to T03: the derivatives of a two-layer network, and H = G + F."""

from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from ..activations import ACTIVATIONS
from ..expressions import Constant, call, name
from ..theorems import Claim, Counterexample, Example, Law, Mutant, Theorem, Witness

__all__ = ["PIECEWISE_LINEAR", "SMOOTH", "THEOREMS"]

PIECEWISE_LINEAR: Final = tuple(
    key for key, value in ACTIVATIONS.items() if value.homogeneous
)
SMOOTH: Final = tuple(key for key in ACTIVATIONS if key not in PIECEWISE_LINEAR)

F, G, H = name("F"), name("G"), name("H")


# T01


def _first_layer(q: Any, v: Any) -> tuple[Any, Any, Any]:
    """v split: (ẇ_k·x̃_i) (n, m), ȧ (C, m), ċ (C,)."""
    weights = v[:, q.place["W"]].reshape(q.m, q.d)
    moved = q.x @ weights.T + v[:, None, q.place["b"]]
    columns = v[:, q.place["A"]].reshape(q.m, q.C).T
    return moved, columns, v[:, q.place["c"]]


def _gradient_sides(
    q: Any, drawn: Any, *, own: str = "s0", output_bias: float = 1.0
) -> tuple[Any, Any]:
    moved, columns, constant = _first_layer(q, drawn.v)
    formula = (q.s1 * moved) @ q.A.T + getattr(q, own) @ columns.T
    return q.output_along(drawn.v.value), formula + constant[:, None, :] * output_bias


def _arrowhead_sides(
    q: Any, drawn: Any, *, cross: float = 2.0, bend: str = "s2"
) -> tuple[Any, Any]:
    moved, columns, _ = _first_layer(q, drawn.v)
    form = (getattr(q, bend) * moved * moved) @ q.A.T
    form = form + (q.s1 * moved) @ columns.T * cross
    along = q.functional_gradient_along(drawn.v.value)
    return (along * drawn.v[:, None, None, :]).sum(-1), form


def _corner(q: Any) -> tuple[Any, Any, Any]:
    """a s2 and s1 as (n, C, m), N = ‖x̃‖² as (n, 1, 1)."""
    square = (q.xt * q.xt).sum(-1)[..., None, None]
    return q.A[:, None] * q.s2[..., None, :], q.s1[..., None, :], square


def _eigenvalue_sides(
    q: Any, drawn: Any, *, four: float = 4.0, shrink: float = 0.0
) -> tuple[Any, Any]:
    bend, slope, N = _corner(q)
    N = N - shrink
    root = N.sqrt() * (bend * bend * N + slope * slope * four).sqrt()
    plus, minus = (bend * N + root) * 0.5, (bend * N - root) * 0.5
    return (
        q.functional_eigenvalues,
        plus.join(minus).padded(q.p).descending(),
    )


def _sign_sides(q: Any, drawn: Any, *, extra: float = 0.0) -> tuple[Any, Any, Any]:
    # where every s1 ≠ 0: exactly m positive and m negative eigenvalues
    values = q.functional_eigenvalues
    counts = values.count_positive()[..., None].join(values.count_negative()[..., None])
    return counts, counts * 0.0 + (q.m + extra), (q.s1 * q.s1).certainly_positive()


def _rank_sides(q: Any, drawn: Any, *, second: float = 1.0) -> tuple[Any, Any]:
    bend, slope, _ = _corner(q)
    slopes = slope.nonzero()
    count = slopes * 2.0 + (1.0 - slopes) * bend.nonzero() * second
    return q.functional_hessians.rank(), count.sum(-1)


def _frobenius_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    bend, slope, N = _corner(q)
    form = (bend * bend * N * N + slope * slope * N * two).sum(-1)
    hessians = q.functional_hessians
    return (hessians * hessians).sum(-1, -2), form


def _norm_sides(q: Any, drawn: Any, *, root: bool = True) -> tuple[Any, Any]:
    bend, slope, N = _corner(q)
    side = N.sqrt() if root else N
    size = (bend * N).abs() + side * (bend * bend * N + slope * slope * 4.0).sqrt()
    return q.functional_norms, (size * 0.5).max(-1)


_T01 = (
    Claim(
        letter="a",
        statement=r"\partial f_c/\partial\tilde w_k = A_{ck}\,\sigma'(z_k)\,\tilde x,\quad"
        r" \partial f_c/\partial a_k = \sigma(z_k)\,e_c,\quad"
        r" \partial f_c/\partial c = e_c",
        law=Law(sides=_gradient_sides, relation="==", draws=("directions",)),
    ),
    Claim(
        letter="b",
        statement=r"v^T\nabla^2 f_c\,v = \sum_k A_{ck}\,\sigma''(z_k)"
        r"(\dot w_k\cdot\tilde x)^2 + 2\,\sigma'(z_k)(\dot w_k\cdot\tilde x)\dot a_{ck}",
        law=Law(sides=_arrowhead_sides, relation="==", draws=("directions",)),
    ),
    Claim(
        letter="c",
        statement=r"\lambda_\pm = \frac{1}{2}(a\sigma'' N \pm \sqrt{N}"
        r"\sqrt{a^2\sigma''^2 N + 4\sigma'^2}),\quad N = 1 + \|x\|^2",
        law=Law(sides=_eigenvalue_sides, relation="=="),
        dear=True,
    ),
    Claim(
        letter="i",
        statement=r"\sigma'(z_k)\ne 0 \Rightarrow block k has exactly one positive and"
        r" one negative eigenvalue",
        law=Law(sides=_sign_sides, relation="=="),
        dear=True,
    ),
    Claim(
        letter="ii",
        statement=r"rank \nabla^2 f_c = 2\,\#\{k: \sigma'(z_k)\ne 0\}"
        r" + \#\{k: \sigma'(z_k)=0,\ A_{ck}\sigma''(z_k)\ne 0\}",
        law=Law(sides=_rank_sides, relation="=="),
        dear=True,
    ),
    Claim(
        letter="iii",
        statement=r"\|\nabla^2 f_c\|_F^2 = \sum_k A_{ck}^2\sigma''(z_k)^2N^2"
        r" + 2\sigma'(z_k)^2N",
        law=Law(sides=_frobenius_sides, relation="=="),
    ),
    Claim(
        letter="iv",
        statement=r"\|\nabla^2 f_c\| = \max_k \frac{1}{2}(|A_{ck}\sigma''(z_k)|N"
        r" + \sqrt{N}\sqrt{A_{ck}^2\sigma''(z_k)^2N + 4\sigma'(z_k)^2})",
        law=Law(sides=_norm_sides, relation="=="),
        dear=True,
    ),
)


def _changed(claim: Claim, sides: Any, **keywords: Any) -> Claim:
    """The claim with a keyword of its law changed."""
    law = claim.law
    if not isinstance(law, Law):
        raise TypeError(claim.letter)

    def mutated(q: Any, drawn: Any) -> tuple[Any, ...]:
        result: tuple[Any, ...] = sides(q, drawn, **keywords)
        return result

    return replace(claim, law=replace(law, sides=mutated))


T01 = Theorem(
    id="T01",
    title="Gradient, arrowhead functional Hessian, and its exact spectrum",
    topic="derivatives",
    statement=r"For every c, \nabla^2 f_c(x) is block diagonal in neuron order and zero on"
    r" the output bias. Block k on (\tilde w_k, A_{ck}) is the arrowhead"
    r" [[A_{ck}\sigma''(z_k)\tilde x\tilde x^T, \sigma'(z_k)\tilde x],"
    r" [\sigma'(z_k)\tilde x^T, 0]], whose eigenvalues other than 0 are \lambda_\pm.",
    hypotheses=(r"\sigma is twice differentiable at every z_k(x)",),
    claims=_T01,
    mutants=(
        Mutant(
            name="∂f_c/∂c = 0",
            claim=_changed(_T01[0], _gradient_sides, output_bias=0.0),
        ),
        Mutant(
            name="∂f_c/∂a_k = σ'(z_k) e_c",
            claim=_changed(_T01[0], _gradient_sides, own="s1"),
        ),
        Mutant(
            name="cross term counted once",
            claim=_changed(_T01[1], _arrowhead_sides, cross=1.0),
        ),
        Mutant(
            name="N = ‖x‖² in spite of the bias",
            claim=_changed(_T01[2], _eigenvalue_sides, shrink=1.0),
        ),
        Mutant(
            name="2σ'² instead of 4σ'² under the root",
            claim=_changed(_T01[2], _eigenvalue_sides, four=2.0),
        ),
        Mutant(
            name="one eigenvalue of each sign fewer",
            claim=_changed(_T01[3], _sign_sides, extra=-1.0),
        ),
        Mutant(
            name="flat neurons (σ' = 0) add no rank",
            claim=_changed(_T01[4], _rank_sides, second=0.0),
        ),
        Mutant(
            name="σ'²N counted once",
            claim=_changed(_T01[5], _frobenius_sides, two=1.0),
        ),
        Mutant(
            name="N instead of √N before the root",
            claim=_changed(_T01[6], _norm_sides, root=False),
        ),
    ),
    proof=r"f_c = \sum_k A_{ck}\sigma(z_k) + c_c with z_k = \tilde w_k\cdot\tilde x is a sum"
    r" of functions of disjoint groups of parameters, hence the blocks; differentiating"
    r" A_{ck}\sigma(\tilde w_k\cdot\tilde x) twice gives the arrowhead. It maps the span of"
    r" (\tilde x, 0) and (0, 1) to itself and kills the complement. In the orthonormal"
    r" basis (\tilde x/\sqrt{N}, 0), (0, 1) it is [[a\sigma''N, \sigma'\sqrt{N}],"
    r" [\sigma'\sqrt{N}, 0]], with trace a\sigma''N and determinant -\sigma'^2N: the"
    r" quadratic formula gives \lambda_\pm. For \sigma' \ne 0 their product is negative,"
    r" so one is positive and one negative (i); for \sigma' = 0 they are a\sigma''N and 0"
    r" (ii). The Frobenius norm is summed entry by entry (iii), and the larger of"
    r" |\lambda_+| and |\lambda_-| has the sign of a\sigma'' (iv). \blacksquare",
    source="folklore; the spectrum is derived here",
)


# T02


def _split_sides(q: Any, drawn: Any, *, residual: float = 1.0) -> tuple[Any, Any]:
    v = drawn.v
    sum_of_parts = ((q.G + q.F * residual) @ v[..., None])[..., 0]
    return q.gradient_along(v.value), sum_of_parts


def _block_sides(q: Any, drawn: Any, *, cross: float = 2.0) -> tuple[Any, Any]:
    moved, columns, _ = _first_layer(q, drawn.v)
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
        letter="a",
        statement=r"H v = G v + F v, H v by differentiating \nabla L along v",
        law=Law(sides=_split_sides, relation="==", draws=("directions",)),
    ),
    Claim(
        letter="a",
        statement=r"G is positive semi-definite where \ell is convex in f",
        law=Constant(0) <= call("lmin", G),
    ),
    Claim(
        letter="b",
        statement=r"v^TFv = \sum_k \dot w_k^TM_k\dot w_k + 2\,\dot w_k^TU_k\dot a_k",
        law=Law(sides=_block_sides, relation="==", draws=("directions",)),
    ),
    Claim(
        letter="c",
        statement=r"|\lambda_j(H) - \lambda_j(G)| \le \|F\| for every j",
        law=Law(sides=_weyl_sides, relation="<="),
    ),
    Claim(
        letter="c",
        statement=r"\|F\| = \max_k \|F_k\|",
        law=Law(sides=_neuron_norm_sides, relation="=="),
    ),
    Claim(
        letter="d",
        statement=r"\|F\| \le \sqrt{2L}\,(\frac{1}{n}\sum_i\|\nabla^2f(x_i)\|^2)^{1/2}",
        law=Law(sides=_schwarz_sides, relation="<="),
        dear=True,
        losses=("squared",),
        outputs="one",
    ),
    Claim(
        letter="e",
        statement=r"logistic: S \le |r|",
        law=Law(sides=_logistic_slope_sides, relation="<="),
        losses=("logistic",),
    ),
    Claim(
        letter="e",
        statement=r"logistic: |r| \le \ell",
        law=Law(sides=_logistic_loss_sides, relation="<="),
        losses=("logistic",),
    ),
    Claim(
        letter="e",
        statement=r"logistic: S \le 1/4",
        law=Law(sides=_logistic_quarter_sides, relation="<="),
        losses=("logistic",),
    ),
    Claim(
        letter="e",
        statement=r"softmax: tr S \le 2(1 - p_y)",
        law=Law(sides=_softmax_trace_sides, relation="<="),
        losses=("softmax",),
    ),
    Claim(
        letter="e",
        statement=r"softmax: \|S\| \le 2(1 - p_y)",
        law=Law(sides=_softmax_norm_sides, relation="<="),
        losses=("softmax",),
    ),
    Claim(
        letter="e",
        statement=r"softmax: \|S\| \le 1/2",
        law=Law(sides=_softmax_half_sides, relation="<="),
        losses=("softmax",),
    ),
    Claim(
        letter="e",
        statement=r"softmax: 1 - p_y \le \ell",
        law=Law(sides=_softmax_loss_sides, relation="<="),
        losses=("softmax",),
    ),
    Claim(
        letter="e",
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
        Mutant(name="H = G", claim=_changed(_T02[0], _split_sides, residual=0.0)),
        Mutant(name="H = G - F", claim=_changed(_T02[0], _split_sides, residual=-1.0)),
        Mutant(
            name="U_k counted once", claim=_changed(_T02[2], _block_sides, cross=1.0)
        ),
        Mutant(name="½‖F‖", claim=_changed(_T02[3], _weyl_sides, share=0.5)),
        Mutant(
            name="√(L/2) instead of √(2L)",
            claim=_changed(_T02[5], _schwarz_sides, two=0.5),
        ),
        Mutant(
            name="logistic S ≤ |r|/2",
            claim=_changed(_T02[6], _logistic_slope_sides, share=0.5),
        ),
        Mutant(
            name="logistic S ≤ 1/8",
            claim=_changed(_T02[8], _logistic_quarter_sides, bound=0.125),
        ),
        Mutant(
            name="softmax tr S ≤ 1 - p_y",
            claim=_changed(_T02[9], _softmax_trace_sides, two=1.0),
        ),
        Mutant(
            name="softmax ‖S‖ ≤ 1 - p_y",
            claim=_changed(_T02[10], _softmax_norm_sides, two=1.0),
        ),
        Mutant(
            name="softmax ‖S‖ ≤ 1/4",
            claim=_changed(_T02[11], _softmax_half_sides, bound=0.25),
        ),
        Mutant(
            name="softmax ‖r‖_1 = 1 - p_y",
            claim=_changed(_T02[13], _softmax_residual_sides, two=1.0),
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
    witness=Witness(
        letter="e",
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


# T03


def _off_diagonal_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """Spectrum of F: ± the singular values of every U_k, and zeros."""
    sigma = q.neuron_crosses.singular_values()
    flat = sigma.reshape(q.m * sigma.shape[-1])
    return q.eigenvalues("F"), flat.join(-flat).padded(q.p).descending()[..., : q.p]


def _rank_f_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    return q.F.rank(), q.neuron_crosses.rank().sum(-1) * two


def _negative_sides(q: Any, drawn: Any, *, less: float = 0.0) -> tuple[Any, Any]:
    count = q.eigenvalues("H").count_negative()
    return count, count * 0.0 + (q.m * min(q.C, q.d + 1) - less)


def _negative_m_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    count = q.eigenvalues("H").count_negative()
    return count, count * 0.0 + q.m


def _first_layer_gradient_sides(
    q: Any, drawn: Any, *, factor: float = 1.0
) -> tuple[Any, Any]:
    U = q.neuron_crosses
    first = (U @ q.A.T[..., None])[..., 0] * factor
    weights = q.grad[:, q.place["W"]].reshape(q.m, q.d)
    own = weights.join(q.grad[:, q.place["b"], None])
    return own, first


def _second_layer_gradient_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    U = q.neuron_crosses
    return (
        q.grad[:, q.place["A"]].reshape(q.m, q.C),
        (U.T @ q.Wt[..., None])[..., 0],
    )


def _cell_sides(q: Any, drawn: Any) -> tuple[Any, Any, Any]:
    other = q.at(drawn.neighbour)
    return q.L, other.L, q.same_cell(other)


_T03 = (
    Claim(
        letter="a",
        statement=r"tr H = tr G",
        law=call("tr", H).equals(call("tr", G)),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        letter="a",
        statement=r"H_{\tilde w\tilde w} = G_{\tilde w\tilde w}",
        law=(name("H_tt")).equals(name("G_tt")),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        letter="a",
        statement=r"H_{aa} = G_{aa}",
        law=(name("H_aa")).equals(name("G_aa")),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        letter="a",
        statement=r"spec F = \{\pm singular values of U_k\}_k \cup \{0\}",
        law=Law(sides=_off_diagonal_sides, relation="=="),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        letter="a",
        statement=r"rank F = 2\sum_k rank U_k",
        law=Law(sides=_rank_f_sides, relation="=="),
        dear=True,
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        letter="b",
        statement=r"H has at most m \min(C, d+1) negative eigenvalues",
        law=Law(sides=_negative_sides, relation="<="),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        letter="c",
        statement=r"\nabla_{\tilde w_k}L = U_ka_k",
        law=Law(sides=_first_layer_gradient_sides, relation="=="),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        letter="c",
        statement=r"\nabla_{a_k}L = U_k^T\tilde w_k",
        law=Law(sides=_second_layer_gradient_sides, relation="=="),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        letter="c",
        statement=r"C = 1, every a_k \ne 0, \nabla L = 0 \Rightarrow F = 0",
        law=call("fro", F).equals(0),
        assumes=("critical", "active"),
        activations=PIECEWISE_LINEAR,
        losses=("squared",),
        outputs="one",
    ),
    Claim(
        letter="d",
        statement=r"C = 1, every a_k \ne 0, \nabla L = 0 \Rightarrow L is least on the"
        r" activation cell of \theta",
        law=Law(sides=_cell_sides, relation="<=", draws=("neighbour",)),
        assumes=("critical", "active"),
        activations=PIECEWISE_LINEAR,
        losses=("squared",),
        outputs="one",
    ),
)

_CRITICAL = Example(
    activation="relu",
    x=((1,), (2,), (-1,)),
    W=((1,),),
    b=(0,),
    A=((0,),),
    c=(0,),
    residual=((2,), (-1,), (-1,)),
)

T03 = Theorem(
    id="T03",
    title="Piecewise-linear networks: F is purely off-diagonal",
    topic="derivatives",
    statement=r"Let \sigma be piecewise linear and positively homogeneous. Then M_k = 0, so"
    r" H and G share their trace and diagonal blocks at every \theta; F only couples"
    r" \tilde w_k to a_k. With one output, at a critical point with every a_k \ne 0, F"
    r" vanishes: H = G is positive semi-definite whatever the loss there.",
    hypotheses=(
        r"\sigma piecewise linear, positively homogeneous; no pre-activation on a kink",
        r"(c, last) and (d): C = 1, \nabla L = 0 and every a_k \ne 0",
    ),
    claims=_T03,
    mutants=(
        Mutant(
            name="tr H = tr G for smooth σ",
            claim=replace(_T03[0], activations=("tanh", "quadratic", "softplus")),
        ),
        Mutant(
            name="rank F = Σ rank U_k", claim=_changed(_T03[4], _rank_f_sides, two=1.0)
        ),
        Mutant(
            name="one negative eigenvalue fewer",
            claim=_changed(_T03[5], _negative_sides, less=1.0),
        ),
        Mutant(
            name="at most m negative eigenvalues for any C",
            claim=_changed(_T03[5], _negative_m_sides),
        ),
        Mutant(
            name="∇_w̃ L = 2 U a",
            claim=_changed(_T03[6], _first_layer_gradient_sides, factor=2.0),
        ),
        Mutant(
            name="F = 0 without ∇L = 0",
            claim=replace(_T03[8], assumes=("active",)),
        ),
        Mutant(
            name="least on the cell without ∇L = 0",
            claim=replace(_T03[9], assumes=("active",)),
        ),
    ),
    proof=r"(a) \sigma'' = 0 off the kinks, so M_k = 0; [[0, U],[U^T, 0]] has the"
    r" eigenvalues \pm the singular values of U. (b) G \succeq 0 gives \lambda_j(H) \ge"
    r" \lambda_j(F), and F has \sum_k rank U_k negative eigenvalues, each rank at most"
    r" \min(C, d+1). (c) \sigma(z) = \sigma'(z)z in \nabla L = \frac{1}{n}\sum J_i^Tr_i; for"
    r" C = 1 a critical point has a_kU_k = 0, so U_k = 0 and F = 0. (d) Within the cell"
    r" f(x_i) = \sum_k\sigma'_{ik}\,\tilde x_i\cdot v_k + c is affine in v_k = a_k\tilde w_k and"
    r" c, and L is convex in them; U_k = 0 and \partial L/\partial c = 0 say that its"
    r" gradient there vanishes. \blacksquare",
    source="derived here; (c), (d) compare Soudry and Carmon (2016), Laurent and von"
    " Brecht (2018)",
    uses=("T01", "T02"),
    witness=Witness(
        letter="b",
        note="one neuron, one negative eigenvalue: the count reaches m",
        example=_CRITICAL,
    ),
    counterexamples=(
        Counterexample(
            dropped="every a_k ≠ 0",
            claim=replace(_T03[8], assumes=("critical",)),
            example=_CRITICAL,
        ),
        Counterexample(
            dropped="C = 1",
            claim=replace(_T03[8], assumes=("critical", "active"), outputs="any"),
            example=_CRITICAL.but(
                A=((1,), (0,)),
                c=(0, 0),
                residual=((0, 2), (0, -1), (0, -1)),
            ),
        ),
    ),
)

THEOREMS: Final = (T01, T02, T03)
