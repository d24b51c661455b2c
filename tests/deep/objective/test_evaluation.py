"""objective/evaluation.py: the value of one batch and its weight; refusals: test_risk.py."""

import pytest
import torch
from support.networks import NETWORKS, output

from landtheory.deep.objective.batches import Batch
from landtheory.deep.objective.evaluation import evaluated
from landtheory.deep.objective.objective import Objective
from landtheory.deep.objective.preserve import preserved


@pytest.mark.parametrize("name", NETWORKS)
def test_the_value_is_the_loss_and_the_weight_its_denominator(name: str) -> None:
    case = NETWORKS[name]()
    objective = Objective(case.model, case.loss)
    batch = objective.prepared(Batch(case.inputs, case.targets))
    with preserved(case.model, device=torch.device("cpu")):
        value, weight = evaluated(objective, batch, "batch 0")
    expected = case.loss(output(case).detach(), case.targets)
    assert value == pytest.approx(float(expected), rel=1e-14)
    counts = {"classes": len(case.targets), "elements": case.targets.numel()}
    wanted = 1 if name == "summed" else counts[objective.loss.kind]
    assert weight == wanted
    assert not torch.is_inference_mode_enabled()
