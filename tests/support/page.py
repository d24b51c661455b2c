"""A page read with html.parser: tags, ids, links, and the text of elements."""

from html.parser import HTMLParser
from typing import Any

VOID = frozenset(("meta", "input", "br", "img", "link", "hr"))


class Page(HTMLParser):
    """What a page holds.

    Parameters
    ----------
    text : str
        HTML.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.unbalanced: list[str] = []
        self._open: list[tuple[str, str | None]] = []
        self._script: dict[str, str | None] | None = None
        self.feed(text)
        self.unbalanced += [tag for tag, _ in self._open]

    @property
    def ids(self) -> list[str]:
        """Every id, in order."""
        return [a["id"] for _, a in self.tags if a.get("id") is not None]  # type: ignore[misc]

    @property
    def links(self) -> list[str]:
        """Every href."""
        return [a["href"] or "" for _, a in self.tags if "href" in a]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if tag == "script":
            self._script = given
        if tag not in VOID:
            self._open.append((tag, given.get("id")))

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            self.unbalanced.append(f"/{tag}")
            return
        self._open.pop()
        self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self.scripts.append((self._script, data))
            return
        for _, one in self._open:
            if one is not None:
                self.texts[one] = self.texts.get(one, "") + data
