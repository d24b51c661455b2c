r"""T01: the gradient of an output, its Hessian, and that Hessian's exact spectrum.

For any σ, one sample i and one output o of a network with any n, d, m and C. All of
∇²f_o is found by differentiating f twice and applied to an arbitrary vector v: with
p_k = Σ_j v_{W,kj} x_ij + v_{b,k} = v_{w̃,k}·x̃_i,

    (∇²f_o v)_{w̃,k} = (A_ok σ''_ik p_k + σ'_ik v_{A,ok}) x̃_i,
    (∇²f_o v)_{A,ck} = δ_co σ'_ik p_k,      (∇²f_o v)_c = 0,

which shows the blocks, what they map the span of (x̃, 0) and (0, 1) to, and that they are
0 on its complement. What is left is a matrix of order 2.
"""

from collections.abc import Callable
from functools import cache, partial

from sympy import Expr, Integer, Matrix, Symbol, sqrt, symbols

from ..derivation import Derivation
from ..gradient import BLOCKS, chain_rule, column, row
from ..indexed import (
    Atom,
    Term,
    collected,
    derivative,
    one,
    product,
    substituted,
    summed,
)
from ..lemmas import BLOCK_DIAGONAL, INVARIANT_SUBSPACE, SYMMETRIC_SPECTRUM
from ..losses import get_loss
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
from .along import PAIRS, Direction, applied, direction, paired

__all__ = ["DERIVATION", "steps"]

OUT = "c0"
"""The output o."""

_RULE = chain_rule(get_loss("squared"))
_F = [one(Atom("f", ("i", OUT)))]

V = direction("v")


def gradient(block: str) -> list[Term]:
    """∂f_o/∂θ."""
    return derivative(_F, row(block), _RULE)


@cache
def hessian(rows: str, columns: str) -> list[Term]:
    """∂²f_o/∂θ∂θ."""
    return derivative(gradient(rows), column(columns), _RULE)


def expected_gradient(block: str) -> list[Term]:
    """A_ok σ'_ik x̃_i, σ_ik e_o and e_o."""
    slope = (Atom("A", (OUT, "k")), Atom("s1", ("i", "k")))
    here = Atom("delta", ("c", OUT))
    return {
        "W": [one(*slope, Atom("x", ("i", "j")))],
        "b": [one(*slope)],
        "A": [one(here, Atom("s0", ("i", "k")))],
        "c": [one(here)],
    }[block]


def along_input(v: Direction = V) -> list[Term]:
    """p_k = v_{w̃,k}·x̃_i."""
    weights = product(v["W"](row("W")), [one(Atom("x", ("i", "j")))])
    return collected([*summed(weights, "j"), *v["b"](row("b"))])


def on_weights() -> list[Term]:
    """A_ok σ''_ik p_k + σ'_ik v_{A,ok}."""
    curved = one(Atom("A", (OUT, "k")), Atom("s2", ("i", "k")))
    straight = one(Atom("s1", ("i", "k")), Atom("vA", (OUT, "k")))
    return [*product([curved], along_input()), straight]


def expected_rows(rows: str) -> list[Term]:
    """∇²f_o v at the rows of one parameter."""
    here = one(Atom("delta", ("c", OUT)), Atom("s1", ("i", "k")))
    return {
        "W": product(on_weights(), [one(Atom("x", ("i", "j")))]),
        "b": on_weights(),
        "A": product([here], along_input()),
        "c": [],
    }[rows]


def quadratic_form(twice: int = 2) -> list[Term]:
    """Σ_k A_ok σ''_ik p_k² + 2 σ'_ik p_k v_{A,ok}."""
    curved = one(Atom("A", (OUT, "k")), Atom("s2", ("i", "k")))
    mixed = Term(Integer(twice), (Atom("s1", ("i", "k")), Atom("vA", (OUT, "k"))))
    square = product([curved], product(along_input(), along_input()))
    return summed([*square, *product([mixed], along_input())], "k")


def norm() -> list[Term]:
    """N = Σ_j x_ij² + 1."""
    x = Atom("x", ("i", "j"))
    return [*summed([one(x, x)], "j"), one()]


def in_span() -> Direction:
    """(β_k x̃_i, γ_k) on neuron k, for output o."""
    return {
        "W": lambda at: [
            one(Atom("beta", at.indices[:1]), Atom("x", ("i", at.indices[1])))
        ],
        "b": lambda at: [one(Atom("beta", at.indices))],
        "A": lambda at: [
            one(Atom("delta", (at.indices[0], OUT)), Atom("gamma", at.indices[1:]))
        ],
        "c": lambda _: [],
    }


def span_rows(rows: str) -> list[Term]:
    """((A_ok σ''_ik N β_k + σ'_ik γ_k) x̃_i, σ'_ik N β_k)."""
    beta, slope = Atom("beta", ("k",)), Atom("s1", ("i", "k"))
    curved = one(Atom("A", (OUT, "k")), Atom("s2", ("i", "k")), beta)
    along = [*product([curved], norm()), one(slope, Atom("gamma", ("k",)))]
    across = product([one(Atom("delta", ("c", OUT)), slope, beta)], norm())
    return {
        "W": product(along, [one(Atom("x", ("i", "j")))]),
        "b": along,
        "A": across,
        "c": [],
    }[rows]


def squared_entries() -> list[Term]:
    """Σ of the squares of all entries of ∇²f_o."""
    total: list[Term] = []
    for rows in BLOCKS:
        for columns in BLOCKS:
            indices = (*row(rows).indices, *column(columns).indices)
            entry = hessian(rows, columns)
            total += summed(product(entry, entry), *indices)
    return collected(total)


def frobenius(twice: int = 2) -> list[Term]:
    """Σ_k A_ok² σ''_ik² N² + 2 σ'_ik² N."""
    bend = (Atom("A", (OUT, "k")), Atom("s2", ("i", "k")))
    slope = Atom("s1", ("i", "k"))
    curved = product([one(*bend, *bend)], product(norm(), norm()))
    straight = product([Term(Integer(twice), (slope, slope))], norm())
    return summed([*curved, *straight], "k")


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


def off_span() -> Direction:
    """Any vector orthogonal to (x̃, 0) and (0, 1) of every neuron, times N > 0."""

    def weights(at: Atom) -> list[Term]:
        k, j = at.indices
        along = [Term(-t.coefficient, t.atoms, t.bound) for t in _at(k)]
        return [
            *product([one(Atom("vW", (k, j)))], norm()),
            *product([one(Atom("x", ("i", j)))], along),
        ]

    def biases(at: Atom) -> list[Term]:
        along = _at(at.indices[0])
        return minus(product([one(Atom("vb", at.indices))], norm()), along)

    def outputs(at: Atom) -> list[Term]:
        c, k = at.indices
        own = one(Atom("delta", (c, OUT)), Atom("vA", (OUT, k)))
        return minus([one(Atom("vA", (c, k)))], [own])

    return {"W": weights, "b": biases, "A": outputs, "c": V["c"]}


def _at(k: str) -> list[Term]:
    return substituted(along_input(), {"k": k})


def asymmetry(rows: str, columns: str) -> list[Term]:
    """The block (rows, columns) less the transpose of (columns, rows)."""
    there = {index: f"{index}'" for index in row(columns).indices}
    back = {index: index.removesuffix("'") for index in column(rows).indices}
    across = substituted(hessian(columns, rows), {**there, **back})
    return minus(hessian(rows, columns), across)


def _each(difference: Callable[[str], list[Term]]) -> list[Callable[[], list[Term]]]:
    """One sum for the rows of each parameter."""
    return [partial(difference, block) for block in BLOCKS]


def steps() -> Derivation:
    """The derivation."""
    up, down = eigenvalue(1), eigenvalue(-1)
    t, R = symbols("t R", nonnegative=True)
    return Derivation(
        theorem="T01",
        proves=("a", "b", "c", "i", "ii", "iii", "iv"),
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
            lemma(
                "c",
                "the spectrum of ∇²f_o is that of its m neuron blocks, and C zeros",
                BLOCK_DIAGONAL,
                factor(
                    "c",
                    "blocks of W, b and A hold δ_kk'; those of c are 0",
                    Atom("delta", ("k", "k'")),
                    *(partial(hessian, *pair) for pair in PAIRS),
                ),
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
            lemma(
                "c",
                "block k has the eigenvalues of a matrix of order 2, and zeros",
                INVARIANT_SUBSPACE,
                identity(
                    "c",
                    "(β x̃, γ) is mapped to ((A_ok σ'' N β + σ' γ) x̃, σ' N β)",
                    *_each(
                        lambda rows: minus(
                            applied(hessian, rows, in_span()), span_rows(rows)
                        )
                    ),
                ),
                identity(
                    "c",
                    "all that is orthogonal to (x̃, 0) and (0, 1) is mapped to 0",
                    *_each(lambda rows: applied(hessian, rows, off_span())),
                ),
            ),
            polynomial(
                "c",
                "on (x̃/√N, 0), (0, 1): det(λ - [[aσ''N, σ'√N], [σ'√N, 0]])"
                " = (λ - λ_+)(λ - λ_-)",
                in_plane().charpoly(lam).as_expr() - (lam - up) * (lam - down),
            ),
            sign(
                "i",
                "λ_+ λ_- = -σ'²N < 0 where σ' ≠ 0: one is positive, one negative",
                -eigenvalue(1, steep) * eigenvalue(-1, steep),
                strict=True,
            ),
            lemma(
                "ii",
                "rank ∇²f_o is the number of the λ_± other than 0",
                SYMMETRIC_SPECTRUM,
                identity(
                    "ii",
                    "∇²f_o is symmetric",
                    *(partial(asymmetry, *pair) for pair in PAIRS),
                ),
            ),
            sign(
                "ii",
                "both are not 0 where σ' ≠ 0: λ_+ λ_- < 0",
                -eigenvalue(1, steep) * eigenvalue(-1, steep),
                strict=True,
            ),
            polynomial(
                "ii",
                "where σ' = 0 one is 0 and the other is A_ok σ'' N",
                eigenvalue(1, Integer(0)) * eigenvalue(-1, Integer(0)),
                eigenvalue(1, Integer(0)) + eigenvalue(-1, Integer(0)) - a * bend * N,
            ),
            identity(
                "iii",
                "the squares of all entries sum to Σ_k A_ok² σ''² N² + 2 σ'² N",
                lambda: minus(squared_entries(), frobenius()),
            ),
            lemma(
                "iv",
                "‖∇²f_o‖ is the largest of all |λ_±|",
                SYMMETRIC_SPECTRUM,
                identity(
                    "iv",
                    "∇²f_o is symmetric",
                    *(partial(asymmetry, *pair) for pair in PAIRS),
                ),
            ),
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
        ),
    )


DERIVATION = steps()
