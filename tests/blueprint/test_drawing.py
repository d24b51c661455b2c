"""blueprint/drawing.py and instances.py: pictures say what the numbers say."""

import math
import re
from xml.etree import ElementTree as ET

from landtheory.blueprint.drawing import (
    graph_svg,
    histogram_svg,
    lemmas_svg,
    matrix_svg,
)
from landtheory.blueprint.instances import instance_html, instance_text, sides_html

USES = {"T01": (), "T02": ("T01",), "T03": ("T02", "T01")}
BOXES = {one: (f"<{one}>", "not-run", "not run") for one in USES}


def read(code: str) -> ET.Element:
    return ET.fromstring(code)  # noqa: S314 - written here


def test_the_graph_has_a_named_link_for_every_node_and_every_needed_edge() -> None:
    root = read(graph_svg(USES, BOXES))
    links = {node.get("href"): node.get("aria-label") for node in root.iter("a")}
    assert links["#T03"] == "T03: <T03>; not run; rests on T02, T01"
    assert set(links) == {"#T01", "#T02", "#T03"}
    edges = {(e.get("data-from"), e.get("data-to")) for e in root.iter("path")}
    assert edges == {("T01", "T02"), ("T02", "T03")}
    words = [node.text for node in root.iter("text") if node.get("class") == "state"]
    assert words == ["not run"] * 3


def test_boxes_lie_within_the_picture() -> None:
    root = read(graph_svg(USES, BOXES))
    _, _, width, height = map(float, str(root.get("viewBox")).split())
    for box in root.iter("rect"):
        x, y, w, h = (
            float(box.get(name, "")) for name in ("x", "y", "width", "height")
        )
        assert x >= 0
        assert y >= 0
        assert x + w <= width
        assert y + h <= height


def test_lemmas_lead_to_who_applies_them() -> None:
    applied = {"T01": ("L-b", "L-a"), "T02": ("L-a",), "T03": ()}
    names = {"L-a": "A & B", "L-b": "b"}
    root = read(lemmas_svg(applied, names, BOXES))
    assert len(list(root.iter("path"))) == 3
    hrefs = [node.get("href") for node in root.iter("a")]
    assert sorted(map(str, hrefs)) == ["#L-a", "#L-b", "#T01", "#T02"]
    assert "A & B" in [node.text for node in root.iter("text")]


def test_a_histogram_has_a_bar_for_every_bin_that_is_not_empty() -> None:
    counts = [1000, 0, 10, *[0] * 16, 1]
    root = read(histogram_svg(counts, "words"))
    bars = list(root.iter("rect"))
    tall = [float(bar.get("height", "")) for bar in bars]
    assert len(bars) == 3
    assert (
        tall[1] / tall[0] == math.log1p(10) / math.log1p(1000)
        or abs(tall[1] / tall[0] - math.log1p(10) / math.log1p(1000)) < 0.01
    )
    assert bars[2].find("title").text == "0.95 to 1.00: 1"  # type: ignore[union-attr]
    assert root.get("aria-label") == "words"


def test_a_matrix_shows_sign_and_size() -> None:
    root = read(matrix_svg("W", [["4", "-1", "0"], ["1/4", "-4", "1"]]))
    squares = [r for r in root.iter("rect") if r.get("class") != "frame"]
    assert [s.get("class") for s in squares] == [
        "plus", "minus", "zero", "plus", "minus", "plus",
    ]  # fmt: skip
    sides = [float(s.get("width", "")) for s in squares]
    assert sides[0] == sides[4] == max(sides)
    assert abs(sides[1] / sides[0] - 0.5) < 0.01


def test_an_instance_is_told_in_full() -> None:
    instance = {
        "activation": "relu", "loss": "squared", "n": 1, "d": 2, "m": 1, "C": 1,
        "X": [["1", "-1/2"]], "W": [["2", "3"]], "b": ["0"], "k": 7,
        "weights": [["2", ["0", "5/2"]]], "own": {"a": ["1"]},
    }  # fmt: skip
    code = instance_html(instance)
    assert "σ = relu, squared, k = 7" in code
    assert len(re.findall("<svg", code)) == 3
    assert "1, −1/2" in code
    assert "weights = ((2, (0, 5/2)))" in code
    line = instance_text(instance)
    assert line.startswith("σ = relu, squared, X = ((1, −1/2)), W = ((2, 3)), b = (0)")
    assert line.endswith("own = a: (1)")


def test_sides_keep_the_sign_of_the_claim() -> None:
    assert sides_html("1", "2", "<=") == "left 1 ≤ right 2"
    assert sides_html("2", "1", ">=") == "left 2 ≥ right 1"
    assert sides_html("1", "2", "<") == "left 1 &lt; right 2"
