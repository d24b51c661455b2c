"""numerics/balls/activations.py and losses.py: held against mpmath, typed anew."""

import re

import mpmath as mp
import pytest
import sympy as sp
from flint import arb, fmpq
from support.rational_nets import DIGITS, SIGMA, decimal, net, reference

from landtheory.errors import InputError
from landtheory.numerics.balls.activations import (
    activation_number,
    second_bound,
    value_of,
)
from landtheory.numerics.balls.forward import ForwardPass
from landtheory.numerics.balls.numbers import precision
from landtheory.numerics.balls.points import point_of
from landtheory.theory.activations import (
    ACTIVATIONS,
    UNDEFINED,
    activation_from_expression,
)
from landtheory.theory.symbols import PREACTIVATION

z = PREACTIVATION

POINTS = [fmpq(-7, 3), fmpq(-1, 5), fmpq(1, 64), fmpq(5, 2), fmpq(40)]


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("order", [0, 1, 2])
def test_balls_contain_sigma_and_its_derivatives(name: str, order: int) -> None:
    for point in POINTS:
        with mp.workdps(DIGITS):
            at = mp.mpf(int(point.p)) / int(point.q)
            expected = mp.diff(SIGMA[name], at, order, h=mp.mpf(10) ** -40)
        with precision(200):
            found = arb(activation_number(ACTIVATIONS[name], point, order))
            assert found.overlaps(decimal(expected))
            assert found.rad() < arb(10) ** -40 * (1 + abs(found))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_another_order_is_noticed(name: str) -> None:
    with precision(200):
        values = [
            arb(activation_number(ACTIVATIONS[name], fmpq(5, 2), k)) for k in (0, 1)
        ]
        assert not values[0].overlaps(values[1]) or name == "exp"


@pytest.mark.parametrize(
    "name", ["identity", "relu", "leaky_relu", "abs", "quadratic", "cubic"]
)
def test_piecewise_polynomials_stay_rational(name: str) -> None:
    for order in (0, 1, 2):
        assert isinstance(
            activation_number(ACTIVATIONS[name], fmpq(-7, 3), order), fmpq
        )


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "abs"])
def test_nothing_is_known_of_derivatives_on_a_kink(name: str) -> None:
    activation = ACTIVATIONS[name]
    assert activation_number(activation, fmpq(0), 0) == 0
    assert not activation_number(activation, fmpq(0), 1).is_finite()
    assert not activation_number(activation, arb(0, 0.5), 1).is_finite()
    assert activation_number(activation, arb(1, 0.5), 1) == 1


def test_a_case_is_chosen_only_where_its_condition_certainly_holds() -> None:
    bent = sp.Piecewise(
        (z, sp.And(z >= 0, z < 2)), (-z, sp.Or(z > 3, z <= -3)), (5, True)
    )
    values = [
        value_of(bent, {z: one}) for one in (fmpq(1), fmpq(4), fmpq(-3), fmpq(-1))
    ]
    assert values == [1, -4, 3, 5]
    assert not value_of(bent, {z: arb(2, 0.5)}).is_finite()
    assert (
        value_of(sp.Piecewise((1, sp.Not(z > 0, evaluate=False)), (2, True)), {z: ZERO})
        == 1
    )
    # false on either side of 1: the other part of the `and` decides
    closed = sp.Piecewise((z, sp.And(z < 1, z > 5, evaluate=False)), (7, True))
    assert value_of(closed, {z: arb(1, 0.5)}) == 7


ZERO = fmpq(0)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (sp.Float("0.1"), fmpq(3602879701896397, 36028797018963968)),
        (-sp.Float(2.5) * z, fmpq(-5)),
        (z**-2, fmpq(1, 4)),
        (sp.sqrt(z + 2), fmpq(2)),
        (1 / (z - 2), None),
        (sp.sqrt(1 - z), None),
        (sp.log(z - 2), None),
        ((1 - z) ** sp.Rational(1, 3), None),
        (sp.exp(z - 2), fmpq(1)),
        (sp.log(z - 1), fmpq(0)),
    ],
)
def test_values_are_exact_or_unknown(expression: sp.Expr, value: fmpq | None) -> None:
    found = value_of(expression, {z: fmpq(2)})
    if value is None:
        assert not found.is_finite()
    else:
        assert isinstance(found, fmpq)
        assert found == value


@pytest.mark.parametrize(
    ("expression", "number"),
    [(z ** sp.Rational(1, 3), 8), (sp.pi * z, None), (sp.E**z, None), (z**sp.pi, None)],
)
def test_other_powers_and_constants_are_balls(
    expression: sp.Expr, number: int | None
) -> None:
    with precision(150):
        found = value_of(expression, {z: fmpq(512 if number else 2)})
        exact = sp.N(expression.subs(z, 512 if number else 2), 70)
        with mp.workdps(DIGITS):
            assert found.overlaps(decimal(mp.mpf(str(exact))))
        assert found.rad() < 1e-35


def test_nodes_of_other_classes_are_refused() -> None:
    with pytest.raises(
        InputError,
        match=re.escape(
            "expression holds 'gamma'; expected sums, products, powers, cases and known "
            "functions: write it in these"
        ),
    ):
        value_of(sp.gamma(z), {z: fmpq(1)})
    with pytest.raises(InputError, match="expression holds 'sigma'; expected sums"):
        activation_number(UNDEFINED, fmpq(1), 0)
    with pytest.raises(
        InputError,
        match=re.escape(
            "expression holds 'Equality'; expected comparisons of numbers in its cases: "
            "write them with <, <=, > and >="
        ),
    ):
        value_of(sp.Piecewise((1, sp.Eq(z, 1)), (2, True)), {z: fmpq(1)})


def test_users_activations_are_walked_too() -> None:
    t = sp.Symbol("t", real=True)
    own = activation_from_expression(sp.Abs(t - 1) + t**2)
    assert [activation_number(own, fmpq(3), k) for k in (0, 1, 2)] == [11, 7, 2]
    assert not activation_number(own, fmpq(1), 1).is_finite()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_bound_on_the_second_derivative_is_the_catalogues(name: str) -> None:
    bound = ACTIVATIONS[name].second_bound
    found = second_bound(ACTIVATIONS[name])
    if bound is None:
        assert not found.is_finite()
    else:
        assert abs(float(arb(found)) - float(bound)) < 1e-14


@pytest.mark.parametrize(
    ("loss", "C"), [("squared", 3), ("logistic", 1), ("softmax", 3)]
)
def test_losses_are_what_differences_say(loss: str, C: int) -> None:
    instance = net("tanh", loss, C=C)
    expected = reference(instance)
    with precision(200):
        at = ForwardPass(point_of(instance))
        for found, exact in ((at.r, expected.r), (at.S, expected.S)):
            pairs = list(zip(found.items.flat, exact.flat, strict=True))
            assert all(arb(ball).overlaps(decimal(value)) for ball, value in pairs)
            assert all(arb(ball).rad() < 1e-40 for ball, _ in pairs)
        swapped = zip(at.S.items.flat, (-expected.S).flat, strict=True)
        assert not all(arb(ball).overlaps(decimal(value)) for ball, value in swapped)


def test_a_point_without_targets_is_refused() -> None:
    with pytest.raises(
        InputError,
        match=re.escape(
            "targets is None; expected targets or labels, or a residual instead"
        ),
    ):
        ForwardPass(point_of(net("tanh", "squared", targets=None)))
