"""theory/derivations/: false variants of the steps of T01, T04, T10 and T11.

Each is the step of the derivation with one thing changed; none may be checked.
"""

from collections.abc import Callable
from functools import partial

import pytest
import sympy as sp

from landtheory.theory import symbols
from landtheory.theory.derivation import Step
from landtheory.theory.derivations import (
    arrowhead,
    gram,
    moved,
    t01,
    t04,
    t06,
    t10,
    t11,
)
from landtheory.theory.derivations.along import (
    PAIRS,
    Direction,
    applied,
    direction,
    paired,
    trace,
)
from landtheory.theory.derivations.curvature import SQUARED
from landtheory.theory.derivations.moved import homogeneous
from landtheory.theory.gauss_newton import gauss_newton, ntk_gram
from landtheory.theory.gradient import BLOCKS, gradient, input_jacobian, output
from landtheory.theory.hessian import hessian, residual_hessian
from landtheory.theory.indexed import Atom, Term, one, product, substituted, summed
from landtheory.theory.lemmas import (
    CONGRUENCE,
    COURANT_FISCHER,
    GRAM_SPECTRA,
    INVARIANT_SUBSPACE,
    SYMMETRIC_SPECTRUM,
    TENSOR_SPACES,
)
from landtheory.theory.losses import LOSSES
from landtheory.theory.rules import (
    Square,
    factor,
    identity,
    lemma,
    minus,
    polynomial,
    sign,
    squares,
)
from landtheory.theory.symbols import TARGET

n = symbols.n
ALPHA, INVERSE = Atom("alpha", ("k",)), Atom("1/alpha", ("k",))
F = output("i", "c")


def vanishes(*sums: Callable[[], list[Term]]) -> Step:
    return identity("a", "", *sums)


def along_twice(matrix: Callable[[str, str], list[Term]]) -> list[Term]:
    return paired(lambda rows: applied(matrix, rows, arrowhead.V), arrowhead.V)


def bare_span() -> list[Callable[[], list[Term]]]:
    """The complement's rows, with v instead of v less its part in the span."""
    return [partial(applied, arrowhead.hessian, rows, arrowhead.V) for rows in BLOCKS]


def maps_to(
    v: Direction, image: Callable[[str], list[Term]], blocks: tuple[str, ...]
) -> Step:
    """∇²f v is the image, where only some parameters are left."""
    left = arrowhead.kept(v, blocks)

    def difference(rows: str) -> list[Term]:
        return minus(applied(arrowhead.hessian, rows, left), image(rows))

    return vanishes(*(partial(difference, rows) for rows in blocks))


def entries(blocks: tuple[str, ...]) -> list[Callable[[], list[Term]]]:
    """∇²f in some parameters, block by block."""
    return [
        partial(arrowhead.hessian, rows, columns)
        for rows in blocks
        for columns in blocks
    ]


def plain_outer() -> list[Term]:
    """BBᵀ with a lost 1/n."""
    return product([Term(n, ())], gram.outer())


def gram_lemma(right: Callable[[], list[Term]]) -> Step:
    return lemma("b", "", GRAM_SPECTRA, t04.as_gram("b"), vanishes(right))


def congruent(power: int) -> Step:
    """H(T_αθ) = T_α^-power H T_α^-power."""

    def difference(rows: str, columns: str) -> list[Term]:
        block = hessian(t10.ANY, rows, columns)
        both = (*t10.factors(rows), *t10.factors(columns, primed=True)) * power
        return minus(moved.rescaled(block), moved.scale(moved.straight(block), *both))

    premise = vanishes(*(partial(difference, *pair) for pair in PAIRS))
    positive = sign("c", "", sp.Symbol("alpha", positive=True), strict=True)
    return lemma("c", "", CONGRUENCE, premise, positive)


def without_homogeneity(terms: list[Term]) -> list[Term]:
    """T_α on the parameters alone: σ(z) is left as it is."""
    kept = {"W": "alpha", "b": "alpha", "A": "1/alpha"}
    return moved.scale(moved._moved(terms, kept))


def unscaled_gradient(rows: str) -> list[Term]:
    found = gradient(t10.ANY, rows)
    return minus(moved.rescaled(found), found)


def along_any(matrix: Callable[[str, str], list[Term]]) -> list[Term]:
    v = direction("v")
    return paired(lambda rows: applied(matrix, rows, v), v)


def crooked_gram() -> list[Term]:
    """Σ_c0 R_ic0c K_{(i,c0),(i',c')}, less its transpose."""
    K = ntk_gram(SQUARED)
    left = summed(product([one(Atom("R", ("i", "c0", "c")))], _renamed(K, "c0")), "c0")
    swap = {"i": "i'", "i'": "i", "c": "c'", "c'": "c"}
    return minus(left, substituted(left, swap))


def _renamed(terms: list[Term], output: str) -> list[Term]:
    return substituted(terms, {"c": output})


def mixed_columns(block: str) -> list[Term]:
    """The form of a column of J, of the wrong group."""
    if block == "A":
        variable = Atom("A", ("c'", "k"))
        other = one(Atom("A", ("c", "k")), Atom("s0", ("i", "k")))
    else:
        variable = Atom("W", ("k", "j"))
        other = one(Atom("delta", ("c", "c'")), Atom("s0", ("i", "k")))
    return minus(gram.jacobian("i", "c", variable), [other])


def closed_trace_without_biases() -> list[Term]:
    return gram.closed_trace(sp.Integer(0))


def gram_without_delta() -> list[Term]:
    hidden = one(Atom("s0", ("i", "k")), Atom("s0", ("i'", "k")))
    first = gram.closed_gram()[:-2]
    return [*first, *summed([hidden], "k"), one()]


def lifted_slopes() -> list[Term]:
    """σ'_ik² ‖w̃_k‖²: what the 1 in x̃ adds to ‖w̃_k‖² σ'_ik² ‖x_i‖²."""
    return product([one(t11.S1, t11.S1)], t11.weight_norm())


def crooked_squares() -> tuple[t11.Square, ...]:
    """Lagrange's identity without the bias."""
    return t11.gap_squares()[:1]


MUTANTS: dict[str, Callable[[], Step]] = {
    "T01: ∂f/∂b without σ'": lambda: vanishes(
        lambda: minus(arrowhead.gradient("b"), [one(Atom("A", (arrowhead.OUT, "k")))])
    ),
    "T01: the mixed term once": lambda: vanishes(
        lambda: minus(along_twice(arrowhead.hessian), arrowhead.quadratic_form(twice=1))
    ),
    "T01: no mixed term": lambda: vanishes(
        lambda: minus(along_twice(arrowhead.hessian), arrowhead.quadratic_form(twice=0))
    ),
    "T01: the complement is everything": lambda: lemma(
        "c",
        "",
        INVARIANT_SUBSPACE,
        vanishes(
            *(
                partial(
                    lambda rows: minus(
                        applied(arrowhead.hessian, rows, arrowhead.in_span()),
                        arrowhead.span_rows(rows),
                    ),
                    rows,
                )
                for rows in BLOCKS
            )
        ),
        vanishes(*bare_span()),
    ),
    "T01: ∇²f is diagonal in θ": lambda: factor(
        "c",
        "",
        Atom("delta", ("j", "j'")),
        *(partial(arrowhead.hessian, *pair) for pair in PAIRS),
    ),
    "T01: 2σ'² for 4σ'²": lambda: polynomial(
        "c",
        "",
        t01.in_plane().charpoly(t01.lam).as_expr()
        - (t01.lam - t01.eigenvalue(1, t01.slope / sp.sqrt(2)))
        * (t01.lam - t01.eigenvalue(-1, t01.slope / sp.sqrt(2))),
    ),
    "T01: opposite signs though σ' = 0": lambda: sign(
        "i",
        "",
        -t01.eigenvalue(1) * t01.eigenvalue(-1),
        strict=True,
    ),
    "T01: σ'²N once in the Frobenius norm": lambda: vanishes(
        lambda: minus(arrowhead.squared_entries(), arrowhead.frobenius(twice=1))
    ),
    "T01: no biases, and N = 1 + ‖x‖²": lambda: maps_to(
        arrowhead.in_span(), arrowhead.span_rows, arrowhead.WITHOUT_BIASES
    ),
    "T01: no biases, and every entry holds σ''": lambda: factor(
        "d", "", "s2", *entries(arrowhead.WITHOUT_BIASES)
    ),
    "T01: every entry holds x in spite of the biases": lambda: factor(
        "d", "", "x", *entries(BLOCKS)
    ),
    "T01: A frozen, and the complement is everything": lambda: maps_to(
        arrowhead.V, lambda _: [], arrowhead.WITHOUT_OUTPUT_WEIGHTS
    ),
    "T01: leaky ReLU's slopes are 0 and 1": lambda: polynomial(
        "iv", "", *t01.relu_facts("leaky_relu")
    ),
    "T01: R <= t + w": lambda: sign(
        "v",
        "",
        *(
            (t + w) ** 2 - (t**2 + 4 * w**2)
            for t, w in [sp.symbols("t w", nonnegative=True)]
        ),
    ),
    "T01: β with 2|σ'| for |σ'|": lambda: polynomial(
        "v", "", t01.gap_difference(slopes=2)
    ),
    "T04: H = G": lambda: vanishes(
        *(
            partial(
                lambda rows, columns: minus(
                    hessian(gram.ANY, rows, columns),
                    gauss_newton(gram.ANY, rows, columns),
                ),
                *pair,
            )
            for pair in PAIRS
        )
    ),
    "T04: H vanishes with r": lambda: factor(
        "a", "", "r", *(partial(hessian, gram.ANY, *pair) for pair in PAIRS)
    ),
    "T04: a lost 1/n in G = BᵀB": lambda: vanishes(
        lambda: minus(
            gram.factored(gauss_newton(gram.ANY, "W", "A")),
            gram.gram("W", "A", scale=sp.Integer(1)),
        )
    ),
    "T04: a lost 1/n in the Gram matrix": lambda: gram_lemma(
        lambda: minus(gram.mean(gram.weighted_gram()), plain_outer())
    ),
    "T04: K without S": lambda: gram_lemma(
        lambda: minus(gram.mean(ntk_gram(SQUARED)), gram.outer())
    ),
    "T04: tr G = tr K_S": lambda: vanishes(
        lambda: minus(
            gram.factored(trace(partial(gauss_newton, gram.ANY))),
            product([Term(n, ())], gram.gram_trace()),
        )
    ),
    "T04: S 1 = 0 without Σ p = 1": lambda: identity("c", "", gram.ones),
    "T04: K without δ_cc'": lambda: vanishes(
        lambda: minus(ntk_gram(gram.ANY), gram_without_delta())
    ),
    "T04: tr G without the output biases": lambda: vanishes(
        lambda: minus(
            trace(partial(gauss_newton, SQUARED)), closed_trace_without_biases()
        )
    ),
    "T04: tr G for softmax by the squared loss's formula": lambda: vanishes(
        lambda: minus(trace(partial(gauss_newton, gram.ANY)), gram.closed_trace())
    ),
    "T04: λ_1 >= C": lambda: lemma(
        "f",
        "",
        COURANT_FISCHER,
        vanishes(lambda: minus(gram.rayleigh(), [Term(symbols.C, ())])),
        vanishes(lambda: minus(gram.unit(), [one()])),
    ),
    "T04: nvᵀGv as a square with the outer weights twice": lambda: squares(
        "a",
        "",
        gram.form,
        lambda: (
            Square(
                coefficient=sp.Integer(1),
                weights=(),
                form=gram.along_gradients(direction("v"), twice=2),
                over=("i", "c"),
            ),
        ),
    ),
    "T04: H as a sum of squares at any residual": lambda: squares(
        "a",
        "",
        lambda: product([Term(n, ())], along_any(partial(hessian, SQUARED))),
        lambda: (
            Square(
                coefficient=sp.Integer(1),
                weights=(),
                form=gram.along_gradients(direction("v")),
                over=("i", "c"),
            ),
        ),
    ),
    "T04: RᵀK is symmetric": lambda: lemma(
        "b", "", SYMMETRIC_SPECTRUM, vanishes(crooked_gram)
    ),
    "T04: blocks of G that are not mirrored are equal": lambda: lemma(
        "b",
        "",
        SYMMETRIC_SPECTRUM,
        vanishes(
            lambda: minus(
                gram.factored(gauss_newton(gram.ANY, "W", "b")),
                gram.factored(gauss_newton(gram.ANY, "b", "W")),
            )
        ),
    ),
    "T04: distinct inputs without multiplicities": lambda: vanishes(
        lambda: minus(
            gram.factored(gauss_newton(gram.ANY, "W", "A")),
            gram.gram("W", "A", gram.ROOT),
        )
    ),
    "T04: multiplicities of what depends on the labels": lambda: vanishes(
        lambda: minus(
            gram.grouped(residual_hessian(gram.ANY, "W", "A")),
            product([one(gram.ROOT, gram.ROOT)], residual_hessian(gram.ANY, "W", "A")),
        )
    ),
    "T04: the labels do not matter to the loss": lambda: polynomial(
        "c",
        "",
        *(sp.diff(loss.inner + loss.direct, TARGET) for loss in LOSSES.values()),
    ),
    "T04: J v_k = 0 for any σ": lambda: vanishes(
        lambda: gram.along_gradients(t10.null_direction())
    ),
    "T04: J v_k = 0 with +a_k": lambda: vanishes(
        lambda: homogeneous(gram.along_gradients(t10.null_direction(sign_of_output=1)))
    ),
    "T04: every column of J is a_k times another vector": lambda: lemma(
        "c",
        "",
        TENSOR_SPACES,
        vanishes(*(partial(gram.outer_columns, block) for block in "Ac")),
        vanishes(partial(mixed_columns, "A")),
    ),
    "T04: columns of W are e_c times (σ_ik)_i": lambda: lemma(
        "c",
        "",
        TENSOR_SPACES,
        vanishes(partial(mixed_columns, "W")),
        vanishes(*(partial(gram.inner_columns, block) for block in "Wb")),
    ),
    "T04: at most tr G / (2t) eigenvalues reach t": lambda: sign(
        "e",
        "",
        *(
            j * (t + beyond) - 2 * j * t
            for j, t, beyond in [sp.symbols("j t delta", positive=True)]
        ),
    ),
    "T10: any σ": lambda: vanishes(lambda: minus(without_homogeneity(F), F)),
    "T10: σ(αz) = α²σ(z)": lambda: t10.homogeneity("a", power=2),
    "T10: ∇L(T_αθ) = ∇L(θ)": lambda: vanishes(
        *(partial(unscaled_gradient, rows) for rows in BLOCKS)
    ),
    "T10: H(T_αθ) = T_α⁻² H T_α⁻²": lambda: congruent(2),
    "T10: H is invariant": lambda: congruent(0),
    "T10: det with d for d + 1": lambda: vanishes(
        lambda: minus(
            t10.log_determinant(),
            summed([Term(sp.Integer(2), (Atom("log alpha", ("k",)),))], "k"),
        )
    ),
    "T10: + in E_k": lambda: vanishes(
        *(
            partial(t10.kernel, rows, t10.null_direction(sign_of_output=1))
            for rows in BLOCKS
        )
    ),
    "T10: vᵀHv = -a·∇L": lambda: vanishes(partial(t10.curvature, twice=1)),
    "T10: a permutation of the first layer alone": lambda: vanishes(
        lambda: minus(
            summed(
                product(
                    [one(Atom("A", ("c", "k")))],
                    moved.permuted([one(Atom("s0", ("i", "k")))]),
                ),
                "k",
            ),
            F[:1],
        )
    ),
    "T10: even σ": lambda: t10.oddness("g", parity=-1),
    "T10: Cx_S is multiplied by α": lambda: vanishes(
        lambda: minus(
            moved.rescaled(t06.complexity(t10.ANY)),
            moved.scale(t06.complexity(t10.ANY), ALPHA),
        )
    ),
    "T10: Jv = 0 with + in E_k": lambda: vanishes(
        partial(t10.along_jacobian, t10.null_direction(sign_of_output=1))
    ),
    "T10: Gv = 0 for any σ": lambda: vanishes(
        *(
            partial(applied, partial(gauss_newton, t10.ANY), rows, t10.null_direction())
            for rows in BLOCKS
        )
    ),
    "T11: α⁻¹P": lambda: vanishes(
        lambda: minus(t11.traced(), t11.orbit_trace(power=1))
    ),
    "T11: √(PQ) without 2": lambda: polynomial(
        "b",
        "",
        *(
            u**2 / a**2 + a**2 * v**2 - u * v - (u / a - a * v) ** 2
            for u, v, a in [sp.symbols("u v alpha", positive=True)]
        ),
    ),
    "T11: the constant C for any loss": lambda: vanishes(
        lambda: minus(
            t11.traced(),
            minus([*t11.orbit_trace(), Term(symbols.C, ())], t11.constant()),
        )
    ),
    "T11: Q_k without tr S_i": lambda: vanishes(lambda: minus(t11.Q(), t11.Q(SQUARED))),
    "T11: S_i of softmax is I": lambda: vanishes(
        lambda: minus(t11.curved(t11.ANY), t11.output_norm())
    ),
    "T11: attained though P = 0 < Q": lambda: polynomial(
        "b", "", *(t**2 * v**2 for t, v in [sp.symbols("tau v", positive=True)])
    ),
    "T11: P_k is the same for every unit": lambda: vanishes(
        lambda: minus(moved.permuted(t11.P()), t11.P())
    ),
    "T11: ρ_k <= R_k² with ‖x‖ for ‖x̃‖": lambda: squares(
        "c",
        "",
        lambda: minus(t11.gap(), moved.homogeneous(t11.mean(lifted_slopes()))),
        t11.gap_squares,
    ),
    "T11: P_k is invariant": lambda: vanishes(
        lambda: minus(moved.rescaled(t11.P()), t11.P())
    ),
    "T11: the minimiser (Q/P)^{1/4}": lambda: polynomial(
        "b",
        "",
        *(
            u**4 / (v / u) ** 2 + (v / u) ** 2 * v**4 - 2 * u**2 * v**2
            for u, v in [sp.symbols("u v", positive=True)]
        ),
    ),
    "T11: Cauchy-Schwarz without the bias": lambda: squares(
        "c", "", t11.gap, crooked_squares
    ),
    "T11: slopes up to ½": lambda: t11.gentleness("d", bound=sp.Rational(1, 4)),
    "T11: Jx without σ'": lambda: vanishes(
        lambda: minus(input_jacobian(SQUARED), summed([one(t11.A, t11.W)], "k"))
    ),
}


@pytest.mark.parametrize("name", list(MUTANTS))
def test_a_false_step_is_not_checked(name: str) -> None:
    assert not MUTANTS[name]().check()


def test_only_what_holds_no_derivative_is_flipped() -> None:
    with pytest.raises(ValueError, match="terms hold a derivative of σ"):
        moved.flipped([one(Atom("s1", ("i", "k")))])
