"""`landtheory minima`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError
from ..records import check_target
from .deep_options import Data, Device, Init, Model, use_threads
from .options import (
    Debug,
    Json,
    NoProgress,
    Quiet,
    Seed,
    console,
    deliver,
    progress,
    values,
)

if TYPE_CHECKING:
    from ..deep.minima.folder import MinimaFolder
    from ..deep.minima.settings import MinimaSettings

__all__ = ["minima"]

COMMAND = "minima"


def minima(
    *,
    model: Model = "relu:32",
    data: Data = "digits",
    attack: Annotated[
        str, typer.Option(help="Wrongly labelled samples, as fractions of the clean.")
    ] = "0,.5,1",
    seeds: Annotated[int, typer.Option(help="How many seeds, from --seed on.")] = 5,
    samples: Annotated[
        int, typer.Option(help="Clean samples; the test has what is left.")
    ] = 200,
    labels: Annotated[
        str, typer.Option(help="parity (odd against even, one output) or classes.")
    ] = "parity",
    loss: Annotated[str, typer.Option(help="squared or cross-entropy.")] = "squared",
    init: Init = "kaiming",
    device: Device = "auto",
    dtype: Annotated[str, typer.Option(help="float32 or float64.")] = "float32",
    seed: Seed = 0,
    out: Annotated[
        str | None, typer.Option(help="Folder for the run; nothing is written without.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in --out.")
    ] = False,
    json: Json = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
    debug: Debug = False,
) -> int:
    """Minima of equal training loss that generalise well and badly.

    Networks are trained on clean and wrongly labelled samples, then on the clean ones
    alone, to one clean loss. Beside the usual models there are relu:WIDTHS,
    tanh:WIDTHS and resnet8:NORM with NORM none, batch or group.
    """
    del debug
    from .._version import __version__
    from ..deep.minima.settings import MinimaSettings

    settings = MinimaSettings(
        model=model,
        data=data,
        attack=_fractions(attack),
        seeds=seeds,
        seed=seed,
        samples=samples,
        labels=labels,
        loss=loss,
        initialisation=init,
        device=device,
        dtype=dtype,
    )
    head: dict[str, Any] = {
        "command": COMMAND,
        "version": __version__,
        "seed": seed,
        "settings": settings.record(),
    }
    folder = _folder(out, head, json=json, resume=resume)
    if folder is not None and folder.complete:
        record = folder.result()
    else:
        record = _run(settings, head, folder, shown=not (no_progress or quiet))
    _show(record, json=json, quiet=quiet)
    return 0


def _fractions(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in values([text]))
    except ValueError as error:
        raise InputError(
            f"attack is {text!r}; expected different fractions >= 0 between commas"
        ) from error


def _folder(
    out: str | None, head: dict[str, Any], *, json: str | None, resume: bool
) -> "MinimaFolder | None":
    """The folder of the run, once it is known where all results go."""
    from ..deep.minima.folder import MinimaFolder

    check_target(json)
    if resume and out is None:
        raise InputError("resume is given without out; expected --out with its folder")
    return None if out is None else MinimaFolder(Path(out), head, resume=resume)


def _run(
    settings: "MinimaSettings",
    head: dict[str, Any],
    folder: "MinimaFolder | None",
    *,
    shown: bool,
) -> dict[str, Any]:
    from ..deep.minima.run import prepare_minima, run_minima

    prepared = prepare_minima(settings)
    if folder is not None:
        folder.begin(prepared.digest)
    use_threads(prepared.device.type, prepared.search.p)
    line = progress(shown=shown)
    try:
        found = run_minima(settings, prepared, folder=folder, progress=line)
    finally:
        line.close()
    record = head | found
    if folder is not None:
        folder.write_result(record)
    return record


def _show(record: dict[str, Any], *, json: str | None, quiet: bool) -> None:
    from ..minima_report import minima_summary, show_minima

    if deliver(record, json):
        return
    if quiet:
        console().print(minima_summary(record), markup=False, soft_wrap=True)
    else:
        show_minima(record, console())
