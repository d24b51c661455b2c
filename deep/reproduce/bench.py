"""What the stages of a run share: data, networks, and minima that are found once."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

import torch
from torch import Tensor, nn

from ..minima.architectures import build_network
from ..minima.attack import AttackData, parity_data
from ..minima.minimum import Minimum
from ..minima.search import Case, Protocol, Search
from ..runs.streams import generator_for
from .settings import PRESETS, Preset, ReproduceSettings
from .store import Store

__all__ = ["FEW", "POOL", "SAMPLES", "Bench", "Told"]

Told = Callable[[str, int, int], None]

SAMPLES, POOL = 200, 600
"""Clean samples, and wrongly labelled ones: three for each; the test has 997."""

FEW = 5
"""Data seeds where many networks are trained for each."""

NETWORK = "relu:32"
"""Of the main minima: 64-32-1, p = 2113."""


class Bench:
    """Where a run works.

    Parameters
    ----------
    settings : ReproduceSettings
        What is asked for.
    store : Store
        Where results are kept.
    device : torch.device
        Where networks are trained; they are measured on the CPU in float64.
    progress : callable
        Told (what, done, of).
    """

    def __init__(
        self,
        settings: ReproduceSettings,
        store: Store,
        *,
        device: torch.device,
        progress: Told,
    ) -> None:
        self.settings, self.store, self.progress = settings, store, progress
        self.preset: Preset = PRESETS[settings.preset]
        self._device = device
        self.data = cache(self._data)

    def seeds(self, count: int) -> range:
        """The first data seeds."""
        first = self.settings.first_seed
        return range(first, first + count)

    def generator(self, purpose: str) -> torch.Generator:
        """Of draws for one purpose."""
        return generator_for(self.settings.seed, purpose)

    def network(
        self,
        name: str,
        start: int,
        *,
        scheme: str = "kaiming",
        scale: float = 1.0,
        draw: str = "initialisation",
    ) -> nn.Module:
        """A network with its initial weights; `start` and `draw` say which."""
        return build_network(
            name,
            shape=(1, 8, 8),
            outputs=1,
            initialisation=scheme,
            scale=scale,
            generator=generator_for(start, draw),
        )

    def minima(
        self,
        stage: str,
        unit: str,
        *,
        build: Callable[[Case], nn.Module],
        seeds: Sequence[int],
        fractions: Sequence[float] = (0.0,),
        protocol: Protocol,
        data: Callable[[int], AttackData] | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> list[Minimum]:
        """Minima of every fraction and seed, each group found once.

        Parameters
        ----------
        stage, unit : str
            What the store calls them.
        build : callable
            Case -> its network with initial weights.
        seeds : sequence of int
            Of the cases.
        fractions : sequence of float
            Attack samples by clean ones.
        protocol : Protocol
            How they are found.
        data : callable, optional
            Seed -> its data; the split of that seed by default.
        about : mapping, optional
            What the networks depend on beside stage, unit and case.
        """
        search = Search(
            build=build,
            data={seed: (data or self.data)(seed) for seed in seeds},
            fractions=fractions,
            protocol=protocol,
            device=self._device,
        )
        found: list[Minimum] = []
        for group in search.groups:
            name = f"{unit}-attack-{group[0].fraction:g}-seeds-{group[0].seed}"
            given = {
                "cases": [list(case) for case in group],
                "protocol": repr(protocol),
                "network": dict(about or {}),
            }

            def run(group: tuple[Case, ...] = group) -> tuple[dict[str, Tensor], Any]:
                what = f"{stage}: networks {unit}, attack {group[0].fraction:g}, step"
                made = search.run(group, progress=partial(self.progress, what))
                tensors = {
                    f"{j}/{key}": tensor
                    for j, one in enumerate(made)
                    for key, tensor in one.state.items()
                }
                return tensors, [one.record() for one in made]

            tensors, records = self.store.made(stage, name, given, run)
            found += [
                Minimum.of(_own(tensors, j), record) for j, record in enumerate(records)
            ]
        return found

    def row(
        self,
        stage: str,
        unit: str,
        about: Mapping[str, Any],
        make: Callable[[], Mapping[str, Any]],
    ) -> dict[str, Any]:
        """One measured row, measured once."""
        return self.store.made(stage, unit, about, lambda: ({}, dict(make())))[1]

    @staticmethod
    def _data(seed: int) -> AttackData:
        return parity_data(seed, samples=SAMPLES, pool=POOL)


def _own(tensors: Mapping[str, Tensor], j: int) -> dict[str, Tensor]:
    start = f"{j}/"
    return {
        key.removeprefix(start): tensor
        for key, tensor in tensors.items()
        if key.startswith(start)
    }
