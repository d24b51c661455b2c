"""Exact residuals of critical points, against the gradient in ball arithmetic."""

from dataclasses import replace
from fractions import Fraction

import pytest
from flint import ctx
from sympy import sqrt

from landtheory.numerics.balls.network import Network
from landtheory.numerics.balls.points import point_of
from landtheory.numerics.conjectures.stationary import (
    certainly_critical,
    kernel_residuals,
    known_to_be,
    rational_value,
)
from landtheory.numerics.exact_instances import ExactInstance
from landtheory.theory.activations import ACTIVATIONS
from landtheory.theory.losses import LOSSES
from landtheory.theory.symbols import PREACTIVATION

Q = Fraction


def rows(*lines: tuple[object, ...]) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(tuple(Q(v) for v in line) for line in lines)


def network(activation: str, **changes: object) -> ExactInstance:
    at = ExactInstance(
        activation=ACTIVATIONS[activation],
        loss=LOSSES["squared"],
        x=rows((1, 0), (0, 1), (1, 1), (2, -1), (-1, 3), (-2, -2)),
        W=rows((1, 2), (-1, "1/2")),
        b=(Q(1, 3), Q(-1, 5)),
        A=rows((1, -2)),
        c=(Q(0),),
        residual=rows(*[(0,)] * 6),
    )
    return at.but(**changes)


MANY = {
    "x": rows(
        (1, 0), (0, 1), (1, 1), (2, -1), (-1, 3), (-2, -2), (3, 1), (5, 2), (0, -4)
    ),
    "residual": rows(*[(0,)] * 9),
}
"""More samples than the rank of J, which is p - m = 7 at most."""


def gradient_vanishes(at: ExactInstance) -> bool:
    """In balls of 200 bits, as far as these tell."""
    known = ctx.prec
    ctx.prec = 200
    try:
        entries = Network(point_of(at)).grad.items.flat
        return all(abs(float(one)) < 1e-40 for one in entries)
    finally:
        ctx.prec = known


@pytest.mark.parametrize("name", ["identity", "relu", "leaky_relu", "abs"])
def test_residuals_of_piecewise_linear_networks_make_them_critical(name: str) -> None:
    at = network(name, **MANY)
    found = kernel_residuals(at)
    assert len(found) >= 2
    for residual in found:
        moved = at.but(residual=residual)
        assert any(v for row in residual for v in row)
        assert gradient_vanishes(moved)
        assert certainly_critical(moved)


def test_a_kernel_has_the_dimension_that_the_rank_leaves() -> None:
    # identity: J has the columns x_1, x_2, 1 alone, whatever W and A are
    assert len(kernel_residuals(network("identity"))) == 6 - 3


SPECIAL = {
    "repeated": {"x": rows((1, 2), (1, 2), (3, 4)), "residual": rows(*[(0,)] * 3)},
    "silent": {
        "x": rows((1, 2), (3, 4), (5, 6), (9, -1)),
        "W": rows((0, 0), (0, 0)),
        "residual": rows(*[(0,)] * 4),
    },
    "opposite": {
        "x": rows((1, 2), (-1, -2), (3, 4), (-3, -4), (1, 2), (-1, -2)),
        "b": (Q(0), Q(0)),
        "residual": rows(*[(0,)] * 6),
    },
}


@pytest.mark.parametrize("name", ["tanh", "sin", "erf", "softplus", "gelu", "exp"])
@pytest.mark.parametrize("special", SPECIAL)
def test_residuals_cancel_whatever_the_values_of_smooth_units(
    name: str, special: str
) -> None:
    at = network(name, **SPECIAL[special])
    found = kernel_residuals(at)
    assert found
    for residual in found:
        moved = at.but(residual=residual)
        assert gradient_vanishes(moved)
        assert certainly_critical(moved)


def test_odd_units_let_opposite_inputs_cancel_where_others_do_not() -> None:
    changes = {
        "A": rows((0, 0)),
        "b": (Q(0), Q(0)),
        "x": rows((1, 2), (-1, -2), (0, 0)),
    }
    at = network("tanh", residual=rows((1,), (1,), (-2,)), **changes)
    assert certainly_critical(at)
    assert gradient_vanishes(at)
    other = network("softplus", residual=rows((1,), (1,), (-2,)), **changes)
    assert not certainly_critical(other)
    assert not gradient_vanishes(other)


def test_generic_points_of_smooth_networks_have_no_residual() -> None:
    assert kernel_residuals(network("tanh")) == []


def test_several_outputs_share_the_first_layer() -> None:
    at = network(
        "relu",
        x=MANY["x"],
        A=rows((1, 0), (2, -1)),
        c=(Q(0), Q(0)),
        residual=rows(*[(0, 0)] * 9),
    )
    found = kernel_residuals(at)
    assert found
    assert all(gradient_vanishes(at.but(residual=r)) for r in found)


@pytest.mark.parametrize("place", range(9))
def test_one_changed_residual_is_not_critical(place: int) -> None:
    at = network("relu", **MANY)
    wrong = [list(row) for row in kernel_residuals(at)[0]]
    wrong[place][0] += 1
    moved = at.but(residual=tuple(map(tuple, wrong)))
    assert not certainly_critical(moved)


def test_targets_are_not_known_to_be_critical() -> None:
    at = network("relu", residual=None, targets=rows(*[(0,)] * 6))
    assert not certainly_critical(at)


def test_flags_of_unknown_activations_are_not_believed() -> None:
    """softplus, said to be odd: opposite inputs would cancel if that were so."""
    lying = replace(ACTIVATIONS["softplus"], name="tanh", odd=True)
    at = network(
        "tanh",
        A=rows((0, 0)),
        b=(Q(0), Q(0)),
        x=rows((1, 2), (-1, -2), (0, 0)),
        residual=rows((1,), (1,), (-2,)),
    )
    assert certainly_critical(at)
    assert not certainly_critical(at.but(activation=lying))
    assert known_to_be("odd", ACTIVATIONS["tanh"])
    assert not known_to_be("odd", ACTIVATIONS["softplus"])
    assert not known_to_be("polynomial", replace(ACTIVATIONS["relu"], name="own"))


def test_definitions_are_evaluated_exactly() -> None:
    leaky = ACTIVATIONS["leaky_relu"]
    assert rational_value(leaky.value, Q(-1, 3)) == Q(-1, 300)
    assert rational_value(leaky.first, Q(2)) == 1
    assert rational_value(ACTIVATIONS["cubic"].first, Q(1, 2)) == Q(3, 4)


def test_what_is_not_rational_is_refused() -> None:
    with pytest.raises(TypeError, match="tanh"):
        rational_value(ACTIVATIONS["tanh"].value, Q(1))
    with pytest.raises(TypeError, match="Pow"):
        rational_value(1 + sqrt(PREACTIVATION), Q(1))
