"""`landtheory prove`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError
from ..records import check_target
from .options import (
    Debug,
    Json,
    NoProgress,
    Quiet,
    console,
    deliver,
    progress,
    values,
)

if TYPE_CHECKING:
    from ..proofs.toolchain import Toolchain

__all__ = ["prove"]


def prove(
    theorem: Annotated[
        list[str] | None,
        typer.Argument(
            help="Ids such as T06 R03 or T06,R03; by default all are shown."
        ),
    ] = None,
    *,
    check: Annotated[
        bool,
        typer.Option("--check", help="Run Coq's stand-alone checker and mutants too."),
    ] = False,
    install: Annotated[
        bool,
        typer.Option(
            "--install", help="Install the Debian packages it needs, and prove nothing."
        ),
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(help="Programs at a time.", min=1, max=64)
    ] = None,
    cache: Annotated[
        str | None, typer.Option(help="Where to keep what is compiled.")
    ] = None,
    library: Annotated[
        str | None, typer.Option(help="A folder laid out as proofs/ is, instead of it.")
    ] = None,
    json: Json = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
    debug: Debug = False,
) -> int:
    """Compile and audit the machine-checked proofs.

    Exit code 0 if all that was asked for is proved, 1 if something is refused, 4 if Coq
    is not on this machine.

    Raises
    ------
    MissingCoqError
        If it is not.
    """
    del debug
    if install:
        return _install()
    check_target(json)
    ids = _known(values(theorem))
    from ..proofs import MissingCoqError, find_toolchain

    try:
        toolchain = find_toolchain()
    except MissingCoqError as error:
        deliver(_unchecked(ids, str(error)), json)
        raise
    line = progress(shown=not (no_progress or quiet))
    try:
        record = _checked(
            toolchain, library, cache, jobs=jobs, thorough=check, line=line
        )
    finally:
        line.close()
    return _show(record, ids, json=json, quiet=quiet)


def _install() -> int:
    from ..proofs.toolchain import install, missing

    lacking = missing()
    if lacking:
        install(lacking)
    return 0


def _known(ids: tuple[str, ...]) -> tuple[str, ...]:
    from ..theory.catalogue import REFUTATIONS, THEOREMS

    for one in ids:
        if one not in THEOREMS and one not in REFUTATIONS:
            raise InputError(
                f"theorem is {one!r}; expected one of "
                f"{', '.join((*THEOREMS, *REFUTATIONS))}: see `landtheory theorems` and "
                "`landtheory refutations`"
            )
    return ids


def _checked(
    toolchain: "Toolchain",
    library: str | None,
    cache: str | None,
    *,
    jobs: int | None,
    thorough: bool,
    line: progress,
) -> dict[str, Any]:
    from ..proofs import LIBRARY, check_library, default_cache, read_sources
    from ..proofs.processes import default_jobs
    from ..proofs.refusals import REQUIRED

    return check_library(
        read_sources(LIBRARY if library is None else Path(library)),
        toolchain,
        cache=default_cache() if cache is None else Path(cache),
        jobs=default_jobs() if jobs is None else jobs,
        thorough=thorough,
        required=REQUIRED if library is None else (),
        progress=line,
    )


def _unchecked(ids: tuple[str, ...], reason: str) -> dict[str, Any]:
    from .._version import __version__

    return {
        "command": "prove",
        "version": __version__,
        "settings": {"theorems": list(ids)},
        "status": "not checked on this machine",
        "reason": reason,
    }


def _show(
    record: dict[str, Any], ids: tuple[str, ...], *, json: str | None, quiet: bool
) -> int:
    from ..prove_report import proof_summary, show_proofs, unproved

    open_ends = unproved(record, ids)
    whole = {
        **record,
        "settings": {"theorems": list(ids)},
        "status": "refused" if open_ends else "checked",
    }
    if not deliver(whole, json):
        if quiet:
            console().print(proof_summary(record, ids), markup=False, soft_wrap=True)
        else:
            show_proofs(record, ids, console())
    return 1 if open_ends else 0
