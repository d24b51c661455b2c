"""Attack data: real samples with deliberately wrong labels, beside clean ones."""

import hashlib
from dataclasses import dataclass, fields
from typing import NamedTuple

import torch
from torch import Tensor

from ...errors import InputError
from ..data.sets import DataSet, load_data
from ..devices import one_thread
from ..runs.streams import generator_for
from .losses import is_right

__all__ = ["LABELS", "AttackData", "Pairs", "attack_data", "parity_data"]

LABELS = ("parity", "classes")
"""Odd labels against even ones, in one output; or one output for each class."""


class Pairs(NamedTuple):
    """Inputs X (n, …) with their targets y (n, C)."""

    X: Tensor
    y: Tensor


@dataclass(frozen=True, kw_only=True, eq=False)
class AttackData:
    """Clean samples, a pool of wrongly labelled ones, and samples for the test.

    Targets are ±1 where C = 1, and one-hot where C > 1.

    Attributes
    ----------
    clean : Pairs
        The n samples whose loss is compared.
    pool : Pairs
        Other samples, each with a wrong target.
    truth : (n_pool, C) tensor
        The right targets of the pool; no network is shown them.
    test : Pairs
        Samples in neither, with their right targets.
    name : str
        Of the data.
    seed : int
        Of the split, and of the wrong labels.

    Raises
    ------
    InputError
        If the shapes do not belong together, or a target of the pool is right.
    """

    clean: Pairs
    pool: Pairs
    truth: Tensor
    test: Pairs
    name: str
    seed: int

    def __post_init__(self) -> None:
        shapes = {pairs.X.shape[1:] for pairs in (self.clean, self.pool, self.test)}
        outputs = {part.shape[1:] for part in self._targets()}
        paired = all(len(pairs.X) == len(pairs.y) for pairs in self._pairs())
        fits = paired and len(self.truth) == len(self.pool.y)
        if not fits or len(shapes) > 1 or len(outputs) > 1 or self.clean.y.ndim != 2:
            raise InputError(
                f"clean, pool and test of {self.name} have the shapes "
                f"{[tuple(part.shape) for pairs in self._pairs() for part in pairs]}; "
                "expected as many targets (n, C) as inputs, and the same sizes in each"
            )
        if min(len(self.clean.X), len(self.test.X)) < 1:
            raise InputError(
                f"clean and test of {self.name} have {self.n} and {len(self.test.X)} "
                "samples; expected at least one in each"
            )
        right = int(is_right(self.pool.y, self.truth).sum())
        if right:
            raise InputError(
                f"pool of {self.name} has {right} right targets; expected wrong ones "
                "alone"
            )

    @property
    def n(self) -> int:
        """Clean samples."""
        return len(self.clean.X)

    @property
    def outputs(self) -> int:
        """C."""
        return self.clean.y.shape[1]

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one input."""
        return tuple(self.clean.X.shape[1:])

    def attacked(self, fraction: float) -> int:
        """How many wrong samples a fraction of the n clean ones is, to the nearest.

        Raises
        ------
        InputError
            If it is negative, or more than the pool.
        """
        most = len(self.pool.X) / self.n
        if not 0 <= fraction <= most:
            raise InputError(
                f"fraction is {fraction!r}; expected a number from 0 to {most:g}, the "
                "pool by the clean samples"
            )
        return int(fraction * self.n + 0.5)

    def training(self, fraction: float) -> Pairs:
        """The clean samples, and behind them the first of the pool."""
        k = self.attacked(fraction)
        return Pairs(
            torch.cat([self.clean.X, self.pool.X[:k]]),
            torch.cat([self.clean.y, self.pool.y[:k]]),
        )

    def fingerprint(self) -> str:
        """SHA-256 of every bit of the data, in hexadecimal."""
        digest = hashlib.sha256()
        parts = [part for pairs in self._pairs() for part in pairs]
        for part in (*parts, self.truth):
            digest.update(f"{tuple(part.shape)} {part.dtype}".encode())
            flat = part.contiguous().reshape(-1)
            digest.update(flat.view(torch.uint8).numpy().data)
        return digest.hexdigest()

    def _pairs(self) -> tuple[Pairs, ...]:
        return tuple(
            getattr(self, f.name)
            for f in fields(self)
            if isinstance(getattr(self, f.name), Pairs)
        )

    def _targets(self) -> tuple[Tensor, ...]:
        return (*(pairs.y for pairs in self._pairs()), self.truth)


def parity_data(
    seed: int,
    *,
    samples: int = 200,
    pool: int = 400,
    dtype: torch.dtype = torch.float32,
) -> AttackData:
    """Odd digits against even ones, as `attack_data` splits them.

    Parameters
    ----------
    seed : int
        Of the split.
    samples, pool : int
        Clean ones, and wrongly labelled ones; the test has the rest of the 1797.
    dtype : torch.dtype
        Of inputs and targets.

    Returns
    -------
    AttackData
        C = 1; one input has the shape (1, 8, 8).
    """
    digits = load_data("digits", seed=seed, dtype=torch.float64)
    return attack_data(digits, seed=seed, samples=samples, pool=pool, dtype=dtype)


def attack_data(
    data: DataSet,
    *,
    seed: int,
    samples: int = 200,
    pool: int = 400,
    labels: str = "parity",
    dtype: torch.dtype = torch.float32,
) -> AttackData:
    """Split a data set, and give the pool wrong labels.

    The order is a new permutation for each seed. Inputs become (x - μ)/s, with μ and s
    the mean and the standard deviation of all entries of all samples. A wrong label is
    uniform among the other classes.

    Parameters
    ----------
    data : DataSet
        Of at least samples + pool + 1 samples.
    seed : int
        Of the split and of the wrong labels.
    samples, pool : int
        Clean ones, and wrongly labelled ones; the test has the rest.
    labels : {"parity", "classes"}
        One output with the target +1 for odd labels and -1 for even ones, or one-hot
        targets.
    dtype : torch.dtype
        Of inputs and targets.

    Returns
    -------
    AttackData
        On the CPU.

    Raises
    ------
    InputError
        If there are not so many samples, no such labels, or all inputs are the same
        number.
    """
    _check_split(data, samples, pool, labels)
    order = torch.randperm(data.n, generator=generator_for(seed, "attack split"))
    X = data.X[order].to(torch.float64)
    with one_thread():
        mean, spread = X.mean(), X.std(correction=0)
    if not bool(spread > 0):
        raise InputError(
            f"X of {data.name} holds one number alone; expected inputs that differ"
        )
    X = ((X - mean) / spread).to(dtype)
    y = data.y[order]
    shift = torch.randint(
        1, data.classes, y.shape, generator=generator_for(seed, "attack labels")
    )
    if labels == "parity":
        right, wrong = (2.0 * (y % 2) - 1)[:, None], (1.0 - 2 * (y % 2))[:, None]
    else:
        right, wrong = (
            torch.nn.functional.one_hot(classes, data.classes)
            for classes in (y, (y + shift) % data.classes)
        )
    right, wrong = right.to(dtype), wrong.to(dtype)
    end = samples + pool
    return AttackData(
        clean=Pairs(X[:samples], right[:samples]),
        pool=Pairs(X[samples:end], wrong[samples:end]),
        truth=right[samples:end],
        test=Pairs(X[end:], right[end:]),
        name=data.name,
        seed=seed,
    )


def _check_split(data: DataSet, samples: int, pool: int, labels: str) -> None:
    if labels not in LABELS:
        raise InputError(f"labels is {labels!r}; expected one of {', '.join(LABELS)}")
    if samples < 1 or pool < 0:
        raise InputError(
            f"samples and pool are {samples} and {pool}; expected at least 1 and 0"
        )
    if samples + pool >= data.n:
        raise InputError(
            f"samples + pool is {samples + pool}; expected fewer than the {data.n} "
            f"samples of {data.name}: the test has the rest"
        )
