"""numerics/worlds/path_norm_*.py, held against a fine grid of units and plain loops."""

from fractions import Fraction
from itertools import product
from math import sqrt

import numpy as np
import pytest
from flint import ctx, fmpq

from landtheory.numerics.worlds.path_norm_classes import PATH_NORM_CLASSES
from landtheory.numerics.worlds.path_norm_quantities import PathNormClass

GRID = 4001
"""Units on the circle: their best is within 2π²/GRID² of the best, or nearly so."""


def drawn(count: int) -> list[PathNormClass]:
    rng = np.random.default_rng(2)
    return [PATH_NORM_CLASSES.draw(rng) for _ in range(count)]


def on_a_grid(thing: PathNormClass, *, modulus: bool) -> float:
    """E sup over the grid, or 0, of (1/n) Σ ε_i σ(u·x̃_i), or of its modulus."""
    angles = np.linspace(0, 2 * np.pi, GRID)
    z = np.array(thing.inputs, dtype=np.float64) @ [np.cos(angles), np.sin(angles)]
    plus, minus = map(float, thing.slopes)
    values = np.where(z > 0, plus * z, minus * z)
    n = len(thing.inputs)
    sums = np.array(list(product((1, -1), repeat=n))) @ values / n
    best = np.abs(sums) if modulus else np.maximum(sums, 0)
    return float(best.max(axis=1).mean())


def test_the_best_unit_is_that_of_a_grid() -> None:
    for thing in drawn(60):
        q = PATH_NORM_CLASSES.quantities(thing)
        size = max(sqrt(x * x + y * y) for x, y in thing.inputs)
        slope = max(abs(one) for one in thing.slopes)
        for ours, modulus in ((q.complexity, True), (q.one_sided, False)):
            grid = on_a_grid(thing, modulus=modulus)
            assert grid - 1e-9 <= float(ours.mid())
            assert float(ours.mid()) - grid <= size * float(slope) * 2 * np.pi / GRID


def test_the_identity_has_the_norm_of_the_sum() -> None:
    for thing in drawn(40):
        q = PATH_NORM_CLASSES.quantities(thing)
        if thing.slopes == (1, 1):
            assert q.one_sided.overlaps(q.linear)
            assert q.complexity.overlaps(q.linear)


def test_a_best_unit_at_a_kink_is_found() -> None:
    # relu, ε = (+, -): the best u is (1, -1)/√2, where the second input is just off
    values = {"inputs": ((1, 0), (1, 1))}
    q = PATH_NORM_CLASSES.quantities(PATH_NORM_CLASSES.from_example(values))
    assert q._best == [5, fmpq(1, 2), 1, 0]


def test_the_factor_1_fails_for_the_modulus() -> None:
    values = {"slopes": (1, -1), "inputs": ((4, 2), (3, -1), (0, 4))}
    with ctx.workprec(128):
        q = PATH_NORM_CLASSES.quantities(PATH_NORM_CLASSES.from_example(values))
        ratio = q.complexity * q.root(3) / q.root(q.mean_square)
        assert ratio > 1
    tops = [sqrt(169 / 5), sqrt(242 / 5), 7, sqrt(74)]
    assert float(ratio.mid()) == pytest.approx(sum(tops) / 4 / sqrt(46), abs=1e-12)


def test_units_in_space_come_close_to_the_best_of_many_and_never_exceed_it() -> None:
    rng = np.random.default_rng(7)
    units = rng.standard_normal((40000, 3))
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    for _ in range(12):
        rows = rng.integers(-3, 4, (3, 3))
        values = {"inputs": ((1, 0),), "wide": tuple(map(tuple, rows.tolist()))}
        thing = PATH_NORM_CLASSES.from_example(values)
        q = PATH_NORM_CLASSES.quantities(thing)
        z = np.maximum(rows @ units.T, 0)
        sums = np.array(list(product((1, -1), repeat=3))) @ z / 3
        many = float(np.abs(sums).max(axis=1).mean())
        size = float(np.linalg.norm(rows, axis=1).max())
        assert float(q.wide_complexity.mid()) <= many + 0.05 * size
        assert float(q.wide_complexity.mid()) >= 0.7 * many
        assert float(q.wide_size.mid()) == pytest.approx(np.linalg.norm(rows) / 3)


def test_one_network_is_evaluated_as_by_hand() -> None:
    values = {
        "inputs": ((1, 0), (0, -2)),
        "weights": ((2, (3, 4)), (-1, (0, -1))),
        "base": 3,
    }
    q = PATH_NORM_CLASSES.quantities(PATH_NORM_CLASSES.from_example(values))
    # f(1, 0) = 6, f(0, -2) = -2
    assert q.correlations == [2, 4]
    assert float(q.path.mid()) == 11
    assert float(q.longest.mid()) == 10
    assert q.doublings == 2
    assert q.constants == fmpq(1, 2)
    assert q.linear_square == fmpq(5, 4)


def test_a_path_that_is_a_doubling_needs_no_more() -> None:
    values = {"inputs": ((1, 0),), "weights": ((4, (1, 0)),), "base": 1}
    q = PATH_NORM_CLASSES.quantities(PATH_NORM_CLASSES.from_example(values))
    assert q.doublings == 2
    # √2 · √2 is 2, but no ball says so
    values = {"inputs": ((1, 0),), "weights": ((1, (1, 1)), (1, (1, 1))), "base": 1}
    q = PATH_NORM_CLASSES.quantities(PATH_NORM_CLASSES.from_example(values))
    assert q.doublings == 2


def test_the_task_is_enumerated_as_by_plain_loops() -> None:
    for thing in drawn(30):
        gap = average = Fraction(0)
        n, points = thing.size, range(len(thing.chances))
        risks = [
            sum(p * one for p, one in zip(thing.chances, row, strict=True))
            for row in thing.losses
        ]
        for sample in product(points, repeat=n):
            chance = Fraction(1)
            for point in sample:
                chance *= thing.chances[point]
            gap += chance * max(
                risk - sum(row[point] for point in sample) / n
                for risk, row in zip(risks, thing.losses, strict=True)
            )
            for signs in product((1, -1), repeat=n):
                average += (chance / 2**n) * max(
                    sum(e * row[point] for e, point in zip(signs, sample, strict=True))
                    / n
                    for row in thing.losses
                )
        ours = PATH_NORM_CLASSES.quantities(thing).task
        assert [Fraction(int(one.p), int(one.q)) for one in ours] == [gap, average]


@pytest.mark.parametrize(
    "change",
    [
        {"inputs": ((1, 0),) * 9},
        {"inputs": ((1, 0, 0),)},
        {"slopes": (1,)},
        {"weights": ()},
        {"bound": 0},
        {"base": 0},
        {"offset": -1},
        {"chances": (Fraction(1, 2),)},
        {"chances": (1, 0), "losses": ((0, 0),)},
        {"losses": ()},
        {"losses": ((0, 0),)},
        {"losses": ((2,),)},
        {"size": 5},
        {"wide": ((1, 0, 0), (1, 0))},
        {"wide": ((1, 0, 0),) * 9},
    ],
)
def test_what_is_no_path_norm_class_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(
        ValueError,
        match=r"^path-norm class has slopes .*; expected two slopes, 1 to 8 inputs and at"
        r" least one unit of the plane, bound > 0, base > 0, offset >= 0, chances above 0"
        r" with the sum 1, losses from 0 to 1 in rows as long as chances, size 1 to 4,"
        r" and wide rows of one length$",
    ):
        PATH_NORM_CLASSES.from_example({"inputs": ((1, 0),), **change})
