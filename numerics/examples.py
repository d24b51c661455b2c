"""Explicit instances of the catalogue, as arrays."""

from dataclasses import replace
from typing import Any

import numpy as np

from ..theory.activations import get_activation
from ..theory.losses import get_loss
from ..theory.theorems import Example
from .bounded import exact
from .drawn import Drawn, Layers, draw
from .forward import Array
from .instances import Instances

__all__ = ["drawn_of", "instances_of"]


def instances_of(example: Example) -> Instances:
    """The example as a batch of one."""
    x, W, b = _floats(example.x), _floats(example.W), _floats(example.b)
    A, c = _floats(example.A), _floats(example.c)
    C = len(c)
    theta = np.concatenate([W.ravel(), b, A.T.ravel(), c])
    residual = None if example.residual is None else _floats(example.residual)[None]
    t = None
    if example.labels is not None:
        labels = np.array(example.labels)
        t = np.eye(C)[labels][None] if C > 1 else labels[None, :, None].astype(float)
    S = example.output_hessian
    return Instances(
        activation=get_activation(example.activation),
        loss=get_loss(example.loss),
        x=x[None],
        theta=theta[None],
        width=len(b),
        outputs=C,
        t=t,
        residual=residual,
        output_hessian=None if S is None else _floats(S)[None],
    )


def drawn_of(example: Example, instances: Instances) -> Drawn:
    """The example's own extra data; what it does not give is drawn from seed 0."""
    drawn = draw(instances, np.random.default_rng(0))
    given: dict[str, Any] = {}
    for name, value in example.drawn.items():
        if name == "layers":
            given[name] = Layers(**{k: _floats(v)[None] for k, v in value.items()})
        elif name == "v":
            given[name] = exact(_floats(value)[None])
        elif name == "permutation":
            given[name] = np.array(value)[None]
        else:
            given[name] = _floats(value)[None]
    return replace(drawn, **given)


def _floats(value: Any) -> Array:
    """Nested tuples of ints, floats and Fractions."""
    if isinstance(value, tuple):
        return np.array([_floats(entry) for entry in value], dtype=np.float64)
    return np.array(float(value))
