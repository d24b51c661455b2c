"""theory/expressions.py: text held against trees that Python's own operators build."""

import re
from collections.abc import Callable
from fractions import Fraction

import pytest
from support.claims import TEXTS

from landtheory.errors import InputError
from landtheory.theory.expressions import (
    Binary,
    Comparison,
    Constant,
    Expression,
    Name,
    Negative,
    Transpose,
    call,
    exact_value,
    name,
    subtrees,
)
from landtheory.theory.signs import is_nonnegative
from landtheory.theory.vocabulary import FUNCTIONS, QUANTITIES

a, b, c = name("Cx"), name("L"), name("m")
W = name("W")


@pytest.mark.parametrize(("tree", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_the_text_of_a_tree(tree: Expression, text: str) -> None:
    assert str(tree) == text


def bare(tree: Expression) -> str:
    """Text without parentheses but those of calls."""
    match tree:
        case Binary("**", left, right):
            return f"{bare(left)}**{bare(right)}"
        case Binary(operator, left, right):
            return f"{bare(left)} {operator} {bare(right)}"
        case Negative(of):
            return f"-{bare(of)}"
        case Transpose(of):
            return f"{bare(of)}.T"
        case _:
            return str(tree)


def associative(tree: Expression) -> str:
    """Text that drops the parentheses of right operands: a - (b - c) as a - b - c."""
    match tree:
        case Binary("+" | "-" | "*" | "/" as operator, left, Binary() as right):
            return f"{left} {operator} {right}"
        case _:
            return str(tree)


def tight_minus(tree: Expression) -> str:
    """Text that takes - to bind more tightly than **."""
    match tree:
        case Binary("**", Negative(of), right):
            return f"-{of}**{right}"
        case _:
            return str(tree)


def agrees(printer: Callable[[Expression], str]) -> bool:
    return all(printer(tree) == text for tree, text in TEXTS)


@pytest.mark.parametrize("mutant", [bare, associative, tight_minus])
def test_wrong_printers_are_seen(mutant: Callable[[Expression], str]) -> None:
    assert agrees(str)
    assert not agrees(mutant)


def test_comparisons_are_built_by_operators() -> None:
    built = [a <= b, a >= b, a < b, a > 2, a.equals(Fraction(1, 2))]
    assert list(map(str, built)) == [
        "Cx <= L",
        "Cx >= L",
        "Cx < L",
        "Cx > 2",
        "Cx == 0.5",
    ]
    assert built[0] == Comparison(Name("Cx"), "<=", Name("L"))


@pytest.mark.parametrize("value", [-1, Fraction(1, 3), Fraction(-1, 2)])
def test_constants_are_decimals_that_are_not_negative(value: Fraction) -> None:
    sentence = (
        f"constant is {value}; expected a finite decimal, at least 0: "
        "write signs and fractions as operators"
    )
    with pytest.raises(InputError, match=re.escape(sentence)):
        Constant(value)


def test_unknown_names_and_functions_are_refused() -> None:
    with pytest.raises(KeyError, match="Q"):
        name("Q")
    with pytest.raises(KeyError, match="det"):
        call("det", W)


@pytest.mark.parametrize(
    ("tree", "value"),
    [
        (Constant(2), Fraction(2)),
        (-Constant(2), Fraction(-2)),
        (Constant(1) / 3, Fraction(1, 3)),
        (-(Constant(1) / 3), Fraction(-1, 3)),
        (Constant(1) / 0, None),
        (a, None),
        (-a, None),
        (a / 2, None),
        (Constant(1) + 1, None),
    ],
)
def test_numbers_that_are_written_out(tree: Expression, value: Fraction | None) -> None:
    assert exact_value(tree) == value


def test_every_part_of_a_tree_is_met_once_from_the_left() -> None:
    claim = -a <= call("max", b, W.T @ W) ** 2
    found = [str(part) for part in subtrees(claim)]
    assert found == [
        "-Cx",
        "Cx",
        "max(L, W.T @ W)**2",
        "max(L, W.T @ W)",
        "L",
        "W.T @ W",
        "W.T",
        "W",
        "W",
        "2",
    ]


def test_every_word_of_the_language_is_there() -> None:
    blocks = ("ww", "wb", "bb", "aa", "wa", "ba", "cc", "tt")
    words = "n d m C p L Cx CxS path min_x max_x min_xt max_xt Flat theta grad b c"
    matrices = "H G F EF K W A X R J"
    wanted = {*words.split(), *matrices.split()}
    wanted |= {f"{matrix}_{block}" for matrix in "HGF" for block in blocks}
    assert wanted <= set(QUANTITIES)
    assert set(QUANTITIES) - wanted == {"hidden"}
    functions = "tr op fro nuc lmax lmin smax smin rank nullity inner norm norm1 "
    functions += "logdet log exp sqrt abs max min mean"
    assert set(FUNCTIONS) == set(functions.split())


H, G = name("H"), name("G")


@pytest.mark.parametrize(
    "tree",
    [
        a * b + 2,
        a / c,
        (a - b) ** 2,
        call("sqrt", a) ** Fraction(1, 2),
        call("op", H) ** 3,
        call("tr", G),
        call("abs", a - b),
        call("max", a - b, c),
        call("min", a, c),
        call("lmin", name("K")),
        call("rank", H),
    ],
    ids=str,
)
def test_what_cannot_be_negative_is_known(tree: Expression) -> None:
    assert is_nonnegative(tree)


@pytest.mark.parametrize(
    "tree",
    [
        -a,
        a - b,
        (a - b) ** 3,
        (a - b) ** Fraction(1, 2),
        (a - b) * (a - b),
        a * (b - c),
        (b - c) * a,
        a + (b - c),
        (b - c) / a,
        a / (b - c),
        call("tr", H),
        call("tr", name("F_bb")),
        call("lmin", H),
        call("max", a - b, -c),
        call("min", a, b - c),
        call("max", name("G")),
        call("min", name("G")),
        call("mean", name("X")),
        call("inner", W, W),
        call("log", a),
        call("logdet", name("K")),
        name("grad"),
    ],
    ids=str,
)
def test_what_may_be_negative_is_not_called_so(tree: Expression) -> None:
    assert not is_nonnegative(tree)
