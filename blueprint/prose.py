"""The catalogue's texts as HTML: mathematics as MathML, mentions of theorems as links."""

import re
from collections.abc import Container
from html import escape

from .markup import anchor_of
from .tex_mathml import pieces

__all__ = ["Prose"]

LONG = 24
"""Letters from which a piece may be wider than a phone, and then scrolls by itself."""

_MENTION = re.compile(
    r"\b([TR]\d\d(?!\d)[a-z]?)(?:\s?\(([a-z](?:\.\d+)?)\)|([a-z]\b))?"
)
_OPENING = re.compile(r"[(\[“]+$")
_CLOSING = re.compile(r"^[).,;:\]”?!]+")


class Prose:
    """Turns texts into HTML.

    Parameters
    ----------
    anchors : container of str
        The ids that the page has: what a mention may link to.
    """

    def __init__(self, anchors: Container[str]) -> None:
        self._anchors = anchors
        self._known: dict[str, list[str]] = {}

    def html(self, text: str, *, here: str = "") -> str:
        """A text of words and $mathematics$, where `here` is not linked to.

        Parameters
        ----------
        text : str
            As the catalogue has it.
        here : str
            The id of what it belongs to.

        Raises
        ------
        ValueError
            If a dollar sign or a formula has no end, or a command is not known.
        """
        parts = text.split("$")
        if len(parts) % 2 == 0:
            raise ValueError(f"{text!r} has an odd number of dollar signs")
        for place in range(1, len(parts), 2):
            parts[place], parts[place - 1], parts[place + 1] = self._formula(
                parts[place], parts[place - 1], parts[place + 1]
            )
        parts[::2] = [self._words(part, here) for part in parts[::2]]
        return "".join(parts)

    def words(self, text: str, *, here: str = "") -> str:
        """A text of words alone, in which a dollar sign is one."""
        return self._words(text, here)

    def _formula(self, latex: str, before: str, after: str) -> tuple[str, str, str]:
        """The formula with the brackets and stops that must not be parted from it."""
        if latex not in self._known:
            self._known[latex] = pieces(latex)
        made = list(self._known[latex])
        opening, closing = _OPENING.search(before), _CLOSING.search(after)
        first = escape(opening[0]) if opening else ""
        last = escape(closing[0]) if closing else ""
        made[0] = first + made[0]
        made[-1] += last
        code = "".join(map(_piece, made))
        return (
            code,
            before.removesuffix(opening[0]) if opening else before,
            after.removeprefix(closing[0]) if closing else after,
        )

    def _words(self, text: str, here: str) -> str:
        code, end = "", 0
        for match in _MENTION.finditer(text):
            target = self._target(match)
            if target and match[1] != here:
                code += escape(text[end : match.start()], quote=False)
                code += f'<a href="#{target}">{escape(match[0])}</a>'
                end = match.end()
        return code + escape(text[end:], quote=False)

    def _target(self, match: re.Match[str]) -> str:
        """T15(c.1), T03a and T03: the claim where it has an id, else the theorem."""
        one, label = match[1], match[2] or match[3]
        if one not in self._anchors and one[-1].isalpha():
            one, label = one[:-1], label or one[-1]
        exact = anchor_of(one, label) if label else ""
        if exact in self._anchors:
            return exact
        return one if one in self._anchors else ""


def _piece(code: str) -> str:
    letters = len(re.sub(r"<[^>]*>", "", code))
    return f'<span class="{"m long" if letters > LONG else "m"}">{code}</span>'
