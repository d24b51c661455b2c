"""objective/sample_draws.py: a sample's numbers by its number alone, and their moments."""

import pytest
import torch
from torch import Tensor

from landtheory.deep.objective.sample_draws import BLOCK, SampleDraws

SHAPES: list[tuple[int, ...]] = [(), (3,), (2, 3)]


def pieces(seed: int, ends: list[int], rest: tuple[int, ...]) -> Tensor:
    """Of samples 0, 1, … cut at `ends`."""
    parts = []
    for start, end in zip([0, *ends], ends, strict=False):
        parts.append(SampleDraws(seed, start).uniform(2, (end - start, *rest)))
    return torch.cat(parts, 1)


@pytest.mark.parametrize("rest", SHAPES)
@pytest.mark.parametrize(
    "ends",
    [
        [200],
        [1, 200],
        [BLOCK, 200],
        [BLOCK - 1, BLOCK + 1, 200],
        [63, 64, 65, 130, 200],
    ],
)
def test_however_they_are_cut_samples_have_the_same_numbers(
    rest: tuple[int, ...], ends: list[int]
) -> None:
    assert torch.equal(pieces(3, ends, rest), pieces(3, [200], rest))


def test_samples_draws_and_seeds_have_numbers_of_their_own() -> None:
    found = SampleDraws(0, 0).uniform(3, (150, 2))
    # 900 of them, none twice
    assert len(set(found.flatten().tolist())) == 900
    assert torch.equal(SampleDraws(0, 0).uniform(2, (150, 2)), found[:2])
    assert not torch.equal(SampleDraws(BLOCK, 0).uniform(3, (150, 2)), found)


def test_they_are_uniform_and_normal() -> None:
    """60,000 of each: moments within 5 standard errors."""
    n = 60_000
    u = SampleDraws(1, 7).uniform(1, (n,))[0]
    z = SampleDraws(1, 7).normal(1, (n,))[0]
    assert float(u.min()) >= 0
    assert float(u.max()) < 1
    assert u.dtype == z.dtype == torch.float64
    assert abs(float(u.mean()) - 0.5) < 5 * (1 / 12 / n) ** 0.5
    assert abs(float(z.mean())) < 5 / n**0.5
    assert abs(float(z.square().mean()) - 1) < 5 * (2 / n) ** 0.5
    # from one block to the next too
    steps = u[:-BLOCK] - 0.5, u[BLOCK:] - 0.5
    assert abs(float((steps[0] * steps[1]).mean())) < 5 / 12 / n**0.5
