"""T01: the gradient, and the functional Hessian with its exact spectrum."""

from typing import Any

from ..theorems import Claim, Law, Mutant, Theorem
from .laws import changed

__all__ = ["T01", "first_layer"]


def first_layer(q: Any, v: Any) -> tuple[Any, Any, Any]:
    """v split: (ẇ_k·x̃_i) (n, m), ȧ (C, m), ċ (C,)."""
    weights = v[:, q.place["W"]].reshape(q.m, q.d)
    moved = q.x @ weights.T + v[:, None, q.place["b"]]
    columns = v[:, q.place["A"]].reshape(q.m, q.C).T
    return moved, columns, v[:, q.place["c"]]


def _gradient_sides(
    q: Any, drawn: Any, *, own: str = "s0", output_bias: float = 1.0
) -> tuple[Any, Any]:
    moved, columns, constant = first_layer(q, drawn.v)
    formula = (q.s1 * moved) @ q.A.T + getattr(q, own) @ columns.T
    return q.output_along(drawn.v.value), formula + constant[:, None, :] * output_bias


def _arrowhead_sides(
    q: Any, drawn: Any, *, cross: float = 2.0, bend: str = "s2"
) -> tuple[Any, Any]:
    moved, columns, _ = first_layer(q, drawn.v)
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
        label="a",
        statement=r"\partial f_c/\partial\tilde w_k = A_{ck}\,\sigma'(z_k)\,\tilde x,\quad"
        r" \partial f_c/\partial a_k = \sigma(z_k)\,e_c,\quad"
        r" \partial f_c/\partial c = e_c",
        law=Law(sides=_gradient_sides, relation="==", draws=("directions",)),
    ),
    Claim(
        label="b",
        statement=r"v^T\nabla^2 f_c\,v = \sum_k A_{ck}\,\sigma''(z_k)"
        r"(\dot w_k\cdot\tilde x)^2 + 2\,\sigma'(z_k)(\dot w_k\cdot\tilde x)\dot a_{ck}",
        law=Law(sides=_arrowhead_sides, relation="==", draws=("directions",)),
    ),
    Claim(
        label="c",
        statement=r"\lambda_\pm = \frac{1}{2}(a\sigma'' N \pm \sqrt{N}"
        r"\sqrt{a^2\sigma''^2 N + 4\sigma'^2}),\quad N = 1 + \|x\|^2",
        law=Law(sides=_eigenvalue_sides, relation="=="),
        dear=True,
    ),
    Claim(
        label="i",
        statement=r"\sigma'(z_k)\ne 0 \Rightarrow block k has exactly one positive and"
        r" one negative eigenvalue",
        law=Law(sides=_sign_sides, relation="=="),
        dear=True,
    ),
    Claim(
        label="ii",
        statement=r"rank \nabla^2 f_c = 2\,\#\{k: \sigma'(z_k)\ne 0\}"
        r" + \#\{k: \sigma'(z_k)=0,\ A_{ck}\sigma''(z_k)\ne 0\}",
        law=Law(sides=_rank_sides, relation="=="),
        dear=True,
    ),
    Claim(
        label="iii",
        statement=r"\|\nabla^2 f_c\|_F^2 = \sum_k A_{ck}^2\sigma''(z_k)^2N^2"
        r" + 2\sigma'(z_k)^2N",
        law=Law(sides=_frobenius_sides, relation="=="),
    ),
    Claim(
        label="iv",
        statement=r"\|\nabla^2 f_c\| = \max_k \frac{1}{2}(|A_{ck}\sigma''(z_k)|N"
        r" + \sqrt{N}\sqrt{A_{ck}^2\sigma''(z_k)^2N + 4\sigma'(z_k)^2})",
        law=Law(sides=_norm_sides, relation="=="),
        dear=True,
    ),
)


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
            claim=changed(_T01[0], _gradient_sides, output_bias=0.0),
        ),
        Mutant(
            name="∂f_c/∂a_k = σ'(z_k) e_c",
            claim=changed(_T01[0], _gradient_sides, own="s1"),
        ),
        Mutant(
            name="cross term counted once",
            claim=changed(_T01[1], _arrowhead_sides, cross=1.0),
        ),
        Mutant(
            name="N = ‖x‖² in spite of the bias",
            claim=changed(_T01[2], _eigenvalue_sides, shrink=1.0),
        ),
        Mutant(
            name="2σ'² instead of 4σ'² under the root",
            claim=changed(_T01[2], _eigenvalue_sides, four=2.0),
        ),
        Mutant(
            name="one eigenvalue of each sign fewer",
            claim=changed(_T01[3], _sign_sides, extra=-1.0),
        ),
        Mutant(
            name="flat neurons (σ' = 0) add no rank",
            claim=changed(_T01[4], _rank_sides, second=0.0),
        ),
        Mutant(
            name="σ'²N counted once",
            claim=changed(_T01[5], _frobenius_sides, two=1.0),
        ),
        Mutant(
            name="N instead of √N before the root",
            claim=changed(_T01[6], _norm_sides, root=False),
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
