"""A theorem, a refutation or a lemma with all that is known of it, as an article."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from ..evidence.graph import Graph, LemmaNode
from ..evidence.library import Library
from ..evidence.status import Assessment, NodeState
from ..theory.theorems import Refutation, Theorem
from .chips import chip, evidence_kinds, kind_of
from .claims import claims_html
from .evidence_parts import (
    counterexamples_html,
    derivation_html,
    example_html,
    formal_html,
    mutants_html,
    witnesses_html,
)
from .markup import element, folded, items
from .numbers import short
from .prose import Prose

__all__ = ["Writer", "topic_title"]

_BOUND = {
    "statement": "statement",
    "theorem_code": "its code",
    "engine": "the code that judges",
}
"""What the hashes of a run are of."""


def topic_title(topic: str) -> str:
    """A topic as a heading: linear-networks as Linear networks."""
    text = topic.replace("-", " ")
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Writes articles.

    Attributes
    ----------
    library : Library
        What there is.
    found : Assessment
        The state of everything.
    prose : Prose
        Makes HTML of the catalogue's texts.
    """

    library: Library
    found: Assessment
    prose: Prose

    def theorem(self, theorem: Theorem) -> str:
        """A theorem: what it says, why, and how that is known."""
        one = theorem.id
        node = self.found.theorems[one]
        prose = self.prose
        parts = [
            self._head(one, theorem.title, node),
            _trouble(node, self.found.graph),
            element(
                "div",
                element("p", prose.html(theorem.statement, here=one)),
                class_="statement",
            ),
            _part(
                "Hypotheses",
                items(prose.html(text, here=one) for text in theorem.hypotheses),
            ),
            _part(
                "What breaks without them", counterexamples_html(theorem, node, prose)
            ),
            _part("Claims", claims_html(theorem, node, prose)),
            self._proof(theorem),
            _part("Where it is tight", witnesses_html(theorem, node, prose)),
            _part("Evidence", self._evidence(theorem, node)),
            self._rests(theorem),
            _run_words(node),
        ]
        return _article(one, parts, node, topic=theorem.topic)

    def refutation(self, refutation: Refutation) -> str:
        """A piece of folklore: what is false in it, where it fails, what is learnt."""
        one = refutation.id
        node = self.found.refutations[one]
        words = self.prose.words(refutation.statement, here=one)
        says = element("p", f'<span class="false">False:</span> {words}.')
        learnt = element(
            "p", f"<b>Learnt:</b> {self.prose.words(refutation.learnt, here=one)}."
        )
        parts = [
            self._head(one, "", node, folklore=True),
            _trouble(node, self.found.graph),
            element("div", says, class_="statement"),
            learnt,
            _part("Where it fails", self._cases(refutation, node)),
            formal_html(one, node, self.library.formal),
            element(
                "p",
                f"Source: {self.prose.words(refutation.source, here=one)}.",
                class_="where",
            ),
            _run_words(node),
        ]
        return _article(one, parts, node, topic="folklore", folklore=True)

    def lemma(self, node: LemmaNode) -> str:
        """A classical lemma: premises, conclusion, source, and who applies it."""
        lemma = node.lemma
        users = [
            one for one, lemmas in self.found.graph.applied.items() if node.id in lemmas
        ]
        premises = " and ".join(map(escape, lemma.premises))
        text = element("p", f"If {premises}, then {escape(lemma.conclusion)}.")
        says = f"{escape(lemma.source)}. Applied by {_links(users)}."
        head = element("h3", escape(lemma.name))
        body = head + text + element("p", says, class_="where")
        return element("article", body, id=node.id, class_="node lemma")

    def _head(
        self, one: str, title: str, node: NodeState, *, folklore: bool = False
    ) -> str:
        link = element("a", one, href=f"#{one}", class_="id")
        heading = element("h3", f"{link} {escape(title)}".strip())
        by = node.by if node.state is node.own else None
        return element("header", heading + chip(node.state, by, folklore=folklore))

    def _proof(self, theorem: Theorem) -> str:
        text = self.prose.html(theorem.proof, here=theorem.id)
        return folded(
            "Proof", element("p", f"{text} ∎"), id=f"{theorem.id}-proof", class_="proof"
        )

    def _evidence(self, theorem: Theorem, node: NodeState) -> str:
        lemmas = {each.lemma.name: each.id for each in self.found.graph.lemmas.values()}
        parts = [formal_html(theorem.id, node, self.library.formal)]
        if theorem.id in self.library.derivations:
            parts.append(derivation_html(theorem.id, node.derivation, lemmas))
        parts.append(mutants_html(theorem, node, self.prose))
        return "\n".join(part for part in parts if part)

    def _rests(self, theorem: Theorem) -> str:
        graph = self.found.graph
        users = [one for one, uses in graph.theorems.items() if theorem.id in uses]
        lemmas = [graph.lemmas[one] for one in graph.applied.get(theorem.id, ())]
        rows = [
            ("Rests on", _links(theorem.uses)),
            ("Classical lemmas", ", ".join(map(_lemma_link, lemmas))),
            ("Needed by", _links(users)),
            ("Source", self.prose.words(theorem.source, here=theorem.id)),
        ]
        listed = "".join(
            f"<dt>{word}</dt><dd>{text}</dd>" for word, text in rows if text
        )
        return element("dl", listed, class_="facts")

    def _cases(self, refutation: Refutation, node: NodeState) -> str:
        found = node.verify.content.get("cases", [])
        rows = []
        for place, case in enumerate(refutation.cases):
            claim = self.prose.html(case.claim.statement, here=refutation.id)
            numbers = _case(found[place]) if place < len(found) else ""
            rows.append(f"{claim}{numbers}{example_html(case.example)}")
        shown = items(rows, "dropped")
        numbers = node.verify.content.get("shown", [])
        table = "".join(
            f"<tr><td>{escape(row['what'])}</td><td>{escape(short(row['value']))}</td></tr>"
            for row in numbers
        )
        return shown + (element("table", table, class_="shown") if table else "")


def _case(row: Mapping[str, Any]) -> str:
    how = "certified" if row["certified"] else "not certified"
    sides = f"left {short(row['left'])}, right {short(row['right'])}"
    bits = f"{row['precision']} bits"
    return element("p", escape(f"fails, {how} at {bits}: {sides}"), class_="where")


def _article(
    one: str,
    parts: Iterable[str],
    node: NodeState,
    *,
    topic: str,
    folklore: bool = False,
) -> str:
    return element(
        "article",
        "\n".join(part for part in parts if part),
        id=one,
        class_="node",
        data_topic=topic,
        data_state=kind_of(node.state, folklore=folklore),
        data_evidence=" ".join(evidence_kinds(node)) or None,
    )


def _part(title: str, content: str) -> str:
    return element("h4", title) + content if content else ""


def _trouble(node: NodeState, graph: Graph) -> str:
    """Why the state is no stronger: outdated records, and what it rests on."""
    del graph
    lines = []
    if node.troubles:
        lines.append(f"Stale: {escape('; '.join(node.troubles))}.")
    if node.because:
        own = element("b", node.own.value)
        state = element("b", node.state.value)
        are = "is" if len(node.because) == 1 else "are"
        lines.append(
            f"By its own evidence {own}; it rests on {_links(node.because)}, which "
            f"{are} {state}."
        )
    return element("p", " ".join(lines), class_="because") if lines else ""


def _run_words(node: NodeState) -> str:
    """When the run was, and with what."""
    record = node.verify.record
    if record is None:
        return ""
    content = record.content
    versions = ", ".join(f"{k} {v}" for k, v in content["versions"].items())
    seeded = f"seed {content['seed']}, " if "seed" in content else ""
    budget = f"budget {content['budget']:g} s, " if "budget" in content else ""
    when = record.made[:16].replace("T", " ")
    text = f"Run of {when} UTC: {seeded}{budget}{content['seconds']:g} s; {versions}."
    hashes = ", ".join(f"{_BOUND[k]} {v[:12]}" for k, v in record.bound.items())
    return element("p", escape(f"{text} Bound to {hashes}."), class_="run")


def _links(ids: Iterable[str]) -> str:
    return ", ".join(f'<a href="#{one}">{one}</a>' for one in ids)


def _lemma_link(node: LemmaNode) -> str:
    return f'<a href="#{node.id}">{escape(node.lemma.name)}</a>'
