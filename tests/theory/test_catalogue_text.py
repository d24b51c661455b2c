"""theory/catalogue/: every text is LaTeX that a typesetter takes, held against mathtext."""

import re
from itertools import chain

import pytest
from matplotlib.mathtext import MathTextParser

from landtheory.theory import THEOREMS
from landtheory.theory.theorems import Theorem

EVERY = list(THEOREMS.values())
PARSER = MathTextParser("path")
SHORT = {r"\\le": r"\\leq", r"\\ge": r"\\geq", r"\\ne": r"\\neq"}
"""Standard LaTeX that mathtext knows by its longer name only."""

NAMES = "tr|rank|spec|diag|nullity|Cov|Re|Flat|Cx|Jx|max|min|log|ln|det|ker|sup|inf|exp"
NAME = re.compile(rf"(?<![A-Za-z\\])({NAMES})(?![A-Za-z])")
"""Without a command these are set as products of italic letters."""


def texts(theorem: Theorem) -> list[str]:
    claims = (claim.statement for claim in theorem.claims)
    return list(chain((theorem.statement, theorem.proof), theorem.hypotheses, claims))


def faults(text: str) -> list[str]:
    """What is wrong with a text; empty if nothing is."""
    if text.count("$") % 2:
        return ["a $ is missing"]
    found = []
    for place, part in enumerate(text.split("$")):
        if place % 2 == 0:
            if set(part) & set("\\\\_^{}<>"):
                found.append(f"mathematics outside $: {part}")
            continue
        found += math_faults(part)
    return found


def math_faults(part: str) -> list[str]:
    found = []
    for short, long in SHORT.items():
        part = re.sub(short + r"(?![A-Za-z])", long, part)
    try:
        PARSER.parse(f"${part}$")
    except ValueError as error:
        found.append(f"{part}: {str(error).splitlines()[-1]}")
    bare = re.sub(r"\\(operatorname|mathrm|text|mathbf|mathbb)\{[^{}]*\}", "", part)
    found += [
        f"a name set as a product: {word} in {part}" for word in NAME.findall(bare)
    ]
    if re.search(r"<[^<>]*,[^<>]*>", part):
        found.append(f"< > for angle brackets: {part}")
    return found


@pytest.mark.parametrize("theorem", EVERY, ids=lambda theorem: theorem.id)
def test_every_text_is_latex(theorem: Theorem) -> None:
    assert [fault for text in texts(theorem) for fault in faults(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        r"\sigma is smooth",
        r"$x",
        r"$\frac{1}{2$",
        r"$tr G$",
        r"$<WW^T, G_{bb}>$",
        r"$\nosuchcommand$",
        r"G_{bb} is small",
    ],
)
def test_a_fault_is_seen(text: str) -> None:
    assert faults(text)


def test_good_text_has_no_fault() -> None:
    text = (
        r"Let $\operatorname{tr} G \le \|W\|^2$ and $\langle WW^T, G_{bb}\rangle = 0$."
    )
    assert faults(text) == []
