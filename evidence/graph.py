"""The graph: theorems, classical lemmas and formal statements, and what rests on what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..theory import lemmas
from ..theory.lemmas import Lemma
from .library import Library

__all__ = ["Graph", "LemmaNode", "ancestors", "descendants", "graph_of"]


@dataclass(frozen=True, kw_only=True)
class LemmaNode:
    """A classical lemma in the graph.

    Attributes
    ----------
    id : str
        Such as L-gram-spectra.
    lemma : Lemma
        What it says.
    """

    id: str
    lemma: Lemma


@dataclass(frozen=True, kw_only=True)
class Graph:
    """What rests on what.

    Attributes
    ----------
    theorems : mapping of str to tuple of str
        The theorems that each rests on.
    lemmas : mapping of str to LemmaNode
        The classical lemmas that some derivation applies, by id.
    applied : mapping of str to tuple of str
        The lemmas that each theorem's derivation applies, by theorem id.
    formal : mapping of str to tuple of str
        The formal statements that speak of each theorem or refutation, by id.
    """

    theorems: Mapping[str, tuple[str, ...]]
    lemmas: Mapping[str, LemmaNode]
    applied: Mapping[str, tuple[str, ...]]
    formal: Mapping[str, tuple[str, ...]]


def graph_of(library: Library) -> Graph:
    """The graph of a library."""
    nodes: dict[str, LemmaNode] = {}
    applied = {}
    for one, derivation in library.derivations.items():
        found = [
            LemmaNode(id=_lemma_id(each), lemma=each) for each in derivation.lemmas
        ]
        nodes |= {node.id: node for node in found}
        applied[one] = tuple(node.id for node in found)
    return Graph(
        theorems={one: theorem.uses for one, theorem in library.theorems.items()},
        lemmas=nodes,
        applied=applied,
        formal={
            one: tuple(statement.name for statement in library.formal.of(one))
            for one in (*library.theorems, *library.refutations)
        },
    )


def ancestors(uses: Mapping[str, tuple[str, ...]], one: str) -> tuple[str, ...]:
    """All that something rests on, directly or not, in the order of the mapping."""
    found: set[str] = set()
    open_ = list(uses.get(one, ()))
    while open_:
        name = open_.pop()
        if name not in found:
            found.add(name)
            open_ += uses.get(name, ())
    return tuple(name for name in uses if name in found)


def descendants(uses: Mapping[str, tuple[str, ...]], one: str) -> tuple[str, ...]:
    """All that rests on something, directly or not."""
    return tuple(name for name in uses if one in ancestors(uses, name))


def _lemma_id(lemma: Lemma) -> str:
    """Its name in `theory.lemmas` where it has one, made fit for an address."""
    known = {
        id(value): name
        for name in lemmas.__all__
        if isinstance(value := getattr(lemmas, name), Lemma)
    }
    name = known.get(id(lemma), lemma.name)
    return "L-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
