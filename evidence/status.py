"""The status of every theorem and refutation, computed from records and from nothing else.

A claim is proved if the replay of a derivation, or a formally checked statement, that
covers it stands; else it is what the verification run says. A theorem is the weakest of
its claims and of all the theorems that it rests on, from proved down to refuted. A
record that is not bound to what is there now counts as no evidence, and makes stale what
it was evidence for, with all that rests on that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from ..errors import RecordError
from ..verdict import ProofKind
from .binding import (
    CHANGED,
    bound_derivation,
    bound_folklore,
    bound_formal,
    bound_verify,
)
from .formal import FormalStatement
from .graph import Graph, ancestors, graph_of
from .library import Library
from .records import Kind, Record, RecordFolder

__all__ = [
    "Assessment",
    "ClaimState",
    "Finding",
    "NodeState",
    "State",
    "assess",
    "finding",
]


class State(Enum):
    """The ladder of verdicts, with what a missing or an outdated record leaves."""

    PROVED = "proved"
    CERTIFIED = "certified"
    SUPPORTED = "supported"
    UNDECIDED = "undecided"
    NOT_RUN = "not run"
    STALE = "stale"
    REFUTED = "refuted"

    @property
    def strength(self) -> int:
        """Place, from 0 (refuted) to 6 (proved)."""
        return len(State) - 1 - list(State).index(self)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a folder holds about one thing.

    Attributes
    ----------
    record : Record or None
        A record that is evidence now.
    trouble : str
        Why there is one that is not; empty where there is none at all.
    """

    record: Record | None = None
    trouble: str = ""

    @property
    def content(self) -> Mapping[str, Any]:
        """What was found; empty where nothing counts."""
        return {} if self.record is None else self.record.content


@dataclass(frozen=True, kw_only=True)
class ClaimState:
    """What is said of one claim.

    Attributes
    ----------
    state : State
        Its place on the ladder.
    by : ProofKind or None
        What proved it.
    formal : tuple of str
        The formal statements that say it in full and stand.
    """

    state: State
    by: ProofKind | None = None
    formal: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NodeState:
    """What is said of one theorem or refutation.

    Attributes
    ----------
    own : State
        By its own records.
    state : State
        The weakest of that and of all it rests on.
    because : tuple of str
        Where `state` is weaker than `own`: the theorems that it comes from.
    by : ProofKind or None
        What proved it, where `own` is proved: formal where all of it is formal.
    claims : mapping of str to ClaimState
        By label.
    verify, derivation : Finding
        The records.
    formal : mapping of str to Finding
        By the name of the statement.
    """

    own: State
    state: State
    because: tuple[str, ...] = ()
    by: ProofKind | None = None
    claims: Mapping[str, ClaimState]
    verify: Finding
    derivation: Finding
    formal: Mapping[str, Finding]

    @property
    def troubles(self) -> tuple[str, ...]:
        """Why records do not count, each reason once."""
        found = (self.verify, self.derivation, *self.formal.values())
        return tuple(dict.fromkeys(one.trouble for one in found if one.trouble))


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """The state of everything, and the graph along which it was found."""

    graph: Graph
    theorems: Mapping[str, NodeState]
    refutations: Mapping[str, NodeState]


def assess(library: Library, folder: RecordFolder) -> Assessment:
    """The state of every theorem and refutation of a library.

    Parameters
    ----------
    library : Library
        What evidence is about, as it is now.
    folder : RecordFolder
        The records.
    """
    graph = graph_of(library)
    own = {one: _theorem(library, folder, one) for one in library.theorems}
    return Assessment(
        graph=graph,
        theorems={one: _with_uses(one, own, graph) for one in own},
        refutations={
            one: _refutation(library, folder, one) for one in library.refutations
        },
    )


def finding(
    folder: RecordFolder, kind: Kind, of: str, bound: Mapping[str, str]
) -> Finding:
    """The record of a run, if it is bound to what there is now.

    Parameters
    ----------
    folder : RecordFolder
        Where to look.
    kind, of : str
        What was run, and about what.
    bound : mapping of str to str
        What it would be bound to if it were made now.
    """
    try:
        record = folder.read(kind, of)
    except RecordError as error:
        return Finding(trouble=f"a record is refused: {error}")
    if record is None:
        return Finding()
    for name, value in bound.items():
        if record.bound.get(name) != value:
            return Finding(trouble=CHANGED[name])
    return Finding(record=record)


def _theorem(library: Library, folder: RecordFolder, one: str) -> NodeState:
    verify = finding(folder, "verify", one, bound_verify(library, one))
    derivation = Finding()
    if one in library.derivations:
        bound = bound_derivation(library, one)
        derivation = finding(folder, "derivation", one, bound)
    formal = _formal(library, folder, one)
    verdicts = {c["label"]: c["verdict"] for c in verify.content.get("claims", ())}
    replayed = frozenset(derivation.content.get("proved", ()))
    claims = {
        claim.label: _claim(
            verdicts.get(claim.label, ""),
            symbolic=claim.label in replayed,
            formal=_covering(library, formal, (one, claim.label)),
        )
        for claim in library.theorems[one].claims
    }
    findings = (verify, derivation, *formal.values())
    own = _own(claims, verify, stale=any(each.trouble for each in findings))
    return NodeState(
        own=own,
        state=own,
        by=_proved_by(claims) if own is State.PROVED else None,
        claims=claims,
        verify=verify,
        derivation=derivation,
        formal=formal,
    )


def _refutation(library: Library, folder: RecordFolder, one: str) -> NodeState:
    found = finding(folder, "folklore", one, bound_folklore(library, one))
    formal = _formal(library, folder, one)
    proofs = _covering(library, formal, (one, ""))
    if found.trouble or any(each.trouble for each in formal.values()):
        own = State.STALE
    elif found.record is not None:
        own = State(found.content["status"])
    else:
        own = State.REFUTED if proofs else State.NOT_RUN
    return NodeState(
        own=own,
        state=own,
        by=ProofKind.FORMAL if proofs and own is State.REFUTED else None,
        claims={},
        verify=found,
        derivation=Finding(),
        formal=formal,
    )


def _formal(library: Library, folder: RecordFolder, one: str) -> dict[str, Finding]:
    counts = library.formal.counts
    return {
        statement.name: (
            finding(folder, "formal", statement.name, bound_formal(library, statement))
            if counts
            else Finding()
        )
        for statement in library.formal.of(one)
    }


def _covering(
    library: Library, found: Mapping[str, Finding], claim: tuple[str, str]
) -> tuple[str, ...]:
    """The formal statements that say a claim in full, and whose records count."""
    statements: Mapping[str, FormalStatement] = library.formal.statements
    return tuple(
        name
        for name, each in found.items()
        if each.record is not None and statements[name].proves(claim)
    )


def _claim(verdict: str, *, symbolic: bool, formal: tuple[str, ...]) -> ClaimState:
    """A proof holds unless the run found something against the claim."""
    proof = _kind(symbolic=symbolic, formal=bool(formal))
    if proof is not None and verdict not in ("refuted", "undecided"):
        return ClaimState(state=State.PROVED, by=proof, formal=formal)
    if not verdict:
        return ClaimState(state=State.NOT_RUN, formal=formal)
    # a run may replay a derivation by itself; its own record is what counts here
    state = State.SUPPORTED if verdict == "proved" else State(verdict)
    return ClaimState(state=state, formal=formal)


def _kind(*, symbolic: bool, formal: bool) -> ProofKind | None:
    if symbolic and formal:
        return ProofKind.BOTH
    if formal:
        return ProofKind.FORMAL
    return ProofKind.SYMBOLIC if symbolic else None


def _own(claims: Mapping[str, ClaimState], verify: Finding, *, stale: bool) -> State:
    states = [claim.state for claim in claims.values()]
    # a mutant that survived, or a witness that was not reached, leaves a theorem open
    verdict = verify.content.get("verdict")
    if verdict in ("undecided", "refuted"):
        states.append(State(verdict))
    if stale:
        states.append(State.STALE)
    return _weakest(states)


def _proved_by(claims: Mapping[str, ClaimState]) -> ProofKind:
    """Formal where every claim is proved formally; both where that is only a part."""
    kinds = {claim.by for claim in claims.values()}
    if kinds <= {ProofKind.FORMAL, ProofKind.BOTH}:
        return ProofKind.BOTH if kinds == {ProofKind.BOTH} else ProofKind.FORMAL
    return ProofKind.SYMBOLIC if kinds == {ProofKind.SYMBOLIC} else ProofKind.BOTH


def _with_uses(one: str, own: Mapping[str, NodeState], graph: Graph) -> NodeState:
    node = own[one]
    below = [name for name in ancestors(graph.theorems, one) if name in own]
    state = _weakest([node.own, *(own[name].own for name in below)])
    if state is node.own:
        return node
    because = tuple(name for name in below if own[name].own is state)
    return replace(node, state=state, because=because)


def _weakest(states: Iterable[State]) -> State:
    return min(states, key=lambda state: state.strength)
