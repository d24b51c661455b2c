"""numerics/balls/kinks.py: held against kinks and means worked out by hand."""

from fractions import Fraction
from typing import Any

from support.rational_nets import net, rows

from landtheory.numerics.balls.numbers import rational
from landtheory.numerics.balls.points import point_of
from landtheory.numerics.balls.quantities import BallQuantities


def bent(**changes: Any) -> BallQuantities:
    """Kinks at 1, 1 and -2; data at 0, 3 and 5."""
    data: dict[str, Any] = {
        "x": rows((0,), (3,), (5,)),
        "W": rows((1,), (-2,), (3,)),
        "b": (Fraction(-1), Fraction(2), Fraction(6)),
        "A": rows((1, 1, 1)),
    }
    return BallQuantities(point_of(net("relu", "squared", C=1, **data | changes)))


def test_the_data_on_either_side_of_a_kink() -> None:
    kinks = bent().kinks
    assert kinks.known.tolist() == [True]
    assert kinks.places.items.tolist() == [[1, 1, -2]]
    assert kinks.rising.tolist() == [[True, False, True]]
    third = Fraction(1, 3)
    for side, probability, mean, distance in (
        (kinks.below, (third, third, 0), (0, 0, 0), (1, 1, 0)),
        (kinks.above, (2 * third, 2 * third, 1), (4, 4, 8 * third), (3, 3, 14 * third)),
    ):
        assert side.probability.items.tolist() == [[*map(_same, probability)]]
        assert side.mean.items.tolist() == [[*map(_same, mean)]]
        assert side.distance.items.tolist() == [[*map(_same, distance)]]


def _same(value: Any) -> Any:
    return rational(value)


def test_masses_at_one_kink_are_added_with_their_signs() -> None:
    q = bent()
    assert q.kinks.merged(q.exactly([[3.0, -1.0, -5.0]])).items.tolist() == [[1, 1, 5]]


def test_nothing_is_said_at_a_kink_without_slopes_or_for_more_inputs() -> None:
    assert not bent(x=rows((0,), (1,), (5,))).kinks.known[0]
    assert not bent(W=rows((1,), (0,), (3,))).kinks.known[0]
    assert not BallQuantities(point_of(net("relu", "squared"))).kinks.known[0]
