"""landscape/isotropic.py, against an exact bowl, where its bias is known ray by ray."""

import math

import pytest
import torch
from support.landscape import bowl, seeded

from landtheory.deep.landscape.curvature import curvature
from landtheory.deep.landscape.isotropic import IsotropicWarning, isotropic_warning
from landtheory.deep.landscape.metric import metric_at
from landtheory.numerics.volume import ellipsoid_log_volume


def warned(eigenvalues: list[float], regulariser: float = 1e-3) -> IsotropicWarning:
    point = bowl(eigenvalues)
    metric = metric_at(point, curvature(point, generator=seeded(0)))
    return isotropic_warning(
        point, metric, regulariser=regulariser, height=0.01, directions=64,
        generator=seeded(1),
    )  # fmt: skip


def test_the_bias_is_that_of_the_same_rays_in_the_exact_bowl() -> None:
    eigenvalues = torch.logspace(1.5, -4, 30).tolist()
    found = warned(eigenvalues)
    exact = ellipsoid_log_volume([v + 1e-3 for v in eigenvalues], height=0.01).value
    assert found.log_volume - found.bias == pytest.approx(exact, abs=1e-6)
    assert found.bias == pytest.approx(found.quadratic_bias, abs=1e-4)
    assert found.bias < -20
    assert found.effective_sample_size < 10


def test_it_grows_with_the_spread_of_the_spectrum() -> None:
    biases = [
        warned(torch.logspace(1.0, low, 20).tolist()).bias for low in (0.0, -2.0, -4.0)
    ]
    assert biases[0] > biases[1] > biases[2]


def test_a_round_bowl_has_no_bias() -> None:
    found = warned([2.0] * 12)
    assert abs(found.bias) < 1e-6
    assert abs(found.quadratic_bias) < 1e-9
    assert found.effective_sample_size == pytest.approx(64, rel=1e-6)
    assert math.isfinite(found.log_volume)
