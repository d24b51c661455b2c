"""Two-layer networks with their data at exact rational numbers.

They are what the referee judges: nothing about them is rounded.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ..theory.activations import Activation
from ..theory.losses import Loss

__all__ = ["ExactInstance", "Row", "Rows"]

Row = tuple[Fraction, ...]
Rows = tuple[Row, ...]


@dataclass(frozen=True, kw_only=True)
class ExactInstance:
    """A two-layer network f(x) = A σ(W x + b) + c at rational θ, with its data.

    One of `residual`, `targets` and `labels` is given.

    Attributes
    ----------
    activation, loss : Activation, Loss
        The definitions, from `theory`.
    x : n rows of d
        Inputs.
    W, b, A, c : m rows of d, m, C rows of m, C
        Parameters.
    residual : n rows of C, optional
        Squared loss: r, with Y defined as f(X) - r, so that r is exact though f(X) may
        be transcendental.
    targets : n rows of C, optional
        Squared loss: Y itself.
    labels : n whole numbers, optional
        Logistic (0 or 1) and softmax (below C).
    output_hessian : n times C rows of C, optional
        S, where the loss is none of the catalogue's.
    """

    activation: Activation
    loss: Loss
    x: Rows
    W: Rows
    b: Row
    A: Rows
    c: Row
    residual: Rows | None = None
    targets: Rows | None = None
    labels: tuple[int, ...] | None = None
    output_hessian: tuple[Rows, ...] | None = None

    @property
    def n(self) -> int:
        """Number of samples."""
        return len(self.x)

    @property
    def d(self) -> int:
        """Number of inputs."""
        return len(self.x[0])

    @property
    def m(self) -> int:
        """Number of hidden units."""
        return len(self.b)

    @property
    def C(self) -> int:
        """Number of outputs."""
        return len(self.c)

    @property
    def p(self) -> int:
        """Number of parameters."""
        return self.m * (self.d + 1 + self.C) + self.C

    def but(self, **changes: Any) -> "ExactInstance":
        """The same with some fields replaced."""
        return replace(self, **changes)
