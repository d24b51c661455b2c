"""numerics/data.py: digits against scikit-learn, files against crafted faults."""

import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from landtheory.errors import InputError
from landtheory.numerics.data import digits, load_npz
from landtheory.theory import get_loss

SQUARED, SOFTMAX = get_loss("squared"), get_loss("softmax")


def test_digits_are_odd_against_even_and_repeat() -> None:
    X, y = digits(samples=50, seed=3)
    again, _ = digits(samples=50, seed=3)
    other, _ = digits(samples=50, seed=4)
    assert np.array_equal(X, again)
    assert not np.array_equal(X, other)
    images, labels = load_digits(return_X_y=True)
    for row, sign in zip(X, y[:, 0], strict=True):
        place = int(np.flatnonzero((images == row * 16).all(axis=1))[0])
        assert sign == (1.0 if labels[place] % 2 else -1.0)


def test_too_many_digits_are_refused() -> None:
    with pytest.raises(
        InputError, match="samples is 5000; expected between 1 and 1797"
    ):
        digits(samples=5000, seed=0)


def save(path: Path, **arrays: object) -> Path:
    np.savez(path, **arrays)
    return path


def test_arrays_are_read_and_flattened(tmp_path: Path) -> None:
    X = np.arange(12.0).reshape(3, 2, 2)
    path = save(tmp_path / "a.npz", X=X, y=np.array([0, 2, 1]))
    found, y = load_npz(path, loss=SOFTMAX)
    assert np.array_equal(found, X.reshape(3, 4))
    assert y.tolist() == [0.0, 2.0, 1.0]


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"X": np.ones((2, 1))}, "which holds X; expected the arrays X and y"),
        ({"X": np.ones((2, 1), int), "y": np.ones(2)}, "has dtype int64; expected fl"),
        (
            {"X": np.ones((2, 1)), "y": np.ones(2, int)},
            "squared loss: for classes choose another by --loss logi",
        ),
        ({"X": np.ones(2), "y": np.ones(2)}, "has shape (2,); expected (n, …) with n"),
        ({"X": np.full((1, 1), np.inf), "y": np.ones(1)}, "is inf; expected finite"),
        (
            {"X": np.ones((2, 1)), "y": np.ones(3)},
            "Y has shape (3,); expected (2,) with no empty axis",
        ),
        ({"X": np.array([[None]], object), "y": np.ones(1)}, "objects and damaged"),
    ],
)
def test_faulty_archives_are_refused(
    tmp_path: Path, arrays: dict[str, np.ndarray], sentence: str
) -> None:
    path = save(tmp_path / "bad.npz", **arrays)
    with pytest.raises(InputError, match=re.escape(sentence)):
        load_npz(path, loss=SQUARED)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"expected a readable \.npz file: no such file"
    ):
        load_npz(tmp_path / "none.npz", loss=SQUARED)
    plain = tmp_path / "text.npz"
    plain.write_text("hello")
    with pytest.raises(InputError, match=r"expected an \.npz archive: write it with"):
        load_npz(plain, loss=SQUARED)


def test_a_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from landtheory.numerics import archives

    path = save(tmp_path / "big.npz", X=np.ones((100, 100)), y=np.ones(100))
    monkeypatch.setattr(archives, "MAX_BYTES", 1000)
    with pytest.raises(InputError, match="expected at most 64 members and"):
        load_npz(path, loss=SQUARED)


def test_a_damaged_member_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("X.npy", b"\x93NUMPY\x01\x00v\x00{")
        archive.writestr("y.npy", b"")
    with pytest.raises(InputError, match="objects and damaged files are refused"):
        load_npz(path, loss=SQUARED)


def patched(path: Path, offset: int, value: bytes) -> Path:
    """An archive with some bytes of each member's two headers replaced."""
    save(path, X=np.ones((2, 1)), y=np.ones(2))
    content = bytearray(path.read_bytes())
    for signature, place in ((b"PK\x03\x04", offset), (b"PK\x01\x02", offset + 2)):
        start = content.find(signature)
        while start >= 0:
            content[start + place : start + place + len(value)] = value
            start = content.find(signature, start + 4)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("offset", "value"), [(6, b"\x01\x00"), (8, b"\x63\x00")], ids=["locked", "packed"]
)
def test_an_encrypted_or_strangely_packed_archive_is_refused(
    tmp_path: Path, offset: int, value: bytes
) -> None:
    path = patched(tmp_path / "bad.npz", offset, value)
    sentence = (
        f"X in {path} is encrypted or packed in an unknown way; expected an .npz "
        "archive: write it with numpy.savez"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        load_npz(path, loss=SQUARED)


def test_an_archive_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = patched(tmp_path / "bad.npz", 4, b"\xff\x00")
    with pytest.raises(InputError, match=r"expected an \.npz archive: write it with"):
        load_npz(path, loss=SQUARED)


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }(((",
        "(" * 9000,
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-2, 1), }",
        f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({2**62}, 8), }}",
        f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({10**30},), }}",
        "{'descr': [('a', 3)], 'fortran_order': False, 'shape': (2, 1), }",
    ],
)
def test_a_damaged_header_is_refused(tmp_path: Path, header: str) -> None:
    path, text = tmp_path / "bad.npz", header.encode() + b"\n"
    with zipfile.ZipFile(path, "w") as archive:
        size = len(text).to_bytes(2, "little")
        body = b"\x93NUMPY\x01\x00" + size + text + bytes(16)
        archive.writestr("X.npy", body)
        archive.writestr("y.npy", body)
    with pytest.raises(InputError, match="objects and damaged files are refused"):
        load_npz(path, loss=SQUARED)


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_damaged_compressed_bytes_are_refused(tmp_path: Path, method: int) -> None:
    path = tmp_path / "bad.npz"
    save(tmp_path / "good.npz", X=np.random.default_rng(0).random((90, 9)))
    with (
        zipfile.ZipFile(tmp_path / "good.npz") as source,
        zipfile.ZipFile(path, "w", method) as archive,
    ):
        archive.writestr("X.npy", source.read("X.npy"))
        archive.writestr("y.npy", b"")
        start = archive.getinfo("X.npy").header_offset
    content = bytearray(path.read_bytes())
    content[start + 50 : start + 250] = b"\xff" * 200
    path.write_bytes(content)
    with pytest.raises(InputError, match="objects and damaged files are refused"):
        load_npz(path, loss=SQUARED)
