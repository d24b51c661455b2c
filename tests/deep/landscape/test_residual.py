"""landscape/residual.py, against H - G by torch.func."""

import math

import torch
from support.landscape import (
    bowl,
    dense_gauss_newton,
    dense_hessian,
    free_point,
    half_square,
    relu_net,
    seeded,
)
from torch import nn

from landtheory.deep.estimators.intervals import Interval
from landtheory.deep.landscape.gram import gauss_newton
from landtheory.deep.landscape.point import Point
from landtheory.deep.landscape.residual import Residual, residual

X = torch.randn(9, 3, generator=seeded(1)).double()
Y = torch.randn(9, 2, generator=seeded(2)).double()


def test_trace_and_norm_lie_in_their_intervals() -> None:
    """With tanh neither is 0; the chance that either interval misses is small, and the
    seed is fixed."""
    net = relu_net(3, 6, 2, scale=0.6)
    model = nn.Sequential(net[0], nn.Tanh(), net[2])
    point = Point(model, half_square, (X, Y), "mean")
    found = residual(point, gauss_newton(point), generator=seeded(0))
    H = dense_hessian(model, half_square, X, Y)
    G = dense_gauss_newton(model, half_square, X, Y)
    F = H - G
    assert float(F.trace()) in found.trace
    assert float(F.norm()) in found.frobenius_norm
    share = float(F.norm() / G.norm())
    assert abs(found.frobenius_share - share) < 0.3 * share
    assert found.worst_share > share
    assert not found.is_small
    # the norm of the whole Hessian is another number
    assert float(H.norm()) not in found.frobenius_norm


def test_a_relu_network_has_a_residual_without_trace() -> None:
    model = relu_net(3, 5, 1)
    y = Y[:, :1]
    point = Point(model, half_square, (X, y), "mean")
    found = residual(point, gauss_newton(point), generator=seeded(0))
    F = dense_hessian(model, half_square, X, y) - dense_gauss_newton(
        model, half_square, X, y
    )
    assert abs(float(F.trace())) < 1e-12 < float(F.norm())
    assert 0.0 in found.trace
    assert float(F.norm()) in found.frobenius_norm


def test_a_linear_network_has_none() -> None:
    point = bowl([3.0, 2.0, 0.5])
    found = residual(point, gauss_newton(point), generator=seeded(0))
    assert (found.frobenius_share, found.trace_share, found.worst_share) == (0, 0, 0)
    assert found.is_small


def test_no_gauss_newton_matrix_beside_a_residual_is_infinitely_far() -> None:
    # f = θ², y = -1 at θ = 0: J = 0, and F = 2
    class Square(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = nn.Parameter(torch.zeros(1, dtype=torch.float64))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.w**2 * x

    one = torch.ones(1, 1).double()
    point = Point(Square(), half_square, (one, -one), "mean")
    found = residual(point, gauss_newton(point), generator=seeded(0))
    assert found.frobenius_norm.value == 2
    assert found.frobenius_share == math.inf
    assert not found.is_small


def test_a_free_point_is_all_gauss_newton() -> None:
    point = free_point(lambda t: (t**4).sum(), [1.0, 2.0])
    found = residual(point, gauss_newton(point), generator=seeded(0))
    assert found.frobenius_norm.value == 0


def test_a_tenth_is_the_most_that_counts_as_small() -> None:
    none = Interval(value=0.0, lower=0.0, upper=0.0, level=0.95)

    def small(worst: float) -> bool:
        return Residual(
            trace=none, frobenius_norm=none, trace_share=0.0, frobenius_share=0.0,
            worst_share=worst,
        ).is_small  # fmt: skip

    assert small(0.1)
    assert not small(0.1001)
    assert not small(math.nan)
