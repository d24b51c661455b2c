"""The loss on the plane through three networks, in units that rescaling leaves alone."""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from ...errors import InputError
from ..estimators.probes import check_count
from ..progress import Progress
from .lines import check_alike
from .point import Point
from .radius import filter_norms

__all__ = ["Plane", "plane_through"]

MARGIN = 0.35
"""Of the picture, around the three points, by the longer side of what they span."""

PARALLEL = 1e-9
"""Share of its length by which C must lie off the line through A and B."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Plane:
    """L(θ_A + x u + y v) on a grid.

    Attributes
    ----------
    x, y : (m,) float64
        Coordinates.
    losses : (m, m) float64
        L, row i at y_i and column j at x_j; infinite where it is not finite.
    corners : (3, 2) float64
        Coordinates of A, B and C: A at (0, 0), B at (‖B - A‖, 0).
    corner_losses : tuple of float
        L there.
    normalised : bool
        Whether lengths are relative to the filters' norms.
    """

    x: Tensor = field(repr=False)
    y: Tensor = field(repr=False)
    losses: Tensor = field(repr=False)
    corners: Tensor
    corner_losses: tuple[float, float, float]
    normalised: bool


def plane_through(
    a: Point,
    b: Point,
    c: Point,
    *,
    size: int = 41,
    normalised: bool = True,
    progress: Progress | None = None,
) -> Plane:
    """The losses on a grid of the plane through three networks.

    u and v are orthonormal, u along θ_B - θ_A. With `normalised` they are so in

        ⟨δ, δ'⟩ = Σ_j δ_j δ'_j / s_j²,

    s_j the root mean square over the three networks of the norm of the filter that the
    j-th weight belongs to, and of |θ_j| itself for biases: a length is a change relative
    to the filters, and no rescaling of whole layers of a ReLU network, done to all
    three, changes it. The plane is the same one.

    Parameters
    ----------
    a, b, c : Point
        Of one architecture, data and loss.
    size : int
        m, at least 2.
    normalised : bool
        Whether by filters.
    progress : callable, optional
        Called with the places done and m².

    Returns
    -------
    Plane
        m² losses.

    Raises
    ------
    InputError
        If the three do not belong together or lie on one line, or m is too small.

    References
    ----------
    Garipov, Izmailov, Podoprikhin, Vetrov and Wilson (2018), Loss surfaces, mode
    connectivity, and fast ensembling of DNNs, for the plane; Li et al. (2018) for the
    normalisation by filters.
    """
    check_count("size", size, least=2)
    for other in (b, c):
        check_alike(a, other)
    scale = _scale((a, b, c)) if normalised else torch.ones_like(a.theta)
    u, v, corners = _axes(a.theta, b.theta, c.theta, scale)
    x, y = _grid(corners, size)
    losses = torch.empty(size, size, dtype=torch.float64)
    with a.ready():
        for i in range(size):
            for j in range(size):
                losses[i, j] = a.value(a.theta + float(x[j]) * u + float(y[i]) * v)
            if progress is not None:
                progress((i + 1) * size, size**2)
    return Plane(
        x=x,
        y=y,
        losses=losses,
        corners=corners,
        corner_losses=(a.loss, b.loss, c.loss),
        normalised=normalised,
    )


def _scale(points: tuple[Point, ...]) -> Tensor:
    """s (p,); 1 where all three are 0."""
    squares = torch.zeros_like(points[0].theta)
    for point in points:
        norms = filter_norms(point.parameters, point.theta)
        vectors = _is_vector(point)
        squares += torch.where(vectors, point.theta, norms).square() / len(points)
    return torch.where(squares > 0, squares.sqrt(), 1)


def _is_vector(point: Point) -> Tensor:
    """(p,): whether an entry of θ belongs to a parameter of one axis, such as a bias."""
    parts = point.parameters.split(point.theta)
    return torch.cat(
        [
            torch.full((part.numel(),), part.ndim < 2, device=part.device)
            for part in parts
        ]
    )


def _axes(a: Tensor, b: Tensor, c: Tensor, scale: Tensor) -> tuple[Tensor, ...]:
    """u and v in θ, and the corners' coordinates."""
    along, across = (b - a) / scale, (c - a) / scale
    length = float(along.norm())
    if length == 0 or float(across.norm()) == 0:
        raise InputError(
            "two of a, b and c have the same weights; expected three networks that span "
            "a plane"
        )
    u = along / length
    place = float(u @ across)
    rest = across - place * u
    height = float(rest.norm())
    if height <= PARALLEL * float(across.norm()):
        raise InputError(
            "a, b and c lie on one line; expected three networks that span a plane: use "
            "the line alone"
        )
    corners = torch.tensor(
        [[0.0, 0.0], [length, 0.0], [place, height]], dtype=torch.float64
    )
    return scale * u, scale * rest / height, corners


def _grid(corners: Tensor, size: int) -> tuple[Tensor, Tensor]:
    low, high = corners.min(0).values, corners.max(0).values
    room = MARGIN * float((high - low).max())
    x, y = (
        torch.linspace(float(a) - room, float(b) + room, size, dtype=torch.float64)
        for a, b in zip(low, high, strict=True)
    )
    return x, y
