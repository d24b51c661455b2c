"""Whether the error bounds of the floats contain what the balls say."""

import numpy as np
import numpy.typing as npt

from ..bounded import Bounded
from .arrays import BallArray
from .numbers import Number, is_known, rational

__all__ = ["within_bounds"]


def within_bounds(
    floats: Bounded, balls: BallArray, row: int = 0
) -> npt.NDArray[np.bool_]:
    """Entry by entry, whether value ± radius has any number in common with the ball.

    A violation, False, is certain: the ball contains the exact number, and the bound of the
    floats does not. Where either side knows nothing, there is none.

    Parameters
    ----------
    floats : Bounded
        Of T instances.
    balls : BallArray
        Of one of them.
    row : int
        Which one.
    """
    values, radii = floats.value[row], floats.radius[row]
    entries = np.broadcast_to(balls.items[0], values.shape)
    flags = [
        _meets(value, radius, entry)
        for value, radius, entry in zip(
            values.flat, radii.flat, entries.flat, strict=True
        )
    ]
    return np.array(flags, dtype=bool).reshape(values.shape)


def _meets(value: float, radius: float, entry: Number) -> bool:
    if not (np.isfinite(value) and np.isfinite(radius) and is_known(entry)):
        return True
    apart, wide = entry - rational(value), rational(radius)
    outside = apart > wide or -apart > wide
    return not outside
