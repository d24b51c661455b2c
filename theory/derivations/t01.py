r"""T01: the gradient of an output, its Hessian, and that Hessian's exact spectrum.

For any σ and any n, d, m and C. `arrowhead` applies ∇²f_o to an arbitrary vector, which
shows the blocks, what they map the span of (x̃, 0) and (0, 1) to, and that they are 0 on
its complement. What is left is a matrix of order 2. Without biases the same is done with
x and ‖x‖² for x̃ and N, and with a frozen second layer on x̃ alone.
"""

from collections.abc import Callable
from functools import partial

from sympy import Expr, Integer, Matrix, Symbol, sqrt, symbols

from ..activations import get_activation
from ..derivation import Derivation, Step
from ..gradient import BLOCKS
from ..indexed import Atom, Term, one
from ..lemmas import BLOCK_DIAGONAL, INVARIANT_SUBSPACE, SYMMETRIC_SPECTRUM
from ..rules import (
    Square,
    factor,
    identity,
    lemma,
    minus,
    polynomial,
    sign,
    squares,
)
from ..symbols import PREACTIVATION
from .along import PAIRS, applied, paired
from .arrowhead import (
    WITHOUT_BIASES,
    WITHOUT_OUTPUT_WEIGHTS,
    V,
    asymmetry,
    expected_gradient,
    expected_rows,
    frobenius,
    frozen_rows,
    gradient,
    hessian,
    in_span,
    kept,
    norm,
    off_span,
    quadratic_form,
    span_rows,
    squared_entries,
)

__all__ = ["DERIVATION", "steps"]

a, bend, slope = (Symbol(name, real=True) for name in ("a", "sigma''", "sigma'"))
steep = Symbol("sigma'", real=True, nonzero=True)
N = Symbol("N", positive=True)
lam = Symbol("lambda")


def eigenvalue(branch: int, slope: Expr = slope) -> Expr:
    """λ_± of the claim."""
    root = sqrt(N) * sqrt(a**2 * bend**2 * N + 4 * slope**2)
    return (a * bend * N + branch * root) / 2


def in_plane() -> Matrix:
    """The block on the orthonormal basis (x̃/√N, 0), (0, 1), from `span_rows`."""
    columns = []
    for beta, gamma in ((1 / sqrt(N), Integer(0)), (Integer(0), Integer(1))):
        along = a * bend * N * beta + slope * gamma
        columns.append((sqrt(N) * along, slope * N * beta))
    return Matrix(columns).T


def relu_facts(name: str = "relu") -> tuple[Expr, ...]:
    """σ' - 1 and σ'' for z > 0, σ' and σ'' for z < 0."""
    relu, t = get_activation(name), Symbol("t", positive=True)
    first, second = relu.first, relu.second
    return (
        first.subs(PREACTIVATION, t) - 1,
        first.subs(PREACTIVATION, -t),
        second.subs(PREACTIVATION, t),
        second.subs(PREACTIVATION, -t),
    )


def _each(
    difference: Callable[[str], list[Term]], blocks: tuple[str, ...] = BLOCKS
) -> list[Callable[[], list[Term]]]:
    """One sum for the rows of each parameter."""
    return [partial(difference, block) for block in blocks]


def blocks_of_neurons(claim: str, statement: str, blocks: tuple[str, ...]) -> Step:
    """The spectrum by neurons, of the rows and columns of some parameters."""
    return lemma(
        claim,
        statement,
        BLOCK_DIAGONAL,
        factor(
            claim,
            "blocks of W, b and A hold δ_kk'; those of c are 0",
            Atom("delta", ("k", "k'")),
            *(
                partial(hessian, rows, columns)
                for rows, columns in PAIRS
                if rows in blocks and columns in blocks
            ),
        ),
    )


def invariant_plane(
    claim: str, statement: str, names: str, blocks: tuple[str, ...]
) -> Step:
    """What block k does to its invariant subspace and to the complement of that."""
    span = kept(in_span(), blocks)

    def image(rows: str) -> list[Term]:
        return (
            span_rows(rows, bias="b" in blocks) if "A" in blocks else frozen_rows(rows)
        )

    return lemma(
        claim,
        statement,
        INVARIANT_SUBSPACE,
        identity(
            claim,
            names,
            *_each(
                lambda rows: minus(applied(hessian, rows, span), image(rows)), blocks
            ),
        ),
        identity(
            claim,
            "all that is orthogonal to it is mapped to 0",
            *_each(lambda rows: applied(hessian, rows, off_span(blocks)), blocks),
        ),
    )


def plane(claim: str) -> Step:
    """The matrix of order 2."""
    return polynomial(
        claim,
        "on (x̃/√N, 0), (0, 1): det(λ - [[aσ''N, σ'√N], [σ'√N, 0]])"
        " = (λ - λ_+)(λ - λ_-), N > 0",
        in_plane().charpoly(lam).as_expr()
        - (lam - eigenvalue(1)) * (lam - eigenvalue(-1)),
    )


def opposite_signs(claim: str, statement: str) -> Step:
    """λ_+ λ_- < 0 where σ' ≠ 0."""
    return sign(
        claim, statement, -eigenvalue(1, steep) * eigenvalue(-1, steep), strict=True
    )


def flat_neuron(claim: str, statement: str) -> Step:
    """λ_± where σ' = 0."""
    up, down = eigenvalue(1, Integer(0)), eigenvalue(-1, Integer(0))
    return polynomial(claim, statement, up * down, up + down - a * bend * N)


def symmetric(claim: str, statement: str) -> Step:
    """What the spectral theorem says of ∇²f_o."""
    return lemma(
        claim,
        statement,
        SYMMETRIC_SPECTRUM,
        identity(
            claim,
            "∇²f_o is symmetric",
            *(partial(asymmetry, *pair) for pair in PAIRS),
        ),
    )


def gap_difference(slopes: int = 1) -> Expr:
    """w²/(u + w) - √N σ'²/(√N β + σ'), u = Nβ and w = √N σ', for β = |aσ''|, σ' > 0."""
    size = Symbol("beta", nonnegative=True)
    s = Symbol("sigma'", positive=True)
    u, w = N * size, sqrt(N) * s
    return w**2 / (u + w) - sqrt(N) * s**2 / (sqrt(N) * size + slopes * s)


def steps() -> Derivation:
    """The derivation."""
    up, down = eigenvalue(1), eigenvalue(-1)
    t, w, R = symbols("t w R", nonnegative=True)
    return Derivation(
        theorem="T01",
        proves=("a", "b", "c", "d.1", "d.2", "i", "ii", "iii", "iv.1", "iv.2", "v"),
        steps=(
            identity(
                "a",
                "∂f_o/∂w̃_k = A_ok σ'_ik x̃_i, ∂f_o/∂a_k = σ_ik e_o, ∂f_o/∂c = e_o",
                *_each(lambda rows: minus(gradient(rows), expected_gradient(rows))),
            ),
            identity(
                "b",
                "vᵀ∇²f_o v = Σ_k A_ok σ''_ik p_k² + 2 σ'_ik p_k v_{A,ok} for every v",
                lambda: minus(
                    paired(lambda rows: applied(hessian, rows, V), V), quadratic_form()
                ),
            ),
            identity(
                "c",
                "∇²f_o v = ((A_ok σ''_ik p_k + σ'_ik v_{A,ok}) x̃_i, δ_co σ'_ik p_k, 0)",
                *_each(
                    lambda rows: minus(applied(hessian, rows, V), expected_rows(rows))
                ),
            ),
            blocks_of_neurons(
                "c",
                "the spectrum of ∇²f_o is that of its m neuron blocks, and C zeros",
                BLOCKS,
            ),
            squares(
                "c",
                "N = ‖x̃_i‖² = 1 + ‖x_i‖² >= 1",
                lambda: minus(norm(), [one()]),
                lambda: (
                    Square(
                        coefficient=Integer(1),
                        weights=(),
                        form=[one(Atom("x", ("i", "j")))],
                        over=("j",),
                    ),
                ),
            ),
            invariant_plane(
                "c",
                "block k has the eigenvalues of a matrix of order 2, and zeros",
                "(β x̃, γ) is mapped to ((A_ok σ'' N β + σ' γ) x̃, σ' N β)",
                BLOCKS,
            ),
            plane("c"),
            blocks_of_neurons(
                "d",
                "without biases: the spectrum is that of m neuron blocks, and C zeros",
                WITHOUT_BIASES,
            ),
            invariant_plane(
                "d",
                "without biases, x_i ≠ 0: the same matrix of order 2, N = ‖x_i‖²",
                "(β x, γ) is mapped to ((A_ok σ'' N β + σ' γ) x, σ' N β), N = ‖x_i‖²",
                WITHOUT_BIASES,
            ),
            plane("d"),
            factor(
                "d",
                "without biases every entry holds an entry of x_i: all are 0 for x_i = 0",
                "x",
                *(
                    partial(hessian, rows, columns)
                    for rows in WITHOUT_BIASES
                    for columns in WITHOUT_BIASES
                ),
            ),
            polynomial("d", "λ_± = 0 for N = 0", up.subs(N, 0), down.subs(N, 0)),
            blocks_of_neurons(
                "d",
                "A frozen: the spectrum is that of m neuron blocks, and C zeros",
                WITHOUT_OUTPUT_WEIGHTS,
            ),
            invariant_plane(
                "d",
                "A frozen: block k has the eigenvalue A_ok σ''_ik N, and zeros",
                "β x̃ is mapped to A_ok σ'' N β x̃",
                WITHOUT_OUTPUT_WEIGHTS,
            ),
            opposite_signs(
                "i", "λ_+ λ_- = -σ'²N < 0 where σ' ≠ 0: one is positive, one negative"
            ),
            flat_neuron(
                "i",
                "where σ' = 0 one is 0 and the other is A_ok σ'' N, of the sign of A_ok σ''",
            ),
            symmetric("ii", "rank ∇²f_o is the number of the λ_± other than 0"),
            opposite_signs("ii", "both are not 0 where σ' ≠ 0: λ_+ λ_- < 0"),
            flat_neuron("ii", "where σ' = 0 one is 0 and the other is A_ok σ'' N"),
            identity(
                "iii",
                "the squares of all entries sum to Σ_k A_ok² σ''² N² + 2 σ'² N",
                lambda: minus(squared_entries(), frobenius()),
            ),
            symmetric("iv", "‖∇²f_o‖ is the largest of all |λ_±|"),
            polynomial(
                "iv",
                "λ_± = ½(u ± R), u = aσ''N, R = √N √(a²σ''²N + 4σ'²)",
                up + down - a * bend * N,
                (up - down) ** 2 - N * (a**2 * bend**2 * N + 4 * slope**2),
            ),
            sign(
                "iv",
                "max(|u + R|, |u - R|) = |u| + R: it is u + R or -(u - R), and for"
                " t = |u| neither t - R nor R - t exceeds t + R",
                (t + R) - (t - R),
                (t + R) - (R - t),
            ),
            polynomial(
                "iv", "ReLU: σ'' = 0, σ' is 1 for z > 0 and 0 for z < 0", *relu_facts()
            ),
            polynomial(
                "iv",
                "λ_±² = σ'²N where σ'' = 0: |λ_±| = √N for σ' = 1, and 0 for σ' = 0",
                up.subs(bend, 0) ** 2 - slope**2 * N,
                down.subs(bend, 0) ** 2 - slope**2 * N,
            ),
            polynomial("v", "λ_+ λ_- = -w², w = √N |σ'|", up * down + slope**2 * N),
            sign(
                "v",
                "R² = t² + 4w² <= (t + 2w)², t = |u|: the larger of |λ_±|, ½(t + R), is at"
                " most t + w, and the smaller at least w²/(t + w)",
                (t + 2 * w) ** 2 - (t**2 + 4 * w**2),
            ),
            polynomial(
                "v",
                "w²/(t + w) = √N σ'²/(√N |aσ''| + |σ'|)",
                gap_difference(),
            ),
            flat_neuron(
                "v", "where σ' = 0 one is 0 and the other is A_ok σ'' N: |·| as claimed"
            ),
        ),
    )


DERIVATION = steps()
