"""Laws of every world: instances are written down, read back, and simplified to an end."""

import json
import re
from typing import Any

import numpy as np
import pytest

from landtheory.errors import InputError
from landtheory.numerics.worlds import WORLDS, get_world
from landtheory.numerics.worlds.rationals import rational

EVERY = list(WORLDS)


def drawn(name: str, count: int) -> list[Any]:
    rng = np.random.default_rng(5)
    return [WORLDS[name].draw(rng) for _ in range(count)]


@pytest.mark.parametrize("name", EVERY)
def test_an_instance_survives_json(name: str) -> None:
    world = get_world(name)
    assert world.name == name
    for thing in drawn(name, 40):
        record = json.loads(json.dumps(world.record(thing)))
        assert world.from_example(record) == thing


@pytest.mark.parametrize("name", EVERY)
def test_the_same_stream_draws_the_same(name: str) -> None:
    assert drawn(name, 10) == drawn(name, 10)
    assert len({repr(thing) for thing in drawn(name, 40)}) > 20


@pytest.mark.parametrize("name", EVERY)
def test_every_chain_of_simpler_instances_ends(name: str) -> None:
    world = get_world(name)
    for thing in drawn(name, 3):
        for pick in (0, -1):
            at, steps = thing, 0
            while candidates := list(world.simpler(at)):
                at, steps = candidates[pick], steps + 1
                assert steps < 2000
                # each of them is of the world
                assert world.from_example(world.record(at)) == at


@pytest.mark.parametrize("value", [0.5, None, "x", "1/0", True, [1]])
def test_what_is_no_rational_is_refused(value: object) -> None:
    sentence = (
        f"scale is {value!r}; expected an integer, a Fraction or a text such as '3/4'"
    )
    with pytest.raises(InputError, match=re.escape(sentence) + "$"):
        rational("scale", value)


@pytest.mark.parametrize(
    ("name", "values", "sentence"),
    [
        (
            "quadratic-forms",
            {"other": (1,)},
            (
                "quadratic forms are given by other; expected spectrum, and any of other, "
                "centre, other_centre, epsilon, radius, variance, beta, scale, bend"
            ),
        ),
        (
            "quadratic-forms",
            {"spectrum": (1,), "height": 1},
            (
                "quadratic forms are given by spectrum, height; expected spectrum, and any "
                "of other, centre, other_centre, epsilon, radius, variance, beta, scale, "
                "bend"
            ),
        ),
        (
            "linear-networks",
            {"x": ((1,),), "W": ((1,),), "A": ((1,),)},
            (
                "linear network is given by x, W, A; expected x, W, A, y, and key where "
                "generic weights matter"
            ),
        ),
        (
            "linear-networks",
            {"x": ((1,),), "W": ((1, 2),), "A": ((1,),), "y": ((1,),)},
            "W has rows of [2] numbers, 1 of them; expected 1 rows of 1",
        ),
    ],
)
def test_what_is_none_of_the_world_is_refused(
    name: str, values: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InputError, match=re.escape(sentence) + "$"):
        get_world(name).from_example(values)


@pytest.mark.parametrize(
    "values",
    [
        {"spectrum": ()},
        {"spectrum": (1, 2)},
        {"spectrum": (-1,)},
        {"spectrum": (1,), "other": (1, 1)},
        {"spectrum": (1,), "centre": (1, 1)},
        {"spectrum": (1,), "epsilon": 0},
        {"spectrum": (1,), "radius": -1},
        {"spectrum": (1,), "scale": 0},
    ],
)
def test_forms_out_of_range_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(
        InputError,
        match=r"^quadratic forms have the values .*; expected rows of one length, "
        r"spectra that descend to 0 or above, and positive epsilon, radius, variance, "
        r"beta and scale$",
    ):
        get_world("quadratic-forms").from_example(values)


def test_degenerate_forms_and_networks_are_drawn() -> None:
    forms = drawn("quadratic-forms", 300)
    shapes = {(len(f.spectrum), sum(v > 0 for v in f.spectrum)) for f in forms}
    assert shapes == {(p, k) for p in range(1, 6) for k in range(p + 1)}
    assert sum(f.bend > 0 for f in forms) > 20
    assert sum(f.bend < 0 for f in forms) > 20
    networks = [
        get_world("linear-networks").quantities(n)
        for n in drawn("linear-networks", 300)
    ]
    assert {q.rank_Omega for q in networks} >= {0, 1, 2, 3}
    assert {q.rank_A for q in networks} >= {0, 1, 2, 3}
    assert any(q.rank_W_on_data < q.rank_W for q in networks)
    assert any(q.r < min(q.n, q.d) for q in networks)
