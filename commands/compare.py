"""`landtheory compare`."""

from pathlib import Path
from typing import Annotated

import typer

from ..records import check_target
from .options import Debug, Json, Quiet, console, deliver

__all__ = ["compare"]


def compare(
    run_a: Annotated[str, typer.Argument(help="Folder of a deep-spectrum run.")],
    run_b: Annotated[str, typer.Argument(help="Folder of another.")],
    *,
    json: Json = None,
    quiet: Quiet = False,
    debug: Debug = False,
) -> int:
    """Two deep-spectrum runs side by side, and which orders mean nothing."""
    del debug
    from .._version import __version__
    from ..compare_report import conclusion, show_comparison
    from ..deep.runs.comparison import compare_runs
    from ..deep.runs.folder import read_run

    check_target(json)
    (a, _), (b, _) = read_run(Path(run_a)), read_run(Path(run_b))
    record = {
        "command": "compare",
        "version": __version__,
        "runs": [run_a, run_b],
        **compare_runs(a, b),
    }
    if not deliver(record, json):
        if quiet:
            console().print(conclusion(record), markup=False, soft_wrap=True)
        else:
            show_comparison(record, console())
    return 0
