"""The extra data of a claim, as the rationals that its floats are."""

from functools import cached_property

import numpy as np

from ..drawn import Drawn, Layers
from ..forward import Array
from .arrays import BallArray, exactly, joined

__all__ = ["BallDrawn"]


class BallDrawn:
    """A batch of one of extra data; what `Drawn` rounds is exact here.

    Parameters
    ----------
    drawn : Drawn
        The same in floats.
    """

    def __init__(self, drawn: Drawn) -> None:
        self.alpha: Array = drawn.alpha
        self.beta: Array = drawn.beta
        self.permutation: Array = drawn.permutation
        self.flips: Array = drawn.flips
        self.layers: Layers = drawn.layers
        self.neighbour: Array = drawn.neighbour
        self.first: Array = drawn.first
        self.second: Array = drawn.second
        self.middle: Array = drawn.middle
        self._direction: Array = drawn.v.value

    @cached_property
    def v(self) -> BallArray:
        """A direction (p,)."""
        return exactly(self._direction)

    @cached_property
    def alphas(self) -> BallArray:
        """α (m,)."""
        return exactly(self.alpha)

    @property
    def midway(self) -> BallArray:
        """√(αβ) (m,)."""
        return (self.alphas * exactly(self.beta)).sqrt()

    @property
    def displaced(self) -> BallArray:
        """1 for each place k where PDθ has another unit than k, or -1 times it, (m,)."""
        other = self.permutation != np.arange(self.permutation.shape[-1])
        return exactly(other | (self.flips != 1))

    def on_parameters(self, d: int, C: int) -> BallArray:
        """T_α as the diagonal that multiplies θ, (p,)."""
        weights = exactly(np.repeat(self.alpha, d, axis=-1))
        columns = 1.0 / exactly(np.repeat(self.alpha, C, axis=-1))
        return joined((weights, self.alphas, columns, exactly(np.ones((1, C)))))
