"""falsify_report.py: every verdict in lines, held against a record made by hand."""

from dataclasses import replace
from fractions import Fraction
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from landtheory.falsify_report import conclusion, show_falsification
from landtheory.numerics.conjectures.falsification import (
    CounterexampleFound,
    Falsification,
)
from landtheory.numerics.exact_instances import ExactInstance
from landtheory.theory.activations import ACTIVATIONS
from landtheory.theory.losses import LOSSES
from landtheory.verdict import Status

Q = Fraction

AT = ExactInstance(
    activation=ACTIVATIONS["relu"],
    loss=LOSSES["squared"],
    x=((Q(1), Q(-1, 2)), (Q(0), Q(3))),
    W=((Q(2), Q(0)),),
    b=(Q(1, 3),),
    A=((Q(1),),),
    c=(Q(0),),
    residual=((Q(1),), (Q(-1),)),
)

SHOWN = CounterexampleFound(
    instance=AT, left="7/2", right="3", certified=True, precision=53, reason="exact"
)

SUPPORTED = Falsification(
    claim="L >= 0",
    hypotheses=(),
    status=Status.SUPPORTED,
    reason="none of 1,500 instances breaks it",
    counterexample=None,
    kinds=("relu, squared, C = 1", "tanh, squared, C = 1"),
    skipped=("logistic with C = 2: the logistic loss has one output",),
    attacks=(
        {"attack": "sweep", "kind": "a", "tried": 1000, "met": 900, "judged": 800},
        {"attack": "sweep", "kind": "b", "tried": 1000, "met": 900, "judged": 700},
        {"attack": "extremes", "kind": "a", "tried": 10, "met": 0, "judged": 0},
    ),
    nearest={"ratio": 0.75, "instance": {"activation": "tanh", "n": 1, "d": 2,
                                         "m": 3, "C": 1}},
    equal={"instances": 0, "digits": 100},
    heard={},
    seed=5,
    budget=30.0,
    cut=False,
)  # fmt: skip

REFUTED = replace(
    SUPPORTED,
    claim="Cx <= L",
    hypotheses=("critical", "m <= d"),
    status=Status.REFUTED,
    reason="exact numbers decide",
    counterexample=SHOWN,
)


def shown(found: Falsification, **options: Any) -> list[str]:
    stream = StringIO()
    show_falsification(found, Console(file=stream, width=100), **options)
    return stream.getvalue().splitlines()


def test_a_refutation_is_shown_exactly() -> None:
    lines = shown(REFUTED, note="test written to test_it.py")
    assert lines[0] == (
        "refuted: Cx <= L, assuming critical, m <= d: exact numbers decide"
    )
    assert lines[1:12] == [
        "",
        "f(x) = A σ(W x + b) + c with σ = relu, squared loss, n = 2, d = 2, m = 1, C = 1",
        "  X = (1, -1/2; 0, 3)",
        "  W = (2, 0)",
        "  b = (1/3)",
        "  A = (1)",
        "  c = (0)",
        "  r = (1; -1)   (Y = f(X) - r)",
        "",
        "  left  = 7/2",
        "  right = 3",
    ]
    assert lines[-1] == "test written to test_it.py"


def test_what_was_tried_is_told() -> None:
    lines = shown(SUPPORTED)
    assert lines == [
        "supported: L >= 0: none of 1,500 instances breaks it",
        "judged 1,500 of 2,000 by sweep, 0 of 10 by extremes; 2 kinds of networks, seed 5",
        "nearest in floats: left / right = 0.75 with tanh, n = 1, d = 2, m = 3, C = 1",
        "skipped logistic with C = 2: the logistic loss has one output",
    ]
    assert conclusion(SUPPORTED) == lines[0]


def test_equalities_have_differences_and_a_cut_is_told() -> None:
    lines = shown(replace(SUPPORTED, claim="tr(H) == tr(G)", cut=True, kinds=("one",)))
    assert any("difference / sides = 0.75" in line for line in lines)
    assert any("; 1 kind of networks," in line for line in lines)
    assert lines[-1] == "the clock cut the search: a longer budget does all of it"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"residual": None, "targets": ((Q(1, 2),), (Q(0),))}, "  Y = (1/2; 0)"),
        ({"residual": None, "labels": (0, 1)}, "  labels = [0, 1]"),
    ],
)
def test_targets_and_labels_are_shown(changes: dict[str, Any], line: str) -> None:
    at = replace(SHOWN, instance=AT.but(**changes))
    assert line in shown(replace(REFUTED, counterexample=at))


def test_floats_are_never_shown_as_certain() -> None:
    at = replace(SHOWN, certified=False)
    lines = shown(replace(REFUTED, status=Status.UNDECIDED, counterexample=at))
    assert "  in floats alone: nothing certifies it" in lines
    assert not any("certifies" in line for line in shown(REFUTED))


def test_nothing_tried_is_said() -> None:
    lines = shown(replace(SUPPORTED, attacks=(), nearest=None))
    assert lines[1] == "judged nothing; 2 kinds of networks, seed 5"
