"""evidence/status.py: statuses are computed, and a change is seen wherever it matters.

What must become stale is found here by the definition: all theorems from which a path of
`uses` leads to the one that was changed.
"""

import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from support.coq import changed as changed_sources
from support.coq import checked, needs_coq, small, write
from support.evidence import (
    FORMAL,
    changed,
    claim_content,
    keep_all,
    keep_verify,
    verify_content,
    whole,
)

import landtheory
from landtheory.evidence.formal import FormalLibrary, FormalStatement, load_formal
from landtheory.evidence.library import Library
from landtheory.evidence.records import RecordFolder
from landtheory.evidence.running import keep_formal
from landtheory.evidence.status import Assessment, State, assess
from landtheory.theory.catalogue import THEOREMS
from landtheory.theory.derivation import Derivation, Step
from landtheory.theory.lemmas import Lemma
from landtheory.verdict import ProofKind

ROOT = Path(landtheory.__file__).parent


@pytest.fixture(scope="module")
def library() -> Library:
    return changed(whole(), formal=FORMAL)


@pytest.fixture(scope="module")
def folder(library: Library, tmp_path_factory: pytest.TempPathFactory) -> RecordFolder:
    """Records of everything; tests that change one take a copy."""
    return keep_all(library, tmp_path_factory.mktemp("records"))


@pytest.fixture
def own_folder(folder: RecordFolder, tmp_path: Path) -> RecordFolder:
    return RecordFolder(Path(shutil.copytree(folder.folder, tmp_path / "records")))


def above(one: str) -> set[str]:
    """The theorem and all that rest on it, by the definition."""
    found = {one}
    while True:
        more = {t.id for t in THEOREMS.values() if found & set(t.uses)} - found
        if not more:
            return found
        found |= more


def stale(found: Assessment) -> set[str]:
    nodes = {**found.theorems, **found.refutations}
    return {one for one, node in nodes.items() if node.state is State.STALE}


def states(found: Assessment) -> dict[str, State]:
    nodes = {**found.theorems, **found.refutations}
    return {one: node.state for one, node in nodes.items()}


def only_new_is_stale(
    before: Assessment, after: Assessment, expected: set[str]
) -> None:
    """Exactly these are stale, and nothing is said of others but what was said before."""
    assert stale(before) == set()
    assert stale(after) == expected
    old, new = states(before), states(after)
    assert all(new[one] is old[one] for one in old if one not in expected)


def test_with_every_record_nothing_is_stale(
    library: Library, folder: RecordFolder
) -> None:
    found = assess(library, folder)
    assert stale(found) == set()
    # T01 has a derivation for every claim and rests on nothing
    node = found.theorems["T01"]
    assert (node.state, node.by) == (State.PROVED, ProofKind.SYMBOLIC)
    # T06 has one too, but rests on T02
    node = found.theorems["T06"]
    assert (node.own, node.state) == (State.PROVED, State.SUPPORTED)
    assert node.because == ("T02",)
    assert found.theorems["T11"].because == ("T02", "T03")
    assert {node.state for node in found.refutations.values()} == {State.REFUTED}


def test_without_records_nothing_is_run(library: Library, tmp_path: Path) -> None:
    found = assess(library, RecordFolder(tmp_path / "none"))
    assert set(states(found).values()) == {State.NOT_RUN}


@pytest.mark.parametrize("one", list(THEOREMS))
def test_a_changed_statement_makes_all_that_rests_on_it_stale(
    one: str, library: Library, folder: RecordFolder
) -> None:
    theorem = replace(THEOREMS[one], statement=THEOREMS[one].statement + " ")
    other = changed(
        library, theorems=MappingProxyType({**library.theorems, one: theorem})
    )
    expected = above(one)
    only_new_is_stale(
        assess(library, folder),
        assess(other, folder),
        # T06_a says something in part about T07, and is one statement with what it
        # says of T06
        expected | above("T06") | above("T07") if one in ("T06", "T07") else expected,
    )


@pytest.mark.parametrize("part", ["hypotheses", "claim", "assumption", "mutant"])
def test_every_part_of_what_is_claimed_counts(
    part: str, library: Library, folder: RecordFolder
) -> None:
    theorem = THEOREMS["T23"]
    first, *rest = theorem.claims
    variants: Mapping[str, Any] = {
        "hypotheses": {"hypotheses": theorem.hypotheses[1:]},
        "claim": {"claims": (replace(first, statement=first.statement + "1"), *rest)},
        "assumption": {"claims": (replace(first, assumes=("critical",)), *rest)},
        "mutant": {"mutants": theorem.mutants[1:]},
    }
    other = changed(
        library,
        theorems=MappingProxyType(
            {**library.theorems, "T23": replace(theorem, **variants[part])}
        ),
    )
    only_new_is_stale(assess(library, folder), assess(other, folder), above("T23"))


def with_lemma(derivation: Derivation, name: str, **changes: str) -> Derivation:
    """The same derivation, with one lemma's text changed wherever it is applied."""

    def step(old: Step) -> Step:
        lemma: Lemma | None = old.lemma
        if lemma is not None and lemma.name == name:
            lemma = replace(lemma, **changes)
        return replace(old, lemma=lemma, premises=tuple(map(step, old.premises)))

    return replace(derivation, steps=tuple(map(step, derivation.steps)))


@pytest.mark.parametrize(
    ("name", "applied_by"),
    [
        ("spectra of BᵀB and BBᵀ", {"T04"}),
        ("spectral theorem", {"T01", "T04"}),
        ("Rayleigh's bound", {"T04", "T19"}),
        ("Price's theorem", {"T18"}),
        ("triangle inequality", {"T11"}),
    ],
)
def test_a_changed_lemma_makes_all_that_rests_on_it_stale(
    name: str, applied_by: set[str], library: Library, folder: RecordFolder
) -> None:
    derivations = {
        one: with_lemma(each, name, conclusion="something else")
        for one, each in library.derivations.items()
    }
    expected = set().union(*map(above, applied_by))
    only_new_is_stale(
        assess(library, folder),
        assess(changed(library, derivations=derivations), folder),
        expected,
    )


def test_a_changed_rocq_lemma_makes_all_that_rests_on_it_stale(
    library: Library, folder: RecordFolder
) -> None:
    statement = replace(FORMAL.statements["T08_all"], sha256="9" * 64)
    formal = replace(FORMAL, statements={**FORMAL.statements, "T08_all": statement})
    other = changed(library, formal=formal)
    only_new_is_stale(assess(library, folder), assess(other, folder), above("T08"))


@needs_coq
def test_a_rocq_lemma_is_mutated_in_a_copied_library(
    tmp_path: Path, folder: RecordFolder
) -> None:
    """Coq itself says which statements rest on the lemma."""
    place, cache = tmp_path / "proofs", tmp_path / "cache"
    checked(small(), cache)
    library = changed(whole(), formal=load_formal(write(small(), place), cache))
    mine = RecordFolder(Path(shutil.copytree(folder.folder, tmp_path / "records")))
    keep_formal(library, mine)
    before = assess(library, mine)
    assert before.theorems["T06"].claims["b"].by is ProofKind.BOTH

    mutated = changed_sources(
        "Proof. intros h. unfold mean. lra. Qed.",
        "Proof. intros h. unfold mean. assert (0 < c / 2) by lra. lra. Qed.",
    )
    write(mutated, place)
    unchecked = changed(whole(), formal=load_formal(place, cache))
    everything = above("T06") | above("T07") | {"R03"}
    only_new_is_stale(before, assess(unchecked, mine), everything)

    checked(mutated, cache)
    rechecked = changed(whole(), formal=load_formal(place, cache))
    only_new_is_stale(before, assess(rechecked, mine), above("T07"))

    keep_formal(rechecked, mine)
    assert states(assess(rechecked, mine)) == states(before)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("theory/catalogue/t09.py", {"T09", "T14"}),
        ("theory/derivations/t20.py", {"T20"}),
        ("theory/derivations/square.py", {"T19", "T20", "T22"}),
        # T04 and T11 take steps from it
        ("theory/derivations/t10.py", above("T10") | above("T04") | above("T11")),
    ],
)
def test_changed_code_makes_what_it_produced_stale(
    file: str,
    expected: set[str],
    folder: RecordFolder,
    library: Library,
    tmp_path: Path,
) -> None:
    for package in ("numerics", "theory"):
        shutil.copytree(
            ROOT / package,
            tmp_path / package,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    path = tmp_path / file
    path.write_text(path.read_text() + "# changed\n")
    other = changed(library, root=tmp_path)
    only_new_is_stale(assess(library, folder), assess(other, folder), expected)


def test_a_changed_judge_makes_everything_stale(
    folder: RecordFolder, library: Library, tmp_path: Path
) -> None:
    for package in ("numerics", "theory"):
        shutil.copytree(
            ROOT / package,
            tmp_path / package,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    path = tmp_path / "numerics" / "judge.py"
    path.write_text(path.read_text() + "# changed\n")
    found = assess(changed(library, root=tmp_path), folder)
    assert stale(found) == {*library.theorems, *library.refutations}


@pytest.mark.parametrize("kind", ["verify", "derivation", "formal", "folklore"])
def test_a_record_with_one_changed_digit_counts_for_nothing(
    kind: str, library: Library, own_folder: RecordFolder
) -> None:
    of = {"verify": "T07", "derivation": "T04", "formal": "T08_all", "folklore": "R05"}
    path = own_folder.path(kind, of[kind])
    text = path.read_text()
    match = re.search(r'"bound": \{\s*"\w+": "([0-9a-f]{64})"', text)
    assert match is not None
    digit = "0" if text[match.start(1)] != "0" else "1"
    path.write_text(text[: match.start(1)] + digit + text[match.start(1) + 1 :])
    about = {"formal": "T08", "folklore": "R05"}.get(kind, of[kind])
    found = assess(library, own_folder)
    assert stale(found) == (above(about) if about in THEOREMS else {about})
    nodes = {**found.theorems, **found.refutations}
    assert "refused" in " ".join(nodes[about].troubles)


def test_a_missing_record_is_not_run_and_weakens_what_rests_on_it(
    library: Library, own_folder: RecordFolder
) -> None:
    own_folder.path("verify", "T02").unlink()
    found = assess(library, own_folder)
    weak = {one for one, s in states(found).items() if s is State.NOT_RUN}
    assert weak == above("T02")
    assert found.theorems["T14"].because == ("T02",)


@pytest.mark.parametrize(
    ("verdict", "state"), [("undecided", State.UNDECIDED), ("refuted", State.REFUTED)]
)
def test_what_a_run_found_against_a_theorem_counts_more_than_a_proof(
    verdict: str, state: State, library: Library, own_folder: RecordFolder
) -> None:
    content = verify_content(library, "T01")
    content["claims"][0] = claim_content(content["claims"][0]["label"], verdict)
    keep_verify(library, own_folder, "T01", content | {"verdict": verdict})
    found = assess(library, own_folder)
    assert found.theorems["T01"].own is state
    first, *others = found.theorems["T01"].claims.values()
    assert (first.state, first.by) == (state, None)
    assert {one.state for one in others} == {State.PROVED}
    assert {one for one, s in states(found).items() if s is state} >= above("T01")


def test_a_surviving_mutant_leaves_a_theorem_undecided(
    library: Library, own_folder: RecordFolder
) -> None:
    """Its claims were not broken, but the engine could not have broken them either."""
    content = verify_content(library, "T23") | {"verdict": "undecided"}
    keep_verify(library, own_folder, "T23", content)
    assert assess(library, own_folder).theorems["T23"].state is State.UNDECIDED


def test_a_run_alone_never_proves(library: Library, own_folder: RecordFolder) -> None:
    """Its record may say proved, as it replays; the replay's own record decides."""
    keep_verify(library, own_folder, "T01", verify_content(library, "T01", "proved"))
    own_folder.path("derivation", "T01").unlink()
    assert assess(library, own_folder).theorems["T01"].state is State.SUPPORTED


def test_a_theorem_is_proved_if_all_its_claims_are(
    library: Library, tmp_path: Path
) -> None:
    """Some by the kernel, some symbolically; one that is missing is one too few."""
    labels = [claim.label for claim in THEOREMS["T01"].claims]
    statement = FormalStatement(
        name="T01_all", covers=tuple(("T01", x) for x in labels), sha256="5" * 64
    )
    some = replace(statement, covers=statement.covers[1:])
    for given, by in ((statement, ProofKind.FORMAL), (some, None)):
        formal = FormalLibrary(statements={given.name: given}, checked=True)
        other = changed(library, formal=formal, derivations={})
        folder = keep_all(other, tmp_path / str(by))
        node = assess(other, folder).theorems["T01"]
        assert node.by is by
        assert node.state is (State.PROVED if by else State.SUPPORTED)
        both = changed(library, formal=formal)
        node = assess(both, keep_all(both, tmp_path / f"{by} both")).theorems["T01"]
        assert (node.state, node.by) == (State.PROVED, ProofKind.BOTH)


def test_a_mutant_or_a_part_proves_no_claim(
    library: Library, folder: RecordFolder
) -> None:
    found = assess(library, folder)
    assert found.theorems["T06"].claims["a.1"].by is ProofKind.BOTH
    assert found.theorems["T06"].claims["b"].by is ProofKind.SYMBOLIC
    assert found.theorems["T07"].claims["a.1"].state is State.SUPPORTED


def test_formal_records_never_count_without_coq(
    library: Library, folder: RecordFolder
) -> None:
    absent = replace(FORMAL, reason="not checked on this machine", checked=False)
    found = assess(changed(library, formal=absent), folder)
    assert found.theorems["T06"].claims["a.1"].by is ProofKind.SYMBOLIC
    assert all(s.by is None for s in found.theorems["T08"].claims.values())
    assert found.theorems["T08"].state is State.SUPPORTED
    assert stale(found) == set()


def test_what_the_kernel_does_not_vouch_for_is_stale(
    library: Library, folder: RecordFolder
) -> None:
    statement = replace(FORMAL.statements["T08_all"], sha256="")
    formal = replace(FORMAL, statements={**FORMAL.statements, "T08_all": statement})
    assert stale(assess(changed(library, formal=formal), folder)) == above("T08")
