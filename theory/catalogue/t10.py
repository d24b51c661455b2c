"""T10: what rescaling, permutations and sign flips change, and what they cannot."""

from dataclasses import replace
from typing import Any

from ..theorems import Claim, Counterexample, Example, Mutant, Theorem
from .coverage import ODD, PIECEWISE_LINEAR
from .laws import law

__all__ = ["T10"]


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
        label="a.1",
        statement=r"f(X; T_\alpha\theta) = f(X; \theta)",
        law=law(_invariance_sides, "==", "rescaling", what="f"),
        **_PL,
    ),
    Claim(
        label="a.2",
        statement=r"Cx(T_\alpha\theta) = Cx(\theta)",
        law=law(_invariance_sides, "==", "rescaling", what="Cx"),
        **_PL,
    ),
    Claim(
        label="b.1",
        statement=r"\nabla L(T_\alpha\theta) = T_\alpha^{-1}\nabla L(\theta)",
        law=law(_gradient_sides, "==", "rescaling"),
        **_PL,
    ),
    *(
        Claim(
            label=f"b.{place}",
            statement=what
            + r"(T_\alpha\theta) = T_\alpha^{-1}"
            + what
            + r"(\theta)T_\alpha^{-1}",
            law=law(_matrix_sides, "==", "rescaling", what=what),
            dear=what != "H",
            **_PL,
        )
        for place, what in enumerate(("H", "G", "F"), start=2)
    ),
    Claim(
        label="c.1",
        statement=r"H(T_\alpha\theta) and H(\theta) have as many negative eigenvalues",
        law=law(_inertia_sides, "==", "rescaling"),
        dear=True,
        **_PL,
    ),
    Claim(
        label="c.2",
        statement=r"\det H(T_\alpha\theta) = \det H(\theta)\prod_k\alpha_k^{2C-2(d+1)}",
        law=law(_determinant_sides, "==", "rescaling"),
        dear=True,
        **_PL,
    ),
    Claim(
        label="d.1",
        statement=r"\tilde w_k\cdot\nabla_{\tilde w_k}L = a_k\cdot\nabla_{a_k}L",
        law=law(_conservation_sides, "=="),
        **_PL,
    ),
    Claim(
        label="d.2",
        statement=r"Hv_k = -E_k\nabla L",
        law=law(_null_sides, "=="),
        dear=True,
        **_PL,
    ),
    Claim(
        label="d.3",
        statement=r"v_k^THv_k = -2\,a_k\cdot\nabla_{a_k}L",
        law=law(_form_sides, "=="),
        dear=True,
        **_PL,
    ),
    Claim(
        label="e",
        statement=r"\nabla L = 0 \Rightarrow nullity H \ge \#\{k: (\tilde w_k, a_k)\ne 0\}",
        law=law(_nullity_sides, "<="),
        dear=True,
        assumes=("critical",),
        losses=("squared",),
        **_PL,
    ),
    Claim(
        label="f",
        statement=r"any \sigma: H(P\theta) = PH(\theta)P^T",
        law=law(_permutation_sides, "==", "permutation"),
    ),
    Claim(
        label="g",
        statement=r"odd \sigma: H(D\theta) = DH(\theta)D for the sign flips D of neurons",
        law=law(_flip_sides, "==", "flips"),
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
                _T10[2], law=law(_gradient_sides, "==", "rescaling", inverse=False)
            ),
        ),
        Mutant(
            name="H(T_α θ) = T_α H T_α",
            claim=replace(
                _T10[3],
                law=law(_matrix_sides, "==", "rescaling", what="H", inverse=False),
            ),
        ),
        Mutant(
            name="eigenvalues invariant",
            claim=replace(_T10[3], law=law(_same_spectrum_sides, "==", "rescaling")),
        ),
        Mutant(
            name="det by Π α^(2C - 2d)",
            claim=replace(
                _T10[7], law=law(_determinant_sides, "==", "rescaling", first=0)
            ),
        ),
        Mutant(
            name="w̃·∇L = -a·∇L",
            claim=replace(_T10[8], law=law(_conservation_sides, "==", sign=-1.0)),
        ),
        Mutant(
            name="Hv_k = 0 anywhere",
            claim=replace(_T10[9], law=law(_null_sides, "==", factor=0.0)),
        ),
        Mutant(
            name="v_kᵀHv_k = -a_k·∇L",
            claim=replace(_T10[10], law=law(_form_sides, "==", two=1.0)),
        ),
        Mutant(
            name="nullity without ∇L = 0",
            claim=replace(_T10[11], assumes=()),
        ),
        Mutant(
            name="H(Pθ) = H(θ)",
            claim=replace(
                _T10[12],
                law=law(_permutation_sides, "==", "permutation", permute=False),
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
