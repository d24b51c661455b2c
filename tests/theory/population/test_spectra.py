"""theory/population: spectra against dense matrices, blocks against the operator."""

import re
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from sympy import (
    Expr,
    Integer,
    Matrix,
    N,
    Rational,
    Symbol,
    diag,
    eye,
    integrate,
    ones,
    oo,
    pi,
    simplify,
    sqrt,
    zeros,
)
from sympy import exp as exponential

from landtheory.errors import InputError
from landtheory.theory.population import operator
from landtheory.theory.population.kernels import QUADRATIC, RELU
from landtheory.theory.population.operator import (
    relu_operator,
    standard_block,
    steps,
    trivial_block,
)
from landtheory.theory.population.spectra import (
    D,
    K,
    extremes,
    global_spectrum,
    trace,
)

SIZES = [(2, 2), (2, 4), (3, 3), (3, 5), (4, 4), (4, 7)]


@cache
def unit(i: int, d: int) -> Any:
    return Matrix([int(i == j) for j in range(d)])


def dense(activation: str, k: int, d: int) -> Any:
    """∇²L(V), from the kernels, or from E σ'(x_i)σ'(x_j) x_a x_b entry by entry."""
    rows = []
    for i, a in product(range(k), range(d)):
        rows.append([entry(activation, i, a, j, b, d)
                     for j, b in product(range(k), range(d))])  # fmt: skip
    return Matrix(rows)


@cache
def entry(activation: str, i: int, a: int, j: int, b: int, d: int) -> Expr:
    if activation == "relu":
        if i == j:
            return Rational(int(a == b), 2)
        return RELU.mixed(unit(i, d), unit(j, d))[a, b]
    if activation == "quadratic":
        return QUADRATIC.mixed(unit(i, d), unit(j, d))[a, b]
    return erf_entry(i, a, j, b)


def erf_entry(i: int, a: int, j: int, b: int) -> Expr:
    """One-dimensional Gaussian moments of σ'(z) = √(2/π) exp(-z²/2), multiplied."""
    result: Expr = 2 / pi
    for axis in {i, a, j, b}:
        result *= moment([a, b].count(axis), 1 + [i, j].count(axis))
    return result


@cache
def moment(power: int, width: int) -> Expr:
    z = Symbol("z", real=True)
    density = exponential(-width * z**2 / 2) / sqrt(2 * pi)
    return integrate(z**power * density, (z, -oo, oo))


@pytest.mark.parametrize("activation", ["relu", "erf", "quadratic"])
@pytest.mark.parametrize(("k", "d"), SIZES)
def test_the_spectrum_is_that_of_the_dense_matrix(
    activation: str, k: int, d: int
) -> None:
    families = global_spectrum(activation, k, d)
    claimed = sorted(
        float(N(family.value, 20))
        for family in families
        for _ in range(int(family.multiplicity))
    )
    H = np.array(dense(activation, k, d), dtype=float)
    assert len(claimed) == k * d
    assert np.array_equal(H, H.T)
    assert np.allclose(np.linalg.eigvalsh(H), claimed, rtol=0, atol=1e-13)


@pytest.mark.parametrize("activation", ["relu", "erf", "quadratic"])
def test_totals_for_symbolic_sizes(activation: str) -> None:
    families = global_spectrum(activation)
    total = sum(family.multiplicity * family.value for family in families)
    assert simplify(sum(family.multiplicity for family in families) - K * D) == 0
    assert simplify(total - trace(activation, K, D)) == 0


@pytest.mark.parametrize("activation", ["relu", "erf", "quadratic"])
@pytest.mark.parametrize("k", [3, 4, 7, 30])
def test_the_extremes_are_those_of_the_table(activation: str, k: int) -> None:
    values = [float(N(f.value)) for f in global_spectrum(activation, k)]
    low, high = (float(N(value.subs(K, k))) for value in extremes(activation))
    assert (low, high) == pytest.approx((min(values), max(values)), rel=1e-13)


def test_known_figures_of_relu() -> None:
    _, high = extremes("relu")
    figures = {3: 1.220192, 4: 1.510750, 5: 1.791124, 8: 2.602005, 10: 3.129168}
    for k, figure in figures.items():
        assert abs(float(N(high.subs(K, k))) - figure) < 1e-6


@pytest.mark.parametrize(
    ("activation", "count"), [("relu", 6), ("erf", 4), ("quadratic", 3)]
)
def test_every_step_is_checked(activation: str, count: int) -> None:
    found = steps(activation)
    assert len(found) == count
    assert [step.statement for step in found if not step.check()] == []


@pytest.mark.parametrize("activation", ["relu", "erf", "quadratic"])
def test_a_wrong_eigenvalue_is_not_checked(
    activation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = global_spectrum(activation)
    for place, family in enumerate(true):
        for change in ({"value": family.value + Rational(1, 100)},
                       {"multiplicity": family.multiplicity + 1}):  # fmt: skip
            wrong = (*true[:place], replace(family, **change), *true[place + 1 :])
            monkeypatch.setattr(operator, "global_spectrum", lambda _, w=wrong: w)
            assert not all(step.check() for step in steps(activation))


@pytest.mark.parametrize("k", [3, 4])
def test_the_operator_is_the_dense_matrix(k: int) -> None:
    T = Matrix(k, k, [Rational(3 * i * i - 7 * i + 2, i + 1) for i in range(k * k)])
    image = dense("relu", k, k) * T.reshape(k * k, 1)
    assert simplify(image - relu_operator(T).reshape(k * k, 1)) == zeros(k * k, 1)


@pytest.mark.parametrize("k", [3, 5])
def test_the_blocks_are_the_operator_on_their_matrices(k: int) -> None:
    s = Matrix([Integer(i) for i in range(k - 1)] + [-Integer((k - 1) * (k - 2)) / 2])
    assert sum(s) == 0
    row = ones(1, k)
    bases = {
        "trivial": [eye(k), ones(k, k)],
        "standard": [diag(*s), s * row, (s * row).T],
    }
    blocks = {"trivial": trivial_block(), "standard": standard_block()}
    for name, basis in bases.items():
        block = blocks[name].subs(K, k)
        for column, T in enumerate(basis):
            image = sum(
                (block[i, column] * B for i, B in enumerate(basis)), zeros(k, k)
            )
            assert simplify(relu_operator(T) - image) == zeros(k, k)


def test_a_transposed_block_is_seen() -> None:
    assert trivial_block() != trivial_block().T
    assert standard_block() != standard_block().T


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("tanh",), "activation is 'tanh'; expected one of relu, erf, quadratic"),
        (("relu", None, 3), "d is 3 without k; expected both, or neither for symbolic sizes"),
        (("relu", 1), "k is 1; expected an integer from 2 to 1000000 for relu"),
        (("erf", True), "k is True; expected an integer from 2 to 1000000 for erf"),
        (("quadratic", 0), "k is 0; expected an integer from 1 to 1000000 for quadratic"),
        (("relu", 10**7), "k is 10000000; expected an integer from 2 to 1000000 for relu"),
        (("relu", 4, 3), "d is 3; expected an integer from k = 4 to 1000000"),
        (("relu", 4, 4.0), "d is 4.0; expected an integer from k = 4 to 1000000"),
    ],
)  # fmt: skip
def test_bad_sizes_are_refused(arguments: Any, sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        global_spectrum(*arguments)
