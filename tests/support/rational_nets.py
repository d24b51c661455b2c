"""Small networks at rational numbers, and what they are by differences of 150 digits."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import mpmath as mp
import numpy as np
from flint import arb

from landtheory.numerics.exact_instances import ExactInstance
from landtheory.theory.activations import get_activation
from landtheory.theory.losses import get_loss

DIGITS = 150
STEP = mp.mpf(10) ** -30
"""Second differences are then good to 60 digits, and to 90 by their rounding."""

SIGMA: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "relu": lambda z: max(z, mp.mpf(0)),
    "leaky_relu": lambda z: max(z, z / 100),
    "abs": abs,
    "quadratic": lambda z: z * z,
    "cubic": lambda z: z * z * z,
    "tanh": mp.tanh,
    "sigmoid": lambda z: 1 / (1 + mp.exp(-z)),
    "softplus": lambda z: mp.log(1 + mp.exp(z)),
    "erf": mp.erf,
    "gelu": lambda z: z * mp.ncdf(z),
    "silu": lambda z: z / (1 + mp.exp(-z)),
    "sin": mp.sin,
    "exp": mp.exp,
}
"""Every activation, typed anew."""


def rows(*values: tuple[Any, ...]) -> tuple[tuple[Fraction, ...], ...]:
    """Rows of numbers as fractions."""
    return tuple(tuple(Fraction(one) for one in row) for row in values)


def net(activation: str, loss: str, *, C: int = 2, **changes: Any) -> ExactInstance:
    """n = 3, d = 2, m = 2: no two sizes of this network are the same but d and m."""
    data: dict[str, Any] = {
        "x": rows(("1", "1/2"), ("-2", "3/4"), ("1/3", "-1")),
        "W": rows(("1/2", "-1"), ("3/4", "1/5")),
        "b": rows(("1/4", "-1/3"))[0],
        "A": rows(("1", "-1/2"), ("2/3", "3/2"), ("-1", "1/7"))[:C],
        "c": rows(("1/5", "-1/4", "1/2"))[0][:C],
    }
    if loss == "squared":
        data["targets"] = tuple(
            row[:C] for row in rows((1, 0, 2), ("1/2", -1, 1), (0, "1/3", 1))
        )
    else:
        data["labels"] = (0, 1, 1) if C == 1 else (0, C - 1, 1)
    data |= changes
    return ExactInstance(
        activation=get_activation(activation), loss=get_loss(loss), **data
    )


@dataclass(frozen=True, eq=False)
class Reference:
    """Derivatives of f and L by differences, as arrays of mpf."""

    L: Any
    grad: Any
    J: Any
    r: Any
    S: Any
    H: Any
    Jx: Any

    @property
    def n(self) -> int:
        """Number of samples."""
        return len(self.S)

    @property
    def G(self) -> Any:
        """(1/n) Σ JᵀSJ."""
        own = self.J.reshape(self.n, -1, self.J.shape[1])
        return sum(J.T @ S @ J for J, S in zip(own, self.S, strict=True)) / self.n

    @property
    def EF(self) -> Any:
        """(1/n) Σ Jᵀ r rᵀ J."""
        own = self.J.reshape(self.n, -1, self.J.shape[1])
        scores = [J.T @ r for J, r in zip(own, self.r, strict=True)]
        return sum(np.outer(score, score) for score in scores) / self.n

    @property
    def Cx(self) -> Any:
        """(1/n) Σ ‖Jx‖²."""
        return (self.Jx**2).sum() / self.n

    @property
    def CxS(self) -> Any:
        """(1/n) Σ tr(JxᵀSJx)."""
        pairs = zip(self.Jx, self.S, strict=True)
        return sum(np.trace(Jx.T @ S @ Jx) for Jx, S in pairs) / self.n


@cache
def reference(instance: ExactInstance) -> Reference:
    """Everything by differences with respect to every parameter, input and output."""
    with mp.workdps(DIGITS):
        at, n = instance, instance.n
        x = _mpf(at.x)
        parts = (_mpf(at.W).ravel(), _mpf(at.b), _mpf(at.A).T.ravel(), _mpf(at.c))
        theta = np.concatenate(parts)
        fs = [lambda t, own=own: _output(at, own, t) for own in x]
        ells = [lambda f, i=i: np.array([_ell(at, i, f)]) for i in range(n)]

        def loss(t: Any) -> Any:
            return np.array(
                [sum(e(f(t))[0] for e, f in zip(ells, fs, strict=True)) / n]
            )

        at_f = [f(theta) for f in fs]
        return Reference(
            L=loss(theta)[0],
            grad=_slopes(loss, theta)[0],
            J=np.concatenate([_slopes(f, theta) for f in fs]),
            r=np.array([_slopes(e, f)[0] for e, f in zip(ells, at_f, strict=True)]),
            S=np.array([_bends(e, f) for e, f in zip(ells, at_f, strict=True)]),
            H=_bends(loss, theta),
            Jx=np.array(
                [_slopes(lambda own: _output(at, own, theta), one) for one in x]
            ),
        )


def _mpf(values: Any) -> Any:
    array = np.array(values, dtype=object)
    return np.frompyfunc(lambda v: mp.mpf(v.numerator) / v.denominator, 1, 1)(array)


def _output(at: ExactInstance, x: Any, theta: Any) -> Any:
    m, d, C = at.m, at.d, at.C
    W, b = theta[: m * d].reshape(m, d), theta[m * d : m * (d + 1)]
    A = theta[m * (d + 1) : -C].reshape(m, C).T
    hidden = np.array([SIGMA[at.activation.name](z) for z in W @ x + b])
    return A @ hidden + theta[-C:]


def _ell(at: ExactInstance, i: int, f: Any) -> Any:
    if at.loss.name == "squared":
        return sum((f - _mpf(at.targets[i])) ** 2) / 2
    if at.loss.name == "logistic":
        return mp.log(1 + mp.exp(f[0])) - at.labels[i] * f[0]
    return mp.log(sum(mp.exp(one) for one in f)) - f[at.labels[i]]


def _units(size: int) -> Any:
    unit = np.full((size, size), mp.mpf(0), dtype=object)
    np.fill_diagonal(unit, STEP)
    return unit


def _slopes(function: Callable[[Any], Any], at: Any) -> Any:
    """Central differences: one row for each value."""
    columns = [
        (function(at + h) - function(at - h)) / (2 * STEP) for h in _units(len(at))
    ]
    return np.array(columns, dtype=object).T


def _bends(function: Callable[[Any], Any], at: Any) -> Any:
    """Second differences of a function of one value."""
    size, units = len(at), _units(len(at))
    whole = np.empty((size, size), dtype=object)
    for i in range(size):
        for j in range(i + 1):
            up, down = units[i] + units[j], units[i] - units[j]
            four = function(at + up) - function(at + down)
            four = four - function(at - down) + function(at - up)
            whole[i, j] = whole[j, i] = four[0] / (4 * STEP * STEP)
    return whole


def decimal(value: Any) -> arb:
    """A number of the reference, as a ball that allows for its differences."""
    with mp.workdps(DIGITS):
        middle = arb(mp.nstr(mp.mpf(value), 80))
    return middle + arb(0, 1) * (1 + abs(middle)) * arb(10) ** -50
