"""Statuses as words with a sign: told apart without colour, and by a screen reader."""

from collections.abc import Mapping
from typing import Final

from ..evidence.status import NodeState, State
from ..verdict import ProofKind
from .markup import element

__all__ = ["MEANINGS", "SIGNS", "chip", "evidence_kinds", "kind_of", "proof_words"]

SIGNS: Final[Mapping[str, str]] = {
    "proved": "■", "certified": "◆", "supported": "●", "undecided": "?",
    "not run": "○", "stale": "↻", "refuted": "✕", "false": "✕",
}  # fmt: skip

MEANINGS: Final[Mapping[str, str]] = {
    "proved": "every claim by a proof that a machine checked",
    "certified": "enclosed in ball arithmetic on every instance listed",
    "supported": "attacked, with every mutant refuted, and not broken: no proof",
    "undecided": "not enough was learnt, or a check on the check failed",
    "not run": "there is no record of a run",
    "stale": "a record is of another statement or of other code: no evidence",
    "refuted": "a counterexample is attached",
}
"""What each state means, the strongest first."""

_BY: Final[Mapping[ProofKind, str]] = {
    ProofKind.FORMAL: "formally",
    ProofKind.BOTH: "formally and symbolically",
    ProofKind.SYMBOLIC: "symbolically",
}


def chip(state: State, by: ProofKind | None = None, *, folklore: bool = False) -> str:
    """A state as a small label, with what proved it.

    Parameters
    ----------
    state : State
        Which.
    by : ProofKind, optional
        What proved it.
    folklore : bool
        Whether it is a false statement, which is to be refuted.
    """
    word = state.value
    kind = kind_of(state, folklore=folklore)
    sign = element("span", SIGNS[kind], aria_hidden="true")
    shown = f"{sign} {word}"
    if by is not None:
        shown += f" {proof_words(by)}"
    return element("span", shown, class_=f"chip s-{kind.replace(' ', '-')}")


def kind_of(state: State, *, folklore: bool = False) -> str:
    """The state as a class: folklore that is refuted is as it should be."""
    return "false" if folklore and state is State.REFUTED else state.value


def proof_words(by: ProofKind) -> str:
    """formally, symbolically, or both; formal first."""
    return _BY[by]


def evidence_kinds(node: NodeState) -> list[str]:
    """The kinds of evidence that count for a node, by the names that the filter has."""
    content = node.verify.content
    found = []
    if any(one.record is not None for one in node.formal.values()):
        found.append("formal")
    if node.derivation.record is not None:
        found.append("symbolic")
    claims = content.get("claims", ())
    if any(_in_balls(claim) for claim in claims) or content.get("cases"):
        found.append("balls")
    if any(claim["instances"] for claim in claims):
        found.append("instances")
    if any(mutant["refuted"] for mutant in content.get("mutants", ())):
        found.append("mutants")
    return found


def _in_balls(claim: Mapping[str, object]) -> bool:
    tried = claim["tried"]
    rulings = claim["referee"]
    return bool(isinstance(tried, dict) and tried.get("balls")) or any(
        one["outcome"] in ("holds", "equal")
        for one in (rulings if isinstance(rulings, list) else ())
    )
