"""theory/derivations/t18 to t20: false variants of their steps, none of which is checked.

And the operators of T19 and T20 against explicit matrices.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sympy as sp

from landtheory.theory.derivation import Step
from landtheory.theory.derivations import square, t18, t19, t20
from landtheory.theory.derivations.lazily import polynomial_later
from landtheory.theory.indexed import Term
from landtheory.theory.lemmas import DERIVATIVE_BOUNDS
from landtheory.theory.population.kernels import ERF, QUADRATIC, RELU
from landtheory.theory.population.operator import (
    relu_operator,
    standard_block,
    trivial_block,
)
from landtheory.theory.population.spectra import K, global_spectrum
from landtheory.theory.rules import identity, lemma, minus, polynomial, sign

QUARTER = sp.Rational(1, 4)
T = square.letter("T")


def derivative(kernel: object, part: str) -> Step:
    return t18._derivative(kernel, part)


def wrong_image(entry: square.Entry) -> Step:
    return identity(
        "a", "", lambda: minus(square.image(entry, T), t19.applied(T, "k", "k'"))
    )


def without_double(i: str, a: str, j: str, b: str) -> list[Term]:
    """The entry of T19 with ¾I for i = j, a = i."""
    return t19.entry(i, a, j, b)[:-1]


def relu_values() -> list[sp.Expr]:
    return [family.value for family in global_spectrum("relu")]


def span(block: sp.Matrix) -> Step:
    basis = (t19._diagonal, t19._rows, t19._columns)
    return square.maps_span("b", "", t19.applied, basis, block)


MUTANTS: dict[str, Callable[[], Step]] = {
    "κ of relu doubled": lambda: t18._value(
        replace(RELU, value=lambda u, v: 2 * RELU.value(u, v))
    ),
    "κ of erf negative": lambda: t18._value(
        replace(ERF, value=lambda u, v: -ERF.value(u, v))
    ),
    "κ of z² without the double product": lambda: t18._value(
        replace(QUADRATIC, value=lambda u, v: u.dot(u) * v.dot(v) + u.dot(v) ** 2)
    ),
    "h1 with its arguments exchanged": lambda: derivative(
        replace(RELU, second=lambda u, v: RELU.second(v, u)), "second"
    ),
    "h2 + ¼I": lambda: derivative(
        replace(RELU, mixed=lambda u, v: RELU.mixed(u, v) + sp.eye(len(u)) / 4), "mixed"
    ),
    "another function in (d)": lambda: lemma(
        "d",
        "",
        DERIVATIVE_BOUNDS,
        polynomial_later("d", "", lambda: t18._excess(0)),
        polynomial("d", "", sp.Symbol("t") ** 2),
    ),
    "the entries without -2ϱ": lambda: wrong_image(without_double),
    "diag(A) once": lambda: identity(
        "a",
        "",
        lambda: minus(
            square.image(t19.entry, T), t19.applied(T, "k", "k'", diagonal=1)
        ),
    ),
    "moments of a σ' that is 1 everywhere": lambda: polynomial_later(
        "a",
        "",
        lambda: square.moment_differences(t19._step, -sp.oo, t19.entry),
    ),
    "moments against wrong entries": lambda: polynomial_later(
        "a",
        "",
        lambda: square.moment_differences(t19._step, sp.Integer(0), without_double),
    ),
    "blocks of another ϱ": lambda: polynomial_later(
        "a",
        "",
        lambda: square.entry_differences(
            t19.entry, lambda i, a, j, b: 2 * t19.block(i, a, j, b)
        ),
    ),
    "the standard block transposed": lambda: span(standard_block().T),
    "the standard block for k + 1": lambda: span(standard_block().subs(K, K + 1)),
    "the trivial block doubled": lambda: square.maps_span(
        "b", "", t19.applied, (square.delta, square.ones), 2 * trivial_block()
    ),
    "the pair of roots for the trivial block": lambda: polynomial(
        "b", "", square.missed(trivial_block(), relu_values()[2], relu_values()[3])
    ),
    "¼ + ϱ in the standard block": lambda: polynomial(
        "b",
        "",
        square.missed(standard_block(), relu_values()[1], *relu_values()[2:4]),
    ),
    "independence for k = 2": lambda: sign(
        "b",
        "",
        sp.Matrix([[1, 1, 1], [1, K, 0], [1, 0, K]]).det().subs(K, 2),
        strict=True,
    ),
    "erf's operator doubled": lambda: identity(
        "a",
        "",
        lambda: minus(
            square.image(t20.erf_entry, T),
            square.scaled(sp.Integer(2), t20.erf_applied(T, "k", "k'")),
        ),
    ),
    "erf's block transposed": lambda: square.maps_span(
        "a", "", t20.erf_applied, (t20._diagonal, t20._columns), t20.erf_block().T
    ),
    "erf's moments of the slope of z²": lambda: polynomial_later(
        "a",
        "",
        lambda: square.moment_differences(lambda x: 2 * x, -sp.oo, t20.erf_entry),
    ),
    "8 + 2k": lambda: square.maps_span(
        "b", "", t20.square_applied, (square.delta,), sp.Matrix([[8 + 2 * K]])
    ),
    "⟨A, HA⟩ = 0": lambda: identity(
        "b",
        "",
        lambda: square.summed(
            square.product(T("k", "k'"), t20.square_applied(T, "k", "k'")), "k", "k'"
        ),
    ),
    "all of, with one that is false": lambda: square.all_of(
        polynomial("b", "", sp.Integer(0)), polynomial("b", "", sp.Integer(1))
    ),
    "nothing to vanish": lambda: polynomial_later("b", "", tuple),
}


@pytest.mark.parametrize("name", list(MUTANTS))
def test_a_false_step_is_not_checked(name: str) -> None:
    assert not MUTANTS[name]().check()


@pytest.mark.parametrize("k", [2, 3])
def test_the_operator_by_indices_is_that_of_explicit_matrices(k: int) -> None:
    explicit = sp.Matrix(k, k, lambda i, a: 7 * i + 3 * a - i * a)
    expected = relu_operator(explicit)
    for i in range(k):
        for a in range(k):
            found = sum(
                t19.block(i, a, j, b) * explicit[j, b]
                for j in range(k)
                for b in range(k)
            )
            assert sp.simplify(found - expected[i, a]) == 0


def test_importing_derivations_checks_nothing() -> None:
    calls = []

    def differences() -> tuple[sp.Expr, ...]:
        calls.append(1)
        return (sp.Integer(0),)

    step = polynomial_later("a", "nothing", differences)
    assert calls == []
    assert step.check()
    assert calls == [1]
    assert step.rule == "polynomial"
