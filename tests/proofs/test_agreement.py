"""One theorem, three renderings: formal statement, SymPy claim and numeric check agree.

At random rational points the right-hand sides are evaluated by each of them, in Rocq by
goals that open the statement's sums.
"""

from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
import sympy as sp
from flint import arb, fmpq
from support.coq import needs_coq, silent
from support.rocq_points import QUANTITIES, Point, Quantity, number, points, rocq

from landtheory.numerics.balls.numbers import precision
from landtheory.numerics.balls.referee import exact_sides
from landtheory.numerics.drawn import Drawn, draw
from landtheory.numerics.examples import instances_of
from landtheory.proofs import LIBRARY, default_cache, find_toolchain, read_sources
from landtheory.proofs.build import Build, build
from landtheory.proofs.processes import processes
from landtheory.proofs.sources import EXAMPLES, Sources
from landtheory.theory.catalogue import get_theorem
from landtheory.theory.theorems import Example

SEED = 20260
POINTS = points(SEED)
CASES = [
    pytest.param(quantity, point, id=f"{quantity.statement}-{point.name}")
    for quantity in QUANTITIES
    for point in POINTS
    if point.activation == quantity.activation and point.sizes["C"] in quantity.outputs
]
SHIFT, NEAR = Fraction(1, 1000), Fraction(1, 10**9)

HEADER = """\
From Coq Require Import Reals.
From mathcomp Require Import all_ssreflect.
From LandTheory Require Import Sums Network Losses Activations Statements RightSides.
Local Open Scope R_scope.
"""


def drawn(point: Point) -> Drawn:
    """Extra data, for which none of the claims asks."""
    example = Example(
        activation=point.activation,
        x=point.x,
        W=point.W,
        b=point.b,
        A=point.A,
        c=point.c,
        residual=point.y,
    )
    return draw(instances_of(example), np.random.default_rng(SEED))


def both_sides(quantity: Quantity, point: Point) -> tuple[arb | fmpq, arb | fmpq]:
    """The referee's numbers: the one that the quantity is, and the claim's other side."""
    claim = get_theorem(quantity.theorem).claim(quantity.label)
    sides = exact_sides(claim, point.instance, drawn(point))
    assert sides is not None
    left, right = (side.items.item() for side in sides)
    return (right, left) if quantity.side else (left, right)


def exactly(quantity: Quantity, point: Point) -> Fraction:
    """The number: by SymPy, or where it has no closed form by the referee."""
    if quantity.symbolic:
        value = quantity.number(point.symbolic)
        assert isinstance(value, sp.Rational)
        return Fraction(int(value.p), int(value.q))
    value = both_sides(quantity, point)[0]
    assert isinstance(value, arb)
    middle = value.mid().fmpq()
    near = Fraction(int(middle.p), int(middle.q))
    # the ball is far narrower than the fractions of these sizes are apart
    return near.limit_denominator(10**7 if quantity.rational else 10**12)


def contains(side: arb | fmpq, value: Fraction, margin: Fraction) -> bool:
    """Whether a number, or a ball widened by a margin, is or contains another number."""
    with precision(106):
        distance = side - fmpq(value.numerator, value.denominator)
        if isinstance(distance, fmpq):
            return distance == 0
        wide = arb(fmpq(margin.numerator, margin.denominator))
        return bool((distance + arb(0, 1) * wide).contains(0))


def goal(quantity: Quantity, point: Point, *, shift: Fraction = Fraction(0)) -> str:
    """That the formal statement's right-hand side is the number, as a tactic."""
    tactic = "equals" if quantity.rational else "close"
    value = number(exactly(quantity, point) + shift)
    return f"{tactic} {quantity.at(point)} {value}"


def right_hand_sides(*, wrong: int | None = None) -> str:
    """A file of goals; one of them false, if asked for."""
    text = [HEADER, *map(rocq, POINTS)]
    for place, case in enumerate(CASES):
        quantity, point = case.values
        assert isinstance(quantity, Quantity)
        assert isinstance(point, Point)
        true = goal(quantity, point, shift=SHIFT if place == wrong else Fraction(0))
        text.append(f"Goal True. {true}. exact I. Qed.\n")
        if wrong is None:
            false = goal(quantity, point, shift=SHIFT)
            text.append(f"Goal True. Fail {false}. exact I. Qed.\n")
    return "".join(text)


def compiled(goals: str, folder: Path) -> Build:
    """The library with a file of goals; the library's own files come from the cache."""
    library = read_sources(LIBRARY)
    own = Path(__file__).parent / "points" / "RightSides.v"
    texts = {name: text for name, text in library.texts.items() if name != EXAMPLES}
    texts |= {"RightSides": own.read_text(encoding="utf-8"), "Agreement": goals}
    sources = Sources(library.folder, MappingProxyType(texts), library.project)
    with processes(2) as pool:
        return build(
            sources,
            find_toolchain(),
            folder,
            cache=default_cache(),
            pool=pool,
            progress=silent,
        )


@pytest.mark.parametrize(("quantity", "point"), CASES)
def test_the_referee_finds_the_same_number(quantity: Quantity, point: Point) -> None:
    value = exactly(quantity, point)
    same, other = both_sides(quantity, point)
    for side in (same, other) if quantity.equation else (same,):
        assert contains(side, value, Fraction(0 if quantity.rational else NEAR))
        assert not contains(side, value + SHIFT, NEAR)


@pytest.mark.parametrize(("quantity", "point"), CASES)
def test_numpy_finds_the_same_number(quantity: Quantity, point: Point) -> None:
    value = float(exactly(quantity, point))
    assert quantity.number(point.floats) == pytest.approx(value, rel=1e-12, abs=0)


@needs_coq
def test_the_formal_statements_say_the_same_number(tmp_path: Path) -> None:
    made = compiled(right_hand_sides(), tmp_path)
    assert "Agreement" in made.compiled, made.failures


@needs_coq
def test_a_number_that_is_off_does_not_compile(tmp_path: Path) -> None:
    wrong = len(CASES) // 2
    text = right_hand_sides(wrong=wrong)
    lines = [
        k for k, line in enumerate(text.splitlines(), 1) if line.startswith("Goal")
    ]
    failures = compiled(text, tmp_path).failures
    assert failures["Agreement"].line == lines[wrong]
