"""The blueprint as one HTML file: it loads nothing, and reads well without scripts too."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape
from importlib.resources import files

from .._version import __version__
from ..evidence.library import Library
from ..evidence.status import Assessment, State
from .articles import Writer, topic_title
from .chips import MEANINGS, chip, evidence_kinds, kind_of, proof_words
from .drawing import Box, graph_svg, lemmas_svg
from .markup import anchor_of, element, folded, plural
from .prose import Prose
from .search import index_json, index_of

__all__ = ["blueprint_page"]

TITLE = "A blueprint of loss landscapes"

EVIDENCE: Mapping[str, str] = {
    "formal": "formal proof",
    "symbolic": "symbolic derivation",
    "balls": "ball arithmetic",
    "instances": "instances tried",
    "mutants": "mutants refuted",
}
"""The kinds of evidence, as the filter names them."""


def blueprint_page(library: Library, found: Assessment) -> str:
    """The page.

    Parameters
    ----------
    library : Library
        Theorems, refutations, derivations and formal statements.
    found : Assessment
        The state of each.

    Returns
    -------
    str
        HTML.
    """
    prose = Prose(_anchors(library, found))
    writer = Writer(library=library, found=found, prose=prose)
    script = files(__package__).joinpath("page.js").read_text(encoding="utf-8")
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    parts = [
        _tools(library, found),
        element("div", _opening(library, found), class_="top"),
        f'<main id="main">\n{_body(library, found, writer)}\n</main>',
        element("footer", _footer(library)),
        element(
            "script",
            index_json(index_of(library, found)),
            type="application/json",
            id="index",
        ),
        f"<script>{script}</script>",
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(script)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{TITLE}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#main">To the theorems</a>\n'
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def _policy(script: str) -> str:
    """Nothing is loaded, and no script runs but the page's own."""
    digest = hashlib.sha256(script.encode()).digest()
    own = base64.b64encode(digest).decode()
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{own}'"


def _anchors(library: Library, found: Assessment) -> frozenset[str]:
    claims = (
        anchor_of(theorem.id, claim.label)
        for theorem in library.theorems.values()
        for claim in theorem.claims
    )
    return frozenset(
        (*library.theorems, *library.refutations, *found.graph.lemmas, *claims)
    )


def _opening(library: Library, found: Assessment) -> str:
    lead = (
        "Theorems about the loss of neural networks, what each rests on, and what is "
        "known of it. Every status is computed from records of runs, which are bound to "
        "the statement and to the code that judged it."
    )
    return (
        element("h1", TITLE)
        + element("p", lead, class_="lead")
        + _tally(library, found)
        + _formal_note(library)
    )


def _tally(library: Library, found: Assessment) -> str:
    states = Counter(node.state for node in found.theorems.values())
    own = sum(node.own is State.PROVED for node in found.theorems.values())
    rows = [
        (f"{len(library.theorems)}", "theorems"),
        (f"{sum(len(t.claims) for t in library.theorems.values())}", "claims"),
        (f"{own}", "proved by their own evidence"),
    ]
    rows += [
        (f"{states[state]}", state.value)
        for state in State
        if states[state] and state is not State.PROVED
    ]
    rows.insert(3, (f"{states[State.PROVED]}", "proved with all they rest on"))
    refuted = sum(node.state is State.REFUTED for node in found.refutations.values())
    rows.append((f"{refuted}/{len(library.refutations)}", "folk claims refuted"))
    return element(
        "ul",
        "".join(f"<li><b>{number}</b>{word}</li>" for number, word in rows),
        class_="tally",
    )


def _formal_note(library: Library) -> str:
    formal = library.formal
    said = formal.reason or formal.trouble
    if not said:
        return ""
    return element("p", f"Formal proofs: {escape(said)}.", class_="where")


def _tools(library: Library, found: Assessment) -> str:
    nodes = {**found.theorems, **found.refutations}
    topics = [theorem.topic for theorem in library.theorems.values()]
    topic = {each: topic_title(each) for each in (*topics, "folklore", "lemma")}
    there = [
        kind_of(node.state, folklore=one in found.refutations)
        for one, node in nodes.items()
    ]
    words = {**{each: each for each in MEANINGS}, "false": "refuted folklore"}
    state = {each: word for each, word in words.items() if each in there}
    kinds = {kind for node in nodes.values() for kind in evidence_kinds(node)}
    evidence = {each: word for each, word in EVIDENCE.items() if each in kinds}
    fields = (
        '<label class="label-hidden" for="q">Search</label>'
        '<input id="q" type="search" placeholder="Search  ( / )" autocomplete="off" '
        'spellcheck="false">'
        + _select("topic", "Every topic", topic)
        + _select("state", "Every status", state)
        + _select("evidence", "Any evidence", evidence)
        + '<button type="button" id="clear">Clear</button>'
        '<p class="count" id="count" role="status" aria-live="polite"></p>'
    )
    return (
        '<form id="tools" role="search" hidden>'
        f'<div class="bar">{fields}</div><ul id="hits" hidden></ul></form>'
    )


def _select(name: str, every: str, options: Mapping[str, str]) -> str:
    listed = "".join(
        f'<option value="{escape(value)}">{escape(word)}</option>'
        for value, word in options.items()
    )
    label = f'<label class="label-hidden" for="{name}">{name.title()}</label>'
    return (
        f'{label}<select id="{name}"><option value="">{every}</option>{listed}</select>'
    )


def _body(library: Library, found: Assessment, writer: Writer) -> str:
    topics = dict.fromkeys(theorem.topic for theorem in library.theorems.values())
    parts = [_graph(library, found), _overview(library, found)]
    for topic in topics:
        articles = [
            writer.theorem(theorem)
            for theorem in library.theorems.values()
            if theorem.topic == topic
        ]
        parts.append(_group(f"topic-{topic}", topic_title(topic), articles))
    parts.append(
        _group(
            "folklore",
            "Folklore, refuted",
            map(writer.refutation, library.refutations.values()),
        )
    )
    parts.append(
        _group(
            "lemmas",
            "Classical lemmas, trusted",
            map(writer.lemma, found.graph.lemmas.values()),
            opening=_lemma_words(found),
        )
    )
    return "\n".join(parts)


def _group(
    anchor: str, title: str, articles: Iterable[str], *, opening: str = ""
) -> str:
    listed = "\n".join(articles)
    heading = element("h2", escape(title))
    return (
        f'<section class="group" id="{anchor}">{heading}{opening}\n{listed}</section>'
    )


def _boxes(library: Library, found: Assessment) -> dict[str, Box]:
    boxes = {}
    for one, theorem in library.theorems.items():
        node = found.theorems[one]
        boxes[one] = (
            theorem.title,
            node.state.value.replace(" ", "-"),
            node.state.value,
        )
    return boxes


def _graph(library: Library, found: Assessment) -> str:
    uses = {one: found.graph.theorems[one] for one in library.theorems}
    drawing = graph_svg(uses, _boxes(library, found))
    caption = (
        "What is rested on stands above what rests on it; an edge that follows from "
        "others is left out. No theorem is shown stronger than what it rests on."
    )
    region = element(
        "div", drawing, class_="scroll wide", role="region", tabindex="0",
        aria_label="Graph of theorems",
    )  # fmt: skip
    rows = "".join(
        f'<li><a href="#{one}">{one}</a> rests on '
        + ", ".join(f'<a href="#{other}">{other}</a>' for other in used)
        + "</li>"
        for one, used in uses.items()
        if used
    )
    text = folded("The same in words", element("ul", rows))
    return (
        f'<section id="graph">{element("h2", "The graph")}'
        f"{element('p', caption, class_='where')}{region}{text}{_legend()}</section>"
    )


def _legend() -> str:
    rows = "".join(
        f"<dt>{chip(state)}</dt><dd>{MEANINGS[state.value]}</dd>" for state in State
    )
    return element("dl", rows, class_="legend")


def _overview(library: Library, found: Assessment) -> str:
    rows = []
    for one, theorem in library.theorems.items():
        node = found.theorems[one]
        by = node.by if node.state is node.own else None
        own = ""
        if node.because:
            how = f" {proof_words(node.by)}" if node.by else ""
            own = f'<br><span class="where">own: {node.own.value}{how}</span>'
        rows.append(
            f'<tr data-row="{one}"><td class="id"><a href="#{one}">{one}</a></td>'
            f"<td>{escape(theorem.title)}</td>"
            f'<td class="topic">{escape(topic_title(theorem.topic))}</td>'
            f"<td>{chip(node.state, by)}{own}</td></tr>"
        )
    head = (
        '<thead><tr><th scope="col">id</th><th scope="col">theorem</th>'
        '<th scope="col" class="topic">topic</th><th scope="col">status</th></tr></thead>'
    )
    table = f"<table>{head}<tbody>{''.join(rows)}</tbody></table>"
    return f'<section id="overview">{element("h2", "All theorems")}{table}</section>'


def _lemma_words(found: Assessment) -> str:
    names = {one: node.lemma.name for one, node in found.graph.lemmas.items()}
    boxes = {
        one: ("", node.state.value.replace(" ", "-"), node.state.value)
        for one, node in found.theorems.items()
    }
    words = (
        "Index algebra cannot speak of eigenvalues or ranks. Where a symbolic derivation "
        "needs such a fact it applies one of these, and the step is checked only if "
        "every premise is, for the very matrices of the claim. They are taken from the "
        "literature, and not checked here."
    )
    drawing = element(
        "div",
        lemmas_svg(found.graph.applied, names, boxes),
        class_="scroll",
        role="region",
        tabindex="0",
        aria_label="Lemmas and the theorems that apply them",
    )
    return element("p", words) + drawing


def _footer(library: Library) -> str:
    theorems = plural(len(library.theorems), "theorem")
    return (
        f"<p>landtheory {escape(__version__)}: {theorems}, "
        f"{plural(len(library.refutations), 'refutation')}. "
        "Made by <code>landtheory report</code>, which runs what is missing or stale; "
        "the same records give the same page. Numbers are rounded to six digits where "
        "they are not short; in drawings of matrices an entry is a square of that area, "
        "filled if positive.</p>"
    )
