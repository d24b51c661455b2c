"""Where quantities are evaluated: networks and data as certain numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from ...theory.activations import Activation
from ...theory.losses import Loss
from ..exact_instances import ExactInstance, Rows
from ..instances import Instances
from .numbers import ONE, ZERO, Numbers, rational

__all__ = ["Point", "exact_instance", "identity", "point_of"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Point:
    """A network f(x) = A σ(W x + b) + c with its data.

    Attributes
    ----------
    activation, loss : Activation, Loss
        The definitions, from `theory`.
    x : (n, d) numbers
        Inputs.
    W, b, A, c : (m, d), (m,), (C, m), (C,) numbers
        Parameters.
    residual : (n, C) numbers, optional
        r, where Y is defined as f(X) - r (squared loss).
    targets : (n, C) numbers, optional
        Targets as the loss takes them; one of the two is given.
    output_hessian : (n, C, C) numbers, optional
        S, where the loss is none of the catalogue's.
    """

    activation: Activation
    loss: Loss
    x: Numbers
    W: Numbers
    b: Numbers
    A: Numbers
    c: Numbers
    residual: Numbers | None = None
    targets: Numbers | None = None
    output_hessian: Numbers | None = None

    @property
    def theta(self) -> Numbers:
        """Parameters (p,): W by rows, b, the columns of A, c."""
        parts = (self.W.ravel(), self.b, self.A.T.ravel(), self.c)
        return np.concatenate(parts)

    def at(self, theta: Numbers, **changes: Any) -> "Point":
        """The same with other parameters, and with some fields replaced."""
        m, d = self.W.shape
        weights, biases, columns, constants = np.split(
            theta, [m * d, m * (d + 1), m * (d + 1) + self.A.size]
        )
        return replace(
            self,
            W=weights.reshape(m, d),
            b=biases,
            A=columns.reshape(m, len(constants)).T,
            c=constants,
            **changes,
        )


def point_of(instance: ExactInstance) -> Point:
    """An exact instance as a place to evaluate at."""
    labels = instance.labels
    targets = instance.targets if labels is None else _indicators(labels, instance.C)
    return Point(
        activation=instance.activation,
        loss=instance.loss,
        x=_numbers(instance.x),
        W=_numbers(instance.W),
        b=_numbers(instance.b),
        A=_numbers(instance.A),
        c=_numbers(instance.c),
        residual=_optional(instance.residual),
        targets=_optional(targets),
        output_hessian=_optional(instance.output_hessian),
    )


def exact_instance(instances: Instances, row: int = 0) -> ExactInstance:
    """One of T instances in floats at the rationals that its floats are.

    A bound on the error of the targets or of θ is dropped: what is left is an instance of
    its own.
    """
    m, C = instances.width, instances.outputs
    d = instances.x.shape[-1]
    theta = _fractions(instances.theta[row])
    columns = theta[m * (d + 1) : m * (d + 1) + m * C]
    residual, targets = instances.residual, instances.t
    labels = None
    if instances.loss.targets != "real" and targets is not None:
        own = targets[row]
        labels = tuple(
            int(one) for one in (own[:, 0] if C == 1 else own.argmax(axis=1))
        )
    real = instances.loss.targets == "real"
    return ExactInstance(
        activation=instances.activation,
        loss=instances.loss,
        x=_rows(instances.x[row]),
        W=tuple(theta[k * d : (k + 1) * d] for k in range(m)),
        b=theta[m * d : m * (d + 1)],
        A=tuple(tuple(columns[k * C + c] for k in range(m)) for c in range(C)),
        c=theta[-C:],
        residual=None if residual is None else _rows(residual[row]),
        targets=(
            _rows(targets[row])
            if residual is None and real and targets is not None
            else None
        ),
        labels=labels,
        output_hessian=(
            None
            if instances.output_hessian is None
            else tuple(_rows(one) for one in instances.output_hessian[row])
        ),
    )


def _fractions(values: Any) -> tuple[Fraction, ...]:
    return tuple(Fraction(float(value)) for value in values)


def _rows(values: Any) -> Rows:
    return tuple(_fractions(row) for row in values)


def _indicators(labels: Sequence[int], C: int) -> Rows:
    """y itself for one output, [c = y] for more."""
    if C == 1:
        return tuple((Fraction(label),) for label in labels)
    return tuple(tuple(Fraction(c == label) for c in range(C)) for label in labels)


def _optional(values: Any) -> Numbers | None:
    return None if values is None else _numbers(values)


def _numbers(values: Any) -> Numbers:
    """Nested sequences of fractions as an array of rationals."""
    array = np.array(values, dtype=object)
    result: Numbers = np.empty(array.shape, dtype=object)
    for place in np.ndindex(*array.shape):
        result[place] = rational(array[place])
    return result


def identity(size: int) -> Numbers:
    """The unit matrix."""
    unit: Numbers = np.full((size, size), ZERO, dtype=object)
    for j in range(size):
        unit[j, j] = ONE
    return unit
