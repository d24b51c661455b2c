"""Formal statements, as the proofs of this installation have them.

What `landtheory.proofs` says is read here into the little that status and page need. A
statement counts only on a machine that has Coq, and only while the sources are those that
Coq checked there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import CertificateError, InputError
from ..proofs.checking import check_library
from ..proofs.processes import default_jobs
from ..proofs.records import current_record, default_cache
from ..proofs.sources import LIBRARY, STATEMENTS, read_sources
from ..proofs.statements import Statement, read_statements
from ..proofs.toolchain import MissingCoqError, find_toolchain

__all__ = ["FormalLibrary", "FormalStatement", "check_formal", "load_formal"]

THEOREM = "theorem"
"""The kind of a statement that says what a claim says; a mutant's says that it fails."""


@dataclass(frozen=True, kw_only=True)
class FormalStatement:
    """One statement of the formal library.

    Attributes
    ----------
    name : str
        In Statements.v.
    kind : str
        theorem, or mutant where a false variant is proved false.
    covers, parts : tuples of (str, str)
        Ids and labels of the claims that it speaks of in full, and in part; the label
        is empty for a piece of folklore, which has none.
    sha256 : str
        Of all that its proof rests on; empty where the kernel does not vouch for it.
    facts : mapping
        What the checker says of it: file, line, lemma, axioms and so on.
    """

    name: str
    kind: str = THEOREM
    covers: tuple[tuple[str, str], ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    sha256: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the theorems and refutations that it speaks of, each once."""
        named = (one for one, _ in (*self.covers, *self.parts))
        return tuple(dict.fromkeys(named))

    def proves(self, claim: tuple[str, str]) -> bool:
        """Whether it says all that the claim says."""
        return self.kind == THEOREM and claim in self.covers

    def record(self) -> dict[str, Any]:
        """The same as plain data."""
        return {
            "name": self.name,
            "kind": self.kind,
            "covers": [list(pair) for pair in self.covers],
            "parts": [list(pair) for pair in self.parts],
            "sha256": self.sha256,
            **self.facts,
        }


@dataclass(frozen=True, kw_only=True)
class FormalLibrary:
    """The formal statements, as the sources are now.

    Attributes
    ----------
    statements : mapping of str to FormalStatement
        By name; anchors of definitions are none.
    reason : str
        Why this machine cannot say whether they hold; empty where it can.
    checked : bool
        Whether the sources are those that Coq checked here.
    trouble : str
        Why Coq could not check them, where it tried.
    """

    statements: Mapping[str, FormalStatement] = field(default_factory=dict)
    reason: str = ""
    checked: bool = False
    trouble: str = ""

    @property
    def counts(self) -> bool:
        """Whether records about formal statements count on this machine at all."""
        return not self.reason

    def of(self, one: str) -> tuple[FormalStatement, ...]:
        """The statements that speak of a theorem or a refutation."""
        return tuple(s for s in self.statements.values() if one in s.ids)


def load_formal(library: Path = LIBRARY, cache: Path | None = None) -> FormalLibrary:
    """What the sources and the last check on this machine say; nothing is checked anew.

    Parameters
    ----------
    library : pathlib.Path
        The folder of the sources.
    cache : pathlib.Path, optional
        Where checks are kept, if not in the user's cache folder.
    """
    try:
        sources = read_sources(library)
    except InputError:
        return FormalLibrary(reason="this installation holds no formal proofs")
    parsed = read_statements(sources.texts.get(STATEMENTS, "")).statements
    named = [one for one in parsed if one.coverage.kind != "anchor"]
    try:
        find_toolchain()
    except MissingCoqError as missing:
        return FormalLibrary(
            statements=_by_name(named, {}), reason=str(missing), checked=False
        )
    record = current_record(library, cache)
    rows = {} if record is None else record["statements"]
    return FormalLibrary(statements=_by_name(named, rows), checked=record is not None)


def check_formal(
    progress: Callable[[str, int, int], None], library: Path = LIBRARY
) -> FormalLibrary:
    """Have Coq check the library, if it is on this machine and has not done so.

    Parameters
    ----------
    progress : callable
        Told how far each stage is.
    library : pathlib.Path
        The folder of the sources.
    """
    known = load_formal(library)
    if known.checked or not (known.counts and known.statements):
        return known
    try:
        check_library(
            read_sources(library),
            find_toolchain(),
            cache=default_cache(),
            jobs=default_jobs(),
            progress=progress,
        )
    except CertificateError as error:
        # a library that does not compile proves nothing, and is no fault of the page
        return replace(known, trouble=str(error))
    return load_formal(library)


def _by_name(
    named: list[Statement], rows: Mapping[str, Mapping[str, Any]]
) -> Mapping[str, FormalStatement]:
    return MappingProxyType(
        {one.name: _statement(one, rows.get(one.name, {})) for one in named}
    )


def _statement(one: Statement, row: Mapping[str, Any]) -> FormalStatement:
    covered = one.coverage
    labelled = {each for each, _ in (*covered.claims, *covered.parts)}
    bare = tuple((each, "") for each in covered.ids if each not in labelled)
    wanted = ("lemma_file", "closed", "axioms", "axiom_kind", "premises", "example")
    return FormalStatement(
        name=one.name,
        kind=covered.kind,
        covers=(*covered.claims, *bare),
        parts=covered.parts,
        sha256=(row.get("sha256") or "") if row.get("checked") else "",
        facts={
            "meaning": covered.meaning,
            "file": f"{STATEMENTS}.v",
            "line": one.line,
            "end_line": one.end_line,
            "lemma": one.lemma,
            "text": one.text,
            "context": list(one.context),
            "uses": list(row.get("uses", ())),
            "seconds": row.get("seconds"),
            "refused": list(row.get("refused", ())),
            **{name: row.get(name) for name in wanted},
        },
    )
