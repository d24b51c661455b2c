"""The stage of lines from good minima to bad ones, from one start and from two."""

from collections.abc import Mapping
from typing import Any

from ..landscape.lines import line_between
from ..minima.minimum import Minimum
from ..minima.search import PROTOCOLS
from .bench import NETWORK, Bench
from .evidence import Row
from .measures import finite, point_of
from .stages_training import main_minima

__all__ = ["HEIGHTS", "line_rows"]

HEIGHTS = (0.01, 0.1)
"""Losses above each minimum's at which its width ends."""

LEVELS = (0.5, 1.0, 2.0)
"""Attack fractions of the bad ends."""


def line_rows(bench: Bench) -> list[Row]:
    """Widths of both ends of each line, and the losses on it.

    The good end is a main minimum without attack samples. The bad end of the same data
    seed started from the same weights, or from others.
    """
    found = main_minima(bench)
    levels = [level for level in LEVELS if level in bench.preset.fractions]
    apart = {
        (one.seed, one.fraction): one
        for one in bench.minima(
            "lines",
            "other-start",
            build=lambda case: bench.network(
                NETWORK, case.seed, draw="other initialisation"
            ),
            seeds=bench.seeds(bench.preset.seeds),
            fractions=levels,
            protocol=PROTOCOLS["squared"],
        )
    }
    rows: list[Row] = []
    seeds = bench.seeds(bench.preset.seeds)
    for i, seed in enumerate(seeds):
        bench.progress("lines", i, len(seeds))
        for level in levels:
            for shared, others in ((True, found), (False, apart)):
                rows += _pair(bench, found, others, (seed, level), shared=shared)
    return rows


def _pair(
    bench: Bench,
    found: Mapping[tuple[int, float], Minimum],
    others: Mapping[tuple[int, float], Minimum],
    case: tuple[int, float],
    *,
    shared: bool,
) -> list[Row]:
    good, bad = found[case[0], 0.0], others[case]
    if not (good.converged and bad.converged):
        return []
    word = "shared" if shared else "apart"
    return [
        bench.row(
            "lines",
            f"{word}-{case[0]}-{case[1]:g}-height-{height:g}",
            {},
            lambda height=height: _line(bench, good, bad, height) | {"shared": shared},  # type: ignore[misc]
        )
        for height in HEIGHTS
    ]


def _line(bench: Bench, good: Minimum, bad: Minimum, height: float) -> dict[str, Any]:
    clean = bench.data(good.seed).clean
    ends = [
        point_of(one.into(bench.network(NETWORK, one.seed)), clean)
        for one in (good, bad)
    ]
    line = line_between(ends[0], ends[1], height=height)
    widths = line.widths
    return {
        "seed": good.seed,
        "fraction": bad.fraction,
        "height": height,
        "good_width": finite(widths[0].inward),
        "bad_width": finite(widths[1].inward),
        "good_relative": finite(widths[0].relative),
        "bad_relative": finite(widths[1].relative),
        "distance": line.distance,
        "barrier": line.barrier,
        "places": line.places.tolist(),
        "losses": [min(value, 1e300) for value in line.losses.tolist()],
    }
