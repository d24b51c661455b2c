"""blueprint/layout.py: layers, room, and edges that do not follow from others."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landtheory.blueprint.layout import _apart, layered, needed
from landtheory.theory.catalogue import THEOREMS

USES = {one: theorem.uses for one, theorem in THEOREMS.items()}


def reach(uses: dict[str, tuple[str, ...]], one: str) -> set[str]:
    found: set[str] = set()
    for other in uses[one]:
        found |= {other} | reach(uses, other)
    return found


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    names = [f"n{k}" for k in range(draw(st.integers(1, 9)))]
    return {
        name: tuple(draw(st.sets(st.sampled_from(names[:k])))) if k else ()
        for k, name in enumerate(names)
    }


@given(graphs())
def test_what_is_rested_on_stands_above_and_nothing_overlaps(
    uses: dict[str, tuple[str, ...]],
) -> None:
    made = layered(uses)
    assert set(made.places) == set(uses)
    for node, used in uses.items():
        depth = made.places[node][1]
        assert depth == max((made.places[one][1] for one in used), default=-1) + 1
    by_layer = sorted((layer, column) for column, layer in made.places.values())
    for (one, left), (other, right) in itertools.pairwise(by_layer):
        assert one != other or right - left >= 1 - 1e-9
    columns = [column for column, _ in made.places.values()]
    assert min(columns) >= 0
    assert max(columns) <= made.width - 1 + 1e-9
    for (below, node), path in made.edges.items():
        assert path[0] == made.places[below]
        assert path[-1] == made.places[node]
        assert [layer for _, layer in path] == list(range(path[0][1], path[-1][1] + 1))


@given(graphs())
def test_needed_edges_reach_as_far_and_none_can_go(
    uses: dict[str, tuple[str, ...]],
) -> None:
    few = needed(uses)
    for node in uses:
        assert reach(few, node) == reach(uses, node)
        for one in few[node]:
            fewer = {**few, node: tuple(set(few[node]) - {one})}
            assert one not in reach(fewer, node)


def test_the_catalogue_is_drawn_alike_every_time() -> None:
    assert layered(needed(USES)) == layered(needed(USES))
    assert layered(needed(USES)).width < 14


@given(
    st.lists(st.integers(-9, 9), min_size=1, max_size=5),
    st.lists(st.sampled_from((0.4, 0.7, 1.0)), min_size=4, max_size=4),
)
def test_places_are_the_nearest_that_keep_apart(
    wanted: list[int], gaps: list[float]
) -> None:
    """No place can be moved, and no block of neighbours, without being farther off."""
    gaps = gaps[: len(wanted) - 1]
    places = np.array(_apart(wanted, gaps))
    assert all(
        b - a >= g - 1e-9 for a, b, g in zip(places, places[1:], gaps, strict=False)
    )
    cost = ((places - wanted) ** 2).sum()
    for low, high in itertools.combinations(range(len(wanted) + 1), 2):
        for step in (1e-3, -1e-3):
            moved = places.copy()
            moved[low:high] += step
            allowed = all(
                b - a >= g - 1e-9
                for a, b, g in zip(moved, moved[1:], gaps, strict=False)
            )
            assert not allowed or ((moved - wanted) ** 2).sum() >= cost - 1e-9


def test_an_empty_graph_has_no_layers() -> None:
    made = layered({})
    assert (made.layers, dict(made.places)) == (0, {})
    assert Fraction(made.width) == 1


def test_crossings_are_avoided_where_they_can_be() -> None:
    """Two ladders side by side, written crosswise."""
    uses = {"a": (), "b": (), "d": ("b",), "c": ("a",), "e": ("c",), "f": ("d",)}
    places = layered(uses).places

    def left(one: str, other: str) -> bool:
        return places[one][0] < places[other][0]

    assert left("a", "b") == left("c", "d") == left("e", "f")


def test_a_circle_is_not_drawn_for_ever() -> None:
    with pytest.raises(RecursionError):
        layered({"a": ("b",), "b": ("a",)})
