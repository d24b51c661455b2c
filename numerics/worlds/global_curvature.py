"""∇²L(V) of teacher and student at W = V = [I_k 0], from moments of σ'(z) z^p alone.

The error f(x) - f*(x) is 0 for every x there, so that the Hessian is E ∇f ∇fᵀ: its entry
between w_ia and w_jb is E σ'(x_i)σ'(x_j)x_a x_b, a product of averages over the inputs
one by one. No kernel is used, and no formula for an eigenvalue.
"""

from fractions import Fraction
from functools import cache, cached_property
from typing import Final

from flint import arb, arb_mat, ctx, fmpq, fmpz_mat

from .gaussian_integrals import normal_moment
from .population_taylor import loss_taylor
from .rationals import exact

__all__ = ["MOMENTS", "GlobalCurvature"]

Rows = tuple[tuple[Fraction, ...], ...]


def _relu_moment(slopes: int, power: int) -> arb:
    """E 1(z > 0) z^p = ½ E |z|^p, whatever the number of slopes."""
    if slopes == 0:
        return arb(normal_moment(power))
    half = arb(fmpq(power + 1, 2)).gamma() / (2 * arb.pi().sqrt())
    return arb(2) ** arb(fmpq(power, 2)) * half


def _erf_moment(slopes: int, power: int) -> arb:
    """E (2/π)^{s/2} e^{-s z²/2} z^p: a normal law of variance 1/(1 + s), unscaled."""
    spread = arb(1 + slopes) ** arb(fmpq(-power - 1, 2))
    return (2 / arb.pi()) ** arb(fmpq(slopes, 2)) * spread * normal_moment(power)


def _quadratic_moment(slopes: int, power: int) -> arb:
    """E (2z)^s z^p."""
    return arb(2**slopes * normal_moment(slopes + power))


MOMENTS: Final = {
    "relu": _relu_moment,
    "erf": _erf_moment,
    "quadratic": _quadratic_moment,
}
"""E σ'(z)^s z^p over z ~ N(0, 1), for each σ; erf is that of z/√2."""


class GlobalCurvature:
    """Quantities of ∇²L at the global minimum.

    Parameters
    ----------
    activation : str
        relu, erf (of z/√2) or quadratic.
    k, d : int
        Neurons and inputs, d >= k.
    T : k rows of d
        A direction of W.
    """

    def __init__(self, *, activation: str, k: int, d: int, T: Rows) -> None:
        self.activation, self.k, self.d = activation, k, d
        self.T = [[exact(entry) for entry in row] for row in T]

    @property
    def pi(self) -> arb:
        """π."""
        return arb.pi()

    def ball(self, value: Fraction | int) -> arb:
        """A rational number as a ball."""
        return arb(exact(Fraction(value)))

    def root(self, value: arb | fmpq | int) -> arb:
        """√value."""
        return arb(value).sqrt()

    @cached_property
    def norm_squared(self) -> fmpq:
        """‖T‖_F²."""
        return sum((x * x for row in self.T for x in row), fmpq(0))

    @cached_property
    def image(self) -> list[list[arb]]:
        """HT, k rows of d."""
        flat = (self._H * self._column).entries()
        return [flat[i * self.d : (i + 1) * self.d] for i in range(self.k)]

    @cached_property
    def curvature(self) -> arb:
        """⟨T, HT⟩ = D²L[T, T]."""
        column = self._column
        return (column.transpose() * self._H * column)[0, 0]

    @cached_property
    def series_curvature(self) -> arb:
        """The same from the series of L(V + tT) in t."""
        V = [[fmpq(int(i == a)) for a in range(self.d)] for i in range(self.k)]
        return 2 * loss_taylor(self.activation, V, self.T, V)[2]

    def annihilated(self, eigenvalues: list[arb]) -> tuple[arb, ...]:
        """Π (H - λ) T over some numbers λ, entry by entry: 0 if all of H's are there."""
        image = self._column
        for value in eigenvalues:
            image = self._H * image - image * value
        return tuple(image.entries())

    def power_sums(self, count: int) -> tuple[arb, ...]:
        """tr H^j for j = 0, …, count - 1."""
        return _power_sums(self.activation, self.k, self.d, count, ctx.prec)

    @cached_property
    def eigenvalues_above(self) -> int | None:
        """How many exceed 9/20, by Sylvester's law; None where a pivot is not told."""
        return _inertia(self.activation, self.k, self.d, Fraction(9, 20), ctx.prec)

    @cached_property
    def rank(self) -> int | None:
        """Of H, exactly; None where its entries are not all integers, as for z²."""
        found = [entry.unique_fmpz() for entry in self._H.entries()]
        entries = [entry for entry in found if entry is not None]
        if len(entries) < len(found):
            return None
        return int(fmpz_mat(self.k * self.d, self.k * self.d, entries).rank())

    @property
    def _H(self) -> arb_mat:
        return _hessian(self.activation, self.k, self.d, ctx.prec)

    @property
    def _column(self) -> arb_mat:
        return arb_mat([[x] for row in self.T for x in row])


@cache
def _hessian(activation: str, k: int, d: int, precision: int) -> arb_mat:
    """(kd, kd), row by row of W; the same for every instance of these sizes."""
    del precision  # what is enclosed depends on it
    moment = MOMENTS[activation]
    table = {(s, p): moment(s, p) for s in range(3) for p in range(3)}
    places = [(i, a) for i in range(k) for a in range(d)]
    return arb_mat([[_entry(table, i, a, j, b) for j, b in places] for i, a in places])


def _entry(table: dict[tuple[int, int], arb], i: int, a: int, j: int, b: int) -> arb:
    value = arb(1)
    for axis in {i, j, a, b}:
        value *= table[(i == axis) + (j == axis), (a == axis) + (b == axis)]
    return value


@cache
def _power_sums(
    activation: str, k: int, d: int, count: int, precision: int
) -> tuple[arb, ...]:
    H = _hessian(activation, k, d, precision)
    size = k * d
    sums, power = [arb(size)], H
    for _ in range(count - 1):
        sums.append(sum((power[i, i] for i in range(size)), arb(0)))
        power = power * H
    return tuple(sums)


@cache
def _inertia(
    activation: str, k: int, d: int, level: Fraction, precision: int
) -> int | None:
    """Positive pivots of H - level I, none of which may be uncertain."""
    rows = [list(row) for row in _hessian(activation, k, d, precision).tolist()]
    for i, row in enumerate(rows):
        row[i] -= exact(level)
    positive = 0
    for p, pivot in enumerate(rows):
        if not (pivot[p] > 0 or pivot[p] < 0):
            return None
        positive += bool(pivot[p] > 0)
        for row in rows[p + 1 :]:
            factor = row[p] / pivot[p]
            for q in range(p + 1, len(rows)):
                row[q] -= factor * pivot[q]
    return positive
