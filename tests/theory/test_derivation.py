"""theory/derivation.py and derivations/: every step is checked, every mutant is not."""

from collections.abc import Callable

import pytest
import sympy as sp

from landtheory.theory import THEOREMS
from landtheory.theory.derivation import Step, replay
from landtheory.theory.derivations import DERIVATIONS, curvature, t06
from landtheory.theory.gauss_newton import gauss_newton
from landtheory.theory.hessian import hessian
from landtheory.theory.indexed import Atom, one
from landtheory.theory.rules import (
    Square,
    factor,
    identity,
    minus,
    polynomial,
    squares,
)

QUARTER = sp.Rational(1, 4)

PARTIAL = ("T18", "T19", "T20")
"""Theorems of which some claims are proved, and the others supported."""


@pytest.mark.parametrize("name", list(DERIVATIONS))
def test_every_step_is_checked_and_every_claim_is_served(name: str) -> None:
    done = replay(DERIVATIONS[name])
    assert [r.step.statement for r in done.results if not r.checked] == []
    assert done.proved == set(DERIVATIONS[name].proves)
    every = {claim.label for claim in THEOREMS[name].claims}
    assert done.proved == every if name not in PARTIAL else done.proved < every
    served = {result.step.claim for result in done.results}
    assert served == {label.partition(".")[0] for label in done.proved}


def mutated(make: Callable[[], Step]) -> bool:
    return make().check()


def with_square(square: Square) -> Step:
    return squares(
        "d", "", t06.half_minus_form, lambda: (square, t06.half_squares()[1])
    )


MUTANTS = {
    "twice the residual term": lambda: identity(
        "b",
        "",
        lambda: minus(
            minus(
                hessian(curvature.SOFTMAX, "b", "b"),
                gauss_newton(curvature.SOFTMAX, "b", "b"),
            ),
            t06.residual_block(sp.Integer(2)),
        ),
    ),
    "sign of the residual term": lambda: identity(
        "b",
        "",
        lambda: minus(
            minus(
                t06.complexity(curvature.SOFTMAX),
                t06.paired(hessian(curvature.SOFTMAX, "b", "b")),
            ),
            t06.paired(t06.residual_block()),
        ),
    ),
    "D_iᵀD_i in place of D_iᵀS_iD_i": lambda: identity(
        "a",
        "",
        lambda: minus(
            t06.weighted_slopes(curvature.SOFTMAX),
            t06.paired(t06.curvature_in_biases(curvature.SQUARED)),
        ),
    ),
    "Cx with the squared loss's G for softmax": lambda: identity(
        "a",
        "",
        lambda: minus(
            t06.complexity(curvature.SOFTMAX),
            t06.paired(gauss_newton(curvature.SQUARED, "b", "b")),
        ),
    ),
    "H_bb for smooth σ": lambda: identity(
        "c",
        "",
        lambda: minus(
            t06.complexity(curvature.SOFTMAX),
            t06.paired(hessian(curvature.SOFTMAX, "b", "b")),
        ),
    ),
    "G_bb holds σ''": lambda: factor(
        "c", "", "s2", lambda: gauss_newton(curvature.SOFTMAX, "b", "b")
    ),
    "¼ instead of ½ for S": lambda: squares(
        "d", "", lambda: t06.half_minus_form(QUARTER), t06.half_squares
    ),
    "¼ instead of ½ in the transfer": lambda: identity(
        "d", "", lambda: t06.transfer(QUARTER), simplex=True
    ),
    "the diagonal of the pairs kept": lambda: squares(
        "d",
        "",
        t06.half_minus_form,
        lambda: (
            t06.half_squares()[0],
            Square(
                coefficient=curvature.HALF,
                weights=("c", "c'"),
                form=curvature.pair(1),
                over=("c", "c'"),
            ),
        ),
    ),
    "2 p p in the softmax curvature": lambda: polynomial(
        "d", "", curvature.softmax_curvature(2)
    ),
    "∂p/∂x without S": lambda: identity(
        "d", "", lambda: t06.probabilities_in_x(curvature.SQUARED)
    ),
    "e^-ℓ of another label": lambda: polynomial(
        "e", "", *t06.softmax_probability(target=0)
    ),
    "p at the label 0": lambda: polynomial("e", "", *t06.logistic_probability(label=0)),
    "the expected score without Σ p = 1": lambda: identity(
        "e", "", lambda: minus(t06.expected_squares(), t06.softmax_slopes())
    ),
    "the expected score with S = I": lambda: identity(
        "e",
        "",
        lambda: minus(t06.expected_squares(), t06.weighted_slopes(curvature.SQUARED)),
        simplex=True,
    ),
    "without Σ p = 1": lambda: identity(
        "d",
        "",
        lambda: minus(
            curvature.dot([one(Atom("p", ("i", "c")))], curvature.V),
            curvature.dot(curvature.V, curvature.V),
        ),
        simplex=True,
    ),
}


@pytest.mark.parametrize("name", list(MUTANTS))
def test_a_false_step_is_not_checked(name: str) -> None:
    assert not mutated(MUTANTS[name])
