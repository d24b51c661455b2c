"""What no source may say, whatever Coq makes of it: ways to assume what is to be proved.

Coq itself lists assumptions too; what is refused here is also refused where that listing
is known to overlook something (functors, casts that the kernel takes on trust).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .lexer import Sentence, blanked, line_of, sentences, squeezed

__all__ = [
    "ANYWHERE",
    "CHOICE",
    "COMMANDS",
    "Offence",
    "modules",
    "offences",
    "project_offences",
]

ANYWHERE: Final = {
    r"Admitted|admit|give_up|Admit\s+Obligations": "leaves a goal unproved",
    r"Axioms?|Parameters?|Conjectures?": "assumes without proof",
    r"(?:Uns|S)et\s+(?:Guard|Positivity|Universe)\s+Checking|bypass_check": (
        "turns a check of the kernel off"
    ),
    r"type-in-type|impredicative-set|Definitional\s+UIP": "makes the logic another one",
    r"\w*_no_check": "hands the kernel a term that the tactic did not check",
    r"Declare\s+ML\s+Module": "loads code into Coq",
    r"Module\s+Type|Declare\s+Module": "hides assumptions from Print Assumptions",
}
"""Words, as regular expressions, and why they are refused wherever they stand."""

COMMANDS: Final = {
    r"Primitive|Symbols?|Declare\s+Instance": "assumes without proof",
    r"(?:Number|Numeral|String)\s+Notation": "gives numerals another meaning",
    r"Include": "hides assumptions from Print Assumptions",
    r"Load|Drop|Cd|Redirect|Add\s+(?:Rec\s+)?(?:LoadPath|ML\s+Path)": (
        "reads or writes other files"
    ),
    r"(?:Recursive\s+|Separate\s+)?Extraction|Extract\s+\w+": (
        "writes programs, which proves nothing"
    ),
}
"""Commands, as regular expressions, and why they are refused."""

CHOICE: Final = re.compile(
    r"(?<![\w'])(?:ClassicalEpsilon|ClassicalChoice|ClassicalDescription"
    r"|ClassicalUniqueChoice|IndefiniteDescription|Epsilon|RelationalChoice|Diaconescu"
    r"|PropExtensionality\w*|PropExtensionalityFacts|ProofIrrelevance|Eqdep|JMeq)"
    r"(?![\w'])"
)
"""Files of the standard library with axioms of choice, or others that are not allowed."""

_WORDS: Final = [
    (re.compile(rf"(?<![\w'])(?:{words})(?![\w'])"), why)
    for words, why in ANYWHERE.items()
]

_COMMANDS: Final = [
    (re.compile(rf"(?:{words})(?![\w'])"), why) for words, why in COMMANDS.items()
]

_ASSUMING: Final = {
    "Variable", "Variables", "Hypothesis", "Hypotheses", "Context",
}  # fmt: skip

_PLAIN_MODULE = re.compile(r"Module(?:\s+(?:Import|Export))?\s+[\w']+\s*\.")

_MODULE = re.compile(r"Module\s+(?:(?:Import|Export)\s+)?([\w']+)")

_WARNINGS = re.compile(r"-arg\s+-w\s+-arg\s+[-+\w,]+")


@dataclass(frozen=True)
class Offence:
    """One thing that is refused, and the line it stands on."""

    line: int
    words: str
    why: str


def offences(text: str) -> list[Offence]:
    """What is refused in a source, comments and strings apart; in order."""
    return sorted(
        [*_words(text), *_commands(text), *_assumptions(text), *_modules(text)],
        key=lambda one: one.line,
    )


def project_offences(project: str) -> list[Offence]:
    """What is refused in a _CoqProject: all but the library's name and warnings."""
    return [
        Offence(
            number, squeezed(line), "is no -Q . LandTheory and no choice of warnings"
        )
        for number, line in enumerate(project.splitlines(), 1)
        if line.strip()
        and squeezed(line) != "-Q . LandTheory"
        and not _WARNINGS.fullmatch(squeezed(line))
    ]


def modules(text: str) -> list[str]:
    """The modules that a source opens."""
    found = [_MODULE.match(one.head) for one in sentences(text)]
    return [match[1] for match in found if match]


def _words(text: str) -> Iterator[Offence]:
    bare = blanked(text)
    for pattern, why in _WORDS:
        for match in pattern.finditer(bare):
            yield Offence(line_of(text, match.start()), squeezed(match[0]), why)


def _commands(text: str) -> Iterator[Offence]:
    for one in sentences(text):
        line = line_of(text, one.start)
        for pattern, why in _COMMANDS:
            if match := pattern.match(one.head):
                yield Offence(line, squeezed(match[0]), why)
        if one.command in ("From", "Require", "Import", "Export"):
            for match in CHOICE.finditer(one.head):
                yield Offence(
                    line, match[0], "brings in an axiom that is not one of the reals'"
                )


def _assumptions(text: str) -> Iterator[Offence]:
    """Variables outside a section: axioms under another name."""
    opened: list[str] = []
    for one in sentences(text):
        match one.command:
            case "Section" | "Module":
                opened.append(one.command)
            case "End" if opened:
                opened.pop()
            case command if command in _ASSUMING and "Section" not in opened:
                yield Offence(
                    line_of(text, one.start), command, "outside a section is an axiom"
                )


def _modules(text: str) -> Iterator[Offence]:
    for one in sentences(text):
        if one.command == "Module" and not _is_plain(one):
            yield Offence(
                line_of(text, one.start),
                squeezed(one.head),
                "is a functor or a module with a type, "
                "which hide assumptions from Print Assumptions",
            )


def _is_plain(one: Sentence) -> bool:
    return _PLAIN_MODULE.fullmatch(one.head) is not None
