"""`landtheory reproduce`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..records import check_target
from .deep_options import use_threads
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
    import torch

    from ..deep.reproduce.run import Reproduction
    from ..deep.reproduce.settings import ReproduceSettings
    from ..deep.reproduce.store import ReproduceFolder
    from ..reproduce_figures import Picture

__all__ = ["reproduce"]

COMMAND = "reproduce"
P = 2113
"""Parameters of the main network: for so small a one, one thread is best."""


def reproduce(
    *,
    claim: Annotated[
        list[str] | None,
        typer.Option(help="Claims between commas, C1 to C8 and C4b; all by default."),
    ] = None,
    preset: Annotated[
        str, typer.Option(help="quick (minutes), or full (all networks and sweeps).")
    ] = "quick",
    seed: Seed = 0,
    out: Annotated[
        str, typer.Option(help="Folder for the results and the report.")
    ] = "landtheory-reproduce",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in --out.")
    ] = False,
    json: Json = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
    debug: Debug = False,
) -> int:
    """Test the claims of Wu, Zhu and E (2017) anew, and write a report of what held.

    The exit code is 0 when it has run to its end, whatever it found.
    """
    del debug
    from .._version import __version__
    from ..deep.devices import choose_device
    from ..deep.reproduce.settings import ReproduceSettings
    from ..deep.reproduce.statements import STATEMENTS
    from ..deep.reproduce.store import ReproduceFolder

    settings = ReproduceSettings(
        claims=tuple(name for name in STATEMENTS if name in _claims(claim)),
        preset=preset,
        seed=seed,
    )
    check_target(json)
    device = choose_device("auto")
    identity = {
        "command": COMMAND,
        "version": __version__,
        "seed": seed,
        "device": str(device),
        "settings": settings.record(),
    }
    folder = ReproduceFolder(Path(out), identity, resume=resume)
    if folder.complete:
        record = folder.result()
    else:
        folder.begin()
        shown = not (no_progress or quiet)
        record = _run(settings, identity, folder, device, shown=shown)
    _show(record, json=json, quiet=quiet)
    return 0


def _claims(given: list[str] | None) -> tuple[str, ...]:
    """Claims by their names, whatever the case of a letter; all without any."""
    from ..deep.reproduce.statements import STATEMENTS
    from ..errors import InputError

    known = {name.lower(): name for name in STATEMENTS}
    names = values(given) or tuple(STATEMENTS)
    for name in names:
        if name.lower() not in known:
            raise InputError(
                f"claim is {name!r}; expected some of {', '.join(STATEMENTS)}"
            )
    return tuple(known[name.lower()] for name in names)


def _run(
    settings: "ReproduceSettings",
    identity: dict[str, Any],
    folder: "ReproduceFolder",
    device: "torch.device",
    *,
    shown: bool,
) -> dict[str, Any]:
    from ..deep.reproduce.run import reproduce as run
    from ..reproduce_figures import draw_figures
    from ..reproduce_page import reproduce_page

    use_threads(device.type, P)
    line = progress(shown=shown)
    try:
        found = run(settings, folder, device=device, progress=line)
        line("figures", 0, 1)
        pictures = draw_figures(found.table, settings.claims)
    finally:
        line.close()
    record = _record(identity, settings, found) | {
        "figures": [p.name for p in pictures]
    }
    _write(folder, found, pictures)
    folder.write("report.html", reproduce_page(record, pictures).encode("utf-8"))
    record["report"] = str(folder.path / "report.html")
    folder.write_result(record | {"timing": found.timing})
    return record | {"timing": found.timing}


def _record(
    identity: dict[str, Any], settings: "ReproduceSettings", found: "Reproduction"
) -> dict[str, Any]:
    from ..deep.reproduce.statements import STATEMENTS
    from ..deep.reproduce.thresholds import HISTORY, THRESHOLDS

    every = len(settings.claims) == len(STATEMENTS)
    claims = "" if every else f"--claim {','.join(settings.claims)} "
    check = found.table.get("check")
    return identity | {
        "invocation": f"landtheory {COMMAND} {claims}--preset {settings.preset} "
        f"--seed {settings.seed}",
        "findings": [one.record() for one in found.findings],
        "methods": found.methods,
        "check": dict(check[0]) if check else None,
        "thresholds": [
            {"name": name, "demanded": one.words, "reason": one.reason}
            for name, one in THRESHOLDS.items()
        ],
        "threshold_history": list(HISTORY),
        "study": found.study,
    }


def _write(
    folder: "ReproduceFolder", found: "Reproduction", pictures: "tuple[Picture, ...]"
) -> None:
    from ..reproduce_figures import rows_as_csv, rows_as_json

    for stage, rows in found.table.items():
        folder.write(f"data/{stage}.csv", rows_as_csv(rows))
        folder.write(f"data/{stage}.json", rows_as_json(rows))
    for picture in pictures:
        for kind, content in picture.files.items():
            folder.write(f"figures/{picture.name}.{kind}", content)


def _show(record: dict[str, Any], *, json: str | None, quiet: bool) -> None:
    from ..reproduce_report import show_reproduction, summary

    if deliver(record, json):
        return
    if quiet:
        console().print(summary(record), markup=False, soft_wrap=True)
    else:
        show_reproduction(record, console())
