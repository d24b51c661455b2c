"""commands/theorems.py and tex.py: every theorem is readable, in every format."""

import json

import pytest
from support.shell import run

from landtheory.tex import plain
from landtheory.theory import THEOREMS


def test_all_are_listed() -> None:
    done = run("theorems")
    assert done.returncode == 0, done.stderr
    assert all(one in done.stdout for one in THEOREMS)


def test_one_is_shown_in_full() -> None:
    done = run("theorems", "T06")
    assert done.returncode == 0, done.stderr
    for part in ("Statement", "Claims", "Proof", "False variants", "⟨WWᵀ", "∎"):
        assert part in done.stdout or part == "⟨WWᵀ"
    assert "\\" not in done.stdout


@pytest.mark.parametrize("theorem", list(THEOREMS.values()), ids=lambda t: t.id)
def test_no_latex_is_left_in_plain_text(theorem: object) -> None:
    texts = [theorem.statement, theorem.proof, *theorem.hypotheses]
    texts += [claim.statement for claim in theorem.claims]
    for text in texts:
        assert "\\" not in plain(text), plain(text)
        assert text.count("{") == text.count("}")


@pytest.mark.parametrize(
    ("style", "start"),
    [("latex", "\\begin{theorem}"), ("markdown", "## T06"), ("json", "{")],
)
def test_other_formats(style: str, start: str) -> None:
    done = run("theorems", "T06", "--format", style)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(start)
    if style == "json":
        assert json.loads(done.stdout)["theorems"][0]["id"] == "T06"


def test_bad_input_is_refused() -> None:
    for options, sentence in (
        (("T00",), "theorem is 'T00'; expected one of T01"),
        (("--format", "pdf"), "format is 'pdf'; expected one of text"),
    ):
        done = run("theorems", *options)
        assert done.returncode == 2
        assert sentence in done.stderr
