"""Residuals with Jᵀ r = 0 exactly, for networks whose J is rational."""

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from .instances import Instance

__all__ = ["stationary_residuals"]

Floats = npt.NDArray[np.float64]

LARGEST = 2**40
"""Largest whole number in a residual: sums of products stay exact in float64."""


def stationary_residuals(instance: Instance) -> list[Floats]:
    """A basis of ker Jᵀ in whole numbers, each vector as a residual (n, C).

    J is formed and eliminated in exact arithmetic; vectors with an entry of `LARGEST` or
    more are left out.

    Parameters
    ----------
    instance : Instance
        Its σ maps rationals to rationals.
    """
    from flint import fmpq, fmpq_mat

    rows = _exact_jacobian(instance)
    J = fmpq_mat([[fmpq(v.numerator, v.denominator) for v in row] for row in rows])
    reduced, rank = J.transpose().rref()
    count = len(rows)
    pivots = [next(c for c in range(count) if reduced[r, c] != 0) for r in range(rank)]
    vectors = []
    for free in (c for c in range(count) if c not in pivots):
        vector = [Fraction(0)] * count
        vector[free] = Fraction(1)
        for r, pivot in enumerate(pivots):
            entry = -reduced[r, free]
            vector[pivot] = Fraction(int(entry.p), int(entry.q))
        scale = int(np.lcm.reduce([f.denominator for f in vector], dtype=object))
        whole = [int(f * scale) for f in vector]
        if max(map(abs, whole)) < LARGEST:
            shape = (len(instance.x), instance.outputs)
            vectors.append(np.array(whole, dtype=np.float64).reshape(shape))
    return vectors


def _exact_jacobian(instance: Instance) -> list[list[Fraction]]:
    """J by the formulas of T01, in fractions; floats are exact fractions."""
    from sympy import Rational

    from ..theory.symbols import PREACTIVATION

    m, C, d = instance.width, instance.outputs, instance.x.shape[1]
    theta = [Fraction(float(v)) for v in instance.theta]
    W = [theta[k * d : (k + 1) * d] for k in range(m)]
    b = theta[m * d : m * d + m]
    a = theta[m * d + m : m * d + m + m * C]
    value, first = instance.activation.value, instance.activation.first
    rows = []
    for sample in instance.x:
        x = [Fraction(float(v)) for v in sample]
        z = [sum((w * v for w, v in zip(W[k], x, strict=True)), b[k]) for k in range(m)]
        at = [Rational(q.numerator, q.denominator) for q in z]
        s0 = [_fraction(value.subs(PREACTIVATION, q)) for q in at]
        s1 = [_fraction(first.subs(PREACTIVATION, q)) for q in at]
        for c in range(C):
            slopes = [a[k * C + c] * s1[k] for k in range(m)]
            first_layer = [slopes[k] * x[j] for k in range(m) for j in range(d)]
            second = [
                s0[k] if e == c else Fraction(0) for k in range(m) for e in range(C)
            ]
            last = [Fraction(int(e == c)) for e in range(C)]
            rows.append(first_layer + slopes + second + last)
    return rows


def _fraction(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))
