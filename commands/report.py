"""`landtheory report`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError
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
)

if TYPE_CHECKING:
    from ..evidence.library import Library
    from ..evidence.records import RecordFolder
    from ..evidence.status import Assessment, NodeState

__all__ = ["report"]


def report(
    *,
    out: Annotated[str, typer.Option(help="The page to write.")] = "report.html",
    records: Annotated[
        str | None,
        typer.Option(help="Folder of records; by default in the user's cache."),
    ] = None,
    only_recorded: Annotated[
        bool, typer.Option("--only-recorded", help="Run nothing.")
    ] = False,
    budget: Budget = "3s",
    seed: Seed = 0,
    json: Json = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
    debug: Debug = False,
) -> int:
    """Write the blueprint: theorems, what they rest on, and the evidence for each.

    Runs what has no record that counts (the budget is for each theorem), keeps every
    record as it is made, and goes on from there when it was interrupted. Exit code 0 if
    all that is claimed holds, 1 if a theorem is refuted, 3 if something is open.
    """
    del debug
    seconds = parse_budget(budget)
    target = _target(out)
    check_target(json)
    from ..evidence.formal import load_formal
    from ..evidence.library import whole_library
    from ..evidence.records import RecordFolder, default_folder

    folder = RecordFolder(default_folder() if records is None else _folder(records))
    ran: list[str] = []
    if only_recorded:
        library = whole_library(load_formal())
    else:
        line = progress(shown=not (no_progress or quiet))
        try:
            library, ran = _run(folder, seconds, seed, line)
        finally:
            line.close()
    return _finish(library, folder, target, ran=ran, json=json, quiet=quiet, seed=seed)


def _target(out: str) -> Path:
    """Said before the work, not after it."""
    path = Path(out)
    try:
        fits = bool(out) and not path.is_dir() and path.parent.is_dir()
    except OSError:
        # a name too long for the file system
        fits = False
    if not fits:
        raise InputError(f"out is {out!r}; expected a file in an existing folder")
    return path


def _folder(records: str) -> Path:
    path = Path(records)
    if not records or (path.exists() and not path.is_dir()):
        raise InputError(f"records is {records!r}; expected a folder, or a new one")
    return path


def _run(
    folder: "RecordFolder", budget: float, seed: int, line: progress
) -> tuple["Library", list[str]]:
    from ..evidence.formal import check_formal
    from ..evidence.library import whole_library
    from ..evidence.running import keep_formal, missing, run_tasks

    library = whole_library(check_formal(line))
    keep_formal(library, folder)
    tasks = missing(library, folder, budget=budget, seed=seed)
    run_tasks(tasks, library, folder, budget=budget, seed=seed, progress=line)
    return library, [f"{task.kind} {task.of}" for task in tasks]


def _finish(
    library: "Library",
    folder: "RecordFolder",
    target: Path,
    *,
    ran: list[str],
    json: str | None,
    quiet: bool,
    seed: int,
) -> int:
    from ..blueprint.page import blueprint_page
    from ..evidence.status import assess
    from ..records import write_text

    found = assess(library, folder)
    write_text(target, blueprint_page(library, found))
    record = _record(library, found, folder, ran, target, seed)
    if not deliver(record, json):
        if not quiet:
            _show(found)
        console().print(_summary(found, target), markup=False, soft_wrap=True)
    return _code(found)


def _code(found: "Assessment") -> int:
    """0 where all holds, 1 where a theorem is refuted, 3 where anything is open."""
    from ..evidence.status import State

    states = [node.state for node in found.theorems.values()]
    if State.REFUTED in states:
        return 1
    folklore = all(node.state is State.REFUTED for node in found.refutations.values())
    held = all(state.strength >= State.SUPPORTED.strength for state in states)
    return 0 if held and folklore else 3


def _summary(found: "Assessment", target: Path) -> str:
    from collections import Counter

    from ..evidence.status import State

    counts = Counter(node.state.value for node in found.theorems.values())
    parts = [f"{counts[state.value]} {state.value}" for state in State]
    told = ", ".join(part for part in parts if not part.startswith("0 "))
    own = sum(node.own is State.PROVED for node in found.theorems.values())
    fallen = sum(node.state is State.REFUTED for node in found.refutations.values())
    return (
        f"{target}: {len(found.theorems)} theorems: {told} ({own} proved by their own "
        f"evidence), {fallen} of {len(found.refutations)} folk claims refuted"
    )


def _show(found: "Assessment") -> None:
    from rich.table import Table

    from ..evidence.status import State

    table = Table()
    for name in ("id", "status", "own", "because"):
        table.add_column(name, no_wrap=name != "because", overflow="fold")
    for one, node in found.theorems.items():
        own = "" if node.own is node.state else node.own.value
        because = "; ".join((*node.troubles, *_from(node)))
        table.add_row(one, node.state.value, own, because)
    for one, node in found.refutations.items():
        if node.state is not State.REFUTED:
            table.add_row(one, node.state.value, "", "; ".join(node.troubles))
    console().print(table)


def _from(node: "NodeState") -> tuple[str, ...]:
    return (f"rests on {', '.join(node.because)}",) if node.because else ()


def _record(
    library: "Library",
    found: "Assessment",
    folder: "RecordFolder",
    ran: list[str],
    target: Path,
    seed: int,
) -> dict[str, Any]:
    from .._version import __version__

    return {
        "command": "report",
        "version": __version__,
        "seed": seed,
        "settings": {"records": str(folder.folder), "out": str(target)},
        "formal": library.formal.reason or "checked on this machine",
        "ran": ran,
        "theorems": [_node(one, node) for one, node in found.theorems.items()],
        "refutations": [_node(one, node) for one, node in found.refutations.items()],
        "summary": _summary(found, target),
    }


def _node(one: str, node: "NodeState") -> dict[str, Any]:
    return {
        "id": one,
        "state": node.state.value,
        "own": node.own.value,
        "proved_by": None if node.by is None else node.by.value,
        "because": list(node.because),
        "troubles": list(node.troubles),
        "claims": {
            label: {
                "state": claim.state.value,
                "proved_by": None if claim.by is None else claim.by.value,
                "formal": list(claim.formal),
            }
            for label, claim in node.claims.items()
        },
    }
