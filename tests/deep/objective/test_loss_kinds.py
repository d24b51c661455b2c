"""objective/loss_kinds.py: modules, functions and partials of one loss are recognised alike."""

from functools import partial
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional

from landtheory.deep.objective.loss_kinds import (
    CLASSES,
    ELEMENTS,
    UNIT_TARGETS,
    is_one_of,
    loss_name,
    loss_options,
    made_of,
    reduction_of,
)

WEIGHT = torch.ones(3)


@pytest.mark.parametrize(
    "loss",
    [
        nn.CrossEntropyLoss(weight=WEIGHT, ignore_index=7),
        partial(functional.cross_entropy, weight=WEIGHT, ignore_index=7),
        partial(partial(functional.cross_entropy, weight=WEIGHT), ignore_index=7),
    ],
)
def test_ways_to_write_a_loss(loss: Any) -> None:
    options = loss_options(loss)
    assert options["weight"] is WEIGHT
    assert options["ignore_index"] == 7
    assert options["label_smoothing"] == 0
    assert is_one_of(made_of(loss), CLASSES)
    assert not is_one_of(made_of(loss), ELEMENTS)
    assert reduction_of(loss, options, None) == "mean"


@pytest.mark.parametrize(
    ("loss", "kinds", "name"),
    [
        (nn.MSELoss(), ELEMENTS, "MSELoss"),
        (functional.huber_loss, ELEMENTS, "huber_loss"),
        (nn.BCEWithLogitsLoss(), UNIT_TARGETS, "BCEWithLogitsLoss"),
        (partial(functional.nll_loss), CLASSES, "nll_loss"),
    ],
)
def test_losses_and_their_names(loss: Any, kinds: Any, name: str) -> None:
    assert is_one_of(made_of(loss), kinds)
    assert loss_name(made_of(loss)) == name


def test_losses_of_ones_own_are_none_of_these() -> None:
    class Own(nn.MSELoss):
        def forward(self, f: Any, y: Any) -> Any:
            return (f - y).abs().mean()

    for loss in (Own(), lambda f, y: f, max):
        assert not is_one_of(made_of(loss), (*CLASSES, *ELEMENTS))
    assert loss_options(max) == {}


def test_the_mean_over_samples_of_a_divergence_is_a_mean() -> None:
    loss = nn.KLDivLoss(reduction="batchmean")
    assert reduction_of(loss, loss_options(loss), None) == "mean"
