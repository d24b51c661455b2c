"""From the SymPy definitions of `theory` to functions of NumPy arrays.

Every number in this layer comes from here: the activations and losses are never typed
a second time. Only landtheory's own symbols reach the generated code, and only nodes of
known classes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from sympy import Expr, Piecewise, Symbol, lambdify

from ..theory.activations import Activation
from ..theory.admission import admit
from ..theory.losses import NORMALISER, SHIFT, Loss
from ..theory.symbols import OUTPUT, PREACTIVATION, TARGET

__all__ = ["LossValues", "activation_values", "loss_values"]

Array = npt.NDArray[Any]

FAR = 2.0**100
"""Where a function that settles has long done so, and z³ is far from overflow."""

_REAL_PART = Symbol("z_real", real=True)
_OUTPUT_REAL_PART = Symbol("f_real", real=True)


def activation_values(
    activation: Activation, z: Array, *, order: int = 2
) -> tuple[Array, ...]:
    """σ(z), σ'(z), …, σ⁽ᵒʳᵈᵉʳ⁾(z).

    Parameters
    ----------
    activation : Activation
        Its expression is compiled when first met, all derivatives together, so that
        what they share is evaluated once.
    z : any shape, float64 or complex128
        Pre-activations; the branch of a piecewise σ is chosen by the real part.
    order : int
        The highest derivative.

    Returns
    -------
    tuple of order + 1 arrays of z's shape and dtype
        Not finite where σ overflows.
    """
    compiled = _compiled_activation(activation, order)
    with np.errstate(all="ignore"):
        values = compiled(z, z.real)
        if activation.settles and order and _any_beyond(z.real):
            near = z - z.real + np.clip(z.real, -FAR, FAR)
            values = (values[0], *compiled(near, near.real)[1:])
    return tuple(_full(value, z) for value in values)


def _any_beyond(z: Array) -> bool:
    return z.size > 0 and not (z.min() >= -FAR and z.max() <= FAR)


@dataclass(frozen=True, kw_only=True, eq=False)
class LossValues:
    """ℓ_i, r_i and S_i of a loss at the outputs of n samples.

    Attributes
    ----------
    ell : (..., n)
        The loss of each sample.
    residual : (..., n, C)
        r = ∂ℓ/∂f.
    output_hessian : (..., n, C, C)
        S = ∂²ℓ/∂f².
    """

    ell: Array
    residual: Array
    output_hessian: Array


def loss_values(loss: Loss, f: Array, t: Array) -> LossValues:
    """ℓ, r = ∂ℓ/∂f and S = ∂²ℓ/∂f² at outputs f and targets t.

    Parameters
    ----------
    loss : Loss
        ℓ = φ(Σ_c u(f_c, t_c)) + Σ_c v(f_c, t_c).
    f : (..., n, C) float64 or complex128
        Outputs.
    t : (..., n, C) float64
        Targets: reals, 0 or 1, or [c = label].
    """
    inner, outer, derivatives = _compiled_loss(loss)
    single = f.shape[-1] == 1
    with np.errstate(all="ignore"):
        shift = f.real if single else f.real.max(axis=-1, keepdims=True)
        terms, direct = (_full(value, f) for value in inner(f, t, shift, f.real))
        normaliser = terms if single else terms.sum(axis=-1, keepdims=True)
        if not single:
            direct = direct.sum(axis=-1, keepdims=True)
        ell = _full(outer(normaliser, shift), normaliser) + direct
        r, bend, slope, own = derivatives(f, t, normaliser, shift, f.real)
        s = _output_hessian(bend, slope, _full(own, f))
    return LossValues(ell=ell[..., 0], residual=_full(r, f), output_hessian=s)


def _output_hessian(bend: Any, slope: Any, own: Array) -> Array:
    """S_ce = bend slope_c slope_e + δ_ce own_c; `bend` is a plain 0 where φ is linear."""
    C = own.shape[-1]
    curved = isinstance(bend, np.ndarray) or bend != 0
    if C == 1:
        return (own + bend * slope * slope if curved else own)[..., None]
    s = np.zeros((*own.shape, C), dtype=own.dtype)
    if curved:
        slope = _full(slope, own)
        s += (bend * slope)[..., :, None] * slope[..., None, :]
    c = np.arange(C)
    s[..., c, c] += own
    return s


def _full(value: Any, like: Array) -> Array:
    """A new array of the given shape: constants come out of generated code as scalars."""
    if isinstance(value, np.ndarray) and value.shape == like.shape:
        if value is not like and value.dtype == like.dtype:
            return value
        return value.astype(np.result_type(value, like), copy=value is like)
    return np.full(like.shape, value, dtype=np.result_type(value, like))


@cache
def _compiled_activation(activation: Activation, order: int) -> Callable[..., Any]:
    expressions = []
    for k in range(order + 1):
        # one after the other: what is differentiated next has been let in before
        derivative = activation.derivative(k)
        admit(derivative, "activation", symbols=(PREACTIVATION,))
        expressions.append(_decide_on(derivative, PREACTIVATION, _REAL_PART))
    return _lambdify((PREACTIVATION, _REAL_PART), expressions)


@cache
def _compiled_loss(loss: Loss) -> tuple[Callable[..., Any], ...]:
    # before anything is differentiated
    admit(loss.inner, "loss", symbols=(OUTPUT, TARGET, SHIFT))
    admit(loss.direct, "loss", symbols=(OUTPUT, TARGET, SHIFT))
    admit(loss.outer, "loss", symbols=(NORMALISER, SHIFT))

    def of_output(expression: Expr) -> Expr:
        symbols = (OUTPUT, TARGET, NORMALISER, SHIFT)
        admit(expression, "loss", symbols=symbols)
        return _decide_on(expression, OUTPUT, _OUTPUT_REAL_PART)

    bend, slope = loss.output_hessian_outer
    derivatives = (loss.residual, bend, slope, loss.output_hessian_diagonal)
    return (
        _lambdify(
            (OUTPUT, TARGET, SHIFT, _OUTPUT_REAL_PART),
            [of_output(loss.inner), of_output(loss.direct)],
        ),
        _lambdify((NORMALISER, SHIFT), loss.outer),
        _lambdify(
            (OUTPUT, TARGET, NORMALISER, SHIFT, _OUTPUT_REAL_PART),
            [of_output(expression) for expression in derivatives],
        ),
    )


def _lambdify(symbols: tuple[Symbol, ...], expression: Any) -> Callable[..., Any]:
    """Compile what `admit` has let in: SymPy runs the text that it writes."""
    compiled: Callable[..., Any] = lambdify(
        symbols, expression, modules=["scipy", "numpy"], cse=True
    )
    return compiled


def _decide_on(expression: Expr, symbol: Symbol, real_part: Symbol) -> Expr:
    """Let the conditions of a Piecewise look at the real part (complex step)."""

    def decided(*branches: Any) -> Piecewise:
        return Piecewise(
            *(
                (value, condition.subs(symbol, real_part))
                for value, condition in branches
            )
        )

    return expression.replace(Piecewise, decided)
