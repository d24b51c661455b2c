"""`landtheory deep-spectrum`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError
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
from .launch import is_first, processes
from .options import (
    Debug,
    Json,
    NoProgress,
    Quiet,
    Seed,
    console,
    deliver,
    progress,
)

if TYPE_CHECKING:
    from ..deep.runs.folder import Arrays, RunFolder
    from ..deep.runs.settings import SpectrumSettings

__all__ = ["deep_spectrum"]

COMMAND = "deep-spectrum"


def deep_spectrum(
    *,
    model: Model = "resnet",
    weights: Weights = None,
    data: Data = "digits",
    train: Annotated[
        bool | None,
        typer.Option(
            "--train/--no-train", help="Train first; by default without --weights."
        ),
    ] = None,
    epochs: Annotated[int | None, typer.Option(help="Passes of training.")] = None,
    init: Init = "default",
    operator: Annotated[
        str, typer.Option(help="hessian, ggn, or fisher (the exact one).")
    ] = "hessian",
    k: Annotated[int, typer.Option("--k", help="How many eigenvalues.")] = 10,
    which: Annotated[
        str, typer.Option(help="LA, SA, LM or BE, as in SciPy's eigsh.")
    ] = "LM",
    density: Annotated[
        bool, typer.Option("--density/--no-density", help="Spectral density.")
    ] = True,
    trace: Annotated[
        bool, typer.Option("--trace/--no-trace", help="Trace and Frobenius norm.")
    ] = True,
    volume: Annotated[
        bool, typer.Option("--volume", help="Log-volume, from the density's products.")
    ] = False,
    damping: Annotated[float, typer.Option(help="δ of the log-volume.")] = 1e-3,
    height: Annotated[float, typer.Option(help="ε of the log-volume.")] = 0.1,
    layers: Annotated[
        bool, typer.Option("--layers", help="Each layer's block too.")
    ] = False,
    classes: Annotated[
        bool, typer.Option("--classes", help="Gauss-Newton matrix by classes too.")
    ] = False,
    probes: Annotated[int | None, typer.Option(help="Probes of the density.")] = None,
    steps: Annotated[int | None, typer.Option(help="Steps of each probe.")] = None,
    tol: Annotated[
        float, typer.Option(help="Relative bound of each eigenvalue.")
    ] = 1e-3,
    device: Device = "auto",
    dtype: Dtype = "float32",
    batch_size: BatchSize = None,
    samples: Samples = None,
    seed: Seed = 0,
    out: Annotated[
        str | None, typer.Option(help="Folder for the run; nothing is written without.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in --out.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would run, and stop.")
    ] = False,
    json: Json = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
    debug: Debug = False,
) -> int:
    """Spectrum of a deep network's Hessian, each number with its error.

    Under torchrun the processes share the samples, and the first one answers.
    """
    del debug
    from .._version import __version__
    from ..deep.runs.settings import SpectrumSettings

    with processes() as every:
        settings = SpectrumSettings(
            model=model,
            data=data,
            weights=weights,
            train=weights is None or epochs is not None if train is None else train,
            epochs=epochs,
            initialisation=init,
            operator=operator,
            k=k,
            which=which,
            tol=tol,
            density=density,
            trace=trace,
            volume=volume,
            layers=layers,
            classes=classes,
            probes=probes,
            steps=steps,
            damping=damping,
            height=height,
            device=device,
            dtype=dtype,
            batch_size=batch_size,
            samples=samples,
            seed=seed,
        )
        head: dict[str, Any] = {
            "command": COMMAND,
            "version": __version__,
            "seed": seed,
            "settings": settings.record(),
        }
        folder = None
        if every.is_first:
            folder = _folder(out, head, json=json, resume=resume)
        if every.told(folder is not None and folder.complete):
            found = None if folder is None else _stored(folder)
        elif dry_run:
            found = head | {"plan": _plan(settings)}, {}
        else:
            found = _run(settings, head, folder, shown=not (no_progress or quiet))
        if every.is_first and found is not None:
            _show(*found, json=json, quiet=quiet)
    return 0


def _folder(
    out: str | None, head: dict[str, Any], *, json: str | None, resume: bool
) -> "RunFolder | None":
    """The folder of the run, once it is known where all results go."""
    from ..deep.runs.folder import RunFolder

    check_target(json)
    if resume and out is None:
        raise InputError("resume is given without out; expected --out with its folder")
    return None if out is None else RunFolder(Path(out), head, resume=resume)


def _stored(folder: "RunFolder") -> tuple[dict[str, Any], "Arrays"]:
    from ..deep.runs.folder import read_run

    folder.tidy()
    return read_run(folder.path)


def _run(
    settings: "SpectrumSettings",
    head: dict[str, Any],
    folder: "RunFolder | None",
    *,
    shown: bool,
) -> tuple[dict[str, Any], "Arrays"]:
    from ..deep.runs.folder import WEIGHTS
    from ..deep.runs.plan import plan_spectrum
    from ..deep.runs.prepared import prepare
    from ..deep.runs.spectrum import run_spectrum
    from ..deep.training.weight_files import weights_content

    prepared = prepare(settings)
    plan = plan_spectrum(settings, prepared)
    if folder is not None:
        folder.begin()
        folder.bind("data", prepared.data.fingerprint())
        folder.bind("weights", prepared.weights_digest)
    use_threads(prepared.device.type, prepared.p)
    line = progress(shown=shown and is_first())
    try:
        found = run_spectrum(settings, prepared, plan, folder=folder, progress=line)
    finally:
        line.close()
    record = head | found.record | {"timing": found.timing}
    if folder is not None:
        files = _files(record, found.arrays)
        if prepared.recipe is not None:
            files[WEIGHTS] = weights_content(prepared.model)
        folder.finish(record, found.arrays, files)
    return record, found.arrays


def _files(record: dict[str, Any], arrays: "Arrays") -> dict[str, bytes]:
    """Figures and the page."""
    from ..pictures import density_figures, layer_figures
    from ..spectrum_page import spectrum_page
    from ..spectrum_report import title

    net = record["network"]
    name = f"{title(record).partition(':')[0]} of {net['model']} on {net['data']}"
    figures: dict[str, dict[str, bytes]] = {}
    if "density" in record:
        figures["density"] = density_figures(
            arrays["density_nodes"],
            arrays["density_weights"],
            arrays["eigenvalues"],
            p=net["p"],
            title=name,
        )
    if "layers" in record:
        figures["layers"] = layer_figures(record["layers"], title=f"{name}, by layer")
    page = spectrum_page(record, {key: made["svg"] for key, made in figures.items()})
    files = {
        f"figures/{key}.{kind}": data
        for key, made in figures.items()
        for kind, data in made.items()
    }
    return files | {"report.html": page.encode("utf-8")}


def _plan(settings: "SpectrumSettings") -> dict[str, Any]:
    from ..deep.runs.plan import plan_spectrum
    from ..deep.runs.prepared import prepare

    return plan_spectrum(settings, prepare(settings)).record()


def _show(
    record: dict[str, Any], arrays: "Arrays", *, json: str | None, quiet: bool
) -> None:
    from ..spectrum_report import show_plan, show_spectrum, summary

    if deliver(record, json):
        return
    if "plan" in record:
        show_plan(record, console())
    elif quiet:
        console().print(summary(record), markup=False, soft_wrap=True)
    else:
        show_spectrum(record, arrays, console())
