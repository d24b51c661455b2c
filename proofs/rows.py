"""What a check found, as the record that is kept and shown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from .._version import __version__
from .findings import Findings
from .graph import Graph
from .mutants import Mutant, Outcome
from .records import FORMAT
from .refusals import Refusal, kind_of_axioms
from .sources import STATEMENTS, hash_of
from .statements import Example, Statement

__all__ = ["all_refusals", "mutants_refused", "record_of", "without_kernels_doubts"]


def record_of(found: Findings, bound: Mapping[str, str]) -> dict[str, Any]:
    """The record of a check.

    Parameters
    ----------
    found : Findings
        What it found.
    bound : mapping of str to str
        What it rests on.
    """
    return {
        "format": FORMAT,
        "command": "prove",
        "version": __version__,
        "binding": dict(bound),
        "files": _files(found),
        "statements": {
            one.name: {
                **_text_of(one),
                **_evidence_of(one, found),
                **_judgement_of(one, found),
            }
            for one in found.parsed.statements
        },
        "lemmas": {} if found.graph is None else _lemmas(found.graph),
        "refusals": _rows(found.refusals),
        "coqchk": _recheck(found),
        "mutants": _mutants(found),
    }


def without_kernels_doubts(record: dict[str, Any]) -> dict[str, Any]:
    """Count nothing as checked in a library that coqchk refuses."""
    doubts = [] if record["coqchk"] is None else record["coqchk"]["refusals"]
    for row in record["statements"].values() if doubts else ():
        row["checked"] = False
        row["refused"] += [one["sentence"] for one in doubts]
    return record


def all_refusals(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is refused in all: by the audit, by coqchk, and for its mutants."""
    parts = [record, record["coqchk"] or {}, record["mutants"] or {}]
    return [one for part in parts for one in part.get("refusals", ())]


def _files(found: Findings) -> dict[str, Any]:
    made = found.made
    if made is None:
        return {}
    return {
        f"{name}.v": {
            "seconds": made.compiled[name].seconds,
            "requires": [f"{one}.v" for one in made.requires[name]],
        }
        for name in made.order
        if name in made.compiled
    }


def _text_of(one: Statement) -> dict[str, Any]:
    covers = one.coverage
    return {
        "kind": covers.kind,
        "ids": list(covers.ids),
        "covers": [list(pair) for pair in covers.claims],
        "covers_in_part": [list(pair) for pair in covers.parts],
        "meaning": covers.meaning,
        "statement": one.text,
        "context": list(one.context),
        "file": f"{STATEMENTS}.v",
        "line": one.line,
        "end_line": one.end_line,
        "lemma": one.lemma,
    }


def _evidence_of(one: Statement, found: Findings) -> dict[str, Any]:
    facts = found.facts(one.name)
    graph, item = found.graph, f"{STATEMENTS}.{one.name}"
    row: dict[str, Any] = {
        "lemma_id": None,
        "lemma_file": None,
        "closed": None,
        "axioms": None,
        "axiom_kind": None,
        "premises": None,
        "uses": [],
        "seconds": None,
        "sha256": None,
    }
    if facts is not None:
        row["closed"] = facts.closed
        row["premises"] = list(facts.premises)
    if item in found.assumed:
        row["axioms"] = list(found.assumed[item].axioms)
        row["axiom_kind"] = kind_of_axioms(row["axioms"])
    if graph is not None and item in graph.items:
        lemma = _pinned(graph, item, one)
        row["lemma_id"] = lemma
        row["lemma_file"] = None if lemma is None else f"{graph.items[lemma].file}.v"
        row["uses"] = list(graph.uses(item))
        row["seconds"] = round(graph.seconds(item), 3)
        row["sha256"] = hash_of([graph.evidence(item), asdict(one.coverage)])
    return row


def _pinned(graph: Graph, item: str, one: Statement) -> str | None:
    """The library's lemma that a statement is pinned to; None if it is none of its own."""
    short = one.lemma.rsplit(".", 1)[-1]
    named = [name for name in graph.uses(item) if name.rsplit(".", 1)[-1] == short]
    return named[0] if len(named) == 1 else None


def _judgement_of(one: Statement, found: Findings) -> dict[str, Any]:
    against = [refusal.sentence for refusal in found.against(one)]
    example = next((e for e in found.examples if e.of == one.name), None)
    return {
        "example": None if example is None else _example_of(example),
        "mutants": _mutants_of(one, found),
        "checked": found.facts(one.name) is not None and not against,
        "refused": against,
    }


def _mutants_of(one: Statement, found: Findings) -> int:
    """How many mutants change a statement itself, its definitions and sections apart."""
    text = found.sources.texts[STATEMENTS]
    own = [mutant for mutant in found.mutants if mutant.file == STATEMENTS]
    return sum(one.start <= text.find(mutant.find) < one.end for mutant in own)


def _example_of(example: Example) -> dict[str, Any]:
    return {
        "name": example.name,
        "line": example.line,
        "end_line": example.end_line,
        "text": example.text,
    }


def _lemmas(graph: Graph) -> dict[str, Any]:
    """Every definition and lemma of the library, for whoever draws their graph."""
    return {
        name: {
            "file": f"{item.file}.v",
            "line": item.line,
            "end_line": item.end_line,
            "kind": item.command,
            "uses": list(graph.uses(name)),
            "seconds": round(item.seconds, 3),
            "sha256": graph.evidence(name),
        }
        for name, item in sorted(graph.items.items())
        if item.is_shown
    }


def _recheck(found: Findings) -> dict[str, Any] | None:
    if found.recheck is None:
        return None
    refusals = [
        Refusal("coqchk", sentence, scope="library")
        for sentence in found.recheck.complaints
    ]
    return {"seconds": round(found.recheck.seconds, 1), "refusals": _rows(refusals)}


def _mutants(found: Findings) -> dict[str, Any] | None:
    if found.outcomes is None:
        return None
    killed: dict[str, int] = {}
    for mutant, outcome in zip(found.mutants, found.outcomes, strict=True):
        if outcome.verdict == "killed":
            killed[mutant.kind] = killed.get(mutant.kind, 0) + 1
    refusals = list(mutants_refused(found.mutants, found.outcomes))
    return {
        "tried": len(found.mutants),
        "killed": killed,
        "refusals": _rows(refusals),
    }


def mutants_refused(
    mutants: Sequence[Mutant], outcomes: Sequence[Outcome]
) -> Iterator[Refusal]:
    """Mutants that Coq accepts, could not read, or did not judge in time."""
    said = {
        "survived": "survives: everything compiles with it",
        "void": "is void",
        "undecided": "is undecided",
    }
    for mutant, outcome in zip(mutants, outcomes, strict=True):
        if outcome.verdict != "killed":
            why = f": {outcome.message}" if outcome.message else ""
            yield Refusal(
                "mutants.json",
                f"the mutant {mutant.label} {said[outcome.verdict]}{why}",
                "mutants.json",
                None,
                "none",
            )


def _rows(refusals: Iterable[Refusal]) -> list[dict[str, Any]]:
    return [asdict(one) for one in refusals]
