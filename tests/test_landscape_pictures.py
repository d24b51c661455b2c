"""landscape_pictures.py: files of their kinds, the same bytes for the same numbers."""

from typing import Any

import numpy as np
import pytest

from landtheory.landscape_pictures import line_figures, plane_figures, volume_figures

LINE: dict[str, Any] = {
    "places": [-0.5, 0.0, 0.5, 1.0, 1.5],
    "losses": [None, 0.0, 0.5, 0.001, 2.0],
    "distance": 4.0,
    "ends": [0.0, 0.001],
    "height": 0.01,
    "widths": [{"inward": None, "outward": 1.0}, {"inward": 0.5, "outward": 0.25}],
}
PLANE: dict[str, Any] = {
    "x": [0.0, 1.0, 2.0],
    "y": [0.0, 1.0],
    "losses": [[0.1, 1.0, None], [2.0, 0.5, 0.0]],
    "corners": [[0.0, 0.0], [1.0, 0.0], [0.5, 1.0]],
    "normalised": True,
}


def kinds(files: dict[str, bytes]) -> None:
    assert files["png"].startswith(b"\x89PNG")
    assert b"<svg" in files["svg"]


@pytest.mark.parametrize("losses", [LINE["losses"], [1.0] * 5])
def test_a_line_is_drawn_with_sides_that_have_no_end(losses: list[Any]) -> None:
    record = LINE | {"losses": losses}
    made = line_figures(record, title="a $ b")
    kinds(made)
    assert made == line_figures(record, title="a $ b")


@pytest.mark.parametrize("losses", [PLANE["losses"], [[1.0] * 3] * 2])
def test_a_plane_is_drawn_also_where_it_is_flat(losses: list[list[Any]]) -> None:
    record = PLANE | {"losses": losses}
    made = plane_figures(record, title="x")
    kinds(made)
    assert made == plane_figures(record, title="x")


def test_spectra_are_drawn_with_and_without_groups() -> None:
    spectra = {f"net {i}": np.array([3.0, 1.0, 0.0]) / (i + 1) for i in range(10)}
    for colours in ({}, {name: i / 10 for i, name in enumerate(spectra)}):
        made = volume_figures(spectra, colours=colours, title="x")
        assert set(made) == {"spectrum", "volumes"}
        for files in made.values():
            kinds(files)
    one = volume_figures({"net": np.array([2.0])}, colours={}, title="x")
    other = volume_figures({"net": np.array([3.0])}, colours={}, title="x")
    assert one["spectrum"]["svg"] != other["spectrum"]["svg"]
