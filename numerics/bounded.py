"""Arrays that carry a bound on their rounding error: how claims are judged in floats.

A `Bounded` is a pair (v, ρ) of arrays, standing for every array a with |a - v| <= ρ
entrywise. Each operation encloses its exact result on all such arrays, its own rounding
included, with ε = 2⁻⁵³ and γ_k = kε / (1 - kε):

    (a + b)   ρ_a + ρ_b + ε|v|
    (a b)     |a|ρ_b + |b|ρ_a + ρ_aρ_b + ε|v|
    (A B)     |A|ρ_B + ρ_A|B| + ρ_Aρ_B + γ_k |A||B|,   k the inner length
    λ(A)      ‖ρ_A‖_F + 8kε‖A‖_F,   by Weyl's inequality and LAPACK's backward error,
              entries below 2⁻¹⁰⁰ of the largest dropped (k 2⁻¹⁰⁰ is far below kε)

and so on. The radii are themselves computed in floats; the factor `SLACK` pays for
that. So a bound here is an error analysis, not a certificate: that takes ball arithmetic.

The first axis numbers instances; all other axes are counted from the end.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Bounded", "concatenate", "exact"]

Floats = npt.NDArray[np.float64]

EPS = 2.0**-53
SLACK = 1.0 + 2.0**-20
EIGEN_FACTOR = 8.0
FLUSH = 2.0**-100
"""Entries below this share of the largest are dropped before LAPACK sees them."""
TINY = float(np.finfo(np.float64).tiny)


class Bounded:
    """An array of float64 with an entrywise bound on its error.

    Parameters
    ----------
    value : (T, ...) float64
        The computed entries; T instances.
    radius : (T, ...) float64, or 0.0
        Bound on |exact - value|, broadcast to the shape of `value`; inf where nothing
        is known.
    """

    __array_ufunc__ = None
    __slots__ = ("radius", "value")

    def __init__(self, value: Floats, radius: Floats | float = 0.0) -> None:
        self.value = np.asarray(value, dtype=np.float64)
        wide = np.asarray(radius, dtype=np.float64)
        if wide.shape != self.value.shape:
            wide = np.broadcast_to(wide, self.value.shape)
        # a sum is finite only if all its terms are, and takes half the time
        with np.errstate(over="ignore", invalid="ignore"):
            total = self.value.sum() + wide.sum()
        if not np.isfinite(total):
            lost = ~(np.isfinite(self.value) & np.isfinite(wide))
            wide = np.where(lost, np.inf, wide)
        self.radius = wide

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the value, instances first."""
        return self.value.shape

    @property
    def lower(self) -> Floats:
        """The least entries that the bound admits."""
        return self.value - self.radius

    @property
    def upper(self) -> Floats:
        """The greatest entries that the bound admits."""
        return self.value + self.radius

    # Arithmetic

    def __add__(self, other: "Bounded | float") -> "Bounded":
        b = _lift(other)
        v = self.value + b.value
        return _made(v, self.radius + b.radius + EPS * np.abs(v))

    __radd__ = __add__

    def __neg__(self) -> "Bounded":
        return Bounded(-self.value, self.radius)

    def __sub__(self, other: "Bounded | float") -> "Bounded":
        return self + (-_lift(other))

    def __rsub__(self, other: float) -> "Bounded":
        return _lift(other) - self

    def __mul__(self, other: "Bounded | float") -> "Bounded":
        b = _lift(other)
        v = self.value * b.value
        spread = (
            np.abs(self.value) * b.radius
            + self.radius * np.abs(b.value)
            + self.radius * b.radius
        )
        return _made(v, spread + EPS * np.abs(v) + TINY)

    __rmul__ = __mul__

    def __truediv__(self, other: "Bounded | float") -> "Bounded":
        b = _lift(other)
        size = np.abs(b.value) - b.radius
        known = size > 0
        safe = np.where(known, b.value, 1.0)
        v = self.value / safe
        spread = (self.radius + np.abs(v) * b.radius) / np.where(known, size, 1.0)
        spread = np.where(known, spread + EPS * np.abs(v) + TINY, np.inf)
        return _made(v, spread)

    def __rtruediv__(self, other: float) -> "Bounded":
        return _lift(other) / self

    def __pow__(self, exponent: int | Fraction) -> "Bounded":
        if isinstance(exponent, Fraction):
            whole = exponent.denominator == 1
            return self ** int(exponent) if whole else self._root(exponent)
        if exponent < 0:
            return 1.0 / self ** (-exponent)
        if exponent == 0:
            return Bounded(np.ones_like(self.value))
        power = self
        for _ in range(exponent - 1):
            power = power * self
        return power

    def _root(self, exponent: Fraction) -> "Bounded":
        """a^e for e no integer; nothing is known where a may be 0 or less."""
        e = float(exponent)
        lower, upper = np.asarray(self.lower), np.asarray(self.upper)
        known = lower > 0
        v = np.where(known, self.value, 1.0) ** e
        low = np.where(known, lower, 1.0) ** e
        high = np.where(known, upper, 1.0) ** e
        # e, the ends and the powers are rounded, which moves a power by no more than this
        largest = np.maximum(low, high)
        logs = np.abs(np.log(np.where(known, lower, 1.0)))
        logs = np.maximum(logs, np.abs(np.log(np.where(known, upper, 1.0))))
        wide = EPS * largest * (8 + 4 * abs(e) * (1 + logs)) + TINY
        spread = np.maximum(np.abs(high - v), np.abs(v - low)) + wide
        return _made(v, np.where(known, spread, np.inf))

    def __matmul__(self, other: "Bounded") -> "Bounded":
        v = self.value @ other.value
        left, right = np.abs(self.value), np.abs(other.value)
        k = self.value.shape[-1]
        size = left @ right
        spread = left @ other.radius + self.radius @ (right + other.radius)
        return _made(v, spread + gamma(k + 1) * size + k * TINY)

    # Shape

    def __getitem__(self, key: Any) -> "Bounded":
        return Bounded(self.value[key], self.radius[key])

    @property
    def T(self) -> "Bounded":
        """The transpose of the last two axes."""
        return Bounded(self.value.swapaxes(-1, -2), self.radius.swapaxes(-1, -2))

    def reshape(self, *shape: int) -> "Bounded":
        """The same entries, with the axes after the first given anew."""
        full = (self.value.shape[0], *shape)
        return Bounded(self.value.reshape(full), self.radius.reshape(full))

    def sum(self, *axes: int) -> "Bounded":
        """Sum over the given axes (negative numbers)."""
        v = self.value.sum(axis=axes)
        k = int(np.prod([self.value.shape[axis] for axis in axes]))
        size = np.abs(self.value).sum(axis=axes)
        return _made(v, self.radius.sum(axis=axes) + gamma(k) * size)

    def mean(self, *axes: int) -> "Bounded":
        """Mean over the given axes (negative numbers)."""
        k = int(np.prod([self.value.shape[axis] for axis in axes]))
        return self.sum(*axes) / float(k)

    def product(self) -> "Bounded":
        """Product of the entries of the last axis."""
        total = self[..., 0]
        for place in range(1, self.value.shape[-1]):
            total = total * self[..., place]
        return total

    # Entrywise functions

    def abs(self) -> "Bounded":
        """|a|."""
        return Bounded(np.abs(self.value), self.radius)

    def sqrt(self) -> "Bounded":
        """√a for a >= 0; entries that may be negative are taken as 0 there."""
        v = np.sqrt(np.maximum(self.value, 0.0))
        high = np.sqrt(np.maximum(self.upper, 0.0)) - v
        low = v - np.sqrt(np.maximum(self.lower, 0.0))
        # near 0 both differences are rounded at the size of v
        return _made(v, np.maximum(high, low) + 4 * EPS * v)

    def log(self) -> "Bounded":
        """log a; nothing is known where a may be 0 or less."""
        known = self.lower > 0
        safe = np.where(known, self.value, 1.0)
        v = np.log(safe)
        spread = np.where(known, self.radius, 0.0) / np.where(known, self.lower, 1.0)
        return _made(v, np.where(known, spread + 4 * EPS * (1 + np.abs(v)), np.inf))

    def exp(self) -> "Bounded":
        """e^a."""
        v = np.exp(self.value)
        grown = np.expm1(self.radius)
        # below TINY the value has no relative accuracy left
        return _made(v, v * (grown + 4 * EPS) + TINY * (1 + grown))

    def max(self, axis: int) -> "Bounded":
        """Largest entry along an axis."""
        return Bounded(self.value.max(axis=axis), self.radius.max(axis=axis))

    def min(self, axis: int) -> "Bounded":
        """Smallest entry along an axis."""
        return Bounded(self.value.min(axis=axis), self.radius.max(axis=axis))

    def descending(self) -> "Bounded":
        """Entries of the last axis in descending order (order statistics contract)."""
        v = -np.sort(-self.value, axis=-1)
        wide = self.radius.max(axis=-1, keepdims=True)
        return Bounded(v, wide)

    def least(self, kept: npt.NDArray[np.bool_]) -> "Bounded":
        """Least of the kept entries of the last axis; unknown where none is kept."""
        v = np.where(kept, self.value, np.inf).min(axis=-1)
        return Bounded(v, np.where(kept, self.radius, 0.0).max(axis=-1))

    def cumulated(self) -> "Bounded":
        """Sums of the first 1, 2, … entries of the last axis."""
        size = np.abs(self.value).cumsum(axis=-1)
        spread = self.radius.cumsum(axis=-1) + gamma(self.value.shape[-1]) * size
        return _made(self.value.cumsum(axis=-1), spread)

    def nonzero(self) -> "Bounded":
        """1 where an entry is not 0, 0 where it is 0, ½ ± ½ where that is open."""
        sure = np.abs(self.value) > self.radius
        zero = (self.value == 0) & (self.radius == 0)
        return Bounded(
            np.where(sure, 1.0, np.where(zero, 0.0, 0.5)),
            np.where(sure | zero, 0.0, 0.5),
        )

    def padded(self, size: int) -> "Bounded":
        """Exact zeros appended along the last axis, up to `size` entries."""
        wide = [(0, 0)] * (self.value.ndim - 1)
        wide.append((0, max(0, size - self.value.shape[-1])))
        return Bounded(np.pad(self.value, wide), np.pad(self.radius, wide))

    def join(self, other: "Bounded") -> "Bounded":
        """Joined with another along the last axis."""
        return concatenate((self, other))

    def count_nonzero(self) -> "Bounded":
        """How many entries of the last axis are not 0."""
        return self.nonzero().sum(-1)

    def count_negative(self) -> "Bounded":
        """How many entries of the last axis are negative."""
        low = (self.upper < 0).sum(axis=-1).astype(np.float64)
        high = (self.lower < 0).sum(axis=-1).astype(np.float64)
        return Bounded((low + high) / 2, (high - low) / 2)

    def count_positive(self) -> "Bounded":
        """How many entries of the last axis are positive."""
        return (-self).count_negative()

    def least_positive(self) -> "Bounded":
        """Least of the entries of the last axis that are surely positive; 1 if none is."""
        sure = self.lower > 0
        some = sure.any(axis=-1)
        v = np.where(sure, self.value, np.inf).min(axis=-1, initial=np.inf)
        wide = np.where(sure, self.radius, 0.0).max(axis=-1, initial=0.0)
        return Bounded(np.where(some, v, 1.0), wide)

    def certainly_positive(self) -> npt.NDArray[np.bool_]:
        """(T,): whether every entry of an instance is positive for sure."""
        positive = np.asarray(self.lower > 0).reshape(len(self.value), -1)
        flags: npt.NDArray[np.bool_] = np.asarray(positive.all(axis=1))
        return flags

    def at_most(self, other: "Bounded") -> "Bounded":
        """The lesser of the two, entry by entry."""
        v = np.minimum(self.value, other.value)
        return Bounded(v, np.maximum(self.radius, other.radius))

    # Matrices

    def trace(self) -> "Bounded":
        """Σ_i a_ii."""
        diagonal = np.arange(self.value.shape[-1])
        return self[..., diagonal, diagonal].sum(-1)

    def frobenius(self) -> "Bounded":
        """(Σ_ij a_ij²)^½."""
        v = _length(self.value)
        k = self.value.shape[-1] * self.value.shape[-2]
        return _made(v, _length(self.radius) + gamma(k + 4) * v)

    def eigenvalues(self) -> "Bounded":
        """Eigenvalues of a symmetric matrix, in descending order."""
        return self._spectrum(_descending_eigenvalues)

    def singular_values(self) -> "Bounded":
        """Singular values, in descending order."""
        return self._spectrum(_singular_values)

    def operator(self) -> "Bounded":
        """The largest singular value."""
        return self.singular_values()[..., 0]

    def nuclear(self) -> "Bounded":
        """The sum of the singular values."""
        return self.singular_values().sum(-1)

    def symmetric_operator(self) -> "Bounded":
        """The largest |λ| of a symmetric matrix."""
        return self.eigenvalues().abs().max(-1)

    def symmetric_nuclear(self) -> "Bounded":
        """The sum of the |λ| of a symmetric matrix."""
        return self.eigenvalues().abs().sum(-1)

    def rank(self) -> "Bounded":
        """The rank: at least as many as the singular values that are surely not 0.

        The bound reaches up to the number of rows, or columns, that are not exactly 0:
        no float says that a singular value is 0.
        """
        sigma = self.singular_values()
        low = (sigma.value > sigma.radius).sum(axis=-1).astype(np.float64)
        filled = (self.value != 0) | (self.radius != 0)
        high = np.minimum(filled.any(axis=-1).sum(axis=-1), filled.any(axis=-2).sum(-1))
        return Bounded((low + high) / 2, (high - low) / 2)

    def _spectrum(self, decompose: Callable[[Floats], Floats]) -> "Bounded":
        """Spectrum of the value; the radius by Weyl's inequality."""
        lost = np.asarray(~np.isfinite(self.value).all(axis=(-1, -2)))
        safe = np.where(lost[..., None, None], 0.0, self.value)
        # LAPACK's reductions square what they eliminate: with entries near 1e-162 among
        # ordinary ones, eigvalsh of OpenBLAS was seen to be wrong in the fourth digit
        scale = np.abs(safe).max(axis=(-1, -2))
        scale = np.where(scale == 0, 1.0, scale)
        scaled = safe / scale[..., None, None]
        v = scale[..., None] * decompose(np.where(np.abs(scaled) < FLUSH, 0.0, scaled))
        size = _length(safe)
        wide = _length(self.radius) + TINY
        wide = wide + EIGEN_FACTOR * max(self.value.shape[-2:]) * EPS * size
        wide = np.where(lost, np.inf, wide)
        return _made(v, np.broadcast_to(wide[..., None], v.shape))


def exact(value: npt.ArrayLike) -> Bounded:
    """Entries that floats hold exactly."""
    return Bounded(np.asarray(value, dtype=np.float64))


def concatenate(parts: tuple[Bounded, ...]) -> Bounded:
    """Join along the last axis."""
    return Bounded(
        np.concatenate([part.value for part in parts], axis=-1),
        np.concatenate([part.radius for part in parts], axis=-1),
    )


def gamma(k: int) -> float:
    """γ_k = kε / (1 - kε), the bound on k rounding errors in a row (Higham 2002)."""
    return k * EPS / (1 - k * EPS)


def _made(value: Floats, radius: Floats) -> Bounded:
    return Bounded(value, SLACK * radius)


def _lift(other: "Bounded | float") -> Bounded:
    return other if isinstance(other, Bounded) else Bounded(np.array(float(other)))


def _length(matrix: Floats) -> Floats:
    """Frobenius norm, scaled so that squares neither underflow nor overflow."""
    scale = np.abs(matrix).max(axis=(-1, -2))
    safe = np.where((scale == 0) | ~np.isfinite(scale), 1.0, scale)[..., None, None]
    lengths = np.sqrt(((matrix / safe) ** 2).sum(axis=(-1, -2)))
    length: Floats = safe[..., 0, 0] * lengths
    return length


def _descending_eigenvalues(matrix: Floats) -> Floats:
    return np.ascontiguousarray(np.linalg.eigvalsh(matrix)[..., ::-1])


def _singular_values(matrix: Floats) -> Floats:
    return np.linalg.svd(matrix, compute_uv=False).astype(np.float64)
