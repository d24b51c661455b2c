"""T19: the spectrum of ReLU's Hessian at the global minimum, for symbolic k and d.

Index algebra on k × k matrices (indices of kind k) and on one more column (kind j), with
the operator of (a) in place of the Hessian once the two are shown to be the same:

    (HT)_kq = ¼T_kq + ¼Σ_p T_pq + ϱ (δ_kq (Σ_p T_pp - 2T_kk) + T_qk).

What is not derived: the order of the eigenvalues, and with it (c.1), (c.2), (d.2), (d.3).
"""

from functools import partial

from sympy import Expr, Integer, Matrix, Rational, Symbol, pi, symbols

from .. import symbols as sizes
from ..derivation import Derivation, Step
from ..indexed import Atom, Term, one, product, summed
from ..lemmas import COURANT_FISCHER, ERROR_FREE, INVARIANT_PARTS
from ..population.operator import relu_operator, standard_block, trivial_block
from ..population.spectra import D, K, global_spectrum
from ..rules import identity, lemma, minus, polynomial, sign
from .lazily import polynomial_later
from .square import (
    Square,
    all_of,
    centred,
    delta,
    entry_differences,
    image,
    letter,
    maps_span,
    missed,
    moment_differences,
    ones,
    scaled,
)

__all__ = ["DERIVATION", "applied", "entry", "maps", "steps"]

RHO = 1 / (2 * pi)
QUARTER = Rational(1, 4)

# (a) the Hessian


def applied(T: Square, k: str, q: str, *, diagonal: int = 2) -> list[Term]:
    """(HT)_kq by the formula of (a.1)."""
    trace = summed(T("k2", "k2"), "k2")
    own = [*trace, *scaled(Integer(-diagonal), T(k, k))]
    return [
        *scaled(QUARTER, T(k, q)),
        *scaled(QUARTER, summed(T("k2", q), "k2")),
        *scaled(RHO, product(delta(k, q), own)),
        *scaled(RHO, T(q, k)),
    ]


def entry(i: str, a: str, j: str, b: str) -> list[Term]:
    """Of H, between w_ia and w_jb: ½I for i = j, and ¼I + ϱ(e_i e_jᵀ + e_j e_iᵀ)."""
    together = product(delta(i, j), delta(a, b))
    return [
        *scaled(QUARTER, together),
        *scaled(QUARTER, delta(a, b)),
        *scaled(RHO, product(delta(i, a), delta(j, b))),
        *scaled(RHO, product(delta(j, a), delta(i, b))),
        *scaled(-2 * RHO, product(product(delta(i, j), delta(i, a)), delta(i, b))),
    ]


def block(i: int, a: int, j: int, b: int) -> Expr:
    """The same for given indices, from ½I and ¼I + ϱ(e_i e_jᵀ + e_j e_iᵀ)."""
    same = Integer(a == b)
    if i == j:
        return same / 2
    return same * QUARTER + RHO * Integer((i, j) in {(a, b), (b, a)})


def _step(x: Expr) -> Expr:
    """σ' where it is not 0."""
    del x
    return Integer(1)


def operator_difference() -> list[Term]:
    """Σ H T less the formula of (a.1), on the first k columns."""
    T = letter("T")
    return minus(image(entry, T), applied(T, "k", "k'"))


def beyond_difference() -> list[Term]:
    """The same on a column beyond them, where only ¼(δ_ij + 1) is left."""
    T = [one(Atom("T", ("k1", "j")))]
    rows = [*scaled(QUARTER, delta("k", "k1")), Term(QUARTER, ())]
    found = summed(product(rows, T), "k1")
    right = [
        Term(QUARTER, (Atom("T", ("k", "j")),)),
        *scaled(QUARTER, summed([one(Atom("T", ("k2", "j")))], "k2")),
    ]
    return minus(found, right)


# (b) its invariant subspaces


def rest_difference() -> list[Term]:
    """HT less ¼T + ϱTᵀ, less what holds column sums and the diagonal of T."""
    T = letter("T")
    kept = [*scaled(QUARTER, T("k", "k'")), *scaled(RHO, T("k'", "k"))]
    own = [*summed(T("k2", "k2"), "k2"), *scaled(Integer(-2), T("k", "k"))]
    gone = [
        *scaled(QUARTER, summed(T("k2", "k'"), "k2")),
        *scaled(RHO, product(delta("k", "k'"), own)),
    ]
    return minus(applied(T, "k", "k'"), [*kept, *gone])


def pair_differences() -> tuple[Expr, ...]:
    """The characteristic polynomial for k = d = 2 less the claimed one."""
    letters = symbols("t1:5")
    image = relu_operator(Matrix(2, 2, letters))
    H = Matrix(list(image)).jacobian(letters)
    pairs = [family.value for family in global_spectrum("relu", 2, 2)]
    return (missed(H, *pairs),)


def eigenvalue_differences() -> tuple[Expr, ...]:
    """Of the invariant parts, less the table's."""
    values = [family.value for family in global_spectrum("relu")]
    return (
        missed(trivial_block(), values[4], values[5]),
        missed(standard_block(), values[0], values[2], values[3]),
        values[0] - (QUARTER - RHO),
        values[1] - (QUARTER + RHO),
        values[6] - QUARTER,
        values[7] - (QUARTER + K * QUARTER),
    )


def maps() -> tuple[Step, ...]:
    """H on each of the invariant parts, for k >= 3."""
    return (
        identity(
            "b",
            "HT = ¼T + ϱTᵀ where column sums and diagonal of T are 0: ¼ ∓ ϱ on"
            " antisymmetric and symmetric T",
            rest_difference,
        ),
        maps_span(
            "b",
            "H maps the span of I and 11ᵀ into itself",
            applied,
            (delta, ones),
            trivial_block(),
        ),
        maps_span(
            "b",
            "H maps the span of diag(s), s1ᵀ and 1sᵀ, Σs = 0, into itself",
            applied,
            (_diagonal, _rows, _columns),
            standard_block(),
        ),
        polynomial_later(
            "b",
            "the eigenvalues there are those of the table, and ¼ and (k + 1)/4 beyond",
            eigenvalue_differences,
        ),
    )


def _diagonal(k: str, q: str) -> list[Term]:
    return product(delta(k, q), centred(k))


def _rows(k: str, q: str) -> list[Term]:
    del q
    return centred(k)


def _columns(k: str, q: str) -> list[Term]:
    del k
    return centred(q)


def _independent() -> Step:
    more = Symbol("n", nonnegative=True)
    standard = Matrix([[1, 1, 1], [1, K, 0], [1, 0, K]])
    trivial = Matrix([[K, K], [K, K**2]])
    return sign(
        "b",
        "diag(s), s1ᵀ, 1sᵀ and I, 11ᵀ are independent for k = 3 + n: the Gram"
        " determinants k(k - 2) and k²(k - 1) are positive",
        standard.det().subs(K, 3 + more),
        trivial.det().subs(K, 3 + more),
        strict=True,
    )


def _dimensions() -> Step:
    parts = (
        (K - 1) * (K - 2) / 2,
        K * (K - 3) / 2,
        Integer(2),
        3 * (K - 1),
        K * (D - K),
    )
    families = [family.multiplicity for family in global_spectrum("relu")]
    return polynomial(
        "b",
        "(k-1)(k-2)/2 + k(k-3)/2 + 2 + 3(k-1) + k(d-k) = kd, and so are the"
        " multiplicities",
        sum(parts, Integer(0)) - K * D,
        sum(families, Integer(0)) - K * D,
        families[0] - (parts[0] + K - 1),
        families[1] - parts[1],
        families[2] - (K - 1),
        families[3] - (K - 1),
        families[4] - 1,
        families[5] - 1,
        families[6] - (K - 1) * (D - K),
        families[7] - (D - K),
    )


def ones_quotient() -> list[Term]:
    """⟨v, Hv⟩ for v = 11ᵀ/k less (k + 1)/4 + 2ϱ(1 - 1/k)."""
    m = sizes.m
    form = scaled(1 / m**2, summed(applied(ones, "k", "k'"), "k", "k'"))
    return minus(form, [Term((m + 1) / 4 + 2 * RHO * (1 - 1 / m), ())])


def ones_norm() -> list[Term]:
    """‖11ᵀ/k‖_F² less 1."""
    return minus(scaled(1 / sizes.m**2, summed([one()], "k", "k'")), [one()])


def trace_difference() -> list[Term]:
    """Σ H_{ia, ia} over the first k columns less k²/2."""
    trace = summed(summed(entry("k", "k'", "k", "k'"), "k"), "k'")
    return minus(trace, [Term(sizes.m**2 / 2, ())])


def steps() -> tuple[Step, ...]:
    """The steps."""
    slope_moments = partial(moment_differences, _step, Integer(0), entry)
    return (
        polynomial_later(
            "a",
            "H_ii = ½I and H_ij = ¼I + ϱ(e_i e_jᵀ + e_j e_iᵀ), written by deltas",
            partial(entry_differences, entry, block),
        ),
        lemma(
            "a",
            "these are the entries of H",
            ERROR_FREE,
            polynomial_later(
                "a",
                "E 1(x_i > 0) 1(x_j > 0) x_a x_b is that entry, whichever of i, j, a, b"
                " coincide",
                slope_moments,
            ),
        ),
        identity(
            "a",
            "HT = ¼T + ¼11ᵀT + ϱ [tr(A)I - 2 diag(A) + Aᵀ, 0]",
            operator_difference,
            beyond_difference,
        ),
        lemma(
            "b",
            "the spectrum is that of the table, for k >= 3",
            INVARIANT_PARTS,
            all_of(*maps()),
            _independent(),
            _dimensions(),
        ),
        polynomial_later(
            "b", "for k = d = 2 they are ¼ ± ϱ and ¾ ± ϱ", pair_differences
        ),
        identity(
            "c",
            "tr H = k²/2 on the first k columns, and k/2 on each other",
            trace_difference,
        ),
        lemma(
            "d",
            "λ_max >= (k + 1)/4 + 2ϱ(1 - 1/k)",
            COURANT_FISCHER,
            identity("d", "that is ⟨v, Hv⟩ for v = 11ᵀ/k", ones_quotient),
            identity("d", "‖v‖_F² = 1", ones_norm),
        ),
    )


DERIVATION = Derivation(
    theorem="T19",
    proves=("a.1", "a.2", "b.1", "b.2", "b.3", "b.4", "c.3", "d.1"),
    steps=steps(),
)
