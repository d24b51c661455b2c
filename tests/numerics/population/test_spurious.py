"""numerics/population: minima from scratch against an independent search and figures."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from scipy.optimize import minimize
from support.spurious import certified

from landtheory.errors import ConvergenceError, InputError
from landtheory.numerics.population import polish, spurious
from landtheory.numerics.population.decimals import bounds_of, decimal_down
from landtheory.numerics.population.landscape import Landscape
from landtheory.numerics.population.polish import polished
from landtheory.numerics.population.search import find_spurious_minimum
from landtheory.numerics.population.sharpness import Sharpness, global_sharpness
from landtheory.numerics.population.spurious import (
    certify_spurious_minimum,
    compare_sharpness,
)
from landtheory.numerics.population.symmetric import basis, read_off, student

PUBLISHED = {
    6: ("0.0250805810024630", 0.00470035, 2.023734),
    7: ("0.0232027149135661", 0.01405901, 2.295490),
    8: ("0.0215080371715214", 0.02134659, 2.564594),
}
"""Loss, λ_min and λ_max from another program in ball arithmetic."""


@pytest.mark.parametrize("k", sorted(PUBLISHED))
def test_the_figures_are_those_of_another_program(k: int) -> None:
    loss, low, high = PUBLISHED[k]
    certificate = certified(k).certificate
    assert all(bound.startswith(loss[:-1]) for bound in certificate.loss)
    for name, figure in (("lambda_min", low), ("lambda_max", high)):
        for bound in getattr(certificate, name):
            assert abs(float(bound) - figure) < 1e-6


@pytest.mark.parametrize("k", [6, 9, 12])
def test_every_bound_has_fifteen_digits(k: int) -> None:
    found = certified(k)
    assert all(check.passed for check in found.checks)
    certificate = found.certificate
    for low, high in (
        certificate.loss, certificate.lambda_min, certificate.lambda_max
    ):  # fmt: skip
        assert 0 < Decimal(low) < Decimal(high)
        assert (Decimal(high) - Decimal(low)) / Decimal(low) < Decimal("1e-18")


def test_a_general_descent_comes_back_to_the_minimum() -> None:
    """In all 36 directions, from starts near it without any symmetry."""
    landscape = Landscape(activation="relu", teacher=np.eye(6))
    rng = np.random.default_rng(0)
    certificate = certified(6).certificate
    W = np.array([[float(x) for x in row] for row in certificate.centre])

    def objective(x: Any) -> Any:
        at = x.reshape(6, 6)
        return landscape.loss(at), landscape.gradient(at).ravel()

    for _ in range(4):
        start = W + 0.02 * rng.standard_normal((6, 6))
        found = minimize(objective, start.ravel(), jac=True, method="BFGS", tol=1e-9)
        assert np.abs(found.x - W.ravel()).max() < 1e-5
        assert found.fun == pytest.approx(float(certificate.loss[0]), abs=1e-12)


@pytest.mark.parametrize("k", [3, 4, 5])
def test_none_is_found_for_few_neurons(k: int) -> None:
    assert certify_spurious_minimum(k, seed=1, starts=10) is None
    assert compare_sharpness(k, seed=1) is None


def test_the_seed_decides_the_start_and_not_the_minimum() -> None:
    first, again = (certify_spurious_minimum(6, seed=1) for _ in range(2))
    assert first is not None
    assert again is not None
    assert first.certificate == again.certificate
    assert first.certificate.loss == certified().certificate.loss
    assert first.certificate.seed == 1


@pytest.mark.parametrize("k", [6, 7, 8, 12])
def test_spurious_minima_are_less_sharp_than_global_ones(k: int) -> None:
    found = compare_sharpness(k, seed=0)
    assert found is not None
    assert found.is_flatter
    landscape = Landscape(activation="relu", teacher=np.eye(k))
    sharpest = np.linalg.eigvalsh(landscape.hessian(np.eye(k)))[-1]
    low, high = map(float, found.global_lambda_max)
    assert low - 1e-13 < sharpest < high + 1e-13
    turned = Sharpness(
        k=k,
        loss=found.loss,
        spurious_lambda_max=found.global_lambda_max,
        global_lambda_max=found.spurious_lambda_max,
    )
    assert not turned.is_flatter


def test_the_sharpness_of_the_global_minimum_has_known_digits() -> None:
    low, high = global_sharpness(6)
    assert Fraction(low) < Fraction(high) < Fraction(low) + Fraction(1, 10**21)
    assert low.startswith("2.06526691965862016")


@pytest.mark.parametrize("k", [2, 25, 0, -1, 6.0, True, "6"])
def test_bad_numbers_of_neurons_are_refused(k: Any) -> None:
    sentence = f"k is {k!r}; expected an integer from 3 to 24"
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        certify_spurious_minimum(k, seed=0)


@pytest.mark.parametrize("seed", [-1, 2**64 + 1])
def test_bad_seeds_are_refused(seed: int) -> None:
    sentence = f"seed is {seed}; expected an integer from 0 to 2**64"
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        certify_spurious_minimum(6, seed=seed)


def test_no_certificate_is_given_where_no_precision_suffices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spurious, "RUNGS", ((53, 40), (64, 40)))
    sentence = (
        "exactly one critical point in the box failed at 64 bits for k = 6; expected a "
        "proof at some precision"
    )
    with pytest.raises(ConvergenceError, match=f"^{re.escape(sentence)}$"):
        certify_spurious_minimum(6, seed=0)


def test_the_family_is_read_off_and_spanned() -> None:
    z = [1, 2, 3, 4, 5]
    W = np.array(student(z, 4))
    assert W.tolist() == [[1, 2, 2, 3], [2, 1, 2, 3], [2, 2, 1, 3], [4, 4, 4, 5]]
    assert read_off(W.tolist()) == z
    assert np.array_equal(basis(4) @ z, W.ravel())


def test_polished_points_have_the_digits_that_are_asked_for() -> None:
    found = find_spurious_minimum(6, np.random.default_rng(0))
    assert found is not None
    short, long = polished(found.z, 6, 50), polished(found.z, 6, 200)
    for row, longer in zip(short, long, strict=True):
        for a, b in zip(row, longer, strict=True):
            assert len(b.partition(".")[2]) == 200
            assert abs(Decimal(a) - Decimal(b)) < Decimal("3e-50")


def test_a_start_far_away_is_not_polished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polish, "STEPS", 3)
    z = np.array([1.0, 0.1, 0.2, 0.3, -0.5])
    sentence = "newton's method took 3 steps from [1.0, 0.1, 0.2, 0.3, -0.5]; expected 40 digits"
    with pytest.raises(ConvergenceError, match=f"^{re.escape(sentence)}$"):
        polished(z, 6, 40)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (fmpq(1, 3), "0.333"),
        (fmpq(-1, 3), "-0.334"),
        (fmpq(25, 2), "12.500"),
        (fmpq(-1, 10**6), "-0.001"),
        (fmpq(0), "0.000"),
    ],
)
def test_decimals_are_rounded_down(number: fmpq, text: str) -> None:
    with ctx.workprec(100):
        wide = arb(number) + arb(0, 1e-20)
        found = decimal_down(wide, 3)
        # a ball over a decimal may end in the one below it
        assert found in {text, decimal_down(arb(number) - arb("1e-10"), 3)}
        assert arb(fmpq(int(found.replace(".", "")), 1000)) <= wide.upper()


def test_bounds_lie_on_both_sides() -> None:
    assert bounds_of(arb(1) / 4, arb(0), 1) == ("0.2", "0.3")
    assert bounds_of(arb(-1) / 4, arb(0), 1) == ("-0.3", "-0.2")
    assert bounds_of(arb(1) / 4, arb(1), 2) == ("-0.75", "1.25")
    assert bounds_of(arb(0), arb(0), 1) == ("0.0", "-0.0")
