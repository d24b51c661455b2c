"""deep/budget.py: bytes that autograd keeps, counted by hand."""

import torch
from torch import Tensor, nn

from landtheory.deep.budget import fitting_batch_size, saved_bytes, spare_bytes
from landtheory.numerics.memory import available_bytes


def test_each_storage_that_is_saved_counts_once() -> None:
    x = torch.ones(5, 4, dtype=torch.float64, requires_grad=True)

    def twice() -> Tensor:
        y = x.sin()  # keeps x
        return (y * y).sum() + x.cos().sum()  # keeps y, and x again

    assert saved_bytes(twice) == 2 * 20 * 8


def test_parts_of_a_storage_count_as_the_whole() -> None:
    x = torch.ones(10, requires_grad=True)
    assert saved_bytes(lambda: x[:2].sin().sum() + x[3:5].sin().sum()) == 40


def test_a_network_saves_its_inputs_and_activations() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    x = torch.ones(6, 3)
    # inputs of both layers, the second of which tanh keeps as well, and a weight
    expected = 4 * (6 * 3 + 6 * 4 + 2 * 4)
    assert saved_bytes(lambda: model(x).sum()) == expected


def test_the_memory_of_a_cpu_is_what_is_available() -> None:
    spare = spare_bytes(torch.device("cpu"))
    assert 0.5 * available_bytes() <= spare <= 2 * available_bytes()


def test_the_batch_grows_with_memory_up_to_all_samples() -> None:
    sizes = [fitting_batch_size(1000.0, 50, 10**k) for k in range(3, 9)]
    assert sizes == sorted(sizes)
    assert sizes[0] == 1
    assert sizes[-1] == 50
    assert fitting_batch_size(0.0, 7, 10**6) == 7
