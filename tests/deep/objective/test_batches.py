"""objective/batches.py: every sample once a pass, the same at every pass, and what is refused."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from support.ranks import Rank
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, TensorDataset

from landtheory.deep.objective.batches import Batch, Batches
from landtheory.errors import InputError

CPU = torch.device("cpu")


def data(n: int = 7) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(n, 3, generator=generator), torch.arange(n)


@pytest.mark.parametrize(("size", "sizes"), [(None, [7]), (3, [3, 3, 1]), (9, [7])])
def test_a_tuple_is_one_data_set_in_micro_batches(
    size: int | None, sizes: list[int]
) -> None:
    X, y = data()
    batches = Batches((X, y), batch_size=size, device=CPU)
    assert (batches.count, batches.n_used, batches.n_total) == (len(sizes), 7, 7)
    for _ in range(2):
        found = list(batches)
        assert [batch.size for batch in found] == sizes
        assert torch.equal(torch.cat([batch.inputs for batch in found]), X)
        assert torch.equal(torch.cat([batch.targets for batch in found]), y)


def test_dicts_of_inputs_are_cut_alike() -> None:
    X, y = data()
    batches = Batches(({"a": X, "b": X[:, 0]}, y), batch_size=4, device=CPU)
    first, second = batches
    assert torch.equal(first.inputs["b"], X[:4, 0])
    assert torch.equal(second.inputs["a"], X[4:])
    assert torch.equal(batches.first(2).targets, y[:2])


def test_loaders_are_iterated_at_every_pass_and_say_what_they_leave_out() -> None:
    loader = DataLoader(TensorDataset(*data()), batch_size=3, drop_last=True)
    batches = Batches(loader, device=CPU)
    assert (batches.n_used, batches.n_total, batches.count) == (6, 7, 2)
    assert batches.first(2) is None
    once, again = list(batches), list(batches)
    assert all(
        torch.equal(a.inputs, b.inputs) for a, b in zip(once, again, strict=True)
    )


def test_batches_may_be_dicts_with_labels() -> None:
    X, y = data()
    batches = Batches([{"x": X, "labels": y}], device=CPU)
    (batch,) = batches
    assert list(batch.inputs) == ["x"]
    assert torch.equal(batch.targets, y)


def test_a_list_of_two_batches_is_not_a_data_set() -> None:
    X, y = data()
    assert Batches([(X[:3], y[:3]), (X[3:], y[3:])], device=CPU).count == 2


def test_a_loader_that_shuffles_by_global_numbers_repeats_itself() -> None:
    loader = DataLoader(TensorDataset(*data()), batch_size=3, shuffle=True)
    batches = Batches(loader, device=CPU)
    once = [batch.targets.tolist() for batch in batches]
    torch.rand(5)
    assert [batch.targets.tolist() for batch in batches] == once


class Augmented(Dataset[Any]):
    """Noise of its own generator: other inputs at every pass."""

    def __init__(self) -> None:
        self.rng = np.random.default_rng(0)

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        return torch.tensor(self.rng.standard_normal(3)), index


class Permuted:
    """The same samples, in other batches at every pass."""

    def __init__(self) -> None:
        self.passes = 0

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        X, y = data(4)
        self.passes += 1
        order = torch.arange(4).roll(self.passes)
        yield X[order[:2]], y[order[:2]]
        yield X[order[2:]], y[order[2:]]


class Relabelled:
    """The same inputs with labels exchanged: sums of inputs and of labels stay."""

    def __init__(self) -> None:
        self.passes = 0

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        X, y = data(4)
        self.passes += 1
        yield X, y.roll(self.passes)


@pytest.mark.parametrize(
    "loader",
    [DataLoader(Augmented(), batch_size=2), Permuted(), Relabelled()],
    ids=["augmented", "permuted", "relabelled"],
)
def test_data_that_changes_between_passes_is_refused(loader: Any) -> None:
    batches = Batches(loader, device=CPU)
    list(batches)
    sentence = (
        "data gives another batch 0 at each pass; expected the same: turn random "
        "augmentation off, and shuffle=False"
    )
    with pytest.raises(InputError, match=re.escape(sentence)):
        list(batches)


class Within:
    """The same batch in another order: no loss can tell."""

    def __init__(self) -> None:
        self.passes = 0

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        X, y = data(4)
        self.passes += 1
        order = torch.arange(4).roll(self.passes)
        yield X[order], y[order]


def test_the_order_within_a_batch_does_not_matter() -> None:
    batches = Batches(Within(), device=CPU)
    assert len(list(batches)) == len(list(batches)) == 1


class Shrinking:
    """Fewer batches at the second pass."""

    def __init__(self) -> None:
        self.left = 3

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        self.left -= 1
        for _ in range(self.left):
            yield data()


def test_fewer_batches_are_noticed() -> None:
    batches = Batches(Shrinking(), device=CPU)
    assert batches.count == 2
    with pytest.raises(InputError, match="data gave 2 batches and then 1; expected as"):
        list(batches)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (iter([data()]), "data is a list_iterator, which can be iterated only once; exp"),
        (TensorDataset(*data()), "data is a TensorDataset; expected a tuple (inputs, tar"),
        (torch.ones(3), "data is a Tensor; expected a tuple (inputs, targets) or a re-i"),
        ({"x": 1}, "data is a dict; expected a tuple (inputs, targets) or a re-iterable"),
        ("digits", "data is a str; expected a tuple (inputs, targets) or a re-iterable "),
        (7, "data is a int; expected a tuple (inputs, targets) or a re-iterable of batc"),
        ([], "data gives no batches; expected at least one: check the data set and drop"),
        ([3], "batch 0 is a int; expected a tuple (inputs, targets) of a tensor, or a d"),
        ([(1, torch.ones(2))], "batch 0 is a tuple; expected a tuple (inputs, targets) "),
        (({}, torch.ones(2)), "data is a tuple; expected a tuple (inputs, targets) of a"),
        (
            (torch.ones(3, 2), torch.ones(2)),
            "data has inputs of shape (3, 2) and targets of shape (2,); expected as many",
        ),
        (
            [(torch.ones(0, 2), torch.ones(0))],
            "batch 0 is empty; expected at least one sample",
        ),
    ],
)  # fmt: skip
def test_what_is_no_data_is_refused_in_one_sentence(wrong: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        list(Batches(wrong, device=CPU))


def test_generators_of_batches_are_one_shot() -> None:
    with pytest.raises(InputError, match="data is a generator, which can be iterated"):
        Batches((batch for batch in [data()]), device=CPU)


@pytest.mark.parametrize("size", [0, -1, 2.0, True])
def test_batch_sizes_are_positive_integers(size: Any) -> None:
    with pytest.raises(
        InputError, match=re.escape(f"batch_size is {size!r}; expected")
    ):
        Batches(data(), batch_size=size, device=CPU)


def test_a_loader_has_its_own_batch_size() -> None:
    with pytest.raises(InputError, match="batch_size is 2; expected None, since the"):
        Batches([data()], batch_size=2, device=CPU)


def test_a_batch_of_nan_is_the_same_batch() -> None:
    X = torch.full((2, 2), torch.nan)
    batches = Batches([Batch(X, torch.ones(2))], device=CPU)
    assert len(list(batches)) == len(list(batches)) == 1


@pytest.mark.parametrize("of", ["tuple", "list"])
def test_each_process_has_its_own_batches_with_the_numbers_of_all(of: str) -> None:
    whole = Batches(data(), batch_size=2, device=CPU)
    batches = whole
    if of == "list":
        batches = Batches([tuple(batch) for batch in whole], device=CPU)
    expected = list(whole)
    seen = []
    for rank in range(3):
        for index, batch in batches.owned(Rank(rank, 3)):
            assert index % 3 == rank
            assert torch.equal(batch.inputs, expected[index].inputs)
            assert torch.equal(batch.targets, expected[index].targets)
            seen.append(index)
    assert sorted(seen) == list(range(len(expected)))
    # with one process more than batches, the last has none
    assert list(batches.owned(Rank(len(expected), len(expected) + 1))) == []


def test_batches_in_another_order_than_the_first_process_has_are_refused() -> None:
    X, y = data()
    first = Rank(0, 2)
    Batches((X, y), batch_size=2, device=CPU).refuse_differences(first)
    same = Batches((X, y), batch_size=2, device=CPU)
    same.refuse_differences(Rank(1, 2, *first.says))
    other = Batches((X.flip(0), y.flip(0)), batch_size=2, device=CPU)
    sentence = (
        "data differs between the processes at batch 0; expected all of it in each, in "
        "the same order: pass it without a DistributedSampler, and shuffle=False"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        other.refuse_differences(Rank(1, 2, *first.says))
