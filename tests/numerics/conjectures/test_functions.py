"""Conjectures as Python functions, and strategies: honest about what floats can say."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from landtheory.errors import InputError
from landtheory.numerics import TwoLayerProblem, falsify, strategies
from landtheory.numerics.balls.referee import judge_exactly
from landtheory.numerics.conjectures.assumptions import parse_assumptions
from landtheory.numerics.conjectures.ruling import certainly_met
from landtheory.theory.language import parse_claim
from landtheory.theory.losses import LOSSES
from landtheory.verdict import Status

QUICK: dict[str, Any] = {"budget": 0.5, "seed": 0, "activations": ("relu", "tanh")}
FLOATS = "floats break it at an instance, balls cannot judge it"


def too_small(problem: TwoLayerProblem, theta: Any) -> tuple[float, float]:
    return problem.complexity(theta), float(np.trace(problem.gauss_newton(theta)))


def in_words(problem: TwoLayerProblem, theta: Any) -> bool:
    return bool(problem.complexity(theta) <= np.trace(problem.gauss_newton(theta)))


def loss_is_positive(problem: TwoLayerProblem, theta: Any) -> np.bool_:
    return np.bool_(problem.loss(theta) >= 0)


def traces_agree(problem: TwoLayerProblem, theta: Any) -> tuple[float, float]:
    """An identity, but for rounding."""
    H, G = problem.hessian(theta), problem.gauss_newton(theta)
    return float(np.trace(H)), float(np.trace(G))


@pytest.mark.parametrize("function", [too_small, in_words])
def test_a_false_function_is_broken_in_floats_but_never_refuted(function: Any) -> None:
    found = falsify(function, **QUICK)
    assert found.status is Status.UNDECIDED
    assert found.reason == FLOATS
    assert found.claim == function.__name__
    shown = found.counterexample
    assert not shown.certified
    at = shown.instance
    assert (at.n, at.d, at.m, at.C) == (1, 1, 1, 1)
    assert judge_exactly(parse_claim("Cx <= tr(G)"), at).outcome == "fails"
    assert bool(shown.left) == (function is too_small)
    with pytest.raises(InputError, match="expected a certified counterexample"):
        found.test_source()


def test_true_functions_are_supported_though_sides_are_rounded() -> None:
    for function in (loss_is_positive, traces_agree):
        found = falsify(function, **{**QUICK, "activations": ("relu", "abs")})
        assert found.status is Status.SUPPORTED
        assert found.counterexample is None
        assert sum(found.judged.values()) > 100


def test_assumptions_of_functions_are_met_exactly() -> None:
    def flat(problem: TwoLayerProblem, theta: Any) -> bool:
        return bool(np.abs(problem.residual_hessian(theta)).max() < 1e-9)

    options = {**QUICK, "activations": ("relu",), "outputs": (1,), "budget": 2.0}
    critical = falsify(flat, assume=("critical",), **options)
    assert critical.status is Status.UNDECIDED
    at = critical.counterexample.instance
    assert certainly_met(parse_assumptions(["critical"], (LOSSES["squared"],)), at)
    active = falsify(flat, assume=("critical", "active"), **options)
    assert active.status is Status.SUPPORTED


@pytest.mark.parametrize("answer", [3, "yes", (1.0,), (1.0, np.ones(2)), None])
def test_other_answers_are_refused(answer: Any) -> None:
    sentence = f"claim returned {answer!r}; expected True, False, or (left, right)"
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}: two numbers$"):
        falsify(lambda problem, theta: answer, **QUICK)


def test_functions_see_targets_and_labels_as_they_are() -> None:
    losses = set()

    def remember(problem: TwoLayerProblem, theta: Any) -> bool:
        losses.add((problem.loss_function.name, problem.C))
        return bool(np.isfinite(problem.loss(theta)))

    found = falsify(remember, losses=tuple(LOSSES), outputs=(1, 2), **QUICK)
    assert found.status is Status.SUPPORTED
    assert losses == {("squared", 1), ("squared", 2), ("logistic", 1), ("softmax", 2)}


def test_a_strategy_draws_the_instances_and_shrinks_within_itself() -> None:
    wide = strategies.instances(
        activations="relu", losses="squared", max_n=1, max_d=1, max_m=2, max_outputs=1
    ).filter(lambda instance: instance.width == 2)
    found = falsify("Cx <= tr(G_bb)", strategy=wide, budget=0.5, seed=0)
    assert found.status is Status.REFUTED
    at = found.counterexample.instance
    assert at.m == 2
    assert judge_exactly(parse_claim("Cx <= tr(G_bb)"), at).outcome == "fails"
    assert set(found.tried) == {"strategy"}
    function = falsify(too_small, strategy=wide, budget=0.5, seed=0)
    assert function.status is Status.UNDECIDED
    assert function.counterexample.instance.m == 2


def test_what_a_strategy_assumes_is_kept() -> None:
    exact = strategies.interpolating_instances(activations="relu", max_n=2)
    found = falsify("lmin(H) >= 0", strategy=exact, budget=1.0, seed=0)
    assert found.status is Status.SUPPORTED
    assert sum(found.judged.values()) >= 20
    free = strategies.instances(activations="relu", losses="squared", max_n=1, max_d=1)
    control = falsify("lmin(H) >= 0", strategy=free, budget=0.5, seed=0)
    assert control.status is Status.REFUTED


def test_other_strategies_are_refused() -> None:
    sentence = (
        "strategy is 3; expected a Hypothesis strategy of instances: such as "
        "landtheory.numerics.strategies.instances()"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        falsify("L >= 0", strategy=3, budget=1.0, seed=0)
    sentence = (
        "strategy drew 7; expected an Instance: build it from those of "
        "landtheory.numerics.strategies"
    )
    # Hypothesis adds its own lines
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}"):
        falsify("L >= 0", strategy=st.just(7), budget=1.0, seed=0)
