"""data/sources.py: crafted archives, factories, and a stand-in for torchvision."""

import re
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from landtheory.deep.data.sets import DataSet, load_data
from landtheory.errors import InputError


def load(name: str, **options: Any) -> DataSet:
    return load_data(name, **({"seed": 0, "dtype": torch.float64} | options))


def save(path: Path, **arrays: Any) -> str:
    np.savez(path, **arrays)
    return str(path)


def refused(sentence: str) -> "pytest.RaisesExc[InputError]":
    return pytest.raises(InputError, match=f"^{re.escape(sentence)}$")


X3, Y3 = np.arange(12.0).reshape(3, 4), np.array([0, 2, 1])


@pytest.mark.parametrize("dtype", ["f2", "<f4", ">f4", "<f8", ">f8", "longdouble"])
@pytest.mark.parametrize(
    ("shape", "read"),
    [((4,), (4,)), ((2, 2), (1, 2, 2)), ((1, 4, 1), (1, 4, 1))],
)
def test_arrays_keep_their_shape_and_numbers(
    tmp_path: Path, dtype: str, shape: tuple[int, ...], read: tuple[int, ...]
) -> None:
    X = X3.reshape(3, *shape).astype(dtype)
    data = load(save(tmp_path / "a.npz", X=X, y=Y3))
    assert (data.shape, data.classes) == (read, 3)
    assert np.array_equal(data.X.numpy().reshape(3, 4), X3)
    assert data.y.tolist() == [0, 2, 1]


@pytest.mark.parametrize("dtype", ["u1", ">i4", "u8", "bool"])
def test_labels_may_be_any_integers(tmp_path: Path, dtype: str) -> None:
    y = np.array([0, 1, 1]).astype(dtype)
    data = load(save(tmp_path / "a.npz", X=X3, y=y))
    assert (data.y.tolist(), data.classes) == ([0, 1, 1], 2)


def test_a_subset_keeps_inputs_and_labels_together(tmp_path: Path) -> None:
    y = np.arange(50)
    path = save(tmp_path / "a.npz", X=np.stack([y, -y], 1) / 2, y=y)
    data = load(path, samples=20, seed=5)
    assert torch.equal(data.X[:, 0] * 2, data.y.double())
    assert (len(set(data.y.tolist())), data.classes) == (20, 50)


def test_faulty_arrays_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.npz"
    faults: list[tuple[dict[str, Any], str]] = [
        (
            {"X": X3.astype(np.uint8), "y": Y3},
            f"X of {path} has dtype uint8; expected floats: scale images to [0, 1]",
        ),
        (
            {"X": X3.astype(complex), "y": Y3},
            f"X of {path} has dtype complex128; expected floats: scale images to [0, 1]",
        ),
        *(
            (
                {"X": X3, "y": y},
                (
                    f"y of {path} has shape {y.shape} and dtype {y.dtype} beside X of shape "
                    "(3, 4); expected (n,) integer labels, one for each of n >= 1 inputs"
                ),
            )
            for y in (Y3[:2], Y3[:, None], Y3 / 1, np.array(1), np.array(["a"] * 3))
        ),
        (
            {"X": np.array(1.0), "y": np.array(1)},
            (
                f"y of {path} has shape () and dtype int64 beside X of shape (); expected "
                "(n,) integer labels, one for each of n >= 1 inputs"
            ),
        ),
        (
            {"X": np.ones((0, 4)), "y": np.ones(0, int)},
            (
                f"y of {path} has shape (0,) and dtype int64 beside X of shape (0, 4); "
                "expected (n,) integer labels, one for each of n >= 1 inputs"
            ),
        ),
        (
            {"X": X3, "y": np.array([0, 1, 2**63], np.uint64)},
            f"y of {path} holds the label {2**63}; expected labels below 2^31",
        ),
        (
            {"X": X3, "y": np.array([0, 1, 10**6])},
            f"classes of {path} is 1000001; expected between 2 and 100000",
        ),
        (
            {"X": X3, "y": np.zeros(3, int)},
            f"classes of {path} is 1; expected between 2 and 100000",
        ),
        (
            {"X": X3, "y": Y3 - 1},
            f"y of {path} holds the label -1; expected labels from 0 to 1",
        ),
        (
            {"X": np.where(X3 == 5, np.nan, X3), "y": Y3},
            (
                f"X of {path} holds nan or infinity in torch.float64; expected finite "
                "numbers"
            ),
        ),
        (
            {"X": np.full((3, 1), np.longdouble("1e400")), "y": Y3},
            (
                f"X of {path} holds nan or infinity in torch.float64; expected finite "
                "numbers"
            ),
        ),
        (
            {"X": X3},
            f"data is {str(path)!r}, which holds X; expected the arrays X and y",
        ),
    ]
    for arrays, sentence in faults:
        with refused(sentence):
            load(save(path, **arrays))


def test_objects_in_an_archive_are_not_unpickled(tmp_path: Path) -> None:
    canary = tmp_path / "canary"

    class Payload:
        def __reduce__(self) -> tuple[Any, ...]:
            return (canary.touch, ())

    path = save(tmp_path / "bad.npz", X=np.array([[Payload()]], object), y=Y3[:1])
    with refused(
        f"X in {path} cannot be read; expected a plain array of numbers: objects and "
        "damaged files are refused"
    ):
        load(path)
    assert not canary.exists()


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.npz"
    save(path, X=X3, y=Y3)
    content = bytearray(path.read_bytes())
    size = content.index(b"PK\x01\x02") + 24
    content[size : size + 4] = (2**31).to_bytes(4, "little")
    path.write_bytes(content)
    with refused(
        f"data is {str(path)!r} with 2 members and 2.0 GiB unpacked; expected at most 64 "
        "members and 2 GiB"
    ):
        load(str(path))


def test_a_file_that_is_not_there_or_no_archive_is_refused(tmp_path: Path) -> None:
    absent, empty = tmp_path / "none.npz", tmp_path / "empty.npz"
    empty.touch()
    with refused(
        f"data is {str(absent)!r}; expected a readable .npz file: no such file or "
        "directory"
    ):
        load(str(absent))
    with refused(
        f"data is {str(empty)!r}; expected an .npz archive: write it with numpy.savez"
    ):
        load(str(empty))


FACTORIES = """
import numpy as np, torch
def arrays(): return np.eye(3), [0, 1, 2]
def tensors(): return torch.eye(3, dtype=torch.bfloat16, requires_grad=True), torch.arange(3)
def seeded(seed): return np.full((2, 1), float(seed)), np.array([0, 1])
def ragged(): return [[1.0], [1.0, 2.0]], [0, 1]
def sparse(): return torch.eye(3).to_sparse(), torch.arange(3)
def single(): return np.eye(3)
def integers(): return np.eye(3, dtype=int), [0, 1, 2]
"""


@pytest.fixture
def factories(tmp_path: Path) -> str:
    path = tmp_path / "mine.py"
    path.write_text(FACTORIES)
    return str(path)


def test_a_factory_returns_arrays_or_tensors(factories: str) -> None:
    for name in ("arrays", "tensors"):
        data = load(f"{factories}:{name}")
        assert torch.equal(data.X, torch.eye(3, dtype=torch.float64))
        assert (data.y.tolist(), data.name) == ([0, 1, 2], f"{factories}:{name}")
    assert load(f"{factories}:seeded", seed=4).X.tolist() == [[4.0], [4.0]]


def test_a_factory_that_returns_anything_else_is_refused(factories: str) -> None:
    with refused(
        f"data is '{factories}:single'; expected a factory that returns the tuple (X, "
        "y), but it returned an object of type ndarray"
    ):
        load(f"{factories}:single")
    with refused(
        f"X of {factories}:integers has dtype int64; expected floats: scale images to "
        "[0, 1]"
    ):
        load(f"{factories}:integers")


@pytest.mark.parametrize(
    ("name", "raised"), [("ragged", "ValueError: "), ("sparse", "TypeError: ")]
)
def test_what_is_no_array_is_refused(factories: str, name: str, raised: str) -> None:
    sentence = (
        f"data is '{factories}:{name}'; expected a factory that returns arrays or "
        f"tensors, but NumPy raised {raised}"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}.+$"):
        load(f"{factories}:{name}")


class Images:
    """Five colour images, as torchvision's sets give them one by one."""

    classes = ("cat", "dog", "emu")

    def __init__(self, root: str, train: bool = False, download: bool = True) -> None:
        if root == "absent":
            raise RuntimeError("Dataset not found.\nYou can use download=True")
        assert train
        assert not download
        self.root = root

    def __len__(self) -> int:
        return 5

    def __getitem__(self, index: int) -> tuple[np.ndarray, int]:
        image = np.full((4, 6, 3), 51 * index, np.uint8)
        image[..., 1] = 255
        return image, index % 2


class Grey(Images):
    def __init__(self, root: str, split: str) -> None:
        assert split == "train"

    def __getitem__(self, index: int) -> tuple[np.ndarray, int]:
        return np.full((4, 4 + (index == 4)), 255, np.uint8), index % 2


@pytest.fixture
def torchvision(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = types.ModuleType("torchvision.datasets")
    stand_in.Images, stand_in.Grey, stand_in.lower = Images, Grey, len
    monkeypatch.setitem(sys.modules, "torchvision", types.ModuleType("torchvision"))
    monkeypatch.setitem(sys.modules, "torchvision.datasets", stand_in)


@pytest.mark.usefixtures("torchvision")
def test_images_of_torchvision_have_channels_first_in_unit_range() -> None:
    data = load("tv:Images@there")
    assert (data.n, data.shape, data.classes) == (5, (3, 4, 6), 3)
    assert data.X[:, 0, 0, 0].tolist() == pytest.approx([0, 0.2, 0.4, 0.6, 0.8])
    assert bool((data.X[:, 1] == 1).all())
    assert data.y.tolist() == [0, 1, 0, 1, 0]
    assert load("tv:Grey", samples=1, seed=0).shape == (1, 4, 4)


@pytest.mark.usefixtures("torchvision")
@pytest.mark.parametrize("name", ["tv:Nothing", "tv:lower", "tv:", "tv:__name__"])
def test_what_is_no_set_of_torchvision_is_refused(name: str) -> None:
    with refused(
        f"data is {name!r}; expected a class of torchvision.datasets, as in tv:CIFAR10 "
        "or tv:CIFAR10@FOLDER"
    ):
        load(name)


@pytest.mark.usefixtures("torchvision")
def test_absent_files_and_unequal_images_are_refused_in_one_sentence() -> None:
    with refused(
        "data is 'tv:Images@absent'; expected images with labels that torchvision can "
        "read in 'absent', where nothing is downloaded, but it raised RuntimeError: "
        "Dataset not found"
    ):
        load("tv:Images@absent")
    with refused(
        "data is 'tv:Grey'; expected images with labels that torchvision can read in "
        "'data', where nothing is downloaded, but it raised ValueError: all input "
        "arrays must have the same shape"
    ):
        load("tv:Grey")
    with refused("samples is 6; expected at most 5"):
        load("tv:Images", samples=6)


def test_torchvision_is_optional(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torchvision", None)
    monkeypatch.delitem(sys.modules, "torchvision.datasets", raising=False)
    with refused(
        "data is 'tv:CIFAR10'; expected the package torchvision, which is not installed: "
        "pip install torchvision"
    ):
        load("tv:CIFAR10")
