"""`landtheory verify two-layer`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..records import check_target
from .options import (
    Budget,
    Debug,
    Json,
    NoProgress,
    Quiet,
    Seed,
    console,
    deliver,
    parse_budget,
    progress,
    values,
)

if TYPE_CHECKING:
    from ..numerics.refute import Settings

__all__ = ["app"]

SAMPLES = 200

app = typer.Typer(help="Verify theorems.", no_args_is_help=True)


@app.callback()
def verify() -> None:
    """Verify theorems: derive, attack, judge."""


@app.command("two-layer")
def two_layer(
    *,
    theorem: Annotated[
        list[str] | None, typer.Option(help="Ids such as T06,T07; all by default.")
    ] = None,
    topic: Annotated[
        list[str] | None, typer.Option(help="A family, such as complexity.")
    ] = None,
    activation: Annotated[
        list[str] | None, typer.Option(help="Activations; all by default.")
    ] = None,
    loss: Annotated[
        list[str] | None, typer.Option(help="squared, logistic, softmax.")
    ] = None,
    data: Annotated[
        str, typer.Option(help="digits, or an .npz file with arrays X and y.")
    ] = "digits",
    budget: Budget = "30s",
    seed: Seed = 0,
    json: Json = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
    debug: Debug = False,
) -> int:
    """Verify the catalogue on two-layer networks, generated and trained."""
    del debug
    from .._version import __version__
    from ..numerics.run import verify as run_verification
    from ..numerics.run_record import run_record
    from ..report import show_run, summary
    from ..theory.catalogue import select
    from ..verdict import exit_code

    theorems = select(values(theorem), values(topic))
    settings = _settings(values(activation), values(loss), parse_budget(budget), seed)
    check_target(json)
    arrays = _data(data, settings)
    line = progress(shown=not (no_progress or quiet))
    try:
        run = run_verification(
            theorems, settings, data=arrays, folklore=not theorem, progress=line
        )
    finally:
        line.close()
    chosen = {
        "theorems": [t.id for t in theorems],
        "activations": [a.name for a in settings.activations],
        "losses": [one.name for one in settings.losses],
        "budget": settings.budget,
        "data": data,
    }
    record = run_record(run, version=__version__, settings=chosen)
    if not deliver(record, json):
        if quiet:
            console().print(summary(run), markup=False, soft_wrap=True)
        else:
            show_run(run, console())
    return exit_code(run.status)


def _settings(
    activations: tuple[str, ...], losses: tuple[str, ...], budget: float, seed: int
) -> "Settings":
    from ..numerics.refute import Settings
    from ..theory.activations import ACTIVATIONS, get_activation
    from ..theory.losses import LOSSES, get_loss

    return Settings(
        activations=tuple(map(get_activation, activations or ACTIVATIONS)),
        losses=tuple(map(get_loss, losses or LOSSES)),
        budget=budget,
        seed=seed,
    )


def _data(name: str, settings: "Settings") -> tuple[Any, Any]:
    from ..numerics.data import digits, load_npz

    loss = settings.losses[0]
    if name != "digits":
        return load_npz(Path(name), loss=loss)
    X, y = digits(samples=SAMPLES, seed=settings.seed)
    if loss.targets != "real":
        y = (y[:, 0] > 0).astype("float64")
    return X, y
