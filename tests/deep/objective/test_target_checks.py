"""objective/target_checks.py: one sentence in place of torch's, or of a silent broadcast."""

import re
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from landtheory.deep.objective.losses import Loss
from landtheory.errors import InputError

F = torch.zeros(4, 3)


@pytest.mark.parametrize(
    ("loss", "output", "targets", "sentence"),
    [
        (
            nn.MSELoss(),
            torch.zeros(4, 1),
            torch.zeros(4),
            (
                "targets of batch 0 have shape (4,) and outputs (4, 1); expected the same "
                "shape, since torch would broadcast: reshape the targets"
            ),
        ),
        (
            nn.MSELoss(),
            F,
            torch.zeros(4, 3).long(),
            (
                "targets of batch 0 have dtype torch.int64; expected floats for this loss: "
                "convert them"
            ),
        ),
        (
            nn.BCEWithLogitsLoss(),
            F,
            torch.full((4, 3), 1.5),
            (
                "targets of batch 0 lie between 1.5 and 1.5; expected probabilities between "
                "0 and 1"
            ),
        ),
        (
            nn.CrossEntropyLoss(),
            F,
            torch.tensor([0, 1, 3, 2]),
            (
                "targets of batch 0 hold the label 3; expected labels from 0 to 2, since the "
                "model has 3 outputs"
            ),
        ),
        (
            nn.CrossEntropyLoss(),
            F,
            torch.tensor([0, 1, -1, 2]),
            (
                "targets of batch 0 hold the label -1; expected labels from 0 to 2, since "
                "the model has 3 outputs"
            ),
        ),
        (
            nn.CrossEntropyLoss(),
            F,
            torch.zeros(5).long(),
            (
                "targets of batch 0 have shape (5,) and outputs (4, 3); expected outputs "
                "(n, C, …) and labels (n, …)"
            ),
        ),
        (
            nn.CrossEntropyLoss(),
            torch.zeros(4),
            torch.zeros(()).long(),
            (
                "targets of batch 0 have shape () and outputs (4,); expected outputs (n, C, "
                "…) and labels (n, …)"
            ),
        ),
        (
            nn.CrossEntropyLoss(),
            F,
            torch.zeros(4, 2),
            "targets of batch 0 have shape (4, 2) and outputs (4, 3); expected the same",
        ),
        (
            nn.CrossEntropyLoss(),
            F.long(),
            torch.zeros(4).long(),
            "model gives outputs of dtype torch.int64 for batch 0; expected real floats",
        ),
    ],
)
def test_what_does_not_belong_together_is_refused(
    loss: Any, output: Tensor, targets: Tensor, sentence: str
) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        Loss(loss).check(output, targets, "batch 0")


def test_ignored_labels_may_be_anything() -> None:
    Loss(nn.CrossEntropyLoss()).check(F, torch.tensor([0, -100, 2, -100]), "batch 0")
    Loss(nn.CrossEntropyLoss()).check(F, torch.full((4,), -100), "batch 0")


def test_a_loss_of_its_own_checks_for_itself() -> None:
    Loss(lambda f, y: (f - y).sum(), "sum").check(F, torch.zeros(4), "batch 0")
