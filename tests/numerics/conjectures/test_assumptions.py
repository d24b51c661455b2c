"""Assumptions and comparisons of sizes, against Python's own arithmetic on fractions."""

import re
from fractions import Fraction
from itertools import product

import pytest

from landtheory.errors import InputError
from landtheory.numerics.balls.assumptions import NAMED as REFEREES
from landtheory.numerics.conjectures.assumptions import (
    NAMED,
    Assumptions,
    parse_assumptions,
)
from landtheory.numerics.conjectures.sizes import (
    calls_in,
    holds_for_sizes,
    names_in,
    only_sizes,
)
from landtheory.theory.language import parse_claim
from landtheory.theory.losses import LOSSES

SQUARED = (LOSSES["squared"],)


def test_named_ones_are_kept_once_and_off_kinks_always_holds() -> None:
    found = parse_assumptions(["active", "off_kinks", " active ", "critical"], SQUARED)
    assert found.named == ("active", "critical")
    assert found.texts == ("active", "critical")


def test_comparisons_of_sizes_are_told_from_others() -> None:
    found = parse_assumptions(["m <= d", "norm(b) == 0", "n*C < p"], SQUARED)
    assert list(map(str, found.sizes)) == ["m <= d", "n * C < p"]
    assert list(map(str, found.comparisons)) == ["norm(b) == 0"]
    assert found.mentioned == {"m", "d", "n", "C", "p", "b"}


def test_the_referee_knows_every_name() -> None:
    assert set(NAMED) == set(REFEREES)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("m <= e", "assume has the name 'e'"),
        ("m", "assume is 'm'; expected one of interpolation"),
        ("", "assume is empty"),
    ],
)
def test_what_is_neither_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        parse_assumptions([text], SQUARED)


def test_an_unknown_name_is_answered_by_all_there_are() -> None:
    sentence = (
        f"assume is 'critcal'; expected one of {', '.join(NAMED)}, or a comparison such "
        "as 'm <= d'"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        parse_assumptions(["critcal"], SQUARED)


@pytest.mark.parametrize("name", ["interpolation", "critical"])
def test_residuals_are_assumed_of_the_squared_loss_only(name: str) -> None:
    losses = (LOSSES["squared"], LOSSES["softmax"])
    sentence = (
        f"assume is {name!r} and loss 'squared, softmax'; expected the squared loss "
        f"alone with {name}: pass --loss squared"
    )
    with pytest.raises(InputError, match=re.escape(sentence)):
        parse_assumptions([name], losses)
    assert parse_assumptions([name], SQUARED).named == (name,)


CASES = {
    "m <= d": lambda n, d, m, C, p: m <= d,
    "m < d": lambda n, d, m, C, p: m < d,
    "n*C >= p": lambda n, d, m, C, p: n * C >= p,
    "n*C > p": lambda n, d, m, C, p: n * C > p,
    "m == d": lambda n, d, m, C, p: m == d,
    "2*m - 1 == d**2 / n": lambda n, d, m, C, p: 2 * m - 1 == Fraction(d * d, n),
    "max(n, d) <= min(m, 3)": lambda n, d, m, C, p: max(n, d) <= min(m, 3),
    "abs(m - d) == 1": lambda n, d, m, C, p: abs(m - d) == 1,
    "-m >= -d": lambda n, d, m, C, p: -m >= -d,
    "m**-1 < 0.5": lambda n, d, m, C, p: Fraction(1, m) < Fraction(1, 2),
}


@pytest.mark.parametrize("text", CASES)
def test_sizes_are_decided_exactly(text: str) -> None:
    comparison = parse_claim(text)
    assert only_sizes(comparison)
    answers = set()
    for n, d, m, C in product(range(1, 5), repeat=4):
        p = m * d + m + m * C + C
        sizes = {"n": n, "d": d, "m": m, "C": C, "p": p}
        exact = {name: Fraction(size) for name, size in sizes.items()}
        expected = CASES[text](n, d, m, C, p)
        assert holds_for_sizes(comparison, exact) == expected
        assert Assumptions(sizes=(comparison,)).allow(sizes) == expected
        answers.add(expected)
    assert answers == {True, False}


def test_a_division_by_zero_holds_for_no_sizes() -> None:
    comparison = parse_claim("1 / (m - 1) <= 5")
    sizes = {name: Fraction(1) for name in "ndmC"} | {"p": Fraction(4)}
    assert not holds_for_sizes(comparison, sizes)


@pytest.mark.parametrize("text", ["sqrt(m) <= d", "m**0.5 <= d", "m <= norm(b)"])
def test_what_is_not_rational_in_sizes_is_left_to_the_referee(text: str) -> None:
    assert not only_sizes(parse_claim(text))


def test_ranks_limit_the_sizes() -> None:
    few = {"n": 5, "d": 1, "m": 1, "C": 1, "p": 4}
    enough = few | {"n": 4}
    assert not Assumptions(named=("full_rank_jacobian",)).allow(few)
    assert Assumptions(named=("full_rank_jacobian",)).allow(enough)
    wide = {"n": 1, "d": 1, "m": 2, "C": 1, "p": 7}
    assert not Assumptions(named=("full_rank_first_layer",)).allow(wide)
    assert Assumptions(named=("full_rank_first_layer",)).allow(enough)


def test_names_and_calls_are_found_wherever_they_stand() -> None:
    comparison = parse_claim("-tr((W @ W.T)) + p**2 <= op(H_bb) / max(L, 2)")
    assert names_in(comparison) == {"W", "p", "H_bb", "L"}
    assert calls_in(comparison) == {"tr", "op", "max"}
