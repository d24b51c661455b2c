"""numerics/worlds/population_taylor.py, held against the float formulas of T18."""

from typing import Any

import numpy as np
import pytest
from flint import ctx, fmpq

from landtheory.numerics.population.landscape import Landscape
from landtheory.numerics.worlds.population_taylor import kernel_taylor, loss_taylor

NAMES = ["relu", "erf", "quadratic"]


def exact(array: Any) -> list[list[fmpq]]:
    return [[fmpq(int(entry), 4) for entry in row] for row in np.rint(4 * array)]


def floats(rows: list[list[fmpq]]) -> Any:
    return np.array([[float(x.p) / float(x.q) for x in row] for row in rows])


def drawn(name: str, seed: int) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng((seed, len(name)))
    return tuple(exact(rng.normal(size=(k, 3)) + 0.3) for k in (2, 2, 3))


def close(found: Any, expected: float) -> bool:
    return float(found.mid()) == pytest.approx(expected, rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(4))
def test_the_loss_and_its_derivatives(name: str, seed: int) -> None:
    W, T, V = drawn(name, seed)
    landscape = Landscape(activation=name, teacher=floats(V))
    along = floats(T).ravel()
    value, slope, half = loss_taylor(name, W, T, V)
    assert close(value, landscape.loss(floats(W)))
    assert close(slope, float(landscape.gradient(floats(W)).ravel() @ along))
    assert close(2 * half, float(along @ landscape.hessian(floats(W)) @ along))


@pytest.mark.parametrize("name", NAMES)
def test_the_loss_at_the_teacher_and_opposite_to_it(name: str) -> None:
    _, T, V = drawn(name, 9)
    for sign in (1, -1):
        W = [[sign * entry for entry in row] for row in V[:2]]
        landscape = Landscape(activation=name, teacher=floats(V))
        along = floats(T).ravel()
        value, slope, half = loss_taylor(name, W, T, V)
        assert close(value, landscape.loss(floats(W)))
        assert close(slope, float(landscape.gradient(floats(W)).ravel() @ along))
        assert close(2 * half, float(along @ landscape.hessian(floats(W)) @ along))


@pytest.mark.parametrize("name", NAMES)
def test_kernels_on_lines_of_both_neurons(name: str) -> None:
    (u, v), (s, t), _ = drawn(name, 2)

    def value(x: float) -> float:
        W = floats([u]) + x * floats([s])
        V = floats([v]) + x * floats([t])
        return float(Landscape(activation=name, teacher=V).kernel.value(W, V)[0, 0])

    h = 1e-3
    found = kernel_taylor(name, u, s, v, t)
    ahead, here, back = value(h), value(0.0), value(-h)
    assert float(found[0].mid()) == pytest.approx(here, rel=1e-13)
    assert float(found[1].mid()) == pytest.approx((ahead - back) / (2 * h), rel=1e-4)
    second = (ahead - 2 * here + back) / (2 * h * h)
    assert float(found[2].mid()) == pytest.approx(second, rel=1e-3)


def test_series_elsewhere_keep_their_length() -> None:
    before = ctx.cap
    W, T, V = drawn("relu", 0)
    loss_taylor("relu", W, T, V)
    assert ctx.cap == before
    with pytest.raises(KeyError):
        loss_taylor("tanh", W, T, V)
    assert ctx.cap == before
