"""estimators/intervals.py: against SciPy's distributions and counted coverage."""

import re

import numpy as np
import pytest
import torch
from scipy import stats
from support.spectra import seeded

from landtheory.deep.estimators.intervals import (
    Interval,
    check_level,
    gamma_interval,
    normal_interval,
    normal_quantile,
)
from landtheory.errors import InputError


def test_the_quantile_is_that_of_scipy() -> None:
    for level in (0.5, 0.95, 0.999):
        exact = stats.norm.ppf((1 + level) / 2)
        assert abs(normal_quantile(level) - exact) < 1e-12


def test_a_normal_interval_is_symmetric() -> None:
    found = normal_interval(3.0, 0.5, level=0.9)
    lower, upper = stats.norm.interval(0.9, loc=3, scale=0.5)
    assert np.allclose([found.lower, found.upper], [lower, upper], rtol=1e-12, atol=0)
    assert 3.0 in found
    assert upper + 1 not in found
    assert (found.value, found.level) == (3.0, 0.9)


def test_a_gamma_interval_is_exact_for_sums_of_squares() -> None:
    # the mean of 5 squares of N(0, 2): variance 2 (2²)/5 about 2
    z = torch.randn(4000, 5, generator=seeded(0), dtype=torch.float64)
    means = 2 * z.square().mean(dim=1)
    hits = 0
    for mean in means.tolist():
        error = mean * (2 / 5) ** 0.5
        hits += 2.0 in gamma_interval(mean, error, level=0.9)
    # 5 standard deviations of a binomial count
    assert abs(hits / 4000 - 0.9) < 5 * (0.9 * 0.1 / 4000) ** 0.5
    symmetric = sum(
        2.0 in normal_interval(mean, mean * (2 / 5) ** 0.5, level=0.9)
        for mean in means.tolist()
    )
    assert abs(symmetric / 4000 - 0.9) > 5 * (0.9 * 0.1 / 4000) ** 0.5


def test_a_gamma_interval_without_error_is_a_point() -> None:
    found = gamma_interval(2.0, 0.0, level=0.9)
    assert (found.lower, found.upper) == (2.0, 2.0)


@pytest.mark.parametrize("level", [0.0, 1.0, -0.1, float("nan")])
def test_a_level_is_a_probability(level: float) -> None:
    sentence = f"level is {level!r}; expected a number between 0 and 1"
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        check_level(level)
    check_level(0.95)


def test_intervals_are_values() -> None:
    one = Interval(value=1.0, lower=0.0, upper=2.0, level=0.9)
    assert one == Interval(value=1.0, lower=0.0, upper=2.0, level=0.9)
