"""pictures.py: marks where the numbers are, and the same bytes each time."""

import numpy as np
import pytest

from landtheory.pictures import (
    BLOCKS,
    density_blocks,
    density_figures,
    layer_figures,
)

NODES = np.array([3.0, 0.1, 0.0, -0.2])
WEIGHTS = np.array([0.01, 0.3, 0.59, 0.1])


def heights(lines: list[str], width: int) -> list[int]:
    """Steps that each column is high."""
    rows = [line.ljust(width) for line in lines[:-1]]
    return [sum(BLOCKS.index(row[i]) for row in rows) for i in range(width)]


def test_columns_stand_where_the_nodes_are() -> None:
    lines = density_blocks(NODES, WEIGHTS, p=100, width=33, rows=3)
    assert len(lines) == 4
    found = heights(lines, 33)
    low, high = -0.2 - 0.03 * 3.2, 3 + 0.03 * 3.2
    places = {int(33 * (x - low) / (high - low)) for x in NODES}
    assert {i for i, height in enumerate(found) if height} == places
    # one eigenvalue of a hundred: log 2 / log 200 of 24 steps, rounded up
    assert found[-2] == 4 or found[-1] == 4
    assert lines[-1].split() == ["-0.296", "3.1"]


def test_one_point_has_an_axis() -> None:
    lines = density_blocks(np.zeros(1), np.ones(1), p=1)
    assert sum(height > 0 for height in heights(lines, 72)) == 1


def test_less_than_half_an_eigenvalue_is_not_shown() -> None:
    weights = np.array([0.004, 0.996])
    lines = density_blocks(np.array([1.0, 0.0]), weights, p=100, width=20)
    assert sum(height > 0 for height in heights(lines, 20)) == 1


def test_figures_repeat_and_are_what_they_say() -> None:
    # a dollar sign in a name would be mathematics
    one, two = (
        density_figures(NODES, WEIGHTS, NODES[:1], p=100, title="a $\\x$ & <b>")
        for _ in range(2)
    )
    assert one == two
    assert one["png"].startswith(b"\x89PNG")
    assert b"<svg" in one["svg"]
    assert b"<script" not in one["svg"]


@pytest.mark.parametrize("name", ["$$", "$\\frac{$", "%", "λ"])
def test_any_name_can_be_a_title(name: str) -> None:
    assert density_figures(NODES, WEIGHTS, NODES[:1], p=9, title=name)["svg"]


def layer(name: str, value: float, *interval: float) -> dict[str, object]:
    ends = dict(zip(("value", "lower", "upper"), interval, strict=True))
    return {"layer": name, "value": value, "trace": ends}


def test_layers_are_drawn_in_their_order_with_their_numbers() -> None:
    layers = [layer("first.weight", -0.5, 2.0, 1.0, 3.0), layer("$\\x$", 0.1, 7, 6, 8)]
    one, two = (layer_figures(layers, title="by layer") for _ in range(2))
    assert one == two
    assert one["png"].startswith(b"\x89PNG")
    swapped = layer_figures(layers[::-1], title="by layer")
    assert swapped["svg"] != one["svg"]


@pytest.mark.parametrize(
    "numbers", [(0.0, 0.0, 0.0, 0.0), (-1.0, -2.0, -3.0, -1.0), (1e-9, 1.0, -1.0, 3.0)]
)
def test_what_a_logarithm_cannot_show_is_left_out(numbers: tuple[float, ...]) -> None:
    assert layer_figures([layer("fc", *numbers)], title="")["svg"]
