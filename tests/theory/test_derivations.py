"""theory/derivations/: false variants of the steps of T01, T04, T10 and T11.

Each is the step of the derivation with one thing changed; none may be checked.
"""

from collections.abc import Callable
from functools import partial

import pytest
import sympy as sp

from landtheory.theory import symbols
from landtheory.theory.derivation import Step
from landtheory.theory.derivations import moved, t01, t04, t10, t11
from landtheory.theory.derivations.along import PAIRS, paired, trace
from landtheory.theory.derivations.curvature import SQUARED
from landtheory.theory.gauss_newton import gauss_newton, ntk_gram
from landtheory.theory.gradient import BLOCKS, gradient, input_jacobian, output
from landtheory.theory.hessian import hessian
from landtheory.theory.indexed import Atom, Term, one, product, summed
from landtheory.theory.lemmas import (
    CONGRUENCE,
    COURANT_FISCHER,
    GRAM_SPECTRA,
    INVARIANT_SUBSPACE,
)
from landtheory.theory.rules import (
    factor,
    identity,
    lemma,
    minus,
    polynomial,
    sign,
    squares,
)

n = symbols.n
ALPHA, INVERSE = Atom("alpha", ("k",)), Atom("1/alpha", ("k",))
F = output("i", "c")


def vanishes(*sums: Callable[[], list[Term]]) -> Step:
    return identity("a", "", *sums)


def along_twice(matrix: Callable[[str, str], list[Term]]) -> list[Term]:
    return paired(lambda rows: t01.applied(matrix, rows, t01.V), t01.V)


def bare_span() -> list[Callable[[], list[Term]]]:
    """The complement's rows, with v instead of v less its part in the span."""
    return [partial(t01.applied, t01.hessian, rows, t01.V) for rows in BLOCKS]


def plain_outer() -> list[Term]:
    """BBᵀ with a lost 1/n."""
    return product([Term(n, ())], t04.outer())


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


def closed_trace_without_biases() -> list[Term]:
    return t04.closed_trace(sp.Integer(0))


def gram_without_delta() -> list[Term]:
    hidden = one(Atom("s0", ("i", "k")), Atom("s0", ("i'", "k")))
    first = t04.closed_gram()[:-2]
    return [*first, *summed([hidden], "k"), one()]


def crooked_squares() -> tuple[t11.Square, ...]:
    """Lagrange's identity without the bias."""
    return t11.gap_squares()[:1]


MUTANTS: dict[str, Callable[[], Step]] = {
    "T01: ∂f/∂b without σ'": lambda: vanishes(
        lambda: minus(t01.gradient("b"), [one(Atom("A", (t01.OUT, "k")))])
    ),
    "T01: the mixed term once": lambda: vanishes(
        lambda: minus(along_twice(t01.hessian), t01.quadratic_form(twice=1))
    ),
    "T01: no mixed term": lambda: vanishes(
        lambda: minus(along_twice(t01.hessian), t01.quadratic_form(twice=0))
    ),
    "T01: the complement is everything": lambda: lemma(
        "c",
        "",
        INVARIANT_SUBSPACE,
        vanishes(
            *(
                partial(
                    lambda rows: minus(
                        t01.applied(t01.hessian, rows, t01.in_span()),
                        t01.span_rows(rows),
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
        *(partial(t01.hessian, *pair) for pair in PAIRS),
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
        lambda: minus(t01.squared_entries(), t01.frobenius(twice=1))
    ),
    "T04: H = G": lambda: vanishes(
        *(
            partial(
                lambda rows, columns: minus(
                    hessian(t04.ANY, rows, columns),
                    gauss_newton(t04.ANY, rows, columns),
                ),
                *pair,
            )
            for pair in PAIRS
        )
    ),
    "T04: H vanishes with r": lambda: factor(
        "a", "", "r", *(partial(hessian, t04.ANY, *pair) for pair in PAIRS)
    ),
    "T04: a lost 1/n in G = BᵀB": lambda: vanishes(
        lambda: minus(
            t04.factored(gauss_newton(t04.ANY, "W", "A")),
            t04.gram("W", "A", scale=sp.Integer(1)),
        )
    ),
    "T04: a lost 1/n in the Gram matrix": lambda: gram_lemma(
        lambda: minus(t04.mean(t04.weighted_gram()), plain_outer())
    ),
    "T04: K without S": lambda: gram_lemma(
        lambda: minus(t04.mean(ntk_gram(SQUARED)), t04.outer())
    ),
    "T04: tr G = tr K_S": lambda: vanishes(
        lambda: minus(
            t04.factored(trace(partial(gauss_newton, t04.ANY))),
            product([Term(n, ())], t04.gram_trace()),
        )
    ),
    "T04: S 1 = 0 without Σ p = 1": lambda: identity("c", "", t04.ones),
    "T04: K without δ_cc'": lambda: vanishes(
        lambda: minus(ntk_gram(t04.ANY), gram_without_delta())
    ),
    "T04: tr G without the output biases": lambda: vanishes(
        lambda: minus(
            trace(partial(gauss_newton, SQUARED)), closed_trace_without_biases()
        )
    ),
    "T04: tr G for softmax by the squared loss's formula": lambda: vanishes(
        lambda: minus(trace(partial(gauss_newton, t04.ANY)), t04.closed_trace())
    ),
    "T04: λ_1 >= C": lambda: lemma(
        "f",
        "",
        COURANT_FISCHER,
        vanishes(lambda: minus(t04.rayleigh(), [Term(symbols.C, ())])),
        vanishes(lambda: minus(t04.unit(), [one()])),
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
                    t10.permuted([one(Atom("s0", ("i", "k")))]),
                ),
                "k",
            ),
            F[:1],
        )
    ),
    "T10: even σ": lambda: t10.oddness("g", parity=-1),
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
