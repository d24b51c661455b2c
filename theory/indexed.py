"""Sums of products of indexed atoms, and their derivatives, for symbolic sizes.

SymPy can differentiate an IndexedBase under a Sum, but leaves KroneckerDelta and
Piecewise behind and takes seconds. The expressions here have one shape only,

    Σ_terms coefficient × Π atoms, summed over bound indices,

so the product and chain rules are a few lines, a delta is contracted the moment it
arises, and SymPy objects are built at the end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Final

from sympy import Expr, Integer, KroneckerDelta, Sum, Symbol

__all__ = [
    "SIZES",
    "Atom",
    "Term",
    "atom",
    "collected",
    "derivative",
    "product",
    "to_sympy",
]

SIZES: Final = {"i": "n", "j": "d", "k": "m", "c": "C"}
"""The kind of an index (its first letter) and the size that it runs up to."""


@dataclass(frozen=True)
class Atom:
    """An indexed quantity: name and indices, such as A with (c1, k3)."""

    name: str
    indices: tuple[str, ...]

    def renamed(self, names: dict[str, str]) -> "Atom":
        """The same with indices renamed."""
        return Atom(self.name, tuple(names.get(index, index) for index in self.indices))


@dataclass(frozen=True)
class Term:
    """coefficient × Π atoms, summed over the indices in `bound`."""

    coefficient: Expr
    atoms: tuple[Atom, ...]
    bound: tuple[str, ...]

    def renamed(self, names: dict[str, str]) -> "Term":
        """The same with indices renamed, bound ones too."""
        return Term(
            self.coefficient,
            tuple(atom.renamed(names) for atom in self.atoms),
            tuple(names.get(index, index) for index in self.bound),
        )


Rule = Callable[[Atom, Atom], "list[Term]"]
"""(atom, variable) → the derivative of the atom."""

_fresh = count(1)


def atom(name: str, *indices: str) -> Atom:
    """An atom."""
    return Atom(name, indices)


def fresh(index: str) -> str:
    """An index of the same kind that nothing else uses."""
    return f"{index[0]}_{next(_fresh)}"


def product(left: list[Term], right: list[Term]) -> list[Term]:
    """Product of two sums; bound indices are kept apart, deltas contracted."""
    terms = []
    for a in left:
        for b in right:
            other = b.renamed({index: fresh(index) for index in b.bound})
            term = Term(
                a.coefficient * other.coefficient,
                a.atoms + other.atoms,
                a.bound + other.bound,
            )
            terms.append(_contracted(term))
    return terms


def derivative(terms: list[Term], variable: Atom, rule: Rule) -> list[Term]:
    """Derivative of a sum in one entry of a parameter, by the product rule.

    Parameters
    ----------
    terms : list of Term
        What is differentiated.
    variable : Atom
        Such as W with free indices (k', j').
    rule : callable
        Derivative of one atom.
    """
    result = []
    for term in terms:
        for place, factor in enumerate(term.atoms):
            rest = Term(
                term.coefficient,
                term.atoms[:place] + term.atoms[place + 1 :],
                term.bound,
            )
            result += product([rest], rule(factor, variable))
    return collected(result)


def _contracted(term: Term) -> Term:
    """Remove each delta that holds a bound index, by putting the other in its place."""
    atoms, bound = list(term.atoms), list(term.bound)
    place = 0
    while place < len(atoms):
        factor = atoms[place]
        if factor.name != "delta":
            place += 1
            continue
        left, right = factor.indices
        if left == right:
            atoms.pop(place)
        elif left in bound or right in bound:
            gone, kept = (left, right) if left in bound else (right, left)
            bound.remove(gone)
            atoms.pop(place)
            atoms = [other.renamed({gone: kept}) for other in atoms]
            place = 0
        else:
            place += 1
    return Term(term.coefficient, tuple(atoms), tuple(bound))


def collected(terms: list[Term]) -> list[Term]:
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


def _canonical(term: Term) -> Term:
    """Sort atoms by name, then name bound indices in order of appearance."""
    atoms = sorted(term.atoms, key=lambda a: (a.name, [i[0] for i in a.indices]))
    names: dict[str, str] = {}
    taken = {index for a in atoms for index in a.indices if index not in term.bound}
    for factor in atoms:
        for index in factor.indices:
            if index in term.bound and index not in names:
                names[index] = _next_name(index[0], taken)
                taken.add(names[index])
    for index in term.bound:
        if index not in names:
            names[index] = _next_name(index[0], taken)
            taken.add(names[index])
    renamed = Term(term.coefficient, tuple(atoms), term.bound).renamed(names)
    ordered = tuple(sorted(renamed.atoms, key=lambda a: (a.name, a.indices)))
    return Term(renamed.coefficient, ordered, tuple(sorted(renamed.bound)))


def _next_name(kind: str, taken: set[str]) -> str:
    name, number = kind, 0
    while name in taken:
        number += 1
        name = f"{kind}{number}"
    return name


def to_sympy(
    terms: list[Term],
    make: Callable[[Atom], Expr],
    size: Callable[[str], Expr],
    index: Callable[[str], Symbol],
) -> Expr:
    """The same as a SymPy expression.

    Parameters
    ----------
    terms : list of Term
        What to build.
    make : callable
        Atom → its expression.
    size : callable
        Kind of an index → the size it runs up to.
    index : callable
        Name of an index → its symbol.
    """
    total: Expr = Integer(0)
    for term in terms:
        factors: Expr = term.coefficient
        for factor in term.atoms:
            if factor.name == "delta":
                factors *= KroneckerDelta(*(index(name) for name in factor.indices))
            else:
                factors *= make(factor)
        limits = [(index(name), 1, size(name[0])) for name in term.bound]
        total += Sum(factors, *limits) if limits else factors
    return total
