"""What claims about teacher and student name, each from σ or from series of κ."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from flint import arb, fmpq

from .gaussian_integrals import half_square_mean, mean_of_product
from .population_taylor import kernel_taylor, loss_taylor
from .rationals import exact

__all__ = ["Population", "PopulationQuantities"]

Rows: TypeAlias = tuple[tuple[Fraction, ...], ...]
Vector: TypeAlias = list[fmpq]


@dataclass(frozen=True, kw_only=True)
class Population:
    """Student and teacher under x ~ N(0, I_d), with two directions of the student.

    Attributes
    ----------
    activation : str
        relu, erf (of z/√2) or quadratic.
    W : k rows of d
        Student; for ReLU no row is 0, nor is one of V.
    V : m rows of d
        Teacher.
    S, T : k rows of d
        Directions in which L is differentiated.
    """

    activation: str
    W: Rows
    V: Rows
    S: Rows
    T: Rows


class PopulationQuantities:
    """Quantities of L(W) = ½ E (Σ_i σ(w_i·x) - Σ_j σ(v_j·x))².

    Parameters
    ----------
    thing : Population
        Student, teacher and directions.
    """

    def __init__(self, thing: Population) -> None:
        self.activation = thing.activation
        self.W, self.V = _exact(thing.W), _exact(thing.V)
        self.S, self.T = _exact(thing.S), _exact(thing.T)
        self.d = len(self.W[0])

    @property
    def pi(self) -> arb:
        """π."""
        return arb.pi()

    def root(self, value: fmpq | int) -> arb:
        """√value."""
        return arb(value).sqrt()

    def turn(self, y: arb, x: arb | fmpq) -> arb:
        """The angle in [0, π] whose cosine and sine are x and y >= 0 over √(x² + y²)."""
        return arb.atan2(y, arb(x))

    def asin(self, value: arb) -> arb:
        """The arc sine."""
        return value.asin()

    # The first student u with direction s, and the first teacher v with direction t

    @property
    def u(self) -> Vector:
        """w_1."""
        return self.W[0]

    @property
    def v(self) -> Vector:
        """v_1."""
        return self.V[0]

    @property
    def s(self) -> Vector:
        """The first row of S."""
        return self.S[0]

    @property
    def t(self) -> Vector:
        """The first row of T."""
        return self.T[0]

    @cached_property
    def kappa(self) -> arb | fmpq:
        """κ(u, v) = E σ(u·x)σ(v·x), by quadrature or by moments."""
        return mean_of_product(self.activation, self.u, self.v)

    @cached_property
    def kappa_opposite(self) -> arb | fmpq:
        """κ(-u, v)."""
        return mean_of_product(self.activation, [-x for x in self.u], self.v)

    @cached_property
    def kappa_slope(self) -> arb:
        """∂κ/∂u in the direction t."""
        return self._kappa_along(self.t, _nothing(self.t))[1]

    @cached_property
    def kappa_curvature(self) -> arb:
        """sᵀ ∂²κ/∂u∂uᵀ t, by polarisation."""
        still = _nothing(self.t)
        return self._polarised((self.s, still), (self.t, still))

    @cached_property
    def kappa_mixed(self) -> arb:
        """sᵀ ∂²κ/∂u∂vᵀ t."""
        still = _nothing(self.t)
        return self._polarised((self.s, still), (still, self.t))

    def _polarised(
        self, one: tuple[Vector, Vector], other: tuple[Vector, Vector]
    ) -> arb:
        """D²κ[one, other] = (D²κ[one + other]² - D²κ[one - other]²)/4."""
        ahead = [_sum(a, b, 1) for a, b in zip(one, other, strict=True)]
        back = [_sum(a, b, -1) for a, b in zip(one, other, strict=True)]
        return (self._kappa_along(*ahead)[2] - self._kappa_along(*back)[2]) / 2

    def _kappa_along(self, s: Vector, t: Vector) -> tuple[arb, arb, arb]:
        return kernel_taylor(self.activation, self.u, s, self.v, t)

    # The loss

    @cached_property
    def loss(self) -> arb | fmpq | None:
        """L(W) from σ itself, where there is a way."""
        return half_square_mean(self.activation, self.W, self.V)

    @cached_property
    def slope(self) -> arb:
        """⟨∇L, T⟩."""
        return loss_taylor(self.activation, self.W, self.T, self.V)[1]

    @cached_property
    def curvature(self) -> arb:
        """D²L[S, T], by polarisation."""
        ahead, back = (
            [_sum(s, t, sign) for s, t in zip(self.S, self.T, strict=True)]
            for sign in (1, -1)
        )
        taylor = [
            loss_taylor(self.activation, self.W, along, self.V)
            for along in (ahead, back)
        ]
        return (taylor[0][2] - taylor[1][2]) / 2


def _exact(rows: Rows) -> list[Vector]:
    return [[exact(entry) for entry in row] for row in rows]


def _nothing(v: Vector) -> Vector:
    return [fmpq(0)] * len(v)


def _sum(u: Vector, v: Vector, sign: int) -> Vector:
    return [a + sign * b for a, b in zip(u, v, strict=True)]
