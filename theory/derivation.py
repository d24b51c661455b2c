"""Derivations, replayed step by step: a theorem is proved only if every step is checked.

A step holds what is to be checked, and a rule says how:

    identity      a sum of products of indexed atoms that must vanish; decided by
                  renaming bound indices canonically and adding equal terms up. With
                  `simplex`, Σ_c p_ic = 1 is used as well.
    polynomial    a SymPy expression, rational in its symbols, that must vanish;
                  decided by `cancel`.
    squares       a sum of products that must be >= 0: it must equal an exhibited sum of
                  positive coefficient × Π p × square, up to an identity as above.
    factor        a sum of products of which every term must hold a given atom.

These rules are what is trusted, with SymPy's arithmetic. Each of them can only fail to
recognise a true step, never accept a false one: what is not decided is unchecked.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import permutations
from itertools import product as cartesian
from typing import Literal, TypeAlias

from sympy import Expr, Integer, cancel, expand, together

from .indexed import Atom, Term, collected, product, substituted, summed

__all__ = [
    "Derivation",
    "Square",
    "Step",
    "StepResult",
    "factor",
    "identity",
    "minus",
    "polynomial",
    "replay",
    "squares",
]

Rule: TypeAlias = Literal["identity", "polynomial", "squares", "factor"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step.

    Attributes
    ----------
    claim : str
        The letter of the claim that it serves.
    statement : str
        What it says, in words and LaTeX.
    rule : str
        How it is checked.
    check : callable
        Does it; never raises on a false step.
    """

    claim: str
    statement: str
    rule: Rule
    check: Callable[[], bool]


@dataclass(frozen=True, kw_only=True)
class StepResult:
    """What became of a step."""

    step: Step
    checked: bool


@dataclass(frozen=True, kw_only=True)
class Derivation:
    """The steps that prove a theorem."""

    theorem: str
    steps: tuple[Step, ...]


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


def replay(derivation: Derivation) -> tuple[StepResult, ...]:
    """Check every step anew."""
    return tuple(
        StepResult(step=step, checked=step.check()) for step in derivation.steps
    )


def identity(
    claim: str,
    statement: str,
    difference: Callable[[], list[Term]],
    *,
    simplex: bool = False,
) -> Step:
    """A step that a sum of products vanishes."""
    return Step(
        claim=claim,
        statement=statement,
        rule="identity",
        check=lambda: not _normal(difference(), simplex=simplex),
    )


def polynomial(claim: str, statement: str, difference: Expr) -> Step:
    """A step that a rational expression vanishes."""
    return Step(
        claim=claim,
        statement=statement,
        rule="polynomial",
        check=lambda: cancel(together(difference)) == 0,
    )


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
    claim: str, statement: str, terms: Callable[[], list[Term]], name: str
) -> Step:
    """A step that every term of a sum holds an atom, so that it vanishes with it."""

    def check() -> bool:
        found = collected(terms())
        return all(any(atom.name == name for atom in t.atoms) for t in found)

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
    found = collected(terms)
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
