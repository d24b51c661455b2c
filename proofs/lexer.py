"""What Coq's own lexer sees in a source: comments, strings and sentences.

Comments nest, and a string inside a comment hides what closes it, as Coq has it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = [
    "Sentence",
    "blanked",
    "comments",
    "exported",
    "line_of",
    "sentences",
    "squeezed",
]

_BULLETS = re.compile(r"[\s{}+*-]*")
_STOP = re.compile(r"(?<!\.)\.(?=\s|$)|\.\.\.(?=\s|$)")
_PREFIX = re.compile(
    r"(?:#\[[^\]]*\]|Local|Global|Export|Polymorphic|Monomorphic|Cumulative|Program"
    r"|Private|Time|Fail|Timeout\s+\d+)\s+"
    r"|#\[[^\]]*\]"
)


@dataclass(frozen=True)
class Sentence:
    """One command.

    Attributes
    ----------
    start, end : int
        Where it lies in its source: its first character, and after its full stop.
    text : str
        What it says, with spaces in place of comments and strings.
    """

    start: int
    end: int
    text: str

    @property
    def head(self) -> str:
        """The command without what may stand before it: `Local`, attributes, `Time`."""
        text = self.text
        while match := _PREFIX.match(text):
            text = text[match.end() :].lstrip()
        return text

    @property
    def command(self) -> str:
        """Its first word."""
        match = re.match(r"[A-Za-z_][\w']*", self.head)
        return match[0] if match else ""


def blanked(text: str, *, keep_strings: bool = False) -> str:
    """The source with spaces in place of comments and strings; lines stay lines."""
    out = list(text)
    place = 0
    while place < len(text):
        end = _skipped(text, place)
        if end == place:
            place += 1
            continue
        if text[place] == "(" or not keep_strings:
            out[place:end] = [c if c == "\n" else " " for c in text[place:end]]
        place = end
    return "".join(out)


def comments(text: str) -> list[tuple[int, int]]:
    """Where the outermost comments begin and end."""
    found = []
    place = 0
    while place < len(text):
        end = _skipped(text, place)
        if end == place:
            place += 1
            continue
        if text[place] == "(":
            found.append((place, end))
        place = end
    return found


def sentences(text: str) -> list[Sentence]:
    """Every command of a source, in order; bullets and braces go with what they open."""
    bare = blanked(text)
    found = []
    start = 0
    for match in _STOP.finditer(bare):
        begin = _begin(bare, start)
        if begin < match.end():
            found.append(Sentence(begin, match.end(), bare[begin : match.end()]))
        start = match.end()
    rest = _begin(bare, start)
    if rest < len(bare):
        found.append(Sentence(rest, len(bare), bare[rest:].rstrip()))
    return found


def exported(found: Iterable[Sentence]) -> Iterator[Sentence]:
    """The commands that work beyond their file: none of a section, none that is local."""
    depth = 0
    for one in found:
        if one.command == "Section":
            depth += 1
        elif one.command == "End" and depth:
            depth -= 1
        elif not depth and not re.search(r"\b[Ll]ocal\b", one.text[: -len(one.head)]):
            yield one


def line_of(text: str, place: int) -> int:
    """The line of a place, counted from 1."""
    return text.count("\n", 0, place) + 1


def squeezed(text: str) -> str:
    """Runs of blanks as one space: what a change of layout leaves alone."""
    return " ".join(text.split())


def _begin(bare: str, start: int) -> int:
    match = _BULLETS.match(bare, start)
    return match.end() if match else start


def _skipped(text: str, place: int) -> int:
    """Where the comment or string that begins at a place ends; the place if none does."""
    if text.startswith("(*", place):
        return _comment_end(text, place)
    if text[place] == '"':
        return _string_end(text, place)
    return place


def _comment_end(text: str, place: int) -> int:
    depth = 0
    while place < len(text):
        if text.startswith("(*", place):
            depth, place = depth + 1, place + 2
        elif text.startswith("*)", place):
            depth, place = depth - 1, place + 2
            if not depth:
                return place
        elif text[place] == '"':
            place = _string_end(text, place)
        else:
            place += 1
    return len(text)


def _string_end(text: str, place: int) -> int:
    # a doubled quotation mark stands for one: it ends one string and opens the next
    end = text.find('"', place + 1)
    return len(text) if end < 0 else end + 1
