"""Two quadratic forms on R^p with a height, a ball, a Gaussian and two centres."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb, fmpq

from ...errors import InputError
from .forms import Form
from .masses import half_line_mass
from .rationals import draw_positive, exact, plainer, read, written
from .volumes import ball_of
from .world import World

__all__ = ["QUADRATIC_FORMS", "FormQuantities", "QuadraticForms"]

Row = tuple[Fraction, ...]

LARGEST = 5
"""p is drawn up to this."""


@dataclass(frozen=True, kw_only=True)
class QuadraticForms:
    """½ δᵀH_1δ and ½ δᵀH_2δ, each about a centre, in coordinates of its eigenvectors.

    Attributes
    ----------
    spectrum, other : p numbers >= 0
        Eigenvalues of H_1 and of H_2, descending.
    centre, other_centre : p numbers
        θ*_1 and θ*_2.
    epsilon, radius, variance, beta, scale : Fraction
        ε, R, τ², β and s, all positive.
    bend : Fraction
        c of the term (c/6)|δ_p|³ or (c/6)‖δ‖³ that may be added to the first: its
        Hessian is |c|-Lipschitz.
    """

    spectrum: Row
    other: Row
    centre: Row
    other_centre: Row
    epsilon: Fraction = Fraction(1)
    radius: Fraction = Fraction(1)
    variance: Fraction = Fraction(1)
    beta: Fraction = Fraction(1)
    scale: Fraction = Fraction(1)
    bend: Fraction = Fraction(0)

    @property
    def valid(self) -> bool:
        """Whether the numbers are in range, and spectra descend."""
        spectra = (self.spectrum, self.other)
        rows = (*spectra, self.centre, self.other_centre)
        return (
            min(self.epsilon, self.radius, self.variance, self.beta, self.scale) > 0
            and {len(row) for row in rows} == {len(self.spectrum)}
            and len(self.spectrum) > 0
            and all(row[-1] >= 0 for row in spectra)
            and all(row == _descending(row) for row in spectra)
        )

    def but(self, **changes: Any) -> "QuadraticForms":
        """The same with some fields replaced."""
        return replace(self, **changes)


_ROWS = ("spectrum", "other", "centre", "other_centre")
_NUMBERS = ("epsilon", "radius", "variance", "beta", "scale", "bend")


class FormQuantities:
    """What the claims about quadratic forms are made of.

    Parameters
    ----------
    at : QuadraticForms
        The instance; everything is enclosed at the precision in force when it is used.
    """

    def __init__(self, at: QuadraticForms) -> None:
        self._at = at
        self.p = len(at.spectrum)
        self.epsilon, self.radius = exact(at.epsilon), exact(at.radius)
        self.variance, self.beta = exact(at.variance), exact(at.beta)
        self.scale, self.bend = exact(at.scale), exact(at.bend)

    @cached_property
    def first(self) -> Form:
        """The form of H_1."""
        return self._form(self._at.spectrum, self._at.centre)

    @cached_property
    def second(self) -> Form:
        """The form of H_2."""
        return self._form(self._at.other, self._at.other_centre)

    @cached_property
    def steeper(self) -> Form:
        """The form of s² H_1."""
        return self.first.scaled(self._at.scale)

    @cached_property
    def bent_volumes(self) -> tuple[arb, ...]:
        """Vol {L(δ) <= ε, ‖δ‖ <= R} for L = ½ δᵀH_1δ + (c/6)|δ_p|³, and (c/6)‖δ‖³.

        Both have a |c|-Lipschitz Hessian; the second is there for H_1 = λI only.
        """
        return self.first.bent_volumes(self._at.bend)

    @cached_property
    def half_line(self) -> arb:
        """P(θ_1 >= R) for θ_1 ~ N(0, τ²)."""
        return half_line_mass(self._at.radius, self._at.variance)

    @cached_property
    def shifted_half_line(self) -> arb:
        """P(θ_1 - θ*_1 >= R)."""
        start = self._at.radius + self._at.centre[0]
        return half_line_mass(start, self._at.variance)

    @staticmethod
    def unit_ball(p: int) -> arb:
        """V_p."""
        return ball_of(p)

    @staticmethod
    def ball(value: fmpq | int) -> arb:
        """A rational as a ball, for roots, logarithms and exponentials."""
        return arb(value)

    def _form(self, spectrum: Row, centre: Row) -> Form:
        at = self._at
        return Form(
            spectrum,
            centre,
            epsilon=at.epsilon,
            radius=at.radius,
            variance=at.variance,
            beta=at.beta,
        )


def draw(rng: np.random.Generator) -> QuadraticForms:
    """Spectra of every rank, equal, spread or nearly degenerate, and ordinary scales.

    A third have a bend for which the body is enclosed.
    """
    p = int(rng.integers(1, LARGEST + 1))
    spectrum, other = _spectrum(rng, p), _spectrum(rng, p)
    scale = Fraction(int(rng.integers(1, 9)), int(rng.integers(1, 5)))
    at = QuadraticForms(
        spectrum=spectrum,
        other=other,
        centre=_point(rng, p),
        other_centre=_point(rng, p),
        epsilon=draw_positive(rng),
        radius=Fraction(int(rng.integers(1, 17)), int(rng.integers(1, 5))),
        variance=Fraction(int(rng.integers(1, 13)), int(rng.integers(1, 13))),
        beta=draw_positive(rng),
        scale=scale,
    )
    return _bent(at, rng) if rng.integers(3) == 0 else _fitted(at, rng)


def _spectrum(rng: np.random.Generator, p: int) -> Row:
    rank = p if rng.integers(2) else int(rng.integers(0, p + 1))
    if rng.integers(3) == 0:
        values = [draw_positive(rng)] * rank
    else:
        values = [draw_positive(rng) for _ in range(rank)]
    return _descending((*values, *[Fraction(0)] * (p - rank)))


def _descending(row: Row) -> Row:
    return tuple(sorted(row, reverse=True))


def _point(rng: np.random.Generator, p: int) -> Row:
    spread = int(rng.integers(0, 4))
    return tuple(Fraction(int(rng.integers(-spread, spread + 1)), 2) for _ in range(p))


def _fitted(at: QuadraticForms, rng: np.random.Generator) -> QuadraticForms:
    """Every other time, ε is brought to where the ball cuts some of the axes."""
    positive = [value for value in at.spectrum if value > 0]
    if not positive or rng.integers(2):
        return at
    value = positive[int(rng.integers(len(positive)))]
    share = Fraction(int(rng.integers(1, 25)), 16)
    return replace(at, epsilon=share * value * at.radius**2 / 2)


def _bent(at: QuadraticForms, rng: np.random.Generator) -> QuadraticForms:
    """With κ = |c|R/(3λ_min) < 1 and 2ε <= (1 - κ)λ_min R²: else the same."""
    least = at.spectrum[-1]
    if least == 0:
        return at
    kappa = Fraction(int(rng.integers(1, 10)), 10)
    bend = kappa * 3 * least / at.radius * (1 if rng.integers(2) else -1)
    share = Fraction(int(rng.integers(1, 9)), 8)
    epsilon = share * (1 - kappa) * least * at.radius**2 / 2
    return replace(at, bend=bend, epsilon=epsilon)


def from_example(values: Mapping[str, Any]) -> QuadraticForms:
    """The forms with those values; what is not given is 1, 0, or that of the first.

    Raises
    ------
    InputError
        If a name is unknown, a value is no rational, or the numbers are out of range.
    """
    unknown = sorted(set(values) - {*_ROWS, *_NUMBERS})
    if unknown or "spectrum" not in values:
        raise InputError(
            f"quadratic forms are given by {', '.join(values)}; expected spectrum, and "
            f"any of {', '.join((*_ROWS[1:], *_NUMBERS))}"
        )
    given = {name: read(name, value) for name, value in values.items()}
    spectrum = given["spectrum"]
    origin = (Fraction(0),) * len(spectrum)
    rows = {"other": spectrum, "centre": origin, "other_centre": origin}
    at = QuadraticForms(**{**rows, **given})
    if not at.valid:
        raise InputError(
            f"quadratic forms have the values {record(at)}; expected rows of one "
            "length, spectra that descend to 0 or above, and positive epsilon, radius, "
            "variance, beta and scale"
        )
    return at


def simpler(at: QuadraticForms) -> Iterator[QuadraticForms]:
    """In one dimension less; then with plainer numbers."""
    for place in range(len(at.spectrum) if len(at.spectrum) > 1 else 0):
        rows = {name: _without(getattr(at, name), place) for name in _ROWS}
        yield at.but(**rows)
    for name in _NUMBERS:
        for plain in plainer(getattr(at, name)):
            yield from _valid(at.but(**{name: plain}))
    for name in _ROWS:
        for row in _plainer_rows(getattr(at, name)):
            yield from _valid(at.but(**{name: row}))


def _plainer_rows(row: Row) -> Iterator[Row]:
    """Entries that are equal plainer together, since equal axes are enclosed best."""
    for value in dict.fromkeys(row):
        for plain in plainer(value):
            yield tuple(plain if one == value else one for one in row)
    for place, value in enumerate(row):
        for plain in plainer(value):
            yield (*row[:place], plain, *row[place + 1 :])


def _without(row: Row, place: int) -> Row:
    return (*row[:place], *row[place + 1 :])


def _valid(at: QuadraticForms) -> Iterator[QuadraticForms]:
    if at.valid:
        yield at


def record(at: QuadraticForms) -> dict[str, Any]:
    """The same as texts."""
    return {name: written(getattr(at, name)) for name in (*_ROWS, *_NUMBERS)}


QUADRATIC_FORMS: World[QuadraticForms] = World(
    name="quadratic-forms",
    draw=draw,
    from_example=from_example,
    quantities=FormQuantities,
    simpler=simpler,
    record=record,
)
