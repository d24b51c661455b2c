"""T20: the spectra of erf(z/√2) and z² at the global minimum, for symbolic k and d.

Index algebra as in T19. With c = 2/π and x = 3^{-3/2} - 3^{-1/2} + ½,

    erf   (HT)_kq = c (½Σ_p T_pq + (3^{-1/2} - ½)T_kq - ¼(δ_kq Σ_p T_pq + T_qq)
                       + x δ_kq T_qq),
    z²    (HT)_kq = 4 (δ_kq Σ_p T_pp + T_qk + T_kq).

What is not derived: the order of erf's eigenvalues, (a.5), (a.6) and (a.8).
"""

from functools import partial

from sympy import Expr, Integer, Matrix, Rational, Symbol, exp, oo, pi, sqrt

from ..derivation import Derivation, Step
from ..indexed import Atom, Term, one, product, summed
from ..lemmas import ERROR_FREE, INVARIANT_PARTS
from ..population.spectra import D, K, global_spectrum
from ..rules import identity, lemma, minus, polynomial, sign
from .lazily import polynomial_later
from .square import (
    Square,
    all_of,
    delta,
    image,
    letter,
    maps_span,
    missed,
    moment_differences,
    scaled,
)

__all__ = ["DERIVATION", "erf_applied", "erf_entry", "square_entry", "steps"]

C = 2 / pi
HALF, QUARTER = Rational(1, 2), Rational(1, 4)
ROOT = 1 / sqrt(3)
X = ROOT / 3 - ROOT + HALF

# erf(z/√2)


def erf_entry(i: str, a: str, j: str, b: str) -> list[Term]:
    """cδ_ab (½ + (3^{-1/2} - ½)δ_ij - ¼(δ_ia + δ_ja) + xδ_ijδ_ia)."""
    inner = [
        Term(HALF, ()),
        *scaled(ROOT - HALF, delta(i, j)),
        *scaled(-QUARTER, [*delta(i, a), *delta(j, a)]),
        *scaled(X, product(delta(i, j), delta(i, a))),
    ]
    return scaled(C, product(delta(a, b), inner))


def erf_applied(T: Square, k: str, q: str) -> list[Term]:
    """(HT)_kq."""
    total = summed(T("k2", q), "k2")
    inner = [
        *scaled(HALF, total),
        *scaled(ROOT - HALF, T(k, q)),
        *scaled(-QUARTER, product(delta(k, q), total)),
        *scaled(-QUARTER, T(q, q)),
        *scaled(X, product(delta(k, q), T(q, q))),
    ]
    return scaled(C, inner)


def erf_slope(x: Expr) -> Expr:
    """σ' of erf(z/√2)."""
    return sqrt(2 / pi) * exp(-(x**2) / 2)


def erf_image() -> list[Term]:
    """Σ H T less the formula."""
    T = letter("T")
    return minus(image(erf_entry, T), erf_applied(T, "k", "k'"))


def erf_rest() -> list[Term]:
    """HT less c(3^{-1/2} - ½)T, less what holds column sums and the diagonal of T."""
    T = letter("T")
    total = summed(T("k2", "k'"), "k2")
    gone = [
        *scaled(C * HALF, total),
        *scaled(-C * QUARTER, product(delta("k", "k'"), total)),
        *scaled(-C * QUARTER, T("k'", "k'")),
        *scaled(C * X, product(delta("k", "k'"), T("k'", "k'"))),
    ]
    kept = scaled(C * (ROOT - HALF), T("k", "k'"))
    return minus(erf_applied(T, "k", "k'"), [*kept, *gone])


def _diagonal(k: str, q: str) -> list[Term]:
    return product(delta(k, q), [one(Atom("g", (q,)))])


def _columns(k: str, q: str) -> list[Term]:
    del k
    return [one(Atom("g", (q,)))]


def erf_block() -> Matrix:
    """H on diag(g) and 1gᵀ, for any g."""
    own = ROOT - 3 * QUARTER
    return C * Matrix([[own + X, X - K / 4], [QUARTER, own + K / 2]])


def erf_values() -> tuple[Expr, ...]:
    """Eigenvalues of the invariant parts less the table's."""
    values = [family.value for family in global_spectrum("erf")]
    flat = C * (ROOT - HALF)
    return (
        values[0] - flat,
        missed(erf_block(), values[1], values[2]),
        values[3] - flat,
        values[4] - (flat + C * K / 2),
    )


def erf_product() -> tuple[Expr, ...]:
    """λ_-λ_+ less the formula of (a.7)."""
    values = [family.value for family in global_spectrum("erf")]
    step = 1 / (6 * sqrt(3)) - Rational(1, 16)
    right = Rational(1, 9) - Rational(1, 16) + (K - 2) * step
    return (values[1] * values[2] - C**2 * right,)


def erf_steps() -> tuple[Step, ...]:
    """Those of (a)."""
    more = Symbol("n", nonnegative=True)
    families = [family.multiplicity for family in global_spectrum("erf")]
    parts = (K * (K - 2), 2 * K, (K - 1) * (D - K), D - K)
    return (
        lemma(
            "a",
            "the entries of H are c times ½, ¼, 3^(-½), 3^(-3/2)",
            ERROR_FREE,
            polynomial_later(
                "a",
                "E σ'(x_i)σ'(x_j)x_a x_b is that entry, whichever of i, j, a, b coincide",
                partial(moment_differences, erf_slope, -oo, erf_entry),
            ),
        ),
        identity("a", "column l of HT is cM_l times that of T", erf_image),
        lemma(
            "a",
            "the spectrum of erf is that of the table",
            INVARIANT_PARTS,
            all_of(
                identity(
                    "a",
                    "HT = c(3^(-½) - ½)T where column sums and diagonal of T are 0",
                    erf_rest,
                ),
                maps_span(
                    "a",
                    "H maps the span of diag(g) and 1gᵀ into itself",
                    erf_applied,
                    (_diagonal, _columns),
                    erf_block(),
                ),
                polynomial_later(
                    "a", "the eigenvalues there are those of the table", erf_values
                ),
            ),
            sign(
                "a",
                "diag(g) and 1gᵀ are independent for k = 2 + n: the Gram determinant"
                " k - 1 is positive",
                Matrix([[1, 1], [1, K]]).det().subs(K, 2 + more),
                strict=True,
            ),
            polynomial(
                "a",
                "k(k-2) + 2k + (k-1)(d-k) + (d-k) = kd, and so are the multiplicities",
                sum(parts, Integer(0)) - K * D,
                families[0] - parts[0],
                families[1] + families[2] - parts[1],
                families[1] - families[2],
                families[3] - parts[2],
                families[4] - parts[3],
            ),
        ),
        polynomial_later("a", "λ_-λ_+ is that of (a.7)", erf_product),
    )


# z²


def square_entry(i: str, a: str, j: str, b: str) -> list[Term]:
    """4(δ_iaδ_jb + δ_jaδ_ib + δ_ijδ_ab)."""
    pairs = (((i, a), (j, b)), ((j, a), (i, b)), ((i, j), (a, b)))
    terms = [t for left, right in pairs for t in product(delta(*left), delta(*right))]
    return scaled(Integer(4), terms)


def square_applied(T: Square, k: str, q: str) -> list[Term]:
    """(HT)_kq."""
    trace = summed(T("k2", "k2"), "k2")
    inner = [*product(delta(k, q), trace), *T(q, k), *T(k, q)]
    return scaled(Integer(4), inner)


def square_image() -> list[Term]:
    """Σ H T less the formula."""
    T = letter("T")
    return minus(image(square_entry, T), square_applied(T, "k", "k'"))


def square_form() -> list[Term]:
    """⟨A, HA⟩ less 2‖A + Aᵀ‖_F² + 4(tr A)²."""
    T = letter("T")
    form = summed(product(T("k", "k'"), square_applied(T, "k", "k'")), "k", "k'")
    both = [*T("k", "k'"), *T("k'", "k")]
    trace = summed(T("k2", "k2"), "k2")
    right = [
        *scaled(Integer(2), summed(product(both, both), "k", "k'")),
        *scaled(Integer(4), product(trace, trace)),
    ]
    return minus(form, right)


def square_steps() -> tuple[Step, ...]:
    """Those of (b)."""
    families = global_spectrum("quadratic")
    values = [family.value for family in families]
    counts = [family.multiplicity for family in families]
    parts = (K * (K - 1) / 2, K * (K + 1) / 2 - 1, Integer(1), K * (D - K))
    return (
        lemma(
            "b",
            "the entries of H are 4(δ_iaδ_jb + δ_jaδ_ib + δ_ijδ_ab)",
            ERROR_FREE,
            polynomial_later(
                "b",
                "E 4x_i x_j x_a x_b is that entry, whichever of i, j, a, b coincide",
                partial(moment_differences, lambda x: 2 * x, -oo, square_entry),
            ),
        ),
        identity(
            "b",
            "HT = 4(tr(A)I + Aᵀ + A) on the first k columns: 0 on antisymmetric A, 8A on"
            " symmetric A with trace 0",
            square_image,
        ),
        identity(
            "b",
            "⟨A, HA⟩ = 2‖A + Aᵀ‖_F² + 4(tr A)²; beyond k, H is 4",
            square_form,
        ),
        lemma(
            "b",
            "the spectrum of z² is that of the table",
            INVARIANT_PARTS,
            all_of(
                maps_span(
                    "b",
                    "HI = (8 + 4k)I",
                    square_applied,
                    (delta,),
                    Matrix([[8 + 4 * K]]),
                ),
                polynomial(
                    "b",
                    "the eigenvalues are 0, 8, 8 + 4k and 4",
                    values[0],
                    values[1] - 8,
                    values[2] - (8 + 4 * K),
                    values[3] - 4,
                ),
            ),
            identity(
                "b",
                "antisymmetric matrices are orthogonal to symmetric ones, and trace 0 to I",
                _orthogonal,
            ),
            polynomial(
                "b",
                "k(k-1)/2 + k(k+1)/2 - 1 + 1 + k(d-k) = kd, and so are the multiplicities",
                sum(parts, Integer(0)) - K * D,
                *(count - part for count, part in zip(counts, parts, strict=True)),
            ),
        ),
    )


def _orthogonal() -> list[Term]:
    """Σ (M - Mᵀ)(N + Nᵀ) over all entries."""
    M, N = letter("M"), letter("N")
    left = minus(M("k", "k'"), M("k'", "k"))
    right = [*N("k", "k'"), *N("k'", "k")]
    return summed(product(left, right), "k", "k'")


def steps() -> tuple[Step, ...]:
    """The steps."""
    return (*erf_steps(), *square_steps())


DERIVATION = Derivation(
    theorem="T20",
    proves=(
        *("a.1", "a.2", "a.3", "a.4", "a.7"),
        *("b.1", "b.2", "b.3", "b.4", "b.5"),
    ),
    steps=steps(),
)
