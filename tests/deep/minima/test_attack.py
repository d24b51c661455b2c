"""minima/attack.py, held against the digits as scikit-learn ships them."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from landtheory.deep.data.sets import DataSet, load_data
from landtheory.deep.minima.attack import AttackData, Pairs, attack_data, parity_data
from landtheory.errors import InputError

REST = "the test has the rest"


def where(pairs: Pairs) -> list[int]:
    """Which digits of scikit-learn these are, undoing nothing but μ and s."""
    images = load_digits().data
    images = (images - images.mean()) / images.std()
    known: dict[bytes, list[int]] = {}
    for i, image in enumerate(images):
        known.setdefault(np.round(image, 6).tobytes(), []).append(i)
    rows = pairs.X.flatten(1).numpy()
    return [known[np.round(row, 6).tobytes()][0] for row in rows]


def agrees(data: AttackData) -> bool:
    """Whether the parts share no digit, and only the pool's labels are wrong."""
    signs = np.where(load_digits().target % 2 == 1, 1.0, -1.0)
    parts = [where(pairs) for pairs in (data.clean, data.pool, data.test)]
    whole = [i for part in parts for i in part]
    disjoint = len(set(whole)) == len(whole) == 1797
    right = [
        np.array_equal(y[:, 0].numpy(), sign * signs[part])
        for part, y, sign in zip(
            (*parts, parts[1]),
            (data.clean.y, data.pool.y, data.test.y, data.truth),
            (1, -1, 1, 1),
            strict=True,
        )
    ]
    return disjoint and all(right)


@cache
def parity(seed: int = 3) -> AttackData:
    return parity_data(seed, samples=100, pool=150, dtype=torch.float64)


def test_the_parts_are_disjoint_and_only_the_pool_is_wrong() -> None:
    data = parity()
    assert (data.n, len(data.pool.X), len(data.test.X)) == (100, 150, 1547)
    assert (data.outputs, data.shape) == (1, (1, 8, 8))
    assert agrees(data)


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: {"clean": data.pool},
        lambda data: {"clean": Pairs(data.clean.X, -data.clean.y)},
        lambda data: {"test": Pairs(data.test.X, -data.test.y)},
        lambda data: {"pool": Pairs(data.clean.X[:50], -data.clean.y[:50]),
                      "truth": data.clean.y[:50]},
        lambda data: {"pool": Pairs(data.pool.X, -data.pool.y), "truth": -data.truth},
    ],
)  # fmt: skip
def test_spoilt_data_are_seen(harm: Callable[[AttackData], dict[str, Any]]) -> None:
    data = parity()
    assert not agrees(replace(data, **harm(data)))


def test_a_right_label_in_the_pool_is_refused() -> None:
    data = parity()
    y = data.pool.y.clone()
    y[7] = -y[7]
    with pytest.raises(
        InputError,
        match=re.escape(
            "pool of digits has 1 right targets; expected wrong ones alone"
        ),
    ):
        replace(data, pool=Pairs(data.pool.X, y))


def test_a_seed_is_a_split() -> None:
    assert parity(1).fingerprint() == parity(1).fingerprint()
    assert parity(1).fingerprint() != parity(2).fingerprint()
    assert where(parity(1).clean) != where(parity(2).clean)


def test_a_fraction_is_the_first_part_of_the_pool() -> None:
    data = parity()
    for fraction, k in ((0.0, 0), (0.25, 25), (0.254, 25), (0.255, 26), (1.5, 150)):
        assert data.attacked(fraction) == k
        X, y = data.training(fraction)
        assert torch.equal(X, torch.cat([data.clean.X, data.pool.X[:k]]))
        assert torch.equal(y, torch.cat([data.clean.y, data.pool.y[:k]]))


@pytest.mark.parametrize("fraction", [-0.1, 1.6, float("nan")])
def test_a_fraction_beyond_the_pool_is_refused(fraction: float) -> None:
    with pytest.raises(InputError) as refused:
        parity().attacked(fraction)
    assert str(refused.value) == (
        f"fraction is {fraction!r}; expected a number from 0 to 1.5, the pool by the "
        "clean samples"
    )


def test_a_wrong_class_is_uniform_among_the_others() -> None:
    digits = load_data("digits", seed=0, dtype=torch.float64)
    data = attack_data(digits, seed=5, samples=300, pool=1400, labels="classes")
    assert data.outputs == 10
    truth, wrong = data.truth.argmax(1), data.pool.y.argmax(1)
    targets = torch.cat([data.clean.y, data.pool.y, data.truth, data.test.y])
    assert bool((targets.sum(1) == 1).all() and (targets.amax(1) == 1).all())
    shift = torch.bincount((wrong - truth) % 10, minlength=10)
    assert shift[0] == 0
    expected, deviation = 1400 / 9, (1400 * (1 / 9) * (8 / 9)) ** 0.5
    assert bool(((shift[1:] - expected).abs() < 5 * deviation).all())


def test_the_precision_is_that_asked_for() -> None:
    data = parity_data(0, samples=5, pool=5)
    assert data.clean.X.dtype == data.pool.y.dtype == data.truth.dtype == torch.float32


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"labels": "colours"},
         "labels is 'colours'; expected one of parity, classes"),
        ({"samples": 0}, "samples and pool are 0 and 4; expected at least 1 and 0"),
        ({"pool": -1}, "samples and pool are 3 and -1; expected at least 1 and 0"),
        ({"samples": 4},
         "samples + pool is 8; expected fewer than the 8 samples of mine: " + REST),
    ],
)  # fmt: skip
def test_bad_requests_are_refused(options: dict[str, Any], sentence: str) -> None:
    data = DataSet(X=torch.randn(8, 2), y=torch.arange(8) % 2, classes=2, name="mine")
    with pytest.raises(InputError, match=re.escape(sentence)):
        attack_data(data, **{"seed": 0, "samples": 3, "pool": 4} | options)


def test_inputs_that_do_not_differ_are_refused() -> None:
    data = DataSet(X=torch.ones(8, 2), y=torch.arange(8) % 2, classes=2, name="mine")
    sentence = "X of mine holds one number alone; expected inputs that differ"
    with pytest.raises(InputError, match=re.escape(sentence)):
        attack_data(data, seed=0, samples=3, pool=3)


def test_parts_of_different_shapes_are_refused() -> None:
    data = parity()
    for harm in (
        {"test": Pairs(data.test.X.flatten(1), data.test.y)},
        {"truth": data.truth[:5]},
        {"clean": Pairs(data.clean.X, data.clean.y[:5])},
        {"test": Pairs(data.test.X, data.test.y.repeat(1, 2))},
    ):
        with pytest.raises(
            InputError,
            match=r"expected as many targets \(n, C\) as inputs, and the same sizes",
        ):
            replace(data, **harm)
    empty = Pairs(data.test.X[:0], data.test.y[:0])
    with pytest.raises(
        InputError,
        match=re.escape("clean and test of digits have 100 and 0 samples; expected"),
    ):
        replace(data, test=empty)
