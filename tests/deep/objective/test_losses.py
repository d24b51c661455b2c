"""objective/losses.py: reductions, weights of micro-batches, and S against torch.func."""

import re
from functools import partial
from typing import Any

import pytest
import torch
from support.networks import close
from torch import Tensor, nn
from torch.nn import functional

from landtheory.deep.objective.losses import Loss
from landtheory.errors import InputError

CLASS_WEIGHTS = torch.tensor([0.5, 2.0, 0.25], dtype=torch.float64)


def scores(n: int = 6, *more: int) -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(n, 3, *more, generator=generator, dtype=torch.float64)


def labels(*shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randint(3, shape, generator=generator)


def probabilities(n: int = 6) -> Tensor:
    return scores(n).roll(1, 0).softmax(1)


LABELS = labels(6)
IGNORED = torch.tensor([0, 9, 2, 1, 9, 1])
BINARY = (probabilities() > 0.3).double()

CASES: dict[str, tuple[Any, Tensor, Tensor]] = {
    "cross-entropy": (nn.CrossEntropyLoss(), scores(), LABELS),
    "weighted": (nn.CrossEntropyLoss(weight=CLASS_WEIGHTS), scores(), LABELS),
    "ignored": (nn.CrossEntropyLoss(ignore_index=9), scores(), IGNORED),
    "weighted and ignored": (
        nn.CrossEntropyLoss(weight=CLASS_WEIGHTS, ignore_index=9), scores(), IGNORED
    ),
    "smoothed": (
        nn.CrossEntropyLoss(weight=CLASS_WEIGHTS, label_smoothing=0.2), scores(), LABELS
    ),
    "probabilities": (nn.CrossEntropyLoss(), scores(), probabilities()),
    "weighted probabilities": (
        nn.CrossEntropyLoss(weight=CLASS_WEIGHTS), scores(), probabilities()
    ),
    "summed": (nn.CrossEntropyLoss(reduction="sum"), scores(), LABELS),
    "pixels": (nn.CrossEntropyLoss(weight=CLASS_WEIGHTS), scores(6, 2, 2), labels(6, 2, 2)),
    "nll": (nn.NLLLoss(weight=CLASS_WEIGHTS), scores().log_softmax(1), LABELS),
    "squared": (nn.MSELoss(), scores(), probabilities()),
    "squared sum": (nn.MSELoss(reduction="sum"), scores(), probabilities()),
    "huber": (nn.HuberLoss(delta=0.4), scores(), probabilities()),
    "bernoulli": (nn.BCEWithLogitsLoss(pos_weight=CLASS_WEIGHTS), scores(), BINARY),
    "function": (functional.cross_entropy, scores(), LABELS),
    "partial": (
        partial(functional.cross_entropy, weight=CLASS_WEIGHTS, ignore_index=9), scores(), IGNORED
    ),
    "divergence": (
        nn.KLDivLoss(reduction="batchmean"), scores().log_softmax(1), probabilities()
    ),
}  # fmt: skip


def whole(loss: Any, f: Tensor, y: Tensor, cuts: tuple[int, ...]) -> float:
    """The loss of all data from those of parts, as the operators add them up."""
    made = Loss(loss)
    total = weights = 0.0
    for start, stop in zip((0, *cuts), (*cuts, len(f)), strict=True):
        weight = made.weight(f[start:stop], y[start:stop])
        # the mean over no labels is NaN
        value = float(made(f[start:stop], y[start:stop])) if weight else 0.0
        if made.reduction == "sum":
            total, weights = total + value, 1.0
        else:
            total, weights = total + weight * value, weights + weight
    return total / weights


@pytest.mark.parametrize("cuts", [(), (4,), (1, 2), (1, 4, 5)])
@pytest.mark.parametrize("name", CASES)
def test_unequal_parts_make_the_loss_of_the_whole(
    name: str, cuts: tuple[int, ...]
) -> None:
    loss, f, y = CASES[name]
    assert whole(loss, f, y, cuts) == pytest.approx(float(loss(f, y)), rel=1e-13)


@pytest.mark.parametrize("name", ["cross-entropy", "weighted", "ignored", "squared"])
def test_a_mean_of_means_would_be_wrong(name: str) -> None:
    loss, f, y = CASES[name]
    means = [float(loss(f[:1], y[:1])), float(loss(f[2:], y[2:]))]
    rows = [0, *range(2, 6)]
    exact = float(loss(f[rows], y[rows]))
    assert sum(means) / 2 != pytest.approx(exact, rel=1e-3)


@pytest.mark.parametrize("name", CASES)
def test_second_derivatives_at_the_outputs_agree_with_torch_func(name: str) -> None:
    loss, f, y = CASES[name]
    made = Loss(loss)
    S = torch.func.hessian(lambda g: loss(g, y))(f).reshape(f.numel(), f.numel())
    slope = torch.func.grad(lambda g: loss(g, y))(f)
    assert close(made.residual(f, y), slope)
    for seed in range(3):
        generator = torch.Generator().manual_seed(seed)
        u = torch.randn(f.shape, generator=generator, dtype=torch.float64)
        found = made.hessian_product(f, y, u)
        assert close(found.reshape(-1), S @ u.reshape(-1))


def test_the_comparison_of_second_derivatives_sees_a_wrong_weight() -> None:
    f, y = scores(), LABELS
    u = torch.ones_like(f).cumsum(1)
    plain = Loss(nn.CrossEntropyLoss()).hessian_product(f, y, u)
    weighted = Loss(nn.CrossEntropyLoss(weight=CLASS_WEIGHTS)).hessian_product(f, y, u)
    assert not close(plain, weighted, 1e-3)


def test_a_loss_of_its_own_needs_its_reduction() -> None:
    def own(f: Tensor, y: Tensor) -> Tensor:
        return ((f - y) ** 2).sum(1).mean()

    sentence = "reduction is None and loss own does not say its own; expected mean or sum: pass"
    with pytest.raises(InputError, match=re.escape(sentence)):
        Loss(own)
    made = Loss(own, "mean")
    assert made.weight(scores(), probabilities()) == 6
    assert Loss(own, "sum").weight(scores(), probabilities()) == 1


class Focal(nn.CrossEntropyLoss):
    """Not the loss it inherits from."""

    def forward(self, f: Tensor, y: Tensor) -> Tensor:
        p = f.softmax(1).gather(1, y[:, None])
        return -((1 - p) ** 2 * p.log()).mean()


class Renamed(nn.CrossEntropyLoss):
    """The loss it inherits from."""


def test_a_loss_that_inherits_is_the_same_unless_it_computes_another() -> None:
    f, y = scores(), LABELS
    u = torch.ones_like(f).cumsum(1)
    for loss, kind in ((Focal(), "samples"), (Renamed(), "classes")):
        made = Loss(loss)
        assert made.kind == kind
        S = torch.func.hessian(lambda g, loss=loss: loss(g, y))(f).reshape(18, 18)
        assert close(made.hessian_product(f, y, u).reshape(-1), S @ u.reshape(-1))


def test_every_label_ignored_weighs_nothing() -> None:
    made = Loss(nn.CrossEntropyLoss())
    assert made.weight(scores(), torch.full((6,), -100)) == 0


def test_tensors_of_the_loss_follow_and_the_users_own_stay() -> None:
    loss = nn.CrossEntropyLoss(weight=CLASS_WEIGHTS)
    moved = Loss(loss).moved(torch.device("cpu"), torch.float32)
    assert moved.option("weight").dtype == torch.float32
    assert loss.weight.dtype == torch.float64
    f = scores().float()
    assert float(moved(f, LABELS)) == pytest.approx(float(loss(scores(), LABELS)))
    part = Loss(partial(functional.cross_entropy, weight=CLASS_WEIGHTS, ignore_index=9))
    moved = part.moved(torch.device("cpu"), torch.float32)
    assert moved.option("weight").dtype == torch.float32
    assert moved.option("ignore_index") == 9


@pytest.mark.parametrize(
    ("loss", "reduction", "sentence"),
    [
        (nn.MSELoss(), "median", "reduction is 'median'; expected mean or sum"),
        (nn.MSELoss(), "sum", "reduction is 'sum' and the loss's own is 'mean'; expected"),
        (nn.MSELoss(reduction="none"), None, "loss has reduction 'none'; expected mean or"),
        ("mse", None, "loss is 'mse'; expected a callable (outputs, targets) -> scalar"),
    ],
)  # fmt: skip
def test_bad_losses_are_refused(loss: Any, reduction: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        Loss(loss, reduction)


@pytest.mark.parametrize("name", CASES)
def test_what_fits_is_accepted(name: str) -> None:
    loss, f, y = CASES[name]
    Loss(loss).check(f, y, "batch 0")
