"""Data: scikit-learn's digits, and the user's own arrays."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..theory.losses import Loss
from .archives import opened_archive, read_member
from .arrays import Matrix, finite_array
from .targets import targets

__all__ = ["digits", "load_npz"]


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
    with opened_archive(path) as archive:
        X, y = read_member(archive, path, "X"), read_member(archive, path, "y")
    if X.dtype.kind != "f":
        raise InputError(f"X in {path} has dtype {X.dtype}; expected floats")
    wanted, kinds, advice = "integers", "iub", "choose another by --loss squared"
    if loss.targets == "real":
        wanted, kinds = "floats", "f"
        advice = "for classes choose another by --loss logistic or --loss softmax"
    if y.dtype.kind not in kinds:
        raise InputError(
            f"y in {path} has dtype {y.dtype}; expected {wanted} for the "
            f"{loss.name} loss: {advice}"
        )
    if X.ndim < 2 or X.shape[0] == 0:
        raise InputError(
            f"X in {path} has shape {X.shape}; expected (n, …) with n >= 1"
        )
    flat = finite_array(X.reshape(len(X), -1), f"X in {path}", ("n", "d"))
    plain = y.astype(np.int64) if y.dtype.kind == "b" else y
    targets(plain, loss=loss, n=len(flat), outputs=None)
    return flat, plain.astype(np.float64)
