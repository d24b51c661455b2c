"""Data from outside: archives of arrays, the user's functions, torchvision."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ...errors import InputError
from ..factories import call_factory, first_line, optional_module

__all__ = ["Arrays", "Indices", "from_factory", "from_npz", "from_torchvision"]

Indices = npt.NDArray[np.int64]
Choice = Callable[[int], Indices]


class Arrays(NamedTuple):
    """Inputs X (n, …) of floats, labels y (n,) int64, and the number of classes."""

    X: npt.NDArray[np.floating[Any]]
    y: npt.NDArray[np.int64]
    classes: int


def from_npz(name: str, choose: Choice) -> Arrays:
    """Arrays X and y of a NumPy archive; nothing in it is unpickled.

    Parameters
    ----------
    name : str
        The file: X (n, d), (n, height, width) or (n, channels, height, width) of
        floats, y (n,) of integers.
    choose : callable
        Which of n samples to take.

    Returns
    -------
    Arrays
        C is the largest label + 1.

    Raises
    ------
    InputError
        If the file cannot be read, is no such archive, holds objects, is larger than
        2 GiB when unpacked, or an array is missing or of a wrong kind.
    """
    from ...numerics.archives import opened_archive, read_member

    with opened_archive(Path(name)) as archive:
        X, y = (
            read_member(archive, Path(name), "X"),
            read_member(archive, Path(name), "y"),
        )
    return _arrays(X, y, name, choose)


def from_factory(name: str, choose: Choice, *, seed: int) -> Arrays:
    """X and y that a function of the user's own returns.

    Parameters
    ----------
    name : str
        `path.py:factory`.
    choose : callable
        Which of n samples to take.
    seed : int
        For a factory that names it.

    Returns
    -------
    Arrays
        C is the largest label + 1.

    Raises
    ------
    InputError
        If it raises, or returns anything but a pair of arrays or tensors.
    """
    found = call_factory(name, what="data", seed=seed)
    if not (isinstance(found, tuple) and len(found) == 2):
        raise InputError(
            f"data is {name!r}; expected a factory that returns the tuple (X, y), but "
            f"it returned an object of type {type(found).__name__}"
        )
    try:
        X, y = (_as_array(part) for part in found)
    except Exception as error:
        raise InputError(
            f"data is {name!r}; expected a factory that returns arrays or tensors, but "
            f"NumPy raised {first_line(error)}"
        ) from error
    return _arrays(X, y, name, choose)


def from_torchvision(name: str, choose: Choice) -> Arrays:
    """A training set of torchvision, from files that are already there.

    Parameters
    ----------
    name : str
        tv:NAME or tv:NAME@FOLDER; FOLDER is data by default.
    choose : callable
        Which of n samples to take; only those are decoded.

    Returns
    -------
    Arrays
        Images (n, channels, height, width) float32, divided by 255.

    Raises
    ------
    InputError
        If torchvision, the set or its files are not there, or its images are not all of
        one size.

    Notes
    -----
    Some sets are stored as pickles; torchvision compares their checksums before it
    reads them.
    """
    datasets = optional_module("torchvision.datasets", what="data", name=name)
    its_name, _, folder = name.removeprefix("tv:").partition("@")
    kind = getattr(datasets, its_name, None)
    if not re.fullmatch(r"[A-Z]\w*", its_name) or not inspect.isclass(kind):
        raise InputError(
            f"data is {name!r}; expected a class of torchvision.datasets, as in "
            "tv:CIFAR10 or tv:CIFAR10@FOLDER"
        )
    folder = folder or "data"
    try:
        found = _training_set(kind, folder)
        chosen = choose(len(found))
        images, labels = zip(*(found[int(i)] for i in chosen), strict=True)
        X = np.stack([_channels_first(image) for image in images])
        y = np.array(labels, dtype=np.int64)
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"data is {name!r}; expected images with labels that torchvision can read "
            f"in {folder!r}, where nothing is downloaded, but it raised "
            f"{first_line(error)}"
        ) from error
    named = getattr(found, "classes", ())
    return Arrays(X, y, max(len(named), int(y.max()) + 1))


def _training_set(kind: Callable[..., Any], folder: str) -> Any:
    known = inspect.signature(kind).parameters
    options = {"train": True, "split": "train", "download": False}
    return kind(root=folder, **{k: v for k, v in options.items() if k in known})


def _channels_first(image: object) -> npt.NDArray[np.float32]:
    pixels: npt.NDArray[np.float32] = np.asarray(image, dtype=np.float32)
    pixels /= np.float32(255)
    return pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, -1, 0)


def _as_array(part: object) -> npt.NDArray[Any]:
    if not isinstance(part, Tensor):
        return np.asarray(part)
    plain = part.detach().cpu()
    # NumPy has no bfloat16
    return (plain.float() if plain.dtype == torch.bfloat16 else plain).numpy()


def _arrays(
    X: npt.NDArray[Any], y: npt.NDArray[Any], name: str, choose: Choice
) -> Arrays:
    if X.dtype.kind != "f":
        raise InputError(
            f"X of {name} has dtype {X.dtype}; expected floats: scale images to [0, 1]"
        )
    pairs = X.ndim > 0 and y.shape == X.shape[:1] and y.size > 0
    if y.dtype.kind not in "iub" or not pairs:
        raise InputError(
            f"y of {name} has shape {y.shape} and dtype {y.dtype} beside X of shape "
            f"{X.shape}; expected (n,) integer labels, one for each of n >= 1 inputs"
        )
    if int(y.max()) >= 2**31:
        raise InputError(
            f"y of {name} holds the label {y.max()}; expected labels below 2^31"
        )
    images = X[:, None] if X.ndim == 3 else X
    chosen = choose(len(y))
    # float64 holds float16, and the byte order becomes this machine's
    floats = np.dtype(np.float32 if X.dtype.itemsize == 4 else np.float64)
    with np.errstate(over="ignore"):
        unchecked: npt.NDArray[Any] = images[chosen].astype(floats)
    return Arrays(unchecked, y[chosen].astype(np.int64), int(y.max()) + 1)
