"""blueprint/page.py: one file that loads nothing, in which every link arrives."""

import base64
import hashlib
import itertools
import json
import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest
from support.evidence import FORMAL, changed
from support.page import Page

from landtheory.blueprint.page import blueprint_page
from landtheory.blueprint.search import words_of
from landtheory.evidence.library import Library
from landtheory.evidence.records import RecordFolder
from landtheory.evidence.status import Assessment, assess

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


def index(page: Page) -> list[dict[str, object]]:
    ((_, text),) = [s for s in page.scripts if s[0].get("type") == "application/json"]
    return json.loads(text)


def test_ids_are_there_once(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    assert page.unbalanced == []


def test_every_link_arrives(page: Page) -> None:
    assert len(page.links) > 1000
    assert {link[:1] for link in page.links} == {"#"}
    assert {link[1:] for link in page.links} <= set(page.ids)


def test_every_theorem_claim_refutation_and_lemma_has_its_anchor(
    page: Page, library: Library, found: Assessment
) -> None:
    wanted = {*library.theorems, *library.refutations, *found.graph.lemmas}
    for theorem in library.theorems.values():
        wanted |= {f"{theorem.id}-{claim.label}" for claim in theorem.claims}
        wanted |= {f"{theorem.id}-proof", f"{theorem.id}-mutants"}
    wanted |= {f"F-{name}" for name in FORMAL.statements}
    assert wanted <= set(page.ids)
    for one, theorem in library.theorems.items():
        assert theorem.title in page.texts[one]
    for one, refutation in library.refutations.items():
        assert refutation.statement in page.texts[one]
        assert refutation.learnt in page.texts[one]


def test_nothing_is_loaded(text: str, page: Page) -> None:
    assert not re.search(r"https?:|url\(|@import|src=", text)
    (policy,) = [
        a["content"]
        for t, a in page.tags
        if a.get("http-equiv") == "Content-Security-Policy"
    ]
    ((_, script),) = [s for s in page.scripts if "type" not in s[0]]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    )
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    assert not any("style" in attrs for _, attrs in page.tags)


def test_the_index_leads_to_anchors(page: Page, library: Library) -> None:
    entries = index(page)
    anchors = [entry["anchor"] for entry in entries]
    assert len(anchors) == len(set(anchors))
    assert set(anchors) | {entry["of"] for entry in entries} <= set(page.ids)
    articles = {a["id"] for t, a in page.tags if t == "article"}
    assert {entry["of"] for entry in entries} == articles
    claims = sum(len(theorem.claims) for theorem in library.theorems.values())
    assert sum(bool(re.fullmatch(r"T\d\d-.*", str(a))) for a in anchors) == claims


@pytest.mark.parametrize(
    ("query", "anchor"),
    [("gram", "T04"), ("dinh", "T28"), ("sylvester", "T10"), ("laplace", "R12"),
     ("pac bayes", "T24"), ("complexity_bound", "F-T08_all")],
)  # fmt: skip
def test_words_are_found(page: Page, query: str, anchor: str) -> None:
    words = words_of([query]).split()
    hits = {
        entry["anchor"]
        for entry in index(page)
        if all(f" {word}" in f" {entry['words']}" for word in words)
    }
    assert anchor in hits


def test_without_scripts_all_is_there_and_the_search_is_not(page: Page) -> None:
    hidden = [a.get("id") for _, a in page.tags if "hidden" in a]
    assert hidden == ["tools", "hits"]


def test_controls_and_pictures_have_names(page: Page) -> None:
    labelled = {a["for"] for t, a in page.tags if t == "label"}
    controls = {a["id"] for t, a in page.tags if t in ("input", "select")}
    assert controls <= labelled
    for tag, attrs in page.tags:
        if tag == "svg":
            assert attrs.get("aria-label")
            assert attrs.get("role") in ("img", "group")
    levels = [int(t[1]) for t, _ in page.tags if re.fullmatch(r"h[1-6]", t)]
    assert levels.count(1) == 1
    # a heading of a formal statement may stand in a refutation, without the level above
    assert all(b - a <= 2 for a, b in itertools.pairwise(levels))


def test_what_a_run_found_is_shown(page: Page) -> None:
    shown = page.texts["T08"]
    assert re.search(r"[\d,]+ instances? · largest ratio ", shown)
    assert "The tightest instance met" in shown
    assert re.search(r"6 of 6 false variants refuted", shown)
    assert "There the left side is" in shown
    assert "seed 0, budget 0.2 s" in shown
    assert "27 of 27 steps checked" in page.texts["T06"]
    assert "spectral theorem" in page.texts["T04-derivation"]
    assert "fails, certified at 53 bits" in page.texts["R02b"]


def test_what_the_kernel_checked_is_shown(page: Page) -> None:
    shown = page.texts["T08-formal"]
    assert "1 of 1 statement checked by the kernel" in shown
    assert "Statements.v, lines 12 to 15" in shown
    assert "ClassicalDedekindReals.sig_forall_dec" in shown
    assert "<script>x</script>" in shown
    assert "a false variant, proved false" in page.texts["T06-formal"]
    assert "T06_a, shown with T06" in page.texts["T07-formal"]


def test_a_theorem_says_why_it_is_no_stronger(page: Page) -> None:
    assert (
        "By its own evidence proved; it rests on T02, which is supported."
        in (page.texts["T06"])
    )


def test_stale_and_absent_are_said_and_never_green(
    library: Library, folder: RecordFolder, tmp_path: Path
) -> None:
    theorem = replace(library.theorems["T06"], statement="Changed.")
    absent = replace(
        FORMAL, reason="not checked on this machine: coqc is not installed"
    )
    other = changed(
        library,
        theorems=MappingProxyType({**library.theorems, "T06": theorem}),
        formal=absent,
    )
    page = Page(blueprint_page(other, assess(other, folder)))
    stale = {
        a["id"]
        for t, a in page.tags
        if t == "article" and a.get("data-state") == "stale"
    }
    assert stale == {"T06", "T07", "T08", "T09", "T14", "T25"}
    assert (
        "Stale: its statement, a hypothesis or a claim has changed."
        in page.texts["T06"]
    )
    assert "it rests on T06, which is stale" in page.texts["T25"]
    assert "Formal proof: not checked on this machine" in page.texts["T08"]
    nothing = changed(library, formal=absent)
    page = Page(
        blueprint_page(nothing, assess(nothing, RecordFolder(tmp_path / "none")))
    )
    states = {
        a.get("data-state")
        for t, a in page.tags
        if t == "article" and "data-state" in a
    }
    assert states == {"not run"}
    assert not [a for _, a in page.tags if "data-evidence" in a]
    chips = [
        a["class"]
        for t, a in page.tags
        if str(a.get("class", "")).startswith("chip s-")
    ]
    # in the legend alone
    assert chips.count("chip s-proved") == 1


def test_hostile_texts_are_text(
    library: Library, folder: RecordFolder, page: Page
) -> None:
    one = library.theorems["T24"]
    claim = replace(one.claims[0], statement=HOSTILE)
    theorem = replace(
        one, title=HOSTILE, statement=HOSTILE, proof=HOSTILE, hypotheses=(HOSTILE,),
        source=HOSTILE, claims=(claim, *one.claims[1:]),
    )  # fmt: skip
    facts = {**FORMAL.statements["T08_all"].facts, "text": HOSTILE, "meaning": HOSTILE}
    statement = replace(FORMAL.statements["T08_all"], facts=facts)
    other = changed(
        library,
        theorems=MappingProxyType({**library.theorems, "T24": theorem}),
        formal=replace(FORMAL, statements={**FORMAL.statements, "T08_all": statement}),
    )
    found = Page(blueprint_page(other, assess(other, folder)))
    assert {tag for tag, _ in found.tags} == {tag for tag, _ in page.tags}
    assert found.texts["T24"].count(HOSTILE) >= 5
    assert not any(name.startswith("on") for _, attrs in found.tags for name in attrs)
    assert len(found.scripts) == 2
    assert any(entry["title"] == f"T24 {HOSTILE}" for entry in index(found))


def test_the_same_records_give_the_same_page(
    library: Library, folder: RecordFolder, text: str
) -> None:
    assert blueprint_page(library, assess(library, folder)) == text
