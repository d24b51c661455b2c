"""Losses as likelihoods, for the Fisher matrices."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from ...errors import InputError
from .losses import Loss
from .sample_draws import SampleDraws

__all__ = ["check_likelihood", "drawn_targets", "score", "score_square"]

SOFTMAX = (nn.CrossEntropyLoss, functional.cross_entropy)
BERNOULLI = (nn.BCEWithLogitsLoss, functional.binary_cross_entropy_with_logits)
GAUSSIAN = (nn.MSELoss, functional.mse_loss)


def check_likelihood(loss: Loss, *, of_labels: bool) -> None:
    """Refuse losses of which no Fisher matrix is defined.

    With ℓ_i the negative log-likelihood of sample i, the loss must be Σ_i ω_i ℓ_i:
    softmax for CrossEntropyLoss, where ω_i holds the class weight of the label;
    independent Bernoulli variables for BCEWithLogitsLoss; Gaussian ones of variance 1
    for MSELoss, which is twice their ℓ_i, so that ω_i is 2 / (n C) for its mean.

    Parameters
    ----------
    loss : Loss
        Of the network.
    of_labels : bool
        Whether slopes of single labels are needed, which label smoothing mixes.

    Raises
    ------
    InputError
        If it is none of these.
    """
    known = loss.is_made_of(*SOFTMAX, *BERNOULLI, *GAUSSIAN)
    if not known:
        raise InputError(
            f"loss is {loss.name}; expected a log-likelihood for a Fisher matrix: "
            "CrossEntropyLoss, BCEWithLogitsLoss or MSELoss"
        )
    weighted = loss.option("pos_weight") is not None or (
        loss.kind == "elements" and loss.option("weight") is not None
    )
    if weighted or (of_labels and loss.option("label_smoothing", 0.0)):
        what = "weights" if weighted else "label smoothing"
        raise InputError(
            f"loss is {loss.name} with {what}; expected a log-likelihood for a Fisher "
            "matrix: make it without"
        )


def score(loss: Loss, output: Tensor, targets: Tensor) -> Tensor:
    """r_i = ∂ℓ_i/∂f_i of each sample's own ℓ_i, not divided by n, (n, C, …)."""
    if loss.is_made_of(*SOFTMAX):
        p = output.softmax(1)
        if targets.is_floating_point():
            return p - targets
        counted = targets != loss.option("ignore_index", -100)
        hot = torch.zeros_like(p).scatter_(
            1, torch.where(counted, targets, 0).unsqueeze(1), 1
        )
        return p - hot
    mean = output.sigmoid() if loss.is_made_of(*BERNOULLI) else output
    return mean - targets


def drawn_targets(
    loss: Loss, output: Tensor, targets: Tensor, numbers: SampleDraws, draws: int = 1
) -> list[Tensor]:
    """Targets that the model itself would draw, where the data's are not ignored.

    Drawn on the CPU, so that a seed gives the same ones on every device, by comparing
    the random numbers of each sample with its probabilities.

    Parameters
    ----------
    loss : Loss
        Of the network.
    output, targets : (n, …) tensors
        f, and the data's y.
    numbers : SampleDraws
        Of these samples.
    draws : int
        How often.

    Returns
    -------
    list of (n, …) tensors
        One for each draw, as targets are.
    """
    f = output.detach().cpu().to(torch.float64)
    if loss.is_made_of(*SOFTMAX):
        shares = f.movedim(1, -1).softmax(-1).cumsum(-1)
        u = numbers.uniform(draws, tuple(shares.shape[:-1]))
        # the last sum may be below 1, and u above it
        labels = (u[..., None] >= shares[..., :-1]).sum(-1).to(output.device)
        if targets.is_floating_point():
            return list(labels)
        ignored = targets == loss.option("ignore_index", -100)
        return [torch.where(ignored, targets, drawn) for drawn in labels]
    if loss.is_made_of(*BERNOULLI):
        drawn = (numbers.uniform(draws, tuple(f.shape)) < f.sigmoid()).to(f.dtype)
    else:
        drawn = f + numbers.normal(draws, tuple(f.shape))
    return list(drawn.to(output))


def score_square(
    loss: Loss, output: Tensor, targets: Tensor, scores: list[Tensor], u: Tensor
) -> Tensor:
    """M u, with M_i = ω_i r_i r_iᵀ, averaged over several scores r.

    Parameters
    ----------
    loss : Loss
        Of the network.
    output, targets, u : (n, C, …) tensors
        f, y and a direction.
    scores : list of (n, C, …) tensors
        As `score` gives them.
    """
    axes = (1,) if loss.kind == "classes" else tuple(range(1, output.ndim))
    total = torch.zeros_like(u)
    for r in scores:
        # a sum over no axis would be one over all
        along = (r * u).sum(axes, keepdim=True) if axes else r * u
        total = total + r * along
    return total * _sample_weights(loss, output, targets) / len(scores)


def _sample_weights(loss: Loss, output: Tensor, targets: Tensor) -> Tensor:
    """ω_i, to be multiplied with outputs."""
    whole = loss.weight(output, targets)
    if loss.kind == "classes" and not targets.is_floating_point():
        weights = loss.label_weights(targets).to(output).unsqueeze(1)
        return weights / (whole or 1.0)
    factor = 2.0 if loss.is_made_of(*GAUSSIAN) else 1.0
    return torch.full((), factor / whole, dtype=output.dtype, device=output.device)
