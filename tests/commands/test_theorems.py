"""commands/theorems.py and tex.py: every theorem is readable, in every format."""

import json
import re
from pathlib import Path

import pytest
from support.shell import run

from landtheory import __version__
from landtheory.tex import escaped, literal, plain
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


def test_the_world_of_a_theorem_is_said_where_it_is_not_that_of_networks() -> None:
    assert "Judged on" not in run("theorems", "T06").stdout
    shown = run("theorems", "T17").stdout
    assert "Judged on" in shown
    assert "linear networks x ↦ AWx" in shown
    record = json.loads(run("theorems", "T17", "--json", "-").stdout)
    claims = record["theorems"][0]["claims"]
    assert {claim["world"] for claim in claims} == {"linear-networks"}
    assert all(claim["activations"] == claim["losses"] == [] for claim in claims)


@pytest.mark.parametrize("theorem", list(THEOREMS.values()), ids=lambda t: t.id)
def test_no_latex_is_left_in_plain_text(theorem: object) -> None:
    texts = [theorem.statement, theorem.proof, *theorem.hypotheses]
    texts += [claim.statement for claim in theorem.claims]
    for text in texts:
        assert "\\" not in plain(text), plain(text)
        assert text.count("{") == text.count("}")


@pytest.mark.parametrize(
    ("style", "start"),
    [("latex", "% For XeLaTeX"), ("markdown", "## T06"), ("json", "{")],
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
        (("T06", "T00"), "theorem is 'T00'; expected one of T01"),
        (("T06,",), "option value is 'T06,'; expected names between commas"),
        (("--format", "pdf"), "format is 'pdf'; expected one of text"),
        (("--format", "latex", "--json", "-"), "format is 'latex' with --json -; exp"),
        (("--format", "text", "--json", "-"), "format is 'text' with --json -; exp"),
        (("--format", "markdown", "--quiet"), "format is 'markdown' with --quiet; exp"),
        (("--json", ""), "json is ''; expected a file in an existing folder, or -"),
        (("--json", "."), "json is '.'; expected a file in an existing folder, or -"),
    ):
        done = run("theorems", *options)
        assert done.returncode == 2
        assert sentence in done.stderr


def test_several_are_shown_in_the_order_given() -> None:
    together, apart = run("theorems", "T06,T05"), run("theorems", "T06", "T05")
    assert together.returncode == 0, together.stderr
    assert together.stdout == apart.stdout
    assert re.findall(r"^T\d\d", together.stdout, re.MULTILINE) == ["T06", "T05"]


def test_the_record_says_how_it_was_made(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    options = ("theorems", "T06", "--seed", "3", "--no-progress", "--debug")
    done = run(*options, "--format", "json", "--json", str(target))
    assert done.returncode == 0, done.stderr
    record = json.loads(target.read_text(encoding="utf-8"))
    assert json.loads(done.stdout) == record
    assert run(*options, "--json", "-").stdout == done.stdout
    assert run(*options, "--format", "json", "--json", "-").stdout == done.stdout
    assert record.pop("theorems")[0]["id"] == "T06"
    assert record == {
        "command": "theorems",
        "version": __version__,
        "seed": 3,
        "settings": {"theorems": ["T06"]},
    }


def test_quiet_counts_on_one_line() -> None:
    theorem = THEOREMS["T06"]
    claims, mutants = len(theorem.claims), len(theorem.mutants)
    done = run("theorems", "T06", "--quiet")
    assert done.stdout == f"1 theorem, {claims} claims, {mutants} mutants\n"
    done = run("theorems", "--quiet")
    assert done.stdout.startswith(f"{len(THEOREMS)} theorems, ")
    assert len(done.stdout.splitlines()) == 1


def unescaped(text: str, style: str) -> str:
    if style == "markdown":
        return re.sub(r"\\(.)", r"\1", text)
    for command, sign in (
        ("backslash", "\\"), ("asciicircum", "^"), ("asciitilde", "~"),
        ("bar", "|"), ("less", "<"), ("greater", ">"),
    ):  # fmt: skip
        text = text.replace(rf"\text{command}{{}}", sign)
    return re.sub(r"\\([{}$&#%_])", r"\1", text)


@pytest.mark.parametrize("style", ["latex", "markdown"])
def test_documents_hold_all_that_is_known_of_a_theorem(style: str) -> None:
    done = run("theorems", "--format", style)
    assert done.returncode == 0, done.stderr
    text = unescaped(done.stdout, style)
    for theorem in THEOREMS.values():
        notes = [w.note for w in theorem.witnesses]
        notes += [c.dropped for c in theorem.counterexamples]
        notes += [m.name for m in theorem.mutants]
        assert all(note in text for note in (*notes, theorem.source, theorem.title))
        assert ", ".join(theorem.uses) in text
    if style == "latex":
        assert done.stdout.count("\\begin{") == done.stdout.count("\\end{")


def test_plain_text_is_escaped() -> None:
    assert escaped(r"a_b^c {1} \x #~") == (
        r"a\_b\textasciicircum{}c \{1\} \textbackslash{}x \#\textasciitilde{}"
    )
    assert literal("a_b*c [d] <e> `f`") == r"a\_b\*c \[d\] \<e\> \`f\`"
    assert plain(r"$\sum_{c\ne e} p_c$") == "Σ_(c≠e) p_c"
