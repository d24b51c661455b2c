"""landscape/metric.py, against matrix functions of dense matrices."""

import pytest
import torch
from support.landscape import (
    bowl,
    dense_gauss_newton,
    dense_hessian,
    half_square,
    relu_net,
    seeded,
)
from torch import Tensor

from landtheory.deep.landscape.curvature import curvature
from landtheory.deep.landscape.gram import gauss_newton
from landtheory.deep.landscape.metric import Metric, metric_at
from landtheory.deep.landscape.point import Point

X = torch.randn(9, 3, generator=seeded(1)).double()
Y = torch.randn(9, 1, generator=seeded(2)).double()
POINT = Point(relu_net(3, 7, 1), half_square, (X, Y), "mean")


def check(metric: Metric, B: Tensor, regulariser: float) -> None:
    p = len(B)
    values, vectors = torch.linalg.eigh(B + regulariser * torch.eye(p).double())
    root = vectors @ torch.diag(values.rsqrt()) @ vectors.T
    U = torch.randn(p, 4, generator=seeded(3)).double()
    size = float(root.norm())
    assert (
        float((metric.stretched(U, regulariser) - root @ U).abs().max()) < 1e-10 * size
    )
    assert float(values.log().sum()) == pytest.approx(
        metric.log_determinant(regulariser), abs=1e-9
    )
    exact = (U * (B @ U)).sum(0)
    assert (
        float((metric.quadratic(U) - exact).abs().max()) < 1e-12 * float(B.norm()) * 40
    )


def test_that_of_the_gauss_newton_matrix() -> None:
    G = dense_gauss_newton(relu_net(3, 7, 1), half_square, X, Y)
    check(Metric.of_gauss_newton(gauss_newton(POINT)), G, 0.3)


def test_that_of_a_hessian_is_of_its_positive_part() -> None:
    H = dense_hessian(relu_net(3, 7, 1), half_square, X, Y)
    values, vectors = torch.linalg.eigh(H)
    positive = vectors @ torch.diag(values.clamp(min=0)) @ vectors.T
    assert float(values[0]) < 0
    found = curvature(POINT, method="hessian", generator=seeded(0))
    check(metric_at(POINT, found), positive, 0.3)


def test_that_of_lanczos_holds_what_it_found() -> None:
    point = bowl([5.0, 2.0, 1.0, 0.25])
    found = curvature(point, method="lanczos", k=3, generator=seeded(0))
    metric = metric_at(point, found)
    assert torch.allclose(
        metric.eigenvalues, torch.tensor([5.0, 2.0, 1.0]).double(), rtol=0, atol=1e-6
    )
    I3 = torch.eye(3).double()
    assert float((metric.vectors.T @ metric.vectors - I3).abs().max()) < 1e-10


def test_negative_pairs_are_left_out() -> None:
    I3 = torch.eye(3).double()
    metric = Metric.of_pairs(torch.tensor([2.0, 0.0, -1.0]).double(), I3)
    assert metric.eigenvalues.tolist() == [2.0]
    assert metric.vectors.shape == (3, 1)


def test_where_the_gram_matrix_was_made_it_is_used() -> None:
    point = bowl([5.0, 2.0, 1.0, 0.0])
    found = curvature(point, generator=seeded(0))
    metric = metric_at(point, found)
    # what is 0 but for rounding has no direction of its own
    assert len(metric.eigenvalues) == 3
