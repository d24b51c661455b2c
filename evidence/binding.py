"""What each kind of record is bound to.

A record of a run is evidence for a theorem only while the theorem says what it said
then, and while the code that judged it is the same.
"""

from collections.abc import Mapping
from typing import Any, Final

from ..theory.derivation import Derivation, Step
from ..theory.expressions import Comparison
from ..theory.theorems import Claim, Refutation, Theorem
from .formal import FormalStatement
from .library import Library
from .records import hash_of

__all__ = [
    "CHANGED",
    "bound_derivation",
    "bound_folklore",
    "bound_formal",
    "bound_verify",
    "statement_hash",
]

CHANGED: Final[Mapping[str, str]] = {
    "statement": "its statement, a hypothesis or a claim has changed",
    "theorem_code": "the theorem's own code has changed",
    "engine": "the code that judges has changed",
    "steps": "a step of the derivation, or a lemma that it applies, has changed",
    "derivation_code": "the derivation's code has changed",
    "formal": "the formal statement, its proof, or a lemma of it has changed",
}
"""What is said where a hash differs."""


def statement_hash(theorem: Theorem | Refutation) -> str:
    """SHA-256 of all that a theorem, or a piece of folklore, claims."""
    if isinstance(theorem, Refutation):
        claims = [_claim(case.claim) for case in theorem.cases]
        return hash_of({"id": theorem.id, "says": theorem.statement, "claims": claims})
    return hash_of(
        {
            "id": theorem.id,
            "statement": theorem.statement,
            "hypotheses": theorem.hypotheses,
            "claims": [_claim(claim) for claim in theorem.claims],
            "mutants": [[m.name, _claim(m.claim)] for m in theorem.mutants],
            "dropped": [[c.dropped, _claim(c.claim)] for c in theorem.counterexamples],
        }
    )


def bound_verify(library: Library, one: str) -> dict[str, str]:
    """What a verification run of a theorem rests on."""
    return {
        "statement": statement_hash(library.theorems[one]),
        "theorem_code": library.code.of_theorem(one),
        "engine": library.code.engine,
    }


def bound_folklore(library: Library, one: str) -> dict[str, str]:
    """What the refutation of a piece of folklore rests on."""
    return {
        "statement": statement_hash(library.refutations[one]),
        "theorem_code": library.code.of_folklore(),
        "engine": library.code.engine,
    }


def bound_derivation(library: Library, one: str) -> dict[str, str]:
    """What the replay of a theorem's derivation rests on, its lemmas' texts too."""
    return {
        "statement": statement_hash(library.theorems[one]),
        "steps": _steps_hash(library.derivations[one]),
        "derivation_code": library.code.of_derivation(one),
    }


def bound_formal(library: Library, statement: FormalStatement) -> dict[str, str]:
    """What a formal statement is bound to: its proof, and the claims that it covers."""
    known: dict[str, Theorem | Refutation] = {
        **library.theorems,
        **library.refutations,
    }
    claims = {one: statement_hash(known[one]) for one in statement.ids if one in known}
    return {"formal": statement.sha256, "statement": hash_of(claims)}


def _claim(claim: Claim) -> dict[str, Any]:
    law = claim.law
    return {
        "label": claim.label,
        "statement": claim.statement,
        "law": str(law) if isinstance(law, Comparison) else law.relation,
        "world": claim.world,
        "assumes": claim.assumes,
        "activations": claim.activations,
        "losses": claim.losses,
        "outputs": claim.outputs,
    }


def _steps_hash(derivation: Derivation) -> str:
    return hash_of(
        {
            "theorem": derivation.theorem,
            "proves": derivation.proves,
            "steps": [_step(step) for step in derivation.steps],
        }
    )


def _step(step: Step) -> dict[str, Any]:
    lemma = step.lemma
    return {
        "claim": step.claim,
        "statement": step.statement,
        "rule": step.rule,
        "lemma": (
            None
            if lemma is None
            else [lemma.name, lemma.premises, lemma.conclusion, lemma.source]
        ),
        "premises": [_step(premise) for premise in step.premises],
    }
