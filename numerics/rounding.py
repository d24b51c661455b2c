"""Bounds on the rounding error of everything computed from a forward pass.

The kernels are polynomials P with non-negative coefficients in the arrays of a
`Forward` (up to signs that the arrays themselves carry). If |δa| <= da entrywise, then

    |P(a + δa) - P(a)| <= P(|a| + da) - P(|a|) <= (P(|a| + K da) - P(|a|)) / K,  K >= 1,

the last step by convexity; K = 2²⁰ keeps the difference clear of cancellation. The
evaluation of P itself adds γ_q P(|a|), q the length of its longest chain of roundings.
So the bound of a kernel is had by running that kernel on other arrays.

The arrays' own errors da, to first order and doubled for the rest:

    z    γ_{d+1} (|W||x| + |b|) + ρ (|W||x| + |b|)
    σ⁽ᵏ⁾ |σ⁽ᵏ⁺¹⁾| dz + 8ε (|σ⁽ᵏ⁾| + 1)          (a few ulps of the library's functions)
         both 0 where sums and polynomials of whole numbers are exact
    f    |A| ds0 + γ_{m+1} (|A||σ| + |c|) + ρ (…)
    p    min(1, p (e^(2 max df) - 1 + 8ε))       (probabilities; p(1-p) for logistic)
    r    2 df + dt + 8ε|r| (squared), dp + 8ε (1 + |r|), or 0 where r is given
    S    0 (squared), 2 dp (logistic), p dpᵀ + dp pᵀ + diag(dp) (softmax)

each where it is not exactly 0 plus 2⁻¹²⁰, which pays for products that underflow: such a
product loses at most 2⁻¹⁰⁷⁴, or 2⁻⁷⁴² after division by a complex step, times the factors
still to come, while up to seven factors enlarged by 2⁻¹²⁰ and by K between them leave more
than that. Here ρ bounds the relative error of θ itself, 0 unless θ was rounded, and dt that of the
targets. Where z may lie on either side of a kink, nothing is known of σ and σ'.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from ..theory.activations import Activation
from ..theory.losses import Loss
from .bounded import EPS, TINY, Bounded, gamma
from .forward import Array, Forward
from .lowering import activation_values

__all__ = ["ErrorModel", "error_model"]

SECOND_ORDER = 2.0
STEP = 2.0**20
FLOOR = 2.0**-120
"""Absolute error of every number other than 0: far above what underflow can lose."""

ULPS = 8.0

SETTLED = 64.0
"""|z| beyond which every σ that settles has done so in float64."""


class ErrorModel:
    """Forward passes at |a| and at |a| + K da, from which radii are computed.

    Parameters
    ----------
    fwd, size, moved : Forward
        The pass itself, its absolute values |a|, and |a| + K da.
    ell_error, f_error : arrays
        Bounds on the errors of ℓ (..., n) and f (..., n, C).
    """

    def __init__(
        self,
        fwd: Forward,
        size: Forward,
        moved: Forward,
        *,
        ell_error: Array,
        f_error: Array,
        z_error: Array,
    ) -> None:
        self.fwd, self.size, self.moved = fwd, size, moved
        self.ell_error, self.f_error, self.z_error = ell_error, f_error, z_error
        n, m = fwd.s1.shape[-2:]
        self.chain = n + m + fwd.x.shape[-1] + 4 * fwd.A.shape[-2] + 16

    def bounded(self, kernel: Callable[[Forward], Array]) -> Bounded:
        """The value of a kernel, with its bound.

        Parameters
        ----------
        kernel : callable
            Polynomial in the arrays of a `Forward`, with non-negative coefficients.
        """
        with np.errstate(all="ignore"):
            return self.around(kernel(self.fwd), kernel)

    def around(self, value: Array, kernel: Callable[[Forward], Array]) -> Bounded:
        """A value of the kernel that is already known, with its bound."""
        with np.errstate(all="ignore"):
            size = kernel(self.size)
            spread = np.maximum(kernel(self.moved) - size, 0.0) / STEP
            return Bounded(value, spread + gamma(self.chain) * size)

    def array(self, name: str) -> Bounded:
        """One array of the forward pass, with its bound."""
        value = getattr(self.fwd, name)
        spread = (getattr(self.moved, name) - np.abs(value)) / STEP
        # where nothing was added, rounding of the difference must not invent an error
        return Bounded(value, np.maximum(spread, 0.0))


def error_model(
    activation: Activation,
    loss: Loss,
    fwd: Forward,
    *,
    theta_error: float = 0.0,
    residual_error: Array | float | None = None,
    target_error: Array | None = None,
) -> ErrorModel:
    """How far the arrays of a forward pass may be from exact ones.

    Parameters
    ----------
    activation, loss : Activation, Loss
        What the pass was made with.
    fwd : Forward
        The pass.
    theta_error : float
        ρ, the relative error of the entries of θ.
    residual_error : (..., n, C) float64, or float, or None
        Bound on the error of r where it was given rather than computed.
    target_error : (..., n, C) float64, or None
        Bound on the error of real targets.
    """
    x, W, b, A, c = map(np.abs, (fwd.x, fwd.W, fwd.b, fwd.A, fwd.c))
    S, r = np.abs(fwd.S), np.abs(fwd.r)
    with np.errstate(all="ignore"):
        sums = _sums(x, W, b)
        exact = _whole(fwd, sums) if theta_error == 0 else np.zeros(sums.shape, bool)
        dz = np.where(exact, 0, _sum_error(x, W, b, theta_error))
        s, ds = _activation_errors(activation, fwd, dz, exact=exact)
        df = SECOND_ORDER * _sums(ds[0], A, 0.0) + _sum_error(s[0], A, c, theta_error)
        if residual_error is None:
            dr = _residual_error(loss, fwd, df)
            dr = dr if target_error is None else dr + target_error
        else:
            dr = np.broadcast_to(residual_error, r.shape)
        dS = _output_hessian_error(loss, fwd, S, df)
        dell = (r * dr + _floor(r)).sum(axis=-1)
        dell = dell + gamma(W.shape[-2] + 8) * np.abs(fwd.ell)
        if loss.targets != "real":
            size_of_f = _sums(s[0], A, c).sum(axis=-1)
            dell = dell + df.sum(axis=-1) + ULPS * EPS * (1 + size_of_f)
    size = replace(
        fwd, x=x, W=W, b=b, A=A, c=c, z=sums, s0=s[0], s1=s[1], s2=s[2], r=r, S=S
    )
    errors: dict[str, Array | float] = {"r": dr, "S": dS, "x": 0.0}
    errors |= {"s0": ds[0], "s1": ds[1], "s2": ds[2]}
    errors |= {name: getattr(size, name) * theta_error for name in ("W", "A", "b", "c")}
    return ErrorModel(
        fwd,
        size,
        _moved(size, errors),
        ell_error=dell,
        f_error=df,
        z_error=dz,
    )


def _moved(size: Forward, errors: Mapping[str, Array | float]) -> Forward:
    """|a| + K da, the floor included."""
    with np.errstate(all="ignore"):
        grown = {
            name: getattr(size, name) + STEP * (error + _floor(getattr(size, name)))
            for name, error in errors.items()
        }
    return replace(size, **grown)


def _sums(factors: Array, weights: Array, constant: Array | float) -> Array:
    """Sums of products with rows of weights, and a constant."""
    products: Array = factors @ weights.swapaxes(-1, -2)
    if isinstance(constant, np.ndarray):
        return products + constant[..., None, :]
    return products + constant


def _sum_error(
    factors: Array, weights: Array, constant: Array, theta_error: float
) -> Array:
    """Error of such sums of exact factors; a product that underflows is no 0."""
    relative = gamma(factors.shape[-1] + 1) + theta_error
    sums = _sums(factors, weights, constant)
    raised = _sums(factors + _floor(factors), weights + _floor(weights), constant)
    return SECOND_ORDER * relative * sums + _floor(raised)


def _activation_errors(
    activation: Activation, fwd: Forward, dz: Array, *, exact: Array
) -> tuple[list[Array], list[Array]]:
    """|σ⁽ᵏ⁾| and bounds on their errors, k = 0, 1, 2."""
    third = activation_values(activation, fwd.z, order=3)[3]
    s = [np.abs(fwd.s0), np.abs(fwd.s1), np.abs(fwd.s2), np.abs(third)]
    ds = [
        SECOND_ORDER * s[k + 1] * dz
        + _evaluation_error(activation, k, s[k], np.abs(fwd.z), exact=exact)
        for k in range(3)
    ]
    for kink in activation.kinks:
        torn = np.abs(fwd.z - float(kink)) <= dz
        ds = [np.where(torn, np.inf, error) for error in ds]
    return s, ds


def _floor(size: Array) -> Array:
    """2⁻¹²⁰ for every number other than 0: where a factor is 0 nothing underflows."""
    return np.where(size != 0, FLOOR, 0.0)


def _whole(fwd: Forward, sums: Array) -> Array:
    """Where z is a sum of whole numbers, hence exact: (..., n, m)."""
    whole = [(np.floor(a) == a).all(axis=-1) for a in (fwd.x, fwd.W, fwd.b[..., None])]
    return whole[0][..., :, None] & (whole[1] & whole[2])[..., None, :] & (sums < 2**53)


def _evaluation_error(
    activation: Activation, order: int, size: Array, z: Array, *, exact: Array
) -> Array:
    """Rounding inside σ⁽ᵏ⁾ itself: none where it maps whole numbers to whole ones."""
    if activation.homogeneous and order >= 1:
        # a slope is a constant, and such as 1/100 is rounded once
        return np.where(np.floor(size) == size, 0.0, EPS * size)
    # silu and gelu multiply by z what is rounded as a number near 1, until it settles
    error = ULPS * EPS * (size + 1 + np.minimum(z, SETTLED))
    if activation.polynomial:
        kept = exact & (np.floor(size) == size) & (size < 2**53)
        return np.where(kept, 0.0, error)
    return error


def _residual_error(loss: Loss, fwd: Forward, df: Array) -> Array:
    """Bound on the error of a computed r: that of f, or that of a probability."""
    r = np.abs(fwd.r)
    if loss.targets == "real":
        return SECOND_ORDER * df + ULPS * EPS * r
    return _probability_error(loss, fwd, df) + ULPS * EPS * (1 + r)


def _probability_error(loss: Loss, fwd: Forward, df: Array) -> Array:
    """p = eᶠ/Σeᶠ changes by a factor of at most e^(2 max df), and stays below 1."""
    growth = np.expm1(2 * df.max(axis=-1, keepdims=True)) + ULPS * EPS
    p = fwd.S[..., 0] if loss.targets == "binary" else np.abs(fwd.r + fwd.t) + EPS
    return np.minimum(1.0, (p + TINY) * growth)


def _output_hessian_error(loss: Loss, fwd: Forward, S: Array, df: Array) -> Array:
    """Bound on the error of S, relative to the terms that are subtracted in it."""
    if loss.targets == "real":
        return np.zeros_like(S)
    dp = _probability_error(loss, fwd, df)
    if loss.targets == "binary":
        return 2 * dp[..., None]
    p = np.abs(fwd.r + fwd.t) + EPS + dp
    products = p[..., :, None] * dp[..., None, :]
    own = dp[..., None] * np.eye(dp.shape[-1])
    return products + products.swapaxes(-1, -2) + own
