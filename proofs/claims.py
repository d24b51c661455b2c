"""Which claims of the catalogue a formal statement speaks of: read from its comment.

``(** T07(b.1), part of T07(d.1): Cx_S <= |W|^2 tr G_bb. *)``: claims covered completely,
claims covered in part, ids alone where no label fits, ``mutant`` for what is proved false,
``anchor`` for the unfolding of a definition. ``(interval)`` marks what may rest on floats.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .lexer import squeezed

__all__ = ["Coverage", "catalogue_claims", "coverage", "unknown"]

_REFERENCE = re.compile(
    r"(?P<part>part of )?(?P<id>[TR]\d\d[a-z]?)(?:\((?P<label>[a-z]+(?:\.\d+)?)\))?"
)


@dataclass(frozen=True)
class Coverage:
    """What a comment says.

    Attributes
    ----------
    claims : tuple of (str, str)
        Ids and labels of the claims that are covered completely.
    parts : tuple of (str, str)
        Ids and labels of those covered in part.
    ids : tuple of str
        Every id that is named, once.
    kind : "theorem", "mutant" or "anchor"
        Whether it is a theorem, the refutation of a false variant, or an anchor.
    interval : bool
        Whether it may rest on the axioms of primitive floats.
    meaning : str
        The formula or sentence after the colon.
    """

    claims: tuple[tuple[str, str], ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    ids: tuple[str, ...] = ()
    kind: str = "theorem"
    interval: bool = False
    meaning: str = ""


def coverage(comment: str) -> Coverage | str:
    """Read a comment, its stars and brackets apart; a sentence where it breaks the rule."""
    text = squeezed(comment)
    start, colon, meaning = text.partition(":")
    if not colon:
        return "its comment names no claim before a colon"
    interval = "(interval)" in text
    words = [
        squeezed(word.replace("(interval)", ""))
        for word in re.split(r",(?![^(]*\))", start)
    ]
    if words == ["anchor"]:
        return Coverage(kind="anchor", interval=interval, meaning=meaning.strip())
    kind = "mutant" if "mutant" in words else "theorem"
    matches = []
    for word in words:
        if word == "mutant":
            continue
        match = _REFERENCE.fullmatch(word)
        if match is None:
            return f"its comment names {word!r}, which is no claim such as T07(b.1)"
        matches.append(match)
    if not matches:
        return "its comment names no claim before a colon"
    return Coverage(
        claims=_labelled(matches, part=False),
        parts=_labelled(matches, part=True),
        ids=tuple(dict.fromkeys(match["id"] for match in matches)),
        kind=kind,
        interval=interval,
        meaning=meaning.strip(),
    )


def unknown(found: Coverage, known: Mapping[str, frozenset[str]]) -> list[str]:
    """What a comment names that the catalogue does not hold, in sentences."""
    sentences = [
        f"its comment names {one}, which the catalogue does not hold"
        for one in found.ids
        if one not in known
    ]
    for one, label in (*found.claims, *found.parts):
        if one in known and label not in known[one]:
            near = sorted(difflib.get_close_matches(label, known[one], 4, 0.0))
            hint = f": {one} has ({'), ('.join(near)})" if near else ""
            sentences.append(
                f"its comment names {one}({label}), which is no claim{hint}"
            )
    return sentences


def catalogue_claims() -> dict[str, frozenset[str]]:
    """Labels of the claims of every theorem, and every refutation with none."""
    from ..theory.catalogue import REFUTATIONS, THEOREMS

    known = {
        one.id: frozenset(claim.label for claim in one.claims)
        for one in THEOREMS.values()
    }
    return known | {one: frozenset() for one in REFUTATIONS}


def _labelled(
    matches: list[re.Match[str]], *, part: bool
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (match["id"], match["label"])
        for match in matches
        if match["label"] is not None and (match["part"] is not None) == part
    )
