"""landscape/rays.py, against functions whose crossings are known."""

import math

import pytest

from landtheory.deep.landscape.rays import crossing, first_crossing


@pytest.mark.parametrize("start", [1e-3, 0.3, 2.0, 50.0])
def test_the_crossing_of_a_parabola(start: float) -> None:
    found = crossing(lambda t: t**2, 2.0, start=start)
    assert abs(found - math.sqrt(2)) < 1e-12
    assert found**2 <= 2


def test_what_is_not_a_number_lies_outside() -> None:
    found = crossing(lambda t: math.nan if t > 3 else t, 10.0, start=1.0)
    assert abs(found - 3) < 1e-12


def test_a_ray_without_end_is_infinite() -> None:
    assert crossing(lambda t: 1 - math.exp(-t), 2.0, start=1.0) == math.inf


def test_fewer_bisections_are_coarser_by_what_is_said() -> None:
    found = crossing(lambda t: t, 1.0, start=0.7, bisections=10)
    assert 0 < 1 - found <= 2.0**-10 * 1.4


def test_the_first_of_several_crossings_is_found_in_steps() -> None:
    def value(t: float) -> float:
        return math.sin(t)

    found = first_crossing(value, 0.5, step=0.1, upto=20.0)
    assert abs(found - math.pi / 6) < 1e-12
    # doubling alone may land behind it
    assert crossing(value, 0.5, start=3.0) > 3


def test_nothing_within_reach_is_infinite() -> None:
    assert first_crossing(lambda t: t, 5.0, step=0.3, upto=4.9) == math.inf
    assert first_crossing(lambda t: t, 4.8, step=0.3, upto=4.9) == pytest.approx(4.8)
