"""numerics/volume.py, held against quadrature and slices in ball arithmetic."""

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx

from landtheory.errors import InputError
from landtheory.numerics import LogVolume, ellipsoid_log_volume, log_volume
from landtheory.numerics.worlds.masses import weight_mass
from landtheory.numerics.worlds.volumes import volume_by_slices


@pytest.fixture(autouse=True)
def precise() -> Any:
    with ctx.workprec(200):
        yield


def spectra(count: int, seed: int, *, degenerate: bool) -> list[Any]:
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        p = int(rng.integers(1, 7))
        values = np.sort(10.0 ** rng.uniform(-8, 6, p))[::-1]
        if degenerate:
            values[int(rng.integers(1, p + 1)) :] = 0.0
        found.append(values)
    return found


def holds(found: LogVolume, exact: arb) -> bool:
    """Whether the bounds enclose the ball, and are tight to rounding."""
    return (
        bool(arb(found.lower) <= exact)
        and bool(exact <= arb(found.upper))
        and found.lower <= found.value <= found.upper
        and found.upper - found.lower <= 1e-12 * (1 + abs(found.value))
    )


def exactly(values: Any, beta: float, variance: float) -> arb:
    rationals = [Fraction(float(value)) for value in values]
    return weight_mass(rationals, Fraction(beta), Fraction(variance)).log()


def test_the_gaussian_form_is_the_log_of_the_mean_weight() -> None:
    for values in spectra(40, 0, degenerate=True):
        found = log_volume(values, beta=3.0, variance=0.7)
        assert found.truncation == 0
        assert holds(found, exactly(values, 3.0, 0.7))


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda v, b, t: -np.log1p(b * t * v).sum(), id="no-half"),
        pytest.param(lambda v, b, t: 0.5 * np.log1p(b * t * v).sum(), id="sign"),
        pytest.param(lambda v, b, t: -0.5 * np.log(b * t * v).sum(), id="laplace"),
        pytest.param(lambda v, b, t: -0.5 * np.log1p(b * v).sum(), id="no-variance"),
        pytest.param(lambda v, b, t: -0.5 * np.log1p(b * t**2 * v).sum(), id="squared"),
    ],
)
def test_wrong_forms_are_outside_the_bounds(wrong: Callable[..., float]) -> None:
    values = np.array([2.0, 0.5])
    found = log_volume(values, beta=3.0, variance=0.7)
    assert not found.lower <= wrong(values, 3.0, 0.7) <= found.upper


def test_what_is_left_out_is_bounded_by_its_trace() -> None:
    for values in spectra(40, 1, degenerate=False):
        kept = max(1, len(values) // 2)
        rest = float(values[kept:].sum()) * (1 + 1e-15)
        found = log_volume(values[:kept], beta=0.5, variance=2.0, left_out=rest)
        exact = exactly(values, 0.5, 2.0)
        assert arb(found.lower) <= exact <= arb(found.upper)
        assert found.truncation >= 0.5 * rest
    # tight where what is left out is small: a bound of half the size would be broken
    small = np.array([1.0, 1e-6])
    found = log_volume(small[:1], left_out=1e-6)
    exact = exactly(small, 1.0, 1.0)
    assert exact < arb(found.value - 0.9 * found.truncation)


def test_the_error_of_the_eigenvalues_is_allowed_for() -> None:
    rng = np.random.default_rng(2)
    for values in spectra(40, 3, degenerate=True):
        error = 1e-3 * float(values[0])
        moved = values + error * rng.uniform(-1, 1, len(values))
        found = log_volume(moved, error=error)
        exact = exactly(values, 1.0, 1.0)
        assert arb(found.lower) <= exact <= arb(found.upper)
    assert log_volume([-1e-9], error=1e-8).upper == 0.0


def test_the_ellipsoid_is_the_log_of_its_volume_by_slices() -> None:
    for values in spectra(40, 4, degenerate=False):
        found = ellipsoid_log_volume(values, height=0.3)
        rationals = [Fraction(float(value)) for value in values]
        exact = volume_by_slices(rationals, Fraction(0.3)).log()
        assert holds(found, exact)
        moved = ellipsoid_log_volume(values * (1 + 1e-9), height=0.3)
        assert not holds(moved, exact)
        near = ellipsoid_log_volume(
            values * (1 + 1e-9), height=0.3, error=1.1e-9 * float(values[-1])
        )
        assert (len(set(values)) > 1) or arb(near.lower) <= exact <= arb(near.upper)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: log_volume([1.0], error=-1.0),
            "error is -1.0; expected a finite bound, >= 0",
        ),
        (
            lambda: log_volume([1.0, -0.5], error=0.25),
            (
                "eigenvalues have the minimum -0.5; expected H ⪰ 0 up to the error 0.25: "
                "pass those of a Gauss-Newton matrix"
            ),
        ),
        (
            lambda: log_volume([1.0], beta=0.0),
            "beta is 0.0; expected a finite number > 0",
        ),
        (
            lambda: log_volume([1.0], variance=math.inf),
            "variance is inf; expected a finite number > 0",
        ),
        (
            lambda: log_volume([1.0], left_out=-1.0),
            "left_out is -1.0; expected a finite bound on a trace, >= 0",
        ),
        (
            lambda: log_volume([1e300], beta=1e300),
            (
                "beta is 1e+300 with variance 1.0; expected products with the eigenvalues "
                "that do not overflow: rescale them"
            ),
        ),
        (
            lambda: ellipsoid_log_volume([1.0, 0.0], height=1.0),
            (
                "eigenvalues have the minimum 0.0; expected more than their error 0.0, or "
                "the volume is infinite: use log_volume"
            ),
        ),
        (
            lambda: ellipsoid_log_volume([1.0], height=-1.0),
            "height is -1.0; expected a finite number > 0",
        ),
    ],
)
def test_what_has_no_log_volume_is_refused(
    call: Callable[[], object], sentence: str
) -> None:
    with pytest.raises(InputError, match="^" + re.escape(sentence) + "$"):
        call()
