"""Statements.v and NonVacuity.v as data: what is claimed, pinned to which lemma, where.

A statement is ``Definition T06_identity : <formula> := <lemma>.``: what the formula says is
held to the lemma by type alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .claims import Coverage, coverage
from .lexer import Sentence, comments, line_of, sentences, squeezed

__all__ = [
    "Example",
    "Fault",
    "Statement",
    "StatementFile",
    "read_examples",
    "read_statements",
]

_DEFINED = re.compile(r"Definition\s+(?P<name>[\w']+)")
_PINNED = re.compile(r"[@\w'.()\s]+")
_NAMED = re.compile(r"@?(?P<name>[A-Za-z_][\w']*(?:\.[A-Za-z_][\w']*)*)")
_KEYWORDS = re.compile(
    r"(?<![\w'])(?:fun|forall|let|match|fix|cofix|if|ltac|ltac2|by)(?![\w'])"
)
_ABSTRACTED = re.compile(r"\s*fun\s[^=]*=>")
_NAMED_ARGUMENT = re.compile(r"\(\w+\s*:=\s*([\w'.]+)\)")
_THEOREM = re.compile(r"[TR]\d\d")

_VARIABLES: Final = {
    "Variable", "Variables", "Hypothesis", "Hypotheses", "Context", "Let",
}  # fmt: skip

COMMANDS: Final = {
    "From", "Require", "Import", "Section", "End", "Variable", "Variables",
    "Hypothesis", "Hypotheses", "Context", "Implicit", "Let", "Definition",
}  # fmt: skip
"""Commands that Statements.v may hold, beside options and scopes."""

OPTIONS: Final = re.compile(
    r"(?:Set Implicit Arguments|Unset Strict Implicit"
    r"|Unset Printing Implicit Defensive|Open Scope \w+)\s*\."
)

NOTATION_COMMANDS: Final = {"Notation", "Infix", "Reserved", "Tactic", "Coercion"}


@dataclass(frozen=True)
class Fault:
    """What is wrong in a file, as a sentence that follows the name of what is meant."""

    name: str
    line: int
    sentence: str


@dataclass(frozen=True)
class Statement:
    """One definition of Statements.v.

    Attributes
    ----------
    name : str
        Such as T07b_upper, R03_counterexample or D_mean.
    text : str
        The formula, as the file has it.
    context : tuple of str
        Variables and hypotheses of the sections around it.
    lemma : str
        The name that it is pinned to, as the file has it.
    start, end : int
        Where the command lies; `body` is where its lemma is named.
    line, end_line : int
        The same in lines.
    coverage : Coverage
        What its comment says.
    """

    name: str
    text: str
    context: tuple[str, ...]
    lemma: str
    start: int
    end: int
    body: int
    line: int
    end_line: int
    coverage: Coverage

    @property
    def is_theorem(self) -> bool:
        """Whether it is no anchor."""
        return _THEOREM.match(self.name) is not None


@dataclass(frozen=True)
class Example:
    """One definition E_… of NonVacuity.v: a statement applied where its premises hold."""

    name: str
    line: int
    end_line: int
    text: str
    interval: bool

    @property
    def of(self) -> str:
        """The statement that it is an example of."""
        return self.name.removeprefix("E_")


@dataclass(frozen=True)
class StatementFile:
    """All statements, and what is wrong with the file."""

    statements: tuple[Statement, ...]
    faults: tuple[Fault, ...]


def read_statements(text: str) -> StatementFile:
    """Parse Statements.v."""
    found: list[Statement] = []
    faults = list(_strangers(text))
    context: list[list[str]] = []
    for one in sentences(text):
        _follow(context, one, text)
        if one.command != "Definition":
            continue
        read = _statement(text, one, tuple(line for part in context for line in part))
        if isinstance(read, Statement):
            found.append(read)
        else:
            faults.append(read)
    return StatementFile(tuple(found), tuple(faults))


def read_examples(text: str) -> tuple[Example, ...]:
    """Parse NonVacuity.v."""
    found = []
    for one in sentences(text):
        match = _DEFINED.match(one.head)
        if match and match["name"].startswith("E_"):
            comment = _comment(text, one.start) or ""
            found.append(
                Example(
                    match["name"],
                    line_of(text, one.start),
                    line_of(text, one.end),
                    text[one.start : one.end],
                    "(interval)" in comment,
                )
            )
    return tuple(found)


def _follow(context: list[list[str]], one: Sentence, text: str) -> None:
    """Keep the open sections' variables and hypotheses."""
    if one.command == "Section":
        context.append([])
    elif one.command == "End" and context:
        context.pop()
    elif one.command in _VARIABLES and context:
        context[-1].append(squeezed(text[one.start : one.end]))


def _strangers(text: str) -> Iterator[Fault]:
    """Commands that have no business in the file that a reviewer reads."""
    for one in sentences(text):
        line = line_of(text, one.start)
        if one.command in NOTATION_COMMANDS:
            yield Fault(
                "Statements.v",
                line,
                f"declares a notation ({squeezed(one.head)[:60]}), "
                "under which a formula may not mean what it says",
            )
        elif one.command not in COMMANDS and not OPTIONS.fullmatch(squeezed(one.head)):
            yield _stranger(one, line)


def _stranger(one: Sentence, line: int) -> Fault:
    if one.command in ("Lemma", "Theorem", "Corollary", "Proposition", "Proof", "Qed"):
        what = "proves by tactics; expected the name of a lemma after :="
    else:
        what = "is no statement, and no section, variable or import"
    return Fault("Statements.v", line, f"{squeezed(one.head)[:60]!r} {what}")


def _statement(text: str, one: Sentence, context: tuple[str, ...]) -> Statement | Fault:
    line = line_of(text, one.start)
    match = _DEFINED.search(one.text)
    if match is None:
        return Fault("Statements.v", line, "a definition has no name")
    name = match["name"]
    divided = _divided(one.text, match.end())
    if divided is None:
        return Fault(
            name,
            line,
            "is pinned by a tactic proof; expected the name of a lemma after :=",
        )
    colon, pin = divided
    lemma = _lemma(one.text[pin + 2 :])
    if lemma is None:
        return Fault(
            name, line, "is pinned by a term; expected the name of a lemma after :="
        )
    if colon is None:
        return Fault(name, line, "does not say what it states before :=")
    read = _coverage(text, one, name)
    if isinstance(read, str):
        return Fault(name, line, read)
    formula = text[one.start + colon : one.start + pin].strip()
    shift = one.text.index(lemma, pin + 2 + _abstraction(one.text[pin + 2 :]))
    return Statement(
        name=name,
        text=formula.removeprefix(":").strip() if formula.startswith(":") else formula,
        context=context,
        lemma=lemma,
        start=one.start,
        end=one.end,
        body=one.start + shift,
        line=line,
        end_line=line_of(text, one.end - 1),
        coverage=read,
    )


def _divided(text: str, start: int) -> tuple[int | None, int] | None:
    """Where the formula begins, and the last := outside brackets."""
    depth, pin = 0, None
    for place in range(start, len(text)):
        if text[place] in "([{":
            depth += 1
        elif text[place] in ")]}":
            depth -= 1
        elif text.startswith(":=", place) and not depth:
            pin = place
    if pin is None:
        return None
    return (start if ":" in text[start:pin] else None), pin


def _abstraction(body: str) -> int:
    """How long the variables are under which a body names its lemma."""
    match = _ABSTRACTED.match(body)
    return match.end() if match else 0


def _lemma(body: str) -> str | None:
    """The name in a body that is one, applied to variables perhaps, or under their names."""
    body = body[_abstraction(body) :].strip().removesuffix(".").strip()
    body = _NAMED_ARGUMENT.sub(r"\1", body)
    match = _NAMED.match(body)
    if match is None or not _PINNED.fullmatch(body) or _KEYWORDS.search(body):
        return None
    return match["name"]


def _coverage(text: str, one: Sentence, name: str) -> Coverage | str:
    comment = _comment(text, one.start)
    if comment is None:
        return "has no comment (** T07(b.1): … *) directly above it"
    read = coverage(comment)
    if isinstance(read, str):
        return read
    if name.startswith("D_") or read.kind == "anchor":
        agree = name.startswith("D_") and read.kind == "anchor"
        return read if agree else "is an anchor in its name or comment, but not in both"
    if not any(name.startswith(one) for one in read.ids):
        return f"has a comment that names {', '.join(read.ids)}, which is not its name"
    return read


def _comment(text: str, start: int) -> str | None:
    """The documentation comment that ends right above a place."""
    for begin, end in reversed(comments(text)):
        if end <= start:
            between = text[end:start].strip()
            if between or not text.startswith("(**", begin):
                return None
            return text[begin + 3 : end - 2]
    return None
