"""ℓ, r = ∂ℓ/∂f and S = ∂²ℓ/∂f² of one sample as certain numbers.

    ℓ = φ(N) + Σ_c v(f_c, t_c),   N = Σ_c u(f_c, t_c),

with φ, u and v the textbook forms of `theory`, differentiated by SymPy.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from sympy import Expr

from ...theory.losses import NORMALISER, Loss
from ...theory.symbols import OUTPUT, TARGET
from .activations import value_of
from .numbers import ZERO, Number, Numbers

__all__ = ["loss_numbers"]


def loss_numbers(
    loss: Loss, f: Sequence[Number], t: Sequence[Number]
) -> tuple[Number, Numbers, Numbers]:
    """ℓ, r (C,) and S (C, C) at the outputs and targets of one sample.

    Parameters
    ----------
    loss : Loss
        From `theory`.
    f, t : sequences of C numbers
        Outputs, and targets as the loss takes them.
    """
    parts = _expressions(loss)
    inner = [_at(parts["inner"], *pair) for pair in zip(f, t, strict=True)]
    total = sum(inner, ZERO)
    direct = [_at(parts["direct"], *pair) for pair in zip(f, t, strict=True)]
    ell = value_of(parts["outer"], {NORMALISER: total}) + sum(direct, ZERO)
    r = [_at(parts["residual"], *pair, total) for pair in zip(f, t, strict=True)]
    slope = [_at(parts["slope"], *pair) for pair in zip(f, t, strict=True)]
    bend = value_of(parts["bend"], {NORMALISER: total})
    own = [_at(parts["own"], *pair, total) for pair in zip(f, t, strict=True)]
    S = [
        [bend * a * b + (own[c] if c == e else ZERO) for e, b in enumerate(slope)]
        for c, a in enumerate(slope)
    ]
    return ell, np.array(r, dtype=object), np.array(S, dtype=object)


def _at(
    expression: Expr, output: Number, target: Number, total: Number = ZERO
) -> Number:
    return value_of(expression, {OUTPUT: output, TARGET: target, NORMALISER: total})


@cache
def _expressions(loss: Loss) -> dict[str, Any]:
    shown = loss.shown
    bend, slope = shown.output_hessian_outer
    return {
        "outer": shown.outer,
        "inner": shown.inner,
        "direct": shown.direct,
        "residual": shown.residual,
        "bend": bend,
        "slope": slope,
        "own": shown.output_hessian_diagonal,
    }
