"""The search index: for every anchor the words that find it, made at build time."""

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from ..evidence.formal import FormalStatement
from ..evidence.library import Library
from ..evidence.status import Assessment
from ..tex import plain
from ..theory.theorems import Theorem
from .chips import evidence_kinds, kind_of
from .markup import anchor_of

__all__ = ["index_json", "index_of", "words_of"]

_WORD = re.compile(r"[^\W_]+")


def index_of(library: Library, found: Assessment) -> list[dict[str, Any]]:
    """An entry for every theorem, claim, refutation, lemma and formal statement.

    Parameters
    ----------
    library : Library
        What there is.
    found : Assessment
        The state of everything.

    Returns
    -------
    list of dict
        anchor, of (the article that it is in), title and words; articles also have
        topic, state and evidence.
    """
    entries = [
        entry
        for theorem in library.theorems.values()
        for entry in _theorem(theorem, library, found)
    ]
    for one, refutation in library.refutations.items():
        node = found.refutations[one]
        entries.append(
            {
                "anchor": one,
                "of": one,
                "title": f"{one} False: {refutation.statement}",
                "words": words_of(
                    (one, refutation.statement, refutation.learnt, refutation.source)
                ),
                "topic": "folklore",
                "state": kind_of(node.state, folklore=True),
                "evidence": evidence_kinds(node),
            }
        )
        entries += [_formal(each, one) for each in library.formal.of(one)]
    for node_id, lemma in found.graph.lemmas.items():
        said = lemma.lemma
        entries.append(
            {
                "anchor": node_id,
                "of": node_id,
                "title": f"Lemma: {said.name}",
                "words": words_of(
                    ("lemma", said.name, *said.premises, said.conclusion, said.source)
                ),
                "topic": "lemma",
                "state": "trusted",
                "evidence": [],
            }
        )
    # a statement that speaks of several is shown with the first of them
    return list({entry["anchor"]: entry for entry in reversed(entries)}.values())[::-1]


def index_json(entries: list[dict[str, Any]]) -> str:
    """The index as JSON that can stand inside a script element."""
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def words_of(texts: Iterable[str]) -> str:
    """The words of texts, each once, in small letters and without accents, in order."""
    joined = unicodedata.normalize("NFKD", " ".join(texts)).lower()
    bare = "".join(c for c in joined if not unicodedata.combining(c))
    return " ".join(dict.fromkeys(_WORD.findall(bare)))


def _theorem(
    theorem: Theorem, library: Library, found: Assessment
) -> list[dict[str, Any]]:
    one = theorem.id
    node = found.theorems[one]
    texts = [one, theorem.title, theorem.topic, theorem.source]
    texts += map(plain, (theorem.statement, theorem.proof, *theorem.hypotheses))
    texts += [counter.dropped for counter in theorem.counterexamples]
    texts += [mutant.name for mutant in theorem.mutants]
    texts += [witness.note for witness in theorem.witnesses]
    lemmas = [found.graph.lemmas[each] for each in found.graph.applied.get(one, ())]
    texts += [each.lemma.name for each in lemmas]
    entries: list[dict[str, Any]] = [
        {
            "anchor": one,
            "of": one,
            "title": f"{one} {theorem.title}",
            "words": words_of(texts),
            "topic": theorem.topic,
            "state": node.state.value,
            "evidence": evidence_kinds(node),
        }
    ]
    for claim in theorem.claims:
        said = plain(claim.statement)
        entries.append(
            {
                "anchor": anchor_of(one, claim.label),
                "of": one,
                "title": f"{one}({claim.label}) {said}",
                "words": words_of((one, claim.label, said)),
            }
        )
    return [*entries, *(_formal(each, one) for each in library.formal.of(one))]


def _formal(statement: FormalStatement, one: str) -> dict[str, Any]:
    facts = statement.facts
    uses = " ".join(map(str, facts.get("uses") or ()))
    texts = (
        *("formal", statement.name, str(facts.get("meaning", ""))),
        *(str(facts.get("lemma", "")), uses.replace("_", " "), uses),
    )
    return {
        "anchor": f"F-{statement.name}",
        "of": statement.ids[0] if statement.ids else one,
        "title": f"Formal statement {statement.name}",
        "words": words_of(texts),
    }
