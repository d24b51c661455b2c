"""proofs/graph.py: a changed lemma changes the evidence of all that rests on it, alone."""

from pathlib import Path
from typing import Any

import pytest
from support.coq import changed, checked, graph_of, needs_coq, small

from landtheory.proofs.graph import Graph

pytestmark = needs_coq

THEOREMS = {
    "D_mean", "D_mean_notation", "D_spread", "D_twice", "T06_le", "T06b_ge0", "T07b_gt0",
    "T06b_small_false", "R03_even",
}  # fmt: skip


def test_every_lemma_is_there_with_what_it_uses(honest: dict[str, Any]) -> None:
    lemmas = honest["lemmas"]
    assert set(honest["statements"]) == THEOREMS
    assert lemmas["Means.spread_ge0"]["uses"] == ["Means.spread", "Means.spreadE"]
    assert lemmas["Means.spread"]["uses"] == ["Means.mean"]
    assert lemmas["Means.spread"]["kind"] == "Definition"
    # through the notation
    assert lemmas["Statements.T06_le"]["uses"] == ["Means.mean", "Means.mean_le"]
    assert "Means.c0" not in lemmas
    place = lemmas["Means.mean_le"]
    lines = small().texts["Means"].splitlines()
    assert lines[place["line"] - 1].startswith("Lemma mean_le")
    assert lines[place["end_line"] - 1].endswith("Qed.")
    assert place["end_line"] == place["line"] + 1
    assert lemmas["Means.spreadE"]["seconds"] > 0


CHANGES = {
    # a proof
    ("unfold spread, mean. field", "unfold spread, mean; field"): {
        "D_spread", "T06b_ge0", "T06b_small_false",
    },
    # a definition
    ("R := (x + y) / 2.", "R := (x + y) * / 2."): {
        "D_mean", "D_mean_notation", "D_spread", "T06_le", "T06b_ge0", "T07b_gt0",
        "T06b_small_false",
    },
    # a hypothesis, though no proof names it
    ("Hypothesis c0 : 0 < c.", "Hypothesis c0 : c > 0."): {"T07b_gt0"},
    # an import works, without being mentioned, on everything that rests on its file, and
    # Statements.v does
    ("Reals Lra.", "Reals Psatz Lra."): THEOREMS,
    # a comment and an empty line work on nothing
    ("(** [mean x y] is", "\n(** The mean is"): set(),
}  # fmt: skip


@pytest.fixture(scope="module")
def before(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return graph_of(small(), cache, tmp_path_factory.mktemp("graph") / "before")


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change[0][:20])
def test_what_rests_on_a_change_and_nothing_else(
    before: Graph, cache: Path, tmp_path: Path, change: tuple[str, str]
) -> None:
    after = graph_of(changed(*change), cache, tmp_path / "after")
    stale = {
        name
        for name in THEOREMS
        if after.evidence(f"Statements.{name}") != before.evidence(f"Statements.{name}")
    }
    assert stale == CHANGES[change]


def test_a_changed_comment_on_claims_is_seen(
    honest: dict[str, Any], cache: Path
) -> None:
    after = checked(changed("(** T06(a.1):", "(** T06(a.2):", file="Statements"), cache)
    rows, old = after["statements"], honest["statements"]
    assert rows["T06_le"]["sha256"] != old["T06_le"]["sha256"]
    assert rows["T06b_ge0"]["sha256"] == old["T06b_ge0"]["sha256"]
