"""Data: scikit-learn's digits, and the user's own arrays."""

import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..theory.losses import Loss
from .arrays import Matrix, finite_array
from .targets import targets

__all__ = ["digits", "load_npz"]

MAX_BYTES = 2**31
MAX_MEMBERS = 64


def digits(*, samples: int, seed: int) -> tuple[Matrix, Matrix]:
    """Handwritten digits, odd against even.

    Parameters
    ----------
    samples : int
        How many, drawn without replacement.
    seed : int
        Of the draw.

    Returns
    -------
    X : (samples, 64) float64
        Grey values divided by 16, in [0, 1].
    y : (samples, 1) float64
        +1 for odd digits, -1 for even ones.

    Raises
    ------
    InputError
        If there are not so many.

    References
    ----------
    The optical digits of Alpaydin and Kaynak, as scikit-learn ships them.
    """
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    if not 1 <= samples <= len(images):
        raise InputError(
            f"samples is {samples!r}; expected between 1 and {len(images)}"
        )
    chosen = np.random.default_rng(seed).permutation(len(images))[:samples]
    X = np.ascontiguousarray(images[chosen], dtype=np.float64) / 16
    y = np.where(labels[chosen] % 2 == 1, 1.0, -1.0)[:, None]
    return X, y


def load_npz(path: Path, *, loss: Loss) -> tuple[Matrix, npt.NDArray[np.float64]]:
    """Arrays `X` and `y` of a NumPy archive, checked before they are read.

    Parameters
    ----------
    path : pathlib.Path
        An .npz file with X (n, …) float and y: floats for the squared loss, integers
        for the others.
    loss : Loss
        Which decides what y means.

    Returns
    -------
    X : (n, d) float64
        Trailing axes flattened.
    y : (n, C) or (n,)
        As `TwoLayerProblem` takes it.

    Raises
    ------
    InputError
        If the file cannot be read, is no such archive, holds objects, is larger than
        2 GiB when unpacked, or an array is missing, of a wrong kind or not finite.
    """
    with _opened(path) as archive:
        X, y = _member(archive, path, "X"), _member(archive, path, "y")
    if X.dtype.kind != "f":
        raise InputError(f"X in {path} has dtype {X.dtype}; expected floats")
    wanted, kinds = ("floats", "f") if loss.targets == "real" else ("integers", "iub")
    if y.dtype.kind not in kinds:
        raise InputError(
            f"y in {path} has dtype {y.dtype}; expected {wanted} for the "
            f"{loss.name} loss"
        )
    if X.ndim < 2 or X.shape[0] == 0:
        raise InputError(
            f"X in {path} has shape {X.shape}; expected (n, …) with n >= 1"
        )
    flat = finite_array(X.reshape(len(X), -1), f"X in {path}", ("n", "d"))
    plain = y.astype(np.int64) if y.dtype.kind == "b" else y
    targets(plain, loss=loss, n=len(flat), outputs=None)
    return flat, plain.astype(np.float64)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        reason = error.strerror or "cannot be opened"
        raise InputError(
            f"data is {str(path)!r}; expected a readable .npz file: {reason.lower()}"
        ) from None
    except zipfile.BadZipFile:
        raise InputError(
            f"data is {str(path)!r}; expected an .npz archive: write it with numpy.savez"
        ) from None
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or size > MAX_BYTES:
        archive.close()
        raise InputError(
            f"data is {str(path)!r} with {len(members)} members and "
            f"{size / 2**30:.1f} GiB unpacked; expected at most {MAX_MEMBERS} members "
            f"and {MAX_BYTES / 2**30:.0f} GiB"
        )
    return archive


def _member(archive: zipfile.ZipFile, path: Path, name: str) -> npt.NDArray[np.generic]:
    if f"{name}.npy" not in archive.namelist():
        found = ", ".join(
            sorted(entry.removesuffix(".npy") for entry in archive.namelist())
        )
        raise InputError(
            f"data is {str(path)!r}, which holds {found or 'nothing'}; expected the "
            "arrays X and y"
        )
    try:
        with archive.open(f"{name}.npy") as stream:
            array: npt.NDArray[np.generic] = np.lib.format.read_array(
                stream, allow_pickle=False
            )
    except (ValueError, EOFError, zipfile.BadZipFile, MemoryError):
        raise InputError(
            f"{name} in {path} cannot be read; expected a plain array of numbers: "
            "objects and damaged files are refused"
        ) from None
    return array
