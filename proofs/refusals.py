"""What is refused, and why: pure functions of sources, statements and what Coq says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .audit import Facts
from .axioms import Assumptions
from .claims import unknown
from .forbidden import modules, offences, project_offences
from .graph import Graph
from .sources import EXAMPLES, PREFIX, STATEMENTS, Sources
from .statements import Example, Fault, Statement

__all__ = [
    "FLOATS",
    "REALS",
    "REQUIRED",
    "Refusal",
    "Subject",
    "anchors_refused",
    "axioms_refused",
    "examples_refused",
    "hidden_notations_refused",
    "kind_of_axioms",
    "notations_refused",
    "required_refused",
    "sources_refused",
    "statements_refused",
]

REALS: Final = frozenset(
    {
        "ClassicalDedekindReals.sig_not_dec",
        "ClassicalDedekindReals.sig_forall_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
        "Classical_Prop.classic",
    }
)
"""The axioms of the standard library's reals, and classical logic."""

FLOATS: Final = ("PrimFloat.", "FloatAxioms.", "PrimInt63.", "Uint63.", "Sint63.")
"""Files that hold the axioms of primitive floats and integers, for numeric constants."""

RESTRICTED: Final = frozenset(
    {
        "Coq.Init.Specif.sig", "Coq.Init.Specif.sig2", "Coq.Init.Specif.sigT",
        "Coq.Init.Datatypes.Empty_set", "Coq.Reals.RIneq.posreal",
        "Coq.Reals.RIneq.negreal", "Coq.Reals.RIneq.nonposreal",
        "Coq.Reals.RIneq.nonnegreal", "Coq.Reals.RIneq.nonzeroreal",
    }
)  # fmt: skip
"""Types whose members carry a proof: a binder of such a type is a hypothesis too."""

REQUIRED: Final = (
    *("T01", "T02", "T03", "T04", "T05", "T06", "T07", "T08", "T09", "T10", "T11"),
    *("T13", "T15", "T17", "T19", "T20", "T27", "R01", "R02b", "R03"),
)
"""Theorems and refutations that the library has to prove."""


@dataclass(frozen=True)
class Refusal:
    """One thing that the checker refuses.

    Attributes
    ----------
    about : str
        A statement, an example, a file, or an id.
    sentence : str
        Why, as one sentence.
    file : str
        The file it is found in, with its ending, or "".
    line : int or None
        Its line.
    scope : "statement", "file", "library" or "none"
        What does not count as checked for it: one statement, what rests on one file,
        everything, or nothing (a theorem that is missing takes nothing from the others).
    """

    about: str
    sentence: str
    file: str = ""
    line: int | None = None
    scope: str = "statement"


@dataclass(frozen=True)
class Subject:
    """A constant whose axioms are asked for.

    Attributes
    ----------
    constant : str
        File and name.
    about : str
        The statement that it is, or is an example of.
    group : str
        What it is asked about together with.
    about_reals : bool
        Whether it speaks of reals; if not, it may rest on no axiom at all.
    interval : bool
        Whether its comment allows the axioms of primitive floats.
    line : int
        Where it is.
    """

    constant: str
    about: str
    group: str
    about_reals: bool
    interval: bool
    line: int


def sources_refused(sources: Sources) -> Iterator[Refusal]:
    """Words, options and names that no library may have."""
    for offence in project_offences(sources.project):
        yield Refusal(
            "_CoqProject",
            f"_CoqProject, line {offence.line}: {offence.words!r} {offence.why}",
            "_CoqProject",
            offence.line,
            "library",
        )
    taken = {name.split(".")[0] for name in (*REALS, *FLOATS)}
    for name, text in sources.texts.items():
        file = f"{name}.v"
        for module in sorted({name, *modules(text)} & taken):
            sentence = f"{file} has a module {module}, the name of a file with axioms"
            yield Refusal(file, sentence, file, None, "library")
        for offence in offences(text):
            yield Refusal(
                file,
                f"{file}, line {offence.line}: {offence.words!r} {offence.why}",
                file,
                offence.line,
                "file",
            )
    for name in (STATEMENTS, EXAMPLES):
        if name not in sources.texts:
            yield Refusal(
                f"{name}.v", f"{name}.v is missing", f"{name}.v", None, "library"
            )


def statements_refused(
    statements: Sequence[Statement],
    faults: Sequence[Fault],
    known: Mapping[str, frozenset[str]],
) -> Iterator[Refusal]:
    """What is wrong with Statements.v as a text."""
    file = f"{STATEMENTS}.v"
    for fault in faults:
        whole = fault.name == file
        about = f"{file}, line {fault.line}:" if whole else fault.name
        yield Refusal(
            fault.name,
            f"{about} {fault.sentence}",
            file,
            fault.line,
            "file" if whole else "statement",
        )
    for one in statements:
        for sentence in unknown(one.coverage, known):
            yield Refusal(one.name, f"{one.name}: {sentence}", file, one.line)


def required_refused(
    statements: Sequence[Statement], required: Iterable[str]
) -> Iterator[Refusal]:
    """Ids that no statement speaks of."""
    spoken = {
        one
        for statement in statements
        if statement.coverage.kind == "theorem"
        for one in statement.coverage.ids
    }
    for one in required:
        if one not in spoken:
            yield Refusal(
                one,
                f"{one} is required, and {STATEMENTS}.v has no statement of it",
                f"{STATEMENTS}.v",
                None,
                "none",
            )


def axioms_refused(subject: Subject, assumed: Assumptions) -> Iterator[Refusal]:
    """Axioms beyond those that a statement or an example may rest on."""
    for axiom in assumed.axioms:
        why = _axiom_refused(subject, axiom)
        if why is not None:
            yield _of(subject, why)
    for sentence in assumed.unsafe:
        yield _of(subject, f"rests on a check that is turned off: {sentence}")


def _axiom_refused(subject: Subject, axiom: str) -> str | None:
    if axiom in REALS:
        real = subject.about_reals
        return None if real else f"speaks of no reals, and rests on their axiom {axiom}"
    if not axiom.startswith(FLOATS):
        return f"rests on {axiom}, which is no allowed axiom"
    if not subject.interval:
        return (
            f"rests on {axiom}, an axiom of floats, and its comment does not say "
            "(interval)"
        )
    return None


def _of(subject: Subject, why: str) -> Refusal:
    file, _, name = subject.constant.partition(".")
    return Refusal(subject.about, f"{name} {why}", f"{file}.v", subject.line)


def kind_of_axioms(axioms: Iterable[str]) -> str:
    """None, reals, reals+float, or others: what a table says."""
    rest = set(axioms)
    if not rest:
        return "none"
    beyond = rest - REALS
    if not beyond:
        return "reals"
    return "reals+float" if all(a.startswith(FLOATS) for a in beyond) else "others"


def examples_refused(
    statements: Sequence[Statement],
    examples: Sequence[Example],
    facts: Mapping[str, Facts],
) -> Iterator[Refusal]:
    """Hypotheses that nothing shows to be satisfiable."""
    given = {one.of: one for one in examples}
    for one in statements:
        if _restricts(facts[one.name]) and one.name not in given:
            yield Refusal(
                one.name,
                f"{one.name} has hypotheses, and {EXAMPLES}.v has no E_{one.name}",
                f"{STATEMENTS}.v",
                one.line,
            )
    names = {one.name for one in statements}
    for example in examples:
        yield from _example_refused(example, facts[example.name], names)


def _example_refused(
    example: Example, found: Facts, names: set[str]
) -> Iterator[Refusal]:
    def refused(sentence: str) -> Refusal:
        about = example.of if example.of in names else example.name
        return Refusal(
            about, f"{example.name} {sentence}", f"{EXAMPLES}.v", example.line
        )

    if example.of not in names:
        yield refused(f"is an example of {example.of}, which is no statement")
    elif found.applied != f"{PREFIX}.{STATEMENTS}.{example.of}":
        applied = found.applied.removeprefix(f"{PREFIX}.") or "nothing"
        yield refused(f"is no application of {example.of}: it applies {applied}")
    if _restricts(found):
        left = "; ".join(found.premises) or "a binder whose type carries a proof"
        yield refused(f"still has a hypothesis: {left}")


def _restricts(facts: Facts) -> bool:
    """Whether a statement assumes something, in a premise or in the type of a variable."""
    carried = {*facts.binders, *facts.heads} & RESTRICTED
    own = [one for one in facts.heads if one.startswith(f"{PREFIX}.")]
    return bool(facts.premises or carried or own)


def anchors_refused(
    statements: Sequence[Statement], facts: Mapping[str, Facts]
) -> Iterator[Refusal]:
    """Definitions whose meaning Statements.v does not show."""
    file = f"{STATEMENTS}.v"
    shown: set[str] = set()
    circular: set[str] = set()
    for one in statements:
        if one.is_theorem:
            continue
        found = facts[one.name]
        if not found.anchors:
            yield Refusal(
                one.name,
                f"{one.name} is an anchor, and neither an equation nor an equivalence",
                file,
                one.line,
            )
        for left in found.anchors:
            (circular if left in found.formula else shown).add(left)
    for one in statements:
        for constant in facts[one.name].constants:
            if constant.startswith(f"{PREFIX}.") and constant not in shown:
                yield _unanchored(one, constant, circular=constant in circular)


def _unanchored(one: Statement, constant: str, *, circular: bool) -> Refusal:
    name = constant.rsplit(".", 1)[-1]
    why = (
        f"every anchor D_{name} explains it by itself"
        if circular
        else f"{STATEMENTS}.v has no anchor D_{name}"
    )
    return Refusal(
        one.name,
        f"{one.name} speaks of {constant.removeprefix(f'{PREFIX}.')}, and {why}",
        f"{STATEMENTS}.v",
        one.line,
    )


def hidden_notations_refused(graph: Graph) -> Iterator[Refusal]:
    """Notations of the library that Statements.v uses, and no anchor explains."""
    own = [one for one in graph.items.values() if one.file == STATEMENTS]
    shown = {
        target
        for one in own
        if one.id.startswith(f"{STATEMENTS}.D_")
        for target in one.explained()
    }
    told: set[str] = set()
    for one in sorted(own, key=lambda item: item.start):
        for target in sorted(one.mentions):
            item = graph.items[target]
            if item.is_notation and target not in shown | told:
                told.add(target)
                yield Refusal(
                    one.id.partition(".")[2],
                    f"{one.id.partition('.')[2]} uses a notation that no anchor explains: "
                    f"{item.file}.v, line {item.line}: {item.text}",
                    f"{STATEMENTS}.v",
                    one.line,
                )


def notations_refused(
    declared: Sequence[tuple[str, int, str]],
    borrowed: Sequence[tuple[str, int, str]],
    defined: Iterable[str],
) -> Iterator[Refusal]:
    """Notations under which a formula may not mean what it says.

    Parameters
    ----------
    declared, borrowed : sequence of (str, int, str)
        All that other files see, and those that the libraries below already have: file,
        line, and the notation.
    defined : iterable of str
        Names of the library's definitions and lemmas.
    """
    seen = set(defined)
    for one in declared:
        name, line, mark = one
        if one in borrowed:
            why = "has a meaning already"
        elif mark in seen:
            why = "is declared twice"
        else:
            seen.add(mark)
            continue
        sentence = f"{name}.v, line {line}: the notation {mark!r} {why}"
        yield Refusal(f"{name}.v", sentence, f"{name}.v", line, "library")
