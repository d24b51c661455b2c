"""Closed forms of Gaussian expectations of σ and σ', in balls.

(u, v) is a centred Gaussian pair with E u² = p, E v² = q and E uv = r, all rational, and
s, t are rational shifts. Where σ has a kink the shifts are 0.

    piecewise linear    E σ(u)σ(v) from the arc-cosine kernels (Cho and Saul 2009), with
                        Δ = pq - r² and cos φ = r/√(pq):
                        E relu(u)relu(v) = (√Δ + (π - φ) r)/2π,
                        P(u > 0, v > 0) = (π - φ)/2π
    erf                 E erf(u)erf(v) = (2/π) asin(2r/√((1 + 2p)(1 + 2q)))
                        E erf'(u)erf'(v) = (4/π)/√((1 + 2p)(1 + 2q) - 4r²)
    quadratic           E (u + s)²(v + t)² = (p + s²)(q + t²) + 2r² + 4str
    sin                 from E cos(u ± v) = e^(-(p + q ± 2r)/2)
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from flint import acb, arb, fmpq

__all__ = ["KERNELS", "Kernel", "Pair"]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """The joint law of two pre-activations u + s and v + t."""

    p: fmpq
    q: fmpq
    r: fmpq
    s: fmpq
    t: fmpq

    @property
    def determinant(self) -> fmpq:
        """Δ = pq - r² >= 0."""
        return self.p * self.q - self.r * self.r


class Kernel(ABC):
    """Expectations for one activation."""

    shifts = True
    """Whether biases are allowed."""

    @abstractmethod
    def mean(self, p: fmpq, s: fmpq) -> arb:
        """E σ(u + s)."""

    @abstractmethod
    def mean_slope(self, p: fmpq, s: fmpq) -> arb:
        """E σ'(u + s)."""

    @abstractmethod
    def value(self, pair: Pair) -> arb:
        """E σ(u + s)σ(v + t)."""

    @abstractmethod
    def slope(self, pair: Pair) -> arb:
        """E σ'(u + s)σ'(v + t)."""

    @abstractmethod
    def slope_at(self, pair: Pair, angle: acb, *, analytic: bool) -> acb:
        """The same with r sin(angle) for r: for integrals over the angle."""

    @abstractmethod
    def slope_of(self, z: fmpq) -> arb:
        """σ'(z) at a number, not a kink."""


class PiecewiseLinear(Kernel):
    """σ(z) = α₊ max(z, 0) + α₋ min(z, 0)."""

    def __init__(self, plus: fmpq, minus: fmpq) -> None:
        self.plus, self.minus = plus, minus
        self.squares = plus * plus + minus * minus
        self.product = 2 * plus * minus
        self.shifts = plus == minus

    def mean(self, p: fmpq, s: fmpq) -> arb:
        spread = (arb(p) / (2 * arb.pi())).sqrt()
        return (self.plus - self.minus) * spread + self.plus * s

    def mean_slope(self, p: fmpq, s: fmpq) -> arb:
        del p, s
        return arb((self.plus + self.minus) / 2)

    def value(self, pair: Pair) -> arb:
        same = self._ramp(pair.r, pair.determinant)
        across = self._ramp(-pair.r, pair.determinant)
        shift = self.plus * self.plus * pair.s * pair.t
        return same * self.squares - across * self.product + shift

    def slope(self, pair: Pair) -> arb:
        # (α₊² + α₋²) P₊₊ + 2 α₊α₋ P₊₋
        both = 1 - _turn(pair.r, pair.determinant) / arb.pi()
        return (both * self.squares + (1 - both) * self.product) / 2

    def slope_at(self, pair: Pair, angle: acb, *, analytic: bool) -> acb:
        if pair.determinant == 0:
            turned = angle if pair.r > 0 else -angle
        else:
            size = arb(pair.p * pair.q).sqrt()
            ratio = angle.sin() * (arb(pair.r) / size)
            if analytic and not abs(ratio.real) < 1:
                return acb("nan")
            turned = ratio.asin()
        # asin(r/√(pq)) = π/2 - φ in the formula of `slope`
        level, share = (self.squares + self.product) / 4, self.squares - self.product
        return turned * share / (2 * arb.pi()) + level

    def slope_of(self, z: fmpq) -> arb:
        return arb(self.plus if z > 0 else self.minus)

    def _ramp(self, r: fmpq, determinant: fmpq) -> arb:
        """E relu(u)relu(v)."""
        root = arb(determinant).sqrt()
        return (root + (arb.pi() - _turn(r, determinant)) * r) / (2 * arb.pi())


def _turn(r: fmpq, determinant: fmpq) -> arb:
    """φ in [0, π] with cos φ = r/√(pq)."""
    return arb.atan2(arb(determinant).sqrt(), arb(r))


class Erf(Kernel):
    """σ(z) = erf(z), without biases."""

    shifts = False

    def mean(self, p: fmpq, s: fmpq) -> arb:
        del p, s
        return arb(0)

    def mean_slope(self, p: fmpq, s: fmpq) -> arb:
        del s
        return 2 / (arb.pi() * arb(1 + 2 * p)).sqrt()

    def value(self, pair: Pair) -> arb:
        return arb.atan2(arb(2 * pair.r), self._radicand(pair).sqrt()) * 2 / arb.pi()

    def slope(self, pair: Pair) -> arb:
        return arb(4) / (arb.pi() * self._radicand(pair).sqrt())

    def slope_at(self, pair: Pair, angle: acb, *, analytic: bool) -> acb:
        whole = arb((1 + 2 * pair.p) * (1 + 2 * pair.q))
        moved = angle.sin() * arb(2 * pair.r)
        root = (whole - moved * moved).sqrt(analytic=analytic)
        return 4 / (root * arb.pi())

    def slope_of(self, z: fmpq) -> arb:
        return 2 * (-(arb(z) ** 2)).exp() / arb.pi().sqrt()

    def _radicand(self, pair: Pair) -> arb:
        return arb((1 + 2 * pair.p) * (1 + 2 * pair.q) - 4 * pair.r * pair.r)


class Quadratic(Kernel):
    """σ(z) = z²."""

    def mean(self, p: fmpq, s: fmpq) -> arb:
        return arb(p + s * s)

    def mean_slope(self, p: fmpq, s: fmpq) -> arb:
        del p
        return arb(2 * s)

    def value(self, pair: Pair) -> arb:
        squares = (pair.p + pair.s * pair.s) * (pair.q + pair.t * pair.t)
        return arb(squares + 2 * pair.r * pair.r + 4 * pair.s * pair.t * pair.r)

    def slope(self, pair: Pair) -> arb:
        return arb(4 * (pair.r + pair.s * pair.t))

    def slope_at(self, pair: Pair, angle: acb, *, analytic: bool) -> acb:
        del analytic
        return (angle.sin() * arb(pair.r) + arb(pair.s * pair.t)) * 4

    def slope_of(self, z: fmpq) -> arb:
        return arb(2 * z)


class Sine(Kernel):
    """σ(z) = sin z."""

    def mean(self, p: fmpq, s: fmpq) -> arb:
        return (-arb(p) / 2).exp() * arb(s).sin()

    def mean_slope(self, p: fmpq, s: fmpq) -> arb:
        return (-arb(p) / 2).exp() * arb(s).cos()

    def value(self, pair: Pair) -> arb:
        near, far = self._waves(pair)
        return (near - far) / 2

    def slope(self, pair: Pair) -> arb:
        near, far = self._waves(pair)
        return (near + far) / 2

    def slope_at(self, pair: Pair, angle: acb, *, analytic: bool) -> acb:
        del analytic
        size, moved = arb(pair.p + pair.q), angle.sin() * arb(2 * pair.r)
        near = ((moved - size) / 2).exp() * arb(pair.s - pair.t).cos()
        far = ((-moved - size) / 2).exp() * arb(pair.s + pair.t).cos()
        return (near + far) / 2

    def slope_of(self, z: fmpq) -> arb:
        return arb(z).cos()

    def _waves(self, pair: Pair) -> tuple[arb, arb]:
        """E cos of the difference, and of the sum, of the two pre-activations."""
        size = pair.p + pair.q
        near = (arb(2 * pair.r - size) / 2).exp() * arb(pair.s - pair.t).cos()
        far = (arb(-2 * pair.r - size) / 2).exp() * arb(pair.s + pair.t).cos()
        return near, far


KERNELS: Final[Mapping[str, Kernel]] = MappingProxyType(
    {
        "identity": PiecewiseLinear(fmpq(1), fmpq(1)),
        "relu": PiecewiseLinear(fmpq(1), fmpq(0)),
        "leaky_relu": PiecewiseLinear(fmpq(1), fmpq(1, 100)),
        "abs": PiecewiseLinear(fmpq(1), fmpq(-1)),
        "erf": Erf(),
        "quadratic": Quadratic(),
        "sin": Sine(),
    }
)
"""Every activation whose expectations are known in closed form, by name."""
