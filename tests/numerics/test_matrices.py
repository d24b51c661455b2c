"""numerics/matrices.py: the inertia of H, held against exact arithmetic."""

from itertools import pairwise

import numpy as np
import pytest
import sympy as sp

from landtheory.numerics.instances import Instances
from landtheory.numerics.quantities import Quantities
from landtheory.numerics.sampling import Shape
from landtheory.theory.activations import get_activation
from landtheory.theory.losses import get_loss

SHAPES = [
    Shape(n=2, d=1, m=1, C=1),
    Shape(n=1, d=2, m=1, C=2),
    Shape(n=4, d=1, m=2, C=1),
]


def whole_numbers(activation: str, shape: Shape, seed: int) -> Quantities:
    """H of such a network is exact: n is a power of two."""
    rng = np.random.default_rng(seed)
    p = shape.m * (shape.d + 1 + shape.C) + shape.C
    instances = Instances(
        activation=get_activation(activation),
        loss=get_loss("squared"),
        x=rng.integers(-2, 3, (1, shape.n, shape.d)).astype(float),
        theta=rng.integers(-2, 3, (1, p)) + 0.5,
        width=shape.m,
        outputs=shape.C,
        residual=rng.integers(-2, 3, (1, shape.n, shape.C)).astype(float),
    )
    return Quantities(instances)


def inertia(matrix: np.ndarray) -> list[int]:
    """Positive and negative eigenvalues and the rank, by the signs of Descartes.

    All roots of the characteristic polynomial are real, so the changes of sign among its
    coefficients are as many as its positive roots.
    """
    exact = sp.Matrix(
        matrix.shape[0], len(matrix), [sp.Rational(v) for v in matrix.flat]
    )
    coefficients = [c for c in exact.charpoly().all_coeffs() if c != 0]
    signs = [sp.sign(c) for c in coefficients]
    plus = sum(a != b for a, b in pairwise(signs))
    rank = exact.rank()
    return [plus, rank - plus, rank]


@pytest.mark.parametrize("activation", ["identity", "relu", "quadratic"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("seed", range(6))
def test_the_inertia_is_enclosed(activation: str, shape: Shape, seed: int) -> None:
    q = whole_numbers(activation, shape, seed)
    truth = inertia(q.H.value[0])
    assert (q.inertia.lower[0] <= truth).all()
    assert (q.inertia.upper[0] >= truth).all()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_inertia_is_often_certain(shape: Shape) -> None:
    found = [whole_numbers("relu", shape, seed).inertia for seed in range(6)]
    assert any((one.radius == 0).all() for one in found)
