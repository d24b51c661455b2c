"""`landtheory certify spurious-minimum` and `landtheory certify check`."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError
from ..records import check_target, to_json, write_text
from .options import Debug, Json, NoProgress, Quiet, Seed, console, deliver, progress

if TYPE_CHECKING:
    from ..numerics.population.certificates import Certificate
    from ..numerics.population.checker import Check

__all__ = ["app"]

app = typer.Typer(help="Make and check certificates.", no_args_is_help=True)


@app.callback()
def certify() -> None:
    """Make and check certificates."""


@app.command("spurious-minimum")
def spurious_minimum(
    *,
    k: Annotated[int, typer.Option("--k", help="Neurons of student and teacher.")],
    out: Annotated[
        str | None, typer.Option("--out", help="Write the certificate to a file.")
    ] = None,
    starts: Annotated[
        int, typer.Option(help="Random starts of the search.", min=1, max=10_000)
    ] = 40,
    seed: Seed = 0,
    json: Json = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
    debug: Debug = False,
) -> int:
    """Find a spurious minimum of a ReLU network, and prove it in ball arithmetic."""
    del debug
    from ..numerics.population.certificates import certificate_record
    from ..numerics.population.spurious import certify_spurious_minimum

    check_target(json)
    _check_out(out)
    line = progress(shown=not (no_progress or quiet))
    try:
        found = certify_spurious_minimum(k, seed=seed, starts=starts, progress=line)
    finally:
        line.close()
    head = {
        "command": "certify spurious-minimum",
        "seed": seed,
        "settings": {"k": k, "starts": starts},
    }
    if found is None:
        record = _record(head, "undecided", None, ())
    else:
        record = _record(head, "certified", found.certificate, found.checks)
        if out is not None:
            write_text(Path(out), to_json(certificate_record(found.certificate)))
    _show(record, json=json, quiet=quiet)
    return 0 if found is not None else 3


@app.command("check")
def check(
    file: Annotated[str, typer.Argument(help="What certify --out wrote.")],
    *,
    json: Json = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
    debug: Debug = False,
) -> int:
    """Check a certificate anew: exit code 0 if it is valid, 1 if not."""
    del debug
    from ..numerics.population.certificates import read_certificate
    from ..numerics.population.checker import verify

    check_target(json)
    certificate = read_certificate(Path(file))
    line = progress(shown=not (no_progress or quiet))
    try:
        checks = verify(certificate, progress=line)
    finally:
        line.close()
    valid = all(one.passed for one in checks)
    head = {"command": "certify check", "settings": {"file": file}}
    status = "certified" if valid else "not valid"
    _show(_record(head, status, certificate, checks), json=json, quiet=quiet)
    return 0 if valid else 1


def _record(
    head: dict[str, Any],
    status: str,
    certificate: "Certificate | None",
    checks: "Iterable[Check]",
) -> dict[str, Any]:
    from .._version import __version__
    from ..numerics.population.certificates import certificate_record
    from ..numerics.population.sharpness import global_sharpness

    sharpness = None
    if certificate is not None and status == "certified":
        sharpness = global_sharpness(certificate.k)
    return {
        **head,
        "version": __version__,
        "status": status,
        "checks": [asdict(check) for check in checks],
        "certificate": None if certificate is None else certificate_record(certificate),
        "global_lambda_max": sharpness,
    }


def _show(record: dict[str, Any], *, json: str | None, quiet: bool) -> None:
    from ..certificate_report import certificate_summary, show_certificate

    if deliver(record, json):
        return
    if quiet:
        console().print(certificate_summary(record), markup=False, soft_wrap=True)
    else:
        show_certificate(record, console())


def _check_out(out: str | None) -> None:
    """Say so before the work if the certificate cannot be written."""
    if out is None:
        return
    path = Path(out)
    try:
        fits = bool(out) and not path.is_dir() and path.parent.is_dir()
    except (OSError, ValueError):
        fits = False
    if not fits:
        raise InputError(f"out is {out!r}; expected a file in an existing folder")
