"""Linear maps on k × k matrices in index notation, for symbolic k, and their spectra.

Rows and columns have indices of the kind k, whose size is `symbols.m`.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import product as cartesian

from sympy import Expr, Integer, Matrix, Symbol, exp, eye, integrate, oo, pi, sqrt

from .. import symbols as sizes
from ..derivation import Step
from ..indexed import Atom, Term, one, product, substituted, summed
from ..population.spectra import K
from ..rules import identity, minus

__all__ = [
    "Entry",
    "Square",
    "all_of",
    "centred",
    "delta",
    "entry_differences",
    "image",
    "letter",
    "maps_span",
    "missed",
    "moment_differences",
    "ones",
    "scaled",
]

LAMBDA = Symbol("lambda")

Square = Callable[[str, str], list[Term]]
"""From the names of a row and a column to an entry of a k × k matrix."""

Entry = Callable[[str, str, str, str], list[Term]]
"""From i, a, j, b to the Hessian's entry between w_ia and w_jb."""

PLACES = ("k", "k'", "k1", "k1'")


def scaled(coefficient: Expr, terms: Iterable[Term]) -> list[Term]:
    """The terms times a number."""
    return product([Term(coefficient, ())], terms)


def delta(left: str, right: str) -> list[Term]:
    """δ: the entries of I."""
    return [one(Atom("delta", (left, right)))]


def ones(k: str, q: str) -> list[Term]:
    """The entries of 11ᵀ."""
    del k, q
    return [one()]


def letter(name: str) -> Square:
    """Any matrix."""
    return lambda k, q: [one(Atom(name, (k, q)))]


def centred(k: str) -> list[Term]:
    """s_k = g_k - (1/k) Σ g: any s with sum 0."""
    mean = scaled(-1 / sizes.m, summed([one(Atom("g", ("k3",)))], "k3"))
    return [one(Atom("g", (k,))), *mean]


# Hessians, entry by entry


def image(entry: Entry, T: Square) -> list[Term]:
    """Σ_jb H_{ia, jb} T_jb at row k and column k'."""
    return summed(product(entry(*PLACES), T("k1", "k1'")), "k1", "k1'")


def moment_differences(
    slope: Callable[[Symbol], Expr], start: Expr, entry: Entry
) -> tuple[Expr, ...]:
    """E σ'(x_i)σ'(x_j)x_a x_b less the entry, for every pattern of i, j, a, b.

    Four indices name at most four inputs, which are independent and normal.

    Parameters
    ----------
    slope : callable
        σ' as a function of its argument, which is 0 below `start`.
    start : sympy.Expr
        0 or -∞.
    entry : callable
        Of the Hessian, by deltas.
    """
    x = Symbol("x", real=True)
    density = exp(-(x**2) / 2) / sqrt(2 * pi)

    def moment(slopes: int, power: int) -> Expr:
        function = slope(x) ** slopes * x**power * density
        return integrate(function, (x, start if slopes else -oo, oo))

    table = {(s, p): moment(s, p) for s in range(3) for p in range(3)}
    found = []
    for i, a, j, b in cartesian(range(4), repeat=4):
        expected = Integer(1)
        for axis in {i, a, j, b}:
            expected *= table[(i == axis) + (j == axis), (a == axis) + (b == axis)]
        found.append(expected - _at(entry, (i, a, j, b)))
    return tuple(found)


def entry_differences(
    entry: Entry, block: Callable[[int, int, int, int], Expr]
) -> tuple[Expr, ...]:
    """The entries by deltas less those of the blocks in words, for every pattern."""
    return tuple(
        _at(entry, places) - block(*places) for places in cartesian(range(4), repeat=4)
    )


def _at(entry: Entry, places: Sequence[int]) -> Expr:
    """An entry at given indices."""
    named = dict(zip(PLACES, map(str, places), strict=True))
    terms = substituted(entry(*PLACES), named)
    return sum((term.coefficient for term in terms), Integer(0))


# Invariant subspaces


def maps_span(
    claim: str,
    statement: str,
    applied: Callable[[Square, str, str], list[Term]],
    basis: tuple[Square, ...],
    block: Matrix,
) -> Step:
    """A step that a map takes each of some matrices to the combination of a column.

    Parameters
    ----------
    claim, statement : str
        What is served, and what is said.
    applied : callable
        The map.
    basis : tuple of Square
        Matrices, which may hold letters.
    block : (q, q) sympy.Matrix
        In k: column p has the coefficients of the image of basis[p].
    """

    def difference(place: int) -> list[Term]:
        column = block.subs(K, sizes.m).col(place)
        right = [
            term
            for coefficient, matrix in zip(column, basis, strict=True)
            for term in scaled(coefficient, matrix("k", "k'"))
        ]
        return minus(applied(basis[place], "k", "k'"), right)

    return identity(
        claim, statement, *(partial(difference, place) for place in range(len(basis)))
    )


def missed(block: Matrix, *eigenvalues: Expr) -> Expr:
    """det(λ - block) less Π (λ - eigenvalue)."""
    claimed = Integer(1)
    for eigenvalue in eigenvalues:
        claimed = claimed * (LAMBDA - eigenvalue)
    return ((LAMBDA * eye(block.rows) - block).det() - claimed).expand()


def all_of(*steps: Step) -> Step:
    """Several steps as one premise."""
    return Step(
        claim=steps[0].claim,
        statement="; ".join(step.statement for step in steps),
        rule=steps[0].rule,
        check=lambda: all(step.check() for step in steps),
    )
