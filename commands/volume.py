"""`landtheory volume`."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError
from ..records import check_target
from .deep_options import (
    BatchSize,
    Data,
    Device,
    Model,
    Samples,
    Weights,
)
from .landscape_options import Labels, Loss, Out
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
    from ..deep.landscape.asked import Asked
    from .points import Labelled

__all__ = ["volume"]

COMMAND = "volume"


def volume(
    run: Annotated[
        str | None, typer.Argument(help="Folder of a deep-spectrum or minima run.")
    ] = None,
    *,
    model: Model = "relu:32",
    weights: Weights = None,
    data: Data = "digits",
    samples: Samples = None,
    labels: Labels = None,
    loss: Loss = None,
    method: Annotated[
        str, typer.Option(help="auto, gram, hessian or lanczos.")
    ] = "auto",
    k: Annotated[int, typer.Option("--k", help="Eigenvalues that Lanczos finds.")] = 20,
    beta: Annotated[
        float | None,
        typer.Option(help="β of -½ Σ log(1 + βτ²λ); the number of samples by default."),
    ] = None,
    variance: Annotated[float, typer.Option(help="τ² of the same.")] = 1.0,
    regulariser: Annotated[
        float | None,
        typer.Option(help="λ: the volume of {L + λ/2 |δ|² <= L* + ε} by rays too."),
    ] = None,
    height: Annotated[
        float, typer.Option(help="ε of that set, and of --radius.")
    ] = 0.01,
    directions: Annotated[int, typer.Option(help="Rays, of both.")] = 128,
    radius: Annotated[
        bool, typer.Option("--radius", help="Radius in random directions too.")
    ] = False,
    learning: Annotated[
        bool, typer.Option("--learning", help="Local learning coefficient too.")
    ] = False,
    device: Device = "auto",
    batch_size: BatchSize = None,
    seed: Seed = 0,
    out: Out = None,
    json: Json = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
    debug: Debug = False,
) -> int:
    """Curvature and log-volume at a minimum, each with what it leaves out.

    Of one network, by --model, --weights and --data; or of every network of a run.
    """
    del debug
    from .._version import __version__
    from ..deep.landscape.asked import Asked
    from .out_folder import check_out
    from .points import Chosen, missed_in_run, points_of_run

    check_target(json)
    check_out(out)
    _refuse_both(run, weights)
    asked = Asked(
        method=method,
        k=k,
        beta=beta,
        variance=variance,
        regulariser=regulariser,
        height=height,
        directions=directions,
        learning=learning,
        radius=radius,
    )
    chosen = Chosen(
        model=model,
        data=data,
        samples=samples,
        labels=labels,
        loss=loss,
        device=device,
        batch_size=batch_size,
        seed=seed,
    )
    origin: dict[str, Any] = {"run": run}
    if weights is not None:
        named, origin = chosen.labelled(weights), chosen.record() | {"weights": weights}
    else:
        named = points_of_run(str(run), device=device)
    record = {
        "command": COMMAND,
        "version": __version__,
        "seed": seed,
        "settings": origin | asked.record(),
    }
    rows, spectra = _measured(named, asked, seed, shown=not (no_progress or quiet))
    record["networks"] = rows
    record["missed"] = [] if run is None else missed_in_run(run)
    if out is not None:
        _write(out, record, spectra)
    _show(record, json=json, quiet=quiet)
    return 0


def _refuse_both(run: str | None, weights: str | None) -> None:
    """Refuse two origins of the network, and none."""
    if (run is None) == (weights is None):
        raise InputError(
            f"run is {run!r} and weights is {weights!r}; expected one of them: the folder "
            "of a run, or --weights with --model and --data"
        )


def _measured(
    named: "Iterator[Labelled]", asked: "Asked", seed: int, *, shown: bool
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    from ..deep.landscape.measures import measured
    from ..deep.runs.streams import generator_for

    rows, spectra = [], {}
    line = progress(shown=shown)
    try:
        for one in named:
            found, eigenvalues = measured(
                one.point,
                asked,
                draws=partial(generator_for, seed),
                progress=lambda what, done, of, name=one.about["name"]: line(  # type: ignore[misc]
                    f"{name}, {what}", done, of
                ),
            )
            rows.append(one.about | found)
            spectra[one.about["name"]] = eigenvalues.numpy()
    finally:
        line.close()
    if not rows:
        raise InputError(
            "run holds no network; expected one that converged: run minima again with "
            "more samples or a larger model"
        )
    return rows, spectra


def _write(out: str, record: dict[str, Any], spectra: dict[str, Any]) -> None:
    from ..landscape_pictures import volume_figures
    from .out_folder import table_file, write_out

    rows = record["networks"]
    title = rows[0]["name"] if len(rows) == 1 else f"{len(rows)} networks"
    figures = volume_figures(
        spectra,
        colours={row["name"]: row["fraction"] for row in rows if "fraction" in row},
        title=f"{rows[0]['curvature']['matrix']}: {title}",
    )
    files = {
        f"figures/{name}.{kind}": content
        for name, made in figures.items()
        for kind, content in made.items()
    }
    files["eigenvalues.csv"] = table_file(
        ("network", "i", "eigenvalue"),
        [
            (name, i, value)
            for name, values in spectra.items()
            for i, value in enumerate(values.tolist(), 1)
        ],
    )
    write_out(out, record, files)


def _show(record: dict[str, Any], *, json: str | None, quiet: bool) -> None:
    from ..landscape_report import show_volumes, volume_summary

    if deliver(record, json):
        return
    if quiet:
        console().print(volume_summary(record), markup=False, soft_wrap=True)
    else:
        show_volumes(record, console())
