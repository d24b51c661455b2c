"""objective/likelihoods.py: scores by torch, draws by counting; the matrices: test_fisher."""

from functools import partial
from typing import Any

import pytest
import torch
from support.networks import close
from torch import Tensor, nn
from torch.nn import functional

from landtheory.deep.objective.likelihoods import drawn_targets, score, score_square
from landtheory.deep.objective.losses import Loss
from landtheory.deep.objective.sample_draws import SampleDraws

F = torch.tensor([[0.3, -1.0, 2.0], [0.0, 0.5, -0.5]], dtype=torch.float64)
LABELS = torch.tensor([2, 0])
Y = torch.tensor([[0.2, 1.0, -1.0], [0.5, 0.0, 2.0]], dtype=torch.float64)

GAUSS, SIGMOID, SOFTMAX = nn.MSELoss(), nn.BCEWithLogitsLoss(), nn.CrossEntropyLoss()


@pytest.mark.parametrize(
    ("loss", "y", "negative_log"),
    [
        (SOFTMAX, LABELS, partial(functional.cross_entropy, reduction="sum")),
        (SOFTMAX, F.softmax(1).flip(1), partial(functional.cross_entropy, reduction="sum")),
        (SIGMOID, Y.sigmoid(), partial(
            functional.binary_cross_entropy_with_logits, reduction="sum")),
        (GAUSS, Y, lambda f, y: 0.5 * ((f - y) ** 2).sum()),
    ],
)  # fmt: skip
def test_scores_are_slopes_of_the_negative_log_likelihood(
    loss: Any, y: Tensor, negative_log: Any
) -> None:
    slope = torch.func.grad(lambda f: negative_log(f, y))(F)
    assert close(score(Loss(loss), F, y), slope)


def test_a_square_of_scores_acts_on_each_sample_alone() -> None:
    u = torch.arange(6, dtype=torch.float64).reshape(2, 3)
    r = [score(Loss(SOFTMAX), F, LABELS), score(Loss(SOFTMAX), F, LABELS.flip(0))]
    found = score_square(Loss(SOFTMAX), F, LABELS, r, u)
    for i in range(2):
        M = sum(torch.outer(each[i], each[i]) for each in r) / 2 / 2
        assert close(found[i], M @ u[i])


@pytest.mark.parametrize("loss", [SOFTMAX, SIGMOID, GAUSS])
def test_draws_have_the_moments_of_the_model(loss: Any) -> None:
    """20,000 draws: means, and of the Gaussian the variance, within 5 standard errors."""
    n = 20_000
    f = F[:1].expand(n, 3)
    targets = torch.zeros(n).long() if loss is SOFTMAX else torch.zeros(n, 3).double()
    (y,) = drawn_targets(Loss(loss), f, targets, SampleDraws(0, 0))
    assert y.dtype == targets.dtype
    y = y.double()
    if loss is SOFTMAX:
        y = functional.one_hot(y.long(), 3).double()
        mean, variance = F[0].softmax(0), F[0].softmax(0) * (1 - F[0].softmax(0))
    elif loss is SIGMOID:
        mean, variance = F[0].sigmoid(), F[0].sigmoid() * (1 - F[0].sigmoid())
    else:
        mean, variance = F[0], torch.ones(3, dtype=torch.float64)
        # the variance of a variance is 2 for the unit Gaussian
        assert bool(((y.var(0) - 1).abs() < 5 * (2 / n) ** 0.5).all())
    assert bool(((y.mean(0) - mean).abs() < 5 * (variance / n).sqrt()).all())


def test_ignored_labels_stay_ignored() -> None:
    targets = torch.tensor([-100, 1])
    (drawn,) = drawn_targets(Loss(SOFTMAX), F, targets, SampleDraws(0, 0))
    assert int(drawn[0]) == -100
    assert 0 <= int(drawn[1]) <= 2
    assert not score(Loss(SOFTMAX), F, targets)[1].isnan().any()
