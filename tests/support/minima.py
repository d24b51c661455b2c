"""Small attack data and searches, for tests that need a minimum."""

from functools import cache

import torch
from torch import nn

from landtheory.deep.minima.architectures import build_network
from landtheory.deep.minima.attack import AttackData, parity_data
from landtheory.deep.minima.search import Case
from landtheory.deep.runs.streams import generator_for

MODEL = "relu:24"


@cache
def split(seed: int, samples: int, pool: int) -> AttackData:
    return parity_data(seed, samples=samples, pool=pool)


def few_digits(*seeds: int, samples: int = 40, pool: int = 40) -> dict[int, AttackData]:
    return {seed: split(seed, samples, pool) for seed in seeds}


def network(case: Case, name: str = MODEL) -> nn.Module:
    """One start for all fractions of a seed."""
    return build_network(
        name,
        shape=(1, 8, 8),
        outputs=1,
        initialisation="kaiming",
        generator=generator_for(case.seed, "initialisation"),
    )


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)
