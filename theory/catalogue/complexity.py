"""T06 to T09: complexity and the Hessian, the paper's central relation."""

from dataclasses import replace
from typing import Any, Final

from ..activations import ACTIVATIONS
from ..expressions import call, name
from ..theorems import Claim, Counterexample, Example, Law, Mutant, Theorem, Witness
from .derivatives import PIECEWISE_LINEAR

__all__ = ["THEOREMS"]

BOUNDED: Final = tuple(
    key for key, value in ACTIVATIONS.items() if value.second_bound is not None
)

C, Cx, CxS, W = name("C"), name("Cx"), name("CxS"), name("W")
G, G_bb, H_bb = name("G"), name("G_bb"), name("H_bb")
G_tt, G_ww, hidden = name("G_tt"), name("G_ww"), name("hidden")
GRAM = W @ W.T


def _law(sides: Any, relation: Any, *draws: Any, **keywords: Any) -> Law:
    return Law(
        sides=lambda q, drawn: sides(q, drawn, **keywords),
        relation=relation,
        draws=draws,
    )


# T06


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
        letter="a",
        statement=r"Cx_S = <WW^T, G_{bb}>",
        law=CxS.equals(call("inner", GRAM, G_bb)),
    ),
    Claim(
        letter="b",
        statement=r"C = 1, squared loss: Cx = <WW^T, H_{bb}>"
        r" - \frac{1}{n}\sum_ir_i\sum_ka_k\|w_k\|^2\sigma''(z_{ik})",
        law=_law(_residual_sides, "=="),
        losses=("squared",),
        outputs="one",
    ),
    Claim(
        letter="c",
        statement=r"\sigma piecewise linear: Cx_S = <WW^T, H_{bb}> at every \theta",
        law=CxS.equals(call("inner", GRAM, H_bb)),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        letter="d",
        statement=r"softmax: \|\partial p/\partial x\|_F^2 \le \frac{1}{2}tr(Jx^TSJx)",
        law=_law(_softmax_input_sides, "<="),
        losses=("softmax",),
    ),
    Claim(
        letter="d",
        statement=r"logistic: \|\nabla_xp\|^2 \le \frac{1}{4}p(1-p)\|\nabla_xf\|^2",
        law=_law(_logistic_input_sides, "<="),
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
            claim=replace(_T06[1], law=_law(_residual_sides, "==", keep=0.0)),
        ),
        Mutant(
            name="¼ in place of ½ for softmax",
            claim=replace(_T06[3], law=_law(_softmax_input_sides, "<=", half=0.25)),
        ),
        Mutant(
            name="⅛ in place of ¼ for the logistic loss",
            claim=replace(
                _T06[4], law=_law(_logistic_input_sides, "<=", quarter=0.125)
            ),
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
    witness=Witness(
        letter="d",
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
    counterexamples=(
        Counterexample(
            dropped="the residual term in (b): σ = z², w = a = x = 1, y = 3",
            claim=replace(_T06[1], law=_law(_residual_sides, "==", keep=0.0)),
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


# T07


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
        letter="a",
        statement=r"Cx_S \le \sum_j\mu_j\gamma_j",
        law=_law(_neumann_sides, "<=", upper=True),
    ),
    Claim(
        letter="a",
        statement=r"\sum_j\mu_j\gamma_{m+1-j} \le Cx_S",
        law=_law(_neumann_sides, "<=", upper=False),
    ),
    Claim(
        letter="b",
        statement=r"Cx_S \le \|W\|^2 tr G_{bb}",
        law=CxS <= call("op", W) ** 2 * call("tr", G_bb),
    ),
    Claim(
        letter="b",
        statement=r"\mu_m tr G_{bb} \le Cx_S",
        law=mu_m * call("tr", G_bb) <= CxS,
    ),
    Claim(
        letter="b",
        statement=r"Cx_S \le \|W\|_F^2\|G_{bb}\|",
        law=CxS <= call("fro", W) ** 2 * call("lmax", G_bb),
    ),
    Claim(
        letter="b",
        statement=r"Cx_S \le \|WW^T\|_F\|G_{bb}\|_F",
        law=CxS <= call("fro", GRAM) * call("fro", G_bb),
    ),
    Claim(
        letter="c",
        statement=r"\min\|x_i\|^2 Cx_S \le \|W\|^2 tr G_{ww}",
        law=name("min_x") ** 2 * CxS <= call("op", W) ** 2 * call("tr", G_ww),
    ),
    Claim(
        letter="c",
        statement=r"\mu_m tr G_{ww} \le \max\|x_i\|^2 Cx_S",
        law=mu_m * call("tr", G_ww) <= name("max_x") ** 2 * CxS,
    ),
    Claim(
        letter="c",
        statement=r"\min\|\tilde x_i\|^2 Cx_S \le \|W\|^2 tr G_{\tilde w\tilde w}",
        law=name("min_xt") ** 2 * CxS <= call("op", W) ** 2 * call("tr", G_tt),
    ),
    Claim(
        letter="c",
        statement=r"\mu_m tr G_{\tilde w\tilde w} \le \max\|\tilde x_i\|^2 Cx_S",
        law=mu_m * call("tr", G_tt) <= name("max_xt") ** 2 * CxS,
    ),
    Claim(
        letter="d",
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
        letter="d",
        statement=r"\mu_m\|G_{ww}\|_F \le \max\|x_i\|^2 Cx_S",
        law=mu_m * call("fro", G_ww) <= name("max_x") ** 2 * CxS,
    ),
    Claim(
        letter="d",
        statement=r"\mu_m(tr G - C\,\frac{1}{n}\sum\|\sigma(z_i)\|^2 - C)"
        r" \le \max\|\tilde x_i\|^2 Cx",
        law=mu_m * (call("tr", G) - C * hidden - C) <= name("max_xt") ** 2 * Cx,
        losses=("squared",),
    ),
    Claim(
        letter="e",
        statement=r"\min\|\tilde x_i\|^2 Cx"
        r" \le \|W\|^2(tr G - C\,\frac{1}{n}\sum\|\sigma(z_i)\|^2 - C)",
        law=name("min_xt") ** 2 * Cx
        <= call("op", W) ** 2 * (call("tr", G) - C * hidden - C),
        losses=("squared",),
    ),
)

_ORTHONORMAL = Example(
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
            claim=replace(_T07[3], law=_law(_smallest_nonzero_sides, "<=")),
        ),
        Mutant(
            name="von Neumann's pairing reversed, above",
            claim=replace(
                _T07[0], law=_law(_neumann_sides, "<=", upper=True, swapped=True)
            ),
        ),
        Mutant(
            name="von Neumann's pairing reversed, below",
            claim=replace(
                _T07[1], law=_law(_neumann_sides, "<=", upper=False, swapped=True)
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
    witness=Witness(
        letter="b",
        note="WWᵀ = I: both ends of (b) are attained",
        example=_ORTHONORMAL,
        ratio=1.0,
    ),
    counterexamples=(
        Counterexample(
            dropped="rank W = m: the smallest non-zero singular value instead",
            claim=replace(_T07[3], law=_law(_smallest_nonzero_sides, "<=")),
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


# T08


def _tail(q: Any) -> Any:
    weights = (q.A.abs()[:, 0] * (q.W * q.W).sum(-1)).sum(-1)
    return (q.L * 2.0).sqrt() * weights * q.second_bound


def _paper_sides(q: Any, drawn: Any, *, tail: float = 1.0) -> tuple[Any, Any]:
    gram, block = q.W @ q.W.T, q.block("H", "bb")
    return q.Cx, gram.frobenius() * block.frobenius() + _tail(q) * tail


def _young_sides(q: Any, drawn: Any, *, half: float = 0.5) -> tuple[Any, Any]:
    weights, block = q.W.frobenius(), q.block("H", "bb").frobenius()
    return q.Cx, (weights**4 + block * block) * half + _tail(q)


def _distance_sides(q: Any, drawn: Any, *, tail: float = 1.0) -> tuple[Any, Any]:
    gram = ((q.W @ q.W.T) * q.block("H", "bb")).sum(-1, -2)
    return (q.Cx - gram).abs(), _tail(q) * tail


def _below_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    least = (q.W @ q.W.T).eigenvalues()[..., -1]
    return least * q.block("H", "bb").trace() - _tail(q), q.Cx


_ONE: dict[str, Any] = {
    "activations": BOUNDED,
    "losses": ("squared",),
    "outputs": "one",
}

_T08 = (
    Claim(
        letter="a",
        statement=r"Cx \le \|WW^T\|_F\|H_{bb}\|_F + C_\sigma\sqrt{2L}\,D_w",
        law=_law(_paper_sides, "<="),
        **_ONE,
    ),
    Claim(
        letter="b",
        statement=r"Cx \le \frac{1}{2}(\|W\|_F^4 + \|H_{bb}\|_F^2)"
        r" + C_\sigma\sqrt{2L}\,D_w",
        law=_law(_young_sides, "<="),
        **_ONE,
    ),
    Claim(
        letter="c",
        statement=r"|Cx - <WW^T, H_{bb}>| \le C_\sigma\sqrt{2L}\,D_w",
        law=_law(_distance_sides, "<="),
        **_ONE,
    ),
    Claim(
        letter="c",
        statement=r"Cx \ge \mu_m tr H_{bb} - C_\sigma\sqrt{2L}\,D_w",
        law=_law(_below_sides, "<="),
        **_ONE,
    ),
)

T08 = Theorem(
    id="T08",
    title="The paper's bound, with a residual",
    topic="complexity",
    statement=r"One output, squared loss, |\sigma''| \le C_\sigma, D_w = \sum_k|a_k|"
    r"\|w_k\|^2: Cx \le \|WW^T\|_F\|H_{bb}\|_F + C_\sigma\sqrt{2L}\,D_w.",
    hypotheses=(
        r"C = 1, squared loss",
        r"|\sigma''| \le C_\sigma at the pre-activations",
    ),
    claims=_T08,
    mutants=(
        Mutant(
            name="no term in √L",
            claim=replace(_T08[0], law=_law(_paper_sides, "<=", tail=0.0)),
        ),
        Mutant(
            name="¼ in place of ½ in (b)",
            claim=replace(_T08[1], law=_law(_young_sides, "<=", half=0.25)),
        ),
        Mutant(
            name="half the term in √L in (c)",
            claim=replace(_T08[2], law=_law(_distance_sides, "<=", tail=0.5)),
        ),
    ),
    proof=r"T06(b) and Cauchy-Schwarz: |<WW^T, H_{bb}>| \le \|WW^T\|_F\|H_{bb}\|_F, and the"
    r" residual term is at most C_\sigma D_w\frac{1}{n}\sum|r_i| \le C_\sigma D_w\sqrt{2L}."
    r" (b) is Young's inequality with \|WW^T\|_F \le \|W\|_F^2. (c) \mu_m tr G_{bb} \le Cx"
    r" (T07b), tr G_{bb} = tr H_{bb} - tr F_{bb}, |tr F_{bb}| \le C_\sigma\sqrt{2L}"
    r"\sum|a_k|, and \mu_m \le \|w_k\|^2 for every k. \blacksquare",
    source="derived here; of the shape of bound (11) of Wu, Zhu and E (2017)",
    uses=("T06", "T07"),
    witness=Witness(
        letter="b",
        note="one neuron, L = 0, (a σ')² = w²",
        example=Example(
            activation="identity",
            x=((1,),),
            W=((1,),),
            b=(0,),
            A=((1,),),
            c=(0,),
            residual=((0,),),
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="the term in √L: σ = z², w = a = x = 1, y = 3 has H_bb = 0, Cx = 4",
            claim=replace(_T08[0], law=_law(_paper_sides, "<=", tail=0.0)),
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


# T09


def _chain_sides(q: Any, drawn: Any, *, transpose: bool = True) -> tuple[Any, Any]:
    deep = q.deeper(drawn.layers)
    return deep.input_jacobian, deep.bias_jacobian @ q.W[:, None]


def _outer_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    deep = q.deeper(drawn.layers)
    return (
        deep.weight_jacobian,
        deep.bias_jacobian[..., None] * q.x[:, :, None, None, :],
    )


def _first_layer_sides(
    q: Any, drawn: Any, *, bias: bool, power: int = 2
) -> tuple[Any, Any]:
    deep = q.deeper(drawn.layers)
    slopes, weights = deep.input_jacobian, deep.weight_jacobian
    size = (weights * weights).sum(-1, -2, -3)
    lengths = q.norms_xt if bias else q.norms_x
    if bias:
        own = deep.bias_jacobian
        size = size + (own * own).sum(-1, -2)
    norm = q.W.operator()[:, None]
    return (
        (slopes * slopes).sum(-1, -2) * lengths * lengths,
        norm**power * size,
    )


def _injective_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    deep = q.deeper(drawn.layers)
    slopes, weights = deep.input_jacobian, deep.weight_jacobian
    least = (q.W @ q.W.T).eigenvalues()[..., -1][:, None]
    size = (weights * weights).sum(-1, -2, -3)
    return least * size, (slopes * slopes).sum(-1, -2) * q.norms_x * q.norms_x


def _deep_identity_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    deep = q.deeper(drawn.layers)
    slopes, own = deep.input_jacobian, deep.bias_jacobian
    block = (own.T @ own).mean(-3)
    return (
        (slopes * slopes).sum(-1, -2).mean(-1),
        ((q.W @ q.W.T) * block).sum(-1, -2),
    )


def _unweighted_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    deep = q.deeper(drawn.layers)
    return (
        (deep.input_jacobian * deep.input_jacobian).sum(-1, -2).mean(-1),
        (deep.bias_jacobian * deep.bias_jacobian).sum(-1, -2).mean(-1),
    )


_DEEP: dict[str, Any] = {"losses": ("squared",)}

_T09 = (
    Claim(
        letter="a",
        statement=r"\nabla_xf_c = W^T\nabla_bf_c",
        law=_law(_chain_sides, "==", "layers"),
        **_DEEP,
    ),
    Claim(
        letter="a",
        statement=r"\partial f_c/\partial W = (\nabla_bf_c)x^T",
        law=_law(_outer_sides, "==", "layers"),
        **_DEEP,
    ),
    Claim(
        letter="b",
        statement=r"\|Jx\|_F\|x\| \le \|W\|\,\|\partial f/\partial W\|_F",
        law=_law(_first_layer_sides, "<=", "layers", bias=False),
        **_DEEP,
    ),
    Claim(
        letter="b",
        statement=r"\|Jx\|_F^2(1+\|x\|^2) \le \|W\|^2\|\partial f/\partial(W,b)\|_F^2",
        law=_law(_first_layer_sides, "<=", "layers", bias=True),
        **_DEEP,
    ),
    Claim(
        letter="b",
        statement=r"\sigma_{\min}(W^T)\|\partial f/\partial W\|_F \le \|Jx\|_F\|x\|",
        law=_law(_injective_sides, "<=", "layers"),
        **_DEEP,
    ),
    Claim(
        letter="c",
        statement=r"Cx = <WW^T, G_{bb}> with the first layer's G_{bb} (squared loss)",
        law=_law(_deep_identity_sides, "==", "layers"),
        **_DEEP,
    ),
)

T09 = Theorem(
    id="T09",
    title="Any depth: the first layer ties inputs to weights",
    topic="complexity",
    statement=r"Let f(x) = g(Wx + b) with any differentiable g. Then \nabla_xf_c ="
    r" W^T\nabla_bf_c and \partial f_c/\partial W = (\nabla_bf_c)x^T, so the identity of"
    r" T06 and the first-layer bounds of T07 hold with G_{bb}, G_{ww} of the first layer.",
    hypotheses=(r"g is differentiable at the pre-activations of the first layer",),
    claims=_T09,
    mutants=(
        Mutant(
            name="‖W‖ in place of ‖W‖²",
            claim=replace(
                _T09[2],
                law=_law(_first_layer_sides, "<=", "layers", bias=False, power=1),
            ),
        ),
        Mutant(
            name="no ‖W‖ at all",
            claim=replace(
                _T09[3],
                law=_law(_first_layer_sides, "<=", "layers", bias=True, power=0),
            ),
        ),
        Mutant(
            name="Cx = tr G_bb",
            claim=replace(_T09[5], law=_law(_unweighted_sides, "==", "layers")),
        ),
    ),
    proof=r"The chain rule through u = Wx + b: \partial u/\partial x = W, \partial"
    r" u/\partial b = I, \partial u_k/\partial W_{kj} = x_j. Hence \|\partial f_c/\partial"
    r" W\|_F = \|\nabla_bf_c\|\,\|x\| and \sigma_{\min}(W^T)\|v\| \le \|W^Tv\| \le"
    r" \|W\|\,\|v\|; the rest is the proof of T06. \blacksquare",
    source="Ma and Ying (2021), their multiplicative structure; assembled here",
    uses=("T06", "T07"),
    witness=Witness(
        letter="b",
        note="orthonormal rows of W: both bounds of (b) are attained",
        example=_ORTHONORMAL.but(
            drawn={
                "layers": {"V": ((1, 2),), "e": (0,), "B": ((1,),)},
            }
        ),
    ),
)

THEOREMS: Final = (T06, T07, T08, T09)
