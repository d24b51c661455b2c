"""T03: piecewise-linear networks, where F is purely off-diagonal."""

from dataclasses import replace
from typing import Any

from ..expressions import call, name
from ..theorems import Claim, Counterexample, Example, Law, Mutant, Theorem, Witness
from .coverage import PIECEWISE_LINEAR
from .laws import changed

__all__ = ["T03"]

F, G, H = name("F"), name("G"), name("H")


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
        label="a.1",
        statement=r"tr H = tr G",
        law=call("tr", H).equals(call("tr", G)),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        label="a.2",
        statement=r"H_{\tilde w\tilde w} = G_{\tilde w\tilde w}",
        law=(name("H_tt")).equals(name("G_tt")),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        label="a.3",
        statement=r"H_{aa} = G_{aa}",
        law=(name("H_aa")).equals(name("G_aa")),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        label="a.4",
        statement=r"spec F = \{\pm singular values of U_k\}_k \cup \{0\}",
        law=Law(sides=_off_diagonal_sides, relation="=="),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        label="a.5",
        statement=r"rank F = 2\sum_k rank U_k",
        law=Law(sides=_rank_f_sides, relation="=="),
        dear=True,
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        label="b",
        statement=r"H has at most m \min(C, d+1) negative eigenvalues",
        law=Law(sides=_negative_sides, relation="<="),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        label="c.1",
        statement=r"\nabla_{\tilde w_k}L = U_ka_k",
        law=Law(sides=_first_layer_gradient_sides, relation="=="),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        label="c.2",
        statement=r"\nabla_{a_k}L = U_k^T\tilde w_k",
        law=Law(sides=_second_layer_gradient_sides, relation="=="),
        activations=PIECEWISE_LINEAR,
    ),
    Claim(
        label="c.3",
        statement=r"C = 1, every a_k \ne 0, \nabla L = 0 \Rightarrow F = 0",
        law=call("fro", F).equals(0),
        assumes=("critical", "active"),
        activations=PIECEWISE_LINEAR,
        losses=("squared",),
        outputs="one",
    ),
    Claim(
        label="d",
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
            name="rank F = Σ rank U_k", claim=changed(_T03[4], _rank_f_sides, two=1.0)
        ),
        Mutant(
            name="one negative eigenvalue fewer",
            claim=changed(_T03[5], _negative_sides, less=1.0),
        ),
        Mutant(
            name="at most m negative eigenvalues for any C",
            claim=changed(_T03[5], _negative_m_sides),
        ),
        Mutant(
            name="∇_w̃ L = 2 U a",
            claim=changed(_T03[6], _first_layer_gradient_sides, factor=2.0),
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
    witnesses=(
        Witness(
            labels=("b",),
            note="one neuron, one negative eigenvalue: the count reaches m",
            example=_CRITICAL,
        ),
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
