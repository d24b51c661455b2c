"""Quantities of quadratic forms: spectra exactly, volumes and masses as balls."""

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

from flint import arb, fmpq

from .masses import ellipsoid_mass, weight_mass
from .rationals import ball, exact
from .volumes import (
    bent_volume,
    round_volume,
    slab_in_ball,
    volume_by_slices,
    volume_in_ball,
)

__all__ = ["Form"]


class Form:
    """½ δᵀHδ for a positive semi-definite H with rational eigenvalues, and a centre.

    Coordinates are those of H's eigenvectors, eigenvalues descending.

    Parameters
    ----------
    eigenvalues, centre : p numbers each
        λ_1 >= … >= λ_p >= 0, and θ*.
    epsilon, radius, variance, beta : Fraction
        Height ε, radius R of the ball, τ² and β.
    """

    def __init__(
        self,
        eigenvalues: Sequence[Fraction],
        centre: Sequence[Fraction],
        *,
        epsilon: Fraction,
        radius: Fraction,
        variance: Fraction,
        beta: Fraction,
    ) -> None:
        self._values, self._centre = eigenvalues, centre
        self._epsilon, self._radius = epsilon, radius
        self._variance, self._beta = variance, beta
        self.p = len(eigenvalues)
        self.k = sum(value > 0 for value in eigenvalues)
        self.eigenvalues = [exact(value) for value in eigenvalues]
        self.positive = self.eigenvalues[: self.k]
        self.centre = [exact(value) for value in centre]
        self.strengths = [exact(beta * variance * value) for value in eigenvalues]
        """β τ² λ_i."""

    @property
    def full_rank(self) -> bool:
        """Whether k = p."""
        return self.k == self.p

    @cached_property
    def volume(self) -> arb:
        """Vol {½ δᵀHδ <= ε}, from slices; infinite (nan) unless H has full rank."""
        if not self.full_rank:
            return arb.nan()
        return volume_by_slices(self._values, self._epsilon)

    @cached_property
    def volume_in_ball(self) -> arb:
        """Vol {½ δᵀHδ <= ε, ‖δ‖ <= R}; nan where it is not enclosed."""
        found = volume_in_ball(self._values, self._epsilon, self._radius)
        return arb.nan() if found is None else found

    def bent_volumes(self, bend: Fraction) -> tuple[arb, ...]:
        """The same with (c/6)|δ_p|³ added, and with (c/6)‖δ‖³ where H = λI.

        The first is nan where it is not enclosed, and the second left out.
        """
        arguments = (self._values, self._epsilon, bend, self._radius)
        bent, rounded = bent_volume(*arguments), round_volume(*arguments)
        first = arb.nan() if bent is None else bent
        return (first,) if rounded is None else (first, rounded)

    def slab_in_ball(self, *, twice: int, height: int = 2) -> arb:
        """V_{p-1} ∫ (R² - u²)^{twice/2} du over |u| <= min(√(height·ε/λ_1), R)."""
        epsilon = self._epsilon * Fraction(height, 2)
        return slab_in_ball(self._values[0], epsilon, self._radius, self.p, twice=twice)

    @cached_property
    def mass(self) -> arb:
        """P(½ δᵀHδ <= ε) for δ ~ N(0, τ² I)."""
        return ellipsoid_mass(self._values, self._epsilon, self._variance)

    @cached_property
    def shifted_mass(self) -> arb:
        """P(½ (θ - θ*)ᵀH(θ - θ*) <= ε) for θ ~ N(0, τ² I)."""
        return ellipsoid_mass(self._values, self._epsilon, self._variance, self._centre)

    @cached_property
    def evidence(self) -> arb:
        """E exp(-½ β δᵀHδ) for δ ~ N(0, τ² I), by quadrature."""
        return weight_mass(self._values, self._beta, self._variance)

    @cached_property
    def curved_depth(self) -> fmpq:
        """‖θ*‖² / (2τ²) of the part of θ* in the range of H."""
        return self._depth(self._centre[: self.k])

    @cached_property
    def depth(self) -> fmpq:
        """‖θ*‖² / (2τ²)."""
        return self._depth(self._centre)

    def _depth(self, centre: Sequence[Fraction]) -> fmpq:
        total = sum((value**2 for value in centre), Fraction(0))
        return exact(total / (2 * self._variance))

    def scaled(self, scale: Fraction) -> "Form":
        """The form of scale² H."""
        return Form(
            [value * scale**2 for value in self._values],
            self._centre,
            epsilon=self._epsilon,
            radius=self._radius,
            variance=self._variance,
            beta=self._beta,
        )

    def box(self, share: int) -> arb:
        """Π_i erf(√(ε / (share τ² λ_i))) over the positive λ_i."""
        product = arb(1)
        for value in self._values[: self.k]:
            side = self._epsilon / (share * self._variance * value)
            product *= ball(side).sqrt().erf()
        return product
