"""theory/population: kernels against SymPy's derivatives and numerical integrals."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import special
from sympy import Matrix, Rational, eye, pi

from landtheory.theory.population.derivation import (
    derivative_differences,
    steps,
    value_differences,
)
from landtheory.theory.population.kernels import ERF, KERNELS, QUADRATIC, RELU, Kernel
from landtheory.theory.rules import polynomial

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(120)
WEIGHTS = WEIGHTS / WEIGHTS.sum()

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "erf": lambda z: special.erf(z / 2**0.5),
    "quadratic": np.square,
}


def test_every_step_is_checked() -> None:
    found = steps()
    assert len(found) == 3 + 3 * 2 * 3
    assert [step.statement for step in found if not step.check()] == []


@pytest.mark.parametrize("name", ["erf", "quadratic"])
def test_the_value_is_the_gaussian_integral(name: str) -> None:
    u, v = Matrix([Rational(7, 10), Rational(-2, 5)]), Matrix([Rational(1, 2), 1])
    x = np.stack(np.meshgrid(NODES, NODES, indexing="ij"), axis=-1)
    sigma = ACTIVATIONS[name]
    integrand = sigma(x @ np.array(u, float).ravel()) * sigma(
        x @ np.array(v, float).ravel()
    )
    expected = WEIGHTS @ integrand @ WEIGHTS
    assert float(KERNELS[name].value(u, v)) == pytest.approx(expected, rel=1e-12)


def test_the_value_of_relu_is_the_gaussian_integral() -> None:
    u, v = Matrix([Rational(7, 10), Rational(-2, 5)]), Matrix([Rational(1, 2), 1])
    # the radius integrates to 2; the angle by the midpoint rule, on 2 × 10⁵ nodes
    phi = (np.arange(200_000) + 0.5) * 2 * np.pi / 200_000
    x = np.stack([np.cos(phi), np.sin(phi)], axis=1)
    left, right = (np.maximum(x @ np.array(w, float).ravel(), 0) for w in (u, v))
    expected = 2 * np.mean(left * right)
    assert float(RELU.value(u, v)) == pytest.approx(expected, rel=1e-9)


def in_u(u: Any, v: Any) -> Any:
    return u.dot(v) * eye(len(u))


MUTANTS = [
    (RELU, "first", lambda u, v: RELU.first(u, v) * 2),
    (RELU, "first", lambda u, v: RELU.first(v, u)),
    (RELU, "second", lambda u, v: RELU.second(v, u)),
    (RELU, "second", lambda u, v: RELU.second(u, v) + u * u.T / (2 * pi)),
    (RELU, "mixed", lambda u, v: RELU.mixed(u, v) - eye(len(u)) / 4),
    (RELU, "mixed", RELU.second),
    (ERF, "first", lambda u, v: -ERF.first(u, v)),
    (ERF, "second", lambda u, v: ERF.second(u, v).T + u * v.T - v * u.T),
    (ERF, "mixed", lambda u, v: ERF.mixed(u, v) + u * v.T),
    (QUADRATIC, "first", lambda u, v: 2 * v.dot(v) * u + 2 * u.dot(v) * v),
    (QUADRATIC, "second", lambda u, v: 2 * v.dot(v) * eye(len(u)) + 4 * u * u.T),
    (QUADRATIC, "mixed", lambda u, v: 4 * (2 * u * v.T + in_u(u, v))),
]


@pytest.mark.parametrize(("kernel", "part", "mutant"), MUTANTS)
def test_a_wrong_derivative_is_not_checked(
    kernel: Kernel, part: str, mutant: Callable[[Any, Any], Any]
) -> None:
    wrong = replace(kernel, **{part: mutant})
    step = polynomial("b", "mutant", *derivative_differences(wrong, 2, part))
    assert not step.check()


@pytest.mark.parametrize("kernel", KERNELS.values(), ids=list(KERNELS))
@pytest.mark.parametrize("factor", [2, -1])
def test_a_wrong_value_is_not_checked(kernel: Kernel, factor: int) -> None:
    wrong = replace(kernel, value=lambda u, v: factor * kernel.value(u, v))
    assert not polynomial("a", "mutant", *value_differences(wrong)).check()
    assert not polynomial("b", "m", *derivative_differences(wrong, 2, "first")).check()
