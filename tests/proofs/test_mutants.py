"""proofs/mutants.py: what a mutant is, what kills it, and that a batch is as strict."""

import json
from pathlib import Path

import pytest
from support.coq import extended, needs_coq, outcomes_of, small

from landtheory.errors import CertificateError
from landtheory.proofs.mutants import (
    Mutant,
    Outcome,
    classified,
    fault_of,
    read_mutants,
)
from landtheory.proofs.rows import mutants_refused

LE = r"x <= y -> \mean (x, y) <= y"


def row(find: str, replace: str, *, file: str = "Statements.v") -> dict[str, str]:
    return {"file": file, "find": find, "replace": replace, "kind": "statement"}


KILLED = (
    row(LE, r"x <= y -> \mean (x, y) <= x"),
    row(LE, r"x <= y -> \mean (x, y) < y"),
    row("0 <= spread x y :=", "1 <= spread x y :="),
    row("nat := n + n.", "nat := n * n.", file="Counts.v"),
    # outside every definition, and with a full stop inside
    row("Hypothesis c0 : 0 < c.", "Hypothesis c0 : 0 <= c."),
    # read by the statement's own proof, and refused by the example
    row("forall x, 0 <= x -> 0 < mean x c :=", "0 <= c -> forall x, 0 < mean x c :="),
)

VOID = {
    "The reference z was not found": row(LE, r"x <= y -> \mean (x, y) <= z"),
    "Syntax error": row(LE, r"x <= y -> \mean (x, y <= x"),
    "Syntax error:": row("nat := n + n.", "nat := n + .", file="Counts.v"),
    "changes what occurs 0 times": row("nothing", "something"),
    "changes what occurs 3 times": row("spread x y", "spread y x"),
    "changes a file that is not there": row("a", "b", file="Other.v"),
    "changes nothing": row(LE, LE.replace(" ", "  ")),
    "is of kind 'other'; expected one of": row(LE, "x") | {"kind": "other"},
}  # fmt: skip

SURVIVING = (
    row(LE, r"(x) <= y -> \mean (x, y) <= y"),
    row("0 <= spread x y :=", "0 <= (spread x y) :="),
    row("nat := n + n.", "nat := (n + n).", file="Counts.v"),
    row("Variable c : R.\nHyp", "Variable c : R. Variable d : R.\nHyp"),
)


ROWS = (*KILLED, *VOID.values(), *SURVIVING)


@pytest.fixture(scope="module")
def tried(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, ...]:
    sources = extended({}, mutants=json.dumps(ROWS))
    return outcomes_of(sources, cache, tmp_path_factory.mktemp("mutants") / "made")


@needs_coq
def test_what_should_die_dies_and_nothing_else(tried: tuple[Outcome, ...]) -> None:
    verdicts = [one.verdict for one in tried]
    assert verdicts == [
        *["killed"] * len(KILLED),
        *["void"] * len(VOID),
        *["survived"] * len(SURVIVING),
    ]


@needs_coq
@pytest.mark.parametrize("why", VOID)
def test_what_coq_cannot_read_shows_nothing(
    tried: tuple[Outcome, ...], why: str
) -> None:
    assert why in tried[len(KILLED) + list(VOID).index(why)].message


@needs_coq
def test_a_batch_says_what_compiling_each_file_says(
    tried: tuple[Outcome, ...],
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen = [0, 1, 2, len(KILLED), len(KILLED) + 1, len(KILLED) + len(VOID) + 1]
    sources = extended({}, mutants=json.dumps([ROWS[place] for place in chosen]))
    monkeypatch.setattr(
        "landtheory.proofs.mutants._definition", lambda mutant, sources, commands: None
    )
    monkeypatch.setattr("landtheory.proofs.mutants._known", lambda cache, key: None)
    alone = outcomes_of(sources, cache, tmp_path / "made")
    assert [one.verdict for one in alone] == [tried[place].verdict for place in chosen]
    assert [one.message for one in alone] == [tried[place].message for place in chosen]


@needs_coq
def test_outcomes_are_kept_until_what_they_rest_on_changes(
    tried: tuple[Outcome, ...],
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nothing_run(left: list[int], *rest: object) -> list[object]:
        begun.append(len(left))
        return []

    begun: list[int] = []
    monkeypatch.setattr("landtheory.proofs.mutants._tasks", nothing_run)
    mutants = json.dumps([KILLED[0], KILLED[3]])
    again = outcomes_of(extended({}, mutants=mutants), cache, tmp_path / "same")
    assert again == (tried[0], tried[3])
    # an example was added: both rest on it
    piece = {"NonVacuity": "Lemma more : 0 <= 0.\nProof. lra. Qed.\n"}
    other = extended(piece, mutants=mutants)
    with pytest.raises(KeyError):
        outcomes_of(other, cache, tmp_path / "other")
    assert begun == [0, 2]


def test_what_does_not_die_is_refused_in_a_sentence() -> None:
    mutant = Mutant("A", "a", "b", "statement", "")
    outcomes = [Outcome("survived", ""), Outcome("void", "why"), Outcome("killed", "")]
    told = [one.sentence for one in mutants_refused([mutant] * 3, outcomes)]
    assert told == [
        "the mutant A.v: 'a' → 'b' survives: everything compiles with it",
        "the mutant A.v: 'a' → 'b' is void: why",
    ]


@pytest.mark.parametrize(
    ("message", "verdict"),
    [
        ('The term "a" has type "b" while it is expected to have type "c".', "killed"),
        ("Tactic failure: Cannot find witness.", "killed"),
        ("(in proof a): Attempt to save an incomplete proof", "killed"),
        ("Syntax error: [term] expected", "void"),
        ("The reference a was not found in the current environment.", "void"),
        ("Unknown interpretation for notation", "void"),
        ("Timeout!", "undecided"),
    ],
)
def test_what_coq_says_is_told_apart(message: str, verdict: str) -> None:
    assert classified(message) == verdict


@pytest.mark.parametrize("text", ["[", "1", '["a"]', '[{"file": "A.v"}]', '{"a": 1}'])
def test_a_file_that_is_no_list_of_changes(text: str) -> None:
    with pytest.raises(CertificateError, match=r"mutants\.json cannot be read"):
        read_mutants(extended({}, mutants=text))


def test_the_small_librarys_own_mutants_fit_it() -> None:
    mutants = read_mutants(small())
    assert len(mutants) == 5
    assert [fault_of(one, small()) for one in mutants] == [None] * 5
    assert read_mutants(extended({}, mutants=None)) == ()
    assert Mutant("A", "a  b", "c", "statement", "").label == "A.v: 'a b' → 'c'"
