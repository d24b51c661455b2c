"""The command line: `landtheory`."""

from typing import Annotated

import typer

from ._version import __version__
from .commands import (
    certify,
    compare,
    deep_spectrum,
    derive,
    doctor,
    falsify,
    interpolate,
    minima,
    prove,
    refutations,
    report,
    reproduce,
    spectrum,
    theorems,
    verify,
    volume,
)
from .commands.exit_codes import ExitCodes

__all__ = ["app"]

app = typer.Typer(
    name="landtheory",
    cls=ExitCodes,
    help="Theory about neural loss landscapes, made checkable.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(shown: bool) -> None:  # noqa: FBT001 - Typer passes it by position
    if shown:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def main(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version.", is_eager=True, callback=_version
        ),
    ] = False,
) -> None:
    """Theory about neural loss landscapes, made checkable."""
    del version


app.add_typer(certify.app, name="certify")
app.add_typer(spectrum.app, name="spectrum")
app.add_typer(verify.app, name="verify")
app.command("compare")(compare.compare)
app.command("deep-spectrum")(deep_spectrum.deep_spectrum)
app.command("derive")(derive.derive)
app.command("doctor")(doctor.doctor)
app.command("falsify")(falsify.falsify)
app.command("interpolate")(interpolate.interpolate)
app.command("minima")(minima.minima)
app.command("prove")(prove.prove)
app.command("refutations")(refutations.refutations)
app.command("report")(report.report)
app.command("reproduce")(reproduce.reproduce)
app.command("theorems")(theorems.theorems)
app.command("volume")(volume.volume)
