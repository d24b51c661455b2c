"""numerics/worlds/masses.py, held against SciPy's laws and quadrature."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from scipy.integrate import quad
from scipy.special import erf
from scipy.stats import chi2, ncx2, norm

from landtheory.numerics.worlds.masses import (
    ellipsoid_mass,
    half_line_mass,
    weight_mass,
)


@pytest.fixture(autouse=True)
def precise() -> Any:
    with ctx.workprec(128):
        yield


def rationals(values: Any) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, values))


def agrees(found: arb, expected: float, share: float = 1e-9) -> bool:
    return (
        found.rel_accuracy_bits() > 60
        and abs(float(found.mid()) / expected - 1) < share
    )


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_equal_eigenvalues_give_the_chi_square_law(k: int) -> None:
    spectrum = rationals([2] * k + [0])
    found = ellipsoid_mass(spectrum, Fraction(1), Fraction(1, 3))
    assert agrees(found, chi2.cdf(2 * 1 / (2 / 3), k))
    assert not agrees(found, chi2.cdf(1 / (2 / 3), k))


@pytest.mark.parametrize("k", [1, 2, 4])
def test_a_centre_gives_the_noncentral_law(k: int) -> None:
    centre = rationals([1, Fraction(-1, 2), 0, 2][:k])
    found = ellipsoid_mass(rationals([3] * k), Fraction(1), Fraction(1, 2), centre)
    shift = float(sum(c * c for c in centre)) / 0.5
    assert agrees(found, ncx2.cdf(2 / 1.5, k, shift))


@pytest.mark.parametrize("centre", [(0, 0), (1, 0), (0, 1), (Fraction(-1, 2), 2)])
def test_unequal_eigenvalues_are_the_integral_over_the_ellipse(centre: Any) -> None:
    first, second, epsilon = 5.0, 0.5, 1.0
    found = ellipsoid_mass(
        rationals((5, Fraction(1, 2))), Fraction(1), Fraction(1), rationals(centre)
    )
    a, b = map(float, centre)

    def line(u: float) -> float:
        end = math.sqrt(max(2 * epsilon - first * u * u, 0.0) / second)
        return norm.pdf(a + u) * (norm.cdf(b + end) - norm.cdf(b - end))

    reach = math.sqrt(2 * epsilon / first)
    expected = quad(line, -reach, reach, epsabs=1e-13, epsrel=1e-12)[0]
    assert agrees(found, expected, 1e-7)
    other = ellipsoid_mass(rationals((5, Fraction(1, 2))), Fraction(1), Fraction(1))
    assert any(centre) != agrees(other, expected, 1e-7)


def test_no_eigenvalue_leaves_all_of_the_mass() -> None:
    assert ellipsoid_mass(rationals((0, 0)), Fraction(1), Fraction(1)) == 1


def test_what_the_terms_leave_out_is_in_the_ball() -> None:
    # so flat an axis, and so high a level, that the terms do not reach
    spectrum = rationals((4000, 1))
    found = ellipsoid_mass(spectrum, Fraction(2000), Fraction(1))
    assert found.rel_accuracy_bits() < 60
    rng = np.random.default_rng(0)
    z = rng.standard_normal((200_000, 2))
    share = (z**2 @ np.array([4000.0, 1.0]) <= 4000).mean()
    assert found.contains(arb(share, 0.01))


@pytest.mark.parametrize("spectrum", [(1,), (3, 1, 0), (10**6, 1), (0, 0)])
def test_the_weight_is_the_product_of_gaussian_integrals(spectrum: Any) -> None:
    found = weight_mass(rationals(spectrum), Fraction(2), Fraction(1, 2))
    assert agrees(found, math.prod((1 + value) ** -0.5 for value in spectrum))
    assert found.rel_accuracy_bits() > 100


def test_the_half_line() -> None:
    found = half_line_mass(Fraction(-1, 2), Fraction(4))
    assert agrees(found, 0.5 * (1 + erf(0.25 / math.sqrt(2))))
