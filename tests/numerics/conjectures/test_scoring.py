"""Float scores, against the referee's balls and plain arithmetic."""

from fractions import Fraction

import numpy as np
import pytest

from landtheory.numerics.balls.referee import judge_exactly
from landtheory.numerics.conjectures.assumptions import Assumptions, parse_assumptions
from landtheory.numerics.conjectures.drawing import draw
from landtheory.numerics.conjectures.exact_rows import exact_row, float_rows
from landtheory.numerics.conjectures.kinds import Kind
from landtheory.numerics.conjectures.nominating import ENOUGH, NONE_LEFT, nominate
from landtheory.numerics.conjectures.scoring import Scores, score, usable
from landtheory.numerics.exact_instances import ExactInstance
from landtheory.numerics.instances import Instances
from landtheory.numerics.sampling import Shape
from landtheory.theory.activations import ACTIVATIONS
from landtheory.theory.language import parse_claim
from landtheory.theory.losses import LOSSES

DECIDED = (
    "Cx <= op(W) * tr(G_bb)",
    "op(W) * tr(G_bb) >= Cx",
    "lmin(H) >= 0",
    "L > norm(grad)",
    "tr(H) == tr(G) + L",
    "rank(G) <= n*C - 1",
)
IDENTITIES = (
    "tr(H) == tr(G)",
    "tr(H) < tr(G)",
    "CxS == inner(W @ W.T, G_bb)",
    "H_bb == G_bb",
    "H_aa == G_aa",
)


def batch(activation: str = "tanh", loss: str = "squared", C: int = 1) -> Instances:
    kind = Kind(activation=ACTIVATIONS[activation], loss=LOSSES[loss], outputs=C)
    rng = np.random.default_rng(3)
    shape = Shape(n=3, d=2, m=2, C=C)
    found = draw(kind, shape, Assumptions(), "extremes", 60, rng)
    return found.take(usable(found))


@pytest.mark.parametrize("text", DECIDED)
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_where_floats_are_sure_balls_agree(text: str, activation: str) -> None:
    claim, found = parse_claim(text), batch(activation)
    scores = score(claim, Assumptions(), found)
    sure = np.flatnonzero(scores.sure > 0)[:6]
    never = np.flatnonzero(scores.open < 0)[:6]
    assert len(sure) + len(never) >= 1
    for rows, outcome in ((sure, "fails"), (never, "holds")):
        for row in rows:
            at = exact_row(found, int(row), unit_inputs=False)
            assert judge_exactly(claim, at).outcome == outcome
    assert (scores.sure <= scores.excess).all()
    assert (scores.excess <= scores.open).all()
    assert (scores.excess <= 1).all()


@pytest.mark.parametrize("text", IDENTITIES)
def test_floats_are_never_sure_where_both_sides_are_equal(text: str) -> None:
    scores = score(parse_claim(text), Assumptions(), batch("relu"))
    assert (scores.sure <= 0).all()
    assert (scores.open >= 0).all()


def test_sides_are_turned_with_the_relation() -> None:
    found = batch()
    one = score(parse_claim("Cx <= tr(G)"), Assumptions(), found)
    other = score(parse_claim("tr(G) >= Cx"), Assumptions(), found)
    assert np.array_equal(one.excess, other.excess)
    assert np.array_equal(one.ratio, other.ratio, equal_nan=True)
    assert one.ratio[0] == pytest.approx(ratio_of(found), rel=1e-12)


def ratio_of(found: Instances) -> float:
    at = exact_row(found, 0, unit_inputs=False)
    judgement = judge_exactly(parse_claim("Cx <= tr(G)"), at)
    return judgement.left_value / judgement.right_value


def test_comparisons_that_are_assumed_choose_instances() -> None:
    found = batch()
    assumptions = parse_assumptions(["norm(c) == 0"], (LOSSES["squared"],))
    scores = score(parse_claim("L >= 0"), assumptions, found)
    c = found.theta[:, -1]
    assert np.array_equal(scores.met, c == 0)
    assert 0 < scores.met.sum() < len(found)
    strict = parse_assumptions(["abs(max(c)) < 1"], (LOSSES["squared"],))
    scores = score(parse_claim("L >= 0"), strict, found)
    assert np.array_equal(scores.met, np.abs(c) < 1)


def on_a_kink() -> ExactInstance:
    zero = Fraction(0)
    return ExactInstance(
        activation=ACTIVATIONS["relu"],
        loss=LOSSES["squared"],
        x=((zero,),),
        W=((Fraction(1),),),
        b=(zero,),
        A=((Fraction(1),),),
        c=(zero,),
        residual=((zero,),),
    )


def test_kinks_and_overflow_are_left_out() -> None:
    at = on_a_kink()
    beside = at.but(b=(Fraction(1, 1024),))
    far = at.but(b=(Fraction(2) ** 40,))
    assert list(usable(float_rows([at, beside, far]))) == [False, True, False]
    smooth = at.but(activation=ACTIVATIONS["tanh"])
    assert list(usable(float_rows([smooth]))) == [True]


def scores_of(
    sure: list[float], opened: list[float], met: list[bool] | None = None
) -> Scores:
    count = len(sure)
    middle = (np.array(sure) + np.array(opened)) / 2
    return Scores(
        met=np.array(met if met is not None else [True] * count),
        known=np.isfinite(np.array(opened)),
        excess=middle,
        sure=np.array(sure),
        open=np.array(opened),
        ratio=np.ones(count),
    )


def test_the_surest_failures_come_first_and_alone() -> None:
    scores = scores_of([0.1, 0.3, -0.1, 0.2, 0.05], [0.1, 0.3, 0.5, 0.2, 0.05])
    assert nominate(scores, heard=0) == [1, 3, 0]
    assert nominate(scores, heard=NONE_LEFT) == [1, 3, 0]


def test_open_instances_are_heard_until_there_were_enough() -> None:
    tiny = 1e-12
    scores = scores_of([-0.4, -tiny, -0.2, -0.9], [0.4, tiny, 0.6, -0.1])
    assert nominate(scores, heard=0) == [2, 0, 1]
    assert nominate(scores, heard=ENOUGH) == [2, 0]
    assert nominate(scores, heard=NONE_LEFT) == []


def test_the_simplest_of_those_that_agree_can_come_first() -> None:
    scores = scores_of([-1e-12] * 3, [1e-12, 3e-12, 2e-12])
    assert nominate(scores, heard=0) == [1]
    assert nominate(scores, heard=0, simple=np.array([0.1, 0.2, 0.9])) == [2]


def test_instances_that_do_not_meet_the_assumptions_are_not_heard() -> None:
    scores = scores_of([0.1, 0.2], [0.1, 0.2], met=[False, True])
    assert nominate(scores, heard=0) == [1]
    assert list(scores.judged) == [False, True]
