"""Sums of products of indexed atoms, and their derivatives, for symbolic sizes.

SymPy can differentiate an IndexedBase under a Sum, but leaves KroneckerDelta and
Piecewise behind and takes seconds. The expressions here have one shape only,

    Σ_terms coefficient × Π atoms, summed over bound indices,

so the product and chain rules are a few lines, a delta is contracted the moment it
arises, and SymPy objects are built at the end.

An index is a name whose first letter is its kind (i, j, k, c: samples, inputs, hidden
units, outputs), or a numeral, such as "1", where it stands for one given value.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Final

from sympy import Expr, Integer

from . import symbols

__all__ = [
    "SIZES",
    "Atom",
    "Rule",
    "Term",
    "collected",
    "derivative",
    "fresh",
    "one",
    "product",
    "substituted",
    "summed",
    "unified",
]

SIZES: Final[Mapping[str, Expr]] = {
    "i": symbols.n,
    "j": symbols.d,
    "k": symbols.m,
    "c": symbols.C,
}
"""The size that an index of each kind runs up to."""


@dataclass(frozen=True, slots=True)
class Atom:
    """An indexed quantity: name and indices, such as A with (c, k)."""

    name: str
    indices: tuple[str, ...]

    def renamed(self, names: Mapping[str, str]) -> "Atom":
        """The same with indices renamed."""
        return Atom(self.name, tuple(names.get(index, index) for index in self.indices))


@dataclass(frozen=True, slots=True)
class Term:
    """coefficient × Π atoms, summed over the indices in `bound`."""

    coefficient: Expr
    atoms: tuple[Atom, ...]
    bound: tuple[str, ...] = ()

    def renamed(self, names: Mapping[str, str]) -> "Term":
        """The same with indices renamed, bound ones too."""
        return Term(
            self.coefficient,
            tuple(atom.renamed(names) for atom in self.atoms),
            tuple(names.get(index, index) for index in self.bound),
        )

    def apart(self) -> "Term":
        """The same with bound indices that nothing else uses."""
        if not self.bound:
            return self
        return self.renamed({index: fresh(index) for index in self.bound})


Rule = Callable[[Atom, Atom], list[Term]]
"""(atom, variable) → the derivative of the atom in the variable."""

_fresh = count(1)


def fresh(kind: str) -> str:
    """An index of the same kind that nothing else uses."""
    return f"{kind[0]}_{next(_fresh)}"


def one(*atoms: Atom, bound: tuple[str, ...] = ()) -> Term:
    """A product of atoms with coefficient 1."""
    return Term(Integer(1), atoms, bound)


def product(left: Iterable[Term], right: Iterable[Term]) -> list[Term]:
    """Product of two sums; bound indices are kept apart, deltas contracted."""
    others = list(right)
    terms = []
    for a in left:
        # what is bound in one factor may be free in the other
        own = a.apart()
        for b in others:
            other = b.apart()
            joined = Term(
                own.coefficient * other.coefficient,
                own.atoms + other.atoms,
                own.bound + other.bound,
            )
            terms += _contracted(joined)
    return terms


def derivative(terms: Iterable[Term], variable: Atom, rule: Rule) -> list[Term]:
    """Derivative of a sum in one entry of a parameter, by the product rule.

    Parameters
    ----------
    terms : iterable of Term
        What is differentiated.
    variable : Atom
        Such as W with the free indices (k', j').
    rule : callable
        Derivative of one atom.

    Returns
    -------
    list of Term
        Collected; a delta is left only between free indices.
    """
    result = []
    for term in terms:
        for place, factor in enumerate(term.atoms):
            others = term.atoms[:place] + term.atoms[place + 1 :]
            # free for now: the factor's derivative may hold what is bound in the term
            rest = Term(term.coefficient, others)
            result += summed(product([rest], rule(factor, variable)), *term.bound)
    return collected(result)


def summed(terms: Iterable[Term], *indices: str) -> list[Term]:
    """Σ over free indices, deltas contracted."""
    return collected(
        contracted
        for term in map(Term.apart, terms)
        for contracted in _contracted(
            Term(term.coefficient, term.atoms, term.bound + indices)
        )
    )


def substituted(terms: Iterable[Term], names: Mapping[str, str]) -> list[Term]:
    """Free indices replaced, by other names or by numerals."""
    return collected(
        contracted
        for term in terms
        for contracted in _contracted(term.apart().renamed(names))
    )


def collected(terms: Iterable[Term]) -> list[Term]:
    """Equal terms added up; bound indices get canonical names first."""
    found: dict[tuple[tuple[Atom, ...], tuple[str, ...]], Expr] = {}
    for term in terms:
        plain = _canonical(term)
        key = (plain.atoms, plain.bound)
        found[key] = found.get(key, Integer(0)) + plain.coefficient
    return [
        Term(coefficient, atoms, bound)
        for (atoms, bound), coefficient in found.items()
        if coefficient != 0
    ]


def unified(term: Term) -> Term:
    """δ_kk' g_k' as δ_kk' g_k: what a delta says of free indices is used."""
    atoms = list(term.atoms)
    for delta in [atom for atom in atoms if atom.name == "delta"]:
        kept, gone = sorted(delta.indices)
        atoms = [
            atom if atom == delta else atom.renamed({gone: kept}) for atom in atoms
        ]
    return Term(term.coefficient, tuple(atoms), term.bound)


def _contracted(term: Term) -> list[Term]:
    """Each delta that holds a bound index removed; nothing where a delta is 0."""
    atoms, bound = list(term.atoms), list(term.bound)
    place = 0
    while place < len(atoms):
        left, right = atoms[place].indices if atoms[place].name == "delta" else ("", "")
        if left == right and left:
            atoms.pop(place)
        elif left.isdigit() and right.isdigit():
            return []
        elif left in bound or right in bound:
            gone, kept = (left, right) if left in bound else (right, left)
            bound.remove(gone)
            atoms.pop(place)
            atoms = [other.renamed({gone: kept}) for other in atoms]
            # what was passed may have become a delta of equal indices
            place = 0
        else:
            place += 1
    return [Term(term.coefficient, tuple(atoms), tuple(bound))]


def _canonical(term: Term) -> Term:
    """Atoms sorted, bound indices named in order of appearance, idle ones counted."""
    bound = set(term.bound)

    def pattern(atom: Atom) -> tuple[str, tuple[str, ...]]:
        free = (index[0] if index in bound else index for index in atom.indices)
        return atom.name, tuple(free)

    atoms = sorted(term.atoms, key=pattern)
    met = dict.fromkeys(index for atom in atoms for index in atom.indices)
    taken = set(met) - bound
    names: dict[str, str] = {}
    for index in met:
        if index in bound:
            names[index] = _next_name(index[0], taken)
            taken.add(names[index])
    coefficient = term.coefficient
    for index in bound.difference(met):
        # Σ_i of what does not depend on i is a factor n
        coefficient *= SIZES[index[0]]
    renamed = [_ordered(atom.renamed(names)) for atom in atoms]
    renamed.sort(key=lambda atom: (atom.name, atom.indices))
    return Term(coefficient, tuple(renamed), tuple(sorted(names.values())))


def _ordered(atom: Atom) -> Atom:
    """δ_k'k as δ_kk'."""
    if atom.name != "delta":
        return atom
    return Atom("delta", tuple(sorted(atom.indices)))


def _next_name(kind: str, taken: set[str]) -> str:
    name, number = kind, 0
    while name in taken:
        number += 1
        name = f"{kind}{number}"
    return name
