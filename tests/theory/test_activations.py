"""theory/activations.py: held against textbook forms, grids, and SymPy's limits."""

import re
from collections.abc import Callable

import mpmath
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


@pytest.mark.parametrize(
    "name", [n for n in ACTIVATIONS if n not in ("quadratic", "cubic", "exp")]
)
@pytest.mark.parametrize("size", [1e104, 1e155, 1e300, np.finfo(np.float64).max])
def test_derivatives_stay_finite_as_far_out_as_floats_go(
    name: str, size: float
) -> None:
    points = np.array([-size, 0.5, size])
    values = activation_values(get_activation(name), points, order=3)
    assert np.isfinite(values).all()
    at_half = activation_values(get_activation(name), np.array([0.5]), order=3)
    assert [v[1] for v in values] == [v[0] for v in at_half]
    if name != "sin":
        limits = [(s1[0], s1[2]) for s1 in values[1:2]]
        near = activation_values(get_activation(name), np.array([-1e3, 0, 1e3]))[1]
        assert limits == [(near[0], near[2])]
        assert not any(value[0] or value[2] for value in values[2:])


@pytest.mark.parametrize("name", [n for n, a in ACTIVATIONS.items() if a.settles])
@pytest.mark.parametrize("end", [-1, 1])
def test_what_settles_has_done_so_at_1000(name: str, end: int) -> None:
    activation = get_activation(name)
    with mpmath.workdps(1000):
        for order in (1, 2, 3):
            form = activation.shown_derivative(order)
            derivative = sp.lambdify(PREACTIVATION, form, modules="mpmath")
            for size in (1000, 2000, 10**6):
                limit = int(order == 1 and end == 1 and name != "erf")
                distance = abs(derivative(mpmath.mpf(end * size)) - limit)
                assert distance < mpmath.mpf(2) ** -1075


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


X = sp.Symbol("x")


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("z**2", "activation is 'z**2'; expected a SymPy expression"),
        (sp.Integer(3), "activation is '3'; expected exactly one symbol"),
        (sp.Symbol("a") * sp.Symbol("b"), "activation is 'a*b'; expected exactly one"),
        (sp.Function("g")(X), "activation holds 'g'; expected sums, products,"),
        (abs(X) - sp.sqrt(X**2), "which is constant; expected a function"),
    ],
)
def test_other_expressions_are_refused(expression: object, sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        activation_from_expression(expression)


@pytest.mark.parametrize(
    "expression",
    [sp.I * X, sp.LambertW(X), sp.floor(X), sp.Mod(X, 2), sp.zeta(X), sp.gamma(X)],
)
def test_functions_that_no_code_is_made_of_are_refused(expression: sp.Expr) -> None:
    sentence = "; expected sums, products, powers, cases and the functions exp, log,"
    with pytest.raises(InputError, match=re.escape(sentence)):
        activation_from_expression(expression)


@pytest.mark.parametrize(
    ("expression", "kinks", "same"),
    [
        (abs(X), [0], np.abs),
        (sp.Max(X, 0), [0], lambda x: np.maximum(x, 0)),
        (sp.Min(X, sp.Rational(1, 2)), [0.5], lambda x: np.minimum(x, 0.5)),
        (X * sp.sign(X), [0], np.abs),
        (X * sp.Heaviside(X), [0], lambda x: np.maximum(x, 0)),
        (X / (1 + abs(X)), [0], lambda x: x / (1 + np.abs(x))),
        (sp.sqrt(X**2), [0], np.abs),
        (sp.Max(0, sp.Min(1, X)), [0, 1], lambda x: np.clip(x, 0, 1)),
        (abs(abs(X) - 1), [-1, 0, 1], lambda x: np.abs(np.abs(x) - 1)),
        (abs(X**2 - 2), [-np.sqrt(2), np.sqrt(2)], lambda x: np.abs(x**2 - 2)),
        (abs(X) ** 3, [], lambda x: np.abs(x) ** 3),
        (
            sp.Piecewise((0, X < 0), (X, True)),
            [0],
            lambda x: np.maximum(x, 0),
        ),
        (
            sp.Piecewise((X**2 / 2, abs(X) <= 1), (abs(X) - sp.Rational(1, 2), True)),
            [-1, 1],
            lambda x: np.where(np.abs(x) <= 1, x**2 / 2, np.abs(x) - 0.5),
        ),
    ],
)
def test_cases_are_written_out_and_their_kinks_found(
    expression: sp.Expr, kinks: list[float], same: Callable[[np.ndarray], np.ndarray]
) -> None:
    activation = activation_from_expression(expression)
    assert [float(kink) for kink in activation.kinks] == kinks
    points = np.array([-3.25, -1.2, -0.4, 0.3, 0.8, 2.75])
    values = activation_values(activation, points, order=3)
    assert np.allclose(values[0], same(points), rtol=1e-14, atol=0)
    steps = activation_values(activation, points + 1e-40j, order=2)
    for k in range(3):
        assert np.allclose(steps[k].imag / 1e-40, values[k + 1], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_the_catalogue_has_the_kinks_that_would_be_found(name: str) -> None:
    known = get_activation(name)
    assert activation_from_expression(known.value).kinks == known.kinks


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        (sp.sign(X), "expected a continuous function, but it jumps at z = 0"),
        (sp.Piecewise((0, X < 2), (1, True)), "but it jumps at z = 2"),
        (sp.Piecewise((X, X < 0), (X, X > 0), (1, True)), "but it jumps at z = 0"),
        (sp.Piecewise((X, X < 0)), "expected a value for every z, but it has none at"),
        (sp.sqrt(X), "which is not real at z = -7; expected real values"),
        (sp.log(X), "which is not real at z = -7; expected real values"),
        (abs(sp.sin(X)), "in closed form decide, but 'sin(z)' decides one"),
        (abs(X**3 - X - 1), "in closed form decide, but"),
        (10**400 * X, "activation holds a number beyond 1.8e308"),
        (X / 10**400, "activation holds a number beyond 1.8e308"),
    ],
)
def test_functions_that_jump_or_are_not_real_are_refused(
    expression: sp.Expr, sentence: str
) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        activation_from_expression(expression)


def test_kinks_that_the_user_names_come_on_top() -> None:
    activation = activation_from_expression(abs(X), kinks=(0, 2.5))
    assert activation.kinks == (0, 2.5)
    for kink in ("open", X, sp.I, sp.oo, float("nan")):
        with pytest.raises(InputError, match=r"^kinks hold"):
            activation_from_expression(abs(X), kinks=(kink,))


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(InputError, match="activation is 'swish'; expected one of"):
        get_activation("swish")
