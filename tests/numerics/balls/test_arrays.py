"""numerics/balls/arrays.py: held against fractions, and against `Bounded`'s interface."""

import inspect
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq

from landtheory.numerics.balls.arrays import (
    BallArray,
    exactly,
    joined,
    watching,
)
from landtheory.numerics.balls.numbers import (
    bounds,
    decimals,
    divide,
    fraction,
    power,
    precision,
    rational,
    sign,
    sqrt,
)
from landtheory.numerics.bounded import Bounded

THIRDS = BallArray([[arb(fmpq(1, 3)), arb(fmpq(-2, 3)), fmpq(5, 7)]])
EXACT = [Fraction(1, 3), Fraction(-2, 3), Fraction(5, 7)]


def test_every_method_of_bounded_is_there() -> None:
    def public(kind: type) -> set[str]:
        return {
            name for name, _ in inspect.getmembers(kind) if not name.startswith("_")
        }

    assert public(Bounded) <= public(BallArray)


def encloses(found: BallArray, expected: list[Fraction]) -> bool:
    entries = list(found.items.flat)
    floats = zip(
        found.lower.flat,
        found.upper.flat,
        found.value.flat,
        found.radius.flat,
        strict=True,
    )
    return len(entries) == len(expected) and all(
        arb(entry).contains(arb(rational(value)))
        and Fraction(low) <= value <= Fraction(high)
        and abs(Fraction(middle) - value) <= Fraction(radius)
        for entry, value, (low, high, middle, radius) in zip(
            entries, expected, floats, strict=True
        )
    )


a, b, c = EXACT
ARITHMETIC = {
    "+": (lambda x: x + x, [2 * v for v in EXACT]),
    "-": (lambda x: 1.0 - x, [1 - v for v in EXACT]),
    "*": (lambda x: x * x * 0.5, [v * v / 2 for v in EXACT]),
    "/": (lambda x: x / 3.0, [v / 3 for v in EXACT]),
    "1/": (lambda x: 1.0 / x, [1 / v for v in EXACT]),
    "**": (lambda x: x**3, [v**3 for v in EXACT]),
    "**-": (lambda x: x**-2, [v**-2 for v in EXACT]),
    "abs": (lambda x: x.abs(), [abs(v) for v in EXACT]),
    "sum": (lambda x: x.sum(-1), [sum(EXACT)]),
    "mean": (lambda x: x.mean(-1), [sum(EXACT) / 3]),
    "product": (lambda x: x.product(), [a * b * c]),
    "cumulated": (lambda x: x.cumulated(), [a, a + b, a + b + c]),
    "max": (lambda x: x.max(-1), [c]),
    "min": (lambda x: x.min(-1), [b]),
    "descending": (lambda x: x.descending(), [c, a, b]),
    "at_most": (lambda x: x.at_most(-x), [-a, b, -c]),
    "join": (lambda x: x.join(x), EXACT * 2),
    "padded": (lambda x: x.padded(5), [*EXACT, 0, 0]),
    "matmul": (
        lambda x: x[:, :, None] @ x[:, None, :],
        [u * v for u in EXACT for v in EXACT],
    ),
    "trace": (
        lambda x: (x[:, :, None] @ x[:, None, :]).trace(),
        [a * a + b * b + c * c],
    ),
    "T": (lambda x: x.reshape(3, 1).T, EXACT),
    "nonzero": (lambda x: x.nonzero(), [1, 1, 1]),
    "count_positive": (lambda x: x.count_positive(), [2]),
    "count_negative": (lambda x: x.count_negative(), [1]),
    "count_nonzero": (lambda x: x.count_nonzero(), [3]),
    "least_positive": (lambda x: x.least_positive(), [a]),
    "least": (lambda x: x.least(np.array([[False, True, True]])), [b]),
}


@pytest.mark.parametrize("name", ARITHMETIC)
def test_operations_contain_the_exact_result(name: str) -> None:
    operation, expected = ARITHMETIC[name]
    assert encloses(operation(THIRDS), expected)
    assert not encloses(operation(THIRDS) + 1e-9, expected)


def test_an_enclosure_without_its_radius_is_noticed() -> None:
    bare = THIRDS.each(lambda entry: arb(entry).mid())
    assert not encloses(bare, EXACT)


def test_rationals_stay_rational() -> None:
    x = exactly([[0.5, 4.0, 0.25]])
    assert x.sqrt().items[0, 1] == 2
    assert isinstance(x.sqrt().items[0, 2], fmpq)
    assert (x / x).items.tolist() == [[1, 1, 1]]
    assert exactly(Fraction(1, 3)).items == fmpq(1, 3)
    assert exactly([True, False]).items.tolist() == [1, 0]


def test_what_is_not_defined_is_unknown_also_in_floats() -> None:
    x = exactly([[0.0, 1.0, float("nan"), float("inf")]])
    for found in (1.0 / x, x.log()):
        assert np.isnan(found.lower[0, 0])
        assert found.radius[0, 0] == np.inf
    assert np.isnan(x.value[0, 2:]).all()
    assert x.sum(-1).radius[0] == np.inf
    assert np.isnan(x.max(-1).upper[0])
    assert not x.certainly_positive()[0]
    assert not exactly([[-1.0]]).sqrt().items[0, 0].is_finite()


def test_a_root_near_zero_is_that_of_what_is_not_negative() -> None:
    near = BallArray([[arb(0, 1e-20)]])
    assert near.sqrt().items[0, 0].contains(arb(0))
    assert near.sqrt().upper[0, 0] < 1.1e-10


def test_logarithms_and_exponentials() -> None:
    x = exactly([[2.0]])
    assert x.log().exp().items[0, 0].contains(arb(2))
    assert exactly([[1.0]]).log().items[0, 0] == 0


def test_counts_that_are_open_reach_from_the_least_to_the_greatest() -> None:
    x = BallArray([[arb(0, 1), fmpq(1), fmpq(0), fmpq(-1)]])
    assert x.count_positive().lower[0] <= 1
    assert x.count_positive().upper[0] >= 2
    assert x.count_positive().lower[0] > 0.9
    assert x.nonzero().items[0].tolist()[1:] == [1, 0, 1]
    assert BallArray(x.items, 2).count_positive().items[0] == 1
    assert x.least_positive().items[0] == 1
    assert exactly([[-1.0]]).least_positive().items[0] == 1


def test_matrices_of_many_instances_shapes() -> None:
    stack = exactly(np.arange(12.0).reshape(1, 2, 2, 3))
    assert stack.singular_values().shape == (1, 2, 2)
    assert stack.rank().items.tolist() == [[2, 2]]
    square = stack @ stack.T
    assert square.eigenvalues().shape == (1, 2, 2)
    both = square.symmetric_operator(), square.operator()
    assert (np.abs(both[0].value - both[1].value) < 1e-9).all()
    assert (
        np.abs(square.symmetric_nuclear().value - square.nuclear().value) < 1e-9
    ).all()
    assert square.logdet().shape == (1, 2)
    wide = (stack * stack).sum(-1, -2).sqrt().value
    assert (np.abs(wide - stack.frobenius().value) < 1e-9).all()
    assert joined((stack, stack)).shape == (1, 2, 2, 6)


def test_whoever_watches_is_told_of_liberties() -> None:
    with watching() as seen:
        assert exactly([[0.5]]).value[0, 0] == 0.5
        assert exactly([[0.5]]).radius[0, 0] == 0.0
        assert seen == set()
        assert abs(exactly([[Fraction(1, 3)]]).value[0, 0] * 3 - 1) < 1e-15
        assert seen == {"rounded"}
        assert exactly([[0.5, -1]]).least_positive().value[0] == 0.5
    assert seen == {"rounded", "known"}
    for ask in ("lower", "upper"):
        with watching() as seen:
            assert getattr(exactly([[0.5]]), ask)[0, 0] == 0.5
        assert seen == {"known"}


def test_numbers_keep_to_their_certainty() -> None:
    assert [sign(v) for v in (fmpq(2), fmpq(0), arb(-1), arb(0, 1))] == [1, 0, -1, None]
    assert not divide(fmpq(1), fmpq(0)).is_finite()
    assert power(fmpq(2), -3) == fmpq(1, 8)
    assert power(arb(0, 1), 0) == 1
    assert sqrt(fmpq(9, 4)) == fmpq(3, 2)
    assert bounds(fmpq(1, 3))[0] < 1 / 3 <= bounds(fmpq(1, 3))[1]
    assert bounds(fmpq(1, 4)) == (0.25, 0.25)
    low, high = bounds(fmpq(10) ** 400)
    assert low == np.finfo(float).max
    assert high == np.inf
    assert fraction(fmpq(2, 6)) == Fraction(1, 3)
    assert decimals(fmpq(1, 3), 5) == "1/3"
    with precision(100):
        assert decimals(arb(2).sqrt(), 5).startswith("[1.4142 +/-")
    assert rational(np.int64(3)) == 3
