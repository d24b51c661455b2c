"""Two-layer networks with Gaussian inputs, x ~ N(0, vI): population averages in balls."""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from flint import acb, arb, fmpq, fmpq_mat

from .gaussian_kernels import KERNELS, Pair
from .rationals import exact
from .spectra import eigenvalues

__all__ = ["GaussianNetwork", "GaussianQuantities", "Units"]


@dataclass(frozen=True, kw_only=True)
class Units:
    """f(x) = Σ_k a_k σ(w_k·x + b_k).

    Attributes
    ----------
    W : m rows of d
        First-layer weights; no row is 0 where σ has a kink.
    b, a : m numbers
        Biases, all 0 where σ has a kink and for erf; output weights.
    """

    W: tuple[tuple[Fraction, ...], ...]
    b: tuple[Fraction, ...]
    a: tuple[Fraction, ...]


@dataclass(frozen=True, kw_only=True)
class GaussianNetwork:
    """Two networks on the same Gaussian inputs, and some inputs beside.

    Attributes
    ----------
    activation : str
        One whose Gaussian expectations are known in closed form.
    variance : Fraction
        v > 0.
    own, target : Units
        f and f*.
    inputs : n rows of d
        Training inputs.
    """

    activation: str
    variance: Fraction
    own: Units
    target: Units
    inputs: tuple[tuple[Fraction, ...], ...]


class GaussianQuantities:
    """What claims about f name: every average over x ~ N(0, vI) in closed form."""

    def __init__(self, thing: GaussianNetwork) -> None:
        self.thing = thing
        self.activation = thing.activation
        self.kernel = KERNELS[thing.activation]
        self.v = exact(thing.variance)
        self.W = _rows(thing.own.W)
        self.b = [exact(entry) for entry in thing.own.b]
        self.a = [exact(entry) for entry in thing.own.a]
        self.m, self.d = len(self.a), len(self.W[0])
        self.units = range(self.m)

    @property
    def scale(self) -> arb:
        """s = √v."""
        return arb(self.v).sqrt()

    @property
    def difference(self) -> "GaussianQuantities":
        """f - f*, which is a network of the units of both."""
        own, target = self.thing.own, self.thing.target
        joined = Units(
            W=own.W + target.W,
            b=own.b + target.b,
            a=own.a + tuple(-entry for entry in target.a),
        )
        return GaussianQuantities(replace(self.thing, own=joined))

    @property
    def target(self) -> "GaussianQuantities":
        """f* in place of f."""
        return GaussianQuantities(replace(self.thing, own=self.thing.target))

    @cached_property
    def gram(self) -> list[list[fmpq]]:
        """WWᵀ."""
        return [
            [sum((x * y for x, y in zip(u, w, strict=True)), fmpq(0)) for w in self.W]
            for u in self.W
        ]

    @cached_property
    def pairs(self) -> list[list[Pair]]:
        """The joint law of every two pre-activations."""
        v, gram = self.v, self.gram
        return [
            [
                Pair(
                    p=v * gram[k][k],
                    q=v * gram[h][h],
                    r=v * gram[k][h],
                    s=self.b[k],
                    t=self.b[h],
                )
                for h in self.units
            ]
            for k in self.units
        ]

    @cached_property
    def slopes(self) -> list[list[arb]]:
        """E σ'(z_k)σ'(z_h): G_bb is a_k a_h times these."""
        return [[self.kernel.slope(pair) for pair in row] for row in self.pairs]

    @cached_property
    def bias_block(self) -> list[list[arb]]:
        """G_bb = E ∇_b f ∇_b fᵀ."""
        return [
            [self.slopes[k][h] * (self.a[k] * self.a[h]) for h in self.units]
            for k in self.units
        ]

    @cached_property
    def variance(self) -> arb:
        """Var f = Σ_kh a_k a_h (E σ(z_k)σ(z_h) - E σ(z_k) E σ(z_h))."""
        means = [
            self.kernel.mean(self.v * self.gram[k][k], self.b[k]) for k in self.units
        ]
        total = arb(0)
        for k in self.units:
            for h in self.units:
                both = self.kernel.value(self.pairs[k][h]) - means[k] * means[h]
                total = total + both * (self.a[k] * self.a[h])
        return total

    @cached_property
    def energy(self) -> arb:
        """E ‖∇ₓf‖², the sum over the inputs j of E (Σ_k a_k w_kj σ'(z_k))²."""
        total = arb(0)
        for j in range(self.d):
            weights = [self.a[k] * self.W[k][j] for k in self.units]
            for k in self.units:
                for h in self.units:
                    total = total + self.slopes[k][h] * (weights[k] * weights[h])
        return total

    @cached_property
    def mean_slope_squared(self) -> arb:
        """‖E ∇ₓf‖²."""
        means = [
            self.kernel.mean_slope(self.v * self.gram[k][k], self.b[k]) * self.a[k]
            for k in self.units
        ]
        total = arb(0)
        for j in range(self.d):
            entry = sum((means[k] * self.W[k][j] for k in self.units), arb(0))
            total = total + entry * entry
        return total

    @cached_property
    def weight_norm_squared(self) -> arb:
        """‖W‖²."""
        return eigenvalues(fmpq_mat(self.gram))[0]

    def largest(self, numbers: list[arb]) -> arb:
        """The largest of some numbers."""
        most = numbers[0]
        for one in numbers[1:]:
            most = most.max(one)
        return most

    @cached_property
    def training_slopes(self) -> arb:
        """(1/n) Σ_i ‖∇ₓf(x_i)‖² over the training inputs; no one is on a kink."""
        total = arb(0)
        for x in _rows(self.thing.inputs):
            slopes = [
                self.kernel.slope_of(self._preactivation(k, x)) * self.a[k]
                for k in self.units
            ]
            for j in range(self.d):
                entry = sum((slopes[k] * self.W[k][j] for k in self.units), arb(0))
                total = total + entry * entry
        return total / len(self.thing.inputs)

    def _preactivation(self, k: int, x: list[fmpq]) -> fmpq:
        return sum((w * y for w, y in zip(self.W[k], x, strict=True)), self.b[k])

    def along(self, *, weight: str) -> arb:
        """∫ E ∇f(x)·∇f(x_φ) dt for φ from 0 to π/2, where dt is `weight`(φ) dφ.

        x_φ = sin φ x + cos φ x', x' independent of x and of the same law.
        """

        def integrand(angle: acb, analytic: bool) -> acb:  # noqa: FBT001
            total = acb(0)
            for k in self.units:
                for h in self.units:
                    size = self.a[k] * self.a[h] * self.gram[k][h]
                    if size != 0:
                        pair = self.pairs[k][h]
                        slope = self.kernel.slope_at(pair, angle, analytic=analytic)
                        total = total + slope * arb(size)
            return total * (angle.cos() if weight == "cos" else angle.sin())

        return acb.integral(integrand, acb(0), acb.pi() / 2).real


def _rows(rows: Any) -> list[list[fmpq]]:
    return [[exact(entry) for entry in row] for row in rows]
