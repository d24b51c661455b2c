"""A text with carets under one place of it, for a fixed-width terminal."""

import unicodedata
from typing import Final

__all__ = ["pointed"]

_BEFORE: Final = 40
_SHOWN: Final = 72
_INDENT: Final = "    "
_HIDDEN: Final = "\N{REPLACEMENT CHARACTER}"
_RIGHT_TO_LEFT: Final = frozenset(("R", "AL", "AN"))


def pointed(text: str, start: int, stop: int) -> str:
    """The text around [start, stop), and a line of carets under that place.

    Characters that a terminal would obey, or would set from right to left, are replaced;
    wide and combining ones keep the carets in their columns.
    """
    first = max(0, start - _BEFORE)
    last = min(len(text), first + _SHOWN)
    lead, tail = "…" * (first > 0), "…" * (last < len(text))
    shown = "".join(map(_shown, text[first:last]))
    gap = " " * (len(lead) + sum(map(_columns, text[first:start])))
    # a place after the end of the text, or of no width, has one column too
    wide = sum(map(_columns, text[start : min(stop, last)])) or 1
    return f"{_INDENT}{lead}{shown}{tail}\n{_INDENT}{gap}{'^' * wide}"


def _shown(character: str) -> str:
    turned = unicodedata.bidirectional(character) in _RIGHT_TO_LEFT
    return character if character.isprintable() and not turned else _HIDDEN


def _columns(character: str) -> int:
    if _shown(character) == _HIDDEN:
        return 1
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
