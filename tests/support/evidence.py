"""Records as a run leaves them, without the run: for the whole catalogue in a moment."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from landtheory.evidence.binding import (
    bound_derivation,
    bound_folklore,
    bound_formal,
    bound_verify,
)
from landtheory.evidence.formal import FormalLibrary, FormalStatement
from landtheory.evidence.library import Library, whole_library
from landtheory.evidence.records import Record, RecordFolder

VERSIONS = {"landtheory": "0", "python": "3"}

FACTS: Mapping[str, Any] = {
    "meaning": "Cx_S <= |W|² tr G_bb",
    "file": "Statements.v",
    "line": 12,
    "end_line": 15,
    "lemma": "bound",
    "text": "forall x y : R, x <= y -> <script>x</script> <= y",
    "context": ["Variable c : R."],
    "uses": ["Complexity.bound", "Sums.rsum_le"],
    "seconds": 0.25,
    "refused": [],
    "lemma_file": "Complexity.v",
    "closed": "",
    "axioms": ["ClassicalDedekindReals.sig_forall_dec"],
    "axiom_kind": "reals",
    "premises": ["x <= y"],
    "example": {"name": "E_T08_all", "line": 3, "end_line": 4, "text": ""},
}

FORMAL = FormalLibrary(
    statements={
        one.name: one
        for one in (
            FormalStatement(
                name="T08_all",
                covers=tuple(("T08", label) for label in ("a", "b", "c")),
                sha256="1" * 64,
                facts=FACTS,
            ),
            FormalStatement(
                name="T06_a",
                covers=(("T06", "a.1"), ("T06", "a.2")),
                parts=(("T07", "a.1"),),
                sha256="2" * 64,
                facts=FACTS,
            ),
            FormalStatement(
                name="R03_found", covers=(("R03", ""),), sha256="3" * 64, facts=FACTS
            ),
            FormalStatement(
                name="T06_mutant",
                kind="mutant",
                covers=(("T06", "b"),),
                sha256="4" * 64,
                facts=FACTS,
            ),
        )
    },
    checked=True,
)
"""A formal library as a check leaves it."""


@cache
def whole() -> Library:
    """The catalogue, with no formal proofs: its code is read once."""
    return whole_library(FormalLibrary(reason="not checked on this machine"))


def changed(library: Library, **parts: Any) -> Library:
    """Another library with the same code, which need not be read again."""
    other = replace(library, **parts)
    if "root" not in parts:
        other.__dict__["code"] = library.code
    return other


def claim_content(label: str, verdict: str, **parts: Any) -> dict[str, Any]:
    """What a run says of a claim."""
    return {
        "label": label,
        "verdict": verdict,
        "relation": "<=",
        "instances": 10,
        "tried": {"sweeps": 10},
        "worst_ratio": 0.5,
        "ratios": {"counts": [10] + [0] * 19, "without_ratio": 0},
        "tightest": None,
        "referee": [],
        "counterexample": None,
        **parts,
    }


def verify_content(
    library: Library, one: str, verdict: str = "supported"
) -> dict[str, Any]:
    """What a run says of a theorem all of whose claims have one verdict."""
    return {
        "verdict": verdict,
        "claims": [
            claim_content(claim.label, verdict)
            for claim in library.theorems[one].claims
        ],
        "budget": 3.0,
        "seed": 0,
        "seconds": 1.0,
        "versions": VERSIONS,
    }


def keep_verify(
    library: Library,
    folder: RecordFolder,
    one: str,
    content: Mapping[str, Any] | None = None,
) -> None:
    """Write the record of a run."""
    given = verify_content(library, one) if content is None else content
    bound = bound_verify(library, one)
    folder.write(Record(kind="verify", of=one, bound=bound, content=given))


def keep_all(library: Library, path: Path) -> RecordFolder:
    """Records of everything: all supported, derivations replayed, folklore refuted."""
    folder = RecordFolder(path)
    for one in library.theorems:
        keep_verify(library, folder, one)
    for one, derivation in library.derivations.items():
        content: dict[str, Any] = {
            "proved": sorted(derivation.proves),
            "checked": len(derivation.steps),
            "of": len(derivation.steps),
            "steps": [],
        }
        bound = bound_derivation(library, one)
        folder.write(Record(kind="derivation", of=one, bound=bound, content=content))
    for one in library.refutations:
        content = {
            "status": "refuted", "cases": [], "shown": [], "seconds": 0.1,
            "versions": VERSIONS,
        }  # fmt: skip
        bound = bound_folklore(library, one)
        folder.write(Record(kind="folklore", of=one, bound=bound, content=content))
    for statement in library.formal.statements.values():
        bound = bound_formal(library, statement)
        folder.write(
            Record(
                kind="formal",
                of=statement.name,
                bound=bound,
                content=statement.record(),
            )
        )
    return folder
