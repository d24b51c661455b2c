"""The catalogue's LaTeX as MathML: a small language, read whole or refused.

What it knows is what the catalogue uses: letters, numbers, scripts, primes, fractions,
roots, accents, named functions, sums, and relations. An unknown command is an error, so
that nothing is lost silently on its way to a page. A long formula becomes several <math>
elements, between which a line may break: before a relation, after a comma, and in what
is longer still before a sum's sign, never inside brackets.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Final, Literal

from .tex_symbols import ACCENTS, BIG, FUNCTIONS, LETTERS, SIGNS, SPACES, bold, hollow

__all__ = ["mathml", "pieces"]

Kind = Literal[
    "atom",
    "function",
    "big",
    "sign",
    "factor",
    "relation",
    "open",
    "close",
    "comma",
]

_TOKENS: Final = re.compile(r"\\[a-zA-Z]+|\\.|.", re.DOTALL)
_BARS: Final = {"|": "|", r"\|": "‖", "‖": "‖"}
_OPEN: Final = {"(": "(", "[": "[", r"\{": "{", r"\langle": "⟨", r"\lceil": "⌈"}
_CLOSE: Final = {")": ")", "]": "]", r"\}": "}", r"\rangle": "⟩", r"\rceil": "⌉"}
_DEEPER, _HIGHER = {*_OPEN, "{"}, {*_CLOSE, "}"}
_EXPECTING: Final = ("sign", "factor", "relation", "open", "comma", "big", "function")
"""What a minus after it is a sign of, not a difference."""

SHORT, LONG = 14, 30
"""Letters up to which a formula is one piece, and from which sums are broken."""


@dataclass(frozen=True)
class _Item:
    kind: Kind
    code: str
    width: int = 1


def mathml(latex: str) -> str:
    """A formula as MathML elements, one for each of its pieces.

    Parameters
    ----------
    latex : str
        Without dollar signs.

    Raises
    ------
    ValueError
        If it holds something that this language has no word for.
    """
    return "".join(pieces(latex))


def pieces(latex: str) -> list[str]:
    """The same, as a list.

    Parameters
    ----------
    latex : str
        Without dollar signs.

    Raises
    ------
    ValueError
        If it holds something that this language has no word for.
    """
    parser = _Parser(latex)
    items = parser.items(until=None)
    return [f"<math>{_row(part)}</math>" for part in _broken(items)]


class _Parser:
    """Reads tokens into items.

    Parameters
    ----------
    latex : str
        The formula.
    """

    def __init__(self, latex: str) -> None:
        self._latex = latex
        self._tokens = [t for t in _TOKENS.findall(latex) if not t.isspace()]
        self._at = 0
        self._roles = _bar_roles(self._tokens)

    def items(self, until: str | None) -> list[_Item]:
        """Everything up to a word, which is read too; to the end for None."""
        found: list[_Item] = []
        while (word := self._next(until)) != until:
            found.append(self._scripted(self._item(str(word), found)))
        return found

    def _next(self, until: str | None) -> str | None:
        if self._at == len(self._tokens):
            if until is None:
                return None
            raise ValueError(f"{self._latex!r} lacks a {until!r}")
        self._at += 1
        return self._tokens[self._at - 1]

    def _peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _item(self, word: str, before: list[_Item]) -> _Item:
        if word in _BARS:
            return _bar(_BARS[word], self._roles[self._at - 1])
        reader = _READERS.get(word)
        if reader is not None:
            return reader(self)
        if word.isdigit():
            return self._number(word)
        if word == "-":
            return _minus(before)
        for table, made in _TABLES:
            if word in table:
                return made(table[word])
        if word.isalpha() and len(word) == 1:
            return _Item("atom", f"<mi>{word}</mi>")
        raise ValueError(f"{self._latex!r} holds {word!r}, which is not known here")

    def _number(self, digits: str) -> _Item:
        while (word := self._peek()) is not None and (word.isdigit() or word == "."):
            digits += str(self._next(None))
        return _Item("atom", f"<mn>{digits}</mn>", len(digits))

    def _scripted(self, base: _Item) -> _Item:
        """The item with the scripts and primes that follow it."""
        primes, below, above = 0, "", ""
        width = base.width
        while (word := self._peek()) in ("'", "^", "_"):
            self._at += 1
            if word == "'":
                primes += 1
                continue
            code, wide = self._script()
            width += (wide + 1) // 2
            if word == "_":
                below = code
            else:
                above = code
        if primes:
            prime = _tight("′″‴"[primes - 1])
            above = f"<mrow>{prime}{above}</mrow>" if above else prime
        return _Item(base.kind, _with_scripts(base.code, below, above), width)

    def _script(self) -> tuple[str, int]:
        """One word, or a group, as one element."""
        word = self._next(None)
        if word is None:
            raise ValueError(f"{self._latex!r} ends where a script should be")
        if word == "{":
            items = self.items("}")
        elif word.isdigit():
            items = [_Item("atom", f"<mn>{word}</mn>")]
        elif word == "*":
            items = [_Item("atom", "<mo>∗</mo>")]
        else:
            items = [self._item(word, [])]
        return _one(items), _width(items)

    def _argument(self) -> tuple[str, int]:
        """A group, or one word, as one element."""
        return self._script()

    def group(self) -> _Item:
        """What stands in braces, read before an item."""
        items = self.items("}")
        return _Item("atom", _one(items), _width(items))

    def fraction(self) -> _Item:
        """Numerator and denominator."""
        (above, up), (below, down) = self._argument(), self._argument()
        return _Item("atom", f"<mfrac>{above}{below}</mfrac>", max(up, down))

    def root(self) -> _Item:
        """The square root of a group."""
        code, width = self._argument()
        return _Item("atom", f"<msqrt>{code}</msqrt>", width + 1)

    def accent(self, mark: str) -> _Item:
        """A letter with a mark above it."""
        code, width = self._argument()
        stretched = f'<mo stretchy="false">{mark}</mo>'
        return _Item("atom", f'<mover accent="true">{code}{stretched}</mover>', width)

    def words(self, style: str) -> _Item:
        """What stands in braces, letter by letter, upright or in another alphabet."""
        if self._next(None) != "{":
            raise ValueError(f"{self._latex!r} lacks braces after {style}")
        text = ""
        while (word := self._next("}")) != "}":
            text += " " if word == r"\ " else str(word)
        if style == r"\operatorname":
            return _Item("function", f"<mi>{escape(text)}</mi>", len(text))
        text = _ALPHABETS[style](text)
        upright = ' mathvariant="normal"' if len(text) == 1 and text.isascii() else ""
        return _Item("atom", f"<mi{upright}>{escape(text)}</mi>", len(text))


def _bar_roles(words: list[str]) -> dict[int, str]:
    """Open, close, open, … for the bars of one level of brackets; between, if odd."""
    levels: list[dict[str, list[int]]] = [{}]
    closed: list[dict[str, list[int]]] = []
    for place, word in enumerate(words):
        if word in _BARS:
            levels[-1].setdefault(_BARS[word], []).append(place)
        elif word in _DEEPER:
            levels.append({})
        elif word in _HIGHER and len(levels) > 1:
            closed.append(levels.pop())
    return {
        place: ("open", "close")[order % 2] if len(places) % 2 == 0 else "between"
        for level in (*levels, *closed)
        for places in level.values()
        for order, place in enumerate(places)
    }


def _plain_text(text: str) -> str:
    return text.replace(" ", "\u00a0")


_ALPHABETS: Final[dict[str, Callable[[str], str]]] = {
    r"\mathrm": _plain_text,
    r"\mathbf": bold,
    r"\mathbb": hollow,
}

_READERS: Final[dict[str, Callable[[_Parser], _Item]]] = {
    "{": _Parser.group,
    r"\frac": _Parser.fraction,
    r"\sqrt": _Parser.root,
    **{
        accent: lambda parser, mark=mark: parser.accent(mark)  # type: ignore[misc]
        for accent, mark in ACCENTS.items()
    },
    **{
        style: lambda parser, style=style: parser.words(style)  # type: ignore[misc]
        for style in (r"\operatorname", *_ALPHABETS)
    },
}


def _letter(letter: str) -> _Item:
    # capital Greek letters and signs stand upright, as in LaTeX
    upright = not ("α" <= letter <= "ϵ") and letter != "ℓ"
    variant = ' mathvariant="normal"' if upright else ""
    return _Item("atom", f"<mi{variant}>{letter}</mi>")


_TABLES: Final[tuple[tuple[dict[str, str], Callable[[str], _Item]], ...]] = (
    (LETTERS, _letter),
    (FUNCTIONS, lambda name: _Item("function", f"<mi>{name}</mi>", len(name))),
    (BIG, lambda sign: _Item("big", f"<mo>{sign}</mo>", 2)),
    (SPACES, lambda width: _Item("atom", f'<mspace width="{width}"></mspace>', 0)),
    (
        _OPEN,
        lambda sign: _Item("open", f'<mo form="prefix" stretchy="false">{sign}</mo>'),
    ),
    (
        _CLOSE,
        lambda sign: _Item("close", f'<mo form="postfix" stretchy="false">{sign}</mo>'),
    ),
    ({",": ",", ";": ";"}, lambda sign: _Item("comma", f"<mo>{sign}</mo>")),
    (SIGNS["sign"], lambda sign: _Item("sign", f'<mo form="infix">{sign}</mo>', 2)),
    ({"/": "/"}, lambda sign: _Item("factor", _tight(sign))),
    (SIGNS["factor"], lambda sign: _Item("factor", f'<mo form="infix">{sign}</mo>')),
    (
        SIGNS["relation"],
        lambda sign: _Item("relation", f'<mo form="infix">{escape(sign)}</mo>', 3),
    ),
)


def _tight(sign: str) -> str:
    """A sign without room around it."""
    return f'<mo stretchy="false" lspace="0" rspace="0">{sign}</mo>'


def _minus(before: list[_Item]) -> _Item:
    if not before or before[-1].kind in _EXPECTING:
        return _Item("atom", '<mo form="prefix">−</mo>')
    return _Item("sign", '<mo form="infix">−</mo>', 2)


def _bar(sign: str, role: str) -> _Item:
    if role == "between":
        return _Item("atom", _tight(sign))
    form = "prefix" if role == "open" else "postfix"
    code = f'<mo form="{form}" stretchy="false">{sign}</mo>'
    return _Item("open" if role == "open" else "close", code)


def _with_scripts(base: str, below: str, above: str) -> str:
    if below and above:
        return f"<msubsup>{base}{below}{above}</msubsup>"
    if below:
        return f"<msub>{base}{below}</msub>"
    return f"<msup>{base}{above}</msup>" if above else base


def _one(items: list[_Item]) -> str:
    """Items as one element, which a script or a fraction needs."""
    return items[0].code if len(items) == 1 else f"<mrow>{_row(items)}</mrow>"


def _row(items: list[_Item]) -> str:
    """Items side by side, with the thin spaces around the name of a function."""
    thin = '<mspace width="0.167em"></mspace>'
    code = ""
    before: _Item | None = None
    for item in items:
        apart = before is not None and (
            (before.kind == "function" and item.kind in ("atom", "function", "big"))
            or (item.kind == "function" and before.kind in ("atom", "close"))
        )
        # a space that is written down is one already
        if apart and item.width and before is not None and before.width:
            code += thin
        code += item.code
        before = item
    return code


def _width(items: list[_Item]) -> int:
    return sum(item.width for item in items)


def _broken(items: list[_Item]) -> list[list[_Item]]:
    """The pieces between which a line may break."""
    if _width(items) <= SHORT:
        return [items]
    found = []
    for piece in _split(items, "relation"):
        found += _split(piece, "sign") if _width(piece) > LONG else [piece]
    return found


def _split(items: list[_Item], kind: Kind) -> list[list[_Item]]:
    """Parts that begin with such an item, or after a comma, outside all brackets."""
    found: list[list[_Item]] = [[]]
    depth = 0
    for item in items:
        depth += (item.kind == "open") - (item.kind == "close")
        if depth == 0 and item.kind == kind and found[-1]:
            found.append([])
        found[-1].append(item)
        if depth == 0 and item.kind == "comma":
            found.append([])
    return [part for part in found if part]
