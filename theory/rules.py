"""The rules by which a step of a derivation is checked.

    identity      a sum of products of indexed atoms must vanish; decided by renaming
                  bound indices canonically and adding equal terms up. With `simplex`,
                  Σ_c p_ic = 1 is used as well.
    polynomial    a SymPy expression, algebraic in its symbols, must vanish; decided by
                  `cancel`.
    sign          a SymPy expression must be >= 0 or > 0; decided term by term from the
                  assumptions on its symbols.
    squares       a sum of products must be >= 0: it must equal an exhibited sum of
                  positive coefficient × Π p × square, up to an identity as above.
    factor        every term of a sum of products must hold a given atom.
    lemma         every premise of a classical lemma must be checked, by these rules, for
                  the objects at hand; that the lemma is true is trusted.

Each of them can only fail to recognise a true step, never accept a false one: what is
not decided is unchecked.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import permutations
from itertools import product as cartesian

from sympy import Expr, Integer, cancel, expand, together

from .derivation import Step
from .indexed import Atom, Term, collected, product, substituted, summed, unified
from .lemmas import Lemma

__all__ = [
    "Square",
    "factor",
    "identity",
    "lemma",
    "minus",
    "polynomial",
    "sign",
    "squares",
]


@dataclass(frozen=True, kw_only=True)
class Square:
    """coefficient × Σ Π weights × form², the coefficient positive, each weight p_ic.

    Attributes
    ----------
    coefficient : sympy.Expr
        A positive number.
    weights : tuple of Atom names
        Indices c of the factors p_ic.
    form : list of Term
        What is squared.
    over : tuple of str
        Indices that are summed over.
    apart : bool
        Whether the two indices of `over` are different in the sum.
    """

    coefficient: Expr
    weights: tuple[str, ...]
    form: list[Term]
    over: tuple[str, ...]
    apart: bool = False


def identity(
    claim: str,
    statement: str,
    *differences: Callable[[], list[Term]],
    simplex: bool = False,
) -> Step:
    """A step that sums of products vanish, each of them."""

    def check() -> bool:
        found = (_normal(difference(), simplex=simplex) for difference in differences)
        return bool(differences) and not any(found)

    return Step(claim=claim, statement=statement, rule="identity", check=check)


def polynomial(claim: str, statement: str, *differences: Expr) -> Step:
    """A step that algebraic expressions vanish, each of them."""
    return Step(
        claim=claim,
        statement=statement,
        rule="polynomial",
        check=lambda: bool(differences) and all(map(_vanishes, differences)),
    )


def sign(claim: str, statement: str, *expressions: Expr, strict: bool = False) -> Step:
    """A step that expressions are >= 0, or > 0 if strict, for all values of their symbols.

    Each must be a sum of products that are so by themselves, given the assumptions on
    their symbols.
    """

    def check() -> bool:
        return bool(expressions) and all(_signed(e, strict) for e in expressions)

    return Step(claim=claim, statement=statement, rule="sign", check=check)


def lemma(claim: str, statement: str, applied: Lemma, *premises: Step) -> Step:
    """A step that applies a classical lemma: checked if all that it assumes is.

    Parameters
    ----------
    claim, statement : str
        What follows, for the objects at hand.
    applied : Lemma
        One of `lemmas`.
    *premises : Step
        One for each premise of the lemma, in its order, about those objects.
    """

    def check() -> bool:
        return len(premises) == len(applied.premises) and all(
            premise.check() for premise in premises
        )

    return Step(
        claim=claim,
        statement=statement,
        rule="lemma",
        check=check,
        lemma=applied,
        premises=premises,
    )


def _vanishes(difference: Expr) -> bool:
    return bool(cancel(together(expand(difference))) == 0)


def _signed(expression: Expr, strict: bool) -> bool:  # noqa: FBT001
    whole = expand(expression)
    parts = whole.as_ordered_terms()
    if not all(part.is_nonnegative for part in parts):
        return False
    return not strict or any(part.is_positive for part in parts)


def squares(
    claim: str,
    statement: str,
    terms: Callable[[], list[Term]],
    parts: Callable[[], tuple[Square, ...]],
) -> Step:
    """A step that a sum of products is >= 0, by a sum of squares equal to it."""

    def check() -> bool:
        exhibited = parts()
        if not all(part.coefficient.is_positive for part in exhibited):
            return False
        expanded = [term for part in exhibited for term in _expanded(part)]
        return not _normal(minus(terms(), expanded), simplex=True)

    return Step(claim=claim, statement=statement, rule="squares", check=check)


def factor(
    claim: str, statement: str, atom: Atom | str, *sums: Callable[[], list[Term]]
) -> Step:
    """A step that every term of some sums holds an atom, so that they vanish with it.

    Parameters
    ----------
    claim, statement : str
        What is served, and what is said.
    atom : Atom or str
        The atom, or its name where its indices do not matter.
    *sums : callable
        Sums of products.
    """

    def holds(term: Term) -> bool:
        return any(atom in (other, other.name) for other in term.atoms)

    def check() -> bool:
        return bool(sums) and all(
            holds(term) for terms in sums for term in collected(terms())
        )

    return Step(claim=claim, statement=statement, rule="factor", check=check)


def minus(left: Iterable[Term], right: Iterable[Term]) -> list[Term]:
    """left - right."""
    negative = [Term(-t.coefficient, t.atoms, t.bound) for t in right]
    return collected([*left, *negative])


def _expanded(part: Square) -> list[Term]:
    weight = Term(part.coefficient, tuple(Atom("p", ("i", c)) for c in part.weights))
    terms = product([weight], product(part.form, part.form))
    total = summed(terms, *part.over)
    if not part.apart:
        return total
    first, second = part.over
    diagonal = summed(substituted(terms, {second: first}), first)
    return minus(total, diagonal)


def _normal(terms: list[Term], *, simplex: bool) -> list[Term]:
    """Canonical form; with Σ_c p_ic = 1 where an index is in one factor p alone."""
    found = collected(map(unified, terms))
    if simplex:
        reduced = collected(_without_lone_probability(term) for term in found)
        while reduced != found:
            found = reduced
            reduced = collected(_without_lone_probability(term) for term in found)
    return _added(map(_least, found))


def _least(term: Term) -> Term:
    """The least of all ways to name the bound indices, each kind among its own."""
    kinds: dict[str, list[str]] = {}
    for index in term.bound:
        kinds.setdefault(index[0], []).append(index)
    orders = [list(permutations(names)) for names in kinds.values()]
    best: tuple[Atom, ...] | None = None
    for choice in cartesian(*orders):
        names = {
            old: new
            for group, order in zip(kinds.values(), choice, strict=True)
            for old, new in zip(group, order, strict=True)
        }
        atoms = tuple(sorted((a.renamed(names) for a in term.atoms), key=_key))
        if best is None or list(map(_key, atoms)) < list(map(_key, best)):
            best = atoms
    return Term(term.coefficient, best or (), tuple(sorted(term.bound)))


def _key(atom: Atom) -> tuple[str, tuple[str, ...]]:
    return atom.name, atom.indices


def _added(terms: Iterable[Term]) -> list[Term]:
    """Equal terms added up, as they are named."""
    found: dict[tuple[tuple[Atom, ...], tuple[str, ...]], Expr] = {}
    for term in terms:
        key = (term.atoms, term.bound)
        found[key] = found.get(key, Integer(0)) + term.coefficient
    return [
        Term(coefficient, atoms, bound)
        for (atoms, bound), coefficient in found.items()
        if expand(coefficient) != 0
    ]


def _without_lone_probability(term: Term) -> Term:
    for index in term.bound:
        holders = [atom for atom in term.atoms if index in atom.indices]
        alone = len(holders) == 1 and holders[0].name == "p"
        if alone and holders[0].indices.count(index) == 1:
            atoms = list(term.atoms)
            atoms.remove(holders[0])
            bound = tuple(name for name in term.bound if name != index)
            return Term(term.coefficient, tuple(atoms), bound)
    return term
