"""The known word that a mistyped one was probably meant to be."""

import difflib
from collections.abc import Iterable

__all__ = ["nearest"]

_LONGEST = 40


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The word that differs in case alone, or else the closest; None if none is close."""
    if len(word) > _LONGEST:
        return None
    words = tuple(known)
    folded = {each.lower(): each for each in reversed(words)}
    if word.lower() in folded:
        return folded[word.lower()]
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if close:
        return close[0]
    close = difflib.get_close_matches(word.lower(), list(folded), n=1, cutoff=0.5)
    return folded[close[0]] if close else None
