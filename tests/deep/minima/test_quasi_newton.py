"""minima/quasi_newton.py, held against least squares in closed form."""

import pytest
import torch
from support.minima import few_digits, network, seeded
from torch import Tensor, nn

from landtheory.deep.minima.attack import Pairs
from landtheory.deep.minima.descent import descend
from landtheory.deep.minima.ensemble import Ensemble
from landtheory.deep.minima.losses import mean_loss
from landtheory.deep.minima.optimisers import METHODS
from landtheory.deep.minima.samples import Samples
from landtheory.deep.minima.search import Case
from landtheory.deep.minima.single import Single

LBFGS = METHODS["lbfgs"]


def regression() -> tuple[Tensor, Tensor]:
    rng = seeded(3)
    X = torch.randn(30, 4, generator=rng, dtype=torch.float64)
    return X, torch.randn(30, 1, generator=rng, dtype=torch.float64)


def test_it_comes_to_the_least_squares_solution() -> None:
    X, y = regression()
    linear = nn.Sequential(nn.Linear(4, 1)).double()
    ones = torch.cat([X, torch.ones(30, 1, dtype=torch.float64)], dim=1)
    wanted = torch.linalg.lstsq(ones, y).solution.flatten()
    least = float(0.5 * (ones @ wanted[:, None] - y).square().mean())
    for networks in (
        Ensemble.of([linear, linear], dtype=torch.float64),
        Single(linear, dtype=torch.float64),
    ):
        samples = Samples.of([Pairs(X, y)] * networks.size, dtype=torch.float64)
        found = descend(networks, samples, loss="squared", method=LBFGS, target=0.0)
        for one, theta in zip(found, networks.theta, strict=True):
            assert torch.allclose(theta, wanted, rtol=1e-6, atol=1e-7)
            assert one.loss == pytest.approx(least, rel=1e-10)
            assert not one.reached


@pytest.mark.parametrize("target", [0.3, 1e-2, 1e-3])
def test_it_lands_on_its_target(target: float) -> None:
    data = few_digits(0, 1)
    models = [network(Case(seed, 0.0)) for seed in data]
    networks = Ensemble.of(models, dtype=torch.float64)
    samples = Samples.of([one.clean for one in data.values()], dtype=torch.float64)
    found = descend(networks, samples, loss="squared", method=LBFGS, target=target)
    for i, (one, part) in enumerate(zip(found, data.values(), strict=True)):
        assert one.reached
        f = networks.member(i)(part.clean.X.double())
        loss = float(mean_loss("squared")(f, part.clean.y.double()).detach())
        assert loss == pytest.approx(one.loss, rel=1e-12)
        assert (1 - 1e-3) * target < loss <= target


def test_one_that_is_low_enough_stays() -> None:
    (data,) = few_digits(0).values()
    networks = Ensemble.of([network(Case(0, 0.0))], dtype=torch.float64)
    before = networks.theta.clone()
    samples = Samples.of([data.clean], dtype=torch.float64)
    (found,) = descend(networks, samples, loss="squared", method=LBFGS, target=99.0)
    assert found.reached
    assert torch.equal(networks.theta, before)
