"""Data for deep networks: what scikit-learn ships, and the user's own."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor

from ...errors import InputError
from ..factories import is_factory
from .sources import Arrays, Indices, from_factory, from_npz, from_torchvision

__all__ = ["DataSet", "load_data"]

GENERATED = 1000
"""Samples of moons and spirals, unless the user says how many."""

MAX_CLASSES = 100_000
"""A last layer for more would be a mistake in the labels."""


@dataclass(frozen=True, kw_only=True, eq=False)
class DataSet:
    """Inputs with their labels.

    Attributes
    ----------
    X : (n, d) or (n, channels, height, width) tensor of floats
        Inputs, finite; on the CPU.
    y : (n,) tensor of int64
        Labels, from 0 to C - 1.
    classes : int
        C, at least 2.
    name : str
        What the user calls it.

    Raises
    ------
    InputError
        If these do not hold.
    """

    X: Tensor
    y: Tensor
    classes: int
    name: str

    def __post_init__(self) -> None:
        _check_inputs(self.X, self.name)
        _check_labels(self.y, self.name, n=len(self.X), classes=self.classes)

    @property
    def n(self) -> int:
        """Number of samples."""
        return len(self.X)

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one input: (d,), or (channels, height, width)."""
        return tuple(self.X.shape[1:])

    def fingerprint(self) -> str:
        """SHA-256 of the shape, the dtype and every bit of X and y, in hexadecimal."""
        digest = hashlib.sha256(f"{tuple(self.X.shape)} {self.X.dtype}".encode())
        for tensor in (self.X, self.y):
            flat = tensor.contiguous().reshape(-1)
            digest.update(flat.view(torch.uint8).numpy().data)
        return digest.hexdigest()


def load_data(
    name: str, *, seed: int, samples: int | None = None, dtype: torch.dtype
) -> DataSet:
    """The data of that name.

    Parameters
    ----------
    name : str
        digits: the 1797 optical digits that scikit-learn ships, (1, 8, 8), grey values
        divided by 16, in [0, 1]. moons: scikit-learn's two half circles, with noise
        0.1. spirals: two arms of one and a half turns each. FILE.npz: arrays X and y.
        path.py:factory: a function of the user's own that returns X and y; it is given
        the seed if it names it. tv:NAME or tv:NAME@FOLDER: a training set of
        torchvision, whose files lie in FOLDER, by default data; values divided by 255.
    seed : int
        Of moons and spirals, and of the choice of samples.
    samples : int, optional
        How many. By default 1000 of moons and spirals, and all of the others in their
        own order; otherwise the others' are drawn without replacement.
    dtype : torch.dtype
        Of X.

    Returns
    -------
    DataSet
        On the CPU.

    Raises
    ------
    InputError
        If there are no such data, or not so many, or they are not finite inputs with
        labels from 0 up.

    References
    ----------
    Alpaydin and Kaynak (1998) for the digits; Lang and Witbrock (1988) for the spirals.
    """
    _check_request(seed, samples, dtype)
    choose = partial(_chosen, samples=samples, seed=seed)
    if name in _GENERATORS:
        count = GENERATED if samples is None else samples
        found = _GENERATORS[name](count, np.random.default_rng(seed))
    elif name == "digits":
        found = _digits(choose)
    elif is_factory(name):
        found = from_factory(name, choose, seed=seed)
    elif name.endswith(".npz"):
        found = from_npz(name, choose)
    elif name.startswith("tv:"):
        found = from_torchvision(name, choose)
    else:
        raise InputError(
            f"data is {name!r}; expected digits, moons, spirals, FILE.npz, "
            "FILE.py:FACTORY or tv:NAME"
        )
    X, y = torch.from_numpy(found.X).to(dtype), torch.from_numpy(found.y)
    return DataSet(X=X, y=y, classes=found.classes, name=name)


def _check_request(seed: int, samples: int | None, dtype: torch.dtype) -> None:
    if type(seed) is not int or seed < 0:
        raise InputError(f"seed is {seed!r}; expected an integer >= 0")
    if samples is not None and (type(samples) is not int or samples < 1):
        raise InputError(f"samples is {samples!r}; expected an integer n >= 1")
    if not dtype.is_floating_point:
        raise InputError(f"dtype is {dtype}; expected one of floats")


def _check_inputs(X: Tensor, name: str) -> None:
    if X.ndim not in (2, 4) or 0 in X.shape:
        raise InputError(
            f"X of {name} has shape {tuple(X.shape)}; expected (n, d) or (n, channels, "
            "height, width) with no empty axis"
        )
    if not X.is_floating_point() or X.device.type != "cpu":
        raise InputError(
            f"X of {name} has dtype {X.dtype} on {X.device}; expected floats on the cpu"
        )
    if not bool(X.isfinite().all()):
        raise InputError(
            f"X of {name} holds nan or infinity in {X.dtype}; expected finite numbers"
        )


def _check_labels(y: Tensor, name: str, *, n: int, classes: int) -> None:
    if tuple(y.shape) != (n,) or y.dtype != torch.int64 or y.device.type != "cpu":
        raise InputError(
            f"y of {name} has shape {tuple(y.shape)} and dtype {y.dtype} on {y.device}; "
            f"expected ({n},) labels in int64 on the cpu"
        )
    if not 2 <= classes <= MAX_CLASSES:
        raise InputError(
            f"classes of {name} is {classes}; expected between 2 and {MAX_CLASSES}"
        )
    low, high = int(y.min()), int(y.max())
    if low < 0 or high >= classes:
        raise InputError(
            f"y of {name} holds the label {low if low < 0 else high}; expected labels "
            f"from 0 to {classes - 1}"
        )


def _chosen(n: int, *, samples: int | None, seed: int) -> Indices:
    """Which of n samples are taken."""
    if samples is None:
        return np.arange(n)
    if samples > n:
        raise InputError(f"samples is {samples}; expected at most {n}")
    return np.random.default_rng(seed).permutation(n)[:samples]


def _digits(choose: Callable[[int], Indices]) -> Arrays:
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    chosen = choose(len(images))
    X = images[chosen].reshape(-1, 1, 8, 8) / 16
    return Arrays(X, labels[chosen].astype(np.int64), 10)


def _moons(n: int, rng: np.random.Generator) -> Arrays:
    from sklearn.datasets import make_moons

    legacy = np.random.RandomState(rng.bit_generator)
    X, y = make_moons(n, noise=0.1, random_state=legacy)
    return Arrays(X, y.astype(np.int64), 2)


def _spirals(n: int, rng: np.random.Generator) -> Arrays:
    """(r cos φ, r sin φ) and noise, φ = 3 π r + π y, r = √u with u uniform."""
    y = np.arange(n) % 2
    r = np.sqrt(rng.uniform(size=n))
    angle = 3 * np.pi * r + np.pi * y
    points = r[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return Arrays(points + 0.02 * rng.standard_normal((n, 2)), y, 2)


_GENERATORS: dict[str, Callable[[int, np.random.Generator], Arrays]] = {
    "moons": _moons,
    "spirals": _spirals,
}
