"""data/sets.py: digits against scikit-learn, the generated sets against their laws."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

from landtheory.deep.data.sets import DataSet, load_data
from landtheory.errors import InputError

F32, F64 = torch.float32, torch.float64


def refused(sentence: str) -> "pytest.RaisesExc[InputError]":
    return pytest.raises(InputError, match=f"^{re.escape(sentence)}$")


def test_digits_are_all_of_scikit_learns_in_its_order() -> None:
    data = load_data("digits", seed=0, dtype=F64)
    images, labels = load_digits(return_X_y=True)
    assert (data.n, data.shape, data.classes, data.name) == (
        1797,
        (1, 8, 8),
        10,
        "digits",
    )
    # sixteenths are exact
    assert np.array_equal(data.X.reshape(1797, 64).numpy() * 16, images)
    assert np.array_equal(data.y.numpy(), labels)


def test_a_subset_is_drawn_without_replacement_and_repeats() -> None:
    whole = load_data("digits", seed=0, dtype=F64)
    some = load_data("digits", seed=3, samples=200, dtype=F64)
    again = load_data("digits", seed=3, samples=200, dtype=F64)
    other = load_data("digits", seed=4, samples=200, dtype=F64)
    assert torch.equal(some.X, again.X)
    assert not torch.equal(some.X, other.X)
    rows = {
        row.tobytes(): int(y) for row, y in zip(whole.X.numpy(), whole.y, strict=True)
    }
    drawn = [row.tobytes() for row in some.X.numpy()]
    assert len(set(drawn)) == 200
    assert [rows[row] for row in drawn] == some.y.tolist()
    # a few samples miss some labels, and still there are ten classes
    assert load_data("digits", seed=0, samples=3, dtype=F32).classes == 10


@pytest.mark.parametrize("name", ["moons", "spirals"])
def test_generated_sets_repeat_by_seed_and_are_balanced(name: str) -> None:
    data = load_data(name, seed=7, dtype=F64)
    assert (data.n, data.shape, data.classes) == (1000, (2,), 2)
    assert int(data.y.sum()) == 500
    assert torch.equal(data.X, load_data(name, seed=7, dtype=F64).X)
    assert not torch.equal(data.X, load_data(name, seed=8, dtype=F64).X)
    assert load_data(name, seed=2**40, samples=31, dtype=F32).n == 31


def test_moons_lie_on_two_half_circles() -> None:
    data = load_data("moons", seed=0, dtype=F64)
    centre = torch.tensor([[0.0, 0.0], [1.0, 0.5]], dtype=F64)[data.y]
    off = (data.X - centre).norm(dim=1) - 1
    # noise 0.1 in each coordinate: the radius deviates by 0.1, its mean by 0.1²/2
    assert abs(float(off.std()) / 0.1 - 1) < 5 / np.sqrt(2 * 1000)
    assert abs(float(off.mean()) - 0.005) < 5 * 0.1 / np.sqrt(1000)


def test_spirals_wind_one_and_a_half_turns() -> None:
    data = load_data("spirals", seed=0, dtype=F64)
    radius = data.X.norm(dim=1)
    angle = 3 * torch.pi * radius + torch.pi * data.y
    curve = radius[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)
    outside = radius > 0.3
    # the noise across the arm is 0.02; along it the curve's angle turns with the radius
    assert float((data.X - curve)[outside].norm(dim=1).median()) < 0.2
    other = data.X + 0
    assert float((other + curve)[outside].norm(dim=1).median()) > 0.5
    assert float(radius.max()) < 1.1


def test_the_dtype_is_as_asked() -> None:
    for dtype in (F32, F64, torch.bfloat16):
        assert load_data("digits", seed=0, samples=5, dtype=dtype).X.dtype == dtype


def test_the_fingerprint_sees_every_bit() -> None:
    data = load_data("digits", seed=0, samples=20, dtype=F32)
    one_bit, one_label = data.X.clone(), data.y.clone()
    one_bit[3, 0, 2, 2] = torch.nextafter(one_bit[3, 0, 2, 2], torch.tensor(9.0))
    one_label[5] = (one_label[5] + 1) % 10
    others = [
        replace(data, X=one_bit),
        replace(data, y=one_label),
        replace(data, X=data.X.reshape(20, 64)),
        replace(data, X=data.X.double()),
    ]
    prints = {data.fingerprint(), *(other.fingerprint() for other in others)}
    assert len(prints) == 5
    assert replace(data, name="renamed").fingerprint() == data.fingerprint()
    half = load_data("digits", seed=0, samples=20, dtype=torch.bfloat16)
    assert len(half.fingerprint()) == 64


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            {"name": "mnist"},
            (
                "data is 'mnist'; expected digits, moons, spirals, FILE.npz, FILE.py:FACTORY "
                "or tv:NAME"
            ),
        ),
        ({"seed": -1}, "seed is -1; expected an integer >= 0"),
        ({"seed": True}, "seed is True; expected an integer >= 0"),
        ({"samples": 0}, "samples is 0; expected an integer n >= 1"),
        ({"samples": 2.0}, "samples is 2.0; expected an integer n >= 1"),
        ({"samples": 1798}, "samples is 1798; expected at most 1797"),
        ({"dtype": torch.int64}, "dtype is torch.int64; expected one of floats"),
    ],
)
def test_a_wrong_request_is_refused(options: dict[str, Any], sentence: str) -> None:
    with refused(sentence):
        load_data(**({"name": "digits", "seed": 0, "dtype": F32} | options))


def made(**changes: Any) -> DataSet:
    good = {
        "X": torch.ones(3, 2),
        "y": torch.tensor([0, 1, 2]),
        "classes": 3,
        "name": "ours",
    }
    return DataSet(**(good | changes))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        *(
            (
                {"X": torch.ones(shape)},
                (
                    f"X of ours has shape {shape}; expected (n, d) or (n, channels, height, "
                    "width) with no empty axis"
                ),
            )
            for shape in ((3,), (3, 2, 2), (3, 0), (0, 2), (3, 1, 2, 2, 2))
        ),
        (
            {"X": torch.ones(3, 2, dtype=torch.int64)},
            "X of ours has dtype torch.int64 on cpu; expected floats on the cpu",
        ),
        (
            {"X": torch.ones(3, 2, device="meta")},
            "X of ours has dtype torch.float32 on meta; expected floats on the cpu",
        ),
        *(
            (
                {"X": torch.tensor([[1.0], [bad], [1.0]])},
                (
                    "X of ours holds nan or infinity in torch.float32; expected finite "
                    "numbers"
                ),
            )
            for bad in (np.nan, np.inf, -np.inf)
        ),
        (
            {"y": torch.tensor([0, 1])},
            (
                "y of ours has shape (2,) and dtype torch.int64 on cpu; expected (3,) labels "
                "in int64 on the cpu"
            ),
        ),
        (
            {"y": torch.tensor([0.0, 1.0, 2.0])},
            (
                "y of ours has shape (3,) and dtype torch.float32 on cpu; expected (3,) "
                "labels in int64 on the cpu"
            ),
        ),
        ({"classes": 1}, "classes of ours is 1; expected between 2 and 100000"),
        (
            {"classes": 10**9},
            f"classes of ours is {10**9}; expected between 2 and 100000",
        ),
        (
            {"classes": 2},
            "y of ours holds the label 2; expected labels from 0 to 1",
        ),
        (
            {"y": torch.tensor([0, -1, 5])},
            "y of ours holds the label -1; expected labels from 0 to 2",
        ),
    ],
)
def test_wrong_data_are_refused(changes: dict[str, Any], sentence: str) -> None:
    assert made().n == 3
    with refused(sentence):
        made(**changes)


def test_numbers_too_large_for_the_dtype_are_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "large.npz")
    np.savez(path, X=np.array([[1e300], [1.0]]), y=np.array([0, 1]))
    assert load_data(path, seed=0, dtype=F64).n == 2
    with refused(
        f"X of {path} holds nan or infinity in torch.float32; expected finite numbers"
    ):
        load_data(path, seed=0, dtype=F32)
