"""`landtheory doctor`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..records import check_target
from .deep_options import (
    BatchSize,
    Data,
    Device,
    Dtype,
    Init,
    Model,
    Samples,
    Weights,
    use_threads,
)
from .launch import processes
from .options import Debug, Json, NoProgress, Quiet, Seed, console, deliver, progress

if TYPE_CHECKING:
    from ..deep.runs.prepared import Prepared
    from ..deep.runs.settings import SpectrumSettings

__all__ = ["doctor"]

SETTINGS = (
    "model", "weights", "data", "train", "epochs", "initialisation", "device", "dtype",
    "batch_size", "samples",
)  # fmt: skip
"""Those that count here."""

K = 10
"""Eigenvalues of a default run, for the plan."""


def doctor(
    *,
    model: Model = "resnet",
    weights: Weights = None,
    data: Data = "digits",
    train: Annotated[bool, typer.Option("--train", help="Train first.")] = False,
    epochs: Annotated[int | None, typer.Option(help="Passes of training.")] = None,
    init: Init = "default",
    device: Device = "auto",
    dtype: Dtype = "float32",
    batch_size: BatchSize = None,
    samples: Samples = None,
    seed: Seed = 0,
    json: Json = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
    debug: Debug = False,
) -> int:
    """Check a network and its data before their spectrum is computed."""
    del debug
    from .._version import __version__
    from ..deep.runs.settings import SpectrumSettings

    with processes() as every:
        settings = SpectrumSettings(
            model=model,
            data=data,
            weights=weights,
            train=train or epochs is not None,
            epochs=epochs,
            initialisation=init,
            operator="hessian",
            k=1,
            which="LM",
            tol=1e-3,
            density=True,
            trace=True,
            volume=False,
            layers=False,
            classes=False,
            probes=None,
            steps=None,
            damping=1e-3,
            height=0.1,
            device=device,
            dtype=dtype,
            batch_size=batch_size,
            samples=samples,
            seed=seed,
        )
        if every.is_first:
            check_target(json)
        known = settings.record()
        head: dict[str, Any] = {
            "command": "doctor",
            "version": __version__,
            "seed": seed,
            "settings": {name: known[name] for name in SETTINGS},
        }
        line = progress(shown=not (no_progress or quiet) and every.is_first)
        try:
            record = head | _examined(settings, line)
        finally:
            line.close()
        if every.is_first:
            _show(record, json=json, quiet=quiet)
    return 0


def _examined(settings: "SpectrumSettings", line: progress) -> dict[str, Any]:
    from dataclasses import replace

    from ..deep.runs.diagnosis import diagnose
    from ..deep.runs.plan import plan_spectrum
    from ..deep.runs.prepared import prepare

    prepared = prepare(settings)
    plan = plan_spectrum(replace(settings, k=min(K, prepared.p)), prepared)
    use_threads(prepared.device.type, prepared.p)
    _train(settings, prepared, line)
    found = diagnose(
        prepared, seed=settings.seed, batch_size=settings.batch_size, progress=line
    )
    # what is free differs from run to run
    return {**found.record, "plan": plan.record(), "timing": found.timing}


def _train(settings: "SpectrumSettings", prepared: "Prepared", line: progress) -> None:
    from ..deep.group import current_processes
    from ..deep.runs.shared import by_the_first, share_weights
    from ..deep.runs.streams import generator_for
    from ..deep.training.training import train

    every, recipe = current_processes(), prepared.recipe
    if recipe is not None:
        by_the_first(
            lambda seen: train(
                prepared.model,
                prepared.data,
                recipe=recipe,
                generator=generator_for(settings.seed, "training"),
                progress=seen,
            ),
            every,
            lambda done, of: line("training, steps", done, of),
        )
    share_weights(prepared.model, every)


def _show(record: dict[str, Any], *, json: str | None, quiet: bool) -> None:
    from ..doctor_report import findings, show_diagnosis

    if deliver(record, json):
        return
    if not quiet:
        show_diagnosis(record, console())
    found = findings(record)
    look = [name for name, status, _ in found if status != "ok"]
    line = f"{len(found) - len(look)} of {len(found)} checks ok"
    if look:
        line += f", look at: {', '.join(look)}"
    console().print(line, markup=False, soft_wrap=True)
