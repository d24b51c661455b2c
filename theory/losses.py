"""The losses ℓ(f, y): one definition each, from which r and S are differentiated.

With C outputs f_c and targets t_c, every loss here has the form

    ℓ(f, t) = φ(Σ_c u(f_c, t_c)) + Σ_c v(f_c, t_c),

so that, with N = Σ_c u(f_c, t_c) and ' for the derivative in f_c,

    r_c  = ∂ℓ/∂f_c      = φ'(N) u'_c + v'_c,
    S_ce = ∂²ℓ/∂f_c∂f_e = φ''(N) u'_c u'_e + δ_ce (φ'(N) u''_c + v''_c).

Targets t: real y_c (squared), y in {0, 1} with C = 1 (logistic), [c = y] (softmax).
`SHIFT` M cancels from the softmax loss for any value; with M = max f no exponential
overflows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Literal

from sympy import Expr, Integer, Rational, Symbol, diff, exp, log

from ..errors import InputError
from .activations import SOFTPLUS
from .symbols import OUTPUT, PREACTIVATION, TARGET

__all__ = ["LOSSES", "NORMALISER", "SHIFT", "Loss", "get_loss"]

f, t = OUTPUT, TARGET

NORMALISER: Final = Symbol("N", real=True)
"""N = Σ_c u(f_c, t_c)."""

SHIFT: Final = Symbol("M", real=True)
"""M, any number: the softmax loss does not depend on it."""


@dataclass(frozen=True, kw_only=True)
class Loss:
    """A loss ℓ = φ(Σ_c u(f_c, t_c)) + Σ_c v(f_c, t_c), as three SymPy expressions.

    Attributes
    ----------
    name : str
        What users call it.
    outer : sympy.Expr
        φ, in the symbol `NORMALISER`.
    inner : sympy.Expr
        u, in the symbols `OUTPUT` and `TARGET`.
    direct : sympy.Expr
        v, in the symbols `OUTPUT` and `TARGET`.
    targets : {"real", "binary", "label"}
        What a target is: reals (C of them), 0 or 1 (C = 1), or a label below C.
    textbook : sympy.Expr or None
        The usual form of u, where `inner` is written otherwise for the sake of float64.
    """

    name: str
    outer: Expr
    inner: Expr
    direct: Expr
    targets: Literal["real", "binary", "label"]
    textbook: Expr | None = None

    @property
    def single_output(self) -> bool:
        """Whether the loss exists for C = 1 only."""
        return self.targets == "binary"

    @property
    def shown(self) -> "Loss":
        """The same loss as a textbook writes it: M = 0, and no cases."""
        inner = self.inner if self.textbook is None else self.textbook
        return replace(
            self, outer=self.outer.subs(SHIFT, 0), inner=inner.subs(SHIFT, 0)
        )

    @property
    def residual(self) -> Expr:
        """r_c in `OUTPUT` (f_c), `TARGET` (t_c) and `NORMALISER` (N)."""
        return diff(self.outer, NORMALISER) * diff(self.inner, f) + diff(self.direct, f)

    @property
    def output_hessian_outer(self) -> tuple[Expr, Expr]:
        """φ''(N) and u'_c: S_ce has the rank-one part φ''(N) u'_c u'_e."""
        return diff(self.outer, NORMALISER, 2), diff(self.inner, f)

    @property
    def output_hessian_diagonal(self) -> Expr:
        """φ'(N) u''_c + v''_c: the part of S_ce with δ_ce."""
        slope = diff(self.outer, NORMALISER)
        return slope * diff(self.inner, f, 2) + diff(self.direct, f, 2)


_DEFINED = (
    Loss(
        name="squared",
        outer=NORMALISER,
        inner=Rational(1, 2) * (f - t) ** 2,
        direct=Integer(0),
        targets="real",
    ),
    Loss(
        name="logistic",
        outer=NORMALISER,
        inner=SOFTPLUS.subs(PREACTIVATION, f),
        direct=-t * f,
        targets="binary",
        textbook=log(1 + exp(f)),
    ),
    Loss(
        name="softmax",
        outer=SHIFT + log(NORMALISER),
        inner=exp(f - SHIFT),
        direct=-t * f,
        targets="label",
    ),
)

LOSSES: Final[Mapping[str, Loss]] = MappingProxyType(
    {loss.name: loss for loss in _DEFINED}
)
"""Every loss, by name."""


def get_loss(name: str) -> Loss:
    """Return the loss called `name`.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if name not in LOSSES:
        raise InputError(f"loss is {name!r}; expected one of {', '.join(LOSSES)}")
    return LOSSES[name]
