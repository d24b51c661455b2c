"""runs/shared.py and the shared journal: what the first process says, the second hears."""

from pathlib import Path
from typing import Any

import pytest
import torch
from support.ranks import Rank
from torch import nn

from landtheory.deep.processes import Processes
from landtheory.deep.progress import Progress
from landtheory.deep.runs import shared
from landtheory.deep.runs.folder import RunFolder
from landtheory.deep.runs.journal import SharedJournal
from landtheory.deep.runs.shared import (
    Choices,
    by_the_first,
    journal_of,
    share_weights,
)


def folder(path: Path) -> RunFolder:
    made = RunFolder(path, {"version": "1", "settings": {}}, resume=True)
    made.begin()
    return made


def silent(done: int, of: int) -> None:
    del done, of


def test_choices_are_the_firsts_and_are_kept(tmp_path: Path) -> None:
    first = Rank(0, 2)
    choices = Choices(folder(tmp_path), first)
    assert choices.known("basis") is None
    assert choices.chosen("basis", 40) == 40
    assert choices.chosen("basis", 50) == 40
    assert Choices(folder(tmp_path), first).known("basis") == 40
    assert first.says == [None, 40, 40, 40]
    second = Choices(None, Rank(1, 2, None, 40))
    assert second.known("basis") is None
    assert second.chosen("basis", 50) == 40
    assert Choices(None, Processes()).chosen("basis", 50) == 50


def test_a_journal_is_read_out_to_processes_that_have_none(tmp_path: Path) -> None:
    product = torch.randn(2, 5, dtype=torch.float64)
    first = Rank(0, 2)
    journal = journal_of(folder(tmp_path), first)
    assert journal is not None
    assert journal.find("A") is None
    journal.add("A", product)
    journal = SharedJournal(folder(tmp_path).journal(), first)
    found = journal.find("A")
    assert found is not None
    assert torch.equal(found, product)
    assert first.says[:3] == [True, None, [2, 5]]
    second = journal_of(None, Rank(1, 2, True, None, [2, 5], product))
    assert second is not None
    assert second.find("whatever") is None
    second.add("A", product + 1)
    heard = second.find("whatever")
    assert heard is not None
    assert torch.equal(heard, product)
    assert journal_of(None, Rank(1, 2, False)) is None
    assert journal_of(None, Processes()) is None


def work(seen: Progress) -> str:
    for step in range(3):
        seen(step, 3)
    return "done here"


@pytest.mark.parametrize(("patience", "signs"), [(0.0, 3), (1e9, 0)])
def test_the_first_works_and_gives_signs_of_life(
    monkeypatch: pytest.MonkeyPatch, patience: float, signs: int
) -> None:
    monkeypatch.setattr(shared, "SIGN_OF_LIFE", patience)
    steps: list[Any] = []
    first = Rank(0, 2)
    found = by_the_first(work, first, lambda done, of: steps.append((done, of)))
    assert found == "done here"
    assert steps == [(0, 3), (1, 3), (2, 3)]
    assert first.says == ["alive"] * signs + ["done"]


def test_the_others_wait_until_it_is_done() -> None:
    second = Rank(1, 2, "alive", "alive", "done")
    assert by_the_first(work, second, silent) is None
    assert second.hears == []


def test_weights_and_buffers_become_the_firsts() -> None:
    theirs, own = nn.BatchNorm1d(2), nn.BatchNorm1d(2)
    with torch.no_grad():
        theirs.weight.fill_(3)
        theirs.running_mean.fill_(4)  # type: ignore[union-attr]
        theirs.num_batches_tracked.fill_(5)  # type: ignore[union-attr]
    told = [tensor.clone() for tensor in theirs.state_dict().values()]
    share_weights(own, Rank(1, 2, *told))
    for name, tensor in own.state_dict().items():
        assert torch.equal(tensor, theirs.state_dict()[name])
