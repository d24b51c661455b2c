"""What Coq says of each statement: its type, premises, axioms, and what it speaks of."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .build import Build
from .lexer import exported, line_of, sentences, squeezed
from .queries import PRELUDE, Questioner, answer
from .sources import EXAMPLES, PREFIX, STATEMENTS, Sources
from .statements import Example, Statement

__all__ = ["Audit", "Facts", "audit", "declared_notations"]

TIME_LIMIT = 600.0

_WORD = re.compile(
    r"^(type|left|right|binder|head|body) (term|proof) (\S+)$", re.MULTILINE
)
_PREMISE = re.compile(r"^premise (.*(?:\n .*)*)", re.MULTILINE)
_SHAPE = re.compile(r"^shape (\w+)$", re.MULTILINE)
_NOTATION = re.compile(r'Notation\s+"(?P<string>[^"]*)"')
_INFIX = re.compile(r'Infix\s+"(?P<string>[^"]*)"')
_IDENTIFIER = r"[A-Za-z_][\w']*"
_ABBREVIATION = re.compile(r"Notation\s+(?P<name>[A-Za-z_][\w']*)")


@dataclass(frozen=True)
class Facts:
    """What Coq says of one constant.

    Attributes
    ----------
    closed : str
        Its type, sections closed, as Statements.v would print it.
    premises : tuple of str
        Its binders that are propositions.
    binders, heads : tuple of str
        What the types of its other binders mention, and what they are at their head.
    constants : tuple of str
        Every constant, inductive type and constructor in its type; proofs of the library
        apart.
    applied : str
        What the body applies.
    anchors, formula : tuple of str
        Where the type is an equation or an equivalence: the head of its left side, and
        all that its right side mentions.
    """

    closed: str
    premises: tuple[str, ...]
    binders: tuple[str, ...]
    heads: tuple[str, ...]
    constants: tuple[str, ...]
    applied: str
    anchors: tuple[str, ...] = ()
    formula: tuple[str, ...] = ()


@dataclass(frozen=True)
class Audit:
    """What Coq says.

    Attributes
    ----------
    facts : mapping of str to Facts
        Of every statement and example.
    borrowed : tuple of (str, int, str)
        Notations that the libraries below already have: file, line, and the notation.
    """

    facts: Mapping[str, Facts]
    borrowed: tuple[tuple[str, int, str], ...]


def audit(
    sources: Sources,
    made: Build,
    statements: Sequence[Statement],
    examples: Sequence[Example],
    ask: Questioner,
) -> Audit:
    """Put the questions to Coq.

    Parameters
    ----------
    sources, made : Sources, Build
        The library.
    statements, examples : sequence
        What is asked about.
    ask : Questioner
        Puts a file of questions.
    """
    modules = [name for name in made.order if name in made.compiled]
    wanted = [(STATEMENTS, one.name) for one in statements]
    wanted += [(EXAMPLES, one.name) for one in examples]
    marks = list(declared_notations(sources))
    folder = ask("facts", _facts_source(modules, wanted, sources))
    ask("notations", _notations_source(sources, [mark for _, _, mark in marks]))
    return Audit(
        {name: _facts(folder, place) for place, (_, name) in enumerate(wanted)},
        tuple(
            mark
            for place, mark in enumerate(marks)
            if _is_borrowed(folder, place, mark[2])
        ),
    )


def _facts_source(
    modules: Sequence[str], wanted: Sequence[tuple[str, str]], sources: Sources
) -> str:
    lines = [f"From {PREFIX} Require {' '.join(modules)}.", PRELUDE]
    for place, (module, name) in enumerate(wanted):
        path = f"{PREFIX}.{module}.{name}"
        found = "(known [" + "; ".join(f"@{one}" for one in path.split(".")) + "])"
        lines += [
            f'Redirect "audit/{place}-type" Ltac2 Eval walk "type" (type_of {found}).',
            f'Redirect "audit/{place}-body" Ltac2 Eval applied {found}.',
            *_in_goal(path, f"{place}-premises"),
        ]
        if name.startswith("D_"):
            lines.append(
                f'Redirect "audit/{place}-anchor" Ltac2 Eval anchored (type_of {found}).'
            )
    # for display alone: with the notations of the file that is read
    lines += _imports(sources.texts[STATEMENTS])
    for place, (module, name) in enumerate(wanted):
        path = f"{PREFIX}.{module}.{name}"
        lines += [
            f'Redirect "audit/{place}-check" Check @{path}.',
            *_in_goal(path, f"{place}-shown"),
        ]
    return "\n".join(lines) + "\n"


def _in_goal(path: str, target: str) -> list[str]:
    return [
        f"Goal ltac:(let t := type of @{path} in let t := eval cbv beta in t in exact t).",
        f'Redirect "audit/{target}" premises ().',
        "Abort.",
    ]


def _imports(text: str) -> list[str]:
    """What a file imports and opens before its first definition."""
    lines = []
    for one in sentences(text):
        if one.command in ("Section", "Definition"):
            break
        if one.command in ("From", "Require", "Import", "Open"):
            lines.append(squeezed(one.text))
    return lines


def declared_notations(sources: Sources) -> Iterator[tuple[str, int, str]]:
    """Notations that other files see: file, line, and what to look up."""
    for name, text in sources.texts.items():
        for one in exported(sentences(text)):
            if one.command not in ("Notation", "Infix"):
                continue
            line = line_of(text, one.start)
            whole = text[one.start : one.end]
            quoted = _NOTATION.search(whole) or _INFIX.search(whole)
            if quoted:
                yield name, line, quoted["string"]
            elif match := _ABBREVIATION.search(whole):
                yield name, line, match["name"]


def _notations_source(sources: Sources, marks: Sequence[str]) -> str:
    """Look every notation up where only the libraries below are loaded."""
    below = {
        squeezed(one.text)
        for text in sources.texts.values()
        for one in sentences(text)
        if one.command in ("From", "Require") and PREFIX not in one.text
    }
    lines = sorted(below)
    for place, mark in enumerate(marks):
        for number, symbol in enumerate(_symbols(mark)):
            asked = symbol if re.fullmatch(_IDENTIFIER, mark) else f'"{symbol}"'
            lines.append(f'Redirect "audit/n{place}-{number}" Locate {asked}.')
    return "\n".join(lines) + "\n"


def _is_borrowed(folder: Path, place: int, mark: str) -> bool:
    """Whether the libraries below know every symbol of a notation."""
    answers = [
        answer(folder, f"n{place}-{number}") for number, _ in enumerate(_symbols(mark))
    ]
    return not any(
        answer.startswith(("Unknown notation", "No object")) for answer in answers
    )


def _symbols(mark: str) -> list[str]:
    """What is fixed in a notation: all of it but the names of its places."""
    symbols = []
    for word in mark.split():
        if not re.fullmatch(_IDENTIFIER, word):
            quoted = len(word) > 2 and word[0] == word[-1] == "'"
            symbols.append(word[1:-1] if quoted else word)
    return symbols or [mark]


def _facts(folder: Path, place: int) -> Facts:
    def read(what: str) -> str:
        return answer(folder, f"{place}-{what}")

    anchor = read("anchor")
    premises = _premises(read("premises"))
    shown = _premises(read("shown"))
    equation = "other" not in _SHAPE.findall(anchor)
    return Facts(
        closed=squeezed(read("check").partition(" : ")[2]),
        premises=shown if len(shown) == len(premises) else premises,
        binders=_words(read("premises"), "binder"),
        heads=_words(read("premises"), "head"),
        constants=_words(read("type"), "type", proofs=False),
        applied=next(iter(_words(read("body"), "body")), ""),
        anchors=_words(anchor, "left") if equation else (),
        formula=_words(anchor, "right") if equation else (),
    )


def _premises(text: str) -> tuple[str, ...]:
    return tuple(squeezed(one) for one in _PREMISE.findall(text))


def _words(text: str, word: str, *, proofs: bool = True) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(
            match[3]
            for match in _WORD.finditer(text)
            if match[1] == word and (proofs or match[2] == "term")
        )
    )
