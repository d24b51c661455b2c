"""What a check has found so far."""

from dataclasses import dataclass, field

from .audit import Audit, Facts
from .axioms import Assumptions
from .build import Build
from .graph import Graph
from .kernel import Recheck
from .mutants import Mutant, Outcome
from .refusals import Refusal
from .sources import STATEMENTS, Sources
from .statements import Example, Statement, StatementFile

__all__ = ["Findings"]


@dataclass
class Findings:
    """A library under examination.

    Attributes
    ----------
    sources : Sources
        The library.
    parsed : StatementFile
        Statements.v.
    examples : tuple of Example
        NonVacuity.v.
    refusals : list of Refusal
        What is refused; what coqchk and the mutants add is kept with them.
    made, audit, graph : Build, Audit, Graph, or None
        What Coq made of it.
    assumed : dict of str to Assumptions
        What each statement and example rests on, by file and name.
    recheck : Recheck or None
        What coqchk says.
    mutants, outcomes : tuple
        The mutants, and what came of them; None where they were not tried.
    """

    sources: Sources
    parsed: StatementFile
    examples: tuple[Example, ...]
    refusals: list[Refusal] = field(default_factory=list)
    made: Build | None = None
    audit: Audit | None = None
    assumed: dict[str, Assumptions] = field(default_factory=dict)
    graph: Graph | None = None
    recheck: Recheck | None = None
    mutants: tuple[Mutant, ...] = ()
    outcomes: tuple[Outcome, ...] | None = None

    def facts(self, name: str) -> Facts | None:
        """What Coq says of a statement or an example."""
        return None if self.audit is None else self.audit.facts.get(name)

    def against(self, one: Statement) -> list[Refusal]:
        """What is refused about a statement, what it rests on, or the whole library."""
        files = self._files(one)
        return [
            refusal
            for refusal in self.refusals
            if refusal.scope == "library"
            or (refusal.scope == "file" and refusal.file in files)
            or (refusal.scope == "statement" and refusal.about == one.name)
        ]

    def _files(self, one: Statement) -> set[str]:
        """The files that a statement rests on; all, where that is not known."""
        graph, item = self.graph, f"{STATEMENTS}.{one.name}"
        if graph is None or item not in graph.items:
            return {f"{name}.v" for name in self.sources.texts}
        names = {graph.items[name].file for name in graph.closure(item)}
        return {f"{file}.v" for name in names for file in graph.files[name]}
