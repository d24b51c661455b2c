"""Arrays of certain numbers, used as `numerics.bounded.Bounded` is: claims take either.

The first axis numbers instances, of which there is one; all other axes are counted from the
end. `value`, `radius`, `lower` and `upper` are floats, rounded outward, NaN where nothing
is known.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from flint import arb

from .activations import FUNCTIONS
from .linear_algebra import (
    eigenvalues,
    log_determinant,
    matrix_product,
    rank_bounds,
    singular_values,
)
from .numbers import (
    ONE,
    UNKNOWN,
    ZERO,
    Number,
    Numbers,
    ball,
    bounds,
    divide,
    power,
    rational,
    sqrt,
    surely_zero,
)
from .order import between, descending, greatest, least, lesser

__all__ = ["BallArray", "exactly", "joined", "watching"]

Floats = npt.NDArray[np.float64]


Liberty: TypeAlias = Literal["rounded", "known"]

_watched: ContextVar[set[Liberty] | None] = ContextVar("watched", default=None)


@contextmanager
def watching() -> Iterator[set[Liberty]]:
    """What a law does inside the block beside arithmetic.

    "rounded": it took floats of numbers that are none; if it goes on with them as if they
    were exact, it is another law. "known": it asked what is known of a number, which
    depends on the precision; its sides may then be others than those of the floats.
    """
    seen: set[Liberty] = set()
    token = _watched.set(seen)
    try:
        yield seen
    finally:
        _watched.reset(token)


class BallArray:
    """An array of certain numbers.

    Parameters
    ----------
    items : (1, ...) numbers
        Rationals and balls.
    most : int, optional
        For matrices: a bound on the rank that is known otherwise. For their eigenvalues:
        on how many are not 0.
    """

    __array_ufunc__ = None
    __slots__ = ("items", "most")

    def __init__(self, items: Any, most: int | None = None) -> None:
        self.items: Numbers = np.asarray(items, dtype=object)
        self.most = most

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape, instances first."""
        return self.items.shape

    # As floats

    @property
    def lower(self) -> Floats:
        """Floats at or below the least that each entry may be."""
        _asked()
        return self._ends(0)

    @property
    def upper(self) -> Floats:
        """Floats at or above the greatest that each entry may be."""
        _asked()
        return self._ends(1)

    @property
    def value(self) -> Floats:
        """The mid-points, rounded; whoever watches is told where they are rounded."""
        seen = _watched.get()
        if seen is not None:
            seen.update("rounded" for x in self.items.flat if not _is_float(x))
        return _floats(self.items, lambda entry: float(ball(entry).mid()))

    @property
    def radius(self) -> Floats:
        """What the entries may differ by from `value`; inf where nothing is known."""
        v = _floats(self.items, lambda entry: float(ball(entry).mid()))
        low, high = self._ends(0), self._ends(1)
        with np.errstate(all="ignore"):
            wide = np.maximum(high - v, v - low)
        wide = np.where(wide > 0, np.nextafter(wide, np.inf), wide)
        return np.where(np.isfinite(v) & np.isfinite(wide), wide, np.inf)

    def _ends(self, which: int) -> Floats:
        return _floats(self.items, lambda entry: bounds(entry)[which])

    # Arithmetic

    def __add__(self, other: "BallArray | float") -> "BallArray":
        return BallArray(self.items + _lift(other))

    __radd__ = __add__

    def __neg__(self) -> "BallArray":
        return BallArray(-self.items)

    def __sub__(self, other: "BallArray | float") -> "BallArray":
        return BallArray(self.items - _lift(other))

    def __rsub__(self, other: float) -> "BallArray":
        return BallArray(_lift(other) - self.items)

    def __mul__(self, other: "BallArray | float") -> "BallArray":
        return BallArray(self.items * _lift(other))

    __rmul__ = __mul__

    def __truediv__(self, other: "BallArray | float") -> "BallArray":
        return BallArray(_pairwise(divide, self.items, _lift(other)))

    def __rtruediv__(self, other: float) -> "BallArray":
        return BallArray(_pairwise(divide, _lift(other), self.items))

    def __pow__(self, exponent: int) -> "BallArray":
        return self.each(lambda entry: power(entry, exponent))

    def __matmul__(self, other: "BallArray") -> "BallArray":
        a, b = self.items, other.items
        lead = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        a = np.broadcast_to(a, (*lead, *a.shape[-2:]))
        b = np.broadcast_to(b, (*lead, *b.shape[-2:]))
        product: Numbers = np.empty((*lead, a.shape[-2], b.shape[-1]), dtype=object)
        for place in np.ndindex(*lead):
            product[place] = matrix_product(a[place], b[place])
        return BallArray(product)

    # Shape

    def __getitem__(self, key: Any) -> "BallArray":
        return BallArray(self.items[key])

    @property
    def T(self) -> "BallArray":
        """The transpose of the last two axes."""
        return BallArray(self.items.swapaxes(-1, -2), self.most)

    def reshape(self, *shape: int) -> "BallArray":
        """The same entries, with the axes after the first given anew."""
        return BallArray(self.items.reshape((self.shape[0], *shape)))

    def sum(self, *axes: int) -> "BallArray":
        """Sum over the given axes (negative numbers)."""
        return BallArray(np.add.reduce(self.items, axis=axes, initial=ZERO))

    def mean(self, *axes: int) -> "BallArray":
        """Mean over the given axes (negative numbers)."""
        count = int(np.prod([self.shape[axis] for axis in axes]))
        return self.sum(*axes) / float(count)

    def product(self) -> "BallArray":
        """Product of the entries of the last axis."""
        return BallArray(np.multiply.reduce(self.items, axis=-1, initial=ONE))

    def cumulated(self) -> "BallArray":
        """Sums of the first 1, 2, … entries of the last axis."""
        return BallArray(np.add.accumulate(self.items, axis=-1))

    def padded(self, size: int) -> "BallArray":
        """Zeros appended along the last axis, up to `size` entries."""
        missing = (*self.shape[:-1], max(0, size - self.shape[-1]))
        return self.join(BallArray(np.full(missing, ZERO, dtype=object)))

    def join(self, other: "BallArray") -> "BallArray":
        """Joined with another along the last axis."""
        return joined((self, other))

    # Entrywise functions

    def each(self, function: Callable[[Number], Number]) -> "BallArray":
        """A function of one number, entry by entry."""
        return BallArray(np.frompyfunc(function, 1, 1)(self.items))

    def abs(self) -> "BallArray":
        """|a|."""
        return BallArray(np.abs(self.items), self.most)

    def sqrt(self) -> "BallArray":
        """√a for a >= 0; see `numbers.sqrt`."""
        return self.each(sqrt)

    def log(self) -> "BallArray":
        """log a; unknown where a may be 0 or less."""
        return self.each(FUNCTIONS["log"])

    def exp(self) -> "BallArray":
        """e^a."""
        return self.each(FUNCTIONS["exp"])

    def nonzero(self) -> "BallArray":
        """1 where an entry is not 0, 0 where it is 0, from 0 to 1 where that is open."""
        return self.each(_not_zero)

    # Order

    def max(self, axis: int) -> "BallArray":
        """Largest entry along an axis."""
        return self._along(axis, greatest)

    def min(self, axis: int) -> "BallArray":
        """Smallest entry along an axis."""
        return self._along(axis, least)

    def descending(self) -> "BallArray":
        """Entries of the last axis in descending order."""
        return self._listed(descending, self.shape[-1])

    def least(self, kept: npt.NDArray[np.bool_]) -> "BallArray":
        """Least of the kept entries of the last axis; unknown where none is kept."""
        result: Numbers = np.empty(self.shape[:-1], dtype=object)
        for place in np.ndindex(*self.shape[:-1]):
            some = self.items[place][kept[place]]
            result[place] = least(some) if len(some) else UNKNOWN
        return BallArray(result)

    def at_most(self, other: "BallArray") -> "BallArray":
        """The lesser of the two, entry by entry."""
        return BallArray(_pairwise(lesser, self.items, _lift(other)))

    def count_nonzero(self) -> "BallArray":
        """How many entries of the last axis are not 0."""
        return self.nonzero().sum(-1)

    def count_negative(self) -> "BallArray":
        """How many entries of the last axis are negative."""
        return BallArray(-self.items, self.most).count_positive()

    def count_positive(self) -> "BallArray":
        """How many entries of the last axis are positive."""

        def counted(entries: Numbers) -> Number:
            low = sum(1 for entry in entries if entry > 0)
            high = sum(1 for entry in entries if not entry <= 0)
            if self.most is not None:
                high = min(high, self.most - sum(1 for entry in entries if entry < 0))
            # a bound that were wrong must not hide what is sure
            return between(low, max(low, high))

        return self._along(-1, counted)

    def least_positive(self) -> "BallArray":
        """Least of the entries of the last axis that are surely positive; 1 if none is."""

        def found(entries: Numbers) -> Number:
            sure = [entry for entry in entries if entry > 0]
            return least(sure) if sure else ONE

        _asked()
        return self._along(-1, found)

    def certainly_positive(self) -> npt.NDArray[np.bool_]:
        """(1,): whether every entry is positive for sure."""
        rows = self.items.reshape(len(self.items), -1)
        return np.array([all(entry > 0 for entry in row) for row in rows])

    # Matrices

    def trace(self) -> "BallArray":
        """Σ_i a_ii."""
        diagonal = np.arange(self.shape[-1])
        return self[..., diagonal, diagonal].sum(-1)

    def frobenius(self) -> "BallArray":
        """(Σ_ij a_ij²)^½."""
        return (self * self).sum(-1, -2).sqrt()

    def eigenvalues(self) -> "BallArray":
        """Eigenvalues of a symmetric matrix, in descending order."""
        values = self._of_matrices(
            lambda one: eigenvalues(one, most=self.most), self.shape[-1]
        )
        return BallArray(values.items, self.most)

    def singular_values(self) -> "BallArray":
        """Singular values, in descending order."""
        values = self._of_matrices(
            lambda one: singular_values(one, most=self.most), min(self.shape[-2:])
        )
        return BallArray(values.items, self.most)

    def operator(self) -> "BallArray":
        """The largest singular value."""
        return self.singular_values()[..., 0]

    def nuclear(self) -> "BallArray":
        """The sum of the singular values."""
        return self.singular_values().sum(-1)

    def symmetric_operator(self) -> "BallArray":
        """The largest |λ| of a symmetric matrix."""
        return self.eigenvalues().abs().max(-1)

    def symmetric_nuclear(self) -> "BallArray":
        """The sum of the |λ| of a symmetric matrix."""
        return self.eigenvalues().abs().sum(-1)

    def logdet(self) -> "BallArray":
        """log det of a symmetric matrix; unknown where it may not be positive definite."""
        return self._of_matrices(lambda one: [log_determinant(one)], 1)[..., 0]

    def rank(self) -> "BallArray":
        """The rank; from the least to the greatest that it may be, where that is open."""

        def ranks(one: Numbers) -> list[Number]:
            return [between(*rank_bounds(one, most=self.most))]

        return self._of_matrices(ranks, 1)[..., 0]

    # Helpers

    def _along(self, axis: int, function: Callable[[Any], Number]) -> "BallArray":
        moved = np.moveaxis(self.items, axis, -1)
        result: Numbers = np.empty(moved.shape[:-1], dtype=object)
        for place in np.ndindex(*result.shape):
            result[place] = function(moved[place])
        return BallArray(result)

    def _listed(
        self, function: Callable[[Any], Sequence[Number]], size: int
    ) -> "BallArray":
        result: Numbers = np.empty((*self.shape[:-1], size), dtype=object)
        for place in np.ndindex(*self.shape[:-1]):
            result[place] = function(self.items[place])
        return BallArray(result)

    def _of_matrices(
        self, function: Callable[[Numbers], Sequence[Number]], size: int
    ) -> "BallArray":
        result: Numbers = np.empty((*self.shape[:-2], size), dtype=object)
        for place in np.ndindex(*self.shape[:-2]):
            result[place] = function(self.items[place])
        return BallArray(result)


def exactly(values: Any) -> BallArray:
    """Numbers that floats, or fractions, hold exactly."""
    return BallArray(np.frompyfunc(_lifted, 1, 1)(np.asarray(values)))


def _lifted(value: Any) -> Number:
    """Exactly, balls as they are, and unknown for inf and NaN."""
    if isinstance(value, arb):
        return value
    finite = not isinstance(value, float | np.floating) or np.isfinite(value)
    return rational(value) if finite else UNKNOWN


def joined(parts: Iterable[BallArray]) -> BallArray:
    """Join along the last axis."""
    return BallArray(np.concatenate([part.items for part in parts], axis=-1))


def _not_zero(entry: Number) -> Number:
    if surely_zero(entry):
        return ZERO
    return ONE if entry != 0 else between(0, 1)


def _pairwise(
    function: Callable[[Any, Any], Number], left: Numbers, right: Numbers
) -> Numbers:
    return np.asarray(np.frompyfunc(function, 2, 1)(left, right), dtype=object)


def _is_float(entry: Number) -> bool:
    low, high = bounds(entry)
    return low == high


def _lift(other: "BallArray | float") -> Numbers:
    if isinstance(other, BallArray):
        return other.items
    return exactly(other).items


def _floats(items: Numbers, function: Callable[[Any], float]) -> Floats:
    return np.array([function(entry) for entry in items.flat]).reshape(items.shape)


def _asked() -> None:
    """Whoever watches is told that what is known decides."""
    seen = _watched.get()
    if seen is not None:
        seen.add("known")
