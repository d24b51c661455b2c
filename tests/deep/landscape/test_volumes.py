"""landscape/volumes.py, against closed forms and the spectra that T16(b) warns of."""

import math
import re

import pytest
import torch
from support.landscape import bowl, half_square, known, relu_net, seeded

from landtheory.deep.estimators.intervals import Interval
from landtheory.deep.landscape import curvature as module
from landtheory.deep.landscape.curvature import curvature
from landtheory.deep.landscape.point import Point
from landtheory.deep.landscape.volumes import (
    estimated_log_volume,
    regularised_log_volume,
    top_log_volume,
)
from landtheory.errors import InputError

X = torch.randn(9, 3, generator=seeded(1))
Y = torch.randn(9, 1, generator=seeded(2))


def of(*eigenvalues: float, error: float = 0.0, **other: object):  # noqa: ANN201
    values = torch.tensor(eigenvalues).double()
    return known(values, torch.full_like(values, error), **other)


def test_the_top_is_half_the_logarithms() -> None:
    found = top_log_volume(of(9.0, 4.0, 1.0, 0.25), 2)
    assert found.value == pytest.approx(-math.log(6), abs=1e-15)
    assert found.rest == pytest.approx(math.log(2), abs=1e-15)
    assert (found.k, found.rest_count, found.flat, found.floored) == (2, 2, 0, 0)


def test_the_rest_may_turn_the_order_round() -> None:
    """T16(b): top-1 gap -0.053, full gap +6.855."""
    one, two = top_log_volume(of(10.0, 1e-6), 1), top_log_volume(of(9.0, 1.0), 1)
    assert one.value - two.value == pytest.approx(-0.0527, abs=1e-4)
    assert one.rest is not None
    assert two.rest is not None
    whole = one.value + one.rest - two.value - two.rest
    assert whole == pytest.approx(6.855, abs=1e-3)


def test_what_is_below_the_floor_is_counted() -> None:
    found = top_log_volume(of(1.0, 1e-13, -0.5, p=6), 4, floor=1e-12)
    assert found.floored == 3
    assert found.value == pytest.approx(-1.5 * math.log(1e-12), rel=1e-15)
    assert (found.rest, found.rest_count, found.flat) == (0.0, 0, 2)


def test_errors_of_eigenvalues_make_bounds() -> None:
    found = top_log_volume(of(4.0, 1.0, error=0.5), 2)
    assert found.lower == pytest.approx(-0.5 * math.log(4.5 * 1.5), abs=1e-15)
    assert found.upper == pytest.approx(-0.5 * math.log(3.5 * 0.5), abs=1e-15)
    assert found.lower < found.value < found.upper


def test_what_lanczos_leaves_out_is_said_to_be_unknown() -> None:
    found = top_log_volume(of(4.0, 1.0, method="lanczos", p=9), 2)
    assert (found.rest, found.rest_count, found.flat) == (None, None, None)


@pytest.mark.parametrize("k", [0, 3, True, 1.0])
def test_a_number_of_eigenvalues_that_are_not_known_is_refused(k: int) -> None:
    sentence = f"k is {k!r}; expected an integer from 1 to 2, the eigenvalues known"
    with pytest.raises(InputError, match=re.escape(sentence)):
        top_log_volume(of(4.0, 1.0, method="lanczos", p=9), k)


def test_a_floor_that_is_not_positive_is_refused() -> None:
    with pytest.raises(
        InputError, match=re.escape("floor is 0.0; expected a positive number")
    ):
        top_log_volume(of(4.0), 1, floor=0.0)


def test_the_regularised_volume_is_the_gaussian_integral() -> None:
    """By sampling δ ~ N(0, τ²I); a volume with β forgotten is rejected."""
    eigenvalues, beta, variance = (3.0, 0.5, 0.0), 2.0, 0.7
    found = regularised_log_volume(of(*eigenvalues), beta=beta, variance=variance)
    z = variance**0.5 * torch.randn(200_000, 3, generator=seeded(5)).double()
    w = torch.exp(-0.5 * beta * z.square() @ torch.tensor(eigenvalues).double())
    mean, error = float(w.mean()), float(w.std()) / len(w) ** 0.5

    def agrees(value: float) -> bool:
        return abs(math.exp(value) - mean) < 5 * error

    assert agrees(found.volume.value)
    assert found.volume.lower <= found.volume.value <= found.volume.upper
    for other in ({"beta": 1.0}, {"beta": beta, "variance": 1.0}):
        assert not agrees(
            regularised_log_volume(of(*eigenvalues), **other).volume.value
        )


def test_negative_eigenvalues_count_as_zero_and_are_counted() -> None:
    found = regularised_log_volume(of(2.0, -1.0, -1e-9, error=1e-6), beta=1.0)
    assert found.volume.value == pytest.approx(-0.5 * math.log(3), abs=1e-12)
    assert (found.negative, found.least) == (1, -1.0)


def test_the_truncation_of_lanczos_is_bounded_whatever_the_signs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    point = Point(relu_net(3, 7, 1), half_square, (X, Y), "mean")
    whole = curvature(point, method="hessian", generator=seeded(0))
    part = curvature(point, method="lanczos", k=4, generator=seeded(0))
    exact = regularised_log_volume(whole, beta=0.3).volume
    rough = regularised_log_volume(part, beta=0.3).volume
    assert rough.lower <= exact.value <= rough.upper
    assert rough.truncation > 0
    assert rough.value > exact.value
    assert module.LANCZOS_TOL < 0.01


def test_the_bound_on_the_truncation_is_met_by_equal_eigenvalues() -> None:
    # behind 2 stand four eigenvalues 1: √4 · √4 is their sum
    size = Interval(value=8**0.5, lower=8**0.5, upper=8**0.5, level=0.95)
    found = regularised_log_volume(
        of(2.0, method="lanczos", p=5, frobenius_norm=size), beta=0.5
    )
    assert found.volume.truncation == pytest.approx(0.5 * 0.5 * 4, rel=1e-9)


def test_random_products_estimate_what_lanczos_leaves_out() -> None:
    point = Point(relu_net(3, 17, 1), half_square, (X, Y), "mean")
    whole = curvature(point, method="hessian", generator=seeded(0))
    exact = regularised_log_volume(whole, beta=5.0, variance=0.2).volume.value
    found = estimated_log_volume(point, beta=5.0, variance=0.2, generator=seeded(0))
    assert exact in found
    assert found.upper - found.lower < 0.5 * abs(exact)
    other = regularised_log_volume(whole, beta=5.0).volume.value
    assert other not in found


@pytest.mark.parametrize("name", ["beta", "variance"])
def test_numbers_of_the_estimate_that_are_not_positive_are_refused(name: str) -> None:
    options = {"beta": 1.0, "variance": 1.0, name: 0.0}
    with pytest.raises(
        InputError, match=re.escape(f"{name} is 0.0; expected a positive number")
    ):
        estimated_log_volume(bowl([1.0, 2.0]), generator=seeded(0), **options)


def test_a_bowl_by_its_gram_matrix_has_the_exact_volumes() -> None:
    spectrum = [5.0, 2.0, 1.0, 0.25, 0.0]
    found = curvature(bowl(spectrum), generator=seeded(0))
    top = top_log_volume(found, 3)
    assert top.value == pytest.approx(-0.5 * math.log(10), abs=1e-12)
    # rounding leaves 10⁻¹⁶ or so in place of 0
    assert (top.rest_count, top.flat) == (1, 1)
    soft = regularised_log_volume(found, beta=2.0)
    assert soft.volume.value == pytest.approx(
        -0.5 * sum(math.log1p(2 * v) for v in spectrum), abs=1e-12
    )
