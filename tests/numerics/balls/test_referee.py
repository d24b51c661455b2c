"""numerics/balls/referee.py: held against comparisons whose truth is known."""

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from support.rational_nets import net, rows

from landtheory.errors import InputError
from landtheory.numerics.balls import (
    Judgement,
    judge_claim_exactly,
    judge_exactly,
    made_critical,
    verdicts,
)
from landtheory.numerics.balls.arrays import BallArray
from landtheory.numerics.balls.assumptions import NAMED, assumption
from landtheory.numerics.balls.network import Network
from landtheory.numerics.balls.numbers import precision
from landtheory.numerics.balls.points import point_of
from landtheory.numerics.balls.verdicts import compared
from landtheory.numerics.exact_instances import ExactInstance
from landtheory.numerics.examples import drawn_of, instances_of
from landtheory.theory.catalogue import get_theorem
from landtheory.theory.language import parse_claim
from landtheory.theory.theorems import ASSUMPTIONS, Claim, Law

TANH = net("tanh", "squared", C=1)


def judged(text: str, instance: ExactInstance = TANH, **options: Any) -> Judgement:
    return judge_exactly(parse_claim(text), instance, **options)


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("n <= 3", "holds"),
        ("n < 3", "fails"),
        ("n >= 3", "holds"),
        ("n > 3", "fails"),
        ("n == 3", "holds"),
        ("n == 4", "fails"),
        ("L <= 0", "fails"),
        ("L >= 0", "holds"),
        ("0 < L", "holds"),
        ("tr(H) == tr(G) + tr(F)", "equal"),
        ("exp(L)**2 <= exp(2 * L)", "equal"),
        ("exp(L)**2 < exp(2 * L)", "equal"),
        ("exp(L)**2 > exp(2 * L)", "equal"),
        ("K == K.T", "equal"),
        ("W == 2 * W", "fails"),
        ("lmin(G) >= 0", "holds"),
        ("log(0 - L) <= 1", "unknown"),
        ("rank(J) <= 3", "holds"),
        ("rank(J) == 2", "fails"),
    ],
)
def test_comparisons_come_out_as_they_are(text: str, outcome: str) -> None:
    assert judged(text).outcome == outcome


def test_precision_is_raised_until_the_balls_are_apart() -> None:
    # e^-60 is 9e-27: beyond 53 bits beside 1
    verdict = judged("1 + exp(-60 * n / 3) <= 1")
    assert (verdict.outcome, verdict.precision) == ("fails", 106)
    assert judged("1 + exp(-60 * n / 3) <= 1", cap=53).outcome == "unknown"
    assert judged("1 + exp(-60 * n / 3) >= 1", cap=53).outcome == "unknown"
    assert judged("1 + exp(-60 * n / 3) >= 1").outcome == "holds"
    # beyond 100 digits it is equality
    assert judged("1 + exp(-500) <= 1").outcome == "equal"
    assert judged("1 + exp(-500) <= 1", cap=900).outcome == "fails"


def test_a_judgement_shows_both_sides() -> None:
    verdict = judged("d <= L - L + 1/3")
    assert verdict.outcome == "fails"
    assert verdict.left == "2"
    assert verdict.right.startswith("[0.3333")
    assert (verdict.left_value, verdict.left_radius) == (2.0, 0.0)
    assert abs(verdict.right_value - 1 / 3) <= verdict.right_radius < 1e-12
    assert verdict.reason == "the balls are apart (<=, 53 bits)"
    assert judged("1/3 == n").reason == "exact numbers decide (==, 53 bits)"
    assert judged("1/3 == n").left == "1/3"
    assert judged("exp(L)**2 <= exp(2 * L)").reason == (
        "left and right agree to 100 digits (<=, 424 bits)"
    )
    assert judged("1 / (L - L) <= 1").reason == (
        "a side could not be enclosed (<=, 424 bits)"
    )


OVERLAPPING = BallArray([arb(1, 0.25)]), BallArray([arb(0.75, 0.25)])


def test_overlapping_balls_are_never_said_to_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left, right = OVERLAPPING
    for relation in ("<=", "<", "=="):
        assert compared(left, right, relation, 53).outcome == "unknown"  # type: ignore[arg-type]

    def by_midpoints(a: Any, b: Any, relation: str) -> tuple[bool, bool]:
        return a.mid() <= b.mid(), a.mid() > b.mid()

    monkeypatch.setattr(verdicts, "_certain", by_midpoints)
    assert compared(left, right, "<=", 53).outcome == "fails"


def test_the_least_favourable_entry_decides() -> None:
    def of(*entries: Any) -> str:
        one = BallArray([[fmpq(1)]])
        return compared(BallArray([list(entries)]), one, "<=", 53).outcome

    wide, tight = arb(1, 1e-3), arb(1, 1e-300)
    assert of(fmpq(1), fmpq(0)) == "holds"
    assert of(fmpq(0), tight) == "equal"
    assert of(tight, wide) == "unknown"
    assert of(fmpq(0), arb("nan")) == "unknown"
    assert of(arb("nan"), wide, fmpq(2)) == "fails"
    empty = BallArray(np.empty((1, 0), dtype=object))
    nothing = compared(empty, BallArray([[fmpq(1)]]), "<=", 53)
    assert (nothing.outcome, nothing.reason) == (
        "unknown",
        "there is no entry to compare",
    )


def test_a_number_is_compared_with_every_entry() -> None:
    rows_ = BallArray([[fmpq(1), fmpq(2)]])
    assert compared(BallArray([fmpq(1)]), rows_, "<=", 53).outcome == "holds"
    assert compared(rows_, BallArray([fmpq(1)]), "<=", 53).outcome == "fails"


# Assumptions

CRITICAL = net(
    *("quadratic", "squared"), C=1, targets=None, x=rows((1, 0), (1, 0), (0, 1)),
    residual=rows((2,), (-2,), (0,)),
)  # fmt: skip

MET: dict[str, tuple[ExactInstance, ExactInstance]] = {
    "interpolation": (
        net("tanh", "squared", targets=None, residual=rows(*[(0, 0)] * 3)),
        net("tanh", "squared", targets=None, residual=rows((0, 0), (0, 1), (0, 0))),
    ),
    "critical": (CRITICAL, TANH),
    "active": (TANH, net("tanh", "squared", A=rows((1, 0), (2, 0)))),
    "full_rank_jacobian": (
        TANH,
        net("tanh", "squared", x=rows((1, 2), (1, 2), (0, 1))),
    ),
    "full_rank_first_layer": (TANH, net("tanh", "squared", W=rows((1, 2), (2, 4)))),
    "nonzero_inputs": (TANH, net("tanh", "squared", x=rows((1, 2), (0, 0), (0, 1)))),
    "distinct_inputs": (TANH, CRITICAL),
    "unit_inputs": (
        net("tanh", "squared", x=rows(("3/5", "-4/5"), (0, 1), ("5/13", "12/13"))),
        TANH,
    ),
    "no_dead_neurons": (
        net("relu", "squared"),
        net("relu", "squared", b=(Fraction(1), Fraction(-100))),
    ),
    "off_kinks": (
        net("relu", "squared"),
        net("relu", "squared", x=rows((1, "3/4"), (1, 2), (0, 1))),
    ),
}


def test_every_assumption_of_the_catalogue_has_a_meaning() -> None:
    assert set(ASSUMPTIONS) <= set(NAMED) == set(MET)


@pytest.mark.parametrize("name", MET)
def test_assumptions_are_met_or_not(name: str) -> None:
    met, unmet = MET[name]
    assert assumption(name, Network(point_of(met))) is True
    assert assumption(name, Network(point_of(unmet))) is False


def test_what_balls_leave_open_is_neither() -> None:
    # two inputs whose residuals cancel in the gradient only by way of tanh
    odd = net(
        *("tanh", "squared"), C=1, targets=None, x=rows((1, 2), (-1, -2)), b=(0, 0),
        W=rows((1, 1), (1, 1)), A=rows((0, 0)), residual=rows((1,), (-1,)),
    )  # fmt: skip
    at = Network(point_of(odd.but(A=rows((1, -1)), residual=rows((1,), (1,)))))
    assert assumption("critical", at) is False
    zero = Network(point_of(odd.but(residual=rows((0,), (0,)))))
    assert assumption("critical", zero) is True
    flat = net(
        "exp", "logistic", C=1, A=rows((0, 0)), c=(Fraction(0),), labels=(0, 1, 1)
    )
    assert assumption("interpolation", Network(point_of(flat))) is False


def test_a_full_rank_that_balls_leave_open_is_neither() -> None:
    # two equal units: J has 5 rows and only 4 different columns, which balls do not know
    twins = net(
        *("tanh", "squared"), C=1, x=rows((1,), (2,), (3,), (4,), ("1/2",)), A=rows((1, 1)),
        W=rows((1,), (1,)), b=(1, 1), targets=None, residual=rows(*[(1,)] * 5),
    )  # fmt: skip
    assert assumption("full_rank_jacobian", Network(point_of(twins))) is None
    apart = twins.but(W=rows((1,), (2,)), b=(Fraction(1), Fraction(0)))
    assert assumption("full_rank_jacobian", Network(point_of(apart))) is True


def test_an_unknown_assumption_is_refused() -> None:
    with pytest.raises(
        InputError,
        match=re.escape(f"assumes is 'generic'; expected one of {', '.join(NAMED)}"),
    ):
        judged("n <= 3", assumes=("generic",))


@pytest.mark.parametrize(
    ("assumes", "reason"),
    [
        (("interpolation",), "the assumption interpolation is not met"),
        ((parse_claim("m <= n - 2"),), "the assumption m <= n - 2 is not met"),
        (
            (parse_claim("L - L == 0"),),
            "the assumption L - L == 0 is not certainly met",
        ),
    ],
)
def test_nothing_is_said_where_an_assumption_is_not_certainly_met(
    assumes: tuple[Any, ...], reason: str
) -> None:
    assert judged("n <= 2").outcome == "fails"
    verdict = judged("n <= 2", assumes=assumes)
    assert (verdict.outcome, verdict.reason) == ("unknown", reason)
    assert (
        judged("n <= 2", assumes=(parse_claim("m <= n"), "active")).outcome == "fails"
    )


def test_nothing_is_said_on_a_kink() -> None:
    verdict = judged("n <= 2", MET["off_kinks"][1])
    assert verdict.reason == "the assumption off_kinks is not met"


def test_no_precision_gives_no_verdict() -> None:
    verdict = judged("1 / (L - L) <= 1", cap=20)
    assert (verdict.outcome, verdict.precision) == ("unknown", 20)


# Claims of the catalogue


def test_instances_are_made_critical_exactly() -> None:
    near = net(
        *("leaky_relu", "squared"), C=1, targets=None,
        x=rows((1, 2), (-3, 1), (2, -1), (1, 1), (-1, -2), (3, 4), (-2, 1), (0, 3), (5, -1)),
        residual=rows(*[(k,) for k in (1, -2, 3, 1, 1, -1, 2, 1, -3)]),
    )  # fmt: skip
    assert assumption("critical", Network(point_of(near))) is False
    exact = made_critical(near)
    assert exact is not None
    assert assumption("critical", Network(point_of(exact))) is True
    assert any(entry != 0 for row in exact.residual or () for entry in row)
    # the nearest: what is critical already stays
    assert made_critical(exact) == exact
    # nothing is left where J has full rank, and nothing is done where it is not rational
    few = near.but(x=near.x[:3], residual=(near.residual or ())[:3])
    assert made_critical(few).residual == rows((0,), (0,), (0,))  # type: ignore[union-attr]
    assert made_critical(TANH) is None
    assert (
        made_critical(TANH.but(targets=None, residual=rows((1,), (1,), (1,)))) is None
    )


def claim_of(sides: Any, relation: Any = "<=") -> Claim:
    return Claim(label="a", statement="", law=Law(sides=sides, relation=relation))


def drawn_for_tanh() -> Any:
    example = get_theorem("T11").witnesses[0].example
    return drawn_of(example, instances_of(example))  # type: ignore[arg-type]


def test_laws_are_judged_as_trees_are() -> None:
    drawn = drawn_for_tanh()
    true = claim_of(lambda q, _: (q.G.trace(), q.G.trace() + 1.0))
    assert judge_claim_exactly(true, TANH, drawn).outcome == "holds"
    false = claim_of(lambda q, _: (q.G.trace() + 1.0, q.G.trace()))
    assert judge_claim_exactly(false, TANH, drawn).outcome == "fails"
    nowhere = claim_of(lambda q, _: (q.L + 1.0, q.L, np.array([False])))
    verdict = judge_claim_exactly(nowhere, TANH, drawn)
    assert verdict.reason == "the claim does not speak of this instance"


def test_an_equation_formed_with_rounded_numbers_is_not_said_to_fail() -> None:
    drawn = drawn_for_tanh()
    rounded = claim_of(lambda q, _: (q.exactly(q.L.value), q.L), "==")
    verdict = judge_claim_exactly(rounded, TANH, drawn)
    assert (verdict.outcome, verdict.reason) == (
        "unknown",
        "the sides of this equation are rounded",
    )
    plain = claim_of(lambda q, _: (q.L + 1.0, q.L), "==")
    assert judge_claim_exactly(plain, TANH, drawn).outcome == "fails"


def test_precision_is_given_back() -> None:
    with precision(77):
        judged("L <= 1")
        assert ctx.prec == 77
