"""Small pieces of HTML, every text in them escaped."""

from collections.abc import Iterable
from html import escape

__all__ = ["anchor_of", "attributes", "element", "folded", "items", "plural"]


def attributes(**given: str | None) -> str:
    """Attributes, those that are None left out; a trailing underscore is dropped."""
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in given.items()
        if value is not None
    )


def element(tag: str, content: str, **given: str | None) -> str:
    """An element around HTML."""
    return f"<{tag}{attributes(**given)}>{content}</{tag}>"


def items(contents: Iterable[str], kind: str = "") -> str:
    """A list of HTML; nothing where it would be empty."""
    lines = [f"<li>{content}</li>" for content in contents]
    return element("ul", "\n".join(lines), class_=kind or None) if lines else ""


def folded(summary: str, content: str, **given: str | None) -> str:
    """HTML that opens on demand."""
    return element("details", f"<summary>{summary}</summary>\n{content}", **given)


def plural(count: int, word: str, many: str | None = None) -> str:
    """`1 claim`, `2 claims`, `1,024 claims`."""
    return f"{count:,} {word if count == 1 else many or word + 's'}"


def anchor_of(theorem: str, label: str) -> str:
    """The id of a claim: T06-b.1."""
    return f"{theorem}-{label}"
