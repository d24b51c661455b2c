"""Inline SVG: the graph, the lemmas and who applies them, histograms, and instances."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from .layout import layered, needed
from .markup import attributes
from .numbers import as_float, short

__all__ = ["Box", "graph_svg", "histogram_svg", "lemmas_svg", "matrix_svg"]

CELL_W, CELL_H = 116, 96
BOX_W, BOX_H = 94, 44

Box = tuple[str, str, str]
"""A node's title, the class of its state, and the words of its state."""


def graph_svg(uses: Mapping[str, Sequence[str]], boxes: Mapping[str, Box]) -> str:
    """The graph of theorems: above stands what is rested on.

    Parameters
    ----------
    uses : mapping of str to sequence of str
        What each rests on.
    boxes : mapping of str to Box
        How each is shown.
    """
    made = layered(needed(uses))
    width = round(made.width * CELL_W)
    height = made.layers * CELL_H - (CELL_H - BOX_H) + 8

    def point(place: tuple[float, int]) -> tuple[float, float]:
        return (place[0] + 0.5) * CELL_W, place[1] * CELL_H + 4

    edges = [
        _edge(edge, [point(place) for place in path])
        for edge, path in made.edges.items()
    ]
    nodes = [
        _node(one, boxes[one], point(place), uses[one])
        for one, place in made.places.items()
    ]
    return (
        f'<svg class="graph" viewBox="0 0 {width} {height}" role="group" '
        'aria-label="Graph of theorems: what is rested on stands above">'
        f"<g>{''.join(edges)}</g>\n{''.join(nodes)}</svg>"
    )


def _edge(edge: tuple[str, str], points: list[tuple[float, float]]) -> str:
    """From the lower edge of one box to the upper edge of the other."""
    (x, y), rest = points[0], points[1:]
    y += BOX_H
    path = f"M{x:.1f} {y:.1f}"
    for place, (to_x, to_y) in enumerate(rest):
        inner = place < len(rest) - 1
        middle = (y + to_y) / 2
        path += f"C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} {to_x:.1f} {to_y:.1f}"
        if inner:
            path += f"V{to_y + BOX_H:.1f}"
        x, y = to_x, to_y + BOX_H * inner
    return f'<path d="{path}" data-from="{edge[0]}" data-to="{edge[1]}"/>'


def _node(one: str, box: Box, at: tuple[float, float], uses: Sequence[str]) -> str:
    title, kind, words = box
    x, y = at[0] - BOX_W / 2, at[1]
    rests = f"; rests on {', '.join(uses)}" if uses else ""
    label = escape(f"{one}: {title}; {words}{rests}")
    return (
        f'<a href="#{one}" class="box s-{kind}" data-node="{one}" aria-label="{label}">'
        f"<title>{label}</title>"
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{BOX_W}" height="{BOX_H}" rx="6"/>'
        f'<text x="{at[0]:.1f}" y="{y + 19:.1f}" class="name">{one}</text>'
        f'<text x="{at[0]:.1f}" y="{y + 35:.1f}" class="state">{escape(words)}</text>'
        "</a>\n"
    )


def lemmas_svg(
    applied: Mapping[str, Sequence[str]],
    names: Mapping[str, str],
    boxes: Mapping[str, Box],
) -> str:
    """Classical lemmas on the left, the theorems that apply them on the right.

    Parameters
    ----------
    applied : mapping of str to sequence of str
        The lemmas that each theorem's derivation applies.
    names : mapping of str to str
        What each lemma is called.
    boxes : mapping of str to Box
        How each theorem is shown.
    """
    users = [one for one, lemmas in applied.items() if lemmas]
    row, left, right = 30, 390, 560
    order = _by_user(applied, users)
    height = row * len(order) + 8
    y_of = {one: row * (k + 0.5) + 4 for k, one in enumerate(order)}
    step = height / max(1, len(users))
    to = {one: step * (k + 0.5) for k, one in enumerate(users)}
    curves = [
        f'<path d="M{left} {y_of[lemma]:.1f}C{left + 80} {y_of[lemma]:.1f} '
        f'{right - 80} {to[one]:.1f} {right} {to[one]:.1f}"/>'
        for one in users
        for lemma in applied[one]
    ]
    texts = [
        f'<a href="#{lemma}"><text x="{left - 8}" y="{y_of[lemma] + 5:.1f}" '
        f'class="lemma">{escape(names[lemma])}</text></a>\n'
        for lemma in order
    ]
    nodes = [
        _node(one, boxes[one], (right + BOX_W / 2, to[one] - BOX_H / 2), ())
        for one in users
    ]
    return (
        f'<svg class="graph lemmas" viewBox="0 0 {right + BOX_W + 4} {height}" '
        'role="group" aria-label="Classical lemmas, and the theorems whose derivations '
        f'apply them"><g>{"".join(curves)}</g>\n{"".join(texts)}{"".join(nodes)}</svg>'
    )


def _by_user(applied: Mapping[str, Sequence[str]], users: list[str]) -> list[str]:
    """Lemmas by the mean place of the theorems that apply them."""
    places: dict[str, list[int]] = {}
    for place, one in enumerate(users):
        for lemma in applied[one]:
            places.setdefault(lemma, []).append(place)
    return sorted(places, key=lambda lemma: sum(places[lemma]) / len(places[lemma]))


def histogram_svg(counts: Sequence[int], words: str) -> str:
    """Bars over [0, 1], as high as the logarithm of the count.

    Parameters
    ----------
    counts : sequence of int
        Of each bin.
    words : str
        What it shows, for who cannot see it.
    """
    width, height = 13, 44
    most = math.log1p(max(counts, default=0)) or 1.0
    bars = []
    for k, count in enumerate(counts):
        tall = height * math.log1p(count) / most
        if count:
            low, high = k / len(counts), (k + 1) / len(counts)
            title = f"<title>{low:.2f} to {high:.2f}: {count:,}</title>"
            bars.append(
                f'<rect x="{k * width}" y="{height - tall:.1f}" width="{width - 2}" '
                f'height="{tall:.1f}">{title}</rect>'
            )
    right = len(counts) * width
    axis = (
        f'<path d="M0 {height}.5H{right}"/><text x="0" y="{height + 13}">0</text>'
        f'<text x="{right}" y="{height + 13}" text-anchor="end">1</text>'
    )
    size = attributes(viewBox=f"0 0 {right} {height + 16}", width=str(right))
    label = attributes(role="img", aria_label=words)
    return f'<svg class="histogram"{size}{label}>{"".join(bars)}{axis}</svg>'


def matrix_svg(name: str, rows: Sequence[Sequence[Any]]) -> str:
    """A matrix as squares, the area by magnitude, filled where an entry is positive.

    Parameters
    ----------
    name : str
        What it is called.
    rows : sequence of sequences
        Its entries, as records write numbers.
    """
    cell = 18
    values = [[as_float(entry) or 0.0 for entry in row] for row in rows]
    most = max((abs(v) for row in values for v in row), default=0.0) or 1.0
    squares = []
    for i, row in enumerate(values):
        for j, value in enumerate(row):
            side = (cell - 3) * math.sqrt(min(1.0, abs(value) / most))
            side = max(side, 1.5)
            x, y = (j + 0.5) * cell - side / 2, (i + 0.5) * cell - side / 2
            kind = "plus" if value > 0 else "minus" if value < 0 else "zero"
            squares.append(
                f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{side:.1f}" '
                f'height="{side:.1f}"><title>{short(rows[i][j])}</title></rect>'
            )
    wide = cell * max(len(row) for row in rows)
    tall = cell * len(rows)
    size = attributes(viewBox=f"0 0 {wide} {tall}", width=str(wide), height=str(tall))
    return (
        f'<svg class="matrix"{size} role="img" aria-label="{escape(name)}, drawn">'
        f'<rect class="frame" width="{wide}" height="{tall}"/>{"".join(squares)}</svg>'
    )
