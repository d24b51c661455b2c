"""numerics/worlds/gaussian_integrals.py, held against quadrature in floats."""

from collections.abc import Callable
from math import erf, sqrt
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from scipy.integrate import quad

from landtheory.numerics.worlds import gaussian_integrals
from landtheory.numerics.worlds.gaussian_integrals import (
    half_square_mean,
    mean_of_product,
    normal_moment,
)

SIGMA: dict[str, Callable[[Any], Any]] = {
    "relu": lambda z: max(z, 0.0),
    "erf": lambda z: erf(z / sqrt(2)),
    "quadratic": lambda z: z * z,
}
PAIRS = [
    ((1, 2), (-1, 3)),
    ((2, 0), (0, 1)),
    ((1, 1), (-2, -2)),
    ((1, 1), (3, 3)),
    ((1, 1), (-16, -17)),
    ((1, -3), (2, 1)),
]


def vector(row: Any) -> list[fmpq]:
    return [fmpq(entry) for entry in row]


def middle(value: arb | fmpq | None) -> float:
    assert value is not None
    return float(arb(value).mid())


def in_the_plane(f: Callable[[float, float], float], order: int) -> float:
    """E f over N(0, I_2): in polar coordinates for f(rx) = r^order f(x), order > 0."""
    if order:
        radial = {2: 2.0, 4: 8.0}[order]
        steps = 40_000
        angles = (np.arange(steps) + 0.5) * 2 * np.pi / steps
        return radial * float(np.mean([f(np.cos(a), np.sin(a)) for a in angles]))
    nodes, weights = np.polynomial.hermite_e.hermegauss(100)
    weights = weights / weights.sum()
    return float(
        sum(
            w * v * f(x, y)
            for x, w in zip(nodes, weights, strict=True)
            for y, v in zip(nodes, weights, strict=True)
        )
    )


ORDER = {"relu": 2, "erf": 0, "quadratic": 4}


@pytest.mark.parametrize("name", list(SIGMA))
@pytest.mark.parametrize(("u", "v"), PAIRS[:4])
def test_the_mean_of_a_product_is_that_of_the_plane(name: str, u: Any, v: Any) -> None:
    sigma = SIGMA[name]

    def product(x: float, y: float) -> float:
        return sigma(u[0] * x + u[1] * y) * sigma(v[0] * x + v[1] * y)

    expected = in_the_plane(product, ORDER[name])
    found = middle(mean_of_product(name, vector(u), vector(v)))
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("name", ["relu", "erf"])
@pytest.mark.parametrize(("u", "v"), PAIRS)
def test_more_precision_narrows_the_same_number(name: str, u: Any, v: Any) -> None:
    found = []
    for precision in (128, 256):
        with ctx.workprec(precision):
            found.append(arb(mean_of_product(name, vector(u), vector(v))))
    assert found[0].overlaps(found[1])
    assert all(float(one.rad()) < 1e-25 for one in found)


def test_the_cut_tail_is_enclosed(monkeypatch: pytest.MonkeyPatch) -> None:
    with ctx.workprec(128):
        full = [arb(mean_of_product(n, *map(vector, PAIRS[0]))) for n in SIGMA]
        monkeypatch.setattr(gaussian_integrals, "FAR", 2)
        cut = [arb(mean_of_product(n, *map(vector, PAIRS[0]))) for n in SIGMA]
    assert all(one.contains(other.mid()) for one, other in zip(cut, full, strict=True))
    assert float(cut[0].rad()) > 1e-3
    assert float(cut[1].rad()) > 1e-3


def test_means_at_special_pairs() -> None:
    zero, one = vector((0, 0)), vector((1, 2))
    assert mean_of_product("erf", zero, one) == 0
    assert mean_of_product("erf", one, zero) == 0
    assert mean_of_product("relu", one, vector((-2, -4))) == 0
    assert mean_of_product("relu", one, vector((2, 4))) == 5
    assert mean_of_product("quadratic", one, one) == 75


@pytest.mark.parametrize(
    ("plus", "minus"),
    [
        (((1, 2), (-3, 1)), ((1, 0),)),
        (((1, 2), (-1, -2), (2, 4)), ((0, 1), (1, 1))),
        (((1, 0),), ((1, 0),)),
    ],
)
@pytest.mark.parametrize("name", ["relu", "quadratic"])
def test_the_loss_is_that_of_the_plane(name: str, plus: Any, minus: Any) -> None:
    sigma = SIGMA[name]

    def square(x: float, y: float) -> float:
        total = sum(sigma(a * x + b * y) for a, b in plus)
        return (total - sum(sigma(a * x + b * y) for a, b in minus)) ** 2 / 2

    found = half_square_mean(name, [*map(vector, plus)], [*map(vector, minus)])
    expected = in_the_plane(square, ORDER[name])
    assert middle(found) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("name", list(SIGMA))
def test_the_loss_is_that_of_the_line(name: str) -> None:
    plus, minus = [(1,), (-2,)], [(3,)]
    sigma = SIGMA[name]

    def square(x: float) -> float:
        total = sum(sigma(a * x) for (a,) in plus) - sum(sigma(a * x) for (a,) in minus)
        return total**2 / 2 * np.exp(-x * x / 2) / sqrt(2 * np.pi)

    expected = quad(square, -12, 0)[0] + quad(square, 0, 12)[0]
    found = half_square_mean(name, [*map(vector, plus)], [*map(vector, minus)])
    assert middle(found) == pytest.approx(expected, rel=1e-8)


def test_there_is_no_loss_without_a_way() -> None:
    three, two = [vector((1, 2, 3))], [vector((1, 2))]
    assert half_square_mean("relu", three, three) is None
    assert half_square_mean("erf", two, two) is None
    assert half_square_mean("quadratic", three, three) == 0


def test_moments_of_a_normal_variable() -> None:
    assert [normal_moment(power) for power in range(9)] == [
        1,
        0,
        1,
        0,
        3,
        0,
        15,
        0,
        105,
    ]
