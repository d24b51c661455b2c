"""An instance of a record: its numbers, and its matrices drawn."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from .drawing import matrix_svg
from .markup import element
from .numbers import as_float, short

__all__ = ["instance_html", "instance_text", "sides_html"]

HIDDEN = ("n", "d", "m", "C", "activation", "loss")
"""What is said in words, or seen from the matrices."""

MANY = 36
"""Entries beyond which a matrix is drawn without its numbers."""


def instance_html(instance: Mapping[str, Any]) -> str:
    """An instance as words, and matrices each with its drawing and its numbers.

    Parameters
    ----------
    instance : mapping
        As a record holds it.
    """
    words = [
        f"σ = {instance['activation']}" if "activation" in instance else "",
        str(instance.get("loss", "")),
    ]
    numbers, drawn = [], []
    for name, value in instance.items():
        if name in HIDDEN:
            continue
        rows = _rows(value)
        label = name.replace("_", " ")
        if rows is None:
            numbers.append(f"{label} = {_text(value)}")
        else:
            drawn.append(_matrix(label, rows))
    said = ", ".join(escape(word) for word in (*words, *numbers) if word)
    head = element("p", said, class_="numbers") if said else ""
    return head + element("div", "".join(drawn), class_="matrices") * bool(drawn)


def instance_text(instance: Mapping[str, Any]) -> str:
    """An instance in one line of plain text."""
    words = [
        f"σ = {instance['activation']}" if "activation" in instance else "",
        str(instance.get("loss", "")),
    ]
    words += [
        f"{name.replace('_', ' ')} = {_text(value)}"
        for name, value in instance.items()
        if name not in HIDDEN
    ]
    return ", ".join(word for word in words if word)


def sides_html(left: Any, right: Any, relation: str) -> str:
    """Both sides, with the sign that the claim puts between them."""
    sign = {"==": "=", "<=": "≤", ">=": "≥", "<": "&lt;", ">": "&gt;"}.get(
        relation, ","
    )
    return f"left {escape(short(left))} {sign} right {escape(short(right))}"


def _matrix(name: str, rows: list[list[Any]]) -> str:
    text = "; ".join(", ".join(short(entry, mark="") for entry in row) for row in rows)
    many = sum(len(row) for row in rows) > MANY
    shown = "" if many else element("span", escape(text), class_="entries")
    caption = element("figcaption", f"{escape(name)}{shown}")
    return element("figure", matrix_svg(name, rows) + caption, class_="entry")


def _rows(value: Any) -> list[list[Any]] | None:
    """A vector as one row, a matrix as it is; None for all else."""
    if not isinstance(value, Sequence) or isinstance(value, str) or not value:
        return None
    if all(as_float(entry) is not None for entry in value):
        return [list(value)]
    if all(isinstance(row, list) and row for row in value) and all(
        as_float(entry) is not None for row in value for entry in row
    ):
        return [list(row) for row in value]
    return None


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_text(entry)}" for name, entry in value.items())
    if isinstance(value, list):
        return f"({', '.join(map(_text, value))})"
    return short(value, mark="")
