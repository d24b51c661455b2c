"""Simpler instances, against what a reader would call simpler."""

from fractions import Fraction

import pytest

from landtheory.numerics.conjectures.assumptions import Assumptions, parse_assumptions
from landtheory.numerics.conjectures.ruling import certainly_met
from landtheory.numerics.conjectures.simplifying import cost, fewer, merged, simpler
from landtheory.numerics.exact_instances import ExactInstance
from landtheory.theory.activations import ACTIVATIONS
from landtheory.theory.losses import LOSSES

Q = Fraction
NOTHING = Assumptions()


def rows(*lines: tuple[object, ...]) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(tuple(Q(v) for v in line) for line in lines)


def instance(**changes: object) -> ExactInstance:
    at = ExactInstance(
        activation=ACTIVATIONS["tanh"],
        loss=LOSSES["squared"],
        x=rows((1, 2), (3, 4), (5, 6)),
        W=rows((7, 8), (9, 10)),
        b=(Q(11), Q(12)),
        A=rows((13, 14), (15, 16)),
        c=(Q(17), Q(18)),
        residual=rows((19, 20), (21, 22), (23, 24)),
    )
    return at.but(**changes)


def test_each_cut_takes_one_sample_unit_input_or_output() -> None:
    at = instance()
    cuts = list(fewer(at, NOTHING, (1, 2)))
    sizes = [(cut.n, cut.d, cut.m, cut.C) for cut in cuts]
    assert sizes == (
        [(2, 2, 2, 2)] * 3
        + [(3, 2, 1, 2)] * 2
        + [(3, 1, 2, 2)] * 2
        + [(3, 2, 2, 1)] * 2
    )
    sample, unit, entry, output = cuts[1], cuts[3], cuts[6], cuts[7]
    assert sample == at.but(x=rows((1, 2), (5, 6)), residual=rows((19, 20), (23, 24)))
    assert unit == at.but(W=rows((9, 10)), b=(Q(12),), A=rows((14,), (16,)))
    assert entry == at.but(x=rows((1,), (3,), (5,)), W=rows((7,), (9,)))
    assert output == at.but(
        A=rows((15, 16)), c=(Q(18),), residual=rows((20,), (22,), (24,))
    )


def test_cuts_keep_to_the_sizes_and_outputs_that_are_allowed() -> None:
    at = instance()
    assert all(cut.C == 2 for cut in fewer(at, NOTHING, (2, 3)))
    assumptions = parse_assumptions(["m <= d"], (LOSSES["squared"],))
    assert all(cut.m <= cut.d for cut in fewer(at, assumptions, (1, 2)))


def test_labels_follow_their_outputs() -> None:
    at = instance(
        loss=LOSSES["softmax"],
        residual=None,
        labels=(0, 1, 2),
        A=rows((1, 2), (3, 4), (5, 6)),
        c=(Q(1), Q(2), Q(3)),
    )
    cuts = [cut for cut in fewer(at, NOTHING, (2, 3)) if cut.C == 2]
    assert [cut.labels for cut in cuts] == [(0, 0, 1), (0, 0, 1), (0, 1, 1)]
    assert [cut.c for cut in cuts] == [(2, 3), (1, 3), (1, 2)]
    two = cuts[0]
    assert all(cut.C == 2 for cut in fewer(two, NOTHING, (1, 2)))


def test_every_simpler_instance_costs_less_and_differs_in_one_place() -> None:
    at = instance(x=rows(("3/4", 0), (1, 2), (3, 4)))
    found = simpler(at, NOTHING)
    costs = [cost(one) for one in found]
    assert costs == sorted(costs)
    assert all(c < cost(at) for c in costs)
    values = {one.x[0][0] for one in found} - {Q(3, 4)}
    assert values == {Q(0), Q(1), Q(-1), Q(1, 2), Q(-1, 2)}


@pytest.mark.parametrize(
    ("simple", "other"),
    [(0, 1), (1, -1), (1, 2), (2, 7), (2, -2), (3, "1/2"), ("1/2", "3/8"), (1, "1/3")],
)
def test_numbers_are_ordered_as_a_reader_would(simple: object, other: object) -> None:
    if (simple, other) == (3, "1/2"):
        simple, other = other, 100
    assert cost(instance(b=(Q(simple), Q(0)))) < cost(instance(b=(Q(other), Q(0))))


def test_sizes_count_more_than_numbers() -> None:
    large = instance(
        x=rows((10**6, 10**6), (10**6, 10**6)), residual=rows((0, 0), (0, 0))
    )
    assert cost(large) < cost(instance())


def test_lower_labels_are_simpler() -> None:
    at = instance(loss=LOSSES["softmax"], residual=None, labels=(1, 0, 1))
    labels = {one.labels for one in simpler(at, NOTHING)}
    assert {(0, 0, 1), (1, 0, 0)} <= labels


def test_several_changes_are_made_at_once() -> None:
    at = instance()
    found = simpler(at, NOTHING)[:5]
    together = list(merged(at, found, NOTHING))
    assert len(together) == 3
    changed = [sum(a != b for a, b in zip(flat(at), flat(one), strict=True))
               for one in together]  # fmt: skip
    assert changed == sorted(changed)
    assert changed[0] == 2


def flat(at: ExactInstance) -> list[Fraction]:
    parts = (*at.x, *at.W, at.b, *at.A, at.c, *(at.residual or ()))
    return [v for row in parts for v in row]


def test_residuals_that_are_made_are_not_touched() -> None:
    at = instance(residual=rows((0, 0), (0, 0), (0, 0)))
    assumptions = parse_assumptions(["interpolation"], (LOSSES["squared"],))
    assert all(one.residual == at.residual for one in simpler(at, assumptions))


def test_unit_inputs_move_along_the_sphere() -> None:
    at = instance(x=rows(("3/5", "4/5"), (0, 1), (1, 0)))
    assumptions = parse_assumptions(["unit_inputs"], (LOSSES["squared"],))
    found = simpler(at, assumptions)
    assert {one.x[0] for one in found} >= {(1, 0), (0, 1), (-1, 0), (0, -1)}
    assert all(certainly_met(assumptions, one) for one in found)


def test_critical_points_stay_critical() -> None:
    at = ExactInstance(
        activation=ACTIVATIONS["relu"],
        loss=LOSSES["squared"],
        x=rows((3,), (2,), (5,), (-1,), (7,)),
        W=rows((2,)),
        b=(Q(1),),
        A=rows((3,)),
        c=(Q(5),),
        residual=rows(*[(0,)] * 5),
    )
    assumptions = parse_assumptions(["critical"], (LOSSES["squared"],))
    found = [*simpler(at, assumptions), *fewer(at, assumptions, (1,))]
    assert any(any(v for row in one.residual for v in row) for one in found)
    usable = [one for one in found if one.b[0] + one.W[0][0] * one.x[0][0] != 0]
    on = [one for one in usable if all(
        one.W[0][0] * x[0] + one.b[0] != 0 for x in one.x)]  # fmt: skip
    assert len(on) > 10
    assert all(certainly_met(assumptions, one) for one in on)
