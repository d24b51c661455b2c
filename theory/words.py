"""Which characters, numbers and words the text of a claim may hold.

They are looked at before Python's parser sees the text: what passes is ASCII, on one
line, without quotes, brackets, colons or keywords, its parentheses matched, and so few
operators deep that the parser, which recurses in C, cannot exhaust a thread's stack: a
chain of 5000 operators was seen to end the process in a thread with 512 KiB.
"""

import keyword
import re
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final, NoReturn

from ..errors import TextError
from .places import pointed

__all__ = ["check_words"]

_DEEPEST = 300
"""Operators and parentheses above one another: at least the depth of the tree."""
_PARENTHESES = 100
"""Within one another: 199 were seen to end the process in a thread with 256 KiB."""
_LONGEST_NUMBER = 400
_GREATEST, _LEAST = Fraction(10**308), Fraction(1, 10**308)
_QUOTED = 20

_TOKEN: Final = re.compile(
    r"(?P<number>\.?[0-9][0-9A-Za-z_.]*(?:(?<=[0-9.][eE])[+-][0-9][0-9A-Za-z_.]*)?)"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign><=|>=|==(?!=)|\*\*|[-+*/@<>(),.])"
    r"|(?P<space> +)"
)
_NUMBER: Final = re.compile(
    r"(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?"
)
_WRONG: Final = re.compile(r"//|<<|>>|<>|=<|=>|\.\.+|===|!=|:=|->")

_INSTEAD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "=": "equality is written ==",
        "===": "equality is written ==",
        "=<": "write <=",
        "=>": "write >=",
        "≤": "write <=",
        "≥": "write >=",
        "⩽": "write <=",
        "⩾": "write >=",
        "!=": "a claim is one of <= >= < > ==",
        "<>": "a claim is one of <= >= < > ==",
        "≠": "a claim is one of <= >= < > ==",
        "//": "division is written /",
        "^": "powers are written **",
        "²": "powers are written **",
        "³": "powers are written **",
        "·": "products are written *",
        "×": "products are written *",
        "−": "write the sign - of ASCII",
        "–": "write the sign - of ASCII",
        "√": "write sqrt(...)",
        "θ": "write theta",
        "∇": "write grad",
        "|": "write abs(...) or norm(...)",
        "‖": "write norm(...), op(...) or fro(...)",
        "ᵀ": "the transpose is written .T",
        "'": "the transpose is written .T, and there are no texts",
        '"': "there are no texts",
        "[": "there are no subscripts: write tr, max, H_bb or the like",
        "]": "there are no subscripts: write tr, max, H_bb or the like",
        "&": "state each comparison as a claim of its own",
        "#": "there are no comments",
        "\n": "write it on one line",
        "\r": "write it on one line",
        "\t": "write spaces",
    }
)
_OTHERWISE = "use letters, digits, spaces and + - * / ** @ . , ( ) <= >= < > == alone"


def check_words(text: str, called: str) -> None:
    """Look at every character, number and word of a claim, and match its parentheses.

    Raises
    ------
    TextError
        At the first that a claim may not hold.
    """
    place = 0
    groups = _Groups(text, called)
    while place < len(text):
        wrong = _WRONG.match(text, place)
        token = None if wrong else _TOKEN.match(text, place)
        if token is None:
            seen = wrong.group() if wrong else text[place]
            _fail(
                f"{called} has {seen!r}; expected nothing of the kind: "
                f"{_INSTEAD.get(seen, _OTHERWISE)}",
                text,
                (place, place + len(seen)),
            )
        match token.lastgroup:
            case "number":
                _check_number(token.group(), text, place)
            case "word":
                _check_word(token.group(), text, place, called)
            case "sign":
                groups.add(token.group(), place)
            case _:
                pass
        place = token.end()
    groups.finish()


class _Groups:
    """Parentheses that are open, and how deep the tree of the text may be."""

    def __init__(self, text: str, called: str) -> None:
        self.text = text
        self.called = called
        self.opened: list[int] = []
        # for the text and each open parenthesis: its own signs, and the depth within
        self.signs = [0]
        self.inner = [0]

    def add(self, sign: str, place: int) -> None:
        """Take the next sign of the text."""
        if sign == "(":
            self.opened.append(place)
            self.signs.append(1)
            self.inner.append(0)
        elif sign == ")":
            self._close(place)
        else:
            self.signs[-1] += 1
        deep = sum(self.signs) + self.inner[-1]
        if deep > _DEEPEST or len(self.opened) > _PARENTHESES:
            _fail(
                f"{self.called} is nested too deep; expected at most {_PARENTHESES} "
                f"parentheses, and {_DEEPEST} operators, above one another: split it",
                self.text,
                (place, place + 1),
            )

    def finish(self) -> None:
        """Look whether every parenthesis was closed."""
        if self.opened:
            _fail(
                f"{self.called} has '(' that is never closed; expected ')' after it",
                self.text,
                (self.opened[-1], self.opened[-1] + 1),
            )

    def _close(self, place: int) -> None:
        if not self.opened:
            _fail(
                f"{self.called} has ')' that closes nothing; expected '(' before it",
                self.text,
                (place, place + 1),
            )
        self.opened.pop()
        depth = self.signs.pop() + self.inner.pop()
        self.inner[-1] = max(self.inner[-1], depth)


def _check_word(word: str, text: str, place: int, called: str) -> None:
    if keyword.iskeyword(word):
        also = word in ("and", "or", "not")
        hint = "state each comparison as a claim of its own" if also else "leave it out"
        _fail(
            f"{called} has the word {word!r}; expected names of quantities and "
            f"functions: {hint}",
            text,
            (place, place + len(word)),
        )


def _check_number(literal: str, text: str, place: int) -> None:
    span = (place, place + len(literal))
    if len(literal) > _LONGEST_NUMBER:
        _fail(
            f"number has {len(literal)} characters; expected at most {_LONGEST_NUMBER}",
            text,
            span,
        )
    if not _NUMBER.fullmatch(literal):
        short = literal if len(literal) <= _QUOTED else f"{literal[:_QUOTED]}…"
        _fail(
            f"number is {short!r}; expected digits such as 2, 0.5 or 1e-3: "
            "write * between a number and a name",
            text,
            span,
        )
    value = Fraction(literal)
    if value > _GREATEST or 0 < value < _LEAST:
        short = literal if len(literal) <= _QUOTED else f"{literal[:_QUOTED]}…"
        _fail(f"number is {short}; expected 0, or between 1e-308 and 1e308", text, span)


def _fail(sentence: str, text: str, span: tuple[int, int]) -> NoReturn:
    raise TextError(sentence, pointed(text, *span))
