"""numerics/worlds/global_*.py, held against dense float Hessians and SymPy's spectra."""

import re
from typing import Any

import numpy as np
import pytest
import sympy as sp
from flint import arb, ctx

from landtheory.errors import InputError
from landtheory.numerics.population.landscape import Landscape
from landtheory.numerics.worlds.global_curvature import MOMENTS
from landtheory.numerics.worlds.global_minima import GLOBAL_MINIMA
from landtheory.theory.catalogue import t19_sides, t20_sides
from landtheory.theory.population.spectra import extremes, global_spectrum

NAMES = ["relu", "erf", "quadratic"]
SIZES = [(2, 2), (2, 4), (3, 3), (4, 5)]


def quantities(name: str, k: int, d: int, **changes: Any) -> Any:
    values = {"activation": name, "k": k, "d": d, **changes}
    return GLOBAL_MINIMA.quantities(GLOBAL_MINIMA.from_example(values))


def dense(name: str, k: int, d: int) -> Any:
    V = np.eye(k, d)
    return Landscape(activation=name, teacher=V).hessian(V)


@pytest.mark.parametrize("name", NAMES)
def test_moments_are_those_of_quadrature(name: str) -> None:
    z, weights = np.polynomial.hermite_e.hermegauss(80)
    weights = weights / weights.sum()
    slope = {
        # smooth stand-ins would hide the kink: half of the even part is exact
        "relu": (z > 0) * 1.0,
        "erf": np.sqrt(2 / np.pi) * np.exp(-z * z / 2),
        "quadratic": 2 * z,
    }[name]
    for slopes in range(3):
        for power in range(3):
            expected = weights @ (slope**slopes * z**power)
            if name == "relu" and slopes and power == 1:
                expected = 1 / np.sqrt(2 * np.pi)
            found = float(MOMENTS[name](slopes, power).mid())
            assert found == pytest.approx(expected, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("k", "d"), SIZES)
def test_the_hessian_is_that_of_the_kernels(name: str, k: int, d: int) -> None:
    rng = np.random.default_rng((k, d))
    T = rng.integers(-3, 4, (k, d))
    q = quantities(name, k, d, T=[[int(x) for x in row] for row in T])
    H = dense(name, k, d)
    image = np.array([[float(x.mid()) for x in row] for row in q.image])
    assert image.ravel() == pytest.approx(H @ T.ravel(), rel=1e-12, abs=1e-12)
    form = T.ravel() @ H @ T.ravel()
    assert float(q.curvature.mid()) == pytest.approx(form, rel=1e-12)
    assert float(q.series_curvature.mid()) == pytest.approx(form, rel=1e-12)
    assert q.norm_squared == int(np.sum(T * T))
    powers = [np.trace(np.linalg.matrix_power(H, j)) for j in range(4)]
    found = [float(one.mid()) for one in q.power_sums(4)]
    assert found == pytest.approx(powers, rel=1e-12)
    values = np.linalg.eigvalsh(H)
    assert q.eigenvalues_above == np.sum(values > 0.45)
    rank = int(np.sum(np.abs(values) > 1e-9)) if name == "quadratic" else None
    assert q.rank == rank


@pytest.mark.parametrize("name", NAMES)
def test_a_polynomial_with_all_eigenvalues_annihilates(name: str) -> None:
    k, d = 3, 4
    T = [[(3 * i + 5 * a) % 7 - 3 for a in range(d)] for i in range(k)]
    with ctx.workprec(128):
        q = quantities(name, k, d, T=T)
        claimed = {
            "relu": t19_sides.families,
            "erf": t20_sides.erf_families,
            "quadratic": t20_sides.quadratic_families,
        }[name](q)
        values = [value for value, times in claimed if times]
        assert all(entry.contains(0) for entry in q.annihilated(values))
        assert not all(
            entry.contains(0) for entry in q.annihilated([values[0], *values[2:]])
        )
        assert not all(entry.contains(0) for entry in q.annihilated(values[:-1]))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("k", "d"), [*SIZES, (7, 7), (7, 9)])
def test_claimed_spectra_are_those_that_are_shown(name: str, k: int, d: int) -> None:
    q = quantities(name, k, d)
    families = {
        "relu": t19_sides.pair_families if k == 2 else t19_sides.families,
        "erf": t20_sides.erf_families,
        "quadratic": t20_sides.quadratic_families,
    }[name](q)
    claimed = sorted(
        float(value.mid()) for value, times in families for _ in range(times)
    )
    shown = sorted(
        float(sp.N(family.value, 20))
        for family in global_spectrum(name, k, d)
        for _ in range(int(family.multiplicity))
    )
    assert claimed == pytest.approx(shown, rel=1e-13, abs=1e-13)
    if name == "relu" and k > 2:
        symbol = next(iter(extremes("relu")[1].free_symbols))
        top = float(sp.N(extremes("relu")[1].subs(symbol, k)))
        assert float(t19_sides.largest(q, k).mid()) == pytest.approx(top, rel=1e-13)


def test_more_precision_narrows_the_same_numbers() -> None:
    widths = []
    for precision in (128, 256):
        with ctx.workprec(precision):
            q = quantities("relu", 3, 3)
            sums: tuple[arb, ...] = q.power_sums(5)
            widths.append(max(float(one.rad()) for one in sums))
            assert sums[1].overlaps(arb(9) / 2)
    assert widths[1] < widths[0] * 2.0**-100


@pytest.mark.parametrize(
    "changes",
    [
        {"activation": "tanh"},
        {"k": 1},
        {"k": 4},
        {"d": 13},
        {"T": ((1, 2), (3, 4))},
        {"T": ((1, 2, 3),)},
    ],
)
def test_what_is_no_global_minimum_is_refused(changes: dict[str, Any]) -> None:
    plain = {"activation": "relu", "k": 2, "d": 3}
    GLOBAL_MINIMA.from_example(plain)
    with pytest.raises(
        InputError,
        match=r"^global minimum has activation .*; expected an activation among relu,"
        r" erf, quadratic, 2 <= k <= d <= 12, and T of k rows of d$",
    ):
        GLOBAL_MINIMA.from_example({**plain, **changes})
    sentence = "global minimum is given by k; expected activation, k, and any of d, T"
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        GLOBAL_MINIMA.from_example({"k": 2})


def test_every_size_and_direction_is_drawn() -> None:
    rng = np.random.default_rng(4)
    things = [GLOBAL_MINIMA.draw(rng) for _ in range(300)]
    assert {thing.activation for thing in things} == set(NAMES)
    assert {(t.k, t.d - t.k) for t in things} == {
        (k, more) for k in (2, 3, 4, 5, 6) for more in (0, 1, 2)
    }
    tables = [np.array(t.T, float)[:, : t.k] for t in things]
    assert sum(bool(np.all(T == -T.T)) and bool(np.any(T)) for T in tables) > 20
    assert sum(bool(np.all(T == T.T)) for T in tables) > 50
