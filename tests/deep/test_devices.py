"""deep/devices.py: which devices a machine is said to have, on machines of all kinds."""

import re
from collections.abc import Callable

import pytest
import torch

from landtheory.deep.devices import (
    Precision,
    choose_device,
    choose_dtype,
    communication_backends,
    deterministic,
    widest_dtype,
)
from landtheory.errors import InputError

Machine = Callable[..., None]
CPU, MPS = torch.device("cpu"), torch.device("mps")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    def pretend(*, cuda: int = 0, mps: bool = False) -> None:
        monkeypatch.setattr("torch.cuda.is_available", lambda: cuda > 0)
        monkeypatch.setattr("torch.cuda.device_count", lambda: cuda)
        monkeypatch.setattr("torch.backends.mps.is_available", lambda: mps)

    return pretend


def test_auto_is_the_fastest_that_is_there(machine: Machine) -> None:
    machine()
    assert choose_device("auto") == CPU
    machine(mps=True)
    assert choose_device("auto") == MPS
    machine(cuda=2, mps=True)
    assert choose_device("auto") == torch.device("cuda", 0)


def test_cuda_has_an_index_so_that_it_equals_a_tensors_device(machine: Machine) -> None:
    machine(cuda=2)
    assert choose_device("cuda") == torch.device("cuda", 0)
    assert choose_device("cuda:1") == torch.device("cuda", 1)
    assert choose_device("cpu") == CPU


def test_processes_of_one_machine_have_an_accelerator_each(machine: Machine) -> None:
    machine(cuda=2, mps=True)
    for name in ("auto", "cuda"):
        assert choose_device(name, local=1, here=2) == torch.device("cuda", 1)
    assert choose_device("cpu", local=1, here=2) == CPU
    with pytest.raises(
        InputError, match="expected one that this machine has: cuda:0, "
    ):
        choose_device("auto", local=2, here=3)
    for name in ("cuda:1", "mps"):
        sentence = (
            f"device is '{name}' for 2 processes; expected cpu or cuda, where each has a "
            "device of its own"
        )
        with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
            choose_device(name, local=0, here=2)


def test_what_moves_tensors_is_what_the_machine_has(machine: Machine) -> None:
    machine()
    assert communication_backends() == "cpu:gloo"
    machine(cuda=1)
    assert communication_backends() == "cpu:gloo,cuda:nccl"


@pytest.mark.parametrize(
    ("there", "name", "sentence"),
    [
        (
            {},
            "cuda",
            "device is 'cuda'; expected one that this machine has: cpu",
        ),
        (
            {"cuda": 2},
            "cuda:2",
            (
                "device is 'cuda:2'; expected one that this machine has: cuda:0, "
                "cuda:1, cpu"
            ),
        ),
        (
            {"cuda": 1},
            "mps",
            "device is 'mps'; expected one that this machine has: cuda:0, cpu",
        ),
        *(
            (
                {"cuda": 1},
                name,
                f"device is {name!r}; expected auto, cpu, cuda, cuda:INDEX or mps",
            )
            for name in ("gpu", "cpu:0", "cuda:", "cuda:-1", "cuda:99999", "meta", "")
        ),
    ],
)
def test_an_absent_or_unknown_device_is_refused(
    machine: Machine, there: dict[str, int], name: str, sentence: str
) -> None:
    machine(**there)
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        choose_device(name)


def test_a_dtype_is_taken_or_replaced_with_a_notice() -> None:
    assert choose_dtype("float64", device=CPU) == Precision(dtype=torch.float64)
    assert choose_dtype("bfloat16", device=MPS) == Precision(dtype=torch.bfloat16)
    assert choose_dtype("float64", device=MPS) == Precision(
        dtype=torch.float32, notice="mps has no float64: the model runs in float32"
    )


def test_an_unknown_dtype_is_refused() -> None:
    sentence = "dtype is 'int8'; expected one of float32, float64, bfloat16"
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        choose_dtype("int8", device=CPU)


def test_sums_are_taken_in_the_widest_dtype() -> None:
    assert widest_dtype(CPU) == torch.float64
    assert widest_dtype(MPS) == torch.float32


def test_convolutions_are_deterministic_for_a_while_on_cuda_only() -> None:
    before = torch.backends.cudnn.deterministic
    with deterministic(CPU):
        assert torch.backends.cudnn.deterministic == before
    with deterministic(torch.device("cuda", 0)):
        assert torch.backends.cudnn.deterministic
    assert torch.backends.cudnn.deterministic == before
