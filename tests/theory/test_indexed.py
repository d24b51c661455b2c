"""theory/indexed.py: held against rules of the calculus of indices, worked by hand."""

from sympy import Integer

from landtheory.theory.indexed import (
    Atom,
    Term,
    collected,
    derivative,
    one,
    product,
    substituted,
    summed,
)
from landtheory.theory.symbols import C, m, n


def linear(factor: Atom, variable: Atom) -> list[Term]:
    """∂W_kj/∂W_k'j' = δ_kk' δ_jj', everything else constant."""
    if factor.name != variable.name:
        return []
    pairs = zip(factor.indices, variable.indices, strict=True)
    return [one(*(Atom("delta", pair) for pair in pairs))]


def test_a_delta_with_a_bound_index_is_contracted_at_once() -> None:
    inner = [one(Atom("W", ("k", "j1")), Atom("x", ("i", "j1")), bound=("j1",))]
    slope = derivative(inner, Atom("W", ("k'", "j'")), linear)
    assert slope == [one(Atom("delta", ("k", "k'")), Atom("x", ("i", "j'")))]


def test_the_product_rule_counts_equal_factors_twice() -> None:
    square = [one(Atom("b", ("k1",)), Atom("b", ("k1",)), bound=("k1",))]
    slope = derivative(square, Atom("b", ("k",)), linear)
    assert slope == [Term(Integer(2), (Atom("b", ("k",)),), ())]


def test_bound_indices_of_factors_are_kept_apart() -> None:
    total = [one(Atom("b", ("k",)), bound=("k",))]
    (square,) = collected(product(total, total))
    assert len(square.bound) == 2
    assert len({index for atom in square.atoms for index in atom.indices}) == 2


def test_equal_terms_are_added_whatever_their_bound_indices_are_called() -> None:
    left = one(Atom("A", ("c3", "k")), Atom("r", ("i9", "c3")), bound=("c3", "i9"))
    right = one(Atom("r", ("i", "c")), Atom("A", ("c", "k")), bound=("i", "c"))
    (both,) = collected([left, right])
    assert both.coefficient == 2
    assert collected([left, Term(Integer(-1), right.atoms, right.bound)]) == []


def test_different_terms_are_not_added() -> None:
    left = one(Atom("A", ("c", "k")), Atom("r", ("i", "c")), bound=("c",))
    right = one(Atom("A", ("c'", "k")), Atom("r", ("i", "c")), bound=("c",))
    assert len(collected([left, right])) == 2


def test_a_sum_over_what_does_not_depend_on_the_index_is_its_size() -> None:
    (term,) = summed([Term(1 / n, ())], "i", "c")
    assert term == Term(C, (), ())
    (trace,) = summed([one(Atom("delta", ("k", "k'")))], "k", "k'")
    assert trace == Term(m, (), ())


def test_numerals_decide_a_delta() -> None:
    delta = [one(Atom("delta", ("k", "k'")), Atom("b", ("k",)))]
    assert substituted(delta, {"k": "1", "k'": "2"}) == []
    assert substituted(delta, {"k": "2", "k'": "2"}) == [one(Atom("b", ("2",)))]
    assert substituted(delta, {"k'": "k"}) == [one(Atom("b", ("k",)))]


def test_substitution_does_not_capture_a_bound_index() -> None:
    term = one(Atom("A", ("c'", "k")), Atom("r", ("i", "c")), bound=("c",))
    (renamed,) = substituted([term], {"c'": "c"})
    assert Atom("A", ("c", "k")) in renamed.atoms
    assert Atom("r", ("i", "c")) not in renamed.atoms
