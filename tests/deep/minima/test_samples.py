"""minima/samples.py, held against the samples of each network by itself."""

import re

import pytest
import torch
from support.minima import seeded

from landtheory.deep.minima.attack import Pairs
from landtheory.deep.minima.samples import Samples
from landtheory.errors import InputError

COUNTS = (3, 5, 2)


def parts() -> list[Pairs]:
    rng = seeded()
    return [
        Pairs(torch.randn(n, 4, generator=rng), torch.randn(n, 2, generator=rng))
        for n in COUNTS
    ]


def test_each_has_its_own_samples_and_nothing_behind_them() -> None:
    samples = Samples.of(parts())
    assert samples.X.shape == (3, 5, 4)
    for i, (pairs, n) in enumerate(zip(parts(), COUNTS, strict=True)):
        assert torch.equal(samples.X[i, :n], pairs.X)
        assert torch.equal(samples.y[i, :n], pairs.y)
        assert torch.equal(samples.weights[i, :n], torch.full((n,), 1 / n))
        assert not samples.weights[i, n:].any()
        assert not samples.X[i, n:].any()


def test_some_are_kept_without_padding_that_nobody_needs() -> None:
    kept = Samples.of(parts()).kept(torch.tensor([2, 0]))
    wanted = Samples.of([parts()[2], parts()[0]])
    assert kept.counts == wanted.counts == (2, 3)
    for name in ("X", "y", "weights"):
        assert torch.equal(getattr(kept, name), getattr(wanted, name))


def test_a_mini_batch_is_an_equal_part_of_each() -> None:
    samples = Samples.of(parts())
    drawn = samples.drawn(torch.tensor([[0, 2], [4, 1], [1, 0]]))
    assert torch.equal(drawn.X[1], parts()[1].X[[4, 1]])
    assert torch.equal(drawn.y[2], parts()[2].y[[1, 0]])
    assert torch.equal(drawn.weights, torch.full((3, 2), 0.5))


def test_weights_are_as_exact_as_the_precision() -> None:
    wide = Samples.of(parts()).to(torch.float64)
    assert wide.weights[0, 0] == 1 / 3
    assert wide.X.dtype == wide.y.dtype == torch.float64
    assert not wide.weights[0, 3:].any()


def test_a_network_without_samples_is_refused() -> None:
    for given, shown in (
        ([], "[]"),
        ([Pairs(torch.ones(0, 2), torch.ones(0, 1))], "[0]"),
    ):
        sentence = (
            f"parts have {shown} samples; expected at least one for each of at least one "
            "network"
        )
        with pytest.raises(InputError, match=re.escape(sentence)):
            Samples.of(given)
