"""The extra data that some claims ask for, one piece for each instance."""

from dataclasses import dataclass

import numpy as np

from .bounded import Bounded, concatenate, exact
from .forward import Array
from .instances import Instances

__all__ = ["Drawn", "Layers", "draw"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Layers:
    """A deeper network on the same first layer: f = B σ(V σ(W x + b) + e).

    Attributes
    ----------
    V, e, B : (T, h, m), (T, h), (T, C, h) float64
        Parameters of the layers above; the output has no bias.
    """

    V: Array
    e: Array
    B: Array


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """Extra data for T instances.

    Attributes
    ----------
    v : Bounded (T, p)
        A direction in parameter space.
    alpha, beta : (T, m) float64
        Rescalings, powers of four: so is the square root of a product of two.
    permutation : (T, m) int64
        Of the hidden units.
    flips : (T, m) float64
        Signs.
    layers : Layers
        More layers.
    neighbour : (T, p) float64
        Another θ.
    first, second, middle : (T, p) float64
        Positive diagonals; middle is the geometric mean of the other two, exactly.
    """

    v: Bounded
    alpha: Array
    beta: Array
    permutation: Array
    flips: Array
    layers: Layers
    neighbour: Array
    first: Array
    second: Array
    middle: Array

    @property
    def alphas(self) -> Bounded:
        """α as exact numbers."""
        return exact(self.alpha)

    @property
    def midway(self) -> Array:
        """√(αβ), exact."""
        return np.sqrt(self.alpha * self.beta)

    @property
    def displaced(self) -> Bounded:
        """1 for each place k where PDθ has another unit than k, or -1 times it, (T, m)."""
        other = self.permutation != np.arange(self.permutation.shape[-1])
        return exact(other | (self.flips != 1))

    def on_parameters(self, d: int, C: int) -> Bounded:
        """T_α as the diagonal that multiplies θ, (T, p)."""
        count = len(self.alpha)
        parts = (
            np.repeat(self.alpha, d, axis=-1),
            self.alpha,
            np.repeat(1 / self.alpha, C, axis=-1),
            np.ones((count, C)),
        )
        return concatenate(tuple(exact(part) for part in parts))

    def take(self, index: slice) -> "Drawn":
        """The data of some of the instances."""
        arrays = {
            name: getattr(self, name)[index]
            for name in self.__dataclass_fields__
            if name != "layers"
        }
        layers = Layers(
            V=self.layers.V[index], e=self.layers.e[index], B=self.layers.B[index]
        )
        return Drawn(layers=layers, **arrays)


def draw(instances: Instances, rng: np.random.Generator) -> Drawn:
    """Extra data for T instances.

    Parameters
    ----------
    instances : Instances
        What it is drawn for.
    rng : numpy.random.Generator
        Where every choice comes from.
    """
    count, p = instances.theta.shape
    m, C = instances.width, instances.outputs
    h = int(rng.integers(1, 4))
    exponents = 2.0 * rng.integers(-2, 3, (2, count, p))
    scale = 10.0 ** rng.uniform(-3, 0, (count, 1))
    return Drawn(
        v=exact(rng.integers(-2, 3, (count, p))),
        alpha=4.0 ** rng.integers(-2, 3, (count, m)),
        beta=4.0 ** rng.integers(-2, 3, (count, m)),
        permutation=rng.permuted(np.tile(np.arange(m), (count, 1)), axis=1),
        flips=rng.choice([-1.0, 1.0], (count, m)),
        layers=Layers(
            V=rng.standard_normal((count, h, m)),
            e=rng.standard_normal((count, h)),
            B=rng.standard_normal((count, C, h)),
        ),
        neighbour=instances.theta + scale * rng.standard_normal((count, p)),
        first=2.0 ** exponents[0],
        second=2.0 ** exponents[1],
        middle=2.0 ** (exponents.sum(axis=0) / 2),
    )
