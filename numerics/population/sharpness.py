"""λ_max of the global minimum, enclosed; and beside that of a spurious minimum (R13)."""

from dataclasses import dataclass

from flint import arb, ctx

from .certificates import Bounds
from .checker import exact
from .decimals import bounds_of

__all__ = ["Sharpness", "global_sharpness"]

DIGITS = 24
"""After the point."""


@dataclass(frozen=True, kw_only=True)
class Sharpness:
    """λ_max of a certified spurious minimum beside that of the global minimum I_k.

    Attributes
    ----------
    k : int
        Neurons.
    loss : (lower, upper), decimals
        Of the spurious minimum; the global one has 0.
    spurious_lambda_max, global_lambda_max : (lower, upper), decimals
        Enclosures.
    """

    k: int
    loss: Bounds
    spurious_lambda_max: Bounds
    global_lambda_max: Bounds

    @property
    def is_flatter(self) -> bool:
        """Whether the spurious minimum is certainly less sharp."""
        return bool(
            exact(self.spurious_lambda_max[1]) < exact(self.global_lambda_max[0])
        )


def global_sharpness(k: int, *, precision: int = 128) -> Bounds:
    """λ_max(∇²L(I_k)) of ReLU, enclosed, from its closed form in T19.

    λ_max = ½ (t + √(t² - 4D)) for k >= 3, with ϱ = 1/2π, t = ½ + k/4 + kϱ and
    D = (4k²ϱ + 16kϱ² - 4kϱ + k - 16ϱ² + 8ϱ + 1) / 16.

    Parameters
    ----------
    k : int
        Neurons.
    precision : int
        Bits.
    """
    with ctx.workprec(precision):
        r = 1 / (2 * arb.pi())
        t = arb(1) / 2 + arb(k) / 4 + k * r
        D = 4 * k**2 * r + 16 * k * r**2 - 4 * k * r + k - 16 * r**2 + 8 * r + 1
        return bounds_of((t + (t**2 - D / 4).sqrt()) / 2, arb(0), DIGITS)
