"""numerics/worlds/judge.py, held against sides whose true values are known."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flint import arb, fmpq

from landtheory.numerics.worlds import WORLDS, World
from landtheory.numerics.worlds.judge import Judgement, Subject
from landtheory.theory.catalogue.laws import law_of
from landtheory.theory.theorems import Claim

ANY = World(
    name="anything",
    draw=lambda rng: None,
    from_example=lambda values: None,
    quantities=lambda thing: thing,
    simpler=lambda thing: iter(()),
    record=lambda thing: {},
)


def judged(sides: Callable[[], tuple[Any, ...]], relation: Any) -> Judgement:
    law = law_of("anything", lambda q: sides(), relation)
    return Subject(ANY, None).judge(Claim(label="a", statement="", law=law))


def third() -> arb:
    return arb(1) / 3


def wide(centre: float, radius: float) -> arb:
    return arb(centre, radius)


@pytest.mark.parametrize(
    ("sides", "relation", "is_judged", "is_broken"),
    [
        (lambda: (1, 2), "<=", True, False),
        (lambda: (2, 1), "<=", True, True),
        (lambda: (fmpq(1, 3), Fraction(1, 3)), "<=", True, False),
        (lambda: (fmpq(1, 3), Fraction(1, 3)), "==", True, False),
        (lambda: (fmpq(1, 3), fmpq(1, 3) + fmpq(1, 10**60)), "==", True, True),
        (lambda: (third(), fmpq(1, 3)), "==", True, False),
        (lambda: (third(), fmpq(1, 3)), "<=", True, False),
        (lambda: (third() + arb(2) ** -90, fmpq(1, 3)), "<=", True, True),
        (lambda: (third() + arb(2) ** -90, fmpq(1, 3)), "==", True, True),
        (lambda: (third() - arb(2) ** -90, fmpq(1, 3)), "<=", True, False),
        (lambda: (arb(2).sqrt() ** 2 - 2, 0), "==", True, False),
        (lambda: (arb.nan(), 1), "<=", False, False),
        (lambda: (arb.nan(), 1), "==", False, False),
        (lambda: (arb.pos_inf(), 1), "<=", False, False),
        (lambda: (arb(0), arb.pos_inf()), "<=", False, False),
        # balls that stay wide tell nothing where they overlap, and all where they do not
        (lambda: (wide(1, 0.1), wide(1.05, 0.1)), "<=", False, False),
        (lambda: (wide(1, 0.1), wide(1, 0.1)), "==", False, False),
        (lambda: (wide(1, 0.1), wide(2, 0.1)), "<=", True, False),
        (lambda: (wide(2, 0.1), wide(1, 0.1)), "<=", True, True),
        (lambda: (wide(2, 0.1), wide(1, 0.1)), "==", True, True),
        (lambda: (0, 1, False), "<=", False, False),
        (lambda: (1, 0, False), "<=", False, False),
        (lambda: ((), ()), "==", False, False),
        (lambda: (1, ()), "<=", False, False),
        (lambda: ((1, 2), (1, 3)), "<=", True, False),
        (lambda: ((1, 4), (1, 3)), "<=", True, True),
        (lambda: (2, (3, 2)), "<=", True, False),
        (lambda: (2, (3, 1)), "<=", True, True),
        (lambda: ((2, arb.nan()), 3), "<=", False, False),
        (lambda: ((4, arb.nan()), 3), "<=", False, True),
    ],
)
def test_sides_are_told_apart_only_where_they_are(
    sides: Any, relation: Any, is_judged: bool, is_broken: bool
) -> None:
    judgement = judged(sides, relation)
    assert (judgement.judged, judgement.broken) == (is_judged, is_broken)


def test_the_ratio_is_1_where_a_bound_is_attained() -> None:
    assert judged(lambda: (2, 2), "<=").ratio == 1
    assert judged(lambda: (third(), fmpq(1, 3)), "<=").ratio == 1
    assert judged(lambda: (-1, 2), "<=").ratio == 0
    assert judged(lambda: (third(), 1), "<=").ratio == pytest.approx(1 / 3, rel=1e-15)
    assert judged(lambda: ((1, 1), (2, 4)), "<=").ratio == 0.5
    # from the least that the left may be, to the most that the right may be
    found = judged(lambda: (wide(1, 0.5), wide(3, 1)), "<=").ratio
    assert found == pytest.approx(0.125, rel=1e-6)
    nothing = judged(lambda: (-2, -1), "<=").ratio
    assert nothing != nothing


def test_the_sides_are_shown_where_they_break() -> None:
    found = judged(lambda: ((1, 4, 2), (1, 3, 1)), "<=")
    assert (found.left, found.right) == ("4", "3")
    found = judged(lambda: ((1, 2), (fmpq(1, 2), 3)), "==")
    assert (found.left, found.right) == ("1", "1/2")


def test_more_precision_is_tried_where_balls_overlap() -> None:
    def close() -> tuple[arb, arb]:
        # equal to 190 bits: told apart with 256
        root = arb(2).sqrt()
        return root + arb(2) ** -190, root * (1 + arb(2) ** -400)

    # at 128 bits they are narrow and overlap: equal to so many digits, which is no break
    assert not judged(close, "<=").broken

    def slow() -> tuple[arb, arb]:
        # loses 150 bits
        huge = arb(2) ** 150
        return (arb(2).sqrt() + huge) - huge, arb(2).sqrt() + arb(2) ** -20

    found = judged(slow, "<=")
    assert found.judged
    assert not found.broken
    assert found.precision == 256


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(TypeError, match="float is neither a ball nor a rational"):
        judged(lambda: (0.5, 1), "<=")
    with pytest.raises(ValueError, match="2 entries against 3"):
        judged(lambda: ((1, 2), (1, 2, 3)), "<=")


def test_a_value_is_that_of_the_quantity() -> None:
    subject = Subject(ANY, None)
    assert subject.value(lambda q, drawn: third()) == 1 / 3
    assert subject.value(lambda q, drawn: fmpq(1, 3)) == 1 / 3
    assert subject.value(lambda q, drawn: 2) == 2.0


def test_every_world_is_named_in_the_theory() -> None:
    from landtheory.theory import worlds

    assert {worlds.NETWORKS, *WORLDS} == set(worlds.WORLDS)
