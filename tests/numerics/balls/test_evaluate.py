"""numerics/balls/evaluate.py: held against values worked out by hand, and the floats."""

import re
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq
from support.rational_nets import net, rows

from landtheory.errors import InputError
from landtheory.numerics.balls.arrays import BallArray
from landtheory.numerics.balls.calibration import within_bounds
from landtheory.numerics.balls.evaluate import Evaluator
from landtheory.numerics.balls.network import Network
from landtheory.numerics.balls.numbers import precision
from landtheory.numerics.balls.points import exact_instance, point_of
from landtheory.numerics.bounded import Bounded
from landtheory.numerics.evaluate import evaluate
from landtheory.numerics.quantities import Quantities
from landtheory.numerics.sampling import Shape, sample
from landtheory.theory.activations import get_activation
from landtheory.theory.expressions import (
    Binary,
    Constant,
    Expression,
    Name,
    call,
    name,
)
from landtheory.theory.language import parse_claim
from landtheory.theory.losses import get_loss
from landtheory.theory.vocabulary import FUNCTIONS, QUANTITIES


def tree(text: str) -> Expression:
    return parse_claim(f"{text} == 0").left


def worked(text: str) -> BallArray:
    """At f(x) = 2 max(3x + 4, 0) + 5 and f(x) = -max(3x + 4, 0), with x = 1 and r = (6, 0)."""
    instance = net(
        *("relu", "squared"),
        x=rows((1,)),
        W=rows((3,)),
        b=(Fraction(4),),
        A=rows((2,), (-1,)),
        c=(Fraction(5), Fraction(0)),
        targets=None,
        residual=rows((6, 0)),
    )
    return Evaluator(Network(point_of(instance))).value(tree(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("path**2", 125), ("n", 1), ("d", 1), ("m", 1), ("C", 2), ("p", 6)),
        *(("L", 18), ("Cx", 45), ("CxS", 45), ("hidden", 49)),
        *(("min_x", 1), ("max_x", 1), ("min_xt**2", 2), ("max_xt**2", 2)),
        *(("max(theta)", 5), ("min(theta)", -1), ("mean(theta)", fmpq(13, 6))),
        *(("norm(b)", 4), ("norm1(c)", 5), ("inner(theta, theta)", 55)),
        *(("tr(H)", 110), ("tr(G)", 5 + 5 + 98 + 2), ("tr(F)", 0)),
        *(("op(W)", 3), ("smax(A)**2", 5), ("smin(A)**2", 5), ("nuc(A)**2", 5)),
        *(("fro(A)**2", 5), ("rank(J)", 2), ("nullity(J)", 4), ("rank(K)", 2)),
        *(("lmin(EF)", 0), ("lmax(G_cc)", 1), ("logdet(G_cc)", 0), ("exp(0)", 1)),
        *(("log(1)", 0), ("sqrt(L / 2)", 3), ("abs(-3)", 3), ("max(2, 3)", 3)),
        *(("min(n, m - 3)", -2), ("theta @ theta", 55), ("tr(A @ A.T)", 5)),
        *(("4**0.5", 2), ("4**(-1.5)", fmpq(1, 8)), ("(n - 1)**0", 1), ("1**(1/3)", 1)),
        *(
            ("0.1 + 0.2", fmpq(3, 10)),
            ("grad @ theta", 36 + 48 + 84 + 30),
            ("max(X)", 1),
            ("max(R)", 6),
        ),
        *(("max(abs(grad))", 42), ("min(F_wa)", 0), ("max(F_wa)", 6), ("max(F_ba)", 6)),
        *(("tr(H_ww)", 5), ("tr(H_bb)", 5), ("tr(H_tt)", 10), ("tr(H_aa)", 98)),
        ("max(G_wb)", 5),
    ],
)
def test_names_and_functions_at_a_network_worked_out_by_hand(
    text: str, value: object
) -> None:
    (found,) = worked(text).items
    exact = isinstance(found, fmpq)
    assert found == value if exact else found.overlaps(arb(value))
    assert exact or found.rad() < 1e-12


@pytest.mark.parametrize(
    "text",
    [
        *("1 / (n - 1)", "log(n - 1)", "log(n - 2)", "sqrt(n - 2)", "(n - 1)**0.5"),
        *("logdet(K - K)", "logdet(G - 2 * G)", "(n - 1)**(-1)", "(n - 2)**(1/3)"),
    ],
)
def test_what_may_not_be_defined_is_unknown(text: str) -> None:
    assert not worked(text).items[0].is_finite()


def test_sqrt_is_of_what_is_not_negative_for_certain_or_by_its_form() -> None:
    instance = net("tanh", "squared", C=1)
    evaluator = Evaluator(Network(point_of(instance)))
    twin = net(
        "tanh", "squared", C=1, A=rows((1, -1)), W=rows((1, 2), (1, 2)), b=(1, 1)
    )
    twins = Evaluator(Network(point_of(twin)))
    # Cx is 0 there, which balls do not know
    assert twins.value(tree("Cx")).items[0].contains(arb(0))
    assert twins.value(tree("sqrt(Cx)")).items[0].is_finite()
    assert not twins.value(tree("sqrt(Cx - Cx)")).items[0].is_finite()
    assert evaluator.value(tree("sqrt(tr(K))")).items[0] > 0


def test_each_subtree_is_worked_out_once() -> None:
    evaluator = Evaluator(Network(point_of(net("tanh", "squared"))))
    first = evaluator.value(tree("tr(H)"))
    assert evaluator.value(tree("tr(H)")) is first


def test_flat_is_refused_for_a_smooth_activation() -> None:
    evaluator = Evaluator(Network(point_of(net("tanh", "squared"))))
    with pytest.raises(
        InputError,
        match=re.escape(
            "activation is 'tanh'; expected a piecewise-linear one for Flat: use tr(H)"
        ),
    ):
        evaluator.value(tree("Flat"))


def test_nodes_of_no_known_kind_are_refused() -> None:
    evaluator = Evaluator(Network(point_of(net("tanh", "squared"))))
    with pytest.raises(TypeError, match=re.escape("Expression")):
        evaluator.value(Expression())
    with pytest.raises(TypeError, match=re.escape("n")):
        evaluator.value(Binary("**", Constant(2), Name("n")))


def test_flat_is_the_least_trace_over_rescalings() -> None:
    instance = net("relu", "squared")
    network = Network(point_of(instance))
    flat = Evaluator(network).value(tree("Flat")).items[0]
    traces = []
    for first in (Fraction(1, 4), Fraction(1, 2), 1, 2, 4):
        for second in (Fraction(1, 4), Fraction(1, 2), 1, 2, 4):
            a = (first, second)
            W = tuple(
                tuple(w * k for w in row) for row, k in zip(instance.W, a, strict=True)
            )
            b = tuple(v * k for v, k in zip(instance.b, a, strict=True))
            A = tuple(
                tuple(v / k for v, k in zip(row, a, strict=True)) for row in instance.A
            )
            moved = Network(point_of(instance.but(W=W, b=b, A=A)))
            traces.append(moved.H.trace().items[0])
    assert all(flat <= trace for trace in traces)
    assert min(float(arb(trace)) for trace in traces) < 1.25 * float(arb(flat))


TREES = [
    *map(name, QUANTITIES),
    *(
        call(function, name(matrix))
        for function in ("op", "fro", "nuc", "smin", "rank", "lmax", "lmin", "tr")
        for matrix in ("G", "H_tt", "A", "F")
        if QUANTITIES[matrix].symmetric or function not in ("lmax", "lmin", "tr")
    ),
    *(tree(f"{function}(theta)") for function in ("norm", "norm1", "max", "mean")),
    *map(tree, ("logdet(G_cc)", "exp(-L)", "log(1 + L)", "1 / (1 + Cx)", "L**1.5")),
    *map(tree, ("sqrt(CxS)", "inner(G, H)", "abs(L - 1)", "theta @ H @ theta")),
]


def test_the_trees_hold_every_word_of_the_language() -> None:
    texts = " ".join(map(str, TREES))
    assert all(word in texts for word in QUANTITIES)
    used = {"min", "smax", "nullity"} | {f for f in FUNCTIONS if f"{f}(" in texts}
    assert used == set(FUNCTIONS)


CASES = [
    ("tanh", "squared", Shape(n=3, d=2, m=1, C=2), "free"),
    ("relu", "softmax", Shape(n=2, d=1, m=3, C=3), "free"),
    ("gelu", "logistic", Shape(n=4, d=3, m=2, C=1), "free"),
    ("leaky_relu", "squared", Shape(n=2, d=3, m=2, C=1), "critical"),
    ("cubic", "squared", Shape(n=1, d=2, m=3, C=2), "interpolation"),
]


@pytest.mark.parametrize(("activation", "loss", "shape", "regime"), CASES)
def test_the_bounds_of_the_floats_contain_the_balls(
    activation: str, loss: str, shape: Shape, regime: str
) -> None:
    rng = np.random.default_rng(11)
    drawn = sample(get_activation(activation), get_loss(loss), shape, regime, 6, rng)  # type: ignore[arg-type]
    assert len(drawn) >= 3
    q = Quantities(drawn)
    kept = [t for t in TREES if "Flat" not in str(t) or q.activation.homogeneous]
    with precision(160):
        for row in range(2):
            point = point_of(exact_instance(drawn, row))
            evaluator = Evaluator(Network(point))
            for one in kept:
                assert within_bounds(evaluate(one, q), evaluator.value(one), row).all()


def test_a_bound_that_is_too_small_is_noticed() -> None:
    exact = BallArray([[fmpq(1, 3), arb(2).sqrt()]])
    good = Bounded(exact.value, 1e-15)
    assert within_bounds(good, exact).all()
    assert within_bounds(Bounded(exact.value), exact).tolist() == [False, True]
    with precision(100):
        sharp = BallArray([[fmpq(1, 3), arb(2).sqrt()]])
        assert not within_bounds(Bounded(exact.value), sharp).any()
        assert within_bounds(Bounded(exact.value, np.inf), sharp).all()
        for shift in (-1e-3, 1e-3):
            assert not within_bounds(Bounded(exact.value + shift, 1e-4), sharp).any()
    assert within_bounds(
        Bounded(exact.value), BallArray([[arb("nan"), arb("nan")]])
    ).all()
