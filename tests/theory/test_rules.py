"""theory/rules.py: each rule accepts what is true and nothing that is false."""

import pytest
import sympy as sp

from landtheory.theory.derivation import Step
from landtheory.theory.indexed import Atom, Term, one
from landtheory.theory.lemmas import BLOCK_DIAGONAL, GRAM_SPECTRA, Lemma
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

x, y = sp.symbols("x y", real=True)
positive = sp.Symbol("t", positive=True)
V = [one(Atom("v", ("c",)))]

TRUE = identity("a", "0 = 0", list)
FALSE = identity("a", "1 = 0", lambda: [one()])


def of(*terms: Term) -> Step:
    return identity("a", "", lambda: list(terms))


def test_a_negative_square_is_not_accepted() -> None:
    terms = [Term(sp.Integer(-1), (Atom("v", ("c",)), Atom("v", ("c",))), ("c",))]
    negative = Square(coefficient=sp.Integer(-1), weights=(), form=V, over=("c",))
    assert not squares("d", "", lambda: terms, lambda: (negative,)).check()


def test_names_of_bound_indices_do_not_matter_but_places_do() -> None:
    left = one(
        Atom("S", ("c", "c'")), Atom("v", ("c",)), Atom("w", ("c'",)), bound=("c", "c'")
    )
    same = left.renamed({"c": "c_7", "c'": "c_9"})
    other = one(
        Atom("S", ("c", "c'")), Atom("w", ("c",)), Atom("v", ("c'",)), bound=("c", "c'")
    )
    assert identity("a", "", lambda: minus([left], [same])).check()
    assert not identity("a", "", lambda: minus([left], [other])).check()


def test_only_a_lone_probability_sums_to_one() -> None:
    lone = one(Atom("p", ("i", "c")), bound=("c",))
    square = one(Atom("p", ("i", "c")), Atom("p", ("i", "c")), bound=("c",))
    unit = one()
    assert identity("a", "", lambda: minus([lone], [unit]), simplex=True).check()
    assert not identity("a", "", lambda: minus([lone], [unit])).check()
    assert not identity("a", "", lambda: minus([square], [unit]), simplex=True).check()


def test_a_delta_makes_its_free_indices_one() -> None:
    delta = Atom("delta", ("k", "k'"))
    here, there = one(delta, Atom("b", ("k",))), one(delta, Atom("b", ("k'",)))
    assert identity("a", "", lambda: minus([here], [there])).check()
    plain = one(Atom("b", ("k",))), one(Atom("b", ("k'",)))
    assert not identity("a", "", lambda: minus([plain[0]], [plain[1]])).check()


def test_every_one_of_several_sums_must_vanish() -> None:
    assert identity("a", "", list, list).check()
    assert not identity("a", "", list, lambda: [one()]).check()
    assert not identity("a", "").check()
    assert polynomial("a", "", sp.Integer(0), x - x).check()
    assert not polynomial("a", "", sp.Integer(0), x).check()
    assert not polynomial("a", "").check()


@pytest.mark.parametrize(
    ("expression", "strict", "accepted"),
    [
        (x**2, False, True),
        (x**2, True, False),
        (x**2 + positive, True, True),
        (x, False, False),
        (-(x**2), False, False),
        (positive - 1, False, False),
        (x**2 - 2 * x * y + y**2, False, False),
        (1 / positive, True, True),
        (sp.nan, False, False),
    ],
)
def test_signs_are_read_off_term_by_term(
    expression: sp.Expr, strict: bool, accepted: bool
) -> None:
    assert sign("a", "", expression, strict=strict).check() is accepted


def test_a_sign_of_nothing_is_not_accepted() -> None:
    assert not sign("a", "").check()


def test_a_factor_must_be_in_every_term_and_with_its_indices() -> None:
    delta = Atom("delta", ("k", "k'"))
    held, free = [one(delta, Atom("b", ("k",)))], [one(Atom("b", ("k",)))]
    assert factor("a", "", delta, lambda: held).check()
    assert factor("a", "", "delta", lambda: held).check()
    assert not factor("a", "", delta, lambda: held, lambda: free).check()
    assert not factor("a", "", Atom("delta", ("c", "c'")), lambda: held).check()
    assert not factor("a", "", delta).check()


@pytest.mark.parametrize(
    ("applied", "premises", "accepted"),
    [
        (GRAM_SPECTRA, (TRUE, TRUE), True),
        (GRAM_SPECTRA, (TRUE, FALSE), False),
        (GRAM_SPECTRA, (FALSE, TRUE), False),
        (GRAM_SPECTRA, (TRUE,), False),
        (GRAM_SPECTRA, (), False),
        (BLOCK_DIAGONAL, (TRUE,), True),
        (BLOCK_DIAGONAL, (TRUE, TRUE), False),
    ],
)
def test_a_lemma_needs_all_of_its_premises(
    applied: Lemma, premises: tuple[Step, ...], accepted: bool
) -> None:
    assert lemma("a", "", applied, *premises).check() is accepted
