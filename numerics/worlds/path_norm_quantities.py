"""Classes of networks of bounded path norm on a sample, and a small finite learning task.

Both are small enough to enumerate: every sign vector of the sample, and every sample of
the task. With x̃ in the plane the best unit for given signs is found exactly, so that
Rademacher complexities are sums of square roots of rationals.
"""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import lcm, prod
from typing import Any

import numpy as np
from flint import arb, fmpq

from .chosen_units import chosen_complexity
from .rationals import exact

__all__ = ["PathNormClass", "PathNormQuantities", "Vector"]

Vector = tuple[Fraction, Fraction]
Ray = tuple[fmpq, fmpq]


@dataclass(frozen=True, kw_only=True)
class PathNormClass:
    """x̃ ↦ Σ_k a_k σ(w̃_k·x̃) with Σ_k |a_k|‖w̃_k‖ <= B, on n inputs of the plane.

    Attributes
    ----------
    slopes : (Fraction, Fraction)
        α₊ and α₋ of σ(z) = α₊ max(z, 0) + α₋ min(z, 0).
    inputs : n vectors of the plane
        x̃_i: (x_i, 1), or inputs of a network without biases.
    bound, offset : Fraction
        B > 0, and c_0 >= 0 where |c| <= c_0 is allowed.
    weights : m pairs of a_k and w̃_k
        One network.
    base : Fraction
        B_0 > 0.
    chances : S numbers
        A law on S points, positive and with the sum 1.
    losses : rows of S numbers from 0 to 1
        The loss of every hypothesis at every point.
    size : int
        How many points a sample of the task has.
    wide : N vectors of one length, or none
        Inputs of a higher dimension, where the best unit is only approached.
    """

    slopes: tuple[Fraction, Fraction]
    inputs: tuple[Vector, ...]
    bound: Fraction
    offset: Fraction
    weights: tuple[tuple[Fraction, Vector], ...]
    base: Fraction
    chances: tuple[Fraction, ...]
    losses: tuple[tuple[Fraction, ...], ...]
    size: int
    wide: tuple[tuple[Fraction, ...], ...]


class PathNormQuantities:
    """What claims name: exact sums over all sign vectors and all samples."""

    def __init__(self, thing: PathNormClass) -> None:
        self.thing = thing
        self.n = len(thing.inputs)
        self.B, self.c0 = exact(thing.bound), exact(thing.offset)
        self.base = exact(thing.base)
        self.x = [(exact(one), exact(other)) for one, other in thing.inputs]
        self.plus, self.minus = map(exact, thing.slopes)

    @property
    def lipschitz(self) -> bool:
        """Whether σ is 1-Lipschitz."""
        return abs(self.plus) <= 1 and abs(self.minus) <= 1

    @property
    def squares(self) -> list[fmpq]:
        """‖x̃_i‖²."""
        return [_dot(x, x) for x in self.x]

    @property
    def mean_square(self) -> fmpq:
        """(1/n) Σ ‖x̃_i‖²."""
        return sum(self.squares, fmpq(0)) / self.n

    @cached_property
    def signs(self) -> list[tuple[int, ...]]:
        """Every sign vector."""
        return list(product((1, -1), repeat=self.n))

    @cached_property
    def complexity(self) -> arb:
        """R̂_n of the class with B = 1: E sup_‖u‖≤1 |(1/n) Σ ε_i σ(u·x̃_i)|."""
        return _mean_root(self._tops) / self.n

    @cached_property
    def one_sided(self) -> arb:
        """E sup_‖u‖≤1 (1/n) Σ ε_i σ(u·x̃_i)."""
        return _mean_root(self._best) / self.n

    @cached_property
    def linear(self) -> arb:
        """E ‖(1/n) Σ ε_i x̃_i‖."""
        return _mean_root([_square(self._sum(e)) for e in self.signs]) / self.n

    @property
    def linear_square(self) -> fmpq:
        """E ‖(1/n) Σ ε_i x̃_i‖²."""
        squares = [_square(self._sum(e)) for e in self.signs]
        return sum(squares, fmpq(0)) / (self.n * self.n * len(squares))

    @property
    def constants(self) -> fmpq:
        """E |(1/n) Σ ε_i|."""
        sizes = [abs(sum(e)) for e in self.signs]
        return fmpq(sum(sizes), self.n * len(sizes))

    @property
    def wide_size(self) -> arb:
        """((1/N) Σ ‖x̃_i‖²)^½/√N of the wide inputs."""
        squares = [exact(one) ** 2 for row in self.thing.wide for one in row]
        return _root(sum(squares, fmpq(0))) / len(self.thing.wide)

    @cached_property
    def wide_complexity(self) -> arb:
        """At most R̂_N of the class with B = 1 on the wide inputs."""
        inputs = [[exact(one) for one in row] for row in self.thing.wide]
        return chosen_complexity(inputs, self.plus, self.minus)

    # One network of the class

    @property
    def path(self) -> arb:
        """Σ_k |a_k| ‖w̃_k‖."""
        return sum(self._lengths(), arb(0))

    @property
    def longest(self) -> arb:
        """max_k |a_k| ‖w̃_k‖."""
        most = arb(0)
        for length in self._lengths():
            most = most.max(length)
        return most

    @property
    def correlations(self) -> list[fmpq]:
        """|(1/n) Σ ε_i f(x_i)| for every sign vector of which the first sign is +."""
        outputs = [self._output(x) for x in self.x]
        half = self.signs[: len(self.signs) // 2]
        return [abs(_combined(e, outputs)) / self.n for e in half]

    @property
    def suprema(self) -> list[arb]:
        """sup_‖u‖≤1 |(1/n) Σ ε_i σ(u·x̃_i)| for the same sign vectors."""
        return [_root(one) / self.n for one in self._tops]

    @property
    def doublings(self) -> int:
        """j = max(0, ⌈log_2(path/B_0)⌉), by doubling B_0 until it is no less."""
        count, level = 0, arb(self.base)
        while not level >= self.path:
            if level.overlaps(self.path):
                return -1
            count, level = count + 1, level * 2
        return count

    def root(self, value: fmpq | int) -> arb:
        """√value."""
        return arb(value).sqrt()

    def ratio(self, above: int, below: int) -> fmpq:
        """A fraction."""
        return fmpq(above, below)

    def maximum(self, one: arb, other: arb) -> arb:
        """The larger."""
        return one.max(other)

    def ball(self, value: fmpq) -> arb:
        """The number enclosed at the precision in force."""
        return arb(value)

    def _lengths(self) -> list[arb]:
        units = [(exact(a), (exact(w[0]), exact(w[1]))) for a, w in self.thing.weights]
        return [_root(a * a * _dot(w, w)) for a, w in units]

    def _output(self, x: Ray) -> fmpq:
        units = [(exact(a), (exact(w[0]), exact(w[1]))) for a, w in self.thing.weights]
        return sum((a * self._sigma(_dot(w, x)) for a, w in units), fmpq(0))

    def _sigma(self, z: fmpq) -> fmpq:
        return z * (self.plus if z > 0 else self.minus)

    # The best unit

    @property
    def _tops(self) -> list[fmpq]:
        """(sup_‖u‖≤1 |Σ ε_i σ(u·x̃_i)|)², for signs of which the first is +."""
        half = len(self.signs) // 2
        # the last sign vector is minus the first, and so on inwards
        return [
            max(one, other)
            for one, other in zip(
                self._best[:half], self._best[: half - 1 : -1], strict=True
            )
        ]

    @cached_property
    def _best(self) -> list[fmpq]:
        """(sup_‖u‖≤1 Σ ε_i σ(u·x̃_i))² for every sign vector, exactly; u = 0 gives 0.

        Between neighbouring rays on which some u·x̃_i is 0 the sum is linear, v·u: its
        largest value on the arc is ‖v‖ if v lies between them, else at an end. All is
        computed in whole numbers, over common denominators.
        """
        shared = lcm(*(one.denominator for x in self.thing.inputs for one in x))
        scale = lcm(*(one.denominator for one in self.thing.slopes))
        plus, minus = (int(one * scale) for one in self.thing.slopes)
        X = np.array(
            [[int(one * shared) for one in x] for x in self.thing.inputs], dtype=object
        )
        signs = np.array(self.signs, dtype=object)
        rays = _rays(X)
        whole = lcm(*(int(ray @ ray) for ray in rays))
        best = np.zeros(len(signs), dtype=object)
        for first, second in zip(rays, (*rays[1:], rays[0]), strict=True):
            slopes = np.where(X @ (first + second) > 0, plus, minus).astype(object)
            v = signs @ (slopes[:, None] * X)
            between = (_cross(first, v.T) >= 0) & (_cross(v.T, second) >= 0)
            along = np.maximum(v @ first, 0)
            best = np.maximum(best, np.where(between, (v * v).sum(axis=1) * whole, 0))
            best = np.maximum(best, along * along * (whole // int(first @ first)))
        below = whole * (shared * scale) ** 2
        return [fmpq(int(one), below) for one in best]

    def _sum(self, weights: Any) -> Ray:
        return (
            _combined(weights, [x[0] for x in self.x]),
            _combined(weights, [x[1] for x in self.x]),
        )

    # The finite task

    @cached_property
    def task(self) -> tuple[fmpq, fmpq]:
        """E max_h (L(h) - L̂(h)) and E R̂ of the losses, over all samples and signs."""
        chances = [exact(one) for one in self.thing.chances]
        losses = [[exact(one) for one in row] for row in self.thing.losses]
        risks = [_combined(chances, row) for row in losses]
        size = self.thing.size
        gap, average = fmpq(0), fmpq(0)
        for sample in product(range(len(chances)), repeat=size):
            chance = prod((chances[point] for point in sample), start=fmpq(1))
            seen = [[row[point] for point in sample] for row in losses]
            means = [sum(row, fmpq(0)) / size for row in seen]
            gap += chance * max(
                risk - mean for risk, mean in zip(risks, means, strict=True)
            )
            signs = list(product((1, -1), repeat=size))
            tops = [max(_combined(e, row) for row in seen) for e in signs]
            average += chance * sum(tops, fmpq(0)) / (size * len(signs))
        return gap, average


def _dot(a: Ray, b: Ray) -> fmpq:
    return a[0] * b[0] + a[1] * b[1]


def _cross(a: Any, b: Any) -> Any:
    return a[0] * b[1] - a[1] * b[0]


def _square(a: Ray) -> fmpq:
    return _dot(a, a)


def _root(value: fmpq) -> arb:
    return arb(value).sqrt()


def _combined(weights: Any, numbers: list[fmpq]) -> fmpq:
    return sum((w * x for w, x in zip(weights, numbers, strict=True)), fmpq(0))


def _mean_root(squares: list[fmpq]) -> arb:
    """The mean of the square roots; equal numbers are rooted once."""
    total = arb(0)
    for square, times in Counter(squares).items():
        total = total + _root(square) * times
    return total / len(squares)


def _rays(X: Any) -> list[Any]:
    """Where some u·x̃_i is 0, and the axes, in the order of their angles.

    With the axes among them, no two neighbours are a half-plane apart.
    """
    rays: list[tuple[int, int]] = [(1, 0), (0, 1), (-1, 0), (0, -1)]
    for one, other in X:
        if one or other:
            rays += [(-other, one), (other, -one)]
    kept: dict[tuple[int, bool, Fraction], tuple[int, int]] = {}
    for one, other in rays:
        # within half a turn from the first axis, the angle grows with -cot
        half = 0 if other > 0 or (other == 0 and one > 0) else 1
        cot = Fraction(-int(one), int(other)) if other else Fraction(0)
        kept.setdefault((half, other != 0, cot), (one, other))
    return [np.array(kept[key], dtype=object) for key in sorted(kept)]
