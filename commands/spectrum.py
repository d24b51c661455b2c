"""`landtheory spectrum population`."""

from typing import Annotated

import typer

from ..records import check_target
from .options import Debug, Json, Quiet, console, deliver

__all__ = ["app"]

app = typer.Typer(help="Spectra in closed form.", no_args_is_help=True)


@app.callback()
def spectrum() -> None:
    """Spectra in closed form."""


@app.command("population")
def population(
    *,
    activation: Annotated[
        str, typer.Option(help="relu, erf (of z/√2) or quadratic.")
    ] = "relu",
    k: Annotated[
        int | None, typer.Option("--k", help="Neurons; symbolic by default.")
    ] = None,
    d: Annotated[int | None, typer.Option("--d", help="Inputs; k by default.")] = None,
    json: Json = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """The Hessian's spectrum where k neurons equal their teacher's, inputs Gaussian."""
    del debug
    from .._version import __version__
    from ..population_report import show_spectrum, spectrum_record, spectrum_summary

    check_target(json)
    record = {
        "command": "spectrum population",
        "version": __version__,
        "settings": {"activation": activation, "k": k, "d": d},
        **spectrum_record(activation, k, d),
    }
    if deliver(record, json):
        return 0
    if quiet:
        console().print(spectrum_summary(record), markup=False, soft_wrap=True)
    else:
        show_spectrum(record, console())
    return 0
