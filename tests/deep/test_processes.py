"""processes.py: one process has all of the data, and nothing to wait for."""

import re
from datetime import timedelta
from typing import Any

import pytest
import torch

from landtheory.deep.group import alone, current_processes, joined
from landtheory.deep.processes import Processes
from landtheory.deep.runs.shared import SIGN_OF_LIFE
from landtheory.errors import InputError


def test_one_process_owns_everything_and_has_every_result() -> None:
    processes = current_processes()
    assert type(processes) is Processes
    assert processes.is_first
    assert all(processes.owns(index) for index in range(5))
    assert processes.gathered([1]) == [[1]]
    assert processes.told("word") == "word"
    value = torch.ones(2)
    assert processes.summed(lambda: value) is value
    processes.copied(value)
    assert processes.sharing(torch.device("cpu")) == 1
    with alone():
        assert type(current_processes()) is Processes


def test_what_is_raised_together_comes_through() -> None:
    error = InputError("as it was")
    with (
        pytest.raises(InputError) as raised,
        Processes().together("v", [torch.ones(1)]),
    ):
        raise error
    assert raised.value is error


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def begin(backends: str, **options: Any) -> None:
        given.update(options, backends=backends)
        raise ValueError("stop here\nand more")

    monkeypatch.setattr("torch.distributed.init_process_group", begin)
    sentence = (
        "process group cannot be joined: torch raised stop here; expected what torchrun "
        "sets: start all processes by one torchrun"
    )
    with (
        pytest.raises(InputError, match=f"^{re.escape(sentence)}$"),
        joined("cpu:gloo"),
    ):
        pass
    assert given["backends"] == "cpu:gloo"
    assert timedelta(0) < given["timeout"] <= timedelta(hours=1)
    # the others hear from the one that trains much sooner
    assert given["timeout"].total_seconds() / 10 > SIGN_OF_LIFE


def test_a_group_that_nobody_started_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.delenv(name, raising=False)
    with (
        pytest.raises(
            InputError,
            match=r"^process group cannot be joined: torch raised .*RANK.*; expected what "
            r"torchrun sets: start all processes by one torchrun$",
        ),
        joined("cpu:gloo"),
    ):
        pass
