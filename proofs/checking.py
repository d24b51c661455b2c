"""A whole check: build, audit, refuse, and put down what was found."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from .audit import audit, declared_notations
from .axioms import assumptions
from .build import Build, build, workspace
from .claims import catalogue_claims
from .findings import Findings
from .graph import read_graph
from .kernel import recheck
from .lexer import sentences, squeezed
from .mutants import read_mutants, try_mutants
from .processes import Progress, processes
from .queries import Questioner, questioner
from .records import binding, load_record, store_record
from .refusals import (
    REALS,
    REQUIRED,
    Refusal,
    Subject,
    anchors_refused,
    axioms_refused,
    examples_refused,
    hidden_notations_refused,
    notations_refused,
    required_refused,
    sources_refused,
    statements_refused,
)
from .rows import record_of, without_kernels_doubts
from .sources import EXAMPLES, PREFIX, STATEMENTS, Sources
from .statements import read_examples, read_statements
from .toolchain import Toolchain

__all__ = ["check_library"]

_REALS: Final = re.compile(r"\b(?:Reals|Coquelicot|Interval)\b")
"""What a file imports that speaks of reals."""


def check_library(
    sources: Sources,
    toolchain: Toolchain,
    *,
    cache: Path,
    jobs: int,
    thorough: bool = False,
    required: Iterable[str] = REQUIRED,
    progress: Progress,
) -> dict[str, Any]:
    """Compile and audit a library, unless a record of that very check is kept.

    Parameters
    ----------
    sources : Sources
        The library.
    toolchain : Toolchain
        Coq.
    cache : pathlib.Path
        Where compiled files and the record are kept.
    jobs : int
        Programs at a time.
    thorough : bool
        Whether to run coqchk and the mutants too.
    required : iterable of str
        Ids that the library has to prove.
    progress : callable
        Told how far each stage is.

    Returns
    -------
    dict
        The record, as it is kept.
    """
    required = tuple(required)
    bound = binding(sources, toolchain, required)
    earlier = load_record(bound, cache)
    if earlier is not None and not (thorough and earlier["coqchk"] is None):
        return earlier
    found = _read(sources, required)
    with workspace(cache) as folder, processes(jobs) as pool:
        made = build(
            sources, toolchain, folder, cache=cache, pool=pool, progress=progress
        )
        found.made = made
        found.refusals += _uncompiled(made)
        found.graph = read_graph(sources, made)
        found.refusals += hidden_notations_refused(found.graph)
        if STATEMENTS in made.compiled:
            progress("auditing", 0, 1)
            _audit(found, made, questioner(sources, made, toolchain, pool))
        if thorough and made.whole:
            found.outcomes = try_mutants(
                found.mutants,
                sources,
                made,
                toolchain=toolchain,
                pool=pool,
                cache=cache,
                progress=progress,
            )
            progress("coqchk", 0, 1)
            found.recheck = recheck(made, toolchain, pool)
    record = record_of(found, bound)
    return store_record(without_kernels_doubts(record), cache)


def _read(sources: Sources, required: Iterable[str]) -> Findings:
    """Everything that needs no Coq."""
    parsed = read_statements(sources.texts.get(STATEMENTS, ""))
    examples = read_examples(sources.texts.get(EXAMPLES, ""))
    found = Findings(sources, parsed, examples, mutants=read_mutants(sources))
    found.refusals += sources_refused(sources)
    found.refusals += statements_refused(
        parsed.statements, parsed.faults, catalogue_claims()
    )
    found.refusals += required_refused(parsed.statements, required)
    if required and not found.mutants:
        found.refusals.append(
            Refusal("mutants.json", "mutants.json has no mutants", scope="none")
        )
    return found


def _uncompiled(made: Build) -> Iterator[Refusal]:
    for name, why in made.failures.items():
        where = "" if why.line is None else f", line {why.line}"
        yield Refusal(
            f"{name}.v",
            f"{name}.v does not compile{where}: {squeezed(why.message)[:300]}",
            f"{name}.v",
            why.line,
            "file",
        )


def _audit(found: Findings, made: Build, ask: Questioner) -> None:
    """What Coq says of the statements, and what is refused for it."""
    examples = found.examples if EXAMPLES in made.compiled else ()
    statements = found.parsed.statements
    found.audit = audit(found.sources, made, statements, examples, ask)
    facts = found.audit.facts
    found.refusals += notations_refused(
        list(declared_notations(found.sources)), found.audit.borrowed, _defined(found)
    )
    found.refusals += anchors_refused(statements, facts)
    found.refusals += examples_refused(statements, examples, facts)
    subjects = list(_subjects(found, made))
    found.assumed = assumptions(_groups(subjects), REALS, [*made.compiled], ask)
    for one in subjects:
        found.refusals += axioms_refused(one, found.assumed[one.constant])


def _defined(found: Findings) -> Iterator[str]:
    items = () if found.graph is None else found.graph.items.values()
    for item in items:
        if item.is_shown:
            yield item.id.rpartition(".")[2]


def _subjects(found: Findings, made: Build) -> Iterator[Subject]:
    real = _files_about_reals(found.sources, made)
    for one in found.parsed.statements:
        facts = found.facts(one.name)
        if facts is not None:
            yield Subject(
                constant=f"{STATEMENTS}.{one.name}",
                about=one.name,
                group=one.coverage.ids[0] if one.coverage.ids else "anchors",
                about_reals=_about_reals(facts.constants, real),
                interval=one.coverage.interval,
                line=one.line,
            )
    for example in found.examples:
        if found.facts(example.name) is not None:
            yield Subject(
                constant=f"{EXAMPLES}.{example.name}",
                about=example.of,
                group="examples",
                about_reals=True,
                interval=example.interval,
                line=example.line,
            )


def _groups(subjects: Iterable[Subject]) -> list[list[str]]:
    """Statements of a theorem together, where all of them may rest on the reals' axioms."""
    groups: dict[tuple[str, str], list[str]] = {}
    for one in subjects:
        alone = one.interval or not one.about_reals
        key = (one.group, one.constant if alone else "")
        groups.setdefault(key, []).append(one.constant)
    return list(groups.values())


def _files_about_reals(sources: Sources, made: Build) -> set[str]:
    """Files that rest on the standard library's reals."""
    direct = {
        name
        for name, text in sources.texts.items()
        for one in sentences(text)
        if one.command in ("From", "Require") and _REALS.search(one.text)
    }
    return {name for name in made.order if direct & set(made.closure(name))}


def _about_reals(constants: Iterable[str], real: set[str]) -> bool:
    for one in constants:
        if one.startswith(("Coq.Reals.", "Coquelicot.")):
            return True
        if one.startswith(f"{PREFIX}.") and one.split(".")[1] in real:
            return True
    return False
