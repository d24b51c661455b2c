"""The forward pass of a two-layer network at a point, in certain numbers.

    z = W x + b,  f = A σ(z) + c,  L = (1/n) Σ_i ℓ(f(x_i), y_i).

Attributes are `BallArray`s with one leading axis, for one instance.
"""

from functools import cached_property
from typing import Any

import numpy as np

from ...errors import InputError
from .activations import activation_number
from .arrays import BallArray, exactly
from .losses import loss_numbers
from .numbers import ZERO, Numbers
from .points import Point

__all__ = ["ForwardPass"]


class ForwardPass:
    """A network with its data at a point.

    Parameters
    ----------
    point : Point
        Where.

    Raises
    ------
    InputError
        If it has neither targets nor a residual.
    """

    def __init__(self, point: Point) -> None:
        if point.targets is None and point.residual is None:
            raise InputError(
                "targets is None; expected targets or labels, or a residual instead"
            )
        self.point = point
        self.activation, self.loss = point.activation, point.loss
        self.n, self.d = point.x.shape
        self.C, self.m = point.A.shape
        self.p = self.m * (self.d + 1 + self.C) + self.C
        first, second = self.m * self.d, self.m * (self.d + 1)
        last = self.p - self.C
        self.place = {
            "W": slice(0, first),
            "b": slice(first, second),
            "Wt": slice(0, second),
            "A": slice(second, last),
            "c": slice(last, self.p),
        }

    # Data and parameters

    @cached_property
    def x(self) -> BallArray:
        """Inputs (n, d)."""
        return BallArray(self.point.x[None])

    @cached_property
    def xt(self) -> BallArray:
        """Inputs with the appended 1, (n, d + 1)."""
        return self.x.join(exactly(np.ones((1, self.n, 1))))

    @cached_property
    def theta(self) -> BallArray:
        """Parameters (p,)."""
        return BallArray(self.point.theta[None])

    @cached_property
    def W(self) -> BallArray:
        """First-layer weights (m, d)."""
        return BallArray(self.point.W[None])

    @cached_property
    def b(self) -> BallArray:
        """First-layer biases (m,)."""
        return BallArray(self.point.b[None])

    @cached_property
    def Wt(self) -> BallArray:
        """Rows w̃_k = (w_k, b_k), (m, d + 1)."""
        return self.W.join(self.b[..., None])

    @cached_property
    def A(self) -> BallArray:
        """Second-layer weights (C, m)."""
        return BallArray(self.point.A[None])

    @cached_property
    def c(self) -> BallArray:
        """Output biases (C,)."""
        return BallArray(self.point.c[None])

    # The forward pass

    @cached_property
    def z(self) -> BallArray:
        """Pre-activations (n, m)."""
        return self.x @ self.W.T + self.b[:, None, :]

    def _activated(self, order: int) -> BallArray:
        return self.z.each(lambda z: activation_number(self.activation, z, order))

    @cached_property
    def s0(self) -> BallArray:
        """σ(z) (n, m)."""
        return self._activated(0)

    @cached_property
    def s1(self) -> BallArray:
        """σ'(z) (n, m)."""
        return self._activated(1)

    @cached_property
    def s2(self) -> BallArray:
        """σ''(z) (n, m)."""
        return self._activated(2)

    @cached_property
    def f(self) -> BallArray:
        """Outputs (n, C)."""
        return self.s0 @ self.A.T + self.c[:, None, :]

    @cached_property
    def _sample_losses(self) -> tuple[BallArray, BallArray, BallArray]:
        """ℓ (n,), r (n, C) and S (n, C, C); of a given r, ℓ(f, f - r) = ℓ(r, 0)."""
        f, t = self.point.residual, self.point.targets
        if f is None:
            f = self.f.items[0]
        if t is None:
            t = np.full_like(f, ZERO)
        rows = [loss_numbers(self.loss, f[i], t[i]) for i in range(self.n)]
        ell: Numbers = np.array([row[0] for row in rows], dtype=object)
        r: Numbers = np.array([row[1] for row in rows], dtype=object)
        S: Numbers = np.array([row[2] for row in rows], dtype=object)
        if self.point.output_hessian is not None:
            S = self.point.output_hessian
        return BallArray(ell[None]), BallArray(r[None]), BallArray(S[None])

    @property
    def ell(self) -> BallArray:
        """Loss of each sample (n,)."""
        return self._sample_losses[0]

    @property
    def r(self) -> BallArray:
        """Residuals (n, C)."""
        return self._sample_losses[1]

    @property
    def S(self) -> BallArray:
        """Output Hessians (n, C, C)."""
        return self._sample_losses[2]

    @cached_property
    def t(self) -> BallArray:
        """Targets (n, C)."""
        given = self.point.targets
        return self.f - self.r if given is None else BallArray(given[None])

    @cached_property
    def L(self) -> BallArray:
        """Loss."""
        return self.ell.mean(-1)

    @cached_property
    def equal_inputs(self) -> list[list[int]]:
        """Samples in groups of equal x_i; x is exact."""
        groups: dict[tuple[Any, ...], list[int]] = {}
        for i, row in enumerate(self.point.x):
            groups.setdefault(tuple(row), []).append(i)
        return list(groups.values())

    @cached_property
    def norms_x(self) -> BallArray:
        """‖x_i‖ (n,)."""
        return (self.x * self.x).sum(-1).sqrt()

    @cached_property
    def norms_xt(self) -> BallArray:
        """‖x̃_i‖ (n,)."""
        return (self.xt * self.xt).sum(-1).sqrt()

    @cached_property
    def hidden(self) -> BallArray:
        """(1/n) Σ_i ‖σ(z_i)‖²."""
        return (self.s0 * self.s0).sum(-1).mean(-1)
