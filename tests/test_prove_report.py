"""prove_report.py: rows, statements in full, and why not all is proved."""

import copy
import io
from typing import Any

import pytest
from rich.console import Console

from landtheory.prove_report import proof_summary, show_proofs, unproved


def row(ids: tuple[str, ...], line: int, **more: Any) -> dict[str, Any]:
    return {
        "kind": "theorem", "ids": list(ids), "covers": [], "covers_in_part": [],
        "meaning": "it", "statement": "forall x,\n  x = x", "context": [],
        "file": "Statements.v", "line": line, "end_line": line + 1, "lemma": "eqE",
        "lemma_id": "A.eqE", "lemma_file": "A.v", "closed": "", "axioms": [],
        "axiom_kind": "none", "premises": [], "uses": ["A.eqE"], "seconds": 1.5,
        "sha256": "", "example": None, "mutants": 2, "checked": True, "refused": [], **more,
    }  # fmt: skip


def lemma(*uses: str, seconds: float) -> dict[str, Any]:
    return {"uses": list(uses), "seconds": seconds}


RECORD: dict[str, Any] = {
    "statements": {
        "T06_a": row(("T06",), 3),
        "T06_b": row(("T06", "T07"), 9, axiom_kind="reals", premises=["h", "g"]),
        "D_a": row((), 1, kind="anchor"),
    },
    "lemmas": {
        "Statements.T06_a": lemma("A.eqE", seconds=0.25),
        "Statements.T06_b": lemma("A.eqE", seconds=0.5),
        "A.eqE": lemma("A.base", seconds=1.0),
        "A.base": lemma(seconds=2.0),
    },
    "refusals": [],
    "coqchk": {"seconds": 1.0, "refusals": []},
    "mutants": {
        "tried": 3,
        "killed": {"statement": 2, "definition": 1},
        "refusals": [],
    },
}


def refusal(about: str, scope: str = "statement") -> dict[str, Any]:
    sentence = f"{about} is wrong"
    return {"about": about, "sentence": sentence, "file": "", "line": 1, "scope": scope}


def shown(record: dict[str, Any], *ids: str) -> str:
    out = io.StringIO()
    show_proofs(record, ids, Console(file=out, width=100))
    return out.getvalue()


def test_a_row_for_each_theorem() -> None:
    lines = [line.split("│") for line in shown(RECORD).splitlines() if "│" in line]
    cells = [[cell.strip() for cell in line[1:-1]] for line in lines]
    # what two statements rest on is counted once
    assert cells == [
        ["T06", "2", "Statements.v:3-10", "reals", "2", "3.75", "checked"],
        ["T07", "1", "Statements.v:9-10", "reals", "2", "3.50", "checked"],
    ]


def test_the_summary() -> None:
    assert proof_summary(RECORD, ()) == (
        "checked: 2 of 2 theorems, 3 of 3 statements checked, axioms: reals, 3 of 3 mutants "
        "refused (1 of a definition, 2 of a statement), coqchk accepts"
    )
    assert proof_summary({**RECORD, "coqchk": None, "mutants": None}, ("T07",)) == (
        "checked: 1 of 1 theorems, 1 of 1 statements checked, axioms: reals, mutants not "
        "tried (--check), coqchk not run (--check)"
    )


def test_statements_that_no_mutant_changes_are_counted() -> None:
    record = copy.deepcopy(RECORD)
    for one in record["statements"].values():
        one["mutants"] = 0
    told = ", 2 statements without a mutant of their own, coqchk accepts"
    assert proof_summary(record, ()).endswith(told)


def test_statements_in_full() -> None:
    text = shown(RECORD, "T07")
    assert text.startswith("T06_b  Statements.v:9-10\n  forall x,\n    x = x\n")
    assert "covers: T06, T07, no claim by itself" in text
    assert "lemma: eqE in A.v" in text
    assert "T06_a" not in text


@pytest.mark.parametrize(
    ("ids", "told"),
    [
        ((), ["T06_a is wrong", "T01 is wrong", "mutants.json is wrong"]),
        (("T06",), ["T06_a is wrong", "mutants.json is wrong"]),
        (("T07",), ["mutants.json is wrong"]),
        (
            ("T01",),
            ["T01 is wrong", "mutants.json is wrong", "T01 has no formal statement"],
        ),
    ],
)
def test_what_concerns_what_was_asked_for(
    ids: tuple[str, ...], told: list[str]
) -> None:
    record = copy.deepcopy(RECORD)
    record["refusals"] = [refusal("T06_a"), refusal("T01", "none")]
    record["mutants"]["refusals"] = [refusal("mutants.json", "none")]
    record["statements"]["T06_a"] |= {"checked": False, "refused": ["T06_a is wrong"]}
    assert unproved(record, ids) == told
    assert proof_summary(record, ids).startswith("refused: ")
    assert proof_summary(record, ids).endswith(f", {len(told)} refused")


def test_many_refused_statements_are_counted() -> None:
    record = copy.deepcopy(RECORD)
    record["statements"] = {
        f"T06_{place}": row(("T06",), place, checked=False) for place in range(5)
    }
    text = " ".join(shown(record).replace("│", " ").split())
    assert "refused: T06_0, T06_1 and 3 more" in text
    record["refusals"] = [refusal("T01", "none")]
    assert "missing" in shown(record)
