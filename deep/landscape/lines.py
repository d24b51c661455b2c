"""The loss on the line through two minima: widths on both sides, and the barrier."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ...errors import InputError
from ..estimators.probes import check_count
from ..progress import Progress
from .point import Point
from .rays import first_crossing

__all__ = ["Line", "Width", "check_alike", "line_between"]

MARGIN = 0.5
"""How far beyond each end the losses are looked at, in units of the distance."""

FARTHEST = 20.0
"""How far a width is looked for, in the same units."""

REFINED = 20
"""Steps of golden section for the top of the barrier."""

GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True, kw_only=True)
class Width:
    """How far one can go from a minimum along the line until L > L(minimum) + ε.

    Attributes
    ----------
    inward, outward : float
        ‖δ‖ towards the other minimum, and away from it; infinite where the loss does
        not rise so far within twenty times their distance.
    norm : float
        ‖θ‖ of the minimum.
    """

    inward: float
    outward: float
    norm: float

    @property
    def whole(self) -> float:
        """Both sides together."""
        return self.inward + self.outward

    @property
    def relative(self) -> float:
        """The inward one by ‖θ‖."""
        return self.inward / self.norm if self.norm > 0 else math.inf


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """L(θ_A + t (θ_B - θ_A)).

    Attributes
    ----------
    places, losses : (m,) float64
        t, from -½ to 3/2, and L there.
    distance : float
        ‖θ_B - θ_A‖.
    ends : (float, float)
        L at A and B.
    widths : (Width, Width)
        Of A and of B.
    height : float
        ε of the widths.
    barrier, barrier_place : float
        max L(t) - (1 - t) L_A - t L_B over 0 <= t <= 1 that was met, at least 0, and its
        t: the maximum itself may be higher between two places looked at.
    """

    places: Tensor = field(repr=False)
    losses: Tensor = field(repr=False)
    distance: float
    ends: tuple[float, float]
    widths: tuple[Width, Width]
    height: float
    barrier: float
    barrier_place: float


def line_between(
    a: Point,
    b: Point,
    *,
    height: float,
    places: int = 201,
    progress: Progress | None = None,
) -> Line:
    """The losses along the line through two networks, with widths and barrier.

    A width ends at the first place, of those in steps of 1/100 of the distance, at which
    the loss is above its minimum's by ε, made exact by bisection: a rise and fall
    between two steps is not seen.

    Parameters
    ----------
    a, b : Point
        Of one architecture and the same data and loss.
    height : float
        ε, positive.
    places : int
        m, at least 5.
    progress : callable, optional
        Called with the places done and m.

    Returns
    -------
    Line
        Losses that are not finite are infinite.

    Raises
    ------
    InputError
        If the two do not belong together or are one, or a number is out of range.

    References
    ----------
    Goodfellow, Vinyals and Saxe (2015), Qualitatively characterizing neural network
    optimization problems; Wu, Zhu and E (2017) for the widths.
    """
    if not 0 < height < math.inf:
        raise InputError(f"height is {height!r}; expected a positive number")
    check_count("places", places, least=5)
    check_alike(a, b)
    step = b.theta - a.theta
    distance = float(step.norm())
    if distance == 0:
        raise InputError(
            "a and b have the same weights; expected two networks with a line between "
            "them"
        )

    def loss(t: float) -> float:
        return a.value(a.theta + t * step)

    t = torch.linspace(-MARGIN, 1 + MARGIN, places, dtype=torch.float64)
    losses = []
    with a.ready():
        for i, place in enumerate(t.tolist()):
            losses.append(loss(place))
            if progress is not None:
                progress(i + 1, places)
        # L at B from the same sums as everywhere on the line
        ends = loss(0.0), loss(1.0)
        sides = [
            [
                first_crossing(
                    lambda r, s=sign, o=origin: loss(o + s * r),  # type: ignore[misc]
                    ends[end] + height,
                    step=0.01,
                    upto=FARTHEST,
                )
                for sign in (inward, -inward)
            ]
            for end, origin, inward in ((0, 0.0, 1.0), (1, 1.0, -1.0))
        ]
        barrier, place = _barrier(loss, ends, t, losses)
    return Line(
        places=t,
        losses=torch.tensor(losses, dtype=torch.float64),
        distance=distance,
        ends=ends,
        widths=(
            _width(sides[0], distance, a),
            _width(sides[1], distance, b),
        ),
        height=height,
        barrier=barrier,
        barrier_place=place,
    )


def check_alike(a: Point, b: Point) -> None:
    """Refuse two points whose line means nothing.

    Raises
    ------
    InputError
        If their parameters have other names or shapes, their constants differ, or the
        data are others.
    """
    if (a.parameters.names, a.parameters.shapes) != (
        b.parameters.names,
        b.parameters.shapes,
    ):
        raise InputError(
            "a and b have other parameters; expected the same names and shapes: take two "
            "networks of one architecture"
        )
    here, there = _constants(a), _constants(b)
    for name in here:
        if name not in there or not torch.equal(here[name], there[name]):
            raise InputError(
                f"a and b differ in {name!r}, which is no trainable parameter; expected "
                "the same in both: the line leaves it as it is in a"
            )
    if a.n != b.n or abs(a.value(b.theta) - b.loss) > 1e-9 * (1 + abs(b.loss)):
        raise InputError(
            "a and b have other losses of the same weights; expected the same data and "
            "loss in both"
        )


def _constants(point: Point) -> dict[str, Tensor]:
    trainable = set(point.parameters.names)
    return {
        name: tensor
        for name, tensor in [
            *point.model.named_parameters(),
            *point.model.named_buffers(),
        ]
        if name not in trainable and not name.endswith("num_batches_tracked")
    }


def _width(sides: list[float], distance: float, point: Point) -> Width:
    inward, outward = (distance * side for side in sides)
    return Width(inward=inward, outward=outward, norm=float(point.theta.norm()))


def _barrier(
    loss: Callable[[float], float],
    ends: tuple[float, float],
    t: Tensor,
    losses: list[float],
) -> tuple[float, float]:
    """The largest rise above the chord that is met, and where."""

    def rise(place: float) -> float:
        return loss(place) - (1 - place) * ends[0] - place * ends[1]

    inside = [
        (value - (1 - place) * ends[0] - place * ends[1], place)
        for place, value in zip(t.tolist(), losses, strict=True)
        if 0 <= place <= 1
    ]
    best = max([(0.0, 0.0), *inside])
    width = float(t[1] - t[0])
    low, high = max(best[1] - width, 0.0), min(best[1] + width, 1.0)
    for _ in range(REFINED):
        left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
        a, b = rise(left), rise(right)
        best = max(best, (a, left), (b, right))
        low, high = (low, right) if a >= b else (left, high)
    return best
