"""The two losses of a search for minima, sample by sample, with what belongs to them.

Targets are ±1 where there is one output, and one-hot where there are C > 1:

    squared         ℓ(f, y) = ½ Σ_c (f_c - y_c)²
    cross-entropy   ℓ(f, y) = log(1 + exp(-y f))  for C = 1,
                    ℓ(f, y) = log Σ_c exp(f_c) - Σ_c y_c f_c  for C > 1.

The loss of a network is the mean over its samples.
"""

from collections.abc import Callable
from math import exp, log

import torch
from scipy.optimize import brentq
from torch import Tensor
from torch.nn.functional import softplus

from ...errors import InputError

__all__ = [
    "LOSSES",
    "check_loss",
    "is_right",
    "mean_loss",
    "residuals",
    "sample_losses",
    "temperature_for",
]

LOSSES = ("squared", "cross-entropy")

COLDEST, HOTTEST = 1e-12, 1e12
"""Temperatures between which one is looked for."""


def check_loss(loss: str) -> None:
    """Refuse what is no loss of a search.

    Raises
    ------
    InputError
        If it is none of `LOSSES`.
    """
    if loss not in LOSSES:
        raise InputError(f"loss is {loss!r}; expected one of {', '.join(LOSSES)}")


def sample_losses(loss: str, f: Tensor, y: Tensor) -> Tensor:
    """ℓ(f, y) (…), of outputs and targets (…, C)."""
    if loss == "squared":
        return 0.5 * (f - y).square().sum(-1)
    if f.shape[-1] == 1:
        return softplus(-y * f).squeeze(-1)
    return f.logsumexp(-1) - (y * f).sum(-1)


def residuals(loss: str, f: Tensor, y: Tensor) -> Tensor:
    """∂ℓ/∂f (…, C), of outputs and targets (…, C)."""
    if loss == "squared":
        return f - y
    if f.shape[-1] == 1:
        return -y * torch.sigmoid(-y * f)
    return f.softmax(-1) - y


def is_right(f: Tensor, y: Tensor) -> Tensor:
    """Whether f (…, C) decides for y (…, C), as booleans (…): by sign, or by argmax."""
    if f.shape[-1] == 1:
        return (f * y).squeeze(-1) > 0
    return f.argmax(-1) == y.argmax(-1)


def mean_loss(loss: str) -> Callable[[Tensor, Tensor], Tensor]:
    """(f, y) -> the mean of ℓ, a scalar: for operators, with reduction "mean".

    Parameters
    ----------
    loss : str
        One of `LOSSES`.
    """
    check_loss(loss)
    return lambda f, y: sample_losses(loss, f, y).mean()


def temperature_for(f: Tensor, y: Tensor, *, loss: float) -> float:
    """T with mean cross-entropy ℓ(f/T, y) = `loss`.

    Where every sample is right, ℓ(f/T, y) grows with T from 0 to log 2 for one output
    and to log C for more, so that there is one such T.

    Parameters
    ----------
    f, y : (n, C) tensors
        Outputs and targets.
    loss : float
        Above 0, and below that limit.

    Returns
    -------
    float
        T, to 12 digits.

    Raises
    ------
    InputError
        If a sample is not right, or there is no such T.
    """
    f, y = f.to(torch.float64), y.to(torch.float64)
    wrong = int((~is_right(f, y)).sum())
    if wrong:
        raise InputError(
            f"f decides {wrong} samples wrongly; expected all of them right: no "
            "temperature matches the loss otherwise"
        )

    def excess(log_temperature: float) -> float:
        scaled = f / exp(log_temperature)
        return float(sample_losses("cross-entropy", scaled, y).mean()) - loss

    low, high = log(COLDEST), log(HOTTEST)
    if not excess(low) < 0 < excess(high):
        raise InputError(
            f"loss is {loss!r}; expected one that f/T takes, between 0 and "
            f"log {max(2, f.shape[-1])}"
        )
    return exp(brentq(excess, low, high, xtol=1e-13, rtol=1e-13))
