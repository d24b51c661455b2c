"""A critical point of the symmetric family to any number of digits, by Newton's steps."""

from typing import Any

import numpy as np
from flint import arb, ctx, fmpq

from ...errors import ConvergenceError
from .decimals import decimal_down
from .kernels import Array
from .landscape import Landscape
from .symmetric import basis, read_off, student

__all__ = ["polished"]

STEPS = 100
"""Each gains some 13 digits: enough for a thousand."""

GUARD = 64
"""Bits beyond those of the digits that are asked for."""


def polished(z: Array, k: int, digits: int) -> tuple[tuple[str, ...], ...]:
    """A critical point's W, in decimals.

    The slope is evaluated in high precision, the Jacobian once in float64, so that every
    step gains the digits of float64. The result is an approximation; nothing is proved.

    Parameters
    ----------
    z : (5,) float64
        A critical point of the family of `symmetric`, to float64.
    k : int
        Neurons.
    digits : int
        After the point.

    Raises
    ------
    ConvergenceError
        If the steps do not become small.
    """
    with ctx.workprec(int(digits * 3.33) + GUARD):
        point = [arb(float(x)) for x in z]
        inverse = [[arb(float(x)) for x in row] for row in _inverse(z, k)]
        for _ in range(STEPS):
            slope = _slope(point, k)
            step = [sum((a * g for a, g in zip(row, slope, strict=True)), arb(0))
                    for row in inverse]  # fmt: skip
            point = [(x - s).mid() for x, s in zip(point, step, strict=True)]
            if all(abs(s) < arb(fmpq(1, 10 ** (digits + 3))) for s in step):
                numbers = [decimal_down(x, digits) for x in point]
                return tuple(tuple(row) for row in student(numbers, k))
    raise ConvergenceError(
        f"newton's method took {STEPS} steps from {z.tolist()}; expected {digits} digits"
    )


def _inverse(z: Array, k: int) -> Array:
    """Inverse of the Jacobian of `_slope`, (5, 5)."""
    W, P = np.array(student(z, k)), basis(k)
    landscape = Landscape(activation="relu", teacher=np.eye(k))
    columns = (landscape.hessian(W) @ P).T.reshape(5, k, k)
    return np.linalg.inv(np.array([read_off(column) for column in columns]).T)


def _slope(z: list[arb], k: int) -> list[arb]:
    """∇L at a student of the family, of which only the first and the last row differ."""
    W = student(z, k)
    rows = {i: _row(W, i, k) for i in (0, k - 1)}
    return read_off([rows[0], rows[k - 1]])


def _row(W: list[list[arb]], i: int, k: int) -> list[arb]:
    one, zero = arb(1), arb(0)
    others = [W[j] for j in range(k) if j != i]
    teachers = [[one if a == j else zero for a in range(k)] for j in range(k)]
    total: list[Any] = [w / 2 for w in W[i]]
    for other in others:
        total = [t + g for t, g in zip(total, _pull(W[i], other), strict=True)]
    for teacher in teachers:
        total = [t - g for t, g in zip(total, _pull(W[i], teacher), strict=True)]
    return total


def _pull(w: list[arb], v: list[arb]) -> list[arb]:
    """∂κ/∂w = (1/2π) ((√(‖w‖²‖v‖² - (w·v)²) / ‖w‖²) w + (π - θ) v)."""
    ww = sum((x * x for x in w), arb(0))
    vv = sum((x * x for x in v), arb(0))
    wv = sum((x * y for x, y in zip(w, v, strict=True)), arb(0))
    area = (ww * vv - wv * wv).sqrt()
    turn = arb.pi() - arb.atan2(area, wv)
    return [
        (area / ww * x + turn * y) / (2 * arb.pi()) for x, y in zip(w, v, strict=True)
    ]
