"""minima/minimum.py, held against what goes through JSON and a file of weights."""

import json
from dataclasses import replace
from typing import Any

import pytest
import torch
from support.minima import network
from torch import nn

from landtheory.deep.minima.minimum import Minimum, Phase
from landtheory.deep.minima.search import Case

PHASE = Phase(
    steps=7, target=0.01, loss=0.1, reached=True, clean_loss=1 / 3, test_loss=0.5,
    clean_accuracy=1.0, test_accuracy=0.75, attack_accuracy=None,
)  # fmt: skip


def minimum(**changes: Any) -> Minimum:
    values: dict[str, Any] = {
        "state": network(Case(4, 0.5)).state_dict(),
        "seed": 4,
        "fraction": 0.1,
        "attacked": 20,
        "first": PHASE,
        "polish": replace(PHASE, loss=0.001),
        "clean_loss": 0.001,
        "clean_accuracy": 1.0,
        "test_loss": 0.5,
        "test_accuracy": 0.75,
        "weight_norm": 9.0,
        "temperature": None,
        "converged": True,
        "reason": "",
    }
    return Minimum(**values | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"polish": None, "converged": False, "reason": "the loss is too high"},
        {"temperature": 3.7},
        {"test_loss": float("inf"), "first": replace(PHASE, loss=float("inf"))},
    ],
)
def test_a_record_comes_back_as_it_was(changes: dict[str, Any]) -> None:
    one = minimum(**changes)
    text = json.dumps(one.record(), allow_nan=False)
    again = Minimum.of(one.state, json.loads(text))
    for name in Minimum.__dataclass_fields__:
        assert getattr(again, name) == getattr(one, name), name


def test_what_is_no_number_is_told_by_name() -> None:
    one = minimum(first=replace(PHASE, loss=float("nan")), test_loss=float("-inf"))
    record = one.record()
    assert (record["first"]["loss"], record["test_loss"]) == ("nan", "-inf")
    again = Minimum.of(one.state, record)
    assert again.first.loss != again.first.loss
    assert again.test_loss == float("-inf")


def test_a_record_of_something_else_is_refused() -> None:
    record = minimum().record()
    with pytest.raises(TypeError):
        Minimum.of({}, record | {"colour": "red"})


def test_weights_go_into_a_network() -> None:
    one = minimum()
    model: nn.Module = network(Case(5, 0.0)).train()
    assert one.into(model) is model
    assert not model.training
    for name, part in model.state_dict().items():
        assert part.dtype == torch.float64
        assert torch.equal(part, one.state[name].double())
