"""numerics/worlds/linear_curvature.py, held against SymPy's derivatives of the loss."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy as sp

from landtheory.numerics.worlds import get_world
from landtheory.numerics.worlds.linear_networks import LinearNetwork

WORLD = get_world("linear-networks")


def table(rows: Any) -> sp.Matrix:
    return sp.Matrix(
        [[sp.Rational(e.numerator, e.denominator) for e in r] for r in rows]
    )


def fractions(matrix: Any) -> list[list[Fraction]]:
    return [[Fraction(int(e.p), int(e.q)) for e in row] for row in matrix.tolist()]


def symbols(letter: str, rows: int, columns: int) -> sp.Matrix:
    return sp.Matrix(rows, columns, lambda i, j: sp.Symbol(f"{letter}_{i}_{j}"))


def by_differentiation(net: LinearNetwork) -> tuple[sp.Matrix, sp.Matrix]:
    """(H, G) at the network's weights."""
    X, Y, W, A = (table(rows) for rows in (net.x, net.y, net.W, net.A))
    w, a = symbols("w", *W.shape), symbols("a", *A.shape)
    theta = [*w, *a]
    outputs = X * w.T * a.T
    residual = outputs - Y
    n = X.shape[0]
    loss = sum(entry**2 for entry in residual) / (2 * n)
    J = sp.Matrix(list(outputs)).jacobian(theta)
    at = dict(zip(theta, [*W, *A], strict=True))
    H = sp.hessian(loss, theta).subs(at)
    return H, (J.T * J / n).subs(at)


@pytest.mark.parametrize("seed", range(8))
def test_ranks_and_inertia_are_those_of_the_derivatives(seed: int) -> None:
    rng = np.random.default_rng(seed)
    net = WORLD.draw(rng)
    while len(net.W) * (len(net.x[0]) + len(net.A)) > 10:
        net = WORLD.draw(rng)
    q = WORLD.quantities(net)
    H, G = by_differentiation(net)
    F = H - G
    assert table(fractions(q.H)) == H
    assert table(fractions(q.F)) == F
    assert (q.rank_H, q.rank_G, q.rank_F) == (H.rank(), G.rank(), F.rank())
    eigenvalues = np.linalg.eigvalsh(np.array(F, dtype=float))
    assert q.inertia_F == ((eigenvalues > 1e-9).sum(), (eigenvalues < -1e-9).sum())
    X, W, A, Y = (table(rows) for rows in (net.x, net.W, net.A, net.y))
    assert (q.r, q.rank_A, q.rank_W) == (X.rank(), A.rank(), W.rank())
    assert q.rank_W_on_data == (W * X.T * X * W.T).rank()
    assert q.rank_Omega == ((X * W.T * A.T - Y).T * X).rank()


def test_the_generic_ranks_are_at_other_weights() -> None:
    zero = ((Fraction(0),),)
    net = LinearNetwork(x=((Fraction(1),),), W=zero, A=zero, y=zero, key=3)
    q = WORLD.quantities(net)
    assert (q.rank_G, q.generic_rank_G) == (0, 1)
    assert (q.rank_H, q.generic_rank_H) == (0, 2)


def test_an_output_bias_adds_what_the_weights_do_not_reach() -> None:
    one, zero = Fraction(1), Fraction(0)
    net = LinearNetwork(
        x=((one,), (2 * one,)), W=((one,),), A=((zero,),), y=((zero,), (zero,))
    )
    q = WORLD.quantities(net)
    assert (q.rank_G, q.rank_G_with_bias) == (1, 2)
