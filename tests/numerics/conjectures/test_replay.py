"""Saved tests, run as a user runs them: by pytest, in a process without landtheory."""

import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from flint import arb, ctx, fmpq
from sympy import Function, Rational, cosh

from landtheory.errors import InputError
from landtheory.numerics import falsify
from landtheory.numerics.balls.evaluate import Evaluator
from landtheory.numerics.balls.network import Network
from landtheory.numerics.balls.points import point_of
from landtheory.numerics.conjectures.assumptions import Assumptions, parse_assumptions
from landtheory.numerics.conjectures.replay import replay_source
from landtheory.numerics.conjectures.sigma_source import sigma_source
from landtheory.numerics.exact_instances import ExactInstance
from landtheory.theory.activations import ACTIVATIONS, activation_from_expression
from landtheory.theory.language import parse_claim
from landtheory.theory.losses import LOSSES
from landtheory.theory.symbols import PREACTIVATION
from landtheory.theory.vocabulary import QUANTITIES

Q = Fraction
z = PREACTIVATION

REFUTED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Cx <= op(W) * tr(G_bb)", {"activations": ("gelu",)}),
    ("lmin(H) >= 0", {"assume": ("critical",), "activations": ("relu",)}),
    ("fro(F) == 0", {"assume": ("critical",), "activations": ("tanh",)}),
    ("fro(F) == 0", {"assume": ("critical", "active"), "activations": ("softplus",)}),
    ("rank(G) >= n*C", {"assume": ("active",), "activations": ("tanh",)}),
    ("Cx <= op(W)**2 * op(G_ww)",
     {"assume": ("unit_inputs", "no_dead_neurons"), "activations": ("sin",)}),
    ("nuc(H) <= tr(G)", {"losses": ("softmax",), "activations": ("silu",)}),
    ("L <= CxS", {"losses": ("logistic",), "activations": ("erf",)}),
    ("Flat >= tr(G)", {"losses": ("softmax",), "activations": ("leaky_relu",)}),
    ("tr(H) > tr(G)", {"assume": ("full_rank_jacobian",), "activations": ("relu",)}),
    ("lmin(K) > 0", {"activations": ("relu",)}),
    ("smin(J @ J.T) > 0", {"assume": ("active",), "activations": ("identity",)}),
    ("lmin(K) > 0",
     {"assume": ("distinct_inputs", "active"), "activations": ("sin",),
      "outputs": (1,)}),
    ("H_wa == G_wa", {"activations": ("cubic",)}),
    ("max(theta) + mean(W) * norm1(b) <= path",
     {"assume": ("norm(c) == 0", "distinct_inputs"), "activations": ("sigmoid",)}),
    ("logdet(G_cc) + exp(-L) <= log(2) - 0.5",
     {"assume": ("interpolation", "nonzero_inputs"), "activations": ("exp",)}),
    ("tr(H) <= max_xt**2 * Cx / smin(W)**2 + C*hidden + C",
     {"assume": ("interpolation",), "activations": ("abs",)}),
    ("nullity(A @ W) < 1", {"assume": ("m <= d", "full_rank_first_layer"),
                            "activations": ("identity",)}),
)  # fmt: skip


def run_all(folder: Path) -> subprocess.CompletedProcess[str]:
    """pytest on a folder, where landtheory cannot be imported."""
    block = folder / "landtheory.py"
    block.write_text("raise ImportError('the tests stand alone')\n")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)],
        capture_output=True,
        text=True,
        cwd=folder,
    )


def test_saved_tests_of_refuted_claims_pass(tmp_path: Path) -> None:
    expected = 0
    for place, (claim, options) in enumerate(REFUTED):
        found = falsify(claim, budget=2.0, seed=0, **options)
        source = found.test_source()
        assert "import landtheory" not in source
        assert len(source.splitlines()) < 300
        expected += source.count("\ndef test_")
        (tmp_path / f"test_claim_{place}.py").write_text(source)
    done = run_all(tmp_path)
    assert done.returncode == 0, done.stdout
    assert f"{expected} passed" in done.stdout
    assert expected >= len(REFUTED) + 15


def rows(*lines: tuple[object, ...]) -> tuple[tuple[Fraction, ...], ...]:
    return tuple(tuple(Q(v) for v in line) for line in lines)


def instance(
    name: str = "tanh", loss: str = "squared", **changes: Any
) -> ExactInstance:
    targets = {"residual": rows((1, -1), (2, "1/2"), (0, 3))}
    if loss != "squared":
        targets = {"residual": None, "labels": (0, 1, 1)}
    at = ExactInstance(
        activation=ACTIVATIONS[name],
        loss=LOSSES[loss],
        x=rows((1, "1/2"), (-1, 2), ("3/4", 1)),
        W=rows((1, -1), ("1/2", 2)),
        b=(Q(1, 3), Q(-1)),
        A=rows((1, -2), ("1/2", 1)),
        c=(Q(0), Q(1)),
        **targets,
    )
    return at.but(**changes)


def test_saved_tests_where_the_claim_holds_fail(tmp_path: Path) -> None:
    """Claims that hold there, and assumptions that do not."""
    held = (
        ("Cx <= op(W)**2 * tr(G_bb)", "tanh"),
        ("Cx == inner(W @ W.T, G_bb)", "tanh"),
        ("tr(H) == tr(G)", "relu"),
        ("H_aa == G_aa", "gelu"),
        ("lmin(G) >= 0", "sin"),
        ("lmax(G) > 0", "relu"),
        ("L < 100", "softplus"),
        ("rank(G) >= n*C - 1", "relu"),
    )
    for place, (claim, name) in enumerate(held):
        source = replay_source(parse_claim(claim), Assumptions(), instance(name))
        (tmp_path / f"test_held_{place}.py").write_text(source)
    named = ("critical", "interpolation", "unit_inputs", "norm(c) == 0", "op(W) <= 1")
    for place, name in enumerate(named):
        assumptions = parse_assumptions([name], (LOSSES["squared"],))
        source = replay_source(parse_claim("L < 0"), assumptions, instance())
        (tmp_path / f"test_unmet_{place}.py").write_text(source)
    done = run_all(tmp_path)
    assert done.returncode == 1
    # of the claims one each, and of each file with an assumption one of two
    kinks = sum(bool(ACTIVATIONS[name].kinks) for _, name in held)
    assert f"{len(held) + len(named)} failed" in done.stdout
    assert f"{len(named) + kinks} passed" in done.stdout


SCALARS = [name for name, one in QUANTITIES.items() if not one.shape]
ARRAYS = {1: "norm({})", 2: "fro({}) + mean({}) + op({})"}


COMPOSED = (
    "nuc(W @ X.T) + smin(A)",
    "lmin(H) - lmax(F_tt)",
    "theta @ H @ theta",
    "norm(J @ theta - 2 * (K @ J @ theta))",
    "fro(A @ W - A / 2 @ W)",
    "norm(b @ W) - norm(X @ (W.T @ b))",
    "min(A) ** -2",
    "norm1(b) ** 0.5",
    "inner(W, W / 3) - -max(L, 1/7)",
    "max(abs(A)) * mean(abs(R))",
    "log(1 + L) * exp(-Cx)",
    "rank(J) + rank(W)",
)


@pytest.mark.parametrize("loss", ["squared", "softmax"])
@pytest.mark.parametrize("name", ["tanh", "leaky_relu"])
def test_every_quantity_has_the_value_that_the_referee_gives_it(
    name: str, loss: str
) -> None:
    """Two evaluators that share nothing: the balls of both must overlap."""
    at = instance(name, loss)
    texts = [text for text in SCALARS if text != "Flat" or name == "leaky_relu"]
    texts += [
        ARRAYS[len(one.shape)].replace("{}", text)
        for text, one in QUANTITIES.items()
        if one.shape
    ]
    texts += COMPOSED
    known = ctx.prec
    try:
        ctx.prec = 256
        evaluator = Evaluator(Network(point_of(at)))
        for text in texts:
            comparison = parse_claim(f"{text} >= 0")
            space: dict[str, Any] = {}
            source = replay_source(comparison, Assumptions(), at)
            value = source.rpartition("    left = ")[2].split("\n")[0]
            code = source.rpartition("def test_the_claim_fails")[0]
            exec(f"{code}\nvalue = {value}", space)
            expected = evaluator.value(comparison.left).items.flat[0]
            assert (arb(space["value"]) - arb(expected)).contains(0), text
            assert abs(arb(space["value"]) - arb(expected)) < 1e-12, text
    finally:
        ctx.prec = known


def value_of(text: str, z: fmpq) -> Any:
    space: dict[str, Any] = {"Q": fmpq, "arb": arb, "z": z}
    exec(f"value = {text}", space)
    return space["value"]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_sigma_is_written_as_it_is_defined(name: str) -> None:
    for order in range(3):
        expression = ACTIVATIONS[name].derivative(order)
        text = sigma_source(expression)
        for at in (Q(-7, 3), Q(1, 2), Q(2)):
            value = value_of(text, fmpq(at.numerator, at.denominator))
            expected = expression.subs(z, Rational(at.numerator, at.denominator))
            assert abs(float(arb(value)) - float(expected)) < 1e-13


def test_rational_functions_stay_exact() -> None:
    for name in ("relu", "leaky_relu", "abs", "quadratic", "cubic", "identity"):
        text = sigma_source(ACTIVATIONS[name].value)
        assert isinstance(value_of(text, fmpq(-2, 3)), fmpq)


def test_own_activations_are_written_too() -> None:
    own = activation_from_expression(z**2 / (1 + z**2) + cosh(z), name="own")
    source = replay_source(
        parse_claim("L < 0"), Assumptions(), instance().but(activation=own)
    )
    space: dict[str, Any] = {}
    exec(source, space)
    assert abs(float(space["sigma"](fmpq(1, 2))) - (0.2 + 1.1276259652063807)) < 1e-12
    space["test_the_claim_fails"]()


def test_functions_without_a_word_are_refused() -> None:
    unknown = Function("secret")
    sentence = (
        "activation holds secret; expected functions that a test can be written with: "
        "cos, cosh, erf, exp, log, log1p, sin, sinh, tanh"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        sigma_source(1 + unknown(z))
