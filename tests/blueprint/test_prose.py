"""blueprint/prose.py: words, mathematics and links, each as it should be."""

import re

import pytest

from landtheory.blueprint.prose import Prose

ANCHORS = {"T06", "T06-b", "T15", "T15-c.1", "R02a", "T03"}


@pytest.fixture
def prose() -> Prose:
    return Prose(ANCHORS)


def bare(code: str) -> str:
    return re.sub(r"<[^>]*>", "", code)


@pytest.mark.parametrize(
    ("text", "target", "shown"),
    [
        ("by T15(c.1)", "T15-c.1", "T15(c.1)"),
        ("by T15(c.9)", "T15", "T15(c.9)"),
        ("by T06b too", "T06-b", "T06b"),
        ("by T03a, too", "T03", "T03a"),
        ("compare R02a", "R02a", "R02a"),
        ("theorem T06 (b)", "T06-b", "T06 (b)"),
    ],
)
def test_mentions_are_links(prose: Prose, text: str, target: str, shown: str) -> None:
    code = prose.words(text)
    assert f'<a href="#{target}">{shown}</a>' in code
    assert bare(code) == text


def test_no_link_leads_to_itself_or_nowhere(prose: Prose) -> None:
    assert "<a" not in prose.words("by T06(b)", here="T06")
    assert "<a" not in prose.words("T99 and XT06 and T061")


def test_text_is_escaped(prose: Prose) -> None:
    assert prose.html("a < b & <script>") == "a &lt; b &amp; &lt;script&gt;"
    assert prose.words("costs $5") == "costs $5"


def test_stops_and_brackets_stay_with_the_formula(prose: Prose) -> None:
    code = prose.html("so ($x$), and $a \\le b + c + d + e + f + g$.")
    first, *_, last = re.findall(r'<span class="m[^"]*">(.*?)</span>', code)
    assert first.startswith("(<math>")
    assert first.endswith("</math>),")
    assert last.endswith("</math>.")
    assert bare(code).replace(" ", "") == "so(x),anda≤b+c+d+e+f+g."


@pytest.mark.parametrize("text", ["$x", "a $b$ c$", "$\\unknown$"])
def test_what_cannot_be_read_is_an_error(prose: Prose, text: str) -> None:
    with pytest.raises(ValueError):
        prose.html(text)
