"""training/resumption.py: states are copies; another model's is refused untouched."""

import re
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from landtheory.deep.training.resumption import capture, restore, stored_tensors
from landtheory.errors import InputError

Run = tuple[nn.Module, torch.optim.Optimizer, torch.Generator]


def started(width: int = 3) -> Run:
    model = nn.Sequential(nn.Linear(2, width), nn.BatchNorm1d(width))
    optimiser = torch.optim.Adam(model.parameters(), lr=0.1, foreach=False)
    return model, optimiser, torch.Generator().manual_seed(0)


def step(run: Run) -> None:
    model, optimiser, generator = run
    optimiser.zero_grad()
    loss = model(torch.randn(4, 2, generator=generator)).square().sum()
    torch.autograd.backward(loss)
    optimiser.step()


def same(one: dict[str, Tensor], two: dict[str, Tensor]) -> bool:
    return one.keys() == two.keys() and all(torch.equal(one[k], two[k]) for k in one)


def test_a_state_holds_weights_buffers_moments_and_randomness() -> None:
    run = started()
    step(run)
    names = set(capture(*run))
    assert {
        "generator",
        "model.0.weight",
        "model.1.running_mean",
        "optimiser.0.exp_avg",
        "optimiser.3.exp_avg_sq",
        "optimiser.2.step",
    } <= names
    assert len(names) == 1 + 7 + 4 * 3


def test_a_state_neither_changes_nor_is_changed() -> None:
    run = started()
    step(run)
    state = capture(*run)
    kept = {name: t.clone() for name, t in state.items()}
    step(run)
    assert same(state, kept)
    other = started()
    restore(state, *other)
    assert same(capture(*other), kept)
    step(other)
    assert same(state, kept)


def test_a_restored_run_goes_on_alike() -> None:
    run, other = started(), started()
    step(run)
    restore(capture(*run), *other)
    for _ in range(3):
        step(run)
        step(other)
    assert same(capture(*run), capture(*other))


@pytest.mark.parametrize("change", ["width", "missing", "generator"])
def test_another_models_state_is_refused_and_nothing_changes(change: str) -> None:
    run = started()
    step(run)
    state: dict[str, Any] = capture(*started(5 if change == "width" else 3))
    state.pop({"missing": "model.0.bias", "generator": "generator"}.get(change), None)
    before = capture(*run)
    count = 6 if change == "missing" else 7
    sentence = (
        f"state has {count} tensors of a model; expected the names and shapes of this "
        "one's 7: resume with the same model"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        restore(state, *run)
    assert same(capture(*run), before)


def test_stored_tensors_share_memory_and_leave_other_state_out() -> None:
    class Extra(nn.Linear):
        def get_extra_state(self) -> dict[str, int]:
            return {"a": 1}

    model = Extra(2, 2)
    stored = stored_tensors(model)
    assert list(stored) == ["weight", "bias"]
    assert stored["weight"].data_ptr() == model.weight.data_ptr()
