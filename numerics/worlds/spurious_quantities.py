"""What a certified spurious minimum says of its box, and series of L at points of it.

The certificate is made, and checked, by `numerics.population`; the series share nothing
with it but the numbers of the centre.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, cached_property
from typing import Any, Final, TypeAlias

import numpy as np
from flint import arb, fmpq

from ...errors import ConvergenceError
from ..population.certificates import Certificate
from ..population.checker import STAGES, exact, verify
from ..population.landscape import Landscape
from ..population.spurious import Certified, certify_spurious_minimum
from .population_taylor import loss_taylor
from .rationals import exact as rational_exact

__all__ = ["SpuriousMinimum", "SpuriousQuantities"]

SEED: Final = 0
"""Of the search; which minimum of a family of equal ones it finds does not matter."""

Row: TypeAlias = tuple[Fraction, ...]
Matrix: TypeAlias = list[list[fmpq]]


@dataclass(frozen=True, kw_only=True)
class SpuriousMinimum:
    """A point of the box of a certificate, with a direction of W.

    Attributes
    ----------
    k : int
        Neurons of student and teacher, which is I_k.
    along : str
        drawn: T = left rightᵀ; lowest, highest: T is close to an eigenvector of the least
        or of the largest eigenvalue.
    left, right : k numbers each
        Of T where it is drawn.
    place : k numbers of [-1, 1]
        Row i of W lies `place_i` radii beside the centre, in every entry.
    """

    k: int
    along: str
    left: Row
    right: Row
    place: Row


class SpuriousQuantities:
    """Quantities of the certificate for k neurons, and of L at a point of its box.

    Parameters
    ----------
    thing : SpuriousMinimum
        Which.
    """

    def __init__(self, thing: SpuriousMinimum) -> None:
        self.thing = thing
        self.k = thing.k

    @property
    def pi(self) -> arb:
        """π."""
        return arb.pi()

    def ball(self, value: Fraction | int) -> arb:
        """A rational number as a ball."""
        return arb(rational_exact(Fraction(value)))

    def root(self, value: arb | fmpq | int) -> arb:
        """√value."""
        return arb(value).sqrt()

    # The certificate

    def accepted(self, **changes: Any) -> bool:
        """Whether the checker accepts the certificate, some entries replaced.

        Parameters
        ----------
        **changes
            radius, precision and the bounds by name; centre="teacher" puts the box
            around I_k.
        """
        return _accepted(self.k, tuple(sorted(changes.items())))

    @property
    def loss_bounds(self) -> tuple[fmpq, fmpq]:
        """L_- and L_+."""
        return _ends(_certificate(self.k).loss)

    @property
    def least_bounds(self) -> tuple[fmpq, fmpq]:
        """Bounds of λ_min in the box."""
        return _ends(_certificate(self.k).lambda_min)

    @property
    def largest_bounds(self) -> tuple[fmpq, fmpq]:
        """Bounds of λ_max in the box."""
        return _ends(_certificate(self.k).lambda_max)

    # Series at the point

    def taylor(self, *, digits: int | None = None) -> tuple[arb, arb, arb]:
        """L(W), ⟨∇L(W), T⟩ and ½ D²L(W)[T, T], W the point, or the point rounded."""
        W, k = self._point, self.k
        if digits is not None:
            W = [[_rounded(entry, digits) for entry in row] for row in W]
        teacher = [[fmpq(int(i == a)) for a in range(k)] for i in range(k)]
        return loss_taylor("relu", W, self._direction, teacher)

    @cached_property
    def here(self) -> tuple[arb, arb, arb]:
        """The same at the point itself."""
        return self.taylor()

    @cached_property
    def norm_squared(self) -> fmpq:
        """‖T‖_F²."""
        return sum((x * x for row in self._direction for x in row), fmpq(0))

    @cached_property
    def _point(self) -> Matrix:
        certificate = _certificate(self.k)
        radius = exact(certificate.radius)
        return [
            [exact(entry) + radius * rational_exact(beside) for entry in row]
            for row, beside in zip(certificate.centre, self.thing.place, strict=True)
        ]

    @cached_property
    def _direction(self) -> Matrix:
        if self.thing.along != "drawn":
            return _outermost(self.k)[self.thing.along]
        right = [rational_exact(y) for y in self.thing.right]
        return [[rational_exact(x) * y for y in right] for x in self.thing.left]


def _ends(bounds: tuple[str, str]) -> tuple[fmpq, fmpq]:
    return exact(bounds[0]), exact(bounds[1])


def _rounded(entry: fmpq, digits: int) -> fmpq:
    return fmpq(round(Fraction(int(entry.p), int(entry.q)) * 10**digits), 10**digits)


@cache
def _certified(k: int) -> Certified:
    found = certify_spurious_minimum(k, seed=SEED)
    if found is None:
        raise ConvergenceError(
            f"k = {k} led to no spurious minimum from seed {SEED}; expected one from 6 on"
        )
    return found


def _certificate(k: int) -> Certificate:
    return _certified(k).certificate


@cache
def _accepted(k: int, changes: tuple[tuple[str, Any], ...]) -> bool:
    checks, changed = _certified(k).checks, dict(changes)
    if changed.get("centre") == "teacher":
        changed["centre"] = tuple(
            tuple("1.0" if i == a else "0.0" for a in range(k)) for i in range(k)
        )
    if changed:
        checks = verify(replace(_certificate(k), **changed))
    return len(checks) == STAGES and all(check.passed for check in checks)


@cache
def _outermost(k: int) -> dict[str, Matrix]:
    """Float64 eigenvectors of ∇²L at the centre, as the rationals that they hold."""
    centre = np.array(_certificate(k).centre, dtype=np.float64)
    H = Landscape(activation="relu", teacher=np.eye(k)).hessian(centre)
    vectors = np.linalg.eigh(H)[1]
    return {
        name: [
            [rational_exact(Fraction(float(x))) for x in row]
            for row in vectors[:, place].reshape(k, k)
        ]
        for name, place in (("lowest", 0), ("highest", -1))
    }
