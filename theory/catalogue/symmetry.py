"""T10 to T12 and T28: rescaling orbits, what they change, and what they cannot."""

from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from ..activations import ACTIVATIONS
from ..expressions import Constant, call, name
from ..theorems import Claim, Counterexample, Example, Law, Mutant, Theorem, Witness
from .derivatives import PIECEWISE_LINEAR

__all__ = ["THEOREMS", "path_norm"]

ODD: Final = tuple(key for key, value in ACTIVATIONS.items() if value.odd)
RELU_LIKE: Final = PIECEWISE_LINEAR


def _law(sides: Any, relation: Any, *draws: Any, **keywords: Any) -> Law:
    return Law(
        sides=lambda q, drawn: sides(q, drawn, **keywords),
        relation=relation,
        draws=draws,
    )


# T10


def _inverse(q: Any, drawn: Any) -> Any:
    """T_α⁻¹ as a diagonal, (T, p), exact: α is a power of two."""
    return 1.0 / drawn.on_parameters(q.d, q.C)


def _invariance_sides(q: Any, drawn: Any, *, what: str) -> tuple[Any, Any]:
    other = q.rescaled_otherwise(drawn.alpha)
    return getattr(other, what), getattr(q, what)


def _gradient_sides(q: Any, drawn: Any, *, inverse: bool = True) -> tuple[Any, Any]:
    scale = _inverse(q, drawn) if inverse else drawn.on_parameters(q.d, q.C)
    return q.rescaled(drawn.alpha).grad, scale * q.grad


def _matrix_sides(
    q: Any, drawn: Any, *, what: str, inverse: bool = True
) -> tuple[Any, Any]:
    scale = _inverse(q, drawn) if inverse else drawn.on_parameters(q.d, q.C)
    moved = scale[..., :, None] * getattr(q, what) * scale[..., None, :]
    return getattr(q.rescaled(drawn.alpha), what), moved


def _same_spectrum_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return q.rescaled(drawn.alpha).eigenvalues("H"), q.eigenvalues("H")


def _inertia_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    there = q.rescaled(drawn.alpha).eigenvalues("H")
    return there.count_negative(), q.eigenvalues("H").count_negative()


def _determinant_sides(q: Any, drawn: Any, *, first: int = 1) -> tuple[Any, Any]:
    there = q.rescaled(drawn.alpha).eigenvalues("H").abs().log().sum(-1)
    here = q.eigenvalues("H").abs().log().sum(-1)
    power = 2.0 * q.C - 2.0 * (q.d + first)
    return there - here, drawn.alphas.log().sum(-1) * power


def _conservation_sides(q: Any, drawn: Any, *, sign: float = 1.0) -> tuple[Any, Any]:
    weights = q.grad[:, q.place["W"]].reshape(q.m, q.d)
    first = weights.join(q.grad[:, q.place["b"], None])
    second = q.grad[:, q.place["A"]].reshape(q.m, q.C)
    return (q.Wt * first).sum(-1), (q.A.T * second).sum(-1) * sign


def _generator(q: Any, k: int, vector: Any) -> Any:
    """E_k v: + on w̃_k, - on a_k, 0 elsewhere."""
    return vector * q.signs_of_neuron(k)


def _null_sides(q: Any, drawn: Any, *, factor: float = 1.0) -> tuple[Any, Any]:
    left = right = None
    for k in range(q.m):
        moved = (q.H @ _generator(q, k, q.theta)[..., None])[..., 0]
        slope = -_generator(q, k, q.grad) * factor
        left = moved if left is None else left.join(moved)
        right = slope if right is None else right.join(slope)
    return left, right


def _form_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    second = q.grad[:, q.place["A"]].reshape(q.m, q.C)
    forms = None
    for k in range(q.m):
        v = _generator(q, k, q.theta)
        form = (v * (q.H @ v[..., None])[..., 0]).sum(-1)[:, None]
        forms = form if forms is None else forms.join(form)
    return forms, (q.A.T * second).sum(-1) * -two


def _nullity_sides(q: Any, drawn: Any, *, extra: float = 0.0) -> tuple[Any, Any]:
    lengths = (q.Wt * q.Wt).sum(-1) + (q.A * q.A).sum(-2)
    return lengths.nonzero().sum(-1) + extra, q.p - q.H.rank()


def _permutation_sides(q: Any, drawn: Any, *, permute: bool = True) -> tuple[Any, Any]:
    there = q.permuted(drawn.permutation).H
    return there, q.permuted_matrix("H", drawn.permutation) if permute else q.H


def _flip_sides(q: Any, drawn: Any, *, flip: bool = True) -> tuple[Any, Any]:
    there = q.flipped(drawn.flips).H
    if not flip:
        return there, q.H
    signs = q.signs(drawn.flips)
    return there, signs[..., :, None] * q.H * signs[..., None, :]


_PL: dict[str, Any] = {"activations": PIECEWISE_LINEAR}

_T10 = (
    Claim(
        letter="a",
        statement=r"f(X; T_\alpha\theta) = f(X; \theta)",
        law=_law(_invariance_sides, "==", "rescaling", what="f"),
        **_PL,
    ),
    Claim(
        letter="a",
        statement=r"Cx(T_\alpha\theta) = Cx(\theta)",
        law=_law(_invariance_sides, "==", "rescaling", what="Cx"),
        **_PL,
    ),
    Claim(
        letter="b",
        statement=r"\nabla L(T_\alpha\theta) = T_\alpha^{-1}\nabla L(\theta)",
        law=_law(_gradient_sides, "==", "rescaling"),
        **_PL,
    ),
    *(
        Claim(
            letter="b",
            statement=what
            + r"(T_\alpha\theta) = T_\alpha^{-1}"
            + what
            + r"(\theta)T_\alpha^{-1}",
            law=_law(_matrix_sides, "==", "rescaling", what=what),
            dear=what != "H",
            **_PL,
        )
        for what in ("H", "G", "F")
    ),
    Claim(
        letter="c",
        statement=r"H(T_\alpha\theta) and H(\theta) have as many negative eigenvalues",
        law=_law(_inertia_sides, "==", "rescaling"),
        dear=True,
        **_PL,
    ),
    Claim(
        letter="c",
        statement=r"\det H(T_\alpha\theta) = \det H(\theta)\prod_k\alpha_k^{2C-2(d+1)}",
        law=_law(_determinant_sides, "==", "rescaling"),
        dear=True,
        **_PL,
    ),
    Claim(
        letter="d",
        statement=r"\tilde w_k\cdot\nabla_{\tilde w_k}L = a_k\cdot\nabla_{a_k}L",
        law=_law(_conservation_sides, "=="),
        **_PL,
    ),
    Claim(
        letter="d",
        statement=r"Hv_k = -E_k\nabla L",
        law=_law(_null_sides, "=="),
        dear=True,
        **_PL,
    ),
    Claim(
        letter="d",
        statement=r"v_k^THv_k = -2\,a_k\cdot\nabla_{a_k}L",
        law=_law(_form_sides, "=="),
        dear=True,
        **_PL,
    ),
    Claim(
        letter="e",
        statement=r"\nabla L = 0 \Rightarrow nullity H \ge \#\{k: (\tilde w_k, a_k)\ne 0\}",
        law=_law(_nullity_sides, "<="),
        dear=True,
        assumes=("critical",),
        losses=("squared",),
        **_PL,
    ),
    Claim(
        letter="f",
        statement=r"any \sigma: H(P\theta) = PH(\theta)P^T",
        law=_law(_permutation_sides, "==", "permutation"),
    ),
    Claim(
        letter="g",
        statement=r"odd \sigma: H(D\theta) = DH(\theta)D for the sign flips D of neurons",
        law=_law(_flip_sides, "==", "flips"),
        activations=ODD,
    ),
)

T10 = Theorem(
    id="T10",
    title="Covariance under rescaling, null directions, permutations",
    topic="symmetry",
    statement=r"Let \sigma be piecewise linear and positively homogeneous, and T_\alpha:"
    r" (\tilde w_k, a_k) \mapsto (\alpha_k\tilde w_k, a_k/\alpha_k), \alpha_k > 0. Then f,"
    r" L and Cx are invariant, \nabla L is multiplied by T_\alpha^{-1} and H, G, F are"
    r" congruent through it; eigenvalues are not invariant. With E_k = +1 on \tilde w_k,"
    r" -1 on a_k and v_k = E_k\theta: Hv_k = -E_k\nabla L.",
    hypotheses=(
        r"(a) to (e): \sigma piecewise linear, positively homogeneous; off the kinks",
        r"(g): \sigma odd",
    ),
    claims=_T10,
    mutants=(
        Mutant(
            name="f invariant for smooth σ",
            claim=replace(_T10[0], activations=("tanh", "softplus", "quadratic")),
        ),
        Mutant(
            name="∇L multiplied by T_α",
            claim=replace(
                _T10[2], law=_law(_gradient_sides, "==", "rescaling", inverse=False)
            ),
        ),
        Mutant(
            name="H(T_α θ) = T_α H T_α",
            claim=replace(
                _T10[3],
                law=_law(_matrix_sides, "==", "rescaling", what="H", inverse=False),
            ),
        ),
        Mutant(
            name="eigenvalues invariant",
            claim=replace(_T10[3], law=_law(_same_spectrum_sides, "==", "rescaling")),
        ),
        Mutant(
            name="det by Π α^(2C - 2d)",
            claim=replace(
                _T10[7], law=_law(_determinant_sides, "==", "rescaling", first=0)
            ),
        ),
        Mutant(
            name="w̃·∇L = -a·∇L",
            claim=replace(_T10[8], law=_law(_conservation_sides, "==", sign=-1.0)),
        ),
        Mutant(
            name="Hv_k = 0 anywhere",
            claim=replace(_T10[9], law=_law(_null_sides, "==", factor=0.0)),
        ),
        Mutant(
            name="v_kᵀHv_k = -a_k·∇L",
            claim=replace(_T10[10], law=_law(_form_sides, "==", two=1.0)),
        ),
        Mutant(
            name="nullity without ∇L = 0",
            claim=replace(_T10[11], assumes=()),
        ),
        Mutant(
            name="H(Pθ) = H(θ)",
            claim=replace(
                _T10[12],
                law=_law(_permutation_sides, "==", "permutation", permute=False),
            ),
        ),
        Mutant(
            name="sign flips for any σ",
            claim=replace(_T10[13], activations=("softplus", "relu", "exp")),
        ),
    ),
    proof=r"\sigma(\alpha z) = \alpha\sigma(z) for \alpha > 0 gives f \circ T_\alpha = f and"
    r" L \circ T_\alpha = L. Differentiate L(T_\alpha\theta) = L(\theta) in \theta once and"
    r" twice; T_\alpha is its own transpose. Sylvester's law gives the inertia, and"
    r" \det T_\alpha = \prod\alpha_k^{d+1-C} the determinant. Differentiating in \alpha_k"
    r" at 1 gives v_k\cdot\nabla L = 0; differentiating that in \theta gives Hv_k ="
    r" -E_k\nabla L. The v_k have disjoint supports, so at a critical point those that are"
    r" not 0 span a subspace of ker H. Permutations of neurons and, for odd \sigma, sign"
    r" flips are orthogonal maps with L \circ P = L. \blacksquare",
    source="Dinh et al. (2017); Kunin et al. (2021) for the conserved quantities",
    uses=("T02",),
    witness=None,
    counterexamples=(
        Counterexample(
            dropped="homogeneity: tanh, α = 2",
            claim=replace(_T10[0], activations=("tanh",)),
            example=Example(
                activation="tanh",
                x=((1,),),
                W=((1,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=((1,),),
                drawn={"alpha": (4,)},
            ),
        ),
        Counterexample(
            dropped="∇L = 0 in (e)",
            claim=replace(_T10[11], assumes=()),
            example=Example(
                activation="identity",
                x=((1,), (2,), (-1,), (3,)),
                W=((1,),),
                b=(0,),
                A=((1,),),
                c=(0,),
                residual=((1,), (0,), (0,), (0,)),
            ),
        ),
    ),
)


# T11 and T28


def _p_and_q(q: Any) -> tuple[Any, Any]:
    """P_k = ‖a_k‖² mean σ'² ‖x̃‖² and Q_k = C mean σ², (m,)."""
    squares = (q.xt * q.xt).sum(-1)[..., None]
    P = (q.A * q.A).sum(-2) * (q.s1 * q.s1 * squares).mean(-2)
    return P, (q.s0 * q.s0).mean(-2) * float(q.C)


def flatness(q: Any, *, two: float = 2.0) -> Any:
    """Flat(θ) = 2 Σ_k √(P_k Q_k) + C."""
    P, Q = _p_and_q(q)
    return (P * Q).sqrt().sum(-1) * two + float(q.C)


def path_norm(q: Any, *, bias: bool) -> Any:
    """Σ_k ‖a_k‖ ‖w̃_k‖, or with ‖w_k‖."""
    weights = q.Wt if bias else q.W
    lengths = (weights * weights).sum(-1).sqrt()
    return ((q.A * q.A).sum(-2).sqrt() * lengths).sum(-1)


def _orbit_trace_sides(q: Any, drawn: Any, *, power: int = 2) -> tuple[Any, Any]:
    P, Q = _p_and_q(q)
    square = drawn.alphas * drawn.alphas
    formula = P / drawn.alphas**power + square * Q
    return q.rescaled(drawn.alpha).H.trace(), formula.sum(-1) + float(q.C)


def _least_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    return flatness(q, two=two), q.rescaled(drawn.alpha).H.trace()


def _attained_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any, Any]:
    P, Q = _p_and_q(q)
    ratio = (P / Q).sqrt().sqrt()
    there = q.rescaled(ratio.value_or_one())
    applies = P.certainly_positive() & Q.certainly_positive()
    return there.H.trace(), flatness(q, two=two), applies


def _invariant_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return flatness(q.rescaled(drawn.alpha)), flatness(q)


def _densities(q: Any) -> tuple[Any, Any, Any]:
    """‖a_k‖ ‖w̃_k‖, ρ_k and R_k², (m,)."""
    lengths = (q.Wt * q.Wt).sum(-1)
    rho = (q.s0 * q.s0).mean(-2) / lengths
    squares = (q.xt * q.xt).sum(-1)[..., None]
    reach = (q.s1 * q.s1 * squares).mean(-2)
    return (q.A * q.A).sum(-2).sqrt() * lengths.sqrt(), rho, reach


def _sandwich_below_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    weights, rho, _ = _densities(q)
    root = float(q.C) ** 0.5
    return (weights * rho).sum(-1) * (two * root), flatness(q) - float(q.C)


def _sandwich_above_sides(q: Any, drawn: Any, *, two: float = 2.0) -> tuple[Any, Any]:
    weights, _, reach = _densities(q)
    root = float(q.C) ** 0.5
    return flatness(q) - float(q.C), (weights * reach).sum(-1) * (two * root)


def _slope_sides(q: Any, drawn: Any, *, output: bool = True) -> tuple[Any, Any]:
    squares = (q.Jx * q.Jx).sum(-1, -2)
    bound = path_norm(q, bias=False)
    if not output:
        bound = (q.W * q.W).sum(-1).sqrt().sum(-1)
    return squares.sqrt().max(-1), bound


def _complexity_path_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return q.Cx.sqrt(), path_norm(q, bias=False)


def _scale_free_sides(
    q: Any, drawn: Any, *, two: float = 2.0, flat: bool = True
) -> tuple[Any, Any, Any]:
    _, rho, _ = _densities(q)
    root = float(q.C) ** 0.5
    size = flatness(q) if flat else q.H.trace()
    applies = (q.A * q.A).sum(-2).certainly_positive()
    left = path_norm(q, bias=True) * rho.min(-1) * (two * root)
    return left, size - float(q.C), applies


_SQ: dict[str, Any] = {"activations": RELU_LIKE, "losses": ("squared",)}

_T11 = (
    Claim(
        letter="a",
        statement=r"tr H(T_\alpha\theta) = \sum_k(\alpha_k^{-2}P_k + \alpha_k^2Q_k) + C",
        law=_law(_orbit_trace_sides, "==", "rescaling"),
        **_SQ,
    ),
    Claim(
        letter="b",
        statement=r"Flat(\theta) = 2\sum_k\sqrt{P_kQ_k} + C \le tr H(T_\alpha\theta)",
        law=_law(_least_sides, "<=", "rescaling"),
        **_SQ,
    ),
    Claim(
        letter="b",
        statement=r"tr H(T_\alpha\theta) = Flat(\theta) at \alpha_k = (P_k/Q_k)^{1/4}",
        law=_law(_attained_sides, "=="),
        **_SQ,
    ),
    Claim(
        letter="b",
        statement=r"Flat(T_\alpha\theta) = Flat(\theta)",
        law=_law(_invariant_sides, "==", "rescaling"),
        **_SQ,
    ),
    Claim(
        letter="c",
        statement=r"2\sqrt{C}\sum_k\|a_k\|\|\tilde w_k\|\rho_k \le Flat - C",
        law=_law(_sandwich_below_sides, "<="),
        **_SQ,
    ),
    Claim(
        letter="c",
        statement=r"Flat - C \le 2\sqrt{C}\sum_k\|a_k\|\|\tilde w_k\|R_k^2",
        law=_law(_sandwich_above_sides, "<="),
        **_SQ,
    ),
    Claim(
        letter="d",
        statement=r"\|Jx\|_F \le \sum_k\|a_k\|\|w_k\|",
        law=_law(_slope_sides, "<="),
        **_SQ,
    ),
    Claim(
        letter="d",
        statement=r"\sqrt{Cx} \le \sum_k\|a_k\|\|w_k\|",
        law=_law(_complexity_path_sides, "<="),
        **_SQ,
    ),
    Claim(
        letter="d",
        statement=r"2\sqrt{C}\min_k\rho_k\sum_k\|a_k\|\|\tilde w_k\| \le Flat - C",
        law=_law(_scale_free_sides, "<="),
        **_SQ,
    ),
    Claim(
        letter="d",
        statement=r"2\sqrt{C}\min_k\rho_k\sum_k\|a_k\|\|\tilde w_k\| \le tr H - C",
        law=_law(_scale_free_sides, "<=", flat=False),
        **_SQ,
    ),
)

_UNIT = Example(
    activation="relu",
    x=((0,),),
    W=((0,),),
    b=(1,),
    A=((1,),),
    c=(0,),
    residual=((0,),),
    drawn={"alpha": (1,)},
)

T11 = Theorem(
    id="T11",
    title="The least trace on a rescaling orbit, and a scale-free complexity bound",
    topic="symmetry",
    statement=r"\sigma piecewise linear and positively homogeneous with slopes of at most 1,"
    r" squared loss. With P_k = \|a_k\|^2\frac{1}{n}\sum_i\sigma'(z_{ik})^2\|\tilde x_i\|^2"
    r" and Q_k = C\,\frac{1}{n}\sum_i\sigma(z_{ik})^2, the least trace of H on the orbit of"
    r" \theta is Flat(\theta) = 2\sum_k\sqrt{P_kQ_k} + C, and \sqrt{Cx} \le"
    r" \sum_k\|a_k\|\|w_k\| \le (Flat - C)/(2\sqrt{C}\min_k\rho_k) with \rho_k ="
    r" \frac{1}{n}\sum_i\sigma(\tilde w_k\cdot\tilde x_i/\|\tilde w_k\|)^2 > 0, R_k^2 ="
    r" \frac{1}{n}\sum_i\sigma'(z_{ik})^2\|\tilde x_i\|^2.",
    hypotheses=(
        r"\sigma piecewise linear, positively homogeneous, |\sigma'| \le 1; off the kinks",
        r"squared loss",
        r"(d): \rho_k > 0 for every neuron with a_k \ne 0 and \tilde w_k \ne 0",
    ),
    claims=_T11,
    mutants=(
        Mutant(
            name="α⁻¹ in place of α⁻²",
            claim=replace(
                _T11[0], law=_law(_orbit_trace_sides, "==", "rescaling", power=1)
            ),
        ),
        Mutant(
            name="3 in place of 2 in Flat",
            claim=replace(_T11[1], law=_law(_least_sides, "<=", "rescaling", two=3.0)),
        ),
        Mutant(
            name="1 in place of 2 in Flat",
            claim=replace(_T11[2], law=_law(_attained_sides, "==", two=1.0)),
        ),
        Mutant(
            name="3 in place of 2 in (c), below",
            claim=replace(_T11[4], law=_law(_sandwich_below_sides, "<=", two=3.0)),
        ),
        Mutant(
            name="1 in place of 2 in (c), above",
            claim=replace(_T11[5], law=_law(_sandwich_above_sides, "<=", two=1.0)),
        ),
        Mutant(
            name="‖a_k‖ dropped in (d)",
            claim=replace(_T11[6], law=_law(_slope_sides, "<=", output=False)),
        ),
        Mutant(
            name="4 in place of 2 in (d)",
            claim=replace(_T11[8], law=_law(_scale_free_sides, "<=", two=4.0)),
        ),
    ),
    proof=r"(a) tr H = tr G (T03a), the closed form of T04(d), and \sigma(\alpha z) ="
    r" \alpha\sigma(z). (b) P/\alpha^2 + \alpha^2Q \ge 2\sqrt{PQ}, with equality at \alpha^4"
    r" = P/Q; P_k and Q_k scale inversely. (c) \sqrt{P_kQ_k} = \sqrt{C}\|a_k\|"
    r"\|\tilde w_k\|\sqrt{R_k^2\rho_k} and \rho_k \le R_k^2 by Cauchy-Schwarz. (d) Jx ="
    r" \sum_k\sigma'(z_k)a_kw_k^T, |\sigma'| \le 1, \|w_k\| \le \|\tilde w_k\|, then (c)"
    r" and (b). \blacksquare",
    source="derived here",
    uses=("T03", "T04", "T10"),
    witness=Witness(
        letter="b",
        note="P = Q = 1: θ is already the flattest point of its orbit",
        example=_UNIT,
    ),
    counterexamples=(
        Counterexample(
            dropped="the factor 2: P = Q = 1 has the least trace 3",
            claim=replace(_T11[2], law=_law(_attained_sides, "==", two=1.0)),
            example=_UNIT,
        ),
    ),
)


def _sharpness_sides(
    q: Any, drawn: Any, *, power: int = 2, shrink: bool = True
) -> tuple[Any, Any]:
    P, _ = _p_and_q(q)
    share = P / drawn.alphas**power / (float(q.d + 1) if shrink else 1.0)
    sharpness = q.rescaled(drawn.alpha).eigenvalues("H")[..., :1]
    return share, sharpness


_T28 = (
    Claim(
        letter="a",
        statement=r"\lambda_1(H(T_\alpha\theta)) \ge \alpha_k^{-2}P_k/(d+1)",
        law=_law(_sharpness_sides, "<=", "rescaling"),
        **_SQ,
    ),
    Claim(
        letter="b",
        statement=r"\lambda_1(H) \ge H_{cc} = 1",
        law=Constant(1) <= call("lmax", name("H")),
        losses=("squared",),
    ),
)

T28 = Theorem(
    id="T28",
    title="Unbounded sharpness at a fixed function",
    topic="symmetry",
    statement=r"For piecewise-linear positively homogeneous \sigma and the squared loss"
    r" \lambda_1(H(T_\alpha\theta)) \ge \alpha_k^{-2}P_k/(d+1), which tends to infinity as"
    r" \alpha_k \to 0 while f does not change, if P_k > 0; it cannot tend to 0:"
    r" \lambda_1(H) \ge 1 everywhere.",
    hypotheses=(
        r"(a) \sigma piecewise linear, positively homogeneous; off the kinks",
        r"squared loss, output bias a parameter",
    ),
    claims=_T28,
    mutants=(
        Mutant(
            name="α⁻⁴ in place of α⁻²",
            claim=replace(
                _T28[0], law=_law(_sharpness_sides, "<=", "rescaling", power=4)
            ),
        ),
        Mutant(
            name="P_k without 1/(d + 1)",
            claim=replace(
                _T28[0], law=_law(_sharpness_sides, "<=", "rescaling", shrink=False)
            ),
        ),
        Mutant(
            name="λ_1(H) ≥ 2",
            claim=replace(_T28[1], law=Constant(2) <= call("lmax", name("H"))),
        ),
    ),
    proof=r"H_{\tilde w_k\tilde w_k} = G_{\tilde w_k\tilde w_k} (T03a) has trace P_k and d+1"
    r" rows; its largest eigenvalue is at least their mean, and at most that of H. At"
    r" T_\alpha\theta the block is divided by \alpha_k^2 (T10). The entry H_{cc} is 1."
    r" \blacksquare",
    source="Dinh et al. (2017)",
    uses=("T03", "T10", "T11"),
    witness=Witness(
        letter="b",
        note="A = 0 and σ(z) = 0: λ_1(H) = 1",
        example=Example(
            activation="relu",
            x=((1,), (2,)),
            W=((-1,),),
            b=(0,),
            A=((0,),),
            c=(0,),
            residual=((0,), (0,)),
        ),
    ),
)


# T12


def _convexity_sides(
    q: Any, drawn: Any, *, norm: str, matrix: str = "H", reverse: bool = False
) -> tuple[Any, Any]:
    def at(diagonal: Any) -> Any:
        scale = q.diagonal(diagonal)
        scaled = scale[..., :, None] * getattr(q, matrix) * scale[..., None, :]
        return getattr(scaled, norm)()

    middle = at(drawn.middle)
    left, right = middle * middle, at(drawn.first) * at(drawn.second)
    return (right, left) if reverse else (left, right)


def _largest_eigenvalue_sides(q: Any, drawn: Any) -> tuple[Any, Any, Any]:
    def at(diagonal: Any) -> Any:
        scale = q.diagonal(diagonal)
        scaled = scale[..., :, None] * q.H * scale[..., None, :]
        return scaled.eigenvalues()[..., 0]

    first, middle, second = at(drawn.first), at(drawn.middle), at(drawn.second)
    applies = first.certainly_positive() & second.certainly_positive()
    applies = applies & middle.certainly_positive()
    return middle * middle, first * second, applies


def _orbit_convexity_sides(q: Any, drawn: Any, *, norm: str) -> tuple[Any, Any]:
    first = getattr(q.rescaled(drawn.alpha).H, norm)()
    second = getattr(q.rescaled(drawn.beta).H, norm)()
    middle = getattr(q.rescaled(drawn.midway).H, norm)()
    return middle * middle, first * second


_T12 = (
    *(
        Claim(
            letter="a",
            statement=r"\|e^{(D_0+D_1)/2}He^{(D_0+D_1)/2}\|^2 \le"
            r" \|e^{D_0}He^{D_0}\|\,\|e^{D_1}He^{D_1}\|, " + label,
            law=_law(_convexity_sides, "<=", "diagonals", norm=norm),
            dear=norm != "frobenius",
        )
        for norm, label in (
            ("symmetric_operator", "operator norm"),
            ("frobenius", "Frobenius norm"),
            ("symmetric_nuclear", "nuclear norm"),
        )
    ),
    Claim(
        letter="b",
        statement=r"(tr e^{D}Ge^{D})^2 at the middle is at most the product at the ends",
        law=_law(_convexity_sides, "<=", "diagonals", norm="trace", matrix="G"),
    ),
    *(
        Claim(
            letter="c",
            statement=r"\|H(T_{\sqrt{\alpha\beta}}\theta)\|^2 \le"
            r" \|H(T_\alpha\theta)\|\,\|H(T_\beta\theta)\|, " + label,
            law=_law(_orbit_convexity_sides, "<=", "rescaling", norm=norm),
            dear=True,
            **_PL,
        )
        for norm, label in (
            ("symmetric_operator", "operator norm"),
            ("frobenius", "Frobenius norm"),
            ("symmetric_nuclear", "nuclear norm"),
        )
    ),
)

T12 = Theorem(
    id="T12",
    title="Sharpness is log-convex along rescaling orbits",
    topic="symmetry",
    statement=r"For a real symmetric H and a unitarily invariant norm, \log\|e^DHe^D\| is"
    r" convex on the diagonal matrices D. So log \|H(T_\alpha\theta)\| is convex in \log"
    r"\alpha along orbits of piecewise-linear networks, and for positive semi-definite H"
    r" also \log\lambda_1 and \log tr.",
    hypotheses=(
        r"the norm is unitarily invariant",
        r"for \lambda_1 in place of a norm: H positive semi-definite",
    ),
    claims=_T12,
    mutants=(
        Mutant(
            name="log-concave",
            claim=replace(
                _T12[0],
                law=_law(
                    _convexity_sides,
                    "<=",
                    "diagonals",
                    norm="symmetric_operator",
                    reverse=True,
                ),
            ),
        ),
        Mutant(
            name="log λ_1 for indefinite H",
            claim=replace(
                _T12[0], law=_law(_largest_eigenvalue_sides, "<=", "diagonals")
            ),
        ),
        Mutant(
            name="log |tr H| for indefinite H",
            claim=replace(
                _T12[3],
                law=_law(_convexity_sides, "<=", "diagonals", norm="trace", matrix="F"),
            ),
        ),
    ),
    proof=r"\varphi(s) = e^{D_0+s(D_1-D_0)}He^{D_0+s(D_1-D_0)} is entire in s. On the line"
    r" Re s = t, \varphi(t+iu) = U\varphi(t)U with the unitary U = e^{iu(D_1-D_0)}, so the"
    r" norm depends on t alone. \log\|\varphi\| is subharmonic; a subharmonic function of"
    r" Re s alone is convex. \blacksquare",
    source="after Sezginer and Overton (1990); this use is derived here",
    uses=("T10",),
    witness=Witness(
        letter="a",
        note="equal diagonals: both sides agree",
        example=_UNIT.but(
            drawn={
                "first": (1, 1, 1, 1),
                "second": (1, 1, 1, 1),
                "middle": (1, 1, 1, 1),
            }
        ),
    ),
    counterexamples=(
        Counterexample(
            dropped="H positive semi-definite, for λ_1: ℓ linear in f, H_bb = -4, H_ba = 1",
            claim=replace(
                _T12[0], law=_law(_largest_eigenvalue_sides, "<=", "diagonals")
            ),
            example=Example(
                activation="quadratic",
                x=((0,),),
                W=((0,),),
                b=(Fraction(1, 2),),
                A=((-2,),),
                c=(0,),
                residual=((1,),),
                output_hessian=(((0,),),),
                drawn={
                    "first": (1, Fraction(1, 4), 4, 1),
                    "second": (1, 4, Fraction(1, 4), 1),
                    "middle": (1, 1, 1, 1),
                },
            ),
        ),
    ),
)

THEOREMS: Final = (T10, T11, T12, T28)
