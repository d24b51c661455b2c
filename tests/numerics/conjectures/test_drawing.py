"""Drawn instances: exactly representable, as assumed, and the same as fractions."""

from fractions import Fraction

import numpy as np
import pytest

from landtheory.numerics.conjectures.assumptions import Assumptions, parse_assumptions
from landtheory.numerics.conjectures.drawing import draw
from landtheory.numerics.conjectures.exact_rows import exact_row, float_rows
from landtheory.numerics.conjectures.kinds import Kind
from landtheory.numerics.conjectures.ruling import certainly_met
from landtheory.numerics.conjectures.scoring import meets, usable
from landtheory.numerics.conjectures.varying import make_critical, vary
from landtheory.numerics.instances import Instances
from landtheory.numerics.sampling import Shape
from landtheory.theory.activations import ACTIVATIONS
from landtheory.theory.losses import LOSSES

SHAPE = Shape(n=4, d=3, m=2, C=2)
ASSUMED = (
    "interpolation", "active", "distinct_inputs", "unit_inputs", "nonzero_inputs",
    "full_rank_jacobian", "full_rank_first_layer", "no_dead_neurons", "critical",
)  # fmt: skip


def kind(activation: str = "relu", loss: str = "squared", C: int = 2) -> Kind:
    return Kind(activation=ACTIVATIONS[activation], loss=LOSSES[loss], outputs=C)


def drawn(
    *assume: str, way: str = "extremes", count: int = 200, seed: int = 0, **kinds: str
) -> Instances:
    one = kind(**kinds)
    assumptions = parse_assumptions(assume, (one.loss,))
    rng = np.random.default_rng(seed)
    return draw(one, SHAPE, assumptions, way, count, rng)


@pytest.mark.parametrize("way", ["sweep", "extremes"])
def test_every_number_is_a_small_dyadic_rational(way: str) -> None:
    found = drawn(way=way)
    for array in (found.x, found.theta, found.residual):
        scaled = array * 2.0**20
        assert (scaled == np.round(scaled)).all()
        assert np.abs(array).max() < 2**20
    assert len(np.unique(found.x)) > 50


@pytest.mark.parametrize("loss", ["squared", "softmax"])
def test_rows_are_the_same_as_fractions_and_back(loss: str) -> None:
    found = drawn(loss=loss)
    several = [exact_row(found, row, unit_inputs=False) for row in range(len(found))]
    back = float_rows(several)
    for name in ("x", "theta", "t", "residual"):
        before, after = getattr(found, name), getattr(back, name)
        assert (before is None) == (after is None)
        assert before is None or np.array_equal(before, after)
    one = several[3]
    assert one.x[1][2] == Fraction(float(found.x[3, 1, 2]))
    assert (one.n, one.d, one.m, one.C) == (4, 3, 2, 2)


def test_labels_of_the_logistic_loss_are_zero_or_one() -> None:
    one = Kind(activation=ACTIVATIONS["tanh"], loss=LOSSES["logistic"], outputs=1)
    shape = Shape(n=4, d=1, m=1, C=1)
    found = draw(one, shape, Assumptions(), "sweep", 50, np.random.default_rng(0))
    several = [exact_row(found, row, unit_inputs=False) for row in range(50)]
    assert {label for at in several for label in at.labels} == {0, 1}
    assert np.array_equal(float_rows(several).t, found.t)


def test_real_targets_stay_what_they_are() -> None:
    batch = drawn(count=3)
    given = Instances(
        activation=batch.activation,
        loss=batch.loss,
        x=batch.x,
        theta=batch.theta,
        width=batch.width,
        outputs=batch.outputs,
        t=np.full((3, 4, 2), 0.75),
    )
    at = exact_row(given, 1, unit_inputs=False)
    assert at.residual is None
    assert at.targets == ((Fraction(3, 4), Fraction(3, 4)),) * 4
    assert np.array_equal(float_rows([at]).t[0], given.t[1])


@pytest.mark.parametrize("activation", ["relu", "tanh", "quadratic"])
@pytest.mark.parametrize("name", ASSUMED)
def test_what_floats_take_for_met_is_met_exactly(name: str, activation: str) -> None:
    one = kind(activation, C=1)
    shape = Shape(n=3, d=2, m=1 if name == "full_rank_first_layer" else 2, C=1)
    assumptions = parse_assumptions([name], (one.loss,))
    rng = np.random.default_rng(1)
    batch = draw(one, shape, assumptions, "extremes", 60, rng)
    batch = batch.take(usable(batch))
    if name == "critical":
        batch = make_critical(batch, assumptions, rng)
    met = np.flatnonzero(meets(assumptions, batch))
    assert len(met) >= 5
    for row in met[:12]:
        at = exact_row(batch, int(row), unit_inputs=name == "unit_inputs")
        assert certainly_met(assumptions, at)


@pytest.mark.parametrize("name", ["active", "distinct_inputs", "no_dead_neurons"])
def test_instances_that_do_not_meet_it_are_seen_too(name: str) -> None:
    batch = drawn()
    assumptions = parse_assumptions([name], (LOSSES["squared"],))
    missed = np.flatnonzero(~meets(assumptions, batch) & usable(batch))
    assert len(missed) >= 3
    for row in missed[:5]:
        at = exact_row(batch, int(row), unit_inputs=False)
        assert not certainly_met(assumptions, at)


def test_unit_inputs_are_rational_points_of_the_sphere() -> None:
    found = drawn("unit_inputs", count=100)
    points = set()
    for row in range(100):
        for x in exact_row(found, row, unit_inputs=True).x:
            assert sum(v * v for v in x) == 1
            points.add(x)
    assert len(points) > 30
    assert any(v.denominator > 2 for x in points for v in x)


def test_structures_of_the_extremes_are_all_there() -> None:
    found = drawn(count=400)
    W = found.theta[:, :6].reshape(-1, 2, 3)
    b = found.theta[:, 6:8]
    x = found.x
    assert (x[:, :1] == x).all(axis=(1, 2)).any()
    assert ((x[:, 0] == -x[:, 2]).all(axis=1) & (x[:, 0] != 0).any(axis=1)).any()
    assert ((W[:, 0] == W[:, 1]).all(axis=1) & (W[:, 0] != 0).any(axis=1)).any()
    gram = W @ W.swapaxes(1, 2)
    orthonormal = (gram == gram[:, :1, :1] * np.eye(2)).all(axis=(1, 2))
    assert (orthonormal & (gram[:, 0, 0] > 0)).any()
    assert (np.abs(b) == 16).any()
    assert (found.theta[:, :8] == 0).all(axis=1).any()


def test_a_local_search_stays_within_what_is_assumed() -> None:
    rng = np.random.default_rng(0)
    for name in ("interpolation", "unit_inputs", "critical"):
        one = kind("relu", C=1)
        assumptions = parse_assumptions([name], (one.loss,))
        shape = Shape(n=4, d=1, m=1, C=1)
        batch = draw(one, shape, assumptions, "sweep", 30, rng)
        batch = batch.take(usable(batch))
        if name == "critical":
            batch = make_critical(batch, assumptions, rng)
        around = vary(
            batch.take(slice(0, 1)), assumptions, scale=0.3, count=20, rng=rng
        )
        around = around.take(usable(around))
        assert len(around) >= 4
        for row in range(len(around)):
            at = exact_row(around, row, unit_inputs=name == "unit_inputs")
            assert certainly_met(assumptions, at)
        assert len(np.unique(around.theta, axis=0)) > 2


def test_critical_points_mostly_have_residuals() -> None:
    rng = np.random.default_rng(0)
    for activation in ("relu", "tanh"):
        one = kind(activation, C=1)
        assumptions = parse_assumptions(["critical"], (one.loss,))
        shape = Shape(n=6, d=1, m=1, C=1)
        batch = draw(one, shape, assumptions, "extremes", 60, rng)
        found = make_critical(batch.take(usable(batch)), assumptions, rng)
        assert (found.residual != 0).any(axis=(1, 2)).mean() > 0.5
