"""Random instances in bulk: T networks of one shape, drawn together.

Each draw mixes styles, since different claims break in different corners: small
integers (exact zeros, ties, simple counterexamples), Gaussians, widely scaled numbers,
repeated inputs, inputs on a line, dead hidden units.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..theory.activations import Activation
from ..theory.losses import Loss
from .bounded import EPS
from .forward import Array, forward, parameter_count
from .instances import Instances
from .jacobian import jacobian

__all__ = ["Regime", "Shape", "sample"]

LARGEST = 1e8
"""Instances with larger activations or outputs are left out: their bounds say nothing."""

Regime = Literal["free", "interpolation", "critical"]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Sizes of an instance: samples, inputs, hidden units, outputs."""

    n: int
    d: int
    m: int
    C: int


def sample(
    activation: Activation,
    loss: Loss,
    shape: Shape,
    regime: Regime,
    count: int,
    rng: np.random.Generator,
) -> Instances:
    """Draw instances off the kinks; fewer than `count` where some had to be left out.

    Parameters
    ----------
    activation, loss : Activation, Loss
        The same for all.
    shape : Shape
        Their common sizes.
    regime : {"free", "interpolation", "critical"}
        interpolation: r = 0; critical: Jᵀ r = 0 up to a stated error (both squared
        loss).
    count : int
        How many to draw.
    rng : numpy.random.Generator
        Where every choice comes from.
    """
    x = _inputs(shape, count, rng)
    theta = _parameters(shape, count, rng)
    made = _with_targets(activation, loss, shape, regime, x, theta, rng)
    return made.take(_usable(made))


def _numbers(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """A third each: small integers, Gaussians, Gaussians of scales 10^-1 to 10."""
    count = shape[0]
    style = rng.integers(0, 3, (count, *([1] * (len(shape) - 1))))
    whole = rng.integers(-2, 3, shape).astype(np.float64)
    normal = rng.standard_normal(shape)
    scale = 10.0 ** rng.uniform(-1, 1, style.shape)
    return np.where(style == 0, whole, np.where(style == 1, normal, normal * scale))


def _inputs(shape: Shape, count: int, rng: np.random.Generator) -> Array:
    x = _numbers((count, shape.n, shape.d), rng)
    style = rng.integers(0, 8, (count, 1, 1))
    repeated = np.broadcast_to(x[:, :1], x.shape)
    line = x[:, :1] * rng.integers(1, 4, (count, shape.n, 1))
    norms = np.sqrt((x**2).sum(axis=-1, keepdims=True))
    unit = x / np.where(norms == 0, 1, norms)
    x = np.where(style == 0, repeated, np.where(style == 1, line, x))
    return np.where(style == 2, unit, x)


def _parameters(shape: Shape, count: int, rng: np.random.Generator) -> Array:
    p = parameter_count(inputs=shape.d, width=shape.m, outputs=shape.C)
    return _numbers((count, p), rng)


def _with_targets(
    activation: Activation,
    loss: Loss,
    shape: Shape,
    regime: Regime,
    x: Array,
    theta: Array,
    rng: np.random.Generator,
) -> Instances:
    t = residual = error = None
    size = (len(x), shape.n, shape.C)
    if loss.targets == "binary":
        t = rng.integers(0, 2, size).astype(np.float64)
    elif loss.targets == "label":
        t = np.eye(shape.C)[rng.integers(0, shape.C, size[:2])]
    elif regime == "interpolation":
        residual = np.zeros(size)
    elif regime == "critical":
        residual, error = _critical_residual(activation, loss, shape, x, theta, rng)
    else:
        residual = _numbers(size, rng)
    return Instances(
        activation=activation,
        loss=loss,
        x=x,
        theta=theta,
        width=shape.m,
        outputs=shape.C,
        t=t,
        residual=residual,
        residual_error=error,
    )


def _critical_residual(
    activation: Activation,
    loss: Loss,
    shape: Shape,
    x: Array,
    theta: Array,
    rng: np.random.Generator,
) -> tuple[Array, Array]:
    """A vector of ker Jᵀ by the singular vectors of J, and how far off it may be.

    With σ₊ the least singular value above the gap, the exact kernel holds a vector
    within (‖Jᵀr‖ + γ‖J‖‖r‖) / σ₊ of the computed one.
    """
    size = (len(x), shape.n, shape.C)
    fwd = forward(
        activation,
        loss,
        x,
        theta,
        None,
        width=shape.m,
        outputs=shape.C,
        residual=np.zeros(size),
    )
    J = np.nan_to_num(jacobian(fwd), posinf=0.0, neginf=0.0)
    left, sigma, _ = np.linalg.svd(J)
    rows = J.shape[-2]
    sigma = np.pad(sigma, ((0, 0), (0, rows - sigma.shape[-1])))
    small = sigma <= 1e3 * rows * EPS * sigma[:, :1]
    weights = rng.standard_normal(sigma.shape) * small
    r = (left @ weights[..., None])[..., 0]
    least = np.where(small, np.inf, sigma).min(axis=-1)
    off = np.abs(J.swapaxes(-1, -2) @ r[..., None]).sum(axis=(-1, -2))
    length = np.sqrt((r**2).sum(axis=-1))
    bound = (off + 64 * J.shape[-1] * EPS * sigma[:, 0] * length) / least
    error = np.broadcast_to(bound[:, None, None] + EPS * length[:, None, None], size)
    return r.reshape(size), np.array(error)


def _usable(instances: Instances) -> Array:
    """Off every kink, and nothing overflows."""
    fwd = forward(
        instances.activation,
        instances.loss,
        instances.x,
        instances.theta,
        instances.t,
        width=instances.width,
        outputs=instances.outputs,
        residual=instances.residual,
    )
    good = np.ones(len(instances), dtype=bool)
    for array in (fwd.s0, fwd.s1, fwd.s2, fwd.f, fwd.S):
        axes = tuple(range(1, array.ndim))
        good &= np.isfinite(array).all(axis=axes) & (np.abs(array) < LARGEST).all(
            axis=axes
        )
    for kink in instances.activation.kinks:
        good &= (fwd.z != float(kink)).all(axis=(-1, -2))
    return good
