"""A reproduction from its settings to its record: stages, claims, and the table."""

import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch

from .bench import POOL, SAMPLES, Bench, Told
from .claims import judge
from .evidence import Evidence, Row, Table
from .findings import Finding
from .reference import beside_the_study
from .settings import PRESETS, ReproduceSettings, stages_of
from .stages_closer import closer_rows
from .stages_escape import escape_rows
from .stages_lines import line_rows
from .stages_measuring import (
    check_rows,
    entropy_rows,
    learning_rows,
    rescaling_rows,
    volume_rows,
)
from .stages_training import (
    convolutional_rows,
    minima_rows,
    near_rows,
    scale_rows,
    size_rows,
    start_rows,
    within_rows,
)
from .store import Store

__all__ = ["Reproduction", "reproduce"]

STAGES: Mapping[str, Callable[[Bench], list[Row]]] = {
    "minima": minima_rows,
    "rescaling": rescaling_rows,
    "check": check_rows,
    "within": within_rows,
    "starts": start_rows,
    "scales": scale_rows,
    "near": near_rows,
    "escape": escape_rows,
    "lines": line_rows,
    "sizes": size_rows,
    "entropy": entropy_rows,
    "volumes": volume_rows,
    "learning": learning_rows,
    "convolutional": convolutional_rows,
    "closer": closer_rows,
}
"""By the stage's name; each reads the minima it rests on from the store."""


@dataclass(frozen=True, kw_only=True)
class Reproduction:
    """What a run found.

    Attributes
    ----------
    table : mapping of str to rows
        Everything measured, by stage.
    findings : tuple of Finding
        One for each claim asked for.
    methods : dict
        Sizes, versions and device, as JSON values.
    study : list of dict
        An earlier study's numbers beside those of this run, as JSON values.
    timing : dict of str to float
        Seconds of each stage; results that were at hand cost none.
    """

    table: Table
    findings: tuple[Finding, ...]
    methods: dict[str, Any]
    study: list[dict[str, Any]]
    timing: dict[str, float]


def reproduce(
    settings: ReproduceSettings,
    store: Store,
    *,
    device: torch.device,
    progress: Told,
) -> Reproduction:
    """Run every stage that the claims need, and judge them.

    Parameters
    ----------
    settings : ReproduceSettings
        What is asked for.
    store : Store
        Where results are kept: one that is there is not made again.
    device : torch.device
        Where networks are trained.
    progress : callable
        Told (what, done, of).

    Returns
    -------
    Reproduction
        The same, but for the timing, whether or not the run was killed in between.

    Raises
    ------
    RecordError
        If a result cannot be written.
    """
    bench = Bench(settings, store, device=device, progress=progress)
    table: dict[str, list[Row]] = {}
    timing: dict[str, float] = {}
    for stage in stages_of(settings.claims, bench.preset):
        began = time.perf_counter()
        table[stage] = STAGES[stage](bench)
        timing[stage] = time.perf_counter() - began
    evidence = Evidence(table, seed=settings.seed)
    return Reproduction(
        table=table,
        findings=judge(settings.claims, evidence),
        methods=_methods(bench, device),
        study=beside_the_study(evidence),
        timing=timing,
    )


def _methods(bench: Bench, device: torch.device) -> dict[str, Any]:
    preset = PRESETS[bench.settings.preset]
    return {
        "data": "digits of scikit-learn, odd against even, one output, targets ±1",
        "clean_samples": SAMPLES,
        "attack_pool": POOL,
        "test_samples": len(bench.data(bench.settings.first_seed).test.X),
        "data_seeds": list(bench.seeds(preset.seeds)),
        "fractions": list(preset.fractions),
        "device": str(device),
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "python": platform.python_version(),
    }
