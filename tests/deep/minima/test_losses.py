"""minima/losses.py, held against torch's own losses and its derivatives."""

import re
from collections.abc import Callable
from math import exp, log

import pytest
import torch
from support.minima import seeded
from torch import Tensor
from torch.nn import functional

from landtheory.deep.minima.losses import (
    LOSSES,
    check_loss,
    is_right,
    mean_loss,
    residuals,
    sample_losses,
    temperature_for,
)
from landtheory.errors import InputError

Ell = Callable[[str, Tensor, Tensor], Tensor]


def drawn(C: int) -> tuple[Tensor, Tensor]:
    """Outputs (2, 7, C), and targets ±1 or one-hot."""
    f = 2 * torch.randn(2, 7, C, generator=seeded(), dtype=torch.float64)
    labels = torch.randint(max(C, 2), (2, 7), generator=seeded(1))
    if C == 1:
        return f, (2 * labels - 1).to(torch.float64)[..., None]
    return f, functional.one_hot(labels, C).to(torch.float64)


def reference(loss: str, f: Tensor, y: Tensor) -> Tensor:
    """One sample after another, by torch."""
    C = f.shape[-1]
    rows = zip(f.reshape(-1, C), y.reshape(-1, C), strict=True)
    values = []
    for output, target in rows:
        if loss == "squared":
            value = functional.mse_loss(output, target, reduction="sum") / 2
        elif C == 1:
            value = functional.binary_cross_entropy_with_logits(
                output[0], (target[0] + 1) / 2
            )
        else:
            value = functional.cross_entropy(output[None], target.argmax()[None])
        values.append(value)
    return torch.stack(values).reshape(f.shape[:-1])


def agrees(loss: str, C: int, ell: Ell, pull: Ell) -> bool:
    f, y = drawn(C)
    f.requires_grad_()
    wanted = reference(loss, f, y)
    (gradient,) = torch.autograd.grad(wanted.sum(), f)
    same = {"rtol": 1e-12, "atol": 1e-12}
    return torch.allclose(ell(loss, f, y), wanted, **same) and torch.allclose(
        pull(loss, f.detach(), y), gradient, **same
    )


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("C", [1, 3])
def test_losses_and_residuals_are_those_of_torch(loss: str, C: int) -> None:
    assert agrees(loss, C, sample_losses, residuals)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("C", [1, 3])
def test_wrong_formulas_are_seen(loss: str, C: int) -> None:
    assert not agrees(loss, C, lambda *a: 2 * sample_losses(*a), residuals)
    assert not agrees(loss, C, sample_losses, lambda *a: 2 * residuals(*a))
    assert not agrees(loss, C, sample_losses, lambda *a: -residuals(*a))
    assert not agrees(loss, C, lambda n, f, y: sample_losses(n, f, -y), residuals)


def test_the_mean_is_one_over_samples() -> None:
    f, y = (part[0] for part in drawn(3))
    for loss in LOSSES:
        assert float(mean_loss(loss)(f, y)) == pytest.approx(
            float(reference(loss, f, y).mean()), rel=1e-12
        )


def test_who_is_right() -> None:
    f = torch.tensor([[0.5], [-0.1], [0.0]])
    assert is_right(f, torch.ones(3, 1)).tolist() == [True, False, False]
    f = torch.tensor([[0.5, 0.2, 0.1], [0.0, 0.1, 0.2]])
    y = torch.eye(3)[[0, 1]]
    assert is_right(f, y).tolist() == [True, False]


def test_a_temperature_has_a_closed_form_for_one_sample() -> None:
    f, y = torch.tensor([[1.7]]), torch.tensor([[1.0]])
    for loss in (0.01, 0.1, 0.6):
        # log(1 + exp(-f/T)) = loss
        wanted = -1.7 / log(exp(loss) - 1)
        found = temperature_for(f, y, loss=loss)
        assert found == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("C", [1, 3])
def test_a_temperature_gives_its_loss(C: int) -> None:
    f, y = (part[0] for part in drawn(C))
    # right by a margin, which differs from sample to sample
    f = y * f.abs() + (0 if C == 1 else y * f.abs().amax(1, keepdim=True))
    T = temperature_for(f, y, loss=0.1)
    loss = float(sample_losses("cross-entropy", f / T, y).mean())
    assert loss == pytest.approx(0.1, rel=1e-10)
    other = float(sample_losses("cross-entropy", f / (1.01 * T), y).mean())
    assert other != pytest.approx(0.1, rel=1e-4)


def test_there_may_be_no_temperature() -> None:
    f, y = torch.tensor([[2.0], [-1.0]]), torch.ones(2, 1)
    sentence = (
        "f decides 1 samples wrongly; expected all of them right: no temperature matches "
        "the loss otherwise"
    )
    with pytest.raises(InputError, match=re.escape(sentence)):
        temperature_for(f, y, loss=0.1)
    for loss in (0.0, 0.7):
        with pytest.raises(InputError) as refused:
            temperature_for(f.abs(), y, loss=loss)
        assert str(refused.value) == (
            f"loss is {loss!r}; expected one that f/T takes, between 0 and log 2"
        )


def test_other_losses_are_refused() -> None:
    sentence = "loss is 'hinge'; expected one of squared, cross-entropy"
    for use in (check_loss, mean_loss):
        with pytest.raises(InputError, match=re.escape(sentence)):
            use("hinge")
