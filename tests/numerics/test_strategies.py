"""numerics/strategies.py: what is drawn is what is said, in exact arithmetic."""

import re
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import find, given, settings
from hypothesis import strategies as st
from support.references import torch_output

from landtheory.errors import InputError
from landtheory.numerics import strategies
from landtheory.numerics.instances import Instance
from landtheory.theory import ACTIVATIONS, UNDEFINED, get_activation

QUICK = settings(max_examples=40)


@QUICK
@given(strategies.instances())
def test_instances_make_problems_with_derivatives(instance: Instance) -> None:
    problem = strategies.problem(instance)
    assert instance.outputs == problem.C
    assert problem.hessian(instance.theta).shape == (problem.p, problem.p)


@QUICK
@given(strategies.interpolating_instances(activations=("tanh", "relu", "sin")))
def test_interpolating_instances_interpolate(instance: Instance) -> None:
    import torch

    output = torch_output(
        instance.activation.name, instance.x, instance.width, instance.outputs
    )
    f = output(torch.tensor(instance.theta)).numpy()
    assert np.allclose(f, instance.y, rtol=1e-12, atol=1e-12)
    assert not instance.residual.any()


def exact_gradient(instance: Instance, residual: np.ndarray) -> list[Fraction]:
    """Jᵀ r in fractions, J by formulas typed here."""
    m, C, d = instance.width, instance.outputs, instance.x.shape[1]
    theta = [Fraction(float(v)) for v in instance.theta]
    total = [Fraction(0)] * len(theta)
    for i, row in enumerate(instance.x):
        x = [Fraction(float(v)) for v in row]
        for k in range(m):
            z = sum(theta[k * d + j] * x[j] for j in range(d)) + theta[m * d + k]
            value, slope = max(z, Fraction(0)), Fraction(int(z > 0))
            for c in range(C):
                r = Fraction(float(residual[i, c]))
                a = theta[m * d + m + k * C + c]
                for j in range(d):
                    total[k * d + j] += r * a * slope * x[j]
                total[m * d + k] += r * a * slope
                total[m * d + m + k * C + c] += r * value
        for c in range(C):
            total[m * d + m + m * C + c] += Fraction(float(residual[i, c]))
    return total


@QUICK
@given(strategies.critical_instances(activations=("relu",), max_n=5))
def test_critical_instances_are_critical_exactly(instance: Instance) -> None:
    assert instance.residual.any()
    assert not any(exact_gradient(instance, instance.residual))
    assert any(exact_gradient(instance, instance.residual + 1.0))


@QUICK
@given(strategies.critical_instances(activations=("tanh",)))
def test_smooth_critical_instances_repeat_their_inputs(instance: Instance) -> None:
    half = len(instance.x) // 2
    assert np.array_equal(instance.x[:half], instance.x[half:])
    assert np.array_equal(instance.residual[:half], -instance.residual[half:])


def test_instances_shrink_to_the_simplest() -> None:
    found = find(
        strategies.instances(activations=("tanh",), losses=("squared",)),
        lambda instance: len(instance.x) >= 2,
        settings=settings(database=None, max_examples=200),
    )
    assert found.x.shape == (2, 1)
    assert not found.x.any()
    assert not found.theta.any()


@QUICK
@given(st.integers(1, 5), st.data())
def test_symmetries_are_what_they_say(width: int, data: st.DataObject) -> None:
    alpha = data.draw(strategies.rescalings(width))
    assert np.array_equal(np.exp2(np.round(np.log2(alpha))), alpha)
    order = data.draw(strategies.permutations(width))
    assert sorted(order.tolist()) == list(range(width))
    flips = data.draw(strategies.sign_flips(width))
    assert set(flips.tolist()) <= {1.0, -1.0}


@QUICK
@given(strategies.extreme_instances(activations=tuple(ACTIVATIONS)))
def test_extreme_instances_stay_finite(instance: Instance) -> None:
    assert np.isfinite(strategies.problem(instance).output(instance.theta)).all()


X = sp.Symbol("x")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: strategies.instances(max_n=0), "max_n is 0; expected an integer, at"),
        (lambda: strategies.instances(max_n=2.5), "max_n is 2.5; expected an integer"),
        (
            lambda: strategies.instances(max_m=None),
            "max_m is None; expected an integer",
        ),
        (lambda: strategies.instances(bound=np.inf), "bound is inf; expected a number"),
        (
            lambda: strategies.instances(activations=()),
            "activations is (); expected one",
        ),
        (lambda: strategies.instances(activations=3), "activations is 3; expected one"),
        (lambda: strategies.instances(losses=[]), "losses is []; expected one or more"),
        (lambda: strategies.instances(losses=[None]), "loss is None; expected one of"),
        (
            lambda: strategies.instances(activations=UNDEFINED),
            "activation is undefined; expected a definite σ",
        ),
        (
            lambda: strategies.interpolating_instances(losses=("logistic",)),
            "losses is ('logistic',); expected none: this strategy has the squared loss",
        ),
        (
            lambda: strategies.critical_instances(losses="squared"),
            "losses is 'squared'; expected none: this strategy has the squared loss",
        ),
        (
            lambda: strategies.extreme_instances(bound=2.0),
            "bound is 2.0; expected none: this strategy has its own",
        ),
        (lambda: strategies.numbers(bound=0.5), "bound is 0.5; expected a number from"),
        (lambda: strategies.numbers(bound="4"), "bound is '4'; expected a number from"),
        (lambda: strategies.inputs(0, 1), "n is 0; expected an integer, at least 1"),
        (lambda: strategies.datasets(1, 1, loss=None), "loss is None; expected one of"),
        (lambda: strategies.parameters(1, -1, 1), "width is -1; expected an integer"),
        (lambda: strategies.rescalings(0), "width is 0; expected an integer, at least"),
        (
            lambda: strategies.rescalings(2, exponent=5000),
            "exponent is 5000; expected an integer from 1 to 1000",
        ),
        (lambda: strategies.permutations(-1), "width is -1; expected an integer, at"),
        (lambda: strategies.sign_flips(2.5), "width is 2.5; expected an integer, at"),
    ],
)
def test_bad_arguments_are_refused(
    make: Callable[[], st.SearchStrategy], sentence: str
) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}"):
        find(make(), lambda _: True, settings=settings(database=None))


@pytest.mark.parametrize(
    ("given_as", "name"),
    [
        ("tanh", "tanh"),
        (get_activation("relu"), "relu"),
        (X * sp.exp(-(X**2)), "custom"),
        ([abs(X)], "custom"),
    ],
)
def test_one_activation_or_a_custom_one_will_do(given_as: object, name: str) -> None:
    found = find(
        strategies.instances(activations=given_as, losses="squared"),
        lambda _: True,
        settings=settings(database=None),
    )
    assert found.activation.name == name
    assert found.loss.name == "squared"
    assert strategies.problem(found).hessian(found.theta).ndim == 2


@QUICK
@given(st.data())
def test_datasets_have_targets_that_their_loss_takes(data: st.DataObject) -> None:
    X, y = data.draw(strategies.datasets(3, 2, loss="softmax", outputs=4))
    assert X.shape == (3, 2)
    assert y.dtype == np.int64
    assert set(y) <= {0, 1, 2, 3}
    _, y = data.draw(strategies.datasets(3, 2, loss="logistic"))
    assert set(y) <= {0, 1}
    _, y = data.draw(strategies.datasets(3, 2, outputs=5, bound=2.0))
    assert y.shape == (3, 5)
    assert np.abs(y).max() <= 2


def test_datasets_repeat_rows_and_lose_rank() -> None:
    def repeated(pair: tuple[np.ndarray, np.ndarray]) -> bool:
        return bool((pair[0] == pair[0][:1]).all() and pair[0].any())

    def on_a_line(pair: tuple[np.ndarray, np.ndarray]) -> bool:
        return not repeated(pair) and np.linalg.matrix_rank(pair[0]) == 1

    for wanted in (repeated, on_a_line):
        assert wanted(find(strategies.datasets(3, 2), wanted))


@QUICK
@given(strategies.problems(losses=("logistic",)))
def test_problems_come_with_their_parameters(pair: tuple) -> None:
    problem, theta = pair
    assert problem.hessian(theta).shape == (problem.p, problem.p)
