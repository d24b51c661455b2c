"""numerics/worlds/spurious_*.py, held against float formulas and spoilt certificates."""

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import ctx

from landtheory.errors import ConvergenceError, InputError
from landtheory.numerics.population.landscape import Landscape
from landtheory.numerics.population.sharpness import global_sharpness
from landtheory.numerics.worlds import spurious_quantities
from landtheory.numerics.worlds.spurious_minima import SPURIOUS_MINIMA
from landtheory.theory.catalogue import t21_sides

K = 6


def quantities(**values: Any) -> Any:
    return SPURIOUS_MINIMA.quantities(SPURIOUS_MINIMA.from_example({"k": K, **values}))


def ends(bounds: Any) -> tuple[float, float]:
    return float(bounds[0].p) / float(bounds[0].q), float(bounds[1].p) / float(
        bounds[1].q
    )


def centre() -> Any:
    q = quantities()
    return np.array([[float(x.p) / float(x.q) for x in row] for row in q._point])


def test_the_series_are_those_of_the_float_formulas() -> None:
    left, right = (1, 0, -2, 3, 1, 1), (2, -1, 0, 1, 1, 3)
    q = quantities(left=left, right=right)
    T = np.outer(left, right).ravel()
    landscape = Landscape(activation="relu", teacher=np.eye(K))
    with ctx.workprec(128):
        loss, slope, half = (float(one.mid()) for one in q.here)
    assert loss == pytest.approx(landscape.loss(centre()), rel=1e-12)
    assert abs(slope) < 1e-30
    curvature = T @ landscape.hessian(centre()) @ T
    assert 2 * half == pytest.approx(curvature, rel=1e-12)
    assert q.norm_squared == int(T @ T)


def test_eigenvectors_are_along_the_outermost_eigenvalues() -> None:
    values = np.linalg.eigvalsh(
        Landscape(activation="relu", teacher=np.eye(K)).hessian(centre())
    )
    for along, expected in (("lowest", values[0]), ("highest", values[-1])):
        q = quantities(along=along)
        quotient = float((2 * q.here[2] / q.norm_squared).mid())
        assert quotient == pytest.approx(expected, rel=1e-10)


def test_the_bounds_are_those_of_the_certificate() -> None:
    q = quantities()
    assert ends(q.loss_bounds) == pytest.approx((0.0250805810024630,) * 2, abs=1e-15)
    assert ends(q.least_bounds) == pytest.approx((0.00470035,) * 2, abs=1e-8)
    assert ends(q.largest_bounds) == pytest.approx((2.023734,) * 2, abs=1e-6)
    for low, high in (q.loss_bounds, q.least_bounds, q.largest_bounds):
        assert low < high
    with ctx.workprec(128):
        top = t21_sides.global_largest(q)
    lower, upper = global_sharpness(K)
    assert float(lower) - 1e-15 <= float(top.mid()) <= float(upper) + 1e-15


def test_a_place_in_the_box_moves_the_point_by_radii() -> None:
    still, moved = quantities(), quantities(place=(1, -1, 0, 0, 0, 0))
    steps = [
        {a - b for a, b in zip(row, other, strict=True)}
        for row, other in zip(moved._point, still._point, strict=True)
    ]
    assert [len(one) for one in steps] == [1] * K
    assert [float(next(iter(one)).p) for one in steps] == [1.0, -1.0, 0, 0, 0, 0]
    assert next(iter(steps[0])).q == 10**40


@pytest.mark.parametrize(
    "changes",
    [
        {"radius": "1e-3"},
        {"radius": "1e-6"},
        {"precision": 53},
        {"centre": "teacher"},
        {"loss": ("0.03", "0.04")},
        {"lambda_min": ("0.0048", "0.0049")},
        {"lambda_max": ("2.0", "2.01")},
    ],
)
def test_a_spoilt_certificate_is_not_accepted(changes: dict[str, Any]) -> None:
    assert quantities().accepted()
    assert not quantities().accepted(**changes)


def test_other_digits_are_less_critical() -> None:
    q = quantities(left=(1, 2, 3, 4, 5, 6))
    with ctx.workprec(128):
        assert abs(q.taylor(digits=8)[1]) > 1e-10
        assert abs(q.taylor(digits=60)[1] - q.here[1]) < 1e-30


def test_no_minimum_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        spurious_quantities, "certify_spurious_minimum", lambda k, seed: None
    )
    sentence = "k = 99 led to no spurious minimum from seed 0; expected one from 6 on"
    with pytest.raises(ConvergenceError, match=f"^{re.escape(sentence)}$"):
        spurious_quantities._certified(99)


@pytest.mark.parametrize(
    "changes",
    [
        {"k": 5},
        {"k": 13},
        {"k": Fraction(13, 2)},
        {"along": "middle"},
        {"left": (1, 2)},
        {"place": (2, 0, 0, 0, 0, 0)},
    ],
)
def test_what_is_no_spurious_minimum_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(
        InputError,
        match=r"^spurious minimum has k .*; expected k from 6 to 12, along among drawn,"
        r" lowest, highest, and k numbers each of left, right and place, those of place"
        r" from -1 to 1$",
    ):
        quantities(**changes)
    sentence = (
        "spurious minimum is given by nothing; expected k, and any of along, left, right,"
        " place"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        SPURIOUS_MINIMA.from_example({})


def test_every_size_and_direction_is_drawn() -> None:
    rng = np.random.default_rng(6)
    things = [SPURIOUS_MINIMA.draw(rng) for _ in range(400)]
    assert {thing.k for thing in things} == set(range(6, 13))
    assert {thing.along for thing in things} == {"drawn", "lowest", "highest"}
