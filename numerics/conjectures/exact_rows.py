"""From a row of a batch of floats to the exact instance that it stands for, and back."""

from fractions import Fraction

import numpy as np

from ..exact_instances import ExactInstance, Rows
from ..forward import Array, split
from ..instances import Instances

__all__ = ["exact_row", "float_rows"]

LARGEST_DENOMINATOR = 4096
"""Of a coordinate of a rational point of the sphere."""


def exact_row(instances: Instances, row: int, *, unit_inputs: bool) -> ExactInstance:
    """One instance of a batch.

    Parameters
    ----------
    instances : Instances
        The batch.
    row : int
        Which.
    unit_inputs : bool
        Whether inputs are rounded rational points of the sphere, else they are exact.
    """
    x = instances.x[row]
    W, b, A, c = split(
        instances.theta[row],
        inputs=x.shape[-1],
        width=instances.width,
        outputs=instances.outputs,
    )
    inputs = _rows(x)
    if unit_inputs:
        inputs = tuple(
            tuple(v.limit_denominator(LARGEST_DENOMINATOR) for v in line)
            for line in inputs
        )
    given, t = instances.residual, instances.t
    real = given is None and t is not None and instances.loss.targets == "real"
    return ExactInstance(
        activation=instances.activation,
        loss=instances.loss,
        x=inputs,
        W=_rows(W),
        b=_row(b),
        A=_rows(A),
        c=_row(c),
        residual=None if given is None else _rows(given[row]),
        targets=_rows(t[row]) if real and t is not None else None,
        labels=None if real or given is not None else _labels(instances, row),
    )


def float_rows(several: list[ExactInstance]) -> Instances:
    """Instances of one shape as a batch, their numbers rounded to floats."""
    one = several[0]
    theta = [
        [
            *(float(w) for line in at.W for w in line),
            *map(float, at.b),
            *(float(at.A[e][k]) for k in range(at.m) for e in range(at.C)),
            *map(float, at.c),
        ]
        for at in several
    ]
    t = residual = None
    if one.residual is not None:
        residual = _floats([at.residual for at in several])
    elif one.labels is not None:
        t = np.array([_indicators(at) for at in several])
    else:
        t = _floats([at.targets for at in several])
    return Instances(
        activation=one.activation,
        loss=one.loss,
        x=_floats([at.x for at in several]),
        theta=np.array(theta),
        width=one.m,
        outputs=one.C,
        t=t,
        residual=residual,
    )


def _row(values: Array) -> tuple[Fraction, ...]:
    return tuple(Fraction(float(v)) for v in values)


def _rows(values: Array) -> Rows:
    return tuple(map(_row, values))


def _labels(instances: Instances, row: int) -> tuple[int, ...]:
    if instances.t is None:
        raise TypeError("a batch without residuals needs targets")
    t = instances.t[row]
    if instances.loss.targets == "binary":
        return tuple(int(v) for v in t[:, 0])
    return tuple(int(v) for v in t.argmax(axis=-1))


def _indicators(at: ExactInstance) -> Array:
    labels = np.array(at.labels)
    if at.loss.targets == "binary":
        return labels[:, None].astype(np.float64)
    return np.eye(at.C)[labels]


def _floats(several: list[Rows | None]) -> Array:
    return np.array(
        [[[float(v) for v in line] for line in rows or ()] for rows in several]
    )
