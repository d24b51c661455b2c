"""numerics/property_search.py: Hypothesis reaches what claims assume, and breaks lies."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from landtheory.numerics.property_search import search
from landtheory.theory import ACTIVATIONS, LOSSES, THEOREMS
from landtheory.theory.expressions import Comparison, call, name
from landtheory.theory.theorems import Claim

ALL = tuple(ACTIVATIONS)
H, L, C = name("H"), name("L"), name("C")


def claim(law: Comparison, *assumes: str) -> Claim:
    return Claim(
        label="a",
        statement="made up",
        law=law,
        assumes=assumes,
        activations=ALL,
        losses=tuple(LOSSES),
    )


def silent(done: int) -> None:
    del done


def searched(  # noqa: ANN201
    claims: list[Claim],
    directory: Path,
    examples: int = 60,
    progress: Callable[[int], None] = silent,
):
    return search(
        claims,
        activations=ALL,
        losses=tuple(LOSSES),
        examples=examples,
        seed=3,
        directory=str(directory),
        progress=progress,
    )


def test_claims_about_interpolation_and_critical_points_are_judged(
    tmp_path: Path,
) -> None:
    claims = [c for name in ("T03", "T04", "T26") for c in THEOREMS[name].claims]
    judged, broken, _ = searched(claims, tmp_path)
    assert broken is None
    for one, count in zip(claims, judged, strict=True):
        if {"interpolation", "critical"} & set(one.assumes):
            assert count > 0, one.statement


@pytest.mark.parametrize(
    "lie",
    [
        claim(call("tr", H) <= C, "interpolation"),
        claim(L <= 0, "critical"),
        claim(call("lmin", H) >= 0),
    ],
    ids=["interpolation", "critical", "free"],
)
def test_a_false_claim_is_broken_where_it_speaks(lie: Claim, tmp_path: Path) -> None:
    _, broken, found = searched([lie], tmp_path, examples=200)
    assert broken is lie
    assert found is not None
    assert found.left != found.right
    if lie.assumes == ("interpolation",):
        assert not np.any(found.instances.residual)


def test_an_interruption_ends_the_search(tmp_path: Path) -> None:
    seen = []

    def interrupt(done: int) -> None:
        seen.append(done)
        if done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        searched([claim(call("lmax", H) >= call("lmin", H))], tmp_path, 60, interrupt)
    assert seen == [0, 1, 2, 3, 4, 5]
