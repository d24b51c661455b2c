"""evidence/graph.py: what rests on what."""

from support.evidence import FORMAL, changed, whole

from landtheory.evidence.graph import ancestors, descendants, graph_of
from landtheory.theory import lemmas

USES = {"A": (), "B": ("A",), "C": ("B",), "D": ("C", "A"), "E": ()}


def test_ancestors_and_descendants_are_all_of_them() -> None:
    assert ancestors(USES, "D") == ("A", "B", "C")
    assert ancestors(USES, "A") == ()
    assert descendants(USES, "A") == ("B", "C", "D")
    assert descendants(USES, "E") == ()


def test_the_catalogue_has_no_circle() -> None:
    graph = graph_of(whole())
    for one in graph.theorems:
        assert one not in ancestors(graph.theorems, one)
        assert set(graph.theorems[one]) <= set(graph.theorems)


def test_every_lemma_has_its_own_name() -> None:
    graph = graph_of(whole())
    assert "L-gram-spectra" in graph.lemmas
    assert graph.lemmas["L-gram-spectra"].lemma is lemmas.GRAM_SPECTRA
    applied = {one for each in graph.applied.values() for one in each}
    assert applied == set(graph.lemmas)
    names = [node.lemma.name for node in graph.lemmas.values()]
    assert len(set(names)) == len(names)


def test_formal_statements_are_found_by_what_they_speak_of() -> None:
    graph = graph_of(changed(whole(), formal=FORMAL))
    assert graph.formal["T07"] == ("T06_a",)
    assert graph.formal["T06"] == ("T06_a", "T06_mutant")
    assert graph.formal["R03"] == ("R03_found",)
    assert graph.formal["T01"] == ()
