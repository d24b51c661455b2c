"""theory/activations.py: held against textbook forms, grids, and SymPy's limits."""

import re

import numpy as np
import pytest
import sympy as sp

from landtheory.errors import InputError
from landtheory.numerics.lowering import activation_values
from landtheory.theory import ACTIVATIONS, activation_from_expression, get_activation
from landtheory.theory.symbols import PREACTIVATION

GRID = np.linspace(-12, 12, 240_001)


@pytest.mark.parametrize("name", ["sigmoid", "silu"])
def test_tanh_forms_are_the_textbook_forms(name: str) -> None:
    activation = get_activation(name)
    difference = activation.value - activation.textbook
    assert sp.simplify(difference.rewrite(sp.exp)) == 0


def test_both_branches_of_softplus_are_the_textbook_form() -> None:
    softplus = get_activation("softplus")
    for branch, _ in softplus.value.args:
        difference = sp.expand_log(
            sp.logcombine(branch.rewrite(sp.log) - softplus.textbook, force=True),
            force=True,
        )
        ratio = sp.exp(branch.rewrite(sp.log)) / sp.exp(softplus.textbook)
        assert difference == 0 or sp.simplify(ratio) == 1


@pytest.mark.parametrize("name", [n for n in ACTIVATIONS if n != "exp"])
def test_derivatives_stay_finite_far_out(name: str) -> None:
    for values in activation_values(
        get_activation(name), np.array([-800.0, -1e-300, 1e-300, 800.0]), order=3
    ):
        assert np.isfinite(values).all()


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_derivatives_agree_with_complex_steps(name: str) -> None:
    points = np.array([-2.5, -0.3, 0.4, 1.7])
    values = activation_values(get_activation(name), points, order=3)
    steps = activation_values(get_activation(name), points + 1e-40j, order=2)
    for k in range(3):
        assert np.allclose(steps[k].imag / 1e-40, values[k + 1], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    "name", [n for n, a in ACTIVATIONS.items() if a.second_bound is not None]
)
def test_the_bound_on_the_second_derivative_holds_and_is_attained(name: str) -> None:
    activation = get_activation(name)
    largest = np.abs(activation_values(activation, GRID)[2]).max()
    bound = float(activation.second_bound)
    assert largest <= bound * (1 + 1e-12)
    assert largest >= bound * (1 - 1e-6)


@pytest.mark.parametrize(
    "name", [n for n, a in ACTIVATIONS.items() if a.second_bound is None]
)
def test_no_bound_is_named_where_there_is_none(name: str) -> None:
    second = activation_values(get_activation(name), np.array([1.0, 20.0]))[2]
    assert second[1] > 10 * second[0]


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_odd_and_homogeneous_are_what_they_say(name: str) -> None:
    activation = get_activation(name)
    s0, s1, s2 = activation_values(activation, GRID[::100][GRID[::100] != 0])
    points = GRID[::100][GRID[::100] != 0]
    mirrored = activation_values(activation, -points)[0]
    assert activation.odd == np.allclose(s0, -mirrored, rtol=1e-12, atol=1e-300)
    assert activation.homogeneous == (
        np.allclose(s0, s1 * points, rtol=1e-15, atol=0) and not s2.any()
    )


def test_kinks_are_where_the_slope_jumps() -> None:
    for activation in ACTIVATIONS.values():
        below, above = activation_values(activation, np.array([-1e-9, 1e-9]))[1]
        assert (abs(below - above) > 1e-3) == bool(activation.kinks)


def test_a_user_expression_is_renamed_and_its_symbol_name_is_harmless() -> None:
    evil = sp.Symbol("__import__('os').abort()", real=True)
    activation = activation_from_expression(evil**2 + sp.sin(evil), name="mine")
    assert activation.value.free_symbols == {PREACTIVATION}
    values = activation_values(activation, np.array([2.0]))
    assert np.allclose(
        [v[0] for v in values], [4 + np.sin(2), 4 + np.cos(2), 2 - np.sin(2)]
    )


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("z**2", "expression is 'z**2'; expected a SymPy expression"),
        (sp.Integer(3), "expression is '3'; expected exactly one symbol"),
        (sp.Symbol("a") * sp.Symbol("b"), "expression is 'a*b'; expected exactly one"),
        (sp.Function("g")(sp.Symbol("a")), "expression is 'g(a)'; expected known"),
    ],
)
def test_other_expressions_are_refused(expression: object, sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        activation_from_expression(expression)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(InputError, match="activation is 'swish'; expected one of"):
        get_activation("swish")
