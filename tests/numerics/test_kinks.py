"""numerics/kinks.py: conditional means and merged kinks, held against Fractions."""

from fractions import Fraction

import numpy as np
import pytest

from landtheory.numerics.instances import Instances
from landtheory.numerics.quantities import Quantities
from landtheory.numerics.sampling import Shape, sample
from landtheory.theory import get_activation, get_loss

RELU, SQUARED = get_activation("relu"), get_loss("squared")


def drawn(d: int = 1) -> Quantities:
    rng = np.random.default_rng(3)
    shape = Shape(n=5, d=d, m=4, C=1)
    return Quantities(sample(RELU, SQUARED, shape, "free", 300, rng))


def with_units(units: list[tuple[float, float]]) -> Quantities:
    """One network whose units have these w and b, on the inputs 100 and -100."""
    m = len(units)
    theta = [w for w, _ in units] + [b for _, b in units] + [1.0] * m + [0.0]
    return Quantities(
        Instances(
            activation=RELU,
            loss=SQUARED,
            x=np.array([[[100.0], [-100.0]]]),
            theta=np.array([theta]),
            width=m,
            outputs=1,
            residual=np.zeros((1, 2, 1)),
        )
    )


def side(x: list[Fraction], kink: Fraction, *, above: bool) -> tuple[Fraction, ...]:
    there = [one for one in x if (one > kink) == above]
    if not there:
        return Fraction(0), Fraction(0), Fraction(0)
    mean = sum(there) / len(there)
    return Fraction(len(there), len(x)), mean, abs(mean - kink)


@pytest.mark.parametrize("above", [False, True])
def test_both_sides_of_every_kink_are_those_of_exact_arithmetic(*, above: bool) -> None:
    q = drawn()
    kinks = q.kinks
    assert 100 < kinks.known.sum() < 300
    ours = kinks.above if above else kinks.below
    for row in np.flatnonzero(kinks.known):
        x = [Fraction(one) for one in q.x.value[row, :, 0]]
        for k in range(q.m):
            kink = -Fraction(q.b.value[row, k]) / Fraction(q.W.value[row, k, 0])
            names = ("probability", "mean", "distance")
            for name, exact in zip(names, side(x, kink, above=above), strict=True):
                ball = getattr(ours, name)
                gap = abs(Fraction(ball.value[row, k]) - exact)
                assert gap <= Fraction(ball.radius[row, k])


def test_a_flat_unit_and_more_inputs_are_not_known() -> None:
    assert not drawn(d=2).kinks.known.any()
    assert with_units([(1.0, 1.0), (2.0, 3.0)]).kinks.known.all()
    assert not with_units([(1.0, 1.0), (0.0, 3.0)]).kinks.known.any()


def test_a_kink_that_may_be_an_input_is_not_known() -> None:
    assert not with_units([(1.0, -100.0)]).kinks.known.any()
    assert not with_units([(0.1, -10.0)]).kinks.known.any()


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ((2.0, 3.0), True),
        ((-2.0, -3.0), True),
        ((1.0, np.nextafter(1.5, 2.0)), False),
        # the products differ in the last of 106 bits alone
        ((1.0 + 2.0**-52, 1.5 * (1.0 + 2.0**-52)), False),
        (((1.0 + 2.0**-20), 1.5 * (1.0 + 2.0**-20)), True),
        ((3.0, np.nextafter(4.5, 5.0)), False),
    ],
)
def test_equal_kinks_are_told_without_rounding(
    other: tuple[float, float], *, same: bool
) -> None:
    w, b = other
    assert (Fraction(b) / Fraction(w) == Fraction(3, 2)) is same
    kinks = with_units([(1.0, 1.5), other]).kinks
    assert kinks.known.all()
    masses = with_units([(1.0, 1.5), other]).exactly(np.array([[5.0, -3.0]]))
    total = kinks.merged(masses).sum(-1)
    assert abs(total.value[0] - (2.0 if same else 8.0)) <= total.radius[0] + 1e-12


def test_ratios_out_of_range_are_left_open() -> None:
    tiny = [(1e-200, 1e-200), (1.0, 2.0)]
    assert not with_units(tiny).kinks.known.any()
