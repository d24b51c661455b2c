"""blueprint/tex_mathml.py: all of the catalogue is read, nothing of it is lost."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from landtheory.blueprint.tex_mathml import LONG, mathml, pieces
from landtheory.theory.catalogue import REFUTATIONS, THEOREMS
from landtheory.theory.theorems import Claim


def read(code: str) -> ET.Element:
    return ET.fromstring(code)  # noqa: S314 - written here


def texts() -> Iterator[str]:
    for theorem in THEOREMS.values():
        yield from (theorem.statement, theorem.proof, *theorem.hypotheses)
        yield from (claim.statement for claim in theorem.claims)
        others: list[Claim] = [mutant.claim for mutant in theorem.mutants]
        others += [counter.claim for counter in theorem.counterexamples]
        yield from (claim.statement for claim in others)
    for refutation in REFUTATIONS.values():
        yield from (case.claim.statement for case in refutation.cases)


FORMULAS = sorted({formula for text in texts() for formula in text.split("$")[1::2]})

ARITY = {
    "msub": 2, "msup": 2, "msubsup": 3, "mfrac": 2, "mover": 2, "msqrt": 1,
}  # fmt: skip


def content(formula: str) -> str:
    """The characters shown, spaces apart."""
    shown = "".join("".join(read(piece).itertext()) for piece in pieces(formula))
    return re.sub(r"\s", "", shown)


def letters(formula: str) -> str:
    """What a formula holds besides commands and braces."""
    text = re.sub(r"\\(?:operatorname|mathrm|mathbb|mathbf)\{[^}]*\}", "", formula)
    text = re.sub(r"\\[a-zA-Z]+|\\.", "", text)
    return re.sub(r"[\s{}^_'\-*|]", "", text)


def test_the_whole_catalogue_is_well_formed() -> None:
    assert len(FORMULAS) > 1900
    for formula in FORMULAS:
        for piece in pieces(formula):
            root = read(piece)
            assert root.tag == "math"
            assert len(root)
            for node in root.iter():
                if node.tag in ARITY:
                    assert len(node) == ARITY[node.tag], (formula, piece)
                if node.tag in ("mi", "mn", "mo"):
                    assert (node.text or "").strip(" "), (formula, piece)
                else:
                    assert not (node.text or "").strip(), (formula, piece)


def test_nothing_is_lost() -> None:
    """Every letter and sign outside commands is shown, as often as it is written."""
    for formula in FORMULAS:
        shown = content(formula)
        for letter in set(letters(formula)):
            assert shown.count(letter) >= letters(formula).count(letter), (
                formula,
                letter,
            )
        assert len(re.findall(r"\\[a-zA-Z]+", shown)) == 0


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        (r"\frac{1}{n}\sum_i x_i^2", "1n∑ixi2"),
        (r"\sigma'^2", "σ′2"),
        (r"f''(x)", "f″(x)"),
        (r"-1 - x", "−1−x"),
        (r"\mathrm{Cx}_S \le \|W\|^2", "CxS≤‖W‖2"),
        (r"\mathbb{E}\,\mathbf{M} \ne \mathbb{R}", "𝔼𝐌≠ℝ"),
        (r"P(\mathrm{basin}\ 1)", "P(basin1)"),
        (r"\#\{k: a_k \ne 0\}", "#{k:ak≠0}"),
    ],
)
def test_what_is_shown(formula: str, shown: str) -> None:
    assert content(formula) == shown


@pytest.mark.parametrize(
    ("formula", "forms"),
    [
        (r"\|a\|\|b\|", ["prefix", "postfix", "prefix", "postfix"]),
        (r"\mathrm{KL}(Q\|P)", [None]),
        (r"\|Q(\cdot|x)\|", ["prefix", None, "postfix"]),
        (r"|a|^{|b|}", ["prefix", "postfix", "prefix", "postfix"]),
    ],
)
def test_bars_open_and_close(formula: str, forms: list[str | None]) -> None:
    bars = [
        node.get("form")
        for node in read(mathml(formula)).iter("mo")
        if node.text in ("|", "‖")
    ]
    assert bars == forms


def test_a_minus_after_a_relation_or_bracket_is_a_sign() -> None:
    def minus(formula: str) -> list[str | None]:
        nodes = read(f"<x>{mathml(formula)}</x>").iter("mo")
        return [node.get("form") for node in nodes if node.text == "−"]

    assert minus("a - b") == ["infix"]
    assert minus("-b") == minus("(-b)") == minus("a = -b") == ["prefix"]
    assert minus("x^{-1} - 1") == ["prefix", "infix"]


def test_a_long_formula_breaks_before_relations_and_never_in_brackets() -> None:
    found = pieces(r"\operatorname{tr}(A + B + C) \le \|x\|^2(1 + y) \le f(x = 1)")
    starts = ["".join(read(piece).itertext())[0] for piece in found]
    assert starts == ["t", "≤", "≤"]
    assert len(pieces("a = b")) == 1
    many = pieces(" + ".join("x_{ij}y" for _ in range(LONG)))
    assert len(many) == LONG


@pytest.mark.parametrize(
    "formula",
    [
        r"\unknown",
        r"\frac{1}",
        r"{a",
        r"x_",
        "a & b",
        r"\operatorname tr",
        r"\mathbb{J}",
    ],
)
def test_what_is_not_known_is_an_error(formula: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        pieces(formula)


def test_signs_of_markup_are_escaped() -> None:
    assert "&lt;" in mathml("a < b")
    assert "<mo>" not in content("a < b")
