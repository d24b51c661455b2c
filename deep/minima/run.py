"""A run of `landtheory minima`: what it starts from, what it finds, and its record."""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean, stdev
from typing import Any

import torch
from torch import nn

from ..data.sets import load_data
from ..devices import choose_device, choose_dtype
from ..fingerprints import fingerprint
from ..runs.streams import generator_for
from .architectures import build_network
from .attack import AttackData, attack_data
from .folder import MinimaFolder
from .minimum import Minimum
from .search import PROTOCOLS, Case, Search
from .settings import MinimaSettings

__all__ = ["PreparedMinima", "levels", "prepare_minima", "run_minima"]

Told = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class PreparedMinima:
    """What a run starts from.

    Attributes
    ----------
    search : Search
        With its groups.
    data : mapping of int to AttackData
        By seed.
    device : torch.device
        Where it runs.
    digest : str
        Of all samples and of the initial weights: what files may have changed.
    notices : tuple of str
        What was done differently from what was asked for.
    """

    search: Search
    data: Mapping[int, AttackData]
    device: torch.device
    digest: str
    notices: tuple[str, ...]

    def network(self, settings: MinimaSettings) -> dict[str, Any]:
        """Sizes, as values that JSON can hold."""
        one = next(iter(self.data.values()))
        return {
            "model": settings.model,
            "data": settings.data,
            "p": self.search.p,
            "outputs": one.outputs,
            "n": one.n,
            "n_test": len(one.test.X),
            "device": str(self.device),
        }


def prepare_minima(settings: MinimaSettings) -> PreparedMinima:
    """Load the data, split them for each seed, and build the network once.

    Raises
    ------
    InputError
        If one of them cannot be had, or has too few parameters for the samples.
    """
    device = choose_device(settings.device)
    precision = choose_dtype(settings.dtype, device=device)
    whole = load_data(settings.data, seed=settings.seed, dtype=torch.float64)
    data = {
        seed: attack_data(
            whole,
            seed=seed,
            samples=settings.samples,
            pool=settings.pool,
            labels=settings.labels,
            dtype=precision.dtype,
        )
        for seed in settings.all_seeds
    }

    def build(case: Case) -> nn.Module:
        # one start for all fractions of a seed, so that these alone tell them apart
        one = data[case.seed]
        return build_network(
            settings.model,
            shape=one.shape,
            outputs=one.outputs,
            initialisation=settings.initialisation,
            generator=generator_for(case.seed, "initialisation"),
        )

    search = Search(
        build=build,
        data=data,
        fractions=settings.attack,
        protocol=PROTOCOLS[settings.loss],
        dtype=precision.dtype,
        device=device,
    )
    digest = hashlib.sha256()
    for seed, one in data.items():
        start = list(build(Case(seed, settings.attack[0])).state_dict().values())
        digest.update(f"{one.fingerprint()} {fingerprint('start', start)}".encode())
    return PreparedMinima(
        search=search,
        data=data,
        device=device,
        digest=digest.hexdigest(),
        notices=() if precision.notice is None else (precision.notice,),
    )


def run_minima(
    settings: MinimaSettings,
    prepared: PreparedMinima,
    *,
    folder: MinimaFolder | None,
    progress: Told,
) -> dict[str, Any]:
    """Find every minimum, and write each group down as soon as it is there.

    Parameters
    ----------
    settings, prepared
        What was asked for, and what it starts from.
    folder : MinimaFolder, optional
        Where minima are kept; groups that are whole there are not run again.
    progress : callable
        Told (what, step, of).

    Returns
    -------
    dict
        The record, without its head: network, minima, levels, notices and timing.

    Raises
    ------
    RecordError
        If a file cannot be written.
    """
    began = time.perf_counter()
    found: list[Minimum] = []
    groups = prepared.search.groups
    for i, group in enumerate(groups, 1):
        known = None if folder is None else folder.found(group)
        if known is None:
            stage = f"group {i} of {len(groups)}, attack {group[0].fraction:g}"
            known = prepared.search.run(group, progress=partial(progress, stage))
            if folder is not None:
                for minimum in known:
                    folder.keep(minimum)
        found += known
    return {
        "network": prepared.network(settings),
        "minima": [minimum.record() for minimum in found],
        "levels": levels(found),
        "notices": [*prepared.notices, *_missed(found)],
        "timing": {"search": time.perf_counter() - began},
    }


def levels(found: Sequence[Minimum]) -> list[dict[str, Any]]:
    """What the converged minima of each fraction have in common.

    Parameters
    ----------
    found : sequence of Minimum
        All of them; those that did not converge are counted alone.

    Returns
    -------
    list of dict
        For each fraction, in order, means over seeds; None where no minimum converged.
    """
    return [
        _level([minimum for minimum in found if minimum.fraction == fraction])
        for fraction in dict.fromkeys(minimum.fraction for minimum in found)
    ]


def _level(found: Sequence[Minimum]) -> dict[str, Any]:
    good = [minimum for minimum in found if minimum.converged]

    def over(reduce: Callable[[list[float]], float], name: str) -> float | None:
        values = [getattr(minimum, name) for minimum in good]
        return reduce(values) if values else None

    before = [minimum.first.test_accuracy for minimum in good]
    several = len(good) > 1
    return {
        "fraction": found[0].fraction,
        "attacked": found[0].attacked,
        "seeds": len(found),
        "converged": len(good),
        "clean_accuracy": over(min, "clean_accuracy"),
        "test_accuracy": over(fmean, "test_accuracy"),
        "test_accuracy_deviation": over(stdev, "test_accuracy") if several else None,
        "test_accuracy_before_polish": fmean(before) if before else None,
        "least_clean_loss": over(min, "clean_loss"),
        "largest_clean_loss": over(max, "clean_loss"),
        "weight_norm": over(fmean, "weight_norm"),
    }


def _missed(found: Sequence[Minimum]) -> list[str]:
    return [
        f"attack {minimum.fraction:g}, seed {minimum.seed}: {minimum.reason}"
        for minimum in found
        if not minimum.converged
    ]
