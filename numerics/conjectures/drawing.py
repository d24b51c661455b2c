"""Instances in bulk whose every number is a small dyadic rational.

So floats hold them exactly, and any of them can go to the referee as it is. Inputs of
unit length are the one exception: rational points of the sphere, which `exact_row`
recovers from their floats.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..forward import Array, parameter_count, parameter_slices
from ..instances import Instances
from ..sampling import Shape
from .assumptions import Assumptions
from .kinds import Kind
from .stationary import known_to_be

__all__ = ["Way", "draw", "dyadic"]

Way = Literal["sweep", "extremes"]

BITS = 8
"""Binary places of drawn numbers."""

STRETCH = 10
"""Largest power of two by which an extreme block is scaled."""

CHANCE = 0.25
"""Of each structure, for each extreme instance."""

FARTHEST = 3
"""Largest whole coordinate that a rational point of the sphere is projected from."""

Flags = npt.NDArray[np.bool_]


def draw(
    kind: Kind,
    shape: Shape,
    assumptions: Assumptions,
    way: Way,
    count: int,
    rng: np.random.Generator,
) -> Instances:
    """Draw instances; what is assumed of inputs and weights alone is met by design.

    Parameters
    ----------
    kind : Kind
        σ, loss, C.
    shape : Shape
        Sizes.
    assumptions : Assumptions
        Hypotheses; residuals of critical points are not made here.
    way : {"sweep", "extremes"}
        Plain numbers, or with structure: zeros, copies, dead units, large and tiny.
    count : int
        How many.
    rng : numpy.random.Generator
        Where every choice comes from.
    """
    x = _numbers((count, shape.n, shape.d), rng)
    p = parameter_count(inputs=shape.d, width=shape.m, outputs=shape.C)
    theta = _numbers((count, p), rng)
    parts = _Parts(theta, shape)
    if way == "extremes":
        x = _structured_inputs(x, assumptions, rng)
        _structure(parts, rng)
    if "critical" in assumptions.named and not known_to_be(
        "polynomial", kind.activation
    ):
        x = _degenerate(x, parts, rng)
    if "unit_inputs" in assumptions.named:
        x = _on_the_sphere(x.shape, rng)
    elif "nonzero_inputs" in assumptions.named:
        x[..., 0] = np.where((x == 0).all(axis=-1), 1.0, x[..., 0])
    if "active" in assumptions.named:
        parts.A[:, :, 0] = np.where(
            (parts.A == 0).all(axis=-1),
            _signs(parts.A.shape[:2], rng),
            parts.A[:, :, 0],
        )
    t, residual = _targets(kind, shape, assumptions, way, count, rng)
    return Instances(
        activation=kind.activation,
        loss=kind.loss,
        x=x,
        theta=theta,
        width=shape.m,
        outputs=shape.C,
        t=t,
        residual=residual,
    )


def dyadic(values: Array, bits: int = BITS) -> Array:
    """The nearest multiples of 2^-bits."""
    return np.round(values * 2.0**bits) / 2.0**bits


class _Parts:
    """W (T, m, d), b (T, m), A (T, m, C) and c (T, C) as views of θ."""

    def __init__(self, theta: Array, shape: Shape) -> None:
        place = parameter_slices(inputs=shape.d, width=shape.m, outputs=shape.C)
        count = len(theta)
        self.W = theta[:, place["W"]].reshape(count, shape.m, shape.d)
        self.b = theta[:, place["b"]]
        self.A = theta[:, place["A"]].reshape(count, shape.m, shape.C)
        self.c = theta[:, place["c"]]
        if not all(np.shares_memory(part, theta) for part in (self.W, self.A)):
            raise TypeError("θ must be contiguous")


def _numbers(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Whole numbers up to 2, halves of Gaussians, or finer Gaussians of some scale."""
    count = shape[0]
    one = (count, *([1] * (len(shape) - 1)))
    style = rng.integers(0, 3, one)
    whole = rng.integers(-2, 3, shape).astype(np.float64)
    normal = rng.standard_normal(shape)
    halves = dyadic(normal, 1)
    scaled = dyadic(normal * 2.0 ** rng.integers(-2, 3, one))
    return np.where(style == 0, whole, np.where(style == 1, halves, scaled))


def _signs(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    return rng.choice((-1.0, 1.0), shape)


def _chosen(count: int, rng: np.random.Generator) -> Flags:
    return rng.random(count) < CHANCE


def _structured_inputs(
    x: Array, assumptions: Assumptions, rng: np.random.Generator
) -> Array:
    """Copies, opposites, inputs on a line, on the axes, scaled, and zero."""
    count, n, d = x.shape
    choice = rng.integers(0, 8, (count, 1, 1))
    if "distinct_inputs" in assumptions.named:
        choice = np.where(choice == 0, 5, choice)
    first = np.broadcast_to(x[:, :1], x.shape)
    half = (n + 1) // 2
    opposite = np.concatenate([x[:, :half], -x[:, : n - half]], axis=1)
    line = first * rng.integers(-3, 4, (count, n, 1))
    axes = np.eye(d)[rng.integers(0, d, (count, n))] * _signs((count, n, 1), rng)
    scaled = x * 2.0 ** rng.integers(-STRETCH, STRETCH + 1, (count, 1, 1))
    styles = (first, opposite, line, axes, scaled)
    for number, styled in enumerate(styles):
        x = np.where(choice == number, styled, x)
    return x


def _structure(parts: _Parts, rng: np.random.Generator) -> None:
    """Change some of the instances in place, each structure independently."""
    for change in _STRUCTURES:
        rows = np.flatnonzero(_chosen(len(parts.b), rng))
        if len(rows):
            change(parts, rows, rng)


def _degenerate(x: Array, parts: _Parts, rng: np.random.Generator) -> Array:
    """Room for residuals that cancel: repeated inputs, opposite ones, silent units."""
    count, n, _ = x.shape
    half = (n + 1) // 2
    choice = rng.integers(0, 3, (count,))
    pairs = np.concatenate([x[:, :half], x[:, : n - half]], axis=1)
    opposite = np.concatenate([x[:, :half], -x[:, : n - half]], axis=1)
    parts.b[choice > 0] = 0.0
    parts.W[choice > 1] = 0.0
    wide = choice[:, None, None]
    return np.where(wide == 0, pairs, np.where(wide == 1, opposite, x))


def _zero(parts: _Parts, rows: Array, rng: np.random.Generator) -> None:
    """No hidden biases, or no last ones."""
    block = parts.b if rng.integers(2) else parts.c
    block[rows] = 0.0


def _equal_units(parts: _Parts, rows: Array, rng: np.random.Generator) -> None:
    """All units alike, up to the sign of what they put out."""
    parts.W[rows] = parts.W[rows][:, :1]
    parts.b[rows] = parts.b[rows][:, :1]
    signs = _signs((len(rows), parts.b.shape[1], 1), rng)
    parts.A[rows] = signs * parts.A[rows][:, :1]


def _orthonormal(parts: _Parts, rows: Array, rng: np.random.Generator) -> None:
    """W a part of a signed permutation, scaled by a power of two."""
    m, d = parts.W.shape[1:]
    order = rng.permuted(np.tile(np.arange(max(m, d)), (len(rows), 1)), axis=1)[:, :m]
    W = (order[..., None] == np.arange(d)).astype(np.float64)
    scale = 2.0 ** rng.integers(-1, 2, (len(rows), 1, 1))
    parts.W[rows] = W * _signs((len(rows), m, 1), rng) * scale


def _dead(parts: _Parts, rows: Array, rng: np.random.Generator) -> None:
    """One unit far to one side, where ReLU is 0 or linear and others saturate."""
    unit = rng.integers(0, parts.b.shape[1], len(rows))
    parts.b[rows, unit] = 16.0 * _signs((len(rows),), rng)


def _silent(parts: _Parts, rows: Array, rng: np.random.Generator) -> None:
    """One unit without weights."""
    unit = rng.integers(0, parts.b.shape[1], len(rows))
    parts.W[rows, unit] = 0.0


def _no_output(parts: _Parts, rows: Array, rng: np.random.Generator) -> None:
    """One unit that puts nothing out."""
    unit = rng.integers(0, parts.b.shape[1], len(rows))
    parts.A[rows, unit] = 0.0


def _stretch(parts: _Parts, rows: Array, rng: np.random.Generator) -> None:
    """One block large or tiny."""
    block = (parts.W, parts.A)[int(rng.integers(2))]
    power = rng.integers(-STRETCH, STRETCH + 1, (len(rows), 1, 1))
    block[rows] = block[rows] * 2.0**power


def _nothing(parts: _Parts, rows: Array, rng: np.random.Generator) -> None:
    """W, b = 0: every unit is σ(0)."""
    some = rows[rng.random(len(rows)) < CHANCE]
    parts.W[some] = 0.0
    parts.b[some] = 0.0


_STRUCTURES: tuple[Callable[[_Parts, Array, np.random.Generator], None], ...] = (
    _equal_units,
    _orthonormal,
    _stretch,
    _zero,
    _zero,
    _dead,
    _silent,
    _no_output,
    _nothing,
)


def _on_the_sphere(shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """Rational points of the unit sphere: stereographic images of whole points."""
    count, n, d = shape
    if d == 1:
        return _signs(shape, rng)
    whole = rng.integers(-FARTHEST, FARTHEST + 1, (count, n, d - 1))
    whole = whole * (rng.random((count, 1, 1)) < 0.7)
    square = (whole**2).sum(axis=-1, keepdims=True)
    points = np.concatenate([2 * whole, square - 1], axis=-1) / (square + 1)
    return rng.permuted(points, axis=-1) * _signs((count, n, 1), rng)


def _targets(
    kind: Kind,
    shape: Shape,
    assumptions: Assumptions,
    way: Way,
    count: int,
    rng: np.random.Generator,
) -> tuple[Array | None, Array | None]:
    """Targets, or the residual that defines them."""
    size = (count, shape.n, shape.C)
    if kind.loss.targets == "binary":
        return rng.integers(0, 2, size).astype(np.float64), None
    if kind.loss.targets == "label":
        return np.eye(shape.C)[rng.integers(0, shape.C, size[:2])], None
    if "interpolation" in assumptions.named or "critical" in assumptions.named:
        return None, np.zeros(size)
    residual = _numbers(size, rng)
    if way == "extremes":
        power = rng.integers(-STRETCH, STRETCH + 1, (count, 1, 1))
        residual = residual * 2.0**power * (rng.random((count, 1, 1)) < 0.8)
    return None, residual
